"""The rows of `ladder`: every place with its term, its next step and what is lacking for it."""

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask
from graphmodel.question import Result
from graphmodel.schema import Text
from queries.asked import asked_enterprises
from queries.evidence import joined, places
from queries.ladder.criteria import (
    CRITERIA,
    FAILED,
    MET,
    NEAR,
    UNREPORTED,
    judged,
    lacking,
    measures,
)
from queries.ladder.departments import BASES, departments
from queries.ladder.pyramid import by_group, criteria_table, pyramid
from queries.ladder.standing import Standing, standing
from queries.ladder.tracks import TRACKS, Track
from queries.ladder.words import not_reported, notes, reasons
from queries.lists import in_order
from queries.membership import chain_labels, chain_members
from queries.moment import asked_day, data_date
from queries.names import id_ranks, name_ranks
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
    rows = _described(graph, _worded(shown.reset_index(drop=True), known))
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
    """Add the present and the next rung, and how the next step stands."""
    names = np.array([*(rung.name for rung in track.rungs), _NONE], dtype=object)
    rung = rows["rung"].to_numpy(np.int64)
    now = names[rung] if track.rungs else rows["title"].to_numpy(object)
    after = np.where(rung + 1 < len(track.rungs), rung + 1, -1)
    step = np.full(len(rows), "top", dtype=object)
    for number, one in enumerate(track.rungs):
        at = np.flatnonzero(after == number)
        if len(at):
            firms = rows["firm"].to_numpy(np.int64)[at]
            step[at] = _step(one.name, firms, known, params.near)
    return rows.assign(
        current=pd.Series(now, index=rows.index, dtype="str"),
        next=pd.Series(np.where(after >= 0, names[after], ""), index=rows.index, dtype="str"),
        step=pd.Series(step, index=rows.index, dtype="str"),
    )


def _step(rung: str, firms: Codes, known: dict[str, Floats], near: float) -> np.ndarray:
    """Return how the next step stands: what fails weighs most, then what is not reported.

    Where a rung has a criterion that suffices, only that makes a firm ready.
    """
    asked = [c for c in CRITERIA if c.rung == rung]
    states = np.stack([judged(c, firms, known, near=near) for c in asked])
    enough = np.array([c.sufficient for c in asked])
    deciding = states[enough] if enough.any() else states
    failed, unreported, close = ((states == s).any(axis=0) for s in (FAILED, UNREPORTED, NEAR))
    met = (deciding == MET).any(axis=0)
    return np.select(
        [failed, unreported, close, met], ["lacking", "unreported", "near", "ready"], "check"
    ).astype(object)


def _worded(rows: pd.DataFrame, known: dict[str, Floats]) -> pd.DataFrame:
    """Add what the rungs are called and what is lacking for the next one, in both languages."""
    rungs = {rung.name: rung.label for track in TRACKS for rung in track.rungs}
    labels = {**rungs, _NONE: Text("未进入", "not on the track"), "": Text("", "")}
    honours = rows["track"] == "honours"
    columns = {}
    for lang, suffix, separator in (("zh", "", "；"), ("en", "_en", "; ")):
        names = {name: label.pick(lang) for name, label in labels.items()}
        label = rows["current"].map(names).where(~honours, rows["current"])
        columns[f"current_label{suffix}"] = label.astype("str")
        columns[f"next_label{suffix}"] = rows["next"].map(names).astype("str")
        columns[f"gap{suffix}"] = pd.Series(_lacking(rows, known, lang, separator), dtype="str")
    return rows.assign(**columns)


def _lacking(
    rows: pd.DataFrame, known: dict[str, Floats], lang: str, separator: str
) -> npt.NDArray[np.object_]:
    found = np.full(len(rows), "", dtype=object)
    for rung in dict.fromkeys(c.rung for c in CRITERIA):
        at = np.flatnonzero(rows["next"] == rung)
        firms = rows["firm"].to_numpy(np.int64)[at]
        texts = [lacking(c, firms, known, lang) for c in CRITERIA if c.rung == rung]
        told = pd.concat(texts, ignore_index=True)
        group = np.tile(np.arange(len(at)), len(texts))
        kept = told.ne("").to_numpy()
        found[at] = in_order(
            group[kept], told[kept], len(at), limit=len(texts), separator=separator
        ).to_numpy(dtype=object)
    return found


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
    return _ordered(graph, frame)


def _evidence(graph: ChainGraph, rows: pd.DataFrame) -> "pd.Series[str]":
    """Where the title is written: its row in 企业资质, else the firm's own."""
    firm = places(graph.nodes["Enterprise"]).to_numpy(object)[rows["firm"].to_numpy(np.int64)]
    held = np.append(places(graph.edges["HOLDS"]).to_numpy(object), "")
    row = rows["row"].to_numpy(np.int64)
    return pd.Series(np.where(row >= 0, held[row], firm), dtype="str")


def _ordered(graph: ChainGraph, frame: pd.DataFrame) -> pd.DataFrame:
    """Put what expires first, then who can rise, track by track."""
    firm = frame["firm"].to_numpy(np.int64)
    keys = pd.DataFrame(
        {
            "due": frame["expiry"].map({"expired": 0, "expiring": 1}).fillna(2),
            "step": frame["step"].map({name: n for n, name in enumerate(_STEPS)}),
            "track": frame["track"].map({track.name: n for n, track in enumerate(TRACKS)}),
            "days": frame["days_left"].astype("Float64").fillna(np.inf),
            "rung": -frame["rung"],
            "name": name_ranks(graph)[firm],
            "id": id_ranks(graph)[firm],
            "title": frame["title"],
        }
    )
    order = keys.sort_values(list(keys.columns), kind="stable").index
    frame = frame.loc[order].reset_index(drop=True)
    return frame.assign(number=pd.Series(np.arange(1, len(frame) + 1), dtype="Int64"))
