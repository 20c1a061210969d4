"""Orders: which enterprises could fill an order together, who leads, and what nobody can supply."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from graphmodel.question import Params, Question, Result, param
from graphmodel.schema import Text
from queries.orders.declared import COLUMNS, PLANS, TABLES

if TYPE_CHECKING:
    from graphmodel.graph import ChainGraph

__all__ = ["COLUMNS", "PLANS", "QUESTION", "TABLES", "OrderParams", "answer"]

_OWN: Final = "Liantu 口径"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderParams(Params):
    """What is to be least, what counts as capacity, what is preferred."""

    objective: str = param(
        "firms",
        zh="先求什么：firms 企业最少，cost 金额最低（没有单价的尽量不用）",
        en="first the fewest firms, or the least cost (those without a price as little as can be)",
        source=_OWN,
        choices=("firms", "cost"),
    )
    capacity: str = param(
        "stated",
        zh="可用产能：stated 产能（没有的用产量），spare 产能减产量；都减去在手订单",
        en="capacity: as stated (else the output), or what is spare; less orders in hand",
        source=_OWN,
        choices=("stated", "spare"),
    )
    prefer_alliance: bool = param(
        default=True,
        zh="其次求同一联盟（有撮合联盟的，就是它）",
        en="then one alliance: the broker's",
    )
    prefer_ties: bool = param(
        default=True, zh="再次求已有供应或配套关系", en="then existing ties of supply or 配套"
    )
    prefer_region: bool = param(default=True, zh="再次求同一地区", en="then one region")
    order: str = param("", zh="只看这张订单（订单编号）", en="only this order number")
    max_firms: int = param(
        200,
        zh="每张订单参与求解的企业数上限（每个品类取可用产能大的；超出时不称已证明最优）",
        en="firms solved for in an order, those of the largest capacity; beyond, not called proven",
        source=_OWN,
        low=1,
    )
    time_limit: float = param(
        10.0, zh="每张订单的求解时限（秒）", en="seconds for an order", source=_OWN, low=0.01
    )
    list_limit: int = param(
        5, zh="每格写出的名称数", en="names written out in a cell", source=_OWN, low=1
    )


def answer(
    graph: "ChainGraph", params: OrderParams, *, earlier: "ChainGraph | None" = None
) -> Result:
    """Answer who could fill every order: a consortium, one firm alone, or nobody.

    Args:
        graph: The graph.
        params: Objective, capacity, preferences. With a chain, orders for its products; with a
            region, its firms only take part.
        earlier: Not used: the question looks at one moment.

    Raises:
        UsageError: `params` names a chain, region or order that does not exist.
    """
    del earlier
    from queries.columns import arranged  # noqa: PLC0415  # pandas is slow to import
    from queries.orders.rows import answered  # noqa: PLC0415  # as above

    found = answered(graph, params)
    tables = {table.name: arranged(found.tables[table.name], table.columns) for table in TABLES}
    return replace(found, rows=arranged(found.rows, COLUMNS), tables=tables)


QUESTION: Final = Question(
    name="orders",
    zh="哪些企业可以抱团接单？",
    en="Which enterprises could fill an order together?",
    sheet="抱团接单方案",
    params=OrderParams,
    columns=COLUMNS,
    tables=TABLES,
    answer=answer,
    needs={
        "订单": Text("品类、数量、单位、承接企业", "products, quantities, units, who took them"),
        "企业产品": Text("产能、产量、单位、单价", "capacity, output, unit, price"),
        "企业环节": Text("产品的产能", "capacity of the product"),
        "产品": Text("计量单位", "units"),
        "联盟成员": Text("同一联盟的优先", "one alliance is preferred"),
        "供应关系": Text("已有的供应关系，区外供方", "existing ties, suppliers outside"),
        "配套合作": Text("已有的配套关系", "existing ties"),
    },
    summary=Text(
        "每张订单给出承接方案：一家够的写无需抱团；不够的求企业最少（或金额最低）的组合，优先同一联盟、已有"
        "关系、同一地区，由 HiGHS 求解并报告最优性；列出没有人能供的品类和区外谁能供。"
        "单位不一致、产能未填报的点名，不猜。",
        "A plan for every order: one firm where one suffices; else the fewest firms (or the least "
        "cost), preferring one alliance, existing ties and one region, solved by HiGHS with its "
        "optimality reported; what nobody can supply, and who outside could. Differing units and "
        "unreported capacities are named, never guessed.",
    ),
)
