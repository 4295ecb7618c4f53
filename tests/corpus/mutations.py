"""Damaged files of every format, each a function of (seed, format, number) alone.

The files that are damaged are those of our own corpus and small ones built here.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from tests.corpus import mutations_docx, mutations_pdf
from tests.corpus.damaging import ODDITIES, damaged, spliced

DOCUMENTS = Path(__file__).resolve().parents[2] / "corpus" / "documents"
SUFFIXES = (".txt", ".md", ".html", ".docx", ".pdf")
LONGEST = 150_000  # bytes of an input: what counts is its shape, and many are to be read
_ENCODINGS = (
    *("utf-8", "utf-8-sig", "gb18030", "gbk", "big5hkscs", "utf-16", "utf-16-le", "utf-16-be"),
    *("utf-32", "utf-32-be", "utf-7", "hz", "shift_jis", "euc-kr", "cp1252", "cp037"),
)
_SOUP = (
    *(b"<div>", b"</p>", b"<!--", b"<table><tr>", b"&#x", b"<![CDATA[", b"\x00", b"\xff\xfe"),
    *(b"PK\x03\x04", b"PK\x05\x06", b"%PDF-1.7", b"obj", b"stream", b"xref", b"/Kids[", b"<<"),
    *("第一条".encode(), "一、".encode("gb18030"), "學".encode("big5"), b"\r", b"# ", b"|--|"),
    *(b"\xef\xbb\xbf", b"\x0e\x0f", b"\xd0\xcf\x11\xe0", b"\x1b$B", b"+AGE-", b"~{"),
)
_MARKS = (
    *("# ", "> ", "- ", "| ", "|--|--|\n", "```\n", "**", "__", "*", "`", "[", "](", "![", "\\"),
    *("---\n", "---\ntitle: x", " ", "===", "1. ", "第一条 ", "\t", "    ", "<br>", "&nbsp;"),
)
_TAG = re.compile(r"(<[^>]{0,400}>)")
_TAGS = (
    *("<ol start='99999999999999999999'>", "<ol type='i' start='-5'>", "<li value='0'>", "<li>"),
    *("</li>", "</ol>", "<ol style='list-style:cjk-ideographic'>", "<table>", "<td>", "</td>"),
    *("<tr>", "</table>", "<pre>", "<div class='nav'>", "<div id='footer'>", "<ul>", "<a href=x>"),
    *("<!doctype html>", "<?xml version='1.0' encoding='utf-16'?>", "<svg>", "<math>", "<p>"),
    *(
        "<meta charset='big5'>",
        "<meta charset='utf-16'>",
        "<body>",
        "</body>",
        "</html>",
        "<title>",
    ),
    *("<script>", "</script>", "<!--", "-->", "<![CDATA[", "<template>", "<frameset>", "<br/>"),
    *("<span\x0cx='&#0;'>", "&#xD800;", "&#1114112;", "&#xFDD0;", "<p:x y:z='1'>", "<textarea>"),
)


def mutated(suffix: str, seed: int, number: int) -> bytes:
    """Return input ``number`` of ``suffix``: the same bytes for the same three, always."""
    choose = random.Random(f"{seed}{suffix}{number}")
    if choose.random() < 0.05:
        return _soup(choose)
    make: Callable[[random.Random], bytes] = {
        ".txt": _text,
        ".md": _text_marked,
        ".html": _page,
        ".docx": lambda choose: mutations_docx.mutated(choose, files(".docx")),
        ".pdf": lambda choose: mutations_pdf.mutated(choose, files(".pdf")),
    }[suffix]
    return make(choose)[:LONGEST]


@cache
def files(suffix: str) -> tuple[bytes, ...]:
    """Return whole files of a format: our documents, and what the format's module builds."""
    ours = tuple(path.read_bytes() for path in sorted(DOCUMENTS.glob(f"*{suffix}")))
    built = {".docx": mutations_docx.built, ".pdf": mutations_pdf.built}
    return ours + (built[suffix]() if suffix in built else ())


