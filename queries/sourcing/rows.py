"""The rows of `sourcing`: every purchase with where it comes from and who near could supply it."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask
from graphmodel.question import Result
from graphmodel.tables import ORIGIN
from queries.asked import asked_enterprises
from queries.evidence import places as written_at
from queries.names import id_ranks, name_ranks
from queries.segments import Floats
from queries.sourcing import LEVEL_LABELS as LEVELS
from queries.sourcing.alternatives import Alternatives, alternatives
from queries.sourcing.buying import buying, cooperation, goods_names, names_of, relation_regions
from queries.sourcing.firsts import firsts
from queries.sourcing.imports import imports
from queries.sourcing.matching import matching
from queries.sourcing.places import Places
from queries.sourcing.rates import by_buyer, interval, pairs_of, rates
from queries.sourcing.words import not_reported, notes, reasons

if TYPE_CHECKING:
    from queries.sourcing import SourcingParams

_OUTSIDE_WITH, _OUTSIDE, _UNKNOWN, _LOCAL = range(4)


def answered(graph: ChainGraph, params: "SourcingParams") -> Result:
    """Return the answer described at `queries.sourcing.answer`."""
    asked = asked_enterprises(graph, params)
    places = Places(graph)
    bought = buying(graph, places, asked)
    tied = cooperation(graph, places, asked)
    buyers = {
        (what, level): by_buyer(rows, pairs, level, _counted(places, level))
        for what, rows in (("purchases", bought), ("partners", tied))
        for pairs in (pairs_of(rows),)
        for level in LEVELS
    }
    away = np.flatnonzero((bought[params.level] == 0).to_numpy(dtype=bool))
    near = alternatives(graph, places, params.level, bought.iloc[away])
    order = _ordered(graph, params, bought, away, near)
    shown = order[: params.most] if params.most else order
    shares = {level: _shares(buyers["purchases", level]) for level in LEVELS}
    others = _spread(near, away, len(bought), shown)
    rows = _described(graph, params, bought, shown, others, shares[params.level])
    return Result(
        question="sourcing",
        params=params,
        rows=rows,
        tables={
            "rates": rates(graph, params, buyers),
            "buyers": _buyers(graph, places, params, buyers, shares),
            "matching": matching(graph, params, places, asked),
            "firsts": firsts(graph, params, places, asked, bought),
            "imports": imports(graph, bought, near, away),
        },
        notes=notes(params, bought, tied, len(bought) - len(shown)),
        not_reported=not_reported(graph, places, asked, bought),
    )


def _counted(places: Places, level: str) -> Mask:
    """Return which buyers a rate of this level counts: those that have such a unit.

    A buyer whose own region is not reported counts too, as unknown, where there are such units; a
    buyer that is in no park is not asked about parks.
    """
    units = places.units[level]
    silent = (places.regions < 0) & (level != "park") & bool((units >= 0).any())
    return np.asarray((units >= 0) | silent)


def _ordered(
    graph: ChainGraph,
    params: "SourcingParams",
    bought: pd.DataFrame,
    away: Codes,
    near: Alternatives,
) -> Codes:
    """Return the purchases in the order of the answer: what could be bought near comes first.

    Only those that can be among the first `params.most` are put in order.
    """
    local = bought[params.level].to_numpy(np.float64)
    rank = np.select([local == 1, np.isnan(local)], [_LOCAL, _UNKNOWN], _OUTSIDE)
    rank[away[near.firms > 0]] = _OUTSIDE_WITH
    amount = bought["amount"].fillna(-1).to_numpy(np.float64)
    at = _foremost(rank, amount, params.most or len(bought))
    name = name_ranks(graph)
    goods = pd.Series(graph.nodes["Product"]["name"]).rank(method="dense").to_numpy()
    rows = bought.iloc[at]
    buyer, supplier = (name[rows[end].to_numpy(np.int64)] for end in ("buyer", "supplier"))
    product = np.append(goods, 0)[rows["product"].to_numpy(np.int64)]
    keys = (rows["row"].to_numpy(), product, supplier, buyer, -amount[at], rank[at])
    return np.asarray(at[np.lexsort(keys)], dtype=np.int64)


def _foremost(rank: Codes, amount: Floats, most: int) -> Codes:
    """Return the first `most` rows by rank and falling amount, and all equal to the last."""
    counts = np.cumsum(np.bincount(rank))
    if not len(rank) or most >= counts[-1]:
        return np.arange(len(rank), dtype=np.int64)
    last = int(np.searchsorted(counts, most))
    left = most - int((rank < last).sum())
    least = -np.partition(-amount[rank == last], left - 1)[left - 1]
    return np.flatnonzero((rank < last) | ((rank == last) & (amount >= least)))


def _shares(rate: pd.DataFrame) -> dict[str, Any]:
    """Return every firm's rate by value and by count, as arrays of intervals."""
    columns = {"value": ("near", "unknown", "bought")}
    columns["count"] = ("near_firms", "unknown_firms", "firms")
    return {
        name: interval(*(rate[c].to_numpy() for c in parts)).to_numpy()
        for name, parts in columns.items()
    }


