"""Institutes whose disciplines match a segment, and the words by which a segment is known."""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.graph import ChainGraph, Codes
from queries.segments import Template

_COMMON: Final = frozenset(
    {
        "技术", "工程", "科学", "制造", "设备", "产业", "服务", "系统", "应用", "研究", "材料",
        "学院", "虚构", "与工", "科技", "学与",
    }
)  # fmt: skip  # pairs of characters that make no discipline match a segment


def _pairs_of_characters(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)} - _COMMON


def institutes(graph: ChainGraph, template: Template, leaves: Codes, *, limit: int) -> pd.DataFrame:
    """Return universities and institutes with a discipline that matches one of `leaves`.

    A discipline matches where it shares two characters in a row with the name of the segment, of
    its chain or of its products; those of the region come first, then those that share most.

    Returns:
        At most `limit` rows per leaf: `leaf`, `kind` "institute", `code` of the node, `home`
        (region code, -1 unknown), `value` (pairs of characters shared), `detail` (the
        discipline) and `detail_en`.
    """
    table = graph.nodes["University"]
    split = table["disciplines"].fillna("").str.split(r"[;；、]").explode()
    stated = split.astype("str").str.strip()
    stated = stated[stated != ""]
    fields = pd.DataFrame({"institute": stated.index, "field": stated.to_numpy()})
    grams = _grams(fields["field"].drop_duplicates().to_numpy(object), "field")
    words = _words(graph, template, leaves)
    shared = words.merge(grams, on="gram").groupby(["leaf", "field"], as_index=False).size()
    found = shared.merge(fields, on="field").sort_values(
        ["leaf", "institute", "size", "field"], ascending=[True, True, False, True]
    )
    found = found.drop_duplicates(["leaf", "institute"])
    row = found["institute"].to_numpy(np.int64)
    region = graph.target("LOCATED_IN", "University")[row]
    chain = template.chains[found["leaf"].to_numpy(np.int64)]
    found["home"] = region
    found["near"] = template.reach.inside(chain, region)
    found["name"] = table["name"].to_numpy(object)[row]
    found = found.sort_values(
        ["leaf", "near", "size", "name"], ascending=[True, False, False, True]
    )
    found = found[found.groupby("leaf").cumcount() < limit]
    code = found["institute"].to_numpy(np.int64) + graph.offsets["University"]
    return pd.DataFrame(
        {
            "leaf": found["leaf"].to_numpy(np.int64),
            "kind": "institute",
            "code": code,
            "home": found["home"].to_numpy(np.int64),
            "value": found["size"].to_numpy(np.float64),
            "detail": pd.Series(found["field"].to_numpy(), dtype="str"),
            "detail_en": pd.Series(found["field"].to_numpy(), dtype="str"),
        }
    )


def _grams(texts: npt.NDArray[np.object_], key: str) -> pd.DataFrame:
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
