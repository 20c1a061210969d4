"""Regions of China by name, short form, code or path, and which region lies in which.

The bundled table ``data/regions.csv`` holds the 34 province-level units, the 333 prefecture-level
units, the county-level units of Jiangsu (95) and of Beijing, Tianjin and Shanghai, as they stood in
2025, and the functional zones (功能区) of Jiangsu that planners name most. Names and six-digit
codes are facts of GB/T 2260 and of the list of administrative divisions that the Ministry of Civil
Affairs publishes; a functional zone is no division of that list, so it has a parent and no code. A
planner's own rows are joined by :meth:`Regions.with_own`, or replace the table through
:meth:`Regions.from_frame`.
"""

import re
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib import resources
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphmodel.identity import normalise_name

UNKNOWN, AMBIGUOUS = -1, -2
_SHORT = re.compile(r"(.{2,}?)(?:省|地区|盟|市|新区|区|县|街道|镇|乡)")
_SEPARATOR = re.compile(r"[/\\>|,·-]")
_OFFICIAL, _ALIAS, _SHORT_FORM = 0, 1, 2
_ZONE = "功能区"


ProblemKind = Literal["unknown_parent", "ambiguous_parent", "ambiguous_name", "duplicate", "circle"]


class RegionProblem(NamedTuple):
    """A row of a user's table that could not be placed as written.

    Attributes:
        row: Its position in the table of regions.
        kind: What is wrong; the row is kept, without the parent that could not be set.
        value: The offending name.
        choices: Paths of the regions that the value may mean.
    """

    row: int
    kind: ProblemKind
    value: str
    choices: tuple[str, ...] = ()


def _key(text: str) -> str:
    """The form in which a region's name, path or code is compared."""
    key = _SEPARATOR.sub("", normalise_name(text))
    code = re.fullmatch(r"([1-9][0-9]{5})(?:000000)?(?:\.0)?", key)
    if code:
        return code[1]
    return key.removeprefix("中国") or key


