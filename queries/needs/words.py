"""What `needs` says in sentences: why each row stands as it does, and what to know of the whole."""

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph
from graphmodel.schema import Text
from queries.columns import decimals, listed
from queries.needs.fit import UNKNOWN
from queries.needs.moment import Moment
from queries.needs.proposals import PARTS, Proposals
from queries.needs.register import Register

if TYPE_CHECKING:
    from queries.needs import NeedParams

_PART_LABELS: Final = {
    "text": Text("文字", "text"),
    "chain": Text("产业链", "chain"),
    "region": Text("地区", "region"),
    "conditions": Text("条件", "conditions"),
    "waiting": Text("滞留", "waiting"),
}
_SHEETS: Final = (
    ("Need", "nodes", "需求清单", "没有需求可列", "there is no need to list"),
    ("Resource", "nodes", "资源清单", "没有资源可匹配", "there is no resource to match"),
    ("Action", "nodes", "行动项目清单", "“无匹配”只表示没有交来行动项目，不表示没有在办",
     "“unmatched” only says that no action was handed in, not that nothing is done"),
    ("CLAIMS", "edges", "政策兑现", "申报与兑现未知", "claims and payments are unknown"),
    ("VISITS", "edges", "走访", "走访次数和本季是否走访未知", "visits are unknown"),
)  # fmt: skip


def explained(
    graph: ChainGraph, rows: pd.DataFrame, found: Proposals, params: "NeedParams"
) -> pd.DataFrame:
    """Add reasons, the parts of the score and what is to be verified, in both languages."""
    told = bool(len(graph.nodes["Action"]))
    for lang, suffix in (("zh", ""), ("en", "_en")):
        rows[f"score_parts{suffix}"] = _score_parts(found, params, lang)
        rows[f"to_verify{suffix}"] = _to_verify(found, lang)
    rows["reason"] = _standing_zh(rows, told=told) + _proposal_zh(rows)
    rows["reason_en"] = _standing_en(rows, told=told) + _proposal_en(rows)
    return rows


def _number(column: "pd.Series[int]") -> "pd.Series[str]":
    return column.astype("Int64").astype("str").fillna("")


def _pick(conditions: list[pd.Series], texts: list[object], default: object) -> "pd.Series[str]":
    index = conditions[0].index
    choices = [np.asarray(_spread(text, index), dtype=object) for text in texts]
    rest = np.asarray(_spread(default, index), dtype=object)
    chosen = np.select([c.to_numpy(bool) for c in conditions], choices, rest)
    return pd.Series(chosen, index=index, dtype="str")


def _spread(text: object, index: pd.Index) -> object:
    return text if isinstance(text, pd.Series) else np.full(len(index), text, dtype=object)


def _standing_zh(rows: pd.DataFrame, *, told: bool) -> "pd.Series[str]":
    late = rows["closed_late"].fillna(value=False).astype(bool)
    timely = ~late & rows["closed_late"].notna()
    took = ("，历时" + _number(rows["days_to_close"]) + "天").where(
        rows["days_to_close"].notna(), ""
    )
    closed = (
        rows["closed"] + "办结" + took + _pick([late, timely], ["，超过时限", "，在时限内"], "")
    )
    overdue = "办结时限" + rows["due"] + "，已逾期" + _number(rows["days_overdue"]) + "天，"
    action = "有行动项目" + rows["action_id"]
    action = action + ("（" + rows["action_status"] + "）").where(rows["action_status"] != "", "")
    uses = "使用资源" + rows["resource_id"]
    action = action + "，" + uses.where(rows["resource_id"] != "", "未写使用资源")
    none = "清单中没有对应的行动项目" if told else "行动项目清单未填报"
    on_record = action.where(rows["acted"], none)
    state = rows["state"]
    start = _pick([state == "closed", state == "overdue"], [closed, overdue + on_record], on_record)
    return start + "。"


def _standing_en(rows: pd.DataFrame, *, told: bool) -> "pd.Series[str]":
    late = rows["closed_late"].fillna(value=False).astype(bool)
    timely = ~late & rows["closed_late"].notna()
    took = (" after " + _number(rows["days_to_close"]) + " days").where(
        rows["days_to_close"].notna(), ""
    )
    closed = "Closed " + rows["closed"] + took + _pick([late, timely], [", late", ", in time"], "")
    overdue = "Due " + rows["due"] + ", overdue by " + _number(rows["days_overdue"]) + " days; "
    action = "action " + rows["action_id"]
    uses = " uses " + rows["resource_id"]
    action = action + uses.where(rows["resource_id"] != "", " names no resource")
    none = "no action on the list is for it" if told else "行动项目清单 is not reported"
    on_record = action.where(rows["acted"], none)
    state = rows["state"]
    start = _pick([state == "closed", state == "overdue"], [closed, overdue + on_record], on_record)
    return start + "."


def _proposal_zh(rows: pd.DataFrame) -> "pd.Series[str]":
    asking, found = rows["asking"], rows["proposed_id"] != ""
    score = decimals(rows["score"], 3)
    named = "建议（推算）" + rows["proposed_id"] + rows["proposed"] + "，得分" + score
    check = ("，待核：" + rows["to_verify"]).where(rows["to_verify"] != "", "")
    some = rows["candidates"].fillna(0) > 0
    blank = (rows["state"] != "closed") & (rows["category"] == "")
    short = "有" + _number(rows["candidates"]) + "个候选资源，但余量已分给更合适的需求。"
    return _pick(
        [asking & found, asking & some, asking, blank],
        [named + check + "。", short, "没有类别、有效期、地区、产业链和条件都合适且有余量的资源。",
         "类别未填报，不能找候选资源。"],
        "",
    ) + ("不限量可用：" + rows["unlimited"] + "。").where(rows["unlimited"] != "", "")  # fmt: skip


