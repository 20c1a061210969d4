"""From typed rows to a graph: nodes get their identity, references their node, doubles merge."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.findings import Findings
from graphmodel.graph import ChainGraph, SourceFile
from graphmodel.kinds import EDGE_KINDS, NODE_KINDS
from graphmodel.regions import Regions
from graphmodel.schema import EdgeKind, NodeKind
from loaders.draft import Draft, stack
from loaders.nodes import OWNER, add_nodes
from loaders.places import add_regions, code_columns, keep_used_regions, locate_outside
from loaders.registry import Positions, final, registries_final
from loaders.relations import add_references, add_relations, merged_relations
from loaders.values import Values

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Assembled:
    """The graph, and for each kind which rows of its sheets could not be used."""

    graph: ChainGraph
    bad: dict[str, Mask]


def gather(values: Iterable[Values]) -> dict[str, pd.DataFrame]:
    """Return one table per kind from all its sheets, with a column `bad`."""
    parts: dict[str, list[pd.DataFrame]] = {}
    for one in values:
        parts.setdefault(one.kind.name, []).append(one.frame.assign(bad=one.bad))
    return {name: stack(frames) for name, frames in parts.items()}


def assemble(
    tables: dict[str, pd.DataFrame],
    findings: Findings,
    *,
    regions: Regions,
    rejected: frozenset[str] = frozenset(),
    files: Sequence[SourceFile] = (),
    name: str = "",
) -> Assembled:
    """Build the graph of all rows in `tables`; what cannot be used is found and marked.

    Args:
        tables: Rows by kind, as `gather` makes them; rows marked bad still answer to their name,
            so that one bad cell does not make every reference to its row an error.
        findings: Grows by everything noticed.
        regions: The bundled table of regions.
        rejected: Names of enterprises whose rows were left out; they do not become outside parties.
        files: The files read.
        name: What the source is called.
    """
    draft = Draft(tables, findings, rejected)
    known = add_regions(draft, regions)
    for node in NODE_KINDS.values():
        if node.name != "Region":
            add_nodes(draft, node)
    for node in NODE_KINDS.values():
        add_references(draft, node)
    for edge in EDGE_KINDS.values():
        if edge.sheet and edge.name in tables:
            add_relations(draft, edge)
    locate_outside(draft)
    edges = {k: merged_relations(draft, e) for k, e in EDGE_KINDS.items() if k in draft.edges}
    keep_used_regions(draft, known, edges)
    offsets = registries_final(draft.registries)
    filled = {k: r.frame for k, r in draft.registries.items() if len(r.frame)}
    nodes = {k: _finished(NODE_KINDS[k], frame, offsets) for k, frame in filled.items()}
    relations = {k: _finished(EDGE_KINDS[k], frame, offsets) for k, frame in edges.items()}
    return Assembled(ChainGraph(nodes, relations, files=files, name=name), draft.bad)


def _finished(kind: NodeKind | EdgeKind, frame: pd.DataFrame, offsets: Positions) -> pd.DataFrame:
    """Return the table with codes of the finished graph and nothing that only helped to make it."""
    helpers = {"bad", OWNER.get(kind.name, "bad")}
    frame = frame.drop(columns=[c for c in helpers if c in frame])
    codes = {c: final(frame[c].to_numpy(), offsets) for c in code_columns(kind, frame)}
    rows = {"row": frame["row"].fillna(0).astype("int64")} if "row" in frame else {}
    return frame.assign(**codes, **rows)
