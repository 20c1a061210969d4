"""Answers as Excel workbooks. Every text is written as text: no formula can start from data."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rich.cells import cell_len

from graphmodel.errors import OutputError
from graphmodel.schema import Text
from views.basis import FILTERS, filters, heading, meanings, parameters
from views.cells import visible
from views.output import replacing
from views.sheet import Sheet, sheets
from views.stamp import now

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from graphmodel.question import Column, Question, Result
    from views.stamp import Stamp

MAX_ROWS: Final = 1_048_576
MAX_TEXT: Final = 32_767
_CUT: Final = "…（已截断 cut）"
_NAME_LENGTH: Final = 31
_NAME_REFUSED: Final = str.maketrans(dict.fromkeys("[]:*?/\\", "_"))
_FORMATS: Final = {
    "integer": "#,##0",
    "money": "#,##0.00",
    "share": "0.0%",
    "date": "@",
}
_FILLS: Final = {
    "not_reported": "#E7E6E6",
    "not_applicable": "#F2F2F2",
    "short": "#F8CBAD",
    "broken_missing": "#F4A9A0",
    "broken_unlinked": "#F4C7C3",
    "weak": "#FFD966",
    "thin": "#FFF2CC",
    "sound": "#C6E0B4",
    "error": "#F4A9A0",
    "warning": "#FFE699",
    "notice": "#DDEBF7",
}
"""Fill of a state's cell by its code; the text always says the same."""

Block = tuple[str, Sequence[str], Iterable[Sequence[str]]]
"""A heading, a header row (or none) and rows of text."""

TOTAL: Final = Text("合计", "Total")
BASIS: Final = Text("口径", "Basis")
_BLANKS: Final = Text("空格表示未填报或不适用。", "A blank cell is not reported or does not apply.")


