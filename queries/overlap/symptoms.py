"""The five symptoms of a chain, each with its measure, its threshold and what is not reported."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph
from graphmodel.schema import Text
from queries.membership import chain_labels
from queries.overlap.standing import allied, qualified, sharing

if TYPE_CHECKING:
    from queries.overlap import OverlapParams

_METRICS = {
    "clustered_apart": Text("没有链内往来的企业占比", "firms without a tie inside the chain"),
    "unconnected": Text("不在任何联盟的企业占比", "firms in no alliance"),
    "unshared": Text("没有共享类合作的企业占比", "firms that share nothing with another"),
    "low_duplication": Text(
        "同质企业中没有资质的占比", "firms without qualification among those making the same"
    ),
    "same_products": Text(
        "与人同质而没有合作的企业占比", "firms that make the same as another and do not cooperate"
    ),
}
_SUPPLY = {
    "clustered_apart": "配套合作、供应关系",
    "unconnected": "联盟成员",
    "unshared": "配套合作（事项）",
    "low_duplication": "企业环节或企业产品（产品）、企业.资质",
    "same_products": "企业环节或企业产品（产品）、配套合作、供应关系",
}
_NOTES = {
    "same_products": Text(
        "是否恶性还要看价格，本表只说同质。",
        "Whether it is ruinous depends on prices; this only says that it is the same.",
    ),
}


def symptoms(graph: ChainGraph, standing: pd.DataFrame, params: "OverlapParams") -> pd.DataFrame:
    """Return five rows per chain asked about.

    Each symptom asks of every enterprise counted whether it has it: yes, no or not reported. The
    value is the interval [yes / counted, (yes + not reported) / counted].

    Args:
        graph: The graph.
        standing: One row per membership: `firm`, `chain`, `partners`, `tied`, `twins`, `alone`
            (makes the same as another without a tie), `reporting` (names products).
        params: Thresholds.
    """
    thresholds = {
        "clustered_apart": params.apart_share,
        "unconnected": params.outside_share,
        "unshared": params.unshared_share,
        "low_duplication": params.low_share,
        "same_products": params.same_share,
    }
    chains = np.sort(standing["chain"].unique())
    parts = [
        _one(graph, standing, chains, symptom, threshold, params.min_firms)
        for symptom, threshold in thresholds.items()
    ]
    table = pd.concat(parts, ignore_index=True)
    rank = {symptom: i for i, symptom in enumerate(thresholds)}
    order = table.assign(rank=table["symptom"].map(rank)).sort_values(["chain", "rank"])
    return table.loc[order.index].reset_index(drop=True)


def _says(graph: ChainGraph, standing: pd.DataFrame, symptom: str) -> pd.DataFrame:
    """Return `counted`, `yes` and `unknown` of every membership."""
    firm = standing["firm"].to_numpy(np.int64)
    everyone = np.ones(len(standing), dtype=bool)
    twins = standing["twins"].to_numpy() > 0
    reporting = standing["reporting"].to_numpy(dtype=bool)
    tied = standing["tied"].to_numpy(dtype=bool)
    if symptom == "clustered_apart":
        none = standing["partners"].to_numpy() == 0
        said = (everyone, none & tied, none & ~tied)
    elif symptom in {"unconnected", "unshared"}:
        has, known = (
            mask[firm] for mask in (allied if symptom == "unconnected" else sharing)(graph)
        )
        said = (everyone, known & ~has, ~known)
    elif symptom == "low_duplication":
        has, known = (mask[firm] for mask in qualified(graph))
        said = (twins, twins & known & ~has, twins & ~known)
    else:
        alone = standing["alone"].to_numpy(dtype=bool)
        said = (everyone, alone & tied, ~reporting | (alone & ~tied))
    return pd.DataFrame(dict(zip(("counted", "yes", "unknown"), said, strict=True)))


def _one(
    graph: ChainGraph,
    standing: pd.DataFrame,
    chains: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    symptom: str,
    threshold: float,
    min_firms: int,
) -> pd.DataFrame:
    says = _says(graph, standing, symptom)
    by_chain = standing["chain"].to_numpy()
    sums = says.groupby(by_chain).sum().reindex(chains)
    firms = pd.Series(1, index=says.index).groupby(by_chain).sum().reindex(chains)
    silent = (~standing["reporting"].astype("bool")).groupby(by_chain).sum().reindex(chains)
    counted = sums["counted"].to_numpy()
    base = np.maximum(counted, 1)
    low, high = sums["yes"].to_numpy() / base, (sums["yes"] + sums["unknown"]).to_numpy() / base
    some = counted > 0
    few = (firms < min_firms).to_numpy()
    absent = ~some & (silent == 0).to_numpy()  # every firm names products, and none is the same
    present = np.select(
        [few, absent, ~some, low > threshold, high <= threshold],
        ["not_reported", "no", "not_reported", "yes", "no"],
        "not_reported",
    )
    ends = np.column_stack([low, high]).tolist()
    value = pd.Series(ends, dtype=object).where(some & ~few, None)
    frame = pd.DataFrame(
        {
            "chain": pd.Series(chain_labels(graph)[chains], dtype="str"),
            "symptom": symptom,
            "metric": _METRICS[symptom].zh,
            "metric_en": _METRICS[symptom].en,
            "value": value,
            "threshold": threshold,
            "present": present,
            "firms": counted.astype(np.int64),
        }
    )
    return _told(frame, sums.reset_index(drop=True), few, symptom, min_firms)


def _told(
    frame: pd.DataFrame,
    sums: pd.DataFrame,
    few: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
    symptom: str,
    min_firms: int,
) -> pd.DataFrame:
    counted, yes, unknown = (sums[n].astype("str") for n in ("counted", "yes", "unknown"))
    zh = counted + " 家中有 " + yes + " 家，另有 " + unknown + " 家未填报"
    en = yes + " of " + counted + ", and " + unknown + " not reported"
    open_ = frame["present"].eq("not_reported")
    zh = zh + pd.Series(f"；请补报 {_SUPPLY[symptom]}", index=zh.index).where(open_, "")
    en = en + pd.Series(f"; supply {_SUPPLY[symptom]}", index=zh.index).where(open_, "")
    none = pd.Series(sums["counted"] == 0)
    known = none & frame["present"].eq("no")
    zh = zh.mask(none, f"没有可数的同质企业；请补报 {_SUPPLY[symptom]}")
    en = en.mask(none, f"no firms to count; supply {_SUPPLY[symptom]}")
    zh = zh.mask(known, "产品都已填报，没有同质企业")
    en = en.mask(known, "every firm names products, and none makes the same")
    zh = zh.mask(few, f"企业不足 {min_firms} 家，不作诊断")
    en = en.mask(few, f"fewer than {min_firms} firms, no diagnosis")
    note = _NOTES.get(symptom, Text("", ""))
    english = en.str.slice(0, 1).str.upper() + en.str.slice(1) + "."
    return frame.assign(reason=zh + "。" + note.zh, reason_en=(english + " " + note.en).str.strip())
