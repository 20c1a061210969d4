"""Random sheets for comparing answers: small, full of blanks, with values on every threshold."""

from random import Random
from typing import Any, Final

Sheets = dict[str, list[list[Any]]]

REGIONS: Final = ("南京市", "玄武区", "苏州市", "江苏省", "")
FIRMS: Final = 14
CHAINS: Final = 4


def random_sheets(seed: int) -> Sheets:
    """Return the sheets of one invented source."""
    r = Random(seed)  # noqa: S311  # a repeatable example
    firms = [f"企业{i}公司" for i in range(FIRMS)]
    chains = [f"链{i}" for i in range(CHAINS)]
    segments = [(c, f"环节{j}") for c in chains for j in range(r.randint(2, 5))]
    products = [f"产品{i}" for i in range(4)]
    sheets = {
        **_parties(r, firms, chains),
        **_template(r, chains, segments),
        **_trade(r, firms, segments, products),
        **_building(r, firms, chains),
    }
    scopes = [
        [r.choice(("企业环节", "供应关系", "企业资质", "依托", "岗位", "联盟成员", "联盟覆盖")),
         r.choice(REGIONS), r.choice((*chains, "", "")), r.choice(("是", "是", "否"))]
        for _ in range(r.randint(0, 5))
    ]  # fmt: skip
    sheets |= _lists(r, firms)
    sheets["填报范围"] = [["工作表", "地区", "产业链", "完整"], *scopes]
    return {name: rows for name, rows in sheets.items() if len(rows) > 1}


def _lists(r: Random, firms: list[str]) -> Sheets:
    days = ("2026", "2026-Q2", "2026-02", "2026-02-28", "2026-03-01", "2026-03-31", "", "")
    needs = [
        [f"N{i}", r.choice(("问题", "需求", "")), r.choice((*firms, "")),
         r.choice(("技术", "人才", "")), r.choice(days), r.choice(days), r.choice((*days, "", "")),
         r.choice(("HL-1", "HL-2", ""))]
        for i in range(r.randint(0, 12))
    ]  # fmt: skip
    resources = [[f"Z{i}", r.choice(("技术", "人才")), f"资源{i}"] for i in range(4)]
    numbers = [row[0] for row in needs]
    actions = [
        [f"A{i}", "项目", "、".join(r.sample(numbers, min(len(numbers), r.randint(0, 2)))),
         "、".join(r.sample([z[0] for z in resources], r.randint(0, 2))),
         r.choice(("推进中", "已取消", "")), r.choice(days)]
        for i in range(r.randint(0, 8))
    ]  # fmt: skip
    visits = [
        [r.choice(firms), day, "HL-1"] for day in r.sample(("2025-12", "2026-Q1", "2026-04-09"), 1)
    ]
    return {
        "需求清单": [
            ["需求编号", "类型", "企业", "类别", "提出日期", "办结时限", "办结日期",
             "专员岗位编号"],
            *needs,
        ],
        "资源清单": [["资源编号", "类别", "名称"], *resources],
        "行动项目清单": [
            ["项目编号", "名称", "对应需求", "使用资源", "状态", "完成日期"], *actions,
        ],
        "走访": [["企业", "日期", "岗位编号"], *visits],
    }  # fmt: skip


def _parties(r: Random, firms: list[str], chains: list[str]) -> Sheets:
    rows = [
        [f, r.choice(REGIONS), r.choice(("是", "否", "")), r.choice(("100", "300", "0", "")),
         r.choice(("无", "高新技术企业", "", "")), r.choice(("大", "中", "小", "微", "")),
         r.choice(("单独", "联合", "派驻指导员", "无", "", "")), r.choice(("否", "", "", "")),
         r.choice(("2", "3", "")), r.choice(("是", ""))]
        for f in firms
    ]  # fmt: skip
    header = [
        "企业名称",
        "地区",
        "规上",
        "产值（万元）",
        "资质",
        "规模",
        "党组织情况",
        "应建党组织",
    ]
    grades = ("重点", "优势", "重点、卓越", "")
    return {
        "企业": [[*header, "正式党员数", "重点企业"], *rows],
        "产业链": [
            ["产业链名称", "地区", "等级"],
            *([c, r.choice(REGIONS), r.choice(grades)] for c in chains),
        ],
        "企业产业链": [
            ["企业名称", "产业链", "角色"],
            *([f, c, "成员"] for f in firms for c in chains if r.random() < 0.25),
        ],
        "企业资质": [
            ["企业名称", "资质"], *([f, "瞪羚"] for f in firms if r.random() < 0.1),
        ],
    }  # fmt: skip


