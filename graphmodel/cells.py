"""Reading one column of written cells: problem codes, the parsed result, vectorised plumbing.

Every column reader works in three steps: what is written plainly is converted for the whole
column at once; the *distinct* remaining texts go through a small parser, each once; what the
parser refuses is reported by a :class:`Problem` beside the value, never guessed and never raised.
"""

import re
import unicodedata
from collections.abc import Callable
from enum import IntEnum
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphmodel.identity import drop_invisible

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]
ProblemArray = NDArray[np.int8]
TextArray = NDArray[np.object_]

#: Written where a value would stand, to say that there is none.
PLACEHOLDERS = frozenset(("-", "--", "---", "/", "\\", "//", "*", "n/a", "na", "null", "none")) | {
    "无",
    "没有",
    "暂无",
    "不详",
    "未知",
    "未填",
    "未填报",
    "待定",
}


class Problem(IntEnum):
    """Why a cell has no value; 0 is a cell that was read, or an empty one."""

    OK = 0
    PLACEHOLDER = 1
    NOT_A_NUMBER = 2
    NOT_FINITE = 3
    NEGATIVE = 4
    NOT_AN_INTEGER = 5
    OVER_ONE = 6
    NO_UNIT = 7
    UNKNOWN_UNIT = 8
    FOREIGN_CURRENCY = 9
    NOT_A_BOOLEAN = 10
    NOT_A_DATE = 11
    IMPOSSIBLE_DATE = 12
    RELATIVE_DATE = 13

    @property
    def finding(self) -> str:
        """The public finding code, such as ``E107``; empty for ``OK``."""
        return _EXPLAINED[self][0]

    @property
    def zh(self) -> str:
        """What is wrong and what to do, in Chinese."""
        return _EXPLAINED[self][1]

    @property
    def en(self) -> str:
        """What is wrong and what to do, in English."""
        return _EXPLAINED[self][2]


_EXPLAINED: dict[Problem, tuple[str, str, str]] = {
    Problem.OK: ("", "", ""),
    Problem.PLACEHOLDER: (
        "E112",
        "写的是占位符，按未填报处理；没有就填 0，不清楚就留空",
        "a placeholder, read as not reported; write 0 for none, leave blank if unknown",
    ),
    Problem.NOT_A_NUMBER: (
        "E107",
        "不是一个数；请只填一个阿拉伯数字",
        "not a number; write one number in digits",
    ),
    Problem.NOT_FINITE: (
        "E107",
        "不是有限的数；不清楚请留空",
        "not a finite number; leave the cell blank if unknown",
    ),
    Problem.NEGATIVE: (
        "E107",
        "此列不能为负数；请核对",
        "this column cannot be negative; check it",
    ),
    Problem.NOT_AN_INTEGER: (
        "E107",
        "此列应为整数；请核对",
        "this column holds whole numbers; check it",
    ),
    Problem.OVER_ONE: (
        "E107",
        "比例应在 0–1 之间或带 % 且不超过 100%；35 请写成 35% 或 0.35",
        "a share is 0 to 1, or at most 100 % with the sign; write 35 as 35% or 0.35",
    ),
    Problem.NO_UNIT: (
        "E106",
        "金额没有单位；请在列名、表头“单位：”行或单元格中写明元、万元或亿元",
        "an amount without a unit; name 元, 万元 or 亿元 in the header, the unit line or the cell",
    ),
    Problem.UNKNOWN_UNIT: (
        "E106",
        "不是金额单位；请用元、千元、万元、百万元或亿元",
        "not a unit of money; use 元, 千元, 万元, 百万元 or 亿元",
    ),
    Problem.FOREIGN_CURRENCY: (
        "E106",
        "外币金额不换算；请折成人民币后填写",
        "foreign currency is not converted; give the amount in renminbi",
    ),
    Problem.NOT_A_BOOLEAN: (
        "E107",
        "应填 是 或 否（也可填 Y/N、1/0、√/×）",
        "write 是 or 否 (Y/N, 1/0 and √/× will do)",
    ),
    Problem.NOT_A_DATE: (
        "E110",
        "不是可识别的日期；请写成 2023-07-11、2023-07 或 2023",
        "not a date; write 2023-07-11, 2023-07 or 2023",
    ),
    Problem.IMPOSSIBLE_DATE: (
        "E110",
        "历法中没有这一天；请核对年月日",
        "no such day in the calendar; check year, month and day",
    ),
    Problem.RELATIVE_DATE: (
        "E110",
        "是相对时间，不是日期；请填截至日期，原话可写入时间说明",
        "a relative phrase, not a date; give 截至日期, keep the phrase in 时间说明",
    ),
}


class Cell(NamedTuple):
    """One distinct text after parsing."""

    value: float = float("nan")
    problem: Problem = Problem.OK
    qualifier: str = ""


class Parsed(NamedTuple):
    """A column of numbers.

    Attributes:
        value: The numbers, NaN where the cell is blank or has a problem.
        problem: One :class:`Problem` code per cell, 0 for none.
        qualifier: 超, 余, 近, 约, 多, 累计, 不足, 以上 or 以下, several joined by ``;``; None where
            the cell has none.
    """

    value: FloatArray
    problem: ProblemArray
    qualifier: TextArray


def as_text(column: pd.Series) -> pd.Series:
    """The column as pandas strings; None stays missing, a lone surrogate becomes U+FFFD."""
    if column.dtype == "str":
        return column
    try:
        return column.astype("str")
    except UnicodeEncodeError:
        written = column.map(_encodable, na_action="ignore")
        return written.astype("str")


def _encodable(value: object) -> str:
    return str(value).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def tidy(text: str) -> str:
    """Half-width, without invisible characters, one kind of minus, trimmed and in lower case."""
    text = drop_invisible(unicodedata.normalize("NFKC", text))
    return re.sub("[−–—‐‑―]", "-", text).strip().lower()


def filled(column: pd.Series) -> BoolArray:
    """True where a cell of a string column holds any text."""
    return np.asarray(column.notna() & (column != ""), dtype=np.bool_)


def matching(column: pd.Series, pattern: str) -> BoolArray:
    """True where the whole cell matches; a missing cell does not."""
    return np.asarray(column.str.fullmatch(pattern, na=False), dtype=np.bool_)


def empty(size: int) -> Parsed:
    """A result of blank cells to fill in."""
    return Parsed(np.full(size, np.nan), np.zeros(size, np.int8), np.full(size, None, object))


def parse_leftovers(
    column: pd.Series, rows: BoolArray, parse: Callable[[str], Cell], into: Parsed
) -> None:
    """Parse each distinct text of the given rows once and write the results into ``into``."""
    if not rows.any():
        return
    codes, texts = pd.factorize(column[rows])
    cells = [parse(text) for text in texts]
    into.value[rows] = np.array([cell.value for cell in cells])[codes]
    into.problem[rows] = np.array([cell.problem for cell in cells], np.int8)[codes]
    into.qualifier[rows] = np.array([cell.qualifier or None for cell in cells], object)[codes]
