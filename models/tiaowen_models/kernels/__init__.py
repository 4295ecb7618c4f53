"""Compiled kernels: the loops that a search spends its time in, in C, where a compiler was at hand.

Every one of them has a numpy twin that tests hold it equal to, and that serves where no library was
built (`build.py`) or TIAOWEN_KERNELS is ``off``; a search then takes three times as long. The
library is found by a digest of its sources, so one that was built from others is never loaded.
"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiaowen_models.kernels.build import library_path

VARIABLE = "TIAOWEN_KERNELS"
_DAMAGED = -1
_FIRST = ctypes.c_char
_KINDS = {"p": ctypes.c_void_p, "n": ctypes.c_int64, "f": ctypes.c_float}
# what each function takes: pointers, numbers and a float
_TAKES = {
    "marks": "ppnpppnnpp",
    "spans": "ppnnpp",
    "choose": "pnpnpnnnp",
    "measure": "pppnnpnp",
    "scores": "pnppnp",
    "contributions": "pnpnpnp",
    "best": "ppnnp",
    "cosines": "pnnppnp",
    "sums": "pnnpppnp",
    "union": "pnnpppnpnppp",
    "features": "ppppnpnfnnnp",
}


class KernelError(ValueError):
    """The arrays contradict each other: an offset leads outside of its array."""


def checked(status: int) -> None:
    """Raise what a kernel's ``status`` says: KernelError or MemoryError."""
    if status == _DAMAGED:
        raise KernelError("an offset leads outside of its array: the index is damaged")
    if status < 0:
        raise MemoryError


def address(array: NDArray[Any]) -> int:
    """Return where the values of a contiguous array lie; it must be kept while they are read."""
    try:
        # an eighth of what the line below costs; an array is a buffer, if not by its type
        return ctypes.addressof(_FIRST.from_buffer(array))  # type: ignore[arg-type]
    except (TypeError, ValueError):  # read-only, or empty
        return int(array.__array_interface__["data"][0])


def contiguous(array: NDArray[Any], dtype: Any) -> NDArray[Any]:
    """Return ``array`` as C reads it: of this type, aligned, in a row; itself if it is so."""
    return np.require(array, dtype, ["C_CONTIGUOUS", "ALIGNED"])


def _loaded() -> ctypes.CDLL | None:
    path = library_path(Path(__file__).parent)
    if os.environ.get(VARIABLE, "") == "off" or not path.is_file():
        return None
    try:
        library = ctypes.CDLL(str(path))
    except OSError:  # built on another kind of machine
        return None
    for name, arguments in _TAKES.items():
        function = getattr(library, f"tiaowen_{name}")
        function.argtypes, function.restype = [_KINDS[kind] for kind in arguments], ctypes.c_int64
    return library


LIBRARY = _loaded()
AVAILABLE = LIBRARY is not None
