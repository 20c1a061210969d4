"""Which segment to mend first: the score of every gap and the parts it is made of.

Where the closure risk of a segment (see `closure`) is not known, the score falls back on counts
and on the position in the template, and says so.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from graphmodel.schema import Text
from queries.gaps.states import GAPS, Judged
from queries.purchases import Purchases
from queries.segments import Floats, Placement, Template


class Neighbours(NamedTuple):
    """What stands next to each leaf; arrays of shape (n,).

    `buyers`: firms of the region on downstream leaves, or that buy the leaf's goods. `suppliers`:
    firms of the region on upstream leaves. `below`, `above`: share of the chain's other leaves
    that lie downstream and upstream of it, at any distance. `essential`: share of its downstream
    links marked 关键, NaN where none says.
    """

    buyers: Floats
    suppliers: Floats
    below: Floats
    above: Floats
    essential: Floats


class Priority(NamedTuple):
    """The score, 0 to 100, and its explanation."""

    score: float
    words: Text


def neighbours(template: Template, placement: Placement, bought: Purchases) -> Neighbours:
    """Return what stands next to each leaf."""
    size, links = len(template), template.links
    here = placement.here[["firm", "leaf"]]
    down = links.merge(here, left_on="downstream", right_on="leaf")
    buying = bought.rows.loc[bought.rows["local_buyer"] == 1, ["leaf", "buyer"]]
    buyers = pd.concat(
        [down[["upstream", "firm"]].set_axis(["leaf", "buyer"], axis=1), buying]
    ).drop_duplicates()
    up = links.merge(here, left_on="upstream", right_on="leaf")
    suppliers = up[["downstream", "firm"]].drop_duplicates()
    said = links[links["essential"].notna()]
    count = np.bincount(said["upstream"], minlength=size)
    marked = np.bincount(said["upstream"], said["essential"], minlength=size)
    below, above = _positions(template)
    return Neighbours(
        buyers=np.bincount(buyers["leaf"], minlength=size).astype(np.float64),
        suppliers=np.bincount(suppliers["downstream"], minlength=size).astype(np.float64),
        below=below,
        above=above,
        essential=np.where(count > 0, marked / np.maximum(count, 1), np.nan),
    )


def _positions(template: Template) -> tuple[Floats, Floats]:
    """Share of the chain's other leaves that can be reached down and up the template."""
    from scipy.sparse import csr_array  # noqa: PLC0415  # scipy is slow to import

    size, links = len(template), template.links
    ends = (links["upstream"].to_numpy(), links["downstream"].to_numpy())
    step = csr_array((np.ones(len(links)), ends), shape=(size, size))
    reached = step
    while True:
        grown = ((reached + reached @ step) > 0).astype(np.float64)
        if grown.nnz == reached.nnz:
            break
        reached = csr_array(grown)
    leaves = np.bincount(template.chains)[template.chains] if size else np.empty(0)
    others = np.maximum(leaves - 1, 1)
    below = np.asarray(reached.sum(axis=1)) / others
    return below, np.asarray(reached.sum(axis=0)) / others


def priorities(
    judged: Judged, around: Neighbours, bought: Purchases, closure: Floats
) -> list[Priority | None]:
    """Return the priority of every leaf, None where there is nothing to mend.

    Score = 100 × closure risk × essential share × (1 − loc); for a downstream end, 100 × the
    share of the chain's local sales that upstream firms make to buyers on the leaf elsewhere.
    Closure risk and, where no such sales are reported, that share fall back on the mean of two
    shares: of the chain's local firms that stand next to the leaf, and of the template beyond it.
    """
    facts = judged.facts
    ends = (~facts["no_upstream"] & facts["no_downstream"]).to_numpy()
    found: list[Priority | None] = []
    for leaf, state in enumerate(judged.state):
        if state not in GAPS:
            found.append(None)
        elif ends[leaf]:
            found.append(_end(leaf, facts["members"][leaf], around, bought))
        else:
            found.append(_inner(leaf, facts["members"][leaf], around, bought, closure[leaf]))
    return found


def _exposure(firms: float, members: int, position: float) -> float:
    return (min(1.0, firms / members if members else 0.0) + position) / 2


def _end(leaf: int, members: int, around: Neighbours, bought: Purchases) -> Priority:
    share, amount = bought.outflow_share[leaf], bought.outflow[leaf]
    if share > 0:
        score = round(100 * share, 6)
        return Priority(
            score,
            Text(
                f"下游终端：本地上游企业向区外该环节买方销售{amount:.0f}万元，占该链本地销售额{share:.0%}；"
                f"得分={score:.1f}",
                f"Downstream end: local upstream firms sell {amount:.0f} (10k yuan), "
                f"{share:.0%} of the chain's local sales, to its buyers elsewhere; "
                f"score {score:.1f}.",
            ),
        )
    firms, position = around.suppliers[leaf], around.above[leaf]
    exposure = _exposure(firms, members, position)
    score = round(100 * exposure, 6)
    return Priority(
        score,
        Text(
            f"下游终端，外流销售额未填报或为0，改用本地上游供方{firms:.0f}家（该链本地{members}家）"
            f"与上游环节占比{position:.0%}的均值{exposure:.2f}；得分={score:.1f}",
            "Downstream end without reported sales elsewhere: mean of local upstream "
            f"suppliers {firms:.0f} of {members} firms and {position:.0%} of segments upstream = "
            f"{exposure:.2f}; score {score:.1f}.",
        ),
    )


def _inner(
    leaf: int, members: int, around: Neighbours, bought: Purchases, closure: float
) -> Priority:
    risk, basis = closure, _closed(closure)
    if np.isnan(closure):
        risk, basis = _counted(leaf, members, around)
    essential, of = bought.essential_share[leaf], Text("关键采购额", "essential purchases")
    if np.isnan(essential):
        essential, of = around.essential[leaf], Text("模板关键性", "template links marked 关键")
    known = Text(f"{essential:.2f}（按{of.zh}）", f"{essential:.2f} (by {of.en})")
    if np.isnan(essential):
        essential, known = 1.0, Text("未填报，按1计", "not reported, taken as 1")
    local = bought.local_share[leaf]
    near = Text(f"{local:.2f}", f"{local:.2f}")
    if np.isnan(local):
        local, near = 0.0, Text("未填报，按0计", "not reported, taken as 0")
    score = round(100 * risk * essential * (1.0 - local), 6)
    return Priority(
        score,
        Text(
            f"{basis.zh}；关键占比{known.zh}；本地供给占比{near.zh}；得分={score:.1f}",
            f"{basis.en}; essential share {known.en}; local share {near.en}; score {score:.1f}.",
        ),
    )


def _closed(closure: float) -> Text:
    return Text(
        f"断供风险{closure:.3f}（该环节区外供方全部断供，该链本地企业损失的销售额占比）",
        f"Closure risk {closure:.3f} (share of the chain's local sales lost if all outside "
        "suppliers of the segment close)",
    )


def _counted(leaf: int, members: int, around: Neighbours) -> tuple[float, Text]:
    firms, position = around.buyers[leaf], around.below[leaf]
    exposure = _exposure(firms, members, position)
    return exposure, Text(
        f"断供风险未计算（区外供方或下游销售的金额未填报），改用本地下游需求企业{firms:.0f}家"
        f"（该链本地{members}家）与下游环节占比{position:.0%}的均值{exposure:.2f}",
        "Closure risk is not computed (amounts of outside suppliers or of their buyers' sales are "
        f"not reported): mean of local buyers {firms:.0f} of {members} firms and {position:.0%} of "
        f"segments downstream = {exposure:.2f}",
    )
