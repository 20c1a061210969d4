"""An answer as Markdown, in which no cell can become markup."""

import re
from typing import TYPE_CHECKING, Final

from views.basis import FILTERS, filters, heading, parameters
from views.cells import visible
from views.sheet import Sheet, sheets

if TYPE_CHECKING:
    from graphmodel.question import Question, Result
    from views.stamp import Stamp

_MARKS: Final = re.compile(r"([\\`*_{}\[\]#|~])")


def escaped(text: str) -> str:
    """Return `text` with Markdown's marks, pipes and HTML made harmless."""
    plain = visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKS.sub(r"\\\1", plain)


def markdown(question: "Question", result: "Result", stamp: "Stamp", *, lang: str = "zh") -> str:
    """Return the whole answer: heading, every table, notes, what is not reported, parameters."""
    zh = lang != "en"
    main, *more = sheets(question, result, lang=lang)
    lines = [f"# {escaped(question.zh if zh else question.en)}", ""]
    lines += [f"- {label}：{escaped(value)}" for label, value in heading(stamp, lang)]
    lines += [f"- {FILTERS.pick(lang)}：{escaped(filters(result, lang))}", ""]
    lines += [*table(main), ""]
    for sheet in more:
        lines += [f"## {escaped(sheet.title)}", "", *table(sheet), ""]
    for title, texts in (
        ("说明" if zh else "Notes", (*stamp.remarks, *result.notes)),
        ("未填报" if zh else "Not reported", result.not_reported),
    ):
        if texts:
            lines += [f"## {title}", "", *(f"- {escaped(t.pick(lang))}" for t in texts), ""]
    if used := parameters(result, lang):
        lines += ["## " + ("参数" if zh else "Parameters"), ""]
        lines += [f"- {escaped(f'{p.name} = {p.value}（{p.meaning}）')}" for p in used]
    return "\n".join(lines).rstrip() + "\n"


def table(sheet: Sheet) -> list[str]:
    """Return a sheet as the lines of a Markdown table."""
    head = "| " + " | ".join(map(escaped, sheet.headers)) + " |"
    rule = "|" + "|".join(
        "---:" if column.type in {"integer", "year", "number", "share", "money"} else "---"
        for column in sheet.columns
    ) + "|"  # fmt: skip
    rows = zip(*sheet.legible(), strict=True)
    return [head, rule, *("| " + " | ".join(map(escaped, row)) + " |" for row in rows)]
