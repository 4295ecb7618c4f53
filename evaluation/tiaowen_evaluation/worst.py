"""The questions answered worst: what was wanted, what came, and why it came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .compare import DECIDING, shown
from .questions import RELEVANT
from .runs import Record
from .suite import SERVED

WANTED = 2  # clauses that should have come, shown per question


@dataclass(frozen=True, slots=True)
class Miss:
    """One badly answered question. Ranks count from 1; None means not among the first 100."""

    question_id: str
    query: str
    category: str
    value: float  # of nDCG@10; for an unanswerable question 1 − confidence
    wanted: tuple[tuple[str, str, int | None], ...]  # (place, wording, rank it got)
    returned: tuple[tuple[str, str, str, str], ...]  # (place, grade, wording, why)
    passage: str
    confidence: float | None
    verdict: str


def worst(record: Record, *, system: str = SERVED, most: int = 20) -> tuple[Miss, ...]:
    """Return the questions of lowest nDCG@10, confident wrong answers first among equals."""
    values = record.per_question[system][DECIDING]
    answers = record.runs[system].answers
    scores = {question_id: values[question_id] for question_id in values}
    for question_id, facts in record.questions.items():
        if facts["category"] == "unanswerable":
            scores[question_id] = 1.0 - (answers[question_id].confidence or 0.0)
    order = sorted(scores, key=lambda q: (scores[q], -(answers[q].confidence or 0.0), q))
    return tuple(_miss(record, system, q, scores[q]) for q in order[:most] if scores[q] < 1.0)


def _miss(record: Record, system: str, question_id: str, value: float) -> Miss:
    answer = record.runs[system].answers[question_id]
    facts = record.questions[question_id]
    grades = record.grades.get(question_id, {})
    ranks = {clause_id: rank for rank, clause_id in enumerate(answer.clause_ids, 1)}
    relevant = sorted(
        (-grade, ranks.get(c, len(ranks) + 1), c)
        for c, grade in grades.items()
        if grade >= RELEVANT
    )
    wanted = tuple(
        (_place(record, c), record.clauses.get(c, {}).get("text", ""), ranks.get(c))
        for _, _, c in relevant[:WANTED]
    )
    hits = shown(record, question_id, answer)
    why = (*answer.why, *[""] * len(hits))
    returned = tuple(
        (_place(record, clause_id), grade, text, reason)
        for (clause_id, grade, text), reason in zip(hits, why, strict=False)
    )
    return Miss(
        question_id,
        str(facts["query"]),
        str(facts["category"]),
        value,
        wanted,
        returned,
        answer.passage,
        answer.confidence,
        _verdict(str(facts["category"]), [ranks.get(c) for _, _, c in relevant], hits),
    )


def _place(record: Record, clause_id: str) -> str:
    return record.clauses.get(clause_id, {}).get("place", "") or clause_id


def _verdict(
    category: str, ranks: Sequence[int | None], hits: Sequence[tuple[str, str, str]]
) -> str:
    if category == "unanswerable":
        return "nothing answers, but the first hit was trusted"
    if not hits:
        return "nothing was returned"
    best = min((rank for rank in ranks if rank is not None), default=None)
    if best is None:
        return "the answering clause is not among the first 100"
    if best > 10:
        return f"found, but ranked {best}"
    return f"in the first ten, at rank {best}"
