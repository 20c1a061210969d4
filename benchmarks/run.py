"""Measure on generated provinces: `python -m benchmarks.run [--quick]`; prints ratios of one run.

Every piece of work runs in a process of its own, so that its peak memory is its own. The compiled
kernels are warmed up first. Results go to `benchmarks/out/results.json`.
"""

import json
import math
import multiprocessing
import os
import platform
import resource
import shutil
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import click

OUT: Final = Path(__file__).parent / "out"
PROVINCE: Final = 67_000
SOURCES: Final = 16
QUESTIONS: Final = ("gaps", "coverage", "leads", "risks")

Row = dict[str, Any]


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return how long `work` took, in seconds, and what it returned."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def row(work: str, ours: float, peer: str = "", peer_seconds: float | None = None) -> Row:
    """Return one line of results; the peak is that of this process so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    ratio = None if peer_seconds is None else peer_seconds / ours
    return {
        "work": work, "ours_s": ours, "peer": peer, "peer_s": peer_seconds, "ratio": ratio,
        "peak_mib": peak,
    }  # fmt: skip


def loading(folder: Path, label: str) -> list[Row]:
    """Measure loading and checking against pandas reading the same files as text."""
    import pandas as pd  # noqa: PLC0415  # its cost belongs to nobody

    from loaders import load  # noqa: PLC0415  # likewise

    peer, _ = timed(lambda: [pd.read_csv(f, dtype="str") for f in sorted(folder.glob("*.csv"))])
    ours, loaded = timed(lambda: load(folder))
    if loaded.errors:
        raise RuntimeError(str(loaded.findings.codes))
    return [row(f"load {label}", ours, "raw pandas", peer)]


def asking(folder: Path, label: str, name: str) -> list[Row]:
    """Measure one question, answered twice where it is quick; the last time counts."""
    from loaders import load  # noqa: PLC0415  # its cost belongs to nobody
    from queries import question  # noqa: PLC0415  # likewise

    graph = load(folder).graph
    asked = question(name)
    if name != "risks":  # whose answer is kept with the graph
        asked.answer(graph, asked.params())
    ours, _ = timed(lambda: asked.answer(graph, asked.params()))
    return [row(f"{name} {label}", ours)]


def structure(folder: Path, label: str) -> list[Row]:
    """Measure k-core, articulation points and betweenness against networkx."""
    import networkx as nx  # noqa: PLC0415  # its cost belongs to nobody
    import numpy as np  # noqa: PLC0415  # likewise

    from loaders import load  # noqa: PLC0415  # likewise
    from queries.kernels.betweenness import betweenness  # noqa: PLC0415  # likewise
    from queries.kernels.structure import (  # noqa: PLC0415  # likewise
        articulation_points,
        core_numbers,
        undirected,
    )

    graph = load(folder).graph
    table = graph.edges["SUPPLIES"]
    ends = [graph.rows("Enterprise", table[end].to_numpy()) for end in ("source", "target")]
    size = len(graph.nodes["Enterprise"])
    at, near = undirected(*ends, size)
    plain: nx.Graph[int] = nx.Graph()
    plain.add_nodes_from(range(size))
    plain.add_edges_from(np.column_stack(ends).tolist())
    warm = undirected([0], [1], 3)
    found = []
    for name, ours, theirs in (
        ("k-core", core_numbers, lambda: nx.core_number(plain)),
        ("articulation", articulation_points, lambda: set(nx.articulation_points(plain))),
        (
            f"{SOURCES}-source betweenness",
            lambda a, b: betweenness(a, b, sources=SOURCES),
            lambda: nx.betweenness_centrality(plain, k=SOURCES, seed=1),
        ),
    ):
        ours(*warm)
        seconds, _ = timed(lambda ours=ours: ours(at, near))
        peer, _ = timed(theirs)
        found.append(row(f"{name} {label}", seconds, "networkx", peer))
    return found


def sampled_esri(folder: Path, label: str, sample: int) -> list[Row]:
    """Measure ESRI per firm and core against dense full sweeps, on the same sample of firms."""
    import numpy as np  # noqa: PLC0415  # its cost belongs to nobody

    from loaders import load  # noqa: PLC0415  # likewise
    from queries.risks.network import trade  # noqa: PLC0415  # likewise

    return [_esri(trade(load(folder).graph).network(), f"ESRI per firm, {label}", sample, np)]


def uniform_esri(_folder: Path, sample: int) -> list[Row]:
    """Measure the same on 10,000 firms with 80,000 links drawn evenly."""
    import numpy as np  # noqa: PLC0415  # its cost belongs to nobody

    from queries.kernels.network import trade_network  # noqa: PLC0415  # likewise

    rng = np.random.default_rng(1)
    ends = rng.integers(0, 10_000, (2, 90_000))
    ends = ends[:, ends[0] != ends[1]][:, :80_000]
    sector = rng.integers(0, 100, 10_000)
    level = rng.choice(3, (100, 100), p=[0.4, 0.4, 0.2])[sector[ends[0]], sector[ends[1]]]
    net = trade_network(ends[0], ends[1], rng.lognormal(0, 1, ends.shape[1]), sector, level)
    return [_esri(net, "ESRI per firm, 10,000 / 80,000 uniform", sample, np)]


def _esri(net: Any, label: str, sample: int, np: Any) -> Row:  # noqa: ANN401  # a Network; numpy, imported late
    from benchmarks.dense import swept  # noqa: PLC0415  # brings numba
    from queries.kernels.esri import esri  # noqa: PLC0415  # likewise

    chosen = np.random.default_rng(1).permutation(len(net.firms.sales))[:sample]
    esri(net, list(chosen[:1]), threads=1)
    swept(net, chosen[:1])
    ours, found = timed(lambda: esri(net, list(chosen), threads=1))
    peer, known = timed(lambda: swept(net, chosen))
    worst = float(np.abs(found.total - known).max())
    if worst > 1e-9:  # noqa: PLR2004  # the two must say the same
        msg = f"{label}: the two ways differ by {worst}"
        raise RuntimeError(msg)
    return row(label, ours / sample, "dense full sweep", peer / sample)


def _child(work: Callable[..., list[Row]], given: tuple[Any, ...], pipe: Any) -> None:  # noqa: ANN401  # a Connection
    pipe.send(work(*given))


def apart(work: Callable[..., list[Row]], *given: Any) -> list[Row]:  # noqa: ANN401  # what the work takes
    """Return what `work` returns in a process of its own."""
    context = multiprocessing.get_context("spawn")
    near, far = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(work, given, far))
    process.start()
    far.close()
    try:
        found: list[Row] = near.recv()
    finally:
        process.join()
    return found


def table(rows: list[Row]) -> str:
    """Return the results as a table in Markdown."""
    lines = ["| work | ours s | peer | peer s | ratio | peak MiB |", "|---|--:|---|--:|--:|--:|"]
    for one in rows:
        peer = "" if one["peer_s"] is None else f"{one['peer_s']:.4g}"
        ratio = "" if one["ratio"] is None else f"{one['ratio']:.2f}"
        lines.append(
            f"| {one['work']} | {one['ours_s']:.4g} | {one['peer']} | {peer} | {ratio} "
            f"| {one['peak_mib']:.0f} |"
        )
    return "\n".join(lines)


def growth(rows: list[Row], labels: list[str]) -> list[str]:
    """Return the exponent b of time ~ size^b between neighbouring scales, by kind of work."""
    seconds = {one["work"]: one["ours_s"] for one in rows}
    said = []
    for name in ("load", *QUESTIONS):
        for small, large in pairwise(labels):
            one, two = seconds.get(f"{name} {small}"), seconds.get(f"{name} {large}")
            if one and two:
                exponent = math.log10(two / one)
                said.append(f"{name} {small} → {large}: ×{two / one:.1f}, exponent {exponent:.2f}")
    return said


@click.command()
@click.option("--quick", is_flag=True, help="1/100 and 1/10 of a province only")
@click.option("--seed", default=1, show_default=True)
def main(*, quick: bool, seed: int) -> None:
    """Measure load, questions and kernels, print the table and write it as JSON."""
    from loaders.synthetic import Sizes, generate  # noqa: PLC0415  # brings numpy

    scales = [(100, "1/100"), (10, "1/10"), *([] if quick else [(1, "1×")])]
    OUT.mkdir(exist_ok=True)
    rows: list[Row] = []
    jobs: list[tuple[Any, ...]] = [(uniform_esri, OUT, 100)]
    folders = []
    for part, label in scales:
        folder = OUT / f"province-{part}"
        folders.append(folder)
        shutil.rmtree(folder, ignore_errors=True)
        generate(folder, Sizes.of(PROVINCE // part), seed=seed)
        jobs += [(loading, folder, label), *((asking, folder, label, q) for q in QUESTIONS[:3])]
        jobs += [(sampled_esri, folder, label, 40), (structure, folder, label)]
        if part > 1:
            jobs.append((asking, folder, label, "risks"))
    with click.progressbar(jobs, label="measuring", file=sys.stderr) as bar:
        for work, *given in bar:
            rows += apart(work, *given)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    text = json.dumps(rows, ensure_ascii=False, indent=1)
    (OUT / "results.json").write_text(text, encoding="utf-8")
    click.echo(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores")
    click.echo(table(rows))
    for line in growth(rows, [label for _, label in scales]):
        click.echo(line)


if __name__ == "__main__":
    main()
