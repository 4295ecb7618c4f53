"""From a raw file to its documents and their clauses: the one way in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import PurePath
from typing import Any

from tiaowen_corpus.assembly import Assembly, assemble
from tiaowen_corpus.facts import facts
from tiaowen_corpus.noise import echoed_title, header_table, removals
from tiaowen_corpus.repair import repairs
from tiaowen_corpus.script import fold
from tiaowen_corpus.types import Clause, Document, Edit, EditKind, Span

from tiaowen_indexer.clauses import Source, clauses
from tiaowen_indexer.headings import bare
from tiaowen_indexer.paragraphs import sentence_a_line
from tiaowen_indexer.reading import outlined
from tiaowen_indexer.splitting import Part, announced, parts

_LOST_BRACKETS = re.compile(
    r"\?([^?。!\n]{2,40}(?:方案|纲要|意见|办法|规定|规范|标准|条例|规划|通知|法|计划|细则|规则|规那么|决定|制度|章程))\?"
)
_HEADER = 1200  # characters of raw in which a page announces how many texts it holds


@dataclass(frozen=True, slots=True)
class SegmentedDocument:
    """One document of a file and its clauses in order."""

    document: Document
    clauses: tuple[Clause, ...]


def segment(
    raw: str, *, file_id: str, source: str, labels_hint: Sequence[Span] | None = None
) -> tuple[SegmentedDocument, ...]:
    """Return the documents of one file in order, at least one. Never raises on any ``raw``.

    ``labels_hint`` are spans of ``raw`` that are known to be labels (numbers that a reader
    restored); they are taken as such if the numbering allows it at all.
    """
    edits = removals(raw)
    whole = assemble(raw, Span(0, len(raw)), edits)
    head = "\n".join(edit.span.of(raw) for edit in edits if edit.span.start < _HEADER)
    folded = _view(whole.text)
    promised = announced(fold(head))
    found = parts(whole.text, folded, promised=promised)
    digest = sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()
    context = _File(raw, file_id, source, digest, edits, tuple(labels_hint or ()))
    extents = _extents(whole, found)
    return tuple(
        _document(context, number, extent, part)
        for number, (extent, part) in enumerate(zip(extents, found, strict=True), start=1)
    )


def _view(text: str) -> str:
    """Return the folded text with `?…?` around a paper's name read as the 《》 that it was."""
    return _LOST_BRACKETS.sub(r"《\1》", fold(text))


@dataclass(frozen=True, slots=True)
class _File:
    raw: str
    file_id: str
    source: str
    digest: str
    edits: tuple[Edit, ...]
    hints: tuple[Span, ...]


def _extents(whole: Assembly, found: Sequence[Part]) -> list[Span]:
    """Return the extents in raw: contiguous, from the first character to the last."""
    starts = [0, *(whole.raw_at(part.span.start) for part in found[1:])]
    return [
        Span(start, end) for start, end in zip(starts, [*starts[1:], whole.extent.end], strict=True)
    ]


def _document(file: _File, number: int, extent: Span, part: Part) -> SegmentedDocument:
    assembly = assemble(file.raw, extent, file.edits)
    text = assembly.text
    folded = _view(text)
    own = tuple(
        edit
        for edit in file.edits
        if extent.start <= edit.span.start and edit.span.end <= extent.end
    )
    start = min(part.title.start - part.span.start, len(text))
    title = Span(start, min(start + len(part.title), len(text)))
    doc_id = file.file_id if number == 1 else f"{file.file_id}~{number}"
    vouched = frozenset(assembly.text_at(hint.start) for hint in file.hints if extent.covers(hint))
    gaps = tuple(assembly.text_at(edit.span.start) for edit in own if edit.kind is EditKind.GAP)
    source = Source(text, folded, title, gaps, sentence_a_line(text))
    made = clauses(doc_id, source, outlined(text, vouched))
    described = _described(file, assembly, own, title)
    name = described.title or _named_after(file.source, number)
    return SegmentedDocument(replace(described, doc_id=doc_id, part=number, title=name), made)


def _named_after(source: str, number: int) -> str:
    """Name a document that states no title after its file: "挂职总结(5)" for the fifth in it."""
    stem = PurePath(source).stem
    return stem if number == 1 else f"{stem}({number})"


def _described(file: _File, assembly: Assembly, own: tuple[Edit, ...], title: Span) -> Document:
    """Describe a document as if it were the only one of its file."""
    table = header_table(file.raw, own)
    stated = title.of(assembly.text).strip().replace("\n", " ")
    fallback = stated or echoed_title(file.raw, own)
    known = facts(f"{table}\n{assembly.text}".strip(), fallback)
    proposals = tuple(
        Edit(assembly.to_raw(repair.span), EditKind.REPAIR, repair.reason, repair.replacement)
        for repair in repairs(assembly.text)
    )
    return Document(
        doc_id=file.file_id,
        file_id=file.file_id,
        part=1,
        title=known.title,
        kind=known.kind,
        issuer=known.issuer,
        region=known.region,
        doc_number=known.doc_number,
        issued=known.issued,
        script=known.script,
        source=file.source,
        raw_sha256=file.digest,
        raw=file.raw,
        extent=assembly.extent,
        text=assembly.text,
        edits=tuple(sorted((*own, *proposals))),
    )


def rows(segmented: Iterable[SegmentedDocument]) -> Iterator[dict[str, Any]]:
    """Yield one object a clause as ``tiaowen segment --format jsonl`` prints it."""
    for item in segmented:
        document = item.document
        mapping = _mapping(document)
        for clause in item.clauses:
            span = mapping.to_raw(clause.span)
            yield {
                "doc_id": document.doc_id,
                "part": document.part,
                "clause_id": clause.clause_id,
                "path": list(clause.path),
                "heading": bare(clause.heading),
                "headings": [bare(heading) for heading in clause.headings],
                "text": clause.body.of(document.text),
                "start": span.start,
                "end": span.end,
            }


def _mapping(document: Document) -> Assembly:
    return assemble(
        document.raw, document.extent, tuple(edit for edit in document.edits if edit.removes)
    )


def uncovered(segmented: Iterable[SegmentedDocument], raw: str) -> list[Span]:
    """Return the non-blank runs of ``raw`` in no clause and no removal, or in two clauses.

    An empty list is the proof that nothing was lost.
    """
    count = bytearray(len(raw))
    for item in segmented:
        mapping = _mapping(item.document)
        for clause in item.clauses:
            for offset in range(clause.span.start, clause.span.end):
                at = mapping.raw_at(offset)
                count[at] = min(2, count[at] + 1)
        for edit in item.document.edits:
            if edit.removes:
                for at in range(edit.span.start, edit.span.end):
                    count[at] = min(2, count[at] + 1)
    wrong = [at for at, character in enumerate(raw) if count[at] != 1 and not character.isspace()]
    return _runs(wrong)


def _runs(offsets: Sequence[int]) -> list[Span]:
    runs: list[Span] = []
    for at in offsets:
        if runs and runs[-1].end == at:
            runs[-1] = Span(runs[-1].start, at + 1)
        else:
            runs.append(Span(at, at + 1))
    return runs
