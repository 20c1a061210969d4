"""Needs: states, candidates and tables by hand; assignments against every possible one."""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import product
from math import log
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphmodel.errors import UsageError
from graphmodel.graph import ChainGraph
from graphmodel.question import Result
from loaders.load import load, load_rows
from queries import question
from queries.assignment import assign
from queries.needs import COLUMNS, TABLES, NeedParams
from queries.needs.fit import MET, NOT, UNKNOWN, offers, overall
from queries.needs.moment import moment
from queries.text_similarity import similarity

Sheet = list[list[object]]
NEED: list[object] = [
    "需求编号",
    "企业",
    "类别",
    "内容",
    "提出日期",
    "办结时限",
    "办结日期",
    "类型",
]
RESOURCE: list[object] = ["资源编号", "类别", "类型", "名称", "容量"]
ACTION: list[object] = ["项目编号", "名称", "对应需求", "使用资源", "状态"]


def answered(book: Mapping[str, Sequence[Sequence[object]]], **params: Any) -> Result:  # noqa: ANN401  # any parameter
    return question("needs").answer(load_rows(book, allow_partial=True).graph, NeedParams(**params))


def sheet(header: Sequence[object], *rows: Sequence[object]) -> Sheet:
    return [list(header), *(list(row) for row in rows)]


def need(number: object, **cells: object) -> list[object]:
    given = {"需求编号": number, "企业": "甲公司", "类别": "技术", "提出日期": "2026-03-01"} | cells
    return [given.get(str(name), "") for name in NEED]


def firms(*rows: Sequence[object], columns: Sequence[object] = ()) -> Sheet:
    return sheet(["企业名称", *columns], *rows)


@cache
def graph_of(sample: str) -> ChainGraph:
    return load(f"sample:{sample}").graph


def sample(name: str) -> Result:
    return question("needs").answer(graph_of(name), NeedParams())


def by_id(result: Result) -> Any:  # noqa: ANN401  # a cell of a frame is of any type
    return result.rows.set_index("need_id")


def table_of(result: Result, name: str, key: str) -> Any:  # noqa: ANN401  # as above
    return result.tables[name].set_index(key)


# states ----------------------------------------------------------------------------------------


STATES = [  # 办结时限, 办结日期, an action addresses it, the state on 2026-06-30
    ("", "", False, "unmatched"),
    ("2026-12-31", "", True, "in_progress"),
    ("2026-06-29", "", True, "overdue"),
    ("2026-06-29", "", False, "overdue"),
    ("2026-06-30", "", False, "unmatched"),
    ("2026-06", "", False, "unmatched"),
    ("2026-05", "", False, "overdue"),
    ("2026-05-01", "2026-06-30", False, "closed"),
    ("2026-12-31", "2026-07-01", False, "unmatched"),
    ("2026-05-01", "2026-07-01", True, "overdue"),
]


def test_states() -> None:
    rows = [need(n, 办结时限=due, 办结日期=done) for n, (due, done, _, _) in enumerate(STATES)]
    acted = "、".join(str(n) for n, case in enumerate(STATES) if case[2])
    book = {
        "企业": firms(["甲公司"]),
        "需求清单": sheet(NEED, *rows),
        "行动项目清单": sheet(ACTION, ["XD-1", "项目", acted, "", ""]),
    }
    found = by_id(answered(book, as_of="2026-06-30"))["state"]
    for number, (*case, state) in enumerate(STATES):
        assert found[str(number)] == state, case


def test_days_are_counted_to_the_day_asked_about() -> None:
    rows = (
        need("XQ-1", 办结时限="2026-03-11"),
        need("XQ-2", 办结时限="2026-03-11", 办结日期="2026-03-21"),
        need("XQ-3", 办结时限="2026-03-31", 办结日期="2026-03-21"),
        need("XQ-4", 提出日期="2026-02"),
    )
    book = {"企业": firms(["甲公司"]), "需求清单": sheet(NEED, *rows)}
    found = by_id(answered(book, as_of="2026-03-31"))
    assert (found.loc["XQ-1", "days_open"], found.loc["XQ-1", "days_overdue"]) == (30, 20)
    assert (found.loc["XQ-2", "days_to_close"], found.loc["XQ-2", "closed_late"]) == (20, True)
    assert not found.loc["XQ-3", "closed_late"]
    assert pd.isna(found.loc["XQ-3", "days_open"])
    assert found.loc["XQ-4", "days_open"] == 31  # from the last day of February


