"""What if a supplier is added: how much a further supplier of a segment lowers its risk."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from graphmodel.errors import UsageError
from graphmodel.graph import ChainGraph, Codes, Mask
from graphmodel.schema import Text
from queries.risks.network import Trade
from queries.risks.supplier import (
    Request,
    Trades,
    capacities,
    largest,
    repeated,
    request,
    shares,
    still_making,
    supplied,
)
from queries.risks.systemic import rule
from queries.segments import Floats

if TYPE_CHECKING:
    from queries.kernels.esri import Esri
    from queries.risks import RiskParams

_LISTED: Final = re.compile(r"[、;；]")
_ARROW: Final = re.compile(r"→|->|=>")
_ANYBODY: Final = ("", "*")
_TABLES: Final = ("addition", "additions")


def addition(
    graph: ChainGraph, params: "RiskParams", found: Trade | None
) -> dict[str, pd.DataFrame]:
    """Return how much each further supplier of a segment would lower the risk of its present ones.

    `--add` names them, firm→segment; →segment tries every candidate that `gaps` lists for it. What
    a further supplier changes is defined in `risks.supplier`. Its present suppliers are all others
    that deliver goods of the segment; where the goods of a sale are not known, its supplier's main
    segment tells.

    ΔESRI, by which the candidates are ordered, is how far ESRI falls for a stop of all present
    suppliers together: with one present supplier, for its stop; with several, for the stop that
    asks for somebody further, since in single stops the others already stand in. It is the stop
    that the closure risk of `gaps` is about. Single stops stand in the table `addition`.

    Returns:
        `additions`, a row per candidate, those of the highest ΔESRI on top, those for which it is
        not known at the end; `addition`, a row per candidate and present supplier, in that order,
        those with the highest ESRI on top. ESRI is counted in shares of all sales as they are
        with and without the candidate.

    Raises:
        UsageError: `--add` is not firm→segment, one of them does not exist, or `gaps` lists nobody.
    """
    from queries.risks import TABLES  # noqa: PLC0415  # which imports this module's caller

    empty = {
        table.name: pd.DataFrame({column.name: [] for column in table.columns})
        for table in TABLES
        if table.name in _TABLES
    }
    wanted = _wanted(graph, params)
    if found is None or not wanted:
        return empty
    tried = [
        _tried(_Segment(graph, params, found, segment), firms) for segment, firms in wanted.items()
    ]
    each, single = (
        pd.concat([tables[place] for tables in tried], ignore_index=True) for place in (0, 1)
    )
    if each.empty:
        return empty
    keys = ["fall", "enterprise", "enterprise_id", "segment"]
    each = each.assign(fall=-each["reduction"].round(12)).sort_values(keys, ignore_index=True)
    each["rank"] = pd.Series(np.arange(1, len(each) + 1), dtype="Int64")
    single = single.merge(each[["rank", "enterprise_id", "segment"]], "left")
    single = single.assign(most=-single["esri"].round(12))
    single = single.sort_values(["rank", "most", "supplier"], ignore_index=True)
    return {"addition": single, "additions": each}


def _wanted(graph: ChainGraph, params: "RiskParams") -> dict[int, Codes]:
    """Return the enterprises (rows) to try for each segment (row)."""
    pairs = []
    for asked in filter(None, (part.strip() for part in _LISTED.split(params.add))):
        parts = [part.strip() for part in _ARROW.split(asked)]
        if len(parts) != 2:  # noqa: PLR2004  # two sides of an arrow
            msg = (
                f"--add 写成 企业→环节（多个用、分开），或 →环节（逐一试候选），现为“{asked}”。 "
                f"--add takes firm→segment (several by 、), or →segment for every candidate, not "
                f"{asked!r}."
            )
            raise UsageError(msg)
        segment = int(graph.rows("Segment", [graph.find("Segment", parts[1])])[0])
        firms = (
            _candidates(graph, params, segment)
            if parts[0] in _ANYBODY
            else graph.rows("Enterprise", [graph.find("Enterprise", parts[0])])
        )
        pairs.append(pd.DataFrame({"segment": segment, "firm": firms}))
    if not pairs:
        return {}
    listed = pd.concat(pairs).drop_duplicates()
    return {
        segment: listed.loc[listed["segment"] == segment, "firm"].to_numpy(np.int64)
        for segment in listed["segment"].unique().tolist()
    }


def _candidates(graph: ChainGraph, params: "RiskParams", segment: int) -> Codes:
    """Return the enterprises that `gaps` lists for a segment, those that supply it excepted."""
    from queries.gaps.candidates import candidates, outside_suppliers  # noqa: PLC0415  # as below
    from queries.gaps.cure import NOT_FURTHER  # noqa: PLC0415  # which imports this package
    from queries.gaps.relatedness import relatedness  # noqa: PLC0415  # as above
    from queries.gaps.states import GapParams  # noqa: PLC0415  # as above
    from queries.purchases import latest, purchases  # noqa: PLC0415  # kept beside them
    from queries.segments import placements  # noqa: PLC0415  # as above

    template, placement = placements(graph, GapParams(region=params.region))
    leaf = template.number[segment]
    listed = pd.DataFrame({"kind": [], "code": []})
    if leaf >= 0:
        bought = purchases(graph, template, placement, latest(graph))
        suppliers = outside_suppliers(graph, bought)
        related = relatedness(graph, template, placement)
        wanted = np.arange(len(template)) == leaf
        listed = candidates(graph, template, placement, suppliers, related, wanted)
    further = listed[~listed["kind"].isin(NOT_FURTHER)]
    if further.empty:
        name = graph.nodes["Segment"]["name"].iloc[segment]
        msg = (
            f"环节“{name}”没有本地候选企业可试；请写明企业：企业→{name}。 "
            f"No local candidate is listed for {name}; name an enterprise: firm→{name}."
        )
        raise UsageError(msg)
    return further["code"].to_numpy(np.int64) - graph.offsets["Enterprise"]


@dataclass(frozen=True, slots=True)
class _Segment:
    """A segment to which suppliers are added, and the trade it is part of."""

    graph: ChainGraph
    params: "RiskParams"
    found: Trade
    row: int

    @property
    def trades(self) -> Trades:
        used = self.found.used
        ends = used["supplier"].to_numpy(np.int64), used["buyer"].to_numpy(np.int64)
        return Trades(*ends, self.found.weights, self.found.levels)

    @property
    def goods(self) -> Mask:
        """Which sales are of its goods."""
        used = self.found.used
        known = used["segment"].to_numpy(np.int64)
        main = self.found.segment[used["supplier"].to_numpy(np.int64)]
        return np.asarray(np.where(known >= 0, known, main) == self.row, dtype=bool)


@dataclass(frozen=True, slots=True)
class _Stops:
    """Stops of each present supplier by itself and, last, of all together, without anybody new.

    `makes` is what the inputs of each firm tried still allow it in each stop, 0 … 1.
    """

    closed: list[Codes]
    index: "Esri"
    makes: Floats


def _tried(segment: _Segment, firms: Codes) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows of `additions` and of `addition` for each firm added to a segment."""
    trades, goods = segment.trades, segment.goods
    capacity = capacities(segment.graph, firms, np.full(len(firms), segment.row))
    names = segment.graph.nodes["Enterprise"]["name"].to_numpy(object)
    told = not segment.params.equal_weights
    known: dict[bytes, _Stops] = {}
    each, single = [], []
    for place, firm in enumerate(firms.tolist()):
        at = np.flatnonzero(goods & (trades.supplier != firm))
        if not len(at):
            continue
        present = np.unique(trades.supplier[at])
        key = present.tobytes()
        if key not in known:
            known[key] = _stops(segment, trades, goods, present, firms)
        stops, asked = known[key], request(trades, at)
        share = float(shares(capacity[[place]], asked)[0]) if told else 1.0
        after = np.full(len(stops.closed), np.nan)
        if not np.isnan(share):
            after = _after(segment, trades, asked, share, stops, stops.makes[:, place])
        before = stops.index.total
        table = pd.DataFrame({"esri": before, "esri_after": after, "reduction": before - after})
        table = _named(segment, firm, table)
        single.append(table.iloc[:-1].assign(supplier=names[present]))
        each.append(
            table.iloc[-1:].assign(
                suppliers=len(present),
                asked=asked.weight.sum() if told else np.nan,
                capacity=capacity[place] if told else np.nan,
                share=share,
            )
        )
    nothing = [pd.DataFrame()]
    return pd.concat(each or nothing), pd.concat(single or nothing)


