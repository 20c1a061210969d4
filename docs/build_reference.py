"""Write the reference pages from the declarations: sheets, relations, findings, questions.

`python docs/build_reference.py` writes them; `--check` only says whether they are current.
"""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Final

import click

import cli
from graphmodel.findings import SEVERITIES
from graphmodel.kinds import EDGE_KINDS, NODE_KINDS, SHEETS, sheet_columns
from graphmodel.question import Column, Question
from graphmodel.schema import Column as SheetColumn
from graphmodel.schema import Property, Type
from loaders.rules import RULES
from queries import questions
from views.markdown import escaped

FOLDER: Final = Path(__file__).parent / "reference"
_MADE: Final = "<!-- Made by docs/build_reference.py from the declarations; do not edit. -->\n"


_WHAT: Final = {
    Type.TEXT: "文字 text",
    Type.TEXTS: "文字，可多个，用；分开 texts",
    Type.CODE: "18 位统一社会信用代码 credit code",
    Type.CHOICE: "选一 one of",
    Type.CHOICES: "可多选，用；分开 any of",
    Type.INTEGER: "整数 whole number",
    Type.NUMBER: "数 number",
    Type.SHARE: "比例，0.35 或 35% share",
    Type.GROWTH: "增长率，可为负 growth",
    Type.MONEY: "金额 amount",
    Type.BOOLEAN: "是/否 yes or no",
    Type.DATE: "日期，2026-10-31、2026-10 或 2026 date",
}


def pages() -> dict[str, str]:
    """Return the text of every reference page by its file name."""
    made = {
        "sheets.md": _sheets(),
        "relations.md": _relations(),
        "findings.md": _findings(),
        "commands.md": _commands(),
    }
    for name, question in questions().items():
        made[f"{name}.md"] = _question(question)
    return {name: f"{_MADE}\n{text.rstrip()}\n" for name, text in made.items()}