def test_without_a_date_asked_for_it_is_the_latest_thing_that_happened() -> None:
    book = {
        "企业": firms(["甲公司"]),
        "需求清单": sheet(
            NEED, need("XQ-1", 办结时限="2099-01-01"), need("XQ-2", 提出日期="2026-05-04")
        ),
        "走访": sheet(["企业", "日期", "岗位编号"], ["甲公司", "2026-05-09", "HL-1"]),
    }
    assert "截至 2026-05-09：" in answered(book).notes[0].zh
    assert "截至 2026-05-31。" in answered(book, as_of="2026-05").notes[0].zh


def test_rows_come_overdue_first_and_the_longest_open_first() -> None:
    rows = (
        need("XQ-1", 办结日期="2026-03-02"),
        need("XQ-2", 提出日期="2026-02-01"),
        need("XQ-3", 提出日期="2026-01-01"),
        need("XQ-4", 办结时限="2026-03-05"),
    )
    book = {"企业": firms(["甲公司"]), "需求清单": sheet(NEED, *rows)}
    assert list(answered(book, as_of="2026-03-31").rows["need_id"]) == [
        "XQ-4",
        "XQ-3",
        "XQ-2",
        "XQ-1",
    ]


def test_an_action_without_a_need_has_no_ground_and_a_cancelled_one_helps_nobody() -> None:
    book = {
        "企业": firms(["甲公司"]),
        "需求清单": sheet(NEED, need("XQ-1"), need("XQ-2")),
        "行动计划清单": sheet(
            ACTION,
            ["XD-1", "有据项目", "XQ-1", "", "推进中"],
            ["XD-2", "无据项目", "", "", "推进中"],
            ["XD-3", "取消项目", "XQ-2", "", "已取消"],
        ),
    }
    found = answered(book)
    assert by_id(found)["state"].to_dict() == {"XQ-1": "in_progress", "XQ-2": "unmatched"}
    assert by_id(found).loc["XQ-1", "action_id"] == "XD-1"
    assert list(found.tables["actions_without_need"]["action_id"]) == ["XD-2"]
    assert "无需求依据" in found.tables["actions_without_need"]["reason"].iloc[0]


def test_problems_and_needs_are_never_added_together() -> None:
    rows = (need("XQ-1", 类型="问题"), need("XQ-2", 类型="需求"), need("XQ-3", 类型="需求"))
    book = {"企业": firms(["甲公司"]), "需求清单": sheet(NEED, *rows)}
    table = table_of(answered(book), "summary", "type")["needs"]
    assert table.to_dict() == {"问题": 1, "需求": 2}
    ages = table_of(answered(book, as_of="2026-03-31"), "ageing", "type")
    assert ages["open"].to_dict() == {"问题": 1, "需求": 2}
    assert set(ages["age"]) == {"0–30天"}


# candidates and proposals ----------------------------------------------------------------------


def proposal_book(resources: Sheet, *needs: list[object], more: Mapping[str, Sheet]) -> Any:  # noqa: ANN401  # a book
    return {
        "企业": firms(["甲公司"], ["乙公司"]),
        "需求清单": sheet(NEED, *needs),
        "资源清单": resources,
        **more,
    }


def test_what_an_action_uses_is_kept_and_takes_a_place() -> None:
    book = proposal_book(
        sheet(RESOURCE, ["ZY-1", "技术", "载体", "测试平台", 2]),
        need("XQ-1"), need("XQ-2", 内容="测试平台"), need("XQ-3", 内容="其他"),
        more={"行动项目清单": sheet(ACTION, ["XD-1", "项目", "XQ-1", "ZY-1", "推进中"])},
    )  # fmt: skip
    found = by_id(answered(book))
    assert found.loc["XQ-1", ["resource_id", "proposed_id"]].tolist() == ["ZY-1", ""]
    assert found.loc["XQ-2", ["resource_id", "proposed_id"]].tolist() == ["", "ZY-1"]
    assert found.loc["XQ-3", "proposed_id"] == ""
    assert found.loc["XQ-3", "candidates"] == 1
    assert "余量" in found.loc["XQ-3", "reason"]


