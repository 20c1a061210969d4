"""Handing an answer over: which format, to the terminal or to a file."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from graphmodel.errors import UsageError
from views.output import write_text

if TYPE_CHECKING:
    from graphmodel.question import Question, Result
    from views.stamp import Stamp

FORMATS: Final = ("table", "json", "csv", "md", "xlsx")
"""`table` is for a terminal, the others are the suffixes of their files."""

_SUFFIXES: Final = {
    ".json": "json",
    ".csv": "csv",
    ".md": "md",
    ".xlsx": "xlsx",
    ".txt": "table",
}


def format_for(form: str | None, output: Path | None) -> str:
    """Return the format asked for: `form`, else what the suffix of `output` says, else "table".

    Raises:
        UsageError: The suffix is none of those known.
    """
    if form or output is None:
        return form or "table"
    suffix = output.suffix.lower()
    if suffix not in _SUFFIXES:
        known = "、".join(_SUFFIXES)
        msg = (
            f"{output} 的后缀“{suffix}”不能决定格式：请用 {known}，或写 --format。"
            f" The suffix {suffix!r} says no format: use one of {known}, or give --format."
        )
        raise UsageError(msg)
    return _SUFFIXES[suffix]


def deliver(  # what, from where, in which form and language, to which file
    question: "Question",
    result: "Result",
    stamp: "Stamp",
    *,
    form: str = "table",
    output: Path | None = None,
    lang: str = "zh",
    force: bool = False,
    table: str = "",
    limit: int = 50,
) -> Path | None:
    """Print an answer, or write it to `output`, and return the file written, if any.

    Excel always goes to a file, by default one named after the question's sheet. A CSV file starts
    with a byte order mark, so that Excel reads its Chinese; CSV holds one table, by default the
    answer's rows.

    Raises:
        UsageError: There is no format or table of that name.
        OutputError: The file exists already, or cannot be written.
    """
    if form == "xlsx":
        from views.excel import write_answer  # noqa: PLC0415  # only needed for Excel

        path = output or Path(f"{question.sheet}.xlsx")
        write_answer(path, question, result, stamp, lang=lang, force=force)
        return path
    if form == "table" and output is None:
        from views.terminal import console, print_answer  # noqa: PLC0415  # rich is slow to import

        print_answer(console(), question, result, stamp, lang=lang, limit=limit)
        return None
    text = _text(question, result, stamp, form=form, lang=lang, table=table)
    if output is None:
        emit(text)
        return None
    write_text(output, text, force=force, encoding="utf-8-sig" if form == "csv" else "utf-8")
    return output


def _text(  # as `deliver`
    question: "Question", result: "Result", stamp: "Stamp", *, form: str, lang: str, table: str
) -> str:
    if form == "json":
        from views.document import document, dumps  # noqa: PLC0415  # brings pandas

        return dumps(document(question, result, stamp, lang=lang))
    if form == "csv":
        from views.separated import csv_text  # noqa: PLC0415  # brings pandas
        from views.sheet import table as one  # noqa: PLC0415  # brings pandas

        return csv_text(one(question, result, table, lang=lang))
    if form == "md":
        from views.markdown import markdown  # noqa: PLC0415  # brings pandas

        return markdown(question, result, stamp, lang=lang)
    if form == "table":
        import io  # noqa: PLC0415  # only needed here

        from views.terminal import console, print_answer  # noqa: PLC0415  # rich is slow to import

        buffer = io.StringIO()
        print_answer(console(buffer), question, result, stamp, lang=lang, limit=0)
        return buffer.getvalue()
    known = "、".join(FORMATS)
    msg = f"没有格式“{form}”；可选 {known}。 No format {form!r}; choose one of {known}."
    raise UsageError(msg)


def emit(text: str) -> None:
    """Write text to standard output: to a terminal as it can, into a pipe or file as UTF-8."""
    if sys.stdout.isatty() or not hasattr(sys.stdout, "buffer"):
        sys.stdout.write(text)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.flush()
