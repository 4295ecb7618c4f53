"""A query as the ranking features read it: groups of terms, one for each word asked."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

from tiaowen_models.figures import alike, periods
from tiaowen_models.protocols import Floats, Integers, QueryAnalysis, QueryTerm
from tiaowen_models.units import units_asked

# How much of the word asked a term stands for, where the clause holds it.
STRENGTH = {"word": 1.0, "part": 0.5, "synonym": 0.8, "translation": 0.9}
# 教学 alone says half of what 教学开放周 would: within a clause about teaching every sentence has
# it. In ranking whole clauses the discount costs a point of S@1.
PIECE = 0.5
_HAN_RUN = re.compile(r"[㐀-䶿一-鿿]+")


@dataclass(frozen=True)
class Asked:
    """``terms`` by group, with their ``strength`` [t]; group g starts at term ``starts[g]``.

    ``piece_strength`` [t] is less for a word of an added expression that stands there whole.

    ``weight`` [g] is the idf of the word that a group stands for: a word that the index lacks
    weighs as much as the rarest. ``han`` are the query's runs of Chinese characters.
    """

    terms: tuple[str, ...]
    strength: Floats
    piece_strength: Floats
    exact: Floats  # [t] 1 where the term is a word as asked
    starts: Integers  # [g]
    weight: Floats
    known: float  # share of the weight whose words or kin the index holds
    ideal: float  # what BM25 would add up, were every term worth its idf
    han: tuple[str, ...]
    figures: frozenset[str]
    periods: frozenset[str]
    units: tuple[str, ...]  # kinds of quantity that are asked for


def asked(analysis: QueryAnalysis, idf: Mapping[str, float]) -> Asked:
    """Group the terms of a query by the word that they stand for."""
    translated = {
        word
        for term in analysis.terms
        if term.origin == "translation"
        for word in term.source.split()
    }
    by_source: dict[str, list[QueryTerm]] = {}
    for term in analysis.terms:
        if term.origin != "word" or term.text not in translated:
            by_source.setdefault(term.source, []).append(term)
    kept = [term for terms in by_source.values() for term in terms]
    known = [idf.get(term.text, 0.0) for term in kept]
    rarest = max([1.0, *known])
    ends = [*accumulate(map(len, by_source.values()), initial=0)]
    best = [max(known[start:end]) for start, end in pairwise(ends)]
    weight = [idf.get(s, 0.0) or there or rarest for s, there in zip(by_source, best, strict=True)]
    held = sum(each for each, there in zip(weight, best, strict=True) if there > 0)
    strength = [STRENGTH[term.origin] for term in kept]
    pieces = [by * piece for by, piece in zip(strength, _pieces(kept), strict=True)]
    exact = [term.origin == "word" for term in kept]
    by_term = np.array([strength, pieces, exact], np.float32)
    return Asked(
        terms=tuple(term.text for term in kept),
        strength=by_term[0],
        piece_strength=by_term[1],
        exact=by_term[2],
        starts=np.array(ends[:-1], np.int32),
        weight=np.array(weight, np.float32),
        known=held / sum(weight) if weight else 0.0,
        ideal=sum(each * term.weight for each, term in zip(known, kept, strict=True)),
        han=tuple(_HAN_RUN.findall(analysis.folded)),
        figures=frozenset(map(alike, analysis.numbers)),
        periods=periods(analysis.folded),
        units=units_asked(analysis.folded),
    )


def _pieces(terms: Sequence[QueryTerm]) -> list[float]:
    """Return PIECE for a piece of an expression that stands there whole, else 1.

    The words of one expression share its weight, which tells them from those of its neighbours:
    教学 beside 教学开放周 is a piece of it, 学生 beside 在校学生 an expression of its own.
    """
    alike: dict[tuple[str, str, float], list[str]] = defaultdict(list)
    for term in terms:
        alike[term.source, term.origin, term.weight].append(term.text)
    return [PIECE if _within(term, alike) else 1.0 for term in terms]


def _within(term: QueryTerm, alike: Mapping[tuple[str, str, float], Sequence[str]]) -> bool:
    """Say whether a term is a piece of another that was added with it."""
    if term.origin in ("word", "part"):
        return False
    others = alike[term.source, term.origin, term.weight]
    return any(term.text in other and term.text != other for other in others)
