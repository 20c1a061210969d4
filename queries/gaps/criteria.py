"""The criteria by which an occupied segment is weak or thin, each with what it takes to judge it.

Every criterion comes as an array with one value per leaf; NaN means that its data is not reported,
so that it never fires. Sums differ in their last digit with the order of rows: thresholds are
compared with a margin of 1e-9.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Mask
from graphmodel.scope import declared_for_enterprises
from queries.purchases import goods, latest
from queries.segments import Floats, Placement, Template, inside_data, numbers

MARGIN = 1e-9


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Criteria:
    """What speaks for weak and thin; arrays of shape (n,), NaN = not reported.

    Attributes:
        imports: 进口依赖 of the segment.
        outside: 对外依赖 of its firms, weighted by output where all of these report it, else mean.
        outside_firms: Number of firms that report it.
        captive: Share of the firms' essential purchases (by amount) of goods of which one supplier
            delivers them more than `supplier_share`.
        chokepoint: 1 where declared 卡脖子, 0 where declared not.
        qualified: Number of firms with a qualification; NaN unless every firm reports 资质.
        capacity: 产能 of its firms for the product that is ordered furthest beyond it.
        ordered: Quantity of that product ordered by the region's buyers.
        product: Row of that product, -1 where capacity and orders cannot be compared.
    """

    imports: Floats
    outside: Floats
    outside_firms: Floats
    captive: Floats
    chokepoint: Floats
    qualified: Floats
    capacity: Floats
    ordered: Floats
    product: Floats


def above(values: Floats, limit: float) -> Mask:
    """Return where `values` exceed `limit`; never where they are not reported."""
    return np.nan_to_num(values, nan=-np.inf) > limit + MARGIN


def below(values: Floats, limit: Floats | float) -> Mask:
    """Return where `values` fall short of `limit`; never where either is not reported."""
    with np.errstate(invalid="ignore"):
        return values < limit - MARGIN * np.maximum(1.0, np.abs(limit))


def criteria(
    graph: ChainGraph,
    template: Template,
    placement: Placement,
    *,
    supplier_share: float,
) -> Criteria:
    """Return the criteria of every leaf."""
    table = graph.nodes["Segment"].iloc[template.segments]
    outside, outside_firms = _outside(graph, template, placement)
    short = _shortfalls(graph, template, placement)
    return Criteria(
        imports=table["import_dependence"].to_numpy(np.float64),
        outside=outside,
        outside_firms=outside_firms,
        captive=_captive(graph, template, placement, supplier_share),
        chokepoint=numbers(table["chokepoint"]),
        qualified=_qualified(graph, template, placement),
        capacity=short["capacity"].to_numpy(np.float64),
        ordered=short["ordered"].to_numpy(np.float64),
        product=short["product"].to_numpy(np.float64),
    )


def _outside(graph: ChainGraph, template: Template, placement: Placement) -> tuple[Floats, Floats]:
    table = graph.edges["IN_SEGMENT"]
    stated = pd.DataFrame(
        {
            "firm": graph.rows("Enterprise", table["source"].to_numpy()),
            "leaf": np.append(template.number, -1)[
                graph.rows("Segment", table["target"].to_numpy())
            ],
            "share": table["outside_dependence"].to_numpy(),
        }
    )
    stated = stated[(stated["leaf"] >= 0) & stated["share"].notna()]
    each = stated.groupby(["firm", "leaf"], as_index=False)["share"].mean()
    each = each.merge(placement.here, on=["firm", "leaf"])
    leaf, share, output = (each[name].to_numpy() for name in ("leaf", "share", "output"))
    size = len(template)
    firms = np.bincount(leaf, minlength=size).astype(np.float64)
    full = np.bincount(leaf, np.isnan(output), minlength=size) == 0
    full &= np.bincount(leaf, np.nan_to_num(output), minlength=size) > 0
    weight = np.where(full[leaf], np.nan_to_num(output), 1.0)
    total = np.bincount(leaf, weight, minlength=size)
    mean = np.full(size, np.nan)
    np.divide(np.bincount(leaf, weight * share, minlength=size), total, out=mean, where=total > 0)
    return mean, firms


def _captive(
    graph: ChainGraph,
    template: Template,
    placement: Placement,
    supplier_share: float,
) -> Floats:
    rows = latest(graph)
    told = (rows["essential"] == 1) & rows["amount"].notna()
    bought = rows.loc[told, ["supplier", "buyer", "product", "segment", "amount"]]
    segment = goods(graph, bought)
    product = bought["product"].to_numpy()
    known = len(graph.nodes["Segment"])
    bought = bought.assign(item=np.where(product >= 0, product + known, segment))
    here = placement.here[["firm", "leaf"]].set_axis(["buyer", "leaf"], axis=1)
    bought = bought.merge(here, on="buyer")
    by_supplier = bought.groupby(["leaf", "item", "supplier"], as_index=False)["amount"].sum()
    of_item = by_supplier.groupby(["leaf", "item"])["amount"].transform("sum")
    held = above((by_supplier["amount"] / of_item).to_numpy(np.float64), supplier_share)
    leaf, amount = by_supplier["leaf"].to_numpy(), by_supplier["amount"].to_numpy()
    size = len(template)
    total = np.bincount(leaf, amount, minlength=size)
    share = np.full(size, np.nan)
    captive = np.bincount(leaf, np.where(held, amount, 0.0), minlength=size)
    np.divide(captive, total, out=share, where=total > 0)
    return share


def _qualified(graph: ChainGraph, template: Template, placement: Placement) -> Floats:
    table = graph.nodes["Enterprise"]
    written = table["qualifications"].fillna("").str.replace("无", "").str.strip(";；、 ")
    has = (written != "").to_numpy(bool, copy=True)
    holders = graph.rows("Enterprise", graph.edges["HOLDS"]["source"].to_numpy())
    has[holders[holders >= 0]] = True
    reported = has | table["qualifications"].notna().to_numpy()
    reported |= declared_for_enterprises(graph, "企业资质")
    here = placement.here
    leaf, firm = here["leaf"].to_numpy(), here["firm"].to_numpy()
    silent = np.bincount(leaf, ~reported[firm], minlength=len(template))
    firms = np.bincount(leaf, minlength=len(template))
    number = np.bincount(leaf, has[firm], minlength=len(template))
    return np.where((silent == 0) & (firms > 0), number, np.nan)


def _shortfalls(graph: ChainGraph, template: Template, placement: Placement) -> pd.DataFrame:
    """For each leaf, the product whose orders exceed capacity most, relative to capacity."""
    offers = _capacities(graph, template, placement)
    orders = _ordered(graph, template, placement, offers)
    both = offers.merge(orders, on=["leaf", "product", "unit"])
    gap = both["ordered"] / both["capacity"].where(both["capacity"] > 0)
    names = graph.nodes["Product"]["name"].to_numpy()[both["product"].to_numpy(np.int64)]
    both = both.assign(gap=gap.fillna(np.inf), name=names)
    both = both.sort_values(["gap", "name", "unit"], ascending=[False, True, True])
    first = both.groupby("leaf").first().reindex(np.arange(len(template)))
    return first.assign(product=first["product"].fillna(-1))


def _capacities(graph: ChainGraph, template: Template, placement: Placement) -> pd.DataFrame:
    """产能 by leaf, product and unit, of products for which every firm listed says it."""
    here = placement.here[["firm", "leaf"]]
    table = graph.edges["IN_SEGMENT"]
    number = np.append(template.number, -1)
    stands = _offer(graph, table, table["product"].to_numpy())
    stands["leaf"] = number[graph.rows("Segment", table["target"].to_numpy())]
    makes = _offer(graph, graph.edges["MAKES"], graph.edges["MAKES"]["target"].to_numpy())
    of_product = np.append(graph.rows("Segment", graph.nodes["Product"]["segment"].to_numpy()), -1)
    makes["leaf"] = number[of_product[makes["product"].to_numpy()]]
    offers = pd.concat([stands, makes], ignore_index=True)
    offers = offers[(offers["product"] >= 0) & (offers["leaf"] >= 0)].merge(
        here, on=["firm", "leaf"]
    )
    keys = ["firm", "leaf", "product"]
    stated = offers[offers["capacity"].notna() & (offers["unit"] != "")]
    each = stated.groupby([*keys, "unit"], as_index=False)["capacity"].max()
    listed = offers[keys].drop_duplicates().groupby(["leaf", "product"], as_index=False).size()
    total = each.groupby(["leaf", "product", "unit"], as_index=False).agg(
        capacity=("capacity", "sum"), firms=("firm", "nunique")
    )
    total = total.merge(listed, on=["leaf", "product"])
    full: pd.DataFrame = total[total["firms"] == total["size"]]
    return full


def _offer(graph: ChainGraph, table: pd.DataFrame, product: np.ndarray) -> pd.DataFrame:
    row = graph.rows("Product", product)
    return pd.DataFrame(
        {
            "firm": graph.rows("Enterprise", table["source"].to_numpy()),
            "product": row,
            "capacity": table["capacity"],
            "unit": _unit(graph, table["unit"], row),
        }
    )


def _unit(graph: ChainGraph, written: pd.Series, product: np.ndarray) -> pd.Series:
    """The unit as written, else the product's own; "" where neither is known."""
    units = graph.nodes["Product"]["unit"].fillna("").to_numpy(object)
    own = pd.Series(np.append(units, "")[product], index=written.index, dtype="str")
    return written.where(written.notna() & (written != ""), own).str.strip()


