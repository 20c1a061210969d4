"""What questions share: tables kept with a graph, lists in one cell, numbers as text."""

import gc
import math
import weakref

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphmodel.graph import ChainGraph
from loaders import load, load_rows
from queries import QUESTION_NAMES, question
from queries.columns import decimals, listed
from queries.evidence import joined, places
from queries.kept import kept
from queries.lists import in_order, split
from queries.membership import chain_members, insiders
from queries.names import name_ranks
from queries.purchases import latest

TEXTS = st.text(alphabet="ab囍、", max_size=3)


@pytest.fixture
def graph() -> ChainGraph:
    return load_rows(
        {
            "企业": [["企业名称", "产业链"], ["乙厂", "甲链"], ["甲厂", "甲链"]],
            "供应关系": [
                ["供方", "需方", "年份", "金额（万元）"],
                ["甲厂", "乙厂", "2024", "1"],
                ["甲厂", "乙厂", "2025", "2"],
                ["乙厂", "甲厂", "2024", "3"],
                ["甲厂", "乙厂", "", "4"],
            ],
        }
    ).graph


def test_what_is_kept_is_worked_out_once_for_each_graph_and_argument(graph: ChainGraph) -> None:
    asked: list[str] = []

    @kept
    def derived(graph: ChainGraph, what: str) -> pd.DataFrame:
        asked.append(f"{graph.name}{what}")
        return pd.DataFrame({"what": [what]})

    other = load("sample:jiangsu").graph
    for _ in range(2):
        assert derived(graph, "a")["what"].tolist() == ["a"]
        assert derived(graph, "b")["what"].tolist() == ["b"]
        derived(other, "a")
    assert len(asked) == 3


def test_nobody_can_change_what_is_kept(graph: ChainGraph) -> None:
    mine = chain_members(graph)
    mine["more"] = 1
    mine.loc[0, "firm"] = 99
    assert "more" not in chain_members(graph)
    assert 99 not in chain_members(graph)["firm"].tolist()
    with pytest.raises(ValueError, match="read-only"):
        insiders(graph)[0] = False


@pytest.mark.parametrize("name", [name for name in QUESTION_NAMES if name != "risks"])
def test_a_graph_is_let_go_once_it_has_been_asked(name: str) -> None:
    asked = question(name)
    graph = load("sample:jiangsu").graph
    asked.answer(graph, asked.params())
    gone = weakref.ref(graph)
    del graph
    gc.collect()
    assert gone() is None


def test_an_earlier_year_of_a_pair_is_superseded_and_no_year_is_current(graph: ChainGraph) -> None:
    rows = latest(graph)
    assert sorted(rows["amount"]) == [2, 3, 4]


def test_ranks_are_the_order_of_names(graph: ChainGraph) -> None:
    names = graph.nodes["Enterprise"]["name"].to_numpy()
    assert names[np.argsort(name_ranks(graph))].tolist() == sorted(names)


def test_where_a_row_was_written_leaves_out_a_sheet_called_like_its_file() -> None:
    table = pd.DataFrame(
        {
            "file": pd.Categorical(["企业.csv", "账.xlsx", None, "企业.csv"]),
            "sheet": pd.Categorical(["企业", "企业", "企业", None]),
            "row": [2, 3, 4, 0],
        },
        index=[5, 6, 7, 8],
    )
    found = places(table)
    assert found.tolist() == ["企业.csv 第2行", "账.xlsx·企业 第3行", "·企业 第4行", ""]
    assert found.index.tolist() == [5, 6, 7, 8]


@given(st.lists(st.tuples(st.integers(0, 3), st.none() | TEXTS)), st.integers(1, 4))
def test_joined_is_the_distinct_texts_of_a_group_in_order(
    rows: list[tuple[int, str | None]], limit: int
) -> None:
    groups = np.array([group for group, _ in rows], dtype=np.int64)
    texts = pd.Series([text for _, text in rows], dtype="str")
    found = joined(groups, texts, 4, limit=limit, separator="|")
    for group in range(4):
        own = sorted({text for at, text in rows if at == group and text})
        more = f"等{len(own)}个" if len(own) > limit else ""
        assert found[group] == "|".join(own[:limit]) + more


@given(st.lists(st.tuples(st.integers(0, 3), TEXTS)), st.integers(1, 4))
def test_in_order_is_the_texts_of_a_group_as_they_come(
    rows: list[tuple[int, str]], limit: int
) -> None:
    groups = np.array([group for group, _ in rows], dtype=np.int64)
    texts = pd.Series([text for _, text in rows], dtype="str")
    found = in_order(groups, texts, 5, limit=limit, separator="|")
    for group in range(5):
        own = [text for at, text in rows if at == group]
        more = f"等{len(own)}个" if len(own) > limit else ""
        assert found[group] == "|".join(own[:limit]) + more


@given(st.lists(st.none() | TEXTS))
def test_split_is_every_part_of_every_list_in_order(cells: list[str | None]) -> None:
    row, parts = split(pd.Series(cells, dtype="str"), "、")
    wanted = [(n, part) for n, c in enumerate(cells) if c is not None for part in c.split("、")]
    assert list(zip(row.tolist(), parts.tolist(), strict=True)) == wanted


@given(st.lists(st.floats(-1e6, 1e6) | st.just(math.nan)), st.integers(0, 3))
def test_decimals_are_written_as_one_by_one(values: list[float], digits: int) -> None:
    wanted = ["" if math.isnan(v) else str(np.round(v, digits) + 0.0) for v in values]
    assert decimals(values, digits).tolist() == wanted


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans())))
def test_listed_names_the_columns_marked(marks: list[tuple[bool, bool, bool]]) -> None:
    found = listed(np.array(marks, dtype=bool).reshape(-1, 3), ["a", "b", "c"], separator="+")
    wanted = ["+".join(x for x, m in zip("abc", row, strict=True) if m) for row in marks]
    assert found.tolist() == wanted
