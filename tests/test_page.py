"""The network page: its layout by rule, and the page itself in a real browser."""

import base64
import csv
import gzip
import io
import re
import struct
from pathlib import Path

import numpy as np
import page_model
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page_browser import browser, click_node, launched, opened, playwright, until
from playwright.sync_api import Browser, Page, Playwright

from graphmodel.errors import UsageError
from graphmodel.graph import ChainGraph
from views.network import data_blocks, network_page, policy, write_network
from views.page.columns import shortened
from views.page.layout import Content, layout
from views.page.members import stages, template_links
from views.page.states import STATES
from views.view_model import ViewModel, build_view_model

__all__ = ["browser", "playwright"]  # fixtures

STAMP = ("数据截至 2026-10-31", "data as of 2026-10-31")


def model_of(*, hostile: bool = False) -> ViewModel:
    graph = page_model.chenglan(hostile=hostile)
    return build_view_model(graph, page_model.answers(graph), stamp=STAMP)


# the model ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def model() -> ViewModel:
    return model_of()


def key_of(model: ViewModel, name: str) -> str:
    return model.nodes.key[model.nodes.name.index(name)]


def test_each_segment_is_a_card_with_its_firms_and_its_state(model: ViewModel) -> None:
    chain = model.chains[0]
    cards = {model.nodes.name[box.node]: box for box in chain.boxes if box.role == "card"}
    assert {name: len(box.members) for name, box in cards.items()} == page_model.SEGMENTS
    assert cards["碳纸"].state == "not_reported"
    assert cards["储氢瓶"].state == "broken_missing"
    assert cards["催化剂"].also == ["thin"]
    stages_of = {name: chain.columns[box.column].zh for name, box in cards.items()}
    assert stages_of["制氢"] == stages_of["空压机"] == "上游"
    assert stages_of["膜电极"] == stages_of["系统集成"] == "中游"
    assert stages_of["整车"] == stages_of["加氢站"] == "下游"


def test_firms_without_a_segment_or_a_chain_are_shown_as_not_reported() -> None:
    graph = page_model.Draft()
    graph.edge("IN_CHAIN", graph.node("Enterprise", "甲"), graph.node("Chain", "链"))
    graph.node("Enterprise", "乙")
    model = build_view_model(graph.graph("源"), {})
    loose = [[model.nodes.name[i] for i in box.members] for c in model.chains for box in c.boxes]
    assert loose == [["甲"], ["乙"]]
    assert [chain.node >= 0 for chain in model.chains] == [True, False]
    assert "没有填报所在环节" in model.chains[0].notes[0][0]


def test_an_empty_graph_still_makes_a_page() -> None:
    page = network_page(build_view_model(ChainGraph({}, {}), {}))
    assert "<title>链图 Liantu</title>" in page


def test_flows_count_supply_rows_and_name_what_is_missing(model: ViewModel) -> None:
    chain = model.chains[0]

    def name(box: int) -> str:
        return model.nodes.name[chain.boxes[box].node]

    flows = {(name(flow.source), name(flow.target)): flow for flow in chain.flows}
    graph = page_model.chenglan()
    supplies = graph.edges["SUPPLIES"]
    placed = graph.edges["IN_SEGMENT"].set_index("source")["target"]
    ends = pd.DataFrame({"a": supplies["source"].map(placed), "b": supplies["target"].map(placed)})
    counts = ends.value_counts()
    for (a, b), flow in flows.items():
        pair = (graph.find("Segment", a), graph.find("Segment", b))
        assert flow.supplies == counts.get(pair, 0)
    assert flows["双极板", "电堆"].status == "unlinked"
    assert flows["制氢", "储氢瓶"].status == "template"
    assert flows["膜电极", "电堆"].status == "supply"
    assert ("制氢", "整车") in flows  # reported supply off the template is not dropped


