"""Our figures against trec_eval's and ranx's, computed from the files that we export."""

import random

import pytest
import pytrec_eval
from tiaowen_evaluation.measures import BINARY, GRADED, mean, per_question
from tiaowen_evaluation.runs import Answer, Run
from tiaowen_evaluation.trec import read_qrels, read_run, write_qrels, write_run


def invented(seed: int) -> tuple[Run, dict[str, dict[str, int]]]:
    """Runs with tied scores, missing answers, and ids with white space and percent signs."""
    draw = random.Random(seed)
    ids = [f"文件 {n}/第 {n % 7} 條%{n}" for n in range(300)]
    grades, answers = {}, {}
    for number in range(40):
        question_id = f"q {number}"
        judged = draw.sample(ids, 12)
        grades[question_id] = {c: draw.choice([0, 1, 2, 3]) for c in judged} | {judged[0]: 3}
        found = sorted(draw.sample(ids, draw.choice([0, 3, 100])))
        if found:
            found[: len(found) // 2] = sorted({*found[: len(found) // 2], *judged[:4]})
        found = list(dict.fromkeys(found))
        scores = sorted((float(draw.randint(1, 5)) for _ in found), reverse=True)
        answers[question_id] = Answer(tuple(found), tuple(scores))
    return Run("ranked one", answers), grades


@pytest.mark.parametrize("seed", range(5))
def test_trec_eval_agrees_to_the_fourth_decimal(seed, tmp_path):
    run, grades = invented(seed)
    write_run(run, tmp_path / "x.run")
    write_qrels(grades, tmp_path / "qrels.txt")
    with (tmp_path / "x.run").open() as stream:
        scored = pytrec_eval.parse_run(stream)
    with (tmp_path / "qrels.txt").open() as stream:
        qrels = pytrec_eval.parse_qrel(stream)
    ours = {name: mean(by.values()) for name, by in per_question(run, grades, GRADED).items()}
    names = {"nDCG@10": "ndcg_cut_10"}
    binary = {
        "R(rel=2)@5": "recall_5",
        "R(rel=2)@10": "recall_10",
        "R(rel=2)@100": "recall_100",
        "Success(rel=2)@1": "success_1",
        "Success(rel=2)@5": "success_5",
    }
    for relevant, wanted in ((1, names), (2, binary)):
        found = pytrec_eval.RelevanceEvaluator(
            qrels, {"ndcg_cut", "recall", "success"}, relevance_level=relevant
        ).evaluate(scored)
        for name, theirs in wanted.items():
            # trec_eval leaves unanswered queries out of its mean; they count 0 here
            total = sum(values[theirs] for values in found.values()) / len(grades)
            assert ours[name] == pytest.approx(total, abs=5e-5), name


def test_ranx_agrees_to_the_fourth_decimal(tmp_path):
    import ranx  # compiles each measure at its first use, some ten seconds: these four suffice

    run, grades = invented(0)
    binary = {q: {c: int(grade >= 2) for c, grade in by.items()} for q, by in grades.items()}
    write_run(run, tmp_path / "x.run")
    write_qrels(binary, tmp_path / "qrels.txt")
    qrels = ranx.Qrels.from_file(str(tmp_path / "qrels.txt"), kind="trec")
    scored = ranx.Run.from_file(str(tmp_path / "x.run"), kind="trec")
    names = {
        "nDCG@10": "ndcg@10",
        "RR@10": "mrr@10",
        "R@10": "recall@10",
        "R@100": "recall@100",
    }
    ours = {name: mean(by.values()) for name, by in per_question(run, binary, BINARY).items()}
    theirs = ranx.evaluate(qrels, scored, list(names.values()), make_comparable=True)
    for name, their_name in names.items():
        assert ours[name] == pytest.approx(float(theirs[their_name]), abs=5e-5), name


def test_files_come_back_as_they_were(tmp_path):
    run, grades = invented(9)
    write_run(run, tmp_path / "x.run")
    write_qrels(grades, tmp_path / "qrels.txt")
    back = read_run(tmp_path / "x.run")
    assert back.name == "ranked one"
    answered = {q: a.clause_ids for q, a in run.answers.items() if a.clause_ids}
    assert {q: a.clause_ids for q, a in back.answers.items()} == answered
    assert read_qrels(tmp_path / "qrels.txt") == grades


def test_a_foreign_run_is_ordered_by_score_and_then_by_id(tmp_path):
    path = tmp_path / "other.run"
    path.write_text("q Q0 b 1 2.0 tag\nq Q0 a 2 2.0 tag\nq Q0 c 3 9.5 tag\n", "utf-8")
    assert read_run(path).answers["q"].clause_ids == ("c", "a", "b")


def test_bad_lines_are_named(tmp_path):
    path = tmp_path / "bad.run"
    path.write_text("q Q0 a 1 2.0 tag\nq Q0 a 1\n", "utf-8")
    with pytest.raises(ValueError, match=r"bad\.run:2: 4 columns, not 6"):
        read_run(path)
