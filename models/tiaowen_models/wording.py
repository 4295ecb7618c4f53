"""Clauses as ranking and passages read them: folded, cut, with word vectors; kept once prepared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Protocol, runtime_checkable

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from tiaowen_corpus.script import fold
from tiaowen_corpus.types import Span

from tiaowen_models.passages import sentences
from tiaowen_models.protocols import ClauseText, Floats, SentenceSource
from tiaowen_models.signals import Signals
from tiaowen_models.static import Side
from tiaowen_models.tokens import Tokeniser

MOST_KEPT = 20_000  # clauses, some 3 kB each
MOST_WORDS = 60_000  # word vectors, 1 kB each
MOST_MEANT = 256  # queries, some 30 kB each
_FIRST = 4096  # words that a table has room for at first
_EPSILON = 1e-9

Integers = NDArray[np.int32]


@runtime_checkable
class WordVectors(Protocol):
    """Vectors of single words whose sums are vectors of texts."""

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        ...

    def token_vectors(self, tokens: Sequence[str], *, side: Side = "clause") -> Floats:
        """Return float32 ``[n, dimensions]``, not normalised; 0 for what is not known."""
        ...


@dataclass(frozen=True, slots=True)
class Wording:
    """One clause. ``text`` is its body with repairs, ``context`` title and headings, folded.

    ``words`` and ``around`` are the distinct word numbers of text and context; ``vectors`` float32
    ``[n_sentences, d]`` of length 1; ``facts`` what kinds of answers the text holds.
    """

    text: str
    context: str
    words: Integers
    around: Integers
    spans: tuple[Span, ...]
    vectors: Floats
    facts: Signals
    pieces: tuple[Signals, ...]  # of the sentences
    heading_only: bool


@dataclass(frozen=True, slots=True)
class Meaning:
    """Vectors of a query: ``units`` [t, d] of its terms with their ``lengths`` [t] before they
    were brought to 1, and the unit vector of the whole, ``query`` [d].
    """

    units: Floats
    lengths: Floats
    query: Floats


class WordTable:
    """Numbers for words in order of first sight, with their unit vectors and lengths."""

    def __init__(self, source: WordVectors) -> None:
        self._source = source
        self._number: dict[str, int] = {}
        self.units: Floats = np.zeros((_FIRST, source.dimensions), np.float32)
        self.lengths: Floats = np.zeros(_FIRST, np.float32)

    def __len__(self) -> int:
        return len(self._number)

    def numbers(self, texts: Iterable[Sequence[str]]) -> list[Integers]:
        """Return the numbers of every text's words, learning new words on the way."""
        number = self._number
        known = len(number)
        found = [
            np.array([number.setdefault(word, len(number)) for word in words], np.int32)
            for words in texts
        ]
        if len(number) > known:
            self._learn(list(number)[known:], known)
        return found

    def _learn(self, new: Sequence[str], known: int) -> None:
        """Fill in vectors; arrays double when full and are never changed where they were read."""
        end = known + len(new)
        if end > len(self.lengths):
            room = max(end, 2 * len(self.lengths)) - len(self.lengths)
            self.units = np.pad(self.units, ((0, room), (0, 0)))
            self.lengths = np.pad(self.lengths, (0, room))
        vectors = self._source.token_vectors(new)
        lengths = np.linalg.norm(vectors, axis=1)
        self.units[known:end] = vectors / np.maximum(lengths, _EPSILON)[:, None]
        self.lengths[known:end] = lengths

    def sums(self, texts: Sequence[Integers]) -> Floats:
        """Return the unit vectors of texts: words summed by the root of their counts."""
        indptr = np.concatenate([[0], np.cumsum([len(text) for text in texts])])
        flat = np.concatenate([*texts, np.zeros(0, np.int32)]).astype(np.int32)
        counts = sp.csr_matrix(
            (np.ones(len(flat), np.float32), flat, indptr), shape=(len(texts), len(self.units))
        )
        counts.sum_duplicates()
        counts.data = np.sqrt(counts.data) * self.lengths[counts.indices]
        used = np.unique(counts.indices)
        vectors = counts[:, used] @ self.units[used]
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(norms, _EPSILON), np.float32)


