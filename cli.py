"""The command `liantu`: parse options, call one function, print, set the exit status.

Heavy imports come late, inside the commands, so that `--help` answers at once. A question's command
is made from its declaration: its title is read from the module's text, its options from its Params
when they are needed.
"""

import ast
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import MISSING, fields, replace
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_type_hints

import click

from graphmodel.errors import LiantuError, UsageError
from graphmodel.schema import Text
from queries import QUESTION_NAMES, question, questions

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from graphmodel.graph import ChainGraph
    from graphmodel.question import Params, Question, Result
    from loaders import Loaded
    from loaders.headers import Summary
    from loaders.neo4j_server import Server
    from views.check import ReadSheet
    from views.report import Answers
    from views.stamp import Stamp

_FORMATS: Final = ("table", "json", "csv", "md", "xlsx")
_ERRORS, _USAGE = 1, 2
_FILE: Final = click.Path(path_type=Path, dir_okay=False)
_FOLDER: Final = click.Path(path_type=Path, file_okay=False)
_Command = Callable[..., Any]


def _option(*names: str, zh: str, en: str, **more: Any) -> click.Option:  # noqa: ANN401  # as click.Option takes them
    """Return an option whose help is in both languages."""
    return click.Option([*names], help=f"{zh} / {en}", **more)


_SOURCE: Final = click.Argument(["source"], metavar="SOURCE")
_NEWER: Final = click.Argument(["newer"], metavar="[NEW]", required=False)
_LANGS: Final = click.Choice(("zh", "en"))
_SHARED: Final = (
    _option("--earlier", zh="上月的同一份数据", en="the data a month before", metavar="OLD"),
    _option("--allow-partial", zh="略去有错误的行", en="leave out rows with errors", is_flag=True),
    _option("--map", "column_map", zh="表头对照文件", en="map of headers", type=_FILE),
    _option("--lang", zh="语言", en="language", type=_LANGS, default="zh", envvar="LIANTU_LANG"),
    _option("--format", "form", zh="格式", en="format", type=click.Choice(_FORMATS)),
    _option("--output", "-o", zh="写入文件", en="file to write", type=_FILE, metavar="FILE"),
    _option("--force", zh="覆盖已有文件", en="replace an existing file", is_flag=True),
    _option("--limit", zh="显示的行数，0 为全部", en="rows shown, 0 for all", type=int, default=50),
    _option("--table", zh="CSV 输出哪张表", en="which table goes to CSV", default=""),
)
_OPTIONS: Final = {option.opts[0].removeprefix("--"): option for option in _SHARED}


_SOURCES: Final = "SOURCE: 工作簿、CSV 文件夹或 sample:jiangsu / a workbook, CSV folder or sample."


class _Refusal(click.ClickException):
    """One line on standard error and an exit status."""

    def __init__(self, error: LiantuError) -> None:
        """Take the status from the error: what is asked wrongly is 2, errors in the data are 1."""
        from loaders import RejectedError  # noqa: PLC0415  # brings pandas

        super().__init__(" ".join(str(error).split()))
        self._status = _ERRORS if isinstance(error, RejectedError) else _USAGE

    @property
    def exit_code(self) -> int:  # type: ignore[override]  # click declares a class variable
        """Exit status."""
        return self._status

    def show(self, file: Any = None) -> None:  # noqa: ANN401  # as click declares it
        """Print the sentence."""
        click.echo(f"liantu: {self.message}", file=file, err=file is None)


class _Commands(click.Group):
    """The commands written below, and one for every registered question."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*QUESTION_NAMES, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in QUESTION_NAMES:
            return _QuestionCommand(cmd_name)
        return super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  # as click declares it
        try:
            return super().invoke(ctx)
        except LiantuError as error:
            raise _Refusal(error) from error


class _QuestionCommand(click.Command):
    """A question's command; its options are made when they are asked for."""

    def __init__(self, name: str) -> None:
        title = _title(name)
        super().__init__(name, short_help=f"{title.zh} {title.en}", callback=partial(_ask, name))
        self.help = f"{title.en}\n\n{title.zh}\n\n{_SOURCES}"
        self._made = False

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        if not self._made:
            own = _options_of(question(self.name or "").params)
            sources = [_SOURCE, _NEWER] if self.name == "changes" else [_SOURCE]
            self.params = [*sources, *own, *_OPTIONS.values()]
            self._made = True
        return super().get_params(ctx)


@cache
def _title(name: str) -> Text:
    """Return a question's title without importing its module, which would bring in pandas."""
    spec = find_spec(f"queries.{name}")
    text = Path(spec.origin).read_text(encoding="utf-8") if spec and spec.origin else ""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Question":
            said = {
                k.arg: k.value.value for k in node.keywords if isinstance(k.value, ast.Constant)
            }
            return Text(str(said.get("zh", name)), str(said.get("en", "")))
    return Text(name, "")


