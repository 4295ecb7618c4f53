"""How likely the first hit answers: learned from answered and from unanswerable questions."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from tiaowen_models.protocols import Candidates, Floats, QueryAnalysis, Ranking
from tiaowen_models.ranking import measured_of
from tiaowen_models.ranking_features import NAMES as MEASURED
from tiaowen_models.reader import Reader
from tiaowen_models.wording import WORDING, Matrix

FILE = "confidence.json"
FORMAT = 1
SEEN = 10  # candidates that are compared with the best
MOST_WORDS = 12  # a longer question is as good as one of so many words
TAKEN = (
    "cosine",
    "soft match by meaning",
    "best sentence",
    "terms anywhere",
    "terms in one sentence",
    "asked unit near terms",
    "asked kinds near terms",
    "longest run",
)
ONE_SENTENCE = 1.0  # log2(1 + sentences) of a clause of one
# of the sentence of the best candidate that comes nearest to the query
SENTENCE = ("weakest soft match", "words held", "asked unit held")
NAMES = (
    "score",
    "lead over the fifth",
    *TAKEN,
    "asked unit missing",
    "weakest soft match in its sentence",
    "words held in its sentence",
    "asked unit missing from its sentence",
    "asks for a quantity",
    "kinds of answer asked",
    "terms split",
    "known share",
    "words asked",
)
_TAKEN = tuple(MEASURED.index(name) for name in TAKEN)
_BY_MEANING = MEASURED.index("soft match by meaning")
_UNIT_HELD = MEASURED.index("asked unit held")
_SENTENCES = MEASURED.index("sentences")
_OF_SENTENCE = tuple(MEASURED.index(name) for name in SENTENCE)
_SENTENCE = tuple(WORDING.index(name) for name in SENTENCE)
_SOFT_MATCH, _BEST_SENTENCE = (
    WORDING.index(name) for name in ("soft match by meaning", "best sentence")
)


@dataclass(frozen=True)
class LearnedConfidence:
    """Logistic of ``bias`` plus ``weights`` times the evidence, in the order of NAMES."""

    bias: float
    weights: Floats
    reader: Reader

    def confidence(
        self, analysis: QueryAnalysis, candidates: Candidates, ranking: Ranking
    ) -> float:
        """Return a probability in [0, 1]; 0.0 without candidates."""
        if not len(candidates):
            return 0.0
        found = evidence(analysis, candidates, ranking, self.reader)
        value = self.bias + float(self.weights @ found)
        return 1.0 / (1.0 + math.exp(-min(max(value, -30.0), 30.0)))

    @classmethod
    def load(cls, folder: Path, reader: Reader) -> Self:
        """Read the weights. Raises FileNotFoundError, or ValueError for another format."""
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
        if found.get("format") != FORMAT or set(found["weights"]) != set(NAMES):
            raise ValueError(f"{folder.name}/{FILE}: not of this release; run 'make train'")
        weights = np.array([found["weights"][name] for name in NAMES], np.float32)
        return cls(float(found["bias"]), weights, reader)


def save(folder: Path, bias: float, weights: NDArray[np.float64]) -> None:
    """Write the weights by name."""
    folder.mkdir(parents=True, exist_ok=True)
    named = {name: round(float(w), 5) for name, w in zip(NAMES, weights, strict=True)}
    found = {"format": FORMAT, "bias": round(bias, 5), "weights": named}
    (folder / FILE).write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def evidence(
    analysis: QueryAnalysis, candidates: Candidates, ranking: Ranking, reader: Reader
) -> Floats:
    """Return float32 ``[len(NAMES)]``: what speaks for and against the best-ranked candidate."""
    scores = ranking.scores
    order = (-scores).argsort(kind="stable")[:SEEN]
    nearest = order.tolist()
    measured = measured_of(ranking, nearest, analysis, candidates, reader)
    rows, query = measured.of(nearest), measured.query
    best = rows[0].tolist()
    if best[_SENTENCES] > ONE_SENTENCE:
        weakest, held_there, unit_there = _nearest(measured.sentences(nearest[:1]).rows)
    else:  # what is measured of it is measured of its sentence
        weakest, held_there, unit_there = (best[column] for column in _OF_SENTENCE)
    # what other candidates hold of the query and the best one does not
    held = rows[:, _BY_MEANING].tolist()
    top = scores[order[:5]].tolist()
    asks_quantity = float(bool(query.units))
    values = (  # in the order of NAMES
        top[0],
        top[0] - top[-1],
        *(best[column] for column in _TAKEN),
        asks_quantity - best[_UNIT_HELD],
        weakest,
        held_there,
        asks_quantity - unit_there,
        asks_quantity,
        float(len(analysis.asks)),
        max(held) - held[0],
        query.known,
        float(min(len(query.weight), MOST_WORDS)),
    )
    return np.array(values, np.float32)


def _nearest(sentences: Matrix) -> list[float]:
    """Return SENTENCE as measured of the sentence that is nearest to the query."""
    near = sentences[:, _SOFT_MATCH] + sentences[:, _BEST_SENTENCE]
    best = sentences[near.argmax()].tolist()
    return [best[column] for column in _SENTENCE]
