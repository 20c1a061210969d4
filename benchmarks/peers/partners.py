"""Posts against graduates, and funding wanted against what was granted.

Included: every post asked for with its local schools, graduates, shortfall and state (the rows),
and after them one row per firm with an open funding need or a row in 融资; sentences and places.
Left out: joint research, institutes, job fairs, tasks, and who is not connected.
"""

import re
import unicodedata
from collections import defaultdict

from benchmarks.peers.needs import first, last
from benchmarks.peers.reading import Book, Data, Graph, Row, place, some
from benchmarks.peers.sourcing import Places

COMMON = {"工程", "技术", "科学", "与工", "设计", "制造", "应用", "管理", "及其", "师"}
INTENT = re.compile("意向|洽谈|对接|拟")
METHODS = {"授信": "credit", "贷款": "loans", "股权": "equity"}
NAMES = {
    "closed": ("已办结", "closed"), "no_major": ("岗位专业未填报", "no post or major"),
    "elsewhere": ("外地院校有", "taught elsewhere"), "not_reported": ("未填报", "not reported"),
    "no_headcount": ("人数未填报", "no headcount"), "enough": ("本地毕业生够", "enough"),
    "short": ("本地毕业生不够", "short"),
}  # fmt: skip


def compared(major: str) -> str:
    """Return a major in the form in which majors are compared."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", major)).lower().removesuffix("专业")


def grams(text: str) -> set[str]:
    """Return the pairs of characters that may make a post fit a major."""
    return {text[i : i + 2] for i in range(len(text) - 1)} - COMMON


def answer(graph: "Graph[str]") -> list[Row]:
    """Return one row per post, then one per firm that wants or has funding."""
    book = Book(graph)
    raised = {need: firm for need, firm, _ in book.edges["RAISED_BY"]}
    places = Places(book)
    taught = _taught(book)
    posts = [
        _post(book, places, taught, need, raised.get(need))
        for need, data in book.nodes["Need"].items()
        if data.get("category") == "人才"
    ]
    return posts + _finance(book, raised)


def _taught(book: Book) -> dict[str, dict[str, Data]]:
    """Return the graduates of the latest year, by major and school."""
    found: dict[str, dict[str, Data]] = defaultdict(dict)
    for data in book.nodes["Graduates"].values():
        school = data.get("university")
        if school and data.get("major"):
            known = found[compared(data["major"])]
            if school not in known or data.get("year", 0) >= known[school].get("year", 0):
                known[school] = data
    return found


def _fitting(taught: dict[str, dict[str, Data]], major: str, position: str) -> list[str]:
    if major in taught:
        return [major]
    words = grams(major) or grams(position)
    return [known for known in taught if words & grams(known)]


def _post(
    book: Book,
    places: Places,
    taught: dict[str, dict[str, Data]],
    need: str,
    firm: str | None,
) -> Row:
    data = book.nodes["Need"][need]
    major, position = compared(data.get("major", "").strip()), data.get("position", "")
    unit = places.units.get(("city", firm or ""))
    near: dict[str, float | None] = {}
    away = False
    for fits in _fitting(taught, major, position):
        for school, told in taught[fits].items():
            if unit and unit in book.around(book.home.get(school)):
                known = [v for v in (near.get(school), told.get("graduates")) if v is not None]
                near[school] = sum(known) if known else None
            else:
                away = True
    numbers = [value for value in near.values() if value is not None]
    known_none = unit and book.declared("专业毕业生", book.home.get(firm or ""))
    graduates = sum(numbers) if numbers else 0.0 if known_none else None
    headcount = data.get("headcount")
    gap = None
    if graduates is not None and headcount is not None:
        gap = max(0, headcount - graduates)
    tests = {
        "closed": "closed" in data,
        "no_major": not major and not position,
        "elsewhere": graduates is None and away,
        "not_reported": graduates is None,
        "no_headcount": headcount is None,
        "enough": gap == 0,
    }
    state = next((name for name, holds in tests.items() if holds), "short")
    zh, en = NAMES[state]
    return {
        "id": data["id"],
        "enterprise": book.name(firm),
        "region": book.name(places.lies.get(firm or "")),
        "position": position,
        "major": data.get("major", ""),
        "headcount": headcount,
        "schools": some(book.name(school) for school in near),
        "graduates": graduates,
        "gap": gap,
        "state": state,
        "reason": zh
        + ("" if graduates is None else f"：本地相合专业毕业生 {graduates:g} 人")
        + "。",
        "reason_en": en + ("" if graduates is None else f": {graduates:g} graduates") + ".",
        "evidence": place(data),
    }


def _finance(book: Book, raised: dict[str, str]) -> list[Row]:
    wants: dict[str, list[Data]] = defaultdict(list)
    for need, data in book.nodes["Need"].items():
        firm = raised.get(need)
        if data.get("category") == "资金" and "closed" not in data and firm in book.insiders:
            wants[firm].append(data)
    granted: dict[str, list[tuple[str, Data]]] = defaultdict(list)
    for institution, firm, data in book.edges["FINANCES"]:
        if firm in book.insiders:
            granted[firm].append((institution, data))
    return [_funded(book, firm, wants.get(firm, []), granted.get(firm, []))
            for firm in wants.keys() | granted.keys()]  # fmt: skip


def _funded(book: Book, firm: str, wanted: list[Data], granted: list[tuple[str, Data]]) -> Row:
    amounts = [data["amount"] for data in wanted if "amount" in data]
    need = sum(amounts) if amounts else None
    since = min((first(data["raised"]) for data in wanted if "raised" in data), default=None)
    sums: dict[str, float | None] = dict.fromkeys(METHODS.values())
    intending = []
    for institution, data in granted:
        if INTENT.search(data.get("stage", "")):
            intending.append(book.name(institution))
            continue
        late = since is None or ("date" in data and last(data["date"]) >= since)
        method = METHODS.get(data.get("method", ""))
        if late and method and "amount" in data:
            sums[method] = (sums[method] or 0.0) + data["amount"]
    paid = (sums["loans"] or 0.0) + (sums["equity"] or 0.0)
    gap = None if need is None else max(0.0, need - paid)
    tests = {
        "no_need": not wanted,
        "no_amount": need is None,
        "met": gap == 0,
        "intending": bool(intending),
        "credited": sums["credit"] is not None,
    }
    state = next((name for name, holds in tests.items() if holds), "open")
    told = "金额未填报" if need is None else f"需求 {need:g} 万元，缺口 {gap:g} 万元"
    return {
        "enterprise_id": firm.split(":", 1)[1],
        "enterprise": book.name(firm),
        "need": need,
        "needs": len(wanted),
        **sums,
        "gap": gap,
        "intending": some(intending, 3),
        "finance": state,
        "reason": told + "。",
        "reason_en": f"{need or 0:g} wanted, {gap or 0:g} lacking (10k yuan).",
        "evidence": some([place(data) for data in [*wanted, *(d for _, d in granted)]], 3, "；"),
    }
