"""The invented universities, banks, departments and associations of Chenglan."""

from loaders.samples.chenglan_book import MARK, Book, Dice, rows
from loaders.samples.chenglan_tables import REGIONS


def _marked(table: str, region: int) -> tuple[tuple[str, ...], ...]:
    """Read a table and mark the name and the column `region` as invented."""
    return tuple(
        tuple(cell + MARK if place in {0, region} else cell for place, cell in enumerate(row))
        for row in rows(table)
    )


UNIVERSITIES = _marked(
    """
澄澜理工大学 | 高校 | 澜西区 | 新能源;材料;机械工程
望潮海洋大学 | 高校 | 望潮县 | 船舶与海洋工程;轮机工程
澄澜职业技术学院 | 高校 | 澄东区 | 数控技术;机电一体化
澄澜氢能研究院 | 院所 | 澄澜高新区 | 氢能;电化学
澄澜机器人研究所 | 院所 | 澄澜高新区 | 机器人;控制工程
芦汀新材料研究院 | 院所 | 芦汀县 | 高分子材料;锂电材料
""",
    2,
)
BANKS = _marked(
    """
澄澜银行 | 银行 | 澜西区
望潮农商银行 | 银行 | 望潮县
澄东村镇银行 | 银行 | 澄东区
澄澜产业基金 | 基金 | 澄澜高新区
澄澜融资担保公司 | 担保 | 澜西区
澄澜证券 | 证券 | 澄东区
""",
    2,
)
DEPARTMENTS = _marked(
    """
澄澜市委组织部 | 市 | 澄澜市
澄澜市工信局 | 市 | 澄澜市
澄澜市发展改革委 | 市 | 澄澜市
澄澜市科学技术局 | 市 | 澄澜市
澄澜市人力资源社会保障局 | 市 | 澄澜市
澄澜市金融工作局 | 市 | 澄澜市
澄澜市商务局 | 市 | 澄澜市
望潮县工信局 | 县 | 望潮县
澄澜高新区党群部 | 园区 | 澄澜高新区
澄澜经开区管委会 | 园区 | 澄澜经开区
""",
    2,
)
ORGANIZER, INDUSTRY, PLANNING, SCIENCE, LABOUR, MONEY, COMMERCE, COUNTY, PARK, EASTERN = (
    row[0] for row in DEPARTMENTS
)
ASSOCIATIONS = _marked(
    """
澄澜市氢能产业协会 | 协会 | 氢能 | 澄澜市
望潮县健身器材商会 | 商会 | 健身器材 | 望潮县
澄澜市机械行业协会 | 协会 | 工程机械 | 澄澜市
澄澜中小企业服务中心 | 服务机构 | 综合服务 | 澜西区
""",
    3,
)
MAJORS = (
    "机械设计制造及其自动化",
    "新能源科学与工程",
    "自动化",
    "材料成型及控制工程",
    "电化学工程",
    "船舶与海洋工程",
    "数控技术",
    "智能控制技术",
)


def write_institutions(book: Book) -> None:
    """Fill 地区, 高校院所, 金融机构, 政府部门, 协会商会 and 专业毕业生."""
    for name, parent, level, note in REGIONS:
        book.add("地区", name, "", parent, level, note)
    for sheet, table in (
        ("高校院所", UNIVERSITIES),
        ("金融机构", BANKS),
        ("政府部门", DEPARTMENTS),
        ("协会商会", ASSOCIATIONS),
    ):
        for row in table:
            book.add(sheet, *row)
    dice = Dice("graduates")
    for name, kind, *_ in UNIVERSITIES:
        for major in dice.sample(MAJORS, 5 if kind == "高校" else 2):
            for year in (2025, 2026):
                book.add("专业毕业生", name, major, dice.whole(6, 140), year)
