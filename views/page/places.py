"""A layout that somebody else made: a CSV file of places."""

import csv
import math
from pathlib import Path
from typing import Final

from graphmodel.errors import SourceError, UsageError

_KEYS: Final = ("id", "编码", "name", "名称")
_ENCODINGS: Final = ("utf-8-sig", "gb18030")


def read_places(path: Path) -> dict[str, tuple[float, float]]:
    """Return x and y by id or name from a CSV file with the columns id (or name, 编码, 名称), x, y.

    Args:
        path: The file, in UTF-8 or GB18030. x grows to the right and y down; the unit is free.

    Raises:
        SourceError: The file cannot be read.
        UsageError: A column is missing, or a place is no number.
    """
    rows = list(csv.DictReader(_text(path).splitlines()))
    header = [str(name).strip() for name in (rows[0] if rows else {})]
    key = next((name for name in _KEYS if name in header), None)
    if key is None or not {"x", "y"} <= set(header):
        found = "、".join(header) or "无 (none)"
        msg = (
            f"布局文件 {path} 需要列 id（或 名称）、x、y；现有：{found}。"
            f" The layout {path} needs the columns id (or name), x and y; there are: {found}."
        )
        raise UsageError(msg)
    return {
        row[key].strip(): (_number(path, row["x"], line), _number(path, row["y"], line))
        for line, row in enumerate(rows, start=2)
        if row[key]
    }


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        msg = f"读不了布局文件 {path}：{error.strerror}。 Cannot read {path}: {error.strerror}."
        raise SourceError(msg) from error
    for encoding in _ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    msg = f"布局文件 {path} 不是 UTF-8 或 GB18030。 {path} is neither UTF-8 nor GB18030."
    raise SourceError(msg)


def _number(path: Path, text: str | None, line: int) -> float:
    try:
        value = float(text or "")
    except ValueError:
        value = math.nan
    if math.isfinite(value):
        return value
    msg = (
        f"布局文件 {path} 第 {line} 行的位置“{text}”不是数字。"
        f" Line {line} of {path}: the place {text!r} is no number."
    )
    raise UsageError(msg)
