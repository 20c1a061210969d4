"""What if one of the most critical enterprises stops: who is hit, and when."""

from typing import TYPE_CHECKING, Final, cast

import numpy as np
import pandas as pd

from views.page.parts import Closures

if TYPE_CHECKING:
    from graphmodel.graph import ChainGraph, Codes
    from graphmodel.question import Result
    from queries.risks import RiskParams

TRIED: Final = 20
"""Enterprises whose stop is worked out, the riskiest of the page first."""
LEAST: Final = 0.01
"""Loss from which on an enterprise is listed."""
MOST_HIT: Final = 200


def closures(graph: "ChainGraph", risks: "Result | None", position: "Codes") -> Closures:
    """Return the losses when each of the riskiest enterprises of the page stops alone.

    Args:
        graph: The graph.
        risks: The answer on risks; None, or one without amounts, says nothing.
        position: Where each code of the graph stands on the page, -1 for nowhere.
    """
    if risks is None or "esri" not in risks.rows or risks.rows["esri"].isna().all():
        return Closures()
    from queries.kernels.esri import spread  # noqa: PLC0415  # brings numba
    from queries.risks.systemic import rule, systemic  # noqa: PLC0415  # brings every kernel

    params = cast("RiskParams", risks.params)
    net = systemic(graph, params).network
    epsilon, substitution = rule(params)
    where = position[graph.codes("Enterprise")]
    tried = _riskiest(graph, risks.rows, where)
    parts = []
    for firm in tried:
        ends = spread(net, [firm], epsilon=epsilon, substitution=substitution)
        loss = 1.0 - np.minimum(ends.down, ends.up)
        hit = np.flatnonzero((loss >= LEAST) & (where >= 0))
        hit = hit[hit != firm]
        hit = hit[np.lexsort((hit, -net.firms.sales[hit] * loss[hit], -loss[hit]))][:MOST_HIT]
        arrives = np.where(ends.down[hit] <= ends.up[hit], ends.down_since[hit], ends.up_since[hit])
        parts.append(np.column_stack([np.full(len(hit), firm), hit, loss[hit], arrives]))
    node, hits, losses, steps = np.concatenate([*parts, np.empty((0, 4))]).T
    return Closures(
        tried=where[tried].tolist(),
        node=where[node.astype(np.int64)].tolist(),
        hit=where[hits.astype(np.int64)].tolist(),
        loss=losses.round(4).tolist(),
        step=steps.astype(np.int64).tolist(),
    )


def _riskiest(graph: "ChainGraph", rows: pd.DataFrame, where: "Codes") -> "Codes":
    """Rows of the riskiest enterprises that stand on the page, `TRIED` at most."""
    ordered = rows[rows["esri"] > 0].sort_values("esri", ascending=False, kind="stable")
    ids = pd.Index(graph.nodes["Enterprise"]["id"].astype(object))
    row = ids.get_indexer(pd.Index(ordered["enterprise_id"].astype(object)))
    return np.asarray(row[(row >= 0) & (where[row] >= 0)][:TRIED], dtype=np.int64)