def test_only_what_states_a_capacity_is_assigned_and_policies_are_open_to_all() -> None:
    book = proposal_book(
        sheet(RESOURCE, ["ZY-1", "技术", "载体", "平台", 1], ["ZY-2", "技术", "政策", "补贴", ""]),
        need("XQ-1"), need("XQ-2", 企业="乙公司"), more={},
    )  # fmt: skip
    found = answered(book)
    assert sorted(found.rows["proposed_id"]) == ["", "ZY-1"]
    assert list(found.rows["unlimited"]) == ["补贴", "补贴"]
    claims = found.tables["policies"]
    assert set(claims["enterprise"]) == {"甲公司", "乙公司"}
    assert set(claims["policy_id"]) == {"ZY-2"}
    block = found.tables["assignment"].iloc[0]
    assert (block["asking"], block["matched"], block["gap"]) == (2, 1, 0)


def test_the_optimum_serves_a_need_that_the_greedy_way_leaves_out() -> None:
    header = [*RESOURCE, "适用地区"]
    book = {
        "地区": sheet(["名称", "类型"], ["甲区", "县"], ["乙区", "县"]),
        "企业": firms(["甲公司", "甲区"], ["乙公司", "乙区"], columns=["地区"]),
        "需求清单": sheet(
            NEED, need("XQ-1", 内容="寿命测试"), need("XQ-2", 企业="乙公司", 内容="别的")
        ),
        "资源清单": sheet(
            header,
            ["ZY-1", "技术", "载体", "寿命测试", 1, ""],
            ["ZY-2", "技术", "载体", "焊接", 1, "甲区"],
        ),
    }
    found = by_id(answered(book))
    assert found["proposed_id"].to_dict() == {"XQ-1": "ZY-2", "XQ-2": "ZY-1"}
    assert found["greedy_id"].to_dict() == {"XQ-1": "ZY-1", "XQ-2": ""}


SUITS: list[tuple[dict[str, object], int]] = [
    ({}, MET),
    ({"适用地区": "虚城市"}, MET),
    ({"适用地区": "乙区"}, NOT),
    ({"适用地区": "乙区、甲区"}, MET),
    ({"适用产业链": "氢能"}, MET),
    ({"适用产业链": "纺织"}, NOT),
    ({"适用条件": "规上企业"}, MET),
    ({"适用条件": "规模以上工业企业"}, MET),
    ({"适用条件": "大型企业"}, NOT),
    ({"适用条件": "中小企业"}, MET),
    ({"适用条件": "高新技术企业"}, MET),
    ({"适用条件": "专精特新"}, MET),
    ({"适用条件": "创新型中小企业"}, NOT),
    ({"适用条件": "重点企业"}, UNKNOWN),
    ({"适用条件": "规上企业且单项冠军"}, NOT),
    ({"适用条件": "规上企业或单项冠军"}, MET),
    ({"适用条件": "注册满三年"}, UNKNOWN),
    ({"适用条件": "规上企业，注册满三年"}, UNKNOWN),
    ({"有效止": "2026-03-30"}, NOT),
    ({"有效止": "2026-03"}, MET),
    ({"有效起": "2026-04-01"}, NOT),
    ({"有效起": "2026-03-31"}, MET),
]


def test_whom_a_resource_suits() -> None:
    names = ["适用地区", "适用产业链", "适用条件", "有效起", "有效止"]
    rows = [
        [n, "平台", *(case.get(name, "") for name in names)] for n, (case, _) in enumerate(SUITS)
    ]
    book = {
        "地区": sheet(
            ["名称", "上级", "类型"],
            ["虚城市", "", "市"],
            ["甲区", "虚城市", "县"],
            ["乙区", "虚城市", "县"],
        ),
        "产业链": sheet(["产业链名称"], ["氢能"], ["纺织"]),
        "企业": firms(
            ["甲公司", "甲区", "氢能", "是", "小", "高新技术企业、小巨人"],
            columns=["地区", "产业链", "规上", "规模", "资质"],
        ),
        "资源清单": sheet(["资源编号", "名称", *names], *rows),
    }
    graph = load_rows(book, allow_partial=True).graph
    suits = offers(graph, moment(graph, "2026-03-31"))
    resources = np.arange(len(SUITS))
    level = overall(*suits.levels(np.array([0]), resources))[0]
    level = np.where(suits.valid, level, NOT)
    order = graph.nodes["Resource"]["id"].astype("int64").to_numpy()
    for place, number in enumerate(order):
        assert level[place] == SUITS[number][1], SUITS[number][0]


