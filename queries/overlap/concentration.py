"""Where enterprises crowd: clusters that make the same, and how concentrated each segment is."""

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph
from queries.evidence import joined
from queries.membership import chain_labels
from queries.overlap.portfolios import Floats, Portfolios
from queries.overlap.similarity import clusters

if TYPE_CHECKING:
    from queries.overlap import OverlapParams

_NAMES_SHOWN: Final = 10


def clustered(
    graph: ChainGraph, params: "OverlapParams", made: Portfolios, same: pd.DataFrame, size: Floats
) -> pd.DataFrame:
    """Return the connected groups of units that make the same."""
    label = clusters(same, len(made.units))
    inside = np.flatnonzero(label >= 0)
    _, group = np.unique(label[inside], return_inverse=True)
    number = int(group.max(initial=-1)) + 1
    units = made.units.iloc[inside]
    names = graph.nodes["Enterprise"]["name"].iloc[units["firm"].to_numpy(np.int64)]
    parts = made.parts.merge(pd.DataFrame({"unit": inside, "group": group}), on="unit")
    kind = "Product" if params.by == "products" else "Segment"
    makers = parts.groupby(["group", "item"]).size().reset_index(name="makers")
    common = makers[makers["makers"] > 1]
    items = graph.nodes[kind]["name"].iloc[common["item"].to_numpy(np.int64)]
    first = pd.Series(np.arange(len(inside))).groupby(group).first().to_numpy(np.int64)
    labels = np.append(chain_labels(graph), "")
    counts = np.bincount(group, minlength=number)
    amount = pd.Series(size[inside]).groupby(group).sum(min_count=1)
    frame = pd.DataFrame(
        {
            "chain": pd.Series(labels[units["chain"].to_numpy(np.int64)[first]], dtype="str"),
            "segment": graph.nodes["Segment"]["name"].to_numpy()[
                units["segment"].to_numpy(np.int64)[first]
            ],
            "firms": counts,
            "names": joined(group, names, number, limit=_NAMES_SHOWN),
            "products": joined(
                common["group"].to_numpy(np.int64), items, number, limit=_NAMES_SHOWN
            ),
            "output": amount.to_numpy(np.float64),
        }
    )
    text = frame["firms"].astype("str")
    frame = frame.assign(
        reason=text + " 家企业由同质的企业对连成一群，宜先在群内错位或整合。",
        reason_en=text + " firms connected by pairs that make the same: differ or integrate.",
    )
    order = ["firms", "chain", "segment", "names"]
    ordered: pd.DataFrame = frame.sort_values(
        order, ascending=[False, True, True, True], kind="stable"
    )
    return ordered


def concentration(
    graph: ChainGraph, made: Portfolios, pairs: pd.DataFrame, params: "OverlapParams"
) -> pd.DataFrame:
    """Return every segment with firms: how many, how concentrated, how many make the same."""
    units = made.units
    grouped = units.groupby("segment")
    output = units["output"]
    total = grouped["output"].transform("sum")
    square = (output / total.where(total > 0)) ** 2
    complete = grouped["output"].transform("count") == grouped["output"].transform("size")
    hhi = square.where(complete).groupby(units["segment"]).sum(min_count=1)
    same = pairs.loc[pairs["overlap"] >= params.same, "a"].to_numpy(np.int64)
    twins = pd.Series(units["segment"].to_numpy()[same]).value_counts()
    items = made.parts.assign(segment=units["segment"].to_numpy()[made.parts["unit"]])
    table = pd.DataFrame(
        {
            "chain_row": grouped["chain"].first(),
            "firms": grouped.size(),
            "reporting": grouped["reporting"].sum().astype("int64"),
            "products": items.groupby("segment")["item"].nunique(),
            "hhi": hhi,
            "same_pairs": twins,
        },
        index=np.sort(units["segment"].unique()),
    )
    labels = np.append(chain_labels(graph), "")
    found = table.assign(
        chain=labels[table["chain_row"].to_numpy(np.int64)],
        segment=graph.nodes["Segment"]["name"].to_numpy()[table.index],
        products=table["products"].fillna(0).astype("int64"),
        same_pairs=table["same_pairs"].fillna(0).astype("int64"),
    )
    return found.sort_values(["chain", "segment"], kind="stable").reset_index(drop=True)
