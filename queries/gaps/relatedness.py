"""Which industries go together over regions, and how near a region is to each segment."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes
from graphmodel.schema import Text
from queries.segments import Floats, Placement, Template, inside_data

FEWEST: Final = 5
"""Regions needed before a residual says anything."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Relatedness:
    """Industries around each leaf.

    Attributes:
        codes: Industry codes as written, shape (m,).
        industry: Number of each enterprise's code, -1 for none; shape (enterprises,).
        own: Number of enterprises on the leaf, wherever they are, with the code; shape (n, m).
        proximity: Greatest proximity of each code to one of the leaf's own, 0 for these; (n, m).
        regions: Number of regions with a code.
        residual: Density of the leaf's region around the leaf, less what its diversity explains;
            NaN where it cannot be said; shape (n,).
    """

    codes: "pd.Index[str]"
    industry: Codes
    own: Floats
    proximity: Floats
    residual: Floats
    regions: int

    def named(self, number: int) -> Text:
        """Return what to call an industry."""
        code = self.codes[number]
        return Text(f"行业代码{code}", f"industry code {code}")


def relatedness(graph: ChainGraph, template: Template, placement: Placement) -> Relatedness:
    """Return which industries are related to each leaf.

    Proximity φ of two codes is the smaller of the two conditional probabilities that a region with
    one has the other; density of a region around a leaf is the share of the proximity to the leaf
    that its codes account for (Hidalgo, Klinger, Barabási and Hausmann 2007). Diverse regions are
    dense around everything, so what counts is the residual of density regressed, over regions, on
    their number of codes.
    """
    table = graph.nodes["Enterprise"]
    code, codes = pd.factorize(
        table["industry_code"].where(table["industry_code"] != ""), sort=True
    )
    region = graph.rows("Region", graph.target("LOCATED_IN", "Enterprise"))
    used = inside_data(graph) & (code >= 0)
    regions = len(graph.nodes["Region"])
    present = np.zeros((regions + 1, len(codes)))
    present[region[used], code[used]] = 1
    present = present[:regions]
    proximity = _proximity(present)
    own = np.zeros((len(template), len(codes)))
    places = placement.everywhere
    of = code[places["firm"].to_numpy()]
    np.add.at(own, (places["leaf"].to_numpy()[of >= 0], of[of >= 0]), 1)
    near = np.zeros_like(own)
    for leaf in np.flatnonzero(own.any(axis=1)):
        near[leaf] = proximity[own[leaf] > 0].max(axis=0)
    near[own > 0] = 0
    residual = _residual(template, present, near)
    return Relatedness(
        codes=codes,
        industry=code,
        own=own,
        proximity=near,
        residual=residual,
        regions=int(present.any(axis=1).sum()),
    )


def _proximity(present: Floats) -> Floats:
    together = present.T @ present
    alone = np.maximum(np.diag(together)[:, None], np.diag(together)[None, :])
    return np.divide(together, alone, out=np.zeros_like(together), where=alone > 0)


def _residual(template: Template, present: Floats, near: Floats) -> Floats:
    found = np.full(len(template), np.nan)
    stated = present[present.any(axis=1)]
    diversity = stated.sum(axis=1)
    spread = diversity - diversity.mean() if len(stated) else diversity
    total = near.sum(axis=1)
    if len(stated) < FEWEST or not spread.any():
        return found
    density = _density(near, total, stated.T)
    mean: Floats = np.asarray(density.mean(axis=1))
    slope: Floats = ((density - mean[:, None]) * spread).sum(axis=1) / (spread**2).sum()
    asked = template.reach.regions[template.chains]
    for region in np.unique(asked[asked >= 0]):
        leaves = np.flatnonzero((asked == region) & (total > 0))
        inside = template.reach.regions_inside(region)
        has: Floats = np.asarray(present[inside].any(axis=0), dtype=np.float64)
        mine = _density(near[leaves], total[leaves], has[:, None])[:, 0]
        beyond = float(has.sum()) - float(diversity.mean())
        expected = mean[leaves] + slope[leaves] * beyond
        found[leaves] = mine - expected
    return found


def _density(near: Floats, total: Floats, present: Floats) -> Floats:
    whole = total[:, None]
    summed = near @ present
    return np.divide(summed, whole, out=np.zeros_like(summed), where=whole > 0)
