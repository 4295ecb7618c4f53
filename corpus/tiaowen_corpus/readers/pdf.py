"""PDF: lines in reading order, pages and positions kept, wrapped lines joined to paragraphs."""

from __future__ import annotations

import re
import threading
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from tiaowen_corpus.errors import BrokenFile, EncryptedFile, ScannedPdf, TooLarge
from tiaowen_corpus.readers.rawtext import LineBox, PageSpan, RawText
from tiaowen_corpus.types import Span

MOST_PAGES = 3000
_FEWEST_BYTES = 40  # of file for a page; with fewer, one page is shown a thousand times over
_FEWEST_CHARACTERS = 8  # a page, on average, below which pages with pictures are a scan
_LOCK = threading.Lock()  # PDFium is not thread-safe
_LONG = 0.75  # share of the measure that a line broken in mid-sentence fills
_SENTENCE_END = re.compile(r"[。；;：:！!？?]$")
_LABEL = re.compile(
    r"[（(]?(?:[一二三四五六七八九十百]+|\d{1,3})[、.．)）](?!\d)|第[一二三四五六七八九十百零〇\d]+[章节条]|[①-⑳●]"
)
_PASSWORD = 4  # FPDF_ERR_PASSWORD


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top


def read(data: bytes, name: str) -> RawText:
    """Return the text of a PDF. Raises EncryptedFile, ScannedPdf, BrokenFile or TooLarge."""
    with _LOCK:
        document = _open(data, name)
        try:
            pages = [_page(document, index) for index in range(len(document))]
            title = str(document.get_metadata_value("Title") or "").strip()
        finally:
            document.close()
    if sum(len(line.text) for page in pages for line in page[2]) < _FEWEST_CHARACTERS * len(pages):
        raise ScannedPdf(name)
    text, spans = _assemble(pages)
    return RawText(name, "pdf", "", text, spans, title_hint=title)


def _open(data: bytes, name: str) -> Any:
    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD or "password" in str(error).lower():
            raise EncryptedFile(name) from error
        raise BrokenFile(name) from error
    if not count:
        raise BrokenFile(name)
    if count > min(MOST_PAGES, 1 + len(data) // _FEWEST_BYTES):
        raise TooLarge(f"{name}: {count} 页 / pages")
    return document


def _page(document: Any, index: int) -> tuple[float, float, list[_Line]]:
    """Return width, height and lines of a page; a page that does not load has no lines."""
    try:
        page = document[index]
        width, height = page.get_size()
        text = page.get_textpage()
    except pypdfium2.PdfiumError:
        return 0.0, 0.0, []
    try:
        return width, height, _merge(list(_lines(text, height)))
    finally:
        text.close()
        page.close()


def _lines(text: Any, height: float) -> Iterator[_Line]:
    """Yield the lines as PDFium breaks them; y runs down from the top of the page."""
    words: list[str] = []
    boxes: list[tuple[float, float, float, float]] = []
    for index in range(text.count_chars()):
        point = pdfium.FPDFText_GetUnicode(text, index)
        if point in {10, 13}:
            yield from _line(words, boxes, height)
            words, boxes = [], []
        elif 32 <= point <= 0x10FFFF and not 0xD800 <= point <= 0xDFFF and point != 0xFFFE:
            words.append(chr(point))
            if point != 32 and (box := _box(text, index)):
                boxes.append(box)
    yield from _line(words, boxes, height)


def _box(text: Any, index: int) -> tuple[float, float, float, float] | None:
    """Return left, right, bottom, top of a character; its height is that of its font."""
    box = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(text, index, box):
        return None
    return box.left, box.right, box.bottom, box.top


def _line(
    words: list[str], boxes: list[tuple[float, float, float, float]], height: float
) -> Iterator[_Line]:
    line = "".join(words).strip()
    if line and boxes:
        yield _Line(
            line,
            min(box[0] for box in boxes),
            height - max(box[3] for box in boxes),
            max(box[1] for box in boxes),
            height - min(box[2] for box in boxes),
        )


def _merge(lines: list[_Line]) -> list[_Line]:
    """Join pieces that stand on one baseline, left to right (cells of a row, spaced titles)."""
    merged: list[_Line] = []
    for line in lines:
        last = merged[-1] if merged else None
        if last and _same_row(last, line) and line.left >= last.right - 1:
            wide = line.left - last.right > 2 * max(last.height, line.height)
            merged[-1] = _Line(
                last.text + ("\t" if wide else " ") + line.text,
                last.left,
                min(last.top, line.top),
                line.right,
                max(last.bottom, line.bottom),
            )
        else:
            merged.append(line)
    return merged


def _same_row(one: _Line, other: _Line) -> bool:
    overlap = min(one.bottom, other.bottom) - max(one.top, other.top)
    return overlap > 0.5 * min(one.height, other.height)


def _assemble(
    pages: list[tuple[float, float, list[_Line]]],
) -> tuple[str, tuple[PageSpan, ...]]:
    pieces: list[str] = []
    spans: list[PageSpan] = []
    at = 0
    for number, (width, height, lines) in enumerate(pages, 1):
        first, boxes = at, []
        left = min((line.left for line in lines), default=0.0)
        right = _right_margin(lines)
        for index, line in enumerate(lines):
            boxes.append(
                LineBox(
                    Span(at, at + len(line.text)), (line.left, line.top, line.right, line.bottom)
                )
            )
            pieces.append(line.text)
            at += len(line.text)
            if index + 1 == len(lines) or not _wraps(line, lines[index + 1], left, right):
                pieces.append("\n")
                at += 1
            elif line.text[-1].isascii() and lines[index + 1].text[0].isascii():
                pieces.append(" ")
                at += 1
        spans.append(PageSpan(number, Span(first, at), width, height, tuple(boxes)))
    return "".join(pieces), tuple(spans)


def _right_margin(lines: list[_Line]) -> float:
    """Return where full lines end: the right edge that many lines share."""
    edges = sorted(line.right for line in lines)
    enough = max(2, len(edges) // 6)
    return next(
        (
            edge
            for edge in reversed(edges)
            if bisect_left(edges, edge + 12) - bisect_right(edges, edge - 12) >= enough
        ),
        edges[-1] if edges else 0.0,
    )


def _wraps(line: _Line, following: _Line, left: float, right: float) -> bool:
    """Say whether a line runs on in the next: long, same size, near, and the next no new start.

    Ragged lines end short of the margin by a word that did not fit, so a line that stops in
    mid-sentence need not be quite full.
    """
    size = max(line.height, 1.0)
    stopped = _SENTENCE_END.search(line.text) is not None
    full = right - 1.6 * size if stopped else left + _LONG * (right - left)
    return (
        line.right > full
        and not (stopped and _LABEL.match(following.text))
        and "\t" not in line.text
        and abs(line.height - following.height) < 0.3 * size
        and 0 < following.top - line.top < 2.6 * size
        and following.left < left + 1.2 * size
        and (stopped or not _LABEL.match(following.text) or line.right > right - 1.6 * size)
    )
