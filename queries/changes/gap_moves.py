"""Gaps opened and closed: the state of every segment in both loads."""

from typing import Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph
from graphmodel.question import Params
from graphmodel.schema import Text
from queries.gaps.states import GAPS, STATES, GapParams, judge
from queries.gaps.tables import chain_identity
from queries.segments import placements

_COLUMNS: Final = ("segment_id", "chain", "region", "segment", "state")
_ABSENT: Final = Text("（没有）", "(none)")


def segment_states(graph: ChainGraph, params: Params) -> pd.DataFrame:
    """Return every segment asked about with its state, by the default thresholds of `gaps`.

    Returns:
        `segment_id`, `chain`, `region`, `segment`, `state`.

    Raises:
        UsageError: There is no such chain or region.
    """
    asked = GapParams(chain=params.chain, region=params.region)
    template, _ = placements(graph, asked)
    judged = judge(graph, asked)
    codes = template.segments + graph.offsets["Segment"]
    identity = chain_identity(graph, template, template.chains)
    frame = pd.DataFrame(
        {
            "segment_id": graph.ids(codes),
            "chain": identity["chain"],
            "region": identity["region"],
            "segment": graph.names(codes),
            "state": judged.state,
        }
    )
    return frame[list(_COLUMNS)]


def gap_moves(now: pd.DataFrame, then: pd.DataFrame) -> pd.DataFrame:
    """Return the segments whose state differs, matched by id, else by their names."""
    names = ["chain", "region", "segment"]
    now = now.drop_duplicates("segment_id").fillna({"region": ""})
    then = then.drop_duplicates("segment_id").fillna({"region": ""})
    lost = then[~then["segment_id"].isin(now["segment_id"])]
    fresh = now[~now["segment_id"].isin(then["segment_id"])]
    renumbered = fresh.merge(lost, on=names, suffixes=("", "_then"))
    renumbered = renumbered.drop_duplicates("segment_id").drop_duplicates("segment_id_then")
    key = dict(zip(renumbered["segment_id_then"], renumbered["segment_id"], strict=True))
    then = then.assign(segment_id=then["segment_id"].replace(key))
    both = now.merge(then, on="segment_id", how="outer", suffixes=("", "_then"))
    for name in names:
        both[name] = both[name].fillna(both[f"{name}_then"])
    both = both[both["state"].fillna("") != both["state_then"].fillna("")]
    return _told(both.reset_index(drop=True))


def _told(both: pd.DataFrame) -> pd.DataFrame:
    now, then = both["state"].fillna(""), both["state_then"].fillna("")
    is_gap, was_gap = now.isin(GAPS), then.isin(GAPS)
    move = np.select(
        [
            then.eq("") & ~is_gap,
            now.eq(""),
            now.eq("not_reported"),
            is_gap & ~was_gap & then.ne("not_reported"),
            was_gap & ~is_gap,
            then.eq("not_reported"),
        ],
        ["added", "removed", "unreported", "opened", "closed", "reported"],
        "changed",
    )
    labels = {code: text.zh for code, text in STATES.items()} | {"": _ABSENT.zh}
    english = {code: text.en for code, text in STATES.items()} | {"": _ABSENT.en}
    zh = "由“" + then.map(labels) + "”变为“" + now.map(labels) + "”"
    en = "From " + then.map(english) + " to " + now.map(english)
    hidden = pd.Series(move).eq("unreported") & was_gap
    zh += pd.Series("：不是补上了，是没有填报", index=zh.index).where(hidden, "")
    en += pd.Series(": not closed, but no longer reported", index=zh.index).where(hidden, "")
    known = pd.Series(move).eq("reported") & is_gap
    zh += pd.Series("：不是新出现，是上月没有填报", index=zh.index).where(known, "")
    en += pd.Series(": not new, but not reported before", index=zh.index).where(known, "")
    table = both.assign(
        move=move,
        then=then.map(labels),
        then_en=then.map(english),
        now=now.map(labels),
        now_en=now.map(english),
        reason=zh + "。",
        reason_en=en + ".",
    )
    rank = {name: i for i, name in enumerate(("opened", "closed", "unreported", "reported"))}
    order = table.assign(rank=table["move"].map(rank).fillna(len(rank)))
    return order.sort_values(["rank", "chain", "region", "segment"], kind="stable")
