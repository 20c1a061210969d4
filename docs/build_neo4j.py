"""Writes docs/neo4j-schema.md, the graph as Neo4j holds it, from the declaration."""

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from graphmodel.kinds import EDGE_KINDS, NODE_KINDS  # noqa: E402  # after the path is set
from graphmodel.schema import EdgeKind, NodeKind, Property, Reference, Type  # noqa: E402  # likewise
from loaders.neo4j_records import columns_of  # noqa: E402  # likewise

_TYPES = {
    Type.INTEGER: "integer",
    Type.NUMBER: "float",
    Type.SHARE: "float",
    Type.GROWTH: "float",
    Type.MONEY: "float",
    Type.BOOLEAN: "boolean",
    Type.TEXTS: "list of strings",
    Type.CHOICES: "list of strings",
}

_COMMON = (
    "每个节点都有 `liantu_source`、`liantu_id`、`liantu_push`、`name`、`standing`，每条关系有前三项"
    "和 `inferred`；都可能有 `citation`、`cited_on`、`note`、`file`、`sheet`、`row`。"
    " Every node has `liantu_source`, `liantu_id`, `liantu_push`, `name` and `standing`; every"
    " relation the first three and `inferred`; all may have the others."
)


def page() -> str:
    """Return the page."""
    parts = [
        "# Neo4j 里的图 / The graph in Neo4j",
        "由 `docs/build_neo4j.py` 从声明生成。 Made from the declaration by `docs/build_neo4j.py`.",
        _COMMON,
        "## 节点 / Nodes",
        *(_kind(kind, f"### `:{kind.name}` {kind.zh} {kind.en}") for kind in NODE_KINDS.values()),
        "## 关系 / Relations",
        *(_kind(kind, _title(kind)) for kind in EDGE_KINDS.values()),
    ]
    return "\n\n".join(parts) + "\n"


def _title(kind: EdgeKind) -> str:
    ends = f"({' | '.join(kind.sources)}) → ({' | '.join(kind.targets)})"
    if len(ends) > 200:  # noqa: PLR2004  # any kind to any kind
        ends = "…"
    undirected = "" if kind.directed else "，无方向 undirected"
    return f"### `[:{kind.name}]` {kind.zh} {kind.en}\n\n{ends}{undirected}"


def _kind(kind: NodeKind | EdgeKind, title: str) -> str:
    rows = [
        f"| `{name}` | {column.zh} | {_type(column)} |"
        for name, column in columns_of(kind).items()
        if name not in {"name", "citation", "cited_on", "note"}
    ]
    table = "\n".join(["| 属性 | 中文 | 类型 |", "| --- | --- | --- |", *rows])
    return f"{title}\n\n{table}" if rows else title


def _type(column: Property | Reference) -> str:
    if isinstance(column, Reference):
        many = len(column.to) > 1
        return f"id of {', '.join(column.to)}, as `Kind:id`" if many else f"id of {column.to[0]}"
    unit = f"，{column.unit}" if column.unit else ""
    return _TYPES.get(column.type, "string") + unit


if __name__ == "__main__":
    (ROOT / "docs" / "neo4j-schema.md").write_text(page(), encoding="utf-8")
