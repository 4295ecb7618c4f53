"""A new snapshot from the live one and the few files that changed; the rest is taken over.

Gives the same rows, arrays and answers as a build from nothing (a test holds it so); only the
store differs, which lies in packs. Falls back to a whole build where that is as quick.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tiaowen_corpus.errors import TiaowenError
from tiaowen_corpus.types import Document
from tiaowen_models.reader import Reader

from tiaowen_indexer import splice
from tiaowen_indexer.collect import Listed, Progress, cut_file, renumbered
from tiaowen_indexer.norms import NORMS, splice_norms
from tiaowen_indexer.packs import (
    LAYOUT,
    PACK,
    Layout,
    PackedStore,
    layout_of,
    open_store,
    pack_count,
    pack_paths,
    share,
)
from tiaowen_indexer.readings import readings_path, write_readings
from tiaowen_indexer.reuse import FILES, CutDocument, CutFile, write_files
from tiaowen_indexer.snapshot import STORE, Columns, Snapshot
from tiaowen_indexer.store import StoredClause, write_store

MOST_PACKS = 24  # then the store is written in one file again
MOST_NEW = 0.2  # share of new documents up to which a patch is quicker
MOST_DEAD = 0.3  # share of documents in the packs that are no longer part of the snapshot


@dataclass(frozen=True, slots=True)
class Plan:
    """What a patch does. ``pieces``: stretches of old documents, or new ones, in order."""

    pieces: tuple[tuple[int, int] | CutDocument, ...]
    files: tuple[CutFile, ...]
    errors: tuple[tuple[str, str, str], ...]

    @property
    def new(self) -> list[CutDocument]:
        """The documents that are new."""
        return [piece for piece in self.pieces if isinstance(piece, CutDocument)]


@dataclass(frozen=True, slots=True)
class Patched:
    """The parts of the new snapshot that are not written yet, or that the builder goes on with."""

    documents: list[Document]
    clauses: list[StoredClause]
    moved: splice.Moves
    total: int
    shared: dict[str, str]  # checksums of the files that are taken over


def plan(live: Snapshot, files: Sequence[Listed], progress: Progress) -> Plan | None:
    """Return what to do, or None if a whole build is the better way."""
    old = {(file.file_id, file.source, file.digest): file for file in _files(live)}
    kept = [old.get((item.file_id, item.path.name, item.digest)) for item in files]
    firsts = [file.first for file in kept if file is not None]
    new = len(kept) - len(firsts)
    if firsts != sorted(firsts) or new > max(1, MOST_NEW * len(files)) or _is_worn(live):
        return None
    return _planned(files, kept, progress)


def _planned(files: Sequence[Listed], kept: Sequence[CutFile | None], progress: Progress) -> Plan:
    pieces: list[tuple[int, int] | CutDocument] = []
    rows: list[CutFile] = []
    errors: list[tuple[str, str, str]] = []
    first = 0
    for done, (item, file) in enumerate(zip(files, kept, strict=True), start=1):
        count = file.documents if file is not None else 0
        if file is not None:
            _extend(pieces, file.first, file.first + count)
        else:
            try:
                cut = cut_file(item.path, file_id=item.file_id)
            except TiaowenError as error:
                errors.append((item.path.name, error.code, str(error)))
                continue
            pieces += cut
            count = len(cut)
            progress("segment", done, len(files))
        rows.append(CutFile(item.file_id, item.path.name, item.digest, first, count))
        first += count
    return Plan(tuple(pieces), tuple(rows), tuple(errors))


def _extend(pieces: list[tuple[int, int] | CutDocument], start: int, end: int) -> None:
    last = pieces[-1] if pieces else None
    if isinstance(last, tuple) and last[1] == start:
        pieces[-1] = (last[0], end)
    else:
        pieces.append((start, end))


def write_rows(folder: Path, live: Snapshot, wanted: Plan, reader: Reader | None) -> Patched:
    """Write store, layout, readings, requirements and files of the new snapshot."""
    new = wanted.new
    documents = [cut.document for cut in new]
    clauses: list[StoredClause] = []
    for number, cut in enumerate(new):
        clauses += renumbered(cut.clauses, number, len(clauses))
    layout = layout_of(live.store)
    count = pack_count(live.store)
    paths = pack_paths(live.folder, STORE, count)
    if reader is not None:
        titles = [document.title for document in documents]
        write_readings(readings_path(folder, count), titles, clauses, reader)
        paths += [readings_path(live.folder, pack) for pack in range(count)]
    shared = {share(path, folder).name: live.manifest.files[path.name] for path in paths}
    write_store(folder / PACK.format(count), documents, clauses)
    np.save(folder / LAYOUT, _layout(layout, wanted, count))
    doc_ids = [str(row[0]) for row in live.store.document_rows()]
    splice_norms(
        folder / NORMS,
        live.folder / NORMS,
        [
            doc_ids[piece[0] : piece[1]] if isinstance(piece, tuple) else piece.norms
            for piece in wanted.pieces
        ],
    )
    write_files(folder, wanted.files)
    moved = splice.moves(_stretches(live, wanted), live.manifest.clauses)
    return Patched(documents, clauses, moved, _documents(wanted), shared)


def columns(folder: Path, live: Snapshot, patched: Patched, fresh: Columns) -> Columns:
    """Return the columns of the new snapshot; ``fresh`` are those of the new clauses alone."""
    moved, before = patched.moved, live.columns
    store = open_store(folder, STORE)
    assert isinstance(store, PackedStore)
    minima = moved.spliced(before.minima, fresh.minima).astype(np.uint32)
    made = Columns(
        document=np.repeat(np.arange(len(store.layout), dtype=np.int32), np.diff(store.firsts)),
        order=splice.order(
            before.order, moved, lambda row: store.clauses([row])[row].clause.clause_id
        ),
        modality=moved.spliced(before.modality, fresh.modality).astype(np.uint8),
        group=splice.groups(
            before.group, before.minima, minima, moved, lambda row: store.clauses([row])[row].text
        ),
        minima=minima,
    )
    store.close()
    return made


def _layout(layout: Layout, wanted: Plan, pack: int) -> Layout:
    parts, row = [], 0
    for piece in wanted.pieces:
        if isinstance(piece, tuple):
            parts.append(layout[piece[0] : piece[1]])
        else:
            parts.append(np.array([[pack, row]], np.int32))
            row += 1
    return np.concatenate([np.zeros((0, 2), np.int32), *parts]).astype(np.int32)


def _stretches(live: Snapshot, wanted: Plan) -> list[tuple[int, int] | int]:
    firsts = [int(row[-2]) for row in live.store.document_rows()] + [live.manifest.clauses]
    return [
        (firsts[piece[0]], firsts[piece[1]]) if isinstance(piece, tuple) else len(piece.clauses)
        for piece in wanted.pieces
    ]


def _documents(wanted: Plan) -> int:
    return sum(piece[1] - piece[0] if isinstance(piece, tuple) else 1 for piece in wanted.pieces)


def _files(live: Snapshot) -> list[CutFile]:
    rows = json.loads((live.folder / FILES).read_text(encoding="utf-8"))
    return [CutFile(*row) for row in rows]


def _is_worn(live: Snapshot) -> bool:
    store = live.store
    if not isinstance(store, PackedStore):
        return False
    packs = pack_count(store)
    return packs >= MOST_PACKS or store.held > (1 + MOST_DEAD) * len(store.layout)
