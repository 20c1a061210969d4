"""What is done for the firms of Chenglan: needs, resources, actions, policy, money, visits."""

from loaders.samples.chenglan_book import MARK, Book, Dice, later
from loaders.samples.chenglan_firms import Firm
from loaders.samples.chenglan_institutions import (
    BANKS,
    COMMERCE,
    DEPARTMENTS,
    INDUSTRY,
    LABOUR,
    MONEY,
    ORGANIZER,
    PLANNING,
    SCIENCE,
    UNIVERSITIES,
)
from loaders.samples.chenglan_leagues import LEAGUES, POSTS
from loaders.samples.chenglan_tables import (
    COAST,
    EAST,
    LINES,
    REED,
    WEST,
    ZONE_EAST,
    ZONE_HIGH,
    ZONE_PORT,
)

NEEDS = 220
CATEGORIES = ("人才", "资金", "技术", "供应链", "产品", "土地", "政策", "其他")
WEIGHTS = (5, 5, 4, 4, 2, 1, 2, 1)
OWNERS = dict(
    zip(
        CATEGORIES,
        (LABOUR, MONEY, SCIENCE, INDUSTRY, COMMERCE, PLANNING, INDUSTRY, ORGANIZER),
        strict=True,
    )
)
POSITIONS = (  # a post and the major that fits it
    ("机械工程师", "机械设计制造及其自动化"),
    ("电气工程师", "自动化"),
    ("材料工程师", "材料成型及控制工程"),
    ("数控操作工", "数控技术"),
    ("测试工程师", "电化学工程"),
    ("氢能工程师", "新能源科学与工程"),
    ("船体工程师", "船舶与海洋工程"),
    ("机器人调试员", "智能控制技术"),
)
WORDS = {
    "人才": ("希望对接{major}毕业生", "紧缺{position}，需校招对接"),
    "资金": ("扩产流动资金不足", "技改设备款缺口", "订单增长，需订单融资"),
    "技术": ("{good}寿命测试缺平台", "{good}一致性攻关", "{good}轻量化设计求助"),
    "供应链": ("寻找{good}上游本地配套", "关键件交期过长，求替代供方"),
    "产品": ("采购一批{good}配套件", "为{good}寻找本地买家"),
    "土地": ("现有厂房不足，求标准厂房", "扩建用地指标"),
    "政策": ("咨询首台套申报", "技改补贴申报辅导"),
    "其他": ("通勤班车线路", "员工子女入学咨询"),
}
OFFERS = {  # category: (type, name, has a capacity)
    "人才": (("人才", "校企联合培养班", True), ("政策", "紧缺人才补贴", False)),
    "资金": (("额度", "产业链专项信贷额度", True), ("政策", "贷款贴息办法", False)),
    "技术": (
        ("载体", "共享检测平台", True),
        ("技术", "揭榜挂帅技术成果", True),
        ("专员", "科技专员", True),
    ),
    "供应链": (("专员", "供应链对接专员", True), ("产品", "本地配套产品目录", False)),
    "产品": (("产品", "首购首用产品目录", False),),
    "土地": (("载体", "标准厂房", True),),
    "政策": (
        ("政策", "技改补贴办法", False),
        ("政策", "专精特新奖励办法", False),
        ("政策", "首台套奖励", False),
    ),
    "其他": (("专员", "企业服务专员", True),),
}
PLACES = (EAST, WEST, COAST, REED, ZONE_HIGH, ZONE_EAST, ZONE_PORT)


def write_needs(book: Book, firms: list[Firm]) -> None:
    """Fill 需求清单: open, closed in time, closed late and overdue ones."""
    dice = Dice("needs")
    for number in range(1, NEEDS + 1):
        firm = dice.weighted(firms, [f.output**0.3 for f in firms])
        category = dice.weighted(CATEGORIES, WEIGHTS)
        position, major = dice.pick(POSITIONS)
        good = firm.good.name if firm.good else "主要产品"
        raised = dice.date("2026-01", "2026-11")
        raised = min(raised, "2026-11-20")
        due = later(raised, dice.whole(1, 5)) if dice.chance(0.9) else ""
        closed = later(raised, dice.whole(1, 5)) if dice.chance(0.4) else ""
        words = dice.pick(WORDS[category]).format(major=major, position=position, good=good)
        staff, money, thing = category == "人才", category == "资金", category == "产品"
        book.put(
            "需求清单",
            {
                "需求编号": f"XQ-{number:03d}",
                "类型": "问题" if dice.chance(0.35) else "需求",
                "企业": firm.name,
                "类别": category,
                "内容": words,
                "提出日期": raised,
                "办结时限": due,
                "办结日期": closed if closed < "2026-11-20" else "",
                "责任单位": OWNERS[category] if dice.chance(0.9) else "",
                "专员岗位编号": dice.pick(POSTS) if dice.chance(0.75) else "",
                "岗位": position if staff else "",
                "专业": major if staff else "",
                "人数": dice.whole(1, 25) if staff else None,
                "金额(万元)": dice.whole(2, 80) * 50 if money else None,
                "产品": good if thing and firm.good else "",
                "数量": dice.whole(1, 40) * 10 if thing and firm.good else None,
                "单位": firm.good.unit if thing and firm.good else "",
            },
        )


