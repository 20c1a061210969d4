"""Who could fill or strengthen a segment: outside suppliers, firms here, institutes."""

from typing import Final

import numpy as np
import pandas as pd

from graphmodel.graph import ChainGraph, Codes
from graphmodel.schema import Text
from queries.purchases import Purchases
from queries.relatedness import Relatedness
from queries.segments import Floats, Mask, Placement, Template, inside_data

KINDS: Final = {
    "outside_supplier": Text("区外现有供方", "outside supplier"),
    "makes_product": Text("本地生产该产品", "local maker of the product"),
    "adjacent": Text("本地相邻环节企业", "local firm in an adjacent segment"),
    "same_industry": Text("本地同行业企业", "local firm of the same industry"),
    "related_industry": Text("本地相关行业企业", "local firm of a related industry"),
    "institute": Text("对口院所", "institute of a matching discipline"),
}
"""Kinds of candidates, the nearest first."""

PER_KIND: Final = 3
"""Candidates of each kind that are listed for a segment."""

_STRONGEST = 8  # firms of an industry and region that are looked at
_RELATED = 3  # related industries of a segment that are looked at
_COMMON = frozenset(
    "技术 工程 科学 制造 设备 产业 服务 系统 应用 研究 材料 学院 虚构 与工 科技 学与".split()
)  # pairs of characters that make no discipline match a segment


def candidates(  # noqa: PLR0913, PLR0917  # each kind of candidate is known from another part of the data
    graph: ChainGraph,
    template: Template,
    placement: Placement,
    bought: Purchases,
    related: Relatedness,
    wanted: Mask,
) -> pd.DataFrame:
    """Return the candidates of every leaf that is `wanted`, the nearest first.

    Returns:
        `leaf`, `kind` (see `KINDS`), `code` of the node, `name`, `region` (name), `value`, `detail`
        and `detail_en` (what speaks for it), at most `PER_KIND` of each kind; an enterprise stands
        under the first kind that holds.
    """
    leaves = np.flatnonzero(wanted)
    firms = _firms(graph, placement)
    found = [
        _outside_suppliers(graph, bought),
        _makers(graph, template),
        _adjacent(graph, template, placement, related),
        _industries(template, placement, related, firms),
    ]
    offers = pd.concat([f[f["leaf"].isin(leaves)] for f in found], ignore_index=True)
    offers["rank"] = offers["kind"].map({kind: i for i, kind in enumerate(KINDS)})
    offers = _local_only(graph, template, placement, offers)
    offers = offers.merge(firms[["firm", "output", "name"]], on="firm", how="left")
    offers["strength"] = offers["value"].where(
        offers["kind"].isin(["outside_supplier", "related_industry"]), offers["output"]
    )
    offers = offers.sort_values(
        ["leaf", "rank", "strength", "name"], ascending=[True, True, False, True], kind="stable"
    )
    offers = offers.drop_duplicates(["leaf", "firm"])
    offers = offers[offers.groupby(["leaf", "rank"]).cumcount() < PER_KIND]
    offers["code"] = offers["firm"].to_numpy(np.int64) + graph.offsets["Enterprise"]
    institutes = _institutes(graph, template, leaves)
    shown = pd.concat([offers, institutes], ignore_index=True)
    shown = shown.sort_values(["leaf", "rank"], kind="stable", ignore_index=True)
    code = shown["code"].to_numpy(np.int64)
    region = graph.names(_home(graph)[code] if len(code) else code)
    shown["region"] = shown["where"].where(shown["where"].notna(), region)
    shown["name"] = graph.names(code)
    columns = ["leaf", "kind", "code", "name", "region", "value", "detail", "detail_en"]
    return shown[columns]


def _home(graph: ChainGraph) -> Codes:
    """Region of every node by its code, -1 where none is stated."""
    table = graph.edges["LOCATED_IN"]
    home = np.full(graph.size, -1, dtype=np.int64)
    home[table["source"].to_numpy()[::-1]] = table["target"].to_numpy()[::-1]
    return home


def _firms(graph: ChainGraph, placement: Placement) -> pd.DataFrame:
    table = graph.nodes["Enterprise"]
    frame = pd.DataFrame(
        {
            "firm": np.arange(len(table)),
            "output": table["output"],
            "name": table["name"],
            "industry": table["industry_code"],
            "region": graph.target("LOCATED_IN", "Enterprise"),
        }
    )
    return frame.assign(inside=inside_data(graph))


def _frame(
    leaf: Codes,
    firm: Codes,
    kind: str,
    value: "Floats | float" = np.nan,
    detail: "tuple[pd.Series[str], pd.Series[str]] | None" = None,
) -> pd.DataFrame:
    zh, en = ("", "") if detail is None else (detail[0].to_numpy(), detail[1].to_numpy())
    frame = pd.DataFrame({"leaf": leaf, "firm": firm, "kind": kind, "value": value})
    frame["detail"] = pd.Series(zh, index=frame.index, dtype="str")
    frame["detail_en"] = pd.Series(en, index=frame.index, dtype="str")
    frame["where"] = pd.Series(None, index=frame.index, dtype="str")
    return frame


