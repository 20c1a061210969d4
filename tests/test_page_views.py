"""The page beyond one chain: overview, neighbourhood, ways, what-if, time, given places, scale."""

import base64
import csv
import io
import re
from pathlib import Path

import networkx as nx
import numpy as np
import page_model
import pandas as pd
import pytest
from page_browser import browser, click_node, opened, playwright, until
from playwright.sync_api import Browser, Page

from graphmodel.errors import SourceError, UsageError
from graphmodel.graph import ChainGraph
from queries import question
from views.network import network_page, write_network
from views.notebook import NetworkView
from views.page.columns import node_columns
from views.page.links import link_columns
from views.page.members import around, within_hops
from views.page.parts import ViewModel
from views.page.places import read_places
from views.view_model import build_view_model

__all__ = ["browser", "playwright"]  # fixtures


@pytest.fixture(scope="module")
def graph() -> ChainGraph:
    return page_model.chenglan()


@pytest.fixture(scope="module")
def model(graph: ChainGraph) -> ViewModel:
    asked = {name: question(name) for name in ("leads", "risks")}
    answers = {name: asked[name].answer(graph, asked[name].params()) for name in asked}
    return build_view_model(graph, page_model.answers(graph) | answers, title="澄澜")


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory, model: ViewModel) -> Path:
    return write_network(tmp_path_factory.mktemp("views") / "页面.html", model)


def key_of(model: ViewModel, name: str) -> str:
    return model.nodes.key[model.nodes.name.index(name)]


def undirected(graph: ChainGraph, kinds: set[str] | None = None) -> "nx.Graph[int]":
    found: nx.Graph[int] = nx.Graph()
    found.add_nodes_from(range(graph.size))
    for name, table in graph.edges.items():
        if kinds is None or name in kinds:
            found.add_edges_from(zip(table["source"], table["target"], strict=True))
    return found


# the model ------------------------------------------------------------------------------------


def test_partners_beyond_the_cap_are_counted_never_dropped(graph: ChainGraph) -> None:
    shown = np.zeros(graph.size, dtype=bool)
    chosen = graph.codes("Enterprise")[14:20]
    shown[chosen] = True
    near = around(graph, shown, most=3)
    partners = graph.codes("Enterprise")[near[graph.codes("Enterprise")]]
    assert len(np.setdiff1d(partners, chosen)) == 3
    nodes = node_columns(graph, near)
    relations, links, rest = link_columns(graph, shown, nodes)
    table = graph.edges["SUPPLIES"]
    supply = next(i for i, relation in enumerate(relations) if relation.code == "SUPPLIES")
    ends = table[shown[table["source"]] | shown[table["target"]]]
    named = relations[supply].count
    missing = ends[~(near[ends["source"]] & near[ends["target"]])]
    assert named + len(missing) == len(ends)
    for node, relation, out, count, amount in zip(
        rest.node, rest.relation, rest.out, rest.count, rest.amount, strict=True
    ):
        if relation != supply:
            continue
        code = int(np.flatnonzero(nodes.position == node)[0])
        side = missing[missing["source" if out else "target"] == code]
        assert count == side["target" if out else "source"].nunique()
        assert amount == pytest.approx(side["amount"].sum())
    assert rest.count[rest.relation == supply].sum() > 0
    assert len(links.source) == sum(relation.count for relation in relations)


def test_small_flows_off_the_template_wait_until_they_are_asked_for() -> None:
    draft = page_model.Draft()
    draft.node("Chain", "链")
    for i in range(6):
        draft.edge("PART_OF", draft.node("Segment", f"环节{i}"), "链")
        draft.edge("IN_SEGMENT", draft.node("Enterprise", f"企业{i}"), f"环节{i}")
    pairs = [(i, j) for i in range(6) for j in range(6) if i != j]
    for i, j in pairs:
        for year in range(2000, 2002 + i * 6 + j):
            draft.edge("SUPPLIES", f"企业{i}", f"企业{j}", year=year)
    chain = build_view_model(draft.graph("源"), {}).chains[0]
    drawn = sorted(flow.supplies for flow in chain.flows if not flow.minor)
    assert drawn == sorted(2 + i * 6 + j for i, j in pairs)[-12:]
    assert sum(flow.minor for flow in chain.flows) == 30 - 12
    assert any("另有 18 对环节" in zh for zh, _ in chain.notes)
    assert all(sum(n for _, n in flow.years) == flow.supplies for flow in chain.flows)


