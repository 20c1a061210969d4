"""Who leads each chain: a score with its parts, and how often a firm is at the top when redrawn.

Included: control, support, coordination (core numbers, betweenness from 64 sources, segments,
alliances) and innovation, their percentiles, the score, the rank, and 40 draws of the relations
with 5 weightings each behind the probability; suppliers and buyers, the sentence and the place.
`coordination=False` leaves that part out, as `leads` does beyond its number of relations. Left out:
pull (systemic risk) unless its values are given, roles, gates, and what has been said in public.
"""

import math
import random
from collections import defaultdict
from collections.abc import Callable, Mapping

import networkx as nx

from benchmarks.peers.reading import SENT, Book, Graph, Row, place

SOURCES = 64
DRAWS, WEIGHTINGS, TOP = 40, 5, 3
LEVELS = (
    ("单项冠军", 5.0), ("小巨人", 4.0), ("独角兽", 4.0), ("专精特新", 3.0), ("瞪羚", 2.0),
    ("高新技术", 2.0), ("创新型", 1.0),
)  # fmt: skip
DIMENSIONS = ("control", "pull", "support", "coordination", "innovation")

Pair = tuple[str, str]
Values = dict[Pair, float]
Blend = list[Values]


def percentiles(values: Values) -> Values:
    """Return mean rank / n of each pair's value within its chain; (firm, chain) are the pairs."""
    by_chain: dict[str, list[tuple[float, Pair]]] = defaultdict(list)
    for pair, value in values.items():
        by_chain[pair[1]].append((float(f"{value:.12g}"), pair))
    found = {}
    for ranked in by_chain.values():
        ranked.sort()
        start = 0
        while start < len(ranked):
            end = start
            while end < len(ranked) and ranked[end][0] == ranked[start][0]:
                end += 1
            for _, pair in ranked[start:end]:
                found[pair] = ((start + end - 1) / 2 + 1) / len(ranked)
            start = end
    return found


def blended(parts: Blend, weights: list[float]) -> Values:
    """Return the weighted mean of the parts that each pair has."""
    top: Values = defaultdict(float)
    whole: Values = defaultdict(float)
    for weight, part in zip(weights, parts, strict=True):
        for pair, value in part.items():
            top[pair] += weight * value
            whole[pair] += weight
    return {pair: value / whole[pair] for pair, value in top.items()}


def control(book: Book) -> Values:
    """Return Σ (share of the chain's output) · (share of the segment's) over a firm's segments."""
    stands: dict[Pair, float | None] = {}
    for firm, segment, data in book.edges["IN_SEGMENT"]:
        before, more = stands.get((firm, segment)), data.get("output")
        known = [value for value in (before, more) if value is not None]
        stands[firm, segment] = sum(known) if known else None
    for (firm, segment), output in stands.items():
        alone = book.segment_of_goods.get(firm) == segment and len(book.chains[firm]) == 1
        if output is None and alone:
            stands[firm, segment] = book.nodes["Enterprise"][firm].get("output")
    told = {k: v for k, v in stands.items() if v is not None and k[0] in book.insiders}
    of_segment: dict[str, float] = defaultdict(float)
    of_chain: dict[str, float] = defaultdict(float)
    for (_, segment), output in told.items():
        of_segment[segment] += output
        of_chain[str(book.chain_of(segment))] += output
    found: Values = defaultdict(float)
    for (firm, segment), output in told.items():
        chain = str(book.chain_of(segment))
        whole = of_chain[chain] * of_segment[segment]
        found[firm, chain] += output * output / whole if whole else 0.0
    placed = {book.chain_of(segment) for _, segment in stands}
    return {**found, **_unplaced(book, {c for c in book.members if c not in placed})}


def _unplaced(book: Book, chains: set[str]) -> Values:
    """Take a chain where nobody has a segment as one segment, by 企业.产值."""
    outputs = {
        (firm, chain): book.nodes["Enterprise"][firm]["output"]
        for chain in chains
        for firm in book.members[chain]
        if len(book.chains[firm]) == 1 and "output" in book.nodes["Enterprise"][firm]
    }
    total: dict[str, float] = defaultdict(float)
    for (_, chain), output in outputs.items():
        total[chain] += output
    return {k: (v / total[k[1]]) ** 2 if total[k[1]] else 0.0 for k, v in outputs.items()}


