"""Answers written back: there to be asked about in Cypher, and gone with the next push."""

import json

import pandas as pd
from neo4j_samples import sample as sample_graph

from loaders.neo4j_answers import write_answers
from loaders.neo4j_pull import pull
from loaders.neo4j_push import push, remove
from loaders.neo4j_server import Server, Statement
from queries import question


def test_gaps_and_scores_are_written_back_and_taken_away(neo4j_server: Server) -> None:
    graph = sample_graph("chenglan")
    push(graph, neo4j_server, source="答案")
    answers = {
        name: question(name).answer(graph, question(name).params())
        for name in ("gaps", "leads", "risks")
    }
    for _ in range(2):
        write_answers(neo4j_server, "答案", answers, run="2026-11-22T08:00:00+08:00")
    found = neo4j_server.read(
        Statement(
            "MATCH (f:Finding {liantu_source: '答案'})-[:FOUND_IN]->(s:Segment)"
            " RETURN s.liantu_id AS id, f.state AS state, f.reason AS reason, f.run AS run",
            {},
        )
    )
    gaps = answers["gaps"].rows
    assert len(found) == len(gaps)
    states = {row["id"]: (row["state"], row["reason"]) for row in found}
    expected = zip(gaps["segment_id"], zip(gaps["state"], gaps["reason"], strict=True), strict=True)
    assert states == dict(expected)
    assert {row["run"] for row in found} == {"2026-11-22T08:00:00+08:00"}
    leads = answers["leads"].rows
    top = leads.sort_values("score", ascending=False).iloc[0]
    scored = neo4j_server.read(
        Statement(
            "MATCH (e:Enterprise {liantu_source: '答案'}) WHERE e.lead_score IS NOT NULL"
            " RETURN e.liantu_id AS id, e.lead_score AS score, e.lead_params AS params"
            " ORDER BY score DESC LIMIT 1",
            {},
        )
    )[0]
    assert (scored["id"], scored["score"]) == (top["enterprise_id"], top["score"])
    assert "{" in scored["params"]
    risks = answers["risks"].rows.set_index("enterprise_id")
    risky = neo4j_server.read(
        Statement(
            "MATCH (e:Enterprise {liantu_source: '答案'}) WHERE e.risk_run IS NOT NULL"
            " RETURN e.liantu_id AS id, e.risk_esri AS esri, e.risk_rank AS rank,"
            " e.single_source AS single, e.articulation AS point, e.risk_params AS params",
            {},
        )
    )
    assert {row["id"] for row in risky} == set(risks.index)
    for row in risky:
        said = risks.loc[row["id"], ["esri", "rank", "single_source", "articulation"]]
        expected = [None if pd.isna(value) else value for value in said]
        assert [row["esri"], row["rank"], row["single"], row["point"]] == expected
    assert any(row["esri"] for row in risky)
    assert json.loads(risky[0]["params"]).keys() >= {"sector", "epsilon"}
    assert pull(neo4j_server, source="答案").equals(graph)
    push(graph, neo4j_server, source="答案")
    left = Statement(
        "MATCH (n {liantu_source: '答案'}) WHERE n:Finding OR n.lead_score IS NOT NULL"
        " OR n.risk_run IS NOT NULL RETURN count(n) AS n",
        {},
    )
    assert neo4j_server.read(left) == [{"n": 0}]
    remove(neo4j_server, "答案")
