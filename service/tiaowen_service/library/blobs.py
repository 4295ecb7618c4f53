"""Bytes of every version of every file, each once, under the name of its SHA-256."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tiaowen_corpus import durable
from tiaowen_corpus.errors import TiaowenError


class VersionLost(TiaowenError):
    """The bytes of a version are gone or changed."""

    code = "version_lost"
    template = "该版本的内容已丢失或损坏 / the bytes of this version are lost or changed: {detail}"
    remedy = "从备份恢复 .tiaowen/blobs / restore .tiaowen/blobs from a backup"


@dataclass(frozen=True, slots=True)
class Blobs:
    """A content-addressed store in ``folder``."""

    folder: Path

    def put(self, data: bytes) -> str:
        """Keep ``data`` durably and return its SHA-256, hex."""
        digest = sha256(data).hexdigest()
        path = self.path(digest)
        if not self._whole(path, len(data)):
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                durable.sync_folder(self.folder)
            except OSError as error:
                raise durable.ReadOnlyFolder(str(error)) from error
            durable.write(path, data, name="blob")
        return digest

    def get(self, digest: str) -> bytes:
        """Return the bytes of ``digest``. Raises VersionLost if they are not what they were."""
        try:
            data = self.path(digest).read_bytes()
        except OSError as error:
            raise VersionLost(digest[:16]) from error
        if sha256(data).hexdigest() != digest:
            raise VersionLost(digest[:16])
        return data

    def path(self, digest: str) -> Path:
        """Return where the bytes of ``digest`` lie."""
        return self.folder / digest[:2] / digest

    def sweep(self) -> None:
        """Remove unfinished writes."""
        if self.folder.is_dir():
            for folder in self.folder.iterdir():
                durable.sweep(folder)

    @staticmethod
    def _whole(path: Path, size: int) -> bool:
        """A blob has its name only once it is whole; the size guards against a lost block."""
        return path.is_file() and path.stat().st_size == size
