"""The library's folder with its history: what is accepted is durable before it is answered.

An accepted request is (1) its bytes in the content-addressed store, (2) one line of the journal —
from here on it counts —, (3) the files of the plain folder, each replaced by one rename, (4) the
number of the line in ``applied``. After a crash `recover` repeats (3) and (4) from the journal.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from tiaowen_corpus import durable
from tiaowen_corpus.errors import TiaowenError
from tiaowen_corpus.library import Library

from tiaowen_service.library.blobs import Blobs
from tiaowen_service.library.journal import Change, Entry, Journal
from tiaowen_service.library.names import checked, id_of

HIDDEN = ".tiaowen"  # in the library's folder; names that begin with a dot are no documents
PATIENCE = 10.0  # seconds that a writer waits for another one
BY_HAND = "folder"  # who changed a file that no request changed


class DocumentMissing(TiaowenError):
    """No such file in the library."""

    code = "document_not_found"
    template = "文件库中没有 / not in the library: {detail}"
    remedy = "文件列表见 /v1/documents / see /v1/documents for what there is"


class DocumentExists(TiaowenError):
    """A file of this id is there already."""

    code = "document_exists"
    template = "已有同名文件 / a document of this name exists: {detail}"
    remedy = "改名,或用 PUT 替换 / rename it, or replace it with PUT"


class Stale(TiaowenError):
    """The file has changed since the caller read it."""

    code = "precondition_failed"
    template = "文件已被他人修改 / the document has changed since: {detail}"
    remedy = "重新读取后再改 / read it again, then change it"


class KeyReused(TiaowenError):
    """The same Idempotency-Key came with another request."""

    code = "idempotency_key_reused"
    template = "同一 Idempotency-Key 用于不同请求 / this key came with another request: {detail}"
    remedy = "为新请求换一个键 / use a new key for a new request"


@dataclass(frozen=True, slots=True)
class Put:
    """A file to take in. ``file_id`` names the one it replaces; "" adds a new one."""

    name: str
    data: bytes
    file_id: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, under which task and Idempotency-Key."""

    by: str
    task: str
    key: str = ""
    request: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A version of a file as the journal knows it."""

    entry: Entry
    change: Change


class Shelf:
    """Reads and writes the library in ``folder``; safe between threads and processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        state = folder / HIDDEN
        self.blobs = Blobs(state / "blobs")
        self._journal = Journal(state / "journal")
        self._applied = state / "applied"
        self._lock = state / "lock"
        self._thread = threading.Lock()
        self._seq = 0
        self._versions: dict[str, list[Held]] = defaultdict(list)
        self._keys: dict[tuple[str, str], Entry] = {}
        self._tasks: dict[str, Entry] = {}

    def recover(self) -> int:
        """Finish what a crash interrupted and return how many requests that were.

        A folder that no request ever changed stays as it is. Raises ReadOnlyFolder, JournalDamaged.
        """
        if not (self.folder / HIDDEN).is_dir():
            return 0
        with self._thread, durable.locked(self._lock, wait=PATIENCE):
            self._journal.mend()
            self.blobs.sweep()
            durable.sweep(self.folder / HIDDEN)
            for folder in {path.parent for path in self.names().values()} | {self.folder}:
                durable.sweep(folder)
            self._read()
            return self._apply()

    def accept(
        self,
        puts: Sequence[Put] = (),
        deletes: Sequence[str] = (),
        *,
        asked: Asked,
        expected: Mapping[str, str] | None = None,
    ) -> Entry:
        """Take in files and delete others, all or none, durably. ``expected``: file_id → tag.

        The same key with the same request gives the former entry. Raises DocumentExists,
        DocumentMissing, Stale, KeyReused, BadName, ReadOnlyFolder, Busy.
        """
        self._prepare()
        with self._thread, durable.locked(self._lock, wait=PATIENCE):
            self._journal.mend()
            self._read()
            former = self.former(asked)
            if former is not None:
                return former
            files = self._places()
            for file_id, tag in (expected or {}).items():
                self._expect(file_id, tag, files)
            changes = [change for put in puts for change in self._put(put, files)]
            changes += [change for file_id in deletes for change in self._delete(file_id, files)]
            changes = _numbered(changes, {key: len(held) for key, held in self._versions.items()})
            now = datetime.now(UTC).isoformat(timespec="milliseconds")
            entry = Entry(
                *(self._seq + 1, now, asked.by, asked.task, asked.key, asked.request),
                tuple(changes),
            )
            durable.step("accept.stored")
            self._journal.append(entry)
            durable.step("accept.accepted")
            self._note(entry)
            with suppress(durable.ReadOnlyFolder):  # accepted all the same: `settle` repeats it
                self._apply()
            return entry

    def settle(self) -> None:
        """Bring the folder to what was accepted. Raises ReadOnlyFolder if it still cannot be."""
        if (self.folder / HIDDEN).is_dir():
            with self._thread, durable.locked(self._lock, wait=PATIENCE):
                self._read()
                self._apply()

    def tag(self, file_id: str) -> str:
        """Return the revision tag of a file: SHA-256, shortened. Raises DocumentMissing."""
        path = self._place(file_id)
        if path is None:
            raise DocumentMissing(file_id)
        return sha256(path.read_bytes()).hexdigest()[:16]

    def versions(self, file_id: str) -> list[Held]:
        """Return the journal's versions of a file, oldest first. Raises DocumentMissing."""
        self.look()
        held = self._versions.get(file_id)
        if not held and not self.is_there(file_id):
            raise DocumentMissing(file_id)
        return list(held or [])

    def bytes_of(self, file_id: str, version: int) -> tuple[str, bytes]:
        """Return name and bytes of a version. Raises DocumentMissing, VersionLost."""
        for held in self.versions(file_id):
            if held.change.version == version and held.change.op == "put":
                return held.change.name, self.blobs.get(held.change.sha256)
        raise DocumentMissing(f"{file_id} v{version}")

    def look(self) -> None:
        """Take note of what other processes wrote."""
        with self._thread:
            self._read()

    def former(self, asked: Asked) -> Entry | None:
        """Return the entry of an earlier request with the same key. Raises KeyReused."""
        former = self._keys.get((asked.by, asked.key)) if asked.key else None
        if former is not None and former.request != asked.request:
            raise KeyReused(asked.key[:40])
        return former

    def entry_of(self, task: str) -> Entry | None:
        """Return the request that a task came from."""
        return self._tasks.get(task)

    def is_there(self, file_id: str) -> bool:
        """Say whether the folder holds the file."""
        return self._place(file_id) is not None

    def names(self) -> dict[str, Path]:
        """Return the files of the folder by file_id."""
        return {file_id: Path(place) for file_id, place in self._places().items()}

    def _places(self) -> dict[str, str]:
        return dict(Library(self.folder).names())

    def _place(self, file_id: str) -> Path | None:
        """Return where a file lies; the folder is searched only if the journal does not know."""
        held = self._versions.get(file_id)
        if held and held[-1].change.op == "put" and (self.folder / held[-1].change.name).is_file():
            return self.folder / held[-1].change.name
        place = self._places().get(file_id)
        return Path(place) if place else None

    def _prepare(self) -> None:
        try:
            (self.folder / HIDDEN / "blobs").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise durable.ReadOnlyFolder(f"{self.folder.name}: {error.strerror}") from error

    def _read(self) -> None:
        for entry in self._journal.read(after=self._seq):
            self._note(entry)

    def _note(self, entry: Entry) -> None:
        self._seq = entry.seq
        self._tasks[entry.task] = entry
        if entry.key:
            self._keys[entry.by, entry.key] = entry
        for change in entry.changes:
            self._versions[change.file_id].append(Held(entry, change))

    def _expect(self, file_id: str, tag: str, files: Mapping[str, str]) -> None:
        place = files.get(file_id)
        if not place or (tag != "*" and sha256(Path(place).read_bytes()).hexdigest()[:16] != tag):
            raise Stale(file_id)

    def _put(self, put: Put, files: Mapping[str, str]) -> list[Change]:
        name = checked(put.name)
        file_id = put.file_id or id_of(name)
        there = Path(files[file_id]) if file_id in files else None
        if there is not None and not put.file_id:
            raise DocumentExists(file_id)
        if there is not None:
            name = (there.relative_to(self.folder).parent / name).as_posix()
        elif id_of(name) != file_id:
            name = f"{file_id}{Path(name).suffix}"
        elif (self.folder / name).exists():
            raise DocumentExists(name)
        digest = self.blobs.put(put.data)
        changes = self._by_hand(file_id, there)
        return [*changes, Change("put", file_id, name, digest, len(put.data), 0)]

    def _delete(self, file_id: str, files: Mapping[str, str]) -> list[Change]:
        if file_id not in files:
            raise DocumentMissing(file_id)
        there = Path(files[file_id])
        name = there.relative_to(self.folder).as_posix()
        return [*self._by_hand(file_id, there), Change("delete", file_id, name, "", 0, 0)]

    def _by_hand(self, file_id: str, there: Path | None) -> list[Change]:
        """Keep what stands in the folder as a version if no request brought it there."""
        if there is None:
            return []
        data = there.read_bytes()
        held = self._versions.get(file_id)
        if held and held[-1].change.sha256 == sha256(data).hexdigest():
            return []
        name = there.relative_to(self.folder).as_posix()
        return [Change("put", file_id, name, self.blobs.put(data), len(data), 0)]

    def _apply(self) -> int:
        """Make the folder what the journal says; the caller holds the lock."""
        applied = self._applied_seq()
        pending = list(self._journal.read(after=applied))
        for entry in pending:
            for change in {change.file_id: change for change in entry.changes}.values():
                self._carry_out(change)
            durable.step("apply.done")
            durable.write(self._applied, b"%d\n" % entry.seq, name="applied")
        return len(pending)

    def _carry_out(self, change: Change) -> None:
        path = self.folder / change.name
        if change.op == "put":
            durable.write(path, self.blobs.get(change.sha256), name="shelf")
            former = [item.change.name for item in self._versions[change.file_id]]
            doomed = {self.folder / name for name in former} - {path}
        else:
            doomed = {path}
        for other in doomed:
            try:
                other.unlink(missing_ok=True)
                durable.step("apply.removed")
                durable.sync_folder(other.parent)
            except OSError as error:
                raise durable.ReadOnlyFolder(f"{other.name}: {error.strerror}") from error

    def _applied_seq(self) -> int:
        try:
            return int(self._applied.read_bytes())
        except (FileNotFoundError, ValueError):
            return 0


def _numbered(changes: Sequence[Change], counts: Mapping[str, int]) -> list[Change]:
    numbers = dict(counts)
    found = []
    for change in changes:
        numbers[change.file_id] = numbers.get(change.file_id, 0) + 1
        found.append(replace(change, version=numbers[change.file_id]))
    return found
