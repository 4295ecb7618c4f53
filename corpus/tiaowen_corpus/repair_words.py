"""Replaced words: which files were mapped as a whole, and which single places were spun."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from tiaowen_corpus import repair_contexts as contexts_of
from tiaowen_corpus.repair_contexts import Around, Contexts, Pair, Unit, Units
from tiaowen_corpus.repair_table import policies, word_pairs
from tiaowen_corpus.script import fold
from tiaowen_corpus.types import Span

# Log-odds, set on held-out clean documents damaged by program (tests/corpus/test_repair_corpus.py).
RARE = -3.5  # prior of a file in which one word was replaced everywhere
RARE_WHOLE = -5.8  # the same for words that are frequent on both sides: 开展, 标准
KIN = -0.7  # the same once two other words of the file are known to be
KIN_NEAR = -3.2  # the same for near synonyms
MANY = 5  # mapped words that make a file of the preview sites' kind certain
CERTAIN = -0.3  # prior in such a file
MOST_FROM_ONE = 3.0  # what one place may add to the evidence for the whole file
NEVER = -4.0  # log-likelihood of meeting the right word in a file that was mapped
SURE = 6.0  # a single spun place, in a file that is otherwise whole
SURE_AMONG_KIN = 4.5  # the same where other places of the file are damaged
SURE_NEAR = 7.5  # the same for near synonyms
NOT_SINGLY = float("inf")
NEVER_ALONE = float("-inf")
TRUST = 0.7  # the two sides of a context are not independent
LIKELY = 0.0  # a place in a mapped file


@dataclass(frozen=True, slots=True)
class Place:
    """A word that may be damaged, its surroundings, and the log-odds that it is."""

    span: Span
    pair: Pair
    score: float
    around: Around


@dataclass(frozen=True, slots=True)
class Finding:
    """A damaged word: its place, what it stands for, whether the whole file is mapped so."""

    place: Place
    mapped: bool


def findings(text: str) -> Iterator[Finding]:
    """Yield the damaged words of ``text``, at most one a place, in order."""
    folded = fold(text)
    words = _units().words(folded)
    seen = Counter(word.surface for word in words)
    places = _places(folded, words)
    mapped = _mapped(places, seen)
    chosen: dict[Span, Finding] = {}
    kin = mapped | {pair for pair, group in places.items() if _spun(pair, group)}
    for pair, group in places.items():
        threshold = LIKELY if pair in mapped else _threshold(pair, kin - {pair})
        for place in group:
            best = chosen.get(place.span)
            if place.score > threshold and (best is None or place.score > best.place.score):
                chosen[place.span] = Finding(place, pair in mapped)
    yield from (chosen[span] for span in sorted(chosen) if not _doubled(chosen[span], chosen))


def _doubled(finding: Finding, chosen: dict[Span, Finding]) -> bool:
    """Say whether the same word follows at once: in 开展开展 the first is the verb, and genuine."""
    span, following = finding.place.span, finding.place.around[1]
    after = chosen.get(Span(span.end, span.end + len(span)))
    return after is not None and after.place.pair == finding.place.pair and bool(following)


def _places(folded: str, words: list[Unit]) -> dict[Pair, list[Place]]:
    weights = _contexts()
    by_damaged = _pairs_by_damaged()
    places: dict[Pair, list[Place]] = {}
    for word in words:
        if word.surface not in by_damaged:
            continue
        around = _units().around(folded, word)
        for pair in by_damaged[word.surface]:
            place = Place(Span(word.start, word.end), pair, weights.score(pair, *around), around)
            places.setdefault(pair, []).append(place)
    return places


def _mapped(places: dict[Pair, list[Place]], seen: Counter[str]) -> set[Pair]:
    """Return the pairs of which the whole file was mapped.

    Places that want the right word speak for it; the right word itself speaks against. Near
    synonyms are only believed where other words of the file are mapped.
    """
    evidence = {
        pair: _evidence(group) + NEVER * seen[pair.right]
        for pair, group in places.items()
        if any(place.score > LIKELY for place in group)
    }
    mapped: set[Pair] = set()
    while True:
        kin = len(mapped)
        more = {p for p, value in evidence.items() if value + _prior(p, kin) > 0} - mapped
        if not more:
            return mapped
        mapped |= more


def _prior(pair: Pair, kin: int) -> float:
    """Return the log-odds of a mapped pair when ``kin`` other pairs of the file are mapped."""
    policy = policies()[pair]
    if kin < 2:
        return {"near": NEVER_ALONE, "whole": RARE_WHOLE}.get(policy, RARE)
    if policy == "near":
        return KIN_NEAR
    return KIN if kin < MANY else CERTAIN


def _spun(pair: Pair, group: list[Place]) -> bool:
    return policies()[pair] == "word" and any(place.score > SURE for place in group)


def _threshold(pair: Pair, kin: set[Pair]) -> float:
    """Return the log-odds above which a single place is damaged, given what else is."""
    match policies()[pair]:
        case "word":
            return SURE_AMONG_KIN if kin else SURE
        case "near" if len(kin) >= 2:
            return SURE_NEAR
    return NOT_SINGLY


def _evidence(group: list[Place]) -> float:
    """Add up what the places say; a repeated phrase says it once."""
    scores = {place.around: place.score for place in group}
    return sum(min(MOST_FROM_ONE, TRUST * max(0.0, score)) for score in scores.values())


@lru_cache(maxsize=1)
def _units() -> Units:
    return Units(word_pairs())


@lru_cache(maxsize=1)
def _contexts() -> Contexts:
    return contexts_of.load()


@lru_cache(maxsize=1)
def _pairs_by_damaged() -> dict[str, tuple[Pair, ...]]:
    by_damaged: dict[str, tuple[Pair, ...]] = {}
    for pair in word_pairs():
        by_damaged[pair.damaged] = (*by_damaged.get(pair.damaged, ()), pair)
    return by_damaged
