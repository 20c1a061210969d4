"""协同: how deep in the chain's network an enterprise lies, and how many others it works with."""

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph
from graphmodel.scope import declared_for_enterprises
from queries.leads.pairs import Measured, Pairs, blended
from queries.leads.resampling import Numbers, percentiles
from queries.membership import alliance_members, party_hosts, placements


def coordination(pairs: Pairs) -> Measured:
    """Return the mean of the percentiles, within the chain, of four parts.

    They are the core number and the betweenness (see `position.position`), the segments of the
    chain that the enterprise spans, and its alliances plus co-building partners, its own or those
    of a Party organization it has. The mean is over the parts that the enterprise reports; a redraw
    weights them at random, evenly over all weightings.
    """
    place = pairs.position
    values = [place.core, place.betweenness, _segments(pairs), _alliances(pairs.graph)[pairs.firm]]
    parts = np.column_stack([percentiles(value, pairs.chain) for value in values])
    return blended(parts, [pairs.seed, 2])


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
