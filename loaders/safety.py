"""Looking at a workbook before it is opened: zip bombs, entity bombs, sheets too large (S206)."""

import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from graphmodel.errors import SourceError

MAX_PARTS: Final = 5_000
MAX_BYTES: Final = 1 << 30
SMALL: Final = 32 << 20
MAX_RATIO: Final = 150
MAX_CELLS: Final = 60_000_000

DAMAGED: Final = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error,
    EOFError, OSError, ValueError, RuntimeError,
)  # fmt: skip
"""What reading a damaged archive raises; NotImplementedError is a RuntimeError."""

_CHUNK: Final = 1 << 20
_KEPT: Final = 4_096
_FORBIDDEN: Final = (b"<!DOCTYPE", b"<!ENTITY", b"<\0!\0D\0O\0C\0T\0Y\0P\0E\0")
# Cells that lie beyond column CV or row 599999: only then are all cells looked at.
_FAR: Final = re.compile(
    rb'r="(?:(?:[A-Z]{3}|[D-Z][A-Z]|C[W-Z])[0-9]+|[A-Z]+(?:[6-9][0-9]{5}|[0-9]{7,}))"'
)
_CELL: Final = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,4})([0-9]{1,9})"[^>]*?(/?)>')
_HIDDEN_ROW: Final = re.compile(rb"<(?:\w+:)?row\b[^>]*>")
_NUMBER: Final = re.compile(rb'\br="([0-9]+)"')
_ODS_TABLE: Final = b"<table:table "
_ODS_ROW: Final = re.compile(
    rb"<table:table-row\b([^>]*?)(?:/>|>(.*?)</table:table-row>)", re.DOTALL
)
_ODS_CELL: Final = re.compile(rb"<table:(?:covered-)?table-cell\b([^>]*)>")
_ODS_ROWS: Final = re.compile(rb'number-rows-repeated="([0-9]{1,9})"')
_ODS_COLUMNS: Final = re.compile(rb'number-columns-repeated="([0-9]{1,9})"')
_ERROR_CELL: Final = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*\bt="e")[^>]*?\br="([A-Z]{1,3})([0-9]+)"[^>]*>'
    rb"(?:<(?:\w+:)?f\b[^>]*>[^<]*</(?:\w+:)?f>|<(?:\w+:)?f\b[^>]*/>)?<(?:\w+:)?v>([^<]*)<"
)


class PartScan(NamedTuple):
    """What a pass over the XML of a sheet found.

    Attributes:
        hidden_rows: Numbers of hidden rows, from 1.
        errors: Row, column (both from 1) and text of cells that hold a formula error.
        rows: Largest row number of a far cell, 0 where no cell is far out.
        columns: Largest column number likewise.
    """

    hidden_rows: tuple[int, ...]
    errors: tuple[tuple[int, int, str], ...]
    rows: int
    columns: int


def check_archive(path: Path) -> None:
    """Refuse an archive that would unpack to too much or that declares XML entities.

    The limits are 5,000 parts, 1 GiB unpacked, and a ratio of 150 where more than 32 MiB unpack.

    Raises:
        SourceError: A limit is passed, a part declares a DOCTYPE, or the archive is damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_sizes(path, archive)
            for part in archive.infolist():
                if part.filename.lower().endswith((".xml", ".rels", ".vml")):
                    with archive.open(part) as stream:
                        head = stream.read(_CHUNK)
                    if any(word in head for word in _FORBIDDEN):
                        msg = (
                            f"{path.name} 的 {part.filename} 含有 DOCTYPE "
                            "声明，可能是恶意文件，拒绝打开；请重新另存为 "
                            "xlsx。 "
                            f"Part {part.filename} of {path.name} declares "
                            "a DOCTYPE; it was not opened. Save it again "
                            "as xlsx."
                        )
                        raise SourceError(msg)
    except DAMAGED as error:
        msg = (
            f"{path.name} 已损坏，无法打开；请用 Excel 或 WPS 打开并另存。 "
            f"{path.name} is damaged; open and save it again in Excel or WPS. ({error})"
        )
        raise SourceError(msg) from error


def _check_sizes(path: Path, archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    packed = max(1, path.stat().st_size)
    too_much = unpacked > MAX_BYTES or len(parts) > MAX_PARTS
    if too_much or (unpacked > SMALL and unpacked / packed > MAX_RATIO):
        msg = (
            f"{path.name} 解压后有 {unpacked / 1e6:,.0f} MB、{len(parts)} "
            f"个部分（压缩比 {unpacked / packed:,.0f}），超过上限，拒绝打开；"
            f"请删去空白行列后另存，或改用 CSV 文件夹。 {path.name} unpacks "
            f"to {unpacked / 1e6:,.0f} MB in "
            f"{len(parts)} parts (ratio {unpacked / packed:,.0f}), beyond "
            "the limit; delete blank rows and columns, or use a folder "
            "of CSV files."
        )
        raise SourceError(msg)


def scan_part(archive: zipfile.ZipFile, part: str) -> PartScan:
    """Read the XML of a sheet once, in pieces, for what the reader of cells keeps back."""
    hidden: list[int] = []
    errors: list[tuple[int, int, str]] = []
    far = False
    for piece in _pieces(archive, part):
        if b'hidden="' in piece:
            for tag in _HIDDEN_ROW.findall(piece):
                row = _NUMBER.search(tag)
                if row and (b'hidden="1"' in tag or b'hidden="true"' in tag):
                    hidden += [int(row[1])]
        if b't="e"' in piece:
            errors += [
                (int(row), column_number(column), text.decode("utf-8", "backslashreplace"))
                for column, row, text in _ERROR_CELL.findall(piece)
            ]
        far = far or _FAR.search(piece) is not None
    rows, columns = _extent(archive, part) if far else (0, 0)
    return PartScan(tuple(hidden), tuple(errors), rows, columns)


def _extent(archive: zipfile.ZipFile, part: str) -> tuple[int, int]:
    rows = columns = 0
    for piece in _pieces(archive, part):
        for column, row, empty in _CELL.findall(piece):
            if not empty:
                rows, columns = max(rows, int(row)), max(columns, column_number(column))
    return rows, columns


def opendocument_cells(archive: zipfile.ZipFile) -> int:
    """Return the number of cells that the largest table of an ODS file spans.

    A short file can say of a row or cell that it is repeated a million times.
    """
    largest = 0
    for table in archive.read("content.xml").split(_ODS_TABLE)[1:]:
        above = rows = columns = 0
        for attributes, content in _ODS_ROW.findall(table):
            repeated = _ODS_ROWS.search(attributes)
            above += int(repeated[1]) if repeated else 1
            if width := _width(content):
                rows, columns = above, max(columns, width)
        largest = max(largest, rows * columns)
    return largest


def _width(row: bytes) -> int:
    """Return the number of columns up to the last filled cell of a row of an ODS file."""
    if b"repeated=" not in row:
        return row.count(b"table-cell") if b"value-type=" in row else 0
    last = width = 0
    for attributes in _ODS_CELL.findall(row):
        repeated = _ODS_COLUMNS.search(attributes)
        width += int(repeated[1]) if repeated else 1
        if b"value-type=" in attributes:
            last = width
    return last


def column_number(letters: bytes) -> int:
    """Return the number of a column from its letters: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """Yield a part in pieces that end between cells."""
    rest = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            piece = rest + chunk
            cut = max(
                piece.rfind(b"<c "), piece.rfind(b"<row"), piece.rfind(b":c "), len(piece) - _KEPT
            )
            yield piece[:cut]
            rest = piece[cut:]
    yield rest
