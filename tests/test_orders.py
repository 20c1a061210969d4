"""Orders: plans by hand, and consortia against every subset of firms on random small cases."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from graphmodel.errors import UsageError
from graphmodel.question import Result
from loaders.load import load, load_rows
from queries import question
from queries.orders import COLUMNS, PLANS, TABLES, OrderParams
from queries.orders.consortium import Problem, choose

Book = dict[str, list[list[object]]]
PRODUCTS = ("跑步机", "椭圆机", "动感单车", "综合训练器", "哑铃", "瑜伽垫")


def answered(book: Mapping[str, Sequence[Sequence[object]]], **params: Any) -> Result:  # noqa: ANN401  # any parameter
    return question("orders").answer(
        load_rows(book, allow_partial=True).graph, OrderParams(**params)
    )


def makes(*rows: Sequence[object]) -> list[list[object]]:
    return [["企业名称", "产品", "产能", "单位", "单价(元)"], *(list(r) for r in rows)]


def orders(*rows: Sequence[object], more: Sequence[object] = ()) -> list[list[object]]:
    return [["订单编号", "产品", "数量", "单位", *more], *(list(r) for r in rows)]


def firms(*names: str) -> list[list[object]]:
    rows: list[list[object]] = [["企业名称"]]
    rows += [[name] for name in names]
    return rows


def one(result: Result) -> Any:  # noqa: ANN401  # a row of a frame
    table = result.tables["consortia"]
    assert len(table) == 1
    return table.iloc[0]


def fitness() -> Book:
    """After 如东 健身器材: six products, and no single firm that makes more than one enough."""
    names = [f"虚{n}健身公司" for n in range(1, 7)]
    book: Book = {
        "企业": firms(*names, "虚客户公司"),
        "企业产品": makes(
            *([name, product, 100, "台", 10] for name, product in zip(names, PRODUCTS, strict=True))
        ),
        "产业链": [["产业链名称"], ["健身器材"]],
        "企业产业链": [["企业名称", "产业链", "角色"], [names[2], "健身器材", "链主"]],
        "订单": orders(
            *(["DD-1", product, 80, "台", "虚客户公司"] for product in PRODUCTS), more=["需方"]
        ),
    }
    return book


# worked examples -------------------------------------------------------------------------------


def test_one_lead_and_five_others_fill_what_no_single_firm_can() -> None:
    found = answered(fitness())
    plan = one(found)
    assert (plan["plan"], plan["firms"], plan["satisfied"]) == ("joint", 6, "yes")
    assert plan["lead"] == "虚3健身公司"
    assert plan["members"].count("、") == 4
    assert (plan["proof"], plan["optimality_gap"]) == ("proven", 0)
    rows = found.rows
    assert len(rows) == 6
    assert set(rows["share"]) == {1.0}
    assert set(rows["lead"]) == {"虚3健身公司"}
    assert set(rows["missing"]) == {""}


def test_one_firm_that_can_fill_it_needs_no_consortium() -> None:
    book = fitness()
    book["企业"].append(["虚大公司"])
    book["企业产品"] += [["虚大公司", product, 80, "台", 10] for product in PRODUCTS]
    found = answered(book)
    assert one(found)["plan"] == "single"
    assert PLANS["single"].zh == "无需抱团"
    assert set(found.rows["enterprise"]) == {"虚大公司"}
    assert found.rows["reason"].str.contains("无需抱团").all()


def test_chenglan_has_a_joint_order_of_six_one_alone_and_one_that_nobody_fills() -> None:
    found = question("orders").answer(load("sample:chenglan").graph, OrderParams())
    plan = found.tables["consortia"].set_index("order_number")
    assert (plan.loc["DD-001", "plan"], plan.loc["DD-001", "firms"]) == ("joint", 6)
    assert plan.loc["DD-002", "plan"] == "single"
    assert (plan.loc["DD-003", "plan"], plan.loc["DD-003", "satisfied"]) == ("partial", "no")
    assert plan.loc["DD-004", "plan"] == "nobody"
    gap = found.rows.query("order_number == 'DD-003' and missing == '伺服电机'").iloc[0]
    supplied = found.rows.query("order_number == 'DD-003'")["supplied_quantity"].sum()
    assert gap["missing_quantity"] == gap["quantity"] - supplied
    assert "远川" in gap["outside"]
    assert plan.loc["DD-005", "plan"] == "taken"


# quantities, units, capacities -----------------------------------------------------------------


def test_a_gap_is_named_with_what_is_lacking() -> None:
    book: Book = {
        "企业": firms("甲公司", "乙公司"),
        "企业产品": makes(["甲公司", "跑步机", 30, "台", 1], ["乙公司", "跑步机", 50, "台", 1]),
        "订单": orders(["DD-1", "跑步机", 100, "台"], ["DD-1", "哑铃", 5, "副"]),
    }
    found = answered(book)
    plan = one(found)
    assert (plan["plan"], plan["satisfied"], plan["missing"]) == ("partial", "no", "哑铃、跑步机")
    lacking = found.rows[found.rows["missing"] != ""].set_index("missing")["missing_quantity"]
    assert lacking.to_dict() == {"跑步机": 20.0, "哑铃": 5.0}
    shares = found.rows.set_index("enterprise")["share"]
    assert (shares["乙公司"], shares["甲公司"]) == (0.5, 0.3)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (["甲公司", "跑步机", 100, "套", 1], "unit"),
        (["甲公司", "跑步机", "", "台", 1], "capacity"),
        (["甲公司", "跑步机", 100, "", 1], "no_unit"),
    ],
)
def test_what_cannot_be_compared_is_named_and_not_guessed(
    row: Sequence[object], problem: str
) -> None:
    book: Book = {
        "企业": firms("甲公司"),
        "企业产品": makes(row),
        "订单": orders(["DD-1", "跑步机", 10, "台"]),
    }
    found = answered(book)
    assert list(found.tables["unverified"]["problem"]) == [problem]
    assert (one(found)["plan"], one(found)["satisfied"]) == ("not_reported", "unknown")
    assert found.rows["to_verify"].tolist() == ["甲公司"]


def test_a_unit_left_blank_is_the_products_own() -> None:
    book: Book = {
        "企业": firms("甲公司"),
        "产品": [["产品名称", "单位"], ["跑步机", "台"]],
        "企业产品": makes(["甲公司", "跑步机", 100, "", 1]),
        "订单": orders(["DD-1", "跑步机", 10, ""]),
    }
    assert one(answered(book))["plan"] == "single"


def test_capacity_by_segment_counts_where_the_product_is_named() -> None:
    book: Book = {
        "产业链": [["产业链名称"], ["健身器材"]],
        "环节": [["环节名称", "产业链"], ["整机", "健身器材"]],
        "产品": [["产品名称"], ["跑步机"]],
        "企业": firms("甲公司"),
        "企业环节": [
            ["企业名称", "产业链", "环节", "产能", "单位", "产品"],
            ["甲公司", "健身器材", "整机", 50, "台", "跑步机"],
        ],
        "订单": orders(["DD-1", "跑步机", 50, "台"]),
    }
    assert one(answered(book))["plan"] == "single"


def test_orders_in_hand_take_capacity_and_those_done_do_not() -> None:
    book: Book = {
        "企业": firms("甲公司", "乙公司"),
        "企业产品": makes(["甲公司", "跑步机", 100, "台", 1], ["乙公司", "跑步机", 60, "台", 1]),
        "订单": orders(
            ["DD-1", "跑步机", 70, "台", "", ""],
            ["DD-2", "跑步机", 40, "台", "甲公司", "履行中"],
            ["DD-3", "跑步机", 40, "台", "甲公司", "已完成"],
            more=["承接企业", "状态"],
        ),
    }
    found = answered(book)
    plan = found.tables["consortia"].set_index("order_number")
    assert (plan.loc["DD-1", "plan"], plan.loc["DD-1", "firms"]) == ("joint", 2)
    assert plan.loc["DD-2", "plan"] == "taken"
    free = found.rows.set_index(["order_number", "enterprise"])["capacity"]
    assert free["DD-1", "甲公司"] == 60


def test_spare_capacity_is_capacity_less_output() -> None:
    header: list[object] = ["企业名称", "产品", "产能", "产量", "单位"]
    book: Book = {
        "企业": firms("甲公司", "乙公司"),
        "企业产品": [
            header,
            ["甲公司", "跑步机", 100, 90, "台"],
            ["乙公司", "跑步机", 100, "", "台"],
        ],
        "订单": orders(["DD-1", "跑步机", 20, "台"]),
    }
    assert one(answered(book))["plan"] == "single"
    spare = answered(book, capacity="spare")
    assert (one(spare)["plan"], one(spare)["satisfied"]) == ("partial", "unknown")
    assert spare.rows["supplied_quantity"].max() == 10
    assert list(spare.tables["unverified"]["enterprise"]) == ["乙公司"]


def test_the_buyer_does_not_supply_itself() -> None:
    book: Book = {
        "企业": firms("甲公司"),
        "企业产品": makes(["甲公司", "跑步机", 100, "台", 1]),
        "订单": orders(["DD-1", "跑步机", 10, "台", "甲公司"], more=["需方"]),
    }
    assert one(answered(book))["plan"] == "nobody"


def test_what_two_plans_promise_twice_is_a_conflict() -> None:
    book: Book = {
        "企业": firms("甲公司"),
        "企业产品": makes(["甲公司", "跑步机", 100, "台", 1]),
        "订单": orders(["DD-1", "跑步机", 60, "台"], ["DD-2", "跑步机", 60, "台"]),
    }
    clash = answered(book).tables["conflicts"]
    assert clash[["enterprise", "capacity", "planned", "orders"]].to_numpy().tolist() == [
        ["甲公司", 100.0, 120.0, "DD-1、DD-2"]
    ]


# preferences -----------------------------------------------------------------------------------


def preferences() -> Book:
    return {
        "地区": [["名称", "上级", "类型"], ["甲区", "", "县"], ["乙区", "", "县"]],
        "企业": [
            ["企业名称", "地区"],
            ["甲一公司", "甲区"], ["甲二公司", "甲区"], ["乙一公司", "乙区"], ["乙二公司", "乙区"],
        ],
        "企业产品": makes(
            ["甲一公司", "跑步机", 10, "台", 5], ["乙一公司", "跑步机", 10, "台", 4],
            ["甲二公司", "哑铃", 10, "副", 5], ["乙二公司", "哑铃", 10, "副", 7],
        ),
        "订单": orders(["DD-1", "跑步机", 10, "台"], ["DD-1", "哑铃", 10, "副"]),
    }  # fmt: skip


def test_without_anything_else_one_region_then_cost_decide() -> None:
    assert set(answered(preferences()).rows["enterprise"]) == {"甲一公司", "甲二公司"}
    cheapest = answered(preferences(), objective="cost", prefer_region=False)
    assert set(cheapest.rows["enterprise"]) == {"乙一公司", "甲二公司"}
    assert one(cheapest)["cost"] == pytest.approx(90 / 10_000)


def test_existing_ties_come_before_one_region() -> None:
    book = preferences()
    book["配套合作"] = [["企业甲", "企业乙"], ["甲一公司", "乙二公司"]]
    found = answered(book)
    assert set(found.rows["enterprise"]) == {"甲一公司", "乙二公司"}
    assert one(found)["tied"] == 2
    ignored = answered(book, prefer_ties=False)
    assert one(ignored)["in_region"] == 2


def test_one_alliance_comes_before_ties_and_the_brokers_before_any_other() -> None:
    book = preferences()
    book["配套合作"] = [["企业甲", "企业乙"], ["甲一公司", "乙二公司"]]
    book["联盟"] = [["联盟名称"], ["子盟"], ["丑盟"]]
    book["联盟成员"] = [
        ["联盟", "成员"],
        ["子盟", "乙一公司"], ["子盟", "乙二公司"], ["丑盟", "甲一公司"], ["丑盟", "甲二公司"],
    ]  # fmt: skip
    book["订单"] = orders(
        ["DD-1", "跑步机", 10, "台", "子盟"], ["DD-1", "哑铃", 10, "副", "子盟"], more=["撮合联盟"]
    )
    found = answered(book)
    assert set(found.rows["enterprise"]) == {"乙一公司", "乙二公司"}
    assert (one(found)["alliance"], one(found)["in_alliance"]) == ("子盟", 2)
    assert set(found.rows["alliance"]) == {"子盟"}


def test_a_region_restricts_who_takes_part_and_names_who_outside_could() -> None:
    found = answered(preferences(), region="甲区")
    assert set(found.rows["enterprise"]) == {"甲一公司", "甲二公司"}
    book = preferences()
    book["企业产品"] = [row for row in book["企业产品"] if row[0] != "甲二公司"]
    short = answered(book, region="甲区")
    assert one(short)["missing"] == "哑铃"
    assert short.rows.query("missing == '哑铃'")["outside"].tolist() == ["乙二公司"]


def test_firms_without_a_price_are_used_last_when_cost_is_asked_for() -> None:
    book: Book = {
        "企业": firms("甲公司", "乙公司", "丙公司"),
        "企业产品": makes(
            ["甲公司", "跑步机", 6, "台", ""],
            ["乙公司", "跑步机", 6, "台", 9],
            ["丙公司", "跑步机", 4, "台", 8],
        ),
        "订单": orders(["DD-1", "跑步机", 10, "台"]),
    }
    found = answered(book, objective="cost")
    assert set(found.rows["enterprise"]) == {"乙公司", "丙公司"}
    assert one(found)["cost"] == pytest.approx((6 * 9 + 4 * 8) / 10_000)


# limits and lacks ------------------------------------------------------------------------------


def test_a_limit_on_firms_is_not_called_proven() -> None:
    names = [f"虚{n}公司" for n in range(8)]
    book: Book = {
        "企业": firms(*names),
        "企业产品": makes(*([n, "跑步机", 5 + i, "台", 1] for i, n in enumerate(names))),
        "订单": orders(["DD-1", "跑步机", 20, "台"]),
    }
    assert (one(answered(book))["firms"], one(answered(book))["proof"]) == (2, "proven")
    limited = one(answered(book, max_firms=2))
    assert (limited["firms"], limited["proof"]) == (2, "limited")


def test_an_order_that_says_too_little_is_not_reported() -> None:
    book: Book = {
        "企业": firms("甲公司"),
        "企业产品": makes(["甲公司", "跑步机", 10, "台", 1]),
        "订单": orders(["DD-1", "跑步机", "", "台"]),
    }
    assert (one(answered(book))["plan"], one(answered(book))["satisfied"]) == (
        "not_reported",
        "unknown",
    )


def test_a_source_without_the_sheets_says_so() -> None:
    found = answered({"企业": firms("甲公司")})
    assert found.rows.empty
    assert [column.name for column in COLUMNS if not column.bilingual] == [
        name for name in found.rows if name in {column.name for column in COLUMNS}
        and not next(c for c in COLUMNS if c.name == name).bilingual
    ]  # fmt: skip
    assert set(found.tables) == {table.name for table in TABLES}
    said = " ".join(text.zh for text in found.not_reported)
    assert "订单未填报" in said
    assert "企业产品" in said


def test_an_unknown_order_lists_those_there_are() -> None:
    with pytest.raises(UsageError, match="DD-1"):
        answered(fitness(), order="DD-9")


def test_shuffled_rows_change_nothing() -> None:
    book = fitness()
    back = {name: [rows[0], *reversed(rows[1:])] for name, rows in book.items()}
    columns = ["order_number", "product", "enterprise", "supplied_quantity", "lead", "plan"]
    left, right = answered(book).rows[columns], answered(back).rows[columns]
    pd.testing.assert_frame_equal(left, right)


def test_without_time_all_take_part_and_nothing_is_called_proven() -> None:
    problem = Problem(
        line=np.array([0, 0]), firm=np.array([0, 1]), most=np.array([1.0, 1.0]),
        cost=np.array([1.0, 2.0]), lines=1, firms=2, alliances=csr_array((2, 0)),
        ties=csr_array((2, 2)), regions=np.array([-1, -1]),
    )  # fmt: skip
    found = choose(problem, cheapest=False, prefer=(), seconds=0)
    assert (found.firms.tolist(), found.proven, found.gap) == ([True, True], "limited", 1)
    found = choose(problem, cheapest=False, prefer=(), seconds=60)
    assert (found.firms.tolist(), found.proven, found.gap) == ([True, False], "proven", 0)


# against every subset --------------------------------------------------------------------------


def value(problem: Problem, chosen: Sequence[int], *, cheapest: bool) -> tuple[float, ...] | None:
    """Return the objectives of a set of firms, or None where it fills less than could be."""
    kept = np.isin(problem.firm, chosen)
    share = np.bincount(problem.line[kept], problem.most[kept], minlength=problem.lines)
    if (np.minimum(share, 1) < problem.reachable - 1e-9).any():
        return None
    member = problem.alliances.toarray()[list(chosen)]
    outside = len(chosen) - (member.sum(axis=0).max() if member.size else 0)
    tied = problem.ties.toarray()[np.ix_(list(chosen), list(chosen))].any(axis=1).sum()
    regions = problem.regions[list(chosen)]
    known = regions[regions >= 0]
    near = np.bincount(known).max() if len(known) else 0
    cost = 0.0
    for line in range(problem.lines):
        left = float(problem.reachable[line])
        here = np.flatnonzero(kept & (problem.line == line))
        for pair in here[np.argsort(problem.cost[here])]:
            part = min(left, float(problem.most[pair]))
            cost, left = cost + part * problem.cost[pair], left - part
    rest = (len(chosen), outside, len(chosen) - tied, len(chosen) - near)
    return (round(cost, 6), *rest) if cheapest else (*rest, round(cost, 6))


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    rng = np.random.default_rng(draw(st.integers(0, 100_000)))
    lines, number = int(rng.integers(1, 4)), int(rng.integers(1, 6))
    can = rng.random((lines, number)) < 0.6
    line, firm = np.nonzero(can)
    ties = np.triu(rng.random((number, number)) < 0.3, 1)
    return Problem(
        line=line.astype(np.int64), firm=firm.astype(np.int64),
        most=rng.integers(1, 5, len(line)) / 4, cost=rng.integers(1, 9, len(line)).astype(float),
        lines=lines, firms=number,
        alliances=csr_array((rng.random((number, 2)) < 0.5).astype(float)),
        ties=csr_array((ties | ties.T).astype(float)), regions=rng.integers(-1, 2, number),
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(problem=problems(), cheapest=st.booleans())
def test_no_subset_of_firms_is_better(problem: Problem, cheapest: bool) -> None:  # noqa: FBT001  # drawn
    found = choose(problem, cheapest=cheapest, prefer=("alliance", "ties", "region"), seconds=60)
    assert found.proven == "proven"
    assert found.gap == 0
    if not len(problem.line):
        assert not found.firms.any()
        return
    every = (c for n in range(problem.firms + 1) for c in combinations(range(problem.firms), n))
    values = [v for c in every if (v := value(problem, c, cheapest=cheapest)) is not None]
    mine = value(problem, np.flatnonzero(found.firms).tolist(), cheapest=cheapest)
    assert mine is not None
    assert mine == pytest.approx(min(values), abs=1e-4)
