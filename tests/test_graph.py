"""The graph as a whole: its forms, comparison by content, and its parts."""

from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphmodel.errors import UsageError
from graphmodel.graph import ChainGraph, SourceFile
from graphmodel.kinds import EDGE_KINDS, NODE_KINDS

NAMES = {
    "Region": ["省", "市甲", "县甲一", "市乙"],
    "Chain": ["氢能", "纺织"],
    "Segment": ["制氢", "电堆", "印染"],
    "Product": ["电堆产品"],
    "Enterprise": ["甲", "乙", "丙", "丁"],
    "Alliance": ["氢能联盟"],
    "Need": ["甲的需求"],
    "Action": ["办甲的需求"],
    "Fact": ["氢能的指标", "纺织的指标"],
    "Scope": ["全部企业", "纺织环节"],
}


def town() -> ChainGraph:
    """Two chains in two cities: 甲 and 乙 make hydrogen, 丙 dyes, 丁 is a customer elsewhere."""
    sizes = {kind: len(names) for kind, names in NAMES.items()}
    starts = dict(
        zip(NODE_KINDS, np.cumsum([0] + [sizes.get(k, 0) for k in NODE_KINDS]), strict=False)
    )
    code = {name: int(starts[k]) + i for k, names in NAMES.items() for i, name in enumerate(names)}
    nodes = {k: pd.DataFrame({"id": names, "name": names}) for k, names in NAMES.items()}
    nodes["Product"]["chain"] = code["氢能"]
    nodes["Segment"]["parent"] = [-1, code["制氢"], -1]
    nodes["Enterprise"]["output"] = [1.5, np.nan, 3.0, np.nan]
    nodes["Enterprise"]["qualifications"] = ["高新技术企业;专精特新", None, "无", None]
    nodes["Scope"] = nodes["Scope"].assign(
        table=["企业", "环节"], chain=[-1, code["纺织"]], complete=True
    )

    def edges(*pairs: tuple[str, str], **columns: list[object]) -> pd.DataFrame:
        ends = [(code[a], code[b]) for a, b in pairs]
        return pd.DataFrame(ends, columns=["source", "target"]).assign(**columns)

    relations = {
        "PART_OF": edges(
            ("市甲", "省"),
            ("县甲一", "市甲"),
            ("市乙", "省"),
            ("制氢", "氢能"),
            ("电堆", "氢能"),
            ("印染", "纺织"),
        ),
        "LOCATED_IN": edges(
            ("甲", "县甲一"),
            ("乙", "市甲"),
            ("丙", "市甲"),
            ("丁", "市乙"),
            ("氢能", "市甲"),
            ("纺织", "市甲"),
        ),
        "IN_CHAIN": edges(("甲", "氢能"), ("丙", "纺织"), role=["链主", "成员"]),
        "IN_SEGMENT": edges(("乙", "电堆")),
        "UPSTREAM_OF": edges(("制氢", "电堆")),
        "SUPPLIES": edges(
            ("乙", "丁"), ("丙", "丁"), product=[code["电堆产品"], -1], amount=[10.0, 4.0]
        ),
        "COOPERATES": edges(("甲", "乙")),
        "COVERS": edges(("氢能联盟", "氢能")),
        "RAISED_BY": edges(("甲的需求", "甲")),
        "ADDRESSES": edges(("办甲的需求", "甲的需求")),
        "ABOUT": edges(("氢能的指标", "氢能"), ("纺织的指标", "纺织")),
    }
    return ChainGraph(nodes, relations, files=[SourceFile("a.xlsx", "00", 4, "xlsx")], name="镇")


def held(graph: ChainGraph, kind: str) -> list[str]:
    return graph.nodes[kind]["name"].tolist()


def ties(graph: ChainGraph, edge: str) -> set[tuple[str, str]]:
    table = graph.edges[edge]
    return set(zip(graph.names(table["source"]), graph.names(table["target"]), strict=True))


def test_networkx_and_back_says_the_same() -> None:
    graph = town()
    there = graph.to_networkx()
    assert there.nodes["Enterprise:甲"]["output"] == 1.5
    assert "output" not in there.nodes["Enterprise:乙"]
    assert there.nodes["Segment:电堆"]["parent"] == "Segment:制氢"
    assert there.number_of_edges() == sum(map(len, graph.edges.values()))
    back = ChainGraph.from_networkx(there)
    assert back.equals(graph)
    assert back.files == graph.files
    assert back.name == "镇"


def test_the_networkx_form_survives_graphml(tmp_path: Path) -> None:
    path = tmp_path / "town.graphml"
    nx.write_graphml(town().to_networkx(), path)
    assert ChainGraph.from_networkx(nx.read_graphml(path, force_multigraph=True)).equals(town())


def test_a_graph_built_by_hand_needs_only_names_and_kinds() -> None:
    by_hand: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    by_hand.add_edge("Enterprise:甲", "Chain:氢能", kind="IN_CHAIN")
    graph = ChainGraph.from_networkx(by_hand)
    assert ties(graph, "IN_CHAIN") == {("甲", "氢能")}


