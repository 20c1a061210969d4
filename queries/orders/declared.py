"""What `orders` returns: its plans, the columns of its rows and its further tables."""

from typing import Final

from graphmodel.question import Column, Table
from graphmodel.schema import Text

PLANS: Final = {
    "joint": Text("抱团承接", "joint"),
    "single": Text("无需抱团", "one firm suffices"),
    "partial": Text("只能部分承接", "in part only"),
    "nobody": Text("无人可供", "nobody"),
    "not_reported": Text("未填报", "not reported"),
    "taken": Text("已承接", "taken"),
    "done": Text("已了结", "done"),
}

SATISFIED: Final = {
    "yes": Text("是", "yes"),
    "no": Text("否", "no"),
    "unknown": Text("未填报", "not reported"),
}

PROOFS: Final = {
    "proven": Text("已证明最优", "proven optimal"),
    "first": Text("首要目标已证明最优", "first objective proven"),
    "limited": Text("未证明最优", "not proven"),
}

PROBLEMS: Final = {
    "capacity": Text("产能未填报", "capacity not reported"),
    "unit": Text("单位不一致", "unit differs"),
    "no_unit": Text("单位未填报", "unit not reported"),
    "supplier": Text("有供应记录，产能未填报", "supplies it, capacity not reported"),
}

_ORDER: Final = Column(name="order_number", zh="订单编号", en="Order")
_FIRM: Final = Column(name="enterprise", zh="承接企业", en="Enterprise")
_FIRM_ID: Final = Column(name="enterprise_id", zh="企业编码", en="Enterprise id", machine=True)
_BUYER: Final = Column(name="buyer", zh="需方", en="Buyer")
_DUE: Final = Column(name="due", zh="交期", en="Due", type="date")
_PLAN: Final = Column(name="plan", zh="方案", en="Plan", type="state", states=PLANS)
_LEAD: Final = Column(
    name="lead", zh="牵头企业", en="Lead",
    meaning=Text("依次取：产业链的链主、龙头；联盟的盟主、链主；承接份额大的；产值大的。",
                 "The first by: 链主 or 龙头 of a chain; 盟主 or 链主 of an alliance; largest "
                 "share of the order; largest output."),
)  # fmt: skip
_SATISFIED: Final = Column(
    name="satisfied", zh="是否满足", en="Filled", type="state", states=SATISFIED,
    meaning=Text("整张订单能否足量供齐；还有企业产能或单位未填报、补报后可能供齐的为未填报。",
                 "Whether the whole order can be filled; not reported where firms have "
                 "yet to state a capacity or unit."),
)  # fmt: skip
_PROOF: Final = Column(name="proof", zh="最优性", en="Optimality", type="state", states=PROOFS)
_GAP: Final = Column(
    name="optimality_gap", zh="与下界差距", en="Gap to the bound", type="number",
    meaning=Text("首要目标（企业数或金额）与下界的相对差距；0 为已达下界。",
                 "Of the first objective (firms or cost); 0: the bound is met."),
)  # fmt: skip
_WHY: Final = (
    Column(name="reason", zh="说明", en="Reason", bilingual=True),
    Column(name="evidence", zh="证据", en="Evidence"),
)


def _amount(name: str, zh: str, en: str, meaning: Text = Text("", "")) -> Column:
    return Column(name=name, zh=zh, en=en, type="number", meaning=meaning)


def _count(name: str, zh: str, en: str, unit: str = "家") -> Column:
    return Column(name=name, zh=zh, en=en, unit=unit, type="integer")


COLUMNS: Final = (
    _ORDER,
    Column(name="product", zh="品类", en="Product"),
    _amount("quantity", "数量", "Quantity"),
    Column(name="unit", zh="单位", en="Unit"),
    _FIRM,
    _FIRM_ID,
    Column(name="supplied", zh="供货品类", en="Product supplied"),
    _amount("supplied_quantity", "供货数量", "Quantity supplied"),
    Column(name="share", zh="占比", en="Share", type="share",
           meaning=Text("占本品类订购数量。", "Of the quantity ordered of this product.")),
    _amount("capacity", "可用产能", "Capacity free",
            Text("产能（没有的用产量；spare 口径为产能减产量），减去在手订单。",
                 "As stated, else the output; spare: capacity less output; less orders in hand.")),
    _LEAD,
    Column(name="alliance", zh="联盟", en="Alliance",
           meaning=Text("承接企业所在的联盟，共同的联盟在前。",
                        "Alliances of the enterprise, the common one first.")),
    _SATISFIED,
    Column(name="missing", zh="缺口品类", en="Products lacking"),
    _amount("missing_quantity", "缺口数量", "Quantity lacking"),
    Column(name="outside", zh="区外可供企业", en="Could supply from outside"),
    Column(name="to_verify", zh="待核企业", en="To be verified", bilingual=True,
           meaning=Text("做这个品类，但产能或单位未填报、单位不一致的企业。",
                        "Makers whose capacity or unit is not reported, or whose unit differs.")),
    _PLAN,
    _BUYER,
    _DUE,
    _GAP,
    *_WHY,
)  # fmt: skip

TABLES: Final = (
    Table(name="consortia", zh="订单汇总", en="Orders", columns=(
        _ORDER, _BUYER, _DUE, _PLAN,
        _count("lines", "品类数", "Products", "个"),
        _count("firms", "承接企业数", "Firms"),
        _LEAD,
        Column(name="members", zh="其他成员", en="Other members"),
        Column(name="alliance", zh="共同联盟", en="Common alliance"),
        _count("in_alliance", "在共同联盟的家数", "Firms in it"),
        _count("tied", "与其他成员有往来的家数", "Firms tied to another"),
        Column(name="region", zh="主要地区", en="Main region"),
        _count("in_region", "在主要地区的家数", "Firms in it"),
        Column(name="cost", zh="方案金额", en="Cost", unit="万元", type="money",
               meaning=Text("Σ 供货数量×单价；有一家没有单价就空着。",
                            "Σ quantity × price; blank if a price is missing.")),
        _SATISFIED,
        Column(name="missing", zh="缺口品类", en="Products lacking"),
        _PROOF, _GAP, *_WHY,
    )),
    Table(name="conflicts", zh="产能冲突", en="Capacity promised twice", columns=(
        Column(name="enterprise", zh="企业", en="Enterprise"),
        _FIRM_ID,
        Column(name="product", zh="品类", en="Product"),
        Column(name="unit", zh="单位", en="Unit"),
        _amount("capacity", "可用产能", "Capacity free"),
        _amount("planned", "各方案合计", "Planned in all"),
        Column(name="orders", zh="订单", en="Orders"),
        *_WHY,
    ), meaning=Text("各订单分别求解；同时采用会超出产能的列在这里。",
                    "Orders are solved one by one; here is what they could not all have.")),
    Table(name="unverified", zh="待核企业", en="To be verified", columns=(
        Column(name="enterprise", zh="企业", en="Enterprise"),
        _FIRM_ID,
        Column(name="product", zh="品类", en="Product"),
        Column(name="problem", zh="问题", en="Problem", type="state", states=PROBLEMS),
        Column(name="unit", zh="企业单位", en="Unit of the enterprise"),
        Column(name="order_unit", zh="订单单位", en="Unit of the order"),
        Column(name="orders", zh="订单", en="Orders"),
        *_WHY,
    )),
)  # fmt: skip
