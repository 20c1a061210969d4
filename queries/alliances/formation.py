"""Formation modes: what is declared, what the lead unit implies, what the firms advise."""

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.graph import ChainGraph, Codes
from graphmodel.schema import Text
from queries.alliances.tenures import covered_chains
from queries.columns import listed, written
from queries.evidence import joined
from queries.membership import alliance_members, chain_labels, chain_members, insiders

if TYPE_CHECKING:
    from queries.alliances import AllianceParams

DEPARTMENT: Final = "职能部门牵引"
FIRM: Final = "龙头企业带动"
COMMITTEE: Final = "属地党委整合"
ASSOCIATION: Final = "行业协会串联"
MODES: Final = {
    FIRM: "led by a leading firm",
    COMMITTEE: "by the local committee",
    ASSOCIATION: "by an association",
    DEPARTMENT: "led by a department",
}
"""Modes in the order in which advice prefers them, with their English."""

_LOCAL: Final = r"管委会|管理委员会|党工委|党群|街道|园区|开发区$"
"""Names of a department that speaks for a place (属地), not for a function."""

_ZONE: Final = "功能区"


def inferred(graph: ChainGraph) -> pd.Series:
    """Return the modes that the lead units (牵头单位) of each alliance imply, "" without one.

    A department → 职能部门牵引, but one of a place (管委会, 党工委, 党群部 …) → 属地党委整合; an
    enterprise → 龙头企业带动; an association → 行业协会串联; a Party organization counts as its
    host, or else as 属地党委整合. Other units imply nothing; several modes are all listed.
    """
    table = graph.edges["LEADS"]
    alliance = graph.rows("Alliance", table["target"].to_numpy())
    lead = table["source"].to_numpy()[alliance >= 0]
    alliance = alliance[alliance >= 0]
    host = np.append(graph.target("ORG_OF", "PartyOrganization"), -1)
    organization = graph.rows("PartyOrganization", lead)
    unit = np.where((organization >= 0) & (host[organization] >= 0), host[organization], lead)
    kind = pd.Series(graph.kinds_of(unit), dtype="str")
    local = graph.names(unit).fillna("").str.contains(_LOCAL, regex=True)
    mode = kind.map(
        {
            "GovernmentDepartment": DEPARTMENT,
            "Enterprise": FIRM,
            "Association": ASSOCIATION,
            "PartyOrganization": COMMITTEE,
        }
    )
    mode = mode.mask(kind.eq("GovernmentDepartment") & local, COMMITTEE).fillna("")
    return joined(alliance, mode, len(graph.nodes["Alliance"]), limit=len(MODES))


def declared_modes(graph: ChainGraph) -> npt.NDArray[np.object_]:
    """Return the 组建模式 of each alliance, "" where not reported."""
    return written(graph.nodes["Alliance"]["formation"])


def formations(graph: ChainGraph, params: "AllianceParams") -> pd.DataFrame:
    """Return the modes of every alliance, and the advice for every chain without one.

    Returns:
        `alliance` (row, -1 for a chain without one), `chain` (label of the chains), `declared`,
        `inferred`, `advised`, `mismatch` (NA where there is nothing to compare), `reason`,
        `reason_en`. Rows of alliances come first, in the order of their table.
    """
    size = len(graph.nodes["Alliance"])
    alliance, chain = covered_chains(graph)
    bare = np.setdiff1d(np.arange(len(graph.nodes["Chain"])), chain)
    groups = np.concatenate([alliance, size + np.arange(len(bare))])
    chains = np.concatenate([chain, bare])
    total = size + len(bare)
    labels = pd.Series(chain_labels(graph)[chains], dtype="str")
    like = _alike(groups, chains, total)  # only the first of those over the same chains is advised
    first = like[groups] == groups
    some, over = groups[first], chains[first]
    advice = advised(graph, _firms(graph, some, over, size), some, over, total, params)
    advice = advice.iloc[like].reset_index(drop=True)
    declared = np.append(declared_modes(graph), np.full(len(bare), "", dtype=object))
    implied = pd.concat([inferred(graph), pd.Series("", index=range(len(bare)))])
    frame = pd.DataFrame(
        {
            "alliance": np.where(np.arange(total) < size, np.arange(total), -1),
            "chain": joined(groups, labels, total, limit=5),
            "declared": pd.Series(declared, dtype="str"),
            "inferred": pd.Series(implied.to_numpy(), dtype="str"),
        }
    )
    return _compared(pd.concat([frame, advice], axis=1))


