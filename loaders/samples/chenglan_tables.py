"""The invented city of Chenglan (澄澜市): its regions and its chains, as tables to read and change.

Nothing here is real. Counts and flags are chosen so that every state of every question occurs
somewhere in the city.
"""

from dataclasses import dataclass
from typing import NamedTuple

from loaders.samples.chenglan_book import MARK

CITY = "澄澜市" + MARK
ZONE_HIGH = "澄澜高新区" + MARK
ZONE_EAST = "澄澜经开区" + MARK
ZONE_PORT = "望潮港经开区" + MARK
EAST = "澄东区" + MARK
WEST = "澜西区" + MARK
COAST = "望潮县" + MARK
REED = "芦汀县" + MARK
ABROAD = "境外" + MARK

REGIONS = (  # name, superior, level, remark
    (CITY, "", "市", "虚构的城市"),
    (EAST, CITY, "县", "虚构的市辖区"),
    (WEST, CITY, "县", "虚构的市辖区"),
    (COAST, CITY, "县", "虚构的县"),
    (REED, CITY, "县", "虚构的县"),
    (ZONE_HIGH, WEST, "功能区", "虚构的高新区"),
    (ZONE_EAST, EAST, "功能区", "虚构的经开区"),
    (ZONE_PORT, COAST, "功能区", "虚构的开发区"),
    ("远川市" + MARK, "", "市", "虚构的市外地区"),
    ("东屿市" + MARK, "", "市", "虚构的市外地区"),
    ("北原市" + MARK, "", "市", "虚构的市外地区"),
    (ABROAD, "", "", "虚构的境外地区"),
)
OUTSIDE = tuple(row[0] for row in REGIONS[-4:])

LOOSE_TRADES = ("科技", "实业", "工贸", "精工", "装备", "技术")
FIRST = "昱霁湛沁珩砚翊晗霖岚淇澍沅泠曦煦胤臻钧琤屹栎峤骞"
SECOND = "舸楫帆桅棹渚汐泷湄涟漪洲屿礁岬澔濠湉澈瀛"

CROSSING = (  # chain and part of firms that also stand in a part of another chain
    ("工程机械", "铸锻件", 2, "新能源汽车", "底盘部件"),
    ("机器人", "运动控制器", 3, "工程机械", "电控系统"),
    ("工程机械", "结构件", 2, "船舶制造", "分段制造"),
)
# Trade words of two firms of one brand: similar names that must stay two enterprises.
LOOKALIKE = ("电机", "焊接机电")


class Good(NamedTuple):
    """A product: its name, its unit and the price of one unit in 元."""

    name: str
    unit: str
    price: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A segment of a chain and how its firms stand.

    Attributes:
        firms: How many firms stand here.
        median: Middle output of a firm, 万元.
        first: What the output of the first firm is multiplied by.
        full: Every firm reports its output and capacity.
        poor: Every firm reports that it has no qualification.
    """

    name: str
    trades: tuple[str, ...]
    goods: tuple[Good, ...]
    code: str
    firms: int
    median: int
    first: float = 2.0
    parent: str = ""
    necessary: bool | None = None
    reported: bool | None = None
    dependence: float | None = None
    chokepoint: bool | None = None
    full: bool = False
    poor: bool = False


class Tie(NamedTuple):
    """Upstream and downstream part; `reach` is the share of buyers that buy in the city."""

    upstream: str
    downstream: str
    essential: bool
    reach: float
    recycling: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A chain: where its firms stand (region, weight), its parts, its ties, its unplaced firms."""

    name: str
    grade: str
    cluster: str
    places: tuple[tuple[str, int], ...]
    unplaced: int
    parts: tuple[Part, ...]
    ties: tuple[Tie, ...]


def _parts(table: str) -> tuple[Part, ...]:
    """Read lines `name | trades | product unit price,… | code | firms | median | flags`."""
    parts = []
    for row in table.strip().splitlines():
        name, trades, goods, code, firms, median, flags = (cell.strip() for cell in row.split("|"))
        words = dict(word.partition("=")[::2] for word in flags.split())
        products = [good.split() for good in goods.split(",") if good.strip()]
        parts.append(
            Part(
                name=name,
                trades=tuple(trades.split()),
                goods=tuple(Good(thing, unit, float(price)) for thing, unit, price in products),
                code=code,
                firms=int(firms),
                median=int(median or 0),
                first=float(words.get("first", "2")),
                parent=words.get("parent", ""),
                necessary=False if "optional" in words else None,
                reported=True if "reported" in words else None,
                dependence=float(words["dependence"]) if "dependence" in words else None,
                chokepoint=True if "chokepoint" in words else None,
                full="full" in words,
                poor="poor" in words,
            )
        )
    return tuple(parts)


