"""How answers look: the same declaration as terminal, Excel, CSV, Markdown and JSON."""

import csv
import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_question import HOSTILE, QUESTION, ToyParams, answer, graph

from graphmodel.errors import OutputError, UsageError
from graphmodel.findings import Findings, Rule
from graphmodel.question import Result
from graphmodel.schema import Text
from loaders import load_rows
from queries import question
from views.cells import interval, visible
from views.check import write_marked_copy
from views.delivery import deliver, format_for
from views.document import document, dumps
from views.excel import MAX_TEXT, write_answer
from views.keepsake import Keepsake
from views.markdown import markdown
from views.output import safe_name
from views.report import headline, write_report
from views.separated import csv_text, guarded
from views.sheet import sheets, table
from views.stamp import Stamp, stamp
from views.terminal import console, print_answer

PARAMS = ToyParams(chain="氢能")


@pytest.fixture
def result() -> Result:
    return answer(graph(), PARAMS)


@pytest.fixture
def origin(monkeypatch: pytest.MonkeyPatch) -> Stamp:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    return stamp(graph(), remarks=[Text("略去一行", "one row left out")])


# where an answer comes from ----------------------------------------------------------------------


def test_the_stamp_says_as_of_when_and_from_what(origin: Stamp) -> None:
    assert origin.as_of == "2026-10-31"
    assert origin.generated_at == "2026-09-21T14:13:20+00:00"
    assert origin.citations == ("公报 & 年鉴",)
    assert [file.name for file in origin.files] == ["表.xlsx"]


def test_without_a_declared_date_the_latest_source_counts_and_without_any_nothing_is_said() -> None:
    nodes = {k: t for k, t in graph().nodes.items() if k == "Enterprise"}
    empty = type(graph())
    assert stamp(empty(nodes, {})).as_of == "2026-11-01"
    assert stamp(empty({}, {})).as_of is None


# JSON --------------------------------------------------------------------------------------------


def test_json_is_strict_and_complete(result: Result, origin: Stamp) -> None:
    text = dumps(document(QUESTION, result, origin))
    read = json.loads(text, parse_constant=pytest.fail)
    assert list(read)[:8] == [
        "question", "version", "generated_at", "as_of", "params", "filters", "columns", "rows",
    ]  # fmt: skip
    assert {"tables", "not_reported", "notes", "sources"} <= set(read)
    assert read["filters"] == {"chain": "氢能"}
    assert read["params"] == {"n_star": 3.0, "top_k": 2, "base": "all", "substitution": True}
    assert read["columns"][2] == {"name": "state", "zh": "状态", "en": "State", "unit": ""}
    full, bare, third, *_ = read["rows"]
    assert full == {
        "name_id": "id0", "name": HOSTILE[0], "state": "short", "firms": 12000, "output": 1234.5,
        "score": 0.123456, "share": 0.273, "listed": True, "day": "2026-10",
        "rate": [0.2727, 1.0], "also": ["short", "not_reported"], "reason": "因为所以",
        "reason_en": "for a reason",
    }  # fmt: skip
    assert {k: v for k, v in bare.items() if v is not None} == {
        "name_id": "id1", "name": HOSTILE[1], "state": "not_reported", "also": [],
    }  # fmt: skip
    assert third["listed"] is False
    assert read["tables"] == {"diagnosis": [{"chain": "氢能"}]}
    assert read["notes"] == ["略去一行", "注意一"]
    assert read["not_reported"] == ["没有环节"]
    assert read["sources"] == [
        {"name": "表.xlsx", "sha256": "ab" * 32, "rows": 7, "encoding": "xlsx"},
        {"citation": "公报 & 年鉴"},
    ]
    assert document(QUESTION, result, origin, lang="en")["notes"] == [
        "one row left out",
        "note one",
    ]


# Excel -------------------------------------------------------------------------------------------


