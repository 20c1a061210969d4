"""The set of pairs of greatest total weight between two sides, the second with some capacity.

Each row takes at most one column, each column at most `capacity` rows. With capacities spelt out as
copies of a column and a dummy column of weight 0 for each row, this is an assignment problem, which
a shortest augmenting path method solves exactly on the sparse candidates.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, min_weight_full_bipartite_matching

from graphmodel.graph import Codes

Floats = npt.NDArray[np.float64]


class Matching(NamedTuple):
    """The pairs chosen: row, column and weight of each, in the order of the rows."""

    row: Codes
    column: Codes
    weight: Floats


def match(
    row: Codes, column: Codes, weight: Floats, *, rows: int, columns: int, capacity: int
) -> Matching:
    """Return the pairs of greatest total weight among the candidates given.

    Args:
        row: Row of each candidate, shape (n,); each pair at most once.
        column: Column of each candidate.
        weight: Weight of each candidate, above 0.
        rows: Number of rows.
        columns: Number of columns.
        capacity: Rows that a column may take.
    """
    nothing = np.zeros(0, dtype=np.int64)
    if not len(row):
        return Matching(nothing, nothing, np.zeros(0))
    links = csr_array((np.ones(len(row)), (row, rows + column)), shape=(rows + columns,) * 2)
    label = connected_components(links, directed=False)[1][row]
    order = np.lexsort((column, row, label))
    starts = np.flatnonzero(np.diff(label[order], prepend=-1))
    parts = [
        _block(row[part], column[part], weight[part], capacity)
        for part in np.split(order, starts[1:])
    ]
    found = np.concatenate(parts)
    found = found[np.argsort(found["row"], kind="stable")]
    return Matching(found["row"], found["column"], found["weight"])


def _block(row: Codes, column: Codes, weight: Floats, capacity: int) -> npt.NDArray[np.void]:
    """Solve one connected block of candidates."""
    own, place = np.unique(row, return_inverse=True)
    theirs, other = np.unique(column, return_inverse=True)
    copies = min(capacity, len(own))
    cells = len(row)
    start = np.repeat(place, copies)
    end = (other[:, None] * copies + np.arange(copies)).ravel()
    dummy = len(theirs) * copies + np.arange(len(own))
    # costs are shifted above 0, for a stored 0 would be read as a missing pair
    top = float(weight.max()) + 1.0
    costs = np.concatenate([np.repeat(top - weight, copies), np.full(len(own), top)])
    ends = (np.concatenate([start, np.arange(len(own))]), np.concatenate([end, dummy]))
    table = csr_array((costs, ends), shape=(len(own), len(theirs) * copies + len(own)))
    chosen_row, chosen = min_weight_full_bipartite_matching(table)
    real = chosen < len(theirs) * copies
    chosen_row, chosen = chosen_row[real], chosen[real] // copies
    lookup = csr_array((np.arange(1, cells + 1), (place, other)), shape=(len(own), len(theirs)))
    picked = np.asarray(lookup[chosen_row, chosen]).ravel().astype(np.int64) - 1
    result = np.zeros(len(picked), dtype=[("row", "i8"), ("column", "i8"), ("weight", "f8")])
    result["row"], result["column"], result["weight"] = row[picked], column[picked], weight[picked]
    return result
