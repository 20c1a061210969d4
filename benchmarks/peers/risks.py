"""Risk of every enterprise: single sources, articulation firms, substitutes, and systemic risk.

Included: every row with its main segment, single source, articulation, substitutes near and far,
sales, share of all sales, level, sentence and place; ESRI with sectors, essential inputs and
substitution by `esri`, for the firms it is given, since one closure after another is all this way
offers. Left out: 受影响下游企业数 and 影响产值, and what-if closures of several firms.
"""

from collections import defaultdict
from collections.abc import Sequence

import networkx as nx

from benchmarks.peers.reading import Book, Edge, Graph, Row, place, some

EPSILON = 0.01
TINY = 1e-10
HIGH, MEDIUM = 0.01, 0.001


class Trade:
    """Sales, sectors and how much of what a firm loses when another stops."""

    def __init__(self, book: Book) -> None:
        """Add up sales by pair and lay out both kinds of dependence."""
        self.book = book
        used = [edge for edge in book.latest if edge[2].get("amount", 0) > 0]
        self.segment = _main_segments(book, used)
        self.sales: dict[tuple[str, str], float] = defaultdict(float)
        for supplier, buyer, data in used:
            self.sales[supplier, buyer] += data["amount"]
        self.sold: dict[str, float] = defaultdict(float)
        self.bought: dict[str, float] = defaultdict(float)
        for (supplier, buyer), amount in self.sales.items():
            self.sold[supplier] += amount
            self.bought[buyer] += amount
        self.trading = self.sold.keys() | self.bought.keys()
        firms = book.nodes["Enterprise"]
        coded = all(firms[firm].get("industry_code") for firm in self.trading)
        self.sector = {
            firm: (firms[firm].get("industry_code") if coded else self.segment.get(firm)) or firm
            for firm in self.trading
        }
        self._lay_out(_Levels(book, self.segment, by_code=coded))

    def _lay_out(self, levels: "_Levels") -> None:
        level = {(s, b): levels.of(s, b) for s, b in self.sales}
        supplied: dict[tuple[str, str], float] = defaultdict(float)
        for (supplier, buyer), amount in self.sales.items():
            supplied[buyer, self.sector[supplier]] += amount
        self.down: dict[str, list[tuple[str, str, float]]] = defaultdict(list)
        self.up: dict[str, list[tuple[str, float]]] = defaultdict(list)
        firms = self.book.nodes["Enterprise"]
        for (supplier, buyer), amount in self.sales.items():
            sector = self.sector[supplier]
            if level[supplier, buyer] == 2:  # noqa: PLR2004  # essential
                share = amount / supplied[buyer, sector]
                self.down[supplier].append((buyer, sector, share))
            elif level[supplier, buyer] == 1:
                self.down[supplier].append((buyer, "", amount / self.bought[buyer]))
            whole = max(self.sold[supplier], firms[supplier].get("revenue") or 0.0)
            self.up[buyer].append((supplier, amount / whole))
        self.in_sector: dict[str, float] = defaultdict(float)
        for firm, sold in self.sold.items():
            self.in_sector[self.sector[firm]] += sold

    def esri(self, closed: str) -> float:
        """Return the share of all sales lost when one firm stops; losses are kept, not outputs."""
        down, up = {closed: 1.0}, {closed: 1.0}
        while True:
            lost: dict[str, float] = defaultdict(float)
            for firm, loss in down.items():
                if firm in self.sold:
                    lost[self.sector[firm]] += self.sold[firm] * loss
            short: dict[tuple[str, str], float] = defaultdict(float)
            for firm, loss in down.items():
                left = self.in_sector.get(self.sector[firm], 0.0) - lost[self.sector[firm]]
                scarce = min(1.0, self.sold.get(firm, 0.0) / left) if left > TINY else 1.0
                for buyer, sector, share in self.down[firm]:
                    short[buyer, sector] += scarce * share * loss
            unsold: dict[str, float] = defaultdict(float)
            for firm, loss in up.items():
                for supplier, share in self.up[firm]:
                    unsold[supplier] += share * loss
            worst: dict[str, float] = defaultdict(float)
            for (buyer, _), loss in short.items():
                worst[buyer] = max(worst[buyer], loss)
            fell = max(self._grow(down, worst), self._grow(up, unsold))
            if fell <= EPSILON:
                break
        hit = down.keys() | up.keys()
        both = sum(self.sold.get(f, 0.0) * max(down.get(f, 0.0), up.get(f, 0.0)) for f in hit)
        return both / sum(self.sold.values())

    @staticmethod
    def _grow(known: dict[str, float], found: dict[str, float]) -> float:
        """Raise the losses known to those found, 1 at most; return the largest rise."""
        largest = 0.0
        for firm, loss in found.items():
            more = min(1.0, loss) - known.get(firm, 0.0)
            if more > 0:
                known[firm] = min(1.0, loss)
                largest = max(largest, more)
        return largest


class _Levels:
    """How essential one firm's goods are to another: 2, 1 or 0."""

    def __init__(self, book: Book, segment: dict[str, str], *, by_code: bool) -> None:
        firms = book.nodes["Enterprise"]
        self.segment, self.by_code = segment, by_code
        self.names = {
            firm: data.get("industry_code", "") if by_code else book.name(segment.get(firm))
            for firm, data in firms.items()
        }
        self.sheet: dict[tuple[str, str], int] = {}
        for row in book.nodes["InputCriticality"].values():
            if "criticality" in row:
                key = (row["supplier_industry"], row["buyer_industry"])
                self.sheet[key] = max(self.sheet.get(key, 0), int(row["criticality"]))
        self.asked = bool(book.nodes["InputCriticality"])
        self.template = _essential(book)

    def of(self, supplier: str, buyer: str) -> int:
        if self.asked:
            return self.sheet.get((self.names[supplier], self.names[buyer]), 0)
        if self.by_code:
            return 1
        pair = (self.segment.get(supplier), self.segment.get(buyer))
        return 2 if pair in self.template else 1


