"""Whether each enterprise and each chain is covered, uncovered or not reported."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.dates import last_day
from graphmodel.graph import ChainGraph, Mask
from graphmodel.scope import declared, declared_for_enterprises
from queries.columns import written
from queries.membership import alliance_members, party_hosts

COVERED: Final = 0
NOT_COVERED: Final = 1
NOT_REPORTED: Final = 2
NOT_COUNTED: Final = -1
"""State of what is outside the denominator."""

INSTRUCTORS: Final = ("党建指导员", "联络员", "红链专员")
"""Posts that bring Party work to an enterprise which has no organization."""

States = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """What one measure says of every row of a table.

    Attributes:
        covered: Which rows are covered.
        silence: Which uncovered rows are known to be uncovered, as opposed to not reported.
        through: Which rows are covered through each source, by the name of its sheet.
    """

    covered: Mask
    silence: Mask
    through: dict[str, Mask] = field(default_factory=dict)

    def states(self, eligible: Mask) -> States:
        """Return COVERED, NOT_COVERED or NOT_REPORTED; NOT_COUNTED where not eligible."""
        known = np.where(self.silence, NOT_COVERED, NOT_REPORTED)
        state = np.where(self.covered, COVERED, known)
        return np.where(eligible, state, NOT_COUNTED).astype(np.int8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """How Party building stands in every enterprise; all masks in the order of their table.

    Attributes:
        organization: 组织覆盖.
        work: 工作覆盖.
        own: Has an organization of its own (单独).
        joint: Has none of its own but a joint one (联合).
        unstated: Has one whose mode is not stated.
        instructor: Has an instructor, liaison or specialist, or is stated to have one.
    """

    organization: Covered
    work: Covered
    own: Mask
    joint: Mask
    unstated: Mask
    instructor: Mask


def _marked(size: int, rows: npt.ArrayLike) -> Mask:
    mask = np.zeros(size, dtype=bool)
    found = np.asarray(rows, dtype=np.int64)
    mask[found[found >= 0]] = True
    return mask


def party(graph: ChainGraph, *, as_of: str = "") -> Party:
    """Return 组织覆盖 and 工作覆盖 of every enterprise.

    组织覆盖 holds by an organization in 依托 whose mode is 单独, 联合 or blank (行动支部 and
    攻坚党小组 do not count) or by 党组织情况 = 单独 or 联合. 工作覆盖 holds by that, by an
    instructor sent (党组织情况 or 依托 = 派驻指导员) or by a post of `INSTRUCTORS` whose 对象 is
    the enterprise itself.

    Args:
        graph: The graph.
        as_of: ISO date; posts that ended before it do not count. Empty: every post counts.
    """
    table = graph.nodes["Enterprise"]
    size = len(table)
    status = table["party_status"]
    hosts = party_hosts(graph)
    by_mode = {
        mode: _marked(size, hosts.loc[hosts["mode"] == mode, "firm"])
        for mode in ("单独", "联合", "", "派驻指导员")
    }
    by_host = by_mode["单独"] | by_mode["联合"] | by_mode[""]
    says_own, says_joint, says_sent, says_none = (
        np.asarray(status.eq(choice), dtype=bool) for choice in ("单独", "联合", "派驻指导员", "无")
    )
    organized = by_host | says_own | says_joint
    sent = says_sent | by_mode["派驻指导员"]
    posted = _marked(size, _posts(graph, as_of))
    hosts_complete = declared_for_enterprises(graph, "依托")
    posts_complete = declared_for_enterprises(graph, "岗位")
    own = by_mode["单独"] | says_own
    joint = (by_mode["联合"] | says_joint) & ~own
    sheets = {"依托": by_host, "企业.党组织情况": (says_own | says_joint) & ~by_host}
    organization = Covered(
        covered=organized, silence=says_none | sent | hosts_complete, through=sheets
    )
    work = Covered(
        covered=organized | sent | posted,
        silence=says_none | (hosts_complete & posts_complete),
        through={
            **sheets,
            "派驻指导员": sent & ~organized,
            "岗位": posted & ~organized & ~sent,
        },
    )
    return Party(
        organization=organization,
        work=work,
        own=own,
        joint=joint,
        unstated=organized & ~own & ~joint,
        instructor=sent | posted,
    )


def _posts(graph: ChainGraph, as_of: str) -> npt.NDArray[np.int64]:
    """Return the row of the enterprise that each instructor's post is for."""
    table = graph.edges["HOLDS_POST"]
    kept = table["role"].isin(INSTRUCTORS).to_numpy()
    if as_of:
        day = last_day(as_of).isoformat()
        end = table["end"].fillna("")
        last = {text: last_day(text).isoformat() for text in end[end != ""].unique()}
        kept = kept & np.asarray(end.map(last).astype("str").fillna(day) >= day, dtype=bool)
    return graph.rows("Enterprise", table["target"].to_numpy()[kept])


