"""Unnumbered text by paragraphs, and long text in pieces."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from tiaowen_corpus.types import Span

LONGEST = 800  # characters of a clause's wording; the design's limit for one answer
_HEADING_LINE = 40
_ADDRESSEE = 60
_SENTENCE = re.compile(r"[。!?！？；;…][”』」’)）]?")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph and the heading that it begins with (empty: none), as spans of the text."""

    span: Span
    heading: Span


def paragraphs(
    text: str, folded: str, span: Span, *, title: Span, broken: bool = False
) -> Iterator[Paragraph]:
    """Yield the paragraphs of ``span``; lines that are headings go with what follows them.

    ``broken``: the file has every sentence on a line of its own (``sentence_a_line``).
    """
    lines = [line for line in _lines(text, span) if line.of(text).strip()]
    start: int | None = None
    heading = Span(span.start, span.start)
    for index, line in enumerate(lines):
        last = index + 1 == len(lines)
        if start is None:
            start = line.start
            heading = Span(start, start)
        inside_title = title.start <= line.start < title.end
        if inside_title and len(title):
            heading = Span(heading.start, min(title.end, line.end))
            if title.end >= line.start + len(line.of(text).rstrip()) and not last:
                continue
        elif not last and _is_heading(folded, line) and heading.end == line.start:
            heading = Span(heading.start, line.end)
            continue
        elif not last and _is_heading(folded, line) and not len(heading) and start == line.start:
            heading = line
            continue
        if not last and _addresses(line.of(folded)):
            continue
        if broken and not last and not _is_heading(folded, lines[index + 1]):
            continue
        yield Paragraph(Span(start, line.end), _held(text, heading, line.end))
        start = None


def _addresses(line: str) -> bool:
    """Say whether the line only names those whom the next one speaks to: 各中小学校:"""
    words = line.strip()
    return len(words) <= _ADDRESSEE and words.endswith(":") and not re.search("[。;!?]", words)


def _held(text: str, heading: Span, end: int) -> Span:
    return Span(heading.start, min(heading.end, end))


def _lines(text: str, span: Span) -> Iterator[Span]:
    at = span.start
    while at < span.end:
        end = text.find("\n", at, span.end)
        end = span.end if end < 0 else end + 1
        yield Span(at, end)
        at = end


def _is_heading(folded: str, line: Span) -> bool:
    words = line.of(folded).strip()
    return len(words) <= _HEADING_LINE and not re.search(r"[。;:!?,…]", words)


def sentence_a_line(text: str) -> bool:
    """Say whether the lines are single sentences: the paragraphs of such a file are lost."""
    lines = [line for line in _lines(text, Span(0, len(text))) if line.of(text).strip()]
    if len(lines) < 12:
        return False
    single = sum(len(_SENTENCE.findall(line.of(text))) <= 1 for line in lines)
    ended = sum(line.of(text).rstrip()[-1:] in "。;:!?；：！？”" for line in lines)
    return single >= 0.9 * len(lines) and ended >= 0.7 * len(lines)


def pieces(text: str, body: Span, *, gaps: tuple[int, ...] = ()) -> Iterator[Span]:
    """Cut ``body`` at gaps, and to at most 800 characters at paragraph or sentence ends."""
    at = body.start
    cuts = [gap for gap in gaps[bisect_left(gaps, at + 1) :] if gap < body.end]
    for stop in [*cuts, body.end]:
        while stop - at > LONGEST:
            end = _cut_before(text, at, at + LONGEST)
            yield Span(at, end)
            at = end
        if text[at:stop].strip():
            yield Span(at, stop)
            at = stop


def _cut_before(text: str, start: int, limit: int) -> int:
    line_end = text.rfind("\n", start + LONGEST // 3, limit)
    if line_end >= 0:
        return line_end + 1
    ends = [match.end() for match in _SENTENCE.finditer(text, start + LONGEST // 3, limit)]
    return ends[-1] if ends else limit
