"""What cannot be compared, what is promised twice, and who elsewhere could supply."""

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes
from queries.evidence import joined
from queries.membership import insiders
from queries.orders.offers import ALL, Book
from queries.orders.plans import Plans

_ZH = {
    "capacity": "企业产品没有填产能（或所选口径所需的产量），不能与订单比较。",
    "unit": "企业的单位与订单不一致，不换算，请核对。",
    "no_unit": "企业或订单没有填单位，不能比较。",
    "supplier": "供应关系里供应过这个品类，企业产品没有填报产能。",
}
_EN = {
    "capacity": "Its capacity (or the output that the basis needs) is not reported.",
    "unit": "Its unit differs from the order's and is not converted.",
    "no_unit": "No unit is given by the enterprise or by the order.",
    "supplier": "It has supplied this product, and states no capacity.",
}


def incomparable(graph: ChainGraph, known: Book, found: Plans) -> pd.DataFrame:
    """Return, for every open line, the enterprises whose capacity cannot be compared with it.

    Columns `line`, `firm`, `problem`, `unit` (theirs), `evidence`.
    """
    asked = found.lines[found.lines["product"] >= 0]
    asked = asked[["product", "unit", "buyer"]].rename_axis("line").reset_index()
    offers = known.offers[known.offers["inside"]]
    both = asked.merge(offers, on="product", suffixes=("", "_offer"))
    both = both[both["firm"] != both["buyer"]]
    comparable = (both["unit"] == both["unit_offer"]) & (both["unit"] != "")
    served = both[comparable & both["capacity"].notna()][["line", "firm"]].drop_duplicates()
    problem = np.select(
        [both["capacity"].isna(), (both["unit_offer"] == "") | (both["unit"] == "")],
        ["capacity", "no_unit"],
        "unit",
    )
    both = both.assign(problem=problem)[["line", "firm", "problem", "unit_offer", "evidence"]]
    both = both[~(comparable & (problem != "capacity"))]
    supplied = _suppliers(graph, known, asked)
    every = pd.concat([both, supplied], ignore_index=True)
    key = every["line"] * len(graph.nodes["Enterprise"]) + every["firm"]
    done = served["line"] * len(graph.nodes["Enterprise"]) + served["firm"]
    every = every[~key.isin(done)].drop_duplicates(["line", "firm"], ignore_index=True)
    named_: pd.DataFrame = every.rename(columns={"unit_offer": "unit"})
    return named_


def _sold(graph: ChainGraph) -> pd.DataFrame:
    """Return who sells which product: `firm`, `product`, each pair once."""
    edges = graph.edges["SUPPLIES"]
    sold = pd.DataFrame(
        {
            "firm": graph.rows("Enterprise", edges["source"].to_numpy()),
            "product": graph.rows("Product", edges["product"].to_numpy()),
        }
    )
    return sold[(sold["firm"] >= 0) & (sold["product"] >= 0)].drop_duplicates()


def _suppliers(graph: ChainGraph, known: Book, asked: pd.DataFrame) -> pd.DataFrame:
    """Return the enterprises inside that sell the product but do not say that they make it."""
    sold = _sold(graph)
    sold = sold[insiders(graph)[sold["firm"].to_numpy(np.int64)]]
    listed = known.offers[["firm", "product"]].drop_duplicates().assign(listed=True)
    sold = sold.merge(listed, on=["firm", "product"], how="left")
    sold = sold[sold["listed"].isna()]
    both = asked.merge(sold[["firm", "product"]], on="product")
    both = both[both["firm"] != both["buyer"]]
    return both.assign(problem="supplier", unit_offer="", evidence="")[
        ["line", "firm", "problem", "unit_offer", "evidence"]
    ]