def _ordered(
    graph: ChainGraph, template: Template, placement: Placement, offers: pd.DataFrame
) -> pd.DataFrame:
    """Quantity ordered by the region's buyers, by leaf, product and unit offered."""
    table = graph.nodes["Order"]
    buyer = graph.rows("Enterprise", graph.source("ORDERS", "Order"))
    product = graph.rows("Product", table["product"].to_numpy())
    orders = pd.DataFrame({"buyer": buyer, "product": product, "quantity": table["quantity"]})
    orders["unit"] = _unit(graph, table["unit"], product)
    kept = (buyer >= 0) & (product >= 0) & table["quantity"].notna() & (orders["unit"] != "")
    orders = orders[kept]
    orders = orders[inside_data(graph)[orders["buyer"].to_numpy()]]
    orders = orders.merge(offers[["leaf", "product"]].drop_duplicates(), on="product")
    chain = template.chains[orders["leaf"].to_numpy(np.int64)]
    home = graph.target("LOCATED_IN", "Enterprise")[orders["buyer"].to_numpy()]
    members = placement.members
    size = max(len(graph.nodes["Chain"]), 1)
    key = members["firm"].to_numpy() * size + members["chain"].to_numpy()
    member = np.isin(orders["buyer"].to_numpy() * size + chain, key)
    local = template.reach.inside(chain, home) | (home < 0) & member
    total: pd.DataFrame = (
        orders[local]
        .groupby(["leaf", "product", "unit"], as_index=False)["quantity"]
        .sum()
        .rename(columns={"quantity": "ordered"})
    )
    return total
