"""The network page: one HTML file that opens offline and asks nothing of any network."""

import base64
import hashlib
import html
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from graphmodel.errors import UsageError
from views.cells import visible
from views.page.packing import Packer

if TYPE_CHECKING:
    from views.page.parts import ViewModel

_APART: Final = {"nodes", "links", "rest", "findings", "closures"}
"""Parts of the model that have blocks of their own, unpacked after the first paint."""


def network_page(model: "ViewModel", *, lang: str = "zh") -> str:
    """Return the page as HTML.

    The data stands in blocks that are never executed, the script is the only one the page's
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
    script = _asset("script.js")
    parts = {
        "LANG": "zh-CN" if lang == "zh" else "en",
        "CSP": html.escape(policy(script), quote=True),
        "TITLE": html.escape(visible(model.title) or "Liantu", quote=True),
        "CSS": _asset("page.css"),
        "SCRIPT": script,
        **data_blocks(model),
    }
    return re.sub(r"@([A-Z]+)@", lambda match: parts[match[1]], _asset("shell.html"))


def write_network(path: str | Path, model: "ViewModel", *, lang: str = "zh") -> Path:
    """Write the page as UTF-8 and return where it stands."""
    target = Path(path)
    text = network_page(model, lang=lang)
    target.write_text(text, encoding="utf-8", errors="replace", newline="\n")
    return target


def data_blocks(model: "ViewModel") -> dict[str, str]:
    """Return the model in three blocks of base64, in which nothing can end a block.

    `PAGE` is what the first paint needs, `NODES` the nodes with their properties and findings,
    `LINKS` the links with theirs.
    """
    page, nodes, links = Packer(), Packer(), Packer()
    page.data("model", _page(model))
    nodes.texts("key", model.nodes.key)
    nodes.texts("name", model.nodes.name, like="key")
    nodes.texts("initials", model.nodes.initials)
    nodes.pieces("short", model.nodes.short, model.nodes.name)
    nodes.integers("region", model.nodes.region)
    nodes.flags("inferred", model.nodes.inferred)
    for kind in model.kinds:
        for column in kind.properties:
            nodes.values(f"{kind.code}.{column.name}", column.values)
    _pack_findings(nodes, model)
    links.integers("source", model.links.source, delta=True)
    links.integers("target", model.links.target)
    links.integers("inferred", model.links.inferred)
    for relation in model.relations:
        for said in relation.columns:
            links.values(f"{relation.code}.{said.name}", said.values)
    for name in ("node", "relation", "out", "count"):
        links.integers(f"rest.{name}", getattr(model.rest, name))
    links.numbers("rest.amount", model.rest.amount)
    return {"PAGE": page.block(), "NODES": nodes.block(), "LINKS": links.block()}


def _page(model: "ViewModel") -> dict[str, Any]:
    """What stands in the first block: everything but the long columns."""
    kept = {
        name: getattr(model, name)
        for name in type(model).__dataclass_fields__
        if name not in {*_APART, "kinds", "relations"}
    }
    kept["kinds"] = [_without_values(kind, "properties") for kind in model.kinds]
    kept["relations"] = [_without_values(relation, "columns") for relation in model.relations]
    kept["findings"] = [
        {
            "question": found.question,
            "zh": found.zh,
            "en": found.en,
            "columns": found.columns,
            "notes": found.notes,
            "count": len(found.subject),
        }
        for found in model.findings
    ]
    kept["count"] = len(model.nodes.key)
    kept["tried"] = model.closures.tried
    return kept


def _without_values(record: Any, columns: str) -> dict[str, Any]:  # noqa: ANN401  # a Kind or a Relation
    """A record as JSON holds it, its columns without their values."""
    plain = {
        name: getattr(record, name) for name in type(record).__dataclass_fields__ if name != columns
    }
    plain[columns] = [
        {
            name: getattr(column, name)
            for name in type(column).__dataclass_fields__
            if name != "values"
        }
        for column in getattr(record, columns)
    ]
    return plain


def _pack_findings(block: Packer, model: "ViewModel") -> None:
    for i, found in enumerate(model.findings):
        block.integers(f"found{i}.subject", found.subject)
        block.integers(f"found{i}.chain", found.chain)
        block.flags(f"found{i}.weak", found.weak)
        block.texts(f"found{i}.zh", [zh for zh, _ in found.label])
        block.texts(f"found{i}.en", [en for _, en in found.label], like=f"found{i}.zh")
        for j, (texts, english) in enumerate(zip(found.texts, found.english, strict=True)):
            block.texts(f"found{i}.{j}.zh", texts)
            if english != texts:
                block.texts(f"found{i}.{j}.en", english, like=f"found{i}.{j}.zh")
    block.integers("closure.node", model.closures.node)
    block.integers("closure.hit", model.closures.hit)
    block.integers("closure.step", model.closures.step)
    block.numbers("closure.loss", model.closures.loss)


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
