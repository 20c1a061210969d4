"""What one thread works on while a scenario runs; everything is at rest between two scenarios."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from queries.kernels.compiled import bare
from queries.kernels.network import Floats, Index, Network, Places

Marks = npt.NDArray[np.uint8]


class Channel(NamedTuple):
    """One of the two vectors while a scenario runs.

    Attributes:
        loss: 1 − h of each firm before ψ; at rest 0.
        hit: Firms with a loss, in the order in which they were hit, and those closed.
        touched: Firms whose loss changed in this update.
        before: What it was before.
        is_touched: Whether a firm is among them.
        fell: Firms whose h fell in the last update.
        fall: By how much.
        tally: Of `hit`, `touched` and `fell`.
        since: The update in which a firm's h first fell, at rest -1; empty if nobody asks.
    """

    loss: Floats
    hit: Index
    touched: Index
    before: Floats
    is_touched: Marks
    fell: Index
    fall: Floats
    tally: Places
    since: Index


class Shortage(NamedTuple):
    """What the downstream vector needs besides.

    Attributes:
        effect: σ (1 − h) of each firm.
        giver: Firms whose customers newly miss something.
        gone: By how much their effect grew.
        slot: What each slot misses.
        missing: Slots that miss anything.
        left: Σ s_m h_m of each sector.
        head: First firm hit in each sector, -1 for none.
        following: The next one hit in the same sector.
        changed: Sectors with a change.
        is_changed: Whether a sector is among them.
        tally: How many of those hit are in these lists; their relations; slots that miss anything.
    """

    effect: Floats
    giver: Index
    gone: Floats
    slot: Floats
    missing: Index
    left: Floats
    head: Index
    following: Index
    changed: Index
    is_changed: Marks
    tally: Places


class Work(NamedTuple):
    """What one thread works on: both vectors, and who is closed by how much (1 − ψ)."""

    down: Channel
    up: Channel
    short: Shortage
    closed: Marks
    least: Floats


def _channel(size: int, *, traced: bool) -> Channel:
    def listed() -> Index:
        return np.empty(size + 1, dtype=np.uint32)

    return Channel(
        loss=np.zeros(size),
        hit=listed(),
        touched=listed(),
        before=np.empty(size + 1),
        is_touched=np.zeros(size, dtype=np.uint8),
        fell=listed(),
        fall=np.empty(size + 1),
        tally=np.zeros(3, dtype=np.int64),
        since=np.full(size if traced else 0, -1, dtype=np.int32),
    )


def work(net: Network, *, traced: bool = False) -> Work:
    """Return what a thread needs to run scenarios on `net`, at rest.

    Args:
        net: The network.
        traced: Whether to note when each firm was first hit, which `rest` does not undo.
    """
    size, sectors, slots = len(net.firms.sales), len(net.firms.capacity), len(net.inputs.owner)
    return Work(
        down=_channel(size, traced=traced),
        up=_channel(size, traced=traced),
        short=Shortage(
            effect=np.zeros(size),
            giver=np.empty(size + 1, dtype=np.uint32),
            gone=np.empty(size + 1),
            slot=np.zeros(slots),
            missing=np.empty(slots + 1, dtype=np.uint32),
            left=net.firms.capacity.copy(),
            head=np.full(sectors, -1, dtype=np.int32),
            following=np.full(size, -1, dtype=np.int32),
            changed=np.zeros(sectors, dtype=np.int32),
            is_changed=np.zeros(sectors, dtype=np.uint8),
            tally=np.zeros(3, dtype=np.int64),
        ),
        closed=np.zeros(size, dtype=np.uint8),
        least=np.zeros(size),
    )


@bare
def settled(loss: Floats, closed: Marks, least: Floats, firm: int | np.uint32) -> float:
    """Return 1 − h of a firm when the last update ended."""
    lost: float = min(1.0, loss[firm])
    if closed[firm] != 0:
        lost = max(lost, least[firm])
    return lost
