"""Whether the plain versions say the same as Liantu, on the bundled sample.

For every question the main figures of each row are compared; a figure that Liantu leaves blank as
not reported may be none in the plain version. What is drawn at random is not compared.
"""

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from benchmarks.peers import Row, peer
from graphmodel.question import Result
from loaders import load
from queries import question

if TYPE_CHECKING:
    import networkx as nx

    from graphmodel.graph import ChainGraph

SAMPLE = "sample:chenglan"


class Check(NamedTuple):
    """Figures to compare between a table of the answer and the rows that have all of them."""

    keys: tuple[str, ...]
    figures: tuple[str, ...]
    table: str = ""
    renamed: str = ""  # what the last figure is called in the plain version
    every: bool = True  # every row of the answer is there


LEVELS = ("same_park", "same_city", "same_province")
CHECKS = {
    "gaps": (
        Check(
            ("segment_id",),
            ("state", "also", "upstream", "firms", "output", "hhi", "purchases", "local_share"),
        ),
    ),
    "needs": (
        Check(
            ("need_id",),
            ("state", "days_open", "action_id", "resource_id", "enterprise", "chain", "region"),
        ),
    ),
    "coverage": (
        Check(
            ("measure", "by", "group"),
            ("eligible", "covered", "not_covered", "not_reported", "interval"),
            every=False,  # a region with a stated figure alone has a row of zeros
        ),
    ),
    "leads": (
        Check(
            ("chain_id", "enterprise_id"),
            ("control", "support", "control_value", "support_value", "innovation_value"),
        ),
    ),
    "risks": (
        Check(
            ("enterprise_id",),
            (
                "single_source", "articulation", "segment", "local_substitutes",
                "outside_substitutes", "size_share", "esri",
            ),
        ),
    ),
    "overlap": (
        Check(("firm_a_id", "firm_b_id", "segment"), ("overlap", "advice", "shared")),
        Check(("chain", "firm_id"), ("role",), table="roles"),
    ),
    "alliances": (
        Check(
            ("alliance_id",),
            ("meetings_due", "meetings_held", "superiors", "leader", "chair", "chain", "lead",
             "formation_inferred"),
        ),
    ),
    "sourcing": (
        Check(
            ("number",),
            ("buyer_id", "supplier_id", "amount", *LEVELS, "rate_value", "rate_count",
             "alternative_count", "abroad"),
        ),
    ),
    "partners": (
        Check(("id",), ("graduates", "gap", "state", "schools")),
        Check(
            ("enterprise_id",), ("need", "gap", "credit", "loans", "equity", "state"),
            table="finance", renamed="finance",
        ),
    ),
    "ladder": (
        Check(("enterprise_id", "track", "current"), ("next", "step", "expiry", "days_left")),
    ),
}  # fmt: skip


def differences(name: str) -> list[str]:
    """Return where the plain version of a question differs from its answer on the sample."""
    graph = load(SAMPLE).graph
    plain = graph.to_networkx()
    asked = question(name)
    found = asked.answer(graph, asked.params())
    rows = peer(name)(plain, **_given(name, plain))
    told = [line for check in CHECKS.get(name, ()) for line in compared(check, found, rows)]
    further = {
        "needs": _assigned, "leads": _cores, "orders": _supplied, "alliances": _scored,
        "pairings": _paired, "changes": _counted,
    }  # fmt: skip
    return told + (further[name](graph, found, rows) if name in further else [])


def _given(name: str, plain: "nx.MultiDiGraph[str]") -> dict[str, Any]:
    from benchmarks.peers.reading import Book  # noqa: PLC0415  # only for risks
    from benchmarks.peers.risks import Trade  # noqa: PLC0415  # likewise

    return {"closed": sorted(Trade(Book(plain)).trading)} if name == "risks" else {}


def compared(check: Check, found: Result, rows: list[Row]) -> list[str]:
    """Return a line for every row that is missing, and for every figure that differs."""
    table = found.tables[check.table] if check.table else found.rows
    names = dict(zip(check.figures, check.figures, strict=True))
    if check.renamed:
        names[check.figures[-1]] = check.renamed
    wanted = {*check.keys, *names.values()}
    known = {tuple(row[key] for key in check.keys): row for row in rows if wanted <= row.keys()}
    told, seen = [], set()
    for ours in table.to_dict("records"):
        key = tuple(ours[key] for key in check.keys)
        seen.add(key)
        theirs = known.get(key)
        if theirs is None:
            told += [f"{key}: missing"] if check.every else []
            continue
        told += [
            f"{key} {figure}: {ours[figure]!r}, plain {theirs[other]!r}"
            for figure, other in names.items()
            if not same(ours[figure], theirs[other])
        ]
    return told + [f"{key}: not in the answer" for key in known.keys() - seen]


