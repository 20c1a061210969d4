"""Reading workbooks: every sheet as text, with merged cells filled and hidden parts noticed."""

import hashlib
import zipfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from graphmodel.errors import SourceError
from graphmodel.findings import Findings
from loaders.raw import MAX_COLUMNS, Range, RawSheet, fill_merged, filled_rows, shown, to_text
from loaders.safety import (
    DAMAGED,
    MAX_CELLS,
    PartScan,
    check_archive,
    opendocument_cells,
    scan_part,
)

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

SUFFIXES: Final = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".ods")
"""Endings of the workbooks that can be read."""

_ZIP: Final = b"PK\x03\x04"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_OLE: Final = b"\xd0\xcf\x11\xe0"
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION: Final = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


class _Book(NamedTuple):
    file: str
    sha256: str
    scans: dict[str, PartScan]


def read_workbook(path: Path, findings: Findings) -> list[RawSheet]:
    """Return every worksheet of a workbook, hidden ones too, in the workbook's order.

    Formulas give the value last computed. The archive is checked before it is opened, see
    `safety`. Hidden sheets and rows are read with a notice; hidden rows, formula errors and cells
    far out are seen in xlsx and xlsm only.

    Args:
        path: An xlsx, xlsm, xlsb, xls or ods file.
        findings: Takes what is noticed.

    Raises:
        SourceError: The file is missing, encrypted, damaged, of another format or a bomb.
    """
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415  # only for workbooks

    packed = _check_format(path)
    if packed:
        check_archive(path)
    try:
        book = _Book(shown(path.name), _digest(path), _scans(path) if packed else {})
        with CalamineWorkbook.from_path(str(path)) as workbook:
            return _sheets(workbook, book, findings)
    except CalamineError as error:
        raise _unreadable(path, error) from error


def _check_format(path: Path) -> bool:
    """Return whether the file is a zip archive; refuse what is no workbook."""
    try:
        with path.open("rb") as stream:
            head = stream.read(512)
    except OSError as error:
        msg = (
            f"打不开 {path}：请检查路径和权限，并在 Excel 中关闭该文件。 Cannot "
            f"open {path}: {error.strerror}."
        )
        raise SourceError(msg) from error
    if path.suffix.lower() in (".et", ".ett"):
        msg = (
            f"{path.name} 是 WPS 专有格式；请在 WPS 中另存为 .xlsx。 {path.name} "
            "is in WPS's own format; save it as .xlsx."
        )
        raise SourceError(msg)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        msg = (
            f"{path.name} 其实是网页或 XML，只是改了扩展名；请用 Excel 或 WPS 打开后另存为 .xlsx。 "
            f"{path.name} is a web page or XML under another ending; open it and save it as .xlsx."
        )
        raise SourceError(msg)
    if not head.startswith((_ZIP, _OLE)):
        msg = (
            f"{path.name} 不是 Excel 工作簿；可读的格式：{'、'.join(SUFFIXES)}，或 CSV 文件夹。 "
            f"{path.name} is not a workbook; formats that can be read: "
            f"{', '.join(SUFFIXES)}, or a folder of CSV files."
        )
        raise SourceError(msg)
    return head.startswith(_ZIP)


def _unreadable(path: Path, error: Exception) -> SourceError:
    from python_calamine import PasswordError  # noqa: PLC0415  # only for workbooks

    if isinstance(error, PasswordError) or _ENCRYPTED in path.read_bytes():
        return SourceError(
            f"{path.name} 设有打开密码；请在 Excel 或 WPS 中取消密码后再读。 "
            f"{path.name} is encrypted; remove its password first."
        )
    return SourceError(
        f"{path.name} 无法读取，可能已损坏；请用 Excel 或 WPS 打开并另存为 .xlsx。 "
        f"{path.name} cannot be read and may be damaged; open it and save it as .xlsx. ({error})"
    )


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _scans(path: Path) -> dict[str, PartScan]:
    """Return the scan of each sheet's XML by sheet name; empty for a format that has none."""
    from defusedxml.ElementTree import ParseError  # noqa: PLC0415  # only for workbooks

    try:
        return _scan(path)
    except (ParseError, *DAMAGED) as error:
        raise _unreadable(path, error) from error


