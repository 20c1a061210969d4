"""Questions answered the plain way, with networkx and loops: what Liantu is measured against.

Each does the core of its question and no more: no evidence, no reasons, no states for what is not
reported. So where they are slower they are slower at less.
"""

from collections import defaultdict
from typing import Any, Final

import networkx as nx

Graph = nx.MultiDiGraph  # of nodes called Kind:id
_ESRI_FIRMS: Final = 3


def _of_kind(graph: "Graph[str]", kind: str) -> list[str]:
    return [node for node, data in graph.nodes(data=True) if data.get("kind") == kind]


def _related(graph: "Graph[str]", kind: str) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    found: dict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    for source, target, data in graph.edges(data=True):
        if data["kind"] == kind:
            found[source].append((target, data))
    return found


def gaps(graph: "Graph[str]") -> dict[str, str]:
    """Return for each segment whether it is empty, thin, cut off from upstream, or sound."""
    firms: dict[str, set[str]] = defaultdict(set)
    for firm, placed in _related(graph, "IN_SEGMENT").items():
        for segment, _ in placed:
            firms[segment].add(firm)
    upstream: dict[str, list[str]] = defaultdict(list)
    for segment, below in _related(graph, "UPSTREAM_OF").items():
        for other, _ in below:
            upstream[other].append(segment)
    supplies = {
        firm: {to for to, _ in sales} for firm, sales in _related(graph, "SUPPLIES").items()
    }
    found = {}
    for segment in _of_kind(graph, "Segment"):
        here = firms[segment]
        linked = [
            bool(here & firms[other]) or any(supplies.get(f, set()) & here for f in firms[other])
            for other in upstream[segment]
            if firms[other]
        ]
        if not here:
            found[segment] = "empty"
        elif linked and not any(linked):
            found[segment] = "unlinked"
        else:
            found[segment] = "thin" if len(here) == 1 else "sound"
    return found


def coverage(graph: "Graph[str]") -> dict[str, tuple[int, int]]:
    """Return by region how many enterprises there are, organized and in an alliance."""
    organized = {target for rows in _related(graph, "ORG_OF").values() for target, _ in rows}
    allied = set(_related(graph, "MEMBER_OF"))
    home = {node: rows[0][0] for node, rows in _related(graph, "LOCATED_IN").items()}
    above = {node: rows[0][0] for node, rows in _related(graph, "PART_OF").items()}
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for firm in _of_kind(graph, "Enterprise"):
        place = home.get(firm, "")
        while place:
            for measure, covered in (("organization", organized), ("alliance", allied)):
                counts[f"{measure} {place}"][0] += 1
                counts[f"{measure} {place}"][1] += firm in covered
            place = above.get(place, "")
    return {group: (one, two) for group, (one, two) in counts.items()}


def leads(graph: "Graph[str]") -> dict[str, list[str]]:
    """Return the firms of each chain by output share, core number and number of partners."""
    members: dict[str, set[str]] = defaultdict(set)
    for firm, chains in _related(graph, "IN_CHAIN").items():
        for chain, _ in chains:
            members[chain].add(firm)
    trade = _trade(graph)
    found = {}
    for chain, firms in members.items():
        part = trade.subgraph(firms)
        core = nx.core_number(part)
        between = nx.betweenness_centrality(part, k=min(16, len(part)), seed=1) if part else {}
        output = {firm: graph.nodes[firm].get("output") or 0 for firm in firms}
        whole = sum(output.values()) or 1
        score = {
            firm: output[firm] / whole + core.get(firm, 0) / 100 + between.get(firm, 0)
            for firm in firms
        }
        found[chain] = sorted(firms, key=lambda firm: -score[firm])
    return found


def risks(graph: "Graph[str]") -> tuple[set[str], list[tuple[str, str]], list[float]]:
    """Return articulation firms, single sources, and ESRI of three firms, all links ordinary."""
    trade = _trade(graph)
    bought: dict[tuple[str, str], set[str]] = defaultdict(set)
    amounts: dict[tuple[str, str], float] = defaultdict(float)
    for firm, sales in _related(graph, "SUPPLIES").items():
        for buyer, data in sales:
            bought[buyer, data.get("product") or ""].add(firm)
            amounts[firm, buyer] += data.get("amount") or 0.0
    alone = [key for key, suppliers in bought.items() if len(suppliers) == 1]
    closed = sorted(trade.nodes)[:: max(1, len(trade) // _ESRI_FIRMS)][:_ESRI_FIRMS]
    return set(nx.articulation_points(trade)), alone, [_esri(amounts, firm) for firm in closed]


def _trade(graph: "Graph[str]") -> "nx.Graph[str]":
    found: nx.Graph[str] = nx.Graph()
    for firm, sales in _related(graph, "SUPPLIES").items():
        found.add_edges_from((firm, buyer) for buyer, _ in sales)
    return found


def _esri(amounts: dict[tuple[str, str], float], closed: str) -> float:
    sold: dict[str, float] = defaultdict(float)
    bought: dict[str, float] = defaultdict(float)
    for (supplier, buyer), amount in amounts.items():
        sold[supplier] += amount
        bought[buyer] += amount
    down, up, fell = {closed: 1.0}, {closed: 1.0}, 1.0
    while fell > 0.01:  # noqa: PLR2004  # the published ε
        short: dict[str, float] = defaultdict(float)
        unsold: dict[str, float] = defaultdict(float)
        for (supplier, buyer), amount in amounts.items():
            if supplier in down and bought[buyer]:
                short[buyer] += amount / bought[buyer] * down[supplier]
            if buyer in up and sold[supplier]:
                unsold[supplier] += amount / sold[supplier] * up[buyer]
        short[closed] = unsold[closed] = 1.0
        falls = [lost - down.get(firm, 0.0) for firm, lost in short.items()]
        falls += [lost - up.get(firm, 0.0) for firm, lost in unsold.items()]
        fell = max(falls)
        down, up = dict(short), dict(unsold)
    whole = sum(sold.values())
    return sum(s * max(down.get(f, 0.0), up.get(f, 0.0)) for f, s in sold.items()) / whole
