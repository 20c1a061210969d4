"""The one declaration of every node and relation: labels, keys, sheets, headers, units, choices.

Everything else follows from it: header recognition, the blank template, validation, the graph's
tables, reference docs, the page's legend. Adding a kind means editing this file only.
"""

# One column a line reads as the table it is.
# fmt: off
from graphmodel.schema import (
    Choice,
    Column,
    EdgeKind,
    Link,
    NodeKind,
    Property,
    Reference,
    Text,
    Type,
)

ORGANIZATIONS = (
    "Enterprise",
    "PartyOrganization",
    "University",
    "FinancialInstitution",
    "GovernmentDepartment",
    "Association",
    "Alliance",
)
_RESPONSIBLE = (
    "GovernmentDepartment",
    "Enterprise",
    "PartyOrganization",
    "University",
    "FinancialInstitution",
    "Association",
    "Alliance",
)


def _choices(*pairs: tuple[str, str] | tuple[str, str, tuple[str, ...]]) -> tuple[Choice, ...]:
    return tuple(Choice(*pair) for pair in pairs)


def _region(name: str = "region", zh: str = "地区", en: str = "Region", **more: object) -> Reference:
    link = more.pop("link", Link("LOCATED_IN"))
    aliases = more.pop("aliases", ("所在地", "所属地区", "行政区划", "所在地区", "属地", "district"))
    example = more.pop("example", "澄澜市（虚构）")
    return Reference(
        name=name, zh=zh, en=en, to=("Region",), link=link, aliases=aliases, example=example, **more  # type: ignore[arg-type]  # keywords are checked at import
    )


def _chain(*, link: Link | None = None, many: bool = False, required: bool = False) -> Reference:
    return Reference(
        name="chain", zh="产业链", en="Chain", to=("Chain",), link=link, many=many,
        required=required, aliases=("所属产业链", "链条", "所在产业链"), example="氢能@澄澜市（虚构）",
        help=Text("可写 名称@地区；同名产业链必须写地区。", "Name@region where two chains share a name."),
    )


def _segment(*, link: Link | None = None, required: bool = False) -> Reference:
    return Reference(
        name="segment", zh="环节", en="Segment", to=("Segment",), within="chain", link=link,
        required=required, aliases=("产业链环节", "所属环节", "细分环节"), example="电堆",
    )


def _firm(name: str, zh: str, en: str, **more: object) -> Reference:
    more.setdefault("example", "澄澜氢动科技有限公司（虚构）")
    return Reference(name=name, zh=zh, en=en, to=("Enterprise",), **more)  # type: ignore[arg-type]  # keywords are checked at import


def _product(*, required: bool = False) -> Reference:
    return Reference(
        name="product", zh="产品", en="Product", to=("Product",), required=required,
        aliases=("产品名称", "品类", "货物"), example="氢燃料电堆",
    )


def _responsible() -> Reference:
    return Reference(
        name="responsible", zh="责任单位", en="Responsible unit", to=_RESPONSIBLE,
        aliases=("责任部门", "牵头部门", "帮扶部门"), example="澄澜市工信局（虚构）",
    )


def _text(name: str, zh: str, en: str, *aliases: str, example: str = "", required: bool = False) -> Property:
    return Property(name=name, zh=zh, en=en, aliases=aliases, example=example, required=required)


def _name(zh: str, *aliases: str, example: str) -> Property:
    return Property(
        name="name", zh=zh, en="Name", required=True, aliases=("名称", *aliases), example=example
    )


def _of(type_: Type, name: str, zh: str, en: str, *aliases: str, **more: object) -> Property:
    unit = "万元" if type_ is Type.MONEY else more.pop("unit", "")
    return Property(name=name, zh=zh, en=en, type=type_, unit=unit, aliases=aliases, **more)  # type: ignore[arg-type]  # keywords are checked at import


COMMON: tuple[Property, ...] = (
    _text("id", "编码", "Id", "编号", "代码id", "id"),
    _text("citation", "来源", "Citation", "数据来源", "来源文件"),
    _of(Type.DATE, "cited_on", "来源日期", "Citation date", "刊发日期", "数据日期"),
    _text("note", "备注", "Note", "说明备注", "备 注", "remarks"),
)
"""Columns that every sheet may carry."""


ENTERPRISE = NodeKind(
    name="Enterprise", zh="企业", en="Enterprise", sheet="企业", sheet_en="enterprises",
    sheet_aliases=("企业表", "企业信息", "企业名单", "企业清单", "企业情况表", "产业链企业情况表", "enterprise", "companies", "firms"),
    cues=("公司", "集团", "厂", "股份"),
    columns=(
        _name("企业名称", "单位名称", "公司名称", "企业", "企业全称", example="澄澜氢动科技有限公司（虚构）"),
        _of(Type.CODE, "credit_code", "统一社会信用代码", "Credit code", "信用代码", "社会信用代码", "统一信用代码", "uscc"),
        _text("short_name", "简称", "Short name", "企业简称", example="澄澜氢动"),
        _region(),
        Reference(name="park", zh="园区", en="Park", to=("Region",), aliases=("所在园区", "所属园区", "开发区"), example=""),
        _chain(link=Link("IN_CHAIN", role="成员"), many=True),
        _text("industry_code", "行业代码", "Industry code", "国民经济行业代码", "行业分类代码"),
        _of(Type.CHOICE, "size", "规模", "Size", "企业规模", "规模类型", example="中", choices=_choices(
            ("大", "large", ("大型", "大型企业")), ("中", "medium", ("中型", "中型企业")),
            ("小", "small", ("小型", "小型企业")), ("微", "micro", ("微型", "微型企业")))),
        _of(Type.BOOLEAN, "above_scale", "规上", "Above scale", "是否规上", "规上企业", "是否规上企业", example="是"),
        _of(Type.MONEY, "output", "产值", "Output", "工业总产值", "年产值", "总产值", example="12000"),
        _of(Type.MONEY, "revenue", "营业收入", "Revenue", "营收", "主营业务收入", "年营业收入", example="11500"),
        _of(Type.MONEY, "rd_spending", "研发投入", "R&D spending", "研发费用", "研发经费", example="800"),
        _of(Type.INTEGER, "employees", "从业人数", "Employees", "员工数", "职工人数", "从业人员", unit="人", example="160"),
        _of(Type.INTEGER, "patents", "专利数", "Patents", "专利", "有效专利数", unit="件", example="24"),
        _of(Type.INTEGER, "standards", "标准数", "Standards", "制定标准数", unit="项", example="2"),
        _of(Type.SHARE, "market_share", "市场占有率", "Market share", "市占率", example="0.12"),
        _of(Type.TEXTS, "qualifications", "资质", "Qualifications", "企业资质", "荣誉资质", "认定资质", example="高新技术企业、专精特新",
            help=Text("没有任何资质请写 无；留空表示未填报。", "Write 无 for none; blank means not reported.")),
        _text("listing", "上市状态", "Listing", "上市情况"),
        _firm("parent", "上级企业", "Parent enterprise", aliases=("母公司", "控股企业"), link=Link("OWNS", incoming=True), outside=True, example=""),
        _of(Type.CHOICE, "party_status", "党组织情况", "Party organization status", "党组织设置", "党建情况", example="单独",
            choices=_choices(("单独", "own", ("单独组建",)), ("联合", "joint", ("联合组建",)), ("派驻指导员", "instructor assigned", ("派驻", "指导员")), ("无", "none", ("未组建", "没有")))),
        _of(Type.BOOLEAN, "party_expected", "应建党组织", "Party organization expected", "是否应建"),
        _of(Type.INTEGER, "full_members", "正式党员数", "Full Party members", "正式党员", unit="名", example="12"),
        _of(Type.BOOLEAN, "key", "重点企业", "Key enterprise", "是否重点企业", "是否重点"),
    ),
)

