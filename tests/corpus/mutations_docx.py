"""Damaged Word files: the zip itself, its parts' bytes, and trees that are well-formed XML."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Sequence
from copy import deepcopy
from functools import cache
from io import BytesIO
from typing import Any

from lxml import etree

from tests.corpus.damaging import ODDITIES, damaged, spliced
from tests.corpus.filemaking import abstract, docx_file, level, numbered, paragraph, undated

Parts = tuple[tuple[str, bytes], ...]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_READ = ("word/document.xml", "word/numbering.xml", "word/styles.xml", "docProps/core.xml")
_TAGS = [
    *(_W + name for name in ("p", "r", "t", "tbl", "tr", "tc", "sdt", "sdtContent", "body", "br")),
    *(_W + name for name in ("ins", "del", "moveTo", "moveFrom", "tab", "sym", "pPr", "rPr")),
    *(_W + name for name in ("txbxContent", "customXml", "smartTag", "hyperlink", "numPr", "num")),
    *(_W + name for name in ("ilvl", "numId", "lvl", "lvlText", "numFmt", "start", "abstractNum")),
    *(_W + name for name in ("style", "basedOn", "pStyle", "lvlOverride", "startOverride")),
    *(_W + name for name in ("abstractNumId", "numStyleLink", "styleLink", "lvlRestart", "isLgl")),
    *(_MC + "Fallback", _MC + "AlternateContent", "p", "{x}t"),
]
_NESTING = ("p", "tbl", "tr", "tc", "sdt", "sdtContent", "txbxContent", "ins")
_NAMES = [_W + name for name in ("val", "numId", "ilvl", "abstractNumId", "styleId", "type")]
_VALUES = [
    *("", "0", "1", "2", "8", "9", "10", "-1", "-999999999", "2147483648", "9" * 30, "9" * 5000),
    *(
        "١",
        "²",
        "一",
        "1.5",
        "1e9",
        " 3 ",
        "NaN",
        "true",
        "%1",
        "%1.%9、",
        "%%%",
        "第%1章",
        "%1" * 99,
    ),
    *("bullet", "none", "upperRoman", "lowerLetter", "decimalZero", "decimalFullWidth"),
    *("chineseCounting", "ideographTraditional", "ideographZodiac", "chineseLegalSimplified"),
    *("decimalEnclosedCircle", "ideographLegalTraditional", "noSuchFormat", "Normal", "A", "B"),
]
_ODD = [odd for odd in ODDITIES if odd >= " " and odd not in "\uffff"]  # what XML may hold
_XML = (
    *(b"<w:tbl>", b"</w:tbl>", b"<w:p>", b"</w:p>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"&#0;"),
    *(b"&#xFDD0;", b"&x;", b"<?xml version='1.1'?>", b"<!DOCTYPE d [<!ENTITY x '&x;'>]>", b"\xff"),
)


@cache
def built() -> tuple[bytes, ...]:
    """Return small files with what our documents lack: lists, boxes, controls, nested tables."""
    lists = abstract(
        0,
        level(0, "chineseCounting", "%1、"),
        level(1, "decimal", "（%2）", extra='<w:pStyle w:val="A"/>'),
        level(2, "upperRoman", "%1.%2.%3", extra="<w:isLgl/>"),
    ) + abstract(1, '<w:numStyleLink w:val="L"/>')
    lists += abstract(2, '<w:styleLink w:val="L"/>', level(0, "decimalEnclosedCircle", "%1"))
    override = (
        '<w:lvlOverride w:ilvl="1"><w:startOverride w:val="4"/></w:lvlOverride>'
        f'<w:lvlOverride w:ilvl="2">{level(2, "none", "%3)")}</w:lvlOverride>'
    )
    lists += numbered(1, 0) + numbered(2, 0, override) + numbered(3, 1)
    styles = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"/>'
        '<w:style w:styleId="A"><w:basedOn w:val="B"/></w:style>'
        '<w:style w:styleId="B"><w:basedOn w:val="Normal"/><w:pPr><w:numPr>'
        '<w:numId w:val="2"/></w:numPr></w:pPr></w:style>'
    )
    body = "".join(paragraph(f"每周检查{n}次。", number=1 + n % 3, level=n % 4) for n in range(12))
    body += paragraph("校长负责。", style="A") + paragraph("教师参加。", style="B")
    cell = f"<w:tc>{paragraph('学校')}</w:tc>"
    inner = f"<w:tbl><w:tr>{cell * 2}</w:tr></w:tbl>"
    body += f"<w:tbl><w:tr>{cell}<w:tc>{inner}{paragraph('次数')}</w:tc></w:tr></w:tbl>"
    box = f"<w:txbxContent>{paragraph('框内文字')}</w:txbxContent>"
    body += (
        f"<w:p><w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}"
        "</mc:Fallback></mc:AlternateContent><w:t>框外</w:t><w:br/><w:t>下一行</w:t></w:r></w:p>"
        f"<w:sdt><w:sdtContent>{paragraph('控件')}</w:sdtContent></w:sdt>"
        f"<w:ins>{paragraph('插入')}</w:ins><w:p><w:del><w:r><w:t>删去</w:t></w:r></w:del></w:p>"
    )
    return (docx_file(body, numbering=lists, styles=styles),) * 3  # as likely as all of ours


def mutated(choose: random.Random, files: Sequence[bytes]) -> bytes:
    """Return one of ``files`` damaged."""
    chosen = choose.choice(files)
    match choose.choice((0, 0, 1, 2, 2, 2, 2, 3)):
        case 0:
            data = damaged(chosen, choose, tokens=(b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"))
            return spliced(data, choose.choice(files), choose) if choose.random() < 0.2 else data
        case 1:
            return _zipped(_with_bytes_damaged(_parts(chosen), choose))
        case 2:
            return _zipped(_with_a_tree_changed(_parts(chosen), choose))
    return _odd_container(_parts(chosen), choose)


@cache
def _parts(data: bytes) -> Parts:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        found = tuple((name, archive.read(name)) for name in archive.namelist())
    return tuple((name, part) for name, part in found if name in _READ)


def _with_bytes_damaged(parts: Parts, choose: random.Random) -> Parts:
    hit = choose.randrange(len(parts))
    return tuple(
        (name, damaged(part, choose, tokens=_XML) if number == hit else part)
        for number, (name, part) in enumerate(parts)
    )


def _with_a_tree_changed(parts: Parts, choose: random.Random) -> Parts:
    hits = {choose.randrange(len(parts)) for _ in range(choose.choice((1, 1, 3)))}
    return tuple(
        (name, _changed(part, choose) if number in hits else part)
        for number, (name, part) in enumerate(parts)
    )


def _changed(part: bytes, choose: random.Random) -> bytes:
    root = etree.fromstring(part)
    for _ in range(choose.choice((1, 2, 4, 12))):
        elements = [element for element in root.iter("*") if element is not root][:2000]
        if not elements:
            break
        _change(choose.choice(elements), choose.choice(elements), choose)
    return etree.tostring(root)


def _change(element: Any, other: Any, choose: random.Random) -> None:
    match choose.randrange(9):
        case 0:
            element.getparent().remove(element)
        case 1:
            for _ in range(choose.choice((1, 3, 40))):
                element.addnext(_copy(element))
        case 2:
            other.append(_copy(element))
        case 3:
            element.tag = choose.choice(_TAGS)
        case 4:
            element.set(choose.choice([*element.attrib, *_NAMES]), choose.choice(_VALUES))
        case 5 if element.attrib:
            del element.attrib[choose.choice(list(element.attrib))]
        case 6:
            tags = choose.choice((_TAGS, [_W + name for name in _NESTING]))
            inner, turns = element, choose.choices(tags, k=choose.choice((1, 2, 2, 3)))
            for turn in range(choose.choice((1, 5, 60, 100, 240, 300))):
                inner = etree.SubElement(inner, turns[turn % len(turns)])
            inner.text = "内文"
        case 7:
            element.text = choose.choice(_ODD) * choose.choice((1, 500)) + (element.text or "")
        case _:
            element.append(choose.choice((etree.Comment, etree.PI, etree.Entity))("x"))


def _copy(element: Any) -> Any:
    found = deepcopy(element)
    found.tail = None
    return found


def _zipped(parts: Parts) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", compresslevel=1) as archive:
        for name, part in parts:
            archive.writestr(undated(name), part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _odd_container(parts: Parts, choose: random.Random) -> bytes:
    """Return a zip that holds together, and yet is odd: parts twice, gone, empty, renamed, huge."""
    shuffled = list(parts)
    choose.shuffle(shuffled)
    out = BytesIO()
    methods = (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in shuffled:
            what = choose.randrange(8)
            shown = choose.choice((name.upper(), name.replace("/", "\\"), f"/{name}", f"{name}/"))
            info = undated(shown if what == 0 else name)
            info.compress_type = choose.choice(methods)
            info.flag_bits |= 0x800 if what == 1 else 0
            bodies = {2: b"", 3: part.decode("utf-8", "replace").encode("utf-16"), 4: b" " * 10**6}
            if what != 5:
                archive.writestr(info, bodies.get(what, part))
            if what == 6:
                archive.writestr(undated(name + "x"), part)
    data = bytearray(out.getvalue())
    if choose.random() < 0.5:  # one field of a directory entry: method, flags, sizes, offset
        at = data.find(b"PK\x01\x02", choose.randrange(len(data))) + choose.choice((8, 10, 20, 24))
        data[at : at + 2] = choose.choice((b"\x01\x00", b"\xff\xff", b"\x63\x00", b"\x00\x80"))
    return bytes(data)
