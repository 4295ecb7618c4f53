"""Digests of files without reading them again: known by size, times and inode.

Kept beside the snapshots, never part of one. A file that changed within SETTLED seconds before it
was read is read again next time: its time may not tell a later change (git calls these racy).
"""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from pathlib import Path

from tiaowen_corpus import durable

from tiaowen_indexer.reuse import digest

FILE = ".stamps"
SETTLED = 2.0  # seconds
WORTH = 0.01  # share of new digests from which on they are written down

Stamp = tuple[int, int, int, int]


class Stamps:
    """The digests of a library's files, from ``index/.stamps`` where they still hold."""

    def __init__(self, index: Path) -> None:
        self._path = index / FILE
        self._known: dict[str, tuple[Stamp, str]] = {}
        self._new: dict[str, tuple[Stamp, str]] = {}
        self._learnt = 0
        with suppress(OSError, ValueError, TypeError):
            rows = json.loads(self._path.read_text("utf-8"))
            self._known = {name: (tuple(stamp), state) for name, stamp, state in rows}

    def digest(self, path: str) -> str:
        """Return the hash of a file's bytes as `reuse.digest` does."""
        try:
            found = os.stat(path)  # noqa: PTH116 - called for every file of the library
        except OSError:
            return ""
        stamp = (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
        known = self._known.get(path)
        if known is not None and known[0] == stamp:
            self._new[path] = known
            return known[1]
        state = digest(path)
        if time.time() - max(found.st_mtime, found.st_ctime) > SETTLED:
            self._new[path] = (stamp, state)
            self._learnt += 1
        return state

    def save(self) -> None:
        """Keep what was learnt, once it is worth more than the writing; a folder that cannot be
        written costs time, nothing else.
        """
        if self._learnt <= WORTH * len(self._known):
            return
        rows = [(name, stamp, state) for name, (stamp, state) in self._new.items()]
        with suppress(durable.ReadOnlyFolder):
            durable.write(self._path, json.dumps(rows).encode("utf-8", "replace"), name="stamps")
