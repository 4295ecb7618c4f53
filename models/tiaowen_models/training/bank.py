"""Sources as arrays of token numbers, from which a training step draws its batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from tiaowen_models.features import Vocabulary, subwords
from tiaowen_models.tokens import Tokeniser
from tiaowen_models.training.sources import Source, Units

Ints = NDArray[np.int64]


class TokenBank:
    """Numbers for tokens in order of first sight, and the units written with them."""

    def __init__(self) -> None:
        self._tokeniser = Tokeniser()
        self._number: dict[str, int] = {}
        self._flat: list[int] = []
        self._ends: list[int] = [0]

    def add(self, units: Units) -> tuple[int, int]:
        """Append units; return their half-open range of unit numbers."""
        start = len(self._ends) - 1
        for unit in units:
            for token in self._tokeniser.tokens(unit):
                self._flat.append(self._number.setdefault(token.text, len(self._number)))
            self._ends.append(len(self._flat))
        return start, len(self._ends) - 1

    @property
    def tokens(self) -> list[str]:
        """The tokens by number."""
        return list(self._number)

    def arrays(self) -> tuple[Ints, Ints]:
        """Return token numbers of all units in order, and where each unit ends in them."""
        return np.array(self._flat, dtype=np.int64), np.array(self._ends, dtype=np.int64)


@dataclass(frozen=True)
class BankedSource:
    """A source with its sides as unit ranges; ``near`` holds ranges of written near misses."""

    name: str
    kind: str
    english: bool
    query: Ints  # [n, 2]
    clause: Ints  # [n, 2]
    near: Ints  # [m, 2]
    near_of: Ints  # [m] the pair that each near miss belongs to
    query_key: Ints  # [n] equal where the query is the same text
    clause_key: Ints  # [n]
    groups: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.query)


def bank_source(bank: TokenBank, source: Source) -> BankedSource:
    """Write one source into the bank."""
    query, clause, near, near_of = [], [], [], []
    for row, pair in enumerate(source.pairs):
        query.append(bank.add(pair.query))
        clause.append(bank.add(pair.clause))
        for miss in pair.near_misses:
            near.append(bank.add(miss))
            near_of.append(row)
    return BankedSource(
        source.name,
        source.kind,
        source.english,
        _ranges(query),
        _ranges(clause),
        _ranges(near),
        np.array(near_of, dtype=np.int64),
        _keys(pair.query for pair in source.pairs),
        _keys(pair.clause for pair in source.pairs),
        tuple(pair.group for pair in source.pairs),
    )


def _ranges(rows: Sequence[tuple[int, int]]) -> Ints:
    return np.array(rows, dtype=np.int64).reshape(-1, 2)


def _keys(texts: Iterable[Units]) -> Ints:
    number: dict[Units, int] = {}
    return np.array([number.setdefault(text, len(number)) for text in texts], dtype=np.int64)


def choose_vocabulary(
    tokens: Sequence[str], flat: Ints, *, limit: int, fewest: int = 3
) -> Vocabulary:
    """Choose the features of the table: those seen in at least ``fewest`` running words."""
    seen = np.bincount(flat, minlength=len(tokens))
    counts: Counter[str] = Counter()
    for token, count in zip(tokens, seen.tolist(), strict=True):
        for name, _ in subwords(token):
            counts[name] += count
    frequent = ((name, count) for name, count in counts.items() if count >= fewest)
    return Vocabulary.most_frequent(frequent, limit=limit)


def token_features(vocabulary: Vocabulary, tokens: Sequence[str]) -> sp.csr_matrix:
    """Return the shares of the features in each token, float32 ``[n_tokens, n_features]``."""
    indptr, indices, shares = vocabulary.table(tokens)
    return sp.csr_matrix(
        (
            np.array(shares, dtype=np.float32),
            np.array(indices, dtype=np.int32),
            np.array(indptr, dtype=np.int32),
        ),
        shape=(len(tokens), len(vocabulary.names)),
    )
