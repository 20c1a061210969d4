"""What Chenglan has published of itself, and which of its sheets are complete."""

from loaders.samples.chenglan_book import MARK, Book, Dice, rows
from loaders.samples.chenglan_firms import Firm
from loaders.samples.chenglan_leagues import ACTIVE, LEAGUES
from loaders.samples.chenglan_tables import COAST, ZONE_HIGH

SCOPE = (  # sheet, region, chain, complete
    ("企业环节", "", "工程机械", True),
    ("依托", ZONE_HIGH, "", True),
    ("岗位", ZONE_HIGH, "", True),
    ("联盟成员", COAST, "", True),
    ("联盟覆盖", "", "船舶制造", True),
    ("企业产业链", "", "机器人", True),
    ("供应关系", "", "健身器材", False),
    ("企业环节", "", "船舶制造", False),
)
FIGURES = rows("""
澄澜市 | 企业党组织覆盖率 | 0.93 | 93% | 比率 | | | 2026-06-30 | | 分母未给出
澄澜市 | 产业链党建联盟（党委） | 14 | 14个 | 个 | 累计 | | 2026-09-30 | |
澄澜市 | 产业链党建联盟（党委） | 9 | 9个 | 个 | 累计 | | 2025-03-31 | |
澄澜市 | 新成立联盟 | 3 | 3个 | 个 | | 2025年 | | | 不与累计数相加
澄澜市 | 走访链上企业 | 1260 | 1260余家次 | 家次 | 余 | | | 去年以来 |
澄澜市 | 问题及需求 | 812 | 812个 | 个 | | 2026年上半年 | | |
澄澜市 | 协调银行贷款 | 2860000000 | 28.6亿元 | 元 | 累计 | | 2026-09-30 | |
澄澜高新区 | 企业党组织覆盖率 | 0.88 | 约88% | 比率 | 约 | | 2026-06-30 | | 分母未给出
望潮县 | 健身器材企业 | 200 | 200多家 | 家 | 余 | | | 近年来 | 含未入库企业
氢能 | 氢能企业 | 30 | 30多家 | 家 | 余 | | 2026-06-30 | |
氢能 | 企业间合作 | | 企业之间往来不多 | | | | | | 文字陈述
氢能 | 对外依赖 | | 部分关键设备依赖进口 | | | | | | 文字陈述
新能源汽车 | 规上产值 | 18640000000 | 186.4亿元 | 元 | | 2026年上半年 | | | 规上
新能源汽车 | 同比增长 | 0.378 | 37.8% | 比率 | | 2026年上半年 | | | 规上
新能源汽车 | 新签项目 | 14 | 14个 | 个 | | 2026年上半年 | | |
新能源汽车 | 超10亿元项目 | 1 | 1个 | 个 | | 2026年上半年 | | | 其余未分档
工程机械 | 规上产值 | 9230000000 | 92.3亿元 | 元 | 约 | 2026年上半年 | | | 规上
工程机械 | 同比增长 | -0.034 | 下降3.4% | 比率 | | 2026年上半年 | | | 规上
船舶制造 | 新接订单 | 26 | 近26艘 | 艘 | 近 | 2026年上半年 | | |
""")
RECORDS = (  # what an alliance says of itself: metric, unit, step
    ("解决问题", "个", 1),
    ("服务次数", "次", 2),
    ("产学研项目", "项", 1),
    ("降本增效额", "元", 400_000),
)


def write_scope(book: Book) -> None:
    """Fill 填报范围: where silence means none."""
    for row in SCOPE:
        book.add("填报范围", *row, "2026-10-31")


def write_figures(book: Book, firms: list[Firm]) -> None:
    """Fill 指标: figures as stated, never computed from the other sheets."""
    dice = Dice("figures")
    for subject, *more in FIGURES:
        place = subject.endswith(("市", "县", "区"))
        book.add("指标", subject + MARK if place else subject, *more)
    for league in ACTIVE:
        for metric, unit, step in RECORDS:
            value = dice.whole(3, 40) * step
            more = [f"{value}{unit}", unit, "", "2026年前三季度", "", "", "自报"]
            book.add("指标", league.name, metric, value, *more)
    joint = ";".join(league.name for league in LEAGUES[2:5])
    words = ("47个", "个", "", "", "2026-09-30", "", "三联盟合计")
    book.add("指标", joint, "协同解决共性问题", 47, *words)
    leader = max((f for f in firms if f.line.name == "工程机械"), key=lambda f: f.output)
    book.put(
        "指标",
        {
            "主体": leader.name,
            "指标": "公开评价",
            "原文": "本市工程机械行业领头羊",
            "口径": "文字陈述",
        },
    )
