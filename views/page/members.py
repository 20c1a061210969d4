"""Who belongs to a chain on the page: its segments, their firms, and the support around them."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask

ABOVE: Final = ("GovernmentDepartment", "PartyOrganization", "Alliance")
BELOW: Final = ("University", "FinancialInstitution", "Association")
MOST_PARTNERS: Final = 1_500
"""Enterprises outside what is drawn that a page names."""
OFF_PAGE: Final = ("Region", "Scope", "InputCriticality", "Graduates", "Action")
"""Kinds that are no neighbours to look at: places, declarations, and what hangs two steps away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """The nodes of one chain, as codes of the graph.

    Attributes:
        chain: Code of the chain; -1 for the firms whose chain is not reported.
        segments: Its leaf segments, and parents that hold firms themselves.
        links: The declared links between them (see `template_links`).
        stage: 0 upstream, 1 midstream, 2 downstream, for each segment; 3 where not reported.
        depth: Number of steps from the chain's beginning, for each segment.
        firms: For each segment its firms, the most important first.
        loose: Firms of the chain without a segment of it.
        owners: Firms declared 链主.
        support: For each kind above and below, its nodes with a relation to the chain, those with
            most relations first.
        shown: Everything drawn, over all codes of the graph.
    """

    chain: int
    segments: Codes
    links: pd.DataFrame
    stage: npt.NDArray[np.int64]
    depth: npt.NDArray[np.int64]
    firms: list[Codes]
    loose: Codes
    owners: Codes
    support: dict[str, Codes]
    shown: Mask


def members_of(
    graph: ChainGraph, chain: int, loose: Codes | None = None, *, within: Mask | None = None
) -> Members:
    """Return who belongs to the chain with code `chain`.

    Args:
        graph: The graph.
        chain: Code of a chain, or -1.
        loose: With -1, the firms to show.
        within: Over all codes of the graph, the firms that count; None for all.
    """
    segments, placed = _placed(graph, chain)
    if within is not None:
        placed = placed[within[placed["source"].to_numpy()]]
    if loose is None:
        links = graph.edges["IN_CHAIN"]
        inside = links.loc[links["target"] == chain]
        if within is not None:
            inside = inside[within[inside["source"].to_numpy()]]
        everyone = np.union1d(inside["source"].to_numpy(), placed["source"].to_numpy())
        loose = np.setdiff1d(everyone, placed["source"].to_numpy())
        owner = inside["role"].fillna("").str.split(";").map(lambda roles: "链主" in roles)
        owners = inside["source"].to_numpy()[owner.to_numpy(dtype=bool)]
    else:
        everyone, owners = loose, np.empty(0, dtype=np.int64)
    order = _importance(graph, owners)
    ranked = placed.assign(order=order[graph.rows("Enterprise", placed["source"].to_numpy())])
    ranked = ranked.sort_values("order")
    groups = ranked["source"].groupby(ranked["target"]).agg(list)
    links = template_links(graph, segments)
    stage, depth = stages(links, len(segments))
    support = _support(graph, chain, np.concatenate([everyone, segments]))
    shown = np.zeros(graph.size, dtype=bool)
    for codes in (segments, everyone, *support.values()):
        shown[codes] = True
    if chain >= 0:
        shown[chain] = True
    return Members(
        chain=chain,
        segments=segments,
        links=links,
        stage=stage,
        depth=depth,
        firms=[np.array(groups.get(segment, []), dtype=np.int64) for segment in segments],
        loose=loose[np.argsort(order[graph.rows("Enterprise", loose)], kind="stable")],
        owners=owners,
        support=support,
        shown=shown,
    )


def _placed(graph: ChainGraph, chain: int) -> tuple[Codes, pd.DataFrame]:
    """The chain's segments that stand on the page, and the pairs (firm, segment)."""
    parts = graph.edges["PART_OF"]
    inside = parts["source"].to_numpy()[(parts["target"] == chain).to_numpy()]
    inside = np.unique(inside[graph.is_kind(inside, "Segment")])
    links = graph.edges["IN_SEGMENT"][["source", "target"]]
    placed = links[links["target"].isin(inside)].drop_duplicates()
    rows = graph.rows("Segment", inside)
    parents = graph.nodes["Segment"]["parent"].to_numpy()[rows]
    kept = ~np.isin(inside, parents) | np.isin(inside, placed["target"].to_numpy())
    return inside[kept], placed


def _importance(graph: ChainGraph, owners: Codes) -> npt.NDArray[np.int64]:
    """Rank of every enterprise: chain owners, then above scale, then output, then the table."""
    table = graph.nodes["Enterprise"]
    owner = np.isin(graph.codes("Enterprise"), owners)
    scale = table["above_scale"].fillna(value=False).to_numpy(dtype=bool)
    output = table["output"].fillna(-1.0).to_numpy()
    order = np.lexsort((np.arange(len(table)), -output, ~scale, ~owner))
    rank = np.empty(len(table), dtype=np.int64)
    rank[order] = np.arange(len(table))
    return rank


