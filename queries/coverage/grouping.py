"""By what coverage is counted: everything, regions, chains, chain grades, sizes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask
from graphmodel.kinds import CHAIN, ENTERPRISE
from graphmodel.schema import NodeKind, Property
from queries.membership import chain_labels, chain_members, region_ancestors

UNREPORTED: Final = "未填报"
"""Label of the group of those whose region, chain, grade or size is not reported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """Which rows of a table belong to which group; a row may belong to several, or to none.

    Attributes:
        by: total, region, chain, chain_grade, size_class or alliance_level.
        unit: Row in the table counted, one entry per belonging.
        group: Number of its group, one entry per belonging.
        labels: Name of each group.
        subjects: Code of the node each group is about, -1 where it is about none.
        shown: Which groups are shown at all.
    """

    by: str
    unit: Codes
    group: Codes
    labels: npt.NDArray[np.object_]
    subjects: Codes
    shown: Mask

    def tally(self, flags: Mapping[str, npt.ArrayLike]) -> pd.DataFrame:
        """Return, per group, how many of its rows have each flag."""
        size = len(self.labels)
        counts = {
            name: np.bincount(
                self.group, weights=np.asarray(flag, float)[self.unit], minlength=size
            )
            for name, flag in flags.items()
        }
        return pd.DataFrame(counts, index=range(size)).round().astype("int64")


def choices(kind: NodeKind, column: str) -> tuple[str, ...]:
    """Return the allowed values of a declared column, in Chinese and in their own order."""
    found = next(c for c in kind.columns if c.name == column)
    return tuple(c.zh for c in found.choices) if isinstance(found, Property) else ()


def total(size: int, *, subject: int = -1, label: str = "合计") -> Grouping:
    """Return the grouping of `size` rows into one group."""
    return Grouping(
        by="total",
        unit=np.arange(size),
        group=np.zeros(size, dtype=np.int64),
        labels=np.array([label], dtype=object),
        subjects=np.array([subject]),
        shown=np.ones(1, dtype=bool),
    )


def by_region(graph: ChainGraph, kind: str, shown: Mask) -> Grouping:
    """Return nodes of `kind` by the region they lie in and by every region that one is part of.

    Args:
        graph: The graph.
        kind: Node kind with a 地区.
        shown: Which rows of the table of regions are shown.
    """
    located = graph.rows("Region", graph.target("LOCATED_IN", kind))
    unit = np.arange(len(located))
    pairs = pd.DataFrame({"unit": unit, "region": located})
    pairs = pairs[pairs["region"] >= 0].merge(region_ancestors(graph), on="region")
    names = graph.nodes["Region"]["name"]
    return _with_unreported(
        "region", pairs["unit"], pairs["ancestor"], names, graph.codes("Region"), shown, len(unit)
    )


def by_chain(graph: ChainGraph, shown: Mask) -> Grouping:
    """Return enterprises by each chain they are in."""
    pairs = chain_members(graph)
    return _with_unreported(
        "chain",
        pairs["firm"],
        pairs["chain"],
        chain_labels(graph),
        graph.codes("Chain"),
        shown,
        len(graph.nodes["Enterprise"]),
    )


def chains_alone(graph: ChainGraph, shown: Mask) -> Grouping:
    """Return each chain as a group of itself."""
    unit = np.arange(len(graph.nodes["Chain"]))
    return _with_unreported(
        "chain", unit, unit, chain_labels(graph), graph.codes("Chain"), shown, len(unit)
    )


def grades(graph: ChainGraph) -> pd.DataFrame:
    """Return each chain's grades, one row per chain (row in its table) and grade (number)."""
    written = ";" + graph.nodes["Chain"]["grade"].fillna("") + ";"
    found = [
        pd.DataFrame(
            {"chain": np.flatnonzero(written.str.contains(f";{grade};", regex=False)), "grade": n}
        )
        for n, grade in enumerate(choices(CHAIN, "grade"))
    ]
    return pd.concat(found, ignore_index=True)


def by_grade(graph: ChainGraph, kind: str) -> Grouping:
    """Return chains, or the enterprises in them, by the chain's grade; never to be added up."""
    if kind == "Chain":
        pairs = grades(graph).rename(columns={"chain": "unit"})
    else:
        pairs = chain_members(graph).merge(grades(graph), on="chain")[["firm", "grade"]]
        pairs = pairs.drop_duplicates().rename(columns={"firm": "unit"})
    labels = choices(CHAIN, "grade")
    nothing = np.full(len(labels), -1)
    shown = np.ones(len(labels), dtype=bool)
    size = len(graph.nodes[kind])
    return _with_unreported(
        "chain_grade", pairs["unit"], pairs["grade"], labels, nothing, shown, size
    )


def by_size(graph: ChainGraph) -> Grouping:
    """Return enterprises by 规模."""
    labels = choices(ENTERPRISE, "size")
    size = graph.nodes["Enterprise"]["size"].cat.codes.to_numpy(np.int64)
    known = np.flatnonzero(size >= 0)
    nothing = np.full(len(labels), -1)
    shown = np.ones(len(labels), dtype=bool)
    return _with_unreported("size_class", known, size[known], labels, nothing, shown, len(size))


def _with_unreported(
    by: str,
    unit: npt.ArrayLike,
    group: npt.ArrayLike,
    labels: npt.ArrayLike,
    subjects: Codes,
    shown: Mask,
    size: int,
) -> Grouping:
    """Return the grouping with one more group, 未填报, of the rows that belong to no other."""
    units, groups = np.asarray(unit, np.int64), np.asarray(group, np.int64)
    lonely = np.ones(size, dtype=bool)
    lonely[units] = False
    rest = np.flatnonzero(lonely)
    names = np.asarray(labels, dtype=object)
    return Grouping(
        by=by,
        unit=np.concatenate([units, rest]),
        group=np.concatenate([groups, np.full(len(rest), len(names))]),
        labels=np.append(names, UNREPORTED),
        subjects=np.append(subjects, -1),
        shown=np.append(shown, bool(shown.all())),
    )
