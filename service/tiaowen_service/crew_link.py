"""The service's end of a process that searches: what it is asked, and what came of that."""

from __future__ import annotations

import asyncio
import logging
import pickle
import socket
from collections import deque
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, cast

from tiaowen_service.crew_member import LENGTH, Forget, Open, Search, asking, serve
from tiaowen_service.forked import context, settings_now

PATIENCE = 120.0  # seconds for a process to open an index
AHEAD = 2  # requests that a process has at a time: it goes on while its answer is on the way

log = logging.getLogger(__name__)

Waiting = asyncio.Future[Any]  # what a process says; None: nothing


def started(
    folder: Path,
    model: str | None,
    *,
    changed: Callable[[], None],
    ended: Callable[[Link], None],
) -> Link | None:
    """Start a process and wait until it can search the snapshot in ``folder``; None if it cannot.

    ``changed`` is called when it has said something, ``ended`` when it is gone.
    """
    try:
        pipe, theirs = socket.socketpair()
    except OSError as error:  # no file is left to open
        log.error("no process searches %s: %s", folder.name, error)
        return None
    process: BaseProcess = context().Process(
        target=serve, args=(theirs, model, settings_now()), daemon=True
    )
    try:
        with theirs:
            process.start()
        pipe.settimeout(PATIENCE)
        pipe.sendall(asking(Open(folder)))
        if _read(pipe) == folder.name:
            pipe.setblocking(False)
            return Link(pipe, process, folder.name, changed=changed, ended=ended)
        log.error("the process that was to search %s ended", folder.name)
    except OSError as error:
        log.error("the process that was to search %s did not start: %s", folder.name, error)
    pipe.close()
    if process.pid is not None:
        process.kill()
    return None


def _read(pipe: socket.socket) -> object:
    """Return what a process says, None if it ended."""
    head = pipe.recv(LENGTH.size, socket.MSG_WAITALL)
    if len(head) < LENGTH.size:
        return None
    [size] = LENGTH.unpack(head)
    said: object = pickle.loads(pipe.recv(size, socket.MSG_WAITALL))
    return said


class Link(asyncio.Protocol):
    """The service's end of one process: requests go out, answers come back in their order."""

    def __init__(
        self,
        pipe: socket.socket,
        process: BaseProcess,
        version: str,
        *,
        changed: Callable[[], None],
        ended: Callable[[Link], None],
    ) -> None:
        self.pipe = pipe
        self.versions = frozenset({version})  # that it has open
        self.is_opening = False
        self.has_ended = False
        self._process = process
        self._changed, self._ended = changed, ended
        self._waiting: deque[Waiting] = deque()
        self._received = bytearray()
        self._transport: asyncio.Transport | None = None

    def load(self) -> int:
        """How many requests it has; while it opens an index, as many as it takes."""
        return AHEAD if self.is_opening else len(self._waiting)

    def take(self, search: Search, waiting: Waiting) -> None:
        """Send a request."""
        self._waiting.append(waiting)
        self._send(search)

    def open(self, folder: Path) -> None:
        """Let it open a snapshot; it says when it has."""
        self.is_opening = True
        waiting: Waiting = asyncio.get_running_loop().create_future()
        waiting.add_done_callback(self._opened)
        self._waiting.append(waiting)
        self._send(Open(folder))

    def forget(self, versions: frozenset[str]) -> None:
        """Let it close versions."""
        self.versions -= versions
        for version in versions:
            self._send(Forget(version))

    def end(self) -> None:
        """Close the socket, which ends the process, unless it has a request."""
        if self._transport is not None and not self._waiting:
            self._transport.close()

    def kill(self, why: str) -> None:
        """End a process that does not come to an end by itself."""
        log.error("a process that searches is ended: it %s", why)
        self._process.kill()

    def has(self, waiting: Waiting) -> bool:
        """Say whether it was asked this and has not answered."""
        return waiting in self._waiting

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
            settle(self._waiting.popleft(), pickle.loads(body) if body else None)
            self._changed()

    def connection_lost(self, exc: Exception | None) -> None:
        """It ended: what it was asked is searched elsewhere."""
        self.has_ended = True
        while self._waiting:
            settle(self._waiting.popleft(), None)
        self._ended(self)

    def _send(self, wanted: Open | Forget | Search) -> None:
        assert self._transport is not None
        self._transport.write(asking(wanted))

    def _opened(self, waiting: Waiting) -> None:
        version: str | None = waiting.result()
        if version is not None:
            self.versions |= {version}
        self.is_opening = False
        self._changed()


def settle(waiting: Waiting, given: object) -> None:
    """Give what was waited for."""
    if not waiting.done():  # its caller may have gone
        waiting.set_result(given)
