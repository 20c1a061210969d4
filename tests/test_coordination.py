"""Pull and coordination by hand, and betweenness against networkx."""

import networkx as nx
import numpy as np
import pytest

from loaders import load_rows
from queries.leads import QUESTION, LeadParams
from queries.leads.coordination import coordination
from queries.leads.pairs import Pairs
from queries.leads.position import position
from queries.leads.pull import pull
from queries.leads.roles import listed_pairs

Rows = list[list[object]]


def pairs_of(sheets: dict[str, Rows]) -> Pairs:
    graph = load_rows(sheets).graph
    listed = listed_pairs(graph)
    return Pairs(graph, listed["firm"].to_numpy(), listed["chain"].to_numpy(), 1)


def star() -> dict[str, Rows]:
    """Return 甲 in the middle of 乙, 丙 and 外, of which 外 is in no chain; 丁 is alone."""
    return {
        "企业": [["企业名称", "产业链"], *([n, "链"] for n in "甲乙丙丁"), ["外", ""]],
        "产业链": [["产业链名称"], ["链"]],
        "供应关系": [["供方", "需方", "金额(万元)"], ["乙", "甲", 6], ["丙", "甲", 2]],
        "配套合作": [["企业甲", "企业乙"], ["甲", "外"]],
    }


def test_pull_is_systemic_risk_beyond_own_size() -> None:
    # 甲 stops: both lose all their sales, and it sells nothing itself. 乙 stops: only its own 6/8
    # and what 甲 would sell, which is nothing. 丁 reports nothing.
    found = pull(pairs_of(star()))
    assert found.raw.tolist() == pytest.approx([1.0, 0.0, 0.0, np.nan], nan_ok=True)
    silent = star()
    del silent["供应关系"]
    assert np.isnan(pull(pairs_of(silent)).raw).all()


def test_position_counts_direct_partners_of_any_chain() -> None:
    place = position(pairs_of(star()))
    assert place.core.tolist() == pytest.approx([1, 1, 1, np.nan], nan_ok=True)
    # Between 乙, 丙 and 外: 6 of the 4 · 3 ordered pairs of the others, 丁 among them.
    assert place.betweenness.tolist() == pytest.approx([0.5, 0, 0, np.nan], nan_ok=True)


def test_coordination_is_the_mean_percentile_of_what_is_reported() -> None:
    sheets = star()
    sheets["联盟"] = [["联盟名称"], ["盟"]]
    sheets["联盟成员"] = [["联盟", "成员"], ["盟", "乙"]]
    # Core numbers are equal: (3 + 1) / 2 / 3 = 2/3 each. Betweenness: 甲 1, 乙 and 丙 1/2.
    # Only 乙 reports an alliance: 1. 丁 reports nothing.
    found = coordination(pairs_of(sheets)).raw
    expected = [(2 / 3 + 1) / 2, (2 / 3 + 1 / 2 + 1) / 3, (2 / 3 + 1 / 2) / 2, np.nan]
    assert found.tolist() == pytest.approx(expected, nan_ok=True)


def test_betweenness_of_a_small_chain_is_exact() -> None:
    rng = np.random.default_rng(3)
    names = [f"企业{n}" for n in range(20)]
    graph = nx.gnm_random_graph(20, 34, seed=5)
    ties = [[names[a], names[b], float(rng.integers(1, 9))] for a, b in graph.edges]
    pairs = pairs_of(
        {
            "企业": [["企业名称", "产业链"], *([n, "链"] for n in names)],
            "产业链": [["产业链名称"], ["链"]],
            "供应关系": [["供方", "需方", "金额(万元)"], *ties],
        }
    )
    expected = nx.betweenness_centrality(graph)
    tied = [n for n in range(20) if graph.degree(n)]
    found = position(pairs).betweenness
    assert found[tied].tolist() == pytest.approx([expected[n] for n in tied], abs=1e-9)


def test_leads_use_both_dimensions() -> None:
    result = QUESTION.answer(load_rows(star()).graph, LeadParams(samples=5))
    rows = result.rows.set_index("enterprise")
    assert rows["pull"].notna().all()
    assert rows.loc["甲", "rank"] == 1
    assert rows.loc["甲", "betweenness"] == 0.5