@pytest.mark.parametrize(
    ("kind", "parent", "words"),
    [("BUYS", "Segment:b", "'BUYS'"), ("UPSTREAM_OF", "Segment:z", "'Segment:z'")],
)
def test_what_is_not_declared_is_refused_by_name(kind: str, parent: str, words: str) -> None:
    by_hand: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    by_hand.add_node("Segment:a", parent=parent)
    by_hand.add_edge("Segment:a", "Segment:b", kind=kind)
    with pytest.raises(UsageError, match=words):
        ChainGraph.from_networkx(by_hand)


def test_an_unknown_kind_of_node_is_refused_by_name() -> None:
    by_hand: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    by_hand.add_node("Person:x")
    with pytest.raises(UsageError, match="'Person'"):
        ChainGraph.from_networkx(by_hand)


def test_equality_is_about_content() -> None:
    graph = town()
    elsewhere = {k: t.assign(file="b.csv", row=9) for k, t in graph.nodes.items()}
    assert graph.equals(ChainGraph(elsewhere, graph.edges))
    swapped = graph.edges["COOPERATES"].rename(columns={"source": "target", "target": "source"})
    assert graph.equals(ChainGraph(graph.nodes, {**graph.edges, "COOPERATES": swapped}))
    lists = graph.nodes["Enterprise"].replace({"高新技术企业;专精特新": "专精特新;高新技术企业"})
    assert graph.equals(ChainGraph({**graph.nodes, "Enterprise": lists}, graph.edges))
    turned = graph.edges["UPSTREAM_OF"].rename(columns={"source": "target", "target": "source"})
    assert not graph.equals(ChainGraph(graph.nodes, {**graph.edges, "UPSTREAM_OF": turned}))
    richer = graph.nodes["Enterprise"].assign(output=[1.5, 0.0, 3.0, np.nan])
    assert not graph.equals(ChainGraph({**graph.nodes, "Enterprise": richer}, graph.edges))
    assert not graph.equals(ChainGraph({**graph.nodes, "Need": pd.DataFrame({"id": []})}, {}))


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_order_of_rows_says_nothing(seed: int) -> None:
    there = town().to_networkx()
    rng = np.random.default_rng(seed)
    shuffled: nx.MultiDiGraph[str] = nx.MultiDiGraph(**there.graph)
    nodes, edges = list(there.nodes(data=True)), list(there.edges(data=True))
    shuffled.add_nodes_from(nodes[i] for i in rng.permutation(len(nodes)))
    shuffled.add_edges_from(edges[i] for i in rng.permutation(len(edges)))
    assert ChainGraph.from_networkx(shuffled).equals(town())


def test_the_part_around_a_chain() -> None:
    graph = town()
    part = graph.subgraph(chain=graph.find("Chain", "氢能"))
    assert held(part, "Enterprise") == ["甲", "乙", "丁"]
    assert held(part, "Chain") == ["氢能"]
    assert held(part, "Segment") == ["制氢", "电堆"]
    assert held(part, "Alliance") == ["氢能联盟"]
    assert held(part, "Product") == ["电堆产品"]
    assert held(part, "Fact") == ["氢能的指标"]
    assert held(part, "Action") == ["办甲的需求"]
    assert held(part, "Scope") == ["全部企业"]
    assert held(part, "Region") == NAMES["Region"]
    assert ties(part, "SUPPLIES") == {("乙", "丁")}
    assert ties(part, "COOPERATES") == {("甲", "乙")}
    assert part.names(part.edges["SUPPLIES"]["product"]).tolist() == ["电堆产品"]
    assert part.names(part.nodes["Segment"]["parent"]).tolist()[1] == "制氢"
    assert part.files == graph.files


def test_the_part_around_a_region_takes_its_parts_in() -> None:
    graph = town()
    part = graph.subgraph(region=graph.find("Region", "县甲一"))
    assert held(part, "Enterprise") == ["甲", "乙"]
    assert held(part, "Chain") == ["氢能"]
    city = graph.subgraph(region=graph.find("Region", "市甲"))
    assert held(city, "Enterprise") == ["甲", "乙", "丙", "丁"]
    assert held(city, "Chain") == ["氢能", "纺织"]
    assert held(city, "Scope") == ["全部企业", "纺织环节"]


def test_both_narrow_and_neither_changes_nothing() -> None:
    graph = town()
    both = graph.subgraph(chain=graph.find("Chain", "纺织"), region=graph.find("Region", "市乙"))
    assert held(both, "Enterprise") == []
    assert held(both, "Segment") == ["印染"]
    assert graph.subgraph() is graph
    with pytest.raises(UsageError, match="Chain"):
        graph.subgraph(chain=graph.find("Region", "省"))


def test_every_kind_survives_a_part_of_everything() -> None:
    graph = town()
    everything = graph.subgraph(region=graph.find("Region", "省"))
    assert everything.equals(graph)
    assert set(everything.edges) == set(EDGE_KINDS)
