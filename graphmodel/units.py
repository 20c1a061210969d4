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
    PLACEHOLDERS,
    Cell,
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
_BEFORE = {
    **dict.fromkeys(("超过", "超", "逾", ">"), "超"),
    **dict.fromkeys(("大约", "约为", "约", "~", "≈"), "约"),
    **dict.fromkeys(("将近", "接近", "近"), "近"),
    **dict.fromkeys(("不足", "不到", "<"), "不足"),
    **dict.fromkeys(("不低于", "至少", ">=", "≥"), "以上"),
    **dict.fromkeys(("不超过", "至多", "<=", "≤"), "以下"),
    "累计": "累计",
}
_AFTER = {"以上": "以上", "以下": "以下", "以内": "以下", "左右": "约", "上下": "约"}
_AFTER |= {"余": "余", "多": "多"}
_SCALE = {"十": 1, "百": 2, "千": 3, "": 0}
_BIG = {"万亿": 12, "万": 4, "亿": 8, "": 0}
_COUNTED = frozenset("个家人名条项次件支位台套所户座处场期篇份组批种类届".strip()) | {"人次", ""}
_YUAN = {"元", "块", "元人民币", "人民币", "rmb", "cny", ""}
_FOREIGN = re.compile(
    "美元|美金|欧元|日元|英镑|港元|港币|韩元|卢布|澳元|加元|法郎|新台币"
    "|usd|eur|jpy|gbp|hkd|krw|[$€£₩]"
)
_ENDLESS = re.compile(r"[+-]?(nan|inf|infinity|∞)")


