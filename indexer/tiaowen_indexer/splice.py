"""Arrays of the old snapshot with stretches replaced: what did not change is copied, not computed.

A plan is a list of pieces in the order of the new library: a stretch of old documents, or documents
that are new. Old documents keep their order, so rows move but never change places.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiaowen_indexer.lexical import FIELDS, B, LexicalIndex, Postings, weighed
from tiaowen_indexer.near import Minima, bands, grouped
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


def lexical(
    before: LexicalIndex, moved: Moves, added: Mapping[str, Sequence[Sequence[str]]]
) -> LexicalIndex:
    """Return the index of the new rows; ``added[field]`` holds the terms of the added ones."""
    fresh = {term for rows in added.values() for terms in rows for term in terms}
    fresh -= set(before.vocabulary)
    vocabulary = sorted([*before.vocabulary, *fresh]) if fresh else list(before.vocabulary)
    ids = {term: number for number, term in enumerate(vocabulary)}
    ours = np.fromiter((ids[term] for term in before.vocabulary), np.int64)
    counted = {
        name: _counted(before.postings(name), ours, moved, added[name], ids) for name in FIELDS
    }
    rows = max(len(moved.old), 1)
    used = np.zeros(len(vocabulary), bool)
    for keys, _, _ in counted.values():
        used[np.unique(keys // rows)] = True
    places = np.cumsum(used) - 1
    fields = {}
    for name, (keys, counts, lengths) in counted.items():
        terms, clauses = np.divmod(keys, rows)
        fields[name] = weighed(
            places[terms] * rows + clauses, counts, lengths, int(used.sum()), B[name]
        )
    kept = [term for term, there in zip(vocabulary, used.tolist(), strict=True) if there]
    return LexicalIndex(kept, fields, len(moved.old))


def _counted(
    before: Postings,
    ours: Rows,
    moved: Moves,
    added: Sequence[Sequence[str]],
    ids: Mapping[str, int],
) -> tuple[Rows, NDArray[np.uint16], NDArray[np.int32]]:
    """Return sorted keys ``term * rows + row`` with counts, and the lengths of the rows."""
    rows = max(len(moved.old), 1)
    row = moved.new[before.indices]
    stays = row >= 0
    keys = (np.repeat(ours, np.diff(before.indptr)) * rows + row)[stays]
    counts = before.counts[stays]
    lengths = np.fromiter(map(len, added), np.int64, len(added))
    terms = np.fromiter((ids[term] for item in added for term in item), np.int64, lengths.sum())
    fresh, times = np.unique(terms * rows + np.repeat(moved.added, lengths), return_counts=True)
    places = np.searchsorted(keys, fresh)
    return (
        np.insert(keys, places, fresh),
        np.insert(counts, places, times.astype(np.uint16)),
        moved.spliced(before.lengths, lengths.astype(np.int32)).astype(np.int32),
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
    touched = np.zeros(len(before), bool)
    touched[moved.removed] = True
    for old, new in zip(bands(old_minima), bands(minima), strict=True):
        changed = np.concatenate([old[moved.removed], new[moved.added]])
        touched |= np.isin(old, changed)
    touched |= np.isin(before, np.unique(before[touched]))  # whole groups
    again = moved.new[touched]
    rows = np.unique(np.concatenate([again[again >= 0], moved.added]))
    result = np.arange(len(moved.old), dtype=np.int32)
    kept = np.flatnonzero(moved.old >= 0)
    untouched = kept[~touched[moved.old[kept]]]
    result[untouched] = moved.new[before[moved.old[untouched]]]
    result[rows] = grouped(minima, text_of, rows=rows)[rows]
    return result
