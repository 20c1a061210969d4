"""A graph saved and read again says the same; nothing in it can start a formula."""

import csv
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphmodel.errors import OutputError
from graphmodel.graph import ChainGraph
from loaders import load, load_rows
from loaders.sheets import written_sheets
from loaders.writers import save_folder, save_workbook

Rows = dict[str, list[list[object]]]


def graph_of(rows: Rows) -> ChainGraph:
    loaded = load_rows(rows)
    assert loaded.errors == 0, loaded.findings.frame().to_string()
    return loaded.graph


def again(graph: ChainGraph) -> ChainGraph:
    """The graph after writing its sheets and reading their cells."""
    sheets = {
        sheet.kind.sheet: [list(sheet.cells.columns), *sheet.cells.to_numpy().tolist()]
        for sheet in written_sheets(graph)
    }
    loaded = load_rows(sheets)
    assert loaded.errors == 0, loaded.findings.frame().to_string()
    return loaded.graph


def cells(graph: ChainGraph, sheet: str) -> pd.DataFrame:
    return next(each.cells for each in written_sheets(graph) if each.kind.sheet == sheet)


FIRMS: list[list[object]] = [["企业名称", "地区"], ["甲公司", "南京市"], ["乙公司", "苏州市"]]


@pytest.mark.parametrize("sample", ["jiangsu", "chenglan"])
def test_samples_survive_both_forms(tmp_path: Path, sample: str) -> None:
    graph = load(f"sample:{sample}", allow_partial=True).graph
    save_folder(graph, tmp_path / "文件夹")
    save_workbook(graph, tmp_path / "工作簿.xlsx")
    assert load(tmp_path / "文件夹", allow_partial=True).graph.equals(graph)
    assert load(tmp_path / "工作簿.xlsx", allow_partial=True).graph.equals(graph)


