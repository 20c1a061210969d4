"""An invented source for the tests of the network page: two chains, one of them full of gaps."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph
from graphmodel.kinds import NODE_KINDS
from graphmodel.question import Params, Result

CITY = "澄澜市（虚构）"
COUNTIES = ("云栖区（虚构）", "江泽县（虚构）", "澄澜高新区（虚构）")
SEGMENTS = {
    "制氢": 9,
    "膜材料": 4,
    "碳纸": 0,
    "催化剂": 2,
    "膜电极": 14,
    "双极板": 7,
    "电堆": 6,
    "空压机": 1,
    "储氢瓶": 0,
    "系统集成": 8,
    "整车": 3,
    "加氢站": 0,
}
LINKS = (
    ("膜材料", "膜电极"),
    ("碳纸", "膜电极"),
    ("催化剂", "膜电极"),
    ("膜电极", "电堆"),
    ("双极板", "电堆"),
    ("电堆", "系统集成"),
    ("空压机", "系统集成"),
    ("制氢", "储氢瓶"),
    ("储氢瓶", "系统集成"),
    ("系统集成", "整车"),
    ("制氢", "加氢站"),
)
STATES = {
    "碳纸": "not_reported",
    "催化剂": "weak",
    "空压机": "thin",
    "储氢瓶": "broken_missing",
    "加氢站": "short",
    "双极板": "broken_unlinked",
}
WEAK = {"broken_missing", "broken_unlinked", "short", "weak", "thin"}
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</script><script>alert(2)</script>",
    "javascript:alert(3)",
    "\u202eexe.cod\u202c隐\u200b藏",
    '<a href="https://example.org/">href</a>',
    "@DATA@ @SCRIPT@ ${alert(4)} {{alert(5)}}",
    "=HYPERLINK(1)",
    "＋cmd|' /C calc'!A0",
)
_STEMS = (
    "恒光",
    "启元",
    "华澜",
    "博远",
    "中舟",
    "天衡",
    "凌云",
    "瑞新",
    "同力",
    "海德",
    "安泰",
    "明辉",
    "宏图",
    "金桥",
    "远航",
)


@dataclass
class Draft:
    """Rows of a graph under construction; nodes are known by name until `graph` is called."""

    nodes: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    edges: dict[str, list[dict[str, object]]] = field(default_factory=dict)

    def node(self, kind: str, name: str, **more: object) -> str:
        """Add a node and return its name."""
        rows = self.nodes.setdefault(kind, [])
        rows.append({"id": f"{kind[:2].upper()}{len(rows) + 1:03d}", "name": name} | more)
        return name

    def edge(self, kind: str, source: str, target: str, **more: object) -> None:
        """Add a relation between two nodes, by name."""
        self.edges.setdefault(kind, []).append({"source": source, "target": target} | more)

    def graph(self, name: str) -> ChainGraph:
        """Turn names into codes."""
        sizes = [len(self.nodes.get(kind, [])) for kind in NODE_KINDS]
        starts = dict(zip(NODE_KINDS, np.cumsum([0, *sizes]), strict=False))
        code = {
            row["name"]: int(starts[kind]) + i
            for kind, rows in self.nodes.items()
            for i, row in enumerate(rows)
        }
        edges = {
            kind: pd.DataFrame(rows).assign(
                source=[code[row["source"]] for row in rows],
                target=[code[row["target"]] for row in rows],
            )
            for kind, rows in self.edges.items()
        }
        return ChainGraph({k: pd.DataFrame(r) for k, r in self.nodes.items()}, edges, name=name)


def chenglan(*, hostile: bool = False) -> ChainGraph:
    """The invented source; with `hostile`, names that try to become markup or script."""
    draft = Draft()
    names = list(HOSTILE) if hostile else []
    draft.node("Region", CITY, code="990100")
    for county in COUNTIES:
        draft.edge("PART_OF", draft.node("Region", county), CITY)
    chain = draft.node("Chain", names[0] if names else "氢能", grade="重点")
    draft.edge("LOCATED_IN", chain, CITY)
    firms = _hydrogen(draft, chain, names[1:])
    _supplies(draft, firms)
    _support(draft, chain, [firm for group in firms.values() for firm in group])
    _textiles(draft)
    return draft.graph(
        "</title><script>alert(6)</script>.xlsx" if hostile else "澄澜市链图（虚构）"
    )


def _hydrogen(draft: Draft, chain: str, names: Sequence[str]) -> dict[str, list[str]]:
    firms: dict[str, list[str]] = {}
    spare = list(names)
    count = 0
    for segment, size in SEGMENTS.items():
        draft.edge("PART_OF", draft.node("Segment", segment), chain)
        firms[segment] = []
        for i in range(size):
            stem = _STEMS[(count * 7 + i) % len(_STEMS)]
            name = f"{CITY[:2]}{stem}{segment}{'科技' if i % 3 else ''}有限公司（虚构{count + 1}）"
            if spare and i == 0:
                name = spare.pop()
            draft.node(
                "Enterprise",
                name,
                credit_code=f"91990100MA{count:08d}",
                above_scale=i % 2 == 0,
                output=float(60000 - 700 * count) if i % 3 != 1 else np.nan,
                employees=40 + 13 * i,
                qualifications="高新技术企业;专精特新" if i % 4 == 0 else None,
            )
            if count % 9 != 8:
                draft.edge("LOCATED_IN", name, COUNTIES[(count + i) % 3])
            owner = segment in {"电堆", "系统集成"} and i == 0
            draft.edge("IN_CHAIN", name, chain, role="链主;成员" if owner else "成员")
            draft.edge("IN_SEGMENT", name, segment, output=1000.0 + i)
            firms[segment].append(name)
            count += 1
    for i in range(5):
        name = draft.node(
            "Enterprise", f"澄澜未名氢能{'甲乙丙丁戊'[i]}有限公司（虚构）", standing="inferred"
        )
        draft.edge("IN_CHAIN", name, chain, role="成员")
    for a, b in LINKS:
        draft.edge("UPSTREAM_OF", a, b, essential=True, recycling=False)
    return firms


def _supplies(draft: Draft, firms: dict[str, list[str]]) -> None:
    for a, b in LINKS:
        if not firms[a] or not firms[b] or (a, b) == ("双极板", "电堆"):
            continue
        for i, buyer in enumerate(firms[b]):
            for j in range(1 + (i + len(a)) % 3):
                supplier = firms[a][(i * 2 + j) % len(firms[a])]
                draft.edge("SUPPLIES", supplier, buyer, amount=300.0 + 40 * i, year=2026 - j)
    draft.edge("SUPPLIES", firms["制氢"][0], firms["整车"][0], amount=88.0, year=2026)
    draft.edge("COOPERATES", firms["制氢"][1], firms["膜电极"][0], matter="联合测试")


def _support(draft: Draft, chain: str, firms: Sequence[str]) -> None:
    alliance = draft.node("Alliance", "澄澜市氢能产业链党建联盟（虚构）", type="联盟", venues=1)
    other = draft.node("Alliance", "云栖区氢能人才联盟（虚构）", nature="人才")
    draft.edge("COVERS", alliance, chain)
    draft.edge("COVERS", other, chain)
    for name in (
        "澄澜市工信局（虚构）",
        "澄澜市委组织部（虚构）",
        "澄澜市科技局（虚构）",
        "澄澜高新区管委会（虚构）",
    ):
        draft.edge("LEADS", draft.node("GovernmentDepartment", name), alliance)
    draft.edge("HOLDS_POST", "澄澜市工信局（虚构）", chain, role="链长")
    for i, firm in enumerate(firms[::2]):
        name = draft.node(
            "PartyOrganization", f"中共澄澜{_STEMS[i % 15]}第{i + 1}支部委员会（虚构）"
        )
        draft.edge("ORG_OF", name, firm, mode="单独")
        draft.edge("MEMBER_OF", name, alliance, role="成员")
    for i, name in enumerate(("澄澜理工大学", "江泽大学", "澄澜氢能研究院", "云栖职业技术学院")):
        school = draft.node("University", f"{name}（虚构）", disciplines="新能源;材料")
        draft.edge("MEMBER_OF", school, alliance, role="共建单位")
        draft.edge("CO_BUILDS", school, firms[i * 3], form="联合实验室", signed="2026-04")
    for i, name in enumerate(("澄澜银行", "江泽农商行", "澄澜氢能基金")):
        bank = draft.node("FinancialInstitution", f"{name}（虚构）", type="银行")
        for firm in firms[i::11]:
            draft.edge(
                "FINANCES", bank, firm, method="授信", amount=500.0 * (i + 1), date="2026-07-01"
            )
    draft.edge(
        "MEMBER_OF", draft.node("Association", "澄澜市氢能协会（虚构）"), alliance, role="成员"
    )
    need = draft.node("Need", "XQ-1", content="膜电极寿命测试平台", category="技术")
    draft.edge("RAISED_BY", need, firms[20])


def _textiles(draft: Draft) -> None:
    chain = draft.node("Chain", "高端纺织")
    for i in range(4):
        name = draft.node("Enterprise", f"江泽第{i + 1}纺织有限公司（虚构）")
        draft.edge("IN_CHAIN", name, chain)


def answers(graph: ChainGraph) -> dict[str, Result]:
    """A hand-written answer on gaps, in the form of the question's own."""
    segments = graph.nodes["Segment"]
    rows = [
        {
            "chain_id": graph.nodes["Chain"]["id"].iloc[0],
            "segment_id": row["id"],
            "segment": row["name"],
            "state": STATES.get(row["name"], "sound"),
            "also": ["thin"] if row["name"] == "催化剂" else [],
            "upstream": None,
            "reason": f"{row['name']}：企业 {SEGMENTS[row['name']]} 家，按阈值判断。",
            "action": "补链" if STATES.get(row["name"]) == "broken_missing" else "",
            "reason_en": f"{row['name']}: {SEGMENTS[row['name']]} firms against the threshold.",
            "measure": "本地企业数",
            "measure_en": "firms here",
            "value": float(SEGMENTS[row["name"]]),
            "threshold": 1.0,
            "filling": row["name"] == "加氢站",
            "expected": "2027-10" if row["name"] == "加氢站" else None,
            "evidence": ["企业环节.csv 第12行"],
            "candidates": ["外地企业甲（虚构）", "外地企业乙（虚构）"]
            if row["name"] == "储氢瓶"
            else [],
        }
        for row in segments.to_dict("records")
    ]
    for row in rows:
        if row["segment"] == "电堆":
            row |= {"state": "broken_unlinked", "upstream": ["双极板"]}
        if row["segment"] == "双极板":
            row |= {"state": "sound"}
    return {"gaps": Result(question="gaps", params=Params(), rows=pd.DataFrame(rows))}
