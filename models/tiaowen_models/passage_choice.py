"""The sentence of a clause that answers, chosen by the measurements that rank clauses."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from tiaowen_corpus.types import Span

from tiaowen_models.protocols import Candidates, Floats, QueryAnalysis, Ranking
from tiaowen_models.ranking import measured_of
from tiaowen_models.ranking_features import WORDING, Matrix, Measured, spread
from tiaowen_models.reader import Reader

FILE = "passage.json"
FORMAT = 1
PLACE = ("first sentence", "terms held before", "cosine before")
NAMES = (*WORDING, *PLACE)


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
        return [
            spans[int(np.argmax(rows @ self.weights))]
            for spans, rows in zip(
                measured.spans(positions), evidence(measured, positions), strict=True
            )
        ]

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


def evidence(measured: Measured, positions: Sequence[int]) -> list[Matrix]:
    """Return float32 ``[n_sentences, len(NAMES)]`` of the candidates at ``positions``."""
    return [_with_place(rows) for rows in measured.sentences(positions, pieces=True)]


def _with_place(rows: Matrix) -> Matrix:
    """Add where a sentence stands and what the one before it holds: it may name the subject."""
    rows = rows.copy()
    rows[:, WORDING.index("best sentence spread")] = spread(rows[:, WORDING.index("best sentence")])
    before = np.zeros((len(rows), len(PLACE)), np.float32)
    before[0, 0] = 1.0
    before[1:, 1] = rows[:-1, WORDING.index("terms held")]
    before[1:, 2] = rows[:-1, WORDING.index("best sentence")]
    return np.concatenate([rows, before], axis=1)
