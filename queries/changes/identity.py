"""Which enterprise of one load is which of another: by credit code, then by name."""

from typing import Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph
from graphmodel.identity import normalise
from graphmodel.schema import Text
from queries.evidence import places
from queries.membership import insiders

_BY: Final = {
    "code": Text("信用代码", "credit code"),
    "name": Text("名称", "name"),
    "": Text("无对应", "no match"),
}


def matched(now: ChainGraph, then: ChainGraph) -> pd.DataFrame:
    """Return which enterprise is which; parties outside the data are left out.

    The same credit code is the same enterprise. Of the rest, the same name after normalisation is,
    unless both have codes and these differ; a name that several share matches nobody.

    Returns:
        `now` and `then` (rows of the tables of enterprises) and `by` ("code" or "name").
    """
    here, there = _known(now), _known(then)
    code = _once(here, "code").merge(_once(there, "code"), on="code", suffixes=("_now", "_then"))
    by_code = pd.DataFrame({"now": code["row_now"], "then": code["row_then"], "by": "code"})
    rest = [
        table[~table["row"].isin(by_code[side])] for table, side in ((here, "now"), (there, "then"))
    ]
    name = _once(rest[0], "name").merge(
        _once(rest[1], "name"), on="name", suffixes=("_now", "_then")
    )
    name = name[name["code_now"].eq("") | name["code_then"].eq("")]
    by_name = pd.DataFrame({"now": name["row_now"], "then": name["row_then"], "by": "name"})
    both = pd.concat([by_code, by_name]).astype({"now": "int64", "then": "int64", "by": "str"})
    return both.sort_values("now").reset_index(drop=True)


def _known(graph: ChainGraph) -> pd.DataFrame:
    table = graph.nodes["Enterprise"]
    frame = pd.DataFrame(
        {
            "row": np.arange(len(table)),
            "code": table["credit_code"].fillna(""),
            "name": normalise(table["name"]).fillna(""),
        }
    )
    return frame[insiders(graph)]


def _once(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the rows whose `column` is written and stands nowhere else."""
    written = table[table[column].ne("")]
    return written[~written[column].duplicated(keep=False)]


def moves(now: ChainGraph, then: ChainGraph, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the enterprises that came, went, were renamed or moved to another region."""
    same = pairs.reset_index(drop=True)
    names = [
        graph.nodes["Enterprise"]["name"].iloc[same[side].to_numpy(np.int64)].reset_index(drop=True)
        for graph, side in ((now, "now"), (then, "then"))
    ]
    regions = [
        graph.names(graph.target("LOCATED_IN", "Enterprise")[same[side].to_numpy(np.int64)])
        .fillna("")
        .astype("str")
        for graph, side in ((now, "now"), (then, "then"))
    ]
    renamed = normalise(names[0]) != normalise(names[1])
    moved = regions[0].ne(regions[1]) & regions[0].ne("") & regions[1].ne("")
    gone, come = (
        np.setdiff1d(np.flatnonzero(insiders(graph)), same[side])
        for graph, side in ((then, "then"), (now, "now"))
    )
    parts = [
        _side(now, come, "in"),
        _side(then, gone, "out"),
        _told(now, same[renamed], "renamed", names[1][renamed], names[0][renamed]),
        _told(now, same[moved], "moved", regions[1][moved], regions[0][moved]),
    ]
    table = pd.concat(parts, ignore_index=True)
    rank = table["move"].map({"in": 0, "out": 1, "renamed": 2, "moved": 3})
    return table.assign(rank=rank).sort_values(["rank", "firm", "credit_code"], kind="stable")


def _side(
    graph: ChainGraph, rows: "np.ndarray[tuple[int], np.dtype[np.int64]]", move: str
) -> pd.DataFrame:
    same = pd.DataFrame({"now": rows, "by": ""})
    names = graph.nodes["Enterprise"]["name"].iloc[rows].reset_index(drop=True)
    blank = pd.Series("", index=range(len(rows)), dtype="str")
    then, now = (blank, names) if move == "in" else (names, blank)
    return _told(graph, same, move, then, now)


def _told(
    graph: ChainGraph, same: pd.DataFrame, move: str, then: pd.Series, now: pd.Series
) -> pd.DataFrame:
    table = graph.nodes["Enterprise"].iloc[same["now"].to_numpy(np.int64)]
    by = same["by"].reset_index(drop=True)
    return pd.DataFrame(
        {
            "firm": table["name"].to_numpy(),
            "credit_code": table["credit_code"].fillna("").to_numpy(),
            "move": move,
            "then": then.to_numpy(),
            "now": now.to_numpy(),
            "by": by.map({key: text.zh for key, text in _BY.items()}).to_numpy(),
            "by_en": by.map({key: text.en for key, text in _BY.items()}).to_numpy(),
            "evidence": places(table).to_numpy(),
        }
    )
