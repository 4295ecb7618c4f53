"""Core types that every room shares: frozen, slotted, without behaviour beyond their own spans."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Literal

Script = Literal["simplified", "traditional", "latin", "mixed"]
Modality = Literal["must", "must_not", "may", "encouraged", "planned"]
Bound = Literal["at_least", "at_most", "exact", "range"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range ``[start, end)`` in code points of the text that its owner names."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"span [{self.start}, {self.end}) is not ordered")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """Return the characters of ``text`` that the span covers."""
        return text[self.start : self.end]

    def trimmed(self, text: str) -> Span:
        """Return the span without white space at its ends."""
        start, end = self.start, self.end
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        return Span(start, end)

    def covers(self, other: Span) -> bool:
        """Say whether ``other`` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end


class EditKind(StrEnum):
    """Why characters of ``raw`` are not in ``text``, or how they may be read."""

    FURNITURE = "furniture"  # site headers and footers, counters, related links, editor's leads
    PAGE_MARKER = "page_marker"  # -3-, `2、` at page distance, 1/22
    ANTI_COPY = "anti_copy"  # 的.积极性, 的`教学
    LAYOUT = "layout"  # line breaks inside words, letter-spacing, contents lists
    GAP = "gap"  # ……此处隐藏…字……: its two sides are not adjacent
    REPAIR = "repair"  # damaged wording and the wording it stands for; `text` keeps the damage


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """One recorded difference between ``raw`` and what is read.

    ``span`` lies in the raw file. A removal has ``replacement == ""``. A repair keeps its
    characters in ``text``; ``replacement`` is the search form it adds.
    """

    span: Span
    kind: EditKind
    reason: str
    replacement: str = ""

    @property
    def removes(self) -> bool:
        """Whether the characters are left out of ``text``."""
        return self.kind is not EditKind.REPAIR


@dataclass(frozen=True)
class Document:
    """One document of a file. ``raw`` is what the whole file said and is never rewritten.

    ``extent`` is the part of ``raw`` that belongs to this document (a file may hold several,
    ``part`` counts them from 1); ``text`` is ``raw[extent]`` less the removals in ``edits``.
    ``file_id`` is the file's stem; ``doc_id`` is ``file_id``, or ``file_id~part`` from part 2 on.
    """

    doc_id: str
    file_id: str
    part: int
    title: str
    kind: str
    issuer: str
    region: str
    doc_number: str
    issued: str  # ISO 8601, possibly only a year or a month; "" when the text does not say
    script: Script
    source: str  # file name as given
    raw_sha256: str
    raw: str
    extent: Span
    text: str
    edits: tuple[Edit, ...]

    @cached_property
    def kept(self) -> tuple[Span, ...]:
        """Spans of ``raw`` that make up ``text``, in order."""
        spans: list[Span] = []
        at = self.extent.start
        for edit in sorted(edit for edit in self.edits if edit.removes):
            if edit.span.start > at:
                spans.append(Span(at, edit.span.start))
            at = max(at, edit.span.end)
        if at < self.extent.end:
            spans.append(Span(at, self.extent.end))
        return tuple(spans)

    def to_raw(self, span: Span) -> Span:
        """Map a span of ``text`` to the smallest span of ``raw`` that holds its characters."""
        if not len(span):
            at = self._raw_at(span.start)
            return Span(at, at)
        return Span(self._raw_at(span.start), self._raw_at(span.end - 1) + 1)

    def _raw_at(self, offset: int) -> int:
        for kept in self.kept:
            if offset < len(kept):
                return kept.start + offset
            offset -= len(kept)
        return self.extent.end


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause: label, heading and own wording up to its first child.

    ``span`` (in ``document.text``) starts at the label and covers label, heading and body; the
    spans of a document's clauses are ordered and disjoint and cover every non-blank character.
    ``body`` is the wording alone; where a clause is nothing but its heading, ``body`` is the
    heading. ``path`` holds the labels as written less their punctuation, outermost first.
    """

    clause_id: str  # doc_id + "/" + "/".join(path), "#k" for the k-th piece of a long one
    doc_id: str
    label: str  # as written, "" for unnumbered text
    path: tuple[str, ...]
    heading: str
    headings: tuple[str, ...]  # of the ancestors and the clause itself, outermost first
    kind: str  # "clause", "heading" (no body), "preamble", "closing", "paragraph"
    span: Span
    body: Span
    revision: str  # blake2b-128 hex of headings and text


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that a requirement asks for; ``value`` is ``(lo, hi)`` for a range."""

    value: float | tuple[float, float]
    bound: Bound
    unit: str


@dataclass(frozen=True, slots=True)
class Norm:
    """One requirement mined from a clause. ``span`` is its sentence in ``document.text``."""

    doc_id: str
    clause_id: str
    actor: str
    modality: Modality
    action: str
    quantity: Quantity | None
    period: str
    deadline: str
    share: str
    condition: str
    span: Span
