"""Files and the command for `neo4j-admin database import full`, into an empty Neo4j."""

import json
import shlex
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from graphmodel.errors import OutputError
from graphmodel.graph import ChainGraph
from graphmodel.kinds import KINDS
from graphmodel.schema import EdgeKind, NodeKind, Property, Type
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
    fingerprint,
    is_list,
    node_records,
)
from loaders.neo4j_schema import BOOK, constraints, indexes

_CHUNK: Final = 50_000
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
    given = {SOURCE: source or graph.name, PUSH: f"{fingerprint(graph)}-{BATCH}"}
    words = ["neo4j-admin", "database", "import", "full", database, "--overwrite-destination"]
    words += ["--multiline-fields=true", f"--nodes={BOOK}={_book(graph, folder, given)}"]
    words += [f"--nodes={kind}={name}" for kind, name in _nodes(graph, folder, given)]
    words += [f"--relationships={kind}={name}" for kind, name in _edges(graph, folder, given)]
    lines = [f"{statement};" for statement in [*constraints(), *indexes()]]
    (folder / "constraints.cypher").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return shlex.join(words)


def _book(graph: ChainGraph, folder: Path, given: dict[str, str]) -> str:
    files = json.dumps([asdict(file) for file in graph.files], ensure_ascii=False)
    row = {SOURCE: given[SOURCE], "push": given[PUSH], "name": graph.name, "files": files}
    path = folder / f"{BOOK}.csv"
    _write(path, [{**row, "complete": True, "step": 0}], {SOURCE: f"{SOURCE}:ID({BOOK})"}, None)
    return path.name


def _nodes(graph: ChainGraph, folder: Path, given: dict[str, str]) -> list[tuple[str, str]]:
    written = []
    for kind, table in graph.nodes.items():
        if len(table):
            path = folder / f"{kind}.csv"
            rows = [{**row, **given} for row in node_records(graph, kind, 0, len(table))]
            _write(path, rows, {ID: f"{ID}:ID({kind})"}, KINDS[kind])
            written.append((kind, path.name))
    return written


def _edges(graph: ChainGraph, folder: Path, given: dict[str, str]) -> list[tuple[str, str]]:
    written = []
    for kind, table in graph.edges.items():
        if not len(table):
            continue
        ids = edge_ids(graph, kind)
        ends = [graph.kinds_of(table[end].to_numpy()) for end in ("source", "target")]
        for source, target in sorted(set(zip(*ends, strict=True))):
            found = np.flatnonzero((ends[0] == source) & (ends[1] == target))
            path = folder / f"{kind}-{source}-{target}.csv"
            rows = [
                {"s": row["s"], "t": row["t"], **row["p"], **given}
                for start in range(0, len(found), _CHUNK)
                for row in edge_records(graph, kind, ids, found[start : start + _CHUNK])
            ]
            heads = {"s": f":START_ID({source})", "t": f":END_ID({target})"}
            _write(path, rows, heads, KINDS[kind])
            written.append((kind, path.name))
    return written


def _write(
    path: Path, rows: list[Record], heads: dict[str, str], kind: NodeKind | EdgeKind | None
) -> None:
    """Write rows with a header that says the type of every property."""
    declared = columns_of(kind) if kind else {}
    table = pd.DataFrame(rows, dtype=object)
    columns: dict[str, Any] = {}
    for name in map(str, table):
        column = declared.get(name)
        if column is not None and is_list(column):
            columns[f"{name}:string[]"] = table[name].str.join(";")
            continue
        type_ = _TYPES.get(column.type, "string") if isinstance(column, Property) else "string"
        type_ = _OWN.get(name, type_)
        cells = (
            table[name].map({True: "true", False: "false"}) if type_ == "boolean" else table[name]
        )
        columns[heads.get(name, f"{name}:{type_}")] = cells
    pd.DataFrame(columns).to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
