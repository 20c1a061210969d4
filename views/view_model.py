"""The view model of the network page: from a graph and its answers to plain, placed columns."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from graphmodel.errors import UsageError
from queries import question
from views.page.closures import closures
from views.page.columns import node_columns
from views.page.counts import overview
from views.page.drawing import Drawing
from views.page.findings import findings
from views.page.links import link_columns
from views.page.members import MOST_PARTNERS, around, members_of, within_hops
from views.page.parts import Nodes, Placed, ViewModel
from views.page.states import STATES, segment_answers

if TYPE_CHECKING:
    from graphmodel.graph import ChainGraph, Codes
    from graphmodel.question import Result
    from views.page.members import Members

MAX_ENTERPRISES: Final = 200_000
"""A page with more enterprises is refused; a chain or a region is to be chosen."""
MAX_NEIGHBOURHOOD: Final = 3_000
"""Nodes in the neighbourhood of one node."""

Given = Mapping[str, tuple[float, float]]


def build_view_model(
    graph: "ChainGraph",
    results: Mapping[str, "Result"],
    *,
    chains: Sequence[str] | None = None,
    region: str = "",
    focus: str = "",
    hops: int = 2,
    places: Given | None = None,
    title: str = "",
    stamp: tuple[str, str] = ("", ""),
) -> ViewModel:
    """Build the page of a source: every chain placed, with its states, findings and links.

    Args:
        graph: The source.
        results: Answers by question name; `gaps` gives the segments their states.
        chains: Ids, names or 名称@地区 of the chains to show; None shows all of them, and a last
            one for the firms whose chain is not reported.
        region: Id or name of a region: only its enterprises are drawn.
        focus: Id or name of a node of any kind: only its neighbourhood is shown.
        hops: How far that neighbourhood reaches.
        places: x and y by id or name, in any unit, down the page; those nodes are drawn there.
        title: Heading of the page; empty takes the source's name.
        stamp: (Chinese, English) line that says when and from what it was made.

    Raises:
        UsageError: A chain, the region or the node does not exist or is ambiguous, or what is
            asked for has more enterprises than a page can show (`MAX_ENTERPRISES`).
    """
    centre = _node(graph, focus) if focus else -1
    if centre >= 0:
        shown, left = within_hops(graph, centre, hops, most=MAX_NEIGHBOURHOOD)
        everyone: list[Members] = []
        near = shown
    else:
        everyone = _everyone(graph, chains, region)
        shown = np.logical_or.reduce([members.shown for members in everyone])
        near, left = around(graph, shown), 0
    _fit(graph, int(graph.is_kind(np.flatnonzero(shown), "Enterprise").sum()))
    columns = node_columns(graph, near)
    relations, links, rest = link_columns(graph, shown, columns)
    answers = segment_answers(results.get("gaps"))
    drawn = [Drawing(graph, columns, answers, members).chain() for members in everyone]
    asked = {name: (question(name), result) for name, result in results.items()}
    chain_of = {
        str(graph.ids([members.chain]).iloc[0]): i
        for i, members in enumerate(everyone)
        if members.chain >= 0
    }
    return ViewModel(
        title=title or graph.name or "链图 Liantu",
        stamp=stamp,
        notice=_notice(columns.nodes),
        kinds=columns.kinds,
        relations=relations,
        states=list(STATES),
        nodes=columns.nodes,
        regions=columns.regions,
        links=links,
        findings=findings(graph, asked, columns.position, chain_of),
        closures=closures(graph, results.get("risks"), columns.position),
        chains=drawn,
        overview=overview(columns, drawn),
        remarks=_left_out(counted=len(rest.node) > 0, left=left),
        rest=rest,
        focus=int(columns.position[centre]) if centre >= 0 else -1,
        hops=hops,
        placed=_placed(graph, columns.position, places or {}),
    )


def _everyone(graph: "ChainGraph", chains: Sequence[str] | None, region: str) -> list["Members"]:
    """Who belongs to each chain asked for, and a last group for those without a chain."""
    within = None
    if region:
        within = np.zeros(graph.size, dtype=bool)
        home = graph.target("LOCATED_IN", "Enterprise")
        within[graph.codes("Enterprise")] = graph.lies_within(home, graph.find("Region", region))
    everyone = [members_of(graph, code, within=within) for code in _wanted(graph, chains)]
    unplaced = _without_chain(graph) if chains is None else np.empty(0, dtype=np.int64)
    if within is not None:
        unplaced = unplaced[within[unplaced]]
    if len(unplaced) or not everyone:
        everyone.append(members_of(graph, -1, unplaced))
    return everyone


def _node(graph: "ChainGraph", text: str) -> int:
    """Return the code of the one node, of any kind, with this id or else this name.

    Raises:
        UsageError: There is none, or there are several.
    """
    found: list[str] = []
    for column in ("id", "name"):
        codes = np.concatenate(
            [
                graph.codes(kind)[(table[column] == text).to_numpy(dtype=bool)]
                for kind, table in graph.nodes.items()
            ]
        )
        if len(codes) == 1:
            return int(codes[0])
        if len(codes) > 1:
            found = graph.ids(codes[:8]).tolist()
            break
    if found:
        ids = "、".join(found)
        msg = f"“{text}”不唯一，请写编码：{ids}。 {text!r} is ambiguous; give an id: {ids}."
        raise UsageError(msg)
    examples = "、".join(graph.nodes["Enterprise"]["id"].head(3))
    msg = (
        f"没有“{text}”：请写某个节点的编码或全称，如 {examples}。"
        f" There is no {text!r}: give the id or full name of a node, such as {examples}."
    )
    raise UsageError(msg)


def _fit(graph: "ChainGraph", enterprises: int) -> None:
    """Refuse a page that no browser opens with pleasure."""
    if enterprises <= MAX_ENTERPRISES:
        return
    chains = "、".join(graph.nodes["Chain"]["id"].head(8))
    msg = (
        f"一页放不下 {enterprises:,} 家企业：请用 --chain 或 --region 选择，如 {chains}。"
        f" {enterprises:,} enterprises do not fit one page (at most {MAX_ENTERPRISES:,}): choose"
        f" with --chain or --region, such as {chains}."
    )
    raise UsageError(msg)


def _left_out(*, counted: bool, left: int) -> list[tuple[str, str]]:
    """Say what is counted and not named."""
    said = []
    if counted:
        said.append(
            (
                f"链外伙伴按往来条数取前 {MOST_PARTNERS:,} 家列名，其余在各企业下合并计数。",
                f"The {MOST_PARTNERS:,} outside partners with most ties are named, others counted.",
            )
        )
    if left:
        said.append(
            (
                f"邻域取最近的 {MAX_NEIGHBOURHOOD:,} 个节点，另有 {left:,} 个未列出。",
                f"The nearest {MAX_NEIGHBOURHOOD:,} nodes are shown; {left:,} more are not.",
            )
        )
    return said


def _placed(graph: "ChainGraph", position: "Codes", places: Given) -> Placed:
    """The places given for nodes of the page.

    Raises:
        UsageError: Places are given and none of them is for a node of the page.
    """
    if not places:
        return Placed()
    codes = np.flatnonzero(position >= 0)
    ids, names = graph.ids(codes), graph.names(codes)
    key = ids.where(ids.isin(list(places)), names)
    kept = key.isin(list(places)).to_numpy()
    if not kept.any():
        first = next(iter(places))
        msg = (
            f"布局文件里没有一个编码或名称在图上（如 {first}）。"
            f" No id or name of the layout is on the page, such as {first}."
        )
        raise UsageError(msg)
    found = [places[text] for text in key[kept]]
    return Placed(
        node=position[codes[kept]].tolist(), x=[x for x, _ in found], y=[y for _, y in found]
    )


def _wanted(graph: "ChainGraph", chains: Sequence[str] | None) -> list[int]:
    if chains is not None:
        return [graph.find("Chain", text) for text in chains]
    size = pd.Series(graph.edges["IN_CHAIN"]["target"]).value_counts()
    codes = graph.codes("Chain")
    count = size.reindex(codes, fill_value=0).to_numpy()
    ordered: list[int] = codes[np.argsort(-count, kind="stable")].tolist()
    return ordered


def _without_chain(graph: "ChainGraph") -> "Codes":
    """Firms that a row states and that are in no chain and no segment."""
    table = graph.nodes["Enterprise"]
    own = graph.codes("Enterprise")[(table["standing"] == "stated").to_numpy()]
    tied = [graph.edges[edge]["source"].to_numpy() for edge in ("IN_CHAIN", "IN_SEGMENT")]
    return np.setdiff1d(own, np.concatenate(tied))


def _notice(nodes: Nodes) -> tuple[str, str]:
    invented = any("虚构" in name for name in nodes.name)
    return ("含虚构数据", "Invented data") if invented else ("", "")


__all__ = ["ViewModel", "build_view_model"]
