"""A public benchmark end to end: layout, index, figures, files."""

import gzip
import json

import pytest
from tiaowen_evaluation.beir import BadBenchmark, read
from tiaowen_evaluation.benchmark import benchmark_markdown, run_benchmark
from tiaowen_evaluation.trec import read_qrels, read_run

TOPICS = (
    "家长会",
    "教学开放周",
    "课后服务",
    "听课",
    "请假",
    "体罚",
    "校车",
    "食堂",
    "招生",
    "评优",
)


def lines(rows):
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "toy"
    (root / "qrels").mkdir(parents=True)
    corpus = [
        {"_id": f"d{n}", "title": topic if n % 2 else "", "text": f"关于{topic}的规定第{n}号。"}
        for n, topic in enumerate(TOPICS)
    ]
    corpus.append({"_id": "only", "title": "只有标题的奖惩办法", "text": ""})
    with gzip.open(root / "corpus.jsonl.gz", "wt", encoding="utf-8") as stream:
        stream.write(lines(corpus))
    queries = [{"_id": f"q{n}", "text": f"{topic}怎么规定"} for n, topic in enumerate(TOPICS)]
    queries += [{"_id": "q奖", "text": "奖惩办法"}, {"_id": "unjudged", "text": "无人问"}]
    (root / "queries.jsonl").write_text(lines(queries), "utf-8")
    qrels = [f"q{n}\td{n}\t1" for n in range(len(TOPICS))] + ["q奖\tonly\t1"]
    (root / "qrels" / "test.tsv").write_text(
        "query-id\tcorpus-id\tscore\n" + "\n".join(qrels) + "\n", "utf-8"
    )
    return root


def test_figures_and_files(folder, tmp_path):
    steps = []
    found = run_benchmark(
        folder,
        systems=("bm25", "vector", "hybrid", "ranked", "jieba-bm25 sentences"),
        model="svd",
        trec=tmp_path / "trec",
        step=steps.append,
    )
    assert (found["clauses"], found["queries"]) == (11, 11)
    assert [*found["systems"]] == ["bm25", "vector", "hybrid", "ranked", "jieba-bm25 sentences"]
    assert {"R@10", "R@100", "nDCG@10", "RR@10"} <= found["systems"]["ranked"].keys()
    assert found["systems"]["bm25"]["Success@1"] == 1.0
    assert len(steps) == 4 * 11  # hybrid is fused from what the legs answered
    qrels = read_qrels(tmp_path / "trec" / "qrels.txt")
    run = read_run(tmp_path / "trec" / "ranked.run")
    reciprocal = [
        1 / (1 + run.answers[q].clause_ids.index(c)) if c in run.answers[q].clause_ids[:10] else 0
        for q, judged in qrels.items()
        for c in judged
    ]
    assert found["systems"]["ranked"]["RR@10"] == pytest.approx(sum(reciprocal) / 11)
    assert "| ranked |" in benchmark_markdown(found)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda root: (root / "qrels" / "test.tsv").rename(root / "qrels" / "dev.tsv"), "dev"),
        (lambda root: (root / "corpus.jsonl.gz").unlink(), "corpus.jsonl"),
        (lambda root: (root / "queries.jsonl").write_text("{}\n"), "queries.jsonl:1: no _id"),
        (lambda root: (root / "queries.jsonl").write_text('{"_id": "x", "text": ""}'), "11 judged"),
    ],
)
def test_another_layout_is_named(folder, spoil, message):
    spoil(folder)
    with pytest.raises(BadBenchmark, match=message):
        read(folder)


def test_an_unknown_system_is_named(folder):
    with pytest.raises(ValueError, match="bm26"):
        run_benchmark(folder, systems=("bm26",))


def test_a_real_benchmark_agrees_with_an_independent_count(shared, tmp_path):
    """RR@10 and R@10 of 667 policy questions, counted again from the exported files."""
    folder = shared / "data" / "bench" / "ncp-policy"
    found = run_benchmark(folder, systems=("bm25",), model="svd", trec=tmp_path)
    rank, judged = {}, {}
    for line in (tmp_path / "bm25.run").read_text("utf-8").splitlines():
        question, _, clause, at, _, _ = line.split()
        rank[question, clause] = int(at)
    for line in (folder / "qrels" / "test.tsv").read_text("utf-8").splitlines()[1:]:
        question, clause, grade = line.split("\t")
        if int(grade) > 0:
            judged.setdefault(question, []).append(rank.get((question, clause), 10**9))
    reciprocal = [1 / min(ranks) if min(ranks) <= 10 else 0.0 for ranks in judged.values()]
    recall = [sum(r <= 10 for r in ranks) / len(ranks) for ranks in judged.values()]
    figures = found["systems"]["bm25"]
    assert figures["RR@10"] == pytest.approx(sum(reciprocal) / len(judged), abs=5e-5)
    assert figures["R@10"] == pytest.approx(sum(recall) / len(judged), abs=5e-5)
    assert len(judged) == found["queries"] == 667
