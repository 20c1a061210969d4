"""The rows of `overlap`: pairs of enterprises, and the tables beside them."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Mask
from graphmodel.question import Result
from graphmodel.schema import Text
from graphmodel.scope import declared_for_enterprises
from queries.alliances.ties import ties
from queries.asked import asked_enterprises
from queries.evidence import joined, places
from queries.membership import alliance_members, chain_labels, chain_members
from queries.overlap.concentration import clustered, concentration
from queries.overlap.portfolios import Floats, Portfolios, portfolios
from queries.overlap.roles import roles
from queries.overlap.similarity import Pairs, overlaps
from queries.overlap.standing import chain_ties
from queries.overlap.symptoms import symptoms

if TYPE_CHECKING:
    from queries.overlap import OverlapParams

_NAMES_SHOWN = 10


def answered(graph: ChainGraph, params: "OverlapParams") -> Result:
    """Return the answer described at `queries.overlap.answer`."""
    firms = asked_enterprises(graph, params)
    segments = _segments(graph, params)
    made = portfolios(graph, firms, segments, by=params.by)
    output = graph.nodes["Enterprise"]["output"].to_numpy(np.float64)
    own = made.units["output"].to_numpy(np.float64)
    size = np.where(np.isnan(own), output[made.units["firm"].to_numpy(np.int64)], own)
    found = overlaps(made, size, largest=params.largest)
    pairs = _tied(graph, made, found.table)
    standing = _standing(graph, params, firms, made, pairs)
    rows, hidden = _listed(graph, params, made, pairs)
    tables = {
        "roles": roles(graph, standing, params),
        "symptoms": symptoms(graph, standing, params),
        "clusters": clustered(graph, params, made, pairs[pairs["overlap"] >= params.same], size),
        "segments": concentration(graph, made, pairs, params),
    }
    return Result(
        question="overlap",
        params=params,
        rows=rows,
        tables=tables,
        notes=_notes(params, found, hidden),
        not_reported=_not_reported(standing, tables["symptoms"]),
    )


def _segments(graph: ChainGraph, params: "OverlapParams") -> Mask:
    """Return which segments are asked about: those of the chain."""
    kept = np.ones(len(graph.nodes["Segment"]), dtype=bool)
    if params.chain:
        kept &= graph.target("PART_OF", "Segment") == graph.find("Chain", params.chain)
    return kept


def _tied(graph: ChainGraph, made: Portfolios, pairs: pd.DataFrame) -> pd.DataFrame:
    """Add the firms of each pair, and whether they cooperate or trade."""
    firm = made.units["firm"].to_numpy(np.int64)
    a, b = firm[pairs["a"].to_numpy(np.int64)], firm[pairs["b"].to_numpy(np.int64)]
    table = ties(graph).tocoo()
    row, column = table.coords
    known = pd.DataFrame({"firm_a": row, "firm_b": column, "tie": True})
    found = pairs.assign(firm_a=a, firm_b=b).merge(known, on=["firm_a", "firm_b"], how="left")
    return found.assign(tie=found["tie"].notna())


def _standing(
    graph: ChainGraph,
    params: "OverlapParams",
    firms: Mask,
    made: Portfolios,
    pairs: pd.DataFrame,
) -> pd.DataFrame:
    """Return how every membership asked about stands (see `roles.roles`, `symptoms.symptoms`)."""
    members = chain_members(graph)
    members = members[firms[members["firm"].to_numpy(np.int64)]]
    if params.chain:
        row = graph.find("Chain", params.chain) - graph.offsets["Chain"]
        members = members[members["chain"] == row]
    found = chain_ties(graph, members.reset_index(drop=True))
    same = pairs[pairs["overlap"] >= params.same]
    chain = made.units["chain"].to_numpy()[same["a"].to_numpy(np.int64)]
    ways = pd.concat(
        [
            pd.DataFrame(
                {
                    "firm": same[one].to_numpy(),
                    "other": same[two].to_numpy(),
                    "chain": chain,
                    "closest": same["overlap"].to_numpy(),
                    "alone": ~same["tie"].to_numpy(),
                }
            )
            for one, two in (("firm_a", "firm_b"), ("firm_b", "firm_a"))
        ]
    )
    twins = ways.groupby(["firm", "chain"]).agg(
        twins=("other", "nunique"), closest=("closest", "max"), alone=("alone", "any")
    )
    found = found.merge(twins.reset_index(), on=["firm", "chain"], how="left")
    reporting = made.units.loc[made.units["reporting"], ["firm", "chain"]].drop_duplicates()
    found = found.merge(reporting.assign(reporting=True), on=["firm", "chain"], how="left")
    return found.assign(
        twins=found["twins"].fillna(0).astype("int64"),
        alone=found["alone"].eq(True),  # noqa: FBT003  # a value, not a flag
        reporting=found["reporting"].notna(),
    )


def _listed(
    graph: ChainGraph, params: "OverlapParams", made: Portfolios, pairs: pd.DataFrame
) -> tuple[pd.DataFrame, int]:
    """Return the rows of the answer, the closest first, and how many pairs are not listed."""
    table = graph.nodes["Enterprise"]
    output = table["output"].to_numpy(np.float64)
    close = pairs[pairs["overlap"] >= params.listed]
    a, b = (close[side].to_numpy(np.int64) for side in ("firm_a", "firm_b"))
    names = table["name"].to_numpy(object)
    unit = close["a"].to_numpy(np.int64)
    frame = close.assign(
        chain_row=made.units["chain"].to_numpy(np.int64)[unit],
        segment_row=made.units["segment"].to_numpy(np.int64)[unit],
        first=names[a],
        second=names[b],
        together=np.nan_to_num(output[a]) + np.nan_to_num(output[b]),
    )
    frame = _by_name(frame)
    order = ["overlap", "together", "first", "second", "segment_row"]
    ascending = [False, False, True, True, True]
    frame = frame.sort_values(order, ascending=ascending, kind="stable")
    shown = frame.head(params.max_rows).reset_index(drop=True)
    return _worded(graph, params, made, shown), len(frame) - len(shown)


def _by_name(frame: pd.DataFrame) -> pd.DataFrame:
    """Let the name that comes first stand first, so that the order of rows changes nothing."""
    turn = frame["second"] < frame["first"]
    swapped = {
        one: frame[one].where(~turn, frame[two])
        for pair in (("first", "second"), ("firm_a", "firm_b"), ("a", "b"))
        for one, two in (pair, pair[::-1])
    }
    return frame.assign(**swapped)


def _worded(
    graph: ChainGraph, params: "OverlapParams", made: Portfolios, shown: pd.DataFrame
) -> pd.DataFrame:
    table = graph.nodes["Enterprise"]
    a, b = (shown[side].to_numpy(np.int64) for side in ("firm_a", "firm_b"))
    output = table["output"].to_numpy(np.float64)
    low, high = np.fmin(output[a], output[b]), np.fmax(output[a], output[b])
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where((low > 0) & ~np.isnan(output[a] + output[b]), high / low, np.nan)
    same = (shown["overlap"] >= params.same).to_numpy()
    tie = shown["tie"].to_numpy(dtype=bool)
    unequal = ratio >= params.size_ratio
    advice = np.select([~same, tie | unequal], ["complement", "integrate"], "differ")
    complete = declared_for_enterprises(graph, "配套合作")
    complete &= declared_for_enterprises(graph, "供应关系")
    known = tie | complete[a] | complete[b]
    labels = np.append(chain_labels(graph), "")
    written = places(table).to_numpy()
    frame = pd.DataFrame(
        {
            "chain": pd.Series(labels[shown["chain_row"].to_numpy(np.int64)], dtype="str"),
            "segment": graph.nodes["Segment"]["name"].to_numpy()[shown["segment_row"]],
            "firm_a": shown["first"],
            "firm_a_id": table["id"].to_numpy()[a],
            "firm_b": shown["second"],
            "firm_b_id": table["id"].to_numpy()[b],
            "overlap": shown["overlap"],
            "shared": _shared(graph, params, made, shown),
            "cooperates": pd.Series(tie, dtype="boolean").mask(~known),
            "same_alliance": _alliances(graph, a, b),
            "output_a": output[a],
            "output_b": output[b],
            "advice": advice,
            "evidence": pd.Series(written[a] + "；" + written[b], dtype="str"),
        }
    )
    return _reasoned(frame, params, same, tie, unequal, ratio)


def _reasoned(
    frame: pd.DataFrame,
    params: "OverlapParams",
    same: Mask,
    tie: Mask,
    unequal: Mask,
    ratio: Floats,
) -> pd.DataFrame:
    percent = (frame["overlap"] * 100).round(1).astype("str").str.removesuffix(".0") + "%"
    bar = f"{params.same * 100:g}%"
    times = pd.Series(np.nan_to_num(ratio)).round(1).astype("str")
    zh = "产品重叠度 " + percent
    en = "Overlap " + percent
    zh += np.where(same, f"，达到同质标准 {bar}", f"，低于同质标准 {bar}，产品线相邻")
    en += np.where(same, f" reaches {bar}", f" is below {bar}: neighbouring products")
    zh += np.where(same & tie, "，已有合作，可整合产能", "")
    en += np.where(same & tie, "; they cooperate already: share capacity", "")
    big = same & ~tie & unequal
    zh = zh + np.where(big, "，产值相差 " + times + " 倍，可由大带小整合", "")
    en = en + np.where(big, "; outputs differ " + times + " times: integrate", "")
    alike = same & ~tie & ~unequal
    zh += np.where(alike, "，规模相近或未填报，没有合作记录，宜错位", "")
    en += np.where(alike, "; alike or unknown in size, no tie on record: differ", "")
    return frame.assign(reason=zh + "。", reason_en=en + ".")


def _shared(
    graph: ChainGraph, params: "OverlapParams", made: Portfolios, shown: pd.DataFrame
) -> pd.Series:
    """Return the names of the items that each pair has in common."""
    kind = "Product" if params.by == "products" else "Segment"
    parts = made.parts[["unit", "item"]]
    pair = pd.DataFrame({"place": np.arange(len(shown)), "a": shown["a"], "b": shown["b"]})
    both = pair.merge(parts, left_on="a", right_on="unit")
    both = both.merge(parts, left_on=["b", "item"], right_on=["unit", "item"])
    names = graph.nodes[kind]["name"].iloc[both["item"].to_numpy(np.int64)]
    return joined(both["place"].to_numpy(np.int64), names, len(shown), limit=_NAMES_SHOWN)


def _alliances(
    graph: ChainGraph,
    a: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    b: "np.ndarray[tuple[int], np.dtype[np.int64]]",
) -> pd.Series:
    """Return the alliances that both firms of each pair are in."""
    table = alliance_members(graph)[["firm", "alliance"]].drop_duplicates()
    pair = pd.DataFrame({"place": np.arange(len(a)), "a": a, "b": b})
    both = pair.merge(table, left_on="a", right_on="firm")
    both = both.merge(table, left_on=["b", "alliance"], right_on=["firm", "alliance"])
    names = graph.nodes["Alliance"]["name"].iloc[both["alliance"].to_numpy(np.int64)]
    return joined(both["place"].to_numpy(np.int64), names, len(a), limit=3)


def _notes(params: "OverlapParams", found: Pairs, hidden: int) -> tuple[Text, ...]:
    number = len(found.table)
    close = int((found.table["overlap"] >= params.same).sum())
    notes = [
        Text(
            f"同环节有共同产品的企业 {number} 对，其中 {close} 对达到同质标准 {params.same:g}；"
            f"列出重叠度 {params.listed:g} 以上的。",
            f"{number} pairs of a segment share a product, {close} of them reach {params.same:g}; "
            f"listed from {params.listed:g}.",
        )
    ]
    if params.by == "segments":
        notes.append(
            Text(
                "按环节比较：同在一个环节不等于产品相同，只供参考。",
                "Compared by segments: to stand in one segment is not to make the same.",
            )
        )
    if found.left_out:
        notes.append(
            Text(
                f"同一产品只比较产值最大的 {params.largest} 家，"
                f"另有 {found.left_out} 个产品记录没有比较。",
                f"Of each product the {params.largest} largest makers were compared; "
                f"{found.left_out} were not.",
            )
        )
    if hidden:
        notes.append(
            Text(
                f"只列出重叠最高的 {params.max_rows} 对，另有 {hidden} 对未列。",
                f"The {params.max_rows} closest pairs are listed; {hidden} more are not.",
            )
        )
    return tuple(notes)


def _not_reported(standing: pd.DataFrame, diagnosis: pd.DataFrame) -> tuple[Text, ...]:
    found = []
    silent = int((~standing["reporting"]).sum())
    if not len(standing):
        found.append(
            Text(
                "没有企业属于任何产业链：补报 企业.产业链 或 企业环节。",
                "No enterprise is in a chain: supply 企业.产业链 or 企业环节.",
            )
        )
    elif silent:
        found.append(
            Text(
                f"{silent} 家次链上企业未填报产品，没有参加比较：补报 企业环节.产品 或 企业产品。",
                f"{silent} firms in chains name no product and were not compared: supply "
                "企业环节.产品 or 企业产品.",
            )
        )
    open_ = int(diagnosis["present"].eq("not_reported").sum())
    if open_:
        found.append(
            Text(
                f"五症诊断有 {open_} 项测不出，所缺的表见各行说明。",
                f"{open_} symptoms could not be measured; each row names the sheets lacking.",
            )
        )
    return tuple(found)
