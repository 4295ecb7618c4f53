"""Plain text."""

from __future__ import annotations

from tiaowen_corpus.encoding import decode
from tiaowen_corpus.readers.rawtext import RawText


def read(data: bytes, name: str) -> RawText:
    """Return the file's characters as they are, line ends made one kind."""
    text, encoding = decode(data)
    return RawText(name, "txt", encoding, text)
