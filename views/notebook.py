"""The network in a notebook: shown in the cell, saved as a page, or handed to pyvis."""

import html
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from graphmodel.errors import UsageError
from views.cells import visible

if TYPE_CHECKING:
    from graphmodel.graph import ChainGraph
    from graphmodel.question import Result
    from views.page.drawn import Box
    from views.page.parts import ViewModel

MAX_PYVIS: Final = 2_000
"""Nodes that pyvis is given; its own drawing of more does not settle."""

_WIDE: Final = str.maketrans("<>&\"'`\\", "＜＞＆＂＇｀＼")
_LINES: Final = {"supply": "#8496ad", "template": "#b9c3d0", "unlinked": "#b42318"}


@dataclass(frozen=True, slots=True)
class NetworkView:
    """A network page to look at in a notebook.

    Attributes:
        model: What it shows.
        lang: "zh" or "en".
        height: Height of the cell in pixels.
    """

    model: "ViewModel"
    lang: str = "zh"
    height: int = 720

    def show(self) -> None:
        """Display the page in the notebook's cell.

        Raises:
            UsageError: There is no notebook: IPython is not installed.
        """
        try:
            from IPython.display import display  # noqa: PLC0415  # only in notebooks
        except ImportError as error:
            msg = (
                "show() 用在 Jupyter 笔记本里；在别处请用 save('图.html')。"
                " show() is for notebooks; elsewhere use save('network.html')."
            )
            raise UsageError(msg) from error
        display(self)  # type: ignore[no-untyped-call]  # IPython does not type it

    def save(self, path: str | Path) -> Path:
        """Write the page as one HTML file and return where it stands."""
        from views.network import write_network  # noqa: PLC0415  # with the others

        return write_network(path, self.model, lang=self.lang)

    def _repr_html_(self) -> str:
        """Return the page in a frame of its own, which sees nothing of the notebook."""
        from views.network import network_page  # noqa: PLC0415  # with the others

        page = html.escape(network_page(self.model, lang=self.lang), quote=True)
        return (
            f'<iframe srcdoc="{page}" width="100%" height="{self.height}" '
            'sandbox="allow-scripts allow-downloads allow-modals" style="border:0"></iframe>'
        )

    def to_pyvis(self, *, chain: int = 0) -> Any:  # noqa: ANN401  # pyvis ships no types
        """Return one chain as a pyvis `Network`, every node fixed where our page draws it.

        No text of the data can become markup, and the heading stays empty, since pyvis runs what
        stands there. The page that pyvis writes still asks a public network for Bootstrap: where
        that may not be, use `show` or `save`.

        Args:
            chain: Position of the chain in `model.chains`.

        Raises:
            UsageError: There is no such chain, it has more than 2,000 nodes, or pyvis is missing.
        """
        return _pyvis(self.model, chain, self.lang)


def network_view(
    graph: "ChainGraph",
    results: Mapping[str, "Result"] | None = None,
    *,
    lang: str = "zh",
    height: int = 720,
    **options: Any,  # noqa: ANN401  # those of build_view_model
) -> NetworkView:
    """Return the network of a graph, ready to be shown in a notebook.

    Args:
        graph: The graph.
        results: Answers by question name; None answers what a page tells, chain by chain.
        lang: "zh" or "en".
        height: Height of the cell in pixels.
        options: `chains`, `region`, `focus`, `hops`, `places`, `title`: see `build_view_model`.

    Raises:
        UsageError: As in `build_view_model`.
    """
    from queries import questions  # noqa: PLC0415  # brings every question
    from views.view_model import build_view_model  # noqa: PLC0415  # brings pandas

    if results is None:
        results = {name: asked.answer(graph, asked.params()) for name, asked in questions().items()}
    return NetworkView(build_view_model(graph, results, **options), lang, height)


def _pyvis(model: "ViewModel", position: int, lang: str) -> Any:  # noqa: ANN401  # pyvis ships no types
    try:
        from pyvis.network import Network  # noqa: PLC0415  # an optional library
    except ImportError as error:
        msg = (
            "to_pyvis() 需要 pyvis：pip install 'liantu[notebook]'。"
            " to_pyvis() needs pyvis: pip install 'liantu[notebook]'."
        )
        raise UsageError(msg) from error
    if not 0 <= position < len(model.chains):
        msg = (
            f"没有第 {position + 1} 条产业链；共 {len(model.chains)} 条。"
            f" There is no chain {position}; there are {len(model.chains)}."
        )
        raise UsageError(msg)
    chain = model.chains[position]
    nodes = [node for node in chain.chips.node if node >= 0]
    cards = [(b, box) for b, box in enumerate(chain.boxes) if box.role == "card"]
    if (count := len(nodes) + len(cards)) > MAX_PYVIS:
        msg = (
            f"{count:,} 个节点，pyvis 最多画 {MAX_PYVIS:,} 个：请用 show() 或 save()。"
            f" {count:,} nodes; pyvis draws at most {MAX_PYVIS:,}: use show() or save()."
        )
        raise UsageError(msg)
    net = Network(
        directed=True, notebook=True, cdn_resources="in_line", height="720px", width="100%"
    )
    net.toggle_physics(status=False)
    _add_cards(net, model, cards, lang)
    _add_chips(net, model, position)
    for flow in chain.flows:
        if not flow.minor:
            net.add_edge(
                f"box:{flow.source}", f"box:{flow.target}", color=_LINES[flow.status],
                value=max(flow.supplies, 1), dashes=flow.status != "supply",
            )  # fmt: skip
    return net


def _add_cards(net: Any, model: "ViewModel", cards: list[tuple[int, "Box"]], lang: str) -> None:  # noqa: ANN401  # pyvis ships no types
    states = {state.code: (state.en if lang == "en" else state.zh) for state in model.states}
    for b, box in cards:
        name = _safe(model.nodes.name[box.node])
        told = " · ".join(filter(None, [name, states.get(box.state, ""), str(len(box.members))]))
        net.add_node(
            f"box:{b}", label=_safe(model.nodes.short[box.node]), title=told, shape="box",
            x=box.x + box.w / 2, y=box.y + 16, physics=False,
        )  # fmt: skip


def _add_chips(net: Any, model: "ViewModel", position: int) -> None:  # noqa: ANN401  # pyvis ships no types
    chips = model.chains[position].chips
    kinds = {
        node: kind.code
        for kind in model.kinds
        for node in range(kind.start, kind.start + kind.count)
    }
    from views.grass import COLOURS  # noqa: PLC0415  # the same colours as in Neo4j Browser

    drawn = zip(chips.node, chips.box, chips.x, chips.y, strict=True)
    for c, (node, _, x, y) in enumerate(drawn):
        if node >= 0:
            net.add_node(
                f"chip:{c}", label=_safe(model.nodes.short[node]),
                title=_safe(model.nodes.name[node]), color=COLOURS.get(kinds[node], "#bab0ac"),
                shape="box", x=x, y=y, physics=False,
            )  # fmt: skip


def _safe(text: str) -> str:
    """Text that neither a page nor a tooltip takes for markup: full-width signs, no "href".

    Where a title contains "href", pyvis turns all titles into elements.
    """
    return visible(text).translate(_WIDE).replace("href", "hr\u200aef")
