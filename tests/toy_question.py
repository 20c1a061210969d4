"""A question of every column type, with hostile data in it, for tests of how answers look."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, SourceFile
from graphmodel.question import Column, Params, Question, Result, Table, param
from graphmodel.schema import Text

HOSTILE = [
    '=HYPERLINK("http://evil.example","x")',
    "\t=1",
    "＝1+1",
    "'=1",
    "[bold red]甲[/] \x1b[31m乙\x1b[0m\u202e丙",
    "a|b <script>alert(1)</script> _x_",
    "-5",
]
STATES = {"short": Text("短链", "short"), "not_reported": Text("未填报", "not reported")}


@dataclass(frozen=True, slots=True, kw_only=True)
class ToyParams(Params):
    """A few thresholds."""

    n_star: float = param(3.0, zh="有效供方数下限", en="least suppliers", source="自定", low=0)
    top_k: int = param(2, zh="前几家", en="how many", low=1, high=9)
    base: str = param("all", zh="口径", en="base", choices=("all", "key"))
    substitution: bool = param(True, zh="允许替代", en="substitution")  # a default


COLUMNS = (
    Column(name="name_id", zh="编码", en="Id", machine=True),
    Column(name="name", zh="名称", en="Name"),
    Column(name="state", zh="状态", en="State", type="state", states=STATES),
    Column(name="firms", zh="企业数", en="Firms", unit="家", type="integer"),
    Column(name="output", zh="产值", en="Output", unit="万元", type="money"),
    Column(name="score", zh="得分", en="Score", type="number", meaning=Text("怎么算", "how")),
    Column(name="share", zh="占比", en="Share", type="share"),
    Column(name="listed", zh="认定", en="Declared", type="boolean"),
    Column(name="day", zh="日期", en="Date", type="date"),
    Column(name="rate", zh="覆盖率区间", en="Rate", type="interval"),
    Column(name="also", zh="同时存在", en="Also", type="texts", states=STATES),
    Column(name="reason", zh="说明", en="Reason", bilingual=True),
)
DIAGNOSIS = Table(
    name="diagnosis",
    zh="诊断表",
    en="Diagnosis",
    columns=(Column(name="chain", zh="产业链", en="Chain"),),
)


def rows() -> pd.DataFrame:
    """One row per hostile text; the first is fully reported, the second not at all."""
    size = len(HOSTILE)
    rest = [None] * (size - 2)
    return pd.DataFrame(
        {
            "name_id": [f"id{i}" for i in range(size)],
            "name": HOSTILE,
            "state": pd.Categorical(["short", *["not_reported"] * (size - 1)]),
            "firms": pd.array([12000, None, *rest], dtype="Int64"),
            "output": [1234.5, np.nan, *[np.nan] * (size - 2)],
            "score": [0.123456, np.inf, *[np.nan] * (size - 2)],
            "share": [0.273, np.nan, *[np.nan] * (size - 2)],
            "listed": pd.array([True, None, False, *[None] * (size - 3)], dtype="boolean"),
            "day": ["2026-10", None, *rest],
            "rate": [[0.2727, 1.0], None, *rest],
            "also": [["short", "not_reported"], [], *rest],
            "reason": ["因为所以", None, *rest],
            "reason_en": ["for a reason", None, *rest],
        }
    )


def answer(graph: ChainGraph, params: ToyParams, *, earlier: ChainGraph | None = None) -> Result:
    """Answer with the same rows whatever is asked."""
    del graph, earlier
    return Result(
        question="toy",
        params=params,
        rows=rows(),
        tables={"diagnosis": pd.DataFrame({"chain": ["氢能"]})},
        notes=(Text("注意一", "note one"),),
        not_reported=(Text("没有环节", "no segments"),),
    )


QUESTION = Question(
    name="toy",
    zh="哪些？",
    en="Which ones?",
    sheet="玩具:清单",
    params=ToyParams,
    columns=COLUMNS,
    tables=(DIAGNOSIS,),
    answer=answer,
)


def graph() -> ChainGraph:
    """A graph that is dated, cites a source and names its file."""
    scope = pd.DataFrame({"id": ["s"], "table": ["企业"], "as_of": ["2026-10-31"]})
    firm = pd.DataFrame(
        {"id": ["甲"], "name": ["甲"], "citation": ["公报 & 年鉴"], "cited_on": ["2026-11-01"]}
    )
    files = [SourceFile("表.xlsx", "ab" * 32, 7, "xlsx")]
    return ChainGraph({"Scope": scope, "Enterprise": firm}, {}, files=files, name="玩具城")
