"""The lexical leg: scores, their parts, their bytes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi
from scipy.sparse import csc_matrix
from tiaowen_indexer.counted import Counted, Counting
from tiaowen_indexer.lexical import K1, WEIGHT, B, LexicalIndex, build_lexical
from tiaowen_indexer.terms import SearchTerms

CLAUSES = [["学生", "听课", "听课"], ["教师", "听课"], ["安全", "学生", "教育", "安全"], []]
CONTEXT = [["课堂"], ["课堂"], ["安全"], ["安全"]]

_WORDS = st.sampled_from(["学生", "教师", "安全", "听课", "课堂", "考核"])
_CLAUSES = st.lists(st.lists(_WORDS, min_size=1, max_size=8), min_size=2, max_size=12)


@pytest.fixture
def index() -> LexicalIndex:
    return build_lexical(counted(CLAUSES, CONTEXT))


def counted(body: list[list[str]], context: list[list[str]]) -> Counted:
    terms = list(dict.fromkeys(term for row in body + context for term in row))
    fields = {"body": body, "context": context}
    return Counted(
        terms,
        {
            name: csc_matrix(
                np.array([[row.count(term) for term in terms] for row in rows], np.uint16)
            )
            for name, rows in fields.items()
        },
    )


@settings(max_examples=60, deadline=None)
@given(clauses=_CLAUSES, query=st.lists(_WORDS, min_size=1, max_size=4, unique=True))
def test_scores_are_those_of_rank_bm25(clauses: list[list[str]], query: list[str]) -> None:
    """rank_bm25 with Lucene's idf, which is never negative, and without its factor (k1 + 1)."""
    oracle = BM25Okapi(clauses, k1=K1, b=B["body"])
    frequency = {word: sum(word in clause for clause in clauses) for word in oracle.idf}
    oracle.idf = {
        word: float(np.log1p((len(clauses) - n + 0.5) / (n + 0.5))) for word, n in frequency.items()
    }
    ours = build_lexical(counted(clauses, [[] for _ in clauses]))
    scores = ours.scores(dict.fromkeys(query, 1.0))
    np.testing.assert_allclose(scores * (K1 + 1), oracle.get_scores(query), rtol=1e-4, atol=1e-6)


def test_an_unknown_term_scores_nothing(index: LexicalIndex) -> None:
    assert not index.scores({"航天": 1.0}).any()
    assert index.idf("航天") == 0.0
    assert "航天" not in index
    assert "学生" in index


def test_both_fields_count_and_the_wording_counts_more(index: LexicalIndex) -> None:
    assert WEIGHT["body"] > WEIGHT["context"] > 0
    scores = index.scores({"安全": 1.0})
    assert scores[2] > scores[3] > 0
    assert scores[0] == scores[1] == 0


def test_contributions_add_up_to_the_score(index: LexicalIndex) -> None:
    terms = {"学生": 1.0, "安全": 0.5, "听课": 0.25, "航天": 1.0}
    rows = np.array([0, 2, 3], np.int32)
    parts = index.contributions(list(terms), rows)
    weights = np.array(list(terms.values()), np.float32)
    np.testing.assert_allclose(weights @ parts, index.scores(terms)[rows], rtol=1e-5)


def test_what_is_saved_is_loaded_and_saved_alike(index: LexicalIndex, tmp_path: Path) -> None:
    index.save(tmp_path / "one")
    loaded = LexicalIndex.load(tmp_path / "one", count=len(CLAUSES))
    np.testing.assert_array_equal(loaded.scores({"学生": 1.0}), index.scores({"学生": 1.0}))
    loaded.save(tmp_path / "two")
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_a_long_word_is_found_by_the_words_inside_it() -> None:
    terms = SearchTerms(["教学开放周"])
    assert terms.of("教學開放週") == ["教学开放周", "教学", "开放"]
    assert terms.parts("学生") == ()
    assert terms.of("Word2019") == ["word", "2019"]


@settings(deadline=None)
@given(st.lists(st.text(alphabet="教学开放周家长听课两次，。 ab12") | st.text()))
def test_terms_counted_together_are_those_of_each_text(texts: list[str]) -> None:
    terms = SearchTerms(["教学开放周"])
    counting = Counting(terms)
    matrix = counting.matrix(counting.terms(texts))
    names = counting.vocabulary
    for text, row in zip(texts, matrix.toarray().tolist(), strict=True):
        held = {name: count for name, count in zip(names, row, strict=True) if count}
        assert held == Counter(terms.of(text))
