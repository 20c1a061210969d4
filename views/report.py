"""The month's report: a summary and every answer, as one workbook and in the terminal."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from graphmodel.schema import Text
from views.basis import heading
from views.cells import interval, plain, visible, worded
from views.excel import BASIS, Block, Book, basis_blocks
from views.output import replacing
from views.sheet import sheets
from views.terminal import line, print_sheet, print_texts

if TYPE_CHECKING:
    from rich.console import Console

    from graphmodel.question import Column, Question, Result
    from views.stamp import Stamp

Answers = Sequence[tuple["Question", "Result"]]

SUMMARY: Final = Text("摘要", "Summary")
_TITLE: Final = Text("产业链与联盟月报", "Monthly report on chains and alliances")
_HEADERS: Final = (
    Text("问题", "Question"),
    Text("工作表", "Sheet"),
    Text("行数", "Rows"),
    Text("要点", "In short"),
    Text("未填报", "Not reported"),
)
_COVERED: Final = {"by", "measure", "eligible", "covered", "not_reported", "interval"}


def write_report(
    path: Path, answers: Answers, stamp: "Stamp", *, lang: str = "zh", force: bool = False
) -> None:
    """Write the report: 摘要, then every answer with its further tables, then 口径.

    Raises:
        OutputError: The file exists, cannot be written, or a table is too long for Excel.
    """
    with replacing(path, force=force) as draft:
        book = Book(draft)
        blocks: list[Block] = [
            (_TITLE.pick(lang), (), heading(stamp, lang)),
            (SUMMARY.pick(lang), [text.pick(lang) for text in _HEADERS], summary(answers, lang)),
        ]
        book.add_lines(SUMMARY.pick(lang), blocks)
        for question, result in answers:
            for sheet in sheets(question, result, lang=lang):
                book.add_sheet(sheet)
        book.add_lines(BASIS.pick(lang), basis_blocks(answers, stamp, lang))
        book.close()


def summary(answers: Answers, lang: str) -> list[list[str]]:
    """Return one line per question: its title, sheet, rows, headline and what was not reported."""
    return [
        [
            question.en if lang == "en" else question.zh,
            sheets(question, result, lang=lang)[0].title,
            str(len(result.rows)),
            headline(question, result, lang),
            "\n".join(text.pick(lang) for text in result.not_reported),
        ]
        for question, result in answers
    ]


def headline(question: "Question", result: "Result", lang: str) -> str:
    """Return the answer in a few words: totals with their interval, or rows by state or truth."""
    columns = {column.name: column for column in question.columns}
    if columns.keys() >= _COVERED:
        return _totals(columns, result.rows, lang)
    for column in question.columns:
        if column.type == "state":
            return _states(column, result.rows, lang)
        if column.type == "boolean":
            return _truth(column, result.rows, lang)
    return ""


def _totals(columns: Mapping[str, "Column"], rows: pd.DataFrame, lang: str) -> str:
    totals = rows[rows["by"] == "total"]
    parts = []
    for row in totals.to_dict("records"):
        label = columns["measure"].states.get(str(row["measure"]))
        name = label.pick(lang) if label else str(row["measure"])
        rate = row["interval"]
        share = f" [{interval(rate)}]" if isinstance(rate, list | tuple) else ""
        words = Text("未填报", "not reported").pick(lang)
        counted = f"{row['covered']}/{row['eligible']}"
        parts.append(f"{name} {counted}{share} {words} {row['not_reported']}")
    return "；".join(parts)


def _states(column: "Column", rows: pd.DataFrame, lang: str) -> str:
    counts = rows[column.name].value_counts()
    known = [code for code in column.states if code in counts.index]
    return " · ".join(f"{column.states[code].pick(lang)} {counts[code]}" for code in known)


def _truth(column: "Column", rows: pd.DataFrame, lang: str) -> str:
    words = pd.Series(worded(column, plain(rows[column.name]), lang), dtype="str").value_counts()
    said = " · ".join(f"{word} {count}" for word, count in words.items())
    return f"{column.en if lang == 'en' else column.zh}：{said}" if said else ""


def print_report(
    out: "Console", answers: Answers, stamp: "Stamp", *, lang: str = "zh", limit: int = 10
) -> None:
    """Print the report: each question's headline, its first rows and what was not reported."""
    line(out, f"{_TITLE.pick(lang)} · {visible(stamp.source)}", style="bold")
    line(out, " · ".join(f"{label} {value}" for label, value in heading(stamp, lang)), style="dim")
    print_texts(out, Text("说明", "Notes"), stamp.remarks, lang)
    for question, result in answers:
        out.print()
        main = sheets(question, result, lang=lang)[0]
        title = question.en if lang == "en" else f"{question.sheet}：{question.zh}"
        line(out, title, style="bold")
        if words := headline(question, result, lang):
            line(out, words)
        print_sheet(out, main, limit=limit)
        print_texts(out, Text("未填报", "Not reported"), result.not_reported, lang)
