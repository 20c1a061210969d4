"""What `doctor` tells: versions, encodings, what is installed, and who else owns our names."""

import locale
import os
import platform
import shutil
import sys
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NamedTuple

from graphmodel.schema import Text
from views.stamp import installed_version

NAMES: Final = ("graphmodel", "loaders", "queries", "views", "cli")
"""What Liantu installs at top level."""

LIBRARIES: Final = (
    "click", "networkx", "numpy", "openpyxl", "pandas", "pyarrow", "python-calamine", "rapidfuzz",
    "rich", "scipy", "xlsxwriter",
)  # fmt: skip
CHROMIUM: Final = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
_FONTS: Final = (
    "NotoSansCJK",
    "NotoSerifCJK",
    "SourceHanSans",
    "wqy",
    "msyh",
    "simsun",
    "PingFang",
)
_FONT_FOLDERS: Final = (
    "/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts",
    "C:/Windows/Fonts", "/System/Library/Fonts", "/Library/Fonts",
)  # fmt: skip


class Sign(NamedTuple):
    """One line: what was looked at, what was found, whether it is well, and whether it matters."""

    what: Text
    found: str
    good: bool = True
    fatal: bool = False


def examine() -> list[Sign]:
    """Look at everything, and return it."""
    return [
        Sign(Text("链图", "Liantu"), installed_version()),
        Sign(Text("Python", "Python"), f"{platform.python_version()} · {sys.executable}"),
        Sign(Text("系统", "System"), platform.platform()),
        *(_library(name) for name in LIBRARIES),
        Sign(Text("文件系统编码", "File system encoding"), sys.getfilesystemencoding()),
        Sign(Text("本地编码", "Locale encoding"), locale.getpreferredencoding(do_setlocale=False)),
        _console(),
        _fonts(),
        _tool(Text("Chromium（只用于测试网页）", "Chromium (only tests of the page)"), chromium()),
        _tool(
            Text("Java（只用于测试 Cypher）", "Java (only tests of Cypher)"), shutil.which("java")
        ),
        *_conflicts(),
    ]


def chromium() -> str | None:
    """Return where Chromium is: LIANTU_CHROMIUM, else on the search path; None where nowhere."""
    named = os.environ.get("LIANTU_CHROMIUM", "")
    if named:
        return named if Path(named).is_file() else None
    return next((path for name in CHROMIUM if (path := shutil.which(name))), None)


def _library(name: str) -> Sign:
    try:
        return Sign(Text(name, name), version(name))
    except PackageNotFoundError:
        return Sign(Text(name, name), "没有安装 not installed", good=False, fatal=True)


def _console() -> Sign:
    encoding = str(getattr(sys.stdout, "encoding", "") or "?")
    try:
        "链图·产业链".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        said = f"{encoding}：不能显示汉字，改用 -o 写文件 cannot show Chinese, write files with -o"
        return Sign(Text("控制台编码", "Console encoding"), said, good=False)
    return Sign(Text("控制台编码", "Console encoding"), encoding)


def _fonts() -> Sign:
    folders = [Path(folder).expanduser() for folder in _FONT_FOLDERS]
    found = sorted(
        file.name
        for folder in folders
        if folder.is_dir()
        for file in folder.rglob("*")
        if any(mark.lower() in file.name.lower() for mark in _FONTS)
    )
    what = Text("中文字体", "Chinese fonts")
    return Sign(what, found[0] if found else "没有找到 none found", good=bool(found))


def _tool(what: Text, path: str | None) -> Sign:
    return Sign(what, path or "没有（不影响使用） none (not needed for use)")


def _conflicts() -> list[Sign]:
    """Name every other distribution that owns one of our top-level names."""
    owners = packages_distributions()
    signs = []
    for name in NAMES:
        others = sorted({owner for owner in owners.get(name, ()) if owner.lower() != "liantu"})
        spec = find_spec(name)
        origin = (spec.origin if spec else None) or "?"
        said = f"{origin}" + (f"；另属 also owned by {'、'.join(others)}" if others else "")
        signs.append(
            Sign(Text(f"模块 {name}", f"Module {name}"), said, good=not others, fatal=bool(others))
        )
    return signs
