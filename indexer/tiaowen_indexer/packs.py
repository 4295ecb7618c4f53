"""A snapshot's store in several files: packs that earlier snapshots wrote, shared by hard links.

A re-index of one document writes one small pack and a new layout; nothing else is copied. The
layout says of every document in which pack and in which of its rows it lies.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tiaowen_corpus.types import Document

from tiaowen_indexer.store import MOST_DECODED, Store, StoredClause

LAYOUT = "layout.npy"
PACK = "pack-{}.sqlite"  # the first one is the plain store

Layout = NDArray[np.int32]  # [documents, 2]: pack, row of the document in it


@dataclass(frozen=True, slots=True)
class _Pack:
    """One file of the store; rows of documents and the first clause row of each."""

    store: Store
    rows: list[tuple[str | int, ...]]
    firsts: NDArray[np.int64]


class PackedStore(Store):
    """Read access to all packs as if they were one store."""

    def __init__(self, paths: Iterable[Path], layout: Layout) -> None:
        self.layout = layout
        self._packs = [_pack(path) for path in paths]
        entries = [self._packs[pack].rows[row] for pack, row in layout.tolist()]
        counts = np.array([int(entry[-1]) for entry in entries], np.int64)
        self.firsts = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
        self._entries = [
            (*entry[:-2], int(first), int(entry[-1]))
            for entry, first in zip(entries, self.firsts.tolist(), strict=False)
        ]
        self._local_firsts = np.array(  # the first row of every document, in its pack
            [int(self._packs[pack].firsts[row]) for pack, row in layout.tolist()], np.int64
        )
        self._places = {(pack, row): at for at, (pack, row) in enumerate(layout.tolist())}
        self._cache: dict[int, StoredClause] = {}

    def clauses(self, rows: Iterable[int]) -> dict[int, StoredClause]:
        """Return the clauses of ``rows`` by row; rows that do not exist are left out."""
        wanted = [int(row) for row in rows]
        if len(self._cache) > MOST_DECODED:
            self._cache = {}
        cache = self._cache
        missing = [row for row in wanted if row not in cache and 0 <= row < self.firsts[-1]]
        by_pack: dict[int, dict[int, tuple[int, int]]] = {}
        packs, local = self.places(np.array(missing, np.int32))
        documents = self._documents(np.array(missing, np.int32)).tolist()
        for row, document, pack, at in zip(
            missing, documents, packs.tolist(), local.tolist(), strict=True
        ):
            by_pack.setdefault(pack, {})[at] = (row, document)
        for pack, places in by_pack.items():
            for at, stored in self._packs[pack].store.clauses(places).items():
                row, document = places[at]
                cache[row] = replace(stored, row=row, document=document)
        return {row: cache[row] for row in wanted if row in cache}

    def places(self, rows: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return of every clause row its pack and its row there."""
        documents = self._documents(rows)
        return (
            self.layout[documents, 0].astype(np.int64),
            self._local_firsts[documents] + rows - self.firsts[documents],
        )

    def _documents(self, rows: NDArray[np.int32]) -> NDArray[np.int64]:
        return np.searchsorted(self.firsts, rows, side="right") - 1

    def clause_row(self, clause_id: str) -> int | None:
        """Return the row of a clause id, or None."""
        for number, pack in enumerate(self._packs):
            at = pack.store.clause_row(clause_id)
            if at is None:
                continue
            local = int(np.searchsorted(pack.firsts, at, side="right")) - 1
            document = self._places.get((number, local))
            if document is not None:
                return int(self.firsts[document]) + at - int(pack.firsts[local])
        return None

    def document(self, row: int) -> Document:
        """Return a whole document with its raw text. Raises KeyError."""
        if not 0 <= row < len(self.layout):
            raise KeyError(row)
        pack, local = self.layout[row].tolist()
        document: Document = self._packs[pack].store.document(local)
        return document

    def document_rows(self) -> list[tuple[str | int, ...]]:
        """Return what `Store.document_rows` does."""
        return list(self._entries)

    def close(self) -> None:
        """Close this thread's connections."""
        for pack in self._packs:
            pack.store.close()

    @property
    def held(self) -> int:
        """Documents in the packs, those that are no longer part of the snapshot among them."""
        return sum(len(pack.rows) for pack in self._packs)


def open_store(folder: Path, name: str) -> Store:
    """Open the store of a snapshot folder, in one file or in packs. Raises OSError, ValueError."""
    if not (folder / LAYOUT).is_file():
        return Store(folder / name)
    layout: Layout = np.load(folder / LAYOUT)
    if layout.ndim != 2 or layout.shape[1] != 2:
        raise ValueError(LAYOUT)
    return PackedStore(pack_paths(folder, name, _packs(layout)), layout)


def pack_paths(folder: Path, name: str, count: int) -> list[Path]:
    """Return where the packs of a snapshot lie."""
    return [folder / (name if number == 0 else PACK.format(number)) for number in range(count)]


def pack_count(store: Store) -> int:
    """Return in how many packs a store lies; one file is its own only pack."""
    return _packs(layout_of(store))


def _packs(layout: Layout) -> int:
    return int(layout[:, 0].max(initial=0)) + 1


def layout_of(store: Store) -> Layout:
    """Return the layout of a store; one file is its own first pack."""
    if isinstance(store, PackedStore):
        return store.layout
    count = len(store.document_rows())
    return np.stack([np.zeros(count, np.int32), np.arange(count, dtype=np.int32)], axis=1)


def share(path: Path, folder: Path) -> Path:
    """Link ``path`` into ``folder``, or copy it where the file system has no hard links."""
    target = folder / path.name
    try:
        os.link(path, target)
    except OSError:
        target.write_bytes(path.read_bytes())
    return target


def _pack(path: Path) -> _Pack:
    store = Store(path)
    rows = store.document_rows()
    return _Pack(store, rows, np.array([int(row[-2]) for row in rows], np.int64))
