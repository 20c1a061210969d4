"""The graph in other forms: a networkx multigraph, and tables that compare by content."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd

from graphmodel.errors import UsageError
from graphmodel.graph import ChainGraph, Codes, SourceFile
from graphmodel.kinds import EDGE_KINDS, KINDS, NODE_KINDS
from graphmodel.schema import EdgeKind, NodeKind, Property, Reference, Type
from graphmodel.tables import ORIGIN

if TYPE_CHECKING:
    from collections.abc import Hashable

_LISTS = (Type.TEXTS, Type.CHOICES)


def references(kind: NodeKind | EdgeKind) -> list[str]:
    """Return the columns of the kind's table that hold codes of nodes, ends included."""
    ends = ["source", "target"] if isinstance(kind, EdgeKind) else []
    return ends + [c.name for c in kind.properties if isinstance(c, Reference)]


def labels(graph: ChainGraph, codes: Codes) -> pd.Series:
    """Return `Kind:id` for each code, NaN for -1: a name of the node that outlives its code."""
    kinds = pd.Series(graph.kinds_of(codes), dtype="str")
    return (kinds + ":" + graph.ids(codes)).astype("str")


def canonical(graph: ChainGraph) -> dict[str, pd.DataFrame]:
    """Return every kind's table in a form that depends on what is said only.

    References are written `Kind:id`, several values in one cell are sorted, the ends of an
    undirected relation stand in alphabetical order, the origin (file, sheet, row) and columns
    without any value are left out, columns and rows are sorted.
    """
    return {
        **{k: _canonical(graph, table, KINDS[k]) for k, table in graph.nodes.items()},
        **{k: _canonical(graph, table, KINDS[k]) for k, table in graph.edges.items()},
    }


def _canonical(graph: ChainGraph, table: pd.DataFrame, kind: NodeKind | EdgeKind) -> pd.DataFrame:
    if table.empty:
        return pd.DataFrame()
    plain = _labelled(graph, table, kind).drop(columns=list(ORIGIN))
    if isinstance(kind, EdgeKind) and not kind.directed:
        swapped = (plain["source"] > plain["target"]).to_numpy(bool)
        source, target = plain["source"], plain["target"]
        plain = plain.assign(
            source=source.where(~swapped, target), target=target.where(~swapped, source)
        )
    for column in kind.properties:
        if isinstance(column, Property) and column.type in _LISTS:
            plain[column.name] = _sorted_parts(plain[column.name])
    filled = sorted(str(name) for name in plain if plain[name].notna().any())
    return plain[filled].sort_values(filled, ignore_index=True)


def _labelled(graph: ChainGraph, table: pd.DataFrame, kind: NodeKind | EdgeKind) -> pd.DataFrame:
    """Return the table with codes as `Kind:id` and choices as text."""
    columns = {name: labels(graph, table[name].to_numpy()) for name in references(kind)}
    texts = {*table.select_dtypes("category"), *table.columns[table.dtypes == np.dtype("O")]}
    columns |= {str(name): table[name].astype("str") for name in texts}
    return table.assign(**columns)


def _sorted_parts(cells: pd.Series) -> pd.Series:
    several = cells[cells.str.contains(";", regex=False, na=False)].unique()
    return cells.replace({cell: ";".join(sorted(cell.split(";"))) for cell in several})


def to_networkx(graph: ChainGraph) -> "nx.MultiDiGraph[str]":
    """Return the graph as a networkx multigraph, which GraphML can hold.

    A node is called `Kind:id` and has the attributes `kind`, `name`, `standing` and every property
    that is reported; a relation has `kind` and its properties. A reference is written `Kind:id`.
    An undirected tie is one arc. The graph's attribute `files` is the list of files in JSON.
    """
    files = json.dumps([asdict(file) for file in graph.files], ensure_ascii=False)
    out: nx.MultiDiGraph[str] = nx.MultiDiGraph(name=graph.name, files=files)
    for name in (name for name, table in graph.nodes.items() if len(table)):
        plain = _labelled(graph, graph.nodes[name], NODE_KINDS[name])
        names = labels(graph, graph.codes(name))
        attributes = _attributes(plain, name)
        out.add_nodes_from(zip(names, attributes, strict=True))
    for name in (name for name, table in graph.edges.items() if len(table)):
        plain = _labelled(graph, graph.edges[name], EDGE_KINDS[name])
        attributes = _attributes(plain.drop(columns=["source", "target"]), name)
        out.add_edges_from(zip(plain["source"], plain["target"], attributes, strict=True))
    return out