def outside_suppliers(graph: ChainGraph, bought: Purchases) -> pd.DataFrame:
    """Return who supplies the region's firms from elsewhere.

    Returns:
        `leaf`, `supplier` (row), `amount` in 万元 (NaN unknown), `buyers`, `region` (name, null
        where not reported); known to lie outside the region, or a party outside the data.
    """
    rows = bought.rows[bought.rows["local_buyer"] == 1]
    party = ~inside_data(graph)[rows["supplier"].to_numpy()]
    away = (rows["local_supplier"] == 0) | (rows["local_supplier"].isna() & party)
    rows = rows[away]
    table = rows.groupby(["leaf", "supplier"], as_index=False).agg(
        amount=("amount", "sum"),
        known=("amount", "count"),
        buyers=("buyer", "nunique"),
        origin=("origin", "max"),
    )
    table["amount"] = table["amount"].where(table["known"] > 0)
    table["region"] = graph.names(table["origin"].to_numpy(np.int64))
    return table


def _outside_suppliers(graph: ChainGraph, bought: Purchases) -> pd.DataFrame:
    table = outside_suppliers(graph, bought)
    amount = table["amount"].round().astype("Int64").astype("str")
    buyers = table["buyers"].astype("str")
    zh = "供本地" + buyers + "家" + ("，" + amount + "万元").where(table["amount"].notna(), "")
    sold = (", " + amount + " (10k yuan)").where(table["amount"].notna(), "")
    en = "supplies " + buyers + " firms here" + sold
    frame = _frame(
        table["leaf"].to_numpy(np.int64),
        table["supplier"].to_numpy(np.int64),
        "outside_supplier",
        table["amount"].to_numpy(np.float64),
        (zh, en),
    )
    frame["where"] = table["region"].to_numpy()
    return frame


def _makers(graph: ChainGraph, template: Template) -> pd.DataFrame:
    table = graph.edges["MAKES"]
    product = graph.rows("Product", table["target"].to_numpy())
    segment = np.append(graph.rows("Segment", graph.nodes["Product"]["segment"].to_numpy()), -1)
    leaf = np.append(template.number, -1)[segment[product]]
    firm = graph.rows("Enterprise", table["source"].to_numpy())
    kept = (leaf >= 0) & (firm >= 0)
    names = pd.Series(graph.nodes["Product"]["name"].to_numpy(object)[product[kept]], dtype="str")
    return _frame(leaf[kept], firm[kept], "makes_product", detail=(names, names))


def _adjacent(
    graph: ChainGraph, template: Template, placement: Placement, related: Relatedness
) -> pd.DataFrame:
    links = template.links[["upstream", "downstream"]]
    sides = pd.concat(
        [
            links.set_axis(["beside", "leaf"], axis=1),
            links.set_axis(["leaf", "beside"], axis=1),
        ]
    )
    here = placement.here[["firm", "leaf"]].set_axis(["firm", "beside"], axis=1)
    pairs = sides.merge(here, on="beside").drop_duplicates(["leaf", "firm"], ignore_index=True)
    names = graph.nodes["Segment"]["name"].to_numpy(object)[template.segments]
    beside = pd.Series(names[pairs["beside"].to_numpy(np.int64)], dtype="str")
    return _frame(
        pairs["leaf"].to_numpy(np.int64),
        pairs["firm"].to_numpy(np.int64),
        "adjacent",
        detail=(beside, beside),
    )


def _industries(
    template: Template, placement: Placement, related: Relatedness, firms: pd.DataFrame
) -> pd.DataFrame:
    """Firms with the industry code of the leaf, or one of those most related to it."""
    near = related.proximity
    order = np.argsort(-np.round(near, 12), axis=1, kind="stable")[:, :_RELATED]
    leaf = np.repeat(np.arange(len(template)), order.shape[1])
    related_codes = pd.DataFrame({"leaf": leaf, "number": order.ravel()})
    related_codes["value"] = near[leaf, order.ravel()]
    related_codes = related_codes[related_codes["value"] > 0].assign(kind="related_industry")
    own = pd.DataFrame(np.argwhere(related.own > 0), columns=["leaf", "number"])
    codes = pd.concat([own.assign(value=1.0, kind="same_industry"), related_codes])
    codes["industry"] = related.codes.to_numpy(object)[codes["number"].to_numpy(np.int64)]
    strong = firms[firms["inside"] & firms["industry"].notna()]
    strong = strong.sort_values(["output", "name"], ascending=[False, True], kind="stable")
    strong = strong[strong.groupby(["industry", "region"]).cumcount() < _STRONGEST]
    pairs = codes.merge(strong[["firm", "industry"]], on="industry")
    zh = ("行业代码" + pairs["industry"]).astype("str")
    en = ("industry code " + pairs["industry"]).astype("str")
    frame = _frame(
        pairs["leaf"].to_numpy(np.int64),
        pairs["firm"].to_numpy(np.int64),
        "related_industry",
        pairs["value"].to_numpy(np.float64),
        (zh, en),
    )
    frame["kind"] = pairs["kind"].to_numpy()
    return frame


