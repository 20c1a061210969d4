"""Sheets as offices make them: titles, two-row headers, merged cells, totals, footers, people."""

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from graphmodel.errors import OutputError, UsageError
from graphmodel.findings import Findings
from graphmodel.kinds import SHEETS, sheet_columns
from loaders.cleaning import OVERFLOW
from loaders.column_map import report_unused
from loaders.csv_folder import read_csv
from loaders.headers import Sheet, Summary, load_map, recognise, write_map
from loaders.raw import Range, RawSheet, fill_merged, raw_sheet
from loaders.rules import RULES
from loaders.vocabulary import column_of, sheet_named, unit_of
from loaders.workbook import read_workbook

Rows = Sequence[Sequence[object]]


def understood(name: str, rows: Rows, **more: object) -> tuple[Sheet | None, Findings, Summary]:
    return taken(raw_sheet(name, rows, file="表.xlsx"), **more)


def taken(raw: RawSheet, **more: object) -> tuple[Sheet | None, Findings, Summary]:
    findings, summaries = Findings(RULES), list[Summary]()
    sheet = recognise(raw, findings, summaries=summaries, **more)  # type: ignore[arg-type]  # keywords of recognise
    return sheet, findings, summaries[0]


def columns(sheet: Sheet | None) -> dict[str, list[str]]:
    assert sheet is not None
    return {str(name): values.tolist() for name, values in sheet.frame.items()}


def rules(findings: Findings) -> list[str]:
    return sorted(findings.frame()["rule"])


# --- names of sheets ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "sheet"),
    [
        ("企业", "企业"),
        ("企业(1)", "企业"),
        ("企业-开发区", "企业"),
        ("企业_2026年10月", "企业"),
        ("1.企业", "企业"),
        ("附件2：企业名单", "企业"),
        ("二、产业链", "产业链"),
        ("enterprises", "企业"),
        ("Supplies", "供应关系"),
        ("企 业 表", "企业"),
        ("附件1-供应关系（副本）", "供应关系"),
        ("行业协会商会", "协会商会"),
        ("需求", "需求清单"),
        ("高新区—联盟成员", "联盟成员"),
    ],
)
def test_sheet_is_known_by_its_name(name: str, sheet: str) -> None:
    named = sheet_named(name)
    assert named.kind is not None
    assert named.kind.sheet == sheet


def test_every_declared_name_leads_to_its_own_sheet() -> None:
    for sheet, kind in SHEETS.items():
        for name in (sheet, kind.sheet_en):
            assert sheet_named(name).kind is kind, name


def test_every_declared_header_leads_to_its_own_column() -> None:
    for kind in SHEETS.values():
        for column in sheet_columns(kind):
            assert column_of(kind.name, column.zh) == column.name
            assert column_of(kind.name, f"*{column.zh} (必填)") == column.name
            assert column_of(kind.name, column.name) == column.name
            assert column_of(kind.name, column.en) is not None


@pytest.mark.parametrize(
    ("header", "column", "unit"),
    [
        ("产值(万元)", "output", "万元"),
        ("产值（亿元）", "output", "亿元"),
        ("工业总产值/万元", "output", "万元"),
        ("credit_code", "credit_code", None),
        ("Credit code", "credit_code", None),
        ("CREDIT CODE", "credit_code", None),
        ("统一社会\n信用代码", "credit_code", None),
        ("规模(大/中/小/微)", "size", None),
        ("＊企业名称", "name", None),
        ("市场占有率(%)", "market_share", "%"),
        ("从业人数(人)", "employees", "人"),
        ("企业 名称（必填）", "name", None),
    ],
)
def test_headers_are_recognised_with_their_units(
    header: str, column: str, unit: str | None
) -> None:
    assert column_of("Enterprise", header) == column
    assert unit_of(header) == unit


def test_kind_is_judged_by_the_header_where_the_name_says_nothing() -> None:
    sheet, findings, _ = understood("Sheet1", [["供方", "需方", "金额(万元)"], ["甲", "乙", 3]])
    assert sheet is not None
    assert sheet.kind.name == "SUPPLIES"
    assert rules(findings) == []