def _options_of(params: "type[Params]") -> list[click.Parameter]:
    """Return an option for every field of a question's Params."""
    hints = get_type_hints(params)
    return [_own_option(field.name, field, hints[field.name]) for field in fields(params)]


def _own_option(name: str, field: Any, hint: Any) -> click.Option:  # noqa: ANN401  # a dataclass field and its type
    meta, default = field.metadata, field.default
    flag = f"--{name.replace('_', '-')}"
    source = f"（{meta['source']}）" if meta.get("source") else ""
    told: dict[str, Any] = {
        "help": f"{meta.get('zh', '')}{source} / {meta.get('en', '')}",
        "default": None if default is MISSING else default,
        "show_default": default not in {"", None, MISSING, ()},
    }
    kinds = {kind for kind in (bool, int, float, tuple) if kind in _parts(hint)}
    if bool in kinds:
        return click.Option([f"{flag}/--no-{flag[2:]}", name], **told)
    if tuple in kinds:
        return click.Option([flag, name], multiple=True, **told)
    if meta.get("choices"):
        return click.Option([flag, name], type=click.Choice(meta["choices"]), **told)
    if float in kinds:
        return click.Option(
            [flag, name], type=click.FloatRange(meta.get("low"), meta.get("high")), **told
        )
    if int in kinds:
        return click.Option(
            [flag, name], type=click.IntRange(meta.get("low"), meta.get("high")), **told
        )
    return click.Option([flag, name], type=str, **told)


def _parts(hint: Any) -> set[Any]:  # noqa: ANN401  # any annotation
    return {getattr(part, "__origin__", part) for part in (hint, *getattr(hint, "__args__", ()))}


def _takes(*names: str) -> Callable[[_Command], _Command]:
    """Give a command some of the shared options."""

    def decorate(command: _Command) -> _Command:
        listed = [_OPTIONS[name] for name in names]
        listed_after = getattr(command, "__click_params__", [])
        command.__click_params__ = [*reversed(listed), *listed_after]  # type: ignore[attr-defined]  # where click itself keeps them
        return command

    return decorate


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="liantu", prog_name="liantu")
def cli() -> None:
    """链图 Liantu: one graph of industrial chains and their alliances.

    产业链和联盟的一张图：哪个环节缺、谁牵头、谁没有覆盖。先试 liantu demo。

    SOURCE: 工作簿、CSV 文件夹或 sample:jiangsu / a workbook, a folder of CSV, or a sample.
    """


def main() -> None:
    """Run the command, on whatever console there is."""
    _leave_ascii()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    cli()


def _leave_ascii() -> None:
    """Start again in UTF-8 mode where file names could only be ASCII, as under LC_ALL=C."""
    if sys.getfilesystemencoding() == "ascii" and os.environ.get("PYTHONUTF8") != "1":
        os.environ["PYTHONUTF8"] = "1"
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606  # ourselves


# reading and answering ---------------------------------------------------------------------------


@contextmanager
def _progress(what: str) -> Iterator[Callable[[str, float], None]]:
    """Show progress on standard error after a second, in a terminal only."""
    if not sys.stderr.isatty():
        yield lambda _what, _share: None
        return
    from rich.console import Console  # noqa: PLC0415  # slow to import
    from rich.progress import Progress  # noqa: PLC0415  # slow to import

    shown = Progress(console=Console(stderr=True), transient=True)
    task = shown.add_task(what, total=1.0)
    timer = threading.Timer(1.0, shown.start)
    timer.start()
    try:
        yield lambda said, share: shown.update(task, description=f"{what} {said}", completed=share)
    finally:
        timer.cancel()
        timer.join()
        shown.stop()


def _read(
    source: str, given: dict[str, Any], *, allow_partial: bool, suggest: bool = False
) -> "Loaded":
    from loaders import load  # noqa: PLC0415  # brings pandas
    from loaders.column_map import load_map  # noqa: PLC0415  # brings pandas

    named = load_map(given["column_map"]) if given.get("column_map") else None
    with _progress(source) as tell:
        return load(
            source, allow_partial=allow_partial, suggest=suggest, column_map=named, progress=tell
        )


def _usable(source: str, given: dict[str, Any]) -> tuple["ChainGraph", "Stamp"]:
    """Read a source; print its errors and stop, or go on without the rejected rows and say so."""
    from views.stamp import stamp  # noqa: PLC0415  # brings pandas

    loaded = _read(source, given, allow_partial=bool(given.get("allow_partial")))
    if not loaded.errors:
        return loaded.graph, stamp(loaded.graph, findings=loaded.findings)
    from graphmodel.findings import ERROR  # noqa: PLC0415  # brings pandas
    from views.check import print_findings  # noqa: PLC0415  # brings pandas
    from views.terminal import console  # noqa: PLC0415  # slow to import

    print_findings(console(sys.stderr), loaded.findings, lang=given["lang"], severity=ERROR)
    graph = loaded.graph  # refuses here unless a part will do
    remark = _write_rejects(loaded, given)
    click.echo(remark.pick(given["lang"]), err=True)
    return graph, stamp(graph, remarks=[remark], findings=loaded.findings)


