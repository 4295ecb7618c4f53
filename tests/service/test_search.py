"""The query pipeline, from question to hit."""

from __future__ import annotations

import numpy as np
import pytest
from tiaowen_corpus.types import Span
from tiaowen_service.meaning import near_words
from tiaowen_service.passage import LONGEST
from tiaowen_service.request import MODES, Filters, SearchRequest
from tiaowen_service.searcher import Searcher
from tiaowen_service.texts import Texts


def _ids(answer: dict) -> list[str]:
    return [hit["clause_id"] for hit in answer["hits"]]


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_finds_the_clause_that_answers(searcher: Searcher, mode: str) -> None:
    answer = searcher.search(SearchRequest("家长进入教室听课能不能拍摄学生", mode=mode))
    assert "进入教室听课" in answer["hits"][0]["text"]


def test_both_scripts_find_the_same_clauses_in_the_same_order(searcher: Searcher) -> None:
    simplified = searcher.search(SearchRequest("升国旗"))
    traditional = searcher.search(SearchRequest("升國旗"))
    assert _ids(simplified) == _ids(traditional)
    assert {hit["doc_id"] for hit in simplified["hits"][:2]} == {"rules", "plan"}


def test_highlights_lie_in_the_source_script(searcher: Searcher) -> None:
    answer = searcher.search(SearchRequest("升国旗", filters=Filters(doc_ids=("plan",))))
    hit = answer["hits"][0]
    marks = [hit["text"][mark["start"] : mark["end"]] for mark in hit["highlights"]]
    assert "升國旗" in "".join(marks)
    assert hit["highlights"][0]["match"] == "word"


def test_the_passage_is_a_short_sentence_of_the_text(searcher: Searcher) -> None:
    for query in ("拍摄", "吸烟", "填写意见表"):
        for hit in searcher.search(SearchRequest(query))["hits"]:
            passage = hit["passage"]
            assert 0 < len(passage["text"]) <= LONGEST
            assert hit["text"][passage["start"] : passage["end"]] == passage["text"]
    best = searcher.search(SearchRequest("填写意见表"))["hits"][0]["passage"]["text"]
    assert best == "听课后填写意见表，由班主任收齐。"


def test_the_anchor_lies_in_the_document_text(searcher: Searcher) -> None:
    hit = searcher.search(SearchRequest("吸烟"))["hits"][0]
    row = searcher.catalogue.rows[hit["doc_id"]]
    text = searcher.snapshot.store.document(row).text
    anchor = hit["anchor"]
    assert text[anchor["start"] : anchor["end"]] == anchor["exact"]
    assert text[: anchor["start"]].endswith(anchor["prefix"])


def test_quoted_words_must_be_there(searcher: Searcher) -> None:
    free = searcher.search(SearchRequest("变相体罚学生"))
    quoted = searcher.search(SearchRequest("“变相体罚”学生"))
    assert len(quoted["hits"]) < len(free["hits"])
    assert all("变相体罚" in hit["text"] for hit in quoted["hits"])
    assert quoted["total"] == len(quoted["hits"]) == 1


def test_filters_hold_in_both_legs(searcher: Searcher) -> None:
    only = searcher.search(SearchRequest("课堂", filters=Filters(doc_ids=("rules",))))
    assert only["hits"]
    assert {hit["doc_id"] for hit in only["hits"]} == {"rules"}
    forbidden = searcher.search(SearchRequest("学生", filters=Filters(modality=("must_not",))))
    assert forbidden["hits"]
    assert all("must_not" in hit["metadata"]["modality"] for hit in forbidden["hits"])
    nothing = searcher.search(SearchRequest("课堂", filters=Filters(regions=("火星",))))
    assert nothing["hits"] == []
    assert {warning["code"] for warning in nothing["warnings"]} == {
        "empty_leg_bm25",
        "empty_leg_vector",
    }


def test_dates_compare_at_the_precision_given(searcher: Searcher) -> None:
    issued = {entry.doc_id: entry.issued for entry in searcher.catalogue.entries}["rules"]
    assert issued.startswith("2019")

    def found(**bounds: str) -> set[str]:
        answer = searcher.search(SearchRequest("课堂", filters=Filters(**bounds)))
        return {hit["doc_id"] for hit in answer["hits"]}

    assert "rules" in found(issued_from="2019", issued_to="2019")
    assert "rules" not in found(issued_from="2020")
    assert "rules" not in found(issued_to="2018-12-31")


def test_facets_count_what_was_matched(searcher: Searcher) -> None:
    answer = searcher.search(SearchRequest("课堂", mode="bm25", facets=("doc_ids", "modality")))
    assert sum(answer["facets"]["doc_ids"].values()) == answer["total"]
    assert list(answer["facets"]["doc_ids"].values()) == sorted(
        answer["facets"]["doc_ids"].values(), reverse=True
    )


