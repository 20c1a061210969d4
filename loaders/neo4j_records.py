"""A graph as records that a property graph holds, and back: values, references, identities.

A node carries `liantu_source` and `liantu_id` (its id); a relation carries a hash of its two ends
and of its key columns. A reference is written as the id of the node, or `Kind:id` where nodes of
several kinds may stand there; several values in one cell become a list.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

import numpy as np
import pandas as pd

from graphmodel.errors import UsageError
from graphmodel.exchange import labels
from graphmodel.graph import ChainGraph
from graphmodel.kinds import EDGE_KINDS, KINDS, NODE_KINDS
from graphmodel.schema import Column, EdgeKind, NodeKind, Property, Reference, Type
from graphmodel.tables import EXTRA, qualified, stored_columns

SOURCE: Final = "liantu_source"
ID: Final = "liantu_id"
PUSH: Final = "liantu_push"
"""Properties that say whose a node or relation is, which one, and from which push."""

_LISTS: Final = (Type.TEXTS, Type.CHOICES)
_KEYS: Final = ("liantu-identity-1", "liantu-identity-2")

Record = dict[str, Any]


def is_list(column: Column) -> bool:
    """Return whether a column's values are stored as a list."""
    return isinstance(column, Property) and column.type in _LISTS


def columns_of(kind: NodeKind | EdgeKind) -> dict[str, Column]:
    """Return the declared columns of the kind's table, without ends and id of a node."""
    return {c.name: c for c in kind.properties if c.name not in {"id", "source", "target"}}


@cache
def stored(kind: NodeKind | EdgeKind) -> frozenset[str]:
    """Return the columns that the table of `kind` may have, apart from those only a file has."""
    amounts = {qualified(c) for c in columns_of(kind).values() if isinstance(c, Property)}
    return frozenset(stored_columns(kind)) | amounts


def node_records(graph: ChainGraph, kind: str, start: int, stop: int) -> list[Record]:
    """Return the nodes of `kind` in rows `start` to `stop` as properties, blanks as None."""
    table = graph.nodes[kind].iloc[start:stop]
    cells = _cells(graph, table.drop(columns="id"), NODE_KINDS[kind])
    return _records({ID: table["id"].tolist(), **cells})


def edge_records(
    graph: ChainGraph, kind: str, ids: Sequence[str], rows: "np.ndarray[Any, Any]"
) -> list[Record]:
    """Return relations of `kind` in `rows` as `s`, `t` (ids of the ends) and properties `p`."""
    table = graph.edges[kind].iloc[rows]
    ends = [graph.ids(table[end].to_numpy()).tolist() for end in ("source", "target")]
    own = [ids[row] for row in rows.tolist()]
    cells = _cells(graph, table.drop(columns=["source", "target"]), EDGE_KINDS[kind])
    properties = _records({ID: own, **cells})
    return [
        {"s": source, "t": target, "p": each}
        for source, target, each in zip(*ends, properties, strict=True)
    ]


def _records(cells: Mapping[str, list[Any]]) -> list[Record]:
    names = tuple(cells)
    return [dict(zip(names, values, strict=True)) for values in zip(*cells.values(), strict=True)]


def _cells(
    graph: ChainGraph, table: pd.DataFrame, kind: NodeKind | EdgeKind
) -> dict[str, list[Any]]:
    declared = columns_of(kind)
    return {name: _values(graph, table[name], declared.get(name)) for name in filled(table, kind)}


def filled(table: pd.DataFrame, kind: NodeKind | EdgeKind) -> list[str]:
    """Return the columns in which at least one row of a table of `kind` says something."""
    declared = columns_of(kind)
    return [str(name) for name in table if _reported(table[name], declared.get(str(name)))]


def _reported(cells: "pd.Series[Any]", column: Column | None) -> bool:
    if isinstance(column, Reference):
        return bool((cells >= 0).any())
    return bool(cells.notna().any())


def _values(graph: ChainGraph, cells: "pd.Series[Any]", column: Column | None) -> list[Any]:
    if isinstance(column, Reference):
        codes = cells.to_numpy()
        cells = graph.ids(codes) if len(column.to) == 1 else labels(graph, codes)
    elif column is not None and is_list(column):
        cells = cells.str.split(";").astype(object)
    plain = cells.astype(object)
    return plain.where(plain.notna(), None).tolist()


# identities ---------------------------------------------------------------------------------------


def check_ids(graph: ChainGraph) -> None:
    """Refuse a graph in which two nodes of one kind share an id.

    Raises:
        UsageError: Names the first such id.
    """
    for kind, table in graph.nodes.items():
        twice = table["id"][table["id"].duplicated()]
        if len(twice):
            first = twice.iloc[0]
            msg = (
                f"{NODE_KINDS[kind].zh}的编码“{first}”出现了两次；每个节点要有自己的编码。"
                f" Two nodes of {kind} have the id {first!r}; give each its own."
            )
            raise UsageError(msg)


