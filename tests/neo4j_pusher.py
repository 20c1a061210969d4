"""Push a graph from a process of its own, to be killed: `neo4j_pusher.py GRAPH SOURCE BATCH`.

The server is the one of the environment; a line is printed after every transaction.
"""

import pickle
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from graphmodel.graph import ChainGraph
from loaders.neo4j_push import push
from loaders.neo4j_server import connect, credentials


def main(graph: str, source: str, batch: str) -> None:
    """Push, telling every step."""
    nodes, edges, files, name = pickle.loads(Path(graph).read_bytes())  # noqa: S301  # the test's own
    with connect(credentials(Path(), prompt=lambda _: "")) as server:
        done = push(
            ChainGraph(nodes, edges, files=files, name=name),
            server,
            source=source,
            batch=int(batch),
            progress=lambda what, _share: print(what, flush=True),  # noqa: T201  # the test reads it
        )
    print(f"resumed {done.resumed}", flush=True)  # noqa: T201  # likewise


if __name__ == "__main__":
    main(*sys.argv[1:])
