"""The sentences of `coverage`: rows, notes and what was not reported."""

from typing import Final

import numpy as np
import pandas as pd

from graphmodel.schema import Text
from queries.coverage import MEASURES

COUNTS_OF_ENTERPRISES: Final = (
    "own", "joint", "mode_unstated", "instructor", "organization_covered", "work_covered",
    "double_gap", "alliance_covered", "base_unknown",
)  # fmt: skip
"""What the row of every enterprise measure says besides its own states."""

OTHER_COUNTS: Final = (*COUNTS_OF_ENTERPRISES, "functional_only")


def explained(rows: pd.DataFrame, through: list[str]) -> pd.DataFrame:
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
    integers = {name: rows[name].astype("Int64") for name in OTHER_COUNTS}
    rows = rows.drop(columns=through).assign(**integers).assign(**extra)
    return rows.assign(
        interval=interval,
        reason=zh.where(some, "没有应覆盖的对象，无法计算。"),
        reason_en=en.where(some, "Nothing eligible, so nothing can be computed."),
        evidence=evidence.str.removeprefix("；"),
    )


def _total(rows: pd.DataFrame, measure: str) -> pd.Series:
    return rows[(rows["measure"] == measure) & (rows["by"] == "total")].iloc[0]


def notes(rows: pd.DataFrame, functional: pd.DataFrame) -> tuple[Text, ...]:
    """Return what to know when reading the answer."""
    found = [
        Text(
            "各分组不可相加：上级地区含下级，一家企业可在多条产业链，一条链可有多个等级。",
            "Groups are never added up: a region includes its parts, an enterprise may be in "
            "several chains and a chain may have several grades.",
        )
    ]
    if len(functional):
        names = "、".join(functional["name"])
        found.append(
            Text(
                f"{len(functional)} 条产业链只有功能性党支部覆盖，已计入并列名：{names}。",
                f"{len(functional)} chains are covered by a functional branch only, counted and "
                f"named: {names}.",
            )
        )
    if unknown := int(_total(rows, "party_organization")["base_unknown"]):
        found.append(
            Text(
                f"{unknown} 家企业未填报是否属于所选口径，不在应覆盖数内。",
                f"{unknown} enterprises do not say whether they belong to the base; not counted.",
            )
        )
    return tuple(found)


_SUPPLY: Final = {
    "party_organization": Text("补报 依托 或 企业.党组织情况", "supply 依托 or 企业.党组织情况"),
    "party_work": Text(
        "补报 依托、岗位 或 企业.党组织情况", "supply 依托, 岗位 or 企业.党组织情况"
    ),
    "alliance_enterprise": Text("补报 联盟成员", "supply 联盟成员"),
}


def not_reported(rows: pd.DataFrame, chains: pd.DataFrame) -> tuple[Text, ...]:
    """Return what is missing and which sheet would supply it."""
    found = []
    for measure, advice in _SUPPLY.items():
        label = MEASURES[measure]
        if number := int(_total(rows, measure)["not_reported"]):
            found.append(
                Text(
                    f"{number} 家企业未填报{label.zh}：{advice.zh}，或在填报范围声明填全。",
                    f"{number} enterprises not reported ({label.en}): {advice.en}, or declare "
                    "it complete in 填报范围.",
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
