"""Where every enterprise stands on every track, until when, and what its next step lacks.

Included: titles recognised, the best rung held on each track with its term, the next rung judged by
every published criterion, who looks after it left out, sentences and places; titles held and those
who can rise or are near. Left out: the pyramid, the counts by group, the department. The tracks and
the published rules are read from the same declarations as the question reads.
"""

import math
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from benchmarks.peers.alliances import today
from benchmarks.peers.needs import last
from benchmarks.peers.reading import Book, Data, Graph, Row, place
from queries.ladder.criteria import CRITERIA, Criterion
from queries.ladder.tracks import NOTHING, TITLE_TRACKS, TRACKS, Track, recognised

NEAR, SOON = 0.8, 180
known = lru_cache(maxsize=None)(recognised)


class Place(NamedTuple):
    """A rung held: the number of the rung, its title, last day and row."""

    rung: int
    title: str
    end: date | None
    expired: bool
    evidence: str


class Standing:
    """Where enterprises stand."""

    def __init__(self, book: Book) -> None:
        """Read every title once."""
        self.book, self.day = book, today(book)
        self.held: dict[tuple[str, str], list[Place]] = defaultdict(list)
        self.said: set[str] = set()
        self.filled = book.declared_for_firms("企业资质")
        terms = {track.name: max((r.years for r in track.rungs), default=0) for track in TRACKS}
        best: dict[tuple[str, str, int, str], tuple[str, Data]] = {}
        for firm, node, data in book.edges["HOLDS"]:
            title = book.name(node)
            if not NOTHING.fullmatch(title):
                track, rung = known(title)
                key = (firm, track, rung, title if track == "honours" else "")
                if key not in best or data.get("certified", "") > best[key][1].get("certified", ""):
                    best[key] = (title, data)
        for (firm, track, rung, _), (title, data) in best.items():
            end = self._end(data, terms.get(track, 0))
            over = bool(self.day and end and end < self.day)
            self.held[firm, track].append(Place(rung, title, end, over, place(data)))
        self._columns(set(best))

    @staticmethod
    def _end(data: Data, years: int) -> date | None:
        if "expires" in data:
            return last(data["expires"])
        if "certified" in data and years:
            begun = data["certified"]
            later = f"{int(begun[:4]) + years}{begun[4:]}".replace("-02-29", "-02-28")
            return last(later)
        return None

    def _columns(self, seen: set[tuple[str, str, int, str]]) -> None:
        for firm, data in self.book.nodes["Enterprise"].items():
            if "qualifications" in data:
                self.filled.add(firm)
            for name in ("qualifications", "listing"):
                for title in filter(None, map(str.strip, re.split("[;；、]", data.get(name, "")))):
                    self._written(seen, firm, name, title)
            above = data.get("above_scale")
            named = (firm, "scale") in self.held
            self.held.pop((firm, "scale"), None)
            if above is not None or named:
                rung = int(bool(above) or (above is None and named))
                self.held[firm, "scale"].append(Place(rung, "", None, False, place(data)))  # noqa: FBT003  # not expired

    def _written(
        self, seen: set[tuple[str, str, int, str]], firm: str, name: str, title: str
    ) -> None:
        none = bool(NOTHING.fullmatch(title))
        track, rung = known(title)
        if name == "listing":
            if none or track == "capital":
                self.said.add(firm)
            if track != "capital":
                return
        key = (firm, track, rung, title if track == "honours" else "")
        if not none and key not in seen:
            seen.add(key)
            evidence = place(self.book.nodes["Enterprise"][firm])
            self.held[firm, track].append(Place(rung, title, None, False, evidence))  # noqa: FBT003  # not expired

    def on(self, firm: str, track: str) -> Place | None:
        """Return the highest rung still good, else the highest that has expired."""
        found = self.held.get((firm, track))
        return min(found, key=lambda p: (p.expired, -p.rung, p.title)) if found else None

    def reports(self, firm: str, track: str) -> bool:
        """Return whether a firm says that it has a place on a track, or that it has none."""
        if (firm, track) in self.held:
            return True
        if track == "capital":
            return firm in self.said
        return firm in self.filled and (track in TITLE_TRACKS or track == "honours")


def answer(graph: "Graph[str]") -> list[Row]:
    """Return titles held, and who can rise or is near."""
    book = Book(graph)
    standing = Standing(book)
    rows = []
    for firm in book.insiders:
        for track in TRACKS:
            if not track.rungs:
                held = standing.held.get((firm, track.name), [])
                rows += [_row(standing, firm, track, one) for one in held]
            elif standing.reports(firm, track.name):
                rows.append(_row(standing, firm, track, standing.on(firm, track.name)))
    shown = [row for row in rows if row["titled"] or row["step"] in ("ready", "near")]
    return sorted(
        shown, key=lambda row: (row["days_left"] or 9999, row["track"], row["enterprise"])
    )


