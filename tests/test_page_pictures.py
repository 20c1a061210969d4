"""A chain as SVG and PNG, in a notebook, and as a pyvis network."""

import re
import struct
from pathlib import Path
from xml.etree import ElementTree as ET

import page_model
import pytest
from click.testing import CliRunner

from cli import cli
from graphmodel.errors import OutputError, UsageError
from views import picture
from views.notebook import NetworkView, network_view
from views.page.parts import ViewModel
from views.picture import picture_svg, write_picture
from views.picture_parts import fitted, text_width
from views.view_model import build_view_model

SVG = "{http://www.w3.org/2000/svg}"


def model_of(*, hostile: bool = False) -> ViewModel:
    graph = page_model.chenglan(hostile=hostile)
    return build_view_model(
        graph, page_model.answers(graph), stamp=("数据截至 2026-10-31", "as of 2026-10-31")
    )


@pytest.fixture(scope="module")
def model() -> ViewModel:
    return model_of()


# the picture ----------------------------------------------------------------------------------


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter(f"{SVG}text")]  # noqa: S314  # our own


def test_a_picture_names_every_segment_with_state_and_count(model: ViewModel) -> None:
    said = texts(picture_svg(model))
    assert set(page_model.SEGMENTS) <= set(said)
    assert said.count("断链·缺环") == 1
    assert "本地无企业 · 在补 2027-10" in said
    assert "企业未填报，不等于没有" in said
    assert "+3" in said  # fourteen firms in a card of a dozen
    assert any(text.startswith("含虚构数据 · 澄澜市链图（虚构）") for text in said)


def test_a_picture_speaks_english(model: ViewModel) -> None:
    said = texts(picture_svg(model, lang="en"))
    assert {"Upstream", "Midstream", "Downstream", "Broken: missing"} <= set(said)
    with pytest.raises(UsageError, match="fr"):
        picture_svg(model, lang="fr")
    with pytest.raises(UsageError, match="第 8 条"):
        picture_svg(model, chain=7)


def test_hostile_names_stay_text_in_a_picture() -> None:
    svg = picture_svg(model_of(hostile=True))
    elements = list(ET.fromstring(svg).iter())  # noqa: S314  # our own
    tags = {element.tag.removeprefix(SVG) for element in elements}
    assert tags == {"svg", "g", "rect", "path", "circle", "text"}
    names = {name for element in elements for name in element.attrib}
    assert not [name for name in names if name.startswith("on") or name.endswith("href")]


def test_the_picture_is_drawn_as_png(model: ViewModel, tmp_path: Path) -> None:
    svg = write_picture(tmp_path / "链.svg", model).read_text(encoding="utf-8")
    width, height = map(float, re.findall(r'(?:width|height)="([\d.]+)"', svg)[:2])
    data = write_picture(tmp_path / "链.png", model, scale=1.0).read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", data[16:24]) == pytest.approx((width, height), abs=1)
    with pytest.raises(UsageError, match="pdf"):
        write_picture(tmp_path / "链.pdf", model)


def test_without_a_chinese_font_no_png_is_written(
    model: ViewModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import resvg_py  # noqa: PLC0415  # the library under test

    real = resvg_py.svg_to_bytes

    def bare(**given: str) -> bytes:
        return real(skip_system_fonts=True, **given)

    monkeypatch.setattr(resvg_py, "svg_to_bytes", bare)
    with pytest.raises(OutputError, match="中文字体"):
        picture.write_drawing(tmp_path / "x.png", picture_svg(model), kind=".png")
    assert not (tmp_path / "x.png").exists()


def test_a_long_name_is_cut_to_its_room() -> None:
    assert fitted("电堆", 10, 20) == "电堆"
    short = fitted("澄澜恒光电堆科技", 10, 45)
    assert short == "澄澜恒…"
    assert text_width("链A", 10) == pytest.approx(15.8)


# the notebook ---------------------------------------------------------------------------------


def test_a_notebook_shows_the_page_in_a_frame(model: ViewModel, tmp_path: Path) -> None:
    view = NetworkView(model, height=500)
    shown = view._repr_html_()  # what a notebook calls
    assert shown.startswith('<iframe srcdoc="&lt;!doctype html&gt;')
    assert 'height="500"' in shown
    assert "allow-same-origin" not in shown
    assert shown.count("<") == 2  # the frame and nothing else
    view.show()
    assert view.save(tmp_path / "图.html").stat().st_size > 50_000


def test_a_view_is_made_from_a_graph_alone() -> None:
    graph = page_model.chenglan()
    view = network_view(graph, {}, chains=["高端纺织"], lang="en")
    assert [chain.title for chain in view.model.chains] == ["高端纺织"]


def test_pyvis_gets_fixed_places_and_no_markup() -> None:
    net = NetworkView(model_of(hostile=True)).to_pyvis()
    assert net.heading == ""
    assert not net.options.physics.enabled
    for node in net.nodes:
        assert node["physics"] is False
        assert not set(node["label"] + node["title"]) & set("<>&\"'`")
        assert "href" not in node["title"]
    page = net.generate_html(notebook=False)
    assert "alert(1)</script>" not in page
    assert len(net.edges) == len([flow for flow in model_of().chains[0].flows if not flow.minor])


def test_pyvis_is_refused_more_than_it_can_draw(
    model: ViewModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("views.notebook.MAX_PYVIS", 10)
    with pytest.raises(UsageError, match="10"):
        NetworkView(model).to_pyvis()
    with pytest.raises(UsageError, match="第 10 条"):
        NetworkView(model).to_pyvis(chain=9)


# the commands ---------------------------------------------------------------------------------


def test_the_commands_write_what_they_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    source = tmp_path / "源"
    source.mkdir()
    (source / "企业.csv").write_text(
        "企业名称,地区,产业链\n甲公司（虚构）,苏州市,链（虚构）\n乙公司（虚构）,无锡市,链（虚构）\n",
        encoding="utf-8",
    )

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(cli, words)
        return done.exit_code, done.output

    assert run("picture", "源", "-o", "链.svg")[0] == 0
    assert "甲公司" in (tmp_path / "链.svg").read_text(encoding="utf-8")
    status, said = run("picture", "源", "-o", "链.gif")
    assert (status, "链.gif" in said) == (2, True)
    (tmp_path / "位置.csv").write_text("名称,x,y\n甲公司（虚构）,1,1\n", encoding="utf-8")
    given = ("--region", "苏州市", "--layout", "位置.csv")
    assert run("network", "源", *given, "-o", "苏州.html")[0] == 0
    assert not list(tmp_path.glob(".*"))
