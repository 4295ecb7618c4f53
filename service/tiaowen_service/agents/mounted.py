"""The MCP server at /mcp of the HTTP service, started by its first request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from tiaowen_service.http.problems import Problem
from tiaowen_service.searcher import Searcher

PATH = "/mcp"


class Mounted:
    """An ASGI application that imports and starts the MCP server when it is first asked.

    The SDK takes more than a second to import: who only searches does not wait for it. Its
    session manager lives in a task of the event loop that serves, and ends with it.
    """

    def __init__(self, searcher: Callable[[], Searcher]) -> None:
        self._searcher = searcher
        self._loop: asyncio.AbstractEventLoop | None = None
        self._app: ASGIApp | None = None
        self._task: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; one from a page of another origin is refused."""
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        origin, host = headers.get("origin", ""), headers.get("host", "")
        if origin and urlsplit(origin).netloc != host:
            await _foreign(origin).response()(scope, receive, send)
            return
        app = await self._started()
        await app(scope, receive, send)

    async def _started(self) -> ASGIApp:
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop, self._app, self._starting = loop, None, asyncio.Lock()
        async with self._starting:
            if self._app is None:
                ready: asyncio.Future[ASGIApp] = loop.create_future()
                self._task = loop.create_task(self._serve(ready))
                self._app = await ready
            return self._app

    async def _serve(self, ready: asyncio.Future[ASGIApp]) -> None:
        from mcp.server.transport_security import TransportSecuritySettings

        from tiaowen_service.agents.server import create_server

        app = create_server(self._searcher).streamable_http_app(
            streamable_http_path=PATH,
            stateless_http=True,
            json_response=True,
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        )
        async with app.router.lifespan_context(app):
            ready.set_result(app)
            await asyncio.Event().wait()


def route(searcher: Callable[[], Searcher]) -> Route:
    """Return the route at /mcp."""
    return Route(
        PATH, Mounted(searcher), methods=["GET", "POST", "DELETE"], include_in_schema=False
    )


def _foreign(origin: str) -> Problem:
    return Problem(
        403,
        "foreign_origin",
        origin[:80],
        remedy="从同一地址访问 /mcp,或不带 Origin / call /mcp from its own origin",
    )