def _row(standing: Standing, firm: str, track: Track, held: Place | None) -> Row:
    book = standing.book
    rung = held.rung if held else -1
    step, gap, gap_en = "top", "", ""
    names = [one.name for one in track.rungs]
    after = names[rung + 1] if rung + 1 < len(names) else ""
    if after:
        step, gap, gap_en = _step(standing, firm, after)
    left = (held.end - standing.day).days if held and held.end and standing.day else None
    without = held is None or track.name in ("scale", "capital")
    expiry = "none" if without else "not_reported" if left is None else "valid"
    if not without and left is not None:
        expiry = "expired" if left < 0 else "expiring" if left <= SOON else "valid"
    now = held.title if held and not names else names[rung] if held else "none"
    label = track.rungs[rung].label.zh if held and names else now
    return {
        "enterprise_id": firm.split(":", 1)[1],
        "enterprise": book.name(firm),
        "region": book.name(book.home.get(firm)),
        "chain": "、".join(sorted(book.labels[chain] for chain in book.chains.get(firm, ()))),
        "track": track.name,
        "titled": held is not None and track.name != "scale",
        "current": now,
        "expiry": expiry,
        "days_left": left,
        "next": after,
        "step": step,
        "gap": gap,
        "gap_en": gap_en,
        "reason": f"{track.label.zh}：{label}；下一步 {after}：{gap}。",
        "reason_en": f"{track.label.en}: {now}; next {after}: {step}.",
        "evidence": held.evidence if held else place(book.nodes["Enterprise"][firm]),
    }


def _step(standing: Standing, firm: str, rung: str) -> tuple[str, str, str]:
    judged = [(c, *_judged(standing, firm, c)) for c in CRITERIA if c.rung == rung]
    states = {state for _, state, _, _ in judged}
    enough = [state for c, state, _, _ in judged if c.sufficient]
    step = next((s for s in ("lacking", "unreported", "near") if s in states), "")
    if not step:
        step = "ready" if "met" in (enough or states) else "check"
    told = [
        "；".join(filter(None, side))
        for side in zip(*((zh, en) for _, _, zh, en in judged), strict=True)
    ]
    return step, told[0], told[1]


def _measure(standing: Standing, firm: str, name: str) -> float | None:
    data = standing.book.nodes["Enterprise"][firm]
    if name == "rd_share":
        revenue, spent = data.get("revenue") or 0.0, data.get("rd_spending")
        return spent / revenue if revenue > 0 and spent is not None else None
    if name == "high_tech":
        place_ = standing.on(firm, "high_tech")
        if place_ and not place_.expired:
            return 1.0
        return 0.0 if standing.reports(firm, "high_tech") else None
    if name == "small":
        return None if "size" not in data else float(data["size"] != "大")
    value = data.get(name)
    return None if value is None else float(value)


def _limit(criterion: Criterion, revenue: float | None) -> float | None:
    bands = criterion.bands
    if bands is None:
        return criterion.threshold
    if revenue is None:
        return None
    find = bisect_left if bands.upper else bisect_right
    return bands.thresholds[find(bands.edges, revenue)]


def _industrial(data: Data) -> bool | None:
    found = re.match(r"[A-Z]?(\d{2})", data.get("industry_code", "").upper())
    return 6 <= int(found[1]) <= 46 if found else None  # noqa: PLR2004  # the divisions of industry


def _judged(standing: Standing, firm: str, criterion: Criterion) -> tuple[str, str, str]:
    """Return what a criterion says of a firm, and what is lacking in both languages."""
    zh, en = criterion.label.zh, criterion.label.en
    if not criterion.measure:
        return "check", f"{zh}待核", f"check: {en}"
    value = _measure(standing, firm, criterion.measure)
    if value is None:
        state = "check" if criterion.sufficient else "unreported"
        return state, f"{zh}未填报", f"{en} not reported"
    if not criterion.unit:
        if value > 0:
            return "met", "", ""
        return ("check" if criterion.sufficient else "lacking"), f"{zh}：否", f"{en}: no"
    return _against(criterion, value, standing.book.nodes["Enterprise"][firm])


def _against(criterion: Criterion, value: float, data: Data) -> tuple[str, str, str]:
    """Return the same of a criterion with a threshold."""
    zh, en = criterion.label.zh, criterion.label.en
    limit = _limit(criterion, data.get("revenue"))
    if criterion.industrial and _industrial(data) is not True:
        state = "unreported" if _industrial(data) is None else "check"
        return state, f"{zh} {value:g}，门槛待核", f"{en} {value:g}, check"
    if limit is None or math.isnan(limit):
        return "check", f"{zh} {value:g}，门槛另定，待核", f"{en} {value:g}, check: other terms"
    if value >= limit:
        return "met", "", ""
    missed = "near" if value >= NEAR * limit else "lacking"
    state = "check" if criterion.alternative else missed
    return (
        state,
        f"{zh} {value:g}，差 {limit - value:g}",
        f"{en} {value:g}, short by {limit - value:g}",
    )
