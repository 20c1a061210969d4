"""Stated figures about needs and services, a joint one once, with what each comes to per firm."""

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph
from queries.evidence import facts

if TYPE_CHECKING:
    from queries.needs import NeedParams

SPEAKS: Final = r"需求|问题|诉求|走访|惠企|服务次数|服务项目|服务事项|助企服务|专员|政策兑现|办结"
"""指标 of the stated figures that concern needs, visits and services."""

_FIRMS: Final = r"^(?:走访|服务|联系|惠及|龙头|重点|配套|链上|规上|和|、)*企业(?:数|家数)?$"
_STAFF: Final = r"^工作人员(?:数)?$"
_PER_FIRM: Final = r"需求$|问题及需求|服务次数|服务项目|走访次数|惠企服务"


def asserted(graph: ChainGraph, params: "NeedParams") -> pd.DataFrame:
    """Return the stated figures, each once with all its subjects.

    A figure of needs or services is divided by the number of firms (走访链上企业, 服务企业 …) that
    the same source states for the same subjects and period: 17,469 / 28,283 = 0.62. Likewise a
    number of firms by the staff (工作人员) sent to them: 834 / 475 = 1.76.
    """
    table = facts(graph)
    metric = table["metric"].fillna("")
    inside = _inside(graph, params, table["subject"].to_numpy())
    about = metric.str.contains(SPEAKS, regex=True) & inside
    base = metric.str.contains(f"{_FIRMS}|{_STAFF}", regex=True) & inside
    named = table.assign(name=graph.names(table["subject"].to_numpy()).fillna(""))
    joint = _joint(named[about | base])
    wanted = joint["metric"].str.contains(SPEAKS, regex=True)
    return _ratios(joint, wanted)


def _inside(graph: ChainGraph, params: "NeedParams", subjects: np.ndarray) -> "pd.Series[bool]":
    kept = np.ones(len(subjects), dtype=bool)
    if params.region:
        region = graph.find("Region", params.region)
        own = np.where(graph.is_kind(subjects, "Region"), subjects, -1)
        kept &= graph.lies_within(own, region)
    if params.chain:
        kept &= subjects == graph.find("Chain", params.chain)
    return pd.Series(kept, dtype="bool")


def _joint(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per figure: its subjects joined."""
    keys = ["metric", "value", "unit", "text", "period", "as_of", "citation", "evidence"]
    plain = table.assign(**{key: table[key].fillna("") for key in keys if key != "value"})
    ordered = plain.sort_values([*keys, "name"])
    grouped = ordered.groupby(keys, dropna=False, as_index=False)
    found = grouped.agg(subjects=("name", "、".join), joint=("name", lambda n: len(n) > 1))
    result: pd.DataFrame = found
    return result


def _ratios(joint: pd.DataFrame, wanted: "pd.Series[bool]") -> pd.DataFrame:
    rows = joint.assign(ratio=np.nan, how="")
    for over, under in ((_PER_FIRM, _FIRMS), (_FIRMS, _STAFF)):
        rows = _divided(rows, over, under)
    rows = rows[wanted | (rows["how"] != "")]
    rows["ratio_note"] = ("换算：" + rows["how"]).where(rows["how"] != "", "")
    rows["ratio_note_en"] = ("worked out: " + rows["how"]).where(rows["how"] != "", "")
    return rows.sort_values(["subjects", "metric", "evidence"], kind="stable")


def _divided(rows: pd.DataFrame, over: str, under: str) -> pd.DataFrame:
    """Divide the figures called `over` by the only one called `under` of the same subjects."""
    keys = ["subjects", "citation", "period", "as_of"]
    base = rows[rows["metric"].str.contains(under, regex=True) & (rows["value"] > 0)]
    base = base.drop_duplicates(keys, keep=False)[[*keys, "metric", "value"]]
    both = rows[keys].merge(base, on=keys, how="left").set_axis(rows.index)
    some = rows["metric"].str.contains(over, regex=True) & both["value"].notna()
    some &= rows["value"].notna()
    how = rows["metric"] + "÷" + both["metric"].fillna("")
    how = how + " " + _whole(rows["value"]) + "/" + _whole(both["value"])
    ratio = (rows["value"] / both["value"]).round(4)
    return rows.assign(ratio=rows["ratio"].where(~some, ratio), how=rows["how"].where(~some, how))


def _whole(column: "pd.Series[float]") -> "pd.Series[str]":
    return column.astype("str").fillna("").str.removesuffix(".0")
