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

    def of(self, row: int) -> list[int]:
        """Return the other rows of the group of ``row``, in order."""
        group = self._group[row]
        start, end = self._starts[group], self._starts[group + 1]
        return [member for member in self._members[start:end].tolist() if member != row]