def innovation(book: Book) -> Blend:
    """Return the percentiles of qualifications, patents and standards."""
    best: dict[str, float] = {}
    titles = [(firm, book.name(title)) for firm, title, _ in book.edges["HOLDS"]]
    for firm, data in book.nodes["Enterprise"].items():
        titles += [(firm, title) for title in data.get("qualifications", "").split(";") if title]
    for firm, title in titles:
        level = next((level for part, level in LEVELS if part in title), 1.0)
        best[firm] = max(best.get(firm, 0.0), 0.0 if title == "无" else level)
    firms = book.nodes["Enterprise"]
    values: Blend = [{}, {}, {}]
    for firm, chains in book.chains.items():
        known = (best.get(firm), firms[firm].get("patents"), firms[firm].get("standards"))
        for part, value in zip(values, known, strict=True):
            if value is not None:
                part.update({(firm, chain): float(value) for chain in chains})
    return [percentiles(part) for part in values]


class Support:
    """The sales of local small firms, chain by chain, or 配套 ties where none are reported."""

    def __init__(self, book: Book) -> None:
        """Keep each relation of a small firm in every chain it counts in."""
        self.rows: list[tuple[Pair, Pair, float]] = []
        for edge in book.latest:
            self._add(book, edge[0], edge[1], edge[2])
        self.chains = {seller[1] for seller, _, _ in self.rows}
        trades = book.declared_for_firms("供应关系")
        for supplier, buyer, data in book.edges["SUPPLIES"]:
            if "amount" in data:
                trades |= {supplier, buyer}
        ends = (tuple(sorted(edge[:2])) for edge in book.edges["COOPERATES"])
        self.ties = sorted({(one, two) for one, two in ends if one != two})
        tied = book.declared_for_firms("配套合作").union(*self.ties)
        self.known = [
            (firm, chain)
            for chain, firms in book.members.items()
            for firm in firms
            if firm in (trades if chain in self.chains else tied)
        ]

    def _add(self, book: Book, seller: str, buyer: str, data: Row) -> None:
        size = book.nodes["Enterprise"][seller].get("size")
        if size not in ("小", "微") or seller not in book.insiders or seller == buyer:
            return
        if not data.get("amount", 0) > 0:
            return
        named = data.get("chain") or book.chain_of(data.get("segment"))
        both = [c for c in book.chains.get(seller, ()) if buyer in book.members[c]]
        here = book.home.get(seller)
        for chain in [named] if named else both:
            home = book.home.get(chain)
            if not here or not home or home in book.around(here):
                self.rows.append(((seller, chain), (buyer, chain), data["amount"]))

    def values(self, times: Callable[[], int]) -> Values:
        """Return Σ (share of a small firm's sales that depends on it); each relation `times`."""
        drawn = [(seller, buyer, amount * times()) for seller, buyer, amount in self.rows]
        sold: Values = defaultdict(float)
        for seller, _, amount in drawn:
            sold[seller] += amount
        found: Values = defaultdict(float)
        for seller, buyer, amount in drawn:
            if sold[seller]:
                found[buyer] += amount / sold[seller]
        ties: dict[str, int] = defaultdict(int)
        for one, two in self.ties:
            number = times()
            ties[one] += number
            ties[two] += number
        return {p: found[p] if p[1] in self.chains else float(ties[p[0]]) for p in self.known}


def network(book: Book) -> "nx.Graph[str]":
    """Return all supplies and 配套 ties between enterprises, undirected."""
    found: nx.Graph[str] = nx.Graph()
    for kind in ("SUPPLIES", "COOPERATES"):
        found.add_edges_from((one, two) for one, two, _ in book.edges[kind] if one != two)
    return found


def chain_network(
    book: Book, tied: "nx.Graph[str]", chain: str
) -> tuple[list[str], "nx.Graph[str]"]:
    """Return a chain's firms that have a tie, and the network of them and their partners."""
    firms = [firm for firm in book.members[chain] if firm in tied]
    near = set(firms).union(*(tied[firm] for firm in firms))
    return firms, tied.subgraph(near).copy()


