"""Who buys from whom in Chenglan, and who works together without buying."""

from collections import defaultdict

from loaders.samples.chenglan_book import MARK, Book, Dice
from loaders.samples.chenglan_firms import Firm
from loaders.samples.chenglan_tables import (
    ABROAD,
    CITY,
    FIRST,
    LINES,
    OUTSIDE,
    SECOND,
    Line,
    Part,
    Tie,
)

Deal = tuple[str, str, str, str, str]  # seller, buyer, product, chain, segment
MATTERS = ("联合试制", "检测设备共享", "模具共用", "联合投标", "就近配套", "共建培训基地")
CAPTIVE = "液压元件"  # one supplier holds more than 80 % of what the city buys of it


class Market:
    """The deals of a year in 万元, with where parties outside the city stand."""

    def __init__(self, firms: list[Firm]) -> None:
        """Stand every firm in its part."""
        self.dice = Dice("market")
        self.amounts: dict[Deal, float] = defaultdict(float)
        self.essential: dict[Deal, bool] = {}
        self.elsewhere: dict[str, str] = {}
        self.standing: dict[tuple[str, str], list[Firm]] = defaultdict(list)
        self.joined: list[tuple[Firm, Firm]] = []
        for firm in firms:
            if firm.part:
                self.standing[firm.line.name, firm.part.name].append(firm)

    def firms_of(self, line: Line, name: str) -> list[Firm]:
        """Return the firms in a part or in the parts below it, in order."""
        below = [p.name for p in line.parts if p.parent == name]
        return [f for part in (name, *below) for f in self.standing[line.name, part]]

    def buy(self, line: Line, tie: Tie) -> None:
        """Let the downstream firms of `tie` buy half their output's worth of inputs."""
        sellers, buyers = self.firms_of(line, tie.upstream), self.firms_of(line, tie.downstream)
        part = next(p for p in line.parts if p.name == tie.upstream)
        incoming = [t for t in line.ties if t.downstream == tie.downstream and not t.recycling]
        weight = (3 if tie.essential else 1) / sum(3 if t.essential else 1 for t in incoming)
        wants = {buyer.code: 0.5 * buyer.output * weight for buyer in buyers}
        total = sum(wants.values())
        fan = sum(t.upstream == tie.upstream for t in line.ties)
        supply = 0.75 * sum(seller.output for seller in sellers) / fan
        share = min(0.88, supply / total) if total and tie.reach else 0.0
        share = 1.0 if tie.upstream == CAPTIVE else share
        for place, buyer in enumerate(buyers):
            near = share and (place == 0 or self.dice.chance(tie.reach))
            amount = wants[buyer.code]
            if near:
                self._buy_near(line, tie, sellers, buyer, amount * share)
            far = amount * (1 - share if near else 1)
            if far > 1 and (not sellers or not tie.reach or self.dice.chance(0.7)):
                self._buy_far(line, tie, part, buyer, far)

    def _buy_near(
        self, line: Line, tie: Tie, sellers: list[Firm], buyer: Firm, amount: float
    ) -> None:
        number = 1 + sum(amount > least for least in (150, 600, 2500, 8000, 20_000, 60_000))
        chosen: list[Firm] = []
        for _ in range(number * 2):
            seller = self.dice.weighted(sellers, [s.output for s in sellers])
            if seller not in chosen and len(chosen) < number:
                chosen.append(seller)
        shares = [self.dice.between(0.3, 1) for _ in chosen]
        if tie.upstream == CAPTIVE:
            chosen = [sellers[0], *(s for s in chosen[:2] if s is not sellers[0])]
            shares = [20.0, *(1.0 for _ in chosen[1:])]
        for seller, share in zip(chosen, shares, strict=True):
            self._deal(line, tie, seller, buyer.name, amount * share / sum(shares))
            self.joined.append((seller, buyer))

    def _buy_far(self, line: Line, tie: Tie, part: Part, buyer: Firm, amount: float) -> None:
        if not part.goods:  # a parent is bought through the parts below it
            part = next(p for p in line.parts if p.parent == part.name)
        seller = self._outsider(part.goods[0].name, part.dependence or 0.15)
        deal = (seller, buyer.name, part.goods[0].name, line.name, part.name)
        self.amounts[deal] += amount
        self.essential[deal] = tie.essential

    def _deal(self, line: Line, tie: Tie, seller: Firm, buyer: str, amount: float) -> None:
        if not seller.part or not seller.good:
            return
        deal = (seller.name, buyer, seller.good.name, line.name, seller.part.name)
        self.amounts[deal] += amount
        self.essential[deal] = tie.essential

    def _outsider(self, trade: str, abroad: float) -> str:
        """Return one of the three outside parties of a trade; `abroad` is the chance of import."""
        place = ABROAD if self.dice.chance(abroad) else self.dice.pick(OUTSIDE[:-1])
        brand = Dice(f"{trade}{place}{self.dice.whole(1, 2)}")
        head = place.removesuffix(MARK).removesuffix("市")
        name = f"{head}{brand.pick(FIRST)}{brand.pick(SECOND)}{trade}有限公司{MARK}"
        self.elsewhere[name] = place
        return name

    def sell_out(self, firm: Firm) -> None:
        """Let a firm sell outside the city."""
        name = firm.good.name if firm.good else "配套件"
        for _ in range(self.dice.weighted((0, 1, 2, 3), (2, 3, 2, 1))):
            buyer = self._outsider(name + "贸易", 0.2)
            amount = firm.output * self.dice.between(0.05, 0.3)
            segment = firm.part.name if firm.part else ""
            product = firm.good.name if firm.good else ""
            deal = (firm.name, buyer, product, firm.line.name, segment)
            self.amounts[deal] += amount


