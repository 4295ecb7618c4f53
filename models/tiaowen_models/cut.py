"""Texts cut into sentences and words once, for all that reads them: ranking, vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tiaowen_corpus.script import fold_all

from tiaowen_models.bags import Numbers, Words, words_in_a_row
from tiaowen_models.passages import LONGEST, sentences_of
from tiaowen_models.protocols import Integers
from tiaowen_models.reading import Offsets, in_a_row, offsets_of
from tiaowen_models.tokens import Tokeniser, parts_of


@dataclass(frozen=True)
class Cut:
    """n texts with S sentences; those of text i are ``sentences[i]:sentences[i + 1]``."""

    folded: Sequence[str]
    sentences: Offsets  # [n + 1]
    spans: Integers  # [S, 2] in the folded text
    words: Words  # of the sentences
    numbers: Numbers  # of these words and of those met since
    tokeniser: Tokeniser

    def words_of(self, folded: Sequence[str]) -> Words:
        """Return the words of other texts under the same numbers."""
        return self.tokeniser.numbered(folded, self.numbers)

    def whole(self) -> Words:
        """Return the words of every text: those of its sentences, but for texts in which the
        end of a sentence that is too long tears a word.
        """
        torn = np.flatnonzero(self._torn())
        words = Words(self.words.numbers, self.words.at[self.sentences])
        return words.replaced(torn, self.words_of([self.folded[row] for row in torn.tolist()]))

    def _torn(self) -> NDArray[np.bool_]:
        """Say which texts have sentences cut where nothing ends."""
        hard = np.zeros(len(self.spans), bool)
        starts, ends = self.spans.T
        hard[:-1] = (ends[:-1] - starts[:-1] == LONGEST) & (ends[:-1] == starts[1:])
        return np.diff(offsets_of(hard)[self.sentences]) > 0


def cut(texts: Sequence[str], tokeniser: Tokeniser) -> Cut:
    """Cut texts that are not folded yet."""
    numbers = Numbers()
    parts = [_cut(part, tokeniser, numbers) for part in parts_of(texts)]
    return Cut(
        [text for part in parts for text in part.folded],
        in_a_row([part.sentences for part in parts]),
        np.concatenate([part.spans for part in parts]),
        words_in_a_row([part.words for part in parts]),
        numbers,
        tokeniser,
    )


def _cut(texts: Sequence[str], tokeniser: Tokeniser, numbers: Numbers) -> Cut:
    folded = fold_all(texts)
    sentences, spans = sentences_of(folded)
    owner = np.repeat(np.arange(len(folded)), np.diff(sentences)).tolist()
    pieces = [
        folded[text][start:end] for text, (start, end) in zip(owner, spans.tolist(), strict=True)
    ]
    return Cut(folded, sentences, spans, tokeniser.numbered(pieces, numbers), numbers, tokeniser)
