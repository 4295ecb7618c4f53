"""The tools, asked by the SDK's own client over standard input and output and over HTTP."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import uvicorn
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from tiaowen_service.http.app import create_app
from tiaowen_service.live import Live

TOOLS = {
    "search",
    "fetch",
    "search_clauses",
    "get_context",
    "find_precedents",
    "list_requirements",
    "compare_wording",
    "check_draft",
}
ASKED: list[tuple[str, dict[str, Any]]] = [
    ("search", {"query": "开放课堂"}),
    ("fetch", {"id": "rules/一/二"}),
    ("fetch", {"id": "plan"}),
    ("search_clauses", {"query": "家长听课", "kinds": [], "limit": 3}),
    ("get_context", {"clause_id": "rules/一/二"}),
    ("find_precedents", {"text": "每学期至少开放课堂3次。"}),
    ("list_requirements", {"topic": "开放课堂"}),
    ("compare_wording", {"topic": "开放课堂"}),
    ("check_draft", {"text": "一、组织领导\n校长是第一责任人。\n严禁在校园内吸烟。"}),
]


@pytest.fixture(scope="module")
def address(live: Live) -> Iterator[str]:
    """The address of a running service."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = uvicorn.Config(create_app(live), host="127.0.0.1", port=port, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}/mcp"
    server.should_exit = True
    thread.join(5)


@pytest.fixture(params=["http", "stdio"])
def client(request: pytest.FixtureRequest, index: Path) -> Client:
    """An unopened client of either transport."""
    if request.param == "http":
        return Client(request.getfixturevalue("address"))
    program = "from tiaowen_service.cli import app; app()"
    environment = dict(os.environ) | {"TIAOWEN_EMBEDDER": "svd"}
    parameters = StdioServerParameters(
        command=sys.executable,
        args=["-c", program, "mcp", "--index", str(index)],
        env=environment,
    )
    return Client(stdio_client(parameters))


def test_every_answer_fits_its_schema_and_has_a_text_twin(client: Client) -> None:
    async def ask() -> None:
        async with client:
            listed = {tool.name: tool for tool in (await client.list_tools()).tools}
            assert set(listed) == TOOLS
            assert all(tool.annotations.read_only_hint for tool in listed.values())
            for name, arguments in ASKED:
                answer = await client.call_tool(name, arguments)
                assert not answer.is_error, (name, answer.content)
                jsonschema.validate(answer.structured_content, listed[name].output_schema)
                assert json.loads(answer.content[0].text) == answer.structured_content

    asyncio.run(ask())


def test_a_clause_is_found_fetched_and_cited(client: Client) -> None:
    async def ask() -> None:
        async with client:
            found = await client.call_tool("search", {"query": "每学期开放课堂几次"})
            first = found.structured_content["results"][0]
            fetched = (await client.call_tool("fetch", {"id": first["id"]})).structured_content
            assert "開放課堂2次" in fetched["text"] or "开放课堂2次" in fetched["text"]
            assert fetched["title"].startswith("《")
            assert fetched["metadata"]["citation"] == fetched["title"]

    asyncio.run(ask())


@pytest.mark.parametrize(
    ("name", "arguments", "hint"),
    [
        ("fetch", {"id": "nowhere/一"}, "search"),
        ("get_context", {"clause_id": "rules"}, "search_clauses"),
        ("search", {"query": "  "}, "empty"),
        ("compare_wording", {}, "topic"),
        ("check_draft", {"text": "。"}, "draft"),
    ],
)
def test_errors_say_what_to_do_next(
    address: str, name: str, arguments: dict[str, Any], hint: str
) -> None:
    async def ask() -> None:
        async with Client(address) as client:
            answer = await client.call_tool(name, arguments)
            assert answer.is_error
            assert hint in answer.content[0].text

    asyncio.run(ask())


def test_an_answer_keeps_to_its_budget(address: str) -> None:
    async def ask() -> None:
        async with Client(address) as client:
            whole = await client.call_tool("search_clauses", {"query": "学生", "limit": 10})
            small = await client.call_tool(
                "search_clauses", {"query": "学生", "limit": 10, "max_tokens": 300}
            )
            assert len(small.structured_content["hits"]) < len(whole.structured_content["hits"])
            assert small.structured_content["truncated"]
            assert "offset" in small.structured_content["note"]

    asyncio.run(ask())


def test_pages_of_other_origins_are_refused(address: str) -> None:
    import httpx

    answer = httpx.post(address, json={}, headers={"Origin": "http://evil.example"})
    assert answer.status_code == 403
    assert answer.json()["code"] == "foreign_origin"
