"""Push and pull against a real Neo4j: the same graph back, whatever it says or stops it."""

from collections.abc import Iterator
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, Final

import pytest
from neo4j_samples import sample as sample_graph
from neo4j_servers import VERSIONS

from graphmodel.errors import UsageError
from graphmodel.graph import ChainGraph
from graphmodel.kinds import EDGE_KINDS, NODE_KINDS
from loaders import load_rows
from loaders.neo4j_pull import pull, sources
from loaders.neo4j_push import BATCH, Progress, push, remove, steps, transactions
from loaders.neo4j_records import edge_ids, fingerprint
from loaders.neo4j_schema import TYPES, constraints
from loaders.neo4j_server import Credentials, Server, ServerError, Statement, connect

DOCS: Final = Path(__file__).parent.parent / "docs"
HOSTILE: Final = [
    "'}) DETACH DELETE n //",
    "`x` {a: 1}",
    '"); MATCH (n) DETACH DELETE n; //',
    "$source}} \\u0027 {{row}}",
    "反斜\\线'",
]


@pytest.fixture
def emptied(neo4j_server: Server) -> Iterator[Server]:
    """A server on which no source stays behind."""
    yield neo4j_server
    neo4j_server.write(Statement("MATCH (n) DETACH DELETE n", {}))


def small(*, amount: str = "100", name: str = "甲公司", extra: str = "一") -> ChainGraph:
    return load_rows(
        {
            "企业": [
                ["企业名称", "地区", "资质", "备考"],
                [name, "南京市", "高新技术企业、专精特新", extra],
                ["乙公司", "南京市", "", ""],
            ],
            "供应关系": [
                ["供方", "需方", "产品", "金额（万元）", "年份"],
                [name, "乙公司", "泵", amount, "2026"],
                [name, "乙公司", "泵", "90", "2025"],
                [name, "乙公司", "阀", "80", "2026"],
            ],
        },
        name="小例",
    ).graph  # fmt: skip


class Stopped(Exception):  # noqa: N818  # it stands for a kill
    """What the end of a process looks like from within."""


def stopping(after: int) -> Progress:
    """Return what stops a push after so many transactions with rows."""
    told: list[str] = []

    def tell(what: str, _share: float) -> None:
        told.append(what)
        if len(told) == after + 1:
            raise Stopped

    return tell


def rows(server: Server, text: str) -> list[dict[str, Any]]:
    return server.read(Statement(text, {}))


def foreign(graph: ChainGraph) -> set[str]:
    """Columns that only this graph's own files have."""
    return {c for t in graph.nodes.values() for c in map(str, t.columns) if c.startswith("extra:")}


@pytest.mark.parametrize("neo4j_credentials", VERSIONS, indirect=True)
@pytest.mark.parametrize("sample", ["jiangsu", "chenglan"])
def test_what_was_pushed_is_pulled_twice_over(sample: str, emptied: Server) -> None:
    graph = sample_graph(sample)
    push(graph, emptied, source="once")
    again = push(graph, emptied, source="once")
    assert (again.removed, again.released, again.resumed) == (0, 0, 0)
    back = pull(emptied, source="once")
    assert back.equals(graph)
    assert back.files == graph.files
    assert back.name == graph.name


def test_parallel_supplies_stay_apart_and_origin_returns(emptied: Server) -> None:
    graph = small()
    assert foreign(graph) == {"extra:备考"}
    push(graph, emptied)
    found = rows(emptied, "MATCH (:Enterprise)-[r:SUPPLIES]->() RETURN r.product AS p, r.year AS y")
    assert sorted((row["p"], row["y"]) for row in found) == [
        ("泵", 2025), ("泵", 2026), ("阀", 2026),
    ]  # fmt: skip
    back = pull(emptied, source="小例")
    assert back.equals(graph)
    assert back.edges["SUPPLIES"]["row"].tolist() == [2, 3, 4]
    assert back.nodes["Enterprise"]["extra:备考"].tolist()[0] == "一"


def test_lists_and_references_read_naturally_in_cypher(emptied: Server) -> None:
    push(small(), emptied)
    found = rows(
        emptied,
        "MATCH (e:Enterprise)-[r:SUPPLIES]->() WHERE '专精特新' IN e.qualifications"
        " MATCH (p:Product {liantu_source: e.liantu_source, liantu_id: r.product})"
        " RETURN DISTINCT p.name AS name ORDER BY name",
    )
    assert [row["name"] for row in found] == ["泵", "阀"]


def test_a_later_push_takes_away_only_what_its_source_no_longer_says(emptied: Server) -> None:
    push(small(), emptied, source="一月")
    push(small(), emptied, source="别处")
    emptied.write(Statement("CREATE (:Mine {name: 'note'})", {}))
    later = load_rows({"企业": [["企业名称", "地区"], ["乙公司", "南京市"]]}, name="小例").graph
    pushed = push(later, emptied, source="一月")
    assert pushed.removed > 0
    assert pull(emptied, source="一月").equals(later)
    assert pull(emptied, source="别处").equals(small())
    assert rows(emptied, "MATCH (m:Mine) RETURN count(m) AS n")[0]["n"] == 1


