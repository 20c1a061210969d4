"""k-core, articulation points and sampled betweenness against networkx on random graphs."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.kernels.betweenness import betweenness
from queries.kernels.structure import articulation_points, core_numbers, undirected


@st.composite
def graphs(draw: st.DrawFn) -> "tuple[int, list[tuple[int, int]]]":
    size = draw(st.integers(0, 14))
    node = st.integers(0, max(size - 1, 0))
    return size, draw(st.lists(st.tuples(node, node), max_size=40)) if size else []


def plain(size: int, edges: list[tuple[int, int]]) -> "nx.Graph[int]":
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(size))
    graph.add_edges_from((a, b) for a, b in edges if a != b)
    return graph


@given(graphs())
def test_random_graphs_agree_with_networkx(given: tuple[int, list[tuple[int, int]]]) -> None:
    size, edges = given
    ends = np.array(edges, dtype=np.int64).reshape(-1, 2)
    at, near = undirected(ends[:, 0], ends[:, 1], size)
    graph = plain(size, edges)
    cores = nx.core_number(graph)
    assert core_numbers(at, near).tolist() == [cores[n] for n in range(size)]
    known = set(nx.articulation_points(graph))
    assert set(np.flatnonzero(articulation_points(at, near)).tolist()) == known
    found = betweenness(at, near, sources=size)
    expected = nx.betweenness_centrality(graph)
    assert found.value.tolist() == pytest.approx([expected[n] for n in range(size)])
    assert not found.error.any()


def test_a_larger_graph_agrees_with_networkx() -> None:
    graph = nx.barabasi_albert_graph(600, 2, seed=3)
    graph.remove_edges_from(list(graph.edges)[::4])
    ends = np.array(graph.edges)
    at, near = undirected(ends[:, 0], ends[:, 1], 600)
    cores = nx.core_number(graph)
    assert core_numbers(at, near).tolist() == [cores[n] for n in range(600)]
    known = set(nx.articulation_points(graph))
    assert set(np.flatnonzero(articulation_points(at, near)).tolist()) == known
    known_share = nx.betweenness_centrality(graph)
    exact = np.array([known_share[n] for n in range(600)])
    np.testing.assert_allclose(betweenness(at, near, sources=600).value, exact, atol=1e-12)
    top = np.argsort(-exact)[:60]
    drawn = [betweenness(at, near, sources=150, seed=seed) for seed in range(30)]
    values = np.array([found.value[top] for found in drawn])
    told = np.mean([found.error[top] for found in drawn], axis=0)
    assert np.abs(values.mean(axis=0) - exact[top]).max() < 0.05 * exact.max()
    assert 0.8 < float(np.median(values.std(axis=0) / told)) < 1.3


def test_threads_change_no_bit_of_betweenness() -> None:
    graph = nx.gnm_random_graph(300, 900, seed=1)
    ends = np.array(graph.edges)
    at, near = undirected(ends[:, 0], ends[:, 1], 300)
    one, two = (betweenness(at, near, sources=50, threads=n) for n in (1, 2))
    assert one.value.tobytes() == two.value.tobytes()
    assert one.error.tobytes() == two.error.tobytes()


def test_a_long_path_needs_no_recursion() -> None:
    size = 50_000
    at, near = undirected(np.arange(size - 1), np.arange(1, size), size)
    assert articulation_points(at, near).sum() == size - 2
    assert set(core_numbers(at, near)) == {1}
