"""Who could fill every open order, alone or together.

Included: what is free of each product at each firm, the fewest firms that fill each order as far as
it can be filled (every set of up to four firms is tried, larger ones are built greedily), the
quantities, what is lacking, sentences and places. Left out: the preference for one alliance, ties
and region among sets of equal size, what cannot be compared, who else has sold the product.
"""

import re
from collections import defaultdict
from itertools import combinations
from typing import NamedTuple

from benchmarks.peers.reading import Book, Data, Graph, Row, place, some

DONE = re.compile("已完成|完成|已交付|取消|终止|关闭")
TOGETHER = 4
ENOUGH = 1e-6


class Line(NamedTuple):
    """A line of an order."""

    node: str
    data: Data
    unit: str
    buyer: str | None
    takers: list[str]

    @property
    def open(self) -> bool:
        """Whether nobody has taken it and it is not over."""
        return not self.takers and not DONE.search(self.data.get("status", ""))

    @property
    def sound(self) -> bool:
        """Whether product, quantity and unit are all told."""
        return bool(self.data.get("product") and self.data.get("quantity", 0) > 0 and self.unit)


class Offer(NamedTuple):
    """What is free of a product at a firm."""

    firm: str
    free: float
    evidence: str


Offers = dict[tuple[str, str], list[Offer]]


def answer(graph: "Graph[str]") -> list[Row]:
    """Return one row per line and firm that fills it, and one for what is lacking."""
    book = Book(graph)
    orders = _orders(book)
    offers = _offers(book, [line for lines in orders.values() for line in lines])
    rows = []
    for number, lines in orders.items():
        rows += [_row(book, number, line, "、".join(map(book.name, line.takers)))
                 for line in lines if not line.open]  # fmt: skip
        wanted = [line for line in lines if line.open]
        rows += _filled(book, number, wanted, offers)
    return sorted(rows, key=lambda row: (row["order_number"], row["product"], row["missing"]))


def _orders(book: Book) -> dict[str, list[Line]]:
    takers: dict[str, list[str]] = defaultdict(list)
    for firm, order, data in book.edges["PARTICIPATES"]:
        if data.get("role") == "承接" and firm.startswith("Enterprise:"):
            takers[order].append(firm)
    buyers = {order: firm for firm, order, _ in book.edges["ORDERS"]}
    found: dict[str, list[Line]] = defaultdict(list)
    for node, data in book.nodes["Order"].items():
        unit = data.get("unit") or _unit(book, data.get("product"))
        line = Line(node, data, unit, buyers.get(node), takers[node])
        found[str(data.get("number", data["id"]))].append(line)
    return found


def _unit(book: Book, product: str | None) -> str:
    return str(book.nodes["Product"].get(product or "", {}).get("unit", ""))


def _offers(book: Book, lines: list[Line]) -> Offers:
    held: dict[tuple[str, str, str], float] = defaultdict(float)
    for line in lines:
        if len(line.takers) == 1 and not DONE.search(line.data.get("status", "")):
            key = (line.takers[0], line.data.get("product", ""), line.unit)
            held[key] += line.data.get("quantity", 0.0)
    told: dict[tuple[str, str, str], list[tuple[float | None, float | None, str]]]
    told = defaultdict(list)
    for kind in ("MAKES", "IN_SEGMENT"):
        for firm, target, data in book.edges[kind]:
            product = target if kind == "MAKES" else data.get("product")
            if product and firm in book.insiders:
                unit = data.get("unit") or _unit(book, product)
                made = data.get("quantity")
                told[firm, product, unit].append((data.get("capacity"), made, place(data)))
    found: Offers = defaultdict(list)
    for (firm, product, unit), rows in told.items():
        stated = [capacity for capacity, _, _ in rows if capacity is not None]
        made = [quantity for _, quantity, _ in rows if quantity is not None]
        if stated or made:
            free = max(stated or made) - held[firm, product, unit]
            if free > 0:
                found[product, unit].append(Offer(firm, free, rows[0][2]))
    return found


def _filled(book: Book, number: str, lines: list[Line], offers: Offers) -> list[Row]:
    could = {
        line.node: [
            offer
            for offer in offers.get((line.data["product"], line.unit), ())
            if offer.firm != line.buyer
        ]
        for line in lines
        if line.sound
    }
    chosen = fewest(lines, could)
    rows = []
    for line in lines:
        left = line.data.get("quantity", 0.0)
        offered = [offer for offer in could.get(line.node, ()) if offer.firm in chosen]
        for offer in sorted(offered, key=lambda o: (-min(o.free, left), book.name(o.firm))):
            given = min(left, offer.free)
            if given > 0:
                left -= given
                rows.append(_row(book, number, line, book.name(offer.firm), given, offer.evidence))
        if left > ENOUGH * line.data.get("quantity", 1.0) or not line.sound:
            rows.append(_row(book, number, line, "", lacking=left if line.sound else None))
    return rows


def fewest(lines: list[Line], could: dict[str, list[Offer]]) -> set[str]:
    """Return the fewest firms that fill every line as far as all firms together could."""
    shares = {
        line.node: {o.firm: min(1.0, o.free / line.data["quantity"]) for o in could[line.node]}
        for line in lines
        if line.node in could
    }
    goal = {node: min(1.0, sum(share.values())) for node, share in shares.items()}
    firms = sorted({firm for share in shares.values() for firm in share})

    def filled(team: tuple[str, ...]) -> bool:
        return all(
            sum(share.get(firm, 0.0) for firm in team) >= goal[node] - ENOUGH
            for node, share in shares.items()
        )

    for size in range(min(TOGETHER, len(firms)) + 1):
        for team in combinations(firms, size):
            if filled(team):
                return set(team)
    chosen: tuple[str, ...] = ()
    while not filled(chosen):
        gain = {
            firm: sum(
                min(
                    share.get(firm, 0.0),
                    goal[n] - min(goal[n], sum(share.get(f, 0.0) for f in chosen)),
                )
                for n, share in shares.items()
            )
            for firm in firms
            if firm not in chosen
        }
        chosen = (*chosen, max(gain, key=lambda firm: gain[firm]))
    return set(chosen)


def _row(
    book: Book,
    number: str,
    line: Line,
    enterprise: str,
    given: float | None = None,
    evidence: str = "",
    lacking: float | None = None,
) -> Row:
    product = book.name(line.data.get("product"))
    quantity = line.data.get("quantity")
    who = enterprise or "无人可供"
    return {
        "order_number": number,
        "product": product,
        "quantity": quantity,
        "unit": line.unit,
        "buyer": book.name(line.buyer),
        "enterprise": enterprise,
        "supplied_quantity": given,
        "share": given / quantity if given and quantity else None,
        "missing": "" if enterprise else product,
        "missing_quantity": lacking,
        "reason": f"{product}：{who}{f'供 {given:g}{line.unit}' if given else ''}。",
        "reason_en": f"{product}: {enterprise or 'nobody'} supplies {given or 0:g}.",
        "evidence": some([place(line.data), evidence], 9, "；"),
    }