def write_resources(book: Book) -> None:
    """Fill 资源清单: some for every firm, some for a region or a chain, some run out."""
    dice = Dice("resources")
    providers = {"人才": UNIVERSITIES, "资金": BANKS, "技术": UNIVERSITIES}
    for number in range(1, 121):
        category = CATEGORIES[number % 8] if number <= 16 else dice.weighted(CATEGORIES, WEIGHTS)  # noqa: PLR2004  # two of each first
        kind, name, limited = dice.pick(OFFERS[category])
        chain = dice.pick(LINES).name if dice.chance(0.55) else ""
        place = dice.pick(PLACES) if dice.chance(0.45) else ""
        source = providers.get(category, DEPARTMENTS)
        since = dice.date("2024-06", "2026-09")
        book.add(
            "资源清单",
            f"ZY-{number:03d}",
            category,
            kind,
            f"{chain or '澄澜'}{name}第{number}号{MARK}",
            OWNERS[category] if kind == "政策" else dice.pick(source)[0],
            place,
            chain,
            dice.pick(("", "", "规上企业", "高新技术企业", "中小企业")),
            dice.whole(1, 20) if limited else None,
            since,
            later(since, dice.pick((6, 12, 24, 36))),
        )


def write_actions(book: Book) -> None:
    """Fill 行动项目清单: with a need and without, with a resource and without, late and done."""
    dice = Dice("actions")
    needs = {row["需求编号"]: row for row in book.sheets["需求清单"]}
    offers = book.sheets["资源清单"]
    for number, code in enumerate(dice.sample(list(needs), 112), start=1):
        need = needs[code]
        fitting = [r["资源编号"] for r in offers if r["类别"] == need["类别"]]
        start = min(later(need["提出日期"], 1 if dice.chance(0.4) else 0), "2026-11-20")
        end = later(start, dice.whole(1, 5))
        closed = need["办结日期"]
        book.add(
            "行动项目清单",
            f"XD-{number:03d}",
            need["内容"] + "项目" + MARK,
            need["责任单位"],
            code if dice.chance(0.94) else "",
            dice.pick(fitting) if dice.chance(0.72) else "",
            start,
            end,
            max(closed, start) if closed else "",
            "已完成" if closed else dice.pick(("推进中", "推进中", "未启动")),
        )


def write_claims(book: Book, firms: list[Firm]) -> None:
    """Fill 政策兑现: applied for and paid, applied for and waiting."""
    dice = Dice("claims")
    policies = [r["资源编号"] for r in book.sheets["资源清单"] if r["类型"] == "政策"]
    pairs = {(dice.pick(firms).name, dice.pick(policies)): None for _ in range(90)}
    for firm, policy in pairs:
        applied = dice.date("2025-06", "2026-09")
        paid = later(applied, dice.whole(1, 6))
        paid = paid if paid < "2026-11-01" and dice.chance(0.7) else ""
        book.add(
            "政策兑现",
            firm,
            policy,
            applied,
            paid,
            dice.whole(1, 30) * 5 if paid or dice.chance(0.5) else None,
        )


def write_finance(book: Book, firms: list[Firm]) -> None:
    """Fill 融资: credit lines and loans apart, equity and listing tutoring."""
    dice = Dice("finance")
    seen: dict[tuple[str, str, str, str], None] = {}
    while len(seen) < 72:  # noqa: PLR2004  # rows wanted
        bank = dice.pick(BANKS)[0]
        firm = dice.weighted(firms, [f.output**0.6 for f in firms])
        method = dice.weighted(("贷款", "授信", "股权", "上市辅导"), (5, 5, 2, 1))
        seen[bank, firm.name, method, dice.date("2025-03", "2026-10")] = None
    stages = {"贷款": "已放款", "授信": "已授信", "股权": "已投资", "上市辅导": "辅导备案"}
    for bank, name, method, date in seen:
        book.add(
            "融资",
            bank,
            name,
            method,
            None if method == "上市辅导" else dice.whole(2, 120) * 50,
            date,
            dice.pick(LEAGUES).name if dice.chance(0.4) else "",
            "意向" if dice.chance(0.2) else stages[method],
        )


def write_visits(book: Book, firms: list[Firm]) -> None:
    """Fill 走访; some firms were never visited, some not this quarter."""
    dice = Dice("visits")
    visited = dice.sample(firms, 260)
    seen: dict[tuple[str, str, str], None] = {}
    for _ in range(360):
        post = dice.pick(POSTS)
        seen[dice.pick(visited).name, dice.date("2026-01", "2026-10"), post] = None
    for firm, date, post in seen:
        book.add(
            "走访",
            firm,
            date,
            post,
            dice.pick(("需求摸排", "政策宣讲", "安全生产提醒", "订单对接", "融资对接")),
        )
