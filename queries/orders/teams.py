"""Each order as a whole: its plan, who leads, what the chosen have in common, what it costs."""

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask
from queries.evidence import joined
from queries.orders.offers import ALL, Book
from queries.orders.plans import Plans, leads


def teams(graph: ChainGraph, known: Book, found: Plans, lines: pd.DataFrame) -> pd.DataFrame:
    """Return one row per order: its plan, lead, common alliance and region."""
    size = len(known.numbers)
    order = lines["order"].to_numpy(np.int64)
    supplies = found.supplies
    each = supplies.groupby(["order", "firm"], as_index=False)[["share"]].sum()
    firms = np.bincount(each["order"].to_numpy(np.int64), minlength=size)
    flags = {
        name: np.bincount(order, lines[name].to_numpy(np.float64), minlength=size) > 0
        for name in ("open", "lacking", "doubtful", "taken")
    }
    sound = np.bincount(order, lines["open"] & lines["sound"], minlength=size) > 0
    plan = np.select(
        [
            ~flags["open"] & flags["taken"],
            ~flags["open"],
            (firms == 0) & (flags["doubtful"] | ~sound),
            firms == 0,
            flags["lacking"],
            firms == 1,
        ],
        ["taken", "done", "not_reported", "nobody", "partial", "single"],
        "joint",
    )
    satisfied = np.select(
        [~flags["open"] & flags["taken"], ~flags["open"], ~flags["lacking"], flags["doubtful"]],
        ["yes", "unknown", "yes", "unknown"],
        "no",
    )
    missing = lines[lines["lacking"]]
    shown = missing["product_name"].where(missing["product_name"] != "", "（品类未填报）")
    proven = found.orders["proven"].reindex(range(size))
    buyers = graph.names(_codes(graph, lines.groupby("order")["buyer"].first()))
    table = pd.DataFrame(
        {
            "order": np.arange(size),
            "order_number": known.numbers,
            "buyer": buyers.fillna(""),
            "due": lines.groupby("order")["due"].max().to_numpy(dtype=object),
            "plan": plan,
            "lines": np.bincount(order, minlength=size),
            "firms": firms,
            "satisfied": satisfied,
            "missing": joined(missing["order"].to_numpy(np.int64), shown, size, limit=ALL),
            "proof": proven.fillna("").to_numpy(dtype=object),
            "optimality_gap": found.orders["gap"].reindex(range(size)).to_numpy(np.float64),
            "evidence": joined(order, lines["evidence"], size, limit=3, separator="；"),
        }
    )
    return _membered(graph, known, found, table, each)


def _codes(graph: ChainGraph, rows: "pd.Series[int]") -> Codes:
    found = rows.to_numpy(np.int64)
    return np.where(found >= 0, found + graph.offsets["Enterprise"], -1)


