"""The shape of an answer: the declared columns in their order, choices and lists as text."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.graph import Mask
from graphmodel.question import Column


def arranged(frame: pd.DataFrame, columns: Iterable[Column]) -> pd.DataFrame:
    """Return `frame` with the declared columns only, each bilingual one followed by its English.

    Raises:
        KeyError: A declared column is not there.
    """
    names = [
        name
        for column in columns
        for name in ((column.name, f"{column.name}_en") if column.bilingual else (column.name,))
    ]
    return frame[names].reset_index(drop=True)


def written(column: pd.Series) -> npt.NDArray[np.object_]:
    """Return a column of choices as an array of text, "" where not reported."""
    choices = np.append(np.asarray(column.cat.categories, dtype=object), "")
    return choices[column.cat.codes.to_numpy()]


def decimals(values: npt.ArrayLike, places: int) -> "pd.Series[str]":
    """Return numbers rounded to so many places as text, "" for NaN; each distinct one written once.

    1 is written 1.0.
    """
    rounded = np.round(np.asarray(values, dtype=np.float64), places) + 0.0  # no -0.0
    of_value, distinct = pd.factorize(rounded)
    texts = [*pd.Series(distinct).astype("str"), ""]
    return pd.Series(pd.array(texts, dtype="str").take(of_value))


def listed(marks: Mask, labels: Sequence[str], *, separator: str) -> pd.Series:
    """Return, per row of `marks`, the labels of the columns marked, in one string.

    Args:
        marks: Shape (n, d), d at most 60; every distinct combination is written once.
        labels: What each column is called.
        separator: What stands between two labels.
    """
    combination = marks @ (1 << np.arange(marks.shape[1], dtype=np.int64))
    place, found = pd.factorize(combination)
    texts = [
        separator.join(label for bit, label in enumerate(labels) if code >> bit & 1)
        for code in found.tolist()
    ]
    return pd.Series(pd.array(texts, dtype="str").take(place))
