"""Answers in a terminal: tables that fit its width, and everything an answer carries besides."""

import sys
from typing import TYPE_CHECKING, Final

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from graphmodel.schema import Text
from views.basis import FILTERS, filters, heading, parameters
from views.cells import BLANK, visible
from views.sheet import Sheet, sheets

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from graphmodel.question import Column, Question, Result
    from views.stamp import Stamp

_PIPED_WIDTH: Final = 120
_WIDEST: Final = 30
_NARROWEST: Final = 8
_STYLES: Final = {
    "not_reported": "dim",
    "not_applicable": "dim",
    "short": "bold red",
    "broken_missing": "bold red",
    "broken_unlinked": "red",
    "weak": "yellow",
    "thin": "yellow",
    "sound": "green",
    "error": "bold red",
    "warning": "yellow",
    "notice": "dim",
}
_NO_ROWS: Final = Text("（没有行）", "(no rows)")
_SHOWN: Final = Text(
    "显示前 {shown} 行，共 {total} 行；--limit 0 全部显示",
    "first {shown} of {total} rows; --limit 0 shows all",
)
_HIDDEN: Final = Text(
    "另有 {n} 列未显示（{names}）；--format xlsx 可得全部",
    "{n} columns not shown ({names}); --format xlsx has all",
)


def console(file: "TextIO | None" = None) -> Console:
    """Return a console that takes data for text, never for markup, and survives any encoding."""
    stream = file or sys.stdout
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")
    width = None if stream.isatty() else _PIPED_WIDTH
    return Console(file=stream, width=width, markup=False, highlight=False, emoji=False)


def print_answer(  # what, from where, in which language, how much of it
    out: Console,
    question: "Question",
    result: "Result",
    stamp: "Stamp",
    *,
    lang: str = "zh",
    limit: int = 50,
) -> None:
    """Print an answer: title, tables, notes, what is not reported, basis."""
    line(out, question.en if lang == "en" else f"{question.zh}", style="bold")
    for number, sheet in enumerate(sheets(question, result, lang=lang)):
        if number:
            line(out, sheet.title, style="bold")
        print_sheet(out, sheet, limit=limit)
    print_texts(out, Text("说明", "Notes"), (*stamp.remarks, *result.notes), lang)
    print_texts(out, Text("未填报", "Not reported"), result.not_reported, lang)
    basis = [f"{label} {value}" for label, value in heading(stamp, lang)]
    basis.append(f"{FILTERS.pick(lang)} {filters(result, lang)}")
    line(out, " · ".join(basis), style="dim")
    if used := parameters(result, lang):
        values = "，".join(f"{p.name}={p.value}" for p in used)
        line(out, f"{Text('口径', 'Parameters').pick(lang)} {values}", style="dim")


def line(out: Console, text: str, style: str = "") -> None:
    """Print one line of text, whatever characters it holds."""
    out.print(Styled(visible(text), style=style))


def print_texts(out: Console, title: Text, texts: "Sequence[Text]", lang: str) -> None:
    """Print sentences under a heading; nothing where there are none."""
    if texts:
        line(out, f"{title.pick(lang)}", style="bold")
        for text in texts:
            line(out, f"· {text.pick(lang)}")


def print_sheet(out: Console, sheet: Sheet, *, limit: int = 50) -> None:
    """Print as many columns as fit, the first `limit` rows (0: all), and what was left out."""
    if not len(sheet):
        line(out, _NO_ROWS.pick(sheet.lang), style="dim")
        return
    shown = sheet.head(limit)
    chosen, hidden = _fitting(shown, out.width)
    cells = shown.legible()
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for number in chosen:
        right = shown.columns[number].type in {"integer", "number", "share", "money"}
        table.add_column(
            Styled(visible(shown.headers[number])),
            justify="right" if right else "left",
            max_width=_WIDEST,
            overflow="fold",
        )
    for row in range(len(shown)):
        table.add_row(*(_cell(shown, number, row, cells[number][row]) for number in chosen))
    out.print(table)
    if len(shown) < len(sheet):
        line(out, _SHOWN.pick(sheet.lang).format(shown=len(shown), total=len(sheet)), style="dim")
    if hidden:
        names = "、".join(shown.headers[number] for number in hidden)
        line(out, _HIDDEN.pick(sheet.lang).format(n=len(hidden), names=names), style="dim")


def _cell(sheet: Sheet, number: int, row: int, text: str) -> Styled:
    column = sheet.columns[number]
    style = _STYLES.get(str(sheet.plain[number][row]), "") if column.type == "state" else ""
    return Styled(text, style=style)


def _fitting(sheet: Sheet, width: int) -> tuple[list[int], list[int]]:
    """Return which columns fit the width, states before others, and which do not.

    Columns without any value and ids, which stand in every file, are neither.
    """
    cells = sheet.legible()
    useful = [
        number
        for number, column in enumerate(sheet.columns)
        if not _is_id(column) and any(text != BLANK for text in cells[number])
    ]
    order = sorted(useful, key=lambda number: (sheet.columns[number].type != "state", number))
    chosen: list[int] = []
    left = width
    for number in order:
        needed = min(_WIDEST, max(map(cell_len, (sheet.headers[number], *cells[number])))) + 2
        if needed <= left or (not chosen and left >= _NARROWEST):
            chosen.append(number)
            left -= needed
    return sorted(chosen), [number for number in useful if number not in chosen]


def _is_id(column: "Column") -> bool:
    return column.name == "id" or column.name.endswith("_id")
