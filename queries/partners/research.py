"""Joint research of firms and institutes: many-sided events, and a projection marked inferred."""

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask
from queries.columns import written
from queries.evidence import joined, places
from queries.partners.fairs import taking_part
from queries.segments import numbers

if TYPE_CHECKING:
    from queries.partners import PartnerParams

_NAMED: Final = 8
_FIRMS: Final = "企业|公司"
_SCHOOLS: Final = "高校|院校|院所|大学|科研"


def joint_tasks(graph: ChainGraph, params: "PartnerParams", asked: Mask) -> Codes:
    """Return the events (rows) of type 联合攻关 that are asked about.

    Under a chain or a region those whose subject is that chain, whose segment is of it, or in
    which an enterprise asked about takes part or commands.
    """
    table = graph.nodes["Event"]
    row = np.flatnonzero(written(table["type"]) == "联合攻关").astype(np.int64)
    if not (params.chain or params.region):
        return row
    code = graph.codes("Event")[row]
    kept = np.zeros(len(row), dtype=bool)
    if params.chain:
        chain = graph.find("Chain", params.chain)
        segment = graph.rows("Segment", table["segment"].to_numpy()[row])
        of_segment = np.append(graph.target("PART_OF", "Segment"), -1)[segment]
        kept |= (table["subject"].to_numpy()[row] == chain) | (of_segment == chain)
    firms = graph.codes("Enterprise")[asked]
    for edge in ("PARTICIPATES", "LEADS"):
        ends = graph.edges[edge]
        theirs = np.isin(ends["source"].to_numpy(), firms)
        kept |= np.isin(code, ends["target"].to_numpy()[theirs])
    return row[kept]


def members(graph: ChainGraph, events: Codes) -> pd.DataFrame:
    """Return everyone in the events given: `event` (row), `source` (code), `side`, `count`.

    `side` is firm, institute, other or unknown: an unnamed group is what its role says it is.
    Commanding units (LEADS) take part; organisers do not. `count` is 家数 of an unnamed group, NaN
    where not stated. A Party organization stands for its host.
    """
    part = taking_part(graph, events)[["event", "source", "role", "count", "unnamed"]]
    leads = graph.edges["LEADS"]
    at = graph.rows("Event", leads["target"].to_numpy())
    kept = np.isin(at, events) & (at >= 0)
    heads = pd.DataFrame(
        {
            "event": at[kept],
            "source": leads["source"].to_numpy()[kept],
            "role": "挂帅",
            "count": 1.0,
            "unnamed": False,
        }
    )
    both = pd.concat([part, heads], ignore_index=True)
    source = _hosts(graph, both["source"].to_numpy(np.int64))
    role = both["role"].astype("str")
    firm = graph.is_kind(source, "Enterprise")
    school = graph.is_kind(source, "University")
    unnamed = both["unnamed"].to_numpy(dtype=bool)
    side = np.select(
        [
            firm | (unnamed & role.str.contains(_FIRMS).to_numpy(dtype=bool)),
            school | (unnamed & role.str.contains(_SCHOOLS).to_numpy(dtype=bool)),
            unnamed,
        ],
        ["firm", "institute", "unknown"],
        "other",
    )
    both = both.assign(source=source, side=pd.Series(side, dtype="str"))
    named = both[~unnamed].drop_duplicates(["event", "source"])
    return pd.concat([named, both[unnamed]], ignore_index=True)


def _hosts(graph: ChainGraph, codes: Codes) -> Codes:
    """Return each code, that of its host for a Party organization that has one."""
    host = graph.target("ORG_OF", "PartyOrganization")
    row = graph.rows("PartyOrganization", codes)
    if not len(host):
        return codes
    return np.where((row >= 0) & (host[row] >= 0), host[row], codes)