def _write_rejects(loaded: "Loaded", given: dict[str, Any]) -> Text:
    """Write the rows left out to a workbook of their own, and return what there is to say."""
    from views.check import write_rejects  # noqa: PLC0415  # brings pandas
    from views.output import safe_name  # noqa: PLC0415  # with the others

    rows = sum(len(rejected.rows) for rejected in loaded.rejects)
    if not rows:
        return Text(
            f"数据有 {loaded.errors} 处错误，有问题的单元格按未填报处理。",
            f"The data have {loaded.errors} errors; the cells concerned count as not reported.",
        )
    folder = given["output"].parent if given.get("output") else Path()
    path = folder / f"{safe_name(loaded.name)}.rejects.xlsx"
    write_rejects(path, loaded.rejects, loaded.findings, lang=given["lang"])
    return Text(
        f"数据有 {loaded.errors} 处错误，略去 {rows} 行后作答；这些行在 {path}。",
        f"The data have {loaded.errors} errors; answered without {rows} rows, which are in {path}.",
    )


def _ask(name: str, source: str, **given: Any) -> None:  # noqa: ANN401  # options as declared
    """Answer one question and hand the answer over."""
    from views.delivery import deliver, format_for  # noqa: PLC0415  # brings pandas

    asked = question(name)
    source = _newer_of(source, given)
    params = asked.params(**{field.name: given[field.name] for field in fields(asked.params)})
    form = format_for(given["form"], given["output"])
    if form == "xlsx" and not given["output"]:
        given["output"] = Path(f"{asked.sheet}.xlsx")
    graph, earlier, origin = _months(source, given)
    result = _with_findings(_answer(asked, params, graph, earlier), origin)
    handing = {key: given[key] for key in ("output", "lang", "force", "table", "limit")}
    _tell(deliver(asked, result, origin, form=form, **handing))


def _newer_of(source: str, given: dict[str, Any]) -> str:
    """Return this month's source; of two (`changes OLD NEW`) the first is the month before."""
    newer = given.pop("newer", None)
    if not newer:
        return source
    if given.get("earlier"):
        msg = (
            "上月数据给了两次：写 liantu changes 旧数据 新数据，或 liantu changes 新数据 --earlier "
            "旧数据。 The month before is given twice: write liantu changes OLD NEW, or liantu "
            "changes NEW --earlier OLD."
        )
        raise UsageError(msg)
    given["earlier"] = source
    return str(newer)


def _with_findings(result: "Result", origin: "Stamp") -> "Result":
    """Fill the table of data quality, which a question cannot: a graph carries no findings."""
    if "quality" not in result.tables or origin.findings is None:
        return result
    columns = list(result.tables["quality"].columns)
    quality = origin.findings.frame()[columns]
    return replace(result, tables={**result.tables, "quality": quality})


def _months(
    source: str, given: dict[str, Any]
) -> tuple["ChainGraph", "ChainGraph | None", "Stamp"]:
    """Read the source and the month before, once it is clear that the output may be written."""
    from views.output import refuse_existing  # noqa: PLC0415  # with the others

    if given["output"]:
        refuse_existing(given["output"], force=given["force"])
    graph, origin = _usable(source, given)
    earlier = _usable(given["earlier"], given)[0] if given.get("earlier") else None
    return graph, earlier, origin


def _answer(
    asked: "Question", params: "Params", graph: "ChainGraph", earlier: "ChainGraph | None"
) -> "Result":
    from queries.progress import watched  # noqa: PLC0415  # with the others

    with _progress(asked.sheet) as tell, watched(tell):
        return asked.answer(graph, params, earlier=earlier)


def _answers(graph: "ChainGraph", earlier: "ChainGraph | None", **about: str) -> "Answers":
    """Answer every question with its default parameters."""
    return [(q, _answer(q, q.params(**about), graph, earlier)) for q in questions().values()]


def _tell(path: Path | None) -> None:
    if path:
        click.echo(str(path), err=True)


# commands ----------------------------------------------------------------------------------------


