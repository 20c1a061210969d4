"""Orders placed with the firms of Chenglan, and investment projects."""

from loaders.samples.chenglan_book import MARK, Book, Cell, Dice, rows
from loaders.samples.chenglan_firms import Firm
from loaders.samples.chenglan_institutions import COMMERCE, INDUSTRY, PLANNING
from loaders.samples.chenglan_leagues import ACTIVE, FITNESS_LEAGUE

JOINT_ORDER = ("跑步机", "椭圆机", "动感单车", "综合训练器", "哑铃", "瑜伽垫")
SERVO = "伺服电机"

PROJECTS = rows("""
隔膜一期 | 招商 | 签约 | 新能源汽车 | 隔膜 | 澄澜经开区 | 120000 | 超10亿元 | 2026-05-18 | 2027-06
废旧电池综合利用 | 招商 | 在谈 | 新能源汽车 | 电池回收 | 芦汀县 | | | |
功率模块 | 招商 | 开工 | 新能源汽车 | 功率半导体 | 澄澜高新区 | 86000 | | 2025-11-06 | 2027-03
工程机械发动机 | 招商 | 在谈 | 工程机械 | 发动机 | 澄东区 | 45000 | | | 2028-01
液压件铸造技改 | 技改 | 开工 | 工程机械 | 铸锻件 | 澄澜经开区 | 9800 | | 2026-02-11 | 2026-12
动臂焊接线 | 技改 | 投产 | 工程机械 | 结构件 | 澄东区 | 3600 | | 2025-04-02 | 2026-01
膜电极产线 | 招商 | 签约 | 氢能 | 关键设备与材料 | 望潮港经开区 | 32000 | | 2026-08-27 | 2027-10
加氢机扩产 | 技改 | 开工 | 氢能 | 加氢 | 望潮港经开区 | 5200 | | 2026-03-15 | 2027-01
绿氢制取示范 | 招商 | 在谈 | 氢能 | 制氢 | 望潮县 | | | |
特种轴承钢精整 | 招商 | 签约 | 机器人 | 特种轴承钢 | 澄澜高新区 | 27000 | | 2026-06-30 | 2027-08
谐波减速器二期 | 技改 | 开工 | 机器人 | 减速器 | 澄澜高新区 | 8800 | | 2026-01-20 | 2026-12
机器人区域总部 | 总部 | 签约 | 机器人 | | 澄澜高新区 | | | 2026-09-09 |
跑步机智能产线 | 技改 | 投产 | 健身器材 | 有氧器械 | 望潮县 | 2600 | | 2025-02-18 | 2025-12
运动内容平台 | 招商 | 在谈 | 健身器材 | 运动内容服务 | 望潮县 | | | |
环保涂装中心 | 技改 | 签约 | 健身器材 | 表面处理 | 望潮县 | 4100 | | 2026-07-07 | 2027-04
船舶涂料基地 | 招商 | 在谈 | 船舶制造 | 船舶涂料 | 望潮港经开区 | 18000 | | | 2028-06
甲板机械扩能 | 技改 | 开工 | 船舶制造 | 甲板机械 | 望潮港经开区 | 7600 | | 2026-04-22 | 2027-02
船舶配套产业园 | 招商 | 签约 | 船舶制造 | | 望潮港经开区 | 150000 | 超10亿元 | 2026-02-28 | 2028-12
座舱显示本地化 | 技改 | 开工 | 新能源汽车 | 智能座舱 | 澄澜经开区 | 12000 | | 2026-05-05 | 2027-05
整车焊装线改造 | 技改 | 投产 | 新能源汽车 | 整车制造 | 澄澜经开区 | 38000 | | 2024-12-12 | 2026-03
低空物流中心 | 招商 | 签约 | 低空经济 | | 澄澜高新区 | 21000 | | 2026-10-10 |
""")


def write_projects(book: Book) -> None:
    """Fill 项目, several of them in segments that are still empty."""
    owners = {"招商": COMMERCE, "技改": INDUSTRY, "总部": PLANNING}
    for name, kind, stage, chain, segment, region, *more in PROJECTS:
        place = region + MARK
        book.add("项目", name + MARK, kind, stage, chain, segment, place, *more, owners[kind])


def write_orders(book: Book, firms: list[Firm]) -> None:
    """Fill 订单: a joint one that takes six firms, one that one firm can fill, one nobody can."""
    dice = Dice("orders")
    capacity = {row["企业名称"]: float(row["产能"] or 0) for row in book.sheets["企业产品"]}
    for name in JOINT_ORDER:
        firm = next(f for f in firms if f.good and f.good.name == name)
        buyer = "远川健身俱乐部" + MARK
        due: dict[str, Cell] = {"交期": "2026-12-20", "撮合联盟": FITNESS_LEAGUE}
        _order(book, "DD-001", buyer, firm, capacity[firm.name] * 0.3, due)
    runner = next(f for f in firms if f.good and f.good.name == JOINT_ORDER[0])
    _order(book, "DD-002", "东屿体育用品公司" + MARK, runner, 40, {"交期": "2026-12-30"})
    servos = [f for f in firms if f.part and f.part.name == SERVO]
    robot = next(f for f in firms if f.part and f.part.name == "机器人本体")
    wanted = 1.3 * sum(capacity[f.name] for f in servos)  # more than the city can make
    _order(book, "DD-003", robot.name, servos[0], wanted, {"交期": "2027-01-31"})
    words = "单机功率不高于300千瓦"
    nobody = ("液冷计算单元", 60, "台", "2026-12-15", words, None, "", "", "待承接")
    book.add("订单", "DD-004", robot.name, *nobody)
    makers = [f for f in firms if f.part and f.part.name not in {SERVO, "整车制造", "总装造船"}]
    for number, firm in enumerate(dice.sample(makers, 20), start=5):
        buyer = dice.pick([f for f in firms if f.line is firm.line and f is not firm]).name
        amount = capacity[firm.name] * dice.between(0.01, 0.04)
        taken = dice.chance(0.35)
        broker = dice.pick(ACTIVE).name if dice.chance(0.3) else ""
        more: dict[str, Cell] = {"交期": dice.date("2026-09", "2027-03"), "撮合联盟": broker}
        if taken:
            more |= {"承接企业": firm.name, "状态": "履行中"}
        _order(book, f"DD-{number:03d}", buyer, firm, amount, more)


def _order(
    book: Book, number: str, buyer: str, firm: Firm, amount: float, more: dict[str, Cell]
) -> None:
    if not firm.good:
        return
    quantity = max(1, int(amount))
    row: dict[str, Cell] = {
        "订单编号": number,
        "需方": buyer,
        "产品": firm.good.name,
        "数量": quantity,
        "单位": firm.good.unit,
        "金额(万元)": round(quantity * firm.good.price / 10_000, 2),
        "状态": "待承接",
    }
    book.put("订单", row | more)
