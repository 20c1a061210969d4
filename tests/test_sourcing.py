"""Sourcing: rates, alternatives and matches by hand, and rates against plain loops."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import pytest

from graphmodel.graph import ChainGraph
from graphmodel.question import Result
from loaders import load
from loaders.load import load_rows
from queries import question
from queries.sourcing import COLUMNS, TABLES, SourcingParams

Rows = list[list[object]]
Book = dict[str, Rows]


def book() -> Book:
    return {
        "地区": [
            ["名称", "上级", "类型"],
            ["虚省", "", "省"],
            ["甲市", "虚省", "市"],
            ["乙市", "虚省", "市"],
            ["丙区", "甲市", "县"],
            ["丁园", "丙区", "功能区"],
            ["境外", "", ""],
        ],
        "企业": [
            ["企业名称", "地区", "园区", "产业链"],
            ["买家公司", "丁园", "", "氢能"],
            ["近园公司", "丁园", "", "氢能"],
            ["近市公司", "丙区", "", ""],
            ["近省公司", "乙市", "", ""],
            ["造泵公司", "丙区", "", ""],
            ["无地公司", "", "", ""],
        ],
        "产业链": [["产业链名称", "地区"], ["氢能", "甲市"]],
        "环节": [["环节名称", "产业链"], ["膜", "氢能"], ["泵", "氢能"]],
        "产品": [
            ["产品名称", "产业链", "环节", "单位"],
            ["质子膜", "氢能", "膜", "米"],
            ["氢泵", "氢能", "泵", "台"],
        ],
        "企业环节": [
            ["企业名称", "产业链", "环节"],
            ["近市公司", "氢能", "膜"],
            ["买家公司", "氢能", "泵"],
        ],
        "企业产品": [
            ["企业名称", "产品", "产能", "产量", "单位", "首台套"],
            ["近园公司", "质子膜", "200", "150", "米", ""],
            ["造泵公司", "氢泵", "90", "50", "台", "是"],
            ["买家公司", "氢泵", "10", "4", "台", ""],
        ],
        "供应关系": [
            ["供方", "需方", "产品", "金额(万元)", "年份", "供方地区"],
            ["近园公司", "买家公司", "质子膜", "100", "2026", ""],
            ["近园公司", "买家公司", "质子膜", "999", "2025", ""],
            ["近市公司", "买家公司", "质子膜", "50", "2026", ""],
            ["近省公司", "买家公司", "氢泵", "30", "2026", ""],
            ["某国外公司", "买家公司", "质子膜", "20", "2026", "境外"],
            ["无地公司", "买家公司", "氢泵", "10", "2026", ""],
            ["不明公司", "买家公司", "质子膜", "", "2026", ""],
        ],
        "配套合作": [
            ["企业甲", "企业乙", "事项"],
            ["近省公司", "买家公司", "模具"],
            ["买家公司", "近市公司", "试制"],
        ],
    }


def answered(sheets: Mapping[str, Sequence[Sequence[object]]], **params: Any) -> Result:  # noqa: ANN401  # any parameter
    graph = load_rows(sheets, allow_partial=True).graph
    return question("sourcing").answer(graph, SourcingParams(**params))


@pytest.fixture(scope="module")
def found() -> Result:
    return answered(book())


@pytest.fixture(scope="module")
def chenglan() -> ChainGraph:
    return load("sample:chenglan").graph


def purchase(result: Result, supplier: str) -> Any:  # noqa: ANN401  # a row of a frame
    rows = result.rows[result.rows["supplier_name"] == supplier]
    assert len(rows) == 1
    return rows.iloc[0]


def rate(result: Result, level: str, measure: str, group: str = "合计") -> list[float]:
    table = result.tables["rates"]
    kept = (table["level"] == level) & (table["measure"] == measure) & (table["group"] == group)
    assert kept.sum() == 1
    row = table[kept].iloc[0]
    return [float(row[name]) for name in ("near", "whole", "unknown")]


# what is near ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("supplier", "park", "city", "province", "abroad"),
    [
        ("近园公司", True, True, True, False),
        ("近市公司", None, True, True, False),
        ("近省公司", False, False, True, False),
        ("某国外公司", False, False, False, True),
        ("无地公司", None, None, None, False),
        ("不明公司", None, None, None, False),
    ],
)
def test_park_city_and_province(  # one argument per column of the table
    found: Result,
    supplier: str,
    *,
    park: bool | None,
    city: bool | None,
    province: bool | None,
    abroad: bool,
) -> None:
    row = purchase(found, supplier)
    said = [None if pd.isna(row[f"same_{level}"]) else bool(row[f"same_{level}"])
            for level in ("park", "city", "province")]  # fmt: skip
    assert said == [park, city, province]
    assert bool(row["abroad"]) is abroad


def test_a_park_that_is_written_says_where_a_firm_is() -> None:
    sheets = book()
    sheets["企业"][3][2] = "丁园"
    assert purchase(answered(sheets), "近市公司")["same_park"]


def test_only_the_latest_year_of_a_pair_counts(found: Result) -> None:
    assert purchase(found, "近园公司")["amount"] == 100
    assert len(found.rows) == 6


# rates -------------------------------------------------------------------------------------------


def test_rates_are_intervals(found: Result) -> None:
    assert rate(found, "city", "value") == [150, 210, 10]
    assert rate(found, "park", "value") == [100, 210, 60]
    assert rate(found, "province", "value") == [180, 210, 10]
    assert rate(found, "city", "suppliers") == [2, 6, 2]
    assert rate(found, "city", "value", "氢能") == [150, 210, 10]
    assert rate(found, "city", "value", "甲市") == [150, 210, 10]
    row = found.rows.iloc[0]
    assert row["rate_value"] == pytest.approx([150 / 210, 160 / 210])
    assert row["rate_count"] == pytest.approx([2 / 6, 4 / 6])


def test_ties_without_direction_are_partners_and_never_flow(found: Result) -> None:
    partners = found.tables["rates"]
    partners = partners[(partners["measure"] == "partners") & (partners["level"] == "city")]
    total = partners[partners["group"] == "合计"].iloc[0]
    # both ties count for the buyer; each also counts for the partner at its own end
    assert [total["near"], total["whole"], total["unknown"]] == [2, 4, 0]
    row = found.tables["buyers"].set_index("buyer").loc["买家公司"]
    assert (row["partners"], row["near_partners"], row["suppliers"]) == (2, 1, 6)


def test_a_buyer_of_unknown_region_leaves_the_rate_open() -> None:
    sheets = book()
    sheets["供应关系"].append(["近园公司", "无地公司", "质子膜", "40", "2026", ""])
    result = answered(sheets)
    assert rate(result, "city", "value") == [150, 250, 50]
    assert rate(result, "park", "value") == [100, 210, 60]


def test_no_relations_is_not_reported() -> None:
    sheets = book()
    del sheets["供应关系"]
    result = answered(sheets)
    assert not len(result.rows)
    assert any("供应关系" in text.zh for text in result.not_reported)
    table = result.tables["rates"]
    row = table[table["measure"] == "value"].iloc[0]
    assert row["share"] is None
    assert "未填报" in row["reason"]


def test_names_alone_are_no_error() -> None:
    result = answered({"企业": [["企业名称"], ["甲公司"]]})
    assert not len(result.rows)
    assert len(result.not_reported) == 3


# alternatives ------------------------------------------------------------------------------------


def test_makers_come_first_and_the_buyer_is_not_its_own_alternative(found: Result) -> None:
    row = purchase(found, "某国外公司")
    assert row["alternatives"] == "近园公司（产能 200 米）、近市公司"
    assert (row["alternative_count"], row["alternative_makers"]) == (2, 1)
    row = purchase(found, "近省公司")
    assert row["alternatives"] == "造泵公司（产能 90 台）"
    assert row["alternative_count"] == 1
    assert "本市有 1 家可替代" in row["reason"]
    assert pd.isna(purchase(found, "近园公司")["alternative_count"])
    assert found.rows["supplier_name"].tolist()[:2] == ["近省公司", "某国外公司"]


def test_local_may_mean_the_province() -> None:
    result = answered(book(), level="province")
    assert pd.isna(purchase(result, "近省公司")["alternative_count"])
    assert purchase(result, "某国外公司")["alternative_count"] == 2


def test_more_than_three_alternatives_are_counted() -> None:
    sheets = book()
    for n in range(4):
        sheets["企业"].append([f"新{n}公司", "甲市", "", ""])
        sheets["企业产品"].append([f"新{n}公司", "质子膜", "", "", "", ""])
    row = purchase(answered(sheets), "某国外公司")
    assert row["alternatives"] == "近园公司（产能 200 米）、新0公司、新1公司等6家"
    assert (row["alternative_count"], row["alternative_makers"]) == (6, 5)


def test_imports_are_told_by_product(found: Result) -> None:
    row = found.tables["imports"].iloc[0]
    assert (row["goods"], row["amount"], row["alternatives"]) == ("质子膜", 20, 2)
    assert row["share"] == pytest.approx(20 / 170)


def test_what_is_not_written_out_still_counts() -> None:
    result = answered(book(), most=2)
    assert len(result.rows) == 2
    assert rate(result, "city", "value") == [150, 210, 10]
    assert any("另有 4 条" in note.zh for note in result.notes)


# supply and demand -------------------------------------------------------------------------------


def demanded(*needs: Sequence[object], orders: Sequence[Sequence[object]] = ()) -> pd.DataFrame:
    sheets = book()
    header = ["需求编号", "企业", "类别", "内容", "产品", "数量", "单位", "办结日期"]
    sheets["需求清单"] = [header, *(list(need) for need in needs)]
    if orders:
        header = ["订单编号", "需方", "产品", "数量", "单位", "撮合联盟", "承接企业"]
        sheets["订单"] = [header, *(list(order) for order in orders)]
    sheets["联盟"] = [["联盟名称"], ["虚盟"]]
    sheets["联盟成员"] = [["联盟", "成员"], ["虚盟", "造泵公司"], ["虚盟", "近市公司"]]
    return answered(sheets).tables["matching"].set_index("id")


def test_demand_against_spare_capacity() -> None:
    table = demanded(
        ["N1", "近市公司", "产品", "买泵", "氢泵", "46", "台", ""],
        ["N2", "近市公司", "产品", "买泵", "氢泵", "47", "台", ""],
        ["N3", "近市公司", "产品", "买泵", "氢泵", "1", "吨", ""],
        ["N4", "近市公司", "产品", "买泵", "氢泵", "", "台", ""],
        ["N5", "近市公司", "供应链", "找配套", "", "", "", ""],
        ["N6", "近市公司", "产品", "买泵", "氢泵", "9", "台", "2026-05-01"],
        ["N7", "近市公司", "人才", "招人", "", "", "", ""],
        ["N8", "近市公司", "产品", "为氢泵寻找本地买家", "氢泵", "9", "台", ""],
        ["N9", "近省公司", "产品", "买泵", "氢泵", "9", "台", ""],
    )
    assert table["state"].to_dict() == {
        "N1": "met", "N2": "partly", "N3": "unit", "N4": "quantity", "N5": "no_product",
        "N6": "closed", "N8": "selling", "N9": "none",
    }  # fmt: skip
    assert table.loc["N1", "spare"] == 46
    # the member of the same alliance comes first, then the larger
    assert table.loc["N1", "suppliers"] == "造泵公司（富余 40 台）、买家公司（富余 6 台）"
    assert table.loc["N1", "allied"] == "造泵公司"


def test_an_order_from_outside_may_be_filled_by_any_firm_here() -> None:
    table = demanded(
        orders=[
            ["D1", "远方公司", "氢泵", "10", "台", "虚盟", ""],
            ["D2", "远方公司", "氢泵", "10", "台", "", "造泵公司"],
        ]
    )
    assert table["state"].tolist() == ["met", "closed"]
    assert table["allied"].tolist() == ["造泵公司", ""]


def test_spare_capacity_that_is_not_reported_is_not_counted() -> None:
    sheets = book()
    sheets["企业产品"][2][3] = ""
    sheets["需求清单"] = [
        ["需求编号", "企业", "类别", "产品", "数量"],
        ["N1", "近市公司", "产品", "氢泵", "7"],
    ]
    row = answered(sheets).tables["matching"].iloc[0]
    assert (row["state"], row["spare"], row["unreported"]) == ("unknown", 6, 1)


# first of their kind -----------------------------------------------------------------------------


def test_a_first_set_without_a_local_buyer() -> None:
    sheets = book()
    row = answered(sheets).tables["firsts"].iloc[0]
    assert (row["enterprise"], row["state"]) == ("造泵公司", "not_reported")
    assert (row["users"], row["user_count"]) == ("买家公司", 1)
    sheets["供应关系"].append(["造泵公司", "远方公司", "氢泵", "5", "2026", ""])
    row = answered(sheets).tables["firsts"].iloc[0]
    assert (row["state"], row["buyers"]) == ("no_local", 1)
    sheets["供应关系"].append(["造泵公司", "近园公司", "氢泵", "5", "2026", ""])
    assert not len(answered(sheets).tables["firsts"])


# the answer as a whole ---------------------------------------------------------------------------


def test_the_order_of_rows_changes_nothing(found: Result) -> None:
    sheets = {name: [rows[0], *rows[:0:-1]] for name, rows in book().items()}
    other = answered(sheets)
    keep = [c for c in found.rows.columns if c != "evidence"]
    pd.testing.assert_frame_equal(found.rows[keep], other.rows[keep])
    pd.testing.assert_frame_equal(found.tables["rates"], other.tables["rates"])


def test_every_row_says_why(chenglan: ChainGraph) -> None:
    result = question("sourcing").answer(chenglan, SourcingParams())
    assert set(result.tables) == {table.name for table in TABLES}
    for name in ("reason", "reason_en", "evidence"):
        assert result.rows[name].str.len().gt(0).all()
    assert [c.zh for c in COLUMNS[:7]] == [
        "序号",
        "需方企业",
        "需方编码",
        "供方企业",
        "供方编码",
        "产品",
        "年采购额",
    ]


def test_rates_agree_with_plain_loops(chenglan: ChainGraph) -> None:
    graph = chenglan
    regions, firms = graph.nodes["Region"], graph.nodes["Enterprise"]
    above = {child: int(parent) for child, parent in enumerate(graph.region_parents)}
    located = graph.rows("Region", graph.target("LOCATED_IN", "Enterprise")).tolist()
    parks = graph.rows("Region", firms["park"].to_numpy()).tolist()
    home = [one if one >= 0 else other for one, other in zip(located, parks, strict=True)]

    def line(region: int) -> list[int]:
        found = []
        while region >= 0:
            found.append(region)
            region = above[region]
        return found

    def city(region: int) -> int:
        return next((r for r in line(region) if regions["level"].iloc[r] == "市"), -1)

    table = graph.edges["SUPPLIES"]
    ends = [
        graph.rows("Enterprise", table[end].to_numpy()).tolist() for end in ("source", "target")
    ]
    written = graph.rows("Region", table["source_region"].to_numpy()).tolist()
    years: dict[tuple[int, int], int] = defaultdict(int)
    for one, two, year in zip(*ends, table["year"].fillna(0).tolist(), strict=True):
        years[one, two] = max(years[one, two], year)
    near = whole = unknown = 0.0
    for one, two, year, place, amount in zip(
        *ends, table["year"].tolist(), written, table["amount"].tolist(), strict=True
    ):
        latest = pd.isna(year) or year == years[one, two]
        if not latest or pd.isna(amount) or firms["standing"].iloc[two] == "outside":
            continue
        supplier = home[one] if home[one] >= 0 else place
        own = city(home[two])
        whole += amount
        if own < 0 or supplier < 0:
            unknown += amount
        elif own in line(supplier):
            near += amount
    result = question("sourcing").answer(graph, SourcingParams())
    assert rate(result, "city", "value") == pytest.approx([near, whole, unknown])


def test_a_chain_and_a_region_narrow_the_answer(chenglan: ChainGraph) -> None:
    asked = question("sourcing")
    whole = asked.answer(chenglan, SourcingParams())
    part = asked.answer(chenglan, SourcingParams(chain="氢能", region="望潮县（虚构）"))
    assert 0 < len(part.rows) < len(whole.rows)
    assert set(part.rows["buyer_id"]) <= set(whole.rows["buyer_id"])
