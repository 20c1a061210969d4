"""Which rows below a header are data, and what the others are."""

import re
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.schema import Column, Property, Type
from loaders.footers import (
    Mask,
    closing_rows,
    differing_totals,
    repeated_headers,
    total_rows,
)
from loaders.layout import Layout, units
from loaders.privacy import without_numbers
from loaders.raw import filled_rows

_SECTION: Final = re.compile(r"^\s*[(（]?[一二三四五六七八九十]{1,3}[)）]?[、.．]")


def body(layout: Layout) -> pd.DataFrame:
    """Return the trimmed cells below the header, with merged quantities in their first row only."""
    below = layout.raw.cells.iloc[layout.start :].reset_index(drop=True)
    cells = pd.DataFrame({c: below[c].str.strip() for c in below.columns}, index=below.index)
    for position, name in layout.chosen.items():
        column = layout.columns[name]
        if is_quantity(column) and (rows := _merged_down(layout, cells, position)):
            values = cells[position].to_numpy(dtype=object, copy=True)
            for first, last in rows:
                values[first + 1 : last + 1] = ""
            cells[position] = pd.Series(values, dtype="str")
            count = str(len(rows))
            layout.findings.add(
                "E111.merged_amount", **layout.place, column=column.zh, details=count
            )
    return cells


def is_quantity(column: Column) -> bool:
    """Whether values of the column add up: money, numbers and counts, but no years or shares."""
    if not isinstance(column, Property):
        return False
    counted = column.type is Type.INTEGER and bool(column.unit)
    return counted or column.type in {Type.MONEY, Type.NUMBER}


def _merged_down(layout: Layout, cells: pd.DataFrame, position: int) -> list[tuple[int, int]]:
    start = layout.start
    return [
        (area.top - start, area.bottom - start)
        for area in layout.raw.merged
        if area.left <= position <= area.right and start <= area.top < area.bottom
        if cells[position].iloc[area.top - start]
    ]


def data_rows(layout: Layout, cells: pd.DataFrame, rows: npt.NDArray[np.int64]) -> Mask:
    """Return which rows are data; report headings, closing lines and totals that differ.

    Args:
        layout: The sheet and its header.
        cells: The rows below the header, from `body`.
        rows: Number of each row as a spreadsheet shows it.
    """
    live = filled_rows(cells) & ~repeated_headers(cells, _header_texts(layout))
    total, partial = total_rows(cells)
    total &= live
    live &= ~total
    required = [p for p, name in layout.chosen.items() if layout.columns[name].required]
    closing = closing_rows(cells, live, required)
    if closing.any():
        layout.findings.add(
            "E111.footer", **layout.place, rows=rows[closing][:1], details=str(int(closing.sum()))
        )
    live &= ~closing
    live &= ~_sections(layout, cells, rows, live)
    named = units(layout)
    quantities = {
        position: (column.zh, named.get(name, ""))
        for position, name in layout.chosen.items()
        if is_quantity(column := layout.columns[name])
    }
    for found in differing_totals(cells, live, total, partial, quantities):
        layout.findings.add(
            "E111.total",
            **layout.place,
            rows=rows[found.row],
            column=found.column,
            values=found.written,
            details=found.computed,
        )
    return live


def _header_texts(layout: Layout) -> dict[int, set[str]]:
    block = layout.raw.cells.iloc[layout.header.top : layout.header.bottom + 1]
    texts = {column: set(block[column].str.strip()) - {""} for column in range(block.shape[1])}
    return {column: found for column, found in texts.items() if found}


def _sections(layout: Layout, cells: pd.DataFrame, rows: npt.NDArray[np.int64], live: Mask) -> Mask:
    """Return which rows are headings: one text merged across, or 一、… alone in its row."""
    sections = np.zeros(len(cells), dtype=np.bool_)
    if cells.shape[1] < 2:  # noqa: PLR2004  # in a single column nothing can be told apart
        return sections
    wide = {
        area.top - layout.start
        for area in layout.raw.merged
        if area.top == area.bottom and area.right - area.left > 1 and area.top >= layout.start
    }
    alone = np.flatnonzero(live)
    for column in cells.columns[1:]:
        part = cells[column].iloc[alone]
        alone = alone[((part == "") | (part == cells[0].iloc[alone])).to_numpy(dtype=np.bool_)]
        if not len(alone):
            break
    numbered = alone[cells[0].iloc[alone].str.match(_SECTION.pattern).to_numpy(dtype=np.bool_)]
    for row in sorted({*numbered.tolist(), *wide}):  # few: headings only
        texts = {text for text in cells.iloc[row] if text}
        if live[row] and len(texts) == 1:
            sections[row] = True
            layout.findings.add(
                "E111.section", **layout.place, rows=rows[row], values=without_numbers(texts.pop())
            )
    return sections
