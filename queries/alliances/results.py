"""成效台账: what alliances achieved, as stated and as computed, joint results once."""

from typing import Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask
from queries.alliances.periods import ended, shown
from queries.alliances.ties import densities
from queries.columns import written
from queries.evidence import places

METRICS: Final = {
    "savings": r"降本|增效",
    "research": r"产学研",
    "credit": r"授信",
    "finance": r"融资|贷款|股权",
    "orders": r"订单",
    "solved": r"解决|问题",
    "services": r"服务",
}
"""Which column a stated figure (指标) belongs to, by its name; the first that fits."""

_MONEY: Final = ("savings", "credit", "finance", "orders")
_FACTORS: Final = {"元": 1e-4, "万元": 1.0, "亿元": 1e4}
_PAID: Final = ("贷款", "股权")
_NOT_YET: Final = r"意向|在谈|申请|待|拟"
"""阶段 of financing that has not happened yet."""

COLUMNS: Final = (*METRICS, "density", "density_outside")


def results(graph: ChainGraph, kept: Mask, day: np.datetime64) -> pd.DataFrame:
    """Return the ledger of results of the alliances `kept`.

    One row per alliance, period, date and source of stated figures (口径 自报); a figure with
    several subjects is one row of its own with all of them (口径 联合自报), never one for each; and
    one row per alliance of what is computed from 融资, 订单, 配套合作 and 供应关系 (口径 计算).

    Returns:
        `alliance`, `period`, `basis` and `basis_en`, `joint`, the columns of `COLUMNS` (money in
        万元), `stated` (the words), `reason`, `reason_en`, `evidence`.
    """
    table = pd.concat([_stated(graph, kept), _computed(graph, kept, day)], ignore_index=True)
    order = ["joint", "alliance", "basis", "period", "evidence"]
    return table.sort_values(order, kind="stable").reset_index(drop=True)


def _stated(graph: ChainGraph, kept: Mask) -> pd.DataFrame:
    """Return the stated figures about alliances, one row per set of subjects, period and source.

    A statement without a number is no result and is left to other tables.
    """
    about = graph.edges["ABOUT"]
    pairs = pd.DataFrame(
        {
            "fact": graph.rows("Fact", about["source"].to_numpy()),
            "alliance": graph.rows("Alliance", about["target"].to_numpy()),
            "name": graph.names(about["target"].to_numpy()),
        }
    )
    pairs = pairs[pairs["fact"] >= 0].sort_values(["fact", "name"])
    ours = pairs["alliance"].ge(0) & np.append(kept, [False])[pairs["alliance"].to_numpy(np.int64)]
    pairs = pairs[pairs["fact"].isin(pairs.loc[ours, "fact"])]
    grouped = pairs.groupby("fact")["name"]
    subjects = pd.DataFrame({"alliance": grouped.agg("、".join), "number": grouped.size()})
    facts = graph.nodes["Fact"].iloc[subjects.index.to_numpy(np.int64)].reset_index(drop=True)
    facts = facts.assign(
        alliance=subjects["alliance"].to_numpy(),
        joint=subjects["number"].to_numpy() > 1,
        when=_when(facts),
        place=places(facts),
        column=_column(facts["metric"]),
    )
    counted = facts["column"].ne("") & facts["value"].notna()
    return _spread(facts[counted].reset_index(drop=True))


def _column(metric: pd.Series) -> pd.Series:
    found = pd.Series("", index=metric.index, dtype="str")
    for name, pattern in METRICS.items():
        fits = metric.fillna("").str.contains(pattern, regex=True)
        found = found.mask(found.eq("") & fits, name)
    return found


def _when(facts: pd.DataFrame) -> pd.Series:
    """Return the period a figure speaks of: 期间, else 截至日期, else 时间说明."""
    period, as_of = facts["period"].fillna(""), facts["as_of"].fillna("")
    told = facts["time_note"].fillna("")
    until = ("截至" + as_of).where(as_of.ne(""), told)
    return period.where(period.ne(""), until).where(lambda text: text.ne(""), "期间未填报")


