"""The rows of `leads`: score, rank and stability of every enterprise in every chain."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.graph import ChainGraph, Mask
from graphmodel.question import Result
from graphmodel.schema import Text
from queries.dimensions import DIMENSIONS
from queries.evidence import facts, joined, places
from queries.lead_words import worded
from queries.leads import DIMENSION_LABELS
from queries.membership import chain_labels, chain_members, insiders, placements
from queries.pairs import Measured, Pairs
from queries.resampling import Numbers, drawn_weights, in_top, percentiles, ranks, tidy
from queries.roles import counted, declared_owner, listed_pairs, neighbours, roles, terminal
from queries.support import partner_pairs

if TYPE_CHECKING:
    from queries.leads import LeadParams

MISSING_Q: Final = 0.5
"""q of an enterprise that does not report a dimension which others of its chain do."""

ENOUGH_DIMENSIONS: Final = 2
ENOUGH_FIRMS: Final = 3
_WEIGHTS_PER_DRAW: Final = 5
_DRAWS_AT_ONCE: Final = 10
_SPEAKS_OF_STANDING: Final = (
    r"评价|地位|称号|排名|龙头|链主|领先|领军|领头|市场占有|reputation|ranking"
)
_PRAISE: Final = r"龙头|领军|领头|领先|链主|冠军|第一|首家|leading|leader"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """Percentiles and scores of every pair.

    Attributes:
        q: Percentile per pair and dimension, 0.5 where not reported, NaN where not used.
        raw: Raw value per pair and dimension.
        imputed: Where q is 0.5 for want of data.
        fallback: Where a dimension fell back to its substitute.
        score: Π q^ω per pair, NaN where no dimension is used.
    """

    q: Numbers
    raw: Numbers
    imputed: Mask
    fallback: Mask
    score: Numbers


def answered(graph: ChainGraph, params: "LeadParams") -> Result:
    """Return the answer described at `queries.leads.answer`."""
    listed = listed_pairs(graph)
    if params.chain:
        row = graph.find("Chain", params.chain) - graph.offsets["Chain"]
        listed = listed[listed["chain"] == row]
    pairs = Pairs(graph, listed["firm"].to_numpy(), listed["chain"].to_numpy(), params.seed)
    measured = [function(pairs) for function in DIMENSIONS.values()]
    weights = np.array([getattr(params, f"weight_{name}") for name in DIMENSIONS], dtype=float)
    scored = _scored(pairs, measured, weights)
    failed = _gates(pairs, params)
    competes = ~np.isnan(scored.score) & ~failed.any(axis=1)
    rank = ranks(np.where(competes, scored.score, np.nan), pairs.chain)
    rows = _columns(pairs, scored).assign(
        rank=pd.Series(rank).astype("Int64"),
        top_probability=_stability(pairs, measured, weights, scored, competes, params),
    )
    computed = np.array([found is not None for found in measured])
    rows = worded(rows, scored.imputed, scored.fallback, failed, computed, params)
    rows = _shown(pairs, params, rows)
    return Result(
        question="leads",
        params=params,
        rows=rows,
        tables={"ties": _ties(graph, rows)},
        notes=_notes(params),
        not_reported=_not_reported(graph, params, computed),
    )


def _scored(pairs: Pairs, measured: Sequence[Measured | None], weights: Numbers) -> Scored:
    nothing = np.full(len(pairs.firm), np.nan)
    raw = np.column_stack([nothing if m is None else m.raw for m in measured])
    fallback = np.column_stack(
        [
            np.zeros(len(nothing), bool) if m is None or m.fallback is None else m.fallback
            for m in measured
        ]
    )
    known = np.column_stack([percentiles(column, pairs.chain) for column in raw.T])
    used = _used(pairs, known) & (weights > 0)
    imputed = used & np.isnan(known)
    q = np.where(used, np.where(imputed, MISSING_Q, known), np.nan)
    logs = np.log(np.where(used, q, 1.0))
    logs = _log_scores(logs, used.astype(np.float64), weights[np.newaxis])[:, 0]
    score = np.where(used.any(axis=1), np.exp(logs), np.nan)
    return Scored(q=q, raw=raw, imputed=imputed, fallback=fallback, score=tidy(score))


def _used(pairs: Pairs, known: Numbers) -> Mask:
    """Return which dimensions at least one enterprise of the pair's chain reports."""
    reported = np.zeros((len(pairs.graph.nodes["Chain"]), known.shape[1]), dtype=bool)
    for column, values in enumerate(known.T):
        reported[pairs.chain[~np.isnan(values)], column] = True
    return np.asarray(reported[pairs.chain], dtype=bool)


