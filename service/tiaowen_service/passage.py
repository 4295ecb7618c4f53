"""The characters of a clause that matched; its sentences are cut where models read them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Literal, TypedDict

from tiaowen_corpus.script import fold_all
from tiaowen_indexer.store import StoredClause
from tiaowen_models.kernels import AVAILABLE
from tiaowen_models.kernels.marks import places_of
from tiaowen_models.passages import LONGEST, sentences
from tiaowen_models.protocols import QueryTerm
from tiaowen_models.reading import Part

__all__ = ["LONGEST", "Mark", "Match", "highlights", "looked_through", "sentences"]

Match = Literal["word", "meaning"]
_KINDS: tuple[Match, Match] = "meaning", "word"
_Place = tuple[int, int, Match]
_ASKED = frozenset({"word", "part"})  # origins of terms that are the query's own
_BETWEEN = "\0"  # stands in no term


class Mark(TypedDict):
    """A place of a text that is shown as matching, and why."""

    start: int
    end: int
    match: Match


def highlights(
    clauses: Sequence[StoredClause], terms: Sequence[QueryTerm], parts: Sequence[Part] | None
) -> list[list[Mark]]:
    """Return for each clause its matches in its text, ordered and disjoint.

    "word" is a term as asked; "meaning" a synonym, a translation, or damaged wording that stands
    for a term. ``parts``: where the index has read the clauses, None where it has not.
    """
    if parts is None or not AVAILABLE:
        return looked_through(clauses, terms)
    texts = [term.text for term in terms]
    words = [term.origin in _ASKED for term in terms]
    found: list[list[Mark]] = [[] for _ in clauses]
    for part in parts:
        for number, places in zip(part.at.tolist(), places_of(part, texts, words), strict=True):
            found[number] = [
                {"start": start, "end": end, "match": _KINDS[word]} for start, end, word in places
            ]
    mended = [number for number, clause in enumerate(clauses) if clause.repairs]
    if mended:  # what was read of them is not the wording that is shown
        again = looked_through([clauses[number] for number in mended], terms)
        for number, marks in zip(mended, again, strict=True):
            found[number] = marks
    return found


def looked_through(clauses: Sequence[StoredClause], terms: Sequence[QueryTerm]) -> list[list[Mark]]:
    """Return what `highlights` does, from the texts themselves."""
    folded = fold_all([clause.text for clause in clauses])
    found: list[list[_Place]] = [[] for _ in folded]
    text = _BETWEEN.join(folded)  # one search for each term, not one for each text
    starts = [0, *accumulate(len(each) + 1 for each in folded)]
    asked = {term.text for term in terms if term.origin in _ASKED}
    for term in terms:
        match: Match = "word" if term.text in asked else "meaning"
        size, at = len(term.text), text.find(term.text)
        while at >= 0:
            number = bisect_right(starts, at) - 1
            found[number].append((at - starts[number], at - starts[number] + size, match))
            at = text.find(term.text, at + 1)
    for places, clause in zip(found, clauses, strict=True):
        for repair in clause.repairs:
            if any(term.text in repair.replacement for term in terms):
                places.append((repair.start, repair.end, "meaning"))
    return [
        [{"start": start, "end": end, "match": match} for start, end, match in _disjoint(places)]
        for places in found
    ]


def _disjoint(found: list[_Place]) -> list[_Place]:
    """Join what overlaps; where a word and a meaning overlap the whole is a word."""
    joined: list[_Place] = []
    for start, end, match in sorted(found):
        if joined and start < joined[-1][1]:
            first, last, kind = joined[-1]
            either: Match = "word" if "word" in (kind, match) else "meaning"
            joined[-1] = (first, max(last, end), either)
        else:
            joined.append((start, end, match))
    return joined
