"""The desk: where requests to the library come in, are checked, accepted and handed on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from tiaowen_service.library.builder import Builder
from tiaowen_service.library.foreman import Foreman, Order
from tiaowen_service.library.indexes import KEPT, Indexes
from tiaowen_service.library.journal import Entry
from tiaowen_service.library.names import checked, id_of
from tiaowen_service.library.shelf import Asked, DocumentExists, Put, Shelf
from tiaowen_service.library.tasks import Task, Tasks

Reader = Callable[[bytes, str], object]  # raises ReadingError for what is no document


class Desk:
    """The library of ``corpus`` with its index in ``index``."""

    def __init__(
        self,
        corpus: Path,
        index: Path,
        *,
        read: Reader,
        model: str | None = None,
        keep: int = KEPT,
        builder: Builder | None = None,
        published: Callable[[], object] = lambda: None,
        judged: Callable[[dict[str, float]], object] = lambda figures: None,
        ended: Callable[[str, str, float], object] = lambda kind, state, seconds: None,
    ) -> None:
        self.shelf = Shelf(corpus)
        self.indexes = Indexes(index)
        self.tasks = Tasks()
        self.ending = threading.Event()  # set when the service ends: event streams end too
        self._read = read
        self.foreman = Foreman(
            self.shelf,
            self.indexes,
            self.tasks,
            model=model,
            keep=keep,
            builder=builder,
            published=published,
            judged=judged,
            ended=ended,
        )

    def former(self, asked: Asked) -> Entry | None:
        """Return the entry of an earlier request with this Idempotency-Key. Raises KeyReused."""
        self.shelf.look()
        return self.shelf.former(asked)

    def named(self, file_id: str, given: str) -> str:
        """Return the name a replacement gets: the id with the suffix of the given name."""
        suffix = PurePosixPath(given).suffix or self._suffix(file_id)
        return given if id_of(given) == file_id and suffix in given else f"{file_id}{suffix}"

    def checked(
        self, name: str, data: bytes, *, replaces: str = "", taken: Sequence[str] = ()
    ) -> str:
        """Return a usable name for a file that can be read. Raises BadName, ReadingError,
        DocumentExists.
        """
        usable = checked(name)
        file_id = id_of(usable)
        if not replaces and (
            self.shelf.is_there(file_id) or file_id in {id_of(other) for other in taken}
        ):
            raise DocumentExists(file_id)
        self._read(data, usable)
        return usable

    def accept(
        self,
        puts: Sequence[Put] = (),
        deletes: Sequence[str] = (),
        *,
        asked: Asked,
        expected: Mapping[str, str] | None = None,
    ) -> Entry:
        """Accept a request durably and order its indexing."""
        entry = self.shelf.accept(puts, deletes, asked=asked, expected=expected)
        if entry.task == asked.task:
            self.tasks.add("documents", task_id=entry.task, changes=tuple(self.told(entry)))
            self.foreman.order(Order(entry.task))
        return entry

    def rebuild(self, *, force: bool = False, allow_regression: str = "") -> Task:
        """Order a build of the whole library."""
        task = self.tasks.add("index")
        self.foreman.order(
            Order(task.task_id, rebuild=True, force=force, allow_regression=allow_regression)
        )
        return task

    def task_of(self, entry: Entry) -> Task:
        """Return the task of an accepted request; one of an earlier process is ordered anew."""
        task = self.tasks.get(entry.task)
        if task is None:
            task = self.tasks.add("documents", task_id=entry.task, changes=tuple(self.told(entry)))
            self.foreman.order(Order(entry.task))
        return task

    def find_task(self, task_id: str) -> Task | None:
        """Return a task of this process, or of an earlier one that the journal remembers."""
        task = self.tasks.get(task_id)
        if task is None:
            self.shelf.look()
            entry = self.shelf.entry_of(task_id)
            task = self.task_of(entry) if entry is not None else None
        return task

    def told(self, entry: Entry) -> list[dict[str, Any]]:
        """Return the changes of a request by file, the last of each, as they are answered."""
        last = {change.file_id: change for change in entry.changes}
        return [
            {
                "file_id": change.file_id,
                "name": change.name,
                "change": _change(change.op, change.version),
                "version": change.version,
                "size": change.size,
                "sha256": change.sha256,
                "etag": f'"{change.sha256[:16]}"' if change.sha256 else "",
            }
            for change in last.values()
        ]

    def _suffix(self, file_id: str) -> str:
        held = self.shelf.names().get(file_id)
        return held.suffix if held else ".txt"


def _change(op: str, version: int) -> str:
    if op == "delete":
        return "deleted"
    return "created" if version == 1 else "replaced"
