"""From raw values to scores, and how often each score stays among the first of its chain."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from graphmodel.graph import Mask
from queries.leads.pairs import Measured, Pairs
from queries.leads.resampling import Numbers, blurred, drawn_weights, in_top, percentiles, tidy

MISSING_Q: Final = 0.5
"""q of an enterprise that does not report a dimension which others of its chain do."""

WEIGHTS_PER_DRAW: Final = 5
"""Weightings tried on every draw of the relations."""

_DRAWS_AT_ONCE: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """Percentiles and scores of n pairs in d dimensions.

    Attributes:
        q: Percentile, shape (d, n): 0.5 where not reported, NaN where the dimension is not used.
        raw: Raw value, same shape.
        imputed: Where q is 0.5 for want of data, same shape.
        fallback: Where a dimension fell back to its substitute, same shape.
        score: Π q^ω, shape (n,); NaN where no dimension is used.
    """

    q: Numbers
    raw: Numbers
    imputed: Mask
    fallback: Mask
    score: Numbers


def scored(pairs: Pairs, measured: Sequence[Measured | None], weights: Numbers) -> Scored:
    """Return Lead = Π_d q_d^ω_d of every pair, ω normalised over the dimensions its chain uses.

    A dimension is used in a chain if its weight is not 0 and one enterprise there reports it.

    Args:
        pairs: The pairs.
        measured: What each dimension says, None where it is not computed.
        weights: ω before normalisation, shape (d,).
    """
    size = len(pairs.firm)
    silent, never = np.full(size, np.nan), np.zeros(size, dtype=bool)
    raw = np.stack([silent if m is None else m.raw for m in measured])
    fallback = np.stack(
        [never if m is None or m.fallback is None else m.fallback for m in measured]
    )
    known = np.stack([percentiles(values, pairs.chain) for values in raw])
    reported = np.zeros((len(measured), len(pairs.graph.nodes["Chain"])), dtype=bool)
    for dimension, values in enumerate(known):
        reported[dimension, pairs.chain[~np.isnan(values)]] = True
    used = reported[:, pairs.chain] & (weights > 0)[:, np.newaxis]
    imputed = used & np.isnan(known)
    q = np.where(used, np.where(imputed, MISSING_Q, known), np.nan)
    logs = log_scores(_logs(q), pairs, _used_by_chain(pairs, q), weights[np.newaxis])[:, 0]
    score = np.where(used.any(axis=0), np.exp(logs), np.nan)
    return Scored(q=q, raw=raw, imputed=imputed, fallback=fallback, score=tidy(score))


def stability(
    pairs: Pairs,
    measured: Sequence[Measured | None],
    weights: Numbers,
    found: Scored,
    competes: Mask,
    *,
    samples: int,
    top: int,
) -> Numbers:
    """Return the share of samples in which each pair is among the `top` of its chain.

    Every draw of the relations is weighed `WEIGHTS_PER_DRAW` times with weights drawn evenly over
    all weightings (a Dirichlet law whose mean is ω). A pair counts as among the top if fewer than
    `top` stand above it. NaN for a pair that does not compete.
    """
    draws = max(1, samples // WEIGHTS_PER_DRAW)
    rng = np.random.default_rng([pairs.seed, 0])
    starts = np.append(np.flatnonzero(np.diff(pairs.chain, prepend=-1)), len(pairs.chain))
    used = _used_by_chain(pairs, found.q)
    logs = _logs(found.q)
    counts = np.zeros(len(pairs.firm))
    for begin in range(0, draws, _DRAWS_AT_ONCE):
        these = range(begin, min(begin + _DRAWS_AT_ONCE, draws))
        block = np.empty((len(pairs.firm), len(these) * WEIGHTS_PER_DRAW), order="F")
        for place, draw in enumerate(these):
            for dimension, what in enumerate(measured):
                if what is not None and what.redraw is not None and used[dimension].any():
                    again = percentiles(what.redraw(draw), pairs.chain)
                    again = np.where(np.isnan(again), MISSING_Q, again)
                    unused = np.isnan(found.q[dimension])
                    logs[dimension] = np.log(np.where(unused, 1.0, again))
            several = drawn_weights(rng, weights, WEIGHTS_PER_DRAW)
            columns = slice(place * WEIGHTS_PER_DRAW, (place + 1) * WEIGHTS_PER_DRAW)
            block[:, columns] = log_scores(logs, pairs, used, several)
        block = blurred(block)
        block[~competes] = -np.inf
        counts += in_top(block, starts, top)
    return np.where(competes, counts / (draws * WEIGHTS_PER_DRAW), np.nan)


def _logs(q: Numbers) -> Numbers:
    return np.log(np.where(np.isnan(q), 1.0, q))


def _used_by_chain(pairs: Pairs, q: Numbers) -> Mask:
    """Return which dimensions each chain uses; shape (d, chains)."""
    used = np.zeros((len(q), len(pairs.graph.nodes["Chain"])), dtype=bool)
    for dimension, values in enumerate(q):
        used[dimension, pairs.chain[~np.isnan(values)]] = True
    return used


def log_scores(logs: Numbers, pairs: Pairs, used: Mask, weights: Numbers) -> Numbers:
    """Return Σ ω log q, ω normalised over the dimensions of the pair's chain.

    Args:
        logs: log q, shape (d, n), 0 where the dimension is not used.
        pairs: The pairs.
        used: Which dimensions each chain uses, shape (d, chains).
        weights: Weightings, shape (v, d).

    Returns:
        Shape (n, v).
    """
    total = weights @ used
    total = np.where(total > 0, total, 1.0)
    summed = np.zeros((len(weights), logs.shape[1]))
    for dimension in np.flatnonzero(used.any(axis=1)):
        summed += weights[:, dimension, np.newaxis] * logs[dimension]
    return np.asarray((summed / total[:, pairs.chain]).T)