def trade(firms: list[Firm]) -> Market:
    """Return the market of one year."""
    market = Market(firms)
    for line in LINES:
        for tie in line.ties:
            if not tie.recycling:
                market.buy(line, tie)
    for firm in firms:
        if firm.part or market.dice.chance(0.35):
            market.sell_out(firm)
    return market


def write_market(book: Book, market: Market) -> None:
    """Fill 供应关系: 2026 to October, and most deals of 2025."""
    dice = Dice("years")
    for deal, amount in market.amounts.items():
        seller, buyer, product, chain, segment = deal
        years = [(2025, 1.0)] if dice.chance(0.06) else [(2026, 0.83)]
        if years[0][0] == 2026 and dice.chance(0.86):  # noqa: PLR2004  # the year being filled in
            years.insert(0, (2025, dice.between(0.75, 1.08)))
        for year, factor in years:
            unknown = dice.chance(0.03)
            book.add(
                "供应关系",
                seller,
                buyer,
                product,
                chain,
                segment,
                None if unknown else max(1, round(amount * factor)),
                year,
                market.essential.get(deal),
                market.elsewhere.get(seller, ""),
                market.elsewhere.get(buyer, ""),
            )


def write_cooperation(book: Book, firms: list[Firm], market: Market) -> None:
    """Fill 配套合作: firms of one part, and pairs that trade already; no new link of parts."""
    dice = Dice("cooperation")
    pairs = [(a.name, b.name) for a, b in dice.sample(market.joined, 34)]
    for line in LINES:
        for part in line.parts:
            here = [f.name for f in firms if f.line is line and f.part is part]
            if len(here) > 1 and dice.chance(0.7):
                one, two = dice.sample(here, 2)
                pairs.append((one, two))
    for one, two in dict.fromkeys(pairs):
        book.add("配套合作", one, two, dice.pick(MATTERS))


def write_chains(book: Book, firms: list[Firm]) -> None:
    """Fill 产业链, 环节, 环节上下游 and 企业产业链 (the declared roles)."""
    for line in LINES:
        book.add(
            "产业链",
            line.name,
            CITY,
            line.grade,
            line.cluster,
            "" if line.parts else "刚登记的链，还没有环节图谱",
        )
        for part in line.parts:
            book.add(
                "环节",
                part.name,
                line.name,
                part.parent,
                part.necessary,
                part.reported,
                part.dependence,
                part.chokepoint,
            )
        for tie in line.ties:
            book.add(
                "环节上下游",
                line.name,
                tie.upstream,
                tie.downstream,
                tie.essential,
                True if tie.recycling else None,
            )
    for chain, segment, place, role in ROLES:
        here = [f for f in firms if f.line.name == chain and f.part and f.part.name == segment]
        here.sort(key=lambda f: -f.output)
        book.add("企业产业链", here[place].name, chain, role)


ROLES = (  # chain, part, rank by output there, declared role
    ("新能源汽车", "整车制造", 0, "链主"),
    ("新能源汽车", "电芯与电池包", 0, "龙头"),
    ("新能源汽车", "底盘部件", 0, "党建链主"),
    ("工程机械", "整机制造", 4, "链主"),
    ("工程机械", "整机制造", 0, "龙头"),
    ("氢能", "燃料电池", 0, "党建链主"),
    ("健身器材", "有氧器械", 0, "链主"),
    ("船舶制造", "总装造船", 0, "链主"),
    ("机器人", "机器人本体", 0, "龙头"),
)
