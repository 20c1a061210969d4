"""The rows of `leads`: score, rank and stability of every enterprise in every chain."""

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.graph import ChainGraph, Mask
from graphmodel.question import Result
from graphmodel.schema import Text
from queries.evidence import facts, joined, places
from queries.leads import DIMENSION_LABELS
from queries.leads.dimensions import DIMENSIONS
from queries.leads.pairs import Pairs
from queries.leads.resampling import Numbers, ranks, tidy
from queries.leads.roles import counted, declared_owner, listed_pairs, neighbours, roles, terminal
from queries.leads.scoring import WEIGHTS_PER_DRAW, Scored, scored, stability
from queries.leads.support import partner_pairs
from queries.leads.words import worded
from queries.lists import split
from queries.membership import chain_labels, chain_members, insiders, placements
from queries.names import id_ranks, name_ranks

if TYPE_CHECKING:
    from queries.leads import LeadParams

ENOUGH_DIMENSIONS: Final = 2
ENOUGH_FIRMS: Final = 3
_SPEAKS_OF_STANDING: Final = (
    r"评价|地位|称号|排名|龙头|链主|领先|领军|领头|市场占有|reputation|ranking"
)
_PRAISE: Final = r"龙头|领军|领头|领先|链主|冠军|第一|首家|leading|leader"


def answered(graph: ChainGraph, params: "LeadParams") -> Result:
    """Return the answer described at `queries.leads.answer`."""
    listed = listed_pairs(graph)
    if params.chain:
        row = graph.find("Chain", params.chain) - graph.offsets["Chain"]
        listed = listed[listed["chain"] == row]
    pairs = Pairs(graph, listed["firm"].to_numpy(), listed["chain"].to_numpy(), params.seed)
    left_out = {"pull", "coordination"} if _too_many(graph, params) else set()
    measured = [
        None if name in left_out else function(pairs) for name, function in DIMENSIONS.items()
    ]
    weights = np.array([getattr(params, f"weight_{name}") for name in DIMENSIONS], dtype=float)
    found = scored(pairs, measured, weights)
    failed = _gates(pairs, params)
    competes = ~np.isnan(found.score) & ~failed.any(axis=1)
    rank = ranks(np.where(competes, found.score, np.nan), pairs.chain)
    chance = stability(
        pairs, measured, weights, found, competes, samples=params.samples, top=params.top_k
    )
    rows = _columns(pairs, found, placed=not left_out).assign(
        rank=pd.Series(rank).astype("Int64"),
        top_probability=chance,
    )
    computed = np.array([found is not None for found in measured])
    rows = worded(rows, found.imputed.T, found.fallback.T, failed, computed, params)
    rows = _shown(pairs, params, rows)
    return Result(
        question="leads",
        params=params,
        rows=rows,
        tables={"ties": _ties(graph, rows)},
        notes=_notes(params),
        not_reported=_not_reported(graph, params, computed),
    )


def _gates(pairs: Pairs, params: "LeadParams") -> Mask:
    """Return which gate each pair fails: revenue, market share, R&D; shape (n, 3)."""
    table = pairs.graph.nodes["Enterprise"]
    revenue = table["revenue"].to_numpy()
    spending = np.divide(
        table["rd_spending"].to_numpy(),
        revenue,
        where=revenue > 0,
        out=np.full_like(revenue, np.nan),
    )
    values = np.column_stack([revenue, table["market_share"].to_numpy(), spending])[pairs.firm]
    bars = np.array([params.min_revenue, params.min_market_share, params.min_rd_share])
    below = (values < bars) | (np.isnan(values) & (not params.unknown_passes))
    return np.asarray(below & (bars > 0), dtype=bool)


def _too_many(graph: ChainGraph, params: "LeadParams") -> bool:
    """Whether closing or leaving out every enterprise in turn takes longer than a reader waits."""
    return 0 < params.max_relations < len(graph.edges["SUPPLIES"])


