"""Who could stand in for an enterprise: others with the same main segment, near and far."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask
from graphmodel.question import Params
from queries.membership import insiders


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Substitutes:
    """The others in each enterprise's main segment; arrays over all enterprises.

    Attributes:
        local: How many lie in the region asked about (by default the chain's own), or name none.
        elsewhere: How many lie elsewhere, or are parties outside the data.
        segment: Main segment (row) of each enterprise, -1 unknown.
        listed: Enterprises with a segment in the order in which they are named: `firm`, `segment`,
            `name`, `place` within the segment.
    """

    local: Codes
    elsewhere: Codes
    segment: Codes
    listed: pd.DataFrame

    def names(self, asked: Codes, limit: int) -> "pd.Series[str]":
        """Return the first `limit` others of each enterprise asked about, in one string."""
        first = self.listed[self.listed["place"] <= limit]
        size = int(self.segment.max(initial=-1)) + 2
        grid = np.full((size, limit + 1), -1, dtype=np.int64)
        grid[first["segment"].to_numpy(), first["place"].to_numpy()] = first["firm"].to_numpy()
        names = np.full(len(self.segment) + 1, "", dtype=object)
        names[self.listed["firm"].to_numpy()] = self.listed["name"].to_numpy(dtype=object)
        text = pd.Series(np.full(len(asked), "", dtype=object))
        left = np.full(len(asked), limit)
        for column in range(limit + 1):
            other = grid[self.segment[asked], column]
            use = (other >= 0) & (other != asked) & (left > 0)
            left -= use
            comma = np.where(use & (text != "").to_numpy(), "、", "")
            text = text + comma + np.where(use, names[other], "")
        more = (self.local + self.elsewhere)[asked]
        tail = "等" + pd.Series(more).astype("str") + "家"
        return (text + tail.where(more > limit, "")).astype("str")


def substitutes(graph: ChainGraph, segment: Codes, params: Params) -> Substitutes:
    """Return who could stand in for each enterprise.

    Args:
        graph: The graph.
        segment: Main segment (row) of each enterprise, -1 unknown.
        params: Its `region`, if given, is what counts as local.
    """
    local = _local(graph, segment, params)
    known = segment >= 0
    size = len(graph.nodes["Segment"])
    near = np.bincount(segment[known], local[known], size).astype(np.int64)
    every = np.bincount(segment[known], minlength=size)
    at = np.where(known, segment, 0)
    own_near = np.where(known, (near[at] if size else 0) - local, 0)
    own_all = np.where(known, (every[at] if size else 0) - 1, 0)
    table = graph.nodes["Enterprise"]
    listed = pd.DataFrame(
        {
            "firm": np.arange(len(table)),
            "segment": segment,
            "far": ~local,
            "output": -table["output"].fillna(0).to_numpy(np.float64),
            "name": table["name"],
            "id": table["id"],
        }
    )[known]
    listed = listed.sort_values(["segment", "far", "output", "name", "id"])
    listed["place"] = listed.groupby("segment").cumcount()
    return Substitutes(local=own_near, elsewhere=own_all - own_near, segment=segment, listed=listed)


def _local(graph: ChainGraph, segment: Codes, params: Params) -> Mask:
    """Return which enterprises lie in the region asked about; unknown counts as yes."""
    from queries.segments import Reach  # noqa: PLC0415  # shares its notion of a chain's region

    inside = insiders(graph)
    region = graph.target("LOCATED_IN", "Enterprise")
    home = graph.target("LOCATED_IN", "Chain")
    if params.region:
        asked = graph.find("Region", params.region)
        return np.asarray(inside & graph.lies_within(region, asked), dtype=bool)
    chain = np.append(graph.rows("Chain", graph.target("PART_OF", "Segment")), -1)[segment]
    if not len(home):
        return inside
    reach = Reach(graph, home)
    near = np.where(chain >= 0, reach.inside(np.maximum(chain, 0), region), True)  # noqa: FBT003  # numpy's choice
    return np.asarray(inside & ((region < 0) | near), dtype=bool)
