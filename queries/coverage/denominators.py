"""Who is counted: the denominators of coverage, and what each measure says of them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.errors import UsageError
from graphmodel.graph import ChainGraph, Mask
from queries.coverage import covered
from queries.coverage.covered import NOT_COVERED, Covered, Party, States
from queries.membership import chain_labels, chain_members, insiders

if TYPE_CHECKING:
    from queries.coverage import CoverageParams

ENTERPRISE_MEASURES: Final = ("party_organization", "party_work", "alliance_enterprise")


class Names(NamedTuple):
    """Names of the rows of a table, and the place of each in alphabetical order."""

    text: npt.NDArray[np.object_]
    place: npt.NDArray[np.int64]

    @staticmethod
    def of(text: npt.NDArray[np.object_]) -> "Names":
        """Return the names with their places; equal names share one."""
        place = pd.Series(text, dtype="str").rank(method="dense")
        return Names(text, place.to_numpy().astype(np.int64))


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What is counted and how it stands.

    Attributes:
        eligible: Which enterprises are counted.
        unknown: Which enterprises may or may not belong to the base.
        chains: Which chains are counted.
        regions: Which regions are shown.
        party: How Party building stands in every enterprise.
        members: Alliances of every enterprise (`covered.party_alliances`).
        measures: What each measure says.
        names: Names of what each measure counts.
    """

    eligible: Mask
    unknown: Mask
    chains: Mask
    regions: Mask
    party: Party
    members: pd.DataFrame
    measures: dict[str, Covered]
    names: dict[str, Names]

    def among(self, measure: str) -> Mask:
        """Return which rows `measure` counts."""
        return self.eligible if measure in ENTERPRISE_MEASURES else self.chains

    def states(self, measure: str) -> States:
        """Return the state of every row that `measure` looks at."""
        return self.measures[measure].states(self.among(measure))

    @property
    def double_gap(self) -> Mask:
        """Which enterprises are known to have neither organization nor work."""
        organization, work = (self.states(m) for m in ENTERPRISE_MEASURES[:2])
        return np.asarray((organization == NOT_COVERED) & (work == NOT_COVERED), dtype=bool)


def counted(graph: ChainGraph, params: "CoverageParams") -> Counted:
    """Return who is counted under `params`, and how they stand.

    Raises:
        UsageError: `params` names a chain, region or base that does not exist.
    """
    firms = graph.nodes["Enterprise"]
    inside, chains, regions = _filtered(graph, params)
    expected = firms["party_expected"].fillna(value=True).to_numpy(dtype=bool)
    inside &= insiders(graph) & expected
    belongs, unknown = _base(graph, params)
    party = covered.party(graph, as_of=params.as_of)
    members = covered.party_alliances(graph)
    names = Names.of(firms["name"].to_numpy(dtype=object))
    return Counted(
        eligible=inside & belongs,
        unknown=inside & unknown,
        chains=chains,
        regions=regions,
        party=party,
        members=members,
        measures={
            "party_organization": party.organization,
            "party_work": party.work,
            "alliance_enterprise": covered.enterprise_alliances(graph, members),
            "alliance_chain": covered.chain_alliances(graph),
        },
        names={
            **dict.fromkeys(ENTERPRISE_MEASURES, names),
            "alliance_chain": Names.of(chain_labels(graph)),
        },
    )


def _filtered(graph: ChainGraph, params: "CoverageParams") -> tuple[Mask, Mask, Mask]:
    """Return which enterprises, chains and regions are asked about."""
    firms = np.ones(len(graph.nodes["Enterprise"]), dtype=bool)
    chains = np.ones(len(graph.nodes["Chain"]), dtype=bool)
    regions = np.ones(len(graph.nodes["Region"]), dtype=bool)
    if params.chain:
        row = graph.find("Chain", params.chain) - graph.offsets["Chain"]
        members = chain_members(graph)
        firms &= np.isin(np.arange(len(firms)), members.loc[members["chain"] == row, "firm"])
        chains &= np.arange(len(chains)) == row
    if params.region:
        region = graph.find("Region", params.region)
        firms &= graph.lies_within(graph.target("LOCATED_IN", "Enterprise"), region)
        chains &= graph.lies_within(graph.target("LOCATED_IN", "Chain"), region)
        regions = graph.region_mask(region)
    return firms, chains, regions


def _base(graph: ChainGraph, params: "CoverageParams") -> tuple[Mask, Mask]:
    """Return which enterprises belong to the base, and of which that is not reported."""
    firms = graph.nodes["Enterprise"]
    size = len(firms)
    if params.base == "all":
        return np.ones(size, dtype=bool), np.zeros(size, dtype=bool)
    if params.base == "chain_members":
        member = np.isin(np.arange(size), chain_members(graph)["firm"])
        return member, np.zeros(size, dtype=bool)
    known = {
        "above_scale": firms["above_scale"],
        "key": firms["key"],
        "three_members": firms["full_members"] >= params.min_members,
    }
    if params.base not in known:
        choices = "、".join(["all", *known, "chain_members"])
        msg = (
            f"没有口径“{params.base}”；可选：{choices}。 No base {params.base!r}; choose {choices}."
        )
        raise UsageError(msg)
    says = known[params.base]
    unknown = np.asarray(says.isna(), dtype=bool)
    return says.fillna(value=False).to_numpy(dtype=bool), unknown
