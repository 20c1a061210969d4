"""Supply that exists locally and is not connected: talent, finance and research."""

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask
from queries.evidence import joined
from queries.gaps.institutes import institutes as matching
from queries.lists import in_order
from queries.membership import chain_labels
from queries.partners.research import members
from queries.segments import numbers, placements
from queries.sourcing.places import Places

if TYPE_CHECKING:
    from queries.partners import PartnerParams

_NAMED: Final = 3


def connected(graph: ChainGraph, ones: Codes, others: Codes) -> Mask:
    """Return which pairs of organizations (codes) are tied by anything on record.

    A tie is a common alliance, a common event (organisers apart), a co-building of the two, or
    finance; a Party organization stands for its host.
    """
    pair = np.arange(len(ones))
    rows = pd.DataFrame({"pair": pair, "one": ones, "other": others})
    found = np.zeros(len(ones), dtype=bool)
    member = graph.edges["MEMBER_OF"]
    events = np.arange(len(graph.nodes["Event"]))
    took = members(graph, events)
    groups = (
        pd.DataFrame(
            {"unit": host_of(graph, member["source"].to_numpy()), "group": member["target"]}
        ),
        took.loc[~took["unnamed"], ["source", "event"]].set_axis(["unit", "group"], axis=1),
    )
    for group in groups:
        table = group.drop_duplicates()
        ours = rows.merge(table.rename(columns={"unit": "one"}), on="one")
        both = ours.merge(table.rename(columns={"unit": "other"}), on=["other", "group"])
        found[both["pair"].to_numpy(np.int64)] = True
    direct = [_ends(graph, "CO_BUILDS"), _ends(graph, "FINANCES")]
    ties = np.concatenate([_key(graph, *ends) for ends in direct])
    back = np.concatenate([_key(graph, *ends[::-1]) for ends in direct])
    return found | np.isin(_key(graph, ones, others), np.concatenate([ties, back]))


def host_of(graph: ChainGraph, codes: Codes) -> Codes:
    """Return each code, that of its host for a Party organization that has one."""
    host = graph.target("ORG_OF", "PartyOrganization")
    row = graph.rows("PartyOrganization", codes)
    if not len(host):
        return codes
    return np.where((row >= 0) & (host[row] >= 0), host[row], codes)


def _ends(graph: ChainGraph, edge: str) -> tuple[Codes, Codes]:
    table = graph.edges[edge]
    return (
        host_of(graph, table["source"].to_numpy()),
        host_of(graph, table["target"].to_numpy()),
    )


def _key(graph: ChainGraph, ones: Codes, others: Codes) -> Codes:
    return ones * np.int64(max(graph.size, 1)) + others


