"""From the texts in reference columns to nodes: found, inferred, outside, or a finding."""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from graphmodel.findings import Findings
from graphmodel.identity import normalise, normalise_name, suggest
from graphmodel.kinds import NODE_KINDS
from graphmodel.schema import Reference
from loaders.registry import (
    AMBIGUOUS,
    UNKNOWN,
    Positions,
    Registry,
    position_of,
    provisional,
)

Mask = npt.NDArray[np.bool_]
_SHOWN: Final = 10


def report(
    findings: Findings,
    rule: str,
    frame: pd.DataFrame,
    where: Mask,
    *,
    column: str,
    values: pd.Series,
    details: pd.Series | str = "",
) -> None:
    """Add a finding for each row of `frame` in `where`, grouped by file and sheet."""
    rows = np.flatnonzero(where)
    if not len(rows):
        return
    part = frame.iloc[rows]
    value = values.iloc[rows].astype("str").fillna("").tolist()
    detail = (
        details.iloc[rows].astype("str").fillna("").tolist()
        if isinstance(details, pd.Series)
        else [details] * len(rows)
    )
    place = part.groupby(["file", "sheet"], observed=True, sort=False).ngroup().to_numpy()
    for number in np.unique(place):
        at = np.flatnonzero(place == number)
        first = part.iloc[at[0]]
        findings.add(
            rule,
            file=str(first["file"]),
            sheet=str(first["sheet"]),
            rows=part["row"].to_numpy()[at],
            column=column,
            values=[value[i] for i in at],
            details=[detail[i] for i in at],
        )


