"""A part of the graph: what lies around the enterprises of a chain, a region, or both."""

from typing import Final

import numpy as np
import pandas as pd

from graphmodel.errors import UsageError
from graphmodel.exchange import references
from graphmodel.graph import ChainGraph, Codes, Mask
from graphmodel.kinds import EDGE_KINDS, NODE_KINDS
from graphmodel.schema import EdgeKind, NodeKind

_OF_CHAINS: Final = (
    ("PART_OF", "target", "source"),
    ("PART_OF", "source", "target"),
    ("COVERS", "target", "source"),
    ("HOLDS_POST", "target", "source"),
    ("ABOUT", "target", "source"),
    ("APPLIES_TO", "target", "source"),
)
_OF_SEGMENTS: Final = (("FILLS", "target", "source"), ("ABOUT", "target", "source"))
_OF_NEEDS: Final = (("ADDRESSES", "target", "source"), ("USES", "source", "target"))


def subgraph(graph: ChainGraph, *, chain: int | None, region: int | None) -> ChainGraph:
    """Return the part of `graph` described at `ChainGraph.subgraph`.

    With a region only, the chains meant are those of the region and those its enterprises are in;
    of other chains and their segments nothing is kept but what a kept row refers to.
    Actions for the needs kept, resources they use, what a kept row refers to, 投入关键性 and the
    declarations (填报范围) that are not about another chain are kept too, so that a question finds
    in the part what it found in the whole.

    Raises:
        UsageError: `chain` or `region` is the code of another kind of node.
    """
    if chain is None and region is None:
        return graph
    for code, kind in ((chain, "Chain"), (region, "Region")):
        if code is not None and not graph.is_kind([code], kind)[0]:
            msg = f"{code} is not the code of a {kind}; codes come from graph.find({kind!r}, …)."
            raise UsageError(msg)
    firms = _firms(graph, chain, region)
    kept = firms.copy()
    for table in graph.edges.values():
        _grow(kept, table, firms, "source", "target")
        _grow(kept, table, firms, "target", "source")
    chains = _chains(graph, chain, region, kept)
    segments = np.zeros(graph.size, dtype=bool)
    _grow(segments, graph.edges["PART_OF"], chains, "target", "source")
    templates = _of_kind(graph, "Chain") | _of_kind(graph, "Segment")
    kept = (kept & ~templates) | chains | segments
    _follow(graph, kept, chains, _OF_CHAINS)
    _follow(graph, kept, segments, _OF_SEGMENTS)
    _keep_standing(graph, kept)
    for step in _OF_NEEDS:
        _follow(graph, kept, kept.copy(), (step,))
    _close(graph, kept)
    return restrict(graph, kept)


def restrict(graph: ChainGraph, kept: Mask) -> ChainGraph:
    """Return the nodes whose code is True in `kept`, shape (size,), and the relations among them.

    A reference to a node that is not kept becomes "not reported".
    """
    renumbered = np.where(kept, np.cumsum(kept) - 1, -1).astype(np.int64)
    nodes = {
        name: _renumber(table[kept[graph.codes(name)]], NODE_KINDS[name], renumbered)
        for name, table in graph.nodes.items()
    }
    edges = {
        name: _renumber(table[_both(kept, table)], EDGE_KINDS[name], renumbered)
        for name, table in graph.edges.items()
    }
    return ChainGraph(nodes, edges, files=graph.files, name=graph.name)


def _firms(graph: ChainGraph, chain: int | None, region: int | None) -> Mask:
    """Return, over all codes, the enterprises of the chain and in the region."""
    meant = _of_kind(graph, "Enterprise")
    if chain is not None:
        start = np.zeros(graph.size, dtype=bool)
        start[chain] = True
        segments = np.zeros(graph.size, dtype=bool)
        _grow(segments, graph.edges["PART_OF"], start, "target", "source")
        members = np.zeros(graph.size, dtype=bool)
        _grow(members, graph.edges["IN_CHAIN"], start, "target", "source")
        _grow(members, graph.edges["IN_SEGMENT"], segments, "target", "source")
        meant &= members
    if region is not None:
        codes = graph.codes("Enterprise")
        meant[codes] &= graph.lies_within(graph.target("LOCATED_IN", "Enterprise"), region)
    return meant


def _chains(graph: ChainGraph, chain: int | None, region: int | None, kept: Mask) -> Mask:
    meant = np.zeros(graph.size, dtype=bool)
    if chain is not None:
        meant[chain] = True
        return meant
    codes = graph.codes("Chain")
    meant[codes] = kept[codes]
    if region is not None:
        meant[codes] |= graph.lies_within(graph.target("LOCATED_IN", "Chain"), region)
    return meant


def _keep_standing(graph: ChainGraph, kept: Mask) -> None:
    """Keep regions, criticalities, declarations of the chains kept, graduates of universities."""
    kept[graph.codes("Region")] = True
    kept[graph.codes("InputCriticality")] = True
    for kind, column in (("Scope", "chain"), ("Graduates", "university")):
        about = graph.nodes[kind][column].to_numpy()
        kept[graph.codes(kind)] = kept[about] | (about < 0)


def _of_kind(graph: ChainGraph, kind: str) -> Mask:
    mask = np.zeros(graph.size, dtype=bool)
    mask[graph.codes(kind)] = True
    return mask


def _grow(kept: Mask, table: pd.DataFrame, seeds: Mask, near: str, far: str) -> None:
    kept[table[far].to_numpy()[seeds[table[near].to_numpy()]]] = True


def _follow(
    graph: ChainGraph, kept: Mask, seeds: Mask, steps: tuple[tuple[str, str, str], ...]
) -> None:
    for edge, near, far in steps:
        _grow(kept, graph.edges[edge], seeds, near, far)


def _both(kept: Mask, table: pd.DataFrame) -> Mask:
    return np.asarray(kept[table["source"].to_numpy()] & kept[table["target"].to_numpy()])


def _close(graph: ChainGraph, kept: Mask) -> None:
    """Keep what a kept row refers to, and what that refers to in turn."""
    size = -1
    while (total := int(kept.sum())) != size:
        size = total
        for name, table in graph.nodes.items():
            rows = kept[graph.codes(name)]
            _keep_references(kept, table[rows], NODE_KINDS[name])
        for name, table in graph.edges.items():
            _keep_references(kept, table[_both(kept, table)], EDGE_KINDS[name])


def _keep_references(kept: Mask, table: pd.DataFrame, kind: NodeKind | EdgeKind) -> None:
    for column in references(kind):
        codes: Codes = table[column].to_numpy()
        kept[codes[codes >= 0]] = True


def _renumber(table: pd.DataFrame, kind: NodeKind | EdgeKind, renumbered: Codes) -> pd.DataFrame:
    columns = {}
    for name in references(kind):
        codes = table[name].to_numpy()
        columns[name] = np.where(codes >= 0, renumbered[codes], -1)
    return table.assign(**columns)