def _essential(book: Book) -> set[tuple[str | None, str | None]]:
    """Return the essential links of the template, a parent's for each segment below it."""
    below: dict[str, set[str]] = defaultdict(set)
    for segment in book.nodes["Segment"]:
        at: str | None = segment
        while at and segment not in below[at]:
            below[at].add(segment)
            at = book.nodes["Segment"][at].get("parent")
    return {
        (one, two)
        for start, end, data in book.edges["UPSTREAM_OF"]
        if data.get("essential") and not data.get("recycling")
        for one in below[start]
        for two in below[end]
    }


def _main_segments(book: Book, used: list[Edge]) -> dict[str, str]:
    """Return the segment of each firm's largest output, else of the goods it sells most."""
    sells: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for edge in used:
        if segment := book.goods(edge):
            sells[edge[0]][segment] += edge[2]["amount"]
    stands: dict[str, dict[str, float]] = defaultdict(dict)
    for firm, segment, data in book.edges["IN_SEGMENT"]:
        before = stands[firm].get(segment, -1.0)
        told = data.get("output")
        stands[firm][segment] = before if told is None else max(before, 0.0) + told
    return {
        firm: min(found, key=lambda segment: (-found[segment], segment))
        for firm, found in {**sells, **stands}.items()
    }


def single_sources(book: Book) -> list[tuple[str, str, str, Edge]]:
    """Return essential inputs with one supplier only: supplier, buyer, input, a relation."""
    suppliers: dict[tuple[str, str], set[str]] = defaultdict(set)
    essential: set[tuple[str, str]] = set()
    rows: dict[tuple[str, str], list[Edge]] = defaultdict(list)
    for edge in book.latest:
        supplier, buyer, data = edge
        item = data.get("product") or book.goods(edge)
        if item:
            suppliers[buyer, item].add(supplier)
            rows[buyer, item].append(edge)
            if data.get("essential"):
                essential.add((buyer, item))
    return [
        (next(iter(suppliers[key])), key[0], key[1], rows[key][0])
        for key in essential
        if len(suppliers[key]) == 1
    ]


def answer(graph: "Graph[str]", closed: Sequence[str] = ()) -> list[Row]:
    """Return one row per enterprise, with ESRI of those in `closed` only."""
    book = Book(graph)
    trade = Trade(book)
    index = {firm: trade.esri(firm) for firm in closed}
    tied: nx.Graph[str] = nx.Graph()
    tied.add_edges_from((s, b) for s, b, _ in book.latest if s != b)
    holding = set(nx.articulation_points(tied))
    alone = single_sources(book)
    single = {supplier for supplier, _, _, _ in alone}
    asked = book.insiders | {supplier for supplier, _, _ in book.latest}
    near, far = _substitutes(book, trade.segment)
    whole = sum(trade.sold.values()) or 1.0
    found = []
    for firm in asked:
        row: Row = {
            "enterprise_id": firm.split(":", 1)[1],
            "enterprise": book.name(firm),
            "chain": some((book.labels[chain] for chain in book.chains.get(firm, ())), 5),
            "segment": book.name(trade.segment.get(firm)),
            "single_source": firm in single,
            "articulation": firm in holding if firm in tied else None,
            "sales": trade.sold.get(firm),
            "size_share": trade.sold.get(firm, 0.0) / whole,
            "esri": index.get(firm) if firm in trade.trading else 0.0,
        }
        at = trade.segment.get(firm, "")
        found.append(row | _told(book, firm, row, near.get(at, []), far.get(at, [])))
    found.sort(key=lambda row: (-(row["esri"] or 0.0), -row["size_share"], row["enterprise"]))
    return found


def _substitutes(book: Book, segment: dict[str, str]) -> tuple[dict[str, list[str]], ...]:
    """Return the firms of each main segment in the chain's region, and the others, by output."""
    near: dict[str, list[str]] = defaultdict(list)
    far: dict[str, list[str]] = defaultdict(list)
    for firm, at in segment.items():
        home = book.home.get(str(book.chain_of(at)))
        region = book.home.get(firm)
        local = firm in book.insiders and (not home or not region or home in book.around(region))
        (near if local else far)[at].append(firm)
    firms = book.nodes["Enterprise"]
    for side in (near, far):
        for listed in side.values():
            listed.sort(key=lambda other: -(firms[other].get("output") or 0.0))
    return near, far


def _told(book: Book, firm: str, row: Row, near: list[str], far: list[str]) -> Row:
    own = firm in near
    local, elsewhere = len(near) - own, len(far) - (bool(row["segment"]) and not own)
    first = [other for other in (*near[:6], *far[:6]) if other != firm][:5]
    index = row["esri"] if row["esri"] is not None else row["size_share"]
    single = row["single_source"]
    level = "high" if index >= HIGH else "medium" if single or index >= MEDIUM else "low"
    zh = f"停产使全网损失产出{index:.2%}（自身占{row['size_share']:.2%}）"
    en = f"Its stop costs {index:.2%} of all output (own size {row['size_share']:.2%})"
    if single:
        zh, en = zh + "；是关键投入的唯一供方", en + "; only supplier of an essential input"
    return {
        "substitutes": "、".join(book.name(other) for other in first),
        "local_substitutes": local,
        "outside_substitutes": elsewhere,
        "level": level,
        "reason": f"{zh}；本地替代{local}家。",
        "reason_en": f"{en}; local substitutes: {local}.",
        "evidence": place(book.nodes["Enterprise"][firm]),
    }
