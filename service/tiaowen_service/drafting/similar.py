"""Sentences of the corpus that word what a draft sentence words, best first."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from threading import Lock
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from tiaowen_corpus.script import fold
from tiaowen_corpus.types import Span
from tiaowen_indexer.store import StoredClause, repaired
from tiaowen_models.protocols import QueryAnalysis

from tiaowen_service.drafting.align import held, likeness, longest_run, masked
from tiaowen_service.legs import find
from tiaowen_service.passage import sentences
from tiaowen_service.request import Filters
from tiaowen_service.searcher import Searcher

Kind = Literal["near_verbatim", "reworded", "same_topic"]
Floats = NDArray[np.float32]

DEPTH = 60  # clauses of each leg whose sentences are looked at
ALIGNED = 40  # sentences that are aligned character by character
SHORTEST = 6  # characters: 切实加强领导 is no precedent of anything
SHORTEST_HELD = 9  # characters of a draft that may stand whole in a longer sentence
KEPT_VECTORS = 20_000  # clauses whose sentence vectors are kept

# Thresholds and weights measured on evaluation/precedents (dev).
NEAR = 0.72  # likeness but for figures
WITHIN = 0.85  # share of the draft that stands in a longer sentence
REWORDED = 0.40  # score
TOPIC = 0.30
WEIGHTS = {"words": 0.40, "pairs": 0.15, "meaning": 0.45}
COMMON = 0.5  # what a word that every clause holds still weighs, against 1.5 for the rarest


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a clause: its wording, its place in the clause's body, and how it is read
    with its repairs applied.
    """

    row: int
    text: str
    start: int
    end: int
    read: str


@dataclass(frozen=True, slots=True)
class Alike:
    """A sentence of the corpus with how it relates to the draft sentence, all in [0, 1]."""

    sentence: Sentence
    kind: Kind
    score: float
    likeness: float  # of characters, figures apart
    held: float  # share of the draft that stands in it
    meaning: float  # cosine
    run: tuple[int, int, int]  # longest equal run: characters, start and end in the draft


