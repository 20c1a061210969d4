"""The moment a question is asked about, and dates at the precision at which they are written."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.dates import day_bounds, last_day
from graphmodel.graph import ChainGraph

Days = npt.NDArray[np.datetime64]

_HAPPENED = (
    ("nodes", "Need", "raised"),
    ("nodes", "Need", "closed"),
    ("nodes", "Action", "completed"),
    ("edges", "VISITS", "date"),
    ("edges", "CLAIMS", "applied"),
    ("edges", "CLAIMS", "paid"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The day asked about; NaT where the data has no date at all.

    Attributes:
        day: The day.
        stated: It was asked for, not read off the data.
    """

    day: np.datetime64
    stated: bool

    @property
    def text(self) -> str:
        """The day in ISO form; "" for none."""
        return "" if np.isnat(self.day) else str(self.day)

    @property
    def quarter(self) -> np.datetime64:
        """The first day of its quarter."""
        month = self.day.astype("datetime64[M]").astype(np.int64)
        first: np.datetime64 = np.datetime64(int(month) // 3 * 3, "M").astype("datetime64[D]")
        return first


def moment(graph: ChainGraph, as_of: str) -> Moment:
    """Return the last day of `as_of`; blank: the latest day by which something has happened.

    That is the latest 截至日期 of 填报范围 (its last day) and the latest date (its first day) on
    which a need was raised or closed, an action completed, a visit paid, a claim made or paid.

    Raises:
        LiantuError: `as_of` is no ISO date.
    """
    if as_of:
        return Moment(day=np.datetime64(last_day(as_of), "D"), stated=True)
    tables = {"nodes": graph.nodes, "edges": graph.edges}
    found = [day_bounds(tables[side][kind][column])[0] for side, kind, column in _HAPPENED]
    found.append(day_bounds(graph.nodes["Scope"]["as_of"])[1])
    days = np.concatenate(found)
    days = days[~np.isnat(days)]
    day = days.max() if len(days) else np.datetime64("NaT", "D")
    return Moment(day=day, stated=False)


def days_between(start: Days, end: Days | np.datetime64) -> "pd.Series[int]":
    """Return whole days from `start` to `end`, at least 0; missing where either is."""
    days = (end - start).astype("timedelta64[D]")
    known = ~np.isnat(days)
    number = pd.Series(np.where(known, days.astype(np.int64), 0)).clip(lower=0).astype("Int64")
    return number.mask(~known)
