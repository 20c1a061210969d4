"""Which questions a page asks of a source, and which it leaves to their own commands."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from graphmodel.schema import Text

if TYPE_CHECKING:
    from graphmodel.graph import ChainGraph

MOST_RELATIONS: Final[Mapping[str, int]] = {"risks": 300_000}
"""Supply relations beyond which an answer takes longer than one waits for a page."""


def left_out(graph: "ChainGraph") -> dict[str, Text]:
    """Return the questions that a page of this source does not ask, and why."""
    relations = len(graph.edges["SUPPLIES"])
    return {
        name: Text(
            f"供应关系 {relations:,} 条，超过 {most:,} 条，本页不含“{name}”的答案；"
            f"请用 liantu {name} 另算。",
            f"{relations:,} supply relations, more than {most:,}: the page leaves {name} out; "
            f"ask liantu {name} for it.",
        )
        for name, most in MOST_RELATIONS.items()
        if relations > most
    }
