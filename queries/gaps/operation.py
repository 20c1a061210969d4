"""产业运行表: what has been stated of each chain's output and new projects, and what is listed.

Stated figures stand as they were published, one row per subject, period and source; what the
sheet 项目 lists is counted in rows of its own. Projects without a size band are counted apart and
never spread over the bands.
"""

from typing import Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph
from graphmodel.question import Column, Table
from graphmodel.schema import Text
from queries.evidence import facts, places
from queries.segments import Template

_OUTPUT: Final = r"规上.*产值|工业产值|总产值|^产值"
_GROWTH: Final = r"同比|增长|增幅|增速"
_SIGNED: Final = r"新签.*项目"
_BAND: Final = r"^(?P<band>(?:超|近|约)?[0-9.]+亿元(?:以上|以下)?)项目"
_TO_WAN: Final = {"元": 1e-4, "万元": 1.0, "亿元": 1e4}

OPERATION: Final = Table(
    name="operation",
    zh="产业运行表",
    en="Operation of the chains",
    meaning=Text(
        "公开数与清单计数各占一行，互不合并；无档次的项目单列，不折算。",
        "Stated figures and counts of listed projects stand in rows of their own, never merged; "
        "projects without a band are counted apart.",
    ),
    columns=(
        Column(name="chain_id", zh="产业链编码", en="Chain id", machine=True),
        Column(name="chain", zh="产业链", en="Chain"),
        Column(name="region", zh="地区", en="Region"),
        Column(name="period", zh="期间", en="Period", meaning=Text("如原文所写", "as written")),
        Column(name="output", zh="规上产值", en="Output above scale", unit="万元", type="money"),
        Column(name="output_stated", zh="产值原文", en="Output as published"),
        Column(
            name="growth",
            zh="同比",
            en="Growth on the year before",
            type="number",
            meaning=Text("1.378 即增长137.8%", "1.378 is +137.8 %"),
        ),
        Column(
            name="base",
            zh="上年同期（推算）",
            en="Same period a year before (computed)",
            unit="万元",
            type="money",
            meaning=Text("产值 ÷（1 + 同比）", "output / (1 + growth)"),
        ),
        Column(name="signed", zh="新签项目数", en="Projects signed", type="integer"),
        Column(name="bands", zh="分档投资", en="Projects by size band", bilingual=True),
        Column(
            name="unbanded",
            zh="未分档项目数",
            en="Projects without a band",
            type="integer",
            meaning=Text("新签项目数 − 各档之和", "projects signed less those with a band"),
        ),
        Column(name="basis", zh="依据", en="Basis", bilingual=True),
        Column(name="evidence", zh="证据编号", en="Evidence", type="texts"),
    ),
)


def operation(graph: ChainGraph, template: Template) -> pd.DataFrame:
    """Return 产业运行表 for the chains asked about and the regions that they lie in."""
    chains = template.asked + graph.offsets["Chain"]
    found = pd.concat([_stated(graph, template), _listed(graph, template)], ignore_index=True)
    code = found.pop("subject").to_numpy(np.int64)
    of_chain = np.isin(code, chains)
    home = graph.target("LOCATED_IN", "Chain")[graph.rows("Chain", code)] if len(code) else code
    name = graph.names(code)
    identity = pd.DataFrame(
        {
            "chain_id": graph.ids(code).where(of_chain),
            "chain": name.where(of_chain),
            "region": graph.names(np.where(of_chain, home, -1)).where(of_chain, name),
        }
    )
    table = pd.concat([identity, found], axis=1)
    whole = {"signed": "Int64", "unbanded": "Int64"}
    table = table.astype(whole | dict.fromkeys(("output", "growth", "base"), "float64"))
    table = table.sort_values(["chain", "region", "basis_en", "period"], kind="stable")
    return table[names()].reset_index(drop=True)


def names() -> list[str]:
    """Return the columns of the table, English ones included."""
    return [
        name
        for column in OPERATION.columns
        for name in (column.name, f"{column.name}_en")[: 1 + column.bilingual]
    ]