class Wordings:
    """Prepares clauses and keeps them; safe to share between threads."""

    def __init__(self, source: WordVectors) -> None:
        self.source = source
        self._tokeniser = Tokeniser()
        self._lock = Lock()
        self._table = WordTable(source)
        self._kept: dict[tuple[str, ...], Wording] = {}
        self._cut: dict[tuple[SentenceSource, int], list[Wording]] = {}  # of clauses shown
        self._meant: dict[tuple[tuple[str, ...], str], Meaning] = {}

    def of(self, texts: Sequence[ClauseText]) -> tuple[WordTable, list[Wording]]:
        """Return the wordings of ``texts`` and the table that their word numbers point into."""
        keys = [(text.title, *text.headings, text.searchable, text.kind) for text in texts]
        with self._lock:
            if len(self._kept) > MOST_KEPT or len(self._table) > MOST_WORDS:
                self._table, self._kept, self._cut = WordTable(self.source), {}, {}
            kept = self._kept
            missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in kept}
            if missing:
                prepared = self._prepare(list(missing.values()), self._table)
                kept.update(zip(missing, prepared, strict=True))
            return self._table, [kept[key] for key in keys]

    def sentences(
        self, texts: Sequence[SentenceSource], cuts: Sequence[Sequence[Span]]
    ) -> tuple[WordTable, list[Wording]]:
        """Return each sentence as a wording of its own, under its clause's context.

        ``cuts`` are the `passages.sentences` of each text.
        """
        keys = [(text, len(cut)) for text, cut in zip(texts, cuts, strict=True)]
        with self._lock:
            if len(self._cut) > MOST_KEPT:
                self._cut = {}
            kept, table = self._cut, self._table
            missing = {key: cut for key, cut in zip(keys, cuts, strict=True) if key not in kept}
            for (key, cut), prepared in zip(
                missing.items(), self._sentences(missing, table), strict=True
            ):
                assert len(prepared) == len(cut)
                kept[key] = prepared
            return table, [wording for key in keys for wording in kept[key]]

    def _sentences(
        self, missing: Mapping[tuple[SentenceSource, int], Sequence[Span]], table: WordTable
    ) -> list[list[Wording]]:
        texts = [text for text, _ in missing]
        pieces = [
            [text.folded[span.start : span.end] for span in cut]
            for text, cut in zip(texts, missing.values(), strict=True)
        ]
        contexts = [fold(text.around) for text in texts]
        flat = [piece for part in pieces for piece in part]
        words = table.numbers([self._tokeniser.words(text) for text in (*flat, *contexts)])
        vectors = table.sums(words[: len(flat)])
        prepared, at = [], 0
        for row, part in enumerate(pieces):
            around = words[len(flat) + row]
            prepared.append(
                [
                    _sentence(piece, contexts[row], words[at + n], around, vectors[at + n])
                    for n, piece in enumerate(part)
                ]
            )
            at += len(part)
        return prepared

    def meaning(self, terms: Sequence[str], folded: str) -> Meaning:
        """Return the vectors of a query's terms and of the query as a whole.

        Ranking, confidence and passages ask for the same ones, one after another.
        """
        key = (tuple(terms), folded)
        found = self._meant.get(key)
        if found is None:
            if len(self._meant) >= MOST_MEANT:
                self._meant = {}
            found = self._meant[key] = self._meaning(terms, folded)
        return found

    def _meaning(self, terms: Sequence[str], folded: str) -> Meaning:
        words = Counter(self._tokeniser.words(folded))
        vectors = self.source.token_vectors([*terms, *words], side="query")
        each, spoken = vectors[: len(terms)], vectors[len(terms) :]
        lengths = np.linalg.norm(each, axis=1)
        total = np.sqrt(np.array(list(words.values()), np.float32)) @ spoken
        return Meaning(
            np.asarray(each / np.maximum(lengths, _EPSILON)[:, None], np.float32),
            lengths.astype(np.float32),
            np.asarray(total / max(float(np.linalg.norm(total)), _EPSILON), np.float32),
        )

    def _prepare(self, texts: Sequence[ClauseText], table: WordTable) -> list[Wording]:
        folded = [fold(text.searchable) for text in texts]
        around = [fold("\n".join([text.title, *_above(text)])) for text in texts]
        spans = [tuple(sentences(text)) for text in folded]
        pieces = [
            text[s.start : s.end] for text, cut in zip(folded, spans, strict=True) for s in cut
        ]
        cut = table.numbers([self._tokeniser.words(piece) for piece in pieces])
        context = table.numbers([self._tokeniser.words(text) for text in around])
        vectors = table.sums(cut)
        prepared, at = [], 0
        for row, text in enumerate(texts):
            end = at + len(spans[row])
            prepared.append(
                Wording(
                    folded[row],
                    around[row],
                    np.unique(np.concatenate([*cut[at:end], np.zeros(0, np.int32)])).astype(
                        np.int32
                    ),
                    np.unique(context[row]),
                    spans[row],
                    vectors[at:end],
                    Signals(folded[row]),
                    tuple(Signals(folded[row][span.start : span.end]) for span in spans[row]),
                    text.kind == "heading",
                )
            )
            at = end
        return prepared


def _above(text: ClauseText) -> Iterable[str]:
    """The headings over a clause, its own included unless it is nothing but that heading."""
    return text.headings[:-1] if text.kind == "heading" else text.headings


def _sentence(
    piece: str, context: str, words: Integers, around: Integers, vector: Floats
) -> Wording:
    facts = Signals(piece)
    return Wording(
        text=piece,
        context=context,
        words=words,
        around=around,
        spans=(Span(0, len(piece)),),
        vectors=vector[None],
        facts=facts,
        pieces=(facts,),
        heading_only=False,
    )