def test_a_condition_that_is_not_understood_is_to_be_verified() -> None:
    book = proposal_book(
        sheet([*RESOURCE, "适用条件"], ["ZY-1", "技术", "载体", "平台", 1, "注册满三年"]),
        need("XQ-1"), more={},
    )  # fmt: skip
    assert by_id(answered(book)).loc["XQ-1", "to_verify"] == "适用条件需核对"


def test_what_is_not_reported_is_proposed_with_a_warning_and_ranks_last() -> None:
    header = [*RESOURCE, "适用条件", "适用产业链"]
    book = {
        "产业链": sheet(["产业链名称"], ["氢能"]),
        "企业": firms(["甲公司", ""], ["乙公司", "是"], columns=["规上"]),
        "需求清单": sheet(NEED, need("XQ-1"), need("XQ-2", 企业="乙公司")),
        "资源清单": sheet(header, ["ZY-1", "技术", "载体", "平台", 1, "规上企业", "氢能"]),
    }
    found = by_id(answered(book))
    assert found["proposed_id"].to_dict() == {"XQ-1": "", "XQ-2": "ZY-1"}
    assert found.loc["XQ-2", "to_verify"] == "产业链未填报"


def test_a_score_is_the_weighted_mean_of_its_parts() -> None:
    book = proposal_book(
        sheet(RESOURCE, ["ZY-1", "技术", "载体", "寿命测试", 1]),
        need("XQ-1", 内容="寿命测试"),
        more={},
    )
    found = by_id(answered(book, as_of="2026-03-31", waiting_days=60)).loc["XQ-1"]
    # texts alike 1; chain, region and conditions open to all 0.6; 30 of 60 days 0.5
    assert found["score"] == pytest.approx(0.4 + 0.6 * (0.2 + 0.2 + 0.1) + 0.1 * 0.5)
    assert found["score_parts"].startswith("文字 1.0×0.4")
    assert answered(book, min_score=0.9).rows["proposed_id"].tolist() == [""]


def test_unused_resources_are_listed_with_what_they_could_do() -> None:
    book = proposal_book(
        sheet(
            RESOURCE,
            ["ZY-1", "技术", "载体", "用着", 5], ["ZY-2", "人才", "载体", "闲着", 5],
            ["ZY-3", "技术", "政策", "申报过", ""], ["ZY-4", "技术", "载体", "可建议", 5],
        ),
        need("XQ-1"), need("XQ-2", 内容="可建议"),
        more={
            "行动项目清单": sheet(ACTION, ["XD-1", "项目", "XQ-1", "ZY-1", ""]),
            "政策兑现": sheet(["企业", "资源编号", "申报日期"], ["甲公司", "ZY-3", "2026-01-01"]),
        },
    )  # fmt: skip
    unused = table_of(answered(book), "unused_resources", "resource_id")["proposed"]
    assert unused.to_dict() == {"ZY-2": 0, "ZY-4": 1}


# policies --------------------------------------------------------------------------------------


def policy_book() -> Mapping[str, Sheet]:
    return {
        "企业": firms(["甲公司", "是"], ["乙公司", "否"], ["丙公司", ""], columns=["规上"]),
        "政府部门": sheet(["名称"], ["某局（虚构）"]),
        "资源清单": sheet(
            ["资源编号", "类别", "类型", "名称", "提供单位", "适用条件"],
            ["ZY-1", "政策", "政策", "规上奖励", "某局（虚构）", "规上企业"],
        ),
        "政策兑现": sheet(
            ["企业", "资源编号", "申报日期", "兑现日期", "金额(万元)"],
            ["乙公司", "ZY-1", "2026-01-05", "2026-02-05", 30],
        ),
    }


