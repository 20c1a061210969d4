"""The rows of `needs`: the register with proposals and reasons, and every further table."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph
from graphmodel.question import Result
from queries.evidence import joined, places
from queries.needs import loads, policies, stated, visits
from queries.needs.declared import STATES
from queries.needs.fit import offers
from queries.needs.moment import moment
from queries.needs.proposals import Proposals, proposals
from queries.needs.register import ALL, Register, register, text_of
from queries.needs.words import explained, not_reported, notes

if TYPE_CHECKING:
    from queries.needs import NeedParams


def answered(graph: ChainGraph, params: "NeedParams") -> Result:
    """Return the answer described at `queries.needs.answer`."""
    when = moment(graph, params.as_of)
    known = register(graph, params, when)
    suits = offers(graph, when)
    proposed = proposals(graph, params, when, known, suits)
    rows = explained(graph, _rows(graph, known, proposed), proposed, params)
    tables = {
        "summary": loads.summary(rows),
        "ageing": loads.ageing(rows),
        "assignment": proposed.blocks,
        "actions_without_need": loads.actions_without_need(graph),
        "unused_resources": loads.unused_resources(graph, known, proposed, suits),
        "visits": visits.ledger(graph, params, when, known.firms),
        "posts": visits.posts(graph, when, known),
        "departments": loads.departments(graph, rows, known),
        "no_specialist": visits.without_specialist(graph, params, when, known),
        "asserted": stated.asserted(graph, params),
    }
    listed = policies.claims(graph, params, known.firms, suits)
    tables |= {"policies": listed.rows, "policy_counts": listed.counts}
    return Result(
        question="needs",
        params=params,
        rows=_ordered(rows),
        tables=tables,
        notes=notes(graph, params, when, known, proposed, listed.left_out),
        not_reported=not_reported(graph),
    )


def _rows(graph: ChainGraph, known: Register, proposed: Proposals) -> pd.DataFrame:
    table, found = known.table, proposed.rows
    resources = graph.nodes["Resource"]
    row, greedy = found["resource"].to_numpy(), found["greedy"].to_numpy()
    return table.assign(
        asking=found["asking"],
        proposed_id=text_of(resources["id"], row),
        proposed=text_of(resources["name"], row),
        greedy_id=text_of(resources["id"], greedy),
        score=found["score"],
        candidates=found["candidates"].astype("Int64").mask(~found["asking"]),
        unlimited=found["unlimited"],
        evidence=_evidence(graph, known),
    )


def _evidence(graph: ChainGraph, known: Register) -> "pd.Series[str]":
    """Where the need and the actions for it were written."""
    need = known.table["need"].to_numpy()
    own = places(graph.nodes["Need"]).to_numpy(dtype=object)[need]
    edges = graph.edges["ADDRESSES"]
    target = graph.rows("Need", edges["target"].to_numpy())
    action = graph.rows("Action", edges["source"].to_numpy())
    where = places(graph.nodes["Action"]).iloc[action]
    size = len(graph.nodes["Need"])
    theirs = joined(target, where, size, limit=ALL, separator="；").to_numpy(dtype=object)[need]
    both = pd.Series(own, dtype="str") + pd.Series(np.where(theirs != "", "；", ""), dtype="str")
    result: pd.Series[str] = both + pd.Series(theirs, dtype="str")
    return result


def _ordered(rows: pd.DataFrame) -> pd.DataFrame:
    """Overdue first, then unmatched, in progress, closed; the longest open first."""
    place = {state: number for number, state in enumerate(STATES)}
    keys = rows.assign(
        place=rows["state"].map(place).astype("int64"),
        late=-rows["days_overdue"].fillna(0),
        waited=-rows["days_open"].fillna(0),
    )
    order = keys.sort_values(["place", "late", "waited", "need_id"], kind="stable").index
    return rows.loc[order].reset_index(drop=True)