def betweenness(part: "nx.Graph[str]", sources: int = SOURCES) -> dict[str, float]:
    """Return betweenness from so many sources, all where there are fewer."""
    found: dict[str, float] = nx.betweenness_centrality(part, k=min(sources, len(part)), seed=1)
    return found


def coordinated(book: Book) -> tuple[Blend, Values]:
    """Return the percentiles of core, betweenness, segments and alliances; and betweenness."""
    tied = network(book)
    core: Values = {}
    between: Values = {}
    for chain in book.members:
        firms, part = chain_network(book, tied, chain)
        cores, betweens = nx.core_number(part), betweenness(part)
        core |= {(firm, chain): float(cores[firm]) for firm in firms}
        between |= {(firm, chain): betweens[firm] for firm in firms}
    silent = {
        (firm, chain): 0.0
        for firm in book.declared_for_firms("供应关系")
        for chain in book.chains.get(firm, ())
    }
    spans: dict[Pair, set[str]] = defaultdict(set)
    for firm, segment, _ in book.edges["IN_SEGMENT"]:
        if firm in book.insiders and (chain_ := book.chain_of(segment)):
            spans[firm, chain_].add(segment)
    segments = {pair: float(len(found)) for pair, found in spans.items()}
    parts = [silent | core, silent | between, segments, _alliances(book)]
    return [percentiles(part) for part in parts], between


def _alliances(book: Book) -> Values:
    works: dict[str, set[str]] = defaultdict(set)
    for firm, alliances in book.alliances.items():
        works[firm] |= {alliance for alliance, _ in alliances}
    theirs: dict[str, set[str]] = defaultdict(set)
    for organization, firm, mode in book.hosts:
        if mode != SENT:
            theirs[organization].add(firm)
    for one, two, _ in book.edges["CO_BUILDS"]:
        for near, far in ((one, two), (two, one)):
            for firm in {near} | theirs.get(near, set()):
                works[firm].add(far)
    known = book.declared_for_firms("联盟成员") | book.declared_for_firms("结对共建") | works.keys()
    return {
        (firm, chain): float(len(works.get(firm, ())))
        for firm, chains in book.chains.items()
        if firm in known
        for chain in chains
    }


class Score:
    """Lead = Π q^ω over the dimensions that each chain uses."""

    def __init__(self, pairs: list[Pair], parts: Mapping[str, Values]) -> None:
        """Take the percentiles of every dimension."""
        self.pairs = pairs
        self.used = {d: {chain for _, chain in part} for d, part in parts.items()}
        self.dimensions = {
            chain: [d for d in DIMENSIONS if chain in self.used.get(d, ())]
            for chain in {chain for _, chain in pairs}
        }

    def logs(self, parts: Mapping[str, Values]) -> dict[Pair, list[float]]:
        """Return log q of each pair in each dimension its chain uses; 0.5 where not reported."""
        return {
            pair: [math.log(parts[d].get(pair, 0.5)) for d in self.dimensions[pair[1]]]
            for pair in self.pairs
        }

    def scores(self, logs: Mapping[Pair, list[float]], weights: Mapping[str, float]) -> Values:
        """Return Σ ω log q of each pair, ω normalised over the dimensions of its chain."""
        found = {}
        shares = {}
        for chain, used in self.dimensions.items():
            total = sum(weights[d] for d in used)
            shares[chain] = [weights[d] / total for d in used] if total else []
        for pair, values in logs.items():
            share = shares[pair[1]]
            found[pair] = sum(w * v for w, v in zip(share, values, strict=True))
        return found


def _poisson(rng: random.Random) -> int:
    """Return a number drawn from a Poisson law of mean 1."""
    number, left, chance = 0, rng.random(), math.exp(-1.0)
    while left > chance and number < 9:  # noqa: PLR2004  # beyond that is one in a million
        left -= chance
        number += 1
        chance /= number
    return number


