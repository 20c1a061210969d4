"""Sourcing: how much is bought nearby, what comes from elsewhere, and who near could supply it."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from graphmodel.question import Column, Params, Question, Result, Table, param
from graphmodel.schema import Text

if TYPE_CHECKING:
    from graphmodel.graph import ChainGraph

_OWN: Final = "Liantu 口径"

LEVEL_LABELS: Final = {
    "park": Text("园区", "park"),
    "city": Text("市", "city"),
    "province": Text("省", "province"),
}
MEASURE_LABELS: Final = {
    "value": Text("金额", "value"),
    "suppliers": Text("供方企业数", "suppliers"),
    "partners": Text("配套伙伴数", "配套 partners"),
}
GROUPS: Final = {
    "total": Text("合计", "total"),
    "chain": Text("需方产业链", "chain of the buyer"),
    "region": Text("需方地区（含下级）", "region of the buyer, with its parts"),
}
MATCH_LABELS: Final = {
    "met": Text("本地可满足", "can be met locally"),
    "partly": Text("本地部分满足", "partly"),
    "unknown": Text("富余产能未填报", "spare capacity not reported"),
    "unit": Text("单位不一致", "units differ"),
    "quantity": Text("需求数量未填报", "quantity not reported"),
    "none": Text("未见本地生产企业", "no local maker on record"),
    "no_product": Text("产品未填报", "product not reported"),
    "selling": Text("求销路，不是采购", "looking for buyers, no demand"),
    "closed": Text("已承接或办结", "taken or closed"),
}
FIRST_LABELS: Final = {
    "no_local": Text("只有外地买家", "buyers elsewhere only"),
    "no_buyer": Text("没有买家", "no buyer"),
    "not_reported": Text("销售未填报", "sales not reported"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcingParams(Params):
    """What counts as local, and how many purchases are written out."""

    level: str = param(
        "city", zh="何为本地：park 园区，city 市，province 省",
        en="what counts as local", source=_OWN, choices=tuple(LEVEL_LABELS),
    )  # fmt: skip
    most: int = param(
        50_000, zh="逐条列出的采购数，0 为全部（配套率总是计全部）",
        en="purchases written out, 0 for all (rates always count all)", source=_OWN, low=0,
    )  # fmt: skip


def _count(name: str, zh: str, en: str, meaning: Text = Text("", ""), unit: str = "家") -> Column:
    return Column(name=name, zh=zh, en=en, unit=unit, type="integer", meaning=meaning)


def _money(name: str, zh: str, en: str) -> Column:
    return Column(name=name, zh=zh, en=en, unit="万元", type="money")


_REASON: Final = Column(name="reason", zh="说明", en="Reason", bilingual=True)
_EVIDENCE: Final = Column(name="evidence", zh="证据", en="Evidence")
_RATE: Final = Text(
    "[本地/全部, (本地+未知)/全部]；供方地区未填报的为未知。",
    "[near/all, (near + unknown)/all]; unknown where the supplier's region is not reported.",
)

COLUMNS: Final = (
    Column(name="number", zh="序号", en="No.", type="integer"),
    Column(name="buyer_name", zh="需方企业", en="Buyer"),
    Column(name="buyer_id", zh="需方编码", en="Buyer id", machine=True, twin=True),
    Column(name="supplier_name", zh="供方企业", en="Supplier"),
    Column(name="supplier_id", zh="供方编码", en="Supplier id", machine=True, twin=True),
    Column(name="goods", zh="产品", en="Product", twin=True, meaning=Text(
        "没有产品的写环节，加括号。", "The segment, in brackets, where no product is named.")),
    Column(name="amount", zh="年采购额", en="Purchases a year", unit="万元", type="money",
           summed=True, twin=True, meaning=Text(
               "每对企业最近填报的一年。", "Of the latest year that the pair reports.")),
    Column(name="year", zh="年份", en="Year", type="year", twin=True),
    Column(name="region", zh="供方地区", en="Supplier's region"),
    Column(name="same_park", zh="是否本园区", en="Same park", type="boolean", twin=True,
           meaning=Text("需方不在园区，或供方所在不够细时空着。",
                        "Blank: no park, or the region is too coarse.")),
    Column(name="same_city", zh="是否本市", en="Same city", type="boolean", twin=True),
    Column(name="same_province", zh="是否本省", en="Same province", type="boolean", twin=True),
    Column(name="abroad", zh="进口", en="Import", type="boolean", twin=True),
    Column(name="rate_count", zh="就近配套率(企业数)", en="Local rate by suppliers",
           type="interval", meaning=_RATE),
    Column(name="rate_value", zh="就近配套率(金额)", en="Local rate by value",
           type="interval", meaning=_RATE),
    Column(name="alternatives", zh="可替代本地供方", en="Local alternatives", meaning=Text(
        "本地生产该产品的企业在前，其次为同环节企业；有产能的写产能。只为外地采购列出。",
        "Local makers first, then firms of the segment; for purchases from elsewhere only.")),
    _count("alternative_count", "可替代本地供方数", "Local alternatives, number"),
    _count("alternative_makers", "其中生产该产品", "of them makers of the product"),
    _REASON,
    _EVIDENCE,
)  # fmt: skip

_LEVEL_RATES: Final = tuple(
    Column(name=f"{level}_{way}", zh=f"本{label.zh}配套率({zh})",
           en=f"Local rate, {label.en}, {en}", type="interval", meaning=_RATE)
    for level, label in LEVEL_LABELS.items()
    for way, zh, en in (("value", "金额", "by value"), ("count", "企业数", "by suppliers"))
)  # fmt: skip

TABLES: Final = (
    Table(name="rates", zh="就近配套率", en="Local sourcing rates", columns=(
        Column(name="by", zh="分组方式", en="Grouped by", type="state", states=GROUPS),
        Column(name="group", zh="分组", en="Group"),
        Column(name="level", zh="层级", en="Level", type="state", states=LEVEL_LABELS),
        Column(name="measure", zh="口径", en="Measure", type="state", states=MEASURE_LABELS,
               meaning=Text("配套伙伴数计没有方向的配套合作，不计流量。",
                            "Partners count ties without direction, never flow.")),
        Column(name="near", zh="本地", en="Near", type="number"),
        Column(name="whole", zh="全部", en="All", type="number"),
        Column(name="unknown", zh="未填报", en="Not reported", type="number"),
        Column(name="share", zh="就近配套率", en="Local rate, from … to", type="interval",
               meaning=_RATE),
        _REASON,
    ), meaning=Text("分组可重叠，不可相加。", "Groups overlap and are never added up.")),
    Table(name="buyers", zh="需方配套率", en="Rates by buyer", columns=(
        Column(name="buyer", zh="需方企业", en="Buyer"),
        Column(name="buyer_id", zh="需方编码", en="Buyer id", machine=True),
        Column(name="region", zh="地区", en="Region"),
        _money("bought", "采购额", "Purchases"),
        _money("outside", "外地采购额", "Bought elsewhere"),
        _money("unknown", "地区未填报采购额", "Of unknown region"),
        _count("suppliers", "供方企业数", "Suppliers"),
        *_LEVEL_RATES,
        _count("partners", "配套伙伴数", "配套 partners"),
        _count("near_partners", "本地配套伙伴数", "Local 配套 partners"),
    )),
    Table(name="matching", zh="供需对接表", en="Supply and demand", columns=(
        Column(name="id", zh="编号", en="Id"),
        Column(name="kind", zh="来源", en="From", type="state", states={
            "need": Text("需求清单", "needs"), "order": Text("订单", "orders")}),
        Column(name="buyer_name", zh="需方", en="Buyer"),
        Column(name="product_name", zh="产品", en="Product"),
        Column(name="specification", zh="技术指标", en="Specification"),
        Column(name="quantity", zh="数量", en="Quantity", type="number"),
        Column(name="unit", zh="单位", en="Unit"),
        Column(name="due", zh="交期", en="Due", type="date"),
        Column(name="suppliers", zh="本地可供企业", en="Local makers"),
        Column(name="spare", zh="富余产能", en="Spare capacity", type="number", meaning=Text(
            "产能−产量，单位与需求一致且两项都填报的才计。",
            "产能 − 产量 of firms that report both in the unit of the demand.")),
        _count("unreported", "富余未填报家数", "Spare not reported"),
        Column(name="allied", zh="同联盟", en="Same alliance"),
        Column(name="state", zh="状态", en="State", type="state", states=MATCH_LABELS),
        Column(name="said", zh="填报状态", en="State as written"),
        _REASON,
        _EVIDENCE,
    )),
    Table(name="firsts", zh="首购首用清单", en="First of their kind", columns=(
        Column(name="enterprise", zh="企业", en="Enterprise"),
        Column(name="product", zh="产品", en="Product"),
        Column(name="region", zh="地区", en="Region"),
        Column(name="capacity", zh="产能", en="Capacity", type="number"),
        Column(name="unit", zh="单位", en="Unit"),
        _count("buyers", "外地买家数", "Buyers elsewhere"),
        Column(name="users", zh="可对接本地用户", en="Possible local users", meaning=Text(
            "本地从外地采购同一产品的企业。", "Local firms that buy the same product elsewhere.")),
        _count("user_count", "可对接本地用户数", "Possible local users, number"),
        Column(name="state", zh="状态", en="State", type="state", states=FIRST_LABELS),
        _REASON,
        _EVIDENCE,
    )),
    Table(name="imports", zh="进口清单", en="Imports", columns=(
        Column(name="goods", zh="产品", en="Product"),
        _money("amount", "进口额", "Imports"),
        Column(name="share", zh="占该产品采购额", en="Share of purchases of it", type="share"),
        _count("relations", "采购条数", "Relations", unit="条"),
        _count("buyers", "需方数", "Buyers"),
        _count("suppliers", "境外供方数", "Suppliers abroad"),
        _count("alternatives", "可替代本地供方数", "Local alternatives"),
        _REASON,
    )),
)  # fmt: skip


def answer(
    graph: "ChainGraph", params: SourcingParams, *, earlier: "ChainGraph | None" = None
) -> Result:
    """Answer how much is bought nearby, and who near could supply what is not.

    Args:
        graph: The graph.
        params: What counts as local, how many purchases are written out.
        earlier: Not used: the question looks at one moment.

    Raises:
        UsageError: `params` names a chain or region that does not exist.
    """
    del earlier
    from queries.columns import arranged  # noqa: PLC0415  # pandas is slow to import
    from queries.sourcing.rows import answered  # noqa: PLC0415  # as above

    found = answered(graph, params)
    tables = {table.name: arranged(found.tables[table.name], table.columns) for table in TABLES}
    return replace(found, rows=arranged(found.rows, COLUMNS), tables=tables)


QUESTION: Final = Question(
    name="sourcing",
    zh="就近配套率多少，外地采购的本地谁能供？",
    en="How much is bought nearby, and who near could supply the rest?",
    sheet="就近配套表",
    params=SourcingParams,
    columns=COLUMNS,
    tables=TABLES,
    answer=answer,
    needs={
        "供应关系": Text("采购额、年份、供方地区", "purchases, years, regions of suppliers"),
        "企业": Text("地区、园区", "regions and parks"),
        "地区": Text("园区、市、省的层级", "which park lies in which city and province"),
        "企业产品": Text("谁生产什么、产能、产量、首台套", "who makes what, capacity, first sets"),
        "企业环节": Text("谁在哪个环节", "who stands in which segment"),
        "配套合作": Text("没有方向的配套伙伴", "partners without direction"),
        "需求清单": Text("产品和供应链需求", "needs of products and supply"),
        "订单": Text("公布的订单", "published orders"),
        "联盟成员": Text("同联盟优先", "members of one alliance come first"),
    },
    summary=Text(
        "按园区、市、省三级给出就近配套率（金额、企业数，未填报的成区间），为每笔外地采购列出本地可替代"
        "供方；供需对接、首购首用、进口另列。",
        "Local rates by value and by count within park, city and province, as intervals; local "
        "alternatives for every purchase from elsewhere; demand, first sets and imports.",
    ),
)
