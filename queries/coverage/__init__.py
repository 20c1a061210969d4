"""Coverage: where Party organizations and alliances reach, and who is not covered."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from graphmodel.question import Column, Params, Question, Result, Table, param
from graphmodel.schema import Text

if TYPE_CHECKING:
    from graphmodel.graph import ChainGraph

MEASURES: Final = {
    "party_organization": Text("组织覆盖", "Party organization"),
    "party_work": Text("工作覆盖", "Party work"),
    "alliance_enterprise": Text("联盟覆盖", "enterprises in alliances"),
    "alliance_chain": Text("产业链组织覆盖", "chains covered by an alliance or committee"),
}
GROUPS: Final = {
    "total": Text("合计", "total"),
    "region": Text("地区（含下级）", "region, with its parts"),
    "chain": Text("产业链", "chain"),
    "chain_grade": Text("产业链等级", "chain grade"),
    "size_class": Text("企业规模", "size"),
    "alliance_level": Text("联盟级别", "alliance level"),
}
BASES: Final = {
    "all": Text("全部企业", "all enterprises"),
    "above_scale": Text("规上企业", "enterprises above scale"),
    "three_members": Text("正式党员三名以上的企业", "enterprises with enough full Party members"),
    "key": Text("重点企业", "key enterprises"),
    "chain_members": Text("链上企业", "enterprises in a chain"),
}

PARTNERS: Final = {
    "government": Text("政", "government"),
    "enterprise": Text("企", "enterprises"),
    "finance": Text("金", "finance"),
    "university": Text("学", "universities"),
    "institute": Text("研", "institutes"),
    "service": Text("服", "services"),
}
"""The six kinds of partner that an alliance is meant to unite."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageParams(Params):
    """What is counted, and how many names are written out."""

    base: str = param(
        "all",
        zh="应覆盖的企业（all 全部，above_scale 规上，three_members 正式党员三名以上，key 重点，"
        "chain_members 链上）；应建党组织=否的一律不计",
        en="enterprises counted; those with 应建党组织 = 否 never are",
        choices=tuple(BASES),
    )
    min_members: int = param(
        3,
        zh="three_members 口径的正式党员数下限",
        en="full Party members from which an enterprise counts in three_members",
        source="《中国共产党章程》第三十条：有正式党员三人以上的，都应当成立党的基层组织",
        low=1,
    )
    as_of: str = param(
        "",
        zh="截至日期（如 2026-10-31）：止期在此之前的岗位不计；空着则都计",
        en="date: posts that ended before it do not count; blank counts all",
    )
    list_limit: int = param(
        20, zh="每行写出的未覆盖名称数", en="uncovered names written out in a row", low=1
    )


def _count(
    name: str,
    zh: str,
    en: str,
    meaning: Text = Text("", ""),
    unit: str = "家",
    *,
    twin: bool = False,
) -> Column:
    return Column(name=name, zh=zh, en=en, unit=unit, meaning=meaning, type="integer", twin=twin)


_WHO: Final = (
    Column(name="name", zh="名称", en="Name"),
    Column(name="id", zh="编码", en="Id"),
    Column(name="region", zh="地区", en="Region"),
    Column(name="chain", zh="产业链", en="Chain"),
)
_WHY: Final = (
    Column(name="reason", zh="说明", en="Reason", bilingual=True),
    Column(name="evidence", zh="证据", en="Evidence"),
)
_MEASURE: Final = Column(
    name="measure", zh="口径", en="Measure", type="state", states=MEASURES, twin=True
)

COLUMNS: Final = (
    _MEASURE,
    Column(name="by", zh="分组方式", en="Grouped by", type="state", states=GROUPS, twin=True,
           meaning=Text("各组可重叠，不可相加：上级地区含下级，企业可在多条链，链可有多个等级。",
                        "Groups may overlap and are never added: a region includes its parts, an "
                        "enterprise may be in several chains, a chain may have several grades.")),
    Column(name="group", zh="分组", en="Group", twin=True),
    Column(name="group_id", zh="分组编码", en="Group id", machine=True, twin=True),
    Column(name="region", zh="地区", en="Region"),
    Column(name="chain", zh="产业链", en="Chain"),
    Column(name="size_class", zh="企业规模", en="Size"),
    _count("eligible", "应覆盖数", "Eligible",
           Text("企业口径不含数据外的单位和应建党组织=否的企业；产业链组织覆盖数的是产业链。",
                "Without parties outside the data and enterprises with 应建党组织 = 否; the last "
                "measure counts chains."), unit="", twin=True),
    _count("covered", "已覆盖数", "Covered", unit="", twin=True),
    _count("not_covered", "未覆盖数", "Not covered", unit="", twin=True),
    _count("not_reported", "未填报数", "Not reported", unit="", twin=True),
    Column(name="interval", zh="覆盖率区间", en="Coverage, from … to", type="interval",
           meaning=Text("[已覆盖/应覆盖, (已覆盖+未填报)/应覆盖]；应覆盖为 0 时空着。",
                        "[covered/eligible, (covered + not reported)/eligible]; blank for 0.")),
    _count("own", "单独组建", "Own organization"),
    _count("joint", "联合组建", "Joint organization",
           Text("已单独组建的不再计入。", "Without those that have their own as well.")),
    _count("mode_unstated", "组建方式未填报", "Mode not stated"),
    _count("instructor", "派驻指导员", "Instructor assigned",
           Text("党组织情况或依托写派驻指导员，或有党建指导员、联络员、红链专员岗位。",
                "By 党组织情况, by 依托 or by a post whose object is the enterprise.")),
    _count("organization_covered", "组织覆盖数", "Party organization, covered"),
    _count("work_covered", "工作覆盖数", "Party work, covered"),
    _count("double_gap", "两个覆盖空白数", "Neither covered",
           Text("组织、工作都确知未覆盖；未填报的不算。",
                "Known to have neither; what is not reported does not count.")),
    _count("alliance_covered", "联盟覆盖数", "In an alliance"),
    _count("functional_only", "仅功能性党支部覆盖数", "Functional branch only", unit="条"),
    _count("base_unknown", "口径未填报数", "Base not reported",
           Text("不知是否属于所选口径的企业，不在应覆盖数内。",
                "Enterprises not known to belong to the base; not in the number eligible.")),
    Column(name="uncovered", zh="未覆盖名单", en="Not covered, by name", type="texts"),
    Column(name="asserted", zh="公开数据", en="Stated in public", type="texts",
           meaning=Text("同一对象已发布的数字，只并列，不与计算结果合并。",
                        "Published figures of the same subject: beside, never merged.")),
    *_WHY,
)  # fmt: skip

