"""
When compiled functions are used: where numba is, and once a process has so much to read that they pay.

To import numba and take from its cache what was compiled before costs 0.6 seconds, to compile it 4.6; a message is read in some 90 µs less
(`python -m training.benchmarks.compiled`). Numba keeps what it compiled by processor and release, beside the package or in the user's own cache, so that only the
first long run on a machine compiles. Where neither can be written, as in a read-only installation without a home, it is compiled for the process alone, and has to
pay there.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache
from threading import Lock

# Messages of a process from which on it pays, with a cache and without.
LEAST, LEAST_UNCACHED = 8_000, 60_000


@dataclass(frozen=True)
class Compiled:
    """
    Functions of `tasrib.text.compiled.kernels`, compiled.
    """

    count: Callable[..., int]
    weigh: Callable[..., None]
    share_out: Callable[..., None]
    vote: Callable[..., None]


class _Workload:
    """Messages that this process has read or is about to read."""

    def __init__(self) -> None:
        self.read, self.expected = 0, 0


_WORKLOAD = _Workload()
_LOCK = Lock()


def expect(n: int) -> None:
    """
    Say that so many messages are about to be read, so that the first of them are read as fast as the last.

    Parameters
    ----------
    n : int
        Messages that this process reads by itself.
    """
    _WORKLOAD.expected = max(_WORKLOAD.expected, _WORKLOAD.read + n)


def met(n: int) -> None:
    """
    Count messages that were read.

    Parameters
    ----------
    n : int
        How many.
    """
    _WORKLOAD.read += n


def compiled() -> Compiled | None:
    """
    Give the compiled functions.

    Returns
    -------
    Compiled or None
        None where numba is missing or does not work here, or where too little was read for compiling to pay.
    """
    much = max(_WORKLOAD.read, _WORKLOAD.expected)
    if much < LEAST:
        return None
    with _LOCK:
        return _compile(cached=True) or (_compile(cached=False) if much >= LEAST_UNCACHED else None)


@cache
def _compile(*, cached: bool) -> Compiled | None:
    if importlib.util.find_spec("numba") is None:
        return None
    try:
        return _compiled_by_numba(cached)
    # Whatever it is (a NumPy that this numba does not know, a disk that is full, a cache left half-written), messages are read without.
    except Exception:
        return None


def _compiled_by_numba(cached: bool) -> Compiled | None:
    import numba

    if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
        return None  # A switch for debugging: the loops would run as Python, a hundred times slower than NumPy.
    kernels = importlib.import_module("tasrib.text.compiled.kernels")
    return Compiled(
        **{
            each.name: numba.njit(kernels.SIGNATURES[each.name], cache=cached, error_model="numpy")(
                getattr(kernels, each.name)
            )
            for each in fields(Compiled)
        }
    )
