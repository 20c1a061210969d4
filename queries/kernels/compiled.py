"""Compilation of kernels: once per machine, without the interpreter's lock."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit
from numba.core.caching import FunctionCache

Kernel = TypeVar("Kernel", bound=Callable[..., object])


@cache
def _sources() -> str:
    """Return a fingerprint of all kernels as they are written."""
    found = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        found.update(path.read_bytes())
    return found.hexdigest()


class _Kept(FunctionCache):
    """Compiled code on disk that counts only for the kernels it was made from.

    By itself numba looks at the time and size of one function's own file: after an update of a file
    whose functions it calls, it would go on with the old ones.
    """

    def _index_key(self, signature: Any, codegen: Any) -> tuple[Any, ...]:  # noqa: ANN401  # numba's own
        key = super()._index_key(signature, codegen)  # type: ignore[no-untyped-call]  # numba's own
        return (*key, _sources())


def _made(function: Kernel, **options: Any) -> Kernel:  # noqa: ANN401  # numba's own
    made = njit(nogil=True, error_model="numpy", **options)(function)
    # What `cache=True` does, with another class.
    made._cache = _Kept(function)  # type: ignore[no-untyped-call]  # noqa: SLF001  # numba's own
    return cast("Kernel", made)


def compiled(function: Kernel) -> Kernel:
    """Return `function` compiled to machine code on its first call; the code is kept on disk.

    The compiled function releases the interpreter's lock, so that threads run side by side.
    Floating point stays as written: no reordering, so equal input gives equal bits.
    """
    return _made(function)


def bare(function: Kernel) -> Kernel:
    """Return `function` compiled likewise, for functions that make no arrays of their own.

    Without reference counts, which cost more than the work itself where many arrays are handed
    about, and make threads wait for one another. Arrays must be kept alive by the caller.
    """
    return _made(function, _nrt=False)
