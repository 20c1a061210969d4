"""The question `risks`: every rule of sectors, years, essentiality and amounts by hand."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest
from golden_esri import GOLDEN
from hypothesis import given, settings
from hypothesis import strategies as st

from graphmodel.errors import UsageError
from graphmodel.question import Result
from loaders import load_rows
from queries.risks import QUESTION, RiskParams
from queries.risks.network import trade

Rows = list[list[object]]
SUPPLY = ["供方", "需方", "产品", "产业链", "环节", "金额(万元)", "年份", "关键性"]


def asked(sheets: dict[str, Rows], **params: Any) -> Result:  # noqa: ANN401  # any parameter
    graph = load_rows(sheets).graph
    return QUESTION.answer(graph, RiskParams(**params))


def firms(*names: str, codes: Sequence[str] = ()) -> Rows:
    if not codes:
        return [["企业名称"], *([name] for name in names)]
    return [["企业名称", "行业代码"], *([n, c] for n, c in zip(names, codes, strict=True))]


def sales(*rows: tuple[object, ...]) -> Rows:
    """Return 供应关系: supplier, buyer, amount, year, essential, product."""
    padded = [(*row, *[None] * (6 - len(row))) for row in rows]
    return [SUPPLY, *([a, b, p, None, None, w, y, e] for a, b, w, y, e, p in padded)]


def by_name(result: Result, column: str) -> dict[str, Any]:
    return dict(zip(result.rows["enterprise"], result.rows[column], strict=True))


@pytest.mark.parametrize("name", ["A_sub1", "A_sub0", "B_sub1", "B_sub0"])
def test_toy_economies_come_out_exactly_from_sheets(name: str) -> None:
    known = GOLDEN[name]
    names = [f"企业{i}" for i in range(len(known["p"]))]
    levels = [
        [str(k), str(m), str(level)]
        for k, row in enumerate(known["ess"])
        for m, level in enumerate(row)
    ]
    result = asked(
        {
            "企业": firms(*names, codes=[str(p) for p in known["p"]]),
            "供应关系": sales(*[(names[i], names[j], w) for i, j, w in known["edges"]]),
            "投入关键性": [["供方行业", "需方行业", "关键性"], *levels],
        },
        substitution=known["substitution"],
    )
    for column, values in (
        ("esri", "esri"), ("esri_downstream", "esri_d"), ("esri_upstream", "esri_u")
    ):  # fmt: skip
        found = by_name(result, column)
        assert [found[n] for n in names] == pytest.approx(known[values], abs=1e-12)
    assert result.params.sector_source == "industry_code"  # type: ignore[attr-defined]  # its Params
    assert result.params.mode == "parity"  # type: ignore[attr-defined]  # as above


def test_sector_is_the_industry_code_only_if_every_trading_firm_has_one() -> None:
    sheets = {
        "企业": firms("甲", "乙", "丙", codes=["26", "38", ""]),
        "供应关系": sales(("甲", "乙", 5)),
    }
    assert trade(load_rows(sheets).graph).sector_source == "industry_code"
    sheets["供应关系"] = sales(("甲", "乙", 5), ("乙", "丙", 5))
    assert trade(load_rows(sheets).graph).sector_source == "segment"


def chained(**more: Rows) -> dict[str, Rows]:
    """Return 甲 and 丁 on 料, 乙 on 件, 丙 on 整机; 料 is essential to 件, 件 not to 整机."""
    return {
        "企业": firms("甲", "乙", "丙", "丁"),
        "产业链": [["产业链名称"], ["链"]],
        "环节": [["环节名称", "产业链"], ["料", "链"], ["件", "链"], ["整机", "链"]],
        "环节上下游": [
            ["产业链", "上游环节", "下游环节", "关键性"],
            ["链", "料", "件", "是"],
            ["链", "件", "整机", "否"],
        ],
        "企业环节": [
            ["企业名称", "产业链", "环节", "产值(万元)"],
            ["甲", "链", "料", 10],
            ["乙", "链", "料", 10],
            ["乙", "链", "件", 30],
            ["丙", "链", "整机", 9],
            ["丁", "链", "料", 5],
        ],
    } | more


def test_essentiality_comes_from_the_template_where_no_sheet_tells() -> None:
    result = asked(chained(供应关系=sales(("甲", "乙", 6), ("丁", "乙", 2), ("乙", "丙", 8))))
    index = by_name(result, "esri_downstream")
    # Σs = 16. 甲 stops: 料 is essential to 乙 and 丁 cannot stand in for 6 of 8:
    # σ = min(1, 6/2) = 1, so 乙 loses 6/8; 件 is non-essential to 丙, but all it buys: 6/8 too.
    assert index["甲"] == pytest.approx((6 + 8 * 0.75) / 16, abs=1e-12)
    # 丁 stops: σ = 2/6, so 乙 loses 2/8 · 1/3 = 1/12.
    assert index["丁"] == pytest.approx((2 + 8 / 12) / 16, abs=1e-12)
    assert by_name(result, "segment")["乙"] == "件"


def test_a_pair_absent_from_the_sheet_is_negligible() -> None:
    sheet: Rows = [["供方行业", "需方行业", "关键性"], ["件", "整机", "2"]]
    result = asked(
        chained(供应关系=sales(("甲", "乙", 6), ("丁", "乙", 2), ("乙", "丙", 8)), 投入关键性=sheet)
    )
    assert by_name(result, "esri_downstream")["甲"] == pytest.approx(6 / 16)
    assert result.params.essentiality_source == "sheet 投入关键性"  # type: ignore[attr-defined]  # its Params


def test_a_tie_between_segments_goes_to_the_smallest_code() -> None:
    sheets = chained(供应关系=sales(("甲", "乙", 6)))
    sheets["环节"] = [["编码", "环节名称", "产业链"], ["S2", "料", "链"], ["S1", "件", "链"],
                    ["S3", "整机", "链"]]  # fmt: skip
    sheets["企业环节"][3] = ["乙", "链", "件", 10]
    assert by_name(asked(sheets), "segment")["乙"] == "件"


def test_w_is_the_latest_year_summed_over_products() -> None:
    sheets = {
        "企业": firms("甲", "乙", "丙"),
        "产品": [["产品名称"], ["螺栓"], ["螺母"]],
        "供应关系": sales(
            ("甲", "乙", 100, 2024), ("甲", "乙", 3, 2025, None, "螺栓"),
            ("甲", "乙", 4, 2025, None, "螺母"), ("乙", "丙", 5),
        ),
    }  # fmt: skip
    result = asked(sheets)
    assert by_name(result, "sales")["甲"] == 7
    assert by_name(result, "size_share")["甲"] == pytest.approx(7 / 12)
    assert any("2025" in note.zh and "1 条未填年份" in note.zh for note in result.notes)


def test_relations_without_an_amount_are_left_out_and_counted() -> None:
    result = asked(
        {"企业": firms("甲", "乙", "丙"), "供应关系": sales(("甲", "乙", 5), ("乙", "丙", None))}
    )
    assert by_name(result, "esri_upstream")["丙"] == 0
    assert any("1 条供应关系没有金额" in note.zh for note in result.notes)


def test_without_any_amount_esri_is_not_reported_and_essential_buyers_rank() -> None:
    sheets = chained(
        供应关系=sales(
            ("甲", "乙", None, None, "是"),
            ("乙", "丙", None, None, "是"),
            ("丙", "甲", None, None, "否"),
        )
    )  # fmt: skip
    result = asked(sheets)
    assert result.rows["esri"].isna().all()
    # 丁 could stand in for 甲; nobody for 乙 or 丙; 丙's goods are not essential.
    assert by_name(result, "downstream_hit")["甲"] == 0
    assert by_name(result, "downstream_hit")["乙"] == 1
    assert by_name(result, "downstream_hit")["丙"] == 0
    assert result.rows["enterprise"].iloc[0] == "乙"
    assert any("--equal-weights" in said.zh for said in result.not_reported)
    marked = asked(sheets, equal_weights=True)
    assert marked.rows["esri"].notna().all()
    assert "equal weights" in marked.params.mode  # type: ignore[attr-defined]  # its Params


def test_no_supply_relation_at_all_is_said_and_nothing_is_a_risk() -> None:
    result = asked({"企业": firms("甲", "乙")})
    assert set(result.rows["level"]) == {"not_reported"}
    assert any("供应关系" in said.zh for said in result.not_reported)


def test_a_firm_without_relations_has_index_0_and_level_not_reported() -> None:
    result = asked({"企业": firms("甲", "乙", "孤"), "供应关系": sales(("甲", "乙", 5))})
    assert by_name(result, "esri")["孤"] == 0
    assert by_name(result, "level")["孤"] == "not_reported"
    declared: Rows = [["工作表", "完整"], ["供应关系", "是"]]
    told = asked(
        {"企业": firms("甲", "乙", "孤"), "供应关系": sales(("甲", "乙", 5)), "填报范围": declared}
    )
    assert by_name(told, "level")["孤"] == "low"


def test_revenue_lessens_what_a_lost_buyer_costs() -> None:
    sheets: dict[str, Rows] = {
        "企业": [["企业名称", "营业收入(万元)"], ["甲", 20], ["乙", None]],
        "供应关系": sales(("甲", "乙", 5)),
    }
    # 乙 stops: 甲 loses 5 of its 20, and it makes all that is sold here.
    assert by_name(asked(sheets), "esri_upstream")["乙"] == pytest.approx(0.25)
    sheets["企业"][1] = ["甲", 2]
    smaller = asked(sheets)
    assert by_name(smaller, "esri_upstream")["乙"] == 1
    assert any("小于所报供应额" in note.zh for note in smaller.notes)


def test_single_sources_are_essential_inputs_with_one_supplier() -> None:
    sheets = {
        "企业": firms("甲", "乙", "丙", "丁"),
        "产品": [["产品名称"], ["膜"], ["罐"]],
        "供应关系": sales(
            ("甲", "丙", 5, None, "是", "膜"), ("甲", "丁", 5, None, "是", "罐"),
            ("乙", "丁", 5, None, "否", "罐"),
        ),
    }  # fmt: skip
    result = asked(sheets)
    single = by_name(result, "single_source")
    assert single["甲"] is True
    assert single["乙"] is False
    assert pd.isna(single["丙"])
    table = result.tables["single_sources"]
    assert table[["buyer", "input", "supplier"]].to_numpy().tolist() == [["丙", "膜", "甲"]]
    assert table["evidence"].iloc[0].endswith("第2行")


def test_firms_that_hold_the_network_together_are_named() -> None:
    result = asked(
        {"企业": firms("甲", "乙", "丙"), "供应关系": sales(("甲", "乙", 5), ("乙", "丙", 5))}
    )
    assert by_name(result, "articulation") == {"甲": False, "乙": True, "丙": False}


def test_closing_half_of_a_firm_is_told_by_enterprise_segment_and_path() -> None:
    sheets = chained(供应关系=sales(("甲", "乙", 8), ("乙", "丙", 8)))
    result = asked(sheets, close="甲", share=0.5)
    losses = result.tables["losses"].set_index("enterprise")
    # 料 is essential to 乙, and all of 件 that 丙 buys comes from 乙: each loses half.
    assert losses["loss"].to_dict() == {"甲": 0.5, "乙": 0.5, "丙": 0.5}
    assert losses["arrives"].to_dict() == {"甲": 0, "乙": 1, "丙": 2}
    assert losses.loc["丙", "path"] == "甲 → 乙 → 丙"
    assert result.tables["closure"]["esri"].tolist() == [0.5]
    segments = result.tables["loss_segments"].set_index("segment")
    assert segments.loc["件", "lost_sales"] == 4
    whole = asked(sheets, segment="料", share=1.0)
    assert whole.tables["closure"]["closed"].tolist() == [2]


def test_regions_can_be_closed_and_unknown_names_are_refused() -> None:
    sheets = chained(供应关系=sales(("甲", "乙", 8)))
    sheets["企业"] = [
        ["企业名称", "地区"],
        ["甲", "南京市"],
        ["乙", "苏州市"],
        ["丙", ""],
        ["丁", ""],
    ]
    assert asked(sheets, close="南京市").tables["closure"]["closed"].tolist() == [1]
    with pytest.raises(UsageError, match="没有企业"):
        asked(sheets, close="戊")
    with pytest.raises(UsageError, match="没有环节"):
        asked(sheets, segment="轮")


def test_a_second_supplier_lowers_the_risk_of_the_first() -> None:
    sheets = chained(供应关系=sales(("甲", "乙", 8), ("乙", "丙", 8)))
    table = asked(sheets, add="丁→料").tables["addition"]
    # Alone 甲 costs all: (8 + 8) / 16. With a second one 乙 buys 4 from each; 甲's 4 are half of
    # 料, which the other cannot replace: 乙 and 丙 lose half, (4 + 4) / 16.
    assert table["supplier"].tolist() == ["甲"]
    assert table["esri"].tolist() == [1]
    assert table["esri_after"].tolist() == pytest.approx([0.5])
    with pytest.raises(UsageError, match="企业→环节"):
        asked(sheets, add="丁")


def test_an_added_supplier_takes_over_no_more_than_it_says_it_can_make() -> None:
    sheets = chained(供应关系=sales(("甲", "乙", 40), ("乙", "丙", 40)))
    found = asked(sheets, add="丁→料").tables["additions"].iloc[0]
    # 乙 asks for 40/2 of 丁, which makes 5 of 料: 甲 keeps 35 of 40, and 乙 and 丙 lose 7/8.
    assert (found["asked"], found["capacity"], found["share"]) == (20, 5, 0.25)
    assert found["esri"] == 1
    assert found["esri_after"] == pytest.approx((35 + 35) / 80)
    assert found["reduction"] == pytest.approx(1 / 8)
    made: dict[str, Rows] = {
        "产品": [["产品名称", "产业链", "环节"], ["坯", "链", "料"], ["壳", "链", "件"]],
        "企业产品": [
            ["企业名称", "产品", "产能", "单价(元)"],
            ["丁", "坯", 1000, 100000],
            ["丁", "壳", 9000, 100000],
        ],
    }
    whole = asked(sheets | made, add="丁→料").tables["additions"].iloc[0]
    assert (whole["capacity"], whole["share"]) == (10000, 1)  # 1000 × 100000 元; 壳 is not 料
    assert whole["reduction"] == pytest.approx(1 / 2)


def test_what_an_added_supplier_could_make_is_not_guessed() -> None:
    sheets = chained(供应关系=sales(("甲", "乙", 8), ("乙", "丙", 8)))
    result = asked(sheets, add="丙→料;丁→料")
    table = result.tables["additions"]
    assert table["enterprise"].tolist() == ["丁", "丙"]
    assert table[["share", "esri_after", "reduction"]].iloc[1].isna().all()
    assert result.tables["addition"]["esri_after"].isna().tolist() == [False, True]
    assert any("丙未填报产能" in note.zh for note in result.notes)
    sheets["企业"] = firms("甲", "乙", "丙", "丁", "戊")
    equal = asked(sheets, add="戊→料", equal_weights=True).tables["additions"].iloc[0]
    assert pd.isna(equal["asked"])
    assert equal["reduction"] == pytest.approx(0.5)


def test_an_added_supplier_falls_with_what_it_buys_today() -> None:
    sheets = chained(
        供应关系=sales(("甲", "乙", 8), ("乙", "丙", 8), ("乙", "丁", 8), ("外", "丁", 8))
    )
    found = asked(sheets, add="丁→料").tables["additions"].iloc[0]
    # 甲 stops: 乙 with it, so 丁 makes half. It would deliver 4 of 8 to 乙, which then gets 2:
    # before, 8 + 16 of 32 are lost; after, 4 of 甲, 2 of 丁 and 3/4 of 乙's 16.
    assert found["esri"] == pytest.approx(24 / 32)
    assert found["esri_after"] == pytest.approx((4 + 2 + 12) / 32)
    # Whoever makes the goods itself does not need them from others: 丙 only buys 料.
    own = chained(供应关系=sales(("甲", "丙", 8)))
    own["企业"] = [["企业名称", "产值(万元)"], ["甲", ""], ["乙", ""], ["丙", 9], ["丁", ""]]
    assert asked(own, add="丙→料").tables["additions"]["reduction"].tolist() == [0.5]


def test_present_suppliers_are_those_of_the_goods_without_the_one_added() -> None:
    sheets = chained(供应关系=sales(("甲", "乙", 6), ("丁", "乙", 2), ("乙", "丙", 8)))
    table = asked(sheets, add="丁→料").tables["addition"]
    assert table["supplier"].tolist() == ["甲"]  # 丁 itself does not stop; 乙 sells 件
    both = asked(sheets | {"企业": firms("甲", "乙", "丙", "丁", "戊")}, add="戊→料")
    assert both.tables["additions"]["suppliers"].tolist() == [2]
    assert asked(sheets, add="丁→整机").tables["additions"].empty


def test_every_candidate_of_gaps_is_tried_and_the_best_comes_first() -> None:
    sheets = chained(供应关系=sales(("甲", "乙", 40)))
    sheets["企业"] = [
        ["企业名称", "产值(万元)"], ["甲", ""], ["乙", ""], ["戊", 10], ["己", 50], ["庚", ""]
    ]  # fmt: skip
    sheets["企业环节"] = [
        ["企业名称", "产业链", "环节"], ["甲", "链", "料"], ["乙", "链", "整机"],
        *([name, "链", "件"] for name in "戊己庚"),
    ]  # fmt: skip
    for add in ("→料", "*→料", "戊→料、己→料;庚→料"):
        table = asked(sheets, add=add).tables["additions"]
        assert table["enterprise"].tolist() == ["己", "戊", "庚"]
        # 20 of 40 are asked: 己 delivers them all, 戊 half of them, 庚 does not say.
        assert table["share"].tolist()[:2] == [1, 0.5]
        assert table["reduction"].tolist()[:2] == pytest.approx([0.5, 0.25])
        assert table["rank"].tolist() == [1, 2, 3]
    with pytest.raises(UsageError, match="没有本地候选"):
        asked(chained(供应关系=sales(("甲", "乙", 40))), add="→料")


@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(1, 20)), min_size=1, max_size=14
    ),
    st.lists(st.integers(0, 2), min_size=6, max_size=6),
    st.integers(1, 60),
)
@settings(max_examples=40, deadline=None)
def test_a_supplier_that_depends_on_nobody_never_raises_the_risk(
    traded: list[tuple[int, int, int]], places: list[int], output: int
) -> None:
    segments = ["料", "件", "整机"]
    names = [f"企业{i}" for i in range(6)]
    sheets = chained(供应关系=sales(*[(names[a], names[b], w) for a, b, w in traded if a != b]))
    sheets["企业环节"] = [
        ["企业名称", "产业链", "环节"],
        *([name, "链", segments[place]] for name, place in zip(names, places, strict=True)),
    ]
    fallen = []
    for made in (output, 2 * output):
        sheets["企业"] = [["企业名称", "产值(万元)"], *([n, ""] for n in names), ["新", made]]
        fallen.append(asked(sheets, add="新→料").tables["additions"]["reduction"].tolist())
    for less, more in zip(*fallen, strict=True):
        assert -1e-12 <= less <= more + 1e-12


def test_substitutes_are_the_others_of_the_segment_near_before_far() -> None:
    sheets = chained(供应关系=sales(("甲", "乙", 8), ("外", "乙", 1)))
    sheets["产业链"] = [["产业链名称", "地区"], ["链", "南京市"]]
    sheets["企业"] = [
        ["企业名称", "地区"], ["甲", "南京市"], ["乙", ""], ["丙", ""], ["丁", "苏州市"]
    ]  # fmt: skip
    result = asked(sheets)
    assert by_name(result, "substitutes")["甲"] == "丁"
    assert by_name(result, "local_substitutes")["甲"] == 0
    assert by_name(result, "outside_substitutes")["甲"] == 1
    assert by_name(result, "local_substitutes")["丁"] == 1
    assert by_name(result, "outside")["外"]


def test_levels_follow_the_declared_thresholds() -> None:
    sheets = {"企业": firms("甲", "乙"), "供应关系": sales(("甲", "乙", 5))}
    assert by_name(asked(sheets), "level") == {"甲": "high", "乙": "high"}
    calm = asked(sheets, high_esri=1.0, medium_esri=1.0, min_loss=1.0)
    assert set(calm.rows["level"]) == {"high"}
    partial = {
        "企业": firms("甲", "乙", "丙"),
        "供应关系": sales(("甲", "乙", 5), ("丙", "乙", 95)),
    }
    found = asked(partial, high_esri=0.99, medium_esri=0.5)
    assert by_name(found, "level") == {"乙": "high", "丙": "medium", "甲": "low"}
