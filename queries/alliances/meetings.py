"""What an alliance has held: its meetings by quarter and its activities by 方面."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.dates import day_bounds
from graphmodel.graph import ChainGraph, Codes, Mask
from queries.alliances.periods import Days
from queries.columns import written
from queries.evidence import places

MEETINGS: Final = ("会议", "圆桌会")
"""Types of event that count as a meeting (例会)."""

ORGANIZING: Final = ("组织", "发起", "主办", "承办", "牵头", "举办")
"""Roles in 活动参与 that make an event the alliance's own; 参与 and 撮合 do not."""

NOT_HELD: Final = r"取消|未举办|未召开|计划|拟|待"
"""状态 of an event that has not taken place."""

QUARTERS: Final = ("一季度", "二季度", "三季度", "四季度")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Held:
    """Meetings of every alliance in one year; rows are rows of the table of alliances.

    Attributes:
        year: The year asked about, 0 where nothing is dated.
        meetings: Meetings per quarter, shape (n, 4).
        due: Quarters in which a meeting was due, shape (n, 4).
        required: Meetings due in each of them.
        undated: Meetings whose quarter cannot be told, shape (n,).
        reports: Alliances with any dated meeting on record, of whatever year.
        areas: Activities by 方面: `alliance`, `area`, `number`, `evidence`.
    """

    year: int
    meetings: Codes
    due: Mask
    required: int
    undated: Codes
    reports: Mask
    areas: pd.DataFrame

    @property
    def lacking(self) -> Mask:
        """Quarters due without enough meetings on record, shape (n, 4)."""
        return np.asarray(self.due & (self.meetings < self.required), dtype=bool)


def own_events(graph: ChainGraph) -> pd.DataFrame:
    """Return the events that each alliance organized or that are about it, once each.

    Returns:
        `alliance` and `event` (rows). Events whose 状态 says that they were not held are left out.
    """
    part = graph.edges["PARTICIPATES"]
    part = part[part["role"].isin(ORGANIZING)]
    about = graph.nodes["Event"]["subject"].to_numpy()
    found = pd.DataFrame(
        {
            "alliance": graph.rows("Alliance", np.concatenate([part["source"].to_numpy(), about])),
            "event": np.concatenate(
                [graph.rows("Event", part["target"].to_numpy()), np.arange(len(about))]
            ),
        }
    )
    found = found[(found["alliance"] >= 0) & (found["event"] >= 0)].drop_duplicates()
    off = graph.nodes["Event"]["status"].fillna("").str.contains(NOT_HELD, regex=True).to_numpy()
    kept: pd.DataFrame = found[~off[found["event"].to_numpy(np.int64)]]
    return kept.sort_values(["alliance", "event"]).reset_index(drop=True)


def held(graph: ChainGraph, day: np.datetime64, *, year: int, required: int) -> Held:
    """Return what every alliance held in a year.

    A quarter is due if it is over on `day` and the alliance existed when it began; where nothing
    tells the day, a year asked for is taken to be over. Activities count if dated in the year, or
    not dated at all.

    Args:
        graph: The graph.
        day: The day asked about.
        year: The year; 0 means the year of `day`.
        required: Meetings due in a quarter.
    """
    size = len(graph.nodes["Alliance"])
    asked = year or (0 if np.isnat(day) else int(str(day)[:4]))
    if year and np.isnat(day):
        day = np.datetime64(f"{year}-12-31", "D")
    events = own_events(graph)
    table = graph.nodes["Event"].iloc[events["event"].to_numpy(np.int64)]
    alliance = events["alliance"].to_numpy(np.int64)
    first, last = day_bounds(table["date"])
    meeting = np.isin(written(table["type"]), MEETINGS)
    quarter = _quarter(first, last)
    inside = _year(first) == asked
    counted = meeting & inside & (quarter >= 0)
    counts = np.zeros((size, 4), dtype=np.int64)
    np.add.at(counts, (alliance[counted], quarter[counted]), 1)
    loose = meeting & (quarter < 0) & (inside | np.isnat(first))
    return Held(
        year=asked,
        meetings=counts,
        due=_due(graph, day, asked),
        required=required,
        undated=np.bincount(alliance[loose], minlength=size),
        reports=np.isin(np.arange(size), alliance[meeting & (quarter >= 0)]),
        areas=_areas(table, alliance, inside | np.isnat(first)),
    )


def _year(days: Days) -> Codes:
    """Return the year of each day, -1 for none."""
    years = days.astype("datetime64[Y]").astype(np.int64) + 1970
    return np.where(np.isnat(days), -1, years)


def _quarter(first: Days, last: Days) -> npt.NDArray[np.int64]:
    """Return the quarter 0 … 3 in which a period lies, -1 where it lies in none or in several."""
    months = [days.astype("datetime64[M]").astype(np.int64) for days in (first, last)]
    same = ~np.isnat(first) & (months[0] // 3 == months[1] // 3)
    return np.where(same, months[0] % 12 // 3, -1)


def _due(graph: ChainGraph, day: np.datetime64, year: int) -> Mask:
    founded = day_bounds(graph.nodes["Alliance"]["founded"])[0]
    if not year or np.isnat(day):
        return np.zeros((len(founded), 4), dtype=bool)
    start = np.datetime64(f"{year}-01") + 3 * np.arange(4)
    over = (start + 3).astype("datetime64[D]") - 1 <= day
    existed = np.isnat(founded)[:, None] | (founded[:, None] <= start.astype("datetime64[D]"))
    return np.asarray(over & existed, dtype=bool)


def _areas(table: pd.DataFrame, alliance: Codes, counted: Mask) -> pd.DataFrame:
    area = table["area"].fillna("").to_numpy(dtype=object)
    kept = counted & (area != "")
    rows = pd.DataFrame(
        {"alliance": alliance[kept], "area": area[kept], "evidence": places(table[kept]).to_numpy()}
    )
    grouped = rows.sort_values("evidence").groupby(["alliance", "area"], sort=True)
    found: pd.DataFrame = grouped["evidence"].agg(number="size", evidence="first").reset_index()
    return found
