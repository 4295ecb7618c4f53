"""Lawyers' answers and the statute book: what is paired, what stays out, what is held against."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from tiaowen_models.training.bank import TokenBank, bank_source
from tiaowen_models.training.negatives import Mine, Negatives, unjudged
from tiaowen_models.training.sources import Pair, Source, held_out, units
from tiaowen_models.training.statutes import (
    DEV_STATUTES,
    answer_pairs,
    statute_book,
    statute_pairs,
)

HELD = [f"q{number}" for number in range(99) if held_out(f"q{number}", DEV_STATUTES)][:2]
KEPT = [f"q{number}" for number in range(99) if not held_out(f"q{number}", DEV_STATUTES)][:3]


def lines(path: Path, rows: list[dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text, encoding="utf-8")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Five questions, two of them held out; the third kept one shares a held-out answer."""
    stard = tmp_path / "bench" / "stard"
    lines(
        stard / "corpus.jsonl.gz",
        [{"_id": f"a{n}", "title": f"民法典第{n}条", "text": f"条文{n}。"} for n in range(8)],
    )
    queries = [*HELD, *KEPT]
    lines(stard / "queries.jsonl", [{"_id": q, "text": f"{q}怎么办？"} for q in queries])
    rows = ["query-id\tcorpus-id\tscore"] + [f"{q}\ta{n}\t1" for n, q in enumerate(queries)]
    (stard / "qrels").mkdir()
    (stard / "qrels" / "train.tsv").write_text("\n".join(rows), encoding="utf-8")
    shared_answer = {KEPT[2]: f"律师答{HELD[0]}"}
    answers = [
        {"query": f"{q}怎么办？", "answer": shared_answer.get(q, f"律师答{q}"), "in_bench": "stard"}
        for q in queries
    ]
    answers.append({"query": "别的事？", "answer": "律师答别的", "in_bench": ""})
    lines(tmp_path / "train" / "qa_pairs.jsonl.gz", answers)
    return tmp_path


def test_an_answer_is_paired_with_its_question_and_with_the_article(data: Path) -> None:
    asked, cited = answer_pairs(data)
    assert [(pair.query, pair.clause) for pair in asked.pairs] == [
        (units(f"{q}怎么办？"), units(f"律师答{q}")) for q in KEPT[:2]
    ]
    assert [(pair.query, pair.clause) for pair in cited.pairs] == [
        (units(f"律师答{KEPT[0]}"), units("民法典第2条\n条文2。")),
        (units(f"律师答{KEPT[1]}"), units("民法典第3条\n条文3。")),
    ]


def test_held_out_questions_and_their_answers_stay_out(data: Path) -> None:
    held = {f"律师答{q}" for q in HELD} | {f"{q}怎么办？" for q in HELD}
    sources = [*answer_pairs(data), statute_pairs(data, dev=False)]
    told = {"".join(side) for s in sources for p in s.pairs for side in (p.query, p.clause)}
    assert told
    assert not told & held


def test_the_book_holds_every_article_as_it_stands_when_it_is_searched(data: Path) -> None:
    book = statute_book(data)
    assert [pair.clause for pair in book.pairs][5] == units("民法典第5条\n条文5。")
    assert {p.clause for p in statute_pairs(data, dev=True).pairs} <= {p.clause for p in book.pairs}


def test_real_answers_of_held_out_questions_stay_out(shared: Path) -> None:
    data = shared / "data"
    asked, cited = answer_pairs(data)
    held = {pair.group for pair in statute_pairs(data, dev=True).pairs}
    questions = {pair.query for pair in statute_pairs(data, dev=True).pairs}
    assert len(asked.pairs) > 600
    assert not held & {pair.group for pair in [*asked.pairs, *cited.pairs]}
    assert not questions & {pair.query for pair in asked.pairs}


def banked_book(size: int, plan: Mine) -> tuple[Negatives, list[str]]:
    texts = [f"条文{number}" for number in range(size)]
    bank = TokenBank()
    book = bank_source(bank, Source("b", "passages", False, [Pair((), (text,)) for text in texts]))
    return Negatives(book, np.arange(1, size), plan), texts


def test_an_article_that_answers_is_no_negative_under_another_heading_either() -> None:
    book = Source(
        "book",
        "passages",
        False,
        [
            Pair((), ("甲法第一条", "同文")),
            Pair((), ("乙法第九条", "同文")),
            Pair((), ("丙", "异")),
        ],
    )
    judged = Source("statutes", "pairs", False, [Pair(("问",), ("甲法第一条", "同文"))])
    assert unjudged(book, [judged]).tolist() == [2]


def test_drawn_articles_differ_and_none_is_a_judged_one() -> None:
    negatives, _ = banked_book(30, Mine(anywhere=20))
    ranges = negatives.draw("x", np.arange(3), np.random.default_rng(0))
    starts = ranges[:, 0].tolist()
    assert len(set(starts)) == len(starts) == 20
    assert 0 not in starts


def test_mined_articles_come_first_and_from_the_ranks_asked_for() -> None:
    negatives, _ = banked_book(30, Mine(anywhere=5, near=2, first=1, last=4))
    asked = np.eye(30, dtype=np.float32)[:2]
    held = np.zeros((29, 30), dtype=np.float32)  # row r is article r + 1
    held[:, 0] = np.arange(29, 0, -1)  # the first question likes articles in order
    held[:, 1] = np.arange(29)  # the second in the other order
    negatives.mine("x", asked, held)
    drawn = negatives.draw("x", np.array([1, 0]), np.random.default_rng(1))[:, 0].tolist()
    assert set(drawn[:2]) <= {28, 27, 26}
    assert set(drawn[2:4]) <= {2, 3, 4}
    assert len(drawn) > 4