def _named(segment: _Segment, firm: int, table: pd.DataFrame) -> pd.DataFrame:
    enterprise = segment.graph.nodes["Enterprise"].iloc[firm]
    return table.assign(
        enterprise=enterprise["name"],
        enterprise_id=enterprise["id"],
        segment=segment.graph.nodes["Segment"]["name"].iloc[segment.row],
    )


def _stops(segment: _Segment, trades: Trades, goods: Mask, present: Codes, firms: Codes) -> _Stops:
    from queries.kernels.esri import esri, spread  # noqa: PLC0415  # brings numba

    found = segment.found
    epsilon, substitution = rule(segment.params)
    net = trades.network(found.sector, found.revenue)
    closed = [*present[:, None], present]
    index = esri(net, list(closed), epsilon=epsilon, substitution=substitution)
    makes = np.ones((len(closed), len(firms)))
    kept = np.isin(trades.buyer, firms) & ~goods
    if kept.any():
        bought = trades.only(kept)
        for place, stopped in enumerate(closed):
            ends = spread(net, stopped, epsilon=epsilon, substitution=substitution)
            makes[place] = still_making(bought, found.sector, ends.effect, firms)
    return _Stops(closed, index, makes)


def _after(
    segment: _Segment, trades: Trades, asked: Request, share: float, stops: _Stops, makes: Floats
) -> Floats:
    """ESRI of each stop once the firm supplies its share."""
    found = segment.found
    new = len(found.sector)
    ids = segment.graph.nodes["Enterprise"]["id"].to_numpy(object)
    net = supplied(trades, asked, share, new).network(
        np.append(found.sector, found.sector[largest(trades, asked, ids)]),
        np.append(found.revenue, np.nan),
    )
    _, substitution = rule(segment.params)
    steps = stops.index.steps.astype(np.int64)
    return repeated(net, stops.closed, new, makes, steps, substitution=substitution)[0]