def test_a_full_card_keeps_everyone_and_draws_a_dozen(model: ViewModel) -> None:
    chain = model.chains[0]
    box = next(i for i, box in enumerate(chain.boxes) if box.node >= 0 and len(box.members) == 14)
    drawn = [node for node, b in zip(chain.chips.node, chain.chips.box, strict=True) if b == box]
    assert len(drawn) == 12
    assert drawn[-1] == -1
    assert drawn[:-1] == chain.boxes[box].members[:11]


def test_chain_owners_and_large_firms_come_first(model: ViewModel) -> None:
    chain = model.chains[0]
    box = next(box for box in chain.boxes if box.node >= 0 and model.nodes.name[box.node] == "电堆")
    chips = dict(zip(chain.chips.node, chain.chips.mark, strict=True))
    assert [chips[node] & 1 for node in box.members] == [1, 0, 0, 0, 0, 0]
    assert [bool(chips[node] & 2) for node in box.members] == [True] * 3 + [False] * 3


def test_one_chain_can_be_asked_for_and_an_unknown_one_is_refused() -> None:
    graph = page_model.chenglan()
    assert [chain.title for chain in build_view_model(graph, {}, chains=["高端纺织"]).chains] == [
        "高端纺织"
    ]
    with pytest.raises(UsageError, match="没有产业链"):
        build_view_model(graph, {}, chains=["不存在"])


def test_short_names_lose_form_and_place_but_stay_names() -> None:
    names = pd.Series(
        [
            "澄澜恒光电堆科技有限公司（虚构）",
            "澄澜公司",
            "中共澄澜市委总支部委员会",
            "（）",
            "a\u202eb\u200b",
        ]
    )
    assert shortened(names, ["澄澜市", "澄澜"]).tolist() == [
        "恒光电堆科技",
        "澄澜公司",
        "市委党总支",
        "（）",
        "ab",
    ]


def test_initials_are_those_of_the_full_and_of_the_short_name(model: ViewModel) -> None:
    node = model.nodes.name.index("澄澜恒光制氢有限公司（虚构1）")
    assert model.nodes.initials[node].split() == ["clhgzqyxgsxg1", "hgzq"]
    assert model.nodes.key[node] == "EN001"


def test_stages_follow_the_template_and_ignore_return_flows() -> None:
    draft = page_model.Draft()
    chain = draft.node("Chain", "链")
    for name in "abcde":
        draft.edge("PART_OF", draft.node("Segment", name), chain)
    for source, target in ("ab", "bc", "cd"):
        draft.edge("UPSTREAM_OF", source, target)
    draft.edge("UPSTREAM_OF", "d", "a", recycling=True)
    graph = draft.graph("源")
    stage, depth = stages(template_links(graph, graph.codes("Segment")), 5)
    assert stage.tolist() == [0, 1, 1, 2, 3]
    assert depth.tolist() == [0, 1, 2, 3, 0]


def test_a_link_of_a_parent_holds_for_its_leaves() -> None:
    draft = page_model.Draft()
    chain = draft.node("Chain", "链")
    for name in ("大", "a1", "a2", "b"):
        draft.edge("PART_OF", draft.node("Segment", name), chain)
    draft.edge("UPSTREAM_OF", "大", "b")
    plain = draft.graph("源")
    table = plain.nodes["Segment"].assign(parent=[-1, *[plain.find("Segment", "大")] * 2, -1])
    graph = ChainGraph({**plain.nodes, "Segment": table}, plain.edges)
    chain_ = build_view_model(graph, {}).chains[0]
    cards = [box for box in chain_.boxes if box.role == "card"]
    assert len(cards) == 3
    assert [(flow.source, flow.target) for flow in chain_.flows] == [(0, 2), (1, 2)]


def test_a_cycle_in_the_template_is_still_drawn() -> None:
    draft = page_model.Draft()
    chain = draft.node("Chain", "链")
    for name in "abc":
        draft.edge("PART_OF", draft.node("Segment", name), chain)
    for source, target in ("ab", "bc", "ca"):
        draft.edge("UPSTREAM_OF", source, target)
    assert len(build_view_model(draft.graph("源"), {}).chains[0].flows) == 3


