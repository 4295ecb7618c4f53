"""Tasks: asked for again and again, or followed as an event stream."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response, StreamingResponse

from tiaowen_service.as_json import encoded
from tiaowen_service.http.problems import Problem, shortened
from tiaowen_service.http.uploads import desk_of
from tiaowen_service.library.desk import Desk
from tiaowen_service.library.tasks import FINISHED, Task

router = APIRouter(prefix="/v1/tasks", tags=["tasks"])

_LOOK = 0.1  # seconds between looks at a task
_ALIVE = 15.0  # seconds between comments that keep proxies from closing a quiet stream
_LONGEST = 3600.0  # seconds of one stream; the browser connects again by itself
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/json": {}, "text/event-stream": {}}}
}


@router.get("", response_model=None)
async def list_tasks(request: Request, limit: int = Query(50, ge=1, le=500)) -> Response:
    """The latest tasks, newest first."""
    tasks = desk_of(request).tasks.all()[:limit]
    return _json({"tasks": [task.wire() for task in tasks]})


@router.get("/{task_id}", response_model=None, responses=_STREAM)
async def one_task(request: Request, task_id: str) -> Response:
    """A task; with `Accept: text/event-stream` its changes as they happen, until it ends."""
    desk = desk_of(request)
    task = _found(desk, task_id)
    if "text/event-stream" in request.headers.get("accept", ""):
        return _stream(desk, task_id)
    return _json(task.wire())


@router.get("/{task_id}/events", response_model=None, responses=_STREAM)
async def task_events(request: Request, task_id: str) -> Response:
    """The changes of a task as they happen: events `progress`, then `done`."""
    desk = desk_of(request)
    _found(desk, task_id)
    return _stream(desk, task_id)


def _stream(desk: Desk, task_id: str) -> Response:
    return StreamingResponse(
        _events(desk, task_id),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


async def _events(desk: Desk, task_id: str) -> AsyncIterator[bytes]:
    seen, quiet, total = -1, 0.0, 0.0
    while total < _LONGEST and not desk.ending.is_set():
        task = desk.tasks.get(task_id)
        if task is None:
            return
        if task.number != seen:
            seen, quiet = task.number, 0.0
            yield _event(task)
            if task.state in FINISHED:
                return
        elif quiet >= _ALIVE:
            quiet = 0.0
            yield b": alive\n\n"
        await asyncio.sleep(_LOOK)
        quiet, total = quiet + _LOOK, total + _LOOK


def _event(task: Task) -> bytes:
    name = b"done" if task.state in FINISHED else b"progress"
    return b"event: %b\nid: %d\ndata: %b\n\n" % (name, task.number, encoded(task.wire()))


def _found(desk: Desk, task_id: str) -> Task:
    task = desk.find_task(task_id)
    if task is None:
        raise Problem(
            404,
            "task_not_found",
            shortened(task_id),
            remedy="最近的任务见 /v1/tasks / see /v1/tasks for the latest ones",
        )
    return task


def _json(value: object) -> Response:
    return Response(
        encoded(value), media_type="application/json", headers={"cache-control": "no-store"}
    )
