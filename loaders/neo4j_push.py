"""Push a graph to Neo4j: constraints, nodes, relations, and away with what is no longer said.

Every step is idempotent and is noted in the database together with its own rows, so that a push
that was stopped at any moment goes on where it stopped, and ends in the same graph.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from typing import Final

import numpy as np

from graphmodel.graph import ChainGraph
from graphmodel.kinds import EDGE_KINDS
from loaders.neo4j_leftovers import Counts, clean, counts
from loaders.neo4j_records import (
    ID,
    PUSH,
    SOURCE,
    Record,
    check_ids,
    edge_ids,
    edge_records,
    fingerprint,
    node_records,
)
from loaders.neo4j_schema import BOOK, constraints, indexes
from loaders.neo4j_server import Server, ServerError, Statement

BATCH: Final = 5_000
"""Rows of one transaction."""

Progress = Callable[[str, float], None]
Rows = Callable[[], list[Record]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A statement and the rows it unwinds, made when its turn comes."""

    what: str
    text: str
    size: int
    rows: Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What a push did.

    Attributes:
        nodes: Nodes that the source now has.
        relations: Relations that the source now has.
        removed: Nodes and relations of the source's previous push that are gone.
        released: Nodes no longer said that stay, since something not of Liantu is tied to them.
        resumed: Rows that an interrupted push had already written.
    """

    nodes: int
    relations: int
    removed: int
    released: int
    resumed: int


def node_statement(kind: str) -> str:
    """Return the statement that writes nodes of `kind`."""
    return (
        f"UNWIND $rows AS row MERGE (n:{kind} {{{SOURCE}: $source, {ID}: row.{ID}}})"
        f" SET n = row, n.{SOURCE} = $source, n.{PUSH} = $push"
    )


def edge_statement(kind: str, source: str, target: str) -> str:
    """Return the statement that writes relations of `kind` between nodes of two kinds.

    An undirected tie that is there the other way round is the same tie.
    """
    arrow = "->" if EDGE_KINDS[kind].directed else "-"
    return (
        f"UNWIND $rows AS row"
        f" MATCH (s:{source} {{{SOURCE}: $source, {ID}: row.s}})"
        f" MATCH (t:{target} {{{SOURCE}: $source, {ID}: row.t}})"
        f" MERGE (s)-[r:{kind} {{{SOURCE}: $source, {ID}: row.p.{ID}}}]{arrow}(t)"
        f" SET r = row.p, r.{SOURCE} = $source, r.{PUSH} = $push"
    )


def steps(graph: ChainGraph, *, batch: int = BATCH) -> list[Step]:
    """Return everything a push writes, in order: nodes, then relations."""
    return [*_node_steps(graph, batch), *_edge_steps(graph, batch)]


def _node_steps(graph: ChainGraph, batch: int) -> Iterator[Step]:
    for kind, table in graph.nodes.items():
        for start in range(0, len(table), batch):
            stop = min(start + batch, len(table))
            yield Step(
                what=kind,
                text=node_statement(kind),
                size=stop - start,
                rows=partial(node_records, graph, kind, start, stop),
            )


def _edge_steps(graph: ChainGraph, batch: int) -> Iterator[Step]:
    for kind, table in graph.edges.items():
        if not len(table):
            continue
        ids = edge_ids(graph, kind)
        ends = [graph.kinds_of(table[end].to_numpy()) for end in ("source", "target")]
        pairs = sorted(set(zip(*ends, strict=True)))
        for source, target in pairs:
            found = np.flatnonzero((ends[0] == source) & (ends[1] == target))
            for start in range(0, len(found), batch):
                rows = found[start : start + batch]
                yield Step(
                    what=kind,
                    text=edge_statement(kind, source, target),
                    size=len(rows),
                    rows=partial(edge_records, graph, kind, ids, rows),
                )


def plan(graph: ChainGraph, *, batch: int = BATCH) -> list[str]:
    """Return what a push would do, one line each, without a server."""
    check_ids(graph)
    lines = [f"{len(constraints())} constraints, {len(indexes())} indexes"]
    number: dict[str, list[int]] = {}
    for step in steps(graph, batch=batch):
        number.setdefault(step.what, []).append(step.size)
    lines += [f"{what}: {sum(sizes)} ({len(sizes)} batches)" for what, sizes in number.items()]
    return lines


def push(
    graph: ChainGraph,
    server: Server,
    *,
    source: str = "",
    batch: int = BATCH,
    progress: Progress | None = None,
) -> Pushed:
    """Write the graph under the name `source`, and take away what that source no longer says.

    Args:
        graph: The graph.
        server: Where it goes.
        source: Name that every node and relation carries; empty takes the graph's own.
        batch: Rows per transaction; an interrupted push resumes only with the same number.
        progress: Called as the work goes on.

    Raises:
        UsageError: Two nodes of one kind share an id.
        ServerError: The server refuses or is gone; the same push may be run again.
    """
    check_ids(graph)
    name, tell = source or graph.name, progress or (lambda _what, _share: None)
    tell("约束 constraints", 0.0)
    server.write(*(Statement(text, {}) for text in [*constraints(), *indexes()]))
    mark = f"{fingerprint(graph)}-{batch}"
    todo = steps(graph, batch=batch)
    done = _begin(server, graph, name, mark)
    resumed = _write(server, todo, name, mark, batch, done, tell)
    there = counts(server, name, mark=mark)
    if resumed and _lacking(graph, there):  # somebody took away what was written before
        _write(server, todo, name, mark, batch, 0, tell)
        there = counts(server, name, mark=mark)
    tell("清理 cleaning", 0.97)
    removed, released = clean(server, name, mark, there)
    if lacking := _lacking(graph, there):
        msg = (
            f"写入后的数目与来源不符：{lacking}；请确认没有别人同时写入，再运行一次。"
            f" The database does not hold all that was written: {lacking}; make sure that nobody"
            " else writes the same source, and push again."
        )
        raise ServerError(msg)
    server.write(
        Statement(
            f"MATCH (b:{BOOK} {{{SOURCE}: $source}}) SET b.complete = true, b.step = 0",
            {"source": name},
        )
    )
    tell("完成 done", 1.0)
    nodes = sum(map(len, graph.nodes.values()))
    relations = sum(map(len, graph.edges.values()))
    return Pushed(
        nodes=nodes, relations=relations, removed=removed, released=released, resumed=resumed
    )


def _begin(server: Server, graph: ChainGraph, source: str, mark: str) -> int:
    """Open the book of the source and return how many steps an interrupted push had done."""
    files = json.dumps([asdict(file) for file in graph.files], ensure_ascii=False)
    text = (
        f"MERGE (b:{BOOK} {{{SOURCE}: $source}})"
        " WITH b, CASE WHEN b.complete = false AND b.push = $push THEN b.step ELSE 0 END AS done"
        " SET b.push = $push, b.step = done, b.complete = false, b.name = $name, b.files = $files"
        " RETURN done"
    )
    given = {"source": source, "push": mark, "name": graph.name, "files": files}
    return int(server.write(Statement(text, given))[0]["done"] or 0)


def _write(
    server: Server, todo: list[Step], source: str, mark: str, batch: int, done: int, tell: Progress
) -> int:
    """Run the steps after the first `done`; return the rows that these held."""
    note = f"MATCH (b:{BOOK} {{{SOURCE}: $source}}) SET b.step = $step"
    total = sum(step.size for step in todo) or 1
    written = skipped = sum(step.size for step in todo[:done])
    for together, statements in _ahead(transactions(todo[done:], batch), source, mark):
        done += len(together)
        server.write(*statements, Statement(note, {"source": source, "step": done}))
        written += sum(step.size for step in together)
        tell(together[-1].what, 0.95 * written / total)
    return skipped


def _ahead(
    todo: Iterator[list[Step]], source: str, mark: str
) -> Iterator[tuple[list[Step], list[Statement]]]:
    """Yield the steps of each transaction with their statements; the next are made meanwhile."""

    def made(together: list[Step]) -> tuple[list[Step], list[Statement]]:
        given = {"source": source, "push": mark}
        return together, [Statement(step.text, {"rows": step.rows(), **given}) for step in together]

    with ThreadPoolExecutor(max_workers=1) as worker:
        coming: Future[tuple[list[Step], list[Statement]]] | None = None
        for together in todo:
            later = worker.submit(made, together)
            if coming:
                yield coming.result()
            coming = later
        if coming:
            yield coming.result()


def transactions(todo: Sequence[Step], batch: int) -> Iterator[list[Step]]:
    """Yield steps that go into one transaction: as many as hold no more than `batch` rows."""
    together: list[Step] = []
    for step in todo:
        if together and sum(each.size for each in together) + step.size > batch:
            yield together
            together = []
        together.append(step)
    if together:
        yield together


def _lacking(graph: ChainGraph, there: Counts) -> dict[str, str]:
    """Return, for each kind of which not everything is there, found and expected numbers."""
    tables = {**graph.nodes, **graph.edges}
    found = {kind: there[kind][1] if kind in there else 0 for kind in tables}
    return {k: f"{found[k]}/{len(t)}" for k, t in tables.items() if found[k] != len(t)}


def remove(server: Server, source: str) -> int:
    """Remove everything that pushes of `source` wrote; return how many nodes and relations."""
    removed, _ = clean(server, source, "-", counts(server, source))
    server.write(Statement(f"MATCH (b:{BOOK} {{{SOURCE}: $source}}) DELETE b", {"source": source}))
    return removed
