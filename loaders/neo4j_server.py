"""A server that speaks Bolt: how to reach it, and clear words for all that may go wrong."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from graphmodel.errors import LiantuError

if TYPE_CHECKING:
    import neo4j

OLDEST: Final = (5, 26)
"""Oldest version of Neo4j that is supported."""

_RETRY: Final = 30.0
"""Seconds for which a transaction that fails in passing is tried again."""

_VARIABLES: Final = ("NEO4J_URI", "NEO4J_USERNAME", "NEO4J_PASSWORD", "NEO4J_DATABASE")
_SCHEMES: Final = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")


class ServerError(LiantuError):
    """A database server cannot be reached or refuses: none there, wrong password, too old."""


class Statement(NamedTuple):
    """Cypher and its parameters."""

    text: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Where the server is and who asks. The password is in no representation."""

    uri: str
    username: str
    password: str = field(repr=False)
    database: str


def credentials(folder: Path, *, prompt: Callable[[str], str]) -> Credentials:
    """Return what the environment says, else the file `.env` in `folder`, else what is typed.

    Args:
        folder: Folder in which `.env` may stand.
        prompt: Asks for the password, given the sentence to ask with.
    """
    said = {**_dotenv(folder / ".env"), **{k: os.environ[k] for k in _VARIABLES if k in os.environ}}
    uri = said.get("NEO4J_URI") or "bolt://localhost:7687"
    username = said.get("NEO4J_USERNAME") or "neo4j"
    password = said.get("NEO4J_PASSWORD") or prompt(f"{username} @ {uri} 密码 password")
    database = said.get("NEO4J_DATABASE") or "neo4j"
    return Credentials(uri=uri, username=username, password=password, database=database)


