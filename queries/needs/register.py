"""The register: every need asked about, with what is on record for it and how it stands."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.dates import day_bounds
from graphmodel.graph import ChainGraph, Codes, Mask
from queries.asked import asked_enterprises
from queries.columns import written
from queries.evidence import joined
from queries.membership import chain_labels, chain_members
from queries.needs.moment import Moment, days_between

if TYPE_CHECKING:
    from queries.needs import NeedParams

CANCELLED: Final = "取消|终止|中止|撤销"
"""An action whose 状态 says so is no longer on record for a need."""

ALL: Final = 1_000_000  # names are written out in full
SEPARATOR: Final = "、"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Register:
    """Needs asked about and what is on record.

    Attributes:
        table: One row per need: `need` (row in its table), `firm` (row, -1 unknown), `state` and
            what the columns of the answer show of it.
        firms: Which enterprises are asked about, shape (enterprises,).
        uses: Live uses on record: `action`, `need` (rows; need -1 where none), `resource` (row).
        addressed: Which needs of the whole source an action on record addresses.
    """

    table: pd.DataFrame
    firms: Mask
    uses: pd.DataFrame
    addressed: Mask

    @property
    def open(self) -> Mask:
        """Which rows are not closed."""
        return (self.table["state"] != "closed").to_numpy(bool)


def register(graph: ChainGraph, params: "NeedParams", moment: Moment) -> Register:
    """Return the needs of the enterprises asked about.

    Raises:
        UsageError: `params` names a chain or region that does not exist.
    """
    firms = asked_enterprises(graph, params)
    need = np.arange(len(graph.nodes["Need"]))
    firm = graph.rows("Enterprise", graph.target("RAISED_BY", "Need"))
    if params.chain or params.region:
        kept = np.append(firms, [False])[firm]
        need, firm = need[kept], firm[kept]
    actions = _actions(graph)
    uses = _uses(graph, actions)
    addressed = np.zeros(len(graph.nodes["Need"]), dtype=bool)
    addressed[actions["need"].to_numpy()] = True
    table = _described(graph, need, firm)
    table = _on_record(graph, table, actions, uses)
    return Register(
        table=_timed(table, moment, addressed[need]), firms=firms, uses=uses, addressed=addressed
    )


def live_actions(graph: ChainGraph) -> Mask:
    """Return which actions are not cancelled."""
    status = graph.nodes["Action"]["status"].fillna("")
    return ~status.str.contains(CANCELLED, regex=True).to_numpy(bool)


def _actions(graph: ChainGraph) -> pd.DataFrame:
    """Return which live action (`action`) addresses which need (`need`), as rows."""
    edges = graph.edges["ADDRESSES"]
    found = pd.DataFrame(
        {
            "action": graph.rows("Action", edges["source"].to_numpy()),
            "need": graph.rows("Need", edges["target"].to_numpy()),
        }
    )
    found = found[live_actions(graph)[found["action"].to_numpy()]] if len(found) else found
    return found.drop_duplicates(ignore_index=True)


def _uses(graph: ChainGraph, actions: pd.DataFrame) -> pd.DataFrame:
    edges = graph.edges["USES"]
    used = pd.DataFrame(
        {
            "action": graph.rows("Action", edges["source"].to_numpy()),
            "resource": graph.rows("Resource", edges["target"].to_numpy()),
        }
    )
    used = used[live_actions(graph)[used["action"].to_numpy()]] if len(used) else used
    both = used.drop_duplicates().merge(actions, on="action", how="left")
    return both.assign(need=both["need"].fillna(-1).astype("int64"))


def text_of(column: "pd.Series[str]", rows: Codes) -> npt.NDArray[np.object_]:
    """Return the text in the given rows of a column, "" where blank or for row -1."""
    found = pd.Series(column.array.take(rows, allow_fill=True), dtype="str")
    return np.asarray(found.fillna(""), dtype=object)


def firm_chains(graph: ChainGraph) -> "pd.Series[str]":
    """Return the chains of every enterprise in one string."""
    members = chain_members(graph)
    labels = pd.Series(chain_labels(graph)[members["chain"].to_numpy()], dtype="str")
    size = len(graph.nodes["Enterprise"])
    return joined(members["firm"].to_numpy(), labels, size, limit=ALL)


def _described(graph: ChainGraph, need: Codes, firm: Codes) -> pd.DataFrame:
    stated = graph.nodes["Need"].iloc[need].reset_index(drop=True)
    firms = graph.nodes["Enterprise"]
    regions = graph.names(graph.target("LOCATED_IN", "Enterprise"))
    return pd.DataFrame(
        {
            "need": need,
            "firm": firm,
            "need_id": stated["id"],
            "enterprise": text_of(firms["name"], firm),
            "enterprise_id": text_of(firms["id"], firm),
            "credit_code": text_of(firms["credit_code"], firm),
            "chain": text_of(firm_chains(graph), firm),
            "region": text_of(regions, firm),
            "category": written(stated["category"]),
            "content": stated["content"].fillna(""),
            "raised": stated["raised"].fillna(""),
            "type": written(stated["type"]),
            "due": stated["due"].fillna(""),
            "closed": stated["closed"].fillna(""),
            "responsible": graph.names(stated["responsible"].to_numpy()).fillna(""),
            "post": graph.names(stated["post"].to_numpy()).fillna(""),
        }
    )


def _on_record(
    graph: ChainGraph, table: pd.DataFrame, actions: pd.DataFrame, uses: pd.DataFrame
) -> pd.DataFrame:
    """Add the actions and resources on record, in one string each."""
    size = len(graph.nodes["Need"])
    need = table["need"].to_numpy()
    given = uses[uses["need"] >= 0]
    columns = {
        "action_id": ("Action", "id", actions["action"], actions["need"]),
        "action_status": ("Action", "status", actions["action"], actions["need"]),
        "resource_id": ("Resource", "id", given["resource"], given["need"]),
        "resource": ("Resource", "name", given["resource"], given["need"]),
    }
    for name, (kind, column, row, group) in columns.items():
        texts = graph.nodes[kind][column].fillna("").iloc[row.to_numpy()]
        found = joined(group.to_numpy(), texts, size, limit=ALL, separator=SEPARATOR)
        table[name] = found.to_numpy(dtype=object)[need]
    return table


def _timed(table: pd.DataFrame, moment: Moment, acted: Mask) -> pd.DataFrame:
    """Add the state and the days: open, overdue, to close."""
    blank = {name: table[name].where(table[name] != "") for name in ("raised", "due", "closed")}
    _, raised = day_bounds(blank["raised"])
    _, due = day_bounds(blank["due"])
    closed_from, _ = day_bounds(blank["closed"])
    closed = ~np.isnat(closed_from)
    if not np.isnat(moment.day):
        closed &= closed_from <= moment.day
    overdue = ~closed & (due < moment.day)
    state = np.select([closed, overdue, acted], ["closed", "overdue", "in_progress"], "unmatched")
    waited = days_between(raised, moment.day)
    late = pd.Series(closed_from > due, dtype="boolean").mask(~closed | np.isnat(due))
    return table.assign(
        state=pd.Series(state, dtype="str"),
        acted=acted,
        days_open=waited.mask(closed),
        days_to_close=days_between(raised, closed_from).mask(~closed),
        days_overdue=days_between(due, moment.day).mask(~overdue),
        closed_late=late,
        later=np.asarray(~np.isnat(moment.day) & (raised > moment.day)),
    )
