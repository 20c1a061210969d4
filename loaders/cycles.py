"""Circles in what must have an order: segments upstream of one another, a hierarchy."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.findings import Findings
from loaders.registry import position_of
from loaders.resolving import report

Mask = npt.NDArray[np.bool_]


def find_cycle(
    source: npt.NDArray[np.int64], target: npt.NDArray[np.int64]
) -> Sequence[tuple[int, int]]:
    """Return the links of one circle, in order; empty if there is none."""
    from scipy.sparse import coo_array  # noqa: PLC0415  # slow to import
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415  # as above

    size = int(max(source.max(initial=-1), target.max(initial=-1))) + 1
    links = coo_array((np.ones(len(source)), (source, target)), shape=(size, size))
    parts = connected_components(links, directed=True, connection="strong")[0] if size else 0
    if parts == size and not (source == target).any():
        return []
    import networkx as nx  # noqa: PLC0415  # slow to import, and needed only for a circle

    graph = nx.DiGraph(zip(source.tolist(), target.tolist(), strict=True))
    try:
        return [(int(a), int(b)) for a, b in nx.find_cycle(graph)]
    except nx.NetworkXNoCycle:
        return []


def report_cycles(
    frame: pd.DataFrame,
    table: pd.DataFrame | None,
    segments: pd.DataFrame,
    findings: Findings,
    bad: Mask | None,
) -> None:
    """Report every circle of segments that is not marked 回流 and mark its closing row bad.

    Args:
        frame: The UPSTREAM_OF relations, with `at`, the row of `table` each came from.
        table: The rows of sheet 环节上下游.
        segments: The table of segments.
        findings: Grows by one finding per circle, with its path.
        bad: Rows of `table` that cannot be used; grows.
    """
    if table is None or bad is None:
        return
    recycling = (
        frame["recycling"].fillna(value=False).to_numpy(dtype=bool)
        if "recycling" in frame
        else np.zeros(len(frame), dtype=bool)
    )
    source = position_of(frame["source"])
    target = position_of(frame["target"])
    open_ = ~recycling
    while cycle := find_cycle(source[open_], target[open_]):
        links = [np.flatnonzero(open_ & (source == a) & (target == b))[0] for a, b in cycle]
        last = max(links, key=lambda i: int(frame["at"].iloc[i]))
        turn = links.index(last) + 1
        path = [cycle[(turn + k) % len(cycle)][0] for k in range(len(cycle))]
        names = segments["name"].iloc[[*path, path[0]]]
        where = np.zeros(len(table), dtype=bool)
        where[int(frame["at"].iloc[last])] = True
        report(
            findings,
            "E108.cycle",
            table,
            where,
            column="上游环节",
            values=table["source"],
            details=pd.Series(" → ".join(names), index=table.index),
        )
        bad |= where
        open_[last] = False