@pytest.mark.parametrize(
    "rows",
    [
        {"企业": FIRMS},
        {
            "企业": [
                ["企业名称", "编码", "统一社会信用代码"],
                ["甲公司", "E1", ""],
                ["乙公司", "", "91350100M000100Y43"],
            ]
        },
        # amounts with qualifiers, shares, whole numbers, yes and no, dates, lists
        {
            "企业": [
                [
                    "企业名称",
                    "产值(亿元)",
                    "从业人数",
                    "市场占有率",
                    "规上",
                    "资质",
                    "规模",
                    "备注",
                ],
                [
                    "甲公司",
                    "约1.001",
                    "160余",
                    "12.5%",
                    "√",
                    "高新技术企业、专精特新",
                    "中型",
                    "  a\nb ",
                ],
                ["乙公司", "超172.8以上", "", "0.3", "否", "无", "", "NA"],
                ["丙公司", "累计超0.1", "", "", "", "", "", "'=1"],
            ]
        },
        # a chain's name in two regions; a firm in several chains and with several roles
        {
            "企业": [
                ["企业名称", "产业链"],
                ["甲公司", "机器人@海门区、机器人@武进区"],
                ["乙公司", "机器人@武进区"],
            ],
            "产业链": [["产业链名称", "地区"], ["机器人", "海门区"], ["机器人", "武进区"]],
            "企业产业链": [
                ["企业名称", "产业链", "角色"],
                ["甲公司", "机器人@海门区", "链主、龙头"],
            ],
            "环节": [
                ["环节名称", "产业链"],
                ["本体", "机器人@海门区"],
                ["本体", "机器人@武进区"],
                ["整机", "机器人@海门区"],
            ],
            "环节上下游": [["产业链", "上游环节", "下游环节"], ["机器人@海门区", "本体", "整机"]],
            "企业环节": [["企业名称", "产业链", "环节"], ["甲公司", "机器人@武进区", "本体"]],
        },
        # chains and segments that only their names imply
        {
            "企业": [["企业名称", "产业链"], ["甲公司", "R&D@南京市"], ["乙公司", "氢能"]],
            "企业环节": [
                ["企业名称", "产业链", "环节"],
                ["甲公司", "R&D@南京市", "Ａ段"],
                ["乙公司", "氢能", "电堆"],
            ],
        },
        # outside parties with their region, an ambiguous region by its path
        {
            "企业": [
                ["企业名称", "地区", "上级企业"],
                ["甲公司", "江苏省南京市鼓楼区", "某集团公司"],
                ["乙公司", "", ""],
            ],
            "供应关系": [
                ["供方", "需方", "产品", "金额(万元)", "年份", "供方地区"],
                ["外地公司", "甲公司", "钢材", 12.5, 2026, "上海市"],
                ["甲公司", "乙公司", "电堆", "", 2026, ""],
            ],
        },
        # posts without a unit, visits without a post, participants known by number only
        {
            "企业": FIRMS,
            "岗位": [
                ["单位", "岗位", "对象", "岗位编号"],
                ["", "红链专员", "甲公司", "HL-03"],
                ["工信局", "党建指导员", "乙公司", ""],
            ],
            "走访": [
                ["企业", "日期", "岗位编号"],
                ["甲公司", "2026-10-12", "HL-03"],
                ["乙公司", "2026-10", ""],
            ],
            "活动": [
                ["活动编号", "名称", "日期", "组织单位"],
                ["HD-1", "圆桌会", "2026-09", "甲公司、乙公司"],
            ],
            "活动参与": [
                ["活动", "参与单位", "角色", "家数"],
                ["HD-1", "甲公司", "", ""],
                ["圆桌会", "", "高校", 3],
                ["HD-1", "", "企业", 8],
            ],
        },
        # alliances: several leads, members of several kinds, undirected ties
        {
            "企业": FIRMS,
            "联盟": [
                ["联盟名称", "牵头单位", "级别", "标准"],
                ["甲联盟", "市工信局、甲公司", "市级", "1314"],
            ],
            "联盟成员": [
                ["联盟", "成员", "角色", "起"],
                ["甲联盟", "甲公司", "盟主", "2026-01"],
                ["甲联盟", "某大学", "成员", ""],
            ],
            "联盟覆盖": [["联盟", "产业链"], ["甲联盟", "氢能"]],
            "结对共建": [
                ["甲方", "乙方", "签约日期"],
                ["甲公司党支部", "某大学党委", "2026-04-12"],
            ],
            "配套合作": [["企业甲", "企业乙"], ["乙公司", "甲公司"]],
        },
        # needs, resources, actions, orders, finance, projects, facts, scope, extra columns
        {
            "企业": [["企业名称", "特色", "单位名称"], ["甲公司", "快", "甲"], ["乙公司", "", ""]],
            "需求清单": [
                ["需求编号", "企业", "类别", "内容"],
                ["XQ-1", "甲公司", "技术", "测试"],
                ["XQ-2", "乙公司", "资金", "测试"],
            ],
            "资源清单": [
                ["资源编号", "名称", "适用地区", "适用产业链"],
                ["ZY-1", "平台", "南京市、苏州市", "氢能"],
            ],
            "行动项目清单": [
                ["项目编号", "名称", "对应需求", "使用资源"],
                ["XD-1", "行动", "XQ-1、XQ-2", "ZY-1"],
            ],
            "政策兑现": [["企业", "资源编号", "金额(万元)"], ["甲公司", "ZY-1", 30]],
            "订单": [
                ["订单编号", "需方", "产品", "数量", "承接企业"],
                ["DD-1", "甲公司", "电堆", 20, "乙公司"],
                ["DD-1", "甲公司", "膜", 5, ""],
            ],
            "融资": [
                ["金融机构", "企业", "方式", "金额(万元)"],
                ["某银行", "甲公司", "授信", 2000],
            ],
            "项目": [["项目名称", "环节", "产业链", "投资额(亿元)"], ["产线", "电堆", "氢能", 3]],
            "指标": [
                ["主体", "指标", "数值", "原文", "截至日期"],
                ["江苏省、甲公司", "覆盖率", "约0.93", "约93%", "2026-06"],
                ["江苏省", "家数", "", "若干", "去年以来"],
            ],
            "填报范围": [["工作表", "地区", "完整"], ["依托", "南京市", "是"], ["企业", "", "是"]],
            "投入关键性": [["供方行业", "需方行业", "关键性"], ["0111", "2614", "2"]],
            "专业毕业生": [["院校", "专业", "毕业生数", "年份"], ["某大学", "材料", 120, 2026]],
            "地区": [
                ["名称", "上级", "类型"],
                ["某某园（虚构）", "南京市", "功能区"],
                ["某某街道（虚构）", "某某园（虚构）", ""],
            ],
        },
    ],
)
def test_what_is_read_is_written_back(rows: Rows) -> None:
    graph = graph_of(rows)
    assert again(graph).equals(graph)


