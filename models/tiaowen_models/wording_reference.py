"""Wording measured by numpy: what the compiled kernels are held equal to and replaced by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tiaowen_models.evidence import Evidence, Level, by_group, share
from tiaowen_models.protocols import Floats, QueryAnalysis
from tiaowen_models.ranking_query import Asked
from tiaowen_models.reader import Meaning
from tiaowen_models.reading import Part, ranges, taken
from tiaowen_models.wording import ABOVE, INTENTS, LONG_RUN, Matrix, Sentences


class ReferenceWording:
    """Implements ``Wording``."""

    def __init__(
        self, analysis: QueryAnalysis, query: Asked, meaning: Meaning, parts: Sequence[Part]
    ) -> None:
        self._query, self._meaning = query, meaning
        self._reading = taken(parts)
        self._evidence = Evidence(analysis, query, meaning, self._reading)

    def clauses(self, out: Matrix) -> None:
        """Write what is measured into ``out``, float32 ``[n, len(WORDING)]``."""
        out[:] = self._measured(self._evidence.clauses(), self._query.strength)

    def sentences(self, numbers: Sequence[int], *, pieces: bool = False) -> Sentences:
        """Return the sentences of the clauses numbered so."""
        query = self._query
        strength = query.piece_strength if pieces else query.strength
        first, at = ranges(self._reading.sentences, np.asarray(numbers, np.int64))
        level = self._evidence.sentences(at, strength)
        return Sentences(self._measured(level, strength), self._reading.spans[at], first)

    def _measured(self, level: Level, strength: Floats) -> Matrix:
        columns = _columns(self._query, level, self._meaning, strength[:, None])
        return np.stack([np.asarray(column, np.float32) for column in columns], axis=1)


def _columns(query: Asked, level: Level, meaning: Meaning, strength: Floats) -> list[Any]:
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
        np.zeros(len(level.cosine)),
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
    anywhere = np.maximum(level.held, ABOVE * level.around)
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
    both = np.maximum(grouped, ABOVE * above)
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