@cli.command(short_help="两个示例：月报和网络图 / both samples: report and network page")
@click.option("--output", "-o", type=_FOLDER, default="liantu-demo", help="文件夹 / folder")
@_takes("lang")
def demo(output: Path, lang: str) -> None:
    """Report on both bundled samples: in the terminal, as report.xlsx and as network.html.

    用两个自带示例作月报，写出 report.xlsx 和 network.html；只替换自己上次写的文件。
    """
    from loaders.load import SAMPLES  # noqa: PLC0415  # brings pandas
    from views.keepsake import Keepsake  # noqa: PLC0415  # with the others
    from views.report import print_report, write_report  # noqa: PLC0415  # brings pandas
    from views.terminal import console  # noqa: PLC0415  # slow to import

    written: list[Path] = []
    for name in SAMPLES:
        kept = Keepsake(output / name)
        workbook, page = kept.claim("report.xlsx"), kept.claim("network.html")
        graph, origin = _usable(f"sample:{name}", {"lang": lang})
        answers = _answers(graph, None)
        print_report(console(), answers, origin, lang=lang, limit=8)
        write_report(workbook, answers, origin, lang=lang, force=True)
        title = SAMPLES[name].pick(lang)
        _write_page(page, graph, answers, origin, drawn={"title": title}, lang=lang, force=True)
        kept.remember()
        written += [workbook, page]
        click.echo()
    click.echo(Text("已写出：", "Written:").pick(lang))
    for path in written:
        click.echo(f"  {path.resolve()}")


@cli.command(short_help="查出全部问题 / find every problem in the data")
@click.argument("source", metavar="SOURCE")
@click.option(
    "--write-map", type=_FILE, help="写一份待填的表头对照文件 / a map of headers to fill in"
)
@click.option("--format", "form", type=click.Choice(("table", "json")), help="格式 / format")
@_takes("output", "force", "limit", "map", "allow-partial", "lang")
@click.pass_context
def check(ctx: click.Context, /, source: str, **given: Any) -> None:  # noqa: ANN401  # options as declared
    """Find every problem at once: which header was taken, which columns, and all findings.

    查出数据的全部问题：逐表说明表头和列，逐条给出代码、位置和建议；
    -o 问题.xlsx 把原表复制一份，每行附问题说明。

    Exit status 0: clean, or only warnings and notices; 1: errors.
    """
    from loaders.column_map import write_map  # noqa: PLC0415  # brings pandas
    from views.check import check_document, print_check, write_marked_copy  # noqa: PLC0415  # heavy
    from views.delivery import emit  # noqa: PLC0415  # with the others
    from views.document import dumps  # noqa: PLC0415  # with the others
    from views.output import refuse_existing, write_text  # noqa: PLC0415  # with the others
    from views.terminal import console  # noqa: PLC0415  # slow to import

    output, lang, force = given["output"], given["lang"], given["force"]
    if output and output.suffix.lower() not in {".xlsx", ".json"}:
        msg = f"{output}：请写 .xlsx 或 .json。 {output}: give a file that ends in .xlsx or .json."
        raise UsageError(msg)
    if output:
        refuse_existing(output, force=force)
    loaded = _read(source, given, allow_partial=True, suggest=True)
    read = [_read_sheet(summary) for summary in loaded.sheets]
    document = check_document(loaded.name, loaded.usable.files, read, loaded.findings)
    if given["write_map"]:
        write_map(loaded.sheets, given["write_map"], force=force)
    if output and output.suffix.lower() == ".json":
        write_text(output, dumps(document), force=force)
    elif output:
        from graphmodel.findings import Findings  # noqa: PLC0415  # brings pandas
        from loaders import read_sheets  # noqa: PLC0415  # brings pandas
        from loaders.rules import RULES  # noqa: PLC0415  # with the others

        written = read_sheets(source, Findings(RULES))
        write_marked_copy(output, written, loaded.findings, lang=lang, force=force)
    if given["form"] == "json":
        emit(dumps(document))
    else:
        print_check(console(), read, loaded.findings, lang=lang, limit=given["limit"])
    _tell(given["write_map"])
    _tell(output)
    if loaded.errors and given["allow_partial"]:
        click.echo(_write_rejects(loaded, given).pick(lang), err=True)
    ctx.exit(_ERRORS if loaded.errors else 0)


def _read_sheet(summary: "Summary") -> "ReadSheet":
    from graphmodel.kinds import sheet_columns  # noqa: PLC0415  # with the others
    from views.check import ReadSheet  # noqa: PLC0415  # brings pandas

    titles = {c.name: c.zh for c in sheet_columns(summary.kind)} if summary.kind else {}
    return ReadSheet(
        file=summary.file,
        sheet=summary.sheet,
        kind=summary.kind.sheet if summary.kind else "",
        header_row="–".join(map(str, summary.header_rows)),
        rows=summary.rows,
        columns=[
            written if written.startswith(titles.get(name, name)) else f"{written} → {titles[name]}"
            for name, written in summary.columns.items()
        ],
        unknown=list(summary.unknown),
    )