def test_excel_holds_text_as_text_and_numbers_as_numbers(
    result: Result, origin: Stamp, tmp_path: Path
) -> None:
    path = tmp_path / "玩具.xlsx"
    write_answer(path, QUESTION, result, origin)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["玩具_清单", "诊断表", "口径"]
    main = book["玩具_清单"]
    header = [cell.value for cell in main[1]]
    assert header[:4] == ["名称", "状态", "企业数", "产值(万元)"]
    for row, text in enumerate(HOSTILE, start=2):
        cell = main.cell(row, 1)
        assert cell.data_type == "s"
        assert cell.value == visible(text)
    first = dict(zip(header, main[2], strict=True))
    assert first["企业数"].value == 12000
    assert first["占比"].value == 0.273
    assert first["占比"].number_format == "0.0%"
    assert first["状态"].value == "短链"
    assert first["状态"].fill.fgColor.rgb != "00000000"
    assert first["认定"].value == "是"
    assert first["覆盖率区间"].value == "27.3%–100%"
    assert first["同时存在"].value == "短链、未填报"
    second = dict(zip(header, main[3], strict=True))
    assert second["认定"].value == "未填报"
    assert second["得分"].value is None
    assert main.freeze_panes == "A2"
    assert main.auto_filter.ref is not None
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet


def test_the_basis_sheet_names_parameters_files_and_sources(
    result: Result, origin: Stamp, tmp_path: Path
) -> None:
    path = tmp_path / "a.xlsx"
    write_answer(path, QUESTION, result, origin)
    basis = openpyxl.load_workbook(path)["口径"]
    said = {str(cell.value) for row in basis.iter_rows() for cell in row if cell.value is not None}
    assert {
        "数据截至日期", "2026-10-31", "生成时间", origin.generated_at, "版本", "筛选条件",
        "产业链 = 氢能", "n_star", "3.0", "自定", "表.xlsx", "ab" * 32, "7", "公报 & 年鉴",
        "略去一行", "注意一", "没有环节", "怎么算",
    } <= said  # fmt: skip


def test_excel_in_english_is_all_english_but_for_the_data(
    result: Result, origin: Stamp, tmp_path: Path
) -> None:
    path = tmp_path / "a.xlsx"
    write_answer(path, QUESTION, result, origin, lang="en")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Which ones_", "Diagnosis", "Basis"]
    assert [cell.value for cell in book.worksheets[0][1]][:4] == [
        "Name", "State", "Firms", "Output(万元)",
    ]  # fmt: skip
    assert book.worksheets[0].cell(2, 11).value == "for a reason"


def test_the_same_input_makes_the_same_bytes(result: Result, origin: Stamp, tmp_path: Path) -> None:
    first, second = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    write_answer(first, QUESTION, result, origin)
    write_answer(second, QUESTION, result, origin)
    assert first.read_bytes() == second.read_bytes()


def test_a_text_too_long_for_excel_says_that_it_was_cut(
    result: Result, origin: Stamp, tmp_path: Path
) -> None:
    long = Result(
        question="toy", params=PARAMS, rows=result.rows.head(1).assign(name="长" * 40_000)
    )
    write_answer(tmp_path / "a.xlsx", QUESTION, long, origin)
    value = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0].cell(2, 1).value
    assert len(str(value)) == MAX_TEXT
    assert str(value).endswith("（已截断 cut）")


def test_the_report_opens_with_a_summary(result: Result, origin: Stamp, tmp_path: Path) -> None:
    path = tmp_path / "月报.xlsx"
    write_report(path, [(QUESTION, result), (QUESTION, result)], origin)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["摘要", "玩具_清单", "诊断表", "玩具_清单(2)", "诊断表(2)", "口径"]
    said = [cell.value for row in book["摘要"].iter_rows() for cell in row]
    assert "短链 1 · 未填报 6" in said
    assert headline(QUESTION, result, "en") == "short 1 · not reported 6"


