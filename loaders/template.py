"""The blank workbook that a planner fills in, made from the declaration."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from graphmodel.errors import OutputError, UsageError
from graphmodel.kinds import KINDS, SHEETS, sheet_columns
from graphmodel.schema import Column, EdgeKind, NodeKind, Property, Reference, Text, Type
from loaders.sheets import header
from loaders.writers import replacing

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

LANGUAGES: Final = ("zh", "en")

_ROWS: Final = 5_000
_LIST_LIMIT: Final = 255
_NOTE_LIMIT: Final = 1_500

_ENTRY: Final[dict[Type, Text]] = {
    Type.TEXT: Text("文字", "text"),
    Type.TEXTS: Text("文字，多个用 ；或 、分隔", "texts separated by ; or 、"),
    Type.CODE: Text("18 位代码，按文本填写", "code of 18 characters, as text"),
    Type.CHOICE: Text("任选其一", "one of"),
    Type.CHOICES: Text("可选多个，用 ；或 、分隔", "one or more of, separated by ; or 、"),
    Type.INTEGER: Text("整数", "whole number"),
    Type.NUMBER: Text("数", "number"),
    Type.SHARE: Text("比例，写 0.35 或 35%", "share, as 0.35 or 35%"),
    Type.GROWTH: Text("增幅，写 0.12 或 12%，可为负", "growth, as 0.12 or 12%, may be negative"),
    Type.MONEY: Text("金额，单位见列名", "amount of money in the unit of the header"),
    Type.BOOLEAN: Text("是 或 否", "是 (yes) or 否 (no)"),
    Type.DATE: Text("日期，写 2026-10-31、2026-10 或 2026", "date, as 2026-10-31, 2026-10 or 2026"),
}

_CITY: Final = "澄澜市（虚构）"
_MORE: Final[dict[str, tuple[dict[str, str], ...]]] = {
    "Region": ({"name": _CITY, "level": "市"},),
    "Segment": ({"name": "膜电极", "chain": f"氢能@{_CITY}", "necessary": "是"},),
    "PartyOrganization": ({"name": "澄澜理工大学党委（虚构）", "type": "党委", "region": _CITY},),
}
"""Further example rows: what the first rows of other sheets refer to."""

_GUIDE: Final = (
    Text("填写说明", "How to fill in"),
    Text(
        "只有“企业”表必填；其余各表有什么填什么，没有的留空或删去整表。",
        "Only sheet 企业 (enterprises) is needed; fill in of the others what you have.",
    ),
    Text(
        "带 * 的列必填；列的次序可以变，也可以加自己的列。",
        "Columns marked * are required; their order is free, and you may add columns of your own.",
    ),
    Text(
        "斜体灰字的行是示例（虚构），填写前请删去。",
        "Rows in grey italics are invented examples; delete them before filling in.",
    ),
    Text(
        "空着表示未填报，不表示没有；要说明“没有”，请在“填报范围”表声明该表已填全。",
        "Blank means not reported, not none; to say none, declare the sheet complete in 填报范围.",
    ),
    Text(
        "引用企业、联盟等时写名称、编码或信用代码；同名的产业链写 名称@地区。",
        "Refer to others by name, id or credit code; write name@region for chains of one name.",
    ),
    Text(
        "金额的单位写在列名里，如 产值(万元)；改了单位请同时改列名。",
        "The unit of money stands in the header, as 产值(万元); change the header with the unit.",
    ),
    Text(
        "只填单位、岗位和人数，不填姓名、手机号、身份证号。",
        "Give organizations, posts and numbers; never names, telephone or identity numbers.",
    ),
)


def write_template(path: Path, *, lang: str = "zh", force: bool = False) -> Path:
    """Write a workbook with one sheet per kind, headers, notes, drop-downs and an example row.

    The first sheet says how to fill it in; it is not read. The example rows, which are invented,
    load without an error. Required headers are marked by `*` and by colour.

    Args:
        path: An .xlsx file.
        lang: Language of headers, notes and sheet names, "zh" or "en".
        force: Replace the file.

    Raises:
        OutputError: The file exists and `force` was not given, or it cannot be written.
        UsageError: There is no such language.
    """
    if lang not in LANGUAGES:
        choices = "、".join(LANGUAGES)
        msg = f"没有语言 {lang!r}，可选：{choices}。 There is no language {lang!r}: {choices}."
        raise UsageError(msg)
    if path.exists() and not force:
        msg = f"{path} 已存在，加 --force 覆盖。 {path} exists; add --force to replace it."
        raise OutputError(msg)
    try:
        with replacing(path) as temporary:
            _write(temporary, lang)
    except OSError as error:
        msg = f"写不了 {path}：{error.strerror}。 Cannot write {path}: {error}."
        raise OutputError(msg) from error
    return path


def _write(path: Path, lang: str) -> None:
    from xlsxwriter import Workbook  # noqa: PLC0415  # only for workbooks

    with Workbook(path) as book:
        _guide(book, lang)
        page = _Page(book, lang)
        for kind in SHEETS.values():
            page.write(kind)


def _guide(book: "Workbook", lang: str) -> None:
    sheet = book.add_worksheet("填写说明" if lang == "zh" else "How to fill in")
    bold = book.add_format({"bold": True})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, _GUIDE[0].pick(lang), bold)
    for row, text in enumerate(_GUIDE[1:], start=1):
        sheet.write_string(row, 0, str(row))
        sheet.write_string(row, 1, text.pick(lang), wrap)
    first = len(_GUIDE) + 1
    for row, kind in enumerate(SHEETS.values(), start=first):
        name = kind.sheet if lang == "zh" else kind.sheet_en
        about = kind.help.pick(lang) or Text(kind.zh, kind.en).pick(lang)
        sheet.write_url(row, 0, f"internal:'{name}'!A1", string=name)
        sheet.write_string(row, 1, about, wrap)


class _Page:
    """Writes the sheets, with the formats they share."""

    def __init__(self, book: "Workbook", lang: str) -> None:
        self.book, self.lang = book, lang
        plain = {"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter"}
        self.required = book.add_format({**plain, "bg_color": "#C6531B", "font_color": "#FFFFFF"})
        self.optional = book.add_format({**plain, "bg_color": "#DDE7F0"})
        self.text = book.add_format({"num_format": "@"})
        self.general = book.add_format()
        self.example = book.add_format({"italic": True, "font_color": "#808080", "num_format": "@"})

    def write(self, kind: NodeKind | EdgeKind) -> None:
        """Write one sheet."""
        sheet = self.book.add_worksheet(kind.sheet if self.lang == "zh" else kind.sheet_en)
        sheet.freeze_panes(1, 0)
        for number, column in enumerate(sheet_columns(kind)):
            title = self._title(column)
            form = self.required if column.required else self.optional
            sheet.write_string(0, number, title, form)
            sheet.write_comment(0, number, self._note(column), {"x_scale": 2, "y_scale": 1.5})
            width = max(10, 2 * len(title), len(column.example) * 2)
            sheet.set_column(number, number, min(36, width), self._format(column))
            for row, text in enumerate(_examples(kind, column), start=1):
                if text:
                    sheet.write_string(row, number, text, self.example)
            self._choices(sheet, number, column)

    def _title(self, column: Column) -> str:
        if self.lang == "zh":
            title = header(column)
        else:
            is_money = isinstance(column, Property) and column.type is Type.MONEY
            title = f"{column.en} (万元)" if is_money else column.en
        return f"{title}*" if column.required else title

    def _format(self, column: Column) -> "Format":
        """Return text for everything that is no quantity, so that codes keep their zeros."""
        quantities = {Type.INTEGER, Type.NUMBER, Type.SHARE, Type.GROWTH, Type.MONEY}
        if isinstance(column, Property) and column.type in quantities:
            return self.general
        return self.text

    def _note(self, column: Column) -> str:
        """Return what the column means and what may stand in it."""
        lang = self.lang
        lines = [Text("必填。", "Required.").pick(lang)] if column.required else []
        lines += [part for part in (column.help.pick(lang),) if part]
        if isinstance(column, Reference):
            lines.append(_reference_note(column, lang))
        else:
            lines.append(_ENTRY[column.type].pick(lang) + _choice_note(column, lang))
            if column.unit:
                lines.append(Text("单位：", "Unit: ").pick(lang) + column.unit)
        return "\n".join(lines)[:_NOTE_LIMIT]

    def _choices(self, sheet: "Worksheet", number: int, column: Column) -> None:
        """Offer the allowed values as a drop-down; other spellings may still be typed."""
        if not isinstance(column, Property):
            return
        values = ["是", "否"] if column.type is Type.BOOLEAN else [c.zh for c in column.choices]
        if values and len(",".join(values)) <= _LIST_LIMIT:
            rule = {"validate": "list", "source": values, "error_type": "information"}
            sheet.data_validation(1, number, _ROWS, number, rule)


def _examples(kind: NodeKind | EdgeKind, column: Column) -> list[str]:
    """Return the cells of the example rows: those of the declaration, and what they refer to."""
    return [column.example, *(row.get(column.name, "") for row in _MORE.get(kind.name, ()))]


def _choice_note(column: Property, lang: str) -> str:
    if not column.choices:
        return ""
    names = (
        choice.zh if lang == "zh" else f"{choice.zh} ({choice.en})" for choice in column.choices
    )
    return Text("：", ": ").pick(lang) + Text("、", ", ").pick(lang).join(names)


def _reference_note(column: Reference, lang: str) -> str:
    kinds = [KINDS[name] for name in column.to]
    names = Text("、", ", ").pick(lang).join(Text(k.zh, k.en).pick(lang) for k in kinds)
    if lang == "zh":
        return f"填{names}的名称或编码" + ("，多个用 ；或 、分隔" if column.many else "")
    return f"name or id of: {names}" + ("; several separated by ; or 、" if column.many else "")
