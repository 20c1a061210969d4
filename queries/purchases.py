"""What is bought of each segment, by whom and from where; and who trades with whom."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask
from queries.kept import kept
from queries.segments import Floats, Placement, Template, inside_data, numbers


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Purchases:
    """What supply relations say of each leaf; arrays of shape (n,), amounts in 万元.

    Attributes:
        rows: Relations of the latest year per pair whose goods belong to a leaf: `supplier`,
            `buyer` (rows of enterprises), `leaf`, `amount`, `essential`, `local_supplier`,
            `local_buyer` (1, 0, NaN unknown), `origin`, `destination` (region codes), `row`.
        bought: D_k, purchases of the leaf by the region's firms; NaN where none is reported.
        local_share: loc_k, the part of them from suppliers of the region, among those whose
            supplier's region is known.
        essential_share: The part of them that is essential, among those that say so.
        outflow: Sales by the region's firms on upstream leaves to buyers on this leaf elsewhere.
        outflow_share: The same over all sales of the chain's goods by the region's firms.
    """

    rows: pd.DataFrame
    bought: Floats
    local_share: Floats
    essential_share: Floats
    outflow: Floats
    outflow_share: Floats


@kept
def latest(graph: ChainGraph) -> pd.DataFrame:
    """Return supply relations of the latest year that each pair of enterprises reports.

    A relation without a year counts as current. Columns: `supplier`, `buyer` (rows of the table of
    enterprises), `product` and `segment` (rows, -1 unknown), `amount`, `essential` (1, 0, NaN),
    `origin`, `destination` (codes of 供方地区, 需方地区), and `row` in the table of relations.
    """
    table = graph.edges["SUPPLIES"]
    supplier = graph.rows("Enterprise", table["source"].to_numpy())
    buyer = graph.rows("Enterprise", table["target"].to_numpy())
    at = np.flatnonzero((supplier >= 0) & (buyer >= 0))
    pair = supplier[at] * len(graph.nodes["Enterprise"]) + buyer[at]
    at = at[~_superseded(pair, numbers(table["year"])[at])]
    columns = {
        "supplier": supplier,
        "buyer": buyer,
        "product": graph.rows("Product", table["product"].to_numpy()),
        "segment": graph.rows("Segment", table["segment"].to_numpy()),
        "amount": table["amount"].to_numpy(),
        "essential": numbers(table["essential"]),
        "origin": _region_of(graph, supplier, table["source_region"].to_numpy()),
        "destination": _region_of(graph, buyer, table["target_region"].to_numpy()),
        "row": np.arange(len(table)),
    }
    return pd.DataFrame({name: values[at] for name, values in columns.items()})


def _superseded(pair: Codes, year: Floats) -> Mask:
    """Return which relations are of an earlier year than another of the same pair."""
    again = np.flatnonzero(pd.Series(pair).duplicated(keep=False).to_numpy() & ~np.isnan(year))
    last = pd.Series(year[again]).groupby(pair[again]).transform("max").to_numpy()
    found = np.zeros(len(pair), dtype=bool)
    found[again] = year[again] < last
    return found


def _region_of(graph: ChainGraph, firms: Codes, written: Codes) -> Codes:
    own = graph.target("LOCATED_IN", "Enterprise")
    found = own[firms] if len(own) else np.full_like(firms, -1)
    return np.where(found >= 0, found, written)


def goods(graph: ChainGraph, rows: pd.DataFrame) -> Codes:
    """Return the segment (row) that each relation's goods belong to, -1 where nothing tells.

    It is the relation's own 环节, else its product's, else the only segment its supplier stands in.
    """
    segment = rows["segment"].to_numpy()
    of_product = np.append(graph.rows("Segment", graph.nodes["Product"]["segment"].to_numpy()), -1)
    segment = np.where(segment >= 0, segment, of_product[rows["product"].to_numpy()])
    only = _only_segments(graph)
    return np.where(segment >= 0, segment, only[rows["supplier"].to_numpy()])


@kept
def _only_segments(graph: ChainGraph) -> Codes:
    """Return the segment (row) of each enterprise that stands in one only, -1 for any other."""
    table = graph.edges["IN_SEGMENT"]
    stands = pd.DataFrame({"firm": graph.rows("Enterprise", table["source"].to_numpy())})
    stands["segment"] = graph.rows("Segment", table["target"].to_numpy())
    ends = stands[stands["firm"] >= 0].groupby("firm")["segment"].agg(["min", "max"])
    only = np.full(len(graph.nodes["Enterprise"]) + 1, -1, dtype=np.int64)
    ends = ends[ends["min"] == ends["max"]]
    only[ends.index.to_numpy(np.int64)] = ends["min"].to_numpy()
    return only


def purchases(
    graph: ChainGraph, template: Template, placement: Placement, rows: pd.DataFrame
) -> Purchases:
    """Return what `rows`, the latest supply relations, say of every leaf."""
    size = len(template)
    segment = goods(graph, rows)
    leaf = np.append(template.number, -1)[segment]
    rows = rows.take(np.flatnonzero(leaf >= 0)).assign(leaf=leaf[leaf >= 0])
    leaf, amount = rows["leaf"].to_numpy(), rows["amount"].to_numpy()
    supplied = _local(graph, template, placement, rows, ("supplier", "origin"))
    buying = _local(graph, template, placement, rows, ("buyer", "destination"))
    rows = rows.assign(local_supplier=supplied, local_buyer=buying)
    essential = rows["essential"].to_numpy()

    def total(which: Mask, empty: float = np.nan) -> Floats:
        return _sum(leaf[which], amount[which], size, empty)

    bought = (buying == 1) & ~np.isnan(amount)
    sold = (supplied == 1) & ~np.isnan(amount)
    outflow = _outflow(graph, template, placement, rows[sold & (buying == 0)])
    chains = len(graph.nodes["Chain"])
    sales = np.bincount(template.chains, total(sold, 0.0), minlength=chains).astype(np.float64)
    return Purchases(
        rows=rows,
        bought=total(bought),
        local_share=_ratio(
            total(bought & (supplied == 1), 0.0), total(bought & ~np.isnan(supplied))
        ),
        essential_share=_ratio(
            total(bought & (essential == 1), 0.0), total(bought & ~np.isnan(essential))
        ),
        outflow=outflow,
        outflow_share=_ratio(outflow, sales[template.chains]),
    )


def _local(
    graph: ChainGraph,
    template: Template,
    placement: Placement,
    rows: pd.DataFrame,
    end: tuple[str, str],
) -> Floats:
    """1 where this end of a relation is in its chain's region, 0 elsewhere, NaN if unknown."""
    firms, regions = rows[end[0]].to_numpy(), rows[end[1]].to_numpy()
    chains = template.chains[rows["leaf"].to_numpy()]
    inside = inside_data(graph)[firms]
    whole = template.reach.regions[chains] < 0
    local = np.where(regions >= 0, template.reach.inside(chains, regions), np.nan)
    size = max(len(graph.nodes["Chain"]), 1)
    members = placement.members
    key = members["firm"].to_numpy() * size + members["chain"].to_numpy()
    unsaid = np.isnan(local) & inside
    local[unsaid] = np.where(np.isin((firms * size + chains)[unsaid], key), 1.0, np.nan)
    return np.where(whole, inside.astype(np.float64), local)


