"""Writing the library: add, replace, delete, versions. 202 means: durable, and being indexed."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from tiaowen_corpus.errors import TiaowenError

from tiaowen_service.as_json import encoded
from tiaowen_service.http.multipart import Upload, digest_of, uploads
from tiaowen_service.http.problems import Problem, shortened
from tiaowen_service.library.desk import Desk
from tiaowen_service.library.journal import Entry
from tiaowen_service.library.shelf import Asked, DocumentExists, Put
from tiaowen_service.library.tasks import new_id

router = APIRouter(prefix="/v1/documents", tags=["library"])

_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_TAG = re.compile(r'(?:W/)?"([0-9a-f]{16})(?:\.[^"]*)?"')
_FILES = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "file": {
                            "type": "array",
                            "items": {
                                "type": "string",
                                "contentMediaType": "application/octet-stream",
                            },
                        }
                    },
                    "required": ["file"],
                }
            }
        },
    }
}


@router.post("", response_model=None, status_code=202, openapi_extra=_FILES)
async def add_documents(request: Request) -> Response:
    """Add files (`file`, up to 100 parts). Files that are refused are listed with the reason."""
    files = await uploads(request)
    asked = _asked(request, digest_of(files, "POST"))
    return await run_in_threadpool(_added, desk_of(request), files, asked)


@router.put("/{file_id}", response_model=None, status_code=202, openapi_extra=_FILES)
async def replace_document(request: Request, file_id: str) -> Response:
    """Replace a file, or add it under this id. `If-Match: *` or its tag guards against others."""
    files = await uploads(request, name=file_id)
    if len(files) != 1:
        raise Problem(422, "one_file", str(len(files)), remedy="PUT 只收一个文件 / send one file")
    asked = _asked(request, digest_of(files, "PUT", file_id, request.headers.get("if-match", "")))
    return await run_in_threadpool(
        _replaced, desk_of(request), file_id, files[0], asked, _expected(request, file_id)
    )


@router.delete("/{file_id}", response_model=None, status_code=202)
async def delete_document(request: Request, file_id: str) -> Response:
    """Delete a file with all its parts; its versions stay and can be put back."""
    asked = _asked(request, digest_of([], "DELETE", file_id, request.headers.get("if-match", "")))
    return await run_in_threadpool(
        _deleted, desk_of(request), file_id, asked, _expected(request, file_id)
    )


@router.get("/{file_id}/versions", response_model=None)
async def document_versions(request: Request, file_id: str) -> Response:
    """The versions of a file, newest first; the ETag is what If-Match takes."""
    return await run_in_threadpool(_versions, desk_of(request), file_id)


@router.get(
    "/{file_id}/versions/{version}",
    response_model=None,
    responses={200: {"content": {"application/octet-stream": {}}}},
)
async def document_version(request: Request, file_id: str, version: int) -> Response:
    """The bytes of one version as they were uploaded."""
    name, data = await run_in_threadpool(desk_of(request).shelf.bytes_of, file_id, version)
    disposition = f"attachment; filename*=UTF-8''{quote(name.rpartition('/')[2])}"
    return Response(
        data,
        media_type="application/octet-stream",
        headers={"content-disposition": disposition},
    )


@router.post("/{file_id}/versions/{version}:restore", response_model=None, status_code=202)
async def restore_version(request: Request, file_id: str, version: int) -> Response:
    """Put an earlier version back; it becomes the newest one."""
    desk = desk_of(request)
    name, data = await run_in_threadpool(desk.shelf.bytes_of, file_id, version)
    upload = Upload(name.rpartition("/")[2], data)
    asked = _asked(request, digest_of([upload], "RESTORE", file_id, str(version)))
    return await run_in_threadpool(
        _replaced, desk, file_id, upload, asked, _expected(request, file_id)
    )


def _added(desk: Desk, files: list[Upload], asked: Asked) -> Response:
    puts: list[Put] = []
    refused: list[tuple[str, TiaowenError]] = []
    former = desk.former(asked)
    if former is not None:
        return _accepted(desk, former, [])
    for item in files:
        try:
            name = desk.checked(item.name, item.data, taken=[put.name for put in puts])
            puts.append(Put(name, item.data))
        except TiaowenError as error:
            refused.append((item.name, error))
    if not puts:
        raise _all_refused(refused)
    return _accepted(desk, desk.accept(puts, asked=asked), refused)


def _replaced(
    desk: Desk, file_id: str, upload: Upload, asked: Asked, expected: dict[str, str]
) -> Response:
    former = desk.former(asked)
    if former is not None:
        return _accepted(desk, former, [])
    name = desk.named(file_id, upload.name)
    try:
        name = desk.checked(name, upload.data, replaces=file_id)
    except TiaowenError as error:
        raise _all_refused([(upload.name, error)]) from error
    entry = desk.accept([Put(name, upload.data, file_id)], asked=asked, expected=expected)
    return _accepted(desk, entry, [])


def _deleted(desk: Desk, file_id: str, asked: Asked, expected: dict[str, str]) -> Response:
    former = desk.former(asked)
    if former is None:
        former = desk.accept(deletes=[file_id], asked=asked, expected=expected)
    return _accepted(desk, former, [])


def _versions(desk: Desk, file_id: str) -> Response:
    held = desk.shelf.versions(file_id)
    there = desk.shelf.is_there(file_id)
    rows = [
        {
            "version": item.change.version,
            "change": item.change.op,
            "name": item.change.name,
            "size": item.change.size,
            "sha256": item.change.sha256,
            "at": item.entry.at,
            "by": item.entry.by,
        }
        for item in reversed(held)
    ]
    current = held[-1].change.version if held and there else None
    headers = {"etag": f'"{desk.shelf.tag(file_id)}"'} if there else {}
    value = {"file_id": file_id, "exists": there, "current": current, "versions": rows}
    return Response(encoded(value), media_type="application/json", headers=headers)


def _accepted(desk: Desk, entry: Entry, refused: list[tuple[str, TiaowenError]]) -> Response:
    task = desk.task_of(entry)
    value: dict[str, Any] = {
        "task_id": task.task_id,
        "task": task.wire(),
        "accepted": desk.told(entry),
        "refused": [_refusal(name, error) for name, error in refused],
    }
    headers = {"location": f"/v1/tasks/{task.task_id}"}
    last = entry.changes[-1]
    if last.op == "put" and len(value["accepted"]) == 1:
        headers["etag"] = f'"{last.sha256[:16]}"'
    return Response(encoded(value), 202, media_type="application/json", headers=headers)


def _all_refused(refused: list[tuple[str, TiaowenError]]) -> Problem:
    error = refused[0][1]
    status = 422
    if isinstance(error, DocumentExists):
        status = 409
    elif error.code in {"too_large"}:
        status = 413
    elif error.code == "unknown_format":
        status = 415
    return Problem(
        status,
        error.code,
        shortened(error.message),
        remedy=error.remedy,
        errors=[
            {"where": shortened(name), "what": shortened(item.message)} for name, item in refused
        ],
    )


def _refusal(name: str, error: TiaowenError) -> dict[str, str]:
    return {
        "name": shortened(name),
        "code": error.code,
        "message": shortened(error.message),
        "remedy": error.remedy,
    }


def _asked(request: Request, digest: str) -> Asked:
    key = request.headers.get("idempotency-key", "")
    if key and not _KEY.fullmatch(key):
        raise Problem(
            422,
            "bad_idempotency_key",
            shortened(key),
            remedy="1–200 个可见 ASCII 字符 / 1–200 visible ASCII characters",
        )
    return Asked(request.scope.get("tiaowen.key", "local"), new_id(), key, digest if key else "")


def _expected(request: Request, file_id: str) -> dict[str, str]:
    given = request.headers.get("if-match", "").strip()
    if not given:
        return {}
    if given == "*":
        return {file_id: "*"}
    tag = _TAG.fullmatch(given)
    return {file_id: tag[1] if tag else "-"}


def desk_of(request: Request) -> Desk:
    """Return the library's desk. Raises Problem where none is served."""
    desk: Desk | None = request.app.state.desk
    if desk is None:
        raise Problem(
            409,
            "read_only_service",
            "服务只带索引启动,没有文件库 / served from an index alone, without a library",
            remedy="用 tiaowen serve --corpus 目录 启动 / start with tiaowen serve --corpus DIR",
        )
    return desk
