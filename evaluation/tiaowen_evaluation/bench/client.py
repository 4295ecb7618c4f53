"""A small HTTP client: keep-alive connections that ask one request after another."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

_NAP = 0.05  # seconds at most between looks at what is due


@dataclass(frozen=True, slots=True)
class Request:
    """One request; ``body`` with its content type for a POST."""

    path: str
    method: str = "GET"
    body: bytes = b""
    content_type: str = "application/json"

    @property
    def encoded(self) -> bytes:
        """The request as sent."""
        head = f"{self.method} {self.path} HTTP/1.1\r\nhost: 127.0.0.1\r\n"
        if self.body:
            head += f"content-type: {self.content_type}\r\ncontent-length: {len(self.body)}\r\n"
        return head.encode() + b"\r\n" + self.body


@dataclass(slots=True)
class Told:
    """What came back: milliseconds of every request, and how many had each status.

    ``late``: milliseconds by which `steady` itself sent each later than it was due.
    """

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    def percentile(self, share: float) -> float:
        """Return milliseconds."""
        return float(np.percentile(self.times, share)) if self.times else 0.0

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.times) / max(self.seconds, 1e-9)

    @property
    def failures(self) -> int:
        """Answers of 500 and above, and connections that broke (status 0)."""
        return sum(n for status, n in self.statuses.items() if status == 0 or status >= 500)


def joined(parts: Iterable[Told]) -> Told:
    """Return what all of ``parts`` told."""
    whole = Told()
    for part in parts:
        whole.seconds += part.seconds
        whole.times += part.times
        whole.late += part.late
        for status, count in part.statuses.items():
            whole.statuses[status] = whole.statuses.get(status, 0) + count
    return whole


class Connection:
    """One connection; opened again when the other side closes it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: Request) -> tuple[int, bytes]:
        """Return status and body; status 0 if the connection broke."""
        try:
            if self._streams is None:
                self._streams = await asyncio.open_connection("127.0.0.1", self._port)
            reader, writer = self._streams
            writer.write(request.encoded)
            head = await reader.readuntil(b"\r\n\r\n")
            lines = head.lower().split(b"\r\n")
            length = next((int(x[15:]) for x in lines if x.startswith(b"content-length:")), 0)
            body = await reader.readexactly(length)
            if b"connection: close" in lines:
                self.close()
            return int(head[9:12]), body
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            self.close()
            return 0, b""

    def close(self) -> None:
        """Close the connection."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def saturate(port: int, requests: Iterator[Request], *, connections: int) -> Told:
    """Ask all of ``requests`` as fast as ``connections`` connections get their answers."""
    told = Told()

    async def one() -> None:
        connection = Connection(port)
        for request in requests:
            await _timed(connection, request, told)
        connection.close()

    began = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(connections)))
    told.seconds = time.perf_counter() - began
    return told


async def steady(
    port: int,
    requests: Iterator[Request],
    *,
    rate: float,
    seconds: float,
    connections: int,
    every: Callable[[], None] = lambda: None,
) -> Told:
    """Ask ``rate`` requests a second at even distances, however slow the answers are.

    A request's time runs from when it was due, so that a stall is counted in all that waited for
    it (Tene, "coordinated omission"). ``every`` is called each second.
    """
    told, waiting = Told(), asyncio.Queue[tuple[float, Request] | None](maxsize=100_000)

    async def one() -> None:
        connection = Connection(port)
        while (due := await waiting.get()) is not None:
            await _timed(connection, due[1], told, began=due[0])
        connection.close()

    asking = [asyncio.create_task(one()) for _ in range(connections)]
    began = time.perf_counter()
    sent, second = 0, 0
    while (now := time.perf_counter() - began) < seconds:
        while sent <= now * rate:
            told.late.append((now - sent / rate) * 1000)
            await waiting.put((began + sent / rate, next(requests)))
            sent += 1
        if now >= second:
            second += 1
            every()
        await asyncio.sleep(min(max(sent / rate - now, 0.0), _NAP))
    for _ in asking:
        await waiting.put(None)
    await asyncio.gather(*asking)
    told.seconds = time.perf_counter() - began
    return told


async def _timed(
    connection: Connection, request: Request, told: Told, *, began: float | None = None
) -> None:
    started = time.perf_counter() if began is None else began
    status, _ = await connection.ask(request)
    told.times.append((time.perf_counter() - started) * 1000)
    told.statuses[status] = told.statuses.get(status, 0) + 1
