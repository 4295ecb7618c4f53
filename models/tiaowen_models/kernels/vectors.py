"""Stored vectors by the compiled kernels: cosines of float16 rows, sums of packed rows."""

from __future__ import annotations

import ctypes

import numpy as np
from numpy.typing import NDArray

from tiaowen_models.kernels import LIBRARY, address, checked, contiguous
from tiaowen_models.protocols import Floats

AVAILABLE = LIBRARY is not None


def cosines(matrix: NDArray[np.float16], query: Floats, rows: NDArray[np.integer]) -> Floats:
    """Return the dot product of ``query`` with each of ``rows``, float32. Raises KernelError."""
    assert LIBRARY is not None
    out = np.empty(len(rows), np.float32)
    stored, asked = contiguous(matrix, np.float16), contiguous(query, np.float32)
    wanted = np.ascontiguousarray(rows, np.int64)
    checked(
        LIBRARY.tiaowen_cosines(
            *(ctypes.c_void_p(address(stored)), ctypes.c_int64(len(stored))),
            *(ctypes.c_int64(stored.shape[1]), ctypes.c_void_p(address(asked))),
            *(ctypes.c_void_p(address(wanted)), ctypes.c_int64(len(wanted))),
            ctypes.c_void_p(address(out)),
        )
    )
    return out


def sums(table: NDArray[np.uint8], indptr: list[int], rows: list[int], weights: Floats) -> Floats:
    """Return sums of packed rows, float32 ``[len(indptr) - 1, 2 * table.shape[1]]``.

    Those of sum i are ``rows[indptr[i]:indptr[i + 1]]``, each times its weight. Raises KernelError.
    """
    assert LIBRARY is not None
    count, half = len(indptr) - 1, table.shape[1]
    out = np.empty((count, 2 * half), np.float32)
    packed, by = contiguous(table, np.uint8), contiguous(weights, np.float32)
    at, wanted = np.array(indptr, np.int64), np.array(rows, np.int64)
    checked(
        LIBRARY.tiaowen_sums(
            *(ctypes.c_void_p(address(packed)), ctypes.c_int64(len(packed)), ctypes.c_int64(half)),
            *(ctypes.c_void_p(address(at)), ctypes.c_void_p(address(wanted))),
            *(ctypes.c_void_p(address(by)), ctypes.c_int64(count), ctypes.c_void_p(address(out))),
        )
    )
    return out
