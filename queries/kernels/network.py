"""A trade network laid out for the systemic risk kernel: who depends on whom, and how much."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from graphmodel.errors import UsageError

Floats = npt.NDArray[np.float64]
Index = npt.NDArray[np.int32]
Places = npt.NDArray[np.int64]

ESSENTIAL, ORDINARY = 2, 1


class Firms(NamedTuple):
    """What is known of n firms in k sectors.

    Attributes:
        sales: s_i = Σ_j W_ij, shape (n,), in the unit of W.
        share: w_i = s_i / Σ s, shape (n,); 0 where nothing is sold at all.
        sector: p_i, shape (n,), 0 … k-1.
        capacity: Σ of sales per sector, shape (k,).
        member_at: Where each sector's firms begin in `member`, shape (k + 1,).
        member: Firms by sector, shape (n,).
    """

    sales: Floats
    share: Floats
    sector: Index
    capacity: Floats
    member_at: Places
    member: Index


class Inputs(NamedTuple):
    """How deliveries keep customers at work.

    A slot is one way in which a firm can be short of inputs: one for each sector whose inputs are
    essential to it, and one for all its non-essential inputs together. There are q of them, in the
    order of their firms.

    Attributes:
        slot_at: Where each firm's slots begin, shape (n + 1,).
        owner: Firm of each slot, shape (q,).
        out_at: Where each firm's deliveries begin, shape (n + 1,).
        out_slot: Slot that each delivery fills.
        out_weight: Λd of each delivery.
        in_at: Where each slot's deliveries begin, shape (q + 1,).
        in_firm: Supplier of each delivery, by slot.
        in_weight: Λd of each delivery, by slot.
    """

    slot_at: Places
    owner: Index
    out_at: Places
    out_slot: Index
    out_weight: Floats
    in_at: Places
    in_firm: Index
    in_weight: Floats


class Markets(NamedTuple):
    """How buyers keep suppliers at work.

    Attributes:
        buys_at: Where each firm's purchases begin, shape (n + 1,).
        buys_from: Supplier of each purchase, by buyer.
        buys_weight: Λu of each purchase, by buyer.
        sells_at: Where each firm's sales begin, shape (n + 1,).
        sells_to: Buyer of each sale, by supplier.
        sells_weight: Λu of each sale, by supplier.
    """

    buys_at: Places
    buys_from: Index
    buys_weight: Floats
    sells_at: Places
    sells_to: Index
    sells_weight: Floats


class Network(NamedTuple):
    """A trade network of n firms: what they are, what they need, to whom they sell."""

    firms: Firms
    inputs: Inputs
    markets: Markets


def trade_network(
    source: npt.ArrayLike,
    target: npt.ArrayLike,
    amount: npt.ArrayLike,
    sector: npt.ArrayLike,
    essentiality: npt.ArrayLike,
    *,
    revenue: npt.ArrayLike | None = None,
) -> Network:
    """Lay out W, the sales between n firms.

    Λd_ij = W_ij / Σ_{m: p_m = p_i} W_mj where the input is essential, W_ij / Σ_m W_mj where it is
    non-essential, else 0. Λu_ij = W_ij / s_i, or W_ij / revenue_i where that is given; 0 on a zero
    denominator. Formulas after Diem, Borsos, Reisch, Kertész, Thurner 2022, Sci Rep 12:7719.

    Args:
        source: Supplier of each sale, shape (m,), 0 … n-1; a pair that comes again is added up.
        target: Buyer of each sale, shape (m,).
        amount: W, shape (m,), ≥ 0, in any one unit; sales of 0 are left out.
        sector: p, shape (n,), whole numbers ≥ 0.
        essentiality: Of the input to its buyer, shape (m,): 2 essential, 1 non-essential, 0
            negligible; the same for all sales between two sectors.
        revenue: Of each firm, shape (n,), in the unit of `amount`; NaN where it is not known.

    Raises:
        UsageError: A firm sells to itself, or an amount is negative or not finite.
    """
    sectors = np.asarray(sector, dtype=np.int64)
    ends = np.asarray(source, dtype=np.int64), np.asarray(target, dtype=np.int64)
    weight = np.asarray(amount, dtype=np.float64)
    _refuse(ends[0], ends[1], weight)
    size, kept = len(sectors), weight > 0
    pair = (ends[0] * size + ends[1])[kept]
    key, first, place = np.unique(pair, return_index=True, return_inverse=True)
    weight = np.bincount(place, weight[kept], minlength=len(key)).astype(np.float64)
    level = np.asarray(essentiality, dtype=np.int64)[kept][first]
    supplier, buyer = key // max(size, 1), key % max(size, 1)
    firms = _firms(np.bincount(supplier, weight, minlength=size).astype(np.float64), sectors)
    below = firms.sales
    if revenue is not None:
        given = np.asarray(revenue, dtype=np.float64)
        below = np.where(given > 0, given, firms.sales)
    return Network(
        firms=firms,
        inputs=_inputs(supplier, buyer, weight, level, sectors),
        markets=_markets(supplier, buyer, weight / below[supplier], size),
    )


def _refuse(source: Places, target: Places, amount: Floats) -> None:
    if (source == target).any():
        firm = int(source[source == target][0])
        msg = (
            f"第 {firm} 家企业向自己供货；请删去这一行。 "
            f"Firm {firm} sells to itself; leave that sale out."
        )
        raise UsageError(msg)
    wrong = ~np.isfinite(amount) | (amount < 0)
    if wrong.any():
        value = float(amount[wrong][0])
        msg = (
            f"供应金额 {value} 不是非负的有限数；请改正或留空。 "
            f"Amount {value} is not a finite number of 0 or more; correct it, or leave it out."
        )
        raise UsageError(msg)


def _firms(sales: Floats, sector: Places) -> Firms:
    sectors = int(sector.max(initial=-1)) + 1
    total = sales.sum()
    return Firms(
        sales=sales,
        share=sales / total if total > 0 else np.zeros(len(sales)),
        sector=sector.astype(np.int32),
        capacity=np.bincount(sector, sales, minlength=sectors).astype(np.float64),
        member_at=_starts(sector, sectors),
        member=np.argsort(sector, kind="stable").astype(np.int32),
    )


def _markets(supplier: Places, buyer: Places, weight: Floats, size: int) -> Markets:
    by_buyer = np.argsort(buyer, kind="stable")
    return Markets(
        buys_at=_starts(buyer, size),
        buys_from=supplier[by_buyer].astype(np.int32),
        buys_weight=weight[by_buyer],
        sells_at=_starts(supplier, size),
        sells_to=buyer.astype(np.int32),
        sells_weight=weight,
    )


def _inputs(
    supplier: Places, buyer: Places, weight: Floats, level: Places, sector: Places
) -> Inputs:
    size = len(sector)
    sectors = int(sector.max(initial=-1)) + 1
    bought = np.bincount(buyer, weight, minlength=size)
    _, place = np.unique(buyer * max(sectors, 1) + sector[supplier], return_inverse=True)
    bundle = np.bincount(place, weight)[place]
    matters = (level == ESSENTIAL) | (level == ORDINARY)
    part = np.where(level == ESSENTIAL, weight / bundle, weight / bought[buyer])[matters]
    kind = np.where(level == ESSENTIAL, sector[supplier] + 1, 0)[matters]
    supplier, buyer = supplier[matters], buyer[matters]
    slots, slot = np.unique(buyer * (sectors + 1) + kind, return_inverse=True)
    owner = slots // (sectors + 1)
    by_slot = np.argsort(slot, kind="stable")
    return Inputs(
        slot_at=_starts(owner, size),
        owner=owner.astype(np.int32),
        out_at=_starts(supplier, size),
        out_slot=slot.astype(np.int32),
        out_weight=part,
        in_at=_starts(slot, len(slots)),
        in_firm=supplier[by_slot].astype(np.int32),
        in_weight=part[by_slot],
    )


def _starts(groups: Places, size: int) -> Places:
    """Return where each group begins once its members stand together, shape (size + 1,)."""
    counts = np.bincount(groups, minlength=size)
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
