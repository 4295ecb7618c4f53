"""The searcher of the live snapshot, exchanged while requests run."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from tiaowen_corpus.errors import TiaowenError
from tiaowen_indexer.snapshot import NoIndex, current_version, open_current

from tiaowen_service.answers import Answers, Given
from tiaowen_service.crew import Crew
from tiaowen_service.crew_member import no_collection, ready_searcher
from tiaowen_service.request import SearchRequest
from tiaowen_service.searcher import Searcher

LOOK_AGAIN = 0.25  # seconds between looks at the pointer

log = logging.getLogger(__name__)


class LibraryEmpty(TiaowenError):
    """Nothing was indexed yet, for the library holds no document."""

    code = "library_empty"
    template = "文件库中还没有可检索的文件 / the library holds no document to search yet: {detail}"
    remedy = (
        "上传文件(POST /v1/documents 或网页),稍后再查 / "
        "upload files (POST /v1/documents, or the page) and search shortly after"
    )


@dataclass(frozen=True, slots=True)
class Serving:
    """One version of the index: its searcher here, and the processes that search if any do."""

    searcher: Searcher
    crew: Crew | None = None

    async def answer(self, request: SearchRequest) -> Given:
        """Search in a process of the crew, or here."""
        given = None
        if self.crew is not None:
            given = await self.crew.answer(self.searcher.version, request)
        return given or Given.of(self.searcher.search(request))

    def retire(self) -> None:
        """Let the processes close this version once they have answered from it."""
        if self.crew is not None:
            self.crew.forget(self.searcher.version)


class Live:
    """Follows ``index``: requests get one whole version, the next ones a newer one.

    A new version is opened in the background; until it answers, and if it cannot be opened, the
    old one serves on. A request keeps the version that it started with.
    """

    def __init__(
        self,
        index: Path,
        *,
        model: str | None = None,
        may_be_empty: bool = False,
        searchers: int = 0,
    ) -> None:
        """Open the live snapshot; where there is none yet and that ``may_be``, wait for the first.

        ``searchers`` processes search it beside this one as soon as they are started. Raises
        NoIndex, IndexMismatch or IndexDamaged.
        """
        self.index = index
        self.answers = Answers()
        self._model = model
        self._serving: Serving | None = None
        self._looked = time.monotonic()
        self._refused: str | None = None
        self._opening = threading.Lock()
        searcher: Searcher | None = None
        try:
            searcher = self._open()
        except NoIndex:
            if not may_be_empty:
                raise
        folder = searcher.snapshot.folder if searcher else None
        self._crew = Crew(folder, model, searchers) if searchers else None
        if searcher:
            self._serving = Serving(searcher, self._crew)
            if self._crew:
                threading.Thread(target=self._crew.start, daemon=True).start()

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to search yet."""
        self._look()
        return self._serving is None

    @property
    def crew_size(self) -> int:
        """How many processes search beside this one."""
        return self._crew.size if self._crew else 0

    def serving(self) -> Serving:
        """Return the version for one request. Raises LibraryEmpty."""
        self._look()
        return self._present()

    def searcher(self) -> Searcher:
        """Return the searcher for one request. Raises LibraryEmpty."""
        return self.serving().searcher

    def close(self) -> None:
        """Let the processes go; this one searches on."""
        if self._crew is not None:
            self._crew.retire()

    def reopen(self) -> Searcher:
        """Open what the pointer names now and serve it; keep the old one if it does not open.

        Raises LibraryEmpty.
        """
        self._renew()
        return self._present().searcher

    def _present(self) -> Serving:
        if self._serving is None:
            raise LibraryEmpty(self.index.name)
        return self._serving

    @property
    def _version(self) -> str | None:
        return None if self._serving is None else self._serving.searcher.version

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
                with no_collection():
                    searcher = self._open()
                if self._crew is not None:
                    self._crew.open(searcher.snapshot.folder)
                old, self._serving = self._serving, Serving(searcher, self._crew)
                if old is not None:
                    old.retire()
                log.info("serving index %s", version)
        except TiaowenError as error:
            self._refused = version
            log.error("index %s is not served: %s", version, error)
        finally:
            self._opening.release()

    def _open(self) -> Searcher:
        return ready_searcher(open_current(self.index), self._model)
