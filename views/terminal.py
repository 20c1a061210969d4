"""Answers in a terminal: tables that fit its width, and everything an answer carries besides."""

import sys
from typing import TYPE_CHECKING, Final, NamedTuple

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
_WIDEST: Final = 24
_SENTENCE: Final = 40
_GAP: Final = 2
_FURTHER: Final = 10
"""Rows shown of a further table, unless all are wanted."""

_NUMERIC: Final = {"integer", "year", "number", "share", "money"}
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
_SAME: Final = Text("各行相同：", "the same in every row: ")
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
    """Print an answer: title, tables, notes, what is not reported, basis.

    At most `limit` rows of the answer and ten of each further table are shown; 0 shows all.
    """
    line(out, question.en if lang == "en" else f"{question.zh}", style="bold")
    for number, sheet in enumerate(sheets(question, result, lang=lang)):
        if number:
            out.print()
            line(out, sheet.title, style="bold")
        print_sheet(out, sheet, limit=min(limit, _FURTHER) if number else limit)
    print_texts(out, Text("说明", "Notes"), (*stamp.remarks, *result.notes), lang)
    print_texts(out, Text("未填报", "Not reported"), result.not_reported, lang)
    out.print()
    basis = [f"{label} {value}" for label, value in heading(stamp, lang)]
    basis.append(f"{FILTERS.pick(lang)} {filters(result, lang)}")
    line(out, " · ".join(basis), style="dim")
    if used := parameters(result, lang):
        values = ", ".join(f"{p.name}={p.value}" for p in used)
        line(out, f"{Text('口径', 'Parameters').pick(lang)} {values}", style="dim")


def line(out: Console, text: str, style: str = "") -> None:
    """Print one line of text, whatever characters it holds; the terminal itself wraps it."""
    out.print(Styled(visible(text), style=style), soft_wrap=True)


def print_texts(out: Console, title: Text, texts: "Sequence[Text]", lang: str) -> None:
    """Print sentences under a heading; nothing where there are none."""
    if texts:
        out.print()
        line(out, title.pick(lang), style="bold")
        for text in texts:
            line(out, f"· {text.pick(lang)}")


def print_sheet(out: Console, sheet: Sheet, *, limit: int = 50) -> None:
    """Print as many columns as fit, the first `limit` rows (0: all), and what was left out.

    What a row is about comes first, then states, then the columns in their order; what is the same
    in every row stands in one line below, and the sentence that says why takes the room that is
    left.
    """
    if not len(sheet):
        line(out, _NO_ROWS.pick(sheet.lang), style="dim")
        return
    shown = sheet.head(limit)
    cells, headers = shown.legible(), [visible(header) for header in shown.headers]
    plan = _fit(
        sheet, [[header, *column] for header, column in zip(headers, cells, strict=True)], out.width
    )
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for number, width in plan.widths.items():
        right = shown.columns[number].type in _NUMERIC
        table.add_column(
            Styled(headers[number]),
            justify="right" if right else "left",
            max_width=width,
            overflow="fold",
        )
    for row in range(len(shown)):
        table.add_row(*(_cell(shown, number, row, cells[number][row]) for number in plan.widths))
    out.print(table)
    if len(shown) < len(sheet):
        line(out, _SHOWN.pick(sheet.lang).format(shown=len(shown), total=len(sheet)), style="dim")
    if plan.same:
        said = "；".join(f"{headers[number]} {cells[number][0]}" for number in plan.same)
        line(out, f"{_SAME.pick(sheet.lang)}{said}", style="dim")
    if plan.hidden:
        names = "、".join(headers[number] for number in plan.hidden)
        line(out, _HIDDEN.pick(sheet.lang).format(n=len(plan.hidden), names=names), style="dim")


def _cell(sheet: Sheet, number: int, row: int, text: str) -> Styled:
    column = sheet.columns[number]
    style = _STYLES.get(str(sheet.plain[number][row]), "") if column.type == "state" else ""
    return Styled(text, style=style)


class _Plan(NamedTuple):
    """Which columns are shown how wide, which are the same in every row, which do not fit."""

    widths: dict[int, int]
    same: list[int]
    hidden: list[int]


def _fit(sheet: Sheet, cells: list[list[str]], width: int) -> _Plan:
    """Choose columns; those without any value and ids, which stand in every file, are left out."""
    columns = list(enumerate(sheet.columns))
    useful = [
        n for n, c in columns if not _is_id(c) and any(text != BLANK for text in cells[n][1:])
    ]
    same = [n for n in useful if _is_same(sheet, n)]
    varying = [n for n in useful if n not in same]
    needed = {n: max(map(cell_len, cells[n])) for n in varying}
    sentence = _sentence(sheet, needed)
    subject = next((n for n in varying if _is_subject(sheet.columns[n])), -1)
    order = sorted(varying, key=lambda n: (n != sentence, n != subject, _rank(sheet.columns[n]), n))
    widths: dict[int, int] = {}
    for number in order:
        wanted = min(needed[number], _SENTENCE if number == sentence else _WIDEST)
        if wanted + _GAP <= width or not widths:
            widths[number] = wanted
            width -= wanted + _GAP
    if sentence in widths:
        widths[sentence] = min(needed[sentence], widths[sentence] + max(width, 0))
    chosen = sorted(widths, key=lambda n: (n == sentence, n))
    hidden = [n for n in varying if n not in widths]
    return _Plan({n: widths[n] for n in chosen}, same, hidden)


def _rank(column: "Column") -> int:
    return 0 if column.type in {"state", "interval"} or column.name == "action" else 1


def _is_subject(column: "Column") -> bool:
    """Whether the first such column tells what a row is about; chain and region are its setting."""
    return column.type == "text" and column.name not in {"chain", "region"}


def _is_same(sheet: Sheet, number: int) -> bool:
    if len(sheet) == 1 or sheet.columns[number].type == "state":
        return False
    return len(set(map(repr, sheet.plain[number]))) == 1


def _sentence(sheet: Sheet, needed: dict[int, int]) -> int:
    """Return the column that may take more room: the reason, else the longest; -1 for none."""
    reasons = [n for n in needed if sheet.columns[n].name == "reason"]
    return max(
        reasons or [n for n in needed if needed[n] > _WIDEST], key=needed.__getitem__, default=-1
    )


def _is_id(column: "Column") -> bool:
    return column.name == "id" or column.name.endswith("_id")
