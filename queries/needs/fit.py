"""Whom a resource suits: by region, chain and conditions, each yes, no or not known.

Levels are small integers: MET (named, and the enterprise is within), ANY (nothing named: open to
all), UNKNOWN (named, but the enterprise does not say), NOT (named, and the enterprise is not).
"""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.dates import day_bounds
from graphmodel.graph import ChainGraph, Codes, Mask
from graphmodel.scope import declared_for_enterprises
from queries.columns import written
from queries.evidence import joined
from queries.membership import chain_members, region_ancestors
from queries.needs.moment import Moment
from queries.segments import numbers

Levels = npt.NDArray[np.int8]

NOT: Final = 0
UNKNOWN: Final = 1
ANY: Final = 2
MET: Final = 3
WORTH: Final = np.array([-np.inf, 0.2, 0.6, 1.0], dtype=np.float32)
"""What each level counts in the score."""

_SIZES: Final = {
    "中小微企业": "中小微", "中小企业": "中小微", "小微企业": "小微", "大型企业": "大",
    "中型企业": "中", "小型企业": "小", "微型企业": "微",
}  # fmt: skip
_QUALIFICATIONS: Final = (
    "高新技术企业", "科技型中小企业", "创新型中小企业", "专精特新", "小巨人", "单项冠军", "瞪羚",
    "独角兽",
)  # fmt: skip
_ALIASES: Final = {"规模以上": "规上", "高企": "高新技术企业"}
_IMPLIED: Final = {"专精特新": "小巨人"}
_WORDS: Final = sorted((*_QUALIFICATIONS, *_SIZES, "规上", "重点企业"), key=len, reverse=True)
_FILLER: Final = re.compile(r"企业|工业|认定|有效期内|均可|[的且和与及或、，,;；\s()（）]")


@dataclass(frozen=True, slots=True, eq=False)
class Offers:
    """Resources with whom they suit; arrays over the table of resources.

    Attributes:
        graph: The graph.
        moment: When it is asked.
    """

    graph: ChainGraph
    moment: Moment
    regions: "_Grid"
    chains: "_Grid"
    conditions: "_Grid"
    valid: Mask

    def levels(self, firms: Codes, resources: Codes) -> tuple[Levels, Levels, Levels]:
        """Return the levels by region, chain and conditions, each of shape (firms, resources)."""
        return (
            self.regions.levels(firms, resources),
            self.chains.levels(firms, resources),
            self.conditions.levels(firms, resources),
        )

    def pairwise(self, firms: Codes, resources: Codes) -> tuple[Levels, Levels, Levels]:
        """Return the levels of each enterprise with the resource beside it, each of shape (n,)."""
        return (
            self.regions.pairwise(firms, resources),
            self.chains.pairwise(firms, resources),
            self.conditions.pairwise(firms, resources),
        )

    def alike(self, resources: Codes) -> tuple[Codes, Codes]:
        """Return one of every sort of resource that suits the same enterprises, and each's sort."""
        sorts = [g.of_resource[resources] for g in (self.regions, self.chains, self.conditions)]
        _, first, sort = np.unique(
            np.stack(sorts, axis=1), axis=0, return_index=True, return_inverse=True
        )
        return resources[first], np.asarray(sort).ravel()


@dataclass(frozen=True, slots=True, eq=False)
class _Grid:
    """Levels of every distinct kind of enterprise (rows) and of resource (columns).

    The last row is for an enterprise that is not known.
    """

    table: Levels
    of_firm: Codes
    of_resource: Codes

    def levels(self, firms: Codes, resources: Codes) -> Levels:
        return self.table[self.of_firm[firms]][:, self.of_resource[resources]]

    def pairwise(self, firms: Codes, resources: Codes) -> Levels:
        return self.table[self.of_firm[firms], self.of_resource[resources]]

    def worth(self, firms: Codes, resources: Codes, weight: np.float32) -> npt.NDArray[np.float32]:
        """Return what each level counts in the score, −inf for NOT.

        Shape (firms, resources), or (firms, 1) where all resources are of one kind.
        """
        some = weight * WORTH[np.maximum(self.table, UNKNOWN)]
        counts = np.where(self.table == NOT, WORTH[NOT], some)
        kind = self.of_resource[resources]
        if (kind[1:] == kind[:-1]).all():
            kind = kind[:1]
        return counts[self.of_firm[firms]][:, kind]


