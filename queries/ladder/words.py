"""The sentences of `ladder`: rows, notes and what was not reported."""

from typing import Final

import pandas as pd

from graphmodel.graph import Mask
from graphmodel.schema import Text
from queries.ladder import STEPS
from queries.ladder.standing import Standing
from queries.ladder.tracks import TRACKS

_SUPPLY: Final = {
    "scale": "企业.规上",
    "capital": "企业.上市状态",
    "honours": "企业.资质",
}


def reasons(rows: pd.DataFrame) -> pd.DataFrame:
    """Add the sentence of every row: where it stands, until when, and what the next step asks."""
    days = rows["days_left"].abs().astype("str").fillna("")
    until, until_en = rows["expires"].fillna(""), rows["expires"].fillna("")
    term = pd.Series("", index=rows.index, dtype="str")
    term_en = term
    for state, zh, en in (
        ("expired", "，有效期至 " + until + "，已过期 " + days + " 天，先办复核",
         ", expired on " + until_en + " (" + days + " days ago): renew first"),
        ("expiring", "，有效期至 " + until + "，还有 " + days + " 天",
         ", good until " + until_en + " (" + days + " days)"),
        ("valid", "，有效期至 " + until, ", good until " + until_en),
        ("not_reported", "，有效期未填报", ", term not reported"),
    ):  # fmt: skip
        here = rows["expiry"] == state
        term, term_en = term.mask(here, zh), term_en.mask(here, en)
    term = term + pd.Series("（按三年推算）", index=rows.index).where(rows["inferred"], "")
    term_en = term_en + pd.Series(" (three years inferred)", index=rows.index).where(
        rows["inferred"], ""
    )
    more, more_en = _next(rows)
    return rows.assign(
        reason=rows["track_label"] + "：" + rows["current_label"] + term + more + "。",
        reason_en=rows["track_label_en"]
        + ": "
        + rows["current_label_en"]
        + term_en
        + more_en
        + ".",
    )


def _next(rows: pd.DataFrame) -> "tuple[pd.Series[str], pd.Series[str]]":
    how = rows["step"].map({name: text.zh for name, text in STEPS.items()})
    how_en = rows["step"].map({name: text.en for name, text in STEPS.items()})
    some = rows["next"].ne("")
    zh = "；下一步 " + rows["next_label"] + "：" + how
    en = "; next " + rows["next_label_en"] + ": " + how_en
    return zh.where(some, ""), en.where(some, "")


def notes(found: Standing, every: pd.DataFrame, shown: int, day: str) -> tuple[Text, ...]:
    """Return what to know when reading the answer."""
    said = [
        Text(
            "各赛道分别计数，不可相加；一家企业在每条赛道只占一个梯度。",
            "Tracks are counted apart and never added up; a firm has one place on each.",
        ),
        Text(
            "门槛只取已公布的国家规定（见“门槛依据”表）；达到可核指标不等于符合全部条件，办法修订后"
            "以新办法为准。",
            "Thresholds come from published national rules only (table of criteria); to meet what "
            "can be computed is not to meet everything, and a newer rule prevails.",
        ),
    ]
    if hidden := len(every) - shown:
        said.append(
            Text(
                f"另有 {hidden} 行未列：已规上，或尚未进入赛道（含规下）且指标有差距、未填报、"
                "待核；加 --show all 全部列出。",
                f"{hidden} more rows are left out: above scale, or off the track (or below scale) "
                "and lacking, not reported or to be checked; --show all lists them.",
            )
        )
    if not day:
        said.append(
            Text(
                "数据没有日期，没有判断是否到期；请用 --as-of 给出日期。",
                "The data carry no date, so nothing is judged expired; give --as-of.",
            )
        )
    if len(found.unread):
        words = "、".join(f"{text}（{n}）" for text, n in found.unread.items())
        said.append(
            Text(
                f"上市状态中认不出梯度的写法，按未填报计：{words}。",
                f"Entries of 上市状态 that fit no rung count as not reported: {words}.",
            )
        )
    return tuple(said)


def not_reported(found: Standing, asked: Mask) -> tuple[Text, ...]:
    """Return on which tracks enterprises report nothing, and where they would."""
    said = []
    for track in TRACKS:
        number = int((asked & ~found.reported[track.name]).sum())
        sheet = _SUPPLY.get(track.name, "企业.资质（没有请写“无”）或 企业资质")
        if number and track.rungs:
            said.append(
                Text(
                    f"赛道“{track.label.zh}”：{number} 家企业未填报，请填 {sheet}。",
                    f"Track {track.label.en}: {number} enterprises not reported; supply {sheet}.",
                )
            )
    return tuple(said)
