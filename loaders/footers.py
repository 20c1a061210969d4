"""Rows below a header that are no data: totals, closing lines, headers repeated, blanks."""

import re
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.units import Problem, parse_money, parse_numbers

Mask = npt.NDArray[np.bool_]

_TOTAL: Final = (
    r"(?i)^\W*(?:[^\d\W]{0,8}?)(?P<word>合\s*计|总\s*计|小\s*计|共\s*计|total|subtotal)\s*[:：]?$"
)
_TOTAL_ENDS: Final = ("计", "l", "L", ":", "：")
_PARTIAL: Final = re.compile(r"小\s*计|subtotal", re.IGNORECASE)
_CLOSING: Final = re.compile(
    r"^(?:填表人|填报人|制表人?|审核人?|复核人?|审批人?|负责人|单位负责人|分管领导|经办人|联系人|联系电话|联系方式|电话|手机"
    r"|备\s*注|附?注|说明|填表说明|填报说明|填表日期|填报日期|填表时间|填报时间|填报单位|报送单位|填表单位|单位[(（]?盖章[)）]?|盖章"
    r"|数据来源|资料来源|来源|截至日期|截止日期|统计口径)[\d一二三]*\s*(?:[:：].*)?$",
    re.DOTALL,
)
_LISTED: Final = re.compile(r"^\s*[(（]?[\d一二三四五六七八九十]+[)）]?\s*[.、．:：)]")
_TAIL: Final = 40
_FEW: Final = 4
_SEARCHED_COLUMNS: Final = 4


class Total(NamedTuple):
    """A total in the sheet that differs from the rows: row, column, as written and as added up."""

    row: int
    column: str
    written: str
    computed: str


def repeated_headers(cells: pd.DataFrame, headers: dict[int, set[str]]) -> Mask:
    """Return which rows repeat the header.

    Args:
        cells: The rows below the header.
        headers: What the header says in each column; a row repeats it if every filled cell does,
            and at least two do, or one where the header has but one.
    """
    wanted = min(2, len(headers))
    suspects = np.arange(len(cells))
    same = np.zeros(len(cells), dtype=np.int64)
    for column in range(cells.shape[1]):
        part = cells[column].iloc[suspects]
        repeats = part.isin(list(headers.get(column, ()))).to_numpy(dtype=np.bool_)
        same[suspects] += repeats
        suspects = suspects[repeats | (part == "").to_numpy(dtype=np.bool_)]
        if not len(suspects):
            break
    found = np.zeros(len(cells), dtype=np.bool_)
    found[suspects[same[suspects] >= wanted]] = True
    return found


def total_rows(cells: pd.DataFrame) -> tuple[Mask, Mask]:
    """Return which rows are totals, and which of them are of a part only (小计).

    A total is a row whose first filled cell is 合计, 总计, 小计 or ends so.
    """
    total = np.zeros(len(cells), dtype=np.bool_)
    partial = total.copy()
    untouched = np.arange(len(cells))
    for name in cells.columns[:_SEARCHED_COLUMNS]:
        column = cells[name].iloc[untouched]
        candidates = column.str.endswith(_TOTAL_ENDS).to_numpy(dtype=np.bool_)
        for row, text in zip(untouched[candidates], column[candidates], strict=True):  # few
            if re.match(_TOTAL, text):
                total[row] = True
                partial[row] = _PARTIAL.search(text) is not None
        untouched = untouched[(column == "").to_numpy(dtype=np.bool_)]
        if not len(untouched):
            break
    return total, partial


def closing_rows(cells: pd.DataFrame, live: Mask, required: list[int]) -> Mask:
    """Return which rows at the end are closing lines, such as 填表人, 联系电话 and 备注.

    Args:
        cells: The rows below the header.
        live: Rows that are neither blank nor totals.
        required: Columns that every data row fills; a row that fills all of several is data.
    """
    closing = np.zeros(len(cells), dtype=np.bool_)
    rows = np.flatnonzero(live)[-_TAIL:]
    for row in rows[::-1]:  # at most 40
        texts = cells.iloc[row]
        distinct = list(dict.fromkeys(text for text in texts if text))
        whole = (
            len(required) > 1 and all(texts[c] for c in required) and len(set(texts[required])) > 1
        )
        named = bool(_CLOSING.match(distinct[0]))
        if whole or len(distinct) > (
            2 * _FEW if named and ":" in distinct[0].replace("：", ":") else _FEW
        ):
            break
        if named:
            closing[rows[rows >= row]] = True
        elif not (_LISTED.match(distinct[0]) and len(distinct) <= 2):  # noqa: PLR2004  # a note and its mark
            break
    return closing


def differing_totals(
    cells: pd.DataFrame, data: Mask, total: Mask, partial: Mask, columns: dict[int, tuple[str, str]]
) -> list[Total]:
    """Return the totals that differ from the sum of their rows.

    A total of all may count the rows above, those below or those since the total before; what is
    within half of its last written digit agrees.

    Args:
        cells: The rows below the header.
        data: Which rows are data.
        total: Which rows are totals.
        partial: Which totals are of a part only.
        columns: Title and unit of each quantity, by column; a column in which a cell cannot be read
            in that unit is not checked.
    """
    rows = np.flatnonzero(total)
    found = []
    for column, (name, unit) in columns.items():
        if not len(rows):
            continue
        read = _in_unit(cells[column], unit)
        written = read[total]
        unread = data & np.isnan(read) & (cells[column] != "").to_numpy(dtype=np.bool_)
        if np.isnan(written).all() or unread.any():
            continue
        values = np.where(data, read, 0.0)
        running = np.concatenate(([0.0], np.cumsum(np.nan_to_num(values))))
        before = 0
        for row, value in zip(rows, written, strict=True):
            text = str(cells[column].iloc[row])
            sums = (
                [running[row] - running[before]]
                if partial[row]
                else [running[row], running[-1], running[row] - running[before]]
            )
            before = int(row)
            tolerance = 0.5 * 10.0 ** -_decimals(text) + 1e-9 * abs(value)
            if not np.isnan(value) and all(abs(value - each) > tolerance for each in sums):
                best = sums[0] if sums[0] or len(sums) == 1 else sums[1]
                found.append(Total(int(row), name, text, f"{best:.10g}"))
    return found


def _in_unit(cells: pd.Series, unit: str) -> npt.NDArray[np.float64]:
    """Return numbers, and amounts that name their own unit (1.2亿元) in that of the column."""
    parsed = parse_numbers(cells, negative=True)
    values = np.where(parsed.problem == Problem.PLACEHOLDER, 0.0, parsed.value)
    other = np.isnan(values) & (cells != "").to_numpy(dtype=np.bool_)
    if unit and other.any():
        one = parse_money(pd.Series(["1"], dtype="str"), unit=unit).value[0]
        values = np.where(other, parse_money(cells, unit=unit, negative=True).value / one, values)
    return values


def _decimals(text: str) -> int:
    return len(text.rpartition(".")[2].rstrip("%")) if "." in text else 0
