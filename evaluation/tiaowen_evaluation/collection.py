"""The clauses that an index holds, as the labels and the baselines see them."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from tiaowen_corpus.script import fold
from tiaowen_indexer.snapshot import Snapshot


def squeeze(text: str) -> str:
    """Fold script, width and case and drop all white space: the form in which quotes are found."""
    return "".join(fold(text).split())


@dataclass(frozen=True, slots=True)
class Entry:
    """One clause. ``text`` is label, heading and wording as the document has them, in order."""

    clause_id: str
    doc_id: str
    file_id: str
    path: tuple[str, ...]
    title: str  # of the document
    text: str
    script: str  # of the document

    @property
    def place(self) -> str:
        """Where the clause stands, for people: title and path."""
        return " › ".join((self.title, *self.path))


@dataclass(frozen=True, slots=True)
class Place:
    """One occurrence of a quote: the clauses that it touches, and its offset in the file."""

    start: int
    end: int
    entries: tuple[Entry, ...]


class FileText:
    """The squeezed wording of a file's clauses in order, with the way back to the clauses."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = tuple(entries)
        self._starts: list[int] = []
        pieces = []
        at = 0
        for entry in self._entries:
            piece = squeeze(entry.text)
            self._starts.append(at)
            pieces.append(piece)
            at += len(piece)
        self.text = "".join(pieces)

    def find(self, quote: str) -> tuple[Place, ...]:
        """Return every occurrence of ``quote`` (overlapping ones too) in order."""
        wanted = squeeze(quote)
        places = []
        at = self.text.find(wanted) if wanted else -1
        while at >= 0:
            places.append(Place(at, at + len(wanted), self._touched(at, at + len(wanted))))
            at = self.text.find(wanted, at + 1)
        return tuple(places)

    def _touched(self, start: int, end: int) -> tuple[Entry, ...]:
        first = bisect_right(self._starts, start) - 1
        last = bisect_right(self._starts, end - 1) - 1
        return tuple(entry for entry in self._entries[first : last + 1] if squeeze(entry.text))


@dataclass(frozen=True)
class Collection:
    """All clauses of an index in document order."""

    entries: tuple[Entry, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Entry]:
        """Clauses by clause_id."""
        return {entry.clause_id: entry for entry in self.entries}

    @cached_property
    def files(self) -> Mapping[str, FileText]:
        """The text of each file, all its parts in order, by file_id."""
        grouped: dict[str, list[Entry]] = {}
        for entry in self.entries:
            grouped.setdefault(entry.file_id, []).append(entry)
        return {file_id: FileText(entries) for file_id, entries in grouped.items()}

    @cached_property
    def digest(self) -> str:
        """Hash of ids and wording, hex: equal inputs, equal digest."""
        state = hashlib.blake2b(digest_size=16)
        for entry in self.entries:
            state.update(f"{entry.clause_id}\0{entry.text}\0".encode())
        return state.hexdigest()


def of_snapshot(snapshot: Snapshot) -> Collection:
    """Read all clauses of an index with the wording that their documents give them."""
    entries = []
    for row, facts in enumerate(snapshot.store.document_rows()):
        document = snapshot.store.document(row)
        first, count = int(facts[11]), int(facts[12])
        for stored in snapshot.store.clauses(range(first, first + count)).values():
            clause = stored.clause
            entries.append(
                (
                    stored.row,
                    Entry(
                        clause.clause_id,
                        document.doc_id,
                        document.file_id,
                        clause.path,
                        document.title,
                        clause.span.of(document.text),
                        document.script,
                    ),
                )
            )
    return Collection(tuple(entry for _, entry in sorted(entries, key=lambda pair: pair[0])))
