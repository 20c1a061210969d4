"""Who near the buyer could supply what it buys from elsewhere."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes
from queries.columns import decimals
from queries.lists import in_order
from queries.membership import insiders
from queries.names import name_ranks
from queries.sourcing.buying import making, names_of, standing
from queries.sourcing.places import Places

_MAKER, _STANDER = 0, 1
_NAMED: Final = 3


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Alternatives:
    """Local firms for each purchase asked about.

    Attributes:
        firms: How many there are, shape (n,).
        makers: How many of them are known to make the product.
        first: Rows of `offers` of the first few for each kind of purchase, -1 for none.
        key: Kind of each purchase, a row of `first`.
        buyers: The buyer of each purchase, which is not its own alternative.
        offers: All candidates: `firm` and `label` (name, with capacity where reported).
    """

    firms: Codes
    makers: Codes
    first: Codes
    key: Codes
    buyers: Codes
    offers: pd.DataFrame

    def names(self, at: Codes) -> "pd.Series[str]":
        """Return the first few local firms of the purchases `at` (numbers 0 … n - 1)."""
        grid, buyer, count = self.first[self.key[at]], self.buyers[at], self.firms[at]
        owner = np.append(self.offers["firm"].to_numpy(np.int64), -1)
        labels = np.append(self.offers["label"].to_numpy(dtype=object), "")
        fits = (grid >= 0) & (owner[grid] != buyer[:, None])
        used = fits & (fits.cumsum(axis=1) <= _NAMED)
        text = in_order(np.nonzero(used)[0], pd.Series(labels[grid[used]]), len(at), limit=_NAMED)
        more = "等" + pd.Series(count).astype("str") + "家"
        return text + more.where(count > _NAMED, "")


def candidates(graph: ChainGraph, places: Places, level: str, asked: pd.DataFrame) -> pd.DataFrame:
    """Return the firms of a unit that make a product or stand in its segment.

    Args:
        graph: The graph.
        places: Where firms stand.
        level: The level of the units.
        asked: Distinct `unit`, `product`, `segment` (rows, -1 unknown), one per `key`.

    Returns:
        `key`, `firm`, `kind` (0 makes the product, 1 stands in the segment), `capacity`, `made`,
        `unit_name`, `place` (0, 1, … within the key: makers first, the largest capacity first).
    """
    inside = insiders(graph)
    makes, stands = making(graph), standing(graph)
    offers = []
    for table, column, kind in ((makes, "product", _MAKER), (stands, "segment", _STANDER)):
        firm = table["firm"].to_numpy(np.int64)
        unit = places.units[level][firm]
        rows = table.assign(unit_=unit, kind=kind)[inside[firm] & (unit >= 0)]
        wanted = asked[asked[column] >= 0].rename(columns={"unit": "unit_"})
        columns = ["firm", column, "unit_", "kind"]
        if kind == _MAKER:
            columns += ["capacity", "made", "unit"]
        offers.append(wanted[["key", "unit_", column]].merge(rows[columns], on=["unit_", column]))
    found = pd.concat(offers, ignore_index=True).sort_values(["key", "firm", "kind"])
    found = found.drop_duplicates(["key", "firm"])
    name = name_ranks(graph)[found["firm"].to_numpy(np.int64)]
    size = -found["capacity"].astype("float64").fillna(-1)
    found = found.iloc[np.lexsort((found["firm"], name, size, found["kind"], found["key"]))]
    found = found.assign(place=found.groupby("key").cumcount())
    columns = ["key", "firm", "kind", "capacity", "made", "unit", "place"]
    return found[columns].rename(columns={"unit": "unit_name"}).reset_index(drop=True)


def alternatives(graph: ChainGraph, places: Places, level: str, rows: pd.DataFrame) -> Alternatives:
    """Return the local firms that could supply each of `rows`, the buyer itself left out.

    Args:
        graph: The graph.
        places: Where firms stand.
        level: What counts as local.
        rows: Purchases: `buyer`, `product`, `segment` (rows, -1 unknown), shape (n,).
    """
    unit = places.units[level][rows["buyer"].to_numpy(np.int64)]
    goods = pd.DataFrame(
        {"unit": unit, "product": rows["product"].to_numpy(), "segment": rows["segment"].to_numpy()}
    )
    known = (unit >= 0) & ((goods["product"] >= 0) | (goods["segment"] >= 0)).to_numpy(dtype=bool)
    goods = goods[known]
    code = goods["unit"] * (len(graph.nodes["Product"]) + 1) + goods["product"]
    code = code * (len(graph.nodes["Segment"]) + 1) + goods["segment"]
    key = np.full(len(rows), -1, dtype=np.int64)
    key[known], _ = pd.factorize(code)
    asked = goods.assign(key=key[known])[~code.duplicated().to_numpy()]
    found = candidates(graph, places, level, asked)
    return _chosen(graph, found, key, rows["buyer"].to_numpy(np.int64), len(asked))


def _chosen(
    graph: ChainGraph, found: pd.DataFrame, key: Codes, buyer: Codes, size: int
) -> Alternatives:
    firms = len(graph.nodes["Enterprise"])
    at = found["key"].to_numpy(np.int64)
    maker = (found["kind"] == _MAKER).to_numpy(dtype=bool)
    every = np.append(np.bincount(at, minlength=size), 0)
    makers = np.append(np.bincount(at[maker], minlength=size), 0)
    pairs = at * firms + found["firm"].to_numpy(np.int64)
    own = key * firms + buyer
    itself = pd.Series(own).isin(pairs).to_numpy() & (key >= 0)
    makes = pd.Series(own).isin(pairs[maker]).to_numpy() & (key >= 0)
    grid = np.full((size + 1, _NAMED + 1), -1, dtype=np.int64)
    first = found[found["place"] <= _NAMED]
    place = first.index.to_numpy(np.int64)
    grid[first["key"].to_numpy(np.int64), first["place"].to_numpy(np.int64)] = place
    return Alternatives(
        firms=every[key] - itself,
        makers=makers[key] - makes,
        first=grid,
        key=key,
        buyers=buyer,
        offers=pd.DataFrame({"firm": found["firm"], "label": _labels(graph, found)}),
    )


def _labels(
    graph: ChainGraph, found: pd.DataFrame
) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
    """Return each candidate's name with its capacity where reported."""
    name = pd.Series(names_of(graph)[found["firm"].to_numpy(np.int64)], dtype="str")
    number = decimals(found["capacity"], 2).str.removesuffix(".0")
    text = "（产能 " + number + " " + found["unit_name"].astype("str").fillna("") + "）"
    text = text.str.replace(" ）", "）", regex=False)
    return np.asarray(name + text.where(found["capacity"].notna(), ""), dtype=object)
