"""Trade networks to measure systemic risk on: drawn evenly, or with heavy tails."""

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from queries.kernels.network import Network

_OUT_TAIL: Final = 1.35  # of the Pareto weights by which suppliers and buyers are drawn
_IN_TAIL: Final = 1.6
_SECTORS: Final = 600


def uniform(firms: int = 10_000, links: int = 80_000) -> "Network":
    """Return a network whose links join firms drawn evenly; 100 sectors, 20 % essential inputs."""
    from queries.kernels.network import trade_network  # noqa: PLC0415  # brings numba

    rng = np.random.default_rng(1)
    ends = rng.integers(0, firms, (2, links + links // 8))
    ends = ends[:, ends[0] != ends[1]][:, :links]
    sector = rng.integers(0, 100, firms)
    level = rng.choice(3, (100, 100), p=[0.4, 0.4, 0.2])[sector[ends[0]], sector[ends[1]]]
    return trade_network(ends[0], ends[1], rng.lognormal(0, 1, ends.shape[1]), sector, level)


def scale_free(firms: int, links: int) -> "Network":
    """Return a network whose numbers of customers and of suppliers have heavy tails.

    600 sectors of very unequal size; 20 % of inputs are essential, 40 % negligible.
    """
    from queries.kernels.network import trade_network  # noqa: PLC0415  # brings numba

    rng = np.random.default_rng(1)
    sells, buys = rng.pareto(_OUT_TAIL, firms) + 1, rng.pareto(_IN_TAIL, firms) + 1
    pairs, drawn = np.empty(0, dtype=np.int64), links * 3 // 2
    while len(pairs) < links:
        source = rng.choice(firms, drawn, p=sells / sells.sum())
        target = rng.choice(firms, drawn, p=buys / buys.sum())
        pairs = np.union1d(pairs, (source * firms + target)[source != target])
    pairs = rng.permutation(pairs)[:links]
    source, target = pairs // firms, pairs % firms
    size = np.arange(1, _SECTORS + 1) ** -0.8
    sector = rng.choice(_SECTORS, firms, p=size / size.sum())
    table = rng.choice(3, (_SECTORS, _SECTORS), p=[0.4, 0.4, 0.2])
    level = table[sector[source], sector[target]]
    return trade_network(source, target, rng.lognormal(0, 1.5, links), sector, level)


def written_esri(path: Path, firms: int) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Return ESRI of each firm as another program wrote it: CSV with columns firm, esri."""
    found = np.full(firms, np.nan)
    with path.open(newline="", encoding="utf-8") as file:
        for line in csv.DictReader(file):
            found[int(line["firm"])] = float(line["esri"])
    return found


def write_network(net: "Network", folder: Path) -> None:
    """Write Λd and Λu link by link as CSV, so that another program can compute the same."""
    inputs, markets = net.inputs, net.markets
    size = len(net.firms.sales)
    with (folder / "firms.csv").open("w", newline="", encoding="utf-8") as file:
        rows = zip(range(size), net.firms.sector.tolist(), net.firms.sales.tolist(), strict=True)
        csv.writer(file).writerows([("firm", "sector", "sales"), *rows])
    giver = np.repeat(np.arange(size), np.diff(inputs.out_at))
    taker = inputs.owner[inputs.out_slot]
    kinds = inputs.out_slot - inputs.slot_at[taker]
    with (folder / "inputs.csv").open("w", newline="", encoding="utf-8") as file:
        columns = (giver, taker, kinds, inputs.out_weight)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        csv.writer(file).writerows([("supplier", "buyer", "slot", "weight"), *rows])
    seller = np.repeat(np.arange(size), np.diff(markets.sells_at))
    with (folder / "markets.csv").open("w", newline="", encoding="utf-8") as file:
        sales = (seller, markets.sells_to, markets.sells_weight)
        rows = zip(*(column.tolist() for column in sales), strict=True)
        csv.writer(file).writerows([("supplier", "buyer", "weight"), *rows])