@dataclass(frozen=True, eq=False)
class Regions:
    """A table of regions, a column per attribute and a row per region.

    Attributes:
        names: Names as shown.
        codes: Six-digit codes, empty where there is none.
        levels: 省, 市, 县 or 功能区, empty if unknown.
        aliases: Other names of each region.
        parents: Row of the region that it lies in, -1 for none.
        own: True for the rows of a planner's own sheet.
        problems: Rows that could not be placed as written.
    """

    names: tuple[str, ...]
    codes: tuple[str, ...]
    levels: tuple[str, ...]
    aliases: tuple[tuple[str, ...], ...]
    parents: NDArray[np.int64]
    own: NDArray[np.bool_]
    problems: tuple[RegionProblem, ...] = ()

    @classmethod
    def bundled(cls) -> "Regions":
        """The table that ships with the package."""
        return _bundled()

    @classmethod
    def from_frame(cls, frame: pd.DataFrame) -> "Regions":
        """A table from columns name, code, parent, level and aliases (all but name may be absent).

        A parent is a name, a code or a path within the same table; several aliases are separated
        by ``;``. What cannot be placed is kept without parent and named in ``problems``.
        """
        columns = _texts(frame)
        size = len(columns["name"])
        bare = cls(
            columns["name"],
            columns["code"],
            columns["level"],
            tuple(_split(cell) for cell in columns["aliases"]),
            np.full(size, -1, np.int64),
            np.zeros(size, np.bool_),
        )
        return _placed(bare, dict(enumerate(columns["parent"])))

    def extended(self, frame: pd.DataFrame) -> "Regions":
        """This table with a planner's own rows, which win; see :meth:`with_own`."""
        return self.with_own(frame)[0]

    def with_own(self, frame: pd.DataFrame) -> tuple["Regions", NDArray[np.int64]]:
        """Join a planner's own rows (columns as in :meth:`from_frame`) to this table.

        A row with the code of a known region, or with its name and, where given, its parent, is
        that region: filled cells replace, blank ones keep what is known. Any other row is new.
        Where a name is ambiguous, an own row wins.

        Returns:
            The joined table, and the position in it of every row of the frame.
        """
        columns = _texts(frame)
        names, codes, levels = list(self.names), list(self.codes), list(self.levels)
        aliases = list(self.aliases)
        position = np.empty(len(columns["name"]), np.int64)
        problems: list[RegionProblem] = []
        for row, (name, code, parent) in enumerate(
            zip(columns["name"], columns["code"], columns["parent"], strict=True)
        ):
            found = self._same(name, code, parent)
            doubled = len(found) == 1 and found[0] in position[:row]
            at = found[0] if len(found) == 1 and not doubled else len(names)
            if at == len(names):
                names.append(name)
                codes.append("")
                levels.append("")
                aliases.append(())
            if doubled:
                problems.append(RegionProblem(at, "duplicate", name, (self.path(found[0]),)))
            elif len(found) > 1:
                paths = tuple(self.path(other) for other in found)
                problems.append(RegionProblem(at, "ambiguous_name", name, paths))
            others = (*aliases[at], names[at], *_split(columns["aliases"][row]))
            aliases[at] = tuple(dict.fromkeys(other for other in others if other != name))
            names[at], codes[at] = name, code or codes[at]
            levels[at] = columns["level"][row] or levels[at]
            position[row] = at
        added = len(names) - len(self.names)
        joined = replace(
            self,
            names=tuple(names),
            codes=tuple(codes),
            levels=tuple(levels),
            aliases=tuple(aliases),
            parents=np.concatenate([self.parents, np.full(added, -1, np.int64)]),
            own=np.concatenate([self.own, np.zeros(added, np.bool_)]),
            problems=(*self.problems, *problems),
        )
        joined.own[position] = True
        wanted = dict(zip(position.tolist(), columns["parent"], strict=True))
        return _placed(joined, wanted), position

    def replaced_by(self, other: "Regions") -> "Regions":
        """This table with the rows of another one, which win."""
        return self.extended(other.frame.assign(parent=[*map(other.parent_path, other.rows)]))

    def __len__(self) -> int:
        """The number of regions."""
        return len(self.names)

    @property
    def rows(self) -> range:
        """The positions of all regions."""
        return range(len(self.names))

    @cached_property
    def frame(self) -> pd.DataFrame:
        """Columns name, code, parent (a path), level and aliases; missing where there is none."""
        columns = {
            "name": self.names,
            "code": self.codes,
            "parent": [self.parent_path(row) for row in self.rows],
            "level": self.levels,
            "aliases": [";".join(names) for names in self.aliases],
        }
        frame = pd.DataFrame(
            {name: pd.Series(cells, dtype="str") for name, cells in columns.items()}
        )
        return frame.mask(frame == "")

    def ancestors(self, row: int) -> list[int]:
        """The regions that a region lies in, the nearest first."""
        found: list[int] = []
        above = int(self.parents[row])
        while above >= 0:
            found.append(above)
            above = int(self.parents[above])
        return found

    def parent_path(self, row: int) -> str:
        """The path of the region that a region lies in, empty for none."""
        return self.path(int(self.parents[row])) if self.parents[row] >= 0 else ""

    def path(self, row: int) -> str:
        """The full name, as 江苏省南通市海门区."""
        return "".join(self.names[at] for at in (*reversed(self.ancestors(row)), row))

    def match(self, names: pd.Series) -> NDArray[np.int64]:
        """The row that each text means, ``UNKNOWN`` (-1) or ``AMBIGUOUS`` (-2) if there is none.

        Read are official names, codes, aliases, short forms (连云港, 江苏) and paths whole or in
        part (江苏省南通市海门区, 南通海门区). Where a text fits a region and regions
        within it (淮安: the city, and a district of it), it means the outer one, true of both.
        """
        codes, texts = pd.factorize(names)
        meant = [self.meant(str(text)) for text in texts]
        found = [rows[0] if len(rows) == 1 else AMBIGUOUS if rows else UNKNOWN for rows in meant]
        return np.array([*found, UNKNOWN], dtype=np.int64)[codes]

    def choices(self, name: str) -> list[str]:
        """The paths of the regions that a text may mean; one if it is certain, none if unknown."""
        return [self.path(row) for row in self.meant(name)]

    # --- look-up -------------------------------------------------------------------------------

    @cached_property
    def _index(self) -> dict[str, dict[int, int]]:
        """For every key the rows that bear it, each with how it bears it (0 is the strongest)."""
        index: dict[str, dict[int, int]] = {}
        for row, name in enumerate(self.names):
            strength = _OFFICIAL if self.own[row] else _ALIAS
            forms = {_key(alias): strength for alias in self.aliases[row]}
            short = _SHORT.fullmatch(name) if self.levels[row] != _ZONE else None
            if short:
                forms.setdefault(_key(short[1]), _SHORT_FORM)
            forms[_key(name)] = _OFFICIAL
            if self.codes[row]:
                forms[_key(self.codes[row])] = _OFFICIAL
            for form, borne in forms.items():
                index.setdefault(form, {})[row] = borne
        index.pop("", None)
        return index

    def _fits(self, key: str) -> dict[int, int]:
        """The rows that a key may mean, by name or as ``outer region + name``."""
        fits = dict(self._index.get(key, {}))
        for cut in range(2, len(key) - 1):
            bearers = self._index.get(key[cut:], {})
            outer = self._fits(key[:cut]) if bearers else {}
            for row, strength in bearers.items():
                if outer and not outer.keys().isdisjoint(self.ancestors(row)):
                    fits[row] = min(strength, fits.get(row, strength))
        return fits

    def meant(self, text: str, *, but: int = UNKNOWN) -> list[int]:
        """The rows that a text means: the best fits, of nested ones the outermost, own ones first.

        Args:
            text: A name, short form, alias, code or path.
            but: A row that is not meant.
        """
        fits = self._fits(_key(text))
        fits.pop(but, None)
        best = min(fits.values(), default=_OFFICIAL)
        rows = [row for row in fits if fits[row] == best]
        outer = [
            row for row in rows if all(row in (at, *self.ancestors(at)) for at in rows)
        ] or rows
        mine = [row for row in outer if self.own[row]]
        return mine if len(mine) == 1 else sorted(outer)

    def _same(self, name: str, code: str, parent: str) -> list[int]:
        """The rows of this table that a planner's own row is about; several if it is uncertain."""
        if code:
            known = [row for row in self._index.get(_key(code), {}) if self.codes[row]]
            if known:
                return known
        above = self.meant(parent) if parent else []
        if parent and len(above) != 1:
            return []
        fits = self._fits(_key(name))
        rows = [row for row in fits if not above or above[0] in self.ancestors(row)]
        best = min((fits[row] for row in rows), default=_OFFICIAL)
        rows = [row for row in rows if fits[row] == best]
        return [row for row in rows if all(row in (at, *self.ancestors(at)) for at in rows)] or rows


