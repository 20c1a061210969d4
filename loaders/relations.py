"""Relations: from a node's reference columns and from sheets of their own, then merged."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.schema import EdgeKind, NodeKind, Reference
from graphmodel.tables import ORIGIN
from loaders.cycles import report_cycles
from loaders.draft import Draft, blank_text, origin, stack
from loaders.merging import merge_rows
from loaders.nodes import OWNER, TEXT
from loaders.registry import Positions, provisional
from loaders.resolving import report

Mask = npt.NDArray[np.bool_]


def add_references(draft: Draft, kind: NodeKind) -> None:
    """Turn the reference columns of a node's sheet into relations and codes."""
    if kind.name not in draft.tables or kind.name == "Region":
        return
    registry = draft.registries[kind.name]
    own = registry.frame.iloc[: len(draft.first_rows[kind.name])]
    codes: dict[str, Positions] = {}
    for column in kind.columns:
        text = TEXT + column.name if TEXT + column.name in own else column.name
        if not isinstance(column, Reference) or text not in own:
            continue
        table = own.assign(**{column.name: own[text]})
        if column.many:
            row, code, failed = draft.resolver.many(table, column)
            draft.mark(kind.name, failed)
        else:
            found = draft.single(kind.name, table, column, codes.get(column.within))
            codes[column.name] = found
            row, code = np.flatnonzero(found >= 0), found[found >= 0]
        _from_column(draft, kind, own, column, row, code)
    registry.frame = _coded(kind, registry.frame, codes)


def _coded(kind: NodeKind, frame: pd.DataFrame, codes: dict[str, Positions]) -> pd.DataFrame:
    """Return the nodes' table with codes for references, without those that became relations."""
    frame = frame.drop(columns=[c for c in frame.columns if c.startswith(TEXT)])
    for column in kind.columns:
        if not isinstance(column, Reference) or column.name not in frame:
            continue
        if column.link is None and column.name in codes:
            padded = np.full(len(frame), -1, dtype=np.int64)
            padded[: len(codes[column.name])] = codes[column.name]
            frame[column.name] = padded
        elif column.name != OWNER.get(kind.name):
            frame = frame.drop(columns=column.name)
    return frame


def _from_column(
    draft: Draft,
    kind: NodeKind,
    own: pd.DataFrame,
    column: Reference,
    row: Positions,
    code: Positions,
) -> None:
    link = column.link
    if link is None or not len(row):
        return
    here = provisional(kind.name, row)
    source, target = (code, here) if link.incoming else (here, code)
    frame = pd.DataFrame({"source": source, "target": target, **origin(own, row)})
    draft.link(link.edge, frame.assign(role=link.role) if link.role else frame)


def add_relations(draft: Draft, kind: EdgeKind) -> None:
    """Add the relations that the rows of a sheet of their own state."""
    table = draft.tables[kind.name]
    references = [c for c in kind.columns if isinstance(c, Reference)]
    codes: dict[str, Positions] = {}
    for column in sorted(references, key=lambda c: bool(c.within) + 2 * bool(c.otherwise)):
        if column.name in table or column.otherwise:
            codes[column.name] = draft.single(kind.name, table, column, codes.get(column.within))
        if column.otherwise:
            codes[column.name] = _implied(draft, kind, table, column, codes[column.name])
    if "chain" in codes:
        codes["chain"] = _chain_of_segment(draft, codes)
    texts = [c.name for c in references if c.name in table]
    frame = table.drop(columns=[*texts, "bad"]).assign(**codes, at=np.arange(len(table)))
    if not {"source", "target"} <= set(codes):
        return
    ends = frame["source"].to_numpy(), frame["target"].to_numpy()
    usable = (ends[0] >= 0) & (ends[1] >= 0) & ~draft.bad[kind.name]
    itself = usable & (ends[0] == ends[1])
    title = next(c.zh for c in references if c.name == "source")
    written = blank_text(table, "source").fillna("")
    report(draft.findings, "E109.self", table, itself, column=title, values=written)
    draft.bad[kind.name] |= itself
    draft.link(kind.name, frame[usable & ~itself])


def _implied(
    draft: Draft, kind: EdgeKind, table: pd.DataFrame, column: Reference, code: Positions
) -> Positions:
    """Make the post or unnamed group that a blank end stands for."""
    text = blank_text(table, column.name).fillna("")
    blank = (text == "").to_numpy() & ~draft.bad[kind.name]
    parts = [blank_text(table, c).astype("str").fillna("") for c in column.otherwise_from]
    if parts:
        missing = blank & np.logical_and.reduce([(part == "").to_numpy() for part in parts])
        report(draft.findings, "E111.missing_cell", table, missing, column=column.zh, values=text)
        draft.bad[kind.name] |= missing
        blank &= ~missing
    joined = parts[0] if parts else pd.Series("未填报", index=table.index)
    for part in parts[1:]:
        joined = joined + "/" + part
    implied = Reference(name="implied", zh=column.zh, en=column.en, to=(column.otherwise,))
    found, _ = draft.resolver.single(table.assign(implied=joined.where(blank, "")), implied)
    return np.where(blank, found, code)


