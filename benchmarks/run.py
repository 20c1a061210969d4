"""Measure on generated provinces: `python -m benchmarks.run [--quick]`; prints ratios of one run.

Results go to `benchmarks/out/`: `results.json` (a list of lines), `machine.json`, and `table.md`,
which is what is printed. Work that fails is told in its line, and the exit status is 1.
"""

import csv
import json
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks import report, work
from benchmarks.measure import Row, WorkFailedError, apart, failed
from queries import QUESTION_NAMES

OUT: Final = Path(__file__).parent / "out"
PROVINCE: Final = 67_000
EVEN: Final = (10_000, 80_000, "uniform")
TAILED: Final = (91_595, 230_000, "scale-free")
DENSE: Final = (PROVINCE, 1_000_000, "scale-free")
GRAPH: Final = (100_000, 1_000_000)
BUT_RISKS: Final = tuple(name for name in QUESTION_NAMES if name != "risks")
GROWING: Final = ("load", *QUESTION_NAMES, report.TOGETHER, "ESRI per firm,", *work.STRUCTURE)
_MONTHLY: Final = ("企业环节", "依托", "联盟成员", "供应关系")
_LATER: Final = 50  # one row in so many is new since the month before


class Job(NamedTuple):
    """A piece of work, what it is called and what it is given."""

    label: str
    work: Callable[..., list[Row]]
    given: tuple[Any, ...]
    scale: str = ""


def jobs(
    scales: dict[str, Path],
    *,
    quick: bool,
    network: tuple[int, int, str],
    external: tuple[str, float],
) -> list[Job]:
    """Return everything that is measured, in its order."""
    found = [
        Job("agreement on the sample", work.agreeing, ()),
        Job("ESRI per firm, uniform", work.drawn_esri, (*EVEN, 400)),
    ]
    if not quick:
        found += [
            Job("structure, 100,000 nodes", work.drawn_structure, GRAPH),
            Job("ESRI of all, uniform", work.every_esri, (*EVEN, 400)),
            Job("ESRI of all, scale-free", work.every_esri, (*network, 100, *external)),
            Job("ESRI of all, dense scale-free", work.every_esri, (*DENSE, 40)),
        ]
    for label, folder in scales.items():
        found.append(Job(f"load {label}", work.loading, (folder, label), label))
        for name in QUESTION_NAMES:
            before = (earlier(folder),) if name == "changes" else ()
            given = (folder, label, name, *before)
            found.append(Job(f"{name} {label}", work.asking, given, label))
        found += [
            Job(f"ESRI per firm, {label}", work.sampled_esri, (folder, label, 400), label),
            Job(f"structure {label}", work.structure, (folder, label), label),
        ]
    return found


def earlier(folder: Path) -> Path:
    """Return where the same province stands as it was the month before."""
    return folder.with_name(f"{folder.name}-earlier")


def _generated(folder: Path, part: int, seed: int) -> None:
    """Write a province, and beside it the same without one in fifty of its relations."""
    from loaders.synthetic import Sizes, generate  # noqa: PLC0415  # brings numpy

    generate(folder, Sizes.of(PROVINCE // part), seed=seed)
    before = earlier(folder)
    shutil.copytree(folder, before)
    for sheet in _MONTHLY:
        path = before / f"{sheet}.csv"
        with path.open(newline="", encoding="utf-8-sig") as file:
            head, *rows = csv.reader(file)
        with path.open("w", newline="", encoding="utf-8") as file:
            kept = (line for number, line in enumerate(rows) if number % _LATER)
            csv.writer(file).writerows([head, *kept])


def measured(wanted: Sequence[Job], parts: dict[str, int], seed: int) -> list[Row]:
    """Return the results of all jobs, on provinces generated for them and then deleted."""
    rows: list[Row] = []
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("measuring", total=len(wanted))
        for position, job in enumerate(wanted):
            folder = _folder(parts.get(job.scale, 0))
            if job.scale and not earlier(folder).exists():
                bar.update(task, description=f"generating {job.scale} of a province")
                _generated(folder, parts[job.scale], seed)
            bar.update(task, description=f"measuring {job.label}")
            try:
                found = apart(job.work, *job.given)
            except WorkFailedError as error:
                found = [failed(job.label, str(error))]
            rows += found
            if job.scale and job.scale not in [later.scale for later in wanted[position + 1 :]]:
                rows += report.together(rows, BUT_RISKS, job.scale)
                _removed(folder)
            for one in found:
                told = one.get("error") or f"{one['ours_s']:.4g} s, ratio {one['ratio'] or 0:.2f}"
                bar.console.print(f"{one['work']}: {told}", markup=False, highlight=False)
            bar.advance(task)
    return rows


def _folder(part: int) -> Path:
    return OUT / f"province-{part}"


def _removed(folder: Path) -> None:
    for path in (folder, earlier(folder)):
        shutil.rmtree(path, ignore_errors=True)


def written(rows: Sequence[Row], labels: Sequence[str], about: report.Machine) -> str:
    """Write the results and return what is printed."""
    text = "\n\n".join(
        [report.said(about), report.table(rows), report.growth(rows, GROWING, labels)]
    )
    for name, what in (("results", list(rows)), ("machine", about)):
        path = OUT / f"{name}.json"
        path.write_text(json.dumps(what, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (OUT / "table.md").write_text(text + "\n", encoding="utf-8")
    return text


@click.command()
@click.option("--quick", is_flag=True, help="1/100 and 1/10 of a province only")
@click.option("--seed", default=1, show_default=True)
@click.option("--only", default="", help="only work whose label contains this")
@click.option("--network", nargs=2, type=int, default=TAILED[:2], show_default=True,
              help="firms and links of the network that another program is given")  # fmt: skip
@click.option("--write-network", default="", metavar="FOLDER", help="write that network and stop")
@click.option("--external-esri", default="", metavar="FILE", help="its answer: CSV firm, esri")
@click.option("--external-seconds", default=0.0, help="how long the other program took")
def main(
    *,
    quick: bool,
    seed: int,
    only: str,
    network: tuple[int, int],
    write_network: str,
    external_esri: str,
    external_seconds: float,
) -> None:
    """Measure load, questions and kernels, print the table and write it as JSON."""
    OUT.mkdir(exist_ok=True)
    if write_network:
        from benchmarks import networks  # noqa: PLC0415  # brings numba

        Path(write_network).mkdir(parents=True, exist_ok=True)
        networks.write_network(networks.scale_free(*network), Path(write_network))
        return
    parts = {"1/100": 100, "1/10": 10} | ({} if quick else {"1×": 1})
    folders = {label: _folder(part) for label, part in parts.items()}
    for folder in folders.values():
        _removed(folder)
    wanted = [
        job
        for job in jobs(
            folders,
            quick=quick,
            network=(*network, "scale-free"),
            external=(external_esri, external_seconds),
        )
        if only in job.label
    ]
    about = report.machine()  # its load before the run
    try:
        rows = measured(wanted, parts, seed)
    finally:
        for folder in folders.values():
            _removed(folder)
    click.echo(written(rows, list(parts), about))
    if any("error" in one for one in rows):
        sys.exit(1)


if __name__ == "__main__":
    main()
