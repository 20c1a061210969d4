"""Where every enterprise stands on every track, since when and until when."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.dates import day_bounds
from graphmodel.graph import ChainGraph, Mask
from graphmodel.scope import declared_for_enterprises
from queries.ladder.tracks import BY_NAME, NOTHING, TITLE_TRACKS, TRACKS, recognised

_NUMBER = {track.name: number for number, track in enumerate(TRACKS)}


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Standing:
    """Where enterprises stand.

    Attributes:
        places: One row per enterprise and track on which it has a place, and one per honour:
            `firm` (row), `track`, `rung` (number, 0 for honours), `title` (as written, "" where a
            column says it), `certified`, `expires` (ISO texts), `inferred` (有效期至 follows from
            认定日期), `last` (last day it is good), `expired`, `row` (of 企业资质, -1 for none).
        reported: Which enterprises report on each track, by its name: a place, or that there is
            none; shape (n,) each.
        unread: Entries of 上市状态 that fit no rung, with how often they occur.
    """

    places: pd.DataFrame
    reported: dict[str, Mask]
    unread: "pd.Series[int]"

    def on(self, track: str) -> pd.DataFrame:
        """Return the places on one track."""
        return self.places[self.places["track"] == track]

    def holds(self, track: str) -> npt.NDArray[np.float64]:
        """Return 1 where a place on the track is held and still good, 0 where not, NaN unknown."""
        rows = self.on(track)
        found = np.where(self.reported[track], 0.0, np.nan)
        found[rows.loc[~rows["expired"], "firm"].to_numpy(np.int64)] = 1.0
        return found


def standing(graph: ChainGraph, day: np.datetime64) -> Standing:
    """Return where every enterprise stands on `day`; on NaT nothing is judged expired.

    A firm holds the highest rung that is still good, else the highest that has expired. Dates come
    from 企业资质 (the latest row of a title); a title that 企业.资质 names without a row there is
    held with its dates not reported.
    """
    titles, unread, said = _titles(graph)
    titles = _dated(titles, day)
    scale = _scale(graph, titles)
    rows = pd.concat([titles[titles["track"] != "scale"], scale], ignore_index=True)
    reported = _reported(graph, rows, said)
    honours = rows["track"] == "honours"
    rows = rows.sort_values(
        ["firm", "track", "expired", "rung", "title"],
        ascending=[True, True, True, False, True],
        kind="stable",
    )
    first = ~rows.duplicated(["firm", "track"]) | honours.loc[rows.index]
    places = rows[first].assign(order=rows["track"].map(_NUMBER))
    places = places.sort_values(["firm", "order", "title"], kind="stable", ignore_index=True)
    return Standing(places=places.drop(columns="order"), reported=reported, unread=unread)


def _titles(graph: ChainGraph) -> tuple[pd.DataFrame, "pd.Series[int]", Mask]:
    """Return every title, what 上市状态 says that fits no rung, and who answers it."""
    firms = graph.nodes["Enterprise"]
    held = graph.edges["HOLDS"]
    dated = pd.DataFrame(
        {
            "firm": graph.rows("Enterprise", held["source"].to_numpy()),
            "title": graph.names(held["target"].to_numpy()).astype("str"),
            "certified": held["certified"],
            "expires": held["expires"],
            "row": np.arange(len(held)),
        }
    )
    written = _split(firms["qualifications"])
    listing = _split(firms["listing"])
    none = listing["title"].str.fullmatch(NOTHING.pattern).to_numpy(dtype=bool)
    listing = _placed(listing)
    fits = (listing["track"] == "capital").to_numpy()
    said = np.zeros(len(firms), dtype=bool)
    said[listing["firm"].to_numpy()[fits | none]] = True
    unread = listing.loc[~fits & ~none, "title"].value_counts().sort_index()
    both = pd.concat([dated, written], ignore_index=True)
    both = both[~both["title"].str.fullmatch(NOTHING.pattern).to_numpy(dtype=bool)]
    both = pd.concat([_placed(both), listing[fits]], ignore_index=True)
    return both[both["firm"] >= 0], unread, said


def _split(column: "pd.Series[str]") -> pd.DataFrame:
    each = column.reset_index(drop=True).dropna().str.split(r"[;；、]").explode()
    text = each.astype("str").str.strip()
    text = text[text.ne("")]
    blank = pd.Series(None, index=range(len(text)), dtype="str")
    return pd.DataFrame(
        {
            "firm": text.index.to_numpy(np.int64),
            "title": text.to_numpy(),
            "certified": blank,
            "expires": blank,
            "row": np.full(len(text), -1),
        }
    )


def _placed(rows: pd.DataFrame) -> pd.DataFrame:
    """Add `track` and `rung`, recognised once for each distinct title."""
    codes, titles = pd.factorize(rows["title"])
    known = [recognised(str(title)) for title in titles]
    tracks = np.array([*(track for track, _ in known), ""], dtype=object)
    rungs = np.array([*(rung for _, rung in known), 0], dtype=np.int64)
    return rows.assign(
        track=pd.Series(tracks[codes], index=rows.index, dtype="str"), rung=rungs[codes]
    )


def _dated(titles: pd.DataFrame, day: np.datetime64) -> pd.DataFrame:
    """Keep the latest row of each title and rung of a firm; say until when it is good."""
    titles = titles.assign(
        has=titles["row"] >= 0, key=titles["title"].where(titles["track"] == "honours", "")
    )
    order = ["firm", "track", "rung", "key", "has", "certified", "expires", "row"]
    titles = titles.sort_values(order, na_position="first", kind="stable")
    latest = titles.drop_duplicates(["firm", "track", "rung", "key"], keep="last")
    terms = {track.name: max((r.years for r in track.rungs), default=0) for track in TRACKS}
    years = latest["track"].map(terms).fillna(0).astype("float64")
    begun = latest["certified"].fillna("")
    inferred = latest["expires"].isna() & begun.ne("") & (years > 0)
    begins = pd.to_numeric(begun.str.slice(0, 4), errors="coerce").astype("float64")
    year = begins.fillna(0) + years
    later = year.astype("int64").astype("str") + begun.str.slice(4)
    later = later.str.replace("-02-29", "-02-28", regex=False)
    expires = latest["expires"].where(~inferred, later)
    last = day_bounds(expires)[1]
    latest = latest.assign(expires=expires, inferred=inferred, last=last, expired=last < day)
    return latest.drop(columns=["has", "key"]).reset_index(drop=True)


def _scale(graph: ChainGraph, titles: pd.DataFrame) -> pd.DataFrame:
    """Return the places on the track 规模: 规上 as the column says, else as a title says."""
    said = graph.nodes["Enterprise"]["above_scale"]
    above = said.fillna(value=False).to_numpy(dtype=bool)
    titled = titles.loc[titles["track"] == "scale", "firm"].to_numpy(np.int64)
    silent = said.isna().to_numpy(dtype=bool)
    named = np.zeros(len(said), dtype=bool)
    named[titled] = True
    firm = np.flatnonzero(~silent | named)
    blank = pd.Series(None, index=range(len(firm)), dtype="str")
    return pd.DataFrame(
        {
            "firm": firm,
            "title": pd.Series("", index=range(len(firm)), dtype="str"),
            "certified": blank,
            "expires": blank,
            "row": np.full(len(firm), -1),
            "track": pd.Series("scale", index=range(len(firm)), dtype="str"),
            "rung": (above | (silent & named))[firm].astype(np.int64),
            "inferred": np.zeros(len(firm), dtype=bool),
            "last": np.full(len(firm), "NaT", dtype="datetime64[D]"),
            "expired": np.zeros(len(firm), dtype=bool),
        }
    )


def _reported(graph: ChainGraph, rows: pd.DataFrame, said: Mask) -> dict[str, Mask]:
    filled = graph.nodes["Enterprise"]["qualifications"].notna().to_numpy(dtype=bool)
    filled = filled | declared_for_enterprises(graph, "企业资质")
    found = {}
    for name in BY_NAME:
        mask = np.zeros(len(filled), dtype=bool)
        mask[rows.loc[rows["track"] == name, "firm"].to_numpy(np.int64)] = True
        if name in TITLE_TRACKS or name == "honours":
            mask |= filled
        if name == "capital":
            mask |= said
        found[name] = mask
    return found
