"""The rows of `ladder`: every place with its term, its next step and what is lacking for it."""

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask
from graphmodel.question import Result
from queries.asked import asked_enterprises
from queries.evidence import joined, places
from queries.ladder.criteria import (
    CRITERIA,
    FAILED,
    MET,
    NEAR,
    UNREPORTED,
    Verdict,
    judged,
    measures,
)
from queries.ladder.departments import BASES, departments
from queries.ladder.pyramid import by_group, criteria_table, pyramid
from queries.ladder.standing import Standing, standing
from queries.ladder.tracks import TRACKS, Track
from queries.ladder.words import not_reported, notes, reasons
from queries.membership import chain_labels, chain_members
from queries.moment import asked_day, data_date
from queries.segments import Floats

if TYPE_CHECKING:
    from queries.ladder import LadderParams

_CHAINS: Final = 5
_STEPS: Final = ("ready", "near", "lacking", "unreported", "check", "top")
_EXPIRIES: Final = ("expired", "expiring", "valid", "not_reported", "none")
_NONE: Final = "none"


def answered(graph: ChainGraph, params: "LadderParams") -> Result:
    """Return the answer described at `queries.ladder.answer`."""
    asked = asked_enterprises(graph, params)
    day = asked_day(graph, params.as_of)
    found = standing(graph, day)
    known = measures(graph, found)
    every = _every(params, found, known, asked, day)
    shown = every[_shown(every) | (params.show == "all")]
    rows = _described(graph, shown)
    return Result(
        question="ladder",
        params=params,
        rows=rows,
        tables={
            "pyramid": pyramid(found, every, asked),
            "expiring": rows[rows["expiry"].isin(["expired", "expiring"])],
            "by_group": by_group(graph, params, found, asked),
            "criteria": criteria_table(),
        },
        notes=notes(found, every, len(shown), params.as_of or data_date(graph)),
        not_reported=not_reported(found, asked),
    )


def _every(
    params: "LadderParams",
    found: Standing,
    known: dict[str, Floats],
    asked: Mask,
    day: np.datetime64,
) -> pd.DataFrame:
    """Return every place of the enterprises asked about, and every entry that is known to be open.

    An entry is a track on which a firm reports that it has no place.
    """
    held = found.places[asked[found.places["firm"].to_numpy(np.int64)]]
    parts = []
    for track in TRACKS:
        own = held[held["track"] == track.name]
        entry = np.flatnonzero(found.reported[track.name] & asked)
        entry = entry[~np.isin(entry, own["firm"])] if track.rungs else entry[:0]
        off = pd.DataFrame(
            {"firm": entry, "track": pd.Series(track.name, index=range(len(entry)), dtype="str"),
             "rung": -1, "row": -1, "title": "", "inferred": False, "expired": False,
             "last": np.full(len(entry), "NaT", dtype="datetime64[D]")}
        )  # fmt: skip
        rows = pd.concat([own, off], ignore_index=True) if len(off) else own
        parts.append(_stepped(track, rows.reset_index(drop=True), known, params))
    every = pd.concat(parts, ignore_index=True)
    return every.assign(**_expiry(every, day, params.within_days))


def _stepped(
    track: Track, rows: pd.DataFrame, known: dict[str, Floats], params: "LadderParams"
) -> pd.DataFrame:
    """Add the present and the next rung, how the next step stands and what is lacking."""
    names = np.array([*(rung.name for rung in track.rungs), _NONE], dtype=object)
    labels = [(r.label.zh, r.label.en) for r in track.rungs] + [("未进入", "not on the track")]
    rung = rows["rung"].to_numpy(np.int64)
    title = rows["title"].to_numpy(object)
    now = names[rung] if track.rungs else title
    after = np.where(rung + 1 < len(track.rungs), rung + 1, -1)
    step = np.full(len(rows), "top", dtype=object)
    gap, gap_en = (np.full(len(rows), "", dtype=object) for _ in range(2))
    for number, one in enumerate(track.rungs):
        at = np.flatnonzero(after == number)
        if len(at):
            firms = rows["firm"].to_numpy(np.int64)[at]
            verdicts = [
                judged(c, firms, known, near=params.near) for c in CRITERIA if c.rung == one.name
            ]
            step[at] = _step(verdicts, one.name)
            gap[at] = _told([v.zh for v in verdicts], "；")
            gap_en[at] = _told([v.en for v in verdicts], "; ")
    zh, en = ([text[lang] for text in labels] for lang in (0, 1))
    return rows.assign(
        current=pd.Series(now, index=rows.index, dtype="str"),
        current_label=_label(zh, rung, title, ladder=bool(track.rungs)),
        current_label_en=_label(en, rung, title, ladder=bool(track.rungs)),
        next=pd.Series(np.where(after >= 0, names[after], ""), index=rows.index, dtype="str"),
        next_label=pd.Series(
            np.where(after >= 0, np.array(zh, dtype=object)[after], ""), dtype="str"
        ),
        next_label_en=pd.Series(
            np.where(after >= 0, np.array(en, dtype=object)[after], ""), dtype="str"
        ),
        step=pd.Series(step, index=rows.index, dtype="str"),
        gap=pd.Series(gap, index=rows.index, dtype="str"),
        gap_en=pd.Series(gap_en, index=rows.index, dtype="str"),
    )


