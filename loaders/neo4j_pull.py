"""Pull a graph back from Neo4j, exactly as it was pushed."""

import json
from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from graphmodel.errors import UsageError
from graphmodel.graph import ChainGraph, SourceFile
from graphmodel.kinds import EDGE_KINDS, NODE_KINDS
from graphmodel.tables import ORIGIN
from loaders.neo4j_leftovers import counts
from loaders.neo4j_records import ID, SOURCE, coded, table_of
from loaders.neo4j_schema import BOOK
from loaders.neo4j_server import Server, Statement

_CHUNK: Final = 20_000


def sources(server: Server) -> list[str]:
    """Return the names of the sources in the database."""
    rows = server.read(Statement(f"MATCH (b:{BOOK}) RETURN b.{SOURCE} AS name ORDER BY name", {}))
    return [row["name"] for row in rows]


def chosen(server: Server, source: str = "") -> str:
    """Return the source asked for, or the only one there is.

    Raises:
        UsageError: There is no such source, or there are several and none was named.
    """
    there = sources(server)
    if source in there:
        return source
    if not source and len(there) == 1:
        return there[0]
    listed = "、".join(there) or "无 (none)"
    if source:
        msg = (
            f"数据库里没有来源“{source}”；现有：{listed}。请先运行 liantu neo4j push。"
            f" There is no source {source!r} in the database; there are: {listed}. Push it first."
        )
    else:
        msg = f"请用 --source 写明要哪个来源：{listed}。 Say which source with --source: {listed}."
    raise UsageError(msg)


def pull(server: Server, *, source: str = "") -> ChainGraph:
    """Return the graph of a source; the rows of each table are sorted by where they were written.

    Properties that Liantu did not write are left out.

    Raises:
        UsageError: There is no such source, or its last push was interrupted.
    """
    name = chosen(server, source)
    book = server.read(
        Statement(
            f"MATCH (b:{BOOK} {{{SOURCE}: $source}}) RETURN properties(b) AS b", {"source": name}
        )
    )[0]["b"]
    if not book.get("complete"):
        msg = (
            f"来源“{name}”上次没有推送完：请先把 liantu neo4j push 再运行一次。"
            f" The last push of {name!r} was interrupted: push it again first."
        )
        raise UsageError(msg)
    there = counts(server, name)
    tables = {k: table_of(k, _nodes(server, k, name)) for k in there if k in NODE_KINDS}
    tables |= {k: table_of(k, _edges(server, k, name)) for k in there if k in EDGE_KINDS}
    full = coded({kind: _ordered(table) for kind, table in tables.items()})
    return ChainGraph(
        {kind: full[kind] for kind in NODE_KINDS if kind in full},
        {kind: full[kind] for kind in EDGE_KINDS if kind in full},
        files=[SourceFile(**file) for file in json.loads(book["files"])],
        name=book["name"],
    )


def _nodes(server: Server, kind: str, source: str) -> Iterator[list[dict[str, Any]]]:
    text = f"MATCH (n:{kind} {{{SOURCE}: $source}}) RETURN properties(n) AS p"
    for rows in server.stream(Statement(text, {"source": source}), _CHUNK):
        yield [row["p"] for row in rows]


def _edges(server: Server, kind: str, source: str) -> Iterator[list[dict[str, Any]]]:
    text = (
        f"MATCH (s)-[r:{kind} {{{SOURCE}: $source}}]->(t)"
        f" RETURN labels(s) AS a, s.{ID} AS s, labels(t) AS b, t.{ID} AS t, properties(r) AS p"
    )
    for rows in server.stream(Statement(text, {"source": source}), _CHUNK):
        yield [
            {
                **row["p"],
                "source": f"{_kind(row['a'])}:{row['s']}",
                "target": f"{_kind(row['b'])}:{row['t']}",
            }
            for row in rows
        ]


def _kind(labels: list[str]) -> str:
    """Return the one label that is declared; people may have added others."""
    return next((label for label in labels if label in NODE_KINDS), "")


def _ordered(table: pd.DataFrame) -> pd.DataFrame:
    """Sort rows by where they were written, then by what tells them apart."""
    by = [name for name in (*ORIGIN, "source", "target", "id") if name in table]
    return table.sort_values(by, ignore_index=True, kind="stable")
