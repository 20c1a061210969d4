"""The register of co-building, who has no pair, and the best new pairs.

Included: every pair on record with its state on the day (the rows); after them every Party
organization without a pair in force; after them the pairs advised, by
`networkx.max_weight_matching` among the 20 best candidates of each enterprise's organization, an
organization of another kind taking three; sentences and places. Left out: the summary by kind.
"""

import re
from collections import defaultdict
from datetime import timedelta

import networkx as nx

from benchmarks.peers.alliances import KINDS, SCHOOLS, today
from benchmarks.peers.needs import last
from benchmarks.peers.reading import FOR_A_TASK, Book, Data, Graph, Row, place

SOON, CANDIDATES, CAPACITY, LEAST = 90, 20, 3, 0.4
CHAIN, KIND, REGION, DISCIPLINE = 3.0, 2.0, 2.0, 1.0
OVER = re.compile("到期|终止|解除|结束|完成")
RUNNING = re.compile("履行|有效|进行|推进|在建|续签|正常")
COMMON = frozenset(
    ("技术", "工程", "科学", "制造", "设备", "产业", "服务", "系统", "应用", "研究", "材料", "学院",
     "虚构", "与工", "科技", "学与", "生产", "装备")
)  # fmt: skip


class Sides:
    """Every Party organization as a side of a pair."""

    def __init__(self, book: Book) -> None:
        """Look up host, kind, place and chains of every organization."""
        self.book, self.day = book, today(book)
        self.host: dict[str, str] = {}
        self.hosts: dict[str, list[str]] = defaultdict(list)
        for organization, unit, _ in book.edges["ORG_OF"]:
            self.host.setdefault(organization, unit)
            self.hosts[organization].append(unit)
        self.covered: dict[str, set[str]] = defaultdict(set)
        covers: dict[str, set[str]] = defaultdict(set)
        for alliance, chain, _ in book.edges["COVERS"]:
            covers[alliance].add(chain)
        for member, alliance, _ in book.edges["MEMBER_OF"]:
            self.covered[member] |= covers[alliance]
        self.words: dict[str, set[str]] = defaultdict(set)
        named = [(c, d["name"]) for c, d in book.nodes["Chain"].items()]
        named += [(str(book.chain_of(s)), d["name"]) for s, d in book.nodes["Segment"].items()]
        for chain, name in named:
            self.words[chain] |= {name[i : i + 2] for i in range(len(name) - 1)} - COMMON

    def kind(self, node: str) -> str:
        """Return 政, 企, 金, 学, 研 or 服, "" where it cannot be told."""
        unit = self.host.get(node, node)
        kind = unit.split(":", 1)[0]
        if kind == "University":
            return SCHOOLS.get(self.book.nodes[kind][unit].get("type", ""), "学")
        return KINDS.get(kind, "")

    def region(self, node: str) -> str | None:
        """Return where an organization is, else where its host is."""
        return self.book.home.get(node) or self.book.home.get(self.host.get(node, ""))

    def city(self, node: str) -> str | None:
        """Return the city around an organization, else the topmost region below a province."""
        found = None
        for region in self.book.around(self.region(node)):
            level = self.book.nodes["Region"][region].get("level")
            if level == "省" and found:
                break
            found = region
            if level == "市":
                break
        return found

    def chains(self, node: str) -> set[str]:
        """Return the chains of an organization: its hosts', or those of alliances of either."""
        found = set(self.covered.get(node, ()))
        for unit in self.hosts.get(node, ()):
            found |= set(self.book.chains.get(unit, ())) | self.covered.get(unit, set())
        return found

    def fields(self, node: str) -> list[str]:
        """Return the disciplines of the school that hosts an organization."""
        school = self.book.nodes["University"].get(self.host.get(node, ""), {})
        return [f.strip() for f in re.split("[;；、]", school.get("disciplines", "")) if f.strip()]

    def state(self, data: Data) -> str:
        """Return where a pair stands on the day."""
        status = data.get("status", "")
        if "expires" in data and self.day:
            end = last(data["expires"])
            soon = end <= self.day + timedelta(days=SOON)
            return "expired" if end < self.day else "expiring" if soon else "active"
        if OVER.search(status):
            return "expired"
        return "active" if RUNNING.search(status) else "not_reported"


