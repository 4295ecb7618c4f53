"""Damaged PDF files: bytes, and objects and streams changed in a file that holds together."""

from __future__ import annotations

import base64
import random
import re
import zlib
from collections.abc import Sequence
from functools import cache
from io import BytesIO
from typing import NamedTuple

from tests.corpus.damaging import damaged, spliced
from tests.corpus.filemaking import pdf_file


class Item(NamedTuple):
    """One indirect object: what stands before its stream, and the stream unpacked."""

    words: bytes
    stream: bytes | None


_OBJECT = re.compile(rb"\n?(\d+) 0 obj\b(.*?)\bendobj", re.S)
_STREAM = re.compile(rb"stream\r?\n(.*)\r?\n?endstream", re.S)
_PACKING = re.compile(rb"/(?:Filter|Length\d?|DecodeParms)\s*(?:\[[^\]]*\]|/\w+|\d+(?: 0 R)?)")
_ROOT = re.compile(rb"/Type\s*/Catalog")
_NUMBER = re.compile(rb"(?<![\w/#.])-?\d+(?:\.\d+)?(?!\w)")
_REFERENCE = re.compile(rb"\b\d+ 0 R\b")
_KIDS = re.compile(rb"/Kids\s*\[[^\]]*\]")
_NAME = re.compile(rb"/[A-Za-z0-9#.-]+")
_NUMBERS = (
    *(b"0", b"-1", b"1", b"3", b"255", b"65536", b"2147483647", b"2147483648", b"-2147483649"),
    *(b"4294967296", b"99999999999999999999", b"1e38", b"0.00000001", b"-0.0", b"nan", b"." * 40),
)
_NAMES = (
    *(b"/Kids", b"/Parent", b"/Pages", b"/Page", b"/Catalog", b"/Contents", b"/Resources"),
    *(
        b"/Font",
        b"/Type0",
        b"/Type3",
        b"/TrueType",
        b"/Identity-H",
        b"/UniGB-UCS2-H",
        b"/ToUnicode",
    ),
    *(b"/MediaBox", b"/Rotate", b"/UserUnit", b"/Count", b"/DW", b"/W", b"/FontFile2", b"/XObject"),
    *(b"/Form", b"/Encrypt", b"/Annots", b"/ObjStm", b"/XRef", b"/Prev", b"/#00", b"/ToUnicode"),
)
_FILTERS = (
    *(b"/FlateDecode", b"/LZWDecode", b"/ASCII85Decode", b"/ASCIIHexDecode", b"/RunLengthDecode"),
    *(b"/DCTDecode", b"/JPXDecode", b"/JBIG2Decode", b"/CCITTFaxDecode", b"/Crypt", b"/Nothing"),
    b"[/FlateDecode/FlateDecode/FlateDecode]",
)
_OPERATORS = (
    *(b" BT ", b" ET ", b" q ", b" Q ", b" /F1 0 Tf ", b" /F1 1e30 Tf ", b" T* ", b" [] TJ "),
    *(
        b" 1 0 0 1 0 0 Tm ",
        b" 0 0 0 0 0 0 Tm ",
        b" <feff0000d800> Tj ",
        b" (",
        b")",
        b" <",
        b" Do ",
    ),
    *(
        b" /X1 Do ",
        b" BI ID ",
        b" EI ",
        b" 99999 TL ",
        b" 3 Tr ",
        b" -100 Tz ",
        b" 1e9 0 Td ",
        b"\0",
    ),
)


@cache
def built() -> tuple[bytes, ...]:
    """Return small files with what our documents lack: a font of their own, packed objects."""
    lines = [(60.0, 80.0 + 20 * n, f"第{n}条 每周检查{n}次。") for n in range(6)]
    small = pdf_file([lines, lines[:3]])
    return (small, small, _with_own_font(), _packed(_items(small)))


