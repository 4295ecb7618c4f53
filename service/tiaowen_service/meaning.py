"""Words of a passage that stand near a word of the query in meaning, where none is the same."""

from __future__ import annotations

from collections.abc import Sequence
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
    passages: Sequence[tuple[str, Span]],
    analysis: QueryAnalysis,
    *,
    embedder: object,
    tokeniser: Tokeniser,
) -> list[list[tuple[int, int]]]:
    """Return the places of the words that are near in meaning, for each of ``passages``: a folded
    text and the span in it that is looked through.

    Nothing is found with an embedder that has no vectors of words.
    """
    found: list[list[tuple[int, int]]] = [[] for _ in passages]
    if not passages or not analysis.words or not isinstance(embedder, WordVectors):
        return found
    words = [
        (number, passage.start + token.start, passage.start + token.end, token.text)
        for number, (folded, passage) in enumerate(passages)
        for token in tokeniser.tokens_of_folded(passage.of(folded))
        if token.text not in STOPWORDS and not token.text[0].isdigit()
    ]
    distinct = list(dict.fromkeys(text for *_, text in words))
    asked = embedder.unit_token_vectors(list(analysis.words))
    cosines = (embedder.unit_token_vectors(distinct) @ asked.T).max(axis=1).tolist()
    near = {text for text, cosine in zip(distinct, cosines, strict=True) if cosine >= NEAR}
    for number, start, end, text in words:
        if text in near:
            found[number].append((start, end))
    return found
