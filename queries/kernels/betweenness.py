"""How often a node lies on shortest paths, estimated from a sample of sources, with its error."""

import os
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from queries.kernels.compiled import compiled
from queries.kernels.network import Floats, Index, Places


class Betweenness(NamedTuple):
    """Estimated betweenness; arrays of shape (n,).

    Attributes:
        value: Mean over sources of the dependency δ_s(v), over n - 2: the share of ordered pairs
            whose shortest paths run through the node. 0 … 1.
        error: Standard error of `value` from the sampling of sources; 0 where all were used. It is
            too small for a node that matters to a few sources only, none of which were drawn.
        sources: Number of sources used.
    """

    value: Floats
    error: Floats
    sources: int


@compiled
def _dependencies(at: Places, near: Index, sources: Places, found: Floats) -> None:
    """Write the dependency of each source on every node to `found`, shape (sources, n)."""
    size = len(at) - 1
    depth = np.full(size, -1, dtype=np.int32)
    paths = np.zeros(size)
    order = np.empty(size, dtype=np.int32)
    for row in range(len(sources)):
        source = sources[row]
        depth[source], paths[source], order[0] = 0, 1.0, source
        head, tail = 0, 1
        while head < tail:
            node = order[head]
            head += 1
            for edge in range(at[node], at[node + 1]):
                other = near[edge]
                if depth[other] < 0:
                    depth[other] = depth[node] + 1
                    order[tail] = other
                    tail += 1
                if depth[other] == depth[node] + 1:
                    paths[other] += paths[node]
        gained = found[row]
        for position in range(tail - 1, 0, -1):
            node = order[position]
            part = (1.0 + gained[node]) / paths[node]
            for edge in range(at[node], at[node + 1]):
                other = near[edge]
                if depth[other] == depth[node] - 1:
                    gained[other] += paths[other] * part
        gained[source] = 0.0
        for position in range(tail):
            depth[order[position]] = -1
            paths[order[position]] = 0.0


def betweenness(
    at: Places,
    near: Index,
    *,
    sources: int | npt.ArrayLike = 64,
    seed: int = 1,
    threads: int | None = None,
) -> Betweenness:
    """Return the betweenness of every node of an undirected graph.

    Brandes' accumulation (2001) from a sample of sources drawn without replacement; the mean of
    n·δ_s over all sources is exact, so the sample mean is unbiased. Its standard error is
    sd(δ) / √k · √(1 - k / n). O(k·(n + m)) for k sources.

    Args:
        at: Where each node's neighbours begin, shape (n + 1,) (see `structure.undirected`).
        near: Neighbours.
        sources: How many are drawn, all if there are fewer; or the sources themselves.
        seed: Of the drawing.
        threads: How many work at once; the answer has the same bits for any number.
    """
    size = len(at) - 1
    if isinstance(sources, int):
        count = min(sources, size)
        chosen = np.random.default_rng(seed).permutation(size)[:count].astype(np.int64)
    else:
        chosen = np.asarray(sources, dtype=np.int64)
        count = len(chosen)
    if size <= 2 or not count:  # noqa: PLR2004  # between two nodes there is nobody
        return Betweenness(np.zeros(size), np.zeros(size), count)
    total, squares = np.zeros(size), np.zeros(size)
    block = 4

    def part(start: int) -> tuple[Floats, Floats]:
        found = np.zeros((len(chosen[start : start + block]), size))
        _dependencies(at, near, chosen[start : start + block], found)
        return found.sum(axis=0), (found**2).sum(axis=0)

    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        for one, two in pool.map(part, range(0, count, block)):
            total += one
            squares += two
    mean = total / count
    spare = np.maximum(squares / count - mean**2, 0) * count / max(count - 1, 1)
    error = np.sqrt(spare / count * (1 - count / size))
    return Betweenness(
        mean * size / ((size - 1) * (size - 2)), error * size / ((size - 1) * (size - 2)), count
    )
