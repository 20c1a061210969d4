"""Gaps against an oracle of plain loops, and against shuffled rows and renamed ids."""

import random
from collections import defaultdict
from fractions import Fraction
from typing import Any

import networkx as nx
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from graphmodel.question import Result
from loaders import load_rows
from queries import question
from queries.gaps.states import GapParams

ASK = question("gaps").answer
INSIDE = {"": {"城", "县", "外", ""}, "城": {"城", "县"}, "县": {"县"}, "外": {"外"}}
FLAGS = ("parent", "necessary", "reported", "imports", "choke")
FIRMS = [f"企{i}" for i in range(9)]
PARTIES = [*FIRMS, "外商", "远商"]
SLOW = settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a world is loaded each time
    suppress_health_check=list(HealthCheck),
)


def blank_or(*values: object) -> st.SearchStrategy[Any]:
    """One of the values, or nothing reported."""
    return st.sampled_from(["", *values])


@st.composite
def chains(draw: st.DrawFn, name: str) -> dict[str, Any]:
    """A chain: its segments with their flags and parents, and links from earlier to later ones."""
    size = draw(st.integers(1, 5))
    names = [f"{name}{i}" for i in range(size)]
    segments = {
        n: {
            "parent": draw(blank_or(*names[:i])) if i else "",
            "necessary": draw(blank_or("是", "否")),
            "reported": draw(blank_or("", "是", "否")),
            "imports": draw(blank_or("", 0.4, 0.5, 0.6)),
            "choke": draw(blank_or("", "否", "是")),
        }
        for i, n in enumerate(names)
    }
    ends = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
    links = {e: draw(blank_or("是", "否")) for e in ends if draw(st.booleans())}
    recycling = {(b, a) for a, b in ends if draw(st.integers(0, 5)) == 0}
    return {
        "name": name,
        "region": draw(st.sampled_from(["城", "城", "县", "外", ""])),
        "segments": segments,
        "links": links,
        "recycling": recycling - set(links),
    }


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, Any]:
    """Three chains, nine firms, who stands where, who trades with whom."""
    lines = [draw(chains(name)) for name in "甲乙丙"]
    segments = [(line["name"], s) for line in lines for s in line["segments"]]
    firms = {
        f: {
            "region": draw(st.sampled_from(["城", "城", "县", "", "外"])),
            "output": draw(blank_or(100, 100, 200, 900)),
            "held": draw(blank_or("无", "无", "高新技术企业")),
            "chain": draw(blank_or("甲", "乙", "丙")),
        }
        for f in FIRMS
    }
    placed = {
        (f, *where): (draw(blank_or(50, 100, 100)), draw(blank_or(0.2, 0.5, 0.8)))
        for f in FIRMS
        for where in draw(st.lists(st.sampled_from(segments), max_size=3, unique=True))
    }
    trades = draw(
        st.dictionaries(
            st.tuples(
                st.sampled_from(PARTIES),
                st.sampled_from(PARTIES),
                blank_or("物", "构件"),
                blank_or(2024, 2025),
            ).filter(lambda key: key[0] != key[1]),
            st.tuples(blank_or(10, 20, 90), blank_or("是", "是", "否")),
            max_size=25,
        )
    )
    ties = draw(
        st.sets(st.tuples(*[st.sampled_from(FIRMS)] * 2).filter(lambda t: t[0] < t[1]), max_size=3)
    )
    scope = draw(
        st.sets(
            st.tuples(
                st.sampled_from(["企业环节", "供应关系", "企业资质"]),
                blank_or("城", "县"),
                blank_or("甲", "乙"),
            ),
            max_size=2,
        )
    )
    return {"lines": lines, "firms": firms, "placed": placed, "trades": trades, "ties": ties,
            "scope": scope}  # fmt: skip


