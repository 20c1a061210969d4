"""Numbers, money, shares and yes/no as planners write them, a column at a time.

Money is held in 万元 (ten thousand yuan). The unit comes from the cell, else from the header or the
sheet's 单位 line; with neither there is no amount, only a problem. Powers of ten are applied to the
written digits before they become binary (``"1.001"`` 亿元 is read as ``1.001e4``, not multiplied),
so an amount is the double nearest to what is written, whichever unit it is written in.
"""

import re
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import pandas as pd
from pandas.arrays import BooleanArray, IntegerArray

from graphmodel.cells import (
    Cell,
    FloatArray,
    Parsed,
    Problem,
    ProblemArray,
    TextArray,
    as_text,
    empty,
    filled,
    matching,
    parse_leftovers,
    tidy,
)
from graphmodel.dates import (
    ParsedDates,
    day_bounds,
    first_day,
    last_day,
    parse_dates,
)
from graphmodel.errors import LiantuError
from graphmodel.quantity import Quantity, read_quantity

__all__ = [
    "Parsed",
    "ParsedBooleans",
    "ParsedDates",
    "ParsedIntegers",
    "Problem",
    "day_bounds",
    "first_day",
    "header_unit",
    "last_day",
    "money_to_yuan",
    "parse_booleans",
    "parse_dates",
    "parse_integers",
    "parse_money",
    "parse_numbers",
    "parse_shares",
]

_PLAIN = r"-?[0-9]{1,300}(\.[0-9]{1,300})?"
_YUAN = {
    f"{sign}{unit}"
    for sign in ("", "¥", "人民币", "rmb")
    for unit in ("", "元", "元人民币", "rmb", "cny")
}
_FOREIGN = re.compile(
    "美元|美金|欧元|日元|英镑|港元|港币|韩元|卢布|澳元|加元|法郎|新台币"
    "|usd|eur|jpy|gbp|hkd|krw|[$€£₩]"
)
_OF_ONE = {"": 0, "%": -2, "百分之": -2, "‰": -3}
_COUNTED = frozenset("个家人名条项次件支位台套所户座处场期篇份组批种类届") | {"人次", ""}


class ParsedIntegers(NamedTuple):
    """A column of whole numbers: nullable Int64, problem codes, qualifiers (see ``Parsed``)."""

    value: IntegerArray
    problem: ProblemArray
    qualifier: TextArray


class ParsedBooleans(NamedTuple):
    """A column of yes and no: nullable booleans (blank is missing) and problem codes."""

    value: BooleanArray
    problem: ProblemArray


def _read_plain(column: pd.Series, plain: np.ndarray, exponent: int, into: Parsed) -> None:
    """Convert the plainly written rows at once, the power of ten applied to the digits."""
    if plain.any():
        written = column if plain.all() else column[plain]
        digits = written + f"e{exponent}" if exponent else written
        into.value[plain] = _doubles(digits)


def _doubles(digits: pd.Series) -> FloatArray:
    """Return the double nearest to each text of digits; infinity beyond the largest."""
    import pyarrow as pa  # type: ignore[import-untyped]  # noqa: PLC0415  # no stubs; slow to import

    try:
        return np.asarray(pa.array(digits.array).cast(pa.float64()))
    except pa.ArrowInvalid:  # a number beyond the largest double, which Python calls infinite
        return digits.to_numpy(dtype=np.float64)


def _refuse(into: Parsed, rows: np.ndarray, problem: Problem) -> None:
    into.value[rows] = np.nan
    into.problem[rows] = problem


def _limit_plain(into: Parsed, plain: np.ndarray, *, negative: bool) -> None:
    _refuse(into, plain & ~np.isfinite(into.value), Problem.NOT_FINITE)
    if not negative:
        _refuse(into, plain & (into.value < 0), Problem.NEGATIVE)


def parse_numbers(text: pd.Series, *, unit: str | None = None, negative: bool = False) -> Parsed:
    """Read a column of numbers: full-width, ``1,234``, 3.61万 (36100), 约 300 家, 2万余项.

    A counting word (家, 个, 人, 项 …) is dropped; any other unit is ``NOT_A_NUMBER``.

    Args:
        text: The cells as written.
        unit: The header's unit; only its power of ten counts (万人: bare numbers × 10⁴), and a
            power written in the cell wins.
        negative: Whether a value below zero is legal.

    Returns:
        Values in units of one, problems and qualifiers.
    """
    column = as_text(text)
    header = read_quantity(f"1{unit or ''}")
    exponent = header.exponent if isinstance(header, Quantity) else 0

    def parse(cell: str) -> Cell:
        found = read_quantity(cell)
        if isinstance(found, Cell):
            return found
        if found.unit not in _COUNTED:
            return Cell(problem=Problem.NOT_A_NUMBER)
        return found.cell(found.exponent if found.scale else exponent, negative=negative)

    result = empty(len(column))
    plain = matching(column, _PLAIN)
    _read_plain(column, plain, exponent, result)
    _limit_plain(result, plain, negative=negative)
    parse_leftovers(column, filled(column) & ~plain, parse, result)
    return result