def _dotenv(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    found: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8-sig").splitlines():
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and name.strip() in _VARIABLES:
            bare = value.strip()
            quoted = bare[:1] in {'"', "'"} and bare[-1:] == bare[:1] and len(bare) > 1
            found[name.strip()] = bare[1:-1] if quoted else bare
    return found


class Server:
    """An open connection to one database."""

    def __init__(self, driver: "neo4j.Driver", database: str) -> None:
        """Take a driver that answers, and the database to use."""
        self._driver = driver
        self.database = database

    def write(self, *statements: Statement) -> list[dict[str, Any]]:
        """Run statements in one transaction, again if it fails in passing; return the last rows."""

        def work(transaction: "neo4j.ManagedTransaction") -> list[dict[str, Any]]:
            results = [transaction.run(s.text, dict(s.parameters)) for s in statements]
            return results[-1].data()

        with _told(self.database), self._session() as session:
            return session.execute_write(work)

    def read(self, statement: Statement) -> list[dict[str, Any]]:
        """Return the rows of a query."""
        return [row for chunk in self.stream(statement, 10_000) for row in chunk]

    def stream(self, statement: Statement, size: int) -> Iterator[list[dict[str, Any]]]:
        """Yield the rows of a query, `size` at a time.

        Nothing the query may do stays: the transaction is read-only and is rolled back.
        """
        with (
            _told(self.database),
            self._session(default_access_mode="READ", fetch_size=size) as session,
            session.begin_transaction() as transaction,
        ):
            result = transaction.run(statement.text, dict(statement.parameters))
            names = result.keys()
            while rows := result.fetch(size):
                yield [dict(zip(names, row.values(), strict=True)) for row in rows]
            transaction.rollback()

    def ask(self, statement: Statement) -> tuple[list[str], list[list[Any]]]:
        """Return the names of a query's columns and its rows, as `stream` would run it."""
        with (
            _told(self.database),
            self._session(default_access_mode="READ") as session,
            session.begin_transaction() as transaction,
        ):
            result = transaction.run(statement.text, dict(statement.parameters))
            names = list(result.keys())
            rows = [row.values() for row in result]
            transaction.rollback()
        return names, rows

    def _session(self, **options: Any) -> "neo4j.Session":  # noqa: ANN401  # as the driver takes them
        return self._driver.session(database=self.database, **options)


@contextmanager
def connect(who: Credentials) -> Iterator[Server]:
    """Open a connection and close it again.

    Raises:
        ServerError: No driver, no server, wrong password, wrong database, or too old a server.
    """
    try:
        import neo4j  # noqa: PLC0415  # an extra
    except ImportError as error:
        msg = (
            '没有安装 Neo4j 驱动，请运行 pip install "liantu[neo4j]"。'
            ' The Neo4j driver is missing: pip install "liantu[neo4j]".'
        )
        raise ServerError(msg) from error
    scheme = who.uri.partition("://")[0]
    if scheme not in _SCHEMES:
        listed = ", ".join(_SCHEMES)
        msg = (
            f"NEO4J_URI “{who.uri}”不是 Bolt 地址；可用的开头：{listed}。"
            f" NEO4J_URI {who.uri!r} is no Bolt address; it starts with one of {listed}."
        )
        raise ServerError(msg)
    with _told(who.database, uri=who.uri):
        driver = neo4j.GraphDatabase.driver(
            who.uri,
            auth=(who.username, who.password),
            notifications_min_severity="OFF",
            connection_acquisition_timeout=20,
            connection_timeout=10,
            max_transaction_retry_time=_RETRY,
        )
    with driver:
        with _told(who.database, uri=who.uri):
            agent = _agent(driver)
        _refuse_old(agent)
        yield Server(driver, who.database)


def _agent(driver: "neo4j.Driver") -> str:
    """Return what the server says it is; Bolt without notifications is Neo4j 5.6 or older."""
    from neo4j import exceptions  # noqa: PLC0415  # an extra

    try:
        return driver.get_server_info().agent
    except exceptions.ConfigurationError as error:
        if "Notification filtering" not in str(error):
            raise
        return "Neo4j/5.6"


def _refuse_old(agent: str) -> None:
    """Refuse a server whose agent, such as Neo4j/5.26.0, is older than `OLDEST`."""
    numbers = agent.partition("/")[2].split(" ")[0].split(".")
    version = tuple(int(number) for number in numbers[:2] if number.isdigit())
    if version and version < OLDEST:
        msg = (
            f"服务器是 {agent}，太旧；需要 Neo4j 5.26 或更新。"
            f" The server is {agent}, which is too old; Neo4j 5.26 or later is needed."
        )
        raise ServerError(msg)


@contextmanager
def _told(database: str, *, uri: str = "") -> Iterator[None]:
    """Turn what the driver raises into sentences a person can act on."""
    from neo4j import exceptions  # noqa: PLC0415  # an extra

    try:
        yield
    except exceptions.AuthError as error:
        msg = (
            "用户名或密码不对：请检查 NEO4J_USERNAME、NEO4J_PASSWORD。"
            " Wrong user name or password: check NEO4J_USERNAME and NEO4J_PASSWORD."
        )
        raise ServerError(msg) from error
    except (exceptions.ServiceUnavailable, exceptions.SessionExpired) as error:
        raise ServerError(_unreachable(uri)) from error
    except exceptions.Neo4jError as error:
        raise ServerError(_refused(error, database)) from error
    except exceptions.DriverError as error:
        msg = f"连接设置有误：{error}。 The connection is set up wrongly: {error}."
        raise ServerError(msg) from error
    except OSError as error:
        raise ServerError(_unreachable(uri)) from error


def _unreachable(uri: str) -> str:
    if uri:
        return (
            f"连不上 {uri}：请检查 NEO4J_URI，并确认服务器已经启动；没有服务器可用 liantu cypher。"
            f" No server answers at {uri}: check NEO4J_URI and that it runs; without a server use"
            " liantu cypher."
        )
    return (
        "与服务器的连接中断：再运行一次同样的命令，会接着做完。"
        " The connection to the server was lost: run the same command again and it goes on."
    )


def _refused(error: "neo4j.exceptions.Neo4jError", database: str) -> str:
    code, said = error.code or "", error.message or ""
    if "DatabaseNotFound" in code or "Database does not exist" in said:
        return (
            f"没有数据库“{database}”：请检查 NEO4J_DATABASE。"
            f" There is no database {database!r}: check NEO4J_DATABASE."
        )
    if "AccessMode" in code or "read access mode" in said:
        return (
            "这条查询会改动数据，已拒绝；ask 只读。"
            " This query would change data and was refused; ask only reads."
        )
    return f"服务器拒绝：{said}（{code}）。 The server refused: {said} ({code})."
