"""Who is who while a graph is assembled: names, ids and codes of one kind's nodes."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.identity import normalise
from graphmodel.kinds import NODE_KINDS
from graphmodel.regions import Regions
from graphmodel.schema import NodeKind

Positions = npt.NDArray[np.int64]

UNKNOWN: Final = -1
AMBIGUOUS: Final = -2
SEPARATOR: Final = "\x1f"
_BITS: Final = 40
_INDEX: Final = {name: i for i, name in enumerate(NODE_KINDS)}


def provisional(kind: str, positions: npt.ArrayLike) -> Positions:
    """Return provisional codes of nodes whose kind's table may still grow; -1 and -2 stay."""
    position = np.asarray(positions, dtype=np.int64)
    return np.where(position >= 0, (_INDEX[kind] << _BITS) + position, position)


def position_of(codes: npt.ArrayLike) -> Positions:
    """Return the position within its kind of each provisional code; -1 stays."""
    code = np.asarray(codes, dtype=np.int64)
    return np.where(code >= 0, code & ((1 << _BITS) - 1), -1)


def final(codes: npt.ArrayLike, offsets: Positions) -> Positions:
    """Return the codes in the finished graph, where `offsets` are the kinds' first codes."""
    code = np.asarray(codes, dtype=np.int64)
    return np.where(code >= 0, offsets[np.maximum(code, 0) >> _BITS] + position_of(code), -1)


class Registry:
    """The nodes of one kind and every text that means one of them.

    Attributes:
        kind: Their kind.
        frame: Their table so far; rows are only ever added.
        stated: Whether the kind's own sheet is present, so that an unknown name is an error.
    """

    def __init__(self, kind: NodeKind, frame: pd.DataFrame, *, stated: bool) -> None:
        """Take the table of stated nodes, with `id`, `name` and properties."""
        self.kind, self.frame, self.stated = kind, frame, stated
        self._keys: list[pd.Series] | None = None

    def add(self, names: Iterable[str], standing: str, **columns: Any) -> Positions:  # noqa: ANN401  # any column of the table
        """Add nodes that only a name, or a row's other cells, imply; return their positions."""
        listed = list(names)
        first = len(self.frame)
        codes = [str(c) for c, t in self.frame.dtypes.items() if t == "int64" and c not in columns]
        blank: dict[str, Any] = {c: 0 if c == "row" else UNKNOWN for c in codes}
        given: dict[str, Any] = {"id": listed, "name": listed, "standing": standing, **columns}
        added = pd.DataFrame({**given, **blank}, index=range(len(listed)))
        self.frame = pd.concat([self.frame, added], ignore_index=True)
        self._keys = None
        return np.arange(first, first + len(listed), dtype=np.int64)

    def look_up(self, texts: pd.Series, within: Positions | None = None) -> Positions:
        """Return the position each normalised text means, `UNKNOWN` or `AMBIGUOUS`.

        An id or credit code is tried first, then a name, then a short name. `within` gives the
        position of the containing node (a segment's chain), -1 where the row does not say.
        """
        if not len(self.frame):
            return np.full(len(texts), UNKNOWN, dtype=np.int64)
        if self._keys is None:
            self._keys = [self._unique(keys) for keys in self._spellings()]
        found = np.full(len(texts), UNKNOWN, dtype=np.int64)
        for rank, keys in enumerate(self._keys):
            asked = texts
            if within is not None and rank > 0:
                inside = pd.Series(within, dtype="str") + SEPARATOR + texts.reset_index(drop=True)
                asked = inside.where(within >= 0, texts.reset_index(drop=True))
            open_ = found == UNKNOWN
            if not open_.any():
                break
            at = keys.index.get_indexer(pd.Index(asked.to_numpy(dtype=object)[open_], dtype=object))
            found[open_] = np.where(at >= 0, keys.to_numpy()[at], UNKNOWN) if len(keys) else UNKNOWN
        return found

    def choices(self, text: str) -> list[str]:
        """Return the ids of the nodes that a normalised text may mean."""
        names = normalise(self.frame["name"])
        return self.frame["id"][names == text].head(10).tolist()

    @staticmethod
    def _unique(keys: pd.Series) -> pd.Series:
        """Return position by text, `AMBIGUOUS` where a text means several."""
        code, texts = pd.factorize(keys.index)
        position = keys.to_numpy()
        known = code >= 0
        first = np.full(len(texts), len(position), dtype=np.int64)
        last = np.full(len(texts), UNKNOWN, dtype=np.int64)
        np.minimum.at(first, code[known], position[known])
        np.maximum.at(last, code[known], position[known])
        found = pd.Series(np.where(first == last, first, AMBIGUOUS), index=texts)
        return found[texts != ""]

    def _spellings(self) -> list[pd.Series]:
        ids = [self._column("id"), normalise(self._column("id"))]
        if "credit_code" in self.frame:
            ids.append(normalise(self._column("credit_code")))
        names, short = [normalise(self._column("name"))], []
        if "short_name" in self.frame:
            short.append(normalise(self._column("short_name")))
        if self.kind.name == "Chain":
            short.append(names[0].str.removesuffix("产业链"))
            short.append(names[0].str.removesuffix("产业链") + "产业链")
        if self.kind.name == "Segment":
            inside = pd.Series(position_of(self.frame["chain"]), dtype="str") + SEPARATOR
            names.append(inside.set_axis(names[0].index) + names[0])
        return [self._positions(group) for group in (ids, names, short)]

    def _column(self, name: str) -> pd.Series:
        column: pd.Series = self.frame[name].astype("str")
        return column

    @staticmethod
    def _positions(columns: list[pd.Series]) -> pd.Series:
        if not columns:
            return pd.Series(dtype=np.int64, index=pd.Index([], dtype=object))
        parts = [
            pd.Series(np.arange(len(c)), index=pd.Index(c.to_numpy(dtype=object), dtype=object))
            for c in columns
        ]
        together: pd.Series = pd.concat(parts)
        return together


