"""The commands `neo4j` and `cypher`: what they print, write and refuse, and never the password."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from neo4j_samples import sample as sample_graph
from neo4j_servers import LTS, Servers

import cli
from loaders import load, load_rows
from loaders.neo4j_embedded import cache_folder, opened
from loaders.neo4j_pull import pull, sources
from loaders.neo4j_push import push, remove
from loaders.neo4j_server import Credentials, ServerError, Statement, connect

Run = Callable[..., Result]
ROOT = Path(__file__).parent.parent
NAMES = ("NEO4J_URI", "NEO4J_USERNAME", "NEO4J_PASSWORD", "NEO4J_DATABASE")
SECRET = "wrong-" + "hunter2"


@pytest.fixture
def who(neo4j_servers: Servers) -> Credentials:
    """How to reach the long-term version."""
    return neo4j_servers.credentials(LTS)


@pytest.fixture
def run(who: Credentials, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Run a command in an empty folder, the server in the environment; no output has a password."""
    monkeypatch.chdir(tmp_path)
    for name, value in zip(NAMES, (who.uri, who.username, who.password, who.database), strict=True):
        monkeypatch.setenv(name, value)

    def run(*arguments: str, typed: str | None = None) -> Result:
        done = CliRunner().invoke(cli.cli, list(arguments), input=typed)
        assert who.password not in done.output
        assert SECRET not in done.output
        return done

    yield run
    with connect(who) as server:
        for source in sources(server):
            remove(server, source)


@pytest.fixture
def there(who: Credentials) -> Iterator[str]:
    """The small sample, pushed."""
    with connect(who) as server:
        push(sample_graph("jiangsu"), server, source="样例")
        yield "样例"
        remove(server, "样例")


def test_what_is_pushed_under_a_name_is_pulled_as_sheets(run: Run, tmp_path: Path) -> None:
    done = run("neo4j", "push", "sample:jiangsu", "--as", "十一月")
    assert done.exit_code == 0, done.output
    graph = sample_graph("jiangsu")
    assert f"{graph.size} 个节点" in done.output
    done = run("neo4j", "pull", "--source", "十一月", "-o", "取回")
    assert done.exit_code == 0, done.output
    back = load(tmp_path / "取回").graph
    assert {k: len(t) for k, t in back.nodes.items()} == {k: len(t) for k, t in graph.nodes.items()}
    assert run("neo4j", "pull", "--source", "十一月", "-o", "取回").exit_code == 2
    assert run("neo4j", "pull", "--source", "十一月", "-o", "取回", "--force").exit_code == 0