def _columns(pairs: Pairs, found: Scored, *, placed: bool) -> pd.DataFrame:
    """Return everything that is known of a pair before ranks and words."""
    graph, firm = pairs.graph, pairs.firm
    table = graph.nodes["Enterprise"].iloc[firm].reset_index(drop=True)
    parts: dict[str, npt.ArrayLike] = {}
    for column, name in enumerate(DIMENSIONS):
        parts |= {name: found.q[column], f"{name}_value": found.raw[column]}
    held = roles(pairs)
    firms = len(graph.nodes["Enterprise"])
    partners = partner_pairs(graph)
    ties = np.bincount(np.concatenate([partners["one"], partners["other"]]), minlength=firms)
    in_chain = np.bincount(pairs.chain, minlength=len(graph.nodes["Chain"]))[pairs.chain]
    dimensions = (~np.isnan(found.q)).sum(axis=0)
    frame = pd.DataFrame(parts).assign(
        chain=chain_labels(graph)[pairs.chain],
        chain_id=graph.nodes["Chain"]["id"].to_numpy()[pairs.chain],
        enterprise=table["name"],
        enterprise_id=table["id"],
        credit_code=table["credit_code"],
        score=found.score,
        upstream=neighbours(pairs, "source"),
        downstream=neighbours(pairs, "target"),
        partners=counted(pairs, ties, "配套合作"),
        betweenness=pairs.position.betweenness if placed else np.nan,
        terminal=terminal(pairs),
        output=_outputs(pairs),
        qualifications=_qualifications(graph)[firm],
        insufficient=(dimensions < ENOUGH_DIMENSIONS) | (in_chain < ENOUGH_FIRMS),
        asserted=_said(graph)[firm],
        evidence=places(table),
        declared=declared_owner(pairs, held),
    )
    return frame.assign(**{f"role:{name}": held[name] for name in held})


def _outputs(pairs: Pairs) -> Numbers:
    """Return 企业.产值, or else what the enterprise reports in segments of the chain (万元)."""
    placed = placements(pairs.graph)
    place = pairs.find(placed["firm"].to_numpy(), placed["chain"].to_numpy())
    told = (place >= 0) & placed["output"].notna().to_numpy()
    found = np.full(len(pairs.firm), np.nan)
    found[place[told]] = 0.0
    np.add.at(found, place[told], placed["output"].to_numpy()[told])
    own = pairs.graph.nodes["Enterprise"]["output"].to_numpy()[pairs.firm]
    return tidy(np.where(np.isnan(own), found, own))


def _qualifications(graph: ChainGraph) -> npt.NDArray[np.object_]:
    """Return the qualifications of every enterprise, as its row and 企业资质 name them."""
    row, stated = split(graph.nodes["Enterprise"]["qualifications"])
    held = graph.edges["HOLDS"]
    firm = np.concatenate([row, graph.rows("Enterprise", held["source"].to_numpy())])
    names = pd.concat([stated, graph.names(held["target"].to_numpy())], ignore_index=True)
    kept = firm >= 0
    size = len(graph.nodes["Enterprise"])
    return joined(firm[kept], names[kept], size, limit=10).to_numpy(dtype=object)


def _said(graph: ChainGraph) -> npt.NDArray[np.object_]:
    """Return what has been stated in public of the standing of every enterprise."""
    table = facts(graph)
    metric, words = table["metric"].fillna(""), table["verbatim"].fillna("")
    speaks = metric.str.contains(_SPEAKS_OF_STANDING, regex=True) | words.str.contains(
        _PRAISE, regex=True
    )
    table = table[speaks & (table["subject_kind"] == "Enterprise")]
    firm = graph.rows("Enterprise", table["subject"].to_numpy())
    size = len(graph.nodes["Enterprise"])
    return joined(firm, table["text"], size, limit=5, separator="；").to_numpy(dtype=object)


