"""The rows of `coverage`: what is counted, group by group."""

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.graph import ChainGraph
from graphmodel.kinds import ALLIANCE
from graphmodel.question import Result
from queries.columns import written
from queries.coverage import covered, grouping
from queries.coverage.covered import COVERED, NOT_COVERED, NOT_REPORTED, Covered, States
from queries.coverage.denominators import ENTERPRISE_MEASURES, Counted, Names
from queries.coverage.denominators import counted as who_counts
from queries.coverage.facts import asserted_table, coverage_facts
from queries.coverage.grouping import Grouping
from queries.coverage.names import named_tables
from queries.coverage.words import OTHER_COUNTS, explained, not_reported, notes
from queries.kept import kept

if TYPE_CHECKING:
    from queries.coverage import CoverageParams

_LEVELLED: Final = ("alliance_enterprise", "alliance_chain")


def answered(graph: ChainGraph, params: "CoverageParams") -> Result:
    """Return the answer described at `queries.coverage.answer`."""
    counted, stated, rows = computed(graph, params)
    states = {measure: counted.states(measure) for measure in counted.measures}
    tables = named_tables(graph, states, counted.double_gap, counted.measures["alliance_chain"])
    tables["asserted"] = asserted_table(graph, stated, rows, tables["partners"])
    return Result(
        question="coverage",
        params=params,
        rows=rows.drop(columns="subject"),
        tables=tables,
        notes=notes(rows, tables["functional_chains"]),
        not_reported=not_reported(rows, tables["not_reported_chains"]),
    )


@kept
def computed(
    graph: ChainGraph, params: "CoverageParams"
) -> tuple[Counted, pd.DataFrame, pd.DataFrame]:
    """Return who counts, the stated figures that speak of coverage, and the rows computed.

    Raises:
        UsageError: `params` names a chain, region or base that does not exist.
    """
    counted, stated = who_counts(graph, params), coverage_facts(graph)
    return counted, stated, _rows(graph, params, counted, stated)


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
    return explained(rows, [name for name in map(str, rows.columns) if name.startswith("through:")])


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
    columns: dict[str, object] = dict.fromkeys(OTHER_COUNTS, np.nan)
    columns |= {str(name): frame[name] for name in frame}
    rows = pd.DataFrame(
        columns
        | {
            "measure": measure,
            "by": groups.by,
            "group": groups.labels,
            "subject": groups.subjects,
            "group_id": graph.ids(groups.subjects).fillna("").to_numpy(),
            "uncovered": _uncovered(counted.names[measure], state, groups, params.list_limit),
            "asserted": _beside(stated, measure, groups),
        }
    )
    about = np.isin(groups.subjects, stated["subject"]) & (groups.subjects >= 0)
    kept = rows["eligible"] > 0
    return _ordered(rows[np.asarray((kept | about | (groups.by == "total")) & groups.shown, bool)])


def _ordered(rows: pd.DataFrame) -> pd.DataFrame:
    """Put regions and chains in the order of their names, the unreported group last."""
    if rows.empty or rows["by"].iloc[0] not in {"region", "chain"}:
        return rows
    keys = rows.assign(last=rows["subject"] < 0)
    return rows.loc[keys.sort_values(["last", "group", "group_id"], kind="stable").index]


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
