"""From rows to a graph: identity, references, silence, merging, circles, worked examples."""

import random
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphmodel.errors import SourceError
from graphmodel.graph import ChainGraph
from graphmodel.units import money_to_yuan
from loaders import Loaded, RejectedError, load, load_rows

Rows = dict[str, list[list[object]]]

SMALL: Rows = {
    "企业": [
        ["企业名称", "统一社会信用代码", "地区", "产业链", "产值(万元)", "资质", "上级企业"],
        [
            "甲公司",
            "91350100M000100Y43",
            "南京市",
            "氢能；机器人",
            "1200",
            "高新技术企业",
            "丙集团",
        ],
        ["乙公司", "", "张家港", "氢能", "1,300", "无", ""],
        ["丙集团", "", "南京市", "", "", "", ""],
    ],
    "产业链": [
        ["产业链名称", "地区"],
        ["氢能", "张家港市"],
        ["机器人", "海门区"],
        ["机器人", "武进区"],
    ],
    "环节": [["环节名称", "产业链"], ["制", "氢能"], ["储", "氢能"], ["用", "氢能"]],
    "环节上下游": [["产业链", "上游环节", "下游环节"], ["氢能", "制", "储"], ["氢能", "储", "用"]],
    "企业环节": [["企业名称", "产业链", "环节"], ["甲公司", "", "制"], ["乙公司", "氢能", "储"]],
    "供应关系": [
        ["供方", "需方", "产品", "金额(万元)", "年份", "供方地区"],
        ["甲公司", "乙公司", "氢气", "10", "2025", ""],
        ["甲公司", "乙公司", "氢气", "12", "2026", ""],
        ["甲公司", "乙公司", "阀门", "3", "2026", ""],
        ["外省阀门厂", "乙公司", "阀门", "5", "2026", "上海市"],
    ],
    "配套合作": [["企业甲", "企业乙"], ["甲公司", "乙公司"]],
    "联盟": [["联盟名称", "牵头单位"], ["氢能联盟", "市工信局"]],
    "联盟成员": [
        ["联盟", "成员", "角色"],
        ["氢能联盟", "甲公司", "盟主"],
        ["氢能联盟", "某某银行", "成员"],
    ],
    "活动": [["活动编号", "名称"], ["H1", "联合攻关"]],
    "活动参与": [
        ["活动", "参与单位", "角色", "家数"],
        ["H1", "甲公司", "参与", ""],
        ["H1", "", "企业", "8"],
    ],
    "指标": [["主体", "指标", "数值", "原文"], ["甲公司；乙公司", "解决共性问题", "213", "213个"]],
}
SMALL["企业"][1][3] = "氢能；机器人@海门区"


def pairs(graph: ChainGraph, edge: str) -> set[tuple[str, str]]:
    table = graph.edges[edge]
    return set(zip(graph.names(table["source"]), graph.names(table["target"]), strict=True))


def codes(loaded: Loaded) -> dict[str, int]:
    return dict(loaded.findings.codes)


def small(**changes: list[list[object]]) -> Rows:
    return {**{name: [list(row) for row in rows] for name, rows in SMALL.items()}, **changes}


@pytest.fixture(scope="module")
def graph() -> ChainGraph:
    loaded = load_rows(small())
    assert loaded.errors == 0, loaded.findings.frame()
    return loaded.graph


def test_a_node_is_known_by_credit_code_else_by_name(graph: ChainGraph) -> None:
    table = graph.nodes["Enterprise"].set_index("name")
    assert table.loc["甲公司", "id"] == "91350100M000100Y43"
    assert table.loc["乙公司", "id"] == "乙公司"


def test_a_chain_is_identified_by_name_and_region(graph: ChainGraph) -> None:
    assert set(graph.nodes["Chain"]["id"]) == {"氢能@张家港市", "机器人@海门区", "机器人@武进区"}
    assert pairs(graph, "IN_CHAIN") == {
        ("甲公司", "氢能"),
        ("甲公司", "机器人"),
        ("乙公司", "氢能"),
    }
    chain = graph.find("Chain", "机器人@海门区")
    assert chain in graph.edges["IN_CHAIN"]["target"].to_numpy()