@cli.command(short_help="一份月报，所有问题 / the month's report, every question")
@click.argument("source", metavar="SOURCE")
@click.option("--chain", default="", help="产业链 / chain")
@click.option("--region", default="", help="地区 / region")
@click.option(
    "--format", "form", type=click.Choice(("table", "json", "xlsx")), help="格式 / format"
)
@_takes("earlier", "output", "force", "limit", "map", "allow-partial", "lang")
def report(source: str, *, chain: str, region: str, **given: Any) -> None:  # noqa: ANN401  # options as declared
    """Answer every question; -o FILE.xlsx writes one workbook with a summary and the basis.

    回答所有问题；-o 月报.xlsx 写成一个工作簿，首页是摘要，末页是口径。
    """
    from views.delivery import emit, format_for  # noqa: PLC0415  # brings pandas
    from views.document import document, dumps  # noqa: PLC0415  # brings pandas
    from views.output import write_text  # noqa: PLC0415  # with the others
    from views.report import print_report, write_report  # noqa: PLC0415  # brings pandas
    from views.terminal import console  # noqa: PLC0415  # slow to import

    lang, force, form = given["lang"], given["force"], format_for(given["form"], given["output"])
    if form == "xlsx" and not given["output"]:
        given["output"] = Path("月报.xlsx")
    output: Path | None = given["output"]
    if form not in {"table", "json", "xlsx"} or (form == "table" and output):
        msg = "月报写成文件用 .xlsx 或 .json。 As a file the report is .xlsx or .json."
        raise UsageError(msg)
    graph, earlier, origin = _months(source, given)
    answers = _answers(graph, earlier, chain=chain, region=region)
    answers = [(asked, _with_findings(result, origin)) for asked, result in answers]
    if form == "json":
        text = dumps({asked.name: document(asked, r, origin, lang=lang) for asked, r in answers})
        write_text(output, text, force=force) if output else emit(text)
    elif form == "xlsx" and output:
        write_report(output, answers, origin, lang=lang, force=force)
    else:
        print_report(console(), answers, origin, lang=lang, limit=given["limit"])
    _tell(output)


@cli.command(short_help="一张可离线打开的网络图 / a network page that opens offline")
@click.argument("source", metavar="SOURCE")
@click.option("--chain", "chains", multiple=True, help="只画这些产业链 / only these chains")
@click.option("--region", default="", help="只画这个地区的企业 / only enterprises of this region")
@click.option("--around", "focus", default="", help="只画这个节点的邻域 / only what is around it")
@click.option("--hops", type=click.IntRange(1, 3), default=2, help="邻域的步数 / steps of --around")
@click.option("--layout", type=_FILE, help="给定位置：CSV，列 id,x,y / places given as id,x,y")
@_takes("output", "force", "map", "allow-partial", "lang")
def network(source: str, chains: tuple[str, ...], layout: Path | None, **given: Any) -> None:  # noqa: ANN401  # options as declared
    """Write one HTML file: every chain with its segments, firms, alliances and all findings.

    写一个网页：总览、每条链的环节和企业、各项问题的结果；双击打开，不联网。
    一页可放整个省；--chain、--region、--around 缩小范围。
    """
    from views.page.places import read_places  # noqa: PLC0415  # with the others

    places = read_places(layout) if layout else None
    given["output"] = given["output"] or Path("network.html")
    graph, _, origin = _months(source, given)
    about = {"region": given["region"], "chain": chains[0] if len(chains) == 1 else ""}
    answers = _answers(graph, None, **about)
    drawn = {key: given[key] for key in ("region", "focus", "hops")} | {"places": places}
    title = _sample_title(source, given["lang"])
    drawn |= {"chains": chains or None, "title": title}
    how = {key: given[key] for key in ("lang", "force")}
    _write_page(given["output"], graph, answers, origin, drawn=drawn, **how)
    _tell(given["output"])


@cli.command(short_help="把一条产业链画成图片 / a chain as a picture: .svg or .png")
@click.argument("source", metavar="SOURCE")
@click.option("--chain", default="", help="产业链；省略则画企业最多的 / chain, else the largest")
@click.option("--region", default="", help="只画这个地区的企业 / only enterprises of this region")
@_takes("output", "force", "map", "allow-partial", "lang")
def picture(source: str, *, chain: str, region: str, **given: Any) -> None:  # noqa: ANN401  # options as declared
    """Draw one chain with its states and counts, without a browser, as .svg or .png.

    不用浏览器，把一条产业链的环节、企业、状态画成 .svg 或 .png，可放进文件和幻灯片。
    """
    from views.output import replacing  # noqa: PLC0415  # with the others
    from views.picture import picture_svg, write_drawing  # noqa: PLC0415  # brings pandas
    from views.view_model import build_view_model  # noqa: PLC0415  # brings pandas

    path = given["output"] = given["output"] or Path("chain.svg")
    ending = path.suffix.lower()
    if ending not in {".svg", ".png"}:
        msg = f"{path}：请写 .svg 或 .png。 {path}: give a file that ends in .svg or .png."
        raise UsageError(msg)
    graph, _, origin = _months(source, given)
    asked, lang = question("gaps"), given["lang"]
    result = _answer(asked, asked.params(chain=chain, region=region), graph, None)
    title = _sample_title(source, lang)
    model = build_view_model(
        graph, {"gaps": result}, chains=[chain] if chain else None, region=region, title=title,
        stamp=_stamped(origin),
    )  # fmt: skip
    with replacing(path, force=given["force"]) as draft:
        write_drawing(draft, picture_svg(model, lang=lang), kind=ending)
    _tell(path)


