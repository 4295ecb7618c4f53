"""Anti-copy marks, pinyin glosses and erased words inside sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tiaowen_corpus.types import Edit, EditKind, Span

_HAN = "㐀-鿿"
_DOT = re.compile(rf"(?<=[{_HAN}”》])[.`](?=[{_HAN}“《])")
_LABEL_BEFORE = re.compile(
    r"(?:^|[\s。;；!！?？:：”])[第]?[一二三四五六七八九十百壹贰叁肆伍陆柒捌玖拾]{1,4}$"
)
# A dot before or after these stands for an erased word (社会), not for a mark.
_CENSORED = re.compile(r"(?:维护|維護|促进|和谐|和諧|保持|影响|全)\.(?=稳定|穩定|和谐|和諧)")
_PINYIN = re.compile(
    rf"(?<=[{_HAN}])[((][ ]?[a-zü]{{0,5}}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-zü]{{0,4}}[ ]?[))]"
)
_GLOSS = re.compile(r"【拼音[::][^】\n]{1,12}】")
_BRACED = re.compile(
    rf"\{{(?=[{_HAN}][::])|(?<=\{{[{_HAN}])[::][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü ]+\}}"
)
_STOP_SHARE = 0.25  # of 。: a file with more dots between characters uses them as full stops


def marks(raw: str) -> Iterator[Edit]:
    """Yield the marks inside sentences of ``raw``."""
    yield from _dots(raw)
    for expression in (_PINYIN, _GLOSS, _BRACED):
        for match in expression.finditer(raw):
            yield Edit(Span(*match.span()), EditKind.ANTI_COPY, "pinyin gloss")


def _dots(raw: str) -> Iterator[Edit]:
    found = [match for match in _DOT.finditer(raw) if not _is_label(raw, match.start())]
    dots = sum(match[0] == "." for match in found)
    as_stops = dots >= 5 and dots > _STOP_SHARE * raw.count("。")
    for match in found:
        span = Span(*match.span())
        if match[0] == "`":
            yield Edit(span, EditKind.ANTI_COPY, "anti-copy mark inside a sentence")
        elif _CENSORED.search(raw, max(0, span.start - 4), min(len(raw), span.end + 3)):
            yield Edit(span, EditKind.ANTI_COPY, "dot in the place of an erased word")
        elif not as_stops:
            yield Edit(span, EditKind.ANTI_COPY, "anti-copy mark inside a sentence")


def _is_label(raw: str, dot: int) -> bool:
    return bool(_LABEL_BEFORE.search(raw[max(0, dot - 6) : dot]) or dot < 2)
