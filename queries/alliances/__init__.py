"""Alliances: whether each keeps its operating standard, meets, rotates, and what came of it."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from graphmodel.question import Column, Params, Question, Result, Table, param
from graphmodel.schema import Text

if TYPE_CHECKING:
    from graphmodel.graph import ChainGraph

PRESENT: Final = {
    "has": Text("有", "yes"),
    "lacks": Text("无", "no"),
    "not_reported": Text("未填报", "not reported"),
}
"""States of a post or an item of a checklist; 无 only where declared, or where its term is over."""

MET: Final = {
    "yes": Text("是", "yes"),
    "no": Text("否", "no"),
    "not_reported": Text("未填报", "not reported"),
    "not_stated": Text("标准内容未载明", "contents of the standard not stated"),
    "not_applicable": Text("不适用", "not applicable"),
}

ROTATION: Final = {
    "current": Text("在任", "in office"),
    "ended": Text("已到期", "expired"),
    "future": Text("未到任", "not yet in office"),
    "open": Text("止期未填报", "end not reported"),
    "not_reported": Text("未填报", "not reported"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AllianceParams(Params):
    """Which standard, which day, and when the firms of a chain advise which formation mode."""

    standard: str = param(
        "1314",
        zh="联盟没有写明标准时用哪个运行标准（1314、五共、六联、七个一，或自己的 .toml 文件；"
        "空着则不衡量）",
        en="standard for alliances that name none: a shipped one or a TOML file; blank for none",
        source="《以产业链党建激活发展新动能》（南京市栖霞区）",
    )
    as_of: str = param(
        "",
        zh="截至日期（如 2026-10-31）；空着则取填报范围的截至日期，或数据中最晚的日期",
        en="date; blank takes the date of 填报范围, or the latest in the data",
    )
    year: int = param(
        0, zh="哪一年的例会和活动；0 为截至日期所在年", en="year of meetings; 0: that of the date",
        low=0, high=2100,
    )  # fmt: skip
    meetings_per_quarter: int = param(
        1,
        zh="每季度应开例会次数",
        en="meetings due in a quarter",
        source="《党建聚合力 发展增动能》：“红链先锋”圆桌会每季度一次",
        low=0,
    )
    dominant_share: float = param(
        0.5, zh="龙头企业占产值的下限", en="share of output that makes one firm dominant",
        source="自定：过半", low=0, high=1,
    )  # fmt: skip
    park_share: float = param(
        0.8, zh="同一园区企业占比的下限", en="share of firms that makes it one park",
        source="自定", low=0, high=1,
    )  # fmt: skip
    many_members: int = param(
        20, zh="行业协会串联所需的企业数", en="firms from which an association may link them",
        source="自定", low=1,
    )  # fmt: skip
    scattered_regions: int = param(
        3, zh="算作分散的地区数", en="regions from which firms are scattered", source="自定", low=2
    )
    min_firms: int = param(
        3, zh="作组建模式建议所需的企业数", en="firms needed for advice", source="自定", low=1
    )


_ALLIANCE: Final = Column(name="alliance", zh="联盟名称", en="Alliance", twin=True)
_WHY: Final = (
    Column(name="reason", zh="说明", en="Reason", bilingual=True),
    Column(name="evidence", zh="证据", en="Evidence"),
)


def _number(name: str, zh: str, en: str, unit: str = "次", meaning: Text = Text("", "")) -> Column:
    return Column(name=name, zh=zh, en=en, unit=unit, type="integer", meaning=meaning)


def _post(name: str, zh: str, en: str) -> Column:
    meaning = Text(
        "没有记录只在岗位表声明填全或任期已满时写 无。",
        "无 (no) only where 岗位 is declared complete or the term is over.",
    )
    return Column(name=name, zh=zh, en=en, states=PRESENT, meaning=meaning)


COLUMNS: Final = (
    _ALLIANCE,
    Column(name="alliance_id", zh="联盟编码", en="Alliance id", machine=True, twin=True),
    Column(name="type", zh="类型", en="Type", twin=True),
    Column(name="nature", zh="性质", en="Nature", twin=True),
    Column(name="formation", zh="组建模式", en="Formation mode", twin=True,
           meaning=Text("联盟填报的；空着则未填报，推断的另列。",
                        "As reported; what is inferred stands in a column of its own.")),
    Column(name="formation_inferred", zh="推断模式", en="Mode inferred",
           meaning=Text("按牵头单位的类别推断：职能部门、企业、管委会或党组织、协会。",
                        "Inferred from the kind of the lead unit.")),
    Column(name="formation_advised", zh="建议模式", en="Mode advised"),
    Column(name="formation_differs", zh="模式不一致", en="Modes differ", type="boolean"),
    Column(name="lead", zh="牵头单位", en="Lead unit"),
    Column(name="leader", zh="盟主单位", en="Leader"),
    Column(name="chair", zh="轮值主席单位", en="Rotating chair"),
    Column(name="chair_start", zh="轮值起", en="Chair from", type="date"),
    Column(name="chair_end", zh="轮值止", en="Chair to", type="date"),
    Column(name="rotation", zh="轮值状态", en="Rotation", states=ROTATION),
    _post("official", "牵头领导", "Lead official"),
    _post("instructor", "党建指导员", "Instructor"),
    _post("liaison", "联络员", "Liaison"),
    _number("venues", "党员活动阵地", "Venues", "个"),
    _number("area_activities", "四方面活动次数", "Activities by area", "次",
            Text("方面属于所用标准的活动；当年的和未注明日期的。",
                 "Activities in the areas of the standard, of the year or undated.")),
    Column(name="areas_held", zh="已开展方面", en="Areas held", type="texts"),
    _number("meetings_due", "应开例会", "Meetings due", "次",
            Text("到截至日期已过完、且联盟已成立的季度。",
                 "Quarters that are over and began after the founding.")),
    _number("meetings_held", "实开例会", "Meetings held", "次",
            Text("会议、圆桌会；没有任何会议记录时未填报，不是 0。",
                 "Meetings and round tables; not reported, not 0, without any on record.")),
    Column(name="quarters_missing", zh="缺会季度", en="Quarters without meeting", type="texts"),
    Column(name="level", zh="级别", en="Level", twin=True),
    Column(name="standard", zh="运行标准", en="Standard"),
    Column(name="standard_chosen", zh="标准由参数指定", en="Standard by parameter", type="boolean"),
    Column(name="score", zh="达标情况", en="Score",
           meaning=Text("岗位·阵地·方面，各为已有/应有。", "Posts·venue·areas, each has/asked.")),
    Column(name="missing", zh="缺项", en="Missing", type="texts"),
    Column(name="not_reported", zh="未填报项", en="Not reported", type="texts"),
    Column(name="met", zh="达标", en="Met", type="state", states=MET,
           meaning=Text("有缺项为否；没有缺项而有未填报项，为未填报。",
                        "No with anything missing; not reported with anything unreported.")),
    _number("superiors", "隶属上级数", "Superiors", "个",
            Text("成员党组织（含成员企业的党组织）隶属的不同上级：打破组织隶属。",
                 "Distinct superiors of the Party organizations among the members.")),
    Column(name="composition", zh="成员构成", en="Composition", bilingual=True),
    Column(name="region", zh="地区", en="Region"),
    Column(name="chain", zh="产业链", en="Chains"),
    *_WHY,
)  # fmt: skip

TABLES: Final = (
    Table(name="results", zh="联盟成效台账", en="Results", columns=(
        Column(name="alliance", zh="联盟", en="Alliance"),
        Column(name="period", zh="期间", en="Period"),
        Column(name="basis", zh="口径", en="Basis", bilingual=True),
        Column(name="solved", zh="解决问题", en="Problems solved", type="number"),
        Column(name="services", zh="服务次数", en="Services", type="number"),
        Column(name="research", zh="产学研项目", en="Research projects", type="number"),
        Column(name="finance", zh="融资额", en="Financing", unit="万元", type="money",
               meaning=Text("联盟撮合的贷款和股权；意向不计，授信另列。",
                            "Loans and equity brokered; intentions and credit lines apart.")),
        Column(name="credit", zh="授信额", en="Credit lines", unit="万元", type="money"),
        Column(name="orders", zh="联合订单额", en="Joint orders", unit="万元", type="money"),
        Column(name="savings", zh="降本增效额(自报)", en="Savings (stated)", unit="万元",
               type="money"),
        Column(name="density", zh="成员间配套密度", en="Density among members", type="share",
               meaning=Text("有配套或供应往来的成员企业对数 ÷ 全部对数。",
                            "Pairs of member firms with a tie over all pairs.")),
        Column(name="density_outside", zh="同链非成员密度", en="Density among non-members",
               type="share"),
        Column(name="joint", zh="联合成果", en="Joint", type="boolean"),
        Column(name="stated", zh="原文", en="As stated"),
        *_WHY,
    ), meaning=Text("联合成果只记一次；密度是相关，不是因果。",
                    "A joint result counts once; densities show association, not cause.")),
    Table(name="items", zh="达标检查明细", en="Items checked", columns=(
        _ALLIANCE,
        Column(name="standard", zh="运行标准", en="Standard"),
        Column(name="group", zh="类别", en="Group", bilingual=True),
        Column(name="item", zh="检查项", en="Item", bilingual=True),
        Column(name="state", zh="状态", en="State", type="state", states=PRESENT),
        *_WHY,
    )),
    Table(name="tenures", zh="岗位与轮值", en="Posts and rotations", columns=(
        _ALLIANCE,
        Column(name="name", zh="岗位或角色", en="Post or role"),
        Column(name="unit", zh="单位", en="Unit"),
        Column(name="start", zh="起", en="From", type="date"),
        Column(name="end", zh="止", en="To", type="date"),
        Column(name="state", zh="状态", en="State", type="state", states=ROTATION),
        Column(name="evidence", zh="证据", en="Evidence"),
    )),
    Table(name="meetings", zh="例会按季度", en="Meetings by quarter", columns=(
        _ALLIANCE,
        _number("year", "年份", "Year", ""),
        *(_number(f"q{i}", zh, f"Quarter {i}") for i, zh in enumerate(
            ("一季度", "二季度", "三季度", "四季度"), start=1)),
        _number("undated", "日期不明", "Undated"),
        Column(name="quarters_missing", zh="缺会季度", en="Quarters without meeting", type="texts"),
        *_WHY,
    )),
    Table(name="formations", zh="组建模式建议", en="Formation modes", columns=(
        Column(name="alliance", zh="联盟名称", en="Alliance",
               meaning=Text("空着的是还没有联盟覆盖记录的产业链。",
                            "Blank: a chain without an alliance on record.")),
        Column(name="chain", zh="产业链", en="Chains"),
        Column(name="declared", zh="声明模式", en="Declared"),
        Column(name="inferred", zh="推断模式", en="Inferred"),
        Column(name="advised", zh="建议模式", en="Advised"),
        Column(name="mismatch", zh="不一致", en="Differs", type="boolean"),
        Column(name="reason", zh="理由", en="Reason", bilingual=True),
    )),
)  # fmt: skip


def answer(
    graph: "ChainGraph", params: AllianceParams, *, earlier: "ChainGraph | None" = None
) -> Result:
    """Answer how every alliance stands against its operating standard.

    Args:
        graph: The graph.
        params: The standard, the day and the thresholds.
        earlier: Not used: the question looks at one moment.

    Raises:
        UsageError: `params` names a chain, region or standard that does not exist.
        SourceError: The file of a standard cannot be read as one.
    """
    del earlier
    from queries.alliances.rows import answered  # noqa: PLC0415  # pandas is slow to import
    from queries.columns import arranged  # noqa: PLC0415  # as above

    found = answered(graph, params)
    tables = {table.name: arranged(found.tables[table.name], table.columns) for table in TABLES}
    return replace(found, rows=arranged(found.rows, COLUMNS), tables=tables)


QUESTION: Final = Question(
    name="alliances",
    zh="联盟运转达标吗？",
    en="Do the alliances keep their operating standards?",
    sheet="联盟运行达标表",
    params=AllianceParams,
    columns=COLUMNS,
    tables=TABLES,
    answer=answer,
    needs={
        "联盟": Text(
            "类型、级别、组建模式、牵头单位、阵地、标准", "type, level, mode, lead, venues"
        ),
        "联盟成员": Text("盟主、轮值主席、成员", "leader, rotating chair, members"),
        "联盟覆盖": Text("联盟覆盖的产业链", "chains covered"),
        "岗位": Text("牵头领导、党建指导员、联络员", "lead official, instructor, liaison"),
        "活动": Text("例会、四个方面的活动", "meetings and activities"),
        "指标": Text("自报成效", "results as stated"),
        "融资": Text("联盟撮合的融资", "financing brokered"),
        "订单": Text("联盟撮合的订单", "orders brokered"),
        "填报范围": Text("哪些表已填全：没写的就是没有", "which sheets are complete"),
    },
    summary=Text(
        "逐个联盟核对岗位、阵地、活动方面、例会和轮值，列出缺项；组建模式声明、推断、建议并列；"
        "成效台账联合成果只记一次。",
        "Posts, venue, activity areas, meetings and rotation of every alliance, with what is "
        "missing; formation mode declared, inferred and advised; results, joint ones once.",
    ),
)
