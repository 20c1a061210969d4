"""What firms want to borrow against what they were granted and paid: 融资对接."""

from typing import Final

import numpy as np
import pandas as pd

from graphmodel.dates import day_bounds
from graphmodel.graph import ChainGraph, Codes, Mask
from queries.columns import written
from queries.evidence import joined, places
from queries.segments import Floats, numbers

_NAMED: Final = 3
_INTENT: Final = "意向|洽谈|对接|拟"
_METHODS: Final = {"授信": "credit", "贷款": "loans", "股权": "equity"}


def wants(graph: ChainGraph, asked: Mask) -> pd.DataFrame:
    """Return the open needs of category 资金, firm by firm.

    Returns:
        One row per enterprise that has one, by its row: `need` (Σ 金额 in 万元, NaN where none
        gives it), `needs`, `unstated` (needs without 金额), `since` (first day of the earliest
        提出日期, NaT unknown), `content`, `evidence`.
    """
    table = graph.nodes["Need"]
    firm = graph.rows("Enterprise", graph.target("RAISED_BY", "Need"))
    kept = (written(table["category"]) == "资金") & np.append(asked, False)[firm]
    kept &= table["closed"].isna().to_numpy(dtype=bool)
    rows = pd.DataFrame(
        {
            "firm": firm[kept],
            "amount": numbers(table["amount"])[kept],
            "since": day_bounds(table["raised"])[0][kept],
        }
    )
    grouped = rows.groupby("firm")
    frame = grouped.agg(
        needs=("amount", "size"), stated=("amount", "count"), since=("since", "min")
    ).assign(need=grouped["amount"].sum(min_count=1))
    size = len(graph.nodes["Enterprise"])
    content = joined(firm[kept], table["content"].fillna("")[kept], size, limit=_NAMED)
    where = joined(firm[kept], places(table)[kept], size, limit=_NAMED)
    at = frame.index.to_numpy(np.int64)
    return frame.assign(
        unstated=frame["needs"] - frame["stated"],
        content=content.to_numpy()[at],
        evidence=where.to_numpy()[at],
    ).drop(columns="stated")


def finance(graph: ChainGraph, asked: Mask) -> pd.DataFrame:
    """Return one row per firm with an open funding need or a row in 融资.

    已授信, 已放款 and 股权 are what was granted, paid out or invested on or after the day on which
    the earliest open need was raised (all of it where there is none); 授信 is never added to 放款.
    缺口 = max(0, 融资需求 − 已放款 − 股权), not reported where the need has no 金额. Rows whose
    stage is an intention are no money, but name the institution.
    """
    wanted = wants(graph, asked)
    rows = _granted(graph, asked, wanted)
    firms = np.union1d(wanted.index.to_numpy(np.int64), rows["firm"].to_numpy(np.int64))
    firms = firms.astype(np.int64)
    size = len(graph.nodes["Enterprise"])
    sums = {name: _sum(rows, method, size)[firms] for method, name in _METHODS.items()}
    told = wanted.reindex(firms).reset_index(drop=True)
    paid = np.nan_to_num(sums["loans"]) + np.nan_to_num(sums["equity"])
    gap = np.maximum(told["need"].to_numpy(np.float64) - paid, 0)
    intends = rows[rows["intent"]]
    earlier = rows[~rows["counted"] & ~rows["intent"] & rows["method"].eq("贷款")]
    table = graph.nodes["Enterprise"].iloc[firms]
    alliance = np.append(graph.nodes["Alliance"]["name"].to_numpy(dtype=object), "")
    broker = pd.Series(alliance[rows["broker"].to_numpy(np.int64)], dtype="str")
    evidence = _listed(rows, places(graph.edges["FINANCES"].iloc[rows["row"]]), size)
    frame = pd.DataFrame(
        {
            "firm": firms,
            "enterprise": table["name"].to_numpy(),
            "enterprise_id": table["id"].to_numpy(),
            "need": told["need"].to_numpy(np.float64),
            "needs": told["needs"].fillna(0).astype("int64"),
            "unstated": told["unstated"].fillna(0).astype("int64"),
            "content": told["content"].fillna(""),
            **sums,
            "earlier": _total(earlier, size)[firms],
            "gap": gap,
            "intending": _listed(intends, intends["institution"], size).to_numpy()[firms],
            "alliances": _listed(rows, broker, size).to_numpy()[firms],
            "tutoring": _tutoring(graph, rows).to_numpy()[firms],
            "evidence": (
                told["evidence"].fillna("")
                + pd.Series("；", index=told.index).where(told["needs"].notna(), "")
                + pd.Series(evidence.to_numpy()[firms], dtype="str")
            ).str.strip("；"),
        }
    )
    return _told(frame)