def _alike(groups: Codes, chains: Codes, size: int) -> Codes:
    """Return, for each group, the first over the same chains; itself where it is over none."""
    sets = pd.Series(chains).groupby(groups).agg(tuple)
    group, (number, _) = sets.index.to_numpy(np.int64), pd.factorize(sets)
    found = np.arange(size, dtype=np.int64)
    found[group] = group[np.unique(number, return_index=True)[1]][number]
    return found


def _firms(graph: ChainGraph, groups: Codes, chains: Codes, size: int) -> pd.DataFrame:
    """Return `group` and `firm`: firms of the chains; of an alliance over none, its members."""
    covered = pd.DataFrame({"group": groups, "chain": chains}).merge(chain_members(graph))
    own = alliance_members(graph)[["alliance", "firm"]].rename(columns={"alliance": "group"})
    own = own[insiders(graph)[own["firm"].to_numpy(np.int64)] & ~own["group"].isin(groups)]
    both = pd.concat([covered[["group", "firm"]], own[own["group"] < size]])
    found: pd.DataFrame = both.drop_duplicates(ignore_index=True)
    return found


def _compared(frame: pd.DataFrame) -> pd.DataFrame:
    """Say whether what is declared, else inferred, agrees with the lead unit and the firms.

    It agrees with the firms if any of the patterns that hold speaks for it, the advised or another.
    """
    said, implied, advice = frame["declared"], frame["inferred"], frame["advised"]
    against_lead = said.ne("") & implied.ne("") & ~_among(said, implied)
    against_advice = said.where(said.ne(""), implied).ne("") & advice.ne("")
    base = said.where(said.ne(""), implied)
    against_advice &= ~_shared(frame["fitting"], base)
    comparable = (said.ne("") & implied.ne("")) | (base.ne("") & advice.ne(""))
    mismatch = pd.Series(against_lead | against_advice, dtype="boolean").mask(~comparable)
    zh = frame["reason"] + ("声明" + said + "，按牵头单位推断为" + implied + "。").where(
        against_lead, ""
    )
    en = frame["reason_en"] + (
        " Declared: " + said.replace(MODES) + "; its lead unit implies: " + implied + "."
    ).where(against_lead, "")
    zh = zh + ("现为" + base + "，建议" + advice + "。").where(against_advice, "")
    en = en + (" Now: " + base + "; advised: " + advice + ".").where(against_advice, "")
    return frame.assign(mismatch=mismatch, reason=zh, reason_en=en)


def _among(one: pd.Series, several: pd.Series) -> pd.Series:
    """Return whether each text of `one` is among the modes listed in `several`."""
    held = np.zeros(len(one), dtype=bool)
    for mode in MODES:
        held |= (one.eq(mode) & several.str.contains(mode, regex=False)).to_numpy()
    return pd.Series(held)


def _shared(one: pd.Series, other: pd.Series) -> pd.Series:
    """Return whether both lists of modes name one mode."""
    found = np.zeros(len(one), dtype=bool)
    for mode in MODES:
        both = one.str.contains(mode, regex=False) & other.str.contains(mode, regex=False)
        found |= both.to_numpy()
    return pd.Series(found)


