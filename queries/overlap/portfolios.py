"""What each enterprise makes in each segment, as shares."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask
from queries.membership import placements

Floats = npt.NDArray[np.float64]
_YUAN: Final = 1e-4  # 元 in 万元


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Portfolios:
    """What is made by whom.

    Attributes:
        units: One row per enterprise and segment: `firm`, `segment`, `chain` (rows), `output` (万元
            of the segment, NaN unknown), `reporting` (names a product there).
        parts: One row per unit and item: `unit` (row of `units`), `item` (row of the products, or
            of the segments), `share` of the unit, adding up to 1, `valued` (by value, not equally).
    """

    units: pd.DataFrame
    parts: pd.DataFrame


def portfolios(graph: ChainGraph, firms: Mask, segments: Mask, *, by: str) -> Portfolios:
    """Return what each enterprise makes in each segment.

    A product belongs to the segment that 企业环节 names with it, else to its own 环节, else to the
    only segment its maker stands in. Its value is 产值 of 企业环节, else 产量 × 单价; where any
    product of a unit lacks a value, its products count equally.

    Args:
        graph: The graph.
        firms: Enterprises asked about.
        segments: Segments asked about.
        by: "products"; or "segments": a unit is an enterprise in a chain, its items are segments.
    """
    placed = placements(graph)
    placed = placed[firms[placed["firm"].to_numpy()] & segments[placed["segment"].to_numpy()]]
    if by == "segments":
        return _by_segments(placed)
    made = _made(graph)
    made = made[firms[made["firm"].to_numpy()] & segments[made["segment"].to_numpy()]]
    keys = ["firm", "segment"]
    units = pd.concat([placed[keys], made[keys]]).drop_duplicates().sort_values(["segment", "firm"])
    units = units.merge(placed[[*keys, "output"]], on=keys, how="left").reset_index(drop=True)
    of_segment = graph.rows("Chain", graph.target("PART_OF", "Segment"))
    units["chain"] = of_segment[units["segment"].to_numpy()]
    numbered = units[keys].assign(unit=np.arange(len(units)))
    parts = made.merge(numbered, on=keys)
    reporting = np.isin(np.arange(len(units)), parts["unit"])
    return Portfolios(units=units.assign(reporting=reporting), parts=_shares(parts, "product"))


def _by_segments(placed: pd.DataFrame) -> Portfolios:
    """Take each enterprise in each of its segments, with its shares over the chain's segments."""
    units = placed.sort_values(["segment", "firm"]).reset_index(drop=True)
    units = units.assign(reporting=True)
    numbered = units.assign(unit=np.arange(len(units)))
    both = numbered[["unit", "firm", "chain"]].merge(
        units[["firm", "chain", "segment", "output"]].rename(columns={"output": "value"}),
        on=["firm", "chain"],
    )
    return Portfolios(units=units, parts=_shares(both, "segment"))


def _made(graph: ChainGraph) -> pd.DataFrame:
    """Return `firm`, `segment`, `product` (rows) and `value` (万元, NaN unknown), each once."""
    stands, makes = graph.edges["IN_SEGMENT"], graph.edges["MAKES"]
    first = pd.DataFrame(
        {
            "firm": graph.rows("Enterprise", stands["source"].to_numpy()),
            "segment": graph.rows("Segment", stands["target"].to_numpy()),
            "product": graph.rows("Product", stands["product"].to_numpy()),
            "value": stands["output"].to_numpy(np.float64),
        }
    )
    product = graph.rows("Product", makes["target"].to_numpy())
    firm = graph.rows("Enterprise", makes["source"].to_numpy())
    value = makes["quantity"].to_numpy(np.float64) * makes["price"].to_numpy(np.float64) * _YUAN
    second = pd.DataFrame(
        {
            "firm": firm,
            "segment": _segment_of(graph, firm, product, first),
            "product": product,
            "value": value,
        }
    )
    both = pd.concat([first.assign(rank=0), second.assign(rank=1)])
    both = both[(both[["firm", "segment", "product"]] >= 0).all(axis=1)]
    both = both.sort_values(["rank", "value"], kind="stable", na_position="last")
    keys = ["firm", "segment", "product"]
    stated = both[both["value"].notna()].drop_duplicates(keys)[[*keys, "value"]]
    found: pd.DataFrame = both[keys].drop_duplicates().merge(stated, on=keys, how="left")
    return found


def _segment_of(graph: ChainGraph, firm: Codes, product: Codes, stands: pd.DataFrame) -> Codes:
    """Return the segment of each product made: as its maker stands, its own, or the only one."""
    named = stands.loc[stands["product"] >= 0, ["firm", "product", "segment"]]
    named = named.drop_duplicates(["firm", "product"])
    rows = pd.DataFrame({"firm": firm, "product": product})
    as_stands = rows.merge(named, on=["firm", "product"], how="left")["segment"].fillna(-1)
    own = np.append(graph.rows("Segment", graph.nodes["Product"]["segment"].to_numpy()), -1)
    stand = stands[["firm", "segment"]].drop_duplicates()
    alone = stand[~stand["firm"].duplicated(keep=False)]
    only = rows[["firm"]].merge(alone, on="firm", how="left")["segment"].fillna(-1)
    found = as_stands.to_numpy(np.int64)
    found = np.where(found >= 0, found, own[product])
    return np.where(found >= 0, found, only.to_numpy(np.int64))


def _shares(parts: pd.DataFrame, item: str) -> pd.DataFrame:
    """Return the share of each item in its unit: by value where all are known, else equal."""
    grouped = parts.groupby("unit")["value"]
    count, known, total = grouped.size(), grouped.count(), grouped.sum()
    unit = parts["unit"].to_numpy()
    valued = ((known == count) & (total > 0))[unit].to_numpy()
    base = np.where(valued, total[unit].to_numpy(), count[unit].to_numpy())
    share = np.where(valued, parts["value"].to_numpy(), 1.0) / base
    return pd.DataFrame(
        {"unit": unit, "item": parts[item].to_numpy(np.int64), "share": share, "valued": valued}
    )
