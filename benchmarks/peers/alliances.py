"""Whether every alliance meets its operating standard, alliance by alliance.

Included: the items of the standard one by one, the score, what is missing, meetings due and held,
leader and chair, the kinds of members, superiors, the modes declared and implied, the density of
ties inside and among the other firms of its chains, sentences and places. Left out: advice on the
mode of formation, and the account of what an alliance has achieved. Only the standard `1314` is
known; an alliance with another one is not judged.
"""

import re
from collections import defaultdict
from datetime import date

from benchmarks.peers.needs import first, last
from benchmarks.peers.reading import Book, Data, Edge, Graph, Row, place, some

POSTS = ("牵头领导", "党建指导员", "联络员")
AREAS = ("产业链发展协作", "党员教育", "典型宣传", "志愿服务")
ORGANIZING = ("组织", "发起", "主办", "承办", "牵头", "举办")
NOT_HELD = re.compile("取消|未举办|未召开|计划|拟|待")
LOCAL = re.compile("管委会|管理委员会|党工委|党群|街道|园区|开发区$")
KINDS = {
    "GovernmentDepartment": "政", "Enterprise": "企", "FinancialInstitution": "金",
    "Association": "服",
}  # fmt: skip
SCHOOLS = {"高校": "学", "院所": "研"}
MODES = {
    "GovernmentDepartment": "职能部门牵引", "Enterprise": "龙头企业带动",
    "Association": "行业协会串联", "PartyOrganization": "属地党委整合",
}  # fmt: skip
HAS, LACKS, SILENT = "has", "lacks", "not_reported"


def today(book: Book) -> date | None:
    """Return the day that the data speak of."""
    declared = [scope["as_of"] for scope in book.nodes["Scope"].values() if "as_of" in scope]
    if declared:
        return last(max(declared))
    dated = [
        d["cited_on"] for kind in book.nodes.values() for d in kind.values() if "cited_on" in d
    ]
    dated += [
        d["cited_on"] for edges in book.edges.values() for _, _, d in edges if "cited_on" in d
    ]
    dated += [fact["as_of"] for fact in book.nodes["Fact"].values() if "as_of" in fact]
    if dated:
        return last(max(dated))
    return max((last(d["date"]) for d in book.nodes["Event"].values() if "date" in d), default=None)


class Register:
    """What is on record of every alliance, by alliance."""

    def __init__(self, book: Book) -> None:
        """Read every sheet that speaks of alliances once."""
        self.book, self.day = book, today(book)
        self.covers: dict[str, set[str]] = defaultdict(set)
        for alliance, chain, _ in book.edges["COVERS"]:
            self.covers[alliance].add(chain)
        self.members: dict[str, list[Edge]] = defaultdict(list)
        self.posts: dict[str, list[Edge]] = defaultdict(list)
        for kind, side in (("MEMBER_OF", self.members), ("HOLDS_POST", self.posts)):
            for edge in book.edges[kind]:
                side[edge[1]].append(edge)
        self.leads: dict[str, list[str]] = defaultdict(list)
        for unit, alliance, _ in book.edges["LEADS"]:
            self.leads[alliance].append(unit)
        self.host: dict[str, str] = {}
        self.hosted: dict[str, list[str]] = defaultdict(list)
        for organization, unit, _ in book.edges["ORG_OF"]:
            self.host.setdefault(organization, unit)
            self.hosted[unit].append(organization)
        self.above: dict[str, set[str]] = defaultdict(set)
        for organization, superior, _ in book.edges["SUBORDINATE_TO"]:
            self.above[organization].add(superior)
        self.events = self._events()
        self.firms: dict[str, set[str]] = defaultdict(set)
        for firm, alliances in book.alliances.items():
            for alliance, _ in alliances:
                self.firms[alliance].add(firm)

    def _events(self) -> dict[str, dict[str, Data]]:
        found: dict[str, dict[str, Data]] = defaultdict(dict)
        events = self.book.nodes["Event"]
        pairs = [(d.get("subject", ""), event) for event, d in events.items()]
        pairs += [
            (unit, event)
            for unit, event, data in self.book.edges["PARTICIPATES"]
            if data.get("role") in ORGANIZING and event in events
        ]
        for unit, event in pairs:
            if not NOT_HELD.search(events[event].get("status", "")):
                found[unit][event] = events[event]
        return found

    def complete(self, alliance: str, sheet: str) -> bool:
        """Return whether a sheet is declared complete for an alliance."""
        region = self.book.home.get(alliance)
        chains: list[str | None] = [None, *self.covers[alliance]]
        return any(self.book.declared(sheet, region, chain) for chain in chains)

    def over(self, data: Data) -> bool:
        """Return whether a term has ended."""
        return bool(self.day and "end" in data and last(data["end"]) < self.day)

    def on(self, data: Data) -> bool:
        """Return whether a term is running."""
        begun = not self.day or "start" not in data or first(data["start"]) <= self.day
        return begun and not self.over(data)


