"""Slow, plain versions of what the kernels compute: exact fractions, and a dense full sweep."""

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt

Trade = tuple[int, int, int]
ONE = Fraction(1)


def exact_esri(
    trades: Sequence[Trade],
    sector: Sequence[int],
    table: Sequence[Sequence[int]],
    psi: Sequence[Fraction],
    *,
    epsilon: Fraction = Fraction(1, 100),
    substitution: bool = True,
    revenue: Sequence[int | None] | None = None,
) -> tuple[Fraction, Fraction, Fraction, int]:
    """Return ESRI, ESRI^d, ESRI^u and the number of updates in rational arithmetic.

    Args:
        trades: Supplier, buyer, amount; a pair at most once.
        sector: Of each firm.
        table: `table[k][l]` is how essential inputs of sector k are to sector l.
        psi: What each firm can still make.
        epsilon: Largest decrease at which to stop.
        substitution: Whether firms of a sector stand in for each other.
        revenue: Of each firm, where it is known.
    """
    firms = range(len(sector))
    sells: dict[int, int] = defaultdict(int)
    buys: dict[int, int] = defaultdict(int)
    bundle: dict[tuple[int, int], int] = defaultdict(int)
    for supplier, buyer, amount in trades:
        sells[supplier] += amount
        buys[buyer] += amount
        bundle[buyer, sector[supplier]] += amount
    below = [(revenue[i] if revenue and revenue[i] else sells[i]) for i in firms]
    down, up, updates = list(psi), list(psi), 0
    while True:
        available: dict[int, Fraction] = defaultdict(Fraction)
        for i in firms:
            available[sector[i]] += sells[i] * down[i]
        missing: dict[tuple[int, int], Fraction] = defaultdict(Fraction)
        unsold: dict[int, Fraction] = defaultdict(Fraction)
        for supplier, buyer, amount in trades:
            left = available[sector[supplier]]
            scarce = min(ONE, sells[supplier] / left) if substitution and left else ONE
            level = table[sector[supplier]][sector[buyer]]
            gone = scarce * amount * (1 - down[supplier])
            if level == 2:
                missing[buyer, sector[supplier]] += gone / bundle[buyer, sector[supplier]]
            elif level == 1:
                missing[buyer, -1] += gone / buys[buyer]
            unsold[supplier] += Fraction(amount) / below[supplier] * (1 - up[buyer])
        worst: dict[int, Fraction] = defaultdict(Fraction)
        for (buyer, _), lost in missing.items():
            worst[buyer] = max(worst[buyer], lost)
        next_down = [max(Fraction(0), min(psi[i], 1 - worst[i])) for i in firms]
        next_up = [max(Fraction(0), min(psi[i], 1 - unsold[i])) for i in firms]
        updates += 1
        fell = max(
            *(a - b for a, b in zip(down, next_down, strict=True)),
            *(a - b for a, b in zip(up, next_up, strict=True)),
        )
        down, up = next_down, next_up
        if fell <= epsilon:
            break
    whole = sum(sells.values()) or 1
    lost_down = sum(sells[i] * (1 - down[i]) for i in firms)
    lost_up = sum(sells[i] * (1 - up[i]) for i in firms)
    lost = sum(sells[i] * (1 - min(down[i], up[i])) for i in firms)
    return Fraction(lost) / whole, Fraction(lost_down) / whole, Fraction(lost_up) / whole, updates


def swept_esri(
    trades: npt.NDArray[np.float64],
    sector: npt.NDArray[np.int64],
    table: npt.NDArray[np.int64],
    closed: int,
    epsilon: float = 0.01,
) -> tuple[float, float, float]:
    """Return the indices of one closure by full numpy sweeps; `trades` are rows i, j, W."""
    source, target = trades[:, 0].astype(np.int64), trades[:, 1].astype(np.int64)
    weight, size, sectors = trades[:, 2], len(sector), int(sector.max()) + 1
    sales = np.bincount(source, weight, size)
    bought = np.bincount(target, weight, size)
    level = table[sector[source], sector[target]]
    slot = target * (sectors + 1) + np.where(level == 2, sector[source], sectors)
    bundle = np.bincount(target * (sectors + 1) + sector[source], weight, size * (sectors + 1))
    essential = bundle[target * (sectors + 1) + sector[source]]
    share = np.where(
        level == 2, weight / essential, np.where(level == 1, weight / bought[target], 0)
    )
    sold = weight / sales[source]
    psi = np.ones(size)
    psi[closed] = 0
    down, up = psi.copy(), psi.copy()
    while True:
        left = np.bincount(sector, sales * down, sectors)[sector]
        scarce = np.where(left > 1e-10, np.minimum(1, sales / np.maximum(left, 1e-300)), 1)
        effect = (scarce * (1 - down))[source]
        missing = np.bincount(slot, share * effect, size * (sectors + 1)).reshape(size, -1)
        unsold = np.bincount(source, sold * (1 - up)[target], size)
        next_down = np.clip(np.minimum(psi, 1 - missing.max(axis=1)), 0, None)
        next_up = np.clip(np.minimum(psi, 1 - unsold), 0, None)
        fell = max((down - next_down).max(), (up - next_up).max())
        down, up = next_down, next_up
        if fell <= epsilon:
            part = sales / sales.sum()
            losses = (1 - np.minimum(down, up), 1 - down, 1 - up)
            return tuple(float(part @ lost) for lost in losses)  # type: ignore[return-value]  # three of them
