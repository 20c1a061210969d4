"""What if some enterprises stop: the index, and how the loss comes to each of the others."""

import re
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.errors import UsageError
from graphmodel.graph import ChainGraph, Codes
from queries.risks.network import Trade
from queries.risks.systemic import rule, weighing
from queries.segments import Floats

if TYPE_CHECKING:
    from queries.kernels.esri import Spread
    from queries.kernels.network import Network
    from queries.risks import RiskParams

_TABLES: Final = ("closure", "losses", "loss_segments", "loss_regions")
_LISTED: Final = re.compile(r"[、,，;；]")
_SMALLEST: Final = 1e-6
_LONGEST: Final = 20


def closed_firms(graph: ChainGraph, params: "RiskParams", found: Trade) -> Codes:
    """Return the rows of the enterprises supposed to stop.

    `--close` names enterprises or regions; `--segment` closes those whose main segment it is, in
    `--region` if that is given.

    Raises:
        UsageError: A name is neither an enterprise nor a region, or there is no such segment.
    """
    size = len(graph.nodes["Enterprise"])
    marked = np.zeros(size, dtype=bool)
    home = graph.target("LOCATED_IN", "Enterprise")
    for name in filter(None, (part.strip() for part in _LISTED.split(params.close))):
        regions = graph.nodes["Region"]
        if (regions[["id", "name"]] == name).to_numpy().any():
            marked |= graph.lies_within(home, graph.find("Region", name))
        else:
            marked[graph.rows("Enterprise", [graph.find("Enterprise", name)])] = True
    if params.segment:
        segment = graph.rows("Segment", [graph.find("Segment", params.segment)])[0]
        there = found.segment == segment
        if params.region:
            there &= graph.lies_within(home, graph.find("Region", params.region))
        marked |= there
    return np.flatnonzero(marked).astype(np.int64)


def closure(
    graph: ChainGraph,
    params: "RiskParams",
    found: Trade,
    net: "Network | None",
) -> dict[str, pd.DataFrame]:
    """Return the tables of the supposed stop; empty ones where none is supposed.

    Raises:
        UsageError: As in `closed_firms`; or nothing at all would stop.
    """
    from queries.risks import TABLES  # noqa: PLC0415  # which imports this module's caller

    empty = {
        table.name: pd.DataFrame({column.name: [] for column in table.columns})
        for table in TABLES
        if table.name in _TABLES
    }
    if not (params.close or params.segment):
        return empty
    closed = closed_firms(graph, params, found)
    if not len(closed):
        msg = (
            "没有企业符合所假设的停产范围；请检查 --close、--segment、--region。 "
            "No enterprise is in what is supposed to stop; check --close, --segment and --region."
        )
        raise UsageError(msg)
    return empty if net is None else _closed(graph, params, found, net, closed)


def _closed(
    graph: ChainGraph,
    params: "RiskParams",
    found: Trade,
    net: "Network",
    closed: Codes,
) -> dict[str, pd.DataFrame]:
    from queries.kernels.esri import esri, spread  # noqa: PLC0415  # brings numba

    weights = weighing(graph, params)
    epsilon, substitution = rule(params)
    psi = np.full(len(closed), 1.0 - params.share)
    index = esri(
        net, [closed], psi=[psi], epsilon=epsilon, substitution=substitution, weighing=weights
    )
    ends = spread(net, closed, psi=psi, epsilon=epsilon, substitution=substitution)
    losses = _losses(graph, found, net, ends)
    summary = pd.DataFrame(
        {
            "closed": pd.Series([len(closed)], dtype="Int64"),
            "share": params.share,
            "esri": index.total,
            "esri_downstream": index.downstream,
            "esri_upstream": index.upstream,
            "downstream_hit": pd.Series(index.firms).astype("Int64"),
            "output_at_risk": index.value,
            "steps": pd.Series(index.steps).astype("Int64"),
        }
    )
    return {
        "closure": summary,
        "losses": losses,
        "loss_segments": _grouped(losses, ["chain", "segment"]),
        "loss_regions": _grouped(losses, ["region"]),
    }


