"""Where a finding comes from, and what has been stated in public about its subject."""

import re
from typing import Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes
from queries.lists import in_order

FACT_COLUMNS: Final = (
    "metric", "value", "verbatim", "unit", "qualifier", "period", "as_of", "time_note", "basis",
    "citation", "cited_on",
)  # fmt: skip


def places(table: pd.DataFrame) -> pd.Series:
    """Return where each row of a table was written: 文件·工作表 第n行; "" for an inferred one.

    The sheet is left out where the file is called after it.
    """
    file, sheet = (table[name].astype("category").cat for name in ("file", "sheet"))
    width = len(sheet.categories) + 1
    pair = (file.codes.to_numpy(np.int64) + 1) * width + sheet.codes.to_numpy() + 1
    of_row, pairs = pd.factorize(pair)
    files, sheets = ["", *file.categories], ["", *sheet.categories]
    leads = [_lead(files[f], sheets[s]) for f, s in (divmod(one, width) for one in pairs)]
    lead = pd.Series(pd.array(leads, dtype="str").take(of_row), index=table.index)
    return (lead + table["row"].astype("str") + "行").where(table["row"] > 0, "")


def _lead(file: str, sheet: str) -> str:
    """Return what stands before the number of the row."""
    stem = re.sub(r"\.[^.]*$", "", file)
    return f"{file}·{sheet} 第" if sheet not in {"", stem} else f"{file} 第"


def joined(
    groups: Codes, texts: pd.Series, size: int, *, limit: int, separator: str = "、"
) -> pd.Series:
    """Return, for each group 0 … size-1, its distinct texts in one string, in their own order.

    Args:
        groups: Group of each text, shape (n,).
        texts: The texts; blank ones are left out.
        size: Number of groups.
        limit: How many are written out; a longer list ends with 等n个.
        separator: What stands between two texts.
    """
    told = np.flatnonzero(texts.notna() & texts.ne(""))
    which, words = pd.factorize(texts.iloc[told], sort=True)
    pair = np.sort(pd.unique(np.asarray(groups, dtype=np.int64)[told] * len(words) + which))
    group, word = np.divmod(pair, max(len(words), 1))
    listed = pd.Series(words, dtype="str").take(word)
    return in_order(group, listed, size, limit=limit, separator=separator)


def facts(graph: ChainGraph) -> pd.DataFrame:
    """Return every stated figure with each of its subjects.

    Returns:
        `subject` (code), `subject_kind`, `shared` (True where the fact has several subjects), the
        columns of `FACT_COLUMNS`, `text` (指标 原文, or the value with its qualifier and unit;
        then its date and source) and `evidence`. Stated figures are never merged or added.
    """
    about = graph.edges["ABOUT"]
    row = graph.rows("Fact", about["source"].to_numpy())
    kept = row >= 0
    row, subject = row[kept], about["target"].to_numpy()[kept]
    stated = graph.nodes["Fact"].iloc[row]
    table = stated[list(FACT_COLUMNS)].reset_index(drop=True)
    table.insert(0, "subject", subject)
    table.insert(1, "subject_kind", pd.Series(graph.kinds_of(subject), dtype="str"))
    table.insert(2, "shared", pd.Series(row).duplicated(keep=False).to_numpy())
    return table.assign(text=_sentence(table), evidence=places(stated).to_numpy())


def _sentence(table: pd.DataFrame) -> pd.Series:
    number = table["value"].astype("str").str.removesuffix(".0").fillna("")
    figure = table["qualifier"].fillna("") + number + table["unit"].fillna("")
    words = table["verbatim"].fillna("")
    said = table["metric"].fillna("") + " " + words.where(words.ne(""), figure)
    moment = table["as_of"].fillna("").where(table["as_of"].fillna("").ne(""), table["cited_on"])
    moment = moment.fillna("").where(moment.fillna("").ne(""), "日期未填报")
    source = table["citation"].fillna("").where(table["citation"].fillna("").ne(""), "来源未填报")
    return said + "（" + moment + "，" + source + "）"
