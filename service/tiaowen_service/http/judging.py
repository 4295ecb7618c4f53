"""Grading what the searches of the last evaluation returned and nobody has judged.

The evaluation is a floor above and is not imported: what it offers is found by the entry point
group ``tiaowen.judging``. Where nothing is offered, there are no such routes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from tiaowen_service.as_json import encoded
from tiaowen_service.http.problems import Problem, shortened
from tiaowen_service.searcher import Searcher

GROUP = "tiaowen.judging"
LONGEST_ID = 500

log = logging.getLogger(__name__)

router = APIRouter(prefix="/v1/judging", tags=["quality"])


@dataclass(frozen=True, slots=True)
class Task:
    """A clause to grade for a question; ``left`` tasks stand there, this one among them."""

    question_id: str
    query: str
    category: str
    clause_id: str
    place: str  # title and path, for people
    text: str
    left: int


class Judging(Protocol):
    """What an evaluation offers; safe to call from several threads."""

    def task(self, searcher: Searcher, *, skipped: int) -> Task | None:
        """Return the task after the first ``skipped`` of those left; None past the end."""

    def keep(self, searcher: Searcher, question_id: str, clause_id: str, grade: int) -> bool:
        """Keep a grade, 0 to 3; False if there is no such task left."""

    def take_back(self, question_id: str, clause_id: str) -> bool:
        """Forget a grade that was kept since the service started; False if there is none."""


def offered(index: Path) -> Judging | None:
    """Return the first installed judging that can keep grades over ``index``.

    One that fails is logged and passed over: searches need nothing of it.
    """
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        try:
            offer: Callable[[Path], Judging | None] = entry.load()
            found = offer(index)
        except Exception:  # whatever others' code raises
            log.exception("judging %s is left out", entry.value)
            continue
        if found is not None:
            return found
    return None


class GradeIn(BaseModel):
    """A grade: 0 unrelated, 1 touches, 2 answers in part, 3 answers."""

    model_config = ConfigDict(extra="forbid")

    question_id: str = Field(min_length=1, max_length=LONGEST_ID)
    clause_id: str = Field(min_length=1, max_length=LONGEST_ID)
    grade: int = Field(ge=0, le=3)


@router.get("/next", response_model=None)
async def next_task(request: Request, skipped: int = Query(0, ge=0, le=1_000_000)) -> Response:
    """The next clause to grade, after as many as were skipped; null when none is left."""
    searcher = request.app.state.live.searcher()
    task = await run_in_threadpool(_judging(request).task, searcher, skipped=skipped)
    return Response(
        encoded({"task": asdict(task) if task else None}),
        media_type="application/json",
        headers={"cache-control": "no-store"},
    )


@router.post("", status_code=201, response_model=None)
async def keep(request: Request, graded: GradeIn) -> Response:
    """Keep a grade among the questions' labels."""
    searcher = request.app.state.live.searcher()
    kept = await run_in_threadpool(
        _judging(request).keep, searcher, graded.question_id, graded.clause_id, graded.grade
    )
    if not kept:
        raise _none_such(graded.question_id, graded.clause_id)
    return Response(encoded(graded.model_dump()), 201, media_type="application/json")


@router.delete("", status_code=204, response_model=None)
async def take_back(
    request: Request,
    question_id: str = Query(max_length=LONGEST_ID),
    clause_id: str = Query(max_length=LONGEST_ID),
) -> Response:
    """Take back a grade that was kept since the service started."""
    if not await run_in_threadpool(_judging(request).take_back, question_id, clause_id):
        raise _none_such(question_id, clause_id)
    return Response(status_code=204)


def _judging(request: Request) -> Judging:
    found: Judging = request.app.state.judging
    return found


def _none_such(question_id: str, clause_id: str) -> Problem:
    return Problem(
        404,
        "nothing_to_judge",
        shortened(f"{question_id} {clause_id}"),
        remedy="取下一条继续 / go on with GET /v1/judging/next",
    )