def party_alliances(graph: ChainGraph) -> pd.DataFrame:
    """Return memberships (as `alliance_members`) with the alliance's `nature` and `level`."""
    members = alliance_members(graph)
    table = graph.nodes["Alliance"].iloc[members["alliance"].to_numpy()]
    columns = {name: written(table[name]) for name in ("nature", "level")}
    return members.assign(**columns)


def enterprise_alliances(
    graph: ChainGraph, members: pd.DataFrame, *, level: str | None = None
) -> Covered:
    """Return 联盟覆盖: which enterprises, or a Party organization of theirs, are in an alliance.

    Only alliances of 性质 党建 count. A member of an alliance whose 性质 is not stated is not
    reported, even where 联盟成员 is declared complete.

    Args:
        graph: The graph.
        members: What `party_alliances` returns.
        level: Count alliances of this 级别 only ("" = level not stated); None counts all.
    """
    size = len(graph.nodes["Enterprise"])
    unclear = members["nature"] == ""
    counted = members["nature"] == "党建"
    if level is not None:
        unclear |= counted & (members["level"] == "") & (level != "")
        counted &= members["level"] == level
    through = members["through"]
    own = _marked(size, members.loc[counted & ~through, "firm"])
    theirs = _marked(size, members.loc[counted & through, "firm"]) & ~own
    silence = declared_for_enterprises(graph, "联盟成员")
    silence &= ~_marked(size, members.loc[unclear, "firm"])
    return Covered(
        covered=own | theirs,
        silence=silence,
        through={"联盟成员": own, "联盟成员（党组织）": theirs},
    )


def chain_alliances(graph: ChainGraph, *, level: str | None = None) -> Covered:
    """Return 产业链组织覆盖: which chains an alliance or a committee covers (联盟覆盖).

    `through` tells chains that an alliance or committee covers from those that only a
    功能性党支部 covers.
    """
    size = len(graph.nodes["Chain"])
    table = graph.edges["COVERS"]
    chain = graph.rows("Chain", table["target"].to_numpy())
    alliances = graph.nodes["Alliance"].iloc[graph.rows("Alliance", table["source"].to_numpy())]
    branch = np.asarray(alliances["type"].eq("功能性党支部"), dtype=bool)
    levels = written(alliances["level"])
    counted = np.ones(len(table), dtype=bool) if level is None else levels == level
    named = _marked(size, chain[counted & ~branch])
    functional = _marked(size, chain[counted & branch]) & ~named
    silence = declared(
        graph,
        "联盟覆盖",
        regions=graph.target("LOCATED_IN", "Chain"),
        chains=graph.codes("Chain"),
    )
    if level:
        silence &= ~_marked(size, chain[levels == ""])
    return Covered(
        covered=named | functional,
        silence=silence,
        through={"联盟或党委": named, "仅功能性党支部": functional},
    )
