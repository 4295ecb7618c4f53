"""Homophones of lexicon words, put in only where the index holds them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiaowen_indexer.build import build
from tiaowen_indexer.snapshot import open_current
from tiaowen_service.query.spelling import Speller
from tiaowen_service.request import SearchRequest
from tiaowen_service.searcher import open_searcher

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


def test_a_search_that_found_little_is_repeated_with_the_homophone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TIAOWEN_EMBEDDER", raising=False)
    library = tmp_path / "library"
    library.mkdir()
    for name, text in {"周": "每年4月举行教学开放周。", "会": "每学期召开两次家长会。"}.items():
        (library / f"{name}.txt").write_text(f"{name}的规定\n\n一、{text}\n", encoding="utf-8")
    build(library, tmp_path / "index")
    searcher = open_searcher(open_current(tmp_path / "index"))
    answer = searcher.search(SearchRequest("教学开放州几月举行"))
    assert "教学开放周" in answer["analysis"]["notes"][0]
    assert "教学开放周" in answer["hits"][0]["text"]
    assert not searcher.search(SearchRequest("家长会几次"))["analysis"]["notes"]
