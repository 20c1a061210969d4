"""Saved queries: Cypher files with titles and parameters, to be run or pasted as they are.

A file opens with comment lines: its title in Chinese, its title in English, what else there is to
say, and one line `// :param name => value` for each parameter, as Neo4j Browser takes them.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from graphmodel.errors import UsageError
from graphmodel.question import Column, Params, Question, Result
from graphmodel.schema import Text

_PARAMETER: Final = re.compile(r"// :param (\w+) => (.+)")
_FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedQuery:
    """A Cypher file.

    Attributes:
        name: Stem of the file.
        title: Title in both languages.
        about: The rest of what is said at its head.
        parameters: Default of every parameter.
        text: The whole file.
    """

    name: str
    title: Text
    about: str
    parameters: Mapping[str, Any]
    text: str

    @property
    def body(self) -> str:
        """The query without the comments at its head."""
        lines = self.text.splitlines()
        start = next((i for i, line in enumerate(lines) if not line.startswith("//")), len(lines))
        return "\n".join(lines[start:]).strip()

    def given(self, written: Mapping[str, str]) -> dict[str, Any]:
        """Return the parameters, those `written` in place of their defaults.

        Raises:
            UsageError: A value does not read as its default's type.
        """
        found = dict(self.parameters)
        for name, text in written.items():
            found[name] = _read(name, text, self.parameters.get(name))
        return found


def _read(name: str, text: str, default: object) -> object:
    if isinstance(default, str):
        return text
    try:
        value: object = json.loads(text)
    except json.JSONDecodeError as error:
        if default is None:
            return text
        msg = (
            f"参数 {name}={text} 应当像 {json.dumps(default)} 这样写。"
            f" Parameter {name}={text} should read like {json.dumps(default)}."
        )
        raise UsageError(msg) from error
    return value


def read_query(path: Path) -> SavedQuery:
    """Read a Cypher file; one that is not ours may lack all comments.

    Raises:
        UsageError: There is no such file.
    """
    if not path.is_file():
        names = "、".join(saved_queries())
        msg = (
            f"没有查询“{path}”：请写文件名，或 {names} 之一。"
            f" There is no query {str(path)!r}: give a file, or one of {names}."
        )
        raise UsageError(msg)
    text = path.read_text(encoding="utf-8-sig")
    head: list[str] = []
    parameters: dict[str, Any] = {}
    for line in text.splitlines():
        if not line.startswith("//"):
            break
        if found := _PARAMETER.fullmatch(line.strip()):
            parameters[found[1]] = json.loads(re.sub(r"^'(.*)'$", r'"\1"', found[2]))
        else:
            head.append(line.removeprefix("//").strip())
    titles = [*head, "", ""]
    return SavedQuery(
        name=path.stem,
        title=Text(titles[0] or path.stem, titles[1] or path.stem),
        about=" ".join(head[2:]).strip(),
        parameters=parameters,
        text=text,
    )


def saved_queries() -> dict[str, Path]:
    """Return the file of every twin and saved query by its name."""
    twins = sorted(_FOLDER.glob("*.cypher"))
    return {path.stem: path for path in (*twins, *sorted((_FOLDER / "cypher").glob("*.cypher")))}


def find_query(name: str) -> SavedQuery:
    """Return the saved query called `name`, or the file at that path.

    Raises:
        UsageError: There is neither.
    """
    return read_query(saved_queries().get(name, Path(name)))


def told(
    query: SavedQuery,
    parameters: Mapping[str, Any],
    names: Sequence[str],
    rows: Sequence[Sequence[Any]],
) -> tuple[Question, Result]:
    """Return the rows of a query in the form in which every answer is shown.

    Columns of a question's twin have the question's headers; others their own names.
    """
    import pandas as pd  # noqa: PLC0415  # slow to import

    from queries import QUESTION_NAMES, question  # noqa: PLC0415  # imports this package

    declared = question(query.name).columns if query.name in QUESTION_NAMES else ()
    known = {column.name: column for column in declared if column.twin}
    names = names or list(known)  # the embedded engine names no columns where there are no rows
    values = {name: [row[i] for row in rows] for i, name in enumerate(names)}
    columns = tuple(known.get(name) or _column(name, values[name]) for name in names)
    frame = pd.DataFrame(
        {
            name: pd.Series(_shown(column, values[name]), dtype=_DTYPES.get(column.type))
            for name, column in zip(names, columns, strict=True)
        }
    )
    asked = Question(
        name=query.name,
        zh=query.title.zh,
        en=query.title.en,
        sheet=query.title.zh[:31],
        params=Params,
        columns=columns,
        answer=_unasked,
    )
    said = "，".join(f"{name}={value}" for name, value in parameters.items() if value != "")
    notes = (Text(f"查询参数：{said}", f"Parameters of the query: {said}"),) if said else ()
    return asked, Result(question=query.name, params=Params(), rows=frame, notes=notes)


_DTYPES: Final = {
    "integer": "Int64",
    "year": "Int64",
    "number": "float64",
    "boolean": "boolean",
    "texts": "object",
}


def _unasked(*_given: object, **_named: object) -> Result:
    msg = "A saved query is answered by a database, not by a function."
    raise NotImplementedError(msg)


def _column(name: str, values: Sequence[Any]) -> Column:
    there = [value for value in values if value is not None]
    for type_, python in (("boolean", bool), ("integer", int), ("number", (int, float))):
        if there and all(isinstance(value, python) for value in there):
            return Column(name=name, zh=name, en=name, type="year" if name == "year" else type_)
    texts = there and all(isinstance(value, list) for value in there)
    return Column(name=name, zh=name, en=name, type="texts" if texts else "text")


def _shown(column: Column, values: Sequence[Any]) -> list[Any]:
    if column.type == "texts":
        return [None if value is None else [_text(part) for part in value] for value in values]
    if column.type == "text":
        return [None if value is None else _text(value) for value in values]
    return list(values)


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
