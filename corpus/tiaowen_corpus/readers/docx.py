"""Word documents: paragraphs and table rows as lines, automatic numbers as literal labels.

The parts are read with lxml rather than python-docx, which shows neither text boxes, tracked
insertions nor the numbers that Word computes.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from lxml import etree

from tiaowen_corpus.errors import BrokenFile, EncryptedFile, TooLarge
from tiaowen_corpus.readers.numbering import Numbering
from tiaowen_corpus.readers.rawtext import CLOSE, OPEN, RawText, marked, unmarked

MAIN_PART = "word/document.xml"
LARGEST_PART = 200 * 1024 * 1024  # bytes unpacked; more is a bomb
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DC_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Deleted or moved-away text, field codes, pronunciation, a text box's copy for old Word.
_SKIPPED = frozenset(
    {
        W + "del",
        W + "moveFrom",
        W + "instrText",
        W + "delText",
        W + "rt",
        W + "pPr",
        W + "rPr",
        _FALLBACK,
    }
)
_BREAKS = {W + "tab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-"}
_GENERIC_TITLES = re.compile(r"^(?:word|microsoft|document|文档|未命名|untitled)", re.I)


def read(data: bytes, name: str) -> RawText:
    """Return the text of a .docx. Raises BrokenFile, EncryptedFile or TooLarge."""
    parts = _parts(data, name)
    body = parts[MAIN_PART].find(W + "body")
    if body is None:
        raise BrokenFile(name)
    numbering = Numbering(parts.get("word/numbering.xml"), parts.get("word/styles.xml"))
    lines = [line for line in _lines(body, numbering) if line.strip()]
    text, labels = unmarked("\n".join(lines))
    return RawText(name, "docx", "utf-8", text, title_hint=_title(parts), labels=labels)


def _parts(data: bytes, name: str) -> dict[str, Any]:
    wanted = (MAIN_PART, "word/numbering.xml", "word/styles.xml", "docProps/core.xml")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    parts: dict[str, Any] = {}
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            for info in archive.infolist():
                if info.filename not in wanted:
                    continue
                if info.flag_bits & 1:
                    raise EncryptedFile(name)
                if info.file_size > LARGEST_PART:
                    raise TooLarge(name)
                try:
                    parts[info.filename] = etree.fromstring(archive.read(info), parser)
                except etree.XMLSyntaxError:
                    if info.filename == MAIN_PART:
                        raise
    except (zipfile.BadZipFile, etree.XMLSyntaxError, OSError, ValueError) as error:
        raise BrokenFile(name) from error
    if MAIN_PART not in parts:
        raise BrokenFile(name)
    return parts


def _title(parts: dict[str, Any]) -> str:
    core = parts.get("docProps/core.xml")
    title = unmarked(core.findtext(_DC_TITLE) or "")[0].strip() if core is not None else ""
    return "" if _GENERIC_TITLES.match(title) else title


def _lines(container: Any, numbering: Numbering) -> Iterator[str]:
    """Yield the lines of a body, content control or text box, in reading order."""
    for element in container:
        if element.tag == W + "p":
            yield from _paragraph(element, numbering)
        elif element.tag == W + "tbl":
            yield from _table(element, numbering)
        elif element.tag == W + "sdt":
            content = element.find(W + "sdtContent")
            if content is not None and not _is_contents_list(element):
                yield from _lines(content, numbering)
        elif element.tag in {W + "ins", W + "moveTo", W + "customXml", W + "smartTag"}:
            yield from _lines(element, numbering)


def _is_contents_list(control: Any) -> bool:
    gallery = control.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and gallery.get(W + "val") == "Table of Contents"


def _paragraph(paragraph: Any, numbering: Numbering) -> Iterator[str]:
    words = "".join(_words(paragraph)).strip("\n")
    if words.strip():
        yield from (marked(numbering.label(paragraph)) + words).split("\n")
    for box in paragraph.iter(W + "txbxContent"):
        if next(box.iterancestors(W + "p")) is not paragraph:
            continue  # a box within a box, which is shown by its own paragraph
        if not any(ancestor.tag == _FALLBACK for ancestor in box.iterancestors()):
            yield from _lines(box, numbering)


def _words(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag in _SKIPPED or child.tag == W + "txbxContent":
            continue
        if child.tag == W + "t":
            yield (child.text or "").replace(OPEN, "").replace(CLOSE, "")
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        elif child.tag == W + "sym":
            yield "●"
        else:
            yield from _words(child)


def _table(table: Any, numbering: Numbering) -> Iterator[str]:
    """Yield one line a row, cells parted by tabs."""
    for row in table.iter(W + "tr"):
        if next(row.iterancestors(W + "tbl"), None) is not table:
            continue  # a row of a nested table, which is shown inside its cell
        cells = [cell for cell in row.iter(W + "tc") if next(cell.iterancestors(W + "tr")) is row]
        shown = [" ".join(line.strip() for line in _lines(cell, numbering)) for cell in cells]
        if any(cell.strip() for cell in shown):
            yield "\t".join(shown).rstrip()
