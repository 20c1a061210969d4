"""The shape of an answer: exactly the declared columns, in their order."""

from collections.abc import Iterable

import pandas as pd

from graphmodel.question import Column


def arranged(frame: pd.DataFrame, columns: Iterable[Column]) -> pd.DataFrame:
    """Return `frame` with the declared columns only, each bilingual one followed by its English.

    Raises:
        KeyError: A declared column is not there.
    """
    names = [
        name
        for column in columns
        for name in ((column.name, f"{column.name}_en") if column.bilingual else (column.name,))
    ]
    return frame[names].reset_index(drop=True)
