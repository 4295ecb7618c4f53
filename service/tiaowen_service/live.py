"""The searcher of the live snapshot, exchanged while requests run."""

from __future__ import annotations

import gc
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tiaowen_corpus.errors import TiaowenError
from tiaowen_indexer.snapshot import current_version, open_current
from tiaowen_indexer.stores.choice import remote_store

from tiaowen_service.answers import Answers
from tiaowen_service.request import SearchRequest
from tiaowen_service.searcher import Searcher, open_searcher

LOOK_AGAIN = 0.25  # seconds between looks at the pointer
_MISTYPED = "郊域嗐"  # no word: the speller must look at how it sounds

log = logging.getLogger(__name__)


class Live:
    """Follows ``index``: requests get one whole searcher, the next ones a newer one.

    A new version is opened in the background; until it answers, and if it cannot be opened, the
    old one serves on. A request keeps the searcher that it started with.
    """

    def __init__(self, index: Path, *, model: str | None = None) -> None:
        """Open the live snapshot. Raises NoIndex, IndexMismatch or IndexDamaged."""
        self.index = index
        self.answers = Answers()
        self._model = model
        self._searcher = self._open()
        self._looked = time.monotonic()
        self._refused: str | None = None
        self._opening = threading.Lock()

    def searcher(self) -> Searcher:
        """Return the searcher for one request."""
        now = time.monotonic()
        if now - self._looked > LOOK_AGAIN:
            self._looked = now
            version = current_version(self.index)
            if version not in (None, self._searcher.version, self._refused):
                threading.Thread(target=self.reopen, daemon=True).start()
        return self._searcher

    def reopen(self) -> Searcher:
        """Open what the pointer names now and serve it; keep the old one if it does not open."""
        if not self._opening.acquire(blocking=False):
            return self._searcher
        try:
            version = current_version(self.index)
            if version != self._searcher.version:
                with _no_collection():
                    self._searcher = self._open()
                log.info("serving index %s", version)
        except TiaowenError as error:
            self._refused = version
            log.error("index %s is not served: %s", version, error)
        finally:
            self._opening.release()
        return self._searcher

    def _open(self) -> Searcher:
        """Open the live snapshot and use all of it once, so that no request pays for the first
        search, nor for the dictionary of sounds, which takes a quarter of a second to load.
        """
        snapshot = open_current(self.index)
        searcher = open_searcher(snapshot, model=self._model, store=remote_store(snapshot))
        searcher.search(SearchRequest("教育"))
        searcher.speller.respelt(_MISTYPED, lambda word: False)
        return searcher


@contextmanager
def _no_collection() -> Iterator[None]:
    """Look for no garbage meanwhile: an index is loaded by making many things that all stay, and
    each look through them would hold up the searches of every thread.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