def _spread(near: Alternatives, away: Codes, size: int, shown: Codes) -> dict[str, Any]:
    """Lay the alternatives of the purchases from elsewhere beside the purchases shown."""
    place = np.full(size, -1, dtype=np.int64)
    place[away] = np.arange(len(away))
    at = place[shown]
    firms = pd.Series(np.append(near.firms, 0)[at], dtype="Int64").mask(at < 0)
    makers = pd.Series(np.append(near.makers, 0)[at], dtype="Int64").mask(at < 0)
    names = np.full(len(shown), "", dtype=object)
    names[at >= 0] = near.names(at[at >= 0]).to_numpy(dtype=object)
    return {
        "alternatives": pd.Series(names, dtype="str"),
        "alternative_count": firms,
        "alternative_makers": makers,
    }


def _described(
    graph: ChainGraph,
    params: "SourcingParams",
    bought: pd.DataFrame,
    shown: Codes,
    near: dict[str, Any],
    shares: dict[str, Any],
) -> pd.DataFrame:
    rows = bought.iloc[shown].reset_index(drop=True)
    buyer, supplier = (rows[end].to_numpy(np.int64) for end in ("buyer", "supplier"))
    names, ids = names_of(graph), graph.nodes["Enterprise"]["id"].to_numpy(dtype=object)
    table = graph.edges["SUPPLIES"][["year", *ORIGIN]].iloc[rows["row"].to_numpy(np.int64)]
    frame = rows.assign(
        number=pd.Series(np.arange(1, len(rows) + 1), dtype="Int64"),
        buyer_name=names[buyer],
        buyer_id=ids[buyer],
        supplier_name=names[supplier],
        supplier_id=ids[supplier],
        goods=goods_names(
            graph, rows["product"].to_numpy(np.int64), rows["segment"].to_numpy(np.int64)
        ),
        region=relation_regions(graph, rows["origin"].to_numpy(np.int64)),
        year=table["year"].array,
        rate_count=shares["count"][buyer],
        rate_value=shares["value"][buyer],
        evidence=written_at(table).to_numpy(),
        **near,
    )
    for level in LEVELS:
        values = frame[level].to_numpy(np.float64)
        frame[f"same_{level}"] = pd.Series(values == 1, dtype="boolean").mask(np.isnan(values))
    return reasons(frame, params.level)


def _buyers(
    graph: ChainGraph,
    places: Places,
    params: "SourcingParams",
    buyers: dict[tuple[str, str], pd.DataFrame],
    shares: dict[str, dict[str, Any]],
) -> pd.DataFrame:
    """Return the rates of every buyer at every level, the largest outside purchases first."""
    base = buyers["purchases", params.level]
    ties = buyers["partners", params.level]
    firm = np.flatnonzero(((base["firms"] > 0) | (ties["firms"] > 0)).to_numpy(dtype=bool))
    columns = {
        f"{level}_{name}": shares[level][name][firm] for level in LEVELS for name in shares[level]
    }
    chosen, ties = base.iloc[firm], ties.iloc[firm]
    frame = pd.DataFrame(
        {
            "buyer": names_of(graph)[firm],
            "buyer_id": graph.nodes["Enterprise"]["id"].to_numpy()[firm],
            "region": relation_regions(graph, places.regions[firm]),
            "bought": chosen["bought"].where(chosen["firms"] > 0).to_numpy(),
            "outside": (chosen["bought"] - chosen["near"] - chosen["unknown"]).to_numpy(),
            "unknown": chosen["unknown"].to_numpy(),
            "suppliers": chosen["firms"].astype("int64").to_numpy(),
            "partners": ties["firms"].astype("int64").to_numpy(),
            "near_partners": ties["near_firms"].astype("int64").to_numpy(),
            **columns,
        }
    )
    order = np.lexsort((id_ranks(graph)[firm], name_ranks(graph)[firm], -frame["outside"]))
    return frame.iloc[order].reset_index(drop=True)