def test_long_title_as_name_is_read_by_its_ending() -> None:
    rows = [["企业名称", "地区"], ["甲公司", "南京市"]]
    for name in ("澄澜市重点企业", "2026年产业链企业情况表", "澄澜企业台账"):
        sheet, _, _ = understood(name, rows)
        assert sheet is not None, name
        assert sheet.kind.name == "Enterprise"


def test_unknown_sheet_is_noticed_with_the_nearest() -> None:
    sheet, findings, summary = understood("企业资制", [["天气", "温度"], ["晴", 30]])
    assert sheet is None
    assert rules(findings) == ["E111.unknown_sheet"]
    assert summary.nearest == "企业资质"
    assert summary.kind is None


def test_instructions_are_passed_over() -> None:
    sheet, findings, _ = understood("填写说明", [["请先填企业表"], ["姓名"]])
    assert sheet is None
    assert len(findings) == 0


@pytest.mark.parametrize("rows", [[], [[]], [["", ""]], [["企业名称", "地区"]]])
def test_empty_sheet_is_noticed(rows: Rows) -> None:
    sheet, findings, _ = understood("企业", rows)
    assert sheet is None
    assert rules(findings) == ["E111.empty_sheet"]


# --- an office's workbook, whole ---------------------------------------------------------------


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A table with title, unit line, merged groups, merged chains, a total and a footer."""
    path = tmp_path / "情况表.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("企业-开发区")
    sheet.merge_range("A1:G1", "澄澜市（虚构）产业链企业情况表")
    sheet.merge_range("A2:D2", "填报单位：澄澜市工信局（虚构）  截至日期：2026年10月31日")
    sheet.write("G2", "单位：亿元")
    sheet.merge_range("A3:A4", "序号")
    sheet.merge_range("B3:B4", "企业名称")
    sheet.merge_range("C3:C4", "产业链")
    sheet.merge_range("D3:E3", "经济指标")
    sheet.merge_range("F3:F4", "联系电话")
    sheet.merge_range("G3:G4", "特色")
    sheet.write_row("D4", ["产值", "营业收入（万元）"])
    sheet.write_row("A5", [1, "甲公司", "", 1.5, 100, "13812345678", "快"])
    sheet.write_row("A6", [2, "乙公司", "", 2.5, 200, "13912345678", ""])
    sheet.merge_range("C5:C6", "氢能")
    sheet.merge_range("A8:G8", "二、配套企业")
    sheet.write_row(
        "A9", ["序号", "企业名称", "产业链", "产值", "营业收入（万元）", "联系电话", "特色"]
    )
    sheet.write_row("A10", [3, "丙公司", "储能", 3, 300, "13712345678", "慢"])
    sheet.merge_range("A11:C11", "合计")
    sheet.write_row("D11", [7, 700])
    sheet.merge_range("A12:G12", "填表人：张某    联系电话：0512-12345678")
    sheet.merge_range("A13:G13", "备注：1.产值为快报数。")
    sheet.write("A14", "2.营业收入为税务口径。")
    book.close()
    return path


def test_office_workbook_loads_as_it_is(office: Path) -> None:
    findings = Findings(RULES)
    (raw,) = read_workbook(office, findings)
    sheet, noticed, summary = taken(raw)
    assert columns(sheet) == {
        "name": ["甲公司", "乙公司", "丙公司"],
        "chain": ["氢能", "氢能", "储能"],
        "output": ["1.5", "2.5", "3"],
        "revenue": ["100", "200", "300"],
        "extra:特色": ["快", "", "慢"],
    }
    assert sheet is not None
    assert sheet.rows.tolist() == [5, 6, 10]
    assert sheet.units == {"output": "亿元", "revenue": "万元"}
    assert summary.header_rows == (3, 4)
    assert summary.titles == {
        "title": "澄澜市（虚构）产业链企业情况表",
        "填报单位": "澄澜市工信局（虚构）",
        "截至日期": "2026年10月31日",
        "单位": "亿元",
    }
    table = noticed.frame()
    assert rules(noticed) == [
        "E111.extra_header",
        "E111.footer",
        "E111.section",
        "E111.total",
        "S209.contact",
    ]
    total = table[table["rule"] == "E111.total"].iloc[0]
    assert (total["column"], total["value"], total["row"]) == ("营业收入", "700", 11)
    assert "600" in total["message"]


def test_phone_numbers_reach_nothing(office: Path) -> None:
    (raw,) = read_workbook(office, Findings(RULES))
    sheet, findings, _ = taken(raw)
    assert sheet is not None
    said = findings.frame().to_csv() + sheet.frame.to_csv() + repr(sheet.summary)
    assert "12345678" not in said
    assert "138****" in said


def test_the_same_rows_from_openpyxl(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    book = openpyxl.Workbook()
    page = book.active
    page.title = "Sheet1"
    for row in (
        ["企业情况", None, None],
        ["单位", "指标", None],
        ["企业名称", "产值(万元)", "地区"],
        ["甲公司", 5, "南京市"],
    ):
        page.append(row)
    page.merge_cells("A1:C1")
    page.merge_cells("B2:C2")
    book.save(path)
    (raw,) = read_workbook(path, Findings(RULES))
    sheet, _, summary = taken(raw)
    assert columns(sheet) == {"name": ["甲公司"], "output": ["5"], "region": ["南京市"]}
    assert summary.header_rows[-1] == 3


# --- headers -----------------------------------------------------------------------------------


def test_group_and_sub_header_are_read_together() -> None:
    rows = [
        ["供方", "", "需方", ""],
        ["名称", "地区", "名称", "地区"],
        ["甲", "南京市", "乙", "苏州市"],
    ]
    sheet, _, _ = understood("供应关系", rows)
    assert columns(sheet) == {
        "source": ["甲"],
        "source_region": ["南京市"],
        "target": ["乙"],
        "target_region": ["苏州市"],
    }


def test_years_under_one_group_are_kept_apart() -> None:
    raw = raw_sheet(
        "企业",
        [["企业名称", "产值(万元)", ""], ["企业名称", "2024年", "2025年"], ["甲公司", 1, 2]],
    )
    areas = (Range(0, 0, 1, 0), Range(0, 1, 0, 2))
    raw = RawSheet(file="", name="企业", cells=fill_merged(raw.cells, areas), merged=areas)
    sheet, findings, _ = taken(raw)
    assert columns(sheet) == {
        "name": ["甲公司"],
        "extra:产值(万元)-2024年": ["1"],
        "extra:产值(万元)-2025年": ["2"],
    }
    assert not findings.count("error")


def test_unit_of_a_group_holds_for_its_columns() -> None:
    rows = [["企业名称", "经济指标（亿元）", ""], ["", "产值", "营业收入(万元)"], ["甲公司", 1, 2]]
    sheet, _, _ = understood("企业", rows)
    assert sheet is not None
    assert sheet.units == {"output": "亿元", "revenue": "万元"}


@pytest.mark.parametrize("unit", ["亿元", "（亿元）"])
def test_row_of_units_below_the_header_is_part_of_it(unit: str) -> None:
    rows = [["企业名称", "产值", "从业人数"], ["", unit, "(人)"], ["甲公司", 1, 2]]
    sheet, findings, summary = understood("企业", rows)
    assert columns(sheet) == {"name": ["甲公司"], "output": ["1"], "employees": ["2"]}
    assert summary.units == {"output": "亿元", "employees": "人"}
    assert summary.header_rows == (1, 2)
    assert len(findings) == 0


def test_unknown_header_is_kept_and_noticed_with_the_nearest() -> None:
    sheet, findings, summary = understood(
        "企业", [["企业名称", "从业人员数量", "颜色"], ["甲公司", 3, "蓝"]]
    )
    assert columns(sheet)["extra:颜色"] == ["蓝"]
    assert rules(findings) == ["E111.extra_header", "E111.unknown_header"]
    assert summary.unknown == {"从业人员数量": "从业人数", "颜色": ""}
    assert findings.count("notice") == 2


def test_duplicated_header_is_an_error() -> None:
    sheet, findings, _ = understood(
        "企业", [["企业名称", "地区", "地 区"], ["甲公司", "南京市", "苏州市"]]
    )
    assert columns(sheet) == {"name": ["甲公司"], "region": ["南京市"]}
    assert rules(findings) == ["E111.duplicate_header"]
    assert findings.count("error") == 1


def test_second_name_of_a_column_is_kept_and_the_fixed_one_read() -> None:
    sheet, findings, _ = understood("企业", [["单位名称", "企业名称"], ["甲", "甲公司"]])
    assert columns(sheet) == {"name": ["甲公司"], "extra:单位名称": ["甲"]}
    assert rules(findings) == ["E111.second_alias"]


def test_missing_required_column_refuses_the_sheet() -> None:
    sheet, findings, summary = understood("供应关系", [["供方", "金额(万元)"], ["甲", 3]])
    assert sheet is None
    table = findings.frame()
    assert list(table["rule"]) == ["E111.missing_column"]
    assert list(table["column"]) == ["需方"]
    assert summary.columns == {"source": "供方", "amount": "金额(万元)"}


def test_known_sheet_without_header_is_an_error() -> None:
    sheet, findings, _ = understood("企业", [["啊", "哦"], ["x", "y"]])
    assert sheet is None
    assert rules(findings) == ["E111.no_header"]


def test_content_without_header_is_noticed() -> None:
    sheet, findings, _ = understood("企业", [["企业名称", ""], ["甲公司", "某"]])
    assert columns(sheet) == {"name": ["甲公司"]}
    assert rules(findings) == ["E111.no_name_header"]


# --- rows --------------------------------------------------------------------------------------


def test_blank_rows_and_repeated_headers_are_dropped() -> None:
    rows = [
        ["企业名称", "地区"],
        ["甲公司", "南京市"],
        ["", ""],
        ["企业名称", "地区"],
        ["乙公司", ""],
    ]
    sheet, findings, _ = understood("企业", rows)
    assert columns(sheet)["name"] == ["甲公司", "乙公司"]
    assert sheet is not None
    assert sheet.rows.tolist() == [2, 5]
    assert len(findings) == 0


@pytest.mark.parametrize("word", ["合计", "总 计", "共计：", "全市合计", "Total"])
def test_agreeing_total_is_dropped_in_silence(word: str) -> None:
    rows = [
        ["序号", "企业名称", "产值(万元)"],
        [1, "甲公司", 1.25],
        [2, "乙公司", "2.5"],
        [word, "", 3.75],
    ]
    sheet, findings, _ = understood("企业", rows)
    assert columns(sheet)["name"] == ["甲公司", "乙公司"]
    assert len(findings) == 0


def test_subtotals_and_total_are_each_checked_against_their_rows() -> None:
    rows = [
        ["企业名称", "产值(万元)"],
        ["甲公司", 1],
        ["乙公司", 2],
        ["小计", 3],
        ["丙公司", 4],
        ["小计", 5],
        ["合计", 7],
    ]
    sheet, findings, _ = understood("企业", rows)
    assert columns(sheet)["name"] == ["甲公司", "乙公司", "丙公司"]
    table = findings.frame()
    assert list(table["rule"]) == ["E111.total"]
    assert list(table["row"]) == [6]


def test_total_on_top_is_checked_against_the_rows_below() -> None:
    rows = [["企业名称", "产值(万元)"], ["合计", 3], ["甲公司", 1], ["乙公司", 2]]
    sheet, findings, _ = understood("企业", rows)
    assert columns(sheet)["name"] == ["甲公司", "乙公司"]
    assert len(findings) == 0


def test_rounded_total_agrees() -> None:
    rows = [["企业名称", "产值(万元)"], ["甲公司", 1.26], ["乙公司", 2.51], ["合计", "3.8"]]
    _, findings, _ = understood("企业", rows)
    assert len(findings) == 0


def test_name_that_only_contains_the_word_is_data() -> None:
    names = ["总计量科技公司", "会计师事务所", "合计算力公司", "甲公司设计院"]
    sheet, _, _ = understood("企业", [["企业名称"], *[[name] for name in names]])
    assert columns(sheet)["name"] == names


def test_footer_is_no_data_and_a_company_called_remark_is() -> None:
    rows = [
        ["企业名称", "地区", "产值(万元)"],
        ["备注科技公司", "南京市", 1],
        ["甲公司", "", ""],
        ["审核人：李某", "", "填表人：王某"],
        ["备注", "以上为快报数", ""],
        ["2.另行补充", "", ""],
    ]
    sheet, findings, _ = understood("企业", rows)
    assert columns(sheet)["name"] == ["备注科技公司", "甲公司"]
    assert rules(findings) == ["E111.footer"]
    assert findings.frame()["row"].tolist() == [4]


def test_amount_merged_downwards_counts_once() -> None:
    cells = raw_sheet(
        "企业环节", [["企业名称", "环节", "产值(万元)"], ["甲公司", "电堆", 9], ["", "膜电极", ""]]
    ).cells
    areas = (Range(1, 0, 2, 0), Range(1, 2, 2, 2))
    raw = RawSheet(file="", name="企业环节", cells=fill_merged(cells, areas), merged=areas)
    sheet, findings, _ = taken(raw)
    assert columns(sheet) == {
        "source": ["甲公司", "甲公司"],
        "target": ["电堆", "膜电极"],
        "output": ["9", ""],
    }
    assert rules(findings) == ["E111.merged_amount"]


def test_row_longer_than_the_header_is_rejected_not_dropped(tmp_path: Path) -> None:
    path = tmp_path / "企业.csv"
    path.write_text(
        "企业名称,地区\n" + "甲公司,南京市\n" * 9 + "乙,公司,苏州市,x\n", encoding="utf-8"
    )
    sheet, findings, _ = taken(read_csv(path, Findings(RULES)))
    assert sheet is not None
    assert sheet.bad.tolist() == [False] * 9 + [True]
    assert sheet.frame[OVERFLOW].iloc[-1] == "苏州市,x"
    table = findings.frame()
    assert list(table["rule"]) == ["E111.extra_cells"]
    assert list(table["row"]) == [11]


# --- cells -------------------------------------------------------------------------------------


def test_invisible_characters_are_removed_and_named() -> None:
    sheet, findings, _ = understood(
        "企业", [["企业名称"], ["恒立\u200b液压"], ["\u202e甲公司"], ["乙公司"]]
    )
    assert columns(sheet)["name"] == ["恒立液压", "甲公司", "乙公司"]
    table = findings.frame()
    assert list(table["rule"]) == ["E113.invisible"] * 2
    assert "U+200B" in table["message"][0]


def test_lost_character_is_an_error_and_the_row_is_bad() -> None:
    sheet, findings, _ = understood(
        "企业", [["企业名称"], ["恒\ufffd液压"], ["乙公司"], ["\ud800丙"]]
    )
    assert sheet is not None
    assert sheet.bad.tolist() == [True, False, True]
    assert rules(findings) == ["E105.replacement"] * 2


def test_credit_code_stored_as_number_is_not_used() -> None:
    rows = [
        ["企业名称", "统一社会信用代码", "编码"],
        ["甲公司", 913200000000000123.0, 12345678901234567890.0],
    ]
    sheet, findings, _ = understood("企业", rows)
    assert columns(sheet)["credit_code"] == [""]
    assert rules(findings) == ["E104.mangled", "E104.number"]


def test_overlong_cell_makes_its_row_bad() -> None:
    sheet, findings, _ = understood(
        "企业", [["企业名称", "备注"], ["甲公司", "x" * 40_000], ["乙公司", ""]]
    )
    assert sheet is not None
    assert sheet.bad.tolist() == [True, False]
    assert rules(findings) == ["S206.cell_length"]


# --- people ------------------------------------------------------------------------------------


def test_contact_columns_are_left_out_by_header_and_by_value() -> None:
    rows = [
        ["企业名称", "联系人", "手机", "热线"],
        ["甲公司", "张三", "13812345678", "13912345678"],
    ]
    sheet, findings, _ = understood("企业", rows)
    assert columns(sheet) == {"name": ["甲公司"]}
    assert rules(findings) == ["S209.contact"] * 3
    assert "张三" not in findings.frame().to_csv()


@pytest.mark.parametrize("second", ["身份证号", "手机号", "手机号码"])
@pytest.mark.parametrize("sheet_name", ["企业", "党员名册"])
def test_roster_is_refused_whole(second: str, sheet_name: str) -> None:
    rows = [["企业名称", "姓名", second], ["甲公司", "张三", "13812345678"]]
    sheet, findings, summary = understood(sheet_name, rows)
    assert sheet is None
    assert "S209.roster" in rules(findings)
    said = findings.frame().to_csv() + repr(summary)
    assert "张三" not in said
    assert "13812345678" not in said


def test_legal_representative_with_telephone_is_no_roster() -> None:
    rows = [["企业名称", "法定代表人", "联系电话"], ["甲公司", "张三", "0512-12345678"]]
    sheet, findings, _ = understood("企业", rows)
    assert columns(sheet) == {"name": ["甲公司"]}
    assert rules(findings) == ["S209.contact"] * 2


def test_number_inside_a_remark_blanks_the_cell() -> None:
    sheet, findings, _ = understood(
        "企业", [["企业名称", "备注"], ["甲公司", "找王工 13812345678"], ["乙公司", "好"]]
    )
    assert columns(sheet)["note"] == ["", "好"]
    assert rules(findings) == ["S209.value"]
    assert "王工" not in findings.frame().to_csv()


def test_heading_with_a_telephone_number_is_masked() -> None:
    rows = [["企业名称", "地区"], ["一、联系张三13812345678", ""], ["甲公司", ""]]
    sheet, findings, _ = understood("企业", rows)
    assert columns(sheet)["name"] == ["甲公司"]
    assert rules(findings) == ["E111.section"]
    assert "13812345678" not in findings.frame().to_csv()


def test_unknown_sheet_of_numbers_shows_none_of_them() -> None:
    rows = [["张三", "13812345678"], ["李四", "13912345678"]]
    _, findings, summary = understood("通讯录甲", rows)
    assert "13812345678" not in findings.frame().to_csv() + repr(summary)


def test_posts_counts_and_codes_are_not_people() -> None:
    rows = [["单位", "岗位", "对象", "岗位编号"], ["甲局", "链长", "氢能", "HL-03"]]
    sheet, findings, _ = understood("岗位", rows)
    assert columns(sheet)["post"] == ["HL-03"]
    assert len(findings) == 0


# --- the map -----------------------------------------------------------------------------------


def test_map_names_sheet_and_columns(tmp_path: Path) -> None:
    path = tmp_path / "对照.toml"
    path.write_text(
        '["台账甲"]\nsheet = "企业"\n["台账甲".columns]\n"纳税人" = "企业名称"\n"温度" = ""\n',
        encoding="utf-8",
    )
    rows = [["纳税人", "温度", "地区"], ["甲公司", 30, "南京市"]]
    sheet, findings, _ = understood("台账甲", rows, column_map=load_map(path))
    assert columns(sheet) == {"name": ["甲公司"], "region": ["南京市"]}
    assert len(findings) == 0


def test_ditto_marks_are_written_out_and_told() -> None:
    sheet, findings, _ = understood(
        "供应关系",
        [
            ["供方", "需方", "产品", "金额（万元）"],
            ["甲公司", "乙公司", "泵", "5"],
            ["同上", "丙公司", "〃", "6"],
            ["〃", "丁公司", "阀", ""],
            ["戊公司", "同上", "", "同上"],
        ],
    )
    read = columns(sheet)
    assert read["source"] == ["甲公司", "甲公司", "甲公司", "戊公司"]
    assert read["target"] == ["乙公司", "丙公司", "丁公司", "丁公司"]
    assert read["product"] == ["泵", "泵", "阀", ""]
    assert read["amount"] == ["5", "6", "", ""]
    told = findings.frame()
    told = told[told["rule"] == "E111.ditto"]
    assert sorted(zip(told["row"], told["value"], strict=True)) == [
        (3, "〃"), (3, "同上"), (4, "〃"), (5, "同上"), (5, "同上"),
    ]  # fmt: skip


def test_written_map_reads_back_and_changes_nothing(tmp_path: Path) -> None:
    rows = [["企业名称", "从业人员数量", "产值(万元)"], ["甲公司", 3, 5]]
    before, _, summary = understood("企业(1)", rows)
    path = tmp_path / "对照.toml"
    write_map([summary], path)
    assert '# "从业人员数量" = "从业人数"' in path.read_text(encoding="utf-8")
    after, _, _ = understood("企业(1)", rows, column_map=load_map(path))
    assert columns(after) == columns(before)
    with pytest.raises(OutputError, match="--force"):
        write_map([summary], path)
    write_map([summary], path, force=True)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[x", "TOML"),
        ('[x]\nsheet = "天气"', "可选"),
        ('["企业".columns]\na = "温度"', "统一社会信用代码"),
        ("a = 1", "columns"),
    ],
)
def test_wrong_map_says_what_may_stand_there(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "对照.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=said):
        load_map(path)


def test_map_entry_without_a_sheet_or_header_is_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "对照.toml"
    path.write_text(
        '["企业".columns]\n"纳税人" = "企业名称"\n"温度" = ""\n["没有"]\nsheet = "企业"\n',
        encoding="utf-8",
    )
    column_map = load_map(path)
    _, findings, summary = understood("企业", [["纳税人"], ["甲公司"]], column_map=column_map)
    report_unused(column_map, [summary], findings)
    assert sorted(findings.frame()["value"]) == ["没有", "温度"]
    assert findings.count("warning") == 2


def test_missing_map_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="打不开"):
        load_map(tmp_path / "没有.toml")


# --- anything ----------------------------------------------------------------------------------

WORDS = [
    *(
        "企业名称",
        "单位名称",
        "地区",
        "产值(万元)",
        "产值",
        "供方",
        "需方",
        "金额（亿元）",
        "序号",
        "姓名",
        "手机号",
    ),
    *(
        "合计",
        "小计",
        "填表人：某",
        "备注",
        "一、整车",
        "单位：万元",
        "填报单位：某局",
        "甲公司",
        "13812345678",
    ),
    *("", "", "", "3.5", "-", "\u200b", "\ufffd", "环节", "产业链", "编码", "氢能"),
]
GRIDS = st.integers(1, 5).flatmap(
    lambda width: st.lists(
        st.lists(
            st.one_of(st.sampled_from(WORDS), st.text(max_size=3)), min_size=width, max_size=width
        ),
        min_size=1,
        max_size=9,
    )
)
AREAS = st.lists(st.tuples(*[st.integers(0, 8)] * 4), max_size=3)


@settings(max_examples=100, deadline=None)
@given(
    name=st.sampled_from(["企业", "供应关系", "Sheet1", "天气", "环节", "联盟成员(2)"]),
    rows=GRIDS,
    areas=AREAS,
    encoding=st.sampled_from(["", "UTF-8"]),
)
def test_any_sheet_gives_rows_or_findings(
    name: str, rows: list[list[str]], areas: list[tuple[int, int, int, int]], encoding: str
) -> None:
    height, width = len(rows), len(rows[0])
    merged = tuple(
        Range(min(a, c), min(b, d), min(max(a, c), height - 1), min(max(b, d), width - 1))
        for a, b, c, d in areas
        if min(a, c) < height and min(b, d) < width
    )
    plain = raw_sheet(name, rows)
    raw = RawSheet(
        file="f",
        name=name,
        cells=fill_merged(plain.cells, merged),
        merged=merged,
        encoding=encoding,
    )
    sheet, findings, summary = taken(raw)
    table = findings.frame()
    assert set(table["row"]) <= set(range(height + 1))
    if sheet is None:
        assert len(table)
    else:
        assert summary.rows == len(sheet.frame) == len(sheet.rows) == len(sheet.bad) > 0
        assert sheet.rows.tolist() == sorted(set(sheet.rows.tolist()))
        assert sheet.rows.min() > max(summary.header_rows)
        assert (sheet.frame != "").any(axis=1).any()
