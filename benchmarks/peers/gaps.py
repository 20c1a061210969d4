"""The state of every segment of every chain, with plain dictionaries.

Included: the template with parent segments, who is placed, every test of the state but one, the
weak and thin that hold besides, firms, output, concentration, purchases and the local share, the
sentence and the places. Left out: 产能 against orders, closure risk, priority, projects, and the
tables `candidates` and `operation`.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from benchmarks.peers.reading import Book, Edge, Graph, Row, place

NAMES = {
    "not_reported": ("未填报", "not reported"),
    "not_applicable": ("不适用", "not applicable"),
    "short": ("短链", "an end is missing"),
    "broken_missing": ("断链·缺环", "segment missing"),
    "broken_unlinked": ("断链·缺联", "not linked"),
    "weak": ("弱链", "weak"),
    "thin": ("细链", "thin"),
    "sound": ("稳", "sound"),
}


@dataclass
class Leaf:
    """What stands on one segment."""

    segment: str
    chain: str
    outputs: dict[str, float | None] = field(default_factory=dict)
    coarse: bool = False
    upstream: dict[str, list[str]] = field(default_factory=dict)
    downstream: set[str] = field(default_factory=set)
    rows: list[str] = field(default_factory=list)
    bought: float = 0.0
    purchases: int = 0
    known: float = 0.0
    local: float = 0.0


class Template:
    """The leaves of every chain, who stands there, and who is a member of each chain."""

    def __init__(self, book: Book) -> None:
        """Place every enterprise."""
        self.book = book
        segments = book.nodes["Segment"]
        above = {s: d["parent"] for s, d in segments.items() if d.get("parent", s) != s}
        parents = set(above.values())
        self.leaves = {
            s: Leaf(s, str(book.chain_of(s)), rows=[place(d)])
            for s, d in segments.items()
            if s not in parents and book.chain_of(s)
        }
        self.under: dict[str, list[str]] = defaultdict(list)
        for leaf in self.leaves:
            at: str | None = leaf
            while at and leaf not in self.under[at]:
                self.under[at].append(leaf)
                at = above.get(at)
        self.members: dict[str, dict[str, bool]] = defaultdict(dict)
        self._link()
        self._enlist()
        self._stand()

    def inside(self, chain: str, region: str | None) -> bool:
        """Return whether a region lies within the chain's own."""
        home = self.book.home.get(chain)
        return home is None or home in self.book.around(region)

    def region(self, firm: str, chain: str) -> str | None:
        """Return where an enterprise is, else where its chain is."""
        return self.book.home.get(firm) or self.book.home.get(chain)

    def _link(self) -> None:
        book = self.book
        for start, end, data in book.edges["UPSTREAM_OF"]:
            if data.get("recycling") or book.chain_of(start) != book.chain_of(end):
                continue
            for up in self.under[start]:
                for down in self.under[end]:
                    if up != down:
                        self.leaves[down].upstream.setdefault(up, []).append(place(data))
                        self.leaves[up].downstream.add(down)

    def _enlist(self) -> None:
        book = self.book
        placed = {(f, book.chain_of(s)) for f, s, _ in book.edges["IN_SEGMENT"]}
        for chain, firms in book.members.items():
            for firm in firms:
                if self.inside(chain, self.region(firm, chain)):
                    self.members[chain][firm] = (firm, chain) in placed

    def _stand(self) -> None:
        book = self.book
        for firm, segment, data in book.edges["IN_SEGMENT"]:
            chain = book.chain_of(segment)
            if chain is None or firm not in book.insiders:
                continue
            if not self.inside(chain, self.region(firm, chain)):
                continue
            leaf = self.leaves.get(segment)
            if leaf is None:
                for below in self.under[segment]:
                    self.leaves[below].coarse = True
                continue
            leaf.rows.append(place(data))
            before, more = leaf.outputs.get(firm), data.get("output")
            known = [value for value in (before, more) if value is not None]
            leaf.outputs[firm] = sum(known) if known else None
        for leaf in self.leaves.values():
            for firm, output in leaf.outputs.items():
                if output is None and firm in book.segment_of_goods:
                    leaf.outputs[firm] = book.nodes["Enterprise"][firm].get("output")


