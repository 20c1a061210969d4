"""Which disciplines of a university or institute fit which chain."""

from typing import Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes

_COMMON: Final = frozenset(
    {
        "技术", "工程", "科学", "制造", "设备", "产业", "服务", "系统", "应用", "研究", "材料",
        "学院", "虚构", "与工", "科技", "学与", "生产", "装备",
    }
)  # fmt: skip  # pairs of characters that make no discipline fit a chain


def fitting(graph: ChainGraph, host: Codes) -> pd.DataFrame:
    """Return the disciplines of the hosts of Party organizations that fit a chain.

    A discipline fits where it shares two characters in a row with the name of the chain or of one
    of its segments.

    Args:
        graph: The graph.
        host: Code of the host of each Party organization, -1 where not reported.

    Returns:
        `organization` (row), `chain` (row) and `field`, each once.
    """
    table = graph.nodes["University"]
    split = (
        table["disciplines"].fillna("").str.split(r"[;；、]").explode().astype("str").str.strip()
    )
    stated = split[split != ""]
    of_chain = _grams(_chain_words(graph), "chain")
    fields = pd.DataFrame({"school": stated.index, "field": stated.to_numpy()})
    grams = _grams(pd.Series(stated.unique(), index=stated.unique()), "field")
    shared = grams.merge(of_chain, on="gram")[["field", "chain"]].drop_duplicates()
    schools = pd.DataFrame(
        {"organization": np.arange(len(host)), "school": graph.rows("University", host)}
    )
    found = schools[schools["school"] >= 0].merge(fields, on="school").merge(shared, on="field")
    columns: pd.DataFrame = found[["organization", "chain", "field"]].drop_duplicates()
    return columns.reset_index(drop=True)


def _chain_words(graph: ChainGraph) -> pd.Series:
    """Return the names of every chain and of its segments, indexed by the row of the chain."""
    chains = graph.nodes["Chain"]["name"]
    row = graph.rows("Chain", graph.target("PART_OF", "Segment"))
    segments = pd.Series(graph.nodes["Segment"]["name"].to_numpy(object), index=row, dtype="str")
    names = pd.Series(chains.to_numpy(object), index=range(len(chains)), dtype="str")
    words: pd.Series = pd.concat([names, segments[segments.index >= 0]])
    return words


def _grams(texts: pd.Series, key: str) -> pd.DataFrame:
    """Return each text's pairs of characters with its label in the index."""
    rows = {
        (label, text[i : i + 2])
        for label, text in zip(texts.index.tolist(), texts.tolist(), strict=True)
        for i in range(len(text) - 1)
    }
    kept = sorted((label, gram) for label, gram in rows if gram not in _COMMON)
    return pd.DataFrame(kept, columns=[key, "gram"])
