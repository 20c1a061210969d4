"""What is written in a row of `gaps` besides its state: projects, posts, direction, evidence."""

from typing import Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes
from graphmodel.schema import Text
from queries.evidence import places
from queries.gaps.candidates import KINDS
from queries.gaps.institutes import product_names
from queries.purchases import Purchases
from queries.segments import Placement, Template

UNDER_WAY: Final = {"在谈": "in talks", "签约": "signed", "开工": "under construction"}
POSTS: Final = {"链长": "chain chief", "牵头部门": "lead department"}
MOST_REGIONS: Final = 5
"""Regions of outside suppliers that are named; the rest are counted."""

MOST_EVIDENCE: Final = 20
"""Rows named as evidence of one finding; the rest are counted."""


def projects(graph: ChainGraph, template: Template) -> pd.DataFrame:
    """Return the projects under way (在谈, 签约, 开工) in the region that fill a leaf.

    A project without 地区 counts in its chain's own region. Returns `leaf`, `name`, `stage`,
    `expected` (ISO date or null) and `evidence`, ordered by expected date.
    """
    fills, table = graph.edges["FILLS"], graph.nodes["Project"]
    project = graph.rows("Project", fills["source"].to_numpy())
    leaf = np.append(template.number, -1)[graph.rows("Segment", fills["target"].to_numpy())]
    kept = (project >= 0) & (leaf >= 0)
    project, leaf = project[kept], leaf[kept]
    chain = template.chains[leaf]
    region = graph.target("LOCATED_IN", "Project")[project] if len(table) else project
    home = graph.target("LOCATED_IN", "Chain")
    inside = template.reach.inside(chain, np.where(region >= 0, region, home[chain]))
    rows = table.iloc[project]
    found = pd.DataFrame(
        {
            "leaf": leaf,
            "name": rows["name"].to_numpy(object),
            "stage": rows["stage"].astype("str").to_numpy(object),
            "expected": rows["expected"].to_numpy(object),
            "evidence": places(rows).to_numpy(object),
        }
    )[inside & rows["stage"].isin(list(UNDER_WAY)).to_numpy()]
    return found.sort_values(["leaf", "expected", "name"], ignore_index=True)


def posts(graph: ChainGraph) -> pd.DataFrame:
    """Return who is responsible for each chain: `chain` (row), `unit`, `role` (链长, 牵头部门)."""
    table = graph.edges["HOLDS_POST"]
    chain = graph.rows("Chain", table["target"].to_numpy())
    held = pd.DataFrame(
        {
            "chain": chain,
            "unit": graph.names(table["source"].to_numpy()).to_numpy(object),
            "role": table["role"].astype("str").to_numpy(object),
        }
    )
    held = held[(chain >= 0) & held["role"].isin(list(POSTS))].drop_duplicates()
    rank = held["role"].map({role: i for i, role in enumerate(POSTS)})
    return held.assign(rank=rank).sort_values(["chain", "rank", "unit"], ignore_index=True)


def responsible(graph: ChainGraph, template: Template) -> list[Text | None]:
    """Return the units responsible for each leaf's chain, None where no post is reported."""
    by_chain: dict[int, tuple[list[str], list[str]]] = {}
    held = posts(graph)
    for chain, unit, role in zip(held["chain"], held["unit"], held["role"], strict=True):
        zh, en = by_chain.setdefault(int(chain), ([], []))
        zh.append(f"{unit}（{role}）")
        en.append(f"{unit} ({POSTS[role]})")
    texts = {c: Text("；".join(zh), "; ".join(en)) for c, (zh, en) in by_chain.items()}
    return [texts.get(int(chain)) for chain in template.chains]


def directions(
    graph: ChainGraph,
    template: Template,
    suppliers: pd.DataFrame,
    units: list[Text | None],
    wanted: Codes,
) -> dict[int, Text]:
    """Return 招商方向 of each leaf wanted: product, outside suppliers by region, who answers."""
    named = graph.nodes["Segment"]["name"].to_numpy(object)[template.segments]
    suppliers = suppliers[suppliers["leaf"].isin(wanted)]
    products, regions = product_names(graph, template), _by_region(graph, suppliers)
    found = {}
    for leaf in wanted.tolist():
        goods = "、".join(products.get(leaf, [])[:5]) or str(named[leaf])
        where = regions.get(leaf, Text("未填报", "not reported"))
        unit = units[leaf] or Text("未填报", "not reported")
        found[leaf] = Text(
            f"产品：{goods}；区外供方：{where.zh}；责任岗位：{unit.zh}",
            f"Product: {goods}; outside suppliers: {where.en}; responsible: {unit.en}",
        )
    return found


