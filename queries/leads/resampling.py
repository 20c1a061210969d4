"""How stable a rank is: weights and relations drawn again, the same whatever things are called.

A draw for a relation is a pure function of the seed, the number of the draw and what the relation
says (its amount, and the figures and relations of its two ends); ids, names and the order of rows
play no part. Relations that say exactly the same are drawn alike.
"""

from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.graph import ChainGraph

Hashes = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.float64]

_FIGURES: Final = (
    "output", "revenue", "rd_spending", "employees", "patents", "standards", "market_share",
)  # fmt: skip
_ROUNDS: Final = 2
_DIGITS: Final = 12
_HALF: Final = np.int64(1 << 11)
_POISSON: Final = np.cumsum(np.exp(-1.0) / np.array([1, 1, 2, 6, 24, 120, 720, 5040, 40320]))
"""Cumulative probabilities of 0, 1, 2 … under a Poisson law of mean 1."""


def tidy(values: npt.ArrayLike) -> Numbers:
    """Return `values` at 12 significant digits, so that sums in another order stay equal."""
    array = np.asarray(values, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        exponent = np.floor(np.log10(np.abs(array)))
    usable = np.isfinite(exponent)
    scale = 10.0 ** (_DIGITS - 1 - np.where(usable, exponent, 0))
    return np.where(usable, np.round(array * scale) / scale, array)


def blurred(values: npt.ArrayLike) -> Numbers:
    """Return `values` at 40 binary digits (12 decimal ones), for comparison only."""
    pattern = (np.asarray(values, dtype=np.float64) + 0.0).view(np.int64)
    return ((pattern + _HALF) & ~(2 * _HALF - 1)).view(np.float64)


def mixed(values: Hashes) -> Hashes:
    """Return each 64-bit number scrambled (the finalizer of splitmix64, Steele et al. 2014)."""
    x = values + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(x ^ (x >> np.uint64(31)), dtype=np.uint64)


def bits(values: npt.ArrayLike) -> Hashes:
    """Return the bit pattern of each number; all "not reported" alike."""
    array = np.asarray(values, dtype=np.float64) + 0.0
    return np.where(np.isnan(array), np.nan, array).view(np.uint64)


def fingerprints(graph: ChainGraph) -> Hashes:
    """Return for each enterprise a number made of what is reported of it, not of its names.

    Its figures and size first; then, twice, the amounts of its supplies, its 配套 ties and its
    places in segments, each with the fingerprint of the other end. Two enterprises have the same
    one only if nothing reported tells them apart within two steps (or by a chance of 2^-64).
    """
    table = graph.nodes["Enterprise"]
    marks = bits(table["size"].cat.codes.to_numpy(np.float64))
    for name in _FIGURES:
        marks = mixed(marks * np.uint64(3) + bits(table[name].astype("float64").to_numpy()))
    placed = graph.edges["IN_SEGMENT"]
    firm = graph.rows("Enterprise", placed["source"].to_numpy())
    here = firm >= 0
    added = np.zeros_like(marks)
    np.add.at(added, firm[here], mixed(bits(placed["output"].to_numpy()[here])))
    marks = mixed(marks + added)
    for _ in range(_ROUNDS):
        marks = _with_neighbours(graph, marks)
    return marks


def _with_neighbours(graph: ChainGraph, marks: Hashes) -> Hashes:
    added = np.zeros_like(marks)
    for edge, weight, salts in (("SUPPLIES", "amount", (5, 7)), ("COOPERATES", "", (11, 11))):
        table = graph.edges[edge]
        ends = [graph.rows("Enterprise", table[end].to_numpy()) for end in ("source", "target")]
        kept = (ends[0] >= 0) & (ends[1] >= 0)
        near, far = ends[0][kept], ends[1][kept]
        said = bits(table[weight].to_numpy()[kept]) if weight else np.zeros(len(near), np.uint64)
        for salt, here, there in ((salts[0], near, far), (salts[1], far, near)):
            np.add.at(added, here, mixed(marks[there] * np.uint64(salt) + said))
    return mixed(marks + added)


def poisson(marks: Hashes, seed: int, draw: int) -> Numbers:
    """Return how often each relation is drawn: Poisson of mean 1, by its mark alone.

    This is the Poisson bootstrap: relations drawn with replacement, each on its own.
    """
    start = mixed(np.array([seed], np.uint64) * np.uint64(2654435761) + np.uint64(draw))
    uniform = (mixed(marks ^ start[0]) >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return np.searchsorted(_POISSON, uniform, side="right").astype(np.float64)


def drawn_weights(rng: np.random.Generator, weights: Numbers, count: int) -> Numbers:
    """Return `count` weightings from a Dirichlet law whose mean is `weights`; shape (count, d).

    Equal weights are drawn evenly over all weightings; a weight of 0 stays 0. Rows are not
    normalised, so that the weights used in a chain can be.
    """
    total = weights.sum()
    shape = weights * (np.count_nonzero(weights) / total) if total > 0 else weights
    return rng.standard_gamma(np.broadcast_to(shape, (count, len(shape))))


def percentiles(values: npt.ArrayLike, groups: npt.NDArray[np.int64]) -> Numbers:
    """Return q = (mean rank) / n of each value among the n reported ones of its group.

    q lies in (0, 1]: 1 for the single largest. Values equal at 12 digits share the mean of their
    ranks. NaN where the value is.
    """
    array = blurred(values)
    where = np.flatnonzero(~np.isnan(array))
    result = np.full(len(array), np.nan)
    if not len(where):
        return result
    by_value = where[np.argsort(array[where])]
    narrow = groups.astype(np.uint16) if groups.max() < 2**16 else groups
    order = by_value[np.argsort(narrow[by_value], kind="stable")]
    value, group = array[order], groups[order]
    new_group = np.append(True, group[1:] != group[:-1])
    new_run = new_group | np.append(True, value[1:] != value[:-1])
    first, last = _ends(new_run)
    begin, end = _ends(new_group)
    result[order] = ((first + last) / 2 - begin + 1) / (end - begin + 1)
    return result


def _ends(new: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the first and the last place of the run in which each place lies.

    Args:
        new: Where a run begins.
    """
    first = np.flatnonzero(new)
    length = np.diff(first, append=len(new))
    return np.repeat(first, length), np.repeat(first + length - 1, length)


def ranks(scores: npt.ArrayLike, groups: npt.NDArray[np.int64]) -> Numbers:
    """Return the rank of each score in its group, 1 the highest; equal ones share the best."""
    table = pd.DataFrame({"group": groups, "score": blurred(scores)})
    found = table.groupby("group")["score"].rank(method="min", ascending=False)
    return found.to_numpy()


def in_top(scores: Numbers, starts: npt.NDArray[np.int64], top: int) -> Numbers:
    """Return, per row, in how many columns it is among the `top` of its block of rows.

    Args:
        scores: Shape (n, samples), rows sorted by block; -inf for a row that does not compete.
        starts: First row of each block, then n.
        top: How many count as the top; a row counts if fewer than `top` stand above it.
    """
    counts = np.zeros(len(scores))
    for begin, end in pairwise(starts.tolist()):
        block = scores[begin:end]
        if end - begin > top:
            bar = np.partition(block, end - begin - top, axis=0)[end - begin - top]
            counts[begin:end] = ((block >= bar) & (block > -np.inf)).sum(axis=1)
        else:
            counts[begin:end] = (block > -np.inf).sum(axis=1)
    return counts