def offers(graph: ChainGraph, moment: Moment) -> Offers:
    """Return whom every resource suits, and which are valid on the day asked about.

    A blank 有效起 or 有效止 does not limit; without any day asked about all are valid.
    """
    table = graph.nodes["Resource"]
    start, _ = day_bounds(table["valid_from"])
    _, end = day_bounds(table["valid_to"])
    valid = np.ones(len(table), dtype=bool)
    if not np.isnat(moment.day):
        valid = (np.isnat(start) | (start <= moment.day)) & (np.isnat(end) | (end >= moment.day))
    return Offers(
        graph,
        moment,
        _by_region(graph),
        _by_chain(graph),
        _by_conditions(graph, moment),
        valid,
    )


def _named(graph: ChainGraph, kind: str) -> "tuple[Codes, list[list[int]]]":
    """Return which distinct set of nodes of `kind` each resource names, and those sets (rows)."""
    edges = graph.edges["APPLIES_TO"]
    resource = graph.rows("Resource", edges["source"].to_numpy())
    node = graph.rows(kind, edges["target"].to_numpy())
    kept = (resource >= 0) & (node >= 0)
    pairs = pd.DataFrame({"resource": resource[kept], "node": node[kept]}).drop_duplicates()
    return _distinct(pairs["resource"], pairs["node"], len(graph.nodes["Resource"]))


def _distinct(
    owner: "pd.Series[int]", node: "pd.Series[int]", size: int
) -> "tuple[Codes, list[list[int]]]":
    """Return the number of the distinct set of nodes that each owner has, and the sets."""
    text = joined(
        np.asarray(owner, dtype=np.int64), node.astype("str"), size, limit=size + 1, separator=","
    )
    codes, sets = pd.factorize(text)
    parsed = [[int(part) for part in text.split(",") if part] for text in sets]
    return np.asarray(codes, dtype=np.int64), parsed


def _grid(sets: list[list[int]], firm_sets: list[list[int]]) -> Levels:
    """Return the level of each distinct set of an enterprise against each of a resource."""
    table = np.full((len(firm_sets) + 1, len(sets)), UNKNOWN, dtype=np.int8)
    width = max((max(s, default=-1) for s in (*sets, *firm_sets)), default=-1) + 1
    has = np.zeros((len(firm_sets), width), dtype=bool)
    for row, nodes in enumerate(firm_sets):
        has[row, nodes] = True
    told = np.array([bool(nodes) for nodes in firm_sets], dtype=bool)
    for column, nodes in enumerate(sets):
        if not nodes:
            table[:, column] = ANY
            continue
        within = has[:, nodes].any(axis=1)
        table[:-1, column] = np.where(within, MET, np.where(told, NOT, UNKNOWN))
    return table


def _by_region(graph: ChainGraph) -> _Grid:
    of_resource, sets = _named(graph, "Region")
    own = graph.rows("Region", graph.target("LOCATED_IN", "Enterprise"))
    distinct, of_firm = np.unique(np.append(own, -1), return_inverse=True)
    above = region_ancestors(graph).groupby("region")["ancestor"].agg(list)
    firm_sets = [above.get(region, []) for region in distinct.tolist()]
    return _Grid(_grid(sets, firm_sets), of_firm, of_resource)


def _by_chain(graph: ChainGraph) -> _Grid:
    of_resource, sets = _named(graph, "Chain")
    members = chain_members(graph)
    size = len(graph.nodes["Enterprise"])
    of_firm, firm_sets = _distinct(members["firm"], members["chain"], size)
    table = _grid(sets, firm_sets)
    return _Grid(table, np.append(of_firm, len(firm_sets)), of_resource)


# conditions ------------------------------------------------------------------------------------


