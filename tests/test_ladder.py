"""Ladder: places, terms, thresholds and pyramids by hand, and what may not change them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from graphmodel.errors import UsageError
from graphmodel.graph import ChainGraph
from graphmodel.question import Result
from loaders import load
from loaders.load import load_rows
from queries import question
from queries.ladder import COLUMNS, TABLES, LadderParams
from queries.ladder.criteria import Bands
from queries.ladder.tracks import TRACKS, recognised

Rows = list[list[object]]


def answered(book: Mapping[str, Sequence[Sequence[object]]], **params: Any) -> Result:  # noqa: ANN401  # any parameter
    params = {"show": "all", **params}
    graph = load_rows(book, allow_partial=True).graph
    return question("ladder").answer(graph, LadderParams(**params))


def firms(columns: Sequence[object], *rows: Sequence[object]) -> dict[str, Rows]:
    return {"企业": [["企业名称", *columns], *(list(row) for row in rows)]}


def one(result: Result, track: str, firm: str = "甲公司") -> Any:  # noqa: ANN401  # a row of a frame
    rows = result.rows
    found = rows[(rows["track"] == track) & (rows["enterprise"] == firm)]
    assert len(found) == 1, found
    return found.iloc[0]


def pyramid(result: Result, track: str) -> dict[str, int]:
    table = result.tables["pyramid"]
    table = table[table["track"] == track]
    return dict(zip(table["rung"], table["firms"].tolist(), strict=True))


# titles ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "track", "rung"),
    [
        ("高新技术企业", "high_tech", 0),
        ("国家级专精特新“小巨人”企业", "quality", 2),
        ("专精特新小巨人", "quality", 2),
        ("省级专精特新中小企业", "quality", 1),
        ("创新型中小企业", "quality", 0),
        ("制造业单项冠军", "champion", 0),
        ("瞪羚企业", "growth", 0),
        ("独角兽企业", "growth", 1),
        ("规上", "scale", 1),
        ("科创板上市", "capital", 2),
        ("拟上市", "capital", 1),
        ("辅导备案", "capital", 1),
        ("新三板", "capital", 0),
        ("潜在独角兽", "honours", 0),
        ("科技小巨人", "honours", 0),
        ("高新技术企业培育库", "honours", 0),
        ("省级智能制造示范工厂", "honours", 0),
    ],
)
def test_titles_are_recognised(title: str, track: str, rung: int) -> None:
    assert recognised(title) == (track, rung)


def test_a_firm_has_one_place_on_each_track_and_every_honour() -> None:
    found = answered(
        firms(
            ["资质", "规上"],
            ["甲公司", "专精特新、创新型中小企业、高新技术企业、星级企业、绿色工厂", "是"],
        )
    )
    rows = found.rows
    assert rows[rows["track"] != "honours"]["track"].is_unique
    assert one(found, "quality")["current"] == "specialised"
    assert one(found, "quality")["next"] == "little_giant"
    assert one(found, "high_tech")["step"] == "top"
    assert one(found, "scale")["current"] == "above_scale"
    honours = rows[rows["track"] == "honours"]["current"].tolist()
    assert sorted(honours) == ["星级企业", "绿色工厂"]


def test_blank_is_not_reported_and_none_is_a_report() -> None:
    found = answered(firms(["资质"], ["甲公司", "无"], ["乙公司", ""], ["丙公司", "瞪羚"]))
    assert pyramid(found, "high_tech") == {"high_tech": 0, "none": 2, "not_reported": 1}
    assert pyramid(found, "growth") == {"unicorn": 0, "gazelle": 1, "none": 1, "not_reported": 1}
    assert pyramid(found, "scale") == {"above_scale": 0, "below_scale": 0, "not_reported": 3}
    assert not (found.rows["enterprise"] == "乙公司").any()
    share = found.tables["pyramid"].set_index(["track", "rung"])["share"]
    np.testing.assert_allclose(share["growth", "gazelle"], [1 / 3, 2 / 3])
    assert any("1 家企业未填报" in text.zh for text in found.not_reported)


def test_silence_is_none_where_titles_are_declared_complete() -> None:
    book = firms([], ["甲公司"]) | {"填报范围": [["工作表", "完整"], ["企业资质", "是"]]}
    assert pyramid(answered(book), "quality")["none"] == 1


def test_a_title_with_dates_alone_does_not_speak_for_other_tracks() -> None:
    book = firms([], ["甲公司"]) | {"企业资质": [["企业名称", "资质"], ["甲公司", "瞪羚"]]}
    found = answered(book)
    assert one(found, "growth")["current"] == "gazelle"
    assert pyramid(found, "high_tech")["not_reported"] == 1


def test_what_fits_no_rung_of_listing_is_named() -> None:
    found = answered(
        firms(["上市状态"], ["甲公司", "看情况"], ["乙公司", "未上市"], ["丙公司", "已上市"])
    )
    assert pyramid(found, "capital") == {
        "listed": 1, "tutoring": 0, "reformed": 0, "none": 1, "not_reported": 1,
    }  # fmt: skip
    assert any("看情况（1）" in note.zh for note in found.notes)


# terms -------------------------------------------------------------------------------------------


def titled(*rows: Sequence[object], **params: Any) -> Result:  # noqa: ANN401  # any parameter
    book = firms([], ["甲公司"])
    book["企业资质"] = [
        ["企业名称", "资质", "认定日期", "有效期至"],
        *(["甲公司", *r] for r in rows),
    ]
    return answered(book, **{"as_of": "2026-10-31", "within_days": 30, **params})


@pytest.mark.parametrize(
    ("expires", "state", "left"),
    [
        ("2026-10-30", "expired", -1),
        ("2026-10-31", "expiring", 0),
        ("2026-11-30", "expiring", 30),
        ("2026-12-01", "valid", 31),
        ("2026-10", "expiring", 0),
        ("2026-Q4", "valid", 61),
    ],
)
def test_a_term_ends_with_its_last_day(expires: str, state: str, left: int) -> None:
    row = one(titled(["高新技术企业", "2023-11-01", expires]), "high_tech")
    assert (row["expiry"], row["days_left"]) == (state, left)
    assert not row["inferred"]


def test_three_years_are_inferred_where_only_the_beginning_is_given() -> None:
    row = one(titled(["高新技术企业", "2024-02-29", ""]), "high_tech")
    assert (row["expires"], row["inferred"]) == ("2027-02-28", True)
    row = one(titled(["瞪羚企业", "2024-02-29", ""]), "growth")
    assert pd.isna(row["expires"])
    assert row["expiry"] == "not_reported"


def test_the_latest_row_of_a_title_counts() -> None:
    found = titled(
        ["高新技术企业", "2020-12-01", "2023-12-01"], ["高新技术企业", "2023-12-05", "2026-12-05"]
    )
    assert one(found, "high_tech")["expires"] == "2026-12-05"


def test_a_lower_title_that_is_good_comes_before_a_higher_one_that_expired() -> None:
    rows = ["专精特新小巨人", "2021-01", "2024-01"], ["创新型中小企业", "2025-01", "2028-01"]
    row = one(titled(*rows), "quality")
    assert (row["current"], row["next"]) == ("innovative", "specialised")
    table = titled(rows[0]).tables["pyramid"].set_index(["track", "rung"])
    assert table.loc[("quality", "little_giant"), ["firms", "expired"]].tolist() == [0, 1]


def test_without_a_date_nothing_is_judged_expired() -> None:
    found = titled(["高新技术企业", "2010-01-01", "2013-01-01"], as_of="")
    assert one(found, "high_tech")["expiry"] == "valid"
    assert any("没有日期" in note.zh for note in found.notes)


def test_the_date_of_the_data_is_the_default() -> None:
    book = firms([], ["甲公司"]) | {
        "企业资质": [["企业名称", "资质", "有效期至"], ["甲公司", "高新技术企业", "2026-05-01"]],
        "填报范围": [["工作表", "完整", "截至日期"], ["企业", "否", "2026-06"]],
    }
    assert one(answered(book), "high_tech")["days_left"] == -60


# the next step -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("revenue", "code", "step"),
    [
        ("2000", "3421", "ready"),
        ("1999", "C3421", "near"),
        ("1600", "3421", "near"),
        ("1599", "3421", "lacking"),
        ("", "3421", "unreported"),
        ("5000", "", "unreported"),
        ("5000", "6510", "check"),
    ],
)
def test_the_threshold_of_scale_is_for_industry(revenue: str, code: str, step: str) -> None:
    columns = ["规上", "营业收入(万元)", "行业代码"]
    row = one(answered(firms(columns, ["甲公司", "否", revenue, code])), "scale")
    assert (row["next"], row["step"]) == ("above_scale", step)


@pytest.mark.parametrize(
    ("revenue", "spending", "step"),
    [
        ("5000", "250", "ready"),
        ("5000", "249", "near"),
        ("5001", "249", "ready"),
        ("20000", "800", "ready"),
        ("20001", "799", "ready"),
        ("20001", "100", "lacking"),
        ("20001", "", "unreported"),
    ],
)
def test_the_rate_of_research_depends_on_revenue(revenue: str, spending: str, step: str) -> None:
    columns = ["资质", "营业收入(万元)", "研发投入(万元)"]
    row = one(answered(firms(columns, ["甲公司", "无", revenue, spending])), "high_tech")
    assert row["step"] == step
    assert "科技人员占比不低于 10%待核" in row["gap"]


def test_bands_by_hand() -> None:
    giant = Bands(edges=(5000, 10000), thresholds=(None, 0.06, 0.03), upper=False)
    found = giant.of(np.array([4999.0, 5000.0, 9999.0, 10000.0, np.nan]))
    np.testing.assert_array_equal(found, [np.nan, 0.06, 0.06, 0.03, np.nan])


def test_a_valid_high_tech_firm_may_apply_as_innovative() -> None:
    columns = ["资质", "规模"]
    found = answered(
        firms(
            columns,
            ["甲公司", "高新技术企业", "小"],
            ["乙公司", "无", "小"],
            ["丙公司", "高新技术企业", "大"],
        )
    )
    steps = [one(found, "quality", name)["step"] for name in ("甲公司", "乙公司", "丙公司")]
    assert steps == ["ready", "check", "lacking"]


def test_what_is_lacking_for_a_specialised_firm() -> None:
    columns = ["资质", "规模", "营业收入(万元)", "研发投入(万元)"]
    row = one(answered(firms(columns, ["甲公司", "创新型中小企业", "中", "3000", "75"])), "quality")
    assert row["step"] == "lacking"
    assert row["gap"].startswith(
        "研发投入 75 万元，差 25 万元（门槛 100 万元）；研发投入占营业收入 2.5%，差 0.5%（门槛 3%）"
    )
    assert "营业收入 3000" not in row["gap"]
    low = one(answered(firms(columns, ["甲公司", "创新型中小企业", "中", "900", "100"])), "quality")
    assert low["step"] == "ready"
    assert "或近 2 年新增股权融资" in low["gap"]


def test_a_rung_without_a_published_threshold_is_only_named() -> None:
    row = one(answered(firms(["资质"], ["甲公司", "瞪羚"])), "growth")
    assert (row["next"], row["step"]) == ("unicorn", "check")
    assert row["gap"] == "估值待核；成立年限待核；股权融资待核"


# who helps ---------------------------------------------------------------------------------------


def test_the_nearest_fitting_department_helps() -> None:
    book = {
        "地区": [
            ["名称", "上级", "类型"],
            ["虚城市", "", "市"],
            ["甲区", "虚城市", "县"],
            ["乙区", "虚城市", "县"],
        ],
        "企业": [
            ["企业名称", "地区", "资质", "产业链"],
            ["甲公司", "甲区", "瞪羚", "氢能"],
            ["乙公司", "乙区", "高新技术企业", "氢能"],
            ["丙公司", "", "高新技术企业", "氢能"],
        ],
        "产业链": [["产业链名称"], ["氢能"]],
        "政府部门": [
            ["名称", "地区"],
            ["虚城市科技局", "虚城市"],
            ["甲区科技局", "甲区"],
            ["虚城市发改委", "虚城市"],
        ],
        "岗位": [["单位", "岗位", "对象"], ["虚城市发改委", "牵头部门", "氢能"]],
    }
    found = answered(book)
    assert one(found, "growth")["department"] == "甲区科技局"
    assert one(found, "high_tech", "乙公司")["department"] == "虚城市科技局"
    row = one(found, "high_tech", "丙公司")
    assert (row["department"], row["department_basis"]) == ("虚城市发改委", "产业链牵头部门")


# the answer as a whole ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def graphs() -> dict[str, ChainGraph]:
    return {name: load(f"sample:{name}").graph for name in ("chenglan", "jiangsu")}


@pytest.mark.parametrize("sample", ["chenglan", "jiangsu"])
def test_every_track_adds_up_to_all_firms(sample: str, graphs: dict[str, ChainGraph]) -> None:
    found = question("ladder").answer(graphs[sample], LadderParams())
    table = found.tables["pyramid"]
    table = table[table["track"] != "honours"]
    sums = (table["firms"] + table["expired"]).groupby(table["track"]).sum()
    assert (sums == table["eligible"].iloc[0]).all()
    assert set(sums.index) == {track.name for track in TRACKS if track.rungs}
    assert list(found.rows.columns) == [
        name for c in COLUMNS for name in ((c.name, f"{c.name}_en") if c.bilingual else (c.name,))
    ]
    assert set(found.tables) == {table.name for table in TABLES}
    assert found.rows["reason"].str.len().gt(0).all()
    assert found.rows["evidence"].str.len().gt(0).all()


def test_the_published_titles_of_jiangsu(graphs: dict[str, ChainGraph]) -> None:
    rows = question("ladder").answer(graphs["jiangsu"], LadderParams()).rows
    held = rows[rows["current"] != "none"]
    pairs = set(zip(held["enterprise"], held["current"], strict=True))
    assert pairs == {
        ("柳工常州机械有限公司", "high_tech"), ("中铁宝桥", "little_giant"),
        ("南京高光半导体", "little_giant"), ("奥斯汀光电科技有限公司", "listed"),
        ("杉金光电", "省级智能制造示范工厂"), ("华信藤仓", "省级智能制造示范工厂"),
    }  # fmt: skip


def test_a_chain_and_a_region_narrow_the_answer(graphs: dict[str, ChainGraph]) -> None:
    graph = graphs["chenglan"]
    asked = question("ladder")
    whole = asked.answer(graph, LadderParams()).rows
    part = asked.answer(graph, LadderParams(chain="氢能", region="望潮县（虚构）")).rows
    assert 0 < len(part) < len(whole)
    assert part["chain"].str.contains("氢能").all()
    with pytest.raises(UsageError):
        asked.answer(graph, LadderParams(chain="没有的链"))


def test_groups_count_what_the_rows_say(graphs: dict[str, ChainGraph]) -> None:
    found = question("ladder").answer(graphs["chenglan"], LadderParams(show="all"))
    table = found.tables["by_group"]
    row = table[(table["group"] == "氢能") & (table["rung"] == "little_giant")].iloc[0]
    rows = found.rows
    there = rows[rows["chain"].str.contains("氢能") & (rows["current"] == "little_giant")]
    assert row["firms"] == (there["expiry"] != "expired").sum()


def test_a_source_with_names_alone_is_not_reported() -> None:
    found = answered(firms([], ["甲公司"]))
    assert not len(found.rows)
    assert len(found.not_reported) == len([track for track in TRACKS if track.rungs])


def test_the_order_of_rows_changes_nothing() -> None:
    columns = ["资质", "规上", "营业收入(万元)", "行业代码"]
    titles = ("高新技术企业", "专精特新", "小巨人", "瞪羚", "绿色工厂", "无", "")
    rows = [
        [
            f"公司{n}",
            titles[n % 7],
            ("是", "否", "")[n % 3],
            ("100", "3000", "")[n // 3 % 3],
            "3421",
        ]
        for n in range(21)
    ]
    one_way, other = (answered(firms(columns, *some)) for some in (rows, rows[7:] + rows[6::-1]))
    keep = [c for c in one_way.rows.columns if c not in {"evidence", "enterprise_id"}]
    pd.testing.assert_frame_equal(one_way.rows[keep], other.rows[keep])
    pd.testing.assert_frame_equal(one_way.tables["pyramid"], other.tables["pyramid"])
