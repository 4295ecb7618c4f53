"""What was accepted, in order: one line a request, written and flushed before it is answered.

A line is ``checksum space JSON``. A last line that is cut short was never answered for and is
removed; a damaged line before the last is an error, not a silence.
"""

from __future__ import annotations

import json
import os
from array import array
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO, Literal

from tiaowen_corpus import durable
from tiaowen_corpus.errors import TiaowenError

Op = Literal["put", "delete"]
_BLOCK = 1 << 16  # bytes looked at in one go for the end of the last whole line


class JournalDamaged(TiaowenError):
    """A line of the journal does not match its checksum."""

    code = "journal_damaged"
    template = "文件库日志损坏 / the library's journal is damaged: {detail}"
    remedy = "从备份恢复 .tiaowen/journal / restore .tiaowen/journal from a backup"


@dataclass(frozen=True, slots=True)
class Change:
    """One file put or deleted. ``version`` counts a file's changes from 1; ``name`` is relative."""

    op: Op
    file_id: str
    name: str
    sha256: str
    size: int
    version: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One accepted request: its changes all happened or none did."""

    seq: int
    at: str  # ISO 8601, UTC
    by: str  # name of the key
    task: str
    key: str  # Idempotency-Key, or ""
    request: str  # digest of what came with the key
    changes: tuple[Change, ...]


class Journal:
    """An append-only file; its callers hold the library's lock."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = 0  # inode that ``_ends`` speak of
        self._ends = array("q", [0])  # byte where each line read so far ends, after line 0

    def append(self, entry: Entry) -> None:
        """Write ``entry`` durably; on failure nothing of it stays. Raises ReadOnlyFolder."""
        new = not self.path.exists()
        try:
            with self.path.open("ab") as stream:
                end = stream.tell()
                try:
                    line = _line(entry)
                    durable.step("journal.opened")
                    half = len(line) // 2
                    stream.write(line[:half])
                    stream.flush()
                    durable.step("journal.half")
                    stream.write(line[half:])
                    stream.flush()
                    os.fsync(stream.fileno())
                except OSError:
                    os.ftruncate(stream.fileno(), end)
                    raise
            durable.step("journal.written")
            if new:
                durable.sync_folder(self.path.parent)
        except OSError as error:
            raise durable.ReadOnlyFolder(f"{self.path.name}: {error.strerror}") from error

    def mend(self) -> None:
        """Cut off a last line that was never finished."""
        if not self.path.exists():
            return
        with self.path.open("rb+") as stream:
            end = stream.seek(0, os.SEEK_END)
            whole = _last_whole(stream, end)
            if whole < end:
                stream.truncate(whole)
                os.fsync(stream.fileno())

    def read(self, *, after: int = 0) -> Iterator[Entry]:
        """Yield the entries whose ``seq`` is above ``after``. Raises JournalDamaged.

        Where a line begins is remembered: what was read before is not read again.
        """
        if not self.path.exists():
            return
        with self.path.open("rb") as stream:
            self._know(os.fstat(stream.fileno()))
            known = min(after, len(self._ends) - 1)
            end = stream.seek(self._ends[known])
            for number, line in enumerate(stream, start=known + 1):
                if not line.endswith(b"\n"):
                    return  # being written now
                end += len(line)
                if number == len(self._ends):
                    self._ends.append(end)
                if number > after:
                    yield _entry(line, number)

    def _know(self, now: os.stat_result) -> None:
        """Forget where the lines end if this is another file, put back from a backup."""
        if now.st_ino != self._file or now.st_size < self._ends[-1]:
            self._file, self._ends = now.st_ino, array("q", [0])


def _last_whole(stream: BinaryIO, end: int) -> int:
    """Return where the last whole line ends, looking from ``end`` backwards."""
    while end > 0:
        start = max(0, end - _BLOCK)
        stream.seek(start)
        found = stream.read(end - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0


def _line(entry: Entry) -> bytes:
    text = json.dumps(asdict(entry), ensure_ascii=False, separators=(",", ":")).encode()
    return _checksum(text) + b" " + text + b"\n"


def _entry(line: bytes, number: int) -> Entry:
    digest, _, text = line.rstrip(b"\n").partition(b" ")
    if digest != _checksum(text):
        raise JournalDamaged(f"{number}")
    values = json.loads(text)
    values["changes"] = tuple(Change(**change) for change in values["changes"])
    return Entry(**values)


def _checksum(text: bytes) -> bytes:
    return blake2b(text, digest_size=8).hexdigest().encode()
