"""From anchors to clauses: the judged clauses of each question, or every mistake at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from .collection import Collection, FileText, Place, squeeze
from .questions import RELEVANT, Anchor, Judgement, LabelError, Question

Grades = Mapping[str, Mapping[str, int]]  # question_id -> clause_id -> grade


@dataclass(frozen=True)
class Labels:
    """The questions that the indexed corpus can answer, with their judged clauses."""

    questions: tuple[Question, ...]
    grades: Grades
    skipped: tuple[Question, ...]  # they ask about files that are not indexed

    @cached_property
    def digest(self) -> str:
        """Hash over questions, anchors and grades (not over clause ids), hex."""
        rows = sorted(json.dumps(signature(each), ensure_ascii=False) for each in self.questions)
        return hashlib.blake2b("\n".join(rows).encode(), digest_size=16).hexdigest()

    @cached_property
    def answerable(self) -> tuple[Question, ...]:
        """Questions that some clause answers, in order."""
        return tuple(question for question in self.questions if question.answerable)

    def only(self, splits: Sequence[str]) -> Labels:
        """Return the labels of some splits."""
        kept = tuple(question for question in self.questions if question.split in splits)
        return Labels(
            kept,
            {question.question_id: self.grades[question.question_id] for question in kept},
            tuple(question for question in self.skipped if question.split in splits),
        )


def signature(question: Question) -> list[object]:
    """What of a question, if changed, makes its scores incomparable."""
    judged = sorted(
        [j.anchor.file_id, squeeze(j.anchor.quote), j.grade] for j in question.judgements
    )
    answers = sorted([anchor.file_id, squeeze(anchor.quote)] for anchor in question.answers)
    return [question.question_id, question.query, question.category, judged, answers]


def question_digest(question: Question) -> str:
    """Return a hash of ``signature``, 12 hex digits."""
    text = json.dumps(signature(question), ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def resolve(
    questions: Sequence[Question], collection: Collection, *, strict: bool = True
) -> tuple[Labels, tuple[LabelError, ...]]:
    """Look every anchor up; return the labels and all mistakes.

    Questions none of whose files are indexed are skipped. Where only some are (or where another
    question of the same label file has its files indexed), the missing ones are unknown documents:
    a mistake if ``strict``, else the question is skipped too.
    """
    files = collection.files
    at_home = {
        question.where.file
        for question in questions
        if all(file_id in files for file_id in _named(question))
    }
    kept: list[Question] = []
    skipped: list[Question] = []
    grades: dict[str, Mapping[str, int]] = {}
    errors: list[LabelError] = []
    for question in questions:
        missing = [file_id for file_id in _named(question) if file_id not in files]
        if missing:
            skipped.append(question)
            if strict and question.where.file in at_home:
                message = f"{question.question_id}: unknown document {', '.join(missing)}"
                errors.append(LabelError(question.where, message))
            continue
        grades[question.question_id], mistakes = _grades(question, files)
        errors += mistakes
        kept.append(question)
    return Labels(tuple(kept), grades, tuple(skipped)), tuple(sorted(set(errors)))


def _named(question: Question) -> tuple[str, ...]:
    anchors = [judgement.anchor for judgement in question.judgements] + list(question.answers)
    return tuple(dict.fromkeys((*question.file_ids, *(anchor.file_id for anchor in anchors))))


def _grades(
    question: Question, files: Mapping[str, FileText]
) -> tuple[dict[str, int], list[LabelError]]:
    grades: dict[str, int] = {}
    errors: list[LabelError] = []
    seen: list[tuple[Judgement, Place]] = []
    for judgement in question.judgements:
        place, problem = locate(judgement.anchor, files)
        if place is None:
            errors.append(LabelError(judgement.where, f"{question.question_id}: {problem}"))
            continue
        errors += [
            LabelError(judgement.where, _contradiction(question, judgement, other))
            for other, there in seen
            if other.grade != judgement.grade and _same_stretch(judgement, place, other, there)
        ]
        seen.append((judgement, place))
        for entry in place.entries:
            grades[entry.clause_id] = max(judgement.grade, grades.get(entry.clause_id, 0))
    for anchor in question.answers:
        place, problem = locate(anchor, files)
        if place is None:
            errors.append(LabelError(question.where, f"{question.question_id}: answer: {problem}"))
        elif not any(grades.get(entry.clause_id, 0) >= RELEVANT for entry in place.entries):
            message = f"{question.question_id}: answer {anchor.quote!r} is in no clause of grade 2+"
            errors.append(LabelError(question.where, message))
    return grades, errors


def _same_stretch(one: Judgement, place: Place, other: Judgement, there: Place) -> bool:
    if one.anchor.file_id != other.anchor.file_id:
        return False
    return place.start < there.end and there.start < place.end


def _contradiction(question: Question, one: Judgement, other: Judgement) -> str:
    return (
        f"{question.question_id}: {one.anchor.quote!r} has grade {one.grade}, "
        f"and grade {other.grade} at {other.where}"
    )


def locate(anchor: Anchor, files: Mapping[str, FileText]) -> tuple[Place | None, str]:
    """Return the one place that the anchor means, or None and the reason."""
    places = files[anchor.file_id].find(anchor.quote)
    if not places:
        return None, f"quote {anchor.quote!r} not found in {anchor.file_id}"
    if anchor.path and len(places) > 1:
        length = len(anchor.path)
        below = tuple(p for p in places if p.entries[0].path[:length] == anchor.path)
        if not below:
            found = ", ".join("/".join(p.entries[0].path) for p in places)
            return None, f"quote {anchor.quote!r} stands at {found}, not at {'/'.join(anchor.path)}"
        places = below
    if len(places) > 1:
        found = ", ".join("/".join(p.entries[0].path) for p in places[:5])
        return (
            None,
            f"quote {anchor.quote!r} occurs {len(places)} times in {anchor.file_id}: {found}",
        )
    return places[0], ""
