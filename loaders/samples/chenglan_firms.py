"""The enterprises of Chenglan: names, sizes, where they stand, what they make and hold."""

from dataclasses import dataclass, field

from stdnum.cn import uscc

from loaders.samples.chenglan_book import MARK, Book, Dice, later
from loaders.samples.chenglan_tables import (
    CROSSING,
    FIRST,
    LINES,
    LOOKALIKE,
    LOOSE_TRADES,
    REGIONS,
    SECOND,
    Good,
    Line,
    Part,
)

TITLES = ("创新型中小企业", "专精特新中小企业", "专精特新小巨人", "单项冠军")
LADDER = {"大": 0.5, "中": 0.45, "小": 0.28, "微": 0.06}


@dataclass(eq=False)
class Firm:
    """An enterprise as it is; what it reports is decided when the sheets are written."""

    code: str
    name: str
    short: str
    line: Line
    part: Part | None
    good: Good | None
    region: str
    output: int
    size: str
    employees: int
    crossing: tuple[str, Part] | None = None
    titles: list[str] = field(default_factory=list)
    party: str = ""
    members: int = 0

    @property
    def revenue(self) -> int:
        """Return the revenue in 万元, a little above output."""
        return int(self.output * 1.06)

    @property
    def above_scale(self) -> bool:
        """Return whether the revenue reaches 2,000 万元."""
        return self.output * 1.06 >= 2000  # noqa: PLR2004  # the official threshold, 万元


def found_firms() -> list[Firm]:
    """Return every firm, chain by chain and part by part."""
    dice = Dice("firms")
    brands = dice.sample([a + b for a in FIRST for b in SECOND], len(FIRST) * len(SECOND))
    firms: list[Firm] = []
    for line in LINES:
        for part in line.parts:
            for place in range(part.firms):
                firms.append(_found(dice, brands.pop(), line, part, place, len(firms)))
        for _ in range(line.unplaced):
            firms.append(_found(dice, brands.pop(), line, None, 0, len(firms)))
    _cross(firms)
    _rename_lookalike(firms)
    for firm in firms:
        firm.titles = _titles(dice, firm)
    return firms


def _found(dice: Dice, brand: str, line: Line, part: Part | None, place: int, count: int) -> Firm:
    trade = dice.pick(part.trades if part else LOOSE_TRADES)
    output = dice.spread(part.median, 0.8) if part else dice.spread(2400, 1.0)
    if part and place == 0:
        output = max(output, part.median) * part.first
    employees = max(4, int(output / dice.between(55, 120)))
    return Firm(
        code=f"E{count + 1:03d}",
        name=f"澄澜{brand}{trade}{'股份' if dice.chance(0.12) else ''}有限公司{MARK}",
        short=brand + trade,
        line=line,
        part=part,
        good=part.goods[place % len(part.goods)] if part else None,
        region=dice.weighted([p[0] for p in line.places], [p[1] for p in line.places]),
        output=max(60, int(output)),
        size=_size(employees),
        employees=employees,
    )


def _size(employees: int) -> str:
    for size, least in (("大", 1000), ("中", 300), ("小", 20)):
        if employees >= least:
            return size
    return "微"


def _cross(firms: list[Firm]) -> None:
    parts = {(line.name, part.name): part for line in LINES for part in line.parts}
    for chain, part, number, other, place in CROSSING:
        here = [f for f in firms if f.line.name == chain and f.part and f.part.name == part]
        for firm in here[-number:]:
            firm.crossing = (other, parts[other, place])


def _rename_lookalike(firms: list[Firm]) -> None:
    """Give two firms nearly the same name: they must be suggested, never merged."""
    one, two = [f for f in firms if f.part and f.part.name == "伺服电机"][:2]
    brand = one.short[:2]
    for firm, trade in ((one, LOOKALIKE[0]), (two, LOOKALIKE[1])):
        firm.name, firm.short = f"澄澜{brand}{trade}有限公司{MARK}", brand + trade


def _titles(dice: Dice, firm: Firm) -> list[str]:
    if firm.part and firm.part.poor:
        return ["无"]
    if dice.chance(0.22):
        return []
    titles = ["高新技术企业"] if dice.chance(LADDER[firm.size]) else []
    if dice.chance(LADDER[firm.size]):
        titles.append(dice.weighted(TITLES, (4, 4, 2, 1)))
    if dice.chance(0.04):
        titles.append(dice.pick(("瞪羚企业", "独角兽企业")))
    return titles or ["无"]


