"""Draft sentences whose precedents are known: what is measured, and that it is good enough."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiaowen_corpus.places import shipped
from tiaowen_evaluation.precedents import figures, judged, read_drafts
from tiaowen_indexer.build import build
from tiaowen_indexer.snapshot import open_current
from tiaowen_service.drafting.similar import Finder
from tiaowen_service.searcher import open_searcher


def test_figures_count_what_they_say() -> None:
    results = [
        {"kind": "number", "rank": 2, "verdict": "reworded", "flagged": False},
        {"kind": "near_verbatim", "rank": 0, "verdict": "none", "flagged": False},
        {"kind": "none", "rank": 0, "verdict": "none", "flagged": False},
        {"kind": "none", "rank": 0, "verdict": "same_topic", "flagged": False},
    ]
    found = figures(results)
    assert (found["first_five"], found["copies_flagged"], found["none_said"]) == (0.5, 0.0, 0.5)


@pytest.fixture(scope="module")
def finder(tmp_path_factory: pytest.TempPathFactory) -> Finder:
    index: Path = tmp_path_factory.mktemp("index")
    build(shipped("corpus/documents"), index)
    return Finder(open_searcher(open_current(index)))


@pytest.mark.parametrize("split", ["dev", "test"])
def test_precedents_of_our_own_documents_are_found(finder: Finder, split: str) -> None:
    drafts = read_drafts(shipped("evaluation/precedents") / "own.jsonl")
    found = figures(judged(finder, draft) for draft in drafts if draft["split"] == split)
    assert found["first_five"] >= 0.85
    assert found["copies_flagged"] == 1.0
    assert found["none_said"] >= 0.8
