"""Measure the network page in a browser: `python -m benchmarks.page` prints a Markdown table.

Beside it, in one run and on the same graph: the page that pyvis writes, and the renderers
vis-network and sigma with the same places. They come from npm, for this alone:
`npm ci --prefix benchmarks`. Nothing may reach a network; what a page asks for is refused.

`ratio` is the peer's figure over ours, so more is better. Time to paint is by the clock, from
opening the file to the frame after the picture stands; a pan is processor time of the main thread.
"""

import json
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click
import networkx as nx
import numpy as np
import pandas as pd
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from loaders import load
from loaders.synthetic import Sizes, generate
from queries import questions
from views.network import write_network
from views.view_model import build_view_model

MODULES: Final = Path(__file__).parent / "node_modules"
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


def measure() -> list[Row]:
    """Return what was measured, a record per row of the table."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder, _chromium() as browser:
        rows += [_against_pyvis(browser, Path(folder), size) for size in STABLE]
        for size in VISIBLE:
            rows += _against_renderers(browser, Path(folder), size)
        rows += _pages(browser, Path(folder))
    return rows


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


def _ours(graph: "nx.Graph[int]", places: Places, folder: Path) -> Path:
    source = folder / f"source-{len(places)}"
    source.mkdir(exist_ok=True)
    firms = pd.DataFrame(
        {"编码": list(places), "企业名称": [f"{one}公司（虚构）" for one in places]}
    )
    sales = pd.DataFrame([(f"E{a}", f"E{b}") for a, b in graph.edges], columns=["供方", "需方"])
    firms.to_csv(source / "企业.csv", index=False)
    sales.to_csv(source / "供应关系.csv", index=False)
    model = build_view_model(load(source).graph, {}, places=places)
    return write_network(folder / f"ours-{len(places)}.html", model)


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


def _against_pyvis(browser: Browser, folder: Path, size: int) -> Row:
    graph, places = _network(size)
    with _opened(browser, _ours(graph, places, folder)) as (_, ours):
        pass
    with _opened(browser, _pyvis(graph, folder)) as (_, theirs):
        pass
    return _row(
        f"first stable paint, {size:,} nodes", ours, "pyvis", theirs, peer_done=theirs < LONGEST
    )


def _against_renderers(browser: Browser, folder: Path, size: int) -> list[Row]:
    graph, places = _network(size)
    with _opened(browser, _ours(graph, places, folder)) as (page, paint):
        page.locator("#fit").click()
        pan = _pan(page)
    rows = []
    for name in ("vis-network", "sigma"):
        with _opened(browser, _theirs(name, graph, places, folder)) as (page, painted):
            panned = _pan(page)
        rows.append(_row(f"paint, {size:,} visible nodes", paint, name, painted))
        rows.append(_row(f"pan, {size:,} visible nodes, main thread", pan, name, panned))
    return rows


def _pages(browser: Browser, folder: Path) -> list[Row]:
    """A chain's page and a province's: first paint, all unpacked, search, neighbourhood."""
    source = folder / "province"
    generate(source, Sizes())
    graph = load(source).graph
    results = {name: one.answer(graph, one.params()) for name, one in questions().items()}
    largest = graph.edges["IN_CHAIN"]["target"].value_counts().index[0]
    chain = str(graph.ids([largest]).iloc[0])
    rows = []
    for what, chains in (("a province", None), ("its largest chain", [chain])):
        model = build_view_model(graph, results, chains=chains)
        path = write_network(folder / "page.html", model)
        with _opened(browser, path) as (page, ready):
            first = _until(page, "first", LONGEST)
            spent = page.evaluate(
                "([text, key]) => window.liantu.measure(text, key)", ["企业0000012", "E0000012"]
            )
        size = path.stat().st_size / 1e6
        rows += [
            _row(f"first paint of {what}", first, megabytes=size),
            _row(f"everything unpacked, {what}", ready, megabytes=size),
            _row(f"search, {what}", spent["search"] / 1000, hits=spent["hits"]),
            _row(f"two-hop neighbourhood, {what}", spent["near"] / 1000, nodes=spent["nodes"]),
        ]
    return rows


def main() -> None:
    """Measure and print."""
    rows = measure()
    when, load_now = f"{datetime.now(UTC):%Y-%m-%d}", os.getloadavg()[0]
    click.echo(f"{platform.platform()}, {os.cpu_count()} cores, load {load_now:.1f}, {when}")
    click.echo("\n| work | ours s | peer | peer s | ratio |\n| --- | --: | --- | --: | --: |")
    for row in rows:
        theirs = "" if row["peer_s"] is None else f"{row['peer_s']:.4g}"
        theirs = theirs if row.get("peer_done", True) else f"> {theirs}"
        ratio = "" if row["ratio"] is None else f"{row['ratio']:.1f}"
        about = f" ({row['megabytes']:.1f} MB)" if "megabytes" in row else ""
        cells = [f"{row['work']}{about}", f"{row['ours_s']:.4g}", row["peer"], theirs, ratio]
        click.echo(f"| {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
