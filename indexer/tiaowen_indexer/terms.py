"""What the lexical leg counts: words and the dictionary words inside them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from tiaowen_models.tokens import Tokeniser


class SearchTerms:
    """Cuts a text into search terms; one instance serves index and queries alike."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self.tokeniser = Tokeniser(words)
        self._parts = lru_cache(maxsize=1 << 17)(self._parts_of)

    def of(self, text: str) -> list[str]:
        """Return the terms of ``text``, folded, with repetitions, each word before its parts."""
        terms: list[str] = []
        for word in self.tokeniser.words(text):
            terms.append(word)
            if len(word) > 2:
                terms += self._parts(word)
        return terms

    def parts(self, word: str) -> tuple[str, ...]:
        """Return the dictionary words of two and three characters strictly inside ``word``."""
        return self._parts(word)

    def _parts_of(self, word: str) -> tuple[str, ...]:
        if len(word) < 3 or word[0].isascii():
            return ()
        return tuple(
            part
            for size in (2, 3)
            if len(word) > size
            for at in range(len(word) - size + 1)
            if self.tokeniser.has_word(part := word[at : at + size])
        )


@lru_cache(maxsize=4)
def terms_of(words: tuple[str, ...]) -> SearchTerms:
    """Return one for all who know the same words: what it has cut it need not cut again."""
    return SearchTerms(words)
