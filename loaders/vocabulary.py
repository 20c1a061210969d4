"""The words of sheets and headers: what a written name may mean, and what it comes nearest to."""

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final, NamedTuple

from graphmodel.identity import drop_invisible
from graphmodel.kinds import KINDS, SHEETS, sheet_columns
from graphmodel.schema import EdgeKind, NodeKind
from graphmodel.units import header_unit

Kind = NodeKind | EdgeKind

IGNORED_HEADERS: Final = frozenset({"序号", "序", "行号", "no", "no.", "#", "问题说明"})
"""Columns that count rows or that `check` added; neither data nor worth a notice."""

IGNORED_SHEETS: Final = frozenset(
    {
        "填写说明",
        "填表说明",
        "使用说明",
        "说明",
        "目录",
        "封面",
        "选项",
        "howtofillin",
        "readme",
        "口径",
    }
)
"""Sheets for people; passed over without a word."""

_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_MARKS: Final = re.compile(r"\*|\((?:必填|选填|required|optional)\)")
_MONEY: Final = re.compile(r"(?:^|[^一-龥])(百万元|千万元|万元|亿元|千元|元)(?:$|[^/一-龥])")
_NUMBERING: Final = re.compile(
    r"^(?:附件|附表|表|sheet)?(?:[0-9]+(?:[-.][0-9]+)*|[一二三四五六七八九十]+)?[-.、:_)\s]+"
    r"|^(?:附件|附表)[0-9一二三四五六七八九十]*"
)
_COPY: Final = re.compile(
    r"(?:\([^()]*\)|副本|的副本|copy|_?[0-9]{4}年?(?:[0-9]{1,2}月)?|[0-9]{6,8})$"
)
_PIECES: Final = re.compile(r"[-_—–·~,:;+]+")
_FORMS: Final = (
    "情况表",
    "汇总表",
    "统计表",
    "一览表",
    "信息表",
    "登记表",
    "明细表",
    "台账",
    "清单",
    "名单",
    "表",
)
_CLOSE: Final = 50.0


class Named(NamedTuple):
    """What the name of a sheet says: the kind it names, or else those it hints at, best first."""

    kind: Kind | None
    hints: tuple[Kind, ...] = ()


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """Return a header in the form in which headers are compared.

    NFKC, without invisible characters, white space, underscores, asterisks and (必填), case folded.
    """
    folded = unicodedata.normalize("NFKC", drop_invisible(text)).casefold()
    return _MARKS.sub("", re.sub(r"[\s_]+", "", folded))


@cache
def columns_by_word(kind: str) -> dict[str, str]:
    """Return the column that each header of the kind's sheet means; earlier words win.

    A word stands both as written, so that `source` (an end) and `Source` (来源) are told apart,
    and in its plain form.
    """
    columns = sheet_columns(KINDS[kind])
    words = [(column.zh, column.name) for column in columns]
    words += [(column.name, column.name) for column in columns]
    words += [(column.en, column.name) for column in columns]
    words += [(alias, column.name) for column in columns for alias in column.aliases]
    found: dict[str, str] = {}
    for word, name in words:
        found.setdefault(word, name)
    for word, name in words:
        found.setdefault(plain(word), name)
    return found


def column_of(kind: str, header: str) -> str | None:
    """Return the column of `kind` that a header means, or None.

    The unit and remarks in brackets are left aside where the header as a whole means nothing.
    """
    words = columns_by_word(kind)
    whole = plain(header)
    bare, _ = header_unit(whole)
    written = header.strip().strip("*＊")
    for word in (written, whole, bare, _BRACKETS.sub("", whole), _BRACKETS.sub("", bare)):
        if word in words:
            return words[word]
    return None


def unit_of(header: str) -> str | None:
    """Return the unit written in a header, or None."""
    _, unit = header_unit(plain(header))
    if unit is None:
        money = _MONEY.search(plain(header))
        unit = money[1] if money else None
    return unit


def nearest_column(kind: str, header: str) -> str:
    """Return the Chinese header that comes nearest to `header`; empty where none is near."""
    titles = {column.name: column.zh for column in sheet_columns(KINDS[kind])}
    words = columns_by_word(kind)
    bare = _BRACKETS.sub("", header_unit(plain(header))[0])
    return titles.get(words.get(_nearest(bare, tuple(words)), ""), "")


def _nearest(word: str, choices: tuple[str, ...]) -> str:
    from rapidfuzz import fuzz, process  # noqa: PLC0415  # only where a word is unknown

    best = process.extractOne(word, choices, scorer=fuzz.ratio, score_cutoff=_CLOSE)
    return best[0] if best else ""


@cache
def sheets_by_word() -> dict[str, Kind]:
    """Return the kind that each name of a sheet means; earlier words win."""
    words = [(name, kind) for name, kind in SHEETS.items()]
    words += [(kind.sheet_en, kind) for kind in SHEETS.values()]
    words += [(alias, kind) for kind in SHEETS.values() for alias in kind.sheet_aliases]
    words += [(label, kind) for kind in SHEETS.values() for label in (kind.zh, kind.en, kind.name)]
    found: dict[str, Kind] = {}
    for word, kind in words:
        found.setdefault(plain(word), kind)
    return found


def sheet_named(name: str) -> Named:
    """Return what the name of a sheet says about its kind.

    Numbering (1. 附件2：), copies ((1), 副本), months and what follows a dash (-开发区) are left
    aside; of a longer name (澄澜市产业链企业情况表) the ending only hints.
    """
    words = sheets_by_word()
    text = plain(name)
    stripped = _stripped(text)
    for word in (text, stripped):
        if word in words:
            return Named(words[word])
    pieces = [_stripped(piece) for piece in _PIECES.split(stripped)]
    direct = [words[piece] for piece in pieces if piece in words]
    if len(set(map(id, direct))) == 1:
        return Named(direct[0])
    return Named(None, _hints(stripped, words))


def _stripped(text: str) -> str:
    while True:
        shorter = _COPY.sub("", _NUMBERING.sub("", text)).strip("-_. ")
        if shorter in {text, ""}:
            return text
        text = shorter


def _hints(text: str, words: dict[str, Kind]) -> tuple[Kind, ...]:
    bare = next((text.removesuffix(form) for form in _FORMS if text.endswith(form)), text)
    ending = [
        word for word in words if len(word) > 1 and (text.endswith(word) or bare.endswith(word))
    ]
    inside = [word for word in words if len(word) > 1 and word in text]
    ranked = sorted(ending, key=len, reverse=True) + sorted(inside, key=len, reverse=True)
    return tuple({words[word].name: words[word] for word in ranked}.values())


def nearest_sheet(name: str) -> str:
    """Return the sheet whose name comes nearest; empty where none is near."""
    words = sheets_by_word()
    word = _nearest(_stripped(plain(name)), tuple(words))
    return words[word].sheet if word else ""
