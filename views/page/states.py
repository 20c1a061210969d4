"""The states of a segment on the page, and what the answer on gaps says of each segment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from queries import states
from views.page.parts import Finding, State

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

_LABELS: Final[Mapping[str, tuple[str, str]]] = {
    "region": ("地区", "Region"),
    "also": ("同时存在", "Also"),
    "measure": ("指标", "Measure"),
    "value": ("数值", "Value"),
    "threshold": ("阈值", "Threshold"),
    "reason": ("理由", "Reason"),
    "action": ("建议动作", "Action"),
    "upstream": ("未连上的上游", "Upstream not linked"),
    "candidates": ("候选企业", "Candidates"),
    "evidence": ("证据", "Evidence"),
}


@dataclass(frozen=True, slots=True)
class SegmentAnswer:
    """What the answer on gaps says of one segment of one chain."""

    state: str
    also: list[str] = field(default_factory=list)
    unlinked: list[str] = field(default_factory=list)
    fields: list[tuple[str, str, str, str]] = field(default_factory=list)

    def finding(self, subject: int, chain: int) -> Finding:
        """Return the finding about the segment at position `subject`."""
        state = next(state for state in STATES if state.code == self.state)
        return Finding(
            subject=subject,
            chain=chain,
            question="gaps",
            zh=state.zh,
            en=state.en,
            weak=state.weak,
            fields=self.fields,
        )


def segment_answers(
    result: "Result | None", labels: Mapping[str, tuple[str, str]] | None = None
) -> dict[tuple[str, str], SegmentAnswer]:
    """Return by (chain id, segment id) what the answer on gaps says.

    Args:
        result: The answer; None gives none.
        labels: Chinese and English label of further columns worth reading.
    """
    if result is None or result.rows.empty:
        return {}
    wanted = {**_LABELS, **(labels or {})}
    known = {state.code for state in STATES}
    return {
        (str(row["chain_id"]), str(row["segment_id"])): _answer(row, wanted)
        for row in _records(result)
        if str(row["state"]) in known
    }


def _records(result: "Result") -> list[dict[str, object]]:
    records: list[dict[str, object]] = result.rows.to_dict("records")  # type: ignore[assignment]  # the stubs call every key Hashable
    return records


def _answer(row: Mapping[str, object], labels: Mapping[str, tuple[str, str]]) -> SegmentAnswer:
    names = {state.code: state for state in STATES}
    also = [code for code in _texts(row.get("also")) if code in names]
    fields = []
    for name, (zh, en) in labels.items():
        text = "、".join(_texts(row.get(name)))
        if name == "also":
            fields.append(
                (zh, en, "、".join(names[c].zh for c in also), ", ".join(names[c].en for c in also))
            )
        else:
            fields.append((zh, en, text, "; ".join(_texts(row.get(f"{name}_en"))) or text))
    unlinked = (
        _texts(row.get("upstream"))
        if row["state"] == "broken_unlinked" or "broken_unlinked" in also
        else []
    )
    return SegmentAnswer(str(row["state"]), also, unlinked, [each for each in fields if each[2]])


def _texts(value: object) -> list[str]:
    """The texts of a cell that holds a list, a joined text, one value or nothing."""
    if value is None or value != value:  # noqa: PLR0124  # NaN differs from itself
        return []
    if isinstance(value, str):
        return [part for part in value.split(";") if part]
    if isinstance(value, Iterable):
        return [str(part) for part in value]
    return [str(value)]
