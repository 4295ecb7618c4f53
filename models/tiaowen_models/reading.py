"""Clauses as ranking, passages and confidence read them: sentences and words as flat arrays.

A clause is read once, when it is indexed; a query takes the clauses it needs out of the arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from tiaowen_corpus.points import points_of

from tiaowen_models.packed_texts import PackedTexts
from tiaowen_models.protocols import Floats, Integers

Offsets = NDArray[np.int64]
NO_WORD = 0  # stands where a sentence or a context holds no word: its vector is 0
_LEVELS = 127
_EPSILON = 1e-9
_APART = "\n\0\0\0\0\0\0\n"  # between texts: nothing that is looked for reaches across


@dataclass(frozen=True, eq=False)
class Reading:
    """n clauses, S sentences, C distinct contexts (title and headings), U kinds of words.

    Sentences of clause i are ``sentences[i]:sentences[i + 1]``, words of sentence s
    ``words_at[s]:words_at[s + 1]``, of context c ``around_at[c]:around_at[c + 1]``; none is empty.
    A word's unit vector is ``units[u] * scales[u]``; ``lengths[u]`` is what it had before.
    """

    texts: PackedTexts  # folded, of the same length as the source's wording
    contexts: PackedTexts  # folded
    context: Integers  # [n]
    heading_only: NDArray[np.bool_]  # [n]
    sentences: Offsets  # [n + 1]
    spans: Integers  # [S, 2] in the clause's text
    states: NDArray[np.uint8]  # [S, bytes] what the sentence states, see `states`
    norms: Floats  # [S] length of the sum of the sentence's word vectors
    words: Integers  # [W] the distinct words of each sentence
    counts: NDArray[np.uint8]  # [W] how often they stand there, at most 255
    words_at: Offsets  # [S + 1]
    around: Integers  # [A] the distinct words of each context
    around_at: Offsets  # [C + 1]
    units: NDArray[np.int8]  # [U, d]
    scales: Floats  # [U]
    lengths: Floats  # [U]

    def __len__(self) -> int:
        return len(self.context)

    def take(self, rows: NDArray[Any]) -> Self:
        """Return the clauses of ``rows``, with the words that they hold alone."""
        sentences, chosen = ranges(self.sentences, rows)
        words_at, inside = ranges(self.words_at, chosen)
        contexts, context = np.unique(self.context[rows], return_inverse=True)
        around_at, outside = ranges(self.around_at, contexts)
        numbers = np.concatenate([self.words[inside], self.around[outside]])
        used, flat = distinct(numbers, len(self.units))
        return type(self)(
            texts=self.texts.take(rows),
            contexts=self.contexts.take(contexts),
            context=context.astype(np.int32),
            heading_only=self.heading_only[rows],
            sentences=sentences,
            spans=self.spans[chosen],
            states=self.states[chosen],
            norms=self.norms[chosen],
            words=flat[: len(inside)],
            counts=self.counts[inside],
            words_at=words_at,
            around=flat[len(inside) :],
            around_at=around_at,
            units=self.units[used],
            scales=self.scales[used],
            lengths=self.lengths[used],
        )

    @cached_property
    def owner(self) -> NDArray[np.int64]:
        """The clause of every sentence, [S]."""
        return np.repeat(np.arange(len(self)), np.diff(self.sentences))

    def joined(self, rows: NDArray[Any]) -> Joined:
        """Return the texts of ``rows`` in one string."""
        sentences, chosen = ranges(self.sentences, rows)
        return Joined.of(self.texts.read(rows), self.spans[chosen], sentences)


@dataclass(frozen=True, slots=True)
class Part:
    """Clauses that lie in one reading: ``rows`` of it are those ``at`` these places of a list."""

    reading: Reading
    rows: NDArray[np.int64]
    at: NDArray[np.int64]


def taken(parts: Sequence[Part]) -> Reading:
    """Return the clauses of all parts in the order of their list."""
    found = joined([part.reading.take(part.rows) for part in parts])
    if len(parts) == 1:
        return found
    return found.take(np.argsort(np.concatenate([part.at for part in parts]), kind="stable"))


@dataclass(frozen=True)
class Joined:
    """Texts in one string, and where the sentences lie in it, int64 ``[S]`` each."""

    text: str
    starts: Offsets
    ends: Offsets

    @classmethod
    def of(cls, texts: Sequence[str], spans: NDArray[Any], sentences: Offsets) -> Self:
        """Join n texts; ``spans`` [S, 2] lie in the text that they are of: those of text i are
        ``sentences[i]:sentences[i + 1]``.
        """
        firsts = _firsts([len(text) + len(_APART) for text in texts])
        starts, ends = spans.T + np.repeat(firsts, np.diff(sentences))
        return cls(_APART.join(texts), starts, ends)

    @cached_property
    def codes(self) -> NDArray[np.uint32]:
        """The code points of the text."""
        return points_of(self.text)

    def holding(self, places: Sequence[int] | Offsets, length: int = 1) -> NDArray[np.bool_]:
        """Return which sentences have one of ``places``, and ``length`` characters from there."""
        found = np.zeros(len(self.starts), bool)
        if len(places):
            at = np.asarray(places)
            sentence = np.searchsorted(self.starts, at, side="right") - 1
            inside = (sentence >= 0) & (at + length <= self.ends[sentence])
            found[sentence[inside]] = True
        return found


def joined(parts: Sequence[Reading]) -> Reading:
    """Return the clauses of all parts in a row; words of different parts stay different."""
    if len(parts) == 1:
        return parts[0]
    words = _firsts([len(part.units) for part in parts])
    contexts = _firsts([len(part.contexts) for part in parts])
    return Reading(
        texts=PackedTexts.of(text for part in parts for text in part.texts[:]),
        contexts=PackedTexts.of(text for part in parts for text in part.contexts[:]),
        context=_shifted([part.context for part in parts], contexts),
        heading_only=np.concatenate([part.heading_only for part in parts]),
        sentences=in_a_row([part.sentences for part in parts]),
        spans=np.concatenate([part.spans for part in parts]),
        states=np.concatenate([part.states for part in parts]),
        norms=np.concatenate([part.norms for part in parts]),
        words=_shifted([part.words for part in parts], words),
        counts=np.concatenate([part.counts for part in parts]),
        words_at=in_a_row([part.words_at for part in parts]),
        around=_shifted([part.around for part in parts], words),
        around_at=in_a_row([part.around_at for part in parts]),
        units=np.concatenate([part.units for part in parts]),
        scales=np.concatenate([part.scales for part in parts]),
        lengths=np.concatenate([part.lengths for part in parts]),
    )


def quantised(vectors: Floats) -> tuple[NDArray[np.int8], Floats, Floats]:
    """Return unit vectors in 8 bits, their scales, and the lengths that ``vectors`` have."""
    lengths = np.linalg.norm(vectors, axis=1).astype(np.float32)
    units = vectors / np.maximum(lengths, _EPSILON)[:, None]
    scales = np.maximum(np.abs(units).max(axis=1, initial=0.0), _EPSILON) / _LEVELS
    levels = np.rint(units / scales[:, None]).astype(np.int8)
    return levels, scales.astype(np.float32), lengths


def ranges(at: Offsets, rows: NDArray[Any]) -> tuple[Offsets, Offsets]:
    """Return the offsets of the ranges ``at[r]:at[r + 1]`` put in a row, and all positions."""
    firsts = at[rows]
    sizes = at[rows + 1] - firsts
    offsets = np.zeros(len(rows) + 1, np.int64)
    np.cumsum(sizes, out=offsets[1:])
    return offsets, np.repeat(firsts - offsets[:-1], sizes) + np.arange(offsets[-1])


def distinct(numbers: NDArray[Any], size: int) -> tuple[NDArray[np.int64], Integers]:
    """Return the distinct numbers below ``size`` and, for each number, its place among them."""
    seen = np.zeros(size, bool)
    seen[numbers] = True
    used = np.flatnonzero(seen)
    place = np.empty(size, np.int32)
    place[used] = np.arange(len(used), dtype=np.int32)
    return used, place[numbers]


def offsets_of(sizes: Sequence[int] | NDArray[Any]) -> Offsets:
    """Return where each of n stretches begins in a row of them, and the end: int64 ``[n + 1]``."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes, dtype=np.int64)])


def in_a_row(parts: Sequence[Offsets]) -> Offsets:
    """Return the offsets of all parts as those of one row; at least one part."""
    return offsets_of(np.concatenate([np.diff(part) for part in parts]))


def _firsts(sizes: Sequence[int]) -> Offsets:
    return offsets_of(sizes)[:-1]


def _shifted(parts: Sequence[Integers], by: Offsets) -> Integers:
    moved = [part + shift for part, shift in zip(parts, by.tolist(), strict=True)]
    return np.concatenate(moved).astype(np.int32)
