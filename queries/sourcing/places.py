"""What is near: the park, city and province of a firm, and whether another lies in it."""

import re
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.graph import ChainGraph, Codes, Mask
from queries.columns import written
from queries.membership import region_ancestors
from queries.segments import Floats

_LEVEL: Final = {"park": "功能区", "city": "市", "province": "省"}

_ABROAD: Final = re.compile(
    "境外|国外|海外|进口|日本|韩国|美国|德国|法国|英国|意大利|荷兰|瑞士|瑞典|芬兰|奥地利|西班牙|比利时"
    "|丹麦|挪威|俄罗斯|加拿大|澳大利亚|新加坡|马来西亚|泰国|越南|印度|巴西|以色列|欧洲|北美"
)
"""Names of regions by which a purchase is known to be an import."""


class Places:
    """Regions by row, and the unit of each level in which a firm stands.

    Attributes:
        units: For each level, the row of every firm's unit in the table of regions, -1 where it
            has none or none is reported; shape (number of firms,).
        regions: Row of every firm's own region, else of its park, -1 not reported.
    """

    def __init__(self, graph: ChainGraph) -> None:
        """Climb from every region to the nearest park, city and province around it."""
        table = graph.nodes["Region"]
        size = len(table)
        lies = region_ancestors(graph)
        inside = np.zeros((size + 1, size + 1), dtype=bool)
        inside[lies["region"].to_numpy(), lies["ancestor"].to_numpy()] = True
        self._near = np.where(inside, 1.0, np.where(inside.T, np.nan, 0.0))
        self._near[-1, :] = self._near[:, -1] = np.nan
        firms = graph.nodes["Enterprise"]
        self._parks = graph.rows("Region", firms["park"].to_numpy())
        self.regions = graph.rows("Region", graph.target("LOCATED_IN", "Enterprise"))
        level = written(table["level"])
        self.of_region = {name: _nearest(lies, level, code, size) for name, code in _LEVEL.items()}
        city, province = self.of_region["city"], self.of_region["province"]
        municipal = np.append(table["name"].str.endswith("市").to_numpy(dtype=bool), False)
        direct = (city < 0) & (province >= 0) & municipal[province]
        self.of_region["city"] = np.where(direct, province, city)
        self.regions = lying = np.where(self.regions >= 0, self.regions, self._parks)
        self.units: dict[str, Codes] = {
            name: np.append(units, -1)[lying] for name, units in self.of_region.items()
        }
        park = self.units["park"]
        self.units["park"] = np.where(self._parks >= 0, self._parks, park)
        named = table["name"].str.contains(_ABROAD.pattern, regex=True).to_numpy(dtype=bool)
        self._abroad = np.append(named & (city < 0) & (province < 0), False)

    def near(self, level: str, buyers: Codes, suppliers: Codes, origins: Codes) -> Floats:
        """Return 1 where the supplier lies in the buyer's unit, 0 elsewhere, NaN unknown.

        Args:
            level: One of `LEVELS`.
            buyers: Rows of enterprises, shape (n,).
            suppliers: Rows of enterprises, shape (n,).
            origins: Rows of the suppliers' regions as the relations or the firms give them, -1
                not reported. A region that holds the buyer's unit as a part says too little.

        Returns:
            NaN also where the buyer has no such unit.
        """
        place = origins
        if level == "park":
            park = self._parks[suppliers]
            place = np.where(park >= 0, park, origins)
        return np.asarray(self._near[place, self.units[level][buyers]])

    def abroad(self, origins: Codes) -> Mask:
        """Return which regions (rows, -1 not reported) are known to lie abroad."""
        return np.asarray(self._abroad[origins], dtype=bool)


def _nearest(lies: pd.DataFrame, level: npt.NDArray[np.object_], wanted: str, size: int) -> Codes:
    """Return, for each region, itself or the nearest region around it of a level, -1 for none."""
    kept = lies[level[lies["ancestor"].to_numpy()] == wanted] if size else lies
    kept = kept.drop_duplicates("region")
    found = np.full(size, -1, dtype=np.int64)
    found[kept["region"].to_numpy()] = kept["ancestor"].to_numpy()
    return found
