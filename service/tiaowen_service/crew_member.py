"""A process that searches one version of the index for the service, one request after another.

Over its socket go frames: four bytes of length, then so many bytes. A request is a pickled
`SearchRequest`, an answer a pickled `Given`, or nothing where the search failed: the service then
searches itself, and its own failure is what the caller is told.
"""

from __future__ import annotations

import gc
import logging
import os
import pickle
import signal
import socket
import struct
from contextlib import suppress
from pathlib import Path

from tiaowen_indexer.snapshot import Snapshot, open_snapshot
from tiaowen_indexer.stores.choice import remote_store

from tiaowen_service.answers import Given
from tiaowen_service.request import SearchRequest
from tiaowen_service.searcher import Searcher, open_searcher

READY = b"ready"
LENGTH = struct.Struct("!I")

log = logging.getLogger(__name__)


def ready_searcher(snapshot: Snapshot, model: str | None) -> Searcher:
    """Open a searcher and use all of it once, so that no request pays for the first search."""
    searcher = open_searcher(snapshot, model=model, store=remote_store(snapshot))
    searcher.search(SearchRequest("教育"))
    searcher.speller.listen()
    return searcher


def framed(body: bytes) -> bytes:
    """Return a frame."""
    return LENGTH.pack(len(body)) + body


def serve(pipe: socket.socket, folder: Path, model: str | None, settings: dict[str, str]) -> None:
    """Search the snapshot in ``folder`` until the service closes its end, or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal: the service decides
    os.environ.update(settings)
    with pipe, suppress(OSError):
        searcher = ready_searcher(open_snapshot(folder), model)
        gc.collect()
        gc.freeze()  # what is loaded stays
        pipe.sendall(READY)
        with pipe.makefile("rb") as asked:
            while len(head := asked.read(LENGTH.size)) == LENGTH.size:
                request: SearchRequest = pickle.loads(asked.read(*LENGTH.unpack(head)))
                pipe.sendall(framed(_answer(searcher, request)))


def _answer(searcher: Searcher, request: SearchRequest) -> bytes:
    try:
        return pickle.dumps(Given.of(searcher.search(request)), pickle.HIGHEST_PROTOCOL)
    except Exception:  # whatever it is, the service meets it again
        log.warning("a search failed apart from the service", exc_info=True)
        return b""
