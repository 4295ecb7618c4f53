"""What an earlier snapshot has cut already: files whose bytes and name are the same.

Good only while the rules are the same too, which the builder checks.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tiaowen_corpus.types import Document, Norm

from tiaowen_indexer.norms import StoredNorms
from tiaowen_indexer.snapshot import Snapshot
from tiaowen_indexer.store import StoredClause

FILES = "files.json"


@dataclass(frozen=True, slots=True)
class CutFile:
    """A file that was cut: its id, name and bytes (blake2b-128, hex), and the rows it gave."""

    file_id: str
    source: str
    digest: str
    first: int  # document row
    documents: int


@dataclass(frozen=True, slots=True)
class CutDocument:
    """One document with its clauses and what they ask for; rows are its own, from wherever."""

    document: Document
    clauses: Sequence[StoredClause]
    norms: Sequence[Norm]


def digest(path: str | Path) -> str:
    """Return a hash of a file's bytes, hex; "" for a file that cannot be read."""
    try:
        return hashlib.blake2b(Path(path).read_bytes(), digest_size=16).hexdigest()
    except OSError:
        return ""


def write_files(folder: Path, files: Sequence[CutFile]) -> None:
    """Write which rows each file gave."""
    rows = [(file.file_id, file.source, file.digest, file.first, file.documents) for file in files]
    text = json.dumps(rows, ensure_ascii=False)  # on one line: what indents is not compiled
    (folder / FILES).write_text(text + "\n", encoding="utf-8")


class CutBefore:
    """The files of a snapshot as they were cut for it."""

    def __init__(self, snapshot: Snapshot) -> None:
        """Read the list of files. Raises OSError or ValueError if it is not whole."""
        rows = json.loads((snapshot.folder / FILES).read_text(encoding="utf-8"))
        files = (CutFile(*row) for row in rows)
        self.files = {(file.file_id, file.source, file.digest): file for file in files}
        self._store = snapshot.store
        self._entries = snapshot.store.document_rows()
        self._norms = StoredNorms(snapshot.folder, snapshot.store)

    def get(self, file_id: str, source: str, digest: str) -> list[CutDocument] | None:
        """Return the documents of a file, or None if it is new or its bytes have changed."""
        file = self.files.get((file_id, source, digest))
        if file is None:
            return None
        return self.of(file)

    def of(self, file: CutFile) -> list[CutDocument]:
        """Return the documents of a file of the snapshot."""
        return [self._document(row) for row in range(file.first, file.first + file.documents)]

    def _document(self, row: int) -> CutDocument:
        *_, first, count = self._entries[row]
        rows = range(int(first), int(first) + int(count))
        stored = self._store.clauses(rows)
        document = self._store.document(row)
        return CutDocument(document, [stored[number] for number in rows], self._norms.of(row))
