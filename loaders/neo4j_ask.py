"""Ask a database a saved query: its source, and names in place of ids."""

from collections.abc import Mapping
from typing import Any

from graphmodel.dates import last_day
from graphmodel.errors import UsageError
from loaders.neo4j_pull import chosen
from loaders.neo4j_records import ID, SOURCE
from loaders.neo4j_server import Server, Statement


def ask(
    server: Server, text: str, parameters: Mapping[str, Any], *, source: str = ""
) -> tuple[list[str], list[list[Any]]]:
    """Run a query in a transaction that only reads; return its columns and rows.

    Args:
        server: Where the graph is.
        text: The query.
        parameters: Its parameters. `source` is filled in from `source`, or from the only one there
            is; `chain` and `region` may be names and become ids; `as_of` becomes a day.
        source: Name of the source asked about.

    Raises:
        UsageError: There is no such source, chain or region, or several of that name.
        ServerError: The server refuses the query.
    """
    given = dict(parameters)
    if "source" in given:
        given["source"] = name = chosen(server, source)
        for key, kind in (("chain", "Chain"), ("region", "Region")):
            if given.get(key):
                given[key] = _identified(server, name, kind, str(given[key]))
    if given.get("as_of"):
        given["as_of"] = last_day(str(given["as_of"])).isoformat()
    return server.ask(Statement(text, given))


def _identified(server: Server, source: str, kind: str, text: str) -> str:
    """Return the id of the chain or region with this id or name, or, of a chain, 名称@地区."""
    found = server.read(
        Statement(
            f"MATCH (n:{kind} {{{SOURCE}: $source}})"
            " OPTIONAL MATCH (n)-[:LOCATED_IN]->(r:Region)"
            f" WITH n, CASE WHEN n.{ID} = $text THEN 2"
            " WHEN n.name = $text OR n.name + '@' + r.name = $text THEN 1 ELSE 0 END AS fit"
            f" WHERE fit > 0 RETURN n.{ID} AS id, fit ORDER BY fit DESC, id",
            {"source": source, "text": text},
        )
    )
    best = [row["id"] for row in found if row["fit"] == found[0]["fit"]]
    if len(best) == 1:
        return str(best[0])
    if best:
        ids = "、".join(best)
        msg = f"“{text}”不唯一，请写编码：{ids}。 {text!r} is ambiguous; give an id: {ids}."
    else:
        msg = f"来源“{source}”里没有“{text}”（{kind}）。 Source {source!r} has no {kind} {text!r}."
    raise UsageError(msg)
