"""Finding the header of a sheet: which row or two rows, and what each column means."""

import re
from dataclasses import dataclass
from typing import Final

from graphmodel.kinds import COMMON, KINDS, SHEETS, sheet_columns
from loaders.column_map import ColumnMap
from loaders.raw import RawSheet
from loaders.vocabulary import IGNORED_HEADERS, Kind, column_of, plain, sheet_named, unit_of

SEARCHED: Final = 25
"""The header is looked for in so many first rows."""

_LONGEST: Final = 60
_COMMON: Final = frozenset(column.name for column in COMMON)
_DATED: Final = re.compile(
    r"填报单位|报送单位|填表单位|截至日期|截止日期|填报日期|填表日期|统计期间|报告期"
)
_UNIT_LINE: Final = re.compile(
    r"(?:^|[^一-龥])(?:金额|货币|计量|计价)?单位[:：]?\s*(?:人民币)?(百万元|千万元|万元|亿元|千元|元)"
)
_UNIT: Final = re.compile(
    r"[(\[]?(百万元|千万元|万元|亿元|千元|元|%|‰|人|名|家|个|件|项|套|台|吨|户|亩|平方米)[)\]]?"
)
_KEYS: Final = re.compile(rf"({_DATED.pattern})\s*[:：]\s*([^\s:：]+)")


