"""Which rows are one node, what it is called, and by which id it is known."""

import numpy as np
import pandas as pd

from graphmodel.identity import normalise
from graphmodel.schema import NodeKind, Reference
from loaders.draft import Draft, blank_text
from loaders.merging import merge_rows, same_thing
from loaders.registry import SEPARATOR, ChainRegistry, Positions, Registry, position_of
from loaders.resolving import report

KEY = "key:"
"""Prefix of a column with the codes of a reference that is part of the id."""

TEXT = "text:"
"""Prefix of a column with the text of such a reference, still to become a relation."""

OWNER = {"Chain": "region", "Segment": "chain"}
"""The reference by which nodes of a kind are told apart besides their name."""


def add_nodes(draft: Draft, kind: NodeKind) -> None:
    """Add the registry of `kind` with the nodes that its own sheets state."""
    stated = kind.name in draft.tables
    frame = _identified(draft, kind, merge_nodes(draft, kind)) if stated else _none(kind)
    if kind.name == "Chain":
        look_up = draft.registries["Region"].look_up
        draft.registries["Chain"] = ChainRegistry(kind, frame, stated=stated, region=look_up)
    else:
        draft.registries[kind.name] = Registry(kind, frame, stated=stated)


def _none(kind: NodeKind) -> pd.DataFrame:
    frame = pd.DataFrame({name: pd.Series(dtype="str") for name in ("id", "name", "standing")})
    if kind.name in OWNER:
        frame[OWNER[kind.name]] = pd.Series(dtype="int64")
    return frame


def merge_nodes(draft: Draft, kind: NodeKind) -> pd.DataFrame:
    """Return one row per node that the sheets of `kind` state; differences become findings."""
    table = draft.tables[kind.name].copy()
    for column in kind.columns:
        keyed = column.name in kind.key and column.name in table and kind.name != "Region"
        if keyed and isinstance(column, Reference) and not column.many:
            table[KEY + column.name] = draft.single(kind.name, table, column)
    labels = _labels(draft, kind, table)
    merged = merge_rows(table, labels, kind, free=("name",) if kind.name == "Enterprise" else ())
    draft.bad[kind.name] |= draft.report_conflicts("E102.conflict", kind, table, merged.conflicts)
    _report_repeats(draft, kind, table, labels, merged.repeated)
    draft.first_rows[kind.name] = merged.rows
    return merged.frame


def _labels(draft: Draft, kind: NodeKind, table: pd.DataFrame) -> Positions:
    """Return which rows are one node: same id or code, or same name unless these differ."""
    ids, key = blank_text(table, "id"), _key_text(kind, table)
    if kind.name != "Enterprise":
        plain = ids.groupby(key).transform("nunique") <= 1
        return same_thing(len(table), (ids, None), (key, plain.to_numpy()))
    codes = blank_text(table, "credit_code")
    by_name = codes.groupby(key), ids.groupby(key)
    several = (by_name[0].transform("nunique") > 1) | (by_name[1].transform("nunique") > 1)
    unclear = (several & codes.isna() & ids.isna()).to_numpy()
    if unclear.any():
        choices = codes.fillna(ids).groupby(key).agg(lambda c: "、".join(sorted(set(c.dropna()))))
        report(
            draft.findings, "E102.two_codes", table, unclear,
            column="企业名称", values=table["name"], details=key.map(choices),
        )  # fmt: skip
        draft.bad[kind.name] |= unclear
    return same_thing(len(table), (ids, None), (codes, None), (key, ~several.to_numpy()))


def _key_text(kind: NodeKind, table: pd.DataFrame) -> pd.Series:
    """Return the text that identifies each row where it has no id, NaN where it says nothing."""
    parts = []
    for name in kind.key:
        if KEY + name in table:
            parts.append(table[KEY + name].astype("str"))
        elif name in table:
            parts.append(normalise(table[name].astype("str")).fillna(""))
    total = parts[0] if parts else pd.Series("", index=table.index, dtype="str")
    for part in parts[1:]:
        total = total + SEPARATOR + part
    return total.where(total.str.replace(SEPARATOR, "", regex=False) != "")


def _report_repeats(
    draft: Draft, kind: NodeKind, table: pd.DataFrame, labels: Positions, repeated: Positions
) -> None:
    if not len(repeated):
        return
    label = pd.Series(labels)
    first = np.isin(labels, repeated) & ~label.duplicated().to_numpy()
    named = table["name"] if "name" in table else blank_text(table, "id")
    counts = label.map(label.value_counts()).astype("str")
    report(
        draft.findings, "E102.merged_rows", table, first,
        column=kind.zh, values=named, details=counts,
    )  # fmt: skip
    if kind.name != "Enterprise" or "credit_code" not in table:
        return
    names = table["name"].groupby(labels).agg(lambda n: "、".join(sorted(set(n.dropna()))))
    spellings = normalise(table["name"]).groupby(labels).transform("nunique").to_numpy()
    coded = table["credit_code"].groupby(labels).transform("count").to_numpy()
    report(
        draft.findings, "E102.two_names", table, first & (spellings > 1) & (coded > 0),
        column="统一社会信用代码", values=table["credit_code"], details=label.map(names),
    )  # fmt: skip


def _identified(draft: Draft, kind: NodeKind, merged: pd.DataFrame) -> pd.DataFrame:
    """Give every node its id: 编码, else credit code, else the key."""
    frame = merged.drop(columns=["bad"])
    ids = blank_text(frame, "id")
    if "credit_code" in frame:
        ids = ids.where(ids.notna(), frame["credit_code"])
    ids = ids.where(
        ids.notna(), _hash(kind, frame) if kind.hashed else derived_ids(draft, kind, frame)
    )
    again = ids.groupby(ids).cumcount()
    ids = ids.where(again == 0, ids + "#" + again.add(1).astype("str"))
    frame["id"] = ids
    if owner := OWNER.get(kind.name):
        frame[TEXT + owner] = frame.get(owner, "")
        frame[owner] = frame.get(KEY + owner, pd.Series(-1, index=frame.index, dtype="int64"))
    title = next(c for c in ("name", kind.title, "id") if c in frame)
    names = frame[title].where(frame[title].notna(), ids)
    frame = frame.drop(columns=[c for c in frame.columns if c.startswith(KEY)])
    return frame.assign(name=names, standing="stated")


def derived_ids(draft: Draft, kind: NodeKind, frame: pd.DataFrame) -> pd.Series:
    """Return the ids that the key columns make, as 氢能@张家港市 or 氢能@张家港市/电堆."""
    columns = {column.name: column for column in kind.columns}
    joint = "@" if kind.name == "Chain" else "/"
    total = pd.Series("", index=frame.index, dtype="str")
    for name in kind.key:
        column = columns.get(name)
        if KEY + name in frame and isinstance(column, Reference):
            field = "name" if column.to[0] == "Region" else "id"
            known = draft.registries[column.to[0]].frame[field]
            part = known.reindex(position_of(frame[KEY + name])).fillna("").set_axis(frame.index)
        else:
            part = normalise(blank_text(frame, name).astype("str")).fillna("")
        total = (total + joint + part).where((total != "") & (part != ""), total + part)
    return total


def _hash(kind: NodeKind, frame: pd.DataFrame) -> pd.Series:
    parts = [blank_text(frame, name).astype("str").fillna("") for name in kind.key]
    joined = parts[0]
    for part in parts[1:]:
        joined = joined + SEPARATOR + part
    hashes = pd.util.hash_array(joined.to_numpy(dtype=object))
    return pd.Series(
        [f"{kind.name[0]}{value:016x}" for value in hashes], index=frame.index, dtype="str"
    )
