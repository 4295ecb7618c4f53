"""Versions of the index: build (building → evaluated → live), activate, roll back."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from tiaowen_indexer.snapshot import current_version

from tiaowen_service.as_json import encoded
from tiaowen_service.http.problems import Problem, shortened
from tiaowen_service.http.uploads import desk_of
from tiaowen_service.library.desk import Desk

router = APIRouter(prefix="/v1", tags=["indexes"])

_PATIENCE = 5.0  # seconds that an activation waits for a build


class BuildIn(BaseModel):
    """``allow_regression``: why to publish an index that answers worse."""

    model_config = ConfigDict(extra="forbid")

    force: bool = False
    allow_regression: str = Field("", max_length=1000)


@router.get("/indexes", response_model=None)
def list_indexes(request: Request) -> Response:
    """The versions that are kept, the live one first."""
    desk = desk_of(request)
    return _json({"live": current_version(desk.indexes.folder), "indexes": desk.indexes.listed()})


@router.post("/indexes", response_model=None, status_code=202)
def build_index(request: Request, wanted: BuildIn | None = None) -> Response:
    """Build the library's index, let it be evaluated, and publish it unless it answers worse."""
    wanted = wanted or BuildIn(force=False, allow_regression="")
    task = desk_of(request).rebuild(force=wanted.force, allow_regression=wanted.allow_regression)
    body = {"task_id": task.task_id, "task": task.wire()}
    return _json(body, status=202, headers={"location": f"/v1/tasks/{task.task_id}"})


@router.post("/indexes:rollback", response_model=None)
async def roll_back(request: Request) -> Response:
    """Make the version live that was live before this one."""
    desk = desk_of(request)
    return await run_in_threadpool(lambda: _activated(request, desk, desk.indexes.before()))


@router.get("/indexes/{version}", response_model=None)
def one_index(request: Request, version: str) -> Response:
    """One version that is kept."""
    return _json(_row(desk_of(request), version))


@router.post("/indexes/{version}:activate", response_model=None)
async def activate(request: Request, version: str) -> Response:
    """Verify a kept version byte for byte and make it live."""
    desk = desk_of(request)
    return await run_in_threadpool(lambda: _activated(request, desk, version))


def _activated(request: Request, desk: Desk, version: str) -> Response:
    _row(desk, version)
    with desk.indexes.writing(wait=_PATIENCE):
        desk.indexes.activate(version, by_hand=True)
    request.app.state.live.reopen()
    return _json(_row(desk, version))


def _row(desk: Desk, version: str) -> dict[str, object]:
    for row in desk.indexes.listed():
        if row["version"] == version:
            return row
    raise Problem(
        404,
        "index_not_found",
        shortened(version),
        remedy="可用版本见 /v1/indexes / see /v1/indexes for the versions that are kept",
    )


def _json(value: object, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(
        encoded(value),
        status,
        media_type="application/json",
        headers={"cache-control": "no-store"} | (headers or {}),
    )
