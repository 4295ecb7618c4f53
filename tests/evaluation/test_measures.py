import math

import pytest
from tiaowen_evaluation.measures import (
    GRADED,
    confidence_figures,
    latency_figures,
    mean,
    passage_precision,
    per_question,
    short,
)
from tiaowen_evaluation.runs import Answer, Run


def test_measures_by_hand():
    run = Run(
        "x",
        {
            "a": Answer(("miss", "part", "full")),
            "b": Answer(("topic", "full")),
            "c": Answer(()),
        },
    )
    grades = {
        "a": {"full": 3, "part": 2, "miss": 0},
        "b": {"topic": 1, "full": 3, "far": 2},
        "c": {"full": 3},
    }
    found = per_question(run, grades, GRADED)
    assert found["Success(rel=2)@1"] == {"a": 0.0, "b": 0.0, "c": 0.0}
    assert found["Success(rel=2)@3"] == {"a": 1.0, "b": 1.0, "c": 0.0}
    assert found["RR(rel=2)@10"] == {"a": 0.5, "b": 0.5, "c": 0.0}
    assert found["R(rel=2)@10"] == {"a": 1.0, "b": 0.5, "c": 0.0}
    assert found["Judged@10"]["a"] == 1.0
    gain = 2 / math.log2(3) + 3 / math.log2(4)
    best = 3 + 2 / math.log2(3)
    assert found["nDCG@10"]["a"] == pytest.approx(gain / best)


def test_the_order_given_counts_not_the_scores():
    grades = {"q": {"z": 2}}
    tied = Run("x", {"q": Answer(("a", "z", "b"), (1.0, 1.0, 1.0))})
    found = per_question(tied, grades, GRADED)
    assert found["RR(rel=2)@10"]["q"] == 0.5
    assert found["Success(rel=2)@1"]["q"] == 0.0


def test_passage_precision():
    assert passage_precision({"a": True, "b": False}) == {"a": 1.0, "b": 0.0}


def test_confidence_figures_by_hand():
    stated = {"a": 0.95, "b": 0.95, "c": 0.05, "d": 0.05}
    answers = {q: Answer(("x",), confidence=value) for q, value in stated.items()}
    found = confidence_figures(
        answers,
        {"a": True, "b": True, "c": True, "d": False},
        {"a": True, "b": False, "c": False, "d": False},
    )
    assert found["AUROC"] == pytest.approx((1 + 1 + 0.5) / 3)
    assert found["ECE"] == pytest.approx(0.5 * 0.45 + 0.5 * 0.05)
    assert [point["questions"] for point in found["curve"]] == [2, 2]
    assert [point["true"] for point in found["curve"]] == [0.0, 0.5]


def test_no_confidence_no_figures():
    assert confidence_figures({"a": Answer(("x",))}, {"a": True}, {"a": True}) == {}


def test_confidence_of_one_counts_in_the_last_bin():
    answers = {"a": Answer(("x",), confidence=1.0), "b": Answer(("x",), confidence=0.0)}
    found = confidence_figures(answers, {"a": True, "b": False}, {"a": True, "b": False})
    assert found["ECE"] == 0.0
    assert found["AUROC"] == 1.0


def test_latency_and_names():
    run = Run("x", {str(n): Answer((), took_ms=float(n)) for n in range(101)})
    assert latency_figures(run) == {"p50": 50.0, "p90": 90.0, "p95": 95.0, "p99": 99.0}
    assert short("Success(rel=2)@1") == "S@1"
    assert mean([0.1] * 10) == pytest.approx(0.1)