def test_findings_name_their_node_and_what_was_left_out(
    graph: ChainGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("views.page.findings.MOST_ROWS", 5)
    model = build_view_model(graph, page_model.answers(graph))
    gaps = model.findings[0]
    names = [model.nodes.name[node] for node in gaps.subject]
    assert names == list(page_model.SEGMENTS)[:5]
    assert gaps.weak == [page_model.STATES.get(n, "sound") in page_model.WEAK for n in names]
    assert gaps.columns[:2] == [("说明", "Reason"), ("判据", "Rule")]
    assert gaps.texts[1][0] == f"本地企业数 {page_model.SEGMENTS['制氢']}（阈值 1）"
    assert gaps.english[1][0] == f"firms here {page_model.SEGMENTS['制氢']} (threshold 1)"
    assert "另有 7 条" in gaps.notes[-1][0]


def test_who_is_hit_is_what_risks_says_of_the_same_stop(
    graph: ChainGraph, model: ViewModel
) -> None:
    risks = question("risks")
    said = pd.DataFrame(
        {name: getattr(model.closures, name) for name in ("node", "hit", "loss", "step")}
    )
    assert len(said) > 20
    rows = risks.answer(graph, risks.params()).rows.sort_values("esri", ascending=False)
    tried = [model.nodes.key[node] for node in model.closures.tried]
    assert rows["esri"].head(len(tried)).to_numpy() == pytest.approx(
        rows.set_index("enterprise_id")["esri"][tried].to_numpy()
    )
    for firm, hit in said.groupby("node"):
        key = model.nodes.key[int(firm)]
        table = risks.answer(graph, risks.params(close=key)).tables["losses"]
        table = table[(table["loss"] >= 0.01) & (table["enterprise_id"] != key)]
        told = table.set_index("enterprise_id")[["loss", "arrives"]]
        here = hit.set_index(hit["hit"].map(model.nodes.key.__getitem__))
        assert set(here.index) == set(told.index)
        assert here["loss"].to_numpy() == pytest.approx(
            told["loss"][here.index].to_numpy(), abs=1e-4
        )
        assert here["step"].tolist() == told["arrives"][here.index].tolist()
        assert here["loss"].is_monotonic_decreasing


def test_a_neighbourhood_is_what_breadth_first_search_finds(graph: ChainGraph) -> None:
    start = graph.codes("Enterprise")[20]
    reached, left = within_hops(graph, int(start), 2, most=10_000)
    through = {
        name
        for name in graph.edges
        if name not in {"LOCATED_IN", "PART_OF", "UPSTREAM_OF", "IN_CHAIN", "IN_SEGMENT"}
    }
    plain = undirected(graph, through)
    steps = nx.single_source_shortest_path_length(plain, int(start), cutoff=1)
    expected = set(steps)
    for node in steps:
        if graph.kinds_of([node])[0] != "Alliance":
            expected |= set(plain[node])
    assert set(np.flatnonzero(reached)) == expected
    assert left == 0
    few, more = within_hops(graph, int(start), 2, most=5)
    assert few.sum() == 5
    assert more > 0
    assert few[start]


def test_the_overview_counts_each_firm_where_it_stands(graph: ChainGraph, model: ViewModel) -> None:
    o = model.overview
    home = graph.target("LOCATED_IN", "Enterprise")
    members = graph.edges["IN_CHAIN"]
    for chain, region, count in zip(o.chain, o.chain_region, o.chain_firms, strict=True):
        code = graph.find("Chain", model.chains[chain].title)
        firms = graph.rows("Enterprise", members["source"][members["target"] == code].unique())
        names = graph.names(home[firms]).fillna("")
        wanted = "" if region < 0 else model.regions.name[region]
        assert count == (names == wanted).sum()
    assert sum(o.regions) == len(graph.nodes["Enterprise"])
    parents = dict(zip(model.regions.name, model.regions.parent, strict=True))
    assert parents[page_model.CITY] == -1
    assert {model.regions.name[parents[county]] for county in page_model.COUNTIES} == {
        page_model.CITY
    }


def test_a_region_keeps_its_own_firms_only(graph: ChainGraph) -> None:
    county = page_model.COUNTIES[0]
    part = build_view_model(graph, {}, region=county)
    cards = [box for chain in part.chains for box in chain.boxes if box.role in {"card", "loose"}]
    regions = {part.nodes.region[node] for box in cards for node in box.members}
    assert {part.regions.name[region] for region in regions} == {county}
    with pytest.raises(UsageError, match="没有地区"):
        build_view_model(graph, {}, region="别处")


def test_the_neighbourhood_of_one_node_makes_a_page(graph: ChainGraph) -> None:
    part = build_view_model(graph, {}, focus="EN021", hops=1)
    assert part.nodes.key[part.focus] == "EN021"
    assert part.chains == []
    assert "<title>" in network_page(part)
    with pytest.raises(UsageError, match="没有“谁”"):
        build_view_model(graph, {}, focus="谁")


def test_places_are_read_and_refused_with_a_sentence(graph: ChainGraph, tmp_path: Path) -> None:
    file = tmp_path / "布局.csv"
    file.write_bytes("名称,x,y\r\n电堆,1,2.5\r\n整车,3,4\r\n".encode("gb18030"))
    assert read_places(file) == {"电堆": (1.0, 2.5), "整车": (3.0, 4.0)}
    model = build_view_model(graph, {}, places=read_places(file))
    assert [model.nodes.name[node] for node in model.placed.node] == ["电堆", "整车"]
    with pytest.raises(UsageError, match="没有一个编码或名称在图上"):
        build_view_model(graph, {}, places={"谁": (0, 0)})
    for text, words in (("a,b\n1,2\n", "需要列"), ("id,x,y\nE,1,远\n", "远"), ("", "无")):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(UsageError, match=words):
            read_places(file)
    with pytest.raises(SourceError, match="读不了"):
        read_places(tmp_path / "没有.csv")


# in a browser ---------------------------------------------------------------------------------


def rows_of(page: Page) -> list[list[str]]:
    with page.expect_download() as download:
        page.locator("#csv").click()
    text = Path(download.value.path()).read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_from_the_overview_to_a_county_to_a_chain(
    browser: Browser, page_file: Path, graph: ChainGraph
) -> None:
    county = page_model.COUNTIES[0]
    home = graph.names(graph.target("LOCATED_IN", "Enterprise")).fillna("")
    hydrogen = 54 + 5
    with opened(browser, page_file) as page:
        page.locator("#overall").click()
        until(page, "view", "overview")
        line = page.locator("#overview tbody tr", has_text="氢能").first
        assert line.locator("td.num").first.inner_text() == str(hydrogen)
        rows = rows_of(page)
        at = rows[0].index(county)
        assert int(next(row for row in rows if row[0] == "氢能")[at]) == (home == county).sum()
        page.locator(f"#overview [data-region='{county}']").click()
        until(page, "region", county)
        assert "膜电极" in page.locator("#overview").inner_text()
        page.locator("#overview [data-chain='0']").first.click()
        until(page, "view", "graph")
        assert page.locator("#region option:checked").inner_text().strip().startswith(county)
        page.locator("#lang").click()
        page.locator("#overall").click()
        until(page, "view", "overview")
        assert page.locator("#overview").inner_text().startswith("All regions › ")


SHADED = """async (file) => {
  const bytes = Uint8Array.from(atob(file), (one) => one.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width, image.height];
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  const { data } = pen.getImageData(0, 0, image.width, image.height);
  const runs = [];
  for (let y = 0; y < image.height; y += 1) {
    let [run, last] = [0, ""];
    for (let x = 0; x < image.width; x += 1) {
      const at = 4 * (y * image.width + x);
      const [r, g, b] = [data[at], data[at + 1], data[at + 2]];
      const now = b > r + 40 && g > r ? `${r},${g},${b}` : "";
      run = now && now === last ? run + 1 : 1;
      last = now;
      if (run === 30) runs.push(now);
    }
  }
  return [...new Set(runs)];
}"""
"""Blues of a picture that stand in at least 30 pixels of a row: shaded cells, never letters."""


def test_the_overview_is_exported_as_a_picture_of_what_is_in_view(
    browser: Browser, page_file: Path
) -> None:
    with opened(browser, page_file) as page:
        page.locator("#overall").click()
        until(page, "view", "overview")
        style = "cell => cell.style.background"
        cells = page.locator("#overview td.num").evaluate_all(f"all => all.map({style})")
        found = []
        for place in ("", page_model.COUNTIES[0]):
            if place:
                page.locator(f"#overview [data-region='{place}']").click()
                until(page, "region", place)
            with page.expect_download() as download:
                page.locator("#png").click()
            assert download.value.suggested_filename == "澄澜-总览.png"
            found.append(Path(download.value.path()).read_bytes())
        assert found[0] != found[1]
        shades = page.evaluate(SHADED, base64.b64encode(found[0]).decode())
        assert len(shades) == len({cell for cell in cells if cell})


def test_a_large_source_opens_at_the_overview(browser: Browser, tmp_path: Path) -> None:
    draft = page_model.Draft()
    for i in range(2):
        draft.node("Chain", f"链{i}")
    for i in range(3_001):
        draft.edge("IN_CHAIN", draft.node("Enterprise", f"第{i}公司（虚构）"), f"链{i % 2}")
    path = write_network(tmp_path / "大.html", build_view_model(draft.graph("省"), {}))
    with opened(browser, path) as page:
        until(page, "view", "overview")
        assert page.locator("#overview tbody tr").count() == 3
        page.locator("#query").fill("第2999公司")
        until(page, "results", "1")
        page.keyboard.press("Enter")
        until(page, "selected", "EN3000")
        until(page, "view", "graph")


def test_the_neighbourhood_of_a_firm_and_back(
    browser: Browser, page_file: Path, model: ViewModel, graph: ChainGraph
) -> None:
    firm = key_of(model, "澄澜恒光膜电极有限公司（虚构16）")
    with opened(browser, page_file, anchor=f"#n={firm}") as page:
        until(page, "selected", firm)
        page.locator("#near").click()
        until(page, "form", "near")
        until(page, "selected", firm)
        page.keyboard.press("Escape")
        until(page, "selected", "")
        supplies = graph.edges["SUPPLIES"]
        code = graph.find("Enterprise", firm)
        suppliers = supplies["source"][supplies["target"] == code].nunique()
        tiles = dict(
            reversed(text.split("\n"))
            for text in page.locator("#panel .tiles div").all_inner_texts()
        )
        assert tiles["供方"] == str(suppliers)
        page.locator("#tabular").click()
        until(page, "view", "table")
        assert "供方" in page.locator("#table").inner_text()
        page.locator("#tabular").click()
        page.locator("#leave").click()
        until(page, "form", "chain")


def test_ways_between_two_nodes_are_shortest(
    browser: Browser, page_file: Path, graph: ChainGraph
) -> None:
    table = graph.edges["SUPPLIES"]
    flows: nx.DiGraph[int] = nx.DiGraph()
    flows.add_edges_from(zip(table["source"], table["target"], strict=True))
    a, b = (graph.find("Enterprise", key) for key in ("EN010", "EN041"))
    length = nx.shortest_path_length(flows, a, b)
    with opened(browser, page_file, anchor="#n=EN010") as page:
        until(page, "selected", "EN010")
        page.locator("#way").click()
        until(page, "goal", "?")
        page.locator("#query").fill("EN041")
        page.keyboard.press("Enter")
        until(page, "goal", "EN041")
        until(page, "selected", "EN010")
        down = page.locator("[data-way=wayDown]")
        assert down.locator("li").count() == length
        assert down.locator("li button").last.get_attribute("title") == str(
            graph.names([b]).iloc[0]
        )
        assert page.locator("[data-way=wayParty]").count() == 1
        assert page.locator("[data-way=wayUp]").count() == 0
        page.locator("#clear").click()
        until(page, "goal", "")
        assert page.locator("[data-way]").count() == 0


def test_a_supposed_stop_shows_who_is_hit(
    browser: Browser, page_file: Path, model: ViewModel
) -> None:
    hit = {
        node: {h for n, h in zip(model.closures.node, model.closures.hit, strict=True) if n == node}
        for node in model.closures.node
    }
    node = next(node for node, found in hit.items() if found)
    with opened(browser, page_file, anchor=f"#n={model.nodes.key[node]}") as page:
        page.locator("#stop").click()
        until(page, "struck", str(len(hit[node])))
        assert "停产波及" in page.locator("#panel").inner_text()
        page.locator("#stop").click()
        until(page, "struck", "0")


def test_every_question_stands_on_the_panel(
    browser: Browser, page_file: Path, model: ViewModel
) -> None:
    with opened(browser, page_file) as page:
        for name in ("gaps", "leads", "risks"):
            assert page.locator(f"[data-question={name}]").count() == 1
        page.locator("[data-question=gaps] summary").click()
        page.locator("[data-question=gaps] button", has_text="储氢瓶").click()
        until(page, "selected", key_of(model, "储氢瓶"))
        page.evaluate("location.hash = '#n=EN037'")
        until(page, "selected", "EN037")
        text = page.locator("#panel").inner_text()
        assert re.search(r"第 \d+ 位", text)
        assert "断供风险表" in text


SEEN = """() => {
  const panel = document.querySelector("#panel");
  const open = [...panel.querySelectorAll("details")].map((fold) => fold.open);
  return [panel.innerText, panel.scrollTop, open, document.documentElement.dataset.theme];
}"""
"""What a reader has before the eyes on the panel."""


def test_nothing_is_folded_on_paper_and_the_screen_is_then_as_it_was(
    browser: Browser, page_file: Path, model: ViewModel
) -> None:
    node = model.nodes.key.index("EN014")
    told = [
        (columns[0], column[row])
        for found in model.findings
        for row in np.flatnonzero(np.array(found.subject) == node)
        for columns, column in zip(found.columns, found.texts, strict=True)
        if column[row]
    ]
    with opened(browser, page_file, anchor="#n=EN014") as page:
        until(page, "selected", "EN014")
        page.locator("#theme").click()
        page.locator("#panel summary").last.click()
        page.locator("#panel").evaluate("panel => { panel.scrollTop = 170; }")
        before = page.evaluate(SEEN)
        assert before[1:] == [170, [False, True], "dark"]
        cut = page.locator("#panel [data-more]").all_inner_texts()
        assert cut
        page.evaluate(
            """() => addEventListener("beforeprint", () => {
              window.paper = document.querySelector("#panel").innerText;
            })"""
        )
        page.pdf(format="A3", landscape=True)
        paper = page.evaluate("window.paper")
        assert len(told) > 2 * 6
        for words in (word for field in told for word in field):
            assert "".join(words.split()) in "".join(paper.split())
        assert not [words for words in cut if words in paper]
        assert page.evaluate(SEEN) == before
        page.keyboard.press("Escape")
        until(page, "selected", "")
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        notes = page.locator("[data-question=risks] p")
        assert notes.count() > 0
        assert notes.first.is_visible()
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.locator("details[open]").count() == 0


def test_time_leaves_out_what_is_later(browser: Browser, page_file: Path) -> None:
    with opened(browser, page_file, anchor="#n=EN016") as page:
        until(page, "selected", "EN016")
        everything = len(rows_of(page))
        page.locator("#years").focus()
        page.keyboard.press("Home")
        until(page, "until", "2024")
        until(page, "selected", "EN016")
        assert len(rows_of(page)) < everything
        page.locator("#years").press("End")
        until(page, "until", "")
        assert len(rows_of(page)) == everything


def test_the_map_leads_to_what_is_out_of_view(
    browser: Browser, page_file: Path, model: ViewModel
) -> None:
    key = key_of(model, "加氢站")
    where = f"window.liantu.positionOf('{key}').y"
    with opened(browser, page_file, size=(1280, 460)) as page:
        box = page.locator("#map").bounding_box()
        assert box is not None
        before = page.evaluate(where)
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] - 4)
        assert page.evaluate(where) < before


