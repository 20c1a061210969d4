"""The rows of `risks`: index, hits, substitutes, level and reason of every enterprise."""

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask
from graphmodel.question import Result
from graphmodel.scope import declared_for_enterprises
from queries.evidence import joined, places
from queries.membership import chain_labels, chain_members, insiders
from queries.progress import told
from queries.risks.addition import addition, addition_notes
from queries.risks.closure import closure
from queries.risks.network import SECTORS, Trade, essential_pairs, single_sources, trade
from queries.risks.substitutes import Substitutes, substitutes
from queries.risks.systemic import rule, systemic, trading, weighing
from queries.risks.words import not_reported, notes, worded

if TYPE_CHECKING:
    from queries.kernels.network import Network
    from queries.risks import RiskParams

_NAMED: Final = 5


def answered(graph: ChainGraph, params: "RiskParams") -> Result:
    """Return the answer described at `queries.risks.answer`."""
    found = trade(graph, sector=params.sector, equal_weights=params.equal_weights)
    alone, is_single, single_known = single_sources(graph, found.relations)
    others = substitutes(graph, found.segment, params)
    asked = _asked(graph, params, found)
    frame = _described(graph, asked, found, others)
    frame["single_source"] = (
        pd.Series(is_single, dtype="boolean").mask(~single_known)[asked].to_numpy()
    )
    computed = len(found.used) > 0
    if computed:
        net = found.network()
        frame = frame.assign(**_indices(graph, found, net, asked, params))
        tables = closure(graph, params, found, net) | addition(graph, params, found)
    else:
        tables = closure(graph, params, found, None) | addition(graph, params, None)
        frame = frame.assign(**_without_amounts(graph, found, others, asked))
    frame["articulation"] = _articulation(graph, found)[asked].to_numpy()
    told = declared_for_enterprises(graph, "供应关系")[asked]
    frame["level"] = _level(frame, params, told, computed=computed)
    frame = _ordered(worded(frame, computed=computed))
    tables["single_sources"] = _single_rows(graph, alone, others, asked)
    return Result(
        question="risks",
        params=_basis(params, found, computed=computed),
        rows=frame,
        tables=tables,
        notes=(
            *notes(graph, found, params, SECTORS[found.sector_source], computed=computed),
            *addition_notes(params, tables),
        ),
        not_reported=not_reported(graph, found, computed=computed),
    )


def _basis(params: "RiskParams", found: Trade, *, computed: bool) -> "RiskParams":
    from queries.risks import RiskBasis  # noqa: PLC0415  # which imports this module

    mode = "converged" if params.converged else "parity"
    if params.equal_weights:
        mode += ", equal weights"
    epsilon, _ = rule(params)
    given = {field.name: getattr(params, field.name) for field in fields(params)}
    return RiskBasis(
        **given | {"epsilon": epsilon},
        mode=mode if computed else "without amounts",
        sector_source=found.sector_source,
        essentiality_source=found.essentiality_source.en,
    )


def _asked(graph: ChainGraph, params: "RiskParams", found: Trade) -> Codes:
    """Return the enterprises that get a row: those in the data, and outside ones that supply."""
    size = len(graph.nodes["Enterprise"])
    inside = insiders(graph)
    kept = inside.copy()
    kept[found.relations["supplier"].to_numpy(np.int64)] = True
    if params.chain:
        chain = graph.find("Chain", params.chain) - graph.offsets["Chain"]
        members = chain_members(graph)
        listed = np.zeros(size, dtype=bool)
        listed[members.loc[members["chain"] == chain, "firm"].to_numpy(np.int64)] = True
        of_segment = np.append(graph.rows("Chain", graph.target("PART_OF", "Segment")), -1)
        listed |= ~inside & (of_segment[found.segment] == chain)
        kept &= listed
    if params.region:
        region = graph.find("Region", params.region)
        kept &= graph.lies_within(graph.target("LOCATED_IN", "Enterprise"), region)
    return np.flatnonzero(kept).astype(np.int64)


