"""Who could fill or strengthen a segment: outside suppliers, firms here, institutes."""

from typing import Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask
from graphmodel.schema import Text
from queries.institutes import institutes
from queries.purchases import Purchases
from queries.relatedness import FEWEST, Relatedness
from queries.segments import Floats, Placement, Template, inside_data

KINDS: Final = {
    "outside_supplier": Text("区外现有供方", "outside supplier"),
    "makes_product": Text("本地生产该产品", "local maker of the product"),
    "adjacent": Text("本地相邻环节企业", "local firm in an adjacent segment"),
    "same_industry": Text("本地同行业企业", "local firm of the same industry"),
    "related_industry": Text("本地相关行业企业", "local firm of a related industry"),
    "institute": Text("对口院所", "institute of a matching discipline"),
}
"""Kinds of candidates, the nearest first."""

PER_KIND: Final = 3
"""Candidates of each kind that are listed for a segment."""

_STRONGEST = 8  # firms of an industry and region that are looked at
_NEAREST = 0.5  # proximity from which an industry is called related
_RELATED = 3  # related industries of a segment that are looked at


def candidates(
    graph: ChainGraph,
    template: Template,
    placement: Placement,
    bought: Purchases,
    related: Relatedness,
    wanted: Mask,
) -> pd.DataFrame:
    """Return the candidates of every leaf that is `wanted`, the nearest first.

    Returns:
        `leaf`, `kind` (see `KINDS`), `code` of the node, `name`, `region` (name), `value`, `detail`
        and `detail_en` (what speaks for it), at most `PER_KIND` of each kind; an enterprise stands
        under the first kind that holds.
    """
    leaves = np.flatnonzero(wanted)
    firms = _firms(graph)
    found = [
        _outside_suppliers(graph, bought),
        _makers(graph, template),
        _adjacent(graph, template, placement),
        _industries(template, related, firms),
    ]
    offers = pd.concat([f[f["leaf"].isin(leaves)] for f in found], ignore_index=True)
    offers["rank"] = offers["kind"].map({kind: i for i, kind in enumerate(KINDS)})
    offers = _local_only(graph, template, placement, offers)
    offers = offers.merge(firms[["firm", "output", "name"]], on="firm", how="left")
    offers["strength"] = offers["value"].where(
        offers["kind"].isin(["outside_supplier", "related_industry"]), offers["output"]
    )
    offers = offers.sort_values(
        ["leaf", "rank", "strength", "name"], ascending=[True, True, False, True], kind="stable"
    )
    offers = offers.drop_duplicates(["leaf", "firm"])
    offers = offers[offers.groupby(["leaf", "rank"]).cumcount() < PER_KIND]
    offers["code"] = offers["firm"].to_numpy(np.int64) + graph.offsets["Enterprise"]
    matching = institutes(graph, template, leaves, limit=PER_KIND)
    matching["rank"] = len(KINDS)
    shown = pd.concat([offers, matching], ignore_index=True)
    shown = shown.sort_values(["leaf", "rank"], kind="stable", ignore_index=True)
    code = shown["code"].to_numpy(np.int64)
    region = graph.names(_home(graph)[code] if len(code) else code)
    shown["region"] = shown["where"].where(shown["where"].notna(), region)
    shown["name"] = graph.names(code)
    columns = ["leaf", "kind", "code", "name", "region", "value", "detail", "detail_en"]
    listed: pd.DataFrame = shown[columns]
    return listed


def _home(graph: ChainGraph) -> Codes:
    """Region of every node by its code, -1 where none is stated."""
    table = graph.edges["LOCATED_IN"]
    home = np.full(graph.size, -1, dtype=np.int64)
    home[table["source"].to_numpy()[::-1]] = table["target"].to_numpy()[::-1]
    return home


def _firms(graph: ChainGraph) -> pd.DataFrame:
    table = graph.nodes["Enterprise"]
    frame = pd.DataFrame(
        {
            "firm": np.arange(len(table)),
            "output": table["output"],
            "name": table["name"],
            "industry": table["industry_code"],
            "region": graph.target("LOCATED_IN", "Enterprise"),
        }
    )
    return frame.assign(inside=inside_data(graph))


def _frame(
    leaf: Codes,
    firm: Codes,
    kind: str,
    value: "Floats | float" = np.nan,
    detail: "tuple[pd.Series[str], pd.Series[str]] | None" = None,
) -> pd.DataFrame:
    zh, en = ("", "") if detail is None else (detail[0].to_numpy(), detail[1].to_numpy())
    frame = pd.DataFrame({"leaf": leaf, "firm": firm, "kind": kind, "value": value})
    frame["detail"] = pd.Series(zh, index=frame.index, dtype="str")
    frame["detail_en"] = pd.Series(en, index=frame.index, dtype="str")
    frame["where"] = pd.Series(None, index=frame.index, dtype="str")
    return frame


def outside_suppliers(graph: ChainGraph, bought: Purchases) -> pd.DataFrame:
    """Return who supplies the region's firms from elsewhere.

    Returns:
        `leaf`, `supplier` (row), `amount` in 万元 (NaN unknown), `buyers`, `region` (name, null
        where not reported); known to lie outside the region, or a party outside the data.
    """
    rows = bought.rows[bought.rows["local_buyer"] == 1]
    party = ~inside_data(graph)[rows["supplier"].to_numpy()]
    away = (rows["local_supplier"] == 0) | (rows["local_supplier"].isna() & party)
    rows = rows[away]
    table = rows.groupby(["leaf", "supplier"], as_index=False).agg(
        amount=("amount", "sum"),
        known=("amount", "count"),
        buyers=("buyer", "nunique"),
        origin=("origin", "max"),
    )
    table["amount"] = table["amount"].where(table["known"] > 0)
    table["region"] = graph.names(table["origin"].to_numpy(np.int64))
    return pd.DataFrame(table)


