"""The network page: one HTML file that opens offline and asks nothing of any network."""

import base64
import hashlib
import html
import json
import re
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from graphmodel.errors import UsageError
from views.cells import visible
from views.page.parts import ViewModel

_SCRIPTS: Final = (
    "labels",
    "icons",
    "elements",
    "data",
    "routes",
    "paint",
    "search",
    "panel",
    "table",
    "export",
    "page",
)
"""The page's own scripts, joined in this order into one."""

_UNSAFE: Final = re.compile(r"[<>&\u2028\u2029\ud800-\udfff]")


def network_page(model: ViewModel, *, lang: str = "zh") -> str:
    """Return the page as HTML.

    The data stands in a block that is never executed, the scripts are the only ones the page's
    Content-Security-Policy knows by hash, and no address outside the file is used.

    Args:
        model: What to show.
        lang: "zh" or "en", the language the page opens in.

    Raises:
        UsageError: `lang` is neither.
    """
    if lang not in {"zh", "en"}:
        msg = f"没有语言 {lang!r}；可选 zh、en。 No language {lang!r}; choose zh or en."
        raise UsageError(msg)
    vendor = _asset("vendor/vis-network.min.js").replace(
        "//# sourceMappingURL=vis-network.min.js.map", ""
    )
    own = (
        '"use strict";\n(() => {\n'
        + "\n".join(_asset(f"{name}.js") for name in _SCRIPTS)
        + "})();\n"
    )
    parts = {
        "LANG": "zh-CN" if lang == "zh" else "en",
        "CSP": html.escape(policy(vendor, own), quote=True),
        "TITLE": html.escape(visible(model.title) or "Liantu", quote=True),
        "CSS": _asset("page.css"),
        "DATA": data_block(model),
        "VENDOR": vendor,
        "SCRIPT": own,
    }
    return re.sub(r"@([A-Z]+)@", lambda match: parts[match[1]], _asset("shell.html"))


def write_network(path: str | Path, model: ViewModel, *, lang: str = "zh") -> Path:
    """Write the page as UTF-8 and return where it stands."""
    target = Path(path)
    target.write_text(network_page(model, lang=lang), encoding="utf-8", newline="\n")
    return target


def data_block(model: ViewModel) -> str:
    """Return the model as JSON in which nothing can end the block or start a tag."""
    text = json.dumps(asdict(model), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def policy(*scripts: str) -> str:
    """Return a Content-Security-Policy that allows these inline scripts and no request at all."""
    hashes = " ".join(f"'sha256-{_digest(script)}'" for script in scripts)
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data: blob:; "
        "worker-src blob:; connect-src 'none'; base-uri 'none'; form-action 'none'"
    )


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


@cache
def _asset(name: str) -> str:
    text = files("views.page").joinpath(name).read_text(encoding="utf-8")
    return text.replace("\r\n", "\n")
