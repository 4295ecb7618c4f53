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
from tiaowen_indexer.snapshot import NoIndex, current_version, open_current
from tiaowen_indexer.stores.choice import remote_store

from tiaowen_service.answers import Answers
from tiaowen_service.request import SearchRequest
from tiaowen_service.searcher import Searcher, open_searcher

LOOK_AGAIN = 0.25  # seconds between looks at the pointer
_MISTYPED = "郊域嗐"  # no word: the speller must look at how it sounds

log = logging.getLogger(__name__)


class LibraryEmpty(TiaowenError):
    """Nothing was indexed yet, for the library holds no document."""

    code = "library_empty"
    template = "文件库中还没有可检索的文件 / the library holds no document to search yet: {detail}"
    remedy = (
        "上传文件(POST /v1/documents 或网页),稍后再查 / "
        "upload files (POST /v1/documents, or the page) and search shortly after"
    )


class Live:
    """Follows ``index``: requests get one whole searcher, the next ones a newer one.

    A new version is opened in the background; until it answers, and if it cannot be opened, the
    old one serves on. A request keeps the searcher that it started with.
    """

    def __init__(
        self, index: Path, *, model: str | None = None, may_be_empty: bool = False
    ) -> None:
        """Open the live snapshot; where there is none yet and that ``may_be``, wait for the first.

        Raises NoIndex, IndexMismatch or IndexDamaged.
        """
        self.index = index
        self.answers = Answers()
        self._model = model
        self._searcher: Searcher | None = None
        try:
            self._searcher = self._open()
        except NoIndex:
            if not may_be_empty:
                raise
        self._looked = time.monotonic()
        self._refused: str | None = None
        self._opening = threading.Lock()

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to search yet."""
        self._look()
        return self._searcher is None

    def searcher(self) -> Searcher:
        """Return the searcher for one request. Raises LibraryEmpty."""
        self._look()
        return self._present()

    def reopen(self) -> Searcher:
        """Open what the pointer names now and serve it; keep the old one if it does not open.

        Raises LibraryEmpty.
        """
        self._renew()
        return self._present()

    def _present(self) -> Searcher:
        if self._searcher is None:
            raise LibraryEmpty(self.index.name)
        return self._searcher

    @property
    def _version(self) -> str | None:
        return None if self._searcher is None else self._searcher.version

    def _look(self) -> None:
        """Look now and then whether the pointer names another version, and open that beside."""
        now = time.monotonic()
        if now - self._looked > LOOK_AGAIN:
            self._looked = now
            version = current_version(self.index)
            if version not in (None, self._version, self._refused):
                threading.Thread(target=self._renew, daemon=True).start()

    def _renew(self) -> None:
        if not self._opening.acquire(blocking=False):
            return
        version = None
        try:
            version = current_version(self.index)
            if version not in (None, self._version):
                with _no_collection():
                    self._searcher = self._open()
                log.info("serving index %s", version)
        except TiaowenError as error:
            self._refused = version
            log.error("index %s is not served: %s", version, error)
        finally:
            self._opening.release()

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
