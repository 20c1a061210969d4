"""What is bought by whom from where: the purchases of the enterprises asked about."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask
from queries.kept import kept
from queries.purchases import goods, latest
from queries.sourcing import LEVEL_LABELS as LEVELS
from queries.sourcing.places import Places


def buying(graph: ChainGraph, places: Places, asked: Mask) -> pd.DataFrame:
    """Return every purchase of the enterprises asked about, of the latest year of each pair.

    Returns:
        `supplier`, `buyer` (rows of enterprises), `product`, `segment` (rows, -1 unknown;
        `segment` that of the goods), `amount` in 万元 (NaN not reported), `essential`, `origin`
        (row of the supplier's region, -1 not reported), `row` in the table of relations, one
        column per level of `LEVELS` (1 near, 0 elsewhere, NaN unknown) and `abroad`.
    """
    rows: pd.DataFrame = latest(graph)
    rows = rows[asked[rows["buyer"].to_numpy(np.int64)]].reset_index(drop=True)
    rows["segment"] = goods(graph, rows)
    origin = graph.rows("Region", rows["origin"].to_numpy(np.int64))
    buyer, supplier = rows["buyer"].to_numpy(np.int64), rows["supplier"].to_numpy(np.int64)
    origin = np.where(places.regions[supplier] >= 0, places.regions[supplier], origin)
    near = {level: places.near(level, buyer, supplier, origin) for level in LEVELS}
    rows = rows.drop(columns="destination").assign(origin=origin, abroad=places.abroad(origin))
    bought: pd.DataFrame = rows.assign(**near)
    return bought


def cooperation(graph: ChainGraph, places: Places, asked: Mask) -> pd.DataFrame:
    """Return the 配套 partners of the enterprises asked about: ties without direction.

    Returns:
        `buyer` (the firm asked about), `supplier` (its partner), `origin`, one column per level;
        a tie between two such firms counts once for each.
    """
    table = graph.edges["COOPERATES"]
    ends = [graph.rows("Enterprise", table[end].to_numpy()) for end in ("source", "target")]
    both = pd.DataFrame(
        {"buyer": np.concatenate(ends), "supplier": np.concatenate(ends[::-1])}
    ).drop_duplicates()
    both = both[(both["buyer"] >= 0) & (both["supplier"] >= 0)]
    both = both[asked[both["buyer"].to_numpy(np.int64)]].reset_index(drop=True)
    buyer, partner = both["buyer"].to_numpy(np.int64), both["supplier"].to_numpy(np.int64)
    origin = places.regions[partner]
    near = {level: places.near(level, buyer, partner, origin) for level in LEVELS}
    tied: pd.DataFrame = both.assign(origin=origin, **near)
    return tied


@kept
def making(graph: ChainGraph) -> pd.DataFrame:
    """Return which enterprises make which product, by 企业产品, else by 企业环节.

    Returns:
        `firm`, `product` (rows; each pair once per unit), `capacity` and `made` (产能, 产量; NaN
        not reported), `unit` (as written, else the product's own; ""), `first_set` (1, 0, NaN),
        `row` (of 企业产品, -1 where 企业环节 says it).
    """
    makes, stands = graph.edges["MAKES"], graph.edges["IN_SEGMENT"]
    told = pd.DataFrame(
        {
            "firm": graph.rows("Enterprise", makes["source"].to_numpy()),
            "product": graph.rows("Product", makes["target"].to_numpy()),
            "capacity": makes["capacity"].to_numpy(),
            "made": makes["quantity"].to_numpy(),
            "unit": makes["unit"].to_numpy(dtype=object),
            "first_set": makes["first_set"].astype("Float64").to_numpy(np.float64, na_value=np.nan),
            "row": np.arange(len(makes)),
        }
    )
    placed = pd.DataFrame(
        {
            "firm": graph.rows("Enterprise", stands["source"].to_numpy()),
            "product": graph.rows("Product", stands["product"].to_numpy()),
            "capacity": stands["capacity"].to_numpy(),
            "made": np.nan,
            "unit": stands["unit"].to_numpy(dtype=object),
            "first_set": np.nan,
            "row": -1,
        }
    )
    both = pd.concat([told, placed], ignore_index=True)
    both = both[(both["firm"] >= 0) & (both["product"] >= 0)]
    own = np.append(graph.nodes["Product"]["unit"].fillna("").to_numpy(object), "")
    unit = both["unit"].astype("str").fillna("").str.strip()
    unit = unit.where(unit.ne(""), own[both["product"].to_numpy(np.int64)])
    both = both.assign(unit=unit, silent=both["capacity"].isna())
    both = both.sort_values(["firm", "product", "silent", "row"], kind="stable")
    first = both.groupby(["firm", "product"])["first_set"].transform("max")
    both = both.assign(first_set=first).drop_duplicates(["firm", "product"])
    found: pd.DataFrame = both.drop(columns="silent").reset_index(drop=True)
    return found


@kept
def standing(graph: ChainGraph) -> pd.DataFrame:
    """Return which enterprises stand in which segment: `firm`, `segment` (rows), each once."""
    table = graph.edges["IN_SEGMENT"]
    rows = pd.DataFrame(
        {
            "firm": graph.rows("Enterprise", table["source"].to_numpy()),
            "segment": graph.rows("Segment", table["target"].to_numpy()),
        }
    )
    rows = rows[(rows["firm"] >= 0) & (rows["segment"] >= 0)]
    found: pd.DataFrame = rows.drop_duplicates(ignore_index=True)
    return found


def goods_names(graph: ChainGraph, product: Codes, segment: Codes) -> "pd.Series[str]":
    """Return what is bought by name: the product, else its segment in brackets, "" unknown."""
    products = np.append(graph.nodes["Product"]["name"].to_numpy(dtype=object), "")
    segments = np.append(("（" + graph.nodes["Segment"]["name"] + "）").to_numpy(dtype=object), "")
    named = np.where(product >= 0, products[product], segments[segment])
    return pd.Series(named, dtype="str")


@kept
def names_of(graph: ChainGraph) -> npt.NDArray[np.object_]:
    """Return the names of all enterprises as an array, "" last (for -1)."""
    return np.append(graph.nodes["Enterprise"]["name"].to_numpy(dtype=object), "")


def relation_regions(graph: ChainGraph, origin: Codes) -> "pd.Series[str]":
    """Return the names of regions (rows), "" where not reported."""
    names = np.append(graph.nodes["Region"]["name"].to_numpy(dtype=object), "")
    return pd.Series(names[origin], dtype="str")
