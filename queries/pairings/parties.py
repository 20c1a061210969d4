"""Party organizations as sides of a pair: kind, place, chains, and whether they have a pair."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array

from graphmodel.graph import ChainGraph, Codes, Mask
from graphmodel.question import Params
from graphmodel.scope import declared
from queries.alliances.tenures import covered_chains
from queries.columns import written
from queries.membership import NOT_PARTY_ORGANIZATIONS, chain_members
from queries.pairings.register import side_kinds


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Parties:
    """Every Party organization; arrays in the order of their table.

    Attributes:
        kind: Key of `register.KINDS`.
        host: Code of the host, -1 where not reported.
        region: Code of its own region, else of its host's; -1 unknown.
        city: Row of the city (or topmost region below a province) it lies in, -1 unknown.
        chains: Which chains it is concerned with, shape (n, chains), 0 or 1.
        paired: Has a pair that is not over.
        expired: Had pairs, all of them over.
        complete: 结对共建 is declared complete for it.
        kept: Asked about.
        standing: Not set up for a task only (行动支部, 攻坚党小组).
    """

    kind: npt.NDArray[np.object_]
    host: Codes
    region: Codes
    city: Codes
    chains: "csr_array"
    paired: Mask
    expired: Mask
    complete: Mask
    kept: Mask
    standing: Mask


def parties(graph: ChainGraph, params: Params, pairs: pd.DataFrame) -> Parties:
    """Return every Party organization as a side of a pair.

    Args:
        graph: The graph.
        params: Chain and region asked about.
        pairs: `register.register`.

    Raises:
        UsageError: There is no such chain or region.
    """
    codes = graph.codes("PartyOrganization")
    size = len(codes)
    host = graph.target("ORG_OF", "PartyOrganization")
    region = _regions(graph, host)
    chains = _chains(graph)
    ends = np.concatenate([pairs["a"], pairs["b"]]).astype(np.int64)
    over = np.tile(pairs["state"].eq("expired").to_numpy(), 2)
    row = graph.rows("PartyOrganization", ends)
    paired = np.isin(np.arange(size), row[~over])
    kept = np.ones(size, dtype=bool)
    if params.region:
        kept &= _within(graph, graph.find("Region", params.region))
    if params.chain:
        chain = graph.find("Chain", params.chain) - graph.offsets["Chain"]
        kept &= chains[:, [chain]].toarray().ravel() > 0
    types = written(graph.nodes["PartyOrganization"]["type"])
    return Parties(
        kind=side_kinds(graph, codes),
        host=host,
        region=region,
        city=_cities(graph, region),
        chains=chains,
        paired=paired,
        expired=np.isin(np.arange(size), row[over]) & ~paired,
        complete=_complete(graph, region, chains),
        kept=kept,
        standing=~np.isin(types, NOT_PARTY_ORGANIZATIONS),
    )


def _within(graph: ChainGraph, asked: int) -> Mask:
    """Return which Party organizations lie in a region: themselves, else any of their hosts."""
    own = graph.target("LOCATED_IN", "PartyOrganization")
    links = graph.edges["ORG_OF"]
    near = graph.lies_within(_located(graph)[links["target"].to_numpy()], asked)
    row = graph.rows("PartyOrganization", links["source"].to_numpy())[near]
    through = np.isin(np.arange(len(own)), row)
    return np.where(own >= 0, graph.lies_within(own, asked), through)


def _located(graph: ChainGraph) -> Codes:
    """Return the code of the region of every node, -1 where not reported (also for code -1)."""
    table = graph.edges["LOCATED_IN"]
    of_node = np.full(graph.size + 1, -1, dtype=np.int64)
    of_node[table["source"].to_numpy()] = table["target"].to_numpy()
    return of_node


def _regions(graph: ChainGraph, host: Codes) -> Codes:
    """Return the region of each Party organization: its own, else its host's."""
    own = graph.target("LOCATED_IN", "PartyOrganization")
    return np.where(own >= 0, own, _located(graph)[host])


def _cities(graph: ChainGraph, region: Codes) -> Codes:
    """Return the row of the city that each region lies in; without one, of its topmost region."""
    level = written(graph.nodes["Region"]["level"])
    parents = graph.region_parents
    row = graph.rows("Region", region)
    stops = np.append((level == "市") | (parents < 0), True)
    above = np.append(parents, -1)
    is_province = np.append(level == "省", False)
    for _ in range(len(parents)):
        up = np.where(stops[row] | is_province[above[row]], row, above[row])
        if (up == row).all():
            break
        row = up
    return row


def _chains(graph: ChainGraph) -> "csr_array":
    """Return the chains of each organization: its hosts', or those of alliances of either."""
    size, number = len(graph.nodes["PartyOrganization"]), len(graph.nodes["Chain"])
    hosts = graph.edges["ORG_OF"]
    own = pd.DataFrame(
        {
            "organization": graph.rows("PartyOrganization", hosts["source"].to_numpy()),
            "firm": graph.rows("Enterprise", hosts["target"].to_numpy()),
            "member": hosts["target"].to_numpy(),
        }
    )
    direct = own[own["firm"] >= 0].merge(chain_members(graph), on="firm")
    links = graph.edges["MEMBER_OF"]
    member = pd.DataFrame(
        {
            "member": links["source"].to_numpy(),
            "alliance": graph.rows("Alliance", links["target"].to_numpy()),
        }
    )
    alliance, chain = covered_chains(graph)
    covered = member.merge(pd.DataFrame({"alliance": alliance, "chain": chain}), on="alliance")
    itself = pd.DataFrame(
        {"organization": np.arange(size), "member": graph.codes("PartyOrganization")}
    )
    ways = pd.concat([itself, own[["organization", "member"]]])
    through = ways.merge(covered[["member", "chain"]], on="member")
    both = pd.concat([direct[["organization", "chain"]], through[["organization", "chain"]]])
    ends = both.drop_duplicates().to_numpy(np.int64)
    return csr_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(size, number))


def _complete(graph: ChainGraph, region: Codes, chains: "csr_array") -> Mask:
    size = len(region)
    known = declared(graph, "结对共建", regions=region, chains=np.full(size, -1, dtype=np.int64))
    organization, chain = chains.nonzero()
    codes = chain.astype(np.int64) + graph.offsets["Chain"]
    by_chain = declared(graph, "结对共建", regions=region[organization], chains=codes)
    known[organization[by_chain]] = True
    return known
