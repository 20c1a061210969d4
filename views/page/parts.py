"""The parts a network page is made of: plain columns and records that serialise to JSON."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from views.page.drawn import Chain

Value = str | float | int | bool | None


def _none() -> npt.NDArray[np.int64]:
    return np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nodes:
    """Every node of the page, one list per attribute, sorted by kind.

    Attributes:
        key: What `#n=` in the page's address takes: the id, or kind:id where two kinds share it.
        name: The full name as written.
        short: A short name for the drawing.
        initials: Lower-case pinyin initials of the full and of the short name.
        region: Position in `ViewModel.regions`; -1 where not reported.
        inferred: The node was made from a name on another sheet.
    """

    key: list[str] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    short: list[str] = field(default_factory=list)
    initials: list[str] = field(default_factory=list)
    region: list[int] = field(default_factory=list)
    inferred: list[bool] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Regions:
    """The regions in use and those they lie in, a parent always before its parts.

    Attributes:
        name: Name of the region.
        parent: Position of the region it lies in; -1 for a root.
    """

    name: list[str] = field(default_factory=list)
    parent: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkColumn:
    """One declared property of a relation.

    Attributes:
        role: "amount" (万元), "from" or "until" (a date or a year), or "" for the others.
        values: One value per link of the relation, None where not reported.
    """

    name: str
    zh: str
    en: str
    unit: str
    role: str
    values: list[Value] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Every link between two nodes of the page, those of one relation side by side.

    Attributes:
        source: Position in `Nodes`.
        target: Position in `Nodes`.
        inferred: The link follows from another statement.
    """

    source: npt.NDArray[np.int64] = field(default_factory=_none)
    target: npt.NDArray[np.int64] = field(default_factory=_none)
    inferred: npt.NDArray[np.int64] = field(default_factory=_none)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """Partners that are not on the page, counted for each node that is.

    Attributes:
        node: Position in `Nodes`.
        relation: Position in `ViewModel.relations`.
        out: Whether the links start at the node.
        count: Number of such partners.
        amount: Sum over them in 万元; NaN where none gives one.
    """

    node: npt.NDArray[np.int64] = field(default_factory=_none)
    relation: npt.NDArray[np.int64] = field(default_factory=_none)
    out: npt.NDArray[np.int64] = field(default_factory=_none)
    count: npt.NDArray[np.int64] = field(default_factory=_none)
    amount: npt.NDArray[np.float64] = field(default_factory=lambda: np.empty(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyColumn:
    """One declared property of a kind with its values, in the order of the kind's nodes."""

    name: str
    zh: str
    en: str
    unit: str = ""
    values: list[Value] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of node: its label, where it stands, and its range of positions in `Nodes`.

    Attributes:
        place: "card", "above", "below", or "" for a kind shown on the panel only.
        start: Position of its first node.
        count: Number of its nodes on the page.
    """

    code: str
    zh: str
    en: str
    place: str
    start: int
    count: int
    properties: list[PropertyColumn] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A kind of link, named as seen from its source (`out`) and from its target (`into`).

    Attributes:
        start: Position of its first link in `Links`.
        count: Number of its links.
        columns: Its properties.
    """

    code: str
    out_zh: str
    out_en: str
    into_zh: str
    into_en: str
    start: int
    count: int
    directed: bool = True
    columns: list[LinkColumn] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A state that a segment can have (DESIGN 5.1); `weak` ones are what the toggle brings out."""

    code: str
    zh: str
    en: str
    weak: bool
    action_zh: str = ""
    action_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What one question found about nodes of the page: labelled sentences, never a bare score.

    Attributes:
        question: Name of the question.
        zh: Its sheet.
        en: Its name in English.
        columns: (Chinese, English) label of each thing said.
        subject: Position in `Nodes` of each finding.
        chain: Position in `ViewModel.chains`, or -1 where it holds in every chain.
        label: (Chinese, English) headline of each finding.
        weak: Whether it asks for attention.
        texts: For each column the Chinese text of each finding; "" leaves it out.
        english: The same in English.
        notes: (Chinese, English) sentences on how the answer was reached.
    """

    question: str
    zh: str
    en: str
    columns: list[tuple[str, str]] = field(default_factory=list)
    subject: list[int] = field(default_factory=list)
    chain: list[int] = field(default_factory=list)
    label: list[tuple[str, str]] = field(default_factory=list)
    weak: list[bool] = field(default_factory=list)
    texts: list[list[str]] = field(default_factory=list)
    english: list[list[str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Enterprises counted where they stand, one list per column; a region counts its own only.

    Attributes:
        regions: Enterprises directly in each region; the last number is those without one.
        chain_region: Position in `Regions` (-1: not reported) of each count of `chain_firms`.
        chain: Position in `ViewModel.chains`.
        chain_firms: Enterprises of that chain in that region.
        box_region: As `chain_region`, of `box_firms`.
        box_chain: As `chain`.
        box: Position in that chain's boxes.
        box_firms: Enterprises of that segment in that region.
    """

    regions: list[int] = field(default_factory=list)
    chain_region: list[int] = field(default_factory=list)
    chain: list[int] = field(default_factory=list)
    chain_firms: list[int] = field(default_factory=list)
    box_region: list[int] = field(default_factory=list)
    box_chain: list[int] = field(default_factory=list)
    box: list[int] = field(default_factory=list)
    box_firms: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closures:
    """Who is hit when one enterprise stops, one entry per pair, the largest loss first.

    Attributes:
        tried: Positions in `Nodes` of the enterprises whose stop was worked out.
        node: The one that stops.
        hit: One that loses by it.
        loss: Share of its output lost, in (0, 1].
        step: Update in which the loss arrives.
    """

    tried: list[int] = field(default_factory=list)
    node: list[int] = field(default_factory=list)
    hit: list[int] = field(default_factory=list)
    loss: list[float] = field(default_factory=list)
    step: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A layout that the caller gave: nodes and where they stand, in units of the drawing."""

    node: list[int] = field(default_factory=list)
    x: list[float] = field(default_factory=list)
    y: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewModel:
    """Everything a network page shows, as plain data.

    Attributes:
        title: Name of the source.
        stamp: (Chinese, English) line on when and from what it was made.
        notice: (Chinese, English) sentence that must stay visible, such as 虚构数据.
        remarks: (Chinese, English) sentences on what the page holds and how it was reached.
        rest: Partners that are counted and not on the page.
        focus: Position in `Nodes` of what the page opens at; -1 for none.
        hops: How far the neighbourhood of `focus` reaches.
        placed: A layout given by the caller; empty for none.
    """

    title: str
    stamp: tuple[str, str]
    notice: tuple[str, str]
    kinds: list[Kind]
    relations: list[Relation]
    states: list[State]
    nodes: Nodes
    regions: Regions
    links: Links
    findings: list[Findings]
    chains: list[Chain]
    overview: Overview
    closures: Closures = field(default_factory=Closures)
    remarks: list[tuple[str, str]] = field(default_factory=list)
    rest: Rest = field(default_factory=Rest)
    focus: int = -1
    hops: int = 2
    placed: Placed = field(default_factory=Placed)
