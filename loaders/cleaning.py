"""Cells made clean: invisible characters, lost characters, mangled numbers, stray content."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.identity import (
    drop_invisible,
    has_replacement,
    may_be_damaged,
    strip_invisible,
)
from graphmodel.schema import Property, Type
from graphmodel.tables import EXTRA
from loaders.layout import Layout
from loaders.privacy import blank_personal

Mask = npt.NDArray[np.bool_]

OVERFLOW: Final = f"{EXTRA}（多出的格）"
"""Column that keeps what a row of a CSV file has beyond its header; such rows are bad."""

_DITTO: Final = ("同上", "同前", "〃", "″")
_LONGEST_CELL: Final = 32_767
_MANY: Final = 0.2
_REMARKS: Final = frozenset(
    [
        "note",
        "content",
        "description",
        "matter",
        "specification",
        "conditions",
        "verbatim",
        "status",
    ]
)


@dataclass(slots=True)
class Cleaned:
    """Data rows under the names of the declaration, and which of them have an error."""

    rows: npt.NDArray[np.int64]
    bad: Mask
    columns: dict[str, pd.Series] = field(default_factory=dict)


def clean(layout: Layout, cells: pd.DataFrame, rows: npt.NDArray[np.int64]) -> Cleaned:
    """Return every column of the data rows, cleaned; what was wrong becomes findings.

    Args:
        layout: The sheet and its header.
        cells: The data rows, trimmed.
        rows: Number of each row as a spreadsheet shows it.
    """
    result = Cleaned(rows, np.zeros(len(cells), dtype=np.bool_))
    for position, name in layout.chosen.items():
        column = layout.columns[name]
        values = _tidied(layout, result, cells[position], column.zh)
        if isinstance(column, Property) and column.type in {Type.CODE, Type.TEXT}:
            values = _stored_as_numbers(layout, result, values, position, column)
            if name in _REMARKS:
                values = blank_personal(values, rows, column.zh, layout.findings, layout.place)
        result.columns[name] = values
    for position, title in layout.extra.items():
        values = _tidied(layout, result, cells[position], title)
        values = blank_personal(values, rows, title, layout.findings, layout.place)
        result.columns[EXTRA + title] = values
    _beyond_header(layout, result, cells)
    return result


def _tidied(layout: Layout, result: Cleaned, values: pd.Series, column: str) -> pd.Series:
    """Return the column without invisible characters; report what was wrong in its cells."""
    tidied = values
    if may_be_damaged(values):
        tidied = _undamaged(layout, result, values, column)
    length = tidied.str.len().to_numpy()
    long = length > _LONGEST_CELL
    if long.any():
        tidied = tidied.mask(long, "")
        _report(layout, result, "S206.cell_length", long, column, tidied, length[long].tolist())
        result.bad |= long
    brief = np.flatnonzero((length > 0) & (length <= max(map(len, _DITTO))))
    ditto = np.zeros(len(tidied), dtype=np.bool_)
    ditto[brief] = tidied.iloc[brief].isin(_DITTO).to_numpy(dtype=np.bool_)
    return _repeated(layout, result, tidied, column, ditto) if ditto.any() else tidied


def _repeated(
    layout: Layout, result: Cleaned, values: pd.Series, column: str, ditto: Mask
) -> pd.Series:
    """Write out what 同上 stands for: the cell above, blank where there is none."""
    meant = values.mask(ditto).ffill().fillna("")
    _report(layout, result, "E111.ditto", ditto, column, values, meant[ditto].tolist())
    return meant


def _undamaged(layout: Layout, result: Cleaned, values: pd.Series, column: str) -> pd.Series:
    """Strip invisible characters; report cells with them, and cells that lost a character."""
    tidied, changed = strip_invisible(values)
    if changed.any():
        tidied = tidied.str.strip()
        characters = [_hidden_characters(text) for text in values[changed]]
        _report(layout, result, "E113.invisible", changed, column, tidied, characters)
    lost = has_replacement(tidied)
    if lost.any():
        _report(layout, result, "E105.replacement", lost, column, tidied)
        result.bad |= lost
    return tidied


def _report(  # a finding has a place, a value and a detail
    layout: Layout,
    result: Cleaned,
    rule: str,
    where: Mask,
    column: str,
    values: pd.Series,
    details: list[str] | str = "",
) -> None:
    layout.findings.add(
        rule,
        **layout.place,
        rows=result.rows[where],
        column=column,
        values=values[where],
        details=details,
    )


def _hidden_characters(text: str) -> str:
    return " ".join(dict.fromkeys(f"U+{ord(c):04X}" for c in text if not drop_invisible(c)))


def _stored_as_numbers(
    layout: Layout, result: Cleaned, values: pd.Series, position: int, column: Property
) -> pd.Series:
    """Report texts stored as numbers of 1e15 and more; a credit code among them is unusable."""
    large = layout.raw.large
    numbers = large[large[:, 1] == position, 0] + layout.raw.first_row
    found = np.isin(result.rows, numbers)
    if not found.any():
        return values
    is_code = column.type is Type.CODE
    rule = "E104.mangled" if is_code else "E104.number"
    _report(layout, result, rule, found, column.zh, values)
    return values.mask(found, "") if is_code else values


def _beyond_header(layout: Layout, result: Cleaned, cells: pd.DataFrame) -> None:
    """Report content without a header: a bad row where a CSV row runs over, else a column."""
    named = {p for p, cell in enumerate(layout.header.cells) if cell.text} | layout.personal
    named |= {c for area in layout.areas for c in range(area.left + 1, area.right + 1)}
    last = max(named, default=-1)
    beyond = []
    over = np.zeros(len(cells), dtype=np.int64)
    for position in range(cells.shape[1]):
        filled = (cells[position] != "").to_numpy(dtype=np.bool_)
        if position in named or not filled.any():
            continue
        if layout.raw.encoding and position > last and filled.mean() < _MANY:
            over = np.where(filled, position - last, over)
            beyond.append(cells[position])
        else:
            layout.add("E111.no_name_header", "", str(position + 1))
    if not beyond:
        return
    rejected = over > 0
    result.bad |= rejected
    details = [str(count) for count in over[rejected]]
    layout.findings.add(
        "E111.extra_cells", **layout.place, rows=result.rows[rejected], details=details
    )
    together = beyond[0]
    for values in beyond[1:]:
        together = together + "," + values
    result.columns[OVERFLOW] = together.str.strip(",")