class Book:
    """A workbook being written, sheet by sheet."""

    def __init__(self, path: Path) -> None:
        """Open a workbook that will be written to `path` by `close`."""
        import xlsxwriter  # noqa: PLC0415  # only needed for Excel

        self._book = xlsxwriter.Workbook(
            str(path),
            {
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "nan_inf_to_errors": True,
            },
        )
        self._book.set_properties({"created": now().replace(tzinfo=None), "title": "Liantu 链图"})
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._names: set[str] = set()

    def close(self) -> None:
        """Write the file.

        Raises:
            OSError: It cannot be written.
        """
        from xlsxwriter.exceptions import FileCreateError  # noqa: PLC0415  # as above

        try:
            self._book.close()
        except FileCreateError as error:
            raise OSError(None, str(error)) from error

    def style(self, **properties: Any) -> "Format":  # noqa: ANN401  # as xlsxwriter takes them
        """Return the cell format with these properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format({"valign": "top", **properties})
        return self._formats[key]

    def worksheet(self, title: str) -> "Worksheet":
        """Add a worksheet named after `title`, made short, safe and unique."""
        base = visible(title).translate(_NAME_REFUSED).strip("' ")[:_NAME_LENGTH] or "Sheet"
        name, count = base, 2
        while name.lower() in self._names:
            mark = f"({count})"
            name, count = base[: _NAME_LENGTH - len(mark)] + mark, count + 1
        self._names.add(name.lower())
        return self._book.add_worksheet(name)

    def add_sheet(self, sheet: Sheet) -> None:
        """Add a table: headers, rows with the number format of each column, filter, frozen panes.

        Raises:
            OutputError: The table has more rows than Excel takes.
        """
        if len(sheet) >= MAX_ROWS:
            msg = (
                f"“{sheet.title}”有 {len(sheet)} 行，超过 Excel 的上限 {MAX_ROWS - 1}："
                f"请用 --format csv。 {sheet.title!r} has {len(sheet)} rows, Excel takes"
                f" {MAX_ROWS - 1}: use --format csv."
            )
            raise OutputError(msg)
        worksheet = self.worksheet(sheet.title)
        headers = sheet.headers
        self.header(worksheet, 0, headers)
        codes = dict(zip((c.name for c in sheet.columns), sheet.plain, strict=True))
        for number, (column, values) in enumerate(sheet.worded()):
            self._column(worksheet, number, column, values, codes[column.name])
            width = max([cell_len(headers[number]) + 3, *map(_width, values[:300])])
            worksheet.set_column(number, number, min(max(width, 6), 48))
        self._totals(worksheet, sheet)
        worksheet.freeze_panes(1, 0)
        if headers:
            worksheet.autofilter(0, 0, max(len(sheet), 1), len(headers) - 1)

    def _totals(self, worksheet: "Worksheet", sheet: Sheet) -> None:
        """Close the sheet with 合计 where adding up is legal and every row reports."""
        plain = dict(zip((c.name for c in sheet.columns), sheet.plain, strict=True))
        sums = [
            (number, sum(plain[column.name]))
            for number, (column, _) in enumerate(sheet.worded())
            if column.summed and None not in plain[column.name]
        ]
        if not sums or len(sheet) < 2:  # noqa: PLR2004  # one row is its own total
            return
        row, bold = len(sheet) + 1, self.style(bold=True, top=1)
        write_text(worksheet, row, 0, TOTAL.pick(sheet.lang), bold)
        for number, value in sums:
            worksheet.write_number(row, number, value, bold)

    def header(self, worksheet: "Worksheet", row: int, headers: Sequence[str]) -> None:
        """Write a row of headers."""
        bold = self.style(bold=True, bg_color="#1F4E78", font_color="#FFFFFF", text_wrap=True)
        for number, text in enumerate(headers):
            write_text(worksheet, row, number, text, bold)

    def _column(
        self,
        worksheet: "Worksheet",
        number: int,
        column: "Column",
        values: Sequence[str | float | None],
        codes: Sequence[Any],
    ) -> None:
        number_format = _FORMATS.get(column.type, "General")
        figures, words = self.style(num_format=number_format), self.style(text_wrap=True)
        fills = column.type == "state"
        for row, value in enumerate(values, start=1):
            if isinstance(value, str):
                fill = _FILLS.get(str(codes[row - 1])) if fills else None
                style = self.style(text_wrap=True, bg_color=fill) if fill else words
                write_text(worksheet, row, number, value, style)
            elif value is not None:
                worksheet.write_number(row, number, value, figures)

    def add_lines(self, title: str, blocks: "Iterable[Block]") -> None:
        """Add a sheet of blocks, each a heading, a header row (or none) and rows of text."""
        worksheet = self.worksheet(title)
        wrap, bold = self.style(text_wrap=True), self.style(bold=True, font_size=12)
        row = 0
        for heading_, headers, lines in blocks:
            write_text(worksheet, row, 0, heading_, bold)
            row += 1
            if headers:
                self.header(worksheet, row, headers)
                row += 1
            for line in lines:
                for number, cell in enumerate(line):
                    write_text(worksheet, row, number, cell, wrap)
                row += 1
            row += 1
        worksheet.set_column(0, 0, 28)
        worksheet.set_column(1, 4, 40)


def write_text(
    worksheet: "Worksheet", row: int, column: int, text: str, style: "Format | None" = None
) -> None:
    """Write text as a string, whatever it starts with; text that is too long says it was cut."""
    if len(text) > MAX_TEXT:
        text = text[: MAX_TEXT - len(_CUT)] + _CUT
    worksheet.write_string(row, column, visible(text), style)


def _width(value: str | float | None) -> int:
    return cell_len(value) + 2 if isinstance(value, str) else 0 if value is None else 12


def write_answer(  # what, from where, in which language, and whether to replace
    path: Path,
    question: "Question",
    result: "Result",
    stamp: "Stamp",
    *,
    lang: str = "zh",
    force: bool = False,
) -> None:
    """Write one answer: its rows, its further tables and the sheet 口径.

    Raises:
        OutputError: The file exists, cannot be written, or a table is too long for Excel.
    """
    with replacing(path, force=force) as draft:
        book = Book(draft)
        for sheet in sheets(question, result, lang=lang):
            book.add_sheet(sheet)
        book.add_lines(BASIS.pick(lang), basis_blocks([(question, result)], stamp, lang))
        book.close()


def basis_blocks(
    answers: Sequence[tuple["Question", "Result"]], stamp: "Stamp", lang: str
) -> "list[Block]":
    """Return the blocks of the sheet 口径: origin, notes, parameters, meanings, files, sources."""
    zh = lang != "en"
    blocks: list[Block] = []
    remarks = [(_BLANKS.pick(lang),), *((remark.pick(lang),) for remark in stamp.remarks)]
    blocks.append((BASIS.pick(lang), (), [*heading(stamp, lang), *remarks]))
    for question, result in answers:
        title = f"{question.sheet} {question.zh}" if zh else question.en
        lines: list[Sequence[str]] = [(FILTERS.pick(lang), filters(result, lang))]
        lines += [("说明" if zh else "Note", note.pick(lang)) for note in result.notes]
        lines += [("未填报" if zh else "Not reported", t.pick(lang)) for t in result.not_reported]
        blocks.append((title, (), lines))
        headers: Sequence[str] = (
            ("参数", "含义", "取值", "默认值", "默认值出处")
            if zh
            else ("Parameter", "Meaning", "Value", "Default", "Source of the default")
        )
        if rows := parameters(result, lang):
            blocks.append(("参数" if zh else "Parameters", headers, list(rows)))
        headers = ("表", "列", "含义") if zh else ("Table", "Column", "Meaning")
        if described := meanings(question, lang):
            blocks.append(("各列含义" if zh else "Columns", headers, list(described)))
    headers = ("文件", "SHA-256", "行数", "编码") if zh else ("File", "SHA-256", "Rows", "Encoding")
    files = [(f.name, f.sha256, str(f.rows), f.encoding) for f in stamp.files]
    blocks.append(("数据文件" if zh else "Files", headers, list(files)))
    if stamp.citations:
        cited = [(citation,) for citation in stamp.citations]
        blocks.append(("来源" if zh else "Sources cited", (), list(cited)))
    return blocks
