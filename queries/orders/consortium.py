"""Which enterprises should fill one order together: the fewest, or the cheapest, proven by HiGHS.

First as much of every line as can be filled; then objectives one after the other, each solved to
its optimum with the values of those before it held:

- fewest: enterprises; those outside one alliance; those without a tie to another chosen one; those
  outside one region; cost, where every price is known.
- cheapest: shares from enterprises without a price; cost; then as above.
"""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from graphmodel.graph import Codes, Mask

if TYPE_CHECKING:
    from scipy.optimize import LinearConstraint
    from scipy.sparse import csr_array

Floats = npt.NDArray[np.float64]

_TOLERANCE: Final = 1e-6
_HALF: Final = 0.5  # between 0 and 1, and between a count and the next
_COUNTS: Final = ("firms", "alliance", "ties", "region")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Problem:
    """One order and who could fill it; firms and lines are numbered from 0.

    Attributes:
        line: Line of each pair of a line and a firm that could supply it.
        firm: Firm of each pair.
        most: Share of the line that the firm could supply at most, in (0, 1].
        cost: What the whole line would cost from this firm; NaN for no price.
        lines: Number of lines.
        firms: Number of firms.
        alliances: Which firm is in which alliance, shape (firms, alliances).
        ties: Which firms are tied, symmetric, shape (firms, firms).
        regions: Region of each firm, -1 unknown.
    """

    line: Codes
    firm: Codes
    most: Floats
    cost: Floats
    lines: int
    firms: int
    alliances: "csr_array"
    ties: "csr_array"
    regions: Codes

    @property
    def reachable(self) -> Floats:
        """Share of each line that all firms together could supply."""
        return np.minimum(np.bincount(self.line, self.most, minlength=self.lines), 1)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Chosen:
    """Who is chosen.

    Attributes:
        firms: Which firms.
        proven: "proven" where every objective was solved to its optimum, "first" where the first
            was, "limited" where not even that.
        gap: How far the first objective may be from its optimum; 0 when proven.
    """

    firms: Mask
    proven: str
    gap: float


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Program:
    """Variables: a share per pair, then y, outside, alone and elsewhere per firm, then homes.

    `covering` speaks of the firms alone: they can fill every line. `sharing` says who supplies
    how much, and is needed only where cost is.
    """

    problem: Problem
    objectives: dict[str, Floats]
    covering: "LinearConstraint"
    sharing: "LinearConstraint"
    whole: npt.NDArray[np.int64]
    upper: Floats


def choose(problem: Problem, *, cheapest: bool, prefer: tuple[str, ...], seconds: float) -> Chosen:
    """Return who should fill the order.

    Args:
        problem: The order; every line is filled as far as it can be.
        cheapest: Cost before the number of firms.
        prefer: Of "alliance", "ties" and "region" those that count, in that order.
        seconds: Time for all objectives together.
    """
    if not len(problem.line):
        return Chosen(firms=np.zeros(problem.firms, dtype=bool), proven="proven", gap=0.0)
    program = _program(problem)
    names = ["firms", *prefer]
    known = ~np.isnan(problem.cost)
    if cheapest:
        names = ["unpriced", "cost", *names] if known.any() else names
    elif known.all():
        names.append("cost")
    return _solved(program, names, seconds)


def _solved(program: _Program, names: list[str], seconds: float) -> Chosen:
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415  # slow to import

    problem, end = program.problem, time.monotonic() + seconds
    held = [program.covering]
    best: Floats | None = None
    solved, gap = 0, 1.0
    for name in names:
        goal, left = program.objectives[name], end - time.monotonic()
        if name not in _COUNTS and program.sharing not in held:
            held.append(program.sharing)
        found = None
        if left > 0:
            found = milp(
                goal, constraints=held, integrality=program.whole,
                bounds=Bounds(0, program.upper), options={"time_limit": left, "mip_rel_gap": 0},
            )  # fmt: skip
        if found is None or found.x is None:
            break
        best = found.x
        if found.status != 0:
            gap = float(found.mip_gap or 0) if not solved else gap
            break
        solved, gap = solved + 1, 0.0
        slack = _HALF if name in _COUNTS else _TOLERANCE * max(1.0, abs(found.fun))
        held.append(LinearConstraint(goal[None, :], -np.inf, found.fun + slack))
    if best is None:
        return Chosen(firms=np.ones(problem.firms, dtype=bool), proven="limited", gap=gap)
    start = len(problem.line)
    firms = best[start : start + problem.firms] > _HALF
    proven = "proven" if solved == len(names) else "first" if solved else "limited"
    return Chosen(firms=firms, proven=proven, gap=gap)


