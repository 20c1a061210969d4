"""The sentences of `partners`: rows, notes and what was not reported."""

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph
from graphmodel.schema import Text
from queries.columns import written
from queries.partners import BASES, TALENT_STATES

_RANK = {name: number for number, name in enumerate(TALENT_STATES)}


def reasons(rows: pd.DataFrame) -> pd.DataFrame:
    """Add the sentence of every post and put the largest shortfalls first."""
    zh = rows["state"].map({name: text.zh for name, text in TALENT_STATES.items()})
    en = rows["state"].map({name: text.en for name, text in TALENT_STATES.items()})
    graduates = rows["graduates"].astype("str").fillna("")
    gap = rows["gap"].astype("str").fillna("")
    known = rows["graduates"].notna()
    short = known & rows["gap"].fillna(0).gt(0)
    more = ("：本地相合专业毕业生 " + graduates + " 人").where(known, "")
    more_en = (": " + graduates + " local graduates of fitting majors").where(known, "")
    more = more + ("，缺 " + gap + " 人").where(short, "")
    more_en = more_en + (", " + gap + " short").where(short, "")
    guess = rows["basis"].eq("inferred")
    note = pd.Series("（专业按字面相合推断）", index=rows.index).where(guess, "")
    note_en = pd.Series(" (majors matched by their words)", index=rows.index).where(guess, "")
    basis = {name: (text.zh, text.en) for name, text in BASES.items()}
    rows = rows.assign(
        reason=zh + more + note + "。",
        reason_en=en + more_en + note_en + ".",
        basis_label=rows["basis"].map({name: pair[0] for name, pair in basis.items()}),
        basis_label_en=rows["basis"].map({name: pair[1] for name, pair in basis.items()}),
    )
    keys = rows.assign(
        rank=rows["state"].map(_RANK), lacking=-rows["gap"].astype("Float64").fillna(0)
    )
    order = keys.sort_values(["rank", "lacking", "enterprise", "id"], kind="stable").index
    rows = rows.loc[order].reset_index(drop=True)
    return rows.assign(number=pd.Series(np.arange(1, len(rows) + 1), dtype="Int64"))


def notes(held: pd.DataFrame, money: pd.DataFrame, work: pd.DataFrame) -> tuple[Text, ...]:
    """Return what to know when reading the answer."""
    said = [
        Text(
            "授信与放款分列，从不相加；毕业生由本地所有需求共用，同一专业的合计缺口见“专业供需”表。",
            "Credit lines and loans stand apart, never added; graduates are shared by all who want "
            "them: see the table of majors for the shortfall in all.",
        ),
        Text(
            "联合攻关是多方活动，一项一行；“校企联系推断”按 1/(n−1) 分摊，只是推断。",
            "A joint task is one many-sided event; pairs weighted 1/(n−1) are inferred.",
        ),
    ]
    if len(held) and (empty := held.loc[held["fairs"] == 0, "quarter"].tolist()):
        names = "、".join(empty)
        said.append(
            Text(f"没有招聘对接会记录的季度：{names}。", f"Quarters without a job fair: {names}.")
        )
    if number := int((work["taker"] == "").sum()):
        said.append(
            Text(
                f"{number} 项攻关没有承接单位的记录。",
                f"{number} tasks name nobody who takes them.",
            )
        )
    if number := int((money["unstated"] > 0).sum()):
        said.append(
            Text(
                f"{number} 家企业有资金需求没有写金额。",
                f"{number} firms have funding needs without an amount.",
            )
        )
    return tuple(said)


def not_reported(
    graph: ChainGraph, rows: pd.DataFrame, held: pd.DataFrame, research: pd.DataFrame
) -> tuple[Text, ...]:
    """Return what is missing and which sheet would supply it."""
    category = written(graph.nodes["Need"]["category"])
    missing = [
        (
            not len(rows),
            "没有填报人才需求；请在 需求清单 填类别“人才”和岗位、专业、人数。",
            "No needs of talent; fill 需求清单 (人才) with 岗位, 专业, 人数.",
        ),
        (
            not len(graph.nodes["Graduates"]),
            "没有填报专业毕业生，人才缺口未填报；请填 专业毕业生。",
            "No graduates, so no shortfall of talent; supply 专业毕业生.",
        ),
        (
            not (category == "资金").any(),
            "没有填报资金需求；请在 需求清单 填类别“资金”和金额。",
            "No needs of funding; fill 需求清单 (资金) with 金额.",
        ),
        (
            not len(graph.edges["FINANCES"]),
            "没有填报融资，已授信和已放款未填报；请填 融资。",
            "No finance on record; supply 融资.",
        ),
        (
            not len(research),
            "没有填报联合攻关；请在 活动 填类型“联合攻关”，在 活动参与 填参与单位。",
            "No joint tasks; supply 活动 (联合攻关) and 活动参与.",
        ),
        (
            not len(graph.nodes["University"]),
            "没有填报高校院所；请填 高校院所 和学科。",
            "No universities or institutes; supply 高校院所 with 学科.",
        ),
        (
            not len(held),
            "没有填报招聘对接会，或没有写日期；请在 活动 填类型“招聘”和日期。",
            "No job fairs, or none with a date; supply 活动 (招聘) with dates.",
        ),
    ]
    said = [Text(zh, en) for lacks, zh, en in missing if lacks]
    blank = int(rows["state"].isin(["no_major", "no_headcount"]).sum())
    if blank:
        said.append(
            Text(
                f"{blank} 项人才需求没有写专业、岗位或人数；请补 需求清单。",
                f"{blank} needs of talent lack major, post or number; complete 需求清单.",
            )
        )
    return tuple(said)
