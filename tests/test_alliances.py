"""Alliances: the checklist, meetings, rotations, formation modes and results, by hand."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphmodel.errors import SourceError, UsageError
from graphmodel.graph import ChainGraph
from graphmodel.question import Result
from loaders.load import load, load_rows
from queries.alliances import COLUMNS, QUESTION, TABLES, AllianceParams
from queries.alliances.standards import FOLDER, shipped

Book = dict[str, list[list[object]]]
AREAS = ["产业链发展协作", "党员教育", "典型宣传", "志愿服务"]


def built(book: Mapping[str, Sequence[Sequence[object]]]) -> ChainGraph:
    return load_rows({"企业": [["企业名称"], ["甲公司"]], **book}, allow_partial=True).graph


def answered(book: Mapping[str, Sequence[Sequence[object]]], **params: Any) -> Result:  # noqa: ANN401  # any parameter
    return QUESTION.answer(built(book), AllianceParams(**params))


def only(result: Result) -> Any:  # noqa: ANN401  # a row of a frame
    assert len(result.rows) == 1
    return result.rows.iloc[0]


def alliance(*cells: object, columns: Sequence[str] = ()) -> list[list[object]]:
    return [["联盟名称", *columns], ["甲联盟", *cells]]


def posts(*names: str, end: str = "") -> list[list[object]]:
    rows: list[list[object]] = [["单位", "岗位", "对象", "止"]]
    return rows + [["某局（虚构）", name, "甲联盟", end] for name in names]


def events(*rows: tuple[str, str, str]) -> list[list[object]]:
    """Type, date and 方面 of events that the alliance organized."""
    table: list[list[object]] = [["活动编号", "名称", "类型", "日期", "方面", "组织单位"]]
    return table + [[f"H{i}", f"活动{i}", *row, "甲联盟"] for i, row in enumerate(rows)]


def complete(*sheets: str) -> list[list[object]]:
    return [["工作表", "完整", "截至日期"], *([s, "是", "2026-12-31"] for s in sheets)]


OFFICE: Book = {"政府部门": [["名称"], ["某局（虚构）"]]}
THREE_ONE_TWO: Book = {
    **OFFICE,
    "联盟": alliance("1", "1314", columns=["阵地", "标准"]),
    "联盟成员": [["联盟", "成员", "角色"], ["甲联盟", "甲公司", "盟主"]],
    "岗位": posts("牵头领导", "党建指导员"),
    "活动": events(("其他", "2026-03-01", AREAS[0]), ("其他", "2026-04-01", AREAS[1])),
}


# the checklist -----------------------------------------------------------------------------------


def test_three_posts_one_venue_two_areas() -> None:
    book = {**THREE_ONE_TWO, "填报范围": complete("岗位", "活动", "联盟成员")}
    row = only(answered(book, meetings_per_quarter=0))
    assert row["score"] == "3/4·1/1·2/4"
    assert row["missing"] == ["联络员", "典型宣传", "志愿服务"]
    assert row["not_reported"] == []
    assert row["met"] == "no"
    assert row["liaison"] == "lacks"
    assert "联络员、典型宣传、志愿服务" in row["reason"]
    assert row["area_activities"] == 2


def test_silence_is_not_reported_and_no_failure() -> None:
    row = only(answered(THREE_ONE_TWO, as_of="2026-12-31", meetings_per_quarter=0))
    assert row["score"] == "3/4·1/1·2/4"
    assert row["missing"] == []
    assert row["not_reported"] == ["联络员", "典型宣传", "志愿服务"]
    assert (row["met"], row["liaison"]) == ("not_reported", "not_reported")
    assert "联络员" in row["reason"]


def test_all_of_1314_is_four_one_four() -> None:
    book = {
        **THREE_ONE_TWO,
        "岗位": posts("牵头领导", "党建指导员", "联络员"),
        "活动": events(*(("其他", "2026-05", area) for area in AREAS)),
    }
    row = only(answered(book, as_of="2026-12-31", meetings_per_quarter=0))
    assert (row["score"], row["met"]) == ("4/4·1/1·4/4", "yes")
    items = answered(book, as_of="2026-12-31").tables["items"]
    assert len(items) == 9
    assert set(items["state"]) == {"has"}
    assert (items.loc[items["item"] != "党员活动阵地", "evidence"] != "").sum() == 8


def test_no_venue_is_missing_but_a_blank_is_not() -> None:
    for cell, missing in (("0", ["党员活动阵地"]), ("", [])):
        book = {**THREE_ONE_TWO, "联盟": alliance(cell, "1314", columns=["阵地", "标准"])}
        assert only(answered(book, meetings_per_quarter=0))["missing"] == missing


def test_a_post_whose_term_is_over_is_vacant() -> None:
    book = {**THREE_ONE_TWO, "岗位": posts("联络员", end="2026-06")}
    before = only(answered(book, as_of="2026-06-30", meetings_per_quarter=0))
    after = only(answered(book, as_of="2026-07-01", meetings_per_quarter=0))
    assert (before["liaison"], after["liaison"]) == ("has", "lacks")
    assert after["missing"] == ["联络员"]


def test_the_shipped_standards() -> None:
    standards = shipped()
    assert set(standards) == {"1314", "五共", "六联", "七个一"}
    groups = pd.Series([item.group for item in standards["1314"].items]).value_counts()
    assert groups.to_dict() == {"posts": 4, "areas": 4, "venue": 1}
    assert [item.name for item in standards["1314"].items][:4] == [
        "牵头领导", "党建指导员", "联络员", "盟主",
    ]  # fmt: skip
    for name in ("五共", "六联", "七个一"):
        assert not standards[name].stated
        assert "内容未载明" in standards[name].title.zh
        assert "内容未载明" in (FOLDER / f"{name}.toml").read_text(encoding="utf-8")


def test_a_standard_without_contents_is_not_measured() -> None:
    book = {"联盟": alliance("五共", columns=["标准"])}
    found = answered(book)
    row = only(found)
    assert (row["score"], row["met"]) == ("内容未载明", "not_stated")
    assert any("五共" in text.zh for text in found.not_reported)


def test_a_standard_of_ones_own(tmp_path: Path) -> None:
    own = tmp_path / "本地.toml"
    text = 'name = "七个一"\n[[items]]\ngroup = "posts"\ncheck = "post"\nname = "联络员"\n'
    own.write_text(text, encoding="utf-8")
    book = {
        **OFFICE,
        "联盟": alliance("七个一", columns=["标准"]),
        "岗位": posts("联络员"),
    }
    assert only(answered(book))["score"] == "内容未载明"
    row = only(answered(book, standard=str(own), meetings_per_quarter=0))
    assert (row["score"], row["met"], bool(row["standard_chosen"])) == ("1/1", "yes", False)
    other = {**book, "联盟": alliance()}
    row = only(answered(other, standard=str(own)))
    assert (row["standard"], bool(row["standard_chosen"])) == ("七个一", True)


def test_several_standards_are_scored_each() -> None:
    book = {**THREE_ONE_TWO, "联盟": alliance("1", "1314;六联;土办法", columns=["阵地", "标准"])}
    row = only(answered(book, meetings_per_quarter=0))
    assert row["score"] == "1314：3/4·1/1·2/4；六联：内容未载明；土办法：标准未知"
    assert row["met"] == "not_stated"
    assert "土办法" in row["reason"]


@pytest.mark.parametrize(
    "text",
    [
        "items = []",
        'name = "甲"\n[[items]]\ngroup = "其他"\ncheck = "post"\nname = "乙"',
        'name = "甲"\n[[items]]\ngroup = "posts"\ncheck = "post"',
        "不是 TOML",
    ],
)
def test_a_file_that_is_no_standard_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "坏.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=r"坏\.toml"):
        answered({"联盟": alliance()}, standard=str(file))


def test_an_unknown_standard_is_refused_with_the_choices() -> None:
    with pytest.raises(UsageError, match="1314"):
        answered({"联盟": alliance()}, standard="八个一")


# meetings and rotations --------------------------------------------------------------------------


def test_the_missing_quarter_is_named() -> None:
    book = {
        "联盟": alliance(),
        "活动": events(*(("圆桌会", f"2026-{m}-15", "") for m in ("01", "04", "10"))),
    }
    row = only(answered(book, as_of="2026-12-31"))
    assert (row["meetings_due"], row["meetings_held"]) == (4, 3)
    assert row["quarters_missing"] == ["三季度"]
    assert "2026年三季度例会" in row["not_reported"]
    declared = only(answered({**book, "填报范围": complete("活动")}))
    assert "2026年三季度例会" in declared["missing"]
    table = answered(book, as_of="2026-12-31").tables["meetings"].iloc[0]
    assert [table[f"q{i}"] for i in (1, 2, 3, 4)] == [1, 1, 0, 1]


def test_only_quarters_that_are_over_and_begun_after_the_founding_are_due() -> None:
    book = {
        "联盟": alliance("2026-02", columns=["成立日期"]),
        "活动": events(("会议", "2026-05-01", "")),
    }
    assert only(answered(book, as_of="2026-11-15"))["meetings_due"] == 2
    assert only(answered(book, as_of="2026-11-15", meetings_per_quarter=2))["meetings_due"] == 4
    assert only(answered(book, as_of="2026-11-15", year=2025))["meetings_due"] == 0
    assert only(answered(book, as_of="2026-09-30"))["quarters_missing"] == ["三季度"]


def test_a_year_asked_for_is_over_where_nothing_tells_the_day() -> None:
    book = {"联盟": alliance()}
    assert pd.isna(only(answered(book))["meetings_due"])
    assert only(answered(book, year=2025))["meetings_due"] == 4


def test_no_meeting_on_record_is_not_zero_unless_declared() -> None:
    silent = only(answered({"联盟": alliance()}, as_of="2026-12-31"))
    assert pd.isna(silent["meetings_held"])
    assert silent["quarters_missing"] == []
    declared = only(answered({"联盟": alliance(), "填报范围": complete("活动")}))
    assert declared["meetings_held"] == 0
    assert len(declared["quarters_missing"]) == 4


def test_a_meeting_without_a_date_or_called_off_is_not_held() -> None:
    rows = events(("会议", "", ""), ("会议", "2026", ""), ("会议", "2026-02-01", ""))
    book = {"联盟": alliance(), "活动": rows}
    found = answered(book, as_of="2026-12-31")
    assert only(found)["meetings_held"] == 1
    assert found.tables["meetings"]["undated"].tolist() == [2]
    called_off = [[*rows[0], "状态"], *([*row, "已取消"] for row in rows[1:])]
    off = only(answered({"联盟": alliance(), "活动": called_off}, as_of="2026-12-31"))
    assert pd.isna(off["meetings_held"])


def test_taking_part_in_a_meeting_does_not_make_it_ones_own() -> None:
    book = {
        "联盟": alliance(),
        "活动": [["活动编号", "名称", "类型", "日期"], ["H1", "他人会议", "会议", "2026-02-01"]],
        "活动参与": [["活动", "参与单位", "角色"], ["H1", "甲联盟", "参与"]],
    }
    assert pd.isna(only(answered(book, as_of="2026-12-31"))["meetings_held"])


@pytest.mark.parametrize(
    ("end", "rotation"),
    [("2026-12-31", "current"), ("2025-12-31", "ended"), ("", "open"), ("2026", "current")],
)
def test_rotations(end: str, rotation: str) -> None:
    members = [
        ["联盟", "成员", "角色", "起", "止"],
        ["甲联盟", "甲公司", "轮值主席", "2025-01-01", end],
    ]
    row = only(answered({"联盟": alliance(), "联盟成员": members}, as_of="2026-10-31"))
    assert (row["rotation"], row["chair"]) == (rotation, "甲公司")
    assert (row["missing"] == ["轮值主席（2025-12-31到期）"]) == (rotation == "ended")
    assert (row["met"] == "no") == (rotation == "ended")


def test_the_chair_in_office_stands_before_the_last() -> None:
    members = [
        ["联盟", "成员", "角色", "起", "止"],
        ["甲联盟", "甲公司", "轮值主席", "2025-01-01", "2025-12-31"],
        ["甲联盟", "乙公司", "轮值主席", "2026-01-01", "2026-12-31"],
        ["甲联盟", "丙公司", "轮值主席", "2027-01-01", "2027-12-31"],
    ]
    book = {
        "企业": [["企业名称"], ["甲公司"], ["乙公司"], ["丙公司"]],
        "联盟": alliance(),
        "联盟成员": members,
    }
    found = answered(book, as_of="2026-10-31")
    assert only(found)["chair"] == "乙公司"
    assert found.tables["tenures"]["state"].tolist() == ["ended", "current", "future"]


# composition and formation modes -----------------------------------------------------------------


def test_superiors_are_counted_once_each() -> None:
    book = {
        "企业": [["企业名称"], ["甲公司"], ["乙公司"], ["丙公司"]],
        "党组织": [
            ["党组织名称", "隶属"],
            ["甲支部", "东区党委"],
            ["乙支部", "东区党委"],
            ["丙支部", "西区党委"],
            ["东区党委", ""],
            ["西区党委", ""],
        ],
        "依托": [["党组织", "依托单位"], ["甲支部", "甲公司"], ["乙支部", "乙公司"]],
        "联盟": alliance(),
        "联盟成员": [
            ["联盟", "成员"], ["甲联盟", "甲公司"], ["甲联盟", "乙公司"], ["甲联盟", "丙支部"],
        ],
    }  # fmt: skip
    assert only(answered(book))["superiors"] == 2
    assert pd.isna(only(answered({"联盟": alliance()}))["superiors"])


@pytest.mark.parametrize(
    ("sheet", "lead", "mode"),
    [
        ("政府部门", "海门区发展改革委（虚构）", "职能部门牵引"),
        ("政府部门", "某园区管委会（虚构）", "属地党委整合"),
        ("政府部门", "某高新区党群工作部（虚构）", "属地党委整合"),
        ("企业", "某某公司（虚构）", "龙头企业带动"),
        ("协会商会", "某行业协会（虚构）", "行业协会串联"),
        ("党组织", "某街道党工委（虚构）", "属地党委整合"),
        ("高校院所", "某大学（虚构）", ""),
    ],
)
def test_the_mode_that_the_lead_unit_implies(sheet: str, lead: str, mode: str) -> None:
    header = {"企业": "企业名称", "党组织": "党组织名称"}.get(sheet, "名称")
    book = {sheet: [[header], [lead]], "联盟": alliance(lead, columns=["牵头单位"])}
    assert only(answered(book))["formation_inferred"] == mode


def test_a_mode_declared_against_its_lead_unit_is_listed() -> None:
    book = {
        **OFFICE,
        "联盟": alliance("某局（虚构）", "龙头企业带动", columns=["牵头单位", "组建模式"]),
    }
    found = answered(book)
    assert bool(only(found)["formation_differs"])
    assert "推断为职能部门牵引" in found.tables["formations"]["reason"].iloc[0]


def chain_book(rows: Sequence[Sequence[object]], **sheets: list[list[object]]) -> Book:
    regions = [["甲县", "", "县"], ["乙县", "", "县"], ["丙县", "", "县"], ["园", "甲县", "功能区"]]
    return {
        "地区": [["名称", "上级", "类型"], *regions],
        "产业链": [["产业链名称"], ["氢能"]],
        "企业": [["企业名称", "地区", "产业链", "产值(万元)"], *([*r] for r in rows)],
        **sheets,
    }


@pytest.mark.parametrize(
    ("rows", "trade", "advised"),
    [
        ([["A", "甲县", "氢能", 1], ["B", "乙县", "氢能", 1], ["C", "丙县", "氢能", 1]], False,
         "职能部门牵引"),
        ([["A", "甲县", "氢能", 9], ["B", "乙县", "氢能", 1], ["C", "乙县", "氢能", 1]], False,
         "龙头企业带动"),
        ([["A", "园", "氢能", 1], ["B", "园", "氢能", 1], ["C", "园", "氢能", 1]], False,
         "属地党委整合"),
        ([[f"F{i}", "乙县", "氢能", 1] for i in range(20)], True, "行业协会串联"),
        ([[f"F{i}", "乙县", "氢能", 1] for i in range(20)], False, ""),
        ([["A", "甲县", "氢能", 9], ["B", "乙县", "氢能", 1]], False, ""),
    ],
)  # fmt: skip
def test_advice_for_a_chain_without_an_alliance(
    rows: list[list[object]],
    trade: bool,  # noqa: FBT001  # a case
    advised: str,
) -> None:
    sheets = {"协会商会": [["名称", "行业"], ["氢能协会（虚构）", "氢能"]]} if trade else {}
    table = answered(chain_book(rows, **sheets)).tables["formations"]
    assert table["alliance"].tolist() == [""]
    assert table["advised"].tolist() == [advised]
    assert table["reason"].ne("").all()


def test_a_mode_that_one_of_the_patterns_supports_is_no_mismatch() -> None:
    rows: list[list[object]] = [
        ["A", "园", "氢能", 9],
        ["B", "园", "氢能", 1],
        ["C", "园", "氢能", 1],
    ]
    sheets: Book = {
        "联盟": alliance("属地党委整合", columns=["组建模式"]),
        "联盟覆盖": [["联盟", "产业链"], ["甲联盟", "氢能"]],
    }
    row = only(answered(chain_book(rows, **sheets)))
    assert row["formation_advised"] == "龙头企业带动"
    assert not row["formation_differs"]


# results -----------------------------------------------------------------------------------------


def test_a_joint_result_is_one_row() -> None:
    book = {
        "联盟": [["联盟名称"], ["紫"], ["法"], ["企"]],
        "指标": [
            ["主体", "指标", "数值", "原文", "单位"],
            ["紫;法;企", "协同解决共性问题", "213", "213 个", "个"],
        ],
    }
    table = answered(book).tables["results"]
    assert table["solved"].tolist() == [213]
    assert table["joint"].tolist() == [True]
    assert all(name in table["alliance"].iloc[0] for name in "紫法企")


def test_stated_money_takes_its_unit_and_two_figures_are_never_added() -> None:
    facts = [
        ["主体", "指标", "数值", "原文", "单位", "期间"],
        ["甲联盟", "降本增效额", "300000000", "3亿元", "元", "2025年"],
        ["甲联盟", "降本增效额", "5", "5亿元", "亿元", "2025年"],
        ["甲联盟", "服务次数", "60", "60次", "次", "2025年"],
        ["甲联盟", "公开评价", "", "好", "", "2025年"],
    ]
    table = answered({"联盟": alliance(), "指标": facts}).tables["results"]
    assert sorted(table["savings"]) == [30000, 50000]
    assert table["services"].dropna().tolist() == [60]


def test_credit_lines_are_not_added_to_financing_and_intentions_do_not_count() -> None:
    money = [
        ["金融机构", "企业", "方式", "金额(万元)", "撮合联盟", "阶段"],
        ["某银行（虚构）", "甲公司", "贷款", "100", "甲联盟", "已放款"],
        ["某银行（虚构）", "甲公司", "股权", "50", "甲联盟", "已投资"],
        ["某银行（虚构）", "甲公司", "授信", "900", "甲联盟", "已授信"],
        ["某银行（虚构）", "甲公司", "贷款", "7", "甲联盟", "意向"],
    ]
    row = answered({"联盟": alliance(), "融资": money}).tables["results"].iloc[0]
    assert (row["finance"], row["credit"], row["basis"]) == (150, 900, "计算")


@settings(max_examples=6)
@given(st.integers(0, 10_000))
def test_densities_agree_with_networkx(seed: int) -> None:
    rng = np.random.default_rng(seed)
    names = [f"F{i}" for i in range(9)]
    pairs = [(a, b) for a in names for b in names if a < b and rng.random() < 0.4]
    inside = {name for name in names if rng.random() < 0.5} | {"F0", "F1"}
    chains = {name: "氢能" if rng.random() < 0.7 else "" for name in names}
    book = {
        "产业链": [["产业链名称"], ["氢能"]],
        "企业": [["企业名称", "产业链"], *([n, c] for n, c in chains.items())],
        "联盟": alliance(),
        "联盟成员": [["联盟", "成员"], *(["甲联盟", n] for n in sorted(inside))],
        "联盟覆盖": [["联盟", "产业链"], ["甲联盟", "氢能"]],
        "配套合作": [["企业甲", "企业乙"], *([a, b] for a, b in pairs[::2])],
        "供应关系": [["供方", "需方"], *([b, a] for a, b in pairs[1::2])],
    }
    table = answered(book).tables["results"]
    net = nx.Graph(pairs)
    net.add_nodes_from(names)
    outside = {n for n in names if chains[n] and n not in inside}
    if not pairs:
        assert not len(table)
        return
    row = table.iloc[0]
    for found, group in ((row["density"], inside), (row["density_outside"], outside)):
        expected = nx.density(net.subgraph(group)) if len(group) > 1 else np.nan
        assert found == pytest.approx(expected, nan_ok=True)


# the whole ---------------------------------------------------------------------------------------


def test_a_source_without_alliances_says_which_sheet_to_fill_in() -> None:
    found = answered({})
    assert len(found.rows) == 0
    assert "联盟" in found.not_reported[0].zh
    assert set(found.tables) == {table.name for table in TABLES}


def test_rows_shuffled_say_the_same() -> None:
    book = {**THREE_ONE_TWO, "填报范围": complete("岗位", "活动")}
    turned = {name: [rows[0], *reversed(rows[1:])] for name, rows in book.items()}
    here, there = (only(answered(b)).drop("evidence") for b in (book, turned))
    assert here.astype(str).equals(there.astype(str))


def test_filters() -> None:
    book = {
        "地区": [["名称", "类型"], ["甲市", "市"], ["乙市", "市"]],
        "产业链": [["产业链名称"], ["氢能"]],
        "联盟": [["联盟名称", "地区"], ["一", "甲市"], ["二", "乙市"]],
        "联盟覆盖": [["联盟", "产业链"], ["二", "氢能"]],
    }
    assert answered(book, region="甲市").rows["alliance"].tolist() == ["一"]
    assert answered(book, chain="氢能").rows["alliance"].tolist() == ["二"]


def test_the_samples() -> None:
    chenglan = QUESTION.answer(load("sample:chenglan").graph, AllianceParams())
    assert list(chenglan.rows.columns)[:2] == ["alliance", "alliance_id"]
    assert len(chenglan.rows) == 14
    rows = chenglan.rows.set_index("alliance")
    machines = rows.loc["澄澜市工程机械产业链党建联盟（虚构）"]
    assert machines["score"] == "4/4·1/1·2/4"
    assert machines["quarters_missing"] == ["二季度"]
    assert machines["rotation"] == "ended"
    assert rows.loc["机器人产业链功能性党支部（虚构）", "met"] == "not_applicable"
    jiangsu = QUESTION.answer(load("sample:jiangsu").graph, AllianceParams())
    assert len(jiangsu.rows) == 28
    assert (jiangsu.rows["met"] == "no").sum() == 0
    joint = jiangsu.tables["results"].query("joint")
    assert joint["solved"].tolist() == [213]
    haimen = jiangsu.rows.set_index("alliance").loc["海门区机器人产业链联合党委"]
    assert haimen["formation_inferred"] == "职能部门牵引"
    assert not haimen["formation_differs"]


def test_every_column_is_there_and_explained() -> None:
    found = answered(THREE_ONE_TWO)
    declared = [c.name for c in COLUMNS]
    assert [c for c in found.rows.columns if not c.endswith("_en")] == declared
    assert [c.zh for c in COLUMNS if c.zh in {"缺项", "达标", "级别", "实开例会", "应开例会"}] == [
        "应开例会", "实开例会", "级别", "缺项", "达标",
    ]  # fmt: skip