def mutated(choose: random.Random, files: Sequence[bytes]) -> bytes:
    """Return one of ``files`` damaged."""
    chosen = choose.choice(files)
    way = choose.choice((0, 1, 1, 1, 2))
    if way == 0 or not _items(chosen):
        data = damaged(chosen, choose, tokens=(b"endobj", b"xref", b"<<", b">>", b"[", b"1 0 R"))
        return spliced(data, choose.choice(files), choose) if choose.random() < 0.2 else data
    items = dict(_items(chosen))
    for _ in range(choose.choice((1, 2, 4, 10))):
        _change(items, choose)
    data = _packed(items) if choose.random() < 0.15 else _written(items, choose)
    return damaged(data, choose) if way == 2 else data


@cache
def _items(data: bytes) -> dict[int, Item]:
    """Return the objects by number, their streams unpacked where zlib and base 85 pack them."""
    items = {}
    for match in _OBJECT.finditer(data):
        words, _, rest = match[2].partition(b"stream")
        stream = _STREAM.search(match[2]) if rest else None
        content = _unpacked(words, stream[1]) if stream else None
        items[int(match[1])] = Item(_PACKING.sub(b"", words) if stream else words, content)
    return items


def _unpacked(words: bytes, stream: bytes) -> bytes:
    if b"ASCII85" in words:
        stream = base64.a85decode(b"".join(stream.split()).removesuffix(b"~>"))
    return zlib.decompress(stream) if b"FlateDecode" in words else stream


def _change(items: dict[int, Item], choose: random.Random) -> None:
    number, other = choose.choice(list(items)), choose.choice(list(items))
    item = items[number]
    match choose.randrange(8):
        case 0 if len(items) > 3:
            del items[number]
        case 1:
            items[number], items[other] = items[other], item
        case 2:
            items[max(items) + 1] = item
            if b"/Kids" in items[other].words:  # one page many times
                many = b"/Kids [%s" % (b"%d 0 R " % number * choose.choice((2, 900, 2900)))
                items[other] = items[other]._replace(
                    words=_KIDS.sub(many + b"]/Count 2900", items[other].words)
                )
        case 3 if item.stream is not None:
            items[number] = item._replace(stream=_redrawn(item.stream, choose))
        case 4 if item.stream is not None:
            items[number] = item._replace(stream=damaged(item.stream, choose, tokens=_OPERATORS))
        case 5:
            deep = choose.choice((b"[", b"<</A ")) * choose.choice((3, 100, 5000))
            items[number] = item._replace(words=_put(item.words, deep, choose))
        case 6:
            items[number] = item._replace(words=damaged(item.words, choose, tokens=_NAMES))
        case _:
            items[number] = item._replace(words=_retold(item.words, list(items), choose))


def _retold(words: bytes, numbers: list[int], choose: random.Random) -> bytes:
    """Return a dictionary with numbers, references or names that stand for others."""
    pattern, values = choose.choice(
        (
            (_NUMBER, _NUMBERS),
            (_REFERENCE, [b"%d 0 R" % number for number in (*numbers, 0, 99999)]),
            (_NAME, _NAMES),
        )
    )
    share = choose.choice((0.1, 0.5, 1.0))
    found = pattern.sub(
        lambda match: choose.choice(values) if choose.random() < share else match[0], words
    )
    if choose.random() < 0.2 and (kid := _REFERENCE.search(found)):
        many = b" ".join([kid[0]] * choose.choice((2, 50, 2900)))
        found = found.replace(kid[0], many, 1)
    return found


def _redrawn(stream: bytes, choose: random.Random) -> bytes:
    """Return a page's content with lines moved and operators and operands changed."""
    lines = stream.split(b"\n")
    for _ in range(choose.randrange(1, 6)):
        at = choose.randrange(len(lines))
        match choose.randrange(4):
            case 0:
                lines[at] = _put(lines[at], choose.choice(_OPERATORS), choose)
            case 1:
                lines[at] = _NUMBER.sub(choose.choice(_NUMBERS), lines[at])
            case 2:
                lines[at:at] = lines[at : at + 4] * choose.choice((1, 10, 60, 900))
            case 3:
                choose.shuffle(lines)
    return b"\n".join(lines)


def _put(data: bytes, piece: bytes, choose: random.Random) -> bytes:
    at = choose.randrange(len(data) + 1)
    return data[:at] + piece + data[at:]