def answer(graph: "Graph[str]") -> list[Row]:
    """Return the register, then the organizations without a pair, then the pairs advised."""
    book = Book(graph)
    sides = Sides(book)
    rows: list[Row] = []
    paired: set[str] = set()
    once: set[str] = set()
    for one, two, data in book.edges["CO_BUILDS"]:
        state = sides.state(data)
        (once if state == "expired" else paired).update((one, two))
        rows.append(
            {
                "party_a": book.name(one),
                "party_b": book.name(two),
                "kind_a": sides.kind(one),
                "kind_b": sides.kind(two),
                "form": data.get("form", ""),
                "expires": data.get("expires"),
                "state": state,
                "reason": {"expired": "已到期：建议续签。", "expiring": "即将到期。"}.get(
                    state, ""
                ),
                "reason_en": {"expired": "Expired.", "expiring": "Expires soon."}.get(state, ""),
                "evidence": place(data),
            }
        )
    rows.sort(key=lambda row: (row["party_a"], row["party_b"]))
    standing = [
        node for node, data in book.nodes["PartyOrganization"].items()
        if data.get("type") not in FOR_A_TASK
    ]  # fmt: skip
    alone = [node for node in standing if node not in paired]
    chosen = _advised(sides, alone, standing)
    return rows + _unpaired(sides, alone, once, chosen) + _told(sides, chosen)


def _unpaired(
    sides: Sides, alone: list[str], once: set[str], chosen: dict[str, tuple[str, float]]
) -> list[Row]:
    book, found = sides.book, []
    for node in alone:
        region = sides.region(node)
        chains: list[str | None] = [None, *sides.chains(node)]
        known = any(book.declared("结对共建", region, chain) for chain in chains)
        state = "expired" if node in once else "none" if known else "not_reported"
        found.append(
            {
                "name": book.name(node),
                "kind": sides.kind(node),
                "region": book.name(region),
                "state": state,
                "advised": book.name(chosen[node][0]) if node in chosen else "",
                "reason": "没有结对记录。",
                "reason_en": "No pair on record.",
                "evidence": place(book.nodes["PartyOrganization"][node]),
            }
        )
    return found


def _advised(sides: Sides, alone: list[str], standing: list[str]) -> dict[str, tuple[str, float]]:
    """Return the partner of each enterprise's organization in the best set of pairs."""
    others: dict[str, list[str]] = defaultdict(list)
    for node in standing:
        city = sides.city(node)
        if city and sides.kind(node) not in ("企", ""):
            others[city].append(node)
    links: nx.Graph[tuple[str, int]] = nx.Graph()
    chains = {node: sides.chains(node) for node in standing}
    for node in alone:
        city = sides.city(node)
        if sides.kind(node) == "企" and city in others:
            scored = [(_score(sides, chains, node, other), other) for other in others[city]]
            best = sorted((s for s in scored if s[0] >= LEAST), reverse=True)[:CANDIDATES]
            for score, other in best:
                for copy in range(1, CAPACITY + 1):
                    links.add_edge((node, 0), (other, copy), weight=score)
    found = {}
    for ends in nx.max_weight_matching(links):
        (node, _), (other, _) = sorted(ends, key=lambda end: end[1])
        found[node] = (other, _score(sides, chains, node, other))
    return found


def _score(sides: Sides, chains: dict[str, set[str]], one: str, two: str) -> float:
    met = CHAIN * bool(chains[one] & chains[two])
    met += KIND * (0.5 if sides.kind(two) == "服" else 1.0)
    met += REGION * (sides.region(one) == sides.region(two))
    met += DISCIPLINE * bool(_fields(sides, chains[one], two))
    return met / (CHAIN + KIND + REGION + DISCIPLINE)


def _fields(sides: Sides, chains: set[str], other: str) -> list[str]:
    words = set().union(*(sides.words[chain] for chain in chains))
    return [
        field for field in sides.fields(other)
        if words & {field[i : i + 2] for i in range(len(field) - 1)}
    ]  # fmt: skip


def _told(sides: Sides, chosen: dict[str, tuple[str, float]]) -> list[Row]:
    book, found = sides.book, []
    for node, (other, score) in chosen.items():
        common = sides.chains(node) & sides.chains(other)
        same = "、".join(book.labels[chain] for chain in common)
        found.append(
            {
                "party_a": book.name(node),
                "party_b": book.name(other),
                "score": score,
                "reason": f"企业与{sides.kind(other)}类别互补；同在产业链：{same}。",
                "reason_en": f"Complementary kinds; {len(common)} common chains.",
                "evidence": place(book.nodes["PartyOrganization"][node]),
            }
        )
    return found
