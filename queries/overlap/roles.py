"""The role of each enterprise in a chain, and what each role should do."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph
from queries.columns import decimals
from queries.evidence import places
from queries.leads.roles import alliance_roles
from queries.membership import chain_labels
from queries.names import id_ranks, name_ranks
from queries.overlap.standing import small

if TYPE_CHECKING:
    from queries.overlap import OverlapParams


def roles(graph: ChainGraph, standing: pd.DataFrame, params: "OverlapParams") -> pd.DataFrame:
    """Return the role of every membership, with its grounds.

    Leader: declared 龙头 or 链主, or at least `leader_share` of the output that the chain's firms
    report. Else competing: makes the same as another firm. Else complementary: has a tie with
    another firm of the chain. Else small: 中, 小 or 微, or below scale. Else not reported.

    Args:
        graph: The graph.
        standing: `firm`, `chain`, `partners`, `twins` (firms that make the same) and `closest`
            (their greatest overlap), one row per membership.
        params: Thresholds.
    """
    firm = standing["firm"].to_numpy(np.int64)
    output = pd.Series(graph.nodes["Enterprise"]["output"].to_numpy(np.float64)[firm])
    grouped = output.groupby(standing["chain"].to_numpy())
    enough = grouped.transform("count") >= params.min_firms
    share = (output / grouped.transform("sum")).where(enough)
    declared = _declared(graph, standing)
    leads = declared.ne("") | share.ge(params.leader_share)
    twins, partners = standing["twins"], standing["partners"]
    is_small = pd.Series(small(graph)[firm])
    role = np.select(
        [leads, twins > 0, partners > 0, is_small],
        ["leader", "competing", "complementary", "small"],
        "not_reported",
    )
    frame = pd.DataFrame(
        {
            "chain": pd.Series(chain_labels(graph)[standing["chain"].to_numpy()], dtype="str"),
            "firm": graph.nodes["Enterprise"]["name"].to_numpy()[firm],
            "firm_id": graph.nodes["Enterprise"]["id"].to_numpy()[firm],
            "role": role,
            "advice": role,
            "evidence": places(graph.nodes["Enterprise"]).to_numpy()[firm],
        }
    )
    told = _grounds(declared, share, standing, is_small)
    chain, _ = pd.factorize(frame["chain"], sort=True)
    order = np.lexsort((id_ranks(graph)[firm], name_ranks(graph)[firm], chain))
    return pd.concat([frame, told], axis=1).iloc[order]


def _declared(graph: ChainGraph, standing: pd.DataFrame) -> pd.Series:
    """Return 链主 or 龙头 where a firm is declared so in the chain, else ""."""
    table = graph.edges["IN_CHAIN"]
    said = ";" + table["role"].fillna("") + ";"
    found = [
        pd.DataFrame(
            {
                "firm": graph.rows("Enterprise", table["source"].to_numpy())[mask],
                "chain": graph.rows("Chain", table["target"].to_numpy())[mask],
                "declared": role,
            }
        )
        for role in ("链主", "龙头")
        for mask in (said.str.contains(f";{role};", regex=False).to_numpy(),)
    ]
    through = alliance_roles(graph)
    owners = through[through["role"] == "链主"].rename(columns={"role": "declared"})
    both = pd.concat([*found, owners[["firm", "chain", "declared"]]])
    both = both.drop_duplicates(["firm", "chain"])
    merged = standing[["firm", "chain"]].merge(both, on=["firm", "chain"], how="left")
    return merged["declared"].astype("str").fillna("")


def _grounds(
    declared: pd.Series, share: pd.Series, standing: pd.DataFrame, is_small: pd.Series
) -> pd.DataFrame:
    percent = _percent(share)
    closest = _percent(standing["closest"])
    twins = standing["twins"].astype("str")
    partners = standing["partners"].astype("str")
    zh = pd.Series("", index=standing.index, dtype="str")
    en = zh
    pieces = [
        (declared.ne(""), "；声明为" + declared, "; declared " + declared),
        (share.notna(), "；占链内产值 " + percent, "; " + percent + " of the chain's output"),
        (
            standing["twins"] > 0,
            "；与 " + twins + " 家同质，最高重叠度 " + closest,
            "; makes the same as " + twins + ", overlap up to " + closest,
        ),
        (
            standing["partners"] > 0,
            "；与 " + partners + " 家链上企业有往来",
            "; ties with " + partners + " firms of the chain",
        ),
        (is_small, pd.Series("；中小微或规下", index=zh.index), "; medium, small or below scale"),
    ]
    for mask, chinese, english in pieces:
        zh = zh + pd.Series(chinese, index=zh.index).where(mask, "")
        en = en + pd.Series(english, index=zh.index).where(mask, "")
    silent = zh.eq("")
    return pd.DataFrame(
        {
            "reason": (zh.str.slice(1) + "。").mask(silent, "产值、产品、往来、规模都未填报。"),
            "reason_en": (en.str.slice(2) + ".").mask(
                silent, "Neither output, products, ties nor size are reported."
            ),
        }
    )


def _percent(values: pd.Series) -> pd.Series:
    return decimals(values.fillna(0) * 100, 1).str.removesuffix(".0") + "%"
