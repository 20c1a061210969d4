"""Pairings: the register of co-building, who has no pair, and which pairs would fit best."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from graphmodel.question import Column, Params, Question, Result, Table, param
from graphmodel.schema import Text

if TYPE_CHECKING:
    from graphmodel.graph import ChainGraph

STATES: Final = {
    "active": Text("有效", "in force"),
    "expiring": Text("即将到期", "expiring soon"),
    "expired": Text("已到期", "expired"),
    "not_reported": Text("未填报", "not reported"),
}
"""States of a pair on the day asked about."""

UNPAIRED: Final = {
    "none": Text("无结对", "none"),
    "expired": Text("结对已到期", "all expired"),
    "not_reported": Text("未填报", "not reported"),
}
"""States of a Party organization without a pair in force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingParams(Params):
    """The day, and what makes a good pair."""

    as_of: str = param(
        "",
        zh="截至日期（如 2026-10-31）；空着则取填报范围的截至日期，或数据中最晚的日期",
        en="date; blank takes the date of 填报范围, or the latest in the data",
    )
    soon_days: int = param(
        90, zh="多少天内到期算即将到期", en="days within which a pair is expiring soon",
        source="自定：一个季度", low=0,
    )  # fmt: skip
    candidates: int = param(
        20, zh="每个企业党组织最多比较几个候选", en="candidates per enterprise's organization",
        source="自定", low=1, high=200,
    )  # fmt: skip
    capacity: int = param(
        3, zh="每个非企业党组织最多新结几对", en="new pairs per organization of another kind",
        source="自定", low=1, high=20,
    )  # fmt: skip
    chain_weight: float = param(
        3.0, zh="同产业链的权重", en="weight of a common chain", source="自定", low=0
    )
    kind_weight: float = param(
        2.0, zh="类别互补的权重", en="weight of a complementary kind",
        source="自定；服务机构计一半", low=0,
    )  # fmt: skip
    region_weight: float = param(
        2.0, zh="同县（区）或园区的权重", en="weight of a common county or park",
        source="自定", low=0,
    )  # fmt: skip
    discipline_weight: float = param(
        1.0, zh="学科对口的权重", en="weight of a fitting discipline", source="自定", low=0
    )
    min_score: float = param(
        0.4, zh="建议结对的最低得分（0–1）", en="least score of a pair that is advised",
        source="自定：只是类别互补还不够", low=0, high=1,
    )  # fmt: skip


_NUMBER: Final = Column(name="number", zh="序号", en="No.", type="integer")
_SIDES: Final = (
    Column(name="party_a", zh="甲方党组织", en="Party A", twin=True),
    Column(name="party_a_id", zh="甲方编码", en="Party A id", machine=True, twin=True),
    Column(name="kind_a", zh="甲方类别", en="Kind of A", bilingual=True,
           meaning=Text("依托单位的类别：企业、机关、金融机构、高校、院所、协会商会。",
                        "The kind of its host.")),
    Column(name="party_b", zh="乙方党组织", en="Party B", twin=True),
    Column(name="party_b_id", zh="乙方编码", en="Party B id", machine=True, twin=True),
    Column(name="kind_b", zh="乙方类别", en="Kind of B", bilingual=True),
)  # fmt: skip
_REASON: Final = Column(name="reason", zh="建议理由", en="Advice and reason", bilingual=True)
_EVIDENCE: Final = Column(name="evidence", zh="证据", en="Evidence")

COLUMNS: Final = (
    _NUMBER,
    *_SIDES,
    Column(name="form", zh="共建形式", en="Form", twin=True),
    Column(name="signed", zh="签约日期", en="Signed", type="date", twin=True),
    Column(name="expires", zh="到期日期", en="Expires", type="date", twin=True),
    Column(name="matter", zh="共建事项", en="Matter", twin=True),
    Column(name="state", zh="状态", en="State", type="state", states=STATES,
           meaning=Text("有到期日期的按日期，没有的按填报的状态；都没有为未填报。",
                        "By the date of expiry; without one, by the status as reported.")),
    Column(name="status", zh="填报状态", en="Status as reported", twin=True),
    _REASON,
    _EVIDENCE,
)  # fmt: skip

