"""Rows of one array and new ones in their places, copied a stretch at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def spliced(old: NDArray[np.int64], before: NDArray[Any], added: NDArray[Any]) -> NDArray[Any]:
    """Return an array whose row n is ``before[old[n]]``, or the next of ``added`` for -1.

    Rows that follow each other before and after are copied at once: a few large copies, where
    indexing would copy row by row and twice.
    """
    result = np.empty((len(old), *before.shape[1:]), before.dtype)
    result[old < 0] = added
    kept = np.flatnonzero(old >= 0)
    breaks = np.flatnonzero((np.diff(kept) != 1) | (np.diff(old[kept]) != 1)) + 1
    for run in np.split(kept, breaks):
        if len(run):
            start, source = int(run[0]), int(old[run[0]])
            result[start : start + len(run)] = before[source : source + len(run)]
    return result
