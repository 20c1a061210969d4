"""Where everything is bought, local sourcing rates, and who near could supply it.

Included: every purchase with park, city and province, both rates of its buyer, the alternatives in
the buyer's city with their number, its sentence and place, in order, 50,000 at most; the rates of
all buyers, of chains and of regions. Left out: first sets, imports, and the matching of orders.
"""

import re
from collections import defaultdict
from typing import Any, NamedTuple

from benchmarks.peers.reading import Book, Edge, Graph, Row, interval, place

LEVELS = {"park": "功能区", "city": "市", "province": "省"}
MOST = 50_000
NAMED = 3
ABROAD = re.compile("境外|国外|海外|进口|日本|韩国|美国|德国|法国|英国|欧洲|北美")


class Places:
    """The park, city and province of every enterprise."""

    def __init__(self, book: Book) -> None:
        """Look at every enterprise once."""
        self.book = book
        self.parks: dict[str, str] = {}
        self.lies: dict[str, str] = {}
        for firm, data in book.nodes["Enterprise"].items():
            if "park" in data:
                self.parks[firm] = data["park"]
            if region := book.home.get(firm) or data.get("park"):
                self.lies[firm] = region
        self.units = {
            (level, firm): unit
            for firm, region in self.lies.items()
            for level in LEVELS
            if (unit := self._unit(level, firm, region))
        }
        self.some = {level for level, _ in self.units}

    def _unit(self, level: str, firm: str, region: str) -> str | None:
        if level == "park" and firm in self.parks:
            return self.parks[firm]
        around = self.book.around(region)
        levels = [self.book.nodes["Region"][r].get("level") for r in around]
        if LEVELS[level] in levels:
            return around[levels.index(LEVELS[level])]
        if level == "city" and "省" in levels:
            province = around[levels.index("省")]
            return province if self.book.name(province).endswith("市") else None
        return None

    def near(self, level: str, buyer: str, supplier: str, origin: str | None) -> bool | None:
        """Return whether a supplier lies in the buyer's unit, None unknown."""
        unit = self.units.get((level, buyer))
        where = (self.parks.get(supplier) if level == "park" else None) or origin
        if not unit or not where:
            return None
        if unit in self.book.around(where):
            return True
        return None if where in self.book.around(unit) else False

    def counted(self, level: str, buyer: str) -> bool:
        """Return whether a rate of this level counts a buyer."""
        if (level, buyer) in self.units:
            return True
        return buyer not in self.lies and level != "park" and level in self.some


class Purchase(NamedTuple):
    """A purchase, where it comes from, and whether that is near, level by level."""

    edge: Edge
    origin: str | None
    segment: str | None
    near: dict[str, bool | None]


Sums = dict[bool | None, float]


def answer(graph: "Graph[str]") -> list[Row]:
    """Return one row per purchase, what could be bought near first."""
    book = Book(graph)
    places = Places(book)
    bought = [_read(book, places, e) for e in book.latest if e[1] in book.insiders]
    rates = {
        level: _by_buyer(bought, level, {b for b in book.insiders if places.counted(level, b)})
        for level in LEVELS
    }
    _grouped(book, rates)
    offers = _offers(book, places)
    found = []
    for purchase in bought:
        near = purchase.near["city"]
        others = _others(book, places, offers, purchase) if near is False else []
        found.append((_rank(near, others), purchase, others))
    found.sort(key=lambda row: (row[0], *_order(book, row[1])))
    return [
        _row(book, number, purchase, others, rates["city"])
        for number, (_, purchase, others) in enumerate(found[:MOST], 1)
    ]


def _read(book: Book, places: Places, edge: Edge) -> Purchase:
    supplier, buyer, data = edge
    origin = places.lies.get(supplier) or data.get("source_region")
    near = {level: places.near(level, buyer, supplier, origin) for level in LEVELS}
    return Purchase(edge, origin, book.goods(edge), near)


def _by_buyer(
    bought: list[Purchase], level: str, counted: set[str]
) -> dict[str, tuple[Sums, Sums]]:
    """Return of each buyer the amounts, and the numbers of suppliers, near, elsewhere, unknown."""
    amounts: dict[str, Sums] = defaultdict(lambda: {True: 0.0, False: 0.0, None: 0.0})
    pairs: dict[str, dict[str, bool | None]] = defaultdict(dict)
    for purchase in bought:
        supplier, buyer, data = purchase.edge
        if buyer in counted:
            near = purchase.near[level]
            amounts[buyer][near] += data.get("amount", 0.0)
            before = pairs[buyer].get(supplier)
            pairs[buyer][supplier] = near if before is None else before or bool(near)
    found = {}
    for buyer, suppliers in pairs.items():
        numbers: Sums = {True: 0.0, False: 0.0, None: 0.0}
        for near in suppliers.values():
            numbers[near] += 1
        found[buyer] = (amounts[buyer], numbers)
    return found


