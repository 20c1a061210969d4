"""A table as CSV whose cells a spreadsheet cannot take for formulas."""

import csv
import io
import re
from typing import Final

from views.sheet import Sheet

_DANGEROUS: Final = re.compile(r"^'*[=+\-@＝＋－＠\t\r\n]")


def guarded(text: str) -> str:
    """Return `text` behind an apostrophe where a spreadsheet might run it as a formula.

    Text that starts with apostrophes before such a character gets one more, so that taking exactly
    one away again is always right. Numbers are not text and never come here.
    """
    return f"'{text}" if _DANGEROUS.match(text) else text


def csv_text(sheet: Sheet) -> str:
    """Return the sheet as CSV: a header, then rows; numbers as such, blank where missing."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([guarded(header) for header in sheet.headers])
    columns = [
        [guarded(v) if isinstance(v, str) else v for v in values] for _, values in sheet.worded()
    ]
    writer.writerows(zip(*columns, strict=True))
    return buffer.getvalue()