def _program(problem: Problem) -> _Program:
    from scipy.optimize import LinearConstraint  # noqa: PLC0415  # scipy is slow to import
    from scipy.sparse import csr_array, eye_array, hstack, vstack  # noqa: PLC0415  # as above

    pairs, firms = len(problem.line), problem.firms
    homes, regions = problem.alliances.shape[1], np.unique(problem.regions[problem.regions >= 0])
    size = pairs + 4 * firms + homes + len(regions)
    unit = eye_array(firms, format="csr")

    def block(*parts: "tuple[int, csr_array]") -> "csr_array":
        """Put matrices of equal height at their columns, zeros elsewhere."""
        height = parts[0][1].shape[0]
        made, at = [], 0
        for start, part in sorted(parts, key=lambda p: p[0]):
            made += [csr_array((height, start - at)), part]
            at = start + part.shape[1]
        return csr_array(hstack([*made, csr_array((height, size - at))]))

    first, outside, alone, elsewhere = (pairs + k * firms for k in range(4))
    at_home, in_region = pairs + 4 * firms, pairs + 4 * firms + homes
    of_line = csr_array((np.ones(pairs), (problem.line, np.arange(pairs))), (problem.lines, pairs))
    cover = csr_array((problem.most, (problem.line, problem.firm)), (problem.lines, firms))
    of_firm = csr_array((problem.most, (np.arange(pairs), problem.firm)), (pairs, firms))
    of_region = csr_array((problem.regions[:, None] == regions[None, :]).astype(np.float64))
    rows = [
        block((first, cover)),
        block((first, unit), (outside, -unit), (at_home, -problem.alliances)),
        block((first, csr_array(unit - problem.ties)), (alone, -unit)),
        block((first, unit), (elsewhere, -unit), (in_region, -of_region)),
        block((at_home, csr_array(np.ones((1, homes))))),
        block((in_region, csr_array(np.ones((1, len(regions)))))),
    ]
    shares = [
        block((0, of_line)),
        block((0, eye_array(pairs, format="csr")), (first, -of_firm)),
    ]
    height = [problem.lines, firms, firms, firms, 1, 1]
    limits = [np.inf, 0.0, 0.0, 0.0, 1.0, 1.0]
    high = np.repeat(limits, height)
    low = np.full(len(high), -np.inf)
    enough = problem.reachable - _TOLERANCE / 10
    low[: problem.lines] = enough
    whole = np.zeros(size, dtype=np.int64)
    whole[first : first + firms] = 1
    whole[at_home:] = 1
    return _Program(
        problem=problem,
        objectives=_objectives(problem, size),
        covering=LinearConstraint(csr_array(vstack(rows)), low, high),
        sharing=LinearConstraint(
            csr_array(vstack(shares)),
            np.append(enough, np.full(pairs, -np.inf)),
            np.repeat([1.0, 0.0], [problem.lines, pairs]),
        ),
        whole=whole,
        upper=np.ones(size),
    )


def _objectives(problem: Problem, size: int) -> dict[str, Floats]:
    pairs, firms = len(problem.line), problem.firms
    goals = {}
    for place, name in enumerate(_COUNTS):
        goal = np.zeros(size)
        goal[pairs + place * firms : pairs + (place + 1) * firms] = 1
        goals[name] = goal
    known = ~np.isnan(problem.cost)
    scale = problem.cost[known].sum() or 1.0
    goals["cost"], goals["unpriced"] = np.zeros((2, size))
    goals["cost"][:pairs] = np.where(known, problem.cost, 0) / scale
    goals["unpriced"][:pairs] = ~known
    return goals