# CSV ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1", "'=1"),
        ("'=1", "''=1"),
        ("＋1", "'＋1"),
        ("\t=1", "'\t=1"),
        ("-5", "'-5"),
        ("甲", "甲"),
        ("'甲", "'甲"),
    ],
)
def test_a_cell_that_might_be_a_formula_is_guarded(text: str, written: str) -> None:
    assert guarded(text) == written


@given(st.text())
def test_taking_one_apostrophe_away_is_always_right(text: str) -> None:
    written = guarded(text)
    dangerous = written.startswith("'") and guarded(written[1:]) == written
    assert (written[1:] if dangerous else written) == text


def test_csv_reads_back_and_no_number_is_guarded(result: Result, tmp_path: Path) -> None:
    main = sheets(QUESTION, result)[0]
    read = list(csv.reader(io.StringIO(csv_text(main), newline="")))
    assert read[0][0] == "名称"
    assert [row[0] for row in read[1:]] == [guarded(visible(text)) for text in HOSTILE]
    assert read[1][2:6] == ["12000", "1234.5", "0.123456", "0.273"]
    origin = stamp(graph())
    deliver(QUESTION, result, origin, form="csv", output=tmp_path / "a.csv", table="diagnosis")
    assert (tmp_path / "a.csv").read_bytes() == "\ufeff产业链\r\n氢能\r\n".encode()
    with pytest.raises(UsageError, match="diagnosis"):
        table(QUESTION, result, "nothing")


# Markdown and terminal ---------------------------------------------------------------------------


def test_markdown_keeps_data_from_becoming_markup(result: Result, origin: Stamp) -> None:
    text = markdown(QUESTION, result, origin)
    assert "<script>" not in text
    assert "a\\|b &lt;script&gt;" in text
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert all(line.replace("\\|", "").count("|") == 12 for line in rows[:-2])
    assert "## 未填报" in text


def test_the_terminal_shows_no_markup_and_no_escape_from_data(
    result: Result, origin: Stamp
) -> None:
    buffer = io.StringIO()
    print_answer(console(buffer), QUESTION, result, origin, limit=0)
    text = buffer.getvalue()
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[bold red]甲[/]" in text
    assert "数据截至日期 2026-10-31" in text
    assert "n_star=3.0" in text
    assert "没有环节" in text


def test_the_terminal_says_what_it_left_out(result: Result, origin: Stamp) -> None:
    buffer = io.StringIO()
    print_answer(console(buffer), QUESTION, result, origin, limit=3, lang="en")
    text = buffer.getvalue()
    assert "first 3 of 7 rows" in text
    assert "not reported" in text


@pytest.mark.parametrize(
    ("bounds", "said"), [([0.2727, 1.0], "27.3%–100%"), ([0.5, 0.5], "50%"), ([None, None], "—")]
)
def test_a_rate_is_an_interval(bounds: list[float | None], said: str) -> None:
    assert interval(bounds) == said


# files -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["../../x", "CON", "a/b", "a\\b", "nul.txt", "..", "", "链" * 100, "a:b", " x "]
)
def test_no_text_becomes_a_path(text: str) -> None:
    name = safe_name(text)
    assert name
    assert Path(name).name == name
    assert name.partition(".")[0].lower() not in {"con", "nul", ""}
    assert len(name) < 80


def test_names_that_differ_stay_apart_and_plain_names_stay_plain() -> None:
    assert safe_name("a/b") != safe_name("a\\b")
    assert safe_name("氢能（虚构）") == "氢能（虚构）"


def test_an_existing_file_is_refused_unless_forced(
    result: Result, origin: Stamp, tmp_path: Path
) -> None:
    path = tmp_path / "a.json"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="--force"):
        deliver(QUESTION, result, origin, form="json", output=path)
    assert path.read_text(encoding="utf-8") == "mine"
    deliver(QUESTION, result, origin, form="json", output=path, force=True)
    assert json.loads(path.read_text(encoding="utf-8"))["question"] == "toy"
    assert [file.name for file in tmp_path.iterdir()] == ["a.json"]


