"""What all tests share: tests that need a browser or Java, and what is said when there is none."""

import os
import shutil
from collections.abc import Generator
from typing import Any, Final

import pytest
from hypothesis import settings
from neo4j_servers import any_server, neo4j_credentials, neo4j_server, neo4j_servers
from xdist.scheduler import LoadScopeScheduling

from views.doctor import chromium

__all__ = ["any_server", "neo4j_credentials", "neo4j_server", "neo4j_servers"]  # fixtures

REQUIRE_ALL: Final = "LIANTU_REQUIRE_ALL"
"""Environment variable under which a test that lacks its tool fails instead of being skipped."""

HOW_TO_GET: Final = {
    "Chromium": "Debian/Ubuntu: apt-get install chromium fonts-noto-cjk; or set LIANTU_CHROMIUM",
    "Java": "Debian/Ubuntu: apt-get install default-jre-headless",
    "Neo4j": "mvn -f tests/neo4j/pom.xml -Dneo4j.version=VERSION dependency:copy-dependencies, for"
    " each VERSION in .ci/run; or set NEO4J_URI",
    "make": "Debian/Ubuntu: apt-get install make",
}
_NEEDS: Final = "needs "

settings.register_profile("liantu", deadline=None, max_examples=50, database=None)
settings.load_profile("liantu")


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Path of Chromium; a test that asks for it is skipped where there is none."""
    found = chromium()
    if found is None:
        lacking("Chromium", "a browser that opens the network page")
    return str(found)


@pytest.fixture(scope="session")
def java_path() -> str:
    """Path of Java; a test that asks for it is skipped where there is none."""
    found = shutil.which("java")
    if found is None:
        lacking("Java", "the embedded Cypher engine")
    return str(found)


def lacking(tool: str, purpose: str) -> None:
    """Skip the present test because `tool` is not installed."""
    pytest.skip(f"{_NEEDS}{tool}: {purpose}")


def missing_tool(report: pytest.TestReport) -> str:
    """Return the tool whose absence skipped a test, "" where that is not the reason."""
    if not report.skipped or not isinstance(report.longrepr, tuple | list):
        return ""
    reason = report.longrepr[2].removeprefix("Skipped: ")
    return reason.removeprefix(_NEEDS).partition(":")[0] if reason.startswith(_NEEDS) else ""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,  # noqa: ARG001  # pytest passes it by name
    call: pytest.CallInfo[Any],  # noqa: ARG001  # likewise
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip for want of a tool into a failure where everything is required."""
    report = yield
    tool = missing_tool(report)
    if tool and os.environ.get(REQUIRE_ALL):
        report.outcome = "failed"
        report.longrepr = f"{REQUIRE_ALL} is set, but {tool} is missing. {HOW_TO_GET.get(tool, '')}"
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:  # noqa: ANN401  # pytest's reporter is private
    """Close the run by naming what was not run and how to get it."""
    skipped = terminalreporter.stats.get("skipped", [])
    tools = [tool for report in skipped if (tool := missing_tool(report))]
    if not tools:
        return
    terminalreporter.section("not run")
    for tool in sorted(set(tools)):
        how = HOW_TO_GET.get(tool, "")
        terminalreporter.line(f"{tools.count(tool)} tests need {tool}, which is missing. {how}")


@pytest.hookimpl(optionalhook=True)  # pytest-xdist's
def pytest_xdist_make_scheduler(
    config: pytest.Config,
    log: Any,  # noqa: ANN401  # a private type
) -> LoadScopeScheduling | None:
    """Keep the tests that use a database server on one worker under `--dist loadgroup`.

    A mark would not do: from pytest 9.2 on, pytest-xdist 3.8 loses it (its issue 1386). Under any
    other `--dist`, every worker starts servers of its own.
    """
    return Grouped(config, log) if config.getvalue("dist") == "loadgroup" else None


class Grouped(LoadScopeScheduling):
    """Every test goes where there is room, those of the database together."""

    def _split_scope(self, nodeid: str) -> str:
        name = nodeid.partition("::")[0].rpartition("/")[2]
        return "neo4j" if name.startswith("test_neo4j") else nodeid
