"""The sentence of a clause that answers, chosen by the measurements that rank clauses."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from tiaowen_corpus.types import Span

from tiaowen_models.passages import LONGEST, sentences
from tiaowen_models.protocols import Floats, QueryAnalysis, SentenceSource
from tiaowen_models.ranking_features import WORDING, measure_sentences, spread
from tiaowen_models.ranking_query import asked
from tiaowen_models.wording import Wordings

FILE = "passage.json"
FORMAT = 1
PLACE = ("first sentence", "terms held before", "cosine before")
NAMES = (*WORDING, *PLACE)
# 教学 alone says half of what 教学开放周 would: within a clause about teaching every sentence has
# it. In ranking whole clauses the discount costs a point of S@1.
PIECE = 0.5


@dataclass(frozen=True)
class LearnedPassages:
    """``weights`` float32 in the order of NAMES."""

    weights: Floats
    wordings: Wordings

    def best(
        self, analysis: QueryAnalysis, texts: Sequence[SentenceSource], idf: Mapping[str, float]
    ) -> list[Span]:
        """Return a span of each folded text, at most LONGEST characters long.

        Of equals the earlier one wins; a text without sentences is taken whole, cut to LONGEST.
        """
        cuts = [sentences(text.folded) for text in texts]
        several = [row for row, cut in enumerate(cuts) if len(cut) > 1]
        chosen = [
            cut[0] if cut else Span(0, min(len(text.folded), LONGEST))
            for text, cut in zip(texts, cuts, strict=True)
        ]
        if several:
            measured = evidence(analysis, [texts[row] for row in several], idf, self.wordings)
            for row, sentence in zip(several, measured, strict=True):
                chosen[row] = cuts[row][int(np.argmax(sentence @ self.weights))]
        return chosen

    @classmethod
    def load(cls, folder: Path, wordings: Wordings) -> Self:
        """Read the weights. Raises FileNotFoundError, or ValueError for another format."""
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
        if found.get("format") != FORMAT or set(found["weights"]) != set(NAMES):
            raise ValueError(f"{folder.name}/{FILE}: not of this release; run 'make train'")
        return cls(np.array([found["weights"][name] for name in NAMES], np.float32), wordings)


def save(folder: Path, weights: NDArray[np.float64]) -> None:
    """Write the weights by name."""
    folder.mkdir(parents=True, exist_ok=True)
    named = {name: round(float(w), 5) for name, w in zip(NAMES, weights, strict=True)}
    text = json.dumps({"format": FORMAT, "weights": named}, indent=1)
    (folder / FILE).write_text(text + "\n", encoding="utf-8")


def evidence(
    analysis: QueryAnalysis,
    texts: Sequence[SentenceSource],
    idf: Mapping[str, float],
    wordings: Wordings,
) -> list[NDArray[np.float32]]:
    """Return float32 ``[n_sentences, len(NAMES)]`` of each text, in the order of `sentences`."""
    cuts = [sentences(text.folded) for text in texts]
    query = asked(analysis, idf, piece=PIECE)
    rows = measure_sentences(analysis, query, texts, cuts, wordings=wordings)
    ends = np.cumsum([len(cut) for cut in cuts])[:-1]
    return [_with_place(block) for block in np.split(rows, ends)]


def _with_place(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Add where a sentence stands and what the one before it holds: it may name the subject."""
    rows = rows.copy()
    rows[:, WORDING.index("best sentence spread")] = spread(rows[:, WORDING.index("best sentence")])
    before = np.zeros((len(rows), len(PLACE)), np.float32)
    before[0, 0] = 1.0
    before[1:, 1] = rows[:-1, WORDING.index("terms held")]
    before[1:, 2] = rows[:-1, WORDING.index("best sentence")]
    return np.concatenate([rows, before], axis=1)
