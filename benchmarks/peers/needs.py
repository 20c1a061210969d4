"""Needs, what is on record for them, and the best assignment of resources to the open ones.

Included: every need with its state, days, actions and resources on record; scored candidates by
text, chain, region, conditions and waiting; an assignment by `networkx.network_simplex` over the
20 best limited resources of each need, needs served first; the best resources without a limit;
sentences and places. Left out: the comparison with a greedy assignment, visits, policies, loads.
Dates are read by `graphmodel.dates`.
"""

import heapq
import math
import random
import re
from collections import defaultdict
from datetime import date
from functools import lru_cache

import networkx as nx

from benchmarks.peers.reading import Book, Data, Graph, Row, place, some
from graphmodel.dates import first_day, last_day

CANCELLED = re.compile("取消|终止|中止|撤销")
SILENT = re.compile(r"[\W\d_]+|虚构|第[\d一二三四五六七八九十百]+号")
SIZES = {
    "中小微企业": "中小微", "中小企业": "中小微", "小微企业": "小微", "大型企业": "大",
    "中型企业": "中", "小型企业": "小", "微型企业": "微",
}  # fmt: skip
TITLES = (
    "高新技术企业", "科技型中小企业", "创新型中小企业", "专精特新", "小巨人", "单项冠军", "瞪羚",
    "独角兽",
)  # fmt: skip
WORDS = sorted((*TITLES, *SIZES, "规上", "重点企业"), key=len, reverse=True)
FILLER = re.compile(r"企业|工业|认定|有效期内|均可|[的且和与及或、，,;；\s()（）]")
NOT, UNKNOWN, ANY, MET = range(4)
WORTH = (0.0, 0.2, 0.6, 1.0)
WEIGHTS = {"text": 0.4, "chain": 0.2, "region": 0.2, "conditions": 0.1, "waiting": 0.1}
CANDIDATES, LISTED = 20, 5
SCALE = 1_000_000  # network_simplex needs whole costs
NAMES = {
    "overdue": ("逾期", "overdue"), "unmatched": ("无匹配", "unmatched"),
    "in_progress": ("推进中", "in progress"), "closed": ("已办结", "closed"),
}  # fmt: skip

first = lru_cache(maxsize=None)(first_day)
last = lru_cache(maxsize=None)(last_day)


def moment(book: Book) -> date | None:
    """Return the latest day by which something has happened."""
    found = [
        first(d[c]) for d in book.nodes["Need"].values() for c in ("raised", "closed") if c in d
    ]
    found += [first(d["completed"]) for d in book.nodes["Action"].values() if "completed" in d]
    found += [first(d["date"]) for _, _, d in book.edges["VISITS"] if "date" in d]
    claims = [d for _, _, d in book.edges["CLAIMS"]]
    found += [first(d[c]) for d in claims for c in ("applied", "paid") if c in d]
    found += [last(d["as_of"]) for d in book.nodes["Scope"].values() if "as_of" in d]
    return max(found, default=None)


