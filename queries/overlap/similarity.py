"""Pairs of enterprises that make the same: weighted Jaccard overlap, and clusters of it."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from graphmodel.graph import Codes
from queries.overlap.portfolios import Floats, Portfolios


class Pairs(NamedTuple):
    """Pairs of units of one segment that share an item.

    `table` has `a` and `b` (rows of units, a before b), `overlap` and `items` (number in common);
    `left_out` makers of a product were not compared.
    """

    table: pd.DataFrame
    left_out: int


def overlaps(made: Portfolios, size: Floats, *, largest: int) -> Pairs:
    """Return the overlap Σ_p min(x_p, y_p) / Σ_p max(x_p, y_p) of every pair that shares an item.

    x and y are the shares of what two enterprises make in one segment, so the sum of the maxima is
    2 − Σ min. Of an item with more than `largest` makers in a segment only the largest by `size`
    (of each unit; unknown last) are compared.
    """
    parts = made.parts.assign(
        segment=made.units["segment"].to_numpy()[made.parts["unit"].to_numpy(np.int64)],
        size=-np.nan_to_num(size, nan=-np.inf)[made.parts["unit"].to_numpy(np.int64)],
    )
    parts = parts.sort_values(["segment", "item", "size", "unit"], kind="stable")
    place = parts.groupby(["segment", "item"]).cumcount()
    kept = parts[place.to_numpy() < largest]
    sizes = kept.groupby(["segment", "item"], sort=False).size()
    a, b = _together(sizes.to_numpy().astype(np.int64))
    unit, share = kept["unit"].to_numpy(np.int64), kept["share"].to_numpy()
    ends = np.sort(np.column_stack([unit[a], unit[b]]), axis=1)
    rows = pd.DataFrame({"a": ends[:, 0], "b": ends[:, 1], "least": np.minimum(share[a], share[b])})
    summed = rows.groupby(["a", "b"])["least"].agg(["sum", "size"]).reset_index()
    least = np.minimum(summed["sum"].to_numpy(), 1.0)
    overlap = np.round(least / (2 - least), 12)  # a half is a half, however it was added up
    table = pd.DataFrame(
        {
            "a": summed["a"],
            "b": summed["b"],
            "overlap": overlap,
            "items": summed["size"],
        }
    )
    return Pairs(table, len(parts) - len(kept))


def _together(sizes: Codes) -> tuple[Codes, Codes]:
    """Return every pair of positions within groups of these sizes, laid one after another."""
    starts = np.cumsum(sizes) - sizes
    owner = np.repeat(np.arange(len(sizes)), sizes)
    position = np.arange(int(sizes.sum()))
    after = starts[owner] + sizes[owner] - position - 1  # members of the group that follow
    first = np.repeat(position, after)
    offset = np.arange(len(first)) - np.repeat(np.cumsum(after) - after, after)
    return first, first + 1 + offset


def clusters(pairs: pd.DataFrame, units: int) -> Codes:
    """Return the label of the cluster of each unit, -1 for a unit in no pair."""
    ends = pairs["a"].to_numpy(np.int64), pairs["b"].to_numpy(np.int64)
    links = coo_array((np.ones(len(pairs)), ends), shape=(units, units))
    labels = connected_components(links, directed=False)[1].astype(np.int64)
    return np.where(np.isin(np.arange(units), np.concatenate(ends)), labels, -1)