def sheets(world: dict[str, Any]) -> dict[str, list[list[object]]]:
    """The world as a planner would fill it in."""
    lines = world["lines"]
    written: dict[str, list[list[object]]] = {
        "地区": [["名称", "上级", "类型"], ["城", "", "市"], ["县", "城", "县"], ["外", "", "市"]],
        "产业链": [["产业链名称", "地区"], *([line["name"], line["region"]] for line in lines)],
        "环节": [
            ["环节名称", "产业链", "上级环节", "必备", "已填报", "进口依赖", "卡脖子"],
            *(
                [n, line["name"], *(s[k] for k in FLAGS)]
                for line in lines
                for n, s in line["segments"].items()
            ),
        ],
        "环节上下游": [
            ["产业链", "上游环节", "下游环节", "关键性", "回流"],
            *([line["name"], a, b, e, ""] for line in lines for (a, b), e in line["links"].items()),
            *([ln["name"], a, b, "", "是"] for ln in lines for a, b in sorted(ln["recycling"])),
        ],
        "企业": [
            ["企业名称", "地区", "产业链", "产值(万元)", "资质"],
            *(
                [f, *(v[k] for k in ("region", "chain", "output", "held"))]
                for f, v in world["firms"].items()
            ),
        ],
        "企业环节": [
            ["企业名称", "产业链", "环节", "产值(万元)", "对外依赖"],
            *([*key, *values] for key, values in world["placed"].items()),
        ],
        "产品": [["产品名称"], ["物"], ["构件"]],
        "供应关系": [
            ["供方", "需方", "产品", "年份", "金额(万元)", "关键性"],
            *([*key, *values] for key, values in world["trades"].items()),
        ],
        "配套合作": [["企业甲", "企业乙"], *map(list, sorted(world["ties"]))],
        "填报范围": [
            ["工作表", "地区", "产业链", "完整"],
            *([s, r, c, "是"] for s, r, c in sorted(world["scope"])),
        ],
    }  # fmt: skip
    return {name: rows for name, rows in written.items() if len(rows) > 1}


