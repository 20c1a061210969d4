"""协同: how deep in the chain's network an enterprise lies, and how many others it works with."""

from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes
from graphmodel.scope import declared_for_enterprises
from queries.leads.pairs import Measured, Pairs, blended
from queries.leads.resampling import Numbers, mixed, percentiles, tidy
from queries.leads.support import partner_pairs
from queries.membership import alliance_members, party_hosts, placements

SOURCES: Final = 64
"""Sources from which betweenness is sampled in each chain; all, where there are fewer."""


class Position(NamedTuple):
    """Where each pair lies in its chain's network; NaN without a tie; arrays of shape (pairs,)."""

    core: Numbers
    betweenness: Numbers


def coordination(pairs: Pairs) -> Measured:
    """Return the mean of the percentiles, within the chain, of four parts.

    They are the core number and the betweenness (see `position`), the segments of the chain that
    the enterprise spans, and its alliances plus co-building partners, its own or those of a Party
    organization it has. The mean is over the parts that the enterprise reports; a redraw weights
    them at random, evenly over all weightings.
    """
    place = position(pairs)
    values = [place.core, place.betweenness, _segments(pairs), _alliances(pairs.graph)[pairs.firm]]
    parts = np.column_stack([percentiles(value, pairs.chain) for value in values])
    return blended(parts, [pairs.seed, 2])


def position(pairs: Pairs) -> Position:
    """Return core number and sampled betweenness of every pair in its chain's network.

    The network of a chain has its enterprises and their direct partners of any chain, and all
    supplies and 配套 ties among them, undirected. Nodes are taken in the order of their
    fingerprints, so that neither names nor the order of rows play a part.
    """
    from queries.kernels.betweenness import betweenness  # noqa: PLC0415  # brings numba
    from queries.kernels.structure import core_numbers, undirected  # noqa: PLC0415  # likewise

    graph = pairs.graph
    one, two = _ties(graph)
    size = len(graph.nodes["Enterprise"])
    order = np.lexsort((np.arange(size), mixed(pairs.marks)))
    core = np.full(len(pairs.firm), np.nan)
    between = core.copy()
    tied = np.zeros(size, dtype=bool)
    tied[one] = tied[two] = True
    known = tied | declared_for_enterprises(graph, "供应关系")
    for chain in np.unique(pairs.chain):
        here = np.flatnonzero(pairs.chain == chain)
        member = np.zeros(size, dtype=bool)
        member[pairs.firm[here]] = True
        near = member.copy()
        near[two[member[one]]] = near[one[member[two]]] = True
        nodes = order[near[order]]
        number = np.full(size, -1, dtype=np.int64)
        number[nodes] = np.arange(len(nodes))
        inner = near[one] & near[two]
        at, around = undirected(number[one[inner]], number[two[inner]], len(nodes))
        found = betweenness(at, around, sources=np.arange(min(SOURCES, len(nodes))))
        own = number[pairs.firm[here]]
        core[here] = core_numbers(at, around)[own]
        between[here] = found.value[own]
    blank = ~known[pairs.firm]
    return Position(np.where(blank, np.nan, core), tidy(np.where(blank, np.nan, between)))


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


def _segments(pairs: Pairs) -> Numbers:
    """Return how many segments of the chain each pair stands in, NaN for none."""
    placed = placements(pairs.graph)
    place = pairs.find(placed["firm"].to_numpy(), placed["chain"].to_numpy())
    count = np.bincount(place[place >= 0], minlength=len(pairs.firm)).astype(np.float64)
    return np.where(count > 0, count, np.nan)


def _alliances(graph: ChainGraph) -> Numbers:
    """Return alliances plus co-building partners of every enterprise.

    NaN for none, unless 联盟成员 or 结对共建 is declared complete.
    """
    size = len(graph.nodes["Enterprise"])
    members = alliance_members(graph)[["firm", "alliance"]].drop_duplicates()
    count = np.bincount(members["firm"], minlength=size)
    hosts = party_hosts(graph)
    hosts = hosts[hosts["mode"] != "派驻指导员"]
    table = graph.edges["CO_BUILDS"]
    ends = [table["source"].to_numpy(), table["target"].to_numpy()]
    found = []
    for near, far in (ends, ends[::-1]):
        ties = pd.DataFrame({"unit": near, "other": far})
        own = ties.assign(firm=graph.rows("Enterprise", near))
        found.append(own.loc[own["firm"] >= 0, ["firm", "other"]])
        theirs = ties.assign(organization=graph.rows("PartyOrganization", near))
        found.append(theirs.merge(hosts, on="organization")[["firm", "other"]])
    pairs = pd.concat(found).drop_duplicates()
    count = count + np.bincount(pairs["firm"].to_numpy(np.int64), minlength=size)
    known = count > 0
    for sheet in ("联盟成员", "结对共建"):
        known |= declared_for_enterprises(graph, sheet)
    return np.where(known, count, np.nan)
