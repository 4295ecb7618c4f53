"""Arrays of the old snapshot with stretches replaced: what did not change is copied, not computed.

A plan is a list of pieces in the order of the new library: a stretch of old documents, or documents
that are new. Old documents keep their order, so rows move but never change places.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiaowen_indexer.counted import Counted, Matrix, lengths_of
from tiaowen_indexer.lexical import FIELDS, B, LexicalIndex, Postings, weighed
from tiaowen_indexer.near import bands, grouped, isin
from tiaowen_indexer.shingles import Minima
from tiaowen_indexer.stretches import spliced

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Moves:
    """``old`` int64 ``[new rows]``: the old row of each, -1 for a new one; ``new`` the reverse."""

    old: Rows
    new: Rows

    @property
    def added(self) -> Rows:
        """Rows of the new snapshot that the old one lacks."""
        return np.flatnonzero(self.old < 0)

    @property
    def removed(self) -> Rows:
        """Rows of the old snapshot that are gone."""
        return np.flatnonzero(self.new < 0)

    def spliced(self, old: NDArray[Any], added: NDArray[Any]) -> NDArray[Any]:
        """Return the rows of ``old`` that stay with ``added`` in their places."""
        return spliced(self.old, old, added)


def moves(stretches: Sequence[tuple[int, int] | int], old_rows: int) -> Moves:
    """Return the moves of a plan: ``(start, end)`` of old rows, or how many are new."""
    parts = [
        np.full(item, -1, np.int64) if isinstance(item, int) else np.arange(*item, dtype=np.int64)
        for item in stretches
    ]
    old = np.concatenate([np.zeros(0, np.int64), *parts])
    new = np.full(old_rows, -1, np.int64)
    kept = np.flatnonzero(old >= 0)
    new[old[kept]] = kept
    return Moves(old, new)


def lexical(before: LexicalIndex, moved: Moves, added: Counted) -> LexicalIndex:
    """Return the index of the new rows; ``added`` holds the terms of the added ones.

    Postings are taken over column by column: what is gone is left out, the few that are new are
    put in their places.
    """
    terms = _Terms.of(before.vocabulary, added.terms)
    columns = {
        name: _columns(before.postings(name), moved, terms, added.fields[name]) for name in FIELDS
    }
    used = np.logical_or.reduce([column.frequency > 0 for column in columns.values()])
    fields = {
        name: weighed(
            column.indices, column.counts, column.frequency[used], column.lengths, b=B[name]
        )
        for name, column in columns.items()
    }
    kept = terms.vocabulary
    if not used.all():
        kept = [term for term, there in zip(kept, used.tolist(), strict=True) if there]
    return LexicalIndex(kept, fields, len(moved.old))


@dataclass(frozen=True, slots=True)
class _Terms:
    """The old vocabulary and the new terms. ``ours``: where each old term stands in it now;
    ``added``: where each term of added rows stands; ``old``: by that, its place in the old one, or
    that of the next old term.
    """

    vocabulary: list[str]
    ours: Rows
    added: list[int]
    old: dict[int, int]

    @classmethod
    def of(cls, before: Sequence[str], named: Sequence[str]) -> _Terms:
        places = {term: bisect_left(before, term) for term in sorted(named)}
        fresh = [term for term, at in places.items() if at == len(before) or before[at] != term]
        rows = np.arange(len(before))
        ours = rows + np.searchsorted([places[term] for term in fresh], rows, side="right")
        ids = {term: int(ours[at]) for term, at in places.items() if at < len(before)}
        ids |= {term: places[term] + number for number, term in enumerate(fresh)}
        old = {ids[term]: at for term, at in places.items()}
        return cls(sorted([*before, *fresh]), ours, [ids[term] for term in named], old)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Postings of a field that are not weighed yet; ``frequency`` by term of all."""

    indices: NDArray[np.int32]
    counts: NDArray[np.uint16]
    frequency: Rows
    lengths: NDArray[np.int32]


def _columns(before: Postings, moved: Moves, terms: _Terms, added: Matrix) -> _Columns:
    indices = moved.new.astype(np.int32)[before.indices]
    counts, frequency = before.counts, np.diff(before.indptr)
    gone = np.flatnonzero(indices < 0)
    if len(gone):
        indices, counts = np.delete(indices, gone), np.delete(counts, gone)
        columns = np.searchsorted(before.indptr, gone, side="right") - 1
        frequency = frequency - np.bincount(columns, minlength=len(frequency))
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(frequency)])
    rows, numbers = moved.added[added.indices].tolist(), added.tocoo().col.tolist()
    held = {
        (terms.added[number], row): count
        for number, row, count in zip(numbers, rows, added.data.tolist(), strict=True)
    }
    fresh = sorted(held)
    places = []
    for term, row in fresh:
        at = terms.old[term]
        start = int(starts[at])
        if at < len(terms.ours) and terms.ours[at] == term:
            start += int(np.searchsorted(indices[start : starts[at + 1]], row))
        places.append(start)
    total = np.bincount([term for term, _ in fresh], minlength=len(terms.vocabulary))
    total[terms.ours] += frequency
    return _Columns(
        np.insert(indices, places, [row for _, row in fresh]),
        np.insert(counts, places, [held[key] for key in fresh]),
        total,
        moved.spliced(before.lengths, lengths_of(added)),
    )


def order(
    before: NDArray[np.int32], moved: Moves, id_of: Callable[[int], str]
) -> NDArray[np.int32]:
    """Return each row's place in the order of clause ids; ``id_of`` takes new rows."""
    by_id = np.empty(len(before), np.int64)
    by_id[before] = np.arange(len(before))
    kept = moved.new[by_id]
    kept = kept[kept >= 0]
    added = sorted((id_of(int(row)), int(row)) for row in moved.added)
    places = [_place(kept, identity, id_of) for identity, _ in added]
    merged = np.insert(kept, places, [row for _, row in added])
    result = np.empty(len(moved.old), np.int32)
    result[merged] = np.arange(len(merged), dtype=np.int32)
    return result


def _place(rows: Rows, identity: str, id_of: Callable[[int], str]) -> int:
    low, high = 0, len(rows)
    while low < high:
        middle = (low + high) // 2
        if id_of(int(rows[middle])) < identity:
            low = middle + 1
        else:
            high = middle
    return low


def groups(
    before: NDArray[np.int32],
    old_minima: Minima,
    minima: Minima,
    moved: Moves,
    text_of: Callable[[int], str],
) -> NDArray[np.int32]:
    """Return the near-duplicate groups; only what shares a band with a change is compared anew."""
    met = np.zeros(len(minima), bool)
    for gone, values in zip(bands(old_minima[moved.removed]), bands(minima), strict=True):
        met |= isin(values, np.concatenate([gone, values[moved.added]]))
    touched = np.zeros(len(before), bool)
    touched[moved.removed] = True
    touched[moved.old[met & (moved.old >= 0)]] = True
    touched |= np.isin(before, np.unique(before[touched]))  # whole groups
    again = moved.new[touched]
    rows = np.unique(np.concatenate([again[again >= 0], moved.added]))
    result = np.arange(len(moved.old), dtype=np.int32)
    kept = np.flatnonzero(moved.old >= 0)
    untouched = kept[~touched[moved.old[kept]]]
    result[untouched] = moved.new[before[moved.old[untouched]]]
    result[rows] = grouped(minima, text_of, rows=rows)[rows]
    return result
