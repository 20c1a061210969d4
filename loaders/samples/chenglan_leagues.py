"""The alliances and committees of Chenglan: members, chains, and the posts that serve them."""

from typing import NamedTuple

from loaders.samples.chenglan_book import MARK, Book, Dice, rows
from loaders.samples.chenglan_firms import Firm
from loaders.samples.chenglan_institutions import (
    ASSOCIATIONS,
    BANKS,
    COMMERCE,
    COUNTY,
    DEPARTMENTS,
    INDUSTRY,
    ORGANIZER,
    PARK,
    PLANNING,
    SCIENCE,
    UNIVERSITIES,
)
from loaders.samples.chenglan_tables import LINES, REGIONS, ZONE_HIGH


class League(NamedTuple):
    """An alliance or committee and whom it gathers.

    `kinds` names the partner kinds among its members: 政 departments, 金 finance, 学 universities,
    研 institutes, 服 associations; `firms` enterprises come from `chains`; `covers` says whether it
    covers these; `groups` stands for groups without names.
    """

    name: str
    type: str
    nature: str
    level: str
    region: str
    founded: str
    formation: str
    lead: str
    kinds: str
    firms: int
    chains: list[str]
    covers: bool
    venues: str
    standard: str
    groups: str


def _league(row: list[str]) -> League:
    name, kind, nature, level, region, founded, formation, lead = row[:8]
    kinds, firms, chains, covers, venues, standard, groups = row[8:]
    return League(
        name=name + MARK,
        type=kind,
        nature=nature,
        level=level,
        region=region + MARK,
        founded=founded,
        formation=formation,
        lead=lead + MARK if lead else "",
        kinds=kinds,
        firms=int(firms),
        chains=chains.split(),
        covers=covers == "是",
        venues=venues,
        standard=standard,
        groups=groups,
    )


WHO = rows("""
澄澜市氢能产业链党委 | 产业链党委 | 党建 | 市 | 澄澜市 | 2023-05 | 职能部门牵引 | 澄澜市工信局
澄澜氢能装备联盟党委 | 联盟党委 | 党建 | 园区 | 望潮港经开区 | 2025-06 | 属地党委整合 |
澄澜市新能源汽车链党建联盟 | 联盟 | 党建 | 市 | 澄澜市 | 2023-03 | 龙头企业带动 |
澄澜高新区汽车零部件联合党委 | 联合党委 | 党建 | 园区 | 澄澜高新区 | 2024-09 | | 澄澜高新区党群部
澄澜市工程机械产业链党建联盟 | 联盟 | 党建 | 市 | 澄澜市 | 2023-08 | 职能部门牵引 | 澄澜市工信局
澄澜高端装备集群党委 | 集群党委 | 党建 | 市 | 澄澜市 | 2025-02 | 职能部门牵引 | 澄澜市发展改革委
澄东区先进制造综合党委 | 综合党委 | 党建 | 县 | 澄东区 | 2024-05 | 属地党委整合 | 澄澜经开区管委会
望潮县健身器材链党委 | 产业链党委 | 党建 | 县 | 望潮县 | 2023-11 | 行业协会串联 | 望潮县工信局
机器人产业链功能性党支部 | 功能性党支部 | 党建 | 园区 | 澄澜高新区 | 2025-03 | |
望潮港临港产业党建联盟 | 联盟 | 党建 | 园区 | 望潮港经开区 | 2024-12 | 属地党委整合 |
澄澜金链党建联盟 | 联盟 | 党建 | 市 | 澄澜市 | 2025-04 | 职能部门牵引 | 澄澜市金融工作局
芦汀县中小企业党建联盟 | 联盟 | 党建 | 县 | 芦汀县 | 2025-09 | |
澄澜高校技术转移联盟 | 联盟 | 技术转移 | 市 | 澄澜市 | 2022-10 | | 澄澜市科学技术局
澄澜产业人才联盟 | 联盟 | 人才 | 市 | 澄澜市 | 2023-12 | | 澄澜市人力资源社会保障局
""")  # name, type, nature, level, region, founded, formation, lead
WHOM = rows("""
政金学研服 | 12 | 氢能 | 是 | 1 | 1314 |
政研 | 5 | 氢能 | 是 | 1 | |
政金学研服 | 38 | 新能源汽车 | 是 | 1 | 1314 |
政学 | 10 | 新能源汽车 | 是 | 1 | |
政金学服 | 26 | 工程机械 | 是 | 1 | 1314 |
政研 | 12 | 工程机械 机器人 | 否 | 1 | |
政服 | 9 | 工程机械 | 是 | 1 | |
政金服 | 22 | 健身器材 | 是 | 1 | 五共 |
 | 4 | 机器人 | 是 | | | 3
政 | 9 | 船舶制造 | 否 | 0 | |
政金 | 6 | 新能源汽车 | 否 | 1 | |
政服 | 7 | 工程机械 | 否 | | |
政学研 | 8 | 机器人 | 否 | 1 | |
政学 | 6 | 新能源汽车 | 否 | 1 | |
""")  # partner kinds, enterprises, chains, covers, venues, standard, groups
LEAGUES = tuple(_league([*who, *whom]) for who, whom in zip(WHO, WHOM, strict=True))
HYDROGEN_LEAGUE, VEHICLE_LEAGUE = LEAGUES[0].name, LEAGUES[2].name
MACHINE_LEAGUE, FITNESS_LEAGUE = LEAGUES[4].name, LEAGUES[7].name
ACTIVE = LEAGUES[:8]  # those that meet and report; the others are silent
POSTS = tuple(f"HL-{number:02d}" for number in range(1, 25))
"""Numbers of the posts 红链专员."""


