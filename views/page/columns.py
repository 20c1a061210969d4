"""The nodes and links of a page as columns: names, search words, properties, notes."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask
from graphmodel.kinds import COMMON, EDGE_KINDS, NODE_KINDS
from graphmodel.schema import Column, Property, Reference, Type
from graphmodel.tables import qualified
from views.cells import visible
from views.page.members import ABOVE, BELOW
from views.page.parts import Kind, Links, Nodes, PropertyColumn, Relation, Value

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
_VOICES: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "SUPPLIES": (
        "供货给（下游）",
        "Supplies (downstream)",
        "供货方（上游）",
        "Supplied by (upstream)",
    ),
    "COOPERATES": ("配套合作", "Cooperates with", "配套合作", "Cooperates with"),
    "CO_BUILDS": ("结对共建", "Co-builds with", "结对共建", "Co-builds with"),
    "MEMBER_OF": ("所在联盟", "Member of", "联盟成员", "Members"),
    "ORG_OF": ("依托单位", "Organization of", "党组织", "Party organizations"),
    "SUBORDINATE_TO": ("隶属于", "Subordinate to", "下级党组织", "Subordinates"),
    "OWNS": ("子公司", "Owns", "上级企业", "Owned by"),
    "IN_CHAIN": ("所在产业链", "In chain", "链上企业", "Enterprises"),
    "IN_SEGMENT": ("所在环节", "In segment", "环节企业", "Enterprises"),
    "UPSTREAM_OF": ("下游环节", "Downstream", "上游环节", "Upstream"),
    "PART_OF": ("属于", "Part of", "包含", "Contains"),
    "COVERS": ("覆盖产业链", "Covers", "覆盖本链的联盟", "Covered by"),
    "HOLDS_POST": ("任岗对象", "Holds a post for", "岗位单位", "Posts held by"),
    "MAKES": ("产品", "Makes", "生产企业", "Made by"),
    "FINANCES": ("融资企业", "Finances", "金融机构", "Financed by"),
    "LEADS": ("牵头", "Leads", "牵头单位", "Led by"),
    "PARTICIPATES": ("参与活动、订单", "Participates in", "参与单位", "Participants"),
    "RAISED_BY": ("提出企业", "Raised by", "需求", "Needs"),
    "ABOUT": (
        "主体",
        "About",
        "公开指标（断言，非计算）",
        "Stated figures (asserted, not computed)",
    ),
    "FILLS": ("补环节", "Fills", "在补项目", "Projects under way"),
    "HOLDS": ("资质", "Holds", "持有企业", "Held by"),
}
"""Relation as seen from its source and from its target; the others take their declared label."""


@dataclass(frozen=True, slots=True)
class NodeColumns:
    """The nodes of the page and where each code of the graph stands among them (-1: nowhere)."""

    kinds: list[Kind]
    nodes: Nodes
    position: Codes


def node_columns(graph: ChainGraph, near: Mask) -> NodeColumns:
    """Return every node of which `near`, shape (size,), is True, sorted by kind."""
    position = np.full(graph.size, -1, dtype=np.int64)
    kinds: list[Kind] = []
    frames: list[pd.DataFrame] = []
    start, places = 0, _fronts(graph)
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
        frames.append(_describe(graph, name, codes, table, places).assign(kind=len(kinds) - 1))
        start += len(codes)
    every = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=["id", "kind"])
    return NodeColumns(kinds, _nodes(every, kinds), position)


def _describe(
    graph: ChainGraph, kind: str, codes: Codes, table: pd.DataFrame, places: set[str]
) -> pd.DataFrame:
    """Id, name, short name, search words, region and standing of each node of one kind."""
    name = table["name"].astype("str")
    if kind in _NAMED_BY:
        spoken = table[list(_NAMED_BY[kind])].astype("str").fillna("").agg(" ".join, axis=1)
        spoken = spoken.str.strip()
        name = spoken.where(spoken != "", name)
    region = graph.names(graph.target("LOCATED_IN", kind)[graph.rows(kind, codes)]).fillna("")
    given = (
        table["short_name"]
        if "short_name" in table
        else pd.Series(None, index=table.index, dtype="str")
    )
    short = given.fillna(_told_apart(name, places) if kind in _CUT else shortened(name))
    code = table["credit_code"].fillna("") if "credit_code" in table else ""
    words = _initials(name) + " " + _initials(short) + " " + table["id"].str.lower() + " " + code
    return pd.DataFrame(
        {
            "id": table["id"],
            "name": name,
            "short": short,
            "search": words.str.lower(),
            "region": region.to_numpy(),
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
    used = graph.rows("Region", graph.edges["LOCATED_IN"]["target"].to_numpy())
    rows = np.unique(used[used >= 0])
    while len(parents := np.setdiff1d(graph.region_parents[rows], [*rows, -1])):
        rows = np.union1d(rows, parents)
    names = graph.nodes["Region"]["name"].iloc[rows].str.replace(_SHORTER[0], "", regex=True)
    bare = names.str.replace(r"^(.{2,}?)(?:自治区|高新区|经开区|省|市|县|区)$", r"\1", regex=True)
    return {*names, *bare}


def _initials(names: pd.Series) -> pd.Series:
    """Pinyin initials of each name; other letters and digits stay."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415  # loads a large dictionary

    unique = pd.Index(names.unique())
    spelled = {text: "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)) for text in unique}
    return names.map(spelled).str.replace(r"[^0-9A-Za-z]", "", regex=True).astype("str")


def _nodes(every: pd.DataFrame, kinds: list[Kind]) -> Nodes:
    if every.empty:
        return Nodes()
    shared = every["id"].duplicated(keep=False)
    label = every["kind"].map(lambda position: kinds[position].code)
    key = every["id"].where(~shared, label + ":" + every["id"])
    return Nodes(
        key=key.tolist(),
        kind=every["kind"].tolist(),
        name=every["name"].tolist(),
        short=every["short"].tolist(),
        search=every["search"].tolist(),
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
        if column.name in {"name", "short_name"} or column.name not in table:
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


def link_columns(
    graph: ChainGraph, shown: Mask, nodes: NodeColumns
) -> tuple[list[Relation], Links]:
    """Return every link with at least one end that is drawn and both ends on the page."""
    relations: list[Relation] = []
    frames: list[pd.DataFrame] = []
    for name, table in graph.edges.items():
        a, b = table["source"].to_numpy(), table["target"].to_numpy()
        kept = (shown[a] | shown[b]) & (nodes.position[a] >= 0) & (nodes.position[b] >= 0)
        if name == "LOCATED_IN" or not kept.any():
            continue
        part = table[kept]
        frames.append(
            pd.DataFrame(
                {
                    "source": nodes.position[a[kept]], "target": nodes.position[b[kept]],
                    "relation": len(relations), "note": _notes(graph, name, part),
                    "inferred": part["inferred"].to_numpy(dtype=bool),
                }
            )
        )  # fmt: skip
        kind = EDGE_KINDS[name]
        out_zh, out_en, into_zh, into_en = _VOICES.get(name, (kind.zh, kind.en, kind.zh, kind.en))
        relations.append(
            Relation(
                code=name,
                out_zh=out_zh,
                out_en=out_en,
                into_zh=into_zh,
                into_en=into_en,
                directed=kind.directed,
            )
        )
    if not frames:
        return [], Links()
    every = pd.concat(frames, ignore_index=True)
    return relations, Links(**{name: every[name].tolist() for name in every.columns})


def _notes(graph: ChainGraph, edge: str, table: pd.DataFrame) -> "pd.Series[str]":
    """What each relation says besides its ends, in one line."""
    line = pd.Series("", index=table.index, dtype="str")
    for column in EDGE_KINDS[edge].properties:
        if column.name in {"chain", "segment"} or column.name.endswith("_region"):
            continue
        series = table[column.name]
        if isinstance(column, Reference):
            part = graph.names(series.to_numpy()).set_axis(table.index).astype("str").fillna("")
        elif column.type is Type.BOOLEAN:
            part = series.fillna(value=False).map({True: column.zh, False: ""}).astype("str")
        elif column.type in {Type.MONEY, Type.NUMBER, Type.SHARE, Type.GROWTH}:
            part = series.map("{:,.12g}".format, na_action="ignore").astype("str").fillna("")
            part = part.where(part == "", part + (f" {column.unit}" if column.unit else ""))
        else:
            part = series.astype("str").fillna("")
        joint = np.where((line != "") & (part != ""), " · ", "")
        line = line + pd.Series(joint, index=table.index, dtype="str") + part
    return line.reset_index(drop=True)
