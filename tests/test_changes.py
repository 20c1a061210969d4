"""Changes: two loads compared by hand, alike loads that differ in nothing, and the command."""

import csv
import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

from cli import cli
from graphmodel.graph import ChainGraph
from graphmodel.question import Result
from loaders.load import load, load_rows, sample_folder
from queries.changes import COLUMNS, QUESTION, TABLES, ChangeParams
from queries.changes.counts import figures
from queries.changes.coverage_moves import coverage_moves
from queries.changes.gap_moves import gap_moves, segment_states
from queries.changes.identity import matched, moves
from queries.changes.stated import stated

Book = dict[str, list[list[object]]]


def built(book: Mapping[str, Sequence[Sequence[object]]]) -> ChainGraph:
    return load_rows(book, allow_partial=True).graph


def compared(now: Book, then: Book | None, **params: Any) -> Result:  # noqa: ANN401  # any parameter
    earlier = None if then is None else built(then)
    return QUESTION.answer(built(now), ChangeParams(**params), earlier=earlier)


def firms(*rows: Sequence[object], columns: Sequence[object] = ()) -> list[list[object]]:
    return [["企业名称", *columns], *(list(r) for r in rows)]


def figure(result: Result, metric: str) -> tuple[float, float, float]:
    row = result.rows.set_index("metric").loc[metric]
    return row["now"], row["then"], row["change"]


# enterprises -------------------------------------------------------------------------------------


def came_and_went(now: Book, then: Book) -> pd.DataFrame:
    here, there = built(now), built(then)
    return moves(here, there, matched(here, there))


def named(table: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(table["firm"], table["move"], strict=True))


def test_firms_in_and_out() -> None:
    table = came_and_went(
        {"企业": firms(["甲公司"], ["乙公司"])}, {"企业": firms(["乙公司"], ["丙公司"])}
    )
    assert named(table) == [("甲公司", "in"), ("丙公司", "out")]


@pytest.fixture(scope="module")
def codes() -> list[str]:
    """Two credit codes that pass their check."""
    with (sample_folder("chenglan") / "企业.csv").open(encoding="utf-8-sig") as file:
        found = [row["统一社会信用代码"] for row in csv.DictReader(file)]
    return [code for code in found if code][:2]


def test_the_same_code_is_the_same_firm_whatever_its_name(codes: list[str]) -> None:
    """A renamed firm is no firm out and no firm in; names are compared only without codes."""
    columns = ["统一社会信用代码", "地区"]
    now = {"企业": firms(["新名公司", codes[0], "南京市"], ["丁 公司", "", ""], columns=columns)}
    then = {
        "企业": firms(["旧名公司", codes[0], "苏州市"], ["丁公司", codes[1], ""], columns=columns)
    }
    table = came_and_went(now, then)
    assert named(table) == [("新名公司", "renamed"), ("新名公司", "moved")]
    assert table["then"].tolist() == ["旧名公司", "苏州市"]
    assert set(table["by"]) == {"信用代码"}


def test_the_same_name_with_two_codes_is_two_firms(codes: list[str]) -> None:
    now, then = ({"企业": firms(["甲公司", c], columns=["统一社会信用代码"])} for c in codes)
    assert named(came_and_went(now, then)) == [("甲公司", "in"), ("甲公司", "out")]


# gaps --------------------------------------------------------------------------------------------


def line(*segments: str, placed: Sequence[str]) -> Book:
    """A chain of segments one after another, two firms on each one placed."""
    names = [f"{s}{i}厂" for s in placed for i in range(4)]
    return {
        "产业链": [["产业链名称"], ["氢能"]],
        "环节": [["环节名称", "产业链"], *([s, "氢能"] for s in segments)],
        "环节上下游": [["产业链", "上游环节", "下游环节"],
                       *(["氢能", a, b] for a, b in pairwise(segments))],
        "企业": firms(*([name, "氢能"] for name in names), columns=["产业链"]),
        "企业环节": [["企业名称", "产业链", "环节", "产值(万元)"],
                     *([name, "氢能", name[0], 10] for name in names)],
    }  # fmt: skip


def mended(now: Book, then: Book) -> pd.DataFrame:
    states = [segment_states(built(book), ChangeParams()) for book in (now, then)]
    return gap_moves(*states).set_index("segment")


def test_gaps_opened_and_closed() -> None:
    full, broken = line("a", "b", "c", placed="abc"), line("a", "b", "c", placed="ac")
    assert mended(full, broken)["move"].to_dict() == {"b": "closed"}
    back = mended(broken, full)
    assert back["move"].to_dict() == {"b": "opened"}
    assert back.loc["b", "reason"] == "由“稳”变为“断链·缺环”。"