def test_the_map_stands_beside_the_cards_and_not_over_them(
    browser: Browser, page_file: Path, model: ViewModel
) -> None:
    cards = [box for box in model.chains[0].boxes if box.role == "card"]
    left, right = min(cards, key=lambda box: box.x), max(cards, key=lambda box: box.x)
    with opened(browser, page_file, size=(1280, 460)) as page:
        key = [model.nodes.key[box.node] for box in (left, right)]
        a, b = (page.evaluate("key => window.liantu.positionOf(key).x", one) for one in key)
        scale = (b - a) / (right.x + right.w / 2 - left.x - left.w / 2)
        box = page.locator("#map").bounding_box()
        assert box is not None
        assert box["x"] + box["width"] < a - scale * left.w / 2


def test_what_is_chosen_comes_into_view_without_a_move_aside(
    browser: Browser, page_file: Path, model: ViewModel
) -> None:
    key = model.nodes.key[model.chains[0].boxes[-1].members[0]]
    where = "key => window.liantu.positionOf(key)"
    with opened(browser, page_file, size=(1280, 460)) as page:
        before = page.evaluate(where, key)
        stage = page.locator("#stage").bounding_box()
        assert stage is not None
        assert before["y"] > stage["y"] + stage["height"]
        page.locator("#query").fill(key)
        until(page, "results", "1")
        page.keyboard.press("Enter")
        until(page, "selected", key)
        after = page.evaluate(where, key)
        shown = page.locator("#map").bounding_box()
        assert shown is not None
        assert after["x"] == pytest.approx(before["x"])
        assert stage["y"] < after["y"] < shown["y"]  # the last lane too stands above the map


