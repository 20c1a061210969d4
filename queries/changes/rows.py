"""The rows of `changes`: figures of both months, and the tables that say what moved."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from graphmodel.errors import UsageError
from graphmodel.graph import ChainGraph
from graphmodel.question import Result
from graphmodel.schema import Text
from queries.changes.counts import Figure, compared, figures
from queries.changes.coverage_moves import coverage_moves, coverage_rows
from queries.changes.gap_moves import gap_moves, segment_states
from queries.changes.identity import matched, moves
from queries.changes.score_moves import score_moves, score_rows
from queries.changes.stated import stated
from queries.coverage import MEASURES
from queries.gaps.states import GAPS, STATES

if TYPE_CHECKING:
    from queries.changes import ChangeParams

_NO_EARLIER: Final = Text(
    "没有上月数据，只列本月：用 --earlier 旧数据 给出，或写 liantu changes 旧数据 新数据。",
    "No data of the month before, so only this month stands: give them with --earlier OLD, or "
    "write liantu changes OLD NEW.",
)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Month:
    """What is compared of one load.

    Attributes:
        whole: The graph.
        part: The part of it asked about.
        states: State of every segment.
        coverage: Rows of coverage.
        asserted: Stated figures with what is computed beside.
        figures: Figures of the month.
    """

    whole: ChainGraph
    part: ChainGraph
    states: pd.DataFrame
    coverage: pd.DataFrame
    asserted: pd.DataFrame
    figures: list[Figure]


def answered(graph: ChainGraph, params: "ChangeParams", earlier: ChainGraph | None) -> Result:
    """Return the answer described at `queries.changes.answer`."""
    now = _month(graph, params)
    then, unknown = _earlier(earlier, params)
    rows = compared(now.figures, then.figures if then else None)
    return Result(
        question="changes",
        params=params,
        rows=rows,
        tables=_tables(now, then, params),
        notes=_notes(now, then),
        not_reported=(*((_NO_EARLIER,) if earlier is None else ()), *unknown),
    )


def _month(graph: ChainGraph, params: "ChangeParams") -> Month:
    chain = graph.find("Chain", params.chain) if params.chain else None
    region = graph.find("Region", params.region) if params.region else None
    part = graph.subgraph(chain=chain, region=region)
    states = segment_states(graph, params)
    coverage, asserted = coverage_rows(graph, params)
    return Month(
        whole=graph, part=part, states=states, coverage=coverage, asserted=asserted,
        figures=[*figures(part), *_of_gaps(states), *_of_coverage(coverage)],
    )  # fmt: skip


def _earlier(
    earlier: ChainGraph | None, params: "ChangeParams"
) -> tuple[Month | None, tuple[Text, ...]]:
    """Return the month before; None where it does not know what is asked about."""
    if earlier is None:
        return None, ()
    try:
        return _month(earlier, params), ()
    except UsageError:
        asked = "、".join(params.filters().values())
        return None, (
            Text(
                f"上月数据没有“{asked}”，只列本月。",
                f"The data of the month before do not know {asked!r}: only this month stands.",
            ),
        )


def _of_gaps(states: pd.DataFrame) -> list[Figure]:
    """Return how many segments are in each state, and gaps in all."""
    total = len(states)
    found = [
        Figure(
            "gaps", "gaps", Text("缺口环节数", "Segments with a gap"), "个",
            float(states["state"].isin(GAPS).sum()), total,
        )
    ]  # fmt: skip
    for state, label in STATES.items():
        number = float(states["state"].eq(state).sum())
        title = Text(f"环节状态：{label.zh}", f"Segments: {label.en}")
        found.append(Figure("gaps", state, title, "个", number, total))
    return found


def _of_coverage(coverage: pd.DataFrame) -> list[Figure]:
    """Return both ends of every coverage rate of the whole."""
    found = []
    counts = ["eligible", "covered", "not_reported"]
    totals = coverage[coverage["by"] == "total"].set_index("measure")[counts]
    for measure, label in MEASURES.items():
        eligible, covered, silent = (int(number) for number in totals.loc[measure].to_numpy())
        ends = (covered, covered + silent)
        for key, zh, en, end in zip(
            ("low", "high"), ("下限", "上限"), ("at least", "at most"), ends, strict=True
        ):
            share = end / eligible if eligible else np.nan
            title = Text(f"{label.zh}率（{zh}）", f"Coverage, {label.en}, {en}")
            found.append(
                Figure("coverage", f"{measure}:{key}", title, "比率", float(share), eligible)
            )
    return found


def _tables(now: Month, then: Month | None, params: "ChangeParams") -> dict[str, pd.DataFrame]:
    from queries.changes import QUALITY, TABLES  # noqa: PLC0415  # they import this module

    blank = {table.name: _empty(table.columns) for table in TABLES}
    facts = stated(now.part, then.part if then else None, now.asserted)
    if then is None:
        return {**blank, "facts": facts}
    pairs = matched(now.part, then.part)
    return {
        **blank,
        "gaps": gap_moves(now.states, then.states),
        "coverage": coverage_moves(now.coverage, then.coverage),
        "firms": moves(now.part, then.part, pairs),
        "scores": _scores(now, then, params),
        "facts": facts,
        "quality": blank[QUALITY.name],
    }


def _empty(columns: object) -> pd.DataFrame:
    names = [
        name
        for column in columns  # type: ignore[attr-defined]  # a tuple of Column
        for name in ((column.name, f"{column.name}_en") if column.bilingual else (column.name,))
    ]
    return pd.DataFrame({name: pd.Series(dtype="str") for name in names})


def _scores(now: Month, then: Month, params: "ChangeParams") -> pd.DataFrame:
    pairs = matched(now.whole, then.whole)
    ids = pd.DataFrame(
        {
            side: month.whole.nodes["Enterprise"]["id"].iloc[pairs[side]].to_numpy()
            for side, month in (("now", now), ("then", then))
        }
    )
    asked = [name for name, wanted in (("leads", params.scores), ("risks", params.risks)) if wanted]
    parts = [
        score_moves(
            score_rows(now.whole, params, name),
            score_rows(then.whole, params, name),
            ids,
            name,
            params.min_move,
        )
        for name in asked
    ]
    columns = ["kind", "kind_en", "chain", "firm", "score", "score_then", "change", "rank"]
    columns += ["rank_then", "reason", "reason_en"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def _notes(now: Month, then: Month | None) -> tuple[Text, ...]:
    if then is None:
        return ()
    found = [
        Text(
            "企业先按信用代码、再按名称认作同一家；环节先按编码、再按产业链、地区、名称。",
            "Enterprises are the same by credit code, then by name; segments by id, then by chain, "
            "region and name.",
        )
    ]
    here, there = (_declared(month.whole) for month in (now, then))
    for zh, en, names in (
        ("本月新声明填全", "Newly declared complete", here - there),
        ("本月不再声明填全", "No longer declared complete", there - here),
    ):
        if names:
            said = "、".join(sorted(names))
            found.append(
                Text(
                    f"{zh}：{said}；没有记录由此改变含义，未填报与无之间的变化不是实际变化。",
                    f"{en}: {said}; silence changes its meaning, so moves between not reported and "
                    "none are no real change.",
                )
            )
    return tuple(found)


def _declared(graph: ChainGraph) -> set[str]:
    """Return the declarations of 填报范围 in words: sheet, region, chain."""
    scope = graph.nodes["Scope"]
    stated_rows = scope[scope["complete"].fillna(value=False)]
    region = graph.names(stated_rows["region"].to_numpy()).fillna("")
    chain = graph.names(stated_rows["chain"].to_numpy()).fillna("")
    words = stated_rows["table"].reset_index(drop=True)
    words = words + ("@" + region).where(region.ne(""), "") + ("@" + chain).where(chain.ne(""), "")
    return set(words)
