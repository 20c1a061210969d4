"""Leads: dimensions, score, stability and roles by hand, and against plain loops."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphmodel.graph import ChainGraph
from graphmodel.question import Result
from loaders.load import load, load_rows
from queries import question
from queries.leads import COLUMNS, DIMENSION_LABELS, TABLES, LeadParams
from queries.leads.resampling import blurred, in_top, percentiles, poisson, ranks, tidy

Book = dict[str, list[list[object]]]
CHAINS: list[list[object]] = [["产业链名称"], ["氢能"]]


def built(book: Mapping[str, Sequence[Sequence[object]]]) -> ChainGraph:
    return load_rows(book, allow_partial=True).graph


def answered(book: Mapping[str, Sequence[Sequence[object]]], **params: Any) -> Result:  # noqa: ANN401  # any parameter
    params.setdefault("samples", 20)
    return question("leads").answer(built(book), LeadParams(**params))


def table(result: Result) -> pd.DataFrame:
    return result.rows.set_index("enterprise")


def firms(*rows: Sequence[object], columns: Sequence[object] = ()) -> list[list[object]]:
    return [["企业名称", "产业链", *columns], *([row[0], "氢能", *row[1:]] for row in rows)]


# percentiles, ranks, draws ---------------------------------------------------------------------


def test_percentiles_share_the_mean_rank_and_skip_what_is_not_reported() -> None:
    values = [5.0, 1.0, math.nan, 5.0, 7.0]
    groups = np.array([0, 0, 0, 0, 1])
    found = percentiles(values, groups)
    assert found.tolist()[:2] == [2.5 / 3, 1 / 3]
    assert math.isnan(found[2])
    assert found.tolist()[3:] == [2.5 / 3, 1.0]


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from([0.0, 0.1, 0.3, 2.0, math.nan])), min_size=1
    )
)
def test_percentiles_match_plain_loops(pairs: list[tuple[int, float]]) -> None:
    groups = np.array([g for g, _ in pairs])
    found = percentiles([v for _, v in pairs], groups)
    for (group, value), q in zip(pairs, found, strict=True):
        peers = [v for g, v in pairs if g == group and not math.isnan(v)]
        if math.isnan(value):
            assert math.isnan(q)
            continue
        below, same = sum(v < value for v in peers), sum(v == value for v in peers)
        assert q == pytest.approx((below + (same + 1) / 2) / len(peers), abs=1e-12)
        assert 0 < q <= 1


def test_sums_in_another_order_compare_equal() -> None:
    one, other = 0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1
    assert one != other
    assert blurred([one])[0] == blurred([other])[0]
    assert tidy([one])[0] == tidy([other])[0] == 0.6
    assert ranks([one, other, 0.5], np.zeros(3, dtype=np.int64)).tolist() == [1, 1, 3]


def test_the_top_counts_those_with_fewer_than_k_above() -> None:
    scores = np.array([[3.0], [1.0], [1.0], [0.5], [-np.inf]])
    starts = np.array([0, 5])
    assert in_top(scores, starts, 2).tolist() == [1, 1, 1, 0, 0]
    assert in_top(scores, starts, 5).tolist() == [1, 1, 1, 1, 0]


def test_draws_are_poisson_of_mean_one_and_depend_on_the_mark_alone() -> None:
    marks = np.arange(20000, dtype=np.uint64)
    drawn = poisson(marks, 1, 3)
    assert drawn.mean() == pytest.approx(1, abs=0.03)
    assert drawn.var() == pytest.approx(1, abs=0.06)
    assert (poisson(marks[::-1], 1, 3)[::-1] == drawn).all()
    assert not (poisson(marks, 1, 4) == drawn).all()
    assert not (poisson(marks, 2, 3) == drawn).all()


# dimensions by hand ----------------------------------------------------------------------------


def test_control_is_share_of_chain_times_share_of_segment_summed_over_segments() -> None:
    book: Book = {
        "企业": firms(["甲"], ["乙"], ["丙"], ["丁"]),
        "产业链": CHAINS,
        "环节": [["环节名称", "产业链"], ["电堆", "氢能"], ["膜", "氢能"]],
        "企业环节": [
            ["企业名称", "产业链", "环节", "产值(万元)"],
            ["甲", "氢能", "电堆", 60],
            ["甲", "氢能", "膜", 10],
            ["乙", "氢能", "膜", 30],
            ["丙", "氢能", "电堆", ""],
        ],
    }
    found = table(answered(book))
    assert found.loc["甲", "control_value"] == pytest.approx(0.6 * 1.0 + 0.1 * 0.25)
    assert found.loc["乙", "control_value"] == pytest.approx(0.3 * 0.75)
    assert found["control"].to_dict() == {"甲": 1.0, "乙": 0.5, "丙": 0.5, "丁": 0.5}
    assert found.loc["丙", "imputed"] == "控制"
    assert found["output"].to_dict()["甲"] == 70


def test_an_enterprise_in_one_segment_only_takes_its_own_output() -> None:
    book: Book = {
        "企业": firms(["甲", 80], ["乙", 20], columns=["产值(万元)"]),
        "产业链": CHAINS,
        "环节": [["环节名称", "产业链"], ["电堆", "氢能"], ["膜", "氢能"]],
        "企业环节": [
            ["企业名称", "产业链", "环节"],
            ["甲", "氢能", "电堆"],
            ["乙", "氢能", "电堆"],
            ["乙", "氢能", "膜"],
        ],
    }
    found = table(answered(book))
    assert found.loc["甲", "control_value"] == 1.0
    assert math.isnan(found.loc["乙", "control_value"])


def test_a_chain_without_segments_is_taken_as_one() -> None:
    book: Book = {
        "企业": firms(["甲", 30], ["乙", 70], ["丙", ""], columns=["产值(万元)"]),
        "产业链": CHAINS,
    }
    found = table(answered(book))
    assert found.loc["甲", "control_value"] == pytest.approx(0.09)
    assert found["control"].to_dict() == {"甲": 0.5, "乙": 1.0, "丙": 0.5}


def supply_book() -> Book:
    """Two small local suppliers: 丙 sells to 甲 60 and 乙 40, 丁 sells to 甲 alone."""
    return {
        "地区": [["名称"], ["虚市"], ["远市"]],
        "企业": firms(
            ["甲", "大", "虚市"],
            ["乙", "中", "虚市"],
            ["丙", "小", "虚市"],
            ["丁", "微", ""],
            ["戊", "小", "远市"],
            ["己", "大", "虚市"],
            ["庚", "大", "虚市"],
            columns=["规模", "地区"],
        ),
        "产业链": [["产业链名称", "地区"], ["氢能", "虚市"]],
        "供应关系": [
            ["供方", "需方", "金额(万元)", "年份"],
            ["丙", "甲", 60, 2025],
            ["丙", "甲", 999, 2024],
            ["丙", "乙", 40, 2025],
            ["丁", "甲", 5, 2025],
            ["戊", "乙", 500, 2025],
            ["己", "乙", 700, 2025],
        ],
    }


def test_support_is_the_sum_of_shares_of_local_small_firms() -> None:
    found = table(answered(supply_book()))
    assert found.loc["甲", "support_value"] == pytest.approx(0.6 + 1.0)
    assert found.loc["乙", "support_value"] == pytest.approx(0.4)
    assert found.loc["丙", "support_value"] == 0
    assert math.isnan(found.loc["庚", "support_value"])
    assert found.loc["庚", "support"] == 0.5
    assert "按配套合作家数" not in found.loc["甲", "basis"]
    assert [found.loc["甲", n] for n in ("upstream", "downstream")] == [2, pd.NA]


def test_a_relation_counts_in_the_chain_its_row_names() -> None:
    book = supply_book()
    book["产业链"] = [["产业链名称", "地区"], ["氢能", "虚市"], ["纺织", ""]]
    head, *rows = book["供应关系"]
    book["供应关系"] = [
        [*head, "产业链"],
        *([*row, "纺织" if row[:2] == ["丙", "乙"] else ""] for row in rows),
    ]
    found = table(answered(book))
    assert found.loc["甲", "support_value"] == pytest.approx(2.0)
    assert found.loc["乙", "support_value"] == 0


def test_support_falls_back_to_the_number_of_undirected_partners() -> None:
    book: Book = {
        "企业": [*firms(["甲"], ["乙"], ["丙"]), ["外链公司", ""]],
        "产业链": CHAINS,
        "配套合作": [["企业甲", "企业乙"], ["甲", "乙"], ["外链公司", "甲"]],
    }
    result = answered(book)
    found = table(result)
    assert found["support_value"].dropna().to_dict() == {"甲": 2.0, "乙": 1.0}
    assert math.isnan(found.loc["丙", "support_value"])
    assert found.loc["甲", "basis"].startswith("配套（按配套合作家数）")
    assert [found.loc["甲", n] for n in ("upstream", "downstream")] == [pd.NA, pd.NA]
    assert found.loc["甲", "partners"] == 2
    ties = result.tables["ties"]
    assert list(ties.loc[ties["enterprise"] == "甲", "partner"]) == ["乙", "外链公司"]


def test_innovation_is_the_mean_of_the_percentiles_of_the_parts_reported() -> None:
    book: Book = {
        "企业": firms(
            ["甲", "专精特新小巨人", 10, 1],
            ["乙", "高新技术企业、专精特新", 30, ""],
            ["丙", "无", 20, 2],
            ["丁", "", "", ""],
            columns=["资质", "专利数", "标准数"],
        ),
        "产业链": CHAINS,
        "企业资质": [["企业名称", "资质"], ["丙", "制造业单项冠军"]],
    }
    found = table(answered(book))
    value = found["innovation_value"]
    assert value["甲"] == pytest.approx((2 / 3 + 1 / 3 + 1 / 2) / 3)
    assert value["乙"] == pytest.approx((1 / 3 + 1) / 2)
    assert value["丙"] == pytest.approx((1 + 2 / 3 + 1) / 3)
    assert found.loc["丁", "innovation"] == 0.5
    assert "制造业单项冠军" in found.loc["丙", "qualifications"]


# score, rank, gates ----------------------------------------------------------------------------


def scored_book() -> Book:
    return {
        "企业": firms(
            ["甲", 50, 1, 900],
            ["乙", 30, 3, 100],
            ["丙", 20, 2, ""],
            columns=["产值(万元)", "专利数", "营业收入(万元)"],
        ),
        "产业链": CHAINS,
    }


def test_the_score_is_the_weighted_geometric_mean_of_the_percentiles() -> None:
    found = table(answered(scored_book()))
    assert found.loc["甲", "score"] == pytest.approx(math.sqrt(1 * (1 / 3)))
    assert found.loc["乙", "score"] == pytest.approx(math.sqrt((2 / 3) * 1))
    assert found.loc["丙", "score"] == pytest.approx(math.sqrt((1 / 3) * (2 / 3)))
    assert found["rank"].to_dict() == {"乙": 1, "甲": 2, "丙": 3}
    assert set(found["basis"]) == {"控制、创新"}
    assert not found["insufficient"].any()


def test_weights_change_the_score_and_a_weight_of_zero_leaves_a_dimension_out() -> None:
    found = table(answered(scored_book(), weight_control=3.0))
    assert found.loc["乙", "score"] == pytest.approx((2 / 3) ** 0.75)
    found = table(answered(scored_book(), weight_innovation=0.0))
    assert found["score"].to_dict() == {"甲": 1.0, "乙": 2 / 3, "丙": 1 / 3} | {
        "乙": pytest.approx(2 / 3),
        "丙": pytest.approx(1 / 3),
    }
    assert set(found["basis"]) == {"控制；数据不足,仅供参考"}
    assert found["innovation"].isna().all()


def test_a_failed_gate_keeps_the_row_without_a_rank_and_names_the_gate() -> None:
    found = table(answered(scored_book(), min_revenue=500.0))
    assert found["rank"].to_dict() == {"甲": 1, "丙": 2, "乙": None}
    assert found.loc["乙", "score"] == pytest.approx(math.sqrt(2 / 3))
    assert math.isnan(found.loc["乙", "top_probability"])
    assert "未过门槛（营业收入）" in found.loc["乙", "reason"]
    strict = table(answered(scored_book(), min_revenue=500.0, unknown_passes=False))
    assert strict["rank"].to_dict() == {"甲": 1, "乙": None, "丙": None}


def test_with_nothing_reported_score_rank_and_probability_are_blank() -> None:
    found = table(answered({"企业": firms(["甲"], ["乙"], ["丙"]), "产业链": CHAINS}))
    assert found[["score", "rank", "top_probability"]].isna().all(axis=None)
    assert set(found["basis"]) == {"无；数据不足,仅供参考"}
    assert found.loc["甲", "absent"] == (
        "控制（未填报）、牵引（未填报）、配套（未填报）、协同（未填报）、创新（未填报）"
    )


def test_equal_enterprises_share_rank_and_probability() -> None:
    book: Book = {
        "企业": firms(*([name, 50, 2] for name in "甲乙丙"), columns=["产值(万元)", "专利数"]),
        "产业链": CHAINS,
    }
    found = table(answered(book, top_k=1))
    assert set(found["rank"]) == {1}
    assert set(found["top_probability"]) == {1.0}


def test_probability_is_one_for_who_leads_in_everything_and_zero_for_the_last() -> None:
    book: Book = {
        "企业": firms(
            ["甲", 90, 9],
            ["乙", 50, 5],
            ["丙", 40, 4],
            ["丁", 1, 1],
            columns=["产值(万元)", "专利数"],
        ),
        "产业链": CHAINS,
    }
    found = table(answered(book, top_k=1, samples=100))
    assert found["top_probability"].to_dict() == {"甲": 1.0, "乙": 0.0, "丙": 0.0, "丁": 0.0}


def test_probability_matches_the_share_of_weightings_that_put_one_first() -> None:
    book: Book = {
        "企业": firms(
            ["甲", 90, 1], ["乙", 50, 9], ["丙", 10, 2], columns=["产值(万元)", "专利数"]
        ),
        "产业链": CHAINS,
    }
    found = table(answered(book, top_k=1, samples=2000))
    # 甲 is above 乙 where w log 1 + (1 - w) log(1/3) > w log(2/3), with w even on [0, 1]
    bar = math.log(3) / (math.log(3) + math.log(3 / 2))
    assert found.loc["甲", "top_probability"] == pytest.approx(1 - bar, abs=0.04)
    assert found.loc["乙", "top_probability"] == pytest.approx(bar, abs=0.04)


# roles and position ----------------------------------------------------------------------------


def role_book(*, complete: bool = False) -> Book:
    return {
        "企业": firms(["甲", 90], ["乙", 50], ["丙", 10], ["丁", 5], columns=["产值(万元)"]),
        "产业链": CHAINS,
        "企业产业链": [
            ["企业名称", "产业链", "角色"],
            ["乙", "氢能", "链主、龙头"],
            ["丙", "氢能", "党建链主"],
        ],
        "党组织": [["党组织名称"], ["丁支部"]],
        "依托": [["党组织", "依托单位"], ["丁支部", "丁"]],
        "联盟": [["联盟名称", "性质"], ["虚盟", "党建"], ["另盟", "党建"]],
        "联盟覆盖": [["联盟", "产业链"], ["虚盟", "氢能"]],
        "联盟成员": [
            ["联盟", "成员", "角色"],
            ["虚盟", "丁支部", "盟主"],
            ["虚盟", "丙", "主席单位"],
            ["另盟", "甲", "盟主"],
        ],
        "填报范围": [["工作表", "完整"], ["企业产业链", "是" if complete else "否"]],
    }


def test_roles_and_declared_owners() -> None:
    found = table(answered(role_book()))
    assert found["roles"].to_dict() == {
        "甲": "",
        "乙": "链主、龙头",
        "丙": "党建链主",
        "丁": "盟主",
    }
    assert found["declared"].to_dict() == {"甲": None, "乙": True, "丙": None, "丁": None}
    complete = table(answered(role_book(complete=True)))
    assert complete["declared"].to_dict() == {"甲": False, "乙": True, "丙": False, "丁": False}


def test_declared_and_computed_are_compared_and_the_difference_explained() -> None:
    found = table(answered(role_book(complete=True)))
    assert found["agreement"].to_dict() == {"甲": False, "乙": False, "丙": True, "丁": True}
    assert found.loc["乙", "difference"] == "认定为链主，但网络算出第 2 位；最弱：协同 0.50"
    assert found.loc["甲", "difference"] == "网络算出第 1 位，但未认定为链主；最强：控制 1.00"
    silent = table(answered(role_book()))
    assert silent["agreement"].to_dict() == {"甲": None, "乙": False, "丙": None, "丁": None}
    assert silent.loc["甲", "difference"] == "网络算出第 1 位，是否认定未填报"


def test_an_owner_named_by_the_alliance_of_a_chain_is_listed_there() -> None:
    book = role_book()
    book["企业"].append(["戊", "", ""])
    book["联盟成员"].append(["虚盟", "戊", "链主"])
    found = table(answered(book))
    assert bool(found.loc["戊", "declared"])
    assert "甲" in found.index
    assert found.loc["戊", "chain"] == "氢能"


def test_terminal_position_is_a_segment_without_downstream() -> None:
    book: Book = {
        "企业": firms(["甲"], ["乙"], ["丙"]),
        "产业链": CHAINS,
        "环节": [
            ["环节名称", "产业链", "上级环节"],
            ["材料", "氢能", ""],
            ["膜", "氢能", "材料"],
            ["整车", "氢能", ""],
        ],
        "环节上下游": [
            ["产业链", "上游环节", "下游环节", "回流"],
            ["氢能", "材料", "整车", "否"],
            ["氢能", "整车", "材料", "是"],
        ],
        "企业环节": [
            ["企业名称", "产业链", "环节"],
            ["甲", "氢能", "整车"],
            ["乙", "氢能", "膜"],
        ],
    }
    assert table(answered(book))["terminal"].to_dict() == {"甲": True, "乙": False, "丙": None}


# filters and shape -----------------------------------------------------------------------------


def test_a_region_shows_its_enterprises_with_the_rank_they_have_in_the_chain() -> None:
    book = supply_book()
    whole = table(answered(book))
    part = table(answered(book, region="远市"))
    assert list(part.index) == ["戊"]
    assert part.loc["戊", "rank"] == whole.loc["戊", "rank"]


def test_columns_are_declared_and_have_the_headers_planners_expect() -> None:
    found = answered(role_book())
    for declared, frame in [
        (COLUMNS, found.rows),
        *((part.columns, found.tables[part.name]) for part in TABLES),
    ]:
        names = [
            n for c in declared for n in ([c.name, f"{c.name}_en"] if c.bilingual else [c.name])
        ]
        assert list(frame.columns) == names
    headers = (
        "产业链 企业名称 统一社会信用代码 认定链主 角色 综合得分 排名 上游企业数 下游企业数 "
        "中介中心性 终端位置 产值 资质 所用维度 居前概率 是否一致 差异原因 公开评价"
    )
    assert {c.zh for c in COLUMNS} >= set(headers.split())


def test_the_published_sample() -> None:
    result = question("leads").answer(load("sample:jiangsu").graph, LeadParams())
    owners = result.rows[result.rows["declared"].fillna(value=False)]
    assert set(owners["enterprise_id"]) == {"E_LG", "E_ZKJX"}
    here = result.rows[result.rows["chain_id"] == "C_CM_WJ"].set_index("enterprise_id")
    assert here.loc["E_LG", "partners"] == 2
    assert "领头羊" in here.loc["E_HL", "asserted"]
    assert here["basis"].str.contains("数据不足,仅供参考", regex=False).all()
    assert here["absent"].str.contains("牵引（未填报）").all()
    ties = result.tables["ties"]
    assert set(ties.loc[ties["enterprise_id"] == "E_LG", "partner_id"]) == {"E_HL", "E_JC"}
    assert here[["upstream", "downstream"]].isna().all(axis=None)


def test_an_empty_graph_has_no_rows() -> None:
    assert question("leads").answer(ChainGraph({}, {}), LeadParams()).rows.empty


# invariants --------------------------------------------------------------------------------------


@st.composite
def books(draw: st.DrawFn) -> Book:
    count = draw(st.integers(3, 7))
    names = [f"虚{n}公司" for n in range(count)]
    pick = st.sampled_from
    rows = [
        [name, draw(pick(["氢能", "氢能、纺织", "纺织"])), draw(pick(["", "大", "小", "微"])),
         draw(pick(["", 10, 20, 30])), draw(pick(["", 0, 3, 8])), draw(pick(["", "无", "小巨人"]))]
        for name in names
    ]  # fmt: skip
    pairs = draw(st.lists(st.tuples(pick(names), pick(names)), unique=True, max_size=10))
    ties = draw(st.sets(st.tuples(pick(names), pick(names)), max_size=4))
    return {
        "产业链": [["产业链名称"], ["氢能"], ["纺织"]],
        "企业": [["企业名称", "产业链", "规模", "产值(万元)", "专利数", "资质"], *rows],
        "供应关系": [
            ["供方", "需方", "金额(万元)"],
            *([a, b, draw(pick(["", 10, 25, 40]))] for a, b in pairs if a != b),
        ],
        "配套合作": [["企业甲", "企业乙"], *([a, b] for a, b in ties if a < b)],
    }  # fmt: skip


def support_by_hand(book: Book, chain: str) -> dict[str, float]:
    """Support of the members of `chain` in plain loops; members without a value left out."""
    rows = book["企业"][1:]
    members = [r[0] for r in rows if chain in str(r[1])]
    size = {r[0]: r[2] for r in rows}
    told = [r for r in book["供应关系"][1:] if r[2] != ""]
    inside = [r for r in told if r[0] in members and r[1] in members and size[r[0]] in ("小", "微")]
    if inside:
        total: dict[object, float] = {}
        for seller, _, amount in inside:
            total[seller] = total.get(seller, 0.0) + float(str(amount))
        trading = {end for r in told for end in r[:2]}
        value = {str(m): 0.0 for m in members if m in trading}
        for seller, buyer, amount in inside:
            value[str(buyer)] += float(str(amount)) / total[seller]
        return value
    ties = [end for pair in book["配套合作"][1:] for end in pair]
    return {str(m): float(ties.count(m)) for m in members if m in ties}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(books())
def test_scores_match_plain_loops(book: Book) -> None:
    rows = answered(book, samples=5).rows
    for chain in ("氢能", "纺织"):
        here = rows[rows["chain"] == chain].set_index("enterprise")
        expected = support_by_hand(book, chain)
        got = here["support_value"].dropna().to_dict()
        assert got == {name: pytest.approx(value) for name, value in expected.items()}
        used = [d for d in DIMENSION_LABELS if here[d].notna().any()]
        for _, row in here.iterrows():
            if used:
                product = math.prod(row[d] for d in used) ** (1 / len(used))
                assert row["score"] == pytest.approx(product, abs=1e-9)
            else:
                assert math.isnan(row["score"])
        better = [(s, r) for s, r in zip(here["score"], here["rank"], strict=True) if s == s]  # noqa: PLR0124  # NaN is not itself
        for score, rank in better:
            assert rank == 1 + sum(other > score + 1e-9 for other, _ in better)
    chance = rows["top_probability"].dropna()
    assert chance.between(0, 1).all()


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(books(), st.randoms(use_true_random=False))
def test_shuffling_rows_and_renaming_ids_change_no_ranking(book: Book, random: Any) -> None:  # noqa: ANN401  # Hypothesis' own
    ids = [f"E{n}" for n in range(len(book["企业"]) - 1)]
    random.shuffle(ids)
    head, *rows = book["企业"]
    changed = {
        sheet: [lines[0], *random.sample(lines[1:], len(lines) - 1)]
        for sheet, lines in book.items()
        if sheet != "企业"
    }
    renamed = [[*row, id_] for row, id_ in zip(rows, ids, strict=True)]
    changed["企业"] = [[*head, "编码"], *random.sample(renamed, len(renamed))]
    keys = ["chain", "enterprise", "score", "rank", "top_probability", "basis"]
    found, again = (
        answered(b).rows[keys].sort_values(["chain", "enterprise"], ignore_index=True)
        for b in (book, changed)
    )
    pd.testing.assert_frame_equal(found, again)


def test_pull_is_left_out_and_named_where_the_network_is_too_large() -> None:
    graph = load("sample:chenglan").graph
    asked = question("leads")
    result = asked.answer(graph, asked.params(max_relations=1000))
    assert result.rows[["pull", "coordination", "betweenness"]].isna().all().all()
    for name in ("牵引（尚未计算）", "协同（尚未计算）"):
        assert result.rows["absent"].str.contains(name, regex=False).all()
    assert any("--max-relations 0" in text.zh for text in result.not_reported)
    assert asked.answer(graph, asked.params()).rows["pull"].notna().any()
