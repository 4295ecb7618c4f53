"""From an outline to clauses: spans, headings, paths, pieces, ids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from tiaowen_corpus.types import Clause, Span

from tiaowen_indexer import headings
from tiaowen_indexer.endings import closing_at, outgrown
from tiaowen_indexer.labels import Label
from tiaowen_indexer.outline import Node
from tiaowen_indexer.paragraphs import Paragraph, paragraphs, pieces


@dataclass(frozen=True, slots=True)
class _Place:
    """A place of the tree: its key within the document, its path and the headings down to it.

    The key is the path joined by ``/``; the k-th place with the same key ends in ``~k``, and the
    keys below it begin with that.
    """

    key: str = ""
    path: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Draft:
    """A clause before it is cut into pieces: where it stands and what it is called."""

    span: Span
    heading: Span
    place: _Place
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class Source:
    """The text to cut, its folded form, its title's place and the offsets nothing may cross."""

    text: str
    folded: str
    title: Span
    gaps: tuple[int, ...] = ()
    broken: bool = False  # every sentence on a line of its own


def clauses(doc_id: str, source: Source, nodes: Sequence[Node]) -> tuple[Clause, ...]:
    """Return the clauses of one document: ordered, disjoint, every non-blank character in one."""
    return tuple(
        clause for draft in _drafts(source, nodes) for clause in _finished(doc_id, source, draft)
    )


def _drafts(source: Source, nodes: Sequence[Node]) -> Iterator[_Draft]:
    top = _Place()
    taken: Counter[str] = Counter()
    first = nodes[0].label.start if nodes else len(source.text)
    kind = "preamble" if nodes else "paragraph"
    yield from _unnumbered(source, Span(0, first), top, kind, taken)
    places: list[_Place] = []
    for index, node in enumerate(nodes):
        last = index + 1 == len(nodes)
        end = len(source.text) if last else nodes[index + 1].label.start
        closing = closing_at(source.folded, node.label.span.end, end) if last else end
        own_end = min(closing, outgrown(source.text, nodes, index, closing))
        parent = places[node.parent] if node.parent >= 0 else top
        own = Span(node.label.span.end, own_end)
        heading = headings.cut(
            source.folded,
            own,
            style=node.label.style,
            has_children=not last and nodes[index + 1].parent == index,
        )
        places.append(_below(parent, node.label.name, heading.of(source.text), taken))
        yield _labelled(source, node.label, own_end, heading, places[-1])
        yield from _unnumbered(source, Span(own_end, closing), parent, "paragraph", taken)
        yield from _unnumbered(source, Span(closing, end), top, "closing", taken)


def _below(parent: _Place, name: str, heading: str, taken: Counter[str]) -> _Place:
    key = f"{parent.key}/{name}"
    taken[key] += 1
    if taken[key] > 1:
        key = f"{key}~{taken[key]}"
    words = headings.bare(heading)
    down = (*parent.headings, words) if words else parent.headings
    return _Place(key, (*parent.path, name), down)


def _labelled(source: Source, label: Label, end: int, heading: Span, place: _Place) -> _Draft:
    rest = source.text[heading.end : end].strip()
    kind = "clause" if rest or not len(heading) else "heading"
    written = label.span.of(source.text).strip()
    return _Draft(Span(label.start, end), heading, place, written, kind)


def _unnumbered(
    source: Source, span: Span, parent: _Place, kind: str, taken: Counter[str]
) -> Iterator[_Draft]:
    for paragraph in paragraphs(
        source.text, source.folded, span, title=source.title, broken=source.broken
    ):
        counter = f"{parent.key}/¶"
        taken[counter] += 1
        place = _below(parent, f"¶{taken[counter]}", paragraph.heading.of(source.text), taken)
        own_kind = _kind(source.text, paragraph, kind)
        yield _Draft(paragraph.span, paragraph.heading, place, "", own_kind)


def _kind(text: str, paragraph: Paragraph, kind: str) -> str:
    rest = Span(paragraph.heading.end, paragraph.span.end)
    return kind if rest.of(text).strip() or not len(paragraph.heading) else "heading"


def _finished(doc_id: str, source: Source, draft: _Draft) -> Iterator[Clause]:
    text = source.text
    clause_id = doc_id + draft.place.key
    names = draft.place.headings
    for number, (span, body) in enumerate(_pieces(source, draft), start=1):
        yield Clause(
            clause_id=clause_id if number == 1 else f"{clause_id}#{number}",
            doc_id=doc_id,
            label=draft.label,
            path=draft.place.path,
            heading=headings.bare(draft.heading.of(text)),
            headings=names,
            kind=draft.kind,
            span=span,
            body=body,
            revision=_revision([*names, body.of(text)]),
        )


def _pieces(source: Source, draft: _Draft) -> Iterator[tuple[Span, Span]]:
    text = source.text
    label_end = draft.heading.end if len(draft.heading) else draft.heading.start
    body = Span(max(label_end, draft.span.start), draft.span.end).trimmed(text)
    if not len(body):
        body = draft.heading.trimmed(text) if len(draft.heading) else draft.span.trimmed(text)
        yield draft.span, body
        return
    start = draft.span.start
    for piece in pieces(text, body, gaps=source.gaps):
        last = piece.end >= body.end
        end = draft.span.end if last else piece.end
        yield Span(start, end), piece.trimmed(text)
        start = end


def _revision(parts: Iterable[str]) -> str:
    digest = blake2b(digest_size=16)
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()
