"""The pieces of work that are measured; each runs in a process of its own.

Everything is warmed up on the bundled sample or a tiny network first, so that what is measured is
the work and not the reading of modules; our own work comes first, so that the peak is its own.
"""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.measure import Row, Spent, peak, row, timed

if TYPE_CHECKING:
    from collections.abc import Callable

    import networkx as nx

    from graphmodel.graph import ChainGraph
    from queries.kernels.network import Network

SAMPLE = "sample:chenglan"
SOURCES = 16
CLOSED = 100
LARGE = 50_000
CHAINS, QUARTER = 5, 4
"""Beyond so many relations `networkx` works through so many of the chains, from a quarter of the
sources."""

EXACT = 1e-12
STRUCTURE = ("k-core", "articulation", f"{SOURCES}-source betweenness")


def agreeing() -> list[Row]:
    """Refuse plain versions that do not say on the sample what the questions say."""
    from benchmarks.agreement import differences  # noqa: PLC0415  # brings networkx
    from queries import QUESTION_NAMES  # noqa: PLC0415  # likewise

    if told := [f"{name} {line}" for name in QUESTION_NAMES for line in differences(name)]:
        raise RuntimeError("\n".join(told))
    return []


def loading(folder: Path, label: str) -> list[Row]:
    """Measure loading and checking against pandas reading the same files as text."""
    import pandas as pd  # noqa: PLC0415  # its cost belongs to nobody

    from loaders import load  # noqa: PLC0415  # likewise

    files = sorted(folder.glob("*.csv"))
    for file in files:
        file.read_bytes()  # so that neither waits for the disk
    load(SAMPLE)
    ours, loaded = timed(lambda: load(folder))
    mib = peak()
    if loaded.errors:
        raise RuntimeError(str(loaded.findings.codes))
    del loaded
    peer, _ = timed(lambda: [pd.read_csv(file, dtype="str") for file in files])
    return [row(f"load {label}", ours, "raw pandas", peer, mib=mib)]


def asking(folder: Path, label: str, name: str, earlier: Path | None = None) -> list[Row]:
    """Measure one question against the same question in networkx."""
    from loaders import load  # noqa: PLC0415  # its cost belongs to nobody
    from queries import question  # noqa: PLC0415  # likewise
    from queries.risks import RiskParams  # noqa: PLC0415  # likewise
    from queries.risks.systemic import systemic  # noqa: PLC0415  # likewise

    asked = question(name)
    sample = load(SAMPLE).graph
    graph = load(folder).graph
    then = load(earlier).graph if earlier else None
    asked.answer(sample, asked.params(), earlier=sample if earlier else None)
    if name in {"leads", "changes"}:
        for one in filter(None, (graph, then)):
            systemic(one, RiskParams())  # belongs to `risks`; the peers leave it out
    ours, found = timed(lambda: asked.answer(graph, asked.params(), earlier=then))
    mib = peak()
    if name == "risks":
        peer, theirs = _risks(graph)
    elif name == "leads":
        peer, theirs = _leads(graph, coordination=bool(found.rows["coordination"].notna().any()))
    elif then is not None:
        peer, theirs = _changes(graph, then, scores=asked.params().values()["scores"])
    else:
        peer, theirs = _plain(name, graph, then)
    return [row(f"{name} {label}", ours, peer, theirs, mib=mib) | {"rows": len(found.rows)}]


def _plain(name: str, graph: "ChainGraph", then: "ChainGraph | None") -> tuple[str, Spent]:
    from benchmarks.peers import peer  # noqa: PLC0415  # brings networkx

    given = [one.to_networkx() for one in (graph, then) if one is not None]
    theirs, _ = timed(lambda: peer(name)(*given))
    return "networkx", theirs