PARTY_ORGANIZATION = NodeKind(
    name="PartyOrganization", zh="党组织", en="Party organization", sheet="党组织", sheet_en="party_organizations",
    sheet_aliases=("党组织名单", "党组织清单", "基层党组织"), cues=("党委", "党总支", "党支部", "支部", "党组", "党小组"),
    columns=(
        _name("党组织名称", "党组织", example="澄澜氢动科技有限公司党支部（虚构）"),
        _of(Type.CHOICE, "type", "类型", "Type", "党组织类型", example="党支部", choices=_choices(
            ("党委", "Party committee"), ("党总支", "general branch"), ("党支部", "branch"), ("联合党支部", "joint branch"),
            ("功能性党支部", "functional branch"), ("行动支部", "action branch"), ("攻坚党小组", "task group"))),
        _region(),
        Reference(name="superior", zh="隶属", en="Superior", to=("PartyOrganization", "GovernmentDepartment", "Alliance"), aliases=("上级党组织", "隶属关系"), link=Link("SUBORDINATE_TO"), example=""),
        _of(Type.INTEGER, "members", "党员数", "Party members", "党员人数", unit="名", example="15"),
    ),
)

UNIVERSITY = NodeKind(
    name="University", zh="高校院所", en="University or institute", sheet="高校院所", sheet_en="universities",
    sheet_aliases=("高校", "院所", "科研院所"), cues=("大学", "学院", "研究院", "研究所", "实验室", "创新中心"),
    columns=(
        _name("名称", "院校", "高校名称", "院所名称", example="澄澜理工大学（虚构）"),
        _of(Type.CHOICE, "type", "类型", "Type", example="高校", choices=_choices(("高校", "university", ("大学", "院校")), ("院所", "institute", ("科研院所", "研究院所")))),
        _region(),
        _of(Type.TEXTS, "disciplines", "学科", "Disciplines", "优势学科", "专业领域", example="新能源、材料"),
    ),
)

FINANCIAL_INSTITUTION = NodeKind(
    name="FinancialInstitution", zh="金融机构", en="Financial institution", sheet="金融机构", sheet_en="financial_institutions",
    sheet_aliases=("银行",), cues=("银行", "支行", "分行", "证券", "保险", "基金", "担保"),
    columns=(_name("名称", "机构名称", "金融机构", example="澄澜银行（虚构）"), _text("type", "类型", "Type", "机构类型", example="银行"), _region()),
)

GOVERNMENT_DEPARTMENT = NodeKind(
    name="GovernmentDepartment", zh="政府部门", en="Government department", sheet="政府部门", sheet_en="government_departments",
    sheet_aliases=("部门", "职能部门", "机关部门"), cues=("局", "委", "厅", "委员会", "管委会", "办公室", "组织部", "工作部", "部", "办", "中心", "政府", "党校"),
    columns=(_name("名称", "部门名称", "部门", example="澄澜市工信局（虚构）"), _text("level", "层级", "Level", "级别", example="市"), _region()),
)

ASSOCIATION = NodeKind(
    name="Association", zh="行业协会商会", en="Association or chamber", sheet="协会商会", sheet_en="associations",
    sheet_aliases=("行业协会", "行业协会商会", "商会", "协会"), cues=("协会", "商会", "学会", "促进会", "服务机构"),
    columns=(
        _name("名称", "协会名称", example="澄澜市氢能协会（虚构）"),
        _of(Type.CHOICE, "type", "类型", "Type", example="协会", choices=_choices(("协会", "association", ("行业协会",)), ("商会", "chamber"), ("服务机构", "service agency"))),
        _text("industry", "行业", "Industry", "所属行业", example="氢能"),
        _region(),
    ),
)