def _attributes(table: pd.DataFrame, kind: str) -> list[dict[str, Any]]:
    filled = [(str(name), table[name].notna().to_numpy(), table[name].tolist()) for name in table]
    found: list[dict[str, Any]] = [{"kind": kind} for _ in range(len(table))]
    for name, present, values in filled:
        for row in np.flatnonzero(present).tolist():
            found[row][name] = values[row]
    return found


def from_networkx(graph: "nx.MultiDiGraph[Any]") -> ChainGraph:
    """Return the graph that `to_networkx` made, or one built by hand in the same form.

    A node built by hand needs only its name `Kind:id`, a relation only `kind`.

    Raises:
        UsageError: A node's or relation's kind is not declared, or a reference names no node.
    """
    kinds = {node: _kind_of(node, data) for node, data in graph.nodes(data=True)}
    node_rows: dict[str, list[dict[str, Any]]] = {name: [] for name in NODE_KINDS}
    for node, data in graph.nodes(data=True):
        given = {str(k): v for k, v in data.items() if k != "kind"}
        node_rows[kinds[node]].append({"id": str(node).partition(":")[2], **given})
    order = [node for name in NODE_KINDS for node in graph if kinds[node] == name]
    codes: dict[Hashable, int] = {node: code for code, node in enumerate(order)}
    edge_rows: dict[str, list[dict[str, Any]]] = {name: [] for name in EDGE_KINDS}
    for source, target, data in graph.edges(data=True):
        kind = data.get("kind", "")
        if kind not in EDGE_KINDS:
            known = ", ".join(EDGE_KINDS)
            msg = f"The relation {source!r} → {target!r} has kind {kind!r}; the kinds are {known}."
            raise UsageError(msg)
        given = {str(k): v for k, v in data.items() if k != "kind"}
        edge_rows[kind].append({**given, "source": source, "target": target})
    files = [SourceFile(**file) for file in json.loads(graph.graph.get("files", "[]"))]
    return ChainGraph(
        {k: _coded(rows, NODE_KINDS[k], codes) for k, rows in node_rows.items()},
        {k: _coded(rows, EDGE_KINDS[k], codes) for k, rows in edge_rows.items()},
        files=files,
        name=graph.graph.get("name", ""),
    )


def _kind_of(node: object, data: dict[str, Any]) -> str:
    kind = str(data.get("kind") or str(node).partition(":")[0])
    if kind not in NODE_KINDS:
        msg = f"The node {node!r} has kind {kind!r}; the kinds are {', '.join(NODE_KINDS)}."
        raise UsageError(msg)
    return kind


def _coded(
    rows: list[dict[str, Any]], kind: NodeKind | EdgeKind, codes: "dict[Hashable, int]"
) -> pd.DataFrame:
    table = pd.DataFrame(rows)
    for name in references(kind):
        if name not in table:
            continue
        found = table[name].map(codes)
        lost = table[name][table[name].notna() & found.isna()]
        if len(lost):
            msg = f"{kind.name}.{name} names {lost.iloc[0]!r}; write Kind:id of a node that exists."
            raise UsageError(msg)
        table[name] = found.fillna(-1).astype("int64")
    if isinstance(kind, EdgeKind) and "inferred" in table:
        table["inferred"] = table["inferred"].fillna(value=False).astype(bool)
    return table
