"""Two wordings side by side: where they agree, where they differ, which numbers differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

from tiaowen_corpus.script import fold

# A figure counts as one character: 15 and 20 differ in one place, not in two.
_NUMBER = re.compile(
    r"\d+(?:\.\d+)?%?|[〇零一二三四五六七八九十百千两半]+(?=[个次名人节篇门项本所周天日小年月学元万份场期台套分条类届部位家%])"
)
_SIGN = re.compile(r"[\W_]")
NUMBER = "#"


@dataclass(frozen=True, slots=True)
class Unit:
    """One character, or one figure, of a text; ``key`` is its folded form."""

    key: str
    start: int
    end: int
    number: bool


@lru_cache(maxsize=1 << 14)
def units(text: str) -> tuple[Unit, ...]:
    """Return the characters and figures of ``text`` without signs and blanks."""
    return tuple(_units(text))


def _units(text: str) -> Iterator[Unit]:
    folded = fold(text)
    figures = {match.start(): match.end() for match in _NUMBER.finditer(folded)}
    at = 0
    while at < len(folded):
        if at in figures:
            yield Unit(folded[at : figures[at]], at, figures[at], True)
            at = figures[at]
            continue
        if not _SIGN.match(folded[at]):
            yield Unit(folded[at], at, at + 1, False)
        at += 1


@lru_cache(maxsize=1 << 14)
def masked(text: str) -> tuple[str, ...]:
    """Return the keys of `units` with every figure replaced by `NUMBER`."""
    return tuple(NUMBER if unit.number else unit.key for unit in units(text))


def likeness(one: str, other: str) -> float:
    """Return how alike two wordings are but for figures and signs, in [0, 1]."""
    matcher = SequenceMatcher(None, masked(one), masked(other), autojunk=False)
    return matcher.ratio()


def held(draft: str, source: str) -> float:
    """Return the share of ``draft`` that stands in ``source`` in order, figures apart."""
    matcher = SequenceMatcher(None, masked(draft), masked(source), autojunk=False)
    same = sum(block.size for block in matcher.get_matching_blocks() if block.size > 1)
    return same / len(masked(draft)) if masked(draft) else 0.0


def longest_run(draft: str, source: str) -> tuple[int, int, int]:
    """Return the longest run that is equal, figures included: characters, start and end in draft.

    Signs and blanks do not count and do not break it.
    """
    one, other = units(draft), units(source)
    matcher = SequenceMatcher(
        None, [unit.key for unit in one], [unit.key for unit in other], autojunk=False
    )
    match = matcher.find_longest_match()
    if not match.size:
        return 0, 0, 0
    run = one[match.a : match.a + match.size]
    return sum(len(unit.key) for unit in run), run[0].start, run[-1].end


def diff(draft: str, source: str) -> list[dict[str, Any]]:
    """Return the differences in order: ``op`` equal, replace, insert (only in the source) or
    delete (only in the draft), both wordings, their offsets, and whether a figure differs.
    """
    one, other = units(draft), units(source)
    matcher = SequenceMatcher(
        None, [unit.key for unit in one], [unit.key for unit in other], autojunk=False
    )
    found = []
    for op, a, b, c, d in matcher.get_opcodes():
        start, end = _extent(one, a, b)
        source_start, source_end = _extent(other, c, d)
        found.append(
            {
                "op": op,
                "draft": draft[start:end],
                "source": source[source_start:source_end],
                "draft_start": start,
                "draft_end": end,
                "source_start": source_start,
                "source_end": source_end,
                "number": op != "equal" and any(unit.number for unit in (*one[a:b], *other[c:d])),
            }
        )
    return found


def formula(wordings: Sequence[str]) -> str:
    """Return what all wordings share, in order, with … for what differs and 〔数〕 for figures."""
    shared = list(masked(wordings[0]))
    gaps = [False] * (len(shared) + 1)
    for wording in wordings[1:]:
        shared, gaps = _common(shared, gaps, masked(wording))
    text = "".join(
        ("…" if gap else "") + unit for gap, unit in zip(gaps, [*shared, ""], strict=True)
    )
    return text.replace(NUMBER, "〔数〕")


def _common(
    shared: list[str], gaps: list[bool], other: Sequence[str]
) -> tuple[list[str], list[bool]]:
    matcher = SequenceMatcher(None, shared, other, autojunk=False)
    kept: list[str] = []
    open_before: list[bool] = []
    gap, last_a, last_b = False, 0, 0
    for block in matcher.get_matching_blocks():
        gap = gap or block.a > last_a or block.b > last_b or any(gaps[last_a : block.a])
        last_a, last_b = block.a + block.size, block.b + block.size
        if 0 < block.size < 2 and block.a + block.size < len(shared):
            gap = True
            continue
        for at in range(block.a, block.a + block.size):
            open_before.append(gap or gaps[at])
            kept.append(shared[at])
            gap = False
    return kept, [*open_before, gap or gaps[-1]]


def _extent(found: Sequence[Unit], start: int, end: int) -> tuple[int, int]:
    if start == end:
        at = found[start].start if start < len(found) else (found[-1].end if found else 0)
        return at, at
    return found[start].start, found[end - 1].end