def _by_conditions(graph: ChainGraph, moment: Moment) -> _Grid:
    texts = graph.nodes["Resource"]["conditions"].fillna("").str.strip()
    of_resource, distinct = pd.factorize(texts)
    size = len(graph.nodes["Enterprise"])
    known = _Profile(graph, moment)
    read = [_read(text) for text in distinct.tolist()]
    kinds, of_condition = _numbered(read)
    by_kind = np.full((size + 1, max(len(kinds), 1)), UNKNOWN, dtype=np.int8)
    for number, condition in enumerate(kinds):
        by_kind[:, number] = _judge(condition, known, size)
    column = np.asarray(of_condition, dtype=np.int64)[of_resource] if len(texts) else of_resource
    rows, of_firm = np.unique(by_kind, axis=0, return_inverse=True)
    return _Grid(rows, np.asarray(of_firm).ravel(), np.asarray(column, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class _Condition:
    words: tuple[str, ...]
    either: bool
    understood: bool


def _numbered(read: list[_Condition]) -> tuple[list[_Condition], list[int]]:
    kinds = list(dict.fromkeys(read))
    place = {condition: number for number, condition in enumerate(kinds)}
    return kinds, [place[condition] for condition in read]


def _read(text: str) -> _Condition:
    """Read a condition: the words known, whether one suffices, whether nothing else is said."""
    rest = text
    for alias, word in _ALIASES.items():
        rest = rest.replace(alias, word)
    found = []
    for word in _WORDS:
        if word in rest:
            found.append(word)
            rest = rest.replace(word, "")
    either = len(found) > 1 and bool(re.search("或|、|/", text))
    return _Condition(tuple(sorted(found)), either, understood=not _FILLER.sub("", rest))


def _judge(condition: _Condition, known: "_Profile", size: int) -> Levels:
    """Return the level of every enterprise; the last is for one that is not known."""
    if not condition.words:
        return np.full(size + 1, ANY if condition.understood else UNKNOWN, dtype=np.int8)
    each = np.stack([known.says(word) for word in condition.words])
    level = each.max(axis=0) if condition.either else each.min(axis=0)
    if not condition.understood:
        level = np.where(level == MET, UNKNOWN, level)
    return np.append(level, UNKNOWN).astype(np.int8)


class _Profile:
    """What is known of every enterprise that a condition may ask for."""

    def __init__(self, graph: ChainGraph, moment: Moment) -> None:
        self._graph, self._moment = graph, moment
        self._table = graph.nodes["Enterprise"]

    def says(self, word: str) -> Levels:
        """Return MET, NOT or UNKNOWN for every enterprise."""
        if word in _SIZES:
            size = written(self._table["size"])
            return _level(np.isin(size, list(_SIZES[word])), size != "")
        if word in {"规上", "重点企业"}:
            value = numbers(self._table["above_scale" if word == "规上" else "key"])
            return _level(value == 1, ~np.isnan(value))
        texts = [word, _IMPLIED[word]] if word in _IMPLIED else [word]
        has = self._held.str.contains("|".join(texts), regex=True).to_numpy(bool)
        return _level(has, has | self._told)

    @cached_property
    def _held(self) -> "pd.Series[str]":
        """Every qualification of each enterprise in one string, those expired left out."""
        edges = self._graph.edges["HOLDS"]
        _, end = day_bounds(edges["expires"])
        current = np.isnat(end) | np.isnat(self._moment.day) | (end >= self._moment.day)
        firm = self._graph.rows("Enterprise", edges["source"].to_numpy())
        names = self._graph.names(edges["target"].to_numpy()).fillna("")
        kept = current & (firm >= 0)
        sheet = names[kept].groupby(firm[kept]).agg(";".join)
        more = sheet.reindex(range(len(self._table))).fillna("").astype("str")
        own = self._table["qualifications"].fillna("").astype("str")
        both: pd.Series[str] = own + ";" + more
        return both

    @cached_property
    def _told(self) -> Mask:
        """Which enterprises list all qualifications they have."""
        own = self._table["qualifications"].fillna("").ne("").to_numpy(bool)
        return own | declared_for_enterprises(self._graph, "企业资质")


def _level(met: Mask, known: Mask) -> Levels:
    return np.where(known, np.where(met, MET, NOT), UNKNOWN).astype(np.int8)


def overall(*levels: Levels) -> Levels:
    """Return the worst of several levels, with MET and ANY both as MET."""
    worst = np.minimum.reduce(levels)
    return np.where(worst >= ANY, MET, worst).astype(np.int8)
