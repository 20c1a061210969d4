"""Measure the network page in a browser: `python -m benchmarks.page` prints a Markdown table.

A line is printed as soon as it is known and kept in `benchmarks/out/page.json`, so that a run that
is stopped loses nothing; `--only pyvis` (or `renderers`, `province`) measures one part.

Beside it, in one run and on the same graph: the page that pyvis writes, and the renderers
vis-network and sigma with the same places. They come from npm, for this alone:
`npm ci --prefix benchmarks`. Nothing may reach a network; what a page asks for is refused.

`ratio` is the peer's figure over ours, so more is better. Time to paint is by the clock, from
opening the file to the frame after the picture stands; a pan is processor time of the main thread.
`peak_mib` is the most memory of the process that wrote our page, what it shows read and answered.
"""

import json
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click
import networkx as nx
import numpy as np
import pandas as pd
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from benchmarks.measure import apart, peak
from loaders import load
from loaders.synthetic import Sizes, generate
from queries import questions
from views.network import write_network
from views.view_model import build_view_model

MODULES: Final = Path(__file__).parent / "node_modules"
OUT: Final = Path(__file__).parent / "out"
STABLE: Final = (1_000, 5_000)
VISIBLE: Final = (1_000, 5_000, 20_000)
LONGEST: Final = 120.0
"""Seconds after which a page that has not come to rest is given up."""
MOVES: Final = 60
SIZE: Final[ViewportSize] = {"width": 1280, "height": 720}
FLAGS: Final = (
    "--headless", "--no-sandbox", "--disable-background-networking", "--disable-component-update",
    "--enable-unsafe-swiftshader",
)  # fmt: skip

_STAGE: Final = "width: 1010px; height: 640px"
"""Room for the drawing, as much as our page leaves it."""

Row = dict[str, Any]
Rows = Iterator[Row]
Places = dict[str, tuple[float, float]]

_WATCH: Final = """
const after = (done) => requestAnimationFrame(() => requestAnimationFrame(done));
window.standing = () => after(() => { window.stood = performance.now(); });
new MutationObserver((_, self) => {
  const data = document.body?.dataset ?? {};
  if (data.painted === "1" && !window.first) after(() => { window.first = performance.now(); });
  if (data.ready !== "1") return;
  self.disconnect();
  window.standing();
}).observe(document, { attributes: true, childList: true, subtree: true });
const wait = setInterval(() => {
  if (!window.network?.once) return;
  clearInterval(wait);
  window.network.once("stabilized", window.standing);
}, 5);
"""
"""Notes when a page stands: ours by its own word, one of vis-network by its event."""

_VIS: Final = """
const nodes = new vis.DataSet(
  DATA.nodes.map(([id, x, y]) => ({ id, x, y, label: id, shape: "box" })),
);
const edges = new vis.DataSet(DATA.edges.map(([from, to], id) => ({ id, from, to })));
const drawn = new vis.Network(document.getElementById("net"), { nodes, edges }, {
  physics: false, edges: { smooth: false }, interaction: { hideEdgesOnDrag: true },
});
drawn.once("afterDrawing", window.standing);
"""
_SIGMA: Final = """
const graph = new graphology.Graph();
for (const [id, x, y] of DATA.nodes) {
  graph.addNode(id, { x, y: -y, label: id, size: 3, color: "#2a68a8" });
}
for (const [from, to] of DATA.edges) graph.addEdge(from, to);
const renderer = new Sigma(graph, document.getElementById("net"), { hideEdgesOnMove: true });
renderer.once("afterRender", window.standing);
renderer.refresh();
"""


def _row(work: str, ours: float, peer: str = "", theirs: float | None = None, **more: Any) -> Row:  # noqa: ANN401  # numbers
    return {
        "work": work,
        "ours_s": ours,
        "peer": peer,
        "peer_s": theirs,
        "ratio": theirs / ours if theirs is not None else None,
        "peak_mib": more.pop("peak_mib", None),
        **more,
    }


# what is drawn ---------------------------------------------------------------------------------


def _network(size: int) -> "tuple[nx.Graph[int], Places]":
    """A network with heavy tails; a place for each node, on a spiral, most connected inside."""
    graph: nx.Graph[int] = nx.barabasi_albert_graph(size, 2, seed=7)
    order = sorted(graph, key=lambda node: (-graph.degree[node], node))
    turn = np.pi * (3 - np.sqrt(5)) * np.arange(size)
    out = 60 * np.sqrt(np.arange(size) + 0.5)
    xy = np.column_stack([1.6 * out * np.cos(turn), out * np.sin(turn)])
    return graph, {f"E{node}": (float(x), float(y)) for node, (x, y) in zip(order, xy, strict=True)}


