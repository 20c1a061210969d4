"""A graph database without a server: ArcadeDB, which speaks Bolt, on loopback, for one question.

It runs as a process of its own on the Java it carries, with a random password, and keeps each
source it was given in the user's cache, by content, so that the next question starts at once.
"""

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from graphmodel.graph import ChainGraph
from loaders.neo4j_push import Progress, push
from loaders.neo4j_records import fingerprint
from loaders.neo4j_server import Credentials, Server, ServerError, Statement, connect

DATABASE: Final = "liantu"
_PATIENCE: Final = 120.0
_KEPT: Final = 5
_OPENED: Final = ("java.base/java.nio", "java.base/java.util.concurrent.atomic")


def _package() -> Path:
    """Return the folder of the package that carries the engine.

    Raises:
        ServerError: The extra is not installed.
    """
    found = find_spec("arcadedb_embedded")
    if found is None or found.origin is None or find_spec("neo4j") is None:
        msg = (
            '没有安装内置的 Cypher 引擎，请运行 pip install "liantu[cypher]"。'
            ' The embedded Cypher engine is missing: pip install "liantu[cypher]".'
        )
        raise ServerError(msg)
    return Path(found.origin).parent


def cache_folder() -> Path:
    """Return the folder in which databases are kept between questions."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "liantu" / "cypher"


@contextmanager
def engine(folder: Path) -> Iterator[Server]:
    """Run the engine on the databases in `folder` and stop it again.

    Raises:
        ServerError: The extra is not installed, or the engine does not start.
    """
    package = _package()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    password, port = secrets.token_urlsafe(24), _free_port()
    settings = folder / "config"
    shutil.rmtree(settings, ignore_errors=True)  # the users of the last start, with their password
    secret = folder / "start.args"  # what is on the command line, other users can see
    secret.unlink(missing_ok=True)
    secret.touch(mode=0o600)
    secret.write_text(f"-Darcadedb.server.rootPassword={password}\n", encoding="ascii")
    with (folder / "engine.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603  # a fixed command
            _command(package, folder, port, secret),
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=folder,
        )
    who = Credentials(
        uri=f"bolt://127.0.0.1:{port}", username="root", password=password, database=DATABASE
    )
    try:
        _wait(process, port, folder / "engine.log")
        secret.unlink()
        with connect(who) as server:
            _until_open(server, process)
            yield server
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(30)
        if process.poll() is None:
            process.kill()
            process.wait()
        secret.unlink(missing_ok=True)


def _command(package: Path, folder: Path, port: int, secret: Path) -> list[str]:
    java = package / "jre" / "bin" / ("java.exe" if sys.platform == "win32" else "java")
    settings = {
        "server.rootPath": folder,
        "server.databaseDirectory": folder / "databases",
        "server.mode": "production",
        "server.plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
        "server.defaultDatabases": f"{DATABASE}[root]",
        "server.httpIncomingHost": "127.0.0.1",
        "server.httpIncomingPort": _free_port(),
        "bolt.host": "127.0.0.1",
        "bolt.port": port,
    }
    return [
        str(java),
        f"@{secret.name}",
        "-Xmx2g",
        "--add-modules=jdk.incubator.vector",
        *(f"--add-opens={name}=ALL-UNNAMED" for name in _OPENED),
        "-Djava.awt.headless=true",
        "-Dfile.encoding=UTF8",
        *(f"-Darcadedb.{name}={value}" for name, value in settings.items()),
        "-cp",
        str(package / "jars" / "*"),
        "com.arcadedb.server.ArcadeDBServer",
    ]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    """Wait until the engine listens."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        if process.poll() is not None or time.monotonic() > deadline:
            msg = (
                f"内置引擎没有启动，日志在 {log}。"
                f" The embedded engine did not start; its log is {log}."
            )
            raise ServerError(msg)
        time.sleep(0.2)


def _until_open(server: Server, process: "subprocess.Popen[bytes]") -> None:
    """Wait until the database is there: the engine listens before it has opened it."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            server.read(Statement("RETURN 1 AS one", {}))
        except ServerError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return


@contextmanager
def opened(
    graph: ChainGraph, *, keep: bool = True, progress: Progress | None = None
) -> Iterator[Server]:
    """Run the engine on `graph`, loading it unless the same content was asked about before.

    Args:
        graph: The graph; its source in the database is its name.
        keep: Whether the loaded database stays in the cache for the next question.
        progress: Called while the graph is loaded.

    Raises:
        ServerError: The extra is not installed, or the engine does not start.
    """
    if not keep:
        with (
            tempfile.TemporaryDirectory(prefix="liantu-", ignore_cleanup_errors=True) as temporary,
            engine(Path(temporary)) as server,
        ):
            push(graph, server, progress=progress)
            yield server
        return
    folder = cache_folder() / fingerprint(graph)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(folder):
        folder.touch()
        _forget_old(folder)
        with engine(folder) as server:
            ready = folder / "complete"
            if not ready.exists():
                push(graph, server, progress=progress)
                ready.touch()
            yield server


@contextmanager
def _alone(folder: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold a folder of the cache, so that no other process runs an engine on it or removes it.

    Raises:
        OSError: Another process holds it, and `wait` is false.
    """
    with folder.with_suffix(".lock").open("a") as lock:
        while not _locked(lock.fileno()):
            if not wait:
                raise BlockingIOError(str(folder))
            time.sleep(0.1)
        yield


def _locked(number: int) -> bool:
    """Lock the open file of this number, until it is closed, unless another process has."""
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415  # only there

            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415  # everywhere but there

            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # what Linux says, what Windows says
        return False
    return True


def _forget_old(current: Path) -> None:
    """Remove all but the databases used last, and those in use."""
    folders = [path for path in current.parent.iterdir() if path.is_dir()]
    kept = sorted(folders, key=lambda path: path.stat().st_mtime, reverse=True)
    for folder in kept[_KEPT:]:
        with contextlib.suppress(BlockingIOError), _alone(folder, wait=False):
            shutil.rmtree(folder, ignore_errors=True)