def test_an_ambiguous_chain_is_refused_and_its_choices_listed() -> None:
    rows = small()
    rows["企业"][1][3] = "机器人"
    loaded = load_rows(rows)
    found = loaded.findings.frame().query("rule == 'E101.ambiguous'").iloc[0]
    assert (found["sheet"], found["row"], found["value"]) == ("企业", 2, "机器人")
    assert "机器人@海门区" in found["advice"]
    assert "机器人@武进区" in found["advice"]


def test_regions_nest_and_only_those_in_use_are_kept(graph: ChainGraph) -> None:
    assert ("张家港市", "苏州市") in pairs(graph, "PART_OF")
    assert ("苏州市", "江苏省") in pairs(graph, "PART_OF")
    assert set(graph.nodes["Region"]["name"]) == {
        "江苏省", "南京市", "苏州市", "张家港市", "南通市", "海门区", "常州市", "武进区", "上海市",
    }  # fmt: skip
    located = graph.target("LOCATED_IN", "Enterprise")
    jiangsu = graph.find("Region", "江苏省")
    assert graph.lies_within(located, jiangsu).tolist() == [True, True, True, False]


def test_an_unknown_supplier_is_an_outside_party_with_its_region(graph: ChainGraph) -> None:
    outside = graph.nodes["Enterprise"].query("standing == 'outside'")
    assert outside["name"].tolist() == ["外省阀门厂"]
    assert ("外省阀门厂", "上海市") in pairs(graph, "LOCATED_IN")


def test_parallel_supply_stays_apart_by_product_and_year(graph: ChainGraph) -> None:
    local = graph.edges["SUPPLIES"].query("source == @graph.find('Enterprise', '甲公司')")
    assert sorted(local["amount"]) == [3, 10, 12]


def test_names_imply_nodes_only_where_their_sheet_is_absent(graph: ChainGraph) -> None:
    assert graph.nodes["FinancialInstitution"]["name"].tolist() == ["某某银行"]
    assert graph.nodes["FinancialInstitution"]["standing"].tolist() == ["inferred"]
    assert graph.nodes["GovernmentDepartment"]["name"].tolist() == ["市工信局"]
    rows = small(金融机构=[["名称"], ["另一银行"]])
    loaded = load_rows(rows)
    assert loaded.findings.frame().query("rule == 'E101.unknown'")["value"].tolist() == ["某某银行"]


def test_a_many_sided_event_makes_no_pairs_and_unnamed_firms_stay_a_number(
    graph: ChainGraph,
) -> None:
    assert len(graph.edges["PARTICIPATES"]) == 2
    assert graph.edges["PARTICIPATES"]["count"].dropna().tolist() == [8]
    assert len(graph.edges["COOPERATES"]) == 1
    assert len(graph.nodes["Group"]) == 1


def test_a_joint_figure_is_one_fact_about_several(graph: ChainGraph) -> None:
    assert graph.nodes["Fact"]["value"].tolist() == [213]
    assert pairs(graph, "ABOUT") == {("解决共性问题", "甲公司"), ("解决共性问题", "乙公司")}


def test_a_blank_chain_is_filled_from_the_segment(graph: ChainGraph) -> None:
    chain = graph.find("Chain", "氢能@张家港市")
    assert (graph.edges["IN_SEGMENT"]["chain"] == chain).all()


def test_money_adds_up_exactly() -> None:
    assert money_to_yuan("172.8亿元") + money_to_yuan("240万元") == Decimal(17_282_400_000)


def test_two_names_with_one_code_are_one_enterprise_to_review() -> None:
    rows = small()
    rows["企业"].append(["甲公司（旧名）", "91350100M000100Y43", "", "", "", "专精特新", ""])
    loaded = load_rows(rows)
    assert loaded.errors == 0
    assert "E102.two_names" in set(loaded.findings.frame()["rule"])
    firm = loaded.graph.nodes["Enterprise"].query("id == '91350100M000100Y43'").iloc[0]
    assert firm["qualifications"] == "专精特新;高新技术企业"
    assert firm["output"] == 1200


def test_one_name_with_two_codes_stays_two_enterprises() -> None:
    rows = small()
    rows["企业"].append(["甲公司", "91110000100000000N", "", "", "", "", ""])
    loaded = load_rows(rows, allow_partial=True)
    assert (loaded.graph.nodes["Enterprise"]["name"] == "甲公司").sum() == 2


