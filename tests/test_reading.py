"""Files as they come from offices: encodings, separators, quotes, dates, hidden parts, bombs."""

import contextlib
import datetime as dt
import struct
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphmodel.errors import SourceError
from graphmodel.findings import Findings
from loaders.csv_folder import read_csv, read_folder
from loaders.raw import RawSheet, raw_sheet
from loaders.rules import RULES
from loaders.workbook import read_workbook

DAY = dt.datetime(2026, 1, 2)  # noqa: DTZ001  # spreadsheets know no time zone
RARE = "𠮷㑇镕"  # needs four bytes in GB18030 and lies outside GBK
TABLE = f"企业名称,地区\n恒立液压,南京市\n{RARE}公司,NA\n"


def grid(sheet: RawSheet) -> list[list[str]]:
    return [list(row) for row in sheet.cells.itertuples(index=False)]


def csv_file(folder: Path, content: bytes | str, name: str = "企业.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(folder: Path, content: bytes | str) -> tuple[RawSheet, Findings]:
    findings = Findings(RULES)
    return read_csv(csv_file(folder, content), findings), findings


# --- encodings ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("codec", "used", "noticed"),
    [
        ("utf-8", "UTF-8", []),
        ("utf-8-sig", "UTF-8", []),
        ("gb18030", "GB18030", ["E105.encoding"]),
        ("utf-16", "UTF-16LE", ["E105.encoding"]),
    ],
)
def test_encoding_is_found_and_reported(
    tmp_path: Path, codec: str, used: str, noticed: list[str]
) -> None:
    sheet, findings = read(tmp_path, TABLE.encode(codec))
    assert sheet.encoding == used
    assert grid(sheet) == [["企业名称", "地区"], ["恒立液压", "南京市"], [f"{RARE}公司", "NA"]]
    assert list(findings.frame()["rule"]) == noticed


def test_utf16_big_endian_needs_its_mark(tmp_path: Path) -> None:
    sheet, _ = read(tmp_path, b"\xfe\xff" + TABLE.encode("utf-16-be"))
    assert sheet.encoding == "UTF-16BE"
    assert grid(sheet)[1] == ["恒立液压", "南京市"]


def test_short_gbk_is_not_guessed_wrong(tmp_path: Path) -> None:
    sheet, _ = read(tmp_path, "企业名称\n甲公司\n".encode("gbk"))
    assert grid(sheet) == [["企业名称"], ["甲公司"]]


def test_undecodable_file_names_the_byte(tmp_path: Path) -> None:
    content = "企业名称\n甲".encode() + b"\xff\xff" + "公司\n".encode()
    sheet, findings = read(tmp_path, content)
    table = findings.frame()
    assert sheet.refused
    assert list(table["code"]) == ["E105"]
    assert str(len("企业名称\n甲".encode())) in table["message"][0]


def test_byte_after_a_mark_counts_the_mark(tmp_path: Path) -> None:
    _, findings = read(tmp_path, b"\xef\xbb\xbf" + b"abc\xff")
    assert "6" in findings.frame()["message_en"][0]


# --- the table ---------------------------------------------------------------------------------


def test_nothing_is_converted(tmp_path: Path) -> None:
    cells = ["032041", "NA", "null", "1e5", "TRUE", "2023-07", "  x ", "", "-", "1,234"]
    line = ",".join(f'"{cell}"' for cell in cells)
    sheet, _ = read(tmp_path, f"{','.join('abcdefghij')}\n{line}\n")
    assert grid(sheet)[1] == cells
    assert set(map(str, sheet.cells.dtypes)) == {"str"}


def test_short_rows_are_filled_and_long_rows_kept(tmp_path: Path) -> None:
    sheet, _ = read(tmp_path, "a,b\n1\n" + "1,2\n" * 80 + "1,2,3,4\n\n5,6\n")
    assert sheet.cells.shape == (85, 4)
    assert grid(sheet)[1] == ["1", "", "", ""]
    assert grid(sheet)[82] == ["1", "2", "3", "4"]
    assert grid(sheet)[83] == ["", "", "", ""]
    assert grid(sheet)[84][:2] == ["5", "6"]


