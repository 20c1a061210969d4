"""Which kinds of partner an alliance has: 政 (government), 企 (enterprises), 金, 学, 研, 服."""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.graph import ChainGraph, Codes
from graphmodel.scope import declared
from queries.columns import listed, written
from queries.coverage import PARTNERS
from queries.evidence import places

_KIND_OF: Final = {
    "GovernmentDepartment": "government",
    "Enterprise": "enterprise",
    "FinancialInstitution": "finance",
    "Association": "service",
}


def partner_kinds(graph: ChainGraph, codes: Codes) -> npt.NDArray[np.object_]:
    """Return the kind of partner that each organization is, "" where it cannot be told.

    A 高校院所 is 学 if its 类型 is 高校, 研 if 院所; a Party organization counts as its host.
    """
    host = graph.target("ORG_OF", "PartyOrganization")
    row = graph.rows("PartyOrganization", codes)
    if len(host):
        codes = np.where(row >= 0, host[row], codes)
    found = pd.Series(graph.kinds_of(codes), dtype="str").map(_KIND_OF).fillna("")
    types = written(graph.nodes["University"]["type"])
    school = graph.rows("University", codes)
    kinds = found.to_numpy(dtype=object)
    for choice, kind in (("高校", "university"), ("院所", "institute")):
        matching = np.flatnonzero(types == choice)
        kinds = np.where(np.isin(school, matching) & (school >= 0), kind, kinds)
    return kinds


def partners(graph: ChainGraph) -> pd.DataFrame:
    """Return, for each alliance, its members by kind of partner and the kinds not among them.

    Returns:
        `alliance`, `alliance_id`, `level`, `nature`, one count per key of `PARTNERS`, `unknown`,
        `members` (their sum), `member_count` (as stated), `lacking` (list of 政 … 服),
        `complete` (whether the list of members is known to be complete), `reason`, `evidence`.
    """
    table = graph.nodes["Alliance"]
    links = graph.edges["MEMBER_OF"]
    pairs = pd.DataFrame(
        {
            "alliance": graph.rows("Alliance", links["target"].to_numpy()),
            "member": links["source"].to_numpy(),
        }
    ).drop_duplicates()
    pairs = pairs[pairs["alliance"] >= 0]
    kind = partner_kinds(graph, pairs["member"].to_numpy())
    size = len(table)
    counts = {
        name: np.bincount(pairs["alliance"].to_numpy()[kind == key], minlength=size)
        for key, name in [*((k, k) for k in PARTNERS), ("", "unknown")]
    }
    frame = pd.DataFrame(counts, index=range(size))
    members = frame.sum(axis=1)
    region = graph.target("LOCATED_IN", "Alliance")
    complete = declared(graph, "联盟成员", regions=region, chains=np.full(size, -1))
    complete |= np.asarray((members > 0) & (table["member_count"] <= members).fillna(value=False))
    absent = frame[list(PARTNERS)].eq(0).to_numpy() & (members.gt(0).to_numpy() | complete).reshape(
        -1, 1
    )
    lacking = listed(absent, [kind.zh for kind in PARTNERS.values()], separator="、")
    lacking_en = listed(absent, [kind.en for kind in PARTNERS.values()], separator=", ")
    frame.insert(0, "alliance", table["name"].to_numpy())
    frame.insert(1, "alliance_id", table["id"].to_numpy())
    frame.insert(2, "level", written(table["level"]))
    frame.insert(3, "nature", written(table["nature"]))
    frame = frame.assign(
        members=members,
        member_count=table["member_count"].array,
        complete=complete,
        lacking=lacking,
        lacking_en=lacking_en,
        evidence=places(table).to_numpy(),
    )
    order = frame.sort_values(["alliance", "alliance_id"], kind="stable")
    return _with_reason(order.reset_index(drop=True))


def _with_reason(frame: pd.DataFrame) -> pd.DataFrame:
    number = frame["members"].astype("str")
    sure = frame["complete"]
    zh = (
        "名单 "
        + number
        + " 家，"
        + ("没有：" + frame["lacking"]).where(frame["lacking"] != "", "六类伙伴齐全")
    )
    en = (
        number
        + " members listed; "
        + ("none of: " + frame["lacking_en"]).where(frame["lacking"] != "", "all six kinds present")
    )
    zh = zh + pd.Series(
        np.where(sure, "。", "（联盟成员未声明填全，没有的也可能是未填报）。"), dtype="str"
    )
    en = en + pd.Series(
        np.where(sure, ".", " (the list is not declared complete: may be not reported)."),
        dtype="str",
    )
    silent = (frame["members"] == 0) & ~sure
    return frame.assign(
        reason=zh.where(~silent, "没有填报成员，伙伴类别未填报。"),
        reason_en=en.where(~silent, "No members reported, so partner kinds are not reported."),
    )
