"""A chain on its way from codes of the graph to places on the page."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from views.page.columns import NodeColumns
from views.page.drawn import Box, Chain, Chips, Column, Flow
from views.page.layout import CHIP_H, ROW_GAP, Content, layout
from views.page.members import ABOVE, BELOW, Members
from views.page.states import SegmentAnswer

if TYPE_CHECKING:
    from graphmodel.graph import ChainGraph, Codes

_STAGES: Final = (
    ("上游", "Upstream"),
    ("中游", "Midstream"),
    ("下游", "Downstream"),
    *[("", "")] * 3,
)
_UNKNOWN: Final = 3
_OWNER, _SCALE, _INFERRED = 1, 2, 4
BESIDE: Final = 12
"""Flows between segments that the template does not join which are always drawn, largest first."""

Answers = Mapping[tuple[str, str], SegmentAnswer]


class Drawing:
    """One chain on its way from codes of the graph to places on the page."""

    def __init__(
        self,
        graph: "ChainGraph",
        columns: NodeColumns,
        answers: Answers,
        members: Members,
    ) -> None:
        """Take a chain's members and what was answered of its segments."""
        self.graph = graph
        self.columns = columns
        self.members = members
        ids = [graph.ids([members.chain]).iloc[0], *graph.ids(members.segments)]
        self.answers = [answers.get((ids[0], segment)) for segment in ids[1:]]
        self.kind_of = {kind.code: i for i, kind in enumerate(columns.kinds)}

    def chain(self) -> Chain:
        """Place everything."""
        roles, nodes = self._contents()
        flows = self._flows()
        contents = [
            Content(role=role, size=len(nodes[i]), stage=stage, rank=rank)
            for i, (role, _, stage, rank) in enumerate(roles)
        ]
        placed = layout(contents, list(zip(flows["a"].tolist(), flows["b"].tolist(), strict=True)))
        boxes = []
        for i, (role, what, _, _) in enumerate(roles):
            x, y, w, h = placed.boxes[i]
            answer = self.answers[what] if role == "card" else None
            node = int(self.columns.position[self.members.segments[what]]) if role == "card" else -1
            boxes.append(
                Box(
                    role="lane" if role in {"above", "below"} else role,
                    node=node,
                    kind=what if role in {"above", "below"} else self.kind_of.get("Enterprise", 0),
                    state=answer.state if answer else "",
                    also=answer.also if answer else [],
                    column=placed.column[i],
                    x=round(x, 1),
                    y=round(y, 1),
                    w=round(w, 1),
                    h=round(h, 1),
                    chip=round(placed.chip_width[i], 1),
                    note=answer.filling if answer else ("", ""),
                    members=nodes[i].tolist(),
                )
            )  # fmt: skip
        return Chain(
            node=int(self.columns.position[self.members.chain]) if self.members.chain >= 0 else -1,
            title=self._title(),
            width=round(placed.width, 1),
            height=round(placed.height, 1),
            columns=[
                Column(
                    zh=_STAGES[stage][0],
                    en=_STAGES[stage][1],
                    x=round(x, 1),
                    w=round(w, 1),
                    corridors=[round(y, 1) for y in corridors],
                )
                for stage, (x, w), corridors in zip(
                    placed.stages or [_UNKNOWN] * 3, placed.columns, placed.corridors, strict=True
                )
            ],
            boxes=boxes,
            chips=self._chips(placed.chips, placed.shown, nodes),
            flows=_drawn(flows, placed.paths),
            notes=self._notes(flows),
        )

    def _title(self) -> str:
        if self.members.chain < 0:
            return ""  # the page has words for it in both languages
        row = int(self.graph.rows("Chain", [self.members.chain])[0])
        table = self.graph.nodes["Chain"]
        name = str(table["name"].iloc[row])
        if int((table["name"] == name).sum()) == 1:
            return name
        region = self.graph.names([self.graph.target("LOCATED_IN", "Chain")[row]]).iloc[0]
        return name if pd.isna(region) else f"{name}@{region}"

    def _contents(self) -> tuple[list[tuple[str, int, int, int]], list["Codes"]]:
        """(role, segment or kind, stage, rank) of each box, cards first, and its nodes."""
        members = self.members
        roles: list[tuple[str, int, int, int]] = [
            ("card", i, int(stage), int(depth))
            for i, (stage, depth) in enumerate(zip(self._stage(), members.depth, strict=True))
        ]
        groups = list(members.firms)
        for role, kinds in (("above", ABOVE), ("below", BELOW)):
            for kind in kinds:
                if len(members.support[kind]):
                    roles.append((role, self.kind_of[kind], 0, 0))
                    groups.append(members.support[kind])
        if len(members.loose):
            roles.append(("loose", 0, 0, 0))
            groups.append(members.loose)
        return roles, [self.columns.position[group] for group in groups]

    def _stage(self) -> np.ndarray:
        """Stage of each card; where none is reported, three columns share them out in order."""
        stage = self.members.stage
        if (stage == _UNKNOWN).all():
            return _UNKNOWN + np.arange(len(stage)) % 3
        return stage

    def _chips(self, places: list[np.ndarray], shown: list[int], nodes: list["Codes"]) -> Chips:
        """Every chip of the chain; the last of a box that is too full stands for the rest."""
        drawn = [
            np.concatenate([group[:count], np.full(len(xy) - count, -1, dtype=np.int64)])
            for group, count, xy in zip(nodes, shown, places, strict=True)
        ]
        node = np.concatenate([*drawn, np.empty(0, dtype=np.int64)])
        box = np.repeat(np.arange(len(places)), [len(xy) for xy in places])
        xy = np.concatenate([*places, np.empty((0, 2))])
        return Chips(
            h=CHIP_H,
            gap=ROW_GAP,
            node=node.tolist(),
            box=box.tolist(),
            x=xy[:, 0].round(1).tolist(),
            y=xy[:, 1].round(1).tolist(),
            mark=np.where(node >= 0, self._marks()[node], 0).tolist(),
        )

    def _marks(self) -> np.ndarray:
        """Marks of every node of the page: chain owner, above scale, inferred."""
        position = self.columns.position
        marks = np.where(self.columns.nodes.inferred, _INFERRED, 0)
        table = self.graph.nodes["Enterprise"]
        large = self.graph.codes("Enterprise")[
            table["above_scale"].fillna(value=False).to_numpy(dtype=bool)
        ]
        on_page = position[large]
        marks[on_page[on_page >= 0]] |= _SCALE
        marks[position[self.members.owners]] |= _OWNER
        return marks

    def _flows(self) -> pd.DataFrame:
        """Template links, reported supply and missing links between the cards, one row per pair."""
        declared = self.members.links
        every = declared.merge(self._supplies(declared), on=["a", "b"], how="outer")
        every = every.merge(self._unlinked(), on=["a", "b"], how="outer")
        every = every[every["a"] != every["b"]].sort_values(["a", "b"], ignore_index=True)
        declared_pairs = every["back"].notna()
        every["back"] = every["back"].eq(other=True)
        every["supplies"] = every["supplies"].fillna(0).astype(int)
        every["status"] = np.where(
            every["missing"].eq(other=True),
            "unlinked",
            np.where(every["supplies"] > 0, "supply", "template"),
        )
        beside = every["supplies"].where(~declared_pairs & ~every["missing"].eq(other=True))
        every["minor"] = beside.rank(ascending=False, method="first").gt(BESIDE)
        return every

    def _supplies(self, declared: pd.DataFrame) -> pd.DataFrame:
        """Number and amount of supply relations per pair of segments.

        A firm in several segments counts for the pairs that the template declares; where it
        declares none of them, for every pair.
        """
        pairs = pd.DataFrame(
            {
                "firm": np.concatenate([*self.members.firms, np.empty(0, dtype=np.int64)]),
                "segment": np.repeat(
                    np.arange(len(self.members.firms)), [len(f) for f in self.members.firms]
                ),
            }
        )
        placed = np.zeros(self.graph.size, dtype=bool)
        placed[pairs["firm"]] = True
        table = self.graph.edges["SUPPLIES"]
        inside = placed[table["source"].to_numpy()] & placed[table["target"].to_numpy()]
        rows = table.loc[inside, ["source", "target", "amount", "year"]]
        rows = rows.reset_index(names="relation")
        wide = rows.merge(pairs.rename(columns={"firm": "source", "segment": "a"}), on="source")
        wide = wide.merge(pairs.rename(columns={"firm": "target", "segment": "b"}), on="target")
        known = wide.merge(declared[["a", "b"]].assign(known=True), on=["a", "b"], how="left")
        known["known"] = known["known"].eq(other=True)
        fits = known.groupby("relation")["known"].transform("any")
        counted = known[known["known"] | ~fits]
        groups = counted.groupby(["a", "b"])
        found: pd.DataFrame = groups.agg(supplies=("relation", "nunique")).reset_index()
        found["amount"] = groups["amount"].sum(min_count=1).to_numpy()
        keys = ["a", "b", "year"]
        dated = counted.dropna(subset="year").groupby(keys, as_index=False)
        yearly = dated.agg(number=("relation", "nunique"))
        listed: dict[tuple[int, int], list[tuple[int, int]]] = {}
        told = zip(*(yearly[name].tolist() for name in (*keys, "number")), strict=True)
        for a, b, year, number in told:  # pairs of segments, not relations
            listed.setdefault((a, b), []).append((int(year), int(number)))
        pairs_found = zip(found["a"], found["b"], strict=True)
        return found.assign(years=pd.Series([listed.get(p, []) for p in pairs_found], dtype=object))

    def _unlinked(self) -> pd.DataFrame:
        """Pairs of segments that the answer on gaps calls 缺联."""
        ids = self.graph.ids(self.members.segments).tolist()
        names = self.graph.names(self.members.segments).tolist()
        found = [
            (ids.index(text) if text in ids else names.index(text), b, True)
            for b, answer in enumerate(self.answers)
            if answer is not None
            for text in answer.unlinked
            if text in ids or text in names
        ]
        return pd.DataFrame(found, columns=["a", "b", "missing"]).astype(
            {"a": "int64", "b": "int64"}
        )

    def _notes(self, flows: pd.DataFrame) -> list[tuple[str, str]]:
        """What this picture cannot show because it was not reported."""
        members = self.members
        notes = []
        if len(members.loose) and members.chain >= 0:
            n = len(members.loose)
            notes.append(
                (
                    f"{n} 家企业没有填报所在环节，列在“环节未填报”中；它们可能补上空着的环节。",
                    f"{n} firms have no segment reported; they may fill what looks empty.",
                )
            )
        if members.chain >= 0 and not len(members.segments):
            notes.append(
                (
                    "本链没有填报环节，不能判断缺、断、细、弱（见工作表 环节）。",
                    "No segments are reported, so gaps cannot be judged (sheet 环节).",
                )
            )
        if len(members.segments) and (members.stage == _UNKNOWN).any():
            n = int((members.stage == _UNKNOWN).sum())
            notes.append(
                (
                    f"{n} 个环节没有填报上下游（见工作表 环节上下游）。",
                    f"{n} segments have no upstream or downstream reported (sheet 环节上下游).",
                )
            )
        if len(members.segments) and not (flows["supplies"] > 0).any():
            notes.append(
                (
                    "本链环节之间没有供应记录：没有记录不等于没有供应（见工作表 供应关系）。",
                    "No supply rows between segments: no record is not no supply (sheet 供应关系).",
                )
            )
        if minor := int(flows["minor"].sum()):
            notes.append(
                (
                    f"另有 {minor} 对环节之间有模板未列的供应，条数较少，选中环节时才画出。",
                    f"{minor} smaller flows off the template show when a segment is chosen.",
                )
            )
        if len(members.segments) and not any(self.answers):
            notes.append(
                (
                    "没有附上缺断弱细的判断，卡片只列数量。",
                    "No answer on gaps is attached; cards only count.",
                )
            )
        return notes


def _drawn(flows: pd.DataFrame, paths: list[list[float]]) -> list[Flow]:
    """The flows as parts of the page; `flows` runs parallel to `paths`."""
    columns = ["a", "b", "status", "supplies", "amount", "back", "years", "minor"]
    rows = flows[columns].itertuples(index=False, name=None)
    return [
        Flow(
            source=a,
            target=b,
            status=status,
            supplies=supplies,
            amount=None if pd.isna(amount) else float(amount),
            back=back,
            path=path,
            years=years if isinstance(years, list) else [],
            minor=minor,
        )
        for (a, b, status, supplies, amount, back, years, minor), path in zip(
            rows, paths, strict=True
        )
    ]
