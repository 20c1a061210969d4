"""Regions while a graph is assembled: the planner's rows on the bundled table, then pruned."""

import numpy as np
import pandas as pd

from graphmodel.kinds import KINDS, NODE_KINDS
from graphmodel.regions import Regions
from graphmodel.schema import EdgeKind, NodeKind, Reference
from graphmodel.tables import ORIGIN
from loaders.draft import Draft, origin
from loaders.nodes import OWNER, merge_nodes
from loaders.registry import Positions, RegionRegistry, position_of, provisional
from loaders.resolving import report

_RULES = {
    "unknown_parent": "E101.unknown",
    "circle": "E108.hierarchy",
    "duplicate": "E102.merged_rows",
}


def add_regions(draft: Draft, bundled: Regions) -> Regions:
    """Add the registry of regions; every known region gets a position, used or not."""
    own = (
        merge_nodes(draft, NODE_KINDS["Region"])
        if "Region" in draft.tables
        else pd.DataFrame(columns=["name"])
    )
    regions, position = bundled.with_own(_named_parents(own))
    _report_problems(draft, regions, own, position)
    known = regions.frame
    frame = pd.DataFrame(
        {
            "id": known["code"].where(known["code"].notna(), known["name"]),
            "name": known["name"], "code": known["code"], "level": known["level"],
            "standing": "reference",
        }
    )  # fmt: skip
    for column in [c for c in own.columns if c not in {"parent", "bad", "level", "code"}]:
        given = own[column].astype("str") if column in ORIGIN[:2] else own[column]
        placed = given.set_axis(position).reindex(frame.index)
        frame[column] = placed.where(placed.notna(), frame[column]) if column in frame else placed
    frame.loc[position, "standing"] = "stated"
    for name in ORIGIN[:2]:
        frame[name] = (
            frame.get(name, pd.Series("", index=frame.index)).fillna("").astype("category")
        )
    frame["row"] = frame.get("row", pd.Series(0, index=frame.index)).fillna(0).astype("int64")
    repeated = frame["id"].duplicated(keep=False).to_numpy()
    frame.loc[repeated, "id"] = [regions.path(int(i)) for i in np.flatnonzero(repeated)]
    draft.registries["Region"] = RegionRegistry(NODE_KINDS["Region"], frame, regions)
    return regions


def _named_parents(own: pd.DataFrame) -> pd.DataFrame:
    """Return sheet 地区 with parents given by 编码 replaced by the name of that row."""
    if "parent" not in own or "id" not in own:
        return own
    names = own.dropna(subset="id").drop_duplicates("id").set_index("id")["name"]
    return own.assign(parent=own["parent"].map(names).astype("str").fillna(own["parent"]))


def _report_problems(
    draft: Draft, regions: Regions, own: pd.DataFrame, position: Positions
) -> None:
    for problem in regions.problems:
        where = position == problem.row
        rule = _RULES.get(problem.kind, "E101.ambiguous")
        details = pd.Series("、".join(problem.choices) or problem.value, index=own.index)
        values = pd.Series(problem.value, index=own.index)
        title = "上级" if problem.kind.endswith("parent") else "名称"
        report(draft.findings, rule, own, where, column=title, values=values, details=details)
        if rule != "E102.merged_rows":
            draft.mark("Region", where)


def locate_outside(draft: Draft) -> None:
    """Place outside parties where most supply rows say they are; of equals, the smallest id."""
    standing = draft.registries["Enterprise"].frame["standing"]
    outside = np.flatnonzero((standing == "outside").to_numpy())
    parts = [
        pd.DataFrame(
            {
                "source": supply[end],
                "target": supply[f"{end}_region"],
                **origin(supply, np.arange(len(supply))),
            }
        )
        for supply in draft.edges.get("SUPPLIES", [])
        for end in ("source", "target")
        if f"{end}_region" in supply
    ]
    if not parts or not len(outside):
        return
    located = pd.concat(parts, ignore_index=True)
    located = located[
        (located["target"] >= 0) & located["source"].isin(provisional("Enterprise", outside))
    ]
    pair = ["source", "target"]
    first = {column: (column, "first") for column in ORIGIN}
    counts = located.groupby(pair, as_index=False).agg(times=("row", "size"), **first)
    ids = draft.registries["Region"].frame["id"]
    counts["region"] = ids.reindex(position_of(counts["target"])).to_numpy()
    best = counts.sort_values(["times", "region"], ascending=[False, True]).drop_duplicates(
        "source"
    )
    draft.link("LOCATED_IN", best.drop(columns=["times", "region"]))


def code_columns(kind: NodeKind | EdgeKind, frame: pd.DataFrame) -> list[str]:
    """Return the columns of `frame` that hold codes of nodes."""
    edge = isinstance(kind, EdgeKind)
    names = ["source", "target"] if edge else [OWNER.get(kind.name, "")]
    names += [c.name for c in kind.columns if isinstance(c, Reference) and (edge or c.link is None)]
    return [c for c in dict.fromkeys(names) if c in frame and frame[c].dtype == "int64"]


def keep_used_regions(draft: Draft, regions: Regions, edges: dict[str, pd.DataFrame]) -> None:
    """Drop regions of the bundled table that nothing refers to; renumber and nest the rest."""
    registry = draft.registries["Region"]
    count, low = len(registry.frame), int(provisional("Region", 0))
    parent = np.full(count, -1, dtype=np.int64)
    parent[: len(regions.parents)] = regions.parents
    used = (registry.frame["standing"] != "reference").to_numpy(copy=True)
    tables = [*((k, r.frame) for k, r in draft.registries.items()), *edges.items()]
    columns = [(t, c) for name, t in tables for c in code_columns(KINDS[name], t)]
    for frame, column in columns:
        code = frame[column].to_numpy()
        used[code[(code >= low) & (code < low + count)] - low] = True
    while not used[above := parent[used & (parent >= 0)]].all():
        used[above] = True
    fresh = np.where(used, np.cumsum(used) - 1, -1)
    for frame, column in columns:
        code = frame[column].to_numpy(copy=True)
        mine = (code >= low) & (code < low + count)
        code[mine] = fresh[code[mine] - low] + low
        frame[column] = code
    child = np.flatnonzero(used & (parent >= 0))
    nested = pd.DataFrame({"source": fresh[child] + low, "target": fresh[parent[child]] + low})
    nested = nested.assign(**origin(registry.frame, child))
    stated = [edges["PART_OF"]] if "PART_OF" in edges else []
    edges["PART_OF"] = pd.concat([*stated, nested], ignore_index=True)
    registry.frame = registry.frame[used].reset_index(drop=True)
