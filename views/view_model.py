"""The view model of the network page: from a graph and its answers to plain, placed columns."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from graphmodel.errors import UsageError
from views.page.columns import link_columns, node_columns
from views.page.drawing import Drawing
from views.page.members import around, members_of
from views.page.parts import Finding, Nodes, ViewModel
from views.page.states import STATES, diagnoses, segment_answers

if TYPE_CHECKING:
    from graphmodel.graph import ChainGraph, Codes
    from graphmodel.question import Result

MAX_ENTERPRISES: Final = 10_000
"""A page with more enterprises is refused; chains are to be chosen."""


def build_view_model(
    graph: "ChainGraph",
    results: Mapping[str, "Result"],
    *,
    chains: Sequence[str] | None = None,
    title: str = "",
    stamp: str = "",
) -> ViewModel:
    """Build the page of a source: every chain placed, with its states, findings and links.

    Args:
        graph: The source.
        results: Answers by question name; `gaps` gives the segments their states.
        chains: Ids, names or 名称@地区 of the chains to show; None shows all of them, and a last
            one for the firms whose chain is not reported.
        title: Heading of the page; empty takes the source's name.
        stamp: A line that says when and from what it was made.

    Raises:
        UsageError: A chain named in `chains` does not exist or is ambiguous, or what is asked for
            has more enterprises than a page can show (`MAX_ENTERPRISES`).
    """
    everyone = [members_of(graph, code) for code in _wanted(graph, chains)]
    unplaced = _without_chain(graph) if chains is None else np.empty(0, dtype=np.int64)
    if len(unplaced) or not everyone:
        everyone.append(members_of(graph, -1, unplaced))
    shown = np.logical_or.reduce([members.shown for members in everyone])
    _fit(graph, int(graph.is_kind(np.flatnonzero(shown), "Enterprise").sum()))
    columns = node_columns(graph, around(graph, shown))
    relations, links = link_columns(graph, shown, columns)
    gaps = results.get("gaps")
    answers, findings = segment_answers(gaps), _chain_findings(graph, columns.position, gaps)
    drawn = [
        Drawing(graph, columns, answers, members, position).chain(findings)
        for position, members in enumerate(everyone)
    ]
    return ViewModel(
        title=title or graph.name or "链图 Liantu",
        stamp=stamp,
        notice=_notice(columns.nodes),
        kinds=columns.kinds,
        relations=relations,
        states=list(STATES),
        nodes=columns.nodes,
        links=links,
        findings=findings,
        chains=drawn,
        remarks=[(note.zh, note.en) for note in (gaps.notes if gaps else ())],
    )


def _fit(graph: "ChainGraph", enterprises: int) -> None:
    """Refuse a page that no browser opens with pleasure."""
    if enterprises <= MAX_ENTERPRISES:
        return
    chains = "、".join(graph.nodes["Chain"]["id"].head(8))
    msg = (
        f"一页放不下 {enterprises:,} 家企业：请用 --chain 选择，如 {chains}。"
        f" {enterprises:,} enterprises do not fit one page (at most {MAX_ENTERPRISES:,}): choose"
        f" chains with --chain, such as {chains}."
    )
    raise UsageError(msg)


def _chain_findings(graph: "ChainGraph", position: "Codes", gaps: "Result | None") -> list[Finding]:
    """What was diagnosed of whole chains that are on the page."""
    told = diagnoses(gaps)
    codes = graph.codes("Chain")[graph.nodes["Chain"]["id"].isin(list(told)).to_numpy()]
    codes = codes[position[codes] >= 0]
    return [
        Finding(
            subject=int(position[code]),
            chain=-1,
            question="gaps",
            zh=told[name][1],
            en=told[name][2],
            weak=True,
            fields=told[name][0],
        )
        for code, name in zip(codes, graph.ids(codes), strict=True)
    ]


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
