"""Overlap: pairs, roles and symptoms by hand, overlaps and clusters against plain loops."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphmodel.graph import ChainGraph
from graphmodel.question import Result
from loaders.load import load, load_rows
from queries.overlap import COLUMNS, QUESTION, TABLES, OverlapParams

Book = dict[str, list[list[object]]]


def built(book: Mapping[str, Sequence[Sequence[object]]]) -> ChainGraph:
    return load_rows(book, allow_partial=True).graph


def answered(book: Mapping[str, Sequence[Sequence[object]]], **params: Any) -> Result:  # noqa: ANN401  # any parameter
    return QUESTION.answer(built(book), OverlapParams(**params))


def chain(makes: Mapping[str, Mapping[str, object]], **sheets: list[list[object]]) -> Book:
    """One chain with one segment; `makes` gives what each firm makes, with the value of each."""
    return {
        "产业链": [["产业链名称"], ["氢能"]],
        "环节": [["环节名称", "产业链"], ["电堆", "氢能"]],
        "企业": [["企业名称", "产业链"], *([name, "氢能"] for name in makes)],
        "产品": [["产品名称", "产业链", "环节"],
                 *([p, "氢能", "电堆"] for p in sorted({p for of in makes.values() for p in of}))],
        "企业环节": [["企业名称", "产业链", "环节", "产品", "产值(万元)"],
                     *([name, "氢能", "电堆", p, value] for name, of in makes.items()
                       for p, value in of.items())],
        **sheets,
    }  # fmt: skip


def pairs(result: Result) -> dict[tuple[str, str], float]:
    rows = result.rows
    return dict(zip(zip(rows["firm_a"], rows["firm_b"], strict=True), rows["overlap"], strict=True))


def symptom(result: Result, name: str) -> Any:  # noqa: ANN401  # a row of a frame
    table = result.tables["symptoms"]
    return table[table["symptom"] == name].iloc[0]


# pairs -------------------------------------------------------------------------------------------


def test_overlap_by_value_and_by_number() -> None:
    # 甲 makes P and Q half and half, 乙 P only: min 0.5, max 1.5
    found = pairs(answered(chain({"甲": {"P": 10, "Q": 10}, "乙": {"P": 5}, "丙": {"R": 1}})))
    assert found == {("乙", "甲"): pytest.approx(1 / 3)}
    # one value lacking: 甲 counts P and Q equally whatever P's value
    found = pairs(answered(chain({"甲": {"P": 99, "Q": ""}, "乙": {"P": 5}})))
    assert found == {("乙", "甲"): pytest.approx(1 / 3)}
    # nine tenths P: 0.9 / 1.1
    found = pairs(answered(chain({"甲": {"P": 90, "Q": 10}, "乙": {"P": 5}})))
    assert found == {("乙", "甲"): pytest.approx(0.9 / 1.1)}


def test_products_of_the_sheet_of_products_count_with_quantity_and_price() -> None:
    book = chain({"甲": {}, "乙": {}})
    book["产品"] = [["产品名称", "产业链", "环节"], ["P", "氢能", "电堆"], ["Q", "氢能", "电堆"]]
    book["企业产品"] = [
        ["企业名称", "产品", "产量", "单价(元)"],
        ["甲", "P", "3", "10000"], ["甲", "Q", "1", "10000"], ["乙", "P", "1", "70000"],
    ]  # fmt: skip
    assert pairs(answered(book)) == {("乙", "甲"): pytest.approx(0.75 / 1.25)}


@settings(max_examples=6)
@given(st.integers(0, 10_000))
def test_overlaps_and_clusters_agree_with_plain_loops(seed: int) -> None:
    rng = np.random.default_rng(seed)
    firms = [f"F{i}" for i in range(7)]
    makes = {
        name: {p: int(rng.integers(1, 9)) for p in "PQRS" if rng.random() < 0.45} for name in firms
    }
    book = chain(makes)
    book["企业"] = [["企业名称", "产业链"], *([name, "氢能"] for name in firms)]
    result = answered(book, listed=0.0, same=0.5)
    expected = {}
    for a, b in combinations(firms, 2):
        x, y = ({p: v / sum(of.values()) for p, v in of.items()} for of in (makes[a], makes[b]))
        both = set(x) | set(y)
        least = sum(min(x.get(p, 0), y.get(p, 0)) for p in both)
        if least:
            expected[a, b] = least / sum(max(x.get(p, 0), y.get(p, 0)) for p in both)
    assert pairs(result) == pytest.approx(expected)
    net = nx.Graph(pair for pair, overlap in expected.items() if round(overlap, 12) >= 0.5)
    groups = sorted((len(part) for part in nx.connected_components(net)), reverse=True)
    assert result.tables["clusters"]["firms"].tolist() == groups


def test_only_the_largest_makers_are_compared_and_that_is_said() -> None:
    book = chain({f"F{i}": {"P": i + 1} for i in range(6)})
    found = answered(book, largest=3)
    assert set(pairs(found)) == {("F3", "F4"), ("F3", "F5"), ("F4", "F5")}
    assert any("另有 3 个" in note.zh for note in found.notes)
    few = answered(book, max_rows=2)
    assert len(few.rows) == 2
    assert any("另有 13 对未列" in note.zh for note in few.notes)


@pytest.mark.parametrize(
    ("outputs", "tie", "advice", "cooperates"),
    [
        ((10, 12), "", "differ", None),
        ((10, 60), "", "integrate", None),
        ((10, 12), "配套合作", "integrate", True),
        ((10, 12), "供应关系", "integrate", True),
        ((10, 12), "填报范围", "differ", False),
    ],
)
def test_advice(
    outputs: tuple[int, int],
    tie: str,
    advice: str,
    cooperates: bool | None,  # noqa: FBT001  # a case
) -> None:
    sheets: Book = {
        "配套合作": [["企业甲", "企业乙"], ["甲", "乙"]],
        "供应关系": [["供方", "需方"], ["乙", "甲"]],
        "填报范围": [["工作表", "完整"], ["配套合作", "是"], ["供应关系", "是"]],
    }
    book = chain({"甲": {"P": 1}, "乙": {"P": 1}}, **({tie: sheets[tie]} if tie else {}))
    book["企业"] = [["企业名称", "产业链", "产值(万元)"], ["甲", "氢能", outputs[0]],
                    ["乙", "氢能", outputs[1]]]  # fmt: skip
    row = answered(book).rows.iloc[0]
    assert row["advice"] == advice
    said = row["cooperates"]
    assert (None if pd.isna(said) else bool(said)) is cooperates
    assert row["shared"] == "P"
    assert row["reason"].startswith("产品重叠度 100%")


def test_a_small_overlap_is_complementary() -> None:
    row = answered(chain({"甲": {"P": 1, "Q": 1}, "乙": {"P": 1}}), listed=0.3).rows.iloc[0]
    assert row["advice"] == "complement"


def test_segments_only_where_asked() -> None:
    book = chain({"甲": {}, "乙": {}})
    book["企业环节"] = [
        ["企业名称", "产业链", "环节"],
        ["甲", "氢能", "电堆"],
        ["乙", "氢能", "电堆"],
    ]
    silent = answered(book)
    assert len(silent.rows) == 0
    assert any("未填报产品" in text.zh for text in silent.not_reported)
    found = answered(book, by="segments")
    assert pairs(found) == {("乙", "甲"): 1.0}
    assert found.rows["shared"].tolist() == ["电堆"]
    assert found.tables["clusters"]["products"].tolist() == ["电堆"]


# roles and symptoms ------------------------------------------------------------------------------


def test_roles() -> None:
    book = chain(
        {"甲": {"P": 1}, "乙": {"P": 1}, "丙": {"Q": 1}, "丁": {}, "戊": {}, "己": {"R": 1}},
        配套合作=[["企业甲", "企业乙"], ["丙", "己"]],
        企业产业链=[["企业名称", "产业链", "角色"], ["己", "氢能", "龙头"]],
    )
    book["企业"] = [
        ["企业名称", "产业链", "规模"],
        *([name, "氢能", "小" if name == "丁" else ""] for name in "甲乙丙丁戊己"),
    ]
    table = answered(book).tables["roles"].set_index("firm")
    assert table["role"].to_dict() == {
        "甲": "competing", "乙": "competing", "丙": "complementary", "丁": "small",
        "戊": "not_reported", "己": "leader",
    }  # fmt: skip
    assert table["reason"].ne("").all()
    assert "声明为龙头" in table.loc["己", "reason"]


def test_a_large_share_of_output_leads() -> None:
    book = chain({"甲": {}, "乙": {}, "丙": {}})
    book["企业"] = [
        ["企业名称", "产业链", "产值(万元)"],
        ["甲", "氢能", 80],
        ["乙", "氢能", 15],
        ["丙", "氢能", 5],
    ]
    assert answered(book).tables["roles"].set_index("firm").loc["甲", "role"] == "leader"
    low = answered(book, min_firms=4).tables["roles"].set_index("firm")
    assert low.loc["甲", "role"] == "not_reported"


def test_five_symptoms_by_hand() -> None:
    """甲 and 乙 make the same; 甲–丙 trade; 丁 buys elsewhere; 丙 is in an alliance."""
    book = chain(
        {"甲": {"P": 1}, "乙": {"P": 1}, "丙": {"Q": 1}, "丁": {"R": 1}},
        供应关系=[["供方", "需方", "供方地区"], ["甲", "丙", ""], ["外地公司", "丁", "外地"],
                  ["外地公司", "乙", "外地"]],
        联盟=[["联盟名称"], ["盟"]],
        联盟成员=[["联盟", "成员"], ["盟", "丙"]],
        填报范围=[["工作表", "完整"], ["联盟成员", "是"]],
    )  # fmt: skip
    book["企业"] = [["企业名称", "产业链", "资质"], ["甲", "氢能", "无"], ["乙", "氢能", "无"],
                    ["丙", "氢能", ""], ["丁", "氢能", ""]]  # fmt: skip
    found = answered(book)
    rows = found.tables["symptoms"].set_index("symptom")
    said = dict(zip(rows.index, zip(rows["value"], rows["present"], strict=True), strict=True))
    assert said == {
        "clustered_apart": ([0.5, 0.5], "no"),  # 乙 and 丁 report trade, none inside the chain
        "unconnected": ([0.75, 0.75], "yes"),
        "unshared": ([0.0, 1.0], "not_reported"),
        "low_duplication": ([1.0, 1.0], "yes"),
        "same_products": ([0.5, 0.5], "no"),
    }
    assert symptom(answered(book, same_share=0.4), "same_products")["present"] == "yes"
    assert symptom(answered(book, apart_share=0.4), "clustered_apart")["present"] == "yes"
    assert "配套合作" in symptom(found, "unshared")["reason"]


def test_without_data_every_symptom_is_not_reported() -> None:
    found = answered(chain({"甲": {}, "乙": {}, "丙": {}}))
    table = found.tables["symptoms"]
    assert len(table) == 5
    assert set(table["present"]) == {"not_reported"}
    two = answered(chain({"甲": {"P": 1}, "乙": {"P": 1}})).tables["symptoms"]
    assert set(two["present"]) == {"not_reported"}
    assert two["reason"].str.contains("企业不足 3 家").all()


def test_nobody_makes_the_same_where_all_say_what_they_make() -> None:
    found = answered(chain({"甲": {"P": 1}, "乙": {"Q": 1}, "丙": {"R": 1}}))
    assert symptom(found, "low_duplication")["present"] == "no"
    assert symptom(found, "same_products")["present"] == "no"


def test_concentration() -> None:
    found = answered(chain({"甲": {"P": 60}, "乙": {"P": 40}})).tables["segments"].iloc[0]
    assert (found["hhi"], found["firms"], found["same_pairs"]) == (pytest.approx(0.52), 2, 1)
    silent = answered(chain({"甲": {"P": 60}, "乙": {"P": ""}})).tables["segments"].iloc[0]
    assert np.isnan(silent["hhi"])


# the whole ---------------------------------------------------------------------------------------


def test_rows_shuffled_say_the_same() -> None:
    book = chain({"甲": {"P": 1, "Q": 2}, "乙": {"P": 1}, "丙": {"Q": 3, "P": 1}})
    turned = {name: [rows[0], *reversed(rows[1:])] for name, rows in book.items()}
    here, there = answered(book), answered(turned)
    assert here.rows.drop(columns="evidence").equals(there.rows.drop(columns="evidence"))
    assert (
        here.tables["roles"]
        .drop(columns="evidence")
        .equals(there.tables["roles"].drop(columns="evidence"))
    )


def test_a_source_without_chains() -> None:
    found = answered({"企业": [["企业名称"], ["甲"]]})
    assert len(found.rows) == 0
    assert "企业环节" in found.not_reported[0].zh
    assert set(found.tables) == {table.name for table in TABLES}


def test_filters_and_samples() -> None:
    graph = load("sample:chenglan").graph
    found = QUESTION.answer(graph, OverlapParams(chain="氢能"))
    assert set(found.tables["roles"]["chain"]) == {"氢能"}
    assert len(found.tables["symptoms"]) == 5
    assert set(found.rows["chain"]) <= {"氢能"}
    assert [c for c in found.rows.columns if not c.endswith("_en")] == [c.name for c in COLUMNS]
    everything = QUESTION.answer(graph, OverlapParams(region="望潮县（虚构）"))
    assert len(everything.tables["roles"]) > 0
    jiangsu = QUESTION.answer(load("sample:jiangsu").graph, OverlapParams())
    assert len(jiangsu.rows) == 0
    assert "yes" not in set(jiangsu.tables["symptoms"]["present"])
