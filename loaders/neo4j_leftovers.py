"""What the database holds of a source, by kind, and away with what the source no longer says."""

from collections.abc import Mapping
from typing import Any, Final

from loaders.neo4j_records import PUSH, SOURCE
from loaders.neo4j_schema import LABELS, TYPES
from loaders.neo4j_server import Server, Statement

Counts = Mapping[str, tuple[int, int]]
"""For each kind, how many there are, and how many bear the mark of the present push."""

_LIMIT: Final = 10_000
"""Nodes or relations removed in one transaction."""


def counts(server: Server, source: str, *, mark: str = "") -> dict[str, tuple[int, int]]:
    """Return how many nodes or relations of each kind a source has, and how many bear the mark.

    Kinds of which there are none are left out.
    """
    known = f"count(x) AS n, sum(CASE WHEN x.{PUSH} = $push THEN 1 ELSE 0 END) AS fresh"
    nodes = (
        f"MATCH (x:{'|'.join(LABELS)}) WHERE x.{SOURCE} = $source"
        f" UNWIND labels(x) AS kind RETURN kind, {known}"
    )
    relations = (
        f"MATCH ()-[x:{'|'.join(TYPES)}]->() WHERE x.{SOURCE} = $source"
        f" RETURN type(x) AS kind, {known}"
    )
    given = {"source": source, "push": mark}
    found = [row for text in (nodes, relations) for row in server.read(Statement(text, given))]
    return {row["kind"]: (row["n"], row["fresh"]) for row in found}


def clean(server: Server, source: str, mark: str, there: Counts) -> tuple[int, int]:
    """Remove what earlier pushes of this source wrote and this one did not; return how many.

    A node to which a relation is tied that Liantu did not write stays, without its source; the
    second number is of these.
    """
    given = {"source": source, "push": mark, "limit": _LIMIT}
    stale = f"coalesce(x.{PUSH}, '') <> $push WITH x LIMIT $limit"
    old = {kind: number - fresh for kind, (number, fresh) in there.items() if number > fresh}
    removed = released = 0
    for type_ in (t for t in TYPES if t in old):
        text = f"MATCH ()-[x:{type_} {{{SOURCE}: $source}}]->() WHERE {stale}"
        removed += _repeat(server, f"{text} DELETE x RETURN count(*) AS n", given)
    for label in (n for n in LABELS if n in old):
        text = f"MATCH (x:{label} {{{SOURCE}: $source}}) WHERE"
        alone = f"{text} NOT EXISTS {{ (x)--() }} AND {stale} DELETE x RETURN count(*) AS n"
        gone = _repeat(server, alone, given)
        removed += gone
        if gone < old[label]:
            let_go = f"{text} {stale} REMOVE x.{SOURCE}, x.{PUSH} RETURN count(*) AS n"
            released += _repeat(server, let_go, given)
    return removed, released


def _repeat(server: Server, text: str, given: dict[str, Any]) -> int:
    total, limit = 0, int(given["limit"])
    while True:
        number = int(server.write(Statement(text, given))[0]["n"])
        total += number
        if number < limit:
            return total