ALLIANCE = NodeKind(
    name="Alliance", zh="联盟", en="Alliance", sheet="联盟", sheet_en="alliances", sheet_aliases=("联盟名单", "党建联盟", "联盟清单", "联盟（党委）"),
    cues=("联盟", "联合党委", "产业链党委", "综合党委", "集群党委"),
    columns=(
        _name("联盟名称", "联盟", example="澄澜市氢能产业链党建联盟（虚构）"),
        _of(Type.CHOICE, "type", "类型", "Type", "联盟类型", example="联盟", choices=_choices(
            ("联盟", "alliance", ("党建联盟",)), ("产业链党委", "chain committee"), ("联合党委", "joint committee"), ("综合党委", "general committee"),
            ("集群党委", "cluster committee"), ("联盟党委", "alliance committee"), ("功能性党支部", "functional branch"))),
        _of(Type.CHOICE, "nature", "性质", "Nature", example="党建", choices=_choices(("党建", "Party building"), ("技术转移", "technology transfer"), ("人才", "talent"), ("其他", "other"))),
        _of(Type.CHOICE, "level", "级别", "Level", "层级", example="市", choices=_choices(("省", "province", ("省级",)), ("市", "city", ("市级",)), ("县", "county", ("县级", "区", "区级", "县区")), ("园区", "park", ("园区级", "开发区")))),
        _region(),
        _of(Type.DATE, "founded", "成立日期", "Founded", "成立时间", "组建时间", example="2024-03"),
        _of(Type.CHOICE, "formation", "组建模式", "Formation mode", "组建方式", example="职能部门牵引", choices=_choices(
            ("职能部门牵引", "led by a department"), ("龙头企业带动", "led by a leading firm"), ("属地党委整合", "by the local committee"), ("行业协会串联", "by an association"))),
        Reference(name="lead", zh="牵头单位", en="Lead unit", to=_RESPONSIBLE, many=True, link=Link("LEADS", incoming=True), example="澄澜市工信局（虚构）"),
        _of(Type.INTEGER, "count", "个数", "Unnamed groups", "数量", unit="个", help=Text("未具名的一组组织写一行并注明个数。", "One row for a set of unnamed groups, with their number.")),
        _of(Type.INTEGER, "member_count", "成员数", "Members stated", "成员单位数", unit="家", example="32"),
        _of(Type.INTEGER, "venues", "阵地", "Venues", "党员活动阵地", "活动阵地", unit="个", example="1"),
        _of(Type.TEXTS, "standard", "标准", "Operating standard", "运行标准", example="1314"),
    ),
)

CLUSTER = NodeKind(name="Cluster", zh="集群", en="Cluster", cues=("集群",))

CHAIN = NodeKind(
    name="Chain", zh="产业链", en="Chain", key=("name", "region"), sheet="产业链", sheet_en="chains", sheet_aliases=("产业链清单", "产业链名单", "重点产业链"),
    columns=(
        _name("产业链名称", "产业链", "链条名称", example="氢能"),
        _region(),
        _of(Type.CHOICES, "grade", "等级", "Grade", "产业链等级", example="重点", choices=_choices(("重点", "key"), ("优势", "advantage"), ("卓越", "outstanding"), ("其他", "other"))),
        Reference(name="cluster", zh="集群", en="Cluster", to=("Cluster",), link=Link("PART_OF"), aliases=("所属集群",), example=""),
        _text("description", "说明", "Description", "产业链说明"),
    ),
)

SEGMENT = NodeKind(
    name="Segment", zh="环节", en="Segment", key=("chain", "name"), sheet="环节", sheet_en="segments", sheet_aliases=("产业链环节", "环节清单"),
    columns=(
        _name("环节名称", "环节", example="电堆"),
        _chain(link=Link("PART_OF"), required=True),
        Reference(name="parent", zh="上级环节", en="Parent segment", to=("Segment",), within="chain", aliases=("父环节",), help=Text("层级上的上级，不是上游。", "Parent in the hierarchy, not upstream.")),
        _of(Type.BOOLEAN, "necessary", "必备", "Necessary", "是否必备", example="是"),
        _of(Type.BOOLEAN, "reported", "已填报", "Reported", "是否已填报", help=Text("写 是 表示该环节空着就是没有企业。", "是: an empty segment really has no firm.")),
        _of(Type.SHARE, "import_dependence", "进口依赖", "Import dependence", "进口依赖度", example="0.3"),
        _of(Type.BOOLEAN, "chokepoint", "卡脖子", "Chokepoint", "是否卡脖子", "卡脖子环节", example="否"),
    ),
)

PRODUCT = NodeKind(
    name="Product", zh="产品", en="Product", sheet="产品", sheet_en="products", sheet_aliases=("产品清单", "产品目录"),
    columns=(_name("产品名称", "产品", example="氢燃料电堆"), _chain(), _segment(), _text("unit", "单位", "Unit", "计量单位", example="套")),
)

_EVENT_TYPES = _choices(
    ("会议", "meeting", ("例会", "联席会议")), ("圆桌会", "round table"), ("联合攻关", "joint R&D", ("攻关",)), ("招聘", "recruitment", ("招聘会",)),
    ("订单", "order"), ("沙龙", "salon"), ("服务", "service"), ("其他", "other"),
)
EVENT = NodeKind(
    name="Event", zh="活动", en="Event", sheet="活动", sheet_en="events", sheet_aliases=("活动清单", "活动台账", "会议活动"),
    columns=(
        _text("id", "活动编号", "Event id", "编码", "编号", example="HD-001"),
        _name("名称", "活动名称", "活动", example="氢能圆桌会（虚构）"),
        _of(Type.CHOICE, "type", "类型", "Type", "活动类型", example="圆桌会", choices=_EVENT_TYPES),
        _of(Type.DATE, "date", "日期", "Date", "活动日期", "时间", example="2026-09-18"),
        _text("area", "方面", "Activity area", "活动方面"),
        Reference(name="segment", zh="环节", en="Segment", to=("Segment",), aliases=("对应环节",)),
        _text("category", "类别", "Category"),
        _of(Type.BOOLEAN, "chokepoint", "卡脖子", "Chokepoint", "是否卡脖子"),
        Reference(name="organizer", zh="组织单位", en="Organizer", to=_RESPONSIBLE, many=True, link=Link("PARTICIPATES", incoming=True, role="组织"), aliases=("主办单位",), example="澄澜市氢能产业链党建联盟（虚构）"),
        Reference(name="subject", zh="对象", en="Subject", to=("Alliance", "Chain", "Enterprise", "Region"), aliases=("活动对象",)),
        Reference(name="commander", zh="挂帅单位", en="Commanding unit", to=_RESPONSIBLE, many=True, link=Link("LEADS", incoming=True), aliases=("揭榜挂帅单位",)),
        Reference(name="task_force", zh="攻坚组织", en="Task force", to=("PartyOrganization", "Enterprise", "University", "Alliance"), many=True, link=Link("PARTICIPATES", incoming=True, role="攻坚")),
        _of(Type.MONEY, "budget", "经费", "Budget", "项目经费"),
        _text("stage", "阶段", "Stage"),
        _of(Type.DATE, "due", "期限", "Due", "完成期限"),
        _text("status", "状态", "Status"),
    ),
)

