"""What is seen from outside: request ids, security headers, Prometheus figures."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tiaowen_service import logs

log = logging.getLogger("tiaowen.access")

LOW_CONFIDENCE = 0.5
SLOW = 1.0  # seconds; slower requests are logged
_REQUEST_ID = re.compile(rb"[\w.-]{1,64}")
_BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (
        b"content-security-policy",
        b"default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'",
    ),
]


class Figures:
    """The figures of one application, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "tiaowen_requests", "Requests", ["endpoint", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "tiaowen_request_seconds",
            "Seconds to answer",
            ["endpoint"],
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.empty_legs = Counter(
            "tiaowen_empty_legs",
            "Searches where a leg found nothing",
            ["leg"],
            registry=self.registry,
        )
        self.low_confidence = Counter(
            "tiaowen_low_confidence",
            f"Searches whose confidence is below {LOW_CONFIDENCE}",
            registry=self.registry,
        )
        self.index = Gauge(
            "tiaowen_index_clauses",
            "Clauses of the live index",
            ["version"],
            registry=self.registry,
        )
        self.searchers = Gauge(
            "tiaowen_searchers",
            "Processes that search beside the service, ready",
            registry=self.registry,
        )
        self.leg_hits = Counter(
            "tiaowen_leg_hits",
            "Hits that a leg had a part in",
            ["leg"],
            registry=self.registry,
        )
        self._hits_of = {leg: self.leg_hits.labels(leg) for leg in ("bm25", "vector")}
        self.evaluation = Gauge(
            "tiaowen_evaluation",
            "Figures of the last evaluated index",
            ["system", "measure"],
            registry=self.registry,
        )
        self.tasks = Counter(
            "tiaowen_tasks", "Finished tasks", ["kind", "state"], registry=self.registry
        )
        self.task_seconds = Histogram(
            "tiaowen_task_seconds",
            "Seconds from the start of a build to its end",
            buckets=(0.5, 1, 2, 5, 10, 30, 60, 300, 1800),
            registry=self.registry,
        )

    def judged(self, figures: Mapping[str, float]) -> None:
        """Show the figures of an evaluation, named ``system:measure`` or ``measure``."""
        for name, value in figures.items():
            system, _, measure = name.rpartition(":")
            self.evaluation.labels(system, measure).set(value)

    def ended(self, kind: str, state: str, seconds: float) -> None:
        """Count a task that ended."""
        self.tasks.labels(kind, state).inc()
        self.task_seconds.observe(seconds)

    def searched(self, answer: dict[str, Any]) -> None:
        """Count what one search answer says of itself, as `counted` gives it."""
        if answer["confidence"] < LOW_CONFIDENCE:
            self.low_confidence.inc()
        for leg, found in answer["legs"].items():
            self._hits_of[leg].inc(found)
        for warning in answer["warnings"]:
            if warning["code"].startswith("empty_leg_"):
                self.empty_legs.labels(warning["code"].removeprefix("empty_leg_")).inc()


class Observed:
    """Gives every answer a request id and strict headers, and counts and times it."""

    def __init__(self, app: ASGIApp, *, figures: Figures, every_request: bool = False) -> None:
        self.app = app
        self.figures = figures
        self.every_request = every_request

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and watch its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500
        given = dict(scope["headers"]).get(b"x-request-id", b"")
        request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8).encode()
        scope["tiaowen.request_id"] = request_id.decode()
        named = logs.request_id.set(request_id.decode())

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *_HEADERS, (b"x-request-id", request_id)]
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            # the endpoint's name, not the path: ids must not become label values
            endpoint = getattr(scope.get("endpoint"), "__name__", "other")
            seconds = time.perf_counter() - started
            self.figures.requests.labels(endpoint, str(status)).inc()
            self.figures.seconds.labels(endpoint).observe(seconds)
            if self.every_request or status >= 500 or seconds >= SLOW:
                _log(scope, status, seconds)
            logs.request_id.reset(named)


def _log(scope: Scope, status: int, seconds: float) -> None:
    fields = {
        "method": scope["method"],
        "path": scope["path"][:300],
        "status": status,
        "ms": round(seconds * 1000, 2),
        "by": scope.get("tiaowen.key", ""),
    }
    level = logging.ERROR if status >= 500 else logging.INFO
    log.log(level, "%s %s %d", scope["method"], fields["path"], status, extra={"fields": fields})
