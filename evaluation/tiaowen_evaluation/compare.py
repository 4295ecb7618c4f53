"""Two evaluations side by side: what changed, for which questions, and whether it is noise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .measures import GRADED, PASSAGE, short
from .questions import RELEVANT
from .runs import Answer, Record
from .statistics import Difference, holm, paired
from .suite import SERVED

HEADLINE = (
    "nDCG@10",
    f"Success(rel={RELEVANT})@1",
    f"Success(rel={RELEVANT})@5",
    f"R(rel={RELEVANT})@10",
    PASSAGE,
)
DECIDING = "nDCG@10"  # the measure compared in every category


@dataclass(frozen=True, slots=True)
class Row:
    """One measure of one group of questions in A and B; ``p`` is Holm-adjusted over the table."""

    group: str  # "all" or a category
    measure: str
    a: float
    b: float
    difference: Difference
    p: float


@dataclass(frozen=True, slots=True)
class Change:
    """A question that was answered better (gain > 0) or worse, with the first clauses of both."""

    question_id: str
    query: str
    category: str
    gain: float
    a: tuple[tuple[str, str, str], ...]  # (clause_id, grade or "?", wording)
    b: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """B against A over the questions that both were asked with the same labels."""

    a: str
    b: str
    rows: tuple[Row, ...]
    changes: tuple[Change, ...]  # worst losses first, then the wins
    questions: int
    left_out: int  # asked in one only, or labelled differently


def compare(a: Record, b: Record, *, system_a: str = SERVED, system_b: str = SERVED) -> Comparison:
    """Compare a system of A with one of B. Raises KeyError if a run lacks the system."""
    ids = comparable(a, b)
    left, right = a.per_question[system_a], b.per_question[system_b]
    groups = {"all": ids}
    for category in sorted({str(a.questions[question_id]["category"]) for question_id in ids}):
        groups[category] = tuple(q for q in ids if a.questions[q]["category"] == category)
    cells = [("all", measure) for measure in (*HEADLINE, *GRADED)]
    cells = [cell for cell in dict.fromkeys(cells) if cell[1] in left and cell[1] in right]
    cells += [(group, DECIDING) for group in groups if group != "all"]
    rows = rows_of(left, right, groups, cells)
    everyone = {*ids}
    return Comparison(
        f"{a.index_version} {system_a}",
        f"{b.index_version} {system_b}",
        rows,
        _changes(a, b, ids, system_a, system_b),
        len(ids),
        len({*left[DECIDING], *right[DECIDING]} - everyone),
    )


def comparable(a: Record, b: Record) -> tuple[str, ...]:
    """Return the answerable questions that both runs asked, judged alike."""
    return tuple(
        question_id
        for question_id, facts in sorted(a.questions.items())
        if question_id in b.questions
        and facts["signature"] == b.questions[question_id]["signature"]
        and facts["category"] != "unanswerable"
    )


def rows_of(
    left: Mapping[str, Mapping[str, float]],
    right: Mapping[str, Mapping[str, float]],
    groups: Mapping[str, Sequence[str]],
    cells: Sequence[tuple[str, str]],
) -> tuple[Row, ...]:
    """Test every (group, measure) of ``cells``; p values are adjusted over all of them."""
    found = []
    for group, measure in cells:
        one = {q: left[measure][q] for q in groups[group]}
        other = {q: right[measure][q] for q in groups[group]}
        found.append((paired(one, other), one, other))
    adjusted = holm([difference.p for difference, _, _ in found]) if found else ()
    return tuple(
        Row(group, short(measure), _mean(one), _mean(other), difference, float(p))
        for (group, measure), (difference, one, other), p in zip(
            cells, found, adjusted, strict=True
        )
    )


def _mean(values: Mapping[str, float]) -> float:
    return sum(values.values()) / len(values) if values else 0.0


def _changes(
    a: Record, b: Record, ids: Sequence[str], system_a: str, system_b: str
) -> tuple[Change, ...]:
    left, right = a.per_question[system_a][DECIDING], b.per_question[system_b][DECIDING]
    changes = [
        Change(
            question_id,
            str(a.questions[question_id]["query"]),
            str(a.questions[question_id]["category"]),
            right[question_id] - left[question_id],
            shown(a, question_id, a.runs[system_a].answers[question_id]),
            shown(b, question_id, b.runs[system_b].answers[question_id]),
        )
        for question_id in ids
        if right[question_id] != left[question_id]
    ]
    return tuple(sorted(changes, key=lambda change: (change.gain, change.question_id)))


def shown(
    record: Record, question_id: str, answer: Answer, *, first: int = 3
) -> tuple[tuple[str, str, str], ...]:
    """Return id, grade ("?" if unjudged) and wording of the first clauses of an answer."""
    grades = record.grades.get(question_id, {})
    return tuple(
        (
            clause_id,
            str(grades.get(clause_id, "?")),
            str(record.clauses.get(clause_id, {}).get("text", "")),
        )
        for clause_id in answer.clause_ids[:first]
    )