def _ours(graph: "nx.Graph[int]", places: Places, folder: Path) -> tuple[Path, float]:
    """Our page of a network, and the most memory of the process that wrote it, in MiB."""
    source = folder / f"source-{len(places)}"
    source.mkdir(exist_ok=True)
    firms = pd.DataFrame(
        {"编码": list(places), "企业名称": [f"{one}公司（虚构）" for one in places]}
    )
    sales = pd.DataFrame([(f"E{a}", f"E{b}") for a, b in graph.edges], columns=["供方", "需方"])
    firms.to_csv(source / "企业.csv", index=False)
    sales.to_csv(source / "供应关系.csv", index=False)
    path = folder / f"ours-{len(places)}.html"
    return path, _peak(apart(_write_placed, source, places, path))


def _write_placed(source: Path, places: Places, path: Path) -> list[Row]:
    write_network(path, build_view_model(load(source).graph, {}, places=places))
    return [{"peak_mib": peak()}]


def _peak(told: list[Row]) -> float:
    return float(told[0]["peak_mib"])


def _theirs(name: str, graph: "nx.Graph[int]", places: Places, folder: Path) -> Path:
    data = {
        "nodes": [(key, x, y) for key, (x, y) in places.items()],
        "edges": [(f"E{a}", f"E{b}") for a, b in graph.edges],
    }
    files, draw = {
        "vis-network": (["vis-network/standalone/umd/vis-network.min.js"], _VIS),
        "sigma": (["graphology/dist/graphology.umd.min.js", "sigma/dist/sigma.min.js"], _SIGMA),
    }[name]
    scripts = [(MODULES / file).read_text(encoding="utf-8") for file in files]
    parts = [*scripts, f"const DATA = {json.dumps(data)};", draw]
    body = "".join(f"<script>{part}</script>" for part in parts)
    page = f'<!doctype html><meta charset="utf-8"><div id="net" style="{_STAGE}"></div>{body}'
    path = folder / f"{name}-{len(places)}.html"
    path.write_text(page, encoding="utf-8")
    return path


def _pyvis(graph: "nx.Graph[int]", folder: Path) -> Path:
    from pyvis.network import Network  # noqa: PLC0415  # an optional library

    net = Network(cdn_resources="in_line")
    net.from_nx(nx.relabel_nodes(graph, "E{}".format))
    path = folder / f"pyvis-{len(graph)}.html"
    path.write_text(net.generate_html(notebook=False), encoding="utf-8")
    return path


# how it is measured ----------------------------------------------------------------------------


