"""Bounds on what a request may send. Pure ASGI: a BaseHTTPMiddleware would halve throughput."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tiaowen_service.http.problems import Problem


class BodyLimit:
    """Refuses bodies over ``largest`` bytes with 413, declared or counted while they arrive."""

    def __init__(self, app: ASGIApp, *, largest: int, largest_upload: int = 0) -> None:
        self.app = app
        self.largest = largest
        self.largest_upload = max(largest, largest_upload)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a receive channel that counts."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        largest = self.largest_upload if _is_upload(scope) else self.largest
        headers = dict(scope["headers"])
        declared = headers.get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > largest:
            await _refusal(largest).response()(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > largest:
                raise _refusal(largest)
            return message

        await self.app(scope, counted, send)


def _is_upload(scope: Scope) -> bool:
    return scope["method"] in {"POST", "PUT"} and scope["path"].startswith(
        ("/v1/documents", "/v1/drafts")
    )


def _refusal(largest: int) -> Problem:
    return Problem(
        413,
        "body_too_large",
        f"> {largest} B",
        remedy="缩短请求,或分批发送 / shorten the request or send it in batches",
    )