def test_what_is_no_longer_reported_is_not_closed() -> None:
    broken, silent = line("a", "b", "c", placed="ac"), line("a", "b", "c", placed="ac")
    silent["企业环节"] = [["企业名称", "产业链", "环节"], ["a0厂", "氢能", "a"]]
    row = mended(silent, broken).loc["b"]
    assert row["move"] == "unreported"
    assert "不是补上了" in row["reason"]
    back = mended(broken, silent).loc["b"]
    assert back["move"] == "reported"
    assert "不是新出现" in back["reason"]


def test_segments_added_and_removed() -> None:
    table = mended(line("a", "b", placed="ab"), line("a", "c", placed="ac"))
    assert table["move"].to_dict() == {"b": "added", "c": "removed"}


# coverage ----------------------------------------------------------------------------------------


def counts(covered: int, not_covered: int, not_reported: int = 0) -> pd.DataFrame:
    eligible = covered + not_covered + not_reported
    ends = [covered / eligible, (covered + not_reported) / eligible]
    row = {
        "measure": "party_organization", "by": "total", "group": "合计", "eligible": eligible,
        "covered": covered, "not_covered": not_covered, "not_reported": not_reported,
        "interval": ends,
    }  # fmt: skip
    return pd.DataFrame([row])


@pytest.mark.parametrize(
    ("now", "then", "effects", "cause"),
    [
        ((2, 2), (1, 3), (25, 25, 0), "分子变了"),
        ((1, 3), (1, 1), (-25, 0, -25), "分母变了"),
        ((2, 3), (1, 1), (-10, 50, -60), "分子分母都变了"),  # 2/5 - 1/2 = 1/2 + (2/5 - 2/2)
        ((1, 1), (1, 0, 1), (0, 0, 0), "分子分母都没变"),
    ],
)
def test_why_coverage_moved(
    now: tuple[int, ...], then: tuple[int, ...], effects: tuple[int, ...], cause: str
) -> None:
    row = coverage_moves(counts(*now), counts(*then)).iloc[0]
    assert (row["change"], row["by_numerator"], row["by_denominator"]) == effects
    assert row["reason"].startswith(cause)
    assert row["interval_then"] == counts(*then)["interval"].iloc[0]


def test_coverage_that_stands_still_is_not_listed_and_new_groups_are() -> None:
    assert len(coverage_moves(counts(1, 1), counts(1, 1))) == 0
    other = counts(1, 1).assign(by="region", group="甲区")
    table = coverage_moves(pd.concat([counts(1, 1), other]), counts(1, 1))
    assert table["label"].tolist() == ["甲区"]
    assert table["eligible_then"].tolist() == [0]
    assert table["change"].isna().all()


def test_a_new_declaration_is_named() -> None:
    book = {"企业": firms(["甲公司", "单独"], ["乙公司", ""], columns=["党组织情况"])}
    now = book | {"填报范围": [["工作表", "完整"], ["依托", "是"]]}
    found = compared(now, book, scores=False)
    assert figure(found, "组织覆盖率（上限）") == (0.5, 1, -0.5)
    row = found.tables["coverage"].iloc[0]
    assert (row["not_reported"], row["not_reported_then"]) == (0, 1)
    assert any("本月新声明填全：依托" in note.zh for note in found.notes)


# stated figures ----------------------------------------------------------------------------------


def facts(*rows: Sequence[object]) -> Book:
    columns = ["主体", "指标", "数值", "原文", "单位", "截至日期"]
    return {
        "企业": firms(["甲公司"]),
        "地区": [["名称"], ["虚市"]],
        "指标": [columns, *map(list, rows)],
    }


def test_conflicts_and_dated_figures_side_by_side() -> None:
    now = facts(
        ["虚市", "联盟数", 14, "14个", "个", "2026-09-30"],
        ["虚市", "联盟数", 15, "15个", "个", "2026-09-30"],
        ["虚市", "联盟数", 9, "9个", "个", "2025-03-31"],
        ["虚市", "覆盖率", 0.93, "93%", "比率", ""],
    )
    then = facts(
        ["虚市", "联盟数", 14, "14个", "个", "2026-09-30"], ["虚市", "老指标", 1, "1", "", ""]
    )
    nothing = pd.DataFrame(columns=["subject_id", "metric", "computed", "computed_en"], dtype="str")
    table = stated(built(now), built(then), nothing)
    said = {(row["metric"], row["verbatim"]): (row["state"], bool(row["conflict"]))
            for row in table.to_dict("records")}  # fmt: skip
    assert said == {
        ("联盟数", "14个"): ("both", True),
        ("联盟数", "15个"): ("new", True),
        ("联盟数", "9个"): ("new", False),
        ("覆盖率", "93%"): ("new", False),
        ("老指标", "1"): ("gone", False),
    }
    older = table.set_index("verbatim").loc["9个", "reason"]
    assert "并列，不相加" in older