def _local_only(
    graph: ChainGraph, template: Template, placement: Placement, offers: pd.DataFrame
) -> pd.DataFrame:
    """Keep outside suppliers, and firms of the region that do not stand on the leaf already."""
    firm = offers["firm"].to_numpy(np.int64)
    leaf = offers["leaf"].to_numpy(np.int64)
    chain = template.chains[leaf]
    region = graph.target("LOCATED_IN", "Enterprise")[firm]
    size = max(len(graph.nodes["Chain"]), 1)
    members = placement.members
    key = members["firm"].to_numpy() * size + members["chain"].to_numpy()
    member = np.isin(firm * size + chain, key)
    local = inside_data(graph)[firm] & (template.reach.inside(chain, region) | member)
    here = placement.here
    stands = here["firm"].to_numpy() * max(len(template), 1) + here["leaf"].to_numpy()
    already = np.isin(firm * max(len(template), 1) + leaf, stands)
    outside = (offers["kind"] == "outside_supplier").to_numpy()
    return offers[outside | (local & ~already)]


def _pairs_of_characters(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)} - _COMMON


def _institutes(graph: ChainGraph, template: Template, leaves: Codes) -> pd.DataFrame:
    """Institutes with a discipline that shares two characters in a row with the leaf's words."""
    table = graph.nodes["University"]
    stated = table["disciplines"].str.split(r"[;；、]").explode().str.strip().dropna()
    fields = pd.DataFrame({"institute": stated.index, "field": stated.to_numpy()})
    grams = _grams(fields["field"].unique(), "field")
    words = _words(graph, template, leaves)
    shared = words.merge(grams, on="gram").groupby(["leaf", "field"], as_index=False).size()
    found = shared.merge(fields, on="field").sort_values(
        ["leaf", "institute", "size", "field"], ascending=[True, True, False, True]
    )
    found = found.drop_duplicates(["leaf", "institute"])
    row = found["institute"].to_numpy(np.int64)
    region = graph.target("LOCATED_IN", "University")[row]
    chain = template.chains[found["leaf"].to_numpy(np.int64)]
    found["near"] = template.reach.inside(chain, region)
    found["name"] = table["name"].to_numpy(object)[row]
    found = found.sort_values(
        ["leaf", "near", "size", "name"], ascending=[True, False, False, True]
    )
    found = found[found.groupby("leaf").cumcount() < PER_KIND]
    code = found["institute"].to_numpy(np.int64) + graph.offsets["University"]
    return pd.DataFrame(
        {
            "leaf": found["leaf"].to_numpy(np.int64),
            "kind": "institute",
            "rank": len(KINDS),
            "code": code,
            "value": found["size"].to_numpy(np.float64),
            "detail": pd.Series(found["field"].to_numpy(), dtype="str"),
            "detail_en": pd.Series(found["field"].to_numpy(), dtype="str"),
            "where": pd.Series([None] * len(found), dtype="str"),
        }
    )


def _grams(texts: np.ndarray, key: str) -> pd.DataFrame:
    rows = [(text, gram) for text in texts for gram in sorted(_pairs_of_characters(text))]
    return pd.DataFrame(rows, columns=[key, "gram"], dtype="str")


def _words(graph: ChainGraph, template: Template, leaves: Codes) -> pd.DataFrame:
    """The pairs of characters in the names of each leaf, its chain and its products."""
    names = graph.nodes["Segment"]["name"].to_numpy(object)[template.segments]
    chains = graph.nodes["Chain"]["name"].to_numpy(object)[template.chains]
    products = product_names(graph, template)
    rows = [
        (leaf, gram)
        for leaf in leaves.tolist()
        for gram in sorted(
            set().union(
                *map(_pairs_of_characters, (names[leaf], chains[leaf], *products.get(leaf, ())))
            )
        )
    ]
    frame = pd.DataFrame(rows, columns=["leaf", "gram"])
    return frame.astype({"leaf": "int64", "gram": "str"})


def product_names(graph: ChainGraph, template: Template) -> dict[int, list[str]]:
    """Return the names of the products of each leaf that has any, sorted."""
    table = graph.nodes["Product"]
    number = np.append(template.number, -1)
    segment = graph.rows("Segment", table["segment"].to_numpy())
    stands = graph.edges["IN_SEGMENT"]
    product = graph.rows("Product", stands["product"].to_numpy())
    names = np.append(table["name"].to_numpy(object), "")
    pairs = pd.DataFrame(
        {
            "leaf": np.concatenate(
                [number[segment], number[graph.rows("Segment", stands["target"].to_numpy())]]
            ),
            "name": np.concatenate([names[:-1], names[product]]),
        }
    )
    pairs = pairs[(pairs["leaf"] >= 0) & (pairs["name"] != "")].drop_duplicates()
    listed = pairs.sort_values("name").groupby("leaf")["name"].agg(list)
    return dict(zip(listed.index.tolist(), listed.tolist(), strict=True))
