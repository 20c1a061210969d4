"""One cell of an answer, from what the frame holds to what a person or a program reads."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from graphmodel.schema import Text

if TYPE_CHECKING:
    from graphmodel.question import Column

NOT_REPORTED: Final = Text("未填报", "not reported")
BLANK: Final = "—"
"""Stands, where people read, for a value that is not reported or does not apply."""

_BOOLEAN: Final = {True: Text("是", "yes"), False: Text("否", "no"), None: NOT_REPORTED}
_SEPARATOR: Final = Text("、", "; ")
_SPACES: Final = dict.fromkeys(map(ord, "\t\n\r\v\f\u2028\u2029"), " ")
_CONTROLS: Final = dict.fromkeys(
    (
        *range(32),
        *range(127, 160),
        0x061C,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x206A),
        0xFEFF,
        *range(0xD800, 0xE000),
    )
)
_VISIBLE: Final[dict[int, str | None]] = {**_CONTROLS, **_SPACES}


def visible(text: str) -> str:
    """Return `text` without control, zero-width and direction characters; line ends as spaces."""
    return text if text.isprintable() else text.translate(_VISIBLE)


def header(column: "Column", lang: str) -> str:
    """Return the column's header with its unit, as the Excel sheet shows it."""
    label = column.en if lang == "en" else column.zh
    named = column.type != "money" or not column.unit or column.unit in label
    return label if named else f"{label}({column.unit})"


def plain(series: pd.Series) -> list[Any]:
    """Return a column's values as JSON knows them: numbers, text, truth, lists, None if missing."""
    values = series.astype(object).where(series.notna(), None).tolist()
    return [_plain(value) for value in values]


def _plain(value: Any) -> Any:  # noqa: ANN401  # whatever a frame may hold
    if isinstance(value, str | bool | int | None):
        return value
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list | tuple | set | frozenset | np.ndarray):
        return [None if _missing(item) else _plain(item) for item in value]
    return str(value)


def _missing(value: Any) -> bool:  # noqa: ANN401  # whatever a list may hold
    return value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value))


def worded(column: "Column", values: Sequence[Any], lang: str) -> list[str | float | None]:
    """Return plain values as a spreadsheet holds them: numbers as numbers, the rest in words."""
    return [_worded(column, value, lang) for value in values]


def _worded(column: "Column", value: Any, lang: str) -> str | float | None:  # noqa: ANN401  # a plain value
    if isinstance(value, bool) or column.type == "boolean":
        return _BOOLEAN[value].pick(lang)
    if value is None:
        return None
    if column.type == "interval":
        return interval(value)
    if isinstance(value, list):
        return _SEPARATOR.pick(lang).join(_label(column, item, lang) for item in value)
    if isinstance(value, str):
        return _label(column, value, lang)
    return float(value) if isinstance(value, float) else value


def _label(column: "Column", code: object, lang: str) -> str:
    text = column.states.get(str(code))
    return text.pick(lang) if text else visible(str(code))


def interval(bounds: Sequence[float | None]) -> str:
    """Return the interval of a share, such as 27.3%–100%; one bound only where they are equal."""
    low, high = (BLANK if bound is None else percent(bound) for bound in bounds)
    return low if low == high else f"{low}–{high}"


def percent(share: float) -> str:
    """Return a share as a percentage with at most one decimal."""
    return f"{share * 100:.1f}".removesuffix(".0") + "%"


def legible(column: "Column", values: Sequence[Any], lang: str) -> list[str]:
    """Return plain values as text for a terminal or a page: grouped digits, percentages, words."""
    return [_legible(column, value) for value in worded(column, values, lang)]


def _legible(column: "Column", value: str | float | None) -> str:
    if value is None or value == "":
        return BLANK
    if isinstance(value, str):
        return value
    if column.type == "share":
        return percent(value)
    if column.type == "year":
        return f"{value:.0f}"
    if column.type == "integer" or float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:,.4g}" if abs(value) < 1 else f"{value:,.2f}".rstrip("0").rstrip(".")