def test_written_twice_is_the_same(tmp_path: Path) -> None:
    graph = load("sample:jiangsu").graph
    first, second = (save_folder(graph, tmp_path / name) for name in ("一", "二"))
    assert [a.read_bytes() for a in first] == [b.read_bytes() for b in second]


def test_money_carries_its_unit_and_qualifier() -> None:
    graph = graph_of(
        {"企业": [["企业名称", "产值(亿元)"], ["甲公司", "约1.5"], ["乙公司", "20余"]]}
    )
    assert cells(graph, "企业")["产值(万元)"].tolist() == ["约15000", "200000余"]


def test_ambiguous_names_are_written_by_id() -> None:
    graph = graph_of(
        {
            "企业": [["企业名称", "编码"], ["甲公司", "E1"], ["甲公司", "E2"], ["乙公司", "E3"]],
            "配套合作": [["企业甲", "企业乙"], ["E1", "E3"]],
        }
    )
    assert cells(graph, "配套合作").to_numpy().tolist() == [["E1", "乙公司"]]
    assert again(graph).equals(graph)


def test_name_with_a_separator_among_several_is_written_by_id() -> None:
    graph = graph_of(
        {
            "企业": [["企业名称", "编码"], ["甲、乙公司", "E1"], ["丙公司", ""]],
            "联盟": [["联盟名称", "牵头单位"], ["一盟", "E1;丙公司"], ["二盟", "甲、乙公司"]],
        }
    )
    assert sorted(cells(graph, "联盟")["牵头单位"].iloc[0].split(";")) == ["E1", "丙公司"]
    assert cells(graph, "联盟")["牵头单位"].iloc[1] == "甲、乙公司"
    assert again(graph).equals(graph)


def test_chains_of_one_name_are_written_with_their_region() -> None:
    graph = graph_of(
        {
            "企业": [["企业名称", "产业链"], ["甲公司", "机器人@海门区"], ["乙公司", "氢能"]],
            "产业链": [
                ["产业链名称", "地区"],
                ["机器人", "海门区"],
                ["机器人", "武进区"],
                ["氢能", "南京市"],
            ],
        }
    )
    assert cells(graph, "企业")["产业链"].tolist() == ["机器人@海门区", "氢能"]


def test_names_that_only_others_imply_get_no_row() -> None:
    graph = graph_of({"企业": FIRMS, "供应关系": [["供方", "需方"], ["外地公司", "甲公司"]]})
    assert cells(graph, "企业")["企业名称"].tolist() == ["甲公司", "乙公司"]
    assert [sheet.kind.sheet for sheet in written_sheets(graph)] == ["企业", "供应关系"]


def test_headers_are_the_fixed_ones_in_order() -> None:
    graph = graph_of(
        {"企业": [["产值(亿元)", "地区", "单位名称", "特色"], [1, "南京市", "甲公司", "快"]]}
    )
    assert list(cells(graph, "企业").columns) == ["企业名称", "地区", "产值(万元)", "特色"]


# --- formulas ----------------------------------------------------------------------------------

FORMULAS = [
    "=HYPERLINK(1)",
    "\t=1",
    "＝1+1",
    "-x",
    "+1",
    "@a",
    "'=1",
    "''＋x",
    "'ordinary",
    "O'Neil",
    "-5",
]


def test_no_csv_cell_can_start_a_formula(tmp_path: Path) -> None:
    rows = [
        ["企业名称", "产值(万元)", "备注", "=特色"],
        *[[f"企业{i}", 1, f, f] for i, f in enumerate(FORMULAS)],
    ]
    graph = graph_of({"企业": rows})
    (file,) = save_folder(graph, tmp_path / "out")
    with file.open(encoding="utf-8-sig", newline="") as stream:
        written = list(csv.reader(stream))
    for row in written:
        assert not any(cell.startswith(tuple("=+-@＝＋－＠\t\r\n")) for cell in row)
    back = load(tmp_path / "out").graph
    assert back.equals(graph)
    expected = [text.strip() for text in FORMULAS]
    assert back.nodes["Enterprise"]["note"].tolist() == expected
    assert back.nodes["Enterprise"]["extra:=特色"].tolist() == expected


def test_the_guard_can_be_left_off(tmp_path: Path) -> None:
    graph = graph_of({"企业": [["企业名称", "备注"], ["甲公司", "=1+1"]]})
    (file,) = save_folder(graph, tmp_path / "out", guard_formulas=False)
    assert file.read_text(encoding="utf-8-sig") == "企业名称,备注\n甲公司,=1+1\n"