def test_policies_go_to_every_firm_that_fits_and_claims_stand_beside() -> None:
    found = answered(policy_book())
    rows = table_of(found, "policies", "enterprise")
    assert rows["fits"].to_dict() == {"甲公司": "yes", "乙公司": "no"}
    assert pd.isna(rows.loc["甲公司", "applied"])
    assert bool(rows.loc["乙公司", "paid"])
    assert rows.loc["乙公司", "amount"] == 30
    assert set(rows["responsible"]) == {"某局（虚构）"}
    count = found.tables["policy_counts"].iloc[0]
    keys = ["fitting", "unknown", "applied", "paid", "not_applied", "amount"]
    assert [count[key] for key in keys] == [1, 1, 1, 1, 1, 30]


def test_silence_about_a_claim_is_no_only_where_declared() -> None:
    book = {**policy_book(), "填报范围": sheet(["工作表", "完整"], ["政策兑现", "是"])}
    rows = table_of(answered(book), "policies", "enterprise")
    assert not rows.loc["甲公司", "applied"]


def test_rows_beyond_the_limit_are_counted_and_said() -> None:
    book = {
        **policy_book(),
        "企业": firms(*([f"虚{n}公司", "是"] for n in range(5)), columns=["规上"]),
    }
    found = answered({k: v for k, v in book.items() if k != "政策兑现"}, policy_rows=2)
    assert len(found.tables["policies"]) == 2
    assert found.tables["policy_counts"]["not_applied"].tolist() == [5]
    assert any("另有 3 行" in note.zh for note in found.notes)


# visits and specialists ------------------------------------------------------------------------


def visit_book(**more: Sheet) -> Mapping[str, Sheet]:
    return {
        "企业": firms(
            ["甲公司", "是", "是", "3824"], ["乙公司", "是", "是", ""],
            ["丙公司", "是", "是", "3824"],
            ["丁公司", "是", "是", "6510"], ["戊公司", "否", "是", ""],
            columns=["重点企业", "规上", "行业代码"],
        ),
        "走访": sheet(
            ["企业", "日期", "岗位编号"],
            ["甲公司", "2026-10-02", "HL-1"], ["甲公司", "2026-04-02", "HL-2"],
            ["乙公司", "2026-09-30", "HL-1"], ["戊公司", "2026-10-05", "HL-1"],
        ),
        **more,
    }  # fmt: skip


def test_who_was_not_visited_this_quarter() -> None:
    rows = table_of(answered(visit_book(), as_of="2026-11-20"), "visits", "enterprise")
    assert rows["not_visited"].to_dict() == {
        "甲公司": "no",
        "乙公司": "yes",
        "丙公司": "unknown",
        "戊公司": "no",
    }
    assert rows.loc["甲公司", ["last_visit", "visits", "post"]].tolist() == [
        "2026-10-02",
        2,
        "HL-1、HL-2",
    ]
    assert rows["base"].to_dict() == {
        "甲公司": True,
        "乙公司": True,
        "丙公司": True,
        "戊公司": False,
    }
    book = visit_book(填报范围=sheet(["工作表", "完整"], ["走访", "是"]))
    rows = table_of(answered(book, as_of="2026-11-20"), "visits", "enterprise")
    assert rows.loc["丙公司", "not_visited"] == "yes"


def test_an_unknown_base_of_visits_lists_the_choices() -> None:
    with pytest.raises(UsageError, match="key_above_scale"):
        answered(visit_book(), visit_base="规上")


