"""Writing so that a crash at any moment leaves the old state or the new one, never a part.

Every write that counts passes named steps; ``TIAOWEN_DIE_AT=step`` or ``step:n`` (the n-th time)
kills the process there as a power cut would. The tests walk through all of them.
"""

from __future__ import annotations

import fcntl
import os
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tiaowen_corpus.errors import TiaowenError

DIE_AT = "TIAOWEN_DIE_AT"
_seen: dict[str, int] = {}


class ReadOnlyFolder(TiaowenError):
    """The folder cannot be written to, or its disk is full."""

    code = "cannot_write"
    template = "无法写入 / cannot write: {detail}"
    remedy = (
        "检查磁盘空间与文件夹权限后重试;原有内容未受影响 / "
        "check free space and permissions, then retry; what was there is untouched"
    )


class Busy(TiaowenError):
    """Another process holds the lock."""

    code = "busy"
    template = "另一进程正在写入 / another process is writing: {detail}"
    remedy = "等它结束后重试 / wait until it is done and retry"


def step(name: str) -> None:
    """Mark a point at which a crash must lose nothing."""
    wanted = os.environ.get(DIE_AT)
    if wanted is None:
        return
    at, _, count = wanted.partition(":")
    if at == name:
        _seen[name] = _seen.get(name, 0) + 1
        if _seen[name] >= int(count or 1):
            os.kill(os.getpid(), signal.SIGKILL)


def write(path: Path, data: bytes, *, name: str = "write", mode: int = 0o644) -> None:
    """Replace ``path`` by ``data`` in one rename, flushed to disk. Raises ReadOnlyFolder."""
    try:
        handle, temporary = tempfile.mkstemp(prefix=".writing-", dir=path.parent)
    except OSError as error:
        raise ReadOnlyFolder(f"{path.name}: {error.strerror}") from error
    try:
        with os.fdopen(handle, "wb") as stream:
            step(f"{name}.opened")
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(mode)
        step(f"{name}.written")
        Path(temporary).replace(path)
        step(f"{name}.renamed")
        sync_folder(path.parent)
    except BaseException as error:  # a process that is told to end leaves nothing behind
        Path(temporary).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise ReadOnlyFolder(f"{path.name}: {error.strerror}") from error
        raise


def sync_folder(folder: Path) -> None:
    """Flush the names in ``folder``: a rename is not durable before."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(folder: Path) -> None:
    """Remove what writers that died left in ``folder``; call it with the folder's lock held."""
    for left in folder.glob(".writing-*"):
        left.unlink(missing_ok=True)


@contextmanager
def locked(path: Path, *, wait: float = 0.0) -> Iterator[None]:
    """Hold the lock of the file ``path``; the system frees it when a process dies.

    Waits up to ``wait`` seconds. Raises Busy, or ReadOnlyFolder if the file cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise ReadOnlyFolder(f"{path.name}: {error.strerror}") from error
    try:
        until = time.monotonic() + wait
        while not _taken(handle):
            if time.monotonic() >= until:
                raise Busy(str(path.parent))
            time.sleep(0.02)
        yield
    finally:
        os.close(handle)


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
