"""How the flows between cards run: port, gutter, corridor, gutter, port; never through a card."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

Side = Literal["left", "right"]
LOOP: Final = 26.0
LOOP_STEP: Final = 8.0
LOOPS: Final = 5
LANES: Final = (0.0, 3.0, -3.0, 6.0, -6.0)
"""Distances from the middle of a corridor that its flows take in turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands in the way: boxes as x, y, width, height, and the free heights of each column."""

    boxes: Sequence[tuple[float, float, float, float]]
    column: Sequence[int]
    columns: Sequence[tuple[float, float]]
    corridors: Sequence[Sequence[float]]


def route(frame: Frame, flows: Sequence[tuple[int, int]]) -> list[list[float]]:
    """Return for each flow x0, y0 and then six numbers for every cubic curve.

    A flow to the next column crosses one gutter; one that skips a column passes between two of
    its cards; one within a column loops beside it, or drops straight to the card below.
    """
    ports = _ports(frame, flows)
    used: dict[tuple[int, float], int] = defaultdict(int)
    return [_path(frame, flow, ports, position, used) for position, flow in enumerate(flows)]


def _sides(frame: Frame, flow: tuple[int, int]) -> tuple[Side, Side]:
    a, b = frame.column[flow[0]], frame.column[flow[1]]
    if a == b:
        return "right", "right"
    return ("right", "left") if a < b else ("left", "right")


def _below(frame: Frame, flow: tuple[int, int]) -> bool:
    """Whether the target is the next card under the source."""
    (_, ya, _, ha), (_, yb, _, _) = frame.boxes[flow[0]], frame.boxes[flow[1]]
    column = frame.column[flow[0]]
    if column != frame.column[flow[1]] or yb <= ya:
        return False
    return sum(ya + ha < corridor < yb for corridor in frame.corridors[column]) == 1


def _ports(frame: Frame, flows: Sequence[tuple[int, int]]) -> dict[tuple[int, int], float]:
    """Height of each end (flow, 0 or 1), spread over the side in the order of the other ends."""
    ends: dict[tuple[int, Side], list[tuple[float, int, int]]] = defaultdict(list)
    for position, flow in enumerate(flows):
        if _below(frame, flow):
            continue
        for end, side in enumerate(_sides(frame, flow)):
            _, y, _, h = frame.boxes[flow[1 - end]]
            ends[flow[end], side].append((y + h / 2, position, end))
    heights = {}
    for (box, _), inside in ends.items():
        _, y, _, h = frame.boxes[box]
        span = min(h - 20, 16.0 * (len(inside) - 1))
        first = y + h / 2 - span / 2
        step = span / max(len(inside) - 1, 1)
        for slot, (_, position, end) in enumerate(sorted(inside)):
            heights[position, end] = first + slot * step
    return heights


def _path(
    frame: Frame,
    flow: tuple[int, int],
    ports: dict[tuple[int, int], float],
    position: int,
    used: dict[tuple[int, float], int],
) -> list[float]:
    source, target = flow
    xa, ya, wa, ha = frame.boxes[source]
    xb, yb, wb, _ = frame.boxes[target]
    if _below(frame, flow):
        x = xa + wa / 2
        return _rounded([x, ya + ha, x, ya + ha, x, yb, x, yb])
    out, into = _sides(frame, flow)
    x0, y0 = xa + (wa if out == "right" else 0.0), ports[position, 0]
    x1, y1 = xb + (wb if into == "right" else 0.0), ports[position, 1]
    if frame.column[source] == frame.column[target]:
        far = LOOP + _aside(frame, frame.column[source], used)
        return _rounded([x0, y0, x0 + far, y0, x1 + far, y1, x1, y1])
    path, at = [x0, y0], (x0, y0)
    step = 1 if out == "right" else -1
    for k in range(frame.column[source] + step, frame.column[target], step):
        left, width = frame.columns[k]
        near, far = (left, left + width) if step > 0 else (left + width, left)
        wish = (at[1] + y1) / 2
        free = min(frame.corridors[k], key=lambda height: abs(height - wish))
        lane = used[k, free]
        used[k, free] += 1
        height = free + LANES[lane % len(LANES)]
        path += _curve(at, (near, height))
        path += [near, height, far, height, far, height]
        at = (far, height)
    return _rounded(path + _curve(at, (x1, y1)))


def _aside(frame: Frame, column: int, used: dict[tuple[int, float], int]) -> float:
    """How much further out the next loop of a column runs; the last column has no gutter."""
    loops = used[column, -1.0]
    used[column, -1.0] += 1
    return 0.0 if column == len(frame.columns) - 1 else LOOP_STEP * (loops % LOOPS)


def _curve(a: tuple[float, float], b: tuple[float, float]) -> list[float]:
    middle = (a[0] + b[0]) / 2
    return [middle, a[1], middle, b[1], b[0], b[1]]


def _rounded(path: list[float]) -> list[float]:
    return [round(value, 1) for value in path]
