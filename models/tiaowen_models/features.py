"""Sub-word features of a token: the rows of the static table that make up its vector."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np

from tiaowen_models.protocols import Floats, Integers
from tiaowen_models.reading import Offsets
from tiaowen_models.tokens import is_han

GRAM = 5  # letters of an English n-gram, its word bracketed: <teacher> gives <teac, teach, …
SHORT_WORD = 3  # an English word this short is nothing but itself
_CACHE_LIMIT = 200_000


def subwords(token: str) -> list[tuple[str, float]]:
    """Return the feature names of a folded token with their shares.

    A Chinese word is itself (share 1), its character bigrams and its characters (each kind
    shares 1); a Latin word is itself and its bracketed 5-grams; a number itself and its form.
    A character that stands alone as a word (``_校``) differs from the same one inside a word.
    """
    if is_han(token):
        return _han_subwords(token)
    if token[0].isdigit():
        return [(token, 1.0), (_number_form(token), 1.0)]
    word = token.replace("’", "'").split("'")[0]
    if len(word) <= SHORT_WORD:
        return [(word, 1.0)]
    padded = f"<{word}>"
    count = len(padded) - GRAM + 1
    grams = [("~" + padded[at : at + GRAM], 1 / count) for at in range(count)]
    return [(word, 1.0), *grams]


def _han_subwords(token: str) -> list[tuple[str, float]]:
    size = len(token)
    if size == 1:
        return [("_" + token, 1.0), (token, 1.0)]
    features = [(token, 1.0)]
    if size > 2:
        features += [(token[at : at + 2], 1 / (size - 1)) for at in range(size - 1)]
    return features + [(character, 1 / size) for character in token]


def _number_form(token: str) -> str:
    if token.endswith("%"):
        return "#%"
    return "#." if "." in token else f"#{min(len(token), 5)}"


@dataclass(frozen=True)
class Vocabulary:
    """Feature names in table order; tokens become rows of that table."""

    names: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(set(self.names)) != len(self.names):
            raise ValueError("feature names repeat; the vocabulary file is damaged")

    @cached_property
    def _row(self) -> dict[str, int]:
        return {name: row for row, name in enumerate(self.names)}

    @cached_property
    def _known(self) -> dict[str, tuple[tuple[int, ...], tuple[float, ...]]]:
        return {}

    def rows(self, token: str) -> tuple[tuple[int, ...], tuple[float, ...]]:
        """Return table rows and shares of one token; both empty if nothing of it is known."""
        found = self._known.get(token)
        if found is None:
            row = self._row.get
            pairs = [(at, s) for name, s in subwords(token) if (at := row(name)) is not None]
            found = (tuple(at for at, _ in pairs), tuple(share for _, share in pairs))
            if len(self._known) >= _CACHE_LIMIT:
                self._known.clear()
            self._known[token] = found
        return found

    def table(self, tokens: Sequence[str]) -> tuple[Offsets, Integers, Floats]:
        """Return CSR parts (indptr, indices, shares) of the token × feature matrix."""
        known = self._known
        found = [known.get(token) or self.rows(token) for token in tokens]
        indptr = np.zeros(len(found) + 1, np.int64)
        np.cumsum([len(rows) for rows, _ in found], out=indptr[1:])
        size = int(indptr[-1])
        indices = np.fromiter(chain.from_iterable(rows for rows, _ in found), np.int32, size)
        shares = np.fromiter(chain.from_iterable(some for _, some in found), np.float32, size)
        return indptr, indices, shares

    @classmethod
    def most_frequent(cls, counts: Iterable[tuple[str, int]], *, limit: int) -> Vocabulary:
        """Keep the ``limit`` most frequent names, ties in name order; names sorted."""
        ranked = sorted(counts, key=lambda pair: (-pair[1], pair[0]))[:limit]
        return cls(tuple(sorted(name for name, _ in ranked)))