def write_leagues(book: Book, firms: list[Firm], own: dict[str, str]) -> None:
    """Fill 联盟, 联盟成员 and 联盟覆盖."""
    dice = Dice("leagues")
    for league in LEAGUES:
        members = _gather(dice, league, firms)
        lead = members[0].name if league.formation == "龙头企业带动" else league.lead
        book.add("联盟", *_said(league), lead, league.groups, None, league.venues, league.standard)
        _enrol(book, dice, league, members, own)
        _invite(book, dice, league)
        if league.covers:
            for chain in league.chains:
                book.add("联盟覆盖", league.name, chain)


def _said(league: League) -> tuple[str, ...]:
    """Return what the table says, up to the formation mode."""
    place, mode = (league.region, league.founded), league.formation
    return (league.name, league.type, league.nature, league.level, *place, mode)


def _gather(dice: Dice, league: League, firms: list[Firm]) -> list[Firm]:
    """Return the member firms, the largest first; a county or park gathers its own."""
    inside = {league.region} | {name for name, parent, *_ in REGIONS if parent == league.region}
    pool = [f for f in firms if f.line.name in league.chains]
    near = [f for f in pool if league.level == "市" or f.region in inside] or pool
    near.sort(key=lambda f: -f.output * dice.between(0.3, 1))
    return sorted(near[: league.firms], key=lambda f: -f.output)


def _enrol(
    book: Book, dice: Dice, league: League, members: list[Firm], own: dict[str, str]
) -> None:
    roles: dict[int, tuple[str, str, str]] = {}
    if not league.groups:
        roles[0] = ("链主" if league.name == HYDROGEN_LEAGUE else "盟主", "", "")
    if league.level == "市":
        year = "2025" if league.name == MACHINE_LEAGUE else "2026"  # one rotation has run out
        roles[1] = ("轮值主席", year + "-01-01", year + "-12-31")
    if league.standard:
        roles[2] = ("主席单位", "", "")
    for place, firm in enumerate(members):
        role, start, end = roles.get(place, ("成员", "", ""))
        by_branch = place not in roles and firm.name in own and dice.chance(0.15)
        member = own[firm.name] if by_branch else firm.name
        book.add("联盟成员", league.name, member, role, start, end)


def _invite(book: Book, dice: Dice, league: League) -> None:
    names = [league.lead] if league.lead else []
    for mark, most, pool in (
        ("政", 3, [row[0] for row in DEPARTMENTS if row[0] != league.lead]),
        ("金", 2, [row[0] for row in BANKS]),
        ("学", 2, [row[0] for row in UNIVERSITIES if row[1] == "高校"]),
        ("研", 2, [row[0] for row in UNIVERSITIES if row[1] == "院所"]),
        ("服", 2, [row[0] for row in ASSOCIATIONS]),
    ):
        if mark in league.kinds:
            names += dice.sample(pool, dice.whole(1, most))
    for name in names:
        book.add("联盟成员", league.name, name, "共建单位")


def write_posts(book: Book, firms: list[Firm]) -> None:
    """Fill 岗位: chain chiefs, lead departments, the posts of alliances and of firms."""
    dice = Dice("posts")
    leads = (INDUSTRY, INDUSTRY, PLANNING, SCIENCE, COUNTY, COMMERCE, SCIENCE)
    for line, lead in zip(LINES, leads, strict=True):
        chief = PLANNING if lead == INDUSTRY else INDUSTRY
        book.add("岗位", chief, "链长", line.name, "", "2025-01-01")
        book.add("岗位", lead, "牵头部门", line.name, "", "2025-01-01")
    for place, league in enumerate(ACTIVE):
        unit = league.lead or ORGANIZER
        book.add("岗位", unit, "党建指导员", league.name, "", "2025-03-01")
        if place % 4 != 1:
            book.add("岗位", unit, "联络员", league.name, "", "2025-03-01")
        if league.standard and league.name != VEHICLE_LEAGUE:
            book.add("岗位", ORGANIZER, "牵头领导", league.name, "", "2025-03-01")
    for place, post in enumerate(POSTS):
        unit = dice.pick(DEPARTMENTS)[0]
        book.add("岗位", unit, "红链专员", LINES[place % 6].name, post, "2026-01-01")
    quiet = [f for f in firms if f.party in {"派驻指导员", "无"}]
    for place, firm in enumerate(dice.sample(quiet, 52)):
        role = ("党建指导员", "联络员", "红链专员")[place % 3]
        post = dice.pick(POSTS) if role == "红链专员" else ""
        unit = PARK if firm.region == ZONE_HIGH else ORGANIZER
        book.add("岗位", unit, role, firm.name, post, "2026-02-01")