class Fit:
    """Whom a resource suits: by region, chain and conditions."""

    def __init__(self, book: Book, day: date | None) -> None:
        """Look up what resources name and what enterprises hold."""
        self.book = book
        self.regions: dict[str, set[str]] = defaultdict(set)
        self.chains: dict[str, set[str]] = defaultdict(set)
        for resource, target, _ in book.edges["APPLIES_TO"]:
            side = self.regions if target.startswith("Region:") else self.chains
            side[resource].add(target)
        self.held: dict[str, list[str]] = defaultdict(list)
        for firm, title, data in book.edges["HOLDS"]:
            if day is None or "expires" not in data or last(data["expires"]) >= day:
                self.held[firm].append(book.name(title))
        self.told = book.declared_for_firms("企业资质")
        self._known: dict[tuple[str | None, str], int] = {}
        self._read: dict[str, tuple[list[str], bool, bool]] = {}

    def levels(self, firm: str | None, resource: str) -> tuple[int, int, int]:
        """Return the levels by chain, region and conditions."""
        chains = self.book.chains.get(firm or "", [])
        regions = self.book.around(self.book.home.get(firm or ""))
        conditions = self.book.nodes["Resource"][resource].get("conditions", "").strip()
        key = (firm, conditions)
        if key not in self._known:
            self._known[key] = self._judged(firm, conditions)
        return (
            self._within(self.chains.get(resource), chains),
            self._within(self.regions.get(resource), regions),
            self._known[key],
        )

    @staticmethod
    def _within(named: set[str] | None, own: list[str]) -> int:
        if not named:
            return ANY
        if not own:
            return UNKNOWN
        return NOT if named.isdisjoint(own) else MET

    def _judged(self, firm: str | None, text: str) -> int:
        if text not in self._read:
            self._read[text] = self._parsed(text)
        words, either, understood = self._read[text]
        if not words:
            return ANY if understood else UNKNOWN
        if firm is None:
            return UNKNOWN
        each = [self._says(firm, word) for word in words]
        level = max(each) if either else min(each)
        return UNKNOWN if level == MET and not understood else level

    @staticmethod
    def _parsed(text: str) -> tuple[list[str], bool, bool]:
        rest, found = text.replace("规模以上", "规上").replace("高企", "高新技术企业"), []
        for word in WORDS:
            if word in rest:
                found.append(word)
                rest = rest.replace(word, "")
        either = len(found) > 1 and bool(re.search("或|、|/", text))
        return found, either, not FILLER.sub("", rest)

    def _says(self, firm: str, word: str) -> int:
        data = self.book.nodes["Enterprise"][firm]
        if word in SIZES:
            return self._level(data.get("size"), data.get("size", "?") in SIZES[word])
        if word in ("规上", "重点企业"):
            value = data.get("above_scale" if word == "规上" else "key")
            return self._level(value, bool(value))
        own = data.get("qualifications", "")
        held = ";".join([own, *self.held.get(firm, ())])
        wanted = (word, "小巨人") if word == "专精特新" else (word,)
        has = any(part in held for part in wanted)
        return MET if has else NOT if own or firm in self.told else UNKNOWN

    @staticmethod
    def _level(value: object, met: bool) -> int:  # noqa: FBT001  # a state
        if value is None:
            return UNKNOWN
        return MET if met else NOT


