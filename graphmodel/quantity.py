"""One written quantity: a number with its power of ten, its unit and the words beside it.

``累计超200亿元`` is 200, 亿, 元, with 累计 and 超; ``3.61万个`` is 3.61, 万, 个.
"""

import math
import re
from decimal import Decimal
from typing import NamedTuple

from graphmodel.cells import PLACEHOLDERS, Cell, Problem, tidy

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
_ENDLESS = re.compile(r"[+-]?(nan|inf|infinity|∞)")


def _alternatives(words: dict[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_DIGITS = (
    r"(?P<number>[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d{1,3})?)"
)
_QUANTITY = re.compile(
    rf"(?P<before>(?:{_alternatives(_BEFORE)})*)"
    r"(?P<sign>¥|人民币|rmb|百分之)?"
    rf"{_DIGITS}"
    r"(?P<mid>余|多)?(?P<scale>[十百千]?)(?P<big>万亿|万|亿|)(?P<late>余|多)?"
    r"(?P<unit>[^\d]*?)"
    rf"(?P<after>{_alternatives(_AFTER)})?",
    re.ASCII,
)


class Quantity(NamedTuple):
    """A number with the power of ten, the unit and the qualifiers written beside it."""

    number: Decimal
    scale: str
    unit: str
    qualifier: str

    def times(self, exponent: int) -> Decimal:
        """The number times a power of ten, exactly."""
        sign, digits, own = self.number.as_tuple()
        return Decimal((sign, digits, int(own) + exponent))

    @property
    def exponent(self) -> int:
        """The power of ten of the scale: 4 for 万, 6 for 百万, 8 for 亿, 0 for none."""
        big = next(word for word in _BIG if self.scale.endswith(word))
        return _BIG[big] + _SCALE[self.scale.removesuffix(big)]

    def cell(self, exponent: int, *, negative: bool) -> Cell:
        """The number times a power of ten as a cell, unless it is infinite or wrongly negative."""
        value = float(self.times(exponent))
        if not math.isfinite(value):
            return Cell(problem=Problem.NOT_FINITE)
        if value < 0 and not negative:
            return Cell(problem=Problem.NEGATIVE)
        return Cell(value, Problem.OK, self.qualifier)


def read_quantity(written: str) -> Quantity | Cell:
    """The quantity in a cell, or the cell that says that there is none, and why.

    Spaces are legal beside a non-digit (``51. 4 %``) and between thousands (``1 234``); ``12 34``
    is no number.
    """
    text = re.sub(r"(?<=[^0-9])\s+|\s+(?=[^0-9])", "", tidy(written))
    if not text:
        return Cell()
    if text in PLACEHOLDERS:
        return Cell(problem=Problem.PLACEHOLDER)
    if _ENDLESS.fullmatch(text):
        return Cell(problem=Problem.NOT_FINITE)
    found = _QUANTITY.fullmatch(text)
    if found is None:
        return Cell(problem=Problem.NOT_A_NUMBER)
    said = [_BEFORE[word] for word in re.findall(_alternatives(_BEFORE), found["before"])]
    said += [_AFTER[found[group]] for group in ("mid", "late", "after") if found[group]]
    return Quantity(
        Decimal(re.sub("[, ]", "", found["number"])),
        found["scale"] + found["big"],
        (found["sign"] or "") + found["unit"],
        ";".join(dict.fromkeys(said)),
    )
