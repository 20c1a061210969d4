"""From typed rows to a graph: nodes get their identity, references their node, doubles merge."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from graphmodel.regions import Regions

from graphmodel.findings import Findings
from graphmodel.graph import ChainGraph, SourceFile
from graphmodel.identity import normalise
from graphmodel.kinds import EDGE_KINDS, KINDS, NODE_KINDS
from graphmodel.schema import EdgeKind, NodeKind, Property, Reference, Type
from graphmodel.tables import ORIGIN
from loaders.cycles import report_cycles
from loaders.merging import merge_rows, same_thing
from loaders.registry import (
    ChainRegistry,
    Positions,
    RegionRegistry,
    Registry,
    final,
    position_of,
    provisional,
    registries_final,
)
from loaders.resolving import Resolver, report
from loaders.values import Values

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Assembled:
    """The graph, and for each kind which rows of its sheets could not be used."""

    graph: ChainGraph
    bad: dict[str, Mask]


def gather(values: Iterable[Values]) -> dict[str, pd.DataFrame]:
    """Return one table per kind from all its sheets, with a column `bad`."""
    parts: dict[str, list[pd.DataFrame]] = {}
    for one in values:
        parts.setdefault(one.kind.name, []).append(one.frame.assign(bad=one.bad))
    return {name: _stack(frames) for name, frames in parts.items()}


def _stack(frames: list[pd.DataFrame]) -> pd.DataFrame:
    if len(frames) == 1:
        return frames[0].reset_index(drop=True)
    for name in ("file", "sheet"):
        together = pd.api.types.union_categoricals([f[name] for f in frames]).categories
        frames = [f.assign(**{name: f[name].cat.set_categories(together)}) for f in frames]
    return pd.concat(frames, ignore_index=True)


def origin(frame: pd.DataFrame, rows: Positions) -> dict[str, object]:
    """Return the origin columns of some rows of `frame`, to stand beside what follows from them."""
    return {c: frame[c].array.take(rows) for c in ORIGIN if c in frame}


def assemble(
    tables: dict[str, pd.DataFrame],
    findings: Findings,
    *,
    regions: Regions,
    files: Sequence[SourceFile] = (),
    name: str = "",
) -> Assembled:
    """Build the graph of all rows in `tables`; what cannot be used is found and marked.

    Args:
        tables: Rows by kind, as `gather` makes them; rows marked bad still answer to their name,
            so that one bad cell does not make every reference to its row an error.
        findings: Grows by everything noticed.
        regions: The bundled table of regions.
        files: The files read.
        name: What the source is called.
    """
    return _Assembly(tables, findings, regions).build(files, name)


class _Assembly:
    def __init__(
        self, tables: dict[str, pd.DataFrame], findings: Findings, regions: Regions
    ) -> None:
        self.tables, self.findings = tables, findings
        self.bad = {name: table["bad"].to_numpy(copy=True) for name, table in tables.items()}
        self.first_rows: dict[str, Positions] = {}
        self.registries: dict[str, Registry] = {}
        self.resolver = Resolver(self.registries, findings)
        self.edges: dict[str, list[pd.DataFrame]] = {}
        self._regions(regions)

    def build(self, files: Sequence[SourceFile], name: str) -> Assembled:
        for kind in NODE_KINDS.values():
            if kind.name != "Region":
                self._nodes(kind)
        for kind in NODE_KINDS.values():
            self._references(kind)
        for edge in EDGE_KINDS.values():
            if edge.sheet and edge.name in self.tables:
                self._relations(edge)
        self._locate_outside()
        edges = {
            edge.name: self._merged(edge) for edge in EDGE_KINDS.values() if edge.name in self.edges
        }
        self._keep_used_regions(edges)
        offsets = registries_final(self.registries)
        nodes = {
            k: self._finished(NODE_KINDS[k], r.frame, offsets) for k, r in self.registries.items()
        }
        relations = {k: self._finished(EDGE_KINDS[k], frame, offsets) for k, frame in edges.items()}
        return Assembled(ChainGraph(nodes, relations, files=files, name=name), self.bad)

    # nodes -------------------------------------------------------------------------------------

    def _regions(self, bundled: Regions) -> None:
        """Join the planner's regions to the bundled table; every known region gets a position."""
        kind = NODE_KINDS["Region"]
        own = self.tables.get("Region", pd.DataFrame(columns=["name", *ORIGIN, "bad"]))
        merged = self._merge_nodes(kind, own, free=()) if len(own) else own
        regions, position = bundled.with_own(_named_parents(merged))
        self._report_regions(regions, merged, position)
        known = regions.frame
        frame = pd.DataFrame({"id": known["code"].where(known["code"].notna(), known["name"]), "name": known["name"],
                              "code": known["code"], "level": known["level"], "standing": "reference"})  # fmt: skip
        for column in [c for c in merged.columns if c not in {"parent", "bad", "level", "code"}]:
            given = pd.Series(
                merged[column].to_numpy(), index=position, dtype=merged[column].dtype
            ).reindex(frame.index)
            frame[column] = given.where(given.notna(), frame[column]) if column in frame else given
        frame.loc[position, "standing"] = "stated"
        for name in ("file", "sheet"):
            frame[name] = frame.get(name, pd.Series("", index=frame.index)).astype("category")
        frame["row"] = frame.get("row", pd.Series(0, index=frame.index)).fillna(0).astype("int64")
        repeated = frame["id"].duplicated(keep=False)
        paths = pd.Series(
            [regions.path(int(i)) for i in np.flatnonzero(repeated)],
            index=frame.index[repeated],
            dtype="str",
        )
        frame.loc[repeated, "id"] = paths
        self.registries["Region"] = RegionRegistry(kind, frame, regions)
        self.region_parents = np.asarray(regions.parents, dtype=np.int64)

    def _report_regions(self, regions: Regions, own: pd.DataFrame, position: Positions) -> None:
        """Report rows of sheet 地区 that could not be placed as written."""
        rules = {"unknown_parent": "E101.unknown", "circle": "E108.hierarchy", "duplicate": "E102.merged_rows"}
        for problem in regions.problems:
            where = position == problem.row
            details = pd.Series("、".join(problem.choices) or problem.value, index=own.index)
            rule = rules.get(problem.kind, "E101.ambiguous")
            title = "上级" if problem.kind.endswith("parent") else "名称"
            values = pd.Series(problem.value, index=own.index)
            report(self.findings, rule, own, where, column=title, values=values, details=details)
            if rule != "E102.merged_rows":
                self.bad["Region"][self.first_rows["Region"][where]] = True

    def _nodes(self, kind: NodeKind) -> None:
        """Build the table of the nodes that the kind's own sheets state."""
        stated = kind.name in self.tables
        if stated:
            table = self.tables[kind.name].copy()
            for column in kind.columns:
                if isinstance(column, Reference) and not column.many and column.name in kind.key:
                    table[f"key:{column.name}"] = self._single(kind.name, table, column)
            merged = self._merge_nodes(
                kind, table, free=("name",) if kind.name == "Enterprise" else ()
            )
            frame = self._identified(kind, merged)
        else:
            frame = pd.DataFrame(
                {
                    "id": pd.Series(dtype="str"),
                    "name": pd.Series(dtype="str"),
                    "standing": pd.Series(dtype="str"),
                }
            )
            for extra in {"Chain": ["region"], "Segment": ["chain"]}.get(kind.name, []):
                frame[extra] = pd.Series(dtype="int64")
        if kind.name == "Chain":
            region = self.registries["Region"]
            self.registries["Chain"] = ChainRegistry(
                kind, frame, stated=stated, region=region.look_up
            )
        else:
            self.registries[kind.name] = Registry(kind, frame, stated=stated)

    def _merge_nodes(
        self, kind: NodeKind, table: pd.DataFrame, *, free: Sequence[str]
    ) -> pd.DataFrame:
        labels = self._labels(kind, table)
        merged = merge_rows(table, labels, kind, free=free)
        titles = {c.name: c.zh for c in (*kind.columns,)}
        for conflict in merged.conflicts:
            if conflict.column.startswith("key:"):
                continue
            where = np.zeros(len(table), dtype=bool)
            where[conflict.rows] = True
            details = pd.Series("", index=table.index, dtype="str")
            details.iloc[conflict.rows] = conflict.kept
            report(self.findings, "E102.conflict", table, where, column=titles.get(conflict.column, conflict.column),
                   values=table[conflict.column], details=details)  # fmt: skip
            self.bad[kind.name] |= where
        self._report_repeats(kind, table, labels, merged.repeated)
        self.first_rows[kind.name] = merged.rows
        return merged.frame

    def _labels(self, kind: NodeKind, table: pd.DataFrame) -> Positions:
        """Return which rows are one node: the same id or code, or the same name unless these differ."""
        blank = pd.Series(np.nan, index=table.index, dtype="str")
        ids = table["id"] if "id" in table else blank
        key = self._key_text(kind, table)
        if kind.name != "Enterprise":
            plain = ids.groupby(key).transform("nunique") <= 1
            return same_thing(len(table), (ids, None), (key, plain.to_numpy()))
        codes = table["credit_code"] if "credit_code" in table else blank
        several = (codes.groupby(key).transform("nunique") > 1) | (
            ids.groupby(key).transform("nunique") > 1
        )
        unclear = (several & codes.isna() & ids.isna()).to_numpy()
        if unclear.any():
            choices = (
                codes.fillna(ids).groupby(key).agg(lambda c: "、".join(sorted(set(c.dropna()))))
            )
            report(
                self.findings,
                "E102.two_codes",
                table,
                unclear,
                column="企业名称",
                values=table["name"],
                details=key.map(choices),
            )
            self.bad[kind.name] |= unclear
        return same_thing(len(table), (ids, None), (codes, None), (key, ~several.to_numpy()))

    def _key_text(self, kind: NodeKind, table: pd.DataFrame) -> pd.Series:
        """Return the text that identifies each row where it has no id."""
        columns = {c.name: c for c in kind.columns}
        total = pd.Series("", index=table.index, dtype="str")
        for position, name in enumerate(kind.key):
            if f"key:{name}" in table:
                part = table[f"key:{name}"].astype("str").astype("str")
            elif name in table:
                values = table[name]
                text = (
                    values.astype("str") if not isinstance(columns.get(name), Reference) else values
                )
                part = normalise(text.astype("str")).fillna("")
            else:
                continue
            total = part if position == 0 else total + "\x1f" + part
        return total.where(total.str.replace("\x1f", "") != "")

    def _report_repeats(
        self, kind: NodeKind, table: pd.DataFrame, labels: Positions, repeated: Positions
    ) -> None:
        if not len(repeated):
            return
        several = np.isin(labels, repeated)
        label = pd.Series(labels)
        named = (
            table["name"] if "name" in table else table.get("id", pd.Series("", index=table.index))
        )
        first = several & ~label.duplicated().to_numpy()
        counts = label.map(label.value_counts()).astype("str")
        report(
            self.findings,
            "E102.merged_rows",
            table,
            first,
            column=kind.zh,
            values=named,
            details=counts,
        )
        if kind.name == "Enterprise" and "credit_code" in table:
            names = table["name"].groupby(labels).agg(lambda n: "、".join(sorted(set(n.dropna()))))
            distinct = normalise(table["name"]).groupby(labels).transform("nunique").to_numpy() > 1
            where = (
                first
                & distinct
                & table["credit_code"].groupby(labels).transform("count").gt(0).to_numpy()
            )
            report(
                self.findings,
                "E102.two_names",
                table,
                where,
                column="统一社会信用代码",
                values=table["credit_code"],
                details=label.map(names),
            )

    def _identified(self, kind: NodeKind, merged: pd.DataFrame) -> pd.DataFrame:
        """Give every node its id: 编码, else credit code, else the key."""
        frame = merged.drop(columns=["bad"])
        key = pd.Series([""] * len(frame), dtype="str")
        names = {c.name: c for c in kind.columns}
        if kind.hashed:
            parts = [
                frame[n].astype("str").fillna("")
                if n in frame
                else pd.Series("", index=frame.index)
                for n in kind.key
            ]
            joined = pd.concat(parts, axis=1).agg("\x1f".join, axis=1) if len(frame) else key
            hashes = pd.util.hash_array(joined.to_numpy(dtype=object))
            key = pd.Series([f"{kind.name[0]}{h:016x}" for h in hashes], dtype="str")
        else:
            for name in kind.key:
                if f"key:{name}" in frame:
                    code = frame[f"key:{name}"].to_numpy()
                    target = self._labels_of(names[name], code)
                else:
                    target = (
                        normalise(frame[name].astype("str")).fillna("")
                        if name in frame
                        else pd.Series("", index=frame.index)
                    )
                joint = "@" if kind.name == "Chain" else "/"
                key = (key + joint + target).where((key != "") & (target != ""), key + target)
        ids = frame["id"] if "id" in frame else pd.Series(np.nan, index=frame.index, dtype="str")
        if "credit_code" in frame:
            ids = ids.where(ids.notna(), frame["credit_code"])
        ids = ids.where(ids.notna(), key)
        repeated = ids.duplicated()
        frame["id"] = ids = ids.where(~repeated, ids + "#" + ids.groupby(ids).cumcount().add(1).astype("str"))
        more = {n.removeprefix("key:"): frame[n] for n in frame.columns if n.startswith("key:")}
        frame = frame.drop(columns=[n for n in frame.columns if n.startswith("key:")])
        for name in {"Chain": ("region",), "Segment": ("chain",)}.get(kind.name, ()):
            more.setdefault(name, pd.Series(-1, index=frame.index, dtype="int64"))
            frame[f"text:{name}"] = frame[name] if name in frame else ""
            frame[name] = more[name]
        named = frame[next((c for c in ("name", kind.title) if c in frame), "id")] if len(frame) else ids
        return frame.assign(id=ids, name=named.where(named.notna(), ids), standing="stated")

    def _labels_of(self, column: Property | Reference, codes: Positions) -> pd.Series:
        """Return what a referenced node is called in another node's id."""
        kind = column.to[0] if isinstance(column, Reference) else ""
        field = "name" if kind == "Region" else "id"
        table = self.registries[kind].frame[field]
        return table.reindex(position_of(codes)).fillna("").reset_index(drop=True)

    # references --------------------------------------------------------------------------------

    def _single(
        self, name: str, table: pd.DataFrame, column: Reference, within: Positions | None = None
    ) -> Positions:
        code, failed = self.resolver.single(table, column, within=within)
        self._mark(name, table, failed)
        return code

    def _mark(self, name: str, table: pd.DataFrame, failed: Mask) -> None:
        """Mark rows bad; `table` is either the sheet's rows or one row per merged node."""
        if name in self.bad and failed.any():
            rows = np.flatnonzero(failed)
            merged = len(table) != len(self.bad[name])
            self.bad[name][self.first_rows[name][rows] if merged else rows] = True

    def _references(self, kind: NodeKind) -> None:
        """Resolve the reference columns of a node's sheet into relations and codes."""
        if kind.name not in self.tables or kind.name == "Region":
            return
        registry = self.registries[kind.name]
        size = len(self.first_rows[kind.name])
        own = registry.frame.iloc[:size]
        codes: dict[str, Positions] = {}
        for column in kind.columns:
            text = f"text:{column.name}" if f"text:{column.name}" in own else column.name
            if not isinstance(column, Reference) or text not in own:
                continue
            table = own.assign(**{column.name: own[text]}) if text != column.name else own
            if column.many:
                row, code, failed = self.resolver.many(table, column)
                self._mark(kind.name, own, failed)
            else:
                within = codes.get(column.within) if column.within else None
                resolved = self._single(kind.name, table, column, within)
                codes[column.name] = resolved
                row, code = np.flatnonzero(resolved >= 0), resolved[resolved >= 0]
            if column.link is not None:
                self._from_column(kind, own, column, row, code)
        frame = registry.frame.drop(
            columns=[c for c in registry.frame.columns if c.startswith("text:")]
        )
        for column in kind.columns:
            if not isinstance(column, Reference):
                continue
            if column.link is None and column.name in codes:
                padded = np.full(len(frame), -1, dtype=np.int64)
                padded[:size] = codes[column.name]
                frame[column.name] = padded
            elif (
                column.link is not None
                and column.name in frame
                and (kind.name, column.name) not in {("Chain", "region"), ("Segment", "chain")}
            ):
                frame = frame.drop(columns=column.name)
        registry.frame = frame

    def _from_column(
        self, kind: NodeKind, own: pd.DataFrame, column: Reference, row: Positions, code: Positions
    ) -> None:
        link = column.link
        if link is None or not len(row):
            return
        here = provisional(kind.name, row)
        ends = (
            {"source": code, "target": here} if link.incoming else {"source": here, "target": code}
        )
        frame = pd.DataFrame({**ends, **origin(own, row)})
        if link.role:
            frame["role"] = link.role
        self._link(link.edge, frame)

    def _relations(self, kind: EdgeKind) -> None:
        """Resolve the rows of a relation's own sheet."""
        table = self.tables[kind.name]
        codes: dict[str, Positions] = {}
        references = [c for c in kind.columns if isinstance(c, Reference)]
        for column in sorted(references, key=lambda c: bool(c.within) + 2 * bool(c.otherwise)):
            if column.name not in table and not column.otherwise:
                continue
            within = codes.get(column.within) if column.within else None
            codes[column.name] = self._single(kind.name, table, column, within)
            if column.otherwise:
                codes[column.name] = self._implied(kind, table, column, codes[column.name])
        if "chain" in codes:
            codes["chain"] = self._chain_of_segment(codes)
        frame = table.drop(
            columns=[c.name for c in references if c.name in table] + ["bad"]
        ).assign(**codes)
        usable = (
            (frame["source"].to_numpy() >= 0)
            & (frame["target"].to_numpy() >= 0)
            & ~self.bad[kind.name]
        )
        itself = usable & (frame["source"] == frame["target"]).to_numpy()
        if itself.any():
            names = next(c for c in references if c.name == "source")
            report(
                self.findings, "E109.self", table, itself, column=names.zh, values=table["source"]
            )
            self.bad[kind.name] |= itself
        frame["at"] = np.arange(len(frame))
        self._link(kind.name, frame[usable & ~itself])

    def _implied(
        self, kind: EdgeKind, table: pd.DataFrame, column: Reference, code: Positions
    ) -> Positions:
        """Make the post or unnamed group that a blank end stands for."""
        text = table[column.name] if column.name in table else pd.Series("", index=table.index)
        blank = (text == "").to_numpy() & ~self.bad[kind.name]
        if not blank.any():
            return code
        parts = [
            table[c].astype("str").fillna("") if c in table else pd.Series("", index=table.index)
            for c in column.otherwise_from
        ]
        empty = np.logical_and.reduce([(part == "").to_numpy() for part in parts]) if parts else False
        missing = blank & empty
        report(self.findings, "E111.missing_cell", table, missing, column=column.zh, values=text)
        self.bad[kind.name] |= missing
        blank &= ~missing
        joined = parts[0] if parts else pd.Series("未填报", index=table.index)
        for part in parts[1:]:
            joined = joined + "/" + part
        implied = Reference(name="implied", zh=column.zh, en=column.en, to=(column.otherwise,))
        found, _ = self.resolver.single(table.assign(implied=joined.where(blank, "")), implied)
        return np.where(blank, found, code)

    def _chain_of_segment(self, codes: dict[str, Positions]) -> Positions:
        """Fill a blank 产业链 from the segment that the row names."""
        chain = codes["chain"]
        owner = (
            self.registries["Segment"].frame["chain"].to_numpy()
            if len(self.registries["Segment"].frame)
            else np.zeros(0, np.int64)
        )
        for name in ("segment", "target", "source"):
            if name in codes and len(owner):
                position = position_of(codes[name])
                is_segment = (position >= 0) & (
                    codes[name] == provisional("Segment", np.maximum(position, 0))
                )
                found = np.where(is_segment, owner[np.where(is_segment, position, 0)], -1)
                chain = np.where(chain >= 0, chain, found)
        return chain

    # relations ---------------------------------------------------------------------------------

    def _link(self, edge: str, frame: pd.DataFrame) -> None:
        if len(frame):
            self.edges.setdefault(edge, []).append(frame.reset_index(drop=True))

    def _locate_outside(self) -> None:
        """Place outside parties where the supply rows say they are."""
        frame = self.registries["Enterprise"].frame
        outside = np.flatnonzero((frame["standing"] == "outside").to_numpy())
        parts = [
            pd.DataFrame(
                {
                    "source": supply[end],
                    "target": supply[f"{end}_region"],
                    **origin(supply, np.arange(len(supply))),
                }
            )
            for supply in self.edges.get("SUPPLIES", [])
            for end in ("source", "target")
            if f"{end}_region" in supply
        ]
        if not parts or not len(outside):
            return
        located = pd.concat(parts, ignore_index=True)
        located = located[
            (located["target"] >= 0) & located["source"].isin(provisional("Enterprise", outside))
        ]
        counts = located.groupby(["source", "target"], as_index=False).agg(
            times=("row", "size"), **{c: (c, "first") for c in ORIGIN}
        )
        ids = self.registries["Region"].frame["id"]
        counts["region"] = ids.reindex(position_of(counts["target"])).to_numpy()
        best = counts.sort_values(["times", "region"], ascending=[False, True]).drop_duplicates(
            "source"
        )
        self._link("LOCATED_IN", best.drop(columns=["times", "region"]))

    def _merged(self, kind: EdgeKind) -> pd.DataFrame:
        """Merge relations that are the same, add up what is declared summed, report cycles."""
        frames = self.edges[kind.name]
        frame = (
            _stack(frames)
        )
        one, two = frame["source"], frame["target"]
        if not kind.directed:
            one, two = np.minimum(one, two), np.maximum(one, two)
        keys = pd.DataFrame(
            {"one": one, "two": two, **{k: frame[k] for k in kind.key if k in frame}}
        )
        repeated = keys.duplicated(keep=False).to_numpy()
        if repeated.any():
            frame = self._merge_relations(kind, frame, keys, repeated)
        if kind.name == "UPSTREAM_OF":
            report_cycles(
                frame,
                self.tables.get(kind.name),
                self.registries["Segment"].frame,
                self.findings,
                self.bad.get(kind.name),
            )
        return frame.drop(columns=[c for c in ("at", "bad") if c in frame])

    def _merge_relations(
        self, kind: EdgeKind, frame: pd.DataFrame, keys: pd.DataFrame, repeated: Mask
    ) -> pd.DataFrame:
        part = frame[repeated].reset_index(drop=True)
        group = keys[repeated].reset_index(drop=True)
        labels = (
            group.groupby(list(group.columns), sort=False, dropna=False)
            .ngroup()
            .to_numpy()
            .astype(np.int64)
        )
        at = part.pop("at") if "at" in part else None
        if not kind.directed:
            part = part.assign(source=group["one"], target=group["two"])
        if kind.summed and kind.summed in part:
            part, labels, at = self._add_up(kind, part, labels, at)
        merged = merge_rows(part, labels, kind)
        self._report_merged(kind, part, labels, merged.repeated, "E109.merged")
        titles = {c.name: c.zh for c in kind.columns}
        for conflict in merged.conflicts:
            where = np.zeros(len(part), dtype=bool)
            where[conflict.rows] = True
            details = pd.Series("", index=part.index, dtype="str")
            details.iloc[conflict.rows] = [
                f"{a} / {b}"
                for a, b in zip(
                    conflict.kept, part[conflict.column].astype("str")[where], strict=True
                )
            ]
            report(
                self.findings,
                "E109.conflict",
                part,
                where,
                column=titles.get(conflict.column, conflict.column),
                values=self._ends(part),
                details=details,
            )
            if at is not None:
                rows = at[where].dropna().astype("int64").to_numpy()
                self.bad[kind.name][rows] = True
        return pd.concat([frame[~repeated], merged.frame], ignore_index=True)

    def _add_up(
        self, kind: EdgeKind, part: pd.DataFrame, labels: Positions, at: pd.Series | None
    ) -> tuple[pd.DataFrame, Positions, pd.Series | None]:
        """Drop rows written twice word for word, then sum the amounts of the rest."""
        content = [c for c in part.columns if c not in ORIGIN]
        again = part[content].assign(label=labels).duplicated().to_numpy()
        part, labels = part[~again].reset_index(drop=True), labels[~again]
        at = None if at is None else at[~again].reset_index(drop=True)
        amounts = part[kind.summed].groupby(labels)
        summed = amounts.transform(lambda a: a.sum(min_count=1))
        count = amounts.transform("size").to_numpy()
        self._report_merged(kind, part, labels, np.unique(labels[count > 1]), "E109.summed")
        return part.assign(**{kind.summed: summed}), labels, at

    def _report_merged(
        self, kind: EdgeKind, part: pd.DataFrame, labels: Positions, repeated: Positions, rule: str
    ) -> None:
        if kind.name == "IN_CHAIN" or not len(repeated):
            return
        label = pd.Series(labels)
        first = np.isin(labels, repeated) & ~label.duplicated().to_numpy()
        report(
            self.findings,
            rule,
            part,
            first,
            column=kind.zh,
            values=self._ends(part),
            details=label.map(label.value_counts()).astype("str"),
        )

    def _ends(self, part: pd.DataFrame) -> pd.Series:
        frames = [(k, r.frame["name"]) for k, r in self.registries.items()]
        names = pd.concat(
            [name.set_axis(provisional(k, np.arange(len(name)))) for k, name in frames]
        )
        one, two = (names.reindex(part[end]).reset_index(drop=True) for end in ("source", "target"))
        return (one + " – " + two).astype("str")

    # the finished tables -----------------------------------------------------------------------

    def _keep_used_regions(self, edges: dict[str, pd.DataFrame]) -> None:
        """Drop regions of the bundled table that nothing refers to, renumber and nest the rest."""
        registry = self.registries["Region"]
        count = len(registry.frame)
        parent = np.full(count, -1, dtype=np.int64)
        parent[: len(self.region_parents)] = self.region_parents
        used = (registry.frame["standing"] != "reference").to_numpy(copy=True)
        low = int(provisional("Region", 0))
        tables = [*((k, r.frame) for k, r in self.registries.items()), *edges.items()]
        columns = [
            (frame, column)
            for name, frame in tables
            for column in self._code_columns(KINDS[name], frame)
        ]
        for frame, column in columns:
            code = frame[column].to_numpy()
            used[code[(code >= low) & (code < low + count)] - low] = True
        while not used[parent[used & (parent >= 0)]].all():
            used[parent[used & (parent >= 0)]] = True
        fresh = np.where(used, np.cumsum(used) - 1, -1)
        for frame, column in columns:
            code = frame[column].to_numpy(copy=True)
            mine = (code >= low) & (code < low + count)
            code[mine] = fresh[code[mine] - low] + low
            frame[column] = code
        child = np.flatnonzero(used & (parent >= 0))
        nested = pd.DataFrame({"source": fresh[child] + low, "target": fresh[parent[child]] + low})
        nested = nested.assign(
            **origin(registry.frame, child)
        )
        edges["PART_OF"] = pd.concat(
            [edges[n] for n in ("PART_OF",) if n in edges] + [nested], ignore_index=True
        )
        registry.frame = registry.frame[used].reset_index(drop=True)

    @staticmethod
    def _code_columns(kind: NodeKind | EdgeKind, frame: pd.DataFrame) -> list[str]:
        references = [
            c.name
            for c in kind.columns
            if isinstance(c, Reference) and (c.link is None or isinstance(kind, EdgeKind))
        ]
        ends = ["source", "target"] if isinstance(kind, EdgeKind) else ["region", "chain"]
        return [
            c
            for c in dict.fromkeys([*ends, *references])
            if c in frame and frame[c].dtype == "int64"
        ]

    def _finished(
        self, kind: NodeKind | EdgeKind, frame: pd.DataFrame, offsets: Positions
    ) -> pd.DataFrame:
        helper = {"Chain": "region", "Segment": "chain"}.get(kind.name)
        frame = frame.drop(columns=[c for c in (helper, "bad") if c in frame])
        codes = {c: final(frame[c].to_numpy(), offsets) for c in self._code_columns(kind, frame)}
        lists = {
            c.name: frame[c.name].astype("str")
            for c in kind.columns
            if isinstance(c, Property) and c.type is Type.TEXTS and c.name in frame
        }
        frame = frame.assign(**codes, **lists)
        if "row" in frame:
            frame["row"] = frame["row"].fillna(0).astype("int64")
        return frame


def _named_parents(own: pd.DataFrame) -> pd.DataFrame:
    """Return sheet 地区 with parents given by 编码 replaced by the name of that row."""
    if "parent" not in own or "id" not in own:
        return own
    names = own.dropna(subset="id").drop_duplicates("id").set_index("id")["name"]
    return own.assign(parent=own["parent"].map(names).fillna(own["parent"]))
