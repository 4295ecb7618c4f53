"""Sentences of a clause, and the one that holds most of what is asked: needs no training."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tiaowen_corpus.script import fold
from tiaowen_corpus.types import Span

from tiaowen_models.protocols import Candidates, QueryAnalysis, Ranking

LONGEST = 200  # characters of a passage
_SENTENCE = re.compile(r"[^\s。！？!?;；][^。！？!?;；\n]*(?:[。！？!?;；]+[”’」』\"]?)?")
_PART = re.compile(r"[^，,、:：]*(?:[，,、:：]|$)")
_PHRASE = 8.0  # weight of a quoted phrase beside idf-weighted terms


def sentences(text: str) -> list[Span]:
    """Return the sentences of ``text`` without surrounding blanks, each at most LONGEST long."""
    spans: list[Span] = []
    for found in _SENTENCE.finditer(text):
        start = found.start()
        spans += _cut(text, Span(start, start + len(found[0].rstrip())))
    return spans


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


def _cut(text: str, span: Span) -> list[Span]:
    """Cut a sentence that is too long at its commas, or hard where it has none."""
    if len(span) <= LONGEST:
        return [span]
    cuts, start = [], span.start
    for found in _PART.finditer(text, span.start, span.end):
        if found.end() - start > LONGEST and found.start() > start:
            cuts.append(Span(start, found.start()))
            start = found.start()
    cuts.append(Span(start, span.end))
    return [
        Span(at, min(at + LONGEST, cut.end))
        for cut in cuts
        for at in range(cut.start, cut.end, LONGEST)
    ]
