"""What makes an enterprise the lead of its chain: one function per dimension.

A dimension returns a raw value for every (enterprise, chain) pair, NaN where nothing is reported;
`leads` turns raw values into percentiles within the chain. A dimension that cannot be computed at
all returns None and is named as absent.
"""

from collections.abc import Callable, Mapping
from typing import Final

from queries.leads.coordination import coordination
from queries.leads.pairs import Measured, Pairs
from queries.leads.pull import pull
from queries.leads.strengths import control, innovation
from queries.leads.support import support

Dimension = Callable[[Pairs], Measured | None]

DIMENSIONS: Final[Mapping[str, Dimension]] = {
    "control": control,
    "pull": pull,
    "support": support,
    "coordination": coordination,
    "innovation": innovation,
}
"""The function of each dimension, in the order in which they are printed."""
