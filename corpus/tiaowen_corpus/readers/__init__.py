"""Readers: bytes of a file to its text, one module a format."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import PurePath

from tiaowen_corpus.errors import BrokenFile, EmptyFile, EncryptedFile, TiaowenError, UnknownFormat
from tiaowen_corpus.readers import docx, html, markdown, pdf, plain
from tiaowen_corpus.readers.rawtext import LineBox, PageSpan, RawText

__all__ = ["LineBox", "PageSpan", "RawText", "read"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # compound file: old .doc, or an encrypted .docx
_READERS: dict[str, Callable[[bytes, str], RawText]] = {
    "docx": docx.read,
    "html": html.read,
    "md": markdown.read,
    "pdf": pdf.read,
    "txt": plain.read,
}
_SUFFIXES = {
    ".docx": "docx",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".md": "md",
    ".markdown": "md",
    ".pdf": "pdf",
    ".txt": "txt",
    ".text": "txt",
    "": "txt",
}
_MAGIC = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"{\\rtf")
_PAGE_STARTS = (b"<!doctype html", b"<html", b"<head", b"<body")


def read(data: bytes, name: str) -> RawText:
    """Return the text of ``data``; ``name`` is the file's name. Raises ReadingError.

    The content decides the format, the suffix only where the content leaves it open.
    """
    if not data.strip(b"\0 \t\r\n"):
        raise EmptyFile(name)
    try:
        raw = _READERS[_format(data, name)](data, name)
    except TiaowenError:
        raise
    except (Exception, RecursionError) as error:  # parsers of hostile bytes raise anything
        raise BrokenFile(f"{name}: {type(error).__name__}") from error
    if not raw.text.strip():
        raise EmptyFile(name)
    return raw


def _format(data: bytes, name: str) -> str:
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _zip_format(data, name)
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise EncryptedFile(name)
        raise UnknownFormat(f"{name} (.doc / .xls / .ppt)")
    if data.startswith(_MAGIC):
        raise UnknownFormat(name)
    suffix = PurePath(name).suffix.lower()
    if suffix in {".docx", ".pdf"}:
        raise BrokenFile(name)
    if data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_PAGE_STARTS):
        return "html"
    if suffix not in _SUFFIXES:
        raise UnknownFormat(name)
    return _SUFFIXES[suffix]


def _zip_format(data: bytes, name: str) -> str:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, OSError) as error:
        raise BrokenFile(name) from error
    if docx.MAIN_PART in names:
        return "docx"
    raise UnknownFormat(name)