# the layout -----------------------------------------------------------------------------------

SIZES = st.integers(0, 30)


@st.composite
def chains(draw: st.DrawFn) -> tuple[list[Content], list[tuple[int, int]]]:
    cards = draw(
        st.lists(
            st.builds(
                Content,
                role=st.just("card"),
                size=SIZES,
                stage=st.integers(0, 3),
                rank=st.integers(0, 4),
            ),
            max_size=12,
        )
    )
    lanes = draw(
        st.lists(
            st.builds(
                Content, role=st.sampled_from(["above", "below", "loose"]), size=st.integers(1, 60)
            ),
            max_size=6,
        )
    )
    pairs = (
        st.tuples(st.integers(0, len(cards) - 1), st.integers(0, len(cards) - 1))
        if cards
        else st.nothing()
    )
    flows = (
        draw(st.lists(pairs.filter(lambda pair: pair[0] != pair[1]), max_size=20, unique=True))
        if cards
        else []
    )
    return [*cards, *lanes], flows


def points(path: list[float]) -> np.ndarray:
    """Forty points along every cubic of a path."""
    t = np.linspace(0, 1, 40)[:, None]
    start, found = np.array(path[:2]), []
    for i in range(2, len(path), 6):
        a, b, end = (np.array(path[i + j : i + j + 2]) for j in (0, 2, 4))
        found.append(
            (1 - t) ** 3 * start + 3 * (1 - t) ** 2 * t * a + 3 * (1 - t) * t**2 * b + t**3 * end
        )
        start = end
    return np.concatenate(found)


@settings(max_examples=60, deadline=None)
@given(chains())
def test_boxes_never_overlap_and_flows_never_cross_a_box(
    drawn: tuple[list[Content], list[tuple[int, int]]],
) -> None:
    contents, flows = drawn
    placed = layout(contents, flows)
    boxes = np.array(placed.boxes).reshape(-1, 4)
    for i in range(len(boxes)):
        for j in range(i):
            (x, y, w, h), (u, v, p, q) = boxes[i], boxes[j]
            assert x + w <= u or u + p <= x or y + h <= v or v + q <= y
        chips = placed.chips[i]
        x, y, w, h = boxes[i]
        half = placed.chip_width[i] / 2
        assert (chips[:, 0] - half >= x).all()
        assert (chips[:, 0] + half <= x + w).all()
        assert (chips[:, 1] - 12 >= y).all()
        assert (chips[:, 1] + 12 <= y + h).all()
        assert len(np.unique(chips, axis=0)) == len(chips)
        assert placed.shown[i] == min(
            contents[i].size, len(chips) - (len(chips) < contents[i].size)
        )
    for path in placed.paths:
        at = points(path)
        for x, y, w, h in boxes[[content.role == "card" for content in contents]]:
            inside = (
                (at[:, 0] > x + 0.2)
                & (at[:, 0] < x + w - 0.2)
                & (at[:, 1] > y + 0.2)
                & (at[:, 1] < y + h - 0.2)
            )
            assert not inside.any()
    assert placed.paths == layout(contents, flows).paths


# the file -------------------------------------------------------------------------------------


def test_the_file_names_no_address_and_its_policy_knows_only_its_own_scripts() -> None:
    page = network_page(model_of(hostile=True))
    assert not re.search(
        r"""<[^>]+\b(?:src|href)\s*=\s*["']?(?!["']?(?:data:,|#))""", page.split("<script")[0]
    )
    body = page[page.index("<body") :]
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", body, flags=re.DOTALL)
    names = [re.sub('.*id="(.*)"', r"\1", head) for head, _ in scripts]
    assert names == ["page", "nodes", "links", ""]
    assert "default-src &#x27;none&#x27;; script-src &#x27;sha256-" in page
    rule = policy(scripts[-1][1]).replace("'", "&#x27;")
    assert rule in page
    blocks = [text for _, text in scripts[:-1]]
    assert all(re.fullmatch("[A-Za-z0-9+/]+=*", text) for text in blocks)
    held = gzip.decompress(base64.b64decode(blocks[1])).decode("utf-8", "replace")
    assert all(name in held for name in page_model.HOSTILE)
    assert "\r" not in page


