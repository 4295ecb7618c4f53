"""Words of a passage that stand near a word of the query in meaning, where none is the same."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from tiaowen_corpus.types import Span
from tiaowen_models.protocols import Floats, QueryAnalysis
from tiaowen_models.tokens import Tokeniser

from tiaowen_service.query.stopwords import STOPWORDS

NEAR = 0.3  # cosine: 教师 and 老师 0.45, 困难 and 穷人家 0.30, unrelated words below 0.25


@runtime_checkable
class WordVectors(Protocol):
    """An embedder that has a vector for every word."""

    def unit_token_vectors(self, tokens: list[str]) -> Floats:
        """Return float32 ``[n, dimensions]``, rows of length 1, 0 for what is unknown."""
        ...


def near_words(
    folded: str,
    passage: Span,
    analysis: QueryAnalysis,
    *,
    embedder: object,
    tokeniser: Tokeniser,
) -> list[tuple[int, int]]:
    """Return the places, in ``folded``, of the words of ``passage`` that are near in meaning.

    Nothing is returned for an embedder that has no vectors of words.
    """
    if not isinstance(embedder, WordVectors) or not analysis.words:
        return []
    tokens = [
        token
        for token in tokeniser.tokens(passage.of(folded))
        if token.text not in STOPWORDS and not token.text[0].isdigit()
    ]
    if not tokens:
        return []
    asked = embedder.unit_token_vectors(list(analysis.words))
    near = embedder.unit_token_vectors([token.text for token in tokens]) @ asked.T
    return [
        (passage.start + token.start, passage.start + token.end)
        for token, cosine in zip(tokens, near.max(axis=1), strict=True)
        if cosine >= NEAR
    ]
