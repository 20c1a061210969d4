"""填报范围: where silence means 无, and where it means 未填报."""

import numpy as np

from graphmodel.graph import ChainGraph, Codes, Mask


def declared(graph: ChainGraph, sheet: str, *, regions: Codes, chains: Codes) -> Mask:
    """Return for which items the sheet is declared complete, so that an absent row means 无.

    Args:
        graph: The graph whose sheet 填报范围 is asked.
        sheet: Chinese name of the sheet, such as 依托.
        regions: Code of each item's region, -1 where it has none; shape (n,).
        chains: Code of each item's chain, -1 where it has none; shape (n,).

    Returns:
        Boolean array of shape (n,). A declaration without 地区 holds for all regions, one with 地区
        for that region and its parts; likewise 产业链.
    """
    covered = np.zeros(len(regions), dtype=bool)
    scope = graph.nodes["Scope"]
    stated = scope[(scope["table"] == sheet) & scope["complete"].fillna(value=False)]
    for region, chain in zip(stated["region"], stated["chain"], strict=True):
        holds = np.ones(len(regions), dtype=bool)
        if region >= 0:
            holds &= graph.lies_within(regions, region)
        if chain >= 0:
            holds &= chains == chain
        covered |= holds
    return covered


def declared_for_enterprises(graph: ChainGraph, sheet: str) -> Mask:
    """Return for which enterprises the sheet is declared complete, by region and any of its chains.

    Returns:
        Boolean array in the order of the table of enterprises.
    """
    regions = graph.target("LOCATED_IN", "Enterprise")
    covered = declared(
        graph, sheet, regions=regions, chains=np.full(len(regions), -1, dtype=np.int64)
    )
    links = graph.edges["IN_CHAIN"]
    firm = graph.rows("Enterprise", links["source"].to_numpy())
    by_chain = declared(graph, sheet, regions=regions[firm], chains=links["target"].to_numpy())
    covered[firm[by_chain]] = True
    return covered
