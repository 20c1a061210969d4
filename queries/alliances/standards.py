"""Operating standards of alliances as data: TOML files that ship here, and a user's own."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from graphmodel.errors import SourceError, UsageError
from graphmodel.schema import Text

FOLDER: Final = Path(__file__).parent / "standards"
GROUPS: Final = {
    "posts": Text("岗位", "posts"),
    "venue": Text("阵地", "venue"),
    "areas": Text("活动方面", "activity areas"),
}
"""Groups of items, in the order in which their scores are printed."""

CHECKS: Final = {
    "post": Text("岗位表中对象为该联盟的岗位", "a post of 岗位 whose 对象 is the alliance"),
    "role": Text("联盟成员表中的角色", "a role in 联盟成员"),
    "venue": Text("联盟表的阵地个数", "阵地 of the sheet 联盟"),
    "area": Text("活动表的方面", "方面 of the sheet 活动"),
}
"""What an item may be checked against."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that a standard asks of an alliance.

    Attributes:
        group: Key of `GROUPS`.
        check: Key of `CHECKS`.
        name: The post, role, or 方面 as the sheets write it; of a venue, what it is called.
        en: English name.
    """

    group: str
    check: str
    name: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """An operating standard; `stated` is False where only its name is known."""

    name: str
    title: Text
    source: str
    stated: bool
    items: tuple[Item, ...]


def shipped() -> dict[str, Standard]:
    """Return the standards that ship with the package, by name."""
    found = [_read(path) for path in sorted(FOLDER.glob("*.toml"))]
    return {standard.name: standard for standard in found}


def known(wanted: str) -> tuple[dict[str, Standard], str]:
    """Return every standard that may be asked for, and the name of the one that is.

    Args:
        wanted: Name of a shipped standard, path of a TOML file, or "" for none.

    Raises:
        UsageError: There is no such standard or file.
        SourceError: The file is not a standard.
    """
    standards = shipped()
    if wanted == "" or wanted in standards:
        return standards, wanted
    path = Path(wanted)
    if path.suffix.lower() != ".toml" or not path.is_file():
        names = "、".join(standards)
        msg = (
            f"没有运行标准“{wanted}”：可写 {names}，或一个存在的 .toml 文件。"
            f" No operating standard {wanted!r}: give one of {names}, or an existing .toml file."
        )
        raise UsageError(msg)
    own = _read(path)
    return {**standards, own.name: own}, own.name


def _read(path: Path) -> Standard:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _refusal(
            path, f"读不出 TOML（{error}）", f"not readable as TOML ({error})"
        ) from error
    name = table.get("name")
    if not isinstance(name, str) or not name.strip():
        raise _refusal(path, "缺 name", "it has no name")
    items = tuple(_item(path, item) for item in table.get("items", []))
    return Standard(
        name=name.strip(),
        title=Text(str(table.get("zh", name)), str(table.get("en", name))),
        source=str(table.get("source", "")),
        stated=bool(table.get("stated", True)) and bool(items),
        items=items,
    )


def _item(path: Path, item: Mapping[str, Any]) -> Item:
    for key, choices in (("group", GROUPS), ("check", CHECKS)):
        if item.get(key) not in choices:
            names = "、".join(choices)
            zh = f"{key} = {item.get(key)!r}，应为 {names} 之一"
            raise _refusal(path, zh, f"{key} should be one of {names}")
    name = item.get("name")
    if not isinstance(name, str) or not name.strip():
        raise _refusal(path, "有一项没有 name", "an item has no name")
    return Item(
        group=item["group"],
        check=item["check"],
        name=name.strip(),
        en=str(item.get("en", name)).strip(),
    )


def _refusal(path: Path, zh: str, en: str) -> SourceError:
    return SourceError(
        f"运行标准文件 {path.name}：{zh}；写法见自带的 1314.toml。"
        f" Standard {path.name}: {en}; see the shipped 1314.toml."
    )