def test_the_suffix_chooses_the_format() -> None:
    assert format_for(None, Path("a.MD")) == "md"
    assert format_for("json", Path("a.txt")) == "json"
    assert format_for(None, None) == "table"
    with pytest.raises(UsageError, match="pdf"):
        format_for(None, Path("a.pdf"))


def test_a_keepsake_replaces_only_what_it_made(tmp_path: Path) -> None:
    first = Keepsake(tmp_path)
    first.claim("a.txt").write_text("one", encoding="utf-8")
    first.remember()
    second = Keepsake(tmp_path)
    second.claim("a.txt").write_text("two", encoding="utf-8")
    second.remember()
    (tmp_path / "a.txt").write_text("edited by hand", encoding="utf-8")
    with pytest.raises(OutputError, match=r"a\.txt"):
        Keepsake(tmp_path).claim("a.txt")
    (tmp_path / "b.txt").write_text("somebody's", encoding="utf-8")
    with pytest.raises(OutputError, match=r"b\.txt"):
        Keepsake(tmp_path).claim("b.txt")


# findings ----------------------------------------------------------------------------------------


class _Raw:
    def __init__(self, name: str, rows: list[list[str]]) -> None:
        self.file, self.name, self.first_row = "表.xlsx", name, 1
        self.cells = pd.DataFrame(rows, dtype="str")


def test_the_marked_copy_names_the_problems_and_hides_people(tmp_path: Path) -> None:
    rules = {
        "E107.bad": Rule("E107", "error", Text("“{value}”不对。", "bad"), Text("改。", "fix")),
        "S209.contact": Rule("S209", "notice", Text("个人。", "person"), Text("删。", "drop")),
        "S209.roster": Rule("S209", "error", Text("名册。", "roster"), Text("删。", "drop")),
    }
    findings = Findings(rules)
    where = {"file": "表.xlsx", "sheet": "企业"}
    findings.add("E107.bad", rows=[3], column="产值", values=["-1"], **where)
    findings.add("S209.contact", column="联系人", **where)
    findings.add("S209.roster", file="表.xlsx", sheet="名册")
    rows = [["企业名称", "联系人", "产值"], ["甲", "张三", "5"], ["=乙", "李四", "-1"]]
    written = [_Raw("企业", rows), _Raw("名册", [["姓名"], ["张三"]])]
    write_marked_copy(tmp_path / "问题.xlsx", written, findings)
    book = openpyxl.load_workbook(tmp_path / "问题.xlsx")
    assert book.sheetnames == ["数据质量报告", "企业"]
    copied = [[cell.value for cell in row] for row in book["企业"].iter_rows()]
    assert copied == [
        ["企业名称", "联系人", "产值", "问题说明"],
        ["甲", None, "5", None],
        ["=乙", None, "-1", "E107 “-1”不对。 改。"],
    ]
    assert book["企业"]["A3"].data_type == "s"
    everything = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not any("张三" in text for text in everything)


def test_a_sheet_closes_with_a_total_only_where_adding_up_is_legal(tmp_path: Path) -> None:
    asked = question("gaps")
    loaded = load_rows(
        {
            "企业": [["企业名称", "产业链"], ["甲", "氢能"], ["乙", "机器人"]],
            "产业链": [["产业链名称"], ["氢能"], ["机器人"]],
            "环节": [["环节名称", "产业链"], ["制", "氢能"], ["储", "氢能"], ["减速器", "机器人"]],
        }
    )
    result = asked.answer(loaded.graph, asked.params())
    write_answer(tmp_path / "a.xlsx", asked, result, stamp(loaded.graph))
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    tally = [list(row) for row in book["各链环节状态数"].iter_rows(values_only=True)]
    total = dict(zip(tally[0], tally[-1], strict=True))
    assert total["产业链"] == "合计"
    assert total["环节数"] == 3
    assert total["本地企业数"] is None
    assert not any("合计" in str(row) for row in book.worksheets[0].iter_rows(values_only=True))
