"""Who helps an enterprise on a track: the department in charge, nearest to it."""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.graph import ChainGraph, Codes
from graphmodel.schema import Text
from queries.columns import written
from queries.evidence import joined
from queries.ladder.tracks import TRACKS
from queries.membership import chain_members, region_ancestors

BASES: Final = {
    "track": Text("赛道对口（推断）", "fits the track (inferred)"),
    "chain": Text("产业链牵头部门", "leads the chain"),
    "": Text("未填报", "not reported"),
}
_LEADS = "牵头部门"
_NAMED = 3


def departments(
    graph: ChainGraph, firms: Codes, tracks: npt.NDArray[np.object_]
) -> tuple["pd.Series[str]", "pd.Series[str]"]:
    """Return the helping unit of each firm on each track, and what names it.

    The unit is the department whose name tells that the track is its business, in the firm's own
    region or the nearest one around it (an inference from its name); else the units that hold the
    post 牵头部门 of the firm's chains; else "".

    Args:
        graph: The graph.
        firms: Rows of enterprises, shape (n,).
        tracks: Code of the track beside each, shape (n,).

    Returns:
        Names, and "track" (inferred), "chain" or "" for each; shape (n,).
    """
    lead = _chain_leads(graph).to_numpy(object)[firms]
    unit = np.full(len(firms), "", dtype=object)
    for track in TRACKS:
        if track.departments:
            near = _nearest(graph, "|".join(track.departments))
            at = tracks == track.name
            unit[at] = near[firms[at]]
    basis = np.select([unit != "", lead != ""], ["track", "chain"], "")
    return (
        pd.Series(np.where(unit != "", unit, lead), dtype="str"),
        pd.Series(basis, dtype="str"),
    )


def _nearest(graph: ChainGraph, words: str) -> npt.NDArray[np.object_]:
    """Return, for each enterprise, the name of the nearest department whose name holds a word."""
    table = graph.nodes["GovernmentDepartment"]
    region = graph.rows("Region", graph.target("LOCATED_IN", "GovernmentDepartment"))
    fits = table["name"].str.contains(words, regex=True).to_numpy(dtype=bool) & (region >= 0)
    there = pd.DataFrame({"ancestor": region[fits], "unit": table["name"].to_numpy()[fits]})
    there = there.sort_values("unit").drop_duplicates("ancestor")
    lies = region_ancestors(graph)
    lies = lies.assign(distance=lies.groupby("region").cumcount())
    near = lies.merge(there, on="ancestor").sort_values(["region", "distance"])
    near = near.drop_duplicates("region")
    names = np.full(len(graph.nodes["Region"]) + 1, "", dtype=object)
    names[near["region"].to_numpy(np.int64)] = near["unit"].to_numpy(object)
    home = graph.rows("Region", graph.target("LOCATED_IN", "Enterprise"))
    found: npt.NDArray[np.object_] = names[home]
    return found


def _chain_leads(graph: ChainGraph) -> "pd.Series[str]":
    """Return, for each enterprise, the units that lead its chains."""
    posts = graph.edges["HOLDS_POST"]
    chain = graph.rows("Chain", posts["target"].to_numpy())
    source = posts["source"].to_numpy()
    kept = (chain >= 0) & (written(posts["role"]) == _LEADS) & ~graph.is_kind(source, "Post")
    held = pd.DataFrame({"chain": chain[kept], "unit": graph.names(source[kept]).to_numpy()})
    both = chain_members(graph).merge(held, on="chain")
    size = len(graph.nodes["Enterprise"])
    return joined(both["firm"].to_numpy(np.int64), both["unit"].astype("str"), size, limit=_NAMED)
