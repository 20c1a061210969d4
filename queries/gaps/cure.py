"""What each candidate would cure: how far the closure risk falls once it supplies the segment."""

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes
from graphmodel.schema import Text
from queries.gaps.closure import Closures, Neighbourhood
from queries.purchases import Purchases
from queries.risks.supplier import (
    Trades,
    capacities,
    largest,
    repeated,
    request,
    shares,
    still_making,
    supplied,
)
from queries.segments import Floats, Template

if TYPE_CHECKING:
    from queries.kernels.network import Network
    from queries.risks.network import Trade

NOT_FURTHER: Final = ("outside_supplier", "institute")
"""Kinds of candidates that are no further supplier: those that close, and institutes."""

_SAME: Final = 9  # digits to which cures are told apart


class _Buying(NamedTuple):
    """What the candidates buy today."""

    trades: Trades
    segment: Codes  # of the goods, row
    sector: Codes  # of every enterprise


def cures(
    graph: ChainGraph, template: Template, bought: Purchases, found: Closures, offers: pd.DataFrame
) -> Floats:
    """Return by how much each candidate would lower the closure risk of its leaf, −1 … 1.

    The closure risk is computed again with the candidate as a further supplier (`risks.supplier`)
    of the firms here that buy the leaf's goods from those that close, over the same number of
    updates and measured in the same present sales; the cure is the difference. It can be negative
    where a candidate itself falls with the closure, and takes the place of many small suppliers
    that others could have stood in for.

    Args:
        graph: The graph asked about.
        template: Its leaves.
        bought: What is bought of each leaf.
        found: Closure risks (see `closure.closures`).
        offers: Candidates (see `candidates.candidates`).

    Returns:
        Array of shape (len(offers),); NaN where the closure risk is not known, where the candidate
        reports neither capacity nor output, for outside suppliers, and for institutes.
    """
    cure = np.full(len(offers), np.nan)
    leaf = offers["leaf"].to_numpy(np.int64)
    firm = offers["code"].to_numpy(np.int64) - graph.offsets["Enterprise"]
    able = ~offers["kind"].isin(NOT_FURTHER).to_numpy() & ~np.isnan(found.risks[leaf])
    if found.market is None or not able.any():
        return cure
    capacity = np.full(len(offers), np.nan)
    capacity[able] = capacities(graph, firm[able], template.segments[leaf[able]])
    able &= ~np.isnan(capacity)
    ids = graph.nodes["Enterprise"]["id"].to_numpy(object)
    here = bought.rows[bought.rows["local_buyer"] == 1]
    goods = np.full(len(graph.edges["SUPPLIES"]), -1, dtype=np.int64)
    goods[here["row"].to_numpy(np.int64)] = here["leaf"].to_numpy(np.int64)
    buying = _buying(found.market, firm[able])
    for hood in found.neighbourhoods:
        of = goods[hood.relation]
        for place, number in enumerate(hood.leaves.tolist()):
            mine = np.flatnonzero(able & (leaf == number))
            at = np.flatnonzero((of == number) & np.isin(hood.trades.supplier, hood.closed[place]))
            if len(mine) and len(at):
                segment = int(template.segments[number])
                makes = _makes(hood, place, firm[mine], segment, buying)
                risks = _with(hood, place, at, capacity[mine], makes, ids)
                cure[mine] = found.risks[number] - risks
    return cure


def _buying(market: "Trade", firms: Codes) -> _Buying:
    used = market.used
    buys = np.zeros(len(market.sector), dtype=bool)
    buys[firms] = True
    kept = buys[used["buyer"].to_numpy(np.int64)]
    supplier, buyer, segment = (
        used[name].to_numpy(np.int64)[kept] for name in ("supplier", "buyer", "segment")
    )
    trades = Trades(supplier, buyer, market.weights[kept], market.levels[kept])
    return _Buying(trades, segment, market.sector)


def _makes(hood: Neighbourhood, place: int, firms: Codes, segment: int, buying: _Buying) -> Floats:
    """What each candidate's own inputs still allow it in a closure, 0 … 1."""
    from queries.kernels.esri import spread  # noqa: PLC0415  # brings numba

    kept = np.isin(buying.trades.buyer, firms) & (buying.segment != segment)
    theirs = buying.trades.only(kept)
    if not len(theirs.buyer):
        return np.ones(len(firms))
    effect = np.zeros(len(buying.sector))
    effect[hood.firms] = spread(hood.network, hood.closed[place]).effect
    return still_making(theirs, buying.sector, effect, firms)


def _with(
    hood: Neighbourhood,
    place: int,
    at: Codes,
    capacity: Floats,
    makes: Floats,
    ids: "np.ndarray[tuple[int], np.dtype[np.object_]]",
) -> Floats:
    """The closure risk with each candidate; one network for all that can deliver the same."""
    new = len(hood.firms)
    asked = request(hood.trades, at)
    sector = hood.sector[largest(hood.trades, asked, ids[hood.firms])]
    weighing = hood.weighing._replace(
        counted=np.append(hood.weighing.counted, 1.0), value=np.append(hood.weighing.value, 0.0)
    )
    risks = np.full(len(capacity), np.nan)
    delivers = shares(capacity, asked)
    for share in np.unique(delivers):
        net: Network = supplied(hood.trades, asked, float(share), new).network(
            np.append(hood.sector, sector), np.append(hood.revenue, np.nan)
        )
        mine = np.flatnonzero(delivers == share)
        _, lost = repeated(
            net, [hood.closed[place]] * len(mine), new, makes[mine],
            np.full(len(mine), hood.steps[place]), weighing=weighing,
        )  # fmt: skip
        risks[mine] = lost / hood.total
    return risks


def ordered(offers: pd.DataFrame, cure: Floats) -> pd.DataFrame:
    """Return the candidates with their `cure`, in each leaf those that would cure most on top.

    Those of equal cure, and behind them all whose cure is not known, keep their order.
    """
    found = offers.assign(cure=cure)
    keys = pd.DataFrame({"leaf": found["leaf"], "cure": -np.round(cure, _SAME)}, index=found.index)
    order = keys.sort_values(["leaf", "cure"], kind="stable", na_position="last").index
    return found.loc[order].reset_index(drop=True)


def cured(offers: pd.DataFrame) -> tuple[Text, ...]:
    """Say by what the candidates are ordered, and for how many it is not known."""
    if not offers["cure"].notna().any():
        return ()
    leaves = offers.loc[offers["cure"].notna(), "leaf"]
    among = offers[offers["leaf"].isin(leaves) & ~offers["kind"].isin(NOT_FURTHER)]
    silent = int(among["cure"].isna().sum())
    return (
        Text(
            "候选按可降低的断供风险排序：设其成为本地买方的又一供方，m 家区外供方让出 1/(m+1)，"
            "以其填报的产能×单价或产值为限，自身缺料时一同减产；"
            f"{silent}家未填报产能和产值，未计算，列在其后。",
            "Candidates stand in the order of the closure risk they would lower: as a further "
            "supplier of the buyers here each takes 1/(m+1) from their m outside suppliers, no "
            "more than the capacity × price or output it reports, and falls with its own inputs; "
            f"{silent} that report neither are not computed and come after.",
        ),
    )
