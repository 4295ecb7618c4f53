"""What ranking, passages and confidence learn from: searches whose answers are known.

Hand-labelled questions of the train and dev splits; questions in askers' words and statute
questions that the embedder has not learned from: on those it has, its cosines are too good to
learn from. English sentences, which it has, count little.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tiaowen_corpus.places import shipped
from tiaowen_indexer.build import build
from tiaowen_indexer.snapshot import FITTED, Snapshot, open_current
from tiaowen_models.loading import load_embedder
from tiaowen_models.ranking_loading import untrained
from tiaowen_models.training.sources import (
    DEV_TOPICS,
    held_out,
    read_json,
    read_table,
)
from tiaowen_models.training.statutes import DEV_STATUTES
from tiaowen_service.searcher import Searcher

from .beir import Benchmark, read
from .benchmark import indexed
from .collection import of_snapshot
from .labels import resolve
from .questions import BadLabelsError, Question, load_questions, questions_folder

LEARNED = ("train", "dev")
SEED = 7
SENTENCES = 1420  # corpus of the askers' questions
ENGLISH = 300  # English queries of each kind
ARTICLES = 9000  # corpus of the English law articles
LONGEST = 400  # characters of an English query
# How much one query of a source weighs beside a hand-labelled one.
WEIGHTS = {"hand": 1.0, "askers": 0.4, "statutes": 1.2, "articles_en": 0.1, "reports_en": 0.1}


@dataclass(frozen=True)
class Task:
    """Queries over one index. ``grades``: query id to clause id to grade; 2 and more answer."""

    source: str
    searcher: Searcher
    queries: Sequence[tuple[str, str]]
    grades: Mapping[str, Mapping[str, int]]
    questions: Mapping[str, Question]  # by query id; empty for public data


def tasks(data: Path, seeds: Path, place: Path) -> Iterator[Task]:
    """Yield the tasks that can be made of what is here; indexes are built in ``place``."""
    for number, corpus in enumerate((shipped("corpus/documents"), seeds)):
        if corpus.is_dir():
            yield hand_labelled(corpus, place / f"hand-{number}")
    if data.is_dir():
        for benchmark in (askers(data), statutes(data), articles_en(data), reports_en(data)):
            yield _task(benchmark, place)


def hand_labelled(corpus: Path, place: Path, *, splits: Sequence[str] = LEARNED) -> Task:
    """Return the questions of ``splits`` that ``corpus`` answers."""
    build(corpus, place)
    snapshot = open_current(place)
    questions, _ = load_questions(questions_folder())
    resolved, mistakes = resolve(questions, of_snapshot(snapshot), strict=False)
    if mistakes:
        raise BadLabelsError(mistakes)
    labels = resolved.only(splits)
    return Task(
        "hand",
        _searcher(snapshot),
        [(question.question_id, question.query) for question in labels.questions],
        labels.grades,
        {question.question_id: question for question in labels.questions},
    )


def _searcher(snapshot: Snapshot) -> Searcher:
    """Return a searcher without learned judges: it is asked for candidates alone."""
    embedder = load_embedder(fitted=snapshot.folder / FITTED)
    return Searcher(snapshot, embedder, judges=untrained(embedder))


def _task(benchmark: Benchmark, place: Path) -> Task:
    grades = {
        query: dict.fromkeys((row for row, grade in judged.items() if grade > 0), 3)
        for query, judged in benchmark.grades.items()
    }
    searcher = _searcher(indexed(benchmark, place / benchmark.name))
    return Task(benchmark.name, searcher, benchmark.queries, grades, {})


def askers(data: Path) -> Benchmark:
    """Return the questions of held-out topics over their passages, near misses and others."""
    folders = [data / "train", shipped("models/training/pairs")]
    files = [path for folder in folders for path in sorted(folder.glob("*.jsonl"))]
    rows = [row for path in files for row in read_json(path)]
    ids: dict[str, str] = {}
    queries: dict[str, str] = {}
    for row in (row for row in rows if held_out(row["topic"], DEV_TOPICS)):
        queries.setdefault(row["query"], ids.setdefault(row["passage"], f"p{len(ids)}"))
        ids.setdefault(row["near_miss"], f"p{len(ids)}")
    others = [row["passage"] for row in rows if not held_out(row["topic"], DEV_TOPICS)]
    random.Random(SEED).shuffle(others)
    for passage in others:
        if len(ids) < SENTENCES:
            ids.setdefault(passage, f"p{len(ids)}")
    return Benchmark(
        "askers",
        [(row, "", text) for text, row in ids.items()],
        [(f"q{number}", query) for number, query in enumerate(queries)],
        {f"q{number}": {row: 1} for number, row in enumerate(queries.values())},
    )


def statutes(data: Path) -> Benchmark:
    """Return the lay questions that are held out from the embedder, over all statutes."""
    found = read(data / "bench" / "stard", split="train")
    queries = [query for query in found.queries if held_out(query[0], DEV_STATUTES)]
    return Benchmark(
        "statutes", found.rows, queries, {query: found.grades[query] for query, _ in queries}
    )


def articles_en(data: Path) -> Benchmark:
    """Return English law articles over their Chinese wording."""
    rows = [
        (row["law"], row["zh"], row["en"])
        for row in read_json(data / "train" / "en_zh_law_articles_tw.jsonl.gz")
        if 20 < len(row["zh"]) < 400
    ]
    return _parallel("articles_en", random.Random(SEED).sample(rows, ARTICLES))


def reports_en(data: Path) -> Benchmark:
    """Return English sentences of government reports over their Chinese wording."""
    path = data / "train" / "en_zh_government_work_reports.tsv.gz"
    rows = [("", row["zh"], row["en"]) for row in read_table(path)]
    random.Random(SEED).shuffle(rows)
    return _parallel("reports_en", rows)


def _parallel(name: str, rows: Sequence[tuple[str, str, str]]) -> Benchmark:
    """Ask the English of the first rows, over the title and Chinese of all."""
    return Benchmark(
        name,
        [(f"p{number}", title, chinese) for number, (title, chinese, _) in enumerate(rows)],
        [(f"q{number}", rows[number][2][:LONGEST]) for number in range(ENGLISH)],
        {f"q{number}": {f"p{number}": 1} for number in range(ENGLISH)},
    )
