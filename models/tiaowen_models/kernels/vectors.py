"""Stored vectors by the compiled kernels: cosines of float16 rows, sums of packed rows."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiaowen_models.kernels import LIBRARY, address, checked, contiguous
from tiaowen_models.protocols import Floats

AVAILABLE = LIBRARY is not None


def cosines(matrix: NDArray[np.float16], query: Floats, rows: NDArray[Any]) -> Floats:
    """Return the dot product of ``query`` with each of ``rows``, float32. Raises KernelError."""
    assert LIBRARY is not None
    out = np.empty(len(rows), np.float32)
    stored, asked = contiguous(matrix, np.float16), contiguous(query, np.float32)
    wanted = np.ascontiguousarray(rows, np.int64)
    checked(
        LIBRARY.tiaowen_cosines(
            *(address(stored), len(stored), stored.shape[1], address(asked)),
            *(address(wanted), len(wanted), address(out)),
        )
    )
    return out


def sums(
    table: NDArray[np.uint8], indptr: NDArray[np.int64], rows: NDArray[Any], weights: Floats
) -> Floats:
    """Return sums of packed rows, float32 ``[len(indptr) - 1, 2 * table.shape[1]]``.

    Those of sum i are ``rows[indptr[i]:indptr[i + 1]]``, each times its weight. Raises KernelError.
    """
    assert LIBRARY is not None
    count, half = len(indptr) - 1, table.shape[1]
    out = np.empty((count, 2 * half), np.float32)
    packed, by = contiguous(table, np.uint8), contiguous(weights, np.float32)
    at, wanted = contiguous(indptr, np.int64), contiguous(rows, np.int64)
    checked(
        LIBRARY.tiaowen_sums(
            *(address(packed), len(packed), half, address(at), address(wanted)),
            *(address(by), count, address(out)),
        )
    )
    return out
