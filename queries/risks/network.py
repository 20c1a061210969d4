"""The trade network of a graph: who sells how much to whom, in which sectors, how essential."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask
from graphmodel.question import Params
from graphmodel.schema import Text
from queries.membership import placements
from queries.purchases import goods, latest
from queries.segments import Floats, numbers
from queries.segments import placements as leaves

if TYPE_CHECKING:
    from queries.kernels.network import Network

SECTORS: Final = {
    "industry_code": Text("行业代码", "industry code"),
    "segment": Text("主环节", "main segment"),
}
"""What can serve as the sector of a firm."""

_NEGLIGIBLE, _ORDINARY, _ESSENTIAL = 0, 1, 2


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Trade:
    """What the systemic risk of enterprises is computed from.

    Attributes:
        relations: Supply relations of the latest year of each pair: `supplier`, `buyer` (rows of
            enterprises), `amount`, `segment` of the goods (row, -1 unknown), `product`,
            `essential`, `row`, and `used`: it has an amount, or all weigh the same.
        sector: Sector of each enterprise, shape (n,).
        segment: Row of each enterprise's main segment, -1 unknown, shape (n,).
        levels: How essential each used relation's goods are to its buyer: 2, 1 or 0.
        weights: W of each used relation, in 万元 (1 each where all weigh the same).
        revenue: 营业收入 in 万元, at least the sales reported; NaN where not reported.
        sector_source: What serves as sector.
        essentiality_source: What tells how essential an input is.
        unplaced: Trading enterprises for which no sector is known; each is one of its own.
        small_revenue: Enterprises whose 营业收入 is less than the sales reported.
    """

    relations: pd.DataFrame
    sector: Codes
    segment: Codes
    levels: Codes
    weights: Floats
    revenue: Floats
    sector_source: str
    essentiality_source: Text
    unplaced: int
    small_revenue: int

    @property
    def used(self) -> pd.DataFrame:
        """The relations that enter W."""
        return self.relations[self.relations["used"]]

    def network(self) -> "Network":
        """Return the network laid out for the kernels.

        Raises:
            UsageError: An enterprise supplies itself, or an amount is negative.
        """
        from queries.kernels.network import trade_network  # noqa: PLC0415  # brings numba

        used = self.used
        return trade_network(
            used["supplier"], used["buyer"], self.weights, self.sector, self.levels,
            revenue=self.revenue,
        )  # fmt: skip


def trade(graph: ChainGraph, *, sector: str = "auto", equal_weights: bool = False) -> Trade:
    """Return the trade network of a graph.

    W is the latest reported year of each pair, summed over products; a relation without an amount
    is left out. The sector is 行业代码 as written if every trading enterprise has one, else the
    main segment (`main_segments`). How essential an input is comes from the sheet 投入关键性,
    where an absent pair is 0, else from the template: 关键性 是 is 2, 否 or blank is 1, a pair
    outside it is 1.

    Args:
        graph: The graph.
        sector: "auto", or one of `SECTORS`.
        equal_weights: Every relation weighs 1, whether or not its amount is reported.
    """
    relations = latest(graph)
    relations["segment"] = goods(graph, relations)
    amount = relations["amount"].to_numpy()
    relations["used"] = np.ones(len(amount), dtype=bool) if equal_weights else amount > 0
    used = relations[relations["used"]]
    weights = np.ones(len(used)) if equal_weights else used["amount"].to_numpy(np.float64)
    trading = np.unique(used[["supplier", "buyer"]].to_numpy())
    segment = main_segments(graph, used.assign(weight=weights))
    codes = graph.nodes["Enterprise"]["industry_code"].fillna("")
    complete = len(trading) > 0 and bool(codes.iloc[trading].ne("").all())
    source = sector
    if sector == "auto":
        source = "industry_code" if complete else "segment"
    names = codes if source == "industry_code" else _segment_names(graph, segment)
    known = names.ne("").to_numpy()
    place = pd.factorize(codes)[0] if source == "industry_code" else segment
    own = np.arange(len(known)) + int(place.max(initial=0)) + 1
    sectors = pd.factorize(np.where(known, place, own))[0].astype(np.int64)
    levels, said = _levels(graph, used, segment, names, by_code=source == "industry_code")
    sales = np.bincount(used["supplier"], weights, len(known)).astype(np.float64)
    revenue = graph.nodes["Enterprise"]["revenue"].to_numpy(np.float64)
    if equal_weights:
        revenue = np.full(len(known), np.nan)
    small = (revenue < sales) & (revenue > 0)
    return Trade(
        relations=relations,
        sector=sectors,
        segment=segment,
        levels=levels,
        weights=weights,
        revenue=np.where(small, sales, revenue),
        sector_source=source,
        essentiality_source=said,
        unplaced=int((~known[trading]).sum()),
        small_revenue=int(small.sum()),
    )


def main_segments(graph: ChainGraph, used: pd.DataFrame) -> Codes:
    """Return the main segment (row) of every enterprise, -1 where nothing tells.

    It is the segment with its largest 产值, by 企业环节; a tie, or no 产值 at all, goes to the
    smallest code. An enterprise without a row there takes the segment of the goods it sells most.
    """
    placed = placements(graph)[["firm", "segment", "output"]]
    sold = used[used["segment"] >= 0].groupby(["supplier", "segment"])["weight"].sum()
    selling = sold.reset_index().set_axis(["firm", "segment", "output"], axis=1)
    found = np.full(len(graph.nodes["Enterprise"]), -1, dtype=np.int64)
    for rows in (selling, placed):  # what 企业环节 says comes last and stands
        ids = graph.nodes["Segment"]["id"].iloc[rows["segment"]].to_numpy()
        ordered = rows.assign(id=ids, size=-rows["output"].fillna(-1.0))
        first = ordered.sort_values(["firm", "size", "id"]).drop_duplicates("firm")
        found[first["firm"].to_numpy(np.int64)] = first["segment"]
    return found


def _segment_names(graph: ChainGraph, segment: Codes) -> "pd.Series[str]":
    names = np.append(graph.nodes["Segment"]["name"].to_numpy(dtype=object), "")
    return pd.Series(names[segment], dtype="str")


def _levels(
    graph: ChainGraph, used: pd.DataFrame, segment: Codes, names: "pd.Series[str]", *, by_code: bool
) -> tuple[Codes, Text]:
    supplier, buyer = used["supplier"].to_numpy(), used["buyer"].to_numpy()
    sheet = graph.nodes["InputCriticality"]
    if len(sheet):
        asked = pd.DataFrame({"one": names.to_numpy()[supplier], "two": names.to_numpy()[buyer]})
        told = sheet[["supplier_industry", "buyer_industry", "criticality"]]
        told = told.set_axis(["one", "two", "level"], axis=1).dropna()
        told = told.assign(level=told["level"].astype("str").astype(np.int64))
        told = told.groupby(["one", "two"])["level"].max().reset_index()
        written = asked.merge(told, on=["one", "two"], how="left")["level"].fillna(_NEGLIGIBLE)
        return written.to_numpy(np.int64), Text("投入关键性表", "sheet 投入关键性")
    if by_code:
        ordinary = np.full(len(used), _ORDINARY, dtype=np.int64)
        return ordinary, Text(
            "无（行业代码与模板不对应，全部按非关键计）",
            "none (the template does not speak of industry codes; all are non-essential)",
        )
    size = max(len(graph.nodes["Segment"]), 1)
    pairs = essential_pairs(graph)
    key = segment[supplier] * size + segment[buyer]
    marked = np.isin(key, pairs) & (segment[supplier] >= 0) & (segment[buyer] >= 0)
    level = np.where(marked, _ESSENTIAL, _ORDINARY).astype(np.int64)
    return level, Text("环节上下游的关键性", "关键性 of the template")


def essential_pairs(graph: ChainGraph) -> Codes:
    """Return upstream · (number of segments) + downstream of each essential link of the template.

    A parent's link holds for each of its leaves; 回流 links are left out.
    """
    table = graph.edges["UPSTREAM_OF"]
    size = max(len(graph.nodes["Segment"]), 1)
    direct = pd.DataFrame(
        {
            "upstream": graph.rows("Segment", table["source"].to_numpy()),
            "downstream": graph.rows("Segment", table["target"].to_numpy()),
            "essential": numbers(table["essential"]),
        }
    )[~table["recycling"].fillna(value=False).to_numpy(dtype=bool)]
    template, _ = leaves(graph, Params())
    below = template.links[["upstream", "downstream", "essential"]].assign(
        upstream=template.segments[template.links["upstream"].to_numpy()],
        downstream=template.segments[template.links["downstream"].to_numpy()],
    )
    both = pd.concat([direct, below], ignore_index=True)
    both = both[both["essential"] == 1]
    return np.unique(both["upstream"].to_numpy(np.int64) * size + both["downstream"])


def single_sources(graph: ChainGraph, relations: pd.DataFrame) -> tuple[pd.DataFrame, Mask, Mask]:
    """Return which essential inputs come from one supplier only.

    An input is a product, or a segment where no product is named; relations that name neither are
    not judged. It is essential if a relation of that buyer says 关键性 是.

    Returns:
        Relations with a single source (`supplier`, `buyer`, `product`, `segment`, `amount`,
        `row`); which enterprises are one; and of which enterprises anything is known, both (n,).
    """
    product, segment = relations["product"].to_numpy(), relations["segment"].to_numpy()
    keys = np.where(product >= 0, product, segment + len(graph.nodes["Product"]))
    rows = relations.assign(input=keys)[(product >= 0) | (segment >= 0)]
    groups = rows.groupby(["buyer", "input"])
    alone = (groups["supplier"].transform("nunique") == 1) & (
        groups["essential"].transform("max") == 1
    )
    size = len(graph.nodes["Enterprise"])
    found, known = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    known[rows.loc[rows["essential"].notna(), "supplier"]] = True
    found[rows.loc[alone, "supplier"]] = True
    columns = ["supplier", "buyer", "product", "segment", "amount", "row"]
    return rows.loc[alone, columns].drop_duplicates(["supplier", "buyer", "product"]), found, known