def _money_exponent(unit: str | None) -> int | Problem:
    """The power of ten from a header's unit to 元, or what is wrong with that unit."""
    written = tidy(unit or "")
    if not written:
        return Problem.NO_UNIT
    if _FOREIGN.search(written):
        return Problem.FOREIGN_CURRENCY
    found = read_quantity("1" + written.removeprefix("人民币"))
    if isinstance(found, Cell) or found.unit not in _YUAN or found.number != 1:
        return Problem.UNKNOWN_UNIT
    return found.exponent


def _yuan(cell: str, default: int | Problem) -> tuple[Quantity, int] | Cell:
    """A cell's quantity and its power of ten to 元, or the cell that says why there is none."""
    if _FOREIGN.search(tidy(cell)):
        return Cell(problem=Problem.FOREIGN_CURRENCY)
    found = read_quantity(cell)
    if isinstance(found, Cell):
        return found
    if found.unit not in _YUAN:
        return Cell(problem=Problem.UNKNOWN_UNIT)
    if found.scale or found.unit:
        return found, found.exponent
    return Cell(problem=default) if isinstance(default, Problem) else (found, default)


def parse_money(text: pd.Series, *, unit: str | None, negative: bool = False) -> Parsed:
    """Read a column of amounts into 万元.

    The cell's own unit wins (元, 千元, 万元, 百万元, 亿元; a bare 万 or 亿 means of 元), else
    ``unit``; with neither the cell is ``NO_UNIT``. Foreign currency is never converted.

    Args:
        text: The cells as written.
        unit: The unit of the header or of the sheet's 单位 line, None if there is none.
        negative: Whether a value below zero is legal.

    Returns:
        Values in 万元, each the double nearest to the amount as written; problems; qualifiers.
    """
    column = as_text(text)
    default = _money_exponent(unit)

    def parse(cell: str) -> Cell:
        found = _yuan(cell, default)
        if isinstance(found, Cell):
            return found
        quantity, exponent = found
        return quantity.cell(exponent - 4, negative=negative)

    result = empty(len(column))
    plain = matching(column, _PLAIN)
    if isinstance(default, Problem):
        _refuse(result, plain, default)
    else:
        _read_plain(column, plain, default - 4, result)
        _limit_plain(result, plain, negative=negative)
    parse_leftovers(column, filled(column) & ~plain, parse, result)
    return result


def money_to_yuan(text: str, *, unit: str | None = None) -> Decimal:
    """One amount in 元, exact: ``money_to_yuan("172.8亿元")`` is ``Decimal(17280000000)``.

    Raises:
        LiantuError: The text is no amount, or neither it nor ``unit`` names a unit of money.
    """
    found = _yuan(text, _money_exponent(unit))
    if isinstance(found, Cell):
        why = found.problem or Problem.NOT_A_NUMBER
        message = f"“{text}” 不能读成金额：{why.zh}。 ({text!r} is not an amount: {why.en}.)"
        raise LiantuError(message)
    quantity, exponent = found
    return quantity.times(exponent)


