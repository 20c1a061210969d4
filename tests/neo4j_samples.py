"""The bundled samples, read once for all tests of the database."""

from functools import cache

from graphmodel.graph import ChainGraph
from loaders import load


@cache
def sample(name: str) -> ChainGraph:
    """Return the graph of a bundled sample."""
    return load(f"sample:{name}").graph
