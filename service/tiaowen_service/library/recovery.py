"""What is done before a service starts: finish accepted requests, clear half-written files away,
and go back to the last whole index if the live one is damaged.
"""

from __future__ import annotations

import logging
from pathlib import Path

from tiaowen_corpus.durable import Busy, ReadOnlyFolder
from tiaowen_corpus.errors import TiaowenError
from tiaowen_indexer.manifest import Manifest
from tiaowen_indexer.snapshot import current_version, versions

from tiaowen_service.library.indexes import Indexes
from tiaowen_service.library.shelf import Shelf

log = logging.getLogger(__name__)


def recover(corpus: Path, index: Path) -> int:
    """Return how many accepted requests a crash had left unfinished.

    Raises JournalDamaged. A folder that cannot be written, or that another process writes, is
    left as it is: searches need nothing of it.
    """
    finished = 0
    try:
        finished = Shelf(corpus).recover()
        if index.is_dir():
            with Indexes(index).writing():
                Indexes(index).sweep()
                fall_back(index)
    except (Busy, ReadOnlyFolder) as error:
        log.warning("%s", error)
    return finished


def fall_back(index: Path) -> str | None:
    """Publish the newest whole version if the live one is damaged; return it, or None.

    The caller holds the folder's lock.
    """
    live = current_version(index)
    if live is None or _whole(index / live):
        return None
    indexes = Indexes(index)
    activated = [row["version"] for row in reversed(indexes.activations())]
    others = sorted(versions(index), key=lambda name: (index / name).stat().st_mtime)[::-1]
    for version in dict.fromkeys([*activated, *others]):
        if version != live and version in others and _whole(index / version):
            log.error("index %s is damaged; version %s serves instead", live, version)
            indexes.activate(version)
            return version
    return None


def _whole(folder: Path) -> bool:
    try:
        Manifest.load(folder).verify(folder)
    except TiaowenError:
        return False
    return True