def test_lone_surrogates_cannot_break_the_file(tmp_path: Path) -> None:
    draft = page_model.Draft()
    draft.node("Chain", "链")
    model = build_view_model(draft.graph("源"), {}, stamp=("\ud800\u2028", ""))
    assert "?\u2028" in gzip.decompress(base64.b64decode(data_blocks(model)["PAGE"])).decode()
    write_network(tmp_path / "页.html", model).read_text(encoding="utf-8")


def test_an_unknown_language_is_refused(model: ViewModel) -> None:
    with pytest.raises(UsageError, match="fr"):
        network_page(model, lang="fr")


# the page in a browser ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, model: ViewModel) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    hostile = folder / "'\"<img src=x onerror=alert(7)>&#.html"
    return {
        "plain": write_network(folder / "页面.html", model),
        "english": write_network(folder / "en.html", model, lang="en"),
        "hostile": write_network(hostile, model_of(hostile=True)),
    }


def pixels(page: Page) -> int:
    """Number of different colours in a coarse grid of the drawing: an unpainted canvas has one."""
    return int(
        page.evaluate(
            """() => {
              const canvas = document.querySelector("#net canvas");
              const pen = canvas.getContext("2d");
              const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
              const seen = new Set();
              for (let i = 0; i < data.length; i += 148) seen.add(data.slice(i, i + 3).join());
              return seen.size;
            }"""
        )
    )


@pytest.mark.parametrize("size", [(1280, 720), (1600, 900)])
def test_the_page_paints_and_nothing_runs_out_of_it(
    browser: Browser, files: dict[str, Path], size: tuple[int, int]
) -> None:
    with opened(browser, files["plain"], size=size) as page:
        assert pixels(page) > 20
        wide = page.evaluate("document.documentElement.scrollWidth")
        tall = page.evaluate("document.documentElement.scrollHeight")
        assert (wide, tall) == size
        tools = page.locator("#tools").bounding_box()
        assert tools is not None
        assert tools["x"] + tools["width"] <= size[0]
        assert page.locator("h2").inner_text() == "氢能"


def test_it_draws_without_webgl(playwright: Playwright, files: dict[str, Path]) -> None:
    with (
        launched(playwright, "--disable-3d-apis") as browser,
        opened(browser, files["plain"]) as page,
    ):
        assert pixels(page) > 20


def test_search_by_mouse(browser: Browser, files: dict[str, Path], model: ViewModel) -> None:
    key = key_of(model, "澄澜恒光制氢有限公司（虚构1）")
    with opened(browser, files["plain"]) as page:
        page.locator("#query").fill("恒光制氢")
        until(page, "results", "1")
        page.locator("#hits li").first.click()
        until(page, "selected", key)
        assert page.locator("#panel h2").inner_text().strip() == "澄澜恒光制氢有限公司（虚构1）"
        assert page.url.endswith(f"#n={key}")


def test_search_by_keyboard(browser: Browser, files: dict[str, Path]) -> None:
    with opened(browser, files["plain"]) as page:
        for query in ("HGZQ", "91990100ma00000000", "EN001", "澄澜恒光制氢有限公司"):
            page.keyboard.press("/")
            page.keyboard.type(query)
            until(page, "results", "1")
            page.keyboard.press("Enter")
            until(page, "selected", "EN001")
            page.keyboard.press("Escape")
            until(page, "selected", "")


