"""A small collection and questions about it, invented for these tests."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tiaowen_evaluation.collection import Collection, Entry

_CLAUSES = [
    ("plan", ("一",), "一、家长会每学期不少于两次。班主任负责通知。"),
    ("plan", ("二",), "二、教学开放周定在四月。家长可以进课堂听课。"),
    ("plan", ("三",), "三、听课不少于十五节。"),
    ("plan", ("三", "1"), "1.骨干教师听课不少于三十节。"),
    ("rules", ("第一条",), "第一条 严禁体罚学生。"),
    ("rules", ("第二条",), "第二条 事假由校长批准。严禁迟到。"),
]


def entry(file_id: str, path: tuple[str, ...], text: str) -> Entry:
    clause_id = f"{file_id}/{'/'.join(path)}"
    return Entry(clause_id, file_id, file_id, path, f"《{file_id}》", text, "simplified")


@pytest.fixture
def collection() -> Collection:
    return Collection(tuple(entry(*clause) for clause in _CLAUSES))


def row(question_id: str = "q1", **changes: Any) -> dict[str, Any]:
    """A correct question, changed as a test wants; a field set to None is left out."""
    question = {
        "question_id": question_id,
        "query": f"家长会一学期开几次 {question_id}",
        "category": "number",
        "asker": "parent",
        "script": "simplified",
        "lang": "zh",
        "split": "test",
        "judgements": [{"file_id": "plan", "quote": "家长会每学期", "grade": 3}],
        "answer": {"file_id": "plan", "quote": "不少于两次"},
    } | changes
    return {name: value for name, value in question.items() if value is not None}


Writer = Callable[..., Path]


@pytest.fixture
def written(tmp_path: Path) -> Writer:
    """Write questions to a folder: ``written(row(), …)`` → the folder."""

    def write(*rows: dict[str, Any] | str, name: str = "own.jsonl") -> Path:
        folder = tmp_path / "questions"
        folder.mkdir(exist_ok=True)
        lines = [r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in rows]
        (folder / name).write_text("\n".join(lines) + "\n", "utf-8")
        return folder

    return write


@pytest.fixture
def question() -> Callable[..., dict[str, Any]]:
    return row
