"""Stated figures about coverage, beside what is computed for the same subject."""

from typing import Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph
from graphmodel.kinds import NODE_KINDS
from queries.evidence import facts

SPEAKS_OF: Final = (
    ("party_work", r"工作覆盖|party work"),
    ("party_organization", r"组织覆盖|party organi[sz]ation coverage"),
    (
        "alliance_chain",
        r"(?:产业)?链.*(?:联盟|党委|党支部|覆盖)|联盟或党委|alliances? (?:over|of) chains",
    ),
    ("alliance_enterprise", r"联盟覆盖|覆盖企业|吸纳企业|带动.*企业|纳入.*企业|alliance coverage"),
    ("", r"党组织|党委|党支部|党小组|行动支部|联盟|指导员|专员|联络员"),
)
"""Which measure a stated figure speaks of, by its 指标; "" = of the subject, of no one measure."""

SUBJECTS: Final = ("Region", "Chain", "Alliance", "Cluster")


def coverage_facts(graph: ChainGraph) -> pd.DataFrame:
    """Return the stated figures that speak of coverage, with the `measure` each speaks of."""
    table = facts(graph)
    metric = table["metric"].fillna("")
    measure = pd.Series(None, index=table.index, dtype=object)
    for name, pattern in reversed(SPEAKS_OF):
        measure = measure.mask(metric.str.contains(pattern, case=False, regex=True), name)
    kept = measure.notna() & table["subject_kind"].isin(SUBJECTS)
    found = table.assign(measure=measure)[kept]
    order = ["subject_kind", "subject", "metric", "evidence", "text"]
    return found.sort_values(order, kind="stable").reset_index(drop=True)


def asserted_table(
    graph: ChainGraph, stated: pd.DataFrame, rows: pd.DataFrame, partners: pd.DataFrame
) -> pd.DataFrame:
    """Return each stated figure with the computed one of the same subject and measure beside it."""
    keys = ["subject", "measure"]
    computed = rows[rows["by"].isin(["region", "chain"]) & (rows["subject"] >= 0)]
    computed = computed.drop_duplicates(keys).set_index(keys)[["reason", "reason_en"]]
    beside = computed.reindex(pd.MultiIndex.from_frame(stated[keys])).reset_index(drop=True)
    codes = stated["subject"].to_numpy()
    ids = graph.ids(codes).fillna("")
    listed = partners.set_index("alliance_id")["members"].reindex(ids).to_numpy()
    alliance = (stated["subject_kind"] == "Alliance").to_numpy() & ~np.isnan(listed)
    number = pd.Series(listed).fillna(0).astype("int64").astype("str")
    kinds = stated["subject_kind"]
    return stated.drop(columns=["subject", "subject_kind", "shared", "text"]).assign(
        subject=graph.names(codes),
        subject_id=ids,
        subject_kind=kinds.map({name: kind.zh for name, kind in NODE_KINDS.items()}),
        subject_kind_en=kinds.map({name: kind.en for name, kind in NODE_KINDS.items()}),
        computed=("名单所列成员 " + number + " 家").where(alliance, beside["reason"].fillna("")),
        computed_en=(number + " members listed").where(alliance, beside["reason_en"].fillna("")),
    )
