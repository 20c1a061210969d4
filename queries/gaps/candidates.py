"""Who could fill or strengthen a segment: outside suppliers, firms here, institutes."""

from typing import Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask
from graphmodel.schema import Text
from queries.gaps.institutes import institutes
from queries.gaps.relatedness import FEWEST, Relatedness
from queries.purchases import Purchases
from queries.segments import Placement, Template, inside_data

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

_RANK: Final = {kind: rank for rank, kind in enumerate(KINDS)}
_STRONGEST = 8  # firms of an industry, or on an adjacent leaf, that are looked at
_NEAREST = 0.5  # proximity from which an industry is called related
_INDUSTRIES = 3  # main industries of a segment, and related ones, that are looked at


def outside_suppliers(graph: ChainGraph, bought: Purchases) -> pd.DataFrame:
    """Return who supplies the region's firms from elsewhere.

    Returns:
        `leaf`, `supplier` (row), `amount` in 万元 (NaN unknown), `buyers`, `region` (code, -1 where
        not reported); known to lie outside the region, or a party outside the data.
    """
    rows = bought.rows[bought.rows["local_buyer"] == 1]
    party = ~inside_data(graph)[rows["supplier"].to_numpy()]
    away = (rows["local_supplier"] == 0) | (rows["local_supplier"].isna() & party)
    grouped = rows[away].groupby(["leaf", "supplier"])
    table = grouped.agg(
        amount=("amount", "sum"),
        known=("amount", "count"),
        buyers=("buyer", "nunique"),
        region=("origin", "max"),
    ).reset_index()
    table["amount"] = table["amount"].where(table["known"] > 0)
    return pd.DataFrame(table.drop(columns="known"))


def candidates(
    graph: ChainGraph,
    template: Template,
    placement: Placement,
    suppliers: pd.DataFrame,
    related: Relatedness,
    wanted: Mask,
) -> pd.DataFrame:
    """Return the candidates of every leaf that is `wanted`, the nearest first.

    Args:
        graph: The graph asked about.
        template: Its leaves.
        placement: Who stands on them.
        suppliers: Outside suppliers (see `outside_suppliers`).
        related: Industries around each leaf.
        wanted: Leaves to find candidates for, shape (n,).

    Returns:
        `leaf`, `kind` (see `KINDS`), `code` of the node, `name`, `region` (name), `value`, `detail`
        and `detail_en` (what speaks for it), at most `PER_KIND` of each kind; an enterprise stands
        under the first kind that holds.
    """
    firms = _firms(graph)
    offers = pd.concat(
        [
            _outside(suppliers),
            _makers(graph, template, placement, firms),
            _adjacent(graph, template, placement, firms),
            _industries(graph, template, related, firms),
        ],
        ignore_index=True,
    )
    offers = offers[wanted[offers["leaf"].to_numpy(np.int64)]]
    stands = _keys(placement.here["firm"], placement.here["leaf"], len(template))
    already = np.isin(_keys(offers["firm"], offers["leaf"], len(template)), stands)
    offers = offers[~already | (offers["rank"] == 0)]
    offers["order"] = firms["order"].to_numpy()[offers["firm"].to_numpy(np.int64)]
    offers = offers.sort_values(["leaf", "rank", "strength", "order", "tie"], kind="stable")
    offers = offers.drop_duplicates(["leaf", "firm"])
    offers = offers[offers.groupby(["leaf", "rank"]).cumcount() < PER_KIND]
    return _described(graph, template, related, offers, suppliers, wanted)


def _keys(firm: "pd.Series[int]", leaf: "pd.Series[int]", size: int) -> Codes:
    return firm.to_numpy(np.int64) * max(size, 1) + leaf.to_numpy(np.int64)


def _firms(graph: ChainGraph) -> pd.DataFrame:
    """Industry, region and `order` (largest output first, then by name) of every enterprise."""
    table = graph.nodes["Enterprise"]
    frame = pd.DataFrame({"output": table["output"], "name": table["name"]})
    sorted_rows = frame.sort_values(["output", "name"], ascending=[False, True], kind="stable")
    order = np.empty(len(table), dtype=np.int64)
    order[sorted_rows.index.to_numpy()] = np.arange(len(table))
    return pd.DataFrame(
        {
            "order": order,
            "region": graph.target("LOCATED_IN", "Enterprise"),
            "inside": inside_data(graph),
        }
    )


