"""Measure `neo4j push` of a province: `python -m benchmarks.neo4j FOLDER [--rounds N]`.

The server is the one that NEO4J_URI and its neighbours name; the sources `ours` and `bare` in it
are replaced. The peer is a bare loop that sends the same statements with the same rows, ready-made,
in the same transactions, and does nothing else; both run in a process of their own, in turn, on the
same server. The first round warms the server up and is not counted.
"""

import os
import platform
import resource
import time
from pathlib import Path
from typing import Any

import click

from benchmarks.measure import Row, apart


def ours(folder: Path) -> list[Row]:
    """Push as `liantu neo4j push` does, once the source is read."""
    from loaders import load  # noqa: PLC0415  # its cost belongs to nobody
    from loaders.neo4j_push import push  # noqa: PLC0415  # likewise
    from loaders.neo4j_server import connect, credentials  # noqa: PLC0415  # likewise

    graph = load(folder).graph
    with connect(credentials(Path(), prompt=lambda _: "")) as server:
        start = time.perf_counter()
        done = push(graph, server, source="ours")
        return [_told(time.perf_counter() - start, done.nodes + done.relations)]


def bare(folder: Path) -> list[Row]:
    """Send the same rows with the same statements; only the time within the driver counts."""
    from loaders import load  # noqa: PLC0415  # its cost belongs to nobody
    from loaders.neo4j_push import BATCH, steps, transactions  # noqa: PLC0415  # likewise
    from loaders.neo4j_schema import constraints, indexes  # noqa: PLC0415  # likewise
    from loaders.neo4j_server import Statement, connect, credentials  # noqa: PLC0415  # likewise

    graph, seconds, rows = load(folder).graph, 0.0, 0
    with connect(credentials(Path(), prompt=lambda _: "")) as server:
        start = time.perf_counter()
        server.write(*(Statement(text, {}) for text in [*constraints(), *indexes()]))
        seconds += time.perf_counter() - start
        for together in transactions(steps(graph), BATCH):
            given = {"source": "bare", "push": "bare"}
            statements = [Statement(step.text, {"rows": step.rows(), **given}) for step in together]
            start = time.perf_counter()
            server.write(*statements)
            seconds += time.perf_counter() - start
            rows += sum(step.size for step in together)
    return [_told(seconds, rows)]


def emptied(_folder: Path) -> list[Row]:
    """Take both sources away again."""
    from loaders.neo4j_push import remove  # noqa: PLC0415  # brings pandas
    from loaders.neo4j_server import connect, credentials  # noqa: PLC0415  # likewise

    with connect(credentials(Path(), prompt=lambda _: "")) as server:
        for source in ("ours", "bare"):
            remove(server, source)
    return []


def _told(seconds: float, rows: int) -> Row:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "rows": rows, "peak_mib": peak}


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1))
def main(folder: Path, *, rounds: int) -> None:
    """Measure and print one line for each round, with the ratio of rates."""
    click.echo(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores")
    click.echo("| round | rows | ours s | rows/s | bare s | rows/s | ratio | peak MiB |")
    click.echo("|---|--:|--:|--:|--:|--:|--:|--:|")
    apart(emptied, folder)
    for number in range(rounds + 1):
        works = (ours, bare) if number % 2 else (bare, ours)
        found: dict[str, Any] = {work.__name__: apart(work, folder)[0] for work in works}
        mine, peer = found["ours"], found["bare"]
        label = f"{number}" if number else "warm-up"
        click.echo(
            f"| {label} | {mine['rows']:,} | {mine['seconds']:.1f}"
            f" | {mine['rows'] / mine['seconds']:,.0f} | {peer['seconds']:.1f}"
            f" | {peer['rows'] / peer['seconds']:,.0f}"
            f" | {peer['seconds'] / mine['seconds']:.2f} | {mine['peak_mib']:.0f} |"
        )
        apart(emptied, folder)


if __name__ == "__main__":
    main()
