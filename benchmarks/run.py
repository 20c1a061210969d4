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
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

if TYPE_CHECKING:
    from queries.kernels.network import Network

OUT: Final = Path(__file__).parent / "out"
PROVINCE: Final = 67_000
SOURCES: Final = 16
EVEN: Final = 10_000
LARGE: Final = (91_595, 230_000)
QUESTIONS: Final = ("gaps", "coverage", "leads", "risks")
STRUCTURE: Final = ("k-core", "articulation", f"{SOURCES}-source betweenness")
GROWING: Final = ("load", *QUESTIONS, "ESRI per firm,", *STRUCTURE)

Row = dict[str, Any]


class Spent(NamedTuple):
    """What a piece of work took, in seconds: of all processors together, and by the clock."""

    cpu: float
    wall: float

    def per(self, number: int) -> "Spent":
        """Return the same for one of `number` equal pieces."""
        return Spent(self.cpu / number, self.wall / number)


def timed(work: Callable[[], Any]) -> tuple[Spent, Any]:
    """Return what `work` took and what it returned."""
    cpu, wall = time.process_time(), time.perf_counter()
    result = work()
    return Spent(time.process_time() - cpu, time.perf_counter() - wall), result


def peak() -> float:
    """Return the most memory this process has held so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def row(
    work: str, ours: Spent, peer: str = "", theirs: Spent | None = None, *, mib: float = 0.0
) -> Row:
    """Return one line of results; ratios are of processor time, which others do not disturb."""
    return {
        "work": work, "cpu_s": ours.cpu, "wall_s": ours.wall, "peer": peer,
        "peer_cpu_s": theirs.cpu if theirs else None,
        "ratio": theirs.cpu / ours.cpu if theirs else None, "peak_mib": mib or peak(),
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
    """Measure one question against its core in networkx; answered twice, the last time counts."""
    from benchmarks import peers  # noqa: PLC0415  # brings networkx
    from loaders import load  # noqa: PLC0415  # its cost belongs to nobody
    from queries import question  # noqa: PLC0415  # likewise

    asked = question(name)
    graph = load(folder).graph
    # The indices of risks are kept with the graph: there something else is answered first.
    first = load("sample:chenglan").graph if name == "risks" else graph
    asked.answer(first, asked.params())
    ours, _ = timed(lambda: asked.answer(graph, asked.params()))
    mib = peak()
    plain = graph.to_networkx()
    theirs, _ = timed(lambda: getattr(peers, name)(plain))
    said = "networkx, ESRI of 3 firms" if name == "risks" else "networkx"
    return [row(f"{name} {label}", ours, said, theirs, mib=mib)]


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
    from loaders import load  # noqa: PLC0415  # its cost belongs to nobody
    from queries.risks.network import trade  # noqa: PLC0415  # likewise

    return [_esri(trade(load(folder).graph).network(), f"ESRI per firm, {label}", sample)]


def drawn_esri(_folder: Path, firms: int, links: int, sample: int) -> list[Row]:
    """Measure the same on a network with heavy tails, or drawn evenly if it has 10,000 firms."""
    from benchmarks.networks import scale_free, uniform  # noqa: PLC0415  # brings numba

    even = firms == EVEN
    net = uniform(firms, links) if even else scale_free(firms, links)
    kind = "uniform" if even else "scale-free"
    return [_esri(net, f"ESRI per firm, {firms:,} / {links:,} {kind}", sample)]


def every_esri(_folder: Path, firms: int, links: int, external: str, seconds: float) -> list[Row]:
    """Measure ESRI of all firms on all cores, beside another program's answer if there is one."""
    import numpy as np  # noqa: PLC0415  # its cost belongs to nobody

    from benchmarks.networks import scale_free, uniform, written_esri  # noqa: PLC0415  # likewise
    from queries.kernels.esri import esri  # noqa: PLC0415  # likewise

    net = uniform(firms, links) if firms == EVEN else scale_free(firms, links)
    esri(net, [[0]])
    ours, found = timed(lambda: esri(net))
    label = f"ESRI of all {firms:,} / {links:,}"
    if not external:
        return [row(label, ours)]
    known = written_esri(Path(external), firms)
    worst = float(np.nanmax(np.abs(found.total - known)))
    theirs = Spent(seconds, seconds) if seconds else None
    return [row(label, ours, f"external program, differs by {worst:.1e} at most", theirs)]


