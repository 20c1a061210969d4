"""Leads: the computed chain-owner beside the declared one, with the parts and their stability."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from graphmodel.question import Column, Params, Question, Result, Table, param
from graphmodel.schema import Text

if TYPE_CHECKING:
    from graphmodel.graph import ChainGraph

DIMENSION_LABELS: Final = {
    "control": Text("控制", "control"),
    "pull": Text("牵引", "pull"),
    "support": Text("配套", "support"),
    "coordination": Text("协同", "coordination"),
    "innovation": Text("创新", "innovation"),
}
"""Every dimension, computed or not, in the order in which they are printed."""

INSUFFICIENT: Final = Text("数据不足,仅供参考", "too little data, for reference only")

_NO_STANDARD: Final = "各地链主标准不一，默认不设门槛"
_EQUAL: Final = "没有公认的权重，默认相等；居前概率给出权重变动时的稳定性"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadParams(Params):
    """Gates, weights and how stability is tried."""

    min_revenue: float = param(
        0.0, zh="门槛：营业收入不低于（万元），0 为不设", en="gate: revenue, 万元 (0: none)",
        source=_NO_STANDARD, low=0,
    )  # fmt: skip
    min_market_share: float = param(
        0.0, zh="门槛：市场占有率不低于，0 为不设", en="gate: market share at least, 0 = none",
        source=_NO_STANDARD, low=0, high=1,
    )  # fmt: skip
    min_rd_share: float = param(
        0.0, zh="门槛：研发投入占营业收入不低于，0 为不设", en="gate: R&D / revenue (0: none)",
        source=_NO_STANDARD, low=0,
    )  # fmt: skip
    unknown_passes: bool = param(
        default=True, zh="未填报的过门槛", en="what is not reported passes a gate"
    )
    weight_control: float = param(1.0, zh="权重：控制", en="weight: control", source=_EQUAL, low=0)
    weight_pull: float = param(1.0, zh="权重：牵引", en="weight: pull", source=_EQUAL, low=0)
    weight_support: float = param(1.0, zh="权重：配套", en="weight: support", source=_EQUAL, low=0)
    weight_coordination: float = param(
        1.0, zh="权重：协同", en="weight: coordination", source=_EQUAL, low=0
    )
    weight_innovation: float = param(
        1.0, zh="权重：创新", en="weight: innovation", source=_EQUAL, low=0
    )
    top_k: int = param(3, zh="居前的家数", en="how many count as the top", low=1)
    samples: int = param(
        200, zh="居前概率的抽样次数", en="samples behind the probability", low=5, high=5000
    )
    seed: int = param(1, zh="随机种子", en="random seed", low=0)
    max_relations: int = param(
        3_000_000,
        zh="供应关系超过此数则不算牵引和协同，0 为总要算",
        en="supply relations beyond which pull and coordination are left out; 0 for never",
        source="Liantu 口径：逐家停产的计算量随企业数与关系数之积增长",
        low=0,
    )


def _share(name: str, zh: str, en: str, meaning: Text = Text("", "")) -> Column:
    return Column(name=name, zh=zh, en=en, type="number", meaning=meaning)


_PARTS: Final = tuple(
    column
    for name, label in DIMENSION_LABELS.items()
    for column in (
        _share(name, f"{label.zh}得分", f"{label.en.capitalize()} q",
               Text("在本链内的百分位 (0,1]；未填报取 0.5；空着表示该维度没有用。",
                    "Percentile within the chain; 0.5 where not reported; blank where not used.")),
        Column(name=f"{name}_value", zh=f"{label.zh}原值", en=f"{label.en.capitalize()}, raw",
               type="number", machine=True),
    )
)  # fmt: skip

COLUMNS: Final = (
    Column(name="chain", zh="产业链", en="Chain"),
    Column(name="chain_id", zh="产业链编码", en="Chain id", machine=True),
    Column(name="enterprise", zh="企业名称", en="Enterprise"),
    Column(name="enterprise_id", zh="企业编码", en="Enterprise id", machine=True),
    Column(name="credit_code", zh="统一社会信用代码", en="Credit code"),
    Column(name="declared", zh="认定链主", en="Declared chain-owner", type="boolean",
           meaning=Text("企业产业链或覆盖本链的联盟中角色为链主；否须企业产业链声明填全；空着为未填报。",
                        "By role 链主 in 企业产业链 or in an alliance covering the chain; no only "
                        "where 企业产业链 is declared complete; blank: not reported.")),
    Column(name="roles", zh="角色", en="Roles", bilingual=True),
    Column(name="score", zh="综合得分", en="Score", type="number",
           meaning=Text("Π q^ω，ω 在所用维度上归一。", "Π q^ω, ω normalised over those used.")),
    Column(name="rank", zh="排名", en="Rank", type="integer",
           meaning=Text("本链内名次；得分相同名次相同；未过门槛的空着。",
                        "Within the chain; equal scores share a rank; blank if a gate failed.")),
    *_PARTS,
    Column(name="upstream", zh="上游企业数", en="Suppliers", unit="家", type="integer",
           meaning=Text("供应关系中的供方家数；没有填报的空着。", "Suppliers told; blank: none.")),
    Column(name="downstream", zh="下游企业数", en="Buyers", unit="家", type="integer"),
    Column(name="partners", zh="配套合作企业数", en="配套 partners", unit="家", type="integer",
           meaning=Text("方向未载明的配套合作；不计入上下游。", "Undirected; in neither count.")),
    _share("betweenness", "中介中心性", "Betweenness",
           Text("本链企业及其直接伙伴的网络中，最短路径经过它的比例（抽样）；没有关系的空着。",
                "Share of shortest paths that run through it among the chain's firms and their "
                "partners, sampled; blank without a tie.")),
    Column(name="terminal", zh="终端位置", en="Terminal position", type="boolean",
           meaning=Text("在模板中没有下游的环节（整机/终端）。", "A segment without downstream.")),
    Column(name="output", zh="产值", en="Output", unit="万元", type="money"),
    Column(name="qualifications", zh="资质", en="Qualifications"),
    Column(name="basis", zh="所用维度", en="Dimensions used", bilingual=True),
    Column(name="insufficient", zh="数据不足", en="Too little data", type="boolean",
           meaning=Text("所用维度少于两个，或本链企业少于三家。",
                        "Fewer than two dimensions, or fewer than three enterprises.")),
    Column(name="absent", zh="缺少维度", en="Dimensions absent", bilingual=True),
    Column(name="imputed", zh="取0.5的维度", en="Set to 0.5", bilingual=True),
    _share("top_probability", "居前概率", "Probability at the top",
           Text("权重与关系重抽样后位居前 k 的比例。",
                "Share of samples in the top k when weights and relations are drawn again.")),
    Column(name="agreement", zh="是否一致", en="Agrees", type="boolean",
           meaning=Text("本链认定 m 家时，与网络算出的前 m 家比较（没有认定的取 1）。",
                        "Against the first m computed, m being the number declared, at least 1.")),
    Column(name="difference", zh="差异原因", en="Why they differ", bilingual=True),
    Column(name="asserted", zh="公开评价", en="Said in public"),
    Column(name="reason", zh="说明", en="Reason", bilingual=True),
    Column(name="evidence", zh="证据", en="Evidence"),
)  # fmt: skip

TABLES: Final = (
    Table(name="ties", zh="配套合作", en="配套 ties, undirected", columns=(
        Column(name="chain", zh="产业链", en="Chain"),
        Column(name="enterprise", zh="企业名称", en="Enterprise"),
        Column(name="enterprise_id", zh="企业编码", en="Enterprise id", machine=True),
        Column(name="partner", zh="配套企业", en="Partner"),
        Column(name="partner_id", zh="配套企业编码", en="Partner id", machine=True),
        Column(name="matter", zh="事项", en="Matter"),
        Column(name="evidence", zh="证据", en="Evidence"),
    ), meaning=Text("方向未载明，不算上下游。", "Of unstated direction, so neither up nor down.")),
)  # fmt: skip


def answer(
    graph: "ChainGraph", params: LeadParams, *, earlier: "ChainGraph | None" = None
) -> Result:
    """Answer who leads each chain: Lead = Π q_d^ω_d over percentiles within the chain.

    Args:
        graph: The graph.
        params: Gates, weights, sampling.
        earlier: Not used: the question looks at one moment.

    Raises:
        UsageError: `params` names a chain or a region that does not exist.
    """
    del earlier
    from queries.columns import arranged  # noqa: PLC0415  # pandas is slow to import
    from queries.leads.rows import answered  # noqa: PLC0415  # as above

    found = answered(graph, params)
    tables = {table.name: arranged(found.tables[table.name], table.columns) for table in TABLES}
    return replace(found, rows=arranged(found.rows, COLUMNS), tables=tables)


QUESTION: Final = Question(
    name="leads",
    zh="谁是链主/龙头，认定与网络算出的一致吗？",
    en="Who leads each chain, and do declaration and network agree?",
    sheet="链主核查表",
    params=LeadParams,
    columns=COLUMNS,
    tables=TABLES,
    answer=answer,
    needs={
        "企业": Text(
            "产值、专利、标准、资质、规模", "output, patents, standards, qualifications, size"
        ),
        "企业产业链": Text("企业所在产业链和认定角色", "chains of enterprises and declared roles"),
        "企业环节": Text("企业所在环节和产值", "segments of enterprises and output there"),
        "环节上下游": Text("哪些环节是终端", "which segments are terminal"),
        "供应关系": Text(
            "小微企业对谁依赖、上下游家数", "on whom small firms depend; suppliers, buyers"
        ),
        "配套合作": Text("方向未载明的配套", "ties of unstated direction"),
        "联盟成员": Text("盟主和联盟内的链主", "alliance leaders and chain-owners"),
        "联盟覆盖": Text("联盟覆盖哪条产业链", "which chain an alliance covers"),
        "企业资质": Text("资质", "qualifications"),
        "指标": Text("公开评价", "what has been said in public"),
    },
    summary=Text(
        "把网络算出的领头企业与认定的并列，给出每个维度的得分、名次的稳定性和不一致的原因。",
        "The computed lead beside the declared one, with every part of the score, how stable the "
        "rank is, and why the two differ.",
    ),
)
