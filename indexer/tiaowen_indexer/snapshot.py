"""A snapshot folder and the one pointer that says which of them is live.

``<index>/<version>/`` is never changed once it has its name; ``<index>/CURRENT`` holds a version
and is replaced by one atomic rename. A crash leaves either the old pointer or the new one.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tiaowen_corpus import durable
from tiaowen_corpus.errors import TiaowenError

from tiaowen_indexer.files import mapped
from tiaowen_indexer.lexical import LexicalIndex
from tiaowen_indexer.manifest import FILE, IndexDamaged, Manifest
from tiaowen_indexer.packs import open_store, pack_count
from tiaowen_indexer.readings import StoredReadings, readings_path
from tiaowen_indexer.store import Store
from tiaowen_indexer.vectors import VectorIndex

POINTER = "CURRENT"
STORE = "clauses.sqlite"
FITTED = "embedder"  # folder of an embedder that was fitted on this corpus
UNFINISHED = ".building-"  # then the process id of the builder


class NoIndex(TiaowenError):
    """Nothing has been indexed here yet."""

    code = "no_index"
    template = "还没有索引 / there is no index: {detail}"
    remedy = "运行 tiaowen index --corpus 目录 / run 'tiaowen index --corpus DIR'"


@dataclass(frozen=True, slots=True)
class Columns:
    """What is asked of every clause at once.

    ``document`` int32: row of its document. ``order`` int32: place in the order of clause ids,
    which settles ties. ``modality`` uint8: bits in the order of `modality.MODALITIES`.
    ``group`` int32: lowest row among its near-duplicates, its own row if it has none.
    ``minima`` uint32 ``[n, HASHES]``: what near-duplicates are found by.
    """

    document: NDArray[np.int32]
    order: NDArray[np.int32]
    modality: NDArray[np.uint8]
    group: NDArray[np.int32]
    minima: NDArray[np.uint32]

    def save(self, folder: Path) -> None:
        """Write plain arrays, one a file."""
        (folder / "columns").mkdir()
        for name in self.__slots__:
            np.save(folder / "columns" / f"{name}.npy", getattr(self, name))

    @classmethod
    def load(cls, folder: Path) -> Columns:
        """Map what `save` wrote."""
        return cls(*(mapped(folder / "columns" / f"{name}.npy") for name in cls.__slots__))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One open snapshot; everything in it is read-only."""

    folder: Path
    manifest: Manifest
    store: Store
    lexical: LexicalIndex
    vectors: VectorIndex
    columns: Columns
    readings: StoredReadings | None  # None where no model of words read the clauses


def open_snapshot(folder: Path) -> Snapshot:
    """Open a snapshot folder. Raises IndexDamaged or IndexMismatch."""
    manifest = Manifest.load(folder)
    try:
        store = open_store(folder, STORE)
        snapshot = Snapshot(
            folder,
            manifest,
            store,
            LexicalIndex.load(folder / "lexical", count=manifest.clauses),
            VectorIndex.load(folder / "vectors"),
            Columns.load(folder),
            _readings(folder, store) if manifest.words else None,
        )
    except TiaowenError:
        raise
    except Exception as error:  # over damaged bytes the libraries raise anything
        raise IndexDamaged(f"{folder.name}: {error}") from error
    lengths = {len(snapshot.columns.document), len(snapshot.vectors.stored), manifest.clauses}
    if len(lengths) != 1 or not (folder / STORE).is_file():
        raise IndexDamaged(folder.name)
    return snapshot


def _readings(folder: Path, store: Store) -> StoredReadings:
    paths = (readings_path(folder, pack) for pack in range(pack_count(store)))
    return StoredReadings(paths, store.places)


def current_version(index: Path) -> str | None:
    """Return the live version, or None before the first publication."""
    try:
        return (index / POINTER).read_text(encoding="ascii").strip() or None
    except FileNotFoundError:
        return None


def open_current(index: Path) -> Snapshot:
    """Open the live snapshot. Raises NoIndex, IndexDamaged or IndexMismatch."""
    version = current_version(index)
    if version is None:
        raise NoIndex(str(index))
    return open_snapshot(index / version)


def versions(index: Path) -> list[str]:
    """Return the versions that are complete, by name."""
    if not index.is_dir():
        return []
    return sorted(
        folder.name
        for folder in index.iterdir()
        if not folder.name.startswith(".") and (folder / FILE).is_file()
    )


def building_folder(index: Path) -> Path:
    """Return a new folder to build in; it takes its version's name when it is whole.

    What builds that died have left behind is removed.
    """
    index.mkdir(parents=True, exist_ok=True)
    for left in index.glob(f"{UNFINISHED}*"):
        if not _is_running(left.name.removeprefix(UNFINISHED).partition("-")[0]):
            shutil.rmtree(left, ignore_errors=True)
    durable.step("build.begun")
    return Path(tempfile.mkdtemp(prefix=f"{UNFINISHED}{os.getpid()}-", dir=index))


def seal(folder: Path, index: Path, manifest: Manifest) -> Path:
    """Give a finished folder its name, keeping what is already there, and whole, under it."""
    target = index / manifest.version
    _sync(folder)
    folder.chmod(0o755)
    durable.step("seal.synced")
    if _is_whole(target, manifest):
        shutil.rmtree(folder)
        return target
    if target.exists():  # damaged: nothing is lost by its going
        target.rename(folder.with_name(f"{UNFINISHED}0-{manifest.version}"))
        folder.rename(target)
    else:
        folder.rename(target)
        durable.step("seal.renamed")
        durable.sync_folder(index)
    return target


def _is_whole(folder: Path, manifest: Manifest) -> bool:
    try:
        manifest.verify(folder)
    except IndexDamaged:
        return False
    return (folder / FILE).is_file()


def publish(index: Path, version: str) -> None:
    """Make ``version`` the live one by one rename. Raises NoIndex if it is not there."""
    if not (index / version / FILE).is_file():
        raise NoIndex(f"{index / version}")
    if os.environ.get("TIAOWEN_STORE"):
        from tiaowen_indexer.stores.choice import load_and_publish

        load_and_publish(index, version)  # before the pointer: who follows it finds it loaded
    durable.write(index / POINTER, version.encode() + b"\n", name="publish")


def _is_running(pid: str) -> bool:
    """Say whether a process of this machine may still write its folder."""
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def _sync(folder: Path) -> None:
    """Flush the files of a folder, so that a sealed version survives a power cut."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