def _stated(graph: ChainGraph, template: Template) -> pd.DataFrame:
    """Stated figures, one row per subject, period and source."""
    table = facts(graph)
    chains = template.asked + graph.offsets["Chain"]
    homes = graph.target("LOCATED_IN", "Chain")[template.asked]
    table = table[table["subject"].isin([*chains, *homes[homes >= 0]])]
    period = table["period"].fillna("").where(table["period"].fillna("") != "", table["as_of"])
    table = table.assign(
        period=period.fillna(""),
        output=table["metric"].str.contains(_OUTPUT) & ~table["metric"].str.contains(_GROWTH),
        growth=table["metric"].str.contains(_GROWTH) & (table["unit"] == "比率"),
        signed=table["metric"].str.contains(_SIGNED),
        band=table["metric"].str.extract(_BAND)["band"],
        source=table["citation"].fillna("") + table["cited_on"].fillna(""),
    )
    used = table["output"] | table["growth"] | table["signed"] | table["band"].notna()
    used &= table["value"].notna()
    rows = [
        _stated_row(group) | {"subject": subject, "period": period or None}
        for (subject, period, _), group in table[used].groupby(["subject", "period", "source"])
    ]
    return pd.DataFrame(rows, columns=["subject", *names()[3:]])


def _stated_row(group: pd.DataFrame) -> dict[str, object]:
    output, growth = group[group["output"]].head(1), group[group["growth"]].head(1)
    scale = output["unit"].map(_TO_WAN).astype("float64")
    amount = float((output["value"] * scale).sum(min_count=1))
    rate = float(growth["value"].sum(min_count=1))
    signed = group.loc[group["signed"], "value"].head(1)
    bands = group[group["band"].notna()].sort_values("band", kind="stable")
    total = int(signed.iloc[0]) if len(signed) else None
    banded = int(bands["value"].sum())
    zh = "；".join(f"{b}{n:.0f}个" for b, n in zip(bands["band"], bands["value"], strict=True))
    en = "; ".join(f"{b}: {n:.0f}" for b, n in zip(bands["band"], bands["value"], strict=True))
    citation = group["citation"].iloc[0]
    return {
        "output": amount,
        "output_stated": output["verbatim"].iloc[0] if len(output) else None,
        "growth": rate,
        "base": amount / (1 + rate) if rate > -1 else np.nan,
        "signed": total,
        "bands": zh or None,
        "bands_en": en or None,
        "unbanded": None if total is None else total - banded,
        "basis": f"公开数：{citation}" if isinstance(citation, str) else "公开数",
        "basis_en": f"stated: {citation}" if isinstance(citation, str) else "stated",
        "evidence": sorted(set(group["evidence"]) - {""}),
    }


def _listed(graph: ChainGraph, template: Template) -> pd.DataFrame:
    """Signed projects of the sheet 项目, one row per chain and year of signing."""
    table = graph.nodes["Project"]
    chain = table["chain"].to_numpy()
    filled = graph.target("FILLS", "Project")
    part_of = graph.target("PART_OF", "Segment")
    of_segment = part_of[graph.rows("Segment", filled)] if len(part_of) else filled
    chain = np.where((chain < 0) & (filled >= 0), of_segment, chain)
    asked = np.isin(chain, template.asked + graph.offsets["Chain"])
    signed = table["stage"].isin(["签约", "开工", "投产"]) | table["signed"].notna()
    used = table.assign(subject=chain, place=places(table))[asked & signed.to_numpy()]
    used = used.assign(period=used["signed"].str[:4].fillna(""), band=used["band"].fillna(""))
    rows = [
        _listed_row(group) | {"subject": subject, "period": period or None}
        for (subject, period), group in used.groupby(["subject", "period"])
    ]
    return pd.DataFrame(rows, columns=["subject", *names()[3:]])


def _listed_row(group: pd.DataFrame) -> dict[str, object]:
    banded = group[group["band"] != ""]
    bands = sorted(banded.groupby("band").size().items())
    return {
        "output": np.nan,
        "output_stated": None,
        "growth": np.nan,
        "base": np.nan,
        "signed": len(group),
        "bands": "；".join(f"{band}{number}个" for band, number in bands) or None,
        "bands_en": "; ".join(f"{band}: {number}" for band, number in bands) or None,
        "unbanded": len(group) - len(banded),
        "basis": "项目表计数",
        "basis_en": "counted in the sheet 项目",
        "evidence": sorted(set(group["place"]) - {""})[:20],
    }
