"""The day an answer speaks of, and what was in force on it."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.dates import day_bounds
from graphmodel.graph import ChainGraph, Mask
from queries.moment import asked_day

Days = npt.NDArray[np.datetime64]


def day_of(graph: ChainGraph, as_of: str) -> np.datetime64:
    """Return the day asked about: `as_of`, else the data's own, else that of its latest event.

    Raises:
        LiantuError: `as_of` is not an ISO date, month, quarter or year.
    """
    day = asked_day(graph, as_of)
    events = graph.nodes["Event"]["date"].dropna().drop_duplicates()
    return max(day_bounds(events)[1]) if np.isnat(day) and len(events) else day


def shown(day: np.datetime64) -> str:
    """Return a day as text, "" for none."""
    return "" if np.isnat(day) else str(day)


def ended(end: pd.Series, day: np.datetime64) -> Mask:
    """Return which periods were over on `day`; one without an end never is."""
    last = day_bounds(end)[1]
    return np.asarray(~np.isnat(last) & (last < day), dtype=bool)


def begun(start: pd.Series, day: np.datetime64) -> Mask:
    """Return which periods had begun on `day`; one without a start always has."""
    first = day_bounds(start)[0]
    return np.asarray(np.isnat(first) | np.isnat(day) | (first <= day), dtype=bool)