def _by_region(graph: ChainGraph, table: pd.DataFrame) -> dict[int, Text]:
    name = graph.nodes["Enterprise"]["name"].to_numpy(object)[table["supplier"].to_numpy()]
    table = table.assign(name=name).sort_values(
        ["leaf", "amount", "name"], ascending=[True, False, True]
    )
    region = graph.names(table["region"].to_numpy(np.int64)).fillna("").to_numpy(object)
    grouped = table.assign(region=region).groupby(["leaf", "region"])
    counted = grouped["name"].agg(["count", "first"]).reset_index()
    counted = counted.sort_values(["leaf", "count", "region"], ascending=[True, False, True])
    total = counted.groupby("leaf").size().to_dict()
    counted = counted[counted.groupby("leaf").cumcount() < MOST_REGIONS]
    parts: dict[int, tuple[list[str], list[str]]] = {}
    for leaf, region, count, first in counted.itertuples(index=False):
        zh, en = parts.setdefault(leaf, ([], []))
        more = "等" if count > 1 else ""
        zh.append(f"{region or '地区未填报'}{count}家（{first}{more}）")
        en.append(f"{region or 'region not reported'}: {count} ({first})")
    for leaf, (zh, en) in parts.items():
        if total[leaf] > MOST_REGIONS:
            zh.append(f"等{total[leaf]}地")
            en.append(f"{total[leaf]} regions in all")
    return {leaf: Text("、".join(zh), ", ".join(en)) for leaf, (zh, en) in parts.items()}


def listed(found: pd.DataFrame, size: int) -> tuple[list[list[str]], list[list[str]]]:
    """Return the candidates of each leaf as short texts, in Chinese and in English."""
    zh: list[list[str]] = [[] for _ in range(size)]
    en: list[list[str]] = [[] for _ in range(size)]
    columns = ["leaf", "kind", "name", "region", "detail", "detail_en"]
    for leaf, kind, name, region, detail, detail_en in found[columns].itertuples(index=False):
        label, known = KINDS[kind], isinstance(region, str)
        about = [region if known else "地区未填报", *([detail] if detail else [])]
        about_en = [
            region if known else "region not reported",
            *([detail_en] if detail_en else []),
        ]
        zh[leaf].append(f"{label.zh}：{name}（{'，'.join(about)}）")
        en[leaf].append(f"{label.en}: {name} ({', '.join(about_en)})")
    return zh, en


def evidence(
    graph: ChainGraph,
    template: Template,
    placement: Placement,
    bought: Purchases,
    filling: pd.DataFrame,
) -> tuple[list[list[str]], list[int]]:
    """Return the rows each leaf was judged by, at most `MOST_EVIDENCE`, and their full number.

    They are, in this order: the segment itself, its links in the template, the placements of its
    firms, the projects that fill it, and supply relations of its goods.
    """
    size, links = len(template), template.links
    stands = graph.edges["IN_SEGMENT"]
    here = placement.here[["firm", "leaf"]]
    at = pd.DataFrame(
        {
            "firm": graph.rows("Enterprise", stands["source"].to_numpy()),
            "leaf": np.append(template.number, -1)[
                graph.rows("Segment", stands["target"].to_numpy())
            ],
            "row": np.arange(len(stands)),
        }
    ).merge(here, on=["firm", "leaf"])
    drawn = pd.concat(
        [
            links[["upstream", "row"]].set_axis(["leaf", "row"], axis=1),
            links[["downstream", "row"]].set_axis(["leaf", "row"], axis=1),
        ]
    ).drop_duplicates()
    own = pd.DataFrame({"leaf": np.arange(size), "row": template.segments})
    sold = bought.rows.loc[bought.rows["local_buyer"] == 1, ["leaf", "row"]]
    parts = [
        _written(graph.nodes["Segment"], own, size),
        _written(graph.edges["UPSTREAM_OF"], drawn, size),
        _written(stands, at, size),
        _first(filling[["leaf", "evidence"]].set_axis(["leaf", "text"], axis=1), size),
        _written(graph.edges["SUPPLIES"], sold, size),
    ]
    texts: list[list[str]] = [[] for _ in range(size)]
    for rows, _ in parts:
        for leaf, text in rows[["leaf", "text"]].itertuples(index=False):
            if text and len(texts[leaf]) < MOST_EVIDENCE:
                texts[leaf].append(text)
    return texts, np.sum([number for _, number in parts], axis=0).tolist()


def _first(rows: pd.DataFrame, size: int) -> tuple[pd.DataFrame, Codes]:
    """Return the first rows of each leaf, and how many each has."""
    return rows.groupby("leaf").head(MOST_EVIDENCE), np.bincount(rows["leaf"], minlength=size)


def _written(table: pd.DataFrame, rows: pd.DataFrame, size: int) -> tuple[pd.DataFrame, Codes]:
    """Return where the first rows of each leaf stand, by line of the sheet; written ones only."""
    line = table["row"].to_numpy()[rows["row"].to_numpy(np.int64)]
    stated = rows.assign(line=line)[line > 0].sort_values("line", kind="stable")
    first, number = _first(stated, size)
    text = places(table.iloc[first["row"].to_numpy(np.int64)])
    return first.assign(text=text.to_numpy()), number
