"""Coverage: every cell of its tables by hand, and against plain loops on random books."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphmodel.errors import UsageError
from graphmodel.graph import ChainGraph
from graphmodel.question import Result
from loaders.load import load, load_rows
from queries import question
from queries.coverage import COLUMNS, MEASURES, TABLES, CoverageParams

Book = dict[str, list[list[object]]]
REGIONS: list[list[object]] = [
    ["名称", "代码", "上级", "类型"],
    ["虚城市", "", "", "市"],
    ["甲区", "", "虚城市", "县"],
    ["乙园", "", "甲区", "功能区"],
]


def built(book: Mapping[str, Sequence[Sequence[object]]]) -> ChainGraph:
    return load_rows(book, allow_partial=True).graph


def answered(book: Mapping[str, Sequence[Sequence[object]]], **params: Any) -> Result:  # noqa: ANN401  # any parameter
    return question("coverage").answer(built(book), CoverageParams(**params))


def row(result: Result, measure: str, by: str = "total", group: str | None = None) -> Any:  # noqa: ANN401  # a row of a frame
    rows = result.rows
    kept = rows[(rows["measure"] == measure) & (rows["by"] == by)]
    if group is not None:
        kept = kept[kept["group"] == group]
    assert len(kept) == 1, kept
    return kept.iloc[0]


def counts(result: Result, measure: str, by: str = "total", group: str | None = None) -> list[int]:
    found = row(result, measure, by, group)
    return [int(found[n]) for n in ("eligible", "covered", "not_covered", "not_reported")]


def firms(*rows: Sequence[object], columns: Sequence[object] = ()) -> list[list[object]]:
    return [["企业名称", *columns], *(list(r) for r in rows)]


# the table of measures, cell by cell -----------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "organization", "work"),
    [
        ("单独", "covered", "covered"),
        ("联合", "covered", "covered"),
        ("派驻指导员", "not_covered", "covered"),
        ("无", "not_covered", "not_covered"),
        ("", "not_reported", "not_reported"),
    ],
)
def test_what_the_status_says(status: str, organization: str, work: str) -> None:
    found = answered({"企业": firms(["甲公司", status], columns=["党组织情况"])})
    assert row(found, "party_organization")[organization] == 1
    assert row(found, "party_work")[work] == 1


@pytest.mark.parametrize(
    ("type_", "mode", "organization", "work"),
    [
        ("党支部", "单独", "covered", "covered"),
        ("联合党支部", "联合", "covered", "covered"),
        ("党支部", "", "covered", "covered"),
        ("功能性党支部", "", "covered", "covered"),
        ("行动支部", "单独", "not_reported", "not_reported"),
        ("攻坚党小组", "", "not_reported", "not_reported"),
        ("党支部", "派驻指导员", "not_covered", "covered"),
    ],
)
def test_what_an_organization_says(type_: str, mode: str, organization: str, work: str) -> None:
    found = answered(
        {
            "企业": firms(["甲公司"]),
            "党组织": [["党组织名称", "类型"], ["甲支部", type_]],
            "依托": [["党组织", "依托单位", "组建方式"], ["甲支部", "甲公司", mode]],
        }
    )
    assert row(found, "party_organization")[organization] == 1
    assert row(found, "party_work")[work] == 1


@pytest.mark.parametrize("post", ["党建指导员", "联络员", "红链专员"])
def test_a_post_for_the_firm_is_work_but_no_organization(post: str) -> None:
    found = answered(
        {
            "企业": firms(["甲公司", "无"], columns=["党组织情况"]),
            "政府部门": [["名称"], ["某局（虚构）"]],
            "岗位": [["单位", "岗位", "对象"], ["某局（虚构）", post, "甲公司"]],
        }
    )
    assert counts(found, "party_organization") == [1, 0, 1, 0]
    assert counts(found, "party_work") == [1, 1, 0, 0]
    assert row(found, "party_work")["instructor"] == 1
    assert row(found, "party_work")["double_gap"] == 0


def test_a_post_for_the_chain_is_not_work_for_its_firms() -> None:
    found = answered(
        {
            "企业": firms(["甲公司", "氢能"], columns=["产业链"]),
            "产业链": [["产业链名称"], ["氢能"]],
            "政府部门": [["名称"], ["某局（虚构）"]],
            "岗位": [["单位", "岗位", "对象"], ["某局（虚构）", "党建指导员", "氢能"]],
        }
    )
    assert counts(found, "party_work") == [1, 0, 0, 1]


def test_a_post_that_ended_counts_only_before_its_end() -> None:
    book = {
        "企业": firms(["甲公司"]),
        "政府部门": [["名称"], ["某局（虚构）"]],
        "岗位": [["单位", "岗位", "对象", "止"], ["某局（虚构）", "联络员", "甲公司", "2026-06"]],
    }
    assert counts(answered(book), "party_work") == [1, 1, 0, 0]
    assert counts(answered(book, as_of="2026-06-30"), "party_work") == [1, 1, 0, 0]
    assert counts(answered(book, as_of="2026-07-01"), "party_work") == [1, 0, 0, 1]


@pytest.mark.parametrize(
    ("sheets", "expected"),
    [
        ([], {"party_organization": 2, "party_work": 2, "alliance_enterprise": 2}),
        (["依托"], {"party_organization": 0, "party_work": 2, "alliance_enterprise": 2}),
        (["岗位"], {"party_organization": 2, "party_work": 2, "alliance_enterprise": 2}),
        (["依托", "岗位"], {"party_organization": 0, "party_work": 0, "alliance_enterprise": 2}),
        (["联盟成员"], {"party_organization": 2, "party_work": 2, "alliance_enterprise": 0}),
    ],
)
def test_silence_is_none_only_where_declared(sheets: list[str], expected: dict[str, int]) -> None:
    found = answered(
        {
            "企业": firms(["甲公司"], ["乙公司"]),
            "填报范围": [["工作表", "完整"], *([sheet, "是"] for sheet in sheets)],
        }
    )
    for measure, silent in expected.items():
        assert counts(found, measure) == [2, 0, 2 - silent, silent]
    both = {"依托", "岗位"} <= set(sheets)
    assert list(found.tables["double_gap"]["name"]) == (["乙公司", "甲公司"] if both else [])


def test_a_declaration_holds_for_the_region_and_its_parts() -> None:
    found = answered(
        {
            "地区": REGIONS,
            "企业": firms(["甲公司", "乙园"], ["乙公司", "虚城市"], columns=["地区"]),
            "填报范围": [["工作表", "地区", "完整"], ["联盟成员", "甲区", "是"]],
        }
    )
    assert counts(found, "alliance_enterprise") == [2, 0, 1, 1]
    assert list(found.tables["uncovered"]["name"]) == ["甲公司"]


def alliance_book(nature: str, member: str) -> Book:
    return {
        "企业": firms(["甲公司"]),
        "党组织": [["党组织名称", "类型"], ["甲支部", "党支部"]],
        "依托": [["党组织", "依托单位"], ["甲支部", "甲公司"]],
        "联盟": [["联盟名称", "性质", "级别"], ["虚盟", nature, "市"]],
        "联盟成员": [["联盟", "成员"], ["虚盟", member]],
        "填报范围": [["工作表", "完整"], ["联盟成员", "是"]],
    }


@pytest.mark.parametrize("member", ["甲公司", "甲支部"])
def test_a_firm_is_in_an_alliance_itself_or_by_its_organization(member: str) -> None:
    found = answered(alliance_book("党建", member))
    assert counts(found, "alliance_enterprise") == [1, 1, 0, 0]
    assert counts(found, "alliance_enterprise", "alliance_level", "市") == [1, 1, 0, 0]
    assert row(found, "party_organization")["alliance_covered"] == 1


def test_only_party_building_alliances_count() -> None:
    assert counts(answered(alliance_book("人才", "甲公司")), "alliance_enterprise") == [1, 0, 1, 0]


def test_an_alliance_of_unstated_nature_leaves_its_members_unreported() -> None:
    assert counts(answered(alliance_book("", "甲公司")), "alliance_enterprise") == [1, 0, 0, 1]


def chain_book(type_: str, *, declared: bool) -> Book:
    return {
        "企业": firms(["甲公司"]),
        "产业链": [["产业链名称", "等级"], ["氢能", "重点、卓越"], ["纺织", ""]],
        "联盟": [["联盟名称", "类型", "级别"], ["虚盟", type_, "县"]],
        "联盟覆盖": [["联盟", "产业链"], ["虚盟", "氢能"]],
        "填报范围": [["工作表", "完整"], ["联盟覆盖", "是" if declared else "否"]],
    }


def test_a_chain_covered_only_by_a_functional_branch_is_counted_and_named() -> None:
    found = answered(chain_book("功能性党支部", declared=False))
    assert counts(found, "alliance_chain") == [2, 1, 0, 1]
    assert row(found, "alliance_chain")["functional_only"] == 1
    assert list(found.tables["functional_chains"]["name"]) == ["氢能"]
    assert list(found.tables["not_reported_chains"]["name"]) == ["纺织"]
    assert any("氢能" in note.zh for note in found.notes)


def test_a_chain_nobody_covers_is_uncovered_where_declared() -> None:
    found = answered(chain_book("联合党委", declared=True))
    assert counts(found, "alliance_chain") == [2, 1, 1, 0]
    assert row(found, "alliance_chain")["functional_only"] == 0
    assert row(found, "alliance_chain")["uncovered"] == ["纺织"]
    assert counts(found, "alliance_chain", "alliance_level", "县") == [2, 1, 1, 0]


# denominators ----------------------------------------------------------------------------------


def test_not_expected_and_outside_parties_are_never_eligible() -> None:
    found = answered(
        {
            "企业": firms(["甲公司", ""], ["乙公司", "否"], columns=["应建党组织"]),
            "供应关系": [["供方", "需方", "金额(万元)"], ["外地公司", "甲公司", 5]],
        }
    )
    for measure in ("party_organization", "party_work", "alliance_enterprise"):
        assert counts(found, measure)[0] == 1


@pytest.mark.parametrize(
    ("base", "eligible", "unknown"),
    [
        ("all", 4, 0),
        ("above_scale", 1, 2),
        ("three_members", 2, 1),
        ("key", 1, 3),
        ("chain_members", 1, 0),
    ],
)
def test_bases(base: str, eligible: int, unknown: int) -> None:
    header = ["规上", "正式党员数", "重点企业", "产业链"]
    found = answered(
        {
            "企业": firms(
                ["甲公司", "是", 3, "是", "氢能"],
                ["乙公司", "否", 2, "", ""],
                ["丙公司", "", 7, "", ""],
                ["丁公司", "", "", "", ""],
                columns=header,
            ),
            "产业链": [["产业链名称"], ["氢能"]],
        },
        base=base,
    )
    assert counts(found, "party_work")[0] == eligible
    assert row(found, "party_work")["base_unknown"] == unknown


def test_an_unknown_base_lists_the_choices() -> None:
    with pytest.raises(UsageError, match="above_scale"):
        answered({"企业": firms(["甲公司"])}, base="规上")


# groups ----------------------------------------------------------------------------------------


def grouped_book() -> Book:
    return {
        "地区": REGIONS,
        "产业链": [
            ["产业链名称", "等级", "地区"],
            ["氢能", "重点、卓越", "甲区"],
            ["纺织", "重点", ""],
        ],
        "企业": firms(
            ["甲公司", "乙园", "氢能", "小", "单独"],
            ["乙公司", "甲区", "氢能、纺织", "小", "无"],
            ["丙公司", "", "", "大", ""],
            columns=["地区", "产业链", "规模", "党组织情况"],
        ),
    }


@pytest.mark.parametrize(
    ("by", "group", "expected"),
    [
        ("region", "虚城市", [2, 1, 1, 0]),
        ("region", "甲区", [2, 1, 1, 0]),
        ("region", "乙园", [1, 1, 0, 0]),
        ("region", "未填报", [1, 0, 0, 1]),
        ("chain", "氢能", [2, 1, 1, 0]),
        ("chain", "纺织", [1, 0, 1, 0]),
        ("chain", "未填报", [1, 0, 0, 1]),
        ("chain_grade", "重点", [2, 1, 1, 0]),
        ("chain_grade", "卓越", [2, 1, 1, 0]),
        ("chain_grade", "未填报", [1, 0, 0, 1]),
        ("size_class", "小", [2, 1, 1, 0]),
        ("size_class", "大", [1, 0, 0, 1]),
    ],
)
def test_groups(by: str, group: str, expected: list[int]) -> None:
    assert counts(answered(grouped_book()), "party_organization", by, group) == expected


def test_chains_are_grouped_too() -> None:
    found = answered(grouped_book())
    assert counts(found, "alliance_chain", "region", "虚城市") == [1, 0, 0, 1]
    assert counts(found, "alliance_chain", "chain_grade", "重点") == [2, 0, 0, 2]
    assert counts(found, "alliance_chain", "chain", "氢能") == [1, 0, 0, 1]


def test_a_filter_asks_about_a_part_only() -> None:
    book = grouped_book()
    assert counts(answered(book, region="乙园"), "party_work") == [1, 1, 0, 0]
    assert counts(answered(book, chain="纺织"), "party_work") == [1, 0, 1, 0]
    assert counts(answered(book, chain="纺织"), "alliance_chain") == [1, 0, 0, 1]
    assert set(answered(book, region="甲区").rows.query("by == 'region'")["group"]) == {
        "甲区",
        "乙园",
    }


def test_organizations_are_told_apart_by_how_they_are_set_up() -> None:
    found = answered(
        {
            "企业": firms(
                ["甲公司", "单独"], ["乙公司", "联合"], ["丙公司", ""], columns=["党组织情况"]
            ),
            "党组织": [["党组织名称"], ["丙支部"], ["联支部"]],
            "依托": [
                ["党组织", "依托单位", "组建方式"],
                ["丙支部", "丙公司", ""],
                ["联支部", "甲公司", "联合"],
            ],
        }
    )
    total = row(found, "party_organization")
    assert [total[n] for n in ("own", "joint", "mode_unstated")] == [1, 1, 1]
    assert total["evidence"] == "依托 2；企业.党组织情况 1"


def test_a_list_of_names_is_capped_and_says_how_many_there_are() -> None:
    book = {"企业": firms(*([f"虚{n}公司", "无"] for n in range(5)), columns=["党组织情况"])}
    found = answered(book, list_limit=2)
    assert row(found, "party_organization")["uncovered"] == ["虚0公司", "虚1公司", "等5个"]
    assert len(found.tables["uncovered"]) == 10
    reasons = set(found.tables["double_gap"]["reason"])
    assert reasons == {"党组织情况填报为“无”。"}
    assert set(found.tables["double_gap"]["evidence"]) == {
        f"rows·企业 第{n}行" for n in range(2, 7)
    }


# stated figures --------------------------------------------------------------------------------


def test_a_stated_rate_stands_beside_and_is_never_merged() -> None:
    facts = [
        ["主体", "指标", "数值", "原文", "限定", "截至日期", "来源"],
        ["甲区", "企业党组织覆盖率", "0.93", "93%", "", "2025-12", "虚构公报"],
        ["虚城市", "企业党组织覆盖率", "0.80", "约80%", "约", "", ""],
    ]
    book = {"地区": REGIONS, "企业": firms(["甲公司", "乙园"], columns=["地区"]), "指标": facts}
    found = answered(book)
    assert counts(found, "party_organization", "region", "甲区") == [1, 0, 0, 1]
    assert row(found, "party_organization", "region", "甲区")["asserted"] == [
        "企业党组织覆盖率 93%（2025-12，虚构公报）"
    ]
    assert row(found, "party_work", "region", "甲区")["asserted"] == []
    table = found.tables["asserted"]
    said = table[table["subject"] == "甲区"].iloc[0]
    assert (said["value"], said["as_of"], said["citation"]) == (0.93, "2025-12", "虚构公报")
    assert said["computed"].startswith("应覆盖 1：已覆盖 0，未覆盖 0，未填报 1")


def test_a_region_with_only_a_stated_figure_has_a_row_without_a_rate() -> None:
    facts = [["主体", "指标", "数值"], ["甲区", "企业党组织覆盖率", "0.93"]]
    found = answered({"地区": REGIONS, "企业": firms(["甲公司"]), "指标": facts})
    bare = row(found, "party_organization", "region", "甲区")
    assert bare["eligible"] == 0
    assert bare["interval"] is None
    assert len(bare["asserted"]) == 1


# partners --------------------------------------------------------------------------------------


def partner_book() -> Book:
    return {
        "企业": firms(["甲公司"], ["乙公司"]),
        "政府部门": [["名称"], ["某局（虚构）"]],
        "金融机构": [["名称"], ["虚银行"]],
        "高校院所": [["名称", "类型"], ["虚大学", "高校"], ["虚研究院", "院所"], ["虚学院", ""]],
        "协会商会": [["名称"], ["虚协会"]],
        "党组织": [["党组织名称"], ["局机关支部"], ["乙支部"], ["游离支部"]],
        "依托": [["党组织", "依托单位"], ["局机关支部", "某局（虚构）"], ["乙支部", "乙公司"]],
        "联盟": [
            ["联盟名称", "性质", "成员数"],
            ["全盟", "党建", ""],
            ["缺盟", "党建", 2],
            ["空盟", "党建", ""],
        ],
        "联盟成员": [
            ["联盟", "成员"],
            *(["全盟", m] for m in ("甲公司", "乙支部", "局机关支部", "虚银行", "虚大学")),
            *(["全盟", m] for m in ("虚研究院", "虚协会", "虚学院", "游离支部")),
            ["缺盟", "甲公司"],
            ["缺盟", "虚银行"],
        ],
    }


def test_partners_are_counted_by_kind_and_the_missing_kinds_named() -> None:
    table = answered(partner_book()).tables["partners"].set_index("alliance")
    kinds = ["government", "enterprise", "finance", "university", "institute", "service", "unknown"]
    assert list(table.loc["全盟", kinds]) == [1, 2, 1, 1, 1, 1, 2]
    assert table.loc["全盟", "lacking"] == ""
    assert list(table.loc["缺盟", kinds]) == [0, 1, 1, 0, 0, 0, 0]
    assert table.loc["缺盟", "lacking"] == "政、学、研、服"
    assert list(table.index[table["complete"]]) == ["缺盟"]
    assert table.loc["空盟", "lacking"] == ""
    assert "未填报" in table.loc["空盟", "reason"]


# the published sample ----------------------------------------------------------------------------


def test_the_published_sample() -> None:
    found = question("coverage").answer(load("sample:jiangsu").graph, CoverageParams())
    assert counts(found, "party_organization") == [33, 9, 0, 24]
    assert counts(found, "alliance_chain") == [19, 16, 0, 3]
    assert row(found, "alliance_chain")["functional_only"] == 1
    assert list(found.tables["functional_chains"]["id"]) == ["C_EI_QX"]
    assert set(found.tables["not_reported_chains"]["id"]) == {"C_LIQ", "C_GRID_NJ", "C_BIO_NJ"}
    beside = row(found, "party_organization", "region", "栖霞区")
    assert beside["asserted"] == ["企业党组织覆盖率 93%（日期未填报，以产业链党建激活发展新动能）"]
    totals = found.tables["asserted"]
    stated = totals[(totals["subject"] == "江苏省") & (totals["measure"] == "alliance_chain")]
    assert sorted(stated["value"]) == [52, 84, 350, 561, 901]


def test_an_empty_graph_has_four_totals_and_no_rate() -> None:
    found = question("coverage").answer(ChainGraph({}, {}), CoverageParams())
    assert found.rows["eligible"].tolist() == [0, 0, 0, 0]
    assert found.rows["interval"].isna().all()


# invariants --------------------------------------------------------------------------------------

STATUSES = ("单独", "联合", "派驻指导员", "无", "")
CHAINS = ("氢能", "纺织")
GRADES = ("", "重点", "重点、优势")
HEADERS = (
    "口径 分组 地区 产业链 企业规模 应覆盖数 已覆盖数 未覆盖数 未填报数 覆盖率区间 单独组建 "
    "联合组建 派驻指导员 组织覆盖数 工作覆盖数 两个覆盖空白数 联盟覆盖数 未覆盖名单"
)


@st.composite
def books(draw: st.DrawFn) -> Book:
    names = [f"虚{n}公司" for n in range(draw(st.integers(1, 6)))]
    choose = st.sampled_from
    rows = [
        [
            name,
            draw(choose(["", "虚城市", "甲区", "乙园"])),
            "、".join(draw(st.lists(choose(CHAINS), unique=True))),
            draw(choose(["", "大", "小"])),
            draw(choose(STATUSES)),
            draw(choose(["", "是", "否"])),
            draw(choose(["", "是", "否"])),
        ]
        for name in names
    ]
    columns = ["地区", "产业链", "规模", "党组织情况", "应建党组织", "规上"]
    organizations = [f"虚{n}支部" for n in range(draw(st.integers(0, 3)))]
    types = ["党支部", "行动支部", "联合党支部", ""]
    hosts = draw(
        st.lists(st.tuples(choose(organizations or [""]), choose(names)), max_size=4, unique=True)
    )
    natures = ["党建", "人才", ""]
    alliances = [[f"虚{n}盟", draw(choose(natures)), draw(choose(["市", ""]))] for n in range(2)]
    members = draw(
        st.lists(
            st.tuples(choose(["虚0盟", "虚1盟"]), choose([*names, *organizations])), unique=True
        )
    )
    scope = draw(st.lists(choose(["依托", "岗位", "联盟成员", "联盟覆盖"]), unique=True))
    return {
        "地区": REGIONS,
        "产业链": [["产业链名称", "等级"], *([c, draw(choose(GRADES))] for c in CHAINS)],
        "企业": firms(*rows, columns=columns),
        "党组织": [["党组织名称", "类型"], *([o, draw(choose(types))] for o in organizations)],
        "依托": [
            ["党组织", "依托单位", "组建方式"],
            *([o, f, draw(choose(["", "单独", "联合", "派驻指导员"]))] for o, f in hosts if o),
        ],
        "联盟": [["联盟名称", "性质", "级别"], *alliances],
        "联盟成员": [["联盟", "成员"], *map(list, members)],
        "联盟覆盖": [["联盟", "产业链"], *map(list, draw(st.sets(
            st.tuples(choose(["虚0盟", "虚1盟"]), choose(CHAINS)))))],
        "填报范围": [["工作表", "完整"], *([sheet, "是"] for sheet in scope)],
    }  # fmt: skip


def by_hand(book: Book, firm: list[object]) -> dict[str, str]:
    """State of one enterprise, in plain words and loops."""
    name, status = firm[0], firm[4]
    types = {o[0]: o[1] for o in book["党组织"][1:]}
    complete = {r[0] for r in book["填报范围"][1:]}
    modes = [r[2] for r in book["依托"][1:] if r[1] == name and types[r[0]] != "行动支部"]
    own = [
        r[0]
        for r in book["依托"][1:]
        if r[1] == name and types[r[0]] != "行动支部" and r[2] != "派驻指导员"
    ]
    organized = status in ("单独", "联合") or any(mode != "派驻指导员" for mode in modes)
    sent = status == "派驻指导员" or "派驻指导员" in modes
    organization = "covered" if organized else "not_reported"
    if not organized and (status == "无" or sent or "依托" in complete):
        organization = "not_covered"
    work = "covered" if organized or sent else "not_reported"
    if not (organized or sent) and (status == "无" or {"依托", "岗位"} <= complete):
        work = "not_covered"
    natures = {a[0]: a[1] for a in book["联盟"][1:]}
    mine = [natures[m[0]] for m in book["联盟成员"][1:] if m[1] == name or m[1] in own]
    alliance = "covered" if "党建" in mine else "not_reported"
    if "党建" not in mine and "联盟成员" in complete and "" not in mine:
        alliance = "not_covered"
    return {
        "party_organization": organization,
        "party_work": work,
        "alliance_enterprise": alliance,
    }


def sound(rows: pd.DataFrame) -> None:
    """Assert what holds of every row of every answer."""
    total = rows["covered"] + rows["not_covered"] + rows["not_reported"]
    assert (rows["eligible"] == total).all()
    known = rows[rows["eligible"] > 0]
    for interval, covered, silent, eligible in zip(
        known["interval"], known["covered"], known["not_reported"], known["eligible"], strict=True
    ):
        assert interval == [covered / eligible, (covered + silent) / eligible]
    assert rows.loc[rows["eligible"] == 0, "interval"].isna().all()
    enterprise = rows[rows["measure"] != "alliance_chain"]
    made = enterprise[["own", "joint", "mode_unstated"]].sum(axis=1)
    assert (made == enterprise["organization_covered"]).all()


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(books())
def test_answers_match_plain_loops_and_every_row_adds_up(book: Book) -> None:
    found = answered(book)
    sound(found.rows)
    listed = [firm for firm in book["企业"][1:] if firm[5] != "否"]
    states = [by_hand(book, firm) for firm in listed]
    for measure in ("party_organization", "party_work", "alliance_enterprise"):
        told = [state[measure] for state in states]
        expected = [len(told), *(told.count(s) for s in ("covered", "not_covered", "not_reported"))]
        assert counts(found, measure) == expected
    gaps = {
        str(firm[0])
        for firm, state in zip(listed, states, strict=True)
        if state["party_organization"] == state["party_work"] == "not_covered"
    }
    assert set(found.tables["double_gap"]["name"]) == gaps


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(books(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(book: Book, random: Any) -> None:  # noqa: ANN401  # Hypothesis' own
    shuffled = {
        sheet: [lines[0], *random.sample(lines[1:], len(lines) - 1)]
        for sheet, lines in book.items()
    }
    plain = [c.name for c in COLUMNS if c.name != "evidence"]
    found, again = answered(book).rows, answered(shuffled).rows
    pd.testing.assert_frame_equal(found[plain], again[plain])


def test_columns_are_declared_and_have_the_headers_planners_expect() -> None:
    found = answered(grouped_book())
    for declared, frame in [
        (COLUMNS, found.rows),
        *((table.columns, found.tables[table.name]) for table in TABLES),
    ]:
        names = [
            n for c in declared for n in ([c.name, f"{c.name}_en"] if c.bilingual else [c.name])
        ]
        assert list(frame.columns) == names
    assert {c.zh for c in COLUMNS} >= set(HEADERS.split())
    assert set(found.rows["measure"]) == set(MEASURES)
