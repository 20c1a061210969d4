"""政策兑现清单: which policies suit which enterprise, who applied and who was paid.

A policy is not a rival good: it is never assigned, every enterprise that fits is listed.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask
from graphmodel.scope import declared_for_enterprises
from queries.evidence import places
from queries.needs.fit import MET, NOT, UNKNOWN, Levels, Offers, overall
from queries.needs.register import text_of

if TYPE_CHECKING:
    from queries.needs import NeedParams

_CHUNK = 4_000_000


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Listed:
    """The tables, and how many rows of fitting enterprises are counted only."""

    rows: pd.DataFrame
    counts: pd.DataFrame
    left_out: int


def claims(graph: ChainGraph, params: "NeedParams", firms: Mask, suits: Offers) -> Listed:
    """Return every claim on record, and the enterprises that fit a valid policy without one."""
    asked = np.flatnonzero(firms)
    made = _made(graph, firms)
    resources = graph.nodes["Resource"]
    claimed = np.zeros(len(resources), dtype=bool)
    claimed[made["policy"].to_numpy(np.int64)] = True
    policies = np.flatnonzero((resources["type"] == "政策").to_numpy(bool) | claimed)
    counts, open_, left_out = _reach(graph, params, asked, policies, suits, made)
    pairs = pd.concat([made, open_], ignore_index=True)
    rows = _written(graph, pairs, suits)
    return Listed(rows=rows, counts=counts, left_out=left_out)


def _made(graph: ChainGraph, firms: Mask) -> pd.DataFrame:
    edges = graph.edges["CLAIMS"]
    found = pd.DataFrame(
        {
            "firm": graph.rows("Enterprise", edges["source"].to_numpy()),
            "policy": graph.rows("Resource", edges["target"].to_numpy()),
            "applied_on": edges["applied"].fillna(""),
            "paid_on": edges["paid"].fillna(""),
            "amount": edges["amount"],
            "where": places(edges),
        }
    )
    kept = (found["firm"] >= 0) & (found["policy"] >= 0)
    found = found[kept]
    found = found[firms[found["firm"].to_numpy()]]
    asked: pd.DataFrame = found.assign(made=True)
    return asked


def _reach(
    graph: ChainGraph, params: "NeedParams", asked: Codes, policies: Codes, suits: Offers,
    made: pd.DataFrame,
) -> tuple[pd.DataFrame, pd.DataFrame, int]:  # fmt: skip
    """Return the counts of each policy, the fitting pairs without a claim, and those left out."""
    sorts, sort = suits.alike(policies)
    met, unknown = np.zeros((2, len(sorts)), dtype=np.int64)
    step = max(1, _CHUNK // max(len(asked), 1))
    for start in range(0, len(sorts), step):
        level = _fits(suits, asked, sorts[start : start + step])
        met[start : start + step] = (level == MET).sum(axis=0)
        unknown[start : start + step] = (level == UNKNOWN).sum(axis=0)
    silent = met[sort] - _fit_and_made(suits, made, policies)
    counts = _counts(graph, policies, suits, made).assign(
        fitting=met[sort], unknown=unknown[sort],
        not_applied=pd.Series(silent, dtype="Int64").where(suits.valid[policies]),
    )  # fmt: skip
    silent = np.where(suits.valid[policies], silent, 0)
    before = np.cumsum(silent) - silent
    shown = policies[(silent > 0) & (before < params.policy_rows)]
    open_ = _unclaimed(graph, suits, asked, shown, made).iloc[: params.policy_rows]
    return counts, open_, max(int(silent.sum()) - params.policy_rows, 0)


def _unclaimed(
    graph: ChainGraph, suits: Offers, asked: Codes, policies: Codes, made: pd.DataFrame
) -> pd.DataFrame:
    """Return the pairs of an enterprise and a policy that it fits and has not claimed."""
    size = len(graph.nodes["Resource"])
    key = made["firm"].to_numpy(np.int64) * size + made["policy"].to_numpy(np.int64)
    pairs = [(asked[:0], policies[:0])]
    step = max(1, _CHUNK // max(len(asked), 1))
    for start in range(0, len(policies), step):
        part = policies[start : start + step]
        column, row = np.nonzero(_fits(suits, asked, part).T == MET)
        firm, policy = asked[row], part[column]
        free = ~np.isin(firm * size + policy, key)
        pairs.append((firm[free], policy[free]))
    firm, policy = (np.concatenate(side) for side in zip(*pairs, strict=True))
    return pd.DataFrame({"firm": firm, "policy": policy, "made": False, "applied_on": "",
                         "paid_on": "", "amount": np.nan, "where": ""})  # fmt: skip


def _fits(suits: Offers, firms: Codes, policies: Codes) -> Levels:
    return overall(*suits.levels(firms, policies))


def _fit_and_made(suits: Offers, made: pd.DataFrame, policies: Codes) -> Codes:
    """How many enterprises both fit each policy and claimed it."""
    pairs = made[["firm", "policy"]].drop_duplicates()
    level = overall(*suits.pairwise(pairs["firm"].to_numpy(), pairs["policy"].to_numpy()))
    met = pairs.loc[level == MET, "policy"]
    number = met.value_counts().reindex(policies).fillna(0)
    return np.asarray(number, dtype=np.int64)


def _counts(graph: ChainGraph, policies: Codes, suits: Offers, made: pd.DataFrame) -> pd.DataFrame:
    resources = graph.nodes["Resource"]
    by_policy = made.groupby("policy")
    paid = made[made["paid_on"] != ""].groupby("policy")["firm"].nunique()
    offered = graph.names(graph.target("OFFERED_BY", "Resource")).fillna("")
    return pd.DataFrame(
        {
            "policy": resources["name"].to_numpy(dtype=object)[policies],
            "policy_id": resources["id"].to_numpy(dtype=object)[policies],
            "valid": suits.valid[policies],
            "applied": _of(by_policy["firm"].nunique(), policies),
            "paid": _of(paid, policies),
            "amount": by_policy["amount"].sum(min_count=1).reindex(policies).to_numpy(),
            "responsible": offered.to_numpy(dtype=object)[policies],
        }
    )


def _of(counts: "pd.Series[int]", policies: Codes) -> Codes:
    return np.asarray(counts.reindex(policies).fillna(0), dtype=np.int64)


def _written(graph: ChainGraph, pairs: pd.DataFrame, suits: Offers) -> pd.DataFrame:
    firms, resources = graph.nodes["Enterprise"], graph.nodes["Resource"]
    firm, policy = pairs["firm"].to_numpy(np.int64), pairs["policy"].to_numpy(np.int64)
    made = pairs["made"].to_numpy(bool)
    silent = declared_for_enterprises(graph, "政策兑现")[firm]
    level = overall(*suits.pairwise(firm, policy))
    offered = graph.names(graph.target("OFFERED_BY", "Resource"))
    paid = (pairs["paid_on"] != "").to_numpy(bool)
    rows = pd.DataFrame(
        {
            "enterprise": text_of(firms["name"], firm),
            "enterprise_id": text_of(firms["id"], firm),
            "policy": text_of(resources["name"], policy),
            "policy_id": text_of(resources["id"], policy),
            "fits": pd.Series(np.select([level == MET, level == NOT], ["yes", "no"], "unknown")),
            "applied": pd.Series(made, dtype="boolean").mask(~made & ~silent),
            "applied_on": pairs["applied_on"],
            "paid": pd.Series(paid, dtype="boolean").mask(~made & ~silent),
            "paid_on": pairs["paid_on"],
            "amount": pairs["amount"],
            "responsible": text_of(offered, policy),
        }
    )
    rows = rows.assign(**_reasons(pairs, level, suits.valid[policy]))
    own = pd.Series(places(resources).to_numpy(dtype=object)[policy], dtype="str")
    rows["evidence"] = pairs["where"].where(made, own)
    place = np.where(made, np.where(paid, 2, 1), 0)
    keys = rows.assign(place=place)
    order = keys.sort_values(["place", "policy_id", "enterprise_id"], kind="stable").index
    return rows.loc[order]


def _reasons(pairs: pd.DataFrame, level: Levels, valid: Mask) -> "dict[str, pd.Series[str]]":
    """Say whether the terms are met, and what is on record."""
    zh = np.select(
        [level == MET, level == NOT],
        ["地区、产业链和条件都符合", "地区、产业链或条件不符合"],
        "地区、产业链或条件有一项未填报，须核对",
    )
    en = np.select(
        [level == MET, level == NOT],
        ["Region, chain and conditions are met", "Region, chain or conditions are not met"],
        "Region, chain or a condition is not reported and is to be verified",
    )
    made = pairs["made"].to_numpy(bool)
    paid = (pairs["paid_on"] != "").to_numpy(bool)
    then = np.select([made & paid, made], ["已兑现", "已申报，未见兑现日期"], "没有申报记录")
    then_en = np.select(
        [made & paid, made], ["paid", "applied for, no date of payment"], "no claim on record"
    )
    gone = np.where(valid, "", "（政策不在有效期内）")
    gone_en = np.where(valid, "", " (not valid on the day)")
    columns = {
        "reason": (zh, "；", then, gone, "。"),
        "reason_en": (en, "; ", then_en, gone_en, "."),
    }
    result: dict[str, pd.Series[str]] = {}
    for name, parts in columns.items():
        text = pd.Series("", index=pairs.index, dtype="str")
        for part in parts:
            text = text + (
                part if isinstance(part, str) else pd.Series(part, index=pairs.index, dtype="str")
            )
        result[name] = text
    return result
