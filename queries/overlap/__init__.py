"""Overlap: who makes the same as whom, which role each enterprise has, and the five symptoms."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from graphmodel.question import Column, Params, Question, Result, Table, param
from graphmodel.schema import Text

if TYPE_CHECKING:
    from graphmodel.graph import ChainGraph

ADVICE: Final = {
    "differ": Text("错位", "differ: go for other products"),
    "complement": Text("互补", "complement each other"),
    "integrate": Text("整合", "integrate: share capacity or merge"),
}
ROLES: Final = {
    "leader": Text("龙头", "leader"),
    "complementary": Text("互补", "complementary"),
    "competing": Text("竞争", "competing"),
    "small": Text("中小微", "small or medium"),
    "not_reported": Text("未填报", "not reported"),
}
ROLE_ADVICE: Final = {
    "leader": Text("辐射带动", "lead and radiate"),
    "complementary": Text("抱团融合", "join together"),
    "competing": Text("错位发展", "develop differently"),
    "small": Text("共享成果", "share in the results"),
    "not_reported": Text("补报", "supply the data"),
}
SYMPTOMS: Final = {
    "clustered_apart": Text("聚集不聚合", "clustered, not combined"),
    "unconnected": Text("共存不共联", "side by side, not allied"),
    "unshared": Text("资源分散不共享", "resources scattered, not shared"),
    "low_duplication": Text("低水平重复建设", "duplication at a low level"),
    "same_products": Text("同质化恶性竞争", "ruinous competition with the same products"),
}
PRESENT: Final = {
    "yes": Text("有", "yes"),
    "no": Text("无", "no"),
    "not_reported": Text("未填报", "not reported"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlapParams(Params):
    """From when products are the same, what makes a leader, and the thresholds of the symptoms."""

    by: str = param(
        "products",
        zh="按什么比较：products 产品，segments 环节（没有产品数据时的粗略比较）",
        en="compared by products, or coarsely by segments",
        choices=("products", "segments"),
    )
    same: float = param(
        0.6, zh="算作同质的产品重叠度", en="overlap from which two firms make the same",
        source="自定", low=0, high=1,
    )  # fmt: skip
    listed: float = param(
        0.3, zh="列出的最低重叠度", en="least overlap that is listed", source="自定", low=0, high=1
    )
    size_ratio: float = param(
        5.0, zh="产值相差几倍时建议整合", en="ratio of outputs from which to integrate",
        source="自定", low=1,
    )  # fmt: skip
    leader_share: float = param(
        0.2, zh="算作龙头的链内产值占比", en="share of the chain's output that makes a leader",
        source="自定", low=0, high=1,
    )  # fmt: skip
    min_firms: int = param(
        3, zh="诊断所需的企业数", en="firms needed for a diagnosis", source="自定", low=2
    )
    apart_share: float = param(
        0.5, zh="聚集不聚合：没有链内往来的企业占比阈值", en="clustered apart: firms without ties",
        source="自定：过半", low=0, high=1,
    )  # fmt: skip
    outside_share: float = param(
        0.5, zh="共存不共联：不在联盟的企业占比阈值", en="unconnected: firms outside alliances",
        source="自定：过半", low=0, high=1,
    )  # fmt: skip
    unshared_share: float = param(
        0.8, zh="资源分散不共享：没有共享合作的企业占比阈值",
        en="unshared: firms that share nothing", source="自定", low=0, high=1,
    )  # fmt: skip
    low_share: float = param(
        0.5, zh="低水平重复建设：同质企业中没有资质的占比阈值",
        en="duplication: firms without qualification among those making the same",
        source="自定：过半", low=0, high=1,
    )  # fmt: skip
    same_share: float = param(
        0.5, zh="同质化：与人同质而无合作的企业占比阈值",
        en="same products: firms that make the same as another and do not cooperate",
        source="自定：过半", low=0, high=1,
    )  # fmt: skip
    largest: int = param(
        100, zh="同一产品最多比较产值最大的几家", en="largest makers of a product compared",
        source="自定：控制对数", low=2, high=2000,
    )  # fmt: skip
    max_rows: int = param(5000, zh="最多列出几对", en="pairs listed at most", source="自定", low=1)


_CHAIN: Final = Column(name="chain", zh="产业链", en="Chain")
_SEGMENT: Final = Column(name="segment", zh="环节", en="Segment")
_WHY: Final = (
    Column(name="reason", zh="说明", en="Reason", bilingual=True),
    Column(name="evidence", zh="证据", en="Evidence"),
)

COLUMNS: Final = (
    _CHAIN,
    _SEGMENT,
    Column(name="firm_a", zh="企业甲", en="Enterprise A"),
    Column(name="firm_a_id", zh="企业甲编码", en="Enterprise A id", machine=True),
    Column(name="firm_b", zh="企业乙", en="Enterprise B"),
    Column(name="firm_b_id", zh="企业乙编码", en="Enterprise B id", machine=True),
    Column(name="overlap", zh="产品重叠度", en="Product overlap", type="share",
           meaning=Text("两家在本环节各产品产值占比的 Σmin/Σmax；产值没填全时各产品等权。",
                        "Σmin/Σmax of the shares of each product in what they make in the segment; "
                        "equal shares where values are not reported for all.")),
    Column(name="shared", zh="共同产品", en="Products in common"),
    Column(name="cooperates", zh="是否有合作", en="Cooperates", type="boolean",
           meaning=Text("配套合作或供应关系；没有记录只在声明填全时为否。",
                        "配套合作 or 供应关系; no only where these are declared complete.")),
    Column(name="same_alliance", zh="同一联盟", en="Alliance in common"),
    Column(name="output_a", zh="甲产值", en="Output of A", unit="万元", type="money"),
    Column(name="output_b", zh="乙产值", en="Output of B", unit="万元", type="money"),
    Column(name="advice", zh="建议", en="Advice", type="state", states=ADVICE),
    *_WHY,
)  # fmt: skip

TABLES: Final = (
    Table(name="roles", zh="企业角色表", en="Roles of enterprises", columns=(
        _CHAIN,
        Column(name="firm", zh="企业", en="Enterprise"),
        Column(name="firm_id", zh="企业编码", en="Enterprise id", machine=True),
        Column(name="role", zh="角色", en="Role", type="state", states=ROLES,
               meaning=Text("龙头/互补/竞争/中小微，自左而右取第一个成立的：龙头、竞争、互补、中小微。",
                            "The first that holds: leader, competing, complementary, small.")),
        Column(name="advice", zh="建议", en="Advice", states=ROLE_ADVICE),
        Column(name="reason", zh="依据", en="Grounds", bilingual=True),
        Column(name="evidence", zh="证据", en="Evidence"),
    )),
    Table(name="symptoms", zh="五症诊断表", en="Five symptoms", columns=(
        _CHAIN,
        Column(name="symptom", zh="症状", en="Symptom", type="state", states=SYMPTOMS),
        Column(name="metric", zh="指标", en="Measure", bilingual=True),
        Column(name="value", zh="数值", en="Value", type="interval",
               meaning=Text("未填报的企业使数值成为区间。",
                            "Firms not reported make it an interval.")),
        Column(name="threshold", zh="阈值", en="Threshold", type="share"),
        Column(name="present", zh="是否有此症状", en="Present", type="state", states=PRESENT,
               meaning=Text("区间整个高于阈值为有，整个不高于为无，跨过为未填报。",
                            "Yes where the whole interval is above the threshold, no where none of "
                            "it is, not reported where it crosses.")),
        Column(name="firms", zh="企业数", en="Enterprises", unit="家", type="integer"),
        Column(name="reason", zh="说明", en="Reason", bilingual=True),
    )),
    Table(name="clusters", zh="同质企业群", en="Clusters of the same products", columns=(
        _CHAIN, _SEGMENT,
        Column(name="firms", zh="企业数", en="Enterprises", unit="家", type="integer"),
        Column(name="names", zh="企业", en="Enterprises by name"),
        Column(name="products", zh="产品", en="Products"),
        Column(name="output", zh="产值合计", en="Output", unit="万元", type="money"),
        Column(name="reason", zh="说明", en="Reason", bilingual=True),
    ), meaning=Text("同质的企业对连成的群。", "Connected by pairs that make the same.")),
    Table(name="segments", zh="环节集中度", en="Concentration of segments", columns=(
        _CHAIN, _SEGMENT,
        Column(name="firms", zh="企业数", en="Enterprises", unit="家", type="integer"),
        Column(name="reporting", zh="填报产品的企业数", en="Reporting products", unit="家",
               type="integer"),
        Column(name="products", zh="产品数", en="Products", type="integer"),
        Column(name="hhi", zh="集中度HHI", en="HHI", type="number",
               meaning=Text("Σ(产值占比)²；有企业没报产值时未填报。",
                            "Sum of squared shares of output; none unless all firms report it.")),
        Column(name="same_pairs", zh="同质企业对数", en="Pairs making the same", type="integer"),
    )),
)  # fmt: skip


def answer(
    graph: "ChainGraph", params: OverlapParams, *, earlier: "ChainGraph | None" = None
) -> Result:
    """Answer who makes the same as whom, and what each should rather do.

    Args:
        graph: The graph.
        params: Thresholds.
        earlier: Not used: the question looks at one moment.

    Raises:
        UsageError: `params` names a chain or region that does not exist.
    """
    del earlier
    from queries.columns import arranged  # noqa: PLC0415  # pandas is slow to import
    from queries.overlap.rows import answered  # noqa: PLC0415  # as above

    found = answered(graph, params)
    tables = {table.name: arranged(found.tables[table.name], table.columns) for table in TABLES}
    return replace(found, rows=arranged(found.rows, COLUMNS), tables=tables)


QUESTION: Final = Question(
    name="overlap",
    zh="哪些企业同质竞争，谁该错位、互补、整合？",
    en="Which enterprises make the same, and who should differ, complement or integrate?",
    sheet="同质化清单",
    params=OverlapParams,
    columns=COLUMNS,
    tables=TABLES,
    answer=answer,
    needs={
        "企业环节": Text("环节、产品、产值", "segments, products, output"),
        "企业产品": Text("产品、产量、单价", "products, quantities, prices"),
        "企业": Text("产值、规模、资质", "output, size, qualifications"),
        "企业产业链": Text("龙头、链主", "leaders"),
        "配套合作": Text("已有的合作、共享", "cooperation and sharing"),
        "供应关系": Text("已有的供应往来", "trade"),
        "联盟成员": Text("是否在同一联盟", "alliances in common"),
        "填报范围": Text("哪些表已填全：没写的就是没有", "which sheets are complete"),
    },
    summary=Text(
        "同环节企业两两的产品重叠度和建议；企业角色；五种症状各给指标、数值和阈值，测不了的是未填报。",
        "Product overlap of enterprises in a segment with advice; roles; five symptoms, each with "
        "its measure and threshold, not reported where it cannot be measured.",
    ),
)
