"""How often a node lies on shortest paths, estimated from a sample of sources, with its error."""

import os
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from queries.kernels.block import rows
from queries.kernels.compiled import bare
from queries.kernels.lanes import (
    WIDTH,
    add,
    alike,
    any_of,
    equal,
    larger,
    over,
    put,
    reaches,
    take,
    times,
)
from queries.kernels.network import Floats, Index, Places
from queries.kernels.scratch import Marks

_NEXT = np.uint64(1)


class Betweenness(NamedTuple):
    """Estimated betweenness; arrays of shape (n,).

    Attributes:
        value: Mean over sources of the dependency δ_s(v), over n - 2: the share of ordered pairs
            whose shortest paths run through the node. 0 … 1.
        error: Standard error of `value` from the sampling of sources; 0 where all were used. It is
            too small for a node that matters to a few sources only, none of which were drawn.
        sources: Number of sources used.
    """

    value: Floats
    error: Floats
    sources: int


class _Walk(NamedTuple):
    """Eight searches side by side, one lane per source; at rest 0 throughout.

    Attributes:
        paths: Number of shortest paths from the source, shape (n, 8).
        level: 1 + distance from the source, 0 where not reached, shape (n, 8).
        front: What each node hands to its neighbours, shape (n, 8).
        held: What it was handed, and on the way back its dependency, shape (n, 8).
        order: Nodes in the order in which a lane reached them, up to 8 times each.
        begins: Where each level begins in `order`.
        touched: Nodes that were handed something.
        is_touched: Whether a node is among them.
        is_done: Whether every lane has reached the node.
    """

    paths: Floats
    level: Floats
    front: Floats
    held: Floats
    order: Index
    begins: Places
    touched: Index
    is_touched: Marks
    is_done: Marks


def _walk(size: int) -> _Walk:
    return _Walk(
        paths=rows(size),
        level=rows(size),
        front=rows(size),
        held=rows(size),
        order=np.empty(size * WIDTH, dtype=np.int32),
        begins=np.zeros(size + 3, dtype=np.int64),
        touched=np.empty(size + 1, dtype=np.int32),
        is_touched=np.zeros(size, dtype=np.uint8),
        is_done=np.zeros(size, dtype=np.uint8),
    )


@bare
def _arrive(walk: _Walk, count: int, level: int) -> None:
    """Let the lanes that reach a node for the first time at this level stay there."""
    paths, levels, front, held = walk.paths, walk.level, walk.front, walk.held
    tail, nothing, one = walk.begins[level], alike(0.0), alike(1.0)
    for place in range(count):
        node = walk.touched[place]
        walk.is_touched[node] = 0
        known = take(levels, node)
        new = times(take(held, node), equal(known, nothing))
        put(held, node, nothing)
        if any_of(new):
            known = add(known, times(alike(float(level)), reaches(new, one)))
            put(front, node, new)
            put(paths, node, add(take(paths, node), new))
            put(levels, node, known)
            walk.is_done[node] = not any_of(equal(known, nothing))
            walk.order[tail] = node
            tail += 1
    walk.begins[level + 1] = tail


@bare
def _hand_out(at: Places, near: Index, walk: _Walk, level: int) -> int:
    """Hand what the nodes of this level have to all their neighbours; return how many get any."""
    front, held, touched, is_touched = walk.front, walk.held, walk.touched, walk.is_touched
    order, is_done, count = walk.order, walk.is_done, 0
    for place in range(walk.begins[level], walk.begins[level + 1]):
        node = order[place]
        given = take(front, node)
        for edge in range(at[node], at[node + 1]):
            other = near[edge]
            if is_done[other] == 0:
                put(held, other, add(take(held, other), given))
                touched[count] = other
                count += is_touched[other] == 0
                is_touched[other] = 1
    return count


@bare
def _ask_for(at: Places, near: Index, walk: _Walk) -> int:
    """Do the same from the other side: every node not yet reached by all asks its neighbours."""
    front, held, touched, count = walk.front, walk.held, walk.touched, 0
    for node in range(len(at) - 1):
        if walk.is_done[node] == 0:
            got = alike(0.0)
            for edge in range(at[node], at[node + 1]):
                got = add(got, take(front, near[edge]))
            put(held, node, got)
            touched[count] = node
            count += any_of(got)
    return count


@bare
def _edges(at: Places, walk: _Walk, level: int) -> int:
    """Return how many edges the nodes of a level have, one by one."""
    found = 0
    for place in range(walk.begins[level], walk.begins[level + 1]):
        node = walk.order[place]
        found += at[node + 1] - at[node]
    return found


