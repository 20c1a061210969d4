"""The blank workbook that planners fill in: one sheet per kind, and a page that explains it."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from graphmodel.kinds import SHEETS, sheet_columns
from graphmodel.schema import Column, EdgeKind, NodeKind, Property, Reference, Text, Type
from views.excel import Book, write_text
from views.output import replacing

if TYPE_CHECKING:
    from collections.abc import Sequence

GUIDE: Final = Text("填写说明", "Guide")
_ROWS: Final = 2_000
_TYPES: Final = {
    Type.TEXT: Text("文字", "text"),
    Type.TEXTS: Text("文字，可多个，用；分开", "texts, separated by ;"),
    Type.CODE: Text("18 位统一社会信用代码，文本格式", "18-character credit code, as text"),
    Type.CHOICE: Text("选一", "one of"),
    Type.CHOICES: Text("可多选，用；分开", "any of, separated by ;"),
    Type.INTEGER: Text("整数", "whole number"),
    Type.NUMBER: Text("数", "number"),
    Type.SHARE: Text("比例，0–1 或百分数", "share, 0–1 or per cent"),
    Type.GROWTH: Text("增长率，可为负", "growth, may be negative"),
    Type.MONEY: Text("金额", "amount"),
    Type.BOOLEAN: Text("是/否", "是 or 否"),
    Type.DATE: Text(
        "日期，如 2026-10-31、2026-10、2026", "date, such as 2026-10-31, 2026-10, 2026"
    ),
}
_HEADERS: Final = (
    Text("工作表", "Sheet"),
    Text("列", "Column"),
    Text("必填", "Required"),
    Text("怎么填", "What to write"),
    Text("例（虚构）", "Example (invented)"),
    Text("说明", "Help"),
)


def write_template(
    path: Path, *, lang: str = "zh", example: bool = False, force: bool = False
) -> None:
    """Write the blank workbook; with `example` every sheet has an invented row or more.

    Raises:
        OutputError: The file exists or cannot be written.
    """
    with replacing(path, force=force) as draft:
        book = Book(draft)
        headers = [text.pick(lang) for text in _HEADERS]
        book.add_lines(GUIDE.pick(lang), [("", headers, guide(lang))])
        rows = example_rows() if example else {}
        for kind in SHEETS.values():
            _sheet(book, kind, rows.get(kind.name, []), lang)
        book.close()


def example_rows() -> dict[str, list[dict[str, str]]]:
    """Return an invented row for every kind, by column, and the rows that these refer to."""
    rows = {
        kind.name: [{c.name: c.example for c in sheet_columns(kind) if c.example}]
        for kind in SHEETS.values()
    }
    for kind in SHEETS.values():
        first = rows[kind.name][0]
        for column in kind.columns:
            if isinstance(column, Reference) and column.example:
                _add_referent(rows, column, first)
    return rows


def _add_referent(
    rows: dict[str, list[dict[str, str]]], column: Reference, row: dict[str, str]
) -> None:
    kinds = [name for name in column.to if name in rows]
    name = column.example.partition("@")[0]
    keys = ("id", "number", "name")
    known = [given.get(key) for kind in kinds for given in rows[kind] for key in keys]
    if kinds and name not in known:
        around = {column.within: row[column.within]} if column.within else {}
        rows[kinds[0]].append({"name": name, **around})


def guide(lang: str) -> "list[Sequence[str]]":
    """Return one line per column of every sheet: whether required, what to write, an example."""
    return [
        (
            kind.sheet_en if lang == "en" else kind.sheet,
            title(column, lang),
            Text("是", "yes").pick(lang) if column.required else "",
            what(column, lang),
            column.example,
            column.help.pick(lang),
        )
        for kind in SHEETS.values()
        for column in sheet_columns(kind)
    ]


def title(column: Column, lang: str) -> str:
    """Return the column's header with the unit of money."""
    label = column.en if lang == "en" else column.zh
    money = isinstance(column, Property) and column.type is Type.MONEY
    return f"{label}({column.unit})" if isinstance(column, Property) and money else label


def what(column: Column, lang: str) -> str:
    """Return in words what a cell of the column may hold."""
    if not isinstance(column, Property):
        words = Text("名称、编码或信用代码", "name, id or credit code").pick(lang)
        several = Text("，可多个，用；分开", ", several separated by ;").pick(lang)
        return words + several if column.many else words
    words = _TYPES[column.type].pick(lang)
    choices = " / ".join(choice.zh for choice in column.choices)
    return f"{words}：{choices}" if choices else words


def _sheet(book: Book, kind: NodeKind | EdgeKind, rows: list[dict[str, str]], lang: str) -> None:
    worksheet = book.worksheet(kind.sheet_en if lang == "en" else kind.sheet)
    columns = sheet_columns(kind)
    book.header(worksheet, 0, [title(column, lang) for column in columns])
    worksheet.freeze_panes(1, 0)
    text = book.style(num_format="@")
    for number, column in enumerate(columns):
        worksheet.set_column(number, number, 16, text)
        if column.help.pick(lang):
            worksheet.write_comment(0, number, column.help.pick(lang))
        if allowed := _allowed(column):
            rule = {"validate": "list", "source": allowed, "error_type": "information"}
            worksheet.data_validation(1, number, _ROWS, number, rule)
        for row, given in enumerate(rows, start=1):
            write_text(worksheet, row, number, given.get(column.name, ""), text)


def _allowed(column: Column) -> list[str]:
    if not isinstance(column, Property):
        return []
    if column.type is Type.BOOLEAN:
        return ["是", "否"]
    return [choice.zh for choice in column.choices] if column.type is Type.CHOICE else []