def matrix(graph: ChainGraph, events: Codes) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return 校企研矩阵, one row per event, and the pairs it is projected on, marked inferred.

    An event with n participants gives each pair of a firm and an institute the weight 1/(n − 1);
    n counts unnamed participants too, and the weight is not reported where their number is not.
    """
    part = members(graph, events)
    place = pd.Series(np.arange(len(events)), index=events)
    part = part.assign(place=part["event"].map(place).astype("int64"))
    size = len(events)
    at = part["place"].to_numpy(np.int64)
    count = part["count"].to_numpy(np.float64)
    blank = np.bincount(at[np.isnan(count)], minlength=size) > 0
    table = graph.nodes["Event"].iloc[events]
    sides = {
        side: _side(graph, part[part["side"] == side], size)
        for side in ("firm", "institute", "unknown")
    }
    total = np.bincount(at, np.nan_to_num(count), minlength=size)
    frame = pd.DataFrame(
        {
            "project": table["name"].to_numpy(),
            "project_id": table["id"].to_numpy(),
            "category": table["category"].fillna("").to_numpy(),
            "firms": sides["firm"]["names"],
            "firm_count": sides["firm"]["count"],
            "institutes": sides["institute"]["names"],
            "institute_count": sides["institute"]["count"],
            "unknown_count": sides["unknown"]["count"],
            "participants": pd.Series(total, dtype="Int64").mask(blank),
            "budget": numbers(table["budget"]),
            "stage": table["stage"].fillna("").to_numpy(),
            "status": table["status"].fillna("").to_numpy(),
            "date": table["date"].to_numpy(),
            "evidence": places(table).to_numpy(),
        }
    )
    pairs = _projected(graph, part, np.where(blank, np.nan, total), frame["project"])
    return _told(frame), pairs


def _side(graph: ChainGraph, part: pd.DataFrame, size: int) -> pd.DataFrame:
    """Return, per event, the names of one side and how many they are, unnamed ones included."""
    at = part["place"].to_numpy(np.int64)
    named = part[~part["unnamed"]]
    names = graph.names(named["source"].to_numpy(np.int64)).astype("str")
    listed = joined(named["place"].to_numpy(np.int64), names, size, limit=_NAMED)
    groups = part[part["unnamed"]]
    extra = np.bincount(
        groups["place"].to_numpy(np.int64), groups["count"].fillna(0).to_numpy(), minlength=size
    )
    more = "未具名 " + pd.Series(extra.astype(np.int64)).astype("str") + " 家"
    comma = pd.Series(np.where(listed.ne(""), "、", ""), dtype="str")
    return pd.DataFrame(
        {
            "names": listed + (comma + more).where(extra > 0, ""),
            "count": np.bincount(
                at, part["count"].fillna(0).to_numpy(np.float64), minlength=size
            ).astype(np.int64),
        }
    )


def _projected(
    graph: ChainGraph,
    part: pd.DataFrame,
    total: npt.NDArray[np.float64],
    names: "pd.Series[str]",
) -> pd.DataFrame:
    """Return every firm with every institute of the same event, weights added over events."""
    named = part[~part["unnamed"]]
    firms = named.loc[named["side"] == "firm", ["place", "source"]]
    schools = named.loc[named["side"] == "institute", ["place", "source"]]
    pairs = firms.merge(schools, on="place", suffixes=("_firm", "_institute"))
    size = total[pairs["place"].to_numpy(np.int64)]
    pairs = pairs.assign(
        weight=np.divide(1.0, size - 1, out=np.full(len(size), np.nan), where=size > 1),
        name=names.to_numpy()[pairs["place"].to_numpy(np.int64)],
    )
    keys = ["source_firm", "source_institute"]
    grouped = pairs.groupby(keys)
    table = grouped.agg(events=("place", "nunique"), known=("weight", "count")).assign(
        weight=grouped["weight"].sum(min_count=1)
    )
    table = table.reset_index()
    number = pairs.groupby(keys).ngroup().to_numpy().astype(np.int64)
    projects = joined(number, pairs["name"].astype("str"), len(table), limit=3)
    frame = pd.DataFrame(
        {
            "enterprise": graph.names(table["source_firm"].to_numpy(np.int64)),
            "institute": graph.names(table["source_institute"].to_numpy(np.int64)),
            "events": table["events"],
            "weight": table["weight"],
            "projects": projects,
            "inferred": True,
        }
    )
    frame = frame.assign(
        reason="同在 " + frame["events"].astype("str")
        + " 项多方活动，按 1/(n−1) 推断，不是两家之间的约定。",
        reason_en="In " + frame["events"].astype("str")
        + " many-sided events; inferred as 1/(n−1), no agreement of the two.",
    )  # fmt: skip
    order = frame.sort_values(["weight", "enterprise", "institute"], ascending=[False, True, True])
    found: pd.DataFrame = order.reset_index(drop=True)
    return found


def _told(frame: pd.DataFrame) -> pd.DataFrame:
    firms, schools = frame["firm_count"].astype("str"), frame["institute_count"].astype("str")
    unknown = frame["unknown_count"].astype("str")
    vague = frame["unknown_count"] > 0
    zh = "一项多方活动：企业 " + firms + " 家、院校 " + schools + " 家"
    en = "One many-sided event: " + firms + " firms, " + schools + " institutes"
    zh = zh + ("，另有 " + unknown + " 家类别不明").where(vague, "")
    en = en + (", " + unknown + " of unknown kind").where(vague, "")
    some = pd.Series("；没有院校", index=frame.index).where(frame["institute_count"] == 0, "")
    some_en = pd.Series("; no institute", index=frame.index).where(
        frame["institute_count"] == 0, ""
    )
    frame = frame.assign(
        reason=zh + some + "；不拆成两两关系。",
        reason_en=en + some_en + "; not split into pairs.",
    )
    order = frame.sort_values(
        ["budget", "project", "project_id"], ascending=[False, True, True], na_position="last"
    )
    found: pd.DataFrame = order.reset_index(drop=True)
    return found