class Oracle:
    """The table of states, read off the page with plain loops."""

    def __init__(self, world: dict[str, Any]) -> None:
        """Take a world as drawn."""
        self.world = world
        self.segments_of = defaultdict(set)
        for firm, _, segment in world["placed"]:
            self.segments_of[firm].add(segment)
        self.trading = {end for key in world["trades"] for end in key[:2]}

    def answer(self) -> tuple[dict[str, tuple[str, tuple[str, ...]]], dict[str, str]]:
        """Return state and also of each leaf, and the diagnosis of each chain."""
        states: dict[str, tuple[str, tuple[str, ...]]] = {}
        diagnoses = {}
        for line in self.world["lines"]:
            graph, under = self.template(line)
            here = {leaf: self.firms(line, {leaf}) for leaf in graph}
            silent = {leaf for leaf in graph if not here[leaf] and self.silent(line, leaf, under)}
            reported, unlinked, possible = self.pairs(line, graph, here, silent)
            clustered = len(reported) >= 3 and Fraction(len(unlinked), len(reported)) > Fraction(
                1, 2
            )
            if clustered:
                diagnoses[line["name"]] = "clustered_unlinked"
            elif len(reported) < 3 and (possible >= 3 or not graph.edges):
                diagnoses[line["name"]] = "not_reported"
            else:
                diagnoses[line["name"]] = "none"
            broken = set() if clustered else {v for _, v in unlinked}
            for leaf in graph:
                states[leaf] = self.state(line, leaf, graph, here[leaf], silent, broken)
        return states, diagnoses

    def template(self, line: dict[str, Any]) -> tuple[nx.DiGraph, dict[str, set[str]]]:
        """Links between leaves, and the leaves below every segment."""
        parents = {n: s["parent"] for n, s in line["segments"].items()}
        leaves = [n for n in parents if n not in parents.values()]
        under: dict[str, set[str]] = defaultdict(set)
        for leaf in leaves:
            above = leaf
            while above:
                under[above].add(leaf)
                above = parents[above]
        graph = nx.DiGraph()
        graph.add_nodes_from(leaves)
        graph.add_edges_from(
            (u, v) for a, b in line["links"] for u in under[a] for v in under[b] if u != v
        )
        return graph, under

    def inside(self, firm: str, line: dict[str, Any]) -> bool:
        """Whether the firm lies in the chain's own region; a blank one counts there."""
        region = self.world["firms"][firm]["region"] or line["region"]
        return region in INSIDE[line["region"]]

    def firms(self, line: dict[str, Any], segments: set[str]) -> set[str]:
        """The firms of the region on any of the segments."""
        return {f for f, _, s in self.world["placed"] if s in segments and self.inside(f, line)}

    def declared(self, sheet: str, line: dict[str, Any]) -> bool:
        """Whether 填报范围 declares the sheet complete for the chain where it is."""
        return any(
            s == sheet
            and (not r or (line["region"] and line["region"] in INSIDE[r]))
            and c in {"", line["name"]}
            for s, r, c in self.world["scope"]
        )

    def silent(self, line: dict[str, Any], leaf: str, under: dict[str, set[str]]) -> bool:
        """Whether an empty leaf has not reported, rather than having none."""
        above = {s for s, leaves in under.items() if leaf in leaves and s != leaf}
        if self.firms(line, above):
            return True
        if line["segments"][leaf]["reported"] == "是" or self.declared("企业环节", line):
            return False
        in_chain = {f for f, c, _ in self.world["placed"] if c == line["name"]}
        placed = {f for f in in_chain if self.inside(f, line)}
        members = placed | {
            f
            for f, v in self.world["firms"].items()
            if v["chain"] == line["name"] and self.inside(f, line)
        }
        return not members or Fraction(len(placed), len(members)) < Fraction(1, 2)

    def pairs(
        self, line: dict[str, Any], graph: nx.DiGraph, here: dict[str, set[str]], silent: set[str]
    ) -> tuple[list[tuple[str, str]], list[tuple[str, str]], int]:
        """Pairs with reported supply, those of them without a tie, and how many may have firms."""
        reported, unlinked, possible = [], [], 0
        complete = self.declared("供应关系", line)
        for u, v in graph.edges:
            possible += all(here[s] or s in silent for s in (u, v))
            if not here[u] or not here[v]:
                continue
            if not complete and not (here[u] & self.trading and here[v] & self.trading):
                continue
            reported.append((u, v))
            linked = bool(here[u] & here[v])
            linked |= any(s in here[u] and b in here[v] for s, b, *_ in self.world["trades"])
            for a, b in self.world["ties"]:
                linked |= (a in here[u] and b in here[v]) or (b in here[u] and a in here[v])
            if not linked:
                unlinked.append((u, v))
        return reported, unlinked, possible

    def state(  # noqa: PLR0911  # the table has eight rows
        self,
        line: dict[str, Any],
        leaf: str,
        graph: nx.DiGraph,
        here: set[str],
        silent: set[str],
        broken: set[str],
    ) -> tuple[str, tuple[str, ...]]:
        """The first state that holds, and what holds besides."""
        if not here:
            if leaf in silent:
                return "not_reported", ()
            if line["segments"][leaf]["necessary"] == "否":
                return "not_applicable", ()
            if not graph.in_degree(leaf) or not graph.out_degree(leaf):
                return "short", ()
            return "broken_missing", ()
        held = [
            code
            for code, holds in (
                ("weak", self.weak(line, leaf, here)),
                ("thin", self.thin(leaf, here)),
            )
            if holds
        ]
        if leaf in broken:
            return "broken_unlinked", tuple(held)
        if held:
            return held[0], tuple(held[1:])
        return "sound", ()

    def output(self, firm: str, leaf: str) -> Fraction | None:
        """The firm's output on the leaf, or its own where it stands nowhere else."""
        placed = self.world["placed"].items()
        own = next(v[0] for (f, _, s), v in placed if (f, s) == (firm, leaf))
        if own != "":
            return Fraction(own)
        whole = self.world["firms"][firm]["output"]
        return Fraction(whole) if whole != "" and len(self.segments_of[firm]) == 1 else None

    def thin(self, leaf: str, here: set[str]) -> bool:
        """One firm, or fewer than three effective suppliers."""
        outputs = [self.output(f, leaf) for f in here]
        known = [o for o in outputs if o is not None]
        if len(here) <= 1:
            return True
        if len(known) < len(here) or not sum(known):
            return False
        return Fraction(sum(known)) ** 2 / sum(o * o for o in known) < 3

    def weak(self, line: dict[str, Any], leaf: str, here: set[str]) -> bool:
        """Any of the four signs of weakness."""
        flags = line["segments"][leaf]
        imports = flags["imports"] != "" and Fraction(str(flags["imports"])) > Fraction(1, 2)
        return (
            imports or flags["choke"] == "是" or self.dependent(leaf, here)
            or self.captive(here) or self.unqualified(here)
        )  # fmt: skip

    def dependent(self, leaf: str, here: set[str]) -> bool:
        """Whether the firms depend on the outside, by output where all report it."""
        said = {
            f: Fraction(str(v[1]))
            for (f, _, s), v in self.world["placed"].items()
            if s == leaf and f in here and v[1] != ""
        }
        if not said:
            return False
        outputs = {f: self.output(f, leaf) for f in said}
        full = all(o is not None for o in outputs.values()) and sum(map(Fraction, outputs.values()))
        weights = outputs if full else dict.fromkeys(said, Fraction(1))
        return sum(weights[f] * said[f] for f in said) / sum(weights.values()) > Fraction(1, 2)

    def captive(self, here: set[str]) -> bool:
        """Whether over half of essential purchases are held by a dominating supplier."""
        latest: dict[tuple[str, str], int] = {}
        for s, b, _, year in self.world["trades"]:
            if year != "":
                latest[s, b] = max(latest.get((s, b), 0), year)
        bought: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
        for (s, b, product, year), (amount, essential) in self.world["trades"].items():
            if b not in here or essential != "是" or amount == "":
                continue
            if year != "" and year != latest[s, b]:
                continue
            only = min(self.segments_of[s]) if len(self.segments_of[s]) == 1 else ""
            bought[product or only][s] += amount
        total = sum(sum(by.values()) for by in bought.values())
        held = sum(
            amount
            for by in bought.values()
            for amount in by.values()
            if amount / sum(by.values()) > Fraction(4, 5)
        )
        return bool(total) and Fraction(held) / total > Fraction(1, 2)

    def unqualified(self, here: set[str]) -> bool:
        """Whether every firm reports that it has no qualification."""
        held = {f: self.world["firms"][f]["held"] for f in here}
        return all(h == "无" or (h == "" and self.silent_means_none(f)) for f, h in held.items())

    def silent_means_none(self, firm: str) -> bool:
        """企业资质 is declared complete for the firm's region and one of its chains."""
        facts = self.world["firms"][firm]
        member = {facts["chain"]} - {""}
        return any(
            sheet == "企业资质"
            and (not region or facts["region"] in INSIDE[region] - {""})
            and (not chain or chain in member)
            for sheet, region, chain in self.world["scope"]
        )


