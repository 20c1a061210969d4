"""Eight scenarios side by side once many firms are hit: all firms pull losses from their partners.

Arrays have shape (n, 8), one lane per scenario, so that one relation read from memory serves all
eight. Lanes never mix, so a scenario's answer does not depend on its neighbours.
"""

import math
from typing import NamedTuple

import numpy as np

from queries.kernels.compiled import bare
from queries.kernels.frontier import TINY
from queries.kernels.lanes import (
    WIDTH,
    add,
    alike,
    larger,
    less,
    put,
    reaches,
    smaller,
    take,
    times,
    unless,
)
from queries.kernels.network import Firms, Floats, Index, Network, Places
from queries.kernels.scratch import Work, settled

_NEXT = np.uint64(1)


class Pull(NamedTuple):
    """From whom each firm pulls its losses in a sweep.

    Firms with as many partners stand together, so that the processor foresees where a row of
    partners ends; a firm's own slots follow one another without a loop of their own.

    Attributes:
        firm: Firms in the order in which they are visited.
        at: Where the partners of each begin, one longer than `firm`.
        partner: Its partners.
        weight: What it loses for each; with a minus where a slot begins, even -0.0.
    """

    firm: Index
    at: Places
    partner: Index
    weight: Floats


def pulls(net: Network) -> tuple[Pull, Pull]:
    """Return who pulls from whom for lack of inputs, and for lack of buyers."""
    inputs, markets = net.inputs, net.markets
    begins = inputs.in_weight.copy()
    begins[inputs.in_at[:-1]] *= -1.0
    down = _pull(inputs.in_at[inputs.slot_at], inputs.in_firm, begins)
    return down, _pull(markets.sells_at, markets.sells_to, markets.sells_weight)


def _pull(at: Places, partner: Index, weight: Floats) -> Pull:
    counts = np.diff(at)
    firm = np.argsort(-counts, kind="stable")
    counts = counts[firm]
    begins = np.concatenate(([0], np.cumsum(counts)))
    place = np.repeat(at[firm] - begins[:-1], counts) + np.arange(len(partner))
    return Pull(
        firm.astype(np.uint32), begins.astype(np.uint64), partner[place].view(np.uint32),
        weight[place],
    )  # fmt: skip


class Block(NamedTuple):
    """Eight scenarios; lanes that are free are 0 throughout.

    Attributes:
        inputs: Who pulls from whom for lack of inputs.
        markets: Who pulls from whom for lack of buyers.
        down: 1 − h^d of each firm, shape (n, 8).
        effect: σ (1 − h^d) of each firm, shape (n, 8).
        up: 1 − h^u of each firm, shape (2, n, 8): of the last update and of the one before.
        left: 1 / Σ s_m h^d_m of each sector, shape (k, 8).
        fell: Largest decrease of the last update, down and up, shape (2, 8).
        scenario: Of each lane, -1 where it is free, shape (8,).
        steps: Updates made, shape (8,).
        turn: Which of `up` is the last update, shape (1,).
        leaving: 0 for lanes whose scenario has just stopped, else 1, shape (1, 8).
        sums: Losses added up, shape (5, 8).
    """

    inputs: Pull
    markets: Pull
    down: Floats
    effect: Floats
    up: Floats
    left: Floats
    fell: Floats
    scenario: Places
    steps: Places
    turn: Places
    leaving: Floats
    sums: Floats


def rows(*shape: int) -> Floats:
    """Return zeros of shape (*shape, 8) whose rows begin where a line of cache does."""
    size = math.prod(shape) * WIDTH
    raw = np.zeros(size + WIDTH)
    begin = -raw.ctypes.data // raw.itemsize % WIDTH
    return raw[begin : begin + size].reshape(*shape, WIDTH)


def block(net: Network, pulled: tuple[Pull, Pull]) -> Block:
    """Return eight free lanes; `pulled` is what `pulls` returns, for all blocks of a network."""
    size, sectors = len(net.firms.sales), len(net.firms.capacity)
    return Block(
        inputs=pulled[0],
        markets=pulled[1],
        down=rows(size),
        effect=rows(size),
        up=rows(2, size),
        left=rows(sectors),
        fell=rows(2),
        scenario=np.full(WIDTH, -1, dtype=np.int64),
        steps=np.zeros(WIDTH, dtype=np.int64),
        turn=np.zeros(1, dtype=np.int64),
        leaving=rows(1),
        sums=rows(5),
    )


@bare
def board(block: Block, work: Work, lane: int, scenario: int, steps: int) -> None:
    """Take a scenario that was begun in `work` into a free lane."""
    up = block.up[block.turn[0]]
    closed, least = work.closed, work.least
    for channel, into in ((work.down, block.down), (work.up, up)):
        loss, hit = channel.loss, channel.hit
        for place in range(channel.tally[0]):
            firm = hit[place]
            into[firm, lane] = settled(loss, closed, least, firm)
    block.scenario[lane], block.steps[lane] = scenario, steps
    block.fell[0, lane] = float(work.down.tally[2])


