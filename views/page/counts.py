"""How many enterprises stand where: the numbers behind the overview of a city or a province."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from views.page.columns import NodeColumns
from views.page.drawn import Chain
from views.page.parts import Overview


def overview(columns: NodeColumns, chains: Sequence[Chain]) -> Overview:
    """Count the enterprises of every chain and of every segment by region.

    A firm in two segments counts once in the chain and once in each segment; a region counts the
    firms that lie directly in it.
    """
    region = np.array(columns.nodes.region, dtype=np.int64)
    whole, parts, everyone = [], [], [np.empty(0, dtype=np.int64)]
    for c, chain in enumerate(chains):
        inside = [box for box in chain.boxes if box.role != "lane"]
        firms = np.unique(np.concatenate([[], *(box.members for box in inside)])).astype(np.int64)
        everyone.append(firms)
        whole.append(pd.DataFrame({"region": region[firms], "chain": c}))
        parts += [
            pd.DataFrame({"region": region[box.members], "chain": c, "box": b})
            for b, box in enumerate(chain.boxes)
            if box.role == "card" and box.members
        ]
    alone = np.unique(np.concatenate(everyone))
    size = len(columns.regions.name)
    by_chain, by_box = _counted(whole, ["chain"]), _counted(parts, ["chain", "box"])
    return Overview(
        regions=np.bincount(np.where(region[alone] < 0, size, region[alone]), minlength=size + 1)
        .astype(int)
        .tolist(),
        chain_region=by_chain["region"].tolist(),
        chain=by_chain["chain"].tolist(),
        chain_firms=by_chain["firms"].tolist(),
        box_region=by_box["region"].tolist(),
        box_chain=by_box["chain"].tolist(),
        box=by_box["box"].tolist(),
        box_firms=by_box["firms"].tolist(),
    )


def _counted(parts: Sequence[pd.DataFrame], keys: list[str]) -> pd.DataFrame:
    if not parts:
        return pd.DataFrame(columns=["region", *keys, "firms"])
    return pd.concat(parts).groupby([*keys, "region"]).size().reset_index(name="firms")
