"""Answers written back to Neo4j, so that Cypher and Bloom can use them.

Gaps become nodes `Finding`, tied by `FOUND_IN` to their segments; scores of leads and risks become
properties of enterprises, scores of leads also of `IN_CHAIN`. All are marked with the run and the
parameters; the next push of the same source takes them away.
"""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from loaders.neo4j_push import BATCH
from loaders.neo4j_records import ID, PUSH, SOURCE, Record
from loaders.neo4j_schema import FINDING, FOUND_IN
from loaders.neo4j_server import Server, Statement

if TYPE_CHECKING:
    from graphmodel.question import Result

_FINDING: Final = (
    *("state", "also", "priority", "reason", "reason_en", "action", "action_en"),
    *("measure", "measure_en", "value", "threshold", "evidence"),
)
_TO_FINDING: Final = (
    f"UNWIND $rows AS row MATCH (s:Segment {{{SOURCE}: $source, {ID}: row.segment_id}})"
    f" MERGE (f:{FINDING} {{{SOURCE}: $source, {ID}: row.{ID}}}) SET f = row.p,"
    f" f.{SOURCE} = $source, f.{ID} = row.{ID}, f.{PUSH} = $run, f.run = $run, f.params = $params"
    f" MERGE (f)-[r:{FOUND_IN} {{{SOURCE}: $source, {ID}: row.{ID}}}]->(s)"
    f" SET r.{PUSH} = $run, r.inferred = true"
)
_TO_FIRM: Final = (
    f"UNWIND $rows AS row MATCH (n:Enterprise {{{SOURCE}: $source, {ID}: row.enterprise_id}})"
    " SET n += row.p"
)
_TO_MEMBER: Final = (
    f"UNWIND $rows AS row MATCH (n:Enterprise {{{SOURCE}: $source, {ID}: row.enterprise_id}})"
    f"-[r:IN_CHAIN {{{SOURCE}: $source}}]->(c:Chain {{{SOURCE}: $source, {ID}: row.chain_id}})"
    " SET r += row.p"
)


def write_answers(server: Server, source: str, answers: Mapping[str, "Result"], *, run: str) -> int:
    """Write answers to the graph of `source`; return how many rows were written.

    Args:
        server: Where the graph is.
        source: Name of its source, which must have been pushed.
        answers: Answers of `gaps`, `leads` and `risks` by name; others are left out.
        run: What marks this run, such as its moment.
    """
    written = 0
    for name, result in answers.items():
        params = json.dumps(result.params.values() | result.params.filters(), ensure_ascii=False)
        given = {"source": source, "run": run, "params": params}
        for text, rows in _statements(name, result, run, params):
            for start in range(0, len(rows), BATCH):
                server.write(Statement(text, {**given, "rows": rows[start : start + BATCH]}))
            written += len(rows)
    return written


def _statements(
    name: str, result: "Result", run: str, params: str
) -> list[tuple[str, list[Record]]]:
    rows = result.rows
    if name == "gaps":
        marked = rows.assign(name=rows["segment"], question="gaps")
        found = _records(marked, [*_FINDING, "name", "question"], ["segment_id"])
        return [(_TO_FINDING, [{**row, ID: f"gaps/{row['segment_id']}"} for row in found])]
    if name == "leads":
        named = rows.rename(
            columns={"score": "lead_score", "rank": "lead_rank", "top_probability": "lead_top"}
        ).assign(lead_chain=rows["chain_id"], lead_run=run, lead_params=params)
        own = ["lead_score", "lead_rank", "lead_top", "lead_run", "lead_params"]
        best = named.sort_values("lead_score", ascending=False).drop_duplicates("enterprise_id")
        firms = _records(best, [*own, "lead_chain"], ["enterprise_id"])
        return [
            (_TO_FIRM, firms),
            (_TO_MEMBER, _records(named, own, ["enterprise_id", "chain_id"])),
        ]
    if name == "risks":
        named = rows.rename(columns={"rank": "risk_rank", "esri": "risk_esri"})
        named = named.assign(risk_run=run, risk_params=params)
        own = ["risk_esri", "risk_rank", "single_source", "articulation", "risk_run", "risk_params"]
        return [(_TO_FIRM, _records(named, own, ["enterprise_id"]))]
    return []


def _records(rows: pd.DataFrame, properties: list[str], keys: list[str]) -> list[Record]:
    """Return rows as their keys and a map `p` of properties; blanks are null."""
    own = _plain(rows[properties])
    return [{**key, "p": each} for key, each in zip(_plain(rows[keys]), own, strict=True)]


def _plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    plain = table.astype(object)
    return plain.where(plain.notna(), None).to_dict("records")  # type: ignore[return-value]  # keys are names