def _ties(table: str) -> tuple[Tie, ...]:
    """Read lines `upstream > downstream flags`: essential, recycling, reach=SHARE."""
    ties = []
    for row in table.strip().splitlines():
        upstream, _, downstream, *flags = row.split()
        words = dict(word.partition("=")[::2] for word in flags)
        reach = float(words.get("reach", "1"))
        ties.append(Tie(upstream, downstream, "essential" in words, reach, "recycling" in words))
    return tuple(ties)


HYDROGEN = Line(
    "氢能",
    "重点;优势",
    "新能源集群" + MARK,
    ((ZONE_PORT, 5), (ZONE_HIGH, 4), (COAST, 1)),
    3,
    _parts("""
关键设备与材料 | 膜材料 氢能材料 | 质子交换膜 平方米 1500 | 3985 | 3 | 3500 | dependence=0.72
制氢 | 电解装备 制氢科技 | 电解槽 套 5200000 | 3463 | 5 | 9000 |
储氢 | 储运装备 高压容器 | 储氢瓶 只 26000 | 3332 | 5 | 8000 |
运氢 | 氢运物流 能源运输 | 长管拖车运输 车次 4200 | 5431 | 3 | 2600 |
加氢 | 加氢装备 加氢站科技 | 加氢机 台 780000 | 3463 | 3 | 4200 |
燃料电池 | 燃料电池 电堆科技 | 燃料电池系统 套 310000 | 3849 | 4 | 12000 | chokepoint
用氢 | 氢能车辆 氢动装备 | 氢能叉车 台 260000 | 3433 | 5 | 15000 |
氢能研发 | 氢能检测 氢能研究 | 氢能检测服务 项 90000 | 7320 | 3 | 1500 |
"""),
    _ties("""
关键设备与材料 > 制氢 essential reach=0
关键设备与材料 > 储氢 essential reach=0
关键设备与材料 > 燃料电池 essential reach=0
制氢 > 储氢 essential reach=0.4
储氢 > 运氢 essential reach=0
运氢 > 加氢 essential reach=0
加氢 > 用氢 reach=0.4
燃料电池 > 用氢 essential reach=0.4
氢能研发 > 制氢 reach=0
氢能研发 > 燃料电池 reach=0
"""),
)

VEHICLES = Line(
    "新能源汽车",
    "重点;卓越",
    "新能源汽车集群" + MARK,
    ((ZONE_EAST, 6), (EAST, 3), (ZONE_HIGH, 3), (WEST, 2), (REED, 1)),
    26,
    _parts("""
动力电池材料 | | | | 0 | |
电池化工原料 | 新材料 化学 | 电池级碳酸锂 吨 92000 | 2619 | 6 | 12000 |
正极材料 | 正极材料 锂电材料 | 三元正极材料 吨 130000 | 3985 | 6 | 16000 | parent=动力电池材料
负极材料 | 负极材料 石墨科技 | 人造石墨负极 吨 34000 | 3985 | 4 | 8000 | parent=动力电池材料
隔膜 | | 锂电隔膜 平方米 2 | 2921 | 0 | | parent=动力电池材料
电解液 | | 电解液 吨 24000 | 2619 | 0 | | parent=动力电池材料 optional
电芯与电池包 | 电池 储能科技 | 动力电池包 套 42000 | 3841 | 6 | 45000 |
功率半导体 | | 功率模块 只 620 | 3824 | 0 | |
电驱控制器 | 电驱 电控科技 | 电机控制器 台 3600 | 3824 | 8 | 11000 | chokepoint
底盘部件 | 底盘系统 汽车部件 | 副车架 件 900 | 3670 | 16 | 5200 | first=40 full
车身与内外饰 | 车身部件 汽车饰件 模塑 | 门板总成 套 1400 | 3670 | 18 | 7000 | full
智能网联 | 智驾科技 | 域控制器 台 5200 | 3670 | 2 | 9000 |
智能座舱 | 座舱电子 汽车电子 | 座舱总成 套 2600 | 3670 | 8 | 8000 | parent=智能网联 dependence=0.66
辅助驾驶 | | 毫米波雷达 只 480 | 3670 | 0 | | parent=智能网联
整车制造 | 汽车 新能源汽车 | 纯电动乘用车 辆 128000 | 3612 | 4 | 180000 | first=5
充电设施 | 充电设备 | 直流充电桩 台 38000 | 3829 | 1 | 7000 |
电池回收 | | 再生黑粉 吨 52000 | 4210 | 0 | |
"""),
    _ties("""
电池化工原料 > 正极材料 essential
电池化工原料 > 负极材料
电池化工原料 > 隔膜
电池化工原料 > 电解液
正极材料 > 电芯与电池包 essential
负极材料 > 电芯与电池包 essential reach=0
隔膜 > 电芯与电池包 essential
电解液 > 电芯与电池包
电芯与电池包 > 整车制造 essential
功率半导体 > 电驱控制器 essential
电驱控制器 > 整车制造 essential
电驱控制器 > 充电设施
底盘部件 > 整车制造 essential
车身与内外饰 > 整车制造
智能网联 > 整车制造
整车制造 > 电池回收
电池回收 > 正极材料 recycling
"""),
)