def test_similar_names_stay_two() -> None:
    rows = small()
    rows["企业"] += [["南通振康焊接机电有限公司", *[""] * 6], ["南通振康机械有限公司", *[""] * 6]]
    assert len(load_rows(rows).graph.nodes["Enterprise"].query("standing == 'stated'")) == 5


def test_two_different_values_of_one_enterprise_are_the_error() -> None:
    rows = small()
    rows["企业"].append(["乙公司", "", "", "", "1400", "", ""])
    loaded = load_rows(rows)
    found = loaded.findings.frame().query("severity == 'error'").iloc[0]
    assert (found["code"], found["sheet"], found["row"], found["column"]) == (
        "E102",
        "企业",
        5,
        "产值",
    )
    with pytest.raises(RejectedError, match="--allow-partial"):
        _ = loaded.graph


def test_different_amounts_of_one_relation_are_summed_with_a_finding() -> None:
    rows = small()
    rows["供应关系"].append(["甲公司", "乙公司", "阀门", "4", "2026", ""])
    loaded = load_rows(rows)
    assert "E109.summed" in set(loaded.findings.frame()["rule"])
    assert sorted(loaded.graph.edges["SUPPLIES"]["amount"]) == [5, 7, 10, 12]


def test_an_undirected_tie_written_the_other_way_round_adds_nothing() -> None:
    rows = small()
    rows["配套合作"].append(["乙公司", "甲公司"])
    loaded = load_rows(rows)
    assert len(loaded.graph.edges["COOPERATES"]) == 1
    assert codes(loaded)["E109"] == 1


def test_a_circle_of_segments_names_its_path_unless_it_is_recycling() -> None:
    rows = small()
    rows["环节上下游"].append(["氢能", "用", "制"])
    loaded = load_rows(rows)
    found = loaded.findings.frame().query("code == 'E108'")
    assert found["message"].tolist() == ["环节上下游成环：制 → 储 → 用 → 制。"]
    links = [["制", "储", ""], ["储", "用", ""], ["用", "制", "是"]]
    header = ["产业链", "上游环节", "下游环节", "回流"]
    recycling = [header, *(["氢能", *link] for link in links)]
    assert load_rows(small(环节上下游=recycling)).errors == 0


def test_a_firm_does_not_supply_itself() -> None:
    rows = small()
    rows["供应关系"].append(["甲公司", "甲公司", "氢气", "1", "2026", ""])
    found = load_rows(rows).findings.frame().query("severity == 'error'")
    assert found[["code", "row"]].to_numpy().tolist() == [["E109", 6]]


def test_partial_leaves_out_bad_rows_and_what_hangs_on_them() -> None:
    rows = small()
    rows["企业"][2][4] = "很多"
    whole = load_rows(rows)
    assert whole.findings.frame().query("severity == 'error'")["code"].tolist()[0] == "E107"
    part = load_rows(rows, allow_partial=True)
    assert "乙公司" not in set(part.graph.nodes["Enterprise"].query("standing == 'stated'")["name"])
    assert {(r.sheet, tuple(r.rows["row"])) for r in part.rejects} >= {
        ("企业", (3,)),
        ("配套合作", (2,)),
    }


def test_every_problem_is_found_at_once() -> None:
    rows = small(
        企业=[
            ["企业名称", "产值", "规上", "从业人数", "市场占有率"],
            ["甲", "100", "", "", ""],
            ["乙", "2美元", "", "", ""],
            ["", "", "是", "", ""],
            ["丁", "", "大概", "-3", "35"],
        ],
        项目=[["项目名称", "签约日期"], ["项目一", "2023-13-01"], ["项目二", "去年以来"]],
    )
    found = load_rows({k: v for k, v in rows.items() if k in {"企业", "项目"}}).findings.frame()
    errors = found.query("severity == 'error'")
    expected = {
        ("E106.no_unit", 2),
        ("E106.foreign_currency", 3),
        ("E111.missing_cell", 4),
        ("E107.not_a_boolean", 5),
        ("E107.negative", 5),
        ("E107.over_one", 5),
        ("E110.impossible_date", 2),
        ("E110.relative_date", 3),
    }
    assert set(zip(errors["rule"], errors["row"], strict=True)) == expected
    assert found[["message", "message_en", "advice", "advice_en"]].ne("").all().all()