@bare
def _effects(firms: Firms, block: Block, substitution: bool) -> None:  # noqa: FBT001  # compiled code takes no keywords
    """Set how much of each firm's deliveries its customers miss."""
    down, effect, left = block.down, block.effect, block.left
    sales, sectors = firms.sales, firms.sector
    if not substitution:
        for firm in range(len(down)):
            put(effect, firm, take(down, firm))
        return
    one = alike(1.0)
    for sector in range(len(left)):
        put(left, sector, alike(0.0))
    for firm in range(len(down)):
        sector = sectors[firm]
        made = times(alike(sales[firm]), less(one, take(down, firm)))
        put(left, sector, add(take(left, sector), made))
    for sector in range(len(left)):
        for lane in range(WIDTH):
            rest = left[sector, lane]
            left[sector, lane] = 1.0 / rest if rest > TINY else np.inf
    for firm in range(len(down)):
        scarce = times(alike(sales[firm]), take(left, sectors[firm]))
        put(effect, firm, times(smaller(scarce, one), take(down, firm)))


@bare
def _sweep_down(block: Block) -> None:
    """Lower h^d of every firm to what its slots leave.

    What a slot misses only grows as its deliveries are added up, so the fullest of all sums on the
    way is the fullest slot.
    """
    down, effect, fell = block.down, block.effect, alike(0.0)
    firms, at = block.inputs.firm, block.inputs.at
    supplier, weight = block.inputs.partner, block.inputs.weight
    for place in range(np.uint64(len(firms))):
        worst = missing = alike(0.0)
        for delivery in range(at[place], at[place + _NEXT]):
            signed = weight[delivery]
            part = times(alike(abs(signed)), take(effect, supplier[delivery]))
            missing = add(unless(signed, missing), part)
            worst = larger(worst, missing)
        firm = firms[place]
        before = take(down, firm)
        after = larger(before, smaller(worst, alike(1.0)))
        fell = larger(fell, less(after, before))
        put(down, firm, after)
    put(block.fell, 0, fell)


@bare
def _sweep_up(block: Block) -> None:
    """Lower h^u of every firm to what its buyers leave."""
    old, new = block.up[block.turn[0]], block.up[1 - block.turn[0]]
    firms, at = block.markets.firm, block.markets.at
    buyer, weight = block.markets.partner, block.markets.weight
    fell = alike(0.0)
    for place in range(np.uint64(len(firms))):
        unsold = alike(0.0)
        for sale in range(at[place], at[place + _NEXT]):
            part = take(old, buyer[sale])
            unsold = add(unsold, times(alike(weight[sale]), part))
        firm = firms[place]
        before = take(old, firm)
        after = larger(before, smaller(unsold, alike(1.0)))
        fell = larger(fell, less(after, before))
        put(new, firm, after)
    put(block.fell, 1, fell)
    block.turn[0] = 1 - block.turn[0]


@bare
def advance(firms: Firms, block: Block, substitution: bool) -> None:  # noqa: FBT001  # as above
    """Make one update of all lanes.

    Where no h^d fell in the last one, none will: then only h^u is left to do.
    """
    moving = 0.0
    for lane in range(WIDTH):
        moving += block.fell[0, lane]
        block.steps[lane] += 1
    if moving > 0.0:
        _effects(firms, block, substitution)
        _sweep_down(block)
    _sweep_up(block)


@bare
def tally(firms: Floats, least: float, block: Block, leaving: Floats, sums: Floats) -> None:
    """Add up the losses of all lanes, and clear those that are leaving.

    Args:
        firms: What firms weigh, shape (n, 3): share, counted, value.
        least: Loss of output from which on a firm counts as hit.
        block: The lanes.
        leaving: 0 for the lanes that leave, 1 for the others, shape (1, 8).
        sums: Where to add ESRI, ESRI^d, ESRI^u, firms and value, shape (5, 8).
    """
    down, up = block.down, block.up[block.turn[0]]
    both, short, unsold = take(sums, 0), take(sums, 1), take(sums, 2)
    hit, value = take(sums, 3), take(sums, 4)
    stays, limit = take(leaving, 0), alike(least)
    for firm in range(len(down)):
        one, two = take(down, firm), take(up, firm)
        lost, share = larger(one, two), alike(firms[firm, 0])
        both = add(both, times(share, lost))
        short = add(short, times(share, one))
        unsold = add(unsold, times(share, two))
        hit = add(hit, times(alike(firms[firm, 1]), reaches(one, limit)))
        value = add(value, times(alike(firms[firm, 2]), lost))
        put(down, firm, times(one, stays))
        put(up, firm, times(two, stays))
    put(sums, 0, both)
    put(sums, 1, short)
    put(sums, 2, unsold)
    put(sums, 3, hit)
    put(sums, 4, value)
