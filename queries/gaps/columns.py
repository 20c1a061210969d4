"""The columns of `gaps` and of its further tables."""

from typing import Final

from graphmodel.question import Column, Table
from graphmodel.schema import Text
from queries.gaps.candidates import KINDS
from queries.gaps.operation import OPERATION
from queries.gaps.states import STATES

DIAGNOSES: Final = {
    "clustered_unlinked": Text("聚集不聚合", "clustered, not linked"),
    "none": Text("未见聚集不聚合", "not found"),
    "not_reported": Text("未填报", "not reported"),
}

_CHAIN_ID: Final = Column(name="chain_id", zh="产业链编码", en="Chain id", twin=True, machine=True)
_CHAIN: Final = Column(name="chain", zh="产业链", en="Chain", twin=True)
_REGION: Final = Column(
    name="region",
    zh="地区",
    en="Region",
    twin=True,
    meaning=Text(
        "默认是产业链所在地（含下级）；空着是整个数据源",
        "by default the chain's own region with its parts; blank means the whole source",
    ),
)
_REASON: Final = Column(name="reason", zh="说明", en="Reason", bilingual=True)
_MEASURE: Final = Column(name="measure", zh="判据", en="Measure", bilingual=True)
_VALUE: Final = Column(name="value", zh="数值", en="Value", type="number")
_THRESHOLD: Final = Column(name="threshold", zh="阈值", en="Threshold", type="number")


def _count(
    name: str,
    zh: str,
    en: str,
    meaning: Text = Text("", ""),
    *,
    unit: str = "家",
    summed: bool = False,
) -> Column:
    return Column(
        name=name, zh=zh, en=en, unit=unit, type="integer", meaning=meaning, summed=summed
    )


def _money(name: str, zh: str, en: str, meaning: Text) -> Column:
    return Column(name=name, zh=zh, en=en, unit="万元", type="money", meaning=meaning)


def _share(name: str, zh: str, en: str, meaning: Text) -> Column:
    return Column(name=name, zh=zh, en=en, type="share", meaning=meaning)


def _number(name: str, zh: str, en: str, meaning: Text) -> Column:
    return Column(name=name, zh=zh, en=en, type="number", meaning=meaning)


COLUMNS: Final = (
    Column(name="number", zh="序号", en="No.", type="integer"),
    _CHAIN_ID,
    _CHAIN,
    _REGION,
    Column(name="segment_id", zh="环节编码", en="Segment id"),
    Column(name="segment", zh="环节名称", en="Segment", twin=True),
    Column(name="parent", zh="上级环节", en="Parent segment"),
    Column(name="state", zh="状态", en="State", type="state", states=STATES, twin=True),
    Column(
        name="also",
        zh="同时存在",
        en="Also",
        type="texts",
        states=STATES,
        meaning=Text("有企业的环节另外成立的弱、细", "weak or thin that hold besides the state"),
    ),
    Column(
        name="upstream",
        zh="缺联上游环节",
        en="Upstream not linked",
        type="texts",
        meaning=Text("断链·缺联：与哪些上游环节没有联系", "the upstream segments it lacks"),
    ),
    Column(
        name="firms",
        zh="本地企业数",
        en="Firms here",
        unit="家",
        type="integer",
        twin=True,
        meaning=Text("归入本环节的本地企业；未填报的环节空着", "blank where not reported"),
    ),
    Column(
        name="above_scale",
        zh="规上企业数",
        en="Firms above scale",
        unit="家",
        type="integer",
        twin=True,
        meaning=Text("没有企业填报规上时空着", "blank where no firm says"),
    ),
    _money(
        "output",
        "产值",
        "Output",
        Text(
            "企业环节产值，缺则取只在一个环节的企业的产值；只合计已填报的",
            "企业环节.产值, else 企业.产值 of a firm in one segment only; the reported ones",
        ),
    ),
    _count("output_firms", "填报产值企业数", "Firms reporting output"),
    _number(
        "hhi",
        "集中度HHI",
        "Concentration HHI",
        Text("Σ（产值占比）²，全部企业填报产值才算", "Σ share², where all firms report output"),
    ),
    _number("effective_suppliers", "有效供方数", "Effective suppliers", Text("1/HHI", "1/HHI")),
    _share(
        "import_dependence",
        "进口依赖",
        "Import dependence",
        Text("环节填报", "as the segment says"),
    ),
    _share(
        "outside_dependence",
        "企业对外依赖",
        "Outside dependence of firms",
        Text(
            "企业环节.对外依赖的均值，产值齐全时按产值加权",
            "mean of 企业环节.对外依赖, by output where all of these report it",
        ),
    ),
    _money(
        "purchases",
        "本地采购额",
        "Purchases here",
        Text(
            "本地企业采购本环节产品的最近一年金额（D_k）",
            "purchases of its goods by firms here, latest year (D_k)",
        ),
    ),
    _share(
        "local_share",
        "本地供给占比",
        "Local share",
        Text(
            "其中来自本地供方的占比（供方地区已知的部分）",
            "the part from suppliers here, of what has a known origin (loc_k)",
        ),
    ),
    _count(
        "local_buyers",
        "本地下游需求企业数",
        "Local downstream buyers",
        Text("下游环节的本地企业，及采购本环节产品的本地企业", "on downstream segments, or buying"),
    ),
    _count(
        "local_suppliers",
        "本地上游供方数",
        "Local upstream suppliers",
        Text("上游环节的本地企业", "firms here on upstream segments"),
    ),
    _money(
        "outflow",
        "外流销售额",
        "Sales that leave",
        Text(
            "本地上游企业卖给区外该环节买方的金额",
            "sales of local upstream firms to buyers on this segment elsewhere",
        ),
    ),
    _share(
        "closure_risk",
        "断供风险",
        "Closure risk",
        Text(
            "该环节区外供方全部断供时，该链本地企业损失的销售额占比；只为缺口计算",
            "share of the chain's local sales lost if all its outside suppliers close; gaps only",
        ),
    ),
    Column(name="filling", zh="在补", en="Being filled", type="boolean"),
    Column(name="projects", zh="在谈签约项目", en="Projects under way", type="texts"),
    Column(name="expected", zh="预计投产", en="Expected production", type="date"),
    _number(
        "relatedness",
        "关联度残差",
        "Relatedness, residual",
        Text(
            "本地行业结构与本环节的关联密度，减去由行业多样性可解释的部分",
            "density of related industries here, less what diversity explains",
        ),
    ),
    _number(
        "priority",
        "优先级得分",
        "Priority",
        Text(
            "100×断供风险×关键占比×（1−本地供给占比）；缺项的替代写在得分说明",
            "100 × closure risk × essential share × (1 − local share); see its explanation",
        ),
    ),
    Column(name="priority_reason", zh="得分说明", en="How it was scored", bilingual=True),
    Column(name="action", zh="建议动作", en="Action", bilingual=True),
    Column(name="direction", zh="招商方向", en="Direction of attraction", bilingual=True),
    Column(name="candidates", zh="候选企业", en="Candidates", type="texts", bilingual=True),
    Column(name="responsible", zh="责任单位", en="Responsible", bilingual=True),
    Column(name="previous", zh="上月状态", en="State a month before", type="state", states=STATES),
    _MEASURE,
    _VALUE,
    _THRESHOLD,
    _REASON,
    Column(name="evidence", zh="证据编号", en="Evidence", type="texts"),
    _count("evidence_rows", "证据行数", "Rows of evidence", unit="行"),
)