def institutes(graph: ChainGraph, params: "PartnerParams") -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return, for each segment with a matching institute, the institute and who works with it.

    Institutes match by discipline (`queries.gaps.institutes`). Firms of the segment are those of
    the region asked about.

    Returns:
        The table; and pairs of a firm (code) and a local matching institute (code) that nothing
        ties, with `segment`, `chain`, `discipline`, `chokepoint`.
    """
    template, placement = placements(graph, params)
    leaves = np.arange(len(template), dtype=np.int64)
    found = matching(graph, template, leaves, limit=params.per_segment)
    leaf = found["leaf"].to_numpy(np.int64)
    near = template.reach.inside(template.chains[leaf], found["home"].to_numpy(np.int64))
    found = found.assign(offer=np.arange(len(found)), near=near)
    here = placement.here[["firm", "leaf"]].drop_duplicates()
    pairs = found[["offer", "leaf", "code"]].merge(here, on="leaf")
    codes = pairs["firm"].to_numpy(np.int64) + graph.offsets["Enterprise"]
    tied = connected(graph, codes, pairs["code"].to_numpy(np.int64))
    size, at = len(found), pairs["offer"].to_numpy(np.int64)
    names = pd.Series(graph.names(codes).to_numpy(dtype=object)[tied], dtype="str")
    segments = graph.nodes["Segment"].iloc[template.segments[leaf]].reset_index(drop=True)
    frame = pd.DataFrame(
        {
            "chain": chain_labels(graph)[template.chains[leaf]],
            "segment": segments["name"],
            "chokepoint": segments["chokepoint"],
            "import_dependence": numbers(segments["import_dependence"]),
            "institute": graph.names(found["code"].to_numpy(np.int64)),
            "discipline": found["detail"].to_numpy(),
            "region": graph.names(found["home"].to_numpy(np.int64)),
            "near": near,
            "firms": np.bincount(at, minlength=size),
            "connected": np.bincount(at[tied], minlength=size),
            "partners": joined(at[tied], names, size, limit=_NAMED),
        }
    )
    loose = pairs.assign(code_firm=codes)[~tied].merge(
        found[["offer", "near", "detail"]], on="offer"
    )
    loose = loose[loose["near"]]
    row = loose["offer"].to_numpy(np.int64)
    return _told(frame), pd.DataFrame(
        {
            "firm": loose["code_firm"].to_numpy(np.int64),
            "supplier": loose["code"].to_numpy(np.int64),
            "what": (frame["chain"] + "·" + frame["segment"]).to_numpy(dtype=object)[row],
            "how": loose["detail"].to_numpy(dtype=object),
            "urgent": segments["chokepoint"].fillna(value=False).to_numpy(dtype=bool)[row],
        }
    )


def _told(frame: pd.DataFrame) -> pd.DataFrame:
    firms, tied = frame["firms"].astype("str"), frame["connected"].astype("str")
    none = frame["firms"] == 0
    zh = (
        "学科与环节字面相合（推断）；本环节本地企业 "
        + firms
        + " 家，其中 "
        + tied
        + " 家与它有联系。"
    )
    en = (
        "Discipline matches by its words (inferred); " + firms + " local firms here, " + tied
        + " tied to it."
    )  # fmt: skip
    frame = frame.assign(
        reason=zh.mask(none, "学科与环节字面相合（推断）；本环节没有本地企业。"),
        reason_en=en.mask(none, "Discipline matches by its words (inferred); no local firm here."),
    )
    keys = frame.assign(
        choke=~frame["chokepoint"].fillna(value=False).to_numpy(dtype=bool),
        far=~frame["near"].to_numpy(dtype=bool),
    )
    order = keys.sort_values(["choke", "chain", "segment", "far", "institute"], kind="stable").index
    found: pd.DataFrame = frame.loc[order].reset_index(drop=True)
    return found


def unconnected(
    graph: ChainGraph,
    params: "PartnerParams",
    places_: Places,
    posts: tuple[pd.DataFrame, pd.DataFrame],
    borrowers: Codes,
    research: pd.DataFrame,
) -> pd.DataFrame:
    """Return firms with local supply that nothing on record ties them to.

    One row per firm and matter: open posts with local universities that teach for them (`posts`:
    rows and pairs of `talent`), open funding needs (`borrowers`, rows) with local institutions,
    and segments with matching local institutes (`research`).
    """
    rows, near = posts
    open_ = (~rows["closed"] & (rows["firm"] >= 0)).to_numpy(dtype=bool)
    near = near[open_[near["row"].to_numpy(np.int64)]]
    row = near["row"].to_numpy(np.int64)
    talent = pd.DataFrame(
        {
            "firm": rows["firm"].to_numpy(np.int64)[row] + graph.offsets["Enterprise"],
            "supplier": near["university"].to_numpy(np.int64) + graph.offsets["University"],
            "what": _post(rows).to_numpy(dtype=object)[row],
            "how": "",
            "urgent": False,
        }
    )
    money = _banks(graph, params, places_, borrowers)
    parts = []
    for matter, table in (("talent", talent), ("finance", money), ("research", research)):
        known = table if matter == "research" else table[~_tied(graph, table)]
        parts.append(known.assign(matter=matter))
    every = pd.concat(parts, ignore_index=True)
    return _listed(graph, every.drop_duplicates(["firm", "matter", "what", "supplier"]))


def _tied(graph: ChainGraph, table: pd.DataFrame) -> Mask:
    return connected(graph, table["firm"].to_numpy(np.int64), table["supplier"].to_numpy(np.int64))


def _post(rows: pd.DataFrame) -> "pd.Series[str]":
    return (rows["position"] + "·" + rows["major"]).str.strip("·")


def _banks(
    graph: ChainGraph, params: "PartnerParams", places_: Places, borrowers: Codes
) -> pd.DataFrame:
    """Return every borrower with every institution of its unit."""
    home = graph.rows("Region", graph.target("LOCATED_IN", "FinancialInstitution"))
    units = np.append(places_.of_region[params.level], -1)[home]
    banks = pd.DataFrame({"supplier": graph.codes("FinancialInstitution"), "unit": units})
    firms = pd.DataFrame(
        {
            "firm": borrowers + graph.offsets["Enterprise"],
            "unit": places_.units[params.level][borrowers],
        }
    )
    pairs = firms[firms["unit"] >= 0].merge(banks, on="unit")
    return pairs.drop(columns="unit").assign(what="融资", how="", urgent=False)


def _listed(graph: ChainGraph, every: pd.DataFrame) -> pd.DataFrame:
    keys = ["matter", "firm", "what"]
    every = every.reset_index(drop=True)
    name = graph.names(every["supplier"].to_numpy(np.int64)).astype("str")
    how = every["how"].astype("str")
    every = every.assign(name=name, label=name + ("（" + how + "）").where(how.ne(""), ""))
    every = every.sort_values([*keys, "name"], kind="stable").reset_index(drop=True)
    number = every.groupby(keys).ngroup().to_numpy().astype(np.int64)
    first = every.groupby(keys).agg(urgent=("urgent", "max"), count=("supplier", "nunique"))
    first = first.reset_index()
    labels = in_order(number, every["label"], len(first), limit=_NAMED)
    count = first["count"].astype("str")
    frame = pd.DataFrame(
        {
            "matter": first["matter"],
            "enterprise": graph.names(first["firm"].to_numpy(np.int64)),
            "enterprise_id": graph.ids(first["firm"].to_numpy(np.int64)),
            "what": first["what"],
            "suppliers": labels,
            "supplier_count": first["count"],
            "urgent": first["urgent"].astype("boolean"),
            "reason": "本地有 " + count + " 家对口单位，没有联盟、活动、共建或融资上的联系记录。",
            "reason_en": count + " local units fit, with no tie on record.",
        }
    )
    keyed = frame.assign(calm=~first["urgent"].to_numpy(dtype=bool))
    order = keyed.sort_values(["matter", "calm", "enterprise", "what"], kind="stable").index
    found: pd.DataFrame = frame.loc[order].reset_index(drop=True)
    return found
