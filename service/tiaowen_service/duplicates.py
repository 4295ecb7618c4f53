"""Which clauses are near-duplicates of one."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray


class Duplicates:
    """Groups of near-duplicates by row."""

    def __init__(self, group: NDArray[np.int32]) -> None:
        self._group = group
        self._members: dict[int, list[int]] = defaultdict(list)
        shared = np.flatnonzero(np.bincount(group, minlength=1) > 1)
        for row in np.flatnonzero(np.isin(group, shared)):
            self._members[int(group[row])].append(int(row))

    def of(self, row: int) -> list[int]:
        """Return the other rows of the group of ``row``, in order."""
        members = self._members.get(int(self._group[row]), [])
        return [member for member in members if member != row]
