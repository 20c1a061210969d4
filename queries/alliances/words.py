"""The sentences of `alliances`, its lists, its notes, and what was not reported."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Mask
from graphmodel.schema import Text


def gathered(owners: pd.Series, texts: pd.Series, size: int) -> pd.Series:
    """Return, for each of `size` owners, the list of its distinct texts, in the order given."""
    table = pd.DataFrame({"owner": owners.to_numpy(np.int64), "text": texts.to_numpy(object)})
    lists = table.drop_duplicates().groupby("owner")["text"].agg(list).reindex(range(size))
    return lists.map(lambda found: found if isinstance(found, list) else [])


def lists(marks: Mask, labels: Sequence[str]) -> pd.Series:
    """Return, per row of `marks`, the list of the labels marked."""
    where = np.argwhere(marks)
    texts = pd.Series(np.array(labels, dtype=object)[where[:, 1]])
    return gathered(pd.Series(where[:, 0]), texts, len(marks))


def told(rows: pd.DataFrame) -> pd.DataFrame:
    """Add the sentence that says how each alliance stands."""
    missing, silent = (rows[n].map("、".join) for n in ("missing", "not_reported"))
    measured = rows["score"].ne("")
    own = rows["standard_chosen"].fillna(value=False).astype("bool")
    by = ("按" + rows["standard"] + "衡量").where(
        ~own, "联盟未写明标准，按参数用" + rows["standard"]
    )
    by_en = ("Measured by " + rows["standard"]).where(
        ~own, "No standard named; by parameter " + rows["standard"]
    )
    zh = (by + "：" + rows["score"]).where(measured, "没有写明运行标准，未衡量")
    en = (by_en + ": " + rows["score"]).where(measured, "No operating standard named")
    zh += ("；缺：" + missing).where(missing.ne(""), "")
    en += ("; missing: " + missing).where(missing.ne(""), "")
    zh += ("；未填报：" + silent).where(silent.ne(""), "")
    en += ("; not reported: " + silent).where(silent.ne(""), "")
    unknown = rows["unknown_standard"]
    zh += ("；没有标准“" + unknown + "”的内容，可用 --standard 文件.toml 给出").where(
        unknown.ne(""), ""
    )
    en += ("; contents of " + unknown + " unknown, give them with --standard FILE.toml").where(
        unknown.ne(""), ""
    )
    number = rows["count"].astype("str").fillna("")
    group = rows["count"].notna()
    return rows.assign(
        reason=zh.mask(group, number + " 个未具名的组织合记一行，不逐个衡量") + "。",
        reason_en=en.mask(group, number + " unnamed groups in one row, not measured") + ".",
    )


def quarters_told(frame: pd.DataFrame, sure: Mask) -> pd.DataFrame:
    """Add the sentence about the quarters of each alliance."""
    missing = frame["quarters_missing"].map("、".join)
    year = frame["year"].astype("str")
    some = missing.ne("")
    zh = (year + "年" + missing + "没有例会记录").where(some, "到期的季度都有例会记录")
    en = ("No meeting on record in " + year + ": " + missing).where(
        some, "A meeting on record in every quarter that is over"
    )
    zh += pd.Series("（活动表未声明填全，也可能是未填报）", index=frame.index).where(
        some & ~sure, ""
    )
    en += pd.Series(" (活动 is not declared complete)", index=frame.index).where(some & ~sure, "")
    return frame.assign(reason=zh + "。", reason_en=en + ".")


def notes(
    rows: pd.DataFrame, tables: Mapping[str, pd.DataFrame], day: str, year: int
) -> tuple[Text, ...]:
    """Return what to know when reading the answer."""
    found = [
        Text(
            "没有记录只在填报范围声明填全、填报为 0 或任期届满时算缺，其余是未填报。",
            "Nothing on record counts as missing only where a sheet is declared complete, the "
            "number is 0 or a term is over; elsewhere it is not reported.",
        ),
        Text(
            "成员间密度与同链非成员密度并列，只是相关：会往来的企业本来就更可能结成联盟。",
            "Densities stand side by side as an association, not a cause: firms that deal with "
            "one another are likelier to form an alliance in the first place.",
        ),
    ]
    if day:
        found.append(
            Text(
                f"截至 {day}，例会和活动看 {year} 年。",
                f"As of {day}; meetings and activities of {year}.",
            )
        )
    if joint := int(tables["results"]["joint"].sum()):
        found.append(
            Text(
                f"{joint} 项联合成果各记一次，不分给各联盟，也不相加。",
                f"{joint} joint results, each counted once, given to no single alliance.",
            )
        )
    differs = rows.loc[rows["formation_differs"].fillna(value=False).astype("bool"), "alliance"]
    if len(differs):
        names = "、".join(differs)
        found.append(
            Text(
                f"{len(differs)} 个联盟的组建模式与推断或建议不一致：{names}。",
                f"{len(differs)} alliances whose mode differs from what is inferred or advised: "
                f"{names}.",
            )
        )
    return tuple(found)


def not_reported(graph: ChainGraph, rows: pd.DataFrame, day: str) -> tuple[Text, ...]:
    """Return what is missing and which sheet would supply it."""
    if not len(graph.nodes["Alliance"]):
        return (
            Text("没有填报联盟：补报 联盟 表。", "No alliances reported: supply the sheet 联盟."),
        )
    found = []
    silent = rows["meetings_held"].isna()
    counts = {
        Text("例会", "meetings"): (silent, "活动"),
        Text("轮值", "a rotation"): (
            rows["rotation"].eq("not_reported"),
            "联盟成员（轮值主席、起、止）",
        ),
        Text("阵地", "venues"): (rows["venues"].isna(), "联盟.阵地"),
        Text("岗位", "posts"): (
            rows[["official", "instructor", "liaison"]].isin(["not_reported"]).any(axis=1),
            "岗位（或在填报范围声明填全）",
        ),
        Text("运行标准", "an operating standard"): (
            rows["standard"].eq("") | rows["standard_chosen"].fillna(value=False).astype("bool"),
            "联盟.标准",
        ),
    }
    for label, (mask, sheet) in counts.items():
        if number := int(mask.sum()):
            found.append(
                Text(
                    f"{number} 个联盟未填报{label.zh}：补报 {sheet}。",
                    f"{number} alliances do not report {label.en}: supply {sheet}.",
                )
            )
    empty = rows.loc[rows["met"].eq("not_stated"), "standard"].unique()
    if len(empty):
        names = "、".join(sorted(empty))
        found.append(
            Text(
                f"运行标准 {names} 的内容未载明：用 --standard 文件.toml 给出条目。",
                f"The contents of {names} are not stated: give them with --standard FILE.toml.",
            )
        )
    if not day:
        found.append(
            Text(
                "数据没有任何日期，应开例会无法计算：用 --as-of 给出截至日期。",
                "Nothing is dated, so no meeting is due: give the date with --as-of.",
            )
        )
    return tuple(found)
