"""Structure of an undirected network: how deep in the core a node lies, where it falls apart.

Graphs are given as CSR: `at` says where each node's neighbours begin in `near`. Every edge stands
there twice, once for each end; loops and repeated edges are left out (see `undirected`).
"""

import numpy as np
import numpy.typing as npt

from queries.kernels.compiled import compiled
from queries.kernels.network import Index, Places

Mask = npt.NDArray[np.bool_]


def undirected(source: npt.ArrayLike, target: npt.ArrayLike, size: int) -> tuple[Places, Index]:
    """Return edges as CSR, both ways round, without loops and repetitions.

    Args:
        source: One end of each edge, 0 … size-1, shape (m,).
        target: The other end, shape (m,).
        size: Number of nodes.

    Returns:
        `at`, shape (size + 1,), and `near`, the neighbours of each node in ascending order.
    """
    one = np.asarray(source, dtype=np.int64)
    two = np.asarray(target, dtype=np.int64)
    kept = one != two
    key = np.concatenate([one[kept] * size + two[kept], two[kept] * size + one[kept]])
    key.sort()  # np.unique would hash them first: thirty times as long
    key = key[np.diff(key, prepend=-1) > 0]
    counts = np.bincount(key // max(size, 1), minlength=size)
    at = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    return at, (key % max(size, 1)).astype(np.int32)


@compiled
def induced(at: Places, near: Index, chosen: Index) -> tuple[Places, Index]:
    """Return the part of a graph among `chosen` nodes, numbered in their order, as CSR.

    Args:
        at: Where each node's neighbours begin, shape (n + 1,).
        near: Neighbours.
        chosen: Nodes, each once and ascending, so that neighbours stay in ascending order.
    """
    number = np.full(len(at) - 1, -1, dtype=np.int32)
    most = 0
    for place in range(len(chosen)):
        number[chosen[place]] = place
        most += at[chosen[place] + 1] - at[chosen[place]]
    part_at, part = np.zeros(len(chosen) + 1, dtype=np.int64), np.empty(most, dtype=np.int32)
    count = 0
    for place in range(len(chosen)):
        for edge in range(at[chosen[place]], at[chosen[place] + 1]):
            other = number[near[edge]]
            if other >= 0:
                part[count] = other
                count += 1
        part_at[place + 1] = count
    return part_at, part[:count].copy()


@compiled
def core_numbers(at: Places, near: Index) -> Index:
    """Return the core number of every node, shape (n,): the largest k whose k-core it is in.

    The k-core is what is left once nodes with fewer than k neighbours are taken away, again and
    again. Nodes are taken by degree with a bucket queue (Batagelj, Zaveršnik 2003): O(n + m).
    """
    size = len(at) - 1
    core = np.empty(size, dtype=np.int32)
    most = 0
    for node in range(size):
        core[node] = at[node + 1] - at[node]
        most = max(most, core[node])
    begins = np.zeros(most + 2, dtype=np.int64)
    for node in range(size):
        begins[core[node] + 1] += 1
    for degree in range(1, most + 2):
        begins[degree] += begins[degree - 1]
    order = np.empty(size, dtype=np.int32)
    place = np.empty(size, dtype=np.int64)
    fill = begins.copy()
    for node in range(size):
        place[node] = fill[core[node]]
        order[place[node]] = node
        fill[core[node]] += 1
    for position in range(size):
        node = order[position]
        for edge in range(at[node], at[node + 1]):
            other = near[edge]
            if core[other] > core[node]:
                first = begins[core[other]]
                swapped = order[first]
                order[place[other]], place[swapped] = swapped, place[other]
                order[first], place[other] = other, first
                begins[core[other]] += 1
                core[other] -= 1
    return core


@compiled
def articulation_points(at: Places, near: Index) -> Mask:
    """Return which nodes leave their component in more pieces than before when they are taken away.

    Depth-first search without recursion (Hopcroft, Tarjan 1973): a node is one if it is a root with
    two children, or has a child none of whose descendants reaches above it. O(n + m).
    """
    size = len(at) - 1
    found = np.zeros(size, dtype=np.bool_)
    entered = np.full(size, -1, dtype=np.int32)
    lowest = np.empty(size, dtype=np.int32)
    parent = np.full(size, -1, dtype=np.int32)
    following = at[:-1].copy()
    stack = np.empty(size, dtype=np.int32)
    clock = 0
    for root in range(size):
        if entered[root] >= 0:
            continue
        children, depth = 0, 1
        stack[0] = root
        entered[root] = lowest[root] = clock
        clock += 1
        while depth > 0:
            node = stack[depth - 1]
            if following[node] < at[node + 1]:
                other = near[following[node]]
                following[node] += 1
                if entered[other] < 0:
                    parent[other] = node
                    entered[other] = lowest[other] = clock
                    clock += 1
                    stack[depth] = other
                    depth += 1
                    children += node == root
                elif other != parent[node]:
                    lowest[node] = min(lowest[node], entered[other])
                continue
            depth -= 1
            above = parent[node]
            if above >= 0:
                lowest[above] = min(lowest[above], lowest[node])
                if above != root and lowest[node] >= entered[above]:
                    found[above] = True
        found[root] = children > 1
    return found
