"""Questions with graded judgements: the format of ``evaluation/questions/*.jsonl``, read strictly.

Every mistake is collected with its file and line; none stops the reading of the rest.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tiaowen_corpus.places import shipped

CATEGORIES = (
    "keyword",
    "paraphrase",
    "number",
    "responsibility",
    "prohibition",
    "other_script",
    "damaged",
    "english",
    "precedent",
    "colloquial",
    "unanswerable",
)
ASKERS = ("clerk", "headmaster", "teacher", "parent", "student", "drafter")
SCRIPTS = ("simplified", "traditional", "latin", "mixed")
LANGUAGES = ("zh", "en")
SPLITS = ("train", "dev", "test")
RELEVANT = 2  # grades from here on count in the binary measures
QUOTE_MOST = 12  # characters of an anchor; twice as many where it is Latin script

_CHOICES: Mapping[str, tuple[str, ...]] = {
    "category": CATEGORIES,
    "asker": ASKERS,
    "script": SCRIPTS,
    "lang": LANGUAGES,
    "split": SPLITS,
}
_FIELDS = {"question_id", "query", *_CHOICES, "file_ids", "judgements", "answer", "note"}


@dataclass(frozen=True, slots=True, order=True)
class Where:
    """File name and line (from 1) of a label."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True, order=True)
class LabelError:
    """One mistake in the labels."""

    where: Where
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


class BadLabelsError(ValueError):
    """All mistakes found in the labels at once."""

    def __init__(self, errors: Iterable[LabelError]) -> None:
        self.errors = tuple(sorted(set(errors)))
        listed = "\n".join(map(str, self.errors))
        super().__init__(f"标注有 {len(self.errors)} 处错误 / mistakes in the labels\n{listed}")


@dataclass(frozen=True, slots=True)
class Anchor:
    """A short quote, once in its file (or under ``path``)."""

    file_id: str
    quote: str
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """How well the clause that holds the anchor answers: 0 not, 1 topic, 2 in part, 3 in full."""

    anchor: Anchor
    grade: int
    where: Where


@dataclass(frozen=True, slots=True)
class Question:
    """What an asker types, with what is known about its answers."""

    question_id: str
    query: str
    category: str
    asker: str
    script: str
    lang: str
    split: str
    file_ids: tuple[str, ...]  # must all be indexed for the question to make sense
    judgements: tuple[Judgement, ...]
    answers: tuple[Anchor, ...]
    note: str
    where: Where

    @property
    def answerable(self) -> bool:
        """Whether some clause answers, at least in part."""
        return self.category != "unanswerable"


def questions_folder() -> Path:
    """Return the folder TIAOWEN_QUESTIONS, or the shipped questions. Raises FileNotFoundError."""
    own = os.environ.get("TIAOWEN_QUESTIONS")
    return Path(own) if own else shipped("evaluation/questions")


def load_questions(folder: Path) -> tuple[tuple[Question, ...], tuple[LabelError, ...]]:
    """Read ``folder/*.jsonl`` in name order; return the questions and every mistake found.

    Questions with a mistake of their own are left out; what the quotes point at is not looked up
    here (see ``labels.resolve``).
    """
    questions: dict[str, Question] = {}
    more: list[tuple[str, list[Judgement]]] = []
    errors: list[LabelError] = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if not line.strip():
                continue
            where = Where(path.name, number)
            try:
                row = _object(line)
                if "query" not in row:
                    more.append((_text(row, "question_id"), _judgements(row, where)))
                    continue
                question = _question(row, where)
                if question.question_id in questions:
                    first = questions[question.question_id].where
                    raise _MistakesError([f"question_id {question.question_id} stands at {first}"])
                questions[question.question_id] = question
            except _MistakesError as mistakes:
                errors += [LabelError(where, message) for message in mistakes.messages]
    errors += _add(questions, more)
    errors += _twice(questions.values())
    return tuple(questions.values()), tuple(sorted(set(errors)))


class _MistakesError(ValueError):
    def __init__(self, messages: list[str]) -> None:
        super().__init__()
        self.messages = messages