def _sample_title(source: str, lang: str) -> str:
    from loaders import SAMPLES  # noqa: PLC0415  # brings pandas

    sample = SAMPLES.get(source.removeprefix("sample:")) if source.startswith("sample:") else None
    return sample.pick(lang) if sample else ""


def _stamped(origin: "Stamp") -> tuple[str, str]:
    """Return the line under a picture: as of, source, made when, by which version."""
    from views.basis import heading  # noqa: PLC0415  # brings pandas

    zh, en = (
        " · ".join(f"{label} {value}" for label, value in heading(origin, lang))
        for lang in ("zh", "en")
    )
    return zh, en


def _write_page(
    path: Path,
    graph: "ChainGraph",
    answers: "Answers",
    origin: "Stamp",
    *,
    lang: str,
    force: bool,
    drawn: dict[str, Any],
) -> None:
    from views.network import write_network  # noqa: PLC0415  # brings pandas
    from views.output import replacing  # noqa: PLC0415  # with the others
    from views.view_model import build_view_model  # noqa: PLC0415  # brings pandas

    results = {asked.name: result for asked, result in answers}
    with _progress("network"), replacing(path, force=force) as draft:
        model = build_view_model(graph, results, stamp=_stamped(origin), **drawn)
        write_network(draft, model, lang=lang)


@cli.command(short_help="空白填报模板 / a blank workbook to fill in")
@_takes("output", "force", "lang")
def template(output: Path | None, *, force: bool, lang: str) -> None:
    """Write a blank workbook with every sheet and column, a guide and the allowed values.

    写一个空白工作簿：约定的每张表、每一列，附填写说明、可选值和虚构的示例行。
    """
    from loaders.template import write_template  # noqa: PLC0415  # slow to import

    path = output or Path("模板.xlsx" if lang == "zh" else "template.xlsx")
    _tell(write_template(path, lang=lang, force=force))


@cli.command(short_help="自带的示例 / the bundled samples")
@click.argument("name", required=False)
@click.option("--output", "-o", type=_FOLDER, help="复制到这个文件夹 / copy its CSV files here")
@_takes("lang")
def samples(name: str | None, output: Path | None, lang: str) -> None:
    """List the bundled samples; with a name and -o, copy one out.

    列出自带示例；给出名称和 -o 则把它复制出来。
    """
    from loaders.load import SAMPLES, sample_folder  # noqa: PLC0415  # brings pandas
    from views.output import copy_folder  # noqa: PLC0415  # with the others

    if output and not name:
        names = "、".join(SAMPLES)
        msg = f"请写要复制哪个示例：{names}。 Say which sample to copy: {names}."
        raise UsageError(msg)
    for sample in [name] if name else SAMPLES:
        files = sorted(f for f in sample_folder(sample).iterdir() if f.suffix == ".csv")
        about = SAMPLES[sample].pick(lang)
        click.echo(f"sample:{sample}  {about} ({len(files)} CSV)")
        if output:
            _tell(copy_folder(files, output / sample))


@cli.command(short_help="生成一个虚构的省 / generate an invented province")
@click.option("--enterprises", type=click.IntRange(2, 1_000_000), default=67_000, show_default=True)
@click.option("--relations", type=click.IntRange(0), help="供应关系 / supply relations")
@click.option("--organizations", type=click.IntRange(0), help="党组织 / Party organizations")
@click.option("--alliances", type=click.IntRange(0), help="联盟 / alliances")
@click.option("--chains", type=click.IntRange(0), help="产业链 / chains")
@click.option("--needs", type=click.IntRange(0), help="需求 / needs")
@click.option("--resources", type=click.IntRange(0), help="资源 / resources")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("--format", "form", type=click.Choice(("csv", "parquet")), default="csv")
@click.option("--output", "-o", type=_FOLDER, required=True, help="空的或新的文件夹 / a new folder")
def generate(output: Path, *, enterprises: int, seed: int, form: str, **sizes: int | None) -> None:
    """Write an invented province (虚构) of any size as a folder of files, one per sheet.

    按种子生成一个虚构的省；没有给出的规模按企业数 / 67,000 折算。
    """
    from loaders.synthetic import Sizes  # noqa: PLC0415  # brings numpy
    from loaders.synthetic import generate as write  # noqa: PLC0415  # as above

    wanted = Sizes.of(enterprises, **sizes)
    with _progress("generate") as tell:
        write(output, wanted, seed=seed, form=form, progress=tell)
    _tell(output)


