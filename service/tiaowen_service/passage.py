"""The characters of a clause that matched; its sentences are cut where models read them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Literal

from tiaowen_indexer.store import Repaired
from tiaowen_models.passages import LONGEST, sentences
from tiaowen_models.protocols import QueryTerm

__all__ = ["LONGEST", "Mark", "Match", "highlights", "sentences"]

Match = Literal["word", "meaning"]
Mark = tuple[int, int, Match]  # start, end, why
_BETWEEN = "\0"  # stands in no term


def highlights(
    folded: Sequence[str], terms: Sequence[QueryTerm], repairs: Sequence[Sequence[Repaired]]
) -> list[list[Mark]]:
    """Return for each folded text its matches, ordered and disjoint.

    "word" is a term as asked; "meaning" a synonym, a translation, or damaged wording that stands
    for a term; ``repairs`` are those of each text.
    """
    found: list[list[Mark]] = [[] for _ in folded]
    text = _BETWEEN.join(folded)  # one search for each term, not one for each text
    starts = [0, *accumulate(len(each) + 1 for each in folded)]
    asked = {term.text for term in terms if term.origin in {"word", "part"}}
    for term in terms:
        match: Match = "word" if term.text in asked else "meaning"
        size, at = len(term.text), text.find(term.text)
        while at >= 0:
            number = bisect_right(starts, at) - 1
            found[number].append((at - starts[number], at - starts[number] + size, match))
            at = text.find(term.text, at + 1)
    for marks, fixes in zip(found, repairs, strict=True):
        for repair in fixes:
            if any(term.text in repair.replacement for term in terms):
                marks.append((repair.start, repair.end, "meaning"))
    return [_disjoint(marks) for marks in found]


def _disjoint(found: list[Mark]) -> list[Mark]:
    """Join what overlaps; where a word and a meaning overlap the whole is a word."""
    joined: list[Mark] = []
    for start, end, match in sorted(found):
        if joined and start < joined[-1][1]:
            first, last, kind = joined[-1]
            either: Match = "word" if "word" in (kind, match) else "meaning"
            joined[-1] = (first, max(last, end), either)
        else:
            joined.append((start, end, match))
    return joined
