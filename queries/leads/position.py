"""Where an enterprise lies in the network of its chain: how deep in the core, how much between."""

from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from graphmodel.graph import ChainGraph, Codes
from graphmodel.scope import declared_for_enterprises
from queries.leads.pairs import Pairs
from queries.leads.resampling import Numbers, mixed, tidy
from queries.leads.support import partner_pairs

SOURCES: Final = 64
"""Sources from which betweenness is sampled in each chain; all, where there are fewer."""


class Position(NamedTuple):
    """Where each pair lies in its chain's network; NaN without a tie; arrays of shape (pairs,)."""

    core: Numbers
    betweenness: Numbers


def position(pairs: Pairs) -> Position:
    """Return core number and sampled betweenness of every pair in its chain's network.

    The network of a chain has its enterprises and their direct partners of any chain, and all
    supplies and 配套 ties among them, undirected. Nodes are taken in the order of their
    fingerprints, so that neither names nor the order of rows play a part.
    """
    from queries.kernels.betweenness import betweenness  # noqa: PLC0415  # brings numba
    from queries.kernels.structure import (  # noqa: PLC0415  # likewise
        core_numbers,
        induced,
        undirected,
    )

    graph = pairs.graph
    one, two = _ties(graph)
    size = len(graph.nodes["Enterprise"])
    number = np.empty(size, dtype=np.int64)
    number[np.lexsort((np.arange(size), mixed(pairs.marks)))] = np.arange(size)
    at, near = undirected(number[one], number[two], size)
    node = number[pairs.firm]
    core = np.full(len(node), np.nan)
    between = core.copy()
    starts = np.searchsorted(pairs.chain, np.arange(len(graph.nodes["Chain"]) + 1))
    for begin, end in pairwise(starts.tolist()):
        own = np.unique(node[begin:end])
        chosen = _with_neighbours(at, near, own)
        part = induced(at, near, chosen.astype(np.int32))
        found = betweenness(*part, sources=np.arange(min(SOURCES, len(chosen))))
        place = np.searchsorted(chosen, node[begin:end])
        core[begin:end] = core_numbers(*part)[place]
        between[begin:end] = found.value[place]
    known = (np.diff(at) > 0)[node] | declared_for_enterprises(graph, "供应关系")[pairs.firm]
    return Position(np.where(known, core, np.nan), tidy(np.where(known, between, np.nan)))


def _with_neighbours(at: Codes, near: npt.NDArray[np.int32], own: Codes) -> Codes:
    """Return nodes and all their neighbours, ascending."""
    marked = np.zeros(len(at) - 1, dtype=bool)
    marked[own] = True
    marked[near[np.repeat(marked, np.diff(at))]] = True
    return np.flatnonzero(marked).astype(np.int64)


def _ties(graph: ChainGraph) -> tuple[Codes, Codes]:
    """Return both ends (rows) of every supply and 配套 tie between enterprises."""
    table = graph.edges["SUPPLIES"]
    ends = np.column_stack(
        [graph.rows("Enterprise", table[end].to_numpy()) for end in ("source", "target")]
    )
    partners = partner_pairs(graph)[["one", "other"]].to_numpy(np.int64)
    both = np.vstack([ends[(ends >= 0).all(axis=1)], partners])
    both = both[both[:, 0] != both[:, 1]]
    return both[:, 0], both[:, 1]