_NEED_CATEGORIES = _choices(
    ("人才", "talent"), ("资金", "funding", ("融资",)), ("技术", "technology"), ("供应链", "supply chain"), ("产品", "product"), ("土地", "land"), ("政策", "policy"), ("其他", "other")
)
NEED = NodeKind(
    name="Need", zh="需求", en="Need", sheet="需求清单", sheet_en="needs", sheet_aliases=("需求", "问题清单", "问题需求清单", "企业需求清单"),
    columns=(
        _text("id", "需求编号", "Need id", "编码", "编号", "问题编号", example="XQ-001"),
        _of(Type.CHOICE, "type", "类型", "Type", "需求类型", example="需求", choices=_choices(("问题", "problem"), ("需求", "need"))),
        _firm("enterprise", "企业", "Enterprise", link=Link("RAISED_BY"), aliases=("企业名称", "提出企业")),
        _of(Type.CHOICE, "category", "类别", "Category", "需求类别", example="技术", choices=_NEED_CATEGORIES),
        _text("content", "内容", "Content", "需求内容", "问题内容", example="膜电极寿命测试平台"),
        _of(Type.DATE, "raised", "提出日期", "Raised", "提出时间", example="2026-08-03"),
        _of(Type.DATE, "due", "办结时限", "Due", "办理时限", example="2026-12-31"),
        _of(Type.DATE, "closed", "办结日期", "Closed", "办结时间"),
        _responsible(),
        Reference(name="post", zh="专员岗位编号", en="Specialist post", to=("Post",), aliases=("红链专员编号", "红链专员"), example="HL-03"),
        _text("position", "岗位", "Position", "需求岗位"),
        _text("major", "专业", "Major", "需求专业"),
        _of(Type.INTEGER, "headcount", "人数", "Headcount", "需求人数", unit="人"),
        _of(Type.MONEY, "amount", "金额", "Amount", "需求金额", "融资需求"),
        _product(),
        _of(Type.NUMBER, "quantity", "数量", "Quantity"),
        _text("unit", "单位", "Unit", "计量单位"),
    ),
)

RESOURCE = NodeKind(
    name="Resource", zh="资源", en="Resource", sheet="资源清单", sheet_en="resources", sheet_aliases=("资源", "政策资源清单", "政策清单"),
    columns=(
        _text("id", "资源编号", "Resource id", "编码", "编号", example="ZY-001"),
        _of(Type.CHOICE, "category", "类别", "Category", "资源类别", example="技术", choices=_NEED_CATEGORIES),
        _of(Type.CHOICE, "type", "类型", "Type", "资源类型", example="载体", choices=_choices(
            ("政策", "policy"), ("载体", "venue"), ("额度", "quota"), ("专员", "specialist"), ("人才", "talent"), ("技术", "technology"), ("产品", "product"))),
        _name("名称", "资源名称", "政策名称", example="燃料电池测试平台（虚构）"),
        Reference(name="provider", zh="提供单位", en="Provider", to=_RESPONSIBLE, link=Link("OFFERED_BY"), aliases=("发布单位",), example="澄澜理工大学（虚构）"),
        Reference(name="for_region", zh="适用地区", en="For regions", to=("Region",), many=True, link=Link("APPLIES_TO")),
        Reference(name="for_chain", zh="适用产业链", en="For chains", to=("Chain",), many=True, link=Link("APPLIES_TO")),
        _text("conditions", "适用条件", "Conditions", "申报条件"),
        _of(Type.NUMBER, "capacity", "容量", "Capacity", "名额", example="10"),
        _of(Type.DATE, "valid_from", "有效起", "Valid from", "生效日期"),
        _of(Type.DATE, "valid_to", "有效止", "Valid to", "失效日期"),
    ),
)

ACTION = NodeKind(
    name="Action", zh="行动项目", en="Action", sheet="行动项目清单", sheet_en="actions", sheet_aliases=("行动计划清单", "行动项目", "项目清单"),
    columns=(
        _text("id", "项目编号", "Action id", "行动项目编号", "编码", "编号", example="XD-001"),
        _name("名称", "项目名称", "行动名称", example="膜电极联合测试（虚构）"),
        _responsible(),
        Reference(name="need", zh="对应需求", en="Needs addressed", to=("Need",), many=True, link=Link("ADDRESSES"), aliases=("需求编号",), example="XQ-001"),
        Reference(name="resource", zh="使用资源", en="Resources used", to=("Resource",), many=True, link=Link("USES"), aliases=("资源编号",), example="ZY-001"),
        _of(Type.DATE, "start", "开始", "Start", "开始日期", example="2026-09-01"),
        _of(Type.DATE, "end", "截止", "End", "截止日期", example="2026-12-31"),
        _of(Type.DATE, "completed", "完成日期", "Completed", "完成时间"),
        _text("status", "状态", "Status", example="推进中"),
    ),
)

ORDER = NodeKind(
    name="Order", title="number", zh="订单", en="Order", key=("number", "product"), sheet="订单", sheet_en="orders", sheet_aliases=("订单清单",),
    columns=(
        _text("number", "订单编号", "Order number", "订单号", example="DD-001", required=True),
        _firm("buyer", "需方", "Buyer", link=Link("ORDERS", incoming=True), outside=True, aliases=("采购方", "买方")),
        _product(),
        _of(Type.NUMBER, "quantity", "数量", "Quantity", example="200"),
        _text("unit", "单位", "Unit", "计量单位", example="套"),
        _of(Type.DATE, "due", "交期", "Due", "交货期", example="2026-12-20"),
        _text("specification", "技术指标", "Specification", "技术要求"),
        _of(Type.MONEY, "amount", "金额", "Amount", "订单金额", example="900"),
        Reference(name="broker", zh="撮合联盟", en="Brokering alliance", to=("Alliance",)),
        _firm("taker", "承接企业", "Taken by", many=True, link=Link("PARTICIPATES", incoming=True, role="承接"), example=""),
        _text("status", "状态", "Status"),
    ),
)

