"""首购首用: first-of-their-kind products of local firms that nobody near has bought yet."""

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask
from graphmodel.scope import declared_for_enterprises
from queries.evidence import joined
from queries.evidence import places as written_at
from queries.purchases import latest, trading
from queries.sourcing import FIRST_LABELS
from queries.sourcing.buying import making, names_of, relation_regions
from queries.sourcing.places import Places

if TYPE_CHECKING:
    from queries.sourcing import SourcingParams

_NAMED: Final = 5


def firsts(
    graph: ChainGraph, params: "SourcingParams", places: Places, asked: Mask, bought: pd.DataFrame
) -> pd.DataFrame:
    """Return products marked 首台套 of the firms asked about that have no local buyer.

    Whether a firm sells the product is known where it has a reported supply row, or 供应关系 is
    declared complete for it. Possible first users are local firms that buy the same product
    elsewhere.

    Args:
        graph: The graph.
        params: What counts as local.
        places: Where firms stand.
        asked: Which enterprises are asked about.
        bought: All purchases (`buying.buying`).
    """
    made = making(graph)
    made = made[(made["first_set"] == 1) & asked[made["firm"].to_numpy(np.int64)]]
    made = made.reset_index(drop=True).assign(number=lambda rows: np.arange(len(rows)))
    sold = _sales(graph, made["product"].to_numpy(np.int64)).rename(columns={"supplier": "firm"})
    sales = made[["number", "firm", "product"]].merge(sold, on=["firm", "product"])
    unit = places.units[params.level]
    seller, buyer = sales["firm"].to_numpy(np.int64), sales["buyer"].to_numpy(np.int64)
    near = (unit[seller] >= 0) & (unit[seller] == unit[buyer])
    pairs = sales.assign(near=near)[["number", "buyer", "near"]].drop_duplicates()
    size = len(made)
    at = pairs["number"].to_numpy(np.int64)
    local = np.bincount(at[pairs["near"].to_numpy(dtype=bool)], minlength=size)
    every = np.bincount(at, minlength=size)
    firm = made["firm"].to_numpy(np.int64)
    told = trading(graph)[firm] | declared_for_enterprises(graph, "供应关系")[firm]
    users, count = _users(graph, params, places, made, bought)
    state = np.select([every > 0, told], ["no_local", "no_buyer"], "not_reported")
    makes = graph.edges["MAKES"]
    row = made["row"].to_numpy(np.int64)
    product = graph.nodes["Product"]["name"].to_numpy(dtype=object)
    frame = pd.DataFrame(
        {
            "enterprise": names_of(graph)[firm],
            "product": product[made["product"].to_numpy(np.int64)],
            "region": relation_regions(graph, places.regions[firm]),
            "capacity": made["capacity"].to_numpy(),
            "unit": made["unit"].to_numpy(),
            "buyers": every,
            "users": users.to_numpy(),
            "user_count": count,
            "state": state,
            "evidence": np.append(written_at(makes).to_numpy(object), "")[row],
        }
    )
    return _told(frame[local == 0])


def _sales(graph: ChainGraph, products: Codes) -> pd.DataFrame:
    """Return who sells one of `products` (rows) to whom; nothing is read where there are none."""
    columns = ["supplier", "buyer", "product"]
    if not len(products):
        return pd.DataFrame({name: np.empty(0, np.int64) for name in columns})
    rows = latest(graph)[columns]
    found: pd.DataFrame = rows[np.isin(rows["product"], products)].drop_duplicates()
    return found


def _users(
    graph: ChainGraph,
    params: "SourcingParams",
    places: Places,
    made: pd.DataFrame,
    bought: pd.DataFrame,
) -> "tuple[pd.Series[str], Codes]":
    """Return local firms that buy the same product elsewhere: their names and their number."""
    unit = places.units[params.level]
    away = (bought[params.level] == 0) & (bought["product"] >= 0)
    wants = bought.loc[away, ["buyer", "product"]].drop_duplicates()
    wants = wants.assign(unit=unit[wants["buyer"].to_numpy(np.int64)])
    offers = made[["number", "firm", "product"]].assign(unit=unit[made["firm"].to_numpy(np.int64)])
    both = offers[offers["unit"] >= 0].merge(wants, on=["product", "unit"])
    both = both[both["firm"] != both["buyer"]]
    at = both["number"].to_numpy(np.int64)
    names = pd.Series(names_of(graph)[both["buyer"].to_numpy(np.int64)], dtype="str")
    count = np.bincount(at, minlength=len(made))
    return joined(at, names, len(made), limit=_NAMED), count


def _told(frame: pd.DataFrame) -> pd.DataFrame:
    zh = frame["state"].map({name: text.zh for name, text in FIRST_LABELS.items()})
    en = frame["state"].map({name: text.en for name, text in FIRST_LABELS.items()})
    number = frame["user_count"].astype("str")
    some = frame["user_count"] > 0
    more = ("；本地有 " + number + " 家从外地采购同一产品，可作首购首用对象").where(some, "")
    more_en = ("; " + number + " local firms buy the same product elsewhere").where(some, "")
    frame = frame.assign(
        reason="首台套产品，" + zh + more + "。",
        reason_en="First of its kind: " + en + more_en + ".",
    )
    return frame.sort_values(
        ["user_count", "enterprise", "product"], ascending=[False, True, True]
    ).reset_index(drop=True)
