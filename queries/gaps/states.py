"""The state of every segment, tested top to bottom, and the diagnosis of every chain."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask
from graphmodel.question import Params, param
from graphmodel.schema import Text
from graphmodel.scope import declared
from queries.gaps.criteria import MARGIN, Criteria, above, below, criteria
from queries.kept import kept
from queries.purchases import joined, trading
from queries.segments import Floats, Placement, Template, numbers, placements, standing

STATES: Final = {
    "not_reported": Text("未填报", "not reported"),
    "not_applicable": Text("不适用", "not applicable"),
    "short": Text("短链", "short: an end is missing"),
    "broken_missing": Text("断链·缺环", "broken: segment missing"),
    "broken_unlinked": Text("断链·缺联", "broken: not linked"),
    "weak": Text("弱链", "weak"),
    "thin": Text("细链", "thin"),
    "sound": Text("稳", "sound"),
}
"""States in the order in which they are tested; the first that holds is the segment's state."""

GAPS: Final = ("short", "broken_missing", "broken_unlinked", "weak", "thin")
"""States that call for action on the chain itself."""

ACTIONS: Final = {
    "not_reported": Text("补报", "report"),
    "short": Text("延长", "extend"),
    "broken_missing": Text("连通", "connect"),
    "broken_unlinked": Text("连通", "connect"),
    "weak": Text("变强", "strengthen"),
    "thin": Text("增粗", "thicken"),
}
"""What to do about each state: 延链, 补链, 对接, 强链."""

OWN: Final = "Liantu 口径"


@dataclass(frozen=True, slots=True, kw_only=True)
class GapParams(Params):
    """Thresholds of `gaps`."""

    min_placed: float = param(
        0.5,
        zh="视空环节为无所需的已归环节企业占比",
        en="share of a chain's enterprises with a segment from which an empty one means none",
        source=OWN,
        low=0.0,
        high=1.0,
    )
    min_firms: int = param(
        1, zh="细链企业数上限（家）", en="firms up to which a segment is thin", source=OWN, low=0
    )
    n_star: float = param(
        3.0,
        zh="有效供方数下限（1/HHI）",
        en="effective number of suppliers (1/HHI) below which a segment is thin",
        source=f"{OWN}；HHI：Hirschman 1964；1/HHI：Laakso & Taagepera 1979",
        low=1.0,
    )
    max_dependence: float = param(
        0.5,
        zh="进口或对外依赖上限",
        en="import or outside dependence above which a segment is weak",
        source=OWN,
        low=0.0,
        high=1.0,
    )
    supplier_share: float = param(
        0.8,
        zh="单一供方占比上限",
        en="share of an essential input above which its supplier dominates it",
        source=OWN,
        low=0.0,
        high=1.0,
    )
    captive_share: float = param(
        0.5,
        zh="关键采购受制占比上限",
        en="share of essential purchases from dominating suppliers above which a segment is weak",
        source=OWN,
        low=0.0,
        high=1.0,
    )
    clustered_pairs: int = param(
        3,
        zh="判断聚集不聚合所需的相邻环节对数",
        en="adjacent pairs with reported supply needed to diagnose a chain as unlinked",
        source=OWN,
        low=1,
    )
    unlinked_share: float = param(
        0.5,
        zh="聚集不聚合的未联占比下限",
        en="share of those pairs without a link above which the chain is clustered, not linked",
        source=OWN,
        low=0.0,
        high=1.0,
    )


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Judged:
    """The state of each of n leaves, and what it was judged by.

    Attributes:
        state: Code of the state, shape (n,).
        weak: Where a criterion of weak holds.
        thin: Where a criterion of thin holds.
        facts: What stands on each leaf (see `segments.standing`), with `members` and `placed` of
            its chain, `reported` (已填报), `declared` (企业环节 declared complete), `no_upstream`,
            `no_downstream`, `unjudged` (has an occupied upstream leaf, but supply of that pair is
            not reported).
        criteria: What speaks for weak and thin.
        pairs: Links between leaves with `occupied`, `supply` (reported) and `unlinked`.
        unlinked: Pairs that make their downstream leaf 断链·缺联.
        chains: One row per chain with leaves: `chain`, `occupied`, `reported`, `unlinked`,
            `possible` (pairs with firms or not reported on both ends), `share`, `diagnosis`.
        coarse: Leaves below a segment on which a firm of the region stands.
    """

    state: npt.NDArray[np.object_]
    weak: Mask
    thin: Mask
    facts: pd.DataFrame
    criteria: Criteria
    pairs: pd.DataFrame
    unlinked: pd.DataFrame
    chains: pd.DataFrame
    coarse: Mask


@kept
def judge(graph: ChainGraph, params: GapParams) -> Judged:
    """Return the state of every leaf of the template asked about.

    Raises:
        UsageError: There is no such chain or region.
    """
    template, placement = placements(graph, params)
    facts = _facts(graph, template, placement)
    found = criteria(graph, template, placement, supplier_share=params.supplier_share)
    empty = (facts["firms"] == 0).to_numpy()
    silent = empty & _silent(params, placement, facts)
    pairs = _pairs(graph, template, placement, facts)
    chains = _diagnose(params, template, pairs, ~empty | silent)
    clustered = chains.loc[chains["diagnosis"] == "clustered_unlinked", "chain"]
    unlinked = pairs[pairs["unlinked"] & ~pairs["chain"].isin(clustered)]
    size = len(template)
    broken = np.bincount(unlinked["downstream"], minlength=size) > 0
    unjudged = pairs[pairs["occupied"] & ~pairs["supply"]]["downstream"]
    facts["unjudged"] = np.bincount(unjudged, minlength=size) > 0
    weak = ~empty & _weak(params, found)
    thin = ~empty & _thin(params, found, facts)
    end = (facts["no_upstream"] | facts["no_downstream"]).to_numpy()
    optional = ~graph.nodes["Segment"]["necessary"].fillna(value=True).to_numpy(bool)
    tests = {
        "not_reported": silent,
        "not_applicable": empty & optional[template.segments],
        "short": empty & end,
        "broken_missing": empty,
        "broken_unlinked": broken,
        "weak": weak,
        "thin": thin,
    }
    state = np.select(list(tests.values()), list(tests), default="sound").astype(object)
    return Judged(
        state=state,
        weak=weak,
        thin=thin,
        facts=facts,
        criteria=found,
        pairs=pairs,
        unlinked=unlinked,
        chains=chains,
        coarse=placement.coarse,
    )


