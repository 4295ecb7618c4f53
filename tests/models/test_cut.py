"""Texts cut together are cut as each would be alone, into sentences and into words."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tiaowen_corpus.script import fold
from tiaowen_models.bags import Numbers, Words
from tiaowen_models.cut import Cut, cut
from tiaowen_models.passages import LONGEST, sentences, sentences_of
from tiaowen_models.tokens import Tokeniser

ANY = st.text(alphabet="一二校。；，、!\n 　a1.5”") | st.text()
LONG = "教师听课一百二十三次12.5%" * 30


@settings(deadline=None)
@given(st.lists(ANY))
def test_sentences_of_many_texts_are_those_of_each(texts: list[str]) -> None:
    at, spans = sentences_of(texts)
    for text, (start, end) in zip(texts, pairwise(at.tolist()), strict=True):
        found = [(span.start, span.end) for span in sentences(text)]
        assert [*map(tuple, spans[start:end].tolist())] == (found or [(0, min(len(text), LONGEST))])


@settings(deadline=None)
@given(st.lists(ANY | st.just(LONG) | st.just("，" + LONG + "。" + LONG)))
def test_words_of_sentences_and_of_whole_texts(texts: list[str]) -> None:
    tokeniser = Tokeniser()
    found = cut(texts, tokeniser)
    folded = [*map(fold, texts)]
    assert found.folded == folded
    whole = found.whole()
    assert _read(whole, found) == [tokeniser.words_of_folded(text) for text in folded]
    pieces = [
        text[start:end]
        for text, (first, last) in zip(folded, pairwise(found.sentences.tolist()), strict=True)
        for start, end in found.spans[first:last].tolist()
    ]
    assert _read(found.words, found) == [tokeniser.words_of_folded(piece) for piece in pieces]


def test_more_texts_than_are_cut_together() -> None:
    tokeniser = Tokeniser()
    texts = [f"教师听课{number % 7}节。校长听课。" for number in range(5_000)]
    few, many = cut(texts[:7], tokeniser), cut(texts, tokeniser)
    assert many.sentences.tolist() == list(range(0, 10_001, 2))
    assert _read(many.words, many) == (_read(few.words, few) * 715)[:10_000]


def test_words_of_texts_put_together_or_replaced() -> None:
    tokeniser, numbers = Tokeniser(), Numbers()
    one, other = (
        tokeniser.numbered(texts, numbers) for texts in (["教师", "", "校长"], ["听课", "考核", ""])
    )
    names = list(numbers)

    def read(words: Words) -> list[str]:
        bounds = pairwise(words.at.tolist())
        return ["".join(names[n] for n in words.numbers[start:end]) for start, end in bounds]

    assert read(one.before(other)) == ["教师听课", "考核", "校长"]
    assert read(one.replaced(np.array([0, 1]), other.take(np.array([1, 0])))) == [
        "考核",
        "听课",
        "校长",
    ]
    assert read(one.replaced(np.array([], np.int64), other.take(np.array([], np.int64)))) == read(
        one
    )


def _read(words: Words, found: Cut) -> list[list[str]]:
    names = list(found.numbers)
    bounds = pairwise(words.at.tolist())
    return [[names[number] for number in words.numbers[start:end]] for start, end in bounds]
