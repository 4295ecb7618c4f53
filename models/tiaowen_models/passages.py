"""Sentences of a clause, and the one that holds most of what is asked: needs no training."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
from tiaowen_corpus.points import starts_of
from tiaowen_corpus.script import fold
from tiaowen_corpus.types import Span

from tiaowen_models.protocols import Candidates, Integers, QueryAnalysis, Ranking
from tiaowen_models.reading import Offsets, offsets_of

LONGEST = 200  # characters of a passage
_SENTENCE = re.compile(r"[^\s。！？!?;；][^。！？!?;；\n]*(?:[。！？!?;；]+[”’」』\"]?)?")
_PART = re.compile(r"[^，,、:：]*(?:[，,、:：]|$)")
_PHRASE = 8.0  # weight of a quoted phrase beside idf-weighted terms


def sentences(text: str) -> list[Span]:
    """Return the sentences of ``text`` without surrounding blanks, each at most LONGEST long."""
    return [Span(start, end) for start, end in _bounds(text)]


def sentences_of(texts: Sequence[str]) -> tuple[Offsets, Integers]:
    """Return how the sentences of all texts lie in a row, int64 ``[n + 1]``, and where each lies
    in its text, int32 ``[S, 2]``. A text without any is one sentence, cut to LONGEST.
    """
    starts = starts_of(texts) + np.arange(len(texts) + 1)  # in the joined text: no sentence goes on
    bounds = np.fromiter(chain.from_iterable(_bounds("\n".join(texts))), np.int64).reshape(-1, 2)
    owner = np.searchsorted(starts, bounds[:, 0], side="right") - 1
    sizes = np.bincount(owner, minlength=len(texts))
    bare = np.flatnonzero(sizes == 0)
    spans = bounds - starts[owner][:, None]
    wholes = np.minimum(np.diff(starts)[bare] - 1, LONGEST)[:, None] * [0, 1]
    spans = np.insert(spans, np.searchsorted(owner, bare), wholes, axis=0)
    return offsets_of(np.maximum(sizes, 1)), spans.astype(np.int32)


@dataclass(frozen=True, slots=True)
class CountedPassages:
    """Chooses the sentence that holds the most of what is asked.

    Each term counts once, by weight and idf; phrases asked for count as terms. Of equals the
    earlier sentence wins; a text without sentences is taken whole, cut to LONGEST.
    """

    def best(
        self,
        analysis: QueryAnalysis,
        candidates: Candidates,
        ranking: Ranking,
        positions: Sequence[int],
    ) -> list[Span]:
        """Return a span of the body of each candidate at ``positions``."""
        del ranking
        idf = candidates.idf
        wanted = [(term.text, term.weight * idf.get(term.text, 0.0)) for term in analysis.terms]
        wanted += [(phrase, _PHRASE) for phrase in analysis.phrases]
        texts = [candidates.texts[position] for position in positions]
        return [_counted(fold(text.legible), wanted) for text in texts]


def _counted(folded: str, wanted: Sequence[tuple[str, float]]) -> Span:
    spans = sentences(folded)
    if len(spans) < 2:
        return spans[0] if spans else Span(0, min(len(folded), LONGEST))
    values = [
        sum(weight for text, weight in wanted if text in folded[span.start : span.end])
        for span in spans
    ]
    return spans[values.index(max(values))]


def _bounds(text: str) -> Iterator[tuple[int, int]]:
    for found in _SENTENCE.finditer(text):
        start, end = found.span()
        if text[end - 1].isspace():
            end = start + len(found[0].rstrip())
        if end - start <= LONGEST:
            yield start, end
        else:
            yield from _cut(text, start, end)


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a sentence that is too long at its commas, or hard where it has none."""
    cuts = [start]
    for found in _PART.finditer(text, start, end):
        if found.end() - cuts[-1] > LONGEST and found.start() > cuts[-1]:
            cuts.append(found.start())
    for first, last in pairwise([*cuts, end]):
        for at in range(first, last, LONGEST):
            yield at, min(at + LONGEST, last)