_FACT: Final = (
    Column(name="subject", zh="主体", en="Subject"),
    Column(name="subject_id", zh="主体编码", en="Subject id", machine=True),
    Column(name="subject_kind", zh="主体类别", en="Kind", bilingual=True),
    _MEASURE,
    Column(name="metric", zh="指标", en="Metric"),
    Column(name="value", zh="数值", en="Value", type="number"),
    Column(name="verbatim", zh="原文", en="As published"),
    Column(name="unit", zh="单位", en="Unit"),
    Column(name="qualifier", zh="限定", en="Qualifier"),
    Column(name="period", zh="期间", en="Period"),
    Column(name="as_of", zh="截至日期", en="As of", type="date"),
    Column(name="time_note", zh="时间说明", en="Time as written"),
    Column(name="basis", zh="统计口径", en="Basis"),
    Column(name="citation", zh="来源", en="Source"),
    Column(name="cited_on", zh="来源日期", en="Source date", type="date"),
    Column(name="computed", zh="计算结果", en="Computed", bilingual=True),
    Column(name="evidence", zh="证据", en="Evidence"),
)

TABLES: Final = (
    Table(name="double_gap", zh="两个覆盖空白", en="Neither organization nor work",
          columns=(*_WHO, *_WHY)),
    Table(name="uncovered", zh="未覆盖名单", en="Not covered", columns=(_MEASURE, *_WHO, *_WHY)),
    Table(name="partners", zh="联盟伙伴表", en="Partners of alliances", columns=(
        Column(name="alliance", zh="联盟", en="Alliance"),
        Column(name="alliance_id", zh="联盟编码", en="Alliance id", machine=True),
        Column(name="level", zh="级别", en="Level"),
        Column(name="nature", zh="性质", en="Nature"),
        *(_count(key, f"{kind.zh}成员数", kind.en.capitalize()) for key, kind in PARTNERS.items()),
        _count("unknown", "类别不明", "Kind unknown"),
        _count("members", "名单家数", "Members listed"),
        _count("member_count", "公布成员数", "Members stated"),
        Column(name="lacking", zh="缺伙伴类别", en="Kinds lacking", bilingual=True),
        Column(name="complete", zh="名单填全", en="List complete", type="boolean"),
        *_WHY,
    )),
    Table(name="asserted", zh="公开数据", en="Stated in public", columns=_FACT,
          meaning=Text("有日期、有来源的公开数字；互不相加，也不与计算结果合并。",
                       "Dated, sourced figures: never added up, never merged with the computed.")),
    Table(name="functional_chains", zh="仅功能性党支部覆盖的产业链",
          en="Chains covered by a functional branch only", columns=(*_WHO, *_WHY)),
    Table(name="not_reported_chains", zh="未填报联盟覆盖的产业链",
          en="Chains whose coverage is not reported", columns=(*_WHO, *_WHY)),
)  # fmt: skip


def answer(
    graph: "ChainGraph", params: CoverageParams, *, earlier: "ChainGraph | None" = None
) -> Result:
    """Answer who is covered, by all that `GROUPS` names.

    Args:
        graph: The graph.
        params: What is counted.
        earlier: Not used: the question looks at one moment.

    Raises:
        UsageError: `params` names a chain, region or base that does not exist.
    """
    del earlier
    from queries.columns import arranged  # noqa: PLC0415  # pandas is slow to import
    from queries.coverage.rows import answered  # noqa: PLC0415  # as above

    found = answered(graph, params)
    tables = {table.name: arranged(found.tables[table.name], table.columns) for table in TABLES}
    return replace(found, rows=arranged(found.rows, COLUMNS), tables=tables)


QUESTION: Final = Question(
    name="coverage",
    zh="党组织和联盟覆盖到哪里、谁没有覆盖？",
    en="Where do Party organizations and alliances reach, and who is not covered?",
    sheet="覆盖情况表",
    params=CoverageParams,
    columns=COLUMNS,
    tables=TABLES,
    answer=answer,
    needs={
        "企业": Text(
            "应覆盖的企业、党组织情况、规模、地区", "enterprises counted and their status"
        ),
        "依托": Text("企业的党组织", "Party organizations of enterprises"),
        "岗位": Text(
            "派驻企业的党建指导员、联络员、红链专员", "instructors, liaisons, specialists"
        ),
        "联盟成员": Text("企业和党组织加入的联盟", "alliances that firms and organizations are in"),
        "联盟覆盖": Text("联盟覆盖的产业链", "chains that alliances cover"),
        "填报范围": Text("哪些表已填全：没写的就是没有", "which sheets are complete"),
    },
    summary=Text(
        "逐项给出已覆盖、未覆盖、未填报和覆盖率区间，并列出名单；没有数据不算空白。",
        "Covered, not covered and not reported, with the rate as an interval and with names; "
        "no data is not a gap.",
    ),
)
