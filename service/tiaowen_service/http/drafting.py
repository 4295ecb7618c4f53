"""For drafters: precedents, requirements, checks, comparisons, exports."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import Response
from tiaowen_corpus.types import Modality

from tiaowen_service.as_json import encoded
from tiaowen_service.drafting import requirements as table
from tiaowen_service.drafting.precedents import LONGEST_DRAFT, precedents
from tiaowen_service.drafting.sheets import XLSX
from tiaowen_service.drafting.tables import requirements_csv, requirements_xlsx
from tiaowen_service.drafting.workshop import Workshop, workshop_of
from tiaowen_service.http.problems import Problem, invalid
from tiaowen_service.http.wire import FiltersIn

router = APIRouter(prefix="/v1", tags=["drafting"])

Names = Annotated[list[str] | None, Query(max_length=200)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class DraftIn(_Strict):
    """A sentence or a whole draft."""

    text: str = Field(
        min_length=1, max_length=LONGEST_DRAFT, examples=["每学期至少召开两次家长会。"]
    )
    limit: int = Field(10, ge=1, le=50, description="hits a sentence")
    filters: FiltersIn = FiltersIn()


class CompareIn(_Strict):
    """A topic, or chosen clauses, against documents, regions or years."""

    topic: str = Field("", max_length=500)
    clause_ids: list[str] = Field([], max_length=20)
    by: Literal["documents", "regions", "years"] = "documents"
    columns: list[str] = Field([], max_length=50, description="documents, regions or years wanted")
    base: str = Field("", description="the column that the others are compared with")
    format: Literal["json", "html", "xlsx", "docx"] = "json"


class ExportIn(_Strict):
    """Chosen clauses, handed out with their citations."""

    clause_ids: list[str] = Field(min_length=1, max_length=200)
    title: str = Field("条文摘编", min_length=1, max_length=100)
    format: Literal["docx", "markdown", "csv", "json"] = "docx"


_DRAFT_BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["text"],
                "properties": {"text": {"type": "string", "maxLength": LONGEST_DRAFT}},
            }
        },
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {"file": {"type": "string", "format": "binary"}},
            }
        },
    },
}


@router.post("/precedents", response_model=None)
def find_precedents(request: Request, draft: DraftIn) -> Response:
    """Like wordings of every sentence, grouped by formula, best first, differences marked."""
    workshop = _workshop(request)
    return _json(
        precedents(
            workshop.finder,
            _readable(draft.text),
            limit=draft.limit,
            filters=draft.filters.checked(),
        )
    )


@router.get("/requirements", response_model=None)
def requirements(
    *,
    request: Request,
    actor: str = "",
    modality: Annotated[list[Modality] | None, Query()] = None,
    topic: str = Query("", max_length=500),
    period: str = "",
    doc_ids: Names = None,
    kinds: Names = None,
    sort: Literal["place", "quantity"] = "place",
    view: Literal["rows", "distribution"] = "rows",
    limit: int = Query(100, ge=1, le=5000),
    offset: int = Query(0, ge=0),
    format: Literal["json", "csv", "xlsx"] = "json",
) -> Response:
    """Who must, may or must not do what, how much, how often, until when."""
    workshop = _workshop(request)
    wanted = table.Wanted(
        actor=actor,
        modality=tuple(modality or ()),
        topic=topic,
        period=period,
        documents=tuple(doc_ids or ()),
        kinds=tuple(kinds or ()),
    )
    version = workshop.searcher.version
    if f'"{version}"' in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers={"ETag": f'"{version}"'})
    found = table.select(workshop, wanted, by_quantity=sort == "quantity")
    if view == "distribution":
        spread = table.distribution(workshop, found)
        page = spread[offset : offset + limit]
        return _json(
            {"total": len(spread), "distribution": page, "index_version": version}, version
        )
    if format != "json":
        rows = [table.cited_row(workshop, norm) for norm in found]
        if format == "csv":
            return attachment(requirements_csv(rows), "requirements.csv", "text/csv; charset=utf-8")
        return attachment(requirements_xlsx(rows), "requirements.xlsx", XLSX)
    rows = [table.cited_row(workshop, norm) for norm in found[offset : offset + limit]]
    return _json({"total": len(found), "requirements": rows, "index_version": version}, version)


@router.post("/drafts:check", response_model=None, openapi_extra={"requestBody": _DRAFT_BODY})
async def check_draft(request: Request) -> Response:
    """Say of every sentence whether it is new, a formula or copied, and which sections lack.

    The draft comes as JSON, or as an uploaded file: txt, md, html, docx or pdf.
    """
    from tiaowen_service.drafting.check import check, read_draft

    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        file = (await request.form()).get("file")
        if not isinstance(file, UploadFile):
            raise invalid([{"loc": ("file",), "msg": "文件缺失 / no file"}])
        body = await file.read()
        text = await run_in_threadpool(read_draft, file.filename or "draft.txt", body)
    else:
        text = _parsed(await request.body()).text
    text = _readable(text[:LONGEST_DRAFT])
    return _json(await run_in_threadpool(check, _workshop(request), text))


@router.post("/compare", response_model=None)
def compare(request: Request, wanted: CompareIn) -> Response:
    """Put the best clause of every document, region or year side by side."""
    from tiaowen_service.drafting.compare import compare as compared
    from tiaowen_service.drafting.compare_files import DOCX, docx, html, xlsx

    if not wanted.topic.strip() and not wanted.clause_ids:
        raise Problem(
            422,
            "nothing_to_compare",
            "topic, clause_ids",
            remedy="给出 topic 或 clause_ids / give a topic or clause_ids",
        )
    workshop = _workshop(request)
    _known(workshop, wanted.clause_ids)
    matrix = compared(
        workshop,
        topic=wanted.topic,
        clause_ids=wanted.clause_ids,
        by=wanted.by,
        columns=wanted.columns,
        base=wanted.base,
    )
    if wanted.format == "html":
        return Response(html(matrix), media_type="text/html; charset=utf-8")
    if wanted.format == "xlsx":
        return attachment(xlsx(matrix), "comparison.xlsx", XLSX)
    if wanted.format == "docx":
        return attachment(docx(matrix), "comparison.docx", DOCX)
    return _json(matrix)


@router.post("/export", response_model=None)
def export(request: Request, wanted: ExportIn) -> Response:
    """Hand out chosen clauses with their citations."""
    from tiaowen_service.drafting.export import DOCX, csv, docx, items, markdown

    workshop = _workshop(request)
    _known(workshop, wanted.clause_ids)
    chosen = items(workshop, wanted.clause_ids)
    if wanted.format == "docx":
        body = docx(chosen, title=wanted.title)
        return attachment(body, "clauses.docx", DOCX)
    if wanted.format == "markdown":
        text = markdown(chosen, title=wanted.title).encode()
        return attachment(text, "clauses.md", "text/markdown; charset=utf-8")
    if wanted.format == "csv":
        return attachment(csv(chosen), "clauses.csv", "text/csv; charset=utf-8")
    return _json({"title": wanted.title, "clauses": chosen})


def attachment(body: bytes, name: str, media_type: str) -> Response:
    """Return a file to save."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=media_type, headers=headers)


def _workshop(request: Request) -> Workshop:
    return workshop_of(request.app.state.live.searcher())


def _known(workshop: Workshop, clause_ids: list[str]) -> None:
    for clause_id in clause_ids:
        if clause_id not in workshop.rows:
            raise Problem(
                404,
                "clause_not_found",
                clause_id[:80],
                remedy="用 /v1/search 查找 / find it with /v1/search",
            )


def _parsed(body: bytes) -> DraftIn:
    try:
        return DraftIn.model_validate_json(body or b"{}")
    except ValidationError as error:
        raise invalid(error.errors(include_url=False, include_input=False)) from error


def _readable(text: str) -> str:
    """Return a draft that says something; lone surrogates are replaced."""
    text = text.encode("utf-8", "replace").decode()
    if not any(character.isalnum() for character in text):
        raise Problem(
            422,
            "empty_draft",
            "text",
            remedy="在 text 中写明草稿 / put the draft into text",
        )
    return text


def _json(value: dict[str, Any], version: str = "") -> Response:
    headers = {"ETag": f'"{version}"'} if version else None
    return Response(encoded(value), media_type="application/json", headers=headers)