def test_search_moves_by_arrows_and_an_empty_one_chooses_nothing(
    browser: Browser, files: dict[str, Path], model: ViewModel
) -> None:
    with opened(browser, files["plain"]) as page:
        page.locator("#query").focus()
        page.keyboard.press("Enter")
        until(page, "selected", "")
        page.keyboard.type("电堆")
        page.keyboard.press("ArrowDown")
        assert page.locator("#hits [aria-selected=true]").get_attribute("id") == "hit-1"
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        until(page, "selected", key_of(model, "电堆"))
        assert "双极板" in page.locator("#panel").inner_text()
        page.locator("#query").fill("没有这样的名称")
        until(page, "results", "0")
        page.keyboard.press("Enter")
        until(page, "selected", key_of(model, "电堆"))
        page.keyboard.press("Escape")
        until(page, "selected", "")
        assert page.locator("#query").input_value() == ""


def test_a_firm_is_chosen_on_the_drawing_and_its_neighbours_lead_on(
    browser: Browser, files: dict[str, Path], model: ViewModel
) -> None:
    with opened(browser, files["plain"]) as page:
        firm = key_of(model, "澄澜恒光膜电极有限公司（虚构16）")
        click_node(page, firm)
        until(page, "selected", firm)
        panel = page.locator("#panel")
        assert "供货方（上游）" in panel.inner_text()
        assert "配套合作" in panel.inner_text()
        panel.locator("button[data-node]", has_text="联合测试").click()
        until(page, "selected", "EN002")
        page.keyboard.press("Escape")
        until(page, "selected", "")


def test_a_segment_says_state_reason_evidence_and_everyone_in_it(
    browser: Browser, files: dict[str, Path], model: ViewModel
) -> None:
    with opened(browser, files["plain"]) as page:
        click_node(page, key_of(model, "储氢瓶"))
        until(page, "selected", key_of(model, "储氢瓶"))
        page.evaluate("document.querySelectorAll('details').forEach(fold => (fold.open = true))")
        text = page.locator("#panel").inner_text()
        for words in (
            "断链·缺环",
            "按阈值判断",
            "本地企业数 0（阈值 1）",
            "外地企业甲（虚构）",
            "第12行",
        ):
            assert words in text
        page.locator("#back").click()
        page.locator("#panel button", has_text="碳纸").click()
        until(page, "selected", key_of(model, "碳纸"))
        click_node(page, key_of(model, "膜电极"))
        assert page.locator("#panel .chips").first.locator("button").count() == 14


def test_filters_weak_links_and_regions(browser: Browser, files: dict[str, Path]) -> None:
    with opened(browser, files["plain"]) as page:
        before = page.locator("#net canvas").screenshot()
        page.locator("[data-kind=PartyOrganization]").uncheck()
        hidden = page.locator("#net canvas").screenshot()
        assert hidden != before
        page.locator("[data-kind=PartyOrganization]").check()
        page.locator("[data-state=sound]").uncheck()
        assert page.locator("#net canvas").screenshot() not in (before, hidden)
        page.locator("[data-state=sound]").check()
        page.locator("#weak").click()
        until(page, "weak", "1")
        assert page.locator("#weak").get_attribute("aria-pressed") == "true"
        assert page.locator("#net canvas").screenshot() != before
        page.locator("#weak").click()
        until(page, "weak", "0")
        page.locator("#region").select_option("?")
        assert page.locator("#net canvas").screenshot() != before
        counts = page.locator("#legend label b").all_inner_texts()
        assert counts[0] == "59"


def test_another_chain_says_what_is_not_reported(browser: Browser, files: dict[str, Path]) -> None:
    with opened(browser, files["plain"]) as page:
        page.locator("#chain").select_option(label="高端纺织")
        until(page, "chain", "CH002")
        text = page.locator("#panel").inner_text()
        assert "没有填报环节" in text
        assert "缺、断、弱、细的环节" not in text


