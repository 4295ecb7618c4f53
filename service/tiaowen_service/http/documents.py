"""The documents of the live index: list, one, outline, raw text, edits."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from fastapi import APIRouter, Query, Request
from starlette.responses import Response
from tiaowen_corpus.errors import TiaowenError
from tiaowen_corpus.types import Document

from tiaowen_service.as_json import encoded
from tiaowen_service.catalogue import Entry
from tiaowen_service.http.problems import Problem, shortened
from tiaowen_service.searcher import Searcher

router = APIRouter(prefix="/v1/documents", tags=["documents"])


@router.get("", response_model=None)
def documents(
    request: Request, limit: int = Query(50, ge=1, le=500), offset: int = Query(0, ge=0)
) -> Response:
    """The documents in the order of the library."""
    if request.app.state.live.is_empty:
        empty = {"total": 0, "documents": [], "errors": [], "index_version": ""}
        return Response(encoded(empty), media_type="application/json")
    searcher: Searcher = request.app.state.live.searcher()
    entries = searcher.catalogue.entries
    return _tagged(
        request,
        searcher,
        {
            "total": len(entries),
            "documents": [_listed(entry) for entry in entries[offset : offset + limit]],
            "errors": [
                {"source": name, "code": code, "message": message}
                for name, code, message in searcher.snapshot.manifest.errors
            ],
            "index_version": searcher.version,
        },
    )


@router.get("/{doc_id}/outline", response_model=None)
def outline(request: Request, doc_id: str) -> Response:
    """The labels and headings of a document in order, with the depth of each."""
    searcher: Searcher = request.app.state.live.searcher()
    entry = searcher.catalogue.entries[_row(searcher, doc_id)]
    rows = np.arange(entry.first, entry.first + entry.clauses, dtype=np.int32)
    return _tagged(
        request,
        searcher,
        {
            "doc_id": doc_id,
            "title": entry.title,
            "outline": [
                {
                    "clause_id": stored.clause.clause_id,
                    "label": stored.clause.label,
                    "depth": len(stored.clause.path),
                    "heading": stored.clause.heading,
                    "kind": stored.clause.kind,
                    "start": stored.clause.span.start,
                    "end": stored.clause.span.end,
                }
                for stored in searcher.clauses(rows)
            ],
        },
    )


@router.get("/{doc_id}/raw", response_model=None, responses={200: {"content": {"text/plain": {}}}})
def raw(request: Request, doc_id: str) -> Response:
    """What the whole file said, as read."""
    document = _document(request, doc_id)
    body = document.raw.encode("utf-8", "replace")
    return Response(
        body,
        media_type="text/plain; charset=utf-8",
        headers={"ETag": f'"{document.raw_sha256}"'},
    )


@router.get("/{doc_id}/edits", response_model=None)
def edits(request: Request, doc_id: str) -> Response:
    """Every character left out of the text, and every repair, with its span in the raw text."""
    searcher: Searcher = request.app.state.live.searcher()
    document = _document(request, doc_id)
    return _tagged(
        request,
        searcher,
        {
            "doc_id": doc_id,
            "extent": {"start": document.extent.start, "end": document.extent.end},
            "kept": sum(len(span) for span in document.kept),
            "removed": len(document.extent) - sum(len(span) for span in document.kept),
            "edits": [
                {
                    "start": edit.span.start,
                    "end": edit.span.end,
                    "kind": edit.kind.value,
                    "reason": edit.reason,
                    "was": edit.span.of(document.raw),
                    "replacement": edit.replacement,
                }
                for edit in document.edits
            ],
        },
    )


@router.get("/{doc_id}", response_model=None)
def document(request: Request, doc_id: str) -> Response:
    """One document: what it says of itself, and what was read of it."""
    searcher: Searcher = request.app.state.live.searcher()
    row = _row(searcher, doc_id)
    stored = searcher.snapshot.store.document(row)
    counts = Counter(edit.kind.value for edit in stored.edits)
    return _tagged(
        request,
        searcher,
        _listed(searcher.catalogue.entries[row])
        | {
            "raw_sha256": stored.raw_sha256,
            "characters": len(stored.text),
            "edits": dict(sorted(counts.items())),
        },
        revision=_revision(request, stored.file_id),
    )


def _revision(request: Request, file_id: str) -> str:
    """Return the tag of the file in the library, which If-Match of a write takes; "" without."""
    desk = request.app.state.desk
    try:
        return desk.shelf.tag(file_id) if desk is not None else ""
    except TiaowenError:  # deleted, and the index without it is being built
        return ""


def _document(request: Request, doc_id: str) -> Document:
    searcher: Searcher = request.app.state.live.searcher()
    return searcher.snapshot.store.document(_row(searcher, doc_id))


def _row(searcher: Searcher, doc_id: str) -> int:
    row = searcher.catalogue.rows.get(doc_id)
    if row is None:
        raise Problem(
            404,
            "document_not_found",
            shortened(doc_id),
            remedy="文件列表见 /v1/documents / see /v1/documents for what there is",
        )
    return row


def _listed(entry: Entry) -> dict[str, Any]:
    return {
        "doc_id": entry.doc_id,
        "file_id": entry.file_id,
        "part": entry.part,
        "title": entry.title,
        "kind": entry.kind,
        "clauses": entry.clauses,
        **entry.metadata,
    }


def _tagged(
    request: Request, searcher: Searcher, value: dict[str, Any], *, revision: str = ""
) -> Response:
    """Answer with the index version as ETag, or 304 to whom it is no news."""
    tag = f'"{revision}.{searcher.version}"' if revision else f'"{searcher.version}"'
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers={"ETag": tag})
    return Response(encoded(value), media_type="application/json", headers={"ETag": tag})
