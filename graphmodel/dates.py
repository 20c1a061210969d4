"""Dates as planners write them, kept at the precision they are written in.

A date is an ISO text: ``2023-07-11``, ``2023-07``, ``2023-Q3`` or ``2023``. A month is not turned
into its first day; who needs a day asks for :func:`first_day` or :func:`last_day` of the period.
"""

import datetime as dt
import re
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphmodel.cells import (
    PLACEHOLDERS,
    BoolArray,
    Problem,
    ProblemArray,
    TextArray,
    as_text,
    filled,
    tidy,
)
from graphmodel.errors import LiantuError

_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_SERIAL_DAY_ZERO = dt.date(1899, 12, 30)
_SERIALS = range(20000, 80001)
_TIME = r"(?:[t ]?\d{1,2}[:时]\d{1,2}(?:[:分]\d{1,2}(?:\.\d+)?)?[秒分]?(?:z|[+-]\d\d:?\d\d)?)?"
_DAY = [
    re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _TIME, re.ASCII),
    re.compile(r"(\d{4})()(\d\d)(\d\d)", re.ASCII),
    re.compile(r"(\d{4})(年)(\d{1,2})月(\d{1,2})[日号]?" + _TIME, re.ASCII),
]
_MONTH = re.compile(r"(\d{4})(?:[-/.](\d{1,2})|年(\d{1,2})月份?)", re.ASCII)
_QUARTER = re.compile(r"(\d{4})年?(?:-?q([1-4])|-?第?([一二三四1-4])季度?|-?([1-4])q)", re.ASCII)
_YEAR = re.compile(r"(\d{4})年?(?:度)?", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)
_RELATIVE = re.compile(
    "以来|去年|今年|明年|前年|本年|当年|上年|近[0-9一二两三四五六七八九十几]+[年月天日周个]|上半年|下半年"
    "|本月|上月|当月|本季|上季|目前|截至|截止|至今|迄今|长期|永久|最近|近期|年底|年初|年末|月底|月初|[上中下]旬"
    "|前后|左右|以后|之后|以前|之前|^(?:今天|昨天|明天|现在|不限)$"
)
_ISO = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(\d\d)(?:-(\d\d))?))?", re.ASCII)


class ParsedDates(NamedTuple):
    """A column of dates.

    Attributes:
        value: ISO text at its own precision, None where blank or with a problem.
        precision: ``day``, ``month``, ``quarter`` or ``year``; None where there is no value.
        problem: One :class:`~graphmodel.cells.Problem` code per cell, 0 for none.
        serial: True where a spreadsheet's day number (45000) was read; worth a notice.
    """

    value: TextArray
    precision: TextArray
    problem: ProblemArray
    serial: BoolArray


class _Date(NamedTuple):
    value: str | None = None
    precision: str | None = None
    problem: Problem = Problem.OK
    serial: bool = False


def _iso_day(year: int, month: int, day: int) -> _Date:
    try:
        return _dated(dt.date(year, month, day).isoformat(), "day")
    except ValueError:
        return _Date(problem=Problem.IMPOSSIBLE_DATE)


def _dated(iso: str, precision: str) -> _Date:
    if not _FIRST_YEAR <= int(iso[:4]) <= _LAST_YEAR:
        return _Date(problem=Problem.NOT_A_DATE)
    return _Date(iso, precision)


def _coarse(text: str) -> _Date | None:
    """A month, a quarter or a year."""
    found = _MONTH.fullmatch(text)
    if found:
        month = int(found[2] or found[3])
        if not 1 <= month <= 12:  # noqa: PLR2004 - the months of a year
            return _Date(problem=Problem.IMPOSSIBLE_DATE)
        return _dated(f"{found[1]}-{month:02d}", "month")
    found = _QUARTER.fullmatch(text)
    if found:
        written = found[2] or found[3] or found[4]
        return _dated(f"{found[1]}-Q{'一二三四'.find(written) + 1 or int(written)}", "quarter")
    found = _YEAR.fullmatch(text)
    return _dated(found[1], "year") if found else None


