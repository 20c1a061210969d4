"""Keeping data about people out: contact columns, rosters, numbers inside remarks (S209)."""

import re
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.findings import Findings
from graphmodel.identity import looks_personal, mask, normalise_name, personal_cells

_OWN_NAME: Final = re.compile(
    r"^(?:党员|人员|职工|员工|成员|本人|学生|干部)?姓名$|花名册|党员名单|人员名单|^name$"
)


def personal_columns(columns: dict[int, tuple[str, pd.Series]]) -> tuple[dict[int, str], list[str]]:
    """Return which columns hold personal data, and the headers that make the sheet a roster.

    A roster has a column of people's own names (姓名, not 联系人) together with one of identity or
    mobile numbers.

    Args:
        columns: Header and values of each column that the declaration does not know.

    Returns:
        Kind of personal data by column, and the headers of a roster, empty where it is none.
    """
    found = {}
    names, numbers = [], []
    for number, (header, values) in columns.items():
        kind = looks_personal(header, values)
        if kind is None:
            continue
        found[number] = str(kind)
        if kind == "name" and _OWN_NAME.search(normalise_name(header)):
            names.append(header)
        if kind in {"identity", "phone"}:
            numbers.append(header)
    return found, [*names, *numbers] if names and numbers else []


def masked_example(values: pd.Series) -> str:
    """Return the first filled value, masked."""
    filled = values[values != ""]
    return mask(str(filled.iloc[0])) if len(filled) else mask("")


def blank_personal(
    values: pd.Series,
    rows: npt.NDArray[np.int64],
    column: str,
    findings: Findings,
    place: dict[str, str],
) -> pd.Series:
    """Return free text with every cell blanked that holds a mobile or identity number."""
    found = personal_cells(values)
    if not found.any():
        return values
    findings.add("S209.value", **place, rows=rows[found], column=column, values=mask(""))
    return values.mask(found, "")


def without_numbers(text: str) -> str:
    """Return a text as it may stand in a message: masked where it holds a personal number."""
    return mask("") if personal_cells(pd.Series([text], dtype="str"))[0] else text
