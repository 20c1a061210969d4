"""The links of a page as columns, and the partners that are counted without being on it."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Mask
from graphmodel.kinds import EDGE_KINDS
from graphmodel.schema import Column, Property, Reference, Type
from views.page.columns import NodeColumns
from views.page.parts import LinkColumn, Links, Relation, Rest, Value

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

_FROM: Final = ("year", "date", "start", "signed", "applied", "certified")
_UNTIL: Final = ("end", "expires")
_UNSAID: Final = ("chain", "segment")


def link_columns(
    graph: ChainGraph, shown: Mask, nodes: NodeColumns
) -> tuple[list[Relation], Links, Rest]:
    """Return every link between two nodes of the page of which at least one is drawn.

    Args:
        graph: The graph.
        shown: What is drawn, over all codes of the graph.
        nodes: The nodes of the page.

    Returns:
        The relations with their properties; the links, sorted by relation, source and target;
        the partners of what is drawn that are not on the page.
    """
    relations: list[Relation] = []
    ends: list[pd.DataFrame] = []
    left_out: list[pd.DataFrame] = []
    start = 0
    for name, table in graph.edges.items():
        a, b = table["source"].to_numpy(), table["target"].to_numpy()
        near = nodes.position[a] >= 0, nodes.position[b] >= 0
        kept = (shown[a] | shown[b]) & near[0] & near[1]
        away = pd.concat(
            [
                _away(table, shown[a] & ~near[1], nodes, "source", "target"),
                _away(table, shown[b] & ~near[0], nodes, "target", "source"),
            ]
        )
        counted = name in {"SUPPLIES", "COOPERATES"} and len(away) > 0
        if name == "LOCATED_IN" or not (kept.any() or counted):
            continue
        part = table[kept]
        pairs = pd.DataFrame(
            {
                "source": nodes.position[a[kept]],
                "target": nodes.position[b[kept]],
                "inferred": part["inferred"].to_numpy(dtype=np.int64),
            }
        )
        order = np.lexsort((pairs["target"], pairs["source"]))
        ends.append(pairs.iloc[order])
        if counted:
            left_out.append(away.assign(relation=len(relations)))
        relations.append(_relation(graph, name, part.iloc[order], start))
        start += len(part)
    every = pd.concat(ends, ignore_index=True) if ends else pd.DataFrame()
    links = Links(**{name: every[name].to_numpy(np.int64) for name in every.columns})
    return relations, links, _rest(left_out)


def _away(
    table: pd.DataFrame, asked: Mask, nodes: NodeColumns, near: str, far: str
) -> pd.DataFrame:
    """Relations that lead from a node of the page to one that is not on it."""
    part = table[asked]
    return pd.DataFrame(
        {
            "node": nodes.position[part[near].to_numpy()],
            "far": part[far].to_numpy(),
            "out": int(near == "source"),
            "amount": part.get("amount", np.nan),
        }
    )


def _rest(parts: list[pd.DataFrame]) -> Rest:
    if not parts:
        return Rest()
    keys = ["node", "relation", "out"]
    groups = pd.concat(parts).groupby(keys)
    counted = groups.agg(count=("far", "nunique")).reset_index()
    counted["amount"] = groups["amount"].sum(min_count=1).to_numpy()
    whole = {name: counted[name].to_numpy(np.int64) for name in (*keys, "count")}
    return Rest(**whole, amount=counted["amount"].to_numpy(np.float64))


def _relation(graph: ChainGraph, name: str, table: pd.DataFrame, start: int) -> Relation:
    kind = EDGE_KINDS[name]
    out_zh, out_en, into_zh, into_en = _VOICES.get(name, (kind.zh, kind.en, kind.zh, kind.en))
    return Relation(
        code=name,
        out_zh=out_zh,
        out_en=out_en,
        into_zh=into_zh,
        into_en=into_en,
        start=start,
        count=len(table),
        directed=kind.directed,
        columns=[
            LinkColumn(
                name=column.name,
                zh=column.zh,
                en=column.en,
                unit=column.unit if isinstance(column, Property) else "",
                role=_role(column),
                values=values,
            )
            for column in kind.properties
            if column.name not in _UNSAID and not column.name.endswith("_region")
            for values in [_values(graph, table, column)]
            if any(value is not None for value in values)
        ],
    )


def _role(column: Column) -> str:
    """What a property is to the page: an amount, a beginning, an end, or only something said."""
    if column.name == "amount":
        return "amount"
    if column.name in _FROM:
        return "from"
    return "until" if column.name in _UNTIL else ""


def _values(graph: ChainGraph, table: pd.DataFrame, column: Column) -> list[Value]:
    series = table[column.name]
    if isinstance(column, Reference):
        series = graph.names(series.to_numpy()).set_axis(table.index)
    elif column.type is Type.BOOLEAN:
        series = series.where(series.fillna(value=False))  # only what is said to be so
    elif column.type in {Type.INTEGER, Type.DATE}:
        series = series.astype("str")  # a year is no quantity
    found: list[Value] = series.astype(object).where(series.notna(), None).tolist()
    return found