def _template(r: Random, chains: list[str], segments: list[tuple[str, str]]) -> Sheets:
    rows, links = [], []
    for chain in chains:
        own = [s for c, s in segments if c == chain]
        for i, s in enumerate(own):
            parent = r.choice(own[:i]) if i > 1 and r.random() < 0.25 else ""
            rows.append(
                [s, chain, parent, r.choice(("", "", "否")), r.choice(("是", "", "")),
                 r.choice(("", "0.5", "0.7")), r.choice(("是", "否", "", ""))]
            )  # fmt: skip
        pairs = [(a, b) for i, a in enumerate(own) for b in own[i + 1 :]]
        links += [[chain, a, b, r.choice(("是", "", ""))] for a, b in pairs if r.random() < 0.4]
    header = ["环节名称", "产业链", "上级环节", "必备", "已填报", "进口依赖", "卡脖子"]
    return {
        "环节": [header, *rows],
        "环节上下游": [["产业链", "上游环节", "下游环节", "回流"], *links],
    }


def _trade(
    r: Random, firms: list[str], segments: list[tuple[str, str]], products: list[str]
) -> Sheets:
    placed = [
        [f, c, s, r.choice(("60", "120", "")), r.choice(("40", "80", "0", "")),
         r.choice(("套", "台", "")), r.choice((*products, "")), r.choice(("0.5", "0.9", "", ""))]
        for f in firms for c, s in segments if r.random() < 0.12
    ]  # fmt: skip
    supplies = []
    for _ in range(r.randint(5, 40)):
        a, b = r.sample([*firms, "外地供应商"], 2)
        c, s = r.choice([*segments, ("", "")])
        supplies.append(
            [a, b, r.choice((*products, "", "")), c, s, r.choice(("80", "20", "0", "")),
             r.choice(("2025", "2026", "")), r.choice(("是", "是", "否", ""))]
        )  # fmt: skip
    goods = []
    for p in products:
        c, s = r.choice([*segments, ("", "")])
        goods.append([p, c, s, r.choice(("套", "台", ""))])
    makes = [
        [f, p, r.choice(("10", "90", "")), r.choice(("套", ""))]
        for f in firms for p in products if r.random() < 0.15
    ]  # fmt: skip
    orders = [
        [f"D{i}", r.choice([*firms, "外地买家"]), r.choice(products), r.choice(("40", "200", "")),
         r.choice(("套", "台", ""))]
        for i in range(r.randint(0, 6))
    ]  # fmt: skip
    pairs = [r.sample(firms, 2) for _ in range(r.randint(0, 6))]
    return {
        "企业环节": [
            ["企业名称", "产业链", "环节", "产值（万元）", "产能", "单位", "产品", "对外依赖"],
            *placed,
        ],
        "产品": [["产品名称", "产业链", "环节", "单位"], *goods],
        "企业产品": [["企业名称", "产品", "产能", "单位"], *makes],
        "供应关系": [
            ["供方", "需方", "产品", "产业链", "环节", "金额（万元）", "年份", "关键性"], *supplies,
        ],
        "订单": [["订单编号", "需方", "产品", "数量", "单位"], *orders],
        "配套合作": [["企业甲", "企业乙"], *pairs],
    }  # fmt: skip


def _building(r: Random, firms: list[str], chains: list[str]) -> Sheets:
    branches = [f"第{i}党支部" for i in range(8)]
    alliances = [f"第{i}联盟" for i in range(4)]
    types = ("党支部", "联合党支部", "行动支部", "")
    posts = ("党建指导员", "联络员", "红链专员", "链长")
    return {
        "党组织": [["党组织名称", "类型"], *([b, r.choice(types)] for b in branches)],
        "依托": [
            ["党组织", "依托单位", "组建方式"],
            *([b, r.choice(firms), r.choice(("单独", "联合", "派驻指导员", "", ""))]
              for b in branches),
        ],
        "联盟": [
            ["联盟名称", "性质", "级别", "类型"],
            *([a, r.choice(("党建", "党建", "人才", "")), r.choice(("省", "市", "")),
               r.choice(("联盟", "功能性党支部"))] for a in alliances),
        ],
        "联盟成员": [
            ["联盟", "成员", "角色"],
            *([r.choice(alliances), m, "成员"] for m in (*firms, *branches) if r.random() < 0.3),
        ],
        "联盟覆盖": [
            ["联盟", "产业链"], *([a, c] for a in alliances for c in chains if r.random() < 0.2),
        ],
        "岗位": [
            ["岗位编号", "单位", "岗位", "对象", "止"],
            *([f"G{i}", "", r.choice(posts), r.choice(firms), r.choice(("", "2026-03", "2025"))]
              for i in range(4)),
        ],
    }  # fmt: skip
