"""A push that is killed, or loses its server, goes on and ends in the graph of a clean load."""

import os
import pickle
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from neo4j_samples import sample as sample_graph
from neo4j_servers import LTS, Servers
from neo4j_wire import Wire, answering_as

from graphmodel.errors import UsageError
from loaders import neo4j_server as server_module
from loaders.neo4j_pull import pull
from loaders.neo4j_push import push, remove, steps, transactions
from loaders.neo4j_server import Credentials, Server, ServerError, Statement, connect

PUSHER = Path(__file__).parent / "neo4j_pusher.py"
BATCH = 10


@pytest.fixture
def who(neo4j_servers: Servers) -> Credentials:
    """How to reach the long-term version."""
    return neo4j_servers.credentials(LTS)


def content(server: Server, source: str) -> list[dict[str, object]]:
    """Return all that the database holds of a source, without its name, in order."""
    own = "[k IN keys(x) WHERE NOT k IN ['liantu_source', 'liantu_push'] | [k, x[k]]]"
    text = (
        f"MATCH (x {{liantu_source: $source}}) RETURN labels(x) AS kind, x.liantu_id AS id,"
        f" '' AS a, '' AS b, {own} AS said UNION ALL"
        f" MATCH (s)-[x {{liantu_source: $source}}]->(t) RETURN [type(x)] AS kind,"
        f" x.liantu_id AS id, s.liantu_id AS a, t.liantu_id AS b, {own} AS said"
    )
    found = server.read(Statement(text, {"source": source}))
    for row in found:
        row["said"] = sorted(row["said"], key=str)
    return sorted((row for row in found if row["kind"] != ["LiantuSource"]), key=str)


def pusher(graph: Path, who: Credentials, source: str) -> "subprocess.Popen[str]":
    environment = {
        "NEO4J_URI": who.uri,
        "NEO4J_USERNAME": who.username,
        "NEO4J_PASSWORD": who.password,
        "NEO4J_DATABASE": who.database,
    }
    return subprocess.Popen(  # noqa: S603  # our own script
        [sys.executable, str(PUSHER), str(graph), source, str(BATCH)],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_ten_kills_at_random_moments_change_nothing(tmp_path: Path, who: Credentials) -> None:
    graph, chance = sample_graph("jiangsu"), Random(20261122)  # noqa: S311  # repeatable
    number = len(list(transactions(steps(graph, batch=BATCH), BATCH)))
    assert number > 30
    pickled = tmp_path / "graph"
    tables = dict(graph.nodes), dict(graph.edges)
    pickled.write_bytes(pickle.dumps((*tables, list(graph.files), graph.name)))
    for _ in range(10):
        process = pusher(pickled, who, "杀")
        assert process.stdout
        for _ in range(chance.randint(1, 2 + number // 11)):
            assert process.stdout.readline()
        time.sleep(chance.random() * 0.05)
        process.kill()
        process.communicate()
        assert process.returncode < 0
        with connect(who) as server, pytest.raises(UsageError, match="push it again"):
            pull(server, source="杀")
    last = pusher(pickled, who, "杀")
    said, _ = last.communicate()
    assert last.returncode == 0
    resumed = int(said.split()[-1])
    with connect(who) as server:
        push(graph, server, source="净")
        assert 0 < resumed < graph.size + sum(map(len, graph.edges.values()))
        assert pull(server, source="杀").equals(graph)
        assert content(server, "杀") == content(server, "净")
        remove(server, "杀")
        remove(server, "净")


def through(wire: Wire, who: Credentials) -> Credentials:
    return replace(who, uri=f"bolt://127.0.0.1:{wire.port}")


def port_of(who: Credentials) -> int:
    return int(who.uri.rpartition(":")[2])


def test_a_connection_that_breaks_once_is_mended_in_silence(who: Credentials) -> None:
    graph = sample_graph("jiangsu")
    wire = Wire(port_of(who), breaks_after=60_000, mends=True)
    with connect(through(wire, who)) as server:
        push(graph, server, source="断", batch=100)
        assert wire.broken == 1
        assert pull(server, source="断").equals(graph)
        remove(server, "断")
    wire.close()


def test_a_connection_lost_for_good_is_said_and_the_push_goes_on_later(
    who: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "_RETRY", 0.5)
    graph = sample_graph("jiangsu")
    wire = Wire(port_of(who), breaks_after=60_000, mends=False)
    with (
        pytest.raises(ServerError, match="run the same command again"),
        connect(through(wire, who)) as server,
    ):
        push(graph, server, source="断", batch=100)
    assert wire.broken == 1
    wire.close()
    with connect(who) as server:
        assert push(graph, server, source="断", batch=100).resumed > 0
        assert pull(server, source="断").equals(graph)
        remove(server, "断")


def test_a_server_that_is_too_old_is_refused_by_version() -> None:
    for agent, bolt, fine in (
        ("Neo4j/4.4.30", (4, 4), False),
        ("Neo4j/5.25.1", (5, 6), False),
        ("Neo4j/5.26.0", (5, 6), True),
    ):
        with answering_as(agent, bolt) as port:
            old = Credentials(
                uri=f"bolt://127.0.0.1:{port}", username="u", password="x" * 12, database="neo4j"
            )
            if fine:
                with connect(old):
                    pass
                continue
            with pytest.raises(ServerError, match="which is too old"), connect(old):
                pass
