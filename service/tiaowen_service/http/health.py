"""Whether the process lives, whether it can answer, and its figures."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import Response

router = APIRouter(tags=["health"])


@router.get("/livez")
async def livez() -> dict[str, str]:
    """The process answers."""
    return {"status": "alive"}


@router.get("/readyz")
async def readyz(request: Request) -> dict[str, Any]:
    """Requests can be answered, and from which index; ``empty``: uploads alone, so far."""
    if request.app.state.live.is_empty:
        return {"status": "empty", "index_version": "", "documents": 0, "clauses": 0}
    searcher = request.app.state.live.searcher()
    manifest = searcher.snapshot.manifest
    return {
        "status": "ready",
        "index_version": manifest.version,
        "documents": manifest.documents,
        "clauses": manifest.clauses,
        "model": manifest.model.name,
        "ranker": searcher.ranker.name,
    }


@router.get("/metrics", response_model=None, responses={200: {"content": {"text/plain": {}}}})
async def metrics(request: Request) -> Response:
    """Prometheus figures."""
    live, figures = request.app.state.live, request.app.state.figures
    figures.index.clear()
    figures.searchers.set(live.crew_size)
    if not live.is_empty:
        searcher = live.searcher()
        figures.index.labels(searcher.version).set(searcher.clause_count)
    return Response(generate_latest(figures.registry), media_type=CONTENT_TYPE_LATEST)
