"""The sentence that says why a segment has its state, with the measure, its value and threshold."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph
from graphmodel.schema import Text
from queries.gaps.criteria import above, below
from queries.gaps.states import GapParams, Judged
from queries.segments import Template


class Reason(NamedTuple):
    """Why a segment has its state: what was measured, its value, the threshold, the words."""

    measure: Text
    value: float
    threshold: float
    words: Text


def figure(value: float) -> str:
    """Return a number as people write it: four significant digits, no exponent below 10^15."""
    if np.isnan(value):
        return "—"
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.4g}"  # noqa: PLR2004  # a thousand reads better whole


def _clause(measure: tuple[str, str], value: float, threshold: float, zh: str, en: str) -> Reason:
    return Reason(Text(*measure), value, threshold, Text(zh, en))


def reasons(
    graph: ChainGraph, params: GapParams, template: Template, judged: Judged
) -> list[Reason]:
    """Return the reason of every leaf, in order; criteria that could not be judged are named."""
    writer = _Writer(graph, params, template, judged)
    return [writer.reason(leaf) for leaf in range(len(template))]


def upstream_names(judged: Judged, names: list[str]) -> dict[int, list[str]]:
    """Return, for each leaf that is 断链·缺联, the names of the upstream leaves it lacks."""
    return _upstream(judged.unlinked, names)


def _upstream(pairs: pd.DataFrame, names: list[str]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for up, down in zip(pairs["upstream"].tolist(), pairs["downstream"].tolist(), strict=True):
        found.setdefault(down, []).append(names[up])
    return {leaf: sorted(ups) for leaf, ups in found.items()}


class _Writer:
    """Writes the reasons of one answer."""

    def __init__(
        self, graph: ChainGraph, params: GapParams, template: Template, judged: Judged
    ) -> None:
        self.params = params
        self.judged = judged
        self.facts = judged.facts.to_dict("list")
        self.names = graph.nodes["Segment"]["name"].iloc[template.segments].tolist()
        products = judged.criteria.product
        names = graph.nodes["Product"]["name"].to_numpy(object)
        self.products = ["" if p < 0 else names[int(p)] for p in products]
        self.coarse = judged.coarse.tolist()
        found = judged.criteria
        self.signs = {
            "imports": above(found.imports, params.max_dependence),
            "outside": above(found.outside, params.max_dependence),
            "captive": above(found.captive, params.captive_share),
            "concentrated": below(judged.facts["effective_suppliers"].to_numpy(), params.n_star),
            "ordered": below(found.capacity, found.ordered),
        }
        self.upstream = upstream_names(judged, self.names)
        apart = judged.pairs[judged.pairs["unlinked"]]
        self.clustered = _upstream(apart.drop(judged.unlinked.index), self.names)

    def reason(self, leaf: int) -> Reason:
        state = self.judged.state[leaf]
        if self.facts["firms"][leaf] == 0:
            return self._silence(leaf) if state == "not_reported" else self._empty(leaf, state)
        clauses = self._broken(leaf) if state == "broken_unlinked" else []
        weak, thin = self._weak(leaf), self._thin(leaf)
        clauses += [*weak, *thin]
        unjudged = self._unjudged(leaf)
        if not clauses:
            clauses = [
                _clause(
                    ("企业数", "firms"),
                    self.facts["firms"][leaf],
                    self.params.min_firms,
                    f"有{self.facts['firms'][leaf]}家企业，可判的各项均未越线",
                    f"{self.facts['firms'][leaf]} firms; no criterion that can be judged fires",
                )
            ]
        words = [c.words for c in clauses] + self._apart(leaf) + unjudged
        return Reason(*clauses[0][:3], _sentence(words))

    def _share(self, leaf: int) -> float:
        members = self.facts["members"][leaf]
        return self.facts["placed"][leaf] / members if members else float("nan")

    def _counts(self, leaf: int) -> tuple[Text, float]:
        members, placed = self.facts["members"][leaf], self.facts["placed"][leaf]
        if not members:
            return Text("本地没有该链企业", "the chain has no enterprise here"), float("nan")
        share = self._share(leaf)
        return Text(
            f"本地该链{members}家企业中{placed}家已归环节（{share:.0%}）",
            f"{placed} of the chain's {members} enterprises here have a segment ({share:.0%})",
        ), share

    def _silence(self, leaf: int) -> Reason:
        counts, share = self._counts(leaf)
        limit = self.params.min_placed
        if self.coarse[leaf]:
            zh = "没有企业归入本环节，但有企业只归到上级环节，分不清是否在此"
            en = "no firm is placed here, but some are placed only on its parent segment"
        else:
            zh = f"没有企业归入本环节；{counts.zh}，不足{limit:.0%}，也未声明填全，不能视为无"
            en = (
                f"no firm is placed here; {counts.en}, less than {limit:.0%}, and nothing declares"
                " the table complete: silence does not mean none"
            )
            if np.isnan(share):
                zh = f"没有企业归入本环节；{counts.zh}，也未声明填全，不能视为无"
                en = f"no firm is placed here; {counts.en} and nothing declares the table complete"
        words = _sentence([Text(zh, en)])
        return Reason(Text("已归环节企业占比", "share of enterprises placed"), share, limit, words)

    def _empty(self, leaf: int, state: str) -> Reason:
        ground = self._ground(leaf)
        if state == "not_applicable":
            what = Text(
                "没有企业，且必备=否", "no firm, and the segment is not necessary (必备=否)"
            )
        elif state == "short":
            what = self._end(leaf)
        else:
            what = Text(
                "没有企业，上下游环节都在模板中，链在此断开",
                "no firm, and segments up and down the template: the chain breaks here",
            )
        words = _sentence([what, ground])
        return Reason(Text("本地企业数", "firms here"), 0.0, 1.0, words)

    def _end(self, leaf: int) -> Text:
        first, last = self.facts["no_upstream"][leaf], self.facts["no_downstream"][leaf]
        if first and last:
            return Text(
                "没有企业，且环节在模板中没有上下游",
                "no firm, and the segment has no link in the template",
            )
        if first:
            return Text("没有企业，是模板的最上游", "no firm at an upstream end of the template")
        return Text("没有企业，是模板的最下游", "no firm at a downstream end of the template")

    def _ground(self, leaf: int) -> Text:
        """Why an empty segment here means none."""
        if self.facts["reported"][leaf]:
            return Text("环节写明已填报，空即是无", "the segment says 已填报: empty means none")
        if self.facts["declared"][leaf]:
            return Text(
                "填报范围声明企业环节已填全，空即是无",
                "企业环节 is declared complete: empty means none",
            )
        counts, _ = self._counts(leaf)
        limit = self.params.min_placed
        return Text(
            f"{counts.zh}，达到{limit:.0%}，空即视为无",
            f"{counts.en}, at least {limit:.0%}: empty is read as none",
        )

    def _broken(self, leaf: int) -> list[Reason]:
        names = "、".join(self.upstream[leaf])
        zh = f"与上游环节{names}都有企业且填报了供应关系，但没有同一家企业、供应或配套关系相连"
        en = f"it and upstream {names} have firms that report supply, but nothing joins them"
        return [_clause(("相连关系数", "links between them"), 0.0, 1.0, zh, en)]

    def _apart(self, leaf: int) -> list[Text]:
        """Name upstream segments without a link where the whole chain is 聚集不聚合."""
        if leaf not in self.clustered:
            return []
        names = "、".join(self.clustered[leaf])
        return [
            Text(
                f"与上游环节{names}没有联系，本链诊断为聚集不聚合，不单列断链",
                f"no link with upstream {names}: diagnosed for the chain as a whole",
            )
        ]

    def _weak(self, leaf: int) -> list[Reason]:
        found, limit = self.judged.criteria, self.params.max_dependence
        clauses = []
        for sign, zh, en in (
            ("imports", "进口依赖", "import dependence"),
            ("outside", "企业对外依赖", "outside dependence of its firms"),
        ):
            if self.signs[sign][leaf]:
                value = getattr(found, sign)[leaf]
                said = f"{figure(value)}>{limit:g}"
                clauses.append(_clause((zh, en), value, limit, zh + said, f"{en} {said}"))
        if self.signs["captive"][leaf]:
            value, limit = found.captive[leaf], self.params.captive_share
            top = self.params.supplier_share
            zh = f"关键采购额的{value:.0%}来自占比超过{top:.0%}的供方，超过{limit:.0%}"
            en = (
                f"{value:.0%} of essential purchases come from a supplier holding over {top:.0%},"
                f" more than {limit:.0%}"
            )
            names = ("关键采购受制占比", "share of essential purchases so held")
            clauses.append(_clause(names, value, limit, zh, en))
        if found.chokepoint[leaf] == 1:
            clauses.append(
                _clause(
                    ("卡脖子", "chokepoint"), 1.0, 1.0, "声明为卡脖子环节", "declared a chokepoint"
                )
            )
        if found.qualified[leaf] == 0:
            firms = self.facts["firms"][leaf]
            zh = f"{firms}家企业都填报了资质且都没有"
            en = f"all {firms} firms report 资质 and none has one"
            clauses.append(
                _clause(("有资质企业数", "firms with a qualification"), 0.0, 1.0, zh, en)
            )
        return clauses

    def _thin(self, leaf: int) -> list[Reason]:
        firms, found = self.facts["firms"][leaf], self.judged.criteria
        clauses = []
        if firms <= self.params.min_firms:
            zh = f"只有{firms}家企业，不超过{self.params.min_firms}家"
            en = f"only {firms} firm(s), not more than {self.params.min_firms}"
            clauses.append(_clause(("企业数", "firms"), firms, self.params.min_firms, zh, en))
        if self.signs["concentrated"][leaf]:
            value, limit = self.facts["effective_suppliers"][leaf], self.params.n_star
            said = f"{figure(value)}<{limit:g}（HHI {figure(1 / value)}）"
            names = ("有效供方数", "effective suppliers")
            en = f"effective suppliers {figure(value)}<{limit:g} (HHI {figure(1 / value)})"
            clauses.append(_clause(names, value, limit, "有效供方数" + said, en))
        if self.signs["ordered"][leaf]:
            value, limit = found.capacity[leaf], found.ordered[leaf]
            product = self.products[leaf]
            zh = f"{product}产能{figure(value)}少于本地订单{figure(limit)}"
            en = f"capacity {figure(value)} for {product} is less than {figure(limit)} ordered here"
            clauses.append(_clause(("产能", "capacity"), value, limit, zh, en))
        return clauses

    def _unjudged(self, leaf: int) -> list[Text]:
        """Name the criteria whose data is not reported."""
        found, facts = self.judged.criteria, self.facts
        dependence = np.isnan(found.imports[leaf]) and np.isnan(found.outside[leaf])
        missing = [
            (dependence, "进口或对外依赖", "dependence"),
            (np.isnan(found.captive[leaf]), "关键采购额", "essential purchases"),
            (np.isnan(found.chokepoint[leaf]), "卡脖子", "chokepoint"),
            (np.isnan(found.qualified[leaf]), "资质", "qualifications"),
            (facts["output_firms"][leaf] < facts["firms"][leaf], "产值", "output"),
            (np.isnan(found.capacity[leaf]), "产能与订单", "capacity against orders"),
            (facts["unjudged"][leaf], "与上游的供应关系", "supply from upstream"),
        ]  # fmt: skip
        zh = "、".join(name for absent, name, _ in missing if absent)
        en = ", ".join(name for absent, _, name in missing if absent)
        return [Text(f"未填报而未判：{zh}", f"not reported, so not judged: {en}")] if zh else []


def _sentence(parts: Iterable[Text]) -> Text:
    texts = list(parts)
    en = "; ".join(t.en for t in texts)
    return Text("；".join(t.zh for t in texts) + "。", en[:1].upper() + en[1:] + ".")
