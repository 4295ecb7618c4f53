"""The sentence of a clause that answers, chosen by the measurements that rank clauses."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from tiaowen_corpus.types import Span

from tiaowen_models.kernels import AVAILABLE
from tiaowen_models.kernels.choice import COLUMNS, chosen
from tiaowen_models.protocols import Candidates, Floats, QueryAnalysis, Ranking
from tiaowen_models.ranking import measured_of
from tiaowen_models.ranking_features import Measured
from tiaowen_models.reader import Reader
from tiaowen_models.wording import WORDING, Sentences, spread_within

FILE = "passage.json"
FORMAT = 1
PLACE = ("first sentence", "terms held before", "cosine before")
NAMES = (*WORDING, *PLACE)
_HELD, _NEAREST, _SPREAD = COLUMNS
_BEFORE = slice(len(WORDING) + 1, None)


@dataclass(frozen=True)
class LearnedPassages:
    """``weights`` float32 in the order of NAMES."""

    weights: Floats
    reader: Reader

    def best(
        self,
        analysis: QueryAnalysis,
        candidates: Candidates,
        ranking: Ranking,
        positions: Sequence[int],
    ) -> list[Span]:
        """Return a span of the body of each candidate at ``positions``; of equals the earlier."""
        if not len(positions):
            return []
        measured = measured_of(ranking, positions, analysis, candidates, self.reader)
        found = measured.sentences(positions, pieces=True)
        best = chosen(found, self.weights) if AVAILABLE else weighed(found, self.weights)
        return [Span(start, end) for start, end in found.spans[best].tolist()]

    @classmethod
    def load(cls, folder: Path, reader: Reader) -> Self:
        """Read the weights. Raises FileNotFoundError, or ValueError for another format."""
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
        if found.get("format") != FORMAT or set(found["weights"]) != set(NAMES):
            raise ValueError(f"{folder.name}/{FILE}: not of this release; run 'make train'")
        return cls(np.array([found["weights"][name] for name in NAMES], np.float32), reader)


def save(folder: Path, weights: NDArray[np.float64]) -> None:
    """Write the weights by name."""
    folder.mkdir(parents=True, exist_ok=True)
    named = {name: round(float(w), 5) for name, w in zip(NAMES, weights, strict=True)}
    text = json.dumps({"format": FORMAT, "weights": named}, indent=1)
    (folder / FILE).write_text(text + "\n", encoding="utf-8")


def evidence(measured: Measured, positions: Sequence[int]) -> Sentences:
    """Return the sentences of the candidates at ``positions``, measured: [S, len(NAMES)]."""
    return placed(measured.sentences(positions, pieces=True))


def weighed(found: Sentences, weights: Floats) -> list[int]:
    """Return which sentence of each clause weighs most; ``found.rows`` [S, len(WORDING)]."""
    scores = placed(found).rows @ weights
    return [a + int(np.argmax(scores[a:b])) for a, b in pairwise(found.first.tolist())]


def placed(found: Sentences) -> Sentences:
    """Say, beside the wording of a sentence, where it stands and what the one before it holds,
    which may name the subject; how near it comes is compared with the others of its clause.
    """
    rows = np.zeros((len(found.rows), len(NAMES)), np.float32)
    rows[:, : len(WORDING)] = found.rows
    rows[:, _SPREAD] = spread_within(found.rows[:, _NEAREST], found.first)
    rows[1:, _BEFORE] = found.rows[:-1][:, [_HELD, _NEAREST]]
    starts = found.first[:-1]
    rows[starts, len(WORDING) :] = (1.0, 0.0, 0.0)
    return replace(found, rows=rows)
