"""Candidate labels: every place of a text that may number a clause, with what speaks for it.

Nothing is decided here. The outline chooses the candidates that make one consistent tree.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from tiaowen_corpus.script import fold
from tiaowen_corpus.types import Span

from tiaowen_indexer.label_shapes import (
    BARE_WORD,
    CITING,
    ORDINARY,
    PAIRED,
    PUNCTUATION,
    SEQUENCE_WORDS,
    SHAPES,
    SIGN,
    SIGN_SHAPE,
    STEMS,
    TURN,
    number_of,
)
from tiaowen_indexer.label_styles import Label, Place, Style

__all__ = ["Label", "Place", "Style", "candidates", "number_of", "place_of"]


def candidates(text: str) -> tuple[Label, ...]:
    """Return all candidate labels of ``text`` in order; where two overlap the longer form wins."""
    folded = fold(text)
    found = [*_shaped(text, folded), *_signs(text, folded), *_speakers(folded)]
    found.sort(key=lambda label: (label.span.start, -label.span.end, label.style))
    result: list[Label] = []
    for label in found:
        if not result or label.span.start >= result[-1].span.end:
            result.append(label)
    return tuple(_with_neighbours(_with_spun(result, folded), folded))


def _shaped(text: str, folded: str) -> Iterator[Label]:
    for style, shape in SHAPES:
        for match in shape.finditer(folded):
            place = place_of(folded, match.start())
            if style is Style.BARE and BARE_WORD.match(folded, match.start()):
                continue
            if _cites(folded, match, style, place):
                continue
            yield _label(text, match, style, place)


def _label(text: str, match: re.Match[str], style: Style, place: Place) -> Label:
    numerals = [group for group in match.groups() if group]
    written = PUNCTUATION.sub("", text[match.start() : match.end()])
    first = numerals[0] if numerals else ""
    minor = 0
    if style in (Style.DECIMAL2, Style.DECIMAL3):
        written = text[match.start(1) : match.end(1)]
        number = int(first.split(".")[-1])
        minor = sum(int(part) * 100 ** (2 - i) for i, part in enumerate(first.split(".")[:-1]))
    elif style is Style.LETTER:
        number = ord(first) - ord("a") + 1
    elif first in SEQUENCE_WORDS:
        number = SEQUENCE_WORDS[first]
    elif first and first in STEMS:
        number = STEMS.index(first) + 1
    elif first.startswith("其"):
        number = number_of(first[1:])
    else:
        number = number_of(first) or int(style is Style.ANNEX)
    if style is Style.ARTICLE and len(numerals) > 1:
        minor = number_of(numerals[1])
    return Label(Span(*match.span()), match.start(), written, style, number, place, minor)


def _signs(text: str, folded: str) -> Iterator[Label]:
    for match in SIGN_SHAPE.finditer(text):
        style, number = SIGN[match[0][0]]
        place = place_of(folded, match.start())
        yield Label(Span(*match.span()), match.start(), match[0][0], style, number, place)


def _speakers(folded: str) -> Iterator[Label]:
    """Yield the turns of an interview: a name and a colon that open several lines."""
    turns = list(TURN.finditer(folded))
    counts = Counter(match[1] for match in turns)
    for match in turns:
        if counts[match[1]] > 1:
            span = Span(match.start(1), match.end())
            yield Label(span, span.start, match[1], Style.SPEAKER, 1, Place.LINE)


def place_of(folded: str, at: int) -> Place:
    """Say where offset ``at`` stands by the character before it."""
    before = at - 1
    while before >= 0 and folded[before] in " \t　\r" and at - before < 40:
        before -= 1
    if before < 0 or folded[before] in "\n\f\v":
        return Place.LINE
    character = folded[before]
    if character in "”』」’)" and before and folded[before - 1] in "。!?":
        character = folded[before - 1]
    if character in "。!?…":
        return Place.STOP
    if before < at - 1:
        return Place.SPACE
    if character in ":;::":
        return Place.COLON
    return Place.COMMA if character in ",、," else Place.INSIDE


def _cites(folded: str, match: re.Match[str], style: Style, place: Place) -> bool:
    """Say whether the words around a numeral show that it numbers nothing here."""
    if place <= Place.STOP:
        return False
    before = folded[max(0, match.start() - 4) : match.start()]
    if style in (Style.COMMA, Style.DOES) and place is Place.INSIDE and ORDINARY.search(before):
        return True
    if style is Style.BULLET or before[-1:] in "“‘《<":
        return True
    if place is Place.COLON:
        return False
    if style in (Style.CHAPTER, Style.PART, Style.SECTION):
        return bool(PAIRED.search(before.rstrip()))
    return style in (Style.ARTICLE, Style.PAREN) and bool(CITING.search(before.rstrip()))


_HEADING = 60  # characters of a heading and the blanks around it
_SPUN_REACH = 48  # characters; spun text puts the label behind one or two short phrases


def _with_spun(labels: list[Label], folded: str) -> list[Label]:
    """Mark 一是 behind the opening words of its paragraph, where it is the first of the line."""
    result: list[Label] = []
    seen_line = -1
    for label in labels:
        line = folded.rfind("\n", 0, label.span.start) + 1
        first_of_line = line != seen_line
        if label.style is Style.DOES or label.place is not Place.INSIDE:
            seen_line = line
        spun = (
            label.style is Style.DOES
            and label.place is Place.COMMA
            and first_of_line
            and label.span.start - line <= _SPUN_REACH
        )
        result.append(replace(label, start=line) if spun else label)
    return result


def _with_neighbours(labels: list[Label], folded: str) -> list[Label]:
    """Mark what a label's neighbours tell: chains of one sentence, followers, bare headings."""
    stops = [match.start() for match in re.finditer(r"[。!?\n]", folded)]
    chained: set[int] = set()
    followed: set[int] = set()
    latest: dict[Style, int] = {}
    for index, label in enumerate(labels):
        before = latest.get(label.style)
        if before is not None and labels[before].number + 1 == label.number:
            at = bisect_right(stops, labels[before].span.end)
            if at == len(stops) or stops[at] > label.span.start:
                chained |= {before, index}
            elif label.place <= Place.SPACE:
                followed.add(before)
        latest[label.style] = index
    headed = {
        index
        for index, (label, after) in enumerate(pairwise(labels), start=1)
        if label.place is Place.LINE and _only_heading(folded, label.span.end, after.span.start)
    }
    return [
        replace(label, chained=index in chained, followed=index in followed, headed=index in headed)
        for index, label in enumerate(labels)
    ]


def _only_heading(folded: str, start: int, end: int) -> bool:
    between = folded[start:end].strip() if end - start <= _HEADING else ""
    return bool(between) and not re.search(r"[。;!?\n]", between)
