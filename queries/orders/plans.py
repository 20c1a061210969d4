"""A plan for every open order: who could supply which line, and who is chosen."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask
from queries.membership import alliance_members
from queries.orders.consortium import Chosen, Problem, choose
from queries.orders.offers import Book

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from queries.orders import OrderParams

_ENOUGH: Final = 1 - 1e-9  # share of a line that fills it
_PREFERENCES: Final = (("prefer_alliance", "alliance"), ("prefer_ties", "ties"),
                       ("prefer_region", "region"))  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Plans:
    """What is planned.

    Attributes:
        supplies: One row per line and enterprise chosen: `line` (row of `Book.lines`), `order`,
            `firm`, `quantity`, `share`, `capacity`, `price`, `evidence`.
        pairs: Every line with every enterprise that could supply some of it.
        orders: One row per order that somebody could supply, by `order`: `proven`, `gap`.
        lines: One row per open line of `Book.lines`: `filled` (quantity), `sound` (product,
            quantity and unit are all there).
        alliances: Which enterprise is in which alliance, shape (enterprises, alliances).
        ties: Supply or 配套 between enterprises, symmetric.
    """

    supplies: pd.DataFrame
    pairs: pd.DataFrame
    orders: pd.DataFrame
    lines: pd.DataFrame
    alliances: "csr_array"
    ties: "csr_array"


def plans(graph: ChainGraph, params: "OrderParams", known: Book) -> Plans:
    """Return a plan for every order with lines that nobody has taken."""
    lines = known.lines
    open_ = lines[~lines["taken"] & ~lines["done"]]
    sound = (open_["product"] >= 0) & (open_["quantity"] > 0) & (open_["unit"] != "")
    pairs = _pairs(graph, known, open_[sound])
    alliances, ties = _alliances(graph), _ties(graph)
    alone = _single(params, pairs, open_, alliances)
    rest = pairs[~pairs["order"].isin(alone["order"])]
    chosen = [alone[["order", "firm"]]]
    told: list[dict[str, object]] = []
    for order, group in rest.groupby("order"):
        firms = considered_firms(group, params)
        broker = int(lines.loc[group["line"].iloc[0], "broker"])
        found = _solve(graph, params, group, firms, alliances, ties, broker)
        told.append({"order": order, "proven": found.proven, "gap": found.gap})
        chosen.append(pd.DataFrame({"order": order, "firm": firms[found.firms]}))
    picked = pd.concat(chosen, ignore_index=True)
    supplies = _allocated(params, pairs.merge(picked, on=["order", "firm"]))
    filled = supplies.groupby("line")["quantity"].sum()
    told += [{"order": order, "proven": "proven", "gap": 0.0} for order in alone["order"]]
    orders = pd.DataFrame(told, columns=["order", "proven", "gap"])
    return Plans(
        supplies=supplies, pairs=pairs, orders=orders.set_index("order"),
        lines=open_.assign(filled=filled.reindex(open_.index).fillna(0.0), sound=sound),
        alliances=alliances, ties=ties,
    )  # fmt: skip


def _pairs(graph: ChainGraph, known: Book, lines: pd.DataFrame) -> pd.DataFrame:
    """Return every sound line with every enterprise that has some of it free, in order of names."""
    offers = known.offers
    offers = offers[offers["inside"] & (offers["capacity"] > 0)]
    asked = lines[["order", "product", "quantity", "unit", "buyer"]].rename(
        columns={"quantity": "wanted"}
    )
    both = asked.rename_axis("line").reset_index().merge(
        offers[["firm", "product", "unit", "capacity", "price", "evidence"]],
        on=["product", "unit"],
    )  # fmt: skip
    both = both[both["firm"] != both["buyer"]]
    firms = graph.nodes["Enterprise"]
    row = both["firm"].to_numpy(np.int64)
    rank = np.empty(len(firms), dtype=np.int64)
    rank[np.lexsort((firms["id"].to_numpy(object), firms["name"].to_numpy(object)))] = np.arange(
        len(firms)
    )
    both = both.assign(
        most=np.minimum(both["capacity"] / both["wanted"], 1.0),
        cost=both["price"] * both["wanted"],
        rank=rank[row],
        output=firms["output"].to_numpy(np.float64)[row],
    )
    return both.sort_values(["order", "line", "rank"], ignore_index=True)


def _single(
    params: "OrderParams", pairs: pd.DataFrame, lines: pd.DataFrame, alliances: "csr_array"
) -> pd.DataFrame:
    """Return the best enterprise for every order that one can fill alone: 无需抱团."""
    number = lines.groupby("order").size()
    full = pairs[pairs["most"] >= _ENOUGH]
    each = full.groupby(["order", "firm"], as_index=False).agg(
        lines=("line", "size"), cost=("cost", lambda c: c.sum(skipna=False)),
        rank=("rank", "first"), output=("output", "first"),
    )  # fmt: skip
    each = each[each["lines"] == number.reindex(each["order"]).to_numpy()]
    broker = lines.groupby("order")["broker"].first().reindex(each["order"]).to_numpy(np.int64)
    member = alliances.tocoo()
    width = alliances.shape[1]
    key = each["firm"].to_numpy(np.int64) * width + broker
    inside = np.isin(key, member.coords[0].astype(np.int64) * width + member.coords[1])
    inside &= (broker >= 0) & params.prefer_alliance
    keys = ["order", "outside", "cost", "output", "rank"]
    if params.objective == "cost":
        keys = ["order", "cost", "outside", "output", "rank"]
    each = each.assign(outside=~inside, output=-each["output"].fillna(0))
    return each.sort_values(keys).drop_duplicates("order", ignore_index=True)


def considered_firms(group: pd.DataFrame, params: "OrderParams") -> Codes:
    """Return the enterprises that are solved for, in order of names: the largest of each line."""
    firms = group.drop_duplicates("firm").sort_values("rank")["firm"].to_numpy(np.int64)
    if len(firms) <= params.max_firms:
        return firms
    place = group.sort_values(["most", "rank"], ascending=[False, True])
    place = place.assign(place=place.groupby("line").cumcount()).sort_values(["place", "rank"])
    first = place.drop_duplicates("firm")["firm"].to_numpy(np.int64)[: params.max_firms]
    return firms[np.isin(firms, first)]


def _solve(
    graph: ChainGraph, params: "OrderParams", group: pd.DataFrame, firms: Codes,
    alliances: "csr_array", ties: "csr_array", broker: int,
) -> Chosen:  # fmt: skip
    every = group["firm"].nunique()
    place = pd.Series(np.arange(len(firms)), index=firms)
    kept = group[group["firm"].isin(firms)]
    line, lines = pd.factorize(kept["line"])
    theirs = alliances[firms]
    shared = np.flatnonzero(np.asarray(theirs.sum(axis=0)).ravel() > 1)
    homes = np.array([broker]) if broker >= 0 and theirs[:, [broker]].sum() else shared
    region = graph.rows("Region", graph.target("LOCATED_IN", "Enterprise"))[firms]
    problem = Problem(
        line=np.asarray(line, dtype=np.int64), firm=place[kept["firm"]].to_numpy(np.int64),
        most=kept["most"].to_numpy(np.float64), cost=kept["cost"].to_numpy(np.float64),
        lines=len(lines), firms=len(firms), alliances=theirs[:, homes],
        ties=ties[firms][:, firms], regions=region,
    )  # fmt: skip
    prefer = tuple(name for field, name in _PREFERENCES if getattr(params, field))
    found = choose(
        problem, cheapest=params.objective == "cost", prefer=prefer, seconds=params.time_limit
    )
    if len(firms) < every:
        return Chosen(firms=found.firms, proven="limited", gap=found.gap)
    return found


def _allocated(params: "OrderParams", pairs: pd.DataFrame) -> pd.DataFrame:
    """Share every line among the enterprises chosen, whole capacities at a time.

    The cheapest first where cost is asked for, else the largest first; one that is left with
    nothing drops out.
    """
    keys = (
        ["line", "price", "most", "rank"]
        if params.objective == "cost"
        else ["line", "most", "rank"]
    )
    up = [key != "most" for key in keys]
    pairs = pairs.sort_values(keys, ascending=up, na_position="last", ignore_index=True)
    before = pairs.groupby("line")["capacity"].cumsum() - pairs["capacity"]
    quantity = (pairs["wanted"] - before).clip(lower=0)
    pairs = pairs.assign(quantity=np.minimum(quantity, pairs["capacity"]))
    pairs = pairs[pairs["quantity"] > 0]
    return pairs.assign(share=pairs["quantity"] / pairs["wanted"])


def _alliances(graph: ChainGraph) -> "csr_array":
    from scipy.sparse import csr_array  # noqa: PLC0415  # scipy is slow to import

    members = alliance_members(graph)[["firm", "alliance"]].drop_duplicates()
    shape = (len(graph.nodes["Enterprise"]), len(graph.nodes["Alliance"]))
    at = (members["firm"].to_numpy(), members["alliance"].to_numpy())
    return csr_array((np.ones(len(members)), at), shape=shape)


def _ties(graph: ChainGraph) -> "csr_array":
    """Return 1 for every pair of enterprises with a supply or 配套 relation, either way round."""
    from scipy.sparse import csr_array  # noqa: PLC0415  # scipy is slow to import

    supplies = graph.matrix("SUPPLIES", "Enterprise", "Enterprise")
    both = supplies + supplies.T + graph.matrix("COOPERATES", "Enterprise", "Enterprise")
    both = csr_array(both > 0, dtype=np.float64)
    both.setdiag(0)
    both.eliminate_zeros()
    return both


def leads(graph: ChainGraph) -> tuple[Mask, Mask]:
    """Return which enterprises are 链主 or 龙头 of a chain, and 盟主 or 链主 of an alliance."""
    size = len(graph.nodes["Enterprise"])
    found = []
    for edge, pattern in (("IN_CHAIN", "链主|龙头"), ("MEMBER_OF", "盟主|链主")):
        table = graph.edges[edge]
        kept = table["role"].astype("str").fillna("").str.contains(pattern, regex=True)
        row = graph.rows("Enterprise", table["source"].to_numpy()[kept.to_numpy(bool)])
        mask = np.zeros(size, dtype=bool)
        mask[row[row >= 0]] = True
        found.append(mask)
    return found[0], found[1]
