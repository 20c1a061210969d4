"""What the database must know before the first node: constraints and indexes, all declared.

Names of labels, types and properties come from the declaration only, so that no statement ever
holds text from a file.
"""

from typing import Final

from graphmodel.kinds import EDGE_KINDS, NODE_KINDS
from loaders.neo4j_records import ID, SOURCE

BOOK: Final = "LiantuSource"
"""Label of the node that keeps, for each source, what was pushed and how far."""

FINDING: Final = "Finding"
FOUND_IN: Final = "FOUND_IN"
"""Label and type of answers written back."""

LABELS: Final = (*NODE_KINDS, FINDING)
TYPES: Final = (*EDGE_KINDS, FOUND_IN)


def constraints() -> list[str]:
    """Return the statements that make (liantu_source, liantu_id) unique, for every kind."""
    both = f"(x.{SOURCE}, x.{ID})"
    nodes = [
        f"CREATE CONSTRAINT liantu_{label.lower()} IF NOT EXISTS"
        f" FOR (x:{label}) REQUIRE {both} IS UNIQUE"
        for label in LABELS
    ]
    relations = [
        f"CREATE CONSTRAINT liantu_{type_.lower()} IF NOT EXISTS"
        f" FOR ()-[x:{type_}]-() REQUIRE {both} IS UNIQUE"
        for type_ in TYPES
    ]
    book = (
        f"CREATE CONSTRAINT liantu_book IF NOT EXISTS FOR (x:{BOOK}) REQUIRE (x.{SOURCE}) IS UNIQUE"
    )
    return [book, *nodes, *relations]


def indexes() -> list[str]:
    """Return the statements that make every kind quick to find by name."""
    return [
        f"CREATE INDEX liantu_{label.lower()}_name IF NOT EXISTS FOR (x:{label}) ON (x.name)"
        for label in NODE_KINDS
    ]
