"""Bulk import into a real Neo4j: the command as printed, the same graph back."""

import shlex
from pathlib import Path

import pytest
from neo4j_samples import sample as sample_graph
from neo4j_servers import LTS, Home

from graphmodel.errors import OutputError
from loaders import neo4j_bulk
from loaders.neo4j_bulk import bulk
from loaders.neo4j_pull import pull
from loaders.neo4j_push import push
from loaders.neo4j_server import connect


def test_what_was_imported_in_bulk_is_pulled_and_pushed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neo4j_bulk, "_CHUNK", 100)  # several to a kind
    home = Home(tmp_path / "home", LTS)
    graph = sample_graph("chenglan")
    words = shlex.split(bulk(graph, tmp_path / "files", source="批量"))
    assert words[:4] == ["neo4j-admin", "database", "import", "full"]
    monkeypatch.chdir(tmp_path / "files")
    home.admin(*words[1:])
    home.start()
    try:
        with connect(home.credentials) as server:
            back = pull(server, source="批量")
            assert back.equals(graph)
            assert back.files == graph.files
            again = push(graph, server, source="批量")
            assert (again.removed, again.released) == (0, 0)
            assert pull(server, source="批量").equals(graph)
    finally:
        home.stop()


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(OutputError, match="not empty"):
        bulk(sample_graph("jiangsu"), tmp_path)
