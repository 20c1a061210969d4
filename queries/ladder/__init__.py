"""Ladder: who stands where on each track of recognition, who can rise, whose title expires."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from graphmodel.question import Column, Params, Question, Result, Table, param
from graphmodel.schema import Text
from queries.ladder.tracks import TRACKS

if TYPE_CHECKING:
    from graphmodel.graph import ChainGraph

_OWN: Final = "Liantu 口径"

TRACK_LABELS: Final = {track.name: track.label for track in TRACKS}
RUNG_LABELS: Final = {rung.name: rung.label for track in TRACKS for rung in track.rungs} | {
    "none": Text("未进入", "not on the track"),
    "not_reported": Text("未填报", "not reported"),
}
STEPS: Final = {
    "ready": Text("可申报（可核指标达到）", "ready (all that can be computed is met)"),
    "near": Text("接近门槛", "near the threshold"),
    "lacking": Text("有差距", "lacking"),
    "unreported": Text("指标未填报", "indicators not reported"),
    "check": Text("指标待核", "indicators to be checked"),
    "top": Text("已到顶", "at the top"),
}
EXPIRIES: Final = {
    "expired": Text("已过期", "expired"),
    "expiring": Text("即将到期", "expiring"),
    "valid": Text("有效", "valid"),
    "not_reported": Text("有效期未填报", "term not reported"),
    "none": Text("无有效期", "no term"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderParams(Params):
    """On which day, how far ahead, and how much is written out."""

    as_of: str = param(
        "", zh="截至日期（如 2026-10-31）；空着取数据截至日期",
        en="date asked about; blank: the date of the data", source=_OWN,
    )  # fmt: skip
    within_days: int = param(
        180, zh="多少天内到期算即将到期（复核通常提前半年准备）",
        en="days within which a title counts as expiring", source=_OWN, low=0,
    )  # fmt: skip
    near: float = param(
        0.8, zh="达到门槛的多少算接近", en="share of a threshold that counts as near",
        source=_OWN, low=0, high=1,
    )  # fmt: skip
    show: str = param(
        "due", zh="列出哪些行：due 已有称号的、可申报和接近门槛的，all 全部",
        en="rows: due (titles held, ready or near) or all", choices=("due", "all"),
    )  # fmt: skip


def _count(name: str, zh: str, en: str, meaning: Text = Text("", "")) -> Column:
    return Column(name=name, zh=zh, en=en, unit="家", type="integer", meaning=meaning)


_TRACK: Final = Column(name="track", zh="赛道", en="Track", type="state", states=TRACK_LABELS)
_RUNG: Final = Column(name="rung", zh="梯度", en="Rung", type="state", states=RUNG_LABELS)
_REASON: Final = Column(name="reason", zh="说明", en="Reason", bilingual=True)

COLUMNS: Final = (
    Column(name="number", zh="序号", en="No.", type="integer"),
    Column(name="enterprise", zh="企业名称", en="Enterprise"),
    Column(name="enterprise_id", zh="企业编码", en="Enterprise id", machine=True, twin=True),
    Column(name="code", zh="统一社会信用代码", en="Credit code"),
    Column(name="region", zh="地区", en="Region"),
    Column(name="chain", zh="产业链", en="Chain"),
    Column(name="track", zh="赛道代码", en="Track code", machine=True, twin=True),
    Column(name="track_label", zh="赛道", en="Track", bilingual=True),
    Column(name="current", zh="现梯度代码", en="Present rung, code", machine=True, twin=True),
    Column(name="current_label", zh="现梯度", en="Present rung", bilingual=True,
           meaning=Text("仍有效的最高梯度；都过期的取最高的一个。荣誉照原文。",
                        "Highest rung still good, else the highest expired; honours as written.")),
    Column(name="certified", zh="认定日期", en="Certified", type="date", twin=True),
    Column(name="expires", zh="有效期至", en="Expires", type="date", twin=True),
    Column(name="inferred", zh="有效期推算", en="Expiry inferred", type="boolean",
           meaning=Text("只填了认定日期：按办法规定的三年推算。",
                        "Only 认定日期 is given: three years, as the rule says.")),
    Column(name="expiry", zh="到期状态", en="Term", type="state", states=EXPIRIES),
    Column(name="days_left", zh="剩余天数", en="Days left", unit="天", type="integer"),
    Column(name="next", zh="下一梯度代码", en="Next rung, code", machine=True, twin=True),
    Column(name="next_label", zh="下一梯度", en="Next rung", bilingual=True),
    Column(name="step", zh="进阶状态", en="Next step", type="state", states=STEPS,
           meaning=Text("有指标不达为有差距（差得不多为接近门槛）；未填报的指标不算不达。",
                        "Lacking where an indicator is missed; what is not reported never is.")),
    Column(name="gap", zh="差距指标", en="What is lacking", bilingual=True),
    Column(name="department", zh="帮扶部门", en="Helping department",
           meaning=Text("名称与赛道对口、离企业最近的部门；没有的取产业链牵头部门。",
                        "Nearest department whose name fits the track, else the chain's lead.")),
    Column(name="department_basis", zh="帮扶部门依据", en="Why this department", bilingual=True),
    _REASON,
    Column(name="evidence", zh="证据", en="Evidence"),
)  # fmt: skip

_EXPIRING: Final = tuple(
    column
    for column in COLUMNS
    if column.name not in {"number", "next", "next_label", "step", "gap"}
)

TABLES: Final = (
    Table(name="pyramid", zh="梯度金字塔", en="Pyramid", columns=(
        _TRACK, _RUNG,
        _count("firms", "企业数", "Firms", Text("有效的和有效期未填报的。",
                                             "Valid, or of unreported term.")),
        _count("expired", "已过期", "Expired"),
        _count("expiring", "即将到期", "Expiring"),
        _count("not_reported", "本赛道未填报", "Not reported on the track"),
        _count("eligible", "企业总数", "Firms in all"),
        Column(name="share", zh="占比区间", en="Share, from … to", type="interval",
               meaning=Text("[企业数/总数, (企业数+未填报)/总数]。",
                            "[firms/all, (firms + not reported)/all].")),
        _REASON,
    ), meaning=Text("每条赛道各自合计；赛道之间不可相加。",
                    "Each track adds up to all firms; tracks are never added.")),
    Table(name="expiring", zh="到期提醒", en="Expired or expiring", columns=_EXPIRING),
    Table(name="by_group", zh="分链分地区", en="By chain and region", columns=(
        Column(name="by", zh="分组方式", en="Grouped by", type="state", states={
            "chain": Text("产业链", "chain"),
            "region": Text("地区（含下级）", "region, with parts"),
        }),
        Column(name="group", zh="分组", en="Group"),
        _TRACK, _RUNG,
        _count("firms", "企业数", "Firms"),
        _count("eligible", "本组企业数", "Firms of the group"),
        _count("not_reported", "未填报", "Not reported"),
        _REASON,
    ), meaning=Text("分组可重叠，不可相加。", "Groups overlap and are never added up.")),
    Table(name="criteria", zh="门槛依据", en="Criteria", columns=(
        _TRACK, _RUNG,
        Column(name="indicator", zh="指标", en="Indicator", bilingual=True),
        Column(name="threshold", zh="门槛", en="Threshold"),
        Column(name="computed", zh="可核", en="Computed", type="boolean",
               meaning=Text("否：表中没有这一列，只列名待核。", "no: named, to be checked.")),
        Column(name="source", zh="依据", en="Source"),
    )),
)  # fmt: skip


def answer(
    graph: "ChainGraph", params: LadderParams, *, earlier: "ChainGraph | None" = None
) -> Result:
    """Answer where enterprises stand on each track, what the next step lacks, what expires.

    Args:
        graph: The graph.
        params: Day, window, tolerance, and which rows are written out.
        earlier: Not used: the question looks at one moment.

    Raises:
        UsageError: `params` names a chain or region that does not exist.
        LiantuError: `as_of` is no date.
    """
    del earlier
    from queries.columns import arranged  # noqa: PLC0415  # pandas is slow to import
    from queries.ladder.rows import answered  # noqa: PLC0415  # as above

    found = answered(graph, params)
    tables = {table.name: arranged(found.tables[table.name], table.columns) for table in TABLES}
    return replace(found, rows=arranged(found.rows, COLUMNS), tables=tables)


QUESTION: Final = Question(
    name="ladder",
    zh="梯度培育：谁该升级、谁到期？",
    en="Who can rise on the ladder of recognition, and whose title expires?",
    sheet="梯度培育表",
    params=LadderParams,
    columns=COLUMNS,
    tables=TABLES,
    answer=answer,
    needs={
        "企业": Text("规上、资质、上市状态、营业收入、研发投入、市场占有率、行业代码",
                   "scale, titles, listing, revenue, R&D, market share, industry"),
        "企业资质": Text("认定日期、有效期至", "dates of titles"),
        "政府部门": Text("帮扶部门", "helping departments"),
        "岗位": Text("产业链牵头部门", "departments that lead a chain"),
        "填报范围": Text("企业资质是否填全、数据截至日期", "whether titles are complete; the date"),
    },
    summary=Text(
        "七条赛道各算各的：现梯度、有效期、下一梯度和差距指标；资质空着是未填报，写“无”才是没有。",
        "Seven tracks, each by itself: present rung, term, next rung and what is lacking; a blank "
        "is not reported, only 无 means none.",
    ),
)  # fmt: skip