def test_line_ends_and_separators_inside_quotes(tmp_path: Path) -> None:
    sheet, _ = read(tmp_path, 'a,b\r\n"甲\n乙","1,""2"""\r\n丙,3\r\n')
    assert grid(sheet) == [["a", "b"], ["甲\n乙", '1,"2"'], ["丙", "3"]]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separator_is_seen_from_the_first_lines(tmp_path: Path, separator: str) -> None:
    sheet, _ = read(tmp_path, f"企业名称{separator}资质\n甲公司{separator}x、y\n")
    assert grid(sheet)[1] == ["甲公司", "x、y"]


def test_unclosed_quote_keeps_what_stands_before(tmp_path: Path) -> None:
    sheet, findings = read(tmp_path, 'a,b\n1,2\n3,"4\n5,6\n')
    table = findings.frame()
    assert grid(sheet) == [["a", "b"], ["1", "2"]]
    assert list(table["rule"]) == ["E111.unclosed_quote"]
    assert list(table["row"]) == [3]


def test_nul_bytes_are_stripped_and_counted(tmp_path: Path) -> None:
    sheet, findings = read(tmp_path, b"a,b\n1\x00,2\x00\n")
    assert grid(sheet)[1] == ["1", "2"]
    assert list(findings.frame()["rule"]) == ["E113.nul"]


def test_formula_guard_is_taken_off_exactly_once(tmp_path: Path) -> None:
    cells = ["'=1+1", "''=1", "'@x", "'＝1", "'\t=1", "'abc", "''", "'", "O'Neil", "=1"]
    lines = "".join(f'"{cell}"\n' for cell in cells)
    sheet, _ = read(tmp_path, f"a\n{lines}")
    expected = ["=1+1", "'=1", "@x", "＝1", "\t=1", "'abc", "''", "'", "O'Neil", "=1"]
    assert [row[0] for row in grid(sheet)[1:]] == expected


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n", b",,\n"])
def test_empty_files_are_read_as_empty(tmp_path: Path, content: bytes) -> None:
    sheet, _ = read(tmp_path, content)
    assert not (sheet.cells != "").to_numpy().any()


def test_folder_reads_csv_and_notices_the_rest(tmp_path: Path) -> None:
    csv_file(tmp_path, TABLE)
    csv_file(tmp_path, TABLE, "产业链.CSV")
    csv_file(tmp_path, "x", "说明.txt")
    csv_file(tmp_path, "x", ".DS_Store")
    findings = Findings(RULES)
    assert [sheet.name for sheet in read_folder(tmp_path, findings)] == ["产业链", "企业"]
    assert list(findings.frame()["value"]) == ["说明.txt"]


def test_folder_without_csv_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"企业\.csv"):
        read_folder(tmp_path, Findings(RULES))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    rows=st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=6),
            min_size=2,
            max_size=2,
        ),
        min_size=1,
        max_size=8,
    )
)
def test_what_pandas_writes_is_what_is_read(tmp_path: Path, rows: list[list[str]]) -> None:
    path = tmp_path / "企业.csv"
    pd.DataFrame(rows).to_csv(path, index=False, header=False, encoding="utf-8-sig", quoting=1)
    guard = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
    expected = [
        [c[1:] if c.startswith("'") and c.lstrip("'").startswith(guard) else c for c in row]
        for row in rows
    ]
    assert grid(read_csv(path, Findings(RULES))) == expected


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=600)
@given(content=st.binary(max_size=200))
def test_any_bytes_give_a_sheet_or_a_finding(tmp_path: Path, content: bytes) -> None:
    sheet, findings = read(tmp_path, content)
    assert not sheet.refused or set(findings.codes) & {"E105", "S206"}


# --- values of a workbook ----------------------------------------------------------------------


