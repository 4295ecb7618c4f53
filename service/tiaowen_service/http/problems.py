"""Errors as RFC 9457 problem details: a stable code, what is wrong, what to do next."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from tiaowen_corpus.errors import TiaowenError

from tiaowen_service.as_json import encoded
from tiaowen_service.http.statuses import RETRY_AFTER, STATUSES

MEDIA_TYPE = "application/problem+json"
_TYPE = "https://tiaowen.invalid/problems/"  # an identifier, not an address (RFC 9457, 3.1.1)
_LONGEST_ECHO = 80  # characters of a wrong value that are repeated to its sender

log = logging.getLogger(__name__)


class Problem(Exception):
    """A request that cannot be answered as asked."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        remedy: str,
        errors: Sequence[Mapping[str, str]] = (),
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.remedy = status, code, detail, remedy
        self.errors = errors
        self.headers: dict[str, str] = {}

    def response(self) -> Response:
        """Return it as application/problem+json."""
        body: dict[str, Any] = {
            "type": _TYPE + self.code,
            "title": TITLES.get(self.code, self.code),
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            "remedy": self.remedy,
        }
        if self.errors:
            body["errors"] = list(self.errors)
        return Response(encoded(body), self.status, dict(self.headers), media_type=MEDIA_TYPE)


TITLES = {
    "invalid_request": "请求不合要求 / invalid request",
    "not_json": "请求不是 JSON / not JSON",
    "empty_query": "查询为空 / empty query",
    "query_too_long": "查询过长 / query too long",
    "body_too_large": "请求体过大 / request body too large",
    "body_too_slow": "请求体传送过慢 / request body too slow",
    "clause_not_found": "没有这一条文 / no such clause",
    "document_not_found": "没有这一文件 / no such document",
    "empty_draft": "草稿为空 / empty draft",
    "nothing_to_compare": "没有可比较的内容 / nothing to compare",
    "not_found": "没有这个地址 / no such address",
    "method_not_allowed": "不支持这种请求方法 / method not allowed",
    "internal_error": "服务内部错误 / internal error",
    "too_many_requests": "请求过于频繁 / too many requests",
    "key_missing": "需要密钥 / a key is needed",
    "scope_missing": "密钥权限不足 / the key may not do this",
    "foreign_origin": "来自其他网页的请求 / sent by another site's page",
    "wrong_host": "主机名不符 / wrong host name",
    "task_not_found": "没有这一任务 / no such task",
    "index_not_found": "没有这一索引版本 / no such version of the index",
    "document_exists": "已有同名文件 / a document of this name exists",
    "precondition_failed": "文件已被修改 / the document has changed",
    "idempotency_key_reused": "键已用于别的请求 / the key came with another request",
    "bad_idempotency_key": "Idempotency-Key 不可用 / not a usable Idempotency-Key",
    "bad_upload": "上传不完整 / a broken upload",
    "no_file": "没有文件 / no file",
    "one_file": "只收一个文件 / one file only",
    "bad_name": "文件名不可用 / not a usable file name",
    "empty_file": "文件没有文字 / the file holds no text",
    "encrypted_file": "文件已加密 / the file is encrypted",
    "scanned_pdf": "扫描件没有文字层 / a scan without text",
    "broken_file": "文件已损坏 / the file is broken",
    "unknown_format": "不认识的文件类型 / unknown file type",
    "too_large": "文件过大 / the file is too large",
    "too_costly": "读取该文件超出限制 / reading the file exceeds the limits",
    "cannot_write": "无法写入 / cannot write",
    "busy": "正在写入 / busy",
    "library_empty": "文件库为空 / the library is empty",
    "read_only_service": "本服务没有文件库 / no library is served",
    "nothing_to_judge": "没有这一待判的条文 / no such clause to judge",
    "nothing_before": "没有可回退的版本 / no earlier version",
}


def shortened(value: object) -> str:
    """Return a value as text that is safe and short enough to repeat to its sender."""
    text = "".join(
        character if character.isprintable() else "�" for character in str(value)[:_LONGEST_ECHO]
    )
    return text + ("…" if len(str(value)) > _LONGEST_ECHO else "")


def install(app: FastAPI) -> None:
    """Render every error of ``app`` as a problem."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(TiaowenError, _tiaowen)
    app.add_exception_handler(Exception, _unexpected)


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return error.response()


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return invalid(error.errors()).response()


def invalid(errors: Sequence[Any]) -> Problem:
    """Return the problem of a body or query that does not fit, from pydantic's list."""
    listed = [
        {
            "where": shortened(".".join(str(part) for part in item.get("loc", ()))),
            "what": shortened(item.get("msg", "")),
        }
        for item in errors[:20]
    ]
    where = "; ".join(f"{item['where']}: {item['what']}" for item in listed[:3])
    return Problem(
        422,
        "invalid_request",
        where,
        remedy="按 /openapi.json 修正所列字段后重试 / correct the fields listed, see /openapi.json",
        errors=listed,
    )


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "invalid_request")
    response = Problem(
        error.status_code,
        code,
        f"{request.method} {shortened(request.url.path)}",
        remedy="接口列表见 /openapi.json / see /openapi.json for what there is",
    ).response()
    response.headers.update(error.headers or {})
    return response


async def _tiaowen(request: Request, error: Exception) -> Response:
    assert isinstance(error, TiaowenError)
    status = STATUSES.get(error.code, 409)
    response = Problem(status, error.code, error.message, remedy=error.remedy).response()
    if error.code in RETRY_AFTER:
        response.headers["retry-after"] = RETRY_AFTER[error.code]
    return response


async def _unexpected(request: Request, error: Exception) -> Response:
    log.exception("%s %s", request.method, request.url.path, exc_info=error)
    return Problem(
        500,
        "internal_error",
        "请求未能完成 / the request could not be completed",
        remedy="重试;若再次出现,请附上 X-Request-Id 报告 / retry; report it with its X-Request-Id",
    ).response()