class SentenceVectors:
    """Vectors of the sentences of clauses, computed when first asked for."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._kept: OrderedDict[int, tuple[tuple[Sentence, ...], Floats]] = OrderedDict()
        self._lock = Lock()

    def of(self, clauses: Iterable[StoredClause]) -> tuple[list[Sentence], Floats]:
        """Return the sentences of ``clauses`` and their unit vectors, float32 ``[n, d]``."""
        wanted = list(clauses)
        with self._lock:
            known = {one.row: self._kept[one.row] for one in wanted if one.row in self._kept}
        for stored, cut, vectors in self._computed([one for one in wanted if one.row not in known]):
            known[stored.row] = cut, vectors
            with self._lock:
                self._kept[stored.row] = cut, vectors
                if len(self._kept) > KEPT_VECTORS:
                    self._kept.popitem(last=False)
        found = [sentence for stored in wanted for sentence in known[stored.row][0]]
        parts = [known[stored.row][1] for stored in wanted]
        dimensions = self._searcher.embedder.dimensions
        return found, np.concatenate([np.zeros((0, dimensions), np.float32), *parts])

    def _computed(
        self, missing: Sequence[StoredClause]
    ) -> list[tuple[StoredClause, tuple[Sentence, ...], Floats]]:
        cut = [sentences_of(stored) for stored in missing]
        texts = [sentence.read for part in cut for sentence in part]
        if not missing:
            return []
        vectors = np.asarray(self._searcher.embedder.encode_clauses(texts), np.float32)
        found, at = [], 0
        for stored, part in zip(missing, cut, strict=True):
            found.append((stored, part, vectors[at : at + len(part)]))
            at += len(part)
        return found


def sentences_of(stored: StoredClause) -> tuple[Sentence, ...]:
    """Return the sentences of a clause's wording that say something, its heading first.

    A heading (细化…管理,在…上求突破) stands before the body: its place is ``[0, 0)``.
    """
    heading = stored.clause.heading
    titled = heading != stored.text and len(masked(heading)) >= SHORTEST
    return (
        *((Sentence(stored.row, heading, 0, 0, heading),) if titled else ()),
        *(
            Sentence(stored.row, span.of(stored.text), span.start, span.end, _read(stored, span))
            for span in sentences(stored.text)
            if len(masked(span.of(stored.text))) >= SHORTEST
        ),
    )


def _read(stored: StoredClause, span: Span) -> str:
    repairs = [
        replace(repair, start=repair.start - span.start, end=repair.end - span.start)
        for repair in stored.repairs
        if span.start <= repair.start and repair.end <= span.end
    ]
    return repaired(span.of(stored.text), repairs)


class Finder:
    """Finds like sentences over one snapshot; safe to share between threads."""

    def __init__(self, searcher: Searcher) -> None:
        self.searcher = searcher
        self.vectors = SentenceVectors(searcher)

    def find(self, text: str, *, filters: Filters | None = None) -> list[Alike]:
        """Return the sentences that are alike, best first, near-verbatim ones before others."""
        searcher = self.searcher
        analysis = replace(searcher.analyser.analyse(text), phrases=())
        mask = searcher.catalogue.mask(filters or Filters())
        found = find(
            analysis, searcher.snapshot, searcher.embedder, mode="hybrid", mask=mask, depth=DEPTH
        )
        candidates, vectors = self.vectors.of(searcher.clauses(found.rows))
        if not candidates:
            return []
        query = np.asarray(searcher.embedder.encode_clauses([text]), np.float32)[0]
        meaning = vectors @ query
        wanted = _wanted(analysis, searcher)
        words = [_words_held(wanted, sentence.read) for sentence in candidates]
        pairs = [_pairs_shared(text, sentence.read) for sentence in candidates]
        scores = (
            WEIGHTS["words"] * np.array(words)
            + WEIGHTS["pairs"] * np.array(pairs)
            + WEIGHTS["meaning"] * np.clip(meaning, 0.0, 1.0)
        )
        best = np.argsort(-scores, kind="stable")[:ALIGNED]
        alike = [
            one
            for at in best
            if (one := _related(text, candidates[at], float(scores[at]), float(meaning[at])))
        ]
        order = {"near_verbatim": 0, "reworded": 1, "same_topic": 2}
        alike.sort(key=lambda one: (order[one.kind], -one.score, one.sentence.row))
        return alike


def _related(text: str, sentence: Sentence, score: float, meaning: float) -> Alike | None:
    like, share = likeness(text, sentence.read), held(text, sentence.read)
    run = max(longest_run(text, sentence.text), longest_run(text, sentence.read))
    kind: Kind
    if like >= NEAR or (share >= WITHIN and len(masked(text)) >= SHORTEST_HELD):
        kind, score = "near_verbatim", max(like, share)
    elif score >= REWORDED:
        kind = "reworded"
    elif score >= TOPIC:
        kind = "same_topic"
    else:
        return None
    return Alike(sentence, kind, round(score, 4), round(like, 4), round(share, 4), meaning, run)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A content word of the draft, the forms that stand for it, and its weight."""

    word: str
    kin: tuple[str, ...]
    weight: float


def _wanted(analysis: QueryAnalysis, searcher: Searcher) -> list[_Wanted]:
    """Return the content words of a draft; long and rare ones weigh more, figures nothing."""
    forms: dict[str, list[str]] = {word: [] for word in analysis.words if not word.isdigit()}
    for term in analysis.terms:
        if term.origin in ("synonym", "part") and term.source in forms:
            forms[term.source].append(term.text)
    lexical = searcher.snapshot.lexical
    rarest = math.log1p(searcher.clause_count)
    return [
        _Wanted(
            word,
            tuple(kin),
            math.sqrt(len(word)) * (COMMON + (lexical.idf(word) or rarest) / rarest),
        )
        for word, kin in forms.items()
    ]


def _words_held(wanted: Sequence[_Wanted], text: str) -> float:
    """Return the share of the draft's words that ``text`` holds; a synonym or a part of a word
    counts half.
    """
    folded = fold(text)
    total = sum(one.weight for one in wanted)
    whole = sum(one.weight for one in wanted if one.word in folded)
    kin = sum(
        one.weight / 2
        for one in wanted
        if one.word not in folded and any(form in folded for form in one.kin)
    )
    return (whole + kin) / total if total else 0.0


def _pairs_shared(one: str, other: str) -> float:
    """Return the Dice coefficient of the character pairs, figures apart."""
    first, second = _pairs(one), _pairs(other)
    total = len(first) + len(second)
    return 2 * len(first & second) / total if total else 0.0


def _pairs(text: str) -> frozenset[tuple[str, str]]:
    keys = masked(text)
    return frozenset(pairwise(keys))
