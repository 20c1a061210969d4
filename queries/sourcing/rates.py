"""Local sourcing rates by value and by count, as intervals where a supplier's region is unknown."""

from typing import Any

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask
from graphmodel.question import Params
from queries.columns import decimals
from queries.coverage.grouping import UNREPORTED, Grouping, by_chain, by_region, total
from queries.segments import Floats
from queries.sourcing import LEVEL_LABELS as LEVELS


def pairs_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the distinct pairs of `buyer` and `supplier`, near where any of their rows says so."""
    pairs = rows[["buyer", "supplier", *LEVELS]]
    again = pairs.duplicated(["buyer", "supplier"], keep=False).to_numpy()
    several = pairs[again].groupby(["buyer", "supplier"], as_index=False).max()
    found: pd.DataFrame = pd.concat([pairs[~again], several], ignore_index=True)
    return found


def by_buyer(rows: pd.DataFrame, pairs: pd.DataFrame, level: str, counted: Mask) -> pd.DataFrame:
    """Return, for every enterprise, what it buys near, elsewhere and from unknown places.

    Args:
        rows: Purchases (`buying.buying`) or ties (`buying.cooperation`, without `amount`).
        pairs: Their distinct pairs (`pairs_of`).
        level: One of `LEVELS`.
        counted: Which enterprises a rate of this level counts; the others have 0 throughout.

    Returns:
        One row per enterprise: `near`, `bought`, `unknown` (万元), `near_firms`, `firms`,
        `unknown_firms` (distinct suppliers).
    """
    size = len(counted)
    buyer = rows["buyer"].to_numpy(np.int64)
    near = rows[level].to_numpy(np.float64)
    amount = np.nan_to_num(rows["amount"].to_numpy()) if "amount" in rows else np.zeros(len(rows))
    who, where = pairs["buyer"].to_numpy(np.int64), pairs[level].to_numpy(np.float64)
    sums = pd.DataFrame(
        {
            "near": _sum(buyer, amount * (near == 1), size),
            "bought": _sum(buyer, amount, size),
            "unknown": _sum(buyer, amount * np.isnan(near), size),
            "near_firms": _sum(who, where == 1, size),
            "firms": _sum(who, np.ones(len(who)), size),
            "unknown_firms": _sum(who, np.isnan(where), size),
        }
    )
    return sums.mul(counted.astype(np.float64), axis="index")


def _sum(group: Codes, values: "Floats | Mask", size: int) -> Floats:
    total = np.bincount(group, np.asarray(values, dtype=np.float64), minlength=size)
    return total.astype(np.float64)


def interval(near: Floats, unknown: Floats, whole: Floats) -> "pd.Series[Any]":
    """Return [near/whole, (near + unknown)/whole] for each, None where the whole is 0.

    Rows with the same interval share one list.
    """
    base = np.where(whole > 0, whole, 1)
    ends = pd.DataFrame({"low": near / base, "high": (near + unknown) / base})
    of_row = ends.groupby(["low", "high"], sort=False).ngroup().to_numpy()
    distinct = ends.drop_duplicates().to_numpy().tolist()
    lists = np.fromiter([*distinct, None], dtype=object, count=len(distinct) + 1)
    return pd.Series(lists[np.where(whole > 0, of_row, -1)], dtype=object)


def rates(
    graph: ChainGraph,
    params: Params,
    buyers: dict[tuple[str, str], pd.DataFrame],
) -> pd.DataFrame:
    """Return the rates of all buyers, of each chain and of each region, level by level.

    Args:
        graph: The graph.
        params: The chain and region asked about.
        buyers: What `by_buyer` gives for "purchases" and "partners" at every level.
    """
    size = len(graph.nodes["Enterprise"])
    parts = []
    for groups in _groupings(graph, params, size):
        for level in LEVELS:
            bought, tied = buyers["purchases", level], buyers["partners", level]
            columns = {
                "value": bought[["near", "bought", "unknown"]],
                "suppliers": bought[["near_firms", "firms", "unknown_firms"]],
                "partners": tied[["near_firms", "firms", "unknown_firms"]],
            }
            parts += [_rate(groups, level, name, part) for name, part in columns.items()]
    table = pd.concat(parts, ignore_index=True)
    keys = table.assign(
        place=table["by"].map({"total": 0, "chain": 1, "region": 2}),
        last=table["group"].eq(UNREPORTED),
    )
    order = keys.sort_values(["place", "last", "group"], kind="stable").index
    return _explained(table.loc[order].reset_index(drop=True))


def _groupings(graph: ChainGraph, params: Params, size: int) -> tuple[Grouping, ...]:
    chains = np.ones(len(graph.nodes["Chain"]), dtype=bool)
    regions = np.ones(len(graph.nodes["Region"]), dtype=bool)
    if params.chain:
        chains &= graph.codes("Chain") == graph.find("Chain", params.chain)
    if params.region:
        regions = graph.region_mask(graph.find("Region", params.region))
    return (total(size), by_chain(graph, chains), by_region(graph, "Enterprise", regions))


def _rate(groups: Grouping, level: str, measure: str, part: pd.DataFrame) -> pd.DataFrame:
    near, whole, unknown = (
        np.bincount(groups.group, part[name].to_numpy()[groups.unit], minlength=len(groups.labels))
        for name in part.columns
    )
    kept = np.flatnonzero((whole > 0) & groups.shown)
    if groups.by == "total":
        kept = np.arange(1)
    return pd.DataFrame(
        {
            "by": groups.by,
            "group": pd.Series(groups.labels[kept], dtype="str"),
            "level": level,
            "measure": measure,
            "near": near[kept],
            "whole": whole[kept],
            "unknown": unknown[kept],
        }
    )


def _explained(table: pd.DataFrame) -> pd.DataFrame:
    near, whole, unknown = (table[c].to_numpy(np.float64) for c in ("near", "whole", "unknown"))
    share = interval(near, unknown, whole)
    is_money = table["measure"] == "value"
    unit = pd.Series(" 家次", index=table.index).mask(is_money, " 万元")
    unit_en = pd.Series(" pairs", index=table.index).mask(is_money, " (10k yuan)")
    written = {
        name: decimals(values, 2).str.removesuffix(".0")
        for name, values in (("near", near), ("whole", whole), ("unknown", unknown))
    }
    labels = table["level"].map({name: text.zh for name, text in LEVELS.items()})
    labels_en = table["level"].map({name: text.en for name, text in LEVELS.items()})
    zh = (
        "在本" + labels + " " + written["near"] + "，共 " + written["whole"] + unit
        + "，供方地区未填报 " + written["unknown"] + "。"
    )  # fmt: skip
    en = (
        written["near"] + " of " + written["whole"] + unit_en + " within the " + labels_en + "; "
        + written["unknown"] + " from suppliers of unknown region."
    )  # fmt: skip
    some = pd.Series(whole > 0)
    return table.assign(
        share=share,
        reason=zh.where(some, "没有可计的采购或合作，未填报。"),
        reason_en=en.where(some, "Nothing to count: not reported."),
    )
