"""The style sheet of Neo4j Browser (GraSS): a colour and a caption for every kind."""

from typing import Final

from graphmodel.kinds import EDGE_KINDS, NODE_KINDS

COLOURS: Final = {
    "Enterprise": "#4c78a8",
    "PartyOrganization": "#c0392b",
    "University": "#72b7b2",
    "FinancialInstitution": "#eeca3b",
    "GovernmentDepartment": "#7f7f7f",
    "Association": "#b279a2",
    "Alliance": "#e45756",
    "Cluster": "#5d4a8a",
    "Chain": "#9467bd",
    "Segment": "#54a24b",
    "Product": "#88d27a",
    "Region": "#9d755d",
    "Finding": "#ff7f0e",
}
"""Colour of each kind; others are grey."""

_OTHER: Final = "#bab0ac"
_LARGE: Final = ("Chain", "Alliance", "Segment")


def style_sheet() -> str:
    """Return the style sheet; a node shows its name, a relation its type."""
    plain = (
        "node { diameter: 50px; color: #bab0ac; border-color: #8a8a8a; border-width: 2px;"
        " text-color-internal: #ffffff; font-size: 10px; }"
    )
    lines = (
        "relationship { color: #a5abb6; shaft-width: 1px; font-size: 8px; padding: 3px;"
        ' text-color-external: #000000; text-color-internal: #ffffff; caption: "<type>"; }'
    )
    rules = [plain, lines]
    for label in (*NODE_KINDS, "Finding"):
        size = 65 if label in _LARGE else 50
        caption = "{state}" if label == "Finding" else "{name}"
        rules.append(
            f"node.{label} {{ color: {COLOURS.get(label, _OTHER)}; border-color: #5c5c5c;"
            f' text-color-internal: #ffffff; diameter: {size}px; caption: "{caption}"; }}'
        )
    rules += [
        f"relationship.{name} {{ shaft-width: {3 if name == 'SUPPLIES' else 1}px; }}"
        for name in EDGE_KINDS
    ]
    return "\n".join(rules)
