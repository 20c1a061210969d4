"""One scenario while few firms are hit: only what has changed is pushed along their relations.

For both vectors a firm holds its loss 1 − h before ψ, as it is now (`_NOW`) and as it was when the
last update ended (`_THEN`). Everything is at rest between two scenarios, and whatever a scenario
touched is listed, so that it costs only what it reaches.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from queries.kernels.compiled import bare
from queries.kernels.network import Firms, Floats, Index, Inputs, Markets, Network, Places

Marks = npt.NDArray[np.uint8]

_NOW, _THEN = 0, 1
_HIT, _TOUCHED, _FELL = 0, 1, 2
_CANCELLED: Final = 1e-3
_NEXT: Final = np.uint64(1)
TINY: Final = 1e-10
"""What a sector must still make for others to stand in."""


class Channel(NamedTuple):
    """One of the two vectors while a scenario runs.

    Attributes:
        loss: Of each firm now and when the last update ended, before ψ; at rest 0, shape (n, 2).
        hit: Firms with a loss, in the order in which they were hit, and those closed.
        touched: Firms whose loss changed in this update.
        fell: Firms whose h fell in the last update.
        fall: By how much.
        tally: Of `hit`, `touched` and `fell`.
        since: The update in which a firm's h first fell, at rest -1; empty if nobody asks.
    """

    loss: Floats
    hit: Index
    touched: Index
    fell: Index
    fall: Floats
    tally: Places
    since: Index


class Shortage(NamedTuple):
    """What the downstream vector needs besides.

    Attributes:
        effect: σ (1 − h) of each firm.
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
        return np.empty(size, dtype=np.uint32)

    return Channel(
        loss=np.zeros((size, 2)),
        hit=listed(),
        touched=listed(),
        fell=listed(),
        fall=np.empty(size),
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
            slot=np.zeros(slots),
            missing=np.empty(slots, dtype=np.uint32),
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
    lost: float = min(1.0, loss[firm, _THEN])
    if closed[firm] != 0:
        lost = max(lost, least[firm])
    return lost


@bare
def start(work: Work, firms: Index, psi: Floats) -> None:
    """Set ψ of the firms hit and lower them to it."""
    down, up = work.down, work.up
    for place in range(len(firms)):
        firm = firms[place]
        lost = 1.0 - psi[place]
        if lost <= 0.0:
            continue
        if work.closed[firm] == 0:
            work.closed[firm] = 1
            for channel in (down, up):
                channel.hit[channel.tally[_HIT]] = firm
                channel.tally[_HIT] += 1
        work.least[firm] = max(work.least[firm], lost)
    for channel in (down, up):
        for place in range(channel.tally[_HIT]):
            firm = channel.hit[place]
            channel.fell[place] = firm
            channel.fall[place] = work.least[firm]
            if len(channel.since) > 0:
                channel.since[firm] = 0
        channel.tally[_FELL] = channel.tally[_HIT]


@bare
def _settle(work: Work, channel: Channel, step: int) -> float:
    """Lower h of the firms touched to what their loss leaves; return the largest decrease."""
    loss, count, touched, since = channel.loss, channel.tally, channel.touched, channel.since
    hit, falling, fall, closed, least = (
        channel.hit,
        channel.fell,
        channel.fall,
        work.closed,
        work.least,
    )
    largest, fell, hits = 0.0, 0, count[_HIT]
    for place in range(count[_TOUCHED]):
        firm = touched[place]
        now, then = loss[firm, _NOW], loss[firm, _THEN]
        loss[firm, _THEN] = now
        now, then = min(1.0, now), min(1.0, then)
        if closed[firm] != 0:
            now, then = max(now, least[firm]), max(then, least[firm])
        elif then == 0.0:
            hit[hits] = firm
            hits += 1
        if now > then:
            largest = max(largest, now - then)
            falling[fell] = firm
            fall[fell] = now - then
            fell += 1
            if len(since) > 0 and since[firm] < 0:
                since[firm] = step
    count[_HIT], count[_FELL], count[_TOUCHED] = hits, fell, 0
    return largest


@bare
def _reach(channel: Channel, at: Places) -> float:
    """Return how many relations the firms that fell last have."""
    reach, fell = 0.0, channel.fell
    for place in range(channel.tally[_FELL]):
        firm = fell[place]
        reach += float(at[firm + _NEXT] - at[firm])
    return reach


@bare
def _push_up(markets: Markets, up: Channel) -> None:
    """Take from suppliers the sales that are newly lost."""
    loss, touched, fell, fall = up.loss, up.touched, up.fell, up.fall
    at, sellers, weight = markets.buys_at, markets.buys_from, markets.buys_weight
    count = up.tally[_TOUCHED]
    for place in range(up.tally[_FELL]):
        buyer, lost = fell[place], fall[place]
        for sale in range(at[buyer], at[buyer + _NEXT]):
            firm = sellers[sale]
            before = loss[firm, _NOW]
            after = before + weight[sale] * lost
            if before == loss[firm, _THEN] and after > before:
                touched[count] = firm
                count += 1
            loss[firm, _NOW] = after
    up.tally[_TOUCHED] = count


@bare
def _note_sectors(work: Work, firms: Firms, inputs: Inputs) -> int:
    """Account for what fell last: sector sums and lists; return how many sectors changed.

    A sum that cancellation has made inexact is added up anew.
    """
    down, short, count = work.down, work.short, 0
    left, listed, changed, is_changed = short.left, short.tally, short.changed, short.is_changed
    head, following, hit, fell, fall = short.head, short.following, down.hit, down.fell, down.fall
    sectors, sales, at = firms.sector, firms.sales, inputs.out_at
    for place in range(down.tally[_FELL]):
        firm = fell[place]
        sector = sectors[firm]
        left[sector] -= sales[firm] * fall[place]
        if is_changed[sector] == 0:
            is_changed[sector] = 1
            changed[count] = sector
            count += 1
    for place in range(listed[0], down.tally[_HIT]):
        firm = hit[place]
        following[firm] = head[sectors[firm]]
        head[sectors[firm]] = firm
        listed[1] += np.int64(at[firm + _NEXT] - at[firm])
    listed[0] = down.tally[_HIT]
    for place in range(count):
        sector = short.changed[place]
        short.is_changed[sector] = 0
        if left[sector] < _CANCELLED * firms.capacity[sector]:
            left[sector] = 0.0
            for member in range(firms.member_at[sector], firms.member_at[sector + 1]):
                firm = firms.member[member]
                left[sector] += firms.sales[firm] * (
                    1.0 - settled(down.loss, work.closed, work.least, firm)
                )
    return count


@bare
def _push_down(
    work: Work,
    firms: Firms,
    inputs: Inputs,
    changed: int,
    substitution: bool,  # noqa: FBT001  # compiled code takes no keywords
) -> None:
    """Put what customers newly miss into their slots: of every firm hit in a changed sector."""
    down, short = work.down, work.short
    loss, closed, least, touched = down.loss, work.closed, work.least, down.touched
    slots, effects, missing, following = short.slot, short.effect, short.missing, short.following
    at, out_slot, weight, owner = inputs.out_at, inputs.out_slot, inputs.out_weight, inputs.owner
    sales, count, misses = firms.sales, down.tally[_TOUCHED], short.tally[2]
    for place in range(changed):
        sector = short.changed[place]
        left, head = short.left[sector], short.head[sector]
        while head >= 0:
            firm = np.uint32(head)
            head = following[firm]
            scarce = 1.0
            if substitution and left > TINY:
                scarce = min(1.0, sales[firm] / left)
            effect = scarce * settled(loss, closed, least, firm)
            gone = effect - effects[firm]
            if gone <= 0.0:
                continue
            effects[firm] = effect
            for delivery in range(at[firm], at[firm + _NEXT]):
                slot = out_slot[delivery]
                before = slots[slot]
                after = before + weight[delivery] * gone
                if before == 0.0 and after > 0.0:
                    missing[misses] = slot
                    misses += 1
                slots[slot] = after
                customer = owner[slot]
                if after > loss[customer, _NOW]:
                    if loss[customer, _NOW] == loss[customer, _THEN]:
                        touched[count] = customer
                        count += 1
                    loss[customer, _NOW] = after
    down.tally[_TOUCHED], short.tally[2] = count, misses


@bare
def run(net: Network, work: Work, rule: tuple[float, bool, int], many: float) -> tuple[int, bool]:
    """Run the scenario that was set up until it stops, or until it reaches too many relations.

    Args:
        net: The network.
        work: With the scenario started.
        rule: ε, substitution, and after how many updates to give up.
        many: How many relations are too many.

    Returns:
        The number of updates made, and whether the scenario has stopped.
    """
    firms, inputs, markets = net.firms, net.inputs, net.markets
    epsilon, substitution, most = rule
    for step in range(most):
        changed = _note_sectors(work, firms, inputs)
        reach = _reach(work.up, markets.buys_at)
        if changed > 0:
            listed = float(work.short.tally[1])
            reach += listed if substitution else _reach(work.down, inputs.out_at)
        if reach > many:
            return step, False
        _push_down(work, firms, inputs, changed, substitution)
        _push_up(markets, work.up)
        fell = _settle(work, work.down, step + 1)
        if max(fell, _settle(work, work.up, step + 1)) <= epsilon:
            return step + 1, True
    return most, True


@bare
def rest(net: Network, work: Work) -> None:
    """Put everything that a scenario changed back to rest, apart from `since`."""
    short, closed, least = work.short, work.closed, work.least
    for channel in (work.down, work.up):
        hit, loss = channel.hit, channel.loss
        for place in range(channel.tally[_HIT]):
            firm = hit[place]
            loss[firm, _NOW] = loss[firm, _THEN] = 0.0
            closed[firm], least[firm] = 0, 0.0
    left, head, effect, hit = short.left, short.head, short.effect, work.down.hit
    sectors, capacity = net.firms.sector, net.firms.capacity
    for place in range(short.tally[0]):
        firm = hit[place]
        sector = sectors[firm]
        left[sector] = capacity[sector]
        head[sector] = -1
        effect[firm] = 0.0
    slot, missing = short.slot, short.missing
    for place in range(short.tally[2]):
        slot[missing[place]] = 0.0
    for place in range(len(short.tally)):
        work.down.tally[place] = work.up.tally[place] = short.tally[place] = 0
