"""The day that a question is asked about: the one given, or the one the data speak of."""

from itertools import chain

import numpy as np
import pandas as pd

from graphmodel.dates import last_day
from graphmodel.graph import ChainGraph


def data_date(graph: ChainGraph) -> str:
    """Return the latest date the data speak of, at its own precision; "" where nothing is dated.

    It is the latest 截至日期 of 填报范围; where that sheet gives none, the latest 来源日期 of any
    row or 截至日期 of a stated figure.
    """
    declared = graph.nodes["Scope"]["as_of"].dropna()
    if len(declared):
        return str(declared.max())
    tables = chain(graph.nodes.values(), graph.edges.values())
    dated = [table["cited_on"].dropna() for table in tables if len(table)]
    dated.append(graph.nodes["Fact"]["as_of"].dropna())
    latest = pd.concat(dated)
    return str(latest.max()) if len(latest) else ""


def asked_day(graph: ChainGraph, as_of: str) -> np.datetime64:
    """Return the last day of `as_of`, else of the date of the data; NaT where neither is there.

    Raises:
        LiantuError: `as_of` is no ISO day, month, quarter or year.
    """
    written = as_of or data_date(graph)
    return np.datetime64(last_day(written) if written else "NaT", "D")
