"""This load against an earlier one: figures, states of segments, coverage and enterprises moved.

Included: the figures of both months (the rows); after them every segment and rate that moved, and
every enterprise that came, went, or has another name or region; sentences and places. Left out:
lead scores (measured by `leads` beside it), stated figures, the report on data quality.
"""

from collections import defaultdict
from typing import Any

from benchmarks.peers import coverage, gaps
from benchmarks.peers.pairings import Sides
from benchmarks.peers.reading import Book, Graph, Row, place

NODES = (
    "Enterprise", "Chain", "Segment", "PartyOrganization", "Alliance", "Product", "University",
    "FinancialInstitution", "Association", "Need", "Resource", "Action", "Order", "Project",
    "Event", "Fact",
)  # fmt: skip
EDGES = (
    "SUPPLIES", "COOPERATES", "CO_BUILDS", "MEMBER_OF", "COVERS", "IN_SEGMENT", "FINANCES",
    "VISITS",
)  # fmt: skip
FILLED = ("credit_code", "output", "revenue", "size", "party_status")
GAPS = ("short", "broken_missing", "broken_unlinked", "weak", "thin")


class Month:
    """What is compared of one load."""

    def __init__(self, graph: "Graph[str]") -> None:
        """Ask both questions and count."""
        self.book = Book(graph)
        self.states = {row["segment_id"]: row for row in gaps.answer(graph)}
        self.rates = {(r["measure"], r["by"], r["group"]): r for r in coverage.answer(graph)}
        self.figures = self._sizes() | self._work() | self._judged()

    def _sizes(self) -> dict[str, float | None]:
        book = self.book
        found: dict[str, float | None] = {}
        for kind in NODES:
            standing = [data.get("standing") for data in book.nodes[kind].values()]
            found[kind] = float(sum(one in ("stated", "inferred") for one in standing))
        for kind in EDGES:
            found[kind] = float(len(book.edges[kind]))
        firms = [book.nodes["Enterprise"][firm] for firm in book.insiders]
        outputs = [data["output"] for data in firms if "output" in data]
        found["output"] = sum(outputs) if outputs else None
        for name in FILLED:
            filled = sum(name in data for data in firms)
            found[f"filled:{name}"] = filled / len(firms) if firms else None
        return found

    def _work(self) -> dict[str, float | None]:
        needs = self.book.nodes["Need"].values()
        found: dict[str, float | None] = {"needs_closed": float(sum("closed" in d for d in needs))}
        sides = Sides(self.book)
        for state in ("active", "expiring", "expired", "not_reported"):
            states = [sides.state(data) for _, _, data in self.book.edges["CO_BUILDS"]]
            found[f"pairs:{state}"] = float(states.count(state))
        return found

    def _judged(self) -> dict[str, float | None]:
        states = [row["state"] for row in self.states.values()]
        found: dict[str, float | None] = {"gaps": float(sum(state in GAPS for state in states))}
        for state in gaps.NAMES:
            found[state] = float(states.count(state))
        for measure in (*coverage.MEASURES, "alliance_chain"):
            row = self.rates.get((measure, "total", "合计"))
            ends = row["interval"] if row and row["interval"] else (None, None)
            found[f"{measure}:low"], found[f"{measure}:high"] = ends
        return found


def answer(graph: "Graph[str]", earlier: "Graph[str] | None" = None) -> list[Row]:
    """Return the figures, then what moved."""
    now = Month(graph)
    then = Month(earlier) if earlier is not None else None
    rows = [_figure(key, value, then) for key, value in now.figures.items()]
    if then is None:
        return rows
    return rows + _segments(now, then) + _rates(now, then) + _firms(now.book, then.book)


def _figure(key: str, value: float | None, then: Month | None) -> Row:
    before = then.figures.get(key) if then else None
    change = None if value is None or before is None else value - before
    if then is None:
        told = ("没有上月数据。", "No data of the month before.")
    elif change is None:
        told = ("有一个月未填报，不能比较。", "Not reported in one of the months.")
    else:
        sign = (
            ("增加", "Up by") if change > 0 else ("减少", "Down by") if change else ("持平", "Same")
        )
        told = (f"{sign[0]}{abs(change):.4g}。", f"{sign[1]} {abs(change):.4g}.")
    return {"key": key, "now": value, "then": before, "change": change,
            "reason": told[0], "reason_en": told[1]}  # fmt: skip


def _segments(now: Month, then: Month) -> list[Row]:
    found = []
    for segment, row in now.states.items():
        before = then.states.get(segment, {}).get("state")
        if before != row["state"]:
            name = gaps.NAMES[row["state"]]
            found.append(
                {"segment_id": segment, "state": row["state"], "before": before,
                 "reason": f"现为{name[0]}。", "reason_en": f"Now {name[1]}."}
            )  # fmt: skip
    return found


def _rates(now: Month, then: Month) -> list[Row]:
    found = []
    counts = ("covered", "not_covered", "not_reported")
    for key, row in now.rates.items():
        before = then.rates.get(key)
        if before and any(before[count] != row[count] for count in counts):
            moved = row["covered"] - before["covered"]
            found.append(
                {"measure": key[0], "group": key[2], "change": moved,
                 "reason": f"已覆盖增加 {moved}。", "reason_en": f"Covered: {moved:+}."}
            )  # fmt: skip
    return found


def _identities(book: Book) -> dict[Any, str]:
    """Return every enterprise by credit code, else by name."""
    found: dict[Any, str] = {}
    for firm in book.insiders:
        data = book.nodes["Enterprise"][firm]
        found[data.get("credit_code") or data["name"]] = firm
    return found


def _firms(now: Book, then: Book) -> list[Row]:
    here, there = _identities(now), _identities(then)
    moved: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for key in here.keys() - there.keys():
        moved[here[key]].append(("新增", "new"))
    for key in here.keys() & there.keys():
        names = [book.name(firms[key]) for book, firms in ((then, there), (now, here))]
        regions = [
            book.name(book.home.get(firms[key])) for book, firms in ((then, there), (now, here))
        ]
        if names[0] != names[1]:
            moved[here[key]].append((f"原名{names[0]}", f"formerly {names[0]}"))
        if all(regions) and regions[0] != regions[1]:
            moved[here[key]].append((f"由{regions[0]}迁入", f"moved from {regions[0]}"))
    gone = [
        {"firm": then.name(there[key]), "reason": "不再列出。", "reason_en": "No longer listed.",
         "evidence": place(then.nodes["Enterprise"][there[key]])}
        for key in there.keys() - here.keys()
    ]  # fmt: skip
    return gone + [
        {"firm": now.name(firm), "reason": "；".join(zh for zh, _ in said) + "。",
         "reason_en": "; ".join(en for _, en in said) + ".",
         "evidence": place(now.nodes["Enterprise"][firm])}
        for firm, said in moved.items()
    ]  # fmt: skip
