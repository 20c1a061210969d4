"""A hostile workbook, from end to end: findings and inert outputs, never a traceback."""

import json
import os
import re
import subprocess
import sys
import zipfile
from html import unescape
from pathlib import Path

import openpyxl
import pytest

NAMES = (
    "<script>alert(1)</script>有限公司",
    '"><img src=x onerror=alert(1)>',
    '=HYPERLINK("http://example.invalid","点我")',
    "\t=1+1",
    "＝2+2",
    "' OR 1=1 --",
    "Robby' DETACH DELETE n //",
    "恒立\u200b液压",
    "\u202e倒写公司",
    "NA",
    "null",
    "{title} %s {{x}}",
    "a|b\n# 标题",
    "[red]粗体[/red]",
)
CHAINS = ("../../x", "CON", "a/b:c*?", "</script><script>alert(2)</script>")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "恶意<b>.xlsx"
    book = openpyxl.Workbook()
    firms = book.active
    assert firms is not None
    firms.title = "企业"
    firms.append(["企业名称", "统一社会信用代码", "产业链", "产值(万元)", "联系人", "手机"])
    for number, name in enumerate(NAMES):
        firms.append([name, "", CHAINS[number % len(CHAINS)], 100 + number, "张某", "13800001234"])
        firms.cell(firms.max_row, 1).data_type = "s"
    firms.append(["数字代码公司", 913501001234567890, CHAINS[0], 5, "", ""])
    chains = book.create_sheet("产业链")
    segments = book.create_sheet("环节")
    links = book.create_sheet("环节上下游")
    places = book.create_sheet("企业环节")
    chains.append(["产业链名称"])
    segments.append(["环节名称", "产业链"])
    links.append(["产业链", "上游环节", "下游环节"])
    places.append(["企业名称", "产业链", "环节"])
    for chain in CHAINS:
        chains.append([chain])
        segments.append(["=cmd|' /C calc'!A0", chain])
        segments.append(["<b>下游</b>", chain])
        links.append([chain, "=cmd|' /C calc'!A0", "<b>下游</b>"])
    for number, name in enumerate(NAMES):
        places.append([name, CHAINS[number % len(CHAINS)], "<b>下游</b>"])
        places.cell(places.max_row, 1).data_type = "s"
    for sheet in (segments, links, places):
        for row in sheet.iter_rows():
            for cell in row:
                cell.data_type = "s"
    book.save(path)
    return path


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rejects files go where the command runs."""
    monkeypatch.chdir(tmp_path)


def liantu(*words: object, **env: str) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).parent.parent
    program = "import sys; from cli import main; main()"
    done = subprocess.run(  # noqa: S603  # our own command
        [sys.executable, "-W", "error", "-c", program, *map(str, words)],
        capture_output=True, encoding="utf-8", errors="replace", timeout=300, check=False,
        env={**os.environ, "PYTHONPATH": str(root), **env},
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    assert "Traceback" not in done.stdout
    return done


def test_check_finds_and_masks(hostile: Path) -> None:
    done = liantu("check", hostile, "--format", "json")
    assert done.returncode in {0, 1}
    report = json.loads(done.stdout)
    text = json.dumps(report, ensure_ascii=False)
    assert "13800001234" not in text
    assert "张某" not in text
    found = {finding["code"] for finding in report["findings"]}
    assert {"E104", "E113", "S209"} <= found
    assert all(f["message"] and f["advice"] for f in report["findings"])


def test_answers_keep_hostile_names_as_text(hostile: Path) -> None:
    done = liantu("gaps", hostile, "--format", "json", "--allow-partial")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert {row["chain"] for row in answer["rows"]} == set(CHAINS)
    leads = json.loads(liantu("leads", hostile, "--format", "json", "--allow-partial").stdout)
    kept = {row["enterprise"] for row in leads["rows"]}
    assert {"NA", "null", "恒立液压", "＝2+2", "' OR 1=1 --"} <= kept
    assert not any("\u202e" in name or "\u200b" in name for name in kept)


def test_the_report_holds_no_formula_and_no_markup(hostile: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.xlsx"
    done = liantu("report", hostile, "--allow-partial", "-o", out)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(out) as parts:
        sheets = [
            parts.read(name).decode() for name in parts.namelist() if "worksheets/sheet" in name
        ]
    assert sheets
    assert not any(re.search("<f[ >]", sheet) for sheet in sheets)
    again = liantu("report", hostile, "--allow-partial", "-o", out)
    assert again.returncode == 2
    assert "--force" in again.stderr


def test_csv_and_markdown_are_inert(hostile: Path, tmp_path: Path) -> None:
    table = tmp_path / "leads.csv"
    assert (
        liantu("leads", hostile, "--allow-partial", "--format", "csv", "-o", table).returncode == 0
    )
    cells = table.read_text(encoding="utf-8-sig")
    assert not re.search(r'(^|,)"?[=＝]', cells, re.MULTILINE)
    page = tmp_path / "leads.md"
    assert liantu("leads", hostile, "--allow-partial", "--format", "md", "-o", page).returncode == 0
    assert "<script>" not in page.read_text(encoding="utf-8")


def test_the_page_holds_no_markup_from_the_data(hostile: Path, tmp_path: Path) -> None:
    page = tmp_path / "网络.html"
    done = liantu("network", hostile, "--allow-partial", "-o", page)
    assert done.returncode == 0, done.stderr
    html = page.read_text(encoding="utf-8")
    assert "<script>alert" not in html
    assert "onerror=alert(1)>" not in html
    assert not re.search(r"""(src|href)\s*=\s*["']?https?:""", html)
    assert "default-src 'none'" in unescape(html)


def test_a_console_without_unicode_still_works(hostile: Path) -> None:
    done = liantu("check", hostile, LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="gbk")
    assert done.returncode in {0, 1}


def test_a_bomb_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    row = b'<row r="1"><c r="A1" t="inlineStr"><is><t>' + b"A" * 1000 + b"</t></is></c></row>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        book.writestr("xl/workbook.xml", "<workbook/>")
        book.writestr("xl/worksheets/sheet1.xml", b"<worksheet><sheetData>" + row * 100_000)
    assert path.stat().st_size < 1_000_000
    done = liantu("check", path)
    assert done.returncode in {1, 2}
    assert "bomb.xlsx" in done.stderr + done.stdout


def test_a_csv_folder_of_mixed_encodings(tmp_path: Path) -> None:
    folder = tmp_path / "表"
    folder.mkdir()
    (folder / "企业.csv").write_bytes(
        "企业名称,产业链\n㐂甲公司,氢能\n镕公司,氢能\n".encode("gb18030")
    )
    (folder / "环节.csv").write_bytes("环节名称,产业链\n制\x00,氢能\n".encode("utf-16"))
    (folder / "坏.csv").write_bytes(b"\xff\xfe\xfa\x81\x30")
    done = liantu("check", folder, "--format", "json")
    found = json.loads(done.stdout)["findings"]
    assert {"E105", "E113"} <= {finding["code"] for finding in found}


@pytest.mark.parametrize(
    "words",
    [
        ("gaps", "sample:nowhere"),
        ("gaps", "no-such-file.xlsx"),
        ("gaps", "sample:jiangsu", "--chain", "不存在的链"),
        ("gaps", "sample:jiangsu", "--format", "pdf"),
        ("gaps", "sample:jiangsu", "--min-placed", "many"),
        ("network",),
        ("nonsense",),
    ],
)
def test_wrong_usage_is_a_sentence_and_status_2(words: tuple[str, ...]) -> None:
    done = liantu(*words)
    assert done.returncode == 2
    assert len(done.stderr.strip()) > 10
