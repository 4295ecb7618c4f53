"""Bodies that do not come: refused in time, whatever reads them."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from starlette.types import Message
from tiaowen_service.http import limits
from tiaowen_service.http.app import create_app
from tiaowen_service.http.limits import BodyLimit
from tiaowen_service.live import Live

Answer = tuple[int, dict[bytes, bytes], dict[str, Any]]


def _asked(app: Any, path: str, pieces: list[bytes], *, declared: int = 1000) -> Answer:
    """Send the pieces of a body and then nothing more; return status, headers and body."""
    sent: list[Message] = []
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"name=x.txt",
        "root_path": "",
        "headers": [(b"content-length", b"%d" % declared), (b"content-type", b"application/json")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }

    async def receive() -> Message:
        if pieces:
            return {"type": "http.request", "body": pieces.pop(0), "more_body": True}
        await asyncio.sleep(60)
        raise AssertionError("nobody waits so long")

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    starts = [message for message in sent if message["type"] == "http.response.start"]
    assert len(starts) == 1
    body = b"".join(message.get("body", b"") for message in sent)
    return starts[0]["status"], dict(starts[0]["headers"]), json.loads(body)


@pytest.mark.parametrize("path", ["/v1/search", "/v1/precedents"])
def test_a_body_that_stalls_is_cut_off(live: Live, path: str) -> None:
    status, headers, body = _asked(create_app(live, body_seconds=0.05), path, [b'{"query": "'])
    assert (status, body["code"]) == (408, "body_too_slow")
    assert headers[b"connection"] == b"close"
    assert " / " in body["remedy"]


def test_a_body_that_grows_too_large_is_cut_off(live: Live) -> None:
    app = create_app(live, largest_body=100)
    status, _, body = _asked(app, "/v1/search", [b" " * 99, b" " * 99], declared=10)
    assert (status, body["code"]) == (413, "body_too_large")


def test_a_body_that_drips_is_cut_off_and_a_long_one_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "SLOWEST", 1000)
    got = []

    async def reading(scope: Any, receive: Any, send: Any) -> None:
        while (message := await receive())["more_body"]:
            got.append(len(message["body"]))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    async def drip(size: int) -> list[Message]:
        sent: list[Message] = []
        left = [size] * 10

        async def receive() -> Message:
            await asyncio.sleep(0.03)
            return {"type": "http.request", "body": b"x" * left.pop(), "more_body": bool(left)}

        async def send(message: Message) -> None:
            sent.append(message)

        app = BodyLimit(reading, largest=1 << 20, seconds=0.1)
        await app({"type": "http", "method": "POST", "path": "/", "headers": []}, receive, send)
        return sent

    assert asyncio.run(drip(1))[0]["status"] == 408
    assert asyncio.run(drip(1000))[0]["status"] == 200
