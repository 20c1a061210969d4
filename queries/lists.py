"""Lists in one cell that keep the order they are given in."""

import numpy as np
import pandas as pd

from graphmodel.graph import Codes


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
    order = np.argsort(groups, kind="stable")
    group, text = groups[order], texts.to_numpy(dtype=object)[order]
    counts = np.bincount(group, minlength=size)
    place = np.arange(len(group)) - (np.cumsum(counts) - counts)[group]
    found = pd.Series("", index=range(size), dtype="str")
    for position in range(min(limit, int(counts.max(initial=0)))):
        piece = np.full(size, "", dtype=object)
        at = place == position
        piece[group[at]] = (separator if position else "") + text[at]
        found = found + pd.Series(piece, dtype="str")
    more = "等" + pd.Series(counts).astype("str") + "个"
    return found + more.where(counts > limit, "")