def numbered(tmp_path: Path) -> Path:
    draft = page_model.Draft()
    draft.node("Chain", "链（虚构）")
    draft.node("Chain", "另一条链（虚构）")
    draft.edge("PART_OF", draft.node("Segment", "环节"), "链（虚构）")
    for i in range(1, 12):
        firm = draft.node("Enterprise", f"虚构企业{i:07d}有限公司（虚构）")
        draft.edge("IN_CHAIN", firm, "链（虚构）")
        draft.edge("IN_SEGMENT", firm, "环节")
        city = draft.node("Region", f"虚构市{i:07d}（虚构）")
        draft.edge("LOCATED_IN", firm, city)
    return write_network(tmp_path / "编号.html", build_view_model(draft.graph("省"), {}))


@pytest.mark.parametrize("size", [(1280, 720), (1600, 900)])
def test_a_city_takes_at_most_two_lines_over_its_column(
    browser: Browser, tmp_path: Path, size: tuple[int, int]
) -> None:
    with opened(browser, numbered(tmp_path), size=size) as page:
        page.locator("#overall").click()
        until(page, "view", "overview")
        tall = page.eval_on_selector_all(
            "#overview thead button", "all => all.map((one) => one.getBoundingClientRect().height)"
        )
        assert len(tall) == 11
        assert max(tall) < 2.5 * 13 * 1.55


