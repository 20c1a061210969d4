"""The rows of `pairings`: the register, who has no pair, and the pairs advised."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph
from graphmodel.question import Result
from graphmodel.schema import Text
from queries.alliances.periods import day_of, shown
from queries.evidence import places
from queries.pairings.advice import Advice, advised
from queries.pairings.parties import Parties, parties
from queries.pairings.register import KINDS, register, shared_events

if TYPE_CHECKING:
    from queries.pairings import PairingParams


def answered(graph: ChainGraph, params: "PairingParams") -> Result:
    """Return the answer described at `queries.pairings.answer`."""
    day = day_of(graph, params.as_of)
    pairs = register(graph, day, params.soon_days)
    sides = parties(graph, params, pairs)
    advice = advised(graph, sides, params)
    rows = _asked(graph, params, sides, pairs)
    unpaired = _unpaired(graph, sides, advice)
    return Result(
        question="pairings",
        params=params,
        rows=_numbered(rows),
        tables={
            "advised": _advised(graph, sides, advice),
            "unpaired": unpaired,
            "summary": _summary(sides),
        },
        notes=_notes(graph, params, advice, shown(day)),
        not_reported=_not_reported(graph, rows, sides, advice),
    )


def _numbered(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.reset_index(drop=True).assign(number=np.arange(1, len(rows) + 1))


def _asked(
    graph: ChainGraph, params: "PairingParams", sides: Parties, pairs: pd.DataFrame
) -> pd.DataFrame:
    """Return the pairs with a side that is asked about."""
    if not (params.chain or params.region):
        return pairs
    kept = np.append(sides.kept, [False])
    either = np.zeros(len(pairs), dtype=bool)
    for side in ("a", "b"):
        either |= kept[graph.rows("PartyOrganization", pairs[side].to_numpy())]
    return pairs[either]


def _labelled(kinds: pd.Series, name: str) -> dict[str, pd.Series]:
    return {
        name: kinds.map({key: text.zh for key, text in KINDS.items()}),
        f"{name}_en": kinds.map({key: text.en for key, text in KINDS.items()}),
    }


def _advised(graph: ChainGraph, sides: Parties, advice: Advice) -> pd.DataFrame:
    pairs = advice.pairs
    codes = {side: pairs[side].to_numpy(np.int64) for side in ("a", "b")}
    frame = pairs.assign(region=graph.names(sides.region[codes["b"]]).fillna("").to_numpy())
    for side, row in codes.items():
        organization = row + graph.offsets["PartyOrganization"]
        kinds = pd.Series(sides.kind[row], dtype="str")
        frame[f"party_{side}"] = graph.names(organization).to_numpy()
        frame[f"party_{side}_id"] = graph.ids(organization).to_numpy()
        frame = frame.assign(**_labelled(kinds, f"kind_{side}"))
    order = ["score", "party_a", "party_b", "party_a_id"]
    ascending = [False, True, True, True]
    return _numbered(frame.sort_values(order, ascending=ascending, kind="stable"))


def _unpaired(graph: ChainGraph, sides: Parties, advice: Advice) -> pd.DataFrame:
    """Return the Party organizations asked about that have no pair in force."""
    table = graph.nodes["PartyOrganization"]
    partner = pd.Series("", index=range(len(table)), dtype="str")
    names = table["name"].to_numpy(object)
    a, b = (advice.pairs[side].to_numpy(np.int64) for side in ("a", "b"))
    partner.iloc[a] = names[b]
    state = _state(sides)
    frame = pd.DataFrame(
        {
            "name": table["name"],
            "id": table["id"],
            **_labelled(pd.Series(sides.kind, dtype="str"), "kind"),
            "region": graph.names(sides.region).fillna(""),
            "state": state,
            "advised": partner,
            "evidence": places(table),
        }
    )
    told = {
        "none": Text("结对共建已声明填全而没有记录。", "结对共建 is declared complete; none."),
        "expired": Text("原有结对都已到期。", "Every pair it had has expired."),
        "not_reported": Text(
            "没有结对记录，结对共建未声明填全：未填报，不算没有。",
            "No pair on record and 结对共建 is not declared complete: not reported.",
        ),
    }
    frame["reason"] = frame["state"].map({key: text.zh for key, text in told.items()})
    frame["reason_en"] = frame["state"].map({key: text.en for key, text in told.items()})
    kept = sides.kept & ~sides.paired & sides.standing
    return frame[kept].sort_values(["state", "name", "id"], kind="stable")


def _state(sides: Parties) -> pd.Series:
    known = np.where(sides.complete, "none", "not_reported")
    state = np.select([sides.paired, sides.expired], ["paired", "expired"], known)
    return pd.Series(state, dtype="str")


def _summary(sides: Parties) -> pd.DataFrame:
    """Return the number of organizations in each state, by kind."""
    kept = sides.kept & sides.standing
    frame = pd.DataFrame({"kind": sides.kind, "state": _state(sides)})[kept]
    counts = pd.crosstab(frame["kind"], frame["state"])
    counts = counts.reindex(
        index=[kind for kind in KINDS if kind in set(frame["kind"])],
        columns=["paired", "expired", "none", "not_reported"],
        fill_value=0,
    )
    organizations = counts.sum(axis=1)
    table = counts.assign(organizations=organizations).reset_index()
    return table.assign(**_labelled(table["kind"].astype("str"), "kind"))


def _notes(
    graph: ChainGraph, params: "PairingParams", advice: Advice, day: str
) -> tuple[Text, ...]:
    cut = advice.cut
    best = Text(
        "没有候选被略去，所以在全部可能的结对中总得分最大。"
        if not cut
        else f"{cut} 个党组织的候选多于 {params.candidates} 个，只比较了得分最高的；"
        "在比较过的候选中总得分最大。",
        "No candidate was cut off, so the total score is the greatest of all sets of pairs."
        if not cut
        else f"{cut} organizations have more than {params.candidates} candidates, of which the "
        "best were compared; the total score is the greatest among those.",
    )
    found = [
        Text(
            f"为 {advice.asked} 个没有有效结对的企业党组织在本市比较了 {advice.candidates} 个候选，"
            f"建议 {len(advice.pairs)} 对；每个非企业党组织最多新结 {params.capacity} 对。"
            f"{best.zh}",
            f"For {advice.asked} Party organizations of enterprises without a pair in force "
            f"{advice.candidates} candidates of the same city were compared; "
            f"{len(advice.pairs)} pairs are advised, at most {params.capacity} for each "
            f"organization of another kind. {best.en}",
        )
    ]
    found.append(
        Text(
            "只建议企业党组织与机关、金融机构、高校、院所、协会商会的党组织结对，且在同一市内。",
            "Advised are pairs of an enterprise's Party organization with one of a department, "
            "bank, university, institute or association, within one city.",
        )
    )
    if day:
        found.append(Text(f"状态截至 {day}。", f"States as of {day}."))
    if events := shared_events(graph):
        names = "、".join(events[:5]) + (f"等 {len(events)} 项" if events[5:] else "")
        found.append(
            Text(
                f"按活动记录、不算结对的共建：{names}。",
                f"Co-building recorded as events, not as pairs: {names}.",
            )
        )
    return tuple(found)


def _not_reported(
    graph: ChainGraph, rows: pd.DataFrame, sides: Parties, advice: Advice
) -> tuple[Text, ...]:
    found = []
    if not len(graph.edges["CO_BUILDS"]):
        found.append(Text("没有填报结对：补报 结对共建。", "No pairs reported: supply 结对共建."))
    if not len(graph.nodes["PartyOrganization"]):
        found.append(
            Text(
                "没有填报党组织：补报 党组织 和 依托。",
                "No Party organizations reported: supply 党组织 and 依托.",
            )
        )
    if silent := int(rows["state"].eq("not_reported").sum()):
        found.append(
            Text(
                f"{silent} 对结对没有到期日期也没有状态：补报 结对共建.到期日期 或 状态。",
                f"{silent} pairs give neither expiry nor status: supply them in 结对共建.",
            )
        )
    without = sides.kept & sides.standing & ~sides.paired & ~sides.expired & ~sides.complete
    if number := int(without.sum()):
        found.append(
            Text(
                f"{number} 个党组织没有结对记录：补报 结对共建，或在填报范围声明填全。",
                f"{number} Party organizations have no pair on record: supply 结对共建, or declare "
                "it complete in 填报范围.",
            )
        )
    unknown = sides.kept & sides.standing & (sides.kind == "")
    if number := int(unknown.sum()):
        found.append(
            Text(
                f"{number} 个党组织的类别未填报，不参加建议：补报 依托。",
                f"{number} organizations of unknown kind take no part in advice: supply 依托.",
            )
        )
    if advice.lonely:
        found.append(
            Text(
                f"{advice.lonely} 个企业党组织所在的市没有填报其他类别的党组织，无从建议："
                "补报 党组织 和 依托。",
                f"{advice.lonely} organizations of enterprises lie in cities without any of "
                "another kind: supply 党组织 and 依托.",
            )
        )
    return tuple(found)
