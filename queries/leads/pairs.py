"""Every enterprise with every chain it stands in, and what a dimension says of each pair."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask
from queries.leads.resampling import Hashes, Numbers, fingerprints

if TYPE_CHECKING:
    from queries.leads.position import Position


@dataclass(frozen=True)
class Pairs:
    """Every enterprise with every chain it stands in, sorted by chain.

    Attributes:
        graph: The graph.
        firm: Row of the enterprise, shape (n,).
        chain: Row of the chain, shape (n,), not decreasing.
        seed: Seed of everything drawn.
    """

    graph: ChainGraph
    firm: Codes
    chain: Codes
    seed: int

    @cached_property
    def keys(self) -> pd.Index:
        """One number per pair, to look pairs up."""
        keys: pd.Index = pd.Index(self.firm * len(self.graph.nodes["Chain"]) + self.chain)
        return keys

    def find(self, firm: Codes, chain: Codes) -> Codes:
        """Return the place of each pair, -1 where there is none."""
        found = self.keys.get_indexer(pd.Index(firm * len(self.graph.nodes["Chain"]) + chain))
        return np.where((firm >= 0) & (chain >= 0), found, -1).astype(np.int64)

    @cached_property
    def marks(self) -> Hashes:
        """Fingerprint of every enterprise."""
        return fingerprints(self.graph)

    @cached_property
    def position(self) -> "Position":
        """Where every pair lies in its chain's network."""
        from queries.leads.position import position  # noqa: PLC0415  # which imports this module

        return position(self)


class Measured(NamedTuple):
    """A dimension as computed.

    Attributes:
        raw: Raw value of every pair, NaN where not reported.
        redraw: Raw values with the relations behind them drawn again, by number of the draw; None
            where the dimension rests on figures and not on relations.
        fallback: Which pairs were given the substitute the dimension falls back to.
    """

    raw: Numbers
    redraw: Callable[[int], Numbers] | None = None
    fallback: Mask | None = None


def blended(parts: Numbers, seed: list[int]) -> Measured:
    """Return the mean over the parts that are reported; a redraw weights them at random.

    Args:
        parts: A column per part, NaN where not reported, shape (n, k).
        seed: Numbers that set this dimension's draws apart; every weighting is equally likely.
    """
    known = np.ascontiguousarray(~np.isnan(parts).T, dtype=np.float64)
    filled = np.nan_to_num(np.ascontiguousarray(parts.T))

    def weighted(weights: Numbers) -> Numbers:
        total, mean = (weights[:, np.newaxis] * part for part in (known, filled))
        whole: Numbers = total.sum(axis=0)
        found = np.full_like(whole, np.nan)
        np.divide(mean.sum(axis=0), whole, out=found, where=whole > 0)
        return found

    def redraw(draw: int) -> Numbers:
        rng = np.random.default_rng([*seed, draw])
        return weighted(np.asarray(rng.standard_exponential(parts.shape[1])))

    return Measured(weighted(np.ones(parts.shape[1])), redraw)


def summed(groups: Codes, values: Numbers, size: int) -> Numbers:
    """Return the sum of `values` per group, added in order of size so that no row order shows."""
    order = np.lexsort((values, groups))
    return np.asarray(np.bincount(groups[order], weights=values[order], minlength=size), float)


def over(part: npt.ArrayLike, whole: npt.ArrayLike) -> Numbers:
    """Return part / whole, 0 where the whole is 0."""
    below = np.asarray(whole, dtype=np.float64)
    return np.where(below > 0, np.asarray(part) / np.where(below > 0, below, 1), 0.0)