PROJECT = NodeKind(
    name="Project", zh="项目", en="Project", sheet="项目", sheet_en="projects", sheet_aliases=("投资项目", "招商项目", "招商项目清单"),
    columns=(
        _name("项目名称", "名称", example="膜电极产线（虚构）"),
        _of(Type.CHOICE, "type", "类型", "Type", "项目类型", example="招商", choices=_choices(("招商", "investment attraction"), ("技改", "technical upgrade"), ("总部", "headquarters"))),
        _of(Type.CHOICE, "stage", "阶段", "Stage", "项目阶段", example="签约", choices=_choices(("在谈", "in talks"), ("签约", "signed"), ("开工", "under construction"), ("投产", "in production"))),
        _chain(), _segment(link=Link("FILLS")), _region(),
        _of(Type.MONEY, "investment", "投资额", "Investment", "总投资", example="30000"),
        _text("band", "投资档次", "Investment band", "投资分档"),
        _of(Type.DATE, "signed", "签约日期", "Signed", "签约时间", example="2026-05-10"),
        _of(Type.DATE, "expected", "预计投产", "Expected production", "预计投产日期", example="2027-06"),
        _responsible(),
    ),
)

REGION = NodeKind(
    name="Region", zh="地区", en="Region", key=("name", "parent"), sheet="地区", sheet_en="regions", sheet_aliases=("行政区划", "地区表"),
    columns=(
        _name("名称", "地区名称", "地区", example="澄澜高新区（虚构）"),
        _text("code", "代码", "Code", "行政区划代码", "区划代码"),
        _region("parent", "上级", "Parent", link=Link("PART_OF"), aliases=("上级地区",)),
        _of(Type.CHOICE, "level", "类型", "Level", "级别", example="功能区", choices=_choices(("省", "province"), ("市", "city"), ("县", "county", ("区", "县级市")), ("功能区", "functional zone", ("园区", "开发区")))),
    ),
)

FACT = NodeKind(
    name="Fact", zh="指标", en="Stated figure", key=("subject", "metric", "verbatim", "value", "period", "as_of", "time_note", "citation"), hashed=True, title="metric",
    sheet="指标", sheet_en="facts", sheet_aliases=("指标表", "公开数据", "已发布数据"),
    columns=(
        Reference(name="subject", zh="主体", en="Subjects", many=True, link=Link("ABOUT"), required=True, example="澄澜市（虚构）",
                  to=("Enterprise", "Chain", "Alliance", "Region", "Event", "Cluster", "PartyOrganization", "University", "FinancialInstitution", "GovernmentDepartment", "Association", "Segment", "Project", "Product")),
        _text("metric", "指标", "Metric", "指标名称", example="企业党组织覆盖率", required=True),
        _of(Type.NUMBER, "value", "数值", "Value", "值", example="0.93"),
        _text("verbatim", "原文", "As published", "原文表述", example="93%"),
        _text("unit", "单位", "Unit", "计量单位", example="比率"),
        _text("qualifier", "限定", "Qualifier", "限定词", example=""),
        _text("period", "期间", "Period", "统计期间"),
        _of(Type.DATE, "as_of", "截至日期", "As of", "截止日期", example="2026-06"),
        _text("time_note", "时间说明", "Time as written"),
        _text("basis", "口径", "Basis", "统计口径"),
    ),
)

SCOPE = NodeKind(
    name="Scope", title="table", zh="填报范围", en="Reporting scope", key=("table", "region", "chain"), sheet="填报范围", sheet_en="scope", sheet_aliases=("填报说明表",),
    columns=(
        _text("table", "工作表", "Sheet", "表名", example="企业", required=True),
        _region(link=None),
        Reference(name="chain", zh="产业链", en="Chain", to=("Chain",), example=""),
        _of(Type.BOOLEAN, "complete", "完整", "Complete", "是否完整", example="是"),
        _of(Type.DATE, "as_of", "截至日期", "As of", "截止日期", example="2026-10-31"),
    ),
    help=Text("声明某张表在某地区或产业链已填全：没写的就是没有。", "Declares a sheet complete for a region or chain: what is absent does not exist."),
)

CRITICALITY = NodeKind(
    name="InputCriticality", zh="投入关键性", en="Input criticality", key=("supplier_industry", "buyer_industry"), sheet="投入关键性", sheet_en="input_criticality",
    columns=(
        _text("supplier_industry", "供方行业", "Supplier industry", example="2614", required=True),
        _text("buyer_industry", "需方行业", "Buyer industry", example="3824", required=True),
        _of(Type.CHOICE, "criticality", "关键性", "Criticality", example="2", choices=_choices(("0", "negligible"), ("1", "non-essential"), ("2", "essential"))),
    ),
)

GRADUATES = NodeKind(
    name="Graduates", title="major", zh="专业毕业生", en="Graduates by major", key=("university", "major", "year"), sheet="专业毕业生", sheet_en="graduates", sheet_aliases=("毕业生",),
    columns=(
        Reference(name="university", zh="院校", en="University", to=("University",), example="澄澜理工大学（虚构）", required=True),
        _text("major", "专业", "Major", example="新能源科学与工程", required=True),
        _of(Type.INTEGER, "graduates", "毕业生数", "Graduates", unit="人", example="120"),
        _of(Type.INTEGER, "year", "年份", "Year", "年度", example="2026"),
    ),
)

QUALIFICATION = NodeKind(name="Qualification", zh="资质", en="Qualification")
POST = NodeKind(name="Post", zh="岗位编号", en="Post", help=Text("岗位，不是个人。", "A post, never a person."))
GROUP = NodeKind(name="Group", zh="未具名群体", en="Unnamed group", key=("name",), help=Text("只有家数、没有名称的参与方。", "Participants known only by their number."))

