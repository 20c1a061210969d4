"""The command line: what it prints, writes, refuses, and how it exits."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

import cli
from queries import QUESTION_NAMES, questions

ROOT = Path(__file__).parent.parent
Run = Callable[..., Result]
GOOD = {"企业": [["企业名称", "产值(万元)"], ["甲公司", "5"], ["乙公司", "6"]]}
BAD = {"企业": [["企业名称", "产值(万元)"], ["甲公司", "-5"], ["乙公司", "6"]]}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(cli.cli, list(arguments))

    return run


def workbook(path: Path, sheets: dict[str, list[list[str]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603  # our own command
        [sys.executable, "-c", "import cli; cli.main()", *arguments],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        timeout=300,
    )


# what there is -----------------------------------------------------------------------------------


def test_every_registered_question_is_a_command_with_its_own_options(run: Run) -> None:
    listed = run("--help").output
    for name, question in questions().items():
        assert f"\n  {name} " in listed
        assert question.zh in listed
        told = run(name, "--help")
        assert told.exit_code == 0
        for field in question.params.__dataclass_fields__:
            assert f"--{field.replace('_', '-')}" in told.output


def test_help_imports_nothing_heavy() -> None:
    heavy = "pandas", "numpy", "networkx", "scipy", "rich"
    code = (
        "import sys; sys.argv = ['liantu', '--help']\nimport cli\n"
        "try: cli.main()\nexcept SystemExit: pass\n"
        f"assert not set(sys.modules) & set({heavy!r}), set(sys.modules) & set({heavy!r})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, cwd=ROOT)  # noqa: S603  # our own code
    assert done.returncode == 0, done.stderr.decode()


def test_an_unknown_command_or_option_is_a_usage_error(run: Run) -> None:
    assert run("nothing").exit_code == 2
    assert run("check").exit_code == 2
    assert run("coverage", "sample:jiangsu", "--base", "nobody").exit_code == 2


# asking ------------------------------------------------------------------------------------------


def test_a_question_is_answered_as_json(run: Run) -> None:
    done = run("gaps", "sample:jiangsu", "--format", "json")
    assert done.exit_code == 0
    read = json.loads(done.stdout)
    assert [row["state"] for row in read["rows"]] == ["not_reported"] * 8
    assert read["question"] == "gaps"
    assert len(read["not_reported"]) == 17


@pytest.mark.parametrize("name", QUESTION_NAMES)
def test_every_question_writes_its_sheet(run: Run, tmp_path: Path, name: str) -> None:
    done = run(name, "sample:jiangsu", "--format", "xlsx")
    assert done.exit_code == 0, done.output
    question = questions()[name]
    book = openpyxl.load_workbook(tmp_path / f"{question.sheet}.xlsx")
    people = [c.zh for c in question.columns if not c.machine]
    found = [str(cell.value).removesuffix("(万元)") for cell in book.worksheets[0][1]]
    assert found == people
    assert book.sheetnames[-1] == "口径"


def test_the_suffix_of_the_output_chooses_the_format(run: Run, tmp_path: Path) -> None:
    assert run("gaps", "sample:jiangsu", "-o", "a.csv").exit_code == 0
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == 9
    assert rows[0][0] == "序号"
    again = run("gaps", "sample:jiangsu", "-o", "a.csv")
    assert again.exit_code == 2
    assert "--force" in again.stderr
    assert "Traceback" not in again.stderr
    assert run("gaps", "sample:jiangsu", "-o", "a.csv", "--force").exit_code == 0


def test_a_filter_that_names_nothing_lists_the_choices(run: Run) -> None:
    done = run("gaps", "sample:jiangsu", "--chain", "没有的链")
    assert done.exit_code == 2
    assert done.stderr.startswith("liantu: ")
    assert done.stderr.count("\n") == 1
    assert "没有的链" in done.stderr


def test_a_source_that_does_not_exist_is_one_line(run: Run) -> None:
    done = run("gaps", "没有.xlsx")
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    assert run("gaps", "sample:nowhere").exit_code == 2


def test_english_is_english(run: Run) -> None:
    done = run("coverage", "sample:jiangsu", "--lang", "en", "--limit", "3")
    assert done.exit_code == 0
    assert "Data as of" in done.stdout


def test_earlier_data_may_be_given(run: Run) -> None:
    done = run("gaps", "sample:jiangsu", "--earlier", "sample:jiangsu", "--format", "json")
    assert done.exit_code == 0
    assert {row["previous"] for row in json.loads(done.stdout)["rows"]} == {"not_reported"}


# errors in the data ------------------------------------------------------------------------------


def test_errors_in_the_data_stop_a_question(run: Run, tmp_path: Path) -> None:
    source = str(workbook(tmp_path / "表.xlsx", BAD))
    done = run("coverage", source, "--format", "json")
    assert done.exit_code == 1
    assert done.stdout == ""
    assert "E107" in done.stderr
    assert "--allow-partial" in done.stderr


def test_a_partial_answer_says_so_and_keeps_the_rejected_rows(run: Run, tmp_path: Path) -> None:
    source = str(workbook(tmp_path / "表.xlsx", BAD))
    done = run("coverage", source, "--allow-partial", "--format", "json")
    assert done.exit_code == 0, done.stderr
    read = json.loads(done.stdout)
    assert "处错误" in read["notes"][0]
    rejects = tmp_path / "表.rejects.xlsx"
    if rejects.exists():
        book = openpyxl.load_workbook(rejects)
        values = [cell.value for row in book["企业"].iter_rows() for cell in row]
        assert "甲公司" in values
        assert "乙公司" not in values
        assert any(str(value).startswith("E107") for value in values)


def test_check_exits_by_what_it_found(run: Run, tmp_path: Path) -> None:
    good, bad = workbook(tmp_path / "a.xlsx", GOOD), workbook(tmp_path / "b.xlsx", BAD)
    assert run("check", str(good)).exit_code == 0
    done = run("check", str(bad), "--format", "json", "-o", "问题.xlsx")
    assert done.exit_code == 1
    read = json.loads(done.stdout)
    assert read["counts"]["error"] >= 1
    finding = read["findings"][0]
    assert (finding["code"], finding["sheet"], finding["row"]) == ("E107", "企业", 2)
    assert read["sheets"][0]["header_row"] == "1"
    copied = openpyxl.load_workbook(tmp_path / "问题.xlsx")["企业"]
    assert copied["C1"].value == "问题说明"
    assert "E107" in str(copied["C2"].value)
    assert copied["C3"].value is None


def test_a_header_that_is_nobodys_is_mapped_once(run: Run, tmp_path: Path) -> None:
    rows = [["纳税人", "产值(万元)", "地区"], ["甲公司", "5", "南京市"]]
    source = str(workbook(tmp_path / "表.xlsx", {"企业": rows}))
    assert run("check", source, "--write-map", "map.toml").exit_code == 1
    text = (tmp_path / "map.toml").read_text(encoding="utf-8")
    assert "纳税人" in text
    mapped = '["企业"]\nsheet = "企业"\n["企业".columns]\n"纳税人" = "企业名称"\n'
    (tmp_path / "map.toml").write_text(mapped, encoding="utf-8")
    assert run("check", source, "--map", "map.toml").exit_code == 0
    assert run("coverage", source, "--map", "map.toml").exit_code == 0


# the other commands ------------------------------------------------------------------------------


def test_the_demo_reports_on_both_samples_and_again(run: Run, tmp_path: Path) -> None:
    done = run("demo")
    assert done.exit_code == 0, done.output
    folder = tmp_path / "liantu-demo"
    written = sorted(
        str(f.relative_to(folder)) for f in folder.rglob("*") if f.suffix in {".xlsx", ".html"}
    )
    assert written == [
        f"{sample}{os.sep}{name}"
        for sample in ("chenglan", "jiangsu")
        for name in ("network.html", "report.xlsx")
    ]
    assert str(folder / "jiangsu" / "report.xlsx") in done.output
    assert "未填报 8" in done.output
    (folder / "jiangsu" / "report.xlsx").write_bytes(b"edited")
    again = run("demo")
    assert again.exit_code == 2
    assert (folder / "jiangsu" / "report.xlsx").read_bytes() == b"edited"


def test_the_report_holds_every_question(run: Run, tmp_path: Path) -> None:
    assert run("report", "sample:jiangsu", "-o", "月报.xlsx").exit_code == 0
    names = openpyxl.load_workbook(tmp_path / "月报.xlsx").sheetnames
    assert names[0] == "摘要"
    assert names[-1] == "口径"
    assert {question.sheet for question in questions().values()} <= set(names)
    read = json.loads(run("report", "sample:jiangsu", "--format", "json").stdout)
    assert list(read) == list(QUESTION_NAMES)


def test_the_network_is_one_page(run: Run, tmp_path: Path) -> None:
    assert run("network", "sample:jiangsu", "-o", "图.html").exit_code == 0
    text = (tmp_path / "图.html").read_text(encoding="utf-8")
    assert text.lstrip().lower().startswith("<!doctype html>")
    assert "default-src 'none'" in text.replace("&#x27;", "'")


def test_the_template_loads_without_an_error(run: Run, tmp_path: Path) -> None:
    assert run("template", "-o", "模板.xlsx").exit_code == 0
    assert run("template", "-o", "模板.xlsx").exit_code == 2
    done = run("check", str(tmp_path / "模板.xlsx"), "--format", "json")
    read = json.loads(done.stdout)
    assert [f["message"] for f in read["findings"] if f["severity"] == "error"] == []
    assert done.exit_code == 0


def test_samples_are_listed_and_copied_out(run: Run, tmp_path: Path) -> None:
    assert "sample:jiangsu" in run("samples").output
    assert run("samples", "jiangsu", "-o", "out").exit_code == 0
    assert (tmp_path / "out" / "jiangsu" / "企业.csv").is_file()
    assert run("samples", "jiangsu", "-o", "out").exit_code == 2
    assert run("check", str(tmp_path / "out" / "jiangsu")).exit_code == 0


def test_the_doctor_names_versions_and_modules(run: Run) -> None:
    done = run("doctor", "--lang", "en")
    assert "pandas" in done.output
    assert "Module queries" in done.output


# consoles ----------------------------------------------------------------------------------------


_PLAIN = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.mark.parametrize(("encoding", "said"), [("gbk", "氢能产业"), ("ascii", "2023-07-11")])
def test_any_console_will_do(encoding: str, said: str) -> None:
    done = process("gaps", "sample:jiangsu", PYTHONIOENCODING=encoding, **_PLAIN)
    assert done.returncode == 0, done.stderr
    assert said in done.stdout.decode(encoding)


def test_json_stays_whole_whatever_the_locale(tmp_path: Path) -> None:
    output = str(tmp_path / "答案.json")
    done = process("gaps", "sample:jiangsu", "--format", "json", **_PLAIN)
    assert json.loads(done.stdout.decode("utf-8"))["rows"][0]["chain"] == "氢能产业"
    process("gaps", "sample:jiangsu", "-o", output, **_PLAIN)
    read = json.loads((tmp_path / "答案.json").read_text(encoding="utf-8"))
    assert read["rows"][0]["chain"] == "氢能产业"
