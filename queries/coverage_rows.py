"""The rows of `coverage`: what is counted, group by group."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.errors import UsageError
from graphmodel.graph import ChainGraph, Mask
from graphmodel.kinds import ALLIANCE
from graphmodel.question import Result
from graphmodel.schema import Text
from queries import covered, grouping
from queries.columns import written
from queries.coverage_facts import asserted_table, coverage_facts
from queries.coverage_names import named_tables
from queries.covered import COVERED, NOT_COVERED, NOT_REPORTED, Covered, Party, States
from queries.grouping import Grouping
from queries.membership import chain_labels, chain_members, insiders

if TYPE_CHECKING:
    from queries.coverage import CoverageParams

ENTERPRISE_MEASURES: Final = ("party_organization", "party_work", "alliance_enterprise")
_LEVELLED: Final = ("alliance_enterprise", "alliance_chain")
_SHARED: Final = (
    "own", "joint", "mode_unstated", "instructor", "organization_covered", "work_covered",
    "double_gap", "alliance_covered", "base_unknown",
)  # fmt: skip


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


def answered(graph: ChainGraph, params: "CoverageParams") -> Result:
    """Return the answer described at `queries.coverage.answer`."""
    counted = _counted(graph, params)
    stated = coverage_facts(graph)
    rows = _rows(graph, params, counted, stated)
    states = {measure: counted.states(measure) for measure in counted.measures}
    tables = named_tables(graph, states, counted.double_gap, counted.measures["alliance_chain"])
    tables["asserted"] = asserted_table(graph, stated, rows, tables["partners"])
    return Result(
        question="coverage",
        params=params,
        rows=rows.drop(columns="subject"),
        tables=tables,
        notes=_notes(rows, tables["functional_chains"]),
        not_reported=_not_reported(rows, tables["not_reported_chains"]),
    )


def _counted(graph: ChainGraph, params: "CoverageParams") -> Counted:
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


def _rows(
    graph: ChainGraph, params: "CoverageParams", counted: Counted, stated: pd.DataFrame
) -> pd.DataFrame:
    shown_chains = counted.chains if params.chain else np.ones_like(counted.chains)
    subject = -1
    if params.region or params.chain:
        kind = "Region" if params.region else "Chain"
        subject = graph.find(kind, params.region or params.chain)
    size, chains = len(counted.eligible), len(counted.chains)
    groupings = {
        True: (
            grouping.total(size, subject=subject),
            grouping.by_region(graph, "Enterprise", counted.regions),
            grouping.by_chain(graph, shown_chains),
            grouping.by_grade(graph, "Enterprise"),
            grouping.by_size(graph),
        ),
        False: (
            grouping.total(chains, subject=subject),
            grouping.by_region(graph, "Chain", counted.regions),
            grouping.chains_alone(graph, shown_chains),
            grouping.by_grade(graph, "Chain"),
        ),
    }
    parts = []
    for measure in counted.measures:
        enterprise = measure in ENTERPRISE_MEASURES
        for groups in groupings[enterprise]:
            says = counted.measures[measure]
            parts.append(_grouped(graph, params, counted, measure, says, groups, stated))
        if measure in _LEVELLED:
            parts += _by_level(graph, params, counted, measure, stated)
    rows = pd.concat(parts, ignore_index=True)
    return _explained(
        rows, [name for name in map(str, rows.columns) if name.startswith("through:")]
    )


def _by_level(
    graph: ChainGraph,
    params: "CoverageParams",
    counted: Counted,
    measure: str,
    stated: pd.DataFrame,
) -> list[pd.DataFrame]:
    """Return one row per 级别 of the alliances there are: covered by one of that level."""
    table = graph.nodes["Alliance"]
    if measure == "alliance_enterprise":
        table = table[table["nature"] == "党建"]
    present = set(written(table["level"]))
    parts = []
    for level in (*grouping.choices(ALLIANCE, "level"), ""):
        if level in present:
            if measure == "alliance_enterprise":
                by_level = covered.enterprise_alliances(graph, counted.members, level=level)
            else:
                by_level = covered.chain_alliances(graph, level=level)
            size = len(counted.among(measure))
            groups = grouping.total(size, label=level or grouping.UNREPORTED)
            part = _grouped(graph, params, counted, measure, by_level, groups, stated)
            parts.append(part.assign(by="alliance_level"))
    return parts


def _grouped(
    graph: ChainGraph,
    params: "CoverageParams",
    counted: Counted,
    measure: str,
    says: Covered,
    groups: Grouping,
    stated: pd.DataFrame,
) -> pd.DataFrame:
    """Return the rows of one measure for one grouping."""
    state = says.states(counted.among(measure))
    flags: dict[str, npt.ArrayLike] = {
        "eligible": state >= 0,
        "covered": state == COVERED,
        "not_covered": state == NOT_COVERED,
        "not_reported": state == NOT_REPORTED,
    }
    flags |= {f"through:{k}": (state == COVERED) & v for k, v in says.through.items()}
    if measure in ENTERPRISE_MEASURES:
        flags |= _shared(counted)
    else:
        flags["functional_only"] = (state == COVERED) & says.through["仅功能性党支部"]
    frame = groups.tally(flags)
    frame = frame.reindex(columns=[*frame.columns, *(c for c in _ALL if c not in frame)])
    frame = frame.assign(
        measure=measure, by=groups.by, group=groups.labels, subject=groups.subjects
    )
    frame["uncovered"] = _uncovered(counted.names[measure], state, groups, params.list_limit)
    frame["asserted"] = _beside(stated, measure, groups)
    about = np.isin(groups.subjects, stated["subject"]) & (groups.subjects >= 0)
    kept = (frame["eligible"] > 0) | about | (groups.by == "total")
    frame = frame[np.asarray(kept & groups.shown, dtype=bool)]
    if groups.by in {"region", "chain"}:
        last = frame["subject"] < 0
        ids = graph.ids(frame["subject"].to_numpy()).to_numpy()
        order = frame.assign(last=last, ids=ids).sort_values(
            ["last", "group", "ids"], kind="stable"
        )
        frame = frame.loc[order.index]
    return frame.assign(group_id=graph.ids(frame["subject"].to_numpy()).fillna("").to_numpy())


_ALL: Final = (*_SHARED, "functional_only")


def _shared(counted: Counted) -> dict[str, npt.ArrayLike]:
    """Return what the row of every enterprise measure says besides its own states."""
    party, eligible = counted.party, counted.eligible
    return {
        "own": party.own & eligible,
        "joint": party.joint & eligible,
        "mode_unstated": party.unstated & eligible,
        "instructor": party.instructor & eligible,
        "organization_covered": party.organization.covered & eligible,
        "work_covered": party.work.covered & eligible,
        "double_gap": counted.double_gap,
        "alliance_covered": counted.measures["alliance_enterprise"].covered & eligible,
        "base_unknown": counted.unknown,
    }


def _uncovered(names: Names, state: States, groups: Grouping, limit: int) -> pd.Series:
    """Return, per group, the first `limit` names not covered and how many there are in all."""
    missing = state[groups.unit] == NOT_COVERED
    group, unit = groups.group[missing], groups.unit[missing]
    order = np.lexsort((names.place[unit], group))
    group, unit = group[order], unit[order]
    counts = np.bincount(group, minlength=len(groups.labels))
    within = np.arange(len(group)) - (np.cumsum(counts) - counts)[group]
    kept = within <= limit
    total = pd.Series(counts[group[kept]]).astype("str")
    shown = np.where(within[kept] < limit, names.text[unit[kept]], "等" + total + "个")
    lists = pd.Series(shown, dtype=object).groupby(group[kept]).agg(list)
    return lists.reindex(range(len(groups.labels))).map(_list, na_action=None)


def _beside(stated: pd.DataFrame, measure: str, groups: Grouping) -> pd.Series:
    """Return, per group, what has been stated of its subject under this measure."""
    lists = stated[stated["measure"] == measure].groupby("subject")["text"].agg(list)
    found = lists.reindex(groups.subjects).reset_index(drop=True)
    return found.map(_list, na_action=None)


def _list(value: object) -> list[str]:
    return value if isinstance(value, list) else []


def _explained(rows: pd.DataFrame, through: list[str]) -> pd.DataFrame:
    """Add the interval, the sentence and the evidence to the rows."""
    low, high = rows["covered"], rows["covered"] + rows["not_reported"]
    some = rows["eligible"] > 0
    base = rows["eligible"].where(some, 1)
    ends = np.column_stack([low / base, high / base])
    interval = pd.Series(ends.tolist(), index=rows.index, dtype=object).where(some, None)
    percent = [
        pd.Series(end, index=rows.index).mul(100).round(1).astype("str") + "%" for end in ends.T
    ]
    counts = {
        name: rows[name].astype("str")
        for name in ("eligible", "covered", "not_covered", "not_reported")
    }
    zh = (
        "应覆盖 " + counts["eligible"] + "：已覆盖 " + counts["covered"] + "，未覆盖 "
        + counts["not_covered"] + "，未填报 " + counts["not_reported"] + "；覆盖率在 "
        + percent[0] + " 到 " + percent[1] + " 之间。"
    )  # fmt: skip
    en = (
        counts["eligible"] + " eligible: " + counts["covered"] + " covered, "
        + counts["not_covered"] + " not covered, " + counts["not_reported"] + " not reported; "
        + "coverage lies between " + percent[0] + " and " + percent[1] + "."
    )  # fmt: skip
    evidence = pd.Series("", index=rows.index, dtype="str")
    for column in through:
        number = rows[column].fillna(0).astype("int64")
        text = "；" + column.removeprefix("through:") + " " + number.astype("str")
        evidence = evidence + text.where(number > 0, "")
    extra = {
        by: rows["group"].where(rows["by"] == by, "") for by in ("region", "chain", "size_class")
    }
    integers = {name: rows[name].astype("Int64") for name in _ALL}
    rows = rows.drop(columns=through).assign(**integers).assign(**extra)
    return rows.assign(
        interval=interval,
        reason=zh.where(some, "没有应覆盖的对象，无法计算。"),
        reason_en=en.where(some, "Nothing eligible, so nothing can be computed."),
        evidence=evidence.str.removeprefix("；"),
    )


def _total(rows: pd.DataFrame, measure: str) -> pd.Series:
    return rows[(rows["measure"] == measure) & (rows["by"] == "total")].iloc[0]


def _notes(rows: pd.DataFrame, functional: pd.DataFrame) -> tuple[Text, ...]:
    notes = [
        Text(
            "各分组不可相加：上级地区含下级，一家企业可在多条产业链，一条链可有多个等级。",
            "Groups are never added up: a region includes its parts, an enterprise may be in "
            "several chains and a chain may have several grades.",
        )
    ]
    if len(functional):
        names = "、".join(functional["name"])
        notes.append(
            Text(
                f"{len(functional)} 条产业链只有功能性党支部覆盖，已计入并列名：{names}。",
                f"{len(functional)} chains are covered by a functional branch only, counted and "
                f"named: {names}.",
            )
        )
    if unknown := int(_total(rows, "party_organization")["base_unknown"]):
        notes.append(
            Text(
                f"{unknown} 家企业未填报是否属于所选口径，不在应覆盖数内。",
                f"{unknown} enterprises do not say whether they belong to the base; not counted.",
            )
        )
    return tuple(notes)


_SUPPLY: Final = {
    "party_organization": Text("补报 依托 或 企业.党组织情况", "supply 依托 or 企业.党组织情况"),
    "party_work": Text(
        "补报 依托、岗位 或 企业.党组织情况", "supply 依托, 岗位 or 企业.党组织情况"
    ),
    "alliance_enterprise": Text("补报 联盟成员", "supply 联盟成员"),
}


def _not_reported(rows: pd.DataFrame, chains: pd.DataFrame) -> tuple[Text, ...]:
    found = []
    for measure, advice in _SUPPLY.items():
        if number := int(_total(rows, measure)["not_reported"]):
            found.append(
                Text(
                    f"{number} 家企业未填报（{measure}）：{advice.zh}，或在填报范围声明填全。",
                    f"{number} enterprises not reported ({measure}): {advice.en}, or declare it "
                    "complete in 填报范围.",
                )
            )
    if len(chains):
        names = "、".join(chains["name"])
        found.append(
            Text(
                f"{len(chains)} 条产业链未填报联盟覆盖：{names}；补报 联盟覆盖。",
                f"{len(chains)} chains without a reported alliance: {names}; supply 联盟覆盖.",
            )
        )
    return tuple(found)
