"""The benchmark's own arithmetic, and that its plain versions say what the questions say."""

import csv
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks import agreement, measure, networks, report, run, work
from benchmarks.measure import Spent
from queries import QUESTION_NAMES
from queries.kernels.esri import esri

ROOT = Path(__file__).parent.parent
KEYS = {"work", "ours_s", "peer", "peer_s", "ratio", "peak_mib"}


def line(
    name: str, ours: float, peer: float | None = None, *, said: str = "networkx"
) -> measure.Row:
    theirs = None if peer is None else Spent(peer, peer)
    return measure.row(name, Spent(ours, ours), said, theirs, mib=10.0)


def test_a_line_has_the_ratio_of_the_peer_over_ours() -> None:
    assert line("load 1×", 4.0, 1.0)["ratio"] == 0.25
    assert line("load 1×", 4.0)["ratio"] is None
    assert line("load 1×", 4.0, 1.0).keys() >= KEYS
    assert measure.failed("load 1×", "no").keys() >= KEYS


def test_spent_adds_up_and_scales() -> None:
    assert Spent(1.0, 2.0).times(3).plus(Spent(0.5, 0.5)) == Spent(3.5, 6.5)


def test_ten_times_the_data_in_ten_times_the_time_has_exponent_one() -> None:
    assert math.isclose(report.exponent(2.0, 20.0), 1.0)
    assert math.isclose(report.exponent(1.0, 2.0, factor=4.0), 0.5)


def test_growth_speaks_of_neighbouring_scales_that_were_measured() -> None:
    rows = [line("load a", 1.0), line("load b", 12.0), line("gaps b", 3.0)]
    assert report.growth(rows, ["load", "gaps"], ["a", "b", "c"]).splitlines()[2:] == [
        "| load | ×12.0 | 1.08 |  |  |"
    ]


def test_questions_are_added_up_only_where_all_were_measured() -> None:
    rows = [line("gaps a", 1.0, 30.0), line("needs a", 3.0, 90.0, said="networkx, extrapolated")]
    (whole,) = report.together(rows, ["gaps", "needs"], "a")
    assert (whole["ours_s"], whole["peer_s"], whole["ratio"]) == (4.0, 120.0, 30.0)
    assert whole["peer"] == "networkx, partly extrapolated"
    assert whole["peak_mib"] == 10.0
    assert report.together(rows, ["gaps", "needs", "leads"], "a") == []
    assert report.together([*rows, measure.failed("leads a", "x")], ["gaps", "leads"], "a") == []


def test_the_table_tells_of_results_and_of_failures() -> None:
    rows = [line("gaps a", 1.0, 30.0), measure.failed("needs a", "Traceback\nValueError: no")]
    lines = report.table(rows).splitlines()
    assert lines[2] == "| gaps a | 1 | 1 | networkx | 30 | 30.00 | 10 |"
    assert lines[3].startswith("| needs a | failed: ValueError: no |")
    assert {text.count("|") for text in lines} == {8}


def breaking() -> list[measure.Row]:
    """Fail as work may."""
    msg = "it broke"
    raise ValueError(msg)


def lasting() -> list[measure.Row]:
    """Work as it should."""
    return [line("fine", 1.0)]


def test_work_that_fails_does_not_lose_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "OUT", tmp_path)
    rows = run.measured([run.Job("bad", breaking, ()), run.Job("good", lasting, ())], {}, 1)
    assert [one["work"] for one in rows] == ["bad", "fine"]
    assert "ValueError: it broke" in rows[0]["error"]
    run.written(rows, ["1/100"], report.machine())
    assert (tmp_path / "results.json").read_text(encoding="utf-8").startswith("[")


def test_every_question_is_measured_at_every_scale() -> None:
    wanted = run.jobs(
        {"1/100": Path("x")}, quick=True, network=(9, 9, "scale-free"), external=("", 0.0)
    )
    labels = {job.label for job in wanted}
    assert {f"{name} 1/100" for name in QUESTION_NAMES} <= labels


@pytest.mark.parametrize("name", QUESTION_NAMES)
def test_the_plain_version_says_what_the_question_says(name: str) -> None:
    assert agreement.differences(name) == []


def test_a_difference_is_seen() -> None:
    assert agreement.same(float("nan"), None)
    assert agreement.same([1.0, 2.0], [1.0, 2.0])
    assert not agreement.same([1.0, 2.0], [1.0])
    assert not agreement.same(1.0, 1.001)
    assert not agreement.same(1.0, None)
    assert not agreement.same("weak", "thin")


def test_another_program_can_be_set_beside_ours(tmp_path: Path) -> None:
    net = networks.scale_free(80, 300)
    networks.write_network(net, tmp_path)
    answer = tmp_path / "esri.csv"
    program = [sys.executable, str(ROOT / "benchmarks/plain_esri.py")]
    done = subprocess.run(  # noqa: S603  # our own script
        [*program, str(tmp_path), str(answer)],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert "80 firms in" in done.stdout
    with answer.open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 80
    theirs = networks.written_esri(answer, 80)
    ours = esri(net).total
    assert np.abs(theirs - ours).max() < 1e-12
    assert ours.max() > 1.5 * net.firms.share[ours.argmax()]  # losses do spread
    rows = work.every_esri(80, 300, "scale-free", 10, str(answer), 3.0)
    assert [one["peer_s"] is not None for one in rows] == [True, True]
    assert rows[1]["peer_s"] == 3.0
    assert rows[1]["peer"].startswith("external program, 80 firms, differs by ")
