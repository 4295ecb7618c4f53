"""The mined requirements of a snapshot: an SQLite file for each pack of its store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from tiaowen_corpus.types import Norm, Quantity, Span

from tiaowen_indexer.files import of_pack
from tiaowen_indexer.packs import layout_of, pack_count
from tiaowen_indexer.store import Store

NORMS = "norms.sqlite"

_SCHEMA = """
PRAGMA page_size = 4096;
CREATE TABLE norms (
    row INTEGER PRIMARY KEY, doc_id TEXT NOT NULL, clause_id TEXT NOT NULL, actor TEXT NOT NULL,
    modality TEXT NOT NULL, action TEXT NOT NULL, low REAL, high REAL, bound TEXT, unit TEXT,
    period TEXT NOT NULL, deadline TEXT NOT NULL, share TEXT NOT NULL, condition TEXT NOT NULL,
    start INTEGER NOT NULL, end INTEGER NOT NULL
);
"""


def norms_path(folder: Path, pack: int) -> Path:
    """Return where the norms of a pack lie in a snapshot folder."""
    return of_pack(folder, NORMS, pack)


def write_norms(path: Path, norms: Iterable[Norm]) -> None:
    """Write a new file at ``path``; its bytes depend on the norms and their order alone."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
        connection.execute("BEGIN")
        connection.executemany(
            f"INSERT INTO norms VALUES ({', '.join('?' * 16)})",
            ((row, *_columns(norm)) for row, norm in enumerate(norms)),
        )
        connection.execute("COMMIT")
    finally:
        connection.close()


def read_norms(path: Path) -> tuple[Norm, ...]:
    """Return the norms in the order of documents and of place within them."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        rows = connection.execute("SELECT * FROM norms ORDER BY row")
        return tuple(_norm(row) for row in rows)
    finally:
        connection.close()


class StoredNorms:
    """The norms of a snapshot by document; files are read when they are asked for."""

    def __init__(self, folder: Path, store: Store) -> None:
        self._paths = [norms_path(folder, pack) for pack in range(pack_count(store))]
        self._packs = layout_of(store)[:, 0].tolist()
        self._doc_ids = [str(row[0]) for row in store.document_rows()]
        self._read: dict[int, dict[str, list[Norm]]] = {}

    def of(self, document: int) -> Sequence[Norm]:
        """Return the norms of a document row, in their order."""
        pack = self._packs[document]
        if pack not in self._read:
            held: dict[str, list[Norm]] = {}
            for norm in read_norms(self._paths[pack]):
                held.setdefault(norm.doc_id, []).append(norm)
            self._read[pack] = held
        return self._read[pack].get(self._doc_ids[document], ())

    def all(self) -> tuple[Norm, ...]:
        """Return all, in the order of documents and of place within them; none in an index
        without them.
        """
        if not self._paths[0].is_file():
            return ()
        return tuple(norm for row in range(len(self._packs)) for norm in self.of(row))


def _columns(norm: Norm) -> tuple[object, ...]:
    quantity = norm.quantity
    numbers: tuple[object, ...] = (None, None, None, None)
    if quantity is not None:
        value = quantity.value
        low, high = value if isinstance(value, tuple) else (value, None)
        numbers = (low, high, quantity.bound, quantity.unit)
    return (
        *(norm.doc_id, norm.clause_id, norm.actor, norm.modality, norm.action),
        *numbers,
        *(norm.period, norm.deadline, norm.share, norm.condition, norm.span.start, norm.span.end),
    )


def _norm(row: tuple[object, ...]) -> Norm:
    (_, doc_id, clause_id, actor, modality, action, low, high, bound, unit) = row[:10]
    period, deadline, share, condition, start, end = row[10:]
    value = low if high is None else (low, high)
    quantity = None if bound is None else Quantity(value, bound, unit)  # type: ignore[arg-type]
    return Norm(
        doc_id,  # type: ignore[arg-type]
        clause_id,  # type: ignore[arg-type]
        actor,  # type: ignore[arg-type]
        modality,  # type: ignore[arg-type]
        action,  # type: ignore[arg-type]
        quantity,
        period,  # type: ignore[arg-type]
        deadline,  # type: ignore[arg-type]
        share,  # type: ignore[arg-type]
        condition,  # type: ignore[arg-type]
        Span(start, end),  # type: ignore[arg-type]
    )
