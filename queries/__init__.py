"""The questions that a graph answers: one module each, registered by its name."""

from importlib import import_module

from graphmodel.errors import UsageError
from graphmodel.question import Question

QUESTION_NAMES: tuple[str, ...] = (
    "gaps",
    "needs",
    "coverage",
    "leads",
    "risks",
    "orders",
    "overlap",
    "alliances",
    "pairings",
    "sourcing",
    "partners",
    "ladder",
    "changes",
)
"""Name of every question: its module, command and docs page, in the order of the report."""


def question(name: str) -> Question:
    """Return the question called `name`; its module is imported only now.

    Raises:
        UsageError: There is no such question; lists those there are.
    """
    if name not in QUESTION_NAMES:
        names = "、".join(QUESTION_NAMES)
        msg = f"没有问题“{name}”；现有：{names}。 No question {name!r}; there are: {names}."
        raise UsageError(msg)
    found = import_module(f"queries.{name}").QUESTION
    if not isinstance(found, Question):
        msg = f"queries.{name}.QUESTION is a {type(found).__name__}; declare it as a Question."
        raise TypeError(msg)
    return found


def questions() -> dict[str, Question]:
    """Return every question by name."""
    return {name: question(name) for name in QUESTION_NAMES}