@contextmanager
def _chromium() -> Iterator[Browser]:
    found = os.environ.get("LIANTU_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def _opened(browser: Browser, path: Path, limit: float = LONGEST) -> Iterator[tuple[Page, float]]:
    """The page, and seconds until it stood; `limit` where it did not."""
    context = browser.new_context(viewport=SIZE)
    context.add_init_script(_WATCH)
    page = context.new_page()
    page.route(
        "**/*", lambda route: route.continue_() if _local(route.request.url) else route.abort()
    )
    try:
        page.goto(path.as_uri(), wait_until="commit")
        yield page, _until(page, "stood", limit)
    finally:
        context.close()


def _local(url: str) -> bool:
    return url.startswith(("file:", "data:", "blob:"))


def _until(page: Page, name: str, limit: float) -> float:
    end = time.monotonic() + limit
    while time.monotonic() < end:
        if (stood := page.evaluate(f"window.{name} ?? 0")) > 0:
            return float(stood) / 1000
        time.sleep(0.05)
    return limit


def _pan(page: Page) -> float:
    """Seconds of the main thread per move of a drag that goes to and fro over the picture."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def busy() -> float:
        told = session.send("Performance.getMetrics")["metrics"]
        return float(next(one["value"] for one in told if one["name"] == "TaskDuration"))

    time.sleep(1.0)
    page.mouse.move(500, 400)
    page.mouse.down()
    page.mouse.move(510, 400)
    time.sleep(0.3)
    before = busy()
    for i in range(MOVES):
        turn = 2 * np.pi * i / MOVES
        page.mouse.move(510 + 150 * np.sin(turn), 400 + 100 * np.sin(2 * turn))
    time.sleep(0.3)
    spent = (busy() - before) / MOVES
    page.mouse.up()
    return spent


def _against_pyvis(browser: Browser, folder: Path) -> Rows:
    for size in STABLE:
        graph, places = _network(size)
        path, mib = _ours(graph, places, folder)
        with _opened(browser, path) as (_, ours):
            pass
        with _opened(browser, _pyvis(graph, folder)) as (_, theirs):
            pass
        yield _row(
            f"first stable paint, {size:,} nodes",
            ours,
            "pyvis",
            theirs,
            peak_mib=mib,
            peer_done=theirs < LONGEST,
        )


def _against_renderers(browser: Browser, folder: Path) -> Rows:
    for size in VISIBLE:
        graph, places = _network(size)
        path, mib = _ours(graph, places, folder)
        with _opened(browser, path) as (page, paint):
            page.locator("#fit").click()
            pan = _pan(page)
        for name in ("vis-network", "sigma"):
            with _opened(browser, _theirs(name, graph, places, folder)) as (page, painted):
                panned = _pan(page)
            yield _row(f"paint, {size:,} visible nodes", paint, name, painted, peak_mib=mib)
            yield _row(f"pan, {size:,} visible nodes, main thread", pan, name, panned, peak_mib=mib)


def _province(browser: Browser, folder: Path) -> Rows:
    """A province's page and its largest chain's: first paint, all unpacked, search, two hops."""
    source = folder / "province"
    generate(source, Sizes())
    for one in apart(_write_pages, source, folder):
        with _opened(browser, Path(one["path"])) as (page, ready):
            first = _until(page, "first", LONGEST)
            spent = page.evaluate("asked => window.liantu.measure(...asked)", one["asked"])
        what, mib = one["what"], one["peak_mib"]
        size = Path(one["path"]).stat().st_size / 1e6
        yield _row(f"first paint of {what}, {size:.1f} MB", first, peak_mib=mib, megabytes=size)
        yield _row(f"everything unpacked, {what}", ready, peak_mib=mib)
        yield _row(f"search, {what}, {spent['hits']} hits", spent["search"] / 1000)
        yield _row(f"two hops, {what}, {spent['nodes']:,} nodes", spent["near"] / 1000)


def _write_pages(source: Path, folder: Path) -> list[Row]:
    """Write both pages, the smaller first, so that each peak is its own or an earlier one's."""
    graph = load(source).graph
    results = {name: one.answer(graph, one.params()) for name, one in questions().items()}
    placed = graph.edges["IN_CHAIN"]
    largest = placed["target"].value_counts().index[0]
    inside = set(placed.loc[placed["target"] == largest, "source"])
    sales = graph.edges["SUPPLIES"]
    busiest = sales.loc[sales["source"].isin(inside), "source"].value_counts().index[0]
    key = str(graph.ids([busiest]).iloc[0])
    name = str(graph.names([busiest]).iloc[0])
    written: list[Row] = []
    for what, chains in (
        ("its largest chain", [str(graph.ids([largest]).iloc[0])]),
        ("a province", None),
    ):
        model = build_view_model(graph, results, chains=chains)
        path = write_network(folder / f"{len(written)}.html", model)
        written.append({"what": what, "path": str(path), "asked": [name, key], "peak_mib": peak()})
    return written


PARTS: Final[dict[str, Callable[[Browser, Path], Rows]]] = {
    "pyvis": _against_pyvis,
    "renderers": _against_renderers,
    "province": _province,
}


def _kept(row: Row) -> None:
    """Write a line beside those of other runs; the last figure of a piece of work stands."""
    OUT.mkdir(exist_ok=True)
    path = OUT / "page.json"
    before: list[Row] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    others = [one for one in before if (one["work"], one["peer"]) != (row["work"], row["peer"])]
    text = json.dumps([*others, row], ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def _line(row: Row) -> str:
    theirs = "" if row["peer_s"] is None else f"{row['peer_s']:.4g}"
    if not row.get("peer_done", True):
        theirs = f"> {theirs}"
    ratio = "" if row["ratio"] is None else f"{row['ratio']:.1f}"
    mib = "" if row["peak_mib"] is None else f"{row['peak_mib']:.0f}"
    cells = [row["work"], f"{row['ours_s']:.4g}", row["peer"], theirs, ratio, mib]
    return f"| {' | '.join(cells)} |"


@click.command()
@click.option("--only", type=click.Choice(list(PARTS)), multiple=True, help="measure these parts")
def main(only: tuple[str, ...]) -> None:
    """Measure and print, a line as soon as it is known."""
    when, load_now = f"{datetime.now(UTC):%Y-%m-%d %H:%M}", os.getloadavg()[0]
    click.echo(f"{platform.platform()}, {os.cpu_count()} cores, load {load_now:.1f}, {when} UTC")
    click.echo("\n| work | ours s | peer | peer s | ratio | peak MiB |")
    click.echo("| --- | --: | --- | --: | --: | --: |")
    for part in only or PARTS:
        with tempfile.TemporaryDirectory() as folder, _chromium() as browser:
            for row in PARTS[part](browser, Path(folder)):
                _kept(row)
                click.echo(_line(row))


if __name__ == "__main__":
    main()
