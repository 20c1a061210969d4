"""Pairings: the register and its states, who has none, and the best pairs against brute force."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphmodel.graph import ChainGraph
from graphmodel.question import Result
from loaders.load import load, load_rows
from queries.pairings import COLUMNS, QUESTION, TABLES, PairingParams
from queries.pairings.advice import scores
from queries.pairings.disciplines import fitting
from queries.pairings.matching import match
from queries.pairings.parties import parties
from queries.pairings.register import register

Book = dict[str, list[list[object]]]
PAIR = ["甲方", "乙方", "共建形式", "签约日期", "到期日期", "事项", "状态"]


def built(book: Mapping[str, Sequence[Sequence[object]]]) -> ChainGraph:
    return load_rows({"企业": [["企业名称"], ["甲公司"]], **book}, allow_partial=True).graph


def answered(book: Mapping[str, Sequence[Sequence[object]]], **params: Any) -> Result:  # noqa: ANN401  # any parameter
    return QUESTION.answer(built(book), PairingParams(**params))


def town(firms: int = 3, **sheets: list[list[object]]) -> Book:
    """A city with Party organizations of firms, of a bank and of an institute."""
    names = [f"企{i}" for i in range(firms)]
    return {
        "地区": [["名称", "上级", "类型"], ["虚市", "", "市"], ["东区", "虚市", "县"],
                 ["西区", "虚市", "县"]],
        "产业链": [["产业链名称"], ["氢能"], ["船舶"]],
        "企业": [["企业名称", "地区", "产业链"],
                 *([n, "东区" if i % 2 else "西区", "氢能"] for i, n in enumerate(names))],
        "金融机构": [["名称", "地区"], ["某银行（虚构）", "东区"]],
        "高校院所": [["名称", "类型", "地区", "学科"],
                     ["某院（虚构）", "院所", "西区", "氢能、医学"]],
        "党组织": [["党组织名称"], *([f"{n}支部"] for n in names), ["银行支部"], ["院支部"]],
        "依托": [["党组织", "依托单位"], *([f"{n}支部", n] for n in names),
                 ["银行支部", "某银行（虚构）"], ["院支部", "某院（虚构）"]],
        **sheets,
    }  # fmt: skip


# the register ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expires", "status", "state"),
    [
        ("2027-06-30", "", "active"),
        ("2026-12-31", "", "expiring"),
        ("2026-10-31", "履行中", "expiring"),
        ("2026-10-30", "", "expired"),
        ("2026-10-30", "履行中", "expired"),
        ("2027-06-30", "已到期", "active"),
        ("", "履行中", "active"),
        ("", "已到期", "expired"),
        ("", "", "not_reported"),
    ],
)
def test_states(expires: str, status: str, state: str) -> None:
    pair = [PAIR, ["企0支部", "银行支部", "结对共建", "2025-01-01", expires, "融资", status]]
    row = answered(town(结对共建=pair), as_of="2026-10-31").rows.iloc[0]
    assert row["state"] == state
    clash = (state, status) in {("expired", "履行中"), ("active", "已到期")}
    assert ("不符" in row["reason"]) == clash
    assert (row["kind_a"], row["kind_b"], row["number"]) == ("企业", "金融机构", 1)
    assert row["evidence"]


def test_soon_is_a_parameter_and_without_a_day_dates_say_nothing() -> None:
    pair = [PAIR, ["企0支部", "银行支部", "", "", "2026-12-31", "", ""]]
    book = town(结对共建=pair)
    soon = answered(book, as_of="2026-10-31", soon_days=10)
    assert soon.rows["state"].tolist() == ["active"]
    assert answered(book).rows["state"].tolist() == ["not_reported"]


def test_the_other_way_round_adds_nothing() -> None:
    one = town(结对共建=[PAIR[:2], ["企0支部", "银行支部"]])
    two = town(结对共建=[PAIR[:2], ["企0支部", "银行支部"], ["银行支部", "企0支部"]])
    assert len(answered(one).rows) == len(answered(two).rows) == 1


def test_an_event_is_no_pair() -> None:
    book = town(
        活动=[["活动编号", "名称", "类型"], ["H1", "链上企业与某院共建", "其他"]],
        活动参与=[["活动", "参与单位", "角色", "家数"], ["H1", "某院（虚构）", "参与", ""],
                  ["H1", "", "参与", ""]],
    )  # fmt: skip
    found = answered(book)
    assert len(found.rows) == 0
    assert any("链上企业与某院共建" in note.zh for note in found.notes)


def test_who_has_no_pair() -> None:
    pair = [[*PAIR[:2], "到期日期"], ["企0支部", "银行支部", ""], ["企1支部", "院支部", "2020-01"]]
    book = town(结对共建=pair, 填报范围=[["工作表", "地区", "完整"], ["结对共建", "东区", "是"]])
    table = answered(book, as_of="2026-10-31").tables["unpaired"].set_index("name")
    assert table["state"].to_dict() == {
        "企1支部": "expired",
        "企2支部": "not_reported",
        "院支部": "expired",
    }
    declared = town(填报范围=[["工作表", "地区", "完整"], ["结对共建", "东区", "是"]])
    table = answered(declared).tables["unpaired"].set_index("name")
    assert table["state"].to_dict() == {
        "企0支部": "not_reported",
        "企1支部": "none",
        "企2支部": "not_reported",
        "银行支部": "none",
        "院支部": "not_reported",
    }
    summary = answered(declared).tables["summary"].set_index("kind")
    assert summary.loc["企业", ["organizations", "paired", "none", "not_reported"]].tolist() == [
        3, 0, 1, 2,
    ]  # fmt: skip


# advice ------------------------------------------------------------------------------------------


def test_a_pair_is_advised_with_its_reasons() -> None:
    pairs = answered(town(1), capacity=1).tables["advised"]
    assert len(pairs) == 1
    row = pairs.iloc[0]
    # 企0 lies in 西区 with the institute, whose discipline fits; no common chain: (2 + 2 + 1) / 8
    assert (row["party_a"], row["party_b"], row["score"]) == ("企0支部", "院支部", 0.625)
    assert row["reason"] == "企业与院所类别互补；同地区；学科对口：氢能。"
    league: Book = {
        "联盟": [["联盟名称"], ["氢盟"]],
        "联盟成员": [["联盟", "成员"], ["氢盟", "某银行（虚构）"]],
        "联盟覆盖": [["联盟", "产业链"], ["氢盟", "氢能"]],
    }
    joined = answered(town(2, **league), capacity=1).tables["advised"]
    assert joined.set_index("party_a")["party_b"].to_dict() == {
        "企1支部": "银行支部",
        "企0支部": "院支部",
    }
    assert joined["score"].tolist() == [0.875, 0.625]
    assert joined["chain"].tolist() == ["氢能", ""]


def test_pairs_stay_within_a_city_and_task_groups_take_no_part() -> None:
    book = town(1)
    book["地区"].append(["外市", "", "市"])
    book["金融机构"] = [["名称", "地区"], ["某银行（虚构）", "外市"]]
    book["高校院所"] = [["名称", "地区"], ["某院（虚构）", "外市"]]
    found = answered(book, min_score=0.0)
    assert len(found.tables["advised"]) == 0
    assert any("无从建议" in text.zh for text in found.not_reported)
    book = town(1)
    book["党组织"] = [["党组织名称", "类型"], ["企0支部", "行动支部"], ["银行支部", "党支部"],
                      ["院支部", "党支部"]]  # fmt: skip
    assert len(answered(book, min_score=0.0).tables["advised"]) == 0


def test_who_has_a_pair_in_force_gets_no_other() -> None:
    book = town(2, 结对共建=[PAIR[:2], ["企0支部", "银行支部"]])
    pairs = answered(book, min_score=0.0).tables["advised"]
    assert pairs["party_a"].tolist() == ["企1支部"]


def test_limits_hold() -> None:
    found = answered(town(12), min_score=0.0, capacity=2, candidates=1)
    pairs = found.tables["advised"]
    assert pairs["party_a"].is_unique
    assert pairs["party_b"].value_counts().max() <= 2
    assert any("比较了 12 个候选" in note.zh for note in found.notes)
    assert any("12 个党组织的候选多于 1 个" in note.zh for note in found.notes)


def brute(weights: dict[tuple[int, int], float], rows: int, columns: int, capacity: int) -> float:
    best = 0.0
    for choice in product(range(-1, columns), repeat=rows):
        used = [choice.count(j) for j in range(columns)]
        pairs = [(i, j) for i, j in enumerate(choice) if j >= 0]
        if max(used, default=0) <= capacity and all(pair in weights for pair in pairs):
            best = max(best, sum(weights[pair] for pair in pairs))
    return best


@settings(max_examples=60)
@given(st.integers(0, 100_000))
def test_the_matching_is_the_best_that_brute_force_finds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows, columns, capacity = (int(n) for n in rng.integers(1, [6, 4, 4]))
    cells = [(i, j) for i in range(rows) for j in range(columns) if rng.random() < 0.6]
    weights = {cell: float(rng.choice([0.25, 0.5, 0.625, 1.0])) for cell in cells}
    ends = np.array(cells, dtype=np.int64).reshape(-1, 2)
    found = match(
        ends[:, 0], ends[:, 1], np.array(list(weights.values()), dtype=np.float64),
        rows=rows, columns=columns, capacity=capacity,
    )  # fmt: skip
    assert len(np.unique(found.row)) == len(found.row)
    assert np.bincount(found.column, minlength=1).max(initial=0) <= capacity
    assert [weights[i, j] for i, j in zip(found.row, found.column, strict=True)] == list(
        found.weight
    )
    assert found.weight.sum() == pytest.approx(brute(weights, rows, columns, capacity))


def test_the_advice_as_a_whole_is_the_best_that_brute_force_finds() -> None:
    params = PairingParams(capacity=2, min_score=0.0)
    graph = built(town(5))
    pairs = QUESTION.answer(graph, params).tables["advised"]
    sides = parties(graph, params, register(graph, np.datetime64("NaT", "D"), 90))
    ours = np.flatnonzero(sides.kind == "enterprise")
    theirs = np.flatnonzero(sides.kind != "enterprise")
    table = scores(sides, fitting(graph, sides.host), ours, theirs, params)
    weights = {(i, j): float(table[i, j]) for i in range(5) for j in range(2)}
    assert pairs["score"].sum() == pytest.approx(brute(weights, 5, 2, 2))


# the whole ---------------------------------------------------------------------------------------


def test_rows_shuffled_say_the_same() -> None:
    book = town(7, 结对共建=[PAIR[:2], ["企0支部", "银行支部"]])
    turned = {name: [rows[0], *reversed(rows[1:])] for name, rows in book.items()}
    here, there = (answered(b, capacity=1, min_score=0.0) for b in (book, turned))
    assert here.tables["advised"].equals(there.tables["advised"])
    assert here.rows.drop(columns="evidence").equals(there.rows.drop(columns="evidence"))


def test_a_source_without_pairs_or_organizations() -> None:
    found = answered({})
    assert len(found.rows) == 0
    assert {"结对共建", "党组织"} <= {
        word for text in found.not_reported for word in ("结对共建", "党组织") if word in text.zh
    }
    assert set(found.tables) == {table.name for table in TABLES}


def test_filters() -> None:
    book = town(2, 结对共建=[PAIR[:2], ["企0支部", "企1支部"], ["银行支部", "院支部"]])
    assert len(answered(book, chain="氢能").rows) == 1
    assert len(answered(book, chain="船舶").rows) == 0
    assert len(answered(book, region="东区").rows) == 2


def test_the_samples() -> None:
    jiangsu = answered_sample("jiangsu")
    assert len(jiangsu.rows) == 2
    assert set(jiangsu.rows["kind_a"]) == {"企业"}
    assert set(jiangsu.rows["state"]) == {"not_reported"}
    assert any("盐城链上企业与南京工业大学共建" in note.zh for note in jiangsu.notes)
    chenglan = answered_sample("chenglan")
    assert len(chenglan.rows) == 42
    assert chenglan.rows["state"].isin(["active", "expiring", "expired"]).all()
    pairs = chenglan.tables["advised"]
    assert (pairs["score"] >= 0.4).all()
    assert pairs["party_b"].value_counts().max() <= 3
    assert [c for c in chenglan.rows.columns if not c.endswith("_en")] == [c.name for c in COLUMNS]


def answered_sample(name: str) -> Result:
    return QUESTION.answer(load(f"sample:{name}").graph, PairingParams())