def test_workbook_cells_are_text_and_numbers(tmp_path: Path) -> None:
    rows = [
        ["企业名称", "产值(万元)", "备注", "统一社会信用代码"],
        ["甲公司", 12.5, "=1+1", "91350100M000100Y43"],
    ]
    path = save_workbook(graph_of({"企业": rows}), tmp_path / "out.xlsx")
    page = openpyxl.load_workbook(path)["企业"]
    kinds = {page.cell(1, cell.column).value: (cell.data_type, cell.value) for cell in page[2]}
    assert kinds["产值(万元)"] == ("n", 12.5)
    assert kinds["备注"] == ("s", "=1+1")
    assert kinds["统一社会信用代码"] == ("s", "91350100M000100Y43")
    assert page.freeze_panes == "A2"


# --- files -------------------------------------------------------------------------------------


def test_existing_files_are_not_replaced_without_force(tmp_path: Path) -> None:
    graph = graph_of({"企业": FIRMS, "融资": [["金融机构", "企业"], ["某银行", "甲公司"]]})
    folder, book = tmp_path / "out", tmp_path / "out.xlsx"
    save_folder(graph, folder)
    save_workbook(graph, book)
    (folder / "笔记.txt").write_text("x", encoding="utf-8")
    for save in (lambda: save_folder(graph, folder), lambda: save_workbook(graph, book)):
        with pytest.raises(OutputError, match="--force"):
            save()
    smaller = graph_of({"企业": FIRMS})
    save_folder(smaller, folder, force=True)
    assert sorted(p.name for p in folder.iterdir()) == ["企业.csv", "笔记.txt"]
    save_workbook(smaller, book, force=True)
    assert load(book).graph.equals(smaller)


def test_nothing_half_written_stays_behind(tmp_path: Path) -> None:
    graph = graph_of({"企业": [["企业名称", "备注"], ["甲公司", "x"]]})
    long = ChainGraph(
        {"Enterprise": graph.nodes["Enterprise"].assign(note="x" * 40_000)}, graph.edges
    )
    with pytest.raises(OutputError, match="备注"):
        save_workbook(long, tmp_path / "out.xlsx")
    with pytest.raises(OutputError, match=r"\.xlsx"):
        save_workbook(graph, tmp_path / "out.xls")
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="文件夹"):
        save_folder(graph, tmp_path / "file")
    with pytest.raises(OutputError, match="写不了"):
        save_workbook(graph, tmp_path / "file" / "out.xlsx")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_carriage_returns_and_single_columns_survive(tmp_path: Path) -> None:
    graph = graph_of({"企业": [["企业名称"], ["甲;乙"], ["丙\r丁"]]})
    save_folder(graph, tmp_path / "out")
    assert load(tmp_path / "out").graph.equals(graph)


# --- anything ----------------------------------------------------------------------------------

NAMES = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=5
)
NOTES = st.text(st.characters(codec="utf-8"), max_size=8)
AMOUNTS = st.one_of(
    st.floats(0, 1e12).map(repr), st.just(""), st.sampled_from(["约3", "超1.5", "近7余"])
)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    firms=st.lists(st.tuples(NAMES, NOTES, AMOUNTS), min_size=1, max_size=6),
    ties=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), AMOUNTS, NOTES), max_size=6),
)
def test_any_graph_survives(
    tmp_path: Path, firms: list[tuple[str, str, str]], ties: list[tuple[int, int, str, str]]
) -> None:
    named = [f"{name}公司" for name, _, _ in firms]
    supplies = [[named[a % len(named)], named[b % len(named)], c, d] for a, b, c, d in ties]
    loaded = load_rows(
        {
            "企业": [
                ["企业名称", "备注", "产值(万元)"],
                *[[n, *f[1:]] for n, f in zip(named, firms, strict=True)],
            ],
            "供应关系": [["供方", "需方", "金额(万元)", "备注"], *supplies],
        },
        allow_partial=True,
    )
    graph = loaded.graph
    if not len(graph.nodes["Enterprise"]):
        return
    save_folder(graph, tmp_path / "out", force=True)
    assert load(tmp_path / "out", allow_partial=True).graph.equals(graph)
    save_workbook(graph, tmp_path / "out.xlsx", force=True)
    assert load(tmp_path / "out.xlsx", allow_partial=True).graph.equals(graph)
