"""The wording of clauses as sets of hashed character 4-grams, and the minima of these.

Minima by several hashes (Broder 1997) tell texts whose sets overlap without comparing them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tiaowen_corpus.points import Points, PointTable, starts_of
from tiaowen_corpus.script import folded_points
from tiaowen_models.reading import offsets_of, ranges

SHINGLE = 4
HASHES = 24
SHORTEST = 12  # characters; shorter clauses are formulas and headings, equal without being copies
NOTHING = np.uint32(0xFFFFFFFF)

_TOGETHER = 1024  # texts whose shingles stay in the processor's cache
_ODD = np.uint32(0x9E3779B1)  # Knuth's multiplicative hash
_NOT_WORDING = re.compile(r"[\W_]")
_HASH = np.uint64(0xFFFFFFFF)
_is_wording = PointTable(lambda character: _NOT_WORDING.match(character) is None)

Minima = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Shingles:
    """Hashed 4-grams of n texts, in order and with repetitions: text i has
    ``values[starts[i]:ends[i]]``, none if it is short. What lies between belongs to no text.
    """

    values: NDArray[np.uint32]
    starts: NDArray[np.int64]  # [n]
    ends: NDArray[np.int64]  # [n]


def shingles_of(texts: Sequence[str]) -> Shingles:
    """Return the shingles of some texts; punctuation, blanks and script count for nothing."""
    points, at = _wording(texts)
    values = np.zeros(len(points) + 1, np.uint32)  # one more, so that every end is a place in it
    hashed = values[: max(len(points) - SHINGLE + 1, 0)]
    for offset in range(SHINGLE):
        hashed *= _ODD
        hashed ^= points[offset : offset + len(hashed)]
    starts = at[:-1]
    return Shingles(values, starts, np.where(np.diff(at) < SHORTEST, starts, at[1:] - SHINGLE + 1))


def minima_of(texts: Sequence[str]) -> Minima:
    """Return uint32 ``[n, HASHES]``: the minima of every text; all ones for short texts."""
    minima = np.full((len(texts), HASHES), NOTHING, np.uint32)
    for first in range(0, len(texts), _TOGETHER):
        found = shingles_of(texts[first : first + _TOGETHER])
        worded = np.flatnonzero(found.ends > found.starts)
        edges = np.stack([found.starts[worded], found.ends[worded]], axis=1).ravel()
        for column, mixed in enumerate(_hashed(found.values)):
            minima[first + worded, column] = np.minimum.reduceat(mixed, edges)[::2]
    return minima


def jaccards(texts: Sequence[str], pairs: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return of every pair ``[p, 2]`` of texts, by number, the share of shingles they share."""
    sets, at = _sets(texts)
    owned = [ranges(at, pairs[:, side]) for side in (0, 1)]
    number = np.arange(len(pairs), dtype=np.uint64) << np.uint64(32)
    keys = [np.repeat(number, np.diff(bounds)) | sets[places] for bounds, places in owned]
    together = np.sort(np.concatenate(keys), kind="stable")  # which merges: both are in order
    twice = together[1:][together[1:] == together[:-1]] >> np.uint64(32)
    both = np.bincount(twice.astype(np.int64), minlength=len(pairs))
    sizes = np.diff(at)[pairs].sum(axis=1)
    return np.asarray(both / (sizes - both))


def distinct_keys(keys: NDArray[Any]) -> NDArray[Any]:
    """Return what np.unique does; that hashes, which takes long where only high bits differ."""
    ordered = np.sort(keys)
    found: NDArray[Any] = ordered[np.diff(ordered, prepend=~ordered[:1]) != 0]
    return found


def _sets(texts: Sequence[str]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return the distinct shingles of every text, uint64, and where those of each begin."""
    found = shingles_of(texts)
    edges = np.stack([found.starts, found.ends], axis=1).ravel()
    at, places = ranges(edges, np.arange(0, len(edges), 2))
    text = np.repeat(np.arange(len(texts), dtype=np.uint64), np.diff(at))
    distinct = distinct_keys(text << np.uint64(32) | found.values[places])
    sizes = np.bincount((distinct >> np.uint64(32)).astype(np.int64), minlength=len(texts))
    return distinct & _HASH, offsets_of(sizes)


def _hashed(values: NDArray[np.uint32]) -> Iterator[NDArray[np.uint32]]:
    """Yield the values by each of HASHES hashes."""
    random = np.random.default_rng(7)
    factors = random.integers(1, 1 << 32, HASHES, dtype=np.uint32) | np.uint32(1)
    offsets = random.integers(0, 1 << 32, HASHES, dtype=np.uint32)
    for factor, offset in zip(factors, offsets, strict=True):
        mixed = values * factor  # wraps at 2**32, which is the hash
        mixed ^= mixed >> np.uint32(15)
        mixed += offset
        yield mixed


def _wording(texts: Sequence[str]) -> tuple[Points, NDArray[np.int64]]:
    """Return the folded letters, signs and figures of all texts, and where each text begins."""
    points = folded_points(texts)
    kept = _is_wording(points).astype(bool)
    return points[kept], offsets_of(kept)[starts_of(texts)]