def test_a_dry_run_needs_no_server(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:1")
    done = run("neo4j", "push", "sample:jiangsu", "--dry-run")
    assert done.exit_code == 0, done.output
    enterprises = len(sample_graph("jiangsu").nodes["Enterprise"])
    assert f"\nEnterprise: {enterprises} (1 batches)" in done.output


def test_answers_go_with_the_graph(run: Run, who: Credentials) -> None:
    done = run("neo4j", "push", "sample:jiangsu", "--as", "答", "--with-answers", "--lang", "en")
    assert done.exit_code == 0, done.output
    assert "nodes" in done.output
    with connect(who) as server:
        text = "MATCH (f:Finding {liantu_source: '答'})-[:FOUND_IN]->(s) RETURN count(f) AS n"
        found = server.read(Statement(text, {}))
    assert found[0]["n"] > 0


def test_a_question_is_answered_in_every_format(run: Run, there: str, tmp_path: Path) -> None:
    asked = ["neo4j", "ask", "gaps", "--source", there]
    assert "产业链" in run(*asked).output
    said = json.loads(run(*asked, "--format", "json").output)
    rows = list(csv.reader(run(*asked, "--format", "csv").output.lstrip("\ufeff").splitlines()))
    assert "| 产业链" in run(*asked, "--format", "md").output
    done = run(*asked, "-o", "缺口.xlsx")
    assert done.exit_code == 0, done.output
    book = openpyxl.load_workbook(tmp_path / "缺口.xlsx")
    assert any("产业链" in [cell.value for cell in row] for row in book.worksheets[0].rows)
    assert len(rows) - 1 == len(said["rows"]) > 0
    assert "产业链" in rows[0]
    assert run(*asked, "-o", "缺口.xlsx").exit_code == 2


def test_a_file_of_ones_own_is_asked_with_parameters(run: Run, there: str, tmp_path: Path) -> None:
    own = tmp_path / "mine.cypher"
    own.write_text(
        "// :param level => '省'\n"
        "MATCH (r:Region {liantu_source: '样例'}) WHERE r.level = $level RETURN r.name AS 名称",
        encoding="utf-8",
    )
    assert "江苏省" in run("neo4j", "ask", str(own)).output
    other = run("neo4j", "ask", str(own), "--param", "level=市").output
    assert "江苏省" not in other
    assert "南京市" in other
    assert run("neo4j", "ask", str(own), "--param", "level").exit_code == 2
    done = run("neo4j", "ask", "nothing.cypher", "--source", there)
    assert (done.exit_code, done.output.count("\n")) == (2, 1)


def test_a_query_that_writes_is_refused(run: Run, there: str, who: Credentials) -> None:
    for number, text in enumerate(
        ("MATCH (n:Region) DETACH DELETE n", "CREATE (n:Mine) RETURN n", "MATCH (n) SET n.x = 1")
    ):
        Path(f"{number}.cypher").write_text(text, encoding="utf-8")
        done = run("neo4j", "ask", f"{number}.cypher", "--source", there)
        assert done.exit_code == 2
        assert "only reads" in done.output
    with connect(who) as server:
        assert pull(server, source=there).equals(sample_graph("jiangsu"))


def test_bulk_prints_the_command_and_browse_what_to_paste(run: Run, tmp_path: Path) -> None:
    done = run("neo4j", "bulk", "sample:jiangsu", "-o", "导入")
    assert done.output.startswith("neo4j-admin database import full neo4j")
    assert (tmp_path / "导入" / "constraints.cypher").is_file()
    assert run("neo4j", "bulk", "sample:jiangsu", "-o", "导入").exit_code == 2
    assert "\nsingle_sources " in run("neo4j", "browse").output
    pasted = run("neo4j", "browse", "meetings_missing").output
    assert pasted.startswith(":param ")
    assert "MATCH (a:Alliance" in pasted
    assert "node.Enterprise {" in run("neo4j", "browse", "--style").output
    assert run("neo4j", "browse", "nothing").exit_code == 2


# who asks -----------------------------------------------------------------------------------------


def test_credentials_may_stand_in_a_file_or_be_typed(
    run: Run, there: str, who: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in NAMES:
        monkeypatch.delenv(name)
    query = ["neo4j", "ask", "single_sources", "--source", there]
    lines = [f"export NEO4J_URI={who.uri}", "# a remark", "NEO4J_USERNAME=neo4j", "OTHER=1"]
    Path(".env").write_text("\n".join(lines), encoding="utf-8")
    done = run(*query, typed=f"{who.password}\n")
    assert done.exit_code == 0, done.output
    assert "密码 password" in done.output
    Path(".env").write_text(
        "\n".join([*lines, f'NEO4J_PASSWORD="{who.password}"']), encoding="utf-8-sig"
    )
    done = run(*query)
    assert done.exit_code == 0, done.output
    assert "password" not in done.output
    monkeypatch.setenv("NEO4J_DATABASE", "nowhere")  # the environment comes before the file
    assert "no database 'nowhere'" in run(*query).output


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("NEO4J_URI", "bolt://127.0.0.1:1", "No server answers at bolt://127.0.0.1:1"),
        ("NEO4J_URI", "localhost:7687", "no Bolt address"),
        ("NEO4J_PASSWORD", SECRET, "Wrong user name or password"),
        ("NEO4J_DATABASE", "nowhere", "There is no database 'nowhere'"),
    ],
)
def test_what_is_wrong_is_one_plain_line(
    name: str, value: str, said: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    done = run("neo4j", "push", "sample:jiangsu")
    assert done.exit_code == 2
    assert said in done.output
    assert done.output.count("\n") == 1


def test_a_missing_extra_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as blocked:
        blocked.setitem(sys.modules, "neo4j", None)
        for extra, words in (("neo4j", ["neo4j", "push"]), ("cypher", ["cypher"])):
            done = run(*words, "sample:jiangsu", *(["gaps"] if extra == "cypher" else []))
            assert done.exit_code == 2
            assert f'pip install "liantu[{extra}]"' in done.output


# without a server ---------------------------------------------------------------------------------


def test_two_at_once_on_one_source_share_the_cache_in_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(tmp_path)}
    environment["LOCALAPPDATA"] = str(tmp_path)
    asking = [
        subprocess.Popen(  # noqa: S603  # our own command
            [sys.executable, "-c", "import cli; cli.main()", "cypher", "sample:jiangsu", query,
             "--format", "json"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for query in ("gaps", "alliances_without_bank")
    ]  # fmt: skip
    for process in asking:
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, err.decode()
        assert json.loads(out)["rows"]
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    kept = [path for path in cache_folder().iterdir() if path.is_dir()]
    assert len(kept) == 1
    assert (kept[0] / "complete").exists()
    assert not list(kept[0].glob("start.args"))


def test_the_oldest_databases_go_and_none_in_use_and_asking_changes_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    graph = load_rows({"企业": [["企业名称"], ["甲公司"]]}, name="小例").graph
    with opened(graph) as server:
        mine = next(path for path in cache_folder().iterdir() if path.is_dir())
        os.utime(mine, (0, 0))
        for number in range(8):
            (cache_folder() / f"old{number}").mkdir()
            os.utime(cache_folder() / f"old{number}", (number + 1, number + 1))
        other = load_rows({"企业": [["企业名称"], ["乙公司"]]}, name="小例").graph
        with opened(other) as second:
            with suppress(ServerError):
                server.ask(Statement("MATCH (e:Enterprise) SET e.name = '丁' RETURN e.name", {}))
            for each, name in ((server, "甲公司"), (second, "乙公司")):
                found = each.read(Statement("MATCH (e:Enterprise) RETURN e.name AS n", {}))
                assert found == [{"n": name}]
        left = {path.name for path in cache_folder().iterdir() if path.is_dir()}
    assert mine.name in left
    assert {"old0", "old1", "old2", "old3"} & left == set()
    assert {"old4", "old5", "old6", "old7"} <= left