def _described(graph: ChainGraph, asked: Codes, found: Trade, others: Substitutes) -> pd.DataFrame:
    table = graph.nodes["Enterprise"].iloc[asked].reset_index(drop=True)
    sales = np.bincount(
        found.used["supplier"], found.used["amount"].fillna(0), len(graph.nodes["Enterprise"])
    )
    return pd.DataFrame(
        {
            "chain": chain_names(graph, found.segment)[asked].to_numpy(),
            "enterprise": table["name"],
            "enterprise_id": table["id"],
            "code": table["credit_code"].fillna(table["id"]),
            "outside": (table["standing"] == "outside").astype("boolean"),
            "segment": segment_names(graph, found.segment[asked]),
            "substitutes": others.names(asked, _NAMED),
            "local_substitutes": _counted(others.local, others.segment, asked),
            "outside_substitutes": _counted(others.elsewhere, others.segment, asked),
            "sales": np.where(sales[asked] > 0, sales[asked], np.nan),
            "evidence": places(table).to_numpy(),
        }
    )


def chain_names(graph: ChainGraph, segment: Codes) -> "pd.Series[str]":
    """Return the chains of every enterprise; of one in no chain that of its main segment."""
    members = chain_members(graph)
    labels = pd.Series(chain_labels(graph), dtype="str")
    size = len(graph.nodes["Enterprise"])
    chain = members["chain"].to_numpy()
    named = joined(members["firm"].to_numpy(), labels.iloc[chain], size, limit=5)
    of_segment = graph.rows("Chain", graph.target("PART_OF", "Segment"))
    own = np.append(labels.to_numpy(dtype=object), "")[np.append(of_segment, -1)[segment]]
    return named.where(named != "", pd.Series(own, dtype="str"))


def segment_names(graph: ChainGraph, segment: Codes) -> "pd.Series[str]":
    """Return the names of segments (rows), blank for -1."""
    names = np.array([*graph.nodes["Segment"]["name"], None], dtype=object)
    return pd.Series(names[segment], dtype="str")


def _counted(counts: Codes, segment: Codes, asked: Codes) -> pd.Series:
    """Return counts of substitutes, NA where the main segment is not known."""
    return pd.Series(counts[asked], dtype="Int64").mask(segment[asked] < 0)


def _indices(
    graph: ChainGraph, found: Trade, net: "Network", asked: Codes, params: "RiskParams"
) -> dict[str, Any]:
    from queries.kernels.esri import esri  # noqa: PLC0415  # brings numba

    trades = trading(net)
    if params.chain or params.region:
        some = asked[trades[asked]]
        epsilon, substitution = rule(params)
        index = esri(
            net, list(some), epsilon=epsilon, substitution=substitution,
            weighing=weighing(graph, params), progress=told(),
        )  # fmt: skip
    else:
        some, index = np.flatnonzero(trades), systemic(graph, params, found).esri
    columns: dict[str, Any] = {}
    for name, values in (
        ("esri", index.total), ("esri_downstream", index.downstream),
        ("esri_upstream", index.upstream), ("downstream_hit", index.firms),
        ("output_at_risk", index.value),
    ):  # fmt: skip
        every = np.zeros(len(trades))
        every[some] = values
        columns[name] = every[asked]
    share = net.firms.share[asked]
    hit = pd.Series(columns["downstream_hit"]).astype("Int64")
    return columns | {
        "downstream_hit": hit, "size_share": share, "beyond_size": columns["esri"] - share,
        "trades": trades[asked],
    }  # fmt: skip


