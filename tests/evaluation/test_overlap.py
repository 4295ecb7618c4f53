import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiaowen_evaluation.overlap import leaks, similarities, training_queries
from tiaowen_evaluation.questions import load_questions


def test_test_questions_may_not_resemble_training(written, question, tmp_path):
    folder = written(
        question("q1", query="家长会一学期要开几次", split="test"),
        question("q2", query="家長會一學期要開幾次呢", split="train"),
        question("q3", query="事假谁批", split="test"),
        question("q4", query="老师请假找谁", split="dev"),
        question("q5", query="课后服务怎么收费", split="test"),
    )
    pairs = tmp_path / "pairs"
    pairs.mkdir()
    (pairs / "money.jsonl").write_text(json.dumps({"query": "课后服务怎么收费的"}) + "\n", "utf-8")
    questions, errors = load_questions(folder)
    assert not errors
    found = leaks(questions, training_queries([pairs]))
    assert [(error.where.line, error.message.split(":")[0]) for error in found] == [
        (1, "q1"),
        (5, "q5"),
    ]
    assert "money.jsonl:1" in found[1].message


@settings(max_examples=60)
@given(st.lists(st.text("家长会课表学", max_size=12), min_size=1, max_size=6))
def test_similarity_is_jaccard(texts):
    def grams(text):
        return {text[at : at + 3] for at in range(max(1, len(text) - 2))}

    found = similarities(texts, texts)
    for i, one in enumerate(texts):
        for j, other in enumerate(texts):
            a, b = grams(one), grams(other)
            assert found[i, j] == pytest.approx(len(a & b) / len(a | b))
