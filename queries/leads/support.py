"""配套: how much local small firms depend on an enterprise."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask
from graphmodel.scope import declared_for_enterprises
from queries.leads.pairs import Measured, Pairs, over
from queries.leads.resampling import Hashes, Numbers, bits, mixed, poisson, tidy
from queries.membership import insiders, region_ancestors
from queries.purchases import latest

SMALL: Final = ("小", "微")
"""规模 of the firms whose dependence counts as 配套."""


def support(pairs: Pairs) -> Measured:
    """Return how much local small firms depend on an enterprise (配套).

    support_i = Σ_j a_ji / Σ_k a_jk over small firms j (规模 小 or 微) that lie in the chain's own
    region, with a_ji what j sells to i in the chain in the latest year they report. A firm or chain
    without 地区 counts as local. A relation is in the chain its row names (产业链, or the chain of
    its 环节), otherwise in every chain that both its ends are in. An enterprise without any
    relation with an amount is not reported, unless 供应关系 is declared complete.

    A chain where no local small firm's sales are reported falls back to the number of 配套合作
    partners, undirected, of any chain.
    """
    rows = _dependences(pairs)
    size = len(pairs.firm)
    chains = len(pairs.graph.nodes["Chain"])
    with_sales = np.isin(np.arange(chains), rows.chain)[pairs.chain]
    trades = _trades(pairs.graph)[pairs.firm]
    ties = _Ties.of(pairs)
    by_count = ~with_sales & ties.known[pairs.firm]
    known = np.where(with_sales, trades, by_count)

    def valued(sold: Numbers, tied: Numbers) -> Numbers:
        raw = np.where(with_sales, rows.shares(sold, size), ties.counts(tied)[pairs.firm])
        return np.where(known, raw, np.nan)

    def redraw(draw: int) -> Numbers:
        return valued(poisson(rows.marks, pairs.seed, draw), poisson(ties.marks, pairs.seed, draw))

    plain = valued(np.ones(len(rows.marks)), np.ones(len(ties.marks)))
    return Measured(tidy(plain), redraw, by_count)


@dataclass(frozen=True)
class _Dependences:
    """Sales of local small firms in a chain: seller and chain as one number, buyer's pair."""

    seller: Codes
    chain: Codes
    pair: Codes
    amount: Numbers
    marks: Hashes

    def shares(self, times: Numbers, size: int) -> Numbers:
        sold = self.amount * times
        total = np.bincount(self.seller, weights=sold)
        kept = self.pair >= 0
        share = over(sold, total[self.seller])
        summed = np.bincount(self.pair[kept], weights=share[kept], minlength=size)
        return np.asarray(summed, np.float64)


def _dependences(pairs: Pairs) -> _Dependences:
    graph = pairs.graph
    small = graph.nodes["Enterprise"]["size"].isin(SMALL).to_numpy() & insiders(graph)
    rows = latest(graph)[["supplier", "buyer", "amount", "row"]]
    rows["chain"] = chain_of_supplies(graph)[rows["row"].to_numpy()]
    usable = (rows["amount"] > 0) & (rows["supplier"] != rows["buyer"])
    rows = rows[usable.to_numpy() & small[rows["supplier"].to_numpy()]]
    rows = _in_chains(pairs, rows)
    rows = rows[_local(graph, rows["supplier"].to_numpy(), rows["chain"].to_numpy())]
    seller, buyer = rows["supplier"].to_numpy(), rows["buyer"].to_numpy()
    marks = pairs.marks[seller] * np.uint64(3) + pairs.marks[buyer] + bits(rows["amount"])
    marks = mixed(marks)
    order = np.argsort(marks, kind="stable")
    rows = rows.iloc[order]
    chain = rows["chain"].to_numpy()
    sellers, _ = pd.factorize(rows["supplier"].to_numpy() * len(graph.nodes["Chain"]) + chain)
    return _Dependences(
        seller=sellers.astype(np.int64),
        chain=chain,
        pair=pairs.find(rows["buyer"].to_numpy(), chain),
        amount=rows["amount"].to_numpy(),
        marks=marks[order],
    )


def chain_of_supplies(graph: ChainGraph) -> Codes:
    """Return the row of the chain that each supply names, itself or by its segment; else -1."""
    table = graph.edges["SUPPLIES"]
    named = graph.rows("Chain", table["chain"].to_numpy())
    of_segment = np.append(graph.rows("Chain", graph.target("PART_OF", "Segment")), -1)
    return np.where(
        named >= 0, named, of_segment[graph.rows("Segment", table["segment"].to_numpy())]
    )


def _in_chains(pairs: Pairs, rows: pd.DataFrame) -> pd.DataFrame:
    """Give a relation that names no chain to every chain that both its ends are in."""
    stated = rows[rows["chain"] >= 0]
    members = pd.DataFrame({"supplier": pairs.firm, "chain": pairs.chain})
    silent = rows[rows["chain"] < 0].drop(columns="chain").merge(members, on="supplier")
    both = pairs.find(silent["buyer"].to_numpy(), silent["chain"].to_numpy()) >= 0
    return pd.concat([stated, silent[both][stated.columns]], ignore_index=True)


def _local(graph: ChainGraph, firm: Codes, chain: Codes) -> Mask:
    """Return whether each enterprise lies in the chain's own region; unknown counts as yes."""
    here = graph.rows("Region", graph.target("LOCATED_IN", "Enterprise"))[firm]
    home = graph.rows("Region", graph.target("LOCATED_IN", "Chain"))[chain]
    within = region_ancestors(graph)
    size = len(graph.nodes["Region"])
    inside = np.isin(here * size + home, within["region"] * size + within["ancestor"])
    return np.asarray((here < 0) | (home < 0) | inside, dtype=bool)


def _trades(graph: ChainGraph) -> Mask:
    """Return which enterprises have a relation with an amount, or are declared to have none."""
    table = graph.edges["SUPPLIES"]
    told = table["amount"].notna().to_numpy()
    known = declared_for_enterprises(graph, "供应关系")
    for end in ("source", "target"):
        row = graph.rows("Enterprise", table[end].to_numpy()[told])
        known[row[row >= 0]] = True
    return known


@dataclass(frozen=True)
class _Ties:
    """Undirected 配套 ties: each pair of enterprises once."""

    one: Codes
    other: Codes
    marks: Hashes
    known: Mask

    @staticmethod
    def of(pairs: Pairs) -> "_Ties":
        graph = pairs.graph
        ties = partner_pairs(graph)
        one, other = ties["one"].to_numpy(), ties["other"].to_numpy()
        known = declared_for_enterprises(graph, "配套合作")
        known[one] = known[other] = True
        return _Ties(one, other, mixed(pairs.marks[one] + pairs.marks[other]), known)

    def counts(self, times: Numbers) -> Numbers:
        size = len(self.known)
        return np.asarray(np.bincount(self.one, times, size) + np.bincount(self.other, times, size))


def partner_pairs(graph: ChainGraph) -> pd.DataFrame:
    """Return the pairs of enterprises with a 配套合作 tie, each once: columns `one` and `other`."""
    table = graph.edges["COOPERATES"]
    ends = np.column_stack(
        [graph.rows("Enterprise", table[end].to_numpy()) for end in ("source", "target")]
    )
    ends = np.sort(ends[(ends >= 0).all(axis=1)], axis=1)
    frame = pd.DataFrame(ends, columns=["one", "other"])
    return frame[frame["one"] != frame["other"]].drop_duplicates(ignore_index=True)