MACHINERY = Line(
    "工程机械",
    "重点",
    "高端装备集群" + MARK,
    ((EAST, 5), (ZONE_EAST, 4), (REED, 2)),
    8,
    _parts("""
铸锻件 | 铸造 精锻 | 高强铸件 吨 9800 | 3391 | 14 | 4200 |
液压元件 | 液压 流体控制 | 液压油缸 件 2100 | 3444 | 9 | 7000 | first=9
发动机 | | 工程机械发动机 台 38000 | 3412 | 0 | |
传动件 | 传动 齿轮箱 | 行走减速机 台 5600 | 3453 | 7 | 6000 |
电控系统 | 工控 测控科技 | 工程机械控制器 台 2900 | 4011 | 6 | 4200 | dependence=0.35
结构件 | 结构件 重工部件 | 动臂总成 件 7400 | 3311 | 14 | 4800 | full
四轮一带 | 履带 底盘重工 | 履带总成 条 11000 | 3514 | 7 | 6500 |
属具 | 属具 机具 | 液压破碎锤 台 24000 | 3514 | 6 | 1800 | poor
整机制造 | 重工 工程机械 | 中型挖掘机 台 520000 | 3514 | 7 | 70000 | first=6
再制造与维修 | | 再制造泵阀 件 1300 | 4330 | 0 | |
"""),
    _ties("""
铸锻件 > 液压元件 essential
铸锻件 > 发动机 essential
铸锻件 > 传动件
铸锻件 > 四轮一带
液压元件 > 整机制造 essential
发动机 > 整机制造 essential
传动件 > 整机制造
电控系统 > 整机制造 essential
结构件 > 整机制造
四轮一带 > 整机制造
属具 > 整机制造
整机制造 > 再制造与维修
"""),
)

ROBOTS = Line(
    "机器人",
    "优势",
    "高端装备集群" + MARK,
    ((ZONE_HIGH, 7), (WEST, 2), (ZONE_EAST, 1)),
    10,
    _parts("""
特种轴承钢 | | 特种轴承钢 吨 16000 | 3130 | 0 | |
减速器 | 精密传动 减速机 | 谐波减速器 台 1500 | 3453 | 5 | 4500 | chokepoint
伺服电机 | 伺服电机 电机 | 伺服电机 台 900 | 3812 | 5 | 5500 | full
运动控制器 | 控制技术 运动控制 | 运动控制器 台 2400 | 4011 | 6 | 4000 |
传感器 | 传感科技 感知技术 | 六维力传感器 只 9000 | 3983 | 6 | 2600 |
软件算法 | 智能软件 算法科技 | 控制软件 套 6000 | 6513 | 6 | 1900 |
末端执行器 | 夹具 执行器 | 电动夹爪 只 3800 | 3491 | 5 | 2400 |
机器人本体 | 机器人 智能装备 | 六轴机器人 台 68000 | 3491 | 8 | 14000 | first=4
系统集成 | 自动化 集成技术 智造 | 焊接工作站 套 430000 | 3491 | 11 | 7000 |
机器人应用服务 | 机器人服务 运维科技 | 机器人运维服务 项 26000 | 7320 | 4 | 1500 |
"""),
    _ties("""
特种轴承钢 > 减速器 essential
减速器 > 机器人本体 essential
伺服电机 > 机器人本体 essential
运动控制器 > 机器人本体 essential
传感器 > 机器人本体 reach=0
软件算法 > 运动控制器
机器人本体 > 系统集成 essential
末端执行器 > 系统集成
系统集成 > 机器人应用服务
"""),
)

