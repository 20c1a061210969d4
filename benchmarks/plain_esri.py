"""ESRI by another program: `python plain_esri.py FOLDER OUTPUT.csv [--firms N]`, standard library.

FOLDER is what `python -m benchmarks.run --write-network FOLDER` wrote. The program shares no code
with Liantu; it shows how any other one is set beside it, and is much slower than all of them.
"""

import argparse
import csv
import time
from collections import defaultdict
from pathlib import Path

EPSILON = 0.01
TINY = 1e-10


def read(folder: Path, name: str) -> list[dict[str, str]]:
    """Return the rows of one file."""
    with (folder / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


class Network:
    """Firms with their sales and sectors, and what each loses when another stops."""

    def __init__(self, folder: Path) -> None:
        """Read firms.csv, inputs.csv (Λd by slot) and markets.csv (Λu)."""
        firms = read(folder, "firms")
        self.sales = [float(firm["sales"]) for firm in firms]
        self.sector = [firm["sector"] for firm in firms]
        self.inputs = [
            (int(r["supplier"]), int(r["buyer"]), r["slot"], float(r["weight"]))
            for r in read(folder, "inputs")
        ]
        self.markets = [
            (int(r["supplier"]), int(r["buyer"]), float(r["weight"]))
            for r in read(folder, "markets")
        ]

    def step(self, closed: int, down: list[float], up: list[float]) -> tuple[list[float], ...]:
        """Return what each firm can still make for lack of inputs, and of buyers."""
        left: dict[str, float] = defaultdict(float)
        for sold, sector, output in zip(self.sales, self.sector, down, strict=True):
            left[sector] += sold * output
        scarce = [
            min(1.0, sold / left[sector]) if left[sector] > TINY else 1.0
            for sold, sector in zip(self.sales, self.sector, strict=True)
        ]
        missing: dict[tuple[int, str], float] = defaultdict(float)
        for supplier, buyer, slot, weight in self.inputs:
            missing[buyer, slot] += scarce[supplier] * weight * (1 - down[supplier])
        short = [0.0] * len(down)
        for (buyer, _), loss in missing.items():
            short[buyer] = max(short[buyer], loss)
        unsold = [0.0] * len(up)
        for supplier, buyer, weight in self.markets:
            unsold[supplier] += weight * (1 - up[buyer])
        short[closed] = unsold[closed] = 1.0
        return [max(0.0, 1 - loss) for loss in short], [max(0.0, 1 - loss) for loss in unsold]

    def esri(self, closed: int) -> float:
        """Return the share of all sales lost when one firm stops."""
        down = [1.0] * len(self.sales)
        down[closed] = 0.0
        up = list(down)
        fell = 1.0
        while fell > EPSILON:
            less, fewer = self.step(closed, down, up)
            fell = max(
                *(before - after for before, after in zip(down, less, strict=True)),
                *(before - after for before, after in zip(up, fewer, strict=True)),
            )
            down, up = less, fewer
        lost = (s * (1 - min(d, u)) for s, d, u in zip(self.sales, down, up, strict=True))
        return sum(lost) / sum(self.sales)


def main() -> None:
    """Read the folder, close the firms one after the other, write the file and tell the time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--firms", type=int, default=0, help="the first N firms only; 0 for all")
    given = parser.parse_args()
    network = Network(given.folder)
    start = time.process_time()
    number = given.firms or len(network.sales)
    found = [(firm, network.esri(firm)) for firm in range(number)]
    spent = time.process_time() - start
    with given.output.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("firm", "esri"), *found])
    print(f"{number} firms in {spent:.3f} s of processor time")  # noqa: T201  # what it is for


if __name__ == "__main__":
    main()