def test_near_copies_are_told_and_collapsed(searcher: Searcher) -> None:
    query = "每学期至少开放课堂2次"
    both = searcher.search(SearchRequest(query))
    first, second = both["hits"][:2]
    assert first["duplicates"] == {"count": 1, "clause_ids": [second["clause_id"]]}
    one = searcher.search(SearchRequest(query, collapse="near"))
    assert second["clause_id"] not in _ids(one)
    assert _ids(one)[0] == first["clause_id"]


def test_shares_explain_the_score(searcher: Searcher) -> None:
    hit = searcher.search(SearchRequest("升国旗", explain=True))["hits"][0]
    assert sum(hit["explain"].values()) == pytest.approx(hit["score"], abs=1e-5)
    assert sum(hit["legs"]["bm25"]["terms"].values()) == pytest.approx(
        hit["legs"]["bm25"]["score"], abs=1e-3
    )
    assert "explain" not in searcher.search(SearchRequest("升国旗"))["hits"][0]


def test_pages_continue_each_other(searcher: Searcher) -> None:
    whole = _ids(searcher.search(SearchRequest("学生课堂", limit=6)))
    pages = [
        _ids(searcher.search(SearchRequest("学生课堂", limit=2, offset=offset)))
        for offset in (0, 2, 4)
    ]
    assert [clause for page in pages for clause in page] == whole
    assert searcher.search(SearchRequest("学生课堂", offset=1000))["hits"] == []


def test_ties_are_ordered_by_clause_id(searcher: Searcher) -> None:
    answer = searcher.search(SearchRequest("每学期至少开放课堂2次,每次不少于3天", mode="bm25"))
    by_score = sorted(answer["hits"], key=lambda hit: (-hit["score"], hit["clause_id"]))
    assert _ids(answer) == [hit["clause_id"] for hit in by_score]


def test_the_citation_names_document_and_place(searcher: Searcher) -> None:
    hit = searcher.search(SearchRequest("拍摄学生"))["hits"][0]
    assert hit["citation"].startswith("《青溪县中小学开放课堂管理规定》(")
    assert hit["citation"].endswith(" 二(一)")
    assert "青教发〔2019〕7号" in hit["citation"]


def test_confidence_tells_an_answer_from_none(searcher: Searcher) -> None:
    answered = searcher.search(SearchRequest("家长开放周是什么时候"))["confidence"]
    foreign = searcher.search(SearchRequest("航空发动机涡轮叶片的冷却设计"))["confidence"]
    assert 0.0 <= foreign < 0.3 < answered <= 1.0


def test_a_query_without_words_finds_nothing_and_says_so(searcher: Searcher) -> None:
    answer = searcher.search(SearchRequest("？！…"))
    assert answer["hits"] == []
    assert answer["confidence"] == 0.0
    assert len(answer["warnings"]) == 2


def test_each_leg_ranks_from_one_without_gaps(searcher: Searcher) -> None:
    analysis = searcher.analyser.analyse("课堂学生")
    candidates = searcher.order(analysis, SearchRequest("课堂学生")).candidates
    for ranks in (candidates.bm25_rank, candidates.vector_rank):
        found = np.sort(ranks[ranks > 0])
        assert found.tolist() == list(range(1, len(found) + 1))


class _Words:
    """Knows that 打 and 体罚 are one thing and nothing else."""

    def unit_token_vectors(self, tokens: list[str]) -> np.ndarray:
        return np.array([[1.0 if token in {"打", "体罚"} else 0.0] for token in tokens], np.float32)


def test_words_near_in_meaning_are_marked_where_none_is_the_same(searcher: Searcher) -> None:
    text = "严禁体罚学生。"
    analysis = searcher.analyser.analyse("老师 打 娃")
    tokeniser = searcher.analyser.terms.tokeniser
    whole = Span(0, len(text))
    [near] = near_words([(text, whole)], analysis, embedder=_Words(), tokeniser=tokeniser)
    assert [text[start:end] for start, end in near] == ["体罚"]
    assert near_words([(text, whole)], analysis, embedder=object(), tokeniser=tokeniser) == [[]]


def test_wording_is_fetched_alone_once_and_then_all_at_once(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, asked = searcher.snapshot.store, []
    whole = store.clauses
    monkeypatch.setattr(store, "clauses", lambda rows: asked.append(len(list(rows))) or whole(rows))
    texts = Texts(store, searcher.catalogue, np.arange(6, dtype=np.int32))
    texts[3]
    assert [texts[at].clause_id for at in range(6)] == [text.clause_id for text in texts]
    assert asked == [1, 6, 0]
    assert texts[-1] == texts[5:][0]