def _facts(graph: ChainGraph, template: Template, placement: Placement) -> pd.DataFrame:
    size, links, members = len(template), template.links, placement.members
    chains = max(len(graph.nodes["Chain"]), 1)
    in_chain = np.bincount(members["chain"], minlength=chains)
    with_segment = np.bincount(members["chain"], members["placed"], minlength=chains)
    stated = numbers(graph.nodes["Segment"]["reported"])[template.segments]
    return standing(graph, template, placement).assign(
        members=in_chain[template.chains],
        placed=with_segment[template.chains].astype(np.int64),
        reported=stated == 1,
        declared=_declared(graph, template, "企业环节", template.chains),
        no_upstream=np.bincount(links["downstream"], minlength=size) == 0,
        no_downstream=np.bincount(links["upstream"], minlength=size) == 0,
    )


def _declared(graph: ChainGraph, template: Template, sheet: str, chains: Codes) -> Mask:
    """Where `sheet` is declared complete for the chain (row) in the region asked about."""
    codes = chains + graph.offsets["Chain"]
    return declared(graph, sheet, regions=template.reach.regions[chains], chains=codes)


def _silent(params: GapParams, placement: Placement, facts: pd.DataFrame) -> Mask:
    """Where an empty leaf is not reported rather than none."""
    members, placed = facts["members"].to_numpy(), facts["placed"].to_numpy()
    enough = (members > 0) & (placed >= params.min_placed * members - MARGIN)
    none = facts["reported"].to_numpy() | facts["declared"].to_numpy() | enough
    return np.asarray(placement.coarse | ~none, dtype=bool)


def _pairs(
    graph: ChainGraph, template: Template, placement: Placement, facts: pd.DataFrame
) -> pd.DataFrame:
    pairs = joined(graph, template, placement)
    here, size = placement.here, len(template)
    trades = trading(graph)[here["firm"].to_numpy()]
    traded = np.bincount(here["leaf"], trades, minlength=size) > 0
    occupied = (facts["firms"] > 0).to_numpy()
    up, down = pairs["upstream"].to_numpy(), pairs["downstream"].to_numpy()
    chain = template.chains[down]
    both = occupied[up] & occupied[down]
    supply = both & (traded[up] & traded[down] | _declared(graph, template, "供应关系", chain))
    apart = (pairs["shared"] == 0) & (pairs["ties"] == 0)
    return pairs.assign(chain=chain, occupied=both, supply=supply, unlinked=supply & apart)


def _diagnose(
    params: GapParams, template: Template, pairs: pd.DataFrame, maybe: Mask
) -> pd.DataFrame:
    """Count each chain's pairs; `maybe` are the leaves that have firms or did not report."""
    chains = np.unique(template.chains)
    maybe_both = maybe[pairs["upstream"].to_numpy()] & maybe[pairs["downstream"].to_numpy()]
    columns = ["occupied", "supply", "unlinked", "possible"]
    count = pairs.assign(possible=maybe_both).groupby("chain")[columns].sum()
    table = count.reindex(chains, fill_value=0).astype(np.int64)
    table = table.rename(columns={"supply": "reported"})
    share = (table["unlinked"] / table["reported"].where(table["reported"] > 0)).to_numpy()
    judged = (table["reported"] >= params.clustered_pairs).to_numpy()
    clustered = judged & above(share, params.unlinked_share)
    drawn = np.isin(chains, pairs["chain"])
    unknown = ~judged & (~drawn | (table["possible"] >= params.clustered_pairs).to_numpy())
    codes = np.select([clustered, unknown], ["clustered_unlinked", "not_reported"], "none")
    return table.assign(share=share, diagnosis=codes).rename_axis("chain").reset_index()


def _weak(params: GapParams, found: Criteria) -> Mask:
    dependent = above(found.imports, params.max_dependence)
    dependent |= above(found.outside, params.max_dependence)
    captive = above(found.captive, params.captive_share)
    weak: Mask = dependent | captive | (found.chokepoint == 1) | (found.qualified == 0)
    return weak


def _thin(params: GapParams, found: Criteria, facts: pd.DataFrame) -> Mask:
    few = facts["firms"].to_numpy() <= params.min_firms
    concentrated = below(facts["effective_suppliers"].to_numpy(), params.n_star)
    return few | concentrated | below(found.capacity, found.ordered)


def also(judged: Judged) -> list[list[str]]:
    """Return, for each leaf, the codes of weak and thin that hold besides its state."""
    held = zip(judged.state, judged.weak, judged.thin, strict=True)
    return [
        [code for code, holds in (("weak", weak), ("thin", thin)) if holds and code != state]
        for state, weak, thin in held
    ]


__all__ = [
    "ACTIONS", "GAPS", "STATES", "Floats", "GapParams", "Judged", "also", "judge",
]  # fmt: skip
