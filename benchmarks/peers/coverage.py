"""Coverage by Party organizations and alliances, counted firm by firm.

Included: all four measures and groupings with their counts, intervals, names of the uncovered,
sentences; the kinds of partner of every alliance are left to `alliances`. Left out: stated figures
beside the computed ones, and by which sheet an enterprise is covered.
"""

from collections import defaultdict

from benchmarks.peers.reading import SENT, Book, Graph, Row, interval

Group = tuple[str, str]
POSTS = ("党建指导员", "联络员", "红链专员")
SIZES = ("大", "中", "小", "微")
GRADES = ("重点", "优势", "卓越", "其他")
LEVELS = ("省", "市", "县", "园区", "")
MEASURES = ("party_organization", "party_work", "alliance_enterprise")


class Coverage:
    """Whether each enterprise and chain is covered: True, False, or None for not reported."""

    def __init__(self, book: Book) -> None:
        """Look up who has what."""
        self.book = book
        self.modes: dict[str, set[str]] = defaultdict(set)
        for _, firm, mode in book.hosts:
            self.modes[firm].add(mode)
        self.posted = {
            target for _, target, data in book.edges["HOLDS_POST"] if data.get("role") in POSTS
        }
        sheets = ("依托", "岗位", "联盟成员")
        self.complete = {sheet: book.declared_for_firms(sheet) for sheet in sheets}

    def party(self, firm: str) -> tuple[bool | None, bool | None]:
        """Return 组织覆盖 and 工作覆盖."""
        status = self.book.nodes["Enterprise"][firm].get("party_status")
        modes = self.modes.get(firm, set())
        if modes - {SENT} or status in ("单独", "联合"):
            return True, True
        sent = SENT in modes or status == SENT
        hosts = firm in self.complete["依托"]
        organization = False if status == "无" or sent or hosts else None
        if sent or firm in self.posted:
            return organization, True
        known = status == "无" or (hosts and firm in self.complete["岗位"])
        return organization, False if known else None

    def alliance(self, firm: str, level: str | None = None) -> bool | None:
        """Return 联盟覆盖, by alliances of one 级别 if it is given."""
        unclear = False
        for alliance, _ in self.book.alliances.get(firm, ()):
            data = self.book.nodes["Alliance"][alliance]
            nature, its = data.get("nature", ""), data.get("level", "")
            if nature == "党建" and level in (None, its):
                return True
            unclear |= nature == "" or (nature == "党建" and its == "" and level != "")
        return False if firm in self.complete["联盟成员"] and not unclear else None

    def chain(self, chain: str, level: str | None = None) -> bool | None:
        """Return 产业链组织覆盖."""
        levels = [
            self.book.nodes["Alliance"][alliance].get("level", "")
            for alliance, covered, _ in self.book.edges["COVERS"]
            if covered == chain
        ]
        if levels if level is None else level in levels:
            return True
        known = self.book.declared("联盟覆盖", self.book.home.get(chain), chain)
        return False if known and not (level and "" in levels) else None


def answer(graph: "Graph[str]") -> list[Row]:
    """Return one row per measure and group."""
    book = Book(graph)
    found = Coverage(book)
    counts: dict[tuple[str, str, str], dict[bool | None, list[str]]] = {}

    def count(measure: str, groups: list[Group], state: bool | None, name: str) -> None:  # noqa: FBT001  # a state
        for by, group in groups:
            states = counts.setdefault((measure, by, group), {True: [], False: [], None: []})
            states[state].append(name)

    levels = {data.get("level", "") for data in book.nodes["Alliance"].values()}
    party_levels = {
        data.get("level", "")
        for data in book.nodes["Alliance"].values()
        if data.get("nature") == "党建"
    }
    for firm, data in book.nodes["Enterprise"].items():
        if firm not in book.insiders or data.get("party_expected") is False:
            continue
        groups = _groups_of_firm(book, firm)
        organization, work = found.party(firm)
        states = (organization, work, found.alliance(firm))
        for measure, state in zip(MEASURES, states, strict=True):
            count(measure, groups, state, data["name"])
        for level in party_levels:
            group = [("alliance_level", level or "未填报")]
            count("alliance_enterprise", group, found.alliance(firm, level), data["name"])
    for chain in book.nodes["Chain"]:
        count(
            "alliance_chain", _groups_of_chain(book, chain), found.chain(chain), book.labels[chain]
        )
        for level in levels:
            group = [("alliance_level", level or "未填报")]
            count("alliance_chain", group, found.chain(chain, level), book.labels[chain])
    return [_row(key, states) for key, states in counts.items()]


def _grades(book: Book, chain: str) -> list[str]:
    written = book.nodes["Chain"][chain].get("grade", "").split(";")
    return [grade for grade in GRADES if grade in written]


def _groups_of_firm(book: Book, firm: str) -> list[Group]:
    regions = [("region", book.name(r)) for r in book.around(book.home.get(firm))]
    chains = [("chain", book.labels[chain]) for chain in book.chains.get(firm, ())]
    grades = {grade for chain in book.chains.get(firm, ()) for grade in _grades(book, chain)}
    size = book.nodes["Enterprise"][firm].get("size", "未填报")
    return [
        ("total", "合计"),
        *(regions or [("region", "未填报")]),
        *(chains or [("chain", "未填报")]),
        *([("chain_grade", grade) for grade in grades] or [("chain_grade", "未填报")]),
        ("size_class", size),
    ]


def _groups_of_chain(book: Book, chain: str) -> list[Group]:
    regions = [("region", book.name(r)) for r in book.around(book.home.get(chain))]
    grades = [("chain_grade", grade) for grade in _grades(book, chain)]
    return [
        ("total", "合计"),
        *(regions or [("region", "未填报")]),
        ("chain", book.labels[chain]),
        *(grades or [("chain_grade", "未填报")]),
    ]


def _row(key: tuple[str, str, str], states: dict[bool | None, list[str]]) -> Row:
    measure, by, group = key
    covered, lacking, silent = (len(states[state]) for state in (True, False, None))
    whole = covered + lacking + silent
    ends = interval(covered, silent, whole)
    zh = f"应覆盖 {whole}：已覆盖 {covered}，未覆盖 {lacking}，未填报 {silent}"
    en = f"{whole} eligible: {covered} covered, {lacking} not covered, {silent} not reported"
    if ends:
        zh += f"；覆盖率在 {ends[0]:.1%} 到 {ends[1]:.1%} 之间"
        en += f"; coverage lies between {ends[0]:.1%} and {ends[1]:.1%}"
    return {
        "measure": measure, "by": by, "group": group, "eligible": whole, "covered": covered,
        "not_covered": lacking, "not_reported": silent, "interval": ends,
        "uncovered": sorted(states[False]), "reason": zh + "。", "reason_en": en + ".",
    }  # fmt: skip
