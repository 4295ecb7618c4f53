"""Near-duplicate clauses: the same wording but for punctuation, figures or a few characters.

Minima of hashed character 4-grams (Broder 1997) in bands; clauses that share a band and whose
sets overlap by THRESHOLD form a group, named by its lowest row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from tiaowen_corpus.script import fold

SHINGLE = 4
HASHES = 24
BAND = 3  # hashes a band: at Jaccard 0.8 a pair shares one of 8 bands with probability 0.997
THRESHOLD = 0.8  # Jaccard
SHORTEST = 12  # characters; shorter clauses are formulas and headings, equal without being copies

_NOT_WORDING = re.compile(r"[\W_]+")
_ODD = np.uint32(0x9E3779B1)  # Knuth's multiplicative hash

_WIDE = np.uint64(0x9E3779B97F4A7C15)
NOTHING = np.uint32(0xFFFFFFFF)

Shingles = NDArray[np.uint32]
Minima = NDArray[np.uint32]


def near_groups(texts: Sequence[str]) -> NDArray[np.int32]:
    """Return int32 ``[n]``: for each text the lowest row of its group, its own if it has none."""
    return grouped(minima_of(texts), texts.__getitem__)


def minima_of(texts: Sequence[str]) -> Minima:
    """Return uint32 ``[n, HASHES]``: the minima of every text; all ones for short texts."""
    minima = np.full((len(texts), HASHES), NOTHING, np.uint32)
    factors, offsets = _family()
    for row, text in enumerate(texts):
        values = _shingles(text)  # some of them twice, which changes no minimum
        if len(values):
            mixed = values[:, None] * factors  # wraps at 2**32, which is the hash
            mixed ^= mixed >> np.uint32(15)
            minima[row] = (mixed + offsets).min(axis=0)
    return minima


def grouped(
    minima: Minima, text_of: Callable[[int], str], *, rows: NDArray[np.int64] | None = None
) -> NDArray[np.int32]:
    """Return the groups by row; texts are asked for only where minima meet.

    With ``rows`` (ascending) only these are grouped, among themselves: the others keep their own
    row, and must share no group with them.
    """
    parent: dict[int, int] = {}  # of rows that are not their own
    shingles = _Shingled(text_of)
    for bucket in _buckets(minima, rows):
        for row in bucket[1:]:
            one, other = shingles[bucket[0]], shingles[row]
            if _jaccard(one, other) >= THRESHOLD:
                _join(parent, bucket[0], row)
    groups = np.arange(len(minima), dtype=np.int32)
    for row in parent:
        groups[row] = _root(parent, row)
    return groups


class _Shingled(dict[int, Shingles]):
    def __init__(self, text_of: Callable[[int], str]) -> None:
        self._text_of = text_of

    def __missing__(self, row: int) -> Shingles:
        self[row] = np.unique(_shingles(self._text_of(row)))
        return self[row]


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


def _shingles(text: str) -> Shingles:
    """Return the hashed 4-grams of the wording, in order."""
    wording = _NOT_WORDING.sub("", fold(text))
    if len(wording) < SHORTEST:
        return np.zeros(0, np.uint32)
    points = np.frombuffer(wording.encode("utf-32-le", "surrogatepass"), np.uint32)
    hashed = points[: len(points) - SHINGLE + 1].copy()
    for offset in range(1, SHINGLE):
        hashed *= _ODD
        hashed ^= points[offset : len(points) - SHINGLE + 1 + offset]
    return hashed


def _family() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    random = np.random.default_rng(7)
    factors = random.integers(1, 1 << 32, HASHES, dtype=np.uint32) | np.uint32(1)
    return factors, random.integers(0, 1 << 32, HASHES, dtype=np.uint32)


def _buckets(minima: Minima, rows: NDArray[np.int64] | None) -> Iterator[list[int]]:
    """Yield rows that share a band, ascending; buckets whose first row is not asked for are left
    out, as are other rows that are not.
    """
    worded = minima[:, 0] != NOTHING
    asked = np.ones(len(minima), bool)
    if rows is not None:
        asked[:] = False
        asked[rows] = True
    for values in bands(minima):
        among = np.flatnonzero(worded)
        if rows is not None:
            among = among[isin(values[among], values[rows[worded[rows]]])]
        order = among[np.argsort(values[among], kind="stable")]
        starts = np.flatnonzero(np.diff(values[order], prepend=~values[order[:1]]))
        for bucket in np.split(order, starts[1:]):
            if len(bucket) > 1 and asked[bucket[0]]:
                yield bucket[asked[bucket]].tolist()


def _jaccard(one: Shingles, other: Shingles) -> float:
    both = len(np.intersect1d(one, other, assume_unique=True))
    return both / (len(one) + len(other) - both)


def _root(parent: dict[int, int], row: int) -> int:
    while row in parent:
        row = parent[row]
    return row


def _join(parent: dict[int, int], one: int, other: int) -> None:
    low, high = sorted((_root(parent, one), _root(parent, other)))
    if low != high:
        parent[high] = low