def test_a_relative_date_of_a_stated_figure_is_kept_as_written() -> None:
    rows = small(
        指标=[["主体", "指标", "数值", "截至日期"], ["甲公司", "新签项目", "14", "去年以来"]]
    )
    loaded = load_rows(rows)
    assert loaded.errors == 0
    fact = loaded.graph.nodes["Fact"].iloc[0]
    assert fact["time_note"] == "去年以来"
    assert pd.isna(fact["as_of"])


def test_growth_above_one_and_spaces_in_shares_are_read_in_stated_figures() -> None:
    rows = small(
        指标=[
            ["主体", "指标", "数值", "单位"],
            ["甲公司", "同比", "1.378", "比率"],
            ["乙公司", "同比", "-0.2", "比率"],
        ]
    )
    assert sorted(load_rows(rows).graph.nodes["Fact"]["value"]) == [-0.2, 1.378]


def test_without_enterprises_there_is_one_clear_error() -> None:
    loaded = load_rows({"产业链": [["产业链名称"], ["氢能"]]})
    assert loaded.findings.frame().query("severity == 'error'")["rule"].tolist() == [
        "E111.no_enterprises"
    ]


@pytest.mark.parametrize("source", ["sample:nowhere", "no-such-file.xlsx"])
def test_a_source_that_does_not_exist_is_said_in_a_sentence(source: str) -> None:
    with pytest.raises(SourceError, match="sample"):
        load(source)


# properties --------------------------------------------------------------------------------------


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32))
def test_shuffling_rows_and_sheets_changes_nothing(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311  # a shuffle, no secret
    sheets = [
        (name, [rows[0], *rng.sample(rows[1:], len(rows) - 1)]) for name, rows in SMALL.items()
    ]
    rng.shuffle(sheets)
    assert load_rows(dict(sheets)).graph.equals(load_rows(SMALL).graph)


def test_a_sheet_loaded_twice_changes_nothing(graph: ChainGraph) -> None:
    twice = {name: [*rows, *rows[1:]] for name, rows in SMALL.items()}
    loaded = load_rows(twice)
    assert loaded.errors == 0
    assert loaded.graph.equals(graph)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    data=st.dictionaries(
        st.sampled_from(list(SMALL)),
        st.lists(
            st.lists(
                st.one_of(st.text(max_size=8), st.integers(), st.floats(), st.none()), max_size=7
            ),
            max_size=5,
        ),
        max_size=5,
    )
)
def test_a_random_workbook_gives_findings_and_never_an_exception(
    data: dict[str, list[list[object]]],
) -> None:
    rows = {name: [SMALL[name][0], *body] for name, body in data.items()}
    load_rows({"企业": SMALL["企业"], **rows})  # type: ignore[dict-item]  # cells of any type are the point


def test_similar_names_are_suggested_to_a_person_on_request() -> None:
    loaded = load("sample:jiangsu", suggest=True)
    found = loaded.findings.frame()
    assert found["rule"].tolist() == ["E102.similar"]
    assert "南通振康机械有限公司" in found["message"].iloc[0]
    assert len(loaded.graph.nodes["Enterprise"].query("name.str.startswith('南通振康')")) == 2


def test_posts_without_a_column_for_the_unit_are_held_by_posts() -> None:
    rows = small(岗位=[["岗位", "对象", "岗位编号"], ["红链专员", "甲公司", "HL-1"]])
    loaded = load_rows(rows)
    assert loaded.errors == 0
    assert pairs(loaded.graph, "HOLDS_POST") == {("HL-1", "甲公司")}


def test_a_total_counts_amounts_that_name_their_own_unit() -> None:
    rows: list[list[object]] = [
        ["企业名称", "营业收入(万元)"],
        ["甲公司", "1100"],
        ["乙公司", "1.2亿元"],
        ["丙公司", "—"],
        ["合计", "13100"],
    ]
    assert "E111.total" not in set(load_rows({"企业": rows}).findings.frame()["rule"])
    rows[-1] = ["合计", "13900"]
    found = load_rows({"企业": rows}).findings.frame().query("rule == 'E111.total'").iloc[0]
    assert "13100" in found["message"]


def test_a_product_called_by_a_unit_word_is_not_taken_for_a_row_of_units() -> None:
    rows = small(产品=[["产品名称"], ["件"], ["套"], ["氢气"], ["阀门"]])
    assert {"件", "套"} <= set(load_rows(rows).graph.nodes["Product"]["name"])
