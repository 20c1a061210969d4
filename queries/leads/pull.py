"""牵引: how much more of all output hangs on an enterprise than it makes itself."""

import numpy as np

from graphmodel.scope import declared_for_enterprises
from queries.leads.pairs import Measured, Pairs
from queries.leads.resampling import tidy
from queries.risks import RiskParams
from queries.risks.systemic import systemic


def pull(pairs: Pairs) -> Measured:
    """Return systemic risk minus own size: ESRI_i − w_i, the same in every chain (see `risks`).

    With the defaults of `risks`, over the whole network. An enterprise without any relation with an
    amount is not reported, unless 供应关系 is declared complete; then it is 0.
    """
    graph = pairs.graph
    raw = np.full(len(graph.nodes["Enterprise"]), np.nan)
    raw[declared_for_enterprises(graph, "供应关系")] = 0.0
    amounts = graph.edges["SUPPLIES"]["amount"]
    if not (amounts > 0).any():
        return Measured(np.full(len(pairs.firm), np.nan))
    found = systemic(graph, RiskParams())
    raw[found.trading] = found.esri.total - found.network.firms.share[found.trading]
    small = np.abs(raw) < 1e-12  # noqa: PLR2004  # what rounding leaves of a difference of equals
    return Measured(tidy(np.where(small, 0.0, raw)[pairs.firm]))
