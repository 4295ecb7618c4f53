"""Long work as tasks: their state, their progress, and who waits for news of them."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

State = Literal["queued", "running", "succeeded", "failed", "kept_aside"]
FINISHED = frozenset({"succeeded", "failed", "kept_aside"})
MOST_KEPT = 1000  # tasks; older ones that are finished are forgotten

# share of a task that is done when a stage begins, and its own share
_STAGES = {
    "segment": (0.0, 0.4),
    "embed": (0.4, 0.3),
    "lexical": (0.7, 0.2),
    "evaluate": (0.9, 0.1),
    "live": (1.0, 0.0),
}


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of work. ``kind``: documents (files changed), index (rebuild)."""

    task_id: str
    kind: str
    state: State = "queued"
    stage: str = ""
    done: int = 0
    of: int = 0
    progress: float = 0.0
    created: str = ""
    started: str = ""
    finished: str = ""
    index_version: str = ""
    embedded: int = 0
    documents: int = 0
    clauses: int = 0
    changes: tuple[dict[str, Any], ...] = ()
    gate: tuple[dict[str, Any], ...] = ()
    error: dict[str, str] | None = None
    number: int = 0  # grows with every change: what an event stream waits for

    def wire(self) -> dict[str, Any]:
        """Return it as it is answered."""
        return asdict(self)


class Tasks:
    """All tasks of this process; safe between threads."""

    def __init__(self) -> None:
        self._tasks: OrderedDict[str, Task] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, kind: str, *, task_id: str = "", **values: Any) -> Task:
        """Enter a new queued task."""
        task = Task(task_id or new_id(), kind, created=now(), **values)
        with self._lock:
            self._tasks[task.task_id] = task
            for old in [key for key, item in self._tasks.items() if item.state in FINISHED]:
                if len(self._tasks) <= MOST_KEPT:
                    break
                del self._tasks[old]
        return task

    def get(self, task_id: str) -> Task | None:
        """Return a task, or None if it is not known (any more)."""
        return self._tasks.get(task_id)

    def all(self) -> list[Task]:
        """Return the tasks, newest first."""
        with self._lock:
            return list(reversed(self._tasks.values()))

    def update(self, task_id: str, **values: Any) -> None:
        """Change fields of a task that is known."""
        with self._lock:
            task = self._tasks.get(task_id)
            if task is not None:
                self._tasks[task_id] = replace(task, number=task.number + 1, **values)

    def report(self, task_id: str, stage: str, done: int, of: int) -> None:
        """Note progress of a stage."""
        start, share = _STAGES.get(stage, (0.0, 0.0))
        reached = round(start + share * (done / of if of else 1.0), 3)
        task = self._tasks.get(task_id)
        if task is not None and (task.stage != stage or reached - task.progress >= 0.01):
            self.update(task_id, stage=stage, done=done, of=of, progress=reached)


def new_id() -> str:
    """Return an id that cannot be guessed."""
    return secrets.token_hex(12)


def now() -> str:
    """Return the time, ISO 8601, UTC."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
