"""Party organizations of Chenglan and their pairings: organizations only, never their members."""

from loaders.samples.chenglan_book import MARK, Book, Dice
from loaders.samples.chenglan_firms import Firm
from loaders.samples.chenglan_institutions import (
    ASSOCIATIONS,
    BANKS,
    DEPARTMENTS,
    ORGANIZER,
    UNIVERSITIES,
)
from loaders.samples.chenglan_tables import (
    COAST,
    EAST,
    REED,
    WEST,
    ZONE_EAST,
    ZONE_HIGH,
    ZONE_PORT,
)

COMMITTEES = (  # standing committees that assign instructors and that branches belong to
    ("澄东区两新组织综合党委" + MARK, EAST),
    ("澜西区两新组织综合党委" + MARK, WEST),
    ("望潮县两新组织综合党委" + MARK, COAST),
    ("芦汀县两新组织综合党委" + MARK, REED),
)
HOMES = {EAST: 0, ZONE_EAST: 0, WEST: 1, ZONE_HIGH: 1, COAST: 2, ZONE_PORT: 2, REED: 3}
OWN, JOINT = 128, 16  # organizations of one firm, and of several
TOLD_IN_HOSTS, ASSIGNED, WITHOUT, TASK_FORCES = 10, 34, 56, 4  # firms, one after another


def organize(book: Book, firms: list[Firm]) -> dict[str, str]:
    """Fill 党组织 and 依托; return each firm's own or joint organization by the firm's name."""
    dice = Dice("party")
    for name, region in COMMITTEES:
        book.add("党组织", name, "党委", region, ORGANIZER)
    by_size = sorted(firms, key=lambda f: -f.output * dice.between(0.4, 1))
    own = {firm.name: _found(book, dice, firm) for firm in by_size[:OWN]}
    rest = _join(book, dice, dice.sample(by_size[OWN:], len(firms)), own)
    _assign(book, dice, rest)
    for name, *_ in (*UNIVERSITIES, *BANKS, *DEPARTMENTS, *ASSOCIATIONS):
        kind = "党委" if "大学" in name else "党支部"
        branch = name.removesuffix(MARK) + kind + MARK
        book.add("党组织", branch, kind, "", "", dice.whole(12, 90))
        book.add("依托", branch, name, "单独")
    return own


def _home(firm: Firm) -> str:
    return COMMITTEES[HOMES[firm.region]][0]


def _found(book: Book, dice: Dice, firm: Firm) -> str:
    firm.members = max(3, int(firm.employees * dice.between(0.02, 0.09)))
    kind = "党支部"
    for least, larger in ((50, "党总支"), (100, "党委")):
        kind = larger if firm.members >= least else kind
    branch = f"澄澜{firm.short}{kind}{MARK}"
    book.add("党组织", branch, kind, firm.region, _home(firm), firm.members)
    book.add("依托", branch, firm.name, "单独" if dice.chance(0.92) else "")
    firm.party = "单独" if dice.chance(0.7) else ""
    return branch


def _join(book: Book, dice: Dice, rest: list[Firm], own: dict[str, str]) -> list[Firm]:
    """Form joint branches of firms of one region; return the others."""
    for number in range(1, JOINT + 1):
        region = rest[0].region
        group = [f for f in rest if f.region == region][: dice.whole(3, 4)]
        rest = [f for f in rest if f not in group]
        branch = f"{region.removesuffix(MARK)}第{number}联合党支部{MARK}"
        members = dice.whole(4, 14)
        book.add("党组织", branch, "联合党支部", region, _home(group[0]), members)
        for firm in group:
            firm.members = dice.whole(0, 3)
            firm.party = "联合" if dice.chance(0.65) else ""
            own[firm.name] = branch
            book.add("依托", branch, firm.name, "联合")
    return rest


def _assign(book: Book, dice: Dice, rest: list[Firm]) -> None:
    """Give some firms an instructor, let others say that they have none; the rest is silent."""
    queue = iter(rest)
    for _ in range(TOLD_IN_HOSTS):
        firm = next(queue)
        book.add("依托", _home(firm), firm.name, "派驻指导员")
    for number, status in ((ASSIGNED, "派驻指导员"), (WITHOUT, "无")):
        for _ in range(number):
            next(queue).party = status
    for place in range(TASK_FORCES):  # which are no organization of the firm
        firm = next(queue)
        kind = ("行动支部", "攻坚党小组")[place % 2]
        branch = f"澄澜{firm.short}{kind}{MARK}"
        book.add("党组织", branch, kind, firm.region, "", dice.whole(3, 7))
        book.add("依托", branch, firm.name, "单独")
    for firm in rest:
        firm.members = dice.whole(0, 2)


def write_pairings(book: Book, own: dict[str, str]) -> None:
    """Fill 结对共建: branches of firms with those of universities, banks and departments."""
    dice = Dice("pairings")
    branches = {row["依托单位"]: row["党组织"] for row in book.sheets["依托"]}
    partners = [branches[row[0]] for row in (*UNIVERSITIES, *BANKS, *DEPARTMENTS)]
    forms = ("结对共建", "支部联建", "党建共建")
    matters = ("联合攻关", "人才培养", "融资服务", "主题党日", "实训基地")
    for branch in dice.sample(list(dict.fromkeys(own.values())), 42):
        signed = dice.date("2024-03", "2026-09")
        expires = f"{int(signed[:4]) + dice.whole(1, 2)}{signed[4:]}" if dice.chance(0.8) else ""
        over = expires != "" and expires < "2026-11-01"
        partner, form, matter = dice.pick(partners), dice.pick(forms), dice.pick(matters)
        status = "已到期" if over else "履行中"
        book.add("结对共建", branch, partner, form, signed, expires, matter, status)
