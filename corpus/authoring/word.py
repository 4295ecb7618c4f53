"""Word files with automatic numbers, checked against the labels of the source."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt

NUMERALS = "〇一二三四五六七八九"
NUMBER_ID = 77  # above every list of the default template
STAMP = (2020, 1, 1, 0, 0, 0)  # a fixed time, so that two builds are the same bytes


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a Word list: its format, its text, and how the source writes its label."""

    number_format: str
    text: str
    label: re.Pattern[str]
    restarts: bool = True


CHAPTERS = (
    Level("chineseCountingThousand", "第%1章", re.compile(r"第([一二三四五六七八九十]+)章 ?")),
    Level(
        "chineseCountingThousand", "第%2条", re.compile(r"第([一二三四五六七八九十]+)条 ?"), False
    ),
    Level("chineseCounting", "（%3）", re.compile(r"（([一二三四五六七八九十]+)）")),
)
OUTLINE = (
    Level("chineseCountingThousand", "%1、", re.compile(r"([一二三四五六七八九十]+)、")),
    Level("chineseCounting", "（%2）", re.compile(r"（([一二三四五六七八九十]+)）")),
    Level("decimal", "%3.", re.compile(r"(\d+)\."), False),
)


def chinese(number: int) -> str:
    """Write 1–99 as Word's Chinese counting does."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else NUMERALS[tens] + "十")
    return head + (NUMERALS[ones] if ones else "")


def write(text: str, path: Path) -> None:
    """Write ``text`` as a Word file; a label becomes the number that Word counts itself.

    Raises ValueError where Word would count differently from the source.
    """
    levels = CHAPTERS if "第一章" in text else OUTLINE
    document = docx.Document()
    document.styles["Normal"].font.size = Pt(12)
    _define(document, levels)
    counts = [0] * len(levels)
    title, *lines = text.splitlines()
    document.add_heading(title, level=0)
    for line in lines:
        level, body = _numbered(line, levels, counts)
        paragraph = document.add_paragraph(body)
        if level is not None:
            _attach(paragraph, level)
    buffer = io.BytesIO()
    document.save(buffer)
    path.write_bytes(_same_bytes(buffer.getvalue()))


def _numbered(line: str, levels: tuple[Level, ...], counts: list[int]) -> tuple[int | None, str]:
    for index, level in enumerate(levels):
        found = level.label.match(line)
        if found is None:
            continue
        counts[index] += 1
        for below in range(index + 1, len(levels)):
            counts[below] = 0 if levels[below].restarts else counts[below]
        due = str(counts[index]) if level.number_format == "decimal" else chinese(counts[index])
        if found[1] != due:
            raise ValueError(f"Word would number {due}, the source says {found[1]}: {line[:20]}")
        return index, line[found.end() :]
    return None, line


def _define(document: docx.document.Document, levels: tuple[Level, ...]) -> None:
    numbering = document.part.numbering_part.element
    inner = "".join(
        f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{level.number_format}"/>'
        + ("" if level.restarts else '<w:lvlRestart w:val="0"/>')
        + f'<w:suff w:val="nothing"/><w:lvlText w:val="{level.text}"/>'
        + '<w:lvlJc w:val="left"/></w:lvl>'
        for index, level in enumerate(levels)
    )
    abstract = parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{NUMBER_ID}">'
        f'<w:multiLevelType w:val="multilevel"/>{inner}</w:abstractNum>'
    )
    # the schema wants every abstractNum before the first num
    numbering.insert(0, abstract)
    numbering.append(
        parse_xml(
            f'<w:num {nsdecls("w")} w:numId="{NUMBER_ID}">'
            f'<w:abstractNumId w:val="{NUMBER_ID}"/></w:num>'
        )
    )


def _attach(paragraph: docx.text.paragraph.Paragraph, level: int) -> None:
    properties = paragraph._p.get_or_add_pPr()
    properties.append(
        parse_xml(
            f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/>'
            f'<w:numId w:val="{NUMBER_ID}"/></w:numPr>'
        )
    )


def _same_bytes(package: bytes) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, STAMP), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
