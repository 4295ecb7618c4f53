"""Clauses, documents and their metadata in one SQLite file, written once, then only read.

Rows are numbered from 0 in the order of documents and of clauses within them; row n of every
other part of a snapshot is clause n here. The bytes depend on the rows alone.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import weakref
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tiaowen_corpus.types import Clause, Document, Edit, EditKind, Span

MOST_DECODED = 50_000  # clauses kept decoded, some 2 kB each
_NO_REPAIRS = "[]"
_END = "\x1f"  # ends each part of a path or of headings in one column

MAPPED = 1 << 40  # bytes of a file that are mapped: all of it, as far as SQLite was built for
_SCHEMA = """
PRAGMA page_size = 4096;
CREATE TABLE raws (sha256 TEXT PRIMARY KEY, raw TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    row INTEGER PRIMARY KEY, doc_id TEXT NOT NULL UNIQUE, file_id TEXT NOT NULL,
    part INTEGER NOT NULL, title TEXT NOT NULL, kind TEXT NOT NULL, issuer TEXT NOT NULL,
    region TEXT NOT NULL, doc_number TEXT NOT NULL, issued TEXT NOT NULL, script TEXT NOT NULL,
    source TEXT NOT NULL, raw_sha256 TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    text TEXT NOT NULL, edits TEXT NOT NULL, first INTEGER NOT NULL, clauses INTEGER NOT NULL
);
CREATE TABLE clauses (
    row INTEGER PRIMARY KEY, clause_id TEXT NOT NULL UNIQUE, document INTEGER NOT NULL,
    label TEXT NOT NULL, path TEXT NOT NULL, heading TEXT NOT NULL, headings TEXT NOT NULL,
    kind TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, body_start INTEGER NOT NULL,
    body_end INTEGER NOT NULL, revision TEXT NOT NULL, body TEXT NOT NULL, repairs TEXT NOT NULL,
    modalities TEXT NOT NULL
);
"""


@dataclass(frozen=True, slots=True)
class Repaired:
    """A damaged place of a clause: span in its body, wording there, wording it stands for."""

    start: int
    end: int
    text: str
    replacement: str
    reason: str


@dataclass(frozen=True, slots=True)
class StoredClause:
    """A clause with its wording, its row and the row of its document."""

    row: int
    document: int
    clause: Clause
    text: str
    repairs: tuple[Repaired, ...]
    modalities: tuple[str, ...] = ()

    @property
    def searchable(self) -> str:
        """The wording with its repairs applied."""
        return repaired(self.text, self.repairs)

    @property
    def legible(self) -> str:
        """The wording with those repairs that keep its length: places in it stay the same."""
        kept = [fix for fix in self.repairs if len(fix.replacement) == fix.end - fix.start]
        return repaired(self.text, kept)


def repaired(text: str, repairs: Sequence[Repaired]) -> str:
    """Return ``text`` with every repair applied."""
    if not repairs:  # nearly every clause
        return text
    parts, at = [], 0
    for repair in repairs:
        parts += [text[at : repair.start], repair.replacement]
        at = repair.end
    return "".join([*parts, text[at:]])


def write_store(path: Path, documents: Sequence[Document], clauses: Sequence[StoredClause]) -> None:
    """Write a new file at ``path``. Clauses of a document stand together, in order."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
        connection.execute("BEGIN")
        raws = {document.raw_sha256: document.raw for document in documents}
        connection.executemany("INSERT INTO raws VALUES (?, ?)", sorted(raws.items()))
        counts = Counter(stored.document for stored in clauses)
        firsts = list(accumulate((counts[row] for row in range(len(documents))), initial=0))
        connection.executemany(
            f"INSERT INTO documents VALUES ({_marks(19)})",
            (
                _document_row(row, document, firsts[row], counts[row])
                for row, document in enumerate(documents)
            ),
        )
        connection.executemany(
            f"INSERT INTO clauses VALUES ({_marks(16)})", map(_clause_row, clauses)
        )
        connection.execute("COMMIT")
    finally:
        connection.close()


