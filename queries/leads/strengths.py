"""What an enterprise's own figures say: its hold on the chain (control) and its innovation."""

from typing import Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph
from queries.leads.pairs import Measured, Pairs, blended, over, summed
from queries.leads.resampling import Numbers, percentiles, tidy
from queries.lists import split
from queries.membership import insiders, placements

QUALIFICATION_LEVELS: Final = (
    ("单项冠军", 5.0),
    ("小巨人", 4.0),
    ("独角兽", 4.0),
    ("专精特新", 3.0),
    ("瞪羚", 2.0),
    ("高新技术", 2.0),
    ("创新型", 1.0),
)
"""Level by a part of the name, first match; only the order matters, since it becomes a percentile.

The highest level counts and levels are never added, because qualifications of different tracks are
not to be totalled. Any other named qualification is 1, a stated 无 is 0."""


def reported_outputs(graph: ChainGraph) -> pd.DataFrame:
    """Return 产值 by enterprise, chain and segment.

    It is 企业环节.产值; where that is blank and the enterprise stands in one segment and one chain
    only, 企业.产值. Other blanks stay NaN: one total cannot be divided among several places.

    Returns:
        Columns `firm`, `segment`, `chain` (rows) and `output` (万元).
    """
    placed = placements(graph)
    alone = placed.groupby("firm")["segment"].transform("size") == 1
    links = graph.edges["IN_CHAIN"]
    firm = graph.rows("Enterprise", links["source"].to_numpy())
    pairs = pd.DataFrame({"firm": firm, "chain": graph.rows("Chain", links["target"].to_numpy())})
    pairs = pd.concat([pairs, placed[["firm", "chain"]]]).drop_duplicates()
    chains = np.bincount(
        pairs.loc[pairs["firm"] >= 0, "firm"], minlength=len(graph.nodes["Enterprise"])
    )
    alone &= chains[placed["firm"].to_numpy()] == 1
    whole = graph.nodes["Enterprise"]["output"].to_numpy()[placed["firm"].to_numpy()]
    own = placed["output"].to_numpy()
    return placed.assign(output=np.where(np.isnan(own) & alone.to_numpy(), whole, own))


def control(pairs: Pairs) -> Measured:
    """Return how much of the chain and of its segments an enterprise holds.

    control_i = Σ_s (o_is / O_C) · (o_is / O_s) over the segments s of chain C that i stands in,
    with o_is its 产值 in s (`reported_outputs`), O_s = Σ_i o_is and O_C = Σ_s O_s, all over those
    that report. In a chain where nobody's segment is known the chain is taken as one segment:
    control_i = (o_i / O_C)², with 企业.产值 of the enterprises that are in that chain only.
    """
    graph = pairs.graph
    rows = reported_outputs(graph)
    rows = rows[insiders(graph)[rows["firm"].to_numpy()] & rows["output"].notna()]
    chains = len(graph.nodes["Chain"])
    whole = _unplaced(pairs)
    place = pairs.find(rows["firm"].to_numpy(), rows["chain"].to_numpy())
    rows, place = rows[place >= 0], place[place >= 0]
    output = rows["output"].to_numpy()
    segment, chain = rows["segment"].to_numpy(), rows["chain"].to_numpy()
    of_segment = summed(segment, output, len(graph.nodes["Segment"]))
    of_chain = summed(chain, output, chains)
    product = over(output, of_chain[chain]) * over(output, of_segment[segment])
    raw = np.full(len(pairs.firm), np.nan)
    raw[place] = 0.0
    raw += summed(place, product, len(raw))
    total = summed(pairs.chain[~np.isnan(whole)], whole[~np.isnan(whole)], chains)
    return Measured(tidy(np.where(np.isnan(whole), raw, over(whole, total[pairs.chain]) ** 2)))


def _unplaced(pairs: Pairs) -> Numbers:
    """Return 企业.产值 of pairs in chains where no enterprise has a segment; NaN elsewhere."""
    graph = pairs.graph
    placed = np.isin(np.arange(len(graph.nodes["Chain"])), placements(graph)["chain"])
    chains = np.bincount(pairs.firm, minlength=len(graph.nodes["Enterprise"]))
    output = graph.nodes["Enterprise"]["output"].to_numpy()[pairs.firm]
    return np.where(placed[pairs.chain] | (chains[pairs.firm] > 1), np.nan, output)


def innovation(pairs: Pairs) -> Measured:
    """Return the mean of the percentiles, within the chain, of qualifications, patents, standards.

    Qualifications count by the highest of `QUALIFICATION_LEVELS`. The mean is over the parts that
    the enterprise reports. A redraw weights the three parts at random, evenly over all weightings.
    """
    table = pairs.graph.nodes["Enterprise"]
    values: list[Numbers] = [
        qualification_levels(pairs.graph),
        *(table[name].to_numpy(np.float64, na_value=np.nan) for name in ("patents", "standards")),
    ]
    parts = np.column_stack([percentiles(value[pairs.firm], pairs.chain) for value in values])
    return blended(parts, [pairs.seed, 1])


def qualification_levels(graph: ChainGraph) -> Numbers:
    """Return the highest of `QUALIFICATION_LEVELS` each enterprise holds, NaN if unreported."""
    row, stated = split(graph.nodes["Enterprise"]["qualifications"])
    row, stated = row[stated.ne("")], stated[stated.ne("")]
    held = graph.edges["HOLDS"]
    firm = np.concatenate([row, graph.rows("Enterprise", held["source"].to_numpy())])
    names = pd.concat([stated, graph.names(held["target"].to_numpy())], ignore_index=True)
    levels = {name: _level(name) for name in names.dropna().unique()}
    level = names.map(levels).to_numpy(dtype=np.float64)
    best = np.full(len(graph.nodes["Enterprise"]), -np.inf)
    kept = (firm >= 0) & ~np.isnan(level)
    np.maximum.at(best, firm[kept], level[kept])
    return np.where(np.isinf(best), np.nan, best)


def _level(name: str) -> float:
    if name == "无":
        return 0.0
    return next((level for part, level in QUALIFICATION_LEVELS if part in name), 1.0)