def _outflow(
    graph: ChainGraph, template: Template, placement: Placement, gone: pd.DataFrame
) -> Floats:
    """Sales of local upstream firms to the leaf; `gone` are sales of local firms to elsewhere.

    A buyer is on the leaf if it is placed there; one that is placed nowhere is taken to be on the
    only downstream leaf of the goods it buys, if there is only one.
    """
    size = len(template)
    gone = gone[["supplier", "buyer", "leaf", "amount"]]
    here = placement.here[["firm", "leaf"]]
    gone = gone.merge(here.set_axis(["supplier", "leaf"], axis=1), on=["supplier", "leaf"])
    links = template.links[["upstream", "downstream"]]
    ways = links.groupby("upstream")["downstream"].size()
    gone = gone.assign(ways=gone["leaf"].map(ways))
    gone = gone.merge(links, left_on="leaf", right_on="upstream")
    stands = placement.everywhere[["firm", "leaf"]]
    at = gone.merge(stands.set_axis(["buyer", "downstream"], axis=1), on=["buyer", "downstream"])
    placed = graph.rows("Enterprise", graph.edges["IN_SEGMENT"]["source"].to_numpy())
    loose = gone[~np.isin(gone["buyer"], placed) & (gone["ways"] == 1)]
    both = pd.concat([at, loose])
    return _sum(both["downstream"].to_numpy(np.int64), both["amount"].to_numpy(np.float64), size)


def _sum(leaf: Codes, amount: Floats, size: int, empty: float = np.nan) -> Floats:
    total = np.bincount(leaf, amount, minlength=size)
    return np.where(np.bincount(leaf, minlength=size) > 0, total, empty)


def _ratio(part: Floats, whole: Floats) -> Floats:
    """`part` / `whole`, NaN where the whole is 0 or unknown."""
    return np.divide(part, whole, out=np.full_like(whole, np.nan), where=whole > 0)


@kept
def trading(graph: ChainGraph) -> Mask:
    """Return which enterprises have a reported supply row, on either side."""
    table = graph.edges["SUPPLIES"]
    found = np.zeros(len(graph.nodes["Enterprise"]) + 1, dtype=bool)
    for end in ("source", "target"):
        found[graph.rows("Enterprise", table[end].to_numpy())] = True
    return found[:-1]


def joined(graph: ChainGraph, template: Template, placement: Placement) -> pd.DataFrame:
    """Return, for each link between leaves, what joins the firms on its two ends.

    Returns:
        One row per row of `template.links`: `upstream`, `downstream`, `shared` (firms on both),
        `ties` (SUPPLIES upstream → downstream and COOPERATES between their firms, as pairs).
    """
    from scipy.sparse import csr_array  # noqa: PLC0415  # scipy is slow to import

    here = placement.here
    shape = (len(template), len(graph.nodes["Enterprise"]))
    at = (here["leaf"].to_numpy(), here["firm"].to_numpy())
    places = csr_array((np.ones(len(here)), at), shape=shape)
    supplies = graph.matrix("SUPPLIES", "Enterprise", "Enterprise")
    ties = supplies + graph.matrix("COOPERATES", "Enterprise", "Enterprise")
    upstream = template.links["upstream"].to_numpy()
    downstream = template.links["downstream"].to_numpy()
    ahead, behind = places[upstream], places[downstream]
    return pd.DataFrame(
        {
            "upstream": upstream,
            "downstream": downstream,
            "shared": ahead.multiply(behind).sum(axis=1),
            "ties": (ahead @ ties).multiply(behind).sum(axis=1),
        }
    )
