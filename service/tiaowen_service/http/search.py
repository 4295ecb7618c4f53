"""The hot routes: plain Starlette, one validation in, one encoding out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tiaowen_service.answers import counted
from tiaowen_service.as_json import encoded
from tiaowen_service.http.problems import Problem, invalid
from tiaowen_service.http.wire import BatchIn, FiltersIn, SearchIn
from tiaowen_service.live import Live

_LISTS = {"doc_ids", "kinds", "issuers", "regions", "modality"}
_Model = TypeVar("_Model", SearchIn, BatchIn)
_FILTERS = frozenset(FiltersIn.model_fields)
_REMEMBERED = {"x-cache": "hit"}
LONGEST_KEY = 4096  # bytes of a request that are remembered with its answer


async def search_post(request: Request) -> Response:
    """Answer ``POST /v1/search``."""
    body = await request.body()
    return await _answer(request, ("POST", body), lambda: _parsed(SearchIn, body))


async def search_get(request: Request) -> Response:
    """Answer ``GET /v1/search?q=``."""
    return await _answer(request, ("GET", request.scope["query_string"]), lambda: _asked(request))


async def search_batch(request: Request) -> Response:
    """Answer ``POST /v1/search:batch``, in a thread: a hundred searches would hold up others."""
    batch = _parsed(BatchIn, await request.body())
    searcher = request.app.state.live.searcher()
    answers = await run_in_threadpool(
        lambda: [searcher.search(wanted.checked()) for wanted in batch.queries]
    )
    for answer in answers:
        request.app.state.figures.searched(counted(answer))
    return Response(encoded({"answers": answers}), media_type="application/json")


ROUTES = [
    Route("/v1/search", search_post, methods=["POST"], include_in_schema=False),
    Route("/v1/search", search_get, methods=["GET"], include_in_schema=False),
    Route("/v1/search:batch", search_batch, methods=["POST"], include_in_schema=False),
]


async def _answer(
    request: Request, sent: tuple[str, bytes], read: Callable[[], SearchIn]
) -> Response:
    """Answer from what was given before, if it was; ``took_ms`` is then that of the first time.

    ``sent`` are the bytes that ask, ``read`` makes a search of them.
    """
    live: Live = request.app.state.live
    serving, answers = live.serving(), live.answers
    version = serving.searcher.version
    given = answers.get(version, sent)
    headers: dict[str, str] | None = _REMEMBERED
    if given is None:
        asked = read().checked()
        given = answers.get(version, asked)
        if given is None:
            given, headers = await serving.answer(asked), None
            answers.keep(version, asked, given)
        if len(sent[1]) <= LONGEST_KEY:
            answers.keep(version, sent, given)
    request.app.state.figures.searched(given.counted)
    return Response(given.body, media_type="application/json", headers=headers)


def _asked(request: Request) -> SearchIn:
    try:
        return SearchIn.model_validate(_from_query(request), strict=False)
    except ValidationError as error:
        raise _refusal(error) from error


def _parsed(model: type[_Model], body: bytes) -> _Model:
    try:
        return model.model_validate_json(body or b"{}")
    except ValidationError as error:
        raise _refusal(error) from error


def _refusal(error: ValidationError) -> Problem:
    errors = error.errors(include_url=False, include_context=False, include_input=False)
    first = errors[0]
    if first["type"] == "json_invalid":
        return Problem(
            400,
            "not_json",
            first["msg"],
            remedy="请求体须为 UTF-8 的 JSON / send the body as JSON in UTF-8",
        )
    if first["loc"] and first["loc"][-1] == "query":
        if first["type"] in {"value_error", "missing"}:
            return Problem(
                422,
                "empty_query",
                first["msg"],
                remedy="在 query(GET 为 q)中写明要查什么 / say what to search in query (GET: q)",
            )
        if first["type"] == "string_too_long":
            return Problem(
                422,
                "query_too_long",
                first["msg"],
                remedy="缩短到 2000 字以内 / shorten it to 2000 characters",
            )
    return invalid(errors)


def _from_query(request: Request) -> dict[str, Any]:
    """Return the parameters in the shape of the POST body; lists by repetition or comma."""
    values: dict[str, Any] = {}
    filters: dict[str, Any] = {}
    for name in request.query_params:
        given = request.query_params.getlist(name)
        if name == "q":
            values["query"] = given[-1]
        elif name in _LISTS:
            filters[name] = given
        elif name in _FILTERS:
            filters[name] = given[-1]
        elif name == "facets":
            values[name] = [part for value in given for part in value.split(",") if part]
        else:
            values[name] = given[-1]
    return values | ({"filters": filters} if filters else {})
