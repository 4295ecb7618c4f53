"""rjieba is jieba: the same words on our own documents and for every word of the lexicon."""

from __future__ import annotations

from pathlib import Path

import jieba
import pytest
from tiaowen_corpus import lexicon
from tiaowen_corpus.library import Library
from tiaowen_corpus.places import shipped
from tiaowen_corpus.script import fold
from tiaowen_models.tokens import LEXICON_FREQUENCY, Tokeniser, runs

AGREED = 0.99  # share of Han runs; what is left is the order of two equally likely paths


@pytest.fixture(scope="module")
def pair() -> tuple[jieba.Tokenizer, Tokeniser]:
    """The reference with a state of its own, and ours, with the same lexicon."""
    words = lexicon.load().words
    reference = jieba.Tokenizer()
    for word in words:
        reference.add_word(word, LEXICON_FREQUENCY, "n")
    return reference, Tokeniser(words)


def _runs(folder: Path) -> list[str]:
    return [
        run
        for _, _, text in Library(folder).texts()
        if not isinstance(text, Exception)
        for run in runs(fold(text.text))
        if not run[0].isascii()
    ]


def test_both_cut_our_documents_alike(pair: tuple[jieba.Tokenizer, Tokeniser]) -> None:
    reference, ours = pair
    texts = _runs(shipped("corpus/documents"))
    alike = sum(reference.lcut(text) == ours.words(text) for text in texts)
    assert len(texts) > 1000
    assert alike / len(texts) >= AGREED


def test_both_keep_the_lexicon_s_words_whole(pair: tuple[jieba.Tokenizer, Tokeniser]) -> None:
    reference, ours = pair
    for word in lexicon.load().words:
        if not word[0].isascii():
            assert ours.words(word) == reference.lcut(word), word


def test_words_are_tokens_without_places(pair: tuple[jieba.Tokenizer, Tokeniser]) -> None:
    text = "第3條：Word檔案85%，每學期2次 don't 「教學開放週」"
    assert pair[1].words(text) == [token.text for token in pair[1].tokens(text)]
