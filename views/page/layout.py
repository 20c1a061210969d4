"""Where everything of a chain stands: columns of cards, lanes of support, and the flows between.

All chips stand on one grid whose gutters stay free, so that every link can run beside the boxes
and never through one. The same content always gives the same picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from views.page.routes import Frame, route

CHIP_W: Final = 94.0
CHIP_H: Final = 24.0
CHIP_GAP: Final = 5.0
ROW_GAP: Final = 8.0
CARD_PAD: Final = 8.0
CARD_HEAD: Final = 34.0
EMPTY_BODY: Final = 26.0
CARD_GAP: Final = 20.0
CARD_GAP_MAX: Final = 44.0
STAGE_HEAD: Final = 26.0
LANE_PAD: Final = 4.0
LANE_GAP: Final = 4.0
BAND_GAP: Final = 12.0
LABEL_W: Final = 78.0
GUTTER: Final = 62.0
OUTER: Final = 26.0
CARD_CAP: Final = 12
LANE_ROWS: Final = 2
LOOSE_ROWS: Final = 4
READABLE: Final = 0.82
"""The scale below which the names of firms are too small to read."""
REFERENCE: Final = (990.0, 600.0)
"""The drawing area of a 1280 by 720 window, for which the grid is chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What the layout needs to know about one box.

    Attributes:
        role: "card", "above", "loose" or "below".
        size: Number of members.
        stage: Which column a card stands in: 0 upstream, 1 midstream, 2 downstream, 3 and more
            not reported.
        rank: Order within the stage; boxes of equal rank follow their neighbours upstream.
    """

    role: str
    size: int
    stage: int = 0
    rank: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Positions in units of the drawing; lists run parallel to the content given.

    Attributes:
        stages: The stages that hold a card, left to right.
        columns: Left edge and width of each of them.
        corridors: For each column, the heights between its cards.
        boxes: x, y, width, height.
        column: Position in `columns`, -1 for a box that spans all of them.
        chips: For each box the centres (n, 2) of what is drawn in it; where `shown` is less than
            the size, the last one stands for the rest.
        chip_width: Width of the chips of each box.
        shown: Number of members drawn.
        paths: For each flow x0, y0 and six numbers per cubic curve.
    """

    width: float
    height: float
    stages: list[int]
    columns: list[tuple[float, float]]
    corridors: list[list[float]]
    boxes: list[tuple[float, float, float, float]]
    column: list[int]
    chips: list[NDArray[np.float64]]
    chip_width: list[float]
    shown: list[int]
    paths: list[list[float]] = field(default_factory=list)


def layout(contents: Sequence[Content], flows: Sequence[tuple[int, int]]) -> Layout:
    """Place the boxes of a chain and route its flows.

    Args:
        contents: The boxes, in any order.
        flows: (source, target) as positions in `contents`; both are cards.

    Returns:
        Of the layouts with two, three and four chips a row the one that is largest when the whole
        fits a small window, among those whose names can be read when only the width fits.
    """
    order = _order(contents, flows)
    tried = [_arrange(contents, order, per_row) for per_row in (2, 3, 4)]
    best = max(tried, key=_legibility)
    frame = Frame(
        boxes=best.boxes, column=best.column, columns=best.columns, corridors=best.corridors
    )
    best.paths.extend(route(frame, flows))
    return best


def _legibility(one: Layout) -> tuple[float, float]:
    across, down = REFERENCE[0] / one.width, REFERENCE[1] / one.height
    return min(across, READABLE), min(across, down)