def _placed(regions: Regions, wanted: dict[int, str]) -> Regions:
    """The table with the parents that rows name; in rounds, for a path needs its outer part."""
    open_ = {row: text for row, text in wanted.items() if text}
    progress = True
    while open_ and progress:
        parents = regions.parents.copy()
        found = {row: regions.meant(text, but=row) for row, text in open_.items()}
        done = [row for row, meant in found.items() if len(meant) == 1]
        parents[done] = [found[row][0] for row in done]
        regions, progress = _uncircled(replace(regions, parents=parents)), bool(done)
        open_ = {row: text for row, text in open_.items() if row not in done}
    problems = list(regions.problems)
    for row, text in open_.items():
        paths = tuple(regions.choices(text))
        kind: ProblemKind = "ambiguous_parent" if paths else "unknown_parent"
        problems.append(RegionProblem(row, kind, text, paths))
    return replace(regions, problems=tuple(problems))


def _uncircled(regions: Regions) -> Regions:
    """The table with every row that lies in itself made an outermost one."""
    parents, problems = regions.parents.copy(), list(regions.problems)
    for row in regions.rows:
        seen, at = {row}, int(parents[row])
        while at >= 0 and at not in seen:
            seen.add(at)
            at = int(parents[at])
        if at == row:
            problems.append(RegionProblem(row, "circle", regions.names[row]))
            parents[row] = -1
    if len(problems) == len(regions.problems):
        return regions
    return replace(regions, parents=parents, problems=tuple(problems))


def _texts(frame: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """The five columns as texts, empty where blank or absent."""
    empty = pd.Series("", index=frame.index, dtype="str")
    columns = {
        name: frame.get(name, empty) for name in ("name", "code", "parent", "level", "aliases")
    }
    return {
        name: tuple(column.astype("object").where(column.notna(), "").astype("str").str.strip())
        for name, column in columns.items()
    }


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split("[;；、]", cell) if part.strip())


@cache
def _bundled() -> Regions:
    table = resources.files("graphmodel").joinpath("data", "regions.csv")
    with table.open(encoding="utf-8") as file:
        return Regions.from_frame(pd.read_csv(file, dtype="str", keep_default_na=False))
