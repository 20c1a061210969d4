"""Risks: whose stop would hurt most, which inputs come from one source, and what if."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from graphmodel.question import Column, Params, Question, Result, Table, param
from graphmodel.schema import Text

if TYPE_CHECKING:
    from graphmodel.graph import ChainGraph

LEVELS: Final = {
    "high": Text("高", "high"),
    "medium": Text("中", "medium"),
    "low": Text("低", "low"),
    "not_reported": Text("未填报", "not reported"),
}

_PAPER: Final = "Diem 等 2022, Sci Rep 12:7719"
_OWN: Final = "Liantu 口径"


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskParams(Params):
    """How systemic risk is computed, what counts as a risk, and what is supposed to happen."""

    sector: str = param(
        "auto", zh="行业口径（auto：有交易的企业都填行业代码则用之，否则主环节）",
        en="sector: industry code if every trading enterprise has one, else main segment",
        source=_OWN, choices=("auto", "industry_code", "segment"),
    )  # fmt: skip
    epsilon: float = param(
        0.01, zh="停止迭代的最大降幅 ε", en="largest decrease at which the iteration stops",
        source=_PAPER, low=0, high=1,
    )  # fmt: skip
    converged: bool = param(
        default=False, zh="迭代到收敛（ε=1e-9，需要营业收入）",
        en="iterate to convergence (ε = 1e-9; asks for revenue)",
    )  # fmt: skip
    substitution: bool = param(
        default=True, zh="同行业企业可相互替代", en="firms of one sector stand in for each other",
        source=_PAPER,
    )  # fmt: skip
    equal_weights: bool = param(
        default=False, zh="不用金额，每条供应关系同权", en="every supply relation weighs the same"
    )
    min_loss: float = param(
        0.1, zh="计为受影响的停产比例下限", en="loss of output from which on a firm counts as hit",
        source=_OWN, low=0, high=1,
    )  # fmt: skip
    high_esri: float = param(
        0.05, zh="高风险：ESRI 不低于", en="high: ESRI at least", source=_OWN, low=0, high=1
    )
    medium_esri: float = param(
        0.01, zh="中风险：ESRI 不低于", en="medium: ESRI at least", source=_OWN, low=0, high=1
    )
    high_hit: int = param(
        3, zh="单一来源且受影响下游企业不少于此数为高风险",
        en="a single source that hits at least so many firms is high", source=_OWN, low=1,
    )  # fmt: skip
    close: str = param(
        "", zh="假设停产的企业或地区（用、分开）", en="what if these stop: enterprises or regions"
    )
    segment: str = param(
        "", zh="假设停产的环节（与 --region 合用则只限该地区）",
        en="what if this segment stops (with --region: there only)",
    )  # fmt: skip
    share: float = param(1.0, zh="停产比例", en="share of output that is lost", low=0, high=1)
    add: str = param(
        "", zh="假设增加供方：企业→环节（用、分开）；→环节 逐一试 gaps 的候选",
        en="what if a supplier is added: firm→segment; →segment tries every candidate of gaps",
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskBasis(RiskParams):
    """The parameters, with what the answer turned out to rest on."""

    mode: str = param("", zh="口径", en="mode")
    sector_source: str = param("", zh="行业来源", en="what serves as sector")
    essentiality_source: str = param("", zh="投入关键性来源", en="what tells essential inputs")


def _share(name: str, zh: str, en: str, meaning: Text = Text("", "")) -> Column:
    return Column(name=name, zh=zh, en=en, type="number", meaning=meaning)


_CHAIN: Final = Column(name="chain", zh="产业链", en="Chain")
_FIRM: Final = Column(name="enterprise", zh="企业名称", en="Enterprise")
_ID: Final = Column(name="enterprise_id", zh="企业编码", en="Enterprise id", machine=True)
_SEGMENT: Final = Column(name="segment", zh="环节", en="Segment", meaning=Text(
    "主环节：产值最大的环节；没有企业环节的按所供货物。",
    "Main segment by output, or by the goods it sells."))  # fmt: skip
_LEVEL: Final = Column(name="level", zh="风险等级", en="Level", type="state", states=LEVELS)
_LOSS: Final = _share("loss", "损失比例", "Loss", Text("1 − min(h^d, h^u)。", "1 − min(h^d, h^u)."))
_VALUE: Final = Column(
    name="output_at_risk", zh="影响产值", en="Output at risk", unit="万元", type="money",
    meaning=Text("Σ 产值×损失比例，停产企业自身除外；未填产值的不计。",
                 "Σ output × loss, without the closed; blank outputs do not count."),
)  # fmt: skip
_HIT: Final = Column(
    name="downstream_hit", zh="受影响下游企业数", en="Downstream firms hit", unit="家",
    type="integer",
    meaning=Text("因缺投入损失不低于下限的企业；没有金额时为关键下游中本地无替代的家数。",
                 "Firms short of inputs by the least loss or more; without amounts, essential "
                 "buyers without a local substitute."),
)  # fmt: skip

COLUMNS: Final = (
    Column(name="rank", zh="序号", en="No.", type="integer"),
    _CHAIN,
    _FIRM,
    _ID,
    Column(name="code", zh="统一社会信用代码", en="Credit code",
           meaning=Text("未填的为企业编码。", "The enterprise's id where it is blank.")),
    Column(name="outside", zh="范围外", en="Outside the data", type="boolean"),
    _SEGMENT,
    Column(name="single_source", zh="单一来源", en="Single source", type="boolean",
           meaning=Text("某需方的关键投入只有这一家供方；没有填关键性的空着。",
                        "The only supplier of some buyer's essential input; blank: not told.")),
    _HIT,
    _VALUE,
    Column(name="substitutes", zh="可替代企业", en="Substitutes",
           meaning=Text("同一主环节的其他企业，本地在前。", "Others in its segment, local first.")),
    Column(name="local_substitutes", zh="本地替代数", en="Local substitutes", unit="家",
           type="integer"),
    Column(name="outside_substitutes", zh="区外替代数", en="Substitutes elsewhere", unit="家",
           type="integer"),
    _LEVEL,
    _share("esri", "系统性风险ESRI", "ESRI",
           Text("它停产时全网损失的产出占比。", "Share of all output lost when it stops.")),
    _share("esri_downstream", "下游传导ESRI", "ESRI downstream"),
    _share("esri_upstream", "上游传导ESRI", "ESRI upstream"),
    _share("size_share", "自身规模占比", "Own size", Text("w = s/Σs。", "w = s/Σs.")),
    _share("beyond_size", "超出自身规模", "Beyond own size", Text("ESRI − w。", "ESRI − w.")),
    Column(name="articulation", zh="关节企业", en="Articulation firm", type="boolean",
           meaning=Text("去掉它，供应网络散成更多块。", "Without it the network falls apart.")),
    Column(name="sales", zh="供应额", en="Sales", unit="万元", type="money"),
    Column(name="reason", zh="说明", en="Reason", bilingual=True),
    Column(name="evidence", zh="证据", en="Evidence"),
)  # fmt: skip

_PLACE_LOSSES: Final = (
    Column(name="firms", zh="受影响企业数", en="Firms hit", unit="家", type="integer"),
    Column(name="lost_sales", zh="损失供应额", en="Sales lost", unit="万元", type="money"),
    _LOSS,
    _VALUE,
)

TABLES: Final = (
    Table(name="single_sources", zh="单一来源", en="Single sources", columns=(
        Column(name="buyer", zh="需方企业", en="Buyer"),
        Column(name="input", zh="投入", en="Input"),
        Column(name="supplier", zh="唯一供方", en="Only supplier"),
        Column(name="region", zh="供方地区", en="Supplier's region"),
        Column(name="amount", zh="年采购额", en="Purchases", unit="万元", type="money"),
        Column(name="local_substitutes", zh="本地替代数", en="Local substitutes", type="integer"),
        Column(name="evidence", zh="证据", en="Evidence"),
    )),
    Table(name="closure", zh="停产推演", en="Closure", columns=(
        Column(name="closed", zh="停产企业数", en="Firms closed", unit="家", type="integer"),
        _share("share", "停产比例", "Share lost"),
        _share("esri", "系统性风险ESRI", "ESRI"),
        _share("esri_downstream", "下游传导ESRI", "ESRI downstream"),
        _share("esri_upstream", "上游传导ESRI", "ESRI upstream"),
        _HIT, _VALUE,
        Column(name="steps", zh="迭代次数", en="Updates", type="integer"),
    )),
    Table(name="losses", zh="停产推演·企业", en="Closure by enterprise", columns=(
        _CHAIN, _FIRM, _ID, _SEGMENT,
        Column(name="region", zh="地区", en="Region"),
        _LOSS,
        _share("loss_downstream", "缺料损失", "Loss for lack of inputs"),
        _share("loss_upstream", "失销损失", "Loss for lack of buyers"),
        Column(name="lost_sales", zh="损失供应额", en="Sales lost", unit="万元", type="money"),
        _VALUE,
        Column(name="arrives", zh="第几步受影响", en="Arrives in update", type="integer"),
        Column(name="path", zh="传导路径", en="Path", meaning=Text(
            "每一步取使其最早受影响的伙伴中影响最大的一家。",
            "At each step the strongest of the partners that were hit before.")),
    )),
    Table(name="loss_segments", zh="停产推演·环节", en="Closure by segment", columns=(
        _CHAIN, _SEGMENT, *_PLACE_LOSSES)),
    Table(name="loss_regions", zh="停产推演·地区", en="Closure by region", columns=(
        Column(name="region", zh="地区", en="Region"), *_PLACE_LOSSES)),
    Table(name="addition", zh="增加供方推演", en="Added supplier", columns=(
        _FIRM, _ID, _SEGMENT,
        Column(name="supplier", zh="现有供方", en="Present supplier"),
        _share("esri", "原ESRI", "ESRI before"),
        _share("esri_after", "增加后ESRI", "ESRI after"),
        _share("reduction", "降低", "Reduction"),
    )),
    Table(name="additions", zh="增加供方比选", en="Candidates to add", columns=(
        Column(name="rank", zh="序号", en="No.", type="integer"),
        _FIRM, _ID, _SEGMENT,
        Column(name="suppliers", zh="现有供方数", en="Present suppliers", unit="家",
               type="integer"),
        Column(name="asked", zh="待承接金额", en="Asked of it", unit="万元", type="money",
               meaning=Text("有 m 家现有供方的买方各让出 1/(m+1)，合计。",
                            "Σ of 1/(m+1) of what each buyer buys from m present ones.")),
        Column(name="capacity", zh="可供能力", en="It can make", unit="万元", type="money",
               meaning=Text("产能×单价，缺则该环节产值，再缺则企业产值；空着为未填报。",
                            "Capacity × price, else output there, else its whole output.")),
        _share("share", "可承接比例", "Share it can take",
               Text("可供能力/待承接金额，至多 1。", "What it can make / asked of it, at most 1.")),
        _share("esri", "原ESRI", "ESRI before",
               Text("现有供方同时停产。", "All present suppliers stop together.")),
        _share("esri_after", "增加后ESRI", "ESRI after"),
        _share("reduction", "ΔESRI", "ΔESRI", Text(
            "现有供方同时停产时 ESRI 的降幅；产能和产值都未填报的空着，列在最后。",
            "How far ESRI falls for that stop; blank, and last, where it reports neither.")),
    )),
)  # fmt: skip


def answer(
    graph: "ChainGraph", params: RiskParams, *, earlier: "ChainGraph | None" = None
) -> Result:
    """Answer whose stop would hurt most: ESRI of every enterprise, single sources, what-ifs.

    Args:
        graph: The graph.
        params: ε, sectors, thresholds, and what is supposed to happen.
        earlier: Not used: the question looks at one moment.

    Raises:
        UsageError: `params` names a chain, region, enterprise or segment that does not exist.
    """
    del earlier
    from queries.columns import arranged  # noqa: PLC0415  # pandas is slow to import
    from queries.risks.rows import answered  # noqa: PLC0415  # as above

    found = answered(graph, params)
    tables = {table.name: arranged(found.tables[table.name], table.columns) for table in TABLES}
    return replace(found, rows=arranged(found.rows, COLUMNS), tables=tables)


QUESTION: Final = Question(
    name="risks",
    zh="哪家断供影响最大、哪些是单一来源？",
    en="Whose stop would hurt most, and which inputs come from one source?",
    sheet="断供风险表",
    params=RiskParams,
    columns=COLUMNS,
    tables=TABLES,
    answer=answer,
    needs={
        "供应关系": Text("金额、年份、关键性", "amounts, years, which inputs are essential"),
        "企业": Text("行业代码、产值、营业收入", "industry code, output, revenue"),
        "企业环节": Text("主环节", "main segments"),
        "企业产品": Text("新供方能供多少：产能、单价", "how much an added supplier can make"),
        "环节上下游": Text("投入是否关键", "which inputs are essential"),
        "投入关键性": Text("行业之间投入是否关键", "how essential inputs are between industries"),
    },
    summary=Text(
        "逐家计算停产的系统性影响（ESRI，上下游两个方向），列出单一来源、关节企业和替代者；"
        "可推演停产和增加供方。",
        "The systemic effect of every enterprise's stop (ESRI, both directions), single sources, "
        "articulation firms and substitutes; what if some stop, or a supplier is added.",
    ),
)
