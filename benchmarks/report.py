"""What is told of the results: the table, how time grows with the data, the machine."""

import math
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from benchmarks.measure import Row

Machine = dict[str, str | int | float]
TOGETHER = "questions but risks, together"


def together(rows: Sequence[Row], names: Sequence[str], label: str) -> list[Row]:
    """Return the sum of the questions `names` at one scale; nothing if one of them is missing."""
    found = {one["work"]: one for one in rows if "error" not in one}
    parts = [found.get(f"{name} {label}") for name in names]
    known = [part for part in parts if part]
    if len(known) < len(names):
        return []
    ours, theirs = (sum(part[side] for part in known) for side in ("ours_s", "peer_s"))
    extrapolated = any("extrapolated" in part["peer"] for part in known)
    return [
        {
            "work": f"{TOGETHER} {label}",
            "ours_s": ours,
            "peer": "networkx" + (", partly extrapolated" if extrapolated else ""),
            "peer_s": theirs,
            "ratio": theirs / ours,
            "peak_mib": max(part["peak_mib"] for part in known),
            "wall_s": sum(part["wall_s"] for part in known),
        }
    ]


def table(rows: Sequence[Row]) -> str:
    """Return the results as a table in Markdown."""
    lines = [
        "| work | ours, CPU s | clock s | peer | peer, CPU s | ratio | peak MiB |",
        "|---|--:|--:|---|--:|--:|--:|",
    ]
    for one in rows:
        if "error" in one:
            last = one["error"].strip().splitlines()[-1]
            lines.append(f"| {one['work']} | failed: {last} | | | | | |")
            continue
        theirs = "" if one["peer_s"] is None else f"{one['peer_s']:.4g}"
        ratio = "" if one["ratio"] is None else f"{one['ratio']:.2f}"
        lines.append(
            f"| {one['work']} | {one['ours_s']:.4g} | {one['wall_s']:.4g} | {one['peer']} "
            f"| {theirs} | {ratio} | {one['peak_mib']:.0f} |"
        )
    return "\n".join(lines)


def exponent(small: float, large: float, factor: float = 10.0) -> float:
    """Return b of time ~ size^b, from the times at two sizes, the larger `factor` times the other.

    Raises:
        ValueError: A time is not positive.
    """
    return math.log(large / small) / math.log(factor)


def growth(rows: Sequence[Row], names: Sequence[str], labels: Sequence[str]) -> str:
    """Return how each kind of work grows between neighbouring scales, ten times apart.

    Args:
        rows: The results.
        names: Kinds of work: what stands before the scale.
        labels: The scales, rising.
    """
    seconds = {one["work"]: one["ours_s"] for one in rows if one.get("ours_s")}
    steps = list(pairwise(labels))
    head = " | ".join(f"{small} → {large} | exponent" for small, large in steps)
    lines = [f"| work | {head} |", "|---" + "|--:" * 2 * len(steps) + "|"]
    for name in names:
        cells = []
        for small, large in steps:
            one, two = seconds.get(f"{name} {small}"), seconds.get(f"{name} {large}")
            if one is None or two is None:
                cells += ["", ""]
            else:
                cells += [f"×{two / one:.1f}", f"{exponent(one, two):.2f}"]
        if any(cells):
            lines.append(f"| {name.rstrip(',')} | {' | '.join(cells)} |")
    return "\n".join(lines)


def machine() -> Machine:
    """Return processor, cores, memory, load before the run, system, Python and day."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text(encoding="utf-8").splitlines()
        model = next((x.split(":")[1].strip() for x in lines if x.startswith("model name")), model)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": model,
        "cores": os.cpu_count() or 1,
        "memory_gib": round(memory, 1),
        "load": round(os.getloadavg()[0], 1),
        "system": platform.system(),
        "python": platform.python_version(),
        "date": datetime.now(tz=UTC).date().isoformat(),
    }


def said(about: Machine) -> str:
    """Return the machine in one line."""
    return (
        f"{about['processor']}, {about['cores']} cores, {about['memory_gib']} GiB, "
        f"load {about['load']} before the run, {about['system']}, Python {about['python']}, "
        f"{about['date']}."
    )
