"""Sentences of a clause and the comma segments inside them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tiaowen_corpus.types import Span

_SENTENCE_END = re.compile(r"[。;!?！？；\n]+[”’」』)]*|:(?=\n)")
# 、 cuts only what is counted apart: 每周谈心一次、每月家访一次
_COMMA = re.compile(r"[,，]|:(?=[^\d])|——|、(?=每(?:学期|学年|年|月|周|天|季度|两))")


_OPEN, _CLOSE = frozenset("(《“["), frozenset(")》”]")
_COMMA_OR_SIGN = re.compile(rf"[(《“\[)》”\]]|{_COMMA.pattern}")


def sentences(text: str, within: Span) -> Iterator[Span]:
    """Yield the sentences of ``text[within]``: they end at 。 ; ! ? or a line end."""
    yield from _cut(text, within, _SENTENCE_END)


def segments(text: str, within: Span) -> Iterator[Span]:
    """Yield the segments of a sentence: they end at commas outside brackets and quotes."""
    depth, start = 0, within.start
    lost = _lost(within.of(text))
    for match in _COMMA_OR_SIGN.finditer(text, within.start, within.end):
        sign = match.group()
        if sign in _OPEN:
            depth += sign not in lost
        elif sign in _CLOSE:
            depth = max(0, depth - 1)
        elif depth == 0:
            if match.start() > start:
                yield Span(start, match.start())
            start = match.start() + 1
    if start < within.end:
        yield Span(start, within.end)


def _lost(text: str) -> set[str]:
    """Return the opening signs whose closing ones are missing: damaged files lose all of one."""
    return {sign for sign, end in zip("(《“[", ")》”]", strict=True) if end not in text}


def _cut(text: str, within: Span, end: re.Pattern[str]) -> Iterator[Span]:
    start = within.start
    for match in end.finditer(text, within.start, within.end):
        span = Span(start, match.end()).trimmed(text)
        if len(span):
            yield span
        start = match.end()
    span = Span(start, within.end).trimmed(text)
    if len(span):
        yield span
