"""Published demand for products against what local firms can still make: 供需对接."""

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask
from queries.columns import decimals, written
from queries.evidence import places as written_at
from queries.lists import in_order
from queries.membership import alliance_members, insiders
from queries.segments import Floats, numbers
from queries.sourcing import MATCH_LABELS
from queries.sourcing.buying import making, names_of
from queries.sourcing.places import Places

if TYPE_CHECKING:
    from queries.sourcing import SourcingParams

_CATEGORIES: Final = ("产品", "供应链")
_SELLING: Final = "买家|销路|销售渠道|找客户|推广销售"
_NAMED: Final = 5


def demands(graph: ChainGraph, params: "SourcingParams", asked: Mask) -> pd.DataFrame:
    """Return published demand: needs of category 产品 or 供应链, and orders.

    An order of a party outside the data is asked about too, unless a region is given; under a
    chain only if its product belongs to it.

    Returns:
        `kind` (need, order), `id`, `buyer` and `product` (rows, -1 unknown), `specification`,
        `quantity`, `unit`, `due`, `selling`, `closed`, `said` (状态 as written), `broker` (row of
        an alliance, -1), `evidence`.
    """
    both = pd.concat([_needs(graph), _orders(graph)], ignore_index=True)
    buyer = both["buyer"].to_numpy(np.int64)
    inside = np.append(insiders(graph), False)
    kept = np.append(asked, False)[buyer]
    if not params.region:
        kept |= ~inside[buyer] & _of_chain(graph, params, both["product"].to_numpy(np.int64))
    own = np.append(graph.nodes["Product"]["unit"].fillna("").to_numpy(object), "")
    unit = both["unit"].astype("str").fillna("").str.strip()
    unit = unit.where(unit.ne(""), own[both["product"].to_numpy(np.int64)])
    selling = both["specification"].str.contains(_SELLING).to_numpy(dtype=bool)
    both = both.assign(unit=unit, selling=selling & (both["kind"] == "need").to_numpy(dtype=bool))
    found: pd.DataFrame = both[kept].reset_index(drop=True)
    return found


def _of_chain(
    graph: ChainGraph,
    params: "SourcingParams",
    product: "np.ndarray[tuple[int], np.dtype[np.int64]]",
) -> Mask:
    if not params.chain:
        return np.ones(len(product), dtype=bool)
    table = graph.nodes["Product"]
    segment = graph.rows("Segment", table["segment"].to_numpy())
    by_segment = np.append(graph.target("PART_OF", "Segment"), -1)[segment]
    chain = np.where(by_segment >= 0, by_segment, table["chain"].to_numpy())
    return np.asarray(np.append(chain, -1)[product] == graph.find("Chain", params.chain))


def _needs(graph: ChainGraph) -> pd.DataFrame:
    table = graph.nodes["Need"]
    kept = np.isin(written(table["category"]), _CATEGORIES)
    frame = pd.DataFrame(
        {
            "kind": "need",
            "id": table["id"],
            "buyer": graph.rows("Enterprise", graph.target("RAISED_BY", "Need")),
            "product": graph.rows("Product", table["product"].to_numpy()),
            "specification": table["content"].fillna(""),
            "quantity": numbers(table["quantity"]),
            "unit": table["unit"],
            "due": table["due"],
            "closed": table["closed"].notna(),
            "said": pd.Series("", index=table.index).mask(table["closed"].notna(), "已办结"),
            "broker": -1,
            "evidence": written_at(table),
        }
    )
    return frame[kept]


def _orders(graph: ChainGraph) -> pd.DataFrame:
    table = graph.nodes["Order"]
    part = graph.edges["PARTICIPATES"]
    taken = graph.rows("Order", part["target"].to_numpy()[(part["role"] == "承接").to_numpy(bool)])
    marks = np.zeros(len(table) + 1, dtype=bool)
    marks[taken] = True
    return pd.DataFrame(
        {
            "kind": "order",
            "id": table["id"],
            "buyer": graph.rows("Enterprise", graph.source("ORDERS", "Order")),
            "product": graph.rows("Product", table["product"].to_numpy()),
            "specification": table["specification"].fillna(""),
            "quantity": numbers(table["quantity"]),
            "unit": table["unit"],
            "due": table["due"],
            "closed": marks[:-1],
            "said": table["status"].fillna(""),
            "broker": graph.rows("Alliance", table["broker"].to_numpy()),
            "evidence": written_at(table),
        }
    )


def matching(
    graph: ChainGraph, params: "SourcingParams", places: Places, asked: Mask
) -> pd.DataFrame:
    """Return each demand with the local firms that make the product, same alliance first.

    Spare capacity is 产能 − 产量 in the unit of the demand; a firm that reports another unit, or
    not both, is named and not counted. A buyer without a unit of the level may be supplied by any
    firm of the data. A need whose words look for buyers is no demand and says so.
    """
    wanted = demands(graph, params, asked)
    offers = _offers(graph, params, places, wanted)
    size = len(wanted)
    at = offers["demand"].to_numpy(np.int64)
    counted = offers["spare"].notna().to_numpy(dtype=bool)
    spare = np.zeros(size) + np.bincount(at[counted], offers["spare"][counted], size)
    firms = np.bincount(at, minlength=size)
    known = np.bincount(at[counted], minlength=size)
    clash = np.bincount(at[offers["clash"].to_numpy(dtype=bool)], minlength=size)
    state = _states(wanted, firms, known, clash, spare)
    allied = offers[offers["allied"]]
    names = in_order(at, offers["label"], size, limit=_NAMED)
    together = in_order(allied["demand"].to_numpy(np.int64), allied["name"], size, limit=_NAMED)
    products = np.append(graph.nodes["Product"]["name"].to_numpy(dtype=object), "")
    frame = wanted.assign(
        buyer_name=names_of(graph)[wanted["buyer"].to_numpy(np.int64)],
        product_name=products[wanted["product"].to_numpy(np.int64)],
        suppliers=names.to_numpy(),
        makers=firms,
        spare=np.where(known > 0, spare, np.nan),
        unreported=firms - known,
        allied=together.to_numpy(),
        state=state,
    )
    return _told(frame)


