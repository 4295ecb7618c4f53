"""One clause, what stands around it, and its kin. Ids hold slashes: routes take whole paths."""

from __future__ import annotations

from typing import Any

import numpy as np
from fastapi import APIRouter, Query, Request
from starlette.responses import Response
from tiaowen_indexer.store import StoredClause

from tiaowen_service.as_json import encoded
from tiaowen_service.hits import clause_of
from tiaowen_service.http.problems import Problem, shortened
from tiaowen_service.http.wire import ClauseOut
from tiaowen_service.searcher import Searcher

router = APIRouter(prefix="/v1/clauses", tags=["clauses"])


@router.get("/{clause_id:path}/context", response_model=None)
def context(
    request: Request,
    clause_id: str,
    before: int = Query(2, ge=0, le=20),
    after: int = Query(2, ge=0, le=20),
) -> Response:
    """A clause with its ancestors, its children and its neighbours in the document."""
    searcher: Searcher = request.app.state.live.searcher()
    stored = _clause(searcher, clause_id)
    entry = searcher.catalogue.entries[stored.document]
    rows = np.arange(entry.first, entry.first + entry.clauses, dtype=np.int32)
    siblings = searcher.clauses(rows)
    path, at = stored.clause.path, stored.row - entry.first
    return _json(
        {
            "clause": _shown(searcher, stored),
            "ancestors": [
                _shown(searcher, other)
                for other in siblings
                if len(other.clause.path) < len(path)
                and other.clause.path == path[: len(other.clause.path)]
            ],
            "children": [
                _shown(searcher, other)
                for other in siblings
                if len(other.clause.path) == len(path) + 1 and other.clause.path[:-1] == path
            ],
            "before": [_shown(searcher, other) for other in siblings[max(0, at - before) : at]],
            "after": [_shown(searcher, other) for other in siblings[at + 1 : at + 1 + after]],
        }
    )


@router.get("/{clause_id:path}/similar", response_model=None)
def similar(request: Request, clause_id: str, limit: int = Query(10, ge=1, le=100)) -> Response:
    """The clauses nearest in meaning, best first, with their cosine; its near copies marked."""
    searcher: Searcher = request.app.state.live.searcher()
    stored = _clause(searcher, clause_id)
    vectors = searcher.snapshot.vectors
    query = np.asarray(vectors.stored[stored.row], np.float32)
    rows, cosines = vectors.search(query, limit + 1)
    group = searcher.snapshot.columns.group
    hits = [
        {
            "score": round(float(cosine), 4),
            "near_copy": bool(group[other.row] == group[stored.row]),
            **_shown(searcher, other),
        }
        for other, cosine in zip(searcher.clauses(rows), cosines, strict=True)
        if other.row != stored.row
    ]
    return _json({"clause_id": clause_id, "hits": hits[:limit]})


@router.get("/{clause_id:path}", response_model=ClauseOut)
def clause(request: Request, clause_id: str) -> Response:
    """A clause as its source words it."""
    searcher: Searcher = request.app.state.live.searcher()
    return _json(_shown(searcher, _clause(searcher, clause_id)))


def _clause(searcher: Searcher, clause_id: str) -> StoredClause:
    row = searcher.snapshot.store.clause_row(clause_id)
    if row is None:
        raise Problem(
            404,
            "clause_not_found",
            shortened(clause_id),
            remedy="用 /v1/search 查找,或看 /v1/documents/{id}/outline / "
            "search for it, or see /v1/documents/{id}/outline; '#' in an id is sent as %23",
        )
    return searcher.snapshot.store.clauses([row])[row]


def _shown(searcher: Searcher, stored: StoredClause) -> dict[str, Any]:
    clause = stored.clause
    return clause_of(stored, searcher.catalogue.entries[stored.document]) | {
        "revision": clause.revision,
        "span": {"start": clause.span.start, "end": clause.span.end},
        "duplicates": len(searcher.duplicates.of([stored.row])[0]),
    }


def _json(value: dict[str, Any]) -> Response:
    return Response(encoded(value), media_type="application/json")
