"""A chain as a picture, drawn without a browser: SVG of our own making, PNG through resvg."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from graphmodel.errors import OutputError, UsageError
from views.cells import visible
from views.picture_parts import Pen, fitted, text_width
from views.picture_words import WORDS

if TYPE_CHECKING:
    from views.page.drawn import Box, Chain, Flow
    from views.page.parts import ViewModel

MARGIN: Final = 24.0
HEAD: Final = 46.0
FOOT: Final = 52.0
LABEL: Final = 60.0
LARGEST: Final = 16_384
"""Pixels along the longer edge of a PNG."""
_OWNER, _SCALE, _INFERRED = 1, 2, 4
_STAGE_H: Final = 26.0


def picture_svg(model: "ViewModel", *, chain: int = 0, lang: str = "zh") -> str:
    """Return one chain of a view model as SVG, light, in its own size.

    Every text is escaped; the picture refers to nothing outside itself.

    Args:
        model: What to show.
        chain: Position in `ViewModel.chains`.
        lang: "zh" or "en", the language of labels.

    Raises:
        UsageError: There is no such chain or language.
    """
    if lang not in {"zh", "en"}:
        msg = f"没有语言 {lang!r}；可选 zh、en。 No language {lang!r}; choose zh or en."
        raise UsageError(msg)
    if not 0 <= chain < len(model.chains):
        msg = (
            f"没有第 {chain + 1} 条产业链；共 {len(model.chains)} 条。"
            f" There is no chain {chain}; there are {len(model.chains)}."
        )
        raise UsageError(msg)
    return _Picture(model, model.chains[chain], lang).draw()


def write_picture(path: Path, model: "ViewModel", *, lang: str = "zh", scale: float = 2.0) -> Path:
    """Write the first chain of a view model as .svg or .png and return where it stands.

    Args:
        path: The file; its ending says what it becomes.
        model: What to show.
        lang: "zh" or "en".
        scale: Pixels of a PNG per unit of the drawing.

    Raises:
        UsageError: The ending is another.
        OutputError: A PNG is asked for and the library or a Chinese font is missing.
    """
    ending = path.suffix.lower()
    if ending not in {".svg", ".png"}:
        msg = f"{path}：请写 .svg 或 .png。 {path}: give a file that ends in .svg or .png."
        raise UsageError(msg)
    return write_drawing(path, picture_svg(model, lang=lang), kind=ending, scale=scale)


def write_drawing(path: Path, svg: str, *, kind: str, scale: float = 2.0) -> Path:
    """Write an SVG as it is, or drawn as PNG where `kind` is ".png"."""
    if kind == ".svg":
        path.write_text(svg, encoding="utf-8", newline="\n")
    else:
        path.write_bytes(_png(svg, scale))
    return path


def _png(svg: str, scale: float) -> bytes:
    try:
        import resvg_py  # noqa: PLC0415  # an optional library
    except ImportError as error:
        msg = (
            "画 PNG 需要一个小的软件包：pip install 'liantu[picture]'；.svg 不需要它。"
            " PNG needs a small package: pip install 'liantu[picture]'; .svg does not."
        )
        raise OutputError(msg) from error
    probe = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">{}</svg>'
    shown, blank = (
        resvg_py.svg_to_bytes(
            svg_string=probe.format(f'<text y="16" font-family="{_fonts()}">{text}</text>')
        )
        for text in ("链", "")
    )
    if shown == blank:
        msg = (
            "系统里没有中文字体，PNG 上的汉字会是空白：请安装 Noto Sans CJK（如 fonts-noto-cjk）"
            "或微软雅黑，或写成 .svg。 No Chinese font is installed, so a PNG would be blank:"
            " install Noto Sans CJK (fonts-noto-cjk), or write .svg."
        )
        raise OutputError(msg)
    size = [float(value) for value in re.findall(r'(?:width|height)="([\d.]+)"', svg)[:2]]
    zoom = min(scale, LARGEST / max(size))
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=zoom))


@cache
def _colours() -> Mapping[str, str]:
    """The light colours of the page, so that both look alike."""
    css = files("views.page").joinpath("page.css").read_text(encoding="utf-8")
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", css.partition("}")[0]))


@cache
def _fonts() -> str:
    css = files("views.page").joinpath("page.css").read_text(encoding="utf-8")
    found = re.search(r"--font:\s*([^;]+);", css)
    return re.sub(r"\s+", " ", found[1]).replace('"', "'") if found else "sans-serif"


class _Picture:
    """One chain on its way to SVG."""

    def __init__(self, model: "ViewModel", chain: "Chain", lang: str) -> None:
        self.model = model
        self.chain = chain
        self.lang = lang
        self.ink = _colours()
        self.pen = Pen(self.ink)
        self.states = {state.code: state for state in model.states}

    def draw(self) -> str:
        """Return the whole picture."""
        chain, pen = self.chain, self.pen
        for box in chain.boxes:
            if box.role != "card":
                self._band(box)
        self._stages()
        for flow in chain.flows:
            self._flow(flow)
        for box in chain.boxes:
            if box.role == "card":
                self._card(box)
        self._chips()
        for flow in chain.flows:
            if flow.status == "unlinked":
                self._cross(flow)
        body = pen.text_of()
        width, height = chain.width + 2 * MARGIN, chain.height + 2 * MARGIN + HEAD + FOOT
        frame = Pen(self.ink)
        frame.rect(0, 0, width, height, fill=self.ink["ground"])
        room = width - 2 * MARGIN
        frame.text(chain.title or self._word("no_chain"), MARGIN, MARGIN + 12, 20, 700, room=room)
        self._legend(frame, height - FOOT - 2)
        said = " · ".join(
            filter(
                None,
                [self._pick(self.model.notice), self.model.title, self._pick(self.model.stamp)],
            )
        )
        frame.text(said, MARGIN, height - 18, 12, ink=self.ink["muted"], room=room)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
            f'viewBox="0 0 {width:g} {height:g}" font-family="{_fonts()}">'
            f'{frame.text_of()}<g transform="translate({MARGIN:g},{MARGIN + HEAD:g})">{body}</g>'
            "</svg>\n"
        )

    def _pick(self, texts: tuple[str, str]) -> str:
        return texts[1 if self.lang == "en" else 0]

    def _word(self, key: str) -> str:
        return WORDS[key].pick(self.lang)

    def _name(self, node: int) -> str:
        return visible(self.model.nodes.short[node])

    def _band(self, box: "Box") -> None:
        loose = box.role == "loose"
        ink = self.ink["not_reported"] if loose else self.ink["soft"]
        dash = "5 4" if loose else ""
        self.pen.rect(
            box.x, box.y, box.w, box.h, fill=self.ink["band"], line=ink, radius=8, dash=dash
        )
        kind = self.model.kinds[box.kind]
        code = "not_reported" if loose else kind.code
        middle = box.y + box.h / 2
        self.pen.icon(code, box.x + 14, middle, 14)
        name = self._word("loose") if loose else self._pick((kind.zh, kind.en))
        lines = self._lines(name, str(len(box.members)))
        for i, line in enumerate(lines):
            self.pen.text(line, box.x + 26, middle + 14 * i - 7 * (len(lines) - 1), 12, 600)

    def _lines(self, name: str, count: str) -> list[str]:
        """Name and number of a lane, on at most two lines."""
        if text_width(name, 12) <= LABEL:
            return [name, count]
        half = name.index(" ") if " " in name else -(-len(name) // 2)
        rest = f"{name[half:].strip()} {count}"
        return [fitted(line, 12, LABEL) for line in (name[:half], rest)]

    def _stages(self) -> None:
        cards = [box for box in self.chain.boxes if box.role == "card"]
        if not cards:
            return
        top = min(box.y for box in cards) - 40
        for k, column in enumerate(self.chain.columns):
            inside = [box for box in cards if box.column == k]
            fill = self.ink[f"stage-{min(k, 2)}"] if column.zh else self.ink["not_reported"]
            x, w = column.x, column.w
            notch = f"L{x + 10:g} {top + 13:g}" if k else ""
            self.pen.path(
                f"M{x:g} {top:g}H{x + w - 10:g}L{x + w:g} {top + 13:g}L{x + w - 10:g} "
                f"{top + _STAGE_H:g}H{x:g}{notch}Z",
                fill=fill,
            )
            label = self._pick((column.zh, column.en)) or self._word("stage_unknown")
            self.pen.text(label, x + 20, top + 13, 13.5, 700, ink="#ffffff")
            firms = len({node for box in inside for node in box.members})
            counts = self._word("stage_counts").format(len(inside), firms)
            self.pen.text(counts, x + w - 18, top + 13, 12, ink="#ffffff", anchor="end")

    def _flow(self, flow: "Flow") -> None:
        if flow.minor:
            return
        missing, supply = flow.status == "unlinked", flow.status == "supply"
        many = min(1.4 + 0.85 * (1 + flow.supplies).bit_length(), 5.5)
        width = many if supply else 2.0 if missing else 1.2
        dash = "7 5" if missing else "2 4" if flow.status == "template" else "12 4" * flow.back
        ink = self.ink["broken_unlinked" if missing else "flow"]
        p = flow.path
        curves = "".join(
            f"C{p[i]:g} {p[i + 1]:g} {p[i + 2]:g} {p[i + 3]:g} {p[i + 4]:g} {p[i + 5]:g}"
            for i in range(2, len(p), 6)
        )
        self.pen.path(f"M{p[0]:g} {p[1]:g}{curves}", line=ink, width=width, dash=dash, opacity=0.8)
        down = p[-4] == p[-2]
        way = (0.0, 1.0) if down else (1.0 if p[-2] >= p[-4] else -1.0, 0.0)
        self.pen.arrow(p[-2], p[-1], way, 4.5 + width * 0.8, ink)

    def _cross(self, flow: "Flow") -> None:
        p = flow.path
        x, y = ((p[i] + 3 * p[i + 2] + 3 * p[i + 4] + p[i + 6]) / 8 for i in (0, 1))
        self.pen.circle(x, y, 8.5, fill=self.ink["paper"], line=self.ink["broken_unlinked"])
        self.pen.path(
            f"M{x - 3.5:g} {y - 3.5:g}l7 7m0 -7l-7 7", line=self.ink["broken_unlinked"], width=2
        )

    def _card(self, box: "Box") -> None:
        state = self.states.get(box.state)
        silent = box.state in {"not_reported", "not_applicable"}
        weak = bool(state and state.weak)
        tone = self.ink[box.state] if state else self.ink["line"]
        dash = "3 4" if silent else ("9 3" if box.members else "6 4") if weak else ""
        self.pen.rect(
            box.x, box.y, box.w, box.h,
            fill=self.ink["band" if silent else "card"],
            line=tone if weak or silent else self.ink["line"],
            width=1.8 if weak else 1.2, radius=8, dash=dash,
        )  # fmt: skip
        y, right = box.y + 16, box.x + box.w - 9
        self.pen.icon(box.state or "Segment", box.x + 17, y, 15)
        if state and state.code != "sound":
            label = self._pick((state.zh, state.en)) + (" +" if box.also else "")
            wide = text_width(label, 11.5) + 12
            fill = tone if weak else "none"
            self.pen.rect(
                right - wide, y - 9, wide, 18, fill=fill, line=tone, radius=4,
                dash="" if weak else "3 2",
            )  # fmt: skip
            ink = self.ink["paper"] if weak else tone
            self.pen.text(label, right - wide / 2, y, 11.5, 600, ink=ink, anchor="middle")
            right -= wide + 7
        if box.members or not state or weak:
            count = self._word("firms").format(len(box.members))
            self.pen.text(count, right, y, 12, ink=self.ink["muted"], anchor="end")
            right -= text_width(count, 12) + 8
        self.pen.text(self._name(box.node), box.x + 30, y, 15, 700, room=right - box.x - 30)
        if not box.members:
            self.pen.text(
                self._empty(box), box.x + 30, box.y + 44, 12, ink=self.ink["muted"],
                room=box.w - 44,
            )  # fmt: skip

    def _empty(self, box: "Box") -> str:
        state, added = self.states.get(box.state), self._pick(box.note)
        if box.state == "not_reported":
            return self._word("empty_not_reported")
        if added:
            return f"{self._word('empty_gap')} · {added}"
        if state and state.weak:
            action = self._pick((state.action_zh, state.action_en))
            return f"{self._word('empty_gap')} · {self._word('advice')}{action}"
        return self._word("empty_none")

    def _chips(self) -> None:
        chips = self.chain.chips
        columns = (chips.node, chips.box, chips.x, chips.y, chips.mark)
        for node, b, x, y, mark in zip(*columns, strict=True):
            box = self.chain.boxes[b]
            left, top = x - box.chip / 2, y - chips.h / 2
            if node < 0:
                rest = len(box.members) - sum(
                    n >= 0 for n, c in zip(chips.node, chips.box, strict=True) if c == b
                )
                self.pen.rect(left, top, box.chip, chips.h, fill=self.ink["soft"], radius=5)
                self.pen.text(f"+{rest}", x, y, 13, 600, anchor="middle")
            elif box.role == "lane":
                self.pen.icon(self.model.kinds[box.kind].code, left + 12, y, 13)
                self.pen.text(self._name(node), left + 21, y, 13, room=box.chip - 23)
            else:
                self._firm(node, (left, top, box.chip, chips.h), mark)

    def _firm(self, node: int, frame: tuple[float, float, float, float], mark: int) -> None:
        x, y, w, h = frame
        owner = bool(mark & _OWNER)
        self.pen.rect(
            x, y, w, h, fill=self.ink["card"], line=self.ink["Enterprise"], radius=5,
            width=1.8 if owner else 1.1, dash="4 3" if mark & _INFERRED else "",
        )  # fmt: skip
        if owner:
            self.pen.rect(x, y, 5, h, fill=self.ink["Enterprise"])
        weight = 700 if owner else 400
        middle = x + w / 2 + 2 * owner
        self.pen.text(
            self._name(node), middle, y + h / 2, 14, weight, anchor="middle", room=w - 8 - 4 * owner
        )

    def _legend(self, pen: Pen, y: float) -> None:
        """States that occur, with their counts: a picture has no panel to explain them."""
        cards = [box.state for box in self.chain.boxes if box.role == "card"]
        x = MARGIN
        for state in self.model.states:
            if count := cards.count(state.code):
                label = f"{self._pick((state.zh, state.en))} {count}"
                pen.icon(state.code, x + 8, y, 14)
                pen.text(label, x + 20, y, 12)
                x += 38 + text_width(label, 12)