def _offer(
    kind: str, leaf: Codes, firm: Codes, strength: object, ref: object, *, tie: object = 0
) -> pd.DataFrame:
    """Candidates of a kind; the least `strength` comes first, `ref` says what speaks for them.

    Where a firm is offered to a leaf twice, the least `tie` is kept.
    """
    columns = {"leaf": leaf, "firm": firm, "rank": _RANK[kind], "strength": strength}
    return pd.DataFrame(columns | {"ref": ref, "tie": tie})


def _alphabetical(names: "pd.Series[str]") -> Codes:
    """The place of each name among all of them in alphabetical order."""
    return np.asarray(names.rank(method="dense").to_numpy(np.int64))


def _outside(suppliers: pd.DataFrame) -> pd.DataFrame:
    leaf, firm = suppliers["leaf"].to_numpy(np.int64), suppliers["supplier"].to_numpy(np.int64)
    strength = -suppliers["amount"].fillna(0).round(6).to_numpy(np.float64)
    return _offer("outside_supplier", leaf, firm, strength, np.arange(len(suppliers)))


def _makers(
    graph: ChainGraph, template: Template, placement: Placement, firms: pd.DataFrame
) -> pd.DataFrame:
    table = graph.edges["MAKES"]
    product = graph.rows("Product", table["target"].to_numpy())
    segment = np.append(graph.rows("Segment", graph.nodes["Product"]["segment"].to_numpy()), -1)
    leaf = np.append(template.number, -1)[segment[product]]
    firm = graph.rows("Enterprise", table["source"].to_numpy())
    kept = (leaf >= 0) & (firm >= 0)
    leaf, firm, product = leaf[kept], firm[kept], product[kept]
    chain = template.chains[leaf]
    region = firms["region"].to_numpy()[firm]
    size = len(graph.nodes["Chain"])
    member = np.isin(
        firm * max(size, 1) + chain,
        _keys(placement.members["firm"], placement.members["chain"], size),
    )
    local = template.reach.inside(chain, region) | member
    local &= firms["inside"].to_numpy()[firm]
    product = product[local]
    tie = _alphabetical(graph.nodes["Product"]["name"])[product]
    return _offer("makes_product", leaf[local], firm[local], 0.0, product, tie=tie)


def _adjacent(
    graph: ChainGraph, template: Template, placement: Placement, firms: pd.DataFrame
) -> pd.DataFrame:
    links = template.links[["upstream", "downstream"]]
    sides = pd.concat(
        [links.set_axis(["beside", "leaf"], axis=1), links.set_axis(["leaf", "beside"], axis=1)]
    )
    here = placement.here[["firm", "leaf"]].set_axis(["firm", "beside"], axis=1)
    here = here.assign(order=firms["order"].to_numpy()[here["firm"].to_numpy()])
    here = here.sort_values(["beside", "order"])
    here = here[here.groupby("beside").cumcount() < _STRONGEST]
    pairs = sides.merge(here, on="beside")
    leaf, firm = pairs["leaf"].to_numpy(np.int64), pairs["firm"].to_numpy(np.int64)
    beside = pairs["beside"].to_numpy(np.int64)
    tie = _alphabetical(graph.nodes["Segment"]["name"])[template.segments[beside]]
    return _offer("adjacent", leaf, firm, 0.0, beside, tie=tie)


def _industries(
    graph: ChainGraph, template: Template, related: Relatedness, firms: pd.DataFrame
) -> pd.DataFrame:
    """Firms with a main industry of the leaf, or with one of those most related to it."""
    found = []
    for kind, weight, least in (
        ("same_industry", related.own, 1.0),
        ("related_industry", related.proximity, _NEAREST),
    ):
        order = np.argsort(-np.round(weight, 12), axis=1, kind="stable")[:, :_INDUSTRIES]
        leaf = np.repeat(np.arange(len(template)), order.shape[1])
        codes = pd.DataFrame({"leaf": leaf, "industry": order.ravel()})
        codes["weight"] = weight[leaf, order.ravel()]
        if kind == "same_industry" or related.regions >= FEWEST:
            found.append(codes[codes["weight"] >= least].assign(rank=_RANK[kind]))
    codes = pd.concat(found, ignore_index=True)
    codes["region"] = template.reach.regions[template.chains[codes["leaf"].to_numpy(np.int64)]]
    strongest = _strongest(graph, template, related, firms)
    pairs = codes.merge(strongest, on=["industry", "region"])
    leaf, firm = pairs["leaf"].to_numpy(np.int64), pairs["firm"].to_numpy(np.int64)
    offers = _offer("same_industry", leaf, firm, -pairs["weight"].round(12), pairs["industry"])
    return offers.assign(rank=pairs["rank"])


