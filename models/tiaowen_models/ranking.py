"""The learned ranking: a weighted sum of measurements, so that every share can be told."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from tiaowen_models.protocols import Candidates, Floats, QueryAnalysis, Ranking
from tiaowen_models.ranking_features import NAMES, Measured
from tiaowen_models.reader import Reader

FILE = "ranking.json"
FORMAT = 1
NEAR = 40  # rank in either leg to which candidates are measured
BEYOND = "beyond the shortlist"  # the share of those that only the legs' scores order
COSINE = 4.0  # of the cosine beside the share of the best BM25 score, where only those order
_NUMBER = {name: number for number, name in enumerate((*NAMES, BEYOND))}


@dataclass(frozen=True, slots=True)
class LearnedOrder(Ranking):
    """A ranking with what was measured for it."""

    measured: Measured | None = None


@dataclass(frozen=True)
class LearnedRanking:
    """``weights`` float32 in the order of NAMES, for the measurements as they are."""

    weights: Floats
    reader: Reader

    @property
    def name(self) -> str:
        """The name shown by ``explain``."""
        return "learned"

    def rank(self, analysis: QueryAnalysis, candidates: Candidates) -> Ranking:
        """Return one score per candidate; the shares of a candidate add up to it.

        Candidates that neither leg has among its first NEAR follow the others, in the order of
        their fused leg scores.
        """
        at = shortlist(candidates)
        if not len(at):
            return Ranking(np.zeros(0, np.float32))
        measured = Measured(analysis, candidates, at, self.reader)
        parts = measured.clauses * self.weights
        own, fused = parts.sum(axis=1), fused_legs(candidates)
        scores = fused + (own.min() - 2.0 - fused.max())
        scores[at] = own
        return LearnedOrder(scores, _Shares(parts, at, scores), measured)

    @classmethod
    def load(cls, folder: Path, reader: Reader) -> Self:
        """Read the weights. Raises FileNotFoundError, or ValueError for another format."""
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
        if found.get("format") != FORMAT or set(found["weights"]) != set(NAMES):
            raise ValueError(f"{folder.name}/{FILE}: not of this release; run 'make train'")
        weights = [found["weights"][name] for name in NAMES]
        return cls(np.array(weights, np.float32), reader)


def save(folder: Path, weights: Mapping[str, float]) -> None:
    """Write the weights by name."""
    folder.mkdir(parents=True, exist_ok=True)
    rounded = {name: round(weight, 5) for name, weight in weights.items()}
    text = json.dumps({"format": FORMAT, "weights": rounded}, indent=1)
    (folder / FILE).write_text(text + "\n", encoding="utf-8")


def measured_of(
    ranking: Ranking,
    positions: Sequence[int],
    analysis: QueryAnalysis,
    candidates: Candidates,
    reader: Reader,
) -> Measured:
    """Return what was measured for ``ranking`` if that covers ``positions``, else measure them."""
    known = ranking.measured if isinstance(ranking, LearnedOrder) else None
    if known is not None and all(position in known for position in positions):
        return known
    return Measured(analysis, candidates, np.asarray(positions, np.int64), reader)


def shortlist(candidates: Candidates) -> NDArray[np.int64]:
    """Return the positions of the candidates that are measured."""
    # one below 0 is the largest without a sign, so that what a leg did not find is not near
    ranks = [r.view(np.uint32) - 1 for r in (candidates.bm25_rank, candidates.vector_rank)]
    return np.flatnonzero(np.minimum(*ranks) < NEAR)


def fused_legs(candidates: Candidates) -> Floats:
    """Return the share of the best BM25 score plus COSINE times the cosine."""
    best = max(float(candidates.bm25.max(initial=0.0)), 1e-6)
    return np.asarray(candidates.bm25 / best + COSINE * candidates.vector, np.float32)


class _Shares(Mapping[str, Floats]):
    """The shares by name, spread over all candidates only when they are asked for."""

    def __init__(self, parts: Floats, at: NDArray[np.int64], scores: Floats) -> None:
        self._parts, self._at, self._scores = parts, at, scores

    def __getitem__(self, name: str) -> Floats:
        number = _NUMBER[name]
        share = np.zeros_like(self._scores) if name != BEYOND else self._scores.copy()
        share[self._at] = self._parts[:, number] if name != BEYOND else 0.0
        return share

    def __iter__(self) -> Iterator[str]:
        return iter(_NUMBER)

    def __len__(self) -> int:
        return len(_NUMBER)
