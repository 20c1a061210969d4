"""Which pairs would fit: candidates with their scores, and the best set of them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask
from queries.membership import chain_labels
from queries.pairings.disciplines import fitting
from queries.pairings.matching import match
from queries.pairings.parties import Parties
from queries.pairings.register import KINDS

if TYPE_CHECKING:
    from queries.pairings import PairingParams

_CELLS: Final = 4_000_000  # pairs scored at a time
_HALF: Final = {"service": 0.5}  # kinds that count for less than a full complement
_TIE: Final = 1e-7  # spreads equal candidates over the partners

Scores = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Advice:
    """The pairs advised.

    Attributes:
        pairs: `a` (row of an enterprise's Party organization), `b` (of another kind's), `score`,
            `chain` and `discipline` (what they share), `reason`, `reason_en`.
        candidates: Candidates compared.
        cut: Enterprises' organizations with more candidates than the limit allows.
        lonely: Enterprises' organizations in whose city there is nobody to pair with.
        asked: Enterprises' organizations for which a partner was sought.
    """

    pairs: pd.DataFrame
    candidates: int
    cut: int
    lonely: int
    asked: int


def advised(graph: ChainGraph, sides: Parties, params: "PairingParams") -> Advice:
    """Return the set of new pairs of greatest total score.

    One side is a Party organization of an enterprise without a pair in force, the other one of
    another kind (政金学研服) in the same city, which takes at most `capacity` new pairs. The score
    of a pair is the sum of the weights that it meets over the sum of all: a common chain, a
    complementary kind, the same county or park, a discipline that fits a chain of the enterprise.
    Each enterprise's organization keeps its `candidates` best; among those the set is optimal, and
    where none was cut off it is optimal among all pairs.
    """
    free = sides.standing & ~sides.paired & sides.kept & (sides.city >= 0)
    names = graph.nodes["PartyOrganization"]["name"].to_numpy(object)
    ids = graph.nodes["PartyOrganization"]["id"].to_numpy(object)
    order = np.lexsort((ids.astype(str), names.astype(str)))
    place = np.argsort(order)  # so that the order of rows changes nothing
    ours = order[(free & (sides.kind == "enterprise"))[order]]
    other = sides.standing & (sides.city >= 0) & (sides.kind != "enterprise") & (sides.kind != "")
    theirs = order[other[order]]
    lonely = int((~np.isin(sides.city[ours], sides.city[theirs])).sum())
    fit = fitting(graph, sides.host)
    found, cut = [], 0
    for city in np.intersect1d(sides.city[ours], sides.city[theirs]):
        a, b = ours[sides.city[ours] == city], theirs[sides.city[theirs] == city]
        for part in np.array_split(a, max(1, -(-len(a) * len(b) // _CELLS))):
            kept, dropped = _candidates(sides, fit, part, b, params, place)
            found.append(kept)
            cut += dropped
    columns = ["a", "b", "score"]
    table = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns)
    chosen = match(
        place[table["a"].to_numpy(np.int64)], place[table["b"].to_numpy(np.int64)],
        table["score"].to_numpy(np.float64), rows=len(names), columns=len(names),
        capacity=params.capacity,
    )  # fmt: skip
    pairs = pd.DataFrame(
        {"a": order[chosen.row], "b": order[chosen.column], "score": chosen.weight}
    )
    return Advice(
        pairs=_told(graph, sides, fit, pairs), candidates=len(table), cut=cut, lonely=lonely,
        asked=len(ours),
    )  # fmt: skip


def scores(
    sides: Parties, fit: pd.DataFrame, a: Codes, b: Codes, params: "PairingParams"
) -> Scores:
    """Return the score of every pair of `a` and `b` (rows of Party organizations), in [0, 1]."""
    chain = (sides.chains[a] @ sides.chains[b].T).toarray() > 0
    region = sides.region[a][:, None] == sides.region[b][None, :]
    complement = np.array([_HALF.get(kind, 1.0) for kind in sides.kind[b]], dtype=np.float32)
    discipline = _fits(sides, fit, a, b)
    total = (
        params.chain_weight + params.kind_weight + params.region_weight + params.discipline_weight
    )
    met = (
        params.chain_weight * chain
        + params.kind_weight * complement[None, :]
        + params.region_weight * region
        + params.discipline_weight * discipline
    )
    return np.asarray(met / total if total else met, dtype=np.float32)


def _fits(sides: Parties, fit: pd.DataFrame, a: Codes, b: Codes) -> Mask:
    """Return which pairs have a discipline of `b` that fits a chain of `a`."""
    place = pd.Series(np.arange(len(b)), index=b)
    here = fit[fit["organization"].isin(b)]
    marks = np.zeros((sides.chains.shape[1], len(b)), dtype=np.float32)
    marks[here["chain"].to_numpy(np.int64), place[here["organization"]].to_numpy()] = 1
    return np.asarray((sides.chains[a] @ marks) > 0, dtype=bool)


def _candidates(
    sides: Parties,
    fit: pd.DataFrame,
    a: Codes,
    b: Codes,
    params: "PairingParams",
    place: Codes,
) -> tuple[pd.DataFrame, int]:
    """Return the best candidates of each of `a`, and how many of `a` had more."""
    table = scores(sides, fit, a, b, params)
    allowed = table >= np.float32(params.min_score)
    turn = (np.arange(len(b))[None, :] - place[a][:, None]) % len(b)
    rank = np.where(allowed, table - np.float32(_TIE) * turn / len(b), -1)
    keep = min(params.candidates, len(b))
    best = np.argpartition(-rank, keep - 1, axis=1)[:, :keep]
    row = np.repeat(np.arange(len(a)), keep)
    column = best.ravel()
    good = allowed[row, column]
    frame = pd.DataFrame(
        {"a": a[row[good]], "b": b[column[good]], "score": table[row[good], column[good]]}
    )
    return frame, int((allowed.sum(axis=1) > keep).sum())


def _told(
    graph: ChainGraph, sides: Parties, fit: pd.DataFrame, pairs: pd.DataFrame
) -> pd.DataFrame:
    """Add why each pair is advised."""
    a, b = pairs["a"].to_numpy(np.int64), pairs["b"].to_numpy(np.int64)
    common = sides.chains[a].multiply(sides.chains[b]).tocsr()
    labels = chain_labels(graph)
    place, chain = common.nonzero()
    shared = pd.DataFrame({"place": place, "chain": labels[chain]}).sort_values(["place", "chain"])
    chains: pd.Series[str] = shared.groupby("place")["chain"].agg("、".join)
    mine, of_chain = sides.chains[a].nonzero()
    pool = pd.DataFrame({"place": mine, "chain": of_chain, "organization": b[mine]})
    fields = pool.merge(fit, on=["chain", "organization"]).drop_duplicates(["place", "field"])
    by_place = fields.sort_values(["place", "field"]).groupby("place")["field"]
    told_fields: pd.Series[str] = by_place.agg("、".join)
    index = range(len(pairs))
    chain_text = chains.reindex(index).fillna("")
    field = told_fields.reindex(index).fillna("")
    same = pd.Series(sides.region[a] == sides.region[b])
    kind = pd.Series(sides.kind[b], dtype="str")
    zh_kind = kind.map({key: text.zh for key, text in KINDS.items()})
    en_kind = kind.map({key: text.en for key, text in KINDS.items()})
    zh = "企业与" + zh_kind + "类别互补"
    en = "Complementary kinds: enterprise and " + en_kind
    zh = ("同在产业链：" + chain_text + "；").where(chain_text.ne(""), "") + zh
    en = en + ("; common chains: " + chain_text).where(chain_text.ne(""), "")
    zh += pd.Series("；同地区", index=index).where(same, "")
    en += pd.Series("; same region", index=index).where(same, "")
    zh += ("；学科对口：" + field).where(field.ne(""), "")
    en += ("; fitting discipline: " + field).where(field.ne(""), "")
    return pairs.assign(
        chain=chain_text.to_numpy(),
        discipline=field.to_numpy(),
        reason=(zh + "。").to_numpy(),
        reason_en=(en + ".").to_numpy(),
    )
