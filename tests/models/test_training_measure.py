"""Measuring the embedder: recall, intervals, and that nothing measured was trained on."""

from pathlib import Path

import numpy as np
import pytest
from tiaowen_models.features import Vocabulary
from tiaowen_models.static import StaticEmbedder, quantise
from tiaowen_models.training import sources, statutes
from tiaowen_models.training.measure import (
    CUTS,
    asker_tasks,
    interval,
    public_task,
    recalls,
    word_match,
)

PAIRS = Path(__file__).resolve().parents[2] / "models" / "training" / "pairs"


def test_recall_counts_the_share_found_at_each_cut() -> None:
    scores = np.array([[9, 8, 7, 6, 5, 4, 3, 2]], dtype=np.float32)
    found = recalls(scores, [frozenset({0, 6})])
    assert dict(zip(CUTS, found[0], strict=True)) == {1: 0.5, 5: 0.5, 10: 1.0, 100: 1.0}


def test_word_match_is_one_where_every_word_asked_stands_in_the_document() -> None:
    names = ("教师", "学生", "家长")
    vectors = np.random.default_rng(0).normal(size=(3, 32)).astype(np.float32)
    table, scale = quantise(vectors)
    embedder = StaticEmbedder("t", Vocabulary(names), table, scale, scale)
    found = word_match(embedder, ["教师学生", "家长"], ["学生和教师", "教师"])
    assert found[0, 0] == pytest.approx(1.0, abs=1e-5)
    assert found[0, 1] < 0.9
    assert (found[1] < 0.6).all()


def test_interval_holds_the_mean_and_narrows_with_more_questions() -> None:
    rng = np.random.default_rng(0)
    few, many = rng.random(40), rng.random(4000)
    low, high = interval(few)
    assert low < few.mean() < high
    assert np.diff(interval(many))[0] < high - low


def test_asker_corpus_holds_every_answer_once() -> None:
    for task in asker_tasks([PAIRS]):
        assert len(set(task.documents)) == len(task.documents)
        assert len(task.questions) == len(task.relevant) > 0
        assert all(0 <= at < len(task.documents) for found in task.relevant for at in found)


def test_held_out_passages_and_questions_are_not_trained_on() -> None:
    trained, held = (
        [pair for source in sources.asker_pairs([PAIRS], dev=dev) for pair in source.pairs]
        for dev in (False, True)
    )
    assert held
    assert not {pair.query for pair in trained} & {pair.query for pair in held}
    passages = {pair.clause for pair in trained}
    assert sum(pair.clause in passages for pair in held) == 0


def test_statute_questions_split_without_overlap(shared: Path) -> None:
    data = shared / "data"
    trained = {pair.group for pair in statutes.statute_pairs(data, dev=False).pairs}
    held = {pair.group for pair in statutes.statute_pairs(data, dev=True).pairs}
    task = public_task(data, "stard")
    assert not trained & held
    assert len(task.questions) == len(held)
    assert len(held) / (len(held) + len(trained)) == pytest.approx(0.3, abs=0.05)