def test_values_become_text() -> None:
    rows = [
        [12.0, 0.1, -5.0, 1e22, 3, None, float("nan")],
        [
            True,
            False,
            dt.date(2026, 1, 2),
            DAY,
            DAY.replace(hour=3, minute=4),
            "x",
        ],
    ]
    assert grid(raw_sheet("企业", rows)) == [
        ["12", "0.1", "-5", "1e+22", "3", "", ""],
        ["是", "否", "2026-01-02", "2026-01-02", "2026-01-02 03:04:00", "x", ""],
    ]


def test_true_is_not_one() -> None:
    assert grid(raw_sheet("企业", [[1.0], [True], [1], ["1"]])) == [["1"], ["是"], ["1"], ["1"]]


def test_large_numbers_are_marked() -> None:
    sheet = raw_sheet("企业", [["代码"], [913200000000000000.0], ["913200000000000000"]])
    assert grid(sheet)[1] == ["913200000000000000"]
    assert sheet.large.tolist() == [[1, 0]]


def test_workbook_with_merged_cells_hidden_rows_and_sheets(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("企业")
    sheet.merge_range("A1:C1", "澄澜市（虚构）企业情况表")
    sheet.write_row("A3", ["企业名称", "产业链", "成立"])
    sheet.write_row("A4", ["甲公司", "", 5])
    sheet.write_row("A5", ["乙公司", "", 6.5])
    sheet.merge_range("B4:B5", "氢能")
    sheet.write_datetime("C6", DAY, book.add_format({"num_format": "yyyy-mm-dd"}))
    sheet.write_formula("A6", "=1/0", None, "#DIV/0!")
    sheet.set_row(4, None, None, {"hidden": True})
    hidden = book.add_worksheet("产业链")
    hidden.write_row("A1", ["产业链名称"])
    hidden.hide()
    book.close()
    findings = Findings(RULES)
    first, second = read_workbook(path, findings)
    assert grid(first)[0] == ["澄澜市（虚构）企业情况表"] * 3
    assert grid(first)[3:] == [
        ["甲公司", "氢能", "5"],
        ["乙公司", "氢能", "6.5"],
        ["", "", "2026-01-02"],
    ]
    assert first.hidden_rows == (5,)
    assert second.hidden
    assert len(first.sha256) == 64
    assert set(findings.frame()["rule"]) == {
        "E111.hidden_rows",
        "E111.hidden_sheet",
        "E104.error_value",
    }


@pytest.mark.parametrize("suffix", [".xlsx", ".xlsm"])
def test_openpyxl_workbook_reads_alike(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"表{suffix}"
    book = openpyxl.Workbook()
    book.active.title = "企业"
    book.active.append(["企业名称", "产值(万元)", "代码"])
    book.active.append(["甲公司", 12, "032041"])
    book.save(path)
    (sheet,) = read_workbook(path, Findings(RULES))
    assert grid(sheet)[1] == ["甲公司", "12", "032041"]


# --- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("表.xls", b"<html><table></table></html>", "网页"),
        ("表.et", b"\xd0\xcf\x11\xe0", "WPS"),
        ("表.xlsx", b"hello", "不是 Excel 工作簿"),
        ("表.xlsx", b"PK\x03\x04broken", "损坏"),
        ("表.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "另存为"),
    ],
)
def test_other_formats_are_named(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    path = csv_file(tmp_path, content, name)
    with pytest.raises(SourceError, match=said):
        read_workbook(path, Findings(RULES))


def encrypted() -> bytes:
    """A compound file as Excel makes it for a workbook with a password: one encrypted stream."""
    free, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        raw = (name + "\0").encode("utf-16-le")
        fields = struct.pack("<HBBIII", len(raw), kind, 1, free, free, child)
        return raw.ljust(64, b"\0") + fields + b"\0" * 36 + struct.pack("<IQ", start, size)

    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<9I", 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", 0, *[free] * 108)
    sectors = struct.pack("<128I", table, end, *range(3, 10), end, *[free] * 118)
    folder = entry("Root Entry", 5, 1, end, 0) + entry("EncryptedPackage", 2, free, 2, 4096)
    return header + sectors + folder.ljust(512, b"\0") + b"x" * 4096


@pytest.mark.parametrize("name", ["表.xlsx", "表.xls"])
def test_encrypted_workbook_asks_to_remove_the_password(tmp_path: Path, name: str) -> None:
    path = csv_file(tmp_path, encrypted(), name)
    with pytest.raises(SourceError, match="密码"):
        read_workbook(path, Findings(RULES))


def opendocument(path: Path, rows: str) -> Path:
    names = " ".join(
        f'xmlns:{each}="urn:oasis:names:tc:opendocument:xmlns:{each}:1.0"'
        for each in ("office", "table", "text")
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body><office:spreadsheet>"
            f'<table:table table:name="企业">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


FILLED = '<table:table-cell {}office:value-type="string"><text:p>甲公司</text:p></table:table-cell>'


def test_opendocument_is_read_and_its_blank_repeats_cost_nothing(tmp_path: Path) -> None:
    row = f"<table:table-row>{FILLED.format('')}</table:table-row>"
    blank = '<table:table-row table:number-rows-repeated="1048000">{}</table:table-row>'
    cell = '<table:table-cell table:number-columns-repeated="16384"/>'
    path = opendocument(tmp_path / "表.ods", row * 2 + blank.format(cell))
    (sheet,) = read_workbook(path, Findings(RULES))
    assert grid(sheet) == [["甲公司"], ["甲公司"]]


def test_opendocument_bomb_of_repeats_is_refused(tmp_path: Path) -> None:
    cell = FILLED.format('table:number-columns-repeated="16384" ')
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    path = opendocument(tmp_path / "表.ods", row)
    with pytest.raises(SourceError, match="行列数"):
        read_workbook(path, Findings(RULES))


def test_missing_file_is_a_plain_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="打不开"):
        read_workbook(tmp_path / "没有.xlsx", Findings(RULES))


def test_zip_bomb_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "炸弹.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"<row></row>" * 9_500_000)
    assert path.stat().st_size < 500_000
    with pytest.raises(SourceError, match="超过上限"):
        read_workbook(path, Findings(RULES))


def test_entity_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "炸弹.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", '<!DOCTYPE x [<!ENTITY a "aa">]><x>&a;</x>')
    with pytest.raises(SourceError, match="DOCTYPE"):
        read_workbook(path, Findings(RULES))


