"""The tables of `coverage` that name enterprises and chains one by one."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.graph import ChainGraph
from queries.columns import written
from queries.coverage.covered import COVERED, NOT_COVERED, NOT_REPORTED, Covered, States
from queries.coverage.partnering import partners
from queries.evidence import joined, places
from queries.membership import chain_labels, chain_members

_CHAINS_SHOWN: Final = 5
_DECLARED: Final = {
    "party_organization": ("依托", "依托"),
    "party_work": ("依托、岗位", "依托 and 岗位"),
    "alliance_enterprise": ("联盟成员", "联盟成员"),
    "alliance_chain": ("联盟覆盖", "联盟覆盖"),
}


def named_tables(
    graph: ChainGraph,
    states: Mapping[str, States],
    double_gap: npt.NDArray[np.bool_],
    over: Covered,
) -> dict[str, pd.DataFrame]:
    """Return every table of names.

    Args:
        graph: The graph.
        states: State of every enterprise, or chain, by measure.
        double_gap: Which enterprises have neither organization nor work.
        over: What `alliance_chain` says of every chain.
    """
    firms, chains = _enterprises(graph), _chains(graph)
    lists = []
    for measure, state in states.items():
        known = chains if measure == "alliance_chain" else firms
        lists.append(_because(known[state == NOT_COVERED], measure))
    state = states["alliance_chain"]
    functional = over.through["仅功能性党支部"] & (state == COVERED)
    both = _because(firms[double_gap], "party_work").drop(columns="measure")
    return {
        "double_gap": _ordered(both),
        "uncovered": _ordered(pd.concat(lists, ignore_index=True)),
        "partners": partners(graph),
        "functional_chains": _told(
            chains[functional],
            "只有功能性党支部覆盖，没有联盟或党委。",
            "Covered by a functional branch only, by no alliance or committee.",
        ),
        "not_reported_chains": _told(
            chains[state == NOT_REPORTED],
            "没有联盟覆盖的记录，联盟覆盖也未声明填全。",
            "No alliance on record, and 联盟覆盖 is not declared complete.",
        ),
    }


def _enterprises(graph: ChainGraph) -> pd.DataFrame:
    table = graph.nodes["Enterprise"]
    members = chain_members(graph)
    labels = pd.Series(chain_labels(graph)[members["chain"].to_numpy()], dtype="str")
    chain = joined(members["firm"].to_numpy(), labels, len(table), limit=_CHAINS_SHOWN)
    return pd.DataFrame(
        {
            "name": table["name"],
            "id": table["id"],
            "region": graph.names(graph.target("LOCATED_IN", "Enterprise")).fillna(""),
            "chain": chain,
            "status": written(table["party_status"]),
            "evidence": places(table),
        }
    )


def _chains(graph: ChainGraph) -> pd.DataFrame:
    table = graph.nodes["Chain"]
    labels = pd.Series(chain_labels(graph), dtype="str")
    return pd.DataFrame(
        {
            "name": labels,
            "id": table["id"],
            "region": graph.names(graph.target("LOCATED_IN", "Chain")).fillna(""),
            "chain": labels,
            "status": "",
            "evidence": places(table),
        }
    )


def _because(named: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Say why each is not covered: its own words, or a sheet declared complete."""
    zh, en = _DECLARED[measure]
    by_word = (measure == "party_organization") & named["status"].isin(["无", "派驻指导员"])
    by_word |= (measure == "party_work") & (named["status"] == "无")
    says = "党组织情况填报为“" + named["status"] + "”"
    says_en = "党组织情况 says " + named["status"]
    silent = f"{zh}已声明填全而没有记录。"
    silent_en = f"{en} declared complete, and nothing on record."
    if measure == "party_organization":
        silent = f"{zh}已声明填全而没有记录，或只派驻了指导员。"
        silent_en = f"{en} declared complete and nothing on record, or only an instructor sent."
    return named.drop(columns="status").assign(
        measure=measure,
        reason=(says + "。").where(by_word, silent),
        reason_en=(says_en + ".").where(by_word, silent_en),
    )


def _told(named: pd.DataFrame, zh: str, en: str) -> pd.DataFrame:
    return _ordered(named.drop(columns="status").assign(reason=zh, reason_en=en))


def _ordered(named: pd.DataFrame) -> pd.DataFrame:
    keys = [key for key in ("measure", "name", "id") if key in named]
    return named.sort_values(keys, kind="stable").reset_index(drop=True)