FITNESS = Line(
    "健身器材",
    "其他",
    "",
    ((COAST, 8), (ZONE_PORT, 2)),
    8,
    _parts("""
钢管型材 | 管业 型材 | 焊接钢管 吨 5200 | 3130 | 7 | 5200 | full
表面处理 | 表面处理 涂装 | 喷塑加工 件 18 | 3360 | 5 | 1600 |
注塑件 | 塑业 注塑 | 注塑外壳 件 35 | 2929 | 7 | 2200 |
电机与阻尼器 | 微电机 阻尼科技 | 跑步机电机 台 210 | 3813 | 5 | 2600 |
电控仪表 | 仪表 电子 | 健身仪表 只 120 | 4019 | 4 | 1900 |
有氧器械 | 健身 运动 | 跑步机 台 2300,椭圆机 台 1700,动感单车 台 1100 | 2443 | 8 | 7000 | first=4
力量器械 | 体育用品 力量器械 | 综合训练器 台 5200,卧推架 台 1300 | 2443 | 7 | 4200 |
小件与自由重量 | 体育器材 哑铃 | 哑铃 副 160,瑜伽垫 张 42 | 2443 | 7 | 2000 | full
运动内容服务 | | 课程内容服务 项 3000 | 6513 | 0 | | optional
"""),
    _ties("""
钢管型材 > 表面处理
表面处理 > 力量器械 essential
钢管型材 > 有氧器械 essential
钢管型材 > 小件与自由重量
注塑件 > 有氧器械
注塑件 > 小件与自由重量
电机与阻尼器 > 有氧器械 essential
电控仪表 > 有氧器械
有氧器械 > 运动内容服务
"""),
)

SHIPS = Line(
    "船舶制造",
    "重点",
    "海工装备集群" + MARK,
    ((ZONE_PORT, 6), (COAST, 3), (REED, 2)),
    34,
    _parts("""
船舶设计 | 船舶设计 海工设计 | 船型设计 项 1800000 | 7320 | 2 | 3000 |
船用钢材加工 | 船材 钢构 | 船用钢板 吨 4600 | 3130 | 4 | 15000 |
船用主机 | | 低速柴油机 台 21000000 | 3412 | 0 | |
甲板机械 | 船机 甲板机械 | 锚绞机 台 260000 | 3734 | 4 | 6500 |
舾装件 | 舾装 船配 | 舱口盖 套 190000 | 3734 | 5 | 4200 |
船用电缆 | 线缆 | 船用电缆 千米 32000 | 3831 | 2 | 5200 |
通导设备 | | 船用雷达 台 150000 | 3734 | 0 | | dependence=0.8
船舶涂料 | | 防污漆 吨 36000 | 2641 | 0 | | reported
螺旋桨与轴系 | 推进装备 | 螺旋桨 套 900000 | 3734 | 2 | 4800 |
分段制造 | 船舶分段 海工 | 船体分段 吨 8800 | 3731 | 4 | 12000 |
总装造船 | 造船 船舶重工 | 散货船 艘 180000000 | 3731 | 3 | 120000 | first=3
修船与拆解 | | 坞修服务 艘次 3200000 | 4342 | 0 | |
"""),
    _ties("""
船舶设计 > 总装造船
船用钢材加工 > 分段制造 essential
船舶涂料 > 分段制造
分段制造 > 总装造船 essential
船用主机 > 总装造船 essential
甲板机械 > 总装造船
舾装件 > 总装造船
船用电缆 > 总装造船
通导设备 > 总装造船 essential
螺旋桨与轴系 > 总装造船 essential
总装造船 > 修船与拆解
"""),
)

LOW_ALTITUDE = Line("低空经济", "", "", ((ZONE_HIGH, 4), (WEST, 1)), 6, (), ())

LINES = (HYDROGEN, VEHICLES, MACHINERY, ROBOTS, FITNESS, SHIPS, LOW_ALTITUDE)
