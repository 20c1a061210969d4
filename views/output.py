"""Files that are written: never over another by accident, never half, under names that are safe."""

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from graphmodel.errors import OutputError
from views.cells import visible

_UNSAFE: Final = re.compile(r"[^\w.（）()·&+-]+")
_RESERVED: Final = {"con", "prn", "aux", "nul"} | {
    f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)
}
_LONGEST: Final = 60


def safe_name(text: str, *, key: str = "") -> str:
    """Return a file name, without suffix, that no text can turn into a path or a device.

    What is left of `text` after everything but letters, digits and a few marks has become `_`;
    where that loses something, a hash of `key`, by default the text, keeps two names apart.
    """
    kept = _UNSAFE.sub("_", unicodedata.normalize("NFC", visible(text))).strip("._ ")[:_LONGEST]
    device = kept.partition(".")[0].lower() in {*_RESERVED, ""}
    if kept == text and not device:
        return kept
    mark = hashlib.sha256((key or text).encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{'_' if device else ''}{kept}-{mark}"


@contextmanager
def replacing(path: Path, *, force: bool) -> Iterator[Path]:
    """Give a path to write to; when that went well it becomes `path`, else nothing is left.

    Raises:
        OutputError: `path` exists and `force` is not given, or it cannot be written.
    """
    refuse_existing(path, force=force)
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield draft
        draft.replace(path)
    except OSError as error:
        msg = (
            f"写不了 {path}（{error.strerror}）：请检查权限，或先关闭打开它的软件。"
            f" Cannot write {path}: {error.strerror}; check the folder, or close the file."
        )
        raise OutputError(msg) from error
    finally:
        draft.unlink(missing_ok=True)


def refuse_existing(path: Path, *, force: bool) -> None:
    """Refuse to write over a file.

    Raises:
        OutputError: `path` exists and `force` is not given, or it is a folder.
    """
    if path.is_dir():
        msg = f"{path} 是文件夹，请写文件名。 {path} is a folder; give a file name."
        raise OutputError(msg)
    if path.exists() and not force:
        msg = (
            f"{path} 已存在：换一个名字，或加 --force 覆盖。"
            f" {path} exists: choose another name, or add --force to replace it."
        )
        raise OutputError(msg)


def write_text(path: Path, text: str, *, force: bool = False, encoding: str = "utf-8") -> None:
    """Write a text file in UTF-8 with the line ends that `text` has."""
    with replacing(path, force=force) as draft:
        draft.write_text(text, encoding=encoding, newline="")


def copy_folder(files: Iterable[Path], folder: Path) -> Path:
    """Copy files into a new or empty folder and return it.

    Raises:
        OutputError: The folder holds something already, or cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        msg = f"{folder} 已存在且不空，请换一个。 {folder} exists and is not empty: choose another."
        raise OutputError(msg)
    for file in files:
        with replacing(folder / file.name, force=False) as draft:
            draft.write_bytes(file.read_bytes())
    return folder