def answer(graph: "Graph[str]") -> list[Row]:
    """Return one row per alliance."""
    book = Book(graph)
    register = Register(book)
    rows = [_row(register, alliance) for alliance in book.nodes["Alliance"]]
    return sorted(rows, key=lambda row: (row["alliance"], row["alliance_id"]))


def _items(register: Register, alliance: str) -> list[tuple[str, str, str]]:
    """Return group, name and state of each item of the standard."""
    found = []
    for group, sheet, names, edges in (
        ("posts", "岗位", POSTS, register.posts[alliance]),
        ("posts", "联盟成员", ("盟主",), register.members[alliance]),
    ):
        known = register.complete(alliance, sheet)
        for name in names:
            terms = [data for _, _, data in edges if data.get("role") == name]
            has = any(register.on(data) for data in terms)
            lacks = known or any(register.over(data) for data in terms)
            found.append((group, name, HAS if has else LACKS if lacks else SILENT))
    venues = register.book.nodes["Alliance"][alliance].get("venues")
    state = SILENT if venues is None else HAS if venues >= 1 else LACKS
    found.append(("venue", "党员活动阵地", state))
    held = {
        data.get("area")
        for data in register.events[alliance].values()
        if _this_year(register, data)
    }
    known = register.complete(alliance, "活动")
    absent = LACKS if known else SILENT
    return found + [("areas", name, HAS if name in held else absent) for name in AREAS]


def _this_year(register: Register, data: Data) -> bool:
    return "date" not in data or (
        register.day is not None and first(data["date"]).year == register.day.year
    )


