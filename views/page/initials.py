"""Pinyin initials of names, by which a page is searched."""

import unicodedata
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

_WIDTH: Final = 32
"""Bits to which two code points are packed."""

Points = npt.NDArray[np.uint32]


def initials(names: pd.Series) -> pd.Series:
    """Return the pinyin initials of each name; other letters and digits stay, the rest goes.

    The same as `pypinyin.lazy_pinyin` letter by letter. It is asked only about each different
    character and about the names in which a pair of characters begins a phrase that is read
    otherwise than its characters alone (重庆, 银行); every other name is looked up as columns.
    """
    texts = names.astype(object).to_numpy()
    point = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    size = np.array([len(text) for text in texts], dtype=np.int64)
    end = np.cumsum(size)
    letters, kept = _letters(point)
    spelled = "".join(letters[kept].tolist())
    before = np.concatenate([[0], np.cumsum(kept)])
    starts, ends = before[end - size].tolist(), before[end].tolist()
    found = [spelled[a:b] for a, b in zip(starts, ends, strict=True)]
    for row in _otherwise(point, end):
        found[row] = "".join(filter(_stays, _spell(texts[row])))
    return pd.Series(found, index=names.index, dtype="str")


def _letters(point: Points) -> tuple[npt.NDArray[np.str_], npt.NDArray[np.bool_]]:
    """The letter of each character, and whether it is one that stays."""
    different, place = np.unique(point, return_inverse=True)
    letter = np.array([_spell(chr(one))[:1] for one in different] or [""], dtype="<U1")
    stays = np.array([_stays(one) for one in letter], dtype=bool)
    return letter[place], stays[place]


def _otherwise(point: Points, end: npt.NDArray[np.int64]) -> list[int]:
    """Rows of the names that hold the beginning of a phrase of `_phrases`."""
    pairs = point[:-1].astype(np.uint64) << np.uint64(_WIDTH) | point[1:]
    rows = np.searchsorted(end, np.flatnonzero(np.isin(pairs, _phrases())), side="right")
    found: list[int] = np.unique(rows).tolist()
    return found


def _spell(text: str) -> str:
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415  # loads a large dictionary

    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER))


def _stays(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


@cache
def _phrases() -> npt.NDArray[np.uint64]:
    """First two characters of each phrase whose initials are not those of its characters."""
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT  # noqa: PLC0415  # as above

    alone = {chr(one): _bare(sounds) for one, sounds in PINYIN_DICT.items()}
    pairs = {
        phrase[:2]
        for phrase, sounds in PHRASES_DICT.items()
        if [_bare(sound[0]) for sound in sounds] != [alone.get(one) for one in phrase]
    }
    return np.array([ord(two[0]) << _WIDTH | ord(two[1]) for two in pairs], dtype=np.uint64)


@cache
def _bare(sound: str) -> str:
    """First letter of a sound, without its tone."""
    return unicodedata.normalize("NFD", sound[:1])[:1]
