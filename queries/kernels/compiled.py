"""Compilation of kernels: once per machine, without the interpreter's lock."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Kernel = TypeVar("Kernel", bound=Callable[..., object])


def compiled(function: Kernel) -> Kernel:
    """Return `function` compiled to machine code on its first call; the code is kept on disk.

    The compiled function releases the interpreter's lock, so that threads run side by side.
    Floating point stays as written: no reordering, so equal input gives equal bits.
    """
    made = njit(nogil=True, cache=True, error_model="numpy")(function)
    return cast("Kernel", made)


def bare(function: Kernel) -> Kernel:
    """Return `function` compiled likewise, for functions that make no arrays of their own.

    Without reference counts, which cost more than the work itself where many arrays are handed
    about, and make threads wait for one another. Arrays must be kept alive by the caller.
    """
    options: dict[str, Any] = {"nogil": True, "cache": True, "error_model": "numpy", "_nrt": False}
    return cast("Kernel", njit(**options)(function))
