"""Bytes to text: which encoding a Chinese text file is in."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from tiaowen_corpus.errors import BrokenFile
from tiaowen_corpus.script import fold

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is its prefix
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CANDIDATES = ("utf-8", "gb18030", "big5hkscs", "utf-16-le", "utf-16-be")
# The most frequent characters of administrative Chinese; a wrong decoding seldom hits them.
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能"
    "下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加"
    "量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与"
    "关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者"
    "最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少"
    "图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处理府研质校"
    "教师育课班规办县市省局通培训安范负责组织领导工作方案活动落实加强检查考核,。、:;()“”《》，：；（）"
)
_MAX_REPLACED = 0.02  # share of undecodable characters above which a file counts as broken
_SAMPLE = 200_000  # bytes judged; a file's encoding shows in its first pages
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,20})""", re.I)
_ALIASES = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}
_SHOWN = {"big5hkscs": "big5"}


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of ``data`` and its encoding (``utf-8``, ``gb18030``, ``big5``, …).

    A byte order mark decides; otherwise the decoding that reads most like Chinese. Characters
    that no encoding explains become U+FFFD. Raises BrokenFile if those are more than 2 %.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _accept(data[len(mark) :], encoding)
    if b"\0" not in data:
        try:
            data.decode("utf-8")
            return _accept(data, "utf-8")
        except UnicodeDecodeError:
            pass
    return _accept(data, max(_CANDIDATES, key=lambda encoding: _merit(data[:_SAMPLE], encoding)))


def decode_html(data: bytes) -> tuple[str, str]:
    """Decode as the page's own ``charset`` says if that reads well, else as ``decode``."""
    stated = _META.search(data[:4096])
    if stated and not any(data.startswith(mark) for mark, _ in _BOMS):
        name = stated.group(1).decode("ascii").lower()
        encoding = _ALIASES.get(name, name)
        if encoding in _CANDIDATES and _merit(data[:_SAMPLE], encoding) > 0.3:
            return _accept(data, encoding)
    return decode(data)


def _accept(data: bytes, encoding: str) -> tuple[str, str]:
    text = data.decode(encoding, "replace")
    replaced = text.count("\N{REPLACEMENT CHARACTER}")
    # The last character may be cut in two by a download limit.
    if replaced > 1 + _MAX_REPLACED * len(text):
        raise BrokenFile("字符无法解码 / characters that no known encoding explains")
    if _binary_share(text) > _MAX_REPLACED:
        raise BrokenFile("二进制内容 / binary content")
    return _clean(text), _SHOWN.get(encoding, encoding)


def _clean(text: str) -> str:
    """Return ``text`` with one kind of line end and without NUL, BOM and lone surrogates."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\ufeff", "").replace("\0", "")
    return text.encode("utf-8", "replace").decode("utf-8")


def _binary_share(text: str) -> float:
    sample = text[:_SAMPLE]
    controls = sum(1 for c in sample if ord(c) < 32 and c not in "\n\r\t\f\v")
    return controls / max(1, len(sample))


def _merit(data: bytes, encoding: str) -> float:
    """Return how much like Chinese ``data`` reads in ``encoding``, at most 1."""
    text = data.decode(encoding, "replace")
    counted = [c for c in text if not c.isspace()]
    if not counted:
        return 0.0
    good = sum(1 for c in counted if _is_common(c))
    bad = sum(1 for c in counted if _is_alien(c))
    return (good - 3 * bad) / len(counted)


@lru_cache(maxsize=1 << 16)
def _is_common(character: str) -> bool:
    return (character.isascii() and character.isprintable()) or fold(character) in _COMMON


@lru_cache(maxsize=1 << 16)
def _is_alien(character: str) -> bool:
    """Say whether a character shows a wrong decoding: private use, controls, replacement."""
    point = ord(character)
    return (
        character == "\N{REPLACEMENT CHARACTER}"
        or point < 32
        or 0xE000 <= point <= 0xF8FF
        or point > 0x2FFFF
        or 0x80 <= point < 0xA0
    )
