"""An answer as JSON: the form for programs. Strict: no NaN, missing values are null."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from views.cells import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from graphmodel.question import Column, Question, Result
    from graphmodel.schema import Text
    from views.stamp import Stamp


def document(
    question: "Question", result: "Result", stamp: "Stamp", *, lang: str = "zh"
) -> dict[str, Any]:
    """Return an answer as plain values.

    Rows have the columns' names as keys; numbers, truth values and ISO dates stand as such, states
    as their codes, lists as arrays, and null means not reported. A bilingual column is followed by
    its English twin `<name>_en`. `lang` chooses the language of notes and of what is not reported.
    """
    return {
        "question": question.name,
        "version": stamp.version,
        "generated_at": stamp.generated_at,
        "as_of": stamp.as_of,
        "params": {name: _value(value) for name, value in result.params.values().items()},
        "filters": result.params.filters(),
        "columns": _columns(question.columns, result.rows),
        "rows": records(question.columns, result.rows),
        "tables": {
            table.name: records(table.columns, result.tables[table.name])
            for table in question.tables
            if table.name in result.tables
        },
        "table_columns": {
            table.name: _columns(table.columns, result.tables[table.name])
            for table in question.tables
            if table.name in result.tables
        },
        "not_reported": _sentences(result.not_reported, lang),
        "notes": _sentences((*stamp.remarks, *result.notes), lang),
        "sources": sources(stamp),
    }


def dumps(value: object) -> str:
    """Return strict JSON, readable by people, with a line end."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def records(columns: "Iterable[Column]", frame: "pd.DataFrame") -> list[dict[str, Any]]:
    """Return the declared columns of a frame as one object per row."""
    names = [name for column in columns for name in _names(column, frame)]
    values = [plain(frame[name]) for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)]


def sources(stamp: "Stamp") -> list[dict[str, Any]]:
    """Return the files read, then every source the data cite."""
    files: list[dict[str, Any]] = [asdict(file) for file in stamp.files]
    return files + [{"citation": citation} for citation in stamp.citations]


def _names(column: "Column", frame: "pd.DataFrame") -> list[str]:
    english = f"{column.name}_en"
    return [column.name, english] if column.bilingual and english in frame else [column.name]


def _columns(columns: "Iterable[Column]", frame: "pd.DataFrame") -> list[dict[str, str]]:
    return [
        {"name": name, "zh": column.zh, "en": column.en, "unit": column.unit}
        for column in columns
        for name in _names(column, frame)
    ]


def _value(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _sentences(texts: "Iterable[Text]", lang: str) -> list[str]:
    return [text.pick(lang) for text in texts]
