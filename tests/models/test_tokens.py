from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tiaowen_models.bags import Numbers
from tiaowen_models.tokens import Tokeniser

ANY = st.text(alphabet="教师每学期听课不少于々〇 \n\0。，、ab's12.5%-é٣骉") | st.text()


def test_tokens_keep_offsets_of_the_source() -> None:
    text = "每學期至少聽課2次，Open Week"
    for token in Tokeniser().tokens(text):
        assert len(text[token.start : token.end]) == len(token.text)
    assert [token.text for token in Tokeniser().tokens("Open Week 85%")] == ["open", "week", "85%"]


def test_lexicon_words_are_not_cut() -> None:
    words = [token.text for token in Tokeniser(["教学开放周"]).tokens("教學開放周")]
    assert words == ["教学开放周"]


@settings(deadline=None)
@given(st.lists(ANY))
def test_many_texts_are_cut_as_each_is(texts: list[str]) -> None:
    tokeniser, numbers = Tokeniser(), Numbers()
    words = tokeniser.numbered(texts, numbers)
    names = list(numbers)
    assert [
        [names[number] for number in words.numbers[start:end]]
        for start, end in zip(words.at, words.at[1:], strict=False)
    ] == [tokeniser.words_of_folded(text) for text in texts]


@settings(deadline=None)
@given(st.lists(ANY))
def test_words_are_counted_where_they_stand_first(texts: list[str]) -> None:
    tokeniser, numbers = Tokeniser(), Numbers()
    found = tokeniser.numbered(texts, numbers).counted()
    expected = [[*Counter(map(numbers.get, tokeniser.words_of_folded(t))).items()] for t in texts]
    for bags, empty in ((found, []), (found.filled(), [(0, 1)])):
        pairs = [*zip(bags.numbers.tolist(), bags.counts.tolist(), strict=True)]
        bounds = zip(bags.at, bags.at[1:], strict=False)
        assert [pairs[start:end] for start, end in bounds] == [bag or empty for bag in expected]


def test_more_texts_than_are_cut_together_are_cut_in_one_numbering() -> None:
    tokeniser, few, many = Tokeniser(), Numbers(), Numbers()
    texts = [f"教师听课{number % 7}节，听课" for number in range(5_000)]
    first, words = tokeniser.numbered(texts[:7], few), tokeniser.numbered(texts, many)
    assert few == many
    rows = np.arange(5_000) % 7
    assert words.numbers.tolist() == first.take(rows).numbers.tolist()
    assert words.at.tolist() == first.take(rows).at.tolist()
    bags = first.counted()
    counts = words.counted().counts.tolist()
    assert counts == (bags.counts.tolist() * 715)[: len(counts)]
