"""Gaps: which segments of a chain are missing, broken, thin or weak, and which to mend first."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
import pandas as pd

from graphmodel.errors import UsageError
from graphmodel.question import Question, Result
from graphmodel.schema import Text
from queries.gaps import rows as gap_rows
from queries.gaps.candidates import candidates, outside_suppliers
from queries.gaps.closure import closures
from queries.gaps.columns import COLUMNS, TABLES
from queries.gaps.cure import cured, cures, ordered
from queries.gaps.operation import operation
from queries.gaps.priority import neighbours, priorities
from queries.gaps.reasons import reasons, upstream_names
from queries.gaps.relatedness import relatedness
from queries.gaps.states import ACTIONS, GAPS, GapParams, Judged, also, judge
from queries.gaps.tables import candidate_rows, chain_identity, diagnosis, tally
from queries.purchases import Purchases, latest, purchases
from queries.segments import Floats, Placement, Template, placements

if TYPE_CHECKING:
    from graphmodel.graph import ChainGraph, Codes

_ORDER: Final = {**dict.fromkeys(GAPS, 0), "not_reported": 1, "sound": 2, "not_applicable": 3}
"""Rank of each state in the answer: gaps first, by priority."""


def answer(
    graph: "ChainGraph", params: GapParams, *, earlier: "ChainGraph | None" = None
) -> Result:
    """Return one row per leaf segment with its state and what to do about it.

    Args:
        graph: The graph asked about.
        params: Thresholds, and the chain and region asked about.
        earlier: The same data a month before, from which 上月状态 is taken.

    Returns:
        Rows with gaps first, those of the highest priority on top; tables `diagnosis` (聚集不聚合),
        `operation` (产业运行表), `tally` and `candidates`. Chains without segments have no row and
        are named under `not_reported`.

    Raises:
        UsageError: There is no such chain or region.
    """
    template, placement = placements(graph, params)
    bought = purchases(graph, template, placement, latest(graph))
    judged = judge(graph, params)
    related = relatedness(graph, template, placement)
    gaps = np.isin(judged.state, GAPS)
    suppliers = outside_suppliers(graph, bought)
    closed = closures(graph, template, placement, bought, suppliers, gaps)
    offers = candidates(graph, template, placement, suppliers, related, gaps)
    offers = ordered(offers, cures(graph, template, bought, closed, offers))
    columns = {
        **_identity(graph, template),
        **_standing(judged),
        **_trade(template, placement, bought, judged, closed.risks),
        "relatedness": related.residual,
        **_projects(graph, params, template, placement, bought, judged),
        **_direction(graph, template, suppliers, offers, gaps),
    }
    rows = pd.DataFrame(columns)
    rows["previous"] = _previous(rows, params, earlier)
    order = _ranked(rows)
    rows = rows.iloc[order].reset_index(drop=True)
    rows["number"] = pd.Series(np.arange(1, len(rows) + 1), dtype="Int64")
    return Result(
        question="gaps",
        params=params,
        rows=rows[column_names()],
        tables={
            "diagnosis": diagnosis(graph, params, template, judged),
            "operation": operation(graph, template),
            "tally": tally(graph, template, placement, judged),
            "candidates": candidate_rows(graph, template, offers, order),
        },
        notes=(*_notes(graph, placement, bought), *cured(offers)),
        not_reported=_without_segments(graph, template),
    )


def column_names() -> list[str]:
    """Return the columns of the rows in order, English ones after their own."""
    return [name for c in COLUMNS for name in (c.name, f"{c.name}_en")[: 1 + c.bilingual]]


def _identity(graph: "ChainGraph", template: Template) -> dict[str, Any]:
    codes = template.segments + graph.offsets["Segment"]
    parent = graph.nodes["Segment"]["parent"].to_numpy()[template.segments]
    identity = chain_identity(graph, template, template.chains)
    return {
        **{name: identity[name] for name in ("chain_id", "chain", "region")},
        "segment_id": graph.ids(codes),
        "segment": graph.names(codes),
        "parent": graph.names(np.where(parent == codes, -1, parent)),
    }


def _standing(judged: Judged) -> dict[str, Any]:
    facts = judged.facts
    known = judged.state != "not_reported"
    return {
        "state": pd.Series(judged.state, dtype="str"),
        "also": pd.Series(also(judged), dtype=object),
        "firms": facts["firms"].astype("Int64").where(known),
        "above_scale": facts["above_scale"].astype("Int64").where(known),
        "output": facts["output"],
        "output_firms": facts["output_firms"].astype("Int64").where(known),
        "hhi": facts["hhi"],
        "effective_suppliers": facts["effective_suppliers"],
        "import_dependence": judged.criteria.imports,
        "outside_dependence": judged.criteria.outside,
    }


def _trade(
    template: Template, placement: Placement, bought: Purchases, judged: Judged, closure: Floats
) -> dict[str, Any]:
    around = neighbours(template, placement, bought)
    scored = priorities(judged, around, bought, closure)
    return {
        "purchases": bought.bought,
        "local_share": bought.local_share,
        "local_buyers": pd.Series(around.buyers).astype("Int64"),
        "local_suppliers": pd.Series(around.suppliers).astype("Int64"),
        "outflow": bought.outflow,
        "closure_risk": closure,
        "priority": pd.Series([np.nan if s is None else s.score for s in scored], dtype="float64"),
        **_bilingual("priority_reason", [None if s is None else s.words for s in scored]),
    }


def _bilingual(name: str, texts: list[Text | None]) -> dict[str, "pd.Series[Any]"]:
    return {
        name: pd.Series([None if t is None else t.zh for t in texts], dtype="str"),
        f"{name}_en": pd.Series([None if t is None else t.en for t in texts], dtype="str"),
    }


def _projects(
    graph: "ChainGraph",
    params: GapParams,
    template: Template,
    placement: Placement,
    bought: Purchases,
    judged: Judged,
) -> dict[str, Any]:
    """Return reason, projects and evidence of each leaf."""
    size = len(template)
    filling = gap_rows.projects(graph, template)
    listed: list[list[str]] = [[] for _ in range(size)]
    expected: list[str | None] = [None] * size
    for leaf, name, stage, date in filling[["leaf", "name", "stage", "expected"]].itertuples(
        index=False
    ):
        listed[leaf].append(f"{name}（{stage}）")
        expected[leaf] = expected[leaf] or (date if isinstance(date, str) else None)
    empty = (judged.facts["firms"] == 0).to_numpy()
    found = reasons(graph, params, template, judged)
    words: list[Text | None] = [
        _with_projects(reason.words, listed[leaf], expected[leaf]) if empty[leaf] else reason.words
        for leaf, reason in enumerate(found)
    ]
    names = graph.nodes["Segment"]["name"].iloc[template.segments].tolist()
    lacking = upstream_names(judged, names)
    broken = judged.state == "broken_unlinked"
    texts, number = gap_rows.evidence(graph, template, placement, bought, filling)
    return {
        "upstream": pd.Series(
            [lacking[leaf] if broken[leaf] else [] for leaf in range(size)], dtype=object
        ),
        "filling": pd.Series([bool(p) for p in listed], dtype="boolean") & empty,
        "projects": pd.Series(listed, dtype=object),
        "expected": pd.Series(expected, dtype="str"),
        **_bilingual("measure", [reason.measure for reason in found]),
        "value": pd.Series([reason.value for reason in found], dtype="float64"),
        "threshold": pd.Series([reason.threshold for reason in found], dtype="float64"),
        **_bilingual("reason", words),
        **_bilingual("action", [ACTIONS.get(state) for state in judged.state]),
        "evidence": pd.Series(texts, dtype=object),
        "evidence_rows": pd.Series(number, dtype="Int64"),
    }


def _with_projects(words: Text, names: list[str], expected: str | None) -> Text:
    if not names:
        return words
    listed = "、".join(names)
    return Text(
        f"{words.zh}在补：{listed}，预计投产{expected or '未填报'}。",
        f"{words.en} Being filled: {listed}, expected {expected or 'not reported'}.",
    )


def _direction(
    graph: "ChainGraph",
    template: Template,
    suppliers: pd.DataFrame,
    offers: pd.DataFrame,
    gaps: "np.ndarray[Any, np.dtype[np.bool_]]",
) -> dict[str, Any]:
    units = gap_rows.responsible(graph, template)
    wanted = np.flatnonzero(gaps)
    directions = gap_rows.directions(graph, template, suppliers, units, wanted)
    zh, en = gap_rows.listed(offers, len(template))
    return {
        **_bilingual("direction", [directions.get(leaf) for leaf in range(len(template))]),
        "candidates": pd.Series(zh, dtype=object),
        "candidates_en": pd.Series(en, dtype=object),
        **_bilingual("responsible", units),
    }


def _ranked(rows: pd.DataFrame) -> "Codes":
    """Order of the rows: gaps by priority, then what is not reported, sound, not applicable."""
    keys = rows[["chain", "region", "segment", "chain_id", "segment_id"]]
    keys = keys.assign(
        rank=rows["state"].map(_ORDER), score=-rows["priority"].fillna(0), place=range(len(rows))
    )
    order = ["rank", "score", "chain", "region", "segment", "chain_id", "segment_id"]
    return cast("Codes", keys.sort_values(order, kind="stable")["place"].to_numpy(np.int64))


def _previous(
    rows: pd.DataFrame, params: GapParams, earlier: "ChainGraph | None"
) -> "pd.Series[Any]":
    """Return the state of each segment in `earlier`, matched by id, else by its names."""
    found = pd.Series(None, index=rows.index, dtype="str")
    if earlier is None:
        return found
    asked = replace(params, chain="")
    try:
        template, _ = placements(earlier, asked)
    except UsageError:  # the region asked about was unknown then
        return found
    judged = judge(earlier, asked)
    then = pd.DataFrame(_identity(earlier, template)).assign(state=judged.state)
    by_id = then.drop_duplicates("segment_id").set_index("segment_id")["state"]
    found = rows["segment_id"].map(by_id)
    names = ["chain", "region", "segment"]
    by_name = rows[names].merge(then[[*names, "state"]].drop_duplicates(names), "left", on=names)
    return found.where(found.notna(), by_name["state"]).astype("str")


def _notes(graph: "ChainGraph", placement: Placement, bought: Purchases) -> tuple[Text, ...]:
    members = placement.members
    blank = members.loc[members["blank"], "firm"].nunique()
    notes = []
    if blank:
        notes.append(
            Text(
                f"{blank}家企业没有填写地区，按其产业链所在地计入。",
                f"{blank} enterprises name no region and count in their chain's own.",
            )
        )
    if placement.unlocated:
        notes.append(
            Text(
                f"{placement.unlocated}家企业与其产业链都没有填写地区，未计入所问地区。",
                f"{placement.unlocated} enterprises were left out: neither they nor their chain "
                "names a region.",
            )
        )
    if not len(graph.edges["SUPPLIES"]):
        notes.append(
            Text(
                "没有填报供应关系：断链·缺联、关键采购、本地供给占比和外流销售额都未判，请填“供应关系”。",
                "No supply relations are reported, so links, essential purchases, local share and "
                "sales that leave are not judged; the sheet 供应关系 would supply them.",
            )
        )
    elif not len(bought.rows):
        notes.append(
            Text(
                "供应关系都看不出属于哪个环节：请在“供应关系”写环节或产品，或在“企业环节”写供方。",
                "No supply relation tells its segment: give 环节 or 产品 in the sheet 供应关系, or "
                "place its supplier in 企业环节.",
            )
        )
    return tuple(notes)


def _without_segments(graph: "ChainGraph", template: Template) -> tuple[Text, ...]:
    """Name each chain asked about that has no segments."""
    without = np.setdiff1d(template.asked, template.chains)
    table = chain_identity(graph, template, without)
    home = graph.names(graph.target("LOCATED_IN", "Chain")[without])
    found = []
    for name, region in sorted(zip(table["chain"], home.fillna(""), strict=True)):
        full = f"{name}@{region}" if region else name
        found.append(
            Text(
                f"产业链“{full}”没有填报环节：请填“环节”表。",
                f"Chain {full} has no segments: fill the sheet 环节.",
            )
        )
    return tuple(found)


QUESTION: Final = Question(
    name="gaps",
    zh="哪些环节缺、断、细、弱，先补哪一段？",
    en="Which segments are missing, broken, thin or weak, and which to mend first?",
    sheet="补链清单",
    params=GapParams,
    columns=COLUMNS,
    tables=TABLES,
    answer=answer,
    needs={
        "环节": Text("模板；没有环节的链没有答案", "the template; a chain without it has no row"),
        "环节上下游": Text("端点、断链和位置", "ends, breaks and positions"),
        "企业环节": Text("谁在哪个环节、产值、产能", "who stands where, output, capacity"),
        "企业产品": Text(
            "候选能供多少：产能、单价", "how much a candidate could supply: capacity, price"
        ),
        "企业": Text("地区、规上、资质、行业代码", "region, scale, qualifications, industry"),
        "供应关系": Text(
            "缺联、关键采购、就近、外流", "links, essential inputs, local share, outflow"
        ),
        "配套合作": Text("方向未说明的联系", "ties without direction"),
        "订单": Text("与产能比较的订单", "orders to compare capacity with"),
        "项目": Text("在补的环节", "segments being filled"),
        "岗位": Text("链长、牵头部门", "who is responsible"),
        "高校院所": Text("对口院所", "institutes with a matching discipline"),
        "填报范围": Text("哪里没写就是没有", "where silence means none"),
        "指标": Text("产业运行表的公开数", "stated figures of 产业运行表"),
    },
    summary=Text(
        "逐环节自上而下判定：未填报、不适用、短链、断链·缺环、断链·缺联、弱链、细链、稳。",
        "Each segment is tested top to bottom; what is not reported is never a gap.",
    ),
)
