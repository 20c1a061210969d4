"""Where everything stands in a sheet: which position holds which column, which cells its header."""

from dataclasses import dataclass, field

from graphmodel.findings import Findings
from graphmodel.kinds import sheet_columns
from graphmodel.schema import Column, Property, Type
from loaders.header_rows import Header
from loaders.raw import Range, RawSheet
from loaders.vocabulary import Kind, plain


@dataclass(slots=True)
class Layout:
    """A sheet together with what its header says.

    Attributes:
        raw: The sheet.
        header: Its header.
        findings: Takes what is noticed.
        titles: What the lines above the header say.
        chosen: Declared column by position, in the order of the sheet.
        extra: Header by position of the columns that the declaration does not know.
        doubled: Those of `extra` that are a second name of a column that stands elsewhere.
        personal: Positions taken out since they hold data about people.
    """

    raw: RawSheet
    header: Header
    findings: Findings
    titles: dict[str, str]
    chosen: dict[int, str] = field(default_factory=dict)
    extra: dict[int, str] = field(default_factory=dict)
    doubled: set[int] = field(default_factory=set)
    personal: set[int] = field(default_factory=set)

    @property
    def kind(self) -> Kind:
        """What a row of the sheet is."""
        return self.header.kind

    @property
    def columns(self) -> dict[str, Column]:
        """Declared columns by name."""
        return {column.name: column for column in sheet_columns(self.kind)}

    @property
    def place(self) -> dict[str, str]:
        """File and sheet, for findings."""
        return {"file": self.raw.file, "sheet": self.raw.name}

    @property
    def header_rows(self) -> tuple[int, ...]:
        """Rows of the header as a spreadsheet shows them."""
        first = self.raw.first_row
        return tuple(row + first for row in range(self.header.top, self.header.bottom + 1))

    @property
    def start(self) -> int:
        """First row below the header, in the cells."""
        return self.header.bottom + 1

    @property
    def areas(self) -> list[Range]:
        """Merged ranges in the last row of the header."""
        bottom = self.header.bottom
        return [area for area in self.raw.merged if area.top <= bottom <= area.bottom]

    def add(self, rule: str, value: str, detail: str = "", *, column: str = "") -> None:
        """Add a finding about the header."""
        rows = self.header_rows[-1:]
        self.findings.add(
            rule, **self.place, rows=rows, column=column, values=value, details=detail
        )


def lay_out(raw: RawSheet, header: Header, titles: dict[str, str], findings: Findings) -> Layout:
    """Give each position its declared column or its own header; report what is doubtful.

    Of two headers that mean the same column the fixed Chinese one is read, else the first.
    """
    layout = Layout(raw, header, findings, titles)
    repeats = {c for area in layout.areas for c in range(area.left + 1, area.right + 1)}
    cells = {p: c for p, c in enumerate(header.cells) if not c.ignored and p not in repeats}
    first: dict[str, int] = {}
    for position in sorted(cells, key=lambda p: not _is_fixed(layout, p)):
        name = cells[position].column
        if name and name not in first:
            first[name] = position
            layout.chosen[position] = name
        elif name:
            _second(layout, position, first[name])
    layout.chosen = dict(sorted(layout.chosen.items()))
    seen: dict[str, int] = {}
    for position, cell in cells.items():
        if cell.column or not cell.text:
            continue
        title = cell.text
        if title in seen:
            layout.add("E111.duplicate_header", title, str(seen[title] + 1), column=title)
            title = f"{title} ({position + 1})"
        seen[title] = position
        layout.extra[position] = title
    return layout


def _is_fixed(layout: Layout, position: int) -> bool:
    """Whether the header is the fixed Chinese one, with or without a unit."""
    cell = layout.header.cells[position]
    if cell.column is None:
        return False
    return plain(cell.text).startswith(plain(layout.columns[cell.column].zh))


def _second(layout: Layout, position: int, first: int) -> None:
    text, earlier = layout.header.cells[position].text, layout.header.cells[first].text
    if plain(text) == plain(earlier):
        layout.add("E111.duplicate_header", text, str(first + 1), column=text)
    else:
        layout.add("E111.second_alias", text, earlier, column=text)
        layout.extra[position] = text
        layout.doubled.add(position)


def units(layout: Layout) -> dict[str, str]:
    """Return the unit of each column that names one, or of money by the sheet's 单位 line."""
    line = layout.titles.get("单位")
    found: dict[str, str] = {}
    for position, name in layout.chosen.items():
        column = layout.columns[name]
        is_money = isinstance(column, Property) and column.type is Type.MONEY
        if unit := layout.header.cells[position].unit or (line if is_money else None):
            found[name] = unit
    return found