def _shown(pairs: Pairs, params: "LeadParams", rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows asked for, chain by chain in the order of rank."""
    graph = pairs.graph
    chains = graph.nodes["Chain"][["id"]].assign(label=chain_labels(graph))
    place = np.empty(len(chains), dtype=np.int64)
    place[chains.sort_values(["label", "id"]).index] = np.arange(len(chains))
    rank = rows["rank"].to_numpy(np.float64, na_value=np.inf)
    keys = (id_ranks(graph)[pairs.firm], name_ranks(graph)[pairs.firm], rank, place[pairs.chain])
    rows = rows.assign(firm=pairs.firm).iloc[np.lexsort(keys)]
    if params.region:
        region = graph.find("Region", params.region)
        own = graph.target("LOCATED_IN", "Enterprise")[pairs.firm]
        home = graph.target("LOCATED_IN", "Chain")[pairs.chain]
        within = graph.lies_within(np.where(own >= 0, own, home), region)
        rows = rows[within[rows.index]]
    return rows.reset_index(drop=True)


def _ties(graph: ChainGraph, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the 配套 ties of every enterprise shown, chain by chain."""
    table = graph.edges["COOPERATES"]
    ends = [graph.rows("Enterprise", table[end].to_numpy()) for end in ("source", "target")]
    both = pd.DataFrame(
        {
            "firm": np.concatenate(ends),
            "other": np.concatenate(ends[::-1]),
            "matter": pd.concat([table["matter"]] * 2, ignore_index=True),
            "evidence": pd.concat([places(table)] * 2, ignore_index=True),
        }
    )
    both = both[(both["firm"] >= 0) & (both["other"] >= 0)]
    named = rows[["chain", "chain_id", "enterprise", "enterprise_id", "firm"]]
    found = named.merge(both, on="firm")
    firms = graph.nodes["Enterprise"]
    other = found["other"].to_numpy()
    found = found.assign(
        partner=firms["name"].to_numpy()[other], partner_id=firms["id"].to_numpy()[other]
    )
    keys = ["chain", "chain_id", "enterprise", "enterprise_id", "partner", "partner_id", "evidence"]
    return found.sort_values(keys, kind="stable").reset_index(drop=True)


def _notes(params: "LeadParams") -> tuple[Text, ...]:
    per_draw = WEIGHTS_PER_DRAW
    draws = max(1, params.samples // per_draw)
    return (
        Text(
            f"居前概率：权重按狄利克雷分布、供应与配套关系按泊松自助法重抽样 "
            f"{draws}×{per_draw} 次，取居前 {params.top_k} 家的比例；控制按填报的产值，不重抽。",
            f"Probability at the top: weights drawn from a Dirichlet law and relations by Poisson "
            f"bootstrap, {draws}×{per_draw} samples, share in the top {params.top_k}; control "
            "rests on reported output and is not redrawn.",
        ),
        Text(
            "百分位相同者取平均名次；排名与编码、行序无关。",
            "Ties share their mean rank; no rank depends on ids or on the order of rows.",
        ),
    )


def _not_reported(
    graph: ChainGraph, params: "LeadParams", computed: npt.NDArray[np.bool_]
) -> tuple[Text, ...]:
    found = []
    labels = [DIMENSION_LABELS[n] for n, done in zip(DIMENSIONS, computed, strict=True) if not done]
    if labels:
        zh, en = "、".join(t.zh for t in labels), ", ".join(t.en for t in labels)
        found.append(
            Text(f"维度 {zh} 尚未计算，得分未用。", f"Dimensions not computed, left out: {en}.")
        )
    if _too_many(graph, params):
        relations = len(graph.edges["SUPPLIES"])
        found.append(
            Text(
                f"供应关系 {relations:,} 条，超过 {params.max_relations:,} 条，未算牵引和协同；"
                "加 --max-relations 0 可算，需较长时间。",
                f"{relations:,} supply relations, more than {params.max_relations:,}: pull and"
                " coordination were left out; --max-relations 0 computes them, which takes long.",
            )
        )
    if params.filters():
        return tuple(found)
    members = chain_members(graph)
    empty = np.setdiff1d(np.arange(len(graph.nodes["Chain"])), members["chain"])
    if len(empty):
        names = "、".join(sorted(chain_labels(graph)[empty]))
        found.append(
            Text(
                f"{len(empty)} 条产业链没有企业：{names}；补报 企业.产业链 或 企业产业链。",
                f"{len(empty)} chains without an enterprise: {names}; supply 企业产业链.",
            )
        )
    alone = int(insiders(graph).sum()) - members["firm"].nunique()
    if alone:
        found.append(
            Text(
                f"{alone} 家企业未填报产业链，不参与比较；补报 企业.产业链。",
                f"{alone} enterprises are in no chain and not compared; supply 企业.产业链.",
            )
        )
    return tuple(found)
