"""Job fairs quarter by quarter: which were held, who took part, which quarter had none."""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.dates import day_bounds
from graphmodel.graph import ChainGraph
from queries.columns import written
from queries.evidence import joined, places

_QUARTERS: Final = 4
_ORGANISES: Final = "组织|主办|承办|举办地|撮合|发起|指导|服务对象"
"""Roles that are no taking part."""


def quarters(graph: ChainGraph, day: np.datetime64) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the job fairs of the last four quarters, and what each quarter had.

    The last quarter is that of `day`, or of the latest fair where `day` is NaT. A fair dated by
    its year alone, or not at all, belongs to no quarter.

    Returns:
        Fairs: `event` (row), `name`, `quarter` (number: 4 · year + 0 … 3; -1 unknown), `evidence`;
        and quarters: `quarter` (2026Q2), `number`, `fairs`, `names`, `firms`, `unnamed`, `reason`,
        `reason_en`, `evidence`; empty where no fair tells its quarter.
    """
    table = graph.nodes["Event"]
    row = np.flatnonzero(written(table["type"]) == "招聘")
    fairs = pd.DataFrame(
        {
            "event": row,
            "name": table["name"].to_numpy()[row],
            "quarter": quarter_of(table["date"].iloc[row]),
            "evidence": places(table).to_numpy()[row],
        }
    )
    last = int(fairs["quarter"].max()) if len(fairs) else -1
    if last >= 0 and not np.isnat(day):
        last = int(quarter_of(pd.Series([str(day)], dtype="str"))[0])
    number = np.arange(last - _QUARTERS + 1, last + 1) if last >= 0 else np.arange(0)
    return fairs, _counted(graph, fairs, number)


def quarter_of(dates: "pd.Series[str]") -> npt.NDArray[np.int64]:
    """Return 4 · year + quarter (0 … 3) of ISO texts, -1 where they tell no quarter."""
    first, last = day_bounds(dates)
    ends = []
    for bound in (first, last):
        month = bound.astype("datetime64[M]").astype(np.int64)
        ends.append(np.where(np.isnat(bound), -1, (month + 1970 * 12) // 3))
    return np.where(ends[0] == ends[1], ends[0], -1).astype(np.int64)


def label(number: "pd.Series[int]") -> "pd.Series[str]":
    """Return quarters by name: 2026Q2."""
    return (number // 4).astype("str") + "Q" + (number % 4 + 1).astype("str")


def taking_part(graph: ChainGraph, events: npt.NDArray[np.int64]) -> pd.DataFrame:
    """Return who took part in the events given (rows): `event`, `source` (code), `count`.

    Organisers and places are left out. `count` is 家数, 1 for a named participant.
    """
    table = graph.edges["PARTICIPATES"]
    event = graph.rows("Event", table["target"].to_numpy())
    role = table["role"].fillna("")
    kept = np.isin(event, events) & (event >= 0)
    kept &= ~role.str.contains(_ORGANISES).to_numpy(dtype=bool)
    source = table["source"].to_numpy()[kept]
    unnamed = graph.is_kind(source, "Group")
    count = table["count"].astype("Float64").to_numpy(np.float64, na_value=np.nan)[kept]
    return pd.DataFrame(
        {
            "event": event[kept],
            "source": source,
            "role": role.to_numpy()[kept],
            "count": np.where(unnamed, count, 1.0),
            "unnamed": unnamed,
        }
    )


def _counted(graph: ChainGraph, fairs: pd.DataFrame, number: npt.NDArray[np.int64]) -> pd.DataFrame:
    size = len(number)
    place = fairs["quarter"].to_numpy(np.int64) - (int(number[0]) if size else 0)
    inside = (place >= 0) & (place < size)
    here = fairs[inside].assign(place=place[inside])
    part = taking_part(graph, here["event"].to_numpy(np.int64))
    part = part.merge(here[["event", "place"]], on="event")
    named = part[graph.is_kind(part["source"].to_numpy(np.int64), "Enterprise")]
    firms = named.drop_duplicates(["place", "source"])["place"].to_numpy(np.int64)
    groups = part[part["unnamed"]]
    unnamed = np.bincount(
        groups["place"].to_numpy(np.int64), groups["count"].fillna(0).to_numpy(), minlength=size
    )
    at = here["place"].to_numpy(np.int64)
    count = np.bincount(at, minlength=size)
    held = pd.Series(count, dtype="int64").astype("str")
    frame = pd.DataFrame(
        {
            "quarter": label(pd.Series(number)),
            "number": number,
            "fairs": count,
            "names": joined(at, here["name"].astype("str"), size, limit=5).to_numpy(),
            "firms": np.bincount(firms, minlength=size),
            "unnamed": unnamed.astype(np.int64),
            "evidence": joined(at, here["evidence"].astype("str"), size, limit=5).to_numpy(),
        }
    )
    return frame.assign(
        reason=("举办 " + held + " 场。").where(frame["fairs"] > 0, "这一季没有招聘对接会的记录。"),
        reason_en=(held + " held.").where(frame["fairs"] > 0, "No job fair on record."),
    )


def by_firm(graph: ChainGraph, fairs: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """Return, for every enterprise, the quarters in which it took part in a fair, and how many.

    Returns:
        `zh` and `en`, "" where no fair tells its quarter.
    """
    size = len(graph.nodes["Enterprise"])
    if not len(held):
        return pd.DataFrame({"zh": [""] * size, "en": [""] * size}, dtype="str")
    recent = fairs[fairs["quarter"].isin(held["number"])]
    part = taking_part(graph, recent["event"].to_numpy(np.int64))
    part = part.merge(recent[["event", "quarter"]], on="event")
    firm = graph.rows("Enterprise", part["source"].to_numpy(np.int64))
    kept = firm >= 0
    names = label(part["quarter"]).astype("str")[kept]
    came = joined(firm[kept], names, size, limit=_QUARTERS)
    some = came.ne("")
    number = len(recent)
    return pd.DataFrame(
        {
            "zh": f"近四季 {number} 场，" + ("参加 " + came).where(some, "未参加"),
            "en": f"{number} in four quarters, " + ("joined " + came).where(some, "joined none"),
        }
    )