def _grouped(
    book: Book, rates: dict[str, dict[str, tuple[Sums, Sums]]]
) -> dict[tuple[str, str, str, int], Sums]:
    """Add the rates up for all buyers, chains and regions."""
    found: dict[tuple[str, str, str, int], Sums] = {}
    for level, buyers in rates.items():
        for buyer, both in buyers.items():
            groups = [("total", "合计")]
            groups += [("chain", book.labels[chain]) for chain in book.chains.get(buyer, ())]
            groups += [("region", book.name(r)) for r in book.around(book.home.get(buyer))]
            for by, group in groups:
                for measure, sums in enumerate(both):
                    key = (level, by, group, measure)
                    total = found.setdefault(key, {True: 0.0, False: 0.0, None: 0.0})
                    for near, value in sums.items():
                        total[near] += value
    return found


def _offers(book: Book, places: Places) -> dict[tuple[str, str], dict[str, float]]:
    """Return who makes a product or stands in a segment, by city, with the capacity told."""
    found: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for kind in ("MAKES", "IN_SEGMENT"):
        for firm, target, data in book.edges[kind]:
            unit = places.units.get(("city", firm))
            if unit and firm in book.insiders:
                for thing in filter(None, (target, data.get("product"))):
                    here = found[unit, thing]
                    here[firm] = max(here.get(firm, -1.0), data.get("capacity", -1.0))
    return found


def _others(
    book: Book,
    places: Places,
    offers: dict[tuple[str, str], dict[str, float]],
    purchase: Purchase,
) -> list[str]:
    """Return who in the buyer's city could supply it: makers first, the largest first."""
    _, buyer, data = purchase.edge
    unit = places.units.get(("city", buyer))
    if not unit:
        return []
    makers = offers.get((unit, data.get("product", "")), {})
    standing = offers.get((unit, purchase.segment or ""), {})
    found = {firm: (0, -capacity) for firm, capacity in makers.items()}
    found |= {firm: (1, 1.0) for firm in standing if firm not in makers}
    found.pop(buyer, None)
    firms = book.nodes["Enterprise"]
    return sorted(found, key=lambda firm: (*found[firm], firms[firm]["name"]))


def _rank(near: bool | None, others: list[str]) -> int:  # noqa: FBT001  # a state
    if near is None:
        return 2
    return 3 if near else 0 if others else 1


def _order(book: Book, purchase: Purchase) -> tuple[Any, ...]:
    supplier, buyer, data = purchase.edge
    firms = book.nodes["Enterprise"]
    product = book.name(data.get("product"))
    return -data.get("amount", -1.0), firms[buyer]["name"], firms[supplier]["name"], product


def _row(
    book: Book,
    number: int,
    purchase: Purchase,
    others: list[str],
    rates: dict[str, tuple[Sums, Sums]],
) -> Row:
    supplier, buyer, data = purchase.edge
    value, count = rates.get(buyer, ({}, {}))
    names = "、".join(book.nodes["Enterprise"][firm]["name"] for firm in others[:NAMED])
    near = purchase.near["city"]
    told = {
        True: ("供方在本市", "Supplier within the city"),
        False: ("供方不在本市", "Supplier outside the city"),
        None: ("供方地区未填报", "Region of the supplier not reported"),
    }[near]
    more = (
        (f"；本市可供{len(others)}家", f"; {len(others)} in the city could") if others else ("", "")
    )
    return {
        "number": number,
        "buyer_id": buyer.split(":", 1)[1],
        "supplier_id": supplier.split(":", 1)[1],
        "goods": book.name(data.get("product")) or book.name(purchase.segment),
        "amount": data.get("amount"),
        "year": data.get("year"),
        "region": book.name(purchase.origin),
        "abroad": bool(ABROAD.search(book.name(purchase.origin))),
        **{f"same_{level}": state for level, state in purchase.near.items()},
        "rate_value": _rate(value),
        "rate_count": _rate(count),
        "alternatives": names + (f"等{len(others)}家" if len(others) > NAMED else ""),
        "alternative_count": len(others) if near is False else None,
        "reason": told[0] + more[0] + "。",
        "reason_en": told[1] + more[1] + ".",
        "evidence": place(data),
    }


def _rate(sums: Sums) -> list[float] | None:
    return interval(sums[True], sums[None], sum(sums.values())) if sums else None
