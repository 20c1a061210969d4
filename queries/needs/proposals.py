"""Which resource each open need could take: scored candidates and their optimal assignment."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.dates import day_bounds
from graphmodel.graph import ChainGraph, Codes, Mask
from queries.assignment import Assignment, Floats, assign
from queries.columns import written
from queries.evidence import joined
from queries.needs.fit import WORTH, Levels, Offers
from queries.needs.moment import Moment, days_between
from queries.needs.register import SEPARATOR, Register, text_of
from queries.text_similarity import Similarity, similarity

if TYPE_CHECKING:
    from queries.needs import NeedParams

_CHUNK = 500_000  # pairs scored at a time
PARTS = ("text", "chain", "region", "conditions", "waiting")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Proposals:
    """What is proposed.

    Attributes:
        rows: One row per row of the register: `asking` (open, nothing on record, category known),
            `resource`, `greedy` (rows of resources, -1 none), `score`, the parts of `PARTS`, the
            levels `chain_level`, `region_level`, `conditions_level`, `candidates` (their number),
            `unlimited` (names).
        blocks: One row per category: the table `assignment`.
        free: Places left of every resource before the proposals; 0 for one that is not limited.
    """

    rows: pd.DataFrame
    blocks: pd.DataFrame
    free: Codes


def free_places(graph: ChainGraph, uses: pd.DataFrame, valid: Mask) -> Codes:
    """Return the places that each resource has left: 容量 less the uses on record, rounded down.

    Every need for which an action uses it takes one place, and so does an action without a need.
    """
    capacity = np.floor(graph.nodes["Resource"]["capacity"].to_numpy(np.float64))
    taken = uses.assign(who=uses["need"].where(uses["need"] >= 0, -2 - uses["action"]))
    taken = taken[["resource", "who"]].drop_duplicates()
    used = np.bincount(taken["resource"].to_numpy(np.int64), minlength=len(capacity))
    left = np.where(np.isnan(capacity), 0, capacity) - used
    return np.where(valid, np.maximum(left, 0), 0).astype(np.int64)


def proposals(
    graph: ChainGraph, params: "NeedParams", moment: Moment, register: Register, offers: Offers
) -> Proposals:
    """Return the optimal assignment of the open needs without a resource, category by category."""
    table = register.table
    free = free_places(graph, register.uses, offers.valid)
    category = table["category"].to_numpy(dtype=object)
    asking = register.open & (table["resource_id"] == "").to_numpy(bool) & (category != "")
    rows = _blank(len(table)).assign(asking=asking)
    offered = written(graph.nodes["Resource"]["category"])
    limited = graph.nodes["Resource"]["capacity"].notna().to_numpy(bool)
    scorer = _Scorer(graph, params, moment, register, offers)
    # among equals the order decides, and it must not be that of the file
    order = np.argsort(table["need_id"].to_numpy(dtype=object), kind="stable")
    shelf = np.argsort(graph.nodes["Resource"]["id"].to_numpy(dtype=object), kind="stable")
    blocks = []
    for name in sorted(set(category[asking].tolist())):
        here = order[(asking & (category == name))[order]]
        valid = (offered == name) & offers.valid
        block, found = _block(scorer, here, shelf[(valid & limited)[shelf]], free)
        blocks.append({"category": name, "asking": len(here), **block})
        unlimited = shelf[(valid & ~limited)[shelf]]
        found["unlimited"] = _best_names(graph, scorer, here, unlimited, params.list_limit)
        for column in found:
            rows.loc[here, column] = found[column].to_numpy()
    columns = ["category", "asking", *_SUMS]
    return Proposals(rows=rows, blocks=pd.DataFrame(blocks, columns=columns), free=free)


_SUMS = (
    "resources", "places", "pairs", "matched", "score", "greedy_matched", "greedy_score", "bound",
    "gap",
)  # fmt: skip


def _blank(size: int) -> pd.DataFrame:
    none, unknown = np.full(size, -1, dtype=np.int64), np.full(size, np.nan)
    levels = {f"{name}_level": none for name in ("chain", "region", "conditions")}
    parts = dict.fromkeys(PARTS, unknown)
    return pd.DataFrame(
        {"resource": none, "greedy": none, "score": unknown, **parts, **levels,
         "candidates": np.zeros(size, dtype=np.int64),
         "unlimited": pd.Series("", index=range(size), dtype="str")}
    )  # fmt: skip


class _Scorer:
    """Scores needs (rows of the register) against resources (rows of their table)."""

    def __init__(
        self, graph: ChainGraph, params: "NeedParams", moment: Moment, register: Register,
        offers: Offers,
    ) -> None:  # fmt: skip
        weights = np.array([getattr(params, f"weight_{name}") for name in PARTS])
        total = weights.sum()
        self.weights = (weights / total if total > 0 else weights).astype(np.float32)
        self.params, self._offers = params, offers
        self.firms = register.table["firm"].to_numpy()
        self._texts, self._names = _wanted(graph, register), graph.nodes["Resource"]["name"]
        _, raised = day_bounds(register.table["raised"].where(register.table["raised"] != ""))
        days = days_between(raised, moment.day).fillna(0).to_numpy(np.float32)
        self.waiting = np.minimum(days / params.waiting_days, 1).astype(np.float32)

    def likeness(self, needs: Codes, resources: Codes) -> Similarity:
        """Compare the texts of a block."""
        return similarity(self._texts.iloc[needs], self._names.iloc[resources])

    def scores(
        self, needs: Codes, resources: Codes, alike: Similarity, chosen: Codes
    ) -> npt.NDArray[np.float32]:
        """Return the scores of the `chosen` needs of a block, −inf where a resource is not for it.

        Shape (len(chosen), len(resources)).
        """
        firms = self.firms[needs[chosen]]
        score: npt.NDArray[np.float32] = self.weights[0] * alike.rows(chosen)
        grids = (self._offers.chains, self._offers.regions, self._offers.conditions)
        for weight, grid in zip(self.weights[1:4], grids, strict=True):
            score += grid.worth(firms, resources, weight)
        score += (self.weights[4] * self.waiting[needs[chosen]])[:, None]
        if self.params.min_score > 0:
            score[score < self.params.min_score] = -np.inf
        np.minimum(score, 1, out=score)
        return score

    def levels(self, needs: Codes, resources: Codes) -> dict[str, Levels]:
        """Return the levels of each need with the resource beside it."""
        region, chain, conditions = self._offers.pairwise(self.firms[needs], resources)
        return {"chain": chain, "region": region, "conditions": conditions}


def _wanted(graph: ChainGraph, register: Register) -> "pd.Series[str]":
    """Return what each need says it wants: content, position, major and product."""
    stated = graph.nodes["Need"].iloc[register.table["need"].to_numpy()].reset_index(drop=True)
    text = stated["content"].fillna("")
    for column in ("position", "major"):
        text = text + " " + stated[column].fillna("")
    product = graph.rows("Product", stated["product"].to_numpy())
    names = pd.Series(text_of(graph.nodes["Product"]["name"], product), dtype="str")
    result: pd.Series[str] = text + " " + names
    return result


def _block(
    scorer: _Scorer, needs: Codes, resources: Codes, free: Codes
) -> tuple[dict[str, object], pd.DataFrame]:
    """Return the assignment of one category: its line in `assignment`, and a row per need."""
    open_ = resources[free[resources] > 0]
    alike = scorer.likeness(needs, open_)

    def weights(start: int, end: int) -> npt.NDArray[np.float32]:
        chosen = np.arange(start, end)
        scores = scorer.scores(needs, open_, alike, chosen)
        candidates[start:end] = np.isfinite(scores).sum(axis=1)
        return scores

    candidates = np.zeros(len(needs), dtype=np.int64)
    found = assign(weights, len(needs), free[open_], keep=scorer.params.candidates)
    matched = np.flatnonzero(found.column >= 0)
    rows = _blank(len(needs)).assign(candidates=candidates)
    rows["resource"] = _resource(open_, found.column)
    rows["greedy"] = _resource(open_, found.greedy)
    rows["score"] = found.weight
    for name, values in _parts(scorer, needs, open_, alike, found, matched).items():
        rows.loc[matched, name] = values
    return _line(found, len(open_), int(free[open_].sum())), rows


def _resource(resources: Codes, column: Codes) -> Codes:
    return np.append(resources, -1)[column]


def _parts(
    scorer: _Scorer, needs: Codes, resources: Codes, alike: Similarity, found: Assignment,
    matched: Codes,
) -> dict[str, npt.NDArray[np.generic]]:  # fmt: skip
    """Return the parts of the score and the levels of the pairs chosen."""
    column = found.column[matched]
    size = max(1, _CHUNK // max(len(resources), 1))
    text = np.zeros(len(matched), dtype=np.float32)
    for start in range(0, len(matched), size):
        part = slice(start, start + size)
        text[part] = alike.rows(matched[part])[np.arange(len(matched[part])), column[part]]
    levels = scorer.levels(needs[matched], resources[column])
    worth = {name: WORTH[level] for name, level in levels.items()}
    told = {f"{name}_level": level for name, level in levels.items()}
    return {"text": text, **worth, "waiting": scorer.waiting[needs[matched]], **told}


def _line(found: Assignment, resources: int, places: int) -> dict[str, object]:
    """Return one line of `assignment`; value and bound without what serving a need counts."""
    matched = int((found.column >= 0).sum())
    return {
        "resources": resources,
        "places": places,
        "pairs": found.pairs,
        "matched": matched,
        "score": _sum(found.weight),
        "greedy_matched": int((found.greedy >= 0).sum()),
        "greedy_score": _sum(found.greedy_weight),
        "bound": found.bound - found.bonus * matched,
        "gap": found.gap,
    }


def _sum(weights: Floats) -> float:
    return float(np.nansum(weights))


def _best_names(
    graph: ChainGraph, scorer: _Scorer, needs: Codes, resources: Codes, limit: int
) -> "pd.Series[str]":
    """Return the names of the best resources without a capacity for each need of a block."""
    size = len(needs)
    if not len(resources):
        return pd.Series("", index=range(size), dtype="str")
    alike = scorer.likeness(needs, resources)
    names = graph.nodes["Resource"]["name"]
    step = max(1, _CHUNK // len(resources))
    groups, texts = [], []
    count = min(limit, len(resources))
    for start in range(0, size, step):
        chosen = np.arange(start, min(start + step, size))
        scores = scorer.scores(needs, resources, alike, chosen)
        top = np.argpartition(-scores, count - 1, axis=1)[:, :count]
        kept = np.isfinite(np.take_along_axis(scores, top, axis=1)).ravel()
        groups.append(np.repeat(chosen, count)[kept])
        texts.append(resources[top.ravel()[kept]])
    found = names.iloc[np.concatenate(texts)]
    return joined(np.concatenate(groups), found, size, limit=limit, separator=SEPARATOR)
