"""TREC run and qrels files, so that trec_eval, ranx and others can check every figure.

Tools disagree on equal scores (trec_eval orders them by descending document id, others by
insertion). A run is already ordered here, so the score written is the number of results left,
which falls strictly. White space in ids (labels such as ``第 一 條``) is percent-encoded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, unquote

from .runs import Answer, Run

_UNSAFE = re.compile(r"[\s%]")


def encode(identifier: str) -> str:
    """Percent-encode white space and percent signs."""
    return _UNSAFE.sub(lambda match: quote(match.group()), identifier)


def write_run(run: Run, path: Path) -> None:
    """Write ``query Q0 document rank score tag`` lines."""
    lines = [
        f"{encode(question_id)} Q0 {encode(clause_id)} {rank} {len(answer.clause_ids) + 1 - rank} "
        f"{encode(run.name)}"
        for question_id, answer in run.answers.items()
        for rank, clause_id in enumerate(answer.clause_ids, 1)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", "utf-8")


def read_run(path: Path) -> Run:
    """Read a run of any tool: by falling score, equal scores by document id.

    Raises ValueError with the line that is no run line.
    """
    rows: dict[str, list[tuple[float, str]]] = {}
    name = path.stem
    for number, fields in _lines(path, 6):
        question_id, _, clause_id, _, score, name = fields
        try:
            rows.setdefault(unquote(question_id), []).append((-float(score), unquote(clause_id)))
        except ValueError as error:
            raise ValueError(f"{path}:{number}: score {score!r} is not a number") from error
    answers = {}
    for question_id, found in rows.items():
        found.sort()
        scores = tuple(-score for score, _ in found)
        answers[question_id] = Answer(tuple(clause_id for _, clause_id in found), scores)
    return Run(unquote(name), answers)


def write_qrels(grades: Mapping[str, Mapping[str, int]], path: Path) -> None:
    """Write ``query 0 document grade`` lines."""
    lines = [
        f"{encode(question_id)} 0 {encode(clause_id)} {grade}"
        for question_id, judged in grades.items()
        for clause_id, grade in judged.items()
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", "utf-8")


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """Read TREC qrels (four columns) or BEIR qrels (three, with a header)."""
    grades: dict[str, dict[str, int]] = {}
    beir = path.suffix == ".tsv"
    for number, fields in _lines(path, 3 if beir else 4):
        if beir and number == 1 and not fields[2].lstrip("-").isdigit():
            continue  # the header: query-id corpus-id score
        question_id, clause_id, grade = fields[0], fields[-2], fields[-1]
        grades.setdefault(unquote(question_id), {})[unquote(clause_id)] = int(grade)
    return grades


def _lines(path: Path, columns: int) -> list[tuple[int, list[str]]]:
    rows = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        fields = line.split("\t") if path.suffix == ".tsv" else line.split()
        if not line.strip():
            continue
        if len(fields) != columns:
            raise ValueError(f"{path}:{number}: {len(fields)} columns, not {columns}")
        rows.append((number, fields))
    return rows