class RegionRegistry(Registry):
    """Regions: the planner's own rows first, then the bundled table, then short forms."""

    def __init__(self, kind: NodeKind, frame: pd.DataFrame, regions: Regions) -> None:
        """Take the table of all known regions, one row for each of `regions`, in its order."""
        super().__init__(kind, frame, stated=False)
        self._regions = regions

    def look_up(self, texts: pd.Series, within: Positions | None = None) -> Positions:
        """Return the position each text means, as `Registry.look_up`."""
        found = super().look_up(texts, within)
        open_ = found < 0
        if open_.any():
            matched = self._regions.match(texts[open_])
            found[open_] = np.where(matched != UNKNOWN, matched, found[open_])
        return found

    def choices(self, text: str) -> list[str]:
        """Return the paths of the regions that a text may mean."""
        return list(self._regions.choices(text))


class ChainRegistry(Registry):
    """Chains, which are known by name and region: `名称@地区` picks one of the same name."""

    def __init__(
        self,
        kind: NodeKind,
        frame: pd.DataFrame,
        *,
        stated: bool,
        region: Callable[[pd.Series], Positions],
    ) -> None:
        """Take the table, with `region` as positions, and the look-up of regions."""
        super().__init__(kind, frame, stated=stated)
        self._region = region

    def look_up(self, texts: pd.Series, within: Positions | None = None) -> Positions:
        """Return the position each text means; the part after the last @ is a region."""
        found = super().look_up(texts, within)
        written = texts.reset_index(drop=True)
        open_ = (found == UNKNOWN) & written.str.contains("@", regex=False).to_numpy()
        if not open_.any():
            return found
        parts = written[open_].str.rsplit("@", n=1, expand=True)
        region = self._region(parts[1])
        key = (
            parts[0].str.removesuffix("产业链")
            + "@"
            + pd.Series(region, index=parts.index, dtype="str")
        )
        own = normalise(self.frame["name"].astype("str")).str.removesuffix("产业链")
        place = pd.Series(position_of(self.frame["region"]), index=own.index, dtype="str")
        known = self._unique(self._positions([own + "@" + place]))
        at = known.index.get_indexer(pd.Index(key.to_numpy(dtype=object), dtype=object))
        found[open_] = np.where(at >= 0, known.to_numpy()[at], UNKNOWN) if len(known) else UNKNOWN
        return found


def registries_final(registries: Mapping[str, Registry]) -> Positions:
    """Return the first code of each kind once all tables are complete."""
    sizes = [len(registries[name].frame) for name in NODE_KINDS]
    return np.concatenate(([0], np.cumsum(sizes)[:-1])).astype(np.int64)