def _losses(graph: ChainGraph, found: Trade, net: "Network", ends: "Spread") -> pd.DataFrame:
    from queries.risks.rows import chain_names, segment_names  # noqa: PLC0415  # which imports this

    loss = 1.0 - np.minimum(ends.down, ends.up)
    hit = np.flatnonzero(loss > _SMALLEST)
    table = graph.nodes["Enterprise"].iloc[hit]
    short = ends.down[hit] <= ends.up[hit]
    names = graph.nodes["Enterprise"]["name"].to_numpy(dtype=object)
    down = _paths(names, _parents_down(net, ends), ends.down_since)
    up = _paths(names, _parents_up(net, ends), ends.up_since)
    home = graph.target("LOCATED_IN", "Enterprise")[hit]
    inside = (table["standing"] != "outside").to_numpy()
    frame = pd.DataFrame(
        {
            "chain": chain_names(graph, found.segment)[hit].to_numpy(),
            "enterprise": table["name"].to_numpy(),
            "enterprise_id": table["id"].to_numpy(),
            "segment": segment_names(graph, found.segment[hit]),
            "region": graph.names(home).fillna("未填报"),
            "loss": loss[hit],
            "loss_downstream": 1.0 - ends.down[hit],
            "loss_upstream": 1.0 - ends.up[hit],
            "lost_sales": net.firms.sales[hit] * loss[hit],
            "output_at_risk": np.where(inside, table["output"].fillna(0), 0.0) * loss[hit],
            "arrives": np.where(short, ends.down_since[hit], ends.up_since[hit]),
            "path": np.where(short, down[hit], up[hit]),
            "sales": net.firms.sales[hit],
        }
    )
    frame["arrives"] = frame["arrives"].astype("Int64")
    ordered = frame.sort_values(
        ["lost_sales", "loss", "enterprise", "enterprise_id"], ascending=[False, False, True, True]
    )
    return ordered.reset_index(drop=True)


def _parents_down(net: "Network", ends: "Spread") -> Codes:
    """Return for each firm the supplier, hit before it, whose lack it feels most; -1 for none."""
    inputs = net.inputs
    supplier = np.repeat(np.arange(len(ends.down)), np.diff(inputs.out_at))
    customer = inputs.owner[inputs.out_slot]
    felt = inputs.out_weight * ends.effect[supplier]
    return _strongest(supplier, customer, felt, ends.down_since)


def _parents_up(net: "Network", ends: "Spread") -> Codes:
    """Return for each firm the buyer, hit before it, whose lack it feels most; -1 for none."""
    markets = net.markets
    supplier = np.repeat(np.arange(len(ends.up)), np.diff(markets.sells_at))
    felt = markets.sells_weight * (1.0 - ends.up[markets.sells_to])
    return _strongest(markets.sells_to.astype(np.int64), supplier, felt, ends.up_since)


def _strongest(
    giver: Codes, taker: npt.NDArray[np.integer], felt: Floats, since: npt.NDArray[np.int32]
) -> Codes:
    before = (since[giver] >= 0) & (since[giver] < since[taker]) & (felt > 0)
    giver, taker, felt = giver[before], taker[before], felt[before]
    order = np.lexsort((giver, -felt, taker))
    first, place = np.unique(taker[order], return_index=True)
    parent = np.full(len(since), -1, dtype=np.int64)
    parent[first] = giver[order][place]
    return parent


def _paths(
    names: npt.NDArray[np.object_], parent: Codes, since: npt.NDArray[np.int32]
) -> npt.NDArray[np.object_]:
    """Return how the loss came to each firm: names from the closed one on, the last 20 at most."""
    paths = np.where(since == 0, names, "")
    for step in range(1, int(since.max(initial=0)) + 1):
        here = np.flatnonzero((since == step) & (parent >= 0))
        arriving = paths[parent[here]]
        long = step > _LONGEST
        paths[here] = (arriving if not long else "…") + " → " + names[here]
    return paths


def _grouped(losses: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    keys = [losses[name].fillna("") for name in by]
    groups = losses.groupby(keys)
    frame = groups[["lost_sales", "output_at_risk", "sales"]].sum()
    frame["firms"] = groups.size().astype("Int64")
    frame["loss"] = np.where(frame["sales"] > 0, frame["lost_sales"] / frame["sales"], np.nan)
    return frame.sort_values("lost_sales", ascending=False, kind="stable").reset_index()