def same(ours: Any, theirs: Any) -> bool:  # noqa: ANN401  # cells of any type
    """Return whether two cells say the same; blank on our side may be nothing on the other."""
    if isinstance(ours, list):
        return len(ours) == len(theirs or []) and all(map(same, ours, theirs or []))
    if ours is None or ours is pd.NA or (isinstance(ours, float) and math.isnan(ours)):
        return not theirs
    if isinstance(ours, float) and theirs is not None:
        return math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-12)
    return bool(ours == theirs)


def _unequal(what: str, ours: Any, theirs: Any) -> list[str]:  # noqa: ANN401  # anything
    return [] if same(ours, theirs) else [f"{what}: {ours!r}, plain {theirs!r}"]


def _assigned(_graph: "ChainGraph", found: Result, rows: list[Row]) -> list[str]:
    """As many needs are matched in every category, at the same total score."""
    told = []
    for category, ours in found.rows.groupby("category")["score"]:
        scores = [r["score"] for r in rows if r["category"] == category and r["proposed_id"]]
        told += _unequal(f"{category}: matched", int(ours.count()), len(scores))
        if abs(float(ours.sum()) - sum(scores)) > 1e-4:  # noqa: PLR2004  # scores are float32
            told.append(f"{category}: total score {ours.sum()}, plain {sum(scores)}")
    return told


def _cores(graph: "ChainGraph", _found: Result, _rows: list[Row]) -> list[str]:
    """Core numbers of the network of supplies and 配套 ties are those of the kernel."""
    import networkx as nx  # noqa: PLC0415  # only here
    import numpy as np  # noqa: PLC0415  # likewise

    from benchmarks.peers.leads import network  # noqa: PLC0415  # only here
    from benchmarks.peers.reading import Book  # noqa: PLC0415  # likewise
    from queries.kernels.structure import core_numbers, undirected  # noqa: PLC0415  # numba

    tables = [graph.edges[edge] for edge in ("SUPPLIES", "COOPERATES")]
    ends = [
        graph.rows("Enterprise", np.concatenate([table[end].to_numpy() for table in tables]))
        for end in ("source", "target")
    ]
    apart = ends[0] != ends[1]
    ours = core_numbers(*undirected(ends[0][apart], ends[1][apart], len(graph.nodes["Enterprise"])))
    theirs = nx.core_number(network(Book(graph.to_networkx())))
    ids = graph.nodes["Enterprise"]["id"]
    return [
        line
        for id_, core in zip(ids, ours.tolist(), strict=True)
        for line in _unequal(f"core of {id_}", core, theirs.get(f"Enterprise:{id_}", 0))
    ]


def _supplied(_graph: "ChainGraph", found: Result, rows: list[Row]) -> list[str]:
    """Every order is filled by as many enterprises, with as much supplied and lacking."""
    plain: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for row in rows:
        sums = plain[row["order_number"]]
        for place, value in enumerate(
            (row["enterprise"] != "", row["supplied_quantity"], row["missing_quantity"])
        ):
            sums[place] += value or 0.0
    told = []
    for number, ours in found.rows.groupby("order_number"):
        sums = [
            float((ours["enterprise"] != "").sum()),
            float(ours["supplied_quantity"].sum()),
            float(ours["missing_quantity"].sum()),
        ]
        told += _unequal(str(number), sums, plain[str(number)])
    return told


def _scored(_graph: "ChainGraph", found: Result, rows: list[Row]) -> list[str]:
    """Scores, what is missing and whether it is met, of alliances measured by 1314."""
    known = {row["alliance_id"]: row for row in rows if row["met"] != "not_judged"}
    told = []
    for ours in found.rows.to_dict("records"):
        if row := known.get(ours["alliance_id"]):
            for figure in ("score", "met"):
                told += _unequal(f"{row['alliance']} {figure}", ours[figure], row[figure])
            for figure in ("missing", "not_reported"):
                number = len(ours[figure])
                told += _unequal(f"{row['alliance']} {figure}", number, len(row[figure]))
    return told


def _paired(_graph: "ChainGraph", found: Result, rows: list[Row]) -> list[str]:
    """States of pairs and of organizations without one, and the total score advised."""
    told = []
    for table, key in ((found.rows, "form"), (found.tables["unpaired"], "name")):
        plain = [row["state"] for row in rows if key in row]
        for state, number in table["state"].value_counts().items():
            told += _unequal(f"{key} {state}", int(number), plain.count(str(state)))
    advised = found.tables["advised"]["score"]
    scores = [row["score"] for row in rows if "score" in row]
    told += _unequal("advised", len(advised), len(scores))
    if abs(float(advised.sum()) - sum(scores)) > 1e-4:  # noqa: PLR2004  # scores are float32
        told.append(f"total score {advised.sum()}, plain {sum(scores)}")
    return told


def _counted(_graph: "ChainGraph", found: Result, rows: list[Row]) -> list[str]:
    """The figures of the month, in their order."""
    pairs = zip(found.rows.to_dict("records"), rows, strict=True)
    return [
        line
        for ours, theirs in pairs
        for line in _unequal(f"{ours['metric']} ({theirs['key']})", ours["now"], theirs["now"])
    ]
