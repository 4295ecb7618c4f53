"""Comparison, history and reports over a small evaluation with invented systems."""

import json
import re
from dataclasses import dataclass, replace

import pytest
from tiaowen_evaluation import gate, history, judging
from tiaowen_evaluation import pins as baseline_pins
from tiaowen_evaluation.compare import compare
from tiaowen_evaluation.labels import resolve
from tiaowen_evaluation.questions import load_questions
from tiaowen_evaluation.report_html import html
from tiaowen_evaluation.report_text import comparison_markdown, markdown
from tiaowen_evaluation.runs import Answer, Record
from tiaowen_evaluation.suite import evaluate
from tiaowen_evaluation.worst import worst

EVIL = "<script>alert(1)</script>"


@dataclass(frozen=True)
class Fixed:
    """Answers every query with the same clauses."""

    name: str
    ids: tuple[str, ...]
    passage: str = ""

    def answer(self, query, *, limit):
        scores = tuple(float(len(self.ids) - at) for at in range(len(self.ids)))
        why = tuple("bm25 #1" for _ in self.ids)
        confidence = 0.9 if self.passage else None
        return Answer(self.ids[:limit], scores, self.passage, confidence, 1.5, why)


@pytest.fixture
def labels(written, question, collection):
    rules = {"file_id": "rules", "quote": "严禁体罚"}
    folder = written(
        question("q1", query="家长会几次"),
        question("q2", query=f"能打学生吗{EVIL}", category="prohibition", answer=rules,
                 judgements=[{**rules, "grade": 3}]),
        question("q3", query="校车几点开", category="unanswerable", answer=None, judgements=[],
                 file_ids=["plan"]),
    )  # fmt: skip
    questions, errors = load_questions(folder)
    found, unresolved = resolve(questions, collection)
    assert not errors
    assert not unresolved
    return found


def measured(labels, collection, *, first="plan/一", version="v1"):
    others = tuple(c.clause_id for c in collection.entries if c.clause_id != first)
    systems = [
        Fixed("ranked", (first, *others), "家长会每学期不少于两次。"),
        Fixed("bm25", (first, "plan/二")),
        Fixed("vector", ("plan/二", first)),
    ]
    return evaluate(systems, labels, collection, index_version=version)


def test_figures_of_a_small_evaluation(labels, collection):
    record = measured(labels, collection)
    served = record.figures["systems"]["ranked"]
    assert served["overall"]["S@1"]["value"] == 0.5
    assert served["overall"]["P@1 passage"]["value"] == 0.5
    assert served["category"]["number"]["S@1"]["value"] == 1.0
    assert "unanswerable" not in served["category"]
    assert record.runs["hybrid"].answers["q1"].clause_ids == ("plan/一", "plan/二")  # tie: by id
    assert record.figures["unjudged"] == 3 * 6 - 2
    assert record.latency["ranked"]["p50"] == 1.5


def test_a_stored_evaluation_comes_back(labels, collection, tmp_path):
    record = measured(labels, collection)
    record.save(tmp_path / "a.json")
    assert Record.load(tmp_path / "a.json") == record
    (tmp_path / "b.json").write_text('{"runs": 1}', "utf-8")
    with pytest.raises(ValueError, match="not a stored evaluation"):
        Record.load(tmp_path / "b.json")


def test_comparison_shows_wins_and_losses_side_by_side(labels, collection):
    a = measured(labels, collection)
    b = measured(labels, collection, first="rules/第一条", version="v2")
    found = compare(a, b)
    assert [change.question_id for change in found.changes] == ["q1", "q2"]
    loss, win = found.changes
    assert loss.gain < 0 < win.gain
    assert loss.a[0][:2] == ("plan/一", "3")
    assert loss.b[0][:2] == ("rules/第一条", "?")
    assert {row.group for row in found.rows} == {"all", "number", "prohibition"}
    assert all(row.p >= row.difference.p for row in found.rows)
    text = comparison_markdown(found)
    assert "变差 · Worse (1)" in text
    assert "变好 · Better (1)" in text
    relabelled = {**b.questions, "q1": {**b.questions["q1"], "signature": "x"}}
    assert compare(a, replace(b, questions=relabelled)).questions == 1


def test_html_needs_nothing_else_and_escapes_everything(labels, collection):
    record = measured(labels, collection)
    verdict = gate.judge(record, (baseline_pins.pin(record, "toy"),))
    rows = [history.line(record, name="toy", status="passed")] * 2
    page = html(record, verdict, history=rows)
    outside = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    assert not re.search(r"""(src|href)\s*=\s*["']?(https?:)?//""", outside)
    assert "@import" not in outside
    assert EVIL not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    for part in ("通过", "S@1", "ideal", "能打学生吗", "bm25 #1", "v1"):
        assert part in page
    assert page.count("plotly-graph-div") == 4  # systems, categories, calibration, trend


def test_markdown_and_worst(labels, collection):
    record = measured(labels, collection)
    first, second, *_ = worst(record)
    assert {first.question_id, second.question_id} == {"q2", "q3"}
    miss = next(m for m in worst(record) if m.question_id == "q2")
    assert miss.verdict == "in the first ten, at rank 5"
    assert miss.wanted[0][2] == 5
    text = markdown(record)
    assert "| ranked | 0.500 [0.00, 1.00] |" in text
    assert "能打学生吗" in text


def test_history_keeps_one_line_a_version(labels, collection, tmp_path):
    path = tmp_path / "history.jsonl"
    row = history.line(measured(labels, collection), name="toy", status="passed")
    assert history.append(path, row)
    assert not history.append(path, row)
    other = history.line(measured(labels, collection, version="v2"), name="toy", status="passed")
    assert history.append(path, other)
    assert [each["index_version"] for each in history.read(path)] == ["v1", "v2"]
    third = {**other, "index_version": "v3"}
    assert [each["index_version"] for each in history.trend(path, third)] == ["v1", "v2", "v3"]
    assert [each["index_version"] for each in history.trend(path, row)] == ["v1", "v2"]
    assert history.trend(path, {**third, "name": "other"}) == ({**third, "name": "other"},)
    assert json.loads(path.read_text("utf-8").splitlines()[0])["figures"]["S@1"] == 0.5


def test_judged_pools_are_kept_as_anchors_that_resolve(labels, collection, written):
    record = measured(labels, collection)
    tasks = list(judging.tasks(record, labels, collection))
    assert len(tasks) == record.figures["unjudged"]
    folder = written({"question_id": "none", "judgements": []}, name="empty.jsonl")
    (folder / "empty.jsonl").unlink()
    listed = [f"{t.question.question_id}\t{t.entry.clause_id}\t1" for t in tasks]
    rows = judging.graded("\n".join(listed), labels, collection, name="x.tsv")
    judging.keep(folder, rows)
    questions, errors = load_questions(folder)
    again, unresolved = resolve(questions, collection)
    assert not errors
    assert not unresolved
    assert measured(again, collection).figures["unjudged"] == 0
    with pytest.raises(ValueError, match=r"x\.tsv:1: no clause 'nowhere'"):
        judging.graded("q1\tnowhere\t1", labels, collection, name="x.tsv")
