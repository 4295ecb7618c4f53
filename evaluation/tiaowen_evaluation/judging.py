"""Judging what the systems returned and nobody has graded: the pool, and the rows to keep."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .collection import Collection, Entry, squeeze
from .labels import Labels
from .questions import QUOTE_MOST, Question
from .runs import Record, pool
from .suite import POOL, unjudged

POOLED = "pooled.jsonl"


@dataclass(frozen=True, slots=True)
class Task:
    """A clause to grade for a question."""

    question: Question
    entry: Entry
    left: int  # tasks after this one


def tasks(record: Record, labels: Labels, collection: Collection) -> Iterator[Task]:
    """Yield every unjudged clause of the pools, question by question in pool order."""
    by_id = {question.question_id: question for question in labels.questions}
    missing = unjudged(pool(record.runs.values(), depth=POOL), labels)
    pairs = [
        (by_id[question_id], collection.by_id[clause_id])
        for question_id, ids in missing.items()
        if question_id in by_id
        for clause_id in ids
        if clause_id in collection.by_id
    ]
    for number, (question, entry) in enumerate(pairs, 1):
        yield Task(question, entry, len(pairs) - number)


class NoAnchorError(ValueError):
    """The clause has no stretch of its own that is short enough to quote."""


def anchor(entry: Entry, collection: Collection) -> str:
    """Return the shortest stretch from four characters on that the file holds once.

    It is cut from the squeezed wording, preferring its middle: labels and headings change first.
    Raises NoAnchorError if every stretch of a quote's length stands elsewhere too.
    """
    text, whole = squeeze(entry.text), collection.files[entry.file_id].text
    most = QUOTE_MOST * (2 if text.isascii() else 1)
    for size in range(min(4, len(text)), min(most, len(text)) + 1):
        middle = (len(text) - size) // 2
        starts = sorted(range(len(text) - size + 1), key=lambda at: (abs(at - middle), at))
        for at in starts:
            quote = text[at : at + size]
            if quote and whole.find(quote) == whole.rfind(quote):
                return quote
    raise NoAnchorError(f"{entry.clause_id}: no anchor of at most {most} characters is unique")


def row(question: Question, entry: Entry, grade: int, collection: Collection) -> str:
    """Return the line that keeps a grade (see the questions' README)."""
    try:
        quote, path = anchor(entry, collection), []
    except NoAnchorError:
        text = squeeze(entry.text)
        quote, path = text[:QUOTE_MOST], list(entry.path)
    judgement: dict[str, object] = {"file_id": entry.file_id, "quote": quote, "grade": grade}
    if path:
        judgement["path"] = path
    return json.dumps(
        {"question_id": question.question_id, "judgements": [judgement]}, ensure_ascii=False
    )


def graded(text: str, labels: Labels, collection: Collection, *, name: str) -> list[str]:
    """Turn lines of question_id, clause_id, grade (tab-separated) into rows to keep.

    Raises ValueError listing every line that names no question, no clause or no grade.
    """
    by_id = {question.question_id: question for question in labels.questions}
    rows, wrong = [], []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        question_id, clause_id, grade = (*line.split("\t"), "", "")[:3]
        if question_id not in by_id:
            wrong.append(f"{name}:{number}: no question {question_id!r}")
        elif clause_id not in collection.by_id:
            wrong.append(f"{name}:{number}: no clause {clause_id!r}")
        elif grade not in {"0", "1", "2", "3"}:
            wrong.append(f"{name}:{number}: grade {grade!r} is not 0, 1, 2 or 3")
        elif clause_id not in labels.grades[question_id]:
            entry = collection.by_id[clause_id]
            rows.append(row(by_id[question_id], entry, int(grade), collection))
    if wrong:
        raise ValueError("\n".join(wrong))
    return rows


def keep(folder: Path, rows: Sequence[str]) -> Path:
    """Append rows to ``pooled.jsonl`` of the questions' folder."""
    path = folder / POOLED
    with path.open("a", encoding="utf-8") as stream:
        stream.writelines(f"{each}\n" for each in rows)
    return path
