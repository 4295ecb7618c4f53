"""Rankings and confidence that need no training."""

from __future__ import annotations

import numpy as np
import pytest
from tiaowen_models.coverage import CoverageConfidence, covered
from tiaowen_models.fusion import RRF_K, ReciprocalRankFusion, ScoreFusion
from tiaowen_models.protocols import Candidates, ClauseText, QueryAnalysis, QueryTerm, Ranker


def _text(body: str) -> ClauseText:
    return ClauseText("d/一", "d", "规定", "clause", ("职责",), body, body, body)


@pytest.fixture
def candidates() -> Candidates:
    return Candidates(
        rows=np.array([0, 1, 2], np.int32),
        bm25=np.array([4.0, 2.0, 0.0], np.float32),
        bm25_rank=np.array([1, 2, 0], np.int32),
        vector=np.array([0.1, 0.6, 0.5], np.float32),
        vector_rank=np.array([0, 1, 2], np.int32),
        texts=[_text("家长听课要登记"), _text("听课"), _text("升国旗")],
        idf={"家长": 2.0, "听课": 3.0},
    )


@pytest.fixture
def analysis() -> QueryAnalysis:
    terms = tuple(QueryTerm(word, word, 1.0, "word") for word in ("家长", "听课", "航天"))
    return QueryAnalysis(
        "家长听课航天", "家长听课航天", "zh", "simplified", ("家长", "听课", "航天"), terms
    )


@pytest.mark.parametrize("ranker", [ReciprocalRankFusion(), ScoreFusion()])
def test_shares_add_up(ranker: Ranker, analysis: QueryAnalysis, candidates: Candidates) -> None:
    ranking = ranker.rank(analysis, candidates)
    np.testing.assert_allclose(sum(ranking.shares.values()), ranking.scores, rtol=1e-6)


def test_reciprocal_ranks_follow_the_paper(analysis: QueryAnalysis, candidates: Candidates) -> None:
    scores = ReciprocalRankFusion(bm25=1.0, vector=1.0).rank(analysis, candidates).scores
    expected = [1 / (RRF_K + 1), 1 / (RRF_K + 2) + 1 / (RRF_K + 1), 1 / (RRF_K + 2)]
    np.testing.assert_allclose(scores, expected, rtol=1e-6)


def test_scores_are_shares_of_the_idf_asked(
    analysis: QueryAnalysis, candidates: Candidates
) -> None:
    ranking = ScoreFusion(vector=1.0).rank(analysis, candidates)
    # the word that the index lacks weighs as much as the rarest: 2 + 3 + 3
    np.testing.assert_allclose(ranking.shares["bm25"], [0.5, 0.25, 0.0])


def test_coverage_weighs_words_by_idf(analysis: QueryAnalysis, candidates: Candidates) -> None:
    assert covered(analysis, candidates, 0) == pytest.approx(5 / 8)
    assert covered(analysis, candidates, 1) == pytest.approx(3 / 8)
    assert covered(analysis, candidates, 2) == 0.0


def test_confidence_grows_with_coverage(analysis: QueryAnalysis, candidates: Candidates) -> None:
    model = CoverageConfidence()
    values = []
    for best in (0, 1, 2):
        scores = np.zeros(3, np.float32)
        scores[best] = 1.0
        ranking = type(ScoreFusion().rank(analysis, candidates))(scores)
        values.append(model.confidence(analysis, candidates, ranking))
    assert 1.0 >= values[0] > values[1] > values[2] >= 0.0
