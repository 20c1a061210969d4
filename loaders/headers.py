"""From a raw sheet to named columns: which kind it is, which row is its header, what is data."""

import re
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.findings import Findings
from graphmodel.identity import drop_invisible, has_replacement, strip_invisible
from graphmodel.kinds import sheet_columns
from graphmodel.schema import Property, Type
from graphmodel.tables import EXTRA
from loaders.column_map import ColumnMap, load_map, write_map
from loaders.footers import (
    closing_rows,
    differing_totals,
    filled_rows,
    repeated_headers,
    total_rows,
)
from loaders.header_rows import Header, Top, best_guess, choose, is_quantity
from loaders.privacy import blank_personal, masked_example, personal_columns
from loaders.raw import Range, RawSheet
from loaders.vocabulary import (
    IGNORED_SHEETS,
    Kind,
    nearest_column,
    nearest_sheet,
    plain,
)

__all__ = ["ColumnMap", "Sheet", "Summary", "load_map", "recognise", "write_map"]

Mask = npt.NDArray[np.bool_]

OVERFLOW: Final = f"{EXTRA}（多出的格）"
"""Column that keeps what a row of a CSV file has beyond its header; such rows are bad."""

_SECTION: Final = re.compile(r"^\s*[(（]?[一二三四五六七八九十]{1,3}[)）]?[、.．]")
_LONGEST_CELL: Final = 32_767
_MANY: Final = 0.2
_REMARKS: Final = frozenset(
    {
        "note",
        "content",
        "description",
        "matter",
        "specification",
        "conditions",
        "verbatim",
        "status",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How a sheet was understood; for `check` and for a map to fill in.

    Attributes:
        file: Name of the file.
        sheet: Name of the sheet as written.
        kind: What it was taken for, or None.
        header_rows: Rows of the header as a spreadsheet shows them, one or two.
        rows: Number of data rows.
        columns: Header as written by column recognised.
        unknown: Nearest known header by header not recognised.
        units: Unit by column, from its header or the sheet's 单位 line.
        titles: What stood above the header: `title`, 填报单位, 截至日期, 单位 …
        nearest: Sheet that one not recognised comes nearest to.
        encoding: Encoding a CSV file was read in.
        hidden: The sheet is hidden.
    """

    file: str
    sheet: str
    kind: Kind | None = None
    header_rows: tuple[int, ...] = ()
    rows: int = 0
    columns: dict[str, str] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    nearest: str = ""
    encoding: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The data rows of a sheet under the names of the declaration.

    Attributes:
        kind: What a row of it is.
        file: Name of the file.
        name: Name of the sheet as written.
        frame: Text, trimmed and cleaned, "" where blank: declared columns by name, the others as
            `extra:` and their header.
        rows: Number of each row as a spreadsheet shows it.
        units: Unit of a column that names one, from its header or the sheet's 单位 line.
        bad: Rows that have an error already.
        summary: How the sheet was understood.
    """

    kind: Kind
    file: str
    name: str
    frame: pd.DataFrame
    rows: npt.NDArray[np.int64]
    units: dict[str, str]
    bad: Mask
    summary: Summary


def recognise(
    raw: RawSheet,
    findings: Findings,
    *,
    column_map: ColumnMap | None = None,
    summaries: list[Summary] | None = None,
) -> Sheet | None:
    """Return the data of a sheet, or None where it is not one of ours or has no data.

    The kind follows from the sheet's name, else from the header; the header is the row, or the two
    rows, of the first 25 with the most known words. Below it blank rows, repeated headers, headings
    inside the table, totals and closing lines are no data; a total is compared with its rows.

    Args:
        raw: The sheet.
        findings: Grows by what is noticed.
        column_map: Names that are nobody's alias.
        summaries: Grows by how this sheet was understood, recognised or not.
    """
    reading = _Reading(raw, findings)
    sheet = None
    if not raw.refused and plain(raw.name) not in IGNORED_SHEETS:
        sheet = reading.read(column_map)
    if summaries is not None:
        summaries.append(sheet.summary if sheet else reading.unread())
    return sheet


class _Reading:
    """One sheet while it is being read."""

    def __init__(self, raw: RawSheet, findings: Findings) -> None:
        self.raw, self.findings = raw, findings
        self.place = {"file": raw.file, "sheet": raw.name}
        self.header: Header | None = None
        self.nearest = ""
        self.titles: dict[str, str] = {}
        self.chosen: dict[int, str] = {}  # declared column by position
        self.extra: dict[int, str] = {}  # header by position
        self.unknown: dict[str, str] = {}
        self.personal: set[int] = set()

    def read(self, column_map: ColumnMap | None) -> Sheet | None:
        if (
            not filled_rows(self.raw.cells.head(1_000)).any()
            and not filled_rows(self.raw.cells).any()
        ):
            self.findings.add("E111.empty_sheet", **self.place)
            return None
        top = Top(self.raw, column_map)
        header = choose(top, column_map.kind(self.raw.name) if column_map else None)
        if header is None or not header.cells:
            self._unrecognised(top, header)
            return None
        self.header = header
        self.titles = top.titles(header)
        self._assign(header)
        start = header.bottom + 1
        cells = self.raw.cells.iloc[start:].reset_index(drop=True)
        cells = pd.DataFrame({c: cells[c].str.strip() for c in cells.columns}, index=cells.index)
        rows = np.arange(len(cells), dtype=np.int64) + self.raw.first_row + start
        cells = self._unmerged(cells, start)
        data = self._data(cells, rows)
        if self._is_roster(cells[data]):
            return None
        if header.missing:
            self._missing(header)
            return None
        if not data.any():
            self.findings.add("E111.empty_sheet", **self.place)
            return None
        return self._sheet(header, cells, rows, data)

    def unread(self) -> Summary:
        """Return the summary of a sheet that gave no data."""
        known = self.header
        return Summary(
            **self.place,
            kind=known.kind if known else None,
            header_rows=self._header_rows(),
            columns={name: known.cells[i].text for i, name in self.chosen.items()} if known else {},
            unknown=self.unknown,
            titles=self.titles,
            nearest=self.nearest,
            encoding=self.raw.encoding,
            hidden=self.raw.hidden,
        )

    def _header_rows(self) -> tuple[int, ...]:
        if self.header is None:
            return ()
        return tuple(r + self.raw.first_row for r in range(self.header.top, self.header.bottom + 1))

    # what the header says ----------------------------------------------------------------------

    def _unrecognised(self, top: Top, header: Header | None) -> None:
        by_header, guess = best_guess(top)
        self.nearest = nearest_sheet(self.raw.name) or by_header
        row = (
            guess.top
            if guess
            else next((i for i, r in enumerate(top.rows) if sum(map(bool, r)) > 1), 0)
        )
        below = self.raw.cells.iloc[row + 1 :]
        self.unknown = {t: "" for t in top.rows[row] if t} if top.rows else {}
        personal = {c: (top.rows[row][c], below[c]) for c in below.columns} if top.rows else {}
        _, roster = personal_columns(personal)
        if roster:
            self.findings.add("S209.roster", **self.place, details="、".join(roster))
        elif header is not None:
            titles = "、".join(c.zh for c in sheet_columns(header.kind))
            self.findings.add("E111.no_header", **self.place, details=titles)
        elif self.nearest:
            self.findings.add("E111.unknown_sheet", **self.place, details=self.nearest)
        else:
            self.findings.add("E111.unread_sheet", **self.place)

    def _assign(self, header: Header) -> None:
        """Give each position its declared column or its own header; report what is doubtful."""
        titles = {column.name: column.zh for column in sheet_columns(header.kind)}
        repeats = self._merged_repeats(header.bottom)
        first: dict[str, int] = {}
        for position in sorted(
            range(len(header.cells)), key=lambda i: not self._is_exact(header, i, titles)
        ):
            cell = header.cells[position]
            if cell.ignored or position in repeats:
                continue
            if cell.column and cell.column not in first:
                first[cell.column] = position
                self.chosen[position] = cell.column
            elif cell.column:
                self._second(header, position, first[cell.column])
        self.chosen = dict(sorted(self.chosen.items()))
        seen: dict[str, int] = {}
        for position, cell in enumerate(header.cells):
            if cell.ignored or cell.column or not cell.text or position in repeats:
                continue
            name = cell.text
            if name in seen:
                self._add("E111.duplicate_header", name, str(seen[name] + 1), column=name)
                name = f"{name} ({position + 1})"
            seen[name] = position
            self.extra[position] = name

    def _is_exact(self, header: Header, position: int, titles: dict[str, str]) -> bool:
        cell = header.cells[position]
        return cell.column is not None and plain(cell.text).startswith(plain(titles[cell.column]))

    def _second(self, header: Header, position: int, first: int) -> None:
        text, earlier = header.cells[position].text, header.cells[first].text
        if plain(text) == plain(earlier):
            self._add("E111.duplicate_header", text, str(first + 1), column=text)
        else:
            self._add("E111.second_alias", text, earlier, column=text)
            self.extra[position] = text

    def _merged_repeats(self, bottom: int) -> set[int]:
        """Return positions that only repeat the header of a cell merged from the left."""
        return {
            column
            for area in self.raw.merged
            if area.top <= bottom <= area.bottom
            for column in range(area.left + 1, area.right + 1)
        }

    def _add(self, rule: str, value: str, detail: str, *, column: str = "") -> None:
        rows = self._header_rows()[-1:]
        self.findings.add(
            rule, **self.place, rows=rows, column=column, values=value, details=detail
        )

    def _missing(self, header: Header) -> None:
        titles = {column.name: column.zh for column in sheet_columns(header.kind)}
        found = "、".join(cell.text for cell in header.cells if cell.text)
        for name in header.missing:
            self._add("E111.missing_column", "", found, column=titles[name])

    # which rows are data -----------------------------------------------------------------------

    def _unmerged(self, cells: pd.DataFrame, start: int) -> pd.DataFrame:
        """Keep a quantity merged downwards in its first row only."""
        known = {column.name: column for column in sheet_columns(self._kind())}
        for position, name in self.chosen.items():
            if not is_quantity(known[name]):
                continue
            areas = [
                a
                for a in self.raw.merged
                if a.left <= position <= a.right and start <= a.top < a.bottom
            ]
            areas = [a for a in areas if cells[position].iloc[a.top - start]]
            if areas:
                values = cells[position].to_numpy(dtype=object, copy=True)
                for area in areas:
                    values[area.top - start + 1 : area.bottom - start + 1] = ""
                cells = cells.copy(deep=False)
                cells[position] = pd.Series(values, dtype="str")
                self.findings.add(
                    "E111.merged_amount",
                    **self.place,
                    column=known[name].zh,
                    details=str(len(areas)),
                )
        return cells

    def _kind(self) -> Kind:
        assert self.header is not None  # noqa: S101  # for the type checker: set before any use
        return self.header.kind

    def _data(self, cells: pd.DataFrame, rows: npt.NDArray[np.int64]) -> Mask:
        """Return which rows are data; report totals that differ, headings and closing lines."""
        known = {column.name: column for column in sheet_columns(self._kind())}
        live = filled_rows(cells) & ~repeated_headers(cells, self._header_texts())
        total, partial = total_rows(cells)
        total &= live
        live &= ~total
        live &= ~self._sections(cells, rows, live)
        required = [p for p, name in self.chosen.items() if known[name].required]
        closing = closing_rows(cells, live, required)
        if closing.any():
            count = str(int(closing.sum()))
            self.findings.add("E111.footer", **self.place, rows=rows[closing][:1], details=count)
        live &= ~closing
        if total.any():
            quantities = {
                p: known[name].zh for p, name in self.chosen.items() if is_quantity(known[name])
            }
            for found in differing_totals(cells, live, total, partial, quantities):
                self.findings.add(
                    "E111.total", **self.place, rows=rows[found.row], column=found.column,
                    values=found.written, details=found.computed,
                )  # fmt: skip
        return live

    def _header_texts(self) -> dict[int, set[str]]:
        assert self.header is not None  # noqa: S101  # for the type checker: set before any use
        block = self.raw.cells.iloc[self.header.top : self.header.bottom + 1]
        texts = {c: set(block[c].str.strip()) - {""} for c in block.columns}
        return {c: found for c, found in texts.items() if found}

    def _sections(self, cells: pd.DataFrame, rows: npt.NDArray[np.int64], live: Mask) -> Mask:
        """Return which rows are headings: one text merged across, or 一、… alone in its row."""
        sections = np.zeros(len(cells), dtype=np.bool_)
        start = len(self.raw.cells) - len(cells)
        wide = {
            a.top - start for a in self.raw.merged if a.top == a.bottom and a.right - a.left > 1
        }
        numbered = (
            cells[0].str.match(_SECTION.pattern).to_numpy(dtype=np.bool_)
            if len(cells.columns)
            else sections
        )
        for row in {*np.flatnonzero(numbered), *(r for r in wide if 0 <= r < len(cells))}:  # few
            texts = {text for text in cells.iloc[row] if text}
            if (
                live[row]
                and len(texts) == 1
                and (row in wide or numbered[row])
                and len(cells.columns) > 1
            ):
                sections[row] = True
                self.findings.add("E111.section", **self.place, rows=rows[row], values=texts.pop())
        return sections

    # people ------------------------------------------------------------------------------------

    def _is_roster(self, cells: pd.DataFrame) -> bool:
        """Take personal columns out, with a masked finding; return whether to refuse the sheet."""
        assert self.header is not None  # noqa: S101  # for the type checker: set before any use
        nameless = {
            p: "" for p in cells.columns
            if p not in self.chosen and not self.header.cells[p].ignored and not self.header.cells[p].text
        }  # fmt: skip
        candidates = {p: (name, cells[p]) for p, name in {**nameless, **self.extra}.items()}
        personal, roster = personal_columns(candidates)
        if roster:
            self.findings.add("S209.roster", **self.place, details="、".join(roster))
            return True
        for position in personal:
            header, values = candidates[position]
            self.extra.pop(position, None)
            self.personal.add(position)
            shown = header or f"第 {position + 1} 列"
            self.findings.add(
                "S209.contact", **self.place, column=shown, values=masked_example(values)
            )
        return False

    # the sheet ---------------------------------------------------------------------------------

    def _sheet(
        self, header: Header, cells: pd.DataFrame, rows: npt.NDArray[np.int64], data: Mask
    ) -> Sheet:
        if not data.all():
            cells, rows = cells[data].reset_index(drop=True), rows[data]
        self._unknown_headers(header)
        bad = np.zeros(len(cells), dtype=np.bool_)
        known = {column.name: column for column in sheet_columns(header.kind)}
        frame: dict[str, pd.Series] = {}
        for position, name in self.chosen.items():
            column = known[name]
            values = self._cleaned(cells[position], rows, bad, column.zh)
            if isinstance(column, Property) and column.type in {Type.CODE, Type.TEXT}:
                values = self._numbers(values, position, rows, column)
                if name in _REMARKS:
                    values = blank_personal(values, rows, column.zh, self.findings, self.place)
            frame[name] = values
        for position, title in self.extra.items():
            values = self._cleaned(cells[position], rows, bad, title)
            frame[EXTRA + title] = blank_personal(values, rows, title, self.findings, self.place)
        frame |= self._overflow(header, cells, rows, bad)
        units = self._units(header)
        return Sheet(
            kind=header.kind, file=self.raw.file, name=self.raw.name, frame=pd.DataFrame(frame), rows=rows,
            units=units, bad=bad, summary=replace(self.unread(), rows=len(rows), units=units),
        )  # fmt: skip

    def _unknown_headers(self, header: Header) -> None:
        doubled = {header.cells[p].text for p in self.extra if header.cells[p].column}
        for title in self.extra.values():
            nearest = nearest_column(header.kind.name, title)
            self.unknown[title] = nearest
            if title not in doubled:
                rule = "E111.unknown_header" if nearest else "E111.extra_header"
                self._add(rule, title, nearest, column=title)

    def _units(self, header: Header) -> dict[str, str]:
        """Return the unit of each column that names one; money takes that of the sheet's line."""
        known = {column.name: column for column in sheet_columns(header.kind)}
        line = self.titles.get("单位")
        units = {}
        for position, name in self.chosen.items():
            column = known[name]
            is_money = isinstance(column, Property) and column.type is Type.MONEY
            if unit := header.cells[position].unit or (line if is_money else None):
                units[name] = unit
        return units

    def _cleaned(
        self, values: pd.Series, rows: npt.NDArray[np.int64], bad: Mask, column: str
    ) -> pd.Series:
        """Strip invisible characters; report cells that lost a character or are far too long."""
        clean, changed = strip_invisible(values)
        if changed.any():
            details = [_hidden_characters(text) for text in values[changed]]
            clean = clean.str.strip()
            self.findings.add(
                "E113.invisible", **self.place, rows=rows[changed], column=column,
                values=clean[changed], details=details,
            )  # fmt: skip
        lost = has_replacement(clean)
        if lost.any():
            self.findings.add(
                "E105.replacement", **self.place, rows=rows[lost], column=column, values=clean[lost]
            )
            bad |= lost
        length = clean.str.len().to_numpy()
        long = length > _LONGEST_CELL
        if long.any():
            self.findings.add(
                "S206.cell_length",
                **self.place,
                rows=rows[long],
                column=column,
                details=map(str, length[long]),
            )
            clean = clean.mask(long, "")
            bad |= long
        return clean

    def _numbers(
        self, values: pd.Series, position: int, rows: npt.NDArray[np.int64], column: Property
    ) -> pd.Series:
        """Report texts stored as numbers of 1e15 and more; a credit code among them is unusable."""
        large = self.raw.large[self.raw.large[:, 1] == position, 0] + self.raw.first_row
        found = np.isin(rows, large)
        if not found.any():
            return values
        is_code = column.type is Type.CODE
        rule = "E103.mangled" if is_code else "E104.number"
        self.findings.add(
            rule, **self.place, rows=rows[found], column=column.zh, values=values[found]
        )
        return values.mask(found, "") if is_code else values

    def _overflow(
        self, header: Header, cells: pd.DataFrame, rows: npt.NDArray[np.int64], bad: Mask
    ) -> dict[str, pd.Series]:
        """Report content without a header: a bad row where a CSV row runs over, else a column."""
        named = {p for p, cell in enumerate(header.cells) if cell.text}
        last = max(named, default=-1)
        beyond: list[pd.Series] = []
        over = np.zeros(len(cells), dtype=np.int64)
        for position in cells.columns:
            filled = (cells[position] != "").to_numpy(dtype=np.bool_)
            if position in named or position in self.personal or not filled.any():
                continue
            if self.raw.encoding and position > last and filled.mean() < _MANY:
                over = np.where(filled, position - last, over)
                beyond.append(cells[position])
            elif not any(
                position in range(a.left + 1, a.right + 1) for a in self._header_areas(header)
            ):
                self._add("E111.no_name_header", "", str(position + 1))
        if not beyond:
            return {}
        rejected = over > 0
        bad |= rejected
        self.findings.add(
            "E111.extra_cells", **self.place, rows=rows[rejected], details=map(str, over[rejected])
        )
        together = beyond[0]
        for values in beyond[1:]:
            together = together + "," + values
        return {OVERFLOW: together.str.strip(",")}

    def _header_areas(self, header: Header) -> list[Range]:
        return [area for area in self.raw.merged if area.top <= header.bottom <= area.bottom]


def _hidden_characters(text: str) -> str:
    return " ".join(dict.fromkeys(f"U+{ord(c):04X}" for c in text if drop_invisible(c) == ""))