def _label(labels: list[str], rung: Codes, title: np.ndarray, *, ladder: bool) -> "pd.Series[str]":
    return pd.Series(np.array(labels, dtype=object)[rung] if ladder else title, dtype="str")


def _step(verdicts: list[Verdict], rung: str) -> np.ndarray:
    """Return how the next step stands: what fails weighs most, then what is not reported.

    Where a rung has a criterion that suffices, only that makes a firm ready.
    """
    states = np.stack([verdict.state for verdict in verdicts])
    enough = np.array([c.sufficient for c in CRITERIA if c.rung == rung])
    deciding = states[enough] if enough.any() else states
    failed, unreported, near = ((states == s).any(axis=0) for s in (FAILED, UNREPORTED, NEAR))
    met = (deciding == MET).any(axis=0)
    return np.select(
        [failed, unreported, near, met], ["lacking", "unreported", "near", "ready"], "check"
    ).astype(object)


def _told(texts: list["pd.Series[str]"], separator: str) -> np.ndarray:
    whole = texts[0]
    for text in texts[1:]:
        comma = pd.Series(np.where(whole.ne("") & text.ne(""), separator, ""), dtype="str")
        whole = whole + comma + text
    return whole.to_numpy(object)


def _expiry(every: pd.DataFrame, day: np.datetime64, within: int) -> dict[str, "pd.Series"]:
    last = every["last"].to_numpy(dtype="datetime64[D]")
    dated = ~np.isnat(last)
    left = (last - day) / np.timedelta64(1, "D")
    without = (every["rung"] < 0) | every["track"].isin(["scale", "capital"])
    state = np.select(
        [without, ~dated, every["expired"], left <= within],
        ["none", "not_reported", "expired", "expiring"],
        "valid",
    )
    return {
        "expiry": pd.Series(state, index=every.index, dtype="str"),
        "days_left": pd.Series(left, index=every.index).astype("Float64").astype("Int64"),
    }


def _shown(every: pd.DataFrame) -> Mask:
    """Return which rows are written out by default: titles held, and who can rise or is near."""
    titled = (every["rung"] >= 0) & every["track"].ne("scale")
    return np.asarray(titled | every["step"].isin(["ready", "near"]), dtype=bool)


def _described(graph: ChainGraph, rows: pd.DataFrame) -> pd.DataFrame:
    firms = rows["firm"].to_numpy(np.int64)
    table = graph.nodes["Enterprise"].iloc[firms]
    members = chain_members(graph)
    labels = pd.Series(chain_labels(graph)[members["chain"].to_numpy()], dtype="str")
    size = len(graph.nodes["Enterprise"])
    chains = joined(members["firm"].to_numpy(), labels, size, limit=_CHAINS)
    home = graph.names(graph.target("LOCATED_IN", "Enterprise")).fillna("")
    unit, basis = departments(graph, firms, rows["track"].to_numpy(object))
    frame = rows.assign(
        enterprise=table["name"].to_numpy(),
        enterprise_id=table["id"].to_numpy(),
        code=table["credit_code"].fillna("").to_numpy(),
        region=home.to_numpy()[firms],
        chain=chains.to_numpy()[firms],
        department=unit.to_numpy(),
        department_basis=basis.map({name: text.zh for name, text in BASES.items()}).to_numpy(),
        department_basis_en=basis.map({name: text.en for name, text in BASES.items()}).to_numpy(),
        track_label=rows["track"].map({track.name: track.label.zh for track in TRACKS}),
        track_label_en=rows["track"].map({track.name: track.label.en for track in TRACKS}),
        evidence=_evidence(graph, rows).to_numpy(),
    )
    frame = reasons(frame)
    return _ordered(frame)


def _evidence(graph: ChainGraph, rows: pd.DataFrame) -> "pd.Series[str]":
    """Where the title is written: its row in 企业资质, else the firm's own."""
    firm = places(graph.nodes["Enterprise"]).to_numpy(object)[rows["firm"].to_numpy(np.int64)]
    held = np.append(places(graph.edges["HOLDS"]).to_numpy(object), "")
    row = rows["row"].to_numpy(np.int64)
    return pd.Series(np.where(row >= 0, held[row], firm), dtype="str")


def _ordered(frame: pd.DataFrame) -> pd.DataFrame:
    """Put what expires first, then who can rise, track by track."""
    keys = pd.DataFrame(
        {
            "due": frame["expiry"].map({"expired": 0, "expiring": 1}).fillna(2),
            "step": frame["step"].map({name: n for n, name in enumerate(_STEPS)}),
            "track": frame["track"].map({track.name: n for n, track in enumerate(TRACKS)}),
            "days": frame["days_left"].astype("Float64").fillna(np.inf),
            "rung": -frame["rung"],
            "name": frame["enterprise"],
            "id": frame["enterprise_id"],
            "title": frame["title"],
        }
    )
    order = keys.sort_values(list(keys.columns), kind="stable").index
    frame = frame.loc[order].reset_index(drop=True)
    return frame.assign(number=pd.Series(np.arange(1, len(frame) + 1), dtype="Int64"))
