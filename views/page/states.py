"""The states of a segment on the page, and what the answer on gaps says of each segment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from queries.gaps import states
from views.cells import legible, plain
from views.page.parts import Finding, State

if TYPE_CHECKING:
    from graphmodel.question import Column, Result

_ENGLISH: Final[Mapping[str, str]] = {
    "broken_missing": "Broken: missing",
    "broken_unlinked": "Broken: unlinked",
    "short": "Short",
    "weak": "Weak",
    "thin": "Thin",
    "sound": "Sound",
    "not_reported": "Not reported",
    "not_applicable": "Not applicable",
}
"""Every state, the most pressing first, in words short enough for a card."""

STATES: Final = tuple(
    State(
        code=code,
        zh=states.STATES[code].zh,
        en=en,
        weak=code in states.GAPS,
        action_zh=states.ACTIONS[code].zh if code in states.ACTIONS else "",
        action_en=states.ACTIONS[code].en if code in states.ACTIONS else "",
    )
    for code, en in _ENGLISH.items()
)
"""The states as the page shows them."""

_TOLD: Final = (
    "reason",
    "also",
    "upstream",
    "action",
    "projects",
    "expected",
    "direction",
    "responsible",
    "candidates",
    "priority",
    "priority_reason",
    "firms",
    "above_scale",
    "output",
    "hhi",
    "import_dependence",
    "outside_dependence",
    "purchases",
    "local_share",
    "local_buyers",
    "local_suppliers",
    "outflow",
    "previous",
    "evidence",
)
"""Columns of the answer that the panel tells, in reading order; blank ones are left out."""

_LISTED: Final = 6
"""Entries of a list that the panel shows."""

Fields = list[tuple[str, str, str, str]]


@dataclass(frozen=True, slots=True)
class SegmentAnswer:
    """What the answer on gaps says of one segment of one chain."""

    state: str
    also: list[str] = field(default_factory=list)
    unlinked: list[str] = field(default_factory=list)
    filling: tuple[str, str] = ("", "")
    fields: Fields = field(default_factory=list)

    def finding(self, subject: int, chain: int) -> Finding:
        """Return the finding about the segment at position `subject`."""
        state = next(state for state in STATES if state.code == self.state)
        return Finding(
            subject=subject,
            chain=chain,
            question="gaps",
            zh=state.zh,
            en=state.en,
            weak=state.weak,
            fields=self.fields,
        )


def segment_answers(result: "Result | None") -> dict[tuple[str, str], SegmentAnswer]:
    """Return by (chain id, segment id) what the answer on gaps says; None says nothing."""
    if result is None or result.rows.empty:
        return {}
    from queries.gaps import QUESTION  # noqa: PLC0415  # brings every kernel of the question

    rows = result.rows
    told = _told(rows, {column.name: column for column in QUESTION.columns})
    values = {name: plain(rows[name]) if name in rows else [None] * len(rows) for name in _KEYS}
    return {
        (str(values["chain_id"][i]), str(values["segment_id"][i])): SegmentAnswer(
            state=state,
            also=values["also"][i] or [],
            unlinked=values["upstream"][i] or [],
            filling=_filling(values["filling"][i], values["expected"][i]),
            fields=told[i],
        )
        for i, state in enumerate(values["state"])
    }


_KEYS: Final = ("chain_id", "segment_id", "state", "also", "upstream", "filling", "expected")


def diagnoses(result: "Result | None") -> dict[str, tuple[Fields, str, str]]:
    """Return by chain id the diagnosis 聚集不聚合 where it holds: fields and label in zh and en."""
    if result is None or "diagnosis" not in result.tables:
        return {}
    from queries.gaps import QUESTION  # noqa: PLC0415  # brings every kernel of the question

    table = next(table for table in QUESTION.tables if table.name == "diagnosis")
    rows = result.tables["diagnosis"]
    rows = rows[rows["diagnosis"] == "clustered_unlinked"].reset_index(drop=True)
    label = next(column for column in table.columns if column.name == "diagnosis").states
    zh, en = label["clustered_unlinked"]
    told = _told(rows, {column.name: column for column in table.columns})
    return {chain: (told[i], zh, en) for i, chain in enumerate(rows["chain_id"])}


def _filling(filling: bool | None, expected: str | None) -> tuple[str, str]:  # noqa: FBT001  # a cell
    if not filling:
        return "", ""
    date = expected or ""
    return f"在补 {date}".strip(), f"being filled {date}".strip()


def _told(rows: pd.DataFrame, columns: Mapping[str, "Column"]) -> list[Fields]:
    """For each row the labelled texts of the columns worth reading, the rule after the reason."""
    found: list[Fields] = [[] for _ in range(len(rows))]
    for name in _TOLD:
        if name not in rows or name not in columns:
            continue
        column = columns[name]
        values = plain(rows[name])
        english = plain(rows[f"{name}_en"]) if f"{name}_en" in rows else values
        unit = column.unit if column.type == "money" else ""
        texts = zip(
            values, _texts(column, values, "zh"), _texts(column, english, "en"), strict=True
        )
        for fields, (value, zh, en) in zip(found, texts, strict=True):
            if value not in (None, "", []):
                fields.append(
                    (column.zh, column.en, f"{zh} {unit}".strip(), f"{en} {unit}".strip())
                )
        if name == "reason":
            _add_rule(found, rows, columns)
    return found


def _texts(column: "Column", values: list[Any], lang: str) -> list[str]:
    """Legible texts; a list stands one entry a line, cut with a note of how many there are."""
    return [
        "\n".join(legible(column, [[item] for item in value[:_LISTED]], lang))
        + (("\n…… 共" if lang == "zh" else "\n… of ") + str(len(value))) * (len(value) > _LISTED)
        if isinstance(value, list)
        else legible(column, [value], lang)[0]
        for value in values
    ]


def _add_rule(found: list[Fields], rows: pd.DataFrame, columns: Mapping[str, "Column"]) -> None:
    """Add measure, value and threshold as one line to each row that was judged by a measure."""
    if not {"measure", "value", "threshold"} <= set(rows) & set(columns):
        return
    measures = plain(rows["measure"])
    english = plain(rows["measure_en"]) if "measure_en" in rows else measures
    value = legible(columns["value"], plain(rows["value"]), "zh")
    limit = legible(columns["threshold"], plain(rows["threshold"]), "zh")
    for i, fields in enumerate(found):
        if measures[i]:
            fields.append(
                (
                    "判据",
                    "Rule",
                    f"{measures[i]} {value[i]}（阈值 {limit[i]}）",
                    f"{english[i]} {value[i]} (threshold {limit[i]})",
                )
            )