def _alternatives(words: dict[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_DIGITS = (
    r"(?P<number>[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d{1,3})?)"
)
_QUANTITY = re.compile(
    rf"(?P<before>(?:{_alternatives(_BEFORE)})*)"
    r"(?P<sign>¥|人民币|rmb)?"
    rf"{_DIGITS}"
    r"(?P<mid>余|多)?(?P<scale>[十百千]?)(?P<big>万亿|万|亿|)(?P<late>余|多)?"
    r"(?P<unit>[^\d]*?)"
    rf"(?P<after>{_alternatives(_AFTER)})?",
    re.ASCII,
)
_SHARE = re.compile(
    rf"(?P<before>(?:{_alternatives(_BEFORE)})*)(?P<hundredths>百分之)?"
    rf"{_DIGITS}(?P<sign>[%‰]?)(?P<after>{_alternatives(_AFTER)})?",
    re.ASCII,
)


class ParsedIntegers(NamedTuple):
    """A column of whole numbers: nullable Int64, problem codes, qualifiers (see ``Parsed``)."""

    value: IntegerArray
    problem: ProblemArray
    qualifier: TextArray


class ParsedBooleans(NamedTuple):
    """A column of yes and no: nullable booleans (blank is missing) and problem codes."""

    value: BooleanArray
    problem: ProblemArray


class _Quantity(NamedTuple):
    """A number with the power of ten, the unit and the qualifiers written beside it."""

    number: Decimal
    scale: str
    unit: str
    qualifier: str


def _closed_up(text: str) -> str:
    """Without the spaces that touch a non-digit; ``12 34`` keeps its space and is no number."""
    return re.sub(r"(?<=[^0-9])\s+|\s+(?=[^0-9])", "", text)


def _qualifiers(found: re.Match[str], *groups: str) -> str:
    words = re.findall(_alternatives(_BEFORE), found["before"])
    said = [_BEFORE[word] for word in words]
    said += [_AFTER[found[group]] for group in groups if found[group]]
    return ";".join(dict.fromkeys(said))


def _number(written: str) -> Decimal:
    return Decimal(written.replace(",", "").replace(" ", ""))


def _refused(text: str) -> Cell | None:
    """The cell for a text that holds no quantity at all: blank, placeholder, nan or inf."""
    if not text:
        return Cell()
    if text in PLACEHOLDERS:
        return Cell(problem=Problem.PLACEHOLDER)
    if _ENDLESS.fullmatch(text):
        return Cell(problem=Problem.NOT_FINITE)
    return None


def _quantity(text: str) -> _Quantity | None:
    found = _QUANTITY.fullmatch(text)
    if found is None:
        return None
    scale = found["scale"] + found["big"]
    unit = (found["sign"] or "") + found["unit"]
    return _Quantity(
        _number(found["number"]), scale, unit, _qualifiers(found, "mid", "late", "after")
    )


def _exponent(scale: str) -> int:
    """The power of ten of 万, 百万, 亿 and the like; 0 for none."""
    big = next(word for word in _BIG if scale.endswith(word))
    return _BIG[big] + _SCALE[scale.removesuffix(big)]


def _bounded(number: Decimal, exponent: int, qualifier: str, *, negative: bool) -> Cell:
    value = float(number.scaleb(exponent))
    if not np.isfinite(value):
        return Cell(problem=Problem.NOT_FINITE)
    if value < 0 and not negative:
        return Cell(problem=Problem.NEGATIVE)
    return Cell(value, Problem.OK, qualifier)


def _read_plain(column: pd.Series, plain: np.ndarray, exponent: int, into: Parsed) -> None:
    """Convert the plainly written rows at once, the power of ten applied to the digits."""
    if plain.any():
        written = column[plain]
        digits = written + f"e{exponent}" if exponent else written
        into.value[plain] = digits.astype("float64").to_numpy()


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
    header = _quantity(f"1{tidy(unit or '')}")
    exponent = _exponent(header.scale) if header else 0

    def parse(cell: str) -> Cell:
        written = _closed_up(tidy(cell))
        refused = _refused(written)
        if refused is not None:
            return refused
        found = _quantity(written)
        if found is None or found.unit not in _COUNTED:
            return Cell(problem=Problem.NOT_A_NUMBER)
        own = _exponent(found.scale) if found.scale else exponent
        return _bounded(found.number, own, found.qualifier, negative=negative)

    result = empty(len(column))
    plain = matching(column, _PLAIN)
    _read_plain(column, plain, exponent, result)
    _limit_plain(result, plain, negative=negative)
    parse_leftovers(column, filled(column) & ~plain, parse, result)
    return result


def _money_exponent(unit: str | None) -> int | Problem:
    """The power of ten from a header's unit to 元, or what is wrong with that unit."""
    if not unit or not unit.strip():
        return Problem.NO_UNIT
    written = _closed_up(tidy(unit))
    if _FOREIGN.search(written):
        return Problem.FOREIGN_CURRENCY
    found = _quantity(f"1{written.removeprefix('人民币')}")
    if found is None or found.unit not in _YUAN or found.number != 1:
        return Problem.UNKNOWN_UNIT
    return _exponent(found.scale)


def _yuan(cell: str, default: int | Problem) -> tuple[_Quantity, int] | Cell:
    """A cell's quantity and its power of ten to 元, or the cell that says why there is none."""
    written = _closed_up(tidy(cell))
    refused = _refused(written)
    if refused is not None:
        return refused
    if _FOREIGN.search(written):
        return Cell(problem=Problem.FOREIGN_CURRENCY)
    found = _quantity(written)
    if found is None:
        return Cell(problem=Problem.NOT_A_NUMBER)
    if found.unit.removeprefix("¥").removeprefix("人民币").removeprefix("rmb") not in _YUAN:
        return Cell(problem=Problem.UNKNOWN_UNIT)
    if found.scale or found.unit:
        return found, _exponent(found.scale)
    if isinstance(default, Problem):
        return Cell(problem=default)
    return found, default


def parse_money(text: pd.Series, *, unit: str | None, negative: bool = False) -> Parsed:
    """Read a column of amounts into 万元.

    The cell's own unit wins (元, 千元, 万元, 百万元, 亿元; a bare 万 or 亿 means of 元), else ``unit``;
    with neither the cell is ``NO_UNIT``. Foreign currency is a problem and is never converted.

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
        return _bounded(quantity.number, exponent - 4, quantity.qualifier, negative=negative)

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
    return quantity.number.scaleb(exponent)


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
    bare = {"%": -2, "‰": -3}.get(tidy(unit or ""), 0)

    def judge(cell: Cell, *, signed: bool) -> Cell:
        if cell.problem or cell.value <= 1 or (growth and signed):
            return cell
        return Cell(problem=Problem.OVER_ONE)

    def parse(cell: str) -> Cell:
        written = _closed_up(tidy(cell))
        refused = _refused(written)
        if refused is not None:
            return refused
        found = _SHARE.fullmatch(written)
        if found is None:
            return Cell(problem=Problem.NOT_A_NUMBER)
        signed = bool(found["sign"] or found["hundredths"])
        exponent = bare
        if signed:
            exponent = -3 if found["sign"] == "‰" else -2
        number, said = _number(found["number"]), _qualifiers(found, "after")
        return judge(
            _bounded(number, exponent, said, negative=growth), signed=signed or bool(bare)
        )

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


_BOOLEANS = dict.fromkeys("是 y yes true 1 √ ✓ ✔".split(), 1.0)
_BOOLEANS |= dict.fromkeys("否 n no false 0 × ✗ ✘".split(), 0.0)


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
    "(?:人民币)?[十百千]?(?:万亿|万|亿)?(?:元|美元|欧元|日元|英镑|港元|港币|人次|[个家人名条项次件支位台套所户])"
    "|[%‰]|吨|万吨|公斤|千克|克|米|千米|公里|平方米|亩|公顷|升|千瓦|千瓦时|kw|kwh|mw|gw|辆|只|年|月|日|天"
)
_IN_HEADER = re.compile(
    rf"(?P<name>.+?)(?:\((?:单位:?)?(?P<a>{_UNIT})\)|\[(?P<b>{_UNIT})\]|【(?P<c>{_UNIT})】"
    rf"|[/:,](?P<d>{_UNIT}))",
    re.IGNORECASE,
)
_UNIT_LINE = re.compile(rf"(?:金额|计量|货币)?单位[:为]?\(?(?P<unit>{_UNIT})\)?(?:[,、;/].*)?")


def header_unit(header: str) -> tuple[str, str | None]:
    """Split a header into its name and its unit.

    ``产值(万元)``, ``产值（万元）``, ``产值/万元`` and ``产值：万元`` give ``("产值", "万元")``; the line
    ``单位：万元`` gives ``("", "万元")``. Brackets that hold no unit (``规模(大/中/小/微)``) stay in the name.

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
