"""Reading CSV: one file per sheet, decoded strictly, every cell as text."""

import codecs
import csv
import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from graphmodel.errors import SourceError
from graphmodel.findings import Findings
from loaders.raw import MAX_COLUMNS, RawSheet, shown, to_text

MAX_BYTES: Final = 2 << 30
"""A larger file is refused."""

_BOMS: Final = (
    (codecs.BOM_UTF8, "UTF-8"),
    (codecs.BOM_UTF16_LE, "UTF-16LE"),
    (codecs.BOM_UTF16_BE, "UTF-16BE"),
)
_SAMPLE_LINES: Final = 60
_BLOCK: Final = 8 << 20
_QUOTED: Final = re.compile(r'"[^"]*"')
_SEPARATORS: Final = (",", "\t", ";")
_GUARDED: Final = r"^'+[=+\-@＝＋－＠\t\r\n]"
_UNCLOSED: Final = "EOF inside string"
_LONGEST_FIELD: Final = (1 << 31) - 1
_QUIET_NAMES: Final = (".", "~$")


class _Decoded(NamedTuple):
    data: bytes
    encoding: str


def read_folder(path: Path, findings: Findings, *, sample: bool = False) -> list[RawSheet]:
    """Return every CSV file of a folder as a sheet, by name; other files are noticed.

    Args:
        path: The folder.
        findings: Takes what is noticed.
        sample: The folder is a bundled sample, whose list of sources is no sheet.

    Raises:
        SourceError: The folder cannot be listed, or holds no CSV file.
    """
    try:
        files = sorted(entry for entry in path.iterdir() if entry.is_file())
    except OSError as error:
        msg = (
            f"打不开文件夹 {path}：请检查路径和权限。 Cannot open folder {path}: {error.strerror}."
        )
        raise SourceError(msg) from error
    sheets = []
    tables = [file for file in files if file.suffix.lower() == ".csv"]
    if not tables:
        msg = (
            f"文件夹 {path} 中没有 .csv 文件；请放入 企业.csv 等文件，或直接给出 .xlsx 工作簿。 "
            f"Folder {path} holds no .csv file; put 企业.csv and others "
            "there, or give an .xlsx workbook."
        )
        raise SourceError(msg)
    for file in files:
        if sample and file.name == "sources.csv":
            continue
        if file in tables:
            sheets.append(read_csv(file, findings))
        elif not (sample or file.name.startswith(_QUIET_NAMES)):
            findings.add("E111.not_read", file=shown(file.name), values=shown(file.name))
    return sheets


def read_csv(path: Path, findings: Findings) -> RawSheet:
    """Return a CSV file as a sheet; a refused one, with a finding, where it cannot be decoded.

    The encoding is that of the byte order mark, else UTF-8, else GB18030, always strictly. The
    separator is a comma, tab or semicolon, whichever the first lines hold most of. A cell that
    begins with apostrophes before = + - @ or a control character loses one apostrophe, which is
    the guard that `writers` puts there.

    Raises:
        SourceError: The file cannot be opened or is larger than 2 GiB.
    """
    place = {"file": shown(path.name), "sheet": shown(path.stem)}
    try:
        if path.stat().st_size > MAX_BYTES:
            msg = (
                f"{path.name} 超过 2 GiB，拒绝读取；请分成几个文件。 {path.name} "
                "is larger than 2 GiB; split it."
            )
            raise SourceError(msg)
        written = path.read_bytes()
    except OSError as error:
        msg = f"打不开 {path}：请检查路径和权限。 Cannot open {path}: {error.strerror}."
        raise SourceError(msg) from error
    decoded = _decode(written, place, findings)
    if decoded is None:
        return _refused(path)
    data = decoded.data
    if b"\0" in data:
        findings.add("E113.nul", **place, details=str(data.count(b"\0")))
        data = data.replace(b"\0", b"")
    cells = _parse(data, place, findings)
    if cells.shape[1] > MAX_COLUMNS:
        findings.add("S206.too_many_rows", **place, details=f"{cells.shape[1]} > {MAX_COLUMNS}")
        return _refused(path)
    return RawSheet(
        file=shown(path.name),
        name=shown(path.stem),
        cells=_unguard(cells) if b"'" in data else cells,
        encoding=decoded.encoding,
        sha256=hashlib.sha256(written).hexdigest(),
    )


def _refused(path: Path) -> RawSheet:
    return RawSheet(
        file=shown(path.name), name=shown(path.stem), cells=pd.DataFrame(), refused=True
    )


