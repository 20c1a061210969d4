"""Writing a graph back as the sheets it came from: a folder of CSV files or a workbook."""

import csv
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from graphmodel.errors import OutputError
from graphmodel.graph import ChainGraph
from graphmodel.kinds import SHEETS
from loaders.sheets import WrittenSheet, written_sheets

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

_GUARD: Final = r"^'*[=+\-@＝＋－＠\t\r\n]"
_NUMBER: Final = r"-?[0-9]{1,15}(\.[0-9]+)?"
_MAX_ROWS: Final = 1_048_575
_LONGEST: Final = 32_767
_WIDEST: Final = 40


def save_folder(
    graph: ChainGraph, path: Path, *, force: bool = False, guard_formulas: bool = True
) -> list[Path]:
    """Write a graph as one CSV file per sheet; reading the folder gives an equal graph.

    Files are UTF-8 with a byte order mark, which Excel needs, and lines end in LF. A cell that a
    spreadsheet could take for a formula (`=1+1`, `＝1+1`, a leading tab) gets one apostrophe in
    front, which reading takes off again; a number never does.

    Args:
        graph: The graph.
        path: The folder; made where it is missing.
        force: Replace the sheets that the folder already holds; other files stay.
        guard_formulas: False leaves such cells as they are.

    Returns:
        The files written, in the template's order.

    Raises:
        OutputError: The folder holds files and `force` was not given, or cannot be written.
    """
    if path.exists() and not path.is_dir():
        raise _refused(path, "不是文件夹", "is not a folder")
    if path.is_dir() and any(path.iterdir()) and not force:
        raise _refused(
            path, "已有文件，加 --force 覆盖", "holds files; add --force to replace them"
        )
    sheets = written_sheets(graph)
    with _writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".liantu-") as folder:
            for sheet in sheets:
                _write_csv(sheet, Path(folder) / f"{sheet.kind.sheet}.csv", guard=guard_formulas)
            path.mkdir(exist_ok=True)
            for name in SHEETS:
                (path / f"{name}.csv").unlink(missing_ok=True)
            written = [path / f"{sheet.kind.sheet}.csv" for sheet in sheets]
            for file in written:
                shutil.move(Path(folder) / file.name, file)
    return written


def _write_csv(sheet: WrittenSheet, path: Path, *, guard: bool) -> None:
    cells = _guarded(sheet.cells, sheet.numbers) if guard else sheet.cells
    returns = any(cells[name].str.contains("\r", regex=False).any() for name in cells.columns)
    quoting: Literal[0, 1] = csv.QUOTE_ALL if returns or cells.shape[1] == 1 else csv.QUOTE_MINIMAL
    cells.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n", quoting=quoting)


def _guarded(cells: pd.DataFrame, numbers: frozenset[str]) -> pd.DataFrame:
    """Put an apostrophe before every text that a spreadsheet could take for a formula."""
    columns = {}
    for name in cells.columns:
        column = cells[name]
        risky = column.str.contains(_GUARD)
        if name in numbers:
            risky &= ~column.str.fullmatch(r"-?[0-9.]+(e[+-]?[0-9]+)?")
        columns[_guarded_header(name)] = column.where(~risky, "'" + column)
    return pd.DataFrame(columns, index=cells.index)


def _guarded_header(name: str) -> str:
    risky = pd.Series([name], dtype="str").str.contains(_GUARD).iloc[0]
    return f"'{name}" if risky else name


def save_workbook(graph: ChainGraph, path: Path, *, force: bool = False) -> Path:
    """Write a graph as one workbook, a sheet per kind; reading it gives an equal graph.

    Text is written as text, so that no formula can start from data; plain numbers are numbers. The
    header stays in sight and can be filtered. A sheet that is longer than a workbook allows is
    continued on 供应关系(2).

    Args:
        graph: The graph.
        path: An .xlsx file.
        force: Replace the file.

    Returns:
        The path.

    Raises:
        OutputError: The file exists and `force` was not given, cannot be written, or a text is
            longer than the 32,767 characters a cell can hold.
    """
    if path.suffix.lower() != ".xlsx":
        raise _refused(path, "应以 .xlsx 结尾", "should end in .xlsx")
    if path.exists() and not force:
        raise _refused(path, "已存在，加 --force 覆盖", "exists; add --force to replace it")
    sheets = written_sheets(graph)
    for sheet in sheets:
        _check_lengths(sheet, path)
    with _writing(path), replacing(path) as temporary:
        _write_workbook(sheets, temporary)
    return path


def _check_lengths(sheet: WrittenSheet, path: Path) -> None:
    for name in sheet.cells.columns:
        if (sheet.cells[name].str.len() > _LONGEST).any():
            text = f"{sheet.kind.sheet}.{name}"
            raise _refused(
                path,
                f"放不下：{text} 有超过 {_LONGEST} 字的单元格，请改存 CSV 文件夹",
                f"cannot hold it: a cell of {text} is too long; save a folder of CSV files",
            )


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary file beside `path` that takes its place once it is written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".liantu-", suffix=path.suffix)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _write_workbook(sheets: list[WrittenSheet], path: Path) -> None:
    from xlsxwriter import Workbook  # noqa: PLC0415  # only for workbooks

    options = {"constant_memory": True, "strings_to_urls": False}
    with Workbook(path, options) as book:
        head = book.add_format({"bold": True, "bg_color": "#DDE7F0", "num_format": "@"})
        for sheet in sheets:
            for part, start in enumerate(range(0, len(sheet.cells), _MAX_ROWS)):
                name = sheet.kind.sheet + (f"({part + 1})" if part else "")
                rows = sheet.cells.iloc[start : start + _MAX_ROWS]
                _write_page(book, name, WrittenSheet(sheet.kind, rows, sheet.numbers), head)


def _write_page(book: "Workbook", name: str, sheet: WrittenSheet, head: "Format") -> None:
    page = book.add_worksheet(name)
    titles = [str(title) for title in sheet.cells.columns]
    numeric = [_numeric(sheet, title) for title in titles]
    for column, title in enumerate(titles):
        widest = int(sheet.cells[title].head(1_000).str.len().max())
        page.set_column(column, column, min(_WIDEST, 2 * max(len(title), widest // 2) + 4))
        page.write_string(0, column, title, head)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, len(sheet.cells), len(titles) - 1)
    columns = [sheet.cells[title].tolist() for title in titles]
    for row, cells in enumerate(zip(*columns, strict=True), start=1):  # a workbook has no other way
        for column, text in enumerate(cells):
            if text == "":
                continue
            if numeric[column][row - 1]:
                page.write_number(row, column, float(text))
            else:
                page.write_string(row, column, text)


def _numeric(sheet: WrittenSheet, title: str) -> list[bool]:
    """Return which cells can be numbers: those that the file's 16 digits hold without loss."""
    cells = sheet.cells[title]
    if title not in sheet.numbers:
        return [False] * len(cells)
    plain = cells.str.fullmatch(_NUMBER).to_numpy(dtype=np.bool_)
    short = cells.str.replace(r"[-.]", "", regex=True).str.len() <= len("123456789012345")
    return [bool(each) for each in plain & short.to_numpy(dtype=np.bool_)]


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Turn a failure of the file system into a sentence."""
    try:
        yield
    except OSError as error:
        raise _refused(
            path, f"写不了（{error.strerror}）", f"cannot be written: {error}"
        ) from error


def _refused(path: Path, zh: str, en: str) -> OutputError:
    return OutputError(f"{path} {zh}。 {path} {en}.")
