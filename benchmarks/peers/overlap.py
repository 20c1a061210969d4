"""Who makes the same as whom in a segment, who cooperates, and the role of every firm.

Included: the shares of what each firm makes, every pair with its overlap, ties, common alliances,
advice, sentence and places (the rows), and after them one row per firm and chain with its role.
Left out: the five symptoms, clusters, and concentration by segment.
"""

from collections import defaultdict
from itertools import combinations
from typing import NamedTuple

from benchmarks.peers.reading import Book, Graph, Row, place, some

SAME, LISTED, RATIO, LARGEST, MOST = 0.6, 0.3, 5.0, 100, 5000
LEADS, MIN_FIRMS = 0.2, 3

Unit = tuple[str, str]


class Couple(NamedTuple):
    """Two firms of a segment that share something they make."""

    one: str
    two: str
    segment: str
    overlap: float
    shared: list[str]


def answer(graph: "Graph[str]") -> list[Row]:
    """Return one row per pair, then one per firm and chain."""
    book = Book(graph)
    ties = book.ties
    pairs = [pair for pair in couples(book) if pair.overlap >= LISTED]
    rows = [_pair(book, ties, pair) for pair in pairs]
    rows.sort(key=lambda row: (-row["overlap"], -row["together"], row["firm_a"], row["firm_b"]))
    return rows[:MOST] + _roles(book, ties, pairs)


def portfolios(book: Book) -> dict[Unit, dict[str, float]]:
    """Return the share of each product in what a firm makes in a segment."""
    value: dict[Unit, dict[str, float | None]] = defaultdict(dict)
    as_stands: dict[tuple[str, str], str] = {}
    for firm, segment, data in book.edges["IN_SEGMENT"]:
        if product := data.get("product"):
            _least(value[firm, segment], product, data.get("output"))
            as_stands.setdefault((firm, product), segment)
    made: dict[Unit, dict[str, float | None]] = defaultdict(dict)
    for firm, product, data in book.edges["MAKES"]:
        own = book.nodes["Product"][product].get("segment")
        at = as_stands.get((firm, product)) or own or book.segment_of_goods.get(firm)
        if at:
            priced = "quantity" in data and "price" in data
            worth = data["quantity"] * data["price"] * 1e-4 if priced else None
            _least(made[firm, at], product, worth)
    for unit, products in made.items():
        for product, worth in products.items():
            if value[unit].get(product) is None:
                value[unit][product] = worth
    found = {}
    for unit, products in value.items():
        total = sum(worth or 0.0 for worth in products.values())
        by_value = None not in products.values() and total > 0
        found[unit] = {
            product: (worth or 0.0) / total if by_value else 1 / len(products)
            for product, worth in products.items()
        }
    return {unit: shares for unit, shares in found.items() if unit[0] in book.insiders}


def _least(values: dict[str, float | None], key: str, value: float | None) -> None:
    known = [v for v in (values.get(key), value) if v is not None]
    values[key] = min(known) if known else None


def couples(book: Book) -> list[Couple]:
    """Return every pair of firms of a segment that share a product."""
    shares = portfolios(book)
    makers: dict[Unit, list[str]] = defaultdict(list)
    for (firm, segment), products in shares.items():
        for product in products:
            makers[segment, product].append(firm)
    least: dict[tuple[str, str, str], float] = defaultdict(float)
    shared: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    outputs = {f: d.get("output", -1.0) for f, d in book.nodes["Enterprise"].items()}
    for (segment, product), firms in makers.items():
        largest = sorted(firms, key=lambda firm: (-outputs[firm], firm))[:LARGEST]
        for pair in combinations(largest, 2):
            one, two = sorted(pair, key=lambda f: (book.name(f), f))
            key = (one, two, segment)
            least[key] += min(shares[one, segment][product], shares[two, segment][product])
            shared[key].append(book.name(product))
    return [
        Couple(*key, round(min(total, 1.0) / (2 - min(total, 1.0)), 12), shared[key])
        for key, total in least.items()
    ]


