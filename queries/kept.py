"""What several questions derive from a graph: worked out once, kept for as long as the graph is."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph

Derived = TypeVar("Derived", pd.DataFrame, np.ndarray)


def kept(function: Callable[[ChainGraph], Derived]) -> Callable[[ChainGraph], Derived]:
    """Keep the table or array that `function` derives from a graph, which never changes.

    All who ask are given the same data: an array cannot be written to, and a table is handed out
    as a shallow copy, so that what one of them adds to it or writes in it stays its own.
    """
    found: WeakKeyDictionary[ChainGraph, Any] = WeakKeyDictionary()

    @wraps(function)
    def once(graph: ChainGraph) -> Derived:
        if graph not in found:
            found[graph] = function(graph)
        known = found[graph]
        if isinstance(known, pd.DataFrame):
            return known.copy(deep=False)
        known.flags.writeable = False
        return known

    return once