def _granted(graph: ChainGraph, asked: Mask, wanted: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of 融资 for the firms asked about."""
    table = graph.edges["FINANCES"]
    firm = graph.rows("Enterprise", table["target"].to_numpy())
    rows = pd.DataFrame(
        {
            "firm": firm,
            "institution": graph.names(table["source"].to_numpy()).astype("str"),
            "method": written(table["method"]),
            "amount": table["amount"].to_numpy(),
            "date": table["date"].fillna(""),
            "last": day_bounds(table["date"])[1],
            "stage": table["stage"].fillna(""),
            "broker": graph.rows("Alliance", table["broker"].to_numpy()),
            "row": np.arange(len(table)),
        }
    )
    rows = rows[np.append(asked, False)[firm]].reset_index(drop=True)
    since = wanted["since"].reindex(rows["firm"]).to_numpy(dtype="datetime64[D]")
    last = rows["last"].to_numpy(dtype="datetime64[D]")
    intent = rows["stage"].str.contains(_INTENT).to_numpy(dtype=bool)
    after = np.isnat(since) | (last >= since)
    return rows.assign(intent=intent, counted=after & ~intent)


def _sum(rows: pd.DataFrame, method: str, size: int) -> Floats:
    """Return the counted amounts of a method per enterprise, NaN where there is none."""
    return _total(rows[rows["counted"] & rows["method"].eq(method)], size)


def _total(rows: pd.DataFrame, size: int) -> Floats:
    rows = rows[rows["amount"].notna()]
    firm = rows["firm"].to_numpy(np.int64)
    total = np.bincount(firm, rows["amount"].to_numpy(np.float64), minlength=size)
    return np.where(np.bincount(firm, minlength=size) > 0, total, np.nan)


def _listed(rows: pd.DataFrame, texts: "pd.Series[str]", size: int) -> "pd.Series[str]":
    return joined(rows["firm"].to_numpy(np.int64), texts.astype("str"), size, limit=_NAMED)


def _tutoring(graph: ChainGraph, rows: pd.DataFrame) -> "pd.Series[str]":
    """Return the latest stage of 上市辅导 of every enterprise, else its 上市状态."""
    table = graph.nodes["Enterprise"]
    stated = table["listing"].fillna("").reset_index(drop=True)
    own = rows[rows["method"].eq("上市辅导")].sort_values(["firm", "date"], kind="stable")
    own = own.drop_duplicates("firm", keep="last")
    stage = own["stage"].where(own["stage"].ne(""), "上市辅导（阶段未填报）")
    stated.iloc[own["firm"].to_numpy(np.int64)] = stage.to_numpy()
    return stated


def _told(frame: pd.DataFrame) -> pd.DataFrame:
    need = frame["need"].notna()
    state = np.select(
        [
            frame["needs"].to_numpy() == 0, ~need.to_numpy(), frame["gap"].to_numpy() == 0,
            frame["intending"].ne("").to_numpy(dtype=bool), frame["credit"].notna().to_numpy(),
        ],
        ["no_need", "no_amount", "met", "intending", "credited"],
        "open",
    )  # fmt: skip
    amount = frame["need"].round(2).astype("str").str.removesuffix(".0").fillna("")
    gap = frame["gap"].round(2).astype("str").str.removesuffix(".0").fillna("")
    some = frame["needs"] > 0
    zh = ("需求 " + amount + " 万元，扣除提出之后的放款和股权，缺口 " + gap + " 万元").where(
        need, "金额未填报"
    )
    en = (amount + " wanted, " + gap + " lacking after loans and equity since (10k yuan)").where(
        need, "amount not reported"
    )
    silent = frame["unstated"].astype("str")
    more = ("；" + silent + " 项需求没有金额").where(frame["unstated"] > 0, "")
    more_en = ("; " + silent + " needs without amount").where(frame["unstated"] > 0, "")
    credit = frame["credit"].notna()
    line = pd.Series("；授信是额度，不与放款相加", index=frame.index).where(credit, "")
    line_en = pd.Series("; credit lines are not added", index=frame.index).where(credit, "")
    rank = {"open": 0, "credited": 1, "intending": 2, "no_amount": 3, "met": 4, "no_need": 5}
    frame = frame.assign(
        state=state,
        reason=(zh + more).where(some, "没有未办结的资金需求，只列已有融资") + line + "。",
        reason_en=(en + more_en).where(some, "No open need; what was financed") + line_en + ".",
        rank=pd.Series(state).map(rank),
    )
    order = frame.sort_values(
        ["rank", "gap", "enterprise", "enterprise_id"], ascending=[True, False, True, True]
    )
    found: pd.DataFrame = order.drop(columns="rank").reset_index(drop=True)
    return found


def open_needs(frame: pd.DataFrame) -> Codes:
    """Return the firms (rows) whose need is open with nobody in sight."""
    return frame.loc[frame["state"].eq("open"), "firm"].to_numpy(np.int64)
