"""Every question: other names for the same enterprises, or other rows first, change no answer."""

import csv
import random
import re
from pathlib import Path

import pytest

from graphmodel.graph import ChainGraph
from loaders import load_rows
from loaders.load import sample_folder
from queries import QUESTION_NAMES, question

MARK = "囍"
"""Stands in no name of the sample; put before each enterprise's name it keeps their order."""

WRITTEN_ROW = re.compile(r"第[\d、]+行")
NUMBER = re.compile(r"\d+\.\d+(?:e-?\d+)?")
Sheets = dict[str, list[list[str]]]


@pytest.fixture(scope="module")
def sheets() -> Sheets:
    files = sorted(sample_folder("chenglan").glob("*.csv"))
    return {file.stem: _rows(file) for file in files if file.stem != "sources"}


@pytest.fixture(scope="module")
def graph(sheets: Sheets) -> ChainGraph:
    return load_rows(sheets, name="澄澜").graph


@pytest.fixture(scope="module")
def renamed(sheets: Sheets) -> ChainGraph:
    head, *rows = sheets["企业"]
    names = {row[head.index("企业名称")] for row in rows}

    def other(cell: str) -> str:
        parts = cell.split("、")
        return "、".join(MARK + part if part in names else part for part in parts)

    changed = {
        name: [[other(cell) for cell in row] for row in rows] for name, rows in sheets.items()
    }
    return load_rows(changed, name="澄澜").graph


@pytest.fixture(scope="module")
def shuffled(sheets: Sheets) -> ChainGraph:
    dice = random.Random(7)  # noqa: S311  # any order will do
    names = list(sheets)
    dice.shuffle(names)
    changed = {name: [sheets[name][0], *dice.sample(sheets[name][1:], len(sheets[name]) - 1)]
               for name in names}  # fmt: skip
    return load_rows(changed, name="澄澜").graph


def _rows(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.reader(lines))


def _said(name: str, graph: ChainGraph) -> dict[str, list[str]]:
    """Return every table of the answer as sorted lines."""
    asked = question(name)
    result = asked.answer(graph, asked.params())
    return {
        table: sorted(_plain(line) for line in frame.to_csv(index=False).split("\n"))
        for table, frame in {"rows": result.rows, **result.tables}.items()
    }


def _plain(line: str) -> str:
    """Return a line without numbers of rows, and without the last digits of its figures."""
    return NUMBER.sub(lambda found: f"{float(found[0]):.9g}", WRITTEN_ROW.sub("", line))


@pytest.mark.parametrize("name", QUESTION_NAMES)
def test_other_names_change_no_answer(name: str, graph: ChainGraph, renamed: ChainGraph) -> None:
    assert MARK in str(renamed.nodes["Enterprise"]["name"].iloc[0])
    before, after = _said(name, graph), _said(name, renamed)
    for table, lines in before.items():
        assert sorted(line.replace(MARK, "") for line in after[table]) == lines, table


@pytest.mark.parametrize("name", QUESTION_NAMES)
def test_other_rows_first_change_no_answer(
    name: str, graph: ChainGraph, shuffled: ChainGraph
) -> None:
    assert _said(name, shuffled) == _said(name, graph)