def _soup(choose: random.Random) -> bytes:
    return b"".join(choose.choices(_SOUP, k=choose.randrange(1, 60))) + choose.randbytes(
        choose.randrange(40)
    )


def _text(choose: random.Random, *, suffix: str = ".txt", marks: Sequence[str] = ()) -> bytes:
    data = choose.choice(files(suffix))
    if choose.random() < 0.7:
        text = _reworded(data.decode("utf-8", "replace"), choose, marks)
        data = text.encode(choose.choice(_ENCODINGS), choose.choice(("ignore", "replace")))[
            :LONGEST
        ]
    if choose.random() < 0.6:
        others = files(suffix)
        data = spliced(data, choose.choice(others), choose) if choose.random() < 0.2 else data
        data = damaged(data, choose, tokens=_SOUP)
    return data


def _text_marked(choose: random.Random) -> bytes:
    return _text(choose, suffix=".md", marks=_MARKS)


def _reworded(text: str, choose: random.Random, marks: Sequence[str]) -> str:
    """Return the text with odd characters, repeated marks and lines moved about."""
    lines = text.split("\n")
    for _ in range(choose.randrange(1, 8)):
        lines = [line[:LONGEST] for line in lines[:5000]]
        at = choose.randrange(len(lines))
        odd = choose.choice((*ODDITIES, *marks))
        where = choose.randrange(len(lines[at]) + 1)
        match choose.randrange(7):
            case 0:
                lines[at] = lines[at][:where] + odd + lines[at][where:]
            case 1:
                at = choose.choice((0, at))
                lines[at] = (
                    lines[at][:where]
                    + odd * choose.choice((2, 50, 3000, 30_000))
                    + lines[at][where:]
                )
            case 2:
                lines[at] = odd.join(lines[at])
            case 3:
                lines.insert(at, lines[choose.randrange(len(lines))])
            case 4:
                lines[at : at + 5] = [choose.choice(("", " ", "\x0b")).join(lines[at : at + 5])]
            case 5:
                lines[at:at] = [odd + line for line in lines[at : at + 20]] * choose.choice(
                    (1, 9, 90)
                )
            case 6:
                lines[at] = lines[at][:where] * choose.choice((1, 2, 200))
    if marks and choose.random() < 0.2:  # front matter, its title with odd things in and after it
        odd = choose.choice((*ODDITIES, *marks)) * choose.choice((1, 3000, 30_000))
        lines[:0] = ["---", f'title: {odd}x{odd}"', "---"]
    return choose.choice(("\n", "\n", "\r\n", "\r", "\u2028")).join(lines)


def _page(choose: random.Random) -> bytes:
    if choose.random() < 0.25:
        return _text(choose, suffix=".html", marks=_TAGS)
    pieces = _TAG.split(choose.choice(files(".html")).decode("utf-8", "replace"))
    for _ in range(choose.randrange(1, 25)):
        at, other = choose.randrange(len(pieces)), choose.randrange(len(pieces))
        match choose.randrange(7):
            case 0:
                del pieces[at : at + choose.choice((1, 1, 3, 40))]
            case 1:
                pieces[at:at] = pieces[other : other + choose.randrange(1, 30)]
            case 2:
                pieces[at], pieces[other] = pieces[other], pieces[at]
            case 3:
                pieces.insert(at, choose.choice(_TAGS))
            case 4:
                pieces.insert(at, choose.choice(_TAGS) * choose.choice((2, 60, 390, 9000)))
            case 5:
                pieces.insert(at, choose.choice(ODDITIES))
            case 6:
                pieces[at] = pieces[at].replace('"', choose.choice(("", "'", "\n", "=")))
        pieces = pieces or [""]
    return "".join(pieces).encode(choose.choice(("utf-8", "utf-8", "gb18030", "utf-16")), "replace")
