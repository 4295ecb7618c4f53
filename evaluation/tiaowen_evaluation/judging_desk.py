"""Judging for those who serve it: hands out what is unjudged, keeps grades, takes them back.

The service lives a floor below; it finds ``offer`` by the entry point group ``tiaowen.judging``.
What only judging needs is imported when someone judges: a service starts without it.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from tiaowen_corpus import durable

if TYPE_CHECKING:
    from tiaowen_service.http.judging import Task as Shown
    from tiaowen_service.searcher import Searcher

    from .collection import Collection
    from .judging import Task

REPORTS = "reports"  # beside the versions in the index folder


def offer(index: Path) -> Desk | None:
    """Return the judging of an index; None where its grades could not be kept."""
    from .questions import questions_folder

    try:
        folder = questions_folder()
    except FileNotFoundError:
        return None
    return Desk(index, folder) if folder.is_dir() and os.access(folder, os.W_OK) else None


class Desk:
    """The unjudged clauses of the live version's evaluation; grades go to ``pooled.jsonl``."""

    def __init__(self, index: Path, questions: Path) -> None:
        self._index, self._questions = index, questions
        self._lock = threading.Lock()
        self._version = ""
        self._tasks: list[Task] = []
        self._collection: Collection | None = None
        self._kept: dict[tuple[str, str], str] = {}  # rows as they stand in the file

    def task(self, searcher: Searcher, *, skipped: int) -> Shown | None:
        """Return the task after the first ``skipped`` of those left; None past the end."""
        from tiaowen_service.http.judging import Task as Shown

        with self._lock:
            left = self._left(searcher)
        if skipped >= len(left):
            return None
        question, entry = left[skipped].question, left[skipped].entry
        return Shown(
            question_id=question.question_id,
            query=question.query,
            category=question.category,
            clause_id=entry.clause_id,
            place=entry.place,
            text=entry.text,
            left=len(left) - skipped,
        )

    def keep(self, searcher: Searcher, question_id: str, clause_id: str, grade: int) -> bool:
        """Keep a grade, 0 to 3; False if there is no such task left."""
        from .judging import keep, row

        with self._lock:
            for task in self._left(searcher):
                if _pair(task) == (question_id, clause_id) and self._collection:
                    text = row(task.question, task.entry, grade, self._collection)
                    keep(self._questions, [text])
                    self._kept[_pair(task)] = text
                    return True
        return False

    def take_back(self, question_id: str, clause_id: str) -> bool:
        """Forget a grade that was kept since the service started; False if there is none."""
        from .judging import POOLED

        with self._lock:
            text = self._kept.pop((question_id, clause_id), None)
            if text is None:
                return False
            path = self._questions / POOLED
            rows = path.read_text("utf-8").splitlines()
            if text in rows:
                del rows[len(rows) - 1 - rows[::-1].index(text)]
            durable.write(path, "".join(f"{each}\n" for each in rows).encode(), name="judging")
            return True

    def _left(self, searcher: Searcher) -> list[Task]:
        if searcher.version != self._version:
            self._open(searcher)
        return [task for task in self._tasks if _pair(task) not in self._kept]

    def _open(self, searcher: Searcher) -> None:
        """Read the evaluation of this version and the labels as they are now."""
        from .collection import of_snapshot
        from .judging import tasks
        from .labels import resolve
        from .questions import load_questions
        from .runs import Record

        self._version, self._tasks, self._kept = searcher.version, [], {}
        report = self._index / REPORTS / f"{searcher.version}.json"
        if not report.is_file():
            return  # no question asks about this corpus
        self._collection = of_snapshot(searcher.snapshot)
        questions, _ = load_questions(self._questions)
        labels, _ = resolve(questions, self._collection, strict=False)
        self._tasks = list(tasks(Record.load(report), labels, self._collection))


def _pair(task: Task) -> tuple[str, str]:
    return task.question.question_id, task.entry.clause_id