def test_a_node_somebody_tied_a_relation_to_is_let_go_not_deleted(emptied: Server) -> None:
    push(small(), emptied)
    emptied.write(
        Statement(
            "MATCH (e:Enterprise {name: '甲公司'}) CREATE (:Mine {name: 'note'})-[:ABOUT_IT]->(e)",
            {},
        )
    )
    later = load_rows({"企业": [["企业名称", "地区"], ["乙公司", "南京市"]]}, name="小例").graph
    assert push(later, emptied).released == 1
    assert rows(emptied, "MATCH (:Mine)-[:ABOUT_IT]->(e) RETURN e.name AS n") == [{"n": "甲公司"}]
    assert pull(emptied, source="小例").equals(later)


def test_hostile_names_change_nothing_but_themselves(emptied: Server) -> None:
    rows = [[f"{name}公司", name] for name in HOSTILE]
    graph = load_rows({"企业": [["企业名称", HOSTILE[0]], *rows]}, name=HOSTILE[1]).graph
    source = " ".join(HOSTILE)
    push(graph, emptied, source=source)
    push(small(), emptied, source="别处")
    assert pull(emptied, source=source).equals(graph)
    assert remove(emptied, source) > 0
    assert sources(emptied) == ["别处"]
    assert pull(emptied, source="别处").equals(small())


def test_an_interrupted_push_goes_on_where_it_stopped(emptied: Server) -> None:
    graph = small()
    for stop in (1, 2, 4):
        with pytest.raises(Stopped):
            push(graph, emptied, source="停", batch=2, progress=stopping(stop))
        with pytest.raises(UsageError, match="push it again"):
            pull(emptied, source="停")
        assert push(graph, emptied, source="停", batch=2).resumed > 0
        assert pull(emptied, source="停").equals(graph)
        remove(emptied, "停")


def test_a_resumed_push_notices_what_was_lost_meanwhile(emptied: Server) -> None:
    graph = small()
    push(graph, emptied, source="停")
    emptied.write(
        Statement(
            "MATCH (b:LiantuSource {liantu_source: '停'}) SET b.complete = false, b.step = $done"
            " WITH b MATCH (e:Enterprise {liantu_source: '停'}) DETACH DELETE e",
            {"done": len(steps(graph))},
        )
    )
    assert push(graph, emptied, source="停").resumed > 0
    assert pull(emptied, source="停").equals(graph)


def test_pull_asks_which_source(emptied: Server) -> None:
    with pytest.raises(UsageError, match="Push it first"):
        pull(emptied, source="没有")
    push(small(), emptied, source="一")
    assert pull(emptied).equals(small())
    push(small(), emptied, source="二")
    with pytest.raises(UsageError, match="一、二"):
        pull(emptied)


def test_wrong_password_wrong_database_and_no_server_are_said_plainly(
    neo4j_credentials: Credentials,
) -> None:
    right = neo4j_credentials
    secret = "hunter2-" + "secret"
    wrong = {
        "Wrong user name or password": replace(right, password=secret),
        "no database 'nowhere'": replace(right, database="nowhere"),
        "No server answers": replace(right, uri="bolt://127.0.0.1:1", password=secret),
        "no Bolt address": replace(right, uri="http://127.0.0.1", password=secret),
    }
    for sentence, who in wrong.items():
        with pytest.raises(ServerError, match=sentence) as caught, connect(who) as server:
            sources(server)
        assert secret not in f"{caught.value}{caught.value.__cause__}{who!r}"


def test_a_reading_transaction_cannot_write(emptied: Server) -> None:
    with pytest.raises(ServerError, match="only reads"):
        emptied.ask(Statement("CREATE (n:Mine) RETURN n", {}))
    assert rows(emptied, "MATCH (n:Mine) RETURN count(n) AS n")[0]["n"] == 0


# without a server ---------------------------------------------------------------------------------


def test_every_kind_has_its_constraint() -> None:
    text = "\n".join(constraints())
    for kind in NODE_KINDS:
        assert f"(x:{kind})" in text
    for kind in TYPES:
        assert f"[x:{kind}]" in text
    assert set(EDGE_KINDS) < set(TYPES)


def test_identity_is_stable_and_tells_keys_apart() -> None:
    graph = small()
    ids = edge_ids(graph, "SUPPLIES")
    assert ids == edge_ids(small(amount="7"), "SUPPLIES")
    assert len(set(ids)) == 3
    assert ids[0] == edge_ids(small(extra="二"), "SUPPLIES")[0]
    assert not set(ids) & set(edge_ids(small(name="丙公司"), "SUPPLIES"))
    assert fingerprint(graph) == fingerprint(small())
    assert fingerprint(graph) != fingerprint(small(amount="7"))


def test_steps_hold_every_row_once() -> None:
    graph = sample_graph("chenglan")
    found = steps(graph, batch=97)
    assert max(step.size for step in found) <= 97 < BATCH
    expected = graph.size + sum(map(len, graph.edges.values()))
    assert sum(len(step.rows()) for step in found) == expected


def test_transactions_hold_no_more_than_a_batch_and_every_step_once() -> None:
    found = steps(sample_graph("chenglan"), batch=300)
    together = list(transactions(found, 300))
    assert [step for each in together for step in each] == found
    sizes = [sum(step.size for step in each) for each in together]
    assert max(sizes) <= 300
    assert all(a + each[0].size > 300 for a, each in zip(sizes, together[1:], strict=False))


def test_the_page_of_the_schema_is_what_the_declaration_makes() -> None:
    spec = spec_from_file_location("build_neo4j", DOCS / "build_neo4j.py")
    assert spec
    assert spec.loader
    build = module_from_spec(spec)
    spec.loader.exec_module(build)
    page = (DOCS / "neo4j-schema.md").read_text(encoding="utf-8")
    assert page == build.page(), "run docs/build_neo4j.py"