def parse_shares(text: pd.Series, *, unit: str | None = None, growth: bool = False) -> Parsed:
    """Read a column of shares: 0 to 1, or a percentage with its sign (``51. 4%`` is 0.514).

    A bare number above 1 is ``OVER_ONE`` rather than a guess; so is more than 100 %.

    Args:
        text: The cells as written.
        unit: ``%`` where the header says so; bare numbers are then percentages.
        growth: A rate of change: may be negative, and with the sign may exceed 100 %.

    Returns:
        Fractions (0.514, growth of 137.8 % is 1.378), problems and qualifiers.
    """
    column = as_text(text)
    bare = _OF_ONE.get(tidy(unit or ""), 0)

    def parse(cell: str) -> Cell:
        found = read_quantity(cell)
        if isinstance(found, Cell):
            return found
        exponent = _OF_ONE.get(found.unit)
        if exponent is None or found.scale:
            return Cell(problem=Problem.NOT_A_NUMBER)
        share = found.cell(exponent or bare, negative=growth)
        legal = share.problem or share.value <= 1 or (growth and (exponent or bare))
        return share if legal else Cell(problem=Problem.OVER_ONE)

    result = empty(len(column))
    plain, percent = matching(column, _PLAIN), matching(column, _PLAIN + "%")
    _read_plain(column, plain, bare, result)
    _read_plain(column.str.removesuffix("%"), percent, -2, result)
    _limit_plain(result, plain | percent, negative=growth)
    unlimited = (percent | (plain & bool(bare))) & growth
    _refuse(result, (plain | percent) & (result.value > 1) & ~unlimited, Problem.OVER_ONE)
    parse_leftovers(column, filled(column) & ~plain & ~percent, parse, result)
    return result


def parse_integers(
    text: pd.Series, *, unit: str | None = None, negative: bool = False
) -> ParsedIntegers:
    """Read a column of whole numbers, as ``parse_numbers`` does; ``1.5`` is ``NOT_AN_INTEGER``."""
    parsed = parse_numbers(text, unit=unit, negative=negative)
    whole = (parsed.value == np.rint(parsed.value)) & (np.abs(parsed.value) <= 2**53)
    known = ~np.isnan(parsed.value)
    parsed.problem[known & ~whole] = Problem.NOT_AN_INTEGER
    missing = ~(known & whole)
    values = np.where(missing, 0, parsed.value).astype(np.int64)
    return ParsedIntegers(IntegerArray(values, missing), parsed.problem, parsed.qualifier)


_BOOLEANS = dict.fromkeys(("是", "y", "yes", "true", "1", "√", "✓", "✔"), 1.0)
_BOOLEANS |= dict.fromkeys(("否", "n", "no", "false", "0", "×", "✗", "✘"), 0.0)


def parse_booleans(text: pd.Series) -> ParsedBooleans:
    """Read 是/否, Y/N, yes/no, true/false, 1/0, √/×; anything else is ``NOT_A_BOOLEAN``."""
    column = as_text(text)

    def parse(cell: str) -> Cell:
        written = tidy(cell)
        if not written:
            return Cell()
        value = _BOOLEANS.get(written)
        return Cell(problem=Problem.NOT_A_BOOLEAN) if value is None else Cell(value)

    result = empty(len(column))
    parse_leftovers(column, filled(column), parse, result)
    return ParsedBooleans(BooleanArray(result.value == 1, np.isnan(result.value)), result.problem)


_UNIT = (
    "(?:人民币)?[十百千]?(?:万亿|万|亿)?"
    "(?:元|美元|欧元|日元|英镑|港元|港币|人次|[个家人名条项次件支位台套所户])"
    "|[%‰]|万?吨|公斤|千克|克|千?米|公里|平方米|亩|公顷|升|千瓦|千瓦时|kwh?|[mg]w|辆|只|年|月|日|天"
)
_IN_HEADER = re.compile(
    rf"(?P<name>.+?)(?:\((?:单位:?)?(?P<a>{_UNIT})\)|\[(?P<b>{_UNIT})\]|【(?P<c>{_UNIT})】"
    rf"|[/:,](?P<d>{_UNIT}))",
    re.IGNORECASE,
)
_UNIT_LINE = re.compile(rf"(?:金额|计量|货币)?单位[:为]?\(?(?P<unit>{_UNIT})\)?(?:[,、;/].*)?")


def header_unit(header: str) -> tuple[str, str | None]:
    """Split a header into its name and its unit.

    ``产值(万元)``, ``产值（万元）``, ``产值/万元`` and ``产值：万元`` give ``("产值", "万元")``;
    the line ``单位：万元`` gives ``("", "万元")``. Brackets that hold no unit stay in the name
    (``规模(大/中/小/微)``).

    Returns:
        The name as written apart from the unit and white space, and the unit or None.
    """
    written = re.sub(r"\s+", "", header)
    half = written.translate(str.maketrans("（）［］：／，％〔〕", "()[]:/,%[]"))
    line = _UNIT_LINE.fullmatch(half)
    if line:
        return "", line["unit"]
    found = _IN_HEADER.fullmatch(half)
    if found is None:
        return written, None
    unit = next(found[group] for group in "abcd" if found[group])
    return written[: len(found["name"])], unit