@pytest.mark.parametrize("size", [(1280, 720), (1600, 900), (1920, 1080)])
def test_a_province_of_thirteen_cities_is_seen_whole(
    browser: Browser, tmp_path: Path, size: tuple[int, int]
) -> None:
    draft = page_model.Draft()
    cities = [draft.node("Region", f"虚构市{i:07d}（虚构）") for i in range(1, 14)]
    for c in range(1, 4):
        chain = draft.node("Chain", f"虚构产业链{c:07d}（虚构）")
        for i in range(1_300):
            firm = draft.node("Enterprise", f"第{i}公司{c}（虚构）")
            draft.edge("IN_CHAIN", firm, chain)
            if i:  # the region of the first is not reported
                draft.edge("LOCATED_IN", firm, cities[i % 13])
    path = write_network(tmp_path / "省.html", build_view_model(draft.graph("省"), {}))
    with opened(browser, path, size=size) as page:
        until(page, "view", "overview")
        for language in ("zh", "en"):
            until(page, "lang", language)
            wide, room, least = page.evaluate(
                """() => {
                  const sheet = document.querySelector(".sheet");
                  const sizes = [...sheet.querySelectorAll("th, td, button")].map((one) =>
                    parseFloat(getComputedStyle(one).fontSize));
                  return [sheet.scrollWidth, sheet.clientWidth, Math.min(...sizes)];
                }"""
            )
            assert wide == room
            assert least >= 12
            heads = page.locator("#overview thead button")
            assert heads.count() == 14
            tall = heads.evaluate_all(
                "all => all.slice(0, -1).map((one) => one.getBoundingClientRect().height)"
            )
            assert max(tall) < 2.5 * 13 * 1.55
            page.locator("#lang").click()


