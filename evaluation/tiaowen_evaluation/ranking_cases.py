"""Searches with known answers, as examples for ranking, passages and confidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from tiaowen_corpus.script import fold
from tiaowen_models import confidence, passage_choice
from tiaowen_models.protocols import Candidates, Integers, QueryAnalysis
from tiaowen_models.ranking import LearnedRanking, shortlist
from tiaowen_models.ranking_features import Measured
from tiaowen_models.ranking_loading import load_reader
from tiaowen_models.reader import Reader
from tiaowen_models.training.confidence import Case
from tiaowen_models.training.ranker import Example
from tiaowen_service.request import SearchRequest

from .collection import squeeze
from .questions import RELEVANT, Question
from .ranking_tasks import WEIGHTS, Task

DEPTH = 100  # hits asked for, as in evaluation


@dataclass(frozen=True)
class Search:
    """One query with the candidates of both legs and what is known of them."""

    name: str
    source: str
    analysis: QueryAnalysis
    candidates: Candidates
    grades: Mapping[str, int]  # clause_id to grade
    question: Question | None
    reader: Reader

    @property
    def answers(self) -> frozenset[str]:
        """The clauses that answer."""
        return frozenset(c for c, grade in self.grades.items() if grade >= RELEVANT)


def searches(task: Task) -> Iterator[Search]:
    """Ask every query of a task."""
    reader = load_reader(task.searcher.embedder)
    if reader is None:
        raise SystemExit("没有词向量 / no word vectors: train the embedder first")
    for query_id, query in task.queries:
        analysis = task.searcher.analyser.analyse(query)
        found = task.searcher.order(analysis, SearchRequest(query, limit=DEPTH)).candidates
        yield Search(
            query_id,
            task.source,
            analysis,
            replace(found, texts=list(found.texts[:])),
            task.grades.get(query_id, {}),
            task.questions.get(query_id),
            reader,
        )


def example(search: Search) -> Example:
    """Measure the shortlist."""
    at = shortlist(search.candidates)
    ids = [search.candidates.texts[int(i)].clause_id for i in at]
    return Example(
        search.name,
        search.source,
        Measured(search.analysis, search.candidates, at, search.reader).clauses,
        np.array([search.grades.get(clause_id, 0) for clause_id in ids], np.int64),
        WEIGHTS[search.source],
    )


def sentence_examples(search: Search) -> list[Example]:
    """Measure the sentences of every clause that answers in some of them, not in all."""
    if search.question is None:
        return []
    quotes = [squeeze(anchor.quote) for anchor in search.question.answers]
    quotes += [squeeze(j.anchor.quote) for j in search.question.judgements if j.grade == 3]
    texts = search.candidates.texts
    answers = [at for at, text in enumerate(texts) if text.clause_id in search.answers]
    if not answers:
        return []
    measured = Measured(search.analysis, search.candidates, np.array(answers), search.reader)
    read = passage_choice.evidence(measured, answers)
    found = []
    for at, (first, last) in zip(answers, pairwise(read.first.tolist()), strict=True):
        rows, legible = read.rows[first:last], fold(texts[at].legible)
        pieces = [squeeze(legible[a:b]) for a, b in read.spans[first:last].tolist()]
        right = np.array([any(quote in piece for quote in quotes) for piece in pieces])
        if right.any() and not right.all():
            found.append((rows, np.where(right, 3, 0).astype(np.int64)))
    weight = len(found) ** -0.5 if found else 0.0  # a question with many answers counts, not much
    return [Example(search.name, search.source, rows, right, weight) for rows, right in found]


def cases(search: Search, weights: NDArray[np.float64]) -> list[Case]:
    """Rank with ``weights``, once as asked and once with the answers taken out."""
    ranker = LearnedRanking(weights.astype(np.float32), search.reader)
    asked = [_case(search, search.candidates, ranker, left_out=False)]
    if search.answers:
        rest = without(search.candidates, search.answers)
        if len(rest):
            asked.append(_case(search, rest, ranker, left_out=True))
    return asked


def _case(
    search: Search, candidates: Candidates, ranker: LearnedRanking, *, left_out: bool
) -> Case:
    ranking = ranker.rank(search.analysis, candidates)
    first = candidates.texts[int(np.argmax(ranking.scores))].clause_id
    return Case(
        search.name,
        confidence.evidence(search.analysis, candidates, ranking, search.reader),
        "left out" if left_out else "answerable" if search.answers else "unanswerable",
        first in search.answers,
    )


def without(candidates: Candidates, clause_ids: frozenset[str]) -> Candidates:
    """Return the candidates less some, ranked anew within each leg."""
    at = np.flatnonzero([text.clause_id not in clause_ids for text in candidates.texts])
    return replace(
        candidates,
        rows=candidates.rows[at],
        bm25=candidates.bm25[at],
        bm25_rank=_closed_up(candidates.bm25_rank[at]),
        vector=candidates.vector[at],
        vector_rank=_closed_up(candidates.vector_rank[at]),
        texts=[candidates.texts[int(i)] for i in at],
    )


def _closed_up(ranks: Integers) -> Integers:
    """Close the gaps in the ranks; 0 stays 0."""
    found = np.flatnonzero(ranks > 0)
    closed = np.zeros(len(ranks), np.int32)
    closed[found[np.argsort(ranks[found], kind="stable")]] = np.arange(1, len(found) + 1)
    return closed
