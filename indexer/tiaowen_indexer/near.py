"""Near-duplicate clauses: the same wording but for punctuation, figures or a few characters.

Minima of hashed character 4-grams (Broder 1997) in bands; clauses that share a band and whose
sets overlap by THRESHOLD form a group, named by its lowest row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from tiaowen_indexer.shingles import HASHES, NOTHING, Minima, distinct_keys, jaccards, minima_of

BAND = 3  # hashes a band: at Jaccard 0.8 a pair shares one of 8 bands with probability 0.997
THRESHOLD = 0.8  # Jaccard

_TOGETHER = 512  # pairs whose shingles stay in the processor's cache
_WIDE = np.uint64(0x9E3779B97F4A7C15)

Pairs = NDArray[np.int64]  # [p, 2]


def near_groups(texts: Sequence[str]) -> NDArray[np.int32]:
    """Return int32 ``[n]``: for each text the lowest row of its group, its own if it has none."""
    return grouped(minima_of(texts), texts.__getitem__)


def grouped(
    minima: Minima, text_of: Callable[[int], str], *, rows: NDArray[np.int64] | None = None
) -> NDArray[np.int32]:
    """Return the groups by row; texts are asked for only where minima meet.

    With ``rows`` (ascending) only these are grouped, among themselves: the others keep their own
    row, and must share no group with them.
    """
    parent: dict[int, int] = {}  # of rows that are not their own
    pairs = _meeting(minima, rows)
    for first in range(0, len(pairs), _TOGETHER):
        for one, other in _alike(pairs[first : first + _TOGETHER], text_of).tolist():
            _join(parent, one, other)
    groups = np.arange(len(minima), dtype=np.int32)
    for row in parent:
        groups[row] = _root(parent, row)
    return groups


def bands(minima: Minima) -> Iterator[NDArray[np.uint64]]:
    """Yield for every band uint64 ``[n]``: rows with equal values share a bucket."""
    for at in range(0, HASHES, BAND):
        mixed = np.zeros(len(minima), np.uint64)
        for column in range(at, at + BAND):
            mixed = (mixed ^ minima[:, column]) * _WIDE
            mixed ^= mixed >> np.uint64(29)
        yield mixed


def isin(values: NDArray[np.uint64], some: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Return which ``values`` are among ``some``, as np.isin does; quicker where these are few."""
    if not len(some):
        return np.zeros(len(values), bool)
    known = np.unique(some)
    found: NDArray[np.bool_] = known[np.searchsorted(known[:-1], values)] == values
    return found


def _meeting(minima: Minima, rows: NDArray[np.int64] | None) -> Pairs:
    """Return, each once, the pairs of the first row that has a value in a band and another one
    that has it; both must be among ``rows``.
    """
    worded = minima[:, 0] != NOTHING
    asked = np.ones(len(minima), bool)
    if rows is not None:
        asked[:] = False
        asked[rows] = True
    found = [np.zeros(0, np.int64)]
    for values in bands(minima):
        among = np.flatnonzero(worded)
        if rows is not None:
            among = among[isin(values[among], values[rows[worded[rows]]])]
        order = among[np.argsort(values[among], kind="stable")]
        starts = np.flatnonzero(np.diff(values[order], prepend=~values[order[:1]]))
        firsts = np.repeat(order[starts], np.diff(starts, append=len(order)))
        meet = (firsts != order) & asked[firsts] & asked[order]
        found.append(firsts[meet] << 32 | order[meet])
    keys = distinct_keys(np.concatenate(found))
    return np.stack([keys >> 32, keys & 0xFFFFFFFF], axis=1)


def _alike(pairs: Pairs, text_of: Callable[[int], str]) -> Pairs:
    rows, numbers = np.unique(pairs, return_inverse=True)
    texts = [text_of(row) for row in rows.tolist()]
    return pairs[jaccards(texts, numbers.reshape(pairs.shape)) >= THRESHOLD]


def _root(parent: dict[int, int], row: int) -> int:
    while row in parent:
        row = parent[row]
    return row


def _join(parent: dict[int, int], one: int, other: int) -> None:
    low, high = sorted((_root(parent, one), _root(parent, other)))
    if low != high:
        parent[high] = low
