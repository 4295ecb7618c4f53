"""How often each search term stands in each clause: the sparse matrices postings are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from tiaowen_corpus.script import fold_all
from tiaowen_models.bags import Numbers, Words, words_in_a_row
from tiaowen_models.tokens import parts_of

from tiaowen_indexer.terms import SearchTerms

Matrix = Any  # scipy.sparse.csc_matrix of uint16


@dataclass(frozen=True, slots=True)
class Counted:
    """``fields[name]`` uint16 ``[clauses, terms]`` by columns, each in the order of its rows."""

    terms: Sequence[str]
    fields: Mapping[str, Matrix]


class Counting:
    """Cuts the texts of one index into terms, numbered alike in all of its fields."""

    def __init__(self, terms: SearchTerms) -> None:
        self._search = terms
        self._words = Numbers()
        self._terms = Numbers()
        self._stands_for: list[int] = []  # the terms of every word: itself and its parts
        self._at = [0]

    @property
    def vocabulary(self) -> list[str]:
        """The terms met so far, in the order of the columns."""
        return list(self._terms)[1:]

    def terms(self, texts: Sequence[str]) -> Words:
        """Return the terms of every text, as `SearchTerms.of` gives them, by number."""
        return words_in_a_row([self._terms_of(part) for part in parts_of(texts)])

    def _terms_of(self, texts: Sequence[str]) -> Words:
        words = self._search.tokeniser.numbered(fold_all(texts), self._words)
        for word in islice(self._words, len(self._at) - 1, None):
            self._stands_for.append(self._terms[word])
            self._stands_for += [self._terms[part] for part in self._search.parts(word)]
            self._at.append(len(self._stands_for))
        table = Words(np.array(self._stands_for, np.int32), np.array(self._at, np.int64))
        terms = table.take(words.numbers)
        return Words(terms.numbers, terms.at[words.at])

    def matrix(self, found: Words) -> Matrix:
        """Return the counts of terms in texts as a matrix by columns."""
        each = np.ones(len(found.numbers), np.uint16)
        shape = (len(found.at) - 1, len(self._terms) - 1)
        matrix = sp.csr_matrix((each, found.numbers - 1, found.at), shape=shape).tocsc()
        matrix.sum_duplicates()
        return matrix


def lengths_of(matrix: Matrix) -> NDArray[np.int32]:
    """Return how many terms each clause has, repetitions counted."""
    return np.bincount(matrix.indices, matrix.data, matrix.shape[0]).astype(np.int32)
