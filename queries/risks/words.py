"""The sentences of `risks`."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph
from graphmodel.schema import Text
from queries.risks.network import Trade

if TYPE_CHECKING:
    from queries.risks import RiskParams


def worded(frame: pd.DataFrame, *, computed: bool) -> pd.DataFrame:
    """Add `reason` and `reason_en`: what a stop would do, and what stands against it."""
    hit = frame["downstream_hit"].astype("str").fillna("")
    local = frame["local_substitutes"].astype("str").fillna("?")
    single = frame["single_source"].fillna(value=False).to_numpy(dtype=bool)
    known = frame["trades"] if computed else frame["downstream_hit"].notna()
    if computed:
        parts = [_percent(frame[name]) for name in ("esri", "esri_downstream", "esri_upstream")]
        own = _percent(frame["size_share"])
        zh = (
            "停产使全网损失产出" + parts[0] + "（缺料传导" + parts[1] + "，失销传导" + parts[2]
            + "，自身占" + own + "）；受影响下游" + hit + "家"
        )  # fmt: skip
        en = (
            "Its stop costs " + parts[0] + " of all output (inputs " + parts[1] + ", sales "
            + parts[2] + ", own size " + own + "); hits " + hit + " firms downstream"
        )  # fmt: skip
        lacking = Text(
            "没有带金额的供应关系，按 0 计", "No supply relation with an amount, taken as 0"
        )
    else:
        zh = "没有金额，未计算 ESRI；本地无替代的关键下游" + hit + "家"
        en = "No amounts, ESRI not computed; essential buyers without local substitute: " + hit
        lacking = Text("没有供应关系，未计算", "No supply relation")
    zh, en = zh.where(known, lacking.zh), en.where(known, lacking.en)
    zh = (
        zh
        + pd.Series(np.where(single, "；是关键投入的唯一供方", ""), dtype="str")
        + "；本地替代"
        + local
    )
    en = en + pd.Series(np.where(single, "; only supplier of an essential input", ""), dtype="str")
    return frame.assign(
        reason=(zh + "家。").str.replace("?家", "未填报").astype("str"),
        reason_en=(en + "; local substitutes: " + local.str.replace("?", "not reported") + "."),
    )


def _percent(shares: pd.Series) -> pd.Series:
    """Return shares as per cent with two digits."""
    return (shares.fillna(0) * 100).map("{:.2f}%".format).astype("str")


def notes(
    graph: ChainGraph, found: Trade, params: "RiskParams", sector: Text, *, computed: bool
) -> tuple[Text, ...]:
    """Return which sectors, years, essentiality and ε were used, and what was left out."""
    said: list[Text] = []
    used = found.used
    if computed:
        epsilon = "1e-9（收敛 converged）" if params.converged else f"{params.epsilon:g}"
        essential = found.essentiality_source
        said.append(
            Text(
                f"行业口径：{sector.zh}；投入关键性：{essential.zh}；ε={epsilon}；"
                f"替代：{'是' if params.substitution else '否'}。",
                f"Sector: {sector.en}; essentiality: {essential.en}; ε = {epsilon}; "
                f"substitution: {'yes' if params.substitution else 'no'}.",
            )
        )
        years = graph.edges["SUPPLIES"]["year"].iloc[used["row"]]
        told = years.dropna().unique().tolist()
        when = "、".join(str(year) for year in sorted(told)) or "未填报"
        blank = int(years.isna().sum())
        said.append(
            Text(
                f"年份：每对企业取所报的最近一年（{when}），其中 {blank} 条未填年份、按当前计。",
                f"Years: the latest that each pair reports ({when}); {blank} relations without a "
                "year count as current.",
            )
        )
        with_revenue = int(np.isfinite(found.revenue[np.unique(used["supplier"])]).sum())
        sellers = used["supplier"].nunique()
        said.append(
            Text(
                f"用了 {len(used)} 条供应关系；{sellers} 家供方中 {with_revenue} 家有营业收入，"
                "其余以所报供应额为全部销售。",
                f"{len(used)} supply relations were used; {with_revenue} of {sellers} suppliers "
                "report revenue, the others are taken to sell only what is reported.",
            )
        )
        if params.converged and with_revenue < sellers:
            said.append(
                Text(
                    "收敛口径需要营业收入：缺营业收入时，闭合的供需环会使损失趋于全部。",
                    "Convergence asks for revenue: without it losses creep to 1 in closed loops.",
                )
            )
    if params.equal_weights:
        said.append(
            Text(
                "未用金额：每条供应关系按同权计，ESRI 只反映连接。",
                "Amounts were not used: every relation weighs the same, ESRI reflects links only.",
            )
        )
    without = len(found.relations) - len(used)
    if without and not params.equal_weights:
        said.append(
            Text(
                f"{without} 条供应关系没有金额，未计入 ESRI。",
                f"{without} supply relations without an amount do not enter ESRI.",
            )
        )
    if found.small_revenue:
        said.append(
            Text(
                f"{found.small_revenue} 家的营业收入小于所报供应额，按供应额计。",
                f"{found.small_revenue} enterprises report less revenue than sales; their sales "
                "were taken.",
            )
        )
    if found.unplaced and computed:
        said.append(
            Text(
                f"{found.unplaced} 家有交易的企业看不出{sector.zh}，各自成一类，不与他人替代。",
                f"{found.unplaced} trading enterprises have no {sector.en}; nobody stands in for "
                "them.",
            )
        )
    return tuple(said)


def not_reported(graph: ChainGraph, found: Trade, *, computed: bool) -> tuple[Text, ...]:
    """Return what could not be answered, and which sheet would supply it."""
    if computed:
        return ()
    if len(graph.edges["SUPPLIES"]) and len(found.relations):
        return (
            Text(
                "供应关系没有金额：ESRI 未填报，改按本地无替代的关键下游家数排序；"
                "请在“供应关系”填金额，或加 --equal-weights。",
                "No supply relation has an amount: ESRI is not reported, and rows are ranked by "
                "essential buyers without a local substitute; fill 金额 in 供应关系, or add "
                "--equal-weights.",
            ),
        )
    return (
        Text(
            "没有填报供应关系：断供风险未计算，请填“供应关系”。",
            "No supply relations are reported; the sheet 供应关系 would supply them.",
        ),
    )
