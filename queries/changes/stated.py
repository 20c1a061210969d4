"""Stated figures of both loads, beside what is computed, with conflicts."""

from typing import Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph
from queries.evidence import facts

_KEYS: Final = ["subject_id", "metric", "moment"]


def stated(now: ChainGraph, then: ChainGraph | None, computed: pd.DataFrame) -> pd.DataFrame:
    """Return the stated figures, those that changed or conflict first.

    Two figures conflict if they speak of the same subject, metric and date or period and differ;
    undated ones are never held against each other.

    Args:
        now: This month's data.
        then: Those of the month before, or None.
        computed: Table `asserted` of `queries.coverage`, whose results stand beside.
    """
    here = _read(now)
    if then is None:
        table = here.assign(state=pd.Series(None, index=here.index, dtype="str"))
    else:
        there = _read(then)
        same = [*_KEYS, "subject", "verbatim", "value", "unit", "citation"]
        both = here.assign(mine=True).merge(
            there[same].drop_duplicates().assign(theirs=True), on=same, how="outer"
        )
        state = np.select([both["mine"].isna(), both["theirs"].isna()], ["gone", "new"], "both")
        table = both.assign(state=state, evidence=both["evidence"].fillna("上月数据"))
    table = table.assign(**_beside(table, computed))
    return _told(table.reset_index(drop=True))


def _read(graph: ChainGraph) -> pd.DataFrame:
    table = facts(graph)
    period, as_of = table["period"].fillna(""), table["as_of"].fillna("")
    return pd.DataFrame(
        {
            "subject": graph.names(table["subject"].to_numpy()),
            "subject_id": graph.ids(table["subject"].to_numpy()),
            "metric": table["metric"].fillna(""),
            "verbatim": table["verbatim"].fillna(""),
            "value": table["value"],
            "unit": table["unit"].fillna(""),
            "moment": period.where(period.ne(""), as_of),
            "citation": table["citation"].fillna(""),
            "evidence": table["evidence"],
        }
    )


def _beside(table: pd.DataFrame, computed: pd.DataFrame) -> dict[str, pd.Series]:
    """Return what `coverage` computes for the same subject and measure, "" for nothing."""
    keys = ["subject_id", "metric"]
    columns = [*keys, "computed", "computed_en"]
    known = computed[columns].drop_duplicates(keys)
    found = table[keys].merge(known, on=keys, how="left")
    return {name: found[name].fillna("") for name in columns[2:]}


def _told(table: pd.DataFrame) -> pd.DataFrame:
    dated = table["moment"].ne("") & table["value"].notna()
    values = table[dated].groupby(_KEYS)["value"].transform("nunique")
    conflict = values.reindex(table.index).gt(1)
    several = table.groupby(["subject_id", "metric"])["moment"].transform("nunique").gt(1)
    zh = pd.Series("有日期的公开数据，不与计算结果合并", index=table.index, dtype="str")
    en = pd.Series(
        "A stated figure, never merged with the computed", index=table.index, dtype="str"
    )
    zh += pd.Series("；同一主体、指标、日期另有不同数值", index=table.index).where(conflict, "")
    en += pd.Series("; another value for the same date", index=table.index).where(conflict, "")
    side = several & ~conflict
    zh += pd.Series("；另有其他日期的数值，并列，不相加", index=table.index).where(side, "")
    en += pd.Series("; other dates stand beside, never added", index=table.index).where(side, "")
    rank = table["state"].map({"new": 0, "gone": 1, "both": 2}).fillna(0)
    found = table.assign(conflict=conflict, reason=zh + "。", reason_en=en + ".", rank=rank)
    order = ["conflict", "rank", "subject", "metric", "moment", "verbatim"]
    ascending = [False, True, True, True, True, True]
    return found.sort_values(order, ascending=ascending, kind="stable").reset_index(drop=True)