def test_a_name_cut_short_keeps_the_number_that_tells_it_from_others(
    browser: Browser, tmp_path: Path
) -> None:
    with opened(browser, numbered(tmp_path)) as page:
        page.evaluate(
            """() => {
              window.texts = [];
              const write = CanvasRenderingContext2D.prototype.fillText;
              CanvasRenderingContext2D.prototype.fillText = function (text, ...at) {
                window.texts.push(text);
                return write.call(this, text, ...at);
              };
            }"""
        )
        page.locator("#lang").click()
        until(page, "lang", "en")
        page.locator("#larger").click()
        page.locator("#fit").click()
        page.wait_for_timeout(200)
        drawn = set(page.evaluate("window.texts"))
        for i in range(1, 12):
            assert any(text.startswith("虚构") and text.endswith(f"…{i:04d}") for text in drawn)


def test_places_given_are_places_drawn(browser: Browser, graph: ChainGraph, tmp_path: Path) -> None:
    places = {"EN001": (0.0, 0.0), "EN016": (10.0, 0.0), "EN037": (10.0, 5.0)}
    model = build_view_model(graph, {}, places=places)
    path = write_network(tmp_path / "布局.html", model)
    with opened(browser, path) as page:
        until(page, "form", "given")
        spots = [page.evaluate("key => window.liantu.positionOf(key)", key) for key in places]
        assert spots[0]["x"] < spots[1]["x"] == pytest.approx(spots[2]["x"])
        assert spots[0]["y"] == pytest.approx(spots[1]["y"])
        assert spots[1]["y"] < spots[2]["y"]
        click_node(page, "EN016")
        until(page, "selected", "EN016")
        page.locator("#stage").focus()
        page.keyboard.press("ArrowLeft")
        until(page, "focus", "EN001")


def test_the_hint_is_shown_once(browser: Browser, page_file: Path) -> None:
    with opened(browser, page_file) as page:
        assert page.locator("#hint").is_visible()
        page.locator("#hint button").click()
        assert not page.locator("#hint").is_visible()
        page.reload()
        until(page, "ready", "1")
        assert not page.locator("#hint").is_visible()


def test_the_page_works_inside_a_notebook(
    browser: Browser, model: ViewModel, tmp_path: Path
) -> None:
    path = tmp_path / "notebook.html"
    frame = NetworkView(model)._repr_html_()  # what a notebook calls
    path.write_text(f"<body data-ready=1>{frame}</body>", encoding="utf-8")
    with opened(browser, path) as page:
        inner = page.frame_locator("iframe")
        inner.locator("body[data-ready='1']").wait_for(timeout=60_000)
        inner.locator("#query").fill("EN016")
        inner.locator("#query").press("Enter")
        inner.locator("body[data-selected='EN016']").wait_for(timeout=60_000)