def _log_scores(logs: Numbers, used: Numbers, weights: Numbers) -> Numbers:
    """Return Σ ω log q with ω normalised over the dimensions used; shape (n, weightings)."""
    total = used @ weights.T
    return np.asarray((logs @ weights.T) / np.where(total > 0, total, 1.0))


def _stability(  # a sample redraws both what is weighed and the weights
    pairs: Pairs,
    measured: Sequence[Measured | None],
    weights: Numbers,
    scored: Scored,
    competes: Mask,
    params: "LeadParams",
) -> Numbers:
    """Return the share of samples in which each pair is among the top k of its chain.

    Every draw of the relations is weighed `_WEIGHTS_PER_DRAW` times with weights drawn evenly
    over all weightings (a Dirichlet law whose mean is ω). NaN for a pair without a rank.
    """
    draws = max(1, params.samples // _WEIGHTS_PER_DRAW)
    rng = np.random.default_rng([params.seed, 0])
    starts = np.append(np.flatnonzero(np.diff(pairs.chain, prepend=-1)), len(pairs.chain))
    used = (~np.isnan(scored.q)).astype(np.float64)
    counts = np.zeros(len(pairs.firm))
    taken = 0
    for begin in range(0, draws, _DRAWS_AT_ONCE):
        blocks = []
        for draw in range(begin, min(begin + _DRAWS_AT_ONCE, draws)):
            logs = np.log(np.where(used > 0, _redrawn(pairs, measured, scored, draw), 1.0))
            several = drawn_weights(rng, weights, _WEIGHTS_PER_DRAW)
            blocks.append(_log_scores(logs, used, several))
        block = np.where(competes[:, np.newaxis], np.round(np.hstack(blocks), 12), -np.inf)
        counts += in_top(block, starts, params.top_k)
        taken += block.shape[1]
    return np.where(competes, counts / max(taken, 1), np.nan)


def _redrawn(
    pairs: Pairs, measured: Sequence[Measured | None], scored: Scored, draw: int
) -> Numbers:
    """Return q with every dimension that rests on relations measured on relations drawn again."""
    q = scored.q.copy()
    for column, found in enumerate(measured):
        if found is not None and found.redraw is not None:
            again = percentiles(found.redraw(draw), pairs.chain)
            q[:, column] = np.where(np.isnan(again), MISSING_Q, again)
    return q


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


def _columns(pairs: Pairs, scored: Scored) -> pd.DataFrame:
    """Return everything that is known of a pair before ranks and words."""
    graph, firm = pairs.graph, pairs.firm
    table = graph.nodes["Enterprise"].iloc[firm].reset_index(drop=True)
    parts: dict[str, npt.ArrayLike] = {}
    for column, name in enumerate(DIMENSIONS):
        parts |= {name: scored.q[:, column], f"{name}_value": scored.raw[:, column]}
    held = roles(pairs)
    firms = len(graph.nodes["Enterprise"])
    partners = partner_pairs(graph)
    ties = np.bincount(np.concatenate([partners["one"], partners["other"]]), minlength=firms)
    in_chain = np.bincount(pairs.chain, minlength=len(graph.nodes["Chain"]))[pairs.chain]
    dimensions = (~np.isnan(scored.q)).sum(axis=1)
    frame = pd.DataFrame(parts).assign(
        chain=chain_labels(graph)[pairs.chain],
        chain_id=graph.nodes["Chain"]["id"].to_numpy()[pairs.chain],
        enterprise=table["name"],
        enterprise_id=table["id"],
        credit_code=table["credit_code"],
        score=scored.score,
        upstream=neighbours(pairs, "source"),
        downstream=neighbours(pairs, "target"),
        partners=counted(pairs, ties, "配套合作"),
        betweenness=np.nan,
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
    stated = graph.nodes["Enterprise"]["qualifications"].str.split(";").explode()
    held = graph.edges["HOLDS"]
    firm = np.concatenate(
        [stated.index.to_numpy(), graph.rows("Enterprise", held["source"].to_numpy())]
    )
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
    rows = rows.assign(firm=pairs.firm, last=rows["rank"].isna())
    if params.region:
        graph = pairs.graph
        region = graph.find("Region", params.region)
        own = graph.target("LOCATED_IN", "Enterprise")[pairs.firm]
        home = graph.target("LOCATED_IN", "Chain")[pairs.chain]
        rows = rows[graph.lies_within(np.where(own >= 0, own, home), region)]
    keys = ["chain", "chain_id", "last", "rank", "enterprise", "enterprise_id"]
    return rows.sort_values(keys, kind="stable").reset_index(drop=True)


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
    per_draw = _WEIGHTS_PER_DRAW
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
