"""Text PDFs: A4, Song type, the page number in the footer as ``— 3 —``."""

from __future__ import annotations

from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"  # one of the fonts that every PDF reader knows; nothing is embedded
SIZE, LEADING, MARGIN = 14, 26, 72
COLUMNS = int((A4[0] - 2 * MARGIN) // SIZE)
CLOSING = "，。；：、？！）》”"  # signs that may not begin a line


def write(text: str, path: Path) -> None:
    """Write ``text`` as a PDF, a paragraph a line, the first line centred."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    canvas = Canvas(str(path), pagesize=A4, invariant=1)
    title, *paragraphs = text.splitlines()
    lines = [line for paragraph in paragraphs for line in _broken("　　" + paragraph)]
    per_page = int((A4[1] - 2 * MARGIN) // LEADING)
    rows: list[str | None] = [None, None, *lines]  # room for the title
    for page, at in enumerate(range(0, len(rows), per_page), start=1):
        canvas.setFont(FONT, SIZE)
        if page == 1:
            canvas.drawCentredString(A4[0] / 2, A4[1] - MARGIN, title)
        for row, line in enumerate(rows[at : at + per_page]):
            if line:
                canvas.drawString(MARGIN, A4[1] - MARGIN - row * LEADING, line)
        canvas.setFont(FONT, 10)
        canvas.drawCentredString(A4[0] / 2, MARGIN / 2, f"— {page} —")
        canvas.showPage()
    canvas.save()


def _broken(paragraph: str) -> list[str]:
    lines = []
    while len(paragraph) > COLUMNS:
        at = COLUMNS
        while paragraph[at] in CLOSING or paragraph[at - 1 : at + 1].isdecimal():
            at -= 1
        lines.append(paragraph[:at])
        paragraph = paragraph[at:]
    return [*lines, paragraph]
