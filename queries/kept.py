"""What several questions derive from a graph: worked out once, kept for as long as the graph is."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph

Given = ParamSpec("Given")
Derived = TypeVar("Derived")


def kept(
    function: Callable[Concatenate[ChainGraph, Given], Derived],
) -> Callable[Concatenate[ChainGraph, Given], Derived]:
    """Keep what `function` derives from a graph, which never changes, and other hashable arguments.

    All who ask are given the same: an array cannot be written to; a table is handed out as a
    shallow copy, so that what one of them adds to it stays its own; anything else is to be left as
    it is. What is derived must not hold the graph, which would then never be let go.
    """
    found: WeakKeyDictionary[ChainGraph, dict[object, Derived]] = WeakKeyDictionary()

    @wraps(function)
    def once(graph: ChainGraph, /, *given: Given.args, **named: Given.kwargs) -> Derived:
        of_graph = found.setdefault(graph, {})
        key = (given, tuple(sorted(named.items())))
        if key not in of_graph:
            of_graph[key] = function(graph, *given, **named)
        known = of_graph[key]
        if isinstance(known, np.ndarray):
            known.flags.writeable = False
        return known.copy(deep=False) if isinstance(known, pd.DataFrame) else known

    return once
