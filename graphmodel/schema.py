"""The types in which kinds are declared; `kinds` holds the declaration itself."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Text(NamedTuple):
    """One sentence or label in both languages."""

    zh: str
    en: str

    def pick(self, lang: str) -> str:
        """Return the text in `lang`: "zh" or "en"."""
        return self.en if lang == "en" else self.zh


class Type(StrEnum):
    """How a cell is read and stored.

    Stored as: TEXT, DATE `str` (a date in ISO form at its own precision); TEXTS, CHOICES `str`
    joined with `;`; CHOICE `category` of the Chinese choices; INTEGER `Int64`; NUMBER `float64`;
    SHARE `float64` in [0, 1]; GROWTH `float64`, any sign; MONEY `float64` in 万元; BOOLEAN
    `boolean`. A reference is `int64`: the code of a node, -1 where not reported.
    """

    TEXT = "text"
    TEXTS = "texts"
    CODE = "credit_code"
    CHOICE = "choice"
    CHOICES = "choices"
    INTEGER = "integer"
    NUMBER = "number"
    SHARE = "share"
    GROWTH = "growth"
    MONEY = "money"
    BOOLEAN = "boolean"
    DATE = "date"


class Choice(NamedTuple):
    """An allowed value: as written in Chinese, its English label, other spellings."""

    zh: str
    en: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """A column that holds a value.

    Attributes:
        name: Column of the table, property in Neo4j and English header, in lower_snake.
        zh: The fixed Chinese header, without its unit.
        en: English header for people.
        unit: Unit of the stored value; of MONEY always 万元.
        choices: Allowed values of CHOICE and CHOICES.
        required: A row without it is refused.
        aliases: Other headers that mean this column.
        example: Cell of the template's example row, as a planner would write it.
        help: What the column means and what leaving it blank means.
    """

    name: str
    zh: str
    en: str
    type: Type = Type.TEXT
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    required: bool = False
    aliases: tuple[str, ...] = ()
    example: str = ""
    help: Text = Text("", "")


class Link(NamedTuple):
    """The relation that a reference column of a node's sheet stands for.

    `incoming` turns it round: the referenced node is the source. `role` is the value that the
    relation's `role` property takes.
    """

    edge: str
    incoming: bool = False
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A column that names another node by id (编码), credit code or name.

    Attributes:
        name: As in `Property`; on a relation's sheet `source` and `target` are its ends.
        to: Node kinds it may point to, tried together; the first is the kind that a name creates.
        many: Several values may stand in one cell.
        within: Column of the same row that narrows the choice (a segment within its chain).
        link: The relation it becomes; None stores the code of the node as a property.
        outside: An unknown name is a party outside the data, not an error.
        otherwise: Kind made, from the other cells of `otherwise_from`, where the cell is blank.
    """

    name: str
    zh: str
    en: str
    to: tuple[str, ...]
    many: bool = False
    within: str = ""
    link: Link | None = None
    outside: bool = False
    otherwise: str = ""
    otherwise_from: tuple[str, ...] = ()
    required: bool = False
    aliases: tuple[str, ...] = ()
    example: str = ""
    help: Text = Text("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeKind:
    """A kind of node, and the sheet that fills it.

    Attributes:
        name: Label in Neo4j, CamelCase.
        zh: Chinese label.
        en: English label.
        key: Columns whose values make the id where 编码 is blank.
        hashed: The id is a hash of the key, which is too long to read.
        title: Column shown as the name of a kind whose sheet has no name column.
        cues: Endings of names by which an unknown name is taken for this kind.
        sheet: Chinese name of the sheet; empty for a kind made only by references.
        sheet_en: English name of the sheet and of its CSV file.
        sheet_aliases: Other names of the sheet.
        columns: What the sheet holds, in the order of the template.
    """

    name: str
    zh: str
    en: str
    key: tuple[str, ...] = ("name",)
    hashed: bool = False
    title: str = ""
    cues: tuple[str, ...] = ()
    sheet: str = ""
    sheet_en: str = ""
    sheet_aliases: tuple[str, ...] = ()
    columns: tuple[Property | Reference, ...] = ()
    help: Text = Text("", "")

    @property
    def properties(self) -> tuple[Property | Reference, ...]:
        """Columns kept in the kind's table: values, and references that are not relations."""
        return tuple(c for c in self.columns if isinstance(c, Property) or c.link is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeKind:
    """A kind of relation, and the sheet that fills it, if it has one of its own.

    Attributes:
        name: Relationship type in Neo4j, UPPER_SNAKE.
        sources: Node kinds it may start from.
        targets: Node kinds it may end at.
        directed: False for a tie whose two ends are alike.
        key: Properties that tell two relations between the same ends apart.
        summed: Property added up, with a finding, where the key repeats with other values.
    """

    name: str
    zh: str
    en: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    directed: bool = True
    key: tuple[str, ...] = ()
    summed: str = ""
    sheet: str = ""
    sheet_en: str = ""
    sheet_aliases: tuple[str, ...] = ()
    columns: tuple[Property | Reference, ...] = ()
    help: Text = Text("", "")

    @property
    def properties(self) -> tuple[Property | Reference, ...]:
        """Columns kept in the kind's table besides `source` and `target`."""
        return tuple(c for c in self.columns if c.name not in {"source", "target"})


Kind = NodeKind | EdgeKind
Column = Property | Reference