def _proposal_en(rows: pd.DataFrame) -> "pd.Series[str]":
    asking, found = rows["asking"], rows["proposed_id"] != ""
    score = decimals(rows["score"], 3)
    named = " Proposed (inferred): " + rows["proposed_id"] + ", score " + score
    check = ("; to be verified: " + rows["to_verify_en"]).where(rows["to_verify_en"] != "", "")
    some = rows["candidates"].fillna(0) > 0
    blank = (rows["state"] != "closed") & (rows["category"] == "")
    short = " " + _number(rows["candidates"]) + " candidates, their places gone to better pairs."
    return _pick(
        [asking & found, asking & some, asking, blank],
        [named + check + ".", short, " No valid resource of its category suits it and has places.",
         " Its category is not reported, so there are no candidates."],
        "",
    ) + (" Open to all: " + rows["unlimited"] + ".").where(rows["unlimited"] != "", "")  # fmt: skip


def _score_parts(found: Proposals, params: "NeedParams", lang: str) -> "pd.Series[str]":
    """文字 0.25×0.4 + …: every part with its weight, as parts of the whole."""
    rows = found.rows[found.rows["resource"] >= 0]
    weights = {name: getattr(params, f"weight_{name}") for name in PARTS}
    total = sum(weights.values()) or 1.0
    text = pd.Series("", index=rows.index, dtype="str")
    for number, name in enumerate(PARTS):
        label = _PART_LABELS[name].pick(lang)
        value = decimals(rows[name], 2).set_axis(rows.index)
        plus = " + " if number else ""
        text = text + f"{plus}{label} " + value + f"×{weights[name] / total:.3g}"
    return text.reindex(found.rows.index, fill_value="")


def _to_verify(found: Proposals, lang: str) -> "pd.Series[str]":
    names = ("chain", "region", "conditions")
    marks = np.stack(
        [(found.rows[f"{name}_level"] == UNKNOWN).to_numpy(bool) for name in names], axis=1
    )
    marks &= (found.rows["resource"] >= 0).to_numpy(bool)[:, None]
    words = {
        "zh": ("产业链未填报", "地区未填报", "适用条件需核对"),
        "en": ("chain not reported", "region not reported", "conditions"),
    }[lang]
    return listed(marks, words, separator="、" if lang == "zh" else ", ")


def notes(
    graph: ChainGraph, params: "NeedParams", when: Moment, known: Register, found: Proposals,
    left_out: int,
) -> tuple[Text, ...]:  # fmt: skip
    """Return what to know when reading the answer."""
    said = [_dated(when)]
    later = int(known.table["later"].sum())
    if later:
        said.append(
            Text(
                f"{later} 条需求在截至日期之后才提出，滞留天数按 0 计。",
                f"{later} needs were raised after the as-of date; they count 0 days open.",
            )
        )
    old = int((known.table["days_open"].fillna(0) > params.long_open).sum())
    if old:
        said.append(
            Text(
                f"{old} 条未办结需求滞留超过 {params.long_open} 天。",
                f"{old} open needs have waited more than {params.long_open} days.",
            )
        )
    said += _proven(found)
    if left_out:
        said.append(
            Text(
                f"政策兑现清单另有 {left_out} 行“符合而无申报记录”未列出，见政策符合情况的家数。",
                f"{left_out} further rows of firms that fit a policy without a claim are only "
                "counted, in the table of policies by reach.",
            )
        )
    if len(graph.edges["ADDRESSES"]) and not known.uses["need"].ge(0).any():
        said.append(Text("行动项目都没有写使用资源。", "No action says which resource it uses."))
    return tuple(said)


def _dated(when: Moment) -> Text:
    if not when.text:
        return Text(
            "数据里没有日期，不判逾期；请用 --as-of 指定截至日期。",
            "The data has no date, so nothing is overdue; give --as-of.",
        )
    if when.stated:
        return Text(f"截至 {when.text}。", f"As of {when.text}.")
    return Text(
        f"截至 {when.text}：数据里已发生的最晚日期；可用 --as-of 另定。",
        f"As of {when.text}, the latest thing in the data that has happened; --as-of sets another.",
    )


def _proven(found: Proposals) -> list[Text]:
    blocks = found.blocks
    if not len(blocks):
        return []
    asking, matched = int(blocks["asking"].sum()), int(blocks["matched"].sum())
    greedy, gap = int(blocks["greedy_matched"].sum()), float(blocks["gap"].max())
    zh = "已证明最优" if gap == 0 else f"与上界最多相差 {gap:.2%}"
    en = "proven optimal" if gap == 0 else f"within {gap:.2%} of the bound"
    return [
        Text(
            f"{asking} 条未办结需求没有在案资源，建议分配 {matched} 条（{zh}；贪心 {greedy} 条）。",
            f"{asking} open needs have no resource on record; {matched} get a proposal ({en}; "
            f"greedy: {greedy}).",
        )
    ]


def not_reported(graph: ChainGraph) -> tuple[Text, ...]:
    """Return which sheets are not there and what that leaves open."""
    tables = {"nodes": graph.nodes, "edges": graph.edges}
    said = [
        Text(f"{sheet}未填报：{zh}。", f"{sheet} is not reported: {en}.")
        for kind, side, sheet, zh, en in _SHEETS
        if not len(tables[side][kind])
    ]
    roles = graph.edges["HOLDS_POST"]["role"]
    if not roles.eq("红链专员").any():
        said.append(
            Text("岗位未填报红链专员：谁联系哪家企业未知。",
                 "岗位 names no 红链专员: who looks after whom is unknown.")
        )  # fmt: skip
    return tuple(said)
