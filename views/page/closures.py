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
    from queries.risks.closure import closure  # noqa: PLC0415  # brings every kernel
    from queries.risks.network import trade  # noqa: PLC0415  # as above

    params = cast("RiskParams", risks.params)
    found = trade(graph, sector=params.sector, equal_weights=params.equal_weights)
    if not len(found.used):
        return Closures()
    net = found.network()
    rows = risks.rows[risks.rows["esri"] > 0].sort_values("esri", ascending=False, kind="stable")
    tried = rows["enterprise_id"].astype(object)
    where = pd.Series(
        position[graph.codes("Enterprise")], index=graph.nodes["Enterprise"]["id"].astype(object)
    )
    tried = tried[where.reindex(tried).fillna(-1).to_numpy() >= 0].head(TRIED)
    parts = []
    for firm in tried:
        supposed = type(params)(
            **{
                name: getattr(params, name)
                for name in ("sector", "epsilon", "converged", "substitution", "equal_weights")
            },
            close=str(firm),
        )
        losses = closure(graph, supposed, found, net)["losses"]
        losses = losses[(losses["loss"] >= LEAST) & (losses["enterprise_id"] != firm)]
        losses = losses.sort_values("loss", ascending=False, kind="stable")
        hit = where.reindex(losses["enterprise_id"].astype(object)).to_numpy()
        parts.append(losses.assign(node=where[firm], hit=hit, more=len(losses)).head(MOST_HIT))
    every = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    if every.empty:
        return Closures(tried=where[tried].tolist())
    every = every[every["hit"] >= 0]
    return Closures(
        tried=where[tried].tolist(),
        node=every["node"].astype(int).tolist(),
        hit=every["hit"].astype(int).tolist(),
        loss=every["loss"].round(4).tolist(),
        step=np.asarray(every["arrives"], dtype=np.int64).tolist(),
    )