def test_the_computed_figure_stands_beside() -> None:
    book = facts(["虚市", "企业党组织覆盖率", 0.93, "93%", "比率", "2026-06-30"])
    book["企业"] = firms(["甲公司", "虚市", "单独"], columns=["地区", "党组织情况"])
    row = compared(book, None).tables["facts"].iloc[0]
    assert "应覆盖 1" in row["computed"]
    assert row["value"] == 0.93


# scores ------------------------------------------------------------------------------------------


def test_scores_that_moved() -> None:
    def chain(*outputs: int) -> Book:
        rows = [[f"{i}号公司", "氢能", out, out] for i, out in enumerate(outputs)]
        return {
            "产业链": [["产业链名称"], ["氢能"]],
            "企业": firms(*rows, columns=["产业链", "产值(万元)", "专利数"]),
        }

    found = compared(chain(100, 50, 10), chain(10, 50, 100))
    table = found.tables["scores"].set_index("firm")
    assert set(table.index) == {"0号公司", "2号公司"}
    assert table.loc["0号公司", "change"] == -table.loc["2号公司", "change"] > 0
    assert (table.loc["0号公司", "rank"], table.loc["0号公司", "rank_then"]) == (1, 3)
    assert len(compared(chain(100, 50, 10), chain(10, 50, 100), scores=False).tables["scores"]) == 0


# the whole ---------------------------------------------------------------------------------------


def test_without_the_month_before_it_says_how_to_give_it() -> None:
    found = compared({"企业": firms(["甲公司"])}, None)
    assert "--earlier" in found.not_reported[0].zh
    assert "--earlier" in found.not_reported[0].en
    assert figure(found, "企业数")[0] == 1
    assert found.rows["then"].isna().all()
    assert set(found.tables) == {table.name for table in TABLES}
    assert [c for c in found.rows.columns if not c.endswith("_en")] == [c.name for c in COLUMNS]


def test_alike_loads_differ_in_nothing() -> None:
    graph = load("sample:jiangsu").graph
    found = QUESTION.answer(graph, ChangeParams(), earlier=load("sample:jiangsu").graph)
    assert (found.rows["change"].fillna(0) == 0).all()
    for name in ("gaps", "coverage", "firms", "scores"):
        assert len(found.tables[name]) == 0, name
    for table in TABLES:
        columns = [c for c in found.tables[table.name].columns if not c.endswith("_en")]
        assert columns == [column.name for column in table.columns]
    assert set(found.tables["facts"]["state"]) == {"both"}


def test_pairs_that_expired_are_counted_on_each_months_own_day() -> None:
    def month(day: str) -> Book:
        return {
            "企业": firms(["甲公司"]),
            "党组织": [["党组织名称"], ["甲支部"], ["乙支部"]],
            "结对共建": [["甲方", "乙方", "到期日期"], ["甲支部", "乙支部", "2026-09-30"]],
            "填报范围": [["工作表", "完整", "截至日期"], ["结对共建", "是", day]],
        }

    now, then = (
        {f.metric.zh: f.value for f in figures(built(month(day)))}
        for day in ("2026-10-31", "2026-09-30")
    )
    assert (now["结对共建：已到期"], then["结对共建：已到期"]) == (1, 0)
    assert (now["结对共建：即将到期"], then["结对共建：即将到期"]) == (0, 1)


def test_filters_and_what_the_month_before_does_not_know() -> None:
    now = line("a", "b", placed="ab")
    found = compared(now, {"企业": firms(["甲公司"])}, chain="氢能")
    assert any("上月数据没有“氢能”" in text.zh for text in found.not_reported)
    assert found.rows["then"].isna().all()


def test_the_command_takes_both_months(tmp_path: Path) -> None:
    for month, names in (("旧", ["甲公司", "乙公司"]), ("新", ["甲公司", " 丙公司 "])):
        (tmp_path / month).mkdir()
        text = "企业名称,随手写的列\n" + "".join(f"{name},无\n" for name in names)
        (tmp_path / month / "企业.csv").write_text(text, encoding="utf-8")
    old, new = str(tmp_path / "旧"), str(tmp_path / "新")
    runner = CliRunner()
    two = runner.invoke(cli, ["changes", old, new, "--format", "json"])
    assert two.exit_code == 0, two.output
    said = json.loads(two.stdout)
    assert [(row["firm"], row["move"]) for row in said["tables"]["firms"]] == [
        ("丙公司", "in"), ("乙公司", "out"),
    ]  # fmt: skip
    [problem] = [row for row in said["tables"]["quality"] if row["column"] == "随手写的列"]
    assert all(problem[name] for name in ("file", "sheet", "code", "message", "advice"))
    option = runner.invoke(cli, ["changes", new, "--earlier", old, "--format", "json"])
    assert json.loads(option.stdout)["tables"] == said["tables"]
    twice = runner.invoke(cli, ["changes", old, new, "--earlier", old])
    assert twice.exit_code == 2
    assert "给了两次" in twice.output
