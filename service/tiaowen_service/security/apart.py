"""Files of strangers are read in a process of their own, with limits on memory and seconds.

The process is forked from a server that has the readers loaded already, reads one file and ends:
whatever the file makes a parser do, the service and the next file are not touched by it.
"""

from __future__ import annotations

import resource
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from tiaowen_corpus import errors
from tiaowen_corpus.errors import BrokenFile, ReadingError, TooLarge

from tiaowen_service.forked import context, stand_back

_AT_ONCE = 2  # files being read
_NICE = 5  # added to the niceness of the service: who uploads waits a little, who searches does not
_START = 30.0  # seconds a process may take until it reads: the first one starts the server


class TooCostly(ReadingError):
    """Reading the file takes more time or memory than any honest file."""

    code = "too_costly"
    template = "读取该文件超出时间或内存限制 / reading it exceeds the limits: {detail}"
    remedy = (
        "请另存为 txt 或拆分后重试 / save it as plain text, or split it, and retry; "
        "limits: TIAOWEN_PARSE_SECONDS, TIAOWEN_PARSE_MEMORY"
    )


@dataclass(frozen=True, slots=True)
class Limits:
    """``memory``: bytes beyond what the loaded readers take; ``characters`` of text of a file."""

    seconds: float = 20.0
    memory: int = 768 << 20
    characters: int = 5_000_000


@dataclass(frozen=True, slots=True)
class Examined:
    """What a file gave: characters of text, documents and clauses."""

    characters: int
    documents: int
    clauses: int


class ReaderApart:
    """Reads files as `read` of the corpus room does, out of harm's way."""

    def __init__(self, limits: Limits = Limits()) -> None:
        self.limits = limits
        self._slots = threading.BoundedSemaphore(_AT_ONCE)

    def __call__(self, data: bytes, name: str) -> Examined:
        """Return what the file holds. Raises ReadingError, TooCostly among them."""
        with self._slots:
            return self._examined(data, name)

    def warm(self) -> None:
        """Load the readers now, so that the first upload does not wait for them."""
        with suppress(ReadingError):
            self("准备 / ready\n".encode(), "ready.txt")

    def _examined(self, data: bytes, name: str) -> Examined:
        ours, theirs = context().Pipe()
        process = context().Process(target=_work, args=(theirs, name, self.limits), daemon=True)
        process.start()
        theirs.close()
        try:
            answer = self._answer(ours, data, name)
        finally:
            process.kill()
            process.join()
            process.close()
            ours.close()
        if isinstance(answer, Examined):
            return answer
        raise _error(answer, name)

    def _answer(self, pipe: Connection, data: bytes, name: str) -> Any:
        try:
            if not pipe.poll(_START):
                raise TooCostly(name)
            pipe.recv_bytes()
            pipe.send_bytes(data)
            if not pipe.poll(self.limits.seconds):
                raise TooCostly(f"{name} (> {self.limits.seconds:g} s)")
            return _decoded(pipe.recv_bytes(1 << 16))
        except (EOFError, OSError) as error:  # the process died: of memory, or of its parser
            raise TooCostly(name) from error


def _work(pipe: Connection, name: str, limits: Limits) -> None:
    """Run in the process: read one file, answer in plain text, end."""
    stand_back(_NICE)
    pipe.send_bytes(b"ready")
    data = pipe.recv_bytes()
    _confine(limits, len(data))
    try:
        answer = _examine(data, name, limits)
    except ReadingError as error:
        costly = isinstance(error.__cause__, MemoryError)
        kind = TooCostly if costly else type(error)
        answer = f"error {kind.__name__} {error.message[:2000]}"
    except MemoryError:
        answer = "error TooCostly memory"
    except (Exception, RecursionError) as error:
        answer = f"error BrokenFile {type(error).__name__}"
    pipe.send_bytes(answer.encode("utf-8", "replace"))


def _examine(data: bytes, name: str, limits: Limits) -> str:
    from tiaowen_corpus.readers import read
    from tiaowen_indexer.segment import segment

    text = read(data, name).text
    if len(text) > limits.characters:
        raise TooLarge(f"{name}: {len(text)} > {limits.characters}")
    parts = segment(text, file_id="file", source=name)
    return f"ok {len(text)} {len(parts)} {sum(len(part.clauses) for part in parts)}"


def _confine(limits: Limits, size: int) -> None:
    """Bound this process: address space, processor seconds, no core, no file of its own."""
    used = _address_space()
    _limit(resource.RLIMIT_AS, used + limits.memory + 2 * size)
    _limit(resource.RLIMIT_CPU, int(limits.seconds) + 1)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 64 << 20)


def _limit(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))


def _address_space() -> int:
    with open("/proc/self/statm", "rb") as stream:  # noqa: PTH123 - no path objects when confined
        return int(stream.read().split()[0]) * resource.getpagesize()


def _decoded(answer: bytes) -> Examined | tuple[str, str]:
    kind, _, rest = answer.decode("utf-8", "replace").partition(" ")
    if kind == "ok":
        return Examined(*map(int, rest.split()))
    name, _, detail = rest.partition(" ")
    return name, detail


def _error(answer: tuple[str, str], name: str) -> ReadingError:
    """Return the error of that name as it was raised there."""
    kinds: dict[str, Callable[[str], ReadingError]] = {
        item.__name__: item
        for item in vars(errors).values()
        if isinstance(item, type) and issubclass(item, ReadingError)
    }
    if answer[0] == TooCostly.__name__:
        return TooCostly(name)
    made = kinds.get(answer[0], BrokenFile)(name)
    made.message = answer[1] if answer[0] in kinds else made.message
    return made
