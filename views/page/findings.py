"""What the questions found about what a page shows: columns of sentences, for every question."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from queries.gaps import states
from views.cells import legible, plain
from views.page.parts import Findings

if TYPE_CHECKING:
    from graphmodel.graph import ChainGraph, Codes
    from graphmodel.question import Column, Question, Result

MOST_ROWS: Final = 6_000
"""Rows of one answer that a page carries, the first ones."""

_SUBJECTS: Final = (
    ("Enterprise", "enterprise_id"),
    ("Segment", "segment_id"),
    ("Alliance", "alliance_id"),
    ("Need", "need_id"),
    ("Resource", "resource_id"),
    ("Order", "order_id"),
    ("Chain", "chain_id"),
)
"""Columns that name the subject of a row, the closest to it first."""

_SAID_ELSEWHERE: Final = (
    *("number", "no", "chain_id", "enterprise", "enterprise_id", "segment", "segment_id", "code"),
    *("credit_code", "parent", "output", "qualifications", "measure", "value", "threshold"),
)
"""Columns that the panel tells in another place."""

_PRESSING: Final = (*states.GAPS, "high", "overdue", "unmatched", "expired", "clustered_unlinked")
"""Codes of states that ask for attention."""

_FIRST: Final = ("reason", "score", "action", "evidence")
"""Columns that stand before the fold."""
_LISTED: Final = 6
"""Entries of a list that the panel shows."""


def findings(
    graph: "ChainGraph",
    answers: Mapping[str, tuple["Question", "Result"]],
    position: "Codes",
    chains: Mapping[str, int],
) -> list[Findings]:
    """Return what was found about the nodes of the page, one record per question.

    Args:
        graph: The graph.
        answers: Question and answer by name; rows that name nothing on the page are left out.
        position: Where each code of the graph stands on the page, -1 for nowhere.
        chains: Position of each chain of the page by its id.
    """
    found = []
    for name, (question, result) in answers.items():
        columns = {column.name: column for column in question.columns}
        parts = [_told(graph, result.rows, columns, position, chains)]
        titles = [(question.sheet, question.en)]
        if name == "gaps" and "diagnosis" in result.tables:
            table = next(table for table in question.tables if table.name == "diagnosis")
            rows = result.tables["diagnosis"]
            rows = rows[rows["diagnosis"] == "clustered_unlinked"].reset_index(drop=True)
            columns = {column.name: column for column in table.columns}
            parts.append(_told(graph, rows, columns, position, chains))
            titles.append((table.zh, table.en))
        said = [(note.zh, note.en) for note in (*result.notes, *result.not_reported)]
        for i, (part, left) in enumerate(parts):
            if left:
                zh = f"{question.sheet}：本页列出前 {MOST_ROWS:,} 条，另有 {left:,} 条见该表。"
                en = f"{name}: the first {MOST_ROWS:,} rows are here, {left:,} more in its table."
                said.append((zh, en))
            if part["subject"] or i == 0:
                found.append(
                    Findings(
                        question=name,
                        zh=titles[i][0],
                        en=titles[i][1],
                        notes=said if i == 0 else [],
                        **part,
                    )
                )
    return found


def _told(
    graph: "ChainGraph",
    rows: pd.DataFrame,
    columns: Mapping[str, "Column"],
    position: "Codes",
    chains: Mapping[str, int],
) -> tuple[dict[str, Any], int]:
    """The rows that name something on the page as the fields of `Findings`; how many more."""
    named = next(((kind, key) for kind, key in _SUBJECTS if key in rows), None)
    if named is None or rows.empty:
        return {"subject": []}, 0
    subject = _subjects(graph, rows[named[1]], named[0], position)
    kept = np.flatnonzero(subject >= 0)
    left = max(len(kept) - MOST_ROWS, 0)
    kept = kept[:MOST_ROWS]
    rows, subject = rows.iloc[kept].reset_index(drop=True), subject[kept]
    chain = np.full(len(rows), -1, dtype=np.int64)
    if named[0] == "Segment" and "chain_id" in rows:
        chain = np.array(rows["chain_id"].map(chains).fillna(-1), dtype=np.int64)
    label, weak, spoken = _headlines(rows, columns)
    order = [*_FIRST, *(name for name in columns if name not in _FIRST)]
    labels: list[tuple[str, str]] = []
    texts: list[list[str]] = []
    english: list[list[str]] = []
    for name in order:
        if name not in rows or name not in columns or name in {*_SAID_ELSEWHERE, spoken}:
            continue
        column = columns[name]
        if column.machine:
            continue
        zh = _texts(column, plain(rows[name]), "zh")
        other = rows[f"{name}_en"] if f"{name}_en" in rows else rows[name]
        if any(zh):
            labels.append((column.zh, column.en))
            texts.append(zh)
            english.append(_texts(column, plain(other), "en"))
        if name == "reason" and {"measure", "value", "threshold"} <= set(rows) & set(columns):
            labels.append(("判据", "Rule"))
            texts.append(_rules(rows, columns, "measure", "（阈值 {}）"))
            words = "measure_en" if "measure_en" in rows else "measure"
            english.append(_rules(rows, columns, words, " (threshold {})"))
    told = {"columns": labels, "subject": subject.tolist(), "chain": chain.tolist()}
    return told | {"label": label, "weak": weak, "texts": texts, "english": english}, left


def _subjects(graph: "ChainGraph", ids: pd.Series, kind: str, position: "Codes") -> "Codes":
    """Position on the page of the node of `kind` with each id; -1 for none."""
    row = pd.Index(graph.nodes[kind]["id"].astype(object)).get_indexer(pd.Index(ids.astype(object)))
    return np.where(row >= 0, position[graph.offsets[kind] + row], -1).astype(np.int64)


def _headlines(
    rows: pd.DataFrame, columns: Mapping[str, "Column"]
) -> tuple[list[tuple[str, str]], list[bool], str]:
    """A few words on each row, whether it asks for attention, and the column that says so."""
    state = next((c for c in columns.values() if c.type == "state" and c.name in rows), None)
    if state is not None:
        codes = rows[state.name].astype(object)
        known = {code: (text.zh, text.en) for code, text in state.states.items()}
        labels = [known.get(code, (str(code), str(code))) for code in codes]
        return labels, codes.isin(_PRESSING).tolist(), state.name
    if "rank" in rows:
        rank = [("—" if value is None else f"{value:.0f}") for value in plain(rows["rank"])]
        differs = (
            rows["agreement"].eq(other=False) if "agreement" in rows else pd.Series(dtype=bool)
        )
        weak = differs.fillna(value=False).tolist() if len(differs) else [False] * len(rows)
        return [(f"第 {value} 位", f"rank {value}") for value in rank], weak, "rank"
    return [("", "")] * len(rows), [False] * len(rows), ""


def _texts(column: "Column", values: Sequence[Any], lang: str) -> list[str]:
    """Legible texts; a list stands one entry a line, cut with a note of how many there are."""
    unit = f" {column.unit}" if column.type == "money" and column.unit else ""
    plural = "\n…… 共 {}" if lang == "zh" else "\n… of {}"
    alone = legible(column, [None if isinstance(v, list) else v for v in values], lang)
    return [
        (
            "\n".join(legible(column, [[item] for item in value[:_LISTED]], lang))
            + plural.format(len(value)) * (len(value) > _LISTED)
            if isinstance(value, list) and column.type != "interval"
            else legible(column, [value], lang)[0]
            if isinstance(value, list)
            else text + unit
        )
        if value not in (None, "", [])
        else ""
        for value, text in zip(values, alone, strict=True)
    ]


def _rules(
    rows: pd.DataFrame, columns: Mapping[str, "Column"], words: str, against: str
) -> list[str]:
    """Measure, value and threshold as one line, "" where no measure decided."""
    value = legible(columns["value"], plain(rows["value"]), "zh")
    limit = legible(columns["threshold"], plain(rows["threshold"]), "zh")
    return [
        f"{said} {value[i]}{against.format(limit[i])}" if said else ""
        for i, said in enumerate(plain(rows[words]))
    ]