def _offers(
    graph: ChainGraph, params: "SourcingParams", places: Places, wanted: pd.DataFrame
) -> pd.DataFrame:
    """Return every pair of a demand and a local firm that makes its product."""
    makes = making(graph)
    makes = makes[insiders(graph)[makes["firm"].to_numpy(np.int64)]]
    wanted = wanted.assign(demand=np.arange(len(wanted)))
    wanted = wanted[(wanted["product"] >= 0) & ~wanted["closed"] & ~wanted["selling"]]
    columns = ["demand", "buyer", "product", "unit", "broker"]
    pairs = wanted[columns].merge(
        makes[["firm", "product", "capacity", "made", "unit"]], on="product", suffixes=("", "_made")
    )
    unit = places.units[params.level]
    place = np.append(unit, -1)[pairs["buyer"].to_numpy(np.int64)]
    near = (place < 0) | (unit[pairs["firm"].to_numpy(np.int64)] == place)
    pairs = pairs[near & (pairs["firm"] != pairs["buyer"]).to_numpy(dtype=bool)]
    same = pairs["unit"].eq(pairs["unit_made"]) & pairs["unit"].ne("")
    spare = (pairs["capacity"] - pairs["made"]).clip(lower=0).astype("float64")
    name = pd.Series(names_of(graph)[pairs["firm"].to_numpy(np.int64)], index=pairs.index)
    pairs = pairs.assign(
        clash=pairs["unit"].ne("") & pairs["unit_made"].ne("") & ~same,
        spare=spare.where(same),
        name=name.astype("str"),
        allied=_allied(graph, pairs),
    )
    number = decimals(pairs["spare"], 2).str.removesuffix(".0")
    extra = "（富余 " + number.set_axis(pairs.index) + " " + pairs["unit"] + "）"
    pairs["label"] = pairs["name"] + extra.where(pairs["spare"].notna(), "（富余未填报）")
    pairs["size"] = -pairs["spare"].fillna(-1)
    order = pairs.sort_values(
        ["demand", "allied", "size", "name"], ascending=[True, False, True, True]
    )
    found: pd.DataFrame = order.reset_index(drop=True)
    return found


def _allied(graph: ChainGraph, pairs: pd.DataFrame) -> Mask:
    """Return which pairs share an alliance, or have it broker the order."""
    member = alliance_members(graph)[["firm", "alliance"]].drop_duplicates()
    rows = pairs[["buyer", "firm", "broker"]].assign(pair=np.arange(len(pairs)))
    ours = rows.merge(member.rename(columns={"firm": "buyer"}), on="buyer")
    brokered = rows[rows["broker"] >= 0].assign(alliance=rows["broker"])
    both = pd.concat([ours, brokered], ignore_index=True)[["pair", "firm", "alliance"]]
    found = np.zeros(len(pairs), dtype=bool)
    found[both.merge(member, on=["firm", "alliance"])["pair"].to_numpy(np.int64)] = True
    return found


def _states(
    wanted: pd.DataFrame,
    firms: Codes,
    known: Codes,
    clash: Codes,
    spare: Floats,
) -> "pd.Series[str]":
    quantity = wanted["quantity"].to_numpy(np.float64)
    product = wanted["product"].to_numpy(np.int64)
    state = np.select(
        [
            wanted["closed"].to_numpy(dtype=bool), wanted["selling"].to_numpy(dtype=bool),
            product < 0, firms == 0, np.isnan(quantity),
            (known > 0) & (spare >= quantity), (firms > 0) & (clash == firms), known < firms,
        ],
        ["closed", "selling", "no_product", "none", "quantity", "met", "unit", "unknown"],
        "partly",
    )  # fmt: skip
    return pd.Series(state, dtype="str")


_RANK: Final = (
    "met",
    "partly",
    "unknown",
    "unit",
    "quantity",
    "none",
    "no_product",
    "selling",
    "closed",
)


def _told(frame: pd.DataFrame) -> pd.DataFrame:
    """Add the sentence of each demand and put open ones first."""
    zh = frame["state"].map({name: text.zh for name, text in MATCH_LABELS.items()})
    en = frame["state"].map({name: text.en for name, text in MATCH_LABELS.items()})
    count, silent = frame["makers"].astype("str"), frame["unreported"].astype("str")
    made = frame["makers"] > 0
    more = ("：本地 " + count + " 家生产，其中 " + silent + " 家富余产能未填报或单位不同").where(
        made, ""
    )
    more_en = (": " + count + " local makers, spare unknown for " + silent).where(made, "")
    frame = frame.assign(reason=zh + more + "。", reason_en=en + more_en + ".")
    rank = frame["state"].map({name: n for n, name in enumerate(_RANK)})
    order = frame.assign(rank=rank).sort_values(["rank", "due", "id"], kind="stable")
    return order.drop(columns=["rank", "buyer", "product"]).reset_index(drop=True)
