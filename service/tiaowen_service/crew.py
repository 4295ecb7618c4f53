"""The processes that search one version of the index, so that the service need not.

Searching holds a processor for milliseconds; opening the next index, reading uploads and keeping
the library hold the same interpreter, and a search that shares it waits for them. A process of its
own waits for nobody, and several use as many cores. They are forked from the server that builds
are forked from (`forked`), a new crew for every version: nothing is exchanged inside a process.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
import socket
import threading
import time
from collections import deque
from contextlib import suppress
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import cast

from tiaowen_service.answers import Given
from tiaowen_service.crew_member import LENGTH, READY, framed, serve
from tiaowen_service.forked import context, settings_now
from tiaowen_service.request import SearchRequest

PATIENCE = 120.0  # seconds for a process to open the index
AHEAD = 2  # requests that a process has at a time: it goes on while its answer is on the way
LONGEST = 30.0  # seconds of a search: a process that takes more hangs
RETRY = 5.0  # seconds before a process that died is followed by another

log = logging.getLogger(__name__)

_Waiting = asyncio.Future[Given | None]


class Crew:
    """Started from any thread; asked from one event loop."""

    def __init__(self, folder: Path, model: str | None, size: int) -> None:
        """``size`` processes will search the snapshot in ``folder``."""
        self._folder, self._model, self._size = folder, model, size
        self._members: list[_Member] = []
        self._new: list[_Member] = []  # that the event loop does not know yet
        self._joining = 0
        self._queue: deque[tuple[bytes, _Waiting]] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._retired = False

    def start(self) -> bool:
        """Start the processes and wait until they can answer; return whether one can.

        One after the other: those that answer meanwhile need the processors.
        """
        for _ in range(self._size):
            self._start_one()
        return bool(self._new)

    def _start_one(self) -> bool:
        started = _started(self._folder, self._model)
        if started is not None:
            self._new.append(_Member(self, *started))
        return started is not None

    @property
    def size(self) -> int:
        """How many processes stand ready."""
        return len(self._members) + len(self._new)

    async def answer(self, request: SearchRequest) -> Given | None:
        """Return the answer of a process; None if there is none, or it failed: search here."""
        self._loop = loop = asyncio.get_running_loop()
        waiting: _Waiting = loop.create_future()
        self._queue.append((framed(pickle.dumps(request, pickle.HIGHEST_PROTOCOL)), waiting))
        while self._new and not self._retired:
            await self._joined(loop, self._new.pop())
        self.feed()
        try:
            return await asyncio.wait_for(waiting, LONGEST)
        except TimeoutError:
            for member in self._members:
                member.end_if_asked(waiting)
            return None

    def retire(self) -> None:
        """Let the processes end once they have answered; from any thread."""
        self._retired = True
        for member in self._new:
            member.pipe.close()
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop ended: its sockets end with it
                self._loop.call_soon_threadsafe(self.feed)

    def feed(self) -> None:
        """Hand on what waits; send away whom nothing waits for, once retired."""
        while self._queue and self._members:
            member = min(self._members, key=_Member.load)
            if member.load() >= AHEAD:
                break
            frame, waiting = self._queue.popleft()
            if not waiting.done():  # else it was answered here: it had waited too long
                member.take(frame, waiting)
        if not self._members and not self._joining:
            while self._queue:
                _settle(self._queue.popleft()[1], None)
        elif self._retired and not self._queue:
            for member in self._members:
                member.end()

    async def _joined(self, loop: asyncio.AbstractEventLoop, member: _Member) -> None:
        """Make a process known to the event loop; others may ask meanwhile."""
        self._joining += 1
        try:
            await loop.create_unix_connection(lambda: member, sock=member.pipe)
            if not member.has_ended:
                self._members.append(member)
        finally:
            self._joining -= 1
            self.feed()

    def lost(self, member: _Member) -> None:
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


def _started(folder: Path, model: str | None) -> tuple[socket.socket, BaseProcess] | None:
    """Start a process and wait until it can answer; return it with the socket to it, or None."""
    try:
        pipe, theirs = socket.socketpair()
    except OSError as error:  # no file is left to open
        log.error("no process searches %s: %s", folder.name, error)
        return None
    process: BaseProcess = context().Process(
        target=serve, args=(theirs, folder, model, settings_now()), daemon=True
    )
    try:
        with theirs:
            process.start()
        pipe.settimeout(PATIENCE)
        if pipe.recv(len(READY), socket.MSG_WAITALL) == READY:
            pipe.setblocking(False)
            return pipe, process
        log.error("the process that was to search %s ended", folder.name)
    except OSError as error:
        log.error("the process that was to search %s did not start: %s", folder.name, error)
    pipe.close()
    if process.pid is not None:
        process.kill()
    return None


class _Member(asyncio.Protocol):
    """The service's end of one process: requests go out, answers come back in their order."""

    def __init__(self, crew: Crew, pipe: socket.socket, process: BaseProcess) -> None:
        self.pipe = pipe
        self._process = process
        self.has_ended = False
        self._crew = crew
        self._waiting: deque[_Waiting] = deque()
        self._received = bytearray()
        self._transport: asyncio.Transport | None = None

    def load(self) -> int:
        """How many requests it has."""
        return len(self._waiting)

    def take(self, frame: bytes, waiting: _Waiting) -> None:
        """Send a request."""
        assert self._transport is not None
        self._waiting.append(waiting)
        self._transport.write(frame)

    def end(self) -> None:
        """Close the socket, which ends the process, unless it has a request."""
        if self._transport is not None and not self._waiting:
            self._transport.close()

    def end_if_asked(self, waiting: _Waiting) -> None:
        """Kill the process if it has this request: it does not come to an end by itself."""
        if waiting in self._waiting:
            log.error("a process has been searching for %d s, it is ended", LONGEST)
            self._process.kill()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what requests are sent by."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Take what came of answers; those that are whole are given."""
        received = self._received
        received += data
        while len(received) >= LENGTH.size:
            end = LENGTH.size + LENGTH.unpack_from(received)[0]
            if len(received) < end:
                return
            body = bytes(received[LENGTH.size : end])
            del received[:end]
            _settle(self._waiting.popleft(), pickle.loads(body) if body else None)
            self._crew.feed()

    def connection_lost(self, exc: Exception | None) -> None:
        """It ended: what it was asked is searched elsewhere."""
        self.has_ended = True
        while self._waiting:
            _settle(self._waiting.popleft(), None)
        self._crew.lost(self)


def _settle(waiting: _Waiting, given: Given | None) -> None:
    if not waiting.done():  # its caller may have gone
        waiting.set_result(given)