def _strongest(
    graph: ChainGraph, template: Template, related: Relatedness, firms: pd.DataFrame
) -> pd.DataFrame:
    """The strongest firms of each industry in each region asked about."""
    table = firms.assign(industry=related.industry, firm=np.arange(len(firms)))
    table = table[table["inside"] & (table["industry"] >= 0)].sort_values("order")
    row = graph.rows("Region", table["region"].to_numpy())
    found = [pd.DataFrame({"firm": [], "industry": [], "region": []}, dtype=np.int64)]
    for region in np.unique(template.reach.regions[template.chains]):
        here = table
        if region >= 0:
            here = table[(row >= 0) & template.reach.regions_inside(region)[row]]
        here = here[here.groupby("industry").cumcount() < _STRONGEST]
        found.append(here[["firm", "industry"]].assign(region=region))
    return pd.concat(found, ignore_index=True)


def _described(
    graph: ChainGraph,
    template: Template,
    related: Relatedness,
    offers: pd.DataFrame,
    suppliers: pd.DataFrame,
    wanted: Mask,
) -> pd.DataFrame:
    """Put the chosen candidates, and institutes, into words."""
    kind = np.array(list(KINDS), dtype=object)[offers["rank"].to_numpy(np.int64)]
    ref, firm = offers["ref"].to_numpy(np.int64), offers["firm"].to_numpy(np.int64)
    home = graph.target("LOCATED_IN", "Enterprise")[firm]
    outside = kind == "outside_supplier"
    home[outside] = suppliers["region"].to_numpy(np.int64)[ref[outside]]
    value = np.full(len(offers), np.nan)
    value[outside] = suppliers["amount"].to_numpy(np.float64)[ref[outside]]
    industrial = np.isin(kind, ["same_industry", "related_industry"])
    value[industrial] = -offers["strength"].to_numpy(np.float64)[industrial]
    products = graph.nodes["Product"]["name"].tolist()
    segments = graph.nodes["Segment"]["name"].iloc[template.segments].tolist()
    buyers, amounts = suppliers["buyers"].tolist(), suppliers["amount"].tolist()
    say = {
        "outside_supplier": lambda row: _supplies(buyers[row], amounts[row]),
        "makes_product": lambda row: Text(products[row], products[row]),
        "adjacent": lambda row: Text(segments[row], segments[row]),
    }
    words = [say.get(k, related.named)(r) for k, r in zip(kind, ref, strict=True)]
    chosen = pd.DataFrame(
        {
            "leaf": offers["leaf"].to_numpy(np.int64),
            "kind": kind,
            "code": firm + graph.offsets["Enterprise"],
            "home": home,
            "value": value,
            "detail": pd.Series([t.zh for t in words], dtype="str"),
            "detail_en": pd.Series([t.en for t in words], dtype="str"),
        }
    )
    matching = institutes(graph, template, np.flatnonzero(wanted), limit=PER_KIND)
    shown = pd.concat([chosen, matching], ignore_index=True)
    rank = shown["kind"].map(_RANK)
    shown = shown.assign(rank=rank).sort_values(["leaf", "rank"], kind="stable", ignore_index=True)
    shown["region"] = graph.names(shown.pop("home").to_numpy(np.int64))
    shown["name"] = graph.names(shown["code"].to_numpy(np.int64))
    listed: pd.DataFrame = shown[
        ["leaf", "kind", "code", "name", "region", "value", "detail", "detail_en"]
    ]
    return listed


def _supplies(buyers: int, amount: float) -> Text:
    if np.isnan(amount):
        return Text(f"供本地{buyers}家", f"supplies {buyers} firms here")
    return Text(
        f"供本地{buyers}家，{amount:.0f}万元",
        f"supplies {buyers} firms here, {amount:.0f} (10k yuan)",
    )