def test_load_of_posts_and_who_has_no_specialist() -> None:
    book = {
        "产业链": sheet(["产业链名称"], ["氢能"]),
        "企业": firms(["甲公司", "氢能"], ["乙公司", ""], ["丙公司", ""], columns=["产业链"]),
        "政府部门": sheet(["名称"], ["某局（虚构）"]),
        "岗位": sheet(
            ["单位", "岗位", "对象", "岗位编号", "止"],
            ["某局（虚构）", "红链专员", "氢能", "HL-1", ""],
            ["某局（虚构）", "红链专员", "丙公司", "HL-2", "2025-12"],
        ),
        "需求清单": sheet(
            [*NEED, "专员岗位编号", "责任单位"],
            [*need("XQ-1"), "HL-1", "某局（虚构）"],
            [*need("XQ-2", 企业="丙公司"), "", ""],
            [*need("XQ-3", 办结日期="2026-03-09"), "HL-1", "某局（虚构）"],
        ),
        "走访": sheet(["企业", "日期", "岗位编号"], ["甲公司", "2026-03-10", "HL-1"]),
    }
    found = answered(book)
    post = table_of(found, "posts", "post").loc["HL-1"]
    keys = ["unit", "enterprises", "needs", "open", "closed", "visits", "visits_quarter"]
    assert [post[key] for key in keys] == ["某局（虚构）", 1, 2, 1, 1, 1, 1]
    assert list(found.tables["no_specialist"]["enterprise"]) == ["丙公司"]
    offices = table_of(found, "departments", "responsible")
    assert offices.loc["某局（虚构）", ["needs", "open", "mean_days_to_close"]].tolist() == [
        2,
        1,
        8,
    ]
    assert offices.loc["未填报", "needs"] == 1


# stated figures and samples --------------------------------------------------------------------


def test_published_figures_stand_beside_with_what_they_come_to() -> None:
    found = sample("jiangsu")
    assert found.rows.empty
    table = found.tables["asserted"]
    ratios = table.dropna(subset="ratio").set_index(["subjects", "metric"])["ratio"].round(2)
    assert ratios["江苏省", "问题及需求"] == 0.62
    assert ratios["徐州市", "服务次数"] == 9.71
    assert ratios["淮安", "走访链上企业"] == 1.76
    joint = table[table["value"] == 213]
    assert joint["joint"].tolist() == [True]
    assert joint["subjects"].iloc[0].count("、") == 2
    assert any("需求清单未填报" in text.zh for text in found.not_reported)


def test_chenglan_shows_every_state_and_a_proven_assignment() -> None:
    found = sample("chenglan")
    assert len(found.rows) == 220
    assert set(found.rows["state"]) == {"overdue", "unmatched", "in_progress", "closed"}
    assert set(found.tables["assignment"]["gap"]) == {0.0}
    blocks = found.tables["assignment"]
    assert (blocks["matched"] >= blocks["greedy_matched"]).all()
    given = found.rows[found.rows["proposed_id"] != ""]["proposed_id"].value_counts()
    free = graph_of("chenglan").nodes["Resource"].set_index("id")["capacity"]
    assert (given <= free.reindex(given.index)).all()
    assert len(found.tables["actions_without_need"]) == 12


def test_a_source_without_the_sheets_says_which_to_fill_in() -> None:
    found = answered({"企业": firms(["甲公司"])})
    assert found.rows.empty
    assert {table.name for table in TABLES} == set(found.tables)
    said = " ".join(text.zh for text in found.not_reported)
    for name in ("需求清单", "资源清单", "行动项目清单", "政策兑现", "走访", "岗位"):
        assert f"{name}未填报" in said
    assert {column.name for column in COLUMNS} <= set(found.rows.columns)


def test_a_filter_asks_about_a_part_only() -> None:
    book = {
        "产业链": sheet(["产业链名称"], ["氢能"]),
        "企业": firms(["甲公司", "氢能"], ["乙公司", ""], columns=["产业链"]),
        "需求清单": sheet(NEED, need("XQ-1"), need("XQ-2", 企业="乙公司")),
    }
    assert list(answered(book, chain="氢能").rows["need_id"]) == ["XQ-1"]


