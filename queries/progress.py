"""Who is told how far a long answer is, without every function between having to pass it on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

Tell = Callable[[str, float], None]
"""Takes what is being done and which share of it is done, 0 … 1."""

_TOLD: Final[ContextVar[Tell | None]] = ContextVar("told", default=None)


@contextmanager
def watched(tell: Tell) -> Iterator[None]:
    """Let `tell` hear of the progress of what is answered inside."""
    token = _TOLD.set(tell)
    try:
        yield
    finally:
        _TOLD.reset(token)


def told() -> Tell | None:
    """Return who is to be told of progress, None for nobody."""
    return _TOLD.get()
