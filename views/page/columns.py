"""The nodes of a page as columns: names, initials, regions, properties."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask
from graphmodel.kinds import COMMON, NODE_KINDS
from graphmodel.schema import Column, Property, Reference
from graphmodel.tables import qualified
from views.cells import visible
from views.page.initials import initials
from views.page.members import ABOVE, BELOW
from views.page.parts import Kind, Nodes, PropertyColumn, Regions, Value

_FIRST: Final = ("Chain", "Segment", "Enterprise", *ABOVE, *BELOW)
_NAMED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "Need": ("content",),
    "Fact": ("metric", "verbatim"),
    "Order": ("number", "specification"),
}
_SHORTER: Final = (
    r"[（(][^（）()]*[）)]",
    r"(?:集团)?(?:股份)?有限(?:责任)?公司|集团公司|总公司",
    r"^中国共产党|^中共",
)
_CUT: Final = ("Enterprise", "PartyOrganization", "Alliance")
"""Kinds whose short names do without the place in front."""
_ENDINGS: Final = (("总支部委员会", "党总支"), ("支部委员会", "党支部"), ("党党", "党"))


@dataclass(frozen=True, slots=True)
class NodeColumns:
    """The nodes of the page and where each code of the graph stands among them (-1: nowhere)."""

    kinds: list[Kind]
    nodes: Nodes
    regions: Regions
    position: Codes


def node_columns(graph: ChainGraph, near: Mask) -> NodeColumns:
    """Return every node of which `near`, shape (size,), is True, sorted by kind."""
    position = np.full(graph.size, -1, dtype=np.int64)
    kinds: list[Kind] = []
    frames: list[pd.DataFrame] = []
    start, places = 0, _fronts(graph)
    regions, place_of = _regions(graph)
    for name in (*_FIRST, *(kind for kind in NODE_KINDS if kind not in _FIRST)):
        codes = graph.codes(name)[near[graph.codes(name)]]
        if not len(codes):
            continue
        table = graph.nodes[name].iloc[graph.rows(name, codes)]
        position[codes] = np.arange(start, start + len(codes))
        place = (
            "card"
            if name == "Enterprise"
            else "above"
            if name in ABOVE
            else "below"
            if name in BELOW
            else ""
        )
        declared = NODE_KINDS[name]
        kinds.append(
            Kind(
                code=name,
                zh=declared.zh,
                en=declared.en,
                place=place,
                start=start,
                count=len(codes),
                properties=_properties(graph, table, declared.properties),
            )
        )
        frames.append(
            _describe(name, table, places).assign(
                kind=len(kinds) - 1, region=place_of[_located(graph, name, codes)]
            )
        )
        start += len(codes)
    every = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=["id", "kind"])
    return NodeColumns(kinds, _nodes(every, kinds), regions, position)


def _located(graph: ChainGraph, kind: str, codes: Codes) -> Codes:
    """Row of each node's region, -1 (the last place of an index) where not reported."""
    return graph.rows("Region", graph.target("LOCATED_IN", kind)[graph.rows(kind, codes)])


