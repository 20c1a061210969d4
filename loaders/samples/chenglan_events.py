"""The events of Chenglan: round tables, activities, joint research, fairs."""

from loaders.samples.chenglan_book import MARK, Book, Dice, later, rows
from loaders.samples.chenglan_firms import Firm
from loaders.samples.chenglan_institutions import LABOUR, SCIENCE, UNIVERSITIES
from loaders.samples.chenglan_leagues import (
    ACTIVE,
    FITNESS_LEAGUE,
    LEAGUES,
    MACHINE_LEAGUE,
    VEHICLE_LEAGUE,
)
from loaders.samples.chenglan_orders import JOINT_ORDER
from loaders.samples.chenglan_tables import CITY, LINES

AREAS = ("产业链发展协作", "党员教育", "典型宣传", "志愿服务")
TASKS = rows("""
质子交换膜国产化 | 关键设备与材料 | 材料 | 2027-03-31 | 攻关中 | 氢能
低压降电堆 | 燃料电池 | 整机 | 2026-09-30 | 攻关中 | 氢能
车规电驱控制芯片替代 | 电驱控制器 | 电子 | 2026-12-31 | 攻关中 | 新能源汽车
谐波减速器寿命 | 减速器 | 基础件 | 2026-06-30 | 已完成 | 机器人
负载敏感多路阀 | 液压元件 | 基础件 | 2026-10-31 | 攻关中 | 工程机械
""")


class Diary:
    """The events written so far: gives each its number."""

    def __init__(self, book: Book) -> None:
        """Begin at one."""
        self.book = book
        self.number = 0

    def hold(self, kind: str, name: str, date: str, organizer: str, **more: str) -> str:
        """Write one event and return its number."""
        self.number += 1
        code = f"HD-{self.number:03d}"
        chokepoint = True if more.get("chokepoint") else None
        self.book.put(
            "活动",
            {
                "活动编号": code,
                "类型": kind,
                "名称": name + MARK,
                "日期": date,
                "方面": more.get("area", ""),
                "环节": more.get("segment", ""),
                "类别": more.get("category", ""),
                "卡脖子": chokepoint,
                "组织单位": organizer,
                "对象": more.get("subject", ""),
                "挂帅单位": more.get("commander", ""),
                "攻坚组织": more.get("force", ""),
                "经费(万元)": more.get("budget", ""),
                "阶段": more.get("stage", ""),
                "期限": more.get("due", ""),
                "状态": more.get("status", "已举办"),
            },
        )
        return code

    def join(self, code: str, unit: str, role: str, count: int | None = None) -> None:
        """Write who took part; `count` alone for participants without a name."""
        self.book.add("活动参与", code, unit, role, count)


def write_events(book: Book, firms: list[Firm]) -> None:
    """Fill 活动 and 活动参与."""
    diary = Diary(book)
    dice = Dice("events")
    _meetings(diary, dice, firms)
    _activities(diary, dice)
    _research(diary, dice, firms)
    _fairs(diary, dice, firms)


def _meetings(diary: Diary, dice: Dice, firms: list[Firm]) -> None:
    """Hold a round table every quarter; one alliance leaves out the second of 2026."""
    for league in ACTIVE:
        here = [f.name for f in firms if f.line.name in league.chains]
        for year, quarter in ((2025, 3), (2025, 4), (2026, 1), (2026, 2), (2026, 3)):
            if (league.name, year, quarter) == (MACHINE_LEAGUE, 2026, 2):
                continue
            date = f"{year}-{quarter * 3 - dice.whole(0, 2):02d}-{dice.whole(1, 28):02d}"
            name = f"{league.name.removesuffix(MARK)}{year}年第{quarter}次圆桌会"
            code = diary.hold("圆桌会", name, date, league.name, subject=league.name)
            for unit in dice.sample(here, dice.whole(2, 4)):
                diary.join(code, unit, "参与")
            if dice.chance(0.5):
                diary.join(code, "", "参与", dice.whole(4, 15))


def _activities(diary: Diary, dice: Dice) -> None:
    """Hold what the operating standard asks for; the machinery alliance does two areas only."""
    for league in ACTIVE:
        areas = AREAS[:2] if league.name == MACHINE_LEAGUE else AREAS
        for area in areas:
            name = f"{league.name.removesuffix(MARK)}{area}活动"
            diary.hold(
                "其他",
                name,
                dice.date("2026-01", "2026-10"),
                league.name,
                area=area,
                subject=league.name,
            )
    for place, league in enumerate(LEAGUES[:6]):
        name = f"{league.name.removesuffix(MARK)}企业服务日"
        diary.hold(("服务", "沙龙")[place % 2], name, dice.date("2026-03", "2026-10"), league.name)


def _research(diary: Diary, dice: Dice, firms: list[Firm]) -> None:
    """Run joint tasks, among them one with eight firms and three universities, eleven projects."""
    here = [f for f in firms if f.line.name == "新能源汽车" and f.part]
    code = diary.hold(
        "联合攻关",
        "新能源汽车产学研合作11项",
        "2026-04-22",
        VEHICLE_LEAGUE,
        subject="新能源汽车",
        stage="已签约",
        category="产学研",
    )
    for firm in dice.sample(here, 2):
        diary.join(code, firm.name, "参与")
    diary.join(code, "", "参与企业", 6)
    for name, kind, *_ in UNIVERSITIES:
        if kind == "高校":
            diary.join(code, name, "参与")
    leagues = {chain: league.name for league in reversed(ACTIVE) for chain in league.chains}
    for name, segment, category, due, status, chain in TASKS:
        pool = [f for f in firms if f.part and f.part.name == segment]
        one, *others = dice.sample(pool, 2)
        institute = dice.pick(UNIVERSITIES[3:])[0]
        code = diary.hold(
            "联合攻关",
            name + "攻关",
            later(due, -9),
            leagues[chain],
            segment=segment,
            subject=chain,
            category=category,
            chokepoint="是",
            commander=one.name,
            force=institute,
            budget=str(dice.whole(4, 40) * 20),
            due=due,
            status=status,
            stage="揭榜",
        )
        for firm in others:
            diary.join(code, firm.name, "承接")


def _fairs(diary: Diary, dice: Dice, firms: list[Firm]) -> None:
    """Hold job fairs, an order signing and two meetings of departments."""
    for month in ("2025-10", "2026-04", "2026-10"):
        code = diary.hold(
            "招聘",
            f"{month[:4]}年{int(month[5:])}月链上企业校园招聘会",
            month + "-16",
            LABOUR,
            subject=CITY,
        )
        for unit in dice.sample([f.name for f in firms], 4):
            diary.join(code, unit, "参与")
        diary.join(code, "", "参与", dice.whole(10, 30))
        diary.join(code, UNIVERSITIES[0][0], "举办地")
    code = diary.hold(
        "订单", "健身俱乐部联合订单洽谈", "2026-10-21", FITNESS_LEAGUE, subject="健身器材"
    )
    lead = next(f for f in firms if f.good and f.good.name == JOINT_ORDER[0])
    diary.join(code, lead.name, "牵头")
    diary.join(code, "", "参与", 5)
    for line in LINES[:2]:
        diary.hold(
            "会议",
            f"{line.name}产业链联席会议",
            dice.date("2026-05", "2026-09"),
            SCIENCE,
            subject=line.name,
        )
