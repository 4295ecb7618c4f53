"""Test questions whose words stand in what models are trained on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from scipy import sparse

from .collection import squeeze
from .questions import LabelError, Question

ALIKE = 0.6  # Jaccard of character trigrams from which two queries are the same question


def training_queries(folders: Iterable[Path]) -> tuple[tuple[str, str], ...]:
    """Read ``(place, query)`` of every row with a ``query`` in ``*.jsonl`` of the folders."""
    queries = []
    for folder in folders:
        for path in sorted(folder.glob("*.jsonl")):
            for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
                if line.strip() and "query" in (row := json.loads(line)):
                    queries.append((f"{path.name}:{number}", str(row["query"])))
    return tuple(queries)


def leaks(
    questions: Sequence[Question], pairs: Sequence[tuple[str, str]] = ()
) -> tuple[LabelError, ...]:
    """Return one mistake per test question that resembles a train question or a training pair."""
    tests = [question for question in questions if question.split == "test"]
    train = [(str(q.where), q.query) for q in questions if q.split == "train"]
    known = [*train, *pairs]
    if not tests or not known:
        return ()
    alike = similarities([question.query for question in tests], [query for _, query in known])
    best = np.asarray(alike.argmax(axis=1)).ravel()
    errors = []
    for row, question in enumerate(tests):
        score = float(alike[row, best[row]])
        if score >= ALIKE:
            place, query = known[int(best[row])]
            message = f"{question.question_id}: test question like {place} ({score:.2f}): {query}"
            errors.append(LabelError(question.where, message))
    return tuple(errors)


def similarities(left: Sequence[str], right: Sequence[str]) -> np.ndarray:
    """Return Jaccard similarities of character trigrams, float64 ``[left, right]``, in [0, 1]."""
    vocabulary: dict[str, int] = {}
    rows = [_columns(text, vocabulary) for text in (*left, *right)]
    every = _incidence(rows, len(vocabulary))
    one, other = every[: len(left)], every[len(left) :]
    common = (one @ other.T).toarray().astype(np.float64)
    union = one.sum(axis=1).reshape(-1, 1) + other.sum(axis=1).reshape(1, -1) - common
    return np.asarray(np.divide(common, union, out=np.zeros_like(common), where=union > 0))


def _columns(text: str, vocabulary: dict[str, int]) -> list[int]:
    grams = dict.fromkeys(_trigrams(text))
    return [vocabulary.setdefault(gram, len(vocabulary)) for gram in grams]


def _incidence(rows: Sequence[Sequence[int]], width: int) -> sparse.csr_array:
    starts = np.cumsum([0, *map(len, rows)])
    columns = np.concatenate([np.asarray(row, dtype=np.int64) for row in rows])
    return sparse.csr_array((np.ones(columns.size), columns, starts), shape=(len(rows), width))


def _trigrams(text: str) -> list[str]:
    squeezed = squeeze(text)
    return [squeezed[at : at + 3] for at in range(max(1, len(squeezed) - 2))]
