"""Files out of a request: multipart with one or more parts, or the bare bytes with a name."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import unquote

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request

from tiaowen_service.http.problems import Problem

MOST_FILES = 100  # of one request
_REMEDY = (
    "用 multipart/form-data 的 file 字段上传 / upload as multipart/form-data, field name: file"
)


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as it came."""

    name: str
    data: bytes


async def uploads(request: Request, *, name: str = "") -> list[Upload]:
    """Return the files of ``request``; bare bytes are named ``name`` or by ``?name=``."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "multipart/form-data":
        return await _bare(request, name)
    try:
        async with request.form(max_files=MOST_FILES, max_fields=10) as form:
            parts = [value for _, value in form.multi_items() if isinstance(value, UploadFile)]
            found = [Upload(part.filename or "", await part.read()) for part in parts]
    except (MultiPartException, HTTPException, UnicodeDecodeError, ValueError) as error:
        raise Problem(400, "bad_upload", str(error)[:200], remedy=_REMEDY) from error
    except ClientDisconnect as error:
        raise Problem(400, "bad_upload", "disconnected", remedy=_REMEDY) from error
    if not found:
        raise Problem(422, "no_file", "没有文件 / no file part", remedy=_REMEDY)
    return found


def digest_of(files: list[Upload], *more: str) -> str:
    """Return what tells this request from another with the same Idempotency-Key."""
    digest = sha256()
    for text in (*more, *(item.name for item in files)):
        digest.update(text.encode("utf-8", "replace") + b"\0")
    for item in files:
        digest.update(sha256(item.data).digest())
    return digest.hexdigest()[:32]


async def _bare(request: Request, name: str) -> list[Upload]:
    try:
        body = await request.body()
    except ClientDisconnect as error:
        raise Problem(400, "bad_upload", "disconnected", remedy=_REMEDY) from error
    given = unquote(request.query_params.get("name", "")) or name
    if not body or not given:
        raise Problem(422, "no_file", "没有文件或文件名 / no file or no name", remedy=_REMEDY)
    return [Upload(given, body)]