def write_firms(book: Book, firms: list[Firm]) -> None:
    """Fill 企业, leaving blank what a firm did not report."""
    dice = Dice("firm sheet")
    zones = {name for name, _, level, _ in REGIONS if level == "功能区"}
    for firm in firms:
        certain = bool(firm.part and firm.part.full)
        told = certain or dice.chance(0.78)
        revenue = firm.revenue if told and dice.chance(0.94) else None
        research = dice.chance(0.55)
        owned = dice.chance(0.02)
        book.put(
            "企业",
            {
                "编码": firm.code,
                "企业名称": firm.name,
                "统一社会信用代码": _credit_code(firm) if dice.chance(0.15) else "",
                "简称": firm.short,
                "地区": "" if dice.chance(0.015) else firm.region,
                "园区": firm.region if firm.region in zones else "",
                "产业链": ";".join(
                    [firm.line.name, *([firm.crossing[0]] if firm.crossing else [])]
                ),
                "行业代码": firm.part.code if firm.part and dice.chance(0.8) else "",
                "规模": firm.size if dice.chance(0.93) else "",
                "规上": firm.above_scale if dice.chance(0.92) else None,
                "产值(万元)": firm.output if told else None,
                "营业收入(万元)": revenue,
                "研发投入(万元)": int(firm.output * dice.between(0.015, 0.07))
                if research
                else None,
                "从业人数": firm.employees if dice.chance(0.88) else None,
                "专利数": int(dice.spread(firm.employees / 12 + 1, 0.7))
                if dice.chance(0.6)
                else None,
                "标准数": dice.whole(0, 4 if firm.size in "大中" else 1)
                if dice.chance(0.4)
                else None,
                "市场占有率": f"{dice.between(0.5, 22):.1f}%" if dice.chance(0.12) else "",
                "资质": ";".join(firm.titles),
                "上市状态": dice.pick(("已上市", "辅导备案")) if firm.size == "大" else "",
                "上级企业": dice.pick([f.name for f in firms if f.size == "大"]) if owned else "",
                "党组织情况": firm.party,
                "应建党组织": False if firm.members == 0 and firm.size == "微" else None,
                "正式党员数": firm.members if firm.members or dice.chance(0.3) else None,
                "重点企业": firm.size in "大中" if dice.chance(0.9) else None,
            },
        )


def _credit_code(firm: Firm) -> str:
    """Return a code of a region that does not exist (999999), its check digit correct."""
    body = f"91999999MA{int(firm.code[1:]):06d}X"
    return body + str(uscc.calc_check_digit(body))


def write_places(book: Book, firms: list[Firm]) -> None:
    """Fill 企业环节, 企业产业链 roles apart, 企业产品 and 企业资质."""
    dice = Dice("places")
    for firm in firms:
        if firm.part and firm.good:
            _write_place(book, dice, firm, firm.part, firm.good)
        if firm.crossing:
            chain, part = firm.crossing
            book.add(
                "企业环节",
                firm.name,
                chain,
                part.name,
                int(firm.output * 0.2),
                None,
                "",
                part.goods[0].name,
                None,
                "同时在另一条链",
            )
    for firm in firms:
        _write_titles(book, dice, firm)


def _write_place(book: Book, dice: Dice, firm: Firm, part: Part, good: Good) -> None:
    quantity = firm.output * 10_000 / good.price
    capacity = max(1, round(quantity * dice.between(1.05, 1.4)))
    told = part.full or dice.chance(0.65)
    known = dice.chance(0.75) or part.full or len(part.goods) > 1
    dependence = part.dependence
    spread = dice.between(-0.12, 0.12) if dependence else 0.0
    book.add(
        "企业环节",
        firm.name,
        firm.line.name,
        part.name,
        firm.output if told else None,
        capacity if part.full else None,
        good.unit if part.full else "",
        good.name,
        round(dependence + spread, 2) if dependence else None,
    )
    book.add(
        "企业产品",
        firm.name,
        good.name,
        capacity if known else None,
        max(1, round(quantity)) if known else None,
        good.unit,
        round(good.price * dice.between(0.9, 1.1), 2),
        True if dice.chance(0.03) else None,
    )


def _write_titles(book: Book, dice: Dice, firm: Firm) -> None:
    for title in firm.titles:
        if title == "无":
            continue
        since = dice.date("2023-06", "2026-08")
        expires = later(since, 36) if title not in {"瞪羚企业", "独角兽企业"} else ""
        if dice.chance(0.12):
            since, expires = dice.date("2021-12", "2023-09"), dice.date("2025-12", "2026-10")
        elif dice.chance(0.1):
            since, expires = dice.date("2023-12", "2024-01"), dice.date("2026-12", "2027-01")
        book.add("企业资质", firm.name, title, since, expires)


def write_goods(book: Book) -> None:
    """Fill 产品 with what every part makes."""
    for line in LINES:
        for part in line.parts:
            for good in part.goods:
                book.add("产品", good.name, line.name, part.name, good.unit)
    book.add("产品", "液冷计算单元", "", "", "台", "本市无企业生产")
