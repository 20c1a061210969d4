"""Partners: talent, finance, research and tasks by hand; many-sided events stay many-sided."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from graphmodel.graph import ChainGraph
from graphmodel.question import Result
from loaders import load
from loaders.load import load_rows
from queries import question
from queries.partners import TABLES, PartnerParams
from queries.partners.fairs import quarter_of

Rows = list[list[object]]
Book = dict[str, Rows]


def book() -> Book:
    return {
        "地区": [
            ["名称", "上级", "类型"],
            ["甲市", "", "市"],
            ["丙区", "甲市", "县"],
            ["乙市", "", "市"],
        ],
        "企业": [
            ["企业名称", "地区", "产业链", "上市状态"],
            ["东公司", "丙区", "氢能", "辅导备案"],
            ["西公司", "甲市", "氢能", ""],
            ["南公司", "甲市", "", ""],
        ],
        "产业链": [["产业链名称", "地区"], ["氢能", "甲市"]],
        "环节": [
            ["环节名称", "产业链", "卡脖子", "进口依赖"],
            ["电化学膜", "氢能", "是", ""],
            ["储罐", "氢能", "", "0.8"],
            ["加注", "氢能", "", "0.5"],
        ],
        "企业环节": [
            ["企业名称", "产业链", "环节"],
            ["东公司", "氢能", "电化学膜"],
            ["西公司", "氢能", "电化学膜"],
        ],
        "高校院所": [
            ["名称", "类型", "地区", "学科"],
            ["甲大学", "高校", "甲市", "电化学"],
            ["甲学院", "高校", "丙区", "机械工程"],
            ["乙大学", "高校", "乙市", "焊接"],
        ],
        "专业毕业生": [
            ["院校", "专业", "毕业生数", "年份"],
            ["甲大学", "数控技术", "10", "2026"],
            ["甲大学", "数控技术", "99", "2025"],
            ["甲学院", "数控技术专业", "5", "2026"],
            ["乙大学", "焊接技术", "30", "2026"],
        ],
        "需求清单": [
            [
                "需求编号", "企业", "类别", "岗位", "专业", "人数", "金额(万元)", "提出日期",
                "办结日期",
            ],
            ["R1", "东公司", "人才", "操作工", "数控技术", "12", "", "2026-05-01", ""],
            ["R2", "西公司", "人才", "操作工", "数控技术", "18", "", "2026-05-01", ""],
            ["R3", "西公司", "人才", "焊工", "焊接技术", "2", "", "2026-05-01", ""],
            ["R4", "西公司", "人才", "", "天文学", "2", "", "2026-05-01", ""],
            ["R5", "南公司", "人才", "", "", "2", "", "2026-05-01", ""],
            ["R6", "南公司", "人才", "", "数控技术", "", "", "2026-05-01", ""],
            ["R7", "南公司", "人才", "", "数控技术", "4", "", "2026-05-01", "2026-06-01"],
            ["Z1", "东公司", "资金", "", "", "", "500", "2026-03-01", ""],
            ["Z2", "东公司", "资金", "", "", "", "300", "2026-06-01", ""],
            ["Z3", "西公司", "资金", "", "", "", "", "2026-06-01", ""],
            ["Z4", "南公司", "资金", "", "", "", "100", "2026-06-01", "2026-07-01"],
        ],
        "金融机构": [
            ["名称", "类型", "地区"], ["甲银行", "银行", "甲市"], ["丙基金", "基金", "丙区"],
        ],
        "联盟": [["联盟名称"], ["虚盟"]],
        "融资": [
            ["金融机构", "企业", "方式", "金额(万元)", "日期", "撮合联盟", "阶段"],
            ["甲银行", "东公司", "授信", "1000", "2026-04-01", "虚盟", "已授信"],
            ["甲银行", "东公司", "贷款", "200", "2026-05-01", "", "已放款"],
            ["甲银行", "东公司", "贷款", "70", "2025-05-01", "", "已放款"],
            ["丙基金", "东公司", "股权", "50", "2026-05-01", "", "已投资"],
            ["丙基金", "东公司", "贷款", "900", "2026-05-02", "", "意向"],
            ["甲银行", "南公司", "上市辅导", "", "2026-05-02", "", "股改"],
        ],
    }  # fmt: skip


def answered(sheets: Mapping[str, Sequence[Sequence[object]]], **params: Any) -> Result:  # noqa: ANN401  # any parameter
    graph = load_rows(sheets, allow_partial=True).graph
    return question("partners").answer(graph, PartnerParams(**params))


@pytest.fixture(scope="module")
def found() -> Result:
    return answered(book())


@pytest.fixture(scope="module")
def chenglan() -> ChainGraph:
    return load("sample:chenglan").graph


# talent ------------------------------------------------------------------------------------------


def test_posts_against_local_graduates_of_the_latest_year(found: Result) -> None:
    rows = found.rows.set_index("id")
    assert rows["state"].to_dict() == {
        "R1": "enough", "R2": "short", "R3": "elsewhere", "R4": "not_reported",
        "R5": "no_major", "R6": "no_headcount", "R7": "closed",
    }  # fmt: skip
    assert rows.loc["R1", ["graduates", "gap", "schools"]].tolist() == [15, 0, "甲大学、甲学院"]
    assert rows.loc["R2", ["graduates", "gap"]].tolist() == [15, 3]
    assert pd.isna(rows.loc["R4", "gap"])
    assert rows.loc["R1", "basis_label"] == "专业相同"
    assert found.rows["id"].iloc[0] == "R2"


def test_a_major_is_short_for_all_posts_together(found: Result) -> None:
    row = found.tables["majors"].set_index("major").loc["数控技术"]
    assert row[["posts", "headcount", "unreported", "graduates", "gap"]].tolist() == [
        3, 30, 1, 15, 15,
    ]  # fmt: skip


def test_a_post_without_a_major_is_matched_by_words_and_says_so() -> None:
    sheets = book()
    sheets["需求清单"] = [
        ["需求编号", "企业", "类别", "岗位", "人数"],
        ["R", "东公司", "人才", "数控操作工", "9"],
    ]
    row = answered(sheets).rows.iloc[0]
    assert (row["graduates"], row["state"]) == (15, "enough")
    assert row["basis_label"] == "字面相合（推断）"


def test_declared_complete_means_nobody_teaches_it() -> None:
    sheets = book()
    sheets["填报范围"] = [["工作表", "地区", "完整"], ["专业毕业生", "甲市", "是"]]
    rows = answered(sheets).rows.set_index("id")
    assert rows.loc["R4", ["graduates", "gap", "state"]].tolist() == [0, 2, "short"]


def test_quarters_of_dates() -> None:
    dates = pd.Series(["2026-03-31", "2026-Q2", "2026-07", "2026", None], dtype="str")
    year = 4 * 2026
    assert quarter_of(dates).tolist() == [year, year + 1, year + 2, -1, -1]


def fair_book() -> Book:
    sheets = book()
    sheets["活动"] = [
        ["活动编号", "类型", "名称", "日期", "组织单位"],
        ["F1", "招聘", "春招", "2026-04-10", "虚盟"],
        ["F2", "招聘", "秋招", "2025-11", "虚盟"],
        ["F3", "招聘", "旧招", "2024-11", "虚盟"],
        ["F4", "招聘", "某招", "2026", "虚盟"],
    ]
    sheets["活动参与"] = [
        ["活动", "参与单位", "角色", "家数"],
        ["F1", "东公司", "参与", ""],
        ["F1", "", "参与", "7"],
        ["F2", "东公司", "参与", ""],
        ["F3", "西公司", "参与", ""],
        ["F1", "甲大学", "举办地", ""],
    ]
    return sheets


def test_the_quarter_without_a_fair_is_named() -> None:
    result = answered(fair_book(), as_of="2026-06-30")
    table = result.tables["fairs"].set_index("quarter")
    assert table["fairs"].to_dict() == {"2025Q3": 0, "2025Q4": 1, "2026Q1": 0, "2026Q2": 1}
    assert table.loc["2026Q2", ["firms", "unnamed"]].tolist() == [1, 7]
    assert any("2025Q3、2026Q1" in note.zh for note in result.notes)
    rows = result.rows.set_index("id")["fairs"]
    assert rows["R1"] == "近四季 2 场，参加 2025Q4、2026Q2"
    assert rows["R2"] == "近四季 2 场，未参加"


# finance -----------------------------------------------------------------------------------------


def test_credit_is_never_added_to_loans(found: Result) -> None:
    table = found.tables["finance"].set_index("enterprise")
    row = table.loc["东公司"]
    money = ["need", "credit", "loans", "equity", "earlier", "gap"]
    assert row[money].tolist() == [800, 1000, 200, 50, 70, 550]
    assert row[["state", "intending", "alliances", "tutoring"]].tolist() == [
        "intending", "丙基金", "虚盟", "辅导备案",
    ]  # fmt: skip
    assert table.loc["西公司", "state"] == "no_amount"
    assert pd.isna(table.loc["西公司", "gap"])
    assert table.loc["南公司", ["state", "tutoring"]].tolist() == ["no_need", "股改"]
    assert "不与放款相加" in row["reason"]


def test_a_need_without_any_finance_is_open_and_local_banks_are_named() -> None:
    sheets = book()
    del sheets["融资"]
    result = answered(sheets)
    row = result.tables["finance"].iloc[0]
    assert (row["enterprise"], row["state"], row["gap"]) == ("东公司", "open", 800)
    loose = result.tables["unconnected"]
    loose = loose[loose["matter"] == "finance"]
    assert loose[["enterprise", "suppliers"]].to_numpy().tolist() == [["东公司", "丙基金、甲银行"]]


# research ----------------------------------------------------------------------------------------


def event_book(*participants: Sequence[object], **columns: object) -> Book:
    sheets = book()
    head = {"活动编号": "V", "类型": "联合攻关", "名称": "合作11项", **columns}
    sheets["活动"] = [list(head), list(head.values())]
    sheets["活动参与"] = [
        ["活动", "参与单位", "角色", "家数"],
        *(["V", *row] for row in participants),
    ]
    return sheets


def test_eight_firms_and_three_universities_are_one_event() -> None:
    sheets = event_book(
        ["东公司", "参与", ""], ["西公司", "参与", ""], ["", "参与企业", "6"],
        ["甲大学", "参与", ""], ["甲学院", "参与", ""], ["乙大学", "参与", ""],
    )  # fmt: skip
    result = answered(sheets)
    table = result.tables["research"]
    assert len(table) == 1
    row = table.iloc[0]
    assert row[["firm_count", "institute_count", "participants"]].tolist() == [8, 3, 11]
    assert row["firms"] == "东公司、西公司、未具名 6 家"
    pairs = result.tables["pairs"]
    assert len(pairs) == 6
    assert pairs["inferred"].all()
    np.testing.assert_allclose(pairs["weight"], 1 / 10)


def test_an_unnamed_group_of_unknown_size_leaves_the_weight_open() -> None:
    result = answered(event_book(["东公司", "参与", ""], ["甲大学", "参与", ""], ["", "参与", ""]))
    row = result.tables["research"].iloc[0]
    assert pd.isna(row["participants"])
    assert result.tables["pairs"]["weight"].isna().all()


def test_weights_add_up_over_events() -> None:
    sheets = event_book(["东公司", "参与", ""], ["甲大学", "参与", ""])
    sheets["活动"].append(["W", "联合攻关", "又一项"])
    sheets["活动参与"] += [
        ["W", "东公司", "", ""],
        ["W", "西公司", "", ""],
        ["W", "甲大学", "", ""],
    ]
    pairs = answered(sheets).tables["pairs"].set_index("enterprise")
    assert pairs.loc["东公司", ["events", "weight"]].tolist() == [2, 1.5]
    assert pairs.loc["西公司", "weight"] == 0.5


# tasks -------------------------------------------------------------------------------------------


def tasked(**columns: object) -> Any:  # noqa: ANN401  # a row of a frame
    sheets = event_book(["西公司", "承接", ""], **columns)
    return answered(sheets, as_of="2026-10-31").tables["tasks"].iloc[0]


@pytest.mark.parametrize(
    ("due", "status", "state", "late"),
    [
        ("2026-10-01", "攻关中", "overdue", 30),
        ("2026-10-31", "攻关中", "under_way", None),
        ("2026-10", "攻关中", "under_way", None),
        ("2026-09", "未完成", "overdue", 31),
        ("2026-09", "已完成", "done", None),
        ("", "攻关中", "under_way", None),
    ],
)
def test_days_overdue(due: str, status: str, state: str, late: int | None) -> None:
    row = tasked(挂帅单位="东公司", 期限=due, 状态=status)
    assert row[["state", "commander", "taker"]].tolist() == [state, "东公司", "西公司"]
    assert (None if pd.isna(row["late"]) else int(row["late"])) == late
    assert ("期限" in row["missing"]) == (due == "")


def test_a_task_that_nobody_takes_and_a_weak_segment_without_one() -> None:
    sheets = event_book(挂帅单位="东公司", 环节="电化学膜", 对象="氢能")
    result = answered(sheets)
    row = result.tables["tasks"].iloc[0]
    assert row[["state", "missing", "segment"]].tolist() == [
        "unassigned", "承接单位、期限", "氢能·电化学膜",
    ]  # fmt: skip
    assert result.tables["untasked"]["segment"].tolist() == ["储罐"]
    assert answered(book()).tables["untasked"]["segment"].tolist() == ["电化学膜", "储罐"]
    lower = answered(book(), import_dependence=0.4).tables["untasked"]
    assert lower["segment"].tolist() == ["电化学膜", "储罐", "加注"]


# what is near and not connected ------------------------------------------------------------------


def research_of(result: Result) -> list[str]:
    table = result.tables["unconnected"]
    return table.loc[table["matter"] == "research", "enterprise"].tolist()


def test_institutes_match_by_discipline(found: Result) -> None:
    row = found.tables["institutes"].iloc[0]
    assert row[["segment", "institute", "discipline", "firms", "connected"]].tolist() == [
        "电化学膜", "甲大学", "电化学", 2, 0,
    ]  # fmt: skip
    assert research_of(found) == ["东公司", "西公司"]


@pytest.mark.parametrize("tie", ["alliance", "event", "pairing"])
def test_a_tie_on_record_connects(tie: str) -> None:
    sheets = book()
    if tie == "alliance":
        sheets["联盟成员"] = [["联盟", "成员"], ["虚盟", "东公司"], ["虚盟", "甲大学"]]
    elif tie == "event":
        sheets["活动"] = [["活动编号", "类型", "名称"], ["S", "沙龙", "沙龙"]]
        sheets["活动参与"] = [["活动", "参与单位"], ["S", "东公司"], ["S", "甲大学"]]
    else:
        sheets["党组织"] = [["党组织名称"], ["东支部"]]
        sheets["依托"] = [["党组织", "依托单位"], ["东支部", "东公司"]]
        sheets["结对共建"] = [["甲方", "乙方"], ["东支部", "甲大学"]]
    result = answered(sheets)
    assert research_of(result) == ["西公司"]
    row = result.tables["institutes"].iloc[0]
    assert row[["connected", "partners"]].tolist() == [1, "东公司"]


# the answer as a whole ---------------------------------------------------------------------------


def test_names_alone_are_no_error() -> None:
    result = answered({"企业": [["企业名称"], ["甲公司"]]})
    assert all(not len(table) for table in result.tables.values())
    said = " ".join(text.zh for text in result.not_reported)
    for sheet in ("需求清单", "专业毕业生", "融资", "活动", "高校院所"):
        assert sheet in said


def test_the_order_of_rows_changes_nothing(found: Result) -> None:
    other = answered({name: [rows[0], *rows[:0:-1]] for name, rows in book().items()})
    for name, table in {"": found.rows, **found.tables}.items():
        theirs = other.tables[name] if name else other.rows
        keep = [column for column in table.columns if column != "evidence"]
        pd.testing.assert_frame_equal(table[keep], theirs[keep])


def test_the_joint_task_of_xiangcheng_stays_one_event() -> None:
    graph = load("sample:jiangsu").graph
    result = question("partners").answer(graph, PartnerParams())
    table = result.tables["research"].set_index("project_id")
    assert table.loc["V_RD11", "institute_count"] == 3
    assert (result.tables["pairs"]["weight"] < 1).all()
    assert "V_RD11" not in result.tables["tasks"]["task_id"].tolist()


def test_every_row_says_why(chenglan: ChainGraph) -> None:
    result = question("partners").answer(chenglan, PartnerParams())
    assert set(result.tables) == {table.name for table in TABLES}
    assert len(result.rows)
    for table in (result.rows, *result.tables.values()):
        assert len(table)
        assert table["reason"].str.len().gt(0).all()
        assert table["reason_en"].str.len().gt(0).all()


def test_a_chain_and_a_region_narrow_the_answer(chenglan: ChainGraph) -> None:
    asked = question("partners")
    whole = asked.answer(chenglan, PartnerParams())
    part = asked.answer(chenglan, PartnerParams(chain="氢能", region="望潮县（虚构）"))
    assert 0 < len(part.tables["finance"]) < len(whole.tables["finance"])
    assert set(part.tables["institutes"]["chain"]) == {"氢能"}
