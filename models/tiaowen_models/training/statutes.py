"""Lay questions about the law: their articles, a lawyer's answers, and the statute book itself.

The answers stand between the asker's words and the statute's, so they are paired with both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tiaowen_models.training.sources import (
    Pair,
    Source,
    Units,
    held_out,
    read_json,
    read_table,
    units,
)

DEV_STATUTES = 0.30  # of the statute questions, by hash of the question's id


@dataclass(frozen=True)
class _Book:
    """Articles by id, headed as when searched; questions by id; which answers which."""

    articles: dict[str, Units]
    questions: dict[str, str]
    judged: list[tuple[str, str]]

    def rows(self, *, dev: bool) -> list[tuple[str, str]]:
        """Return the judgements of one side of the split."""
        return [row for row in self.judged if held_out(row[0], DEV_STATUTES) == dev]


def _book(data: Path) -> _Book:
    bench = data / "bench" / "stard"
    return _Book(
        {
            row["_id"]: units(row["title"] + "\n" + row["text"])
            for row in read_json(bench / "corpus.jsonl.gz")
        },
        {row["_id"]: row["text"] for row in read_json(bench / "queries.jsonl")},
        [(row["query-id"], row["corpus-id"]) for row in read_table(bench / "qrels" / "train.tsv")],
    )


def statute_pairs(data: Path, *, dev: bool) -> Source:
    """Return the lay questions with their articles; ``dev`` asks for the held-out 30 %."""
    book = _book(data)
    pairs = [
        Pair(units(book.questions[query]), book.articles[article], group=query)
        for query, article in book.rows(dev=dev)
    ]
    return Source("statutes", "pairs", False, pairs)


def answer_pairs(data: Path) -> Iterator[Source]:
    """Yield question → lawyer's answer, and answer → article, of the questions not held out.

    An answer that a held-out question shares stays out too.
    """
    book = _book(data)
    answers = {
        row["query"]: str(row["answer"])
        for row in read_json(data / "train" / "qa_pairs.jsonl.gz")
        if row["in_bench"] == "stard"
    }
    hidden = {
        answers.get(question)
        for query, question in book.questions.items()
        if held_out(query, DEV_STATUTES)
    }
    known = {
        query: (units(question), units(answers[question]))
        for query, question in book.questions.items()
        if answers.get(question) not in hidden | {None} and not held_out(query, DEV_STATUTES)
    }
    asked = [Pair(question, answer, group=query) for query, (question, answer) in known.items()]
    yield Source("lawyers", "pairs", False, asked)
    cited = [
        Pair(known[query][1], book.articles[article], group=query)
        for query, article in book.rows(dev=False)
        if query in known
    ]
    yield Source("lawyers_statutes", "pairs", False, cited)


def statute_book(data: Path) -> Source:
    """Return all articles as passages, in the book's order, each headed as it is when searched."""
    pairs = [Pair((), article) for article in _book(data).articles.values()]
    return Source("statute_book", "passages", False, pairs)
