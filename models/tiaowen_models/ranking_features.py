"""What a ranking model measures of each candidate, as one matrix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tiaowen_corpus.types import Span

from tiaowen_models.evidence import Evidence, Level, by_group, share
from tiaowen_models.protocols import Candidates, Floats, QueryAnalysis
from tiaowen_models.ranking_query import Asked, asked
from tiaowen_models.reader import Meaning, Reader

INTENTS = ("who", "when", "how_often", "how_many", "may", "prohibited", "penalty", "how", "why")
LEGS = ("bm25 share", "bm25 of ideal", "bm25 rank", "cosine", "cosine spread", "vector rank")
WORDING = (
    "words held",
    "terms held",
    "terms in headings",
    "terms anywhere",
    "terms in one sentence",
    "meaning beyond terms",
    "meaning beyond terms anywhere",
    "weakest soft match",
    "soft match by meaning",
    "focus",
    "best sentence",
    "best sentence spread",
    "longest run",
    "whole query held",
    "figures held",
    "periods held",
    *(f"asks {name}" for name in INTENTS),
    "asked kinds held",
    "asked kinds near terms",
    "asked unit held",
    "asked unit near terms",
    "heading only",
    "length",
    "sentences",
)
NAMES = (*LEGS, *WORDING)
LONG_RUN = 12  # characters: a longer common run says no more
_ABOVE = 0.8  # what a heading holds counts beside what the wording holds

Matrix = NDArray[np.float32]


class Measured:
    """The candidates at positions ``at`` of a search: their clauses and sentences, measured."""

    def __init__(
        self, analysis: QueryAnalysis, candidates: Candidates, at: NDArray[Any], reader: Reader
    ) -> None:
        """Read the candidates from the index, or anew where it has not read them."""
        self.at = at
        self.query = asked(analysis, candidates.idf)
        self._place = {position: number for number, position in enumerate(at.tolist())}
        self._meaning = reader.meaning(self.query.terms, analysis.folded)
        if candidates.read is not None:
            reading = candidates.read(candidates.rows[at])
        else:
            reading = reader.read([candidates.texts[position] for position in at.tolist()])
        self.reading = reading
        self.evidence = Evidence(analysis, self.query, self._meaning, reading)
        legs = _legs(self.query, candidates, at)
        wording = _wording(self.query, self.evidence.clauses(), self._meaning)
        self.clauses: Matrix = _matrix([*legs, *wording])  # [len(at), len(NAMES)]

    def __contains__(self, position: int) -> bool:
        return position in self._place

    def of(self, positions: Sequence[int]) -> Matrix:
        """Return the rows of the candidates at ``positions``."""
        return self.clauses[[self._place[position] for position in positions]]

    def spans(self, positions: Sequence[int]) -> list[list[Span]]:
        """Return the sentences of the candidates at ``positions``, as places in their bodies."""
        first, spans = self.reading.sentences, self.reading.spans
        return [
            [Span(start, end) for start, end in spans[first[at] : first[at + 1]].tolist()]
            for at in (self._place[position] for position in positions)
        ]

    def sentences(self, positions: Sequence[int], *, pieces: bool = False) -> list[Matrix]:
        """Return float32 ``[n_sentences, len(WORDING)]`` of each of the candidates: its sentences
        as if they were clauses. ``pieces``: see `Evidence.sentences`.
        """
        first = self.reading.sentences
        numbers = [self._place[position] for position in positions]
        ranges = [np.arange(first[number], first[number + 1]) for number in numbers]
        if not ranges:
            return []
        level = self.evidence.sentences(np.concatenate(ranges), pieces=pieces)
        rows = _matrix(_wording(self.query, level, self._meaning, pieces=pieces))
        return np.split(rows, np.cumsum([len(each) for each in ranges])[:-1])


def _wording(query: Asked, level: Level, meaning: Meaning, *, pieces: bool = False) -> list[Floats]:
    strength = (query.piece_strength if pieces else query.strength)[:, None]
    covered = _covered(query, level, strength)
    near = _near(query, level, meaning, strength)
    # what the vectors add to the terms held, so that no share takes back what another gave
    beyond = [near[0] - covered[1], near[1] - covered[3], *near[2:]]
    whole = sum(map(len, query.han))
    return [
        *covered,
        *beyond,
        level.focus,
        level.cosine,
        spread(level.cosine),
        np.minimum(level.run / min(max(1, whole), LONG_RUN), 1.0),
        (level.run == whole) & (whole > 0),
        level.figures,
        level.periods,
        *_signs(level),
        level.units,
        level.units_near,
        level.heading_only,
        level.length,
        level.sentences,
    ]


def _covered(query: Asked, level: Level, strength: Floats) -> list[Floats]:
    anywhere = np.maximum(level.held, _ABOVE * level.around)
    return [
        share(query, by_group(query, level.held * query.exact[:, None])),
        share(query, by_group(query, level.held * strength)),
        share(query, by_group(query, level.around * strength)),
        share(query, by_group(query, anywhere * strength)),
        level.share,
    ]


def _near(query: Asked, level: Level, meaning: Meaning, strength: Floats) -> list[Floats]:
    """Best match of each word asked among the words of the clause, by their vectors."""
    if not query.terms or not level.held.size:
        return [np.zeros(level.held.shape[1], np.float32)] * 4
    grouped = by_group(query, np.maximum(level.near, level.held) * strength)
    above = by_group(query, np.maximum(level.above, level.around) * strength)
    both = np.maximum(grouped, _ABOVE * above)
    heavy = query.weight >= 0.5 * query.weight.max(initial=0.0)
    meant = np.maximum.reduceat(meaning.lengths, query.starts)
    return [
        share(query, grouped),
        share(query, both),
        both[heavy].min(axis=0),
        np.asarray(meant @ both / max(float(meant.sum()), 1e-6), np.float32),
    ]


def _signs(level: Level) -> list[Floats]:
    nothing = np.zeros(len(level.length), np.float32)
    asked_kinds = np.mean(list(level.signs.values()), axis=0) if level.signs else nothing
    return [*(level.signs.get(name, nothing) for name in INTENTS), asked_kinds, level.asked_near]


def _matrix(columns: Sequence[Any]) -> Matrix:
    return np.stack([np.asarray(column, np.float32) for column in columns], axis=1)


def _legs(query: Asked, candidates: Candidates, at: NDArray[Any]) -> list[Floats]:
    bm25, cosine = candidates.bm25[at], candidates.vector[at]
    best = max(float(candidates.bm25.max(initial=0.0)), 1e-6)
    return [
        bm25 / best,
        bm25 / max(query.ideal, 1e-6),
        _reciprocal(candidates.bm25_rank[at]),
        cosine,
        spread(cosine),
        _reciprocal(candidates.vector_rank[at]),
    ]


def _reciprocal(ranks: Any) -> Floats:
    return np.where(ranks > 0, 1.0 / (2.0 + ranks), 0.0).astype(np.float32)


def spread(values: Floats) -> Floats:
    """Distance to the best value, in standard deviations; at most 0."""
    if not len(values):
        return values
    deviation = max(float(values.std()), 1e-3)
    return np.asarray((values - values.max()) / deviation, np.float32)
