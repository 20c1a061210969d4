"""Findings: everything noticed while reading, with a stable code, its place and advice."""

from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.schema import Text

ERROR: Final = "error"
WARNING: Final = "warning"
NOTICE: Final = "notice"
SEVERITIES: Final = {
    ERROR: Text("错误", "error"),
    WARNING: Text("警告", "warning"),
    NOTICE: Text("提示", "notice"),
}

COLUMNS: Final = (
    *("file", "sheet", "row", "column", "value", "code", "rule", "severity"),
    *("message", "message_en", "advice", "advice_en"),
)


class Rule(NamedTuple):
    """One thing that can be found. Texts may use {value}, {column}, {sheet}, {row} and {detail}."""

    code: str
    severity: str
    message: Text
    advice: Text


class _Chunk(NamedTuple):
    rule: str
    file: str
    sheet: str
    rows: npt.NDArray[np.int64]
    column: str
    written: list[str]
    details: list[str]


class Findings:
    """A growing collection of findings; adding many rows at once costs one call."""

    def __init__(self, rules: dict[str, Rule]) -> None:
        """Take the catalogue of rules, by name."""
        self._rules = rules
        self._chunks: list[_Chunk] = []

    def add(  # a finding has a place, a value and a detail
        self,
        rule: str,
        *,
        file: str = "",
        sheet: str = "",
        rows: npt.ArrayLike = 0,
        column: str = "",
        values: Iterable[str] | str = "",
        details: Iterable[str] | str = "",
    ) -> None:
        """Add one finding per entry of `rows` (0 = the whole sheet); nothing for an empty array."""
        where = np.atleast_1d(np.asarray(rows, dtype=np.int64))
        if len(where):
            self._chunks.append(
                _Chunk(
                    rule,
                    file,
                    sheet,
                    where,
                    column,
                    _spread(values, len(where)),
                    _spread(details, len(where)),
                )
            )

    def extend(self, other: "Findings", *, severity: str = "") -> None:
        """Add everything found in `other`, or only what has the given severity."""
        for chunk in other.chunks():
            if severity in {"", self._rules[chunk.rule].severity}:
                self._chunks.append(chunk)

    def chunks(self) -> tuple["_Chunk", ...]:
        """Return what was added, call by call."""
        return tuple(self._chunks)

    def count(self, severity: str) -> int:
        """Return the number of findings of a severity."""
        return sum(len(c.rows) for c in self._chunks if self._rules[c.rule].severity == severity)

    @property
    def codes(self) -> Counter[str]:
        """Number of findings by code."""
        counter: Counter[str] = Counter()
        for chunk in self._chunks:
            counter[self._rules[chunk.rule].code] += len(chunk.rows)
        return counter

    def __len__(self) -> int:
        """Return the number of findings."""
        return sum(len(chunk.rows) for chunk in self._chunks)

    def frame(self) -> pd.DataFrame:
        """Return all findings as a table with the columns of `COLUMNS`, errors first.

        Within a severity they stand in the order of file, sheet, row and column; `row` counts from
        1 as a spreadsheet does, 0 means the sheet as a whole.
        """
        parts = [self._part(chunk) for chunk in self._chunks]
        if not parts:
            return pd.DataFrame({name: pd.Series(dtype="str") for name in COLUMNS})
        table = pd.concat(parts, ignore_index=True)
        rank = table["severity"].map({name: i for i, name in enumerate(SEVERITIES)})
        order = (
            table.assign(rank=rank)
            .sort_values(["rank", "file", "sheet", "row", "column", "rule", "value"], kind="stable")
            .index
        )
        return table.loc[order].drop_duplicates(ignore_index=True)

    def _part(self, chunk: _Chunk) -> pd.DataFrame:
        rule = self._rules[chunk.rule]
        fields = [
            {
                "value": value,
                "detail": detail,
                "column": chunk.column,
                "sheet": chunk.sheet,
                "row": int(row),
            }
            for value, detail, row in zip(chunk.written, chunk.details, chunk.rows, strict=True)
        ]
        text = {
            "message": [rule.message.zh.format(**f) for f in fields],
            "message_en": [rule.message.en.format(**f) for f in fields],
            "advice": [rule.advice.zh.format(**f) for f in fields],
            "advice_en": [rule.advice.en.format(**f) for f in fields],
        }
        frame = pd.DataFrame(
            {
                "file": chunk.file,
                "sheet": chunk.sheet,
                "row": chunk.rows,
                "column": chunk.column,
                "value": chunk.written,
                "code": rule.code,
                "rule": chunk.rule,
                "severity": rule.severity,
                **text,
            }
        )
        return frame[list(COLUMNS)]


def _spread(given: Iterable[str] | str, size: int) -> list[str]:
    if isinstance(given, str):
        return [given] * size
    spread = ["" if value is None or value != value else str(value) for value in given]  # noqa: PLR0124  # NaN is not itself
    if len(spread) != size:
        msg = f"{len(spread)} values for {size} rows"
        raise ValueError(msg)
    return spread
