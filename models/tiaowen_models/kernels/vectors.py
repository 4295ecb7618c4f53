"""Stored vectors by the compiled kernels: cosines of float16 rows, sums of packed rows."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiaowen_models.kernels import LIBRARY, KernelError, address, checked, contiguous
from tiaowen_models.protocols import Floats, Integers
from tiaowen_models.union import Union


class HalfRows:
    """A matrix of float16, ``[n, d]``."""

    def __init__(self, matrix: NDArray[np.float16]) -> None:
        self._matrix = contiguous(matrix, np.float16)
        self._place = address(self._matrix), *self._matrix.shape

    def cosines(self, query: Floats, rows: NDArray[Any]) -> Floats:
        """Return the dot product of ``query`` with each of ``rows``, float32 or KernelError."""
        assert LIBRARY is not None
        out = np.empty(len(rows), np.float32)
        asked = np.ascontiguousarray(query, np.float32)
        wanted = np.ascontiguousarray(rows, np.int64)
        arguments = address(asked), address(wanted), len(wanted), address(out)
        checked(LIBRARY.tiaowen_cosines(*self._place, *arguments))
        return out

    def union(
        self,
        query: Floats | None,
        scores: Floats | None,
        words: Integers,
        near: tuple[Integers, Floats],
    ) -> Union:
        """Return what `union.united` does; ``scores`` are those of all rows. Raises KernelError."""
        assert LIBRARY is not None
        if scores is not None and len(scores) != len(self._matrix):
            raise KernelError(f"{len(scores)} scores of {len(self._matrix)} rows")
        both = len(words) + len(near[0])
        columns, values = np.empty((3, both), np.int32), np.empty((2, both), np.float32)
        asked = None if query is None else np.ascontiguousarray(query, np.float32)
        lexical, nearest = (np.ascontiguousarray(rows, np.int32) for rows in (words, near[0]))
        cosines = np.ascontiguousarray(near[1], np.float32)
        found = LIBRARY.tiaowen_union(
            *(*self._place, None if asked is None else address(asked)),
            *(None if scores is None else address(scores), address(lexical), len(lexical)),
            *(address(nearest), len(nearest), address(cosines)),
            *(address(columns), address(values)),
        )
        checked(found)
        rows, bm25_rank, vector_rank = columns[:, :found]
        bm25, vector = values[:, :found]
        return Union(rows, bm25, bm25_rank, vector, vector_rank)


class PackedRows:
    """Rows of 4-bit levels, two a byte (see `static.pack`), uint8 ``[n, d / 2]``."""

    def __init__(self, table: NDArray[np.uint8]) -> None:
        self._table = contiguous(table, np.uint8)
        self._place = address(self._table), *self._table.shape

    def sums(self, indptr: NDArray[np.int64], rows: NDArray[Any], weights: Floats) -> Floats:
        """Return sums of rows, float32 ``[len(indptr) - 1, d]``.

        Those of sum i are ``rows[indptr[i]:indptr[i + 1]]``, each times its weight. Raises
        KernelError.
        """
        assert LIBRARY is not None
        count = len(indptr) - 1
        out = np.empty((count, 2 * self._table.shape[1]), np.float32)
        at, by = np.ascontiguousarray(indptr, np.int64), np.ascontiguousarray(weights, np.float32)
        wanted = np.ascontiguousarray(rows, np.int64)
        arguments = address(at), address(wanted), address(by), count, address(out)
        checked(LIBRARY.tiaowen_sums(*self._place, *arguments))
        return out
