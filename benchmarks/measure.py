"""How work is measured: processor time and the clock, peak memory, in a process of its own."""

import multiprocessing
import resource
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

Row = dict[str, Any]


class Spent(NamedTuple):
    """What a piece of work took, in seconds: of all processors together, and by the clock."""

    cpu: float
    wall: float

    def times(self, factor: float) -> "Spent":
        """Return the same for `factor` times the work."""
        return Spent(self.cpu * factor, self.wall * factor)

    def plus(self, other: "Spent") -> "Spent":
        """Return what both took."""
        return Spent(self.cpu + other.cpu, self.wall + other.wall)


class WorkFailedError(Exception):
    """A piece of work ended without a result; the text is its traceback or exit status."""


def timed(work: Callable[[], Any]) -> tuple[Spent, Any]:
    """Return what `work` took and what it returned."""
    cpu, wall = time.process_time(), time.perf_counter()
    result = work()
    return Spent(time.process_time() - cpu, time.perf_counter() - wall), result


def peak() -> float:
    """Return the most memory this process has held so far, in MiB.

    Linux passes the figure of `getrusage` on to what a process starts; its own begins anew.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="utf-8").splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith("VmHWM"))) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)  # bytes there, KiB elsewhere


def row(
    work: str, ours: Spent, peer: str = "", theirs: Spent | None = None, *, mib: float = 0.0
) -> Row:
    """Return one line of results.

    `ours_s` and `peer_s` are seconds of processor time, all cores added up, which other work on
    the machine disturbs less than the clock; `wall_s` is ours by the clock. `ratio` = peer_s /
    ours_s, so more is better. Without a peer `peer_s` and `ratio` are None.
    """
    return {
        "work": work,
        "ours_s": ours.cpu,
        "peer": peer,
        "peer_s": theirs.cpu if theirs else None,
        "ratio": theirs.cpu / ours.cpu if theirs and ours.cpu else None,
        "peak_mib": mib or peak(),
        "wall_s": ours.wall,
    }


def failed(work: str, error: str) -> Row:
    """Return the line of a piece of work that did not come to an end."""
    blank = dict.fromkeys(("ours_s", "peer_s", "ratio", "peak_mib", "wall_s"))
    return {"work": work, "peer": "", **blank, "error": error}


def _child(work: Callable[..., list[Row]], given: tuple[Any, ...], pipe: Any) -> None:  # noqa: ANN401  # a Connection
    try:
        pipe.send(work(*given))
    except Exception:  # noqa: BLE001  # whatever went wrong is told to the parent
        pipe.send(traceback.format_exc())


def apart(work: Callable[..., list[Row]], *given: Any) -> list[Row]:  # noqa: ANN401  # what the work takes
    """Return what `work` returns in a process of its own.

    Raises:
        WorkFailedError: It raised an exception, or its process died.
    """
    context = multiprocessing.get_context("spawn")
    near, far = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(work, given, far))
    process.start()
    far.close()
    try:
        found: list[Row] | str = near.recv()
    except EOFError:
        process.join()
        msg = f"the process ended with status {process.exitcode}"
        raise WorkFailedError(msg) from None
    finally:
        process.join()
    if isinstance(found, str):
        raise WorkFailedError(found)
    return found