def answered(world: dict[str, list[list[object]]]) -> Result:
    loaded = load_rows(world)
    assert loaded.findings.count("error") == 0, loaded.findings.frame()["message"].tolist()
    return ASK(loaded.graph, GapParams())


@SLOW
@given(world=worlds())
def test_states_and_diagnoses_agree_with_plain_loops(world: dict[str, Any]) -> None:
    result = answered(sheets(world))
    states, diagnoses = Oracle(world).answer()
    rows = result.rows
    found = {
        name: (state, tuple(also))
        for name, state, also in zip(rows["segment"], rows["state"], rows["also"], strict=True)
    }
    assert found == states
    table = result.tables["diagnosis"]
    assert dict(zip(table["chain"], table["diagnosis"], strict=True)) == diagnoses


@SLOW
@given(world=worlds(), seed=st.integers(0, 2**32))
def test_shuffling_rows_and_renaming_ids_changes_nothing(world: dict[str, Any], seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # a shuffle, nothing secret
    # the main segment of a firm is that of its largest output; a tie goes to the smallest code
    placed = {k: (1000 + i, v[1]) for i, (k, v) in enumerate(world["placed"].items())}
    first = sheets(world | {"placed": placed})
    second = {}
    for name, rows in first.items():
        body = [list(r) for r in rows[1:]]
        header = list(rows[0])
        chance.shuffle(body)
        if name in {"企业", "环节", "产业链"}:
            codes = chance.sample(range(1000, 9999), len(body))
            header, body = (
                [*header, "编码"],
                [[*r, f"N{c}"] for r, c in zip(body, codes, strict=True)],
            )
        second[name] = [header, *body]
    columns = ["number", "chain", "segment", "state", "also", "priority", "reason", "candidates"]
    one, two = answered(first).rows[columns], answered(second).rows[columns]
    assert one.astype("str").values.tolist() == two.astype("str").values.tolist()
