"""The figures of one month: how many of everything, and how much of it is reported."""

from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph
from graphmodel.kinds import EDGE_KINDS, NODE_KINDS
from graphmodel.schema import Text
from queries.alliances.periods import day_of
from queries.membership import insiders
from queries.pairings import STATES, PairingParams
from queries.pairings.register import register

_NODES: Final = {
    "Enterprise": "家", "Chain": "条", "Segment": "个", "PartyOrganization": "个", "Alliance": "个",
    "Product": "种", "University": "所", "FinancialInstitution": "家", "Association": "个",
    "Need": "项", "Resource": "项", "Action": "项", "Order": "条", "Project": "个", "Event": "次",
    "Fact": "条",
}  # fmt: skip
_EDGES: Final = (
    "SUPPLIES", "COOPERATES", "CO_BUILDS", "MEMBER_OF", "COVERS", "IN_SEGMENT", "FINANCES",
    "VISITS",
)  # fmt: skip
_FILLED: Final = {
    "credit_code": Text("信用代码", "credit code"),
    "output": Text("产值", "output"),
    "revenue": Text("营业收入", "revenue"),
    "size": Text("规模", "size"),
    "party_status": Text("党组织情况", "Party organization status"),
}


class Figure(NamedTuple):
    """One figure of a month; `of` is what a share is a share of."""

    group: str
    key: str
    metric: Text
    unit: str
    value: float
    of: int = 0


def figures(graph: ChainGraph) -> list[Figure]:
    """Return the figures of a graph: numbers of nodes and relations, and shares reported."""
    found = []
    for kind, unit in _NODES.items():
        label = NODE_KINDS[kind]
        known = graph.nodes[kind]["standing"].isin(["stated", "inferred"])
        title = Text(f"{label.zh}数", f"{label.en}: number")
        found.append(Figure("size", kind, title, unit, float(known.sum())))
    for edge in _EDGES:
        kind_of = EDGE_KINDS[edge]
        title = Text(f"{kind_of.zh}记录数", f"{kind_of.en}: records")
        found.append(Figure("size", edge, title, "条", float(len(graph.edges[edge]))))
    firms = graph.nodes["Enterprise"][insiders(graph)]
    total = firms["output"].sum(min_count=1)
    title = Text("已填报企业产值合计", "Output of the enterprises that report it")
    found.append(Figure("size", "output", title, "万元", float(total)))
    for name, what in _FILLED.items():
        share = firms[name].notna().mean() if len(firms) else np.nan
        title = Text(f"企业{what.zh}填报率", f"Enterprises reporting {what.en}")
        found.append(Figure("filled", f"filled:{name}", title, "比率", float(share), len(firms)))
    needs = graph.nodes["Need"]
    closed = float(needs["closed"].notna().sum())
    title = Text("已办结需求", "Needs closed")
    found.append(Figure("work", "needs_closed", title, "项", closed, len(needs)))
    return [*found, *_pairs(graph)]


def _pairs(graph: ChainGraph) -> list[Figure]:
    """Return how many co-building pairs are in each state on the day that the data speak of."""
    pairs = register(graph, day_of(graph, ""), PairingParams().soon_days)
    return [
        Figure(
            "work",
            f"pairs:{state}",
            Text(f"结对共建：{label.zh}", f"Pairs: {label.en}"),
            "对",
            float(pairs["state"].eq(state).sum()),
            len(pairs),
        )
        for state, label in STATES.items()
    ]


def compared(now: list[Figure], then: list[Figure] | None) -> pd.DataFrame:
    """Return the figures of both months side by side, with a sentence for each."""
    before = {(figure.group, figure.key): figure for figure in then or []}
    rows = []
    for figure in now:
        old = before.get((figure.group, figure.key))
        rows.append(
            {
                "group": figure.group,
                "metric": figure.metric.zh,
                "metric_en": figure.metric.en,
                "unit": figure.unit,
                "now": figure.value,
                "then": old.value if old else np.nan,
                "of": figure.of,
                "of_then": old.of if old else 0,
            }
        )
    table = pd.DataFrame(rows)
    return _told(table.assign(change=table["now"] - table["then"]), known=then is not None)


def _told(table: pd.DataFrame, *, known: bool) -> pd.DataFrame:
    if not known:
        return table.assign(reason="没有上月数据。", reason_en="No data of the month before.")
    change = table["change"]
    amount = change.abs().round(4).astype("str").str.removesuffix(".0")
    zh = pd.Series(np.select([change > 0, change < 0], ["增加", "减少"], "持平"), dtype="str")
    en = pd.Series(np.select([change > 0, change < 0], ["Up by ", "Down by "], "Same"), dtype="str")
    differs = change.ne(0) & change.notna()
    zh = zh + amount.where(differs, "")
    en = en + amount.where(differs, "")
    of, before = table["of"].astype("str"), table["of_then"].astype("str")
    base = table["of"].gt(0) | table["of_then"].gt(0)
    zh += ("；基数由 " + before + " 到 " + of).where(base, "")
    en += ("; out of " + before + " before, " + of + " now").where(base, "")
    silent = change.isna()
    return table.assign(
        reason=zh.mask(silent, "有一个月未填报，不能比较") + "。",
        reason_en=en.mask(silent, "Not reported in one of the months") + ".",
    )
