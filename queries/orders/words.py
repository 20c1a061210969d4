"""What `orders` says in sentences: why a plan is as it is, and what to know of the whole."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph
from graphmodel.schema import Text

if TYPE_CHECKING:
    from queries.orders import OrderParams


def explained(
    rows: pd.DataFrame, orders: pd.DataFrame, params: "OrderParams"
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add the reasons, in both languages, to the rows and to the orders."""
    least = (
        ("金额最低", "the least cost") if params.objective == "cost" else ("家数最少", "the fewest")
    )
    plan, number = orders["plan"], orders["firms"].astype("str")
    proof = _pick(
        orders["proof"],
        {"proven": "，已证明最优", "first": "，已证明", "limited": "，未证明最优"},
        "",
    )
    proof_en = _pick(
        orders["proof"], {"proven": ", proven", "first": ", proven", "limited": ", not proven"}, ""
    )
    lead = ("，由" + orders["lead"] + "牵头").where(orders["lead"] != "", "")
    lead_en = (", led by " + orders["lead"]).where(orders["lead"] != "", "")
    lack = ("，缺" + orders["missing"]).where(orders["missing"] != "", "")
    lack_en = ("; lacking " + orders["missing"]).where(orders["missing"] != "", "")
    unsure = orders["satisfied"] == "unknown"
    hope = pd.Series(
        np.where(unsure & (orders["missing"] != ""), "（有企业产能或单位待核）", ""), dtype="str"
    )
    hope_en = pd.Series(
        np.where(unsure & (orders["missing"] != ""), " (capacities or units to be verified)", ""),
        dtype="str",
    )
    orders["reason"] = _pick(
        plan,
        {
            "single": orders["lead"] + "一家就能供齐，无需抱团。",
            "joint": "没有一家能供齐，"
            + number
            + f"家合供（{least[0]}"
            + proof
            + "）"
            + lead
            + "。",
            "partial": "现有企业只能部分供货，" + number + "家" + lead + lack + hope + "。",
            "nobody": "没有企业能供" + lack + "。",
            "not_reported": "产能、单位或订单的品类、数量未填报，不能判断" + lack + "。",
            "taken": "订单已有承接企业。",
            "done": "订单已了结。",
        },
        "",
    )
    orders["reason_en"] = _pick(
        plan,
        {
            "single": orders["lead"] + " can fill it alone; no consortium needed.",
            "joint": "No firm can fill it alone; "
            + number
            + f" together ({least[1]}"
            + proof_en
            + ")"
            + lead_en
            + ".",
            "partial": "It can be filled in part only, by "
            + number
            + lead_en
            + lack_en
            + hope_en
            + ".",
            "nobody": "Nobody can supply it" + lack_en + ".",
            "not_reported": "Capacities, units, products or quantities are not reported"
            + lack_en
            + ".",
            "taken": "The order has been taken.",
            "done": "The order is done.",
        },
        "",
    )
    whole = orders.set_index("order").loc[rows["order"]].reset_index(drop=True)
    own, own_en = _own(rows)
    rows["reason"], rows["reason_en"] = whole["reason"] + own, whole["reason_en"] + own_en
    rows["to_verify_en"] = rows["to_verify"]
    return rows, orders


