"""Who belongs to what: enterprises to chains, regions to larger regions, members to alliances."""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.graph import ChainGraph, Mask
from queries.columns import written
from queries.kept import kept

NOT_PARTY_ORGANIZATIONS: Final = ("行动支部", "攻坚党小组")
"""Types that are set up for a task and so leave a firm uncovered."""


@kept
def insiders(graph: ChainGraph) -> Mask:
    """Return which rows of the table of enterprises are not parties outside the data."""
    standing = graph.nodes["Enterprise"]["standing"]
    return np.asarray(standing.ne("outside"), dtype=bool)


@kept
def chain_members(graph: ChainGraph) -> pd.DataFrame:
    """Return every enterprise with every chain it is in, by 企业产业链 or by 企业环节.

    Returns:
        Columns `firm` and `chain`: rows in the tables of enterprises and of chains; each pair
        once; parties outside the data left out.
    """
    links = graph.edges["IN_CHAIN"]
    placed = placements(graph)
    pairs = pd.DataFrame(
        {
            "firm": np.concatenate(
                [graph.rows("Enterprise", links["source"].to_numpy()), placed["firm"].to_numpy()]
            ),
            "chain": np.concatenate(
                [graph.rows("Chain", links["target"].to_numpy()), placed["chain"].to_numpy()]
            ),
        }
    )
    pairs = pairs.loc[(pairs["firm"] >= 0) & (pairs["chain"] >= 0)]
    known = pairs[insiders(graph)[pairs["firm"].to_numpy()]]
    members: pd.DataFrame = known.drop_duplicates(ignore_index=True)
    return members


@kept
def placements(graph: ChainGraph) -> pd.DataFrame:
    """Return where enterprises stand in the templates: one row per enterprise and segment.

    Returns:
        Columns `firm`, `segment`, `chain` (rows in their tables; `chain` -1 for a segment of no
        chain) and `output`: 产值 in 万元 summed over products, NaN where none is reported.
    """
    table = graph.edges["IN_SEGMENT"]
    rows = pd.DataFrame(
        {
            "firm": graph.rows("Enterprise", table["source"].to_numpy()),
            "segment": graph.rows("Segment", table["target"].to_numpy()),
            "output": table["output"].to_numpy(),
        }
    )
    rows = rows[(rows["firm"] >= 0) & (rows["segment"] >= 0)].sort_values("output")
    summed = rows.groupby(["firm", "segment"])["output"].sum(min_count=1).reset_index()
    of_segment = graph.rows("Chain", graph.target("PART_OF", "Segment"))
    return summed.assign(chain=of_segment[summed["segment"].to_numpy()])


@kept
def chain_labels(graph: ChainGraph) -> npt.NDArray[np.object_]:
    """Return the name of each chain, as 名称@地区 where two chains share a name."""
    names = graph.nodes["Chain"]["name"]
    regions = graph.names(graph.target("LOCATED_IN", "Chain"))
    full = names + ("@" + regions).fillna("")
    return np.asarray(names.where(~names.duplicated(keep=False), full), dtype=object)


@kept
def region_ancestors(graph: ChainGraph) -> pd.DataFrame:
    """Return every region with itself and every region it lies in.

    Returns:
        Columns `region` and `ancestor`, rows in the table of regions; each pair once.
    """
    parents = graph.region_parents
    region = np.arange(len(parents), dtype=np.int64)
    ancestor = region
    found = [pd.DataFrame({"region": region, "ancestor": ancestor})]
    for _ in range(len(parents)):
        ancestor = parents[ancestor]
        kept = ancestor >= 0
        if not kept.any():
            break
        region, ancestor = region[kept], ancestor[kept]
        found.append(pd.DataFrame({"region": region, "ancestor": ancestor}))
    return pd.concat(found).drop_duplicates(ignore_index=True)


@kept
def party_hosts(graph: ChainGraph) -> pd.DataFrame:
    """Return the Party organizations of enterprises, as 依托 states them.

    行动支部 and 攻坚党小组 are left out: they do not count as a Party organization of the firm.

    Returns:
        Columns `organization` and `firm` (rows in their tables) and `mode`: 单独, 联合 (also a
        联合党支部 of unstated mode), 派驻指导员, or "" where unstated.
    """
    table = graph.edges["ORG_OF"]
    organization = graph.rows("PartyOrganization", table["source"].to_numpy())
    firm = graph.rows("Enterprise", table["target"].to_numpy())
    kept = (organization >= 0) & (firm >= 0)
    organization, firm = organization[kept], firm[kept]
    types = written(graph.nodes["PartyOrganization"]["type"])
    mode = written(table["mode"])[kept]
    mode = np.where((mode == "") & (types[organization] == "联合党支部"), "联合", mode)
    hosts = pd.DataFrame({"organization": organization, "firm": firm, "mode": mode})
    counted = ~np.isin(types, NOT_PARTY_ORGANIZATIONS)[organization]
    return hosts[counted].reset_index(drop=True)


@kept
def alliance_members(graph: ChainGraph) -> pd.DataFrame:
    """Return the alliances of each enterprise, its own and those of a Party organization it has.

    Returns:
        Columns `firm` and `alliance` (rows in their tables), `role` ("" where unstated) and
        `through`: True where the member is a Party organization of the firm.
    """
    table = graph.edges["MEMBER_OF"]
    member = table["source"].to_numpy()
    rows = pd.DataFrame(
        {
            "firm": graph.rows("Enterprise", member),
            "organization": graph.rows("PartyOrganization", member),
            "alliance": graph.rows("Alliance", table["target"].to_numpy()),
            "role": written(table["role"]),
        }
    )
    own = rows[rows["firm"] >= 0].drop(columns="organization").assign(through=False)
    hosts = party_hosts(graph)
    hosts = hosts.loc[hosts["mode"] != "派驻指导员", ["organization", "firm"]]
    theirs = rows[rows["organization"] >= 0].drop(columns="firm").merge(hosts, on="organization")
    columns = ["firm", "alliance", "role", "through"]
    both = pd.concat([own[columns], theirs.assign(through=True)[columns]], ignore_index=True)
    return both[both["alliance"] >= 0].drop_duplicates(ignore_index=True)