@cli.command(short_help="检查运行环境 / look at versions, encodings and fonts")
@_takes("lang")
@click.pass_context
def doctor(ctx: click.Context, lang: str) -> None:
    """Tell versions, encodings, fonts, and whether another distribution owns one of our names.

    说明版本、编码、字体、可选软件，以及是否有别的软件占用同名模块。
    """
    from views.doctor import examine  # noqa: PLC0415  # looks at the whole system

    signs = examine()
    for sign in signs:
        mark = Text("好", "ok") if sign.good else Text("注意", "look")
        click.echo(f"[{mark.pick(lang)}] {sign.what.pick(lang)}：{sign.found}")
    ctx.exit(_ERRORS if any(sign.fatal for sign in signs) else 0)


# Neo4j and Cypher --------------------------------------------------------------------------------


_PARAM: Final = click.option(
    "--param", "written", multiple=True, metavar="K=V", help="查询的参数 / parameter of the query"
)
_NAMED: Final = click.option("--source", "named", default="", help="来源名称 / name of the source")


@cli.group("neo4j", short_help="推送到 Neo4j、取回、查询 / push to Neo4j, pull, ask")
def neo4j_group() -> None:
    """Keep the graph in Neo4j 5.26 or later and ask it in Cypher.

    把图放进 Neo4j 5.26 及以后的版本，用 Cypher 查询。连接信息取自环境变量或 .env：
    NEO4J_URI、NEO4J_USERNAME、NEO4J_PASSWORD、NEO4J_DATABASE；没有密码时当场询问。
    """


def _connected() -> "AbstractContextManager[Server]":
    from loaders.neo4j_server import connect, credentials  # noqa: PLC0415  # rarely needed

    return connect(
        credentials(Path.cwd(), prompt=lambda said: click.prompt(said, hide_input=True, err=True))
    )


@neo4j_group.command(short_help="推送 / push a source")
@click.argument("source", metavar="SOURCE")
@click.option("--as", "named", default="", help="来源名称 / name of the source in Neo4j")
@click.option("--dry-run", is_flag=True, help="只说要做什么 / only tell what would be done")
@click.option("--with-answers", is_flag=True, help="写回缺口和得分 / write gaps and scores back")
@_takes("map", "allow-partial", "lang")
def push(source: str, *, named: str, dry_run: bool, with_answers: bool, **given: Any) -> None:  # noqa: ANN401  # options as declared
    """Write a source to Neo4j; again and again gives the same graph. Interrupted, it goes on.

    把一份数据推送到 Neo4j：可重复执行，中断后接着做；只动同名来源自己写的内容。
    """
    from loaders.neo4j_answers import write_answers  # noqa: PLC0415  # brings pandas
    from loaders.neo4j_push import plan  # noqa: PLC0415  # brings pandas
    from loaders.neo4j_push import push as push_graph  # noqa: PLC0415  # with the others

    graph, origin = _usable(source, given)
    if dry_run:
        click.echo("\n".join(plan(graph)))
        return
    with _connected() as server, _progress("push") as tell:
        done = push_graph(graph, server, source=named, progress=tell)
        if with_answers:
            answers = {q.name: result for q, result in _answers(graph, None)}
            write_answers(server, named or graph.name, answers, run=origin.generated_at)
    said = Text(
        f"{done.nodes} 个节点、{done.relations} 条关系；清理 {done.removed}，"
        f"留给他人 {done.released}。",
        f"{done.nodes} nodes, {done.relations} relations; {done.removed} removed, "
        f"{done.released} let go.",
    )
    click.echo(said.pick(given["lang"]))


@neo4j_group.command(short_help="批量导入的文件 / files for bulk import")
@click.argument("source", metavar="SOURCE")
@click.option("--as", "named", default="", help="来源名称 / name of the source in Neo4j")
@click.option("--output", "-o", type=_FOLDER, required=True, help="空文件夹 / an empty folder")
@_takes("map", "allow-partial", "lang")
def bulk(source: str, *, named: str, output: Path, **given: Any) -> None:  # noqa: ANN401  # options as declared
    """Write files for `neo4j-admin database import full` and print the command to run there.

    写出批量导入的文件，并打印要在该文件夹里运行的命令；目标库原有内容会被替换。
    """
    from loaders.neo4j_bulk import bulk as write_bulk  # noqa: PLC0415  # brings pandas

    graph, _ = _usable(source, given)
    click.echo(write_bulk(graph, output, source=named))


