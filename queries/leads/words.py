"""The sentences of `leads`: what was used, what was missing, and why declaration differs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.graph import Mask
from graphmodel.schema import Text
from queries.columns import listed
from queries.leads import DIMENSION_LABELS, INSUFFICIENT
from queries.leads.dimensions import DIMENSIONS
from queries.leads.roles import ROLES

if TYPE_CHECKING:
    from queries.leads import LeadParams

_GATES: Final = (
    Text("营业收入", "revenue"), Text("市场占有率", "market share"), Text("研发占比", "R&D share")
)  # fmt: skip
_SUBSTITUTE: Final = Text("（按配套合作家数）", " (by number of 配套 partners)")
_HUNDREDTHS: Final = pd.array([*(f"{n / 100:.2f}" for n in range(101)), ""], dtype="str")


def worded(  # the sentence draws on every step of the computation
    rows: pd.DataFrame,
    imputed: Mask,
    fallback: Mask,
    failed: Mask,
    computed: npt.NDArray[np.bool_],
    params: "LeadParams",
) -> pd.DataFrame:
    """Add `basis`, `absent`, `imputed`, `roles`, `agreement`, `difference` and `reason`.

    Args:
        rows: One row per pair, with q of every dimension, `rank`, `declared` and roles.
        imputed: Where q is 0.5 for want of data; shape (n, dimensions).
        fallback: Where a dimension fell back to its substitute; same shape.
        failed: Which gates are failed; shape (n, 3).
        computed: Which dimensions are computed at all.
        params: The parameters.
    """
    used = rows[list(DIMENSIONS)].notna().to_numpy()
    leading = _leading(rows)
    rows = rows.assign(agreement=_agreement(rows, leading))
    for lang in ("zh", "en"):
        end = "" if lang == "zh" else "_en"
        texts = {
            "basis": _basis(rows, used, fallback, lang),
            "absent": _absent(used, computed, lang),
            "imputed": _list(imputed, _labels(lang), lang),
            "roles": _roles(rows, lang),
            "difference": _difference(rows, failed, leading, lang),
        }
        rows = rows.assign(**{f"{name}{end}": text for name, text in texts.items()})
        rows = rows.assign(**{f"reason{end}": _reason(rows, failed, params, lang)})
    return rows


def two_digits(shares: npt.ArrayLike) -> pd.Series:
    """Return numbers in [0, 1] as text with two digits; "" for NaN."""
    values = np.asarray(shares, dtype=np.float64)
    place = np.where(np.isnan(values), -1, np.round(values * 100)).astype(np.int64)
    return pd.Series(_HUNDREDTHS.take(place))


def _any(marks: Mask) -> Mask:
    return np.asarray(marks.any(axis=1), dtype=bool)


def _labels(lang: str) -> list[str]:
    return [DIMENSION_LABELS[name].pick(lang) for name in DIMENSIONS]


def _list(marks: Mask, labels: Sequence[str], lang: str) -> pd.Series:
    return listed(marks, labels, separator="、" if lang == "zh" else ", ")


def _basis(rows: pd.DataFrame, used: Mask, fallback: Mask, lang: str) -> pd.Series:
    labels = _labels(lang)
    both = np.hstack([used & ~fallback, used & fallback])
    order = [at for n in range(len(labels)) for at in (n, n + len(labels))]
    names = [*labels, *(label + _SUBSTITUTE.pick(lang) for label in labels)]
    text = _list(both[:, order], [names[at] for at in order], lang)
    text = text.where(_any(used), "无" if lang == "zh" else "none")
    mark = ("；" if lang == "zh" else "; ") + INSUFFICIENT.pick(lang)
    return text + pd.Series(np.where(rows["insufficient"], mark, ""), dtype="str")


def _absent(used: Mask, computed: npt.NDArray[np.bool_], lang: str) -> pd.Series:
    why = ("（尚未计算）", "（未填报）") if lang == "zh" else (" (not computed)", " (not reported)")
    labels = [
        label + (why[1] if done else why[0])
        for label, done in zip(_labels(lang), computed, strict=True)
    ]
    return _list(~used, labels, lang)


def _roles(rows: pd.DataFrame, lang: str) -> pd.Series:
    held = rows[[f"role:{name}" for name in ROLES]].to_numpy(dtype=bool)
    return _list(held, list(ROLES) if lang == "zh" else list(ROLES.values()), lang)


def _leading(rows: pd.DataFrame) -> Mask:
    """Return which rows the network puts among the first m, m = number declared, at least 1."""
    owners = rows["declared"].fillna(value=False).groupby(rows["chain_id"]).transform("sum")
    bar = owners.astype("int64").clip(lower=1)
    return (rows["rank"] <= bar).fillna(value=False).to_numpy(dtype=bool)


def _agreement(rows: pd.DataFrame, leading: Mask) -> pd.Series:
    comparable = rows["rank"].notna() & rows["declared"].notna()
    same = rows["declared"].fillna(value=False).to_numpy(dtype=bool) == leading
    return pd.Series(same, index=rows.index, dtype="boolean").where(comparable)


def _extreme(rows: pd.DataFrame, lang: str, *, highest: bool) -> pd.Series:
    """Return the dimension in which each row is strongest, or weakest, with its q."""
    q = rows[list(DIMENSIONS)].to_numpy(np.float64)
    filled = np.where(np.isnan(q), -1.0 if highest else 2.0, q)
    at = filled.argmax(axis=1) if highest else filled.argmin(axis=1)
    label = pd.Series(pd.array(_labels(lang), dtype="str").take(at))
    return label + " " + two_digits(q[np.arange(len(q)), at])


def _difference(rows: pd.DataFrame, failed: Mask, leading: Mask, lang: str) -> pd.Series:
    """Return why declaration and computation differ, "" where they do not."""
    zh, index = lang == "zh", rows.index
    some = np.flatnonzero(rows["declared"].fillna(value=False).to_numpy(dtype=bool) | leading)
    rows, failed, leading = rows.iloc[some].reset_index(drop=True), failed[some], leading[some]
    declared = rows["declared"].fillna(value=False).to_numpy(dtype=bool)
    unknown = rows["declared"].isna().to_numpy()
    ranked = rows["rank"].notna().to_numpy()
    place = rows["rank"].astype("str").fillna("")
    weakest, strongest = (_extreme(rows, lang, highest=h) for h in (False, True))
    gates = _list(failed, [gate.pick(lang) for gate in _GATES], lang)
    cases: list[tuple[npt.NDArray[np.bool_], pd.Series | str]] = [
        (
            declared & failed.any(axis=1),
            "认定为链主，但未过门槛：" + gates if zh else "Declared, but fails the gate: " + gates,
        ),
        (
            declared & ~ranked & ~failed.any(axis=1),
            "认定为链主，但没有可用维度，无法比较" if zh else "Declared, but nothing to compare by",
        ),
        (
            declared & ranked & ~leading,
            "认定为链主，但网络算出第 " + place + " 位；最弱：" + weakest
            if zh
            else "Declared, but computed rank is " + place + "; weakest: " + weakest,
        ),
        (
            ~declared & ~unknown & leading,
            "网络算出第 " + place + " 位，但未认定为链主；最强：" + strongest
            if zh
            else "Computed rank " + place + ", but not declared; strongest: " + strongest,
        ),
        (
            unknown & leading,
            "网络算出第 " + place + " 位，是否认定未填报"
            if zh
            else "Computed rank " + place + "; whether it is declared is not reported",
        ),
    ]
    text = pd.Series("", index=rows.index, dtype="str")
    for holds, words in cases:
        text = text.mask(holds, words)
    return text.set_axis(some).reindex(index, fill_value="")


def _reason(rows: pd.DataFrame, failed: Mask, params: "LeadParams", lang: str) -> pd.Series:
    """Return one sentence: place, score with its parts, what is missing, how stable it is."""
    zh = lang == "zh"
    end = "" if zh else "_en"
    competing = rows["rank"].notna().groupby(rows["chain_id"]).transform("sum").astype("str")
    place = rows["rank"].astype("str").fillna("")
    head = (
        "第 " + place + " 位（共 " + competing + " 家参评）"
        if zh
        else "Rank " + place + " of " + competing
    )
    gates = _list(failed, [gate.pick(lang) for gate in _GATES], lang)
    out = "未过门槛（" + gates + "），不排名" if zh else "Fails the gate (" + gates + "), no rank"
    head = head.mask(_any(failed), out)
    used = rows[list(DIMENSIONS)].notna().to_numpy()
    comma = "、" if zh else ", "
    parts = pd.Series("", index=rows.index, dtype="str")
    for name, label in zip(DIMENSIONS, _labels(lang), strict=True):
        piece = comma + label + " " + two_digits(rows[name])
        parts = parts + piece.where(rows[name].notna(), "")
    score = "，得分 " if zh else ", score "
    mean = ("（", " 的加权几何平均）") if zh else (" (weighted geometric mean of ", ")")
    text = head + score + two_digits(rows["score"])
    text = text + mean[0] + parts.str.slice(len(comma)) + mean[1]
    text = text.where(
        _any(used), "没有可用维度，不计分" if zh else "No dimension can be computed, no score"
    )
    for column, lead in (("imputed", ("；未填报取 0.5：", "; set to 0.5: ")),
                         ("absent", ("；缺：", "; absent: "))):  # fmt: skip
        told = rows[f"{column}{end}"]
        text = text + (lead[0 if zh else 1] + told).where(told != "", "")
    chance = (f"；居前 {params.top_k} 概率 " if zh else f"; in the top {params.top_k} with ") + (
        two_digits(rows["top_probability"])
    )
    text = text + chance.where(rows["top_probability"].notna(), "")
    mark = ("；" if zh else "; ") + INSUFFICIENT.pick(lang)
    text = text + pd.Series(np.where(rows["insufficient"], mark, ""), dtype="str")
    return text + ("。" if zh else ".")
