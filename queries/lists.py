"""Lists in one cell that keep the order they are given in."""

import numpy as np
import pandas as pd

from graphmodel.graph import Codes


def split(column: "pd.Series[str]", separator: str = ";") -> "tuple[Codes, pd.Series[str]]":
    """Return the parts of each list in a column, in order; each distinct list is split once.

    Returns:
        The place in the column that each part is from, and the parts. A blank cell has none.
    """
    of_row, lists = pd.factorize(column)
    parts = [text.split(separator) for text in lists]
    count = np.array([len(some) for some in parts], dtype=np.int64)
    row = np.flatnonzero(of_row >= 0)
    length = count[of_row[row]]
    start = (np.cumsum(count) - count)[of_row[row]]
    within = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    every = pd.array([part for some in parts for part in some], dtype="str")
    return np.repeat(row, length), pd.Series(every.take(np.repeat(start, length) + within))


def in_order(
    groups: Codes, texts: "pd.Series[str]", size: int, *, limit: int, separator: str = "、"
) -> "pd.Series[str]":
    """Return, for each group 0 … size-1, its texts in one string, in the order of the rows.

    Args:
        groups: Group of each text, shape (n,).
        texts: The texts; none is blank.
        size: Number of groups.
        limit: How many are written out; a longer list ends with 等n个.
        separator: What stands between two texts.
    """
    import pyarrow as pa  # type: ignore[import-untyped]  # noqa: PLC0415  # no stubs; slow to import
    from pyarrow import compute  # noqa: PLC0415  # likewise

    order = np.argsort(groups, kind="stable")
    counts = np.bincount(groups, minlength=size)
    first = np.cumsum(counts) - counts
    shown = order[np.arange(len(order)) - np.repeat(first, counts) < limit]
    ends = np.append(0, np.cumsum(np.minimum(counts, limit)))
    words = pa.array(texts.to_numpy(dtype=object)[shown], pa.string())
    found = pd.array(
        compute.binary_join(pa.ListArray.from_arrays(ends.astype(np.int32), words), separator),
        dtype="str",
    )
    whole = pd.Series(found)
    if not (counts > limit).any():
        return whole
    more = "等" + pd.Series(counts).astype("str") + "个"
    return whole + more.where(counts > limit, "")
