"""A sheet as it was found: cells as text, before anything is known about what they mean."""

import datetime as dt
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.cells import as_text

MAX_COLUMNS: Final = 1_000
"""A sheet with more columns is refused (S206)."""

_UNRELIABLE: Final = 1e15
_INT64: Final = 2.0**63


class Range(NamedTuple):
    """A rectangle of merged cells; positions in `RawSheet.cells`, from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RawSheet:
    """One sheet of a workbook or one CSV file, unread.

    Attributes:
        file: Name of the file, without its folder.
        name: Name of the sheet as written; of a CSV file its stem.
        cells: Every cell as text, "" where empty; columns 0…k-1, the header is a row like others.
        first_row: Number of the first row of `cells` as a spreadsheet shows it, from 1.
        merged: Merged ranges; each is already filled with its value.
        hidden: The sheet is hidden.
        hidden_rows: Numbers of the hidden rows, as a spreadsheet shows them.
        encoding: Encoding a CSV file was read in; empty for a workbook.
        large: Positions (row, column) in `cells` of numbers of 1e15 and more, whose last digits a
            spreadsheet does not keep; shape (n, 2).
        sha256: Digest of the file.
        refused: Nothing could be read, which a finding says already.
    """

    file: str
    name: str
    cells: pd.DataFrame
    first_row: int = 1
    merged: tuple[Range, ...] = ()
    hidden: bool = False
    hidden_rows: tuple[int, ...] = ()
    encoding: str = ""
    large: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty((0, 2), np.int64))
    sha256: str = ""
    refused: bool = False


def shown(name: str) -> str:
    """Return a file's name with bytes that are no text replaced, so that it can be printed."""
    return name.encode("utf-8", "replace").decode("utf-8")


def raw_sheet(name: str, rows: Sequence[Sequence[object]], *, file: str = "") -> RawSheet:
    """Return rows in memory as a sheet; values become text as those of a workbook do."""
    cells, large = to_text(rows)
    return RawSheet(file=file, name=name, cells=cells, large=large)


def to_text(rows: Sequence[Sequence[object]]) -> tuple[pd.DataFrame, npt.NDArray[np.int64]]:
    """Return rows of mixed values as text, and where the large numbers stand.

    Whole numbers lose their ".0", other numbers keep the shortest digits that identify them, dates
    are ISO (without the time where it is 0), truth values 是 and 否, None and NaN "". Rows may
    differ in length.

    Returns:
        Text with columns 0…k-1, and the positions of numbers of 1e15 and more, shape (n, 2).
    """
    columns = {}
    large = [np.empty((0, 2), np.int64)]
    for number, values in enumerate(zip_longest(*rows, fillvalue="")):
        columns[number], big = _column(values)
        large.append(np.column_stack((big, np.full(len(big), number))))
    frame = pd.DataFrame(columns, index=pd.RangeIndex(len(rows)))
    frame.columns = pd.RangeIndex(len(columns))
    return frame, np.concatenate(large)


def _column(values: tuple[object, ...]) -> tuple[pd.Series, npt.NDArray[np.int64]]:
    kinds = set(map(type, values))
    none: npt.NDArray[np.int64] = np.empty(0, np.int64)
    cells = np.empty(len(values), dtype=object)
    cells[:] = values
    big = none
    if kinds > {str} or str not in kinds:
        types = np.fromiter(map(type, values), dtype=object, count=len(values))
        for kind in kinds - {str}:
            where = np.flatnonzero(types == kind)
            if kind in (float, np.float64):
                numbers = cells[where].astype(np.float64)
                big = where[np.abs(numbers) >= _UNRELIABLE]
                cells[where] = _number_texts(numbers)
            else:
                written = _WRITTEN.get(kind, _other)
                cells[where] = [written(value) for value in cells[where]]
    return as_text(pd.Series(cells, dtype=object)), big


def _number_texts(numbers: npt.NDArray[np.float64]) -> npt.NDArray[np.object_]:
    """Write numbers: 12.0 as 12, 0.1 as 0.1, NaN as nothing."""
    distinct, position = np.unique(numbers, return_inverse=True)
    texts = np.array([_number(number) for number in distinct.tolist()], dtype=object)
    return texts[position]


def _number(number: float) -> str:
    if math.isnan(number):
        return ""
    if number.is_integer() and abs(number) < _INT64:
        return str(int(number))
    return repr(number)


def _moment(value: Any) -> str:  # noqa: ANN401  # any subclass of datetime
    if value != value:  # noqa: PLR0124  # NaT is not itself
        return ""
    if value.time() == dt.time():
        return str(value.date().isoformat())
    return str(value.isoformat(sep=" "))


def _other(value: object) -> str:
    return "" if value is None or value != value else str(value)  # noqa: PLR0124  # NaN and NA


_WRITTEN: Final[dict[type, Callable[[Any], str]]] = {
    bool: lambda value: "是" if value else "否",
    np.bool_: lambda value: "是" if value else "否",
    dt.datetime: _moment,
    pd.Timestamp: _moment,
    dt.date: dt.date.isoformat,
    dt.time: dt.time.isoformat,
    type(pd.NA): lambda _: "",
}


def fill_merged(cells: pd.DataFrame, ranges: Iterable[Range]) -> pd.DataFrame:
    """Return cells with every merged range filled with the value of its first cell."""
    columns: dict[int, npt.NDArray[np.object_]] = {}
    for top, left, bottom, right in ranges:
        value = cells[left].iloc[top]
        for number in range(left, right + 1):
            if number not in columns:
                columns[number] = cells[number].to_numpy(dtype=object, copy=True)
            columns[number][top : bottom + 1] = value
    filled = {number: pd.Series(values, dtype="str") for number, values in columns.items()}
    together = {n: filled[n] if n in filled else cells[n] for n in range(cells.shape[1])}
    return pd.DataFrame(together, index=cells.index)


def filled_rows(cells: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Return which rows hold any text."""
    filled = np.zeros(len(cells), dtype=np.bool_)
    for number in range(cells.shape[1]):
        filled |= (cells[number] != "").to_numpy(dtype=np.bool_)
    return filled