def _drawn(
    book: Book, score: Score, parts: dict[str, Values], blends: Mapping[str, Blend], draws: int
) -> Values:
    """Return how often each pair is in the top of its chain."""
    rng = random.Random(1)  # noqa: S311  # no secret
    support = Support(book)
    counts: Values = defaultdict(float)
    for _ in range(draws):
        drawn = dict(parts)
        drawn["support"] = percentiles(support.values(lambda: _poisson(rng)))
        for name, blend in blends.items():
            weights = [rng.expovariate(1.0) for _ in blend]
            drawn[name] = percentiles(blended(blend, weights))
        logs = score.logs(drawn)
        for _ in range(WEIGHTINGS):
            weights_of = {d: rng.gammavariate(1.0, 1.0) for d in DIMENSIONS}
            for pair in _first(score.scores(logs, weights_of)):
                counts[pair] += 1 / (draws * WEIGHTINGS)
    return counts


def _first(scores: Values) -> list[Pair]:
    by_chain: dict[str, list[tuple[float, Pair]]] = defaultdict(list)
    for pair, value in scores.items():
        by_chain[pair[1]].append((value, pair))
    found = []
    for ranked in by_chain.values():
        bar = sorted((value for value, _ in ranked), reverse=True)[:TOP][-1]
        found += [pair for value, pair in ranked if value >= bar]
    return found


def answer(
    graph: "Graph[str]",
    *,
    coordination: bool = True,
    pull: Mapping[str, float] | None = None,
    draws: int = DRAWS,
) -> list[Row]:
    """Return one row per enterprise and chain.

    Args:
        graph: The graph.
        coordination: Whether that dimension is computed.
        pull: Systemic risk less own size of each enterprise, if that dimension is to count.
        draws: How often the relations are drawn again.
    """
    book = Book(graph)
    blends = {"innovation": innovation(book)}
    between: Values = {}
    if coordination:
        blends["coordination"], between = coordinated(book)
    raw = {"control": control(book), "support": Support(book).values(lambda: 1)}
    if pull is not None:
        raw["pull"] = {(f, c): pull[f] for f in pull for c in book.chains.get(f, ())}
    raw |= {name: blended(blend, [1.0] * len(blend)) for name, blend in blends.items()}
    parts = {name: percentiles(values) for name, values in raw.items()}
    pairs = [(firm, chain) for chain, firms in book.members.items() for firm in sorted(firms)]
    score = Score(pairs, parts)
    found = score.scores(score.logs(parts), dict.fromkeys(DIMENSIONS, 1.0))
    chances = _drawn(book, score, parts, blends, draws)
    return _rows(
        book, score, found, parts | {"raw " + n: v for n, v in raw.items()}, chances, between
    )


def _rows(
    book: Book,
    score: Score,
    found: Values,
    parts: Mapping[str, Values],
    chances: Values,
    between: Values,
) -> list[Row]:
    suppliers: dict[str, set[str]] = defaultdict(set)
    buyers: dict[str, set[str]] = defaultdict(set)
    for supplier, buyer, _ in book.edges["SUPPLIES"]:
        suppliers[buyer].add(supplier)
        buyers[supplier].add(buyer)
    above: dict[str, int] = defaultdict(int)
    rows = []
    for pair, value in sorted(found.items(), key=lambda item: (item[0][1], -item[1], item[0][0])):
        firm, chain = pair
        above[chain] += 1
        used = score.dimensions[chain]
        chance, lead = chances.get(pair, 0.0), math.exp(value)
        told = "、".join(f"{name} {parts[name].get(pair, 0.5):.2f}" for name in used)
        size = len(book.members[chain])
        rows.append(
            {
                "chain_id": chain.split(":", 1)[1],
                "enterprise_id": firm.split(":", 1)[1],
                "enterprise": book.name(firm),
                "score": lead,
                "rank": above[chain],
                **{n: parts[n].get(pair, 0.5) if n in used else None for n in score.used},
                **{f"{n}_value": parts["raw " + n].get(pair) for n in score.used},
                "betweenness": between.get(pair),
                "upstream": len(suppliers[firm]) or None,
                "downstream": len(buyers[firm]) or None,
                "top_probability": chance,
                "reason": f"第 {above[chain]} 位（共 {size} 家），得分 {lead:.2f}（{told}）；"
                f"居前 {TOP} 概率 {chance:.2f}。",
                "reason_en": f"Rank {above[chain]} of {size}, score {lead:.2f} ({told}); "
                f"in the top {TOP} with {chance:.2f}.",
                "evidence": place(book.nodes["Enterprise"][firm]),
            }
        )
    return rows
