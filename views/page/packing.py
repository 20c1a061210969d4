"""Columns packed for a page: little-endian bytes, sorted by plane, gzipped, in letters of base64.

A browser unpacks them with `DecompressionStream`; `src/unpack.js` is the other half.
"""

import base64
import gzip
import json
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from views.page.numbered import numbered

_LEVEL: Final = 7
_SCALES: Final = (1, 10, 100, 1_000, 10_000)
_LARGEST: Final = 2**31 - 2
_ALIGNED: Final = 8
_RISING: Final = 0.9
"""Integers of which at least this share is no smaller than the one before are kept as steps."""
_TWO_BYTES: Final = "\uffff"
_REPEATED: Final = 0.6
"""Texts of which a smaller share than this is different are kept once, with a code per row."""


class Packer:
    """Columns on their way into one block of the page."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._head: dict[str, dict[str, Any]] = {}
        self._bodies: list[bytes] = []
        self._size = 0
        self._numbers: dict[str, tuple[list[str], list[int]]] = {}

    def integers(self, name: str, values: npt.ArrayLike, *, delta: bool = False) -> None:
        """Add integers below 2³¹; with `delta` only the steps are kept, small where sorted."""
        kept = np.asarray(values, dtype=np.int64)
        if delta:
            kept = np.diff(kept, prepend=0)
        low = int(kept.min()) if len(kept) else 0
        self._add(name, _planes(kept - low), t="i", n=len(kept), low=low, delta=int(delta))

    def flags(self, name: str, values: npt.ArrayLike) -> None:
        """Add truth values."""
        self.integers(name, np.asarray(values, dtype=bool))

    def numbers(self, name: str, values: npt.ArrayLike) -> None:
        """Add numbers; NaN stays missing. Nothing is rounded."""
        kept = np.asarray(values, dtype=np.float64)
        known = np.isfinite(kept)
        for scale in _SCALES:
            scaled = kept[known] * scale
            if (np.rint(scaled) / scale == kept[known]).all() and (
                np.abs(scaled) < _LARGEST / 2
            ).all():
                whole = np.rint(scaled).astype(np.int64)
                low = int(whole.min()) - 1 if len(whole) else 0
                codes = np.zeros(len(kept), dtype=np.int64)
                codes[known] = whole - low
                self._add(name, _planes(codes), t="n", n=len(kept), low=low, scale=scale)
                return
        body = kept.astype("<f8").view(np.uint8).reshape(-1, 8).T.tobytes()
        self._add(name, (8, body), t="f", n=len(kept))

    def texts(self, name: str, values: Sequence[str], *, like: str = "") -> None:
        """Add texts, each different text once where many are alike.

        Args:
            name: Of the column.
            values: The texts.
            like: A column whose texts may hold the same numbers, which are then kept once.
        """
        codes, different = pd.factorize(pd.Series(values, dtype=object))
        if len(values) and len(different) < _REPEATED * len(values):
            self._different(f"{name}#", different.tolist(), like=f"{like}#")
            self._add(name, _planes(codes.astype(np.int64)), t="w", n=len(values))
        else:
            self._different(name, values, like=like)

    def pieces(self, name: str, values: Sequence[str], whole: Sequence[str]) -> None:
        """Add texts that mostly are a piece of another text: where it begins and ends there.

        The others, and those with letters that a browser counts as two, stand as they are.
        """
        begin = [
            text.find(part) if text.isascii() or max(text, default="") <= _TWO_BYTES else -1
            for part, text in zip(values, whole, strict=True)
        ]
        start = np.array(begin, dtype=np.int64)
        end = np.where(start < 0, -1, start + np.array([len(v) for v in values], dtype=np.int64))
        self.integers(f"{name}.from", start)
        self.integers(f"{name}.to", end)
        left = [part for part, at in zip(values, begin, strict=True) if at < 0]
        self.texts(f"{name}.own", left)

    def values(self, name: str, values: Sequence[Any]) -> None:
        """Add a column of numbers, truth values or texts, None where nothing is reported."""
        kinds = {type(value) for value in values} - {type(None)}
        if kinds <= {int, float}:
            self.numbers(name, [np.nan if value is None else value for value in values])
        elif kinds == {bool}:
            codes = pd.Series(values, dtype=object).map({True: 1, False: 0}).fillna(-1)
            self.integers(name, codes.to_numpy(np.int64))
            self._head[name]["t"] = "b"
        else:
            self.texts(name, ["" if value is None else str(value) for value in values])

    def data(self, name: str, value: object) -> None:
        """Add anything that JSON holds; a record stands as its fields."""
        text = json.dumps(
            value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_record
        )
        body = text.encode("utf-8", "replace")
        self._add(name, (1, body), t="j", n=len(body))

    def block(self) -> str:
        """Return everything added: the length of the head, the head as JSON, then the bodies."""
        head = json.dumps(self._head, separators=(",", ":"), ensure_ascii=False).encode()
        head += b" " * (-(len(head) + 4) % _ALIGNED)
        whole = b"".join([len(head).to_bytes(4, "little"), head, *self._bodies])
        return base64.b64encode(gzip.compress(whole, _LEVEL, mtime=0)).decode("ascii")

    def _different(self, name: str, values: Sequence[str], *, like: str) -> None:
        """Add texts that are not alike, without their numbers where only these differ."""
        apart = numbered(values)
        if apart is None:
            self._joined(name, values)
            return
        self.texts(f"{name}~", apart.words)
        self._numbers[name] = (apart.runs, apart.holes)
        shared = self._numbers.get(like) == self._numbers[name]
        if not shared:
            for k, slot in enumerate(apart.slots):
                rising = len(slot.values) > 1 and (np.diff(slot.values) >= 0).mean() >= _RISING
                self.integers(f"{name}~{k}", slot.values, delta=bool(rising))
                self.integers(f"{name}~{k}.digits", slot.digits)
        of = self._head[like]["of"] if shared else name
        self._head[name] = {"t": "p", "n": len(values), "slots": len(apart.slots), "of": of}

    def _joined(self, name: str, values: Sequence[str]) -> None:
        body = "\0".join(values).encode("utf-8", "replace")
        if len(values) and body.count(0) != len(values) - 1:
            body = "\0".join(text.replace("\0", "\ufffd") for text in values).encode(
                "utf-8", "replace"
            )
        self._add(name, (1, body), t="s", n=len(values), size=len(body))

    def _add(self, name: str, body: tuple[int, bytes], **about: Any) -> None:  # noqa: ANN401  # numbers and letters of the head
        width, data = body
        self._head[name] = {**about, "w": width, "at": self._size}
        padded = data + b"\0" * (-len(data) % _ALIGNED)
        self._bodies.append(padded)
        self._size += len(padded)


def _record(value: Any) -> dict[str, Any]:  # noqa: ANN401  # a dataclass, as `fields` says
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _planes(codes: npt.NDArray[np.int64]) -> tuple[int, bytes]:
    """Width in bytes of non-negative integers, and their bytes: all lowest ones first."""
    top = int(codes.max()) if len(codes) else 0
    width = 1 if top < 1 << 8 else 2 if top < 1 << 16 else 4
    return width, codes.astype(f"<u{width}").view(np.uint8).reshape(-1, width).T.tobytes()
