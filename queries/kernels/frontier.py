"""One scenario while few firms are hit: only what has changed is pushed along their relations.

Everything is at rest between two scenarios, and whatever a scenario touches is listed, so that it
costs only what it reaches. The lists grow without branches: every candidate is written behind the
last entry, and stays there only if the list is made longer.
"""

from typing import Final

import numpy as np

from queries.kernels.compiled import bare
from queries.kernels.lanes import fetch
from queries.kernels.network import Firms, Floats, Index, Inputs, Markets, Network, Places
from queries.kernels.scratch import Channel, Work, settled

_HIT, _TOUCHED, _FELL = 0, 1, 2
_CANCELLED: Final = 1e-3
_NEXT: Final = np.uint64(1)
_LINE: Final = np.uint64(8)
TINY: Final = 1e-10
"""What a sector must still make for others to stand in."""


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
    loss, touched, before, since = channel.loss, channel.touched, channel.before, channel.since
    hit, fell, fall, is_touched = channel.hit, channel.fell, channel.fall, channel.is_touched
    closed, least, tally = work.closed, work.least, channel.tally
    largest, falling, hits = 0.0, 0, tally[_HIT]
    for place in range(tally[_TOUCHED]):
        firm = touched[place]
        is_touched[firm] = 0
        now, then = min(1.0, loss[firm]), min(1.0, before[place])
        hit[hits] = firm
        if closed[firm] != 0:
            now, then = max(now, least[firm]), max(then, least[firm])
        else:
            hits += (then == 0.0) & (now > 0.0)
        largest = max(largest, now - then)
        fell[falling] = firm
        fall[falling] = now - then
        falling += now > then
        if len(since) > 0 and since[firm] < 0 and now > then:
            since[firm] = step
    tally[_HIT], tally[_FELL], tally[_TOUCHED] = hits, falling, 0
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
    loss, touched, before, is_touched = up.loss, up.touched, up.before, up.is_touched
    at, sellers, weight = markets.buys_at, markets.buys_from, markets.buys_weight
    fell, fall, count = up.fell, up.fall, up.tally[_TOUCHED]
    last = up.tally[_FELL] - 1
    for place in range(up.tally[_FELL]):
        fetch(at, fell[min(place + 16, last)])
        soon = at[fell[min(place + 8, last)]]
        fetch(sellers, soon)
        fetch(weight, soon)
        fetch(weight, soon + _LINE)
        buyer, lost = fell[place], fall[place]
        for sale in range(at[buyer], at[buyer + _NEXT]):
            firm = sellers[sale]
            old = loss[firm]
            loss[firm] = old + weight[sale] * lost
            touched[count] = firm
            before[count] = old
            count += is_touched[firm] == 0
            is_touched[firm] = 1
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
def _givers(
    work: Work,
    firms: Firms,
    changed: int,
    substitution: bool,  # noqa: FBT001  # compiled code takes no keywords
) -> int:
    """List the firms hit whose customers newly miss something; return how many there are."""
    short, loss, closed, least = work.short, work.down.loss, work.closed, work.least
    effects, following, giver, gone = short.effect, short.following, short.giver, short.gone
    sales, count = firms.sales, 0
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
            grown = effect - effects[firm]
            giver[count] = firm
            gone[count] = grown
            count += grown > 0.0
            effects[firm] = max(effects[firm], effect)
    return count


@bare
def _push_down(
    work: Work,
    firms: Firms,
    inputs: Inputs,
    changed: int,
    substitution: bool,  # noqa: FBT001  # as above
) -> None:
    """Put what customers newly miss into their slots: of every firm hit in a changed sector."""
    givers = _givers(work, firms, changed, substitution)
    down, short = work.down, work.short
    loss, touched, before, is_touched = down.loss, down.touched, down.before, down.is_touched
    slots, missing, giver, gone = short.slot, short.missing, short.giver, short.gone
    at, out_slot, weight, owner = inputs.out_at, inputs.out_slot, inputs.out_weight, inputs.owner
    count, misses = down.tally[_TOUCHED], short.tally[2]
    for place in range(givers):
        fetch(at, giver[min(place + 16, givers - 1)])
        soon = at[giver[min(place + 8, givers - 1)]]
        fetch(out_slot, soon)
        fetch(weight, soon)
        fetch(weight, soon + _LINE)
        firm, grown = giver[place], gone[place]
        for delivery in range(at[firm], at[firm + _NEXT]):
            slot = out_slot[delivery]
            held = slots[slot]
            lacks = held + weight[delivery] * grown
            slots[slot] = lacks
            missing[misses] = slot
            misses += (held == 0.0) & (lacks > 0.0)
            customer = owner[slot]
            old = loss[customer]
            touched[count] = customer
            before[count] = old
            worse = lacks > old
            count += worse & (is_touched[customer] == 0)
            is_touched[customer] |= worse
            loss[customer] = max(old, lacks)
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
            loss[firm] = 0.0
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
