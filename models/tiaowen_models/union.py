"""What the two legs of a search found, put together by row."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from tiaowen_models.protocols import Floats, Integers

Score = Callable[[Integers], Floats]


class Union(NamedTuple):
    """Columns of equal length, rows in order; rank 0 where a leg did not find a row."""

    rows: Integers
    bm25: Floats
    bm25_rank: Integers
    vector: Floats
    vector_rank: Integers


def united(
    words: tuple[Integers, Floats],
    near: tuple[Integers, Floats],
    bm25: Score | None,
    cosines: Score | None,
) -> Union:
    """Put together the rows of either leg, best first, with their scores.

    ``bm25`` and ``cosines`` score what the other leg found; None: all scores are 0.
    """
    rows = np.unique(np.concatenate([words[0], near[0]]))
    return Union(
        *(rows, _completed(rows, *words, bm25), _ranks(rows, words[0])),
        *(_completed(rows, *near, cosines), _ranks(rows, near[0])),
    )


def _completed(rows: Integers, ranked: Integers, known: Floats, score: Score | None) -> Floats:
    scores = np.zeros(len(rows), np.float32)
    if score is not None:
        at = np.searchsorted(rows, ranked)
        scores[at] = known
        others = np.ones(len(rows), bool)
        others[at] = False
        if others.any():
            scores[others] = score(rows[others])
    return scores


def _ranks(rows: Integers, ranked: Integers) -> Integers:
    ranks = np.zeros(len(rows), np.int32)
    ranks[np.searchsorted(rows, ranked)] = np.arange(1, len(ranked) + 1, dtype=np.int32)
    return ranks
