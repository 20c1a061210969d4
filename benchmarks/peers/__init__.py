"""Every question answered the plain way, with networkx and loops: what Liantu is measured against.

One module per question with `answer(graph)`, the graph being what `ChainGraph.to_networkx` gives.
Each returns the same rows as the question, with their main figures, a sentence in Chinese and one
in English, and where the row was written; what it leaves out its docstring says. They are written
as a careful analyst would write them: dictionaries for every look-up, each relation read once, the
algorithms of networkx. `benchmarks.agreement` holds them to the answers of Liantu.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

Row = dict[str, Any]


def peer(name: str) -> Callable[..., list[Row]]:
    """Return the function that answers the question called `name` the plain way."""
    found: Callable[..., list[Row]] = import_module(f"benchmarks.peers.{name}").answer
    return found
