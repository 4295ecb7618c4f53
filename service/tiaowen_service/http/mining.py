"""The corpus as a whole: a document's profile, topics, formula phrases, skeletons of a kind."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from tiaowen_service.as_json import encoded
from tiaowen_service.drafting.outlines import skeleton
from tiaowen_service.drafting.phrases import phrases
from tiaowen_service.drafting.profile import profile
from tiaowen_service.drafting.topics import topics
from tiaowen_service.drafting.workshop import Workshop, workshop_of
from tiaowen_service.http.problems import Problem, shortened

router = APIRouter(prefix="/v1", tags=["mining"])


@router.get("/documents/{doc_id}/profile", response_model=None)
def document_profile(request: Request, doc_id: str) -> Response:
    """Key terms against the rest, sections, sections that lack, wording shared with others."""
    workshop = _workshop(request)
    if doc_id not in workshop.searcher.catalogue.rows:
        raise Problem(
            404,
            "document_not_found",
            shortened(doc_id),
            remedy="文件列表见 /v1/documents / see /v1/documents for what there is",
        )
    return _kept(request, f"profile/{doc_id}", lambda: profile(workshop, doc_id))


@router.get("/topics", response_model=None)
def corpus_topics(request: Request, count: int = Query(12, ge=2, le=50)) -> Response:
    """Topics of the clauses, labelled by their words, the largest first."""
    workshop = _workshop(request)
    return _kept(request, f"topics/{count}", lambda: topics(workshop, count))


@router.get("/phrases", response_model=None)
def corpus_phrases(request: Request, limit: int = Query(50, ge=1, le=200)) -> Response:
    """Formula phrases with slots and fillings, and phrases that documents share word for word."""
    workshop = _workshop(request)
    return _kept(request, f"phrases/{limit}", lambda: phrases(workshop, limit=limit))


@router.get("/skeletons/{kind}", response_model=None)
def kind_skeleton(request: Request, kind: str) -> Response:
    """The sections that documents of a kind usually have, in their usual order."""
    workshop = _workshop(request)
    return _kept(
        request, f"skeleton/{kind}", lambda: {"kind": kind, "sections": skeleton(workshop, kind)}
    )


def _workshop(request: Request) -> Workshop:
    return workshop_of(request.app.state.live.searcher())


def _kept(request: Request, name: str, made: Any) -> Response:
    """Answer from what was computed for this snapshot before, with its version as ETag."""
    workshop = _workshop(request)
    tag = f'"{workshop.searcher.version}"'
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers={"ETag": tag})
    body = workshop.kept(name, lambda: encoded(made()))
    return Response(body, media_type="application/json", headers={"ETag": tag})
