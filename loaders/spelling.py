"""How a node is written in a cell, so that reading the cell finds the same node again."""

from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.graph import ChainGraph, Codes
from graphmodel.identity import normalise
from graphmodel.kinds import NODE_KINDS
from graphmodel.regions import Regions
from graphmodel.schema import Reference
from loaders.registry import ChainRegistry, Registry, provisional

OWN_ID = tuple(
    kind.name for kind in NODE_KINDS.values() if any(c.name == "id" for c in kind.columns)
)
"""Kinds whose sheet has a column for numbers of its own (需求编号, 活动编号): known by these."""


class Spelling:
    """The texts that mean the nodes of one graph.

    A node is written by its name; where that would be read as another node, a chain as 名称@地区,
    any other as its id. Whether a text would be read rightly is asked of the registries that the
    loader asks, filled with the nodes of the graph.
    """

    def __init__(self, graph: ChainGraph) -> None:
        """Take the graph."""
        self.graph = graph
        self._registries: dict[str, Registry] = {}

    def texts(
        self, codes: npt.ArrayLike, column: Reference, *, within: npt.ArrayLike | None = None
    ) -> pd.Series:
        """Return the text of each code in a cell of `column`, "" for -1.

        Args:
            codes: Codes of nodes.
            column: The column the cell stands in; its `to` says what else a text might mean.
            within: Code of the containing node that the same row names (a segment's chain).
        """
        pairs = pd.DataFrame({"code": np.asarray(codes, dtype=np.int64)})
        pairs["within"] = -1 if within is None else np.asarray(within, dtype=np.int64)
        key = pairs.groupby(["code", "within"], sort=False).ngroup().to_numpy(np.int64)
        first = pairs.drop_duplicates().reset_index(drop=True)
        texts = pd.Series("", index=first.index, dtype="str")
        for kind in NODE_KINDS:
            mine = self.graph.is_kind(first["code"], kind)
            if mine.any():
                part = first[mine].reset_index(drop=True)
                texts[mine] = self._spelled(kind, part, column).to_numpy()
        return texts.take(key).reset_index(drop=True)

    def _spelled(self, kind: str, pairs: pd.DataFrame, column: Reference) -> pd.Series:
        row = self.graph.rows(kind, pairs["code"])
        if kind == "Region":
            return self.regions.take(row).reset_index(drop=True)
        table = self.graph.nodes[kind].iloc[row]
        ids = table["id"].reset_index(drop=True)
        names = table["name"].reset_index(drop=True)
        made = (table["standing"] != "stated").to_numpy()
        candidates = [names, ids]
        if kind == "Chain":
            candidates = [names, names + "@" + self._chain_place(row, ids, made), ids]
        elif kind in OWN_ID:
            candidates = [ids]
        spelled = candidates[-1].where(~made, candidates[0])
        open_ = ~made
        for text in candidates[:-1]:
            right = open_ & self._reads_as(text, pairs, column)
            spelled = spelled.where(~right, text)
            open_ &= ~right
        if kind == "Chain":
            spelled = spelled.where(~made | (normalise(names) == ids), candidates[1])
        return spelled

    def _chain_place(self, row: Codes, ids: pd.Series, made: npt.NDArray[np.bool_]) -> pd.Series:
        """Return what stands behind the @ of a chain."""
        region = self.graph.rows("Region", self.graph.target("LOCATED_IN", "Chain")[row])
        known = pd.Series([*self.regions, ""], dtype="str").take(region).reset_index(drop=True)
        return known.where(~made, ids.str.rpartition("@")[2])

    def _reads_as(
        self, texts: pd.Series, pairs: pd.DataFrame, column: Reference
    ) -> npt.NDArray[np.bool_]:
        """Return which texts the loader would read as the nodes they stand for."""
        keys = normalise(texts)
        found = np.full(len(texts), -1, dtype=np.int64)
        chain = self.graph.rows("Chain", pairs["within"])
        for kind in column.to:
            open_ = found < 0
            if not open_.any():
                break
            inside = chain[open_] if column.within else None
            position = self._registry(kind).look_up(keys[open_].reset_index(drop=True), inside)
            found[open_] = np.where(position >= 0, position + self.graph.offsets[kind], -1)
        return np.asarray(found == pairs["code"].to_numpy(), dtype=np.bool_)

    def _registry(self, kind: str) -> Registry:
        if kind not in self._registries:
            table = self.graph.nodes[kind]
            frame = table[[c for c in ("id", "name", "credit_code", "short_name") if c in table]]
            declared = NODE_KINDS[kind]
            if kind == "Chain":
                region = self.graph.rows("Region", self.graph.target("LOCATED_IN", kind))
                frame = frame.assign(region=provisional("Region", region))
                self._registries[kind] = ChainRegistry(
                    declared, frame, stated=True, region=self._region
                )
            else:
                if kind == "Segment":
                    chain = self.graph.rows("Chain", self.graph.target("PART_OF", kind))
                    frame = frame.assign(chain=provisional("Chain", chain))
                self._registries[kind] = Registry(declared, frame, stated=True)
        return self._registries[kind]

    # regions -----------------------------------------------------------------------------------

    def _region(self, keys: pd.Series) -> Codes:
        """Return the position of the region that each normalised text means."""
        known = pd.Series(np.arange(len(self.regions)), index=normalise(self.regions))
        known = known[~known.index.duplicated()]
        return keys.map(known).fillna(-1).to_numpy(np.int64)

    @cached_property
    def regions(self) -> pd.Series:
        """Text of each region: its name, else its path, else its id."""
        table = self.graph.nodes["Region"]
        stated = (table["standing"] == "stated").to_numpy()
        parent = table["name"].reindex(self.graph.region_parents).reset_index(drop=True)
        own = table[stated][["name", "code", "level"]].astype("str").assign(parent=parent[stated])
        known, own_rows = Regions.bundled().with_own(own.reset_index(drop=True))
        paths = pd.Series([known.path(row) for row in known.rows], dtype="str")
        row = self._bundled_rows(known, paths)
        row[stated] = own_rows
        path = paths.reindex(row).reset_index(drop=True).fillna("")
        spelled = table["id"].reset_index(drop=True)
        for text in (path, table["name"]):
            right = (known.match(text) == row) & (row >= 0)
            spelled = spelled.where(~right, text)
        return spelled.where(row >= 0, table["name"]).astype("str")

    def _bundled_rows(self, known: Regions, paths: pd.Series) -> Codes:
        """Return the row in `known` of each region that is not the planner's own, else -1."""
        ids = self.graph.nodes["Region"]["id"]
        found = np.full(len(ids), -1, dtype=np.int64)
        for texts in (pd.Series(known.codes), pd.Series(known.names), paths):
            row = pd.Series(np.arange(len(texts)), index=texts.to_numpy(dtype=object))
            row = row[(row.index != "") & ~row.index.duplicated(keep=False)]
            at = ids.map(row).fillna(-1).to_numpy(np.int64)
            found = np.where(found >= 0, found, at)
        return found