def test_language_and_theme(browser: Browser, files: dict[str, Path]) -> None:
    with opened(browser, files["plain"]) as page:
        page.locator("#lang").click()
        until(page, "lang", "en")
        assert "Chain overview" not in page.locator("#panel").inner_text()
        assert "Segments not reported" in page.locator("#panel").inner_text()
        assert STAMP[1] in page.locator("#panel").inner_text()
        assert STAMP[0] not in page.locator("#panel").inner_text()
        assert not re.search(
            "[\u4e00-\u9fff]", page.locator("#tools").inner_text().replace("中文", "")
        )
        light = page.locator("#net canvas").screenshot()
        page.locator("#theme").click()
        until(page, "theme", "dark")
        assert page.locator("#net canvas").screenshot() != light
    with opened(browser, files["english"]) as page:
        until(page, "lang", "en")


@pytest.mark.parametrize("anchor", ["#n=UN001", "#n=%E5", "#n=nobody", "#n=__proto__"])
def test_an_address_leads_to_a_node_or_nowhere(
    browser: Browser, files: dict[str, Path], anchor: str
) -> None:
    with opened(browser, files["plain"], anchor=anchor) as page:
        until(page, "selected", "UN001" if anchor == "#n=UN001" else "")


def test_an_address_leads_into_another_chain(
    browser: Browser, files: dict[str, Path], model: ViewModel
) -> None:
    key = key_of(model, "江泽第1纺织有限公司（虚构）")
    with opened(browser, files["plain"], anchor=f"#n={key}") as page:
        until(page, "selected", key)
        until(page, "chain", "CH002")


def test_arrow_keys_walk_the_drawing(browser: Browser, files: dict[str, Path]) -> None:
    with opened(browser, files["plain"]) as page:
        page.locator("#stage").focus()
        page.keyboard.press("ArrowDown")
        first = page.locator("body").get_attribute("data-focus")
        page.keyboard.press("ArrowDown")
        second = page.locator("body").get_attribute("data-focus")
        assert first
        assert second
        assert first != second
        page.keyboard.press("Enter")
        until(page, "selected", second)
        assert page.locator("#live").inner_text() != ""


def test_the_table_holds_what_the_drawing_holds(browser: Browser, files: dict[str, Path]) -> None:
    with opened(browser, files["plain"]) as page:
        page.locator("#tabular").click()
        until(page, "view", "table")
        rows = page.locator("#table tbody tr")
        assert rows.count() == 12 + 7
        text = page.locator("#table").inner_text()
        for words in ("断链·缺环", "未填报", "环节未填报", "政府部门"):
            assert words in text
        page.locator("#table button[data-node]", has_text="宏图电堆").click()
        until(page, "selected", "EN037")


def test_csv_of_what_is_chosen(browser: Browser, files: dict[str, Path], model: ViewModel) -> None:
    with opened(browser, files["plain"]) as page:
        rows = saved_csv(page)
        assert rows[0] == ["位置", "环节", "编码", "状态", "同时存在", "企业数"]
        by_name = {row[1]: row for row in rows[1:]}
        assert by_name["碳纸"][3:] == ["未填报", "", ""]
        assert by_name["储氢瓶"][3:] == ["断链·缺环", "", "0"]
        assert by_name["催化剂"][4] == "细链"
        click_node(page, key_of(model, "膜电极"))
        assert len(saved_csv(page)) == 1 + 14
        click_node(page, "EN016")
        rows = saved_csv(page)
        assert rows[1][:4] == ["所选", "企业", "澄澜恒光膜电极有限公司（虚构16）", "EN016"]
        assert ["配套合作", "企业", "EN002"] in [[*row[:2], row[3]] for row in rows]