def _decode(written: bytes, place: dict[str, str], findings: Findings) -> _Decoded | None:
    """Return the content as UTF-8 without a mark, and the encoding it was in."""
    marked = next(((mark, name) for mark, name in _BOMS if written.startswith(mark)), None)
    tries = [marked[1]] if marked else ["UTF-8", "GB18030"]
    body = written[len(marked[0]) :] if marked else written
    offset = 0
    for encoding in tries:
        if encoding == "UTF-8" and _is_utf8(body):
            return _Decoded(body, encoding)
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError as error:
            offset = max(offset, error.start + len(written) - len(body))
            continue
        findings.add("E105.encoding", **place, details=encoding)
        return _Decoded(text.encode(), encoding)
    findings.add("E105.undecodable", **place, details=str(offset))
    return None


def _is_utf8(data: bytes) -> bool:
    """Whether bytes are UTF-8 throughout, without making a text of them."""
    import pyarrow as pa  # type: ignore[import-untyped]  # noqa: PLC0415  # no stubs; slow to import

    ends = pa.py_buffer(np.array([0, len(data)], dtype=np.int64))
    cell = pa.Array.from_buffers(pa.large_string(), 1, [None, ends, pa.py_buffer(data)])
    try:
        cell.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _parse(data: bytes, place: dict[str, str], findings: Findings) -> pd.DataFrame:
    separator, width = _shape(data)
    if not width:
        return pd.DataFrame(index=pd.RangeIndex(0))
    quick = None if _quotes(data) % 2 else _quick_frame(data, separator, width)
    if quick is not None:
        return quick
    try:
        return _frame(data, separator, width)
    except pd.errors.ParserError as error:
        unclosed = _UNCLOSED in str(error)
    rows = list(_rows(data.decode(), separator))
    if unclosed:
        findings.add("E111.unclosed_quote", **place, rows=len(rows))
        rows = rows[:-1]
    return to_text(rows)[0]


def _quotes(data: bytes) -> int:
    """Return the number of quotation marks; `bytes.count` is slow where there are many."""
    letters = np.frombuffer(data, dtype=np.uint8)
    parts = (letters[first : first + _BLOCK] for first in range(0, len(letters), _BLOCK))
    return sum(int(np.count_nonzero(part == ord('"'))) for part in parts)


def _shape(data: bytes) -> tuple[str, int]:
    """Return separator and number of columns, judged by the first lines.

    The separator is the one that stands in most lines outside quotation marks; a comma, then a
    tab, where several stand in as many.
    """
    head = data[: 1 << 20].decode(errors="ignore")
    lines = head.splitlines()[:_SAMPLE_LINES]
    bare = [_QUOTED.sub("", line) for line in lines]
    separator = max(_SEPARATORS, key=lambda each: sum(each in line for line in bare))
    return separator, max((len(row) for row in _rows("\n".join(lines), separator)), default=0)


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    csv.field_size_limit(_LONGEST_FIELD)
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)


def _frame(data: bytes, separator: str, width: int) -> pd.DataFrame:
    """Return the table, short rows filled; a row that is too long is a ParserError."""
    frame = pd.read_csv(
        io.BytesIO(data),
        sep=separator,
        header=None,
        names=range(width),
        index_col=False,
        dtype="str",
        keep_default_na=False,
        na_filter=False,
        skip_blank_lines=False,
        encoding="utf-8",
        low_memory=False,
    )
    frame.columns = pd.RangeIndex(width)
    return frame.fillna("")


def _quick_frame(data: bytes, separator: str, width: int) -> pd.DataFrame | None:
    """Return the table read on all cores, or None where a row has more or fewer cells."""
    import pyarrow as pa  # noqa: PLC0415  # slow to import
    from pyarrow import csv as arrow  # noqa: PLC0415  # likewise

    names = [str(number) for number in range(width)]
    try:
        table = arrow.read_csv(
            pa.BufferReader(data),
            read_options=arrow.ReadOptions(column_names=names, block_size=_BLOCK),
            parse_options=arrow.ParseOptions(
                delimiter=separator, newlines_in_values=True, ignore_empty_lines=False
            ),
            convert_options=arrow.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()),
                strings_can_be_null=False,
                check_utf8=False,  # they are
            ),
        )
    except pa.ArrowInvalid:
        return None
    text = {pa.large_string(): pd.StringDtype(na_value=np.nan)}
    frame: pd.DataFrame = table.to_pandas(types_mapper=text.get)
    return frame.set_axis(pd.RangeIndex(width), axis=1)


def _unguard(cells: pd.DataFrame) -> pd.DataFrame:
    """Take one apostrophe from every cell that the formula guard of `writers` may have touched."""
    columns = {}
    for number in cells.columns:
        column = cells[number]
        starts = np.flatnonzero(column.str.startswith("'"))
        if len(starts):
            suspects = column.iloc[starts]
            guarded = starts[suspects.str.contains(_GUARDED).to_numpy()]
            if len(guarded):
                column = column.copy()
                column.iloc[guarded] = column.iloc[guarded].str[1:]
        columns[number] = column
    return pd.DataFrame(columns, index=cells.index)