def _meetings(register: Register, alliance: str) -> tuple[list[int], list[bool], bool]:
    """Return meetings held and due in each quarter, and whether meetings are reported at all."""
    held, due, reports = [0] * 4, [False] * 4, False
    for data in register.events[alliance].values():
        if data.get("type") not in ("会议", "圆桌会") or "date" not in data:
            continue
        start, end = first(data["date"]), last(data["date"])
        if (start.month - 1) // 3 == (end.month - 1) // 3 and start.year == end.year:
            reports = True
            if register.day and start.year == register.day.year:
                held[(start.month - 1) // 3] += 1
    founded = register.book.nodes["Alliance"][alliance].get("founded")
    for quarter in range(4):
        if register.day:
            year = register.day.year
            begin = date(year, 3 * quarter + 1, 1)
            over = date(year, 3 * quarter + 3, (31, 30, 30, 31)[quarter]) <= register.day
            due[quarter] = over and (not founded or first(founded) <= begin)
    return held, due, reports


def _kinds(register: Register, alliance: str) -> dict[str, int]:
    found = dict.fromkeys("政企金学研服", 0)
    for member in {member for member, _, _ in register.members[alliance]}:
        unit = register.host.get(member, member)
        kind = unit.split(":", 1)[0]
        school = register.book.nodes["University"].get(unit, {}).get("type", "")
        letter = KINDS.get(kind) or SCHOOLS.get(school)
        if letter:
            found[letter] += 1
    return found


def _modes(register: Register, alliance: str) -> str:
    found = []
    for unit in register.leads[alliance]:
        real = register.host.get(unit, unit)
        kind = real.split(":", 1)[0]
        local = kind == "GovernmentDepartment" and LOCAL.search(register.book.name(real))
        found.append("属地党委整合" if local else MODES.get(kind, ""))
    return some(found)


def _density(register: Register, firms: set[str]) -> float | None:
    pairs = len(firms) * (len(firms) - 1) / 2
    tied = sum(len(register.book.ties[firm] & firms) for firm in firms) / 2
    return tied / pairs if pairs else None


def _superiors(register: Register, alliance: str) -> int | None:
    found: set[str] = set()
    for member, _, _ in register.members[alliance]:
        for organization in (member, *register.hosted.get(member, ())):
            found |= register.above.get(organization, set())
    return len(found) or None


def _by_end(terms: list[Edge]) -> list[Edge]:
    return sorted(terms, key=lambda edge: edge[2].get("end", ""))


def _row(register: Register, alliance: str) -> Row:
    book, data = register.book, register.book.nodes["Alliance"][alliance]
    known = data.get("standard", "1314") == "1314"
    items = _items(register, alliance) if known else []
    held, due, reports = _meetings(register, alliance)
    all_told = register.complete(alliance, "活动")
    lacking = [q + 1 for q in range(4) if due[q] and not held[q]]
    missing = [name for _, name, state in items if state == LACKS]
    silent = [name for _, name, state in items if state == SILENT]
    (missing if all_told else silent).extend(f"{q}季度例会" for q in lacking)
    chairs = [edge for edge in register.members[alliance] if edge[2].get("role") == "轮值主席"]
    current = [edge for edge in chairs if register.on(edge[2])]
    if not current and any(register.over(edge[2]) for edge in chairs):
        missing.append("轮值主席")
    score = "·".join(
        f"{sum(s == HAS for s in states)}/{len(states)}"
        for group in ("posts", "venue", "areas")
        if (states := [state for g, _, state in items if g == group])
    )
    met = "no" if missing else SILENT if silent else "yes"
    if "count" in data:
        met = "not_applicable"
    kinds = _kinds(register, alliance)
    members = register.firms[alliance]
    pool = set().union(*(book.members.get(chain, set()) for chain in register.covers[alliance]))
    leader = [
        m for m, _, d in register.members[alliance] if d.get("role") == "盟主" and register.on(d)
    ]
    return {
        "alliance": data["name"],
        "alliance_id": data["id"],
        "level": data.get("level", ""),
        "formation": data.get("formation", ""),
        "formation_inferred": _modes(register, alliance),
        "lead": some(book.name(unit) for unit in register.leads[alliance]),
        "leader": some(book.name(unit) for unit in leader),
        "chair": book.name((current or _by_end(chairs))[-1][0]) if chairs else "",
        "chain": some(book.labels[chain] for chain in register.covers[alliance]),
        "standard": data.get("standard", "1314"),
        "score": score,
        "missing": missing,
        "not_reported": silent,
        "met": met if known else "not_judged",
        "meetings_due": sum(due),
        "meetings_held": sum(held) if reports or all_told else None,
        "superiors": _superiors(register, alliance),
        "composition": "·".join(f"{kind}{number}" for kind, number in kinds.items() if number),
        "density": _density(register, members & book.insiders),
        "density_others": _density(register, pool - members),
        "reason": f"按1314衡量：{score}；缺：{'、'.join(missing)}；未填报：{'、'.join(silent)}。",
        "reason_en": f"Measured by 1314: {score}; {len(missing)} missing, {len(silent)} silent.",
        "evidence": place(data),
    }
