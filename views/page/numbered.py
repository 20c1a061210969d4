"""Texts that differ in their numbers: the words once, the numbers in columns of their own.

"第 4 位（共 88 家）" is the words "第 {} 位（共 {} 家）" and the numbers 4 and 88.
Evidence, codes and sentences of reasons are such texts, and their two languages share the numbers.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

HOLE: Final = "\x01"
"""Stands in the words where a number was."""
_DIGITS: Final = re.compile("[0-9]{1,9}")
_APART: Final = "\0"
_ALIKE: Final = 0.1
"""Texts are taken apart where the share of different words among them is at most this."""


class Slot(NamedTuple):
    """The numbers that stand in one place, row by row, of the rows that have that place.

    Attributes:
        values: The numbers.
        digits: With how many digits each is written; empty where none begins with a zero.
    """

    values: npt.NDArray[np.int64]
    digits: npt.NDArray[np.int64]


class Numbered(NamedTuple):
    """Texts taken apart.

    Attributes:
        words: Each text with `HOLE` for its numbers.
        slots: Its first numbers, its second ones, and so on.
        runs: All numbers as written, row by row.
        holes: How many of them each text has.
    """

    words: list[str]
    slots: list[Slot]
    runs: list[str]
    holes: list[int]


def numbered(texts: Sequence[str]) -> Numbered | None:
    """Take texts apart; None where they have no numbers, or hardly any words in common."""
    whole = _APART.join(texts)
    if HOLE in whole or whole.count(_APART) != len(texts) - 1:
        return None
    words = _DIGITS.sub(HOLE, whole).split(_APART)
    codes, different = pd.factorize(pd.Series(words, dtype=object))
    holes = np.array([text.count(HOLE) for text in different], dtype=np.int64)
    if len(different) > _ALIKE * len(texts) or not holes.any():
        return None
    runs = _DIGITS.findall(whole)
    per_row = holes[codes]
    place = np.arange(len(runs)) - np.repeat(np.cumsum(per_row) - per_row, per_row)
    written = np.array(runs, dtype=np.str_)
    values = written.astype(np.int64)
    digits = np.char.str_len(written).astype(np.int64)
    zero = np.char.startswith(written, "0") & (digits > 1)
    none = np.empty(0, dtype=np.int64)
    slots = [
        Slot(values[here], digits[here] if zero[here].any() else none)
        for k in range(int(holes.max()))
        for here in [place == k]
    ]
    return Numbered(words, slots, runs, per_row.tolist())
