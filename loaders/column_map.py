"""The map from an office's own sheet and column names to ours, kept in a TOML file."""

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from graphmodel.errors import OutputError, UsageError
from graphmodel.findings import Findings
from graphmodel.kinds import SHEETS, sheet_columns
from loaders.vocabulary import Kind, column_of, plain, sheets_by_word

if TYPE_CHECKING:
    from loaders.headers import Summary


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Names that are nobody's alias and what they mean.

    Attributes:
        sheets: Kind by the plain name of a sheet.
        columns: Column by the plain name of a sheet and the plain header; "" leaves the column out.
    """

    sheets: Mapping[str, Kind] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def kind(self, sheet: str) -> Kind | None:
        """Return the kind a sheet is mapped to, or None."""
        return self.sheets.get(plain(sheet))

    def column(self, sheet: str, header: str) -> str | None:
        """Return the column a header is mapped to, "" for one to leave out, or None."""
        return self.columns.get(plain(sheet), {}).get(plain(header))


def load_map(path: Path) -> ColumnMap:
    """Read a map.

    Each table of the file is named after a sheet as written; `sheet` says which of our sheets it
    is, `columns` gives for a header as written the column it means, "" for one to leave out::

        ["企业基本信息"]
        sheet = "企业"
        [ "企业基本信息".columns ]
        "纳税人名称" = "企业名称"

    Raises:
        UsageError: The file cannot be read, or names a sheet or column that does not exist.
    """
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        msg = f"打不开对照文件 {path}：{error.strerror}。 Cannot open map {path}."
        raise UsageError(msg) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = (
            f"对照文件 {path} 不是有效的 TOML（UTF-8）：{error}。 Map {path} "
            "is not valid TOML in UTF-8."
        )
        raise UsageError(msg) from error
    sheets: dict[str, Kind] = {}
    columns: dict[str, dict[str, str]] = {}
    for name, entry in written.items():
        if not isinstance(entry, dict) or not isinstance(entry.get("columns", {}), dict):
            msg = (
                f"对照文件中的“{name}”应为一节，含 sheet 和 columns。 {name!r} "
                "in the map should be a table with sheet and columns."
            )
            raise UsageError(msg)
        kind = _kind(str(entry.get("sheet") or name))
        sheets[plain(name)] = kind
        columns[plain(name)] = {
            plain(header): _column(kind, str(column))
            for header, column in entry.get("columns", {}).items()
        }
    return ColumnMap(sheets, columns)


def _kind(name: str) -> Kind:
    kind = sheets_by_word().get(plain(name))
    if kind is None:
        choices = "、".join(SHEETS)
        msg = (
            f"对照文件写的工作表“{name}”不存在，可选：{choices}。 There is "
            f"no sheet {name!r}; the sheets are: {choices}."
        )
        raise UsageError(msg)
    return kind


def _column(kind: Kind, word: str) -> str:
    if not word:
        return ""
    column = column_of(kind.name, word)
    if column is None:
        choices = "、".join(each.zh for each in sheet_columns(kind))
        msg = (
            f"对照文件写的列“{word}”不在“{kind.sheet}”表中，可选：{choices}。 "
            f"Sheet {kind.sheet} has no column {word!r}; its columns are: {choices}."
        )
        raise UsageError(msg)
    return column


def report_unused(
    column_map: ColumnMap, summaries: Sequence["Summary"], findings: Findings
) -> None:
    """Report what the map names and no sheet has."""
    found = {plain(s.sheet): {plain(t) for t in s.headers} for s in summaries}
    sheets = "、".join(summary.sheet for summary in summaries)
    for sheet, columns in column_map.columns.items():
        if sheet not in found:
            findings.add("E111.map_unused", values=sheet, details=sheets)
            continue
        for header in columns:
            if header not in found[sheet]:
                findings.add(
                    "E111.map_unused", sheet=sheet, column=header, values=header, details=sheets
                )


def write_map(summaries: Iterable["Summary"], path: Path, *, force: bool = False) -> None:
    """Write a map to fill in: what was not recognised stands with the nearest known name beside it.

    Raises:
        OutputError: The file exists and `force` was not given, or it cannot be written.
    """
    if path.exists() and not force:
        msg = (
            f"{path} 已存在；加 --force 覆盖，或换一个文件名。 {path} exists;"
            " add --force or choose another name."
        )
        raise OutputError(msg)
    lines = [
        '# 左边是表里的写法，右边填约定的列名；填 "" 表示不读这一列。删去不需要的行。',
        '# Left: as written in the sheet. Right: the column it means; "" leaves it out.',
    ]
    for summary in summaries:
        if summary.kind is not None or summary.unknown:
            lines += ["", *_entry(summary)]
    try:
        path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    except OSError as error:
        msg = f"写不了 {path}：{error.strerror}。 Cannot write {path}."
        raise OutputError(msg) from error


def _entry(summary: "Summary") -> list[str]:
    name = json.dumps(summary.sheet, ensure_ascii=False)
    sheet = summary.kind.sheet if summary.kind else summary.nearest or next(iter(SHEETS))
    lines = [f"[{name}]", f"sheet = {json.dumps(sheet, ensure_ascii=False)}", f"[{name}.columns]"]
    titles = {c.name: c.zh for c in sheet_columns(SHEETS[sheet])}
    for column, header in summary.columns.items():
        lines.append(f"{_quoted(header)} = {_quoted(titles.get(column, column))}")
    for header, nearest in summary.unknown.items():
        lines.append(f"# {_quoted(header)} = {_quoted(nearest)}")
    return lines


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
