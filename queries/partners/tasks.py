"""攻关派单: who commands and who takes each task, what is overdue, which weak segment has none."""

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from graphmodel.dates import day_bounds
from graphmodel.graph import ChainGraph, Codes, Mask
from queries.columns import listed
from queries.evidence import joined, places
from queries.membership import chain_labels, chain_members
from queries.segments import numbers

if TYPE_CHECKING:
    from queries.partners import PartnerParams

_NAMED: Final = 5
_DONE: Final = "完成|结题|验收|办结|达产|已解决|突破"
_NOT_DONE: Final = "未完成|未结题|待验收|未验收|未突破"
_TAKES: Final = "承接|承担|揭榜|中标"
_HEADS: Final = "挂帅|牵头"
_FORCE: Final = "攻坚"


def tasks(graph: ChainGraph, events: Codes, day: np.datetime64) -> pd.DataFrame:
    """Return one row per joint R&D task with its units, its state and its days overdue.

    An event that names no unit, no segment and no due date was given to nobody to do: it stands in
    the matrix of joint research alone.

    Overdue: `day` is after the last day of 期限 and 状态 does not say that it is done; nothing is
    overdue where `day` is NaT. `missing` lists which of 挂帅单位, 承接单位, 期限 are not reported.
    """
    table = graph.nodes["Event"].iloc[events].reset_index(drop=True)
    size = len(events)
    place = pd.Series(np.arange(size), index=events)
    part = graph.edges["PARTICIPATES"]
    leads = _units(graph, graph.edges["LEADS"], place, "")
    heads = _merged(leads, _units(graph, part, place, _HEADS), size)
    takers = _merged(_units(graph, part, place, _TAKES), None, size)
    force = _merged(_units(graph, part, place, _FORCE), None, size)
    due = day_bounds(table["due"])[1]
    status = table["status"].fillna("")
    done = status.str.contains(_DONE) & ~status.str.contains(_NOT_DONE)
    late = (day - due) / np.timedelta64(1, "D")
    overdue = ~done.to_numpy(dtype=bool) & ~np.isnat(due) & (late > 0)
    marks = np.column_stack([heads.eq(""), takers.eq(""), np.isnat(due)]).astype(bool)
    frame = pd.DataFrame(
        {
            "task": table["name"],
            "task_id": table["id"],
            "category": table["category"].fillna(""),
            "segment": _segments(graph, table),
            "chokepoint": table["chokepoint"],
            "commander": heads,
            "taker": takers,
            "force": force,
            "due": table["due"],
            "status": status,
            "state": pd.Series(
                np.select(
                    [done.to_numpy(dtype=bool), overdue, takers.eq("").to_numpy(dtype=bool)],
                    ["done", "overdue", "unassigned"],
                    "under_way",
                ),
                dtype="str",
            ),
            "late": pd.Series(np.where(overdue, late, np.nan)).astype("Float64").astype("Int64"),
            "missing": listed(marks, ["挂帅单位", "承接单位", "期限"], separator="、"),
            "missing_en": listed(marks, ["commander", "taker", "due date"], separator=", "),
            "budget": numbers(table["budget"]),
            "evidence": places(table).to_numpy(),
        }
    )
    told = frame["segment"].ne("") & (table["segment"].to_numpy() >= 0)
    sent = told.to_numpy(dtype=bool) | ~marks.all(axis=1) | frame["force"].ne("").to_numpy(bool)
    return _told(frame[sent])


def _units(
    graph: ChainGraph, table: pd.DataFrame, place: "pd.Series[int]", role: str
) -> pd.DataFrame:
    """Return who stands to which task in a role: `place` and `unit` (name)."""
    event = graph.rows("Event", table["target"].to_numpy())
    kept = np.isin(event, place.index.to_numpy()) & (event >= 0)
    if role:
        kept &= table["role"].fillna("").str.contains(role).to_numpy(dtype=bool)
    source = table["source"].to_numpy()[kept]
    kept_rows = ~graph.is_kind(source, "Group")
    return pd.DataFrame(
        {
            "place": place.reindex(event[kept][kept_rows]).to_numpy(np.int64),
            "unit": graph.names(source[kept_rows]).astype("str"),
        }
    )


def _merged(one: pd.DataFrame, other: pd.DataFrame | None, size: int) -> "pd.Series[str]":
    both = one if other is None else pd.concat([one, other], ignore_index=True)
    return joined(both["place"].to_numpy(np.int64), both["unit"], size, limit=_NAMED)