def advised(
    graph: ChainGraph,
    firms: pd.DataFrame,
    groups: Codes,
    chains: Codes,
    size: int,
    params: "AllianceParams",
) -> pd.DataFrame:
    """Return the mode that the firms of each group advise, with its reason.

    One firm with at least `dominant_share` of the reported output → 龙头企业带动; at least
    `park_share` of the firms with a known place in one functional zone → 属地党委整合; at least
    `many_members` firms of a trade that has an association → 行业协会串联; firms in at least
    `scattered_regions` regions, none with half of them → 职能部门牵引. The first that holds is
    advised, and every one that holds is told; fewer than `min_firms` firms: no advice.

    Returns:
        `advised`, `fitting` (every mode that holds), `reason`, `reason_en`, in the order of the
        groups 0 … size - 1.
    """
    group = firms["group"].to_numpy(np.int64)
    count = np.bincount(group, minlength=size)
    top, reporting = _dominant(graph, firms, size)
    zone, located, spread, most = _places(graph, firms, size)
    trade = _associations(graph, groups, chains, size)
    enough = count >= params.min_firms
    marks = np.column_stack(
        [
            enough & (reporting >= params.min_firms) & (top >= params.dominant_share),
            enough & (located >= params.min_firms) & (zone >= params.park_share),
            (count >= params.many_members) & trade.ne("").to_numpy(),
            enough & (spread >= params.scattered_regions) & (most < 0.5),  # noqa: PLR2004  # no majority
        ]
    )
    modes = np.array([*MODES, ""], dtype=object)
    first = np.where(marks.any(axis=1), marks.argmax(axis=1), len(MODES))
    shares = [_percent(values) for values in (top, zone)]
    zh, en = _sentences(marks, count, shares, trade, spread)
    few = pd.Series(~enough)
    silent = pd.Series(enough & ~marks.any(axis=1))
    return pd.DataFrame(
        {
            "advised": pd.Series(modes[first], dtype="str"),
            "fitting": listed(marks, list(MODES), separator="、"),
            "reason": zh.mask(few, "企业不足，不作建议。").mask(
                silent, "四种情形都不明显，不作建议。"
            ),
            "reason_en": en.mask(few, "Too few firms for advice.").mask(
                silent, "None of the four patterns is marked: no advice."
            ),
        }
    )


def _sentences(
    marks: npt.NDArray[np.bool_],
    count: Codes,
    shares: list[pd.Series],
    trade: pd.Series,
    spread: Codes,
) -> tuple[pd.Series, pd.Series]:
    number, regions = pd.Series(count).astype("str"), pd.Series(spread).astype("str")
    told = [
        Text("最大企业占产值 {}", "the largest firm has {} of output"),
        Text("{} 的企业在同一园区", "{} of the firms are in one park"),
    ]
    zh = [told[i].zh.split("{}")[0] + shares[i] + told[i].zh.split("{}")[1] for i in (0, 1)]
    en = [told[i].en.split("{}")[0] + shares[i] + told[i].en.split("{}")[1] for i in (0, 1)]
    zh += [number + " 家企业，有" + trade, "分散在 " + regions + " 个地区"]
    en += [number + " firms with an association (" + trade + ")", "spread over " + regions]
    en[3] = en[3] + " regions"
    chinese = listed_texts(marks, zh, "；")
    english = listed_texts(marks, en, "; ")
    return chinese + "。", english.str.slice(0, 1).str.upper() + english.str.slice(1) + "."


def listed_texts(marks: npt.NDArray[np.bool_], texts: list[pd.Series], separator: str) -> pd.Series:
    """Return, per row of `marks`, the texts of the columns marked, in one string."""
    total = pd.Series("", index=range(len(marks)), dtype="str")
    for position, text in enumerate(texts):
        piece = (separator + text).where(pd.Series(marks[:, position]), "")
        total = total + piece
    return total.str.slice(len(separator))


def _percent(values: npt.NDArray[np.float64]) -> pd.Series:
    return pd.Series(np.nan_to_num(values) * 100).round(0).astype("int64").astype("str") + "%"


