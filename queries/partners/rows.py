"""The answer of `partners`: talent as its rows; finance, research and tasks as further tables."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph
from graphmodel.question import Result
from queries.asked import asked_enterprises
from queries.moment import asked_day
from queries.partners.fairs import by_firm, quarters
from queries.partners.finance import finance, open_needs
from queries.partners.links import institutes, unconnected
from queries.partners.research import joint_tasks, matrix
from queries.partners.talent import majors, talent
from queries.partners.tasks import tasks, untasked
from queries.partners.words import not_reported, notes, reasons
from queries.sourcing.places import Places

if TYPE_CHECKING:
    from queries.partners import PartnerParams


def answered(graph: ChainGraph, params: "PartnerParams") -> Result:
    """Return the answer described at `queries.partners.answer`."""
    asked = asked_enterprises(graph, params)
    places = Places(graph)
    day = asked_day(graph, params.as_of)
    posts = talent(graph, params, places, asked)
    fairs, held = quarters(graph, day)
    money = finance(graph, asked)
    events = joint_tasks(graph, params, asked)
    research, pairs = matrix(graph, events)
    matching, loose = institutes(graph, params)
    work = tasks(graph, events, day)
    rows = _described(graph, places, posts[0], by_firm(graph, fairs, held))
    weak = untasked(graph, params, events, asked)
    return Result(
        question="partners",
        params=params,
        rows=rows,
        tables={
            "majors": majors(graph, posts[0]),
            "fairs": held,
            "finance": money,
            "research": research,
            "pairs": pairs,
            "institutes": matching,
            "tasks": work,
            "untasked": weak,
            "unconnected": unconnected(graph, params, places, posts, open_needs(money), loose),
        },
        notes=notes(held, money, work),
        not_reported=not_reported(graph, rows, held, research),
    )


def _described(
    graph: ChainGraph, places: Places, rows: pd.DataFrame, came: pd.DataFrame
) -> pd.DataFrame:
    firm = rows["firm"].to_numpy(np.int64)
    table = graph.nodes["Enterprise"]
    region = np.append(graph.nodes["Region"]["name"].to_numpy(dtype=object), "")
    frame = rows.assign(
        enterprise=np.append(table["name"].to_numpy(dtype=object), "")[firm],
        enterprise_id=np.append(table["id"].to_numpy(dtype=object), "")[firm],
        region=region[np.append(places.regions, -1)[firm]],
        fairs=np.append(came["zh"].to_numpy(dtype=object), "")[firm],
        fairs_en=np.append(came["en"].to_numpy(dtype=object), "")[firm],
        headcount=rows["headcount"].astype("Float64").astype("Int64"),
        graduates=rows["graduates"].astype("Float64").astype("Int64"),
        gap=rows["gap"].astype("Float64").astype("Int64"),
    )
    return reasons(frame)
