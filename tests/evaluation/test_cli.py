import json

import pytest
from tiaowen_evaluation.cli import app
from typer.testing import CliRunner

RULES = """考勤规定
一、请假
事假由校长批准，不得先离后请。
二、听课
教师每学期听课不少于十五节。
"""


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "rules.txt").write_text(RULES, "utf-8")
    return folder


@pytest.fixture
def run(corpus, tmp_path, written, question):
    def judged(quote):
        anchor = {"file_id": "rules", "quote": quote}
        return {"answer": anchor, "judgements": [{**anchor, "grade": 3}]}

    questions = written(
        question("q1", query="谁批事假", category="responsibility", **judged("校长批准")),
        question("q2", query="听课几节", split="dev", **judged("十五节")),
        question("q3", query="怎么请假", split="train", **judged("先离后请")),
    )
    places = ["--corpus", str(corpus), "--index", str(tmp_path / "index")]
    places += ["--questions", str(questions), "--model", "svd"]

    def invoke(*arguments, command=(), **options):
        return CliRunner().invoke(app, [*command, *places, *arguments], **options)

    return invoke


def test_json_report_save_and_trec(run, tmp_path):
    saved, page, trec = tmp_path / "a.json", tmp_path / "r" / "a.html", tmp_path / "trec"
    result = run(
        "--format", "json", "--save", str(saved), "--report", str(page), "--trec", str(trec)
    )
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["questions"] == 2  # train is not measured
    assert found["systems"]["ranked"]["overall"]["S@5"]["value"] == 1.0
    assert {"bm25", "vector", "hybrid", "tfidf"} <= found["systems"].keys()
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert (trec / "qrels.txt").is_file()
    assert (trec / "jieba-bm25-chunks.run").is_file()
    files = [str(trec / "ranked.run"), str(trec / "qrels.txt"), "--relevant", "2"]
    again = CliRunner().invoke(app, ["trec", *files, "--format", "json"])
    ranked = found["systems"]["ranked"]["overall"]
    assert json.loads(again.stdout)["RR(rel=2)@10"] == pytest.approx(ranked["RR@10"]["value"])
    assert json.loads(again.stdout)["nDCG@10"] == pytest.approx(ranked["nDCG@10"]["value"])
    compared = CliRunner().invoke(app, ["compare", str(saved), str(saved), "--system-b", "bm25"])
    assert compared.exit_code == 0
    assert "2 questions in both" in compared.stdout


def test_check_lists_mistakes_and_fails(run, written, question):
    assert run(command=["check"]).exit_code == 0
    lost = {"file_id": "rules", "quote": "没有此话"}
    written(question("q9", answer=lost, judgements=[{**lost, "grade": 3}]), name="more.jsonl")
    result = run(command=["check"])
    assert result.exit_code == 1
    assert "more.jsonl:1: q9: quote '没有此话' not found in rules" in result.stdout
    measured = run()
    assert measured.exit_code == 2
    assert "more.jsonl:1" in measured.stderr


def test_judge_by_keys(run, tmp_path):
    listed = run("--list", command=["judge"])
    assert listed.exit_code == 0, listed.output
    left = len(listed.stdout.splitlines())
    assert left > 0
    result = run(command=["judge"], input="1x0q")
    assert result.exit_code == 0, result.output
    rows = (tmp_path / "questions" / "pooled.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(row)["judgements"][0]["grade"] for row in rows] == [1, 0]
    assert len(run("--list", command=["judge"]).stdout.splitlines()) == left - 2


def test_a_known_error_is_one_message(run, tmp_path):
    result = CliRunner().invoke(app, ["--index", str(tmp_path / "none")])
    assert result.exit_code == 2
    assert "no index" in result.stderr
    beir = CliRunner().invoke(app, ["--beir", str(tmp_path)])
    assert beir.exit_code == 2
    assert "qrels" in beir.stderr
