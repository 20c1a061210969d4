"""Closure risk: what a chain loses here if every outside supplier of a segment closes at once."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask
from queries.purchases import Purchases
from queries.segments import Floats, Placement, Template

if TYPE_CHECKING:
    from queries.risks.network import Trade


def closure_risks(
    graph: ChainGraph,
    template: Template,
    placement: Placement,
    bought: Purchases,
    suppliers: pd.DataFrame,
    wanted: Mask,
) -> Floats:
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
        Array of shape (n,); NaN for a leaf without outside suppliers whose amounts are reported, or
        whose buyers here report no sales of their own: what they would lose is not known.
    """
    risks = np.full(len(template), np.nan)
    known = suppliers[suppliers["amount"].to_numpy() > 0]
    known = known[wanted[known["leaf"].to_numpy(np.int64)]]
    if known.empty:
        return risks
    from queries.risks.network import trade  # noqa: PLC0415  # brings numba

    market = trade(graph)
    used = market.used
    ends = used["supplier"].to_numpy(np.int64), used["buyer"].to_numpy(np.int64)
    sales = np.bincount(ends[0], market.weights, minlength=len(market.sector)).astype(np.float64)
    chains = template.chains[known["leaf"].to_numpy(np.int64)]
    for chain in np.unique(chains):
        ours = placement.members.loc[placement.members["chain"] == chain, "firm"].to_numpy(np.int64)
        member = np.zeros(len(sales), dtype=bool)
        member[ours] = True
        near = member[ends[0]] | member[ends[1]]
        closed = known[chains == chain].groupby("leaf")["supplier"].agg(list)
        lost = _losses(market, (ends[0][near], ends[1][near]), near, member, closed.tolist())
        risks[closed.index.to_numpy(np.int64)] = lost
    risks[_fed(sales, template, bought) == 0] = np.nan
    return risks


def _fed(sales: Floats, template: Template, bought: Purchases) -> Floats:
    """Sales of the region's firms that buy of each leaf."""
    rows = bought.rows[bought.rows["local_buyer"] == 1][["leaf", "buyer"]].drop_duplicates()
    fed = sales[rows["buyer"].to_numpy(np.int64)]
    return np.bincount(rows["leaf"], fed, minlength=len(template)).astype(np.float64)


def _losses(
    market: "Trade",
    ends: tuple[Codes, Codes],
    near: Mask,
    member: Mask,
    closed: list[list[int]],
) -> Floats:
    """The share of the members' sales that is lost with each set of closed suppliers."""
    from queries.kernels.esri import Weighing, esri  # noqa: PLC0415  # brings numba
    from queries.kernels.network import trade_network  # noqa: PLC0415  # brings numba

    firms, place = np.unique(np.concatenate(ends), return_inverse=True)
    sector = np.unique(market.sector[firms], return_inverse=True)[1]
    count = len(ends[0])
    net = trade_network(
        place[:count],
        place[count:],
        market.weights[near],
        sector,
        market.levels[near],
        revenue=market.revenue[firms],
    )
    sales = np.where(member[firms], net.firms.sales, 0.0)
    total = float(sales.sum())
    if total == 0:
        return np.full(len(closed), np.nan)
    weighing = Weighing(np.ones(len(firms)), sales, 0.0)
    sets = [np.asarray(c, dtype=np.int64) for c in closed]
    scenarios = [np.searchsorted(firms, c[np.isin(c, firms)]) for c in sets]
    lost = esri(net, list(scenarios), weighing=weighing).value / total
    return np.where([len(s) > 0 for s in scenarios], lost, np.nan)
