"""The tables beside the rows of `gaps`: diagnosis of each chain, tally of states, candidates."""

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes
from queries.gaps.states import STATES, GapParams, Judged
from queries.segments import Placement, Template


def chain_identity(graph: ChainGraph, template: Template, chains: Codes) -> pd.DataFrame:
    """Return `chain_id`, `chain` and `region` (the one asked about) of chains given by row."""
    codes = chains + graph.offsets["Chain"]
    return pd.DataFrame(
        {
            "chain_id": graph.ids(codes),
            "chain": graph.names(codes),
            "region": graph.names(template.reach.regions[chains]),
        }
    )


def diagnosis(
    graph: ChainGraph, params: GapParams, template: Template, judged: Judged
) -> pd.DataFrame:
    """Return whether each chain with segments is 聚集不聚合."""
    table = judged.chains
    identity = chain_identity(graph, template, table["chain"].to_numpy(np.int64))
    least, limit = params.clustered_pairs, params.unlinked_share
    zh, en = [], []
    for code, occupied, reported, unlinked in table[
        ["diagnosis", "occupied", "reported", "unlinked"]
    ].itertuples(index=False):
        counts = (
            f"{occupied}对相邻环节都有企业，{reported}对填报了供应关系，其中{unlinked}对没有联系"
        )
        counted = (
            f"{occupied} adjacent pairs have firms, {reported} of them report supply, "
            f"{unlinked} of these have no link"
        )
        if code == "clustered_unlinked":
            zh.append(f"{counts}，超过{limit:.0%}：聚集不聚合，各环节不再单列断链·缺联。")
            en.append(f"{counted}, more than {limit:.0%}: clustered, not linked.")
        elif code == "not_reported":
            zh.append(f"{counts}；已填报的不足{least}对，不能判断。")
            en.append(f"{counted}: fewer than {least} are reported, so it cannot be said.")
        else:
            needed = f"，不足{least}对" if reported < least else f"，未超过{limit:.0%}"
            zh.append(f"{counts}{needed}：未见聚集不聚合。")
            en.append(f"{counted}: not clustered without links.")
    return identity.assign(
        diagnosis=table["diagnosis"],
        pairs_occupied=table["occupied"].astype("Int64"),
        pairs_reported=table["reported"].astype("Int64"),
        pairs_unlinked=table["unlinked"].astype("Int64"),
        measure="未联相邻环节占比",
        measure_en="share of adjacent pairs without a link",
        value=table["share"].astype("float64"),
        threshold=float(limit),
        reason=pd.Series(zh, dtype="str"),
        reason_en=pd.Series(en, dtype="str"),
    )


def tally(
    graph: ChainGraph, template: Template, placement: Placement, judged: Judged
) -> pd.DataFrame:
    """Return how many segments of each chain have each state."""
    chains = np.unique(template.chains)
    size = max(len(graph.nodes["Chain"]), 1)
    table = chain_identity(graph, template, chains)
    members = placement.members
    table["members"] = np.bincount(members["chain"], minlength=size)[chains]
    placed = members.loc[members["placed"], "chain"]
    table["placed"] = np.bincount(placed, minlength=size)[chains]
    table["segments"] = np.bincount(template.chains, minlength=size)[chains]
    for code in STATES:
        held = template.chains[judged.state == code]
        table[code] = np.bincount(held, minlength=size)[chains]
    return table


def candidate_rows(
    graph: ChainGraph, template: Template, offers: pd.DataFrame, order: Codes
) -> pd.DataFrame:
    """Return the candidates in the order of the rows that they belong to."""
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    leaf = offers["leaf"].to_numpy(np.int64)
    sequence = np.argsort(place[leaf], kind="stable")
    offers, leaf = offers.iloc[sequence], leaf[sequence]
    segment = template.segments[leaf] + graph.offsets["Segment"]
    identity = chain_identity(graph, template, template.chains[leaf]).drop(columns="region")
    code = offers["code"].to_numpy(np.int64)
    return identity.assign(
        segment_id=graph.ids(segment),
        segment=graph.names(segment),
        kind=offers["kind"].to_numpy(object),
        id=graph.ids(code),
        name=graph.names(code),
        candidate_region=offers["region"].to_numpy(object),
        cure=offers["cure"].to_numpy(np.float64),
        value=offers["value"].to_numpy(np.float64),
        detail=offers["detail"].to_numpy(object),
        detail_en=offers["detail_en"].to_numpy(object),
    )