@dataclass(frozen=True, slots=True)
class HeaderCell:
    """The header of one column: as written, the column it means (None if none), and its unit."""

    text: str
    column: str | None
    unit: str | None
    ignored: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a sheet for one kind.

    Attributes:
        kind: The kind of sheet it was read as.
        top: First row of the header in the cells, from 0.
        bottom: Last row of it; the data begins below.
        cells: One per column.
    """

    kind: Kind
    top: int
    bottom: int
    cells: tuple[HeaderCell, ...]

    @property
    def recognised(self) -> set[str]:
        """Names of the columns found."""
        return {cell.column for cell in self.cells if cell.column}

    @property
    def missing(self) -> list[str]:
        """Names of the required columns that were not found."""
        return [
            c.name for c in sheet_columns(self.kind) if c.required and c.name not in self.recognised
        ]

    @property
    def score(self) -> tuple[int, int, int]:
        """What makes one header better than another: own columns, few unknown, nothing missing."""
        own = len(self.recognised - _COMMON)
        return own, -len(self.missing), len(self.recognised)


class Top:
    """The first rows of a sheet, in which its header is looked for."""

    def __init__(self, raw: RawSheet, column_map: ColumnMap | None) -> None:
        """Take the first rows of `raw`."""
        first = raw.cells.iloc[: SEARCHED + 1]
        self.spans = [area for area in raw.merged if area.bottom > area.top]
        self.rows = [[str(cell).strip() for cell in row] for row in first.itertuples(index=False)]
        self.sheet, self.column_map = raw.name, column_map
        self._meanings: dict[tuple[str, str], tuple[str | None, bool]] = {}

    def header(self, kind: Kind) -> Header | None:
        """Return the best header for `kind`, or None where no row has a word of it.

        Two rows are taken where they recognise more than one, or as much and the lower row adds to
        an upper row of which words are recognised too.
        """
        best, rank = None, (0, -2)
        for top in range(min(SEARCHED, len(self.rows))):
            if self._is_title(top):
                continue
            for bottom in (top, top + 1):
                if bottom >= len(self.rows) or self._cuts(kind, top, bottom):
                    continue
                found = Header(kind, top, bottom, self._cells(kind, top, bottom))
                mine = (found.score[0], self._preference(found))
                if found.recognised and mine > rank:
                    best, rank = found, mine
        return best

    def _cuts(self, kind: Kind, top: int, bottom: int) -> bool:
        """Whether the rows cut through a known word that is merged downwards."""
        return any(
            (area.top < top <= area.bottom or area.top <= bottom < area.bottom <= top + 1)
            and any(self._meaning(kind, self.rows[area.top][area.left]))
            for area in self.spans
            if area.top < len(self.rows)
        )

    def _preference(self, header: Header) -> int:
        """Return 0 for one row, 1 for two that both say something, -1 for other two rows.

        A lower row of nothing but units (万元, 人) says something.
        """
        if header.top == header.bottom:
            return 0
        pairs = list(zip(self.rows[header.top], self.rows[header.bottom], strict=True))
        below = [
            (low, cell)
            for (high, low), cell in zip(pairs, header.cells, strict=True)
            if low not in ("", high)
        ]
        names = {c.name for c in sheet_columns(header.kind) if c.required}
        if any(cell.column in names and _UNIT.fullmatch(plain(low)) for low, cell in below):
            return -1  # a product may be called 件; units stand below quantities, not below names
        if below and all(_UNIT.fullmatch(plain(low)) for low, _ in below):
            return 1
        upper = [self._meaning(header.kind, text)[0] for text in self.rows[header.top]]
        added = any(
            cell.column and low not in ("", high) and cell.column != above
            for (high, low), cell, above in zip(pairs, header.cells, upper, strict=True)
        )
        return 1 if added and any(upper) else -1

    def _is_title(self, row: int) -> bool:
        """Whether one text fills several columns, as a merged title does."""
        filled = [cell for cell in self.rows[row] if cell]
        return not filled or (len(filled) > 1 and len(set(filled)) == 1)

    def _cells(self, kind: Kind, top: int, bottom: int) -> tuple[HeaderCell, ...]:
        if top == bottom:
            return tuple(self._cell(kind, (text,), text) for text in self.rows[top])
        groups = self._groups(top, bottom)
        cells = []
        for group, sub in zip(groups, self.rows[bottom], strict=True):
            if not sub or group == sub:
                cells.append(self._cell(kind, (group or sub,), group or sub))
            elif not group:
                cells.append(self._cell(kind, (sub,), sub))
            else:
                alone = (group,) if groups.count(group) == 1 else ()
                cells.append(self._cell(kind, (group + sub, sub, *alone), f"{group}-{sub}"))
        return tuple(cells)

    def _groups(self, top: int, bottom: int) -> list[str]:
        """Return the upper header of each column, carried to the right over blanks."""
        groups: list[str] = []
        for text, sub in zip(self.rows[top], self.rows[bottom], strict=True):
            carried = groups[-1] if groups and sub else ""
            groups.append(text or carried)
        return groups

    def _cell(self, kind: Kind, words: tuple[str, ...], shown: str) -> HeaderCell:
        for word in words:
            column, ignored = self._meaning(kind, word)
            if column:
                return HeaderCell(word, column, _unit(words))
            if ignored:
                return HeaderCell(shown, None, None, ignored=True)
        return HeaderCell(shown, None, None)

    def _meaning(self, kind: Kind, word: str) -> tuple[str | None, bool]:
        key = (kind.name, word)
        if key not in self._meanings:
            mapped = self.column_map.column(self.sheet, word) if self.column_map else None
            if mapped is not None:
                meaning: tuple[str | None, bool] = (mapped or None, not mapped)
            elif not word or len(word) > _LONGEST:
                meaning = (None, False)
            elif plain(word) in IGNORED_HEADERS:
                meaning = (None, True)
            else:
                meaning = (column_of(kind.name, word), False)
            self._meanings[key] = meaning
        return self._meanings[key]

    def titles(self, header: Header) -> dict[str, str]:
        """Return what stands above the header by its key: `title`, 填报单位, 截至日期, 单位."""
        found: dict[str, str] = {}
        for row in self.rows[: header.top]:
            texts = list(dict.fromkeys(cell for cell in row if cell))
            if not texts:
                continue
            line = "  ".join(texts)
            if unit := _UNIT_LINE.search(line):
                found["单位"] = unit[1]
            keys = _KEYS.findall(line)
            found |= dict(keys)
            if not keys and not unit:
                found.setdefault("title", line)
        return found


def _unit(words: tuple[str, ...]) -> str | None:
    """Return the unit of a header: of two rows the lower one's, else the upper one's."""
    if len(words) == 1:
        return unit_of(words[0])
    if alone := _UNIT.fullmatch(plain(words[1])):
        return alone[1]
    return unit_of(words[1]) or unit_of(words[0].removesuffix(words[1]))


def choose(top: Top, kind: Kind | None) -> Header | None:
    """Return the header of a sheet whose kind is known or, with None, is to be judged.

    Judged by name and header together: where the name says nothing, the kind whose header has the
    most columns, all required ones among them, and clearly more than the next.
    """
    named = sheet_named(top.sheet)
    direct = kind or named.kind
    if direct is not None:
        header = top.header(direct)
        if kind is not None or (header is not None and not header.missing):
            return header
        other = _judged(top, named.hints)
        if other is not None and (header is None or other.score[0] > header.score[0] + 1):
            return other
        return header or Header(direct, 0, -1, ())
    return _judged(top, named.hints)


def _judged(top: Top, hints: tuple[Kind, ...]) -> Header | None:
    headers = [
        h for kind in SHEETS.values() if (h := top.header(kind)) is not None and not h.missing
    ]
    hinted = [h for kind in hints for h in headers if h.kind is kind]
    if not headers:
        return None
    ranked = sorted(headers, key=lambda h: h.score, reverse=True)
    best = ranked[0]
    if hinted and hinted[0].score[0] >= min(2, best.score[0]):
        return hinted[0]
    second = ranked[1].score[0] if len(ranked) > 1 else 0
    return best if best.score[0] > max(second, 1) else None


def best_guess(top: Top) -> tuple[str, Header | None]:
    """Return the nearest sheet by header for one that was not recognised, with that header."""
    headers = [h for kind in KINDS.values() if kind.sheet and (h := top.header(kind)) is not None]
    best = max(headers, key=lambda h: h.score, default=None)
    return (best.kind.sheet if best else "", best)
