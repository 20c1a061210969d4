"""Posts and majors: what firms ask for against what local universities teach."""

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Mask
from graphmodel.identity import normalise
from graphmodel.scope import declared
from queries.columns import written
from queries.evidence import joined, places
from queries.segments import numbers
from queries.sourcing.places import Places

if TYPE_CHECKING:
    from queries.partners import PartnerParams

_NAMED: Final = 5
_COMMON: Final = frozenset(
    {"工程", "技术", "科学", "与工", "设计", "制造", "应用", "管理", "及其", "师"}
)
"""Pairs of characters that make no post fit a major."""


def posts(graph: ChainGraph, params: "PartnerParams", asked: Mask) -> pd.DataFrame:
    """Return the needs of category 人才 of the firms asked about.

    A need that names no firm is asked about too where neither chain nor region is given.

    Returns:
        `firm` (row, -1), `id`, `position`, `major` ("" not reported), `headcount` (NaN), `raised`,
        `closed`, `key` (the major in the form in which majors are compared), `evidence`.
    """
    table = graph.nodes["Need"]
    firm = graph.rows("Enterprise", graph.target("RAISED_BY", "Need"))
    anyone = not (params.chain or params.region)
    kept = (written(table["category"]) == "人才") & np.append(asked, anyone)[firm]
    major = table["major"].fillna("").str.strip()
    frame = pd.DataFrame(
        {
            "firm": firm,
            "id": table["id"],
            "position": table["position"].fillna(""),
            "major": major,
            "headcount": numbers(table["headcount"]),
            "raised": table["raised"],
            "closed": table["closed"].notna(),
            "key": compared(major),
            "evidence": places(table),
        }
    )
    found: pd.DataFrame = frame[kept].reset_index(drop=True)
    return found


def compared(majors: "pd.Series[str]") -> "pd.Series[str]":
    """Return majors in the form in which they are compared: normalised, without 专业 at the end."""
    return normalise(majors.astype("str")).fillna("").str.removesuffix("专业")


def supply(graph: ChainGraph, places_: Places, level: str) -> pd.DataFrame:
    """Return the graduates of each university and major, of the latest year reported.

    Returns:
        `university` (row), `name`, `unit` (row of its park, city or province, -1 unknown), `key`,
        `major`, `graduates` (NaN not reported), `year`.
    """
    table = graph.nodes["Graduates"]
    school = graph.rows("University", table["university"].to_numpy())
    home = graph.rows("Region", graph.target("LOCATED_IN", "University"))
    units = np.append(places_.of_region[level], -1)
    frame = pd.DataFrame(
        {
            "university": school,
            "major": table["major"].fillna(""),
            "key": compared(table["major"].fillna("")),
            "graduates": numbers(table["graduates"]),
            "year": numbers(table["year"]),
        }
    )
    frame = frame[(school >= 0) & frame["key"].ne("")]
    frame = frame.sort_values(["university", "key", "year"], na_position="first", kind="stable")
    latest = frame.drop_duplicates(["university", "key"], keep="last")
    row = latest["university"].to_numpy(np.int64)
    return latest.assign(
        name=graph.nodes["University"]["name"].to_numpy(dtype=object)[row],
        unit=units[home[row]] if len(home) else -1,
    ).reset_index(drop=True)


def fitting(wanted: pd.DataFrame, taught: pd.DataFrame) -> pd.DataFrame:
    """Return which majors fit which post or major asked for.

    A major fits if it is the same; where no university teaches that, or none is named, if it
    shares two characters in a row with the major or the post (an inference). Every distinct text
    is looked at once.

    Returns:
        `post` (key and position joined by a tab), `key` of the major taught, `same`.
    """
    asked = (wanted["key"] + "\t" + wanted["position"]).drop_duplicates()
    known = taught["key"].drop_duplicates().tolist()
    grams = {key: _grams(key) for key in known}
    pairs = []
    for text in asked.tolist():
        major, _, position = text.partition("\t")
        if major in grams:
            pairs.append((text, major, True))
            continue
        words = _grams(major) or _grams(position)
        pairs += [(text, key, False) for key in known if words & grams[key]]
    frame = pd.DataFrame(pairs, columns=["post", "key", "same"])
    return frame.astype({"post": "str", "key": "str", "same": "bool"})


def _grams(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)} - _COMMON


