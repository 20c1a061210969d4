"""From a raw sheet to named columns: which kind it is, which row is its header, what is data."""

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.findings import Findings
from graphmodel.kinds import sheet_columns
from loaders.cleaning import clean
from loaders.column_map import ColumnMap, load_map, write_map
from loaders.data_rows import body, data_rows
from loaders.footers import Mask
from loaders.header_rows import Header, Top, best_guess, choose
from loaders.layout import Layout, lay_out, units
from loaders.privacy import masked_example, personal_columns, without_numbers
from loaders.raw import RawSheet, filled_rows
from loaders.vocabulary import IGNORED_SHEETS, Kind, nearest_column, nearest_sheet, plain

__all__ = ["ColumnMap", "Sheet", "Summary", "load_map", "recognise", "write_map"]

_PEEK = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How a sheet was understood; for `check` and for a map to fill in.

    Attributes:
        file: Name of the file.
        sheet: Name of the sheet as written.
        kind: What it was taken for, or None.
        header_rows: Rows of the header as a spreadsheet shows them, one or two.
        rows: Number of data rows.
        headers: Every header as written, but those of personal data.
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
    headers: tuple[str, ...] = ()
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
        units: Unit of each column that names one, or of money by the sheet's 单位 line.
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
    summary = Summary(file=raw.file, sheet=raw.name, encoding=raw.encoding, hidden=raw.hidden)
    sheet = None
    if not raw.refused and plain(raw.name) not in IGNORED_SHEETS:
        sheet, summary = _read(raw, findings, column_map, summary)
    if summaries is not None:
        summaries.append(summary)
    return sheet


def _read(
    raw: RawSheet, findings: Findings, column_map: ColumnMap | None, summary: Summary
) -> tuple[Sheet | None, Summary]:
    if not (filled_rows(raw.cells.head(_PEEK)).any() or filled_rows(raw.cells).any()):
        findings.add("E111.empty_sheet", file=raw.file, sheet=raw.name)
        return None, summary
    top = Top(raw, column_map)
    header = choose(top, column_map.kind(raw.name) if column_map else None)
    if header is None or not header.cells:
        return None, _unrecognised(raw, top, header, findings, summary)
    layout = lay_out(raw, header, top.titles(header), findings)
    cells = body(layout)
    rows = np.arange(len(cells), dtype=np.int64) + raw.first_row + layout.start
    data = data_rows(layout, cells, rows)
    if not data.all():
        cells, rows = cells[data].reset_index(drop=True), rows[data]
    refused = _is_roster(layout, cells)
    summary = _summary(layout, summary)
    if refused or header.missing or not len(cells):
        if not refused:
            _report_nothing(layout)
        return None, summary
    return _sheet(layout, cells, rows, summary)


def _unrecognised(
    raw: RawSheet, top: Top, header: Header | None, findings: Findings, summary: Summary
) -> Summary:
    """Report a sheet whose kind, or whose header, was not found."""
    place = {"file": raw.file, "sheet": raw.name}
    by_header, guess = best_guess(top)
    several = (row for row, texts in enumerate(top.rows) if sum(map(bool, texts)) > 1)
    row = guess.top if guess else next(several, 0)
    below = raw.cells.iloc[row + 1 :]
    _, roster = personal_columns({c: (top.rows[row][c], below[c]) for c in range(below.shape[1])})
    nearest = nearest_sheet(raw.name) or by_header
    if roster:
        findings.add("S209.roster", **place, details="、".join(roster))
    elif header is not None:
        titles = "、".join(column.zh for column in sheet_columns(header.kind))
        findings.add("E111.no_header", **place, details=titles)
    elif nearest:
        findings.add("E111.unknown_sheet", **place, details=nearest)
    else:
        findings.add("E111.unread_sheet", **place)
    unknown = (
        {}
        if roster
        else {text: "" for text in top.rows[row] if text and without_numbers(text) == text}
    )
    kind = header.kind if header else None
    return replace(summary, nearest=nearest, unknown=unknown, headers=tuple(unknown), kind=kind)


def _is_roster(layout: Layout, cells: pd.DataFrame) -> bool:
    """Take personal columns out, with a masked finding; return whether to refuse the sheet."""
    nameless = {
        position: ""
        for position, cell in enumerate(layout.header.cells)
        if not cell.text and not cell.ignored
    }
    titles = nameless | layout.extra
    personal, roster = personal_columns({p: (title, cells[p]) for p, title in titles.items()})
    if roster:
        layout.findings.add("S209.roster", **layout.place, details="、".join(roster))
        return True
    for position in personal:
        layout.extra.pop(position, None)
        layout.personal.add(position)
        shown = titles[position] or f"第 {position + 1} 列"
        example = masked_example(cells[position])
        layout.findings.add("S209.contact", **layout.place, column=shown, values=example)
    return False


def _summary(layout: Layout, summary: Summary) -> Summary:
    cells = layout.header.cells
    return replace(
        summary,
        kind=layout.kind,
        header_rows=layout.header_rows,
        headers=tuple(
            cell.text
            for position, cell in enumerate(cells)
            if cell.text and position not in layout.personal
        ),
        columns={name: cells[position].text for position, name in layout.chosen.items()},
        unknown={t: nearest_column(layout.kind.name, t) for t in layout.extra.values()},
        titles=layout.titles,
        units=units(layout),
    )


def _report_nothing(layout: Layout) -> None:
    """Report why a sheet gave no data: a required column is missing, or there are no rows."""
    found = "、".join(cell.text for cell in layout.header.cells if cell.text)
    for name in layout.header.missing:
        layout.add("E111.missing_column", "", found, column=layout.columns[name].zh)
    if not layout.header.missing:
        layout.findings.add("E111.empty_sheet", **layout.place)


def _sheet(
    layout: Layout, cells: pd.DataFrame, rows: npt.NDArray[np.int64], summary: Summary
) -> tuple[Sheet, Summary]:
    for position, title in layout.extra.items():
        if position not in layout.doubled:
            nearest = summary.unknown[title]
            rule = "E111.unknown_header" if nearest else "E111.extra_header"
            layout.add(rule, title, nearest, column=title)
    cleaned = clean(layout, cells, rows)
    summary = replace(summary, rows=len(rows))
    sheet = Sheet(
        kind=layout.kind,
        file=layout.raw.file,
        name=layout.raw.name,
        frame=pd.DataFrame(cleaned.columns),
        rows=rows,
        units=summary.units,
        bad=cleaned.bad,
        summary=summary,
    )
    return sheet, summary