def edge_ids(graph: ChainGraph, kind: str) -> list[str]:
    """Return the identity of each relation of `kind`: 32 hexadecimal digits.

    Hashed are `Kind:id` of both ends (of an undirected relation in alphabetical order) and the key
    columns, blank as "". Relations that share all of them are numbered in the order of the table.
    """
    table, declared = graph.edges[kind], EDGE_KINDS[kind]
    source = labels(graph, table["source"].to_numpy()).fillna("")
    target = labels(graph, table["target"].to_numpy()).fillna("")
    swapped = (source > target) & (not declared.directed)
    parts = {"source": source.where(~swapped, target), "target": target.where(~swapped, source)}
    columns = columns_of(declared)
    for name in declared.key:
        if isinstance(columns[name], Reference):
            parts[name] = labels(graph, table[name].to_numpy()).fillna("")
        else:
            parts[name] = table[name].astype("str").fillna("").reset_index(drop=True)
    keyed = pd.DataFrame(parts)
    keyed["again"] = keyed.groupby(list(parts), sort=False).cumcount()
    halves = [_hashed(keyed, key) for key in _KEYS]
    return [f"{a:016x}{b:016x}" for a, b in zip(*halves, strict=True)]


def _hashed(frame: pd.DataFrame, key: str) -> list[int]:
    code = hashlib.blake2b(key.encode(), digest_size=8).hexdigest()
    hashed: list[int] = pd.util.hash_pandas_object(frame, index=False, hash_key=code).tolist()
    return hashed


def fingerprint(graph: ChainGraph) -> str:
    """Return a hash of all that the graph says, in its order: 32 hexadecimal digits."""
    digest = hashlib.sha256(graph.name.encode())
    for name, table in {**graph.nodes, **graph.edges}.items():
        digest.update(f"\0{name}\0{list(table.columns)}\0{len(table)}".encode())
        digest.update(pd.util.hash_pandas_object(table, index=False).to_numpy().tobytes())
    return digest.hexdigest()[:32]


# and back -----------------------------------------------------------------------------------------


def table_of(kind: str, records: Iterator[Sequence[Record]]) -> pd.DataFrame:
    """Return the table that properties of nodes or relations of `kind` were written from.

    References are still ids; the columns `source` and `target` are taken as they come.
    """
    parts = [_frame(KINDS[kind], chunk) for chunk in records]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _frame(kind: NodeKind | EdgeKind, records: Sequence[Record]) -> pd.DataFrame:
    frame = pd.DataFrame(list(records))
    if isinstance(kind, NodeKind) and ID in frame:
        frame["id"] = frame[ID]
    own = stored(kind)
    kept = [name for name in map(str, frame.columns) if name in own or name.startswith(EXTRA)]
    frame = frame[kept]
    for name, column in columns_of(kind).items():
        if name in frame and is_list(column):
            frame[name] = frame[name].str.join(";")
    declared = stored_columns(kind)
    texts = [n for n in kept if n.startswith(EXTRA) or n not in declared]
    return frame.astype(dict.fromkeys(texts, "str"))


def coded(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return tables of all kinds with their references as codes of the nodes in `tables`.

    `source` and `target` of relations are `Kind:id`.
    """
    sizes = [len(tables[kind]) if kind in tables else 0 for kind in NODE_KINDS]
    starts = np.concatenate(([0], np.cumsum(sizes)))
    known = {
        kind: pd.Series(
            np.arange(len(tables[kind])) + start,
            index=kind + ":" + tables[kind]["id"].astype("str"),
        )
        for kind, start in zip(NODE_KINDS, starts.tolist(), strict=False)
        if kind in tables and len(tables[kind])
    }
    codes = pd.concat(list(known.values())) if known else pd.Series(dtype="int64")
    return {kind: _coded(KINDS[kind], table, codes) for kind, table in tables.items()}


def _coded(kind: NodeKind | EdgeKind, table: pd.DataFrame, codes: "pd.Series[Any]") -> pd.DataFrame:
    found: dict[str, Any] = {}
    references = {n: c for n, c in columns_of(kind).items() if isinstance(c, Reference)}
    for name, column in references.items():
        if name in table:
            prefix = f"{column.to[0]}:" if len(column.to) == 1 else ""
            written = prefix + table[name].astype("str")
            found[name] = written.map(codes).fillna(-1).astype("int64")
    if isinstance(kind, EdgeKind) and len(table):
        found |= {end: table[end].map(codes).astype("int64") for end in ("source", "target")}
        found["inferred"] = table["inferred"].fillna(value=False).astype(bool)
    return table.assign(**found)