def _object(line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise _MistakesError([f"not JSON: {error}"]) from error
    if not isinstance(row, dict):
        raise _MistakesError(["not a JSON object"])
    return row


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        raise _MistakesError([f"{name} is missing or not a text"])
    return value


def _question(row: Mapping[str, Any], where: Where) -> Question:
    messages = [f"unknown field {name}" for name in sorted(row.keys() - _FIELDS)]
    messages += [
        f"{name} is {row.get(name)!r}, not one of {', '.join(allowed)}"
        for name, allowed in _CHOICES.items()
        if row.get(name) not in allowed
    ]
    parsed: dict[str, Any] = {"judgements": [], "answers": ()}
    for name, read in (
        ("question_id", lambda: _text(row, "question_id")),
        ("query", lambda: _text(row, "query")),
        ("judgements", lambda: _judgements(row, where)),
        ("answers", lambda: _answers(row)),
        ("file_ids", lambda: _texts(row.get("file_ids", []), "file_ids")),
    ):
        try:
            parsed[name] = read()
        except _MistakesError as mistakes:
            messages += mistakes.messages
    if messages:
        raise _MistakesError(messages)
    judgements: list[Judgement] = parsed["judgements"]
    named = [each.anchor.file_id for each in judgements]
    question = Question(
        parsed["question_id"],
        parsed["query"],
        row["category"],
        row["asker"],
        row["script"],
        row["lang"],
        row["split"],
        parsed["file_ids"] or tuple(dict.fromkeys(named)),
        tuple(judgements),
        parsed["answers"],
        str(row.get("note", "")),
        where,
    )
    if mistakes_found := _inconsistent(question):
        raise _MistakesError(mistakes_found)
    return question


def _inconsistent(question: Question) -> list[str]:
    best = max((each.grade for each in question.judgements), default=0)
    messages: list[str] = []
    if question.answerable and best < RELEVANT:
        messages.append("answerable, but no judgement of grade 2 or 3")
    if question.answerable and not question.answers:
        messages.append("answerable, but no answer")
    if not question.answerable and best >= RELEVANT:
        messages.append(f"unanswerable, but a judgement has grade {best}")
    if not question.answerable and question.answers:
        messages.append("unanswerable, but an answer is given")
    if not question.file_ids:
        messages.append("file_ids names no file, and neither does a judgement")
    return messages


def _judgements(row: Mapping[str, Any], where: Where) -> list[Judgement]:
    items = row.get("judgements", [])
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise _MistakesError(["judgements is not a list of objects"])
    judgements: list[Judgement] = []
    messages: list[str] = []
    for item in items:
        grade = item.get("grade")
        if isinstance(grade, bool) or grade not in (0, 1, 2, 3):
            messages.append(f"grade {grade!r} is not 0, 1, 2 or 3")
            continue
        try:
            judgements.append(Judgement(_anchor(item), grade, where))
        except _MistakesError as mistakes:
            messages += mistakes.messages
    if messages:
        raise _MistakesError(messages)
    return judgements


def _answers(row: Mapping[str, Any]) -> tuple[Anchor, ...]:
    answer = row.get("answer")
    if answer is None:
        return ()
    items = answer if isinstance(answer, list) else [answer]
    if not all(isinstance(item, dict) for item in items):
        raise _MistakesError(["answer is not an object or a list of objects"])
    return tuple(_anchor(item) for item in items)


def _anchor(item: Mapping[str, Any]) -> Anchor:
    quote = _text(item, "quote")
    most = QUOTE_MOST * (2 if quote.isascii() else 1)
    if len(quote) > most:
        raise _MistakesError([f"quote {quote!r} has more than {most} characters"])
    return Anchor(_text(item, "file_id"), quote, _texts(item.get("path", []), "path"))


def _texts(value: object, name: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _MistakesError([f"{name} is not a list of texts"])
    return tuple(value)


def _add(
    questions: dict[str, Question], more: Iterable[tuple[str, list[Judgement]]]
) -> list[LabelError]:
    errors = []
    for question_id, judgements in more:
        question = questions.get(question_id)
        where = judgements[0].where if judgements else Where("?", 0)
        if question is None:
            errors.append(LabelError(where, f"judges {question_id}, which no file asks"))
            continue
        joined = replace(question, judgements=question.judgements + tuple(judgements))
        if (
            not question.answerable
            and max((each.grade for each in judgements), default=0) >= RELEVANT
        ):
            errors.append(LabelError(where, f"{question_id} is unanswerable, but grade 2 or 3"))
        questions[question_id] = joined
    return errors


def _twice(questions: Iterable[Question]) -> list[LabelError]:
    """The same query twice over the same files is one question asked twice."""
    seen: dict[tuple[str, tuple[str, ...]], Question] = {}
    errors = []
    for question in questions:
        key = (" ".join(question.query.split()).casefold(), question.file_ids)
        if key in seen:
            message = f"query of {question.question_id} stands at {seen[key].where}"
            errors.append(LabelError(question.where, message))
        seen.setdefault(key, question)
    return errors
