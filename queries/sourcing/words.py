"""The sentences of `sourcing`: rows, notes and what was not reported."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Mask
from graphmodel.schema import Text
from queries.sourcing import LEVEL_LABELS as LEVELS
from queries.sourcing.places import Places

if TYPE_CHECKING:
    from queries.sourcing import SourcingParams


def reasons(rows: pd.DataFrame, level: str) -> pd.DataFrame:
    """Add the sentence of every purchase."""
    zh, en = LEVELS[level]
    local = rows[level].to_numpy(np.float64)
    number = rows["alternative_count"].astype("str").fillna("")
    some = rows["alternative_count"].fillna(0) > 0
    goods = rows["goods"].ne("")
    lack = pd.Series(f"本{zh}未见可替代企业", index=rows.index).where(
        goods, "产品和环节未填报，无从替代"
    )
    lack_en = pd.Series(f"no alternative in the {en} on record", index=rows.index).where(
        goods, "what is bought is not reported"
    )
    away = f"供方不在本{zh}；" + (f"本{zh}有 " + number + " 家可替代").where(some, lack)
    away_en = f"Supplier outside the {en}; " + (number + f" alternatives in the {en}").where(
        some, lack_en
    )
    told = np.select([local == 1, local == 0], [0, 1], 2)
    unknown = f"供方或需方的地区未填报（或不够细），不知是否在本{zh}"
    unknown_en = f"Region of supplier or buyer not reported (or too coarse): {en} unknown"
    chosen = away.mask(told == 0, f"供方在本{zh}").mask(told == 2, unknown)  # noqa: PLR2004  # the third case
    chosen_en = away_en.mask(told == 0, f"Supplier within the {en}").mask(told == 2, unknown_en)  # noqa: PLR2004  # as above
    blank = rows["amount"].isna()
    return rows.assign(
        reason=chosen + pd.Series("；金额未填报。", index=rows.index).where(blank, "。"),
        reason_en=chosen_en
        + pd.Series("; amount not reported.", index=rows.index).where(blank, "."),
    )


def notes(
    params: "SourcingParams", bought: pd.DataFrame, tied: pd.DataFrame, hidden: int
) -> tuple[Text, ...]:
    """Return what to know when reading the answer."""
    said = [
        Text(
            "只取每对企业最近填报的一年；没有金额的关系不进金额口径，只进企业数口径；供方地区未填报的"
            "使配套率成为区间。",
            "Only the latest year that each pair reports; relations without an amount count among "
            "suppliers only; suppliers of unknown region make the rate an interval.",
        )
    ]
    if blank := int(bought["amount"].isna().sum()):
        said.append(
            Text(
                f"{blank} 条采购没有金额（共 {len(bought)} 条）。",
                f"{blank} of {len(bought)} purchases have no amount.",
            )
        )
    if len(tied):
        said.append(
            Text(
                "配套合作没有方向：只计伙伴数，不计流量。",
                "配套 ties have no direction: they count as partners, never as flow.",
            )
        )
    if hidden:
        said.append(
            Text(
                f"另有 {hidden} 条采购未逐条列出，但都计入配套率；--most 0 全部列出。",
                f"{hidden} more purchases are not written out but count in every rate; "
                "--most 0 lists all.",
            )
        )
    if params.level != "city":
        label = LEVELS[params.level]
        said.append(Text(f"“本地”指同一{label.zh}。", f"Local means within the same {label.en}."))
    return tuple(said)


def not_reported(
    graph: ChainGraph, places: Places, asked: Mask, bought: pd.DataFrame
) -> tuple[Text, ...]:
    """Return what is missing and which sheet would supply it."""
    said = []
    if not len(graph.edges["SUPPLIES"]):
        said.append(
            Text(
                "没有填报供应关系，就近配套率未填报；请填 供应关系（供方、需方、产品、金额）。",
                "No supply relations, so no rate; supply 供应关系.",
            )
        )
    elif unknown := int((bought["origin"] < 0).sum()):
        said.append(
            Text(
                f"{unknown} 条采购的供方地区未填报；请填 供应关系.供方地区 或 企业.地区。",
                f"{unknown} purchases from suppliers of unknown region; supply 供方地区 or 地区.",
            )
        )
    if blank := int((asked & (places.regions < 0)).sum()):
        said.append(
            Text(
                f"{blank} 家企业未填报地区，不知何为本地；请填 企业.地区。",
                f"{blank} enterprises name no region, so local is unknown; supply 企业.地区.",
            )
        )
    buyers = np.flatnonzero(np.bincount(bought["buyer"].to_numpy(np.int64)))
    for level, label in LEVELS.items():
        lacking = (places.units[level][buyers] < 0) & (places.regions[buyers] >= 0)
        if level != "park" and lacking.any():
            said.append(
                Text(
                    f"{int(lacking.sum())} 家需方的地区上面没有{label.zh}一级，{label.zh}内配套率"
                    "不计它们；请在 地区 填上级和类型。",
                    f"{int(lacking.sum())} buyers lie in no {label.en} on record and do not count "
                    "there; give 上级 and 类型 in 地区.",
                )
            )
    if not len(graph.edges["MAKES"]) and not len(graph.edges["IN_SEGMENT"]):
        said.append(
            Text(
                "没有填报企业产品和企业环节，找不出可替代的本地供方；请填 企业产品 或 企业环节。",
                "Neither 企业产品 nor 企业环节: no alternatives can be found; supply one.",
            )
        )
    return tuple(said)