class Store:
    """Read access; a connection per thread, safe to share."""

    def __init__(self, path: Path) -> None:
        self._uri = f"file:{path.resolve().as_posix().replace('?', '%3f')}?mode=ro&immutable=1"
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        # closed, not only let go: a connection holds itself until garbage is looked for
        weakref.finalize(self, _close_all, self._connections).atexit = False
        self._decoded: dict[int, StoredClause] = {}
        self._rows = self._read_rows()
        self._doc_ids = [str(row[0]) for row in self._rows]

    def clauses(self, rows: Iterable[int]) -> dict[int, StoredClause]:
        """Return the clauses of ``rows`` by row; rows that do not exist are left out."""
        wanted = [int(row) for row in rows]
        if len(self._decoded) > MOST_DECODED:
            self._decoded = {}
        decoded = self._decoded
        missing = [row for row in wanted if row not in decoded]
        for at in range(0, len(missing), 500):
            part = missing[at : at + 500]
            sql = f"SELECT * FROM clauses WHERE row IN ({_marks(len(part))})"
            for row in self._run(sql, part):
                decoded[row[0]] = _stored_clause(row, self._doc_ids[row[2]])
        return {row: decoded[row] for row in wanted if row in decoded}

    def places(self, rows: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return of every clause row its pack and its row there: one file is the first pack."""
        return np.zeros(len(rows), np.int64), rows.astype(np.int64)

    def clause_row(self, clause_id: str) -> int | None:
        """Return the row of a clause id, or None."""
        row = self._run("SELECT row FROM clauses WHERE clause_id = ?", [clause_id]).fetchone()
        return None if row is None else int(row[0])

    def document(self, row: int) -> Document:
        """Return a whole document with its raw text. Raises KeyError."""
        sql = "SELECT d.*, r.raw FROM documents d JOIN raws r ON r.sha256 = d.raw_sha256"
        found = self._run(f"{sql} WHERE d.row = ?", [row]).fetchone()
        if found is None:
            raise KeyError(row)
        return _document(found)

    def document_rows(self) -> list[tuple[str | int, ...]]:
        """Return ``(doc_id, file_id, part, title, kind, issuer, region, doc_number, issued,
        script, source, first clause row, clause count)`` of every document, in order.
        """
        return self._rows

    def _read_rows(self) -> list[tuple[str | int, ...]]:
        sql = """SELECT doc_id, file_id, part, title, kind, issuer, region, doc_number, issued,
                 script, source, first, clauses FROM documents ORDER BY row"""
        return self._run(sql, []).fetchall()

    def close(self) -> None:
        """Close this thread's connection."""
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._connections.remove(connection)
            self._local.connection = None

    def _run(self, sql: str, values: Sequence[object]) -> sqlite3.Cursor:
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self._uri, uri=True, check_same_thread=False)
            connection.execute(f"PRAGMA mmap_size = {MAPPED}")  # a read less for every page
            self._local.connection = connection
            self._connections.append(connection)
        cursor: sqlite3.Cursor = connection.execute(sql, values)
        return cursor


def _close_all(connections: list[sqlite3.Connection]) -> None:
    for connection in connections:
        connection.close()


def _marks(count: int) -> str:
    return ", ".join("?" * count)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _document_row(row: int, document: Document, first: int, clauses: int) -> tuple[object, ...]:
    edits = [
        (edit.span.start, edit.span.end, edit.kind.value, edit.reason, edit.replacement)
        for edit in document.edits
    ]
    return (
        row,
        document.doc_id,
        document.file_id,
        document.part,
        document.title,
        document.kind,
        document.issuer,
        document.region,
        document.doc_number,
        document.issued,
        document.script,
        document.source,
        document.raw_sha256,
        document.extent.start,
        document.extent.end,
        document.text,
        _json(edits),
        first,
        clauses,
    )


def _document(row: Sequence[object]) -> Document:
    (_, doc_id, file_id, part, title, kind, issuer, region, number, issued, script, source) = row[
        :12
    ]
    sha256, start, end, text, edits, _first, _clauses, raw = row[12:]
    return Document(
        *(doc_id, file_id, part, title, kind, issuer, region, number, issued, script, source),  # type: ignore[arg-type]
        raw_sha256=str(sha256),
        raw=str(raw),
        extent=Span(int(str(start)), int(str(end))),
        text=str(text),
        edits=tuple(
            Edit(Span(edit[0], edit[1]), EditKind(edit[2]), edit[3], edit[4])
            for edit in json.loads(str(edits))
        ),
    )


def _clause_row(stored: StoredClause) -> tuple[object, ...]:
    clause = stored.clause
    repairs = [astuple(item) for item in stored.repairs]
    return (
        stored.row,
        clause.clause_id,
        stored.document,
        clause.label,
        _joined(clause.path),
        clause.heading,
        _joined(clause.headings),
        clause.kind,
        clause.span.start,
        clause.span.end,
        clause.body.start,
        clause.body.end,
        clause.revision,
        stored.text,
        _json(repairs) if repairs else _NO_REPAIRS,
        " ".join(stored.modalities),
    )


def _stored_clause(row: tuple[Any, ...], doc_id: str) -> StoredClause:
    (number, clause_id, document, label, path, heading, headings, kind, start, end) = row[:10]
    body_start, body_end, revision, body, repairs, modalities = row[10:]
    clause = Clause(
        clause_id,
        doc_id,
        label,
        _split(path),
        heading,
        _split(headings),
        kind,
        Span(start, end),
        Span(body_start, body_end),
        revision,
    )
    fixes = () if repairs == _NO_REPAIRS else tuple(Repaired(*item) for item in json.loads(repairs))
    return StoredClause(number, document, clause, body, fixes, tuple(modalities.split()))


def _joined(parts: Sequence[str]) -> str:
    """Join strings that hold no control character; an empty tuple is told from ("",)."""
    return "".join(part + _END for part in parts)


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split(_END)[:-1])