def _written(items: dict[int, Item], choose: random.Random) -> bytes:
    """Return a file of the objects, its table right, wrong or missing."""
    out, places = bytearray(b"%PDF-1.7\n"), {}
    for number, item in items.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, _whole(item, choose))
    table = choose.choice(("right", "right", "wrong", "none"))
    shift = choose.randrange(-40, 40) if table == "wrong" else 0
    size = max(items) + 1
    start = len(out)
    if table != "none":
        entries = b"".join(
            b"%010d 00000 n \n" % max(0, places[number] + shift)
            if number in places
            else b"0000000000 65535 f \n"
            for number in range(size)
        )
        out += b"xref\n0 %d\n%s" % (size, entries)
    more = b"/Prev %d" % start if choose.random() < 0.05 else b""
    out += b"trailer\n<</Size %d /Root %d 0 R %s>>\n" % (size, _root(items), more)
    return bytes(out) + b"startxref\n%d\n%%%%EOF\n" % start


def _whole(item: Item, choose: random.Random) -> bytes:
    if item.stream is None:
        return item.words
    stream, packing = item.stream, b""
    match choose.randrange(8):
        case 0:
            packing = b"/Filter " + choose.choice(_FILTERS)
        case 1:
            stream = damaged(zlib.compress(stream), choose)
            packing = b"/Filter /FlateDecode"
        case 2:
            stream = zlib.compress(stream + b" " * choose.choice((0, 10**6)))
            packing = b"/Filter /FlateDecode"
    length = choose.choice((b"0", b"-1", b"99999999")) if choose.random() < 0.1 else None
    size = b"/Length %s %s>>" % (length or b"%d" % len(stream), packing)
    words = item.words.rstrip()
    words = words.removesuffix(b">>") + size if words.endswith(b">>") else b"<<" + size
    return words + b"\nstream\n" + stream + b"\nendstream"


def _packed(items: dict[int, Item]) -> bytes:
    """Return the objects in an object stream with a cross-reference stream (ISO 32000-1, 7.5.7)."""
    out, rows = bytearray(b"%PDF-1.7\n"), {0: (0, 0, 255)}
    inside = [number for number, item in items.items() if item.stream is None]
    for number, item in items.items():
        if item.stream is not None:
            rows[number] = (1, len(out), 0)
            words = item.words.rstrip().removesuffix(b">>") + b"/Length %d>>" % len(item.stream)
            out += b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (number, words, item.stream)
    holder, table = max(items) + 1, max(items) + 2
    head, body = b"", b""
    for place, number in enumerate(inside):
        rows[number] = (2, holder, place)
        head += b"%d %d " % (number, len(body))
        body += items[number].words.strip() + b" "
    rows[holder] = (1, len(out), 0)
    packed = zlib.compress(head + body)
    out += b"%d 0 obj\n<</Type/ObjStm/N %d/First %d/Length %d/Filter/FlateDecode>>\nstream\n" % (
        *(holder, len(inside), len(head), len(packed)),
    )
    out += packed + b"\nendstream\nendobj\n"
    start = len(out)
    rows[table] = (1, start, 0)
    listed = [rows.get(number, (0, 0, 0)) for number in range(table + 1)]
    entries = b"".join(
        bytes([kind]) + where.to_bytes(4, "big") + bytes([place & 255])
        for kind, where, place in listed
    )
    out += b"%d 0 obj\n<</Type/XRef/W[1 4 1]/Size %d/Root %d 0 R/Length %d>>\nstream\n" % (
        *(table, table + 1, _root(items), len(entries)),
    )
    return bytes(out) + entries + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % start


def _root(items: dict[int, Item]) -> int:
    return next((number for number, item in items.items() if _ROOT.search(item.words)), 1)


def _with_own_font() -> bytes:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))  # it comes with reportlab
    out = BytesIO()
    canvas = Canvas(out, invariant=True)
    canvas.setFont("Vera", 12)
    for number in range(5):
        canvas.drawString(60, 780 - 20 * number, f"Article {number}. Lessons are open once a week.")
    canvas.save()
    return out.getvalue()