def _pair(book: Book, ties: dict[str, set[str]], pair: Couple) -> Row:
    firms = book.nodes["Enterprise"]
    outputs = [firms[firm].get("output") for firm in (pair.one, pair.two)]
    known = [output for output in outputs if output is not None]
    ratio = max(known) / min(known) if len(known) == 2 and min(known) > 0 else 0.0  # noqa: PLR2004  # both
    tie = pair.two in ties[pair.one]
    same = pair.overlap >= SAME
    advice = ("integrate" if tie or ratio >= RATIO else "differ") if same else "complement"
    common = {a for a, _ in book.alliances.get(pair.one, set())} & {
        a for a, _ in book.alliances.get(pair.two, set())
    }
    zh = f"产品重叠度 {pair.overlap:.0%}，" + (
        ("已有合作" if tie else f"产值相差 {ratio:.1f} 倍" if ratio >= RATIO else "宜错位")
        if same
        else "产品线相邻"
    )
    return {
        "chain": book.labels.get(str(book.chain_of(pair.segment)), ""),
        "segment": book.name(pair.segment),
        "firm_a": book.name(pair.one),
        "firm_a_id": pair.one.split(":", 1)[1],
        "firm_b": book.name(pair.two),
        "firm_b_id": pair.two.split(":", 1)[1],
        "overlap": pair.overlap,
        "shared": some(pair.shared, 10),
        "cooperates": tie or None,
        "same_alliance": some(book.name(alliance) for alliance in common),
        "together": sum(known),
        "advice": advice,
        "reason": zh + "。",
        "reason_en": f"Overlap {pair.overlap:.0%}: {advice}.",
        "evidence": "；".join(place(firms[firm]) for firm in (pair.one, pair.two)),
    }


def _declared(book: Book) -> set[Unit]:
    """Return which firm is declared 链主 or 龙头 of which chain, there or in an alliance."""
    found = {
        (firm, chain)
        for firm, chain, data in book.edges["IN_CHAIN"]
        if {"链主", "龙头"} & set(data.get("role", "").split(";"))
    }
    covers: dict[str, list[str]] = defaultdict(list)
    for alliance, chain, _ in book.edges["COVERS"]:
        covers[alliance].append(chain)
    for firm, alliance, data in book.edges["MEMBER_OF"]:
        if data.get("role") == "链主":
            found |= {(firm, chain) for chain in covers[alliance]}
    return found


def _roles(book: Book, ties: dict[str, set[str]], pairs: list[Couple]) -> list[Row]:
    firms, declared = book.nodes["Enterprise"], _declared(book)
    twins: dict[Unit, set[str]] = defaultdict(set)
    for pair in pairs:
        if pair.overlap >= SAME:
            chain = str(book.chain_of(pair.segment))
            twins[pair.one, chain].add(pair.two)
            twins[pair.two, chain].add(pair.one)
    rows = []
    for chain, members in book.members.items():
        outputs = [firms[firm]["output"] for firm in members if "output" in firms[firm]]
        total = sum(outputs) if len(outputs) >= MIN_FIRMS else 0.0
        for firm in members:
            data = firms[firm]
            share = data.get("output", 0.0) / total if total else 0.0
            partners = len(ties[firm] & members)
            small = data.get("size") in ("中", "小", "微") or data.get("above_scale") is False
            alike = len(twins[firm, chain])
            tests = {
                "leader": (firm, chain) in declared or share >= LEADS,
                "competing": alike > 0,
                "complementary": partners > 0,
                "small": small,
            }
            role = next((name for name, holds in tests.items() if holds), "not_reported")
            rows.append(
                {
                    "chain": book.labels[chain],
                    "firm_id": firm.split(":", 1)[1],
                    "role": role,
                    "reason": f"占链内产值 {share:.1%}；与{alike}家同质；与{partners}家有往来。",
                    "reason_en": f"{share:.1%} of the chain's output; makes the same as {alike}; "
                    f"ties with {partners}.",
                    "evidence": place(data),
                }
            )
    return rows
