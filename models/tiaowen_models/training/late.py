"""Late interaction: each query word finds its best word in the clause (ColBERT, SIGIR 2020).

The same token vectors serve the sum and the word-by-word match that the ranking model uses, so
the last stage teaches them both.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_TINY = 1e-9
_FAINT = 1e-3  # slopes this much smaller than the largest are not carried back


class LateMatch:
    """Weighted mean over query words of the best cosine in each clause, with its slopes.

    A query word weighs as much as its vector is long, times the root of its count.
    """

    def __init__(
        self, query: sp.csr_matrix, clause: sp.csr_matrix, asked: Floats, held: Floats
    ) -> None:
        """Take bags ``[n, Tq]`` and ``[m, Tc]``, token vectors ``[Tq, d]`` and ``[Tc, d]``."""
        self.query, self.clause = query, clause
        self.long_asked, self.asked = _unit(asked)
        self.long_held, self.held = _unit(held)
        weights = query.copy()
        weights.data = weights.data * self.long_asked[weights.indices]
        self.mass = np.maximum(np.asarray(weights.sum(1)).ravel(), _TINY).astype(np.float32)
        weights.data = weights.data / np.repeat(self.mass, np.diff(weights.indptr))
        self.weights = weights

    def scores(self) -> Floats:
        """Return the match of every query with every clause, float32 ``[n, m]``."""
        near = self.held @ self.asked.T
        size = (self.clause.shape[0], near.shape[1])
        self.best, self.which = np.zeros(size, dtype=np.float32), np.zeros(size, dtype=np.int64)
        for row in range(size[0]):
            tokens = self.clause.indices[self.clause.indptr[row] : self.clause.indptr[row + 1]]
            if len(tokens):
                block = near[tokens]
                at = block.argmax(0)
                self.which[row] = tokens[at]
                self.best[row] = np.take_along_axis(block, at[None], 0)[0]
        self.value = np.asarray(self.weights @ self.best.T, dtype=np.float32)
        return self.value

    def backward(self, slope: Floats) -> tuple[Floats, Floats]:
        """Return the slopes by the token vectors of both sides, given those by the scores."""
        by_best = np.asarray(self.weights.T @ slope)  # [Tq, m]
        word, clause = np.nonzero(np.abs(by_best) > np.abs(by_best).max() * _FAINT)
        pull = sp.csr_matrix(
            (by_best[word, clause], (word, self.which[clause, word])),
            shape=(len(self.asked), len(self.held)),
        )
        by_asked = _through_unit(pull @ self.held, self.asked, self.long_asked)
        by_held = _through_unit(pull.T.tocsr() @ self.asked, self.held, self.long_held)
        return by_asked + self._by_length(slope)[:, None] * self.asked, by_held

    def _by_length(self, slope: Floats) -> Floats:
        """Return the slopes by the lengths of the query's token vectors, ``[Tq]``."""
        rows = np.repeat(np.arange(self.query.shape[0]), np.diff(self.query.indptr))
        words = self.query.indices
        gain = np.einsum("km,km->k", slope[rows], self.best.T[words] - self.value[rows])
        gain = gain * self.query.data / self.mass[rows]
        return np.bincount(words, weights=gain, minlength=len(self.asked)).astype(np.float32)


def _unit(vectors: Floats) -> tuple[Floats, Floats]:
    lengths = np.maximum(np.linalg.norm(vectors, axis=1), _TINY).astype(np.float32)
    return lengths, vectors / lengths[:, None]


def _through_unit(slope: Floats, unit: Floats, lengths: Floats) -> Floats:
    along = np.einsum("td,td->t", slope, unit)
    return np.asarray((slope - unit * along[:, None]) / lengths[:, None], dtype=np.float32)
