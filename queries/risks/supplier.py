"""A further supplier of a segment: what it takes over, what it can make, what it falls with.

Every buyer that has m of the present suppliers buys 1 / (m + 1) of what they deliver from the new
one, and the rest from them as before. Three things bound that, and none of them is guessed:

- What it reports. If all of it comes to T 万元, and what the enterprise says it can make of the
  segment (`capacities`) is less, every buyer gets only that share κ of its part. An enterprise that
  says neither capacity nor output may be too small: what it would change is not reported.
- What it buys today. It falls with its own inputs: in every stop, it makes what that stop leaves
  of what it buys today (`still_making`), apart from the goods of the segment itself, which it would
  make. This is taken from the stop without it, so what it would do for its own suppliers is left
  out. An enterprise of which no purchase is reported depends on nobody.
- Whose place it takes. What it sells here counts to the sector of the largest present supplier;
  its other sales stay as they are, in its own sector, and it sells nothing that was not bought.
"""

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask
from queries.segments import Floats

if TYPE_CHECKING:
    from queries.kernels.esri import Weighing
    from queries.kernels.network import Network

_YUAN: Final = 10_000  # to 万元
_ORDINARY, _ESSENTIAL = 1, 2
_TIE: Final = 1e-9


class Trades(NamedTuple):
    """Sales between firms; arrays of shape (m,).

    Attributes:
        supplier: Number of the supplier.
        buyer: Number of the buyer.
        weight: W, in 万元.
        level: How essential the goods are to the buyer: 2, 1 or 0.
    """

    supplier: Codes
    buyer: Codes
    weight: Floats
    level: Codes

    def only(self, kept: Mask) -> "Trades":
        """Return some of the sales."""
        return Trades(self.supplier[kept], self.buyer[kept], self.weight[kept], self.level[kept])

    def network(self, sector: Codes, revenue: Floats) -> "Network":
        """Return the network laid out for the kernels; `sector` and `revenue` of each firm."""
        from queries.kernels.network import trade_network  # noqa: PLC0415  # brings numba

        return trade_network(
            self.supplier, self.buyer, self.weight, sector, self.level, revenue=revenue
        )


class Request(NamedTuple):
    """What is asked of a further supplier.

    Attributes:
        at: Sales of which it takes a part, as places in the trades, shape (r,).
        part: That part, 1 / (m + 1), shape (r,).
        buyer: Those who would buy of it, shape (b,).
        weight: How much each would buy, in 万元, shape (b,).
        level: How essential the goods are to each, shape (b,).
    """

    at: Codes
    part: Floats
    buyer: Codes
    weight: Floats
    level: Codes