def test_too_many_parts_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(5_001):
            archive.writestr(f"{number}.bin", b"")
    with pytest.raises(SourceError, match="5001"):
        read_workbook(path, Findings(RULES))


def test_cell_at_the_far_corner_costs_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("企业")
    sheet.write("A1", "企业名称")
    sheet.write("XFD1048576", "x")
    book.add_worksheet("产业链").write("A1", "产业链名称")
    book.close()
    findings = Findings(RULES)
    assert [each.name for each in read_workbook(path, findings)] == ["产业链"]
    assert list(findings.frame()["code"]) == ["S206"]


def test_formats_far_out_are_no_cells(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("企业")
    sheet.write("A1", "企业名称")
    sheet.write_blank("XFD1000000", None, book.add_format({"bold": True}))
    book.close()
    (read_back,) = read_workbook(path, Findings(RULES))
    assert grid(read_back) == [["企业名称"]]


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None
)
@given(cut=st.integers(0, 6000), byte=st.integers(0, 255))
def test_damaged_workbook_is_refused_or_read(tmp_path: Path, cut: int, byte: int) -> None:
    path = tmp_path / "好.xlsx"
    if not path.exists():
        book = xlsxwriter.Workbook(path)
        book.add_worksheet("企业").write_row("A1", ["企业名称", 1, True])
        book.close()
    content = bytearray(path.read_bytes())
    content[cut % len(content)] = byte
    broken = csv_file(tmp_path, bytes(content), "坏.xlsx")
    with contextlib.suppress(SourceError):
        assert isinstance(read_workbook(broken, Findings(RULES)), list)
