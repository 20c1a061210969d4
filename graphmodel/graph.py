"""The graph itself: one table per kind, nodes known by integer codes, matrices made on demand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.errors import UsageError
from graphmodel.kinds import EDGE_KINDS, NODE_KINDS
from graphmodel.tables import EXTRA, ORIGIN, conform, empty

if TYPE_CHECKING:
    import networkx as nx
    from scipy.sparse import csr_array

Codes = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that was read: its name, SHA-256, number of data rows and the encoding used."""

    name: str
    sha256: str = ""
    rows: int = 0
    encoding: str = ""


class ChainGraph:
    """An immutable graph of industrial chains and alliances.

    Every node has one integer code: the offset of its kind plus its row in the kind's table, so
    that a relation between any two kinds is a pair of integers. Code -1 means "not reported".

    Attributes:
        nodes: Table of each node kind: `id`, `name`, `standing`, declared properties, origin.
        edges: Table of each relation kind: `source`, `target` (codes), `inferred`, properties,
            origin.
        offsets: First code of each node kind.
        size: Number of nodes.
        files: The files read.
        name: What the source is called.
    """

    def __init__(
        self,
        nodes: Mapping[str, pd.DataFrame],
        edges: Mapping[str, pd.DataFrame],
        *,
        files: Iterable[SourceFile] = (),
        name: str = "",
    ) -> None:
        """Take tables whose references already are codes; unknown kinds are refused."""
        for given, known in ((nodes, NODE_KINDS), (edges, EDGE_KINDS)):
            if unknown := sorted(set(given) - set(known)):
                msg = f"Unknown kind {unknown[0]!r}; the kinds are {', '.join(known)}."
                raise UsageError(msg)
        self.nodes: Mapping[str, pd.DataFrame] = MappingProxyType(
            {k: conform(nodes[k], NODE_KINDS[k]) if k in nodes else empty(k) for k in NODE_KINDS}
        )
        self.edges: Mapping[str, pd.DataFrame] = MappingProxyType(
            {k: conform(edges[k], EDGE_KINDS[k]) if k in edges else empty(k) for k in EDGE_KINDS}
        )
        sizes = np.array([len(table) for table in self.nodes.values()])
        self._starts: Codes = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
        self.offsets: Mapping[str, int] = MappingProxyType(
            dict(zip(NODE_KINDS, self._starts[:-1].tolist(), strict=True))
        )
        self.size = int(self._starts[-1])
        self.files = tuple(files)
        self.name = name
        self._matrices: dict[tuple[str, str, str, str], csr_array] = {}

    # codes -------------------------------------------------------------------------------------

    def codes(self, kind: str) -> Codes:
        """Return the codes of all nodes of `kind`, in the order of its table."""
        return np.arange(len(self.nodes[kind]), dtype=np.int64) + self.offsets[kind]

    def rows(self, kind: str, codes: npt.ArrayLike) -> Codes:
        """Return the row in the table of `kind` of each code; -1 for a node of another kind."""
        row = np.asarray(codes, dtype=np.int64) - self.offsets[kind]
        row[(row < 0) | (row >= len(self.nodes[kind]))] = -1
        return row

    def is_kind(self, codes: npt.ArrayLike, kind: str) -> Mask:
        """Return which codes belong to nodes of `kind`."""
        return self.rows(kind, codes) >= 0

    def kinds_of(self, codes: npt.ArrayLike) -> npt.NDArray[np.object_]:
        """Return the kind's name for each code; "" for -1."""
        index = np.searchsorted(self._starts, np.asarray(codes, dtype=np.int64), side="right") - 1
        return np.array([*NODE_KINDS, ""], dtype=object)[index]

    @cached_property
    def _identity(self) -> pd.DataFrame:
        tables = [table[["id", "name"]] for table in self.nodes.values()]
        return pd.concat(tables, ignore_index=True)

    def names(self, codes: npt.ArrayLike) -> pd.Series:
        """Return the display name of each code; NaN for -1."""
        return (
            self._identity["name"].reindex(np.asarray(codes, dtype=np.int64)).reset_index(drop=True)
        )

    def ids(self, codes: npt.ArrayLike) -> pd.Series:
        """Return the id of each code; NaN for -1."""
        return (
            self._identity["id"].reindex(np.asarray(codes, dtype=np.int64)).reset_index(drop=True)
        )

    def find(self, kind: str, text: str) -> int:
        """Return the code of the node of `kind` with this id, name or, of a chain, 名称@地区.

        Raises:
            UsageError: Nothing, or more than one node, answers to `text`; lists the choices.
        """
        table, labels = self.nodes[kind], NODE_KINDS[kind]
        for column in ("id", "name"):
            found = np.flatnonzero(table[column] == text)
            if len(found) == 1:
                return int(found[0]) + self.offsets[kind]
            if len(found) > 1:
                choices = "、".join(table["id"].iloc[found[:10]])
                msg = (
                    f"{labels.zh}“{text}”不唯一，请写编码：{choices}。"
                    f" {text!r} is ambiguous; give an id: {choices}."
                )
                raise UsageError(msg)
        choices = "、".join(table["id"].iloc[:10]) or "无 (none)"
        msg = (
            f"没有{labels.zh}“{text}”；现有：{choices}。"
            f" There is no {labels.en.lower()} {text!r}; there are: {choices}."
        )
        raise UsageError(msg)

    # relations ---------------------------------------------------------------------------------

    def target(self, edge: str, kind: str) -> Codes:
        """Return, for each node of `kind`, the code its first `edge` relation points to, or -1."""
        return self._other_end(edge, kind, "source", "target")

    def source(self, edge: str, kind: str) -> Codes:
        """Return, for each node of `kind`, the code its first incoming `edge` comes from, or -1."""
        return self._other_end(edge, kind, "target", "source")

    def _other_end(self, edge: str, kind: str, near: str, far: str) -> Codes:
        table = self.edges[edge]
        row = self.rows(kind, table[near].to_numpy())
        found = np.full(len(self.nodes[kind]), -1, dtype=np.int64)
        kept = row >= 0
        found[row[kept][::-1]] = table[far].to_numpy()[kept][::-1]
        return found

    def matrix(self, edge: str, source: str, target: str, *, weight: str = "") -> "csr_array":
        """Return the relations of kind `edge` from `source` to `target` nodes as a sparse matrix.

        Args:
            edge: Relation kind; an undirected one counts both ways round.
            source: Node kind of the rows.
            target: Node kind of the columns.
            weight: Property to sum per pair; empty counts relations. Missing values add 0.

        Returns:
            float64 CSR of shape (nodes of `source`, nodes of `target`), cached; do not write to it.
        """
        key = (edge, source, target, weight)
        if key not in self._matrices:
            self._matrices[key] = self._build(edge, source, target, weight)
        return self._matrices[key]

    def _build(self, edge: str, source: str, target: str, weight: str) -> "csr_array":
        from scipy.sparse import csr_array  # noqa: PLC0415  # scipy is slow to import

        table = self.edges[edge]
        ends = [(table["source"].to_numpy(), table["target"].to_numpy())]
        if not EDGE_KINDS[edge].directed:
            ends.append(ends[0][::-1])
        values = table[weight].fillna(0).to_numpy(np.float64) if weight else np.ones(len(table))
        shape = (len(self.nodes[source]), len(self.nodes[target]))
        parts = []
        for start, end in ends:
            row, column = self.rows(source, start), self.rows(target, end)
            kept = (row >= 0) & (column >= 0)
            parts.append(csr_array((values[kept], (row[kept], column[kept])), shape=shape))
        return csr_array(sum(parts[1:], parts[0]))

    # regions -----------------------------------------------------------------------------------

    @cached_property
    def region_parents(self) -> Codes:
        """Row of each region's parent in the table of regions, -1 for a root."""
        return self.rows("Region", self.target("PART_OF", "Region"))

    def region_mask(self, region: int) -> Mask:
        """Return which rows of the table of regions lie within the region with code `region`."""
        inside = np.zeros(len(self.nodes["Region"]), dtype=bool)
        inside[self.rows("Region", [region])[0]] = True
        while True:
            grown = inside | (self.region_parents >= 0) & inside[self.region_parents]
            if (grown == inside).all():
                return inside
            inside = grown

    def lies_within(self, regions: npt.ArrayLike, region: int) -> Mask:
        """Return which region codes lie within the region with code `region`; -1 lies nowhere."""
        row = self.rows("Region", regions)
        return np.asarray((row >= 0) & self.region_mask(region)[row], dtype=bool)

    # parts and forms ---------------------------------------------------------------------------

    def subgraph(self, *, chain: int | None = None, region: int | None = None) -> "ChainGraph":
        """Return the graph around the enterprises of a chain and, or, a region.

        Kept are the enterprises in the chain (by 企业产业链 or 企业环节) and located in the region
        or a part of it; every node with a relation to one of them; the chain's own segments,
        alliances, posts and facts; all regions; and the relations among what is kept.
        """
        from graphmodel.parts import subgraph  # noqa: PLC0415  # avoids a circular import

        return subgraph(self, chain=chain, region=region)

    def to_networkx(self) -> "nx.MultiDiGraph[str]":
        """Return the graph as a networkx multigraph whose nodes are `Kind:id`."""
        from graphmodel.exchange import to_networkx  # noqa: PLC0415  # networkx is slow to import

        return to_networkx(self)

    @staticmethod
    def from_networkx(graph: "nx.MultiDiGraph[Any]") -> "ChainGraph":
        """Return the graph that `to_networkx` made, or one built by hand in the same form."""
        from graphmodel.exchange import from_networkx  # noqa: PLC0415  # networkx is slow to import

        return from_networkx(graph)

    def equals(self, other: "ChainGraph") -> bool:
        """Return whether both graphs say the same, wherever and in whatever order it stood."""
        from graphmodel.exchange import canonical  # noqa: PLC0415  # rarely needed

        mine, theirs = canonical(self), canonical(other)
        return all(mine[kind].equals(theirs[kind]) for kind in mine)

    def __repr__(self) -> str:
        """Return the numbers of nodes and relations."""
        relations = sum(map(len, self.edges.values()))
        return f"<ChainGraph {self.name or '?'}: {self.size} nodes, {relations} relations>"


__all__ = ["EXTRA", "ORIGIN", "ChainGraph", "Codes", "Mask", "SourceFile"]