@neo4j_group.command(short_help="取回 / pull a source back")
@_NAMED
@click.option("--output", "-o", type=_FOLDER, required=True, help="文件夹 / folder")
@_takes("force")
def pull(named: str, output: Path, *, force: bool) -> None:
    """Read a source back from Neo4j and write it as a folder of CSV sheets.

    从 Neo4j 取回一份数据，写成 CSV 文件夹，可再作 SOURCE。
    """
    from loaders.neo4j_pull import pull as pull_graph  # noqa: PLC0415  # brings pandas
    from loaders.writers import save_folder  # noqa: PLC0415  # brings pandas

    with _connected() as server:
        graph = pull_graph(server, source=named)
    for path in save_folder(graph, output, force=force):
        _tell(path)


@neo4j_group.command(short_help="查询 / ask a question or a Cypher file")
@click.argument("query", metavar="QUESTION|FILE")
@_NAMED
@_PARAM
@_takes("format", "output", "force", "limit", "lang")
def ask(query: str, named: str, written: tuple[str, ...], **given: Any) -> None:  # noqa: ANN401  # options as declared
    """Run a saved query, a question's twin or your own Cypher file, reading only.

    运行保存的查询、某个问题的 Cypher 版或自己的文件；只读。liantu neo4j browse 列出可用的查询。
    """
    with _connected() as server:
        _ask_server(server, query, named, written, given)


@cli.command(short_help="不用服务器查 Cypher / Cypher without a server")
@click.argument("source", metavar="SOURCE")
@click.argument("query", metavar="QUESTION|FILE")
@_PARAM
@_takes("format", "output", "force", "limit", "map", "allow-partial", "lang")
def cypher(source: str, query: str, written: tuple[str, ...], **given: Any) -> None:  # noqa: ANN401  # options as declared
    """Ask a source in Cypher with an engine of our own; nothing to install but liantu[cypher].

    不装数据库也能查 Cypher：内置引擎只在本机运行，查完即停。
    """
    from loaders.neo4j_embedded import opened  # noqa: PLC0415  # rarely needed

    graph, _ = _usable(source, given)
    with _progress("load") as tell, opened(graph, progress=tell) as server:
        _ask_server(server, query, graph.name, written, given)


def _ask_server(
    server: "Server", query: str, named: str, written: tuple[str, ...], given: dict[str, Any]
) -> None:
    from loaders.neo4j_ask import ask as ask_server  # noqa: PLC0415  # rarely needed
    from queries.saved import find_query, told  # noqa: PLC0415  # rarely needed
    from views.delivery import deliver, format_for  # noqa: PLC0415  # brings pandas
    from views.stamp import Stamp, installed_version, now  # noqa: PLC0415  # brings pandas

    saved = find_query(query)
    if wrong := [pair for pair in written if "=" not in pair]:
        msg = f"--param {wrong[0]} 应写成 名称=值。 --param {wrong[0]} should read NAME=VALUE."
        raise UsageError(msg)
    parameters = saved.given(dict(pair.split("=", 1) for pair in written))
    names, rows = ask_server(server, saved.text, parameters, source=named)
    asked, result = told(saved, parameters, names, rows)
    moment = now().isoformat(timespec="seconds")
    origin = Stamp(source=named, version=installed_version(), generated_at=moment, as_of=None)
    form = format_for(given["form"], given["output"])
    handing = {key: given[key] for key in ("output", "lang", "force", "limit")}
    _tell(deliver(asked, result, origin, form=form, **handing))


@neo4j_group.command(short_help="浏览器用的查询和样式 / queries and a style sheet for the browser")
@click.argument("name", required=False)
@click.option("--style", is_flag=True, help="样式表 GraSS / the style sheet")
def browse(name: str | None, *, style: bool) -> None:
    """List the saved queries; with a NAME print that one to paste, with --style the style sheet.

    列出保存的查询；给出名称则打印全文，可直接贴进 Neo4j Browser；--style 打印样式表。
    """
    from queries.saved import find_query, read_query, saved_queries  # noqa: PLC0415  # rarely needed
    from views.grass import style_sheet  # noqa: PLC0415  # rarely needed

    if style:
        click.echo(style_sheet())
    elif name:
        query = find_query(name)
        for key, value in query.parameters.items():
            click.echo(
                f":param {key} => {value!r};".replace("True", "true").replace("False", "false")
            )
        click.echo(query.text)
    else:
        for path in saved_queries().values():
            query = read_query(path)
            click.echo(f"{query.name:28} {query.title.zh} / {query.title.en}")