TABLES: Final = (
    Table(name="advised", zh="建议结对", en="Pairs advised", columns=(
        _NUMBER, *(replace(side, twin=False) for side in _SIDES),
        Column(name="score", zh="得分", en="Score", type="number",
               meaning=Text("各项权重相加 ÷ 权重总和，0 到 1。", "Weights met over all weights.")),
        Column(name="chain", zh="共同产业链", en="Common chains"),
        Column(name="discipline", zh="对口学科", en="Fitting discipline"),
        Column(name="region", zh="地区", en="Region"),
        _REASON,
    ), meaning=Text("在候选中使总得分最大；是建议，不是已有的结对。",
                    "Of greatest total score among the candidates; advice, not a record.")),
    Table(name="unpaired", zh="未结对党组织", en="Without a pair", columns=(
        Column(name="name", zh="党组织", en="Party organization"),
        Column(name="id", zh="编码", en="Id", machine=True),
        Column(name="kind", zh="类别", en="Kind", bilingual=True),
        Column(name="region", zh="地区", en="Region"),
        Column(name="state", zh="状态", en="State", type="state", states=UNPAIRED,
               meaning=Text("结对共建声明填全时没有记录才是无结对，否则未填报。",
                            "None only where 结对共建 is declared complete.")),
        Column(name="advised", zh="建议对象", en="Advised partner"),
        Column(name="reason", zh="说明", en="Reason", bilingual=True),
        _EVIDENCE,
    )),
    Table(name="summary", zh="结对情况汇总", en="Summary by kind", columns=(
        Column(name="kind", zh="类别", en="Kind", bilingual=True),
        Column(name="organizations", zh="党组织数", en="Organizations", unit="个", type="integer"),
        Column(name="paired", zh="有效结对", en="Paired", unit="个", type="integer"),
        Column(name="expired", zh="结对已到期", en="All expired", unit="个", type="integer"),
        Column(name="none", zh="无结对", en="None", unit="个", type="integer"),
        Column(name="not_reported", zh="未填报", en="Not reported", unit="个", type="integer"),
    )),
)  # fmt: skip


def answer(
    graph: "ChainGraph", params: PairingParams, *, earlier: "ChainGraph | None" = None
) -> Result:
    """Answer which Party organizations are paired, which are not, and which pairs would fit best.

    Args:
        graph: The graph.
        params: The day and the weights.
        earlier: Not used: the question looks at one moment.

    Raises:
        UsageError: `params` names a chain or region that does not exist.
    """
    del earlier
    from queries.columns import arranged  # noqa: PLC0415  # pandas is slow to import
    from queries.pairings.rows import answered  # noqa: PLC0415  # as above

    found = answered(graph, params)
    tables = {table.name: arranged(found.tables[table.name], table.columns) for table in TABLES}
    return replace(found, rows=arranged(found.rows, COLUMNS), tables=tables)


QUESTION: Final = Question(
    name="pairings",
    zh="结对共建进展如何，建议谁和谁结对？",
    en="How do the co-building pairs stand, and which pairs are advised?",
    sheet="结对共建台账",
    params=PairingParams,
    columns=COLUMNS,
    tables=TABLES,
    answer=answer,
    needs={
        "结对共建": Text("已有的结对", "pairs on record"),
        "党组织": Text("谁还没有结对", "who has no pair"),
        "依托": Text("党组织的类别、地区、产业链", "kind, region and chains of an organization"),
        "高校院所": Text("学科", "disciplines"),
        "联盟成员": Text("单位所在的联盟和产业链", "alliances and so chains of other units"),
        "填报范围": Text("结对共建是否填全", "whether 结对共建 is complete"),
    },
    summary=Text(
        "结对共建台账和到期情况；没有结对的党组织；按产业链、类别、地区、学科给出总得分最大的建议结对。",
        "The register of pairs and what expires; who has none; the set of pairs of greatest total "
        "score by chain, kind, region and discipline.",
    ),
)
