"""Word files typeset like official documents: GB/T 9704—2012, 党政机关公文格式."""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TITLE = ("方正小标宋简体", 22.0)  # 二号
HEADING = ("黑体", 16.0)  # 三号, first level
SUBHEADING = ("楷体_GB2312", 16.0)  # 三号, second level
BODY = ("仿宋_GB2312", 16.0)  # 三号
SMALL = ("仿宋_GB2312", 12.0)  # 小四, in tables
PAGE_NUMBER = ("宋体", 14.0)  # 四号
LINE = 28.0  # points, exactly: 22 lines a page
MARGINS = {"top": 37, "bottom": 35, "left": 28, "right": 26}  # mm: 天头, 地脚, 订口, 切口


def new() -> Any:
    """Return an empty A4 document with the margins, the body's font and the page number."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for side, width in MARGINS.items():
        setattr(section, f"{side}_margin", Mm(width))
    style = document.styles["Normal"]
    _set_font(style.font, style.element.get_or_add_rPr(), *BODY)
    _number_pages(section.footer.paragraphs[0])
    return document


def paragraph(
    document: Any,
    text: str,
    font: tuple[str, float] = BODY,
    *,
    centred: bool = False,
    indent: bool = True,
) -> Any:
    """Add a paragraph of one font: exact line spacing, first line indented by two characters."""
    added = document.add_paragraph()
    shape = added.paragraph_format
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(LINE)
    shape.space_before = shape.space_after = Pt(0)
    if centred:
        added.alignment = WD_ALIGN_PARAGRAPH.CENTER
    elif indent:
        shape.first_line_indent = Pt(font[1] * 2)
    run(added, text, font)
    return added


def run(added: Any, text: str, font: tuple[str, float], *, bold: bool = False) -> Any:
    """Add a run of one font to a paragraph; control characters are left out."""
    kept = "".join(character for character in text if character in "\n\t" or character >= " ")
    made = added.add_run(kept)
    made.bold = bold
    _set_font(made.font, made._element.get_or_add_rPr(), *font)
    return made


def saved(document: Any) -> bytes:
    """Return the file."""
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _set_font(font: Any, properties: Any, name: str, size: float) -> None:
    font.name, font.size = name, Pt(size)
    fonts = properties.get_or_add_rFonts()
    for kind in ("w:eastAsia", "w:ascii", "w:hAnsi"):
        fonts.set(qn(kind), name)


def _number_pages(added: Any) -> None:
    """Write — 1 — at the foot of every page."""
    added.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run(added, "— ", PAGE_NUMBER)
    field = run(added, "", PAGE_NUMBER)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        if kind:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:instrText")
            part.text = text
        field._element.append(part)
    run(added, " —", PAGE_NUMBER)