def _read(cell: str) -> _Date:
    text = re.sub(r"\s*([年月日号/.-])\s*", r"\1", tidy(cell))
    if not text:
        return _Date()
    if text in PLACEHOLDERS:
        return _Date(problem=Problem.PLACEHOLDER)
    for pattern in _DAY:
        found = pattern.fullmatch(text)
        if found:
            return _iso_day(int(found[1]), int(found[3]), int(found[4]))
    coarse = _coarse(text)
    if coarse is not None:
        return coarse
    found = _SERIAL.fullmatch(text)
    if found and int(found[1]) in _SERIALS:
        day = _SERIAL_DAY_ZERO + dt.timedelta(days=int(found[1]))
        return _Date(day.isoformat(), "day", serial=True)
    relative = _RELATIVE.search(text)
    return _Date(problem=Problem.RELATIVE_DATE if relative else Problem.NOT_A_DATE)


def parse_dates(text: pd.Series) -> ParsedDates:
    """Read a column of dates, each distinct text once.

    Read are 2023-07-11, 2023/7/11, 2023.7.11, 20230711, 2023年7月11日 (a time of day is dropped),
    the months 2023年7月, 2023.7 and 2023-07, the quarters 2023年三季度 and 2023Q3, the years 2023年
    and 2023, and a spreadsheet's day number from 20000 to 80000. Years run from 1900 to 2100.
    去年以来 and the like are ``RELATIVE_DATE``, 2023-13-01 is ``IMPOSSIBLE_DATE``.
    """
    column = as_text(text)
    rows = filled(column)
    size = len(column)
    result = ParsedDates(
        np.full(size, None, object),
        np.full(size, None, object),
        np.zeros(size, np.int8),
        np.zeros(size, np.bool_),
    )
    if rows.any():
        codes, texts = pd.factorize(column[rows])
        dates = [_read(cell) for cell in texts]
        result.value[rows] = np.array([date.value for date in dates], object)[codes]
        result.precision[rows] = np.array([date.precision for date in dates], object)[codes]
        result.problem[rows] = np.array([date.problem for date in dates], np.int8)[codes]
        result.serial[rows] = np.array([date.serial for date in dates], np.bool_)[codes]
    return result


def _period(iso: str) -> tuple[dt.date, dt.date]:
    found = _ISO.fullmatch(iso)
    if found is None:
        message = (
            f"“{iso}” 不是 2023、2023-Q3、2023-07 或 2023-07-11 形式，请先用 parse_dates 读取。 "
            f"({iso!r} is not an ISO date, month, quarter or year; read it with parse_dates first.)"
        )
        raise LiantuError(message)
    year = int(found[1])
    if found[4]:
        day = dt.date(year, int(found[3]), int(found[4]))
        return day, day
    if found[2]:
        first, last = 3 * int(found[2]) - 2, 3 * int(found[2])
    elif found[3]:
        first = last = int(found[3])
    else:
        first, last = 1, 12
    after = dt.date(year + last // 12, last % 12 + 1, 1)
    return dt.date(year, first, 1), after - dt.timedelta(days=1)


def first_day(iso: str) -> dt.date:
    """The first day of an ISO day, month, quarter or year: of ``2023-Q3`` it is 2023-07-01.

    Raises:
        LiantuError: The text is not one of the four forms that ``parse_dates`` returns.
    """
    return _period(iso)[0]


def last_day(iso: str) -> dt.date:
    """The last day of an ISO day, month, quarter or year: of ``2023-02`` it is 2023-02-28.

    Raises:
        LiantuError: The text is not one of the four forms that ``parse_dates`` returns.
    """
    return _period(iso)[1]


def day_bounds(
    iso: pd.Series,
) -> tuple[NDArray[np.datetime64], NDArray[np.datetime64]]:
    """First and last days of a column of ISO texts as ``datetime64[D]``; missing is NaT."""
    codes, texts = pd.factorize(iso)
    periods = [_period(text) for text in texts]
    first = np.array([*(period[0] for period in periods), "NaT"], "datetime64[D]")
    last = np.array([*(period[1] for period in periods), "NaT"], "datetime64[D]")
    return first[codes], last[codes]