def bigrams(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters of a text without digits and marks."""
    plain = SILENT.sub("", text.lower())
    return frozenset(plain[i : i + 2] for i in range(max(len(plain) - 1, min(len(plain), 1))))


class Likeness:
    """Cosine of weighted bigrams between the needs and the resources of one category."""

    def __init__(self, left: dict[str, str], right: dict[str, str]) -> None:
        """Weigh the bigrams of both sides."""
        self.left = {node: bigrams(text) for node, text in left.items()}
        grams = {node: bigrams(text) for node, text in right.items()}
        plain = [{SILENT.sub("", text.lower()) for text in side.values()} for side in (left, right)]
        held: dict[str, int] = defaultdict(int)
        for side in plain:
            for text in side:
                for gram in bigrams(text):
                    held[gram] += 1
        whole = sum(len(side) for side in plain)
        self.weight = {gram: math.log1p(whole / number) for gram, number in held.items()}
        self.length = {node: self._length(found) for node, found in grams.items()}
        self.holding: dict[str, list[str]] = defaultdict(list)
        for node, found in grams.items():
            for gram in found:
                self.holding[gram].append(node)

    def _length(self, grams: frozenset[str]) -> float:
        return math.sqrt(sum(self.weight[gram] ** 2 for gram in grams))

    def of(self, need: str) -> dict[str, float]:
        """Return the likeness of a need with every resource that shares a bigram."""
        found: dict[str, float] = defaultdict(float)
        own = self._length(self.left[need])
        for gram in self.left[need]:
            for resource in self.holding.get(gram, ()):
                found[resource] += self.weight[gram] ** 2
        return {r: min(1.0, value / (own * self.length[r])) for r, value in found.items()}


class Register:
    """Needs with what is on record for them."""

    def __init__(self, book: Book) -> None:
        """Look up actions and their resources."""
        self.book, self.day = book, moment(book)
        live = {
            a for a, d in book.nodes["Action"].items() if not CANCELLED.search(d.get("status", ""))
        }
        self.actions: dict[str, set[str]] = defaultdict(set)
        of_action: dict[str, set[str]] = defaultdict(set)
        for action, need, _ in book.edges["ADDRESSES"]:
            if action in live:
                self.actions[need].add(action)
                of_action[action].add(need)
        self.resources: dict[str, set[str]] = defaultdict(set)
        users: dict[str, set[str]] = defaultdict(set)
        for action, resource, _ in book.edges["USES"]:
            if action in live:
                for need in of_action.get(action, ()):
                    self.resources[need].add(resource)
                users[resource] |= of_action.get(action) or {action}
        self.firm = {need: firm for need, firm, _ in book.edges["RAISED_BY"]}
        self.free = {
            resource: math.floor(data["capacity"]) - len(users[resource])
            for resource, data in book.nodes["Resource"].items()
            if "capacity" in data
        }

    def valid(self, data: Data) -> bool:
        """Return whether a resource is valid on the day."""
        if self.day is None:
            return True
        starts = "valid_from" not in data or first(data["valid_from"]) <= self.day
        return starts and ("valid_to" not in data or last(data["valid_to"]) >= self.day)

    def state(self, need: str) -> tuple[str, int | None]:
        """Return the state of a need and the days it has been open."""
        data, day = self.book.nodes["Need"][need], self.day
        if day is None:
            return ("in_progress" if self.actions[need] else "unmatched"), None
        waited = max(0, (day - last(data["raised"])).days) if "raised" in data else None
        if "closed" in data and first(data["closed"]) <= day:
            return "closed", None
        if "due" in data and last(data["due"]) < day:
            return "overdue", waited
        return ("in_progress" if self.actions[need] else "unmatched"), waited

    def wanted(self, need: str) -> str:
        """Return what a need says it wants."""
        data = self.book.nodes["Need"][need]
        parts = [data.get(name, "") for name in ("content", "position", "major")]
        return " ".join([*parts, self.book.name(data.get("product"))])


def answer(graph: "Graph[str]") -> list[Row]:
    """Return one row per need, overdue ones first."""
    book = Book(graph)
    register = Register(book)
    fit = Fit(book, register.day)
    states = {need: register.state(need) for need in book.nodes["Need"]}
    asking: dict[str, list[str]] = defaultdict(list)
    for need, data in book.nodes["Need"].items():
        if states[need][0] != "closed" and not register.resources[need] and "category" in data:
            asking[data["category"]].append(need)
    proposed: dict[str, tuple[str, float]] = {}
    others: dict[str, list[str]] = {}
    for category, needs in asking.items():
        resources = [
            r for r, d in book.nodes["Resource"].items()
            if d.get("category") == category and register.valid(d)
        ]  # fmt: skip
        scored = _scored(register, fit, needs, resources, states)
        open_ = {need: {r: s for r, s in best.items() if r in register.free}
                 for need, best in scored.items()}  # fmt: skip
        proposed |= assigned(open_, register.free)
        for need, best in scored.items():
            unlimited = [(s, r) for r, s in best.items() if r not in register.free]
            others[need] = [book.name(r) for _, r in sorted(unlimited, reverse=True)[:LISTED]]
    rows = [
        _row(register, need, states[need], proposed.get(need), others.get(need, []))
        for need in states
    ]
    order = list(NAMES)
    rows.sort(key=lambda row: (order.index(row["state"]), -(row["days_open"] or 0), row["need_id"]))
    return rows


def _scored(
    register: Register,
    fit: Fit,
    needs: list[str],
    resources: list[str],
    states: dict[str, tuple[str, int | None]],
) -> dict[str, dict[str, float]]:
    """Return the best limited and unlimited resources of each need, with their scores."""
    book = register.book
    texts = {need: register.wanted(need) for need in needs}
    limited = [r for r in resources if register.free.get(r, 0) > 0]
    sides = (
        (limited, CANDIDATES),
        ([r for r in resources if r not in register.free], LISTED),
    )
    found: dict[str, dict[str, float]] = {need: {} for need in needs}
    rng = random.Random(1)  # noqa: S311  # equal candidates are spread, no secret
    for side, keep in sides:
        alike = Likeness(texts, {r: book.name(r) for r in side})
        for need in needs:
            text = alike.of(need)
            waiting = WEIGHTS["waiting"] * min((states[need][1] or 0) / 365, 1.0)
            firm = register.firm.get(need)
            scores = []
            for resource in side:
                chain, region, conditions = fit.levels(firm, resource)
                if NOT not in (chain, region, conditions):
                    score = waiting + WEIGHTS["text"] * text.get(resource, 0.0)
                    score += WEIGHTS["chain"] * WORTH[chain] + WEIGHTS["region"] * WORTH[region]
                    score += WEIGHTS["conditions"] * WORTH[conditions]
                    scores.append((score, rng.random(), resource))
            found[need] |= {r: s for s, _, r in heapq.nlargest(keep, scores)}
    return found


def assigned(
    scores: dict[str, dict[str, float]], free: dict[str, int]
) -> dict[str, tuple[str, float]]:
    """Return the resource of each need: as many needs as can be, then the greatest score.

    A flow from every need to its resources and from those to a sink, or straight there at a cost
    beyond all scores.
    """
    flow: nx.DiGraph[str] = nx.DiGraph()
    flow.add_node("sink", demand=len(scores))
    for need, best in scores.items():
        flow.add_node(need, demand=-1)
        flow.add_edge(need, "sink", weight=2 * SCALE * (len(scores) + 1), capacity=1)
        for resource, score in best.items():
            flow.add_edge(need, resource, weight=round(SCALE * (1 - score)), capacity=1)
            flow.add_edge(resource, "sink", weight=0, capacity=max(0, free[resource]))
    _, sent = nx.network_simplex(flow)
    return {
        need: (resource, best[resource])
        for need, best in scores.items()
        for resource in best
        if sent[need][resource]
    }


def _row(
    register: Register,
    need: str,
    state: tuple[str, int | None],
    proposal: tuple[str, float] | None,
    others: list[str],
) -> Row:
    book, firm = register.book, register.firm.get(need)
    data = book.nodes["Need"][need]
    actions = sorted(register.actions[need])
    zh, en = NAMES[state[0]]
    if proposal:
        id_, score = proposal[0].split(":", 1)[1], proposal[1]
        zh += f"。建议（推算）{id_}{book.name(proposal[0])}，得分{score:.3f}"
        en += f". Proposed (inferred): {id_}, score {score:.3f}"
    places = [place(data), *(place(book.nodes["Action"][action]) for action in actions)]
    return {
        "need_id": need.split(":", 1)[1],
        "enterprise": book.name(firm),
        "chain": some((book.labels[chain] for chain in book.chains.get(firm or "", ())), 99),
        "region": book.name(book.home.get(firm or "")),
        "category": data.get("category", ""),
        "state": state[0],
        "days_open": state[1],
        "action_id": some((action.split(":", 1)[1] for action in actions), 99),
        "resource_id": some((r.split(":", 1)[1] for r in register.resources[need]), 99),
        "responsible": book.name(data.get("responsible")),
        "proposed_id": proposal[0].split(":", 1)[1] if proposal else "",
        "score": proposal[1] if proposal else None,
        "unlimited": "、".join(others),
        "reason": zh + "。",
        "reason_en": en + ".",
        "evidence": "；".join(filter(None, places)),
    }
