"""Who may come in: keys and scopes, rates, and browsers that other people's pages send.

Without keys the service answers this machine alone, and then only requests that name it by a
loopback name and that no foreign page sent (DNS rebinding, cross-site forms).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from tiaowen_service.http.problems import Problem
from tiaowen_service.security.keys import KeyRing
from tiaowen_service.security.keys import Scope as KeyScope
from tiaowen_service.security.rates import Rates

_SAFE = {"GET", "HEAD", "OPTIONS"}
ASKS_FOR_KEYS = ("/v1/", "/metrics", "/mcp")
_WRITES = ("/v1/documents", "/v1/indexes", "/v1/judging")


@dataclass(frozen=True)
class Doors:
    """``ring`` None or empty: no keys, this machine only. ``hosts``: further names it goes by."""

    ring: KeyRing | None = None
    reads: Rates = field(default_factory=lambda: Rates(0))
    writes: Rates = field(default_factory=lambda: Rates(0))
    failures: Rates = field(default_factory=lambda: Rates(1, 20))
    hosts: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()


class Guarded:
    """Refuses with 401, 403, 421 or 429 what may not come in; notes the key's name in the scope."""

    def __init__(self, app: ASGIApp, *, doors: Doors) -> None:
        self.app = app
        self.doors = doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on or answer with a problem."""
        if scope["type"] != "http":
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
                return
            await self.app(scope, receive, send)
            return
        try:
            self._check(scope)
        except Problem as problem:
            await problem.response()(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _check(self, scope: Scope) -> None:
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        if self.doors.ring:
            caller = self._holder(scope, headers)
        else:
            self._check_host(headers)
            caller = "local"
        if scope["method"] not in _SAFE:
            self._check_origin(headers)
        scope["tiaowen.key"] = caller
        rates = self.doors.writes if needed(scope) in {"write", "admin"} else self.doors.reads
        _pass(rates, caller if caller != "anyone" else _address(scope))

    def _holder(self, scope: Scope, headers: dict[str, str]) -> str:
        """Return the name of the key that came with the request. Raises Problem."""
        wanted = needed(scope)
        if wanted is None:
            return "anyone"
        assert self.doors.ring is not None
        token = _token(headers)
        key = self.doors.ring.find(token) if token else None
        if key is None:
            if token:
                _pass(self.doors.failures, _address(scope))
            raise _no_key()
        if not key.opens(wanted):
            raise Problem(
                403,
                "scope_missing",
                f"{key.name}: {key.scope} < {wanted}",
                remedy=f"用 {wanted} 权限的密钥 / use a key of scope {wanted}",
            )
        return key.name

    def _check_host(self, headers: dict[str, str]) -> None:
        host = _name(headers.get("host", ""))
        if not (is_loopback(host) or host in self.doors.hosts):
            raise Problem(
                421,
                "wrong_host",
                host[:80],
                remedy="用 localhost 访问,或设 TIAOWEN_HOSTS / ask localhost, or set TIAOWEN_HOSTS",
            )

    def _check_origin(self, headers: dict[str, str]) -> None:
        origin = headers.get("origin", "")
        foreign = headers.get("sec-fetch-site", "") in {"cross-site", "same-site"}
        if origin:
            foreign = urlsplit(origin).netloc != headers.get("host", "")
        if foreign and origin not in self.doors.origins:
            raise Problem(
                403,
                "foreign_origin",
                origin[:80] or headers.get("sec-fetch-site", ""),
                remedy="从本服务的网页操作,或设 TIAOWEN_ORIGINS / "
                "use this service's own page, or set TIAOWEN_ORIGINS",
            )


def needed(scope: Scope) -> KeyScope | None:
    """Return the scope that a request asks for; None for what is open to anyone."""
    path, safe = scope["path"], scope["method"] in _SAFE
    if not path.startswith(ASKS_FOR_KEYS):
        return None
    if safe or not path.startswith(_WRITES):
        return "read"
    return "admin" if path.startswith("/v1/indexes") else "write"


def is_loopback(host: str) -> bool:
    """Say whether ``host`` is an address of this machine that others cannot reach."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _pass(rates: Rates, caller: str) -> None:
    seconds = rates.wait(caller)
    if seconds:
        problem = Problem(
            429,
            "too_many_requests",
            f"{rates.rate:g}/s",
            remedy="按 Retry-After 的秒数等待后重试 / wait as Retry-After says, then retry",
        )
        problem.headers["retry-after"] = str(math.ceil(seconds))
        raise problem


def _no_key() -> Problem:
    problem = Problem(
        401,
        "key_missing",
        "没有有效的密钥 / no valid key",
        remedy="请求头加 Authorization: Bearer 密钥 / send Authorization: Bearer KEY; "
        "tiaowen keys create",
    )
    problem.headers["www-authenticate"] = 'Bearer realm="tiaowen"'
    return problem


def _token(headers: dict[str, str]) -> str:
    kind, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else headers.get("x-api-key", "")


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else "unknown"


def _name(host: str) -> str:
    """Return a Host header without its port and brackets, lower case."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""
