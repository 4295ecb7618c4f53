"""A process that searches versions of the index for the service, one request after another.

Over its socket go frames: four bytes of length, then so many bytes. What is asked of it is pickled:
`Open`, `Forget`, `Search`. It answers the first with the version, the last with a pickled `Given`,
or with nothing where the search failed: the service then searches itself, and its own failure is
what the caller is told. An index that it cannot open ends it.
"""

from __future__ import annotations

import gc
import logging
import os
import pickle
import signal
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tiaowen_indexer.snapshot import Snapshot, open_snapshot
from tiaowen_indexer.stores.choice import remote_store

from tiaowen_service.answers import Given
from tiaowen_service.request import SearchRequest
from tiaowen_service.searcher import Searcher, open_searcher

LENGTH = struct.Struct("!I")
SELDOM = 50_000  # things made, beyond those gone, before garbage is looked for: answers leave none

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Open:
    """Open the snapshot in ``folder`` beside what is open."""

    folder: Path


@dataclass(frozen=True, slots=True)
class Forget:
    """Close a version."""

    version: str


@dataclass(frozen=True, slots=True)
class Search:
    """Search a version; one that is not open here has no answer."""

    version: str
    request: SearchRequest


def ready_searcher(snapshot: Snapshot, model: str | None) -> Searcher:
    """Open a searcher and use all of it once, so that no request pays for the first search."""
    searcher = open_searcher(snapshot, model=model, store=remote_store(snapshot))
    searcher.search(SearchRequest("教育"))
    searcher.speller.listen()
    return searcher


@contextmanager
def no_collection() -> Iterator[None]:
    """Look for no garbage meanwhile: an index is loaded by making many things that all stay, and
    each look through them would hold up the searches of every thread.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def framed(body: bytes) -> bytes:
    """Return a frame."""
    return LENGTH.pack(len(body)) + body


def asking(wanted: Open | Forget | Search) -> bytes:
    """Return the frame that asks for it."""
    return framed(pickle.dumps(wanted, pickle.HIGHEST_PROTOCOL))


def serve(pipe: socket.socket, model: str | None, settings: dict[str, str]) -> None:
    """Do what is asked until the service closes its end, or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal: the service decides
    os.environ.update(settings)
    gc.set_threshold(SELDOM)
    searchers: dict[str, Searcher] = {}
    with pipe, suppress(OSError), pipe.makefile("rb") as asked:
        while len(head := asked.read(LENGTH.size)) == LENGTH.size:
            match pickle.loads(asked.read(*LENGTH.unpack(head))):
                case Search(version, request):
                    pipe.sendall(framed(_answer(searchers.get(version), request)))
                case Open(folder):
                    searchers[folder.name] = _opened(folder, model)
                    pipe.sendall(framed(pickle.dumps(folder.name)))
                case Forget(version):
                    searchers.pop(version, None)


def _opened(folder: Path, model: str | None) -> Searcher:
    with no_collection():
        searcher = ready_searcher(open_snapshot(folder), model)
        gc.collect(0)  # what was made in passing
        gc.freeze()  # what is left stays until it is forgotten, and holds nothing that holds it
    return searcher


def _answer(searcher: Searcher | None, request: SearchRequest) -> bytes:
    if searcher is None:
        return b""
    try:
        return pickle.dumps(Given.of(searcher.search(request)), pickle.HIGHEST_PROTOCOL)
    except Exception:  # whatever it is, the service meets it again
        log.warning("a search failed apart from the service", exc_info=True)
        return b""
