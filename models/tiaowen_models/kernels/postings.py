"""Sums over columns of sparse matrices by the compiled kernels: what BM25 adds up."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tiaowen_models.kernels import LIBRARY, address, checked, contiguous
from tiaowen_models.protocols import Floats, Integers


class _Postings(ctypes.Structure):
    _fields_ = [
        *((name, ctypes.c_int64) for name in ("columns", "size", "rows")),
        *((name, ctypes.c_void_p) for name in ("data", "indices", "indptr")),
        ("weight", ctypes.c_float),
    ]


class Columns:
    """Fields of postings, each with its weight, as the kernels read them.

    A field is ``data`` float32, ``indices`` int32 and ``indptr`` int64 of a matrix by columns of
    ``rows`` rows; a column's indices are sorted.
    """

    def __init__(
        self,
        fields: Sequence[tuple[Floats, Integers, NDArray[np.int64], float]],
        rows: int,
    ) -> None:
        self._rows = rows
        self._arrays = [
            (contiguous(d, np.float32), contiguous(i, np.int32), contiguous(p, np.int64))
            for d, i, p, _ in fields
        ]
        structures = [
            _Postings(len(p) - 1, min(len(d), len(i)), rows, address(d), address(i), address(p), w)
            for (d, i, p), (*_, w) in zip(self._arrays, fields, strict=True)
        ]
        self._fields = (_Postings * len(structures))(*structures)
        self._place = ctypes.addressof(self._fields), len(structures)

    def scores(self, columns: Sequence[int], weights: Sequence[float]) -> Floats:
        """Return the weighted sum of ``columns``, float32 ``[rows]``. Raises KernelError."""
        assert LIBRARY is not None
        scores = np.zeros(self._rows, np.float32)
        wanted, by = np.array(columns, np.int64), np.array(weights, np.float32)
        checked(
            LIBRARY.tiaowen_scores(
                *(*self._place, address(wanted), address(by)),
                *(len(wanted), address(scores)),
            )
        )
        return scores

    def contributions(self, columns: Sequence[int], rows: Integers) -> Floats:
        """Return what each column adds to each of ``rows``, float32 ``[n_columns, n_rows]``.

        A column below 0 adds nothing. Raises KernelError.
        """
        assert LIBRARY is not None
        added = np.zeros((len(columns), len(rows)), np.float32)
        wanted, of = np.array(columns, np.int64), np.ascontiguousarray(rows, np.int32)
        checked(
            LIBRARY.tiaowen_contributions(
                *(*self._place, address(wanted), len(wanted)),
                *(address(of), len(of), address(added)),
            )
        )
        return added


def best(scores: Floats, order: Integers, k: int) -> Integers:
    """Return the rows of the ``k`` largest scores above 0, best first, equals by ``order``."""
    assert LIBRARY is not None
    found, by = np.ascontiguousarray(scores, np.float32), np.ascontiguousarray(order, np.int32)
    k = min(k, len(found))
    rows = np.empty(k, np.int32)
    count = LIBRARY.tiaowen_best(address(found), address(by), len(found), k, address(rows))
    checked(count)
    return rows[:count]