def _esri(net: "Network", label: str, sample: int) -> Row:
    import numpy as np  # noqa: PLC0415  # its cost belongs to nobody

    from benchmarks.dense import swept  # noqa: PLC0415  # brings numba
    from queries.kernels.esri import esri  # noqa: PLC0415  # likewise

    chosen = np.random.default_rng(1).permutation(len(net.firms.sales))[:sample]
    few = chosen[: max(sample // 10, 8)]
    esri(net, list(chosen[:1]), threads=1)
    swept(net, chosen[:1])
    ours, found = timed(lambda: esri(net, list(chosen), threads=1))
    theirs, known = timed(lambda: swept(net, few))
    worst = float(np.abs(found.total[: len(few)] - known).max())
    if worst > 1e-12:  # noqa: PLR2004  # the two must say the same
        msg = f"{label}: the two ways differ by {worst}"
        raise RuntimeError(msg)
    return row(label, ours.per(sample), "dense full sweep", theirs.per(len(few)))


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
    lines = [
        "| work | CPU s | wall s | peer | peer CPU s | ratio | peak MiB |",
        "|---|--:|--:|---|--:|--:|--:|",
    ]
    for one in rows:
        theirs = "" if one["peer_cpu_s"] is None else f"{one['peer_cpu_s']:.4g}"
        ratio = "" if one["ratio"] is None else f"{one['ratio']:.2f}"
        lines.append(
            f"| {one['work']} | {one['cpu_s']:.4g} | {one['wall_s']:.4g} | {one['peer']} "
            f"| {theirs} | {ratio} | {one['peak_mib']:.0f} |"
        )
    return "\n".join(lines)


def growth(rows: list[Row], labels: list[str]) -> list[str]:
    """Return the exponent b of CPU time ~ size^b between neighbouring scales, by kind of work."""
    seconds = {one["work"]: one["cpu_s"] for one in rows}
    said = []
    for name in GROWING:
        for small, large in pairwise(labels):
            one, two = seconds.get(f"{name} {small}"), seconds.get(f"{name} {large}")
            if one and two:
                exponent = math.log10(two / one)
                said.append(f"{name} {small} → {large}: ×{two / one:.1f}, exponent {exponent:.2f}")
    return said


def _machine() -> str:
    """Return processor, cores, system and day."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text(encoding="utf-8").splitlines()
        model = next((x.split(":")[1].strip() for x in lines if x.startswith("model name")), model)
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    cores, day = os.cpu_count(), datetime.now(tz=UTC).date()
    return f"{model}, {cores} cores{load}, {platform.system()}, {day}"


@click.command()
@click.option("--quick", is_flag=True, help="1/100 and 1/10 of a province only")
@click.option("--seed", default=1, show_default=True)
@click.option("--only", default="", help="only work whose function or label contains this")
@click.option("--external-esri", default="", metavar="FILE", help="CSV firm, esri of all 91,595")
@click.option("--external-seconds", default=0.0, help="how long the other program took")
@click.option("--write-network", default="", metavar="FOLDER", help="write that network and stop")
def main(
    *,
    quick: bool,
    seed: int,
    only: str,
    external_esri: str,
    external_seconds: float,
    write_network: str,
) -> None:
    """Measure load, questions and kernels, print the table and write it as JSON."""
    OUT.mkdir(exist_ok=True)
    if write_network:
        from benchmarks import networks  # noqa: PLC0415  # brings numba

        networks.write_network(networks.scale_free(*LARGE), Path(write_network))
        return
    scales = [(100, "1/100"), (10, "1/10"), *([] if quick else [(1, "1×")])]
    jobs: list[tuple[Any, ...]] = [(drawn_esri, OUT, EVEN, 80_000, 400)]
    if not quick:
        jobs += [(every_esri, OUT, EVEN, 80_000, "", 0.0)]
        jobs += [(every_esri, OUT, *LARGE, external_esri, external_seconds)]
        jobs += [(drawn_esri, OUT, PROVINCE, 1_000_000, 256)]
    for part, label in scales:
        folder = OUT / f"province-{part}"
        jobs += [(loading, folder, label), *((asking, folder, label, q) for q in QUESTIONS)]
        jobs += [(sampled_esri, folder, label, 400), (structure, folder, label)]
    jobs = [job for job in jobs if only in f"{job[0].__name__} {job[1:]}"]
    rows = _measured(jobs, scales, seed)
    text = json.dumps({"machine": _machine(), "rows": rows}, ensure_ascii=False, indent=1)
    (OUT / "results.json").write_text(text, encoding="utf-8")
    click.echo(_machine())
    click.echo(table(rows))
    for line in growth(rows, [label for _, label in scales]):
        click.echo(line)


def _measured(jobs: list[tuple[Any, ...]], scales: list[tuple[int, str]], seed: int) -> list[Row]:
    """Return the results of all jobs, on provinces generated for them and then deleted."""
    from loaders.synthetic import Sizes, generate  # noqa: PLC0415  # brings numpy

    rows: list[Row] = []
    folders = {OUT / f"province-{part}": part for part, _ in scales}
    with click.progressbar(jobs, label="measuring", file=sys.stderr) as bar:
        for work, folder, *given in bar:
            if folder in folders and not folder.exists():
                generate(folder, Sizes.of(PROVINCE // folders[folder]), seed=seed)
            rows += apart(work, folder, *given)
            click.echo(f" {rows[-1]['work']}: {rows[-1]['cpu_s']:.4g} s", err=True)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    return rows


if __name__ == "__main__":
    main()
