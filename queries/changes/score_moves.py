"""Scores moved: those of leads, and of risks where asked."""

from typing import Any, Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph
from graphmodel.question import Params
from queries import question

_LABELS: Final = {"leads": ("链主得分", "lead score"), "risks": ("断供风险ESRI", "systemic risk")}
_SCORE: Final = {"leads": "score", "risks": "esri"}


def score_rows(graph: ChainGraph, params: Params, name: str) -> pd.DataFrame:
    """Return `chain`, `id`, `firm`, `score` and `rank` of every row of a question.

    Raises:
        UsageError: There is no such chain or region.
    """
    asked = question(name)
    about: dict[str, Any] = {"chain": params.chain, "region": params.region}
    if name == "leads":
        about["samples"] = 5  # stability is not compared
    rows = asked.answer(graph, asked.params(**about)).rows
    score = rows[_SCORE[name]]
    rank = rows["rank"] if "rank" in rows else score.rank(ascending=False, method="min")
    return pd.DataFrame(
        {
            "chain": rows["chain"],
            "id": rows["enterprise_id"],
            "firm": rows["enterprise"],
            "score": score.astype("float64"),
            "rank": rank.astype("Int64"),
        }
    )


def score_moves(
    now: pd.DataFrame, then: pd.DataFrame, ids: pd.DataFrame, name: str, least: float
) -> pd.DataFrame:
    """Return the enterprises whose score moved by at least `least`, or whose rank came or went.

    Args:
        now: `score_rows` of this month.
        then: `score_rows` of the month before.
        ids: `now` and `then`: ids of the same enterprise in both loads.
        name: "leads" or "risks".
        least: Least change of the score that is listed.
    """
    then = then.merge(ids.rename(columns={"then": "id", "now": "id_now"}), on="id")
    then = then.drop(columns=["id", "firm"]).rename(columns={"id_now": "id"})
    both = now.merge(then, on=["chain", "id"], suffixes=("", "_then"))
    change = both["score"] - both["score_then"]
    came = both["score"].notna() != both["score_then"].notna()
    kept = (change.abs() >= least) & change.ne(0) | came
    both = both.assign(change=change)[kept].reset_index(drop=True)
    zh, en = _LABELS[name]
    moved = both["change"].round(4).astype("str")
    up = pd.Series(np.where(both["change"] > 0, "+", ""), dtype="str")
    text = (
        "得分变化 "
        + up
        + moved
        + "，名次由 "
        + _rank(both["rank_then"])
        + " 到 "
        + _rank(both["rank"])
    )
    english = (
        "Score " + up + moved + ", rank " + _rank(both["rank_then"]) + " to " + _rank(both["rank"])
    )
    silent = both["change"].isna()
    table = both.assign(
        kind=zh,
        kind_en=en,
        reason=text.mask(silent, "有一个月算不出得分") + "。",
        reason_en=english.mask(silent, "No score in one of the months") + ".",
    )
    order = table.assign(size=-table["change"].abs())
    return order.sort_values(["size", "chain", "firm"], kind="stable")


def _rank(ranks: pd.Series) -> pd.Series:
    return ranks.astype("str").fillna("—")
