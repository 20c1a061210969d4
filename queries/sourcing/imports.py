"""What is bought abroad, and which of it somebody near could make."""

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes
from queries.sourcing.alternatives import Alternatives
from queries.sourcing.buying import goods_names


def imports(
    graph: ChainGraph, bought: pd.DataFrame, near: Alternatives, away: Codes
) -> pd.DataFrame:
    """Return imports by what is bought: amount, share of all purchases of it, local alternatives.

    Args:
        graph: The graph.
        bought: All purchases (`buying.buying`).
        near: Local firms for the purchases from elsewhere.
        away: Which purchases those are, rows of `bought`.
    """
    firms = np.zeros(len(bought), dtype=np.int64)
    firms[away] = near.firms
    keys = ["product", "segment"]
    goods = bought["product"] * (len(graph.nodes["Segment"]) + 1) + bought["segment"]
    abroad = bought["abroad"].to_numpy(dtype=bool)
    every = bought[goods.isin(goods[abroad])].groupby(keys)["amount"].sum().rename("all")
    rows = bought[abroad].assign(local=firms[abroad])
    rows = rows.assign(known=rows["amount"].notna())
    grouped = rows.groupby(keys).agg(
        amount=("amount", "sum"),
        known=("known", "sum"),
        relations=("known", "size"),
        buyers=("buyer", "nunique"),
        suppliers=("supplier", "nunique"),
        alternatives=("local", "max"),
    )
    table = grouped.join(every).reset_index()
    named = goods_names(
        graph, table["product"].to_numpy(np.int64), table["segment"].to_numpy(np.int64)
    )
    share = table["amount"] / table["all"].where(table["all"] > 0)
    silent = (table["relations"] - table["known"]).astype("str")
    number = table["alternatives"].astype("str")
    some = table["alternatives"] > 0
    table = table.assign(
        goods=named.where(named.ne(""), "未填报"),
        share=share,
        amount=table["amount"].where(table["known"] > 0),
        reason="从境外采购，" + silent + " 条没有金额；"
        + ("本地有 " + number + " 家可替代。").where(some, "未见本地可替代企业。"),
        reason_en="Bought abroad, " + silent + " relations without amount; "
        + (number + " local alternatives.").where(some, "no local alternative on record."),
    )  # fmt: skip
    order = table.sort_values(["amount", "goods"], ascending=[False, True], na_position="last")
    return order.reset_index(drop=True)
