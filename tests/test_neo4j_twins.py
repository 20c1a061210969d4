"""Twins in Cypher give the rows that Python gives: on samples and random graphs, on each engine."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from neo4j_random import random_sheets
from neo4j_samples import sample as sample_graph
from neo4j_servers import LATEST, LTS

from graphmodel.graph import ChainGraph
from loaders import load_rows
from loaders.neo4j_ask import ask
from loaders.neo4j_push import push, remove
from loaders.neo4j_server import Server
from queries import QUESTION_NAMES, question
from queries.saved import find_query, saved_queries, told

TWINS = [name for name in QUESTION_NAMES if name in saved_queries()]


def rows_of(rows: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401  # any table of values
    plain = [tuple(None if pd.isna(cell) else _plain(cell) for cell in row) for row in rows]
    return sorted(plain, key=str)


def _plain(cell: Any) -> Any:  # noqa: ANN401  # any value
    """Return numpy's scalars as Python's own, which are written, and so sorted, alike."""
    return cell.item() if isinstance(cell, np.generic) else cell


def compare(name: str, graph: ChainGraph, server: Server, **params: Any) -> int:  # noqa: ANN401  # any parameter
    """Assert that both answers agree; return the number of rows."""
    asked, query = question(name), find_query(name)
    twin = [column.name for column in asked.columns if column.twin]
    written = {key: str(value) for key, value in params.items()}
    names, rows = ask(server, query.text, query.given(written), source=graph.name)
    assert names == twin or not rows  # the embedded engine names no columns where there are no rows
    expected = asked.answer(graph, asked.params(**params)).rows[twin]
    assert rows_of(rows) == rows_of(expected.itertuples(index=False))
    return len(rows)


def test_every_parameter_of_a_twin_is_the_questions_own() -> None:
    assert TWINS == ["gaps", "needs", "coverage", "alliances", "pairings", "sourcing", "ladder"]
    for name in TWINS:
        defaults = {"chain": "", "region": "", **question(name).params().values()}
        for key, value in find_query(name).parameters.items():
            assert key == "source" or defaults[key] == value


@pytest.mark.parametrize(
    ("sample", "any_server"),
    [
        ("jiangsu", "embedded"), ("jiangsu", LTS),
        ("chenglan", "embedded"), ("chenglan", LTS), ("chenglan", LATEST),
    ],
    indirect=["any_server"],
)  # fmt: skip
def test_twins_agree_on_the_samples(sample: str, any_server: Server) -> None:
    graph = sample_graph(sample)
    push(graph, any_server)
    for name in TWINS:
        rows = compare(name, graph, any_server)
        assert rows > 0 or (name in {"needs", "sourcing"} and sample == "jiangsu")  # has none
    first = graph.nodes["Chain"]["id"].iloc[0]
    region = graph.nodes["Region"]["id"].iloc[-1]
    for name in TWINS:
        compare(name, graph, any_server, chain=first)
        compare(name, graph, any_server, region=region)
    for base in ("above_scale", "three_members", "key", "chain_members"):
        compare("coverage", graph, any_server, base=base, as_of="2026-02")
    compare("needs", graph, any_server, as_of="2026-02")
    compare("gaps", graph, any_server, min_firms=3, n_star=1.5, clustered_pairs=1)
    remove(any_server, sample)


@pytest.mark.parametrize("any_server", ["embedded", LTS], indirect=True)
@settings(
    max_examples=2,
    phases=[Phase.generate],  # to shrink against a server takes longer than to read the seed
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 10_000))
def test_twins_agree_on_random_graphs(seed: int, any_server: Server) -> None:
    graph = load_rows(random_sheets(seed), name="随机", allow_partial=True).graph
    push(graph, any_server)
    for name in TWINS:
        compare(name, graph, any_server)
    compare("gaps", graph, any_server, region="南京市", min_placed=0.3)
    for moment in ("2025", "2026-Q1", "2026-02-27", "2026-03"):
        compare("needs", graph, any_server, as_of=moment, region="江苏省")
    compare("coverage", graph, any_server, region="南京市", base="key", as_of="2026-03-31")


def test_rows_are_shown_with_the_questions_headers() -> None:
    query = find_query("gaps")
    asked, result = told(
        query, {"source": "s"}, ["chain", "extra"], [["氢能", [1, 2]], [None, None]]
    )
    assert [column.zh for column in asked.columns] == ["产业链", "extra"]
    assert result.rows["chain"].tolist()[0] == "氢能"
    assert result.rows["extra"].tolist()[0] == ["1", "2"]
