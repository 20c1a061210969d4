"""How densely the firms of an alliance deal with one another, beside other firms of its chain."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array

from graphmodel.graph import ChainGraph, Codes
from queries.alliances.tenures import covered_chains
from queries.kept import kept
from queries.membership import alliance_members, chain_members, insiders

Floats = npt.NDArray[np.float64]


def densities(graph: ChainGraph) -> tuple[Floats, Floats, Codes]:
    """Return the density of ties among members, and among the others of the same chains.

    The density of a set of firms is the number of unordered pairs with a tie (配套合作, or 供应关系
    either way) divided by the number of pairs. Others are the firms of the chains that the alliance
    covers which are not its members. A density is NaN with fewer than two firms, or where the
    source reports no tie at all.

    Returns:
        Density inside, density outside, and pairs of members with a tie; one entry per alliance.
    """
    size, firms = len(graph.nodes["Alliance"]), len(graph.nodes["Enterprise"])
    tie = ties(graph)
    members = _members(graph, firms, size)
    pool = _pool(graph, firms, size)
    both = members.multiply(pool).tocsr()
    linked = csr_array(tie @ members)
    inside = _within(linked, members)
    of_pool = _pool_ties(graph, tie, firms, size)
    between = np.asarray((csr_array(tie @ both)).multiply(pool).sum(axis=0)).ravel()
    among = _within(csr_array(tie @ both), both)
    outside = of_pool - between + among
    number = np.asarray(members.sum(axis=0), dtype=np.float64).ravel()
    others = np.asarray(pool.sum(axis=0)).ravel() - np.asarray(both.sum(axis=0)).ravel()
    known = tie.nnz > 0
    return (
        _share(inside, number, known=known),
        _share(outside, others, known=known),
        np.rint(inside).astype(np.int64),
    )


@kept
def ties(graph: ChainGraph) -> "csr_array":
    """Return which pairs of enterprises of the data have a tie: symmetric, 1 or absent.

    Kept with the graph; do not write to it.
    """
    total = graph.matrix("COOPERATES", "Enterprise", "Enterprise")
    flow = graph.matrix("SUPPLIES", "Enterprise", "Enterprise")
    both = csr_array(total + flow + flow.T).tocoo()
    known = insiders(graph)
    row, column = both.coords
    kept = (row != column) & known[row] & known[column]
    shape = (len(known), len(known))
    return csr_array((np.ones(int(kept.sum())), (row[kept], column[kept])), shape=shape)


def _members(graph: ChainGraph, firms: int, size: int) -> "csr_array":
    table = alliance_members(graph)
    pairs = table.loc[insiders(graph)[table["firm"].to_numpy(np.int64)], ["firm", "alliance"]]
    return _incidence(pairs, (firms, size))


def _pool(graph: ChainGraph, firms: int, size: int) -> "csr_array":
    """Return the firms of the chains that each alliance covers."""
    alliance, chain = covered_chains(graph)
    covers = pd.DataFrame({"alliance": alliance, "chain": chain})
    pairs = covers.merge(chain_members(graph), on="chain")[["firm", "alliance"]]
    return _incidence(pairs, (firms, size))


def _pool_ties(graph: ChainGraph, tie: "csr_array", firms: int, size: int) -> Floats:
    """Return the tied pairs among the pool of each alliance; equal sets of chains counted once."""
    alliance, chain = covered_chains(graph)
    sets = pd.Series(chain).groupby(alliance).agg(tuple)
    numbers, distinct = pd.factorize(sets)
    table = pd.DataFrame(
        {
            "set": np.repeat(np.arange(len(distinct)), [len(chains) for chains in distinct]),
            "chain": np.concatenate([np.zeros(0, np.int64), *map(np.asarray, distinct)]),
        }
    )
    pairs = table.merge(chain_members(graph), on="chain")[["firm", "set"]]
    pool = _incidence(pairs, (firms, max(len(distinct), 1)))
    counts = _within(csr_array(tie @ pool), pool)
    found = np.zeros(size)
    found[sets.index.to_numpy(np.int64)] = counts[numbers]
    return found


def _incidence(pairs: pd.DataFrame, shape: tuple[int, int]) -> "csr_array":
    row, column = pairs.to_numpy(np.int64).T
    found = csr_array((np.ones(len(pairs)), (row, column)), shape=shape)
    found.data[:] = 1.0  # a pair that is there twice is there once
    return found


def _within(linked: "csr_array", chosen: "csr_array") -> Floats:
    """Return, per column, the pairs with both ends chosen, given `tie @ chosen`."""
    return np.asarray(linked.multiply(chosen).sum(axis=0)).ravel() / 2


def _share(pairs: Floats, number: Floats, *, known: bool) -> Floats:
    possible = number * (number - 1) / 2
    share = np.full(len(pairs), np.nan)
    if known:
        np.divide(pairs, possible, out=share, where=possible > 0)
    return share
