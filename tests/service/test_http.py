"""The HTTP surface: shapes, ids, problems; nothing a client sends makes it fail."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiaowen_service.http.protocol import escaped
from tiaowen_service.http.wire import ClauseOut, SearchOut


def _problem(response: Any) -> dict[str, Any]:
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == response.status_code
    assert body["remedy"]
    assert body["type"].endswith(body["code"])
    return body


def test_post_and_get_give_the_same_documented_answer(client: TestClient) -> None:
    posted = client.post("/v1/search", json={"query": "家长听课", "limit": 3}).json()
    got = client.get("/v1/search", params={"q": "家长听课", "limit": 3}).json()
    for answer in (posted, got):
        answer.pop("took_ms")
    assert posted == got
    SearchOut.model_validate({**posted, "took_ms": 1.0})
    assert len(posted["hits"]) == 3


def test_get_takes_filters_and_lists(client: TestClient) -> None:
    answer = client.get(
        "/v1/search",
        params={"q": "课堂", "doc_ids": ["plan"], "facets": "kinds,doc_ids", "explain": "true"},
    ).json()
    assert set(answer["facets"]) == {"kinds", "doc_ids"}
    assert {hit["doc_id"] for hit in answer["hits"]} == {"plan"}
    assert answer["hits"][0]["explain"]


def test_a_batch_is_answered_in_order(client: TestClient) -> None:
    queries = [{"query": "升国旗"}, {"query": "吸烟", "limit": 1}]
    answers = client.post("/v1/search:batch", json={"queries": queries}).json()["answers"]
    assert [answer["query"] for answer in answers] == ["升国旗", "吸烟"]
    too_many = client.post("/v1/search:batch", json={"queries": queries * 51})
    assert _problem(too_many)["code"] == "invalid_request"


def test_clauses_are_reached_by_their_ids(client: TestClient) -> None:
    hit = client.get("/v1/search", params={"q": "拍摄学生"}).json()["hits"][0]
    clause_id = hit["clause_id"]
    assert "/" in clause_id
    clause = client.get(f"/v1/clauses/{quote(clause_id)}").json()
    ClauseOut.model_validate(clause)
    assert clause["text"] == hit["text"]
    context = client.get(f"/v1/clauses/{quote(clause_id)}/context").json()
    assert context["clause"]["clause_id"] == clause_id
    assert [one["label"] for one in context["ancestors"]] == ["二、"]
    assert context["after"][0]["text"].startswith("鼓励教师")
    similar = client.get(f"/v1/clauses/{quote(clause_id)}/similar", params={"limit": 3}).json()
    assert clause_id not in [one["clause_id"] for one in similar["hits"]]
    scores = [one["score"] for one in similar["hits"]]
    assert scores == sorted(scores, reverse=True)


def test_documents_are_listed_and_read(client: TestClient) -> None:
    listed = client.get("/v1/documents")
    assert [one["doc_id"] for one in listed.json()["documents"]] == ["plan", "rules"]
    tag = listed.headers["etag"]
    assert client.get("/v1/documents", headers={"If-None-Match": tag}).status_code == 304
    one = client.get("/v1/documents/rules").json()
    assert one["doc_number"] == "青教发〔2019〕7号"
    outline = client.get("/v1/documents/rules/outline").json()["outline"]
    assert [node["label"] for node in outline if node["depth"] == 1 and node["label"]] == [
        "一、",
        "二、",
        "三、",
    ]
    assert client.get("/v1/documents/rules/raw").text.startswith("青溪县中小学")
    edits = client.get("/v1/documents/rules/edits").json()
    assert edits["kept"] + edits["removed"] == edits["extent"]["end"] - edits["extent"]["start"]


def test_health_metrics_page_and_schema(client: TestClient) -> None:
    assert client.get("/livez").json() == {"status": "alive"}
    ready = client.get("/readyz").json()
    assert ready["documents"] == 2
    client.get("/v1/search", params={"q": "升国旗"})
    figures = client.get("/metrics").text
    assert f'tiaowen_index_clauses{{version="{ready["index_version"]}"}}' in figures
    assert 'endpoint="search_get",status="200"' in figures
    assert "text/html" in client.get("/").headers["content-type"]
    schema = client.get("/openapi.json").json()
    for path in ("/v1/search", "/v1/search:batch", "/v1/clauses/{clause_id}", "/v1/documents"):
        assert path in schema["paths"]
    assert "SearchOut" in schema["components"]["schemas"]
    references = set(_references(schema))
    assert references <= {
        f"#/components/schemas/{name}" for name in schema["components"]["schemas"]
    }


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [found for item in value.values() for found in _references(item)]
    if isinstance(value, list):
        return [found for item in value for found in _references(item)]
    return []


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("", 422, "empty_query"),
        ("{", 400, "not_json"),
        ("[]", 422, "invalid_request"),
        ("{}", 422, "empty_query"),
        ('{"query": ""}', 422, "empty_query"),
        ('{"query": " \\u0000\\u200b "}', 422, "empty_query"),
        ('{"query": "\\ud800"}', 400, "not_json"),
        ('{"query": 7}', 422, "invalid_request"),
        ('{"query": "a", "unknown": 1}', 422, "invalid_request"),
        ('{"query": "a", "limit": 0}', 422, "invalid_request"),
        ('{"query": "a", "limit": 101}', 422, "invalid_request"),
        ('{"query": "a", "limit": "3"}', 422, "invalid_request"),
        ('{"query": "a", "offset": -1}', 422, "invalid_request"),
        ('{"query": "a", "mode": "psychic"}', 422, "invalid_request"),
        ('{"query": "a", "filters": {"kinds": "x"}}', 422, "invalid_request"),
        ('{"query": "a", "filters": {"issued_from": "soon"}}', 422, "invalid_request"),
        (json.dumps({"query": "长" * 2001}), 422, "query_too_long"),
        ("[" * 100_000, 400, "not_json"),
    ],
)
def test_a_bad_body_is_a_problem(client: TestClient, body: str, status: int, code: str) -> None:
    response = client.post("/v1/search", content=body.encode())
    assert response.status_code == status
    assert _problem(response)["code"] == code


def test_ten_megabytes_are_refused_whether_or_not_declared(client: TestClient) -> None:
    declared = client.post("/v1/search", content=b"x" * 10_000_000)
    assert declared.status_code == 413

    def chunks() -> Any:
        for _ in range(100):
            yield b"x" * 100_000

    counted = client.post("/v1/search", content=chunks())
    assert counted.status_code == 413
    assert _problem(counted)["code"] == "body_too_large"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/v1/clauses/nowhere%2F%23%C2%B6", "clause_not_found"),
        ("/v1/clauses/nowhere/context", "clause_not_found"),
        ("/v1/clauses/a/similar", "clause_not_found"),
        ("/v1/documents/nowhere", "document_not_found"),
        ("/v1/documents/nowhere/raw", "document_not_found"),
        ("/nowhere", "not_found"),
        ("/%2e%2e/%2e%2e/etc/passwd", "not_found"),
    ],
)
def test_unknown_addresses_are_problems(client: TestClient, path: str, code: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert _problem(response)["code"] == code


def test_fastapi_s_own_refusals_are_problems_too(client: TestClient) -> None:
    response = client.get("/v1/documents", params={"limit": "many"})
    assert response.status_code == 422
    assert _problem(response)["errors"][0]["where"] == "query.limit"
    assert client.put("/v1/search").status_code == 405


def test_every_answer_carries_a_request_id_and_strict_headers(client: TestClient) -> None:
    response = client.get("/livez", headers={"X-Request-Id": "mine-1"})
    assert response.headers["x-request-id"] == "mine-1"
    assert response.headers["x-content-type-options"] == "nosniff"
    forged = client.get("/livez", headers={"X-Request-Id": "a b" * 99})
    assert forged.headers["x-request-id"] != "a b" * 99


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=8), children, max_size=3)
    ),
    max_leaves=6,
)
_FIELDS = st.sampled_from(
    ["query", "mode", "limit", "offset", "filters", "facets", "collapse", "explain", "x"]
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.dictionaries(_FIELDS, _VALUES, max_size=5))
def test_no_body_makes_it_fail(client: TestClient, body: dict[str, Any]) -> None:
    response = client.post("/v1/search", content=json.dumps(body))
    assert response.status_code in {200, 400, 422}


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=60))
def test_no_query_makes_it_fail(client: TestClient, query: str) -> None:
    response = client.get("/v1/search", params={"q": query.encode("utf-8", "replace")})
    assert response.status_code in {200, 422}
    if response.status_code == 200:
        SearchOut.model_validate(response.json())


def test_raw_bytes_in_a_request_line_are_escaped() -> None:
    line = "GET /v1/search?q=升国旗 HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    assert escaped(line).startswith(b"GET /v1/search?q=%E5%8D%87%E5%9B%BD%E6%97%97 HTTP/1.1\r\n")
    plain = b"GET / HTTP/1.1\r\n\r\n" + "正文".encode()
    assert escaped(plain) == plain
    body = '{"query": "升国旗"}'.encode()
    assert escaped(body) == body
