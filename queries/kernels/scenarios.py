"""Scenarios one after another in one thread: alone while few firms are hit, then in a block."""

from typing import Final

from queries.kernels.block import Block, advance, board, tally
from queries.kernels.compiled import bare
from queries.kernels.frontier import rest, run, start
from queries.kernels.lanes import WIDTH
from queries.kernels.network import Floats, Index, Network, Places
from queries.kernels.scratch import Work, settled

DENSE: Final = 0.02
"""Share of all relations from which on full sweeps of eight scenarios are cheaper than pushing."""

_PASSES: Final = 6  # what a sweep costs for each firm, in relations


@bare
def _index(weights: Floats, least: float, work: Work, found: Floats) -> None:
    """Write the indices of the scenario just run to `found`, shape (5,)."""
    for place in range(len(found)):
        found[place] = 0.0
    short, unsold, closed, floor = work.down.loss, work.up.loss, work.closed, work.least
    hit = work.down.hit
    for place in range(work.down.tally[0]):
        firm = hit[place]
        lost = settled(short, closed, floor, firm)
        both = max(lost, settled(unsold, closed, floor, firm))
        found[0] += weights[firm, 0] * both
        found[1] += weights[firm, 0] * lost
        if closed[firm] == 0:
            found[4] += weights[firm, 2] * both
            if lost >= least:
                found[3] += weights[firm, 1]
    hit = work.up.hit
    for place in range(work.up.tally[0]):
        firm = hit[place]
        lost = settled(unsold, closed, floor, firm)
        found[2] += weights[firm, 0] * lost
        if short[firm] == 0.0 and closed[firm] == 0:
            found[0] += weights[firm, 0] * lost
            found[4] += weights[firm, 2] * lost


@bare
def _settle_closed(
    block: Block, scenarios: tuple[Places, Index, Floats], weights: Floats, lane: int
) -> None:
    """Count what closed firms lose, and take them out: they enter neither `firms` nor `value`."""
    at, firms, psi = scenarios
    up, sums, scenario = block.up[block.turn[0]], block.sums, block.scenario[lane]
    for place in range(at[scenario], at[scenario + 1]):
        firm = firms[place]
        if psi[place] < 1.0:
            one, two = block.down[firm, lane], up[firm, lane]
            sums[0, lane] += weights[firm, 0] * max(one, two)
            sums[1, lane] += weights[firm, 0] * one
            sums[2, lane] += weights[firm, 0] * two
            block.down[firm, lane] = up[firm, lane] = 0.0


@bare
def _leave(
    block: Block,
    scenarios: tuple[Places, Index, Floats],
    rule: tuple[float, bool, int],
    weights: Floats,
    least: float,
    found: Floats,
    steps: Index,
) -> None:
    """Write the indices of the scenarios that have stopped, and free their lanes."""
    leaving, sums, going = block.leaving, block.sums, 0
    for lane in range(WIDTH):
        leaving[0, lane] = 1.0
        for place in range(len(sums)):
            sums[place, lane] = 0.0
        fell = max(block.fell[0, lane], block.fell[1, lane])
        if block.scenario[lane] >= 0 and (fell <= rule[0] or block.steps[lane] >= rule[2]):
            leaving[0, lane] = 0.0
            going += 1
            _settle_closed(block, scenarios, weights, lane)
    if going == 0:
        return
    tally(weights, least, block, leaving, sums)
    for lane in range(WIDTH):
        if leaving[0, lane] == 0.0:
            for place in range(len(sums)):
                found[block.scenario[lane], place] = sums[place, lane]
            steps[block.scenario[lane]] = block.steps[lane]
            block.scenario[lane] = -1
            block.fell[0, lane] = 0.0


@bare
def several(
    net: Network,
    work: Work,
    block: Block,
    scenarios: tuple[Places, Index, Floats],
    rule: tuple[float, bool, int],
    counting: tuple[Floats, float],
    limits: tuple[int, int],
    answer: tuple[Floats, Index, Places],
) -> None:
    """Run scenarios `limits[0]` … `limits[1]` - 1, writing their indices to `answer`.

    A scenario that reaches too many relations boards a lane. The lanes advance while all are taken;
    those that are not full at the end wait for the next call, or to be emptied by one that has no
    scenario to begin.
    """
    (at, firms, psi), (weights, least), (found, steps, halt) = scenarios, counting, answer
    relations = len(net.inputs.out_slot) + len(net.markets.buys_from)
    many = DENSE * (relations + _PASSES * len(net.firms.sales))
    begun, stop = limits
    empties = begun == stop
    while halt[0] == 0:
        aboard = 0
        for lane in range(WIDTH):
            while block.scenario[lane] < 0 and begun < stop and halt[0] == 0:
                start(work, firms[at[begun] : at[begun + 1]], psi[at[begun] : at[begun + 1]])
                made, stopped = run(net, work, rule, many)
                if stopped:
                    _index(weights, least, work, found[begun])
                    steps[begun] = made
                else:
                    board(block, work, lane, begun, made)
                rest(net, work)
                begun += 1
            if block.scenario[lane] >= 0:
                aboard += 1
        if aboard == 0 or (aboard < WIDTH and not empties):
            return
        advance(net.firms, block, rule[1])
        _leave(block, scenarios, rule, weights, least, found, steps)