def answer(graph: "Graph[str]") -> list[Row]:
    """Return one row per segment."""
    book = Book(graph)
    template = Template(book)
    _buy(template)
    judge = Judge(template)
    return [judge.row(leaf) for leaf in template.leaves.values()]


def _buy(template: Template) -> None:
    """Add up what the region's firms buy of each segment, and what of it is local."""
    book = template.book
    for edge in book.latest:
        leaf = template.leaves.get(book.goods(edge) or "")
        if leaf is None or "amount" not in edge[2]:
            continue
        if _local(template, leaf.chain, edge, 1):
            amount = edge[2]["amount"]
            leaf.bought += amount
            leaf.purchases += 1
            near = _local(template, leaf.chain, edge, 0)
            if near is not None:
                leaf.known += amount
                leaf.local += amount * near


def _local(template: Template, chain: str, edge: Edge, end: int) -> bool | None:
    """Return whether one end of a relation lies in the chain's region, None unknown."""
    book, firm = template.book, edge[0] if end == 0 else edge[1]
    if chain not in book.home:
        return firm in book.insiders
    region = book.home.get(firm) or edge[2].get(("source_region", "target_region")[end])
    if region:
        return template.inside(chain, region)
    return True if firm in book.insiders and firm in template.members[chain] else None


class Judge:
    """The tests of the state, in their order."""

    def __init__(self, template: Template) -> None:
        """Look up what the tests need, and diagnose every chain."""
        self.template, self.book = template, template.book
        book = self.book
        self.sells: dict[str, set[str]] = defaultdict(set)
        self.trading: set[str] = set()
        for supplier, buyer, _ in book.edges["SUPPLIES"]:
            self.sells[supplier].add(buyer)
            self.trading |= {supplier, buyer}
        for one, other, _ in book.edges["COOPERATES"]:
            self.sells[one].add(other)
            self.sells[other].add(one)
        self.qualified = {firm for firm, _, _ in book.edges["HOLDS"]}
        self.says = book.declared_for_firms("企业资质") | self.qualified
        for firm, data in book.nodes["Enterprise"].items():
            if "qualifications" in data:
                self.says.add(firm)
                if data["qualifications"].replace("无", "").strip(";；、 "):
                    self.qualified.add(firm)
        self.essential: dict[str, list[Edge]] = defaultdict(list)
        for edge in book.latest:
            if edge[2].get("essential") and "amount" in edge[2]:
                self.essential[edge[1]].append(edge)
        self._outside()
        self.clustered = {
            chain for chain in {leaf.chain for leaf in template.leaves.values()}
            if self._clustered(chain)
        }  # fmt: skip

    def _outside(self) -> None:
        stated: dict[tuple[str, str], list[float]] = defaultdict(list)
        for firm, segment, data in self.book.edges["IN_SEGMENT"]:
            if "outside_dependence" in data:
                stated[segment, firm].append(data["outside_dependence"])
        self.outside = {key: sum(values) / len(values) for key, values in stated.items()}

    def _clustered(self, chain: str) -> bool:
        judged = [
            self._unlinked(up, leaf)
            for leaf in self.template.leaves.values()
            if leaf.chain == chain
            for up in leaf.upstream
        ]
        known = [unlinked for unlinked in judged if unlinked is not None]
        return len(known) >= 3 and sum(known) / len(known) > 0.5  # noqa: PLR2004  # as `gaps` has it

    def _unlinked(self, up: str, leaf: Leaf) -> bool | None:
        """Return whether nothing joins two occupied segments, None where that is not reported."""
        above = self.template.leaves[up].outputs
        if not above or not leaf.outputs:
            return None
        told = all(any(firm in self.trading for firm in side) for side in (above, leaf.outputs))
        if not told and not self.book.declared(
            "供应关系", self.book.home.get(leaf.chain), leaf.chain
        ):
            return None
        if any(firm in leaf.outputs for firm in above):
            return False
        return not any(not self.sells[firm].isdisjoint(leaf.outputs) for firm in above)

    def _empty(self, leaf: Leaf) -> str:
        data, chain = self.book.nodes["Segment"][leaf.segment], leaf.chain
        members = self.template.members[chain]
        enough = members and sum(members.values()) >= 0.5 * len(members)
        none = (
            data.get("reported")
            or enough
            or self.book.declared("企业环节", self.book.home.get(chain), chain)
        )
        if leaf.coarse or not none:
            return "not_reported"
        if data.get("necessary") is False:
            return "not_applicable"
        return "broken_missing" if leaf.upstream and leaf.downstream else "short"

    def _weak(self, leaf: Leaf) -> bool:
        data = self.book.nodes["Segment"][leaf.segment]
        if data.get("import_dependence", 0) > 0.5 or data.get("chokepoint"):  # noqa: PLR2004  # as `gaps`
            return True
        told = all(firm in self.says for firm in leaf.outputs)
        if told and self.qualified.isdisjoint(leaf.outputs):
            return True
        return self._dependent(leaf) > 0.5 or self._captive(leaf) > 0.5  # noqa: PLR2004  # as `gaps`

    def _dependent(self, leaf: Leaf) -> float:
        told = [f for f in leaf.outputs if (leaf.segment, f) in self.outside]
        outputs = [leaf.outputs[firm] for firm in told]
        full = None not in outputs and any(outputs)
        weights = [float(output or 0) if full else 1.0 for output in outputs]
        shares = [self.outside[leaf.segment, firm] for firm in told]
        weighed = sum(w * s for w, s in zip(weights, shares, strict=True))
        return weighed / sum(weights) if told else 0.0

    def _captive(self, leaf: Leaf) -> float:
        bought: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for firm in leaf.outputs:
            for edge in self.essential[firm]:
                item = edge[2].get("product") or self.book.goods(edge) or ""
                bought[item][edge[0]] += edge[2]["amount"]
        total = sum(sum(item.values()) for item in bought.values())
        held = sum(
            amount
            for item in bought.values()
            for amount in item.values()
            if amount > (0.8 + 1e-9) * sum(item.values())
        )
        return held / total if total else 0.0

    def row(self, leaf: Leaf) -> Row:
        """Return the row of one segment."""
        known = [output for output in leaf.outputs.values() if output is not None]
        full = bool(known) and len(known) == len(leaf.outputs) and sum(known) > 0
        hhi = sum((output / sum(known)) ** 2 for output in known) if full else None
        apart = leaf.chain not in self.clustered
        unlinked = [up for up in leaf.upstream if apart and self._unlinked(up, leaf)]
        weak = bool(leaf.outputs) and self._weak(leaf)
        thin = bool(leaf.outputs) and (
            len(leaf.outputs) <= 1 or (hhi is not None and 1 / hhi < 3 - 1e-9)  # as `gaps`
        )
        if not leaf.outputs:
            state = self._empty(leaf)
        elif unlinked:
            state = "broken_unlinked"
        else:
            state = "weak" if weak else "thin" if thin else "sound"
        found: Row = {
            "chain": self.book.labels[leaf.chain],
            "segment_id": leaf.segment.split(":", 1)[1],
            "segment": self.book.name(leaf.segment),
            "state": state,
            "also": [s for s, holds in (("weak", weak), ("thin", thin)) if holds and s != state],
            "upstream": [self.book.name(up) for up in unlinked],
            "firms": len(leaf.outputs),
            "output": sum(known) if known else None,
            "hhi": hhi,
            "purchases": leaf.bought if leaf.purchases else None,
            "local_share": leaf.local / leaf.known if leaf.known else None,
            "evidence": leaf.rows + [row for rows in leaf.upstream.values() for row in rows],
        }
        return found | self._told(leaf, found)

    def _told(self, leaf: Leaf, found: Row) -> dict[str, Any]:
        zh, en = NAMES[found["state"]]
        members = self.template.members[leaf.chain]
        placed = sum(members.values())
        share = "" if found["local_share"] is None else f"{found['local_share']:.0%}"
        return {
            "reason": f"{zh}：企业{found['firms']}家；该链{len(members)}家企业中{placed}家已归环节"
            + (f"；就近采购{share}" if share else "")
            + (f"；与{'、'.join(found['upstream'])}没有联系" if found["upstream"] else "")
            + "。",
            "reason_en": f"{en}: {found['firms']} firms; {placed} of the chain's {len(members)} "
            "enterprises have a segment" + (f"; {share} bought locally" if share else "") + ".",
        }
