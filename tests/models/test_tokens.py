from tiaowen_models.tokens import Tokeniser


def test_tokens_keep_offsets_of_the_source() -> None:
    text = "每學期至少聽課2次，Open Week"
    for token in Tokeniser().tokens(text):
        assert len(text[token.start : token.end]) == len(token.text)
    assert [token.text for token in Tokeniser().tokens("Open Week 85%")] == ["open", "week", "85%"]


def test_lexicon_words_are_not_cut() -> None:
    words = [token.text for token in Tokeniser(["教学开放周"]).tokens("教學開放周")]
    assert words == ["教学开放周"]
