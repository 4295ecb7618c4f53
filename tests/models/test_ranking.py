"""Measurements, the learned ranking, passages and confidence, over made-up clauses."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from tiaowen_corpus.places import shipped
from tiaowen_models import confidence, passage_choice
from tiaowen_models.confidence import LearnedConfidence
from tiaowen_models.loading import load_embedder
from tiaowen_models.passage_choice import LearnedPassages
from tiaowen_models.passages import LONGEST
from tiaowen_models.protocols import (
    Candidates,
    ClauseText,
    QueryAnalysis,
    QueryTerm,
    Ranking,
)
from tiaowen_models.ranking import BEYOND, NEAR, LearnedRanking, shortlist
from tiaowen_models.ranking_features import NAMES, Measured
from tiaowen_models.ranking_loading import load_reader, ranker_folder
from tiaowen_models.reader import Reader

FOLDER = ranker_folder()


@pytest.fixture(scope="module")
def reader() -> Reader:
    found = load_reader(load_embedder())
    assert found is not None
    return found


@pytest.fixture(scope="module")
def ranker(reader: Reader) -> LearnedRanking:
    assert FOLDER is not None
    return LearnedRanking.load(FOLDER, reader)


def asking(query: str, *words: str, asks: tuple[str, ...] = ()) -> QueryAnalysis:
    return QueryAnalysis(
        query=query,
        folded=query,
        language="zh",
        script="simplified",
        words=words,
        terms=tuple(QueryTerm(word, word, 1.0, "word") for word in words),
        asks=asks,
    )


def candidates(bodies: Sequence[str], words: Sequence[str], reader: Reader) -> Candidates:
    """Candidates as a search finds them: scores by words held, and by the vectors of wording."""
    held = np.array([sum(word in body for word in words) for body in bodies], np.float32)
    query = reader.meaning([], "".join(words)).vectors[-1]
    vectors = load_embedder().encode_clauses(list(bodies))
    texts = [ClauseText(f"d/{n}", "d", "", "clause", (), b, b, b) for n, b in enumerate(bodies)]
    cosine = np.maximum(vectors @ query, 0.0)
    return Candidates(
        rows=np.arange(len(bodies), dtype=np.int32),
        bm25=held,
        bm25_rank=np.where(held > 0, ranks(held), 0).astype(np.int32),
        vector=cosine,
        vector_rank=ranks(cosine),
        texts=texts,
        idf=dict.fromkeys(words, 3.0),
    )


def ranks(scores: np.ndarray) -> np.ndarray:
    found = np.zeros(len(scores), np.int32)
    found[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return found


BODIES = (
    "教学开放周",
    "每年4月和9月举行教学开放周，邀请家长进课堂听课。",
    "食堂实行校长陪餐制度，陪餐情况要有记录。",
    "加强学校财务管理，严禁设立小金库。",
)


def test_shares_add_up_to_the_score(ranker: LearnedRanking, reader: Reader) -> None:
    found = candidates([*BODIES, *[f"第{n}项工作" for n in range(90)]], ["家长", "听课"], reader)
    ranking = ranker.rank(asking("家长听课", "家长", "听课"), found)
    assert set(ranking.shares) == {*NAMES, BEYOND}
    total = np.sum([ranking.shares[name] for name in ranking.shares], axis=0)
    np.testing.assert_allclose(total, ranking.scores, rtol=1e-3, atol=1e-3)


def test_beyond_the_shortlist_comes_after_it(ranker: LearnedRanking, reader: Reader) -> None:
    found = candidates([f"学校第{n}项工作" for n in range(3 * NEAR)], ["学校"], reader)
    scores = ranker.rank(asking("学校", "学校"), found).scores
    near = shortlist(found)
    rest = np.setdiff1d(np.arange(len(found)), near)
    assert len(rest)
    assert scores[rest].max() < scores[near].min()


def test_a_heading_alone_sinks_below_the_clause(ranker: LearnedRanking, reader: Reader) -> None:
    found = candidates(BODIES, ["教学开放周"], reader)
    found.texts[0] = ClauseText("d/0", "d", "", "heading", ("教学开放周",), *[BODIES[0]] * 3)  # type: ignore[index]
    scores = ranker.rank(asking("教学开放周", "教学开放周"), found).scores
    assert int(np.argmax(scores)) == 1


def test_no_candidates_no_scores(ranker: LearnedRanking, reader: Reader) -> None:
    none = np.zeros(0, np.int32)
    empty = Candidates(none, none.astype(np.float32), none, none.astype(np.float32), none, [], {})
    assert len(ranker.rank(asking("家长", "家长"), empty).scores) == 0
    assert FOLDER is not None
    sure = LearnedConfidence.load(FOLDER, reader)
    assert sure.confidence(asking("家长", "家长"), empty, ranker.rank(asking("x", "x"), empty)) == 0


def test_a_query_without_terms_is_measured(reader: Reader) -> None:
    found = candidates(BODIES, ["学校"], reader)
    rows = Measured(asking("?"), found, np.arange(len(found)), reader).clauses
    assert rows.shape == (len(BODIES), len(NAMES))
    assert np.isfinite(rows).all()


def test_what_is_answered_is_surer_than_what_is_not(ranker: LearnedRanking, reader: Reader) -> None:
    assert FOLDER is not None
    sure = LearnedConfidence.load(FOLDER, reader)
    values = []
    for words in (("家长", "听课"), ("产假", "天数")):
        analysis, found = asking("".join(words), *words), candidates(BODIES, words, reader)
        values.append(sure.confidence(analysis, found, ranker.rank(analysis, found)))
    assert 0.0 < values[1] < values[0] < 1.0


def test_the_passage_is_the_sentence_that_answers(reader: Reader) -> None:
    assert FOLDER is not None
    chooser = LearnedPassages.load(FOLDER, reader)
    text = "学校要加强管理。家长会每学期召开两次，由班主任主持。食堂要保持清洁。"
    analysis = asking("家长会每学期几次", "家长会", "每学期", asks=("how_often",))
    found = candidates([text, "", "字" * 500], analysis.words, reader)
    spans = chooser.best(analysis, found, Ranking(found.bm25), [0, 1, 2])
    assert spans[0].of(text).startswith("家长会每学期")
    assert len(spans[1]) == 0
    assert all(len(span) <= LONGEST for span in spans)


@pytest.mark.parametrize(
    ("model", "file"),
    [
        (LearnedRanking, "ranking.json"),
        (LearnedConfidence, confidence.FILE),
        (LearnedPassages, passage_choice.FILE),
    ],
)
def test_weights_of_another_release_are_refused(
    model: type, file: str, tmp_path: Path, reader: Reader
) -> None:
    found = json.loads((shipped("models") / "tiaowen-ranker" / file).read_text(encoding="utf-8"))
    found["weights"].pop(next(iter(found["weights"])))
    (tmp_path / file).write_text(json.dumps(found), encoding="utf-8")
    with pytest.raises(ValueError, match="make train"):
        model.load(tmp_path, reader)
