"""Coverage moved: by how much, and whether by who is covered or by who counts."""

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph
from graphmodel.question import Params
from queries.coverage import GROUPS, CoverageParams
from queries.coverage.facts import asserted_table
from queries.coverage.partnering import partners
from queries.coverage.rows import computed

_SHOWN = ("total", "region", "chain")
_COUNTS = ("eligible", "covered", "not_covered", "not_reported")


def coverage_rows(graph: ChainGraph, params: Params) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows of `coverage` for the whole, regions and chains, and its stated figures.

    Raises:
        UsageError: There is no such chain or region.
    """
    asked = CoverageParams(chain=params.chain, region=params.region)
    _, stated, rows = computed(graph, asked)
    columns = ["measure", "by", "group", *_COUNTS, "interval"]
    kept: pd.DataFrame = rows.loc[rows["by"].isin(_SHOWN), columns]
    asserted = asserted_table(graph, stated, rows, partners(graph))
    return kept.drop_duplicates(["measure", "by", "group"]), asserted


def coverage_moves(now: pd.DataFrame, then: pd.DataFrame) -> pd.DataFrame:
    """Return the groups in which a count differs, with the reason taken apart.

    The lower end of the interval is covered / eligible. It moves by (c1 − c0) / e0, the effect of
    the numerator, plus c1 / e1 − c1 / e0, the effect of the denominator.
    """
    keys = ["measure", "by", "group"]
    both = now.merge(then, on=keys, how="outer", suffixes=("", "_then"))
    for name in (*_COUNTS, *(f"{name}_then" for name in _COUNTS)):
        both[name] = both[name].fillna(0).astype("int64")
    differs = np.zeros(len(both), dtype=bool)
    for name in _COUNTS:
        differs |= (both[name] != both[f"{name}_then"]).to_numpy()
    both = both[differs].reset_index(drop=True)
    before = both["eligible_then"].where(both["eligible_then"] > 0)
    after = both["eligible"].where(both["eligible"] > 0)
    numerator = (both["covered"] - both["covered_then"]) / before
    denominator = both["covered"] / after - both["covered"] / before
    table = both.assign(
        label=both["group"],
        change=((numerator + denominator) * 100).round(2),
        by_numerator=(numerator * 100).round(2),
        by_denominator=(denominator * 100).round(2),
    )
    rank = {name: i for i, name in enumerate(_SHOWN)}
    order = table.assign(rank=table["by"].map(rank)).sort_values(
        ["rank", "measure", "group"], kind="stable"
    )
    return _told(order.reset_index(drop=True))


def _told(table: pd.DataFrame) -> pd.DataFrame:
    covered = table["covered"] - table["covered_then"]
    eligible = table["eligible"] - table["eligible_then"]
    silent = table["not_reported"] - table["not_reported_then"]
    pieces = [
        ("已覆盖", "covered", covered),
        ("应覆盖", "eligible", eligible),
        ("未填报", "not reported", silent),
    ]
    zh = pd.Series("", index=table.index, dtype="str")
    en = zh
    for chinese, english, change in pieces:
        sign = pd.Series(np.where(change > 0, "+", ""), index=table.index, dtype="str")
        amount = sign + change.astype("str")
        zh = zh + ("；" + chinese + amount).where(change.ne(0), "")
        en = en + ("; " + english + " " + amount).where(change.ne(0), "")
    cause = np.select(
        [
            covered.ne(0) & eligible.ne(0),
            covered.ne(0),
            eligible.ne(0),
        ],
        ["分子分母都变了", "分子变了：覆盖增减", "分母变了：应覆盖的企业进出"],
        "分子分母都没变，只是未填报转为已知或相反",
    )
    cause_en = np.select(
        [covered.ne(0) & eligible.ne(0), covered.ne(0), eligible.ne(0)],
        [
            "both numerator and denominator moved",
            "the numerator moved: coverage itself",
            "the denominator moved: who counts",
        ],
        "neither moved, only what is reported",
    )
    return table.assign(
        by=table["by"].map({key: text.zh for key, text in GROUPS.items()}),
        reason=pd.Series(cause, dtype="str") + zh + "。",
        reason_en=pd.Series(cause_en, dtype="str").str.capitalize() + en + ".",
    )