def request(trades: Trades, at: Codes) -> Request:
    """Return what is asked of a further supplier beside those whose sales stand at `at`."""
    supplier, weight = trades.supplier[at], trades.weight[at]
    buyer, place = np.unique(trades.buyer[at], return_inverse=True)
    size = int(supplier.max(initial=0)) + 1
    count = np.bincount(np.unique(place * size + supplier) // size, minlength=len(buyer))
    part: Floats = (1.0 / (count.astype(np.float64) + 1.0))[place]
    level = np.zeros(len(buyer), dtype=np.int64)
    np.maximum.at(level, place, trades.level[at])
    return Request(
        at=at,
        part=part,
        buyer=buyer,
        weight=np.bincount(place, weight * part, len(buyer)).astype(np.float64),
        level=level,
    )


def supplied(trades: Trades, asked: Request, share: float, new: int) -> Trades:
    """Return the sales once firm number `new` delivers `share` (κ) of what is asked of it."""
    weight = trades.weight.copy()
    weight[asked.at] *= 1.0 - share * asked.part
    return Trades(
        supplier=np.append(trades.supplier, np.full(len(asked.buyer), new, dtype=np.int64)),
        buyer=np.append(trades.buyer, asked.buyer),
        weight=np.append(weight, asked.weight * share),
        level=np.append(trades.level, asked.level),
    )


def largest(trades: Trades, asked: Request, ids: npt.NDArray[np.object_]) -> int:
    """Return the present supplier that sells most of what is asked; of equal ones the first id."""
    sold = np.bincount(trades.supplier[asked.at], trades.weight[asked.at])
    first = np.flatnonzero(sold >= sold.max() * (1.0 - _TIE))
    return int(first[np.argmin(ids[first].astype(str))])


def capacities(graph: ChainGraph, firms: Codes, segments: Codes) -> Floats:
    """Return how much of a segment each firm can make, in 万元; NaN where it says nothing.

    It is Σ 产能 × 单价 of the products of that segment in 企业产品 that give both, else its 产值 in
    that segment, else its whole 产值: an upper bound, since it may be sold elsewhere already.

    Args:
        graph: The graph.
        firms: Rows of enterprises, shape (c,).
        segments: The segment (row) that each would supply, shape (c,).
    """
    size = max(len(graph.nodes["Segment"]), 1)
    makes, stands = graph.edges["MAKES"], graph.edges["IN_SEGMENT"]
    of_product = np.append(graph.rows("Segment", graph.nodes["Product"]["segment"].to_numpy()), -1)
    value = makes["capacity"].to_numpy(np.float64) * makes["price"].to_numpy(np.float64) / _YUAN
    product = of_product[graph.rows("Product", makes["target"].to_numpy())]
    made = _reported(graph, makes, product, value)
    segment = graph.rows("Segment", stands["target"].to_numpy())
    there = _reported(graph, stands, segment, stands["output"].to_numpy(np.float64))
    pairs = pd.Series(firms * size + segments)
    whole = pd.Series(graph.nodes["Enterprise"]["output"].to_numpy(np.float64)[firms])
    found = pairs.map(made).fillna(pairs.map(there)).fillna(whole)
    return np.asarray(found.to_numpy(np.float64))


def _reported(
    graph: ChainGraph, table: pd.DataFrame, segment: Codes, value: Floats
) -> "pd.Series[float]":
    """Sum of what is reported, by firm · (number of segments) + segment."""
    firm = graph.rows("Enterprise", table["source"].to_numpy())
    kept = (firm >= 0) & (segment >= 0) & np.isfinite(value)
    key = firm * max(len(graph.nodes["Segment"]), 1) + segment
    return pd.Series(value[kept], dtype="float64").groupby(key[kept]).sum()


def shares(capacity: Floats, asked: Request) -> Floats:
    """Return κ, which share of what is asked each can deliver; NaN where it is not reported."""
    return np.asarray(np.minimum(1.0, capacity / asked.weight.sum()), dtype=np.float64)


def still_making(bought: Trades, sector: Codes, effect: Floats, firms: Codes) -> Floats:
    """Return the share of its output that the inputs of each firm still allow, 0 … 1.

    As h^d in `kernels.esri`, with 1 for a firm that buys nothing.

    Args:
        bought: What the firms buy for it.
        sector: Of every enterprise.
        effect: How much of each enterprise's deliveries its customers miss, σ (1 − h^d).
        firms: Rows of enterprises, shape (c,).
    """
    asked, place = np.unique(firms, return_inverse=True)
    buyer = np.searchsorted(asked, bought.buyer)
    size = int(sector.max(initial=0)) + 2
    slot = buyer * size + np.where(bought.level == _ESSENTIAL, sector[bought.supplier] + 1, 0)
    matters = bought.level >= _ORDINARY
    slots, at = np.unique(slot[matters], return_inverse=True)
    owner = slots // size
    bundle = np.bincount(at, bought.weight[matters], len(slots))
    missed = np.bincount(at, (bought.weight * effect[bought.supplier])[matters], len(slots))
    every = np.bincount(buyer, bought.weight, len(asked))
    lost = np.zeros(len(asked))
    np.maximum.at(lost, owner, missed / np.where(slots % size > 0, bundle, every[owner]))
    return np.asarray(1.0 - np.minimum(lost, 1.0)[place], dtype=np.float64)


def repeated(
    net: "Network",
    closed: list[Codes],
    new: int,
    makes: Floats,
    steps: Codes,
    *,
    substitution: bool = True,
    weighing: "Weighing | None" = None,
) -> tuple[Floats, Floats]:
    """Return `total` and `value` (see `kernels.esri`) of stops once there is a further supplier.

    A stop ends where losses barely grow, and it may take a different number of updates with and
    without it. So that both can be compared, each makes as many updates as it did without it.

    Args:
        net: The network with the further supplier.
        closed: Firms that stop in each scenario.
        new: Number of the further supplier.
        makes: What it can still make in each scenario, 0 … 1.
        steps: Updates that each scenario made without it.
        substitution: As in `kernels.esri`.
        weighing: As in `kernels.esri`.
    """
    from queries.kernels.esri import esri  # noqa: PLC0415  # brings numba

    total, value = np.zeros(len(closed)), np.zeros(len(closed))
    for count in np.unique(steps):
        at = np.flatnonzero(steps == count)
        index = esri(
            net,
            [np.append(closed[i], new) for i in at],
            psi=[np.append(np.zeros(len(closed[i])), makes[i]) for i in at],
            epsilon=0.0, max_steps=int(count), substitution=substitution, weighing=weighing,
        )  # fmt: skip
        total[at], value[at] = index.total, index.value
    return total, value
