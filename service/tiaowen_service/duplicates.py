"""Which clauses are near-duplicates of one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class Duplicates:
    """Groups of near-duplicates by row.

    Columns, not a list a group: they are made anew with every index, while searches go on, and a
    hundred thousand lists would have to be made, looked through for garbage and taken down again.
    """

    def __init__(self, group: NDArray[np.int32]) -> None:
        """``group`` int32: lowest row among a row's near-duplicates, its own row if it has none."""
        self._group = group
        counts = np.bincount(group, minlength=len(group))
        shared = np.flatnonzero(counts[group] > 1)
        self._members = shared[np.argsort(group[shared], kind="stable")].astype(np.int32)
        ends = np.cumsum(np.where(counts > 1, counts, 0))
        self._starts = np.concatenate([np.zeros(1, np.int32), ends.astype(np.int32)])

    def of(self, rows: list[int]) -> list[list[int]]:
        """Return for each of ``rows`` the other rows of its group, in order."""
        groups = self._group[rows]
        bounds = zip(self._starts[groups].tolist(), self._starts[groups + 1].tolist(), strict=True)
        return [
            [member for member in self._members[start:end].tolist() if member != row]
            if start < end
            else []
            for row, (start, end) in zip(rows, bounds, strict=True)
        ]