class Resolver:
    """Turns reference columns into provisional codes, growing the registries where allowed."""

    def __init__(
        self, registries: dict[str, Registry], findings: Findings, rejected: frozenset[str]
    ) -> None:
        """Take the registries, where findings go, and normalised names of enterprises left out."""
        self._registries = registries
        self._rejected = rejected
        self._findings = findings

    def single(
        self, frame: pd.DataFrame, column: Reference, *, within: Positions | None = None
    ) -> tuple[Positions, Mask]:
        """Return the provisional code in each row (-1 blank or failed) and which rows failed."""
        text = (
            frame[column.name].fillna("")
            if column.name in frame
            else pd.Series("", index=frame.index)
        )
        return self._resolve(frame, text.reset_index(drop=True), column, within)

    def many(self, frame: pd.DataFrame, column: Reference) -> tuple[Positions, Positions, Mask]:
        """Return row and provisional code of each value in a column of lists, and failed rows.

        A cell that as a whole names a node is that node, even if it contains a separator.
        """
        codes, cells = pd.factorize(frame[column.name].fillna(""))
        pieces = self._pieces(pd.Series(cells, dtype="str"), column)
        cell_of_row = pd.Series(pieces).reindex(codes).reset_index(drop=True)
        exploded = cell_of_row.explode()
        exploded = exploded[exploded.notna() & (exploded != "")].astype("str")
        row = exploded.index.to_numpy()
        part = frame.iloc[row]
        code, failed = self._resolve(part, exploded.reset_index(drop=True), column, None)
        bad = np.zeros(len(frame), dtype=bool)
        bad[row[failed]] = True
        return row[code >= 0], code[code >= 0], bad

    def _pieces(self, cells: pd.Series, column: Reference) -> list[list[str]]:
        listed = cells.str.contains("[;；、]").to_numpy()
        whole = np.full(len(cells), UNKNOWN, dtype=np.int64)
        if listed.any():
            whole[listed] = self._known(cells[listed].reset_index(drop=True), column, None)
        return [
            [cell]
            if not split or code >= 0
            else [
                p.strip()
                for p in cell.replace("；", ";").replace("、", ";").split(";")
                if p.strip()
            ]
            for cell, split, code in zip(cells, listed, whole, strict=True)
        ]

    def _known(self, texts: pd.Series, column: Reference, within: Positions | None) -> Positions:
        """Return the provisional code of distinct texts, `UNKNOWN` or `AMBIGUOUS`."""
        keys = normalise(texts)
        found = np.full(len(texts), UNKNOWN, dtype=np.int64)
        for kind in column.to:
            open_ = found < 0
            if not open_.any():
                break
            inside = within[open_] if within is not None and column.within else None
            position = self._registries[kind].look_up(keys[open_].reset_index(drop=True), inside)
            better = np.where(
                position >= 0,
                provisional(kind, position),
                np.where(position == AMBIGUOUS, AMBIGUOUS, found[open_]),
            )
            found[open_] = better
        return found

    def _resolve(
        self, frame: pd.DataFrame, text: pd.Series, column: Reference, within: Positions | None
    ) -> tuple[Positions, Mask]:
        blank = (text == "").to_numpy()
        codes: Positions
        if within is None:
            found, uniques = pd.factorize(text.mask(blank))
            codes = np.asarray(found, dtype=np.int64)
            context = None
        else:
            pair = pd.DataFrame({"text": text.mask(blank), "within": position_of(within)})
            group = pair.groupby(["text", "within"], sort=False, dropna=True).ngroup()
            codes = np.asarray(group.fillna(-1), dtype=np.int64)
            first = (
                pair[codes >= 0]
                .assign(code=codes[codes >= 0])
                .drop_duplicates("code")
                .sort_values("code")
            )
            uniques, context = first["text"].array, first["within"].to_numpy()
        distinct = pd.Series(uniques, dtype="str")
        code = self._known(distinct, column, context)
        code = self._create(frame, distinct, code, column, context, codes)
        padded = np.concatenate((code, [UNKNOWN]))
        result = padded[codes]
        failed = (result < 0) & ~blank
        if failed.any():
            self._refuse(frame, text, distinct, code, codes, column)
        return np.where(result >= 0, result, -1), failed

    def _create(
        self,
        frame: pd.DataFrame,
        texts: pd.Series,
        code: Positions,
        column: Reference,
        within: Positions | None,
        codes: Positions,
    ) -> Positions:
        """Create nodes for unknown texts where the declaration allows it."""
        unknown = np.flatnonzero(code == UNKNOWN)
        if not len(unknown):
            return code
        code = code.copy()
        names = texts.iloc[unknown].tolist()
        kinds = np.array([self._kind_for(name, column) for name in names], dtype=object)
        for kind in dict.fromkeys(k for k in kinds if k):
            at = unknown[kinds == kind]
            code[at] = self._add(
                kind,
                texts.iloc[at].reset_index(drop=True),
                None if within is None else within[at],
                outside=column.outside,
            )
            self._notice(kind, frame, texts, at, column, codes)
        return code

    def _kind_for(self, text: str, column: Reference) -> str:
        if column.outside:
            return "" if normalise_name(text) in self._rejected else "Enterprise"
        absent = [k for k in column.to if not self._registries[k].stated and k != "Region"]
        for kind in absent:
            if text.endswith(NODE_KINDS[kind].cues) and len(column.to) > 1:
                return kind
        first = column.to[0]
        if first == "Region" or first in absent:
            return first
        return ""

    def _add(
        self, kind: str, texts: pd.Series, within: Positions | None, *, outside: bool
    ) -> Positions:
        """Add a node for each distinct text (and containing node); return a code for each text."""
        keys = normalise(texts)
        inside = np.full(len(texts), -1, dtype=np.int64) if within is None else within
        group = np.asarray(pd.factorize(pd.Series(inside, dtype="str") + "/" + keys)[0])
        names = texts.groupby(group).min().tolist()
        ids = keys.groupby(group).first().tolist()
        more: dict[str, object] = {}
        if kind == "Chain":
            names, more["region"] = self._split_chains(names)
        if kind == "Segment":
            chain = pd.Series(inside).groupby(group).first().to_numpy(np.int64)
            more["chain"] = provisional("Chain", chain)
            owners = self._registries["Chain"].frame["id"].reindex(chain).fillna("").tolist()
            ids = [f"{owner}/{i}" if owner else i for owner, i in zip(owners, ids, strict=True)]
        standing = "outside" if outside else "inferred"
        position = self._registries[kind].add(names, standing, id=ids, **more)
        return provisional(kind, position[group])

    def _split_chains(self, names: list[str]) -> tuple[list[str], Positions]:
        """Return the names and regions of chains written 名称@地区."""
        parts = [name.rpartition("@") if "@" in name else (name, "", "") for name in names]
        place = pd.DataFrame({"region": [p[2] for p in parts], "file": "", "sheet": "", "row": 0})
        asked = Reference(name="region", zh="地区", en="Region", to=("Region",))
        return [p[0] for p in parts], self.single(place, asked)[0]

    def _notice(
        self,
        kind: str,
        frame: pd.DataFrame,
        texts: pd.Series,
        at: Positions,
        column: Reference,
        codes: Positions,
    ) -> None:
        if kind == "Region":
            where = np.isin(codes, at)
            near = self._near(texts.iloc[at], column)
            values = texts.reindex(codes).reset_index(drop=True)
            report(
                self._findings,
                "E101.unknown_region",
                frame,
                where,
                column=column.zh,
                values=values,
                details=values.map(lambda name: near.get(name, "—")),
            )
        elif NODE_KINDS[kind].sheet and len(frame):
            rule = "E101.outside" if column.outside else "E101.inferred"
            first = frame.iloc[0]
            self._findings.add(
                rule,
                file=str(first["file"]),
                sheet=str(first["sheet"]),
                column=column.zh,
                values="、".join(texts.iloc[at[:3]]),
                details=str(len(at)),
            )

    def _refuse(
        self,
        frame: pd.DataFrame,
        text: pd.Series,
        distinct: pd.Series,
        code: Positions,
        codes: Positions,
        column: Reference,
    ) -> None:
        state = np.concatenate((code, [0]))[codes]
        values = text
        ambiguous = state == AMBIGUOUS
        if ambiguous.any():
            names = distinct[code == AMBIGUOUS]
            choices = {n: "、".join(self._choices(n, column)) for n in names}
            report(
                self._findings,
                "E101.ambiguous",
                frame,
                ambiguous,
                column=column.zh,
                values=values,
                details=values.map(lambda name: choices.get(name, "")),
            )
        unknown = state == UNKNOWN
        if unknown.any():
            near = self._near(distinct[code == UNKNOWN], column)
            report(
                self._findings,
                "E101.unknown",
                frame,
                unknown,
                column=column.zh,
                values=values,
                details=values.map(lambda name: near.get(name, "—")),
            )

    def _choices(self, text: str, column: Reference) -> list[str]:
        key = normalise(pd.Series([text], dtype="str")).iloc[0]
        return [c for kind in column.to for c in self._registries[kind].choices(key)][:_SHOWN]

    def _near(self, texts: pd.Series, column: Reference) -> dict[str, str]:
        known = pd.concat([self._registries[kind].frame["name"] for kind in column.to]).dropna()
        found = suggest(texts.head(2000), known.astype("str"), limit=3, cutoff=80)
        return {str(name): "、".join(part["suggestion"]) for name, part in found.groupby("name")}
