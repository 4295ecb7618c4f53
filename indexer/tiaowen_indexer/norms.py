"""The mined requirements of a snapshot in one SQLite file, written once, then only read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tiaowen_corpus.types import Norm, Quantity, Span

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


def splice_norms(
    path: Path, before: Path, pieces: Sequence[Sequence[str] | Sequence[Norm]]
) -> None:
    """Write at ``path`` the norms of documents of ``before``, named by their ids and in its order,
    and new ones. A piece holds ids or norms.
    """
    write_norms(path, ())
    connection = sqlite3.connect(path, isolation_level=None, uri=True)
    try:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("ATTACH ? AS old", [f"{before.resolve().as_uri()}?mode=ro&immutable=1"])
        counts = "SELECT doc_id, min(row), max(row) FROM old.norms GROUP BY doc_id"
        places = {row[0]: (row[1], row[2]) for row in connection.execute(counts)}
        connection.execute("BEGIN")
        at = 0
        for piece in pieces:
            at = _write_piece(connection, piece, places, at)
        connection.execute("COMMIT")
        connection.execute("DETACH old")
        connection.execute("VACUUM")  # the bytes of a file written at once
    finally:
        connection.close()


def _write_piece(
    connection: sqlite3.Connection,
    piece: Sequence[str] | Sequence[Norm],
    places: Mapping[str, tuple[int, int]],
    at: int,
) -> int:
    """Write a piece from row ``at`` on and return the row after it."""
    new = [(row, *_columns(norm)) for row, norm in enumerate(piece, at) if isinstance(norm, Norm)]
    connection.executemany(f"INSERT INTO norms VALUES ({', '.join('?' * 16)})", new)
    found = [places[item] for item in piece if isinstance(item, str) and item in places]
    if not found:
        return at + len(new)
    start, end = found[0][0], found[-1][1]
    connection.execute(
        "INSERT INTO norms SELECT row + ?, doc_id, clause_id, actor, modality, action, low, high, "
        "bound, unit, period, deadline, share, condition, start, end FROM old.norms "
        "WHERE row BETWEEN ? AND ? ORDER BY row",
        [at - start, start, end],
    )
    return at + end - start + 1


def read_norms(path: Path) -> tuple[Norm, ...]:
    """Return the norms in the order of documents and of place within them."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        rows = connection.execute("SELECT * FROM norms ORDER BY row")
        return tuple(_norm(row) for row in rows)
    finally:
        connection.close()


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
