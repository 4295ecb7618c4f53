"""The questions that the real documents must answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiaowen_indexer.build import build
from tiaowen_indexer.snapshot import open_snapshot
from tiaowen_service.request import SearchRequest
from tiaowen_service.searcher import Searcher, open_searcher


@pytest.fixture(scope="module")
def seeds(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    built = build(shared / "seeds", tmp_path_factory.mktemp("seeds"))
    return open_searcher(open_snapshot(built.folder))


def test_open_weeks_are_found(seeds: Searcher) -> None:
    for query in ("教学开放周有什么要求", "教學開放週有什麼要求", "每年4月和9月"):
        best = seeds.search(SearchRequest(query))["hits"][0]
        assert "每年4月和9月" in best["text"]
        assert "每年4月和9月" in best["passage"]["text"]


def test_both_scripts_are_one(seeds: Searcher) -> None:
    answers = [seeds.search(SearchRequest(query)) for query in ("升國旗", "升国旗")]
    ids = [[hit["clause_id"] for hit in answer["hits"]] for answer in answers]
    assert ids[0] == ids[1]
    assert answers[0]["hits"]


def test_damaged_wording_is_found_as_it_was_meant(seeds: Searcher) -> None:
    hits = seeds.search(SearchRequest("督促检查"))["hits"][:5]
    damaged = [hit for hit in hits if "催促" in hit["text"]]
    assert damaged
    assert any(repair["replacement"] == "督促" for repair in damaged[0]["repairs"])
    assert any(
        damaged[0]["text"][mark["start"] : mark["end"]] == "催促" and mark["match"] == "meaning"
        for mark in damaged[0]["highlights"]
    )
