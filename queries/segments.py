"""Where enterprises stand: the leaves of a chain's template, their links, who is placed there.

A leaf is a segment that is nobody's 上级环节. Leaves are numbered 0 … n − 1 in the order of the
table of segments; every array and frame here speaks of them by that number.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask
from graphmodel.question import Params
from queries.kept import kept

Floats = npt.NDArray[np.float64]

_DEEPEST = 64  # levels of 上级环节 that are climbed at most


def numbers(column: "pd.Series[Any]") -> Floats:
    """Return a nullable column as float64: 1 and 0 for yes and no, NaN where not reported."""
    return np.asarray(column.astype("Float64").to_numpy(np.float64, na_value=np.nan))


class Reach:
    """Which regions lie within the region that each chain is asked about."""

    def __init__(self, graph: ChainGraph, regions: Codes) -> None:
        """Take, for each chain, the code of the region asked about; -1 is the whole source."""
        self._first = graph.offsets["Region"]
        self.regions = regions
        self._asked, self._number = np.unique(regions, return_inverse=True)
        everywhere = np.ones(len(graph.nodes["Region"]) + 1, dtype=bool)
        masks = [
            everywhere if r < 0 else np.append(graph.region_mask(r), [False]) for r in self._asked
        ]
        self._inside = np.stack(masks) if masks else everywhere[None, :]

    def inside(self, chains: Codes, regions: Codes) -> Mask:
        """Return which `regions` (codes, -1 unknown) lie in the region asked of `chains` (rows).

        For a chain asked about the whole source everything lies inside; elsewhere an unknown
        region does not.
        """
        row = regions - self._first
        row[(row < 0) | (row >= self._inside.shape[1] - 1)] = -1
        return np.asarray(self._inside[self._number[chains], row], dtype=bool)

    def regions_inside(self, region: int) -> Mask:
        """Return which rows of the table of regions lie within an asked region (code)."""
        return np.asarray(self._inside[np.searchsorted(self._asked, region), :-1], dtype=bool)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Template:
    """The leaves of the chains asked about.

    Attributes:
        segments: Row of each leaf in the table of segments, shape (n,).
        chains: Row of each leaf's chain, shape (n,).
        asked: Rows of the chains asked about, those without segments included.
        reach: The regions asked about.
        number: Leaf number of each row of the table of segments, -1 for any other segment.
        above: Pairs of a segment's row and a leaf below it (`segment`, `leaf`).
        links: Distinct links between leaves: `upstream`, `downstream` (leaf numbers), `essential`
            (1, 0 or NaN), `row` of the first one in the table of links. A parent's link holds for
            each of its leaves; 回流 links are left out.
    """

    segments: Codes
    chains: Codes
    asked: Codes
    reach: Reach
    number: Codes
    above: pd.DataFrame
    links: pd.DataFrame

    def __len__(self) -> int:
        """Return the number of leaves."""
        return len(self.segments)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Placement:
    """Which enterprises are in which chain and stand on which leaf.

    Attributes:
        members: Enterprises of each chain within the region asked: `firm`, `chain` (rows), `placed`
            (has a segment of the chain), `blank` (without 地区, counted in the chain's own region).
        everywhere: Enterprises on leaves wherever they are: `firm`, `leaf`, `output` in 万元 (of
            the leaf, else of the whole firm where it stands in one segment only), `inside`.
        coarse: Leaves below a segment on which an enterprise of the region stands, shape (n,).
        unlocated: Memberships left out because neither firm nor chain names a region.
    """

    members: pd.DataFrame
    everywhere: pd.DataFrame
    coarse: Mask
    unlocated: int

    @property
    def here(self) -> pd.DataFrame:
        """Enterprises on leaves within the region asked about."""
        return self.everywhere[self.everywhere["inside"]]


def chain_rows(graph: ChainGraph) -> Codes:
    """Return the row of the chain that each segment belongs to, -1 for none."""
    return graph.rows("Chain", graph.target("PART_OF", "Segment"))


def placements(graph: ChainGraph, params: Params) -> tuple[Template, Placement]:
    """Return the template of the chains asked about and who stands in it.

    Without `params.region` each chain is asked about its own region, with its parts; a chain that
    names none about the whole source. With it, every chain about that region, save those whose own
    region neither holds it nor lies in it and which have no enterprise there.

    Raises:
        UsageError: There is no such chain or region.
    """
    return _placements(graph, params.chain, params.region)


@kept
def _placements(graph: ChainGraph, chain: str, within: str) -> tuple[Template, Placement]:
    home = graph.target("LOCATED_IN", "Chain")
    region = graph.find("Region", within) if within else -1
    reach = Reach(graph, np.full_like(home, region) if within else home)
    members = _memberships(graph, reach, home)
    inside = members[members["inside"]].drop(columns="inside").reset_index(drop=True)
    if chain:
        asked = graph.rows("Chain", [graph.find("Chain", chain)])
    else:
        asked = np.arange(len(home), dtype=np.int64)
        if within:
            asked = asked[_near(graph, home, region) | np.isin(asked, inside["chain"].to_numpy())]
    template = _template(graph, asked, reach)
    inside = inside[np.isin(inside["chain"], asked)].reset_index(drop=True)
    lost = members["unlocated"] & np.isin(members["chain"], asked)
    everywhere, coarse = _places(graph, template, home)
    return template, Placement(
        members=inside.drop(columns="unlocated"),
        everywhere=everywhere,
        coarse=coarse,
        unlocated=int(lost.sum()),
    )


def _near(graph: ChainGraph, home: Codes, region: int) -> Mask:
    """Chains whose own region holds `region`, lies in it, or is not stated."""
    around = [region]
    parents = graph.region_parents
    while (row := parents[graph.rows("Region", [around[-1]])[0]]) >= 0:
        around.append(int(row) + graph.offsets["Region"])
    return (home < 0) | np.isin(home, around) | graph.lies_within(home, region)


def firm_regions(graph: ChainGraph, firms: Codes, chains: Codes, home: Codes) -> Codes:
    """Return the region of each enterprise (row), its chain's own where it states none."""
    own = graph.target("LOCATED_IN", "Enterprise")[firms]
    return np.where(own >= 0, own, home[chains])


def inside_data(graph: ChainGraph) -> Mask:
    """Return which enterprises are part of the data, not parties outside it."""
    return (graph.nodes["Enterprise"]["standing"] != "outside").to_numpy()


def _segment_rows(graph: ChainGraph) -> pd.DataFrame:
    """企业环节 as rows: `firm`, `segment`, `chain`, `output`, and the row of the table."""
    table = graph.edges["IN_SEGMENT"]
    firm = graph.rows("Enterprise", table["source"].to_numpy())
    segment = graph.rows("Segment", table["target"].to_numpy())
    rows: pd.DataFrame = pd.DataFrame(
        {"firm": firm, "segment": segment, "output": table["output"], "row": np.arange(len(table))}
    )
    rows = rows[(firm >= 0) & (segment >= 0)]
    rows = rows[inside_data(graph)[rows["firm"].to_numpy()]].copy()
    rows["chain"] = chain_rows(graph)[rows["segment"].to_numpy()]
    return rows


def _memberships(graph: ChainGraph, reach: Reach, home: Codes) -> pd.DataFrame:
    links = graph.edges["IN_CHAIN"]
    listed = pd.DataFrame(
        {
            "firm": graph.rows("Enterprise", links["source"].to_numpy()),
            "chain": graph.rows("Chain", links["target"].to_numpy()),
            "placed": False,
        }
    )
    placed = _segment_rows(graph)[["firm", "chain"]].assign(placed=True)
    both = pd.concat([listed, placed], ignore_index=True)
    both = both[(both["firm"] >= 0) & (both["chain"] >= 0)]
    both = both[inside_data(graph)[both["firm"].to_numpy()]]
    both = both.groupby(["firm", "chain"])["placed"].any().reset_index()
    firm, chain = both["firm"].to_numpy(), both["chain"].to_numpy()
    region = firm_regions(graph, firm, chain, home)
    inside = reach.inside(chain, region)
    blank = graph.target("LOCATED_IN", "Enterprise")[firm] < 0
    columns = {"blank": blank, "inside": inside, "unlocated": (region < 0) & ~inside}
    return pd.DataFrame({"firm": firm, "chain": chain, "placed": both["placed"], **columns})


def _template(graph: ChainGraph, asked: Codes, reach: Reach) -> Template:
    chain = chain_rows(graph)
    size = len(chain)
    parent = graph.rows("Segment", graph.nodes["Segment"]["parent"].to_numpy())
    parent[parent == np.arange(size)] = -1
    leaf = np.isin(chain, asked) & ~np.isin(np.arange(size), parent)
    segments = np.flatnonzero(leaf).astype(np.int64)
    number = np.full(size, -1, dtype=np.int64)
    number[segments] = np.arange(len(segments))
    above = _above(segments, parent)
    return Template(
        segments=segments,
        chains=chain[segments],
        asked=asked,
        reach=reach,
        number=number,
        above=above,
        links=_links(graph, chain, number, above),
    )


def _above(segments: Codes, parent: Codes) -> pd.DataFrame:
    leaves = np.arange(len(segments), dtype=np.int64)
    rising, found = parent[segments], []
    for _ in range(_DEEPEST):
        leaves, rising = leaves[rising >= 0], rising[rising >= 0]
        if not len(rising):
            break
        found.append(pd.DataFrame({"segment": rising, "leaf": leaves}))
        rising = parent[rising]
    empty = pd.DataFrame({"segment": np.empty(0, np.int64), "leaf": np.empty(0, np.int64)})
    return pd.concat([empty, *found], ignore_index=True).drop_duplicates(ignore_index=True)


def _links(graph: ChainGraph, chain: Codes, number: Codes, above: pd.DataFrame) -> pd.DataFrame:
    table = graph.edges["UPSTREAM_OF"]
    start = graph.rows("Segment", table["source"].to_numpy())
    end = graph.rows("Segment", table["target"].to_numpy())
    kept = (start >= 0) & (end >= 0) & (chain[start] == chain[end])
    kept &= ~table["recycling"].fillna(value=False).to_numpy(bool)
    essential = numbers(table["essential"])
    drawn = pd.DataFrame(
        {"start": start, "end": end, "essential": essential, "row": np.arange(len(table))}
    )[kept]
    themselves = pd.DataFrame({"segment": np.flatnonzero(number >= 0)})
    themselves["leaf"] = number[themselves["segment"].to_numpy()]
    under = pd.concat([themselves, above], ignore_index=True)
    links = drawn.merge(under.set_axis(["start", "upstream"], axis=1), on="start")
    links = links.merge(under.set_axis(["end", "downstream"], axis=1), on="end")
    links = links[links["upstream"] != links["downstream"]]
    distinct: pd.DataFrame = links.groupby(["upstream", "downstream"], as_index=False).agg(
        essential=("essential", "max"), row=("row", "min")
    )
    return distinct


def _places(graph: ChainGraph, template: Template, home: Codes) -> tuple[pd.DataFrame, Mask]:
    rows = _segment_rows(graph)
    stands = rows.groupby("firm")["segment"].agg(["min", "max"])
    alone = stands["min"] == stands["max"]
    rows = rows[np.isin(rows["chain"], template.asked)]
    chain = rows["chain"].to_numpy()
    region = firm_regions(graph, rows["firm"].to_numpy(), chain, home)
    rows = rows.assign(inside=template.reach.inside(chain, region))
    rows["leaf"] = template.number[rows["segment"].to_numpy()]
    coarse = np.zeros(len(template), dtype=bool)
    stood = rows.loc[rows["inside"] & (rows["leaf"] < 0), "segment"]
    coarse[template.above.loc[template.above["segment"].isin(stood), "leaf"]] = True
    rows = rows[rows["leaf"] >= 0]
    places = rows.groupby(["firm", "leaf"], as_index=False).agg(
        output=("output", "sum"),
        known=("output", "count"),
        inside=("inside", "first"),
    )
    places.loc[places["known"] == 0, "output"] = np.nan
    whole = graph.nodes["Enterprise"]["output"].to_numpy()[places["firm"].to_numpy()]
    single = alone.reindex(places["firm"]).to_numpy(bool)
    places["output"] = places["output"].where(places["output"].notna() | ~single, whole)
    return places.drop(columns="known"), coarse


def standing(graph: ChainGraph, template: Template, placement: Placement) -> pd.DataFrame:
    """Return what each leaf holds within its region, one row per leaf.

    Returns:
        `firms`; `above_scale` (NaN where no firm there reports 规上, 0 in an empty leaf); `output`
        in 万元 and `output_firms`, the number that report it; and, where all do and it is not 0,
        `hhi` = Σ (share of output)² and `effective_suppliers` = 1 / HHI.
    """
    here = placement.here
    leaf = here["leaf"].to_numpy()
    above = numbers(graph.nodes["Enterprise"]["above_scale"])[here["firm"].to_numpy()]
    output = here["output"].to_numpy()
    known = ~np.isnan(output)
    firms = _count(leaf, None, len(template))
    total = _count(leaf, np.where(known, output, 0), len(template))
    squares = _count(leaf, np.where(known, output, 0) ** 2, len(template))
    reporting = _count(leaf, known, len(template))
    scaled = _count(leaf, ~np.isnan(above), len(template))
    full = (firms > 0) & (reporting == firms) & (total > 0)
    effective = np.full(len(template), np.nan)
    effective[full] = total[full] ** 2 / squares[full]
    return pd.DataFrame(
        {
            "firms": firms.astype(np.int64),
            "above_scale": np.where(
                (firms > 0) & (scaled == 0), np.nan, _count(leaf, above == 1, len(template))
            ),
            "output": np.where(reporting > 0, total, np.nan),
            "output_firms": reporting.astype(np.int64),
            "hhi": 1 / effective,
            "effective_suppliers": effective,
        }
    )


def _count(leaf: Codes, weights: npt.NDArray[np.generic] | None, size: int) -> Floats:
    values = None if weights is None else weights.astype(np.float64)
    return np.bincount(leaf, values, minlength=size).astype(np.float64)