def _scan(path: Path) -> dict[str, PartScan]:
    from defusedxml.ElementTree import parse  # noqa: PLC0415  # only for workbooks

    with zipfile.ZipFile(path) as archive:
        parts = set(archive.namelist())
        if "content.xml" in parts and opendocument_cells(archive) > MAX_CELLS:
            msg = (
                f"{path.name} 的行列数超过上限，拒绝打开；请删去空白行列后另存为 .xlsx。 "
                f"A table of {path.name} spans too many cells; delete blank rows and columns."
            )
            raise SourceError(msg)
        if "xl/workbook.xml" not in parts or "xl/_rels/workbook.xml.rels" not in parts:
            return {}
        with archive.open("xl/_rels/workbook.xml.rels") as stream:
            links = parse(stream).iter()
            targets = {e.get("Id"): e.get("Target", "") for e in links}
        with archive.open("xl/workbook.xml") as stream:
            sheets = [e for e in parse(stream).iter() if e.tag.endswith("}sheet")]
        scans = {}
        for sheet in sheets:
            target = targets.get(sheet.get(_RELATION) or sheet.get(_STRICT_RELATION)) or ""
            part = str(PurePosixPath("/xl", target))[1:]
            if part in parts:
                scans[sheet.get("name", "")] = scan_part(archive, part)
        return scans


def _sheets(workbook: "CalamineWorkbook", book: _Book, findings: Findings) -> list[RawSheet]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415  # only for workbooks

    sheets = []
    for meta in workbook.sheets_metadata:
        if meta.typ != SheetTypeEnum.WorkSheet:
            continue
        scan = book.scans.get(meta.name, PartScan((), (), 0, 0))
        if scan.rows * scan.columns > MAX_CELLS or scan.columns > MAX_COLUMNS:
            _refuse(book, meta.name, scan.rows, scan.columns, findings)
            continue
        found = workbook.get_sheet_by_name(meta.name)
        if found.total_width > MAX_COLUMNS:
            _refuse(book, meta.name, found.total_height, found.total_width, findings)
            continue
        sheet = _sheet(found, book, scan, hidden=meta.visible != SheetVisibleEnum.Visible)
        _notice(sheet, scan, findings)
        sheets.append(sheet)
    return sheets


def _refuse(book: _Book, name: str, rows: int, columns: int, findings: Findings) -> None:
    limit = f"{rows} × {columns} > {MAX_CELLS:,} / {MAX_COLUMNS}"
    findings.add("S206.too_many_rows", file=book.file, sheet=name, details=limit)


def _sheet(found: "CalamineSheet", book: _Book, scan: PartScan, *, hidden: bool) -> RawSheet:
    cells, large = to_text(found.to_python(skip_empty_area=False))
    ranges = tuple(_ranges(found, cells.shape))
    return RawSheet(
        file=book.file,
        name=found.name,
        cells=fill_merged(cells, ranges),
        merged=ranges,
        hidden=hidden,
        hidden_rows=tuple(row for row in scan.hidden_rows if row <= len(cells)),
        large=large,
        sha256=book.sha256,
    )


def _ranges(found: "CalamineSheet", shape: tuple[int, int]) -> list[Range]:
    """Return the merged ranges, cut to the cells that exist."""
    height, width = shape
    ranges = []
    for (top, left), (bottom, right) in found.merged_cell_ranges or []:
        if top < height and left < width:
            ranges.append(Range(top, left, min(bottom, height - 1), min(right, width - 1)))
    return ranges


def _notice(sheet: RawSheet, scan: PartScan, findings: Findings) -> None:
    place = {"file": sheet.file, "sheet": sheet.name}
    if sheet.hidden:
        findings.add("E111.hidden_sheet", **place)
    filled = filled_rows(sheet.cells)
    hidden = np.array(sheet.hidden_rows, dtype=np.int64)
    hidden = hidden[filled[hidden - 1]] if len(hidden) else hidden
    if len(hidden):
        findings.add("E111.hidden_rows", **place, rows=hidden[:1], details=str(len(hidden)))
    for row, column, text in scan.errors[:_MAX_ERRORS]:
        findings.add("E104.error_value", **place, rows=row, column=str(column), values=text)


_MAX_ERRORS: Final = 1_000
