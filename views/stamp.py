"""What every answer carries besides its rows: as of when, from what, made when and by what."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from itertools import chain
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from graphmodel.findings import Findings
    from graphmodel.graph import ChainGraph, SourceFile
    from graphmodel.schema import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Where an answer comes from.

    Attributes:
        source: What the source is called.
        version: Version of Liantu.
        generated_at: Moment of the answer, ISO 8601 with its offset.
        as_of: Latest date the data speak of, at its own precision; None where nothing is dated.
        files: The files read.
        citations: Every distinct 来源 written in the data, sorted.
        remarks: What to know about the source as a whole, such as rows left out.
        findings: What was noticed while reading it, where that is at hand.
    """

    source: str
    version: str
    generated_at: str
    as_of: str | None
    files: tuple["SourceFile", ...] = ()
    citations: tuple[str, ...] = ()
    remarks: tuple["Text", ...] = ()
    findings: "Findings | None" = field(default=None, compare=False)


def stamp(
    graph: "ChainGraph",
    *,
    remarks: Iterable["Text"] = (),
    findings: "Findings | None" = None,
) -> Stamp:
    """Return the stamp of answers about `graph`.

    `as_of` is the latest 截至日期 of 填报范围; where that sheet gives none, the latest 来源日期 or
    截至日期 of any row.
    """
    return Stamp(
        source=graph.name,
        version=installed_version(),
        generated_at=now().isoformat(timespec="seconds"),
        as_of=_as_of(graph),
        files=graph.files,
        citations=_citations(graph),
        remarks=tuple(remarks),
        findings=findings,
    )


def installed_version() -> str:
    """Return the version of the installed distribution, "0" where it is not installed."""
    try:
        return version("liantu")
    except PackageNotFoundError:
        return "0"


def now() -> datetime:
    """Return the present moment, or the one that SOURCE_DATE_EPOCH fixes for repeatable output."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    if fixed.isdigit():
        return datetime.fromtimestamp(int(fixed), tz=UTC)
    return datetime.now(UTC).astimezone()


def _as_of(graph: "ChainGraph") -> str | None:
    declared = graph.nodes["Scope"]["as_of"].dropna()
    if len(declared):
        return str(declared.max())
    tables = chain(graph.nodes.values(), graph.edges.values())
    dated = [table["cited_on"].dropna() for table in tables if len(table)]
    dated.append(graph.nodes["Fact"]["as_of"].dropna())
    latest = pd.concat(dated)
    return str(latest.max()) if len(latest) else None


def _citations(graph: "ChainGraph") -> tuple[str, ...]:
    tables = chain(graph.nodes.values(), graph.edges.values())
    written = [table["citation"].dropna() for table in tables if len(table)]
    return tuple(sorted(pd.concat(written).unique())) if written else ()
