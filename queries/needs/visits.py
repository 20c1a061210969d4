"""Visits and specialists: who was visited when, who was not, and how much each post carries."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from graphmodel.dates import day_bounds
from graphmodel.errors import UsageError
from graphmodel.graph import ChainGraph, Mask
from graphmodel.scope import declared_for_enterprises
from queries.evidence import joined, places
from queries.membership import chain_members
from queries.needs.declared import VISIT_BASES
from queries.needs.loads import counted
from queries.needs.moment import Moment
from queries.needs.register import Register, firm_chains
from queries.segments import numbers

if TYPE_CHECKING:
    from queries.needs import NeedParams

_NAMES = 3  # posts and places written out in a row of the ledger
_INDUSTRIAL = ("06", "46")  # GB/T 4754: mining to the supply of water, gas and electricity


def to_visit(graph: ChainGraph, base: str) -> Mask:
    """Return which enterprises are to be visited each quarter.

    An enterprise counts as industrial unless its 行业代码 says otherwise.

    Raises:
        UsageError: There is no such base.
    """
    if base not in VISIT_BASES:
        choices = "、".join(VISIT_BASES)
        msg = (
            f"应走访的企业没有“{base}”这种口径；可选 {choices}。"
            f" There is no base {base!r}; choose one of {choices}."
        )
        raise UsageError(msg)
    table = graph.nodes["Enterprise"]
    kept = np.ones(len(table), dtype=bool)
    if base in {"key", "key_above_scale"}:
        kept &= numbers(table["key"]) == 1
    if base in {"above_scale", "key_above_scale"}:
        kept &= numbers(table["above_scale"]) == 1
    if base == "key_above_scale":
        division = table["industry_code"].fillna("").str.extract(r"(\d\d)", expand=False).fillna("")
        low, high = _INDUSTRIAL
        kept &= ((division == "") | ((division >= low) & (division <= high))).to_numpy(bool)
    return kept


def _paid(graph: ChainGraph, when: Moment) -> pd.DataFrame:
    """Return every visit up to the day: `firm`, `post`, `day`, `date`, `now`, `evidence`."""
    edges = graph.edges["VISITS"]
    day, _ = day_bounds(edges["date"])
    found = pd.DataFrame(
        {
            "firm": graph.rows("Enterprise", edges["target"].to_numpy()),
            "post": graph.names(edges["source"].to_numpy()).fillna(""),
            "date": edges["date"].fillna(""),
            "day": day,
            "evidence": places(edges),
        }
    )
    kept = found["firm"].to_numpy() >= 0
    if not np.isnat(when.day):
        kept &= np.isnat(day) | (day <= when.day)
        found["now"] = np.asarray(day >= when.quarter)
    else:
        found["now"] = False
    return found[kept]


def ledger(graph: ChainGraph, params: "NeedParams", when: Moment, firms: Mask) -> pd.DataFrame:
    """Return 走访服务台账: every enterprise visited, and every one that is to be."""
    table = graph.nodes["Enterprise"]
    size = len(table)
    paid = _paid(graph, when)
    firm = paid["firm"].to_numpy(np.int64)
    number = np.bincount(firm, minlength=size)
    now = np.bincount(firm, paid["now"].to_numpy(np.float64), minlength=size) > 0
    last = paid.sort_values(["day", "date"]).groupby("firm")["date"].last().reindex(range(size))
    base = to_visit(graph, params.visit_base)
    silent = declared_for_enterprises(graph, "走访")
    state = np.select([now, (number > 0) | silent], ["no", "yes"], "unknown")
    rows = pd.DataFrame(
        {
            "enterprise": table["name"],
            "enterprise_id": table["id"],
            "region": graph.names(graph.target("LOCATED_IN", "Enterprise")).fillna(""),
            "last_visit": last.fillna("").to_numpy(dtype=object),
            "visits": number,
            "post": joined(firm, paid["post"], size, limit=_NAMES),
            "base": base,
            "not_visited": pd.Series(state, dtype="str"),
            "evidence": joined(firm, paid["evidence"], size, limit=_NAMES, separator="；"),
        }
    )
    shown = firms & (base | (number > 0))
    rows = rows[shown]
    rows = rows.assign(**_visit_reasons(rows, silent[shown], when))
    place = {"yes": 0, "unknown": 1, "no": 2}
    keys = rows.assign(place=rows["not_visited"].map(place), other=~rows["base"])
    order = keys.sort_values(["other", "place", "last_visit", "enterprise_id"], kind="stable")
    return rows.loc[order.index]


def _visit_reasons(rows: pd.DataFrame, silent: Mask, when: Moment) -> "dict[str, pd.Series[str]]":
    quarter = "" if np.isnat(when.day) else str(when.quarter)
    seen = rows["visits"] > 0
    now = rows["not_visited"] == "no"
    never = pd.Series(
        np.where(silent, "走访已声明填全而没有记录", "没有走访记录，走访未声明填全"),
        index=rows.index,
        dtype="str",
    )
    never_en = pd.Series(
        np.where(
            silent,
            "走访 is complete and has no visit",
            "no visit on record, which need not be none",
        ),
        index=rows.index,
        dtype="str",
    )
    zh = ("最近走访 " + rows["last_visit"] + f"，在本季首日 {quarter} 之前").where(seen, never)
    en = ("last visited " + rows["last_visit"] + f", before the quarter began on {quarter}").where(
        seen, never_en
    )
    zh = zh.where(~now, "本季已走访，最近 " + rows["last_visit"])
    en = en.where(~now, "visited this quarter, last on " + rows["last_visit"])
    return {"reason": zh + "。", "reason_en": en + "."}


def specialists(graph: ChainGraph, when: Moment | None = None) -> pd.DataFrame:
    """Return whom each 红链专员 post looks after: `post`, `unit`, `firm` (row), each pair once.

    A post whose 对象 is a chain looks after its enterprises. Posts that ended before the day do
    not count.
    """
    edges = graph.edges["HOLDS_POST"]
    edges = edges[(edges["role"] == "红链专员").to_numpy(bool)]
    if when is not None and not np.isnat(when.day):
        _, end = day_bounds(edges["end"])
        edges = edges[np.isnat(end) | (end >= when.day)]
    source = edges["source"].to_numpy()
    unit = graph.names(source).fillna("").where(~graph.is_kind(source, "Post"), "")
    held = np.where(edges["post"].to_numpy() >= 0, edges["post"].to_numpy(), source)
    target = edges["target"].to_numpy()
    posts = pd.DataFrame(
        {
            "post": graph.names(held).fillna("").to_numpy(dtype=object),
            "unit": unit.to_numpy(dtype=object),
            "firm": graph.rows("Enterprise", target),
            "chain": graph.rows("Chain", target),
        }
    )
    own = posts[posts["firm"] >= 0]
    through = posts.drop(columns="firm").merge(chain_members(graph), on="chain")
    both = pd.concat([own, through], ignore_index=True)
    return both[["post", "unit", "firm"]].drop_duplicates(ignore_index=True)


def posts(graph: ChainGraph, when: Moment, known: Register) -> pd.DataFrame:
    """Return the load of each specialist post: enterprises, needs, visits."""
    held = specialists(graph, when)
    held = held[known.firms[held["firm"].to_numpy(np.int64)]]
    firms = held.drop_duplicates(["post", "firm"]).groupby("post").size().rename("enterprises")
    needs = counted(known.table, ["post"]).set_index("post")
    paid = _paid(graph, when)
    paid = paid[known.firms[paid["firm"].to_numpy(np.int64)]]
    visits = paid.groupby("post").agg(visits=("date", "size"), visits_quarter=("now", "sum"))
    table = pd.concat([firms, needs, visits], axis=1)
    table = table.fillna(0).astype("int64").rename_axis("post").reset_index()
    codes, names = pd.factorize(held["post"], sort=True)
    unit = joined(np.asarray(codes, dtype=np.int64), held["unit"], len(names), limit=_NAMES)
    units = pd.Series(unit.to_numpy(dtype=object), index=names, dtype="str")
    table["unit"] = units.reindex(table["post"]).fillna("").to_numpy(dtype=object)
    named: pd.DataFrame = table[table["post"] != ""]
    return named.sort_values(["open", "post"], ascending=[False, True], kind="stable")


def without_specialist(
    graph: ChainGraph, params: "NeedParams", when: Moment, known: Register
) -> pd.DataFrame:
    """Return the enterprises to be visited, or with an open need, that no specialist looks after.

    Empty where 岗位 names no 红链专员 at all, for then nothing is known.
    """
    table = graph.nodes["Enterprise"]
    size = len(table)
    needs = known.table
    open_ = np.bincount(needs.loc[known.open & (needs["firm"] >= 0), "firm"], minlength=size)
    held = specialists(graph, when)["firm"].to_numpy(np.int64)
    has = np.zeros(size, dtype=bool)
    has[held] = True
    has[needs.loc[(needs["post"] != "") & (needs["firm"] >= 0), "firm"].to_numpy()] = True
    shown = known.firms & ~has & (to_visit(graph, params.visit_base) | (open_ > 0)) & has.any()
    at = np.flatnonzero(shown)
    table, silent = table.iloc[at], declared_for_enterprises(graph, "岗位")[at]
    why = ("岗位已声明填全而没有专员", "岗位没有专员记录，也未声明填全")
    why_en = ("岗位 is complete and names none", "岗位 names none, which need not mean none")
    rows = pd.DataFrame(
        {
            "enterprise": table["name"].array,
            "enterprise_id": table["id"].array,
            "region": graph.names(graph.target("LOCATED_IN", "Enterprise")[at]).fillna(""),
            "chain": firm_chains(graph).array[at],
            "known": silent,
            "open": open_[at],
            "reason": pd.Series(np.where(silent, *why), dtype="str")
            + "：企业、所在产业链和需求都没有。",
            "reason_en": pd.Series(np.where(silent, *why_en), dtype="str")
            + " for the firm, its chains or its needs.",
            "evidence": places(table).array,
        }
    )
    return rows.sort_values(["open", "enterprise_id"], ascending=[False, True], kind="stable")
