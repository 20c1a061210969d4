"""The parts a network page is made of: plain columns and records that serialise to JSON."""

from dataclasses import dataclass, field

Value = str | float | int | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Nodes:
    """Every node of the page, one list per attribute, sorted by kind.

    Attributes:
        key: What `#n=` in the page's address takes: the id, or kind:id where two kinds share it.
        kind: Position in `ViewModel.kinds`.
        name: The full name as written.
        short: A short name for the drawing.
        search: Lower-case words that find the node besides its names: initials, id, credit code.
        region: Name of the region; empty where not reported.
        inferred: The node was made from a name on another sheet.
    """

    key: list[str] = field(default_factory=list)
    kind: list[int] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    short: list[str] = field(default_factory=list)
    search: list[str] = field(default_factory=list)
    region: list[str] = field(default_factory=list)
    inferred: list[bool] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Every link between two nodes of the page, one list per attribute.

    Attributes:
        source: Position in `Nodes`.
        target: Position in `Nodes`.
        relation: Position in `ViewModel.relations`.
        note: What the link's own properties say, in one line.
        inferred: The link follows from another statement.
    """

    source: list[int] = field(default_factory=list)
    target: list[int] = field(default_factory=list)
    relation: list[int] = field(default_factory=list)
    note: list[str] = field(default_factory=list)
    inferred: list[bool] = field(default_factory=list)


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
    """A kind of link, named as seen from its source (`out`) and from its target (`into`)."""

    code: str
    out_zh: str
    out_en: str
    into_zh: str
    into_en: str
    directed: bool = True


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
class Finding:
    """What a question found about a node: labelled sentences, never a bare score.

    Attributes:
        subject: Position in `Nodes`.
        chain: Position in `ViewModel.chains`, or -1 where it holds in every chain.
        fields: (Chinese label, English label, Chinese text, English text) in reading order.
    """

    subject: int
    chain: int
    question: str
    zh: str
    en: str
    weak: bool
    fields: list[tuple[str, str, str, str]] = field(default_factory=list)
    inferred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A stage of the chain: its extent, and the heights at which a link may cross it."""

    zh: str
    en: str
    x: float
    w: float
    corridors: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A segment card, a support lane, or the card of enterprises without a segment.

    Attributes:
        role: "card", "lane" or "loose".
        node: Position of the segment in `Nodes`; -1 for a lane and for the loose card.
        kind: Position in `ViewModel.kinds` of what it holds.
        state: Code of the segment's state; empty where no answer was given.
        also: States that hold besides.
        column: Position in `Chain.columns`; -1 for what spans all of them.
        chip: Width of its chips.
        note: (Chinese, English) what the card adds, such as 在补.
        members: Every node that belongs here; the first ones are drawn.
    """

    role: str
    node: int
    kind: int
    state: str
    also: list[str]
    column: int
    x: float
    y: float
    w: float
    h: float
    chip: float
    note: tuple[str, str]
    members: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chips:
    """What is drawn inside the boxes, by centre; node -1 is the chip that says "+N"."""

    h: float
    gap: float
    node: list[int] = field(default_factory=list)
    box: list[int] = field(default_factory=list)
    x: list[float] = field(default_factory=list)
    y: list[float] = field(default_factory=list)
    mark: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Everything that runs from one segment to another, as one line.

    Attributes:
        source: Position in `Chain.boxes`.
        target: Position in `Chain.boxes`.
        status: "supply" (reported supply rows), "template" (declared, no row reported) or
            "unlinked" (断链·缺联: both ends occupied, both report, no tie).
        supplies: Number of supply relations.
        amount: Their sum in 万元; None where none gives one.
        back: A 回流 edge.
        path: x0, y0, then six numbers for every cubic curve.
    """

    source: int
    target: int
    status: str
    supplies: int
    amount: float | None
    back: bool
    path: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """One chain as it is drawn, in units of its own: (0, 0) to (width, height)."""

    node: int
    title: str
    width: float
    height: float
    columns: list[Column]
    boxes: list[Box]
    chips: Chips
    flows: list[Flow]
    notes: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewModel:
    """Everything a network page shows, as plain data.

    Attributes:
        title: Name of the source.
        stamp: When and from what it was made, in one line.
        notice: (Chinese, English) sentence that must stay visible, such as 虚构数据.
        remarks: (Chinese, English) sentences on how the answers were reached.
    """

    title: str
    stamp: str
    notice: tuple[str, str]
    kinds: list[Kind]
    relations: list[Relation]
    states: list[State]
    nodes: Nodes
    links: Links
    findings: list[Finding]
    chains: list[Chain]
    remarks: list[tuple[str, str]] = field(default_factory=list)