def _regions(graph: ChainGraph) -> tuple[Regions, Codes]:
    """The regions in use with those they lie in, parents first, and the position of each row.

    The array of positions has one more place, -1, for the row -1.
    """
    rows = _used(graph)
    parents = graph.region_parents
    depth, above = np.zeros(len(rows), dtype=np.int64), parents[rows]
    while (above >= 0).any() and depth.max(initial=0) <= len(rows):
        depth += above >= 0
        above = np.where(above >= 0, parents[above], -1)
    rows = rows[np.argsort(depth, kind="stable")]
    place = np.full(len(parents) + 1, -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    names = graph.nodes["Region"]["name"].iloc[rows]
    return Regions(name=names.tolist(), parent=place[parents[rows]].tolist()), place


def _used(graph: ChainGraph) -> Codes:
    """Rows of the regions in which something lies, and of those they lie in."""
    used = graph.rows("Region", graph.edges["LOCATED_IN"]["target"].to_numpy())
    rows = np.unique(used[used >= 0])
    while len(parents := np.setdiff1d(graph.region_parents[rows], [*rows, -1])):
        rows = np.union1d(rows, parents)
    return rows


def _describe(kind: str, table: pd.DataFrame, places: set[str]) -> pd.DataFrame:
    """Id, name, short name, initials and standing of each node of one kind."""
    name = table["name"].astype("str")
    if kind in _NAMED_BY:
        spoken = table[list(_NAMED_BY[kind])].astype("str").fillna("").agg(" ".join, axis=1)
        spoken = spoken.str.strip()
        name = spoken.where(spoken != "", name)
    given = (
        table["short_name"]
        if "short_name" in table
        else pd.Series(None, index=table.index, dtype="str")
    )
    short = given.fillna(_told_apart(name, places) if kind in _CUT else shortened(name))
    letters, fewer = initials(name), initials(short)
    pairs = zip(letters, fewer, strict=True)
    said = np.array([whole.startswith(part) for whole, part in pairs], dtype=bool)
    return pd.DataFrame(
        {
            "id": table["id"],
            "name": name,
            "short": short,
            "initials": letters.where(said, letters + " " + fewer).str.lower(),
            "inferred": table["standing"].isin(["inferred", "outside"]),
        }
    )


def shortened(names: pd.Series, places: Iterable[str] = ()) -> pd.Series:
    """Return names without brackets, legal form, hidden characters and a leading place.

    Args:
        names: Full names.
        places: Names of regions; one is cut from the front where at least three characters stay.
    """
    short = names
    for pattern in _SHORTER:
        short = short.str.replace(pattern, "", regex=True)
    for ending, word in _ENDINGS:
        short = short.str.replace(ending, word, regex=False)
    fronts = "|".join(re.escape(place) for place in sorted(places, key=len, reverse=True) if place)
    if fronts:
        short = short.str.replace(rf"^(?:{fronts})(?!委)(.{{3,}})$", r"\1", regex=True)
    seen = short.map(visible)
    return seen.where(seen.str.strip() != "", names).astype("str")


def _told_apart(names: pd.Series, places: Iterable[str]) -> pd.Series:
    """Short names without the place, except where that would make two of them the same."""
    bare = shortened(names, places)
    return bare.where(~bare.duplicated(keep=False), shortened(names))


def _fronts(graph: ChainGraph) -> set[str]:
    """Names of the regions in use and of those they lie in, with and without their ending."""
    names = (
        graph.nodes["Region"]["name"].iloc[_used(graph)].str.replace(_SHORTER[0], "", regex=True)
    )
    bare = names.str.replace(r"^(.{2,}?)(?:自治区|高新区|经开区|省|市|县|区)$", r"\1", regex=True)
    return {*names, *bare}


def _nodes(every: pd.DataFrame, kinds: list[Kind]) -> Nodes:
    if every.empty:
        return Nodes()
    shared = every["id"].duplicated(keep=False)
    label = every["kind"].map(lambda position: kinds[position].code)
    key = every["id"].where(~shared, label + ":" + every["id"])
    return Nodes(
        key=key.tolist(),
        name=every["name"].tolist(),
        short=every["short"].tolist(),
        initials=every["initials"].tolist(),
        region=every["region"].tolist(),
        inferred=every["inferred"].tolist(),
    )


def _properties(
    graph: ChainGraph, table: pd.DataFrame, declared: tuple[Column, ...]
) -> list[PropertyColumn]:
    """The properties that at least one node reports, then where the row was written."""
    columns = []
    common = tuple(column for column in COMMON if column.name not in {c.name for c in declared})
    for column in (*declared, *common):
        if column.name in {"id", "name", "short_name"} or column.name not in table:
            continue
        values = _values(graph, table, column)
        if any(value is not None for value in values):
            unit = column.unit if isinstance(column, Property) else ""
            columns.append(
                PropertyColumn(
                    name=column.name, zh=column.zh, en=column.en, unit=unit, values=values
                )
            )
    if (table["row"] > 0).any():
        origin = (
            table["file"].astype("str").fillna("")
            + " · "
            + table["sheet"].astype("str").fillna("")
            + " · "
            + table["row"].astype("str")
        )
        written = origin.where(table["row"] > 0).astype(object)
        columns.append(
            PropertyColumn(
                name="origin",
                zh="出处（文件·表·行）",
                en="Written in (file, sheet, row)",
                values=written.where(table["row"] > 0, None).tolist(),
            )
        )
    return columns


def _values(graph: ChainGraph, table: pd.DataFrame, column: Column) -> list[Value]:
    series = table[column.name]
    if isinstance(column, Reference):
        series = graph.names(series.to_numpy()).set_axis(table.index)
    elif qualified(column) in table and table[qualified(column)].notna().any():
        said = table[qualified(column)].astype("str").fillna("")
        series = (said + series.map("{:,.12g}".format).astype("str")).where(
            said != "", series.astype(object)
        )
    plain = series.astype(object)
    filled: list[Value] = plain.where(series.notna(), None).tolist()
    return filled
