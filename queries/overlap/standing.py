"""How every enterprise of a chain stands: ties, alliances, sharing, recognition, twins."""

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from graphmodel.graph import ChainGraph, Mask
from graphmodel.scope import declared_for_enterprises
from queries.alliances.ties import ties
from queries.columns import written
from queries.membership import alliance_members
from queries.purchases import trading

_SHARING = r"共享|共用|联合|协同|互助"
"""事项 of a cooperation in which something is shared."""

_NO_QUALIFICATION = "无"


def chain_ties(graph: ChainGraph, members: pd.DataFrame) -> pd.DataFrame:
    """Return, for each membership, how many other firms of the chain it has a tie with.

    Args:
        graph: The graph.
        members: `firm` and `chain` (rows).

    Returns:
        `members` with `partners` (firms of the chain with a tie) and `tied` (reports any tie, or
        配套合作 and 供应关系 are declared complete for it).
    """
    firm, chain = members["firm"].to_numpy(np.int64), members["chain"].to_numpy(np.int64)
    shape = (len(graph.nodes["Enterprise"]), len(graph.nodes["Chain"]))
    inside = csr_array((np.ones(len(members)), (firm, chain)), shape=shape)
    tied = csr_array(ties(graph) @ inside)
    partners = tied[firm, chain] if len(members) else np.zeros(0)  # scipy gives no array for none
    reports = trading(graph) | _cooperating(graph) | _all_declared(graph)
    return members.assign(partners=np.asarray(partners, dtype=np.int64), tied=reports[firm])


def _cooperating(graph: ChainGraph) -> Mask:
    """Return which firms have any cooperation on record, outside parties included."""
    found = np.zeros(len(graph.nodes["Enterprise"]) + 1, dtype=bool)
    for end in ("source", "target"):
        found[graph.rows("Enterprise", graph.edges["COOPERATES"][end].to_numpy())] = True
    return found[:-1]


def _all_declared(graph: ChainGraph) -> Mask:
    return declared_for_enterprises(graph, "配套合作") & declared_for_enterprises(graph, "供应关系")


def allied(graph: ChainGraph) -> tuple[Mask, Mask]:
    """Return which firms are in an alliance, and of which that is known."""
    size = len(graph.nodes["Enterprise"])
    inside = np.isin(np.arange(size), alliance_members(graph)["firm"])
    return inside, inside | declared_for_enterprises(graph, "联盟成员")


def sharing(graph: ChainGraph) -> tuple[Mask, Mask]:
    """Return which firms share something with another, and of which that is known."""
    table = graph.edges["COOPERATES"]
    matter = table["matter"].fillna("")
    shared = matter.str.contains(_SHARING, regex=True).to_numpy()
    stated = matter.ne("").to_numpy()
    size = len(graph.nodes["Enterprise"])
    found = []
    for mask in (shared, stated):
        ends = np.concatenate([table[end].to_numpy()[mask] for end in ("source", "target")])
        found.append(np.isin(np.arange(size), graph.rows("Enterprise", ends)))
    return found[0], found[1] | declared_for_enterprises(graph, "配套合作")


def qualified(graph: ChainGraph) -> tuple[Mask, Mask]:
    """Return which firms have a qualification, and of which that is known."""
    said = graph.nodes["Enterprise"]["qualifications"].fillna("")
    holds = graph.rows("Enterprise", graph.edges["HOLDS"]["source"].to_numpy())
    listed = np.isin(np.arange(len(said)), holds)
    has = listed | (said.ne("") & said.ne(_NO_QUALIFICATION)).to_numpy()
    known = has | said.eq(_NO_QUALIFICATION).to_numpy()
    return has, known | declared_for_enterprises(graph, "企业资质")


def small(graph: ChainGraph) -> Mask:
    """Return which firms say that they are of medium, small or micro size, or below scale."""
    table = graph.nodes["Enterprise"]
    below = ~table["above_scale"].fillna(value=True).to_numpy(dtype=bool)
    return np.asarray(np.isin(written(table["size"]), ("中", "小", "微")) | below, dtype=bool)
