"""Which enterprises a question is asked about: those of a chain, of a region, or all."""

import numpy as np

from graphmodel.graph import ChainGraph, Mask
from graphmodel.question import Params
from queries.membership import chain_members, insiders


def asked_enterprises(graph: ChainGraph, params: Params) -> Mask:
    """Return which enterprises are in the chain and the region that `params` name.

    Parties outside the data are never among them; a firm without 地区 lies in no region.

    Raises:
        UsageError: There is no such chain or region.
    """
    kept = insiders(graph).copy()
    if params.chain:
        chain = graph.find("Chain", params.chain) - graph.offsets["Chain"]
        members = chain_members(graph)
        kept &= np.isin(np.arange(len(kept)), members.loc[members["chain"] == chain, "firm"])
    if params.region:
        region = graph.find("Region", params.region)
        kept &= graph.lies_within(graph.target("LOCATED_IN", "Enterprise"), region)
    return kept
