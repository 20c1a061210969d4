"""The order that names and ids give to enterprises, as numbers that sort faster than texts."""

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes
from queries.kept import kept


@kept
def name_ranks(graph: ChainGraph) -> Codes:
    """Return the place of each enterprise's name among all names in order; equal ones share it."""
    return _ranks(graph.nodes["Enterprise"]["name"])


@kept
def id_ranks(graph: ChainGraph) -> Codes:
    """Return the place of each enterprise's id among all ids in order."""
    return _ranks(graph.nodes["Enterprise"]["id"])


def _ranks(texts: "pd.Series[str]") -> Codes:
    return np.asarray(pd.factorize(texts, sort=True)[0], dtype=np.int64)
