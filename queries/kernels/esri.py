"""The Economic Systemic Risk Index of firms: what share of all output is lost when one closes.

Source: Diem, Borsos, Reisch, Kertész, Thurner 2022, Scientific Reports 12:7719.

With h^d and h^u the share of its output that a firm can still make (for lack of inputs) and still
sell (for lack of buyers), both start at ψ (0 for a closed firm, 1 for the others) and are updated
at once for all firms until the largest decrease is at most ε:

    σ_i   = min(1, s_i / Σ_{m: p_m = p_i} s_m h^d_m)   (1 if that sum ≤ 1e-10, or no substitution)
    h^d_j = max(0, min(ψ_j, 1 − max_slots Σ_i σ_i Λd_ij (1 − h^d_i)))
    h^u_i = max(0, min(ψ_i, 1 − Σ_j Λu_ij (1 − h^u_j)))
    ESRI  = Σ_i w_i (1 − min(h^d_i, h^u_i)), and likewise from one vector alone.

Losses never shrink. So a scenario begins by pushing only what has changed along its relations
(`frontier`); once the firms hit hold more than a few per cent of all relations it goes on beside
seven others, every firm pulling its loss from its partners (`block`). Both are the same synchronous
update. No scenario sees another, so neither the number of threads nor the company a scenario is
computed in changes a bit of the answer.
"""

import os
from collections.abc import Callable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from threading import Lock
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from graphmodel.errors import UsageError
from queries.kernels.block import Block, block, pulls
from queries.kernels.frontier import run, start
from queries.kernels.network import Floats, Index, Inputs, Markets, Network, Places
from queries.kernels.scenarios import several
from queries.kernels.scratch import Work, work

EPSILON: Final = 0.01
"""The published default of ε."""

CONVERGED: Final = 1e-9
"""The ε that counts as converged."""

MAX_STEPS: Final = 100_000
"""Updates after which a scenario is given up; its number of steps then equals this."""

_SCENARIOS_AT_A_TIME: Final = 64
_SMALLEST: Final = 1e-300
_GLANCE: Final = 0.2

Progress = Callable[[str, float], None]


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
        progress: Told what is being done and which share of the scenarios is done.

    Cost: O(relations reached · updates) per scenario, at most O(m) per update.

    Raises:
        UsageError: A closure names a firm that the network does not have.
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
    table = np.column_stack([net.firms.share, weights.counted, weights.value])
    counting = table, max(float(weights.least), _SMALLEST)
    found, steps = np.zeros((count, 5)), np.zeros(count, dtype=np.int32)
    answer = found, steps, np.zeros(1, dtype=np.int64)
    wired = _unsigned(net)
    most = -(-count // _SCENARIOS_AT_A_TIME)
    pulled = pulls(net)
    places = [
        (work(net), block(net, pulled)) for _ in range(max(1, min(threads or _cores(), most)))
    ]

    def part(mine: tuple[Work, Block], begin: int, end: int) -> None:
        several(wired, *mine, scenarios, rule, counting, (begin, end), answer)

    _side_by_side(part, places, count, answer[2], progress)
    return Esri(found[:, 0], found[:, 1], found[:, 2], steps, found[:, 3], found[:, 4])


def _cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _side_by_side(
    part: Callable[[tuple[Work, Block], int, int], None],
    places: list[tuple[Work, Block]],
    count: int,
    halt: Places,
    progress: Progress | None,
) -> None:
    """Run all scenarios, a thread for each place, and tell of progress.

    An interruption halts the threads within one update.
    """
    tell = progress or (lambda _what, _share: None)
    if not several.signatures:  # type: ignore[attr-defined]  # of a compiled function
        tell("编译 compiling", 0.0)
    starts, lock, done = iter(range(0, count, _SCENARIOS_AT_A_TIME)), Lock(), [0] * len(places)

    def labour(number: int) -> None:
        while halt[0] == 0:
            with lock:
                begin = next(starts, count)
            end = min(begin + _SCENARIOS_AT_A_TIME, count)
            part(places[number], begin, end)
            done[number] += end - begin
            if begin == count:
                return

    with ThreadPoolExecutor(len(places)) as pool:
        try:
            waiting = [pool.submit(labour, number) for number in range(len(places))]
            running = True
            while running:
                finished, still = wait(waiting, _GLANCE, FIRST_EXCEPTION)
                for future in finished:
                    future.result()
                running = bool(still)
                tell(f"ESRI {sum(done):,} / {count:,}", sum(done) / max(count, 1))
        except BaseException:
            halt[0] = 1
            raise


def _unsigned(net: Network) -> Network:
    """Return the same network with numbers that compiled code need not test for being negative."""
    views = {"int64": np.uint64, "int32": np.uint32}

    def plain(arrays: tuple[npt.NDArray[Any], ...]) -> list[npt.NDArray[Any]]:
        return [array.view(views.get(array.dtype.name, array.dtype)) for array in arrays]

    return Network(net.firms, Inputs(*plain(net.inputs)), Markets(*plain(net.markets)))


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
        msg = (
            f"停产的企业编号须在 0 到 {size - 1} 之间，现有 {hit.min()} 到 {hit.max()}。 "
            f"Firms to close are numbered 0 to {size - 1}, not {hit.min()} to {hit.max()}; "
            "give rows of this network."
        )
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
    here = work(net, traced=True)
    start(here, hit, caps)
    rule = (float(epsilon), bool(substitution), int(max_steps))
    steps, _ = run(_unsigned(net), here, rule, np.inf)
    down, up = (
        np.maximum(np.minimum(channel.loss, 1.0), here.least) for channel in (here.down, here.up)
    )
    effect, since = here.short.effect, (here.down.since, here.up.since)
    return Spread(1.0 - down, 1.0 - up, effect, *since, int(steps))