def _risks(graph: "ChainGraph") -> tuple[str, Spent]:
    """Close a hundred firms, evenly apart by name, and extrapolate: each is closed by itself."""
    from benchmarks.peers.reading import Book  # noqa: PLC0415  # brings networkx
    from benchmarks.peers.risks import Trade, answer  # noqa: PLC0415  # likewise

    plain = graph.to_networkx()
    rest, _ = timed(lambda: answer(plain))
    trade = Trade(Book(plain))
    firms = sorted(trade.trading)
    closed = firms[:: max(1, len(firms) // CLOSED)][:CLOSED]
    each, _ = timed(lambda: [trade.esri(firm) for firm in closed])
    whole = rest.plus(each.times(len(firms) / max(len(closed), 1)))
    return f"networkx, ESRI extrapolated from {len(closed)} firms", whole


def _leads(graph: "ChainGraph", *, coordination: bool, draws: int = 40) -> tuple[str, Spent]:
    """Leave coordination out where ours did; on large networks extrapolate it.

    Betweenness takes time in proportion to its sources, so a quarter of them is run; both it and
    core numbers do so to the relations of a chain's network, so only some of many chains are.
    """
    from benchmarks.peers.leads import answer  # noqa: PLC0415  # brings networkx

    plain = graph.to_networkx()
    if coordination and len(graph.edges["SUPPLIES"]) > LARGE:
        said, more = _coordination(plain)
        rest, _ = timed(lambda: answer(plain, coordination=False, draws=draws))
        return f"networkx, {said}", rest.plus(more)
    theirs, _ = timed(lambda: answer(plain, coordination=coordination, draws=draws))
    return "networkx" + ("" if coordination else ", no coordination as ours"), theirs


def _coordination(plain: "nx.MultiDiGraph[str]") -> tuple[str, Spent]:
    import networkx as nx  # noqa: PLC0415  # its cost belongs to nobody

    from benchmarks.peers import leads  # noqa: PLC0415  # likewise
    from benchmarks.peers.reading import Book  # noqa: PLC0415  # likewise

    book = Book(plain)
    start, tied = timed(lambda: leads.network(book))
    chains = sorted(book.members, key=lambda chain: len(book.members[chain]))
    some = chains[:: max(1, len(chains) // CHAINS)]
    links, spent, paths = 0, Spent(0.0, 0.0), Spent(0.0, 0.0)
    for chain in some:
        one, (_, part) = timed(partial(leads.chain_network, book, tied, chain))
        two, _ = timed(partial(nx.core_number, part))
        three, _ = timed(partial(leads.betweenness, part, leads.SOURCES // QUARTER))
        links += part.number_of_edges()
        spent, paths = spent.plus(one).plus(two), paths.plus(three)
    every = sum(_relations(book.members[chain], tied) for chain in chains)
    whole = spent.plus(paths.times(QUARTER)).times(every / links)
    number = f"{len(some)} of {len(chains)} chains and a quarter of the sources"
    return f"coordination extrapolated from {number}", start.plus(whole)


def _relations(members: set[str], tied: "nx.Graph[str]") -> int:
    """Return the number of relations of the network of a chain's firms and their partners."""
    firms = [firm for firm in members if firm in tied]
    near = set(firms).union(*(tied[firm] for firm in firms))
    return sum(len(near.intersection(tied[firm])) for firm in near) // 2


def _changes(graph: "ChainGraph", then: "ChainGraph", *, scores: bool) -> tuple[str, Spent]:
    """Compare lead scores as ours does: those of one month are computed and counted twice."""
    peer, theirs = _plain("changes", graph, then)
    if not scores:
        return peer, theirs
    from queries import question  # noqa: PLC0415  # its cost belongs to nobody

    asked = question("leads")
    fewer: dict[str, Any] = {"samples": 5}  # as `changes` asks it
    found = asked.answer(graph, asked.params(**fewer)).rows
    told, leads = _leads(graph, coordination=bool(found["coordination"].notna().any()), draws=1)
    return f"{told}, lead scores of one month counted twice", theirs.plus(leads.times(2))


def structure(folder: Path, label: str) -> list[Row]:
    """Measure the structure kernels on the province's supplies."""
    from loaders import load  # noqa: PLC0415  # its cost belongs to nobody

    graph = load(folder).graph
    table = graph.edges["SUPPLIES"]
    ends = [graph.rows("Enterprise", table[end].to_numpy()) for end in ("source", "target")]
    return _structure(ends, len(graph.nodes["Enterprise"]), label)


def drawn_structure(nodes: int, links: int) -> list[Row]:
    """Measure the structure kernels on a graph whose edges are drawn evenly."""
    import numpy as np  # noqa: PLC0415  # its cost belongs to nobody

    ends = np.random.default_rng(1).integers(0, nodes, (2, links))
    return _structure(list(ends[:, ends[0] != ends[1]]), nodes, f"{nodes:,} / {links:,} uniform")


def _structure(ends: list[Any], size: int, label: str) -> list[Row]:
    import networkx as nx  # noqa: PLC0415  # its cost belongs to nobody
    import numpy as np  # noqa: PLC0415  # likewise

    from queries.kernels.betweenness import betweenness  # noqa: PLC0415  # likewise
    from queries.kernels.structure import (  # noqa: PLC0415  # likewise
        articulation_points,
        core_numbers,
        undirected,
    )

    at, near = undirected(ends[0], ends[1], size)
    plain: nx.Graph[int] = nx.Graph()
    plain.add_nodes_from(range(size))
    plain.add_edges_from(np.column_stack(ends).tolist())
    plain.remove_edges_from(list(nx.selfloop_edges(plain)))
    warm = undirected([0], [1], 3)
    works: dict[str, tuple[Callable[..., Any], Callable[[], Any]]] = {
        "k-core": (core_numbers, lambda: nx.core_number(plain)),
        "articulation": (articulation_points, lambda: set(nx.articulation_points(plain))),
        f"{SOURCES}-source betweenness": (
            lambda a, b: betweenness(a, b, sources=SOURCES),
            lambda: nx.betweenness_centrality(plain, k=SOURCES, seed=1),
        ),
    }
    found = []
    for name, (ours, theirs) in works.items():
        ours(*warm)
        mine, result = timed(partial(ours, at, near))
        mib = peak()
        peer, known = timed(theirs)
        if name == "k-core" and result.tolist() != [known[node] for node in range(size)]:
            msg = f"{label}: core numbers differ"
            raise RuntimeError(msg)
        if name == "articulation" and set(np.flatnonzero(result).tolist()) != known:
            msg = f"{label}: articulation points differ"
            raise RuntimeError(msg)
        found.append(row(f"{name} {label}", mine, "networkx", peer, mib=mib))
    return found


def sampled_esri(folder: Path, label: str, sample: int) -> list[Row]:
    """Measure ESRI per firm and core against dense full sweeps, on the same sample of firms."""
    from loaders import load  # noqa: PLC0415  # its cost belongs to nobody
    from queries.risks.network import trade  # noqa: PLC0415  # likewise

    return [_esri(trade(load(folder).graph).network(), f"ESRI per firm, {label}", sample)]


def drawn_esri(firms: int, links: int, kind: str, sample: int) -> list[Row]:
    """Measure the same on a drawn network, "uniform" or "scale-free"."""
    label = f"ESRI per firm, {firms:,} / {links:,} {kind}"
    return [_esri(_drawn(firms, links, kind), label, sample)]


def every_esri(
    firms: int, links: int, kind: str, sample: int, external: str = "", seconds: float = 0.0
) -> list[Row]:
    """Measure ESRI of all firms on all cores, against dense sweeps of some firms, extrapolated.

    Args:
        firms: Size of the drawn network.
        links: Number of its relations.
        kind: "uniform" or "scale-free".
        sample: Firms that the dense sweep closes: each closure is a run of its own.
        external: CSV `firm`, `esri` that another program wrote for the same network.
        seconds: How long it took.
    """
    import numpy as np  # noqa: PLC0415  # its cost belongs to nobody

    from benchmarks.dense import swept  # noqa: PLC0415  # brings numba
    from benchmarks.networks import written_esri  # noqa: PLC0415  # likewise
    from queries.kernels.esri import esri  # noqa: PLC0415  # likewise

    net = _drawn(firms, links, kind)
    esri(net, [[0]])
    ours, found = timed(lambda: esri(net))
    mib = peak()
    label = f"ESRI of all {firms:,} / {links:,} {kind}"
    chosen = np.random.default_rng(1).permutation(firms)[:sample]
    swept(net, chosen[:1])
    theirs, known = timed(lambda: swept(net, chosen))
    _held(label, found.total[chosen], known)
    peer = f"dense full sweep, extrapolated from {len(chosen)} firms"
    rows = [row(label, ours, peer, theirs.times(firms / len(chosen)), mib=mib)]
    if external:
        told = written_esri(Path(external), firms)
        worst = float(np.nanmax(np.abs(found.total - told)))
        peer = (
            f"external program, {np.isfinite(told).sum():,} firms, differs by {worst:.1e} at most"
        )
        spent = Spent(seconds, seconds) if seconds else None
        rows.append(row(label, ours, peer, spent, mib=mib))
    return rows


def _drawn(firms: int, links: int, kind: str) -> "Network":
    from benchmarks import networks  # noqa: PLC0415  # brings numba

    return (
        networks.uniform(firms, links) if kind == "uniform" else networks.scale_free(firms, links)
    )


def _held(label: str, ours: Any, known: Any) -> None:  # noqa: ANN401  # arrays
    """Refuse results that are not those of the dense sweep."""
    worst = float(abs(ours - known).max())
    if worst > EXACT:
        msg = f"{label}: the two ways differ by {worst}"
        raise RuntimeError(msg)


def _esri(net: "Network", label: str, sample: int) -> Row:
    import numpy as np  # noqa: PLC0415  # its cost belongs to nobody

    from benchmarks.dense import swept  # noqa: PLC0415  # brings numba
    from queries.kernels.esri import esri  # noqa: PLC0415  # likewise

    chosen = np.random.default_rng(1).permutation(len(net.firms.sales))[:sample]
    few = chosen[: max(len(chosen) // 10, 8)]
    esri(net, list(chosen[:1]), threads=1)
    swept(net, chosen[:1])
    ours, found = timed(lambda: esri(net, list(chosen), threads=1))
    mib = peak()
    theirs, known = timed(lambda: swept(net, few))
    _held(label, found.total[: len(few)], known)
    mine, peer = ours.times(1 / len(chosen)), theirs.times(1 / len(few))
    return row(label, mine, "dense full sweep", peer, mib=mib)
