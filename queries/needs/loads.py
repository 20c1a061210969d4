"""Counts of needs by type, age and department; actions without a need, resources without use."""

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph
from queries.columns import written
from queries.evidence import joined, places
from queries.needs.fit import Offers
from queries.needs.register import ALL, Register

if TYPE_CHECKING:
    from queries.needs.proposals import Proposals

AGES: Final = (30, 90, 180, 365)
"""Upper ends of the classes of days open; the last class is open."""


def counted(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return the needs of each group, by state."""
    flags = rows[keys].assign(
        needs=1,
        open=(rows["state"] != "closed").astype("int64"),
        **{
            name: (rows["state"] == name).astype("int64")
            for name in ("overdue", "unmatched", "closed")
        },
    )
    result: pd.DataFrame = flags.groupby(keys, as_index=False).sum()
    return result


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the counts by 类型 and 类别; problems and needs are never added together."""
    keys = ["type", "category"]
    asking = rows["asking"].astype(bool)
    found = rows["proposed_id"] != ""
    more = rows[keys].assign(
        proposed=(asking & found).astype("int64"), none_fits=(asking & ~found).astype("int64")
    )
    took = rows[keys].assign(days=rows["days_to_close"].astype("float64"))
    mean = took.groupby(keys)["days"].mean().round(1).rename("mean_days_to_close")
    both = counted(rows, keys).merge(more.groupby(keys, as_index=False).sum(), on=keys)
    return both.merge(mean.reset_index(), on=keys)


def ageing(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the open needs by 类型 and days open."""
    days = rows["days_open"].astype("float64").to_numpy()
    known = ~np.isnan(days)
    place = np.where(known, np.searchsorted(AGES, np.where(known, days, 0)), len(AGES) + 1)
    starts = (0, *(age + 1 for age in AGES))
    labels = [f"{start}–{end}天" for start, end in zip(starts, AGES, strict=False)]
    labels += [f"{AGES[-1]}天以上", "提出日期未填报"]
    labels_en = [f"{start}–{end} days" for start, end in zip(starts, AGES, strict=False)]
    labels_en += [f"more than {AGES[-1]} days", "date raised not reported"]
    table = counted(rows.assign(place=place)[rows["state"] != "closed"], ["type", "place"])
    at = table["place"].to_numpy(np.int64)
    return table.assign(
        age=np.array(labels, dtype=object)[at], age_en=np.array(labels_en, dtype=object)[at]
    )


def departments(graph: ChainGraph, rows: pd.DataFrame, known: Register) -> pd.DataFrame:
    """Return the needs and actions of each 责任部门; "" is 未填报."""
    took = rows[["responsible"]].assign(days=rows["days_to_close"].astype("float64"))
    mean = took.groupby("responsible")["days"].mean().round(1).rename("mean_days_to_close")
    owners = graph.names(graph.nodes["Action"]["responsible"].to_numpy()).fillna("")
    actions = owners[_of_asked(graph, known)].value_counts().rename("actions")
    table = counted(rows, ["responsible"]).merge(
        actions, left_on="responsible", right_index=True, how="outer"
    )
    table = table.merge(mean.reset_index(), on="responsible", how="left")
    numbers = ["needs", "open", "overdue", "unmatched", "closed", "actions"]
    table[numbers] = table[numbers].fillna(0).astype("int64")
    table["responsible"] = table["responsible"].where(table["responsible"] != "", "未填报")
    order = ["open", "needs", "responsible"]
    return table.sort_values(order, ascending=[False, False, True], kind="stable")


def _of_asked(graph: ChainGraph, known: Register) -> np.ndarray:
    """Which actions address a need asked about, or none at all."""
    edges = graph.edges["ADDRESSES"]
    asked = np.isin(graph.rows("Need", edges["target"].to_numpy()), known.table["need"])
    action = graph.rows("Action", edges["source"].to_numpy())
    size = len(graph.nodes["Action"])
    bound = np.bincount(action, minlength=size) > 0
    return (np.bincount(action[asked], minlength=size) > 0) | ~bound


def actions_without_need(graph: ChainGraph) -> pd.DataFrame:
    """Return the actions that no need asked for: 无需求依据."""
    table = graph.nodes["Action"]
    size = len(table)
    bound = np.zeros(size, dtype=bool)
    bound[graph.rows("Action", graph.edges["ADDRESSES"]["source"].to_numpy())] = True
    uses = graph.edges["USES"]
    action = graph.rows("Action", uses["source"].to_numpy())
    resource_id = joined(action, graph.ids(uses["target"].to_numpy()), size, limit=ALL)
    return pd.DataFrame(
        {
            "action_id": table["id"],
            "action": table["name"],
            "responsible": graph.names(table["responsible"].to_numpy()).fillna(""),
            "resource_id": resource_id,
            "start": table["start"].fillna(""),
            "end": table["end"].fillna(""),
            "status": table["status"].fillna(""),
            "reason": "行动项目清单没有写对应需求：无需求依据。",
            "reason_en": "The action names no need: nothing asked for it.",
            "evidence": places(table),
        }
    )[~bound].sort_values("action_id", kind="stable")


def unused_resources(
    graph: ChainGraph, known: Register, found: "Proposals", suits: Offers
) -> pd.DataFrame:
    """Return the resources that no action uses and nobody has claimed."""
    table = graph.nodes["Resource"]
    size = len(table)
    used = np.zeros(size, dtype=bool)
    used[known.uses["resource"].to_numpy(np.int64)] = True
    claimed = graph.rows("Resource", graph.edges["CLAIMS"]["target"].to_numpy())
    used[claimed[claimed >= 0]] = True
    row = found.rows["resource"].to_numpy()
    proposed = np.bincount(row[row >= 0], minlength=size)
    limited = table["capacity"].notna()
    could = pd.Series(proposed).astype("str")
    zh = ("没有行动项目使用，也没有申报；可建议给" + could + "条未办结需求。").where(
        proposed > 0, "没有行动项目使用，也没有申报；未分配给任何需求。"
    )
    en = ("Neither used nor claimed; proposed to " + could + " open needs.").where(
        proposed > 0, "Neither used nor claimed, and not proposed to any need."
    )
    zh = zh.where(suits.valid, "没有行动项目使用，也没有申报；不在有效期内。")
    en = en.where(suits.valid, "Neither used nor claimed; not valid on the day.")
    zh = zh.where(limited | ~suits.valid, "没有行动项目使用，也没有申报；没有写容量，不参与分配。")
    en = en.where(limited | ~suits.valid, "Neither used nor claimed; no capacity, so not assigned.")
    rows = pd.DataFrame(
        {
            "resource_id": table["id"],
            "resource": table["name"],
            "category": written(table["category"]),
            "resource_type": written(table["type"]),
            "provider": graph.names(graph.target("OFFERED_BY", "Resource")).fillna(""),
            "capacity": table["capacity"],
            "valid_to": table["valid_to"].fillna(""),
            "valid": suits.valid,
            "proposed": proposed,
            "reason": zh,
            "reason_en": en,
            "evidence": places(table),
        }
    )[~used]
    return rows.sort_values(["valid", "resource_id"], ascending=[False, True], kind="stable")