def talent(
    graph: ChainGraph, params: "PartnerParams", places_: Places, asked: Mask
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return every post with the local universities that teach for it, and the pairs behind it.

    毕业生数 are all local graduates of the fitting majors, whoever else wants them; 缺口 is the
    post's own shortfall, max(0, 需求人数 − 毕业生数), and not reported where either is. Where
    专业毕业生 is declared complete for the firm's region, a major nobody teaches has 0 graduates.

    Returns:
        The posts with `schools`, `graduates`, `gap`, `basis`, `state`; and `row` (of a post),
        `university`, `graduates`, `same` for each local university that fits.
    """
    rows = posts(graph, params, asked)
    taught = supply(graph, places_, params.level)
    unit = np.append(places_.units[params.level], -1)[rows["firm"].to_numpy(np.int64)]
    rows = rows.assign(unit=unit, post=rows["key"] + "\t" + rows["position"])
    pairs = rows[["post", "unit"]].assign(row=np.arange(len(rows)))
    pairs = pairs.merge(fitting(rows, taught), on="post").merge(
        taught[["university", "name", "unit", "key", "graduates"]], on="key", suffixes=("", "_of")
    )
    near = pairs[(pairs["unit"] >= 0) & (pairs["unit"] == pairs["unit_of"])]
    size = len(rows)
    at = near["row"].to_numpy(np.int64)
    known = near["graduates"].notna().to_numpy(dtype=bool)
    total = np.bincount(at[known], near["graduates"].to_numpy()[known], size) + np.zeros(size)
    number = np.bincount(at[known], minlength=size)
    away = np.bincount(pairs["row"].to_numpy(np.int64), minlength=size) > np.bincount(
        at, minlength=size
    )
    told = _complete(graph, rows)
    graduates = np.where(number > 0, total, np.where(told & (unit >= 0), 0.0, np.nan))
    gap = np.maximum(rows["headcount"].to_numpy(np.float64) - graduates, 0)
    same = np.bincount(at, near["same"].to_numpy(np.float64), size) > 0
    schools = np.bincount(at, minlength=size) > 0
    rows = rows.assign(
        schools=joined(at, near["name"].astype("str"), size, limit=_NAMED).to_numpy(),
        graduates=graduates,
        gap=gap,
        basis=np.select([same, schools], ["same", "inferred"], ""),
        state=_states(rows, graduates, away),
    )
    return rows, near[["row", "university", "graduates", "same"]].reset_index(drop=True)


def _complete(graph: ChainGraph, rows: pd.DataFrame) -> Mask:
    regions = np.append(graph.target("LOCATED_IN", "Enterprise"), -1)
    return declared(
        graph,
        "专业毕业生",
        regions=regions[rows["firm"].to_numpy(np.int64)],
        chains=np.full(len(rows), -1, dtype=np.int64),
    )


def _states(rows: pd.DataFrame, graduates: np.ndarray, away: np.ndarray) -> "pd.Series[str]":
    headcount = rows["headcount"].to_numpy(np.float64)
    silent = (rows["key"].eq("") & rows["position"].eq("")).to_numpy(dtype=bool)
    state = np.select(
        [
            rows["closed"].to_numpy(dtype=bool), silent, np.isnan(graduates) & away,
            np.isnan(graduates), np.isnan(headcount), graduates >= headcount,
        ],
        ["closed", "no_major", "elsewhere", "not_reported", "no_headcount", "enough"],
        "short",
    )  # fmt: skip
    return pd.Series(state, dtype="str")


def majors(graph: ChainGraph, rows: pd.DataFrame) -> pd.DataFrame:
    """Return open posts added up by unit and major, against the graduates they all share.

    Args:
        graph: The graph.
        rows: The posts (`talent`).
    """
    open_ = rows[~rows["closed"] & rows["key"].ne("")]
    keys = ["unit", "key"]
    grouped = open_.groupby(keys)
    table = grouped.agg(
        major=("major", "min"),
        posts=("id", "size"),
        firms=("firm", "nunique"),
        headcount=("headcount", "sum"),
        known=("headcount", "count"),
        schools=("schools", "max"),
        graduates=("graduates", "max"),
    ).reset_index()
    table = table.assign(
        region=np.append(graph.nodes["Region"]["name"].to_numpy(dtype=object), "")[
            table["unit"].to_numpy(np.int64)
        ],
        unreported=table["posts"] - table["known"],
        gap=(table["headcount"] - table["graduates"]).clip(lower=0).astype("Int64"),
        headcount=table["headcount"].astype("int64"),
        graduates=table["graduates"].astype("Float64").astype("Int64"),
    )
    silent = table["unreported"].astype("str")
    people = table["headcount"].astype("str")
    taught = table["graduates"].astype("str").fillna("未填报")
    table = table.assign(
        reason="需求 " + people + " 人（" + silent + " 个岗位未填人数），本地毕业生 "
        + taught + "。",
        reason_en=people + " wanted (" + silent + " posts without number), local graduates "
        + taught.where(table["graduates"].notna(), "not reported") + ".",
    )  # fmt: skip
    order = table.sort_values(
        ["gap", "headcount", "major", "region"], ascending=[False, False, True, True]
    )
    found: pd.DataFrame = order.reset_index(drop=True)
    return found
