"""Who gets which place: an assignment of greatest weight under capacities, proven optimal.

Rows (needs) take at most one column each; a column (resource) takes at most its capacity. First as
many rows as possible are served, then the sum of the weights is as large as it can be. This is a
transportation problem, so the linear programme over a few pairs per row has an integral vertex;
its prices are then tried on *every* allowed pair, pairs that would improve it are added, and the
prices themselves bound what any assignment could reach (weak duality).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from graphmodel.graph import Codes

Floats = npt.NDArray[np.float64]
Weights = Callable[[int, int], npt.NDArray[np.float32]]
"""Weights of the rows from … to (without the last), dense; in [0, 1], −inf where not allowed."""

_CHUNK: Final = 500_000  # pairs weighed at a time
_KEPT: Final = 48_000_000  # pairs whose weights are kept between rounds
_TOLERANCE: Final = 1e-7


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Assignment:
    """An assignment and what is proven of it.

    Attributes:
        column: Column of each row, -1 for none; shape (rows,).
        weight: Weight of the pair chosen, NaN for none; shape (rows,).
        greedy: Column of each row if pairs are taken from the best downwards; shape (rows,).
        greedy_weight: Weight of that pair, NaN for none.
        value: Objective: `bonus` per row served, plus the weights.
        bound: No assignment can exceed this value (from the prices).
        bonus: What serving a row counts, more than all weights that it could cost.
        pairs: Allowed pairs in all.
        tried: Pairs that were in the programme.
    """

    column: Codes
    weight: Floats
    greedy: Codes
    greedy_weight: Floats
    value: float
    bound: float
    bonus: float
    pairs: int
    tried: int

    @property
    def gap(self) -> float:
        """(bound − value) / bound: 0 is proven optimal."""
        gap = (self.bound - self.value) / self.bound if self.bound > 0 else 0.0
        return gap if gap > _TOLERANCE else 0.0


def assign(
    weights: Weights, rows: int, capacity: Codes, *, keep: int = 20, rounds: int = 30
) -> Assignment:
    """Return the assignment of greatest weight, rows served first.

    Args:
        weights: Gives the weights of a range of rows, shape (length, columns).
        rows: Number of rows.
        capacity: Places of each column, shape (columns,).
        keep: Pairs per row to begin with.
        rounds: How often pairs may be added; where it does not suffice, `gap` says how far off.
    """
    capacity = np.minimum(capacity, rows)
    bonus = float(min(rows, int(capacity.sum())) + 1)
    if rows == 0 or not capacity.sum():
        nothing, unknown = np.full(rows, -1, dtype=np.int64), np.full(rows, np.nan)
        return Assignment(
            column=nothing, weight=unknown, greedy=nothing, greedy_weight=unknown, value=0.0,
            bound=0.0, bonus=bonus, pairs=0, tried=0,
        )  # fmt: skip
    table = _Table(weights, rows, capacity)
    pairs = table.best(np.zeros(len(capacity)), np.full(rows, -np.inf), keep)
    bound = np.inf
    while True:
        chosen, prices, row_prices = _solve(pairs, rows, capacity, bonus)
        best = table.best(prices, row_prices - bonus + _TOLERANCE, max(keep // 4, 1))
        gains = np.maximum(bonus + table.leading, 0)
        bound = min(bound, float(capacity @ prices + gains.sum()))
        grown = _union(pairs, best, len(capacity))
        rounds -= 1
        if rounds <= 0 or len(grown.row) == len(pairs.row):
            break
        pairs = grown
    greedy = _greedy(pairs, rows, capacity)
    column, weight = _placed(pairs, chosen, rows)
    greedy_column, greedy_weight = _placed(pairs, greedy, rows)
    return Assignment(
        column=column, weight=weight, greedy=greedy_column, greedy_weight=greedy_weight,
        value=bonus * int(chosen.sum()) + float(pairs.weight[chosen].sum()), bound=bound,
        bonus=bonus, pairs=table.allowed, tried=len(pairs.row),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    row: Codes
    column: Codes
    weight: Floats


class _Table:
    """All allowed pairs, weighed a range of rows at a time."""

    def __init__(self, weights: Weights, rows: int, capacity: Codes) -> None:
        self._weights, self._rows = weights, rows
        self._open = capacity > 0
        self._step = max(1, _CHUNK // max(len(capacity), 1))
        self._keep = rows * len(capacity) <= _KEPT
        self._kept: dict[int, npt.NDArray[np.float32]] = {}
        # of many equal pairs each row should try others than its neighbours do
        shift = np.random.default_rng(0).random(len(capacity)) * 1e-5
        self._shifts = np.lib.stride_tricks.sliding_window_view(np.tile(shift, 2), len(shift))
        self.leading = np.full(rows, -np.inf)
        self.allowed = 0

    def _parts(self) -> Iterator[tuple[int, npt.NDArray[np.float32]]]:
        for start in range(0, self._rows, self._step):
            part = self._kept.get(start)
            if part is None:
                part = self._weights(start, min(start + self._step, self._rows))
                part[:, ~self._open] = -np.inf
                if self._keep:
                    self._kept[start] = part
            yield start, part

    def best(self, prices: Floats, at_least: Floats, number: int) -> _Pairs:
        """Return each row's best pairs by weight − price, those above `at_least` of the row.

        Sets `leading`, the best weight − price of each row, and `allowed`, the number of pairs.
        """
        found: list[tuple[Codes, Codes, Floats]] = []
        columns = len(prices)
        self.allowed = 0
        for start, part in self._parts():
            worth = part - prices
            rows = np.arange(start, start + len(part))
            self.leading[rows] = worth.max(axis=1)
            self.allowed += int(np.count_nonzero(np.isfinite(part)))
            asking = np.flatnonzero(self.leading[rows] > at_least[rows])
            worth = worth[asking]
            worth += self._shifts[(rows[asking] * 7919) % columns]
            top = np.argpartition(-worth, min(number, columns) - 1, axis=1)[:, :number]
            local = np.repeat(asking, top.shape[1])
            column = top.ravel()
            weight = part[local, column].astype(np.float64)
            kept = np.isfinite(weight)
            kept &= weight - prices[column] > at_least[rows[local]] - 2 * _TOLERANCE
            found.append((rows[local][kept], column[kept].astype(np.int64), weight[kept]))
        return _Pairs(*(np.concatenate(side) for side in zip(*found, strict=True)))


def _union(one: _Pairs, two: _Pairs, columns: int) -> _Pairs:
    row, column = np.append(one.row, two.row), np.append(one.column, two.column)
    weight = np.append(one.weight, two.weight)
    _, first = np.unique(row * columns + column, return_index=True)
    return _Pairs(row[first], column[first], weight[first])


def _solve(
    pairs: _Pairs, rows: int, capacity: Codes, bonus: float
) -> tuple[npt.NDArray[np.bool_], Floats, Floats]:
    """Return which pairs are chosen, the price of every column and of every row."""
    from scipy.optimize import linprog  # noqa: PLC0415  # scipy is slow to import
    from scipy.sparse import csr_array  # noqa: PLC0415  # as above

    number = len(pairs.row)
    if not number:
        return np.zeros(0, dtype=bool), np.zeros(len(capacity)), np.zeros(rows)
    used, column = np.unique(pairs.column, return_inverse=True)
    which = np.concatenate([pairs.row, rows + column])
    once = csr_array(
        (np.ones(2 * number), (which, np.tile(np.arange(number), 2))),
        shape=(rows + len(used), number),
    )
    limits = np.append(np.ones(rows), capacity[used])
    found = linprog(  # type: ignore[call-overload]  # the stubs know no sparse A_ub
        -(bonus + pairs.weight), A_ub=once, b_ub=limits, bounds=(0, None), method="highs-ds"
    )
    marginals = np.maximum(-found.ineqlin.marginals, 0)
    prices = np.zeros(len(capacity))
    prices[used] = marginals[rows:]
    return np.asarray(found.x > 0.5, dtype=bool), prices, marginals[:rows]  # noqa: PLR2004  # 0 or 1


def _placed(pairs: _Pairs, chosen: npt.NDArray[np.bool_], rows: int) -> tuple[Codes, Floats]:
    column, weight = np.full(rows, -1, dtype=np.int64), np.full(rows, np.nan)
    column[pairs.row[chosen]] = pairs.column[chosen]
    weight[pairs.row[chosen]] = pairs.weight[chosen]
    return column, weight


def _greedy(pairs: _Pairs, rows: int, capacity: Codes) -> npt.NDArray[np.bool_]:
    """Take pairs from the best downwards while row and column have room.

    A pair that is the best left of its row and among the best left of its column, as many as it
    has room for, is taken whatever comes before it; all such pairs at once, until none is left.
    """
    import pandas as pd  # noqa: PLC0415  # pandas is slow to import

    order = np.lexsort((pairs.column, pairs.row, -pairs.weight))
    left = pd.DataFrame({"row": pairs.row[order], "column": pairs.column[order], "pair": order})
    room = capacity.copy()
    taken = np.zeros(len(order), dtype=bool)
    served = np.zeros(rows, dtype=bool)
    while len(left):
        rank = left.groupby("column").cumcount().to_numpy()
        safe = ~left["row"].duplicated().to_numpy() & (rank < room[left["column"]])
        now = left[safe]
        taken[now["pair"]] = True
        served[now["row"]] = True
        np.subtract.at(room, now["column"].to_numpy(), 1)
        left = left[~served[left["row"]] & (room[left["column"]] > 0)]
    return taken
