"""A graph in the making: rows by kind, registries of nodes, relations so far."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.findings import Findings
from graphmodel.schema import EdgeKind, NodeKind, Reference
from graphmodel.tables import ORIGIN
from loaders.merging import Conflict
from loaders.registry import Positions, Registry
from loaders.resolving import Resolver, report

Mask = npt.NDArray[np.bool_]


class Draft:
    """What the steps of assembling share.

    Attributes:
        tables: Rows of each kind's sheets, references still text.
        findings: Grows by everything noticed.
        bad: For each kind, which rows of its table cannot be used; grows.
        first_rows: For each node kind, the first row of each of its stated nodes.
        registries: The nodes of each kind; codes are provisional until all are complete.
        edges: Relations of each kind, in parts.
    """

    def __init__(
        self, tables: dict[str, pd.DataFrame], findings: Findings, rejected: frozenset[str]
    ) -> None:
        """Take the rows by kind, each with a column `bad`, and what enterprises were left out."""
        self.tables, self.findings = tables, findings
        self.bad = {name: table["bad"].to_numpy(copy=True) for name, table in tables.items()}
        self.first_rows: dict[str, Positions] = {}
        self.registries: dict[str, Registry] = {}
        self.edges: dict[str, list[pd.DataFrame]] = {}
        self.resolver = Resolver(self.registries, findings, rejected)

    def single(
        self, kind: str, table: pd.DataFrame, column: Reference, within: Positions | None = None
    ) -> Positions:
        """Return the code that each row's reference means, -1 if blank; failures mark rows bad."""
        code, failed = self.resolver.single(table, column, within=within)
        self.mark(kind, failed)
        return code

    def mark(self, kind: str, failed: Mask) -> None:
        """Mark rows bad; `failed` has an entry per row of the sheets, or per stated node."""
        if kind in self.bad and failed.any():
            rows = np.flatnonzero(failed)
            merged = len(failed) != len(self.bad[kind])
            self.bad[kind][self.first_rows[kind][rows] if merged else rows] = True

    def link(self, edge: str, frame: pd.DataFrame) -> None:
        """Add relations."""
        if len(frame):
            self.edges.setdefault(edge, []).append(frame.reset_index(drop=True))

    def report_conflicts(
        self,
        rule: str,
        kind: NodeKind | EdgeKind,
        table: pd.DataFrame,
        conflicts: Sequence[Conflict],
        named: pd.Series | None = None,
    ) -> Mask:
        """Report columns in which rows of one thing differ; return the rows at fault."""
        titles = {column.name: column.zh for column in kind.columns}
        fault = np.zeros(len(table), dtype=bool)
        for conflict in conflicts:
            if conflict.column.startswith("key:"):
                continue
            where = np.zeros(len(table), dtype=bool)
            where[conflict.rows] = True
            written = table[conflict.column].astype("str")
            kept = pd.Series(conflict.kept, index=conflict.rows, dtype="str")
            kept = kept.reindex(range(len(table))).fillna("").set_axis(table.index)
            values, details = (written, kept) if named is None else (named, kept + " / " + written)
            title = titles.get(conflict.column, conflict.column)
            report(self.findings, rule, table, where, column=title, values=values, details=details)
            fault |= where
        return fault


def origin(frame: pd.DataFrame, rows: Positions) -> dict[str, Any]:
    """Return the origin columns of some rows of `frame`, to stand beside what follows from them."""
    return {c: frame[c].array.take(rows) for c in ORIGIN if c in frame}


def stack(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Return frames one below the other; their origin columns stay categories."""
    if len(frames) == 1:
        return frames[0].reset_index(drop=True)
    for name in ("file", "sheet"):
        together = pd.api.types.union_categoricals([f[name] for f in frames]).categories
        frames = [f.assign(**{name: f[name].cat.set_categories(together)}) for f in frames]
    return pd.concat(frames, ignore_index=True)


def blank_text(frame: pd.DataFrame, name: str) -> pd.Series:
    """Return a text column, all blank where the sheet does not have it."""
    return frame[name] if name in frame else pd.Series(np.nan, index=frame.index, dtype="str")
