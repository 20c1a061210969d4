"""The rows of `orders`: every line with who supplies it, what is lacking, and who could."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.graph import ChainGraph
from graphmodel.question import Result
from queries.evidence import joined
from queries.orders.offers import Book, book
from queries.orders.plans import Plans, plans
from queries.orders.teams import teams
from queries.orders.verification import conflicts, elsewhere, incomparable, named
from queries.orders.words import explained, not_reported, notes

if TYPE_CHECKING:
    from queries.orders import OrderParams


def answered(graph: ChainGraph, params: "OrderParams") -> Result:
    """Return the answer described at `queries.orders.answer`."""
    known = book(graph, params)
    found = plans(graph, params, known)
    unverified = incomparable(graph, known, found)
    lines = _lines(graph, params, known, found, unverified)
    orders = teams(graph, known, found, lines)
    rows = _rows(graph, found, lines, orders)
    rows, orders = explained(rows, orders, params)
    return Result(
        question="orders",
        params=params,
        rows=rows,
        tables={
            "consortia": orders,
            "conflicts": conflicts(graph, known, found),
            "unverified": named(graph, known, unverified),
        },
        notes=notes(orders, params),
        not_reported=not_reported(graph),
    )


def _lines(
    graph: ChainGraph, params: "OrderParams", known: Book, found: Plans, unverified: pd.DataFrame
) -> pd.DataFrame:
    """Return every line with its state, what it lacks and who else could supply it."""
    lines = known.lines
    names = graph.nodes["Enterprise"]["name"]
    size, limit = len(lines), params.list_limit
    firm = unverified["firm"].to_numpy(np.int64)
    filled = found.lines["filled"].reindex(lines.index).fillna(0.0)
    open_ = lines.index.isin(found.lines.index)
    sound = found.lines["sound"].reindex(lines.index).fillna(value=False).astype(bool)
    short = np.where(open_ & sound, (lines["quantity"] - filled).clip(lower=0), np.nan)
    lacking = np.asarray(open_ & (~sound | (short > lines["quantity"] * 1e-9)))
    doubtful = np.bincount(unverified["line"].to_numpy(np.int64), minlength=size) > 0
    outside, other = elsewhere(graph, known, found)
    told = bool(len(known.offers))
    return lines.assign(
        filled=filled,
        open=open_,
        sound=sound,
        missing_quantity=np.where(lacking, short, np.nan),
        lacking=lacking,
        doubtful=lacking & (doubtful | ~sound | (not told)),
        product_name=graph.names(
            np.where(lines["product"] >= 0, lines["product"] + graph.offsets["Product"], -1)
        ).fillna(""),
        outside=joined(outside, names.iloc[other], size, limit=limit),
        to_verify=joined(
            unverified["line"].to_numpy(np.int64), names.iloc[firm], size, limit=limit
        ),
    )


def _rows(
    graph: ChainGraph, found: Plans, lines: pd.DataFrame, orders: pd.DataFrame
) -> pd.DataFrame:
    """Return one row per line and enterprise; lines that lack something have one more."""
    firms = graph.nodes["Enterprise"]
    supplies = found.supplies
    firm = supplies["firm"].to_numpy(np.int64)
    given = pd.DataFrame(
        {
            "line": supplies["line"],
            "enterprise": firms["name"].to_numpy(object)[firm],
            "enterprise_id": firms["id"].to_numpy(object)[firm],
            "supplied_quantity": supplies["quantity"],
            "share": supplies["share"],
            "capacity": supplies["capacity"],
            "alliance": _own_alliances(graph, found, supplies, orders),
            "where": supplies["evidence"],
            "kind": 0,
        }
    )
    taken = lines[~lines["open"]]
    rest = lines[lines["lacking"]]
    blank = {"enterprise_id": "", "supplied_quantity": np.nan, "share": np.nan,
             "capacity": np.nan, "alliance": "", "where": ""}  # fmt: skip
    held = pd.DataFrame({"line": taken.index, "enterprise": taken["takers"], **blank, "kind": 1})
    gone = pd.DataFrame({"line": rest.index, "enterprise": "", **blank, "kind": 2})
    rows = pd.concat([given, held, gone], ignore_index=True)
    line = lines.loc[rows["line"]].reset_index(drop=True)
    lack = (rows["kind"] == 2).to_numpy(bool)  # noqa: PLR2004  # what is lacking
    whole = orders.set_index("order").loc[line["order"]].reset_index(drop=True)
    rows = rows.assign(
        order=line["order"],
        status=line["status"],
        lacking=lack,
        sound=line["sound"],
        doubtful=line["doubtful"],
        wanted=line["quantity"],
        product=line["product_name"],
        quantity=line["quantity"],
        unit=line["unit"],
        supplied=line["product_name"].where(rows["enterprise"] != "", ""),
        missing=line["product_name"].where(lack, ""),
        missing_quantity=line["missing_quantity"].where(lack),
        outside=line["outside"].where(lack, ""),
        to_verify=line["to_verify"].where(lack, ""),
        evidence=line["evidence"] + ("；" + rows["where"]).where(rows["where"] != "", ""),
        **{name: whole[name] for name in ("order_number", "buyer", "due", "plan", "lead",
                                          "satisfied", "optimality_gap")},
    )  # fmt: skip
    order = ["order_number", "product", "kind", "supplied_quantity", "enterprise"]
    up = [True, True, True, False, True]
    return rows.sort_values(order, ascending=up, kind="stable", ignore_index=True)


def _own_alliances(
    graph: ChainGraph, found: Plans, supplies: pd.DataFrame, orders: pd.DataFrame
) -> "npt.NDArray[np.object_]":
    """Return the alliances of the enterprise of each row, the common one first."""
    member = found.alliances.tocoo()
    pairs = supplies[["order", "firm"]].assign(row=np.arange(len(supplies)))
    pairs = pairs.merge(
        pd.DataFrame({"firm": member.coords[0], "alliance": member.coords[1]}), on="firm"
    )
    names = graph.names(pairs["alliance"].to_numpy(np.int64) + graph.offsets["Alliance"])
    home = orders["home"].to_numpy(np.int64)[pairs["order"].to_numpy(np.int64)]
    common = home == pairs["alliance"].to_numpy(np.int64)
    texts, size = [], len(supplies)
    for part in (common, ~common):
        row = pairs["row"].to_numpy(np.int64)[part]
        texts.append(joined(row, names[part], size, limit=3))
    both = texts[0] + ("、" + texts[1]).where((texts[0] != "") & (texts[1] != ""), texts[1])
    return both.to_numpy(dtype=object)