def _own(rows: pd.DataFrame) -> "tuple[pd.Series[str], pd.Series[str]]":
    """Say what the row itself shows."""
    given = rows["supplied_quantity"].notna()
    share = (rows["share"] * 100).round(1).astype("str").fillna("")
    amount = _figure(rows["supplied_quantity"]) + rows["unit"]
    free = _figure(rows["capacity"]) + rows["unit"]
    alone = rows["plan"] == "single"  # its name has just been said
    who = rows["enterprise"].where(~alone, "")
    who_en = (" " + rows["enterprise"] + " supplies ").where(~alone, " It supplies ")
    zh = who + "供" + rows["product"] + amount + "（占" + share + "%），可用产能" + free + "。"
    en = who_en + amount + " of " + rows["product"] + " (" + share + "%) of " + free + " free."
    lack = rows["lacking"]
    short = rows["missing_quantity"]
    whole = short >= rows["wanted"] * (1 - 1e-9)
    gap = rows["product"] + "缺" + _figure(short) + rows["unit"]
    gap = gap + pd.Series(
        np.where(whole, "，在案企业无人有可用产能", "，在案可用产能都已用上"), dtype="str"
    )
    gap_en = " Lacks " + _figure(short) + " " + rows["unit"] + " of " + rows["product"]
    bad = "品类、数量或单位未填报"
    gap = gap.where(rows["sound"], rows["product"] + bad)
    gap_en = gap_en.where(rows["sound"], " Product, quantity or unit is not reported")
    out = ("；区外可供：" + rows["outside"]).where(rows["outside"] != "", "")
    out_en = ("; from outside: " + rows["outside"]).where(rows["outside"] != "", "")
    check = ("；待核：" + rows["to_verify"]).where(rows["to_verify"] != "", "")
    check_en = ("; to be verified: " + rows["to_verify"]).where(rows["to_verify"] != "", "")
    state = ("（" + rows["status"] + "）").where(rows["status"] != "", "")
    held = (rows["plan"] != "done") & ~given & ~lack
    zh = zh.where(~held, "由" + rows["enterprise"] + "承接" + state + "。")
    en = en.where(~held, " By " + rows["enterprise"] + ".")
    given |= held
    zh = zh.where(given, "").where(~lack, gap + out + check + "。")
    en = en.where(given, "").where(~lack, gap_en + out_en + check_en + ".")
    return zh, en


def _figure(column: "pd.Series[float]") -> "pd.Series[str]":
    text: pd.Series[str] = column.round(4).astype("str").fillna("").str.removesuffix(".0")
    return text


def _pick(
    keys: "pd.Series[str]", texts: "dict[str, str | pd.Series[str]]", default: str
) -> "pd.Series[str]":
    result = pd.Series(default, index=keys.index, dtype="str")
    for key, text in texts.items():
        result = result.where(keys != key, text)
    return result


def notes(orders: pd.DataFrame, params: "OrderParams") -> tuple[Text, ...]:
    """Return what to know when reading the answer."""
    said = []
    basis = {
        "stated": Text("产能（没有的用产量）", "capacity as stated, else the output"),
        "spare": Text("产能减产量", "capacity less output"),
    }[params.capacity]
    said.append(
        Text(
            f"可用产能按{basis.zh}，减去在手订单；各订单分别求解，合计超出产能的见产能冲突。",
            f"Free is {basis.en}, less orders in hand. Orders are solved one by one; what exceeds "
            "capacity in all is in the table of conflicts.",
        )
    )
    counts = orders["plan"].value_counts()
    parts = {"joint": "抱团", "single": "无需抱团", "partial": "部分", "nobody": "无人可供"}
    told = "，".join(f"{zh} {counts[key]}" for key, zh in parts.items() if key in counts)
    told_en = ", ".join(f"{key} {counts[key]}" for key in parts if key in counts)
    if told:
        said.append(Text(f"待承接订单：{told}。", f"Open orders: {told_en}."))
    weak = int((orders["proof"] == "limited").sum())
    if weak:
        said.append(
            Text(
                f"{weak} 张订单到时限或企业数上限仍未证明最优，差距见“与下界差距”。",
                f"{weak} orders met the limit of time or firms and are not proven optimal.",
            )
        )
    return tuple(said)


def not_reported(graph: ChainGraph) -> tuple[Text, ...]:
    """Return which sheets are not there and what that leaves open."""
    said = []
    if not len(graph.nodes["Order"]):
        said.append(Text("订单未填报：没有订单可排。", "订单 is not reported: there is no order."))
    capacities = graph.edges["MAKES"]["capacity"], graph.edges["IN_SEGMENT"]["capacity"]
    if not any(column.notna().any() for column in capacities):
        said.append(
            Text("企业产品、企业环节未填报产能：不能判断谁能承接。",
                 "企业产品 and 企业环节 report no capacity: who could take an order is unknown.")
        )  # fmt: skip
    return tuple(said)
