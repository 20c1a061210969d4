"""Rows that mean the same thing become one: blanks fill, lists unite, two values are a finding."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.identity import normalise
from graphmodel.schema import EdgeKind, NodeKind, Property, Reference, Type
from graphmodel.tables import ORIGIN

Labels = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

OWN = (*ORIGIN, "bad")
"""Columns that say where a row stood, not what it says."""


class Conflict(NamedTuple):
    """A column in which rows of one group differ: the later rows, and the value kept."""

    column: str
    rows: Labels
    kept: list[str]


class Merged(NamedTuple):
    """One row per group, and what happened on the way."""

    frame: pd.DataFrame
    rows: Labels
    conflicts: list[Conflict]
    repeated: Labels


def same_thing(size: int, *identities: tuple[pd.Series, Mask | None]) -> Labels:
    """Return a label per row such that rows sharing any identity carry one label.

    Args:
        size: Number of rows.
        identities: Columns of texts; rows with the same text belong together, blank (NaN, "")
            ones do not; the mask, if given, limits the rows that count.
    """
    from scipy.sparse import coo_array  # noqa: PLC0415  # scipy is slow to import
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    starts, ends, offset = [], [], size
    for column, mask in identities:
        text = column.where(column.notna() & (column != "")).reset_index(drop=True)
        codes, uniques = pd.factorize(text if mask is None else text.where(mask))
        row = np.flatnonzero(codes >= 0)
        starts.append(row)
        ends.append(codes[row] + offset)
        offset += len(uniques)
    row, hub = np.concatenate(starts), np.concatenate(ends)
    links = coo_array((np.ones(len(row), dtype=np.int8), (row, hub)), shape=(offset, offset))
    labels = connected_components(links, directed=False)[1][:size]
    return np.asarray(pd.factorize(labels)[0], dtype=np.int64)


def _united(column: Property | Reference | None, name: str) -> bool:
    if isinstance(column, Reference):
        return column.many
    if column is not None and column.type in {Type.TEXTS, Type.CHOICES}:
        return True
    return name in {"citation", "note"}


def merge_rows(
    frame: pd.DataFrame, labels: Labels, kind: NodeKind | EdgeKind, *, free: Sequence[str] = ()
) -> Merged:
    """Merge the rows of each label into the first of them.

    Args:
        frame: Rows, with `OWN` columns.
        labels: Group of each row, numbered in order of first appearance.
        kind: Says which columns are lists.
        free: Columns in which different values are no conflict; the smallest text is kept.

    Returns:
        The merged rows in the order of their labels; `rows`: the index of the first row of each;
        conflicts; and the labels that occurred more than once.
    """
    first = np.flatnonzero(~pd.Series(labels).duplicated().to_numpy())
    merged = frame.iloc[first].reset_index(drop=True)
    several = pd.Series(labels).duplicated(keep=False).to_numpy()
    if not several.any():
        return Merged(merged, first, [], np.zeros(0, dtype=np.int64))
    declared = {c.name: c for c in kind.columns}
    part, label = frame[several], labels[several]
    content = [c for c in frame.columns if c not in OWN]
    distinct = ~part[content].assign(label=label).duplicated().to_numpy()
    part, label, index = part[distinct], label[distinct], np.flatnonzero(several)[distinct]
    conflicts: list[Conflict] = []
    groups = pd.Index(np.unique(label))
    for name in content:
        column = declared.get(name)
        values = part[name]
        if _united(column, name):
            kept: pd.Series = _unions(values, label, column)
        elif name in free:
            kept = values.groupby(label).min()
        else:
            kept = values.groupby(label).first()
            rows, texts = _different(values, label, kept)
            if len(rows):
                conflicts.append(Conflict(name, index[rows], texts))
        kept = kept.reindex(groups)
        target = merged[name].copy()
        target.iloc[groups.to_numpy()] = (
            kept.to_numpy(dtype=object) if target.dtype == object else kept.array
        )
        merged[name] = target
    return Merged(merged, first, conflicts, np.unique(labels[several]))


def _different(values: pd.Series, label: Labels, kept: pd.Series) -> tuple[Labels, list[str]]:
    mine, theirs = values.reset_index(drop=True), kept.reindex(label).reset_index(drop=True)
    if isinstance(values.dtype, pd.CategoricalDtype):
        mine, theirs = mine.astype("str"), theirs.astype("str")
    if mine.dtype == "str":
        mine, theirs = mine.mask(mine == ""), theirs.mask(theirs == "")
        differs = normalise(mine).fillna("") != normalise(theirs).fillna("")
    else:
        differs = mine != theirs
    conflict = (differs.fillna(value=False) & mine.notna() & theirs.notna()).to_numpy(dtype=bool)
    return np.flatnonzero(conflict), theirs[conflict].astype("str").tolist()


def _unions(values: pd.Series, label: Labels, column: Property | Reference | None) -> pd.Series:
    order = [c.zh for c in column.choices] if isinstance(column, Property) else []

    def unite(cells: pd.Series) -> Any:  # noqa: ANN401  # text or NaN
        parts = {p: None for cell in cells if isinstance(cell, str) for p in cell.split(";") if p}
        listed = sorted(parts, key=order.index) if order else sorted(parts)
        return ";".join(listed) if listed else np.nan

    return values.groupby(label).agg(unite).astype("str")
