"""What every reader returns."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tiaowen_corpus.types import Span


@dataclass(frozen=True, slots=True)
class LineBox:
    """Where a line of a PDF stands: its span in the text and its box on the page.

    The box is (left, top, right, bottom) in points from the page's top left corner.
    """

    span: Span
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class PageSpan:
    """One page (counted from 1), its characters, and where known its size and lines."""

    page: int
    span: Span
    width: float = 0.0
    height: float = 0.0
    lines: tuple[LineBox, ...] = ()


@dataclass(frozen=True, slots=True)
class RawText:
    """The text of one file as the file said it. ``format`` is txt, md, html, docx or pdf.

    ``labels`` are the list numbers in ``text`` that the file computes and the reader wrote out.
    """

    name: str
    format: str
    encoding: str
    text: str
    pages: tuple[PageSpan, ...] = ()
    title_hint: str = ""
    labels: tuple[Span, ...] = ()


# Noncharacters, which no text holds: they mark restored labels until the text is whole.
OPEN, CLOSE = "\ufdd0", "\ufdd1"
_MARKED = re.compile(f"{OPEN}([^{OPEN}{CLOSE}\\n]*){CLOSE}|[{OPEN}{CLOSE}]")


def marked(label: str) -> str:
    """Return a restored label between marks; "" stays ""."""
    return f"{OPEN}{label}{CLOSE}" if label else ""


def unmarked(text: str) -> tuple[str, tuple[Span, ...]]:
    """Return ``text`` without marks, and the spans of the labels that were marked."""
    pieces: list[str] = []
    labels: list[Span] = []
    read = written = 0
    for match in _MARKED.finditer(text):
        label = match.group(1) or ""
        pieces += (text[read : match.start()], label)
        written += match.start() - read + len(label)
        read = match.end()
        if label.strip():
            labels.append(Span(written - len(label), written - len(label) + len(label.rstrip())))
    return "".join([*pieces, text[read:]]), tuple(labels)
