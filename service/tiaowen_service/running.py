"""From settings to a service that runs: library, doors, live index, graceful stop."""

from __future__ import annotations

import gc
import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import FrameType

from starlette.types import ASGIApp
from tiaowen_corpus.errors import TiaowenError
from tiaowen_indexer.snapshot import current_version
from tiaowen_indexer.stores.choice import one_process_alone
from tiaowen_models import kernels

from tiaowen_service.http.app import create_app
from tiaowen_service.library.builder import BuilderApart, BuilderHere
from tiaowen_service.library.desk import Desk
from tiaowen_service.live import LibraryEmpty, Live
from tiaowen_service.security.apart import Limits, ReaderApart
from tiaowen_service.security.doors import Doors, is_loopback
from tiaowen_service.security.keys import KeyRing
from tiaowen_service.security.rates import Rates
from tiaowen_service.settings import Settings

KEEP_ALIVE = 75  # seconds; longer than a proxy keeps its connections, or it meets closed ones
MOST_SEARCHERS = 8  # unless more are wanted: by then the service itself is busy all the time
_PATIENCE = 10.0  # seconds to open a version that was just published
# seconds that a busy thread keeps the others waiting each time they pause: with Python's 5 ms the
# slowest searches beside precedents, comparisons and tables take 22 to 26 ms, so 16; beside a loop
# that never pauses any search takes 83 ms, so 10
_TURN = 0.0002

log = logging.getLogger(__name__)


class OpenDoors(TiaowenError):
    """An address that others reach, and no key."""

    code = "open_doors"
    template = "对外地址必须有密钥 / an address that others reach needs keys: {detail}"
    remedy = (
        "先 tiaowen keys create 名称 --scope admin,或只用 --host 127.0.0.1 / "
        "run 'tiaowen keys create NAME --scope admin' first, or serve on --host 127.0.0.1"
    )


def doors_of(settings: Settings, host: str) -> Doors:
    """Return the doors of a service on ``host``. Raises OpenDoors, BadKeys."""
    ring = KeyRing(settings.keys_file, more=settings.keys)
    if not ring and not is_loopback(host):
        raise OpenDoors(host)
    return Doors(
        ring=ring,
        reads=Rates(settings.read_rate),
        writes=Rates(settings.write_rate, 50),
        hosts=frozenset(_parts(settings.hosts)),
        origins=frozenset(_parts(settings.origins)),
    )


class Service:
    """A live index, its library, and the application that serves them."""

    def __init__(self, settings: Settings, *, corpus: Path | None, index: Path, doors: Doors):
        self.live = Live(
            index,
            model=settings.embedder,
            may_be_empty=corpus is not None,
            searchers=searchers(settings),
        )
        self.desk = None if corpus is None else self._desk(settings, corpus, index)
        self.app = create_app(
            self.live,
            desk=self.desk,
            doors=doors,
            largest_body=settings.largest_body,
            largest_upload=settings.largest_upload,
            body_seconds=settings.body_seconds,
            every_request=settings.access_log,
        )
        self.figures = self.app.state.figures
        self.figures.judged(last_figures(index))
        self._ending = 0.0  # when it was told to end, monotonic

    def asgi(self) -> ASGIApp:
        """Return the application, traced where OpenTelemetry is installed and wanted."""
        from tiaowen_service.telemetry import traced

        return traced(self.app)

    def ending(self) -> None:
        """Note that the service is to end: streams end, the seconds of `stop` run."""
        self._ending = self._ending or time.monotonic()
        if self.desk is not None:
            self.desk.ending.set()

    def stop(self, *, seconds: float) -> None:
        """Let builds end up to ``seconds`` after `ending`, then end the one in hand."""
        self.ending()
        if self.desk is not None:
            left = self._ending + seconds - time.monotonic()
            self.desk.foreman.stop(seconds=max(0.0, left))
        self.live.close()

    def _judged(self, figures: Mapping[str, float]) -> None:
        self.figures.judged(figures)

    def _ended(self, kind: str, state: str, seconds: float) -> None:
        self.figures.ended(kind, state, seconds)

    def _desk(self, settings: Settings, corpus: Path, index: Path) -> Desk:
        reader = ReaderApart(Limits(settings.parse_seconds, settings.parse_memory))
        threading.Thread(target=reader.warm, daemon=True).start()
        return Desk(
            corpus,
            index,
            read=reader,
            model=settings.embedder,
            keep=settings.kept_indexes,
            builder=BuilderHere() if one_process_alone() else BuilderApart(),
            published=lambda: catch_up(self.live),
            judged=self._judged,
            ended=self._ended,
        )


def searchers(settings: Settings) -> int:
    """Return how many processes search: none where one process alone can open the store."""
    if one_process_alone():
        return 0
    if settings.searchers is not None:
        return max(0, settings.searchers)
    return min(_cores(), MOST_SEARCHERS)


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


def catch_up(live: Live) -> None:
    """Open the version that was published just now, however often that is tried elsewhere."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        with suppress(LibraryEmpty):
            if live.reopen().version == current_version(live.index):
                return
        time.sleep(0.02)


def last_figures(index: Path) -> Mapping[str, float]:
    """Return the figures of the last evaluation beside ``index``, {} if there is none."""
    with suppress(OSError, ValueError, KeyError, IndexError):
        lines = (index / "reports" / "history.jsonl").read_text("utf-8").splitlines()
        figures: dict[str, float] = json.loads(lines[-1])["figures"]
        return figures
    return {}


def run(service: Service, settings: Settings, *, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT; then end what is in hand, within the seconds for it."""
    import uvicorn

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            service.ending()
            super().handle_exit(sig, frame)

    from tiaowen_service.http.protocol import TypedRequests

    if kernels.LIBRARY is None:
        log.warning("no compiled kernels: searches take three times as long; install a C compiler")
    config = uvicorn.Config(
        service.asgi(),
        host=host,
        port=port,
        http=TypedRequests,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=settings.graceful_seconds,
        timeout_keep_alive=KEEP_ALIVE,
        limit_concurrency=1000,
        h11_max_incomplete_event_size=64 << 10,
    )
    # uvicorn ends gracefully, then raises the signal again: it must not end the build in hand
    signal.signal(signal.SIGTERM, lambda number, frame: None)
    sys.setswitchinterval(_TURN)
    # what is loaded stays: to look through it for garbage would hold searches up for 0.1 s
    gc.collect()
    gc.freeze()
    try:
        Server(config).run()
    finally:
        service.stop(seconds=settings.graceful_seconds)


def _parts(text: str) -> list[str]:
    return [part.strip().lower() for part in text.split(",") if part.strip()]
