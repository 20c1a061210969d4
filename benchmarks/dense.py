"""The plain way to compute systemic risk: sweep every relation at every update, one firm a time."""

import numpy as np
import numpy.typing as npt
from numba import njit

from queries.kernels.network import Network

_TINY = 1e-10
Floats = npt.NDArray[np.float64]


@njit(cache=True)
def _swept(net: Network, closed: int, epsilon: float) -> float:
    firms, inputs, markets = net.firms, net.inputs, net.markets
    size = len(firms.sales)
    cap = np.ones(size)
    cap[closed] = 0.0
    down, up, effect = cap.copy(), cap.copy(), np.zeros(size)
    while True:
        left = np.zeros(len(firms.capacity))
        for firm in range(size):
            left[firms.sector[firm]] += firms.sales[firm] * down[firm]
        for firm in range(size):
            whole = left[firms.sector[firm]]
            scarce = min(1.0, firms.sales[firm] / whole) if whole > _TINY else 1.0
            effect[firm] = scarce * (1.0 - down[firm])
        fell, lower = 0.0, up.copy()
        for firm in range(size):
            short = 0.0
            for slot in range(inputs.slot_at[firm], inputs.slot_at[firm + 1]):
                missing = 0.0
                for place in range(inputs.in_at[slot], inputs.in_at[slot + 1]):
                    missing += inputs.in_weight[place] * effect[inputs.in_firm[place]]
                short = max(short, missing)
            value = max(0.0, min(cap[firm], 1.0 - short))
            fell = max(fell, down[firm] - value)
            down[firm] = value
            unsold = 0.0
            for place in range(markets.sells_at[firm], markets.sells_at[firm + 1]):
                unsold += markets.sells_weight[place] * (1.0 - up[markets.sells_to[place]])
            lower[firm] = max(0.0, min(cap[firm], 1.0 - unsold))
            fell = max(fell, up[firm] - lower[firm])
        up = lower
        if fell <= epsilon:
            lost = 0.0
            for firm in range(size):
                lost += firms.share[firm] * (1.0 - min(down[firm], up[firm]))
            return lost


def swept(net: Network, closures: npt.NDArray[np.int64], epsilon: float = 0.01) -> Floats:
    """Return ESRI of each firm in `closures`, each closed by itself."""
    return np.array([_swept(net, firm, epsilon) for firm in closures.tolist()])
