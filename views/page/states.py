"""The states of a segment on the page, and what the answer on gaps says of each segment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from views.page.parts import Finding, State

if TYPE_CHECKING:
    import pandas as pd

    from graphmodel.question import Result

STATES: Final = (
    State(
        code="broken_missing",
        zh="断链·缺环",
        en="Broken: missing",
        weak=True,
        action_zh="连通（补链）",
        action_en="connect: fill the segment",
    ),
    State(
        code="broken_unlinked",
        zh="断链·缺联",
        en="Broken: unlinked",
        weak=True,
        action_zh="连通（对接）",
        action_en="connect: match the firms",
    ),
    State(
        code="short",
        zh="短链",
        en="Short",
        weak=True,
        action_zh="延长（延链）",
        action_en="extend the chain",
    ),
    State(
        code="weak",
        zh="弱链",
        en="Weak",
        weak=True,
        action_zh="变强（强链）",
        action_en="strengthen",
    ),
    State(
        code="thin", zh="细链", en="Thin", weak=True, action_zh="增粗（强链）", action_en="thicken"
    ),
    State(code="sound", zh="稳", en="Sound", weak=False),
    State(
        code="not_reported",
        zh="未填报",
        en="Not reported",
        weak=False,
        action_zh="补报",
        action_en="report",
    ),
    State(code="not_applicable", zh="不适用", en="Not applicable", weak=False),
)
"""DESIGN 5.1, the most pressing first."""

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
        for row in result.rows.to_dict("records")
        if str(row["state"]) in known
    }


def _answer(
    row: "Mapping[str, object] | pd.Series", labels: Mapping[str, tuple[str, str]]
) -> SegmentAnswer:
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
