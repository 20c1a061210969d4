"""The blank workbook: every column of the declaration, and example rows that load."""

from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook

from graphmodel.errors import OutputError, UsageError
from graphmodel.findings import ERROR
from graphmodel.kinds import SHEETS, sheet_columns
from graphmodel.schema import Property, Type
from loaders import load
from loaders.template import write_template
from loaders.vocabulary import column_of


@pytest.fixture(scope="module", params=["zh", "en"])
def template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / f"{request.param}.xlsx"
    return write_template(path, lang=request.param)


@pytest.fixture(scope="module")
def book(template: Path) -> Workbook:
    return openpyxl.load_workbook(template)


def test_example_rows_load_without_an_error(template: Path) -> None:
    loaded = load(template)
    table = loaded.findings.frame()
    assert table[table["severity"] == ERROR].empty, table.to_string()
    assert set(table["rule"]) <= {"E101.outside"}
    read = {sheet.kind.name for sheet in loaded.sheets if sheet.kind is not None}
    assert read == {kind.name for kind in SHEETS.values()}


def test_every_column_stands_under_a_header_that_is_recognised(book: Workbook) -> None:
    pages = book.worksheets[1:]
    assert len(pages) == len(SHEETS)
    for page, kind in zip(pages, SHEETS.values(), strict=True):
        columns = sheet_columns(kind)
        titles = [str(cell.value) for cell in page[1]]
        assert len(titles) == len(columns)
        for title, column in zip(titles, columns, strict=True):
            assert column_of(kind.name, title) == column.name, (kind.name, title)
            assert title.endswith("*") == column.required
            is_money = isinstance(column, Property) and column.type is Type.MONEY
            assert ("万元" in title) == is_money


def test_headers_have_notes_and_stay_in_sight(book: Workbook) -> None:
    for page in book.worksheets[1:]:
        assert page.freeze_panes == "A2"
        for cell in page[1]:
            assert cell.comment is not None
            assert cell.comment.text


def test_choices_are_offered(book: Workbook) -> None:
    page = book.worksheets[1 + list(SHEETS).index("企业")]
    lists = {rule.formula1 for rule in page.data_validations.dataValidation}
    assert '"大,中,小,微"' in lists
    assert '"是,否"' in lists


def test_codes_are_formatted_as_text(book: Workbook) -> None:
    page = book.worksheets[1 + list(SHEETS).index("企业")]
    names = [column.name for column in sheet_columns(SHEETS["企业"])]
    letter = page.cell(1, names.index("credit_code") + 1).column_letter
    assert page.column_dimensions[letter].number_format == "@"


def test_examples_say_that_they_are_invented(book: Workbook) -> None:
    page = book.worksheets[1 + list(SHEETS).index("企业")]
    assert "虚构" in str(page.cell(2, 1).value)


def test_existing_file_and_unknown_language_are_refused(tmp_path: Path) -> None:
    path = write_template(tmp_path / "模板.xlsx")
    with pytest.raises(OutputError, match="--force"):
        write_template(path)
    write_template(path, force=True)
    with pytest.raises(UsageError, match="zh、en"):
        write_template(tmp_path / "x.xlsx", lang="fr")
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="写不了"):
        write_template(tmp_path / "file" / "x.xlsx")
