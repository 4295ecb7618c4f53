"""A folder of files to the rows of an index: documents, clauses, repairs."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tiaowen_corpus.errors import TiaowenError
from tiaowen_corpus.library import Library
from tiaowen_corpus.readers import RawText
from tiaowen_corpus.types import Clause, Document, EditKind, Norm, Span

from tiaowen_indexer.modality import modalities_of
from tiaowen_indexer.reuse import CutBefore, CutDocument, CutFile, digest
from tiaowen_indexer.store import Repaired, StoredClause

if TYPE_CHECKING:
    from tiaowen_indexer.segment import SegmentedDocument

Progress = Callable[[str, int, int], None]  # stage, done, of how many


log = logging.getLogger(__name__)


class Unsegmentable(TiaowenError):
    """A file whose text could be read but not cut: a fault of ours, not of the file."""

    code = "unsegmentable"
    template = "未能切分条文 / could not be cut into clauses: {detail}"
    remedy = "请附上该文件报告此问题 / report it with the file"


@dataclass(frozen=True, slots=True)
class Collected:
    """What the library held. ``errors``: (file, code, message) of the files left out."""

    documents: tuple[Document, ...]
    clauses: tuple[StoredClause, ...]
    errors: tuple[tuple[str, str, str], ...]
    norms: tuple[Norm, ...] = ()  # of all documents, in order
    files: tuple[CutFile, ...] = ()  # in order, those left out not among them


@dataclass(frozen=True, slots=True)
class Listed:
    """One file of a library: its id, where it lies and its digest, "" if it cannot be read."""

    file_id: str
    place: str
    digest: str

    @property
    def path(self) -> Path:
        """Where it lies."""
        return Path(self.place)

    @property
    def name(self) -> str:
        """Its name without folders."""
        return self.place.rpartition("/")[2]


def listed(corpus: Path, digest_of: Callable[[str], str] = digest) -> list[Listed]:
    """Return the library's files with their digests."""
    return [Listed(file_id, place, digest_of(place)) for file_id, place in Library(corpus).names()]


def fingerprint_of(files: Sequence[Listed], corpus: Path) -> str:
    """Return a hash of every file's id, name and bytes, hex."""
    state = hashlib.blake2b(digest_size=16)
    start = len(corpus.as_posix().rstrip("/")) + 1
    for item in files:
        name = item.place[start:]
        state.update(f"{item.file_id}\0{name}\0{item.digest}\0".encode("utf-8", "replace"))
    return state.hexdigest()


def collect(
    corpus: Path,
    *,
    progress: Progress = lambda stage, done, of: None,
) -> Collected:
    """Read and segment every file of the folder ``corpus``."""
    return collect_files(listed(corpus), progress=progress)


def collect_files(
    library: Sequence[Listed],
    *,
    before: CutBefore | None = None,
    progress: Progress = lambda stage, done, of: None,
) -> Collected:
    """Read and segment every file of ``library``; a file that fails is listed, the rest goes on.

    Files that ``before`` holds are taken over from it.
    """
    documents: list[Document] = []
    clauses: list[StoredClause] = []
    errors: list[tuple[str, str, str]] = []
    norms: list[Norm] = []
    files: list[CutFile] = []
    for done, item in enumerate(library, start=1):
        file_id, path, state = item.file_id, item.path, item.digest
        try:
            cut = before.get(file_id, path.name, state) if before else None
            if cut is None:
                cut = cut_file(path, file_id=file_id)
            files.append(CutFile(file_id, path.name, state, len(documents), len(cut)))
            for part in cut:
                clauses += renumbered(part.clauses, len(documents), len(clauses))
                norms += part.norms
                documents.append(part.document)
        except TiaowenError as error:
            errors.append((path.name, error.code, str(error)))
        progress("segment", done, len(library))
    return Collected(tuple(documents), tuple(clauses), tuple(errors), tuple(norms), tuple(files))


def cut_file(path: Path, *, file_id: str) -> list[CutDocument]:
    """Read and cut one file. Raises ReadingError or Unsegmentable."""
    return _cut(Library(path.parent).read(path), file_id=file_id)


def renumbered(
    clauses: Sequence[StoredClause], document: int, first: int
) -> Iterator[StoredClause]:
    """Yield the clauses of one document under another row of it, numbered from ``first``."""
    for row, stored in enumerate(clauses, start=first):
        yield replace(stored, row=row, document=document)


def _cut(file: RawText, *, file_id: str) -> list[CutDocument]:
    """Return the documents of a file, whole, with what each asks for. Raises Unsegmentable."""
    # here, because a service that starts with an index that is up to date needs none of it
    from tiaowen_indexer.mining import mine
    from tiaowen_indexer.segment import segment

    try:
        parts = segment(file.text, file_id=file_id, source=file.name, labels_hint=file.labels)
        ids = Counter(clause.clause_id for part in parts for clause in part.clauses)
        repeated = [clause_id for clause_id, count in ids.items() if count > 1]
        if repeated:
            raise ValueError(f"clause ids are not unique: {repeated[:3]}")
        cut = []
        for part in parts:
            mined = tuple(mine(part.document, part.clauses))
            rows = stored_clauses(part, document=0, first=0, norms=mined)
            cut.append(CutDocument(part.document, rows, mined))
        return cut
    except Exception as error:  # one strange file must not keep the others out of the index
        log.exception("%s", file.name)
        raise Unsegmentable(f"{file.name}: {error}") from error


def stored_clauses(
    part: SegmentedDocument, *, document: int, first: int, norms: Sequence[Norm] = ()
) -> list[StoredClause]:
    """Return the rows of one segmented document, numbered from ``first``; ``norms`` are its own."""
    repairs = list(_repairs(part.document))
    mined: dict[str, set[str]] = defaultdict(set)
    for norm in norms:
        mined[norm.clause_id].add(norm.modality)
    rows = []
    for row, clause in enumerate(part.clauses, start=first):
        text = clause.body.of(part.document.text)
        found = _repairs_within(part.document, clause, repairs)
        rows.append(
            StoredClause(
                row, document, clause, text, found, modalities_of(text, mined[clause.clause_id])
            )
        )
    return rows


def _repairs(document: Document) -> Iterator[tuple[Span, str, str]]:
    """Yield the repairs of a document as spans of its text, with replacement and reason."""
    kept, starts, total = document.kept, [], 0
    for span in kept:
        starts.append(total)
        total += len(span)
    for edit in sorted(document.edits):
        if edit.kind is not EditKind.REPAIR:
            continue
        for span, start in zip(kept, starts, strict=True):
            if span.start <= edit.span.start < span.end:
                at = start + edit.span.start - span.start
                yield Span(at, min(at + len(edit.span), total)), edit.replacement, edit.reason


def _repairs_within(
    document: Document, clause: Clause, repairs: Sequence[tuple[Span, str, str]]
) -> tuple[Repaired, ...]:
    return tuple(
        Repaired(
            span.start - clause.body.start,
            span.end - clause.body.start,
            span.of(document.text),
            replacement,
            reason,
        )
        for span, replacement, reason in repairs
        if clause.body.covers(span)
    )
