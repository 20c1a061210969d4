"""From a source to a graph: a workbook, a folder of CSV, one CSV file, or a bundled sample."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from graphmodel.errors import LiantuError, SourceError
from graphmodel.findings import ERROR, Findings
from graphmodel.graph import ChainGraph, SourceFile
from graphmodel.identity import normalise, similar_pairs
from graphmodel.regions import Regions
from graphmodel.schema import Text
from loaders.assemble import assemble, gather
from loaders.column_map import report_unused
from loaders.csv_folder import read_csv, read_folder
from loaders.headers import ColumnMap, Sheet, Summary, recognise
from loaders.raw import RawSheet, raw_sheet, shown
from loaders.resolving import report
from loaders.rules import RULES
from loaders.values import read_values
from loaders.workbook import read_workbook

SAMPLES: Final = {
    "jiangsu": Text("江苏公开资料", "Published facts about Jiangsu"),
    "chenglan": Text("澄澜市（虚构）", "Chenglan, an invented city"),
}
"""Titles of the bundled samples by name; written `sample:NAME` where a source is asked for."""

_BRAND: Final = 4
"""Characters in which Chinese enterprise names usually say place and brand."""

Progress = Callable[[str, float], None]
"""Called with what is being done and the share that is done, 0 to 1."""


class RejectedError(LiantuError):
    """The source has errors, and nobody allowed an answer without the rejected rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """The rows of one sheet that could not be used, as written, with their row numbers."""

    file: str
    sheet: str
    rows: pd.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What came of reading a source.

    Attributes:
        name: What the source is called.
        findings: Everything noticed.
        sheets: What was made of every sheet: the header rows taken, the columns recognised.
        rejects: Rows that were left out.
        usable: The graph without the rejected rows.
        allow_partial: Whether that graph may be used although there are errors.
    """

    name: str
    findings: Findings
    sheets: tuple[Summary, ...]
    rejects: tuple[Rejected, ...]
    usable: ChainGraph
    allow_partial: bool = False

    @property
    def errors(self) -> int:
        """Number of errors found."""
        return self.findings.count(ERROR)

    @property
    def graph(self) -> ChainGraph:
        """The graph.

        Raises:
            RejectedError: There are errors and `allow_partial` was not given.
        """
        if self.errors and not self.allow_partial:
            msg = (
                f"“{self.name}”有 {self.errors} 处错误，未作回答：请改正，或加 --allow-partial。"
                f" {self.name!r} has {self.errors} errors and got no answer: correct them, or add"
                " --allow-partial to leave those rows out."
            )
            raise RejectedError(msg)
        return self.usable


def sample_folder(name: str) -> Path:
    """Return the folder of a bundled sample.

    Raises:
        SourceError: There is no such sample; lists those there are.
    """
    if name not in SAMPLES:
        names = ", ".join(SAMPLES)
        msg = f"没有示例“{name}”；现有：{names}。 No sample {name!r}; there are: {names}."
        raise SourceError(msg)
    return Path(__file__).parent / "samples" / name


def load(
    source: str | Path,
    *,
    allow_partial: bool = False,
    suggest: bool = False,
    column_map: ColumnMap | None = None,
    progress: Progress | None = None,
) -> Loaded:
    """Read a source and build its graph, finding every problem at once.

    Args:
        source: Path of a workbook, a folder of CSV files or one CSV file, or `sample:NAME`.
        allow_partial: Whether the graph without the rejected rows may be used.
        suggest: Whether to look for enterprises whose names are similar, for a person to compare;
            nothing is merged.
        column_map: Headers and sheet names that are nobody's alias (see `headers.load_map`).
        progress: Called as the work goes on.

    Raises:
        SourceError: The source cannot be opened at all.
    """
    _take_memory_plainly()
    findings = Findings(RULES)
    tell = progress or (lambda _what, _share: None)
    tell("读取 reading", 0.0)
    raws = read_sheets(source, findings)
    name = str(source).removeprefix("sample:") if _is_sample(source) else shown(Path(source).stem)
    loaded = _build(
        name, raws, findings, allow_partial=allow_partial, column_map=column_map, tell=tell
    )
    if suggest:
        _suggest(loaded.usable, findings)
    return loaded


def load_rows(
    sheets: Mapping[str, Sequence[Sequence[object]]],
    *,
    allow_partial: bool = False,
    name: str = "rows",
) -> Loaded:
    """Build a graph from rows in memory, sheet by sheet, exactly as from a workbook.

    Args:
        sheets: Rows of each sheet by its name; the first is the header.
        allow_partial: As in `load`.
        name: What the source is called.
    """
    findings = Findings(RULES)
    raws = [raw_sheet(sheet, rows, file=name) for sheet, rows in sheets.items()]
    return _build(
        name,
        raws,
        findings,
        allow_partial=allow_partial,
        column_map=None,
        tell=lambda _what, _share: None,
    )


def _is_sample(source: str | Path) -> bool:
    return str(source).startswith("sample:")


def read_sheets(source: str | Path, findings: Findings) -> list[RawSheet]:
    """Return the sheets of a source as they were written, before anything is known of them.

    Raises:
        SourceError: The source cannot be opened at all.
    """
    if _is_sample(source):
        return read_folder(
            sample_folder(str(source).removeprefix("sample:")), findings, sample=True
        )
    path = Path(source)
    if not path.exists():
        msg = (
            f"找不到“{path}”：请写工作簿或 CSV 文件夹的路径，或 sample:jiangsu。"
            f" {str(path)!r} does not exist: give a workbook, a folder of CSV or sample:jiangsu."
        )
        raise SourceError(msg)
    if path.is_dir():
        return read_folder(path, findings)
    return (
        [read_csv(path, findings)]
        if path.suffix.lower() == ".csv"
        else read_workbook(path, findings)
    )


def _build(
    name: str,
    raws: Iterable[RawSheet],
    findings: Findings,
    *,
    allow_partial: bool,
    column_map: ColumnMap | None,
    tell: Progress,
) -> Loaded:
    tell("识别表头 finding headers", 0.3)
    raws = list(raws)
    summaries: list[Summary] = []
    read = (recognise(raw, findings, column_map=column_map, summaries=summaries) for raw in raws)
    sheets = [sheet for sheet in read if sheet is not None]
    if column_map is not None:
        report_unused(column_map, summaries, findings)
    tell("核对单元格 checking cells", 0.45)
    tables = gather(read_values(sheet, findings) for sheet in sheets)
    if "Enterprise" not in tables:
        findings.add(
            "E111.no_enterprises", file=name, details="、".join(raw.name for raw in raws) or "无"
        )
    tell("建立关系 linking", 0.7)
    files = tuple(_files(raws, sheets))
    regions = Regions.bundled()
    assembled = assemble(tables, findings, regions=regions, files=files, name=name)
    rejected: dict[str, list[pd.DataFrame]] = {}
    while any(bad.any() for bad in assembled.bad.values()):
        for kind, bad in assembled.bad.items():
            rejected.setdefault(kind, []).append(tables[kind][bad])
            tables[kind] = tables[kind][~bad].assign(bad=False).reset_index(drop=True)
        again = Findings(RULES)
        left_out = _names(rejected.get("Enterprise", []))
        assembled = assemble(
            tables, again, regions=regions, rejected=left_out, files=files, name=name
        )
        findings.extend(again, severity=ERROR)
    tell("完成 done", 1.0)
    return Loaded(
        name=name,
        findings=findings,
        sheets=tuple(summaries),
        rejects=tuple(_rejects(sheets, rejected)),
        usable=assembled.graph,
        allow_partial=allow_partial,
    )


def _take_memory_plainly() -> None:
    """Have Arrow take memory from the C library, unless the user has named a pool.

    Its usual pool asks for huge pages, which the system clears one by one: a third of the time.
    """
    import pyarrow as pa  # type: ignore[import-untyped]  # noqa: PLC0415  # no stubs; slow to import

    if "ARROW_DEFAULT_MEMORY_POOL" not in os.environ:
        pa.set_memory_pool(pa.system_memory_pool())


def _suggest(graph: ChainGraph, findings: Findings) -> None:
    """Name enterprises that are similar but were not merged.

    Of similar pairs, those that begin alike (place and brand) or differ in one character.
    """
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415  # only `check` compares names

    firms = graph.nodes["Enterprise"]
    firms = firms[(firms["standing"] == "stated").to_numpy()].drop_duplicates("name")
    pairs = similar_pairs(firms["name"])
    alike = [
        left[:_BRAND] == right[:_BRAND] or Levenshtein.distance(left, right) <= 1
        for left, right in zip(pairs["left"], pairs["right"], strict=True)
    ]
    pairs = pairs[np.array(alike, dtype=bool)]
    first = firms.set_index("name", drop=False).loc[pairs["left"]].reset_index(drop=True)
    report(
        findings,
        "E102.similar",
        first,
        np.ones(len(first), dtype=bool),
        column="企业名称",
        values=pairs["left"].reset_index(drop=True),
        details=pairs["right"].reset_index(drop=True),
    )


def _names(rejected: Iterable[pd.DataFrame]) -> frozenset[str]:
    """Return every text that would have meant one of the rejected rows."""
    texts = [
        normalise(table[column].astype("str")).dropna()
        for table in rejected
        for column in ("id", "name", "credit_code", "short_name")
        if column in table
    ]
    return frozenset(text for column in texts for text in column)


def _files(raws: Iterable[RawSheet], sheets: Iterable[Sheet]) -> Iterable[SourceFile]:
    rows: dict[str, int] = {}
    for sheet in sheets:
        rows[sheet.file] = rows.get(sheet.file, 0) + len(sheet.frame)
    seen = {raw.file: raw for raw in raws}
    return [
        SourceFile(file, raw.sha256, rows.get(file, 0), raw.encoding) for file, raw in seen.items()
    ]


def _rejects(
    sheets: Iterable[Sheet], rejected: Mapping[str, list[pd.DataFrame]]
) -> Iterable[Rejected]:
    for sheet in sheets:
        rows = [
            table["row"][(table["file"] == sheet.file) & (table["sheet"] == sheet.name)].to_numpy()
            for table in rejected.get(sheet.kind.name, [])
        ]
        where = np.isin(sheet.rows, np.concatenate(rows)) if rows else np.zeros(0, dtype=bool)
        if where.any():
            written = sheet.frame[where].reset_index(drop=True)
            written.insert(0, "row", np.asarray(sheet.rows)[where])
            yield Rejected(file=sheet.file, sheet=sheet.name, rows=written)