def _without_amounts(
    graph: ChainGraph, found: Trade, others: Substitutes, asked: Codes
) -> dict[str, Any]:
    """Return what can be said without any amount: essential buyers without a local substitute."""
    rows = found.relations
    size = max(len(graph.nodes["Segment"]), 1)
    supplier, buyer = rows["supplier"].to_numpy(), rows["buyer"].to_numpy()
    ends = found.segment[supplier], found.segment[buyer]
    linked = np.isin(ends[0] * size + ends[1], essential_pairs(graph))
    linked &= (ends[0] >= 0) & (ends[1] >= 0)
    told = rows["essential"].to_numpy()
    essential = np.where(np.isnan(told), linked, told == 1)
    hit = rows[essential & (others.local[supplier] == 0) & insiders(graph)[buyer]]
    pairs = hit[["supplier", "buyer"]].drop_duplicates()
    count = np.bincount(pairs["supplier"], minlength=len(graph.nodes["Enterprise"]))
    sells = np.bincount(supplier, minlength=len(count)) > 0
    blank = dict.fromkeys(
        ("esri", "esri_downstream", "esri_upstream", "size_share", "beyond_size", "output_at_risk"),
        np.nan,
    )
    counted = pd.Series(count, dtype="Int64").mask(~sells)
    return blank | {"downstream_hit": counted[asked].to_numpy()}


def _articulation(graph: ChainGraph, found: Trade) -> pd.Series:
    """Return which enterprises hold the network of supplies together; NA without a relation."""
    from queries.kernels.structure import articulation_points, undirected  # noqa: PLC0415  # numba

    size = len(graph.nodes["Enterprise"])
    ends = found.relations["supplier"].to_numpy(), found.relations["buyer"].to_numpy()
    at, near = undirected(*ends, size)
    points = pd.Series(articulation_points(at, near), dtype="boolean")
    return points.mask(np.diff(at) == 0)


def _level(frame: pd.DataFrame, params: "RiskParams", told: Mask, *, computed: bool) -> pd.Series:
    index = frame["esri"].to_numpy(np.float64)
    single = frame["single_source"].fillna(value=False).to_numpy(dtype=bool)
    hit = frame["downstream_hit"].fillna(0).to_numpy(np.int64)
    high: Mask = (single & (hit >= params.high_hit)) | (index >= params.high_esri)
    medium: Mask = single | (index >= params.medium_esri)
    if not computed:
        high, medium = hit >= params.high_hit, (hit > 0) | single
    trades = frame["trades"] if computed else frame["downstream_hit"].notna()
    known = trades.to_numpy(dtype=bool) | single | told
    level = np.select([~known, high, medium], ["not_reported", "high", "medium"], "low")
    return pd.Series(level, dtype="str")


def _ordered(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows by ESRI, then by hits, with what is not reported at the end."""
    keys = pd.DataFrame(
        {
            "unknown": frame["level"] == "not_reported",
            "esri": -frame["esri"].fillna(-1.0),
            "hit": -frame["downstream_hit"].fillna(-1).astype(np.int64),
            "single": ~frame["single_source"].fillna(value=False).astype(bool),
            "name": frame["enterprise"],
            "id": frame["enterprise_id"],
        }
    )
    order = keys.sort_values(list(keys.columns), kind="stable").index
    frame = frame.loc[order].reset_index(drop=True)
    return frame.assign(rank=pd.Series(np.arange(1, len(frame) + 1), dtype="Int64"))


def _single_rows(
    graph: ChainGraph, alone: pd.DataFrame, others: Substitutes, asked: Codes
) -> pd.DataFrame:
    alone = alone[np.isin(alone["supplier"], asked)]
    supplier, buyer = alone["supplier"].to_numpy(), alone["buyer"].to_numpy()
    product = np.array([*graph.nodes["Product"]["name"], None], dtype=object)
    goods = pd.Series(product[alone["product"].to_numpy()], dtype="str")
    segment = segment_names(graph, alone["segment"].to_numpy())
    table = graph.edges["SUPPLIES"].iloc[alone["row"]]
    home = graph.target("LOCATED_IN", "Enterprise")[supplier]
    region = np.where(home >= 0, home, table["source_region"].to_numpy())
    offset = graph.offsets["Enterprise"]
    frame = pd.DataFrame(
        {
            "buyer": graph.names(buyer + offset),
            "input": goods.fillna(segment),
            "supplier": graph.names(supplier + offset),
            "region": graph.names(region),
            "amount": alone["amount"].to_numpy(),
            "local_substitutes": _counted(others.local, others.segment, supplier),
            "evidence": places(table).to_numpy(),
        }
    )
    return frame.sort_values(["amount", "buyer", "input"], ascending=[False, True, True])
