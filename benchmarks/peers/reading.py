"""The multigraph by kind, and the notions that several questions share, as dictionaries."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Any

import networkx as nx

Data = dict[str, Any]
Edge = tuple[str, str, Data]
Row = dict[str, Any]
Graph = nx.MultiDiGraph

FOR_A_TASK = ("行动支部", "攻坚党小组")
SENT = "派驻指导员"


def place(data: Data) -> str:
    """Return where a node or relation was written: 文件·工作表 第n行; "" for an inferred one."""
    if not data.get("row", 0) > 0:
        return ""
    file, sheet = data.get("file", ""), data.get("sheet", "")
    named = f"{file}·{sheet}" if sheet and sheet != file.rsplit(".", 1)[0] else file
    return f"{named} 第{data['row']}行"


def some(texts: Iterable[str], limit: int = 5, separator: str = "、") -> str:
    """Return distinct texts in their order, a longer list ending with 等n个."""
    known = sorted({text for text in texts if text})
    more = f"等{len(known)}个" if len(known) > limit else ""
    return separator.join(known[:limit]) + more


def interval(part: float, unknown: float, whole: float) -> list[float] | None:
    """Return [part/whole, (part + unknown)/whole], None where the whole is 0."""
    return [part / whole, (part + unknown) / whole] if whole else None


class Book:
    """Nodes and relations of the multigraph by kind, read once.

    Attributes:
        nodes: Attributes of each node, by kind and node.
        edges: Relations as (source, target, attributes), by kind.
        home: Region of each node that has one.
    """

    def __init__(self, graph: "Graph[str]") -> None:
        """Sort the nodes and relations by kind."""
        self.nodes: dict[str, dict[str, Data]] = defaultdict(dict)
        self.edges: dict[str, list[Edge]] = defaultdict(list)
        for node, data in graph.nodes(data=True):
            self.nodes[data["kind"]][node] = data
        for edge in graph.edges(data=True):
            self.edges[edge[2]["kind"]].append(edge)
        self.home: dict[str, str] = {}
        for source, target, _ in self.edges["LOCATED_IN"]:
            self.home.setdefault(source, target)
        self._parts = {source: target for source, target, _ in self.edges["PART_OF"]}

    def name(self, node: str | None) -> str:
        """Return the name of a node, "" for none."""
        return self.nodes[node.split(":", 1)[0]][node]["name"] if node else ""

    def chain_of(self, segment: str | None) -> str | None:
        """Return the chain of a segment."""
        return self._parts.get(segment or "")

    def around(self, region: str | None) -> list[str]:
        """Return a region with every region it lies in, the nearest first."""
        found = []
        while region:
            found.append(region)
            region = self._parts.get(region)
        return found

    @cached_property
    def insiders(self) -> set[str]:
        """Enterprises that are part of the data."""
        firms = self.nodes["Enterprise"].items()
        return {firm for firm, data in firms if data.get("standing") != "outside"}

    @cached_property
    def members(self) -> dict[str, set[str]]:
        """The enterprises of each chain, by 企业产业链 or by 企业环节."""
        found: dict[str, set[str]] = defaultdict(set)
        for firm, chain, _ in self.edges["IN_CHAIN"]:
            found[chain].add(firm)
        for firm, segment, _ in self.edges["IN_SEGMENT"]:
            if chain_ := self.chain_of(segment):
                found[chain_].add(firm)
        return {chain: firms & self.insiders for chain, firms in found.items()}

    @cached_property
    def chains(self) -> dict[str, list[str]]:
        """The chains of each enterprise."""
        found: dict[str, list[str]] = defaultdict(list)
        for chain, firms in self.members.items():
            for firm in firms:
                found[firm].append(chain)
        return found

    @cached_property
    def labels(self) -> dict[str, str]:
        """The name of each chain, as 名称@地区 where two chains share a name."""
        names = {chain: data["name"] for chain, data in self.nodes["Chain"].items()}
        often: dict[str, int] = defaultdict(int)
        for name in names.values():
            often[name] += 1
        return {
            chain: f"{name}@{self.name(self.home[chain])}"
            if often[name] > 1 and chain in self.home
            else name
            for chain, name in names.items()
        }

    @cached_property
    def latest(self) -> list[Edge]:
        """Supply relations of the latest year that each pair reports; without a year: current."""
        year: dict[tuple[str, str], int] = {}
        for supplier, buyer, data in self.edges["SUPPLIES"]:
            if "year" in data:
                pair = (supplier, buyer)
                year[pair] = max(year.get(pair, 0), data["year"])
        return [
            edge
            for edge in self.edges["SUPPLIES"]
            if "year" not in edge[2] or edge[2]["year"] == year[edge[0], edge[1]]
        ]

    @cached_property
    def segment_of_goods(self) -> dict[str, str]:
        """The only segment that each enterprise stands in, of those that stand in one."""
        stands: dict[str, set[str]] = defaultdict(set)
        for firm, segment, _ in self.edges["IN_SEGMENT"]:
            stands[firm].add(segment)
        return {firm: next(iter(found)) for firm, found in stands.items() if len(found) == 1}

    def goods(self, edge: Edge) -> str | None:
        """Return the segment of what is supplied: the relation's, the product's, the supplier's."""
        supplier, _, data = edge
        if "segment" in data:
            return str(data["segment"])
        product = self.nodes["Product"].get(data.get("product", ""), {})
        return product.get("segment") or self.segment_of_goods.get(supplier)

    def declared(self, sheet: str, region: str | None, chain: str | None = None) -> bool:
        """Return whether a sheet is declared complete there, so that silence means 无."""
        regions = self.around(region)
        return any(
            scope.get("table") == sheet
            and scope.get("complete")
            and ("region" not in scope or scope["region"] in regions)
            and ("chain" not in scope or scope["chain"] == chain)
            for scope in self.nodes["Scope"].values()
        )

    def declared_for_firms(self, sheet: str) -> set[str]:
        """Return the enterprises for which a sheet is declared complete, by region or chain."""
        if not any(scope.get("table") == sheet for scope in self.nodes["Scope"].values()):
            return set()
        firms = self.nodes["Enterprise"]
        found = {firm for firm in firms if self.declared(sheet, self.home.get(firm))}
        for firm, chain, _ in self.edges["IN_CHAIN"]:
            if firm not in found and self.declared(sheet, self.home.get(firm), chain):
                found.add(firm)
        return found

    @cached_property
    def ties(self) -> dict[str, set[str]]:
        """The enterprises of the data that each deals with: supplies either way, and 配套."""
        found: dict[str, set[str]] = defaultdict(set)
        for kind in ("SUPPLIES", "COOPERATES"):
            for one, two, _ in self.edges[kind]:
                if one != two and one in self.insiders and two in self.insiders:
                    found[one].add(two)
                    found[two].add(one)
        return found

    @cached_property
    def hosts(self) -> list[tuple[str, str, str]]:
        """Party organizations of enterprises: organization, enterprise, 组建方式 ("" unstated)."""
        found = []
        for organization, host, data in self.edges["ORG_OF"]:
            type_ = self.nodes["PartyOrganization"][organization].get("type", "")
            if host.startswith("Enterprise:") and type_ not in FOR_A_TASK:
                joint = "联合" if type_ == "联合党支部" else ""
                found.append((organization, host, data.get("mode") or joint))
        return found

    @cached_property
    def alliances(self) -> dict[str, set[tuple[str, bool]]]:
        """Alliances of each enterprise, and whether a Party organization of it is the member."""
        found: dict[str, set[tuple[str, bool]]] = defaultdict(set)
        theirs: dict[str, list[str]] = defaultdict(list)
        for organization, firm, mode in self.hosts:
            if mode != SENT:
                theirs[organization].append(firm)
        for member, alliance, _ in self.edges["MEMBER_OF"]:
            if member.startswith("Enterprise:"):
                found[member].add((alliance, False))
            for firm in theirs.get(member, ()):
                found[firm].add((alliance, True))
        return found
