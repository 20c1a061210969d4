"""The systemic risk of every enterprise of a graph, computed once for all who ask."""

from typing import TYPE_CHECKING, Final, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from graphmodel.graph import ChainGraph, Mask
from queries.membership import insiders
from queries.progress import told
from queries.risks.network import Trade, trade

if TYPE_CHECKING:
    from queries.kernels.esri import Esri, Weighing
    from queries.kernels.network import Network
    from queries.risks import RiskParams

    Key = tuple[str, float, bool, bool, float]


class Systemic(NamedTuple):
    """The index of every enterprise of a graph.

    Attributes:
        trade: What it was computed from.
        network: The same, laid out.
        trading: Which enterprises have a relation that enters W, shape (n,).
        esri: Of the trading ones, in their order.
    """

    trade: Trade
    network: "Network"
    trading: Mask
    esri: "Esri"


_FOUND: "Final[WeakKeyDictionary[ChainGraph, dict[Key, Systemic]]]" = WeakKeyDictionary()


def rule(params: "RiskParams") -> tuple[float, bool]:
    """Return ε and whether firms of one sector stand in for each other."""
    from queries.kernels.esri import CONVERGED  # noqa: PLC0415  # brings numba

    return (CONVERGED if params.converged else params.epsilon), params.substitution


def weighing(graph: ChainGraph, params: "RiskParams") -> "Weighing":
    """Return how losses are counted: firms in the data, by 产值 in 万元, blank as 0."""
    from queries.kernels.esri import Weighing  # noqa: PLC0415  # brings numba

    inside = insiders(graph)
    output = graph.nodes["Enterprise"]["output"].fillna(0).to_numpy(np.float64)
    return Weighing(inside.astype(np.float64), np.where(inside, output, 0.0), params.min_loss)


def trading(net: "Network") -> Mask:
    """Return which firms buy or sell anything."""
    found = np.zeros(len(net.firms.sales), dtype=bool)
    found[net.markets.sells_to] = found[net.markets.buys_from] = True
    return found


def systemic(graph: ChainGraph, params: "RiskParams", found: Trade | None = None) -> Systemic:
    """Return the index of every trading enterprise; kept for as long as the graph is.

    Args:
        graph: The graph, which never changes.
        params: ε, sector, substitution, weights and the least loss that counts.
        found: `trade` of the same graph and parameters, if it is at hand.
    """
    from queries.kernels.esri import esri  # noqa: PLC0415  # brings numba

    epsilon, substitution = rule(params)
    key = (params.sector, epsilon, substitution, params.equal_weights, params.min_loss)
    kept = _FOUND.setdefault(graph, {})
    if key not in kept:
        if found is None:
            found = trade(graph, sector=params.sector, equal_weights=params.equal_weights)
        net = found.network()
        some = trading(net)
        index = esri(
            net, list(np.flatnonzero(some)), epsilon=epsilon, substitution=substitution,
            weighing=weighing(graph, params), progress=told(),
        )  # fmt: skip
        kept[key] = Systemic(found, net, some, index)
    return kept[key]
