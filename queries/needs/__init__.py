"""Needs: the three lists matched, what is open, overdue or unmatched, and who could serve it."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from graphmodel.question import Params, Question, Result, param
from graphmodel.schema import Text
from queries.needs.declared import COLUMNS, STATES, TABLES, VISIT_BASES

if TYPE_CHECKING:
    from graphmodel.graph import ChainGraph

__all__ = ["COLUMNS", "QUESTION", "STATES", "TABLES", "VISIT_BASES", "NeedParams", "answer"]

_OWN: Final = "Liantu 口径"


def _weight(default: float, zh: str, en: str) -> float:
    found: float = param(
        default, zh=f"得分权重：{zh}", en=f"weight in the score: {en}", source=_OWN, low=0
    )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedParams(Params):
    """When it is asked, how resources are scored, what is visited."""

    as_of: str = param(
        "",
        zh="截至日期（如 2026-10-31）；空着取数据里已发生的最晚日期，不取今天",
        en="as of this date; blank: the latest thing in the data that has happened, never today",
    )
    weight_text: float = _weight(0.4, "文字相似", "likeness of the texts")
    weight_chain: float = _weight(0.2, "产业链", "chain")
    weight_region: float = _weight(0.2, "地区", "region")
    weight_conditions: float = _weight(0.1, "适用条件", "conditions")
    weight_waiting: float = _weight(0.1, "滞留时间", "time waited")
    waiting_days: int = param(
        365, zh="滞留满多少天得满分", en="days waited that give full marks", source=_OWN, low=1
    )
    min_score: float = param(
        0.0, zh="建议的最低得分", en="least score of a proposal", source=_OWN, low=0, high=1
    )
    candidates: int = param(
        20,
        zh="每条需求先试的资源数（其余的随后逐一核对，不影响最优）",
        en="resources tried first for each need; the rest are checked after, so the optimum stands",
        source=_OWN,
        low=1,
    )
    long_open: int = param(
        90, zh="滞留超过多少天为久拖", en="days from which an open need counts as long open",
        source=_OWN, low=1,
    )  # fmt: skip
    visit_base: str = param(
        "key_above_scale",
        zh="应走访的企业（key_above_scale 重点规上工业企业，above_scale 规上企业，key 重点企业，"
        "all 全部）",
        en="enterprises to be visited each quarter",
        source=_OWN,
        choices=tuple(VISIT_BASES),
    )
    list_limit: int = param(
        5, zh="每格写出的名称数", en="names written out in a cell", source=_OWN, low=1
    )
    policy_rows: int = param(
        20_000,
        zh="政策兑现清单最多列出的应享未享行数（超出的只在政策符合情况里计数）",
        en="rows of fitting enterprises without a claim that are listed; the rest are counted",
        source=_OWN,
        low=0,
    )


def answer(
    graph: "ChainGraph", params: NeedParams, *, earlier: "ChainGraph | None" = None
) -> Result:
    """Answer which needs have no resource or action, and which resource each open one could take.

    Args:
        graph: The graph.
        params: As-of date, weights of the score, who is to be visited.
        earlier: Not used: the question looks at one moment.

    Raises:
        UsageError: `params` names a chain, region or base that does not exist.
        LiantuError: `as_of` is no date.
    """
    del earlier
    from queries.columns import arranged  # noqa: PLC0415  # pandas is slow to import
    from queries.needs.rows import answered  # noqa: PLC0415  # as above

    found = answered(graph, params)
    tables = {table.name: arranged(found.tables[table.name], table.columns) for table in TABLES}
    return replace(found, rows=arranged(found.rows, COLUMNS), tables=tables)


QUESTION: Final = Question(
    name="needs",
    zh="哪些需求没有资源、没有项目？（三张清单）",
    en="Which needs have no resource and no action? (the three lists)",
    sheet="三张清单匹配表",
    params=NeedParams,
    columns=COLUMNS,
    tables=TABLES,
    answer=answer,
    needs={
        "需求清单": Text("需求和问题、时限、责任单位、专员", "needs and problems, dates, who acts"),
        "资源清单": Text(
            "资源、适用范围、容量、有效期", "resources, whom they suit, places, dates"
        ),
        "行动项目清单": Text("对应需求、使用资源", "needs addressed and resources used"),
        "政策兑现": Text("申报与兑现", "claims applied for and paid"),
        "走访": Text("走访记录", "visits"),
        "岗位": Text("红链专员联系的企业和产业链", "whom specialists look after"),
        "企业": Text("地区、规模、资质等适用条件", "region, size, qualifications"),
        "企业产业链": Text("企业所在产业链", "chains of the enterprises"),
        "填报范围": Text("哪些表已填全", "which sheets are complete"),
    },
    summary=Text(
        "逐条给出需求的状态（已办结、逾期、推进中、无匹配），在案的资源和行动项目；对尚无资源的未办结需求，"
        "在容量之内给出证明为最优的建议分配，旁列贪心结果。建议不是在案记录，单列一栏。",
        "The state of every need, with the resource and action on record. Open needs without a "
        "resource get a proposal from an assignment proven optimal under capacities, greedy beside "
        "it; a proposal is never mixed with what is on record.",
    ),
)
