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

from tiaowen_models.protocols import Candidates, Floats, QueryAnalysis, Ranking
from tiaowen_models.ranking import measured_of
from tiaowen_models.ranking_features import Measured
from tiaowen_models.reader import Reader
from tiaowen_models.wording import NEAREST, SPREAD, WORDING, Sentences, spread_within

FILE = "passage.json"
FORMAT = 1
PLACE = ("first sentence", "terms held before", "cosine before")
NAMES = (*WORDING, *PLACE)
_HELD, _NEAREST, _SPREAD = (WORDING.index(name) for name in ("terms held", NEAREST, SPREAD))
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
        found = evidence(measured, positions)
        scores = found.rows @ self.weights
        bounds = found.first.tolist()
        chosen = [a + int(np.argmax(scores[a:b])) for a, b in pairwise(bounds)]
        return [Span(start, end) for start, end in found.spans[chosen].tolist()]

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
    """Return the sentences of the candidates at ``positions``, measured: [S, len(NAMES)].

    Beside its own wording it says where a sentence stands and what the one before it holds, which
    may name the subject; how near it comes is compared with the others of its clause.
    """
    found = measured.sentences(positions, pieces=True)
    rows = np.zeros((len(found.rows), len(NAMES)), np.float32)
    rows[:, : len(WORDING)] = found.rows
    rows[:, _SPREAD] = spread_within(found.rows[:, _NEAREST], found.first)
    rows[1:, _BEFORE] = found.rows[:-1][:, [_HELD, _NEAREST]]
    starts = found.first[:-1]
    rows[starts, len(WORDING) :] = (1.0, 0.0, 0.0)
    return replace(found, rows=rows)
