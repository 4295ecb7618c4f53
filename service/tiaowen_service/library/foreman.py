"""One thread that has builds made: takes what was accepted, orders a build, tells the tasks.

Requests that arrive while it builds share the next build. A build that fails, dies or is kept
aside leaves the live index as it is; the accepted files stay accepted and the next build includes
them.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from tiaowen_service.library.builder import CLEARING, Builder, BuilderApart
from tiaowen_service.library.building import LIVE, Job, Outcome, failed
from tiaowen_service.library.indexes import KEPT, Indexes
from tiaowen_service.library.shelf import Shelf
from tiaowen_service.library.tasks import FINISHED, Tasks, now

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Order:
    """A task to carry out. ``rebuild`` indexes even if nothing changed."""

    task_id: str
    rebuild: bool = False
    force: bool = False
    allow_regression: str = ""


class Foreman:
    """Has orders carried out one build after the other."""

    def __init__(
        self,
        shelf: Shelf,
        indexes: Indexes,
        tasks: Tasks,
        *,
        model: str | None = None,
        keep: int = KEPT,
        builder: Builder | None = None,
        published: Callable[[], object] = lambda: None,
        judged: Callable[[dict[str, float]], object] = lambda figures: None,
        ended: Callable[[str, str, float], object] = lambda kind, state, seconds: None,
    ) -> None:
        """``published`` is called when a new version is live, ``judged`` with a gate's figures."""
        self.shelf, self.indexes, self.tasks = shelf, indexes, tasks
        self._model, self._keep = model, keep
        self._builder = builder or BuilderApart()
        self._published, self._judged, self._ended = published, judged, ended
        self._orders: queue.SimpleQueue[Order | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def order(self, order: Order) -> None:
        """Enqueue ``order``; its task tells what becomes of it."""
        self._orders.put(order)
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="foreman", daemon=True)
                self._thread.start()

    def stop(self, *, seconds: float = 30.0) -> None:
        """Carry out what is ordered, up to ``seconds``; the next start builds what is left."""
        self._orders.put(None)
        if self._thread is not None:
            self._thread.join(seconds)
            if self._thread.is_alive():
                self._builder.stop()
                self._thread.join(CLEARING)

    def _run(self) -> None:
        while True:
            order = self._orders.get()
            if order is None:
                return
            together = [order]
            while not order.rebuild and not self._orders.empty():
                following = self._orders.get()
                if following is None or following.rebuild:
                    self.carry_out(together)
                    if following is None:
                        return
                    together = [following]
                    break
                together.append(following)
            self.carry_out(together)

    def carry_out(self, orders: list[Order]) -> None:
        """Build once for all ``orders`` and tell their tasks; never raises."""
        ids = [order.task_id for order in orders]
        started = time.monotonic()
        self._tell(ids, state="running", started=now())
        try:
            self.shelf.settle()
            outcome = self._builder(self._job(orders[-1]), self._reporting(ids))
            if outcome["state"] == "succeeded":
                self._published()
        except Exception as error:
            outcome = failed(error)
        if outcome["state"] == "kept_aside":
            log.warning("kept aside: %s", outcome["error"]["detail"])
        self._note_figures(outcome.get("gate", ()))
        self._tell(ids, **_fields(outcome))
        if outcome["state"] in FINISHED:
            self._count(ids, time.monotonic() - started)

    def _job(self, order: Order) -> Job:
        return Job(
            corpus=self.shelf.folder,
            index=self.indexes.folder,
            model=self._model,
            keep=self._keep,
            rebuild=order.rebuild,
            force=order.force,
            allow_regression=order.allow_regression,
        )

    def _reporting(self, ids: list[str]) -> Callable[[str, int, int], None]:
        def report(stage: str, done: int, of: int) -> None:
            if stage == LIVE:
                self._published()  # it is opened while the builder tidies up
            for task_id in ids:
                self.tasks.report(task_id, stage, done, of)

        return report

    def _note_figures(self, decisions: Iterable[Mapping[str, Any]]) -> None:
        for decision in decisions:
            with suppress(Exception):  # figures are for the gauges alone
                self._judged(decision["figures"])

    def _count(self, ids: list[str], seconds: float) -> None:
        for task_id in ids:
            task = self.tasks.get(task_id)
            if task is not None:
                self._ended(task.kind, task.state, seconds)

    def _tell(self, ids: list[str], **values: Any) -> None:
        for task_id in ids:
            self.tasks.update(task_id, **values)


def _fields(outcome: Outcome) -> dict[str, Any]:
    """Return the fields of a task that ends so."""
    fields = dict(outcome)
    if "gate" in fields:
        fields["gate"] = tuple(fields["gate"])
    if fields["state"] in FINISHED:
        fields["finished"] = now()
    return fields