def _dominant(
    graph: ChainGraph, firms: pd.DataFrame, size: int
) -> tuple[npt.NDArray[np.float64], Codes]:
    """Return the largest firm's share of the reported output, and how many firms report one."""
    output = graph.nodes["Enterprise"]["output"].to_numpy()[firms["firm"].to_numpy(np.int64)]
    grouped = pd.Series(output).groupby(firms["group"].to_numpy())
    total = grouped.sum().reindex(range(size)).to_numpy()
    with np.errstate(invalid="ignore", divide="ignore"):
        share = grouped.max().reindex(range(size)).to_numpy() / total
    number = grouped.count().reindex(range(size), fill_value=0)
    return np.nan_to_num(share), np.asarray(number, dtype=np.int64)


def _places(
    graph: ChainGraph, firms: pd.DataFrame, size: int
) -> tuple[npt.NDArray[np.float64], Codes, Codes, npt.NDArray[np.float64]]:
    """Return the share in the fullest zone, firms with a place, regions, share of the fullest."""
    table = graph.nodes["Region"]
    zones = np.append(written(table["level"]) == _ZONE, [False])
    row = firms["firm"].to_numpy(np.int64)
    home = graph.rows("Region", graph.target("LOCATED_IN", "Enterprise"))[row]
    park = graph.rows("Region", graph.nodes["Enterprise"]["park"].to_numpy())[row]
    zone = np.where(zones[park], park, np.where(zones[home], home, -1))
    parents = np.append(graph.region_parents, -1)
    above = np.where(home >= 0, parents[home], -1)
    region = np.where(zones[home] & (above >= 0), above, home)
    frame = pd.DataFrame({"group": firms["group"], "zone": zone, "region": region})
    located = frame[(frame["region"] >= 0) | (frame["zone"] >= 0)]
    number = np.bincount(located["group"].to_numpy(np.int64), minlength=size)
    base = np.maximum(number, 1)
    found = []
    spread = np.zeros(size, dtype=np.int64)
    for column in ("zone", "region"):
        sizes = located[located[column] >= 0].groupby(["group", column]).size()
        fullest = sizes.groupby("group").max().reindex(range(size), fill_value=0)
        found.append(fullest.to_numpy() / base)
        if column == "region":
            several = sizes.groupby("group").size().reindex(range(size), fill_value=0)
            spread = np.asarray(several, dtype=np.int64)
    return found[0], number.astype(np.int64), spread, found[1]


def _associations(graph: ChainGraph, groups: Codes, chains: Codes, size: int) -> pd.Series:
    """Return the associations of each group's trade, "" for none.

    Their 行业 is in the chain's name or the other way round; of an alliance over no chain, those
    that are its members.
    """
    table = graph.nodes["Association"]
    trades = table["industry"].fillna("")
    names = graph.nodes["Chain"]["name"]
    pairs = [
        (chain, association)
        for association, trade in enumerate(trades)
        if trade
        for chain in np.flatnonzero(
            names.str.contains(trade, regex=False) | names.map(lambda n, t=trade: n in t)
        )
    ]
    of_chain = pd.DataFrame(pairs, columns=["chain", "association"], dtype="int64")
    found = pd.DataFrame({"group": groups, "chain": chains}).merge(of_chain, on="chain")
    links = graph.edges["MEMBER_OF"]
    member = pd.DataFrame(
        {
            "group": graph.rows("Alliance", links["target"].to_numpy()),
            "association": graph.rows("Association", links["source"].to_numpy()),
        }
    )
    agency = np.append(written(table["type"]) == "服务机构", [False])
    marked = np.append(trades.ne("").to_numpy(), [False])
    kept = marked & ~agency
    member = member[(member["association"] >= 0) & ~member["group"].isin(groups)]
    both = pd.concat([found[["group", "association"]], member])
    both = both[kept[both["association"].to_numpy(np.int64)] & (both["group"] >= 0)]
    texts = table["name"].iloc[both["association"].to_numpy(np.int64)]
    return joined(both["group"].to_numpy(np.int64), texts, size, limit=3)
