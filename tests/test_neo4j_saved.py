"""Every saved query gives on a small graph what was worked out by hand, on every engine."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from neo4j_servers import LATEST, Servers

from graphmodel.graph import ChainGraph
from loaders import load_rows
from loaders.neo4j_ask import ask
from loaders.neo4j_push import push, remove
from loaders.neo4j_server import Server, connect
from queries import QUESTION_NAMES
from queries.saved import find_query, read_query, saved_queries

SMALL: Final[dict[str, list[list[Any]]]] = {
    "企业": [
        ["企业名称", "地区", "规模", "规上", "党组织情况", "正式党员数", "从业人数"],
        ["甲公司", "南京市", "大", "是", "单独", "9", "100"],
        ["乙公司", "南京市", "小", "否", "无", "2", "30"],
        ["丙公司", "苏州市", "", "", "", "", ""],
    ],
    "产业链": [["产业链名称", "地区", "等级"], ["氢能", "南京市", "重点"], ["船舶", "南京市", ""]],
    "环节": [["环节名称", "产业链", "卡脖子"], ["膜电极", "氢能", "是"], ["电堆", "氢能", ""]],
    "环节上下游": [["产业链", "上游环节", "下游环节"], ["氢能", "膜电极", "电堆"]],
    "企业产业链": [["企业名称", "产业链", "角色"], ["甲公司", "氢能", "链主"]],
    "企业环节": [
        ["企业名称", "产业链", "环节"],
        ["乙公司", "氢能", "膜电极"],
        ["甲公司", "氢能", "电堆"],
        ["丙公司", "氢能", "电堆"],
    ],
    "产品": [["产品名称", "产业链", "环节"], ["膜", "氢能", "膜电极"]],
    "供应关系": [
        ["供方", "需方", "产品", "产业链", "环节", "金额（万元）", "年份", "关键性", "供方地区"],
        ["乙公司", "甲公司", "膜", "氢能", "膜电极", "100", "2026", "是", ""],
        ["甲公司", "丙公司", "", "", "", "", "2026", "", ""],
        ["外地公司", "甲公司", "膜", "氢能", "膜电极", "300", "2026", "", "苏州市"],
    ],
    "企业资质": [
        ["企业名称", "资质", "认定日期", "有效期至"],
        ["甲公司", "高新技术企业", "2023-11", "2026-11"],
        ["乙公司", "专精特新", "2025-11", "2028-11"],
    ],
    "党组织": [["党组织名称"], ["甲公司党支部"]],
    "依托": [["党组织", "依托单位", "组建方式"], ["甲公司党支部", "甲公司", "单独"]],
    "联盟": [["联盟名称", "性质", "级别"], ["氢能联盟", "党建", "市"], ["船舶联盟", "党建", "市"]],
    "金融机构": [["名称"], ["江边银行"]],
    "联盟成员": [
        ["联盟", "成员", "角色"],
        ["氢能联盟", "甲公司党支部", "成员"],
        ["氢能联盟", "江边银行", "成员"],
        ["船舶联盟", "丙公司", "成员"],
    ],
    "联盟覆盖": [["联盟", "产业链"], ["氢能联盟", "氢能"]],
    "结对共建": [
        ["甲方", "乙方", "共建形式", "签约日期"],
        ["甲公司党支部", "江边银行", "结对共建", "2026-04-12"],
    ],
    "需求清单": [
        ["需求编号", "类型", "企业", "类别", "内容", "办结时限", "办结日期"],
        ["N1", "需求", "甲公司", "技术", "测试", "2026-09-30", ""],
        ["N2", "需求", "乙公司", "资金", "贷款", "2026-12-31", ""],
        ["N3", "需求", "乙公司", "人才", "焊工", "2026-08-01", "2026-07-01"],
    ],
    "资源清单": [
        ["资源编号", "类别", "类型", "名称", "提供单位"],
        ["R1", "技术", "载体", "平台", "江边银行"],
        ["R2", "技术", "载体", "车间", "江边银行"],
    ],
    "行动项目清单": [
        ["项目编号", "名称", "对应需求", "使用资源"],
        ["A1", "联合测试", "N1", "R1"],
    ],
    "订单": [
        ["订单编号", "需方", "产品", "数量", "单位", "承接企业"],
        ["D1", "甲公司", "膜", "40", "套", "乙公司"],
    ],
    "融资": [
        ["金融机构", "企业", "方式", "金额（万元）", "日期"],
        ["江边银行", "甲公司", "授信", "500", "2026-01-01"],
        ["江边银行", "甲公司", "贷款", "200", "2026-02-01"],
    ],
    "项目": [
        ["项目名称", "类型", "阶段", "产业链", "环节", "投资额（万元）", "预计投产"],
        ["膜二期", "招商", "签约", "氢能", "膜电极", "9000", "2027-06"],
    ],
    "活动": [
        ["活动编号", "名称", "类型", "日期", "组织单位"],
        ["H1", "例会", "会议", "2026-08-01", "氢能联盟"],
        ["H2", "例会", "会议", "2026-05-01", "船舶联盟"],
    ],
    "走访": [["企业", "走访日期", "岗位编号"], ["甲公司", "2026-03-01", "G1"]],
    "指标": [
        ["主体", "指标", "数值", "原文", "单位", "截至日期", "来源"],
        ["氢能", "产值", "12", "12亿元", "亿元", "2026-06", "公报"],
    ],
}

EXPECTED: Final[dict[str, tuple[dict[str, str], list[list[Any]]]]] = {
    "firm_neighbours": (
        {"firm": "甲公司"},
        [
            ["buys from it", "丙公司", None, 2026, None, None],
            ["supplies it", "乙公司", "膜", 2026, 100.0, True],
            ["supplies it", "外地公司", "膜", 2026, 300.0, None],
        ],
    ),
    "firm_paths": (
        {"firm": "乙公司", "other": "丙公司"},
        [[2, ["乙公司", "甲公司", "丙公司"], ["SUPPLIES", "SUPPLIES"]]],
    ),
    "single_sources": ({}, [["氢能", "膜电极", "乙公司"]]),
    "firms_outside_alliances": ({}, [["乙公司", "南京市", "小", False]]),
    "alliances_without_bank": ({}, [["船舶联盟", "市", 1]]),
    "co_building_register": (
        {},
        [["江边银行", "甲公司党支部", "结对共建", "2026-04-12", None, None]],
    ),
    "owner_local_suppliers": ({}, [["氢能", "甲公司", "南京市", "乙公司", 2026, 100.0]]),
    "cross_region_supply": (
        {},
        [["南京市", "苏州市", 2026, 1, 0, 0], ["苏州市", "南京市", 2026, 1, 1, 300.0]],
    ),
    "meetings_missing": ({}, [["船舶联盟", "市", "2026-05-01"]]),
    "needs_without_action": ({}, [["N2", "乙公司", "资金", "贷款", "2026-12-31"]]),
    "needs_without_resource": ({}, [["N2", "乙公司", "资金", "贷款"]]),
    "needs_overdue": ({}, [["N1", "甲公司", "技术", "2026-09-30", None]]),
    "resources_unused": ({}, [["R2", "车间", "技术", "江边银行"]]),
    "firms_without_party_organization": ({}, [["乙公司", "南京市", 2, 30]]),
    "chains_without_alliance": ({}, [["船舶", "南京市", None, 0]]),
    "outside_suppliers": ({"segment": "膜电极"}, [["外地公司", "苏州市", 2026, 1, 300.0]]),
    "chain_template": ({}, [["电堆", ["膜电极"], 2, None], ["膜电极", [], 1, True]]),
    "joint_orders": ({}, [["D1", "甲公司", "膜", 40.0, "套", ["乙公司"]]]),
    "firms_not_visited": ({}, [["丙公司", None], ["乙公司", None]]),
    "qualifications_expiring": ({}, [["甲公司", "高新技术企业", "2023-11", "2026-11"]]),
    "finance_of_firms": ({}, [["甲公司", "授信", 1, 500.0], ["甲公司", "贷款", 1, 200.0]]),
    "stated_figures": (
        {"subject": "氢能"},
        [["产值", "12亿元", 12.0, "亿元", "2026-06", "公报"]],
    ),
    "segments_being_filled": ({}, [["氢能", "膜电极", "膜二期", "签约", "2027-06", 9000.0]]),
}


@pytest.fixture(scope="module")
def pushed(any_server: Server) -> Iterator[Server]:
    """Every engine with the small graph, and another one beside it that must not be seen."""
    graph = small()
    push(graph, any_server, source="小例")
    push(graph, any_server, source="别的")
    yield any_server
    remove(any_server, "小例")
    remove(any_server, "别的")


def small() -> ChainGraph:
    return load_rows(SMALL, name="小例").graph


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_saved_query_answers_as_worked_out_by_hand(name: str, pushed: Server) -> None:
    written, expected = EXPECTED[name]
    query = find_query(name)
    for source in ("小例", "别的"):
        _, rows = ask(pushed, query.text, query.given(written), source=source)
        assert rows == expected


def test_every_file_runs_in_the_newest_cypher_too(neo4j_servers: Servers) -> None:
    with connect(neo4j_servers.credentials(LATEST)) as server:
        push(small(), server, source="小例")
        for name in saved_queries():
            written, expected = EXPECTED.get(name, ({}, None))
            query = find_query(name)
            given = query.given(written)
            names, rows = ask(server, f"CYPHER 25\n{query.text}", given, source="小例")
            assert rows == expected or (expected is None and names)
        remove(server, "小例")


def test_hostile_parameters_are_only_values(pushed: Server) -> None:
    query = find_query("firm_neighbours")
    for firm in ("' OR true //", "x'}) DETACH DELETE n //", "`}"):
        assert ask(pushed, query.text, query.given({"firm": firm}), source="小例")[1] == []


def test_every_saved_query_says_what_it_is_and_is_expected_here() -> None:
    twins = set(saved_queries()) & set(QUESTION_NAMES)
    assert set(saved_queries()) == twins | set(EXPECTED)
    for path in saved_queries().values():
        query = read_query(path)
        assert query.title.zh != query.title.en
        assert "source" in query.parameters
        assert f"${'source'}" in query.body
        for name in query.parameters:
            assert f"${name}" in query.body
        assert "apoc" not in query.body.lower()
        assert "id(" not in query.body.replace("liantu_id(", "")
        assert "IN TRANSACTIONS" not in query.body
