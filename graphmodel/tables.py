"""The tables of a graph: which columns a kind's table has and how each is stored."""

from functools import cache
from typing import Final

import numpy as np
import pandas as pd
from pandas.api.types import pandas_dtype

from graphmodel.kinds import COMMON, KINDS
from graphmodel.schema import Column, EdgeKind, NodeKind, Property, Reference, Type

STANDINGS: Final = ("stated", "inferred", "outside", "reference")
"""Why a node exists: a row states it; a name implies it; it is a party outside the data; it comes
from the bundled table of regions."""

ORIGIN: Final = ("file", "sheet", "row")
"""Columns that say where a row was written; `row` counts from 1 as a spreadsheet does."""

EXTRA: Final = "extra:"
"""Prefix of a column that the declaration does not know; kept as written."""

_DTYPES: Final[dict[Type, str]] = {
    Type.INTEGER: "Int64",
    Type.NUMBER: "float64",
    Type.SHARE: "float64",
    Type.GROWTH: "float64",
    Type.MONEY: "float64",
    Type.BOOLEAN: "boolean",
}


def dtype_of(column: Column) -> str | pd.CategoricalDtype:
    """Return the pandas dtype in which `column` is stored (see `schema.Type`)."""
    if isinstance(column, Reference):
        return "int64"
    if column.type is Type.CHOICE:
        return pd.CategoricalDtype([choice.zh for choice in column.choices])
    return _DTYPES.get(column.type, "str")


def stored_columns(kind: NodeKind | EdgeKind) -> dict[str, str | pd.CategoricalDtype]:
    """Return name and dtype of every declared column of the kind's table, in order."""
    columns: dict[str, str | pd.CategoricalDtype] = {}
    if isinstance(kind, NodeKind):
        columns |= {"id": "str", "name": "str", "standing": pd.CategoricalDtype(list(STANDINGS))}
    else:
        columns |= {"source": "int64", "target": "int64", "inferred": "bool"}
    columns |= {c.name: dtype_of(c) for c in kind.properties if c.name not in columns}
    columns |= {c.name: dtype_of(c) for c in COMMON if c.name not in columns}
    return columns | {"file": "category", "sheet": "category", "row": "int64"}


def qualified(column: Property) -> str:
    """Return the name of the column that keeps the qualifier (约, 超, 余 …) of an amount."""
    return f"{column.name}_qualifier"


def conform(frame: pd.DataFrame, kind: NodeKind | EdgeKind) -> pd.DataFrame:
    """Return `frame` with every stored column of `kind` present and of its dtype.

    Missing columns are filled with "not reported" (NaN, NA, -1 for a reference); a node without a
    `name` takes its id. Columns beyond the declaration stay, after the declared ones.
    """
    size = len(frame)
    columns: dict[str, pd.Series] = {}
    for name, dtype in stored_columns(kind).items():
        if name in frame:
            column = frame[name]
            columns[name] = column if column.dtype == dtype else column.astype(pandas_dtype(dtype))
        else:
            columns[name] = pd.Series(_blank(name, dtype, size), index=frame.index, dtype=dtype)
    if isinstance(kind, NodeKind):
        columns["name"] = columns["name"].fillna(columns["id"])
    extra = [name for name in frame.columns if name not in columns]
    table = pd.DataFrame(columns, index=frame.index, copy=False)
    if extra:
        table = pd.concat([table, frame[extra]], axis=1)
    return table.reset_index(drop=True)


@cache
def empty(kind: str) -> pd.DataFrame:
    """Return the table of a kind without rows; shared, as every table of a graph is read only."""
    return conform(pd.DataFrame(), KINDS[kind])


def _blank(name: str, dtype: str | pd.CategoricalDtype, size: int) -> object:
    if name == "standing":
        return np.repeat(STANDINGS[0], size)
    if name == "row":
        return np.zeros(size, dtype=np.int64)
    if dtype == "int64":
        return np.full(size, -1, dtype=np.int64)
    if dtype == "bool":
        return np.zeros(size, dtype=bool)
    return None
