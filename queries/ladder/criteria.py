"""What the next rung asks for: published national rules as data, and how a firm measures up.

A threshold stands here only where a published national rule gives it. Everything else is named as
an indicator to be checked, without a threshold.
"""

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.graph import ChainGraph, Codes
from graphmodel.schema import Text
from queries.columns import decimals
from queries.ladder.standing import Standing
from queries.ladder.tracks import CHAMPION_RULE, HIGHTECH_RULE, QUALITY_RULE
from queries.segments import Floats, numbers

MET, FAILED, UNREPORTED, CHECK = 0, 1, 2, 3
"""What a criterion says of a firm; CHECK where no column or no rule decides it."""

NEAR: Final = 4
"""Not met, but by no more than the tolerance asked for."""

SCALE_RULE: Final = "国家统计局：规模以上工业为年主营业务收入 2000 万元及以上（2011 年起）"
_SHARE, _MONEY = "share", "money"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands:
    """A threshold that depends on revenue.

    Attributes:
        edges: Revenues in 万元 at which it changes, rising.
        thresholds: One more than edges; None where the rule gives another way.
        upper: An edge belongs to the band below it.
    """

    edges: tuple[float, ...]
    thresholds: tuple[float | None, ...]
    upper: bool

    def of(self, revenue: Floats) -> Floats:
        """Return the threshold at each revenue, NaN where there is none or it is unknown."""
        place = np.searchsorted(self.edges, revenue, side="left" if self.upper else "right")
        found = np.array([np.nan if t is None else t for t in self.thresholds])[place]
        return np.where(np.isnan(revenue), np.nan, found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One thing that a rung asks for.

    Attributes:
        rung: Code of the rung.
        label: What is asked for.
        measure: What is measured (`measures`); empty where no column tells.
        unit: "money" (万元), "share", or empty for yes or no.
        threshold: At least so much.
        bands: In place of `threshold`, where it depends on revenue.
        source: The published rule.
        sufficient: It alone is enough; where it does not hold the other ways stay open.
        alternative: Another way of meeting it that no column tells; then it is never failed.
        industrial: The threshold is for industry (行业代码 06–46) only.
    """

    rung: str
    label: Text
    measure: str = ""
    unit: str = ""
    threshold: float | None = None
    bands: Bands | None = None
    source: str = ""
    sufficient: bool = False
    alternative: Text | None = None
    industrial: bool = False


def _check(rung: str, source: str, *labels: tuple[str, str]) -> tuple[Criterion, ...]:
    return tuple(Criterion(rung=rung, label=Text(*label), source=source) for label in labels)


_RD_SHARE: Final = Text("研发投入占营业收入", "R&D over revenue")
_REVENUE: Final = Text("营业收入", "revenue")


def _small(rung: str) -> Criterion:
    label = Text("属于中小企业（规模为中、小、微）", "an SME (medium, small or micro)")
    return Criterion(rung=rung, label=label, measure="small", source=f"{QUALITY_RULE}第二条")


CRITERIA: Final = (
    Criterion(
        rung="above_scale", label=_REVENUE, measure="revenue", unit=_MONEY, threshold=2000.0,
        source=SCALE_RULE, industrial=True,
    ),
    Criterion(
        rung="high_tech", label=_RD_SHARE, measure="rd_share", unit=_SHARE,
        bands=Bands(edges=(5000, 20000), thresholds=(0.05, 0.04, 0.03), upper=True),
        source=f"{HIGHTECH_RULE}第十一条（办法按近三年计，这里只有一年）",
    ),
    *_check(
        "high_tech", f"{HIGHTECH_RULE}第十一条",
        ("核心自主知识产权", "core intellectual property"),
        ("科技人员占比不低于 10%", "at least 10 % of staff in R&D and technology"),
        ("高新技术产品（服务）收入占比不低于 60%", "at least 60 % of income from high-tech goods"),
    ),
    _small("innovative"),
    Criterion(
        rung="innovative", label=Text("有效期内的高新技术企业", "a valid high-tech enterprise"),
        measure="high_tech", source=f"{QUALITY_RULE}附件1（直接认定条件之一）", sufficient=True,
    ),
    *_check(
        "innovative", f"{QUALITY_RULE}附件1",
        ("评价得分达到 60 分（创新能力 20、成长性 15、专业化 15 以上）",
         "a score of 60 (innovation 20, growth 15, specialisation 15 at least)"),
    ),
    _small("specialised"),
    Criterion(
        rung="specialised", label=Text("研发投入", "R&D spending"), measure="rd_spending",
        unit=_MONEY, threshold=100.0, source=f"{QUALITY_RULE}附件2",
    ),
    Criterion(
        rung="specialised", label=_RD_SHARE, measure="rd_share", unit=_SHARE, threshold=0.03,
        source=f"{QUALITY_RULE}附件2",
    ),
    Criterion(
        rung="specialised", label=_REVENUE, measure="revenue", unit=_MONEY, threshold=1000.0,
        source=f"{QUALITY_RULE}附件2",
        alternative=Text("或近 2 年新增股权融资达到 2000 万元",
                         "or new equity of 20 million yuan in two years"),
    ),
    *_check(
        "specialised", f"{QUALITY_RULE}附件2",
        ("从事特定细分市场达到 2 年", "2 years in its niche"),
        ("评价得分达到 60 分或满足直接条件", "a score of 60, or a direct condition"),
    ),
    _small("little_giant"),
    Criterion(
        rung="little_giant", label=Text("主导产品全国细分市场占有率", "share of its niche"),
        measure="market_share", unit=_SHARE, threshold=0.1, source=f"{QUALITY_RULE}附件3",
    ),
    Criterion(
        rung="little_giant", label=_RD_SHARE, measure="rd_share", unit=_SHARE,
        bands=Bands(edges=(5000, 10000), thresholds=(None, 0.06, 0.03), upper=False),
        source=f"{QUALITY_RULE}附件3（办法按近两年计，这里只有一年）",
    ),
    *_check(
        "little_giant", f"{QUALITY_RULE}附件3",
        ("从事特定细分市场达到 3 年", "3 years in its niche"),
        ("主营业务收入占比不低于 70%", "main business at least 70 % of revenue"),
        ("近 2 年主营业务收入平均增长率不低于 5%", "main revenue up by 5 % a year on average"),
        ("资产负债率不高于 70%", "debt at most 70 % of assets"),
        ("与主导产品相关的Ⅰ类知识产权 2 项以上", "2 class I rights to its main product"),
    ),
    *_check(
        "champion", CHAMPION_RULE,
        ("单项产品全球市场占有率排名", "world rank of the product's market share"),
        ("从事相关领域年限", "years in the field"),
        ("研发投入强度", "R&D intensity"),
    ),
    *_check("gazelle", "", ("营业收入增长率", "growth of revenue"),
            ("研发投入强度（门槛由各地规定）", "R&D intensity (thresholds are local)")),
    *_check("unicorn", "", ("估值", "valuation"), ("成立年限", "age"), ("股权融资", "equity")),
    *_check("reformed", "", ("股份制改造方案", "plan of joint-stock reform")),
    *_check("tutoring", "", ("上市辅导备案", "tutoring on file"),
            ("规范运行情况", "orderly operation")),
    *_check("listed", "", ("拟上市板块的财务与合规条件", "conditions of the board aimed at")),
)  # fmt: skip
"""Everything that a rung asks for, in the order in which it is told."""


def measures(graph: ChainGraph, places: Standing) -> dict[str, Floats]:
    """Return every measure that a criterion speaks of, over all enterprises; NaN not reported.

    `rd_share` is 研发投入 / 营业收入 of the year reported, NaN where revenue is 0.
    """
    table = graph.nodes["Enterprise"]
    revenue = numbers(table["revenue"])
    spending = numbers(table["rd_spending"])
    share = np.divide(spending, revenue, out=np.full_like(revenue, np.nan), where=revenue > 0)
    return {
        "revenue": revenue,
        "rd_spending": spending,
        "rd_share": share,
        "market_share": numbers(table["market_share"]),
        "high_tech": places.holds("high_tech"),
        "small": np.where(table["size"].isna(), np.nan, (table["size"] != "大").astype("float64")),
        "industrial": _industrial(table["industry_code"]),
    }


def _industrial(codes: "pd.Series[str]") -> Floats:
    """1 for industry (sections B to D of GB/T 4754: 06 to 46), 0 for others, NaN unknown."""
    text = codes.fillna("").str.upper()
    division = pd.to_numeric(text.str.extract(r"^[A-Z]?(\d{2})")[0], errors="coerce")
    known = division.to_numpy(np.float64, na_value=np.nan)
    return np.where(np.isnan(known), np.nan, ((known >= 6) & (known <= 46)).astype(np.float64))  # noqa: PLR2004  # the divisions of industry


def judged(
    criterion: Criterion, firms: Codes, known: dict[str, Floats], *, near: float
) -> npt.NDArray[np.int8]:
    """Return what `criterion` says of `firms` (rows): MET, FAILED, NEAR, UNREPORTED or CHECK.

    Args:
        criterion: The criterion.
        firms: Rows of enterprises, shape (n,).
        known: Measures over all enterprises (`measures`).
        near: From this share of the threshold on, a miss is NEAR.
    """
    if not criterion.measure:
        return np.full(len(firms), CHECK, dtype=np.int8)
    value = known[criterion.measure][firms]
    if not criterion.unit:
        # One that suffices is never failed, for other ways stay open.
        lacking, silent = (CHECK, CHECK) if criterion.sufficient else (FAILED, UNREPORTED)
        return np.select([np.isnan(value), value > 0], [silent, MET], lacking).astype(np.int8)
    limit = _limits(criterion, firms, known)
    missed = np.where(value >= near * limit, NEAR, FAILED)
    if criterion.alternative:
        missed = np.full(len(firms), CHECK)
    state = np.select(
        [np.isnan(value), np.isnan(limit), value >= limit], [UNREPORTED, CHECK, MET], missed
    ).astype(np.int8)
    industrial = known["industrial"][firms]
    if criterion.industrial:
        state[(industrial == 0) & (state != UNREPORTED)] = CHECK
        state[np.isnan(industrial) & (state != UNREPORTED)] = UNREPORTED
    return state


def _limits(criterion: Criterion, firms: Codes, known: dict[str, Floats]) -> Floats:
    if criterion.bands:
        return criterion.bands.of(known["revenue"][firms])
    return np.full(len(firms), np.nan if criterion.threshold is None else criterion.threshold)


def lacking(
    criterion: Criterion, firms: Codes, known: dict[str, Floats], lang: str
) -> "pd.Series[str]":
    """Return what each of `firms` (rows) lacks by `criterion`, "" where it is met."""
    label = criterion.label.pick(lang)
    if not criterion.measure:
        told = f"{label}待核" if lang == "zh" else f"check: {label}"
        return pd.Series(told, index=range(len(firms)), dtype="str")
    if not criterion.unit:
        value = known[criterion.measure][firms]
        no, silent = ("：否", "：未填报") if lang == "zh" else (": no", ": not reported")
        texts = np.select([np.isnan(value), value > 0], [label + silent, ""], label + no)
        return pd.Series(texts, dtype="str")
    met = judged(criterion, firms, known, near=1.0) == MET
    return _sentence(criterion, firms, known, lang).mask(met, "")


_WORDS: Final = {
    "less": Text("，差 {gap}（门槛 {bar}）", ", short by {gap} (asked: {bar})"),
    "other": Text("，门槛另定，待核", ", check: other terms"),
    "silent": Text("未填报（门槛 {bar}）", "not reported (asked: {bar})"),
    "blank": Text("未填报", "not reported"),
    "sector": Text(
        "，行业代码未填报（工业门槛 {bar}）", ", industry not reported (industry: {bar})"
    ),
    "elsewhere": Text("，非工业企业，门槛待核", ", not industry: check its threshold"),
}


def _sentence(
    criterion: Criterion, firms: Codes, known: dict[str, Floats], lang: str
) -> "pd.Series[str]":
    """Return what is to be said of each firm, as if the criterion were not met."""
    value, limit = known[criterion.measure][firms], _limits(criterion, firms, known)
    industrial = known["industrial"][firms]
    is_, bar, gap = (_written(v, criterion.unit, lang) for v in (value, limit, limit - value))
    words = {name: _filled(text.pick(lang), bar=bar, gap=gap) for name, text in _WORDS.items()}
    way = f"，{criterion.alternative.zh}" if criterion.alternative else ""
    if lang == "en":
        way = f", {criterion.alternative.en}" if criterion.alternative else ""
    open_ = np.isnan(limit)
    tail = (words["less"] + way).mask(open_, words["other"])
    if criterion.industrial:
        tail = tail.mask(np.isnan(industrial), words["sector"])
        tail = tail.mask(industrial == 0, words["elsewhere"])
    silent = " " + words["silent"].mask(open_, words["blank"])
    return criterion.label.pick(lang) + (" " + is_ + tail).mask(np.isnan(value), silent)


def _filled(template: str, **parts: "pd.Series[str]") -> "pd.Series[str]":
    """Return `template` with each {name} replaced, row by row."""
    size = len(next(iter(parts.values())))
    text = pd.Series("", index=range(size), dtype="str")
    for piece in re.split(r"(\{\w+\})", template):
        text = text + (parts[piece[1:-1]] if piece.startswith("{") else piece)
    return text


def _written(values: Floats, unit: str, lang: str) -> "pd.Series[str]":
    if unit == _SHARE:
        return decimals(values * 100, 2).str.removesuffix(".0") + "%"
    number = decimals(values, 2).str.removesuffix(".0")
    return number + (" 万元" if lang == "zh" else " (10k yuan)")
