"""The characters of a clause that matched; its sentences are cut where models read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from tiaowen_indexer.store import Repaired
from tiaowen_models.passages import LONGEST, sentences
from tiaowen_models.protocols import QueryTerm

__all__ = ["LONGEST", "Match", "highlights", "sentences"]

Match = Literal["word", "meaning"]


def highlights(
    folded: str, terms: Sequence[QueryTerm], repairs: Sequence[Repaired]
) -> list[tuple[int, int, Match]]:
    """Return ordered, disjoint matches in a folded text.

    "word" is a term as asked; "meaning" a synonym, a translation, or damaged wording that stands
    for a term.
    """
    found: list[tuple[int, int, Match]] = []
    asked = {term.text for term in terms if term.origin in {"word", "part"}}
    for term in terms:
        match: Match = "word" if term.text in asked else "meaning"
        at = folded.find(term.text)
        while at >= 0:
            found.append((at, at + len(term.text), match))
            at = folded.find(term.text, at + 1)
    for repair in repairs:
        if any(term.text in repair.replacement for term in terms):
            found.append((repair.start, repair.end, "meaning"))
    return _disjoint(found)


def _disjoint(found: list[tuple[int, int, Match]]) -> list[tuple[int, int, Match]]:
    """Join what overlaps; where a word and a meaning overlap the whole is a word."""
    joined: list[tuple[int, int, Match]] = []
    for start, end, match in sorted(found):
        if joined and start < joined[-1][1]:
            first, last, kind = joined[-1]
            either: Match = "word" if "word" in (kind, match) else "meaning"
            joined[-1] = (first, max(last, end), either)
        else:
            joined.append((start, end, match))
    return joined
