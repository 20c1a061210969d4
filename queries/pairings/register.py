"""The register of co-building, and where each pair stands on a day."""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.dates import day_bounds
from graphmodel.graph import ChainGraph, Codes
from graphmodel.schema import Text
from queries.coverage.partnering import partner_kinds
from queries.evidence import places

KINDS: Final = {
    "enterprise": Text("企业", "enterprise"),
    "government": Text("机关", "government"),
    "finance": Text("金融机构", "finance"),
    "university": Text("高校", "university"),
    "institute": Text("院所", "institute"),
    "service": Text("协会商会", "association"),
    "": Text("未填报", "not reported"),
}
"""What the two sides of a pair are called, by the kind of partner that they are."""

_OVER: Final = r"到期|终止|解除|结束|完成"
_RUNNING: Final = r"履行|有效|进行|推进|在建|续签|正常"


def side_kinds(graph: ChainGraph, codes: Codes) -> npt.NDArray[np.object_]:
    """Return the key of `KINDS` for each organization; a Party organization counts as its host.

    A 高校院所 without 类型 counts as a university.
    """
    kinds = partner_kinds(graph, codes)
    host = np.append(graph.target("ORG_OF", "PartyOrganization"), -1)
    row = graph.rows("PartyOrganization", codes)
    unit = np.where(row >= 0, host[row], codes)
    school = (kinds == "") & graph.is_kind(unit, "University")
    return np.where(school, "university", kinds)


def register(graph: ChainGraph, day: np.datetime64, soon_days: int) -> pd.DataFrame:
    """Return every pair on record, once each, whichever way round it was written.

    Returns:
        `a` and `b` (codes), the columns of the register except 序号, sorted by the names of both.
    """
    table = graph.edges["CO_BUILDS"]
    ends = {side: table[end].to_numpy() for side, end in (("a", "source"), ("b", "target"))}
    frame = pd.DataFrame(
        {
            **ends,
            **{name: table[name].fillna("") for name in ("form", "matter", "status")},
            "signed": table["signed"],
            "expires": table["expires"],
            "evidence": places(table),
        }
    )
    for side, codes in ends.items():
        kinds = pd.Series(side_kinds(graph, codes), dtype="str")
        frame[f"party_{side}"] = graph.names(codes)
        frame[f"party_{side}_id"] = graph.ids(codes)
        frame[f"kind_{side}"] = kinds.map({key: text.zh for key, text in KINDS.items()})
        frame[f"kind_{side}_en"] = kinds.map({key: text.en for key, text in KINDS.items()})
    found = _standing(frame, day, soon_days)
    order = ["party_a", "party_b", "party_a_id", "party_b_id"]
    return found.sort_values(order, kind="stable").reset_index(drop=True)


def _standing(frame: pd.DataFrame, day: np.datetime64, soon_days: int) -> pd.DataFrame:
    """Add `state` and the advice for the pair itself."""
    last = day_bounds(frame["expires"])[1]
    dated = ~np.isnat(last) & ~np.isnat(day)
    says_over = frame["status"].str.contains(_OVER, regex=True).to_numpy()
    says_on = ~says_over & frame["status"].str.contains(_RUNNING, regex=True).to_numpy()
    over = dated & (last < day)
    soon = dated & ~over & (last <= day + np.timedelta64(soon_days, "D"))
    state = np.select(
        [over, soon, dated, says_over, says_on],
        ["expired", "expiring", "active", "expired", "active"],
        "not_reported",
    )
    end = frame["expires"].fillna("")
    clash = (over & says_on) | (dated & ~over & says_over)
    zh = np.select(
        [over | (state == "expired"), soon, state == "not_reported"],
        [
            "已到期" + ("（" + end + "）").where(end.ne(""), "") + "：建议续签，或另行结对。",
            "将于 " + end + " 到期：建议商定是否续签。",
            pd.Series("到期日期和状态都未填报：建议补报。", index=frame.index),
        ],
        "",
    )
    en = np.select(
        [over | (state == "expired"), soon, state == "not_reported"],
        [
            "Expired" + (" (" + end + ")").where(end.ne(""), "") + ": renew it, or pair anew.",
            "Expires " + end + ": agree whether to renew it.",
            pd.Series("Neither expiry nor status is reported: supply them.", index=frame.index),
        ],
        "",
    )
    note = pd.Series(np.where(clash, "填报状态“" + frame["status"] + "”与到期日期不符。", ""))
    note_en = pd.Series(
        np.where(clash, " Reported as " + frame["status"] + ", against the date of expiry.", "")
    )
    return frame.assign(
        state=state,
        reason=(pd.Series(zh) + note).to_numpy(),
        reason_en=(pd.Series(en) + note_en).str.strip().to_numpy(),
    )


def shared_events(graph: ChainGraph) -> list[str]:
    """Return the names of events about co-building, which are no pairs of two organizations."""
    names = graph.nodes["Event"]["name"].fillna("")
    return sorted(names[names.str.contains("共建|结对", regex=True)])