NODE_KINDS: dict[str, NodeKind] = {
    kind.name: kind
    for kind in (
        REGION, CLUSTER, CHAIN, SEGMENT, PRODUCT, ENTERPRISE, PARTY_ORGANIZATION, UNIVERSITY, FINANCIAL_INSTITUTION,
        GOVERNMENT_DEPARTMENT, ASSOCIATION, ALLIANCE, POST, QUALIFICATION, EVENT, NEED, RESOURCE, ACTION, ORDER, PROJECT,
        FACT, SCOPE, CRITICALITY, GRADUATES, GROUP,
    )
}
"""Every node kind by name, ordered so that what a key refers to comes first."""

_ANY = tuple(NODE_KINDS)
_ROLE_MEMBER = _choices(("盟主", "leader"), ("轮值主席", "rotating chair"), ("主席单位", "chair unit"), ("链主", "chain owner"), ("共建单位", "co-builder"), ("成员", "member"))

EDGE_KINDS: dict[str, EdgeKind] = {
    kind.name: kind
    for kind in (
        EdgeKind(name="PART_OF", zh="属于", en="Part of", sources=("Segment", "Chain", "Region"), targets=("Chain", "Cluster", "Region")),
        EdgeKind(name="LOCATED_IN", zh="位于", en="Located in", sources=_ANY, targets=("Region",)),
        EdgeKind(
            name="IN_CHAIN", zh="企业产业链", en="In chain", sources=("Enterprise",), targets=("Chain",), sheet="企业产业链", sheet_en="enterprise_chains",
            columns=(
                _firm("source", "企业名称", "Enterprise", aliases=("企业",), required=True),
                Reference(name="target", zh="产业链", en="Chain", to=("Chain",), required=True, example="氢能@澄澜市（虚构）"),
                _of(Type.CHOICES, "role", "角色", "Role", example="链主", choices=_choices(("链主", "chain owner", ("链主企业",)), ("党建链主", "Party-building chain owner"), ("龙头", "leading firm", ("龙头企业",)), ("成员", "member"))),
            ),
        ),
        EdgeKind(
            name="IN_SEGMENT", zh="企业环节", en="In segment", sources=("Enterprise",), targets=("Segment",), key=("product",), sheet="企业环节", sheet_en="enterprise_segments",
            columns=(
                _firm("source", "企业名称", "Enterprise", aliases=("企业",), required=True),
                _chain(),
                Reference(name="target", zh="环节", en="Segment", to=("Segment",), within="chain", required=True, aliases=("环节名称",), example="电堆"),
                _of(Type.MONEY, "output", "产值", "Output", "环节产值", example="9000"),
                _of(Type.NUMBER, "capacity", "产能", "Capacity", example="2000"),
                _text("unit", "单位", "Unit", "计量单位", example="套"),
                _product(),
                _of(Type.SHARE, "outside_dependence", "对外依赖", "Outside dependence", "对外依赖度", example="0.2"),
            ),
        ),
        EdgeKind(
            name="UPSTREAM_OF", zh="环节上下游", en="Upstream of", sources=("Segment",), targets=("Segment",), sheet="环节上下游", sheet_en="segment_links",
            columns=(
                _chain(),
                Reference(name="source", zh="上游环节", en="Upstream segment", to=("Segment",), within="chain", required=True, example="膜电极"),
                Reference(name="target", zh="下游环节", en="Downstream segment", to=("Segment",), within="chain", required=True, example="电堆"),
                _of(Type.BOOLEAN, "essential", "关键性", "Essential", "是否关键", example="是"),
                _of(Type.BOOLEAN, "recycling", "回流", "Recycling", "是否回流", example="否"),
            ),
        ),
        EdgeKind(
            name="HOLDS", zh="企业资质", en="Holds qualification", sources=("Enterprise",), targets=("Qualification",), key=("certified",), sheet="企业资质", sheet_en="enterprise_qualifications",
            columns=(
                _firm("source", "企业名称", "Enterprise", aliases=("企业",), required=True),
                Reference(name="target", zh="资质", en="Qualification", to=("Qualification",), required=True, aliases=("资质名称",), example="高新技术企业"),
                _of(Type.DATE, "certified", "认定日期", "Certified", "认定时间", example="2024-11"),
                _of(Type.DATE, "expires", "有效期至", "Expires", "到期日期", example="2027-11"),
            ),
        ),
        EdgeKind(
            name="MAKES", zh="企业产品", en="Makes", sources=("Enterprise",), targets=("Product",), sheet="企业产品", sheet_en="enterprise_products",
            columns=(
                _firm("source", "企业名称", "Enterprise", aliases=("企业",), required=True),
                Reference(name="target", zh="产品", en="Product", to=("Product",), required=True, aliases=("产品名称",), example="氢燃料电堆"),
                _of(Type.NUMBER, "capacity", "产能", "Capacity", "年产能", example="2000"),
                _of(Type.NUMBER, "quantity", "产量", "Output quantity", "年产量", example="1500"),
                _text("unit", "单位", "Unit", "计量单位", example="套"),
                _of(Type.NUMBER, "price", "单价", "Unit price", unit="元", example="45000"),
                _of(Type.BOOLEAN, "first_set", "首台套", "First set", "是否首台套"),
            ),
        ),
        EdgeKind(
            name="SUPPLIES", zh="供应关系", en="Supplies", sources=("Enterprise",), targets=("Enterprise",), key=("product", "chain", "segment", "year", "essential"), summed="amount",
            sheet="供应关系", sheet_en="supplies", sheet_aliases=("供应", "供需关系", "采购关系", "supply"),
            columns=(
                _firm("source", "供方", "Supplier", aliases=("供应商", "供货企业", "供方名称", "供方企业"), required=True, outside=True, example="澄澜膜材有限公司（虚构）"),
                _firm("target", "需方", "Buyer", aliases=("采购方", "采购企业", "需方名称", "需方企业"), required=True, outside=True),
                _product(), _chain(), _segment(),
                _of(Type.MONEY, "amount", "金额", "Amount", "采购额", "供货金额", "年采购额", example="1200"),
                _of(Type.INTEGER, "year", "年份", "Year", "年度", example="2026"),
                _of(Type.BOOLEAN, "essential", "关键性", "Essential", "是否关键", example="是"),
                _region("source_region", "供方地区", "Supplier region", link=None, aliases=("供应商地区",)),
                _region("target_region", "需方地区", "Buyer region", link=None, aliases=("采购方地区",)),
            ),
        ),
        EdgeKind(
            name="COOPERATES", zh="配套合作", en="Cooperates", sources=("Enterprise",), targets=("Enterprise",), directed=False, sheet="配套合作", sheet_en="cooperations", sheet_aliases=("配套关系",),
            columns=(_firm("source", "企业甲", "Enterprise A", aliases=("甲方",), required=True), _firm("target", "企业乙", "Enterprise B", aliases=("乙方",), required=True, example="澄澜膜材有限公司（虚构）"), _text("matter", "事项", "Matter", "合作事项")),
        ),
        EdgeKind(
            name="ORG_OF", zh="依托", en="Organization of", sources=("PartyOrganization",), targets=("Enterprise", "University", "FinancialInstitution", "GovernmentDepartment", "Association", "Alliance", "Region"), sheet="依托", sheet_en="party_hosts", sheet_aliases=("党组织依托",),
            columns=(
                Reference(name="source", zh="党组织", en="Party organization", to=("PartyOrganization",), required=True, aliases=("党组织名称",), example="澄澜氢动科技有限公司党支部（虚构）"),
                Reference(name="target", zh="依托单位", en="Host", to=("Enterprise", "University", "FinancialInstitution", "GovernmentDepartment", "Association", "Alliance", "Region"), required=True, example="澄澜氢动科技有限公司（虚构）"),
                _of(Type.CHOICE, "mode", "组建方式", "Mode", example="单独", choices=_choices(("单独", "own", ("单独组建",)), ("联合", "joint", ("联合组建",)), ("派驻指导员", "instructor assigned", ("派驻",)))),
            ),
        ),
        EdgeKind(name="SUBORDINATE_TO", zh="隶属", en="Subordinate to", sources=("PartyOrganization",), targets=("PartyOrganization", "GovernmentDepartment", "Alliance")),
        EdgeKind(name="OWNS", zh="母子公司", en="Owns", sources=("Enterprise",), targets=("Enterprise",)),
        EdgeKind(
            name="MEMBER_OF", zh="联盟成员", en="Member of", sources=ORGANIZATIONS, targets=("Alliance",), key=("role", "start"), sheet="联盟成员", sheet_en="alliance_members",
            columns=(
                Reference(name="target", zh="联盟", en="Alliance", to=("Alliance",), required=True, aliases=("联盟名称",), example="澄澜市氢能产业链党建联盟（虚构）"),
                Reference(name="source", zh="成员", en="Member", to=ORGANIZATIONS, required=True, aliases=("成员单位", "成员名称"), example="澄澜氢动科技有限公司（虚构）"),
                _of(Type.CHOICE, "role", "角色", "Role", example="盟主", choices=_ROLE_MEMBER),
                _of(Type.DATE, "start", "起", "From", "开始日期", "起始日期", example="2026-01"), _of(Type.DATE, "end", "止", "To", "截止日期", "结束日期", example="2026-12"),
            ),
        ),
        EdgeKind(
            name="COVERS", zh="联盟覆盖", en="Covers", sources=("Alliance",), targets=("Chain",), sheet="联盟覆盖", sheet_en="alliance_chains",
            columns=(
                Reference(name="source", zh="联盟", en="Alliance", to=("Alliance",), required=True, aliases=("联盟名称",), example="澄澜市氢能产业链党建联盟（虚构）"),
                Reference(name="target", zh="产业链", en="Chain", to=("Chain",), required=True, example="氢能@澄澜市（虚构）"),
            ),
        ),
        EdgeKind(
            name="HOLDS_POST", zh="岗位", en="Holds post", sources=(*ORGANIZATIONS, "Post"), targets=("Chain", "Alliance", "Enterprise"), key=("role", "post", "start"), sheet="岗位", sheet_en="posts",
            columns=(
                Reference(name="source", zh="单位", en="Unit", to=_RESPONSIBLE, otherwise="Post", otherwise_from=("post",), aliases=("派出单位",), example="澄澜市工信局（虚构）"),
                _of(Type.CHOICE, "role", "岗位", "Post", example="链长", required=True, choices=_choices(("链长", "chain chief"), ("牵头部门", "lead department"), ("牵头领导", "lead official post"), ("党建指导员", "Party-building instructor"), ("联络员", "liaison"), ("红链专员", "chain specialist"))),
                Reference(name="target", zh="对象", en="Object", to=("Chain", "Alliance", "Enterprise"), required=True, example="氢能@澄澜市（虚构）"),
                Reference(name="post", zh="岗位编号", en="Post id", to=("Post",), example="HL-03"),
                _of(Type.DATE, "start", "起", "From", "任期起"), _of(Type.DATE, "end", "止", "To", "任期止"),
            ),
        ),
        EdgeKind(
            name="CO_BUILDS", zh="结对共建", en="Co-builds", sources=ORGANIZATIONS, targets=ORGANIZATIONS, directed=False, sheet="结对共建", sheet_en="pairings", sheet_aliases=("结对共建台账",),
            columns=(
                Reference(name="source", zh="甲方", en="Party A", to=("PartyOrganization", *(k for k in ORGANIZATIONS if k != "PartyOrganization")), required=True, aliases=("甲方党组织",), example="澄澜氢动科技有限公司党支部（虚构）"),
                Reference(name="target", zh="乙方", en="Party B", to=("PartyOrganization", *(k for k in ORGANIZATIONS if k != "PartyOrganization")), required=True, aliases=("乙方党组织",), example="澄澜理工大学党委（虚构）"),
                _text("form", "共建形式", "Form", "形式", example="结对共建"), _of(Type.DATE, "signed", "签约日期", "Signed", "签约时间", example="2026-04-12"),
                _of(Type.DATE, "expires", "到期日期", "Expires", "到期时间"), _text("matter", "事项", "Matter", "共建事项"), _text("status", "状态", "Status"),
            ),
        ),
        EdgeKind(
            name="FINANCES", zh="融资", en="Finances", sources=("FinancialInstitution",), targets=("Enterprise",), key=("method", "date", "stage"), summed="amount", sheet="融资", sheet_en="financing", sheet_aliases=("融资对接", "融资台账"),
            columns=(
                Reference(name="source", zh="金融机构", en="Institution", to=("FinancialInstitution",), required=True, aliases=("机构",), example="澄澜银行（虚构）"),
                _firm("target", "企业", "Enterprise", required=True, aliases=("企业名称",)),
                _of(Type.CHOICE, "method", "方式", "Method", "融资方式", example="授信", choices=_choices(("贷款", "loan", ("放款",)), ("授信", "credit line"), ("股权", "equity"), ("上市辅导", "listing tutoring"))),
                _of(Type.MONEY, "amount", "金额", "Amount", "融资金额", example="2000"), _of(Type.DATE, "date", "日期", "Date", "时间", example="2026-07-01"),
                Reference(name="broker", zh="撮合联盟", en="Brokering alliance", to=("Alliance",)), _text("stage", "阶段", "Stage"),
            ),
        ),
        EdgeKind(name="FILLS", zh="补环节", en="Fills", sources=("Project",), targets=("Segment",)),
        EdgeKind(
            name="VISITS", zh="走访", en="Visits", sources=("Post",), targets=("Enterprise",), key=("date",), sheet="走访", sheet_en="visits", sheet_aliases=("走访台账", "走访记录"),
            columns=(
                _firm("target", "企业", "Enterprise", required=True, aliases=("企业名称", "走访企业")), _of(Type.DATE, "date", "日期", "Date", "走访日期", example="2026-10-12"),
                Reference(name="source", zh="岗位编号", en="Post id", to=("Post",), otherwise="Post", aliases=("专员岗位编号",), example="HL-03"), _text("matter", "事项", "Matter", "走访事项"),
            ),
        ),
        EdgeKind(
            name="PARTICIPATES", zh="活动参与", en="Participates", sources=(*ORGANIZATIONS, "Group"), targets=("Event", "Order"), key=("role",), sheet="活动参与", sheet_en="participations", sheet_aliases=("参与单位",),
            columns=(
                Reference(name="target", zh="活动", en="Event", to=("Event",), required=True, aliases=("活动编号", "活动名称"), example="HD-001"),
                Reference(name="source", zh="参与单位", en="Participant", to=ORGANIZATIONS, otherwise="Group", otherwise_from=("target", "role", "count"), aliases=("单位",), example="澄澜氢动科技有限公司（虚构）"),
                _text("role", "角色", "Role", example="参与"), _of(Type.INTEGER, "count", "家数", "Number", "数量", unit="家", help=Text("不具名的参与方只写家数。", "For unnamed participants, only their number.")),
            ),
        ),
        EdgeKind(name="ORDERS", zh="下单", en="Orders", sources=("Enterprise",), targets=("Order",)),
        EdgeKind(name="LEADS", zh="牵头", en="Leads", sources=ORGANIZATIONS, targets=("Alliance", "Event")),
        EdgeKind(name="ABOUT", zh="主体", en="About", sources=("Fact",), targets=_ANY),
        EdgeKind(name="RAISED_BY", zh="提出企业", en="Raised by", sources=("Need",), targets=("Enterprise",)),
        EdgeKind(name="OFFERED_BY", zh="提供单位", en="Offered by", sources=("Resource",), targets=ORGANIZATIONS),
        EdgeKind(name="APPLIES_TO", zh="适用", en="Applies to", sources=("Resource",), targets=("Region", "Chain")),
        EdgeKind(name="ADDRESSES", zh="对应需求", en="Addresses", sources=("Action",), targets=("Need",)),
        EdgeKind(name="USES", zh="使用资源", en="Uses", sources=("Action",), targets=("Resource",)),
        EdgeKind(
            name="CLAIMS", zh="政策兑现", en="Claims", sources=("Enterprise",), targets=("Resource",), key=("applied",), sheet="政策兑现", sheet_en="policy_claims",
            columns=(
                _firm("source", "企业", "Enterprise", required=True, aliases=("企业名称",)), Reference(name="target", zh="资源编号", en="Resource", to=("Resource",), required=True, aliases=("政策", "资源"), example="ZY-001"),
                _of(Type.DATE, "applied", "申报日期", "Applied", "申报时间", example="2026-05-20"), _of(Type.DATE, "paid", "兑现日期", "Paid", "兑现时间"), _of(Type.MONEY, "amount", "金额", "Amount", "兑现金额", example="30"),
            ),
        ),
    )
}
"""Every relation kind by name."""