def _outside_suppliers(graph: ChainGraph, bought: Purchases) -> pd.DataFrame:
    table = outside_suppliers(graph, bought)
    amount = table["amount"].round().astype("Int64").astype("str")
    buyers = table["buyers"].astype("str")
    zh = "供本地" + buyers + "家" + ("，" + amount + "万元").where(table["amount"].notna(), "")
    sold = (", " + amount + " (10k yuan)").where(table["amount"].notna(), "")
    en = "supplies " + buyers + " firms here" + sold
    frame = _frame(
        table["leaf"].to_numpy(np.int64),
        table["supplier"].to_numpy(np.int64),
        "outside_supplier",
        table["amount"].to_numpy(np.float64),
        (zh, en),
    )
    frame["where"] = table["region"].to_numpy()
    return frame


def _makers(graph: ChainGraph, template: Template) -> pd.DataFrame:
    table = graph.edges["MAKES"]
    product = graph.rows("Product", table["target"].to_numpy())
    segment = np.append(graph.rows("Segment", graph.nodes["Product"]["segment"].to_numpy()), -1)
    leaf = np.append(template.number, -1)[segment[product]]
    firm = graph.rows("Enterprise", table["source"].to_numpy())
    kept = (leaf >= 0) & (firm >= 0)
    names = pd.Series(graph.nodes["Product"]["name"].to_numpy(object)[product[kept]], dtype="str")
    return _frame(leaf[kept], firm[kept], "makes_product", detail=(names, names))


def _adjacent(graph: ChainGraph, template: Template, placement: Placement) -> pd.DataFrame:
    links = template.links[["upstream", "downstream"]]
    sides = pd.concat(
        [
            links.set_axis(["beside", "leaf"], axis=1),
            links.set_axis(["leaf", "beside"], axis=1),
        ]
    )
    here = placement.here[["firm", "leaf"]].set_axis(["firm", "beside"], axis=1)
    pairs = sides.merge(here, on="beside").drop_duplicates(["leaf", "firm"], ignore_index=True)
    names = graph.nodes["Segment"]["name"].to_numpy(object)[template.segments]
    beside = pd.Series(names[pairs["beside"].to_numpy(np.int64)], dtype="str")
    return _frame(
        pairs["leaf"].to_numpy(np.int64),
        pairs["firm"].to_numpy(np.int64),
        "adjacent",
        detail=(beside, beside),
    )


def _industries(template: Template, related: Relatedness, firms: pd.DataFrame) -> pd.DataFrame:
    """Firms with the industry code of the leaf, or one of those most related to it."""
    near = related.proximity
    order = np.argsort(-np.round(near, 12), axis=1, kind="stable")[:, :_RELATED]
    leaf = np.repeat(np.arange(len(template)), order.shape[1])
    related_codes = pd.DataFrame({"leaf": leaf, "number": order.ravel()})
    related_codes["value"] = near[leaf, order.ravel()]
    near_enough = (related_codes["value"] >= _NEAREST) & (related.regions >= FEWEST)
    related_codes = related_codes[near_enough].assign(kind="related_industry")
    own = pd.DataFrame(np.argwhere(related.own > 0), columns=["leaf", "number"])
    codes = pd.concat([own.assign(value=1.0, kind="same_industry"), related_codes])
    codes["industry"] = related.codes.to_numpy(object)[codes["number"].to_numpy(np.int64)]
    strong = firms[firms["inside"] & firms["industry"].notna()]
    strong = strong.sort_values(["output", "name"], ascending=[False, True], kind="stable")
    strong = strong[strong.groupby(["industry", "region"]).cumcount() < _STRONGEST]
    pairs = codes.merge(strong[["firm", "industry"]], on="industry")
    zh = ("行业代码" + pairs["industry"]).astype("str")
    en = ("industry code " + pairs["industry"]).astype("str")
    frame = _frame(
        pairs["leaf"].to_numpy(np.int64),
        pairs["firm"].to_numpy(np.int64),
        "related_industry",
        pairs["value"].to_numpy(np.float64),
        (zh, en),
    )
    frame["kind"] = pairs["kind"].to_numpy()
    return frame


def _local_only(
    graph: ChainGraph, template: Template, placement: Placement, offers: pd.DataFrame
) -> pd.DataFrame:
    """Keep outside suppliers, and firms of the region that do not stand on the leaf already."""
    firm = offers["firm"].to_numpy(np.int64)
    leaf = offers["leaf"].to_numpy(np.int64)
    chain = template.chains[leaf]
    region = graph.target("LOCATED_IN", "Enterprise")[firm]
    size = max(len(graph.nodes["Chain"]), 1)
    members = placement.members
    key = members["firm"].to_numpy() * size + members["chain"].to_numpy()
    member = np.isin(firm * size + chain, key)
    local = inside_data(graph)[firm] & (template.reach.inside(chain, region) | member)
    here = placement.here
    stands = here["firm"].to_numpy() * max(len(template), 1) + here["leaf"].to_numpy()
    already = np.isin(firm * max(len(template), 1) + leaf, stands)
    outside = (offers["kind"] == "outside_supplier").to_numpy()
    return pd.DataFrame(offers[outside | (local & ~already)])
