"""A folder of files that are made anew on every run, and of nobody else's."""

import hashlib
import json
from pathlib import Path
from typing import Final

from graphmodel.errors import OutputError

_RECORD: Final = ".liantu.json"


class Keepsake:
    """The files that an earlier run left in a folder, known by their digests."""

    def __init__(self, folder: Path) -> None:
        """Read what the last run recorded."""
        self._folder = folder
        self._claimed: list[Path] = []
        record = folder / _RECORD
        try:
            self._digests: dict[str, str] = json.loads(record.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            self._digests = {}

    def claim(self, name: str) -> Path:
        """Return the path of a file that may be written.

        Raises:
            OutputError: A file of that name exists that was not made here, or was changed since.
        """
        path = self._folder / name
        if path.exists() and self._digests.get(name) != _digest(path):
            msg = (
                f"{path} 不是上次生成的原样，没有覆盖：请移走它，或用 -o 换一个文件夹。"
                f" {path} is not as it was last made here and was not replaced: move it, or choose"
                " another folder with -o."
            )
            raise OutputError(msg)
        self._claimed.append(path)
        return path

    def remember(self) -> None:
        """Record the files claimed, as they are now."""
        digests = {path.name: _digest(path) for path in self._claimed if path.exists()}
        text = json.dumps({**self._digests, **digests}, indent=1) + "\n"
        (self._folder / _RECORD).write_text(text, encoding="utf-8", newline="\n")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
