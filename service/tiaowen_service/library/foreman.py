"""One thread that builds: takes what was accepted, indexes it, publishes, tells the tasks.

Requests that arrive while it builds share the next build. A build that fails or is kept aside
leaves the live index as it is; the accepted files stay accepted and the next build includes them.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tiaowen_corpus.errors import TiaowenError
from tiaowen_indexer.build import build
from tiaowen_indexer.collect import Progress
from tiaowen_indexer.manifest import Manifest, rules_fingerprint
from tiaowen_indexer.publishing import IndexKeptAside, Published, build_and_publish
from tiaowen_indexer.snapshot import current_version, publish

from tiaowen_service.library.indexes import KEPT, Indexes
from tiaowen_service.library.shelf import Shelf
from tiaowen_service.library.tasks import Tasks, now

PATIENCE = 600.0  # seconds to wait for another process that builds

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Order:
    """A task to carry out. ``rebuild`` indexes even if nothing changed."""

    task_id: str
    rebuild: bool = False
    force: bool = False
    allow_regression: str = ""


class Foreman:
    """Carries out orders one build after the other."""

    def __init__(
        self,
        shelf: Shelf,
        indexes: Indexes,
        tasks: Tasks,
        *,
        model: str | None = None,
        keep: int = KEPT,
        published: Callable[[], object] = lambda: None,
        judged: Callable[[dict[str, float]], object] = lambda figures: None,
        ended: Callable[[str, str, float], object] = lambda kind, state, seconds: None,
    ) -> None:
        """``published`` is called when a new version is live, ``judged`` with a gate's figures."""
        self.shelf, self.indexes, self.tasks = shelf, indexes, tasks
        self._model, self._keep = model, keep
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
        """Finish the build in hand, up to ``seconds``; the next start builds what is queued."""
        self._orders.put(None)
        if self._thread is not None:
            self._thread.join(seconds)

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
            with self.indexes.writing(wait=PATIENCE):
                self.shelf.settle()
                self.indexes.note_live()
                built = self._build(orders[-1], ids)
                self.indexes.unpin()
                self.indexes.note(built.built.manifest.version)
                self.indexes.prune(keep=self._keep)
            self._published()
            self._tell(ids, state="succeeded", **_outcome(built))
        except IndexKeptAside as kept:
            self._note_figures(kept.decisions)
            self._tell(
                ids,
                state="kept_aside",
                index_version=kept.version,
                gate=tuple(dict(decision) for decision in kept.decisions),
                error=_error(kept),
                finished=now(),
            )
        except TiaowenError as error:
            log.error("not indexed: %s", error)
            self._tell(ids, state="failed", error=_error(error), finished=now())
        except Exception as error:  # whatever it is, the old index serves on
            log.exception("not indexed")
            self._tell(ids, state="failed", error=_unexpected(error), finished=now())
        self._count(ids, time.monotonic() - started)

    def _build(self, order: Order, ids: list[str]) -> Published:
        def report(stage: str, done: int, of: int) -> None:
            for task_id in ids:
                self.tasks.report(task_id, stage, done, of)

        corpus: Path = self.shelf.folder
        if not order.rebuild:
            changed = self._publish_documents(corpus, report)
            if changed is not None:
                return changed
        built = build_and_publish(
            corpus,
            self.indexes.folder,
            model=self._model,
            force=order.force,
            allow_regression=order.allow_regression,
            progress=report,
        )
        self._note_figures(built.decisions)
        return built

    def _publish_documents(self, corpus: Path, report: Progress) -> Published | None:
        """Index and publish unjudged if nothing but documents changed; None if more did.

        The gates guard against rules, words and models that answer worse. What a library holds is
        its keeper's decision: a document deleted must go, even one that questions were asked about.
        """
        index, live = self.indexes.folder, current_version(self.indexes.folder)
        if live is None:
            return None
        before = Manifest.load(index / live)
        if before.rules != rules_fingerprint():
            return None
        built = build(corpus, index, model=self._model, publish=False, progress=report)
        made = built.manifest
        if (made.lexicon, made.model) != (before.lexicon, before.model):
            return None
        publish(index, made.version)
        return Published(built)

    def _note_figures(self, decisions: Any) -> None:
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


def _outcome(built: Published) -> dict[str, Any]:
    manifest = built.built.manifest
    return {
        "progress": 1.0,
        "finished": now(),
        "index_version": manifest.version,
        "embedded": built.built.embedded,
        "documents": manifest.documents,
        "clauses": manifest.clauses,
        "gate": tuple(dict(decision) for decision in built.decisions),
    }


def _error(error: TiaowenError) -> dict[str, str]:
    return {"code": error.code, "detail": error.message, "remedy": error.remedy}


def _unexpected(error: Exception) -> dict[str, str]:
    return {
        "code": "build_failed",
        "detail": f"索引未建成,旧索引继续服务 / the build failed, the old index serves on: "
        f"{type(error).__name__}: {str(error)[:300]}",
        "remedy": "查看日志,排除原因后 POST /v1/indexes / see the log, mend it, POST /v1/indexes",
    }
