"""How findings look: in the terminal, as JSON, and beside each row of a copy of the input."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from graphmodel.findings import SEVERITIES, Findings
from graphmodel.question import Column
from graphmodel.schema import Text
from views.excel import Book, write_text
from views.output import replacing
from views.sheet import Sheet
from views.stamp import installed_version, now
from views.terminal import line, print_sheet

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from graphmodel.graph import SourceFile

PROBLEMS: Final = Text("问题说明", "Problems")
_QUALITY: Final = Text("数据质量报告", "Data quality")
_RECOGNISED: Final = Text("读到的工作表", "Sheets read")
_COUNT: Final = Text(
    "错误 {error} · 警告 {warning} · 提示 {notice}",
    "errors {error} · warnings {warning} · notices {notice}",
)

FINDING_COLUMNS: Final = (
    Column(name="file", zh="文件", en="File"),
    Column(name="sheet", zh="工作表", en="Sheet"),
    Column(
        name="row",
        zh="行号",
        en="Row",
        type="integer",
        meaning=Text(
            "按表格软件的行号，0 指整张表。", "As a spreadsheet counts; 0 is the whole sheet."
        ),
    ),
    Column(name="column", zh="列名", en="Column"),
    Column(name="value", zh="原值", en="Value"),
    Column(name="code", zh="问题代码", en="Code"),
    Column(name="message", zh="问题说明", en="Problem", bilingual=True),
    Column(name="severity", zh="级别", en="Severity", type="state", states=SEVERITIES),
    Column(name="advice", zh="建议", en="Advice", bilingual=True),
)
SHEET_COLUMNS: Final = (
    Column(name="file", zh="文件", en="File"),
    Column(name="sheet", zh="工作表", en="Sheet"),
    Column(name="kind", zh="读作", en="Read as"),
    Column(name="header_row", zh="表头行", en="Header row"),
    Column(name="rows", zh="数据行数", en="Rows", type="integer"),
    Column(name="columns", zh="识别的列", en="Columns recognised", type="texts"),
    Column(name="unknown", zh="原样保留的列", en="Columns kept as written", type="texts"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSheet:
    """What `check` says of one sheet.

    Attributes:
        file: File it stands in.
        sheet: Its name as written.
        kind: Sheet it was taken for.
        header_row: Row, or rows, taken for the header, as a spreadsheet counts.
        rows: Number of data rows.
        columns: `header as written → column`, in their order.
        unknown: Headers that are nobody's; their columns are kept.
    """

    file: str
    sheet: str
    kind: str
    header_row: str
    rows: int
    columns: list[str]
    unknown: list[str]


class Written(Protocol):
    """A sheet of the input as it was found: every cell as text, and the number of its first row."""

    @property
    def file(self) -> str:
        """Name of the file."""
        ...

    @property
    def name(self) -> str:
        """Name of the sheet as written."""
        ...

    @property
    def cells(self) -> "pd.DataFrame":
        """Every cell as text, the header a row like the others."""
        ...

    @property
    def first_row(self) -> int:
        """Number of the first row of `cells`, as a spreadsheet shows it."""
        ...


class Rejects(Protocol):
    """The rows of one sheet that were left out; the column `row` has their numbers."""

    @property
    def file(self) -> str:
        """Name of the file."""
        ...

    @property
    def sheet(self) -> str:
        """Name of the sheet as written."""
        ...

    @property
    def rows(self) -> "pd.DataFrame":
        """The rows as written."""
        ...


def counts(findings: Findings) -> dict[str, int]:
    """Return the number of findings by severity."""
    return {severity: findings.count(severity) for severity in SEVERITIES}


def print_check(
    out: "Console",
    read: Sequence[ReadSheet],
    findings: Findings,
    *,
    lang: str = "zh",
    limit: int = 50,
) -> None:
    """Print which sheets were read how, then the findings and their number by severity."""
    import pandas as pd  # noqa: PLC0415  # heavy

    if read:
        frame = pd.DataFrame([asdict(sheet) for sheet in read])
        line(out, _RECOGNISED.pick(lang), style="bold")
        print_sheet(
            out, Sheet("sheets", _RECOGNISED.pick(lang), SHEET_COLUMNS, frame, lang), limit=0
        )
    print_findings(out, findings, lang=lang, limit=limit)


def print_findings(
    out: "Console", findings: Findings, *, lang: str = "zh", limit: int = 50, severity: str = ""
) -> None:
    """Print findings, errors first, each with its place, sentence and next step."""
    frame = findings.frame()
    if severity:
        frame = frame[frame["severity"] == severity]
    total = len(frame)
    frame = frame.head(limit) if limit else frame
    for finding in frame.to_dict("records"):
        label = SEVERITIES[finding["severity"]].pick(lang)
        style = {"error": "bold red", "warning": "yellow"}.get(finding["severity"], "dim")
        ending = "_en" if lang == "en" else ""
        line(out, f"[{label} {finding['code']}] {place(finding, lang)}", style=style)
        line(out, f"    {finding[f'message{ending}']} {finding[f'advice{ending}']}")
    if total > len(frame):
        more = Text(
            "另有 {n} 条；--limit 0 全部显示，-o 问题.xlsx 逐行标注",
            "{n} more; --limit 0 shows all, -o FILE.xlsx marks every row",
        )
        line(out, more.pick(lang).format(n=total - len(frame)), style="dim")
    line(out, _COUNT.pick(lang).format(**counts(findings)), style="bold")


def place(finding: "dict[Any, Any]", lang: str) -> str:
    """Return where a finding stands: file, sheet, row and column, as far as they are known."""
    row, column = finding["row"], finding["column"]
    parts = [finding["file"], finding["sheet"] if finding["sheet"] != finding["file"] else ""]
    parts.append((f"row {row}" if lang == "en" else f"第{row}行") if row else "")
    parts.append(column)
    return " · ".join(part for part in parts if part)


def check_document(
    source: str, files: Iterable["SourceFile"], read: Sequence[ReadSheet], findings: Findings
) -> dict[str, Any]:
    """Return everything that was found as plain values."""
    from views.cells import plain  # noqa: PLC0415  # brings pandas

    frame = findings.frame()
    names = list(frame.columns)
    values = [plain(frame[name]) for name in names]
    return {
        "source": source,
        "version": installed_version(),
        "generated_at": now().isoformat(timespec="seconds"),
        "counts": counts(findings),
        "codes": dict(sorted(findings.codes.items())),
        "sheets": [asdict(sheet) for sheet in read],
        "findings": [dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)],
        "sources": [asdict(file) for file in files],
    }


def quality_sheet(findings: Findings, lang: str = "zh") -> Sheet:
    """Return the findings as the table 数据质量报告."""
    return Sheet("quality", _QUALITY.pick(lang), FINDING_COLUMNS, findings.frame(), lang)


def write_marked_copy(
    path: Path,
    written: Iterable[Written],
    findings: Findings,
    *,
    lang: str = "zh",
    force: bool = False,
) -> None:
    """Write the input again, every cell as text, with a last column 问题说明 on each row.

    Rows keep their numbers; a row with problems is filled by its worst severity. What concerns a
    whole sheet or file stands in the list of all findings, which is the first sheet. Personal data
    (S209) are not copied: a contact column is left blank, a roster is left out.

    Raises:
        OutputError: The file exists or cannot be written.
    """
    frame = findings.frame()
    ending = "_en" if lang == "en" else ""
    frame = frame.assign(
        text=frame["code"] + " " + frame[f"message{ending}"] + " " + frame[f"advice{ending}"]
    )
    with replacing(path, force=force) as draft:
        book = Book(draft)
        book.add_sheet(quality_sheet(findings, lang))
        for sheet in written:
            mine = frame[(frame["file"] == sheet.file) & (frame["sheet"] == sheet.name)]
            if mine["rule"].eq("S209.roster").any():
                continue
            personal = set(mine.loc[mine["code"] == "S209", "column"])
            mine = mine[mine["row"] > 0]
            texts = mine.groupby("row")["text"].agg("\n".join).to_dict()
            worst = mine.groupby("row")["severity"].first().to_dict()
            _copy(book, sheet, texts, worst, personal, lang)
        book.close()


_FILLS: Final = {"error": "#F8CBAD", "warning": "#FFE699", "notice": "#DDEBF7"}


def _copy(  # a sheet and everything that is written on it
    book: Book,
    sheet: Written,
    texts: Mapping[Any, str],
    worst: Mapping[Any, str],
    personal: set[str],
    lang: str,
) -> None:
    worksheet = book.worksheet(sheet.name)
    cells = _without(sheet.cells, personal)
    width = cells.shape[1]
    if sheet.first_row not in texts:
        write_text(
            worksheet, sheet.first_row - 1, width, PROBLEMS.pick(lang), book.style(bold=True)
        )
    for number, row in enumerate(cells.itertuples(index=False, name=None), sheet.first_row):
        fill = _FILLS.get(worst.get(number, ""))
        shade = {"bg_color": fill} if fill else {}
        for column, cell in enumerate(row):
            if cell:
                write_text(worksheet, number - 1, column, cell, book.style(**shade))
        if number in texts:
            style = book.style(text_wrap=True, **shade)
            write_text(worksheet, number - 1, width, texts[number], style)
    worksheet.set_column(0, max(width - 1, 0), 16)
    worksheet.set_column(width, width, 70)


def _without(cells: "pd.DataFrame", personal: set[str]) -> "pd.DataFrame":
    """Blank the columns that stand under a header of personal data, but for that header."""
    for position, column in enumerate(cells.columns):
        headers = cells[column].str.strip().isin(personal)
        if headers.any() or f"第 {position + 1} 列" in personal:
            cells = cells.copy()
            cells[column] = cells[column].where(headers, "")
    return cells


def write_rejects(
    path: Path, rejects: "Iterable[Rejects]", findings: Findings, *, lang: str = "zh"
) -> None:
    """Write the rows that were left out, as written, each with what was wrong with it.

    The file is made anew on every run.
    """
    frame = findings.frame()
    ending = "_en" if lang == "en" else ""
    with replacing(path, force=True) as draft:
        book = Book(draft)
        for rejected in rejects:
            here = (frame["file"] == rejected.file) & (frame["sheet"] == rejected.sheet)
            errors = frame[here & (frame["severity"] == "error")]
            why = (errors["code"] + " " + errors[f"message{ending}"]).groupby(errors["row"])
            rows = rejected.rows
            texts = rows["row"].map(why.agg("\n".join)).fillna("")
            named = rows.rename(columns={"row": Text("行号", "Row").pick(lang)})
            columns = tuple(Column(name=str(n), zh=str(n), en=str(n)) for n in named.columns)
            reason = Column(name=PROBLEMS.zh, zh=PROBLEMS.zh, en=PROBLEMS.en)
            written = named.assign(**{PROBLEMS.zh: texts})
            book.add_sheet(Sheet("rejects", rejected.sheet, (*columns, reason), written, lang))
        book.close()