def template_links(graph: ChainGraph, segments: Codes) -> pd.DataFrame:
    """Return the declared links between the given segments, one row per pair.

    A link of a parent (上级环节) holds for each segment below it.

    Returns:
        `a` and `b`, positions in `segments`, and `back`, True for 回流.
    """
    parent = graph.nodes["Segment"]["parent"].to_numpy()
    above = [pd.DataFrame({"segment": segments, "card": np.arange(len(segments))})]
    for _ in range(len(parent)):
        below = above[-1]
        up = parent[graph.rows("Segment", below["segment"].to_numpy())]
        if not (up >= 0).any():
            break
        above.append(below.assign(segment=up)[up >= 0])
    every = pd.concat(above, ignore_index=True)
    table = graph.edges["UPSTREAM_OF"][["source", "target", "recycling"]]
    links = table.merge(every.rename(columns={"segment": "source", "card": "a"}), on="source")
    links = links.merge(every.rename(columns={"segment": "target", "card": "b"}), on="target")
    back = links["recycling"].fillna(value=False).to_numpy(dtype=bool)
    links = links.assign(back=back)[["a", "b", "back"]].sort_values("back", kind="stable")
    return links[links["a"] != links["b"]].drop_duplicates(["a", "b"], ignore_index=True)


def stages(links: pd.DataFrame, size: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return stage and depth of each of `size` segments from the links between them.

    A segment with nothing upstream of it is upstream (0), one with nothing downstream of it is
    downstream (2), the others are midstream (1); one with no neighbour at all is 3, not reported.
    Depth is the longest way from a beginning. 回流 edges do not count.
    """
    forward = links[~links["back"]]
    a, b = forward["a"].to_numpy(), forward["b"].to_numpy()
    before, after = _longest(a, b, size), _longest(b, a, size)
    stage = np.select([before + after == 0, before == 0, after == 0], [3, 0, 2], 1)
    return stage.astype(np.int64), before


def _longest(
    a: npt.NDArray[np.int64], b: npt.NDArray[np.int64], size: int
) -> npt.NDArray[np.int64]:
    """Longest way to each node along edges a→b; a cycle stops growing after `size` rounds."""
    depth = np.zeros(size, dtype=np.int64)
    for _ in range(size):
        grown = depth.copy()
        np.maximum.at(grown, b, depth[a] + 1)
        if (grown == depth).all():
            break
        depth = grown
    return depth


def _support(graph: ChainGraph, chain: int, core: Codes) -> dict[str, Codes]:
    """Nodes of the kinds above and below that are tied to the chain, its segments or its firms."""
    inner = np.zeros(graph.size, dtype=bool)
    inner[core] = True
    if chain >= 0:
        inner[chain] = True
        covers = graph.edges["COVERS"]
        inner[covers["source"].to_numpy()[(covers["target"] == chain).to_numpy()]] = True
    ties = np.zeros(graph.size, dtype=np.int64)
    for name, table in graph.edges.items():
        if name in {"LOCATED_IN", "PART_OF", "SUPPLIES", "COOPERATES"}:
            continue
        for near, far in (("source", "target"), ("target", "source")):
            kept = inner[table[near].to_numpy()]
            np.add.at(ties, table[far].to_numpy()[kept], 1)
    found = {}
    for kind in (*ABOVE, *BELOW):
        codes = graph.codes(kind)
        count = ties[codes]
        order = np.argsort(-count, kind="stable")
        found[kind] = codes[order[: int((count > 0).sum())]]
    return found


def around(graph: ChainGraph, shown: Mask, *, most: int = MOST_PARTNERS) -> Mask:
    """Return what is drawn and every neighbour of it that the panel can name.

    Of the enterprises outside, those with most ties to what is drawn are kept, at most `most`;
    the others are counted (`Rest`), not named.
    """
    near = shown.copy()
    ties = np.zeros(graph.size, dtype=np.int64)
    for name, table in graph.edges.items():
        if name == "LOCATED_IN":
            continue
        source, target = table["source"].to_numpy(), table["target"].to_numpy()
        for here, there in ((source, target), (target, source)):
            far = there[shown[here]]
            near[far] = True
            np.add.at(ties, far, 1)
    for kind in OFF_PAGE:
        near[graph.codes(kind)] = False
    firms = graph.codes("Enterprise")
    partners = firms[near[firms] & ~shown[firms]]
    near[partners[np.argsort(-ties[partners], kind="stable")[most:]]] = False
    return near


def within_hops(graph: ChainGraph, start: int, hops: int, *, most: int) -> tuple[Mask, int]:
    """Return what is at most `hops` relations from the node with code `start`.

    Places, chains, segments and alliances join what has nothing to do with each other, so that
    the way does not lead on through them. Nearest first, at most `most` nodes are kept.

    Returns:
        Mask over all codes, and how many more there are.
    """
    ends = [
        (table["source"].to_numpy(), table["target"].to_numpy())
        for name, table in graph.edges.items()
        if name not in {"LOCATED_IN", "PART_OF", "UPSTREAM_OF", "IN_CHAIN", "IN_SEGMENT"}
    ]
    reached = np.zeros(graph.size, dtype=bool)
    reached[start] = True
    front, left = reached.copy(), 0
    for _ in range(hops):
        ties = np.zeros(graph.size, dtype=np.int64)
        for source, target in ends:
            np.add.at(ties, target[front[source]], 1)
            np.add.at(ties, source[front[target]], 1)
        for kind in OFF_PAGE:
            ties[graph.codes(kind)] = 0
        new = np.flatnonzero((ties > 0) & ~reached)
        room = most - int(reached.sum())
        left += max(len(new) - room, 0)
        new = new[np.argsort(-ties[new], kind="stable")[: max(room, 0)]]
        reached[new] = True
        front = np.zeros(graph.size, dtype=bool)
        front[new] = True
        for kind in ("Alliance", "Chain", "Product"):
            front[graph.codes(kind)] = False
    return reached, left