def _order(contents: Sequence[Content], flows: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Cards of each non-empty stage, by rank and then by the mean place of their suppliers."""
    cards = [i for i, content in enumerate(contents) if content.role == "card"]
    place: dict[int, float] = {}
    columns = []
    for stage in sorted({contents[i].stage for i in cards}):
        inside = [i for i in cards if contents[i].stage == stage]
        before = {
            i: [place[a] for a, b in flows if b == i and a in place and a != i] for i in inside
        }
        inside.sort(
            key=lambda i: (
                contents[i].rank,
                sum(before[i]) / len(before[i]) if before[i] else len(inside) / 2,
                i,
            )
        )
        place.update({i: float(position) for position, i in enumerate(inside)})
        columns.append(inside)
    return columns


def _arrange(contents: Sequence[Content], order: list[list[int]], per_row: int) -> Layout:
    """Place everything with `per_row` chips across a card."""
    grid = _Grid(columns=max(len(order), 3 if not order else 1), per_row=per_row)
    boxes = [(0.0, 0.0, 0.0, 0.0)] * len(contents)
    chips = [np.empty((0, 2))] * len(contents)
    width = [CHIP_W] * len(contents)
    shown = [0] * len(contents)
    column = [-1] * len(contents)

    def band(role: str, top: float) -> float:
        """Stack the boxes of one role from `top` down; return where the last one ends."""
        for i, content in enumerate(contents):
            if content.role != role:
                continue
            rows = LOOSE_ROWS if role == "loose" else LANE_ROWS
            slots, width[i] = grid.band(content.size, rows)
            drawn = min(content.size, rows * len(slots))
            chips[i] = _fill(slots, drawn, top + LANE_PAD)
            shown[i] = drawn - (drawn < content.size)
            used = max(-(-drawn // len(slots)), 1)
            height = used * (CHIP_H + ROW_GAP) - ROW_GAP + 2 * LANE_PAD
            boxes[i] = (0.0, top, grid.width, height)
            top += height + LANE_GAP
        return top

    top = band("above", 0.0)
    top = top + BAND_GAP - LANE_GAP if top else 0.0
    corridors: list[list[float]] = [[] for _ in range(grid.columns)]
    bottom = top
    if order:
        top += STAGE_HEAD + CARD_GAP * 0.7
        heights = [[_card_height(contents[i].size, per_row) for i in inside] for inside in order]
        tallest = max(sum(each) + CARD_GAP * (len(each) - 1) for each in heights)
        bottom = top + tallest
        for k, inside in enumerate(order):
            spare = (tallest - sum(heights[k])) / max(len(inside) - 1, 1)
            gap = min(CARD_GAP_MAX, max(CARD_GAP, spare))
            y = top
            corridors[k].append(top - CARD_GAP * 0.35)
            for i, height in zip(inside, heights[k], strict=True):
                column[i] = k
                boxes[i] = (grid.left(k), y, grid.card, height)
                chips[i], shown[i] = grid.inside(contents[i].size, k, y + CARD_HEAD)
                y += height + gap
                corridors[k].append(y - gap / 2)
    if any(content.role == "loose" for content in contents):
        bottom = band("loose", bottom + BAND_GAP) - LANE_GAP
    if any(content.role == "below" for content in contents):
        bottom = band("below", bottom + BAND_GAP) - LANE_GAP
    return Layout(
        width=grid.width,
        height=max(bottom, CARD_HEAD),
        stages=[contents[inside[0]].stage for inside in order],
        columns=[(grid.left(k), grid.card) for k in range(grid.columns)],
        corridors=corridors,
        boxes=boxes,
        column=column,
        chips=chips,
        chip_width=width,
        shown=shown,
    )


def _card_height(size: int, per_row: int) -> float:
    if size == 0:
        return CARD_HEAD + EMPTY_BODY
    rows = -(-min(size, CARD_CAP) // per_row)
    return CARD_HEAD + rows * (CHIP_H + ROW_GAP) - ROW_GAP + CARD_PAD


@dataclass(frozen=True, slots=True)
class _Grid:
    """The columns of chips that cards and lanes share."""

    columns: int
    per_row: int

    @property
    def card(self) -> float:
        return self.per_row * CHIP_W + (self.per_row - 1) * CHIP_GAP + 2 * CARD_PAD

    @property
    def width(self) -> float:
        return LABEL_W + 2 * OUTER + self.columns * self.card + (self.columns - 1) * GUTTER

    def left(self, column: int) -> float:
        return LABEL_W + OUTER + column * (self.card + GUTTER)

    def _slots(self, column: int) -> NDArray[np.float64]:
        step = np.arange(self.per_row, dtype=np.float64) * (CHIP_W + CHIP_GAP)
        return self.left(column) + CARD_PAD + CHIP_W / 2 + step

    def inside(self, size: int, column: int, top: float) -> tuple[NDArray[np.float64], int]:
        """Centres within one card, and how many members they show."""
        drawn = min(size, CARD_CAP)
        return _fill(self._slots(column), drawn, top), drawn if size <= CARD_CAP else drawn - 1

    def band(self, size: int, rows: int) -> tuple[NDArray[np.float64], float]:
        """Slots across all columns and their width: wider ones where they hold everything."""
        wide = self.per_row - 1
        if size <= rows * wide * self.columns:
            inner = self.card - 2 * CARD_PAD
            width = (inner - (wide - 1) * CHIP_GAP) / wide
            first = np.array([self.left(k) + CARD_PAD + width / 2 for k in range(self.columns)])
            step = np.arange(wide) * (width + CHIP_GAP)
            slots = (first[:, None] + step).ravel()
            return np.asarray(slots, dtype=np.float64), width
        return np.concatenate([self._slots(k) for k in range(self.columns)]), CHIP_W


def _fill(slots: NDArray[np.float64], count: int, top: float) -> NDArray[np.float64]:
    """The first `count` centres, row by row over the slots."""
    position = np.arange(count)
    y = top + CHIP_H / 2 + (position // len(slots)) * (CHIP_H + ROW_GAP)
    return np.column_stack([slots[position % len(slots)], y])
