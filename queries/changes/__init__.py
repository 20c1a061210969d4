"""Changes: this load against an earlier one, what moved, why, and how good the data are."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from graphmodel.findings import SEVERITIES
from graphmodel.question import Column, Params, Question, Result, Table, param
from graphmodel.schema import Text
from queries.coverage import MEASURES

if TYPE_CHECKING:
    from graphmodel.graph import ChainGraph

GROUPS: Final = {
    "size": Text("规模", "size"),
    "filled": Text("填报", "reporting"),
    "gaps": Text("环节", "segments"),
    "coverage": Text("覆盖", "coverage"),
    "work": Text("工作", "work"),
}
GAP_MOVES: Final = {
    "opened": Text("新出现缺口", "gap opened"),
    "closed": Text("缺口已补", "gap closed"),
    "unreported": Text("转为未填报", "no longer reported"),
    "reported": Text("由未填报转为已知", "now reported"),
    "changed": Text("状态变化", "state changed"),
    "added": Text("新增环节", "segment added"),
    "removed": Text("取消环节", "segment removed"),
}
FIRM_MOVES: Final = {
    "in": Text("新增", "in"),
    "out": Text("退出", "out"),
    "renamed": Text("改名", "renamed"),
    "moved": Text("地区变化", "moved"),
}
FACT_STATES: Final = {
    "new": Text("新增", "new"),
    "gone": Text("上月有、本月无", "gone"),
    "both": Text("两月都有", "in both"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeParams(Params):
    """What is compared."""

    scores: bool = param(default=True, zh="比较链主得分", en="compare the scores of leads")
    risks: bool = param(
        default=False, zh="比较断供风险（ESRI，较慢）", en="compare systemic risks too (slow)"
    )
    min_move: float = param(
        0.05, zh="列出的最小得分变化", en="least change of a score that is listed",
        source="自定", low=0,
    )  # fmt: skip


_REASON: Final = Column(name="reason", zh="说明", en="Reason", bilingual=True)
_CHAIN: Final = Column(name="chain", zh="产业链", en="Chain")

COLUMNS: Final = (
    Column(name="group", zh="类别", en="Group", type="state", states=GROUPS),
    Column(name="metric", zh="指标", en="Metric", bilingual=True),
    Column(name="unit", zh="单位", en="Unit"),
    Column(name="now", zh="本月", en="This month", type="number"),
    Column(name="then", zh="上月", en="Month before", type="number"),
    Column(name="change", zh="增减", en="Change", type="number",
           meaning=Text("本月减上月；没有上月数据时空着。", "Now less then; blank without then.")),
    _REASON,
)  # fmt: skip

QUALITY: Final = Table(
    name="quality", zh="数据质量报告", en="Data quality",
    columns=(
        Column(name="file", zh="文件", en="File"),
        Column(name="sheet", zh="工作表", en="Sheet"),
        Column(name="row", zh="行号", en="Row", type="integer"),
        Column(name="column", zh="列名", en="Column"),
        Column(name="value", zh="原值", en="Value"),
        Column(name="code", zh="问题代码", en="Code"),
        Column(name="message", zh="问题说明", en="Problem", bilingual=True),
        Column(name="severity", zh="级别", en="Severity", type="state", states=SEVERITIES),
        Column(name="advice", zh="建议", en="Advice", bilingual=True),
    ),
    meaning=Text("读入本月数据时发现的全部问题；图本身不带问题，由命令填入。",
                 "Everything found while reading this month's data; a graph carries no findings, "
                 "so the command fills this in."),
)  # fmt: skip

TABLES: Final = (
    Table(name="gaps", zh="缺口变化", en="Gaps opened and closed", columns=(
        _CHAIN,
        Column(name="region", zh="地区", en="Region"),
        Column(name="segment", zh="环节", en="Segment"),
        Column(name="move", zh="变化", en="Change", type="state", states=GAP_MOVES),
        Column(name="then", zh="上月状态", en="State before", bilingual=True),
        Column(name="now", zh="本月状态", en="State now", bilingual=True),
        _REASON,
    )),
    Table(name="coverage", zh="覆盖变化", en="Coverage moved", columns=(
        Column(name="measure", zh="口径", en="Measure", type="state", states=MEASURES),
        Column(name="by", zh="分组方式", en="Grouped by"),
        Column(name="label", zh="分组", en="Group"),
        Column(name="covered", zh="已覆盖数", en="Covered", type="integer"),
        Column(name="covered_then", zh="上月已覆盖数", en="Covered before", type="integer"),
        Column(name="eligible", zh="应覆盖数", en="Eligible", type="integer"),
        Column(name="eligible_then", zh="上月应覆盖数", en="Eligible before", type="integer"),
        Column(name="not_reported", zh="未填报数", en="Not reported", type="integer"),
        Column(name="not_reported_then", zh="上月未填报数", en="Not reported before",
               type="integer"),
        Column(name="interval", zh="覆盖率区间", en="Coverage", type="interval"),
        Column(name="interval_then", zh="上月覆盖率区间", en="Coverage before", type="interval"),
        Column(name="change", zh="下限变化", en="Change of the lower end", type="number",
               meaning=Text("百分点，等于分子影响加分母影响。",
                            "Percentage points: the effects of numerator and denominator added.")),
        Column(name="by_numerator", zh="分子影响", en="By the numerator", type="number",
               meaning=Text("(本月已覆盖 − 上月已覆盖) ÷ 上月应覆盖。",
                            "(Covered now − before) / eligible before.")),
        Column(name="by_denominator", zh="分母影响", en="By the denominator", type="number"),
        _REASON,
    )),
    Table(name="firms", zh="企业进出", en="Enterprises in and out", columns=(
        Column(name="firm", zh="企业", en="Enterprise"),
        Column(name="credit_code", zh="统一社会信用代码", en="Credit code"),
        Column(name="move", zh="变化", en="Change", type="state", states=FIRM_MOVES),
        Column(name="then", zh="上月", en="Before"),
        Column(name="now", zh="本月", en="Now"),
        Column(name="by", zh="匹配依据", en="Matched by", bilingual=True),
        Column(name="evidence", zh="证据", en="Evidence"),
    )),
    Table(name="scores", zh="得分变化", en="Scores moved", columns=(
        Column(name="kind", zh="得分", en="Score", bilingual=True),
        _CHAIN,
        Column(name="firm", zh="企业", en="Enterprise"),
        Column(name="score", zh="本月得分", en="Score now", type="number"),
        Column(name="score_then", zh="上月得分", en="Score before", type="number"),
        Column(name="change", zh="增减", en="Change", type="number"),
        Column(name="rank", zh="本月排名", en="Rank now", type="integer"),
        Column(name="rank_then", zh="上月排名", en="Rank before", type="integer"),
        _REASON,
    )),
    Table(name="facts", zh="公开数据对照", en="Stated figures", columns=(
        Column(name="subject", zh="主体", en="Subject"),
        Column(name="metric", zh="指标", en="Metric"),
        Column(name="verbatim", zh="原文", en="As published"),
        Column(name="value", zh="数值", en="Value", type="number"),
        Column(name="unit", zh="单位", en="Unit"),
        Column(name="moment", zh="日期或期间", en="Date or period"),
        Column(name="citation", zh="来源", en="Source"),
        Column(name="state", zh="变化", en="Change", type="state", states=FACT_STATES),
        Column(name="computed", zh="计算结果", en="Computed", bilingual=True),
        Column(name="conflict", zh="有矛盾", en="Conflict", type="boolean",
               meaning=Text("同一主体、指标、日期或期间，数值不同。",
                            "The same subject, metric and date with another value.")),
        Column(name="reason", zh="说明", en="Reason", bilingual=True),
        Column(name="evidence", zh="证据", en="Evidence"),
    )),
    QUALITY,
)  # fmt: skip


def answer(
    graph: "ChainGraph", params: ChangeParams, *, earlier: "ChainGraph | None" = None
) -> Result:
    """Answer what changed since `earlier`, and why.

    Args:
        graph: This month's data.
        params: What is compared.
        earlier: The same data a month before; without it only this month's figures are given.

    Raises:
        UsageError: `params` names a chain or region that does not exist.
    """
    from queries.changes.rows import answered  # noqa: PLC0415  # pandas is slow to import
    from queries.columns import arranged  # noqa: PLC0415  # as above

    found = answered(graph, params, earlier)
    tables = {table.name: arranged(found.tables[table.name], table.columns) for table in TABLES}
    return replace(found, rows=arranged(found.rows, COLUMNS), tables=tables)


QUESTION: Final = Question(
    name="changes",
    zh="与上月相比，什么变了、为什么？",
    en="What changed since last month, and why?",
    sheet="月报对比",
    params=ChangeParams,
    columns=COLUMNS,
    tables=TABLES,
    answer=answer,
    needs={
        "企业": Text("企业进出、产值", "enterprises in and out, output"),
        "企业环节": Text("环节状态", "states of segments"),
        "依托": Text("组织覆盖", "coverage"),
        "指标": Text("公开数据", "stated figures"),
        "填报范围": Text("两个月各声明了什么填全", "what each month declares complete"),
    },
    summary=Text(
        "本月与上月对比：缺口增减、覆盖变化的原因（分子还是分母）、企业进出、得分变化、公开数据的矛盾、"
        "数据质量。用 --earlier 旧数据，或 liantu changes 旧数据 新数据。",
        "This month against the one before: gaps opened and closed, coverage moved and why, "
        "enterprises in and out, scores, conflicts of stated figures, data quality. Give the month "
        "before with --earlier OLD, or write liantu changes OLD NEW.",
    ),
)
