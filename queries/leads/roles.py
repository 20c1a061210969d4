"""What an enterprise is declared to be in a chain, and where it stands in the template."""

from typing import Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes
from graphmodel.scope import declared, declared_for_enterprises
from queries.leads.pairs import Pairs
from queries.membership import alliance_members, chain_members, insiders, placements

ROLES: Final = {
    "链主": "chain owner",
    "党建链主": "Party-building chain owner",
    "盟主": "alliance leader",
    "龙头": "leading firm",
}
"""Roles that are printed, in their order; 盟主 alone does not make a declared chain-owner."""


def alliance_roles(graph: ChainGraph) -> pd.DataFrame:
    """Return roles 链主 and 盟主 held in an alliance, for each chain the alliance covers.

    Where an alliance covers several chains, a member's role is for those it is itself in, if any.

    Returns:
        Columns `firm`, `chain` (rows) and `role`; each once.
    """
    members = alliance_members(graph)
    members = members.loc[members["role"].isin(["链主", "盟主"]), ["firm", "alliance", "role"]]
    table = graph.edges["COVERS"]
    covers = pd.DataFrame(
        {
            "alliance": graph.rows("Alliance", table["source"].to_numpy()),
            "chain": graph.rows("Chain", table["target"].to_numpy()),
        }
    )
    held = members.merge(covers[covers["chain"] >= 0], on="alliance")
    held = held[insiders(graph)[held["firm"].to_numpy()]]
    held = held.merge(chain_members(graph).assign(inside=True), on=["firm", "chain"], how="left")
    inside = held["inside"].notna()
    any_inside = inside.groupby([held["firm"], held["alliance"]]).transform("any")
    kept: pd.DataFrame = held.loc[inside | ~any_inside, ["firm", "chain", "role"]]
    return kept.drop_duplicates(ignore_index=True)


def listed_pairs(graph: ChainGraph) -> pd.DataFrame:
    """Return every enterprise with every chain it is in, or is declared chain-owner of.

    Returns:
        Columns `firm` and `chain` (rows), sorted by chain.
    """
    roles = alliance_roles(graph)
    owners = roles.loc[roles["role"] == "链主", ["firm", "chain"]]
    both = pd.concat([chain_members(graph), owners]).drop_duplicates()
    return both.sort_values(["chain", "firm"]).reset_index(drop=True)


def roles(pairs: Pairs) -> pd.DataFrame:
    """Return, for every pair, which of `ROLES` are held: one boolean column each."""
    graph = pairs.graph
    table = graph.edges["IN_CHAIN"]
    firm = graph.rows("Enterprise", table["source"].to_numpy())
    chain = graph.rows("Chain", table["target"].to_numpy())
    written = ";" + table["role"].fillna("") + ";"
    found = pd.DataFrame(dict.fromkeys(ROLES, False), index=range(len(pairs.firm)))
    for role in ("链主", "党建链主", "龙头"):
        here = written.str.contains(f";{role};", regex=False).to_numpy()
        place = pairs.find(firm[here], chain[here])
        found.loc[place[place >= 0], role] = True
    held = alliance_roles(graph)
    for role in ("链主", "盟主"):
        rows = held[held["role"] == role]
        place = pairs.find(rows["firm"].to_numpy(), rows["chain"].to_numpy())
        found.loc[place[place >= 0], role] = True
    return found


def declared_owner(pairs: Pairs, held: pd.DataFrame) -> pd.Series:
    """Return whether each pair is a declared chain-owner: True, False or, silent, NA."""
    graph = pairs.graph
    region = graph.target("LOCATED_IN", "Enterprise")[pairs.firm]
    chain = pairs.chain + graph.offsets["Chain"]
    complete = declared(graph, "企业产业链", regions=region, chains=chain)
    values = pd.Series(pd.NA, index=held.index, dtype="boolean").mask(complete, other=False)
    return values.mask(held["链主"], other=True)


def terminal(pairs: Pairs) -> pd.Series:
    """Return whether each pair stands in a segment without downstream: True, False or NA.

    A link of a segment holds for the segments below it in 上级环节. NA where the chain has no link
    or the enterprise no segment of the chain; 回流 links do not count.
    """
    graph = pairs.graph
    links = graph.edges["UPSTREAM_OF"]
    flows = ~links["recycling"].fillna(value=False).to_numpy(dtype=bool)
    upstream = graph.rows("Segment", links["source"].to_numpy())[flows]
    size = len(graph.nodes["Segment"])
    has_downstream = np.zeros(size + 1, dtype=bool)
    has_downstream[upstream[upstream >= 0]] = True
    parent = graph.rows("Segment", graph.nodes["Segment"]["parent"].to_numpy())
    for _ in range(size):
        grown = has_downstream[:-1] | has_downstream[parent]
        if (grown == has_downstream[:-1]).all():
            break
        has_downstream[:-1] = grown
    of_segment = graph.rows("Chain", graph.target("PART_OF", "Segment"))
    linked = np.zeros(len(graph.nodes["Chain"]) + 1, dtype=bool)
    linked[of_segment[upstream]] = True
    linked[-1] = False
    placed = placements(graph)
    place = pairs.find(placed["firm"].to_numpy(), placed["chain"].to_numpy())
    kept = (place >= 0) & linked[placed["chain"].to_numpy()]
    ends = ~has_downstream[placed["segment"].to_numpy()]
    values = pd.Series(pd.NA, index=range(len(pairs.firm)), dtype="boolean")
    values.loc[place[kept]] = False
    values.loc[place[kept & ends]] = True
    return values


def neighbours(pairs: Pairs, side: str) -> pd.Series:
    """Return how many distinct enterprises supply ("source") or buy from ("target") each.

    NA where none is reported, unless 供应关系 is declared complete for the enterprise.
    """
    supplies = pairs.graph.matrix("SUPPLIES", "Enterprise", "Enterprise")
    counts = (
        np.bincount(supplies.indices, minlength=supplies.shape[1])
        if side == "source"
        else np.diff(supplies.indptr)
    )
    return counted(pairs, counts - (supplies.diagonal() > 0), "供应关系")


def counted(pairs: Pairs, counts: Codes, sheet: str) -> pd.Series:
    """Return the count of each pair's enterprise; 0 is NA unless `sheet` is declared complete."""
    known = (counts > 0) | declared_for_enterprises(pairs.graph, sheet)
    values = pd.Series(counts[pairs.firm], dtype="Int64")
    return values.mask(~known[pairs.firm])
