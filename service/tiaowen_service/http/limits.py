"""Bounds on what a request may send. Pure ASGI: a BaseHTTPMiddleware would halve throughput."""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tiaowen_service.http.problems import Problem

SLOWEST = 16 << 10  # bytes a second that a body may come at, after its first seconds


class BodyLimit:
    """Refuses bodies over ``largest`` bytes with 413, declared or counted while they arrive, and
    with 408 those that take more than ``seconds`` and the time of the slowest line.
    """

    def __init__(
        self, app: ASGIApp, *, largest: int, largest_upload: int = 0, seconds: float = 30.0
    ) -> None:
        self.app = app
        self.largest = largest
        self.largest_upload = max(largest, largest_upload)
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a receive channel that counts bytes and seconds."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        largest = self.largest_upload if _is_upload(scope) else self.largest
        headers = dict(scope["headers"])
        declared = headers.get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > largest:
            await _too_large(largest).response()(scope, receive, send)
            return
        body = _Body(receive, send, largest=largest, seconds=self.seconds)
        try:
            await self.app(scope, body.receive, body.send)
        except Problem:
            if body.refused is None:
                raise
        if body.refused is not None and not body.answering:
            await body.refused.response()(scope, receive, send)


class _Body:
    """One request's body. Once it is refused, that is the answer, whatever the application makes
    of a body that breaks off.
    """

    def __init__(self, receive: Receive, send: Send, *, largest: int, seconds: float) -> None:
        self._receive, self._send = receive, send
        self._largest, self._seconds = largest, seconds
        self._received, self._whole = 0, False
        self._started = asyncio.get_running_loop().time()
        self.refused: Problem | None = None
        self.answering = False

    async def receive(self) -> Message:
        """Return the next message. Raises Problem for a body that is too large or too slow."""
        if self._whole:  # what comes now is that the caller has gone
            return await self._receive()
        patience = self._seconds + self._received / SLOWEST
        try:
            async with asyncio.timeout_at(self._started + patience):
                message = await self._receive()
        except TimeoutError:
            raise self._refuse(_too_slow(patience)) from None
        self._received += len(message.get("body", b""))
        self._whole = not message.get("more_body", False)
        if self._received > self._largest:
            raise self._refuse(_too_large(self._largest))
        return message

    async def send(self, message: Message) -> None:
        """Pass an answer on, unless the body was refused before it began."""
        if self.refused is None or self.answering:
            self.answering = True
            await self._send(message)

    def _refuse(self, problem: Problem) -> Problem:
        problem.headers["connection"] = "close"  # what is left of the body is not waited for
        self.refused = problem
        return problem


def _is_upload(scope: Scope) -> bool:
    return scope["method"] in {"POST", "PUT"} and scope["path"].startswith(
        ("/v1/documents", "/v1/drafts")
    )


def _too_large(largest: int) -> Problem:
    return Problem(
        413,
        "body_too_large",
        f"> {largest} B",
        remedy="缩短请求,或分批发送 / shorten the request or send it in batches",
    )


def _too_slow(seconds: float) -> Problem:
    return Problem(
        408,
        "body_too_slow",
        f"> {seconds:.0f} s",
        remedy="检查网络后重试,或分批发送 / check the connection and retry, or send it in batches",
    )