def _segments(graph: ChainGraph, table: pd.DataFrame) -> "pd.Series[str]":
    """Return 产业链·环节 of each task, the chain of its subject where it names no segment."""
    segment = graph.rows("Segment", table["segment"].to_numpy())
    names = np.append(graph.nodes["Segment"]["name"].to_numpy(dtype=object), "")[segment]
    of_segment = np.append(graph.rows("Chain", graph.target("PART_OF", "Segment")), -1)[segment]
    subject = graph.rows("Chain", table["subject"].to_numpy())
    chain = np.append(chain_labels(graph), "")[np.where(of_segment >= 0, of_segment, subject)]
    text = pd.Series(chain, dtype="str") + "·" + pd.Series(names, dtype="str")
    return text.str.strip("·")


def _told(frame: pd.DataFrame) -> pd.DataFrame:
    days = frame["late"].astype("str").fillna("")
    status = frame["status"].where(frame["status"].ne(""), "状态未填报")
    status_en = frame["status"].where(frame["status"].ne(""), "state not reported")
    late = frame["state"].eq("overdue")
    zh = status + ("，逾期 " + days + " 天").where(late, "")
    en = status_en + (", " + days + " days overdue").where(late, "")
    lack = frame["missing"].ne("") & frame["state"].ne("done")
    frame = frame.assign(
        reason=zh + ("；" + frame["missing"] + "未填报").where(lack, "") + "。",
        reason_en=en + ("; not reported: " + frame["missing_en"]).where(lack, "") + ".",
    )
    rank = frame["state"].map({"overdue": 0, "unassigned": 1, "under_way": 2, "done": 3})
    keys = frame.assign(rank=rank, late=-frame["late"].astype("Float64").fillna(0))
    order = keys.sort_values(["rank", "late", "due", "task", "task_id"], kind="stable").index
    found: pd.DataFrame = frame.loc[order].reset_index(drop=True)
    return found


def untasked(
    graph: ChainGraph, params: "PartnerParams", events: Codes, asked: Mask
) -> pd.DataFrame:
    """Return weak segments of the chains asked about without a task.

    Weak by what the sheet says: 卡脖子=是, or 进口依赖 above `params.import_dependence`; a segment
    that reports neither is not judged.
    """
    table = graph.nodes["Segment"]
    chain = graph.rows("Chain", graph.target("PART_OF", "Segment"))
    choke = table["chokepoint"].fillna(value=False).to_numpy(dtype=bool)
    imports = numbers(table["import_dependence"])
    busy = graph.rows("Segment", graph.nodes["Event"]["segment"].to_numpy()[events])
    weak = (choke | (imports > params.import_dependence)) & _chains(graph, params, asked)[chain]
    row = np.flatnonzero(weak & ~np.isin(np.arange(len(table)), busy))
    labels = np.append(chain_labels(graph), "")
    share = (pd.Series(imports[row]) * 100).round(1).astype("str").str.removesuffix(".0") + "%"
    known = ~np.isnan(imports[row])
    word = pd.Series(np.where(choke[row], "卡脖子环节", "进口依赖高的环节"), dtype="str")
    word_en = pd.Series(np.where(choke[row], "Chokepoint", "Import-dependent"), dtype="str")
    frame = pd.DataFrame(
        {
            "chain": labels[chain[row]],
            "segment": table["name"].to_numpy()[row],
            "chokepoint": table["chokepoint"].array[row],
            "import_dependence": imports[row],
            "reason": word + ("（进口依赖 " + share + "）").where(known, "") + "，没有攻关任务。",
            "reason_en": word_en + (" (" + share + " imported)").where(known, "") + ": no task.",
            "evidence": places(table).to_numpy()[row],
        }
    )
    keys = frame.assign(choke=~choke[row], share=-np.nan_to_num(imports[row]))
    order = keys.sort_values(["choke", "share", "chain", "segment"], kind="stable").index
    found: pd.DataFrame = frame.loc[order].reset_index(drop=True)
    return found


def _chains(graph: ChainGraph, params: "PartnerParams", asked: Mask) -> Mask:
    """Return which chains are asked about (rows, then False for -1)."""
    size = len(graph.nodes["Chain"])
    kept = np.ones(size, dtype=bool)
    if params.chain:
        kept &= graph.codes("Chain") == graph.find("Chain", params.chain)
    if params.region:
        pairs = chain_members(graph)
        theirs = pairs.loc[asked[pairs["firm"].to_numpy(np.int64)], "chain"]
        home = graph.target("LOCATED_IN", "Chain")
        inside = graph.lies_within(home, graph.find("Region", params.region))
        kept &= np.isin(np.arange(size), theirs) | inside
    return np.append(kept, False)
