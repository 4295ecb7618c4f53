"""What the page shows beside a facet is what choosing it leaves."""

from __future__ import annotations

import pytest
from tiaowen_service import searcher as pipeline
from tiaowen_service.request import Filters, SearchRequest
from tiaowen_service.searcher import Searcher

REACH = 4  # of the meaning leg, so that a filter makes room in this small library


@pytest.mark.parametrize("query", ["家长听课", "parents in class", "升旗"])
def test_a_facet_counts_what_choosing_it_leaves(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.setattr(pipeline, "DEPTH", REACH)
    facets = ("doc_ids", "modality")
    every = searcher.search(SearchRequest(query, limit=REACH, facets=facets))
    assert every["beyond"] == 0
    assert every["facets"]["doc_ids"]
    for name, counts in every["facets"].items():
        for value, number in counts.items():
            chosen = Filters(**{name: (value,)})
            answer = searcher.search(
                SearchRequest(query, limit=REACH, filters=chosen, facets=facets)
            )
            assert answer["total"] - answer["beyond"] == number
            assert answer["facets"][name][value] == number


def test_a_filter_lets_the_meaning_leg_reach_further(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "DEPTH", REACH)
    answers = [
        searcher.search(
            SearchRequest(
                "学校组织家长听课，校长负责安排",
                mode="vector",
                limit=REACH,
                filters=Filters(doc_ids=(entry.doc_id,)),
            )
        )
        for entry in searcher.catalogue.entries
    ]
    assert any(answer["beyond"] for answer in answers)
    assert sum(answer["total"] - answer["beyond"] for answer in answers) == REACH
    assert all(len(answer["hits"]) == answer["total"] for answer in answers)
