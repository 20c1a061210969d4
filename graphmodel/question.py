"""What a question is: parameters, declared columns, one pure function, and its result."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Protocol

from graphmodel.schema import Text

if TYPE_CHECKING:
    import pandas as pd

    from graphmodel.graph import ChainGraph


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of an answer.

    Attributes:
        name: Key in JSON and column of the frame, lower_snake.
        zh: Header of the Excel sheet.
        en: English header.
        unit: Unit, such as 万元 or 家; empty for text and pure numbers.
        meaning: How it is computed.
        type: "text", "integer", "year", "number", "share", "money", "boolean", "date", "state",
            "interval" (a list of two numbers) or "texts" (a list of texts).
        states: Labels of the codes of a "state" column.
        twin: The column is also returned by the question's Cypher twin.
        bilingual: The frame also holds `<name>_en`, which is shown in English.
        machine: The column goes to JSON only, not to tables read by people.
        summed: Adding its rows up is legal, so that the sheet closes with a 合计.
    """

    name: str
    zh: str
    en: str
    unit: str = ""
    meaning: Text = Text("", "")
    type: str = "text"
    states: Mapping[str, Text] = field(default_factory=dict)
    twin: bool = False
    bilingual: bool = False
    machine: bool = False
    summed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A further table of an answer, such as a diagnosis or a list of names."""

    name: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    meaning: Text = Text("", "")


def param(  # one keyword for each thing a threshold must say of itself
    default: Any,  # noqa: ANN401  # a default is of the field's own type
    *,
    zh: str,
    en: str,
    source: str = "",
    choices: tuple[str, ...] = (),
    low: float | None = None,
    high: float | None = None,
) -> Any:  # noqa: ANN401  # as dataclasses.field
    """Declare a field of a question's Params: its labels, where its default comes from, limits."""
    meta = {"zh": zh, "en": en, "source": source, "choices": choices, "low": low, "high": high}
    return field(default=default, metadata=meta)


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Parameters that every question takes: the part of the graph it is asked about."""

    chain: str = param(
        "", zh="产业链（名称、名称@地区或编码）", en="chain: name, name@region or id"
    )
    region: str = param("", zh="地区（名称或编码）", en="region: name or id")

    def filters(self) -> dict[str, str]:
        """Return the filters that are set."""
        return {k: v for k in ("chain", "region") if (v := getattr(self, k))}

    def values(self) -> dict[str, Any]:
        """Return every other parameter by name."""
        return {
            f.name: getattr(self, f.name) for f in fields(self) if f.name not in {"chain", "region"}
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """An answer.

    Attributes:
        rows: One row per finding; columns as declared, plus `<name>_en` of bilingual ones.
        tables: Further tables by name, as declared.
        notes: What to know when reading the answer.
        not_reported: What could not be answered and which sheet would supply it.
    """

    question: str
    params: Params
    rows: "pd.DataFrame"
    tables: Mapping[str, "pd.DataFrame"] = field(default_factory=dict)
    notes: tuple[Text, ...] = ()
    not_reported: tuple[Text, ...] = ()


class Answer(Protocol):
    """The pure function of a question."""

    def __call__(
        self,
        graph: "ChainGraph",
        params: Any,  # noqa: ANN401  # each question has its own Params
        *,
        earlier: "ChainGraph | None" = None,
    ) -> Result:
        """Answer on `graph`; `earlier` is the same data a month before."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question as registered: everything that command, sheet, page and docs derive from.

    Attributes:
        name: Module, command and docs page.
        zh: Title in Chinese, as the planner asks it.
        en: Title in English.
        sheet: Name of the Excel sheet and file.
        params: The class of its parameters.
        columns: Columns of `Result.rows`.
        tables: Declarations of `Result.tables`.
        answer: The function.
        needs: Sheets that it reads, with what each supplies.
    """

    name: str
    zh: str
    en: str
    sheet: str
    params: type[Params]
    columns: tuple[Column, ...]
    tables: tuple[Table, ...] = ()
    answer: Callable[..., Result]
    needs: Mapping[str, Text] = field(default_factory=dict)
    summary: Text = Text("", "")
