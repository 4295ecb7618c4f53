"""The application: routes, problems and middleware put together."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from tiaowen_service.agents import mounted
from tiaowen_service.http import (
    clauses,
    documented,
    documents,
    drafting,
    health,
    indexes,
    judging,
    mining,
    pages,
    problems,
    quality,
    tasks,
    uploads,
)
from tiaowen_service.http.limits import BodyLimit
from tiaowen_service.http.observed import Figures, Observed
from tiaowen_service.http.search import ROUTES
from tiaowen_service.library.desk import Desk
from tiaowen_service.library.shelf import HIDDEN
from tiaowen_service.live import Live
from tiaowen_service.security.audit import Audit, Audited
from tiaowen_service.security.doors import Doors, Guarded

ROUTERS = (
    clauses.router,
    documents.router,
    uploads.router,
    tasks.router,
    indexes.router,
    drafting.router,
    mining.router,
    quality.router,
    health.router,
)


def create_app(
    live: Live,
    *,
    desk: Desk | None = None,
    largest_body: int = 1 << 20,
    doors: Doors | None = None,
    largest_upload: int = 64 << 20,
    body_seconds: float = 30.0,
    every_request: bool = False,
) -> FastAPI:
    """Return the ASGI application that serves ``live``; without ``desk`` nothing is written."""
    app = FastAPI(
        title="Tiaowen 条文",
        version=version("tiaowen"),
        description="教育政策文件的条文级检索 / clause-level search over education-policy texts",
        docs_url="/docs",
        redoc_url=None,
    )
    app.state.live = live
    app.state.desk = desk
    app.state.figures = Figures()
    app.router.routes.extend(ROUTES)
    app.state.judging = None if desk is None else judging.offered(live.index)
    for router in (*ROUTERS, *([judging.router] if app.state.judging else [])):
        app.include_router(router)
    problems.install(app)
    documented.install(app)
    app.router.routes.append(mounted.route(live.searcher))
    app.router.routes.extend(pages.routes())
    app.add_middleware(
        BodyLimit,
        largest=largest_body,
        largest_upload=largest_upload,
        seconds=body_seconds,
    )
    if doors is not None:
        app.add_middleware(Guarded, doors=doors)
        if doors.origins:
            app.add_middleware(CORSMiddleware, **_cors(doors))
    if desk is not None:
        app.add_middleware(Audited, audit=Audit(desk.shelf.folder / HIDDEN / "audit.jsonl"))
    app.add_middleware(Observed, figures=app.state.figures, every_request=every_request)
    return app


def _cors(doors: Doors) -> dict[str, Any]:
    """What pages of the origins that are named may do; without names nothing is let in."""
    return {
        "allow_origins": sorted(doors.origins),
        "allow_methods": ["GET", "POST", "PUT", "DELETE"],
        "allow_headers": ["authorization", "content-type", "idempotency-key", "if-match"],
        "expose_headers": ["etag", "location", "retry-after", "x-request-id"],
    }
