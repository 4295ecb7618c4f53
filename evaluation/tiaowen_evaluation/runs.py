"""What the systems answered, kept so that it can be measured, compared and read again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Protocol

DEPTH = 100  # clauses asked for: R@100 needs them


@dataclass(frozen=True, slots=True)
class Answer:
    """One system's answer to one query: clause ids best first, equal scores ordered by id.

    ``passage`` is the sentence offered as the answer ("" where the system offers none);
    ``confidence`` in [0, 1] (None where it states none); ``why`` explains the first hits.
    """

    clause_ids: tuple[str, ...]
    scores: tuple[float, ...] = ()
    passage: str = ""
    confidence: float | None = None
    took_ms: float = 0.0
    why: tuple[str, ...] = ()


@dataclass(frozen=True)
class Run:
    """All answers of one system, by question_id."""

    name: str
    answers: Mapping[str, Answer]


class System(Protocol):
    """Anything that ranks clauses for a query."""

    @property
    def name(self) -> str:
        """The name under which its figures are reported."""
        ...

    def answer(self, query: str, *, limit: int) -> Answer:
        """Return at most ``limit`` clauses, best first."""
        ...


def ask(
    system: System,
    queries: Iterable[tuple[str, str]],
    *,
    limit: int = DEPTH,
    step: Callable[[], None] = lambda: None,
) -> Run:
    """Put ``(question_id, query)`` to the system one by one, timing each; ``step`` after each."""
    answers = {}
    for question_id, query in queries:
        started = time.perf_counter()
        answer = system.answer(query, limit=limit)
        took = (time.perf_counter() - started) * 1000
        answers[question_id] = Answer(
            answer.clause_ids[:limit],
            answer.scores[:limit],
            answer.passage,
            answer.confidence,
            round(answer.took_ms or took, 3),
            answer.why,
        )
        step()
    return Run(system.name, answers)


@dataclass(frozen=True)
class Record:
    """One evaluation, as stored under ``runs/``: inputs, answers and figures.

    ``figures`` holds everything that a re-run must repeat to the last digit; ``latency`` does not.
    """

    index_version: str
    created: str  # ISO 8601, UTC
    labels: str  # digest
    inputs: str  # digest of the indexed clauses
    grades: Mapping[str, Mapping[str, int]]
    questions: Mapping[str, Mapping[str, Any]]  # query, category, script, file_ids, split
    runs: Mapping[str, Run]
    per_question: Mapping[str, Mapping[str, Mapping[str, float]]]  # system -> measure -> question
    figures: Mapping[str, Any]
    latency: Mapping[str, Mapping[str, float]]
    clauses: Mapping[str, Mapping[str, str]]  # place and wording of the clauses in the pools
    skipped: int = 0
    note: str = ""
    files: Sequence[str] = ()  # file_ids indexed
    format: int = field(default=1)

    def save(self, path: Path) -> None:
        """Write as JSON, keys sorted, in one line: indented, it takes ten times as long."""
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(self, ensure_ascii=False, sort_keys=True, default=_plain)
        path.write_text(text + "\n", "utf-8")

    @classmethod
    def load(cls, path: Path) -> Record:
        """Read what ``save`` wrote. Raises ValueError if the file is something else."""
        try:
            rows = json.loads(path.read_text("utf-8"))
            runs = {name: _run(row) for name, row in rows.pop("runs").items()}
            return cls(runs=runs, **rows)
        except (TypeError, KeyError, AttributeError, json.JSONDecodeError) as error:
            raise ValueError(f"{path} is not a stored evaluation: {error}") from error


def _plain(each: Any) -> dict[str, Any]:
    """Return the fields of a dataclass; `asdict` would copy all that they hold, for a second."""
    return {part.name: getattr(each, part.name) for part in fields(each)}


def _run(row: Mapping[str, Any]) -> Run:
    answers = {
        question_id: Answer(
            tuple(answer["clause_ids"]),
            tuple(answer["scores"]),
            answer["passage"],
            answer["confidence"],
            answer["took_ms"],
            tuple(answer["why"]),
        )
        for question_id, answer in row["answers"].items()
    }
    return Run(row["name"], answers)


def pool(runs: Iterable[Run], *, depth: int = 10) -> Mapping[str, Sequence[str]]:
    """Return, per question, the clauses in the first ``depth`` of any run, as first seen."""
    pooled: dict[str, dict[str, None]] = {}
    for run in runs:
        for question_id, answer in run.answers.items():
            pooled.setdefault(question_id, {}).update(dict.fromkeys(answer.clause_ids[:depth]))
    return {question_id: tuple(ids) for question_id, ids in pooled.items()}
