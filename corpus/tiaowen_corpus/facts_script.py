"""Which script a whole document is written in."""

from __future__ import annotations

import re
from functools import lru_cache

from tiaowen_corpus.types import Script

_HAN = re.compile(r"[㐀-鿿]")
_LATIN = re.compile(r"[A-Za-z]+")
_MIXED = 0.25  # share of the rarer script above which a text is mixed


def script_of(text: str) -> Script:
    """Return the script of ``text``, decided by all of its characters.

    Mirrors mix single forms (干部, 規范, 于) into Traditional text, so no one character decides.
    """
    han = _HAN.findall(text)
    if len(han) < len(_LATIN.findall(text)):
        return "latin"
    simplified = sum(1 for character in han if _only_in(character, "gb2312", "big5"))
    traditional = sum(1 for character in han if _only_in(character, "big5", "gb2312"))
    both = simplified + traditional
    if both and min(simplified, traditional) / both > _MIXED:
        return "mixed"
    return "traditional" if traditional > simplified else "simplified"


@lru_cache(maxsize=1 << 15)
def _only_in(character: str, charset: str, other: str) -> bool:
    return _encodes(character, charset) and not _encodes(character, other)


def _encodes(character: str, charset: str) -> bool:
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
