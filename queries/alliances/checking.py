"""Every item of an operating standard, checked in every alliance that is measured by it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph
from queries.alliances.meetings import Held
from queries.alliances.standards import GROUPS, Standard
from queries.alliances.tenures import CURRENT, ENDED, complete

HAS: Final = "has"
LACKS: Final = "lacks"
UNREPORTED: Final = "not_reported"
UNSTATED: Final = "unstated"
"""State of a standard whose contents are not stated: nothing can be checked."""

_SHEETS: Final = {"post": "岗位", "role": "联盟成员", "venue": "联盟", "area": "活动"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What came of checking.

    Attributes:
        items: One row per alliance, standard and item: `alliance` (row), `standard`, `group`,
            `check`, `item`, `item_en`, `state`, `because`, `because_en`, `evidence`.
        scores: Per alliance (index: row): `standard` (names), `chosen` (the standard is the
            parameter's, not the alliance's own), `score` (3/4·1/1·2/4), `stated` (all of it
            could be checked), `unknown` (names of standards that are not known).
    """

    items: pd.DataFrame
    scores: pd.DataFrame


def checked(
    graph: ChainGraph,
    standards: Mapping[str, Standard],
    default: str,
    held_posts: pd.DataFrame,
    held: Held,
) -> Checked:
    """Check every alliance against its own 标准, or against `default` where it names none.

    Args:
        graph: The graph.
        standards: Every known standard by name.
        default: The one taken where an alliance names none; "" for none.
        held_posts: `tenures.tenures`.
        held: `meetings.held`.
    """
    asked = _asked(graph, standards, default)
    rows = [
        {
            "standard": name,
            "group": item.group,
            "check": item.check,
            "item": item.name,
            "item_en": item.en,
        }
        for name, standard in standards.items()
        for item in standard.items
    ]
    columns = ["standard", "group", "check", "item", "item_en"]
    items = asked[["alliance", "standard"]].merge(pd.DataFrame(rows, columns=columns).astype("str"))
    items = _found(graph, items, held_posts, held)
    return Checked(items=items, scores=_scores(asked, items, standards))


def _asked(graph: ChainGraph, standards: Mapping[str, Standard], default: str) -> pd.DataFrame:
    """Return `alliance`, `standard` and `chosen`: one row per standard of an alliance."""
    table = graph.nodes["Alliance"]
    names = table["standard"].fillna("").str.split(";").explode().str.strip()
    own = pd.DataFrame({"alliance": names.index, "standard": names.to_numpy(), "chosen": False})
    own = own[own["standard"] != ""].drop_duplicates()
    silent = np.setdiff1d(np.arange(len(table)), own["alliance"])
    taken = pd.DataFrame({"alliance": silent, "standard": default, "chosen": True})
    both = pd.concat([own, taken[taken["standard"] != ""]]).reset_index(drop=True)
    stated = [name for name, standard in standards.items() if standard.stated]
    return both.astype({"standard": "str", "chosen": "bool"}).assign(
        known=both["standard"].isin(list(standards)), stated=both["standard"].isin(stated)
    )


def _found(
    graph: ChainGraph, items: pd.DataFrame, held_posts: pd.DataFrame, held: Held
) -> pd.DataFrame:
    keys = ["alliance", "check", "name"]
    rank = held_posts["state"].map({CURRENT: 2, ENDED: 1}).fillna(0)
    best = held_posts.assign(rank=rank).sort_values(["rank", "end", "evidence"])
    best = best.drop_duplicates(keys, keep="last").rename(columns={"name": "item"})
    best = best[["alliance", "check", "item", "state", "end", "evidence"]]
    areas = held.areas.rename(columns={"area": "item"}).assign(check="area", state=CURRENT, end="")
    venues = graph.nodes["Alliance"]["venues"]
    place = pd.DataFrame({"alliance": np.arange(len(venues)), "venues": venues.to_numpy()})
    known = pd.concat([best, areas[[*best.columns]]], ignore_index=True)
    merged = items.merge(known, on=["alliance", "check", "item"], how="left").merge(place)
    silent = pd.Series(np.zeros(len(merged), dtype=bool))
    for check in ("post", "role", "area"):
        declared = complete(graph, _SHEETS[check])[merged["alliance"].to_numpy(np.int64)]
        silent |= declared & merged["check"].eq(check)
    venue = merged["check"].eq("venue")
    number = merged["venues"].astype("Int64")
    has = merged["state"].eq(CURRENT) | (venue & number.ge(1).fillna(value=False))
    over = merged["state"].eq(ENDED)
    none = venue & number.eq(0).fillna(value=False)
    lacks = ~has & (silent | over | none)
    state = np.select([has, lacks], [HAS, LACKS], UNREPORTED)
    told = _because(merged, pd.Series(state), over, none)
    return pd.concat([items.reset_index(drop=True), told], axis=1)


def _because(
    merged: pd.DataFrame, state: pd.Series, over: pd.Series, none: pd.Series
) -> pd.DataFrame:
    sheet = merged["check"].map(_SHEETS)
    end = merged["end"].fillna("")
    conditions = [state.eq(HAS), over, none, state.eq(LACKS)]
    zh = np.select(
        conditions,
        [
            pd.Series("有记录。", index=state.index),
            "任期已于 " + end + " 届满，没有接任的记录。",
            pd.Series("填报为 0 个。", index=state.index),
            sheet + "已声明填全而没有记录。",
        ],
        "没有记录，" + sheet + "未声明填全：未填报，不算缺。",
    )
    en = np.select(
        conditions,
        [
            pd.Series("On record.", index=state.index),
            "The term ended " + end + " and no successor is on record.",
            pd.Series("Reported as 0.", index=state.index),
            sheet + " is declared complete, and nothing is on record.",
        ],
        "Nothing on record and " + sheet + " is not declared complete: not reported.",
    )
    return pd.DataFrame(
        {
            "state": state,
            "because": pd.Series(zh, dtype="str"),
            "because_en": pd.Series(en, dtype="str"),
            "evidence": merged["evidence"].fillna("").to_numpy(),
        }
    )


def _scores(
    asked: pd.DataFrame, items: pd.DataFrame, standards: Mapping[str, Standard]
) -> pd.DataFrame:
    """Return what `Checked.scores` says."""
    rank = {group: i for i, group in enumerate(GROUPS)}
    keys = ["alliance", "standard"]
    counted = items.assign(has=items["state"].eq(HAS), rank=items["group"].map(rank))
    parts = counted.groupby([*keys, "rank"])["has"].agg(["sum", "size"]).reset_index()
    parts["text"] = parts["sum"].astype("str") + "/" + parts["size"].astype("str")
    text = parts.groupby(keys)["text"].agg("·".join).reset_index()
    rows = asked.merge(text, on=keys, how="left")
    empty = [name for name, standard in standards.items() if not standard.stated]
    words = pd.Series("内容未载明", index=rows.index).where(
        rows["standard"].isin(empty), "标准未知"
    )
    rows["text"] = rows["text"].fillna(words)
    rows = rows.sort_values(keys, kind="stable")
    several = rows["alliance"].duplicated(keep=False)
    rows["text"] = (rows["standard"] + "：" + rows["text"]).where(several, rows["text"])
    rows["unknown"] = rows["standard"].where(~rows["known"], "")
    grouped = rows.groupby("alliance")
    return pd.DataFrame(
        {
            "standard": grouped["standard"].agg("、".join),
            "chosen": grouped["chosen"].any(),
            "score": grouped["text"].agg("；".join),
            "stated": grouped["stated"].all(),
            "unknown": grouped["unknown"].agg("".join),
        }
    )
