"""口径: how an answer was made, in lines that the terminal, Excel and Markdown all print."""

from dataclasses import fields
from typing import TYPE_CHECKING, Final, NamedTuple

from graphmodel.schema import Text

if TYPE_CHECKING:
    from graphmodel.question import Question, Result
    from views.stamp import Stamp

AS_OF: Final = Text("数据截至日期", "Data as of")
GENERATED: Final = Text("生成时间", "Generated at")
VERSION: Final = Text("版本", "Version")
FILTERS: Final = Text("筛选条件", "Filters")
SOURCE: Final = Text("来源", "Source")
_UNDATED: Final = Text("未填报", "not reported")
_NONE: Final = Text("无", "none")
_TRUTH: Final = {True: Text("是", "yes"), False: Text("否", "no")}


class Parameter(NamedTuple):
    """One parameter of an answer, with its default and where that comes from."""

    name: str
    meaning: str
    value: str
    default: str
    source: str


def parameters(result: "Result", lang: str) -> list[Parameter]:
    """Return every parameter of the answer besides its filters."""
    filters = {"chain", "region"}
    return [
        Parameter(
            field.name,
            str(field.metadata.get(lang, "")),
            _written(getattr(result.params, field.name), lang),
            _written(field.default, lang),
            str(field.metadata.get("source", "")),
        )
        for field in fields(result.params)
        if field.name not in filters
    ]


def _written(value: object, lang: str) -> str:
    if isinstance(value, bool):
        return _TRUTH[value].pick(lang)
    return "、".join(map(str, value)) if isinstance(value, tuple) else str(value)


def filters(result: "Result", lang: str) -> str:
    """Return the filters in one line."""
    labels = {
        field.name: str(field.metadata.get(lang, field.name)) for field in fields(result.params)
    }
    given = [f"{_first(labels[name])} = {value}" for name, value in result.params.filters().items()]
    return "；".join(given) or _NONE.pick(lang)


def _first(label: str) -> str:
    return label.partition("（")[0].partition(":")[0]


def heading(stamp: "Stamp", lang: str) -> list[tuple[str, str]]:
    """Return what a reader needs first: as of, source, made when, by which version."""
    return [
        (AS_OF.pick(lang), stamp.as_of or _UNDATED.pick(lang)),
        (SOURCE.pick(lang), stamp.source),
        (GENERATED.pick(lang), stamp.generated_at),
        (VERSION.pick(lang), f"Liantu {stamp.version}"),
    ]


def meanings(question: "Question", lang: str) -> list[tuple[str, str, str]]:
    """Return table, header and meaning of every column that says how it is computed."""
    tables = [(question.en if lang == "en" else question.sheet, question.columns)]
    tables += [(t.en if lang == "en" else t.zh, t.columns) for t in question.tables]
    return [
        (title, column.en if lang == "en" else column.zh, column.meaning.pick(lang))
        for title, columns in tables
        for column in columns
        if column.meaning.pick(lang)
    ]