def addition_notes(params: "RiskParams", tables: dict[str, pd.DataFrame]) -> tuple[Text, ...]:
    """Say how a further supplier was reckoned, and for whom it could not be."""
    each = tables["additions"]
    if not params.add:
        return ()
    if each.empty:
        return (
            Text(
                "增加供方未推演：该环节没有带金额的现有供应。",
                "No supplier was added: nobody else is reported to supply that segment.",
            ),
        )
    said = [
        Text(
            "增加供方：有 m 家现有供方的买方各让出 1/(m+1)，以新供方填报的产能×单价或产值为限，"
            "其自身缺料时一同减产；ΔESRI 为现有供方同时停产时 ESRI 的降幅。",
            "Added supplier: every buyer with m present ones buys 1/(m+1) from it, no more in all "
            "than the capacity × price or output it reports, and it falls with its own inputs; "
            "ΔESRI is how far ESRI falls for a stop of all present ones together.",
        )
    ]
    silent = each.loc[each["share"].isna(), "enterprise"].tolist()
    if silent:
        named = "、".join(silent)
        said.append(
            Text(
                f"{named}未填报产能（带单价）和产值，能供多少不知道，ΔESRI 未计算。",
                f"{named}: neither capacity with a price nor output is reported, so how much it "
                "could supply, and ΔESRI, are not known.",
            )
        )
    return tuple(said)
