"""The Economic Systemic Risk Index of firms: what share of all output is lost when one closes.

Source: Diem, Borsos, Reisch, Kertész, Thurner 2022, Scientific Reports 12:7719.

With h^d and h^u the share of its output that a firm can still make (for lack of inputs) and still
sell (for lack of buyers), both start at ψ (0 for a closed firm, 1 for the others) and are updated
at once for all firms until the largest decrease is at most ε:

    σ_i   = min(1, s_i / Σ_{m: p_m = p_i} s_m h^d_m)   (1 if that sum ≤ 1e-10, or no substitution)
    h^d_j = max(0, min(ψ_j, 1 − max_slots Σ_i σ_i Λd_ij (1 − h^d_i)))
    h^u_i = max(0, min(ψ_i, 1 − Σ_j Λu_ij (1 − h^u_j)))
    ESRI  = Σ_i w_i (1 − min(h^d_i, h^u_i)), and likewise from one vector alone.

Losses never shrink. So while few firms are hit, only what has changed is pushed along their
relations; once the firms that changed hold more than `DENSE` of all relations, every firm pulls its
loss from its partners instead. Both give the same synchronous update. Each scenario is computed by
one thread from start to end, so the number of threads does not change a bit of the answer.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from graphmodel.errors import UsageError
from queries.kernels.compiled import compiled
from queries.kernels.network import Firms, Floats, Index, Inputs, Markets, Network, Places

EPSILON: Final = 0.01
"""The published default of ε."""

CONVERGED: Final = 1e-9
"""The ε that counts as converged."""

MAX_STEPS: Final = 100_000
"""Updates after which a scenario is given up; its number of steps then equals this."""

DENSE: Final = 0.3
"""Share of all relations from which on a full sweep is cheaper than pushing changes."""

_TINY: Final = 1e-10
_CANCELLED: Final = 1e-3
_SCENARIOS_AT_A_TIME: Final = 64

Progress = Callable[[float], None]
Marks = npt.NDArray[np.uint8]


class Esri(NamedTuple):
    """The index of each scenario, shape (scenarios,).

    Attributes:
        total: ESRI, from the smaller of the two vectors.
        downstream: ESRI^d, from lack of inputs alone.
        upstream: ESRI^u, from lack of buyers alone.
        steps: Number of updates made.
        firms: Number of counted firms, apart from those closed, that lose at least `least` of
            their output for lack of inputs.
        value: Σ value_i (1 − min(h^d_i, h^u_i)) over all firms apart from those closed.
    """

    total: Floats
    downstream: Floats
    upstream: Floats
    steps: Index
    firms: Floats
    value: Floats


class Weighing(NamedTuple):
    """How the losses of a scenario are counted besides; arrays of shape (n,).

    Attributes:
        counted: 1 where a firm counts, else 0.
        value: What a firm is worth, in any one unit.
        least: Loss of output from which on a firm counts as hit, 0 … 1.
    """

    counted: Floats
    value: Floats
    least: float


class Spread(NamedTuple):
    """One scenario in full; arrays of shape (n,).

    Attributes:
        down: h^d, the share of output that inputs still allow.
        up: h^u, the share of output that buyers still take.
        effect: σ_i (1 − h^d_i), how much of a firm's deliveries its customers miss.
        down_since: Update in which a firm was first short of inputs, 0 for closed ones, -1 never.
        up_since: Update in which a firm first lost sales, 0 for closed ones, -1 never.
        steps: Number of updates made.
    """

    down: Floats
    up: Floats
    effect: Floats
    down_since: Index
    up_since: Index
    steps: int


class _Channel(NamedTuple):
    """One of the two vectors while a scenario runs; everything is at rest between two scenarios."""

    cap: Floats  # ψ, at rest 1
    level: Floats  # h, at rest 1
    loss: Floats  # what h falls short of 1 by, before ψ; at rest 0
    change: Floats  # by how much h fell when it last fell
    since: Index  # the update in which it first fell, at rest -1
    hit: Index  # firms that fell, in the order in which they did
    new: Index  # firms that fell in the last update
    touched: Index  # firms whose loss changed
    mark: Marks  # whether a firm is in `touched`
    tally: Places  # of `hit`, `new` and `touched`; 1 once all firms were swept


class _Shortage(NamedTuple):
    """What the downstream vector needs besides."""

    effect: Floats  # σ (1 − h) of each firm
    slot: Floats  # what each slot misses
    left: Floats  # Σ s_m h_m of each sector
    head: Index  # first firm hit in each sector, -1 for none
    following: Index  # the next one in the same sector
    listed: Places  # how many of `hit` are in these lists; relations of the firms hit
    sectors: Index  # sectors with a change
    sector_mark: Marks


class _Work(NamedTuple):
    """What one thread works on."""

    down: _Channel
    up: _Channel
    short: _Shortage


def _channel(size: int) -> _Channel:
    def whole(value: int) -> Index:
        return np.full(size, value, dtype=np.int32)

    return _Channel(
        cap=np.ones(size),
        level=np.ones(size),
        loss=np.zeros(size),
        change=np.zeros(size),
        since=whole(-1),
        hit=whole(0),
        new=whole(0),
        touched=whole(0),
        mark=np.zeros(size, dtype=np.uint8),
        tally=np.zeros(4, dtype=np.int64),
    )


def _work(net: Network) -> _Work:
    size, sectors = len(net.firms.sales), len(net.firms.capacity)
    return _Work(
        down=_channel(size),
        up=_channel(size),
        short=_Shortage(
            effect=np.zeros(size),
            slot=np.zeros(len(net.inputs.owner)),
            left=net.firms.capacity.copy(),
            head=np.full(sectors, -1, dtype=np.int32),
            following=np.full(size, -1, dtype=np.int32),
            listed=np.zeros(2, dtype=np.int64),
            sectors=np.zeros(sectors, dtype=np.int32),
            sector_mark=np.zeros(sectors, dtype=np.uint8),
        ),
    )


@compiled
def _start(channel: _Channel, firms: Index, psi: Floats) -> None:
    """Set ψ of the firms hit and lower them to it."""
    count = channel.tally
    for position in range(len(firms)):
        firm = firms[position]
        channel.cap[firm] = min(channel.cap[firm], psi[position])
        if channel.mark[firm] == 0:
            channel.mark[firm] = 1
            channel.touched[count[2]] = firm
            count[2] += 1


@compiled
def _settle(channel: _Channel, step: int) -> float:
    """Lower h of the firms touched to what their loss leaves; return the largest decrease."""
    largest = 0.0
    level, count = channel.level, channel.tally
    count[1] = 0
    for position in range(count[2]):
        firm = channel.touched[position]
        channel.mark[firm] = 0
        value = max(0.0, min(channel.cap[firm], 1.0 - channel.loss[firm]))
        fall = level[firm] - value
        if fall > 0.0:
            level[firm] = value
            channel.change[firm] = fall
            largest = max(largest, fall)
            channel.new[count[1]] = firm
            count[1] += 1
            if channel.since[firm] < 0:
                channel.since[firm] = step
                channel.hit[count[0]] = firm
                count[0] += 1
    count[2] = 0
    return largest


@compiled
def _reach(channel: _Channel, at: Places) -> int:
    """Return how many relations the firms that fell last have."""
    reach = 0
    for position in range(channel.tally[1]):
        firm = channel.new[position]
        reach += at[firm + 1] - at[firm]
    return reach


@compiled
def _push_up(markets: Markets, up: _Channel) -> None:
    """Take from suppliers the sales that are newly lost."""
    loss, mark, count = up.loss, up.mark, up.tally
    for position in range(count[1]):
        buyer = up.new[position]
        lost = up.change[buyer]
        for place in range(markets.buys_at[buyer], markets.buys_at[buyer + 1]):
            firm = markets.buys_from[place]
            loss[firm] += markets.buys_weight[place] * lost
            if mark[firm] == 0:
                mark[firm] = 1
                up.touched[count[2]] = firm
                count[2] += 1


@compiled
def _sweep_up(markets: Markets, up: _Channel) -> None:
    """Add up the lost sales of every firm."""
    level = up.level
    for firm in range(len(level)):
        lost = 0.0
        for place in range(markets.sells_at[firm], markets.sells_at[firm + 1]):
            lost += markets.sells_weight[place] * (1.0 - level[markets.sells_to[place]])
        up.loss[firm] = lost
        up.touched[firm] = firm
    up.tally[2] = len(level)
    up.tally[3] = 1


@compiled
def _note_sectors(firms: Firms, inputs: Inputs, down: _Channel, short: _Shortage) -> int:
    """Account for what fell last: sector sums and lists; return how many sectors changed.

    A sum that cancellation has made inexact is added up anew.
    """
    left, count = short.left, 0
    for position in range(down.tally[1]):
        firm = down.new[position]
        sector = firms.sector[firm]
        left[sector] -= firms.sales[firm] * down.change[firm]
        if short.sector_mark[sector] == 0:
            short.sector_mark[sector] = 1
            short.sectors[count] = sector
            count += 1
    for position in range(short.listed[0], down.tally[0]):
        firm = down.hit[position]
        short.following[firm] = short.head[firms.sector[firm]]
        short.head[firms.sector[firm]] = firm
        short.listed[1] += inputs.out_at[firm + 1] - inputs.out_at[firm]
    short.listed[0] = down.tally[0]
    for position in range(count):
        sector = short.sectors[position]
        short.sector_mark[sector] = 0
        if left[sector] < _CANCELLED * firms.capacity[sector]:
            left[sector] = 0.0
            for place in range(firms.member_at[sector], firms.member_at[sector + 1]):
                firm = firms.member[place]
                left[sector] += firms.sales[firm] * down.level[firm]
    return count


@compiled
def _push_down(
    firms: Firms,
    inputs: Inputs,
    down: _Channel,
    short: _Shortage,
    changed: int,
    substitution: bool,  # noqa: FBT001  # compiled code takes no keywords
) -> None:
    """Put what customers newly miss into their slots: of every firm hit in a changed sector."""
    loss, count, slots = down.loss, down.tally, short.slot
    for position in range(changed):
        sector = short.sectors[position]
        left = short.left[sector]
        firm = short.head[sector]
        while firm >= 0:
            scarce = 1.0
            if substitution and left > _TINY:
                scarce = min(1.0, firms.sales[firm] / left)
            effect = scarce * (1.0 - down.level[firm])
            missing = effect - short.effect[firm]
            if missing > 0.0:
                short.effect[firm] = effect
                for place in range(inputs.out_at[firm], inputs.out_at[firm + 1]):
                    slot = inputs.out_slot[place]
                    slots[slot] += inputs.out_weight[place] * missing
                    customer = inputs.owner[slot]
                    if slots[slot] > loss[customer]:
                        loss[customer] = slots[slot]
                        if down.mark[customer] == 0:
                            down.mark[customer] = 1
                            down.touched[count[2]] = customer
                            count[2] += 1
            firm = short.following[firm]


@compiled
def _sweep_down(
    firms: Firms,
    inputs: Inputs,
    down: _Channel,
    short: _Shortage,
    substitution: bool,  # noqa: FBT001  # as above
) -> None:
    """Add up what every slot of every firm misses."""
    effects = short.effect
    for position in range(down.tally[0]):
        firm = down.hit[position]
        left = short.left[firms.sector[firm]]
        scarce = 1.0
        if substitution and left > _TINY:
            scarce = min(1.0, firms.sales[firm] / left)
        effects[firm] = max(effects[firm], scarce * (1.0 - down.level[firm]))
    for firm in range(len(effects)):
        worst = 0.0
        for slot in range(inputs.slot_at[firm], inputs.slot_at[firm + 1]):
            missing = 0.0
            for place in range(inputs.in_at[slot], inputs.in_at[slot + 1]):
                missing += inputs.in_weight[place] * effects[inputs.in_firm[place]]
            short.slot[slot] = missing
            worst = max(worst, missing)
        down.loss[firm] = worst
        down.touched[firm] = firm
    down.tally[2] = len(effects)
    down.tally[3] = 1


@compiled
def _one(
    net: Network,
    work: _Work,
    epsilon: float,
    substitution: bool,  # noqa: FBT001  # as above
    most: int,
) -> int:
    """Run the scenario that was set up until it stops; return the number of updates."""
    firms, inputs, markets = net.firms, net.inputs, net.markets
    down, up, short = work.down, work.up, work.short
    many_down = DENSE * len(inputs.out_slot)
    many_up = DENSE * len(markets.buys_from)
    _settle(down, 0)
    _settle(up, 0)
    for step in range(1, most + 1):
        changed = _note_sectors(firms, inputs, down, short)
        reach = short.listed[1] if substitution else _reach(down, inputs.out_at)
        if changed > 0 and reach > many_down:
            _sweep_down(firms, inputs, down, short, substitution)
        elif changed > 0:
            _push_down(firms, inputs, down, short, changed, substitution)
        if _reach(up, markets.buys_at) > many_up:
            _sweep_up(markets, up)
        else:
            _push_up(markets, up)
        fell = _settle(down, step)
        if max(fell, _settle(up, step)) <= epsilon:
            return step
    return most


@compiled
def _index(share: Floats, weighing: Weighing, down: _Channel, up: _Channel, found: Floats) -> None:
    """Write the indices of the scenario just run to `found`, shape (5,)."""
    found[:] = 0.0
    for position in range(down.tally[0]):
        firm = down.hit[position]
        lost = 1.0 - down.level[firm]
        both = 1.0 - min(down.level[firm], up.level[firm])
        found[1] += share[firm] * lost
        found[0] += share[firm] * both
        if down.since[firm] > 0:
            found[4] += weighing.value[firm] * both
            if lost >= weighing.least:
                found[3] += weighing.counted[firm]
    for position in range(up.tally[0]):
        firm = up.hit[position]
        found[2] += share[firm] * (1.0 - up.level[firm])
        if down.since[firm] < 0:
            found[0] += share[firm] * (1.0 - up.level[firm])
            found[4] += weighing.value[firm] * (1.0 - up.level[firm])


@compiled
def _rest(net: Network, work: _Work) -> None:
    """Put everything that a scenario changed back to rest."""
    down, up, short, inputs = work.down, work.up, work.short, net.inputs
    for channel in (down, up):
        for position in range(channel.tally[0]):
            firm = channel.hit[position]
            channel.cap[firm] = channel.level[firm] = 1.0
            channel.loss[firm] = 0.0
            channel.since[firm] = -1
        if channel.tally[3] > 0:
            channel.loss[:] = 0.0
        channel.tally[:] = 0
    if down.tally[3] > 0:
        short.slot[:] = 0.0
    for position in range(short.listed[0]):
        firm = down.hit[position]
        sector = net.firms.sector[firm]
        short.left[sector] = net.firms.capacity[sector]
        short.head[sector] = -1
        short.effect[firm] = 0.0
        for place in range(inputs.out_at[firm], inputs.out_at[firm + 1]):
            short.slot[inputs.out_slot[place]] = 0.0
            down.loss[inputs.owner[inputs.out_slot[place]]] = 0.0
    short.listed[:] = 0


@compiled
def _several(
    net: Network,
    work: _Work,
    scenarios: tuple[Places, Index, Floats],
    rule: tuple[float, bool, int],
    weighing: Weighing,
    start: int,
    stop: int,
    found: Floats,
    steps: Index,
) -> None:
    """Run scenarios `start` … `stop` - 1 and write their indices to `found`, shape (all, 5)."""
    at, firms, psi = scenarios
    epsilon, substitution, most = rule
    for scenario in range(start, stop):
        chosen = firms[at[scenario] : at[scenario + 1]]
        caps = psi[at[scenario] : at[scenario + 1]]
        _start(work.down, chosen, caps)
        _start(work.up, chosen, caps)
        steps[scenario] = _one(net, work, epsilon, substitution, most)
        _index(net.firms.share, weighing, work.down, work.up, found[scenario])
        _rest(net, work)


def esri(
    net: Network,
    closures: list[npt.ArrayLike] | None = None,
    *,
    psi: list[npt.ArrayLike] | None = None,
    epsilon: float = EPSILON,
    substitution: bool = True,
    max_steps: int = MAX_STEPS,
    weighing: Weighing | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Esri:
    """Return the index of every scenario; by default, of every firm closed by itself.

    Args:
        net: The network.
        closures: Firms hit in each scenario; None closes every firm in turn.
        psi: What each of them can still make, 0 … 1; None is 0, a full closure.
        epsilon: Largest decrease at which a scenario stops.
        substitution: Whether firms of one sector stand in for each other (σ).
        max_steps: Updates after which a scenario is given up.
        weighing: How losses are counted besides; by default every firm, by its sales.
        threads: How many work at once; None takes every core.
        progress: Called with the share that is done.

    Cost: O(relations reached · updates) per scenario, at most O(m) per update.
    """
    size = len(net.firms.sales)
    scenarios = (
        (np.arange(size + 1, dtype=np.int64), np.arange(size, dtype=np.int32), np.zeros(size))
        if closures is None
        else _scenarios(closures, psi)
    )
    _check_firms(scenarios[1], size)
    count = len(scenarios[0]) - 1
    rule = (float(epsilon), bool(substitution), int(max_steps))
    weights = weighing or Weighing(np.ones(size), net.firms.sales, 0.0)
    found, steps = np.zeros((count, 5)), np.zeros(count, dtype=np.int32)
    workers = max(1, min(threads or os.cpu_count() or 1, -(-count // _SCENARIOS_AT_A_TIME)))
    idle = [_work(net) for _ in range(workers)]

    def part(start: int) -> int:
        work = idle.pop()
        stop = min(start + _SCENARIOS_AT_A_TIME, count)
        _several(net, work, scenarios, rule, weights, start, stop, found, steps)
        idle.append(work)
        return stop - start

    done = 0
    with ThreadPoolExecutor(workers) as pool:
        try:
            for finished in pool.map(part, range(0, count, _SCENARIOS_AT_A_TIME)):
                done += finished
                if progress:
                    progress(done / count)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return Esri(found[:, 0], found[:, 1], found[:, 2], steps, found[:, 3], found[:, 4])


def _scenarios(
    closures: list[npt.ArrayLike], psi: list[npt.ArrayLike] | None
) -> tuple[Places, Index, Floats]:
    chosen = [np.atleast_1d(np.asarray(c, dtype=np.int32)) for c in closures]
    sizes = np.array([0, *map(len, chosen)])
    firms = np.concatenate([np.empty(0, np.int32), *chosen])
    if psi is None:
        return np.cumsum(sizes), firms, np.zeros(len(firms))
    caps = [np.atleast_1d(np.asarray(p, dtype=np.float64)) for p in psi]
    return np.cumsum(sizes), firms, np.concatenate([np.empty(0), *caps])


def _check_firms(hit: Index, size: int) -> None:
    """Refuse firms that the network does not have: compiled code would read past its arrays."""
    if len(hit) and not (hit.min() >= 0 and hit.max() < size):
        msg = f"Firms are numbered 0 to {size - 1}; a closure names {hit.min()} to {hit.max()}."
        raise UsageError(msg)


def spread(
    net: Network,
    firms: npt.ArrayLike,
    *,
    psi: npt.ArrayLike | None = None,
    epsilon: float = EPSILON,
    substitution: bool = True,
    max_steps: int = MAX_STEPS,
) -> Spread:
    """Return what becomes of every firm when `firms` can make only `psi` (default 0) of output.

    Args:
        net: The network.
        firms: The firms hit, shape (c,).
        psi: What each can still make, shape (c,), 0 … 1.
        epsilon: As in `esri`.
        substitution: As in `esri`.
        max_steps: As in `esri`.
    """
    hit = np.atleast_1d(np.asarray(firms, dtype=np.int32))
    caps = np.zeros(len(hit)) if psi is None else np.atleast_1d(np.asarray(psi, dtype=np.float64))
    _check_firms(hit, len(net.firms.sales))
    work = _work(net)
    _start(work.down, hit, caps)
    _start(work.up, hit, caps)
    steps = _one(net, work, float(epsilon), bool(substitution), int(max_steps))
    down, up = work.down, work.up
    return Spread(down.level, up.level, work.short.effect, down.since, up.since, int(steps))
