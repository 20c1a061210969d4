"""Gaps: every state, every criterion, the diagnosis and what stands beside them, by hand."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import pytest

from graphmodel.errors import UsageError
from graphmodel.graph import ChainGraph
from graphmodel.question import Result
from loaders import load, load_rows
from queries import question
from queries.gaps.states import STATES, GapParams

Rows = Sequence[Sequence[object]]
REGIONS = (["名称", "上级", "类型"], ["城", "", "市"], ["县", "城", "县"], ["外", "", "市"])
CHAIN = (["产业链名称", "地区"], ["链", "城"])
ASK = question("gaps").answer
HEADERS = [
    "序号", "产业链", "环节编码", "环节名称", "上级环节", "状态", "同时存在", "本地企业数",
    "规上企业数", "产值", "集中度HHI", "进口依赖", "本地下游需求企业数", "本地上游供方数",
    "外流销售额", "在谈签约项目", "预计投产", "优先级得分", "得分说明", "建议动作", "招商方向",
    "候选企业", "责任单位", "上月状态", "证据编号",
]  # fmt: skip


@pytest.fixture(scope="module")
def jiangsu() -> Result:
    return ASK(load("sample:jiangsu").graph, GapParams())


@pytest.fixture(scope="module")
def chenglan() -> Result:
    return ASK(load("sample:chenglan").graph, GapParams())


def graph_of(sheets: Mapping[str, Rows]) -> ChainGraph:
    """Load rows and insist that nothing was wrong with them."""
    loaded = load_rows({"地区": REGIONS, "产业链": CHAIN, **sheets})
    assert loaded.findings.count("error") == 0, loaded.findings.frame()["message"].tolist()
    return loaded.graph


def template(names: str, links: str, **flags: Mapping[str, object]) -> dict[str, Rows]:
    """Segments and links: `template("abc", "ab bc", 必备={"c": "否"})`."""
    header = ["环节名称", "产业链", *flags]
    rows = [[n, "链", *(flag.get(n, "") for flag in flags.values())] for n in names]
    drawn = [["链", link[0], link[1], ""] for link in links.split()]
    return {
        "环节": [header, *rows],
        "环节上下游": [["产业链", "上游环节", "下游环节", "关键性"], *drawn],
    }


def firms(placed: Mapping[str, str], **columns: Mapping[str, object]) -> dict[str, Rows]:
    """Firms of the chain in 城, each on the segments that are written: `firms({"甲": "b"})`."""
    header = ["企业名称", "地区", "产业链", *columns]
    rows = [
        [n, columns.get("地区", {}).get(n, "城"), "链", *(c.get(n, "") for c in columns.values())]
        for n in placed
    ]
    if "地区" in columns:
        header = [h for i, h in enumerate(header) if h != "地区" or i == 1]
        at = 3 + list(columns).index("地区")
        rows = [r[:at] + r[at + 1 :] for r in rows]
    stands = [[n, "链", segment] for n, segments in placed.items() for segment in segments]
    return {"企业": [header, *rows], "企业环节": [["企业名称", "产业链", "环节"], *stands]}


def stands(*rows: Sequence[object]) -> Rows:
    return [["企业名称", "产业链", "环节", "产值(万元)", "产能", "单位", "产品", "对外依赖"], *rows]


def supplies(*rows: Sequence[object]) -> dict[str, Rows]:
    header = [
        "供方",
        "需方",
        "金额(万元)",
        "关键性",
        "环节",
        "产品",
        "供方地区",
        "需方地区",
        "年份",
    ]
    return {"供应关系": [header, *([*r, *[""] * (9 - len(r))] for r in rows)]}


def ask(sheets: Mapping[str, Rows], **params: Any) -> Result:  # noqa: ANN401  # any parameter
    return ASK(graph_of(sheets), GapParams(**params))


def states(result: Result) -> dict[str, str]:
    return dict(zip(result.rows["segment"], result.rows["state"], strict=True))


def row(result: Result, segment: str) -> pd.Series:
    found = result.rows[result.rows["segment"] == segment]
    assert len(found) == 1
    return found.iloc[0]


FOUR = template("abcd", "ab bc cd")
TRADE = supplies(("甲", "乙"), ("乙", "丙"), ("丙", "甲"))


# the worked examples ---------------------------------------------------------------------------


def test_both_ends_missing_are_short() -> None:
    result = ask(FOUR | firms({"甲": "b", "乙": "b", "丙": "c", "丁": "c"}))
    assert states(result) == {"a": "short", "b": "sound", "c": "sound", "d": "short"}
    assert row(result, "a")["action"] == "延长"
    assert "上游" in row(result, "a")["reason"]
    assert "下游" in row(result, "d")["reason"]


def test_an_inner_segment_without_firms_is_broken() -> None:
    result = ask(FOUR | firms({"甲": "a", "乙": "c", "丙": "d"}))
    assert states(result)["b"] == "broken_missing"
    assert row(result, "b")["action"] == "连通"
    assert row(result, "b")["firms"] == 0


def test_one_firm_is_thin() -> None:
    result = ask(FOUR | firms({"甲": "b", "乙": "a", "丙": "a"}))
    assert states(result)["b"] == "thin"
    assert states(result)["a"] == "sound"
    assert row(result, "b")["value"] == 1


def test_too_few_firms_placed_is_not_a_gap() -> None:
    result = ask(FOUR | firms({"甲": "b", "乙": "", "丙": ""}))
    assert states(result) == {
        "a": "not_reported", "b": "thin", "c": "not_reported", "d": "not_reported",
    }  # fmt: skip
    empty = row(result, "a")
    assert empty["action"] == "补报"
    assert pd.isna(empty["firms"])
    assert pd.isna(empty["above_scale"])
    assert "1家已归环节" in empty["reason"]


def test_half_of_the_firms_placed_is_enough() -> None:
    sheets = FOUR | firms({"甲": "b", "乙": ""})
    assert states(ask(sheets))["a"] == "short"
    assert states(ask(sheets, min_placed=0.6))["a"] == "not_reported"


def hydrogen() -> dict[str, Rows]:
    """Five occupied segments, 21 firms that report supply and are little connected."""
    names = [f"氢企{i:02}" for i in range(21)]
    placed = dict(zip(names, "aaaabbbbccccddddeeeee", strict=True))
    rows = [(n, "远方客户", "", "", "", "", "", "外") for n in names]
    sheets = template("abcde", "ab bc cd de", 进口依赖={"b": 0.7})
    return sheets | firms(placed) | supplies(("氢企00", "氢企04"), *rows)


def test_hydrogen_is_clustered_but_not_linked() -> None:
    result = ask(hydrogen())
    assert states(result) == dict.fromkeys("acde", "sound") | {"b": "weak"}
    assert row(result, "b")["measure"] == "进口依赖"
    assert row(result, "b")["action"] == "变强"
    assert "与上游环节b没有联系，本链诊断为聚集不聚合" in row(result, "c")["reason"]
    found = result.tables["diagnosis"].iloc[0]
    assert found["diagnosis"] == "clustered_unlinked"
    assert (found["pairs_reported"], found["pairs_unlinked"], found["value"]) == (4, 3, 0.75)
    assert "聚集不聚合" in found["reason"]


def test_more_pairs_asked_for_leaves_the_diagnosis_open_and_names_the_breaks() -> None:
    result = ask(hydrogen(), clustered_pairs=5)
    assert states(result)["c"] == "broken_unlinked"
    assert result.tables["diagnosis"].iloc[0]["diagnosis"] == "none"


# not reported and not applicable ---------------------------------------------------------------


def test_a_segment_that_says_it_is_reported_is_empty() -> None:
    sheets = template("abc", "ab bc", 已填报={"a": "是", "b": "否"})
    result = ask(sheets | firms({"甲": "c", "乙": "", "丙": ""}))
    assert states(result) == {"a": "short", "b": "not_reported", "c": "thin"}
    assert "已填报" in row(result, "a")["reason"]


@pytest.mark.parametrize(
    ("region", "chain", "expected"),
    [
        ("", "", "short"),
        ("城", "链", "short"),
        ("县", "链", "not_reported"),
        ("外", "", "not_reported"),
    ],
)
def test_a_complete_table_means_none_where_it_is_declared(
    region: str, chain: str, expected: str
) -> None:
    scope = {"填报范围": [["工作表", "地区", "产业链", "完整"], ["企业环节", region, chain, "是"]]}
    result = ask(FOUR | scope | firms({"甲": "", "乙": "", "丙": "b"}))
    assert states(result)["a"] == expected


def test_a_chain_without_a_firm_here_has_not_reported() -> None:
    away = {"甲": "外", "乙": "外"}
    result = ask(FOUR | firms({"甲": "b", "乙": "b"}, 地区=away))
    assert set(states(result).values()) == {"not_reported"}
    assert "本地没有该链企业" in row(result, "a")["reason"]


def test_an_optional_empty_segment_is_not_applicable_only_once_reported() -> None:
    sheets = template("abc", "ab bc", 必备={"a": "否", "b": "否"})
    full = ask(sheets | firms({"甲": "c", "乙": "b"}))
    assert states(full)["a"] == "not_applicable"
    assert pd.isna(row(full, "a")["action"])
    assert states(full)["b"] == "thin"
    assert states(ask(sheets | firms({"甲": "c", "乙": "", "丙": ""})))["a"] == "not_reported"


def test_a_chain_without_segments_is_named_and_has_no_row() -> None:
    result = ask(
        firms({"甲": ""}) | {"企业环节": []} | {"企业": [["企业名称", "产业链"], ["甲", "链"]]}
    )
    assert result.rows.empty
    assert [t.zh for t in result.not_reported] == ["产业链“链@城”没有填报环节：请填“环节”表。"]


def test_an_isolated_segment_is_an_end() -> None:
    result = ask(template("abx", "ab") | firms({"甲": "ab"}))
    assert states(result)["x"] == "short"
    assert "没有上下游" in row(result, "x")["reason"]


def test_recycling_links_are_no_part_of_the_template() -> None:
    sheets = template("abc", "ab bc")
    back = [*sheets["环节上下游"][0], "回流"]
    links = [[*r, ""] for r in sheets["环节上下游"][1:]]
    sheets["环节上下游"] = [back, *links, ["链", "c", "a", "", "是"]]
    result = ask(sheets | firms({"甲": "b", "乙": "b"}))
    assert states(result) == {"a": "short", "b": "sound", "c": "short"}


# a segment above others ------------------------------------------------------------------------


def nested() -> dict[str, Rows]:
    header = ["环节名称", "产业链", "上级环节", "已填报"]
    rows = [["a", "链", "", ""], ["p", "链", "", ""], ["p1", "链", "p", ""], ["p2", "链", "p", ""]]
    return {
        "环节": [header, *rows],
        "环节上下游": [["产业链", "上游环节", "下游环节"], ["链", "a", "p"]],
    }


def placed_by_name(**segments: str) -> dict[str, Rows]:
    return {
        "企业": [["企业名称", "地区", "产业链"], *([n, "城", "链"] for n in segments)],
        "企业环节": [
            ["企业名称", "产业链", "环节"],
            *([n, "链", s] for n, s in segments.items() if s),
        ],
    }


def test_rows_are_leaves_and_a_parents_link_holds_for_each() -> None:
    result = ask(nested() | placed_by_name(甲="p1", 乙="p1"))
    assert states(result) == {"a": "short", "p1": "sound", "p2": "short"}
    assert row(result, "p1")["parent"] == "p"
    assert "最下游" in row(result, "p2")["reason"]
    apart = ask(nested() | placed_by_name(甲="a", 乙="p1", 丙="p2") | TRADE)
    assert row(apart, "p1")["local_suppliers"] == 1


def test_a_firm_on_a_parent_makes_its_empty_leaves_not_reported() -> None:
    result = ask(nested() | placed_by_name(甲="p", 乙="p1", 丙="a"))
    assert states(result) == {"a": "thin", "p1": "thin", "p2": "not_reported"}
    assert "上级环节" in row(result, "p2")["reason"]
    scope = {"填报范围": [["工作表", "完整"], ["企业环节", "是"]]}
    declared = ask(nested() | placed_by_name(甲="p", 乙="p1", 丙="a") | scope)
    assert states(declared)["p2"] == "not_reported"


# links -----------------------------------------------------------------------------------------

PAIR = template("ab", "ab") | firms({"甲": "a", "丁": "a", "乙": "b", "丙": "b"})


def test_occupied_neighbours_without_any_tie_are_unlinked() -> None:
    result = ask(PAIR | supplies(("甲", "丁"), ("乙", "丙")))
    assert states(result) == {"a": "sound", "b": "broken_unlinked"}
    found = row(result, "b")
    assert found["upstream"] == ["a"]
    assert found["action"] == "连通"
    assert found["also"] == []
    assert row(result, "a")["upstream"] == []


@pytest.mark.parametrize(
    "more",
    [
        supplies(("甲", "丁"), ("丁", "丙")),
        supplies(("甲", "丁"), ("乙", "丙")) | {"配套合作": [["企业甲", "企业乙"], ["丙", "甲"]]},
        supplies(("甲", "丁")),
        supplies(),
    ],
    ids=["supplied", "cooperating", "one side silent", "no supply at all"],
)
def test_what_keeps_neighbours_from_being_unlinked(more: Mapping[str, Rows]) -> None:
    assert states(ask(PAIR | more))["b"] == "sound"


def test_a_supply_against_the_stream_is_no_link() -> None:
    assert states(ask(PAIR | supplies(("乙", "甲"))))["b"] == "broken_unlinked"


def test_one_firm_on_both_segments_joins_them() -> None:
    sheets = template("ab", "ab") | firms({"甲": "a", "丁": "ab", "乙": "b"})
    assert states(ask(sheets | supplies(("甲", "丁"), ("乙", "甲"))))["b"] == "sound"


def test_supply_declared_complete_counts_as_reported() -> None:
    scope = {"填报范围": [["工作表", "产业链", "完整"], ["供应关系", "链", "是"]]}
    result = ask(PAIR | scope)
    assert states(result)["b"] == "broken_unlinked"
    assert "与上游的供应关系" in row(ask(PAIR), "b")["reason"]


def test_unlinked_comes_before_weak_and_thin_which_stand_beside() -> None:
    sheets = template("ab", "ab", 卡脖子={"b": "是"}) | firms({"甲": "a", "丁": "a", "乙": "b"})
    result = ask(sheets | supplies(("甲", "丁"), ("乙", "甲")))
    assert states(result)["b"] == "broken_unlinked"
    assert row(result, "b")["also"] == ["weak", "thin"]


# weak ------------------------------------------------------------------------------------------


def test_thin_stands_beside_weak() -> None:
    result = ask(
        template("ab", "ab", 进口依赖={"a": 0.51}) | firms({"甲": "a", "乙": "b", "丙": "b"})
    )
    assert states(result) == {"a": "weak", "b": "sound"}
    assert row(result, "a")["also"] == ["thin"]


def test_dependence_of_exactly_the_limit_is_not_weak() -> None:
    sheets = template("a", "", 进口依赖={"a": 0.5}) | firms({"甲": "a", "乙": "a"})
    assert states(ask(sheets))["a"] == "sound"
    assert states(ask(sheets, max_dependence=0.4))["a"] == "weak"


def test_outside_dependence_is_weighted_by_output_where_it_is_known() -> None:
    base = template("a", "") | firms({"甲": "a", "乙": "a"})
    known = stands(["甲", "链", "a", 900, "", "", "", 0.6], ["乙", "链", "a", 100, "", "", "", 0.0])
    result = ask(base | {"企业环节": known}, n_star=1.0)
    assert row(result, "a")["outside_dependence"] == pytest.approx(0.54)
    assert states(result)["a"] == "weak"
    unknown = stands(
        ["甲", "链", "a", 900, "", "", "", 0.6], ["乙", "链", "a", "", "", "", "", 0.0]
    )
    result = ask(base | {"企业环节": unknown})
    assert row(result, "a")["outside_dependence"] == pytest.approx(0.3)
    assert states(result)["a"] == "sound"


@pytest.mark.parametrize(
    ("sold", "expected"),
    [
        ([("大", 81), ("小", 19)], "weak"),
        ([("大", 80), ("小", 20)], "sound"),
        ([("大", ""), ("小", 20)], "weak"),
        ([("大", ""), ("小", "")], "sound"),
    ],
)
def test_essential_purchases_from_a_supplier_with_over_four_fifths(
    sold: list[tuple[str, object]], expected: str
) -> None:
    rows = [(s, "甲", amount, "是", "", "物") for s, amount in sold]
    sheets = template("a", "") | firms({"甲": "a", "乙": "a"}) | {"产品": [["产品名称"], ["物"]]}
    assert states(ask(sheets | supplies(*rows)))["a"] == expected


def test_only_half_of_essential_purchases_being_captive_is_not_weak() -> None:
    goods = {"产品": [["产品名称"], ["物"], ["构件"]]}
    sheets = template("a", "") | firms({"甲": "a", "乙": "a"}) | goods
    even = [("大", "甲", 100, "是", "", "物"), ("小", "甲", 50, "是", "", "构件")]
    split = [*even, ("中", "乙", 50, "是", "", "构件")]
    assert states(ask(sheets | supplies(*split)))["a"] == "sound"
    more = [("大", "甲", 101, "是", "", "物"), *split[1:]]
    found = row(ask(sheets | supplies(*more)), "a")
    assert found["state"] == "weak"
    assert found["measure_en"] == "share of essential purchases so held"
    assert found["value"] == pytest.approx(101 / 201)
    optional = [(*r[:3], "否", *r[4:]) for r in more]
    assert states(ask(sheets | supplies(*optional)))["a"] == "sound"


def test_only_the_latest_year_of_a_pair_counts() -> None:
    old = ("大", "甲", 1000, "是", "", "", "", "", 2024)
    new = [
        ("大", "甲", 10, "是", "", "", "", "", 2025),
        ("小", "甲", 10, "是", "", "", "", "", 2024),
    ]
    sheets = template("a", "") | firms({"甲": "a", "乙": "a"})
    assert states(ask(sheets | supplies(old, *new)))["a"] == "sound"
    assert states(ask(sheets | supplies(old, new[1])))["a"] == "weak"


def test_a_declared_chokepoint_is_weak() -> None:
    flags = {"a": "是", "b": "否"}
    result = ask(template("ab", "ab", 卡脖子=flags) | firms({"甲": "ab", "乙": "ab"}))
    assert states(result) == {"a": "weak", "b": "sound"}


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ({"甲": "无", "乙": "无"}, "weak"),
        ({"甲": "无", "乙": ""}, "sound"),
        ({"甲": "无", "乙": "高新技术企业"}, "sound"),
    ],
)
def test_no_qualification_is_weak_only_when_all_report(
    held: Mapping[str, object], expected: str
) -> None:
    result = ask(template("a", "") | firms({"甲": "a", "乙": "a"}, 资质=held))
    assert states(result)["a"] == expected
    assert ("资质" in row(result, "a")["reason"]) == (held["乙"] != "高新技术企业")


def test_a_complete_list_of_qualifications_speaks_for_the_silent() -> None:
    scope = {"填报范围": [["工作表", "完整"], ["企业资质", "是"]]}
    sheets = template("a", "") | firms({"甲": "a", "乙": "a"}) | scope
    assert states(ask(sheets))["a"] == "weak"
    holds = {"企业资质": [["企业名称", "资质"], ["甲", "高新技术企业"]]}
    assert states(ask(sheets | holds))["a"] == "sound"


# thin ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outputs", "expected", "effective"),
    [
        ((100, 100, 100), "sound", 3.0),
        ((101, 100, 100), "thin", 301**2 / (101**2 + 2 * 100**2)),
        ((100, 100, ""), "sound", None),
        ((0, 0, 0), "sound", None),
    ],
)
def test_effective_suppliers_need_every_output(
    outputs: tuple[object, ...], expected: str, effective: float | None
) -> None:
    rows = [[n, "链", "a", o, "", "", "", ""] for n, o in zip("甲乙丙", outputs, strict=True)]
    sheets = template("a", "") | firms(dict.fromkeys("甲乙丙", "a")) | {"企业环节": stands(*rows)}
    found = row(ask(sheets), "a")
    assert found["state"] == expected
    if effective is None:
        assert pd.isna(found["hhi"])
    else:
        assert found["effective_suppliers"] == pytest.approx(effective)
        assert found["hhi"] == pytest.approx(1 / effective)


def test_a_firms_own_output_stands_in_only_on_a_single_segment() -> None:
    outputs = {"甲": 100, "乙": 100, "丙": 700}
    one = firms(dict.fromkeys("甲乙丙", "a"), **{"产值(万元)": outputs})
    found = row(ask(template("ab", "ab") | one), "a")
    assert (found["state"], found["output"]) == ("thin", 900)
    two = firms({"甲": "a", "乙": "a", "丙": "ab"}, **{"产值(万元)": outputs})
    found = row(ask(template("ab", "ab") | two), "a")
    assert (found["state"], found["output"], found["output_firms"]) == ("sound", 200, 2)


def ordered(quantity: int, unit: str = "套", buyer: str = "丙") -> dict[str, Rows]:
    header = ["订单编号", "需方", "产品", "数量", "单位"]
    return {
        "产品": [
            ["产品名称", "产业链", "环节", "单位"],
            ["物", "链", "a", "套"],
            ["构件", "", "", ""],
        ],
        "订单": [header, ["1", buyer, "物", quantity, unit], ["2", buyer, "构件", 10**6, "套"]],
    }


@pytest.mark.parametrize(
    ("capacities", "order", "expected"),
    [
        ((60, 50), ordered(111), "thin"),
        ((60, 50), ordered(110), "sound"),
        ((60, ""), ordered(111), "sound"),
        ((60, 50), ordered(111, unit="吨"), "sound"),
        ((60, 50), ordered(111, unit=""), "thin"),
        ((60, 50), ordered(111, buyer="丁"), "sound"),
        ((60, 50), ordered(111, buyer="生人"), "sound"),
    ],
)
def test_capacity_below_what_the_region_orders_is_thin(
    capacities: tuple[object, object], order: Mapping[str, Rows], expected: str
) -> None:
    where = {"甲": "城", "乙": "县", "丙": "县", "丁": "外"}
    placed = firms({"甲": "a", "乙": "a", "丙": "b", "丁": "b"}, 地区=where)
    rows = [[n, "链", "a", "", c, "套", "物", ""] for n, c in zip("甲乙", capacities, strict=True)]
    at_b = [["丙", "链", "b", "", "", "", "", ""], ["丁", "链", "b", "", "", "", "", ""]]
    sheets = template("ab", "ab") | placed | {"企业环节": stands(*rows, *at_b)} | order
    found = row(ask(sheets), "a")
    assert found["state"] == expected
    if expected == "thin":
        assert (found["value"], found["threshold"]) == (110, 111)


def test_capacity_of_a_product_counts_like_that_of_a_segment() -> None:
    placed = firms({"甲": "a", "乙": "a", "丙": "b"})
    makes = {
        "企业产品": [
            ["企业名称", "产品", "产能", "单位"],
            ["甲", "物", 60, "套"],
            ["乙", "物", 50, "套"],
        ]
    }
    sheets = template("ab", "ab") | placed | makes
    assert states(ask(sheets | ordered(111)))["a"] == "thin"
    assert states(ask(sheets | ordered(110)))["a"] == "sound"


# regions ---------------------------------------------------------------------------------------


def test_the_chains_own_region_holds_its_parts_and_firms_that_name_none() -> None:
    where = {"甲": "城", "乙": "县", "丙": "", "丁": "外"}
    result = ask(template("a", "") | firms(dict.fromkeys("甲乙丙丁", "a"), 地区=where))
    found = row(result, "a")
    assert (found["region"], found["firms"]) == ("城", 3)
    assert any("1家企业没有填写地区" in note.zh for note in result.notes)


def test_a_region_asked_for_overrides_the_chains_own() -> None:
    where = {"甲": "城", "乙": "县", "丙": "", "丁": "外"}
    sheets = template("a", "") | firms(dict.fromkeys("甲乙丙丁", "a"), 地区=where)
    counted = {r: row(ask(sheets, region=r), "a")["firms"] for r in ("城", "县", "外")}
    assert counted == {"城": 3, "县": 1, "外": 1}


def test_a_chain_without_region_is_asked_about_the_whole_source() -> None:
    where = {"甲": "城", "乙": "", "丁": "外"}
    sheets = template("a", "") | firms(dict.fromkeys("甲乙丁", "a"), 地区=where)
    sheets |= {"产业链": [["产业链名称"], ["链"]]}
    found = row(ask(sheets), "a")
    assert found["firms"] == 3
    assert pd.isna(found["region"])
    narrowed = ask(sheets, region="城")
    assert row(narrowed, "a")["firms"] == 1
    assert any("未计入所问地区" in note.zh for note in narrowed.notes)


def test_other_regions_chains_are_left_out_unless_a_firm_is_there() -> None:
    sheets = {
        "产业链": [["产业链名称", "地区"], ["链", "城"], ["远链", "外"]],
        "环节": [["环节名称", "产业链"], ["a", "链"], ["z", "远链"]],
        "企业": [["企业名称", "地区", "产业链"], ["甲", "城", "链"]],
    }
    assert set(ask(sheets, region="城").rows["chain"]) == {"链"}
    moved = sheets | {"企业": [["企业名称", "地区", "产业链"], ["甲", "城", "远链"]]}
    assert set(ask(moved, region="城").rows["chain"]) == {"链", "远链"}
    assert set(ask(sheets, chain="远链").rows["segment"]) == {"z"}
    with pytest.raises(UsageError, match="无此链"):
        ask(sheets, chain="无此链")


def test_parties_outside_the_data_are_never_firms() -> None:
    sheets = template("a", "") | firms({"甲": "a"}) | supplies(("外商", "甲", 5, "", "a"))
    assert row(ask(sheets), "a")["firms"] == 1


# measures, candidates and the rest -------------------------------------------------------------


def test_purchases_and_local_share_follow_the_goods() -> None:
    goods = {"产品": [["产品名称", "产业链", "环节"], ["物", "链", "a"]]}
    sold = supplies(
        ("甲", "乙", 30, "是", "", ""),  # the only segment of 甲 is a
        ("外商", "乙", 50, "是", "", "物", "外"),
        ("外商", "丙", 20, "否", "a", "", "外"),
        ("无名", "丙", 7, "", "a", "", ""),  # from nobody knows where
        ("甲", "丁", 99, "", "", "", "", ""),  # bought elsewhere
    )
    where = {"甲": "城", "乙": "县", "丙": "", "丁": "外"}
    placed = firms({"甲": "a", "乙": "b", "丙": "b", "丁": "b"}, 地区=where)
    found = row(ask(template("ab", "ab") | placed | goods | sold), "a")
    assert found["purchases"] == 107
    assert found["local_share"] == pytest.approx(0.3)
    assert found["local_buyers"] == 2
    assert found["candidates"][0] == "区外现有供方：外商（外，供本地2家，70万元）"


def test_sales_that_leave_raise_a_missing_downstream_end() -> None:
    sold = supplies(
        ("甲", "远方", 60, "", "", "", "", "外"),
        ("甲", "丁", 20, "", "", "", "", ""),
        ("甲", "乙", 20, "", "", "", "", ""),
        ("甲", "何处", 5, "", "", "", "", ""),
    )
    placed = firms({"甲": "a", "乙": "a", "丁": "b"}, 地区={"甲": "城", "乙": "城", "丁": "外"})
    found = row(ask(template("ab", "ab") | placed | sold), "b")
    assert (found["state"], found["outflow"]) == ("short", 80)
    assert found["priority"] == pytest.approx(100 * 80 / 105)
    assert "外流" not in found["priority_reason"]


def test_the_score_says_what_stood_in_for_closure_risk() -> None:
    found = row(ask(FOUR | firms({"甲": "c", "乙": "c", "丙": "d"})), "b")
    # buyers on c: 2 of 3 firms; 2 of the 3 other segments lie downstream; the rest is not reported
    assert found["priority"] == pytest.approx(100 * (2 / 3 + 2 / 3) / 2)
    assert "断供风险未计算" in found["priority_reason"]
    assert "未报" not in found["priority_reason_en"]


def test_essential_share_and_local_share_weigh_the_score() -> None:
    sheets = template("ab", "ab") | firms({"甲": "a", "乙": "b"})
    sold = supplies(("甲", "乙", 25, "是"), ("外商", "乙", 25, "是", "a", "", "外"),
                    ("外商", "乙", 50, "否", "a", "", "外"))  # fmt: skip
    found = row(ask(sheets | sold), "a")
    exposure = (1 / 2 + 1) / 2
    assert found["priority"] == pytest.approx(100 * exposure * 0.5 * 0.75)


def test_closure_risk_is_the_share_of_the_chains_sales_that_would_be_lost() -> None:
    sheets = template("abc", "ab bc")
    sheets["环节上下游"] = [sheets["环节上下游"][0], ["链", "a", "b", "是"], ["链", "b", "c", ""]]
    sold = supplies(("外商", "乙", 100, "", "a", "", "外"), ("乙", "丙", 200), ("丁", "丙", 100))
    found = row(ask(sheets | firms({"乙": "b", "丁": "b", "丙": "c"}) | sold), "a")
    # without 外商 乙 makes nothing: 200 of the 300 that the chain sells here
    assert found["closure_risk"] == pytest.approx(2 / 3)
    assert found["priority"] == pytest.approx(200 / 3)
    assert found["priority_reason"].startswith("断供风险0.667")


def test_closure_risk_is_unknown_where_only_firms_of_no_chain_buy() -> None:
    sheets = template("ab", "ab") | firms({"乙": "b", "丙": "b"})
    sheets["企业"] = [*sheets["企业"], ["戊", "城", ""]]
    sold = supplies(("外商", "戊", 50, "是", "a", "", "外"), ("戊", "乙", 5), ("乙", "丙", 7))
    found = row(ask(sheets | sold), "a")
    assert pd.isna(found["closure_risk"])
    assert "断供风险未计算" in found["priority_reason"]


def test_rows_run_from_the_most_urgent_gap_to_what_is_not_applicable(chenglan: Result) -> None:
    result = chenglan
    rank = result.rows["state"].map(
        dict.fromkeys(("short", "broken_missing", "broken_unlinked", "weak", "thin"), 0)
        | {"not_reported": 1, "sound": 2, "not_applicable": 3}
    )
    assert rank.is_monotonic_increasing
    assert result.rows["priority"].fillna(-1)[rank == 0].is_monotonic_decreasing
    assert result.rows["number"].tolist() == list(range(1, len(result.rows) + 1))


def test_a_project_fills_no_gap_but_marks_it() -> None:
    header = ["项目名称", "阶段", "产业链", "环节", "地区", "预计投产"]
    projects = {
        "项目": [
            header,
            ["一期", "签约", "链", "b", "县", "2027-06"],
            ["二期", "在谈", "链", "b", "", ""],
            ["三期", "投产", "链", "b", "城", "2025-01"],
            ["别处", "开工", "链", "b", "外", "2026-12"],
        ]
    }
    result = ask(FOUR | firms({"甲": "a", "乙": "c", "丙": "d"}) | projects)
    found = row(result, "b")
    assert (found["state"], found["filling"], found["expected"]) == (
        "broken_missing",
        True,
        "2027-06",
    )
    assert found["projects"] == ["一期（签约）", "二期（在谈）"]
    assert "在补：一期（签约）、二期（在谈），预计投产2027-06" in found["reason"]
    assert not row(result, "a")["filling"]


def test_candidates_name_who_is_near_and_why() -> None:
    sheets = template("ab", "ab") | firms(
        {"甲": "a", "乙": "a", "丙": "", "丁": "", "外客": ""},
        地区={"丁": "外"},
        行业代码={"丙": "2614", "外客": ""},
    )
    sheets |= {
        "产品": [["产品名称", "产业链", "环节"], ["储氢瓶", "链", "b"]],
        "企业产品": [["企业名称", "产品"], ["丙", "储氢瓶"], ["丁", "储氢瓶"]],
        "高校院所": [
            ["名称", "地区", "学科"],
            ["城大", "城", "储氢工程"],
            ["远大", "外", "储氢材料"],
            ["别大", "外", "历史"],
        ],
        "岗位": [
            ["单位", "岗位", "对象"],
            ["城工信局", "链长", "链"],
            ["城工信局", "联络员", "链"],
        ],
        "政府部门": [["名称"], ["城工信局"]],
    }  # fmt: skip
    result = ask(sheets, min_placed=0.3)
    found = row(result, "b")
    assert found["state"] == "short"
    assert found["candidates"] == [
        "本地生产该产品：丙（城，储氢瓶）",
        "本地相邻环节企业：乙（城，a）",
        "本地相邻环节企业：甲（城，a）",
        "对口院所：城大（城，储氢工程）",
        "对口院所：远大（外，储氢材料）",
    ]
    assert found["responsible"] == "城工信局（链长）"
    assert found["direction"] == "产品：储氢瓶；区外供方：未填报；责任岗位：城工信局（链长）"
    table = result.tables["candidates"]
    assert table[table["segment"] == "b"]["kind"].tolist() == [
        "makes_product", "adjacent", "adjacent", "institute", "institute",
    ]  # fmt: skip


def curing(*more: Sequence[object], **columns: Mapping[str, object]) -> dict[str, Rows]:
    """Return 外商 selling 50 of a to 乙, which sells 100 to 丙; 乙, 丁, 戊 stand next to a."""
    sold = supplies(("外商", "乙", 50, "", "a", "", "外"), ("乙", "丙", 100), *more)
    placed = firms({"乙": "b", "丙": "c", "丁": "b", "戊": "b"}, **columns)
    return template("abc", "ab bc") | placed | sold


def cured(result: Result, segment: str) -> dict[str, float]:
    table = result.tables["candidates"]
    table = table[table["segment"] == segment]
    return dict(zip(table["name"], table["cure"], strict=True))


def test_candidates_come_in_the_order_of_what_they_would_cure() -> None:
    result = ask(curing(**{"产值(万元)": {"丁": 10, "戊": 100}}))
    assert row(result, "a")["closure_risk"] == 1
    found = cured(result, "a")
    # 乙 asks for 50/2: 戊 delivers it and half is lost instead of all; 丁 delivers 10, and 40 of
    # 50 are lost; how much 乙 could make itself is not reported, and 外商 is who closes.
    assert list(found) == ["戊", "丁", "外商", "乙"]
    assert list(found.values())[:2] == pytest.approx([0.5, 0.2])
    assert pd.isna(list(found.values())[2:]).all()
    assert row(result, "a")["candidates"][0].startswith("本地相邻环节企业：戊")
    assert any("1家未填报产能和产值" in note.zh for note in result.notes)


def test_who_falls_with_the_closure_cures_nothing() -> None:
    found = cured(ask(curing(("乙", "戊", 20), **{"产值(万元)": {"丁": 10, "戊": 100}})), "a")
    assert list(found) == ["丁", "戊", "外商", "乙"]  # 戊 buys only from 乙, which stops
    assert list(found.values())[:2] == pytest.approx([0.2, 0.0])


def test_what_candidates_cure_takes_all_their_suppliers_and_local_buyers() -> None:
    more = (("远商", "乙", 30, "", "a", "", "外"), ("外商", "远客", 500, "", "a", "", "外", "外"))
    found = cured(ask(curing(*more, **{"产值(万元)": {"戊": 100}})), "a")
    # two outside suppliers: a third of 乙's 80 is asked of 戊; who buys elsewhere asks nothing.
    # 乙 loses 50 · 2/3 of 外商, and of 远商's 20 what 戊's 80/3 cannot stand in for: three quarters
    assert found["戊"] == pytest.approx(1 - (50 * 2 / 3 + 20 * 20 / (80 / 3)) / 80)
    tight = cured(ask(curing(*more, **{"产值(万元)": {"戊": 8}})), "a")
    assert tight["戊"] == pytest.approx(8 / 80)


def test_without_closure_risk_candidates_keep_their_order() -> None:
    sheets = curing(**{"产值(万元)": {"丁": 10, "戊": 100}})
    sheets["供应关系"] = supplies(("外商", "乙", "", "", "a", "", "外"), ("乙", "丙", 100))[
        "供应关系"
    ]
    result = ask(sheets)
    assert list(cured(result, "a")) == ["外商", "戊", "丁", "乙"]
    assert result.tables["candidates"]["cure"].isna().all()
    assert not any("可降低" in note.zh for note in result.notes)


def test_relatedness_is_a_residual_against_diversity() -> None:
    has = {"一": "AB", "二": "AB", "三": "B", "四": "C", "五": "ABC"}
    rows = [[f"企{r}{c}", r, c] for r, codes in has.items() for c in codes]
    sheets = {
        "地区": [["名称", "类型"], *([r, "市"] for r in has)],
        "产业链": [["产业链名称", "地区"], ["链", "三"]],
        "企业": [["企业名称", "地区", "行业代码"], *rows],
        "企业环节": [["企业名称", "产业链", "环节"], ["企一A", "链", "a"]],
    }
    found = row(ask(template("a", "") | sheets), "a")
    # proximity to A: B 3/4, C 1/3; density 9/13, 9/13, 9/13, 4/13, 1; diversity 2, 2, 1, 1, 3
    expected = 44 / 65 + (8.8 / 36.4) * (1 - 9 / 5)
    assert found["relatedness"] == pytest.approx(9 / 13 - expected)


def test_last_months_state_stands_beside() -> None:
    before = graph_of(FOUR | firms({"甲": "a", "乙": "c", "丙": "d"}))
    now = graph_of(FOUR | firms({"甲": "a", "乙": "c", "丙": "d", "丁": "b"}))
    result = ASK(now, GapParams(), earlier=before)
    assert (row(result, "b")["state"], row(result, "b")["previous"]) == ("thin", "broken_missing")
    assert ASK(now, GapParams()).rows["previous"].isna().all()
    other = graph_of({"企业": [["企业名称"], ["甲"]]})
    assert ASK(now, GapParams(), earlier=other).rows["previous"].isna().all()


def test_evidence_names_file_and_row() -> None:
    result = ask(FOUR | firms({"甲": "b", "乙": "b"}))
    found = row(result, "b")
    assert found["evidence_rows"] == len(found["evidence"]) == 5  # itself, two links, two firms
    assert all(text.endswith("行") for text in found["evidence"])
    assert any("企业环节" in text for text in found["evidence"])


def test_operation_shows_stated_figures_apart_from_what_is_listed(jiangsu: Result) -> None:
    table = jiangsu.tables["operation"]
    cars = table[table["chain"] == "新能源汽车"].iloc[0]
    assert cars["output"] == pytest.approx(4_641_000)
    assert cars["base"] == pytest.approx(4_641_000 / 2.378)  # 195.2 亿元
    park = table[table["signed"] == 14].iloc[0]
    assert (park["region"], park["unbanded"]) == ("武进国家高新区", 8)
    assert park["bands"] == "10亿元4个；30亿元1个；超100亿元1个"


# the samples -----------------------------------------------------------------------------------


def test_the_published_sample_has_no_gap_and_names_what_is_missing(jiangsu: Result) -> None:
    result = jiangsu
    assert result.rows["state"].tolist() == ["not_reported"] * 8
    assert len(result.not_reported) == 17
    assert set(result.tables["diagnosis"]["diagnosis"]) == {"not_reported"}


def test_the_invented_city_shows_every_state_and_the_diagnosis(chenglan: Result) -> None:
    result = chenglan
    assert set(result.rows["state"]) == set(STATES)
    diagnosis = result.tables["diagnosis"].set_index("chain")["diagnosis"]
    assert diagnosis["氢能"] == "clustered_unlinked"
    hydrogen_states = result.rows[result.rows["chain"] == "氢能"]["state"]
    assert not hydrogen_states.str.startswith("broken").any()
    tally = result.tables["tally"]
    assert tally[list(STATES)].sum(axis=1).tolist() == tally["segments"].tolist()


def test_columns_are_as_declared_even_without_rows(chenglan: Result) -> None:
    asked = question("gaps")
    for result in (ask({"企业": [["企业名称"], ["甲"]]}), chenglan):
        frames = {"": (asked.columns, result.rows)}
        frames |= {t.name: (t.columns, result.tables[t.name]) for t in asked.tables}
        for columns, frame in frames.values():
            names = [c.name for c in columns] + [f"{c.name}_en" for c in columns if c.bilingual]
            assert sorted(frame.columns) == sorted(names)
    assert {c.zh for c in asked.columns} >= set(HEADERS)
