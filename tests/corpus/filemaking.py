"""Builders of small .docx and .pdf files for the reader tests."""

from __future__ import annotations

import zipfile
from io import BytesIO

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def paragraph(text: str, *, number: int | None = None, level: int = 0, style: str = "") -> str:
    """A paragraph of document.xml, numbered by list ``number`` if given."""
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if number is not None:
        properties += f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def level(index: int, form: str, text: str, *, start: int = 1, extra: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{extra}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def abstract(number: int, *levels: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{number}">{"".join(levels)}</w:abstractNum>'


def numbered(number: int, abstract_id: int, override: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{abstract_id}"/>{override}</w:num>'


def undated(name: str) -> zipfile.ZipInfo:
    """An entry of a zip without the hour of its making: the same content, the same bytes."""
    return zipfile.ZipInfo(name)


def docx_file(body: str, *, numbering: str = "", styles: str = "", core: str = "") -> bytes:
    """A .docx with the given contents of body, numbering and styles; ``core`` is a whole part."""
    parts = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"<w:document {_W} {_MC}><w:body>{body}</w:body></w:document>",
        "word/numbering.xml": f"<w:numbering {_W}>{numbering}</w:numbering>",
        "word/styles.xml": f"<w:styles {_W}>{styles}</w:styles>",
    }
    if core:
        parts["docProps/core.xml"] = core
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(undated(name), part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def pdf_file(
    pages: list[list[tuple[float, float, str]]], *, size: float = 12, encrypted: bool = False
) -> bytes:
    """A PDF with the given lines (x, y from the top of an A4 page, text), font not embedded."""
    font = (
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H "
        "/DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /DW 1000 "
        "/FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 6 "
        "/FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /StemV 93 "
        "/CapHeight 880 >> >>] >>"
    )
    kids = " ".join(f"{4 + 2 * index} 0 R" for index in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        font,
    ]
    for index, lines in enumerate(pages):
        shown = "".join(
            f"BT /F1 {size} Tf {x} {842 - y} Td <{text.encode('utf-16-be').hex()}> Tj ET\n"
            for x, y, text in lines
        )
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * index} 0 R >>"
        )
        objects.append(f"<< /Length {len(shown)} >>\nstream\n{shown}endstream")
    return _pdf(objects, encrypted=encrypted)


def _pdf(objects: list[str], *, encrypted: bool) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("ascii")
    # Owner and user keys that no password opens.
    lock = f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'5a' * 32}> /U <{'a5' * 32}> >> "
    lock += f"/ID [<{'0' * 32}> <{'0' * 32}>] "
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer << {lock if encrypted else ''}/Size {len(objects) + 1} "
        f"/Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    )
    return out + end.encode("ascii")