DIAGNOSIS: Final = Table(
    name="diagnosis",
    zh="诊断表",
    en="Diagnosis",
    meaning=Text(
        "聚集不聚合：企业聚在一起，但相邻环节多无联系。",
        "Clustered, not linked: adjacent segments have firms, most without any relation.",
    ),
    columns=(
        Column(name="chain_id", zh="产业链编码", en="Chain id", machine=True),
        Column(name="chain", zh="产业链", en="Chain"),
        Column(name="region", zh="地区", en="Region"),
        Column(name="diagnosis", zh="诊断", en="Diagnosis", type="state", states=DIAGNOSES),
        _count("pairs_occupied", "都有企业的相邻环节对", "Occupied pairs", unit="对"),
        _count("pairs_reported", "其中已填报供应的", "With reported supply", unit="对"),
        _count("pairs_unlinked", "其中没有联系的", "Without a link", unit="对"),
        _MEASURE,
        _VALUE,
        _THRESHOLD,
        _REASON,
    ),
)

TALLY: Final = Table(
    name="tally",
    zh="各链环节状态数",
    en="States by chain",
    columns=(
        Column(name="chain_id", zh="产业链编码", en="Chain id", machine=True),
        Column(name="chain", zh="产业链", en="Chain"),
        Column(name="region", zh="地区", en="Region"),
        _count("members", "本地企业数", "Enterprises here"),
        _count("placed", "已归环节企业数", "With a segment"),
        _count("segments", "环节数", "Segments", unit="个", summed=True),
        *(_count(code, text.zh, text.en, unit="个", summed=True) for code, text in STATES.items()),
    ),
)

CANDIDATES: Final = Table(
    name="candidates",
    zh="候选清单",
    en="Candidates",
    columns=(
        Column(name="chain_id", zh="产业链编码", en="Chain id", machine=True),
        Column(name="chain", zh="产业链", en="Chain"),
        Column(name="segment_id", zh="环节编码", en="Segment id"),
        Column(name="segment", zh="环节名称", en="Segment"),
        Column(name="kind", zh="类别", en="Kind", type="state", states=KINDS),
        Column(name="id", zh="编码", en="Id"),
        Column(name="name", zh="名称", en="Name"),
        Column(name="candidate_region", zh="所在地区", en="Where"),
        _share(
            "cure",
            "可降低断供风险",
            "Closure risk it would cure",
            Text(
                "断供风险减去设它供货后的断供风险；候选按此从高到低。区外现有供方、院所，"
                "以及产能和产值都未填报的企业空着，列在其后",
                "closure risk less the same with it supplying; highest first, then those where it "
                "is blank: outside suppliers, institutes, firms without capacity and output",
            ),
        ),
        Column(
            name="value",
            zh="数值",
            en="Value",
            type="number",
            meaning=Text(
                "区外供方：供货金额（万元）；行业：邻近度；院所：名称相合的字对数",
                "outside suppliers: 10k yuan; industries: proximity; institutes: shared pairs",
            ),
        ),
        Column(name="detail", zh="依据", en="Why", bilingual=True),
    ),
)

TABLES: Final = (DIAGNOSIS, OPERATION, TALLY, CANDIDATES)
