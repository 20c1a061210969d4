"""Closure risk: what a chain loses here if every outside supplier of a segment closes at once."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask
from queries.purchases import Purchases
from queries.segments import Floats, Placement, Template

if TYPE_CHECKING:
    from queries.kernels.network import Network


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
    suppliers of the leaf close, by the same spreading of losses as the systemic risk of single
    enterprises (see `kernels.esri`).

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
    from queries.risk_network import trade  # noqa: PLC0415  # brings numba

    net = trade(graph).network()
    chains = template.chains[known["leaf"].to_numpy(np.int64)]
    for chain in np.unique(chains):
        members = placement.members
        firms = members.loc[members["chain"] == chain, "firm"].to_numpy(np.int64)
        leaves, lost = _losses(net, known[chains == chain], firms)
        risks[leaves] = lost
    risks[_fed(net, template, bought) == 0] = np.nan
    return risks


def _fed(net: "Network", template: Template, bought: Purchases) -> Floats:
    """Sales of the region's firms that buy of each leaf."""
    rows = bought.rows[bought.rows["local_buyer"] == 1][["leaf", "buyer"]].drop_duplicates()
    sales = net.firms.sales[rows["buyer"].to_numpy(np.int64)]
    return np.bincount(rows["leaf"], sales, minlength=len(template)).astype(np.float64)


def _losses(net: "Network", suppliers: pd.DataFrame, firms: Codes) -> tuple[Codes, Floats]:
    """The leaves supplied from outside, and the share of the firms' sales lost with each."""
    from queries.kernels.esri import Weighing, esri  # noqa: PLC0415  # brings numba

    sales = np.zeros(len(net.firms.sales))
    sales[firms] = net.firms.sales[firms]
    grouped = suppliers.groupby("leaf")["supplier"].agg(list)
    leaves = grouped.index.to_numpy(np.int64)
    if not sales.sum():
        return leaves, np.full(len(leaves), np.nan)
    weighing = Weighing(np.ones(len(sales)), sales, 0.0)
    closed = [np.asarray(firms) for firms in grouped]
    found = esri(net, list(closed), weighing=weighing)
    return leaves, found.value / sales.sum()
