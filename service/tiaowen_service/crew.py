"""The processes that search the index, so that the service need not.

Searching holds a processor for milliseconds; opening the next index, reading uploads and keeping
the library hold the same interpreter, and a search that shares it waits for them. A process of its
own waits for nobody, and several use as many cores. They are forked from the server that builds
are forked from (`forked`), and open every new version one after the other, so that most of them
answer meanwhile; what they were asked of the one before they answer from that.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import suppress
from pathlib import Path
from typing import cast

from tiaowen_service.answers import Given
from tiaowen_service.crew_link import AHEAD, PATIENCE, Link, Waiting, settle, started
from tiaowen_service.crew_member import Search
from tiaowen_service.request import SearchRequest

LONGEST = 30.0  # seconds of a search: a process that takes more hangs
RETRY = 5.0  # seconds before a process that died is followed by another

log = logging.getLogger(__name__)


class Crew:
    """Asked from one event loop; what else it is told may come from any thread."""

    def __init__(self, folder: Path | None, model: str | None, size: int) -> None:
        """``size`` processes will search the snapshot in ``folder``, or the first to `open`."""
        self._folder, self._model, self._size = folder, model, size
        self._kept = {folder.name} if folder else set()  # versions that may be asked for
        self._starting = threading.Lock()
        self._started = False
        self._members: list[Link] = []
        self._new: list[Link] = []  # that the event loop does not know yet
        self._joining = 0
        self._queue: deque[tuple[Search, Waiting]] = deque()
        self._changed: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._retired = False

    @property
    def size(self) -> int:
        """How many processes stand ready."""
        return len(self._members) + len(self._new)

    def start(self) -> bool:
        """Start the processes, unless they are; return whether that was done.

        One after the other: whoever answers meanwhile needs the processors.
        """
        with self._starting:
            started, self._started = self._started, True
        if not started:
            for _ in range(self._size):
                self._start_one()
        return not started

    def open(self, folder: Path) -> None:
        """Have the processes open the snapshot in ``folder``, and wait until they have.

        One that cannot open it ends, and another follows.
        """
        self._folder = folder
        self._kept.add(folder.name)
        if self.start() or self._loop is None:
            return
        with suppress(RuntimeError, CancelledError):  # the loop ended: nobody asks any more
            asyncio.run_coroutine_threadsafe(self._all_opened(), self._loop).result()

    def forget(self, version: str) -> None:
        """Have the processes close a version, once nothing waits for an answer from it."""
        self._kept.discard(version)
        self._feed_soon()

    def retire(self) -> None:
        """Let the processes end once they have answered."""
        self._retired = True
        for member in self._new:
            member.pipe.close()
        self._feed_soon()

    async def answer(self, version: str, request: SearchRequest) -> Given | None:
        """Return the answer of a process; None if there is none, or it failed: search here."""
        self._loop = loop = asyncio.get_running_loop()
        waiting: Waiting = loop.create_future()
        self._queue.append((Search(version, request), waiting))
        while self._new and not self._retired:
            await self._joined(loop, self._new.pop())
        self.feed()
        try:
            given: Given | None = await asyncio.wait_for(waiting, LONGEST)
        except TimeoutError:
            for member in self._members:
                if member.has(waiting):
                    member.kill(f"has been searching for {LONGEST:g} s")
            return None
        return given

    def feed(self) -> None:
        """Hand on what waits; send away whom nothing waits for, once retired."""
        self._keep_up()
        while self._queue and self._members:
            member = min(self._members, key=Link.load)
            if member.load() >= AHEAD:
                break
            search, waiting = self._queue.popleft()
            if not waiting.done():  # else it was answered here: it had waited too long
                member.take(search, waiting)
        if not self._members and not self._joining:
            while self._queue:
                settle(self._queue.popleft()[1], None)
        elif self._retired and not self._queue:
            for member in self._members:
                member.end()

    def _keep_up(self) -> None:
        """Have one process at a time open what all are to; close what nothing waits for."""
        behind = list(self._behind())
        if behind and not any(member.is_opening for member in behind):
            behind[0].open(cast(Path, self._folder))
        if any(member.versions - self._kept for member in self._members):
            needed = self._kept | {search.version for search, _ in self._queue}
            for member in self._members:
                member.forget(member.versions - needed)
        if self._changed is not None:
            self._changed.set()

    def _behind(self) -> Iterator[Link]:
        if self._folder is not None:
            for member in self._members:
                if self._folder.name not in member.versions:
                    yield member

    async def _all_opened(self) -> None:
        """Wait until nobody is behind; who stays behind too long is ended."""
        self._changed = changed = asyncio.Event()
        try:
            async with asyncio.timeout(PATIENCE * self._size):
                self.feed()
                while not self._retired and any(self._behind()):
                    changed.clear()
                    await changed.wait()
        except TimeoutError:
            for member in self._behind():
                member.kill("did not open the index")

    def _feed_soon(self) -> None:
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop ended: its sockets end with it
                self._loop.call_soon_threadsafe(self.feed)

    async def _joined(self, loop: asyncio.AbstractEventLoop, member: Link) -> None:
        """Make a process known to the event loop; others may ask meanwhile."""
        self._joining += 1
        try:
            await loop.create_unix_connection(lambda: member, sock=member.pipe)
            if not member.has_ended:
                self._members.append(member)
        finally:
            self._joining -= 1
            self.feed()

    def lost(self, member: Link) -> None:
        """Do without a process that ended; start another unless it was to end."""
        self._members = [each for each in self._members if each is not member]
        self.feed()
        if not self._retired:
            log.error("a process that searches died, the others serve on; another follows")
            threading.Thread(target=self._replace, daemon=True).start()

    def _replace(self) -> None:
        time.sleep(RETRY)
        while not self._retired and not self._start_one():
            time.sleep(RETRY)
        if self._retired:  # meanwhile
            self.retire()

    def _start_one(self) -> bool:
        found = started(cast(Path, self._folder), self._model, changed=self.feed, ended=self.lost)
        if found is not None:
            self._new.append(found)
        return found is not None