def _chain_of_segment(draft: Draft, codes: dict[str, Positions]) -> Positions:
    """Fill a blank 产业链 from the segment that the row names."""
    chain, owner = codes["chain"], draft.registries["Segment"].frame["chain"].to_numpy()
    low = int(provisional("Segment", 0))
    for name in ("segment", "target", "source"):
        if name in codes and len(owner):
            position = codes[name] - low
            inside = (position >= 0) & (position < len(owner))
            found = np.where(inside, owner[np.where(inside, position, 0)], -1)
            chain = np.where(chain >= 0, chain, found)
    return chain


def merged_relations(draft: Draft, kind: EdgeKind) -> pd.DataFrame:
    """Return the relations of a kind, those that are the same merged into one."""
    frame = stack(draft.edges[kind.name])
    one, two = frame["source"].to_numpy(), frame["target"].to_numpy()
    if not kind.directed:
        one, two = np.minimum(one, two), np.maximum(one, two)
    keys = pd.DataFrame({"one": one, "two": two, **{k: frame[k] for k in kind.key if k in frame}})
    repeated = keys.duplicated(keep=False).to_numpy()
    if repeated.any():
        part = frame[repeated].reset_index(drop=True)
        merged = _merge(draft, kind, part, keys[repeated].reset_index(drop=True))
        frame = pd.concat([frame[~repeated], merged], ignore_index=True)
    if kind.name == "UPSTREAM_OF" and kind.name in draft.tables:
        segments = draft.registries["Segment"].frame
        report_cycles(
            frame, draft.tables[kind.name], segments, draft.findings, draft.bad[kind.name]
        )
    return frame.drop(columns=[c for c in ("at", "bad") if c in frame])


def _merge(draft: Draft, kind: EdgeKind, part: pd.DataFrame, keys: pd.DataFrame) -> pd.DataFrame:
    groups = keys.groupby(list(keys.columns), sort=False, dropna=False)
    labels: Positions = np.asarray(groups.ngroup(), dtype=np.int64)
    if not kind.directed:
        part = part.assign(source=keys["one"], target=keys["two"])
    content = [c for c in part.columns if c not in {*ORIGIN, "at"}]
    again = part[content].assign(label=labels).duplicated().to_numpy()
    _report_merged(draft, kind, part, labels, "E109.merged", np.isin(labels, labels[again]))
    part, labels = part[~again].reset_index(drop=True), labels[~again]
    if kind.summed and kind.summed in part:
        amounts = part[kind.summed].groupby(labels)
        several = amounts.transform("size").to_numpy() > 1
        _report_merged(draft, kind, part, labels, "E109.summed", several)
        part = part.assign(**{kind.summed: amounts.transform("sum", min_count=1)})
    at = part.pop("at") if "at" in part else pd.Series(np.nan, index=part.index)
    again_labels: Positions = np.asarray(pd.factorize(labels)[0], dtype=np.int64)
    merged = merge_rows(part, again_labels, kind)
    fault = draft.report_conflicts(
        "E109.conflict", kind, part, merged.conflicts, _ends(draft, part)
    )
    rows = at[fault].dropna().to_numpy(np.int64)
    if len(rows):
        draft.bad[kind.name][rows] = True
    return merged.frame.assign(at=at.iloc[merged.rows].to_numpy())


def _report_merged(
    draft: Draft, kind: EdgeKind, part: pd.DataFrame, labels: Positions, rule: str, where: Mask
) -> None:
    """Report once for each group in `where`; a role added to 企业产业链 is no repeat."""
    if kind.name == "IN_CHAIN" or not where.any():
        return
    label = pd.Series(labels)
    first = where & ~label.duplicated().to_numpy()
    counts = label.map(label.value_counts()).astype("str")
    ends = _ends(draft, part)
    report(draft.findings, rule, part, first, column=kind.zh, values=ends, details=counts)


def _ends(draft: Draft, part: pd.DataFrame) -> pd.Series:
    """Return `source – target` by name."""
    frames = [(kind, registry.frame["name"]) for kind, registry in draft.registries.items()]
    names = pd.concat([n.set_axis(provisional(k, np.arange(len(n)))) for k, n in frames])
    one = names.reindex(part["source"]).reset_index(drop=True)
    return pd.Series(
        one + " – " + names.reindex(part["target"]).reset_index(drop=True), dtype="str"
    )
