"""Word translation probabilities from parallel text, to ask Chinese questions in English words.

A bag of words has no order, so a question translated word by word is as good a training query
for a static model as a real translation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from tiaowen_models.training.bank import Ints

ROUNDS = 5
LONGEST = 28  # tokens a side: longer pairs blur the alignment
LIKELY = 0.08  # translations less probable than this are noise


def lexical_probabilities(
    source: sp.csr_matrix, target: sp.csr_matrix, *, rounds: int = ROUNDS
) -> sp.csr_matrix:
    """Return p(target token | source token), csr ``[n_tokens, n_tokens]``, rows sum to ≤ 1.

    IBM Model 1 (Brown et al., Computational Linguistics 1993) over bags: row i of ``source``
    translates to row i of ``target``; an empty word takes what nothing explains.
    """
    n = source.shape[1]
    sizes_s, sizes_t = np.diff(source.indptr), np.diff(target.indptr)
    short = (sizes_s > 0) & (sizes_t > 0) & (sizes_s <= LONGEST) & (sizes_t <= LONGEST)
    source, target = source[short], target[short]
    words, others, places = _links(source, target)
    keys, link = np.unique(words * n + others, return_inverse=True)
    link = link.astype(np.int64)
    probability = np.ones(len(keys)) / 50
    empty = 1e-3
    for _ in range(rounds):
        weight = probability[link]
        total = np.bincount(places, weights=weight, minlength=target.nnz) + empty
        share = np.bincount(link, weights=weight / total[places], minlength=len(keys))
        mass = np.bincount(keys // n, weights=share, minlength=n)
        probability = share / (mass[keys // n] + 0.5)  # rare words are not sure of anything
    table = sp.csr_matrix((probability, (keys // n, keys % n)), shape=(n, n))
    table.data[table.data < LIKELY] = 0
    table.eliminate_zeros()
    return table


def _links(source: sp.csr_matrix, target: sp.csr_matrix) -> tuple[Ints, Ints, Ints]:
    """Return source token, target token and place of the target token of all links."""
    places = np.arange(target.nnz)
    rows = np.repeat(np.arange(target.shape[0]), np.diff(target.indptr))
    starts, sizes = source.indptr[rows].astype(np.int64), np.diff(source.indptr)[rows]
    sizes = sizes.astype(np.int64)
    first = np.cumsum(sizes) - sizes
    inner = np.arange(int(sizes.sum())) - np.repeat(first, sizes)
    words = source.indices[np.repeat(starts, sizes) + inner].astype(np.int64)
    repeated = np.repeat(places, sizes)
    return words, target.indices[repeated].astype(np.int64), repeated


@dataclass(frozen=True)
class Translator:
    """Swaps tokens for likely translations."""

    table: sp.csr_matrix

    @property
    def knows(self) -> NDArray[np.bool_]:
        """Whether a token has any translation, bool ``[n_tokens]``."""
        return np.diff(self.table.indptr) > 0

    def swap(self, bag: sp.csr_matrix, rng: np.random.Generator) -> sp.csr_matrix:
        """Replace every token by one of its translations, drawn by probability.

        Tokens without a translation are left out, save those that are no words (numbers).
        """
        knows = self.knows
        kept = knows[bag.indices]
        rows = np.repeat(np.arange(bag.shape[0]), np.diff(bag.indptr))[kept]
        words, data = bag.indices[kept], bag.data[kept]
        running = np.concatenate(([0.0], np.cumsum(self.table.data)))
        low, high = running[self.table.indptr[words]], running[self.table.indptr[words + 1]]
        drawn = low + rng.random(len(words)) * (high - low)
        at = np.searchsorted(running, drawn, side="right") - 1
        at = np.clip(at, self.table.indptr[words], self.table.indptr[words + 1] - 1)
        return sp.csr_matrix((data, (rows, self.table.indices[at])), shape=bag.shape)