def saved_csv(page: Page) -> list[list[str]]:
    with page.expect_download() as download:
        page.locator("#csv").click()
    text = Path(download.value.path()).read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_the_picture_is_a_png_of_the_whole_chain(
    browser: Browser, files: dict[str, Path], model: ViewModel
) -> None:
    with opened(browser, files["plain"]) as page:
        with page.expect_download() as download:
            page.locator("#png").click()
        data = Path(download.value.path()).read_bytes()
        assert download.value.suggested_filename == "澄澜市链图（虚构）-氢能.png"
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", data[16:24])
    assert width == round(2 * (model.chains[0].width + 48))
    assert height > 2 * model.chains[0].height


def test_paper_is_light_and_holds_the_whole_chain(browser: Browser, files: dict[str, Path]) -> None:
    with opened(browser, files["plain"]) as page:
        page.locator("#theme").click()
        until(page, "theme", "dark")
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        until(page, "theme", "light")
        box = page.locator("#paper canvas").bounding_box()
        assert box is not None
        assert box["width"] > 600
        assert not page.locator("#stage").is_visible()
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        until(page, "theme", "dark")
        assert page.locator("#paper canvas").count() == 0


@pytest.mark.parametrize("view", ["overview", "table"])
def test_a_printed_table_says_what_it_is_of_and_begins_on_the_first_sheet(
    browser: Browser, files: dict[str, Path], view: str
) -> None:
    with opened(browser, files["plain"]) as page:
        page.locator("#overall" if view == "overview" else "#tabular").click()
        until(page, "view", view)
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.locator("#title").is_visible()
        assert page.locator("#notice").is_visible()
        assert not page.locator("#query").is_visible()
        empty = page.locator("#paper").evaluate("paper => getComputedStyle(paper).display")
        assert empty == "none"  # else it would break the page before the table


def test_hostile_names_stay_text(browser: Browser, files: dict[str, Path]) -> None:
    model = model_of(hostile=True)
    with opened(browser, files["hostile"]) as page:
        assert page.title().startswith("</title>")
        assert page.locator("#chain option").first.inner_text() == page_model.HOSTILE[0]
        for name in page_model.HOSTILE[1:]:
            key = key_of(model, name)
            page.locator("#query").fill(key)
            page.keyboard.press("Enter")
            until(page, "selected", key)
            assert page.locator("#panel h2").text_content() == name
            place = page.evaluate("key => window.liantu.positionOf(key)", key)
            page.mouse.move(place["x"], place["y"])
            assert page.locator("#tip strong").text_content() == name
            page.mouse.move(2, 2)
        page.locator("#near").click()
        until(page, "form", "near")
        page.locator("#overall").click()
        until(page, "view", "overview")
        page.locator("#overview tbody button").first.click()
        until(page, "view", "graph")
        page.locator("#tabular").click()
        page.locator("#lang").click()
        for selector, count in (("script", 1), ("img", 0), ("iframe", 0), ("a", 1), ("bdi *", 0)):
            assert page.locator(selector).count() == count
        with page.expect_download() as download:
            page.locator("#csv").click()
        assert re.fullmatch(r"[^\\/:*?\"<>|\s]+\.csv", download.value.suggested_filename)


def test_no_cell_of_a_csv_can_become_a_formula(browser: Browser, files: dict[str, Path]) -> None:
    model = model_of(hostile=True)
    with opened(browser, files["hostile"]) as page:
        cells = []
        for name in page_model.HOSTILE[-2:]:
            page.locator("#query").fill(key_of(model, name))
            page.keyboard.press("Enter")
            until(page, "selected", key_of(model, name))
            cells += [cell for row in saved_csv(page) for cell in row]
    assert not [cell for cell in cells if re.match(r"[=+\-@＝＋－＠\t\r\n]", cell)]
    assert {"'" + name for name in page_model.HOSTILE[-2:]} <= set(cells)


def test_states_cover_those_of_the_answer(model: ViewModel) -> None:
    assert {state.code for state in STATES} >= set(page_model.STATES.values())
    assert [state.weak for state in model.states].count(True) == 5