KINDS: dict[str, NodeKind | EdgeKind] = {**NODE_KINDS, **EDGE_KINDS}

SHEETS: dict[str, NodeKind | EdgeKind] = {
    kind.sheet: kind
    for name in (
        "Scope", "Enterprise", "Chain", "Segment", "UPSTREAM_OF", "IN_SEGMENT", "HOLDS", "IN_CHAIN", "Product", "MAKES", "SUPPLIES", "COOPERATES",
        "InputCriticality", "PartyOrganization", "ORG_OF", "Alliance", "MEMBER_OF", "COVERS", "HOLDS_POST", "University", "FinancialInstitution",
        "GovernmentDepartment", "Association", "Graduates", "CO_BUILDS", "Need", "Resource", "CLAIMS", "Action", "Order", "FINANCES", "Project",
        "Event", "PARTICIPATES", "VISITS", "Fact", "Region",
    )
    for kind in (KINDS[name],)
}
"""The kind that each sheet fills, by the sheet's Chinese name, in the template's order."""


def sheet_columns(kind: NodeKind | EdgeKind) -> tuple[Column, ...]:
    """Return every column a sheet may carry: the kind's own, then those common to all sheets."""
    names = {column.name for column in kind.columns}
    return (*kind.columns, *(column for column in COMMON if column.name not in names))
