"""Files and the command for `neo4j-admin database import full`, into an empty Neo4j."""

import json
import shlex
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from graphmodel.errors import OutputError
from graphmodel.graph import ChainGraph
from graphmodel.kinds import KINDS
from graphmodel.schema import Column, Property, Type
from loaders.neo4j_push import BATCH
from loaders.neo4j_records import (
    ID,
    PUSH,
    SOURCE,
    Record,
    check_ids,
    columns_of,
    edge_ids,
    edge_records,
    filled,
    fingerprint,
    is_list,
    node_records,
)
from loaders.neo4j_schema import BOOK, constraints, indexes

_CHUNK: Final = 10_000
_TYPES: Final = {
    Type.INTEGER: "long",
    Type.NUMBER: "double",
    Type.SHARE: "double",
    Type.GROWTH: "double",
    Type.MONEY: "double",
    Type.BOOLEAN: "boolean",
}
_OWN: Final = {"row": "long", "inferred": "boolean", "complete": "boolean", "step": "long"}


def bulk(graph: ChainGraph, folder: Path, *, source: str = "", database: str = "neo4j") -> str:
    """Write the files and return the command that imports them, to be run in `folder`.

    Besides the data, `folder` takes `constraints.cypher`, to be run once the database is up.

    Args:
        graph: The graph.
        folder: Folder to make; it must not hold anything yet.
        source: Name of the source; empty takes the graph's own.
        database: Database to import into; what it held is replaced.

    Raises:
        OutputError: The folder holds something already.
        UsageError: Two nodes of one kind share an id.
    """
    check_ids(graph)
    if folder.exists() and any(folder.iterdir()):
        msg = f"“{folder}”不是空文件夹，请另选一个。 {str(folder)!r} is not empty; choose another."
        raise OutputError(msg)
    folder.mkdir(parents=True, exist_ok=True)
    given: Record = {SOURCE: source or graph.name, PUSH: f"{fingerprint(graph)}-{BATCH}"}
    words = ["neo4j-admin", "database", "import", "full", database, "--overwrite-destination"]
    words += ["--multiline-fields=true", f"--nodes={BOOK}={_book(graph, folder, given)}"]
    words += [f"--nodes={kind}={name}" for kind, name in _nodes(graph, folder, given)]
    words += [f"--relationships={kind}={name}" for kind, name in _edges(graph, folder, given)]
    lines = [f"{statement};" for statement in [*constraints(), *indexes()]]
    (folder / "constraints.cypher").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return shlex.join(words)


def _book(graph: ChainGraph, folder: Path, given: Record) -> str:
    files = json.dumps([asdict(file) for file in graph.files], ensure_ascii=False)
    row = {SOURCE: given[SOURCE], "push": given[PUSH], "name": graph.name, "files": files}
    row |= {"complete": True, "step": 0}
    path = folder / f"{BOOK}.csv"
    _write(path, iter([[row]]), list(row), {SOURCE: f"{SOURCE}:ID({BOOK})"}, {})
    return path.name


def _nodes(graph: ChainGraph, folder: Path, given: Record) -> list[tuple[str, str]]:
    written = []
    for kind, table in graph.nodes.items():
        if not len(table):
            continue
        path = folder / f"{kind}.csv"
        chunks = (
            [{**row, **given} for row in node_records(graph, kind, start, start + _CHUNK)]
            for start in range(0, len(table), _CHUNK)
        )
        names = [ID, *filled(table.drop(columns="id"), KINDS[kind]), *given]
        _write(path, chunks, names, {ID: f"{ID}:ID({kind})"}, columns_of(KINDS[kind]))
        written.append((kind, path.name))
    return written


def _edges(graph: ChainGraph, folder: Path, given: Record) -> list[tuple[str, str]]:
    written = []
    for kind, table in graph.edges.items():
        if not len(table):
            continue
        own = filled(table.drop(columns=["source", "target"]), KINDS[kind])
        names = ["s", "t", ID, *own, *given]
        ids = edge_ids(graph, kind)
        ends = [graph.kinds_of(table[end].to_numpy()) for end in ("source", "target")]
        for source, target in sorted(set(zip(*ends, strict=True))):
            found = np.flatnonzero((ends[0] == source) & (ends[1] == target))
            path = folder / f"{kind}-{source}-{target}.csv"
            chunks = (
                [{"s": row["s"], "t": row["t"], **row["p"], **given} for row in rows]
                for start in range(0, len(found), _CHUNK)
                if (rows := edge_records(graph, kind, ids, found[start : start + _CHUNK]))
            )
            heads = {"s": f":START_ID({source})", "t": f":END_ID({target})"}
            _write(path, chunks, names, heads, columns_of(KINDS[kind]))
            written.append((kind, path.name))
    return written


def _write(
    path: Path,
    chunks: Iterator[list[Record]],
    names: list[str],
    heads: dict[str, str],
    declared: dict[str, Column],
) -> None:
    """Write rows, a chunk at a time, with a header that says the type of every property."""
    types = {name: _type(name, declared.get(name)) for name in names}
    header = [heads.get(name, f"{name}:{types[name]}") for name in names]
    with path.open("w", encoding="utf-8", newline="") as file:
        pd.DataFrame(columns=header).to_csv(file, index=False, lineterminator="\n")
        for rows in chunks:
            table = pd.DataFrame(rows, columns=names, dtype=object)
            for name, type_ in types.items():
                if type_ == "boolean":
                    table[name] = table[name].map({True: "true", False: "false"})
                elif type_ == "string[]":
                    table[name] = table[name].str.join(";")
            table.to_csv(file, index=False, header=False, lineterminator="\n")


def _type(name: str, column: Column | None) -> str:
    """Return what the import calls the type of a property."""
    if column is not None and is_list(column):
        return "string[]"
    plain = _TYPES.get(column.type, "string") if isinstance(column, Property) else "string"
    return _OWN.get(name, plain)
