"""A pen that writes SVG: shapes with numbers, and texts that are always escaped."""

import json
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final, TypedDict, cast
from xml.sax.saxutils import escape

from views.cells import visible

_NARROW: Final = 0.58
_ELLIPSIS: Final = "…"


class Icon(TypedDict, total=False):
    """A shape of 16 by 16: what is filled, what is drawn as a line, and lines upon the filling."""

    fill: str
    line: str
    dash: list[float]
    ink: str


class Pen:
    """Elements of a picture, one after the other."""

    def __init__(self, ink: Mapping[str, str]) -> None:
        """Take the colours by name."""
        self._ink = ink
        self._parts: list[str] = []

    def text_of(self) -> str:
        """Return everything drawn."""
        return "".join(self._parts)

    def rect(
        self, x: float, y: float, w: float, h: float, *, fill: str, line: str = "",
        width: float = 1.0, radius: float = 0.0, dash: str = "",
    ) -> None:  # fmt: skip
        """Draw a rectangle."""
        corner = f' rx="{radius:g}"' if radius else ""
        self._parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}"{corner}'
            f' fill="{fill}"{_line(line, width, dash)}/>'
        )

    def circle(self, x: float, y: float, r: float, *, fill: str, line: str) -> None:
        """Draw a circle."""
        self._parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:g}" fill="{fill}"{_line(line, 1.5, "")}/>'
        )

    def path(
        self, d: str, *, fill: str = "none", line: str = "", width: float = 1.0, dash: str = "",
        opacity: float = 1.0,
    ) -> None:  # fmt: skip
        """Draw a path."""
        clear = f' opacity="{opacity:g}"' if opacity < 1 else ""
        self._parts.append(f'<path d="{d}" fill="{fill}"{_line(line, width, dash)}{clear}/>')

    def arrow(self, x: float, y: float, way: tuple[float, float], size: float, ink: str) -> None:
        """Draw the head of an arrow whose tip is at x, y."""
        dx, dy = way
        back = x - dx * size * 1.5, y - dy * size * 1.5
        side = dy * size * 0.8, dx * size * 0.8
        self.path(
            f"M{x:.1f} {y:.1f}L{back[0] - side[0]:.1f} {back[1] + side[1]:.1f}"
            f"L{back[0] + side[0]:.1f} {back[1] - side[1]:.1f}Z",
            fill=ink,
        )

    def text(
        self, text: str, x: float, y: float, size: float, weight: int = 400, *, ink: str = "",
        anchor: str = "start", room: float = 0.0,
    ) -> None:  # fmt: skip
        """Write a text around height y, cut with an ellipsis to `room` if given."""
        shown = escape(fitted(visible(text), size, room) if room else visible(text))
        where = "" if anchor == "start" else f' text-anchor="{anchor}"'
        bold = "" if weight == 400 else f' font-weight="{weight}"'  # noqa: PLR2004  # plain weight
        self._parts.append(
            f'<text x="{x:.1f}" y="{y + size * 0.36:.1f}" font-size="{size:g}"{bold}{where}'
            f' fill="{ink or self._ink["ink"]}">{shown}</text>'
        )

    def icon(self, name: str, x: float, y: float, size: float) -> None:
        """Draw a kind's or a state's shape around x, y."""
        shapes = _icons()
        shape = shapes.get(name, shapes["other"])
        tone = self._ink.get(name, self._ink["other"])
        scale = size / 16
        self._parts.append(
            f'<g transform="translate({x - size / 2:.1f},{y - size / 2:.1f}) scale({scale:.3f})"'
            ' stroke-linecap="round" stroke-linejoin="round">'
        )
        if "fill" in shape:
            self.path(shape["fill"], fill=tone)
        if "line" in shape:
            dash = " ".join(f"{part:g}" for part in shape.get("dash", []))
            self.path(shape["line"], line=tone, width=1.6, dash=dash)
        if "ink" in shape:
            over = self._ink["paper"] if "fill" in shape else tone
            self.path(shape["ink"], line=over, width=1.6)
        self._parts.append("</g>")


def _line(ink: str, width: float, dash: str) -> str:
    if not ink:
        return ""
    broken = f' stroke-dasharray="{dash}"' if dash else ""
    return f' stroke="{ink}" stroke-width="{width:g}"{broken}'


@cache
def _icons() -> dict[str, Icon]:
    text = files("views.page").joinpath("icons.json").read_text(encoding="utf-8")
    return cast("dict[str, Icon]", json.loads(text))


def text_width(text: str, size: float) -> float:
    """Return about how wide a text is: an em for wide letters, a little over half for others."""
    wide = sum(unicodedata.east_asian_width(letter) in "WFA" for letter in text)
    return size * (wide + _NARROW * (len(text) - wide))


def fitted(text: str, size: float, room: float) -> str:
    """Return the text, cut with an ellipsis where it is wider than `room`."""
    if text_width(text, size) <= room:
        return text
    kept = text
    while len(kept) > 1 and text_width(kept, size) + size > room:
        kept = kept[:-1]
    return kept + _ELLIPSIS
