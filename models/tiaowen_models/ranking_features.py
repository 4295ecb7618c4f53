"""What a ranking model measures of each candidate, as one matrix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiaowen_models import kernels
from tiaowen_models.kernels import features
from tiaowen_models.kernels.wording import CompiledWording
from tiaowen_models.protocols import Candidates, Floats, QueryAnalysis
from tiaowen_models.ranking_query import asked
from tiaowen_models.reader import Reader
from tiaowen_models.reading import Part
from tiaowen_models.wording import NEAREST, SPREAD, WORDING, Matrix, Sentences, Wording, spread
from tiaowen_models.wording_reference import ReferenceWording

LEGS = ("bm25 share", "bm25 of ideal", "bm25 rank", "cosine", "cosine spread", "vector rank")
NAMES = (*LEGS, *WORDING)
_SPREAD = NAMES.index(NEAREST), NAMES.index(SPREAD)


class Measured:
    """The candidates at positions ``at`` of a search: their clauses and sentences, measured."""

    def __init__(
        self, analysis: QueryAnalysis, candidates: Candidates, at: NDArray[Any], reader: Reader
    ) -> None:
        """Read the candidates from the index, or anew where it has not read them."""
        self.at = at
        self.query = asked(analysis, candidates.idf)
        self._place = {position: number for number, position in enumerate(at.tolist())}
        meaning = reader.meaning(self.query.terms, analysis.folded)
        measure: Any = CompiledWording if kernels.AVAILABLE else ReferenceWording
        parts = _parts(candidates, at, reader)
        self._wording: Wording = measure(analysis, self.query, meaning, parts)
        self.clauses: Matrix = np.empty((len(at), len(NAMES)), np.float32)
        self._wording.clauses(self.clauses[:, len(LEGS) :])
        fill = features.fill if kernels.AVAILABLE else fill_by_numpy
        fill(candidates, at, self.query.ideal, _SPREAD, self.clauses)

    def __contains__(self, position: int) -> bool:
        return position in self._place

    def of(self, positions: Sequence[int]) -> Matrix:
        """Return float32 ``[n, len(NAMES)]``: the candidates at ``positions``."""
        return self.clauses[[self._place[position] for position in positions]]

    def sentences(self, positions: Sequence[int], *, pieces: bool = False) -> Sentences:
        """Return the sentences of the candidates at ``positions``, see `Wording.sentences`."""
        numbers = [self._place[position] for position in positions]
        return self._wording.sentences(numbers, pieces=pieces)


def _parts(candidates: Candidates, at: NDArray[Any], reader: Reader) -> Sequence[Part]:
    if candidates.read is not None:
        return candidates.read(candidates.rows[at])
    reading = reader.read([candidates.texts[position] for position in at.tolist()])
    everything = np.arange(len(reading))
    return [Part(reading, everything, everything)]


def fill_by_numpy(
    candidates: Candidates, at: NDArray[Any], ideal: float, spread_of: tuple[int, int], out: Matrix
) -> None:
    """Do what `kernels.features.fill` does."""
    bm25, cosine = candidates.bm25[at], candidates.vector[at]
    out[:, 0] = bm25 / max(float(candidates.bm25.max(initial=0.0)), 1e-6)
    out[:, 1] = bm25 / max(ideal, 1e-6)
    out[:, 2] = _reciprocal(candidates.bm25_rank[at])
    out[:, 3] = cosine
    out[:, 4] = spread(cosine)
    out[:, 5] = _reciprocal(candidates.vector_rank[at])
    out[:, spread_of[1]] = spread(out[:, spread_of[0]])


def _reciprocal(ranks: Any) -> Floats:
    return np.where(ranks > 0, 1.0 / (2.0 + ranks), 0.0).astype(np.float32)