def test_shuffled_rows_change_nothing() -> None:
    book = {
        "企业": firms(["甲公司"], ["乙公司"], ["丙公司"]),
        "需求清单": sheet(
            NEED, need("XQ-1", 内容="测试平台"), need("XQ-2", 企业="乙公司", 内容="焊接"),
            need("XQ-3", 企业="丙公司"), need("XQ-4", 类别="人才"), need("XQ-5", 类别="人才"),
        ),
        "资源清单": sheet(
            RESOURCE, ["ZY-1", "技术", "载体", "测试平台", 1],
            ["ZY-2", "技术", "载体", "焊接平台", 1], ["ZY-3", "人才", "载体", "平台", 1],
        ),
        "行动项目清单": sheet(ACTION, ["XD-1", "项目", "XQ-3", "", ""]),
    }  # fmt: skip
    back = {name: [rows[0], *reversed(rows[1:])] for name, rows in book.items()}
    columns = [c.name for c in COLUMNS if c.name not in {"evidence", "enterprise_id"}]
    pd.testing.assert_frame_equal(answered(book).rows[columns], answered(back).rows[columns])


# the assignment and the likeness of texts ------------------------------------------------------

Grid = npt.NDArray[np.float32]


def best(weights: Grid, capacity: Sequence[int]) -> tuple[int, float]:
    """Return rows served and weight of the best of all assignments."""
    found = (0, 0.0)
    rows, columns = weights.shape
    for chosen in product(range(-1, columns), repeat=rows):
        pairs = [(row, column) for row, column in enumerate(chosen) if column >= 0]
        if any(not np.isfinite(weights[pair]) for pair in pairs):
            continue
        if any(chosen.count(column) > room for column, room in enumerate(capacity)):
            continue
        found = max(found, (len(pairs), float(sum(weights[pair] for pair in pairs))))
    return found


def greedy(weights: Grid, capacity: Sequence[int]) -> float:
    """Return the weight of pairs taken one by one from the best downwards."""
    room, served, total = list(capacity), set[int](), 0.0
    for row, column in sorted(np.ndindex(weights.shape), key=lambda p: -weights[p]):
        if np.isfinite(weights[row, column]) and row not in served and room[column]:
            served.add(row)
            room[column] -= 1
            total += float(weights[row, column])
    return total


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 100_000), keep=st.integers(1, 5))
def test_no_assignment_is_better(seed: int, keep: int) -> None:
    rng = np.random.default_rng(seed)
    rows, columns = int(rng.integers(1, 6)), int(rng.integers(1, 5))
    weights: Grid = (rng.permutation(rows * columns).reshape(rows, columns) / 100).astype("f4")
    weights[rng.random((rows, columns)) < 0.3] = -np.inf
    capacity = rng.integers(0, 3, columns)
    found = assign(lambda start, end: weights[start:end].copy(), rows, capacity, keep=keep)
    served, total = best(weights, capacity.tolist())
    assert int((found.column >= 0).sum()) == served
    assert np.nansum(found.weight) == pytest.approx(total, abs=1e-5)
    assert found.gap == 0
    assert found.bound >= found.value - 1e-6
    assert (np.bincount(found.column[found.column >= 0], minlength=columns) <= capacity).all()
    if keep >= columns:
        assert np.nansum(found.greedy_weight) == pytest.approx(greedy(weights, capacity.tolist()))


def test_the_bound_holds_even_where_pairs_may_not_be_added() -> None:
    weights = np.array([[0.9, 0.1], [0.8, -np.inf]], dtype=np.float32)
    found = assign(lambda s, e: weights[s:e].copy(), 2, np.array([1, 1]), keep=1, rounds=1)
    assert int((found.column >= 0).sum()) == 1
    assert found.gap > 0.3


def test_likeness_is_the_cosine_of_weighed_bigrams() -> None:
    left, right = (
        pd.Series(["寿命测试平台", "焊接"]),
        pd.Series(["测试平台（虚构）第3号", "喷涂", ""]),
    )
    found = similarity(left, right).rows(np.array([0, 1]))
    texts = [
        {"寿命", "命测", "测试", "试平", "平台"},
        {"焊接"},
        {"测试", "试平", "平台"},
        {"喷涂"},
        set(),
    ]
    weight = {g: log(1 + 5 / sum(g in t for t in texts)) for t in texts for g in t}
    shared = sum(weight[g] ** 2 for g in texts[0] & texts[2])
    length = [sum(weight[g] ** 2 for g in t) ** 0.5 for t in texts]
    assert found[0, 0] == pytest.approx(shared / (length[0] * length[2]), abs=1e-6)
    assert found[0, 1:].tolist() == [0, 0]
    assert found[1].tolist() == [0, 0, 0]