@bare
def _reach(at: Places, near: Index, sources: Places, walk: _Walk) -> int:
    """Search from all sources at once, level by level; return the last level that is not empty."""
    count, level, left, nothing = 0, 1, at[-1], alike(0.0)
    for lane in range(len(sources)):
        node = np.int32(sources[lane])
        walk.held[node, lane] = 1.0
        walk.touched[count] = node
        count += walk.is_touched[node] == 0
        walk.is_touched[node] = 1
    walk.begins[1] = 0
    while count > 0:
        _arrive(walk, count, level)
        for place in range(walk.begins[level], walk.begins[level + 1]):
            node = walk.order[place]
            if walk.is_done[node] == 1:
                walk.is_done[node] = 2
                left -= at[node + 1] - at[node]
        if _edges(at, walk, level) > left + len(at):
            count = _ask_for(at, near, walk)
        else:
            count = _hand_out(at, near, walk, level)
        for place in range(walk.begins[level], walk.begins[level + 1]):
            put(walk.front, walk.order[place], nothing)
        level += 1
    return level - 1


@bare
def _return(at: Places, near: Index, walk: _Walk, last: int) -> None:
    """Add up dependencies from the outermost level inwards: δ_v = Σ_w (σ_v / σ_w) (1 + δ_w).

    From the side that costs less: handing on takes three rows an edge more than asking.
    """
    paths, levels, front, held = walk.paths, walk.level, walk.front, walk.held
    begins, order, one, nothing = walk.begins, walk.order, alike(1.0), alike(0.0)
    for level in range(last, 2, -1):
        outer, inner = alike(float(level)), alike(float(level - 1))
        hands_on = 4 * _edges(at, walk, level) < _edges(at, walk, level - 1)
        for place in range(begins[level], begins[level + 1]):
            node = order[place]
            share = over(add(one, take(held, node)), larger(take(paths, node), one))
            share = times(share, equal(take(levels, node), outer))
            if hands_on:
                for edge in range(at[node], at[node + 1]):
                    other = near[edge]
                    here = times(take(paths, other), equal(take(levels, other), inner))
                    put(held, other, add(take(held, other), times(share, here)))
            else:
                put(front, node, share)
        if hands_on:
            continue
        for place in range(begins[level - 1], begins[level]):
            node = order[place]
            gained = nothing
            for edge in range(at[node], at[node + 1]):
                gained = add(gained, take(front, near[edge]))
            here = times(take(paths, node), equal(take(levels, node), inner))
            put(held, node, add(take(held, node), times(gained, here)))
        for place in range(begins[level], begins[level + 1]):
            put(front, order[place], nothing)


@bare
def _dependencies(
    at: Places, near: Index, sources: Places, walk: _Walk, total: Floats, squares: Floats
) -> None:
    """Add the dependencies of up to eight sources on every node, and their squares."""
    last = _reach(at, near, sources, walk)
    _return(at, near, walk, last)
    nothing = alike(0.0)
    for place in range(walk.begins[last + 1]):
        node = walk.order[place]
        for lane in range(WIDTH):
            gained = walk.held[node, lane]
            total[node] += gained
            squares[node] += gained * gained
        put(walk.held, node, nothing)
        put(walk.paths, node, nothing)
        put(walk.level, node, nothing)
        walk.is_done[node] = 0


def betweenness(
    at: Places,
    near: Index,
    *,
    sources: int | npt.ArrayLike = 64,
    seed: int = 1,
    threads: int | None = None,
) -> Betweenness:
    """Return the betweenness of every node of an undirected graph.

    Brandes' accumulation (2001) from a sample of sources drawn without replacement; the mean of
    n·δ_s over all sources is exact, so the sample mean is unbiased. Its standard error is
    sd(δ) / √k · √(1 - k / n). O(k·(n + m)) for k sources, eight of which share every reading of an
    edge.

    Args:
        at: Where each node's neighbours begin, shape (n + 1,) (see `structure.undirected`).
        near: Neighbours.
        sources: How many are drawn, all if there are fewer; or the sources themselves.
        seed: Of the drawing.
        threads: How many work at once; the answer has the same bits for any number.
    """
    size = len(at) - 1
    if isinstance(sources, int):
        count = min(sources, size)
        chosen = np.random.default_rng(seed).permutation(size)[:count].astype(np.int64)
    else:
        chosen = np.asarray(sources, dtype=np.int64)
        count = len(chosen)
    if size <= 2 or not count:  # noqa: PLR2004  # between two nodes there is nobody
        return Betweenness(np.zeros(size), np.zeros(size), count)
    total, squares = np.zeros(size), np.zeros(size)
    idle: list[_Walk] = []

    def part(start: int) -> tuple[Floats, Floats]:
        walk = idle.pop() if idle else _walk(size)
        one, two = np.zeros(size), np.zeros(size)
        _dependencies(at, near, chosen[start : start + WIDTH], walk, one, two)
        idle.append(walk)
        return one, two

    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        for one, two in pool.map(part, range(0, count, WIDTH)):
            total += one
            squares += two
    mean = total / count
    spare = np.maximum(squares / count - mean**2, 0) * count / max(count - 1, 1)
    error = np.sqrt(spare / count * (1 - count / size))
    return Betweenness(
        mean * size / ((size - 1) * (size - 2)), error * size / ((size - 1) * (size - 2)), count
    )
