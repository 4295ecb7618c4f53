"""One evaluation: put every question to every system, measure, and sum up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import numpy as np

from .collection import Collection, squeeze
from .labels import Labels, question_digest
from .measures import (
    GRADED,
    PASSAGE,
    confidence_figures,
    latency_figures,
    mean,
    passage_precision,
    per_question,
    short,
)
from .questions import RELEVANT, Question
from .runs import DEPTH, Answer, Record, Run, System, ask, pool
from .statistics import intervals

SERVED = "ranked"  # what a user gets
RRF_K = 60  # Cormack et al., SIGIR 2009; ranks start at 1
POOL = 10  # depth to which every system is judged
Step = Callable[[str], None]  # told the system's name after each question


def fuse(name: str, runs: Sequence[Run]) -> Run:
    """Fuse runs by reciprocal rank; equal scores in order of clause_id."""
    answers = {}
    for question_id in runs[0].answers:
        scores: dict[str, float] = {}
        for run in runs:
            for rank, clause_id in enumerate(run.answers[question_id].clause_ids, 1):
                scores[clause_id] = scores.get(clause_id, 0.0) + 1 / (RRF_K + rank)
        order = sorted(scores, key=lambda clause_id: (-scores[clause_id], clause_id))[:DEPTH]
        took = sum(run.answers[question_id].took_ms for run in runs)
        answers[question_id] = Answer(
            tuple(order), tuple(scores[clause_id] for clause_id in order), took_ms=round(took, 3)
        )
    return Run(name, answers)


def evaluate(
    systems: Sequence[System],
    labels: Labels,
    collection: Collection,
    *,
    index_version: str,
    step: Step = lambda name: None,
    note: str = "",
) -> Record:
    """Run all systems over all questions. Legs named bm25 and vector are fused to ``hybrid``."""
    queries = [(question.question_id, question.query) for question in labels.questions]
    runs: dict[str, Run] = {}
    for system in systems:
        runs[system.name] = ask(system, queries, step=lambda name=system.name: step(name))  # type: ignore[misc]
    if {"bm25", "vector"} <= runs.keys():
        runs["hybrid"] = fuse("hybrid", [runs["bm25"], runs["vector"]])
    values = {name: question_values(run, labels) for name, run in runs.items()}
    pools = pool(runs.values(), depth=POOL)
    return Record(
        index_version=index_version,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        labels=labels.digest,
        inputs=collection.digest,
        grades=labels.grades,
        questions={question.question_id: _facts(question) for question in labels.questions},
        runs=runs,
        per_question=values,
        figures={
            "questions": len(labels.questions),
            "answerable": len(labels.answerable),
            "skipped": len(labels.skipped),
            "unjudged": sum(len(ids) for ids in unjudged(pools, labels).values()),
            "answer_length": answer_length(labels, collection),
            "systems": {name: sum_up(runs[name], values[name], labels) for name in runs},
        },
        latency={name: latency_figures(run) for name, run in runs.items()},
        clauses=_wordings(pools, labels, collection),
        skipped=len(labels.skipped),
        note=note,
        files=sorted(collection.files),
    )


def _wordings(
    pools: Mapping[str, Sequence[str]], labels: Labels, collection: Collection
) -> dict[str, dict[str, str]]:
    """Return place and opening of every clause that was judged or came among the first."""
    ids = {clause_id for found in pools.values() for clause_id in found}
    ids |= {clause_id for judged in labels.grades.values() for clause_id in judged}
    return {
        clause_id: {"place": entry.place, "text": entry.text[:400]}
        for clause_id in sorted(ids)
        if (entry := collection.by_id.get(clause_id))
    }


def unjudged(pools: Mapping[str, Sequence[str]], labels: Labels) -> dict[str, tuple[str, ...]]:
    """Return the pooled clauses that nobody has graded, by question, where there are any."""
    missing = {
        question_id: tuple(c for c in ids if c not in labels.grades.get(question_id, {}))
        for question_id, ids in pools.items()
    }
    return {question_id: ids for question_id, ids in missing.items() if ids}


def answer_length(labels: Labels, collection: Collection) -> float:
    """Mean length, in characters, of the clauses that answer: coarser cutting makes it grow."""
    return mean(
        len(collection.by_id[clause_id].text)
        for judged in labels.grades.values()
        for clause_id, grade in judged.items()
        if grade >= RELEVANT
    )


def question_values(run: Run, labels: Labels) -> dict[str, dict[str, float]]:
    """Return measure → question_id → value over the answerable questions."""
    grades = {
        question.question_id: labels.grades[question.question_id] for question in labels.answerable
    }
    values = {name: dict(by_id) for name, by_id in per_question(run, grades, GRADED).items()}
    if any(answer.passage for answer in run.answers.values()):
        right = {
            question.question_id: passage_answers(question, run.answers[question.question_id])
            for question in labels.answerable
        }
        values[PASSAGE] = dict(passage_precision(right))
    return values


def passage_answers(question: Question, answer: Answer) -> bool:
    """Whether the passage offered holds an answer's anchor, or one of grade 3."""
    passage = squeeze(answer.passage)
    quotes = [anchor.quote for anchor in question.answers]
    quotes += [each.anchor.quote for each in question.judgements if each.grade == 3]
    return any(squeeze(quote) in passage for quote in quotes)


def first_answers(labels: Labels, run: Run) -> dict[str, bool]:
    """Whether the first hit of each question has grade 2 or 3."""
    return {
        question.question_id: labels.grades[question.question_id].get(
            next(iter(run.answers[question.question_id].clause_ids), ""), 0
        )
        >= RELEVANT
        for question in labels.questions
    }


def sum_up(run: Run, values: Mapping[str, Mapping[str, float]], labels: Labels) -> dict[str, Any]:
    """Means with intervals over all questions, and by category, script, document and split."""
    right = first_answers(labels, run)
    can = {question.question_id: question.answerable for question in labels.questions}
    return {
        "overall": _means(values, [q.question_id for q in labels.answerable]),
        "category": _by(labels, values, lambda q: (q.category,)),
        "script": _by(labels, values, lambda q: (q.script,)),
        "document": _by(labels, values, lambda q: q.file_ids),
        "split": _by(labels, values, lambda q: (q.split,)),
        "confidence": confidence_figures(run.answers, can, right),
    }


def _by(
    labels: Labels,
    values: Mapping[str, Mapping[str, float]],
    keys: Callable[[Question], Iterable[str]],
) -> dict[str, Any]:
    groups: dict[str, list[str]] = {}
    for question in labels.answerable:
        for key in keys(question):
            groups.setdefault(key, []).append(question.question_id)
    return {key: _means(values, ids) for key, ids in sorted(groups.items())}


def _means(values: Mapping[str, Mapping[str, float]], ids: Sequence[str]) -> dict[str, Any]:
    if not ids:
        return {}
    columns = [[by_id[question_id] for question_id in ids] for by_id in values.values()]
    found = intervals(np.asarray(columns, dtype=np.float64).T)
    return {short(name): asdict(each) for name, each in zip(values, found, strict=True)}


def _facts(question: Question) -> dict[str, Any]:
    return {
        "query": question.query,
        "category": question.category,
        "script": question.script,
        "split": question.split,
        "asker": question.asker,
        "file_ids": list(question.file_ids),
        "signature": question_digest(question),
    }