def _spread(facts: pd.DataFrame) -> pd.DataFrame:
    """Put the figures of one subject, period and source side by side; never add two of a kind."""
    said = facts["verbatim"].fillna("")
    words = facts["metric"].fillna("") + " " + said.where(said.ne(""), "（无原文）")
    factor = facts["unit"].fillna("").map(_FACTORS).astype("float64")
    money = facts["column"].isin(_MONEY)
    amount = facts["value"].where(~money, facts["value"] * factor)
    keys = ["alliance", "joint", "when", "source"]
    table = facts[["alliance", "joint", "when", "column", "place"]].assign(
        source=facts["citation"].fillna(""), amount=amount, words=words
    )
    table = table.sort_values([*keys, "column", "words", "place"], kind="stable")
    table["turn"] = table.groupby([*keys, "column"]).cumcount()
    keys.append("turn")
    grouped = table.groupby(keys)
    wide = table.pivot_table(index=keys, columns="column", values="amount", dropna=False)
    wide = wide.reindex(grouped.size().index)
    frame = pd.DataFrame({name: wide.get(name) for name in METRICS}, index=wide.index)
    frame = frame.astype("float64").assign(
        stated=grouped["words"].agg("；".join), evidence=grouped["place"].first()
    )
    frame = frame.reset_index().rename(columns={"when": "period"})
    joint = frame["joint"]
    return frame.drop(columns=["source", "turn"]).assign(
        basis=np.where(joint, "联合自报", "自报"),
        basis_en=np.where(joint, "stated jointly", "stated"),
        density=np.nan,
        density_outside=np.nan,
        reason=np.where(
            joint,
            "几个联盟共同的一项成果，只记一次，不分给各联盟。",
            "联盟自报或公开发布，不与计算结果合并。",
        ),
        reason_en=np.where(
            joint,
            "One joint result of several alliances, counted once and given to none alone.",
            "As the alliance or a publication states; not merged with what is computed.",
        ),
    )


def _computed(graph: ChainGraph, kept: Mask, day: np.datetime64) -> pd.DataFrame:
    """Return what follows from 融资, 订单, 配套合作 and 供应关系, one row per alliance."""
    size = len(kept)
    money = graph.edges["FINANCES"]
    happened = ~money["stage"].fillna("").str.contains(_NOT_YET, regex=True).to_numpy()
    method = written(money["method"])
    orders = graph.nodes["Order"]
    inside, outside, pairs = densities(graph)
    frame = pd.DataFrame(
        {
            "alliance": graph.nodes["Alliance"]["name"],
            "finance": _summed(graph, money, happened & np.isin(method, _PAID), size),
            "credit": _summed(graph, money, happened & (method == "授信"), size),
            "orders": _summed(graph, orders, np.ones(len(orders), dtype=bool), size),
            "density": inside,
            "density_outside": outside,
            "evidence": places(graph.nodes["Alliance"]),
        }
    )
    number = pd.Series(pairs).astype("str")
    silent = pd.isna(inside)
    zh = ("成员企业间 " + number + " 对有配套或供应往来").mask(silent, "没有可算的往来")
    en = (number + " pairs of member firms trade or cooperate").mask(
        silent, "No ties that could be computed"
    )
    until = shown(day)
    frame = frame[kept].assign(
        joint=False,
        period="全部记录" + (f"（截至{until}）" if until else ""),
        basis="计算",
        basis_en="computed",
        solved=np.nan,
        services=np.nan,
        research=np.nan,
        savings=np.nan,
        stated="",
        reason=(zh + "；密度高低只是相关，不能说是联盟带来的。授信不计入融资额。")[kept],
        reason_en=(
            en + "; a higher density is an association, not an effect of the alliance. "
            "Credit lines are not added to financing."
        )[kept],
    )
    filled = frame[["finance", "credit", "orders", "density"]].notna().any(axis=1)
    kept_rows: pd.DataFrame = frame[filled]
    return kept_rows


def _summed(graph: ChainGraph, table: pd.DataFrame, counted: Mask, size: int) -> pd.Series:
    """Return the amount (万元) that each alliance brokered; NaN where none is reported."""
    alliance: Codes = graph.rows("Alliance", table["broker"].to_numpy())
    rows = pd.DataFrame({"alliance": alliance, "amount": table["amount"].to_numpy()})
    rows = rows[counted & (alliance >= 0)]
    return rows.groupby("alliance")["amount"].sum(min_count=1).reindex(range(size))


def overdue(chairs: pd.DataFrame, day: np.datetime64) -> Mask:
    """Return which terms were over on `day`."""
    return ended(chairs["end"].replace("", None), day)
