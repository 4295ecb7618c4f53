"""Reads clauses and queries by the vectors of their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from tiaowen_corpus.script import fold_all

from tiaowen_models.bags import Bags, Words
from tiaowen_models.cut import Cut, cut
from tiaowen_models.packed_texts import PackedTexts
from tiaowen_models.protocols import ClauseText, Floats
from tiaowen_models.reading import Reading, distinct, quantised
from tiaowen_models.states import fingerprint as states_fingerprint
from tiaowen_models.states import states_of
from tiaowen_models.static import Side
from tiaowen_models.tokens import Tokeniser

MOST_MEANT = 256  # queries, some 30 kB each
_BATCH = 4096  # words or sentences whose vectors are made at once, 1.5 kB each
_EPSILON = 1e-9


@runtime_checkable
class WordVectors(Protocol):
    """Vectors of single words whose sums are vectors of texts."""

    @property
    def fingerprint(self) -> str:
        """Hash of weights and configuration, hex: equal ones mean equal vectors."""
        ...

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        ...

    def token_vectors(self, tokens: Sequence[str], *, side: Side = "clause") -> Floats:
        """Return float32 ``[n, dimensions]``, not normalised; 0 for what is not known."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> Floats:
        """Return float32 ``[n, dimensions]``: sums of their words' vectors, brought to length 1."""
        ...


@runtime_checkable
class WordEncoder(WordVectors, Protocol):
    """An embedder of texts whose words, as a reader cuts them, are all it needs."""

    def encode_words(self, words: Words, names: Sequence[str]) -> Floats:
        """Return what `Embedder.encode_clauses` gives of texts that hold these ``words``."""
        ...


@dataclass(frozen=True, slots=True)
class Meaning:
    """Unit ``vectors`` [t + 1, d] of a query's terms and, last, of the query as a whole; those of
    the terms had ``lengths`` [t] before they were brought to 1.
    """

    vectors: Floats
    lengths: Floats


class Reader:
    """Reads by the words of one model; safe to share between threads."""

    def __init__(self, source: WordVectors) -> None:
        self.source = source
        self._tokeniser = Tokeniser()
        self._meant: dict[tuple[tuple[str, ...], str], Meaning] = {}

    @property
    def fingerprint(self) -> str:
        """Hash of the model and of all that is looked for, hex: equal ones read alike."""
        return f"{self.source.fingerprint}-{states_fingerprint()}"

    def cut(self, texts: Sequence[str]) -> Cut:
        """Cut texts into sentences and the words that this reader knows."""
        return cut(texts, self._tokeniser)

    def read(self, texts: Sequence[ClauseText], found: Cut | None = None) -> Reading:
        """Read clauses that no index has read; ``found``: their legible texts, if they are cut."""
        found = found or self.cut([text.legible for text in texts])
        around = [context_of(text.title, text.headings, text.kind) for text in texts]
        contexts = {context: number for number, context in enumerate(dict.fromkeys(around))}
        above = fold_all([*contexts])
        inside = found.words.counted().filled()
        outside = found.words_of(above).counted().filled()
        units, scales, lengths = self._vectors(list(found.numbers))
        return Reading(
            texts=PackedTexts.of(found.folded),
            contexts=PackedTexts.of(above),
            context=np.array([contexts[text] for text in around], np.int32),
            heading_only=np.array([text.kind == "heading" for text in texts], bool),
            sentences=found.sentences,
            spans=found.spans,
            states=states_of(found.folded, found.sentences, found.spans),
            norms=_norms(units, scales * lengths, inside),
            words=inside.numbers,
            counts=np.minimum(inside.counts, 255).astype(np.uint8),
            words_at=inside.at,
            around=outside.numbers,
            around_at=outside.at,
            units=units,
            scales=scales,
            lengths=lengths,
        )

    def _vectors(self, vocabulary: Sequence[str]) -> tuple[NDArray[np.int8], Floats, Floats]:
        """Return what `quantised` gives of every word, in parts: whole, they fill the memory."""
        nothing = np.zeros((1, self.source.dimensions), np.float32)
        parts = [quantised(nothing)]
        for first in range(1, len(vocabulary), _BATCH):
            words = vocabulary[first : first + _BATCH]
            parts.append(quantised(self.source.token_vectors(words)))
        units, scales, lengths = (np.concatenate(part) for part in zip(*parts, strict=True))
        return units, scales, lengths

    def meaning(self, terms: Sequence[str], folded: str) -> Meaning:
        """Return the vectors of a query's terms and of the query as a whole."""
        key = (tuple(terms), folded)
        found = self._meant.get(key)
        if found is None:
            if len(self._meant) >= MOST_MEANT:
                self._meant = {}
            found = self._meant[key] = self._meaning(terms, folded)
        return found

    def _meaning(self, terms: Sequence[str], folded: str) -> Meaning:
        summands = self.source.token_vectors(terms, side="query")
        lengths = np.sqrt(np.einsum("td,td->t", summands, summands))
        vectors = np.empty((len(terms) + 1, self.source.dimensions), np.float32)
        np.divide(summands, np.maximum(lengths, _EPSILON)[:, None], out=vectors[:-1])
        vectors[-1] = self.source.encode_queries([folded])[0]
        return Meaning(vectors, lengths)


def context_of(title: str, headings: Sequence[str], kind: str) -> str:
    """Return what stands over a clause: the title of its document and the headings."""
    return "\n".join([title, *headings_above(headings, kind)])


def headings_above(headings: Sequence[str], kind: str) -> Sequence[str]:
    """Return the headings over a clause: its own only if it is more than that heading."""
    return headings[:-1] if kind == "heading" else headings


def _norms(units: NDArray[np.int8], scales: Floats, bags: Bags) -> Floats:
    """Return the length of every sentence's vector, words summed by the root of their counts."""
    norms = np.zeros(len(bags.at) - 1, np.float32)
    for first in range(0, len(norms), _BATCH):
        indptr = bags.at[first : first + _BATCH + 1]
        inside = slice(int(indptr[0]), int(indptr[-1]))
        used, flat = distinct(bags.numbers[inside], len(units))
        matrix = sp.csr_matrix(
            (np.sqrt(bags.counts[inside], dtype=np.float32), flat, indptr - indptr[0]),
            shape=(len(indptr) - 1, len(used)),
        )
        vectors = matrix @ (units[used] * scales[used, None])
        norms[first : first + _BATCH] = np.linalg.norm(vectors, axis=1)
    return norms
