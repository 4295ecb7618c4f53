"""What a label is: its form, its place, its number."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from tiaowen_corpus.types import Span


class Style(IntEnum):
    """Forms of labels; the value orders them from the outermost to the innermost by custom."""

    ANNEX = -1  # 附件1:
    PART = 0  # 第一编, 第一篇
    CHAPTER = 1  # 第一章
    SECTION = 2  # 第一节
    ARTICLE = 3  # 第三条, 第十二条之一
    CAPITAL = 4  # 壹、
    ROMAN = 5  # Ⅰ、
    COMMA = 6  # 一、
    DECIMAL1 = 7  # 1 总则: the outermost of 1, 1.1, 1.1.1
    SPEAKER = 8  # 记者:
    PAREN = 9  # （一）
    ORDINAL = 10  # 第一， 首先
    BARE = 11  # 一开展: a （一） that lost its brackets
    DOES = 12  # 一是 一要
    ARABIC = 13  # 1. 1、
    DECIMAL2 = 14  # 1.1
    DECIMAL3 = 15  # 1.1.1
    ARABIC_PAREN = 16  # (1) 1)
    CIRCLED = 17  # ①
    LETTER = 18  # A. (a)
    BULLET = 19  # ●


class Place(IntEnum):
    """Where a candidate stands, from the most to the least telling place."""

    LINE = 0  # at a line start
    STOP = 1  # after 。 ！ ？ or a closing quote behind them
    SPACE = 2  # after a blank inside a line
    COLON = 3  # after ： or ；
    COMMA = 4  # after ，
    INSIDE = 5  # glued to the word before


@dataclass(frozen=True, slots=True)
class Label:
    """A candidate: ``span`` (in the text) covers the sign and its punctuation.

    ``start`` is where its clause would begin: before ``span`` only where spun text moved the
    label behind the opening words of its paragraph. ``chained``: it and a neighbour number parts
    of one sentence. ``minor``: 12 of 第十二条之一 is ``(12, 1)``, other labels have minor 0.
    """

    span: Span
    start: int
    name: str  # as written less punctuation: 三, 1, 一是, 第三条
    style: Style
    number: int
    place: Place
    minor: int = 0
    chained: bool = False
    known: bool = False  # a word that opens headings follows
    followed: bool = False  # the next number of its list begins a sentence or a line
    headed: bool = False  # nothing but a heading stands between it and the label before it