def _membered(
    graph: ChainGraph, known: Book, found: Plans, table: pd.DataFrame, each: pd.DataFrame
) -> pd.DataFrame:
    """Add lead, members, common alliance, ties, region and cost of every order."""
    size = len(table)
    order, firm = each["order"].to_numpy(np.int64), each["firm"].to_numpy(np.int64)
    names = graph.nodes["Enterprise"]["name"].to_numpy(object)[firm]
    of_chain, of_alliance = leads(graph)
    rank = pd.DataFrame(
        {
            "order": order,
            "chain": of_chain[firm],
            "alliance": of_alliance[firm],
            "share": each["share"].round(9),
            "output": graph.nodes["Enterprise"]["output"].fillna(0).to_numpy(np.float64)[firm],
            "name": names,
            "firm": firm,
        }
    ).sort_values(
        ["order", "chain", "alliance", "share", "output", "name"],
        ascending=[True, False, False, False, False, True],
    )
    lead = rank.drop_duplicates("order").set_index("order")["firm"].reindex(range(size))
    lead_row = lead.fillna(-1).to_numpy(np.int64)
    other = firm != lead_row[order]
    home = _home(graph, known, found, each, size)
    inside = _inside(found, firm, home[order])
    regions = graph.target("LOCATED_IN", "Enterprise")[firm]
    main = _most(order, regions, graph.names(regions), size)
    tied = _tied(found, order, firm)
    cost = found.supplies.assign(cost=found.supplies["quantity"] * found.supplies["price"] / 10_000)
    total = cost.groupby("order")["cost"].agg(lambda c: c.sum(skipna=False)).reindex(range(size))
    near = (regions == main[order]) & (regions >= 0)
    alliance = np.where(home >= 0, home + graph.offsets["Alliance"], -1)
    return table.assign(
        lead=graph.names(
            np.where(lead_row >= 0, lead_row + graph.offsets["Enterprise"], -1)
        ).fillna(""),
        members=joined(order[other], pd.Series(names[other], dtype="str"), size, limit=ALL),
        home=home,
        alliance=graph.names(alliance).fillna(""),
        in_alliance=np.bincount(order[inside], minlength=size),
        tied=np.bincount(order[tied], minlength=size),
        region=graph.names(main).fillna(""),
        in_region=np.bincount(order[near], minlength=size),
        cost=total.to_numpy(np.float64),
    )


def _most(order: Codes, item: Codes, names: "pd.Series[str]", size: int) -> Codes:
    """Return the item that most rows of each order have, -1 for none; by name where equal."""
    pairs = pd.DataFrame({"order": order, "item": item, "name": names.fillna("").to_numpy(object)})
    pairs = pairs[pairs["item"] >= 0]
    counts = pairs.groupby(["order", "item", "name"]).size().rename("number").reset_index()
    counts = counts.sort_values(["order", "number", "name"], ascending=[True, False, True])
    first = counts.drop_duplicates("order").set_index("order")["item"]
    return first.reindex(range(size)).fillna(-1).to_numpy(np.int64)


def _home(graph: ChainGraph, known: Book, found: Plans, each: pd.DataFrame, size: int) -> Codes:
    """Return the alliance (row) most of the chosen are in; the broker's if any of them is."""
    member = found.alliances.tocoo()
    pairs = each.merge(
        pd.DataFrame({"firm": member.coords[0], "alliance": member.coords[1]}), on="firm"
    )
    broker = known.lines.groupby("order")["broker"].first()
    pairs["broker"] = broker.reindex(pairs["order"]).to_numpy() == pairs["alliance"]
    first = pairs[pairs["broker"]].drop_duplicates("order").set_index("order")["alliance"]
    row = pairs["alliance"].to_numpy(np.int64)
    names = graph.names(row + graph.offsets["Alliance"])
    most = _most(pairs["order"].to_numpy(np.int64), row, names, size)
    home = first.reindex(range(size)).fillna(-1).to_numpy(np.int64)
    return np.where(home >= 0, home, most)


def _inside(found: Plans, firm: Codes, alliance: Codes) -> Mask:
    member = found.alliances.tocoo()
    width = max(found.alliances.shape[1], 1)
    key = firm * width + alliance
    mine = member.coords[0].astype(np.int64) * width + member.coords[1]
    return np.asarray((alliance >= 0) & np.isin(key, mine))


def _tied(found: Plans, order: Codes, firm: Codes) -> Mask:
    """Return which of the chosen have a tie to another chosen one of the same order."""
    ties = found.ties.tocoo()
    width = found.ties.shape[0]
    chosen = pd.DataFrame({"order": order, "firm": firm})
    pairs = chosen.merge(pd.DataFrame({"firm": ties.coords[0], "other": ties.coords[1]}), on="firm")
    key = order * width + firm
    both = pairs[np.isin(pairs["order"] * width + pairs["other"], key)]
    return np.isin(key, both["order"].to_numpy(np.int64) * width + both["firm"].to_numpy(np.int64))
