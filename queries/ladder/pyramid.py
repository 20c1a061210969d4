"""Pyramids: how many enterprises stand on each rung of each track, in all and group by group."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Mask
from queries.coverage.grouping import UNREPORTED as GROUPLESS
from queries.coverage.grouping import Grouping, by_chain, by_region
from queries.ladder.criteria import CRITERIA, Bands
from queries.ladder.standing import Standing
from queries.ladder.tracks import TRACKS, Track

if TYPE_CHECKING:
    from queries.ladder import LadderParams

OFF, UNREPORTED = "none", "not_reported"


def pyramid(found: Standing, every: pd.DataFrame, asked: Mask) -> pd.DataFrame:
    """Return, for each rung of each track, how many of the firms asked about stand on it.

    For a track, firms + expired of all rungs + not on the track + not reported is the number of
    firms; tracks are never added up. Honours have one row per title and no remainder.
    """
    total = int(asked.sum())
    parts = []
    every = every[["track", "current", "expired", "expiry"]]
    for track in TRACKS:
        rows = every[every["track"] == track.name]
        silent = int((asked & ~found.reported[track.name]).sum())
        parts.append(_of_track(track, rows, silent, total))
    table = pd.concat(parts, ignore_index=True)
    return _explained(table, total)


def _of_track(track: Track, rows: pd.DataFrame, silent: int, total: int) -> pd.DataFrame:
    counts = pd.DataFrame(
        {
            "firms": (~rows["expired"]).groupby(rows["current"]).sum(),
            "expired": rows["expired"].groupby(rows["current"]).sum(),
            "expiring": rows["expiry"].eq("expiring").groupby(rows["current"]).sum(),
        }
    )
    if track.rungs:
        names = [*reversed([rung.name for rung in track.rungs]), OFF, UNREPORTED]
        names = [name for name in names if not (track.name == "scale" and name == OFF)]
        counts = counts.reindex(names, fill_value=0)
        counts.loc[UNREPORTED, "firms"] = silent
    else:
        counts = counts.sort_values("firms", ascending=False, kind="stable")
    counts = counts.astype("int64")
    return pd.DataFrame(
        {
            "track": track.name,
            "rung": counts.index.astype("str"),
            "firms": counts["firms"].to_numpy(),
            "expired": counts["expired"].to_numpy(),
            "expiring": counts["expiring"].to_numpy(),
            "not_reported": silent if track.rungs else -1,
            "eligible": total,
        }
    )


def _explained(table: pd.DataFrame, total: int) -> pd.DataFrame:
    silent = table["not_reported"]
    open_ = (silent >= 0) & table["rung"].ne(UNREPORTED) & (total > 0)
    low = table["firms"] / max(total, 1)
    high = (table["firms"] + silent.clip(lower=0)) / max(total, 1)
    ends = pd.Series(np.column_stack([low, high]).tolist(), index=table.index, dtype=object)
    number = table["firms"].astype("str")
    quiet = silent.astype("str")
    zh = number + f" 家（共 {total} 家"
    zh = zh + ("，" + quiet + " 家未填报").where(silent >= 0, "") + "）。"
    en = number + f" of {total} firms"
    en = en + ("; " + quiet + " not reported").where(silent >= 0, "") + "."
    return table.assign(
        share=ends.where(open_, None),
        not_reported=silent.astype("Int64").mask(silent < 0),
        reason=zh,
        reason_en=en,
    )


def by_group(
    graph: ChainGraph, params: "LadderParams", found: Standing, asked: Mask
) -> pd.DataFrame:
    """Return the same counts by chain and by region; groups overlap and are never added up."""
    chains = np.ones(len(graph.nodes["Chain"]), dtype=bool)
    regions = np.ones(len(graph.nodes["Region"]), dtype=bool)
    if params.chain:
        chains &= graph.codes("Chain") == graph.find("Chain", params.chain)
    if params.region:
        regions = graph.region_mask(graph.find("Region", params.region))
    parts = [
        _grouped(groups, track, found, asked)
        for groups in (by_chain(graph, chains), by_region(graph, "Enterprise", regions))
        for track in TRACKS
        if track.rungs
    ]
    table = pd.concat(parts, ignore_index=True)
    order = {track.name: number for number, track in enumerate(TRACKS)}
    keys = table.assign(order=table["track"].map(order), last=table["group"].eq(GROUPLESS))
    table = table.loc[keys.sort_values(["by", "last", "group", "order"], kind="stable").index]
    table = table.reset_index(drop=True)
    number = table["firms"].astype("str")
    zh = number + " 家（本组 " + table["eligible"].astype("str") + " 家，"
    return table.assign(
        reason=zh + table["not_reported"].astype("str") + " 家未填报）。",
        reason_en=number + " of " + table["eligible"].astype("str") + " firms; "
        + table["not_reported"].astype("str") + " not reported.",
    )  # fmt: skip


def _grouped(groups: Grouping, track: Track, found: Standing, asked: Mask) -> pd.DataFrame:
    rows = found.on(track.name)
    rows = rows[~rows["expired"]]
    rung = np.full(len(asked), -1, dtype=np.int64)
    rung[rows["firm"].to_numpy(np.int64)] = rows["rung"]
    flags = {rung_.name: asked & (rung == number) for number, rung_ in enumerate(track.rungs)}
    tally = groups.tally(
        {**flags, "eligible": asked, "not_reported": asked & ~found.reported[track.name]}
    )
    kept = np.flatnonzero((tally["eligible"].to_numpy() > 0) & groups.shown)
    names = [rung_.name for rung_ in reversed(track.rungs)]
    return pd.DataFrame(
        {
            "by": groups.by,
            "group": pd.Series(np.repeat(groups.labels[kept], len(names)), dtype="str"),
            "track": track.name,
            "rung": pd.Series(np.tile(np.array(names, dtype=object), len(kept)), dtype="str"),
            "firms": tally[names].to_numpy()[kept].ravel(),
            "eligible": np.repeat(tally["eligible"].to_numpy()[kept], len(names)),
            "not_reported": np.repeat(tally["not_reported"].to_numpy()[kept], len(names)),
        }
    )


def criteria_table() -> pd.DataFrame:
    """Return every criterion as it is declared, with its threshold and source."""
    tracks = {rung.name: track.name for track in TRACKS for rung in track.rungs}
    return pd.DataFrame(
        [
            {
                "track": tracks[one.rung],
                "rung": one.rung,
                "indicator": one.label.zh,
                "indicator_en": one.label.en,
                "threshold": _threshold(one.threshold, one.unit)
                or (_bands(one.bands) if one.bands else ""),
                "computed": bool(one.measure),
                "source": one.source or "各地规定不一，未设门槛",
            }
            for one in CRITERIA
        ]
    )


def _threshold(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    return f"≥{value * 100:g}%" if unit == "share" else f"≥{value:g} 万元"


def _bands(bands: Bands) -> str:
    asked = ["另有条件" if value is None else f"≥{value * 100:g}%" for value in bands.thresholds]
    upto = "及以下" if bands.upper else "以下（不含）"
    return "、".join(
        [
            f"营业收入 {edge:g} 万元{upto} {ask}"
            for edge, ask in zip(bands.edges, asked, strict=False)
        ]
        + [f"更高的 {asked[-1]}"]
    )
