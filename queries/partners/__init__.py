"""Partners: talent, finance and research that firms need, what is near, and what is not tied."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from graphmodel.question import Column, Params, Question, Result, Table, param
from graphmodel.schema import Text

if TYPE_CHECKING:
    from graphmodel.graph import ChainGraph

_OWN: Final = "Liantu 口径"

LEVEL_LABELS: Final = {
    "park": Text("园区", "park"), "city": Text("市", "city"), "province": Text("省", "province"),
}  # fmt: skip
TALENT_STATES: Final = {
    "short": Text("本地毕业生不足", "local graduates fall short"),
    "elsewhere": Text("本地院校未见该专业，外地有", "taught elsewhere only"),
    "enough": Text("本地毕业生够", "local graduates suffice"),
    "not_reported": Text("毕业生未填报", "graduates not reported"),
    "no_headcount": Text("人数未填报", "number wanted not reported"),
    "no_major": Text("专业和岗位未填报", "neither major nor post reported"),
    "closed": Text("已办结", "closed"),
}
BASES: Final = {
    "same": Text("专业相同", "same major"),
    "inferred": Text("字面相合（推断）", "by its words (inferred)"),
    "": Text("", ""),
}
FINANCE_STATES: Final = {
    "open": Text("有缺口，无授信无意向", "open, nobody in sight"),
    "credited": Text("有缺口，已授信", "open, credit granted"),
    "intending": Text("有缺口，有意向机构", "open, an institution intends"),
    "no_amount": Text("金额未填报", "amount not reported"),
    "met": Text("放款和股权已满足", "met by loans and equity"),
    "no_need": Text("没有未办结的资金需求", "no open need"),
}
TASK_STATES: Final = {
    "overdue": Text("逾期", "overdue"),
    "unassigned": Text("无承接单位", "nobody takes it"),
    "under_way": Text("推进中", "under way"),
    "done": Text("已完成", "done"),
}
MATTERS: Final = {
    "talent": Text("人才", "talent"),
    "finance": Text("融资", "finance"),
    "research": Text("校企研", "research"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerParams(Params):
    """What counts as local, on which day, and which segments are weak."""

    level: str = param(
        "city", zh="何为本地：park 园区，city 市，province 省",
        en="what counts as local", source=_OWN, choices=tuple(LEVEL_LABELS),
    )  # fmt: skip
    as_of: str = param(
        "", zh="截至日期（如 2026-10-31）；空着取数据截至日期",
        en="date asked about; blank: the date of the data", source=_OWN,
    )  # fmt: skip
    import_dependence: float = param(
        0.5, zh="进口依赖高于此数的环节为弱", en="import dependence above which a segment is weak",
        source=_OWN, low=0, high=1,
    )  # fmt: skip
    per_segment: int = param(
        3, zh="每个环节列出的对口院所数", en="matching institutes listed for a segment",
        source=_OWN, low=1,
    )  # fmt: skip


def _count(name: str, zh: str, en: str, meaning: Text = Text("", ""), unit: str = "家") -> Column:
    return Column(name=name, zh=zh, en=en, unit=unit, type="integer", meaning=meaning)


def _money(name: str, zh: str, en: str, meaning: Text = Text("", "")) -> Column:
    return Column(name=name, zh=zh, en=en, unit="万元", type="money", meaning=meaning)


_REASON: Final = Column(name="reason", zh="说明", en="Reason", bilingual=True)
_EVIDENCE: Final = Column(name="evidence", zh="证据", en="Evidence")
_WHY: Final = (_REASON, _EVIDENCE)
_FIRM: Final = (
    Column(name="enterprise", zh="企业", en="Enterprise"),
    Column(name="enterprise_id", zh="企业编码", en="Enterprise id", machine=True),
)
_CHOKE: Final = Column(name="chokepoint", zh="卡脖子", en="Chokepoint", type="boolean")
_IMPORTS: Final = Column(
    name="import_dependence", zh="进口依赖", en="Import dependence", type="share"
)

COLUMNS: Final = (
    Column(name="number", zh="序号", en="No.", type="integer"),
    *_FIRM,
    Column(name="region", zh="地区", en="Region"),
    Column(name="position", zh="岗位", en="Post"),
    Column(name="major", zh="专业", en="Major"),
    _count("headcount", "需求人数", "Wanted", unit="人"),
    Column(name="schools", zh="本地院校", en="Local universities"),
    _count("graduates", "毕业生数", "Graduates", Text(
        "本地相合专业最近一年的毕业生，由所有需求共用；未填报的空着。",
        "Local graduates of fitting majors, latest year, shared by all; blank: not reported."),
        unit="人"),
    _count("gap", "缺口", "Shortfall", Text(
        "max(0, 需求人数−毕业生数)，只对本岗位；合计缺口见专业供需表。",
        "max(0, wanted − graduates) of this post alone; see the table of majors."), unit="人"),
    Column(name="fairs", zh="季度对接会", en="Quarterly job fairs", bilingual=True, meaning=Text(
        "最近四季的招聘活动，本企业参加了哪几季。", "Fairs of four quarters; which it joined.")),
    Column(name="state", zh="状态", en="State", type="state", states=TALENT_STATES),
    Column(name="basis_label", zh="专业匹配", en="How majors match", bilingual=True),
    Column(name="id", zh="需求编号", en="Need"),
    Column(name="raised", zh="提出日期", en="Raised", type="date"),
    *_WHY,
)  # fmt: skip

TABLES: Final = (
    Table(name="majors", zh="专业供需", en="Majors", columns=(
        Column(name="region", zh="地区", en="Region"),
        Column(name="major", zh="专业", en="Major"),
        _count("posts", "岗位数", "Posts", unit="个"),
        _count("firms", "企业数", "Firms"),
        _count("headcount", "需求人数", "Wanted", unit="人"),
        _count("unreported", "未填人数的岗位", "Posts without number", unit="个"),
        Column(name="schools", zh="本地院校", en="Local universities"),
        _count("graduates", "毕业生数", "Graduates", unit="人"),
        _count("gap", "缺口", "Shortfall", Text("未办结需求合计−毕业生数。",
                                             "Open posts in all − graduates."), unit="人"),
        _REASON,
    )),
    Table(name="fairs", zh="季度对接会", en="Job fairs by quarter", columns=(
        Column(name="quarter", zh="季度", en="Quarter"),
        _count("fairs", "场数", "Fairs", unit="场"),
        Column(name="names", zh="活动", en="Events"),
        _count("firms", "具名企业数", "Named firms"),
        _count("unnamed", "不具名家数", "Unnamed"),
        *_WHY,
    )),
    Table(name="finance", zh="融资对接表", en="Finance", columns=(
        *_FIRM,
        _money("need", "融资需求", "Wanted", Text("未办结需求之和。", "Open needs in all.")),
        _money("credit", "已授信", "Credit granted", Text(
            "最早的未办结需求提出之后；是额度，不与放款相加。",
            "Since the earliest open need was raised; a line, never added to loans.")),
        _money("loans", "已放款", "Loans paid", Text("同上。", "Likewise.")),
        _money("equity", "股权投资", "Equity", Text("同上。", "Likewise.")),
        _money("gap", "缺口", "Lacking", Text("max(0, 需求−放款−股权)。",
                                            "max(0, wanted − loans − equity).")),
        _money("earlier", "此前放款", "Loans before"),
        Column(name="intending", zh="意向机构", en="Intending institutions"),
        Column(name="alliances", zh="撮合联盟", en="Brokering alliances"),
        Column(name="tutoring", zh="上市辅导阶段", en="Stage of listing"),
        Column(name="content", zh="需求内容", en="What for"),
        Column(name="state", zh="状态", en="State", type="state", states=FINANCE_STATES),
        *_WHY,
    )),
    Table(name="research", zh="校企研矩阵", en="Joint research", columns=(
        Column(name="project", zh="项目", en="Project"),
        Column(name="project_id", zh="活动编号", en="Event id", machine=True),
        Column(name="category", zh="类别", en="Category"),
        Column(name="firms", zh="企业", en="Firms"),
        _count("firm_count", "企业数", "Firms, number", Text("含不具名的。", "Unnamed included.")),
        Column(name="institutes", zh="院校", en="Institutes"),
        _count("institute_count", "院校数", "Institutes, number"),
        _count("unknown_count", "类别不明数", "Of unknown kind"),
        _count("participants", "参与方数", "Participants"),
        _money("budget", "经费", "Budget"),
        Column(name="stage", zh="阶段", en="Stage"),
        Column(name="status", zh="状态", en="State"),
        Column(name="date", zh="日期", en="Date", type="date"),
        *_WHY,
    ), meaning=Text("一项活动一行，多方就是多方。", "One row per event; many sides stay many.")),
    Table(name="pairs", zh="校企联系推断", en="Firms and institutes, inferred", columns=(
        Column(name="enterprise", zh="企业", en="Enterprise"),
        Column(name="institute", zh="院校", en="Institute"),
        _count("events", "同在活动数", "Events shared", unit="项"),
        Column(name="weight", zh="权重", en="Weight", type="number",
               meaning=Text("Σ 1/(n−1)，n 为参与方数（含不具名）。",
                            "Σ 1/(n−1) over events of n participants, unnamed included.")),
        Column(name="inferred", zh="推断", en="Inferred", type="boolean"),
        Column(name="projects", zh="活动", en="Events"),
        _REASON,
    )),
    Table(name="institutes", zh="对口院所", en="Matching institutes", columns=(
        Column(name="chain", zh="产业链", en="Chain"),
        Column(name="segment", zh="环节", en="Segment"),
        _CHOKE, _IMPORTS,
        Column(name="institute", zh="院校", en="Institute"),
        Column(name="discipline", zh="学科", en="Discipline"),
        Column(name="region", zh="院校地区", en="Institute's region"),
        Column(name="near", zh="本地", en="Local", type="boolean"),
        _count("firms", "本环节本地企业数", "Local firms of the segment"),
        _count("connected", "已有联系企业数", "Tied to it"),
        Column(name="partners", zh="已有联系企业", en="Firms tied to it"),
        _REASON,
    )),
    Table(name="tasks", zh="攻关派单表", en="Tasks", columns=(
        Column(name="task", zh="攻关项", en="Task"),
        Column(name="task_id", zh="活动编号", en="Event id", machine=True),
        Column(name="category", zh="类别", en="Category"),
        Column(name="segment", zh="对应环节", en="Segment"),
        _CHOKE,
        Column(name="commander", zh="挂帅单位", en="Commanding unit"),
        Column(name="taker", zh="承接单位", en="Taken by"),
        Column(name="force", zh="攻坚组织", en="Task force"),
        Column(name="due", zh="期限", en="Due", type="date"),
        Column(name="status", zh="状态", en="State as written"),
        _count("late", "逾期天数", "Days overdue", unit="天"),
        Column(name="state", zh="进展", en="State", type="state", states=TASK_STATES),
        Column(name="missing", zh="未填报项", en="Not reported", bilingual=True),
        _money("budget", "经费", "Budget"),
        *_WHY,
    )),
    Table(name="untasked", zh="无攻关任务的薄弱环节", en="Weak segments without a task", columns=(
        Column(name="chain", zh="产业链", en="Chain"),
        Column(name="segment", zh="环节", en="Segment"),
        _CHOKE, _IMPORTS, *_WHY,
    )),
    Table(name="unconnected", zh="有供给未对接", en="Local supply not connected", columns=(
        Column(name="matter", zh="事项", en="Matter", type="state", states=MATTERS),
        *_FIRM,
        Column(name="what", zh="需求或环节", en="Need or segment"),
        Column(name="suppliers", zh="本地对口单位", en="Local units"),
        _count("supplier_count", "本地对口单位数", "Local units, number"),
        Column(name="urgent", zh="卡脖子", en="Chokepoint", type="boolean"),
        _REASON,
    )),
)  # fmt: skip


def answer(
    graph: "ChainGraph", params: PartnerParams, *, earlier: "ChainGraph | None" = None
) -> Result:
    """Answer which talent, finance and research firms lack, and what is near but not tied.

    Args:
        graph: The graph.
        params: What counts as local, the day, which segments are weak.
        earlier: Not used: the question looks at one moment.

    Raises:
        UsageError: `params` names a chain or region that does not exist.
        LiantuError: `as_of` is no date.
    """
    del earlier
    from queries.columns import arranged  # noqa: PLC0415  # pandas is slow to import
    from queries.partners.rows import answered  # noqa: PLC0415  # as above

    found = answered(graph, params)
    tables = {table.name: arranged(found.tables[table.name], table.columns) for table in TABLES}
    return replace(found, rows=arranged(found.rows, COLUMNS), tables=tables)


QUESTION: Final = Question(
    name="partners",
    zh="人才、融资、校企研缺什么，本地有的谁没对接上？",
    en="Which talent, finance and research is lacking, and what is near but not connected?",
    sheet="人才供需表",
    params=PartnerParams,
    columns=COLUMNS,
    tables=TABLES,
    answer=answer,
    needs={
        "需求清单": Text(
            "人才（岗位、专业、人数）和资金（金额）需求", "needs of talent and funding"
        ),
        "专业毕业生": Text("本地院校的毕业生", "graduates of local universities"),
        "高校院所": Text("地区、学科", "regions and disciplines"),
        "融资": Text("授信、放款、股权、上市辅导", "credit, loans, equity, listing"),
        "金融机构": Text("本地金融机构", "local institutions"),
        "活动": Text("联合攻关、招聘", "joint tasks and job fairs"),
        "活动参与": Text("谁参加、谁承接", "who takes part and who takes the task"),
        "环节": Text("卡脖子、进口依赖", "chokepoints and import dependence"),
        "企业环节": Text("谁在哪个环节", "who stands in which segment"),
        "企业": Text("地区、上市状态", "regions and listing"),
        "结对共建": Text("已有联系", "ties on record"),
        "联盟成员": Text("已有联系", "ties on record"),
    },
    summary=Text(
        "人才供需为主表；融资对接、校企研矩阵、攻关派单、对口院所和有供给未对接各成一表。",
        "Talent is the main sheet; finance, joint research, tasks, matching institutes and local "
        "supply that is not connected are tables of their own.",
    ),
)