def _table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headers, ["---"] * len(headers), *([escaped(cell) for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _sheets() -> str:
    parts = [
        "# 工作表 Sheets",
        "只有“企业”必填。表和列次序随意；每张表都可带 编码、来源、来源日期、备注。空着就是未填报。",
        "Only 企业 is required. Sheets and columns come in any order. A blank is not reported.",
    ]
    for sheet, kind in SHEETS.items():
        others = "、".join((kind.sheet_en, *kind.sheet_aliases))
        rows = [
            (
                _header(column),
                column.en,
                column.name,
                "是 yes" if column.required else "",
                _what(column),
                "、".join(column.aliases),
                " ".join(filter(None, column.help)),
            )
            for column in sheet_columns(kind)
        ]
        headers = ("列", "Column", "Property", "必填", "怎么填", "也认得", "说明 Help")
        said = [f"## {sheet} {kind.en}", f"`{kind.name}` · 也认得 also: {escaped(others)}"]
        said += [" ".join(filter(None, kind.help))] if any(kind.help) else []
        parts += [*said, _table(headers, rows)]
    return "\n\n".join(parts)


def _header(column: SheetColumn) -> str:
    unit = column.unit if isinstance(column, Property) and column.type is Type.MONEY else ""
    return f"{column.zh}({unit})" if unit else column.zh


def _what(column: SheetColumn) -> str:
    if not isinstance(column, Property):
        words = "名称、编码或信用代码 name, id or credit code"
        return f"{words}；可多个 several" if column.many else words
    choices = " / ".join(choice.zh for choice in column.choices)
    return f"{_WHAT[column.type]}：{choices}" if choices else _WHAT[column.type]


def _relations() -> str:
    kinds = [
        (k.name, k.zh, k.en, k.sheet, " ".join(filter(None, k.help))) for k in NODE_KINDS.values()
    ]
    ties = [
        (
            kind.name,
            kind.zh,
            kind.en,
            _some(kind.sources),
            _some(kind.targets),
            "→" if kind.directed else "—",
            kind.sheet,
        )
        for kind in EDGE_KINDS.values()
    ]
    return "\n\n".join(
        (
            "# 节点和关系 Kinds and relations",
            "## 节点 Nodes",
            _table(("Kind", "中文", "English", "工作表 Sheet", "说明 Help"), kinds),
            "## 关系 Relations",
            "— 表示没有方向。 — marks a tie without direction.",
            _table(("Relation", "中文", "English", "From", "To", "", "工作表 Sheet"), ties),
        )
    )


def _some(kinds: Sequence[str]) -> str:
    return "any" if len(kinds) == len(NODE_KINDS) else ", ".join(kinds)


def _findings() -> str:
    rows = [
        (
            f"{rule.code} `{name.partition('.')[2]}`",
            SEVERITIES[rule.severity].zh,
            rule.message.zh,
            rule.advice.zh,
            rule.message.en,
        )
        for name, rule in RULES.items()
    ]
    headers = ("代码 Code", "级别 Severity", "问题说明", "建议", "Problem")
    table = _table(headers, rows).replace("\\`", "`")
    zh = (
        "`liantu check` 报告的全部问题。代码不会改。"
        "错误会拦下回答，除非加 `--allow-partial`；警告和提示不影响。"
    )
    en = (
        "Everything `liantu check` reports. Codes are stable. Errors stop an answer unless"
        " `--allow-partial` is given; warnings and notices do not."
    )
    return f"# 问题代码 Findings\n\n{zh}\n\n{en}\n\n{table}"


def _question(question: Question) -> str:
    parts = [f"# {question.name}：{question.sheet}", question.zh, question.en]
    parts += [text for text in question.summary if text]
    parts += ["```\nliantu " + question.name + " SOURCE\n```", "## 参数 Parameters"]
    rows = [
        (
            f"--{field.name.replace('_', '-')}",
            str(field.default),
            str(field.metadata.get("zh", "")),
            str(field.metadata.get("en", "")),
            str(field.metadata.get("source", "")),
        )
        for field in fields(question.params)
    ]
    headers = ("选项 Option", "默认 Default", "含义", "Meaning", "出处 Source")
    parts += [_table(headers, rows), "## 列 Columns", _columns(question.columns)]
    for table in question.tables:
        parts += [f"## {table.zh} {table.en}（`{table.name}`）"]
        parts += [" ".join(filter(None, table.meaning))] if any(table.meaning) else []
        parts += [_columns(table.columns)]
    if question.needs:
        needs = [(sheet, text.zh, text.en) for sheet, text in question.needs.items()]
        parts += ["## 用到的工作表 Sheets it reads"]
        parts += [_table(("工作表 Sheet", "提供什么", "What it supplies"), needs)]
    return "\n\n".join(parts)


def _columns(columns: Sequence[Column]) -> str:
    rows = [
        (
            column.zh,
            column.en,
            column.name,
            column.type,
            column.unit,
            " ".join(filter(None, column.meaning)) or _states(column),
        )
        for column in columns
    ]
    return _table(("列", "Column", "JSON", "Type", "单位 Unit", "含义 Meaning"), rows)


def _states(column: Column) -> str:
    return "；".join(f"{code} = {text.zh} {text.en}" for code, text in column.states.items())


def _commands() -> str:
    context = click.Context(cli.cli, info_name="liantu")
    parts = ["# 命令 Commands", _said(cli.cli)]
    for name in cli.cli.list_commands(context):
        command = cli.cli.get_command(context, name)
        if command is not None:
            parts += [f"## liantu {name}", *_usage(command, click.Context(command, parent=context))]
    return "\n\n".join(parts)


def _usage(command: click.Command, context: click.Context) -> list[str]:
    params = command.get_params(context)
    arguments = [p.human_readable_name for p in params if isinstance(p, click.Argument)]
    options = [p for p in params if isinstance(p, click.Option) and "--help" not in p.opts]
    rows = [
        (" ".join((*p.opts, *p.secondary_opts)), _type(p), _default(p), p.help or "")
        for p in options
    ]
    usage = " ".join(("```text\nliantu", str(command.name), *arguments, "[OPTIONS]\n```"))
    headers = ("选项 Option", "取值 Value", "默认 Default", "说明 Help")
    return [_said(command), usage, _table(headers, rows)]


def _said(command: click.Command) -> str:
    return escaped_lines(command.help or "")


def escaped_lines(text: str) -> str:
    """Return paragraphs with each line made harmless."""
    return "\n".join(escaped(line.strip()) if line.strip() else "" for line in text.splitlines())


def _type(option: click.Option) -> str:
    if option.is_flag:
        return ""
    if isinstance(option.type, click.Choice):
        return " / ".join(map(str, option.type.choices))
    return option.type.name


def _default(option: click.Option) -> str:
    default = option.default
    shown = isinstance(default, str | int | float | Path) and not option.is_flag
    return str(default) if shown else ""


def main() -> None:
    """Write the pages, or with --check only compare them."""
    made = pages()
    stale = sorted(name for name, text in made.items() if _written(name) != text)
    extra = sorted(file.name for file in FOLDER.glob("*.md") if file.name not in made)
    if "--check" in sys.argv[1:]:
        sys.exit(
            f"Not current: {', '.join(stale + extra)}; run make docs." if stale or extra else 0
        )
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in extra:
        (FOLDER / name).unlink()
    for name in stale:
        (FOLDER / name).write_text(made[name], encoding="utf-8", newline="\n")


def _written(name: str) -> str:
    file = FOLDER / name
    return file.read_text(encoding="utf-8") if file.exists() else ""


if __name__ == "__main__":
    main()
