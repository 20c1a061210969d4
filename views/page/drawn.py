"""A chain as it is drawn: boxes, chips and flows with their places."""

from dataclasses import dataclass, field


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
        minor: Drawn only when one of its ends is chosen.
        years: (year, supply relations) where rows give a year; empty where none does.
        path: x0, y0, then six numbers for every cubic curve.
    """

    source: int
    target: int
    status: str
    supplies: int
    amount: float | None
    back: bool
    path: list[float] = field(default_factory=list)
    years: list[tuple[int, int]] = field(default_factory=list)
    minor: bool = False


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
