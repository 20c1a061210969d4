"""The sheets that say what a graph says: the way back from nodes and relations to rows."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.graph import ChainGraph, Codes
from graphmodel.identity import normalise
from graphmodel.kinds import KINDS, NODE_KINDS, SHEETS, sheet_columns
from graphmodel.schema import Column, EdgeKind, NodeKind, Property, Reference, Type
from graphmodel.tables import EXTRA, qualified
from loaders.spelling import OWN_ID, Spelling
from loaders.vocabulary import column_of

Mask = npt.NDArray[np.bool_]

LIST = ";"
"""What separates several values in a cell."""

_NUMERIC = (Type.INTEGER, Type.NUMBER, Type.SHARE, Type.GROWTH, Type.MONEY)
_EXACT = 1e15
_BEHIND = ("余", "多", "以上", "以下")


@dataclass(frozen=True, slots=True)
class WrittenSheet:
    """One sheet ready to be written.

    Attributes:
        kind: What a row of it is.
        cells: Text by header, "" where blank, in the order of the template.
        numbers: Headers of the columns whose cells are numbers where they look like one.
    """

    kind: NodeKind | EdgeKind
    cells: pd.DataFrame
    numbers: frozenset[str] = field(default_factory=frozenset)


def header(column: Column) -> str:
    """Return the header under which a column is written: Chinese, money with its unit."""
    is_money = isinstance(column, Property) and column.type is Type.MONEY
    return f"{column.zh}(万元)" if is_money else column.zh


def written_sheets(graph: ChainGraph) -> list[WrittenSheet]:
    """Return the sheets of a graph in the template's order, without empty ones.

    Only nodes that a row states get one; those that a name implies, outside parties and bundled
    regions follow again from the cells that name them. A relation stands in the reference column
    of a node's sheet where the column says all of it, else on its own sheet.
    """
    book = _Book(graph)
    sheets = [book.sheet(kind) for kind in SHEETS.values()]
    return [sheet for sheet in sheets if len(sheet.cells)]


class _Book:
    def __init__(self, graph: ChainGraph) -> None:
        self.graph = graph
        self.spelling = Spelling(graph)
        self.told = {name: np.zeros(len(table), np.bool_) for name, table in graph.edges.items()}
        self.linked = {
            (kind.name, column.name): self._linked(kind, column)
            for kind in NODE_KINDS.values()
            if kind.sheet
            for column in kind.columns
            if isinstance(column, Reference) and column.link
        }

    def sheet(self, kind: NodeKind | EdgeKind) -> WrittenSheet:
        """Return the rows of one kind's sheet."""
        cells = self._nodes(kind) if isinstance(kind, NodeKind) else self._relations(kind)
        columns = {column.name: column for column in sheet_columns(kind)}
        numbers = {
            header(c) for c in columns.values() if isinstance(c, Property) and c.type in _NUMERIC
        }
        return WrittenSheet(kind, _kept(kind, cells), frozenset(numbers))

    # nodes -------------------------------------------------------------------------------------

    def _nodes(self, kind: NodeKind) -> pd.DataFrame:
        table = self.graph.nodes[kind.name]
        stated = np.flatnonzero((table["standing"] == "stated").to_numpy())
        rows = table.iloc[stated].reset_index(drop=True)
        cells: dict[str, pd.Series] = {}
        surplus: list[pd.DataFrame] = []
        for column in sheet_columns(kind):
            if column.name == "id":
                cells[header(column)] = self._ids(kind, rows)
            elif isinstance(column, Reference) and column.link:
                first, more = self._column(kind, column, stated)
                cells[header(column)] = first
                surplus += more
            elif column.name in rows:
                cells[header(column)] = self._texts(rows, column)
        frame = pd.DataFrame(cells | _extras(rows), index=rows.index)
        if not surplus:
            return frame
        owners = self._owners(kind, frame)
        added = [pd.concat([owners.iloc[part.index], part], axis=1) for part in surplus]
        return pd.concat([frame, *added], ignore_index=True).fillna("")

    def _ids(self, kind: NodeKind, rows: pd.DataFrame) -> pd.Series:
        """Return the ids, blank where a name or credit code gives the same id again."""
        ids = rows["id"].astype("str")
        if kind.name in OWN_ID or kind.key != ("name",):
            return ids
        follows = ids == normalise(rows["name"])
        if "credit_code" in rows:
            coded = rows["credit_code"].notna()
            follows = (follows & ~coded) | (ids == rows["credit_code"].fillna(""))
        return ids.mask(follows, "")

    def _owners(self, kind: NodeKind, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the cells that say which node a further row of it is about."""
        wanted = [header(c) for c in sheet_columns(kind) if c.name in {"id", "name", *kind.key}]
        wanted += [header(c) for c in kind.columns if c.name == "credit_code" or c.required]
        return frame[[name for name in dict.fromkeys(wanted) if name in frame]]

    def _linked(self, kind: NodeKind, column: Reference) -> pd.DataFrame:
        """Return row of the node and code of the other end of the relations a column says.

        Marks as told those of which the column says everything.
        """
        link = column.link
        assert link is not None  # noqa: S101  # for the type checker: asked before
        edges = self.graph.edges[link.edge]
        near, far = ("target", "source") if link.incoming else ("source", "target")
        row = self.graph.rows(kind.name, edges[near])
        stated = np.append((self.graph.nodes[kind.name]["standing"] == "stated").to_numpy(), False)
        fits = stated[row] & ~edges["inferred"].to_numpy()
        fits &= np.isin(self.graph.kinds_of(edges[far]), column.to)
        whole = _says_only(edges, link.role)
        if link.role:
            fits &= _has_role(edges["role"], link.role)
        listed = column.many or not KINDS[link.edge].sheet
        told = fits & whole
        self.told[link.edge] |= told
        fits &= told | listed
        at = np.flatnonzero(fits)
        return pd.DataFrame({"row": row[at], "code": edges[far].to_numpy()[at]})

    def _column(
        self, kind: NodeKind, column: Reference, stated: Codes
    ) -> tuple[pd.Series, list[pd.DataFrame]]:
        """Return the cells of a reference column, and further rows for what does not fit in."""
        linked = self.linked[kind.name, column.name]
        place = np.full(len(self.graph.nodes[kind.name]), -1, dtype=np.int64)
        place[stated] = np.arange(len(stated))
        row = place[linked["row"].to_numpy()]
        within = self._within(kind, column)
        inside = within[linked["row"].to_numpy()] if within is not None else None
        text = self.spelling.texts(linked["code"], column, within=inside)
        extra = pd.Series(row).duplicated().to_numpy()
        if column.many:  # a name that holds a separator is read whole only where it stands alone
            several = pd.Series(row).duplicated(keep=False).to_numpy()
            split = several & text.str.contains("[;；、]").to_numpy(dtype=np.bool_)
            text = text.mask(split, self.graph.ids(linked["code"]))
            extra = np.zeros(len(row), dtype=np.bool_)
        kept, owner = text[~extra], row[~extra]
        shared = pd.Series(owner).duplicated(keep=False).to_numpy()
        joined = kept[shared].groupby(owner[shared], sort=False).agg(LIST.join)
        cells = pd.concat([kept[~shared].set_axis(owner[~shared]), joined])
        cells = cells.reindex(np.arange(len(stated))).fillna("").astype("str")
        more = [
            pd.DataFrame({header(column): [text.iloc[i]]}, index=[row[i]])
            for i in np.flatnonzero(extra)  # few: a second value where one is expected
        ]
        return cells, more

    def _within(self, kind: NodeKind, column: Reference) -> Codes | None:
        """Return for each node of the kind the code of the chain that its row names."""
        if not column.within:
            return None
        declared = {c.name: c for c in kind.columns}[column.within]
        assert isinstance(declared, Reference)  # noqa: S101  # `within` names a reference
        if declared.link is None:
            return self.graph.nodes[kind.name][column.within].to_numpy(np.int64)
        return self.graph.target(declared.link.edge, kind.name)

    # relations ---------------------------------------------------------------------------------

    def _relations(self, kind: EdgeKind) -> pd.DataFrame:
        edges = self.graph.edges[kind.name]
        kept = ~self.told[kind.name] & ~edges["inferred"].to_numpy()
        rows = edges[kept].reset_index(drop=True)
        cells = {
            header(column): self._texts(rows, column)
            for column in sheet_columns(kind)
            if column.name in rows
        }
        for column in kind.columns:
            if isinstance(column, Reference) and column.otherwise:
                self._leave_blank(kind, column, rows, cells)
        return pd.DataFrame(cells | _extras(rows), index=rows.index)

    def _leave_blank(
        self, kind: EdgeKind, column: Reference, rows: pd.DataFrame, cells: dict[str, pd.Series]
    ) -> None:
        """Blank the ends that the row's other cells made, and spell these cells as they were."""
        implied = self.graph.is_kind(rows[column.name], column.otherwise)
        if not column.otherwise_from and column.otherwise in column.to:
            implied &= (self.graph.names(rows[column.name]) == "未填报").to_numpy()
        title = header(column)
        cells[title] = cells[title].mask(implied, "")
        columns = {c.name: c for c in kind.columns}
        first, *others = column.otherwise_from or ("",)
        if not others or not implied.any():
            return
        behind = pd.Series("", index=rows.index, dtype="str")
        for name in others:
            behind = behind + "/" + cells[header(columns[name])]
        made = self.graph.names(rows[column.name]).fillna("")
        head = [
            name.removesuffix(end) if name.endswith(end) else ""
            for name, end in zip(made[implied], behind[implied], strict=True)
        ]
        title = header(columns[first])
        text = cells[title].copy()
        text[implied] = [part or old for part, old in zip(head, text[implied], strict=True)]
        cells[title] = text

    # cells -------------------------------------------------------------------------------------

    def _texts(self, rows: pd.DataFrame, column: Column) -> pd.Series:
        """Return a stored column as the text a planner would write."""
        values = rows[column.name]
        if isinstance(column, Reference):
            within = rows.get(column.within)
            return self.spelling.texts(values, column, within=within)
        if column.type in _NUMERIC:
            qualifier = rows.get(qualified(column))
            return _quantities(values, qualifier)
        if column.type is Type.BOOLEAN:
            return values.map({True: "是", False: "否"}).astype("str").fillna("")
        return values.astype("str").fillna("")


def _says_only(edges: pd.DataFrame, role: str) -> Mask:
    """Return which relations say nothing besides their ends and `role`."""
    bare = np.ones(len(edges), dtype=np.bool_)
    for name in edges.columns:
        if name in {"source", "target", "inferred", "file", "sheet", "row"}:
            continue
        values = edges[name]
        blank = (values == -1) if values.dtype == "int64" else values.isna()
        if name == "role" and role:
            blank = values.astype("str") == role
        bare &= blank.to_numpy(dtype=np.bool_)
    return bare


def _has_role(roles: pd.Series, role: str) -> Mask:
    padded = LIST + roles.astype("str").fillna("") + LIST
    return padded.str.contains(f"{LIST}{role}{LIST}", regex=False).to_numpy(dtype=np.bool_)


def _quantities(values: pd.Series, qualifier: pd.Series | None) -> pd.Series:
    """Return numbers as the shortest text that reads as the same number, with their qualifiers."""
    codes, distinct = pd.factorize(values)
    texts = [_number(float(value)) for value in distinct]
    written = pd.Series([*texts, ""], dtype="str").take(codes).reset_index(drop=True)
    if qualifier is None or qualifier.isna().all():
        return written
    said = qualifier.astype("str").fillna("").reset_index(drop=True)
    codes, words = pd.factorize(said)
    before = [_words(w, behind=False) for w in words]
    behind = [_words(w, behind=True) for w in words]
    fore = pd.Series(before, dtype="str").take(codes).reset_index(drop=True)
    aft = pd.Series(behind, dtype="str").take(codes).reset_index(drop=True)
    return (fore + written + aft).where(written != "", "")


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)


def _words(qualifier: str, *, behind: bool) -> str:
    parts = [part for part in qualifier.split(LIST) if part]
    return "".join(part for part in parts if (part in _BEHIND) == behind)


def _extras(rows: pd.DataFrame) -> dict[str, pd.Series]:
    return {
        name.removeprefix(EXTRA): rows[name].astype("str").fillna("")
        for name in rows.columns
        if str(name).startswith(EXTRA)
    }


def _kept(kind: NodeKind | EdgeKind, cells: pd.DataFrame) -> pd.DataFrame:
    """Return the columns that hold anything, the required ones, and those an extra one hides."""
    declared = {header(c): c for c in sheet_columns(kind)}
    extras = [str(name) for name in cells.columns if name not in declared]
    hidden = {column_of(kind.name, name) for name in extras}
    kept = [
        name
        for name in cells.columns
        if (cells[name] != "").any()
        or (name in declared and (declared[name].required or declared[name].name in hidden))
    ]
    return cells[kept]
