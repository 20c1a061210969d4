"""The states of a segment on the page, and what the answer on gaps says of each segment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from queries.gaps import states
from views.cells import plain
from views.page.parts import State

if TYPE_CHECKING:
    from graphmodel.question import Result

_ENGLISH: Final[Mapping[str, str]] = {
    "broken_missing": "Broken: missing",
    "broken_unlinked": "Broken: unlinked",
    "short": "Short",
    "weak": "Weak",
    "thin": "Thin",
    "sound": "Sound",
    "not_reported": "Not reported",
    "not_applicable": "Not applicable",
}
"""Every state, the most pressing first, in words short enough for a card."""

STATES: Final = tuple(
    State(
        code=code,
        zh=states.STATES[code].zh,
        en=en,
        weak=code in states.GAPS,
        action_zh=states.ACTIONS[code].zh if code in states.ACTIONS else "",
        action_en=states.ACTIONS[code].en if code in states.ACTIONS else "",
    )
    for code, en in _ENGLISH.items()
)
"""The states as the page shows them."""


@dataclass(frozen=True, slots=True)
class SegmentAnswer:
    """What the answer on gaps says of one segment of one chain."""

    state: str
    also: list[str] = field(default_factory=list)
    unlinked: list[str] = field(default_factory=list)
    filling: tuple[str, str] = ("", "")


def segment_answers(result: "Result | None") -> dict[tuple[str, str], SegmentAnswer]:
    """Return by (chain id, segment id) what the answer on gaps says; None says nothing."""
    if result is None or result.rows.empty:
        return {}
    rows = result.rows
    values = {name: plain(rows[name]) if name in rows else [None] * len(rows) for name in _KEYS}
    return {
        (str(values["chain_id"][i]), str(values["segment_id"][i])): SegmentAnswer(
            state=state,
            also=values["also"][i] or [],
            unlinked=values["upstream"][i] or [],
            filling=_filling(values["filling"][i], values["expected"][i]),
        )
        for i, state in enumerate(values["state"])
    }


_KEYS: Final = ("chain_id", "segment_id", "state", "also", "upstream", "filling", "expected")


def _filling(filling: bool | None, expected: str | None) -> tuple[str, str]:  # noqa: FBT001  # a cell
    if not filling:
        return "", ""
    date = expected or ""
    return f"在补 {date}".strip(), f"being filled {date}".strip()
