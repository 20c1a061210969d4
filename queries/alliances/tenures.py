"""Who holds which post and role in an alliance, and since when."""

from typing import Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask
from graphmodel.scope import declared
from queries.alliances.periods import begun, ended
from queries.columns import written
from queries.evidence import places

CURRENT: Final = "current"
ENDED: Final = "ended"
FUTURE: Final = "future"

ROLES: Final = ("盟主", "轮值主席", "主席单位", "链主")
"""Roles of 联盟成员 that one unit holds at a time."""


def tenures(graph: ChainGraph, day: np.datetime64) -> pd.DataFrame:
    """Return every post (岗位) and leading role (联盟成员) of every alliance.

    Returns:
        `alliance` (row), `check` ("post" or "role"), `name` (of the post or role), `unit` (code of
        who holds it, -1 where only a post number is known), `start`, `end`, `state` (`CURRENT`,
        `ENDED` or `FUTURE` on `day`) and `evidence`.
    """
    found = [
        _read(graph, "HOLDS_POST", "post", day),
        _read(graph, "MEMBER_OF", "role", day),
    ]
    table = pd.concat(found, ignore_index=True)
    return table[(table["check"] == "post") | table["name"].isin(ROLES)].reset_index(drop=True)


def _read(graph: ChainGraph, edge: str, check: str, day: np.datetime64) -> pd.DataFrame:
    table = graph.edges[edge]
    alliance = graph.rows("Alliance", table["target"].to_numpy())
    table, alliance = table[alliance >= 0], alliance[alliance >= 0]
    over, on = ended(table["end"], day), begun(table["start"], day)
    return pd.DataFrame(
        {
            "alliance": alliance,
            "check": check,
            "name": pd.Series(written(table["role"]), dtype="str"),
            "unit": table["source"].to_numpy(),
            "start": table["start"].fillna("").to_numpy(),
            "end": table["end"].fillna("").to_numpy(),
            "state": np.where(over, ENDED, np.where(on, CURRENT, FUTURE)),
            "evidence": places(table).to_numpy(),
        }
    )


def latest_chair(held: pd.DataFrame) -> pd.DataFrame:
    """Return the 轮值主席 of each alliance: who is in office, else who was last.

    Returns:
        Index `alliance`; columns `unit`, `start`, `end`, `state`, `evidence`.
    """
    chairs = held[held["name"] == "轮值主席"]
    rank = chairs["state"].map({FUTURE: 0, ENDED: 1, CURRENT: 2})
    order = chairs.assign(rank=rank).sort_values(["rank", "end", "start", "unit"])
    last: pd.DataFrame = order.drop_duplicates("alliance", keep="last").set_index("alliance")
    return last[["unit", "start", "end", "state", "evidence"]]


def complete(graph: ChainGraph, sheet: str) -> Mask:
    """Return for which alliances a sheet is declared complete, by region or by a chain covered."""
    size = len(graph.nodes["Alliance"])
    regions = graph.target("LOCATED_IN", "Alliance")
    known = declared(graph, sheet, regions=regions, chains=np.full(size, -1, dtype=np.int64))
    alliance, chain = covered_chains(graph)
    codes = chain + graph.offsets["Chain"]
    known[alliance[declared(graph, sheet, regions=regions[alliance], chains=codes)]] = True
    return known


def covered_chains(graph: ChainGraph) -> tuple[Codes, Codes]:
    """Return every alliance with every chain it covers: rows in both tables, each pair once."""
    table = graph.edges["COVERS"]
    alliance = graph.rows("Alliance", table["source"].to_numpy())
    chain = graph.rows("Chain", table["target"].to_numpy())
    pairs = np.unique(np.column_stack([alliance, chain]), axis=0)
    pairs = pairs[(pairs >= 0).all(axis=1)]
    return pairs[:, 0], pairs[:, 1]
