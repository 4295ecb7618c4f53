from tiaowen_corpus.lexicon import load
from tiaowen_corpus.script import fold


def test_terms_lead_both_ways() -> None:
    lexicon = load()
    assert "教学开放周" in lexicon.to_chinese["open week"]
    assert "open week" in lexicon.to_english["教学开放周"]


def test_glossary_is_as_large_as_promised() -> None:
    assert len(load().to_english) >= 1500


def test_everyday_words_lead_to_official_ones_and_back() -> None:
    synonyms = load().synonyms
    assert "课后服务" in synonyms["托管"]
    assert "托管" in synonyms["课后服务"]


def test_every_entry_is_folded() -> None:
    lexicon = load()
    for terms in (lexicon.to_english, lexicon.synonyms, lexicon.abbreviations):
        for word, others in terms.items():
            assert word == fold(word)
            assert all(other and other == fold(other) for other in others)


def test_no_word_is_its_own_synonym() -> None:
    assert all(word not in kin for word, kin in load().synonyms.items())


def test_field_words_are_whole_expressions() -> None:
    intents = {intent.name: intent for intent in load().intents}
    assert "which department" in intents["who"].words
    assert "in charge" in intents["who"].words
    stray = {"in", "it", "is", "or", "of", "by", "to", "not"}
    assert not stray & {word for intent in intents.values() for word in intent.words}
    assert all(word.strip() == word and word for i in intents.values() for word in i.signals)
