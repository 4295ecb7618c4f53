"""Every write that was asked for, whoever asked and whatever came of it, one JSON line each."""

from __future__ import annotations

import json
import logging
import threading
from datetime import UTC, datetime
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tiaowen_service.security.doors import needed

log = logging.getLogger(__name__)


class Audit:
    """An append-only file; holds no body, no query, no key."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    def note(self, **values: object) -> None:
        """Append one line; a disk that is full is a line in the log, never a refused request."""
        line = json.dumps({"at": datetime.now(UTC).isoformat(timespec="milliseconds")} | values)
        try:
            with self._lock:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                with self.path.open("a", encoding="utf-8") as stream:
                    stream.write(line + "\n")
        except OSError as error:
            log.error("audit log: %s: %s", error.strerror, line)


class Audited:
    """Notes every request that asks for the scopes write or admin, refused ones too."""

    def __init__(self, app: ASGIApp, *, audit: Audit) -> None:
        self.app = app
        self.audit = audit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; note what was answered."""
        if scope["type"] != "http" or needed(scope) not in {"write", "admin"}:
            await self.app(scope, receive, send)
            return
        status = 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            client = scope.get("client")
            self.audit.note(
                request_id=scope.get("tiaowen.request_id", ""),
                by=scope.get("tiaowen.key", ""),
                client=client[0] if client else "",
                method=scope["method"],
                path=scope["path"][:300],
                status=status,
            )
