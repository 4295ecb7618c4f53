"""A new snapshot from the live one and the few files that changed; the rest is taken over.

Gives the same rows, arrays and answers as a build from nothing (a test holds it so); only the
store differs, which lies in packs. Falls back to a whole build where that is as quick.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tiaowen_corpus.errors import TiaowenError
from tiaowen_corpus.types import Document
from tiaowen_models.reader import Reader

from tiaowen_indexer import splice
from tiaowen_indexer.collect import Listed, Progress, cut_file, renumbered
from tiaowen_indexer.norms import norms_path, write_norms
from tiaowen_indexer.packs import (
    LAYOUT,
    PACK,
    Layout,
    PackedStore,
    layout_of,
    pack_count,
    pack_paths,
    share,
)
from tiaowen_indexer.readings import readings_path, write_readings
from tiaowen_indexer.reuse import CutBefore, CutDocument, CutFile, write_files
from tiaowen_indexer.snapshot import STORE, Columns, Snapshot
from tiaowen_indexer.store import StoredClause, write_store

MOST_PACKS = 6  # then all but the first are joined: each costs a search some 2 %
MOST_NEW = 0.2  # share of new documents up to which a patch is quicker
MOST_DEAD = 0.3  # share of documents in the packs that are no longer part of the snapshot


@dataclass(frozen=True, slots=True)
class Plan:
    """What a patch does. ``pieces``: stretches of old documents, or others, in order; those go
    into one new pack, beside the first ``packs`` of the old ones.
    """

    pieces: tuple[tuple[int, int] | CutDocument, ...]
    files: tuple[CutFile, ...]
    errors: tuple[tuple[str, str, str], ...]
    packs: int

    @property
    def new(self) -> list[CutDocument]:
        """The documents that are written."""
        return [piece for piece in self.pieces if isinstance(piece, CutDocument)]


@dataclass(frozen=True, slots=True)
class Patched:
    """The parts of the new snapshot that are not written yet, or that the builder goes on with."""

    documents: list[Document]
    clauses: list[StoredClause]
    moved: splice.Moves
    counts: NDArray[np.int32]  # clauses of every document of the new snapshot
    shared: dict[str, str]  # checksums of the files that are taken over


def plan(live: Snapshot, files: Sequence[Listed], progress: Progress) -> Plan | None:
    """Return what to do, or None if a whole build is the better way."""
    before = CutBefore(live)
    kept = [before.files.get((item.file_id, item.name, item.digest)) for item in files]
    packs = pack_count(live.store)
    if packs >= MOST_PACKS:
        packs = 1
    stays = _staying(live, kept, packs)
    firsts = [file.first for file in kept if file is not None]
    new = len(files) - sum(stays)
    if firsts != sorted(firsts) or new > max(1, MOST_NEW * len(files)) or _is_worn(live):
        return None
    return _planned(before, list(zip(files, kept, stays, strict=True)), packs, progress)


def _staying(live: Snapshot, kept: Sequence[CutFile | None], packs: int) -> list[bool]:
    """Say of every file whether its documents stay where they lie, in the first packs."""
    pack_of = [*layout_of(live.store)[:, 0].tolist(), 0]  # a file at the end may hold none
    return [file is not None and pack_of[file.first] < packs for file in kept]


def _planned(
    before: CutBefore,
    files: Sequence[tuple[Listed, CutFile | None, bool]],
    packs: int,
    progress: Progress,
) -> Plan:
    pieces: list[tuple[int, int] | CutDocument] = []
    rows: list[CutFile] = []
    errors: list[tuple[str, str, str]] = []
    first = 0
    for done, (item, file, stay) in enumerate(files, start=1):
        count = file.documents if file is not None else 0
        if file is not None and stay:
            _extend(pieces, file.first, file.first + count)
        else:
            try:
                cut = before.of(file) if file else cut_file(item.path, file_id=item.file_id)
            except TiaowenError as error:
                errors.append((item.name, error.code, str(error)))
                continue
            pieces += cut
            count = len(cut)
            progress("segment", done, len(files))
        rows.append(CutFile(item.file_id, item.name, item.digest, first, count))
        first += count
    return Plan(tuple(pieces), tuple(rows), tuple(errors), packs)


def _extend(pieces: list[tuple[int, int] | CutDocument], start: int, end: int) -> None:
    last = pieces[-1] if pieces else None
    if isinstance(last, tuple) and last[1] == start:
        pieces[-1] = (last[0], end)
    else:
        pieces.append((start, end))


def write_rows(folder: Path, live: Snapshot, wanted: Plan, reader: Reader | None) -> Patched:
    """Write store, layout, readings, requirements and files of the new snapshot."""
    new, packs = wanted.new, wanted.packs
    documents = [cut.document for cut in new]
    clauses: list[StoredClause] = []
    for number, cut in enumerate(new):
        clauses += renumbered(cut.clauses, number, len(clauses))
    paths = pack_paths(live.folder, STORE, packs)
    paths += [norms_path(live.folder, pack) for pack in range(packs)]
    if reader is not None:
        titles = [document.title for document in documents]
        write_readings(readings_path(folder, packs), titles, clauses, reader)
        paths += [readings_path(live.folder, pack) for pack in range(packs)]
    shared = {share(path, folder).name: live.manifest.files[path.name] for path in paths}
    write_store(folder / PACK.format(packs), documents, clauses)
    write_norms(norms_path(folder, packs), [norm for cut in new for norm in cut.norms])
    np.save(folder / LAYOUT, _layout(layout_of(live.store), wanted))
    write_files(folder, wanted.files)
    moved = splice.moves(_stretches(live, wanted), live.manifest.clauses)
    return Patched(documents, clauses, moved, _counts(live, wanted), shared)


def columns(live: Snapshot, patched: Patched, fresh: Columns) -> Columns:
    """Return the columns of the new snapshot; ``fresh`` are those of the new clauses alone."""
    moved, before = patched.moved, live.columns
    minima = moved.spliced(before.minima, fresh.minima).astype(np.uint32)
    places = np.cumsum(moved.old < 0) - 1  # of new rows, among those that are written

    def clause(row: int) -> StoredClause:
        old = int(moved.old[row])
        return patched.clauses[places[row]] if old < 0 else live.store.clauses([old])[old]

    return Columns(
        document=np.repeat(np.arange(len(patched.counts), dtype=np.int32), patched.counts),
        order=splice.order(before.order, moved, lambda row: clause(row).clause.clause_id),
        modality=moved.spliced(before.modality, fresh.modality).astype(np.uint8),
        group=splice.groups(
            before.group, before.minima, minima, moved, lambda row: clause(row).text
        ),
        minima=minima,
    )


def _layout(layout: Layout, wanted: Plan) -> Layout:
    parts, row = [], 0
    for piece in wanted.pieces:
        if isinstance(piece, tuple):
            parts.append(layout[piece[0] : piece[1]])
        else:
            parts.append(np.array([[wanted.packs, row]], np.int32))
            row += 1
    return np.concatenate([np.zeros((0, 2), np.int32), *parts]).astype(np.int32)


def _stretches(live: Snapshot, wanted: Plan) -> list[tuple[int, int] | int]:
    firsts = [int(row[-2]) for row in live.store.document_rows()] + [live.manifest.clauses]
    return [
        (firsts[piece[0]], firsts[piece[1]]) if isinstance(piece, tuple) else len(piece.clauses)
        for piece in wanted.pieces
    ]


def _counts(live: Snapshot, wanted: Plan) -> NDArray[np.int32]:
    old = np.array([row[-1] for row in live.store.document_rows()], np.int32)
    parts = [
        old[piece[0] : piece[1]] if isinstance(piece, tuple) else [len(piece.clauses)]
        for piece in wanted.pieces
    ]
    return np.concatenate([np.zeros(0, np.int32), *parts]).astype(np.int32)


def _is_worn(live: Snapshot) -> bool:
    store = live.store
    return isinstance(store, PackedStore) and store.held > (1 + MOST_DEAD) * len(store.layout)
