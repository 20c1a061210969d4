"""A table as people read it: one answer's rows, or one of its further tables, in one language."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from graphmodel.errors import UsageError
from views.cells import header, legible, plain, worded

if TYPE_CHECKING:
    import pandas as pd

    from graphmodel.question import Column, Question, Result


@dataclass(frozen=True)
class Sheet:
    """Declared columns and the frame that fills them.

    Attributes:
        name: Name of the table; of the main one the question's.
        title: Title in the language of the sheet.
        columns: The columns shown, in order.
        frame: Holds at least those columns.
        lang: "zh" or "en".
    """

    name: str
    title: str
    columns: tuple["Column", ...]
    frame: "pd.DataFrame"
    lang: str = "zh"

    @property
    def headers(self) -> list[str]:
        """Headers with units."""
        return [header(column, self.lang) for column in self.columns]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.frame)

    @cached_property
    def plain(self) -> list[list[Any]]:
        """Values column by column, as JSON knows them."""
        return [plain(self.frame[_shown(c, self.frame, self.lang)]) for c in self.columns]

    def worded(self) -> Iterator[tuple["Column", list[str | float | None]]]:
        """Yield each column with its values as a spreadsheet holds them."""
        for column, values in zip(self.columns, self.plain, strict=True):
            yield column, worded(column, values, self.lang)

    def legible(self) -> list[list[str]]:
        """Return values column by column as text for people."""
        columns = zip(self.columns, self.plain, strict=True)
        return [legible(column, values, self.lang) for column, values in columns]

    def head(self, rows: int) -> "Sheet":
        """Return the sheet's first rows; 0 means all."""
        if rows <= 0 or rows >= len(self):
            return self
        return Sheet(self.name, self.title, self.columns, self.frame.head(rows), self.lang)


def sheets(question: "Question", result: "Result", *, lang: str = "zh") -> list[Sheet]:
    """Return the answer's rows as the first sheet, then its further tables as declared."""
    main = Sheet(
        question.name,
        question.en if lang == "en" else question.sheet,
        _for_people(question.columns),
        result.rows,
        lang,
    )
    more = [
        Sheet(
            table.name,
            table.en if lang == "en" else table.zh,
            _for_people(table.columns),
            result.tables[table.name],
            lang,
        )
        for table in question.tables
        if table.name in result.tables
    ]
    return [main, *more]


def table(question: "Question", result: "Result", name: str, *, lang: str = "zh") -> Sheet:
    """Return one sheet of an answer: its rows where `name` is empty, else the table so called.

    Raises:
        UsageError: The answer has no such table; lists those it has.
    """
    found = sheets(question, result, lang=lang)
    for sheet in found:
        if name in {"", sheet.name, sheet.title}:
            return sheet
    names = "、".join(sheet.name for sheet in found)
    msg = f"没有名为“{name}”的表；现有：{names}。 No table {name!r}; there are: {names}."
    raise UsageError(msg)


def _for_people(columns: tuple["Column", ...]) -> tuple["Column", ...]:
    return tuple(column for column in columns if not column.machine)


def _shown(column: "Column", frame: "pd.DataFrame", lang: str) -> str:
    english = f"{column.name}_en"
    return english if lang == "en" and column.bilingual and english in frame else column.name
