"""Homophones of lexicon words, put in only where the index holds them."""

from __future__ import annotations

from tiaowen_service.query.spelling import Speller

SPELLER = Speller(["家长会", "教学开放周", "班主任", "津贴"])


def test_a_homophone_is_put_right_and_said() -> None:
    query, notes = SPELLER.respelt("家长汇几次", lambda word: True)
    assert query == "家长会几次"
    assert len(notes) == 1
    assert "家长汇" in notes[0]
    assert "家长会" in notes[0]


def test_what_is_spelt_right_stays() -> None:
    for query in ("家长会几次", "班主任津贴", "open weeks", ""):
        assert SPELLER.respelt(query, lambda word: True) == (query, ())


def test_words_that_the_index_lacks_are_not_put_in() -> None:
    assert SPELLER.respelt("教学开放州", lambda word: False) == ("教学开放州", ())


def test_two_characters_sound_like_too_much() -> None:
    assert SPELLER.respelt("进贴", lambda word: True) == ("进贴", ())
