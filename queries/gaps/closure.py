"""Closure risk: what a chain loses here if every outside supplier of a segment closes at once."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask
from queries.purchases import Purchases
from queries.risks.supplier import Trades
from queries.segments import Floats, Placement, Template

if TYPE_CHECKING:
    from queries.kernels.esri import Weighing
    from queries.kernels.network import Network
    from queries.risks.network import Trade


class Neighbourhood(NamedTuple):
    """A chain's firms in the region and those they trade with, n in all, and its closures.

    Attributes:
        firms: Row of each in the table of enterprises, ascending, shape (n,).
        trades: What they sell each other, by their place among `firms`.
        relation: Row of each sale in the table of relations.
        sector: Sector of each, shape (n,).
        revenue: 营业收入 of each in 万元, NaN where not reported, shape (n,).
        network: The same, laid out.
        weighing: Counts the sales of the chain's firms in the region.
        total: Those sales, in 万元.
        leaves: Leaves whose outside suppliers close, shape (k,).
        closed: Who they are, by place among `firms`, for each leaf.
        steps: Updates that each closure took, shape (k,).
    """

    firms: Codes
    trades: Trades
    relation: Codes
    sector: Codes
    revenue: Floats
    network: "Network"
    weighing: "Weighing"
    total: float
    leaves: Codes
    closed: list[Codes]
    steps: Codes


class Closures(NamedTuple):
    """The closure risk of every leaf, and what it was computed from: all trade, neighbourhoods."""

    risks: Floats
    market: "Trade | None"
    neighbourhoods: list[Neighbourhood]


def closures(
    graph: ChainGraph,
    template: Template,
    placement: Placement,
    bought: Purchases,
    suppliers: pd.DataFrame,
    wanted: Mask,
) -> Closures:
    """Return the closure risk of every leaf that is `wanted`, 0 … 1.

    It is the share of the sales of the chain's firms in the region that is lost when all outside
    suppliers of the leaf close. Losses spread as for the systemic risk of single enterprises (see
    `kernels.esri`), among these firms and those they trade with; so each chain stands for itself.

    Args:
        graph: The graph asked about.
        template: Its leaves.
        placement: Who stands on them.
        bought: What is bought of each leaf.
        suppliers: Outside suppliers (see `candidates.outside_suppliers`).
        wanted: Leaves to compute it for, shape (n,).

    Returns:
        Risks of shape (n,); NaN for a leaf without outside suppliers whose amounts are reported, or
        whose buyers here report no sales of their own: what they would lose is not known.
    """
    risks = np.full(len(template), np.nan)
    known = suppliers[suppliers["amount"].to_numpy() > 0]
    known = known[wanted[known["leaf"].to_numpy(np.int64)]]
    if known.empty:
        return Closures(risks, None, [])
    from queries.risks.network import trade  # noqa: PLC0415  # brings numba

    market = trade(graph)
    seller = market.used["supplier"].to_numpy(np.int64)
    sales = np.bincount(seller, market.weights, minlength=len(market.sector)).astype(np.float64)
    chains = template.chains[known["leaf"].to_numpy(np.int64)]
    found = []
    for chain in np.unique(chains):
        ours = placement.members.loc[placement.members["chain"] == chain, "firm"].to_numpy(np.int64)
        member = np.zeros(len(sales), dtype=bool)
        member[ours] = True
        closed = known[chains == chain].groupby("leaf")["supplier"].agg(list)
        hood = _neighbourhood(market, member, closed)
        if hood is not None:
            risks[hood.leaves], hood = _closed(hood)
            found.append(hood)
    risks[_fed(sales, template, bought) == 0] = np.nan
    return Closures(risks, market, found)


def _fed(sales: Floats, template: Template, bought: Purchases) -> Floats:
    """Sales of the region's firms that buy of each leaf."""
    rows = bought.rows[bought.rows["local_buyer"] == 1][["leaf", "buyer"]].drop_duplicates()
    fed = sales[rows["buyer"].to_numpy(np.int64)]
    return np.bincount(rows["leaf"], fed, minlength=len(template)).astype(np.float64)


def _neighbourhood(market: "Trade", member: Mask, closed: pd.Series) -> Neighbourhood | None:
    """Lay out what the members trade; None if they report no sales, or nobody that closes is near.

    `closed` are lists of suppliers by leaf.
    """
    from queries.kernels.esri import Weighing  # noqa: PLC0415  # brings numba

    used = market.used
    ends = used["supplier"].to_numpy(np.int64), used["buyer"].to_numpy(np.int64)
    near = member[ends[0]] | member[ends[1]]
    both = np.concatenate((ends[0][near], ends[1][near]))
    firms, place = np.unique(both, return_inverse=True)
    sector = np.unique(market.sector[firms], return_inverse=True)[1]
    count = len(place) // 2
    trades = Trades(place[:count], place[count:], market.weights[near], market.levels[near])
    net = trades.network(sector, market.revenue[firms])
    sales = np.where(member[firms], net.firms.sales, 0.0)
    sets = [np.intersect1d(np.asarray(c, dtype=np.int64), firms) for c in closed]
    some = [place for place, members in enumerate(sets) if len(members)]
    if not some or not sales.sum() > 0:
        return None
    return Neighbourhood(
        firms=firms,
        trades=trades,
        relation=used["row"].to_numpy(np.int64)[near],
        sector=sector,
        revenue=market.revenue[firms],
        network=net,
        weighing=Weighing(np.ones(len(firms)), sales, 0.0),
        total=float(sales.sum()),
        leaves=closed.index.to_numpy(np.int64)[some],
        closed=[np.searchsorted(firms, sets[place]) for place in some],
        steps=np.zeros(len(some), dtype=np.int64),
    )


def _closed(hood: Neighbourhood) -> tuple[Floats, Neighbourhood]:
    """The share of the members' sales that is lost with each closure, and how it came about."""
    from queries.kernels.esri import esri  # noqa: PLC0415  # brings numba

    index = esri(hood.network, list(hood.closed), weighing=hood.weighing)
    return index.value / hood.total, hood._replace(steps=index.steps.astype(np.int64))
