"""Order lines, and what each enterprise could supply of each product in which unit."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask
from queries.asked import asked_enterprises
from queries.evidence import joined, places
from queries.membership import chain_members, insiders

if TYPE_CHECKING:
    from queries.orders import OrderParams

DONE: Final = "已完成|完成|已交付|取消|终止|关闭"
"""An order line whose 状态 says so is neither planned nor holds capacity."""

ALL: Final = 1_000_000


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Book:
    """The orders asked about.

    Attributes:
        lines: One row per order line: `line` (row of the table of orders), `order` (its number
            among `numbers`), `product` (row, -1 unknown), `quantity`, `unit`, `due`, `buyer` (row
            of an enterprise, -1), `broker` (row of an alliance, -1), `takers` (names), `done`,
            `taken`, `status`, `evidence`.
        numbers: Order numbers, in their order.
        offers: One row per enterprise, product and unit: `firm`, `product`, `unit`, `capacity`
            (what is free; NaN not reported), `stated`, `made` (产量), `committed`, `price`,
            `inside` (may take part), `evidence`.
    """

    lines: pd.DataFrame
    numbers: "pd.Series[str]"
    offers: pd.DataFrame


def book(graph: ChainGraph, params: "OrderParams") -> Book:
    """Return the orders asked about and what could be supplied.

    Raises:
        UsageError: `params` names a chain, region or order that does not exist.
    """
    every = _lines(graph)
    asked = _asked(graph, params, every)
    number, numbers = pd.factorize(every.loc[asked, "number"], sort=True)
    lines = every[asked].assign(order=number).sort_values(["order", "line"], ignore_index=True)
    part = asked_enterprises(graph, params) if params.region else insiders(graph)
    offers = _offers(graph, params, every).assign(inside=False)
    offers["inside"] = part[offers["firm"].to_numpy(np.int64)]
    return Book(lines=lines, numbers=pd.Series(numbers, dtype="str"), offers=offers)


def _lines(graph: ChainGraph) -> pd.DataFrame:
    table = graph.nodes["Order"]
    product = graph.rows("Product", table["product"].to_numpy())
    edges = graph.edges["PARTICIPATES"]
    taken = edges[(edges["role"] == "承接").to_numpy(bool)]
    order = graph.rows("Order", taken["target"].to_numpy())
    firm = graph.rows("Enterprise", taken["source"].to_numpy())
    kept = (order >= 0) & (firm >= 0)
    order, firm = order[kept], firm[kept]
    names = graph.nodes["Enterprise"]["name"].iloc[firm]
    number = np.bincount(order, minlength=len(table))
    only = np.full(len(table), -1, dtype=np.int64)
    only[order] = firm
    status = table["status"].fillna("")
    return pd.DataFrame(
        {
            "line": np.arange(len(table)),
            "number": table["number"].fillna(table["id"]),
            "product": product,
            "quantity": table["quantity"].to_numpy(np.float64),
            "unit": unit_of(graph, table["unit"], product),
            "due": table["due"].fillna(""),
            "buyer": graph.rows("Enterprise", graph.source("ORDERS", "Order")),
            "broker": graph.rows("Alliance", table["broker"].to_numpy()),
            "takers": joined(order, names, len(table), limit=ALL),
            "taker": np.where(number == 1, only, -1),
            "taken": number > 0,
            "done": status.str.contains(DONE, regex=True).to_numpy(bool),
            "status": status,
            "evidence": places(table),
        }
    )


def unit_of(graph: ChainGraph, written: "pd.Series[str]", product: Codes) -> "pd.Series[str]":
    """Return the unit as written, else the product's own; "" where neither is known."""
    units = graph.nodes["Product"]["unit"].fillna("").to_numpy(object)
    own = pd.Series(np.append(units, "")[product], index=written.index, dtype="str")
    filled: pd.Series[str] = written.where(written.notna() & (written != ""), own).str.strip()
    return filled


def _asked(graph: ChainGraph, params: "OrderParams", lines: pd.DataFrame) -> Mask:
    """Return the lines of orders with a product of the chain (or, of none, a buyer in it)."""
    kept = np.ones(len(lines), dtype=bool)
    if params.chain:
        chain = graph.find("Chain", params.chain)
        of_product = np.append(graph.nodes["Product"]["chain"].to_numpy(), -1)
        own = of_product[lines["product"].to_numpy()]
        members = chain_members(graph)
        row = graph.rows("Chain", [chain])[0]
        buyers = np.isin(lines["buyer"], members.loc[members["chain"] == row, "firm"])
        kept &= (own == chain) | ((own < 0) & buyers)
    if params.order:
        kept &= (lines["number"] == params.order).to_numpy(bool)
        if not kept.any():
            from graphmodel.errors import UsageError  # noqa: PLC0415  # only where it is raised

            some = "、".join(pd.unique(lines["number"])[:10]) or "无 (none)"
            msg = (
                f"没有订单“{params.order}”；现有：{some}。"
                f" There is no order {params.order!r}; there are: {some}."
            )
            raise UsageError(msg)
    return np.asarray(np.isin(lines["number"], lines.loc[kept, "number"].unique()), dtype=bool)


def _offers(graph: ChainGraph, params: "OrderParams", lines: pd.DataFrame) -> pd.DataFrame:
    """Return what is free of each product at each enterprise: stated less committed."""
    makes = graph.edges["MAKES"]
    stands = graph.edges["IN_SEGMENT"]
    both = pd.concat(
        [
            _stated(graph, makes, makes["target"].to_numpy()).assign(
                made=makes["quantity"], price=makes["price"]
            ),
            _stated(graph, stands, stands["product"].to_numpy()).assign(made=np.nan, price=np.nan),
        ],
        ignore_index=True,
    )
    both = both[(both["firm"] >= 0) & (both["product"] >= 0)]
    keys = ["firm", "product", "unit"]
    offers = both.groupby(keys, as_index=False).agg(
        stated=("stated", "max"), made=("made", "max"), price=("price", "min"),
        evidence=("evidence", "first"),
    )  # fmt: skip
    busy = lines[(lines["taker"] >= 0) & ~lines["done"]]
    held = busy.groupby(["taker", "product", "unit"])["quantity"].sum().rename("committed")
    offers = offers.merge(held.reset_index().rename(columns={"taker": "firm"}), on=keys, how="left")
    offers["committed"] = offers["committed"].fillna(0)
    base = offers["stated"].fillna(offers["made"])
    if params.capacity == "spare":
        base = offers["stated"] - offers["made"]
    free = (base - offers["committed"]).clip(lower=0)
    capacity: pd.DataFrame = offers.assign(capacity=free)
    return capacity


def _stated(graph: ChainGraph, table: pd.DataFrame, product: Codes) -> pd.DataFrame:
    row = graph.rows("Product", product)
    return pd.DataFrame(
        {
            "firm": graph.rows("Enterprise", table["source"].to_numpy()),
            "product": row,
            "unit": unit_of(graph, table["unit"], row),
            "stated": table["capacity"].to_numpy(np.float64),
            "evidence": places(table),
        }
    )