def elsewhere(graph: ChainGraph, known: Book, found: Plans) -> tuple[Codes, Codes]:
    """Return lines and the enterprises elsewhere that make or sell what they ask for."""
    asked = found.lines[found.lines["product"] >= 0]
    asked = asked[["product", "buyer"]].rename_axis("line").reset_index()
    made = known.offers.loc[~known.offers["inside"], ["firm", "product"]]
    sold = _sold(graph)
    sold = sold[~insiders(graph)[sold["firm"].to_numpy(np.int64)]]
    both = asked.merge(pd.concat([made, sold]).drop_duplicates(), on="product")
    both = both[both["firm"] != both["buyer"]]
    return both["line"].to_numpy(np.int64), both["firm"].to_numpy(np.int64)


def conflicts(graph: ChainGraph, known: Book, found: Plans) -> pd.DataFrame:
    """Return what the plans together ask of an enterprise beyond what it has free."""
    supplies = found.supplies
    keys = ["firm", "product", "unit"]
    total = supplies.groupby(keys, as_index=False).agg(
        planned=("quantity", "sum"), capacity=("capacity", "first")
    )
    over = total[total["planned"] > total["capacity"] * (1 + 1e-9)].reset_index(drop=True)
    over = over.assign(group=np.arange(len(over)))
    who = supplies.merge(over[[*keys, "group"]], on=keys)
    orders = joined(
        who["group"].to_numpy(np.int64),
        known.numbers.iloc[who["order"].to_numpy(np.int64)],
        len(over),
        limit=ALL,
    )
    firms = graph.nodes["Enterprise"]
    row = over["firm"].to_numpy(np.int64)
    evidence = who.drop_duplicates("group").sort_values("group")["evidence"]
    return pd.DataFrame(
        {
            "enterprise": firms["name"].to_numpy(object)[row],
            "enterprise_id": firms["id"].to_numpy(object)[row],
            "product": graph.names(over["product"].to_numpy(np.int64) + graph.offsets["Product"]),
            "unit": over["unit"],
            "capacity": over["capacity"],
            "planned": over["planned"],
            "orders": orders,
            "reason": "各订单方案合计超过可用产能，不能同时采用。",
            "reason_en": "The plans together exceed what is free; they cannot all be had.",
            "evidence": evidence.to_numpy(dtype=object),
        }
    ).sort_values(["enterprise", "product"], kind="stable")


def named(graph: ChainGraph, known: Book, unverified: pd.DataFrame) -> pd.DataFrame:
    """Return every enterprise whose capacity could not be compared, with why."""
    firms = graph.nodes["Enterprise"]
    line = known.lines.loc[unverified["line"]].reset_index(drop=True)
    table = unverified.assign(product=line["product"], order_unit=line["unit"], order=line["order"])
    keys = ["firm", "product", "problem", "unit", "order_unit"]
    group = np.asarray(table.groupby(keys).ngroup(), dtype=np.int64)
    size = int(group.max(initial=-1)) + 1
    numbers = known.numbers.iloc[table["order"].to_numpy(np.int64)]
    orders = joined(group, numbers, size, limit=ALL)
    first = table.assign(group=group).drop_duplicates("group").sort_values("group")
    row = first["firm"].to_numpy(np.int64)
    zh = first["problem"].map(_ZH)
    en = first["problem"].map(_EN)
    return pd.DataFrame(
        {
            "enterprise": firms["name"].to_numpy(object)[row],
            "enterprise_id": firms["id"].to_numpy(object)[row],
            "product": graph.names(
                first["product"].to_numpy(np.int64) + graph.offsets["Product"]
            ).to_numpy(dtype=object),
            "problem": first["problem"].to_numpy(dtype=object),
            "unit": first["unit"].to_numpy(dtype=object),
            "order_unit": first["order_unit"].to_numpy(dtype=object),
            "orders": orders.to_numpy(dtype=object),
            "reason": zh.to_numpy(dtype=object),
            "reason_en": en.to_numpy(dtype=object),
            "evidence": first["evidence"].to_numpy(dtype=object),
        }
    ).sort_values(["product", "enterprise", "problem"], kind="stable")
