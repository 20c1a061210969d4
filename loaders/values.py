"""From written cells to typed columns: one sheet at a time, every bad cell a finding."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.arrays import IntegerArray

from graphmodel.cells import Problem
from graphmodel.findings import Findings
from graphmodel.identity import CodeStatus, check_credit_codes, normalise_name
from graphmodel.kinds import SHEETS, sheet_columns
from graphmodel.schema import EdgeKind, NodeKind, Property, Reference, Type
from graphmodel.tables import EXTRA, qualified
from graphmodel.units import (
    parse_booleans,
    parse_dates,
    parse_integers,
    parse_money,
    parse_numbers,
    parse_shares,
)
from loaders.headers import Sheet

Mask = npt.NDArray[np.bool_]

SILENT = {Problem.OK, Problem.PLACEHOLDER}
"""Problems that leave the cell unreported without refusing its row."""


@dataclass(slots=True)
class Values:
    """Typed rows of one sheet.

    Attributes:
        kind: What a row is.
        frame: Properties typed as stored; references still text, "" where blank; `file`, `sheet`
            and `row`; columns nobody knows under their own header.
        bad: Rows with an error.
    """

    kind: NodeKind | EdgeKind
    frame: pd.DataFrame
    bad: Mask


class _Reader:
    def __init__(self, sheet: Sheet, findings: Findings) -> None:
        self.sheet, self.findings = sheet, findings
        self.bad = sheet.bad.copy()
        self.out: dict[str, Any] = {}

    def report(
        self, rule: str, where: Mask, column: Property | Reference, details: object = ""
    ) -> None:
        """Add a finding for each row of `where`; an error marks the rows bad."""
        if not where.any():
            return
        text = self.sheet.frame[column.name]
        detail = (
            details
            if isinstance(details, str)
            else [str(d) for d in np.asarray(details, dtype=object)[where]]
        )
        self.findings.add(
            rule, file=self.sheet.file, sheet=self.sheet.name, rows=self.sheet.rows[where],
            column=column.zh, values=text[where].tolist(), details=detail,
        )  # fmt: skip

    def problems(self, column: Property, problem: npt.NDArray[np.int8]) -> None:
        """Report each kind of problem that a parser met."""
        for code in np.unique(problem):
            if code == Problem.OK:
                continue
            where = problem == code
            kind = Problem(int(code))
            self.report(f"{kind.finding}.{kind.name.lower()}", where, column)
            if kind not in SILENT:
                self.bad |= where

    def read(self, column: Property) -> None:
        """Parse one column into `out`; a required one may not be blank."""
        self._parse(column)
        if column.required:
            blank = (self.sheet.frame[column.name] == "").to_numpy()
            self.report("E111.missing_cell", blank, column)
            self.bad |= blank

    def _parse(self, column: Property) -> None:
        text = self.sheet.frame[column.name]
        unit = self.sheet.units.get(column.name)
        match column.type:
            case Type.MONEY:
                parsed = parse_money(text, unit=unit)
                self._quantity(column, parsed.value, parsed.problem, parsed.qualifier)
            case Type.NUMBER:
                parsed = parse_numbers(text, unit=unit, negative=self.sheet.kind.name == "Fact")
                self._quantity(column, parsed.value, parsed.problem, parsed.qualifier)
            case Type.SHARE | Type.GROWTH:
                parsed = parse_shares(text, unit=unit, growth=column.type is Type.GROWTH)
                self._quantity(column, parsed.value, parsed.problem, parsed.qualifier)
            case Type.INTEGER:
                whole = parse_integers(text, unit=unit)
                self._quantity(column, whole.value, whole.problem, whole.qualifier)
            case Type.BOOLEAN:
                answer = parse_booleans(text)
                self.problems(column, answer.problem)
                self.out[column.name] = answer.value
            case Type.DATE:
                self._date(column, text)
            case Type.CHOICE | Type.CHOICES:
                self._choices(column, text)
            case Type.CODE:
                self._credit_code(column, text)
            case Type.TEXTS:
                self.out[column.name] = _listed(text)
            case _:
                self.out[column.name] = text.mask(text == "")

    def _quantity(
        self,
        column: Property,
        value: npt.NDArray[np.float64] | IntegerArray,
        problem: npt.NDArray[np.int8],
        qualifier: npt.NDArray[np.object_],
    ) -> None:  # numpy or masked integers
        self.problems(column, problem)
        self.out[column.name] = value
        if pd.notna(qualifier).any() and column.type is not Type.SHARE:
            self.out[qualified(column)] = pd.Series(qualifier, dtype="str")

    def _date(self, column: Property, text: pd.Series) -> None:
        parsed = parse_dates(text)
        problem = parsed.problem
        if self.sheet.kind.name == "Fact" and column.name == "as_of":
            relative = problem == Problem.RELATIVE_DATE
            self.report("E110.undated", relative, column)
            note = self.out.get("time_note", pd.Series(np.nan, index=text.index, dtype="str"))
            self.out["time_note"] = note.where(~relative | note.notna(), text)
            problem = np.where(relative, Problem.OK, problem).astype(np.int8)
        self.problems(column, problem)
        self.report("E110.serial", parsed.serial, column, parsed.value)
        self.out[column.name] = pd.Series(parsed.value, dtype="str")

    def _choices(self, column: Property, text: pd.Series) -> None:
        known = {
            normalise_name(name): c.zh for c in column.choices for name in (c.zh, c.en, *c.aliases)
        }
        many = column.type is Type.CHOICES
        codes, written = pd.factorize(text)
        pieces = [_split(w) if many else ([w] if w else []) for w in written]
        wrong = [[p for p in piece if normalise_name(p) not in known] for piece in pieces]
        order = [c.zh for c in column.choices]
        right = [
            sorted(
                {known[normalise_name(p)] for p in piece if normalise_name(p) in known},
                key=order.index,
            )
            for piece in pieces
        ]
        bad = np.array([bool(w) for w in wrong], dtype=bool)[codes]
        self.report("E107.not_a_choice", bad, column, "、".join(order))
        self.bad |= bad
        merged = (
            pd.Series([";".join(r) if r else None for r in right], dtype="str")
            .take(codes)
            .reset_index(drop=True)
        )
        self.out[column.name] = merged if many else merged.astype(pd.CategoricalDtype(order))

    def _credit_code(self, column: Property, text: pd.Series) -> None:
        check = check_credit_codes(text)
        details: dict[CodeStatus, Any] = {
            CodeStatus.WRONG_LENGTH: text.str.len().to_numpy(),
            CodeStatus.WRONG_CHARSET: _odd_characters(check.code),
            CodeStatus.WRONG_CHECK_DIGIT: check.expected,
            CodeStatus.MANGLED: "",
        }
        for status, detail in details.items():
            rule = f"{status.finding}.{status.name.lower().removeprefix('wrong_')}"
            self.report(rule, check.status == status, column, detail)
        code = pd.Series(check.code, dtype="str")
        self.out[column.name] = code.mask((code == "") | (check.status == CodeStatus.MANGLED))


def _odd_characters(codes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    odd = pd.Series(codes, dtype="str").str.replace("[0-9A-HJ-NPQRTUWXY]", "", regex=True)
    return odd.where(odd != "", "首位").to_numpy(dtype=object)


def read_values(sheet: Sheet, findings: Findings) -> Values:
    """Parse every declared column of `sheet`; cells that cannot be read become findings."""
    reader = _Reader(sheet, findings)
    frame = sheet.frame
    columns = [c for c in sheet_columns(sheet.kind) if c.name in frame]
    for column in sorted(columns, key=lambda c: c.name == "as_of"):
        if isinstance(column, Property):
            reader.read(column)
        else:
            reader.out[column.name] = frame[column.name]
            if column.required:
                blank = (frame[column.name] == "").to_numpy()
                reader.report("E111.missing_cell", blank, column)
                reader.bad |= blank
    if sheet.kind.name == "Scope":
        _name_sheets(reader)
    extra = {c: frame[c].mask(frame[c] == "") for c in frame.columns if c.startswith(EXTRA)}
    origin = {
        "file": pd.Categorical.from_codes(np.zeros(len(frame), np.int8), pd.Index([sheet.file])),
        "sheet": pd.Categorical.from_codes(np.zeros(len(frame), np.int8), pd.Index([sheet.name])),
        "row": np.asarray(sheet.rows, dtype=np.int64),
    }
    return Values(sheet.kind, pd.DataFrame({**reader.out, **origin, **extra}), reader.bad)


def _name_sheets(reader: _Reader) -> None:
    """Give each declared sheet its fixed name."""
    known = {
        normalise_name(n): k.sheet
        for k in SHEETS.values()
        for n in (k.sheet, k.sheet_en, *k.sheet_aliases)
    }
    table = reader.out["table"]
    named = table.map({t: known.get(normalise_name(t)) for t in table.dropna().unique()}).astype(
        "str"
    )
    unknown = (table.notna() & named.isna()).to_numpy()
    column = next(c for c in reader.sheet.kind.columns if c.name == "table")
    reader.report("E107.not_a_choice", unknown, column, "、".join(SHEETS))
    reader.bad |= unknown
    reader.out["table"] = named


def _split(text: str) -> list[str]:
    parts = text.replace("；", ";").replace("、", ";").split(";")
    return [stripped for part in parts if (stripped := part.strip())]


def _listed(text: pd.Series) -> pd.Series:
    """Return lists of texts joined with `;`, without repeats, in the order written."""
    codes, written = pd.factorize(text)
    joined = [";".join(dict.fromkeys(_split(w))) or None for w in written]
    return pd.Series(joined, dtype="str").take(codes).reset_index(drop=True)
